"""Chapter 0, why calculus: a wall of dials, one dial in fog, and what walking against a slope can do."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, degrees, pi, sin
from typing import Annotated, ClassVar

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Rectangle,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from pydantic import AfterValidator, Field

from vcalc_anim.core import (
    QuadraticForm,
    ScalarFunction,
    Window,
    descend,
    fixed_points,
    rounded,
    secant,
    typst_number,
)
from vcalc_anim.core.examples import BOWL, BOWL_LEARNING_RATE, BOWL_START
from vcalc_anim.core.examples.ch00 import (
    DIAL_LEARNING_RATE,
    DIAL_NUDGE,
    DIAL_SETTINGS,
    DIALS,
    LOSS,
    LOSS_LEARNING_RATE,
    LOSS_NUDGE,
    LOSS_START,
    LOSSES,
    LOUD_DIAL,
    QUIET_DIAL,
    VALLEY_LEARNING_RATE,
    VALLEY_STARTS,
    VALLEYS,
    WALKER_LEARNING_RATES,
    LossName,
)
from vcalc_anim.core.examples.ch06 import WARP, WARP_AT
from vcalc_anim.core.examples.ch08 import loss_graph
from vcalc_anim.stage import (
    Arrow,
    ContourMap,
    CountdownRing,
    DialBoard,
    DialFace,
    Dim,
    Fog,
    Formula,
    LectureScene,
    LoopScene,
    MatrixCard,
    PenTrace,
    Plot,
    Pulse,
    QuizScene,
    Readout,
    SceneParams,
    SlopeWalk,
    Stick,
    Text,
    Valley,
    Zone,
    angle_arc,
    closing_card,
    dashed,
    dim,
    dot,
    label_beside,
    opening_card,
    theme,
)
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.theme import Role

QUIZ_WINDOW = Window(-1.6, 4.8, -1.1, 3.8)
SLOPES_PER_UNIT = 6  # slopes are larger than the map, so their arrows are drawn at a sixth
VALLEY_VIEW = Window(-3.4, 3.4, -2.25, 0.45)
LAMP = 1.15  # radius of the lit ground in the fog
LOOP_STEPS = 8  # in the loops of one walker
TAUGHT_STEPS = 3  # whose arithmetic is written out
FASTEST_STEP = 0.45  # seconds

Dial = tuple[int, int]


def term(value: float, decimals: int = 4) -> str:
    """A number in Typst maths, as part of a product or a sum: a negative one in brackets."""
    text = typst_number(value, decimals, trim=True)
    return f"({text})" if text.startswith("-") else text


def equals(value: float, decimals: int = 4) -> str:
    """Relation sign and number in Typst maths: ``= 0.5`` or ``approx 0.33``."""
    sign = "=" if rounded(value, decimals).exact else "approx"
    return f"{sign} {typst_number(value, decimals, trim=True)}"


def between(landings: np.ndarray, step: float) -> float:
    """What *landings* give after *step* steps; a fraction lies between two of them."""
    return float(np.interp(step, np.arange(len(landings)), landings))


class DialScene(LectureScene):
    """Base of the chapter's first and last picture: the wall, and the pen that writes down the loss."""

    def set_up_wall(self) -> None:
        self.board = DialBoard(DIALS, self.zones.stage, DIAL_SETTINGS)
        dock = self.zones.dock
        tall = dock.height > dock.width
        self.upper, self.lower = dock.rows(0.5, 0.5, gap=0.0) if tall else dock.columns(0.46, 0.54, gap=0.2)
        self.loss = Readout(
            '"loss"',
            lambda: DIALS.score(self.board.settings),
            3,
            cells=6,
            size=theme.FORMULA,
            role="function",
        ).place(self.lower.left + 1.6, self.lower.bottom + 2.15)

    def pen(self, low: float, high: float, seconds: float = 6.0) -> PenTrace:
        below = self.lower
        paper = Zone(below.left, below.right, below.bottom + 0.1, below.bottom + 1.7)
        return PenTrace(paper, self.loss.value, low, high, seconds)

    def turn_all(self, start: np.ndarray, end: np.ndarray, seconds: float) -> None:
        self.play(self.board.travel(start, end, seconds))


class Wall(DialScene):
    """The chapter's question: a thousand dials, one number, and each dial's own influence on it."""

    def construct(self) -> None:
        self.set_up_wall()
        self.board.turn(np.zeros_like(DIAL_SETTINGS))
        card = opening_card(self.staging.lecture, self.zones.dock)
        self.open(self.board, card)
        with self.line("dials") as line:
            self.turn_all(
                np.zeros_like(DIAL_SETTINGS), DIAL_SETTINGS, line.until("count", says=DIALS.weights.size)
            )
        swing = 1.1 * abs(DIALS.response(LOUD_DIAL, DIAL_NUDGE))
        with self.line("loss") as line:
            self.play(FadeOut(card), run_time=0.4)
            line.at("loss")
            self.trace = self.pen(self.loss.value() - swing, self.loss.value() + swing)
            self.play(FadeIn(self.loss, self.trace), run_time=0.5)
            line.at("wrong")
            self.play(Pulse(self.loss, 1.12))
        self.show_two_dials()
        self.show_influence()

    def show_two_dials(self) -> None:
        with self.line("loud") as line:
            line.at("this")
            marks = self.pick(LOUD_DIAL)
            self.wiggle(LOUD_DIAL, line.left - 0.1)
        with self.line("quiet") as line:
            self.play(FadeOut(marks), run_time=0.3)
            line.at("that")
            self.second_marks = self.pick(QUIET_DIAL)
            self.wiggle(QUIET_DIAL, line.left - 0.1)

    def show_influence(self) -> None:
        note = Text("brighter = more influence", theme.SMALL, "gradient")
        note.move_to(self.upper.center)
        with self.line("all") as line:
            self.play(FadeOut(self.second_marks, self.trace), run_time=0.3)
            line.at("influence")
            self.play(FadeIn(note), run_time=0.3)
            self.board.rims.set_fill(opacity=0)
            self.bring_to_back(self.board.tones)
            shades = [FadeIn(tone) for tone in self.board.tones]
            self.play(LaggedStart(*shades, lag_ratio=0.5), run_time=line.left - 0.2)
        with self.line("ask") as line:
            line.at("which")
            self.play(self.board.tremble(0.8 * DIAL_NUDGE, line.words_left))

    def pick(self, dial: Dial) -> VGroup:
        """A ring around a dial of the wall, and the dial itself, large."""
        face = DialFace(self.upper.center, 1.05, lambda: float(self.board.settings[dial]))
        ring = self.board.ring(dial)
        way = (face.rim.get_center() - ring.get_center()) / np.linalg.norm(
            face.rim.get_center() - ring.get_center()
        )
        thread = dashed(
            ring.get_center() + way * ring.width / 2,
            face.rim.get_center() - way * 1.4,
            "step",
            theme.HAIRLINE,
        )
        self.play(Create(ring), FadeIn(face, thread), run_time=0.5)
        return VGroup(ring, thread, face)

    def wiggle(self, dial: Dial, seconds: float) -> None:
        def shake(_: VMobject, share: float) -> None:
            settings = np.array(DIAL_SETTINGS)
            settings[dial] += DIAL_NUDGE * sin(2 * pi * ceil(seconds * 1.2) * share)
            self.board.turn(settings)

        self.play(UpdateFromAlphaFunc(self.board, shake, rate_func=linear), run_time=seconds)


