"""The operations that differentiation knows: for each one its value and its local slopes, written once.

Duals (forward mode) and the tape (reverse mode) both read this table. An operation takes numbers of any kind that
has arithmetic: floats, fractions, sympy expressions, duals, and arrays of one shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
import sympy as sp
from scipy.special import expit

#: Whatever can be added and multiplied: float, Fraction, sympy expression, Dual, Var or a float array.
Number: TypeAlias = Any


def size(value: Number) -> int:
    """How many numbers *value* is; quicker than numpy's for the scalars of a long tape."""
    return int(value.size) if isinstance(value, np.ndarray) else 1


@dataclass(frozen=True)
class Primitive:
    """An operation with *arity* arguments.

    evaluate(*arguments) is its value; slopes(value, *arguments) are its local partial derivatives, one an argument.
    multiplications: how many its evaluation takes, for each number of the result. unit_slopes: the slopes are 1 or
    −1 whatever the arguments, so passing them on costs no multiplication.
    """

    name: str
    arity: int
    evaluate: Callable[..., Number]
    slopes: Callable[..., tuple[Number, ...]]
    multiplications: int = 0
    unit_slopes: bool = False
    on_arrays: ClassVar[bool] = False  #: whether it works on whole arrays, so that no slope is one number

    def pull(self, argument: int, adjoint: Number, value: Number, arguments: tuple[Number, ...]) -> Number:
        """What the *adjoint* of the result contributes to the adjoint of one argument: adjoint times slope."""
        return adjoint * self.slopes(value, *arguments)[argument]

    def work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        """The multiplications of one evaluation."""
        return self.multiplications * size(value)

    def pull_work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        """The multiplications of :meth:`pull` for one argument, the slope being known."""
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
    return primitive.evaluate(*arguments)


class MatrixPrimitive(Primitive):
    """An operation on whole arrays, whose slopes are not one number an entry: it has its own pull."""

    on_arrays: ClassVar[bool] = True


class Operators:
    """The arithmetic operators of numbers that are traced. Comparisons look at the value, as a program does."""

    __slots__ = ()
    __array_ufunc__ = None  # numpy arrays must hand their operators over instead of working entry by entry
    __hash__ = None  # type: ignore[assignment]  # equal values need not be the same node

    @property
    def primal(self) -> Number:
        """The plain value."""
        raise NotImplementedError

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


def _by_kind(
    name: str,
    *,
    real: Callable[[float], float],
    array: Callable[[Number], Number],
    exact: Callable[..., sp.Expr],
) -> Callable[[Number], Number]:
    """One function for every kind of plain number; outside its domain or range it says so."""

    def evaluate(x: Number) -> Number:
        if isinstance(x, sp.Basic):
            return exact(x)
        try:
            if isinstance(x, np.ndarray):
                with np.errstate(all="raise", under="ignore"):
                    return array(x)
            return real(float(x))
        except (ValueError, OverflowError, FloatingPointError) as error:
            raise ValueError(f"{name}({x}) is not a finite real number: stay inside its domain") from error

    return evaluate


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    grown = math.exp(x)  # e^−x would overflow
    return grown / (1 + grown)


def _function(
    name: str,
    slope: Callable[[Number, Number], Number],
    *,
    real: Callable[[float], float] | None = None,
    array: Callable[[Number], Number] | None = None,
    exact: Callable[..., sp.Expr] | None = None,
) -> Primitive:
    evaluate = _by_kind(
        name,
        real=real or getattr(math, name),
        array=array or getattr(np, name),
        exact=exact or getattr(sp, name),
    )
    return Primitive(name, 1, evaluate, lambda value, x: (slope(value, x),))


def _relu(x: Number) -> Number:
    if isinstance(x, sp.Basic):
        return sp.Max(x, 0)
    return np.maximum(x, 0.0) if isinstance(x, np.ndarray) else (x if x > 0 else 0 * x)


