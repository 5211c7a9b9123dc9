"""Darkness that leaves a lit circle: only what can be felt close by is seen."""

from __future__ import annotations

from manim import Circle, Cutout, Rectangle, VGroup
from numpy.typing import ArrayLike

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.zones import Zone

_DENSITY = 0.94


class Fog(VGroup):
    """The background's colour over *zone*, almost opaque, but for a circle of *radius* units around *center*."""

    def __init__(self, zone: Zone, center: ArrayLike, radius: float) -> None:
        rim = Circle(radius=radius, color=theme.color("frozen"), stroke_width=theme.HAIRLINE)
        rim.move_to(point3(center))
        dark = Rectangle(width=zone.width, height=zone.height).move_to(zone.center)
        veil = Cutout(
            dark, rim.copy(), stroke_width=0, fill_opacity=_DENSITY, fill_color=theme.color("background")
        )
        super().__init__(veil, rim)
        self.veil, self.rim = veil, rim
