"""Chapter 1, derivatives: what slope means on something that bends, and how slopes multiply along a chain."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
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
    Indicate,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from numpy.typing import ArrayLike
from pydantic import AfterValidator, Field, ValidationInfo

from vcalc_anim.core import (
    DifferenceQuotient,
    GrowingRectangle,
    Line,
    ScalarFunction,
    Window,
    best_line,
    nice_ticks,
    rounded,
    secant,
    tangent,
    to_typst,
    typst_number,
    zoom_gap,
)
from vcalc_anim.core.catalogue import BY_NAME, CUBE, EXP, LN, RELU, SIGMOID, SQUARE
from vcalc_anim.core.examples.ch01 import (
    GEAR_NUDGE,
    GEAR_POINT,
    GEARS,
    RIVAL_SLOPE,
    SECANT_GAPS,
    SIDE,
    SLOPE_POINT,
    SQUARE_GAPS,
    ZOOM_HALF_WIDTHS,
)
from vcalc_anim.stage import (
    CloseUp,
    CountdownRing,
    Dim,
    Formula,
    GearLines,
    GrowingArea,
    LectureScene,
    LineClock,
    LoopScene,
    Plot,
    Pulse,
    QuizScene,
    Readout,
    ResultTable,
    RiseRun,
    SceneParams,
    SlopeFilm,
    Stick,
    Text,
    Zone,
    closing_card,
    dashed,
    dim,
    dot,
    opening_card,
    theme,
)
from vcalc_anim.stage.marks import stroke

BENT = Window(-0.6, 4.4, -3.5, 18.5)  # the ramp and what it bends into
STICK, LONG_STICK = 1.35, 2.1  # frame units of a tangent stick to either side
LOOP_HALF_WIDTH = 2.0  # of x² in its loop: what is compared at the edge stays in the picture
WIDE = 4.0  # half width of the first view of x², in which one sees it bend
SQUARE_RISE, RELU_RISE = 7.2, 1.05  # half heights of the views, in units of their half width
KINK = RELU.kinks[0]


def relation(value: float, decimals: int) -> str:
    """Relation sign and number in Typst maths: ``= 0.5`` or ``approx 0.33``."""
    sign = "=" if rounded(value, decimals).exact else "approx"
    return f"{sign} {typst_number(value, decimals, trim=True)}"


def flash(part: VMobject) -> Indicate:
    """Light *part* up for a moment, without moving it."""
    return Indicate(part, scale_factor=1.0, color=theme.color("text"))


def fitting(text: Formula, zone: Zone) -> Formula:
    """*text*, made smaller where it is wider than *zone*, in its middle."""
    if text.width > zone.width:
        text.scale_to_fit_width(zone.width)
    return text.set_x(zone.center[0])


class Bending(LectureScene):
    """Base of the first and the last picture: a straight ramp that bends into x²."""

    def set_up_curve(self, bend: float) -> VGroup:
        self.ramp = tangent(SQUARE, SLOPE_POINT)
        self.bend = ValueTracker(bend)
        self.plot = Plot(BENT, self.zones.stage, y_label=None, axis_at="border")
        self.curve = VMobject(stroke_color=theme.color("function"), stroke_width=theme.CURVE)
        xs = np.linspace(BENT.x_min, BENT.x_max, 300)
        self.curve.add_updater(
            lambda path: self.plot.set_path(path, np.column_stack([xs, self.heights(xs)])), call_updater=True
        )
        return VGroup(self.plot, self.curve)

    def heights(self, x: ArrayLike) -> np.ndarray:
        """The ramp at 0, the curve at 1, what lies between them in between."""
        share = self.bend.get_value()
        return (1 - share) * self.ramp(x) + share * SQUARE(x)


class Bend(Bending):
    """The chapter's question: rise over run is one number on a ramp, and many on a curve."""

    def construct(self) -> None:
        picture = self.set_up_curve(0.0)
        self.place, self.run = ValueTracker(1.2), ValueTracker(1.0)
        triangle = RiseRun(
            self.plot,
            self.heights,
            self.place.get_value,
            self.run.get_value,
            run_name='"run"',
            rise_name='"rise"',
        )
        dock = self.zones.dock
        card = opening_card(self.staging.lecture, dock)
        slope = Readout(
            '"rise" slash "run"', lambda: triangle.slope, 2, cells=5, size=theme.FORMULA, role="gradient"
        ).place(dock.left + 2.0, dock.center[1])
        self.open(picture, triangle, card)
        with self.line("ramp") as line:
            line.at("across")
            self.play(FadeOut(card), flash(triangle.run_side), run_time=0.6)
            line.at("climb")
            self.play(FadeIn(slope), run_time=0.5)
            line.at("same")
            self.play(self.place.animate.set_value(2.3), run_time=line.left)
        with self.line("bend") as line:
            line.at("bend")
            self.play(self.bend.animate.set_value(1.0), run_time=line.until("place"))
            self.play(self.place.animate.set_value(0.0), run_time=1.5)
            self.play(self.place.animate.set_value(2.0), run_time=line.until("size"))
            self.play(self.run.animate.set_value(2.0), run_time=0.8)
            self.play(self.run.animate.set_value(0.6), run_time=line.left)
        with self.line("ask") as line:
            self.play(FadeOut(triangle, slope), run_time=0.3)
            self.waver(line)

    def waver(self, line: LineClock) -> None:
        """A stick at the point that cannot decide."""
        feet = self.plot.at([SLOPE_POINT, float(SQUARE(SLOPE_POINT))])
        turn = ValueTracker(0.0)
        slope = float(self.ramp.slope)

        def place(stick: Stick) -> None:
            along = self.plot.vector([1.0, slope * (1 + turn.get_value())])
            along *= STICK / np.linalg.norm(along)
            stick.put(feet - along, feet + along)

        stick = Stick("gradient")
        stick.add_updater(place, call_updater=True)
        mark = Formula('"slope" = thin ?', 1.3 * theme.FORMULA, "gradient").move_to(self.zones.dock.center)
        self.play(FadeIn(stick, dot(feet, radius=0.14)), run_time=0.3)
        self.play(turn.animate.set_value(0.9), run_time=line.until("mean"))
        self.play(FadeIn(mark), turn.animate.set_value(-0.6), run_time=0.45 * line.left)
        for angle in (0.45, -0.25):
            self.play(turn.animate.set_value(angle), run_time=min(0.9, line.left))


