"""Fitting a line: data, the line of the moment, its misses and their squares; and the loss, seen from above."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import LeastSquares, Window, level_curves
from vcalc_anim.stage import theme
from vcalc_anim.stage.maps import ContourMap
from vcalc_anim.stage.marks import dot
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.zones import Zone

_HATCH = 0.2  # frame units between two slanted lines
_FILL = 0.16


class LineFit(Plot):
    """The points of *problem*, the line that ``weights`` gives now, and the square on each miss.

    Parts: ``data`` (dots), ``curve`` (the line), ``misses`` (sticks from the line to the points) and ``squares``
    (filled and hatched, on the side that *sides* tells for each point: −1 left, 1 right). One unit is as long
    in x as in y, so squares are squares. ValueError unless the design is a column of ones and one of inputs.
    """

    def __init__(
        self,
        problem: LeastSquares,
        window: Window,
        zone: Zone,
        weights: Callable[[], ArrayLike],
        sides: Sequence[float],
    ) -> None:
        if problem.design.shape[1] != 2 or not np.all(problem.design[:, 0] == 1):
            raise ValueError("a line is fitted to a design of two columns: ones, and the inputs")
        super().__init__(window, zone, equal=True, axis_at="zero")
        self.problem, self.weights, self.sides = problem, weights, tuple(sides)
        self.inputs = problem.design[:, 1]
        self.data = VGroup(
            *(dot(self.at(pair), radius=0.13) for pair in zip(self.inputs, problem.targets, strict=True))
        )
        error = theme.color("error")
        self.curve = VMobject(stroke_color=theme.color("function"), stroke_width=theme.STICK)
        self.misses = VGroup(*(VMobject(stroke_color=error, stroke_width=theme.STICK) for _ in self.inputs))
        self.squares = VGroup(
            *(
                VGroup(
                    VMobject(
                        stroke_color=error, stroke_width=theme.LINE, fill_color=error, fill_opacity=_FILL
                    ),
                    VMobject(stroke_color=error, stroke_width=theme.HAIRLINE, stroke_opacity=0.75),
                )
                for _ in self.inputs
            )
        )
        self.refresh()
        self.curve.add_updater(lambda _: self.refresh())

    def refresh(self) -> None:
        """Draw line, misses and squares for the weights of this moment."""
        weights = np.asarray(self.weights(), dtype=float)
        ends = np.array([self.window.x_min, self.window.x_max])
        self.set_path(self.curve, np.column_stack([ends, weights[0] + weights[1] * ends]))
        fitted = self.problem.residual(weights) + self.problem.targets
        pairs = zip(self.inputs, fitted, self.problem.targets, self.sides, strict=True)
        for miss, square, (x, line, target, side) in zip(self.misses, self.squares, pairs, strict=True):
            body, hatches = square.submobjects
            foot, head = self.at([x, line]), self.at([x, target])
            length = float(np.linalg.norm(head - foot))
            if length < 1e-6:
                miss.clear_points()
                body.clear_points()
                hatches.clear_points()
                continue
            miss.set_points_as_corners([foot, head])
            out = np.array([np.sign(side) * length, 0.0, 0.0])
            body.set_points_as_corners([foot, head, head + out, foot + out, foot])
            low = np.minimum(np.minimum(foot, head), np.minimum(foot + out, head + out))
            _hatch(hatches, low, length)


def _hatch(lines: VMobject, corner: NDArray[np.float64], side: float) -> None:
    """Slanted lines in the square with the lower left *corner*."""
    lines.clear_points()
    for offset in np.arange(-side + _HATCH, side, _HATCH):
        start, end = max(offset, 0.0), min(offset + side, side)
        lines.start_new_path(corner + [start, start - offset, 0])
        lines.add_line_to(corner + [end, end - offset, 0])


class LossMap(ContourMap):
    """The loss of *problem* from above, over its two weights: a bowl, or a gutter. :meth:`draw_loss` draws another one."""

    def __init__(
        self, problem: LeastSquares, window: Window, zone: Zone, levels: Sequence[float] | None = None
    ) -> None:
        super().__init__(problem.field, window, zone, levels, labels_along=None)
        self.remove(self.lines)
        tones = [
            theme.shade("function", 0.7 * k / max(1, len(self.levels) - 1)) for k in range(len(self.levels))
        ]
        self.lines = VGroup(*(VMobject(stroke_color=tone, stroke_width=theme.LINE) for tone in tones))
        self.add_to_back(self.lines)
        self.names[0].become(Formula("w_0", theme.LABEL, "first").next_to(self._end(0), RIGHT, buff=0.14))
        self.names[1].become(Formula("w_1", theme.LABEL, "second").next_to(self._end(1), UP, buff=0.14))
        self.draw_loss(problem)

    def draw_loss(self, problem: LeastSquares) -> LossMap:
        """Draw the loss of *problem* at the same levels: quick enough for every frame."""
        self.problem, self.surface = problem, problem.field
        for line, level in zip(self.lines, self.levels, strict=True):
            line.clear_points()
            for piece in level_curves(self.surface, level, self.window):
                points = self.at(piece)
                line.start_new_path(points[0])
                line.add_points_as_corners(points[1:])
        return self

    def _end(self, axis: int) -> NDArray[np.float64]:
        """Where an axis leaves the window."""
        x, y = max(self.window.x_min, 0.0), max(self.window.y_min, 0.0)
        return self.at([self.window.x_max, y] if axis == 0 else [x, self.window.y_max])
