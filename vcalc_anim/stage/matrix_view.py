"""A matrix as a board of cells: every cell can be found, lit, filled, emptied and carried somewhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from manim import (
    DOWN,
    UP,
    Animation,
    Mobject,
    Rectangle,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import erase
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset, pixels

Cell = tuple[int, int]

_BRACKET = 0.16  # of a cell's width: how far the hooks of the brackets reach, and how far they stand off
_FILLED = 0.7  # of a cell's width that a number may take
_TALL = 0.52  # of a cell's height that a number's type size takes


class MatrixView(VGroup):
    """A board of cells in brackets, (rows, columns) like *values*; cells whose value is nan stay empty.

    Parts: ``boxes`` (row by row), ``brackets``, and the numbers, which :meth:`number` finds. Cells are named
    (row, column), counted from 0. Numbers are typeset from the core's rounding, in one size for the whole
    board, and shrink only where one would not fit its cell. Extra things that belong to the board, such as
    ``name_above`` and ``shape_note``, are made by methods and added by the scene.

    A board for which only the shape matters is made by :meth:`empty`.
    """

    def __init__(
        self,
        values: ArrayLike,
        role: Role = "text",
        *,
        cell: float | tuple[float, float] = 1.0,
        decimals: int = 2,
        center: ArrayLike = (0.0, 0.0, 0.0),
        brackets: bool = True,
    ) -> None:
        super().__init__()
        self.values = np.array(values, dtype=float)
        if self.values.ndim != 2 or not self.values.size:
            raise ValueError(f"a board shows a matrix (rows, columns), not shape {self.values.shape}")
        self.rows, self.columns = self.values.shape
        self.role, self.decimals = role, decimals
        self.cell_width, self.cell_height = (cell, cell) if isinstance(cell, (int, float)) else cell
        self.boxes = VGroup(
            *(self._box().move_to(self._offset(i, j)) for i in range(self.rows) for j in range(self.columns))
        )
        self.brackets = self._hooks() if brackets else VGroup()
        self._numbers: dict[Cell, Typeset] = {}
        self.add(self.boxes, self.brackets)
        self.move_to(point3(center))
        for place in np.ndindex(self.rows, self.columns):
            if np.isfinite(self.values[place]):
                self.put((place[0], place[1]), float(self.values[place]))

    @classmethod
    def empty(
        cls,
        rows: int,
        columns: int,
        role: Role = "text",
        *,
        cell: float | tuple[float, float] = 1.0,
        decimals: int = 2,
        center: ArrayLike = (0.0, 0.0, 0.0),
        brackets: bool = True,
    ) -> MatrixView:
        """A board of *rows* × *columns* empty cells; *role* is the colour of the numbers put there later."""
        blank = np.full((rows, columns), np.nan)
        return cls(blank, role, cell=cell, decimals=decimals, center=center, brackets=brackets)

    # -- finding cells ----------------------------------------------------------------------------------

    def place(self, row: int, column: int) -> NDArray[np.float64]:
        """The middle of a cell in the frame, wherever the board has moved."""
        return np.array(self.box(row, column).get_center())

    def box(self, row: int, column: int) -> VMobject:
        """The outline of a cell; it is filled while the cell is lit. IndexError for a cell that is not there."""
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise IndexError(f"this board is {self.rows} × {self.columns}: it has no cell ({row}, {column})")
        return self.boxes[row * self.columns + column]

    def number(self, row: int, column: int) -> Typeset:
        """The number in a cell; KeyError when it is empty."""
        if (row, column) not in self._numbers:
            raise KeyError(f"the cell ({row}, {column}) is empty: put a number there first")
        return self._numbers[row, column]

    @property
    def numbers(self) -> VGroup:
        """All numbers there are, row by row."""
        return VGroup(*(self._numbers[place] for place in sorted(self._numbers)))

    def cells(self, *places: Cell) -> VGroup:
        """Boxes and numbers of some cells, to be moved, dimmed or pulsed together."""
        found = VGroup(*(self.box(*place) for place in places))
        return found.add(*(self._numbers[place] for place in places if place in self._numbers))

    def row(self, index: int) -> list[Cell]:
        """The cells of a row, from left to right."""
        return [(index, j) for j in range(self.columns)]

    def column(self, index: int) -> list[Cell]:
        """The cells of a column, from top to bottom."""
        return [(i, index) for i in range(self.rows)]

    def diagonal(self) -> list[Cell]:
        """The cells with equal row and column, from the top left."""
        return [(i, i) for i in range(min(self.rows, self.columns))]

    # -- numbers ----------------------------------------------------------------------------------------

    def put(self, place: Cell, value: float, role: Role | None = None) -> Typeset:
        """Write *value* into the cell *place*, at once; returns the number, so that ``FadeIn(view.put(…))`` works."""
        text = typst_number(value, self.decimals, trim=True)
        self.values[place] = value
        return self.hold(place, Formula(text, self.type_size, role or self.role))

    def hold(self, place: Cell, text: Typeset) -> Typeset:
        """Let the cell *place* hold a *text* of the scene's own, a symbol or a number on its way, in its middle."""
        if (old := self._numbers.pop(place, None)) is not None:
            self.remove(old)
            erase(old)
        if text.width > (room := _FILLED * self.cell_width):
            text.scale(room / text.width)
        text.set_z_index(1)  # what joins a group in the middle of a play is drawn below its filled parts
        self._numbers[place] = text.move_to(self.place(*place))
        self.add(text)
        return text

    def take(self, place: Cell) -> Typeset:
        """Empty the cell *place*; returns its number, which the scene may fade out or carry off."""
        text = self.number(*place)
        del self._numbers[place]
        self.remove(text)
        self.values[place] = np.nan
        return text

    @property
    def type_size(self) -> float:
        """Pixels of the numbers."""
        return min(_TALL * self.cell_height / pixels(1), 1.3 * theme.FORMULA)

    # -- light ------------------------------------------------------------------------------------------

    def shine(self, places: Iterable[Cell], role: Role, level: float = 0.3) -> MatrixView:
        """Fill cells in the colour of *role* at once; *level* 0 puts the light out."""
        for place in places:
            self._fill(self.box(*place), role, level)
        return self

    def light(
        self, places: Iterable[Cell], role: Role, level: float = 0.3, run_time: float = 0.4
    ) -> Animation:
        """Cells fill with the colour of *role*; their frames get stronger, so that colour is not alone."""
        boxes = [self.box(*place) for place in places]
        starts = [box.copy() for box in boxes]
        ends = [box.copy() for box in boxes]
        for end in ends:
            self._fill(end, role, level)

        def glow(_: Mobject, share: float) -> None:
            for box, start, end in zip(boxes, starts, ends, strict=True):
                box.fill_rgbas = start.fill_rgbas + (end.fill_rgbas - start.fill_rgbas) * share
                box.stroke_rgbas = start.stroke_rgbas + (end.stroke_rgbas - start.stroke_rgbas) * share
                box.stroke_width = start.stroke_width + (end.stroke_width - start.stroke_width) * share

        # An animation of the boxes alone would take them out of the board in the scene's list.
        return UpdateFromAlphaFunc(self, glow, run_time=run_time, rate_func=smooth)

    def darken(self, places: Iterable[Cell], run_time: float = 0.3) -> Animation:
        """The light of cells goes out."""
        return self.light(places, "frozen", 0.0, run_time)

    def heat_of(self, place: Cell, largest: float) -> float:
        """How hot a cell is, 0 to 1, when *largest* is the hottest number of the board."""
        value = self.values[place]
        return float(abs(value) / largest) if largest > 0 and np.isfinite(value) else 0.0

    # -- around it --------------------------------------------------------------------------------------

    def shape_note(self, size: float = theme.SMALL) -> Formula:
        """The shape, small, below the board."""
        rows, columns = (typst_number(side, 0) for side in (self.rows, self.columns))
        return Formula(f"{rows} times {columns}", size, "quiet").next_to(self.board, DOWN, buff=0.25)

    def name_above(self, name: Typeset, buff: float = 0.28) -> Typeset:
        """Put *name* above the middle of the board."""
        return name.next_to(self.board, UP, buff=buff)

    @property
    def board(self) -> VGroup:
        """Boxes and brackets: what has the board's size, whatever it holds."""
        return VGroup(self.boxes, self.brackets)

    # -- moving -----------------------------------------------------------------------------------------

    def flipped(self, center: ArrayLike | None = None) -> MatrixView:
        """Its transpose as a board of its own, in the same style, at *center* (or in the same place)."""
        return MatrixView(
            self.values.T,
            self.role,
            cell=(self.cell_width, self.cell_height),
            decimals=self.decimals,
            center=self.boxes.get_center() if center is None else center,
            brackets=len(self.brackets) > 0,
        )

    def flip_onto(self, other: MatrixView, run_time: float = 1.4, path: float = 0.5) -> Animation:
        """Copies of the numbers fly to the cells of *other* that the transpose puts them in: (i, j) to (j, i).

        Rows land as columns. *other* must have the transposed shape; its own numbers stay as they are, and the
        copies are gone when they have arrived. *path* bends the way, in units.
        """
        if (other.rows, other.columns) != (self.columns, self.rows):
            raise ValueError(f"the transpose of {self.values.shape} does not fit {other.values.shape}")
        pairs = [(number, other.place(j, i)) for (i, j), number in self._numbers.items()]
        return fly(pairs, run_time, path)

    # -- drawing ----------------------------------------------------------------------------------------

    def _box(self) -> Rectangle:
        return Rectangle(
            width=self.cell_width,
            height=self.cell_height,
            stroke_color=theme.color("frozen"),
            stroke_width=theme.HAIRLINE,
            fill_color=theme.color("frozen"),
            fill_opacity=0.0,
        )

    def _offset(self, row: int, column: int) -> NDArray[np.float64]:
        return np.array([column * self.cell_width, -row * self.cell_height, 0.0])

    def _hooks(self) -> VGroup:
        reach = _BRACKET * min(self.cell_width, self.cell_height)
        left, right = self.boxes.get_left()[0] - reach, self.boxes.get_right()[0] + reach
        top, bottom = self.boxes.get_top()[1] + reach / 2, self.boxes.get_bottom()[1] - reach / 2
        hooks = VGroup()
        for x, inwards in ((left, reach), (right, -reach)):
            hook = VMobject(stroke_color=theme.color("text"), stroke_width=theme.CURVE)
            ends = ((x + inwards, top), (x, top), (x, bottom), (x + inwards, bottom))
            hooks.add(hook.set_points_as_corners([point3(end) for end in ends]))
        return hooks

    @staticmethod
    def _fill(box: VMobject, role: Role, level: float) -> None:
        box.set_fill(theme.color(role), level)
        lit = level > 0
        box.set_stroke(theme.color(role if lit else "frozen"), theme.LINE if lit else theme.HAIRLINE)


