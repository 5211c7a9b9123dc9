"""A wall of dials, and the pen that records what turning them does to one number."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from manim import Animation, Circle, Mobject, UpdateFromAlphaFunc, VGroup, VMobject, linear, smooth
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import DialWall
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dashed, dot, point3, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.zones import Zone

_TURN = 100.0  # radians that a pointer turns for one unit of its setting
_TONES = 6  # steps of brightness that tell influence
_FILL = 0.42  # radius of a dial, in the distance between two


class DialBoard(VGroup):
    """All dials of a *wall*, row by row from the top left; pointers at *settings*, straight up for 0.

    ``tones`` are discs behind the dials, one group for each brightness, the brightest (most influential)
    first; they are not part of the board, so that a scene can let them appear.
    """

    def __init__(self, wall: DialWall, zone: Zone, settings: ArrayLike) -> None:
        super().__init__()
        self.wall = wall
        rows, columns = wall.weights.shape
        self.pitch = min(zone.width / columns, zone.height / rows)
        self.radius = _FILL * self.pitch
        x = zone.center[0] + (np.arange(columns) - (columns - 1) / 2) * self.pitch
        y = zone.center[1] - (np.arange(rows) - (rows - 1) / 2) * self.pitch
        self.places = np.stack([*np.meshgrid(x, y), np.zeros((rows, columns))], axis=-1)
        self.rims = self._circles(np.ones((rows, columns), dtype=bool))
        self.rims.set_stroke(theme.color("frozen"), theme.HAIRLINE).set_fill(theme.color("panel"), 1)
        self.tones = VGroup(*self._discs())
        self.pointers = VMobject(stroke_color=theme.color("text"), stroke_width=theme.LINE * 0.75)
        self.add(self.rims, self.pointers)
        self.turn(settings)

    def turn(self, settings: ArrayLike) -> None:
        """Point every dial to its setting (rows, columns): cheap enough for every frame."""
        self.settings = np.asarray(settings, dtype=float)
        angles = self.settings * _TURN
        ends = self.places + self.radius * np.stack(
            [np.sin(angles), np.cos(angles), np.zeros_like(angles)], axis=-1
        )
        shares = np.linspace(0, 1, 4)[:, None]
        starts, ends = self.places.reshape(-1, 1, 3), ends.reshape(-1, 1, 3)
        self.pointers.points = (starts + (ends - starts) * shares).reshape(-1, 3)

    def travel(self, start: NDArray[np.float64], end: NDArray[np.float64], run_time: float) -> Animation:
        """All dials turn at once from the settings *start* to *end*."""

        def turn(_: Mobject, share: float) -> None:
            self.turn(start + (end - start) * share)

        return UpdateFromAlphaFunc(self, turn, run_time=run_time, rate_func=smooth)

    def tremble(self, reach: float, run_time: float) -> Animation:
        """Every dial stirs by up to *reach*, this way or that, and comes back: no way is known to be right."""
        here = self.settings
        rows, columns = np.indices(here.shape)

        def shake(_: Mobject, share: float) -> None:
            wave = np.sin(2 * np.pi * (2 * share + columns / 23 + rows / 31))
            self.turn(here + reach * wave * np.sin(np.pi * share))

        return UpdateFromAlphaFunc(self, shake, run_time=run_time, rate_func=linear)

    def place(self, dial: tuple[int, int]) -> NDArray[np.float64]:
        """The centre of one dial."""
        return np.array(self.places[dial])

    def ring(self, dial: tuple[int, int], role: Role = "step") -> Circle:
        """A ring around one dial."""
        ring = Circle(radius=self.pitch * 0.85, color=theme.color(role), stroke_width=theme.STICK)
        return ring.move_to(self.place(dial))

    def _discs(self) -> Iterator[VMobject]:
        influence = np.abs(self.wall.weights) / np.abs(self.wall.weights).max()
        tone = np.minimum((influence * _TONES).astype(int), _TONES - 1)
        for step in range(_TONES - 1, 0, -1):  # the least influential stay dark
            share = 0.5 + 0.45 * (step - 1) / (_TONES - 2)
            disc = self._circles(tone == step)
            colour = theme.color("background").interpolate(theme.color("gradient"), share)
            yield disc.set_fill(colour, 1).set_stroke(colour, theme.HAIRLINE)

    def _circles(self, chosen: NDArray[np.bool_]) -> VMobject:
        outline = Circle(radius=self.radius).points
        circles = VMobject(stroke_width=0)
        circles.points = (self.places[chosen][:, None, :] + outline).reshape(-1, 3)
        return circles


class DialFace(VGroup):
    """One dial, large, whose pointer follows the ``setting`` of this moment."""

    def __init__(self, center: ArrayLike, radius: float, setting: Callable[[], float]) -> None:
        super().__init__()
        middle = point3(center)
        self.rim = Circle(radius=radius, color=theme.color("quiet"), stroke_width=theme.CURVE)
        self.rim.move_to(middle).set_fill(theme.color("panel"), 1)
        self.pointer = stroke(middle, middle, "text", theme.STICK)
        marks = VGroup()
        for angle in np.linspace(-2.4, 2.4, 13):
            way = np.array([np.sin(angle), np.cos(angle), 0.0])
            marks.add(stroke(middle + way * radius * 1.12, middle + way * radius * 1.26))

        def point(pointer: Mobject) -> None:
            angle = setting() * _TURN
            end = middle + 0.88 * radius * np.array([np.sin(angle), np.cos(angle), 0.0])
            pointer.put_start_and_end_on(middle, end)

        self.pointer.add_updater(point, call_updater=True)
        self.add(self.rim, marks, self.pointer, dot(middle, "text", radius=0.09))


class PenTrace(VGroup):
    """What ``value`` was in the last *seconds*, drawn by a pen at the right border while paper runs to the left.

    The paper shows values from *low* to *high*; the pen stops at its borders. It runs only while
    something plays. A dashed line marks where the pen began.
    """

    def __init__(
        self,
        zone: Zone,
        value: Callable[[], float],
        low: float,
        high: float,
        seconds: float = 6.0,
        role: Role = "function",
    ) -> None:
        super().__init__()
        self.value, self._zone, self._low, self._high, self._seconds = value, zone, low, high, seconds
        self._clock = 0.0
        self._pen_x = zone.right - 0.15
        self._samples = [(-seconds, value()), (0.0, value())]
        height = self._height(value())
        self.level = dashed([zone.left, height], [self._pen_x, height], "frozen", theme.HAIRLINE)
        self.line = VMobject(stroke_color=theme.color(role), stroke_width=theme.CURVE)
        self.pen = dot([self._pen_x, height], role, radius=0.12)
        self.add(self.level, self.line, self.pen)
        self._draw()
        self.add_updater(lambda _, dt: self._advance(dt))

    def _advance(self, dt: float) -> None:
        if dt > 0:
            self._clock += dt
            self._samples.append((self._clock, self.value()))
            while len(self._samples) > 2 and self._samples[1][0] < self._clock - self._seconds:
                self._samples.pop(0)
            self._draw()

    def _draw(self) -> None:
        speed = (self._pen_x - self._zone.left) / self._seconds
        corners = np.array(
            [
                [max(self._pen_x + (time - self._clock) * speed, self._zone.left), self._height(value), 0.0]
                for time, value in self._samples
            ]
        )
        self.line.set_points_as_corners(corners)
        self.pen.move_to(corners[-1])

    def _height(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return float(self._zone.bottom + self._zone.height * min(max(share, 0.0), 1.0))
