"""Where descent can rest: the level points of a function of one variable, and whether descent is drawn to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import isfinite

import numpy as np
import sympy as sp
from scipy.optimize import brentq

from vcalc_anim.core.functions import ScalarFunction

_DIGITS = 30
_HIGHEST_DERIVATIVE = 8  # to tell the kind of a very flat point


class Kind(str, Enum):
    """What a level point is."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    NEITHER = "neither"  #: level, and yet the function passes through, as x³ at 0


@dataclass(frozen=True)
class FixedPoint:
    """A point *x* where f′ = 0; *value* and *curvature* are f and f″ there.

    factor: 1 − α·f″, what one step of descent multiplies a small distance to it by.
    """

    x: float
    value: float
    curvature: float
    kind: Kind
    factor: float

    @property
    def attracts(self) -> bool:
        """Whether descent is drawn in from close by: the factor is between −1 and 1."""
        return abs(self.factor) < 1


def fixed_points(
    function: ScalarFunction, learning_rate: float, low: float = -100.0, high: float = 100.0
) -> tuple[FixedPoint, ...]:
    """The level points between *low* and *high*, ascending: descent with *learning_rate* rests exactly there.

    All of them for a polynomial. For other functions those where f′ changes its sign between 20 000 samples.
    ValueError for bad bounds, a negative learning rate, or a function that is level on a whole stretch.
    """
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"bounds must be finite with low < high, not {low} and {high}")
    if not isfinite(learning_rate) or learning_rate < 0:
        raise ValueError(f"the learning rate is {learning_rate}, but it must be a finite number, at least 0")
    return tuple(_fixed_point(function, x, learning_rate) for x in _roots(function.derivative(), low, high))


def _roots(slope: ScalarFunction, low: float, high: float) -> list[sp.Expr]:
    if slope.expression.is_polynomial(slope.variable):
        polynomial = sp.Poly(slope.expression, slope.variable)
        if polynomial.is_zero:
            raise ValueError("the function is constant, so that every point is level")
        roots = sp.real_roots(polynomial, multiple=False) if polynomial.degree() > 0 else []
        return [root for root, _ in roots if low <= root <= high]
    x = np.linspace(low, high, 20_001)
    x = x[slope.contains(x)]
    y = slope(x)
    zeros = x[y == 0]
    if len(zeros) > len(x) / 10:
        raise ValueError(
            "the function is level on a whole stretch, so that its level points cannot be listed"
        )
    crossings = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
    exact_zeros = [sp.Rational(repr(float(zero))) for zero in zeros]
    between = [
        sp.Float(brentq(lambda z: float(slope(z)), x[i], x[i + 1], xtol=1e-15), _DIGITS) for i in crossings
    ]
    return sorted(exact_zeros + between, key=float)


def _fixed_point(function: ScalarFunction, x: sp.Expr, learning_rate: float) -> FixedPoint:
    place = x.evalf(_DIGITS)
    curvature = float(function.derivative(2).expression.subs(function.variable, place))
    return FixedPoint(
        x=float(place),
        value=float(function.expression.subs(function.variable, place)),
        curvature=curvature,
        kind=_kind(function, place),
        factor=1 - learning_rate * curvature,
    )


def _kind(function: ScalarFunction, place: sp.Expr) -> Kind:
    for order in range(2, _HIGHEST_DERIVATIVE + 1):
        value = float(function.derivative(order).expression.subs(function.variable, place))
        if abs(value) > 1e-9:
            if order % 2:
                return Kind.NEITHER
            return Kind.MINIMUM if value > 0 else Kind.MAXIMUM
    return Kind.NEITHER
