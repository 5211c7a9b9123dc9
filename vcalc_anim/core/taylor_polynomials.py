"""Taylor polynomials with exact coefficients, how far off they are, and a bound that needs no answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import factorial, inf

import numpy as np
import numpy.typing as npt
import sympy as sp
from scipy.optimize import brentq, minimize_scalar

from vcalc_anim.core.exact import Exact, exact_number, whole_number
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.power_series import series_of
from vcalc_anim.core.provenance import written
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array

_HIGHEST_ORDER = 200
_LOOK_AHEAD = 8  # orders searched for the next term that is not 0


@dataclass(frozen=True)
class TaylorPolynomial:
    """The Taylor polynomial of *function* at *center*; ``coefficients[k]`` = f⁽ᵏ⁾(x₀)/k!, exact, up to its order."""

    function: ScalarFunction
    center: sp.Expr
    coefficients: tuple[sp.Expr, ...]

    @property
    def order(self) -> int:
        """The order n: the highest derivative that was read."""
        return len(self.coefficients) - 1

    @property
    def derivatives(self) -> tuple[sp.Expr, ...]:
        """The readings f⁽ᵏ⁾(x₀), exact: the coefficients before they are divided by k!."""
        return tuple(coefficient * factorial(k) for k, coefficient in enumerate(self.coefficients))

    @cached_property
    def polynomial(self) -> ScalarFunction:
        """The polynomial as a function, in powers of (x − x₀)."""
        return ScalarFunction(sp.Add(*(self.term(k) for k in range(self.order + 1))), self.function.variable)

    def term(self, k: int) -> sp.Expr:
        """The term of order *k*, exact. ValueError beyond the order."""
        whole_number(k, "order of a term", 0, self.order)
        return self.coefficients[k] * (self.function.variable - self.center) ** k

    def term_typst(self, k: int) -> str:
        """The term of order *k* as Typst maths source: ``-frac((x - 1)^2, 2)``."""
        self.term(k)
        offset = sp.Symbol("offset")  # one letter-like thing, so that sympy does not multiply the bracket out
        run = to_typst(self.function.variable - self.center)
        source = to_typst(self.coefficients[k] * offset**k)
        return written(source.replace('"offset"', run if self.center == 0 else f"({run})"))

    def truncated(self, order: int) -> TaylorPolynomial:
        """The polynomial of a lower *order*, for a slider. ValueError beyond the order."""
        kept = whole_number(order, "order", 0, self.order) + 1
        return TaylorPolynomial(self.function, self.center, self.coefficients[:kept])

    @property
    def typst(self) -> str:
        """The polynomial as Typst maths source, lowest power first: ``x - frac(x^3, 6)``."""
        terms = [self.term_typst(k) for k in range(self.order + 1) if self.coefficients[k] != 0]
        return written(" + ".join(terms or ["0"]).replace(" + -", " - "))

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Values at *x*, of its shape, inside and outside the function's domain. ValueError for NaN or infinity."""
        offsets = np.asarray(x, dtype=np.float64) - float(self.center)
        if not np.isfinite(offsets).all():
            raise ValueError("x holds a NaN or an infinity: pass finite numbers only")
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            values: Array = np.polynomial.polynomial.polyval(offsets, self._floats).astype(np.float64)
        return values

    def exact(self, x: Exact) -> sp.Expr:
        """The value at *x*, exact."""
        offset, total = exact_number(x, "point") - self.center, sp.S.Zero
        for coefficient in reversed(self.coefficients):
            total = total * offset + coefficient
        return sp.expand(total)

    # -- errors --------------------------------------------------------------------------------------------------

    def error(self, x: npt.ArrayLike) -> Array:
        """|f − P| at *x*, of its shape. ValueError outside the function's domain."""
        return np.abs(self.function(x) - self(x))

    def exact_error(self, x: Exact, digits: int = 30) -> sp.Float:
        """|f − P| at one *x* with *digits* digits: errors below the last bit of a float count too."""
        return abs(
            sp.N(self.function.exact(x) - self.exact(x), whole_number(digits, "number of digits", 1, 1000))
        )

    def largest_error(self, low: float, high: float, samples: int = 1001) -> float:
        """The largest |f − P| from *low* to *high*: the largest of *samples* errors, refined around it."""
        x = self.function.curve(low, high, samples)[:, 0]
        if len(x) < samples:
            raise ValueError(f"{self.function.expression} is not defined everywhere from {low} to {high}")
        errors = self.error(x)
        peak = int(errors.argmax())
        around = (x[max(peak - 1, 0)], x[min(peak + 1, samples - 1)])
        refined = minimize_scalar(lambda z: -float(self.error(z)), bounds=around, method="bounded")
        return max(float(errors[peak]), -float(refined.fun))

    def reach(self, tolerance: float, limit: float = 100.0) -> tuple[float, float]:
        """The interval around the center where the error stays below *tolerance*: its ends, (low, high).

        An end is infinite if the error is below it up to *limit* away. ValueError unless both are positive.
        """
        if not (0 < tolerance < inf and 0 < limit < inf):
            raise ValueError(f"tolerance and limit must be finite and above 0, not {tolerance} and {limit}")
        center = float(self.center)
        return center - self._reach(-1, tolerance, limit), center + self._reach(1, tolerance, limit)

    def _reach(self, side: int, tolerance: float, limit: float) -> float:
        # Fine steps near the center, where the first crossing is usually, and about as fine relative ones beyond.
        distances = np.concatenate([np.linspace(0, 1, 401)[1:], np.geomspace(1, max(limit, 1.1), 4001)[1:]])
        distances = distances[distances <= limit]
        places = float(self.center) + side * distances
        inside = self.function.contains(places)
        count = len(places) if inside.all() else int(inside.argmin())
        above = np.flatnonzero(self.error(places[:count]) >= tolerance)
        if not above.size:
            return inf if count == len(places) else float(distances[max(count - 1, 0)])
        first = int(above[0])
        low = float(distances[first - 1]) if first else 0.0

        def excess(distance: float) -> float:
            return float(self.error(float(self.center) + side * distance)) - tolerance

        return float(brentq(excess, low, float(distances[first])))

    @cached_property
    def remainder_order(self) -> int:
        """The order of the next term that is not 0: the remainder begins there (for sine, at 0, n + 2 if n is odd).

        Without one among the next 8 orders it is n + 1.
        """
        ahead = _coefficients(self.function, self.center, self.order + _LOOK_AHEAD)
        following = (k for k in range(self.order + 1, len(ahead)) if ahead[k] != 0)
        return next(following, self.order + 1)

    def lagrange_bound(self, x: npt.ArrayLike, derivative_bound: float) -> Array:
        """M·|x − x₀|ᵐ / m! at *x*, of its shape: |f − P| stays below it. m is the :attr:`remainder_order`.

        *derivative_bound* is a number M ≥ |f⁽ᵐ⁾| between x₀ and every x (1 for sine). ValueError if it is negative.
        """
        if not 0 <= derivative_bound < inf:
            raise ValueError(
                f"the bound on the derivative is {derivative_bound}, but it must be finite, at least 0"
            )
        distances = np.abs(np.asarray(x, dtype=np.float64) - float(self.center))
        m = self.remainder_order
        with np.errstate(over="ignore"):
            bound: Array = derivative_bound * distances**m * float(sp.Rational(1, factorial(m)))
        return bound

    def band(self, x: npt.ArrayLike, derivative_bound: float) -> tuple[Array, Array]:
        """The tube P ± Lagrange's bound at *x*: (lower, upper), of its shape."""
        middle, bound = self(x), self.lagrange_bound(x, derivative_bound)
        return middle - bound, middle + bound

    @cached_property
    def _floats(self) -> Array:
        return np.array([float(coefficient) for coefficient in self.coefficients])


