"""A derivative as a plug: one column for each input, one row for each output."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    RoundedRectangle,
    Square,
    UpdateFromAlphaFunc,
    VGroup,
    smooth,
)
from numpy.typing import ArrayLike

from vcalc_anim.core import typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Point, dot, point3, stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula

_PIN = 0.42  # frame units
_GAP = 0.12


def shape_typst(shape: tuple[int, int]) -> str:
    """A shape as Typst maths: ``2 times 3``."""
    rows, columns = shape
    return f"{typst_number(rows, 0)} times {typst_number(columns, 0)}"


class Plug(VGroup):
    """Cells of a matrix of *shape* (rows, columns), centred on *center*, with a place for a pin at every column's
    top and every row's right end."""

    def __init__(
        self, shape: tuple[int, int], center: ArrayLike, cell: float = 0.62, role: Role = "gradient"
    ) -> None:
        super().__init__()
        rows, columns = self.shape = shape
        self.cell = cell
        middle = point3(center)
        paint = theme.color(role)
        self.cells = VGroup()
        for row in range(rows):
            for column in range(columns):
                square = Square(0.86 * cell, stroke_color=paint, stroke_width=theme.LINE)
                square.set_fill(paint, opacity=0.25)
                across, up = column - (columns - 1) / 2, (rows - 1) / 2 - row
                self.cells.add(square.move_to(middle + [across * cell, up * cell, 0]))
        self.body = RoundedRectangle(
            corner_radius=0.14,
            width=columns * cell + _GAP,
            height=rows * cell + _GAP,
            stroke_color=paint,
            stroke_width=theme.CURVE,
        ).move_to(middle)
        self.add(self.body, self.cells)

    def column(self, index: int) -> VGroup:
        """The cells of one column."""
        return VGroup(*self.cells[index :: self.shape[1]])

    def row(self, index: int) -> VGroup:
        """The cells of one row."""
        columns = self.shape[1]
        return VGroup(*self.cells[index * columns : (index + 1) * columns])

    def inlet(self, index: int) -> Point:
        """Where input number *index* goes in: the top of its column."""
        return np.asarray([self.column(index).get_x(), self.body.get_top()[1], 0.0])

    def outlet(self, index: int) -> Point:
        """Where output number *index* comes out: the right end of its row."""
        return np.asarray([self.body.get_right()[0], self.row(index).get_y(), 0.0])

    def pins(self) -> tuple[VGroup, VGroup]:
        """A pin for each input (white, from above) and each output (teal, to the right)."""
        rows, columns = self.shape
        inputs = VGroup(*(Wire(self.inlet(j) + UP * _PIN, self.inlet(j), "text") for j in range(columns)))
        outputs = VGroup(
            *(Wire(self.outlet(i), self.outlet(i) + RIGHT * _PIN, "function") for i in range(rows))
        )
        return inputs, outputs

    def title(self, maths: str, size: float = theme.LABEL) -> Formula:
        """Typst maths below the plug."""
        label = Formula(maths, size)
        label.next_to(self.body, DOWN, buff=0.3)
        return label


class PinBoard(VGroup):
    """*inputs* pins that hang from a bar, and *outputs* pins at the side, waiting for a plug around *center*."""

    def __init__(self, inputs: int, outputs: int, center: ArrayLike, cell: float) -> None:
        super().__init__()
        middle = point3(center)
        top = middle + UP * (1.5 * cell + 1.05)
        side = middle + RIGHT * (1.5 * cell + 1.05)
        self.inputs: list[Wire] = []
        for j in range(inputs):
            foot = top + RIGHT * (j - (inputs - 1) / 2) * cell
            self.inputs.append(Wire(foot, foot + DOWN * 0.6, "text"))
        self.outputs: list[Wire] = []
        for i in range(outputs):
            foot = side + UP * ((outputs - 1) / 2 - i) * cell
            self.outputs.append(Wire(foot, foot + LEFT * 0.6, "function"))
        half = 1.5 * cell
        self.bars = VGroup(
            stroke(top + LEFT * half, top + RIGHT * half, "text", theme.STICK),
            stroke(side + DOWN * half, side + UP * half, "function", theme.STICK),
        )
        self.add(self.bars, *self.inputs, *self.outputs)

    def plug_in(self, plug: Plug) -> list[Animation]:
        """Every pin that has a column or a row to itself reaches for it."""
        rows, columns = plug.shape
        moves = []
        for j, wire in enumerate(self.inputs):
            if j < columns:
                moves.append(_reach(wire, plug.inlet(j)))
        for i, wire in enumerate(self.outputs):
            if i < rows:
                moves.append(_reach(wire, plug.outlet(i)))
        return moves

    def pull_out(self) -> list[Animation]:
        """All pins go back to where they waited."""
        return [_reach(wire, wire.waiting) for wire in (*self.inputs, *self.outputs)]


class Wire(VGroup):
    """A wire from *start* that ends in a round head."""

    def __init__(self, start: ArrayLike, end: ArrayLike, role: Role) -> None:
        self.start, self.waiting = point3(start), point3(end)
        self.line = stroke(start, end, role, theme.STICK)
        self.head = dot(end, role, radius=0.11)
        super().__init__(self.line, self.head)

    def reach(self, end: ArrayLike) -> None:
        """Let the head be at *end*."""
        self.line.set_points_as_corners([self.start, point3(end)])
        self.head.move_to(point3(end))


def _reach(wire: Wire, goal: ArrayLike) -> Animation:
    start, end = wire.head.get_center(), point3(goal)
    return UpdateFromAlphaFunc(
        wire, lambda _, alpha: wire.reach(start + (end - start) * alpha), rate_func=smooth
    )