class Dive(LectureScene):
    """Zoomed in, a smooth curve runs out of bend; a corner stays a corner."""

    class Params(SceneParams):
        deepest: float = Field(
            ZOOM_HALF_WIDTHS[-1], ge=1e-5, le=0.5, description="half width of the last view"
        )

    def construct(self) -> None:
        self.lay_out()
        self.open(self.smooth, dim(self.corner, 0.3))
        self.dive_into_the_curve()
        self.dive_into_the_corner()

    def lay_out(self) -> None:
        picture, numbers = self.zones.wide.rows(0.9, 0.1, gap=0.1)
        left, right = picture.inset(0.15, 0).columns(1, 1, gap=0.6)
        self.touching = tangent(SQUARE, SLOPE_POINT)
        self.smooth = CloseUp(SQUARE, SLOPE_POINT, left, WIDE, self.params.deepest, SQUARE_RISE)
        self.corner = CloseUp(RELU, float(KINK), right, ZOOM_HALF_WIDTHS[0], self.params.deepest, RELU_RISE)
        self.depths = [ValueTracker(log(half_width)) for half_width in (WIDE, ZOOM_HALF_WIDTHS[0])]
        self.parts = [
            self.dress(self.smooth, self.depths[0], lambda h: self.touching),
            self.dress(self.corner, self.depths[1], lambda h: best_line(RELU, KINK, h)),
        ]
        for view, name in ((self.smooth, Formula(SQUARE.typst)), (self.corner, Text("a corner"))):
            name.set_fill(theme.color("function"))
            name.move_to(view.area.top_left + np.array([name.width / 2 + 0.3, -0.5, 0]))
            view.add(name)
        floor = numbers.bottom + 0.1
        self.rows = [self.readouts(view, zone.left, floor) for view, zone in ((0, left), (1, right))]

    def dress(
        self, view: CloseUp, depth: ValueTracker, line: Callable[[float], Line]
    ) -> tuple[VMobject, VMobject, VGroup, Callable[[float], Line]]:
        view.add_updater(lambda v: v.zoom_to(exp(depth.get_value())), call_updater=False)
        return view.line(line), view.gap(line), view.width_arrow(), line

    def readouts(self, index: int, left: float, floor: float) -> VGroup:
        view, line = (self.smooth, self.corner)[index], self.parts[index][3]
        depth = self.depths[index]

        def gap() -> float:
            h = exp(depth.get_value())
            return zoom_gap(view.function, line(h), h, 401)

        return VGroup(
            Readout("h", lambda: exp(depth.get_value()), 3, cells=6, role="step").place(left + 0.6, floor),
            Readout('"gap" slash h', gap, 3, cells=6, role="error").place(left + 4.4, floor),
        )

    def dive(self, index: int, half_width: float, seconds: float) -> None:
        self.play(self.depths[index].animate.set_value(log(half_width)), run_time=seconds)

    def steps(self) -> list[float]:
        """Three depths, each as many times deeper than the last, down to the deepest."""
        start = ZOOM_HALF_WIDTHS[0]
        return [start * (self.params.deepest / start) ** (k / 3) for k in (1, 2, 3)]

    def gap_at(self, index: int, half_width: float) -> float:
        view, line = (self.smooth, self.corner)[index], self.parts[index][3]
        return zoom_gap(view.function, line(half_width), half_width)

    def dive_into_the_curve(self) -> None:
        touching, gap, arrow, _ = self.parts[0]
        first, second, third = self.steps()
        with self.line("curve") as line:
            line.at("three", says=SLOPE_POINT)
            self.play(Pulse(self.smooth.point, 1.6), run_time=0.6)
            line.at("line")
            self.play(Create(touching), run_time=0.8)
        with self.line("gap") as line:
            self.play(FadeIn(arrow, self.rows[0][0]), run_time=0.3)
            self.dive(0, ZOOM_HALF_WIDTHS[0], line.until("gap"))
            self.rows[0][1].refresh()
            self.play(FadeIn(gap, self.rows[0][1]), run_time=0.5)
            line.at("whole", says=self.gap_at(0, ZOOM_HALF_WIDTHS[0]))
        with self.line("tenth") as line:
            line.at("closer", says=ZOOM_HALF_WIDTHS[0] / first)
            self.dive(0, first, line.until("tenth", says=self.gap_at(0, first)))
        with self.line("again") as line:
            self.dive(0, second, line.until("hundredth", says=self.gap_at(0, second)))
            self.dive(0, third, line.until("bend") + 0.3)

    def dive_into_the_corner(self) -> None:
        best, gap, arrow, _ = self.parts[1]
        with self.line("corner") as line:
            self.play(
                Dim(self.corner, level=1), Dim(self.smooth, *self.parts[0][:3], self.rows[0], level=0.35)
            )
            line.at("best")
            self.play(Create(best), FadeIn(arrow), run_time=0.7)
            self.play(Create(gap), FadeIn(self.rows[1]), run_time=0.5)
            line.at("quarter", says=self.gap_at(1, ZOOM_HALF_WIDTHS[0]))
        with self.line("same") as line:
            seconds = line.until("change") + 0.8
            self.play(
                self.depths[1].animate.set_value(log(self.params.deepest)), run_time=seconds, rate_func=linear
            )
        with self.line("name") as line:
            line.at("straight")
            left = (self.smooth, *self.parts[0][:3], self.rows[0])
            self.play(Dim(*left, level=1), Dim(self.corner, best, gap, arrow, self.rows[1], level=0.35))
            line.at("means")
            self.play(Pulse(self.smooth.point, 1.8))


class DiveLoop(LoopScene, Dive):
    """Both views at once, in and out again: the curve becomes its line, the corner does not change at all."""

    def construct(self) -> None:
        self.lay_out()
        outermost = (log(LOOP_HALF_WIDTH), log(ZOOM_HALF_WIDTHS[0]))
        for depth, start, (*marks, _), view in zip(
            self.depths, outermost, self.parts, (self.smooth, self.corner), strict=True
        ):
            depth.set_value(start)
            self.add(view, *marks)
        self.add(*self.rows)
        deepest = log(self.params.deepest)
        with self.once_around() as line:
            turn = 0.55 * line.left
            self.play(*(depth.animate.set_value(deepest) for depth in self.depths), run_time=turn - 0.8)
            self.hold(0.8)
            self.play(
                *(
                    depth.animate.set_value(start)
                    for depth, start in zip(self.depths, outermost, strict=True)
                ),
                run_time=line.left - 0.4,
            )


def known_function(name: str) -> str:
    """A name of the core's catalogue."""
    if name not in BY_NAME:
        raise ValueError(f"must be one of {', '.join(BY_NAME)}")
    return name


def with_a_slope(x0: float, info: ValidationInfo) -> float:
    """A point where the chosen function has a slope, and neighbours on the right to draw secants to."""
    name = info.data.get("f")
    if name is None:  # its own message says what is wrong
        return x0
    function = BY_NAME[name]
    if not (function.contains(x0) and function.contains(x0 + float(max(SECANT_GAPS)))):
        raise ValueError(f"must lie in the domain of {name}, {function.domain}")
    left, right = function.one_sided_slopes(x0)
    if left != right:
        raise ValueError(
            f"must be a place where {name} has one slope, not {left} on the left and {right} on the right"
        )
    return x0


