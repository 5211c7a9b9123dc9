"""A small padlock: the mark of a variable that is held still."""

from __future__ import annotations

from math import pi

import numpy as np
from manim import Animation, Arc, Mobject, RoundedRectangle, UpdateFromAlphaFunc, VGroup, VMobject, smooth
from numpy.typing import ArrayLike

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3

_OPEN = 0.45  # how far the shackle stands up when open, in units of the lock's size


class Lock(VGroup):
    """A padlock of *size* units around *center*, open until :meth:`close` is played (or ``closed`` is set)."""

    def __init__(self, center: ArrayLike, size: float = 0.42, closed: bool = False) -> None:
        super().__init__()
        paint = theme.color("quiet")
        middle = point3(center)
        body = RoundedRectangle(
            corner_radius=0.08 * size,
            width=0.8 * size,
            height=0.56 * size,
            stroke_width=0,
            fill_color=paint,
            fill_opacity=1,
        ).move_to(middle + [0, -0.22 * size, 0])
        top = middle + [0.0, 0.06 * size, 0.0]
        bow = Arc(0.25 * size, 0, pi, arc_center=top + [0, 0.12 * size, 0])
        self.shackle = VMobject(stroke_color=paint, stroke_width=theme.CURVE)
        self.shackle.set_points_as_corners([top + [0.25 * size, -0.02 * size, 0], bow.points[0]])
        self.shackle.add_line_to(bow.points[0])
        self.shackle.append_points(bow.points)
        self.shackle.add_line_to(top + [-0.25 * size, -0.02 * size, 0])
        self._lift = np.array([0.0, 0.0 if closed else _OPEN * size, 0.0])
        self.shackle.shift(self._lift)
        self.add(self.shackle, body)

    def close(self, run_time: float = 0.4) -> Animation:
        """The shackle snaps in."""
        lift, self._lift = self._lift, np.zeros(3)
        start = self.shackle.points.copy()

        def sink(_: Mobject, alpha: float) -> None:
            self.shackle.points = start - lift * alpha

        return UpdateFromAlphaFunc(self.shackle, sink, run_time=run_time, rate_func=smooth)
