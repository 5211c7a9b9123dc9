"""Cutting a surface upright through one point, and the curvature of each cut."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, degrees, pi, sin

import numpy as np
from manim import DOWN, UP, Ellipse, Mobject, RoundedRectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import CurvatureDial, Window, rounded
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.marks import dashed, dot, point3, stroke
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.surface import Surface
from vcalc_anim.stage.typeset import Text
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]

_SAMPLES = 121
_SEAM = 0.12  # radians before and after half a turn in which one bead gives way to the other


class Blade(VGroup):
    """An upright pane through *point* of *surface*, in the direction that ``angle`` gives, and the cut that it makes."""

    def __init__(self, surface: Surface, point: ArrayLike, angle: Callable[[], float]) -> None:
        super().__init__()
        self.surface, self._angle = surface, angle
        self._point = np.asarray(point, dtype=float)
        self.pane = VMobject(
            fill_color=theme.color("text"),
            fill_opacity=0.14,
            stroke_color=theme.color("text"),
            stroke_width=theme.LINE,
            stroke_opacity=0.6,
        )
        self.cut = VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.STICK)
        self.add(self.pane, self.cut)
        self.add_updater(lambda knife: knife.refresh(), call_updater=True)

    def ends(self) -> Array:
        """Where the pane leaves the surface's window, (2, 2)."""
        way = np.array([cos(self._angle()), sin(self._angle())])
        w = self.surface.window
        reach = min(
            (
                half / abs(step)
                for half, step in zip((w.width / 2, w.height / 2), way, strict=True)
                if abs(step) > 1e-9
            )
        )
        return np.array([self._point - reach * way, self._point + reach * way])

    def refresh(self) -> None:
        """Draw pane and cut for the direction of this moment."""
        start, end = self.ends()
        low, high = self.surface.heights
        corners = [(*start, low), (*end, low), (*end, high), (*start, high), (*start, low)]
        self.pane.set_points_as_corners([self.surface.at(*corner) for corner in corners])
        line = start + (end - start) * np.linspace(0, 1, _SAMPLES)[:, None]
        self.surface.set_path(self.cut, line[:, 0], line[:, 1])


class CutView(Plot):
    """The cut of this moment as an ordinary curve: height against the way along the knife."""

    def __init__(self, knife: Blade, heights: tuple[float, float], reach: float, zone: Zone) -> None:
        super().__init__(
            Window(-reach, reach, *heights), zone, x_label=None, y_label=None, x_ticks=(), y_ticks=()
        )
        self.knife = knife
        self.axes.remove(self.axes[1])  # upright through the text that stands in the frame
        self.curve = self.path(self._points(), "gradient", theme.STICK)
        self.curve.add_updater(lambda curve: self.set_path(curve, self._points()))
        self.add(self.curve)

    def _points(self) -> Array:
        start, end = self.knife.ends()
        line = start + (end - start) * np.linspace(0, 1, _SAMPLES)[:, None]
        half = float(np.linalg.norm(end - start)) / 2
        return np.column_stack([np.linspace(-half, half, _SAMPLES), self.knife.surface.field(line)])