class Nudge(LectureScene):
    """In fog a slope is measured by touching: two readings beside the place where we stand."""

    def construct(self) -> None:
        self.lay_out()
        self.turn_to_start()
        self.enter_the_fog()
        self.nudge_both_ways()
        self.compare()
        self.choose_the_way()

    def lay_out(self) -> None:
        left, right = self.zones.split(0.5, 0.5, gap=0.7)
        close, self.note = right.rows(0.8, 0.2, gap=0.15)
        self.slope = float(LOSS.slope(LOSS_START))
        self.here = np.array([LOSS_START, float(LOSS(LOSS_START))])
        self.plot = Plot(
            Window(-5.2, 5.2, 0, 15),
            left,
            x_label="theta",
            y_label="L",
            y_role="function",
            axis_at="border",
            y_ticks=[0, self.here[1]],
        )
        self.theta = ValueTracker(0.0)
        self.bead = dot(self.plot.at([0, 0]), "first", radius=0.15)
        self.bead.add_updater(lambda bead: bead.move_to(self.plot.at([self.theta.get_value(), 0])))
        middle = right.center + UP * 0.35
        self.face = DialFace(middle, 1.7, lambda: 0.006 * self.theta.get_value())
        self.setting = Readout(
            "theta", self.theta.get_value, 2, cells=5, size=theme.FORMULA, role="first"
        ).place(middle[0] - 0.5, right.bottom + 0.35)
        reach = 1.6 * LOSS_NUDGE
        window = Window(
            LOSS_START - reach,
            LOSS_START + reach,
            self.here[1] - reach * self.slope,
            self.here[1] + reach * self.slope,
        )
        nudges = LOSS_START + LOSS_NUDGE * np.array([-1, 0, 1])
        self.close = Plot(
            window,
            close,
            x_label="theta",
            y_label="L",
            y_role="function",
            axis_at="border",
            x_ticks=nudges,
            y_ticks=[float(LOSS.exact(float(x))) for x in nudges],
            tick_text=lambda value: rounded(value, 4, trim=True).text,
        )
        self.open(self.plot, self.face, self.setting, self.bead)

    def turn_to_start(self) -> None:
        with self.line("one") as line:
            line.at("one")
            self.play(Pulse(self.face, 1.08))
            line.at("theta")
            self.play(Pulse(self.setting.label, 1.3), run_time=0.5)
            turn = self.theta.animate.set_value(LOSS_START)
            self.play(turn, run_time=line.until("start", says=LOSS_START) + 0.3)

    def enter_the_fog(self) -> None:
        place = self.plot.at(self.here)
        points = LOSS.curve(self.plot.window.x_min, self.plot.window.x_max, 2001)
        lit = np.linalg.norm(self.plot.at(points) - place, axis=1) < LAMP
        curve = self.plot.path(points[lit])
        self.fog = Fog(self.plot.area, place, LAMP, "panel")
        self.walker = dot(place, "first", radius=0.15)
        plumb = dashed(self.plot.at([LOSS_START, 0]), place, "first", theme.HAIRLINE)
        self.mark = VGroup(curve, self.fog, plumb, self.walker)
        with self.line("fog") as line:
            self.play(FadeIn(plumb, self.walker), run_time=line.until("height", says=self.here[1]))
            line.at("fog")
            self.add(curve, self.fog, plumb, self.bead, self.walker)
            self.play(FadeIn(curve, self.fog), run_time=0.8)
            self.bring_to_front(plumb, self.bead, self.walker)
            self.play(Pulse(self.walker, 1.5), run_time=0.6)

    def nudge_both_ways(self) -> None:
        window = self.close.window
        curve = self.close.path(LOSS.curve(window.x_min, window.x_max))
        rim, box = self.fog.rim, self.close.frame_box
        beside = box.get_left()[0] > rim.get_right()[0]
        ends = (rim.get_top(), rim.get_bottom()) if beside else (rim.get_left(), rim.get_right())
        corners = (UP + LEFT, DOWN + LEFT) if beside else (UP + LEFT, UP + RIGHT)
        threads = VGroup(
            *(
                dashed(end, box.get_corner(corner), "frozen", theme.HAIRLINE)
                for end, corner in zip(ends, corners, strict=True)
            )
        )
        shift = ValueTracker(0.0)
        self.probe = dot(self.close.at(self.here), "first", radius=0.16)
        self.probe.add_updater(
            lambda probe: probe.move_to(
                self.close.at([LOSS_START + shift.get_value(), float(LOSS(LOSS_START + shift.get_value()))])
            )
        )
        self.reading = Readout(
            "L", lambda: float(LOSS(LOSS_START + shift.get_value())), 4, cells=6, role="function"
        ).place(self.note.left + 2.9, self.note.center[1] - 0.1)
        self.readings = VGroup()
        with self.line("lens") as line:
            self.play(FadeOut(self.face, self.setting), run_time=0.4)
            line.at("lens")
            self.play(FadeIn(self.close, curve, threads, self.reading, self.probe), run_time=0.6)
            line.at("right")
            self.play(shift.animate.set_value(LOSS_NUDGE), run_time=0.9)
            self.leave_a_reading(1)
            line.at("left")
            self.play(shift.animate.set_value(-LOSS_NUDGE), run_time=0.9)
            self.leave_a_reading(-1)
            self.play(shift.animate.set_value(0.0), run_time=0.5)

    def leave_a_reading(self, side: int) -> None:
        x = LOSS_START + side * LOSS_NUDGE
        place, window = self.close.at([x, float(LOSS(x))]), self.close.window
        lines = VGroup(
            dashed(self.close.at([x, window.y_min]), place, "first", theme.HAIRLINE),
            dashed(self.close.at([window.x_min, float(LOSS(x))]), place, "function", theme.HAIRLINE),
        )
        mark = VGroup(lines, dot(place, "text", radius=0.13))
        self.readings.add(mark)
        self.play(FadeIn(mark), run_time=0.3)

    def compare(self) -> None:
        chord = secant(LOSS, LOSS_START - LOSS_NUDGE, 2 * LOSS_NUDGE)
        (x0, y0), (x1, y1) = (tuple(map(float, end)) for end in (chord.start, chord.end))
        ends = [self.close.at([x0, y0]), self.close.at([x1, y1])]
        along = (ends[1] - ends[0]) * 0.22
        stick = Stick("gradient").put(ends[0] - along, ends[1] + along)
        quotient = f"frac({term(y1)} - {term(y0)}, {term(float(chord.run))})"
        measured = Formula(f'"slope" = {quotient} {{s: {equals(float(chord.line.slope))}}}', theme.LABEL + 4)
        measured.paint(s="gradient").move_to(self.note.center)
        tangent = self.plot.vector([1.0, self.slope])
        tangent *= LAMP / np.linalg.norm(tangent)
        feet = self.plot.at(self.here)
        self.stick = Stick("gradient").put(feet - tangent, feet + tangent)
        with self.line("slope") as line:
            self.play(FadeOut(self.reading), run_time=0.3)
            line.at("both")
            self.play(*(Pulse(mark[1], 1.6) for mark in self.readings), run_time=0.6)
            self.play(FadeIn(measured), run_time=0.6)
            line.at("six", says=float(chord.line.slope))
            self.play(Pulse(measured.part("s"), 1.25))
            line.at("slope")
            self.bring_to_front(stick, self.probe)
            self.play(Create(stick), FadeIn(self.stick), run_time=0.8)
            self.bring_to_front(self.walker)

    def choose_the_way(self) -> None:
        floor = self.plot.at([LOSS_START, 0])
        uphill = Arrow(floor, floor + RIGHT * 0.95, "gradient", theme.STICK * 1.3)
        left = Arrow(floor, floor + LEFT * 0.95, "step", theme.STICK * 1.3)
        with self.line("way") as line:
            line.at("not")
            self.play(Pulse(self.walker, 1.4))
            line.at("up")
            self.play(uphill.grow(), run_time=0.7)
            self.bring_to_front(self.bead)
            line.at("go")
            self.play(FadeOut(uphill), run_time=0.3)
            self.play(left.grow(), run_time=0.8)
            self.bring_to_front(self.bead)


