"""Chapter 7, gradients of matrices: slopes stored where they belong, and least squares as a shadow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import tau
from typing import Annotated

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Mobject,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from vcalc_anim.core import (
    LeastSquares,
    Window,
    descend,
    solver_errors,
    trace_meetings,
    typst_number,
)
from vcalc_anim.core.examples.ch07 import (
    FIT,
    OUTER,
    OUTER_A,
    OUTER_B,
    POKE,
    POLYNOMIAL_DESIGN,
    POLYNOMIAL_WEIGHTS,
    REPEATING,
    TRACE,
    TRACE_A,
    TRACE_X,
)
from vcalc_anim.stage import (
    Arrow,
    ColumnSpace,
    CountdownRing,
    Dim,
    ErrorBars,
    Formula,
    LectureScene,
    LineFit,
    LoopScene,
    LossMap,
    MatrixView,
    NumberMachine,
    Pulse,
    QuizScene,
    Readout,
    SceneParams,
    Text,
    boxed,
    closing_card,
    cross,
    dashed,
    dim,
    dot,
    fly,
    label_beside,
    opening_card,
    right_angle,
    theme,
    tick,
)

Array = NDArray[np.float64]
Cell = tuple[int, int]
Weights = tuple[float, float]

FIT_WINDOW = Window(-1.4, 4.2, -0.6, 3.4)
LOSS_WINDOW = Window(-1.2, 2.8, -1.0, 2.0)
GUTTER_WINDOW = Window(-0.7, 1.9, -0.75, 1.2)
LOSS_LEVELS = (0.5, 2.0, 4.5, 8.0, 12.5, 18.0, 24.5, 32.0)
DOWNHILL_RATE = 0.1
SHADOW_WINDOW = Window(-1.0, 2.0, -1.0, 2.0)
FAR_UNIT, NEAR_UNIT = 2.3, 5.2  # frame units per unit of space, seen whole and close up
GUTTER_LEVELS = (0.5, 1.5, 3.5, 7.0, 13.0, 21.0, 31.0, 43.0, 57.0, 73.0)
COLUMN_NAMES = (("first column", "first"), ("second column", "second"))
APART = np.array([1.0, -1.0])  # a mix of the columns that points elsewhere than their sum, in the same plane
POKE_ORDER = ((0, 2), (1, 0), (1, 1), (1, 2))  # the four cells that are poked quickly
TOUCH = 0.5  # how far an entry is turned where nobody reads the numbers
HOTTEST = 0.45  # how full the largest slope's cell is
BIG = 1.35 * theme.FORMULA
EMPTYING = 0.8  # seconds in which the slopes of a loop leave their board
ROUND = (0.55, 0.5)  # half the size of the loop's round trip, along the shadow of y and across
LOOP_UNIT = 3.1
UPRIGHT = 0.025  # length of the residual, beyond the shortest, up to which it is shown as upright
START: Weights = (0.0, 0.0)


def inside(window: Window) -> AfterValidator:
    """Weights that a map with this window shows."""

    def check(weights: Weights) -> Weights:
        if not window.contains(weights):
            limits = f"w₀ {window.x_min:g} to {window.x_max:g}, w₁ {window.y_min:g} to {window.y_max:g}"
            raise ValueError(f"must lie on the map ({limits})")
        return weights

    return AfterValidator(check)


def number(value: float, decimals: int = 2) -> str:
    """A number for a formula, without needless zeros."""
    return typst_number(value, decimals, trim=True)


class Machine(LectureScene):
    """Base of the opening and the closing picture: table, machine, and the number on its right."""

    def opening_picture(self) -> VGroup:
        stage = self.zones.stage
        y = stage.center[1]
        self.machine = NumberMachine(TRACE, TRACE_X, [stage.left + 1.9, y, 0], [stage.left + 5.2, y, 0])
        self.number = self.machine.readout(None, 1, 4, BIG)
        self.number.place(stage.left + 6.75, y - 0.3)
        return VGroup(self.machine, self.machine.outlet(), self.number)

    def wanted_board(self, y: float) -> MatrixView:
        """An empty board of the table's shape, where the title stood."""
        x = self.zones.wide.right - 1.95
        return MatrixView.empty(*TRACE_X.shape, "gradient", cell=(1.1, 1.4), center=[x, y, 0])


def question_marks(board: MatrixView) -> VGroup:
    """A question mark in every cell."""
    return VGroup(*(Formula("?", theme.FORMULA, "gradient").move_to(box) for box in board.boxes))


class Table(Machine):
    """The chapter's question: one number moves when any of many entries is touched."""

    def construct(self) -> None:
        picture = self.opening_picture()
        card = opening_card(self.staging.lecture, self.zones.dock)
        self.open(picture, card)
        with self.line("table") as line:
            line.at("table")
            self.play(Pulse(self.machine.board, 1.06))
            line.at("machine")
            self.play(self.machine.read(line.until("one")))
            self.play(Pulse(self.number, 1.15))
        with self.line("touch") as line:
            self.touch((0, 0), line.until("moves") + 0.5)
            line.at("another")
            self.touch((1, 2), line.words_left)
        with self.line("ask") as line:
            self.play(FadeOut(card), run_time=0.3)
            wanted = self.wanted_board(self.machine.board.get_y())
            marks = question_marks(wanted)
            self.play(FadeIn(wanted, marks), run_time=0.5)
            line.at("weights")
            self.play(self.machine.read(1.2))
            line.at("slope")
            self.play(Pulse(self.number, 1.15))
            line.at("whole")
            self.play(*(Pulse(mark, 1.5) for mark in marks))

    def touch(self, cell: Cell, seconds: float) -> None:
        """Poke an entry, and let it go back."""
        board = self.machine.board
        self.play(board.light([cell], "step"), run_time=0.2)
        self.play(self.machine.turn(cell, TOUCH), run_time=seconds * 0.45)
        self.play(self.machine.turn(cell, 0.0), run_time=seconds * 0.3)
        self.play(board.darken([cell]), run_time=0.2)


