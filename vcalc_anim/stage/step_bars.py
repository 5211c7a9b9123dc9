"""One number after every step, as bars side by side: what training does to the loss."""

from __future__ import annotations

import numpy as np
from manim import DOWN, UP, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.core import compact, rounded
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

_WIDTH = 0.55  # of the distance between two bars


class StepBars(VGroup):
    """Bars for step 0 to *steps*, from a zero line up to *top* at the height of *zone*.

    :meth:`follow` lets the bar of the step that is being taken move, :meth:`settle` writes its value down for good.
    A value above *top* stops there, with a break in its bar.
    """

    def __init__(self, zone: Zone, top: float, steps: int, role: Role = "function") -> None:
        super().__init__()
        self.top, self.role = top, role
        self._area = Zone(zone.left, zone.right, zone.bottom + 0.5, zone.top - 0.55)
        self._pitch = self._area.width / (steps + 1)
        self.base = stroke(
            [self._area.left, self._area.bottom], [self._area.right, self._area.bottom], width=theme.LINE
        )
        name = Formula("L", theme.LABEL, role).next_to(self.base.get_left(), UP, buff=0.2)
        self.numbers = VGroup()
        for step in range(steps + 1):
            label = Text(rounded(step, 0).text, theme.MINIMUM, "quiet")
            self.numbers.add(label.next_to(self._foot(step), DOWN, buff=0.16))
        self.bars = VGroup()
        self.running = self._bar()
        self.add(self.base, name, self.numbers, self.bars, self.running)

    def follow(self, value: float) -> None:
        """Show *value* as the bar that is not yet settled: cheap enough for every frame."""
        if len(self.bars) < len(self.numbers):
            self._draw(self.running, len(self.bars), value)

    def settle(self, value: float) -> VGroup:
        """The next bar, at *value*, with its number above it: no longer moving. Fade it in."""
        bar = self._bar()
        self._draw(bar, len(self.bars), value)
        text = compact(value)
        label = Formula(text.typst if text.exact else f"approx {text.typst}", theme.SMALL, self.role)
        if label.width > (room := 0.98 * self._pitch):
            label.scale(room / label.width)
        done = VGroup(bar, label.next_to(bar.get_top(), UP, buff=0.12))
        if value > self.top:
            done.add(self._break(bar))
        self.bars.add(done)
        self.running.clear_points()
        return done

    def clear(self) -> VGroup:
        """All bars, no longer part of the chart: fade them out."""
        gone, self.bars = self.bars, VGroup()
        self.remove(gone)
        self.add(self.bars)
        self.running.clear_points()
        return gone

    def _draw(self, bar: VMobject, step: int, value: float) -> None:
        height = self._area.height * float(np.clip(value / self.top, 0.0, 1.0))
        foot, half = self._foot(step), 0.5 * _WIDTH * self._pitch
        left, right = foot - [half, 0, 0], foot + [half, 0, 0]
        rise = np.array([0.0, max(height, 0.015), 0.0])
        bar.set_points_as_corners([left, right, right + rise, left + rise, left])

    def _break(self, bar: VMobject) -> VGroup:
        """Two slanted gaps across *bar*, which goes on beyond the chart."""
        middle, half = bar.get_bottom() + UP * 0.62 * bar.height, 0.7 * bar.width
        slant = np.array([half, 0.25 * half, 0.0])
        gaps = (middle, middle + UP * 0.16)
        return VGroup(*(stroke(at - slant, at + slant, "background", theme.STICK) for at in gaps))

    def _foot(self, step: int) -> NDArray[np.float64]:
        return np.array([self._area.left + (step + 0.5) * self._pitch, self._area.bottom, 0.0])

    def _bar(self) -> VMobject:
        return VMobject(fill_color=theme.color(self.role), fill_opacity=0.85, stroke_width=0)
