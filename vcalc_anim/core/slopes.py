"""The slope of a field at one point, in every direction of the plane: one cosine, known by one vector."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from math import pi, tau

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.vectors import Array, as_point, read_only, unit


@dataclass(frozen=True, eq=False)
class SlopeDial:
    """All directional slopes of a two-variable *field* at *point*. Angles are in radians from the x axis.

    Raises ValueError where the gradient vanishes: no direction is steepest there.
    """

    field: ScalarField
    point: Array
    gradient: Array = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        if self.field.dimension != 2:
            raise ValueError(f"a slope dial needs a field of two variables, not of {self.field.dimension}")
        point = as_point(self.point, 2)
        gradient = self.field.gradient(point)
        if not np.isfinite(gradient).all():
            raise ValueError(
                f"the gradient of {self.field.expression} is not finite at {tuple(point.tolist())}"
            )
        if not gradient.any():
            raise ValueError(
                f"the gradient of {self.field.expression} is zero at {tuple(point.tolist())}, "
                "so no direction is steepest: choose a point that is not stationary"
            )
        object.__setattr__(self, "point", read_only(point))
        object.__setattr__(self, "gradient", read_only(gradient))

    @property
    def magnitude(self) -> float:
        """The steepest slope, |∇f|."""
        return float(np.hypot(*self.gradient))  # squares of a tiny gradient would underflow to slope 0

    @property
    def steepest_angle(self) -> float:
        """The angle of steepest ascent, in [0, 2π)."""
        return _turn(float(np.arctan2(self.gradient[1], self.gradient[0])))

    @property
    def descent_angle(self) -> float:
        """The angle of steepest descent, in [0, 2π)."""
        return _turn(self.steepest_angle + pi)

    @property
    def level_angles(self) -> tuple[float, float]:
        """The two angles with slope 0: a quarter turn after and before the steepest one, each in [0, 2π)."""
        return _turn(self.steepest_angle + pi / 2), _turn(self.steepest_angle - pi / 2)

    @property
    def steepest(self) -> Array:
        """The unit vector of steepest ascent, (2,)."""
        return unit(self.gradient)

    @property
    def descent(self) -> Array:
        """The unit vector of steepest descent, (2,)."""
        return -self.steepest

    @property
    def level(self) -> Array:
        """The unit vector along the contour: the steepest direction turned by +90°, (2,)."""
        across, up = self.steepest
        return np.array([-up, across])

    def slope_at(self, angles: npt.ArrayLike) -> Array:
        """Slopes along the directions at *angles* (...), shape (...): the gradient · (cos, sin)."""
        turned = np.asarray(angles, dtype=np.float64)
        if not np.isfinite(turned).all():
            raise ValueError("angles hold a NaN or an infinity: pass finite radians")
        slopes: Array = np.asarray(self.gradient[0] * np.cos(turned) + self.gradient[1] * np.sin(turned))
        return slopes


def _turn(angle: float) -> float:
    """*angle* in [0, 2π); the plain remainder of a tiny negative angle would round up to 2π itself."""
    remainder = angle % tau
    return remainder if remainder < tau else 0.0
