"""The part of the plane that a picture shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.vectors import Array, as_point, as_points

_INSIDE, _BEYOND, _CROSSING = range(3)  # kinds of segments: within, past one border, at a border


@dataclass(frozen=True)
class Clipped:
    """What a window shows of a polyline: the visible *pieces*, each (n, 2), in order, and the *exit*, the point
    (2,) where the line first leaves the window, None if it never does."""

    pieces: tuple[Array, ...]
    exit: Array | None


@dataclass(frozen=True)
class Window:
    """The rectangle x_min ≤ x ≤ x_max, y_min ≤ y ≤ y_max. ValueError unless it is finite and has an area."""

    x_min: float
    x_max: float
    y_min: float
    y_max: float

    def __post_init__(self) -> None:
        bounds = (self.x_min, self.x_max, self.y_min, self.y_max)
        if not all(isfinite(bound) for bound in bounds):
            raise ValueError(f"a window needs finite bounds, not {bounds}")
        if not (self.x_min < self.x_max and self.y_min < self.y_max):
            raise ValueError(f"a window needs x_min < x_max and y_min < y_max, not {bounds}")

    @property
    def width(self) -> float:
        """x_max − x_min."""
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        """y_max − y_min."""
        return self.y_max - self.y_min

    @property
    def center(self) -> Array:
        """The middle of the window, (2,)."""
        return np.array([(self.x_min + self.x_max) / 2, (self.y_min + self.y_max) / 2])

    def contains(self, points: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which of the *points* (..., 2) are inside or on the border, shape (...)."""
        checked = as_points(points, 2)
        inside = (checked >= (self.x_min, self.y_min)) & (checked <= (self.x_max, self.y_max))
        return np.asarray(inside.all(axis=-1))

    def zoom(self, center: npt.ArrayLike, factor: float) -> Window:
        """The window of the same shape around *center* (2,) whose sides are *factor* times shorter."""
        if not isfinite(factor) or factor <= 0:
            raise ValueError(f"the zoom factor is {factor}, but it must be a finite number above 0")
        x, y = as_point(center, 2, "center").tolist()
        half_width, half_height = self.width / (2 * factor), self.height / (2 * factor)
        return Window(x - half_width, x + half_width, y - half_height, y + half_height)

    def axes(self, nx: int, ny: int) -> tuple[Array, Array]:
        """*nx* x-coordinates and *ny* y-coordinates, evenly spaced, borders included."""
        if nx < 2 or ny < 2:
            raise ValueError(f"a grid needs at least 2 columns and 2 rows, not {nx} and {ny}")
        return np.linspace(self.x_min, self.x_max, nx), np.linspace(self.y_min, self.y_max, ny)

    def grid(self, nx: int, ny: int) -> Array:
        """Evenly spaced points, borders included, row by row from the bottom left: shape (nx·ny, 2)."""
        x, y = self.axes(nx, ny)
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def clip(self, polyline: npt.ArrayLike) -> Clipped:
        """The parts of a *polyline* (n, 2) inside the window, cut at the border exactly.

        Coordinates may be as large as floats get. ValueError for a wrong shape or a non-finite coordinate.
        """
        points = as_points(polyline, 2, "the polyline")
        if points.ndim != 2:
            raise ValueError(f"the polyline has shape {points.shape}, but (n, 2) is expected")
        drawing = _Drawing()
        inside = self.contains(points)
        if len(points) and inside[0]:
            drawing.begin(points[0])
        for first, last, kind in self._runs(points, inside):
            if kind == _INSIDE:
                drawing.extend(*points[first + 1 : last + 1])
            elif kind == _BEYOND:
                drawing.finish()
            else:
                for index in range(first, last):
                    self._clip_segment(points[index], points[index + 1], drawing)
        drawing.finish()
        return Clipped(tuple(np.array(piece) for piece in drawing.pieces), drawing.exit)

    def _runs(self, points: Array, inside: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
        """Runs of segments of one kind, as (first point, last point, kind): most need no look at a border."""
        low, high = (self.x_min, self.y_min), (self.x_max, self.y_max)
        beyond = np.zeros(max(len(points) - 1, 0), bool)
        for side in (points < low, points > high):
            beyond |= (side[:-1] & side[1:]).any(axis=-1)
        kinds = np.where(inside[:-1] & inside[1:], _INSIDE, np.where(beyond, _BEYOND, _CROSSING))
        edges = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(kinds)]
        for first, last in pairwise(edges):
            if first < last:
                yield first, last, int(kinds[first])

    def _clip_segment(self, start: Array, end: Array, drawing: _Drawing) -> None:
        """Liang and Barsky: the parameters between which start + t·(end − start) is inside all four borders."""
        enter, entry = 0.0, start
        leave, departure = 1.0, end
        way = end / 2 - start / 2  # halves, because the difference of two large floats can overflow
        for axis, low, high in ((0, self.x_min, self.x_max), (1, self.y_min, self.y_max)):
            if max(start[axis], end[axis]) < low or min(start[axis], end[axis]) > high:
                drawing.finish()
                return
            near, far = (low, high) if way[axis] > 0 else (high, low)
            # Only a border that the segment crosses is solved for: rounding must not decide whether it does.
            if not low <= start[axis] <= high:
                parameter = float((near / 2 - start[axis] / 2) / way[axis])
                if parameter >= enter:
                    enter, entry = parameter, self._on_border(start, way, parameter, axis, near)
            if not low <= end[axis] <= high:
                parameter = float((far / 2 - start[axis] / 2) / way[axis])
                if parameter <= leave:
                    leave, departure = parameter, self._on_border(start, way, parameter, axis, far)
        if enter > leave:
            drawing.finish()
            return
        if not self.contains(start):
            drawing.begin(entry)
        if self.contains(end):
            drawing.extend(end)
        else:
            drawing.leave(departure)

    def _on_border(self, start: Array, way: Array, parameter: float, axis: int, border: float) -> Array:
        """The point at *parameter*, without the rounding error that would put it beside the border."""
        point = np.clip(start + 2 * (parameter * way), (self.x_min, self.y_min), (self.x_max, self.y_max))
        point[axis] = border
        return point


@dataclass
class _Drawing:
    """A pen that collects pieces."""

    pieces: list[list[Array]] = field(default_factory=list)
    exit: Array | None = None
    _piece: list[Array] = field(default_factory=list)

    def begin(self, point: Array) -> None:
        self.finish()
        self._piece = [point]

    def extend(self, *points: Array) -> None:
        self._piece.extend(points)

    def leave(self, point: Array) -> None:
        if self.exit is None:
            self.exit = point
        if not np.array_equal(self._piece[-1], point):
            self._piece.append(point)
        self.finish()

    def finish(self) -> None:
        if len(self._piece) > 1:  # a line that only touches the border leaves no mark
            self.pieces.append(self._piece)
        self._piece = []
