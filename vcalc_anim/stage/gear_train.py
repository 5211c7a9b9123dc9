"""A chain of functions as meshing gears: each pair of wheels has the teeth that its slope asks for.

A slope of 2 is a wheel with twice as many teeth as the pinion it drives, so the second shaft turns twice as
far. Nothing but the first shaft is moved; all other angles follow from the core's ratios.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, degrees, pi, radians, tau

import numpy as np
from manim import DOWN, UP, Sector, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.core import GearTrain, typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dot
from vcalc_anim.stage.typeset import Formula, Typeset
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]

_FEWEST = 8  # teeth that a wheel needs to look like one
_FEWEST_TOGETHER = 36
_MOST_UNEVEN = 40  # a ratio is told by tooth counts up to this, times a whole number
_PROFILE = ((-0.31, -1.1), (-0.12, 0.95), (0.12, 0.95), (0.31, -1.1))  # share of the pitch; depth, in modules
_SMALLEST_SECTOR = 1e-3
_CLEAR_OF_TEETH = 0.1


def tooth_counts(ratio: float) -> tuple[int, int]:
    """Teeth of the driving and of the driven wheel, so that the driven one turns *ratio* times as far.

    >>> tooth_counts(2), tooth_counts(4.6875)
    ((24, 12), (75, 16))
    """
    exact = Fraction(ratio).limit_denominator(_MOST_UNEVEN)
    driving, driven = exact.numerator, exact.denominator
    times = max(ceil(_FEWEST / min(driving, driven)), ceil(_FEWEST_TOGETHER / (driving + driven)))
    return driving * times, driven * times


class MeshedWheel(VGroup):
    """A toothed wheel of pitch radius *radius*; :meth:`turn` sets its angle in radians.

    It hides what is behind it, as a wheel does.
    """

    def __init__(self, center: Array, radius: float, teeth: int) -> None:
        super().__init__()
        self.middle, self.radius, self.teeth = center, radius, teeth
        self.outer = radius * (1 + 2 / teeth)
        paint = theme.color("gradient")
        body = theme.color("background").interpolate(paint, 0.13)
        self.rim = VMobject(
            stroke_color=paint, stroke_width=theme.LINE * 0.8, fill_color=body, fill_opacity=1
        )
        self.add(self.rim)
        module = 2 * radius / teeth
        angles = np.array([tau * (tooth + share) / teeth for tooth in range(teeth) for share, _ in _PROFILE])
        depths = np.tile([radius + module * depth for _, depth in _PROFILE], teeth)
        outline = np.column_stack([depths * np.cos(angles), depths * np.sin(angles), np.zeros_like(angles)])
        self._outline = np.vstack([outline, outline[:1]])
        self.turn(0.0)

    def turn(self, angle: float) -> None:
        """Stand at *angle*."""
        c, s = np.cos(angle), np.sin(angle)
        turned = self._outline @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
        self.rim.set_points_as_corners(turned + self.middle)


class WheelPair(VGroup):
    """The wheel on one shaft, the pinion on the next, in mesh; *ratio* is the slope that they stand for."""

    def __init__(self, start: Array, end: Array, ratio: float) -> None:
        super().__init__()
        self.ratio = ratio
        distance = float(np.linalg.norm(end - start))
        driving, driven = tooth_counts(ratio)
        share = driving / (driving + driven)
        self.driver = MeshedWheel(start, distance * share, driving)
        self.driven = MeshedWheel(end, distance * (1 - share), driven)
        self._rest = pi + pi / driven  # there a tooth of the driver at angle 0 meets a gap
        self.add(self.driver, self.driven)

    def turn(self, angle: float) -> None:
        """Turn the driver by *angle* from where a tooth of it points along the line of the shafts."""
        self.driver.turn(angle)
        self.driven.turn(self._rest - angle * self.driver.teeth / self.driven.teeth)


class MeshedGears(VGroup):
    """The shafts of *train*, which reads *x*: a pair of wheels for each function, a hand on each shaft.

    ``turn`` is the angle in degrees by which the first shaft is turned at this moment. Every hand sweeps
    a sector as large as its shaft has turned; neighbouring shafts turn in opposite senses, as meshing
    wheels do. Shafts stay where they are when :meth:`change_to` puts on wheels for another input.
    """

    def __init__(self, train: GearTrain, x: float, zone: Zone, turn: Callable[[], float]) -> None:
        super().__init__()
        self.train, self.turn = train, turn
        self.reading = train.read(x)
        ratios = self.ratios
        left = ratios[0] / (1 + ratios[0])  # radius of the first wheel, in distances between shafts
        hand = 0.4
        largest = max(max(q, 1.0) / (1 + q) for q in ratios)
        pitch = min(0.96 * zone.width / (left + len(ratios) + hand), 0.95 * zone.height / (2 * largest))
        self.hand_length = hand * pitch
        first = zone.center[0] - pitch * (left + len(ratios) + hand) / 2 + pitch * left
        y = zone.center[1] - 0.03 * zone.height  # names stand above the wheels
        self.shafts = [np.array([first + pitch * index, y, 0.0]) for index in range(len(ratios) + 1)]
        self.pitch = pitch
        self.pairs = self._make_pairs()
        self.sectors = VGroup(*(VMobject() for _ in self.shafts))
        self.hands = VGroup(
            *(VMobject(stroke_color=theme.color("text"), stroke_width=1.3 * theme.STICK) for _ in self.shafts)
        )
        self.hubs = VGroup(*(dot(shaft, "text", radius=0.09) for shaft in self.shafts))
        self.add(self.pairs, self.sectors, self.hands, self.hubs)
        self.add_updater(lambda gears: gears.refresh(), call_updater=True)

    @property
    def ratios(self) -> list[float]:
        """The slopes, each a number above 0."""
        return [float(ratio) for ratio in self.reading.ratios]

    def turned(self) -> list[float]:
        """By how many degrees each shaft is turned at this moment, in its own sense."""
        angles = [self.turn()]
        for ratio in self.ratios:
            angles.append(angles[-1] * ratio)
        return angles

    def change_to(self, x: float) -> VGroup:
        """Read the train at *x*; the pairs of wheels for it, to be shown instead of ``pairs`` by :meth:`put_on`."""
        self.reading = self.train.read(x)
        return self._make_pairs()

    def put_on(self, pairs: VGroup) -> None:
        """Let *pairs* be the wheels from now on."""
        self.remove(self.pairs)
        self.pairs = pairs
        self.add_to_back(pairs)

    def ratio_label(self, index: int) -> Typeset:
        """``× 2`` on the driving wheel of pair number *index*, below the pinion on its shaft."""
        wheel = self.pair(index).driver
        inner = self.pair(index - 1).driven.outer if index else 0.3 * wheel.radius
        label = Formula(
            f"times {typst_number(self.ratios[index], 4, trim=True)}", theme.LABEL + 8, "gradient"
        )
        outer = wheel.radius * (1 - 2 / wheel.teeth)
        if inner < outer - label.height:
            middle = (inner + outer) / 2
            while np.hypot(label.width / 2, middle + label.height / 2) > outer - _CLEAR_OF_TEETH:
                label.scale(0.95)  # a long number on a small wheel
            return label.move_to(wheel.middle + DOWN * middle)
        lowest = max(inner, wheel.outer)
        return label.move_to(wheel.middle + DOWN * (lowest + 0.3))

    def name_place(self, index: int) -> Array:
        """Above the wheels and the hand of shaft number *index*: where its name stands."""
        wheels = [self.pair(index).driver] if index < len(self.pairs) else []
        wheels += [self.pair(index - 1).driven] if index else []
        reach = max(self.hand_length, *(wheel.outer for wheel in wheels))
        return self.shafts[index] + UP * (reach + 0.28)

    def pair(self, index: int) -> WheelPair:
        """The pair of wheels of function number *index*."""
        pair = self.pairs[len(self.pairs) - 1 - index]
        assert isinstance(pair, WheelPair)
        return pair

    def refresh(self) -> None:
        """Turn everything to the angles of this moment."""
        for index, angle in enumerate(self.turned()):
            sense = -1 if index % 2 == 0 else 1  # the first shaft turns clockwise
            swept = radians(angle) * sense
            if index < len(self.pairs):
                self.pair(index).turn(swept)
            shaft, up = self.shafts[index], pi / 2
            tip = shaft + self.hand_length * np.array([np.cos(up + swept), np.sin(up + swept), 0.0])
            self.hands[index].set_points_as_corners([shaft, tip])
            self.sectors[index].become(self._sector(shaft, swept))

    def _sector(self, shaft: Array, swept: float) -> VMobject:
        """What the hand has swept, at most once around."""
        sweep = float(np.clip(swept, -tau, tau))
        if abs(sweep) < _SMALLEST_SECTOR:
            return VMobject()
        sector = Sector(
            radius=self.hand_length,
            start_angle=pi / 2,
            angle=sweep,
            arc_center=shaft,
            stroke_color=theme.color("step"),
            stroke_width=theme.LINE,
        )
        return sector.set_fill(theme.color("step"), 0.3)

    def _make_pairs(self) -> VGroup:
        """The pairs, the last at the back: its large wheel stands behind the pinion on its shaft."""
        if min(self.ratios) <= 0:
            raise ValueError(
                f"the slopes {self.ratios} cannot all be wheels: a gear train needs slopes above 0"
            )
        pairs = [
            WheelPair(start, end, ratio)
            for start, end, ratio in zip(self.shafts, self.shafts[1:], self.ratios, strict=False)
        ]
        return VGroup(*reversed(pairs))


def full_turn(train: GearTrain, x: float) -> float:
    """The angle in degrees by which the first shaft turns while the last one turns once around.

    >>> from vcalc_anim.core.examples.ch05 import GEARS
    >>> full_turn(GEARS, 1)
    15.0
    """
    return degrees(tau) / float(train.read(x).product)
