"""Chapter 9, automatic differentiation: a program that has run is played backwards, and every dial knows its slope."""

from __future__ import annotations

from math import log10
from typing import Annotated

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    Rectangle,
    RoundedRectangle,
    ValueTracker,
    VGroup,
    linear,
)
from pydantic import Field

from vcalc_anim.core import (
    Rounded,
    Window,
    cancellation,
    exhibit,
    jacobian_forward,
    jacobian_reverse,
    logistic_swell,
    scientific,
    typst_number,
    v_curve,
)
from vcalc_anim.core.catalogue import RELU
from vcalc_anim.core.examples.ch00 import DIALS
from vcalc_anim.core.examples.ch09 import (
    CANCELLING,
    COLUMN_AT,
    ROW_AT,
    SQUARE_AT,
    SWELL_DEPTHS,
    V_AT,
    V_FIELD,
    V_STEPS,
    one_column,
    one_row,
    square_matrix,
)
from vcalc_anim.core.passes import JacobianPasses
from vcalc_anim.core.small_print import branches, corner_slopes, meant_typst
from vcalc_anim.core.swell import Swell as SwellCounts
from vcalc_anim.stage import (
    ChordView,
    Code,
    CountdownRing,
    DigitRow,
    Dim,
    Formula,
    LectureScene,
    Listing,
    MatrixView,
    PaintedJacobian,
    Plot,
    Pulse,
    Readout,
    SceneParams,
    SlopeStrip,
    Stick,
    Text,
    VChart,
    WrittenOut,
    Zone,
    dim,
    dot,
    theme,
    tick,
)
from vcalc_anim.stage.theme import Role


def powers_of_ten(value: float, decimals: int, width: int) -> Rounded:
    """How a readout writes a number over many magnitudes."""
    number = scientific(value, decimals)
    if len(number.text) > width:
        raise ValueError(f"{number.text} does not fit into {width} characters: give the readout more cells")
    return number


class Valley(LectureScene):
    """The error of a nudge falls with its step, until rounding takes over and it climbs the other wall."""

    class Params(SceneParams):
        at: float = Field(V_AT, ge=-10, le=10, description="where sine is differentiated")

    def construct(self) -> None:
        self.lay_out()
        self.introduce()
        self.turn_down()
        self.run_out_of_digits()
        self.compare()

    def lay_out(self) -> None:
        left, right = self.zones.split(0.58, 0.42, gap=0.6)
        close, notes = right.rows(0.72, 0.28, gap=0.3)
        at, errors = self.params.at, v_curve(V_FIELD, self.params.at, V_STEPS)
        self.log_step = ValueTracker(log10(V_STEPS[0]))
        self.chart = VChart(errors, left, self.log_step.get_value)
        self.view = ChordView(V_FIELD, at, errors.derivative, close, lambda: 10 ** self.log_step.get_value())
        step = Readout("h", lambda: self.chart.step, 1, cells=9, role="step", form=powers_of_ten)
        error = Readout('"error"', lambda: self.chart.error, 1, cells=9, role="error", form=powers_of_ten)
        middle = notes.left + 1.9
        self.numbers = VGroup(step.place(middle, notes.top - 0.5), error.place(middle, notes.top - 1.25))
        self.open(self.chart, self.view, self.numbers)

    def turn_to(self, step: float, seconds: float) -> None:
        self.play(self.log_step.animate(rate_func=linear).set_value(log10(step)), run_time=seconds)

    def name(self, words: str, at: tuple[float, float], role: Role = "error") -> Text:
        """*words* on the chart, around the plane point *at*."""
        return Text(words, theme.SMALL, role).move_to(self.chart.at(at)).halo()

    def introduce(self) -> None:
        with self.line("knob") as line:
            line.at("h")
            self.play(Pulse(self.chart.knob, 1.8), Pulse(self.view.width_arrow, 1.3))
            line.at("one", says=self.params.at)
            self.play(Indicate(self.view.ends[0], color=theme.color("first")))
            line.at("chord")
            self.play(Indicate(self.view.chord, scale_factor=1.0, color=theme.color("text")))

    def turn_down(self) -> None:
        with self.line("ramp") as line:
            line.at("down")
            self.turn_to(1e-8, line.words_left)

    def run_out_of_digits(self) -> None:
        with self.line("stairs") as line:
            self.turn_to(1e-14, line.until("out"))
            self.play(FadeIn(self.name("out of digits", (-11.7, -10.3), "quiet")), run_time=0.3)
            self.turn_to(1.2e-15, line.until("stairs") + 0.4)
        with self.line("noise") as line:
            line.at("jumps")
            self.turn_to(V_STEPS[-1], line.until("flat"))

    def compare(self) -> None:
        movers = (self.chart.bead, self.chart.foot, self.chart.knob)
        with self.line("both") as line:
            self.play(Dim(*movers, level=0), FadeIn(self.name("one side", (-5.4, -3.4))), run_time=0.3)
            self.log_step.set_value(log10(V_STEPS[0]))
            self.chart.nudge_both_ways()
            self.view.both_ways = True
            self.play(Dim(*movers, level=1), run_time=0.3)
            line.at("both")
            self.turn_to(1e-5, line.until("wall"))
            self.play(FadeIn(self.name("both sides", (-1.6, -8.6))), run_time=0.3)
            self.turn_to(V_STEPS[-1], line.left)
        with self.line("floor") as line:
            line.at("no")
            self.play(Dim(*movers, level=0), run_time=0.4)
            line.at("here")
            floor = self.name("no step: nothing to lose", (-8.2, -15.2), "gradient")
            self.play(Create(self.chart.floor), FadeIn(floor), run_time=1.0)