class Poke(LectureScene):
    """Six pokes fill a board of the table's own shape: the gradient."""

    class Params(SceneParams):
        step: float = Field(POKE, ge=0.01, le=1, description="how far an entry is poked")

    def construct(self) -> None:
        self.pokes = TRACE.poke(TRACE_X, self.params.step)
        self.lay_out()
        with self.line("start") as line:
            self.play(Pulse(self.name, 1.2))
            line.at("base", says=self.pokes.base)
            self.play(Pulse(self.number, 1.15))
            line.at("board")
            heading = self.slopes.name_above(Text("slopes", theme.LABEL, "gradient"))
            heading.stays = True
            self.play(FadeIn(self.slopes, heading))
        self.poke_slowly()
        with self.line("others") as line:
            for count, place in enumerate(POKE_ORDER):
                self.poke_once(place, line.left / (len(POKE_ORDER) - count))
        self.name_it()
        self.open_the_machine()

    def lay_out(self) -> None:
        wide = self.zones.wide
        if self.zones.is_tall:  # the table and its machine above, the slopes below
            x, y, cell, board_cell = wide.right - 1.2, wide.top - 3.2, (1.13, 1.55), (1.75, 1.4)
            table_at, box_at = [wide.left + 2.67, wide.top - 2.62], [x, wide.top - 1.85]
            board_at, inner_at = [wide.center[0], wide.bottom + 3.0], [x - 0.35, y - 1.0]
            self.inner_cell = (0.85, 0.8)
        else:
            x, y = wide.center[0] - 0.05, wide.center[1] + 0.05
            cell = board_cell = (1.25, 1.45)
            table_at, box_at = [wide.left + 2.9, y], [x, y + 1.3]
            board_at, inner_at = [wide.right - 2.25, y], [x, wide.bottom + 1.75]
            self.inner_cell = (1.1, 0.95)
        self.inner_at = inner_at
        self.machine = NumberMachine(TRACE, TRACE_X, table_at, box_at, cell=cell, box=(1.9, 1.1))
        board = self.machine.board
        self.name = Formula("M", theme.FORMULA, "first").next_to(board, LEFT, buff=0.22)
        self.slopes = MatrixView.empty(2, 3, "gradient", cell=board_cell, center=board_at)
        self.number = self.machine.readout("f", 2, 5, theme.FORMULA).place(x - 0.75, y - 0.35)
        self.moved = 0.0  # by the poke of this moment; it stays until the next one begins
        self.change = Readout('"change"', lambda: self.moved, 2, cells=4, role="step")
        self.quotient = Readout('"slope"', lambda: self.moved / self.params.step, 1, cells=4, role="gradient")
        pitch = 0.75 if self.zones.is_tall else 0.95
        self.change.place(x, y - 0.4 - pitch)
        self.quotient.place(x, y - 0.4 - 2 * pitch)
        self.open(self.machine, self.name, self.number)

    def poke(self, cell: Cell, seconds: float) -> None:
        """The entry grows by the step; number, change and slope follow."""

        def follow(_: Mobject, share: float) -> None:
            self.moved = self.machine.value() - self.pokes.base if share < 1 else self.pokes.changes[cell]

        self.moved = 0.0
        both = self.machine.turn(cell, self.params.step), UpdateFromAlphaFunc(VMobject(), follow)
        self.play(*both, run_time=seconds)

    def poke_slowly(self) -> None:
        board = self.machine.board
        with self.line("first") as line:
            finger = self.machine.finger((0, 0), self.params.step)
            line.at("poke")
            self.play(FadeIn(finger), board.light([(0, 0)], "step"), run_time=0.4)
            self.poke((0, 0), line.until("step", says=self.params.step))
            line.at("change", says=self.pokes.changes[0, 0])
            self.play(FadeIn(self.change), run_time=0.4)
            line.at("one", says=self.pokes.quotients[0, 0])
            self.play(FadeIn(self.quotient), run_time=0.4)
            line.at("same")
            self.store((0, 0), finger, 0.9)
        with self.line("second") as line:
            finger = self.machine.finger((0, 1), self.params.step)
            line.at("next")
            self.play(FadeIn(finger), board.light([(0, 1)], "step"), run_time=0.4)
            self.poke((0, 1), line.until("change", says=self.pokes.changes[0, 1]))
            line.at("three", says=self.pokes.quotients[0, 1])
            self.play(Pulse(self.quotient, 1.15), run_time=0.4)
            self.store((0, 1), finger, 1.0)

    def poke_once(self, cell: Cell, seconds: float) -> None:
        finger = self.machine.finger(cell, self.params.step)
        self.play(FadeIn(finger), self.machine.board.light([cell], "step"), run_time=0.15 * seconds)
        self.poke(cell, 0.35 * seconds)
        self.store(cell, finger, 0.5 * seconds)

    def store(self, cell: Cell, finger: VGroup, seconds: float) -> None:
        """The slope moves into its cell, and the poked entry goes back."""
        pixel_end = self.quotient.get_right() + LEFT * 0.4
        slope = Formula(number(self.pokes.quotients[cell]), self.slopes.type_size, "gradient")
        flying = slope.copy().move_to(pixel_end)
        flying.overlaps = True  # it starts on the readout
        self.play(flying.animate.move_to(self.slopes.place(*cell)), FadeOut(finger), run_time=seconds * 0.6)
        self.remove(flying)
        self.slopes.hold(cell, slope)
        back = self.machine.turn(cell, 0.0), self.machine.board.darken([cell])
        self.play(self.slopes.light([cell], "gradient", self.heat(cell)), *back, run_time=seconds * 0.4)

    def heat(self, cell: Cell) -> float:
        """How full the cell of a slope is."""
        return float(HOTTEST * self.pokes.quotients[cell] / self.pokes.quotients.max())

    def name_it(self) -> None:
        gradient = Formula("nabla_M f", theme.FORMULA, "gradient")
        shapes = VGroup(self.machine.board.shape_note(), self.slopes.shape_note())
        shapes.stays = True  # the flipped A must have this shape too
        gradient.next_to(shapes[1], DOWN, buff=0.25)
        with self.line("gradient") as line:
            self.play(FadeOut(self.change, self.quotient), run_time=0.4)
            line.at("gradient")
            self.play(FadeIn(gradient), Pulse(self.slopes, 1.05))
            line.at("shape")
            self.play(FadeIn(shapes), Pulse(self.machine.board, 1.05))
            line.at("answers")
            self.play(Pulse(self.slopes, 1.05))
        self.symbol = gradient

    def open_the_machine(self) -> None:
        machine = self.machine
        inner = MatrixView(TRACE_A, "gradient", cell=self.inner_cell, center=self.inner_at)
        name = Formula("A", theme.FORMULA, "gradient").next_to(inner, RIGHT, buff=0.15)
        recipe = Formula('f = "tr"({a: A} {m: M})', theme.LABEL + 8, "function", a="gradient", m="first")
        recipe.move_to(machine.box)
        with self.line("inside") as line:
            line.at("open")
            self.play(FadeOut(machine.label, self.number, machine.inlet), run_time=0.3)
            self.play(machine.box.animate.stretch_to_fit_width(recipe.width + 0.5), run_time=0.5)
            self.play(FadeIn(recipe), run_time=0.3)
            line.at("a")
            self.play(FadeIn(inner, name))
        answer = Formula("nabla_M f = A^top", theme.FORMULA, "gradient").move_to(self.symbol)
        with self.line("flip") as line:
            self.play(FadeOut(self.symbol), run_time=0.3)
            self.play(inner.flip_onto(self.slopes, path=0.6), run_time=line.until("flipped"))
            self.play(FadeIn(answer), Pulse(self.slopes, 1.06))


