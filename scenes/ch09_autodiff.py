"""Chapter 9, automatic differentiation: a program that has run is played backwards, and every dial knows its slope."""

from __future__ import annotations

from math import cos, log10, tau
from typing import Annotated

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Rectangle,
    RoundedRectangle,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
    rush_into,
)
from pydantic import Field

from vcalc_anim.core import (
    ComputationGraph,
    Rounded,
    Window,
    cancellation,
    compact,
    exhibit,
    four_ways,
    jacobian_forward,
    jacobian_reverse,
    logistic_swell,
    runs_needed,
    scientific,
    secant,
    typst_number,
    v_curve,
)
from vcalc_anim.core.catalogue import RELU
from vcalc_anim.core.contenders import Method
from vcalc_anim.core.examples.ch00 import DIAL_LEARNING_RATE, DIAL_NUDGE, DIAL_SETTINGS, DIALS, LOSS
from vcalc_anim.core.examples.ch08 import B, W, X, Y, loss_graph, loss_program
from vcalc_anim.core.examples.ch09 import (
    CANCELLING,
    COLUMN_AT,
    NUDGE,
    ROW_AT,
    SQUARE_AT,
    SWELL_DEPTHS,
    V_AT,
    V_FIELD,
    V_STEPS,
    loss_formulas,
    one_column,
    one_row,
    square_matrix,
)
from vcalc_anim.core.listings import torch_listing, torch_prints
from vcalc_anim.core.passes import JacobianPasses
from vcalc_anim.core.small_print import branches, corner_slopes, meant_typst
from vcalc_anim.core.swell import Swell as SwellCounts
from vcalc_anim.stage import (
    ChordView,
    Code,
    CountdownRing,
    DialBoard,
    DigitRow,
    Dim,
    Formula,
    GraphView,
    LectureScene,
    Listing,
    LoopScene,
    MatrixView,
    Memory,
    PaintedJacobian,
    Plot,
    Pulse,
    QuizScene,
    Readout,
    SceneParams,
    ShadowToken,
    SlopeStrip,
    Stick,
    TapeView,
    Text,
    VChart,
    WrittenOut,
    Zone,
    closing_card,
    dim,
    dot,
    opening_card,
    theme,
    tick,
)
from vcalc_anim.stage.matrix_view import fly
from vcalc_anim.stage.tape_view import program_lines
from vcalc_anim.stage.theme import Role


def powers_of_ten(value: float, decimals: int, width: int) -> Rounded:
    """How a readout writes a number over many magnitudes."""
    number = scientific(value, decimals)
    if len(number.text) > width:
        raise ValueError(f"{number.text} does not fit into {width} characters: give the readout more cells")
    return number


PROGRAM = ("loss = program(dials)", "loss.backward()")


class WallScene(LectureScene):
    """Base of the first and the last picture: the wall of dials with which the course began."""

    def set_up_wall(self) -> None:
        self.board = DialBoard(DIALS, self.zones.stage, DIAL_SETTINGS)
        dock = self.zones.dock
        self.upper, self.lower = dock.rows(0.5, 0.5, gap=0.0)
        self.runs_made = ValueTracker(0.0)
        self.program = Listing(PROGRAM, [self.upper.left + 0.3, self.upper.center[1] + 0.5, 0], theme.SMALL)
        row = self.lower.left + 1.6
        self.loss = Readout(
            '"loss"',
            lambda: DIALS.score(self.board.settings),
            3,
            cells=6,
            size=theme.FORMULA,
            role="function",
        ).place(row, self.lower.bottom + 2.15)
        self.runs = Readout(
            '"runs"',
            lambda: round(self.runs_made.get_value()),
            0,
            cells=6,
            size=theme.FORMULA,
            role="step",
        ).place(row, self.lower.bottom + 1.0)

    def turn_all(self, start: np.ndarray, end: np.ndarray, seconds: float) -> None:
        self.play(self.board.travel(start, end, seconds))


