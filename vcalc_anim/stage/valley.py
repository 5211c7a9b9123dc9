"""A valley seen from the side, and descent hopping in it from wall to wall."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarFunction, Window, nice_ticks
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dot
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.zones import Zone

_SAMPLES = 240
_TRAIL = 5  # hops that stay visible, fading


class Valley(Plot):
    """The curve of a function of one variable with a dot on it that hops through the positions of a run.

    A hop is drawn straight, from landing to landing. When a landing lies outside the window the dot
    stops at the border, and an arrow shows that it left.
    """

    def __init__(
        self,
        curve: ScalarFunction,
        window: Window,
        zone: Zone,
        name: str,
        role: Role,
        value_name: str | None = "f",
    ) -> None:
        ticks = nice_ticks(window.x_min, window.x_max, 4)
        super().__init__(
            window,
            zone,
            x_label=name,
            y_label=value_name,
            x_role=role,
            y_role="function",
            x_ticks=ticks,
            axis_at="border",
            y_ticks=(),
        )
        self.function = curve
        xs = np.linspace(window.x_min, window.x_max, _SAMPLES)
        self.curve = self.path(np.column_stack([xs, curve(xs)]), "function")
        self.trail = VGroup(
            *(
                VMobject(stroke_color=theme.color("step"), stroke_width=theme.LINE).set_stroke(
                    opacity=1 - index / _TRAIL
                )
                for index in range(_TRAIL)
            )
        )
        self.rider = dot(self.at([0.0, 0.0]), role, radius=0.16)
        self.exit = Arrow(self.rider.get_center(), self.rider.get_center(), "error")
        self.add(self.curve, self.trail, self.exit, self.rider)
        self.landings: NDArray[np.float64] = np.zeros((1, 2))

    def load(self, positions: ArrayLike) -> None:
        """Take the positions (n,) of a new run and stand at its start."""
        xs = np.asarray(positions, dtype=float)
        self.landings = np.column_stack([xs, self.function(xs)])
        self.show_step(0.0)

    def show_step(self, step: float) -> None:
        """Put the dot where it is after *step* steps; fractions lie between two landings."""
        inside = self.window.contains(self.landings)
        last = len(self.landings) - 1 if inside.all() else int(np.argmin(inside))
        step = min(max(step, 0.0), float(last))
        whole = min(int(step), max(last - 1, 0))
        for index, hop in enumerate(self.trail):
            start = whole - index
            share = step - whole if index == 0 else 1.0
            if start < 0 or last == 0 or share < 1e-6:
                hop.points = np.zeros((0, 3))
                continue
            a, b = self.landings[start], self.landings[start + 1]
            self.set_path(hop, np.array([a, a + (b - a) * share]))
        here = self._between(whole, step - whole)
        self.rider.move_to(self.at(here))
        if step >= last and not inside[last]:
            a, b = self.landings[last - 1], self.landings[last]
            border = self.window.clip(np.array([a, b])).pieces[0][-1]
            self.rider.move_to(self.at(border))
            tail = self.at(border) - self.vector(b - a) / np.linalg.norm(self.vector(b - a)) * 0.9
            self.exit.put(tail, self.at(border))
        else:
            self.exit.put(self.at(here), self.at(here))

    def _between(self, start: int, share: float) -> NDArray[np.float64]:
        if len(self.landings) == 1:
            return np.array(self.landings[0])
        a, b = self.landings[start], self.landings[start + 1]
        here = a + (b - a) * share
        if self.window.contains(here):
            return np.array(here)
        return np.array(self.window.clip(np.array([a, here])).pieces[0][-1])
