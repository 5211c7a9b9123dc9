"""A window onto the plane: axes, curves, contour maps and fields, drawn from core values.

A plot maps a :class:`~vcalc_anim.core.Window` to a zone of the frame. To zoom, make another plot with
another window: strokes and labels keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Line, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarField, Window, level_curves, nice_ticks, rounded
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, point3, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text, Typeset
from vcalc_anim.stage.zones import Zone

_TICK = 0.09
_LABEL_BUFF = 0.14


class Plot(VGroup):
    """Axes with ticks and labels around the *window*, filling *zone*.

    ``equal`` widens the window until one unit is as long in x as in y: needed wherever an angle or an
    area is looked at. Tick labels stand outside the window, so that nothing drawn in it crosses them.
    """

    def __init__(
        self,
        window: Window,
        zone: Zone,
        *,
        equal: bool = False,
        x_label: str | None = "x",
        y_label: str | None = "y",
        x_role: Role = "first",
        y_role: Role = "second",
        x_ticks: ArrayLike | None = None,
        y_ticks: ArrayLike | None = None,
        tick_size: float = theme.SMALL,
        tick_text: Callable[[float], str] | None = None,
        y_text: Callable[[float], str] | None = None,
        axis_at: Literal["zero", "border"] = "zero",
    ) -> None:
        super().__init__()
        text = tick_text or (lambda value: rounded(value, 3, trim=True).text)
        x_values = (
            nice_ticks(window.x_min, window.x_max, 6) if x_ticks is None else np.asarray(x_ticks, dtype=float)
        )
        y_values = (
            nice_ticks(window.y_min, window.y_max, 5) if y_ticks is None else np.asarray(y_ticks, dtype=float)
        )
        y_texts = [Text((y_text or text)(float(v)), tick_size, "quiet") for v in y_values]
        x_texts = [Text(text(float(v)), tick_size, "quiet") for v in x_values]
        left = max((t.width for t in y_texts), default=0.0) + _TICK + _LABEL_BUFF
        below = max((t.height for t in x_texts), default=0.0) + _TICK + _LABEL_BUFF
        right = 0.0 if x_label is None else 0.55
        above = 0.0 if y_label is None else 0.5
        self.area = Zone(zone.left + left, zone.right - right, zone.bottom + below, zone.top - above)
        self.window = _equalised(window, self.area) if equal else window
        self.frame_box = Rectangle(
            width=self.area.width,
            height=self.area.height,
            stroke_color=theme.color("grid"),
            stroke_width=theme.LINE,
        ).move_to(self.area.center)
        self.axes = VGroup(*self._axis_lines(axis_at))
        self.ticks = VGroup()
        self.tick_labels = VGroup()
        for value, label in zip(x_values, x_texts, strict=True):
            foot = self.at([value, self.window.y_min])
            self.ticks.add(stroke(foot, foot + DOWN * _TICK))
            label.next_to(foot + DOWN * _TICK, DOWN, buff=_LABEL_BUFF)
            label.align_baseline(foot[1] - below)  # −π is lower than 0, but stands on the same line
            self.tick_labels.add(label)
        for value, label in zip(y_values, y_texts, strict=True):
            foot = self.at([self.window.x_min, value])
            self.ticks.add(stroke(foot, foot + LEFT * _TICK))
            label.next_to(foot + LEFT * _TICK, LEFT, buff=_LABEL_BUFF)
            self.tick_labels.add(label)
        self.names = VGroup()
        if x_label is not None:
            end = self.at([self.window.x_max, self._zero_or_border(axis_at)[1]])
            self.names.add(Formula(x_label, theme.LABEL, x_role).next_to(end, RIGHT, buff=0.18))
        if y_label is not None:
            end = self.at([self._zero_or_border(axis_at)[0], self.window.y_max])
            self.names.add(Formula(y_label, theme.LABEL, y_role).next_to(end, UP, buff=0.16))
        self.add(self.frame_box, self.axes, self.ticks, self.tick_labels, self.names)

    # -- mapping --------------------------------------------------------------------------------------

    @property
    def unit_x(self) -> float:
        """Frame units per unit of x."""
        return self.area.width / self.window.width

    @property
    def unit_y(self) -> float:
        """Frame units per unit of y."""
        return self.area.height / self.window.height

    def at(self, points: ArrayLike) -> NDArray[np.float64]:
        """Frame positions (..., 3) of plane points (..., 2)."""
        values = np.asarray(points, dtype=float)
        mapped = np.zeros((*values.shape[:-1], 3))
        mapped[..., 0] = self.area.left + (values[..., 0] - self.window.x_min) * self.unit_x
        mapped[..., 1] = self.area.bottom + (values[..., 1] - self.window.y_min) * self.unit_y
        return mapped

    def vector(self, vector: ArrayLike) -> NDArray[np.float64]:
        """A displacement of the plane (2,) as a displacement of the frame (3,)."""
        dx, dy = np.asarray(vector, dtype=float)
        return np.array([dx * self.unit_x, dy * self.unit_y, 0.0])

    # -- what can be drawn in it ----------------------------------------------------------------------

    def path(self, points: ArrayLike, role: Role = "function", width: float = theme.CURVE) -> VMobject:
        """A polyline through plane points (n, 2), clipped at the window's border."""
        return self.set_path(VMobject(stroke_color=theme.color(role), stroke_width=width), points)

    def set_path(self, path: VMobject, points: ArrayLike) -> VMobject:
        """Give *path* the shape of the polyline through *points* (n, 2), clipped: cheap enough for every frame."""
        path.clear_points()
        for piece in self.window.clip(np.asarray(points, dtype=float)).pieces:
            if len(piece) > 1:
                path.start_new_path(self.at(piece[0]))
                path.add_points_as_corners(self.at(piece[1:]))
        return path

    def contours(self, surface: ScalarField, levels: Sequence[float], role: Role = "function") -> VGroup:
        """Level curves of *surface*, one subgroup a level; higher levels are brighter."""
        group = VGroup()
        for index, level in enumerate(levels):
            tone = theme.shade(role, 0.7 * index / max(1, len(levels) - 1))
            curve = VGroup()
            for points in level_curves(surface, level, self.window):
                piece = self.path(points, role, theme.LINE)
                curve.add(piece.set_stroke(tone))
            group.add(curve)
        return group

    def contour_labels(
        self, surface: ScalarField, levels: Sequence[float], ray: ArrayLike, size: float = theme.MINIMUM
    ) -> VGroup:
        """The value of each level, on a patch of background where the ray from the origin along *ray* crosses it."""
        direction = np.asarray(ray, dtype=float)
        labels = VGroup()
        for level in levels:
            crossing = _crossing(surface, level, direction, self.window)
            if crossing is None:
                continue
            label = Text(rounded(level, 2, trim=True).text, size, "quiet").move_to(self.at(crossing))
            if not self.area.inset(0.12).holds(label):
                continue
            if (
                len(labels)
                and np.linalg.norm(label.get_center() - labels[-1].get_center()) < 2.2 * label.width
            ):
                continue
            patch = Rectangle(
                width=label.width + 0.16,
                height=label.height + 0.16,
                stroke_width=0,
                fill_color=theme.color("background"),
                fill_opacity=1,
            ).move_to(label)
            labels.add(VGroup(patch, label))
        return labels

    def arrow(self, start: ArrayLike, vector: ArrayLike, role: Role = "gradient", **style: float) -> Arrow:
        """An arrow from a plane point along a plane vector, at the plot's scale."""
        return Arrow(self.at(start), self.at(start) + self.vector(vector), role, **style)

    def _zero_or_border(self, axis_at: str) -> tuple[float, float]:
        x = 0.0 if axis_at == "zero" and self.window.x_min < 0 < self.window.x_max else self.window.x_min
        y = 0.0 if axis_at == "zero" and self.window.y_min < 0 < self.window.y_max else self.window.y_min
        return x, y

    def _axis_lines(self, axis_at: str) -> list[Line]:
        x, y = self._zero_or_border(axis_at)
        return [
            stroke(self.at([self.window.x_min, y]), self.at([self.window.x_max, y])),
            stroke(self.at([x, self.window.y_min]), self.at([x, self.window.y_max])),
        ]


