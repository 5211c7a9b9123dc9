"""A square that shrinks or slides on the plane, and what a map makes of it: stretched, crushed, mirrored."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

import numpy as np
from manim import Animation, Mobject, UpdateFromAlphaFunc, VGroup, smooth
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarField, VectorMap, Window, level_curves
from vcalc_anim.core.exact import Exact
from vcalc_anim.stage import theme
from vcalc_anim.stage.warps import Lens, WarpView, outline

Array = NDArray[np.float64]

_VIEW = 1.3  # half a view, in sides of the square
_RIDE = 1.25  # of the square's image, around it
_LETTER = np.array([[0.3, 0.2], [0.3, 0.8], [0.72, 0.8], [0.3, 0.8], [0.3, 0.52], [0.6, 0.52]])


class SquareRide(WarpView):
    """A square of *side* with its lower left corner at *point*, a letter in it, and the images of both.

    Shrinking, both lenses follow. Sliding, the left lens shows the whole way and the right one rides along.
    """

    def __init__(
        self, warp: VectorMap, point: tuple[Exact, Exact], source: Lens, image: Lens, side: float
    ) -> None:
        super().__init__(warp, point, source, image, _VIEW * side)
        self.warp, self.side = warp, side
        self.corner, self.place = np.zeros(2), np.zeros(2)  # offsets: lower left corner, and where it slides
        self.square = VGroup(*self.shape(lambda: outline(self.corner, self.side), "text", fill=0.2))
        self.letters = VGroup(*self.shape(lambda: letter(self.corner, self.side), "text", theme.CURVE))
        self.add(self.square, self.letters)

    @property
    def area_ratio(self) -> float:
        """The area of the image over that of the square, with orientation."""
        x, y = (float(c) for c in self.point + self.corner)
        return float(self.warp.area_ratio((x, y), self.side))

    @property
    def area_factor(self) -> float:
        """The determinant of the Jacobian at the place of the slide."""
        return self.factor_at(self.place)

    def factor_at(self, offset: ArrayLike) -> float:
        """The determinant at an *offset* from the point."""
        return float(self.warp.area_factor(self.point + np.asarray(offset, dtype=float)))

    def shrink_to(self, side: float, run_time: float) -> Animation:
        """Shrink the square about its corner; the lenses magnify as much."""
        start = self.side

        def shrink(_: Mobject, alpha: float) -> None:
            self.side = _between(start, side, alpha)
            self.zoom_to(_VIEW * self.side)

        return UpdateFromAlphaFunc(self, shrink, run_time=run_time, rate_func=smooth)

    def widen(self, side: float, way: ArrayLike, run_time: float) -> Animation:
        """Zoom out until the left lens shows the whole *way* (n, 2) of a square of *side*, centred on its place."""
        points = np.asarray(way, dtype=float)
        low, high = points.min(axis=0) - 1.5 * side, points.max(axis=0) + 1.5 * side
        middle, reach = (low + high) / 2, float((high - low).max()) / 2
        area = self.image.area
        image = np.ptp(self.close(outline(np.full(2, -side / 2), side)), axis=0) / 2
        self._ride_height = _RIDE * float(max(image[0] * area.height / area.width, image[1]))
        start_reach, start_side, start_height = self.reach, self.side, self.image.half_height

        def zoom(_: Mobject, alpha: float) -> None:
            self.reach = _between(start_reach, reach, alpha)
            self.middle = middle * (self.reach - start_reach) / (reach - start_reach)
            self.side = _between(start_side, side, alpha)
            self.corner = self.place - alpha * self.side / 2
            self.source.fit(outline(self.middle - self.reach, 2 * self.reach))
            self._ride(_between(start_height, self._ride_height, alpha))

        return UpdateFromAlphaFunc(self, zoom, run_time=run_time, rate_func=smooth)

    def slide_to(self, goal: ArrayLike, run_time: float, magnified: float = 1.0) -> Animation:
        """Slide to an offset, after :meth:`widen`; the right lens rides along, *magnified* at the end."""
        start, end = self.place, np.asarray(goal, dtype=float)
        start_height = self.image.half_height

        def slide(_: Mobject, alpha: float) -> None:
            self.place = start + (end - start) * alpha
            self.corner = self.place - self.side / 2
            self._ride(_between(start_height, self._ride_height / magnified, alpha))

        return UpdateFromAlphaFunc(self, slide, run_time=run_time, rate_func=smooth)

    def fold(self, level: float) -> VGroup:
        """The longest curve in the left lens along which the determinant is *level*, and its image."""
        factor = ScalarField(self.warp.area_factor_expression, self.warp.variables)
        seen, (x, y) = self.source.window, self.point
        window = Window(seen.x_min + x, seen.x_max + x, seen.y_min + y, seen.y_max + y)
        pieces = level_curves(factor, level, window)
        points = max(pieces, key=len) - self.point
        return VGroup(*self.shape(lambda: points, "error", theme.STICK))

    def _ride(self, half_height: float) -> None:
        self.image.look(self.close(self.corner + self.side / 2), half_height)
        self.refresh()


def letter(corner: ArrayLike, side: float, samples: int = 8) -> Array:
    """The letter F in a square, in one stroke (n, 2): mirrored, it is no letter any more."""
    share = np.linspace(0, 1, samples)[:, None]
    strokes = [a + (b - a) * share for a, b in pairwise(_LETTER)]
    return np.asarray(np.asarray(corner, dtype=float) + side * np.concatenate(strokes))


def _between(start: float, end: float, share: float) -> float:
    """From *start* to *end* by the same factor in every moment."""
    return exp(log(start) + (log(end) - log(start)) * share)