class Secant(LectureScene):
    """Simulation: the slope between two points settles on a number as the gap closes."""

    class Params(SceneParams):
        f: Annotated[str, AfterValidator(known_function)] = Field(
            "square", description=f"the curve: {', '.join(BY_NAME)}"
        )
        x0: Annotated[float, AfterValidator(with_a_slope)] = Field(
            SLOPE_POINT, ge=-10, le=10, validate_default=True, description="the point that stays"
        )

    def construct(self) -> None:
        self.lay_out()
        self.open(self.plot, self.goal, self.curve, self.feet)
        self.first_secants()
        self.guess()
        self.close_the_gap()
        self.name_it()

    def lay_out(self) -> None:
        x0 = self.params.x0
        self.function = BY_NAME[self.params.f]
        self.gap = ValueTracker(float(SECANT_GAPS[0]))
        window = window_around(self.function, x0)
        self.plot = Plot(window, self.zones.stage, y_label=None, axis_at="border")
        self.curve = self.plot.path(self.function.curve(window.x_min, window.x_max), "function")
        self.triangle = RiseRun(
            self.plot, self.function, lambda: x0, self.gap.get_value, through=True, rise_name='"rise"'
        )
        self.feet = dot(self.plot.at([x0, float(self.function(x0))]), radius=0.13)
        dock = self.zones.dock
        self.sums, results = dock.columns(0.5, 0.5) if self.zones.is_tall else dock.rows(0.28, 0.72)
        first = self.sums.center[1] + 0.1 if self.zones.is_tall else self.sums.top - 0.7
        self.readouts = VGroup(
            Readout("h", self.gap.get_value, 2, cells=5, role="step").place(self.sums.left + 2.0, first),
            Readout('"rise" slash h', lambda: self.triangle.slope, 2, cells=7, role="gradient").place(
                self.sums.left + 2.0, first - 0.9
            ),
        )
        self.table = ResultTable(results, ("h", '"slope"'), len(SECANT_GAPS), ("step", "gradient"))
        goal = tangent(self.function, x0)
        edges = np.array([window.x_min, window.x_max])
        ends = self.plot.window.clip(np.column_stack([edges, goal(edges)])).pieces[0]
        self.goal = dashed(*self.plot.at(ends[[0, -1]]), "gradient")

    def first_secants(self) -> None:
        whole, half = SECANT_GAPS[:2]
        first = secant(self.function, self.params.x0, whole)
        with self.line("two") as line:
            line.at("slope")
            self.play(flash(self.goal), Pulse(self.feet, 1.7))
            line.at("gap")
            far = self.triangle.feet[1]
            self.play(FadeIn(far, self.triangle.run_side, self.triangle.run_name), run_time=0.6)
        with self.line("rise") as line:
            line.at("run", says=float(first.run))
            self.play(Pulse(self.triangle.run_name, 1.4))
            line.at("rise", says=float(first.rise))
            self.play(FadeIn(self.triangle.rise_side, self.triangle.rise_name), run_time=0.5)
            line.at("slope", says=float(first.line.slope))
            self.play(Create(self.triangle.line), FadeIn(self.readouts), run_time=0.8)
            self.add(self.triangle)
            self.play(FadeIn(self.table.header, self.note(whole)), run_time=0.5)
        with self.line("half") as line:
            self.play(
                self.gap.animate.set_value(float(half)), run_time=line.until("half", says=self.slope(half))
            )
            self.play(FadeIn(self.note(half)), run_time=0.4)

    def slope(self, gap: float) -> float:
        return float(secant(self.function, self.params.x0, gap).line.slope)

    def note(self, gap: float) -> VGroup:
        return self.table.row(
            typst_number(gap, 2, trim=True), relation(self.slope(gap), 3).removeprefix("= ")
        )

    def guess(self) -> None:
        with self.line("guess") as line:
            line.at("zero")
            self.play(flash(self.triangle.run_side), Indicate(self.readouts[0], scale_factor=1.1))
            line.at("settle")
            self.play(Indicate(self.readouts[1], scale_factor=1.1))
        with self.line("think") as line:
            ring = CountdownRing(self.table.place(2))
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)

    def close_the_gap(self) -> None:
        tenth, hundredth = SECANT_GAPS[2:]
        with self.line("close") as line:
            self.play(
                self.gap.animate.set_value(float(tenth)), run_time=line.until("first", says=self.slope(tenth))
            )
            self.play(FadeIn(self.note(tenth)), run_time=0.3)
            self.play(
                self.gap.animate.set_value(float(hundredth)),
                run_time=line.until("second", says=self.slope(hundredth)),
            )
            self.play(FadeIn(self.note(hundredth)), run_time=0.3)

    def name_it(self) -> None:
        quotient = DifferenceQuotient(self.function, self.params.x0)
        limit = float(tangent(self.function, self.params.x0).slope)
        exact = quotient.typst if quotient.expression.is_polynomial() else relation(limit, 4).split(" ", 1)[1]
        sign = "=" if quotient.expression.is_polynomial() else "->"
        formula = Formula(f'"slope" {sign} {exact}', role="gradient")
        fitting(formula, self.sums).set_y(self.readouts.get_center()[1])
        place = typst_number(self.params.x0, 2, trim=True)
        derivative = Formula(f"f'({place}) {relation(limit, 3)}", 1.15 * theme.FORMULA, "gradient")
        fitting(derivative, self.sums).set_y(formula.get_y())
        fine = Text("if both sides agree", theme.SMALL, "quiet").next_to(derivative, DOWN, buff=0.3)
        with self.line("exact") as line:
            self.play(FadeOut(self.readouts), run_time=0.3)
            line.at("six", says=limit)
            self.play(FadeIn(formula), run_time=0.5)
            line.at("plus")
            self.play(
                self.gap.animate.set_value(float(SECANT_GAPS[0])), run_time=max(0.3, line.until("left") - 1.0)
            )
            self.play(self.gap.animate.set_value(float(SECANT_GAPS[-1])), run_time=1.4)
        with self.line("name") as line:
            self.play(FadeOut(formula), run_time=0.3)
            line.at("derivative")
            self.play(FadeIn(derivative, fine), run_time=0.6)


class SecantLoop(LoopScene, Secant):
    """The second point comes close and goes away again; the secant breathes onto the tangent and off it."""

    def construct(self) -> None:
        self.lay_out()
        self.readouts.set_y(self.zones.dock.center[1])
        self.add(self.plot, self.goal, self.curve, self.triangle, self.feet, self.readouts)
        widest, closest = float(SECANT_GAPS[0]), float(SECANT_GAPS[-1])
        with self.once_around() as line:
            self.breathe(closest, 0.5 * line.left - 0.6)
            self.hold(0.9)
            self.breathe(widest, line.left - 0.3)

    def breathe(self, end: float, seconds: float) -> None:
        """Change the gap to *end*, in every second by the same factor but for the ease."""
        start = self.gap.get_value()

        def pace(share: float) -> float:
            return float((start * (end / start) ** smooth(share) - start) / (end - start))

        self.play(self.gap.animate(rate_func=pace).set_value(end), run_time=seconds)