def view_of(loss: ScalarFunction, start: float, room: float) -> Window:
    """A window that shows the valleys of *loss* and, well up the slope, the *start*; *room* is its share below."""
    level = [point.x for point in fixed_points(loss, LOSS_LEARNING_RATE, -10, 10)]
    reach = max(1.4 * abs(start), 1.45 * max(abs(x) for x in level), 0.7)
    x = np.linspace(-reach, reach, 400)
    low, high = float(loss(x).min()), float(loss(np.array([-0.95, 0.95]) * reach).max())
    return Window(-reach, reach, low - room * (high - low), high)


class Steps(LectureScene):
    """Simulation 1: against the slope, step by step; near the bottom the steps shrink by themselves."""

    class Params(SceneParams):
        loss: LossName = Field("square", description="the valley to walk in")
        start: float = Field(LOSS_START, ge=-4, le=4, description="where the walk starts")
        alpha: float = Field(LOSS_LEARNING_RATE, ge=0, le=5, description="the learning rate")
        steps: int = Field(12, ge=0, le=200, description="how many steps are taken at most")

    taught_steps: ClassVar[int] = TAUGHT_STEPS

    def construct(self) -> None:
        self.lay_out()
        self.enter_the_fog()
        self.lift_the_fog()
        self.make_an_arrow()
        with self.line("first") as line:
            line.at("arrow")
            self.play(FadeOut(self.arrow_name), run_time=0.2)
            self.hop(line.until("place") + 0.5)
        with self.line("second") as line:
            self.play(Pulse(self.walk.rider, 1.4), run_time=0.5)
            line.at("slope")
            self.turn_the_arrow(line.until("shorter"))
            self.hop(line.left - 0.3)
        self.go_on()
        self.write_the_rule()

    def lay_out(self) -> None:
        p, dock = self.params, self.zones.dock
        loss = LOSSES[p.loss]
        self.run = descend(loss.field, [p.start], p.alpha, p.steps)
        view = view_of(
            loss, p.start, room=0.13 if self.zones.is_tall else 0.07
        )  # for the stick at the bottom
        self.walk = SlopeWalk(loss, view, self.zones.stage, "theta")
        self.walk.load(self.run.points[:, 0])
        self.count = 0
        self.footprints = VGroup()
        rows = (
            Readout("theta", lambda: self.theta_now(), 3, cells=7, role="first"),
            Readout('"slope"', lambda: self.slope_now(), 3, cells=7, role="gradient"),
            Readout("alpha", lambda: p.alpha, 3, cells=7, role="step"),
        )
        for index, row in enumerate(rows):
            row.place(dock.left + 1.7, dock.top - 2.0 - 0.72 * index)
        self.numbers = VGroup(*rows)

    def theta_now(self) -> float:
        return between(self.run.points[:, 0], self.walk.shown)

    def slope_now(self) -> float:
        return between(self.run.gradients[:, 0], self.walk.shown)

    def enter_the_fog(self) -> None:
        dock = self.zones.dock
        self.fog = Fog(self.walk.area, self.walk.rider.get_center(), LAMP, "panel")
        self.header = Formula(f"L = {LOSSES[self.params.loss].typst}", theme.FORMULA, "function")
        self.header.move_to([dock.center[0], dock.top - 0.75, 0])
        self.walk.stick.set_stroke(opacity=0)
        self.open(self.walk, self.fog, self.walk.rider, self.header)

    def lift_the_fog(self) -> None:
        with self.line("lift") as line:
            line.at("lift")
            self.play(FadeOut(self.fog), run_time=1.2)
            line.at("slope")
            self.walk.show_step(0)
            self.play(FadeIn(self.walk.stick, self.numbers[0], self.numbers[1]), run_time=0.6)
            self.bring_to_front(self.walk.rider)

    def make_an_arrow(self) -> None:
        """The slope as an arrow on the axis, shrunk by α, then turned around."""
        alpha, slope = self.params.alpha, self.walk.slope
        whole = self.beside_arrow(term(slope, 3), "gradient", slope)
        shrunk = self.beside_arrow(f"{term(alpha)} dot.c {term(slope, 3)}", "gradient", slope)
        turned = self.beside_arrow(f"-{term(alpha)} dot.c {term(slope, 3)}", "step", -slope)
        with self.line("rule") as line:
            line.at("take")
            self.play(Pulse(self.numbers[1], 1.2), run_time=0.5)
            self.play(self.walk.stretch_arrow(0, 1, 0.7), FadeIn(whole))
            line.at("shrink")
            self.play(FadeOut(whole), run_time=0.2)
            self.play(self.walk.stretch_arrow(1, alpha, 1.0), FadeIn(shrunk))
            line.at("alpha")
            self.play(FadeIn(self.numbers[2]), run_time=0.4)
            line.at("around")
            self.play(FadeOut(shrunk), run_time=0.2)
            self.play(self.walk.stretch_arrow(alpha, -alpha, 1.0), FadeIn(turned))
        self.arrow_name = turned

    def beside_arrow(self, maths: str, role: Role, side: float) -> Formula:
        """A name above the axis, on the side of the walker's place to which the arrow points."""
        area = self.walk.area
        name = Formula(maths, theme.LABEL, role).halo()
        foot = self.walk.at([self.walk.place, self.walk.window.y_min])
        name.next_to(foot + UP * 0.2, UP + (RIGHT if side > 0 else LEFT), buff=0.15)
        name.set_x(min(max(name.get_x(), area.left + name.width / 2), area.right + 0.3))
        return name

    def turn_the_arrow(self, seconds: float) -> None:
        alpha = self.params.alpha
        self.play(self.walk.stretch_arrow(0, alpha, seconds * 0.4))
        self.play(self.walk.stretch_arrow(alpha, -alpha, seconds * 0.6))

    def hop(self, seconds: float) -> None:
        """Take one step; its arrow stays on the axis, and its arithmetic is written down."""
        if self.is_over:
            return
        after = self.count + 1
        animations = [self.walk.hop(self.count, seconds)]
        if self.count < self.taught_steps:
            animations.append(FadeIn(self.arithmetic(self.count)))
        self.play(*animations, run_time=seconds)
        self.count = after
        self.footprints.add(self.walk.step_arrow.copy().set_opacity(0.5))
        self.add(self.footprints[-1])
        self.walk.scale_arrow(0)
        self.bring_to_front(self.walk.rider)

    @property
    def is_over(self) -> bool:
        """No step is left, or the walker stands still, or it has left the picture."""
        inside = self.walk.window.contains(self.walk.landings[self.count])
        return self.count >= len(self.run) or not inside or not self.run.steps[self.count].any()

    def arithmetic(self, step: int) -> Formula:
        """Old place − α · slope = new place, in numbers, as wide as its room allows."""
        dock, run = self.zones.dock, self.run
        room = dock if dock.height > dock.width else dock.columns(0.48, 0.52)[1]
        (old,), (slope,), (new,) = run.points[step], run.gradients[step], run.points[step + 1]
        row = Formula(
            f"{{o: {term(old)}}} - {{a: {term(run.learning_rate)}}} dot.c {{s: {term(slope)}}} "
            f"{{n: {equals(new)}}}",
            theme.LABEL,
            o="first",
            a="step",
            s="gradient",
            n="first",
        )
        if row.width > room.width:
            row.scale_to_fit_width(room.width)
        if self.zones.is_tall:  # beside the readouts
            return row.set_x(room.center[0]).align_baseline(self.numbers[step].baseline)
        return row.move_to([room.center[0], room.bottom + 1.75 - 0.7 * step, 0])

    def go_on(self) -> None:
        with self.line("again") as line:
            line.at("again")
            end = self.now + line.until("themselves")
            while not self.is_over and end - self.now > FASTEST_STEP:
                pace = max(FASTEST_STEP, (end - self.now) / (len(self.run) - self.count))
                self.play(self.walk.stretch_arrow(0, -self.params.alpha, pace * 0.4))
                self.hop(pace * 0.6)
            line.at("themselves")
            self.play(Pulse(self.walk.stick, 1.2))

    def write_the_rule(self) -> None:
        rule = Formula(
            "theta arrow.l theta - {a: alpha} {g: frac(d L, d theta)}", a="step", g="gradient"
        ).move_to(self.header)
        with self.line("write") as line:
            self.play(FadeOut(self.header), run_time=0.3)
            line.at("line")
            self.play(FadeIn(rule), run_time=0.6)
            line.at("descent")
            self.play(Pulse(rule, 1.15))


