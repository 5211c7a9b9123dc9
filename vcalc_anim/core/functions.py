"""Functions of one variable: one exact formula from which the curve, its slopes and its labels all come."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import nan

import numpy as np
import numpy.typing as npt
import sympy as sp
from sympy.calculus.util import continuous_domain

from vcalc_anim.core.exact import Exact, exact_number, whole_number
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.kinks import as_pieces, beside, kinks, limits, seams, without_kinks
from vcalc_anim.core.parsing import parse_expression
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array

_HIGHEST_ORDER = 100  # derivatives are taken one after the other: a typing error must not run for hours
_DIGITS = 30  # of the slow evaluation where floats overflow on the way


@dataclass(frozen=True)
class ScalarFunction:
    """A real function of one *variable*, given by an exact formula.

    *domain* is where it is defined; if it is not given, the reals without the points that the formula cannot take.
    Two functions are equal when formula, variable and domain are. A kink is honest: there is no derivative there,
    only :meth:`one_sided_slopes`.

    >>> square = ScalarFunction.from_text("x**2")
    >>> print(square(3.0), square.derivative()(3.0), square.derivative().typst)
    9.0 6.0 2 x
    """

    expression: sp.Expr
    variable: sp.Symbol
    domain: sp.Set = dataclasses.field(default_factory=lambda: sp.S.UniversalSet)

    def __post_init__(self) -> None:
        # The field checks the formula's symbols and gives them one set of assumptions.
        field = ScalarField(self.expression, (self.variable,))
        expression, variable = as_pieces(field.expression), field.variables[0]
        domain = _natural_domain(expression, variable).intersect(self.domain)
        if domain.is_empty:
            raise ValueError(f"{self.expression} is defined nowhere on the domain {self.domain}")
        object.__setattr__(self, "expression", expression)
        object.__setattr__(self, "variable", variable)
        object.__setattr__(self, "domain", domain)

    @classmethod
    def from_text(cls, text: str, variable: str = "x") -> ScalarFunction:
        """The function written in *text*; see :func:`~vcalc_anim.core.parsing.parse_expression`."""
        symbol = sp.Symbol(variable, real=True)
        return cls(parse_expression(text, (symbol,)), symbol)

    # -- exact ---------------------------------------------------------------------------------------------------

    def derivative(self, order: int = 1) -> ScalarFunction:
        """The derivative of *order* (0 is the function itself), defined where it exists.

        Raises ValueError for an order that is not a whole number from 0 to 100.
        """
        function = self
        for _ in range(whole_number(order, "order of a derivative", 0, _HIGHEST_ORDER)):
            function = function._derivative
        return function

    @cached_property
    def _derivative(self) -> ScalarFunction:
        slope = without_kinks(sp.diff(self.expression, self.variable), self.variable, self.kinks)
        for seam in seams(self.expression, self.variable):
            if seam not in self.kinks and self.domain.contains(seam):
                # sympy differentiates the value at a lone point as a constant; the slope there is the limit.
                limit = limits(slope, self.variable, seam)[0]
                if slope.subs(self.variable, seam) != limit:
                    slope = sp.Piecewise((limit, sp.Eq(self.variable, seam)), (slope, True))
        return ScalarFunction(slope, self.variable, self.domain - sp.FiniteSet(*self.kinks))

    @cached_property
    def kinks(self) -> tuple[sp.Expr, ...]:
        """The points where two cases of the formula meet and the slope (or the value) jumps, ascending."""
        return kinks(self.expression, self.variable, self.domain)

    def exact(self, x: Exact) -> sp.Expr:
        """The value at *x* as an exact sympy number. ValueError outside the domain."""
        point = self._inside(x)
        return self.expression.subs(self.variable, point)

    def one_sided_slopes(self, x: Exact) -> tuple[sp.Expr, sp.Expr]:
        """The exact slopes at *x* from the left and from the right: equal where the function is differentiable.

        ValueError outside the domain, and where the function jumps or has no neighbourhood.
        """
        point = self._inside(x)
        value = self.expression.subs(self.variable, point)
        slope = sp.diff(self.expression, self.variable)
        if any(limit != value for limit in limits(self.expression, self.variable, point)):
            raise ValueError(
                f"{self.expression} is not continuous on both sides of {x}, so it has no slopes there"
            )
        left, right = limits(slope, self.variable, point)
        return left, right

    def beside(self, x: Exact, side: int) -> sp.Expr:
        """The formula that holds just right (*side* 1) or just left (−1) of *x*: without cases."""
        return beside(self.expression, self.variable, exact_number(x, "point"), side)

    def compose(self, inner: ScalarFunction) -> ScalarFunction:
        """x ↦ self(inner(x)), in the variable of *inner*, where that is defined.

        ValueError if sympy cannot solve for where *inner* meets a domain that was given.
        """
        domain = inner.domain
        if self.domain != _natural_domain(self.expression, self.variable):
            relation = self.domain.as_relational(self.variable).subs(self.variable, inner.expression)
            try:
                domain = domain.intersect(relation.as_set())
            except (NotImplementedError, AttributeError) as error:
                raise ValueError(f"cannot tell where {inner._name} is in the domain {self.domain}") from error
        return ScalarFunction(self.expression.subs(self.variable, inner.expression), inner.variable, domain)

    def renamed(self, variable: str) -> ScalarFunction:
        """The same function with its variable called *variable*: ``theta`` on the axis of a loss."""
        symbol = sp.Symbol(variable, real=True)
        return ScalarFunction(self.expression.subs(self.variable, symbol), symbol, self.domain)

    @cached_property
    def field(self) -> ScalarField:
        """The function as a field of one variable, for :func:`~vcalc_anim.core.descend` and its kin."""
        return ScalarField(self.expression, (self.variable,))

    # -- text ----------------------------------------------------------------------------------------------------

    @property
    def typst(self) -> str:
        """The formula as Typst maths source, e.g. ``frac(x^4, 20) - frac(x^2, 2)``."""
        return to_typst(self.expression)

    @cached_property
    def latex(self) -> str:
        """The formula as LaTeX maths source."""
        return str(sp.latex(self.expression, ln_notation=True))

    # -- on numbers ----------------------------------------------------------------------------------------------

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Values at *x*, of its shape. ValueError for a NaN, an infinity or a point outside the domain.

        Values larger than floats are infinite.
        """
        points = np.asarray(x, dtype=np.float64)
        if not np.isfinite(points).all():
            raise ValueError(f"{self.variable} holds a NaN or an infinity: pass finite numbers only")
        inside = self.contains(points)
        if not inside.all():
            first = float(points[~inside].flat[0])
            raise ValueError(
                f"{self._name} is not defined at {self.variable} = {first:g}: its domain is {self.domain}"
            )
        values = self._values(points)
        if np.isnan(values).any():
            first = float(points[np.isnan(values)].flat[0])
            raise ValueError(f"{self._name} has no value at {self.variable} = {first:g}: no case covers it")
        return values

    def curve(self, low: float, high: float, samples: int = 401) -> Array:
        """Points (x, f(x)) evenly spaced in x from *low* to *high*, those in the domain only: shape (m, 2)."""
        count = whole_number(samples, "number of samples", 2, 1_000_000)
        if not (np.isfinite([low, high]).all() and low < high):
            raise ValueError(f"a curve needs finite bounds with low < high, not {low} and {high}")
        x = np.linspace(low, high, count)
        x = x[self.contains(x)]
        points = np.stack([x, self._values(x)], axis=-1)
        return points[~np.isnan(points[:, 1])]

    def contains(self, x: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which of the numbers *x* are in the domain, of its shape."""
        points = np.asarray(x, dtype=np.float64)
        with np.errstate(all="ignore"):
            inside = self._membership(points)
        return np.asarray(np.broadcast_to(inside, points.shape) & np.isfinite(points))

    def slope(self, x: npt.ArrayLike) -> Array:
        """f′ at *x*, of its shape. ValueError where the derivative does not exist; at a kink it tells both slopes."""
        for kink in self.kinks:
            if (np.asarray(x) == float(kink)).any():
                left, right = self.one_sided_slopes(kink)
                raise ValueError(
                    f"{self._name} has no derivative at {self.variable} = {kink}: "
                    f"its slope is {left} on the left and {right} on the right"
                )
        return self.derivative()(x)

    def _values(self, points: Array) -> Array:
        values = self.field.raw_values(points[..., np.newaxis])
        lost = np.isnan(
            values
        )  # ∞/∞ on the way, as for the sigmoid's slope far out; longer numbers get there
        if lost.any():
            values = np.array(values)
            values[lost] = [self._slow_value(x) for x in np.atleast_1d(points)[np.atleast_1d(lost)]]
        return values[()]

    def _slow_value(self, x: float) -> float:
        value = self.expression.subs(self.variable, sp.Float(float(x), _DIGITS)).evalf(_DIGITS)
        return float(value) if value.is_real else nan

    @cached_property
    def _membership(self) -> Callable[[Array], npt.ArrayLike]:
        try:
            relation = self.domain.as_relational(self.variable)
        except (
            NotImplementedError,
            AttributeError,
        ):  # sets without a finite description, such as that of tan
            return lambda points: np.isfinite(self.field.raw_values(points[..., np.newaxis]))
        function: Callable[[Array], npt.ArrayLike] = sp.lambdify(self.variable, relation, modules="numpy")
        return function

    def _inside(self, x: Exact) -> sp.Expr:
        point = exact_number(x, "point")
        inside = self.domain.contains(point)
        if inside not in (sp.true, sp.false):  # sympy cannot tell for sets such as the domain of tan
            inside = sp.sympify(self.expression.subs(self.variable, point).is_finite is True)
        if inside == sp.false:
            raise ValueError(
                f"{self._name} is not defined at {self.variable} = {point}: its domain is {self.domain}"
            )
        return point

    @property
    def _name(self) -> str:
        return str(self.expression)

    # As for fields: an immutable value needs no copy, and compiled functions cannot be pickled.

    def __reduce__(self) -> tuple[type[ScalarFunction], tuple[sp.Expr, sp.Symbol, sp.Set]]:
        return type(self), (self.expression, self.variable, self.domain)

    def __copy__(self) -> ScalarFunction:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ScalarFunction:
        return self


def _natural_domain(expression: sp.Expr, variable: sp.Symbol) -> sp.Set:
    if expression.has(sp.Piecewise):
        return sp.S.Reals  # each case is written for where it holds
    try:
        return continuous_domain(expression, variable, sp.S.Reals)
    except NotImplementedError as error:
        raise ValueError(f"cannot tell where {expression} is defined") from error