def label_beside(text: Typeset, anchor: ArrayLike, direction: ArrayLike, buff: float = 0.18) -> Typeset:
    """Put *text* next to *anchor* on the side of *direction* (any vector), clear of it by *buff*."""
    away = point3(direction)
    away = away / np.linalg.norm(away)
    reach = abs(away[0]) * text.width / 2 + abs(away[1]) * text.height / 2
    text.move_to(point3(anchor) + away * (reach + buff))
    return text.halo()


def legend(zone: Zone, entries: Sequence[tuple[Role, str]]) -> VGroup:
    """One row per entry at the top of *zone*: a piece of line in the role's colour and its name."""
    rows = VGroup()
    for index, (role, words) in enumerate(entries):
        y = zone.top - 0.7 - 0.75 * index
        sample = stroke([zone.left + 0.2, y], [zone.left + 1.0, y], role, theme.STICK)
        name = Text(words, theme.LABEL, role).next_to(sample, RIGHT, buff=0.25).align_baseline(y - 0.12)
        rows.add(VGroup(sample, name))
    return rows


def _equalised(window: Window, area: Zone) -> Window:
    """*window* widened about its centre in one direction until both units are equally long in *area*."""
    scale = min(area.width / window.width, area.height / window.height)
    grow_x = area.width / scale / window.width
    grow_y = area.height / scale / window.height
    cx, cy = (window.x_min + window.x_max) / 2, (window.y_min + window.y_max) / 2
    half_x, half_y = window.width * grow_x / 2, window.height * grow_y / 2
    return Window(cx - half_x, cx + half_x, cy - half_y, cy + half_y)


def _crossing(
    surface: ScalarField, level: float, direction: NDArray[np.float64], window: Window
) -> NDArray[np.float64] | None:
    """Where the ray from the origin along *direction* first meets *level* inside *window*; None if it does not."""
    reach = np.hypot(window.width, window.height) / np.linalg.norm(direction)
    points = np.linspace(0, reach, 2000)[:, None] * direction
    points = points[window.contains(points)]
    above = surface(points) >= level
    crossings = np.flatnonzero(above[1:] != above[:-1])
    if len(crossings) == 0:
        return None
    index = crossings[0]
    low, high = surface(points[index]), surface(points[index + 1])
    share = (level - low) / (high - low)
    return np.array(points[index] + share * (points[index + 1] - points[index]))
