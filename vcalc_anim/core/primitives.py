"""The operations that differentiation knows, and the arithmetic among them: their values and local slopes, once.

Duals (forward mode) and the tape (reverse mode) both read this table. An operation takes numbers of any kind that
has arithmetic: floats, fractions, sympy expressions, duals, and arrays of one shape.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from numbers import Rational, Real
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
import sympy as sp

#: Whatever can be added and multiplied: float, Fraction, sympy expression, Dual, Var or a float array.
Number: TypeAlias = Any


def size(value: Number) -> int:
    """How many numbers *value* is; quicker than numpy's for the scalars of a long tape."""
    return int(value.size) if isinstance(value, np.ndarray) else 1


def checked(value: Number, name: str) -> Number:
    """*value* as a program may start from it: finite, an array as a float array that cannot be written to."""
    if isinstance(value, (sp.Basic, Operators, Rational)):
        return value
    if isinstance(value, (Real, np.floating)):
        if not isfinite(value):
            raise ValueError(f"{name} is {value}, but it must be a finite number")
        return float(value)
    array = np.array(value, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a NaN or an infinity: pass finite numbers only")
    if array.ndim == 0:
        return float(array)
    array.setflags(write=False)
    return array


def _no_slopes(*arguments: Number) -> tuple[Number, ...]:
    raise ValueError("an operation on whole arrays has no single local slope: differentiate it on a tape")


@dataclass(frozen=True)
class Primitive:
    """An operation with *arity* arguments.

    evaluate(*arguments) is its value; slopes(value, *arguments) are its local partial derivatives, one an argument.
    An adjoint that arrives at the result hands each argument itself times the slope.
    multiplications: how many its evaluation takes, for each number of the result. unit_slopes: the slopes are 1 or
    −1 whatever the arguments, so passing them on costs no multiplication.
    """

    name: str
    arity: int
    evaluate: Callable[..., Number]
    slopes: Callable[..., tuple[Number, ...]] = _no_slopes
    multiplications: int = 0
    unit_slopes: bool = False
    on_arrays: ClassVar[bool] = False  #: whether it works on whole arrays, so that no slope is one number

    def work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        """The multiplications of one evaluation."""
        return self.multiplications * size(value)

    def pull_work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        """The multiplications of handing an adjoint to one argument, the slope being known."""
        return 0 if self.unit_slopes else size(value)


class Traced(Protocol):
    """A number that remembers where it comes from: it applies an operation in its own way."""

    def __apply_primitive__(self, primitive: Primitive, arguments: tuple[Number, ...]) -> Number: ...


def apply(primitive: Primitive, *arguments: Number) -> Number:
    """The value of *primitive* at *arguments*: recorded on a tape or carried by duals if one of them is such."""
    traced = [argument for argument in arguments if hasattr(argument, "__apply_primitive__")]
    if traced:
        outermost = max(traced, key=lambda argument: argument.rank)
        return outermost.__apply_primitive__(primitive, arguments)
    shapes = {argument.shape for argument in arguments if isinstance(argument, np.ndarray)}
    mixed = len(shapes) > 1 or (
        shapes and not all(isinstance(argument, np.ndarray) for argument in arguments)
    )
    if mixed and not primitive.on_arrays:
        found = " and ".join(str(np.shape(argument)) for argument in arguments)
        raise ValueError(
            f"{primitive.name} works entry by entry, but the shapes are {found}: give both the same shape"
        )
    if not shapes:
        return primitive.evaluate(*arguments)
    with np.errstate(over="ignore", invalid="ignore"):  # the tape says which operation overflowed
        return primitive.evaluate(*arguments)


@dataclass(frozen=True)
class MatrixPrimitive(Primitive):
    """An operation on whole arrays: instead of slopes it has pulls, which take an adjoint to each argument.

    pulls[k](adjoint, *arguments) is what argument k receives; products(*arguments) counts the multiplications of
    one evaluation, and of one pull.
    """

    pulls: tuple[Callable[..., Number], ...] = ()
    products: Callable[..., int] = lambda *arguments: 0
    on_arrays: ClassVar[bool] = True

    def pull(self, argument: int, adjoint: Number, arguments: tuple[Number, ...]) -> Number:
        """What the *adjoint* of the result contributes to the adjoint of one argument."""
        return self.pulls[argument](adjoint, *arguments)

    def work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        """The multiplications of one evaluation."""
        return self.products(*arguments)

    def pull_work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        """The multiplications of one pull."""
        return self.products(*arguments)


class Operators:
    """The arithmetic operators of numbers that are traced. Comparisons look at the value, as a program does."""

    __slots__ = ()
    __array_ufunc__ = None  # numpy arrays must hand their operators over instead of working entry by entry
    __hash__ = None  # type: ignore[assignment]  # equal values need not be the same node

    @property
    @abstractmethod
    def primal(self) -> Number:
        """The plain value."""

    def __add__(self, other: Number) -> Number:
        return apply(ADD, self, other)

    def __radd__(self, other: Number) -> Number:
        return apply(ADD, other, self)

    def __sub__(self, other: Number) -> Number:
        return apply(SUBTRACT, self, other)

    def __rsub__(self, other: Number) -> Number:
        return apply(SUBTRACT, other, self)

    def __mul__(self, other: Number) -> Number:
        return apply(MULTIPLY, self, other)

    def __rmul__(self, other: Number) -> Number:
        return apply(MULTIPLY, other, self)

    def __truediv__(self, other: Number) -> Number:
        return apply(DIVIDE, self, other)

    def __rtruediv__(self, other: Number) -> Number:
        return apply(DIVIDE, other, self)

    def __matmul__(self, other: Number) -> Number:
        return apply(MATMUL, self, other)

    def __rmatmul__(self, other: Number) -> Number:
        return apply(MATMUL, other, self)

    def __neg__(self) -> Number:
        return apply(NEGATE, self)

    def __pos__(self) -> Number:
        return self

    def __pow__(self, exponent: int) -> Number:
        return apply(power(exponent), self)

    def __eq__(self, other: object) -> bool:
        return bool(self.primal == _primal(other))

    def __lt__(self, other: Number) -> bool:
        return bool(self.primal < _primal(other))

    def __le__(self, other: Number) -> bool:
        return bool(self.primal <= _primal(other))

    def __gt__(self, other: Number) -> bool:
        return bool(self.primal > _primal(other))

    def __ge__(self, other: Number) -> bool:
        return bool(self.primal >= _primal(other))


def _primal(number: Number) -> Number:
    return number.primal if isinstance(number, Operators) else number


# -- the table ---------------------------------------------------------------------------------------------------


def _divide(a: Number, b: Number) -> Number:
    if np.any(b == 0):
        raise ValueError(f"{a} is divided by zero: keep the divisor away from 0")
    return a / b


ADD = Primitive("add", 2, lambda a, b: a + b, lambda v, a, b: (_one(a), _one(b)), unit_slopes=True)
SUBTRACT = Primitive("sub", 2, lambda a, b: a - b, lambda v, a, b: (_one(a), -_one(b)), unit_slopes=True)
NEGATE = Primitive("neg", 1, lambda a: -a, lambda v, a: (-_one(a),), unit_slopes=True)
MULTIPLY = Primitive("mul", 2, lambda a, b: a * b, lambda v, a, b: (b, a), multiplications=1)
DIVIDE = Primitive("div", 2, _divide, lambda v, a, b: (_one(a) / b, -v / b), multiplications=1)


@lru_cache(maxsize=64)
def power(exponent: int) -> Primitive:
    """x ↦ x^exponent for a whole *exponent*; ValueError for another, or for 0 to a negative power."""
    if type(exponent) is not int:
        raise ValueError(
            f"the exponent is {exponent!r}, but only whole numbers are differentiated: use exp, log"
        )

    def evaluate(x: Number) -> Number:
        if exponent < 0 and np.any(x == 0):
            raise ValueError(f"0 to the power {exponent} divides by zero")
        return x**exponent

    def slopes(value: Number, x: Number) -> tuple[Number, ...]:
        if exponent == 0:
            return (0 * _one(x),)
        return (exponent * x ** (exponent - 1),)

    name = "square" if exponent == 2 else f"pow{exponent}"
    return Primitive(name, 1, evaluate, slopes, multiplications=max(abs(exponent) - 1, 0))


SQUARE = power(2)


def _one(like: Number) -> Number:
    return np.ones_like(like) if isinstance(like, np.ndarray) else 1


def _matmul(left: Number, right: Number) -> Number:
    shapes = np.shape(left), np.shape(right)
    if len(shapes[0]) != 2 or len(shapes[1]) not in (1, 2) or shapes[0][1] != shapes[1][0]:
        raise ValueError(
            f"the matrix product needs shapes (m, n) and (n,) or (n, k), not {shapes[0]} and {shapes[1]}"
        )
    return left @ right


def _to_left(adjoint: Number, left: Number, right: Number) -> Number:
    return np.outer(adjoint, right) if right.ndim == 1 else adjoint @ right.T


MATMUL = MatrixPrimitive(
    "matmul",
    2,
    _matmul,
    pulls=(_to_left, lambda adjoint, left, right: left.T @ adjoint),
    products=lambda left, right: left.shape[0] * right.size,
)
TOTAL = MatrixPrimitive(
    "total",
    1,
    lambda a: float(np.sum(a)),
    pulls=(lambda adjoint, a: np.full(np.shape(a), adjoint),),
)