class PokeLoop(LoopScene, Poke):
    """Six pokes fill the board of slopes; then it is empty again."""

    def construct(self) -> None:
        self.pokes = TRACE.poke(TRACE_X, self.params.step)
        self.lay_out()
        gradient = Formula("nabla_M f", theme.FORMULA, "gradient")
        places = list(np.ndindex(TRACE_X.shape))
        for place in places:
            self.slopes.put(place, float(self.pokes.quotients[place]))
            self.slopes.shine([place], "gradient", self.heat(place))
        self.moved = float(self.pokes.changes[places[-1]])
        self.add(self.slopes, self.slopes.name_above(gradient), self.change, self.quotient)
        with self.once_around() as line:
            self.hold(EMPTYING / 3)
            self.empty_the_board(EMPTYING)
            for count, place in enumerate(places):
                self.poke_once(place, line.left / (len(places) - count))

    def empty_the_board(self, seconds: float) -> None:
        numbers, change = (
            VGroup(*(self.slopes.take(place) for place in np.ndindex(TRACE_X.shape))),
            self.moved,
        )

        def forget(_: Mobject, share: float) -> None:
            self.moved = (1 - share) * change

        dark = self.slopes.darken(list(np.ndindex(TRACE_X.shape)))
        self.play(dark, FadeOut(numbers), UpdateFromAlphaFunc(VMobject(), forget), run_time=seconds)


class Flip(LectureScene):
    """Who meets whom in tr(AM), and in aᵀMb."""

    def construct(self) -> None:
        wide = self.zones.wide
        top, self.bottom = wide.rows(0.66, 0.34)
        y = top.center[1] - 0.1
        cell = 1.0
        self.a = MatrixView(TRACE_A, "gradient", cell=cell, center=[wide.left + 2.1, y, 0])
        self.m = MatrixView(TRACE_X, "first", cell=cell, center=[wide.left + 6.0, y, 0])
        product = TRACE_A @ TRACE_X
        self.product = MatrixView.empty(3, 3, "function", cell=cell, center=[wide.right - 2.2, y, 0])
        for place in self.product.diagonal():
            self.product.put(place, product[place])
        names = VGroup(
            Formula("A", theme.FORMULA, "gradient").next_to(self.a, LEFT, buff=0.2),
            Formula("M", theme.FORMULA, "first").next_to(self.m, LEFT, buff=0.2),
            Formula("=", theme.FORMULA).move_to(
                [(self.m.get_right()[0] + self.product.get_left()[0]) / 2, y, 0]
            ),
        )
        self.picture = VGroup(self.a, self.m, self.product, names)
        self.open(self.picture)
        self.add_the_diagonal()
        self.walk()
        self.outer_product()

    def add_the_diagonal(self) -> None:
        diagonal = self.product.diagonal()
        self.total = Formula(
            f'"tr"({{a: A}} {{m: M}}) = {number(TRACE(TRACE_X))}',
            theme.FORMULA,
            "function",
            a="gradient",
            m="first",
        )
        self.total.move_to(self.bottom.center + UP * 0.5)
        with self.line("product") as line:
            line.at("diagonal")
            self.play(
                self.product.light(diagonal, "function", run_time=0.8), Pulse(self.product.numbers, 1.1)
            )
            line.at("trace")
            flight = fly([(self.product.number(*c), self.total.get_right()) for c in diagonal], lag=0.3)
            self.play(flight, run_time=0.6)
            self.play(FadeIn(self.total), run_time=0.3)
        with self.line("unroll") as line:
            for index, place in enumerate(diagonal):
                lit = (
                    self.a.light(self.a.row(index), "gradient"),
                    self.m.light(self.m.column(index), "first"),
                )
                self.play(*lit, Pulse(self.product.number(*place), 1.3), run_time=0.7)
                out = (self.a.darken(self.a.row(index)), self.m.darken(self.m.column(index)))
                self.play(*out, run_time=0.35)
            line.at("products", says=TRACE_X.size)
            self.play(self.product.darken(diagonal), FadeOut(self.total), run_time=0.4)

    def walk(self) -> None:
        meetings = trace_meetings(TRACE_A, TRACE_X)
        terms = " + ".join(
            f"{{t{k}: {{a{k}: {number(m.a)}}} dot.c {{m{k}: {number(m.x)}}}}}" for k, m in enumerate(meetings)
        )
        roles = {f"a{k}": "gradient" for k in range(len(meetings))} | {
            f"m{k}": "first" for k in range(len(meetings))
        }
        self.sum = Formula(f"{terms} = {number(TRACE(TRACE_X))}", theme.FORMULA, **roles)
        self.sum.move_to(self.bottom.center + UP * 0.3)
        signs = VGroup(*self.sum.submobjects)
        with self.line("walk") as line:
            self.play(Dim(self.product, level=0.3), run_time=0.3)
            line.at("along")
            for k in range(3):
                self.meet(meetings[k], k, 0.9)
        with self.line("meet") as line:
            self.meet(meetings[1], None, line.until("swapped") + 0.4)
            line.at("transpose")
            for k in range(3, 6):
                self.meet(meetings[k], k, 0.55)
            self.play(FadeIn(signs), run_time=0.3)

    def meet(self, meeting, index: int | None, seconds: float) -> None:
        here, there = (meeting.row, meeting.column), (meeting.column, meeting.row)
        on = (self.m.light([here], "first", 0.45), self.a.light([there], "gradient", 0.45))
        self.play(*on, run_time=0.3 * seconds)
        if index is None:
            self.play(
                Pulse(self.m.number(*here), 1.4), Pulse(self.a.number(*there), 1.4), run_time=0.4 * seconds
            )
        else:
            place = self.sum.part(f"a{index}").get_center()
            other = self.sum.part(f"m{index}").get_center()
            self.play(
                fly([(self.a.number(*there), place), (self.m.number(*here), other)]), run_time=0.45 * seconds
            )
            self.add(*(self.sum.part(f"{part}{index}") for part in "atm"))
        self.play(self.m.darken([here]), self.a.darken([there]), run_time=0.25 * seconds)

    def outer_product(self) -> None:
        wide = self.zones.wide
        slopes = OUTER.gradient(TRACE_X)
        middle = np.array([wide.left + 4.6, wide.center[1] - 0.55, 0])
        m = MatrixView(TRACE_X, "first", cell=1.3, center=middle)
        column = MatrixView(OUTER_A[:, None], "text", cell=1.3, brackets=False)
        column.next_to(m, LEFT, buff=0.35)
        row = MatrixView(OUTER_B[None, :], "text", cell=1.3, brackets=False).next_to(m, UP, buff=0.3)
        names = VGroup(
            Formula("bold(a)").next_to(column, LEFT, buff=0.25),
            Formula("bold(b)").next_to(row, LEFT, buff=0.4),
        )
        value = Formula("f = bold(a)^top {m: M} bold(b)", theme.FORMULA, m="first")
        gradient = Formula("nabla_M f = bold(a) bold(b)^top", theme.FORMULA, "gradient")
        VGroup(value, gradient).arrange(DOWN, buff=0.7, aligned_edge=LEFT).move_to(
            [wide.right - 2.6, middle[1], 0]
        )
        with self.line("outer") as line:
            self.play(FadeOut(self.picture, self.sum), run_time=0.4)
            self.play(FadeIn(m, value), run_time=0.4)
            line.at("row")
            self.play(FadeIn(column, names[0]), run_time=0.5)
            line.at("column")
            self.play(FadeIn(row, names[1]), run_time=0.5)
        with self.line("fill") as line:
            for i, j in np.ndindex(*m.values.shape):
                lit = (column.light([(i, 0)], "step"), row.light([(0, j)], "step"))
                self.play(*lit, FadeOut(m.take((i, j))), run_time=0.2)
                home = m.place(i, j)
                self.play(fly([(column.number(i, 0), home), (row.number(0, j), home)]), run_time=0.35)
                slope = m.put((i, j), slopes[i, j], "gradient")
                level = HOTTEST * m.heat_of((i, j), float(slopes.max()))
                out = (column.darken([(i, 0)]), row.darken([(0, j)]))
                self.play(FadeIn(slope), m.light([(i, j)], "gradient", level), *out, run_time=0.2)
            line.at("transposed")
            self.play(FadeIn(gradient), run_time=0.5)
        self.picture = VGroup(m, column, row, names, value, gradient)


