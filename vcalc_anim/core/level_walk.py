"""Walking along a contour: the point that lies a given distance along the level curve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.vectors import Array, as_point, unit

_STRIDES = 64
_POLISH = 3


def walk_level(field: ScalarField, start: npt.ArrayLike, distance: float) -> Array:
    """The point (2,) at arc length *distance* from *start* along its level curve, higher ground on the right.

    Small strides along the tangent, each brought back onto the level by Newton steps along the gradient: the
    height of the result equals that of the start to rounding error. Negative distances walk the other way.
    ValueError for a field not of two variables, a distance that is not finite, or where the gradient vanishes.
    """
    if field.dimension != 2:
        raise ValueError(f"contours are walked on fields of two variables, not of {field.dimension}")
    if not np.isfinite(distance):
        raise ValueError(f"the distance is {distance}, but it must be a finite number")
    point = as_point(start, 2)
    level = float(field(point))
    for _ in range(_STRIDES):
        normal = _normal(field, point)
        point = point + distance / _STRIDES * np.array([-normal[1], normal[0]])
        for _ in range(_POLISH):
            gradient = field.gradient(point)
            point = point - (float(field(point)) - level) * gradient / float(gradient @ gradient)
    return point


def _normal(field: ScalarField, point: Array) -> Array:
    gradient = field.gradient(point)
    if not gradient.any():
        raise ValueError(
            f"the contour through {tuple(point.tolist())} has no direction: the gradient is zero there"
        )
    return unit(gradient)