class JustRun(WallScene):
    """The chapter's question: a program of a thousand dials has run once, and all its slopes are wanted."""

    def construct(self) -> None:
        self.set_up_wall()
        self.board.turn(np.zeros_like(DIAL_SETTINGS))
        card = opening_card(self.staging.lecture, self.zones.dock)
        self.open(self.board, card)
        with self.line("run") as line:
            line.until("count", says=DIALS.weights.size)
            self.turn_all(np.zeros_like(DIAL_SETTINGS), DIAL_SETTINGS, line.until("number"))
            self.play(FadeOut(card), run_time=0.3)
            self.runs_made.set_value(1.0)
            self.play(FadeIn(self.loss, self.runs, self.program.lines[0]), run_time=0.4)
        nudged = runs_needed(DIALS.weights.size)["nudges"]
        with self.line("nudge") as line:
            line.at("each")
            self.nudge_each(float(nudged), line.until("runs", says=nudged))
            self.play(Pulse(self.runs, 1.12))
        with self.line("ask") as line:
            line.at("can")
            unknown = Code("slopes = ?", theme.SMALL, "gradient")
            unknown.set_x(self.program.lines[0].get_left()[0], LEFT)
            self.play(FadeIn(unknown.align_baseline(self.program.lines[1])), run_time=0.4)
            line.at("just")
            self.play(self.board.tremble(0.8 * DIAL_NUDGE, line.words_left))

    def nudge_each(self, runs: float, seconds: float) -> None:
        """A ring hurries from dial to dial, row by row; each dial is nudged, and the program runs once more."""
        rows, columns = DIAL_SETTINGS.shape
        ring = self.board.ring((0, 0))
        ring.bleeds = True  # around the outermost dials

        def hurry(_: VMobject, share: float) -> None:
            dial = min(int(share * rows * columns), rows * columns - 1)
            place = divmod(dial, columns)
            settings = np.array(DIAL_SETTINGS)
            settings[place] += DIAL_NUDGE
            self.board.turn(settings if share < 1 else DIAL_SETTINGS)
            ring.move_to(self.board.place(place))
            self.runs_made.set_value(1 + (runs - 1) * share)

        self.add(ring)
        self.play(UpdateFromAlphaFunc(self.board, hurry, rate_func=rush_into), run_time=seconds)
        self.remove(ring)