def window_around(function: ScalarFunction, x0: float) -> Window:
    """A window in which the secants to the right of *x0* fill the picture."""
    reach = float(max(SECANT_GAPS))
    heights = function.curve(x0, x0 + 1.25 * reach)[:, 1]
    low, high = heights.min(), heights.max()
    room = max(high - low, 0.5 * reach)
    falls = heights[-1] < heights[0]
    below, above = (0.15, 0.7) if falls else (0.7, 0.15)
    return Window(x0 - 1.5 * reach, x0 + 1.7 * reach, low - below * room, high + above * room)


class Square(LectureScene):
    """x² as area: two strips and a corner that fades; two different sides give the product rule."""

    def construct(self) -> None:
        self.lay_out()
        self.open(self.area, self.name, self.sides, self.numbers[0])
        self.grow()
        self.shrink()
        self.product_rule()

    def lay_out(self) -> None:
        big, small = SQUARE_GAPS
        self.big, self.small = float(big), float(small)
        self.growth, self.apart = ValueTracker(0.0), ValueTracker(0.0)
        stage = self.zones.stage
        unit = stage.height / 4.5
        left = stage.center[0] - unit * (SLOPE_POINT + self.big) / 2
        corner = np.array([left, stage.bottom + 0.75, 0.0])
        self.area = GrowingArea(
            lambda: GrowingRectangle.of(SIDE, SIDE, SLOPE_POINT, self.growth.get_value()),
            corner,
            unit,
            self.apart.get_value,
        )
        self.sides = VGroup(*self.area.side_names("x", "x"))
        self.name = Formula(SQUARE.typst, 1.4 * theme.FORMULA, "function").move_to(self.area.base)
        self.sides.stays = True  # the sides stay what they are through all growth
        self.numbers = self.readouts()

    def readouts(self) -> VGroup:
        dock, now = self.zones.dock, lambda: self.rectangle(self.growth.get_value())
        rows = (
            Readout("h", self.growth.get_value, 2, cells=5, role="step"),
            Readout('"strips"', lambda: float(sum(now().strips)), 2, cells=5, role="gradient"),
            Readout('"corner"', lambda: float(now().corner), 2, cells=5, role="error"),
        )
        for index, row in enumerate(rows):
            row.place(dock.left + 2.2, dock.top - 1.0 - 0.85 * index)
        return VGroup(*rows)

    def rectangle(self, gap: float) -> GrowingRectangle:
        return GrowingRectangle.of(SIDE, SIDE, SLOPE_POINT, gap)

    def grow(self) -> None:
        big = self.rectangle(self.big)
        with self.line("side") as line:
            line.at("see")
            self.play(Pulse(self.name, 1.2))
            line.at("square")
            self.play(*(Pulse(side, 1.6) for side in self.sides), run_time=0.8)
        self.growths = VGroup(*self.area.growth_names("h", "h"))
        with self.line("grow") as line:
            self.play(
                self.growth.animate.set_value(self.big), FadeIn(self.growths), run_time=line.until("strips")
            )
            self.play(self.apart.animate.set_value(0.28), run_time=0.9)
            line.at("corner")
            self.play(Indicate(self.area.new_corner, scale_factor=1.0, color=theme.color("text")))
        with self.line("numbers") as line:
            for number in self.numbers[1:]:
                number.refresh()  # a readout must not change its length while it fades in
            line.at("strips", says=float(sum(big.strips)))
            self.play(FadeIn(self.numbers[1]), run_time=0.4)
            line.at("quarter", says=float(big.corner))
            self.play(FadeIn(self.numbers[2]), run_time=0.4)

    def shrink(self) -> None:
        small = self.rectangle(self.small)
        quotient = DifferenceQuotient(SQUARE)
        dock = self.zones.dock
        rule = Formula(f'frac("growth", h) = {quotient.typst}').set_x(dock.center[0]).set_y(dock.bottom + 2.3)
        limit = Formula(f"-> {to_typst(quotient.limit)}", 1.2 * theme.FORMULA, "gradient")
        limit.next_to(rule, DOWN, buff=0.4)
        with self.line("shrink") as line:
            self.play(
                self.growth.animate.set_value(self.small), run_time=line.until("tenth", says=self.small) + 0.4
            )
            line.at("thin", says=float(sum(small.strips)))
            self.play(Indicate(self.numbers[1], scale_factor=1.1))
            line.at("tiny", says=float(small.corner))
            self.play(Indicate(self.numbers[2], scale_factor=1.1))
        with self.line("two") as line:
            line.at("survive")
            self.play(flash(self.area.right_strip), flash(self.area.upper_strip), FadeIn(rule), run_time=0.8)
            line.at("two")
            self.play(self.growth.animate.set_value(0.02), FadeIn(limit), run_time=1.2)
        self.old = [self.area, self.sides, self.growths, self.name, self.numbers, rule, limit]

    def product_rule(self) -> None:
        growth, apart = ValueTracker(0.0), ValueTracker(0.0)
        f = GEARS.stages[0]
        area = GrowingArea(
            lambda: GrowingRectangle.of(f, EXP, GEAR_POINT, growth.get_value()),
            self.area.base.get_corner(DOWN + LEFT) + LEFT * 0.6,
            1.3,
            apart.get_value,
        )
        names = VGroup(*area.side_names("f", "g"))
        name = Formula("f g", 1.2 * theme.FORMULA, "function").move_to(area.base)
        growths = VGroup(*area.growth_names("Delta f", "Delta g"))
        rule = Formula("(f g)' = {a: f g'} + {b: g f'}", theme.FORMULA, a="gradient", b="gradient")
        fine = Text("where both have a slope", theme.SMALL, "quiet")
        VGroup(rule, fine).arrange(DOWN, buff=0.4).move_to(self.zones.dock.center)
        with self.line("product") as line:
            self.play(FadeOut(*self.old), run_time=0.4)
            self.play(FadeIn(area, names, name), run_time=0.5)
            line.at("different")
            self.play(*(Pulse(side, 1.6) for side in names), run_time=0.7)
            line.at("two")
            self.play(growth.animate.set_value(0.16), FadeIn(growths), run_time=0.8)
            self.play(apart.animate.set_value(0.25), run_time=0.6)
        upper = Formula("f Delta g", theme.LABEL).move_to(area.upper_strip)
        right = Formula("g Delta f", theme.LABEL).next_to(area.right_strip, RIGHT, buff=0.2)
        with self.line("rule") as line:
            self.play(FadeIn(upper), run_time=0.4)
            line.at("growth")
            self.play(FadeIn(right), run_time=0.4)
            line.at("rule")
            self.play(FadeIn(rule, fine), run_time=0.6)


