"""One step of descent taken apart: the slope on the curve, and the arrow on the axis that it becomes."""

from __future__ import annotations

import numpy as np
from manim import Animation, Mobject, UpdateFromAlphaFunc, VMobject, smooth
from numpy.typing import ArrayLike

from vcalc_anim.core import ScalarFunction, Window
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, Stick, dashed
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.valley import Valley
from vcalc_anim.stage.zones import Zone

_STICK = 1.5  # frame units that the tangent reaches to either side
_DASHES = 14


class SlopeWalk(Valley):
    """A valley whose walker shows what it feels: a stick along the slope, and a plumb line to its place on the axis.

    ``step_arrow`` lies on the axis from the walker's place: :meth:`scale_arrow` shows a multiple of the slope
    there, a step being −α of it. A multiple that reaches out of the window is drawn without its head.
    ``place`` is the landing that is nearest on the way, ``shown`` the number of steps shown so far.
    """

    def __init__(
        self,
        curve: ScalarFunction,
        window: Window,
        zone: Zone,
        name: str,
        role: Role = "first",
        value_name: str | None = "L",
    ) -> None:
        super().__init__(curve, window, zone, name, role, value_name)
        self._slope = curve.derivative()
        self.place = 0.0
        self.shown = 0.0
        self.stick = Stick("gradient")
        self.plumb = VMobject()
        self.step_arrow = Arrow(self.at([0, window.y_min]), self.at([0, window.y_min]), "gradient")
        self.add_to_back(self.plumb)
        self.add(self.stick, self.step_arrow, self.rider)

    @property
    def slope(self) -> float:
        """The slope where the walker stands."""
        return float(self._slope(self.place))

    def load(self, positions: ArrayLike) -> None:
        super().load(positions)
        self.scale_arrow(0.0)

    def show_step(self, step: float) -> None:
        """As for every valley; the stick is there at the landings and fades in between."""
        super().show_step(step)
        self.shown = step
        inside = self.window.contains(self.landings)
        count = int(np.argmin(inside)) if not inside.all() else len(self.landings)
        landing = min(max(round(step), 0), max(count - 1, 0))
        self.place = float(self.landings[landing, 0])
        visible = abs(np.cos(np.pi * step)) if step <= count - 1 + 1e-9 else 0.0
        self._lay_stick(float(visible))
        self._drop_plumb()

    def stand(self, place: float) -> None:
        """Put the walker on the curve at *place*, between the landings of its run and without a trail."""
        self.place = place
        here = self.at([place, float(self.function(place))])
        self.rider.move_to(here)
        self.exit.put(here, here)
        for hop in self.trail:
            hop.points = np.zeros((0, 3))
        self._lay_stick(1.0)
        self._drop_plumb()

    def _drop_plumb(self) -> None:
        here = self.rider.get_center()
        foot = np.array([here[0], self.area.bottom, 0.0])
        line = dashed(foot, here, "first", theme.HAIRLINE) if here[1] - foot[1] > 0.3 else VMobject()
        self.plumb.become(line)

    def scale_arrow(self, factor: float) -> None:
        """Let the arrow show *factor* times the slope here: uphill in the gradient's colour, downhill as a step."""
        end = self.place + factor * self.slope
        reach = min(max(end, self.window.x_min), self.window.x_max)
        paint = theme.color("gradient" if factor > 0 else "step")
        self.step_arrow.shaft.set_stroke(paint, theme.STICK * 1.3)
        self.step_arrow.head.set_fill(paint)
        floor = self.window.y_min
        self.step_arrow.put(self.at([self.place, floor]), self.at([reach, floor]))
        if reach != end:
            self.step_arrow.head.points = np.zeros((0, 3))
            self.step_arrow.shaft.set_points_as_corners([self.step_arrow.start, self.step_arrow.end])

    def stretch_arrow(self, start: float, end: float, run_time: float) -> Animation:
        """Let the arrow's factor go from *start* to *end*; through 0 it turns around."""

        def stretch(_: Mobject, share: float) -> None:
            self.scale_arrow(start + (end - start) * share)

        return UpdateFromAlphaFunc(self.step_arrow, stretch, run_time=run_time, rate_func=smooth)

    def hop(self, number: int, run_time: float) -> Animation:
        """Step number *number* (from 0): the walker follows the arrow to its tip."""

        def fly(_: Mobject, share: float) -> None:
            self.show_step(number + share)

        return UpdateFromAlphaFunc(self, fly, run_time=run_time, rate_func=smooth)

    def _lay_stick(self, opacity: float) -> None:
        here = self.at([self.place, float(self.function(self.place))])
        along = self.vector([1.0, self.slope])
        along *= _STICK / np.linalg.norm(along)
        self.stick.put(here - along, here + along)
        self.stick.set_stroke(opacity=opacity)