class Contenders(LectureScene):
    """Four machines find the same slope; their bills differ."""

    class Params(SceneParams):
        dials: int = Field(
            DIALS.weights.size, ge=2, le=9998, description="how many dials the bill is made for"
        )
        nudge: float = Field(NUDGE, ge=1e-6, le=0.5, description="the step of the machine that nudges")

    def construct(self) -> None:
        self.lay_out()
        self.deal()
        self.find_slopes()
        self.write_bills()

    def lay_out(self) -> None:
        top, below = self.zones.wide.rows(0.2, 0.8, gap=0.2)
        self.card = Formula(f"L = {loss_formulas()[0]}", 1.1 * theme.FORMULA, "function").move_to(top.center)
        self.stalls = below.columns(1, 1, 1, 1, gap=0.3)
        self.pictures = [self.symbols, self.nudges, self.shadows, self.tape]
        self.machines = VGroup()
        for zone, picture, word in zip(
            self.stalls, self.pictures, ("symbols", "nudges", "shadows", "tape"), strict=True
        ):
            box = Rectangle(width=zone.width, height=zone.height, stroke_width=theme.LINE, fill_opacity=1)
            box.set_fill(theme.color("panel")).set_stroke(theme.color("frozen")).move_to(zone.center)
            name = Text(word, theme.LABEL, "text").set_x(zone.center[0]).align_baseline(zone.top - 0.55)
            shown = picture(Zone(zone.left + 0.25, zone.right - 0.25, zone.top - 2.0, zone.top - 0.8))
            self.machines.add(VGroup(box, name, dim(shown, 0.3)))
        self.found = four_ways(loss_program, [W, B], self.params.nudge)
        self.open(self.card, self.machines)

    def symbols(self, zone: Zone) -> VGroup:
        rule = Formula(loss_formulas()[1], theme.LABEL, "gradient")
        if rule.width > zone.width:
            rule.scale_to_fit_width(zone.width)
        return VGroup(rule.move_to(zone.center))

    def nudges(self, zone: Zone) -> VGroup:
        plot = Plot(Window(-1, 1, -0.3, 1), zone, x_label=None, y_label=None, x_ticks=(), y_ticks=())
        bend = LOSS.curve(-1, 1)
        line = secant(LOSS, 0.1, 0.6).line
        chord = [[x, float(line(x))] for x in (-1, 1)]
        ends = [dot(plot.at([x, float(LOSS(x))]), "step", radius=0.1) for x in (0.1, 0.7)]
        return VGroup(plot.path(bend), plot.path(chord, "gradient", theme.LINE), *ends)

    def shadows(self, zone: Zone) -> VGroup:
        graph = ComputationGraph.of(loss_graph().loss)
        value, shadow = (compact(float(n)).typst for n in (graph.node("z").value, graph.tangents("w")["z"]))
        dual = Formula(
            f"{{v: {value}}} {{s: + {shadow} epsilon}}", 1.1 * theme.FORMULA, v="function", s="gradient"
        )
        return VGroup(dual.move_to(zone.center))

    def tape(self, zone: Zone) -> VGroup:
        return VGroup(TapeView(loss_graph(variant="fanout").tape, zone.inset(0, 0.1)))

    def deal(self) -> None:
        with self.line("deal") as line:
            line.at("loss")
            self.play(Pulse(self.card, 1.12))
            line.at("machines", says=len(self.found))
            self.play(fly([(self.card.copy().scale(0.4), zone.center) for zone in self.stalls], 0.9, lag=0.2))
        with self.line("ways") as line:
            line.at("symbols")
            self.wake(0)
            line.at("nudges")
            self.wake(1)
            line.at("shadows")
            self.wake(2)
            line.at("tape")
            self.wake(3)

    def wake(self, number: int) -> None:
        machine = self.machines[number]
        self.play(Dim(machine[2], level=1), Pulse(machine[1], 1.2), run_time=0.5)

    def find_slopes(self) -> None:
        answers = []
        for zone, contender in zip(self.stalls, self.found, strict=True):
            slope = compact(float(contender.gradient[0]), 3)
            right = np.isclose(contender.gradient[0], self.found[-1].gradient[0], rtol=1e-9)
            role = "gradient" if right else "error"
            answers.append(Formula(slope.typst, 1.2 * theme.FORMULA, role))
            answers[-1].set_x(zone.center[0]).align_baseline(zone.top - 2.85)
        symbols, nudges, shadows, tape = answers
        self.answers = VGroup(*answers)
        with self.line("slopes") as line:
            line.at("near", says=float(self.found[1].gradient[0]))
            self.play(FadeIn(nudges), run_time=0.4)
            line.at("exact", says=float(self.found[3].gradient[0]))
            self.play(FadeIn(symbols, shadows, tape), run_time=0.5)

    def write_bills(self) -> None:
        dials = ValueTracker(len(self.found[0].gradient))
        most = max(runs_needed(self.params.dials).values())
        bills = VGroup()

        def counted(method: Method) -> int:
            """Runs, or formulas: the machine for symbols writes one for each dial."""
            number = round(dials.get_value())
            return runs_needed(number)[method] or number

        for zone, contender, word in zip(
            self.stalls, self.found, ("formulas", "runs", "runs", "runs"), strict=True
        ):
            left, reach, y = zone.left + 0.25, zone.width - 0.5, zone.bottom + 1.25
            bar = VMobject(stroke_color=theme.color("step"), stroke_width=4 * theme.STICK)
            bar.add_updater(
                lambda bar, left=left, reach=reach, y=y, method=contender.method: bar.set_points_as_corners(
                    [[left, y, 0], [left + max(reach * counted(method) / most, 0.04), y, 0]]
                ),
                call_updater=True,
            )
            count = Readout(None, lambda method=contender.method: counted(method), 0, cells=4, role="step")
            name = Text(word, theme.LABEL, "quiet").set_x(zone.right - 0.25, RIGHT)
            name.align_baseline(zone.bottom + 0.45)
            count.place(name.get_left()[0] - count.width - 0.2, zone.bottom + 0.45)
            bills.add(VGroup(bar, count, name))
        tape = bills[3]
        with self.line("bills") as line:
            line.at("bill")
            self.play(FadeIn(bills), Dim(self.answers, level=0.5), run_time=0.5)
            line.until("dials", says=self.params.dials)
            line.at("grows")
            self.play(
                dials.animate.set_value(self.params.dials), run_time=line.until("two", says=counted("tape"))
            )
            self.play(Pulse(tape, 1.15))
            line.at("back")
            self.play(Pulse(self.machines[3][2], 1.08))


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
        tall = self.zones.is_tall
        close, notes = right.rows(*((0.65, 0.35) if tall else (0.72, 0.28)), gap=0.3)
        at, errors = self.params.at, v_curve(V_FIELD, self.params.at, V_STEPS)
        self.log_step = ValueTracker(log10(V_STEPS[0]))
        self.chart = VChart(errors, left, self.log_step.get_value)
        self.view = ChordView(V_FIELD, at, errors.derivative, close, lambda: 10 ** self.log_step.get_value())
        step = Readout("h", lambda: self.chart.step, 1, cells=9, role="step", form=powers_of_ten)
        error = Readout('"error"', lambda: self.chart.error, 1, cells=9, role="error", form=powers_of_ten)
        middle = notes.center[0] - 0.6 if tall else notes.left + 1.9
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
            self.play(
                FadeIn(self.name("both sides", (-1.8, -10.6) if self.zones.is_tall else (-1.6, -8.6))),
                run_time=0.3,
            )
            self.turn_to(V_STEPS[-1], line.left)
        with self.line("floor") as line:
            line.at("no")
            self.play(Dim(*movers, level=0), run_time=0.4)
            line.at("here")
            floor = self.name("no step: nothing to lose", (-8.2, -15.2), "gradient")
            self.play(Create(self.chart.floor), FadeIn(floor), run_time=1.0)


