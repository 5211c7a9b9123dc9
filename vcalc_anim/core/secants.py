"""From slopes between two points to the slope at one: quotients, secants, tangents, and the line that wins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import sympy as sp
from scipy.optimize import linprog

from vcalc_anim.core.exact import Exact, exact_number, whole_number
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.provenance import written
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array

_GAP = sp.Symbol("h", real=True)


@dataclass(frozen=True)
class Line:
    """The line of *slope* through the point (*x0*, *y0*), all exact."""

    x0: sp.Expr
    y0: sp.Expr
    slope: sp.Expr

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Heights at *x*, of its shape."""
        heights: Array = float(self.y0) + float(self.slope) * (
            np.asarray(x, dtype=np.float64) - float(self.x0)
        )
        return heights

    @property
    def typst(self) -> str:
        """The line as Typst maths source in point-slope form, e.g. ``9 + 6 (x - 3)``."""
        x = sp.Symbol("x", real=True)
        if self.slope == 0:
            return to_typst(self.y0)
        run = to_typst(x - self.x0)
        size = "" if abs(self.slope) == 1 else f"{to_typst(abs(self.slope))} "
        rise = f"{size}({run})" if self.x0 != 0 else f"{size}{run}"
        sign = "-" if self.slope.is_negative else "+"
        if self.y0 == 0:
            return written(f"-{rise}" if sign == "-" else rise)
        return written(f"{to_typst(self.y0)} {sign} {rise}")


@dataclass(frozen=True)
class DifferenceQuotient:
    """The slope of *function* between x and x + h: at the point *at*, or for every x if it is None.

    >>> DifferenceQuotient(ScalarFunction.from_text("x**2"), 3).typst
    '6 + h'
    """

    function: ScalarFunction
    at: Exact | None = None

    def __post_init__(self) -> None:
        if self.at is not None:
            self.function.exact(self.at)

    @cached_property
    def expression(self) -> sp.Expr:
        """(f(x + h) − f(x))/h, exact and with h cancelled where it cancels."""
        x = self.function.variable
        moved, here = (self.function.expression.subs(x, place) for place in (x + _GAP, x))
        quotient = (moved - here) / _GAP
        if self.at is not None:
            quotient = quotient.subs(x, exact_number(self.at, "point"))
        return sp.expand(sp.cancel(quotient)) if quotient.is_rational_function() else sp.simplify(quotient)

    @property
    def typst(self) -> str:
        """The cancelled quotient as Typst maths source: what survives the limit first, then what carries h."""
        if not self.expression.is_polynomial(_GAP):
            return to_typst(self.expression)
        coefficients = sp.Poly(self.expression, _GAP).all_coeffs()[::-1]
        terms = [
            coefficient * _GAP**power for power, coefficient in enumerate(coefficients) if coefficient != 0
        ]
        parts = [to_typst(term) for term in terms] or ["0"]
        return written(" + ".join(parts).replace(" + -", " - "))

    @cached_property
    def limit(self) -> sp.Expr:
        """What remains as h → 0, exact. ValueError where the two sides disagree: there is no derivative."""
        left, right = (sp.limit(self._beside(side), _GAP, 0, "+" if side > 0 else "-") for side in (-1, 1))
        if left != right or not left.is_finite:
            raise ValueError(
                f"the quotient tends to {left} from the left and to {right} from the right: no derivative"
            )
        return left

    def _beside(self, side: int) -> sp.Expr:
        if self.at is None or not self.function.expression.has(sp.Piecewise):
            return self.expression
        x = exact_number(self.at, "point")
        piece = self.function.beside(x, side).subs(self.function.variable, x + _GAP)
        return (piece - self.function.exact(x)) / _GAP

    def __call__(self, h: Exact) -> sp.Expr:
        """The exact slope for the gap *h* ≠ 0 (negative: to the left). ValueError for 0 or outside the domain."""
        if self.at is None:
            raise ValueError("this quotient holds for every x: choose a point to get a number")
        return secant(self.function, self.at, h).line.slope