class Weighing(LectureScene):
    """Base of the scenes in which two weights move, and everything that depends on them."""

    weights: Array

    def go(self, stops: Sequence[Weights | Array], seconds: float) -> None:
        """Move the weights through *stops*, in *seconds*."""
        for stop in stops:
            start, end = self.weights.copy(), np.asarray(stop, dtype=float)

            def move(_: Mobject, share: float, start: Array = start, end: Array = end) -> None:
                self.weights = start + (end - start) * share

            self.play(UpdateFromAlphaFunc(VMobject(), move), run_time=seconds / len(stops))


class FitParams(SceneParams):
    """Where the descent begins."""

    start: Annotated[Weights, inside(LOSS_WINDOW)] = START


class Fit(Weighing):
    """A line, the squares on its misses, and the one point on the bowl that they are."""

    Params = FitParams

    def construct(self) -> None:
        left, right = self.zones.split(0.5, 0.5)
        right, notes = right.rows(0.8, 0.2)
        self.weights = np.array(self.params.start, dtype=float)
        self.fit = LineFit(FIT, FIT_WINDOW, left, lambda: self.weights, sides=(-1, -1, 1))
        self.map = LossMap(FIT, LOSS_WINDOW, right, LOSS_LEVELS)
        self.walker = dot(self.map.at(self.weights))
        self.walker.add_updater(lambda mark: mark.move_to(self.map.at(self.weights)))
        self.loss = Readout(
            "L", lambda: float(FIT.loss(self.weights)), 2, cells=5, size=theme.FORMULA, role="error"
        )
        self.loss.place(notes.left + 1.4, notes.center[1] - 0.25)
        self.open(
            self.fit,
            self.fit.data,
            self.map.frame_box,
            self.map.axes,
            self.map.ticks,
            self.map.tick_labels,
            self.map.names,
        )
        self.lay_the_line()
        self.turn_the_line()
        self.go_down()

    def lay_the_line(self) -> None:
        with self.line("data") as line:
            line.at("points", says=len(FIT.targets))
            self.play(*(Pulse(mark, 1.6) for mark in self.fit.data))
            line.at("line")
            self.weights = np.array([0.6, 0.55])
            self.play(Create(self.fit.curve), run_time=0.8)
            self.bring_to_front(self.fit.data)
            line.at("starts")
            self.go([(1.1, 0.55), (0.6, 0.55)], 1.2)
            line.at("tilts")
            self.go([(0.6, 0.0)], line.words_left)
        with self.line("squares") as line:
            self.go([self.params.start], 0.8)
            line.at("stick")
            self.play(FadeIn(self.fit.misses), run_time=0.4)
            line.at("square")
            self.play(FadeIn(self.fit.squares, lag_ratio=0.2), run_time=1.0)
            self.bring_to_front(self.fit.curve, self.fit.misses, self.fit.data)
            line.at("loss", says=float(FIT.loss(self.params.start)))
            self.play(FadeIn(self.loss))

    def turn_the_line(self) -> None:
        with self.line("turn") as line:
            self.play(FadeIn(self.walker), run_time=0.3)
            self.go([(1.6, 0.0)], line.until("breathe"))
            self.go([(0.3, 1.0)], line.until("dot"))
            self.play(Pulse(self.walker, 1.8))
            self.go([(2.0, -0.4), (1.0, 0.2)], line.words_left)
        with self.line("bowl") as line:
            line.at("bowl")
            self.play(FadeIn(self.map.lines, lag_ratio=0.1), run_time=1.2)
            self.bring_to_front(self.walker)
            self.go([[float(v) for v in FIT.normal_solution]], line.until("lowest") + 0.3)
            self.play(Pulse(self.walker, 1.8))

    def go_down(self) -> None:
        run = descend(FIT.field, self.params.start, DOWNHILL_RATE, 40)
        slope = FIT.gradient(self.params.start)
        gradient = self.map.arrow(run.points[0], slope / 16, "gradient")
        text = Formula(f"nabla L = vec({number(slope[0])}, {number(slope[1])})", theme.LABEL, "gradient")
        text.move_to([self.map.area.right - text.width / 2, self.loss.get_y(), 0])
        trail = self.map.path(run.points[:1], "step")
        with self.line("down") as line:
            self.go([self.params.start], 0.6)
            line.at("ten", says=slope[0])
            self.play(gradient.grow(0.5), FadeIn(text))
            line.at("twelve", says=slope[1])
            line.at("against")
            self.play(FadeOut(gradient), run_time=0.3)
            self.add(trail)
            self.bring_to_front(self.walker)
            for count in range(1, 5):
                self.go([run.points[count]], 0.45)
                self.map.set_path(trail, run.points[: count + 1])
            self.play(FadeOut(text), run_time=0.3)
            self.follow(run.points[4:], trail, run.points[:4], line.until("more"))
            self.play(Pulse(self.fit.squares, 1.06), Pulse(self.loss, 1.15))

    def follow(self, points: Array, trail: VMobject, before: Array, seconds: float) -> None:
        """Run through the last steps of the descent, drawing its trail."""

        def run(_: Mobject, share: float) -> None:
            reached = share * (len(points) - 1)
            index = min(int(reached), len(points) - 2)
            self.weights = points[index] + (points[index + 1] - points[index]) * (reached - index)
            self.map.set_path(trail, np.vstack([before, points[: index + 1], self.weights]))

        self.play(UpdateFromAlphaFunc(VMobject(), run), run_time=max(seconds, 0.5))


