"""A curve under the microscope: the window around one of its points shrinks, and all is drawn anew in it.

Strokes and labels keep their size, and heights are taken from the point itself, so that a view a
millionth wide loses no digits. Ticks slide out to the sides while finer ones appear near the middle.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, log10

import numpy as np
from manim import DOWN, UP, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import Line, ScalarFunction, Window, rounded
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dot, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

_SAMPLES = 241
_MARGIN = 1.14  # of the half width: what is compared at ±h stands clear of the frame
_NEAREST = 0.36  # of the half width: a tick nearer to the middle would crowd its label
_TICK = 0.1


class CloseUp(VGroup):
    """The graph of *function* around *x0*, between x₀ − h and x₀ + h; :meth:`zoom_to` sets h.

    ``rise`` is the height of half the view in units of h: 1 shows a slope of 1 as a diagonal.
    ``finest`` is the smallest h that will be shown. Straight lines come in by :meth:`line`, the gap
    between curve and line at x₀ + h by :meth:`gap`; both follow every zoom.
    """

    def __init__(
        self,
        function: ScalarFunction,
        x0: float,
        zone: Zone,
        half_width: float,
        finest: float,
        rise: float,
    ) -> None:
        super().__init__()
        self.function, self.x0, self.rise = function, float(x0), rise
        self.y0 = float(function(self.x0))
        below = 0.55
        self.area = Zone(zone.left, zone.right, zone.bottom + below, zone.top)
        self.frame_box = Rectangle(
            width=self.area.width,
            height=self.area.height,
            stroke_color=theme.color("grid"),
            stroke_width=theme.LINE,
        ).move_to(self.area.center)
        self._window = Window(-_MARGIN, _MARGIN, -rise * _MARGIN, rise * _MARGIN)
        self._followers: list[Callable[[], None]] = []
        self._shown: dict[int, float] = {}
        self._ticks = [(0.0, self._tick(0.0))]
        for exponent in range(floor(log10(finest)) - 1, ceil(log10(half_width)) + 1):
            for digit in (1, 2, 5):
                offset = digit * 10.0**exponent
                if finest * _NEAREST < offset <= half_width * _MARGIN:
                    self._ticks += [(side * offset, self._tick(side * offset)) for side in (-1, 1)]
        self.ticks = VGroup(*(tick for _, tick in self._ticks))
        # Wide, so that it stays visible beneath a line that it cannot be told from.
        self.curve = VMobject(stroke_color=theme.color("function"), stroke_width=2.2 * theme.CURVE)
        # On top of the lines that join later; taking it out to the front would take the view apart.
        self.point = dot(self.at([0.0, 0.0]), "text", radius=0.13).set_z_index(1)
        self.add(self.frame_box, self.ticks, self.curve, self.point)
        self.zoom_to(half_width)

    def at(self, offsets: ArrayLike) -> NDArray[np.float64]:
        """Frame positions (..., 3) of offsets (..., 2) from the point, in units of h."""
        values = np.asarray(offsets, dtype=float)
        mapped = np.zeros((*values.shape[:-1], 3))
        mapped[..., 0] = self.area.center[0] + values[..., 0] * self.area.width / 2 / _MARGIN
        mapped[..., 1] = self.area.center[1] + values[..., 1] * self.area.height / 2 / _MARGIN / self.rise
        return mapped

    def zoom_to(self, half_width: float) -> None:
        """Show x₀ − h to x₀ + h with h = *half_width*."""
        self.half_width = half_width
        for offset, tick in self._ticks:
            self._place(tick, offset / half_width)
        self._trace(self.curve, self._rise_of(self.function))
        for follow in self._followers:
            follow()

    def line(self, line: Callable[[float], Line], role: Role = "gradient") -> VMobject:
        """The straight line that *line* gives for each h, drawn through the whole view."""
        path = VMobject(stroke_color=theme.color(role), stroke_width=theme.CURVE)

        def follow() -> None:
            self._trace(path, self._rise_of(line(self.half_width)))

        return self._following(path, follow)

    def gap(
        self,
        line: Callable[[float], Line],
        role: Role = "error",
        share: Callable[[], float] = lambda: 1.0,
        shift: float = 0.0,
    ) -> VMobject:
        """The stick from the line to the curve at *share* of the half width, moved *shift* units aside."""
        stick = VMobject(stroke_color=theme.color(role), stroke_width=1.6 * theme.STICK)

        def follow() -> None:
            x = self.x0 + share() * self.half_width
            ends = [
                self.at([share(), (float(f(x)) - self.y0) / self.half_width])
                for f in (line(self.half_width), self.function)
            ]
            stick.set_points_as_corners(ends).shift(np.array([shift, 0.0, 0.0]))

        return self._following(stick, follow)

    def width_arrow(self, maths: str = "h", share: Callable[[], float] = lambda: 1.0) -> VGroup:
        """The arrow along the lower edge from x₀ to *share* of the half width, with its name."""
        low = -self.rise * _MARGIN * 0.86
        arrow = Arrow(self.at([0.0, low]), self.at([1.0, low]), "step", tip=0.26)
        name = Formula(maths, theme.LABEL, "step").next_to(arrow, UP, buff=0.12)

        def follow() -> None:
            arrow.put(self.at([0.0, low]), self.at([share(), low]))
            name.set_x(self.at([max(share() / 2, 0.06), low])[0])

        self._followers.append(follow)
        follow()
        return VGroup(arrow, name)

    def _following(self, path: VMobject, follow: Callable[[], None]) -> VMobject:
        self._followers.append(follow)
        follow()
        return path

    def _rise_of(self, heights: Callable[[ArrayLike], ArrayLike]) -> Callable[[ArrayLike], ArrayLike]:
        return lambda x: (np.asarray(heights(x)) - self.y0) / self.half_width

    def _trace(self, path: VMobject, rise: Callable[[ArrayLike], ArrayLike]) -> None:
        offsets = np.linspace(-_MARGIN, _MARGIN, _SAMPLES)
        x = self.x0 + offsets * self.half_width
        inside = self.function.contains(x)
        points = np.column_stack([offsets[inside], rise(x[inside])])
        path.points = np.zeros((0, 3))
        for piece in self._window.clip(points).pieces:
            path.start_new_path(self.at(piece[0]))
            path.add_points_as_corners(self.at(piece[1:]))

    def _tick(self, offset: float) -> VGroup:
        foot = np.array([self.area.center[0], self.area.bottom, 0.0])
        label = Text(rounded(self.x0 + offset, 7, trim=True).text, theme.SMALL, "quiet")
        label.next_to(foot + DOWN * _TICK, DOWN, buff=0.14)
        return VGroup(stroke(foot, foot + DOWN * _TICK), label)

    def _place(self, tick: VGroup, share: float) -> None:
        """Move a tick to *share* of the half width; near the middle it appears, beyond the frame it is gone."""
        distance = abs(share)
        shown = 1.0 if share == 0 else min(1.0, max(0.0, (distance - _NEAREST) / 0.12))
        if distance > 1.02:
            shown = 0.0
        tick.set_x(self.at([share if shown else 0.0, 0.0])[0])
        if shown != self._shown.get(id(tick)):  # only a change: a dimmed tick stays dimmed
            self._shown[id(tick)] = shown
            tick[0].set_stroke(opacity=shown)
            tick[1].set_fill(opacity=shown)
