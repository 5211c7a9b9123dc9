"""A graph and, below it, the graph of its slopes, drawn point by point."""

from __future__ import annotations

from collections.abc import Callable
from math import nextafter

import numpy as np
from manim import Circle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarFunction, Window, rounded
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Stick, dot
from vcalc_anim.stage.plot import Plot, label_beside
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.zones import Zone

_SAMPLES = 241
_STICK = 0.85  # frame units of the tangent to either side


class SlopeFilm(VGroup):
    """Above the graph of *function* with a stick along its slope, below the slopes from the left end to ``x``.

    *window* holds the graph; *slopes* are the lowest and the highest slope that the lower plot shows.
    What was drawn stays drawn. At a kink there is no slope: the lower graph has a gap with open ends.
    """

    def __init__(
        self,
        function: ScalarFunction,
        window: Window,
        slopes: tuple[float, float],
        zone: Zone,
        x: Callable[[], float],
        y_ticks: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    ) -> None:
        super().__init__()
        self.function = function
        self._x: Callable[[], float] = lambda: x()  # a function is not copied with the film
        self.derivative = function.derivative()
        upper, lower = zone.rows(0.5, 0.5, gap=0.3)
        below = Window(window.x_min, window.x_max, *slopes)
        self.graph, self.slopes = _aligned(window, upper, below, lower, y_ticks)
        self.curve = self.graph.path(function.curve(window.x_min, window.x_max), "function")
        self.trace = VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.CURVE)
        self.stick = Stick("gradient")
        self.plumb = VMobject(
            stroke_color=theme.color("gradient"), stroke_width=theme.LINE, stroke_opacity=0.5
        )
        self.point, self.drop = dot([0, 0], radius=0.13), dot([0, 0], "gradient", radius=0.13)
        self._reached = x()
        self.add(self.graph, self.slopes, self.curve, self.plumb)
        self.add(self.trace, self.stick, self.drop, self.point)
        self.add_updater(lambda film: film.refresh(), call_updater=True)

    @property
    def slope(self) -> float:
        """The slope where the point is; beside a kink, the one that the point comes from."""
        x = self._x()
        if not self.derivative.contains(x):
            x = nextafter(x, -np.inf)
        return float(self.derivative(x))

    @property
    def value(self) -> float:
        """The height where the point is."""
        return float(self.function(self._x()))

    def refresh(self) -> None:
        """Draw the point, its stick and the slopes so far."""
        x, slope = self._x(), self.slope
        here, there = np.array([x, self.value]), np.array([x, slope])
        direction = np.array([1.0, slope])
        direction *= _STICK / np.linalg.norm(self.graph.vector(direction))
        feet = self.graph.at(here)
        tangent = np.array([here - direction, here + direction])
        self.graph.set_path(self.stick, tangent)
        self.point.move_to(feet)
        self.drop.move_to(self.slopes.at(there))
        self.plumb.set_points_as_corners([feet, self.slopes.at(there)])
        self._reached = max(self._reached, x)
        self.trace.points = np.zeros((0, 3))
        for piece in self._pieces():
            for visible in self.slopes.window.clip(piece).pieces:
                self.trace.start_new_path(self.slopes.at(visible[0]))
                self.trace.add_points_as_corners(self.slopes.at(visible[1:]))

    def slope_label(self, x: float, direction: ArrayLike, decimals: int = 2) -> VGroup:
        """A dot on the lower graph at *x* with its slope beside it."""
        slope = float(self.derivative(x))
        number = rounded(slope, decimals, trim=True)
        sign = "" if number.exact else "approx"
        place = self.slopes.at([x, slope])
        text = Formula(f"{sign} {number.text}", theme.LABEL, "gradient")
        return VGroup(dot(place, "gradient", radius=0.12), label_beside(text, place, direction))

    def open_ends(self) -> VGroup:
        """Small rings where the lower graph ends beside each kink: that point is not part of it."""
        rings = VGroup()
        for kink in self.function.kinks:
            for slope in self.function.one_sided_slopes(kink):
                ring = Circle(0.13, color=theme.color("gradient"), stroke_width=theme.CURVE)
                ring.set_fill(theme.color("background"), 1)
                rings.add(ring.move_to(self.slopes.at([float(kink), float(slope)])))
        return rings

    def _pieces(self) -> list[NDArray[np.float64]]:
        low = self.slopes.window.x_min
        ends = [float(kink) for kink in self.function.kinks if low < kink < self._reached]
        pieces = []
        for start, stop in zip([low, *ends], [*ends, self._reached], strict=True):
            if stop - start > 1e-6:
                points = self.derivative.curve(start, stop, _SAMPLES)
                if len(points) > 1:
                    pieces.append(points)
        return pieces


def _aligned(
    above: Window,
    upper: Zone,
    below: Window,
    lower: Zone,
    y_ticks: tuple[ArrayLike | None, ArrayLike | None],
) -> tuple[Plot, Plot]:
    """Two plots whose borders stand exactly above one another, whatever their tick labels."""

    def plots(upper: Zone, lower: Zone) -> tuple[Plot, Plot]:
        return (
            Plot(above, upper, x_label=None, y_label=None, x_ticks=(), y_ticks=y_ticks[0]),
            Plot(below, lower, x_label="x", y_label=None, y_ticks=y_ticks[1]),
        )

    one, two = plots(upper, lower)
    left = max(one.area.left, two.area.left)
    right = min(one.area.right, two.area.right)
    return plots(
        *(
            Zone(
                zone.left + left - plot.area.left,
                zone.right - (plot.area.right - right),
                zone.bottom,
                zone.top,
            )
            for zone, plot in ((upper, one), (lower, two))
        )
    )