class ValleyLoop(LoopScene, Valley):
    """The step runs down to the last digits and up again, and the error with it."""

    def construct(self) -> None:
        self.lay_out()
        first, last = log10(V_STEPS[0]), log10(V_STEPS[-1])

        def swing(_: VMobject, share: float) -> None:
            self.log_step.set_value((first + last + (last - first) * cos(tau * share)) / 2)

        swing(self.chart, 0.0)
        self.add(self.chart, self.view, self.numbers)
        with self.once_around() as line:
            self.play(UpdateFromAlphaFunc(VMobject(), swing, rate_func=linear), run_time=line.left)


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


class Shadows(LectureScene):
    """Forward mode on the graph of chapter 8: one run for each input whose shadow is asked for."""

    class Params(SceneParams):
        w: float = Field(W, ge=-20, le=20)
        b: float = Field(B, ge=-20, le=20)
        x: float = Field(X, ge=-20, le=20)
        y: float = Field(Y, ge=-20, le=20)

    def construct(self) -> None:
        numbers = self.params
        self.graph = ComputationGraph.of(loss_graph(numbers.w, numbers.b, numbers.x, numbers.y).loss)
        self.view = GraphView(self.graph, self.zones.wide)
        self.shadows = VGroup()
        self.open(self.view)
        self.ask_about_w()
        self.run_once("w")
        self.ask_about_b()
        with self.line("name") as line:
            line.at("question")
            self.play(Pulse(self.shadows[0], 1.4))
            line.at("forward")
            name = Text("forward mode", theme.FORMULA, "gradient")
            box = self.view.node("w").box
            name.set_x(box.get_right()[0] + 1.0, LEFT).set_y(box.get_y())
            self.play(FadeIn(name))

    def ask_about_w(self) -> None:
        with self.line("run") as line:
            line.at("run")
            self.play(self.view.reveal())
            line.at("shadow")
            self.play(self.cast("w", "w"))
        with self.line("ask") as line:
            line.at("w")
            self.play(Pulse(self.view.node("w"), 1.12))
            line.at("one", says=self.shadow("w", "w"))
            self.play(Pulse(self.shadows[0], 1.4))
            line.at("none")
            others = [self.view.node(node.name) for node in self.graph.inputs if node.name != "w"]
            self.play(*(Pulse(other, 1.08) for other in others))

    def shadow(self, seed: str, name: str) -> float:
        """The shadow of *name* when the input *seed* has the shadow 1."""
        return float(self.graph.tangents(seed)[name])

    def cast(self, seed: str, name: str) -> Animation:
        """The shadow of *name* appears under its value."""
        number = compact(self.shadow(seed, name)).typst
        text = Formula(f"+ {number} epsilon", theme.READOUT, "gradient")
        text.stays = True  # as the value above it
        self.shadows.add(self.view.node(name).place_under(text))
        return FadeIn(text, run_time=0.4)

    def drag(self, seed: str, name: str, seconds: float) -> None:
        """The values that *name* needs run into its box, and drag their shadows along."""
        carried = [
            ShadowToken(
                self.view.view(edge).path,
                self.shadow(seed, edge.source),
                self.shadow(seed, edge.source) * float(edge.local),
            )
            for edge in self.graph.into(name)
            if self.shadow(seed, edge.source)
        ]
        self.play(
            self.view.compute(name, 0.75 * seconds), *(token.travel(0.75 * seconds) for token in carried)
        )
        if self.shadow(seed, name):
            self.play(self.cast(seed, name), run_time=0.25 * seconds)

    def run_once(self, seed: str) -> None:
        with self.line("go") as line:
            self.drag(seed, "z", line.until("two", says=self.shadow(seed, "z")))
            self.drag(seed, "a", line.until("leave"))
            self.drag(seed, "r", line.left)
        with self.line("ten") as line:
            line.until("five", says=float(self.graph.into("L")[0].local))
            self.drag(seed, "L", line.until("ten", says=self.shadow(seed, "L")))
            self.play(Pulse(self.shadows[-1], 1.3))

    def ask_about_b(self) -> None:
        with self.line("again") as line:
            values = self.view.take_values()
            self.play(FadeOut(self.shadows, values), run_time=0.4)
            self.shadows = VGroup()
            line.at("b")
            self.play(self.view.reveal(), self.cast("b", "b"), run_time=0.5)
            line.at("again")
            steps = [node.name for node in self.graph.operations]
            share = line.until("five", says=self.shadow("b", "L")) / len(steps)
            for name in steps:
                self.drag("b", name, share)
            self.play(Pulse(self.shadows[-1], 1.3))


