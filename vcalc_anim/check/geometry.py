"""Where strokes and fills meet boxes: the plane geometry that the layout rules are made of.

Boxes are rows (left, bottom, right, top); polylines are arrays (n, 2) of points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
Polyline = NDArray[np.float64]
Mask = NDArray[np.bool_]


def grown(boxes: Boxes, by: float) -> Boxes:
    """Every box with *by* more on each side; negative shrinks."""
    return np.asarray(boxes + np.array([-by, -by, by, by]))


def overlapping(one: Boxes, other: Boxes, deeper_than: float = 0.0) -> Mask:
    """(n, m): which boxes of *one* (n, 4) and *other* (m, 4) share more than *deeper_than* in both directions."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    return np.asarray((high - low > deeper_than).all(axis=2))


def crossed(lines: Sequence[Polyline], boxes: Boxes) -> Mask:
    """(m,): which *boxes* any of the *lines* runs through (clipping by slabs: Liang and Barsky)."""
    hit = np.zeros(len(boxes), dtype=bool)
    if not lines or not len(boxes):
        return hit
    starts = np.vstack([line[:-1] for line in lines])
    ways = np.vstack([np.diff(line, axis=0) for line in lines])
    near = (np.minimum(starts, starts + ways) <= boxes[:, 2:].max(axis=0)) & (
        np.maximum(starts, starts + ways) >= boxes[:, :2].min(axis=0)
    )
    starts, ways = starts[near.all(axis=1)], ways[near.all(axis=1)]
    if not len(starts):
        return hit
    still = np.abs(ways) < 1e-12
    safe = np.where(still, 1.0, ways)
    first = (boxes[None, :, :2] - starts[:, None]) / safe[:, None]
    second = (boxes[None, :, 2:] - starts[:, None]) / safe[:, None]
    enter, leave = np.minimum(first, second), np.maximum(first, second)
    inside = (starts[:, None] >= boxes[None, :, :2]) & (starts[:, None] <= boxes[None, :, 2:])
    parallel = np.broadcast_to(still[:, None], enter.shape)
    enter = np.where(parallel, np.where(inside, -np.inf, np.inf), enter).max(axis=2)
    leave = np.where(parallel, np.where(inside, np.inf, -np.inf), leave).min(axis=2)
    return np.asarray(((enter <= leave) & (leave >= 0) & (enter <= 1)).any(axis=0))


def within(outline: Sequence[Polyline], points: NDArray[np.float64]) -> Mask:
    """(n,): which *points* (n, 2) lie inside the closed *outline*, holes cut out (even-odd rule)."""
    odd = np.zeros(len(points), dtype=bool)
    for path in outline:
        a, b = path, np.roll(path, -1, axis=0)
        x, y = points[:, 0, None], points[:, 1, None]
        straddles = (a[None, :, 1] > y) != (b[None, :, 1] > y)
        rise = b[:, 1] - a[:, 1]
        at = a[None, :, 0] + (y - a[None, :, 1]) * (b - a)[None, :, 0] / np.where(rise == 0, 1.0, rise)
        odd ^= (straddles & (x < at)).sum(axis=1) % 2 == 1
    return odd


def corners(boxes: Boxes) -> NDArray[np.float64]:
    """The corners (4 n, 2) of *boxes* (n, 4), box after box."""
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)


def centers(boxes: Boxes) -> NDArray[np.float64]:
    """The middles (n, 2) of *boxes*."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2