class SquareLoop(LoopScene, Square):
    """The square grows, its new parts come apart and join again, and it shrinks."""

    def construct(self) -> None:
        self.lay_out()
        self.growth.set_value(self.small)
        self.numbers.set_y(self.zones.dock.center[1])
        self.add(self.area, self.name, self.sides, *self.area.growth_names("h", "h"), self.numbers)
        with self.once_around() as line:
            beat = line.left / 8
            self.play(self.growth.animate.set_value(self.big), run_time=2 * beat)
            self.play(self.apart.animate.set_value(0.28), run_time=beat)
            self.hold(1.2 * beat)
            self.play(self.apart.animate.set_value(0.0), run_time=beat)
            self.play(self.growth.animate.set_value(self.small), run_time=2 * beat)


class OnlyLine(LectureScene):
    """Every line through the point gets close; divided by h, only the tangent's error dies."""

    class Params(SceneParams):
        rival: float = Field(RIVAL_SLOPE, ge=-10, le=20, description="slope of the line that competes")

    def construct(self) -> None:
        self.lay_out()
        self.two_lines()
        self.measure()
        self.zoom()

    def lay_out(self) -> None:
        start, deep = ZOOM_HALF_WIDTHS[0], ZOOM_HALF_WIDTHS[2]
        self.best = tangent(SQUARE, SLOPE_POINT)
        self.other = Line(self.best.x0, self.best.y0, self.params.rival)
        self.depth, self.share = ValueTracker(log(start)), ValueTracker(1.0)
        self.strict = ValueTracker(0.0)  # 0: bars show the misses; 1: the misses divided by h
        self.view = CloseUp(SQUARE, SLOPE_POINT, self.zones.stage, start, deep, SQUARE_RISE)
        self.view.add_updater(lambda view: view.zoom_to(exp(self.depth.get_value())), call_updater=False)
        share = self.share.get_value
        self.lines = [self.view.line(lambda h: self.best), self.view.line(lambda h: self.other, "text")]
        self.gaps = [
            self.view.gap(lambda h: self.other, "text", share, 0.12),
            self.view.gap(lambda h: self.best, "gradient", share, -0.12),
        ]
        self.arrow = self.view.width_arrow("h", share)
        dock = self.zones.dock
        self.bars = MissBars(
            dock.rows(0.2, 0.8)[1],
            [lambda: self.miss(self.best), lambda: self.miss(self.other)],
            self.miss_at(self.other, start, 0.0),
        )
        self.headings = [
            Text("miss", theme.FORMULA).set_x(self.bars.middle).set_y(dock.top - 0.5),
            Formula('"miss" slash h', theme.FORMULA).set_x(self.bars.middle).set_y(dock.top - 0.5),
        ]
        self.open(self.view)

    @property
    def step(self) -> float:
        return exp(self.depth.get_value()) * self.share.get_value()

    def miss(self, line: Line) -> float:
        return self.miss_at(line, self.step, self.strict.get_value())

    @staticmethod
    def miss_at(line: Line, step: float, strict: float) -> float:
        """How far *line* is from the curve a *step* to the right, divided by the step's power *strict*."""
        x = SLOPE_POINT + step
        return float(abs(SQUARE(x) - line(x))) / step**strict

    def two_lines(self) -> None:
        names = [
            Formula(
                f'"tangent, slope" {typst_number(float(self.best.slope), 1, trim=True)}',
                theme.LABEL,
                "gradient",
            ),
            Formula(f'"rival, slope" {typst_number(self.params.rival, 1, trim=True)}', theme.LABEL),
        ]
        area = self.view.area
        for index, name in enumerate(names):
            name.move_to(area.top_left + np.array([name.width / 2 + 0.35, -0.55 - 0.65 * index, 0]))
        self.names = VGroup(*names)
        with self.line("lines") as line:
            line.at("pass")
            self.play(Create(self.lines[0]), run_time=0.8)
            line.at("six", says=float(self.best.slope))
            self.play(FadeIn(names[0]), run_time=0.3)
            line.at("rival")
            self.play(Create(self.lines[1]), run_time=0.7)
            line.at("five", says=self.params.rival)
            self.play(FadeIn(names[1]), run_time=0.3)

    def measure(self) -> None:
        with self.line("miss") as line:
            self.play(FadeIn(self.arrow), run_time=0.4)
            line.at("misses")
            self.play(*(FadeIn(gap) for gap in self.gaps), run_time=0.5)
            self.play(FadeIn(self.bars, self.headings[0]), run_time=0.6)
        with self.line("shrink") as line:
            self.play(self.share.animate.set_value(0.1), run_time=0.6 * line.left)

    def zoom(self) -> None:
        tenth, deep = ZOOM_HALF_WIDTHS[1:3]
        with self.line("fair") as line:
            line.at("divide")
            self.play(FadeOut(self.headings[0]), run_time=0.2)
            self.play(FadeIn(self.headings[1]), self.strict.animate.set_value(1.0), run_time=0.8)
            goal = self.depth.animate.set_value(log(tenth))
            self.play(goal, self.share.animate.set_value(1.0), run_time=line.left)
        with self.line("zoom") as line:
            seconds = line.until("one", says=self.miss_at(self.other, deep, 1.0))
            self.play(self.depth.animate.set_value(log(deep)), run_time=seconds)
            line.at("zero", says=self.miss_at(self.best, deep, 1.0))
            self.play(Pulse(self.bars.numbers[0], 1.2))
        with self.line("win") as line:
            line.at("faster")
            self.play(Dim(self.lines[1], self.gaps[0], self.names[1], level=0.35), Pulse(self.names[0], 1.2))


class MissBars(VGroup):
    """Two bars on one floor: the tangent's miss and its rival's."""

    def __init__(self, zone: Zone, values: list[Callable[[], float]], full: float) -> None:
        super().__init__()
        self._values, self._full = values, max(full, 1e-9)
        self._floor, self._reach = zone.bottom + 1.5, zone.height - 1.6
        places = [zone.left + zone.width * share for share in (0.36, 0.78)]
        self.middle = sum(places) / 2
        self.floor = stroke([places[0] - 0.9, self._floor], [places[1] + 0.9, self._floor], width=theme.LINE)
        self.bars, self.numbers, self.words = VGroup(), VGroup(), VGroup()
        for x, value, word, role in zip(
            places, values, ("tangent", "rival"), ("gradient", "text"), strict=True
        ):
            paint = theme.color(role)
            bar = VMobject(fill_color=paint, fill_opacity=0.85, stroke_width=0)
            bar.add_updater(lambda bar, x=x, value=value: self._rise(bar, x, value()), call_updater=True)
            self.bars.add(bar)
            self.words.add(Text(word, theme.LABEL, role).set_x(x).align_baseline(self._floor - 0.52))
            number = Readout(None, value, 2, cells=5, role=role)
            number.set_x(x).set_y(self._floor - 1.05)
            self.numbers.add(number)
        self.add(self.floor, self.bars, self.words, self.numbers)

    def _rise(self, bar: VMobject, x: float, value: float) -> None:
        height = self._reach * min(1.0, value / self._full)
        a, across, up = np.array([x - 0.45, self._floor, 0]), np.array([0.9, 0, 0]), np.array([0, height, 0])
        bar.set_points_as_corners([a, a + across, a + across + up, a + up, a])