class TapeScene(LectureScene):
    """Base of the scenes with a tape of L = (wx + b − y)², its square written as r times r."""

    def set_up_tape(self, zone: Zone, size: float) -> TapeView:
        self.recorded = loss_graph(variant="fanout")
        self.strip = TapeView(self.recorded.tape, zone, size)
        return self.strip


class Tape(TapeScene):
    """Reverse mode: the program is written down while it runs, and the list is played backwards."""

    def construct(self) -> None:
        self.lay_out()
        self.record()
        self.play_back()

    def lay_out(self) -> None:
        wide = self.zones.wide
        top, bottom = wide.rows(0.6, 0.4, gap=0.0)
        left, right = top.columns(0.2, 0.8, gap=0.3)
        strip = self.set_up_tape(Zone(right.left, right.right, right.bottom, right.top - 0.5), theme.READOUT)
        tape = self.recorded.tape
        corner = [left.left + 0.25, strip.zone.top - 0.1, 0]
        self.program = Listing(program_lines(tape), corner, theme.LABEL, spacing=1.85)
        self.memory = Memory(tape, bottom)
        strip.stays = self.memory.stays = True  # the picture of the scene
        self.sweep = self.recorded.backward()
        for entry in tape:
            if entry.operation == "variable":
                self.memory.value(entry.index)
        self.open(self.program, strip, self.memory)

    def record(self) -> None:
        with self.line("record") as line:
            line.at("write")
            count = len(self.strip.entries)
            self.write(0, line.until("slopes"))
            for number in range(1, count):
                self.write(number, line.left / (count - number))
        with self.line("kept") as line:
            line.at("kept")
            self.play(*(Pulse(name, 1.15) for name in self.memory.names.values()))
            line.at("memory")
            self.play(Pulse(self.strip, 1.02))

    def write(self, number: int, seconds: float) -> None:
        entry = self.strip.entries[number]
        self.play(self.program.go_to(number), run_time=min(0.3, 0.3 * seconds))
        self.play(self.strip.record(number), self.show_value(entry.index), run_time=0.6 * seconds)

    def show_value(self, index: int) -> Animation:
        """What was computed appears in the memory."""
        return FadeIn(self.memory.value(index))

    def step(self, number: int, first: int, last: int, seconds: float) -> None:
        """Frame *number* hands the slope of its result down to its arguments from *first* to *last* (excluded)."""
        node = self.strip.entries[number].index
        moves = [step for step in self.sweep.steps if step.node == node][first:last]
        self.play(self.memory.hand_down(moves, self.strip, seconds))

    def slope(self, name: str) -> float:
        return float(self.sweep.adjoint(getattr(self.recorded, name)))

    def play_back(self) -> None:
        fork = [step.total for step in self.sweep.steps if step.parent == self.recorded.r.index]
        with self.line("seed") as line:
            line.at("back")
            self.play(self.program.rest(), FadeIn(self.strip.head), run_time=0.4)
            line.at("one", says=1.0 * self.sweep.steps[0].incoming)
            self.play(self.memory.seed(self.sweep.output), FadeIn(self.memory.slope_heading))
            self.memory.slope_heading.stays = True
        with self.line("fork") as line:
            line.at("twice")
            self.step(3, 0, 1, line.until("first", says=fork[0]))
            self.step(3, 1, 2, line.until("sum", says=fork[1]))
        with self.line("plain") as line:
            self.play(self.strip.wind_to(2))
            self.step(2, 0, 2, line.until("a", says=self.slope("a")))
            line.at("y", says=self.slope("y"))
            self.play(self.strip.wind_to(1))
            self.step(1, 0, 2, line.until("both"))
        with self.line("product") as line:
            self.play(self.strip.wind_to(0))
            line.until("five", says=self.slope("z"))
            self.step(0, 0, 2, line.until("w", says=self.slope("w")))
            line.at("x", says=self.slope("x"))
        with self.line("name") as line:
            line.at("reverse")
            name = Text("reverse mode", theme.LABEL, "gradient").set_x(self.strip.zone.right, RIGHT)
            self.play(FadeIn(name.align_baseline(self.strip.zone.top + 0.15)))
            line.at("list")
            self.play(Pulse(self.strip, 1.02))


