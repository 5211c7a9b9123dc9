"""Jacobians that are painted pass by pass: by columns in forward mode, by rows in reverse mode."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, UP, Animation, AnimationGroup, FadeIn, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core.passes import JacobianPasses
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.matrix_view import Cell, MatrixView
from vcalc_anim.stage.typeset import Formula, Typeset
from vcalc_anim.stage.zones import Zone

_TONES = 6


class PaintedJacobian(VGroup):
    """The empty Jacobian of *passes* around *center*: inputs name its columns, outputs its rows.

    :meth:`paint` fills what one pass finds, starting from the name of its input or output.
    """

    def __init__(self, passes: JacobianPasses, center: ArrayLike, cell: float, decimals: int = 1) -> None:
        super().__init__()
        self.passes = passes
        rows, columns = passes.matrix.shape
        self.view = MatrixView.empty(
            rows, columns, "gradient", cell=cell, decimals=decimals, center=point3(center)
        )
        self.inputs = [self._name("x", index, columns) for index in range(columns)]
        self.outputs = [self._name("f", index, rows) for index in range(rows)]
        board = self.view.board
        for index, name in enumerate(self.inputs):
            name.next_to(board, UP, buff=0.2).set_x(self.view.place(0, index)[0])
            name.align_baseline(board.get_top()[1] + 0.3)
        for index, name in enumerate(self.outputs):
            name.next_to(board, LEFT, buff=0.25).set_y(self.view.place(index, 0)[1])
        self.add(self.view, *self.inputs, *self.outputs)

    def seed(self, number: int) -> Typeset:
        """The name that pass *number* (from 0) starts from."""
        return (self.inputs if self.passes.line == "column" else self.outputs)[number]

    def cells(self, number: int) -> list[Cell]:
        """The cells that pass *number* finds, nearest to its name first."""
        return self.view.column(number) if self.passes.line == "column" else self.view.row(number)

    def paint(self, number: int, run_time: float = 0.8) -> Animation:
        """Pass *number*: its name lights up, then all cells of its line get their slopes."""
        cells = self.cells(number)
        slopes = [self.view.put(cell, float(self.passes.matrix[cell])) for cell in cells]
        name: Any = self.seed(number)
        return AnimationGroup(
            name.animate(run_time=0.3 * run_time).set_fill(theme.color("step")),
            self.view.light(cells, "gradient", 0.22, run_time=0.6 * run_time),
            FadeIn(*slopes, lag_ratio=0.3, run_time=0.7 * run_time),
            lag_ratio=0.35,
            run_time=run_time,
        )

    @staticmethod
    def _name(letter: str, index: int, count: int) -> Typeset:
        return Formula(letter if count == 1 else f"{letter}_{index + 1}", theme.LABEL, "quiet")


class SlopeStrip(VGroup):
    """A long row of *slopes*, one thin line each in *zone*, brighter where larger; :meth:`paint` sets how many."""

    def __init__(self, slopes: ArrayLike, zone: Zone) -> None:
        super().__init__()
        values = np.abs(np.asarray(slopes, dtype=float).ravel())
        self.count = len(values)
        self.frame_box = Rectangle(
            width=zone.width, height=zone.height, stroke_color=theme.color("frozen"), stroke_width=theme.LINE
        ).move_to(zone.center)
        x = zone.left + (np.arange(self.count) + 0.5) * zone.width / self.count
        tone = np.minimum((values / max(values.max(), 1e-300) * _TONES).astype(int), _TONES - 1)
        self._tones: list[tuple[VMobject, NDArray[np.float64], NDArray[np.int_]]] = []
        self.add(self.frame_box)
        for step in range(_TONES):
            places = np.flatnonzero(tone == step)
            paint = theme.shade("gradient", step / (_TONES - 1))
            lines = VMobject(stroke_color=paint, stroke_width=theme.HAIRLINE)
            self._tones.append((lines, self._lines(x[places], zone), places))
            self.add(lines)
        self.paint(0)

    def paint(self, count: float) -> None:
        """Paint the first *count* slopes."""
        for lines, points, places in self._tones:
            lines.points = points[places < count].reshape(-1, 3)

    @staticmethod
    def _lines(x: NDArray[np.float64], zone: Zone) -> NDArray[np.float64]:
        """One straight Bézier curve for each of *x*: (n, 4, 3)."""
        low, high = zone.bottom + 0.04, zone.top - 0.04
        heights = np.linspace(low, high, 4)
        return np.stack(
            [np.broadcast_to(x[:, None], (len(x), 4)), np.tile(heights, (len(x), 1)), np.zeros((len(x), 4))],
            axis=-1,
        )