class Swell(LectureScene):
    """One more line of program triples its written-out derivative, which says the same things over and over."""

    class Params(SceneParams):
        depths: tuple[Annotated[int, Field(ge=1, le=6)], ...] = Field(
            SWELL_DEPTHS,
            min_length=5,
            max_length=5,
            description="how many lines the program has, one after another",
        )

    def construct(self) -> None:
        self.swells = [logistic_swell(depth) for depth in self.params.depths]
        self.lay_out()
        with self.line("one") as line:
            line.at("line")
            self.play(Pulse(self.program, 1.06))
            line.at("out")
            self.play(Pulse(self.formula, 1.15))
        with self.line("grow") as line:
            self.lengthen(1, line.until("two"), line.until("three"))
            self.lengthen(2, 0.0, line.until("triples"))
            self.lengthen(3, 0.0, line.left - 0.1)
        last = self.swells[-1]
        with self.line("five") as line:
            line.at("lines", says=last.iterations)
            self.lengthen(4, 0.0, line.until("count", says=last.derivative_operations) + 0.6)
            self.play(Pulse(self.counts[1], 1.12))
        self.share(last)

    def lay_out(self) -> None:
        left, right = self.zones.split(0.37, 0.63, gap=0.5)
        heads, below = right.rows(0.86, 0.14, gap=0.2)
        self.page = Zone(right.left, right.right, heads.bottom, heads.top - 0.65)
        self.corner = np.array([left.left + 0.25, self.page.top, 0.0])
        self.operations = [ValueTracker(float(n)) for n in self.counted(0)]
        self.program = Listing(self.swells[0].program_text, self.corner, theme.LABEL)
        panel = Rectangle(
            width=right.width, height=self.page.height + 0.3, stroke_width=0, fill_color=theme.color("panel")
        ).move_to(self.page.center + UP * 0.05)
        self.formula = self.write_out(0)
        self.counts, names = VGroup(), VGroup()
        for words, tracker, role, zone in zip(
            ("program", "derivative, written out"),
            self.operations,
            ("function", "gradient"),
            (left, right),
            strict=True,
        ):
            names.add(self.heading(words, role, zone))
            count = Readout('"operations"', tracker.get_value, 0, cells=4, role=role)
            self.counts.add(count.place(zone.left + 2.5, below.bottom + 0.2))
        self.right, self.names = right, names
        self.open(panel.set_fill(opacity=1), names, self.program, self.formula, self.counts)

    def heading(self, words: str, role: Role, zone: Zone) -> Text:
        name = Text(words, theme.LABEL, role).set_x(zone.left + 0.1, LEFT)
        return name.align_baseline(zone.top - 0.4)

    def write_out(self, index: int) -> WrittenOut:
        swell = self.swells[index]
        return WrittenOut(
            swell.derivative_text, self.page.inset(0.2, 0.1), swell.repeated_text, theme.FORMULA
        )

    def counted(self, index: int) -> tuple[int, int]:
        return self.swells[index].operations, self.swells[index].derivative_operations

    def lengthen(self, index: int, wait: float, seconds: float) -> None:
        """The next program, and its derivative, printed in the rest of *seconds*."""
        end = self.now + seconds
        self.hold(wait)
        program = Listing(self.swells[index].program_text, self.corner, theme.LABEL)
        new = VGroup(*program.lines[len(self.program.lines) :])
        self.play(FadeOut(self.formula), FadeIn(new), run_time=0.3)
        self.remove(self.program, new)
        self.add(program)
        self.program = program
        self.formula = self.write_out(index)
        counting = (
            tracker.animate(rate_func=linear).set_value(float(count))
            for tracker, count in zip(self.operations, self.counted(index), strict=True)
        )
        writing = max(end - self.now, 0.3)
        self.play(self.formula.write(writing), *counting, run_time=writing)

    def share(self, last: SwellCounts) -> None:
        with self.line("same") as line:
            line.at("same")
            self.play(Dim(self.formula.body, level=0.35), FadeIn(self.formula.marked), run_time=0.6)
            line.at("times", says=last.derivative_text.count(last.repeated_text))
            line.at("once")
            fewer = self.operations[1].animate.set_value(float(last.shared_operations))
            self.play(fewer, run_time=line.until("left", says=last.shared_operations))
            self.play(Pulse(self.counts[1], 1.12))
        with self.line("share") as line:
            self.play(FadeOut(self.formula, self.formula.marked, self.counts[1], self.names[1]), run_time=0.4)
            line.at("program")
            self.play(FadeIn(self.heading("the run, played back", "gradient", self.right)), run_time=0.3)
            self.operations[1].set_value(0.0)
            steps = Readout('"steps back"', self.operations[1].get_value, 0, cells=4, role="gradient")
            self.play(FadeIn(steps.place(self.counts[1].relation_x, self.counts[1].baseline)), run_time=0.4)
            line.at("run")
            for index in range(last.iterations):
                self.play_back(index, last, min(0.5, line.until("four", says=self.visits(last)) / 2))

    @staticmethod
    def visits(swell: SwellCounts) -> float:
        """How many steps back each line of the program costs."""
        return swell.tape_visits / swell.iterations

    def play_back(self, index: int, swell: SwellCounts, seconds: float) -> None:
        """Line number *index* runs, and leaves its steps on the right."""
        height = self.program.lines[index].get_y()
        steps = VGroup()
        for number in range(round(self.visits(swell))):
            box = RoundedRectangle(
                corner_radius=0.08, width=0.9, height=0.36, stroke_width=0, fill_opacity=1
            ).set_fill(theme.color("gradient"))
            steps.add(box.move_to([self.page.left + 0.6 + 1.1 * number, height, 0]))
        count = self.operations[1].animate.set_value(self.visits(swell) * (index + 1))
        self.play(self.program.go_to(index, seconds), count, FadeIn(steps, lag_ratio=0.3), run_time=seconds)


