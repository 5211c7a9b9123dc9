"""A long machine: a dial, a row of boxes that pass its movement on, and a needle that trembles at the end."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin

import numpy as np
from manim import Arc, Circle, Mobject, RoundedRectangle, UpdateFromAlphaFunc, VGroup, VMobject, smooth
from numpy.typing import NDArray

from vcalc_anim.core import GearTrain, typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dot, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]

_LINK = 0.36  # between two boxes, in widths of a box
_ENDS = 1.5  # width of the dial and of the gauge at the end, in widths of a box
_LAG = 0.22  # seconds that a movement needs from one box to the next
_SPREAD = 50.0  # degrees to either side that a box's scale shows


class _Needle(VMobject):
    """A straight needle on *pivot*; straight up at 0 degrees."""

    def __init__(self, pivot: Array, length: float, role: Role, width: float) -> None:
        super().__init__(stroke_color=theme.color(role), stroke_width=width)
        self._pivot, self._length = pivot, length
        self.put(0.0)

    def put(self, degrees: float) -> None:
        angle = radians(degrees)
        tip = self._pivot + self._length * np.array([sin(angle), cos(angle), 0.0])
        self.set_points_as_corners([self._pivot, tip])


class LongMachine(VGroup):
    """The functions of *train*, which reads *x*, as boxes in a row through the middle of *zone*.

    ``turn`` is the angle in degrees by which the dial is turned at this moment. Each box's needle shows how far
    its output is moved: the dial's angle times all slopes so far. A movement needs a moment from box to box,
    while something plays. ``last`` is the angle at the end.
    """

    def __init__(self, train: GearTrain, x: float, zone: Zone, turn: Callable[[], float]) -> None:
        super().__init__()
        self.turn = turn
        self.reading = train.read(x)
        self.slopes = [float(ratio) for ratio in self.reading.ratios]
        count = len(self.slopes)
        width = zone.width / (count + (count + 1) * _LINK + 2 * _ENDS)
        step = width * (1 + _LINK)
        y = zone.center[1]
        first = zone.left + width * (_ENDS + _LINK + 0.5)
        self.width_of_box = width
        self.places = [np.array([first + step * index, y, 0.0]) for index in range(count)]
        radius = width * _ENDS / 2
        self.dial_place = np.array([zone.left + radius, y, 0.0])
        self.end_place = np.array([zone.right - radius, y, 0.0])
        self.height_of_box = 1.35 * width
        self.links = VGroup(*(stroke(a, b, "frozen", theme.LINE) for a, b in self._gaps(radius)))
        self.boxes, self.names, scales = VGroup(), VGroup(), VGroup()
        self.needles: list[_Needle] = []
        for index, place in enumerate(self.places):
            box = RoundedRectangle(
                corner_radius=0.12,
                width=width,
                height=self.height_of_box,
                stroke_color=theme.color("frozen"),
                stroke_width=theme.LINE,
                fill_color=theme.color("panel"),
                fill_opacity=1,
            ).move_to(place)
            name = Formula(f"f_{index + 1}", theme.LABEL, "function")
            name.move_to(place + np.array([0.0, -0.36 * width, 0.0]))
            pivot = place + np.array([0.0, -0.08 * width, 0.0])
            scales.add(self._scale(pivot, 0.58 * width))
            self.needles.append(_Needle(pivot, 0.56 * width, "function", theme.STICK))
            self.boxes.add(box)
            self.names.add(name)
        self.dial = self._knob(self.dial_place, 0.8 * radius, "text")
        self.gauge = self._knob(self.end_place, radius, "function")
        self.pointer = _Needle(self.dial_place, 0.72 * radius, "text", 1.3 * theme.STICK)
        self.needles.append(_Needle(self.end_place, 0.9 * radius, "function", 1.3 * theme.STICK))
        hubs = VGroup(dot(self.dial_place, "text", 0.1), dot(self.end_place, "function", 0.1))
        self.add(self.links, self.boxes, scales, self.names, self.dial, self.gauge)
        self.add(self.pointer, *self.needles, hubs)
        self._clock = 0.0
        self._past = [(-1.0, turn()), (0.0, turn())]
        self.last = 0.0
        self.add_updater(lambda _, dt: self._advance(dt))
        self.refresh()

    # -- what stands beside the boxes ----------------------------------------------------------------------------

    def slope_labels(self) -> VGroup:
        """``× 2`` above each box."""
        labels = VGroup()
        for place, slope in zip(self.places, self.slopes, strict=True):
            text = typst_number(slope, 2, trim=True)
            label = Formula(f"times {f'({text})' if slope < 0 else text}", theme.SMALL, "gradient")
            labels.add(label.move_to(place + np.array([0.0, self.height_of_box / 2 + 0.38, 0.0])))
        return labels

    @property
    def products(self) -> list[float]:
        """The slopes multiplied up from the end, which starts with 1: what each joint is responsible for."""
        return [float(value) for value in np.cumprod([1.0, *reversed(self.slopes)])]

    def joint(self, index: int) -> Array:
        """The middle of the link after box number *index*; −1 is the link behind the dial."""
        link = self.links[index + 1]
        return (link.get_start() + link.get_end()) / 2

    def blame(self, index: int) -> Formula:
        """Number *index* of :attr:`products`, below the joint it belongs to; the last one below the dial."""
        value = typst_number(self.products[index], 2, trim=True)
        is_last = index == len(self.slopes)
        at = self.dial_place if is_last else self.joint(len(self.slopes) - 1 - index)
        below = np.array([0.0, -self.height_of_box / 2 - 0.72, 0.0])
        return Formula(value, theme.FORMULA if is_last else theme.LABEL, "gradient").move_to(at + below)

    def blame_arrow(self, index: int) -> Arrow:
        """The way of the blame past box number ``-index``, counted from the end (1 is the last box)."""
        below = np.array([0.0, -self.height_of_box / 2 - 0.28, 0.0])
        count = len(self.slopes)
        start = self.joint(count - index)
        end = self.joint(count - 1 - index) if index < count else self.dial_place
        return Arrow(start + below, end + below, "gradient", theme.STICK, tip=0.22)

    def turned(self, center: Array, degrees: float) -> VGroup:
        """An arc above the dial, or the gauge, from straight up to *degrees*, clockwise, with the number."""
        radius = self.width_of_box * _ENDS / 2 + 0.14
        arc = Arc(
            radius,
            np.pi / 2,
            -radians(degrees),
            arc_center=center,
            color=theme.color("step"),
            stroke_width=theme.STICK,
        )
        number = Formula(f"{typst_number(degrees, 1, trim=True)}°", theme.LABEL, "step")
        return VGroup(arc, number.move_to(center + np.array([0.0, radius + 0.35, 0.0])))

    # -- movement ------------------------------------------------------------------------------------------------

    def light(self, run_time: float) -> UpdateFromAlphaFunc:
        """The boxes light up one after another, from the dial to the end and out again."""

        def wave(_: Mobject, alpha: float) -> None:
            place = alpha * (len(self.boxes) + 2) - 1
            for index, box in enumerate(self.boxes):
                glow = max(0.0, 1 - abs(place - index) / 1.2)
                box.set_stroke(theme.color("frozen").interpolate(theme.color("function"), smooth(glow)))

        return UpdateFromAlphaFunc(VMobject(), wave, run_time=run_time)

    def refresh(self) -> None:
        """Stand as the dial stands, and as it stood when what arrives now left it."""
        self.pointer.put(self.turn())
        gain = 1.0
        for index, slope in enumerate([*self.slopes, 1.0]):
            gain *= slope
            angle = gain * self._then(self._clock - _LAG * (index + 1))
            self.needles[index].put(
                angle if index == len(self.slopes) else float(np.clip(angle, -_SPREAD, _SPREAD))
            )
        self.last = angle

    def _advance(self, dt: float) -> None:
        if dt > 0:
            self._clock += dt
            self._past.append((self._clock, self.turn()))
            oldest = self._clock - _LAG * (len(self.slopes) + 2)
            while len(self._past) > 2 and self._past[1][0] < oldest:
                self._past.pop(0)
        self.refresh()

    def _then(self, time: float) -> float:
        times, angles = zip(*self._past, strict=True)
        return float(np.interp(time, times, angles))

    # -- inside --------------------------------------------------------------------------------------------------

    def _gaps(self, radius: float) -> list[tuple[Array, Array]]:
        half = np.array([self.width_of_box / 2, 0.0, 0.0])
        side = np.array([radius, 0.0, 0.0])
        starts = [self.dial_place + 0.8 * side, *(place + half for place in self.places)]
        ends = [*(place - half for place in self.places), self.end_place - side]
        return list(zip(starts, ends, strict=True))

    @staticmethod
    def _scale(pivot: Array, radius: float) -> VMobject:
        spread = radians(_SPREAD)
        return Arc(
            radius,
            np.pi / 2 + spread,
            -2 * spread,
            arc_center=pivot,
            color=theme.color("frozen"),
            stroke_width=theme.HAIRLINE,
        )

    @staticmethod
    def _knob(center: Array, radius: float, role: Role) -> VGroup:
        rim = Circle(radius=radius, color=theme.color(role), stroke_width=theme.CURVE).move_to(center)
        rim.set_fill(theme.color("panel"), 1)
        mark = stroke(center + [0, 0.84 * radius, 0], center + [0, radius, 0], role, theme.LINE)
        return VGroup(rim, mark)
