"""Newton's method: jump to where the fitted parabola is level, which need not be its lowest point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.exact import whole_number
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.vectors import Array, as_point, read_only


@dataclass(frozen=True, eq=False)
class NewtonRun:
    """A run of Newton's method: points (N+1, n), the start first; gradients (N+1, n), Hessians (N+1, n, n) and
    values (N+1,) there; steps (N, n). The arrays are shorter when a point was reached that is level exactly."""

    field: ScalarField
    points: Array
    values: Array
    gradients: Array
    hessians: Array
    steps: Array

    def errors(self, target: npt.ArrayLike) -> Array:
        """The distances of the points from *target* (n,), shape (N+1,)."""
        return np.asarray(
            np.linalg.norm(self.points - as_point(target, self.field.dimension, "target"), axis=-1)
        )


def newton_step(field: ScalarField, point: npt.ArrayLike) -> Array:
    """−H⁻¹∇f at *point* (n,), shape (n,). ValueError where the Hessian is singular or not finite.

    It leads to the stationary point of the fitted paraboloid: downhill only where H is positive definite.
    """
    here = as_point(point, field.dimension)
    gradient, hessian = field.gradient(here), field.hessian(here)
    place = tuple(here.tolist())
    if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        raise ValueError(f"{field.expression} has no finite gradient and Hessian at {place}")
    if np.linalg.matrix_rank(hessian) < field.dimension:
        raise ValueError(f"the Hessian of {field.expression} is singular at {place}: there is no Newton step")
    return np.asarray(-np.linalg.solve(hessian, gradient))


def newton(function: ScalarField | ScalarFunction, start: npt.ArrayLike, steps: int) -> NewtonRun:
    """*steps* Newton steps from *start* ((n,), or a number for a function of one variable).

    ValueError for a bad start or number of steps, and where the method has no step: see :func:`newton_step`.
    """
    count = whole_number(steps, "number of steps", 0, 10_000)
    field = function.field if isinstance(function, ScalarFunction) else function
    origin = np.asarray(start, dtype=np.float64)
    point = as_point(origin[np.newaxis] if origin.ndim == 0 else origin, field.dimension, "start")
    points = [point]
    while len(points) <= count and field.gradient(points[-1]).any():
        points.append(points[-1] + newton_step(field, points[-1]))
    array = np.array(points)
    return NewtonRun(
        field=field,
        points=read_only(array),
        values=read_only(field(array)),
        gradients=read_only(field.gradient(array)),
        hessians=read_only(field.hessian(array)),
        steps=read_only(np.diff(array, axis=0)),
    )
