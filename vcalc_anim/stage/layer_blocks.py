"""One ReLU layer as blocks: the run forward on top, and below each block its blame, which has the same shape."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Mobject, VGroup
from numpy.typing import NDArray

from vcalc_anim.core import compact
from vcalc_anim.core.layers import LayerPass
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.gates import Gate
from vcalc_anim.stage.marks import Arrow, Point, cross, hatching
from vcalc_anim.stage.matrix_view import MatrixView
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset
from vcalc_anim.stage.zones import Zone

AnyMobject = TypeVar("AnyMobject", bound=Mobject)

_CELL = (1.2, 0.92)
_LANE = 1.15  # half of a lane through the gate
_NAMES: dict[str, tuple[str, Role]] = {
    "x": ("bold(x)", "function"),
    "weights": ("W", "text"),
    "sums": ("bold(a) = W bold(x)", "function"),
    "gate": ('"ReLU"', "text"),
    "outputs": ("bold(h)", "function"),
    "x_blame": ("W^top bold(delta)", "gradient"),
    "weight_blame": ("partial L slash partial W = bold(delta) bold(x)^top", "gradient"),
    "delta": ("bold(delta)", "gradient"),
    "gate_back": ('"same gate"', "quiet"),
    "upstream": ("partial L slash partial bold(h)", "gradient"),
}


class LayerBlocks:
    """The boards and gates of a *layer* in *zone*, for a scene to bring on one after another.

    On top ``x``, ``weights``, ``sums``, ``gate``, ``outputs``; below them ``x_blame``, ``weight_blame``, ``delta``,
    ``gate_back``, ``upstream``. What is given (x, weights, upstream) holds its numbers, the other boards are empty.
    names: the name above each, by those words. ghosts: faint outlines of the boards that are still to come.
    arriving, leaving: arrows of the blame from the next layer, and to the one before. shut, open: the lanes whose
    gate is, by number.
    """

    def __init__(self, layer: LayerPass, zone: Zone) -> None:
        self.layer = layer
        self.shut, self.open = (np.flatnonzero(layer.gate == state).tolist() for state in (0, 1))
        top, bottom = zone.rows(1, 1, gap=0.2)
        columns = zone.inset(0.85, 0).columns(1.5, 2.6, 1.5, 1.6, 1.5, gap=0.5)
        places = [
            np.array([column.center[0], row.center[1] - 0.35, 0.0])
            for row in (top, bottom)
            for column in columns
        ]
        at = dict(zip(_NAMES, places, strict=True))
        rows, inputs = layer.weights.shape
        self.x = _filled(layer.x, "function", at["x"])
        self.weights = _filled(layer.weights, "text", at["weights"])
        self.sums = _empty(rows, 1, "function", at["sums"])
        self.gate = _gate(rows, "function", at["gate"])
        self.outputs = _empty(rows, 1, "function", at["outputs"])
        self.x_blame = _empty(inputs, 1, "gradient", at["x_blame"])
        self.weight_blame = _empty(rows, inputs, "gradient", at["weight_blame"])
        self.delta = _empty(rows, 1, "gradient", at["delta"])
        self.gate_back = _gate(rows, "gradient", at["gate_back"])
        self.upstream = _filled(layer.upstream, "gradient", at["upstream"])
        self.names = {
            name: Formula(maths, theme.LABEL, role).next_to(at[name] + UP * _CELL[1], UP, buff=0.28)
            for name, (maths, role) in _NAMES.items()
        }
        right, left = self.upstream.board, self.x_blame.board
        self.arriving = Arrow([zone.right - 0.15, right.get_y(), 0], right.get_right() + 0.12 * RIGHT)
        self.leaving = Arrow(left.get_left() + 0.12 * LEFT, [zone.left + 0.15, left.get_y(), 0])
        coming = (self.sums, self.outputs, self.x_blame, self.weight_blame, self.delta, self.upstream)
        self.ghosts = dim(VGroup(*(board.board.copy() for board in coming)), 0.35)
        boards = (self.x, self.weights, *coming, self.gate, self.gate_back)
        for thing in (*boards, *self.names.values(), self.arriving, self.leaving):
            _stays(thing)

    def named(self, *words: str) -> list[Mobject]:
        """Some of the boards and gates, each with its name above it."""
        return [part for word in words for part in (getattr(self, word), self.names[word])]

    def put(self, board: str, cell: tuple[int, int], value: float, role: Role | None = None) -> Typeset:
        """Write a number into a board, at once; returns it, to be faded in."""
        view: MatrixView = getattr(self, board)
        return _stays(view.put(cell, value, role))

    def sum_of(self, row: int) -> Formula:
        """How one row of the weights and the inputs make a sum, in words of numbers: ``1 · 2 + (−2) · 3 = −4``."""
        factors = zip(self.layer.weights[row], self.layer.x, strict=True)
        products = " + ".join(f"{_factor(weight)} dot {_factor(x)}" for weight, x in factors)
        work = Formula(f"{products} = {compact(self.layer.sums[row]).typst}", theme.LABEL, "function")
        middle = (self.weights.get_x() + self.sums.get_x()) / 2
        return work.move_to(self.names["weight_blame"]).set_x(middle)

    def mistake(self) -> tuple[VGroup, VGroup, VGroup]:
        """The first row of δxᵀ as it would be without a gate: hatching, its numbers, a cross beside it."""
        board, wrong = self.weight_blame, self.layer.ungated_weight_gradient[0]
        hatch, numbers = VGroup(), VGroup()
        for column, value in enumerate(wrong):
            hatch.add(hatching(board.box(0, column), "error", 0.3).set_stroke(opacity=0.75))
            number = Formula(compact(value).typst, board.type_size, "error").halo(16)
            numbers.add(number.move_to(board.place(0, column)))
        return hatch, numbers, cross(board.place(0, 0) + (board.cell_width / 2 + 0.5) * LEFT)


def _stays(thing: AnyMobject) -> AnyMobject:
    """Declare that *thing* is not left over when it is not talked about: a layer is built up block by block."""
    for part in thing.get_family():
        part.stays = True  # type: ignore[attr-defined]
    return thing


def _factor(value: float) -> str:
    text = compact(float(value)).typst
    return f"({text})" if text.startswith("-") else text


def _filled(values: NDArray[np.float64], role: Role, center: Point) -> MatrixView:
    """A vector (as a column) or a matrix."""
    return MatrixView(values.reshape(len(values), -1), role, cell=_CELL, center=center)


def _empty(rows: int, columns: int, role: Role, center: Point) -> MatrixView:
    return MatrixView.empty(rows, columns, role, cell=_CELL, center=center)


def _gate(lanes: int, role: Role, center: Point) -> Gate:
    half = _LANE * RIGHT
    middles = [center + DOWN * _CELL[1] * (index - (lanes - 1) / 2) for index in range(lanes)]
    return Gate([(middle - half, middle + half) for middle in middles], role=role)