class Films(LectureScene):
    """Base of the scenes in which a point slides along a graph and its slopes draw a new one."""

    def film(
        self,
        function: ScalarFunction,
        window: Window,
        slopes: tuple[float, float],
        start: float,
        ticks: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
        name: str | None = None,
    ) -> SlopeFilm:
        self.x = ValueTracker(start)
        film = SlopeFilm(function, window, slopes, self.zones.stage, self.x.get_value, ticks)
        left, top, below = self.zones.dock.left, film.graph.area.center[1], film.slopes.area.center[1]
        title = Formula(name or function.typst, 1.2 * theme.FORMULA, "function")
        title.set_x(self.zones.dock.center[0]).set_y(top + 0.75)
        self.height = Readout('"height"', lambda: film.value, 2, cells=6, role="function")
        self.slope = Readout('"slope"', lambda: film.slope, 2, cells=6, role="gradient")
        self.height.place(left + 2.2, top - 0.6)
        self.slope.place(left + 2.2, below + 0.2)
        self.shown, self.readouts = film, VGroup(title, self.height, self.slope)
        return film

    def slide_to(self, x: float, seconds: float) -> None:
        self.play(self.x.animate.set_value(x), run_time=seconds, rate_func=linear)

    def change(self, film: Callable[[], SlopeFilm], *leaving: VMobject) -> SlopeFilm:
        """The old film leaves before the new one comes."""
        self.play(FadeOut(self.shown, self.readouts, *leaving), run_time=0.3)
        new = film()
        self.play(FadeIn(new, self.readouts), run_time=0.4)
        return new

    def below(self, maths: str) -> Formula:
        """A formula for the lower graph, in the dock under the slope's readout."""
        formula = Formula(maths, theme.FORMULA, "gradient").set_x(self.zones.dock.center[0])
        return formula.set_y(self.slope.get_y() - 0.95)


class NewCurve(Films):
    """The slopes of a curve are a curve."""

    def construct(self) -> None:
        left, right = -2.6, 3.5
        film = self.film(SQUARE, Window(left, right, -1.2, 12.5), (-6.5, 8.5), left)
        self.open(film, self.readouts[:2])
        with self.line("slide") as line:
            line.at("drop")
            self.play(FadeIn(self.readouts[2]), run_time=0.4)
            self.slide_to(-2.0, line.left)
        low, flat, high = (float(SQUARE.slope(x)) for x in (-2, 0, SLOPE_POINT))
        marks = VGroup()
        with self.line("values") as line:
            line.at("left", says=low)
            self.mark(marks, -2, RIGHT + DOWN)
            self.slide_to(0, line.until("zero", says=flat))
            self.mark(marks, 0, RIGHT + DOWN)
            self.slide_to(SLOPE_POINT, line.until("six", says=high))
            self.mark(marks, SLOPE_POINT, LEFT + UP)
            line.at("place", says=SLOPE_POINT)
        derivative = self.below(f"f' = {SQUARE.derivative().typst}")
        with self.line("derivative") as line:
            self.slide_to(right, line.until("derivative"))
            self.play(FadeIn(derivative), run_time=0.5)
        self.cube(marks, derivative)
        self.exponential()

    def mark(self, marks: VGroup, x: float, side: ArrayLike) -> None:
        marks.add(self.shown.slope_label(x, side))
        self.play(FadeIn(marks[-1]), run_time=0.3)

    def cube(self, *leaving: VMobject) -> None:
        with self.line("cube") as line:
            window = Window(-1.6, 1.6, -3.6, 3.6)
            film = self.change(
                lambda: self.film(CUBE, window, (-1.5, 6.8), -1.6, (nice_ticks(-2, 2, 2), None)), *leaving
            )
            line.at("lowest")
            self.slide_to(0.0, line.until("rest"))
            self.play(Pulse(film.point, 1.7), run_time=0.6)
            self.slide_to(1.45, line.left - 0.1)

    def exponential(self) -> None:
        with self.line("exp") as line:
            window, ticks = Window(-2.4, 2.15, -0.8, 8.4), nice_ticks(0, 8, 4)
            film = self.change(lambda: self.film(EXP, window, (-0.8, 8.4), -2.4, (ticks, ticks)))
            self.slide_to(1.0, line.until("height"))
            rule = self.below(f"f' = {EXP.derivative().typst}")
            self.play(FadeIn(rule), self.x.animate.set_value(2.1), run_time=1.2)
            twin = film.curve.copy()
            twin.generate_target()
            self.play(
                twin.animate.shift(film.slopes.at([0, 0]) - film.graph.at([0, 0])).set_opacity(0),
                run_time=0.9,
            )


class Machines(Films):
    """The slopes of the logarithm, the sigmoid and the ReLU."""

    def construct(self) -> None:
        film = self.film(LN, Window(-0.4, 6.3, -2.6, 2.4), (-0.5, 4.4), 0.24)
        self.open(film, self.readouts)
        rule = self.below(f"f' = {LN.derivative().typst}")
        fine = Text("for positive x", theme.SMALL, "quiet").next_to(rule, DOWN, buff=0.25)
        with self.line("log") as line:
            self.slide_to(4.0, line.until("over"))
            self.play(FadeIn(rule, fine), run_time=0.4)
            self.slide_to(6.2, line.left)
        self.sigmoid(fine, rule)
        self.relu()

    def sigmoid(self, *leaving: VMobject) -> None:
        window = Window(-6.5, 6.5, -0.25, 1.3)
        with self.line("sigmoid") as line:
            film = self.change(
                lambda: self.film(
                    SIGMOID,
                    window,
                    (-0.08, 0.34),
                    -6.5,
                    (nice_ticks(0, 1, 2), nice_ticks(0, 0.3, 3)),
                    "sigma(x)",
                ),
                *leaving,
            )
            self.slide_to(0.0, line.until("middle"))
            peak = film.slope_label(0, UP)
            line.at("quarter", says=float(SIGMOID.slope(0)))
            self.play(FadeIn(peak), run_time=0.4)
        self.labels = VGroup(peak)
        with self.line("far") as line:
            self.slide_to(5.0, line.until("flat"))
            far = film.slope_label(5, UP, 4)
            self.play(FadeIn(far), run_time=0.4)
            self.labels.add(far)

    def relu(self) -> None:
        left, right = (float(slope) for slope in RELU.one_sided_slopes(KINK))
        with self.line("relu") as line:
            window, ticks = Window(-2.6, 2.6, -0.7, 2.8), nice_ticks(0, 2, 2)
            film = self.change(
                lambda: self.film(
                    RELU, window, (-0.45, 1.55), -2.6, (ticks, nice_ticks(0, 1, 2)), '"ReLU"(x)'
                ),
                self.labels,
            )
            self.slide_to(-0.15, line.until("zero", says=left))
            self.slide_to(2.4, line.until("one", says=right) + 0.5)
        self.no_slope(film)

    def no_slope(self, film: SlopeFilm) -> None:
        """At the corner a stick swings between the two slopes, and the lower graph has a gap."""
        rings, between = film.open_ends(), ValueTracker(1.0)
        pick = Text("programs pick a value", theme.SMALL, "quiet")
        pick.set_x(self.zones.dock.center[0]).set_y(self.slope.get_y())
        place = np.array([float(KINK), float(RELU(float(KINK)))])

        def swing(stick: VMobject) -> None:
            way = np.array([1.0, between.get_value()])
            film.graph.set_path(stick, [place - way, place + way])

        with self.line("none") as line:
            for part in (film.stick, film.drop, film.plumb):
                part.set_stroke(opacity=0).set_fill(opacity=0)
            stick = Stick("gradient")
            stick.add_updater(swing, call_updater=True)
            self.play(FadeOut(self.slope), self.x.animate.set_value(float(KINK)), FadeIn(rings), run_time=0.7)
            self.play(FadeIn(stick), run_time=0.2)
            self.play(between.animate.set_value(0.0), run_time=line.until("none"))
            self.play(between.animate.set_value(1.0), *(flash(ring) for ring in rings), run_time=0.9)
            self.play(between.animate.set_value(0.0), run_time=line.until("value"))
            self.play(between.animate.set_value(0.5), FadeIn(pick), run_time=0.8)


