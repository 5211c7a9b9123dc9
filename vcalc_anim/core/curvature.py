"""Curvature: the Hessian asked in every direction, and the second-derivative test with its conditions."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from math import pi

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.vectors import Array, as_point, read_only

_ZERO = 1e-9  # relative to the largest curvature: what floats may make of an exact 0


class Verdict(str, Enum):
    """What the second-derivative test says of a point."""

    MINIMUM = "minimum"  #: level ground, and curved up in every direction
    MAXIMUM = "maximum"  #: level ground, and curved down in every direction
    SADDLE = "saddle"  #: level ground, curved up in one direction and down in another
    NO_VERDICT = "no verdict"  #: level ground, but too flat in some direction: the test is silent
    NOT_LEVEL = "not level"  #: the gradient is not zero, so the Hessian has nothing to say


@dataclass(frozen=True, eq=False)
class SecondDerivativeTest:
    """The test of *field* at *point* (n,), with all it looked at.

    gradient (n,), hessian (n, n), eigenvalues (n,) ascending.
    """

    field: ScalarField
    point: Array
    gradient: Array
    hessian: Array
    eigenvalues: Array
    verdict: Verdict

    @property
    def is_level(self) -> bool:
        """The first question: is the gradient zero?"""
        return self.verdict is not Verdict.NOT_LEVEL


def second_derivative_test(field: ScalarField, point: npt.ArrayLike) -> SecondDerivativeTest:
    """Is *point* (n,) a minimum, a maximum or a saddle of *field*?

    First the gradient must be zero, then the Hessian is asked. An eigenvalue of 0 silences it unless two others
    disagree in sign. Zero means below 1e-9 of the largest
    curvature (times the size of the point, for the gradient).
    Raises ValueError where the field is not twice differentiable in floats.
    """
    at = as_point(point, field.dimension)
    gradient, hessian = field.gradient(at), field.hessian(at)
    if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        raise ValueError(
            f"{field.expression} has no finite second derivatives at {tuple(at.tolist())}: the test needs them"
        )
    eigenvalues: Array = np.asarray(np.linalg.eigvalsh(hessian), dtype=np.float64)
    curvature = float(np.abs(eigenvalues).max())
    reach = max(1.0, float(np.abs(at).max()))
    if float(np.abs(gradient).max()) > _ZERO * curvature * reach:
        verdict = Verdict.NOT_LEVEL
    else:
        verdict = _ask(eigenvalues, _ZERO * curvature)
    return SecondDerivativeTest(
        field, read_only(at), read_only(gradient), read_only(hessian), read_only(eigenvalues), verdict
    )


def _ask(eigenvalues: Array, zero: float) -> Verdict:
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return Verdict.SADDLE
    if up.all():
        return Verdict.MINIMUM
    return Verdict.MAXIMUM if down.all() else Verdict.NO_VERDICT


@dataclass(frozen=True, eq=False)
class CurvatureDial:
    """The curvature of a two-variable *field* at *point* in every direction of the plane: uᵀHu.

    Angles are in radians from the x axis. Raises ValueError where the Hessian is not finite.
    """

    field: ScalarField
    point: Array
    hessian: Array = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        if self.field.dimension != 2:
            raise ValueError(
                f"a curvature dial needs a field of two variables, not of {self.field.dimension}"
            )
        point = as_point(self.point, 2)
        hessian = self.field.hessian(point)
        if not np.isfinite(hessian).all():
            raise ValueError(
                f"the Hessian of {self.field.expression} is not finite at {tuple(point.tolist())}"
            )
        object.__setattr__(self, "point", read_only(point))
        object.__setattr__(self, "hessian", read_only(hessian))

    def curvature_at(self, angles: npt.ArrayLike) -> Array:
        """The second derivative along the directions at *angles* (...), shape (...)."""
        turned = np.asarray(angles, dtype=np.float64)
        if not np.isfinite(turned).all():
            raise ValueError("angles hold a NaN or an infinity: pass finite radians")
        directions = np.stack([np.cos(turned), np.sin(turned)], axis=-1)
        return np.asarray(np.einsum("...i,ij,...j->...", directions, self.hessian, directions))

    @property
    def extremes(self) -> tuple[float, float]:
        """The largest and the smallest curvature: the eigenvalues of the Hessian."""
        low, high = np.linalg.eigvalsh(self.hessian).tolist()
        return high, low

    @property
    def extreme_angles(self) -> tuple[float, float]:
        """The angles in [0, π) of largest and smallest curvature, a right angle apart; 0 and π/2 if all are equal."""
        (a, b), (_, d) = self.hessian.tolist()
        high = float(np.arctan2(2 * b, a - d)) / 2
        return _half_turn(high), _half_turn(high + pi / 2)


def _half_turn(angle: float) -> float:
    """*angle* in [0, π); the plain remainder of a tiny negative angle would round up to π itself."""
    remainder = angle % pi
    return remainder if remainder < pi else 0.0


def mixed_partials_at(
    expression: sp.Expr, x: sp.Symbol, y: sp.Symbol, point: tuple[sp.Expr, sp.Expr], value: sp.Expr
) -> tuple[sp.Expr, sp.Expr]:
    """The mixed second partials of a function at one *point* where the formula fails but its *value* is given.

    Both are taken by their definition as limits of difference quotients, exact: first ∂/∂y(∂f/∂x), then
    ∂/∂x(∂f/∂y). They are equal if the second partials are continuous; here they may not be.
    """
    h = sp.Symbol("h", real=True)
    (p, q) = (sp.sympify(c) for c in point)

    def slope(along: sp.Symbol, other: sp.Symbol, base: sp.Expr, offset: sp.Expr, beside: sp.Expr) -> sp.Expr:
        """∂f/∂along at along = base, other = beside + offset, as a limit."""
        there = {along: base + h, other: beside + offset}
        here = {along: base, other: beside + offset}
        start = value if offset == 0 else expression.subs(here, simultaneous=True)
        return sp.limit(sp.simplify((expression.subs(there, simultaneous=True) - start) / h), h, 0)

    k = sp.Symbol("k", real=True, nonzero=True)
    in_y = sp.limit((slope(x, y, p, k, q) - slope(x, y, p, sp.S.Zero, q)) / k, k, 0)
    in_x = sp.limit((slope(y, x, q, k, p) - slope(y, x, q, sp.S.Zero, p)) / k, k, 0)
    return in_y, in_x