class TapeLoop(LoopScene, Tape):
    """The tape records and is wound back; each frame is blank again when it has been read."""

    def construct(self) -> None:
        self.lay_out()
        memory, strip = self.memory, self.strip
        memory.add(memory.slope_heading)
        self.values = {entry.index: memory.value(entry.index) for entry in strip.entries}
        count = len(strip.entries)
        for number in range(count):
            strip.write(number)
        with self.once_around() as line:
            step = (line.left - 2.2) / (0.62 * count + 1.2 * count + 0.4)
            self.hold(0.2)
            self.play(FadeIn(strip.head), memory.seed(self.sweep.output), run_time=0.5)
            for number in range(count - 1, -1, -1):
                if number < count - 1:
                    self.play(strip.wind_to(number), run_time=0.2 * step)
                node = strip.entries[number].index
                moves = [move for move in self.sweep.steps if move.node == node]
                if len({move.parent for move in moves}) == len(moves):
                    self.play(memory.hand_down(moves, strip, 0.8 * step))
                else:  # what is used twice gets its slopes one after the other
                    for move in moves:
                        self.play(memory.hand_down([move], strip, 0.6 * step))
                self.play(FadeOut(strip.blank(number)), run_time=0.2 * step)
            self.hold(0.5)
            self.play(FadeOut(strip.head), memory.forget(), Dim(*self.values.values(), level=0, run_time=0.8))
            for number in range(count):
                self.write(number, 0.62 * step)
            self.play(self.program.rest())

    def show_value(self, index: int) -> Animation:
        return Dim(self.values[index], level=1)


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
            ("forward", "reverse"), (self.notes.left + 1.6, self.notes.left + 2.7), strict=True
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
            rows, columns, cell=0.15, center=[self.notes.left + 0.62, height, 0], brackets=False
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