def fly(
    pairs: Sequence[tuple[VMobject, ArrayLike]], run_time: float = 1.0, path: float = 0.0, lag: float = 0.0
) -> Animation:
    """Copies of mobjects fly to places and are gone when they arrive: have the real thing appear there then.

    *path* bends every way sideways by as many units; *lag* (0 to 1) lets one start after the other.
    """
    copies = VGroup(*(mobject.copy() for mobject, _ in pairs))
    copies.overlaps = True  # type: ignore[attr-defined]  # on their way they pass over what stands there
    starts = [copy.get_center() for copy in copies]
    ends = [point3(end) for _, end in pairs]

    def move(group: Mobject, alpha: float) -> None:
        count = len(group.submobjects)
        span = 1 + lag * (count - 1)
        for index, (copy, start, end) in enumerate(zip(group.submobjects, starts, ends, strict=True)):
            share = smooth(float(np.clip(alpha * span - lag * index, 0, 1)))
            way = end - start
            side = np.array([-way[1], way[0], 0.0])
            length = float(np.linalg.norm(side))
            bend = side / length * path * 4 * share * (1 - share) if length > 1e-9 else 0.0
            copy.move_to(start + way * share + bend)

    return UpdateFromAlphaFunc(copies, move, run_time=run_time, rate_func=linear, remover=True)