class Shapes(LectureScene):
    """Which product of X and r gives two numbers? The shapes decide, and algebra agrees."""

    def construct(self) -> None:
        wide = self.zones.wide
        self.cell, self.y = 1.2, wide.center[1] - 0.15
        self.r_values = FIT.residual(START)
        self.x = MatrixView(FIT.design, "text", cell=self.cell, center=[wide.left + 2.05, self.y, 0])
        self.r = MatrixView(
            self.r_values[:, None], "error", cell=self.cell, center=[wide.left + 6.6, self.y, 0]
        )
        self.slots = MatrixView.empty(2, 1, "gradient", cell=self.cell, center=[wide.right - 3.75, self.y, 0])
        self.x_name = Formula("X", theme.FORMULA).next_to(self.x, UP, buff=0.25)
        self.r_name = Formula("bold(r) = X bold(w) - bold(y)", theme.LABEL + 6, "error").next_to(
            self.r, UP, buff=0.3
        )
        self.notes = VGroup(self.x.shape_note(), self.r.shape_note(), self.slots.shape_note())
        self.open(self.x, self.x_name, self.r, self.r_name, self.notes[:2])
        self.lay_out()
        self.try_as_it_is()
        self.turn_it()
        self.compare()
        self.algebra()

    def lay_out(self) -> None:
        wanted = label_beside(Text("one per weight", theme.SMALL, "quiet"), self.slots.get_top(), UP, 0.3)
        with self.line("pieces") as line:
            line.at("data")
            self.play(Pulse(self.x, 1.08))
            line.at("misses")
            self.play(Pulse(self.r, 1.08))
        with self.line("need") as line:
            line.at("need")
            self.play(FadeIn(self.slots, wanted, self.notes[2]))
        self.wanted = wanted
        with self.line("guess") as line:
            line.at("combined")
            self.play(Pulse(self.x, 1.06), Pulse(self.r, 1.06))
        with self.line("think") as line:
            ring = CountdownRing([(self.x.get_right()[0] + self.r.get_left()[0]) / 2, self.y, 0])
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)

    def strip(self, size: int) -> MatrixView:
        """Where a row of *size* numbers stands upright, against r."""
        strip = MatrixView.empty(size, 1, cell=self.cell, brackets=False)
        top = self.r.place(0, 0) + LEFT * (self.cell + 0.3)
        return strip.shift(top - strip.place(0, 0))

    def stand_up(self, board: MatrixView, row: int, seconds: float) -> MatrixView:
        """A row of *board* comes over and stands against r."""
        strip = self.strip(board.columns)
        flight = fly([(board.cells((row, j)), strip.place(j, 0)) for j in range(board.columns)], path=0.25)
        self.play(board.light(board.row(row), "step", run_time=0.3), run_time=0.3)
        self.play(flight, run_time=seconds)
        for j in range(board.columns):
            strip.put((j, 0), board.values[row, j])
        self.add(strip.shine([(j, 0) for j in range(board.columns)], "step"))
        return strip

    def try_as_it_is(self) -> None:
        with self.line("plug") as line:
            line.at("row")
            strip = self.stand_up(self.x, 0, 0.8)
            line.at("two", says=FIT.design.shape[1])
            self.play(Pulse(strip, 1.1), run_time=0.5)
            line.at("three", says=len(self.r_values))
            self.play(self.r.light([(2, 0)], "error", 0.4), run_time=0.4)
            line.at("not")
            sign = cross(self.strip(3).place(2, 0), 0.45)
            self.play(FadeIn(sign), run_time=0.3)
            self.play(strip.animate.shift(LEFT * 1.1), FadeOut(sign), self.r.darken([(2, 0)]), run_time=0.4)
            self.play(FadeOut(strip), self.x.darken(self.x.row(0)), run_time=0.3)

    def turn_it(self) -> None:
        turned = self.x.flipped([self.zones.wide.left + 2.05, self.y, 0])
        self.product = FIT.candidates(START)[-1].value
        name = Formula("X^top", theme.FORMULA).next_to(turned, UP, buff=0.25)
        blank = MatrixView.empty(2, 3, cell=self.cell, center=turned.get_center())
        self.xt, self.xt_name = turned, name
        with self.line("click") as line:
            numbers = self.x.numbers
            self.play(FadeOut(self.x.board, self.x_name, self.notes[0]), run_time=0.3)
            flight = self.x.flip_onto(blank, path=0.5)
            self.remove(*numbers)
            self.play(FadeIn(blank), flight, run_time=line.until("side"))
            self.remove(blank)
            self.add(turned)
            self.play(FadeIn(name, turned.shape_note()), run_time=0.3)
            strip = self.stand_up(turned, 0, 0.6)
            line.at("three", says=turned.columns)
            frame = self.plug(strip)
            line.at("clicks")
            self.drop(0, strip, frame, line.until("five", says=self.product[0]))
            line.at("next")
            strip = self.stand_up(turned, 1, 0.6)
            frame = self.plug(strip)
            self.drop(1, strip, frame, line.until("six", says=self.product[1]))

    def plug(self, strip: MatrixView) -> VMobject:
        """The row moves up to r: number meets number."""
        self.play(strip.animate.shift(RIGHT * 0.3), run_time=0.25)
        frame = boxed(VGroup(strip, self.r.boxes), "right", 0.06)
        self.play(FadeIn(frame), run_time=0.15)
        return frame

    def drop(self, row: int, strip: MatrixView, frame: VMobject, seconds: float) -> None:
        """The products of the pair add up and land in their slot."""
        home = self.slots.place(row, 0)
        pairs = [(n, home) for pair in zip(strip.numbers, self.r.numbers, strict=True) for n in pair]
        self.play(fly(pairs, lag=0.3), run_time=max(seconds, 0.8))
        value = self.slots.put((row, 0), self.product[row])
        self.play(
            FadeIn(value),
            FadeOut(strip, frame),
            self.xt.darken(self.xt.row(row)),
            run_time=0.3,
        )

    def compare(self) -> None:
        wide = self.zones.wide
        slopes = FIT.gradient(START)
        self.truth = MatrixView(
            slopes[:, None], "gradient", cell=(1.25, self.cell), center=[wide.right - 0.85, self.y, 0]
        )
        name = Formula("nabla L", theme.LABEL + 6, "gradient").next_to(self.truth, UP, buff=0.3)
        self.truth_name = name
        self.truth.stays = name.stays = True  # what the algebra has to explain
        times = Formula(f"dot.c {number(slopes[0] / self.product[0])} =", theme.FORMULA, "step")
        times.move_to([(self.slots.get_right()[0] + self.truth.get_left()[0]) / 2, self.y, 0])
        with self.line("twice") as line:
            line.at("slopes")
            self.play(FadeIn(self.truth), FadeIn(name))
            line.at("twice", says=slopes[0] / self.product[0])
            self.play(FadeIn(times), run_time=0.4)
            line.at("square")
            self.play(Pulse(times, 1.3))

    def algebra(self) -> None:
        wide = self.zones.wide
        size = 1.1 * theme.FORMULA
        multiplied, joined, apart, collected = (line.text for line in FIT.derivation(START))
        for mixed in ("bold(w)^top X^top bold(y)", "bold(y)^top X bold(w)"):  # a number and its transpose
            multiplied = multiplied.replace(mixed, f"{{m: {mixed}}}")
            joined = joined.replace(mixed, f"{{m: {mixed}}}")
        loss = Formula(f"L = norm(X bold(w) - bold(y))^{number(2)}", size)
        multiplied, joined = (Formula(f"L = {text}", size, m="step") for text in (multiplied, joined))
        apart, collected = (Formula(f"nabla L = {text}", size, "gradient") for text in (apart, collected))
        lines = VGroup(loss, multiplied, apart, collected).arrange(DOWN, buff=0.75, aligned_edge=LEFT)
        lines.move_to([wide.left + 0.4 + lines.width / 2, wide.center[1], 0])
        joined.move_to(multiplied, aligned_edge=LEFT).align_baseline(multiplied)
        frame = boxed(collected, "right", 0.25)
        sizes = [number(size, 0) for board in (self.xt, self.r, self.slots) for size in board.values.shape]
        shapes = Formula(
            "({} times {}) dot.c ({} times {}) arrow {} times {}".format(*sizes), theme.LABEL, "quiet"
        )
        shapes.next_to(frame, RIGHT, buff=0.6)
        gone = [m for m in self.mobjects if m not in (self.title_bar, self.truth, self.truth_name)]
        with self.line("expand") as line:
            self.play(*(FadeOut(m) for m in gone), run_time=0.4)
            self.play(FadeIn(loss), run_time=0.4)
            line.at("out")
            self.play(FadeIn(multiplied, lag_ratio=0.05), run_time=0.9)
            line.at("join")
            self.play(FadeOut(multiplied), run_time=0.3)
            self.play(FadeIn(joined), run_time=0.4)
        with self.line("collect") as line:
            line.at("slope")
            self.play(FadeIn(apart, lag_ratio=0.05), run_time=0.8)
            line.at("collect")
            self.play(FadeIn(collected), run_time=0.6)
        with self.line("agree") as line:
            line.at("transpose")
            self.play(FadeIn(shapes), Dim(loss, joined, apart, level=0.5))
            line.at("two")
            self.play(Create(frame))