class StepsLoop(LoopScene, Steps):
    """Eight steps down, then the dot rolls back up along the curve to where it started."""

    taught_steps = 0
    rolled_to: float | None = None  # where the dot is on its way back

    def construct(self) -> None:
        self.lay_out()
        self.numbers.set_y(self.zones.dock.center[1])
        self.add(self.walk, self.numbers)
        with self.once_around() as line:
            pace = (line.left - 2.3) / max(min(LOOP_STEPS, len(self.run)), 1)
            for _ in range(LOOP_STEPS):
                if not self.is_over:
                    self.play(self.walk.stretch_arrow(0, -self.params.alpha, pace * 0.4))
                    self.hop(pace * 0.6)
            self.hold(0.4)
            self.roll_back(1.6)

    def roll_back(self, seconds: float) -> None:
        walk, start = self.walk, float(self.run.points[0, 0])
        x = walk.window.x_min + (walk.rider.get_x() - walk.area.left) / walk.unit_x

        def roll(_: VMobject, share: float) -> None:
            self.rolled_to = x + (start - x) * share
            walk.stand(self.rolled_to)

        trail = walk.trail.copy()
        self.add(trail)
        self.bring_to_front(walk.rider)
        self.play(
            FadeOut(trail, self.footprints, rate_func=lambda t: smooth(min(1, 1.6 * t))),
            UpdateFromAlphaFunc(walk, roll, rate_func=smooth),
            run_time=seconds,
        )
        self.rolled_to, self.count = None, 0
        walk.load(self.run.points[:, 0])

    def theta_now(self) -> float:
        return super().theta_now() if self.rolled_to is None else self.rolled_to

    def slope_now(self) -> float:
        return super().slope_now() if self.rolled_to is None else self.walk.slope


