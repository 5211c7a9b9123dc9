"""A contour map that can be zoomed without end: new contours appear between the old ones.

The window shrinks and every line is drawn anew in it, so strokes keep their width. Contours are as
dense on screen at the end as at the start: a spacing that has grown is halved.
"""

from __future__ import annotations

from math import ceil, floor, log2

import numpy as np
from manim import Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarField, Window, level_curves
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dot
from vcalc_anim.stage.zones import Zone

_DENSEST = 0.42  # frame units between two lines when the next finer spacing starts to appear
_SLOTS = 48  # lines that can be visible at once


class ZoomMap(VGroup):
    """Contours of *surface* around *center*; :meth:`zoom_to` sets the width of the window.

    The line through the centre is always there and bright.
    """

    def __init__(self, surface: ScalarField, center: ArrayLike, zone: Zone, width: float) -> None:
        super().__init__()
        self.surface, self.zone = surface, zone
        self.center_point = np.asarray(center, dtype=float)
        self.height = 0.0
        self.steepness = float(np.linalg.norm(surface.gradient(self.center_point)))
        self.frame_box = Rectangle(
            width=zone.width, height=zone.height, stroke_color=theme.color("grid"), stroke_width=theme.LINE
        ).move_to(zone.center)
        self.slots = VGroup(*(VMobject(stroke_width=theme.LINE) for _ in range(_SLOTS)))
        self.middle = VMobject(stroke_color=theme.color("function"), stroke_width=theme.CURVE)
        self.add(self.frame_box, self.slots, self.middle)
        self.zoom_to(width)

    def walker(self) -> VMobject:
        """A dot at the centre."""
        return dot(self.at(self.center_point))

    @property
    def unit(self) -> float:
        """Frame units per unit of the plane."""
        return self.zone.width / self.window.width

    def at(self, points: ArrayLike) -> NDArray[np.float64]:
        """Frame positions (..., 3) of plane points (..., 2)."""
        values = np.asarray(points, dtype=float) - self.center_point
        mapped = np.zeros((*values.shape[:-1], 3))
        mapped[..., :2] = values * self.unit
        return mapped + self.zone.center

    def zoom_to(self, width: float) -> None:
        """Redraw in a window of *width* plane units around the centre."""
        half_w, half_h = width / 2, width / 2 * self.zone.height / self.zone.width
        x, y = self.center_point
        self.window = Window(x - half_w, x + half_w, y - half_h, y + half_h)
        tone = theme.shade("function", 0.1)
        base = float(self.surface(self.center_point))
        # The spacing 2^k whose lines stand between one and two times the densest distance apart.
        finest = _DENSEST / self.unit * self.steepness
        spacing = 2.0 ** ceil(log2(finest))
        emerging = spacing / finest - 1  # 0 when this spacing has just appeared, 1 when it is full
        corners = self.surface(self.window.grid(9, 9))
        low, high = floor((corners.min() - base) / spacing), ceil((corners.max() - base) / spacing)
        lines = [k for k in range(low, high + 1) if k != 0]
        for slot in self.slots:
            slot.points = np.zeros((0, 3))
        for slot, k in zip(self.slots, sorted(lines, key=abs), strict=False):
            self._trace(slot, base + k * spacing)
            slot.set_stroke(tone, opacity=1.0 if k % 2 == 0 else emerging)
        self._trace(self.middle, base)

    def _trace(self, path: VMobject, level: float) -> None:
        path.points = np.zeros((0, 3))
        for piece in level_curves(self.surface, level, self.window):
            path.start_new_path(self.at(piece[0]))
            path.add_points_as_corners(self.at(piece[1:]))
