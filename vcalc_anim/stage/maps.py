"""Contour maps seen from above, and what walks on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike

from vcalc_anim.core import (
    Descent,
    ScalarField,
    SlopeDial,
    VectorGrid,
    Window,
    level_curves,
    nice_ticks,
    rounded,
    typst_number,
)
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, angle_arc, dashed, dot, point3, right_angle
from vcalc_anim.stage.plot import Plot, label_beside
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

_LEVELS = 10  # about as many contours
_ARROW_SHARE = 0.62  # of a grid cell


class ContourMap(Plot):
    """A surface from above, in equal scales, with contours at evenly spaced heights: dense lines are steep ground."""

    def __init__(
        self,
        surface: ScalarField,
        window: Window,
        zone: Zone,
        levels: Sequence[float] | None = None,
        labels_along: ArrayLike | None = (1.0, -0.22),
    ) -> None:
        super().__init__(window, zone, equal=True)
        self.surface = surface
        corners = self.window.grid(2, 2)
        self.levels = (
            [float(v) for v in nice_ticks(0.0, float(surface(corners).max()), _LEVELS)[1:]]
            if levels is None
            else list(levels)
        )
        self.lines = self.contours(surface, self.levels)
        self.add_to_back(self.lines)
        self.heights = VGroup()
        if labels_along is not None:
            self.heights = self.contour_labels(surface, self.levels, labels_along)
            self.add(self.heights)

    def contour_through(self, point: ArrayLike, role: Role = "function") -> VGroup:
        """The level curve through a plane point, bright."""
        level = float(self.surface(point))
        return VGroup(*(self.path(piece, role) for piece in level_curves(self.surface, level, self.window)))

    def walker(self, point: ArrayLike) -> VMobject:
        """The dot that walks on the map."""
        return dot(self.at(point))

    def field_arrows(self, grid: VectorGrid, columns: int, role: Role = "gradient") -> VGroup:
        """Arrows of equal length; brightness tells the magnitude (say so on screen)."""
        length = self.window.width / columns * _ARROW_SHARE
        steepest = float(grid.magnitudes.max())
        arrows = VGroup()
        for position, direction, size in zip(grid.positions, grid.directions, grid.magnitudes, strict=True):
            start = position - direction * length / 2
            arrow = self.arrow(start, direction * length, role, width=theme.LINE, tip=0.16)
            tone = theme.shade(role, 0.8 * float(size) / steepest)
            arrow.shaft.set_stroke(tone)
            arrow.head.set_fill(tone)
            arrows.add(arrow)
        return arrows

    def step_arrow(self, run: Descent, step: int) -> Arrow | None:
        """Step number *step* of a descent, clipped at the window; None when it starts outside."""
        start = run.points[step]
        if not self.window.contains(start):
            return None
        pieces = self.window.clip(np.array([start, start + run.steps[step]])).pieces
        return Arrow(self.at(start), self.at(pieces[0][-1]) if pieces else self.at(start), "step")

    def landing_angle(self, run: Descent, step: int, radius: float = 1.2) -> VGroup:
        """Where step number *step* lands: how it would go on, and its angle to the contour's normal there."""
        landing = self.at(run.points[step + 1])
        came, normal = (
            point3(v / np.linalg.norm(v))
            for v in (self.vector(run.steps[step]), -self.vector(run.gradients[step + 1]))
        )
        degrees = rounded(float(np.degrees(run.landing_angle(step))), 1)
        label = Text(f"{degrees.text}°", theme.LABEL, "error")
        return VGroup(
            self.contour_through(run.points[step + 1]),
            dashed(landing, landing + came * (radius + 0.3), "step"),
            angle_arc(landing, came, normal, radius),
            label_beside(label, landing + came * (radius + 0.1), RIGHT),
        )

    def right_angles_along(self, path: ArrayLike) -> VGroup:
        """A small square wherever a downhill *path* (n, 2) crosses one of the map's contours."""
        points = np.asarray(path, dtype=float)
        heights = self.surface(points)
        squares = VGroup()
        for level in self.levels:
            crossing = int(np.searchsorted(-heights, -level))
            if 0 < crossing < len(points):
                downhill = -self.vector(self.surface.gradient(points[crossing]))
                sideways = [downhill[1], -downhill[0], 0]
                squares.add(right_angle(self.at(points[crossing]), downhill, sideways, size=0.2))
        return squares

    def leaves_square(self, run: Descent, step: int) -> VMobject:
        """The right angle between contour and step where step number *step* starts."""
        away = self.vector(run.steps[step])
        return right_angle(self.at(run.points[step]), away, [-away[1], away[0], 0.0], size=0.22)


class SlopeTriangle(VGroup):
    """The slopes along x and y laid end to end, and the gradient that they make, drawn at *scale* of their length."""

    def __init__(self, plot: Plot, slopes: SlopeDial, scale: float) -> None:
        x, y = (float(value) for value in slopes.gradient)
        feet = plot.at(slopes.point)
        corner, tip = feet + plot.vector([x * scale, 0]), feet + plot.vector([x * scale, y * scale])
        self.along_x, self.along_y = Arrow(feet, corner, "first"), Arrow(corner, tip, "second")
        self.total = Arrow(feet, tip, "gradient")
        self.x_name = Formula(typst_number(x, 2, trim=True), theme.LABEL, "first").halo()
        self.y_name = Formula(typst_number(y, 2, trim=True), theme.LABEL, "second").halo()
        self.x_name.next_to(self.along_x, DOWN if y > 0 else UP, buff=0.15)
        self.y_name.next_to(self.along_y, RIGHT if x > 0 else LEFT, buff=0.15)
        super().__init__(self.along_x, self.along_y, self.total, self.x_name, self.y_name)