class Shadow(Weighing):
    """The fit slides over the plane of the columns; where the stick to y stands upright it is shortest."""

    class Params(SceneParams):
        start: Annotated[Weights, inside(SHADOW_WINDOW)] = (0.5, 0.95)

    def construct(self) -> None:
        self.set_up_space()
        self.open(self.space.floor, self.space.origin)
        self.span_the_plane()
        self.slide()
        self.stand_upright()
        self.read_the_numbers()

    def set_up_space(self) -> None:
        self.weights = np.array(self.params.start, dtype=float)
        self.best, self.foot = (
            np.array([float(v) for v in exact]) for exact in (FIT.normal_solution, FIT.foot)
        )
        self.near = ValueTracker(0.0)  # 0: the whole picture, 1: close to the foot of the stick
        self.space = ColumnSpace(FIT, self.zones.wide, lambda: self.weights, unit=1, middle=self.foot)
        self.space.floor.add_updater(lambda _: self.look(), index=0, call_updater=True)
        self.names = VGroup(
            self.named("bold(y)", "text", lambda: self.space.head, UP * 0.4),
            self.named('"first column"', "first", lambda: self.space.arrows[0].end, UP * 0.42 + LEFT * 0.9),
            self.named('"second column"', "second", lambda: self.space.arrows[1].end, DOWN * 0.42),
            self.named("X bold(w)", "function", lambda: self.space.tip, DOWN * 0.45 + RIGHT * 0.1),
            self.named("bold(r)", "error", lambda: (self.space.tip + self.space.head) / 2, RIGHT * 0.4),
        )

    def named(self, maths: str, role: theme.Role, place: Callable[[], Array], beside: Array) -> Formula:
        """A name that goes with its place, and stops at the frame's border."""
        name = Formula(maths, theme.LABEL + 6, role).halo()
        name.stays = True  # it belongs to what it names
        zone = self.zones.wide.inset(name.width / 2 + 0.1, name.height / 2 + 0.1)
        low, high = [zone.left, zone.bottom, 0.0], [zone.right, zone.top, 0.0]
        return name.add_updater(lambda m: m.move_to(np.clip(place() + beside, low, high)), call_updater=True)

    def look(self) -> None:
        share = self.near.get_value()
        far = self.foot * 0.5
        self.space.look(FAR_UNIT * (NEAR_UNIT / FAR_UNIT) ** share, far + (self.foot - far) * share)

    def span_the_plane(self) -> None:
        s = self.space
        with self.line("targets") as line:
            line.at("space")
            self.play(Pulse(s.origin, 1.8))
            line.at("y")
            self.play(s.goal.grow(), FadeIn(self.names[0]))
        with self.line("columns") as line:
            line.at("arrows")
            self.play(s.arrows[0].grow(), FadeIn(self.names[1]), run_time=0.7)
            self.play(s.arrows[1].grow(), FadeIn(self.names[2]), run_time=0.7)
            line.at("plane")
            self.play(Create(s.grid[0]), Create(s.grid[1]), run_time=1.2)
            self.bring_to_front(*s.arrows, s.goal, self.names)

    def slide(self) -> None:
        s, wide = self.space, self.zones.wide
        self.length = Readout(
            "norm(bold(r))",
            lambda: float(np.linalg.norm(FIT.residual(self.weights))),
            2,
            cells=4,
            size=theme.FORMULA,
            role="error",
        ).place(wide.left + 1.0, wide.top - 0.75)
        with self.line("slide") as line:
            self.play(FadeIn(s.fit, s.walker, self.names[3]), run_time=0.4)
            line.at("slides")
            self.go([(1.45, 0.1), (0.9, 0.75)], line.until("stick"))
            self.play(FadeIn(s.stick, self.length, self.names[4]), run_time=0.4)
            self.go([(0.75, 0.5)], line.words_left)
        with self.line("closer") as line:
            line.at("short")
            self.go([self.best + [0.4, -0.55], self.best + [-0.25, 0.32]], line.left)

    def stand_upright(self) -> None:
        s = self.space
        with self.line("lock") as line:
            line.at("here")
            self.play(
                self.near.animate.set_value(1.0),
                Dim(s.fit, *s.arrows, *self.names[1:3], level=0),
                run_time=1.2,
            )
            self.go([self.best], line.until("right"))
            s.stick.set_stroke(theme.color("right"))
            self.names[4].set_fill(theme.color("right"))
            self.through = VGroup(s.line_along(0), s.line_along(1))
            self.corners = VGroup(s.upright_mark(0), s.upright_mark(1, -1))
            self.play(Create(self.through[0]), Create(self.through[1]), run_time=0.7)
            self.bring_to_front(s.stick, s.walker, self.names)
            self.play(Create(self.corners[0]), Create(self.corners[1]), run_time=0.7)

    def read_the_numbers(self) -> None:
        s = self.space
        products = FIT.design.T @ FIT.residual(self.best)
        rule = Formula(
            f"X^top bold(r) = vec({{a: {number(products[0])}}}, {{b: {number(products[1])}}})",
            theme.FORMULA,
            a="first",
            b="second",
        )
        shell = [glyph for glyph in rule if glyph not in rule.part("a") and glyph not in rule.part("b")]
        gradient = Formula("nabla L = bold(0)", theme.FORMULA, "gradient")
        small = Text("a bowl: the minimum", theme.SMALL, "quiet")
        corner = self.zones.wide
        rule.move_to([corner.right - 0.25 - rule.width / 2, corner.bottom + rule.height / 2 + 0.15, 0])
        VGroup(gradient, small).arrange(DOWN, buff=0.25).move_to(rule)
        with self.line("normal") as line:
            self.play(FadeIn(VGroup(*shell)), run_time=0.4)
            line.at("first")
            self.play(FadeIn(rule.part("a")), Pulse(self.corners[0], 1.6))
            line.at("second")
            self.play(FadeIn(rule.part("b")), Pulse(self.corners[1], 1.6))
            line.at("zero", says=float(abs(products).max()))
            self.play(Pulse(rule, 1.1))
        with self.line("same") as line:
            line.at("gradient")
            self.play(FadeOut(rule), run_time=0.3)
            self.play(FadeIn(gradient, small))
            line.at("shadow")
            self.play(FadeOut(self.corners, self.through), run_time=0.3)
            self.play(Dim(s.fit, *s.arrows, level=1), self.near.animate.set_value(0.0), run_time=1.2)
            self.play(Dim(*self.names[1:3], level=1), run_time=0.3)
            words = Text("the shadow of y", theme.LABEL, "function").halo()
            self.play(
                FadeIn(words.next_to(self.names[3], DOWN, buff=0.2)), Pulse(s.walker, 1.6), run_time=0.5
            )