def taylor(function: ScalarFunction, center: Exact, order: int) -> TaylorPolynomial:
    """The Taylor polynomial of *function* at *center*.

    ValueError for a center outside the domain or one where a derivative does not exist, and for an order that is
    not a whole number from 0 to 200.
    """
    point = exact_number(center, "center")
    function.exact(point)
    n = whole_number(order, "order of a Taylor polynomial", 0, _HIGHEST_ORDER)
    if point in function.kinks and n > 0:
        left, right = function.one_sided_slopes(point)
        raise ValueError(
            f"{function.expression} has a kink at {point}: slope {left} on the left, {right} on the right"
        )
    return TaylorPolynomial(function, point, _coefficients(function, point, n))


def _coefficients(function: ScalarFunction, point: sp.Expr, order: int) -> tuple[sp.Expr, ...]:
    coefficients = _one_sided(function, point, order, 1)
    if function.expression.has(sp.Piecewise):
        others = _one_sided(function, point, order, -1)
        jumps = [k for k in range(order + 1) if coefficients[k] != others[k]]
        if jumps:
            raise ValueError(f"{function.expression} has no derivative of order {jumps[0]} at {point}")
    return tuple(coefficients)


def _one_sided(function: ScalarFunction, point: sp.Expr, order: int, side: int) -> list[sp.Expr]:
    piece, variable = function.beside(point, side), function.variable
    series = series_of(piece, variable, point, order)
    if series is not None:
        return series
    # The piece is only defined beside the point; its derivatives may still have limits there.
    if _dies_out(piece, variable, point, side):
        return [sp.S.Zero] * (order + 1)
    coefficients = []
    for k in range(order + 1):
        value = sp.limit(piece, variable, point, "+" if side > 0 else "-")
        if not value.is_finite:
            raise ValueError(f"{function.expression} has no derivative of order {k} at {point}")
        coefficients.append(value / factorial(k))
        piece = sp.together(sp.diff(piece, variable))
    return coefficients


def _dies_out(piece: sp.Expr, variable: sp.Symbol, point: sp.Expr, side: int) -> bool:
    """Whether *piece* is R·eᵍ with R and g rational and g → −∞, as exp(−1/x²) at 0.

    Every derivative is again of that form with the same g, and eᵍ beats every R: all of them tend to 0.
    """
    powers = [factor for factor in sp.Mul.make_args(piece) if isinstance(factor, sp.exp)]
    rest = sp.Mul(*(factor for factor in sp.Mul.make_args(piece) if factor not in powers))
    exponent = sp.Add(*(power.exp for power in powers))
    rational = exponent.is_rational_function(variable) and rest.is_rational_function(variable)
    return bool(rational and sp.limit(exponent, variable, point, "+" if side > 0 else "-") == -sp.oo)