MODES = ("forward mode", "reverse mode")
RACES = {
    "square": (square_matrix, SQUARE_AT, 1.15),
    "row": (one_row, ROW_AT, 0.66),
    "column": (one_column, COLUMN_AT, 0.63),
}  # program, point, side of a cell


class Columns(LectureScene):
    """Forward mode paints a Jacobian by columns, reverse mode by rows: the shape decides who is done first."""

    class Params(SceneParams):
        dials: int = Field(
            DIALS.weights.size, ge=2, le=DIALS.weights.size, description="inputs of the last loss"
        )

    def construct(self) -> None:
        self.lay_out()
        self.paint_square()
        self.paint_row()
        self.guess()
        self.paint_long_row()

    def lay_out(self) -> None:
        boards, self.notes = self.zones.split(0.74, 0.26, gap=0.5)
        self.lanes = boards.columns(1, 1, gap=0.6)
        self.done = [0, 0]
        self.names, self.counts = VGroup(), VGroup()
        for index, (lane, words) in enumerate(zip(self.lanes, MODES, strict=True)):
            name = Text(words, theme.LABEL, "gradient").set_x(lane.center[0])
            self.names.add(name.align_baseline(lane.top - 0.4))
            count = Readout('"passes"', lambda i=index: self.done[i], 0, cells=1, role="step")
            self.counts.add(count.place(lane.center[0] + 0.35, lane.bottom + 0.2))
        self.races_noted, self.score_names = 0, VGroup()
        for words, x in zip(
            ("forward", "reverse"), (self.notes.left + 1.5, self.notes.left + 2.65), strict=True
        ):
            word = Text(words, theme.SMALL, "quiet").set_x(x)
            self.score_names.add(word.align_baseline(self.notes.top - 0.4))
        self.races = self.set_up("square")
        self.open(self.names, self.counts, self.score_names, *self.races)

    def set_up(self, name: str) -> list[PaintedJacobian]:
        """Two empty boards of one program, one for each mode."""
        program, point, cell = RACES[name]
        self.done = [0, 0]
        return [
            PaintedJacobian(mode(program, point), lane.center + [0.32, -0.1, 0], cell)
            for mode, lane in zip((jacobian_forward, jacobian_reverse), self.lanes, strict=True)
        ]

    def paint(self, lane: int, number: int, seconds: float) -> None:
        """Pass *number* of one mode."""
        self.done[lane] = number + 1
        self.play(self.races[lane].paint(number, seconds))

    def paint_all(self, lane: int, first: int, seconds: float) -> None:
        """The passes of one mode from number *first* on, in *seconds*."""
        left = self.races[lane].passes.passes - first
        for number in range(first, first + left):
            self.paint(lane, number, seconds / left)

    def paint_square(self) -> None:
        forward, reverse = self.races
        with self.line("board") as line:
            line.at("inputs", says=len(forward.inputs))
            self.play(*(Pulse(name, 1.4) for race in self.races for name in race.inputs), run_time=0.5)
            line.at("outputs", says=len(forward.outputs))
            self.play(*(Pulse(name, 1.4) for race in self.races for name in race.outputs), run_time=0.5)
            line.at("input")
            self.play(Pulse(forward.seed(0), 1.5), run_time=0.5)
            line.at("column")
            self.paint(0, 0, 1.0)
        with self.line("rows") as line:
            line.at("output")
            self.play(Pulse(reverse.seed(0), 1.5), run_time=0.5)
            line.at("row")
            self.paint(1, 0, 1.0)
            line.until("tie", says=forward.passes.passes)
            rest = (line.left - 0.5) / 4
            for number in range(1, forward.passes.passes):
                self.paint(0, number, rest)
                self.paint(1, number, rest)
            self.note_result()

    def next_race(self, name: str) -> None:
        self.play(FadeOut(*self.races), run_time=0.3)
        self.races = self.set_up(name)
        self.play(FadeIn(*self.races), run_time=0.4)

    def note_result(self) -> None:
        """Keep shape and passes of the race that is over."""
        self.play(FadeIn(self.result([race.passes for race in self.races])), run_time=0.4)

    def result(self, modes: list[JacobianPasses]) -> VGroup:
        """A row of the score: the shape in small, and the passes of both modes, the fewer ticked."""
        height = self.notes.top - 1.5 - 1.3 * self.races_noted
        self.races_noted += 1
        rows, columns = modes[0].matrix.shape
        icon = MatrixView.empty(
            rows, columns, cell=0.15, center=[self.notes.left + 0.5, height, 0], brackets=False
        )
        row = VGroup(icon)
        fewest = min(mode.passes for mode in modes)
        for mode, name in zip(modes, self.score_names, strict=True):
            wins = mode.passes == fewest < max(other.passes for other in modes)
            number = Formula(typst_number(mode.passes, 0), theme.FORMULA, "right" if wins else "text")
            row.add(number.move_to([name.get_x(), height, 0]))
            if wins:
                row.add(tick(number.get_right() + RIGHT * 0.3, 0.22))
        row.stays = True  # the score is read as a whole
        return row

    def paint_row(self) -> None:
        with self.line("loss") as line:
            self.next_race("row")
            forward, reverse = (race.passes.passes for race in self.races)
            line.at("six", says=forward)
            self.paint_all(0, 0, line.until("forward", says=forward) + 1.2)
            line.at("reverse", says=reverse)
            self.paint_all(1, 0, 0.8)
            self.note_result()

    def guess(self) -> None:
        with self.line("guess") as line:
            self.next_race("column")
            line.at("around")
            self.play(*(Pulse(race.view, 1.05) for race in self.races))
            line.at("outputs", says=len(self.races[0].outputs))
            line.at("now")
            self.play(*(Pulse(name, 1.2) for name in self.names))
        with self.line("think") as line:
            ring = CountdownRing([self.notes.center[0], self.notes.top - 4.3, 0])
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)
        with self.line("turned") as line:
            line.at("single")
            self.paint_all(0, 0, 0.8)
            self.paint_all(1, 0, line.until("shape"))
            self.note_result()

    def paint_long_row(self) -> None:
        """One row of as many slopes as the wall has dials: forward mode crawls, reverse mode needs one stroke."""
        slopes = DIALS.weights.ravel()[: self.params.dials]
        top, bottom = self.zones.split(0.74, 0.26, gap=0.5)[0].rows(1, 1, gap=0.5)
        strips, counts, names = [], VGroup(), VGroup()
        passes = [ValueTracker(0.0), ValueTracker(0.0)]
        for zone, words, tracker in zip((top, bottom), MODES, passes, strict=True):
            strips.append(SlopeStrip(slopes, Zone(zone.left, zone.right, zone.bottom + 0.3, zone.top - 1.0)))
            name = Text(words, theme.LABEL, "gradient").set_x(zone.left, LEFT)
            names.add(name.align_baseline(zone.top - 0.6))
            count = Readout('"passes"', tracker.get_value, 0, cells=4, role="step")
            counts.add(count.place(zone.right - 1.3, zone.top - 0.6))
        strips[0].add_updater(lambda strip: strip.paint(passes[0].get_value()))
        strips[1].add_updater(lambda strip: strip.paint(passes[1].get_value() * len(slopes)))
        with self.line("row") as line:
            self.play(FadeOut(*self.races, self.names, self.counts), run_time=0.3)
            self.play(FadeIn(*strips, names, counts), run_time=0.4)
            line.at("row")
            pace = passes[0].animate(rate_func=linear).set_value
            line.until("count", says=len(slopes))
            self.play(pace(0.5 * len(slopes)), run_time=line.until("all"))
            self.play(passes[1].animate.set_value(1.0), pace(0.6 * len(slopes)), run_time=0.8)
            self.play(pace(float(len(slopes))), run_time=line.left - 0.1)


