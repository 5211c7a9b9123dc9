"""Numbers in brackets, with their shape written below: vectors and matrices as things one can move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, VGroup
from numpy.typing import ArrayLike

from vcalc_anim.core import typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula


class MatrixCard(VGroup):
    """A matrix (rows, columns) in brackets; entries are parts, the shape stands below in small type."""

    def __init__(
        self, entries: ArrayLike, role: Role = "text", decimals: int = 2, size: float = theme.FORMULA
    ) -> None:
        super().__init__()
        values = np.asarray(entries, dtype=float)
        rows, columns = values.shape
        cells = "; ".join(
            ", ".join(
                f"{{e{i}_{j}: {typst_number(values[i, j], decimals, trim=True)}}}" for j in range(columns)
            )
            for i in range(rows)
        )
        self.values = values
        self.matrix = Formula(f'mat(delim: "[", {cells})', size, role)
        self.shape_note = Formula(
            f"{typst_number(rows, 0)} times {typst_number(columns, 0)}", theme.SMALL, "quiet"
        )
        self.shape_note.next_to(self.matrix, DOWN, buff=0.22)
        self.add(self.matrix, self.shape_note)
        inside = {id(glyph) for i in range(rows) for j in range(columns) for glyph in self.entry(i, j)}
        self.brackets = VGroup(*(glyph for glyph in self.matrix if id(glyph) not in inside))

    def entry(self, row: int, column: int) -> VGroup:
        """The glyphs of one entry."""
        return self.matrix.part(f"e{row}_{column}")


def equation(parts: Sequence[str | MatrixCard], center: ArrayLike, size: float = theme.FORMULA) -> VGroup:
    """Typst maths and matrix cards in a row, centred on the matrices' middle line; shape notes hang below it."""
    group = VGroup()
    right = 0.0
    for part in parts:
        mobject = Formula(part, size) if isinstance(part, str) else part
        body = mobject.matrix if isinstance(mobject, MatrixCard) else mobject
        mobject.shift(point3([right - body.get_left()[0], -body.get_y()]))
        right = body.get_right()[0] + 0.25
        group.add(mobject)
    return group.shift(point3(center) - [right / 2, 0, 0])
