"""A map of the plane: a grid before, the same grid after, and a microscope over both.

Everything is kept as an offset from one point, and its image as an offset from the image of that point, so
that a view a thousandth wide loses no digits. To zoom, the lines are drawn anew in smaller windows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from math import ceil, floor, log2

import numpy as np
from manim import DOWN, LEFT, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import VectorMap, Window
from vcalc_anim.core.exact import Exact
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, point3
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]

_SAMPLES = 61  # on a grid line
_FINEST = 8  # lines in half a view when the next finer ones start to appear
_SLOTS = 2 * _FINEST + 3  # lines in one direction that can be visible at once
_TONE = 0.45  # of the grid's colour: what stands on the grid is brighter
_MARGIN = 1.06  # of a view, around what it shows
_NAME_ROOM = 0.5
_VARIABLES: tuple[Role, Role] = ("first", "second")
_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], dtype=float)


class Lens(VGroup):
    """A window onto a plane in equal scales, filling *zone*; :meth:`look` moves and magnifies it.

    *names* are those of the axes, as Typst maths: the first stands below the frame, the second beside it.
    """

    def __init__(
        self,
        zone: Zone,
        names: tuple[str, str] | None = None,
        roles: tuple[Role, Role] = ("first", "second"),
    ) -> None:
        super().__init__()
        room = 0.0 if names is None else _NAME_ROOM
        self.area = Zone(zone.left + room, zone.right, zone.bottom + room, zone.top)
        self.frame_box = Rectangle(
            width=self.area.width,
            height=self.area.height,
            stroke_color=theme.color("grid"),
            stroke_width=theme.LINE,
        ).move_to(self.area.center)
        self.names = VGroup()
        if names is not None:
            across, up = (Formula(name, theme.LABEL, role) for name, role in zip(names, roles, strict=True))
            across.next_to(point3([self.area.right - 0.3, self.area.bottom]), DOWN, buff=0.14)
            up.next_to(point3([self.area.left, self.area.top - 0.3]), LEFT, buff=0.16)
            for name in (across, up):
                name.halo().set_z_index(
                    1
                )  # lines that fly past go below; taken to the front it would leave the lens
            self.names.add(across, up)
        self.add(self.frame_box, self.names)
        self.look((0.0, 0.0), 1.0)

    @property
    def unit(self) -> float:
        """Frame units per unit of the plane."""
        return self.area.height / 2 / self.half_height

    def look(self, center: ArrayLike, half_height: float) -> None:
        """Show the plane around *center* (2,), up to *half_height* above and below it."""
        self.middle = np.asarray(center, dtype=float)
        self.half_height = half_height
        half = np.array([half_height * self.area.width / self.area.height, half_height])
        low, high = self.middle - half, self.middle + half
        self.window = Window(low[0], high[0], low[1], high[1])

    def fit(self, points: ArrayLike, margin: float = _MARGIN) -> None:
        """Show all of the *points* (n, 2), as large as they go."""
        values = np.asarray(points, dtype=float)
        low, high = values.min(axis=0), values.max(axis=0)
        wide, tall = (high - low) / 2
        self.look((low + high) / 2, margin * max(tall, wide * self.area.height / self.area.width))

    def at(self, points: ArrayLike) -> Array:
        """Frame positions (..., 3) of plane points (..., 2)."""
        values = (np.asarray(points, dtype=float) - self.middle) * self.unit
        mapped = np.zeros((*values.shape[:-1], 3))
        mapped[..., :2] = values
        return mapped + self.area.center

    def trace(self, path: VMobject, points: ArrayLike) -> None:
        """Draw *path* through plane points (n, 2), clipped at the frame."""
        values = np.asarray(points, dtype=float)
        inside = self.window.contains(values)
        path.points = np.zeros((0, 3))
        if inside.all():
            path.set_points_as_corners(self.at(values))
            return
        for piece in self.window.clip(values).pieces:
            path.start_new_path(self.at(piece[0]))
            path.add_points_as_corners(self.at(piece[1:]))


class WarpView(VGroup):
    """The grid around *point* in the lens *source*, and where *warp* sends it in the lens *image*.

    Both lenses take offsets: from *point*, and from its image. ``share`` tells how far the grid has moved from
    the one lens to the other; between 0 and 1 it is on its way, which is not what the map does. The grid covers
    the square of half side ``reach`` around ``middle``. Shapes and arrows that join later follow every view.
    """

    def __init__(
        self, warp: VectorMap, point: tuple[Exact, Exact], source: Lens, image: Lens, half_width: float
    ) -> None:
        super().__init__()
        self.close = warp.around(point)
        self.point = np.array([float(c) for c in point])
        self.source, self.image = source, image
        self.share = 1.0
        self.middle, self.reach = np.zeros(2), half_width
        self.before, self.after = (
            VGroup(*(_thin(role) for _ in range(2 * _SLOTS))) for role in ("frozen", "function")
        )
        self._followers: list[Callable[[], None]] = []
        self.borders = (_thin("frozen"), _thin("function"))
        self.before.add(self.borders[0])
        self.after.add(self.borders[1])
        self.add(source, self.before, image, self.after)
        self.zoom_to(half_width)

    def zoom_to(self, half_width: float) -> None:
        """Magnify both sides: the square of this half side about the point, and its image, fill their lenses."""
        self.middle, self.reach = np.zeros(2), half_width
        border = outline(self.middle - half_width, 2 * half_width)
        self.source.fit(border)
        self.image.fit(self.close(border))
        self.refresh()

    def refresh(self) -> None:
        """Draw all anew, as lenses and grid are now."""
        self._draw_grid()
        for follow in self._followers:
            follow()

    def shape(
        self, points: Callable[[], Array], role: Role = "text", width: float = theme.CURVE, fill: float = 0.0
    ) -> tuple[VMobject, VMobject]:
        """The polyline that *points* gives (n, 2), and its image, to be added by the scene."""
        before, after = (_stroked(role, width, fill) for _ in range(2))

        def follow() -> None:
            here = points()
            self.source.trace(before, here)
            self._carry(after, here)

        self._following(follow)
        return before, after

    def lines_through(self, offset: ArrayLike = (0.0, 0.0)) -> VGroup:
        """The grid line along which the first variable changes, and that of the second, in both lenses."""
        pairs = VGroup()
        for axis, role in enumerate(_VARIABLES):
            pairs.add(*self.shape(partial(self._line, axis, np.asarray(offset, dtype=float)), role))
        return pairs

    def _line(self, axis: int, offset: Array) -> Array:
        line = np.tile(offset, (_SAMPLES, 1))
        line[:, axis] = np.linspace(self.middle[axis] - self.reach, self.middle[axis] + self.reach, _SAMPLES)
        return line

    def straight(
        self,
        points: Callable[[], Array],
        foot: Callable[[], Array] = lambda: np.zeros(2),
        role: Role = "gradient",
        width: float = theme.CURVE,
        fill: float = 0.0,
    ) -> VMobject:
        """The image of the polyline under the local linear map at *foot* alone."""
        after = _stroked(role, width, fill)

        def follow() -> None:
            here = points()
            self._carry_to(after, here, self.close.linear_map(foot())(here))

        self._following(follow)
        return after

    def arrows(self, foot: ArrayLike, nudge: ArrayLike, role: Role) -> tuple[Arrow, Arrow]:
        """A nudge at *foot*, and the arrow between the images of its ends, as the lenses are now."""
        start = np.asarray(foot, dtype=float)
        end = start + np.asarray(nudge, dtype=float)
        images = self.image.at(self.close(np.stack([start, end])))
        return Arrow(self.source.at(start), self.source.at(end), role), Arrow(images[0], images[1], role)

    def _following(self, follow: Callable[[], None]) -> None:
        self._followers.append(follow)
        follow()

    def on_its_way(self, offset: ArrayLike) -> Array:
        """Where in the frame the plane point *offset* (2,) is now, between its place and its image."""
        start, end = self.source.at(offset), self.image.at(self.close(offset))
        return start + (end - start) * self.share

    def _carry(self, path: VMobject, points: Array) -> None:
        """Draw the image of *points*, or how far they have come on their way to it."""
        self._carry_to(path, points, self.close(points))

    def _carry_to(self, path: VMobject, points: Array, images: Array) -> None:
        if self.share >= 1:
            self.image.trace(path, images)
            return
        start, end = self.source.at(points), self.image.at(images)
        path.set_points_as_corners(start + (end - start) * self.share)

    def _draw_grid(self) -> None:
        """Lines at round places; where the view has become wide for them, finer ones appear between."""
        finest = self.reach / _FINEST
        spacing = float(2.0 ** ceil(log2(finest) - 1e-9))
        emerging = spacing / finest - 1
        low, high = self.middle - self.reach, self.middle + self.reach
        along = np.linspace(0, 1, _SAMPLES)[:, None]
        border = outline(low, 2 * self.reach, _SAMPLES)
        self.source.trace(self.borders[0], border)
        self._carry(self.borders[1], border)
        for axis in (0, 1):
            first = ceil((low[axis] + self.point[axis]) / spacing - 1e-9)
            last = floor((high[axis] + self.point[axis]) / spacing + 1e-9)
            for slot in range(_SLOTS):
                index = axis * _SLOTS + slot
                before, after = self.before[index], self.after[index]
                number = first + slot
                if number > last:
                    before.points, after.points = np.zeros((0, 3)), np.zeros((0, 3))
                    continue
                start, end = low.copy(), high.copy()
                start[axis] = end[axis] = number * spacing - self.point[axis]
                line = start + (end - start) * along
                shown = 1.0 if number % 2 == 0 else emerging
                room = min(start[axis] - low[axis], high[axis] - start[axis])
                shown *= min(1.0, max(0.0, 2 * room / spacing - 0.2))  # it would double the border
                self.source.trace(before, line[[0, -1]])
                self._carry(after, line)
                before.set_stroke(opacity=shown)
                after.set_stroke(opacity=shown)


def outline(corner: ArrayLike, side: float, samples: int = 21) -> Array:
    """The border of a square with lower left *corner* and a *side*, once around, (n, 2)."""
    share = np.linspace(0, 1, samples)[:, None]
    sides = [a + (b - a) * share for a, b in pairwise(_CORNERS)]
    return np.asarray(np.asarray(corner, dtype=float) + side * np.concatenate(sides))


def _thin(role: Role) -> VMobject:
    width = theme.LINE if role == "function" else 0.6 * theme.LINE  # told apart without colour
    return VMobject(stroke_color=theme.shade(role, _TONE), stroke_width=width)


def _stroked(role: Role, width: float, fill: float) -> VMobject:
    paint = theme.color(role)
    return VMobject(stroke_color=paint, stroke_width=width, fill_color=paint, fill_opacity=fill)


class JacobianReadout(VGroup):
    """``J = [ … ]`` with entries that roll: *values* gives the 2×2 matrix of this moment.

    Its columns have the colours of the two variables.
    """

    def __init__(self, values: Callable[[], Array], center: ArrayLike, decimals: int = 1) -> None:
        super().__init__()
        middle = np.asarray(center, dtype=float)
        cells = 5
        name = Formula("{j: J} =", theme.FORMULA, j="gradient")
        entries = []
        for row in (0, 1):
            for column, role in enumerate(_VARIABLES):
                entry = Readout(None, partial(_entry, values, row, column), decimals, cells=cells, role=role)
                entries.append(entry.place(0, 0))
        pitch = entries[0].width + 0.25
        for index, entry in enumerate(entries):
            row, column = divmod(index, 2)
            entry.place(middle[0] + 0.2 + (column - 1) * pitch, middle[1] + 0.28 - 0.8 * row)
        low, high = middle[1] - 0.85, middle[1] + 0.95
        for x, tooth in ((middle[0] - pitch, 0.18), (middle[0] + pitch + 0.25, -0.18)):
            bracket = VMobject(stroke_color=theme.color("text"), stroke_width=theme.LINE)
            bracket.set_points_as_corners(
                np.array([[x + tooth, high, 0], [x, high, 0], [x, low, 0], [x + tooth, low, 0]])
            )
            self.add(bracket)
        name.next_to(np.array([middle[0] - pitch, middle[1], 0.0]), LEFT, buff=0.3)
        self.add(name, *entries)


def _entry(values: Callable[[], Array], row: int, column: int) -> float:
    return float(values()[row, column])
