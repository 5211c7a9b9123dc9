"""Nudges as building blocks: a nudge is one block high, and what a slope makes of it is so many blocks."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from manim import Animation, Mobject, UpdateFromAlphaFunc, VMobject, linear, smooth
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role

_WIDTH = 1.7  # of a block, in heights
_CHANGES = (0.38, 0.62)  # the stretch of a road on which the slope does its work


class Blocks(VMobject):
    """A pile of blocks of height *size*, *count* of them (the topmost may be a part of one), standing on ``foot``."""

    def __init__(self, count: float, size: float, role: Role) -> None:
        paint = theme.color(role)
        super().__init__(
            fill_color=paint,
            fill_opacity=0.75,
            stroke_color=theme.color("background"),
            stroke_width=theme.HAIRLINE,
        )
        self.count, self.size = count, size
        self.foot = point3([0.0, 0.0])

    def put(self, foot: ArrayLike, count: float | None = None) -> Blocks:
        """Stand on *foot*, the middle of the pile's lower edge, with *count* blocks."""
        self.foot = point3(foot)
        self.count = self.count if count is None else count
        x, y, _ = self.foot
        half = _WIDTH * self.size / 2
        self.clear_points()
        for number in range(ceil(self.count - 1e-9)):
            low = y + self.size * number
            high = y + self.size * min(number + 1, self.count)
            corners = np.array([[x - half, low], [x + half, low], [x + half, high], [x - half, high]])
            outline = np.column_stack([corners, np.zeros(4)])
            self.start_new_path(outline[0])
            self.add_points_as_corners([*outline[1:], outline[0]])
        return self

    def put_middle(self, middle: ArrayLike, count: float) -> Blocks:
        """Stand so that *middle* is in the middle of *count* blocks."""
        return self.put(point3(middle) - [0.0, self.size * count / 2, 0.0], count)

    @property
    def top(self) -> NDArray[np.float64]:
        """The middle of the upper edge."""
        return self.foot + [0.0, self.size * self.count, 0.0]

    def travel(
        self, road: VMobject, arrives: float, run_time: float, stretch: tuple[float, float] = (0.0, 1.0)
    ) -> Animation:
        """Go along a *stretch* of *road*, on the middle of which the pile becomes *arrives* blocks high."""
        starts, (begin, end) = self.count, _CHANGES

        def go(_: Mobject, alpha: float) -> None:
            share = stretch[0] + (stretch[1] - stretch[0]) * smooth(alpha)
            done = smooth(min(1.0, max(0.0, (share - begin) / (end - begin))))
            self.put_middle(road.point_from_proportion(share), starts + (arrives - starts) * done)

        return UpdateFromAlphaFunc(self, go, run_time=run_time, rate_func=linear)

    def fly_to(self, foot: ArrayLike, run_time: float) -> Animation:
        """Move over to stand on *foot*."""
        start, end = self.foot, point3(foot)

        def fly(_: Mobject, alpha: float) -> None:
            self.put(start + (end - start) * alpha)

        return UpdateFromAlphaFunc(self, fly, run_time=run_time, rate_func=smooth)


def block_height(total: float, room: float, largest: float = 0.38) -> float:
    """The height of a block so that *total* of them fit into *room*."""
    return min(largest, room / max(total, 1.0))


def piled(piles: Sequence[Blocks], foot: ArrayLike) -> list[NDArray[np.float64]]:
    """Where each of *piles* has to stand so that they stand on one another, the first on *foot*."""
    feet = [point3(foot)]
    for pile in piles[:-1]:
        feet.append(feet[-1] + [0.0, pile.size * pile.count, 0.0])
    return feet
