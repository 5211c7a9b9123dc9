"""A hill in light 3D: the graph of a field of two variables, projected here and drawn as flat pictures.

The view is axonometric (no perspective), so equal steps stay equally long and what is parallel stays
parallel. The mesh lines are the function's own slices; the cells between them are filled quietly and
painted from back to front, which hides what lies behind.
"""

from __future__ import annotations

from math import cos, radians, sin
from typing import Literal

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarField, Window
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dot, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]

HOME_TURN = radians(34)  # x runs to the right and away, y to the left and away
HOME_TILT = radians(29)
_MESH_WIDTH = 1.5
_NAME_ROOM = 0.5  # frame units beyond an axis, for its name
_LIGHT = np.array([0.55, -0.5, 0.67])  # from the front right and above, in the turntable's own axes
_SAMPLES = 61


class Surface(VGroup):
    """The graph of *field* over *window*, standing in a box that reaches over *heights*; fills *zone*.

    ``turn`` is the turntable's angle and ``tilt`` the height of the eye above the floor (radians; at turn 0
    one looks along y). One unit of x is as long as one of y; heights have their own scale, so that the box is
    ``relief`` times as high as its longer side. ``turns`` are angles that must fit into the zone as well.
    ``shown`` is the part of the plane above which the mesh is drawn.
    """

    def __init__(
        self,
        field: ScalarField,
        window: Window,
        heights: tuple[float, float],
        zone: Zone,
        *,
        turn: float = HOME_TURN,
        tilt: float = HOME_TILT,
        relief: float = 0.52,
        cells: int = 16,
        turns: ArrayLike = (),
        height_name: str = "f",
    ) -> None:
        super().__init__()
        if field.dimension != 2:
            raise ValueError(f"a surface needs a field of two variables, not of {field.dimension}")
        if not heights[0] < heights[1]:
            raise ValueError(f"heights must ascend, not {heights}")
        if not 2 <= cells <= 24:
            raise ValueError(
                f"a mesh has 2 to 24 cells a side, not {cells}: more would hide what stands on it"
            )
        self.field, self.window, self.heights, self.zone = field, window, heights, zone
        self.turn, self.tilt, self.cells = turn, tilt, cells
        self._middle = np.array([*window.center, sum(heights) / 2])
        half = np.array([window.width, window.height, 0.0]) / 2
        half[2] = relief * max(half[0], half[1])
        angles = np.array([turn, *np.ravel(np.asarray(turns, dtype=float))])
        across = half[0] * np.abs(np.cos(angles)) + half[1] * np.abs(np.sin(angles))
        into = half[0] * np.abs(np.sin(angles)) + half[1] * np.abs(np.cos(angles))
        up = half[2] * cos(tilt) + into * sin(tilt)
        post = half[2] * cos(tilt) + _depths_of_posts(half, angles) * sin(tilt)
        unit = min(
            (zone.width / 2 - _NAME_ROOM) / across.max(),
            zone.height / 2 / up.max(),
            (zone.height / 2 - _NAME_ROOM) / max(post.max(), 1e-9),  # a post in front needs no room above
        )
        self._units = np.array([unit, unit, unit * 2 * half[2] / (heights[1] - heights[0])])
        self._fixed, self._factor = self._middle, 1.0
        self.shown = window
        self.floor = VMobject(stroke_color=theme.color("frozen"), stroke_width=theme.LINE)
        self.post = stroke([0, 0, 0], [0, 1, 0], "frozen", theme.LINE)
        self.names = VGroup(
            *(
                Formula(name, theme.LABEL, role)
                for name, role in zip(
                    [symbol.name for symbol in field.variables] + [height_name],
                    _AXIS_ROLES,
                    strict=True,
                )
            )
        )
        self.axes = VGroup(self.floor, self.post, self.names)
        self.faces = VGroup(
            *(
                VMobject(stroke_width=_MESH_WIDTH, stroke_opacity=1, fill_opacity=1)
                for _ in range(cells * cells)
            )
        )
        self.add(self.axes, self.faces)
        self.refresh()

    # -- where things are -----------------------------------------------------------------------------

    def at(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> Array:
        """Frame positions (..., 3) of points of space; the coordinates are broadcast."""
        return self._project(np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(float))[0]

    def on(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Frame positions (..., 3) of the surface's points above the plane points (*x*, *y*)."""
        return self.at(x, y, self.heights_at(x, y))

    def heights_at(self, x: ArrayLike, y: ArrayLike) -> Array:
        """The field's values at *x* and *y*, broadcast."""
        return self.field(np.stack(np.broadcast_arrays(x, y), axis=-1).astype(float))

    def _project(self, points: Array) -> tuple[Array, Array]:
        """Frame positions (..., 3) and depths (...) of *points* (..., 3)."""
        magnified = self._fixed + (points - self._fixed) * self._factor
        u, v, w = np.moveaxis((magnified - self._middle) * self._units, -1, 0)
        depth = u * sin(self.turn) + v * cos(self.turn)
        positions = np.zeros(points.shape)
        positions[..., 0] = u * cos(self.turn) - v * sin(self.turn)
        positions[..., 1] = w * cos(self.tilt) + depth * sin(self.tilt)
        return positions + self.zone.center, depth

    # -- moving the view ------------------------------------------------------------------------------

    def look(self, turn: float, tilt: float | None = None) -> Surface:
        """Look from another side: draw everything anew. Marks on the surface follow by their own updaters."""
        self.turn = turn
        self.tilt = self.tilt if tilt is None else tilt
        return self.refresh()

    def magnify(self, point: ArrayLike, factor: float, window: Window | None = None) -> Surface:
        """Magnify space about *point* (3,), which stays where it is; the mesh then spans *window*.

        The axes stay as they are: they belong to the whole picture, so dim them first.
        """
        self._fixed, self._factor = np.asarray(point, dtype=float), factor
        self.shown = window or self.shown
        return self.refresh()

    def refresh(self) -> Surface:
        """Draw mesh and axes for the view of this moment."""
        if self._factor == 1.0:
            self._draw_axes()
        x, y = self.shown.axes(self.cells + 1, self.cells + 1)
        grid_x, grid_y = np.meshgrid(x, y, indexing="ij")
        points = np.stack([grid_x, grid_y, self.heights_at(grid_x, grid_y)], axis=-1)
        positions, depths = self._project(points)
        corners = _cells(positions)
        order = np.argsort(-_cells(depths[..., None]).mean(axis=(1, 2)), kind="stable")
        paths = _outlines(corners[order])
        tones = self._tones(_cells((points - self._middle) * self._units * self._factor)[order])
        ground, paint = (np.array(theme.color(role).to_rgb()) for role in ("background", "function"))
        line = np.append(ground + (paint - ground) * 0.52, 1.0)
        for face, path, tone in zip(self.faces, paths, tones, strict=True):
            face.points = path if np.isfinite(path).all() else np.zeros((0, 3))
            face.fill_rgbas = np.append(ground + (paint - ground) * tone, 1.0)[None]
            face.stroke_rgbas = line[None]
        return self

    def _tones(self, corners: Array) -> Array:
        """How much of the surface's colour each cell gets (F,): more where it faces the light."""
        normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        lengths = np.linalg.norm(normals, axis=1)
        facing = np.divide(normals @ _LIGHT, lengths, out=np.zeros(len(normals)), where=lengths > 0)
        return np.asarray(0.10 + 0.22 * np.clip(facing, 0, 1))

    def _draw_axes(self) -> None:
        """The two edges of the floor that meet in its nearest corner, and a post in its leftmost one."""
        w, low, high = self.window, *self.heights
        corners = np.array([(x, y, low) for x in (w.x_min, w.x_max) for y in (w.y_min, w.y_max)])
        positions, depths = self._project(corners)
        near_x, near_y, _ = corners[np.argmin(depths)]
        post_x, post_y, _ = corners[np.argmin(positions[:, 0])]
        far_x, far_y = w.x_min + w.x_max - near_x, w.y_min + w.y_max - near_y
        edge = [(far_x, near_y), (near_x, near_y), (near_x, far_y)]
        self.floor.set_points_as_corners([self.at(x, y, low) for x, y in edge])
        self.post.set_points_as_corners([self.at(post_x, post_y, z) for z in (low, high)])
        beyond = 0.32 / float(self._units[0])
        ends = (
            self.at(w.x_max + beyond, near_y, low),
            self.at(near_x, w.y_max + beyond, low),
            self.at(post_x, post_y, high) + [0.0, 0.28, 0.0],
        )
        for name, end in zip(self.names, ends, strict=True):
            name.move_to(end)

    # -- what can be put on it ------------------------------------------------------------------------

    def walker(self, x: float, y: float, role: Role = "text", radius: float = 0.13) -> VMobject:
        """A dot that stands on the surface, from wherever one looks."""
        mark = dot(self.on(x, y), role, radius)
        return mark.add_updater(lambda mark: mark.move_to(self.on(x, y)))

    def path(
        self,
        x: ArrayLike,
        y: ArrayLike,
        z: ArrayLike | None = None,
        role: Role = "function",
        width: float = theme.CURVE,
    ) -> VMobject:
        """A curve through points of space, on the surface unless heights *z* are given."""
        return self.set_path(VMobject(stroke_color=theme.color(role), stroke_width=width), x, y, z)

    def set_path(self, path: VMobject, x: ArrayLike, y: ArrayLike, z: ArrayLike | None = None) -> VMobject:
        """Give *path* the shape of the curve through these points: cheap enough for every frame."""
        points = self.at(x, y, self.heights_at(x, y) if z is None else z)
        path.set_points_as_corners(points)
        return path

    def slice_points(self, frozen: Literal["x", "y"], value: float) -> tuple[Array, Array]:
        """Plane points (x, y) of the slice on which the variable *frozen* is held at *value*."""
        w = self.window
        if frozen == "y":
            xs = np.linspace(w.x_min, w.x_max, _SAMPLES)
            return xs, np.full(_SAMPLES, value)
        return np.full(_SAMPLES, value), np.linspace(w.y_min, w.y_max, _SAMPLES)

    def pane(self, frozen: Literal["x", "y"], value: float, role: Role = "text") -> VMobject:
        """A pane of glass where the variable *frozen* is *value*, over the whole box."""
        glass = VMobject(
            fill_color=theme.color(role),
            fill_opacity=0.13,
            stroke_color=theme.color(role),
            stroke_width=theme.LINE,
            stroke_opacity=0.55,
        )
        return self.set_pane(glass, frozen, value)

    def set_pane(self, glass: VMobject, frozen: Literal["x", "y"], value: float) -> VMobject:
        """Slide the pane to another *value*."""
        w, low, high = self.window, *self.heights
        ends = ((w.x_min, value), (w.x_max, value)) if frozen == "y" else ((value, w.y_min), (value, w.y_max))
        (ax, ay), (bx, by) = ends
        corners = [(ax, ay, low), (bx, by, low), (bx, by, high), (ax, ay, high), (ax, ay, low)]
        glass.set_points_as_corners([self.at(*corner) for corner in corners])
        return glass

    def sheet(self, plane: ScalarField, window: Window, role: Role = "gradient") -> VMobject:
        """A translucent piece of the graph of *plane* over *window*: flat, if the field is."""
        sheet = VMobject(
            fill_color=theme.color(role),
            fill_opacity=0.3,
            stroke_color=theme.color(role),
            stroke_width=theme.LINE,
        )
        return self.set_sheet(sheet, plane, window)

    def set_sheet(self, sheet: VMobject, plane: ScalarField, window: Window) -> VMobject:
        """Lay the sheet over another *window*."""
        w = window
        x = np.array([w.x_min, w.x_max, w.x_max, w.x_min, w.x_min])
        y = np.array([w.y_min, w.y_min, w.y_max, w.y_max, w.y_min])
        sheet.set_points_as_corners(self.at(x, y, plane(np.column_stack([x, y]))))
        return sheet


_AXIS_ROLES: tuple[Role, Role, Role] = ("first", "second", "function")


def _depths_of_posts(half: Array, angles: Array) -> Array:
    """How deep the leftmost corner of a floor with the *half* sides stands at each of the turntable's *angles*."""
    corners = np.array([(x, y) for x in (-half[0], half[0]) for y in (-half[1], half[1])])
    across = np.outer(np.cos(angles), corners[:, 0]) - np.outer(np.sin(angles), corners[:, 1])
    depths = np.outer(np.sin(angles), corners[:, 0]) + np.outer(np.cos(angles), corners[:, 1])
    return np.asarray(np.take_along_axis(depths, across.argmin(axis=1)[:, None], axis=1)[:, 0])


def _cells(grid: Array) -> Array:
    """The four corners of each cell of a *grid* (n + 1, m + 1, k), going round: (n·m, 4, k)."""
    around = (grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:])
    return np.stack(around, axis=2).reshape(-1, 4, grid.shape[-1])


def _outlines(corners: Array) -> Array:
    """Bézier points (F, 16, 3) of closed polygons with *corners* (F, 4, 3)."""
    ends = np.roll(corners, -1, axis=1)
    shares = np.array([0, 1 / 3, 2 / 3, 1])[:, None]
    pieces = corners[:, :, None] + (ends - corners)[:, :, None] * shares
    return np.asarray(pieces.reshape(len(corners), 16, 3))
