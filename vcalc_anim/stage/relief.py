"""A surface in space as slices, projected with numpy and drawn in 2D.

Each slice runs along x at a fixed y. Drawn from the back to the front, each with a curtain in the
background's colour down to the floor, the near ones hide what lies behind them: no depth sorting, no
camera, strokes that keep their width.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin

import numpy as np
from manim import Animation, Mobject, UpdateFromAlphaFunc, VGroup, VMobject, smooth
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarField, Window
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role

_SAMPLES = 281


class View:
    """A parallel projection: turned by *azimuth* about the vertical, tilted by *elevation* (radians).

    *origin* is where the space's point *center* lands in the frame; *unit* and *lift* are frame units per
    unit of the floor and of height. At elevation 0 one looks along y and sees the plane of x and height.
    """

    def __init__(
        self,
        origin: ArrayLike,
        unit: float,
        lift: float,
        azimuth: float = 0.0,
        elevation: float = 0.0,
        center: ArrayLike = (0.0, 0.0, 0.0),
    ) -> None:
        self.origin, self.unit, self.lift = point3(origin), unit, lift
        self.azimuth, self.elevation = azimuth, elevation
        self.center = np.asarray(center, dtype=float)

    def at(self, points: ArrayLike) -> NDArray[np.float64]:
        """Frame positions (..., 3) of points (x, y, height) of space (..., 3)."""
        values = np.asarray(points, dtype=float) - self.center
        x, y, height = values[..., 0], values[..., 1], values[..., 2]
        away = x * sin(self.azimuth) + y * cos(self.azimuth)
        mapped = np.zeros(values.shape)
        mapped[..., 0] = self.unit * (x * cos(self.azimuth) - y * sin(self.azimuth))
        mapped[..., 1] = self.lift * height * cos(self.elevation) + self.unit * away * sin(self.elevation)
        return mapped + self.origin


class Relief(VGroup):
    """Slices of *surface* over *window* as *view* sees them; heights are cut at *top*, curtains end at *floor*.

    ``rows`` are the y-values of the slices. With ``curtains=False`` the slices are transparent, and *rows*
    lines along y are added, for a sheet that others pass through; *fill* is the opacity of its body.
    """

    def __init__(
        self,
        surface: ScalarField,
        window: Window,
        view: View,
        rows: ArrayLike,
        *,
        role: Role = "function",
        floor: float = 0.0,
        top: float = np.inf,
        width: float = theme.HAIRLINE,
        curtains: bool = True,
        fill: float = 0.0,
    ) -> None:
        super().__init__()
        self.view, self.floor = view, floor
        paint = theme.color(role)
        x = np.linspace(window.x_min, window.x_max, _SAMPLES)
        lines = [
            np.column_stack([x, np.full_like(x, y)]) for y in np.sort(np.asarray(rows, dtype=float))[::-1]
        ]
        if not curtains:
            y = np.linspace(window.y_min, window.y_max, _SAMPLES)
            across = np.linspace(window.x_min, window.x_max, len(lines))
            lines += [np.column_stack([np.full_like(y, place), y]) for place in across]
        self._lines = lines
        self._rim, self._filled = _rim(window), fill > 0
        self.body = VMobject(stroke_width=0, fill_color=paint, fill_opacity=1)
        dim(self.body, fill)
        self.add(self.body)
        self.curtains, self.slices = VGroup(), VGroup()
        for _ in lines:
            slice_line = VMobject(stroke_color=paint, stroke_width=width)
            self.slices.add(slice_line)
            if curtains:
                curtain = VMobject(stroke_width=0, fill_color=theme.color("background"), fill_opacity=1)
                self.curtains.add(curtain)
                self.add(curtain)
            self.add(slice_line)
        self.top = top
        self.load(surface)

    def load(self, surface: ScalarField) -> None:
        """Take the heights of *surface*."""
        self._take(surface)

    def blend(self, first: ScalarField, second: ScalarField, share: float) -> None:
        """Take heights between two surfaces: *share* 0 is the first, 1 the second."""
        self._take(lambda points: (1 - share) * first(points) + share * second(points))

    def _take(self, surface: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> None:
        self._heights = [np.minimum(surface(line), self.top) for line in self._lines]
        self._rim_heights = np.minimum(surface(self._rim), self.top)
        self.refresh()

    def refresh(self) -> None:
        """Draw again, as the view is now."""
        if self._filled:
            self.body.set_points_as_corners(self.view.at(np.column_stack([self._rim, self._rim_heights])))
        for index, (line, heights) in enumerate(zip(self._lines, self._heights, strict=True)):
            track = self.view.at(np.column_stack([line, heights]))
            self.slices[index].set_points_as_corners(track)
            if len(self.curtains):
                ends = np.column_stack([line[[-1, 0]], [self.floor, self.floor]])
                self.curtains[index].set_points_as_corners(np.vstack([track, self.view.at(ends), track[:1]]))

    def reveal(self, share: float) -> None:
        """Show the slices beside the middle one, and all curtains, at this opacity: at 0 only a curve is left."""
        middle = self.slices[len(self.slices) // 2]
        for part in (*self.slices, *self.curtains):
            if part is middle:
                continue
            if part in self.curtains.submobjects:
                part.set_fill(opacity=share)
            else:
                part.set_stroke(opacity=share)

    def turn_to(self, goal: View, run_time: float = 2.0) -> Animation:
        """Turn the view until it is that of *goal*: first size and place, then the angles, and with them the slices
        beside the middle one come in."""
        view = self.view
        sizes, angles = ("origin", "unit", "lift", "center"), ("azimuth", "elevation")
        start = {name: getattr(view, name) for name in (*sizes, *angles)}

        def look(_: Mobject, alpha: float) -> None:
            first, then = min(alpha / 0.35, 1.0), max(alpha - 0.25, 0.0) / 0.75
            for names, share in ((sizes, first), (angles, then)):
                for name in names:
                    setattr(view, name, start[name] + (getattr(goal, name) - start[name]) * share)
            self.reveal(min(1.0, 3 * then))
            self.refresh()

        return UpdateFromAlphaFunc(self, look, run_time=run_time, rate_func=smooth)


def _rim(window: Window) -> NDArray[np.float64]:
    """Plane points once around the border of *window*, (n, 2)."""
    corners = [
        (window.x_min, window.y_min),
        (window.x_max, window.y_min),
        (window.x_max, window.y_max),
        (window.x_min, window.y_max),
    ]
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    return np.vstack([np.linspace(start, end, 40) for start, end in sides])