class InCode(TapeScene):
    """The same in PyTorch: one line runs the program and writes the tape, one line plays it back."""

    def construct(self) -> None:
        self.lay_out()
        with self.line("dials") as line:
            self.play(self.listing.go_to(0))
            line.at("dials")
            self.play(self.listing.go_to(1), Pulse(self.grads[0], 1.15), run_time=0.5)
            self.play(self.listing.go_to(2), Pulse(self.grads[1], 1.15), run_time=0.5)
        with self.line("run") as line:
            line.at("runs")
            self.play(self.listing.go_to(3))
            line.at("tape")
            for number in range(len(self.strip.entries)):
                self.play(self.strip.record(number, 0.35))
        self.play_back()
        self.accumulate()

    def lay_out(self) -> None:
        top, bottom = self.zones.wide.rows(0.56, 0.44, gap=0.25)
        left, right = top.columns(0.58, 0.42, gap=0.4)
        right = right.inset(0.2, 0)
        self.listing = Listing(torch_listing(), [left.left + 0.25, left.top, 0])
        strip = self.set_up_tape(
            Zone(bottom.left, bottom.right, bottom.bottom, bottom.top - 0.4), theme.LABEL
        )
        sweep = self.recorded.backward()
        self.slopes = [float(sweep.adjoint(dial)) for dial in (self.recorded.w, self.recorded.b)]
        self.grads, self.stored = VGroup(), VGroup()
        self.slots = right.columns(1, 1, gap=0.4)
        for zone, word in zip(self.slots, ("w.grad", "b.grad"), strict=True):
            box = RoundedRectangle(corner_radius=0.12, width=zone.width, height=1.2, stroke_width=theme.LINE)
            box.set_stroke(theme.color("frozen")).move_to([zone.center[0], zone.top - 1.35, 0])
            name = Code(word, theme.LABEL).set_x(zone.center[0])
            self.grads.add(VGroup(box, name.align_baseline(zone.top - 0.5)))
        self.console = np.array([right.center[0], right.top - 2.75, 0.0])
        self.open(self.listing, self.grads, strip)

    def rewind(self, seconds: float) -> None:
        """The playhead runs over the tape from its end to its beginning."""
        last = len(self.strip.entries) - 1
        self.strip.head.set_x(self.strip.windows[last].center[0])
        self.add(self.strip.head)
        for number in range(last, -1, -1):
            self.play(self.strip.wind_to(number, seconds / (last + 1)))
        self.remove(self.strip.head)

    def show(self, sweeps: int) -> VGroup:
        """What is stored after a number of sweeps without clearing."""
        numbers = VGroup()
        for (box, _), slope in zip(self.grads, self.slopes, strict=True):
            numbers.add(
                Formula(typst_number(sweeps * slope, 0), 1.3 * theme.FORMULA, "gradient").move_to(box)
            )
        return numbers

    def play_back(self) -> None:
        self.numbers, self.printed = self.show(1), Code(torch_prints(1), theme.LABEL, "function")
        with self.line("back") as line:
            line.at("backward")
            self.play(self.listing.go_to(4))
            self.rewind(line.until("w", says=self.slopes[0]))
            self.play(FadeIn(self.numbers[0]), run_time=0.3)
            line.at("b", says=self.slopes[1])
            self.play(FadeIn(self.numbers[1]), run_time=0.3)
            self.play(self.listing.go_to(5), FadeIn(self.printed.move_to(self.console)), run_time=0.5)

    def accumulate(self) -> None:
        twice, printed = self.show(2), Code(torch_prints(2), theme.LABEL, "function")
        with self.line("twice") as line:
            self.play(self.listing.go_to(3), FadeOut(self.printed), run_time=0.4)
            self.play(self.listing.go_to(4))
            self.rewind(line.until("added"))
            self.play(FadeOut(self.numbers), run_time=0.2)
            self.play(FadeIn(twice), run_time=0.3)
            line.at("twenty", says=2 * self.slopes[0])
            self.play(self.listing.go_to(5), FadeIn(printed.move_to(self.console)), run_time=0.4)
            line.at("clear")
            self.play(FadeOut(printed, twice), run_time=0.4)
            clear = Code("optimizer.zero_grad()", theme.LABEL, "step").move_to(self.console)
            self.play(self.listing.rest(), FadeIn(clear), run_time=0.4)


