"""How wrong several ways to compute the same thing are: bars on a logarithmic scale, the shorter the better."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

import numpy as np
from manim import DOWN, Animation, Mobject, UpdateFromAlphaFunc, VGroup, VMobject, smooth
from numpy.typing import NDArray

from vcalc_anim.core import power_of_ten
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone


class ErrorBars(VGroup):
    """A horizontal bar for each of *errors* (all above 0), below each other, names on the left.

    The axis runs over whole powers of ten, one below the smallest error to one above the largest, and says that
    it is logarithmic. Bars are drawn by :meth:`grow`; ``names`` stand there from the start.
    """

    def __init__(
        self, zone: Zone, names: Sequence[str], errors: Sequence[float], roles: Sequence[Role]
    ) -> None:
        super().__init__()
        if not all(error > 0 for error in errors):
            raise ValueError(f"a logarithmic bar needs an error above 0, not {list(errors)}")
        self.errors = tuple(float(error) for error in errors)
        self._powers = floor(log10(min(errors))) - 1, ceil(log10(max(errors))) + 1
        self.names = VGroup(*(Text(name, theme.LABEL) for name in names))
        left = zone.left + max(name.width for name in self.names) + 0.45
        self._area = Zone(left, zone.right - 0.3, zone.bottom + 1.15, zone.top)
        self.axis = self._axis(zone)
        self.bars = VGroup(
            *(
                VMobject(
                    fill_color=theme.color(role),
                    fill_opacity=0.85,
                    stroke_color=theme.color(role),
                    stroke_width=theme.HAIRLINE,
                )
                for role in roles
            )
        )
        self._pitch = self._area.height / len(self.errors)
        for index, name in enumerate(self.names):
            name.move_to(point3([left - 0.3 - name.width / 2, self._middle(index)]))
        self.add(self.axis, self.names, self.bars)

    def x(self, error: float) -> float:
        """Where an error stands on the axis."""
        low, high = self._powers
        return self._area.left + self._area.width * (log10(error) - low) / (high - low)

    def grow(self, index: int, run_time: float = 0.8) -> Animation:
        """Bar number *index* grows from the left border to its error."""
        middle, half = self._middle(index), 0.28 * self._pitch
        start, end = self._area.left, self.x(self.errors[index])

        def stretch(bar: Mobject, share: float) -> None:
            right = start + (end - start) * max(share, 1e-3)
            corners = [
                [start, middle - half, 0],
                [right, middle - half, 0],
                [right, middle + half, 0],
                [start, middle + half, 0],
                [start, middle - half, 0],
            ]
            bar.set_points_as_corners(np.array(corners))

        return UpdateFromAlphaFunc(self.bars[index], stretch, run_time=run_time, rate_func=smooth)

    def end(self, index: int) -> NDArray[np.float64]:
        """Where bar number *index* ends."""
        return np.array([self.x(self.errors[index]), self._middle(index), 0.0])

    def _middle(self, index: int) -> float:
        return self._area.top - self._pitch * (index + 0.5)

    def _axis(self, zone: Zone) -> VGroup:
        axis = VGroup()
        low, high = self._powers
        for power in range(low, high + 1):
            x = self.x(10.0**power)
            axis.add(stroke([x, self._area.bottom], [x, self._area.top], "grid", theme.HAIRLINE))
            if (power - high) % 2 == 0:
                label = Formula(power_of_ten(10.0**power), theme.MINIMUM, "quiet")
                axis.add(label.next_to(point3([x, self._area.bottom]), DOWN, buff=0.18))
        base = stroke([self._area.left, self._area.bottom], [self._area.right, self._area.bottom])
        note = Text("relative error, logarithmic", theme.SMALL, "quiet")
        return axis.add(base, note.move_to(point3([self._area.center[0], zone.bottom + 0.2])))