def _relu_slope(value: Number, x: Number) -> Number:
    if isinstance(x, sp.Basic):
        return sp.Heaviside(x, 0)
    return (x > 0).astype(np.float64) if isinstance(x, np.ndarray) else int(x > 0)


def _sqrt_slope(value: Number, x: Number) -> Number:
    if np.any(value == 0):
        raise ValueError("sqrt has no slope at 0: its tangent is vertical there")
    return 1 / (2 * value)


EXP = _function("exp", lambda value, x: value)
LOG = _function("log", lambda value, x: 1 / x)
SQRT = _function("sqrt", _sqrt_slope)
SIN = _function("sin", lambda value, x: cos(x))
COS = _function("cos", lambda value, x: -sin(x))
TANH = _function("tanh", lambda value, x: 1 - value * value)
SIGMOID = _function(
    "sigmoid",
    lambda value, x: value * (1 - value),
    real=_sigmoid,
    array=expit,
    exact=lambda x: 1 / (1 + sp.exp(-x)),
)
#: At the corner the slope is taken to be 0, as the libraries do; it has none.
RELU = Primitive("relu", 1, _relu, lambda value, x: (_relu_slope(value, x),))


class _MatrixProduct(MatrixPrimitive):
    def pull(self, argument: int, adjoint: Number, value: Number, arguments: tuple[Number, ...]) -> Number:
        left, right = arguments
        if argument == 0:
            return np.outer(adjoint, right) if right.ndim == 1 else adjoint @ right.T
        return left.T @ adjoint

    def work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        return int(size(value) * arguments[0].shape[1])

    def pull_work(self, value: Number, arguments: tuple[Number, ...]) -> int:
        return self.work(value, arguments)


class _Total(MatrixPrimitive):
    def pull(self, argument: int, adjoint: Number, value: Number, arguments: tuple[Number, ...]) -> Number:
        return np.full(np.shape(arguments[0]), adjoint)


def _matmul(left: Number, right: Number) -> Number:
    shapes = np.shape(left), np.shape(right)
    if len(shapes[0]) != 2 or len(shapes[1]) not in (1, 2) or shapes[0][1] != shapes[1][0]:
        raise ValueError(
            f"the matrix product needs shapes (m, n) and (n,) or (n, k), not {shapes[0]} and {shapes[1]}"
        )
    return left @ right


def _no_slopes(*arguments: Number) -> tuple[Number, ...]:
    raise ValueError("an operation on whole arrays has no single local slope: differentiate it on a tape")


MATMUL = _MatrixProduct("matmul", 2, _matmul, _no_slopes)
TOTAL = _Total("total", 1, lambda a: float(np.sum(a)), _no_slopes, unit_slopes=True)


# -- for programs ------------------------------------------------------------------------------------------------


def exp(x: Number) -> Number:
    """e^x."""
    return apply(EXP, x)


def log(x: Number) -> Number:
    """The natural logarithm; ValueError for a number that is not positive."""
    return apply(LOG, x)


def sqrt(x: Number) -> Number:
    """The square root; it has no slope at 0."""
    return apply(SQRT, x)


def sin(x: Number) -> Number:
    """The sine of x radians."""
    return apply(SIN, x)


def cos(x: Number) -> Number:
    """The cosine of x radians."""
    return apply(COS, x)


def tanh(x: Number) -> Number:
    """The hyperbolic tangent."""
    return apply(TANH, x)


def sigmoid(x: Number) -> Number:
    """σ(x) = 1 / (1 + e^−x)."""
    return apply(SIGMOID, x)


def relu(x: Number) -> Number:
    """max(x, 0); at the corner its slope is taken to be 0."""
    return apply(RELU, x)


def square(x: Number) -> Number:
    """x², as one operation."""
    return apply(SQUARE, x)


def total(x: Number) -> Number:
    """The sum of all entries of an array."""
    return apply(TOTAL, x)
