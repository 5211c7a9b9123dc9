"""Nudges as building blocks: on a road they travel as a train of wagons, where they arrive they pile up."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
from manim import Animation, Mobject, UpdateFromAlphaFunc, VMobject, linear
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role

_WIDTH = 1.9  # of a block in a pile, in heights
_GATE = 0.4  # share of a journey after which the head of the train is at the middle of the road
_THROUGH = 0.7  # share after which all of it is through


class _Blocks(VMobject):
    def __init__(self, size: float, role: Role) -> None:
        paint = theme.color(role)
        super().__init__(
            fill_color=paint,
            fill_opacity=0.85,
            stroke_color=theme.color("background"),
            stroke_width=theme.LINE,
        )
        self.size = size

    def _draw(self, outlines: list[NDArray[np.float64]]) -> None:
        self.clear_points()
        for outline in outlines:
            self.start_new_path(outline[0])
            self.add_points_as_corners([*outline[1:], outline[0]])


class BlockPile(_Blocks):
    """Blocks of height *size* on *foot*, the middle of the lowest edge; the topmost may be a part of one."""

    def __init__(self, foot: ArrayLike, size: float, role: Role) -> None:
        super().__init__(size, role)
        self.foot, self.count = point3(foot), 0.0

    def put(self, count: float) -> BlockPile:
        """Show *count* blocks."""
        self.count = count
        x, y, _ = self.foot
        half = _WIDTH * self.size / 2
        outlines = []
        for number in range(ceil(count - 1e-9)):
            low, high = y + self.size * number, y + self.size * min(number + 1, count)
            outlines.append(
                np.array([[x - half, low, 0], [x + half, low, 0], [x + half, high, 0], [x - half, high, 0]])
            )
        self._draw(outlines)
        return self

    @property
    def top(self) -> NDArray[np.float64]:
        """The middle of the upper edge."""
        return self.foot + [0.0, self.size * self.count, 0.0]


class BlockTrain(_Blocks):
    """*count* wagons of length *size* on a straight *road*; in the middle of it, each becomes *slope* wagons.

    It comes out of the road's start and vanishes in its end, as if both were tunnels.
    """

    def __init__(self, road: VMobject, count: float, slope: float, size: float, role: Role) -> None:
        super().__init__(size, role)
        self._start, self._end = road.get_start(), road.get_end()
        self._length = float(np.linalg.norm(self._end - self._start))
        self.before, self.after = count, count * slope
        self.arrived = 0.0
        self.put(0.0)

    def put(self, progress: float) -> BlockTrain:
        """Stand at *progress* of the journey, from 0 to 1."""
        middle, size = self._length / 2, self.size
        through = min(1.0, max(0.0, (progress - _GATE) / (_THROUGH - _GATE)))
        rest = max(0.0, (progress - _THROUGH) / (1 - _THROUGH))
        # Distances of the two heads from the road's start: up to the middle, and from it.
        coming = min(1.0, progress / _GATE) * middle + through * self.before * size
        going = middle + through * self.after * size + rest * middle
        self.arrived = min(self.after, max(0.0, (going - self._length) / size))
        self._draw(
            [
                *self._wagons(coming, self.before, 0.0, middle),
                *self._wagons(going, self.after, middle, self._length),
            ]
        )
        return self

    def run(
        self,
        start: float,
        end: float,
        run_time: float,
        each: Callable[[BlockTrain], object] = lambda train: None,
    ) -> Animation:
        """Go on from progress *start* to *end*; *each* is told of the train on every frame."""

        def go(_: Mobject, alpha: float) -> None:
            each(self.put(start + (end - start) * alpha))

        return UpdateFromAlphaFunc(self, go, run_time=run_time, rate_func=linear)

    def _wagons(self, head: float, count: float, low: float, high: float) -> list[NDArray[np.float64]]:
        """The outlines of a train whose head is *head* from the start, as far as they lie from *low* to *high*."""
        along = (self._end - self._start) / self._length
        side = np.array([-along[1], along[0], 0.0]) * 0.5 * self.size
        outlines = []
        for number in range(ceil(count - 1e-9)):
            front = min(head - number * self.size, high)
            back = max(head - min(number + 1, count) * self.size, low)
            if front - back > 1e-6:
                a, b = self._start + back * along, self._start + front * along
                outlines.append(np.array([a - side, b - side, b + side, a + side]))
        return outlines


def block_height(total: float, room: float, largest: float = 0.38) -> float:
    """The height of a block so that *total* of them fit into *room*."""
    return min(largest, room / max(total, 1.0))