@dataclass(frozen=True)
class Secant:
    """The line through two points of a graph: *run* and *rise* lead from *start* to *end*; all exact."""

    start: tuple[sp.Expr, sp.Expr]
    end: tuple[sp.Expr, sp.Expr]

    @property
    def run(self) -> sp.Expr:
        """The horizontal way h from the first point to the second."""
        return self.end[0] - self.start[0]

    @property
    def rise(self) -> sp.Expr:
        """The vertical way."""
        return self.end[1] - self.start[1]

    @property
    def line(self) -> Line:
        """The line through both points."""
        return Line(*self.start, self.rise / self.run)


def secant(function: ScalarFunction, x0: Exact, h: Exact) -> Secant:
    """The secant of *function* from *x0* to *x0* + *h*. ValueError for h = 0 or a point outside the domain."""
    start, gap = exact_number(x0, "point"), exact_number(h, "gap h")
    if gap == 0:
        raise ValueError("the gap h is 0, but a secant needs two points: the limit is the tangent")
    return Secant((start, function.exact(start)), (start + gap, function.exact(start + gap)))


def central_slope(function: ScalarFunction, x0: Exact, h: Exact) -> sp.Expr:
    """(f(x₀ + h) − f(x₀ − h)) / 2h, exact: what a nudge to both sides measures. ValueError as for a secant."""
    point, gap = exact_number(x0, "point"), exact_number(h, "gap h")
    return secant(function, point - gap, 2 * gap).line.slope


def tangent(function: ScalarFunction, x0: Exact) -> Line:
    """The tangent of *function* at *x0*, exact. ValueError where there is no derivative."""
    point = exact_number(x0, "point")
    left, right = function.one_sided_slopes(point)
    if left != right or not left.is_finite:
        raise ValueError(
            f"{function.expression} has no tangent at {x0}: its slope is {left} on the left and {right} on the right"
        )
    return Line(point, function.exact(point), left)


def relative_error(function: ScalarFunction, line: Line, h: Exact) -> sp.Expr:
    """|f(x₀ + h) − line(x₀ + h)| / |h|, exact: it tends to 0 for the tangent and for no other line.

    x₀ is where *line* is anchored. ValueError for h = 0 or outside the domain.
    """
    slope = secant(function, line.x0, h).line.slope
    shift = (function.exact(line.x0) - line.y0) / exact_number(h, "gap h")
    return abs(slope - line.slope + shift)


def zoom_gap(function: ScalarFunction, line: Line, half_width: float, samples: int = 2001) -> float:
    """The largest gap between curve and *line* within *half_width* of the line's anchor, over *half_width*.

    It is what the eye sees of the gap when the picture is zoomed to that window: it dies out exactly at a tangent.
    """
    x = _window(line, half_width, samples)
    return float(np.abs(function(x) - line(x)).max() / half_width)


def best_line(function: ScalarFunction, x0: Exact, half_width: float, samples: int = 201) -> Line:
    """The line with the smallest largest gap within *half_width* of *x0*: the best a straight line can do there.

    Found on *samples* points by linear programming, and given at x0 to 12 digits.
    """
    point = exact_number(x0, "point")
    anchor = Line(point, function.exact(point), sp.Integer(0))
    x = _window(anchor, half_width, samples)
    u, rises = (x - float(point)) / half_width, function(x) - float(anchor.y0)
    scale = float(np.abs(rises).max()) or 1.0  # the solver's tolerances are absolute
    v, ones = rises / scale, np.ones_like(u)
    # Unknown: height, slope, gap; |v − height − slope·u| ≤ gap.
    bounds = np.concatenate([np.stack([ones, u, -ones], axis=1), np.stack([-ones, -u, -ones], axis=1)])
    solution = linprog([0, 0, 1], A_ub=bounds, b_ub=np.concatenate([v, -v]), bounds=[(None, None)] * 3)
    height, slope = (sp.Rational(f"{value * scale:.12g}") for value in solution.x[:2])
    return Line(point, anchor.y0 + height, slope / sp.Rational(repr(float(half_width))))


def _window(line: Line, half_width: float, samples: int) -> Array:
    if not np.isfinite(half_width) or half_width <= 0:
        raise ValueError(f"the half width is {half_width}, but it must be a finite number above 0")
    count = whole_number(samples, "number of samples", 3, 1_000_000)
    return np.asarray(float(line.x0) + np.linspace(-1, 1, count) * half_width)