class ShadowLoop(LoopScene, Shadow):
    """The fit goes once around on the plane; where it passes the shadow of y, the stick stands upright."""

    def construct(self) -> None:
        self.set_up_space()
        self.along(0.0)
        s, wide = self.space, self.zones.wide
        s.floor.clear_updaters()
        s.floor.add_updater(lambda _: s.look(LOOP_UNIT, 0.56 * self.foot), call_updater=True)
        length = Readout(
            "norm(bold(r))",
            lambda: float(np.linalg.norm(FIT.residual(self.weights))),
            2,
            cells=4,
            size=BIG,
            role="error",
        ).place(wide.left + 1.2, wide.top - 0.9)
        self.corners = VGroup(s.upright_mark(0), s.upright_mark(1, -1))
        residual = self.names[4].clear_updaters()  # it stands clear of the right angles here
        residual.add_updater(lambda name: name.move_to((s.tip + s.head) / 2 + 0.62 * RIGHT))
        self.add(s.floor, s.grid, s.origin, *s.arrows, s.goal, s.fit, s.stick, self.corners, s.walker)
        self.add(self.names, length)
        self.corners.add_updater(lambda _: self.show_upright(), call_updater=True)
        with self.once_around() as line:
            run = UpdateFromAlphaFunc(VMobject(), lambda _, share: self.along(share), rate_func=linear)
            self.play(run, run_time=line.left)

    def along(self, share: float) -> None:
        """Stand at *share* of the round trip, which begins at the foot and goes slowly there."""
        turn = tau * share - 0.6 * np.sin(tau * share)
        offset = np.array(ROUND) * [np.sin(turn), np.cos(turn) - 1]
        place = self.foot + offset @ FIT.upright_frame[:2]
        self.weights = np.linalg.lstsq(FIT.design, place)[0]

    def show_upright(self) -> None:
        """Green with right angles at the shadow of y, and red without them away from it."""
        shortest = float(np.linalg.norm(FIT.residual(self.best)))
        longer = float(np.linalg.norm(FIT.residual(self.weights))) - shortest
        near = float(np.clip(1.5 - longer / UPRIGHT, 0.0, 1.0))
        paint = theme.color("error").interpolate(theme.color("right"), near)
        self.space.stick.set_stroke(paint)
        self.names[4].set_fill(paint)
        dim(self.corners, near)


class Breaks(Weighing):
    """Columns that repeat each other: a line instead of a plane, a gutter instead of a bowl; and bad solvers."""

    def construct(self) -> None:
        left, right = self.zones.split(0.5, 0.5, gap=0.6)
        zone, self.notes = right.rows(0.78, 0.22)
        self.share = ValueTracker(0.0)  # how much of a copy the second column is
        self.weights = np.array([float(v) for v in REPEATING.shortest_solution])
        middle = REPEATING.design[:, 0] * 0.8
        self.space = ColumnSpace(
            FIT, left.inset(0.15, 0), lambda: (0.0, 0.0), unit=0.62, middle=middle, columns=self.columns
        )
        self.map = LossMap(LeastSquares(self.columns(), FIT.targets), GUTTER_WINDOW, zone, GUTTER_LEVELS)
        self.open(self.space.floor, self.space.grid, self.space.origin, *self.space.arrows, self.map)
        self.fold()
        self.slide()
        self.solve()

    def columns(self) -> Array:
        """The first column, and the second on its way to being a copy of it."""
        first, copy = REPEATING.design.T
        share = self.share.get_value()
        return np.column_stack([first, FIT.design @ APART * (1 - share) + copy * share])

    def fold(self) -> None:
        s = self.space
        names = VGroup(*(Text(words, theme.SMALL, role).halo() for words, role in COLUMN_NAMES))
        names.stays = True
        names.add_updater(lambda _: self.name_columns(names), call_updater=True)
        twice = float(REPEATING.design[0, 1] / REPEATING.design[0, 0])
        with self.line("fold") as line:
            line.at("copy")
            self.play(FadeIn(names), run_time=0.4)
            line.at("twice", says=twice)
            self.map.lines.add_updater(
                lambda _: self.map.draw_loss(LeastSquares(self.columns(), FIT.targets))
            )
            self.play(self.share.animate.set_value(0.75), run_time=line.until("folds"))
            self.play(self.share.animate.set_value(1.0), Dim(s.floor, level=0.0), run_time=line.left - 0.3)
            self.map.lines.clear_updaters()
            self.map.draw_loss(REPEATING)
        self.first_picture = VGroup(s.floor, s.grid, s.origin, *s.arrows, names)

    def name_columns(self, names: VGroup) -> None:
        """Each name beside its arrow's end, inside the picture."""
        for name, arrow, side in zip(names, self.space.arrows, (UP, DOWN), strict=True):
            name.move_to(arrow.end + side * 0.4 + LEFT * 0.5)
            name.shift(RIGHT * max(0.0, self.zones.wide.left + 0.1 - name.get_left()[0]))

    def slide(self) -> None:
        gutter = self.map
        walker = dot(gutter.at(self.weights), "text", 0.14)
        walker.add_updater(lambda mark: mark.move_to(gutter.at(self.weights)))
        nearest, way = self.weights.copy(), REPEATING.gutter[0]
        floor = gutter.path(nearest + np.array([-9.0, 9.0])[:, None] * way, "function", theme.STICK)
        loss = Readout(
            "L", lambda: float(REPEATING.loss(self.weights)), 2, cells=4, size=theme.FORMULA, role="error"
        )
        loss.place(self.notes.left + 1.5, self.notes.center[1] - 0.3)
        with self.line("gutter") as line:
            line.at("gutter")
            self.play(Create(floor), FadeIn(loss), run_time=0.8)
            self.play(FadeIn(walker), run_time=0.4)
            self.go(
                [nearest + 0.8 * way, nearest - 0.6 * way, nearest + 0.5 * way], line.until("change") - 0.4
            )
            line.at("change")
            self.go([nearest - 0.4 * way], line.until("stays"))
            self.play(Pulse(loss, 1.15))
        with self.line("nearest") as line:
            self.go([nearest + 0.7 * way], 0.9)
            line.at("pseudo")
            name = Formula("bold(w) = X^+ bold(y)", theme.FORMULA, "right")
            name.move_to([gutter.area.right - name.width / 2, loss.get_y(), 0])
            self.go([nearest], line.until("nearest"))
            stick = dashed(gutter.at([0, 0]), gutter.at(nearest), "text", theme.CURVE)
            corner = right_angle(gutter.at(nearest), gutter.vector(-nearest), gutter.vector(way))
            self.play(Create(stick), FadeIn(name), run_time=0.6)
            self.bring_to_front(walker)
            self.play(Create(corner), walker.animate.set_color(theme.color("right")), run_time=0.5)
        self.second_picture = VGroup(gutter, floor, walker, loss, name, stick, corner)

    def solve(self) -> None:
        errors = solver_errors(POLYNOMIAL_DESIGN, POLYNOMIAL_WEIGHTS)
        bars = ErrorBars(
            self.zones.wide.inset(0.4, 0.1),
            ("inverse", "Cholesky", "QR"),
            (errors.inverse, errors.cholesky, errors.qr),
            ("error", "step", "right"),
        )
        with self.line("solvers") as line:
            line.at("wrong")
            self.play(FadeOut(self.first_picture, self.second_picture), run_time=0.4)
            self.play(FadeIn(bars.axis, bars.names), run_time=0.4)
            line.at("nearly")
            self.play(Pulse(bars.names, 1.08))
            line.at("invert")
            self.play(bars.grow(0), run_time=1.0)
            line.at("cholesky")
            self.play(bars.grow(1), run_time=1.0)
            line.at("qr")
            self.play(bars.grow(2), run_time=1.0)
        with self.line("rule") as line:
            line.at("not")
            self.play(FadeIn(cross(bars.end(0) + RIGHT * 0.5), tick(bars.end(2) + RIGHT * 0.5)), run_time=0.4)


