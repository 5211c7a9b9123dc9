"""Level curves: traced on a grid, then moved onto the level exactly."""

from __future__ import annotations

import contourpy
import numpy as np

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.vectors import Array
from vcalc_anim.core.window import Window

_NEWTON_STEPS = 30  # from a vertex of the traced line 3 or 4 are usual; more are needed beside a saddle
_FEWEST_VERTICES = 64  # a curve around a few grid cells would be drawn with corners
_TOLERANCE = 1e-11  # |f − level|, relative to the level if that is above 1


def level_curves(field: ScalarField, level: float, window: Window, samples: int = 161) -> tuple[Array, ...]:
    """The curves f = *level* inside *window*, each (n, 2) with the higher values on its left.

    The grid has *samples* points along the longer side and about square cells. Each vertex is off the level by at
    most 1e-11 · max(1, |level|); one that cannot be brought there (beside a saddle, where the field has no slope)
    is left out. A closed curve ends with its first point. No curve at all gives an empty tuple; a curve smaller
    than a grid cell may be missed.
    Raises ValueError for a field that is not of two variables, a non-finite level or fewer than 2 samples.
    """
    if field.dimension != 2:
        raise ValueError(f"level curves need a field of two variables, not of {field.dimension}")
    if not np.isfinite(level):
        raise ValueError(f"the level is {level}, but it must be a finite number")
    if samples < 2:
        raise ValueError(f"samples is {samples}, but tracing needs at least 2 points along a side")
    longer = max(window.width, window.height)
    nx, ny = (max(2, round(samples * side / longer)) for side in (window.width, window.height))
    x, y = window.axes(nx, ny)
    values = field(window.grid(nx, ny)).reshape(ny, nx)
    tracer = contourpy.contour_generator(
        x, y, np.ma.masked_invalid(values), line_type=contourpy.LineType.Separate
    )
    curves = []
    for line in tracer.lines(level):
        curve = _polish(field, float(level), window, np.asarray(line))
        while 1 < len(curve) < _FEWEST_VERTICES:
            refined = _polish(field, float(level), window, _with_midpoints(curve))
            if len(refined) <= len(curve):
                break
            curve = refined
        if len(curve) > 1:
            curves.append(curve)
    return tuple(curves)


def _with_midpoints(line: Array) -> Array:
    refined = np.repeat(line, 2, axis=0)[:-1]
    refined[1::2] = (line[:-1] + line[1:]) / 2
    return refined


def _polish(field: ScalarField, level: float, window: Window, line: Array) -> Array:
    closed = len(line) > 2 and np.array_equal(line[0], line[-1])
    points = line[:-1].copy() if closed else line.copy()
    # A vertex on the border slides along it: the curve then ends at the edge of the picture, not beside it.
    free = np.stack(
        [
            ~np.isin(points[:, 0], (window.x_min, window.x_max)),
            ~np.isin(points[:, 1], (window.y_min, window.y_max)),
        ],
        axis=-1,
    )
    tolerance = _TOLERANCE * max(1.0, abs(level))
    for _ in range(_NEWTON_STEPS):
        excess = field.raw_values(points) - level
        if (np.abs(excess) <= tolerance / 100).all():
            break
        slopes = np.where(free, field.raw_gradients(points), 0.0)
        with np.errstate(all="ignore"):
            moves = excess[:, np.newaxis] * slopes / np.sum(slopes**2, axis=-1, keepdims=True)
        points -= np.where(np.isfinite(moves), moves, 0.0)
    on_level = np.abs(field.raw_values(points) - level) <= tolerance
    kept = points[on_level & window.contains(points)]
    return np.concatenate([kept, kept[:1]]) if closed else kept