class LeapsLoop(StepsLoop):
    """The twin with a learning rate that leaps across the valley, and settles all the same."""

    class Params(Steps.Params):
        alpha: float = Field(WALKER_LEARNING_RATES[1], ge=0, le=5, description="the learning rate")


class Walkers(LectureScene):
    """One number decides: slide down, leap across and still settle, or leap out."""

    class Params(SceneParams):
        start: float = Field(LOSS_START, ge=-4, le=4, description="where all three start")
        rates: tuple[float, float, float] = WALKER_LEARNING_RATES

    def construct(self) -> None:
        self.lay_out()
        self.guess()
        with self.line("first") as line:
            line.at("go")
            self.step(1, line.until("across") + 0.3)
        with self.line("second") as line:
            line.at("again")
            self.step(1, line.until("higher"))
        with self.line("gone") as line:
            line.at("more")
            self.step(1, line.until("left") + 0.3)
        with self.line("settle") as line:
            self.play(Dim(self.walkers[2], level=0.45), run_time=0.4)
            self.step(12, line.left - 0.1)
        self.explain()

    def lay_out(self) -> None:
        start, rates = self.params.start, self.params.rates
        self.form = QuadraticForm.of(LOSS.field)
        self.runs = [descend(LOSS.field, [start], rate, 30) for rate in rates]
        reach = max(1.65 * abs(start), 0.5)
        window = Window(-reach, reach, -0.05 * reach**2, 0.95 * reach**2)
        self.walkers, self.headings, self.places = VGroup(), [], []
        self.steps_done = [0.0, 0.0, 0.0]
        for number, zone in enumerate(self.zones.wide.columns(1, 1, 1, gap=0.3)):
            top, middle, bottom = zone.rows(0.13, 0.73, 0.14, gap=0.1)
            valley = Valley(LOSS, window, middle, "theta", "first", "L")
            valley.load(self.runs[number].points[:, 0])
            x = valley.area.center[0]
            heading = Formula(f"alpha {equals(rates[number], 3)}", theme.FORMULA, "step")
            place = Readout("theta", self.place_of(number), 3, cells=7, role="first")
            self.walkers.add(valley)
            heading.stays = True  # the valleys are told apart by it
            self.headings.append(heading.move_to([x, top.center[1], 0]))
            self.places.append(place.place(x - 0.7, bottom.center[1] - 0.2))
        self.clock = Readout('"step"', lambda: int(self.steps_done[0] + 1e-6), 0, cells=2)
        self.clock.place(self.zones.title.right - 1.0, self.title_bar[-1].baseline)
        self.open(*self.walkers, *self.places)

    def place_of(self, number: int) -> Callable[[], float]:
        """Where walker *number* is on the axis."""
        positions = self.runs[number].points[:, 0]
        return lambda: between(positions, self.steps_done[number])

    def guess(self) -> None:
        with self.line("three") as line:
            line.at("count", says=len(self.runs))
            self.play(*(Pulse(valley.rider, 1.3) for valley in self.walkers), run_time=0.5)
            line.at("a", says=self.runs[0].learning_rate)
            self.play(FadeIn(self.headings[0]), run_time=0.4)
            line.at("b", says=self.runs[1].learning_rate)
            self.play(FadeIn(self.headings[1]), run_time=0.4)
            line.at("c", says=self.runs[2].learning_rate)
            self.play(FadeIn(self.headings[2]), run_time=0.4)
        with self.line("guess") as line:
            line.at("clock")
            self.play(FadeIn(self.clock), run_time=0.4)
            line.at("bottom")
            self.play(*(Pulse(valley.rider, 1.5) for valley in self.walkers))
        with self.line("think") as line:
            middle = self.walkers[1].area.center
            ring = CountdownRing(middle + UP * 0.6, 0.6)
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)

    def step(self, count: int, seconds: float, who: tuple[int, ...] = (0, 1, 2)) -> None:
        """Let the walkers *who* take *count* steps together."""
        starts = [self.steps_done[number] for number in who]

        def fly(_: VMobject, share: float) -> None:
            for number, start in zip(who, starts, strict=True):
                self.steps_done[number] = start + count * share
                self.walkers[number].show_step(self.steps_done[number])

        pace = smooth if count == 1 else linear
        moving = VGroup(*(self.walkers[number] for number in who))
        self.play(UpdateFromAlphaFunc(moving, fly, rate_func=pace), run_time=seconds)

    def explain(self) -> None:
        """Each walker once more from the start, under the factor that its steps multiply by."""
        with self.line("factor") as line:
            self.play(FadeOut(*self.headings, self.clock), Dim(self.walkers[2], level=1), run_time=0.4)
            for number in range(3):
                self.steps_done[number] = 0.0
                self.walkers[number].show_step(0.0)
            line.at("multiplies")
            self.play(FadeIn(self.factor(0)), run_time=0.3)
            line.at("a", says=float(self.runs[0].factors[0]))
            self.step(3, line.until("b", says=float(self.runs[1].factors[0])) - 0.3, (0,))
            self.play(FadeIn(self.factor(1)), run_time=0.3)
            self.step(3, line.until("c", says=float(self.runs[2].factors[0])) - 0.3, (1,))
            self.play(FadeIn(self.factor(2)), run_time=0.3)
            self.step(3, line.left - 0.1, (2,))
        limit = typst_number(self.form.learning_rate_limit, trim=True)
        note = Formula(f'{{a: alpha}} < {limit} quad "for" L = {LOSS.typst}', theme.FORMULA, a="step")
        note.move_to([self.walkers[1].area.center[0], self.places[0].get_y(), 0])
        with self.line("limit") as line:
            line.at("across")
            self.step(8, line.until("further"), (0, 1))
            self.play(Pulse(self.walkers[2].exit, 1.4))
            self.play(FadeOut(*self.places), run_time=0.3)
            line.at("limit", says=self.form.learning_rate_limit)
            self.play(FadeIn(note), run_time=0.5)

    def factor(self, number: int) -> Formula:
        """What each step multiplies θ by, with α in numbers."""
        run, place = self.runs[number], self.headings[number]
        alpha = f"dot.c {{a: {typst_number(run.learning_rate, 3, trim=True)}}}"
        rule = self.form.factor_typst(0).replace("alpha", alpha)
        return Formula(f"{rule} {equals(run.factors[0], 3)}", theme.LABEL + 6, "first", a="step").move_to(
            place
        )


