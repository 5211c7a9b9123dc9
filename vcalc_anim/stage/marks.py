"""Arrows, sticks, dots and right angles that move by being told where to be.

Manim's Arrow rebuilds its tip and its stroke when it is scaled; these keep the tip's size and are
cheap enough to be placed anew on every frame.
"""

from __future__ import annotations

import numpy as np
from manim import (
    Animation,
    Arc,
    DashedVMobject,
    Dot,
    Line,
    Mobject,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    smooth,
)
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.theme import Role

Point = NDArray[np.float64]


def point3(point: ArrayLike) -> Point:
    """A point of the frame as three numbers (z = 0 when two are given)."""
    values = np.asarray(point, dtype=float)
    return np.array([values[0], values[1], 0.0]) if values.shape == (2,) else values


class Arrow(VGroup):
    """A straight arrow from *start* to *end*; the tip shrinks only when the arrow is shorter than it."""

    def __init__(
        self,
        start: ArrayLike,
        end: ArrayLike,
        role: Role = "gradient",
        width: float = theme.STICK,
        tip: float = 0.32,
    ) -> None:
        super().__init__()
        paint = theme.color(role)
        self.tip_length = tip
        self.shaft = VMobject(stroke_color=paint, stroke_width=width)
        self.head = VMobject(fill_color=paint, fill_opacity=1, stroke_width=0)
        self.add(self.shaft, self.head)
        self.put(start, end)

    def put(self, start: ArrayLike, end: ArrayLike) -> Arrow:
        """Move both ends; an arrow of length zero vanishes."""
        a, b = point3(start), point3(end)
        self.start, self.end = a, b
        length = float(np.linalg.norm(b - a))
        if length < 1e-9:
            self.shaft.points = np.zeros((0, 3))
            self.head.points = np.zeros((0, 3))
            return self
        along = (b - a) / length
        across = np.array([-along[1], along[0], 0.0])
        tip = min(self.tip_length, length * 0.7)
        neck = b - along * tip
        self.shaft.set_points_as_corners([a, neck + along * tip * 0.3])
        self.head.set_points_as_corners(
            [b, neck + across * tip * 0.42, neck + along * tip * 0.2, neck - across * tip * 0.42, b]
        )
        return self

    def grow(self, run_time: float = 0.8) -> Animation:
        """Grow from the tail to where the arrow ends now."""
        start, end = self.start, self.end

        def extend(arrow: Mobject, alpha: float) -> None:
            self.put(start, start + (end - start) * alpha)

        self.put(start, start)
        return UpdateFromAlphaFunc(self, extend, run_time=run_time, rate_func=smooth)


class Stick(VMobject):
    """A straight piece of *length* units through a point at a slope: a tangent, a needle."""

    def __init__(self, role: Role = "gradient", width: float = theme.STICK) -> None:
        super().__init__(stroke_color=theme.color(role), stroke_width=width)

    def put(self, start: ArrayLike, end: ArrayLike) -> Stick:
        self.set_points_as_corners([point3(start), point3(end)])
        return self


def stroke(start: ArrayLike, end: ArrayLike, role: Role = "frozen", width: float = theme.HAIRLINE) -> Line:
    """A plain straight line."""
    return Line(point3(start), point3(end), color=theme.color(role), stroke_width=width)


def dot(at: ArrayLike, role: Role = "text", radius: float = 0.11) -> Dot:
    """A filled dot with a rim in the background's colour, so that it stands out on lines."""
    mark = Dot(point3(at), radius=radius, color=theme.color(role))
    return mark.set_stroke(theme.color("background"), width=2.5, background=True)


def right_angle(corner: ArrayLike, first: ArrayLike, second: ArrayLike, size: float = 0.26) -> VMobject:
    """The small square at *corner* between the directions *first* and *second*."""
    c, u, v = point3(corner), point3(first), point3(second)
    u, v = u / np.linalg.norm(u) * size, v / np.linalg.norm(v) * size
    square = VMobject(stroke_color=theme.color("text"), stroke_width=theme.LINE)
    return square.set_points_as_corners([c + u, c + u + v, c + v])


def angle_arc(
    corner: ArrayLike, first: ArrayLike, second: ArrayLike, radius: float, role: Role = "error"
) -> Arc:
    """The arc at *corner* from the direction *first* to the direction *second*, the short way round."""
    start, end = (np.arctan2(v[1], v[0]) for v in (point3(first), point3(second)))
    turn = (end - start + np.pi) % (2 * np.pi) - np.pi
    return Arc(
        radius, start, turn, arc_center=point3(corner), color=theme.color(role), stroke_width=theme.CURVE
    )


def dashed(start: ArrayLike, end: ArrayLike, role: Role = "quiet", width: float = theme.LINE) -> VMobject:
    """A dashed line with dashes of equal length."""
    a, b = point3(start), point3(end)
    line = stroke(a, b, role, width)
    count = max(2, int(np.linalg.norm(b - a) / 0.22))
    return DashedVMobject(line, num_dashes=count, dashed_ratio=0.55)


def cross(center: ArrayLike, size: float = 0.3, role: Role = "error") -> VGroup:
    """A cross: the mark of what is wrong, readable without colour."""
    c = point3(center)
    d = np.array([size / 2, size / 2, 0.0])
    e = np.array([size / 2, -size / 2, 0.0])
    return VGroup(stroke(c - d, c + d, role, theme.STICK), stroke(c - e, c + e, role, theme.STICK))


def tick(center: ArrayLike, size: float = 0.34, role: Role = "right") -> VMobject:
    """A tick: the mark of what is right."""
    c = point3(center)
    mark = VMobject(stroke_color=theme.color(role), stroke_width=theme.STICK)
    return mark.set_points_as_corners(
        [c + [-size / 2, 0, 0], c + [-size / 8, -size * 0.35, 0], c + [size / 2, size * 0.4, 0]]
    )


def hatching(outline: VMobject, role: Role = "error", spacing: float = 0.16) -> VGroup:
    """Slanted lines filling the bounding box of *outline*: red alone must not carry a meaning."""
    left, bottom = outline.get_left()[0], outline.get_bottom()[1]
    right, height = outline.get_right()[0], outline.height
    lines = VGroup()
    for offset in np.arange(left - height + spacing, right, spacing):
        start, end = max(offset, left), min(offset + height, right)
        lines.add(stroke([start, bottom + start - offset], [end, bottom + end - offset], role))
    return lines
