"""A chain of functions as gears: number lines one below the other, a nudge that each wheel magnifies.

All lines are seen under the same microscope, so that the lengths of the nudges can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, pi, sin, tau

import numpy as np
from manim import DOWN, LEFT, UP, DashedVMobject, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.core import GearTrain, typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.zones import Zone

_TEETH = 14


class Wheel(VGroup):
    """A toothed wheel with a magnification in its hub; :meth:`turn` sets its angle in radians."""

    def __init__(
        self, center: NDArray[np.float64], ratio: float, radius: float, role: Role = "gradient"
    ) -> None:
        super().__init__()
        self._middle, self._radius = center, radius
        paint = theme.color(role)
        self.rim = VMobject(stroke_color=paint, stroke_width=theme.LINE, fill_color=paint, fill_opacity=0.14)
        self.hub = Formula(f"times {typst_number(ratio, 2, trim=True)}", theme.LABEL, role)
        if self.hub.width > 1.45 * radius:
            self.hub.scale_to_fit_width(1.45 * radius)
        self.hub.move_to(center)
        self.add(self.rim, self.hub)
        self.turn(0.0)

    def turn(self, angle: float) -> None:
        """Stand at *angle*."""
        self.rim.set_points_as_corners(self._outline(angle))

    def empty_place(self) -> VMobject:
        """The dashed circle where the wheel is missing."""
        ring = VMobject(stroke_color=theme.color("error"), stroke_width=theme.LINE)
        angles = np.linspace(0, tau, 61)
        circle = np.column_stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)])
        ring.set_points_as_corners(self._middle + 0.88 * self._radius * circle)
        return DashedVMobject(ring, num_dashes=18, dashed_ratio=0.55)

    def _outline(self, angle: float) -> list[NDArray[np.float64]]:
        pitch = tau / _TEETH
        profile = (
            (-0.30, 0.84),
            (-0.17, 1.0),
            (0.17, 1.0),
            (0.30, 0.84),
        )  # share of the pitch, of the radius
        corners = [
            self._middle + self._radius * depth * np.array([cos(a), sin(a), 0.0])
            for tooth in range(_TEETH)
            for share, depth in profile
            for a in [angle + (tooth + share) * pitch]
        ]
        return [*corners, corners[0]]


class GearLines(VGroup):
    """One number line for each variable of *train* at the input *x*, one wheel for each function.

    ``nudge`` is the nudge of the input at this moment, ``unit`` the frame units that a nudge of 1 is long.
    ``progress`` says how far the nudge has come: 0 shows it on the first line only, 1 on the second, and
    so on. A wheel named in ``without`` passes the nudge on unchanged, as if it were not there.
    """

    def __init__(
        self,
        train: GearTrain,
        x: float,
        zone: Zone,
        names: Sequence[str],
        nudge: Callable[[], float],
        unit: Callable[[], float],
        progress: Callable[[], float],
        *,
        origin: float = 0.08,
    ) -> None:
        super().__init__()
        self.train, self.nudge, self.unit, self.progress = train, nudge, unit, progress
        self.reading = train.read(x)
        self._places = [float(position) for position in self.reading.positions]
        self.without: set[int] = set()
        count = len(self._places)
        rows = zone.rows(*([1] * count), gap=0.0)
        self.area = zone
        self._heights = [row.center[1] + 0.1 for row in rows]
        labels = [
            Formula(name, theme.LABEL, "function" if index else "first") for index, name in enumerate(names)
        ]
        left = zone.left + max(label.width for label in labels) + 0.3
        self.origin_x = left + (zone.right - left) * origin
        self.lines, self.place_names = VGroup(), VGroup()
        self.names = VGroup(*labels)
        for place, height, label in zip(self._places, self._heights, labels, strict=True):
            label.set_x(zone.left, LEFT).set_y(height)
            foot = np.array([self.origin_x, height, 0.0])
            self.lines.add(stroke([left, height], [zone.right, height], width=theme.LINE))
            self.lines.add(stroke(foot + DOWN * 0.16, foot + UP * 0.16, "quiet", theme.LINE))
            number = Formula(typst_number(place, 3, trim=True), theme.LABEL, "quiet")
            self.place_names.add(number.next_to(foot + DOWN * 0.12, DOWN + LEFT, buff=0.1))
        self.beams = VGroup(
            *(
                VMobject(
                    fill_color=theme.color("step"),
                    fill_opacity=0.16,
                    stroke_color=theme.color("step"),
                    stroke_width=theme.HAIRLINE,
                )
                for _ in range(count - 1)
            )
        )
        self.arrows = [Arrow([0, 0], [0, 0], "step", 1.7 * theme.STICK, tip=0.3) for _ in self._places]
        pitch = self._heights[0] - self._heights[1]
        radius = min(0.66, 0.36 * pitch)
        hub_x = zone.left + 1.25 * radius
        self.wheels = [
            Wheel(np.array([hub_x, (above + below) / 2, 0.0]), float(ratio), radius)
            for above, below, ratio in zip(
                self._heights, self._heights[1:], self.reading.ratios, strict=False
            )
        ]
        self.add(self.beams, self.lines, self.names, self.place_names, *self.wheels, *self.arrows)
        self.add_updater(lambda gears: gears.refresh(), call_updater=True)

    def moves(self) -> list[float]:
        """By how much each line's position has moved, with the wheels that there are."""
        moved = [self.nudge()]
        for index, (stage, place) in enumerate(zip(self.train.stages, self._places, strict=False)):
            if index in self.without:
                moved.append(moved[-1])
            else:
                moved.append(float(stage(place + moved[-1]) - stage(place)))
        return moved

    def end(self, index: int) -> NDArray[np.float64]:
        """Frame position of the tip of nudge number *index*, were it shown in full; never outside the line."""
        x = self.origin_x + self.moves()[index] * self.unit()
        return np.array([min(max(x, self.area.left), self.area.right), self._heights[index], 0.0])

    def foot(self, index: int) -> NDArray[np.float64]:
        """Frame position of the mark on line number *index*."""
        return np.array([self.origin_x, self._heights[index], 0.0])

    def refresh(self) -> None:
        """Draw the nudges as far as they have come."""
        progress = self.progress()
        for index, arrow in enumerate(self.arrows):
            if index == 0:
                arrow.put(self.foot(0), self.end(0))
                continue
            share = min(1.0, max(0.0, progress - index + 1))
            before = self.end(index - 1)
            beam, wheel = self.beams[index - 1], self.wheels[index - 1]
            if share < 1e-6:
                arrow.put(self.foot(index), self.foot(index))
                beam.points = np.zeros((0, 3))
                continue
            # The beam reaches the next line first; there the nudge grows from the old length to the new one.
            fall, grow = min(1.0, 2 * share), max(0.0, 2 * share - 1)
            old = np.array([before[0], self._heights[index], 0.0])
            tip = old + (self.end(index) - old) * grow
            front_left = self.foot(index - 1) + (self.foot(index) - self.foot(index - 1)) * fall
            front_right = before + (tip - before) * fall
            beam.set_points_as_corners(
                [self.foot(index - 1), before, front_right, front_left, self.foot(index - 1)]
            )
            arrow.put(self.foot(index), tip if grow > 0 else self.foot(index))
            wheel.turn(-pi * share)
