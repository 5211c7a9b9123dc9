"""Gauges: a bar that rises above zero or falls below it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Polygon, VGroup, VMobject

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Text
from vcalc_anim.stage.zones import Zone


class SlopeGauge(VGroup):
    """A vertical bar from a zero line: above it the ground rises, below it falls.

    ``value`` gives the slope of this moment; ±``limit`` fills the gauge.
    """

    def __init__(self, zone: Zone, value: Callable[[], float], limit: float, role: Role = "gradient") -> None:
        super().__init__()
        self.value, self.limit = value, limit
        self._zero = np.array([zone.left + 0.8, zone.center[1], 0.0])
        self._reach = zone.height / 2
        self._half_width = 0.34
        self.zero_line = stroke(self._zero + LEFT * 0.75, self._zero + RIGHT * 0.75, width=theme.LINE)
        self.scale_line = stroke(self._zero + DOWN * self._reach, self._zero + UP * self._reach)
        self.words = VGroup()
        for text, height in (("uphill", 0.72), ("level", 0.0), ("downhill", -0.72)):
            word = Text(text, theme.LABEL, "quiet")
            word.next_to(self._zero + [0.75, height * self._reach, 0], RIGHT, buff=0.25)
            self.words.add(word)
        self.bar = VMobject(fill_color=theme.color(role), fill_opacity=1, stroke_width=0)
        self.add(self.scale_line, self.words, self.bar, self.zero_line)
        self.bar.add_updater(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Let the bar show the value of this moment."""
        height = self._reach * float(np.clip(self.value() / self.limit, -1, 1))
        side = np.array([self._half_width, 0.0, 0.0])
        top = self._zero + np.array([0.0, height, 0.0])
        self.bar.points = Polygon(self._zero - side, self._zero + side, top + side, top - side).points
