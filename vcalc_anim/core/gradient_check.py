"""Is a gradient the gradient? Central differences along random directions answer, to second order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.exact import whole_number
from vcalc_anim.core.vectors import Array

_STEP = 1e-3  # with two steps extrapolated the error is about h⁴, and round-off about 1e-13
_TOLERANCE = 1e-6  # relative: a rule wrong by 0.05 % is 500 times off


class GradientMismatch(AssertionError):
    """A claimed derivative differs from the measured one."""


@dataclass(frozen=True)
class GradientCheck:
    """The largest relative difference between claim and measurement, of first and of second order."""

    first: float
    second: float | None


def check_grads(
    value: Callable[[Array], npt.ArrayLike],
    gradient: Callable[[Array], npt.ArrayLike],
    point: npt.ArrayLike,
    *,
    hessian: Callable[[Array], npt.ArrayLike] | None = None,
    order: int = 2,
    directions: int = 4,
    tolerance: float = _TOLERANCE,
    seed: int = 0,
) -> GradientCheck:
    """Compare *gradient* with differences of *value* at *point* (n,), along random *directions*.

    Order 2 also differentiates the gradient: its change along each direction must be that of *hessian* (n, n) if one
    is given, must be symmetric (uᵀ(Hv) = vᵀ(Hu)), and must bend the value as second differences do. Differences are
    relative to the size of the derivative along all directions tried. Raises GradientMismatch, an AssertionError,
    for a difference above *tolerance*, and ValueError for bad input: values that are not numbers, wrong shapes.
    """
    here = np.array(point, dtype=np.float64)
    if here.ndim != 1 or not here.size or not np.isfinite(here).all():
        raise ValueError(f"the point has shape {here.shape}, but (n,) with finite coordinates is expected")
    whole_number(order, "order of the check", 1, 2)
    count = whole_number(directions, "number of directions", 1, 1000)
    ways = np.random.default_rng(seed).normal(size=(count, here.size))
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    claimed = _checked(gradient(here), here.shape, "gradient")
    step = _STEP * max(1.0, float(np.abs(here).max()))

    def height(x: Array) -> Array:
        return _checked(value(x), (), "value")

    def slopes(x: Array) -> Array:
        return _checked(gradient(x), here.shape, "gradient")

    measured = np.array([_slope(height, here, way, step) for way in ways])
    first = _compare("gradient along a direction", ways @ claimed, measured, tolerance)
    if order == 1:
        return GradientCheck(first, None)
    bends = np.array([_slope(slopes, here, way, step) for way in ways])  # row i is H·wayᵢ
    quadratic = bends @ ways.T
    second = [_compare("change of the gradient across and along", quadratic, quadratic.T, tolerance)]
    if hessian is not None:
        matrix = _checked(hessian(here), (here.size, here.size), "Hessian")
        second.append(_compare("Hessian along a direction", ways @ matrix.T, bends, tolerance))
    curvatures = np.array([_curvature(height, here, way, 10 * step) for way in ways])
    second.append(_compare("curvature along a direction", np.diag(quadratic), curvatures, 100 * tolerance))
    return GradientCheck(first, max(second))


def _slope(function: Callable[[Array], Array], x: Array, way: Array, h: float) -> Array:
    """The central difference with its h² error extrapolated away (Richardson)."""
    wide, narrow = ((function(x + k * way) - function(x - k * way)) / (2 * k) for k in (2 * h, h))
    return np.asarray((4 * narrow - wide) / 3)


def _curvature(function: Callable[[Array], Array], x: Array, way: Array, h: float) -> Array:
    middle = function(x)
    wide, narrow = ((function(x + k * way) - 2 * middle + function(x - k * way)) / k**2 for k in (2 * h, h))
    return np.asarray((4 * narrow - wide) / 3)


def _checked(result: npt.ArrayLike, shape: tuple[int, ...], name: str) -> Array:
    array = np.asarray(result, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"the {name} has shape {array.shape}, but {shape} is expected")
    if not np.isfinite(array).all():
        raise ValueError(f"the {name} is not finite near the point: check inside the domain")
    return array


def _compare(what: str, claimed: Array, measured: Array, tolerance: float) -> float:
    scale = max(float(np.abs(claimed).max()), float(np.abs(measured).max()), 1e-6)
    difference = np.abs(claimed - measured) / scale
    worst = np.unravel_index(int(difference.argmax()), difference.shape)
    if difference[worst] > tolerance:
        raise GradientMismatch(
            f"{what}: claimed {claimed[worst]:.10g}, measured {measured[worst]:.10g} "
            f"(off by {difference[worst]:.1e} of its size, allowed {tolerance:.0e})"
        )
    return float(difference.max())
