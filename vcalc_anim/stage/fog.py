"""Darkness that leaves a lit circle: only what can be felt close by is seen."""

from __future__ import annotations

from manim import Circle, Cutout, Intersection, Rectangle, VGroup
from numpy.typing import ArrayLike

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.zones import Zone

_DENSITY = 0.94


class Fog(VGroup):
    """A veil over *zone*, almost opaque, but for a circle of *radius* units around *center*.

    It has the background's colour, which makes it darkness; another *role* makes it a bank of fog.
    """

    def __init__(self, zone: Zone, center: ArrayLike, radius: float, role: Role = "background") -> None:
        rim = Circle(radius=radius, color=theme.color("frozen"), stroke_width=theme.HAIRLINE)
        rim.move_to(point3(center))
        dark = Rectangle(width=zone.width, height=zone.height).move_to(zone.center)
        if not zone.holds(rim):
            rim.points = Intersection(rim, dark).points
        veil = Cutout(dark, rim.copy(), stroke_width=0, fill_opacity=_DENSITY, fill_color=theme.color(role))
        super().__init__(veil, rim)
        self.veil, self.rim = veil, rim