class GearParams(SceneParams):
    """Where the train stands and how far it is nudged."""

    x: float = Field(GEAR_POINT, ge=-3, le=3, description="the input of the first machine")
    nudge: float = Field(float(GEAR_NUDGE), ge=1e-4, le=0.5, description="the first nudge of the input")


def gear_names() -> list[str]:
    """x and what each machine makes of it, as Typst maths."""
    first, second = GEARS.stages
    return ["x", f"u = {first.typst}", f"y = {second.typst}"]


class Gears(LectureScene):
    """Two machines in a row: the nudge is magnified twice, and magnifications multiply."""

    Params = GearParams

    def construct(self) -> None:
        self.lay_out()
        self.send_the_nudge()
        self.measure()

    def lay_out(self) -> None:
        x = self.params.x
        self.reach = ValueTracker(self.params.nudge)
        self.share, self.progress = ValueTracker(0.0), ValueTracker(0.0)
        self.gears = gear_lines(
            self.zones.stage,
            x,
            self.params.nudge,
            lambda: self.share.get_value() * self.reach.get_value(),
            self.reach.get_value,
            self.progress.get_value,
        )
        places = self.gears.place_names
        self.gears.remove(places)
        self.open(self.gears, places[0])
        self.reading = self.gears.reading
        dock = self.zones.dock
        names = ("Delta x", "Delta u", "Delta y")
        self.deltas = VGroup(
            *(
                Readout(name, lambda i=i: self.gears.moves()[i], 4, cells=7, role="step").place(
                    dock.left + 1.75, self.gears.foot(i)[1] - 0.15
                )
                for i, name in enumerate(names)
            )
        )

    def send_the_nudge(self) -> None:
        first, second = (float(ratio) for ratio in self.reading.ratios)
        places = [float(place) for place in self.reading.positions]
        numbers, wheels = self.gears.place_names, self.gears.wheels
        with self.line("machines") as line:
            line.at("one", says=places[0])
            self.play(Pulse(numbers[0], 1.8), run_time=max(0.3, line.until("four", says=places[1]) - 0.5))
            self.play(FadeIn(numbers[1], shift=RIGHT * 0.2), Pulse(wheels[0], 1.12), run_time=0.9)
            line.until("sixteen", says=places[2])
            self.play(FadeIn(numbers[2], shift=RIGHT * 0.2), Pulse(wheels[1], 1.12), run_time=1.0)
        with self.line("nudge") as line:
            self.play(FadeIn(self.deltas[0]), run_time=0.4)
            seconds = line.until("nudge", says=float(self.params.nudge))
            self.play(self.share.animate.set_value(1.0), run_time=seconds + 0.4)
        for delta in self.deltas[1:]:
            delta.refresh()  # a readout must not change its length while it fades in
        with self.line("first") as line:
            self.play(
                FadeIn(self.deltas[1]),
                self.progress.animate.set_value(1.0),
                run_time=line.until("three", says=first),
            )
            self.play(Pulse(self.gears.wheels[0], 1.15), run_time=0.5)
            self.play(
                FadeIn(self.deltas[2]),
                self.progress.animate.set_value(2.0),
                run_time=line.until("eight", says=second),
            )
            self.play(Pulse(self.gears.wheels[1], 1.15), run_time=0.5)

    def measure(self) -> None:
        a, b, all_ = (
            typst_number(float(v), 2, trim=True) for v in (*self.reading.ratios, self.reading.product)
        )
        dock = self.zones.dock
        between = [(self.gears.foot(i)[1] + self.gears.foot(i + 1)[1]) / 2 for i in (0, 1)]
        product = Formula(f"{a} times {b} = {{p: {all_}}}", theme.FORMULA, "gradient")
        product.set_x(dock.center[0]).set_y(between[0])
        ratio = Readout(
            "Delta y slash Delta x",
            lambda: self.gears.moves()[-1] / self.gears.moves()[0],
            2,
            cells=6,
            role="gradient",
        ).place(dock.left + 1.75, between[1] - 0.15)
        with self.line("product") as line:
            line.at("first", says=float(self.reading.ratios[0]))
            self.play(
                Pulse(self.gears.wheels[0], 1.15),
                run_time=line.until("second", says=float(self.reading.ratios[1])),
            )
            self.play(
                Pulse(self.gears.wheels[1], 1.15),
                run_time=line.until("all", says=float(self.reading.product)),
            )
            self.play(FadeIn(product), run_time=0.5)
        with self.line("limit") as line:
            moves = self.gears.moves()
            line.at("measured", says=moves[-1] / moves[0])
            self.play(FadeIn(ratio), run_time=0.4)
            line.at("smaller")
            self.play(
                self.reach.animate.set_value(self.params.nudge / 50),
                run_time=line.until("limit", says=float(self.reading.product)),
            )
        rule = Formula(
            "frac(d y, d x) = frac(d y, d u) dot frac(d u, d x)", theme.LABEL + 8, "gradient"
        ).move_to([dock.center[0], between[1], 0])
        with self.line("name") as line:
            self.play(FadeOut(ratio), run_time=0.3)
            line.at("multiply")
            self.play(FadeIn(rule), *(Pulse(wheel, 1.2) for wheel in self.gears.wheels), run_time=0.7)
            line.at("stands")
            self.play(Pulse(self.gears.wheels[1], 1.2), Pulse(self.gears.place_names[1], 2.0))
            line.at("place", says=float(self.reading.positions[1]))


