"""Gates: lanes that let something pass, or are shut."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np
from manim import Animation, Line, Mobject, UpdateFromAlphaFunc, VGroup, smooth
from numpy.typing import ArrayLike

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dot, point3, stroke
from vcalc_anim.stage.theme import Role

_DARK = 0.16  # opacity of a lane behind a shut gate


class Gate(VGroup):
    """Lanes from left to right, each with a bar on a hinge in the middle: along the lane it is open, across it shut.

    *lanes* holds the (left, right) ends of each lane; all gates begin open.
    """

    def __init__(
        self, lanes: Sequence[tuple[ArrayLike, ArrayLike]], size: float = 0.62, role: Role = "function"
    ) -> None:
        super().__init__()
        self._size = size
        self.is_shut = [False] * len(lanes)
        self.lanes, self.bars, self.hinges = VGroup(), VGroup(), VGroup()
        self.halves: list[tuple[Line, Line]] = []
        for left, right in lanes:
            start, end = point3(left), point3(right)
            middle = (start + end) / 2
            gap = np.array([size / 2 + 0.06, 0.0, 0.0])
            halves = (
                stroke(start, middle - gap, role, theme.LINE),
                stroke(middle + gap, end, role, theme.LINE),
            )
            self.halves.append(halves)
            self.lanes.add(*halves)
            self.bars.add(self._bar(middle))
            self.hinges.add(dot(middle, "text", radius=0.08))
        self.add(self.lanes, self.bars, self.hinges)

    def shut(self, indices: Sequence[int], run_time: float = 0.7, dark: str = "right") -> Animation:
        """The bars of some lanes turn across; the half of the lane on the side *dark* goes out."""
        turning = [index for index in indices if not self.is_shut[index]]

        def turn(_: Mobject, alpha: float) -> None:
            for index in turning:
                middle = self.hinges[index].get_center()
                angle = pi / 2 * alpha
                reach = self._size / 2 * np.array([np.cos(angle), np.sin(angle), 0.0])
                self.bars[index].put_start_and_end_on(middle - reach, middle + reach)
                if alpha > 0.5:
                    self.bars[index].set_stroke(theme.color("frozen"))
                self.halves[index][dark == "right"].set_stroke(opacity=1 - (1 - _DARK) * alpha)

        for index in turning:
            self.is_shut[index] = True
        return UpdateFromAlphaFunc(self, turn, run_time=run_time, rate_func=smooth)

    def _bar(self, middle: ArrayLike) -> Line:
        reach = np.array([self._size / 2, 0.0, 0.0])
        return stroke(point3(middle) - reach, point3(middle) + reach, "right", 1.6 * theme.STICK)
