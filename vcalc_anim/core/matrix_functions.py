"""Numbers made from a matrix, and their gradients: tables of the matrix's own shape, found cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.exact import exact_number, whole_number
from vcalc_anim.core.shapes import Shape
from vcalc_anim.core.vectors import Array, read_only

_LARGEST = 12  # a side of a symbolic matrix: its entries are differentiated one by one


@dataclass(frozen=True)
class MatrixFunction:
    """A real function of the entries of a matrix, given exactly: *expression* in the symbols *entries* (r, c).

    Raises ValueError when two entries share a symbol: the entries must be free to move alone.
    """

    expression: sp.Expr
    entries: sp.ImmutableMatrix

    def __post_init__(self) -> None:
        entries = sp.ImmutableMatrix(self.entries)
        if not all(entry.is_Symbol for entry in entries) or len(set(entries)) != len(list(entries)):
            raise ValueError(
                "the entries must be symbols, each only once: a symmetric matrix has fewer free entries"
            )
        object.__setattr__(self, "entries", entries)
        object.__setattr__(self, "expression", sp.expand(self.expression))

    @classmethod
    def of(cls, function: Callable[[sp.Matrix], sp.Expr], shape: Shape, name: str = "x") -> MatrixFunction:
        """What *function* makes of a matrix of *shape* with the symbolic entries x11, x12, …; a 1×1 result counts.

        >>> MatrixFunction.of(lambda X: (X.T * X).trace(), (1, 2)).gradient_expression
        Matrix([[2*x11, 2*x12]])
        """
        result = function(sp.Matrix(symbols := symbolic_matrix(shape, name)))
        if isinstance(result, sp.MatrixBase):
            if result.shape != (1, 1):
                raise ValueError(
                    f"the function returns a matrix of shape {result.shape}, but one number is expected"
                )
            result = result[0]
        return cls(sp.sympify(result), symbols)

    @property
    def shape(self) -> Shape:
        """The shape of the matrix, and so of the gradient."""
        rows, columns = self.entries.shape
        return int(rows), int(columns)

    @cached_property
    def gradient_expression(self) -> sp.ImmutableMatrix:
        """The gradient: in each cell the partial derivative by the entry in that cell."""
        return sp.ImmutableMatrix(self.entries.applyfunc(lambda entry: sp.diff(self.expression, entry)))

    def __call__(self, matrix: npt.ArrayLike) -> float:
        """The value at a *matrix* of numbers, exactly computed and then rounded once."""
        return float(self._exact_at(self.expression, self._checked(matrix)))

    def gradient(self, matrix: npt.ArrayLike) -> Array:
        """The gradient at a *matrix* of numbers, of its shape."""
        values = self._exact_at(self.gradient_expression, self._checked(matrix))
        return np.array(values.tolist(), dtype=np.float64)

    def poke(self, matrix: npt.ArrayLike, step: float) -> Pokes:
        """Change one cell at a time by *step*, and note what the number does."""
        if not np.isfinite(step) or step == 0:
            raise ValueError(f"the step is {step}, but it must be a finite number other than 0")
        start = self._checked(matrix)
        exact_step = exact_number(step, "step")
        base = self._exact_at(self.expression, start)
        changes = np.empty(self.shape)
        quotients = np.empty(self.shape)
        for cell in np.ndindex(self.shape):
            poked = start.copy()
            poked[cell] += exact_step
            change = self._exact_at(self.expression, poked) - base
            changes[cell], quotients[cell] = float(change), float(change / exact_step)
        return Pokes(float(step), float(base), read_only(changes), read_only(quotients))

    def _checked(self, matrix: npt.ArrayLike) -> sp.Matrix:
        array = np.asarray(matrix, dtype=np.float64)
        if array.shape != self.shape:
            raise ValueError(f"the matrix has shape {array.shape}, but this function takes {self.shape}")
        return sp.Matrix(*self.shape, [exact_number(float(value), "entry") for value in array.flat])

    def _exact_at(self, expression: sp.Expr | sp.Matrix, values: sp.Matrix) -> sp.Expr | sp.Matrix:
        result = expression.subs(dict(zip(self.entries, values, strict=True)), simultaneous=True)
        if result.free_symbols:
            names = ", ".join(sorted(symbol.name for symbol in result.free_symbols))
            raise ValueError(
                f"the function contains {names} besides the entries: put numbers in for them first"
            )
        return result


@dataclass(frozen=True, eq=False)
class Pokes:
    """What came of poking each cell by *step*, from the value *base*: *changes* and *quotients* change/step, both
    shaped as the matrix."""

    step: float
    base: float
    changes: Array
    quotients: Array


@dataclass(frozen=True)
class MatrixIdentity:
    """A line of the table of matrix gradients: *function* and the gradient *claimed* for it, in symbols."""

    name: str
    function: MatrixFunction
    claimed: sp.ImmutableMatrix

    @property
    def holds(self) -> bool:
        """Whether the claim has the right shape and agrees cell by cell."""
        found = self.function.gradient_expression
        same_shape = found.shape == self.claimed.shape
        return bool(same_shape and (found - self.claimed).applyfunc(sp.expand).is_zero_matrix)


def symbolic_matrix(shape: Shape, name: str) -> sp.ImmutableMatrix:
    """A matrix of *shape* with real symbols as entries, *name* followed by row and column: a11, a12, …"""
    rows, columns = (whole_number(side, "side of a matrix", 1, _LARGEST) for side in shape)
    return sp.ImmutableMatrix(
        rows,
        columns,
        lambda i, j: sp.Symbol(
            f"{name}{i + 1}{j + 1}" if max(shape) < 10 else f"{name}{i + 1}_{j + 1}", real=True
        ),
    )


def matrix_identities(rows: int, columns: int) -> tuple[MatrixIdentity, ...]:
    """The table of the chapter for a matrix X of *rows* × *columns*, every other letter symbolic as well."""
    shape = rows, columns
    x = sp.Matrix(symbolic_matrix(shape, "x"))
    transposed, same = symbolic_matrix((columns, rows), "a"), symbolic_matrix(shape, "a")
    u, v = symbolic_matrix((rows, 1), "u"), symbolic_matrix((columns, 1), "v")
    weights, targets = symbolic_matrix((columns, 1), "w"), symbolic_matrix((rows, 1), "y")
    residual = same * weights - targets

    def line(name: str, value: sp.Expr, claimed: sp.Matrix, by: sp.Matrix = x) -> MatrixIdentity:
        return MatrixIdentity(name, MatrixFunction(value, by), sp.ImmutableMatrix(claimed))

    return (
        line("tr(AX)", (transposed * x).trace(), transposed.T),
        line("tr(XᵀA)", (x.T * same).trace(), same),
        line("tr(XᵀX)", (x.T * x).trace(), 2 * x),
        line("aᵀXb", (u.T * x * v)[0], u * v.T),
        line("‖Xw − y‖²", (residual.T * residual)[0], 2 * same.T * residual, weights),
    )


@dataclass(frozen=True)
class Meeting:
    """In tr(AX), the entry (*row*, *column*) of X meets the entry (*column*, *row*) of A: their numbers, counted
    from 0, and values."""

    row: int
    column: int
    x: float
    a: float


def trace_meetings(a: npt.ArrayLike, x: npt.ArrayLike) -> tuple[Meeting, ...]:
    """All pairs whose products add up to tr(AX), for *a* (c, r) and *x* (r, c), row by row of X."""
    left, right = np.asarray(a, dtype=np.float64), np.asarray(x, dtype=np.float64)
    if left.ndim != 2 or right.ndim != 2 or left.shape != right.shape[::-1]:
        raise ValueError(f"tr(AX) needs A of the shape of Xᵀ, but A is {left.shape} and X is {right.shape}")
    return tuple(Meeting(i, j, float(right[i, j]), float(left[j, i])) for i, j in np.ndindex(right.shape))
