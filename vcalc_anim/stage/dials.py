"""Turning to feel the slope: a needle on the map, and the curve of slope against direction."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, degrees, sin, tau

import numpy as np
from manim import RIGHT, UP, Mobject, VGroup
from numpy.typing import ArrayLike

from vcalc_anim.core import SlopeDial, Window, rounded
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dashed, dot
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text, Typeset
from vcalc_anim.stage.zones import Zone

_SAMPLES = 181


class Needle(Arrow):
    """An arrow of length 1 on a map, from the plane point *point*, in the direction that ``angle`` gives (radians)."""

    def __init__(self, plot: Plot, point: ArrayLike, angle: Callable[[], float], role: Role = "text") -> None:
        feet = plot.at(point)
        super().__init__(feet, feet, role)

        def turn(_: Mobject) -> None:
            self.put(feet, feet + plot.vector([cos(angle()), sin(angle())]))

        self.add_updater(turn, call_updater=True)

    def letter(self, maths: str) -> Typeset:
        """A letter that goes round with the needle, on its left side."""

        def follow(letter: Mobject) -> None:
            along = (self.end - self.start) / np.linalg.norm(self.end - self.start)
            left = np.array([-along[1], along[0], 0.0])
            letter.move_to((self.start + self.end) / 2 + left * 0.32)

        letter = Formula(maths, theme.LABEL).halo()
        letter.add_updater(follow, call_updater=True)
        return letter


class SlopeWave(Plot):
    """Slope against direction, 0° to 360°: the curve grows as far as the needle has turned; a bead rides on it."""

    def __init__(self, slopes: SlopeDial, zone: Zone, angle: Callable[[], float]) -> None:
        top = slopes.magnitude
        super().__init__(
            Window(0, 360, -1.15 * top, 1.15 * top),
            zone,
            x_label="phi",
            y_label='"slope"',
            x_role="text",
            y_role="gradient",
            x_ticks=[0, 90, 180, 270, 360],
            y_ticks=[-top, 0, top],
            tick_text=lambda value: rounded(value, 1, trim=True).text + ("°" if value > top else ""),
        )
        self.slopes = slopes
        self._angle = angle
        self._turned = 1e-3  # radians; never back, so that the curve stays drawn
        self.curve = self.path(self._drawn(), "gradient")
        self.curve.add_updater(lambda path: self.set_path(path, self._drawn()))
        self.bead = dot(self._here(), "gradient", radius=0.13)
        self.bead.add_updater(lambda bead: bead.move_to(self._here()))
        self.add(self.curve, self.bead)
        peak = [degrees(slopes.steepest_angle), slopes.magnitude]
        foot = self.at([peak[0], self.window.y_min])
        self.height_mark = dashed(self.at([0, peak[1]]), self.at(peak))
        angle_name = Text(rounded(peak[0], 2).text + "°", theme.SMALL, "quiet").next_to(foot, UP, buff=0.12)
        angle_name.shift(RIGHT * (angle_name.width / 2 + 0.15))
        self.place_mark = VGroup(dashed(self.at(peak), foot), angle_name)

    @property
    def degrees(self) -> float:
        """The needle's angle on the scale: one turn ends at 360°, the next begins at 0°."""
        angle = self._angle()
        return degrees(angle if angle <= tau else angle % tau)

    @property
    def slope(self) -> float:
        """The slope in the needle's direction."""
        return float(self.slopes.slope_at(self._angle()))

    def _here(self) -> ArrayLike:
        return self.at([self.degrees, self.slope])

    def _drawn(self) -> ArrayLike:
        self._turned = min(tau, max(self._turned, self._angle()))
        angles = np.linspace(0, self._turned, _SAMPLES)
        return np.column_stack([np.degrees(angles), self.slopes.slope_at(angles)])