def gear_lines(
    zone: Zone,
    x: float,
    nudge: float,
    moved: Callable[[], float],
    reach: Callable[[], float],
    progress: Callable[[], float],
) -> GearLines:
    """The train of the chapter, under a microscope whose view is filled by the longest of its nudges."""
    moves = [float(move) for move in GEARS.nudge(x, nudge)]
    backwards = min(moves) < 0
    origin = 0.5 if backwards else 0.07
    longest = max(abs(move) for move in moves)
    gears = GearLines(GEARS, x, zone, gear_names(), moved, lambda: 1.0, progress, origin=origin)
    room = 0.88 * (zone.right - gears.origin_x)
    gears.unit = lambda: room / longest * nudge / reach()
    return gears


class Quiz(QuizScene):
    """The answer that forgets the inner derivative is a gear train without its first wheel."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.5, 0.5, gap=0.5)
        self.progress, self.share = ValueTracker(0.0), ValueTracker(1.0)
        tiny = 1e-5  # so small that the nudges are in the ratio of the slopes
        self.gears = gear_lines(
            picture,
            GEAR_POINT,
            tiny,
            lambda: tiny * self.share.get_value(),
            lambda: tiny,
            self.progress.get_value,
        )
        whole, (inner, outer) = GEARS.composite, GEARS.stages
        slopes = (whole.derivative(), outer.derivative().compose(inner))
        self.states(whole.typst, *(to_typst(slope.expression.factor()) for slope in slopes))
        self.open(self.lay_out(words), self.gears)
        reading = self.gears.reading
        with self.line("ask") as line:
            line.at("derivative")
            self.play(*(Pulse(wheel, 1.15) for wheel in self.gears.wheels))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        magnified, total = float(reading.ratios[0]), float(reading.product)
        with self.line("answer") as line:
            self.play(*self.step_forward(self.right_row), run_time=0.7)
            self.play(FadeIn(self.right_row.sign()), run_time=0.3)
            self.play(self.progress.animate.set_value(2.0), run_time=line.until("inner", says=magnified))
            line.at("total", says=total)
            right = self.end_mark(total, "right")
            self.play(FadeIn(right), run_time=0.4)
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), run_time=0.3)
            self.play(self.progress.animate.set_value(0.0), Dim(right, level=0.5), run_time=0.6)
            line.at("forgot")
            wheel = self.gears.wheels[0]
            self.gears.without.add(0)
            self.play(FadeOut(wheel), FadeIn(wheel.empty_place(), self.failing_row.sign()), run_time=0.5)
            self.gears.remove(wheel)
            self.add(self.gears)  # fading a part took the group out of the scene, and its updater with it
            self.play(
                self.progress.animate.set_value(2.0),
                run_time=line.until("eight", says=float(reading.ratios[1])),
            )
            self.play(FadeIn(self.end_mark(float(reading.ratios[1]), "error")), run_time=0.4)

    def end_mark(self, ratio: float, role: str) -> VGroup:
        """Where the last nudge ends, and how many times the first one that is."""
        tip = self.gears.end(2)
        line = dashed(tip + UP * 0.45, tip + DOWN * 0.45, role, theme.LINE)
        name = Formula(f"times {typst_number(ratio, 1, trim=True)}", theme.LABEL, role)
        return VGroup(line, name.next_to(line, DOWN, buff=0.12))


class Answer(Bending):
    """The opening picture again, now answered: zoom in, read the slope, do it everywhere."""

    def construct(self) -> None:
        picture = self.set_up_curve(1.0)
        dock = self.zones.dock
        lens_zone, number = dock.rows(0.75, 0.25)
        self.place = ValueTracker(float(SLOPE_POINT))
        self.depth = ValueTracker(log(ZOOM_HALF_WIDTHS[0]))
        self.lens = CloseUp(
            SQUARE, SLOPE_POINT, lens_zone, ZOOM_HALF_WIDTHS[0], ZOOM_HALF_WIDTHS[2], SQUARE_RISE
        )
        self.lens.add_updater(lambda view: view.zoom_to(exp(self.depth.get_value())), call_updater=False)
        self.rider = dot(self.feet(SLOPE_POINT), radius=0.14)
        self.rider.add_updater(lambda rider: rider.move_to(self.feet(self.place.get_value())))
        slope = Readout(
            '"slope"',
            lambda: float(SQUARE.slope(self.place.get_value())),
            2,
            cells=6,
            size=theme.FORMULA,
            role="gradient",
        ).place(number.left + 1.9, number.center[1] - 0.3)
        self.open(picture, self.rider)
        with self.line("back") as line:
            line.at("bends")
            self.play(Pulse(self.rider, 1.6))
        stick = self.put_stick(Stick("gradient"), SLOPE_POINT)
        edge = self.lens.area
        rays = VGroup(
            *(stroke(self.feet(SLOPE_POINT), [edge.left, y], "quiet") for y in (edge.top, edge.bottom))
        )
        with self.line("zoom") as line:
            line.at("one")
            self.play(FadeIn(self.lens, rays), run_time=0.5)
            self.play(
                self.depth.animate.set_value(log(ZOOM_HALF_WIDTHS[2])),
                run_time=max(0.3, line.until("slope") - 0.3),
            )
            self.play(FadeIn(stick, slope), run_time=0.5)
            self.bring_to_front(self.rider)
        self.draw_everywhere(stick, slope, rays)

    def feet(self, x: float) -> np.ndarray:
        return self.plot.at([x, float(SQUARE(x))])

    def put_stick(self, stick: Stick, x: float) -> Stick:
        """Lay *stick* along the curve at *x*, clipped by the frame."""
        way = np.array([1.0, float(SQUARE.slope(x))])
        way *= LONG_STICK / np.linalg.norm(self.plot.vector(way))
        point = np.array([x, float(SQUARE(x))])
        self.plot.set_path(stick, [point - way, point + way])
        return stick

    def draw_everywhere(self, stick: Stick, slope: Readout, rays: VGroup) -> None:
        stick.add_updater(lambda s: self.put_stick(s, self.place.get_value()))
        sticks = VGroup()
        with self.line("slide") as line:
            self.play(FadeOut(self.lens, rays), run_time=0.3)
            line.at("everywhere")
            goals = np.linspace(SLOPE_POINT, -0.3, 10)[1:]
            for goal in goals:
                sticks.add(self.put_stick(Stick("gradient", theme.LINE), self.place.get_value()))
                self.add(sticks[-1], self.rider)
                seconds = line.left / (len(goals) - len(sticks) + 1)
                self.play(self.place.animate.set_value(goal), run_time=seconds, rate_func=linear)
        answer = Formula("f'(x)", 1.4 * theme.FORMULA, "gradient")
        words = closing_card(
            answer, ["what is left when you zoom in", "along a chain: multiply"], self.zones.dock
        )
        with self.line("end") as line:
            self.play(FadeOut(slope), run_time=0.3)
            line.at("steps")
            self.play(FadeIn(words[:2]), Dim(self.curve, level=0.3), run_time=0.6)
            line.at("multiply")
            self.play(FadeIn(words[2]), run_time=0.5)
