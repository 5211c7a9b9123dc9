"""A machine that makes one number from a whole table: entries are poked, and the number follows."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Mobject,
    RoundedRectangle,
    UpdateFromAlphaFunc,
    VGroup,
    smooth,
)
from numpy.typing import ArrayLike

from vcalc_anim.core import MatrixFunction, typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, point3
from vcalc_anim.stage.matrix_view import Cell, MatrixView, fly
from vcalc_anim.stage.plot import label_beside
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.typeset import Formula

_DIGITS = 2  # decimals of an entry on its way: no more come into the number either
_OFF = 0.1  # frame units between an arrow and what it points at


class NumberMachine(VGroup):
    """A *table* on a ``board``, an arrow (``inlet``) into the ``box`` with the ``label`` f, which makes one number of it.

    ``board_at`` and ``box_at`` are places in the frame; *cell* is a cell's width and height. The table of this
    moment is ``matrix``; :meth:`value` is what *function* makes of it.
    """

    def __init__(
        self,
        function: MatrixFunction,
        table: ArrayLike,
        board_at: ArrayLike,
        box_at: ArrayLike,
        *,
        cell: tuple[float, float] = (1.1, 1.4),
        box: tuple[float, float] = (1.6, 1.5),
    ) -> None:
        super().__init__()
        self.function = function
        self.table = np.array(table, dtype=float)
        self.matrix = self.table.copy()
        self.board = MatrixView(table, "first", cell=cell, center=board_at)
        self.box = RoundedRectangle(corner_radius=0.2, width=box[0], height=box[1])
        self.box.set_stroke(theme.color("function"), theme.CURVE).set_fill(theme.color("panel"), 1)
        self.box.move_to(point3(box_at))
        self.label = Formula("f", theme.FORMULA, "function").move_to(self.box)
        edge = np.array([self.board.get_right()[0], self.box.get_y(), 0.0])
        self.inlet = Arrow(edge + RIGHT * _OFF, self.box.get_left() + LEFT * _OFF, "quiet", theme.CURVE, 0.26)
        self.add(self.board, self.inlet, self.box, self.label)

    def value(self) -> float:
        """What the machine makes of the table of this moment."""
        return self.function(self.matrix)

    def outlet(self, length: float = 0.6) -> Arrow:
        """An arrow out of the box, to the number."""
        start = self.box.get_right() + RIGHT * _OFF
        return Arrow(start, start + RIGHT * length, "quiet", theme.CURVE, 0.26)

    def readout(self, label: str | None, decimals: int, cells: int, size: float) -> Readout:
        """The number, rolling."""
        return Readout(label, lambda: self.value(), decimals, cells=cells, size=size, role="function")

    # -- what can be done with it -----------------------------------------------------------------------

    def set_entry(self, cell: Cell, value: float) -> None:
        """Write *value* into the table; it is yellow while it is not the table's own."""
        self.matrix[cell] = round(value, _DIGITS)
        untouched = self.matrix[cell] == self.table[cell]
        self.board.put(cell, float(self.matrix[cell]), "first" if untouched else "step")

    def turn(self, cell: Cell, step: float, run_time: float = 0.6) -> Animation:
        """The entry in *cell* goes from where it is to *step* beyond the table's own value."""
        start, end = float(self.matrix[cell]), float(self.table[cell]) + step

        def change(_: Mobject, share: float) -> None:
            self.set_entry(cell, start + (end - start) * share)

        return UpdateFromAlphaFunc(self.board, change, run_time=run_time, rate_func=smooth)

    def shift_all(self, step: ArrayLike, run_time: float = 1.2) -> Animation:
        """Every entry goes *step* (of the table's shape) beyond where it is."""
        start, way = self.matrix.copy(), np.asarray(step, dtype=float)

        def change(_: Mobject, share: float) -> None:
            for i, j in np.ndindex(*start.shape):
                self.set_entry((i, j), float(start[i, j] + way[i, j] * share))

        return UpdateFromAlphaFunc(self.board, change, run_time=run_time, rate_func=smooth)

    def read(self, run_time: float = 1.0) -> Animation:
        """Copies of all entries fly into the box."""
        target = self.box.get_center()
        return fly([(number, target) for number in self.board.numbers], run_time, lag=0.15)

    def finger(self, cell: Cell, step: float) -> VGroup:
        """An arrow that pokes *cell* from outside the table, above or below, and by how much."""
        away = UP if cell[0] == 0 else DOWN
        edge = self.board.place(*cell) + away * self.board.cell_height * 0.36
        arrow = Arrow(edge + away * 0.85, edge, "step")
        text = Formula(f"+{typst_number(step, _DIGITS, trim=True)}", theme.LABEL, "step")
        return VGroup(arrow, label_beside(text, arrow.start, away, 0.1))