class CurvatureWave(Plot):
    """Curvature against direction over half a turn; a bead shows the knife's direction, and from :meth:`begin` on it leaves a curve.

    Curvatures from *low* to *high* have room. ``bare`` leaves out all ticks but the line of zero.
    """

    def __init__(
        self,
        dial: CurvatureDial,
        zone: Zone,
        angle: Callable[[], float],
        limits: tuple[float, float],
        *,
        bare: bool = False,
    ) -> None:
        low, high = limits
        margin = 0.12 * (high - low)
        super().__init__(
            Window(0, degrees(pi), low - margin, high + margin),
            zone,
            x_label=None if bare else "phi",
            y_label=None if bare else '"curvature"',
            x_role="text",
            y_role="gradient",
            x_ticks=() if bare else np.degrees([0, pi / 4, pi / 2, 3 * pi / 4, pi]),
            y_ticks=() if bare else (low, 0.0, high),
            tick_text=lambda value: rounded(value, 1, trim=True).text + ("°" if value > high else ""),
        )
        self.dial, self._angle = dial, angle
        self._turned = 1e-3
        self.curve = self.path(self._drawn(), "gradient")
        self.bead = dot(self._here(), "gradient", radius=0.09 if bare else 0.13)
        self.bead.add_updater(lambda bead: bead.move_to(self._here()))
        self.add(self.bead)
        if bare:
            self.begin()

    def begin(self) -> None:
        """Draw the curve from now on, as far as the knife turns."""
        self._turned = 1e-3
        self.curve.add_updater(lambda path: self.set_path(path, self._drawn()), call_updater=True)
        self.add_to_back(self.curve)

    def close(self) -> None:
        """Show the whole curve; where half a turn is over, the bead leaves on one side and enters on the other."""
        self._turned = pi
        self.set_path(self.curve, self._drawn())
        self.add_to_back(self.curve)
        twin = dot(self._here(), "gradient", radius=self.bead.radius)
        self.bead.clear_updaters()
        self.add(twin)

        def stand(bead: Mobject, side: int) -> None:
            """Side 0: where the knife points; side 1: the border on which the other one appears."""
            angle = self._angle() % pi
            near = min(angle, pi - angle) / _SEAM
            at = angle if side == 0 else (pi if angle < pi / 2 else 0.0)
            bead.move_to(self.at([degrees(at), float(self.dial.curvature_at(at))]))
            dim(bead, min(1.0, 0.5 + near / 2) if side == 0 else max(0.0, 0.5 - near / 2))

        for side, bead in enumerate((self.bead, twin)):
            bead.add_updater(lambda bead, side=side: stand(bead, side), call_updater=True)

    @property
    def curvature(self) -> float:
        """The curvature in the knife's direction."""
        return float(self.dial.curvature_at(self._angle()))

    def extreme_marks(self) -> VGroup:
        """Dashed lines from the zero line to the highest and to the lowest point, with their angles."""
        marks = VGroup()
        for value, angle in zip(self.dial.extremes, self.dial.extreme_angles, strict=True):
            foot, tip = self.at([degrees(angle), 0.0]), self.at([degrees(angle), value])
            name = Text(rounded(degrees(angle), 1, trim=True).text + "°", theme.SMALL, "quiet").halo()
            name.next_to(foot, DOWN if value > 0 else UP, buff=0.14)
            marks.add(VGroup(dashed(foot, tip), dot(tip, "text", radius=0.1), name))
        return marks

    def _here(self) -> Array:
        angle = self._angle()
        return self.at([degrees(angle if 0 <= angle <= pi else angle % pi), self.curvature])

    def _drawn(self) -> Array:
        self._turned = min(pi, max(self._turned, self._angle()))
        angles = np.linspace(0, self._turned, _SAMPLES)
        return np.column_stack([np.degrees(angles), self.dial.curvature_at(angles)])


class SpiritLevel(VGroup):
    """A glass tube with a bubble: in the middle where the ground is level. ``tilt`` is between −1 and 1."""

    def __init__(self, center: ArrayLike, tilt: Callable[[], float], width: float = 1.7) -> None:
        super().__init__()
        middle = point3(center)
        height = 0.24 * width
        self.tube = RoundedRectangle(
            corner_radius=height / 2,
            width=width,
            height=height,
            stroke_color=theme.color("quiet"),
            stroke_width=theme.LINE,
        ).move_to(middle)
        half = 0.17 * width
        self.marks = VGroup(
            *(
                stroke(middle + [x, -height / 2, 0], middle + [x, height / 2, 0], "quiet")
                for x in (-half, half)
            )
        )
        self.bubble = Ellipse(
            width=0.26 * width,
            height=0.62 * height,
            stroke_width=0,
            fill_color=theme.color("step"),
            fill_opacity=1,
        )
        room = (width - 0.3 * width) / 2

        def float_up(bubble: Mobject) -> None:
            bubble.move_to(middle + np.array([room * float(np.clip(tilt(), -1, 1)), 0.0, 0.0]))

        self.bubble.add_updater(float_up, call_updater=True)
        self.add(self.tube, self.bubble, self.marks)
