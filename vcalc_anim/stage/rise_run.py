"""Rise over run: the right-angled triangle under two points of a graph, and the line through both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, RIGHT, VGroup, VMobject
from numpy.typing import ArrayLike

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dot
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.typeset import Formula, Typeset

_SHORTEST = 0.55  # frame units of a side that still carries its name


class RiseRun(VGroup):
    """The triangle from (x, f(x)) across by *run* and up to the graph; all of it follows on every frame.

    ``x`` and ``run`` give place and step of this moment. With *through* the line runs through the whole
    window of *plot*; otherwise it ends at both points. A side too short for its name loses the name.
    """

    def __init__(
        self,
        plot: Plot,
        heights: Callable[[ArrayLike], ArrayLike],
        x: Callable[[], float],
        run: Callable[[], float],
        *,
        through: bool = False,
        run_name: str = "h",
        rise_name: str | None = None,
    ) -> None:
        super().__init__()
        # In functions, which animations do not copy: a copy of the plot, or of a scene, would cost or fail.
        self._plot: Callable[[], Plot] = lambda: plot
        self._heights: Callable[[ArrayLike], ArrayLike] = lambda points: heights(points)
        self._x: Callable[[], float] = lambda: x()
        self._run: Callable[[], float] = lambda: run()
        self._through = through
        self.run_side = VMobject(stroke_color=theme.color("step"), stroke_width=theme.STICK)
        self.rise_side = VMobject(stroke_color=theme.color("function"), stroke_width=theme.STICK)
        self.line = VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.STICK)
        self.feet = VGroup(dot([0, 0], radius=0.12), dot([0, 0], radius=0.12))
        self.run_name: Typeset = Formula(run_name, theme.LABEL, "step").halo()
        self.rise_name: Typeset | None = (
            None if rise_name is None else Formula(rise_name, theme.LABEL, "function").halo()
        )
        self.names = VGroup(self.run_name, *([] if self.rise_name is None else [self.rise_name]))
        self.add(self.run_side, self.rise_side, self.line, self.feet, self.names)
        self.add_updater(lambda triangle: triangle.refresh(), call_updater=True)

    @property
    def rise(self) -> float:
        """How far the graph climbs on the run."""
        x, run = self._x(), self._run()
        return float(np.asarray(self._heights(x + run)) - np.asarray(self._heights(x)))

    @property
    def slope(self) -> float:
        """Rise over run."""
        return self.rise / self._run()

    def refresh(self) -> None:
        """Take the shape of this moment, clipped at the plot's border."""
        x, run, rise = self._x(), self._run(), self.rise
        y = float(np.asarray(self._heights(x)))
        a, corner, b = np.array([x, y]), np.array([x + run, y]), np.array([x + run, y + rise])
        plot = self._plot()
        window = plot.window
        plot.set_path(self.run_side, [a, corner])
        plot.set_path(self.rise_side, [corner, b])
        ends = [a, b]
        if self._through:
            ends = [np.array([edge, y + rise / run * (edge - x)]) for edge in (window.x_min, window.x_max)]
        plot.set_path(self.line, ends)
        for foot, point in zip(self.feet, (a, b), strict=True):
            foot.move_to(plot.at(point))
            inside = 1.0 if window.contains(point) else 0.0
            foot.set_fill(opacity=inside).set_stroke(opacity=inside, background=True)
        self._name(self.run_name, (a + corner) / 2, self.run_side, DOWN * np.sign(rise or 1.0))
        if self.rise_name is not None:
            self._name(self.rise_name, (corner + b) / 2, self.rise_side, RIGHT * np.sign(run))

    def _name(self, name: Typeset, middle: ArrayLike, side: VMobject, direction: ArrayLike) -> None:
        away = np.asarray(direction, dtype=float)
        reach = abs(away[0]) * name.width / 2 + abs(away[1]) * name.height / 2 + 0.2
        name.move_to(self._plot().at(middle) + away * reach)
        length = max(side.width, side.height) if len(side.points) else 0.0
        shown = min(1.0, max(0.0, (length - _SHORTEST) / 0.3))
        rim, *glyphs = name.submobjects
        rim.set_stroke(opacity=shown)
        for glyph in glyphs:
            glyph.set_fill(opacity=shown)
