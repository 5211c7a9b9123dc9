"""Scalar fields: one exact formula, evaluated on arrays of points together with its derivatives.

Convention of the course: the *derivative* Df is the 1×n row, the *gradient* ∇f = (Df)ᵀ is the n×1 column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.compiled import Compiled, compiled
from vcalc_anim.core.parsing import parse_expression
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array, as_point, as_points, unit


@dataclass(frozen=True)
class ScalarField:
    """A real function of n variables, given exactly.

    Two fields are equal when their formulas are. Evaluation takes points of shape (..., n) and follows IEEE rules
    for what the formula makes of them: outside its domain the value is nan or inf, without a warning.
    """

    expression: sp.Expr
    variables: tuple[sp.Symbol, ...]

    def __post_init__(self) -> None:
        names = [symbol.name for symbol in self.variables]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"a field needs at least one variable and each only once, not {names}")
        # Symbols that differ only in their assumptions would make equal formulas unequal.
        real = {symbol: sp.Symbol(symbol.name, real=True) for symbol in self.variables}
        expression = sp.sympify(self.expression).subs(real)
        unknown = sorted(symbol.name for symbol in expression.free_symbols - set(real.values()))
        if unknown:
            raise ValueError(
                f"{self.expression} contains {', '.join(unknown)}, but the variables are {names}"
            )
        object.__setattr__(self, "expression", expression)
        object.__setattr__(self, "variables", tuple(real.values()))

    @classmethod
    def from_text(cls, text: str, variables: tuple[str, ...] = ("x", "y")) -> ScalarField:
        """The field written in *text*; see :func:`~vcalc_anim.core.parsing.parse_expression`.

        >>> ScalarField.from_text("x**2 + 2*y**2").gradient([3, 2])
        array([6., 8.])
        """
        symbols = tuple(sp.Symbol(name, real=True) for name in variables)
        return cls(parse_expression(text, symbols), symbols)

    # -- exact ---------------------------------------------------------------------------------------------------

    @property
    def dimension(self) -> int:
        """The number of variables n."""
        return len(self.variables)

    @cached_property
    def partials(self) -> tuple[sp.Expr, ...]:
        """The n partial derivatives, exact."""
        return tuple(sp.diff(self.expression, symbol) for symbol in self.variables)

    @cached_property
    def second_partials(self) -> sp.ImmutableMatrix:
        """The n×n matrix of second partial derivatives, exact."""
        return sp.ImmutableMatrix(sp.hessian(self.expression, self.variables))

    @property
    def typst(self) -> str:
        """The formula as Typst maths source, e.g. ``x^2 + 2 y^2``."""
        return to_typst(self.expression)

    @property
    def gradient_typst(self) -> tuple[str, ...]:
        """The partial derivatives as Typst maths source, e.g. ``("2 x", "4 y")``."""
        return tuple(to_typst(partial) for partial in self.partials)

    # -- on points -----------------------------------------------------------------------------------------------

    def __call__(self, points: npt.ArrayLike) -> Array:
        """Values at *points* (..., n), shape (...). ValueError for a wrong shape or a non-finite coordinate."""
        return self.raw_values(as_points(points, self.dimension))

    def gradient(self, points: npt.ArrayLike) -> Array:
        """∇f at *points* (..., n) as rows of numbers, shape (..., n). Raises as calling the field does."""
        return self.raw_gradients(as_points(points, self.dimension))

    def hessian(self, points: npt.ArrayLike) -> Array:
        """The Hessian at *points* (..., n), shape (..., n, n). Raises as calling the field does."""
        checked = as_points(points, self.dimension)
        return self._hessian_function(checked).reshape(*checked.shape, self.dimension)

    def gradient_column(self, point: npt.ArrayLike) -> Array:
        """∇f at one *point* (n,) as the column that can be subtracted from a position, shape (n, 1)."""
        return self.gradient(as_point(point, self.dimension))[:, np.newaxis]

    def derivative_row(self, point: npt.ArrayLike) -> Array:
        """Df at one *point* (n,) as the row that chains by matrix products, shape (1, n)."""
        return self.gradient(as_point(point, self.dimension))[np.newaxis, :]

    def slope(self, point: npt.ArrayLike, direction: npt.ArrayLike) -> Array:
        """The directional derivative at *point* (n,) along *direction* (..., n), shape (...).

        The direction is scaled to length 1 first: the slope is per unit of distance. ValueError if it is zero.
        """
        directions = unit(as_points(direction, self.dimension, "directions"))
        slopes: Array = directions @ self.gradient(as_point(point, self.dimension))
        return slopes

    # -- inner loops ---------------------------------------------------------------------------------------------

    def raw_values(self, points: Array) -> Array:
        """As calling the field, for a float array (..., n) known to be good: no checks, for inner loops."""
        return self._value_function(points)[..., 0]

    def raw_gradients(self, points: Array) -> Array:
        """As :meth:`gradient`, for a float array (..., n) known to be good: no checks, for inner loops."""
        return self._gradient_function(points)

    @cached_property
    def _value_function(self) -> Compiled:
        return compiled([self.expression], self.variables)

    @cached_property
    def _gradient_function(self) -> Compiled:
        return compiled(self.partials, self.variables)

    @cached_property
    def _hessian_function(self) -> Compiled:
        return compiled(list(self.second_partials), self.variables)

    # Compiled functions can be neither pickled nor copied, and an immutable value needs no copy: without this,
    # every Manim object that refers to a field would compile it again whenever it is copied.

    def __reduce__(self) -> tuple[type[ScalarField], tuple[sp.Expr, tuple[sp.Symbol, ...]]]:
        return type(self), (self.expression, self.variables)

    def __copy__(self) -> ScalarField:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ScalarField:
        return self
