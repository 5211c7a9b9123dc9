"""Guiding the eye: dim what is not talked about, point at what is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from manim import (
    Animation,
    Arc,
    Group,
    Mobject,
    Rectangle,
    Scene,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    linear,
    there_and_back,
)
from numpy.typing import ArrayLike

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role

_OPACITIES = ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas")


class Dim(Animation):
    """Fade *mobjects* to *level* of their full opacity; ``Dim(…, level=1)`` brings them back.

    Unlike ``set_opacity`` this keeps each part's own opacity: lines without a fill stay without one.
    """

    def __init__(self, *mobjects: Mobject, level: float = 0.25, run_time: float = 0.5, **kwargs: Any) -> None:
        self._level = level
        self._targets = mobjects
        super().__init__(Group(*mobjects), run_time=run_time, **kwargs)

    def is_introducer(self) -> bool:
        return True  # else Manim would add the group, and so bring its parts to the front

    def _setup_scene(self, scene: Scene) -> None:
        shown = scene.get_mobject_family_members()
        scene.add(*(mobject for mobject in self._targets if mobject not in shown))

    def begin(self) -> None:
        family = [part for mobject in self._targets for part in _painted(mobject)]
        self._parts = [(part, getattr(part, "dimmed_to", 1.0)) for part in family]
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        for part, start in self._parts:
            _dim(part, start + (self._level - start) * share)


def dim(mobject: Mobject, level: float = 0.25) -> Mobject:
    """Dim at once, for what is part of the opening picture."""
    for part in _painted(mobject):
        _dim(part, level)
    return mobject


def erase(mobject: Mobject) -> None:
    """Take all outlines of *mobject* away, for what is replaced in the middle of a play.

    Manim goes on drawing whatever was on stage when the play began, also when it is part of nothing any more.
    """
    for part in mobject.family_members_with_points():
        part.points = np.zeros((0, 3))


def _painted(mobject: Mobject) -> Iterator[VMobject]:
    return (part for part in mobject.get_family() if isinstance(part, VMobject))


def _dim(part: VMobject, level: float) -> None:
    before = getattr(part, "dimmed_to", 1.0)
    if level == before:
        return
    for name in _OPACITIES:
        rgbas = getattr(part, name, None)
        if rgbas is None or len(rgbas) == 0:
            continue
        full = getattr(part, f"full_{name}", None)
        if before == 1.0 or full is None:
            full = np.array(rgbas)
            setattr(part, f"full_{name}", full)
        dimmed = full.copy()
        dimmed[:, 3] *= level
        setattr(part, name, dimmed)
    part.__dict__["dimmed_to"] = level


class Pulse(Animation):
    """Swell and settle once: the thing that this word means."""

    def __init__(self, mobject: Mobject, scale: float = 1.25, run_time: float = 0.7, **kwargs: Any) -> None:
        self._scale = scale
        super().__init__(mobject, run_time=run_time, rate_func=there_and_back, **kwargs)

    def interpolate_submobject(self, submobject: Mobject, starting: Mobject, alpha: float) -> Animation:
        center = self.starting_mobject.get_center()
        factor = 1 + (self._scale - 1) * self.rate_func(alpha)
        submobject.points = (starting.points - center) * factor + center
        return self


def boxed(mobject: Mobject, role: Role = "step", buff: float = 0.14) -> Rectangle:
    """A thin frame around *mobject*."""
    return Rectangle(
        width=mobject.width + 2 * buff,
        height=mobject.height + 2 * buff,
        stroke_color=theme.color(role),
        stroke_width=theme.LINE,
    ).move_to(mobject)


class CountdownRing(VGroup):
    """A thin ring that empties clockwise while the viewer thinks; :meth:`run` is its animation."""

    def __init__(self, center: ArrayLike, radius: float = 0.42) -> None:
        super().__init__()
        self._middle, self._radius = point3(center), radius
        self.track = self._arc(1.0).set_stroke(theme.color("grid"), theme.LINE)
        self.remainder = self._arc(1.0).set_stroke(theme.color("step"), theme.STICK)
        self.add(self.track, self.remainder)

    def run(self, seconds: float) -> Animation:
        """Empty the ring in *seconds*."""

        def empty(_: Mobject, alpha: float) -> None:
            self.remainder.points = self._arc(max(1e-3, 1 - alpha)).points

        return UpdateFromAlphaFunc(self, empty, run_time=seconds, rate_func=linear)

    def _arc(self, share: float) -> Arc:
        """The last *share* of a clockwise turn that ends at the top."""
        start = np.pi / 2 - 2 * np.pi * (1 - share)
        return Arc(self._radius, start, -2 * np.pi * share, arc_center=self._middle)