def two_sides(starts: tuple[float, float]) -> tuple[float, float]:
    """Two starts on the slopes of the valleys, each with a way to go."""
    if not all(abs(start) <= 2.5 for start in starts):
        raise ValueError("must lie between -2.5 and 2.5, where the picture shows the ground")
    return starts


class Valleys(LectureScene):
    """From almost the same place into two valleys: a local rule, a local answer."""

    class Params(SceneParams):
        starts: Annotated[tuple[float, float], AfterValidator(two_sides)] = VALLEY_STARTS
        alpha: float = Field(VALLEY_LEARNING_RATE, ge=0.2, le=0.6, description="the learning rate")
        steps: int = Field(26, ge=1, le=200, description="how many steps are taken")

    def construct(self) -> None:
        self.lay_out()
        self.meet()
        with self.line("part") as line:
            line.at("move")
            self.walk(line.left - 0.1)
        with self.line("rest") as line:
            line.at("level")
            self.play(*(Pulse(stick, 1.3) for stick in self.sticks))
        self.lift()

    def lay_out(self) -> None:
        p, zone = self.params, self.zones.wide
        self.plot = Plot(VALLEY_VIEW, zone, x_label="theta", y_label="L", y_role="function", axis_at="border")
        self.paths = [descend(VALLEYS.field, [start], p.alpha, p.steps).points[:, 0] for start in p.starts]
        self.steps_done = ValueTracker(0.0)
        window, area = self.plot.window, self.plot.area
        self.curve = self.plot.path(VALLEYS.curve(window.x_min, window.x_max))
        self.fog = Rectangle(
            width=area.width,
            height=area.height,
            fill_color=theme.color("panel"),
            fill_opacity=1,
            stroke_width=0,
        ).move_to(area.center)
        self.riders, self.sticks = VGroup(), VGroup()
        for path, role in zip(self.paths, ("first", "second"), strict=True):
            stick, rider = Stick("gradient"), dot(self.plot.at([0, 0]), role, radius=0.16)
            stick.add_updater(self.lay_stick(path), call_updater=True)
            rider.add_updater(self.carry(path), call_updater=True)
            self.sticks.add(stick)
            self.riders.add(rider)
        self.formula = Formula(f"L = {VALLEYS.typst}", theme.LABEL + 4, "function").halo()
        self.formula.move_to(self.plot.at([0.55, -1.5]))
        self.prints = VGroup(*map(self.footprints, self.paths))
        self.clock = Readout('"step"', lambda: int(self.steps_done.get_value()), 0, cells=3).place(
            area.right - 1.4, area.bottom + 0.3
        )
        self.open(self.plot, self.fog, self.formula, self.prints, self.sticks, self.riders)

    def place_of(self, path: np.ndarray) -> np.ndarray:
        x = between(path, self.steps_done.get_value())
        return np.array([x, float(VALLEYS(x))])

    def footprints(self, path: np.ndarray) -> VGroup:
        """A small dot at every landing so far."""
        prints = VGroup(*(dot(self.plot.at([x, float(VALLEYS(x))]), "step", radius=0.05) for x in path))

        def show(marks: VGroup) -> None:
            for step, mark in enumerate(marks):
                mark.set_opacity(float(step <= self.steps_done.get_value()))

        prints.add_updater(show, call_updater=True)
        return prints

    def carry(self, path: np.ndarray) -> Callable[[VMobject], object]:
        return lambda rider: rider.move_to(self.plot.at(self.place_of(path)))

    def lay_stick(self, path: np.ndarray) -> Callable[[Stick], object]:
        def lay(stick: Stick) -> None:
            here = self.place_of(path)
            along = self.plot.vector([1.0, float(VALLEYS.slope(here[0]))])
            along *= 0.8 / np.linalg.norm(along)
            stick.put(self.plot.at(here) - along, self.plot.at(here) + along)

        return lay

    def meet(self) -> None:
        names = VGroup()
        for rider, start, side in zip(self.riders, self.params.starts, (LEFT, RIGHT), strict=True):
            name = Formula(f"theta {equals(start)}", theme.LABEL, ("first", "second")[len(names)])
            names.add(name.next_to(rider.get_center() + side * 0.15 + DOWN * 0.25, DOWN + side, buff=0.1))
        with self.line("fog") as line:
            line.at("together")
            self.play(Pulse(self.riders, 1.5))
            line.at("a", says=self.params.starts[0])
            self.play(FadeIn(names[0]), run_time=0.4)
            line.at("b", says=self.params.starts[1])
            self.play(FadeIn(names[1]), run_time=0.4)
        self.names = names

    def walk(self, seconds: float) -> None:
        self.play(FadeOut(self.names), FadeIn(self.clock), run_time=0.4)
        end = float(self.params.steps)
        self.play(self.steps_done.animate(rate_func=linear).set_value(end), run_time=seconds - 0.4)

    def lift(self) -> None:
        depths = VGroup()
        for path in self.paths:
            x = path[-1]
            name = Formula(f"L {equals(float(VALLEYS(x)), 2)}", theme.LABEL, "function")
            depths.add(label_beside(name, self.plot.at([x, float(VALLEYS(x))]), DOWN, 0.3))
        with self.line("lift") as line:
            line.at("lift")
            self.add(self.curve)
            self.bring_to_front(self.fog, self.formula, self.prints, self.sticks, self.riders, self.clock)
            self.play(FadeOut(self.fog), run_time=1.2)
            line.at("deeper")
            self.play(FadeIn(depths), run_time=0.5)
        with self.line("local") as line:
            line.at("floor")
            self.play(*(Pulse(rider, 1.4) for rider in self.riders))
            line.at("tell")
            self.play(*(Pulse(stick, 1.3) for stick in self.sticks))


