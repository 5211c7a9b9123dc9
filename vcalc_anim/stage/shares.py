"""What each variable contributes to a rate: bars that stack up to the whole, and an ant that earns them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, Dot, Mobject, UpdateFromAlphaFunc, ValueTracker, VGroup, VMobject, smooth
from numpy.typing import NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]


class AntBody(VGroup):
    """An ant seen from above: three parts and six legs, heading along a direction of the frame."""

    def __init__(self, size: float = 0.2) -> None:
        super().__init__()
        ink, rim = theme.color("text"), theme.color("background")
        self.legs = VMobject(stroke_color=ink, stroke_width=theme.LINE)
        self.parts = [
            Dot(radius=size * share, color=ink).set_stroke(rim, theme.HAIRLINE, background=True)
            for share in (0.62, 0.42, 0.5)
        ]
        self.size = size
        self.add(self.legs, *self.parts)

    def put(self, place: Array, ahead: Array) -> AntBody:
        """Stand at *place*, looking *ahead* (any length)."""
        u = ahead / np.linalg.norm(ahead) * self.size
        side = np.array([-u[1], u[0], 0.0])
        for part, share in zip(self.parts, (-1.0, 0.0, 0.95), strict=True):
            part.move_to(place + share * u)
        self.legs.clear_points()
        for out, back in ((0.7, 0.55), (0.05, 0.0), (-0.6, -0.55)):
            for hand in (1.0, -1.0):
                self.legs.start_new_path(place + 0.3 * out * u)
                self.legs.add_line_to(place + out * u + back * u * 0.6 + hand * 1.15 * side)
        return self


class Shares(VGroup):
    """What x and y contribute to a rate: two bars, stacked when ``stacked`` is 1, beside the bar of the whole.

    ``shares`` and ``whole`` give the values of this moment; *top* fills the height of *zone*. Bars are there
    once :meth:`grow` was played for them; the ``names`` below them are faded in by the scene.
    """

    def __init__(
        self, zone: Zone, shares: Callable[[], tuple[float, float]], whole: Callable[[], float], top: float
    ) -> None:
        super().__init__()
        self.shares, self.whole, self.zone = shares, whole, zone
        self.unit = zone.height / top
        self.stacked = ValueTracker(0.0)
        self.base = stroke([zone.left, zone.bottom, 0], [zone.right, zone.bottom, 0], "frozen", theme.LINE)
        self.bars = [
            VMobject(fill_color=theme.color(role), fill_opacity=0.9, stroke_width=0)
            for role in ("first", "second", "gradient")
        ]
        self.pitch = zone.width / 3
        self.names = VGroup(
            Formula("x", theme.LABEL, "first"),
            Formula("y", theme.LABEL, "second"),
            Text("shares", theme.SMALL, "quiet"),
            Text("in one go", theme.SMALL, "quiet"),
        )
        for name, index in zip(self.names, (0, 1, 0, 2), strict=True):
            name.next_to(self.foot(index), DOWN, buff=0.18)
        self.add(self.base, *self.bars)
        self.grown = [0.0, 0.0, 0.0]  # how much of each bar is drawn
        self.add_updater(lambda _: self.refresh())
        self.refresh()

    def foot(self, index: int) -> Array:
        """Where bar number *index* stands before it is stacked."""
        return np.array([self.zone.left + self.pitch * (index + 0.5), self.zone.bottom, 0.0])

    def refresh(self) -> None:
        """Give the bars the heights of this moment."""
        by_x, by_y = self.shares()
        moved = self.stacked.get_value()
        lift = np.array([-self.pitch, by_x * self.grown[0] * self.unit, 0.0]) * moved
        feet = (self.foot(0), self.foot(1) + lift, self.foot(2))
        values = (by_x, by_y, self.whole())
        side = np.array([0.36 * self.pitch, 0.0, 0.0])
        for bar, start, value, grown in zip(self.bars, feet, values, self.grown, strict=True):
            top = start + np.array([0.0, value * grown * self.unit, 0.0])
            bar.set_points_as_corners([start - side, start + side, top + side, top - side, start - side])

    def grow(self, index: int, run_time: float = 0.8) -> UpdateFromAlphaFunc:
        """Bar number *index* (0: x, 1: y, 2: the whole) grows from the base line."""

        def rise(_: Mobject, share: float) -> None:
            self.grown[index] = share
            self.refresh()

        return UpdateFromAlphaFunc(self, rise, run_time=run_time, rate_func=smooth)
