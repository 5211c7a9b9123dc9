"""A number line on which a value hops from step to step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import LEFT, RIGHT, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dot
from vcalc_anim.stage.plot import NumberLine
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.zones import Zone

_SAMPLES = 24  # points of one arc
_TRAIL = 4  # arcs that stay visible behind the dot


class HopLine(NumberLine):
    """Shows positions 0 … n of a run: the dot flies along arcs, the last few stay as a trail.

    A position outside the scale ends the flight at the border, where an arrow points outwards.
    """

    def __init__(
        self, low: float, high: float, zone: Zone, label: str, role: Role, ticks: Sequence[float]
    ) -> None:
        super().__init__(low, high, zone, label, role, ticks)
        self._role = role
        self._peak = zone.height * 0.55
        self.positions: NDArray[np.float64] = np.zeros(1)
        self.trail = VGroup(
            *(
                VMobject(stroke_color=theme.color("step"), stroke_width=theme.LINE).set_stroke(
                    opacity=1 - index / _TRAIL
                )
                for index in range(_TRAIL)
            )
        )
        self.dot = dot(self.at(0.0), role, radius=0.15)
        self.exit = Arrow(self.at(high), self.at(high), "error")
        self.add(self.trail, self.exit, self.dot)

    def load(self, positions: NDArray[np.float64]) -> None:
        """Take the positions of a new run and stand at its start."""
        self.positions = np.asarray(positions, dtype=float)
        self.show(0.0)

    def show(self, step: float) -> None:
        """Put the dot where it is after *step* steps; fractions are in flight."""
        last = len(self.positions) - 1
        step = min(max(step, 0.0), float(last))
        out = next((k for k, value in enumerate(self.positions) if not self.holds(value)), None)
        if out is not None:
            step = min(step, float(out))
        whole = min(int(step), last - 1) if last else 0
        for index, arc in enumerate(self.trail):
            start = whole - index
            if start < 0 or last == 0:
                arc.points = np.zeros((0, 3))
                continue
            share = step - whole if index == 0 else 1.0
            arc.points = np.zeros((0, 3))
            if share > 1e-6:
                arc.set_points_as_corners(self._arc(start, share))
        path = self._arc(whole, step - whole) if last else np.array([self.at(float(self.positions[0]))])
        self.dot.move_to(path[-1])
        if out is not None and step >= out:
            side = RIGHT if self.positions[out] > 0 else LEFT
            edge = self.at(self.positions[out])
            self.exit.put(edge, edge + side * 0.55)
        else:
            self.exit.put(self.at(0.0), self.at(0.0))

    def _arc(self, start: int, share: float) -> NDArray[np.float64]:
        a, b = (self.at(float(value)) for value in self.positions[start : start + 2])
        t = np.linspace(0.0, max(share, 1e-6), _SAMPLES)[:, None]
        height = min(self._peak, 0.25 + 0.32 * float(abs(b[0] - a[0]))) if abs(b[0] - a[0]) > 0.02 else 0.0
        lift = np.array([0.0, 1.0, 0.0]) * (4 * t * (1 - t)) * height
        return a + (b - a) * t + lift