class Ladder(LectureScene):
    """A number, an arrow, a table, a graph: what a slope becomes in the chapters to come."""

    def construct(self) -> None:
        self.lay_out()
        with self.line("slope") as line:
            line.at("slope")
            self.play(Pulse(self.number, 1.25), FadeIn(self.names[0]), run_time=0.6)
        with self.line("gradient") as line:
            line.at("many")
            self.remove(self.ghosts[0])
            for side in (self.along_x, self.along_y):
                self.play(side.grow(0.5))
            self.play(FadeIn(self.sizes), run_time=0.3)
            line.at("gradient")
            self.play(self.total.grow(0.7), FadeIn(self.names[1]))
            line.at("fastest")
            self.play(Pulse(self.total, 1.15))
        with self.line("jacobian") as line:
            line.at("table")
            self.remove(self.ghosts[1])
            self.play(FadeIn(self.table.brackets), run_time=0.2)
            rows, columns = self.table.values.shape
            cells = [self.table.entry(i, j) for i in range(rows) for j in range(columns)]
            self.play(LaggedStart(*map(FadeIn, cells), lag_ratio=0.4), run_time=0.9)
            line.at("jacobian")
            self.play(FadeIn(self.names[2]), run_time=0.4)
        with self.line("blame") as line:
            line.at("quickly")
            self.remove(self.ghosts[2])
            self.play(LaggedStart(*map(FadeIn, self.graph.nodes), lag_ratio=0.2), run_time=0.8)
            self.play(LaggedStart(*map(Create, self.graph.edges), lag_ratio=0.2), run_time=0.8)
            self.bring_to_front(self.graph.nodes)
            line.at("back")
            self.play(FadeIn(self.names[3]), run_time=0.3)
            for level in self.graph.backwards():
                self.play(*(light.grow(0.5) for light in level))

    def lay_out(self) -> None:
        """Four panels; what comes later already stands there as a shadow."""
        tiles = self.tiles()
        slope = typst_number(float(LOSS.slope(LOSS_START)), trim=True)
        self.number = Formula(slope, 2.2 * theme.FORMULA, "gradient")
        self.table = MatrixCard(WARP.jacobian(WARP_AT), "gradient", 0, 1.1 * theme.FORMULA)
        self.graph = BlameGraph()
        pictures = [self.number, self.arrows(tiles[1].center + UP * 0.35), self.table.matrix, self.graph]
        words = ("slope", "gradient", "Jacobian", "backpropagation")
        self.names = [Text(word, theme.LABEL, "gradient") for word in words]
        panels = VGroup()
        for tile, picture, name in zip(tiles, pictures, self.names, strict=True):
            panel = Rectangle(width=tile.width, height=tile.height, stroke_width=0).move_to(tile.center)
            panels.add(panel.set_fill(theme.color("panel"), 1))
            if tile is not tiles[1]:
                picture.move_to(tile.center + UP * 0.35)
            name.set_x(tile.center[0]).align_baseline(tile.bottom + 0.6)
            name.stays = picture.stays = True  # the row is read as a whole
        self.ghosts = [dim(picture.copy(), 0.3) for picture in pictures[1:]]
        self.open(panels, *self.ghosts, self.number)

    def tiles(self) -> tuple[Zone, ...]:
        """Four in a row, or two by two in a tall frame."""
        wide = self.zones.wide.inset(0, 0.2)
        if wide.width > wide.height:
            return wide.columns(0.75, 1.05, 1.0, 1.5)
        top, bottom = wide.rows(1, 1)
        return (*top.columns(0.8, 1.4), *bottom.columns(0.8, 1.4))

    def arrows(self, center: np.ndarray) -> VGroup:
        """The two slopes of the bowl end to end, and the gradient that they make, around *center*."""
        gradient = BOWL.gradient(BOWL_START)
        reach = np.append(gradient / np.abs(gradient).max() * 2.4, 0)
        start, end = center - reach / 2, center + reach / 2
        corner = np.array([end[0], start[1], 0])
        self.along_x = Arrow(start, corner, "first", theme.LINE, 0.22)
        self.along_y = Arrow(corner, end, "second", theme.LINE, 0.22)
        self.total = Arrow(start, end, "gradient", theme.STICK * 1.3)
        x, y = (typst_number(slope, trim=True) for slope in gradient)
        self.sizes = VGroup(
            Formula(x, theme.LABEL, "first").next_to(self.along_x, DOWN, buff=0.15),
            Formula(y, theme.LABEL, "second").next_to(self.along_y, RIGHT, buff=0.15),
        )
        parts = VGroup(self.along_x, self.along_y, self.total, *self.sizes)
        for part in parts:
            part.stays = True  # as all of the row
        return parts


