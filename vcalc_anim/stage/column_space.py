"""Targets in space and the plane that two columns span, true to scale: projected here, drawn flat.

The view is axonometric and turned so that the plane lies like a floor; lengths have one scale in all
directions of space, so a right angle in the core is a right angle in the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from math import radians

import numpy as np
from manim import Dot, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import LeastSquares, Window
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dot
from vcalc_anim.stage.relief import View
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]

AZIMUTH = radians(13)
ELEVATION = radians(43)
_ROLES: tuple[Role, Role] = ("first", "second")
_GRID = 0.5  # weights between two lines of the grid
_LINES = 14  # lines on each side of the origin, in each direction
_FAR = 60.0  # weights: how long a line of the grid is before it is cut at the floor's border
_BORDER = 0.41, 0.5  # of the zone's width and height: half the sides of the floor
_SQUARE = 0.34  # frame units: side of a right angle's mark


class ColumnSpace:
    """The columns of *problem* (N = 3, n = 2), its targets y, and Xw for the ``weights`` of this moment.

    The scene adds the parts that it shows; all are redrawn on every frame while ``floor`` is there.
    ``columns`` gives the design of this moment, when it moves; the floor stays that of *problem*. Parts: ``floor``, ``grid`` (lines along the first column, then along the second),
    ``arrows`` (the columns), ``origin``, ``goal`` (y), ``fit`` (Xw), ``walker`` (its tip) and ``stick`` (from there to
    y). :meth:`look` moves the view; the floor's border fills *zone* from wherever one looks.
    """

    def __init__(
        self,
        problem: LeastSquares,
        zone: Zone,
        weights: Callable[[], ArrayLike],
        *,
        unit: float,
        middle: ArrayLike,
        columns: Callable[[], ArrayLike] | None = None,
        azimuth: float = AZIMUTH,
        elevation: float = ELEVATION,
    ) -> None:
        self.problem, self.zone, self.weights = problem, zone, weights
        self.columns = columns or (lambda: problem.design)
        self.space = problem.upright_frame
        self.azimuth, self.elevation = azimuth, elevation
        self.floor = VMobject(
            fill_color=theme.color("function"), fill_opacity=0.07, stroke_width=theme.HAIRLINE
        )
        self.floor.set_stroke(theme.color("frozen"))
        self.grid = VGroup(
            *(
                VMobject(stroke_color=theme.color(role), stroke_width=theme.HAIRLINE, stroke_opacity=0.5)
                for role in _ROLES
            )
        )
        self.arrows = [Arrow([0, 0], [1, 0], role) for role in _ROLES]
        self.goal = Arrow([0, 0], [1, 0], "text")
        self.fit = Arrow([0, 0], [1, 0], "function")
        self.origin = Dot(radius=0.09, color=theme.color("quiet"))
        self.walker = dot([0, 0], "function", radius=0.12)
        self.stick = VMobject(stroke_color=theme.color("error"), stroke_width=theme.STICK)
        self.look(unit, middle)
        self.floor.add_updater(lambda _: self.refresh())

    # -- where things are -----------------------------------------------------------------------------

    def look(self, unit: float, middle: ArrayLike) -> ColumnSpace:
        """See *middle*, a point of space (3,), in the middle of the zone, *unit* frame units long per unit."""
        self.middle = np.asarray(middle, dtype=float)
        self.view = View(
            self.zone.center, unit, unit, self.azimuth, self.elevation, center=self.space @ self.middle
        )
        return self.refresh()

    def at(self, points: ArrayLike) -> Array:
        """Frame positions (..., 3) of points of space (..., 3)."""
        positions: Array = self.view.at(np.asarray(points, dtype=float) @ self.space.T)
        return positions

    def point_of(self, weights: ArrayLike) -> Array:
        """Xw in space."""
        return np.asarray(np.asarray(self.columns(), dtype=float) @ np.asarray(weights, dtype=float))

    @property
    def tip(self) -> Array:
        """Where Xw is in the frame now."""
        return self.at(self.point_of(self.weights()))

    @property
    def head(self) -> Array:
        """Where y is in the frame."""
        return self.at(self.problem.targets)

    # -- drawing --------------------------------------------------------------------------------------

    def refresh(self) -> ColumnSpace:
        """Draw everything for the weights, the columns and the view of this moment."""
        self._draw_floor()
        design = np.asarray(self.columns(), dtype=float)
        origin = self.at(np.zeros(3))
        self.origin.move_to(origin)
        self.origin.set_opacity(1.0 if self._holds(origin) else 0.0)
        for arrow, column in zip(self.arrows, design.T, strict=True):
            self._put(arrow, origin, self.at(column))
        tip, head = self.tip, self.head
        self._put(self.goal, origin, head)
        self._put(self.fit, origin, tip)
        self.walker.move_to(tip)
        if np.linalg.norm(head - tip) > 1e-6:
            self.stick.set_points_as_corners([tip, head])
        return self

    def _draw_floor(self) -> None:
        border = self._border()
        corners = np.array(
            [
                [border.x_min, border.y_min],
                [border.x_max, border.y_min],
                [border.x_max, border.y_max],
                [border.x_min, border.y_max],
                [border.x_min, border.y_min],
            ]
        )
        self.floor.set_points_as_corners(self.view.at(_grounded(corners)))
        flat = (np.asarray(self.columns(), dtype=float).T @ self.space.T)[:, :2]  # columns, seen on the floor
        for index, lines in enumerate(self.grid):
            along, across = flat[index], flat[1 - index]
            lines.clear_points()
            for number in range(-_LINES, _LINES + 1):
                line = np.array([-_FAR, _FAR])[:, None] * along + number * _GRID * across
                for piece in border.clip(line).pieces:
                    path = self.view.at(_grounded(piece))
                    lines.start_new_path(path[0])
                    lines.add_line_to(path[-1])

    def _border(self) -> Window:
        """The part of the floor that is drawn, in its own coordinates: as large in the frame at any scale."""
        x, y, _ = self.space @ self.middle
        half_x = _BORDER[0] * self.zone.width / self.view.unit
        half_y = _BORDER[1] * self.zone.height / self.view.unit
        return Window(x - half_x, x + half_x, y - half_y, y + half_y)

    def _holds(self, place: Array) -> bool:
        z = self.zone
        return bool(z.left <= place[0] <= z.right and z.bottom <= place[1] <= z.top)

    def _put(self, arrow: Arrow, start: Array, end: Array) -> None:
        """Place an arrow; what sticks out of the zone is cut off, and with it the tip."""
        z = self.zone
        frame = Window(z.left, z.right, z.bottom, z.top)
        pieces = frame.clip(np.array([start[:2], end[:2]])).pieces
        if not pieces:
            arrow.put(end, end)
            return
        arrow.put(pieces[0][0], pieces[0][-1])
        if not self._holds(end):
            arrow.head.points = np.zeros((0, 3))

    # -- marks ----------------------------------------------------------------------------------------

    def line_along(self, column: int) -> VMobject:
        """The line on the plane through Xw along a column, bright; cut at the floor's border."""
        path = VMobject(stroke_color=theme.color(_ROLES[column]), stroke_width=theme.CURVE)
        flat = self.space @ np.asarray(self.columns(), dtype=float)[:, column]
        here = (self.space @ self.point_of(self.weights()))[:2]
        line = here + np.array([-_FAR, _FAR])[:, None] * flat[:2]
        pieces = self._border().clip(line).pieces
        return path.set_points_as_corners(self.view.at(_grounded(pieces[0])))

    def upright_mark(self, column: int, way: float = 1.0) -> VMobject:
        """The small square between the stick and a column, at the shadow of y: right in space, then projected.

        *way* is 1 for the column's own direction and −1 for the opposite one.
        """
        foot, error = (
            np.array([float(value) for value in vector]) for vector in (self.problem.foot, self.problem.error)
        )
        along = self.problem.design[:, column] * way
        size = _SQUARE / self.view.unit
        u, v = along / np.linalg.norm(along) * size, error / np.linalg.norm(error) * size
        square = VMobject(stroke_color=theme.color("text"), stroke_width=theme.LINE)
        return square.set_points_as_corners(self.at(np.array([foot + u, foot + u + v, foot + v])))


def _grounded(points: ArrayLike) -> Array:
    """Points of the floor (..., 2) with height 0."""
    flat = np.asarray(points, dtype=float)
    return np.concatenate([flat, np.zeros((*flat.shape[:-1], 1))], axis=-1)
