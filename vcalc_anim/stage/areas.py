"""A product as an area: a rectangle whose two sides grow, with two strips and a corner."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Mobject, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.core import GrowingRectangle
from vcalc_anim.stage import theme
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset

_THINNEST = 1e-3  # frame units; a thinner patch would be an outline only
_HATCH = 0.15  # frame units between the lines of the corner


class GrowingArea(VGroup):
    """The rectangle that ``rectangle`` gives at this moment, its lower left corner at *corner*.

    ``unit`` is the length of 1 in frame units, ``apart`` the frame units by which strips and corner have
    slid away from the old area: 0 joins them. The first factor runs to the right, the second upwards.
    """

    def __init__(
        self,
        rectangle: Callable[[], GrowingRectangle],
        corner: NDArray[np.float64],
        unit: float,
        apart: Callable[[], float] = lambda: 0.0,
    ) -> None:
        super().__init__()
        # In functions, which animations do not copy.
        self._rectangle: Callable[[], GrowingRectangle] = lambda: rectangle()
        self._apart: Callable[[], float] = lambda: apart()
        self._corner, self._unit = corner, unit
        self.base = _patch("function", 0.28)
        self.right_strip, self.upper_strip = _patch("gradient", 0.55), _patch("gradient", 0.55)
        self.new_corner = _patch("error", 0.0)
        self.hatch = VMobject(stroke_color=theme.color("error"), stroke_width=theme.HAIRLINE)
        self.add(self.base, self.right_strip, self.upper_strip, self.new_corner, self.hatch)
        self.add_updater(lambda area: area.refresh(), call_updater=True)

    def refresh(self) -> None:
        """Take the shape of this moment."""
        now = self._rectangle()
        u, v, du, dv = (float(side) * self._unit for side in (now.u, now.v, now.du, now.dv))
        gap = self._apart()
        self._put(self.base, 0, 0, u, v)
        self._put(self.right_strip, u + gap, 0, du, v)
        self._put(self.upper_strip, 0, v + gap, u, dv)
        self._put(self.new_corner, u + gap, v + gap, du, dv)
        self.hatch.points = np.zeros((0, 3))
        for offset in np.arange(_HATCH - dv, du, _HATCH):
            start, end = max(offset, 0.0), min(offset + dv, du)
            if end > start:
                foot = self._corner + [u + gap, v + gap, 0.0]
                self.hatch.start_new_path(foot + [start, start - offset, 0.0])
                self.hatch.add_line_to(foot + [end, end - offset, 0.0])

    def side_names(self, across: str, up: str, size: float = theme.FORMULA) -> tuple[Typeset, Typeset]:
        """Typst maths below and left of the old area."""
        below = Formula(across, size, "function").next_to(self.base, DOWN, buff=0.2)
        beside = Formula(up, size, "function").next_to(self.base, LEFT, buff=0.25)
        return below, beside

    def growth_names(self, across: str, up: str, size: float = theme.LABEL) -> tuple[Typeset, Typeset]:
        """Typst maths below the right strip and left of the upper strip; they follow the growth."""
        below = Formula(across, size, "step")
        beside = Formula(up, size, "step")
        below.set_y(self.base.get_bottom()[1] - 0.2, UP)
        beside.set_x(self.base.get_left()[0] - 0.25, RIGHT)

        def follow(name: Mobject, axis: int) -> None:
            now = self._rectangle()
            old, new = ((now.u, now.du), (now.v, now.dv))[axis]
            middle = (float(old) + float(new) / 2) * self._unit + self._apart()
            name.set_coord(self._corner[axis] + middle, axis)

        below.add_updater(lambda name: follow(name, 0), call_updater=True)
        beside.add_updater(lambda name: follow(name, 1), call_updater=True)
        return below, beside

    def _put(self, patch: VMobject, x: float, y: float, width: float, height: float) -> None:
        if min(width, height) < _THINNEST:
            patch.points = np.zeros((0, 3))
            return
        a = self._corner + [x, y, 0.0]
        across, up = np.array([width, 0.0, 0.0]), np.array([0.0, height, 0.0])
        patch.set_points_as_corners([a, a + across, a + across + up, a + up, a])


def _patch(role: Role, opacity: float) -> VMobject:
    paint = theme.color(role)
    return VMobject(fill_color=paint, fill_opacity=opacity, stroke_color=paint, stroke_width=theme.LINE)