class BlameGraph(VGroup):
    """The machine as a graph, drawn from the tape of its run; light can go back through it."""

    def __init__(self) -> None:
        super().__init__()
        record = loss_graph()
        feeds = {entry.index: record.tape.arguments(entry.index) for entry in record.tape}
        distance = {record.loss.index: 0}
        for index in sorted(feeds, reverse=True):
            for source in feeds[index]:
                distance[source] = max(distance.get(source, 0), distance[index] + 1)
        places = {}
        for index, steps in distance.items():
            inputs = [i for i, d in distance.items() if d == steps and not feeds[i]]
            height = 0.0 if feeds[index] else 0.85 * (1 if inputs.index(index) == 0 else -1)
            places[index] = np.array([-0.85 * steps, height, 0.0])
        edges, nodes = VGroup(), VGroup()
        lights: dict[int, list[tuple[VMobject, VMobject]]] = {}
        dots = {index: dot(place, "function", radius=0.16) for index, place in places.items()}
        for index, sources in feeds.items():
            for source in sources:
                edges.add(stroke(places[source], places[index], "function", theme.LINE))
                lights.setdefault(distance[index], []).append((dots[index], dots[source]))
        self.edges, self.nodes = edges, nodes.add(*dots.values())
        self.add(edges, nodes)
        self._lights = [lights[level] for level in sorted(lights)]

    def backwards(self) -> list[list[Arrow]]:
        """The arrows of the light, level by level from the loss back to the inputs."""
        return [
            [
                Arrow(
                    a.get_center(), (a.get_center() + 5 * b.get_center()) / 6, "gradient", theme.STICK, 0.25
                )
                for a, b in level
            ]
            for level in self._lights
        ]


class Quiz(QuizScene):
    """The answer that takes a gradient for a signpost to the minimum misses it on the map."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.54, 0.46, gap=0.6)
        self.map = ContourMap(BOWL, QUIZ_WINDOW, picture, labels_along=None)
        walker = self.map.walker(BOWL_START)
        self.open(self.lay_out(words), self.map, walker)
        feet = walker.get_center()
        gradient = self.map.vector(BOWL.gradient(BOWL_START) / SLOPES_PER_UNIT)
        with self.line("ask") as line:
            line.at("gradient")
            self.play(Pulse(walker, 1.6))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        up, down = Arrow(feet, feet + gradient, "gradient"), Arrow(feet, feet - gradient, "step")
        with self.line("answer") as line:
            self.play(*self.step_forward(self.right_row), FadeIn(self.right_row.sign()), run_time=0.8)
            line.at("fastest")
            self.play(up.grow(0.8))
            line.at("against")
            self.play(down.grow(0.8))
            self.bring_to_front(walker)
        self.miss_the_minimum(feet, -gradient, walker)

    def miss_the_minimum(self, feet: np.ndarray, downhill: np.ndarray, walker: VMobject) -> None:
        lowest = QuadraticForm.of(BOWL).minimum
        run = descend(BOWL, BOWL_START, BOWL_LEARNING_RATE, 1)
        miss = degrees(run.aim_error(0, lowest))
        target = self.map.at(lowest)
        goal = Circle(radius=0.13, color=theme.color("text"), stroke_width=theme.LINE).move_to(target)
        word = label_beside(Text("minimum", theme.SMALL), target, DOWN, 0.25)
        aim = dashed(feet, target, "text")
        arc = angle_arc(feet, downhill, target - feet, 1.5)
        ahead = feet + downhill * 1.7
        course = dashed(feet + downhill, ahead, "step")
        name = Text(f"{rounded(miss, 1).text}° off", theme.LABEL, "error")
        label_beside(name, feet + downhill * 1.2, RIGHT, 0.3)
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), run_time=0.4)
            line.at("lies")
            self.play(FadeIn(goal, word), Create(aim), FadeIn(self.failing_row.sign()), run_time=0.8)
            self.bring_to_front(walker)
            line.at("miss", says=miss)
            self.play(Create(course), Create(arc), FadeIn(name), run_time=0.6)


class Answer(DialScene):
    """The opening picture again, now answered: each dial a little against its own slope, all at once."""

    class Params(SceneParams):
        alpha: float = Field(DIAL_LEARNING_RATE, gt=0, le=0.003, description="the learning rate of the wall")

    def construct(self) -> None:
        self.set_up_wall()
        self.board.rims.set_fill(opacity=0)
        pen = self.pen(0.0, 1.15 * self.loss.value(), 16.0)
        self.open(self.board, self.loss, pen)
        with self.line("back") as line:
            line.at("slope")
            self.bring_to_back(self.board.tones)
            shades = [FadeIn(tone) for tone in self.board.tones]
            self.play(LaggedStart(*shades, lag_ratio=0.3), run_time=line.left - 0.1)
        answer = Formula("theta arrow.l theta - {a: alpha} {g: frac(d L, d theta)}", a="step", g="gradient")
        words = closing_card(answer, ["every dial, all at once"], self.upper).shift(UP * 0.2)
        note = Text("a step must be small", theme.MINIMUM, "quiet").next_to(words, DOWN, buff=0.3)
        with self.line("turn") as line:
            line.at("against")
            self.play(FadeIn(words[0]), run_time=0.5)
            line.at("once")
            self.play(FadeIn(words[1:], note), run_time=0.3)
            self.step(line.left - 0.1)
        with self.line("again") as line:
            line.at("again")
            self.step(1.2)
            line.at("training")
            self.step(line.left - 0.1)
        with self.line("course") as line:
            self.step(1.3)
            self.step(1.3)
            line.at("calculus")
            self.play(Pulse(words[0], 1.15))

    def step(self, seconds: float) -> None:
        """One step of descent for all dials together."""
        start = self.board.settings
        self.turn_all(start, start - self.params.alpha * DIALS.weights, seconds)