class SmallPrint(LectureScene):
    """Three programs that are differentiated exactly as they ran, which is not what was meant."""

    def construct(self) -> None:
        self.lay_out()
        self.pick_a_slope()
        self.run_a_branch()
        self.lose_digits()
        with self.line("rule") as line:
            self.play(Dim(*self.exhibits, level=1), run_time=0.5)
            line.at("ran")
            self.play(Pulse(self.branches, 1.08))
            line.at("delicate")
            self.play(Pulse(self.digits, 1.1))

    def lay_out(self) -> None:
        self.panels = [zone.inset(0, 0.05) for zone in self.zones.wide.columns(1, 1, 1, gap=0.4)]
        frames = VGroup()
        for zone, words in zip(self.panels, ("a corner", "a branch", "lost digits"), strict=True):
            frame = Rectangle(
                width=zone.width, height=zone.height, stroke_width=theme.LINE, fill_opacity=1
            ).move_to(zone.center)
            frame.set_fill(theme.color("panel")).set_stroke(theme.color("frozen"))
            name = Text(words, theme.LABEL, "quiet").set_x(zone.center[0])
            frames.add(VGroup(frame, name.align_baseline(zone.top - 0.65)))
        self.exhibits = [self.corner(), self.branch(), self.cancelling()]
        for waiting in (*self.exhibits[1:], self.digits):
            dim(waiting, 0.3)
        self.open(frames, *self.exhibits, self.digits)

    def corner(self) -> VGroup:
        zone = self.panels[0].inset(0.25, 0)
        self.plot = Plot(
            Window(-1.6, 1.6, -0.8, 1.6),
            Zone(zone.left, zone.right, zone.bottom + 2.55, zone.top - 1.0),
            x_label=None,
            y_label=None,
            x_ticks=(),
            y_ticks=(),
        )
        self.slope = ValueTracker(0.0)
        curve = self.plot.path(RELU.curve(-1.6, 1.6))
        self.stick = Stick("gradient")

        def lay(stick: Stick) -> None:
            along = self.plot.vector([1.0, self.slope.get_value()])
            along *= 1.25 / np.linalg.norm(along)
            stick.put(self.plot.at([0, 0]) - along, self.plot.at([0, 0]) + along)

        self.stick.add_updater(lay, call_updater=True)
        return VGroup(self.plot, curve, self.stick, dot(self.plot.at([0, 0])))

    def branch(self) -> VGroup:
        zone = self.panels[1].inset(0.3, 0)
        self.branches = Listing(branches(), [zone.left + 0.1, zone.top - 1.05, 0], theme.LABEL)
        self.x = ValueTracker(1.0)
        now = lambda: exhibit("cases", self.x.get_value())
        rows = (
            Readout("x", self.x.get_value, 1, cells=4, role="first"),
            Readout('"its slope"', lambda: now().true, 0, cells=4, role="text"),
            Readout('"computed"', lambda: now().computed, 0, cells=4, role="gradient"),
        )
        for index, row in enumerate(rows):
            row.place(zone.left + 2.1, zone.bottom + 2.1 - 0.75 * index)

        def follow(listing: Listing) -> None:
            listing.mark(1 if self.x.get_value() == 0 else 3)

        self.branches.add_updater(follow, call_updater=True)
        self.result = rows[2]
        return VGroup(self.branches, *rows)

    def cancelling(self) -> VGroup:
        self.last = zone = self.panels[2].inset(0.25, 0)
        self.place = 0
        now = lambda: exhibit("cancellation", CANCELLING[self.place])
        formula = Formula(meant_typst("cancellation"), theme.LABEL + 8, "function")
        formula.move_to([zone.center[0], zone.top - 1.5, 0])
        rows = (
            Readout("x", lambda: CANCELLING[self.place], 0, cells=6, role="first", form=powers_of_ten),
            Readout('"its slope"', lambda: now().true, 1, cells=10, size=theme.LABEL, form=powers_of_ten),
            Readout(
                '"computed"',
                lambda: now().computed,
                1,
                cells=10,
                size=theme.LABEL,
                role="gradient",
                form=powers_of_ten,
            ),
        )
        for row, height in zip(rows, (zone.bottom + 3.3, zone.bottom + 1.2, zone.bottom + 0.45), strict=True):
            row.place(zone.left + (1.6 if row is rows[0] else 1.75), height)
        self.digits = self.digit_row()
        self.shrinking, _, self.wild = rows
        name = Formula(cancellation(CANCELLING[0]).typst, theme.SMALL, "function")
        name.set_x(self.digits.get_left()[0], LEFT).align_baseline(zone.bottom + 2.55)
        return VGroup(formula, name, *rows)

    def digit_row(self) -> DigitRow:
        """What is left of the difference at this place, the wrong digits struck out."""
        left = cancellation(CANCELLING[self.place])
        return DigitRow(left.digits_text, left.digits, [self.last.left + 0.35, self.last.bottom + 2.0, 0])

    def pick_a_slope(self) -> None:
        zone = self.panels[0].inset(0.25, 0)
        library, slopes = corner_slopes()
        source = (
            Text(library, theme.MINIMUM, "quiet").set_x(zone.left, LEFT).align_baseline(zone.bottom + 2.15)
        )
        with self.line("corner") as line:
            line.at("corner")
            self.play(Pulse(self.exhibits[0][-1], 1.6))
            self.play(self.slope.animate.set_value(1.0), run_time=0.9)
            self.play(self.slope.animate.set_value(0.0), run_time=0.9)
            line.at("picks")
            self.exhibits[0].add(source)
            self.play(FadeIn(source), run_time=0.3)
            relu, maximum, clamp = slopes.items()
            line.at("zero", says=relu[1])
            self.show_choice(*relu, zone.bottom + 1.55)
            line.at("half", says=maximum[1])
            self.show_choice(*maximum, zone.bottom + 0.95)
            line.at("one", says=clamp[1])
            self.show_choice(*clamp, zone.bottom + 0.35)

    def show_choice(self, name: str, slope: float, height: float) -> None:
        """What one function takes for the slope at the corner; the stick turns to it."""
        zone = self.panels[0].inset(0.25, 0)
        code = Code(name).set_x(zone.left, LEFT).align_baseline(height)
        value = Formula(typst_number(slope, 1, trim=True), theme.LABEL, "gradient")
        value.set_x(zone.right, RIGHT).align_baseline(height)
        self.exhibits[0].add(code, value)
        self.play(self.slope.animate.set_value(slope), FadeIn(code, value), run_time=0.4)

    def run_a_branch(self) -> None:
        with self.line("branch") as line:
            self.play(Dim(self.exhibits[0], level=0.3), Dim(self.exhibits[1], level=1), run_time=0.4)
            line.at("returns")
            self.play(Pulse(self.branches.lines[-1], 1.2))
            line.at("true", says=exhibit("cases", 1.0).true)
            self.play(self.x.animate.set_value(0.3), run_time=line.until("branch") - 0.3)
            self.play(self.x.animate.set_value(0.0), run_time=0.3)
            line.at("wrong", says=exhibit("cases", 0.0).computed)
            self.play(Pulse(self.result, 1.2))

    def lose_digits(self) -> None:
        with self.line("cancel") as line:
            self.play(
                Dim(self.exhibits[1], level=0.3), Dim(self.exhibits[2], self.digits, level=1), run_time=0.4
            )
            line.at("shrinks")
            self.play(Pulse(self.shrinking, 1.2), run_time=0.6)
            line.at("digits")
            last = len(CANCELLING) - 1
            pause = line.until("wild") / last
            for _ in range(last):
                self.place += 1
                self.remove(self.digits)
                self.digits = self.digit_row()
                self.add(self.digits)
                self.hold(pause)
            self.play(Pulse(self.wild, 1.15))