class Quiz(QuizScene):
    """Two numbers fit the two weights; three do not."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.6, 0.4, gap=0.5)
        self.offers = FIT.candidates(START)
        self.states(*(offer.text for offer in self.offers))
        y, x = picture.center[1], picture.center[0]
        cell = (1.4, 1.15)
        self.w = MatrixView(np.array(START)[:, None], "first", cell=cell, center=[x - 1.5, y + 0.4, 0])
        self.w_name = Formula("bold(w)", theme.FORMULA, "first").next_to(self.w, UP, buff=0.3)
        slots = MatrixView.empty(2, 1, "gradient", cell=cell, center=[x + 1.3, y + 0.4, 0])
        slots_name = Formula("nabla L", theme.FORMULA, "gradient").next_to(slots, UP, buff=0.3)
        marks = VGroup(*(Formula("?", theme.FORMULA, "quiet").move_to(box) for box in slots.boxes))
        self.open(self.lay_out(words), self.w, self.w_name, slots, slots_name, marks)
        with self.line("ask") as line:
            line.at("loss")
            self.play(Pulse(VGroup(slots, slots_name, marks), 1.08))
            line.at("w")
            self.play(Pulse(VGroup(self.w, self.w_name), 1.1))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        right, wrong = (self.offers[k].value for k in (0, 1))
        with self.line("answer") as line:
            line.at("right")
            self.play(*self.step_forward(self.right_row), FadeOut(marks), run_time=0.6)
            self.play(FadeIn(self.right_row.sign()), run_time=0.3)
            line.at("numbers", says=len(right))
            for row, value in enumerate(right):
                slots.put((row, 0), value)
            self.play(FadeIn(slots.numbers, lag_ratio=0.3), run_time=0.6)
            ties = self.ties(slots, len(right))
            self.play(FadeIn(ties), run_time=0.4)
        board = MatrixView(wrong[:, None], "error", cell=cell)
        board.shift(slots.place(0, 0) - board.place(0, 0))
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), FadeOut(slots, ties), run_time=0.4)
            self.play(FadeIn(board), run_time=0.4)
            line.at("three", says=len(wrong))
            self.play(Pulse(board.numbers, 1.15), FadeIn(self.failing_row.sign()), run_time=0.5)
            line.at("two", says=len(START))
            self.play(FadeIn(self.ties(board, 2)), run_time=0.4)
            line.at("over")
            left_over = board.place(2, 0) + LEFT * 1.5
            self.play(board.light([(2, 0)], "error", 0.4), FadeIn(cross(left_over, 0.5)), run_time=0.5)

    def ties(self, board: MatrixView, count: int) -> VGroup:
        """A line from each weight to its slope."""
        pairs = [(self.w.box(k, 0).get_right(), board.box(k, 0).get_left()) for k in range(count)]
        return VGroup(
            *(Arrow(a + RIGHT * 0.32, b + LEFT * 0.32, "quiet", theme.CURVE, 0.24) for a, b in pairs)
        )


class Answer(Machine):
    """The opening picture, answered: the slopes fill a table of the same shape, and a step goes down."""

    class Params(SceneParams):
        alpha: float = Field(POKE, gt=0, le=0.2, description="the learning rate of the last step")

    def construct(self) -> None:
        picture = self.opening_picture()
        self.slopes = self.wanted_board(self.machine.board.get_y())
        self.unknown = question_marks(self.slopes)
        self.open(picture, self.slopes, self.unknown)
        with self.line("back") as line:
            line.at("table")
            self.play(self.machine.read(line.left - 0.7))
            self.play(Pulse(self.number, 1.12))
        self.fill()
        whole = VGroup(picture, self.slopes)
        statements = ["one slope in every cell", "the shape of the table"]
        card = closing_card(Formula("nabla_M f", BIG, "gradient"), statements, self.zones.wide)
        card.arrange(RIGHT, buff=0.9).move_to([self.zones.wide.center[0], self.zones.wide.bottom + 0.9, 0])
        with self.line("gradient") as line:
            self.play(whole.animate.shift(UP * 0.75), run_time=0.6)
            line.at("slope")
            self.play(FadeIn(card[:2]))
            line.at("same")
            self.play(FadeIn(card[2]), Pulse(self.slopes, 1.05))
        with self.line("step") as line:
            line.at("subtracted")
            cells = list(np.ndindex(*TRACE_X.shape))
            flight = [(self.slopes.number(*cell), self.machine.board.place(*cell)) for cell in cells]
            self.play(fly(flight), run_time=0.8)
            self.play(
                self.machine.shift_all(-self.params.alpha * self.slopes.values), run_time=line.until("down")
            )
            self.play(Pulse(self.number, 1.2))

    def fill(self) -> None:
        """Every entry is poked, and its slope stays in its place."""
        pokes = TRACE.poke(TRACE_X, POKE)
        cells = list(np.ndindex(*TRACE_X.shape))
        board = self.machine.board
        with self.line("poke") as line:
            line.at("entry")
            for count, cell in enumerate(cells):
                seconds = line.words_left / (len(cells) - count)
                self.play(board.light([cell], "step"), self.machine.turn(cell, TOUCH), run_time=0.5 * seconds)
                self.remove(self.unknown[count])
                slope = self.slopes.put(cell, pokes.quotients[cell])
                level = HOTTEST * pokes.quotients[cell] / pokes.quotients.max()
                back = board.darken([cell]), self.machine.turn(cell, 0.0)
                self.play(
                    FadeIn(slope), self.slopes.light([cell], "gradient", level), *back, run_time=0.5 * seconds
                )