class Quiz(QuizScene):
    """Reverse mode is not cheaper for every function: turned around, it needs the six passes."""

    def construct(self) -> None:
        words, self.picture = self.zones.split(0.6, 0.4, gap=0.5)
        row = jacobian_reverse(one_row, ROW_AT)
        self.loss = PaintedJacobian(row, self.picture.center + [0.2, 0, 0], 0.7)
        self.open(self.lay_out(words), self.loss)
        with self.line("ask") as line:
            line.at("reverse")
            self.play(Pulse(self.loss.view, 1.06))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        with self.line("answer") as line:
            self.play(*self.step_forward(self.right_row), FadeIn(self.right_row.sign()), run_time=0.7)
            line.at("every")
            self.play(self.loss.paint(0, 0.9))
        self.turn_around()

    def turn_around(self) -> None:
        lanes = self.picture.columns(1, 1, gap=0.3)
        forward, reverse = (
            PaintedJacobian(mode(one_column, COLUMN_AT), lane.center + [0.25, 0.0, 0], 0.58)
            for mode, lane in zip((jacobian_forward, jacobian_reverse), lanes, strict=True)
        )
        done, names = [0, 0], VGroup()
        for index, (lane, words) in enumerate(zip(lanes, MODES, strict=True)):
            names.add(
                Text(words, theme.SMALL, "gradient").set_x(lane.center[0]).align_baseline(lane.top - 0.3)
            )
            count = Readout('"passes"', lambda i=index: done[i], 0, cells=1, size=theme.LABEL, role="step")
            names.add(count.place(lane.center[0] + 0.4, lane.bottom + 0.15))
        with self.line("fail") as line:
            self.play(FadeOut(self.loss), Dim(self.failing_row, level=1), run_time=0.4)
            self.play(FadeIn(forward, reverse, names), run_time=0.4)
            line.at("outputs", says=len(forward.outputs))
            line.at("one", says=forward.passes.passes)
            done[0] = 1
            self.play(forward.paint(0, 0.7))
            line.until("many", says=reverse.passes.passes)
            share = (line.words_left - 0.1) / reverse.passes.passes
            for number in range(reverse.passes.passes):
                done[1] = number + 1
                self.play(reverse.paint(number, share))
            self.play(FadeIn(self.failing_row.sign()), run_time=0.3)


class Answer(WallScene):
    """The picture with which the course began: one run forward, one run back, and all dials turn together."""

    class Params(SceneParams):
        alpha: float = Field(DIAL_LEARNING_RATE, gt=0, le=0.003, description="the learning rate of the wall")

    def construct(self) -> None:
        self.set_up_wall()
        self.board.rims.set_fill(opacity=0)
        self.board.turn(np.zeros_like(DIAL_SETTINGS))
        self.open(self.board, self.loss, self.runs, self.program)
        with self.line("back") as line:
            line.at("wall")
            self.play(self.program.go_to(0))
            self.turn_all(np.zeros_like(DIAL_SETTINGS), DIAL_SETTINGS, line.until("run"))
            self.runs_made.set_value(1.0)
            self.play(Pulse(self.runs, 1.12))
        with self.line("sweep") as line:
            swept = runs_needed(DIALS.weights.size)["tape"]
            line.at("backwards")
            self.play(self.program.go_to(1))
            self.bring_to_back(self.board.tones)
            shades = [FadeIn(tone) for tone in self.board.tones]
            self.play(LaggedStart(*shades, lag_ratio=0.3), run_time=line.until("runs", says=swept))
            self.runs_made.set_value(float(swept))
            self.play(Pulse(self.runs, 1.12))
        answer = Formula("theta arrow.l theta - {a: alpha} {g: nabla L}", a="step", g="gradient")
        words = closing_card(answer, ["one run forward, one run back"], self.upper)
        with self.line("turn") as line:
            self.play(FadeOut(self.program, self.runs), run_time=0.4)  # later steps need runs of their own
            line.at("against")
            self.play(FadeIn(words[0]), run_time=0.5)
            line.at("once")
            self.step(line.left - 0.1)
        with self.line("course") as line:
            self.play(FadeIn(words[1:]), run_time=0.4)
            self.step(1.2)
            line.at("meet")
            self.step(1.4)
            line.at("calculus")
            self.play(Pulse(words[0], 1.15))

    def step(self, seconds: float) -> None:
        """One step of descent for all dials together."""
        start = self.board.settings
        self.turn_all(start, start - self.params.alpha * DIALS.weights, seconds)
