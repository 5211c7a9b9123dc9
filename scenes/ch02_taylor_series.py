"""Chapter 2, Taylor series: what readings at one point tell of a curve, how far they reach, and why learning cares."""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Annotated, Any

import numpy as np
import sympy as sp
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    Rectangle,
    TransformFromCopy,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from vcalc_anim.core import (
    ScalarField,
    ScalarFunction,
    TaylorPolynomial,
    Window,
    catalogue,
    convergence,
    descend,
    expand,
    newton,
    newton_step,
    nice_ticks,
    rounded,
    taylor,
    to_typst,
    typst_number,
)
from vcalc_anim.core.catalogue import CUBE, EXP, FLAT, RUNGE, SHIFTED_LN, SIN, TWO_VALLEY
from vcalc_anim.core.examples.ch02 import (
    HILLTOP_START,
    LOG_INSIDE,
    LOG_OUTSIDE,
    PIN_ORDERS,
    QUIZ_CURVATURES,
    QUIZ_HEIGHT,
    QUIZ_LEARNING_RATE,
    QUIZ_SLOPE,
    QUIZ_STANDS_AT,
    RUNGE_MODULUS,
    SINE_DERIVATIVE_BOUND,
    SINE_ORDERS,
    SINE_TOLERANCE,
    SURFACE,
    SURFACE_POINT,
    SURFACE_REACH,
    VALLEY,
    VALLEY_LEARNING_RATE,
    VALLEY_MINIMUM,
    VALLEY_START,
    VALLEY_STEPS,
)
from vcalc_anim.stage import (
    Arrow,
    CountdownRing,
    Dim,
    ErrorChart,
    ErrorStrip,
    Formula,
    LectureScene,
    LoopScene,
    OrderTrack,
    Plot,
    Pulse,
    QuizScene,
    ReachBand,
    Readout,
    Relief,
    ResultTable,
    SceneParams,
    SeriesPlot,
    Text,
    View,
    Zone,
    clipped_band,
    closing_card,
    dashed,
    dot,
    hatching,
    label_beside,
    legend,
    opening_card,
    term_source,
    theme,
    tick,
)
from vcalc_anim.stage import (
    OrderSlider as Slider,
)

WIRE_WINDOW = Window(-2.2, 2.2, -1.6, 5.2)
SINE_WINDOW = Window(-2 * pi, 2 * pi, -2.6, 2.6)
POINT_WINDOW = Window(-4.6, 6.6, -1.9, 1.9)  # the opening picture: sine, around the point below
POINT = 1
FEELABLE = 0.9  # what one feels around the point: half the width of the light
LIGHT_TOLERANCE = 0.05  # an error that a line's width hides
LIGHT_ORDERS = (2, 5, 9, 14, 20)
PI_TICKS = (-2 * pi, -pi, 0, pi, 2 * pi)

Points = Any


def pi_text(value: float) -> str:
    """A multiple of π as a tick label."""
    times = rounded(value / pi, 1, trim=True).text
    return times if value == 0 else times.replace("1", "") + "π"


class Shade(VGroup):
    """Darkness left and right of a lit stretch of x, whose ends (low, high) are asked for on every frame."""

    def __init__(self, plot: Plot, lit: Callable[[], tuple[float, float]]) -> None:
        super().__init__()
        self.plot, self.lit = plot, lit
        dark = {"stroke_width": 0, "fill_color": theme.color("background"), "fill_opacity": 0.95}
        self.sides = VGroup(VMobject(**dark), VMobject(**dark))
        self.edges = VMobject(stroke_color=theme.color("frozen"), stroke_width=theme.HAIRLINE)
        self.add(self.sides, self.edges)
        self.edges.add_updater(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        area, window = self.plot.area, self.plot.window
        ends = [min(max(x, window.x_min), window.x_max) for x in self.lit()]
        low, high = (float(self.plot.at([x, 0.0])[0]) for x in ends)
        for side, (left, right) in zip(self.sides, ((area.left, low), (high, area.right)), strict=True):
            corners = [(left, area.bottom), (left, area.top), (right, area.top), (right, area.bottom)]
            side.set_points_as_corners([[x, y, 0.0] for x, y in [*corners, corners[0]]])
        self.edges.clear_points()
        for x in (low, high):
            self.edges.start_new_path(np.array([x, area.bottom, 0.0]))
            self.edges.add_line_to(np.array([x, area.top, 0.0]))


class InTheDark(LectureScene):
    """Base of the first and the last picture: sine in the dark, but for a strip of light around one point."""

    def set_up(self) -> None:
        self.series = taylor(SIN, POINT, max(LIGHT_ORDERS))
        self.plot = Plot(POINT_WINDOW, self.zones.stage, x_ticks=(), y_ticks=(), y_label=None)
        self.plot.frame_box.set_fill(theme.color("panel"), 1)
        self.plot.axes[1].set_stroke(opacity=0)
        self.curve = self.plot.path(SIN.curve(POINT_WINDOW.x_min, POINT_WINDOW.x_max), "function")
        self.place = np.array([POINT, float(SIN(POINT))])
        self.walker = dot(self.plot.at(self.place), "text", 0.14)


class OnePoint(InTheDark):
    """The chapter's question: readings at one point, and a curve that could go anywhere from there."""

    def construct(self) -> None:
        self.set_up()
        card = opening_card(self.staging.lecture, self.zones.dock)
        lamp = ValueTracker(2.2)
        shade = Shade(self.plot, lambda: (POINT - lamp.get_value(), POINT + lamp.get_value()))
        self.open(self.plot, self.curve, shade, self.walker, card)
        with self.line("dark") as line:
            line.at("point")
            self.play(Pulse(self.walker, 1.8), run_time=0.8)
            self.play(lamp.animate.set_value(FEELABLE), run_time=line.until("dark"))
        with self.line("feel") as line:
            self.play(FadeOut(card), run_time=0.4)
            height, tilt, bend = self.readings()
            line.at("height")
            self.show_reading(*height)
            line.at("tilt")
            self.show_reading(*tilt)
            line.at("bend")
            self.show_reading(*bend)
        with self.line("ask") as line:
            line.at("much")
            ways = self.continuations()
            self.play(*(Create(way) for way in ways), run_time=line.words_left)
            self.bring_to_front(self.walker)

    def show_reading(self, mark: VMobject, name: Formula) -> None:
        self.play(Create(mark), FadeIn(name), run_time=0.6)
        self.bring_to_front(self.walker)

    def readings(self) -> list[tuple[VMobject, Formula]]:
        """Height, tilt and bend at the point, each drawn as far as the light reaches, with its name in the dock."""
        x = np.linspace(POINT - FEELABLE, POINT + FEELABLE, 60)
        foot = self.plot.at([POINT, 0.0])
        marks = [dashed(foot, self.plot.at(self.place), "gradient", theme.CURVE)]
        for order in (1, 2):
            values = self.series.truncated(order)(x)
            marks.append(self.plot.path(np.column_stack([x, values]), "gradient", theme.STICK))
        words = VGroup()
        for word, reading in zip(("height", "tilt", "bend"), self.series.derivatives, strict=False):
            number = typst_number(float(reading), 2)
            words.add(Formula(f'"{word}" approx {number}', theme.FORMULA, "gradient"))
        words.arrange(DOWN, buff=0.7, aligned_edge=LEFT).move_to(self.zones.dock.center)
        return list(zip(marks, words, strict=True))

    def continuations(self) -> VGroup:
        """Curves that agree in all three readings and part in the dark."""
        parabola, center = self.series.truncated(2), float(self.series.center)
        x = np.linspace(POINT_WINDOW.x_min, POINT_WINDOW.x_max, 400)
        ways = VGroup()
        for third in (-0.45, -0.15, 0.05, 0.13, 0.35):
            for side in (-1, 1):
                half = x[x <= center][::-1] if side < 0 else x[x >= center]
                values = parabola(half) + third * (half - center) ** 3
                way = self.plot.path(np.column_stack([half, values]), "quiet", theme.LINE)
                ways.add(way.set_stroke(opacity=0.7))
        return ways


class Pinning(LectureScene):
    """Each reading takes one freedom from a loose wire; it snaps closer to the curve each time."""

    def construct(self) -> None:
        self.full = taylor(EXP, 0, max(PIN_ORDERS))
        self.plot = Plot(WIRE_WINDOW, self.zones.stage, y_label=None)
        self.curve = self.plot.path(EXP.curve(WIRE_WINDOW.x_min, WIRE_WINDOW.x_max), "function")
        self.freedom = ValueTracker(0.0)
        self.shape = np.zeros(len(PIN_ORDERS))
        self.wire = VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.STICK)
        self.bend_to(np.array([-0.7, -0.25, 0.12, 0.1, 0.0]))
        name = label_beside(
            Formula(EXP.typst, theme.FORMULA, "function"), self.plot.at([1.35, float(EXP(1.35))]), LEFT
        )
        low, high = -1, 1
        near = self.plot.path(
            [[low, WIRE_WINDOW.y_min + 0.12], [high, WIRE_WINDOW.y_min + 0.12]], "text", theme.STICK
        )
        self.table = ResultTable(
            self.zones.dock,
            ('"reading"', '"largest error"'),
            len(PIN_ORDERS),
            ("gradient", "error"),
            f'"for " {low} <= x <= {high}',
        )
        self.errors = [self.full.truncated(order).largest_error(low, high) for order in PIN_ORDERS]
        self.open(self.plot, self.curve, name, self.wire)
        with self.line("wire") as line:
            line.at("loose")
            self.sway(0, 0.7, line.words_left)
        self.play_pins(near)
        with self.line("sum") as line:
            self.play(FadeOut(self.word), run_time=0.3)
            line.at("fact")
            self.play(Pulse(self.pin, 1.8))
            self.snap(0, line.until("first", says=self.errors[0]))
            self.play(Pulse(self.rows[0], 1.15), run_time=0.6)
            each = line.until("last", says=self.errors[-1]) / (len(self.rows) - 1)
            for order in range(1, len(self.rows)):
                self.snap(order, each)
            self.play(Pulse(self.rows[-1], 1.15), run_time=0.6)

    def play_pins(self, near: VMobject) -> None:
        self.rows: list[VGroup] = []
        self.word: Text | None = None
        with self.line("height") as line:
            self.pin = dot(self.plot.at([0, float(EXP(0))]), "text", 0.15)
            self.snap(0, line.until("pin"))
            self.play(FadeIn(self.pin, self.table.header, near), run_time=0.3)
            self.name_reading("height")
            self.note(0)
            line.at("swing")
            self.sway(1, 0.9, line.left - 0.1)
        with self.line("tilt") as line:
            self.snap(1, line.until("pin"))
            self.name_reading("tilt")
            self.note(1)
            line.at("flap")
            self.sway(2, 0.55, line.left - 0.1)
        with self.line("bend") as line:
            self.snap(2, line.until("pin"))
            self.name_reading("bend")
            self.note(2)
            self.sway(3, 0.3, max(line.until("more") - 0.7, 0.4))
            self.snap(3, line.until("more") + 0.1)
            self.name_reading("change of bend")
            self.note(3)
            self.snap(4, line.until("fifth") + 0.3)
            self.note(4)

    def bend_to(self, shape: Points) -> None:
        """Give the wire the coefficients *shape*, lowest power first."""
        self.shape = np.asarray(shape, dtype=float)
        x = np.linspace(WIRE_WINDOW.x_min, WIRE_WINDOW.x_max, 160)
        self.plot.set_path(self.wire, np.column_stack([x, np.polynomial.polynomial.polyval(x, self.shape)]))

    def sway(self, power: int, width: float, seconds: float) -> None:
        """What is still free moves: the coefficient of *power* goes up and down, and the wire with it."""
        start = self.shape.copy()

        def swing(_: VMobject, share: float) -> None:
            moved = start.copy()
            moved[power] += width * np.sin(2 * pi * share)
            self.bend_to(moved)

        self.play(UpdateFromAlphaFunc(self.wire, swing, rate_func=linear), run_time=seconds)

    def snap(self, order: int, seconds: float) -> None:
        """Reading number *order* fixes its coefficient; the higher ones hang straight."""
        start, goal = self.shape.copy(), np.zeros(len(PIN_ORDERS))
        goal[: order + 1] = [float(c) for c in self.full.coefficients[: order + 1]]

        def move(_: VMobject, share: float) -> None:
            self.bend_to(start + (goal - start) * share)

        self.play(UpdateFromAlphaFunc(self.wire, move), run_time=seconds)

    def name_reading(self, word: str) -> None:
        """What the newest pin holds, written over the plot."""
        old, self.word = self.word, Text(word, 1.3 * theme.LABEL, "gradient")
        self.word.move_to(self.plot.at([-1.2, 4.4]))
        if old is not None:
            self.play(FadeOut(old), run_time=0.15)
        self.play(FadeIn(self.word), run_time=0.2)

    def note(self, order: int) -> None:
        """The reading and how wrong the wire still is, as a row of the table."""
        primes = "'" * order
        reading = typst_number(float(self.full.derivatives[order]), 0)
        left = f"f{primes}({typst_number(float(self.full.center), 0)}) = {reading}"
        self.rows.append(self.table.row(left, f"approx {typst_number(self.errors[order], 3)}"))
        self.play(FadeIn(self.rows[-1]), run_time=0.3)


class Belt(VGroup):
    """A conveyor belt with one card a station and a stamp d/dx between each two."""

    def __init__(self, cards: list[Formula], zone: Zone, name: str) -> None:
        super().__init__()
        self.cards = cards
        columns = zone.columns(*(1 for _ in cards), gap=1.15)
        for card, place in zip(cards, columns, strict=True):
            card.move_to(place.center)
        boxes = VGroup(
            *(
                Rectangle(
                    width=place.width,
                    height=place.height,
                    stroke_color=theme.color("grid"),
                    stroke_width=theme.LINE,
                    fill_color=theme.color("panel"),
                    fill_opacity=1,
                ).move_to(place.center)
                for place in columns
            )
        )
        self.stamps = VGroup()
        for box in boxes[:-1]:
            foot = box.get_right() + RIGHT * 0.14
            arrow = Arrow(foot, foot + RIGHT * 0.87, "gradient")
            stamp = Formula(name, theme.SMALL + 2, "gradient").next_to(arrow, UP, buff=0.16)
            self.stamps.add(VGroup(arrow, stamp))
        self.add(boxes, self.stamps)

    def carry(self, k: int, run_time: float) -> list[Any]:
        """Card *k* is stamped and becomes card k + 1: its exponent falls to the front as a factor."""
        old, new = self.cards[k], self.cards[k + 1]
        falling = TransformFromCopy(old.part("e"), new.part("n"), path_arc=-2.2, run_time=run_time)
        kept = [
            glyph
            for glyph in new.submobjects
            if len(glyph.points) > 1 and glyph not in new.part("n").submobjects
        ]
        rest = [
            glyph
            for glyph in old.submobjects
            if len(glyph.points) > 1 and glyph not in old.part("e").submobjects
        ]
        if not kept:
            return [falling]
        return [falling, TransformFromCopy(VGroup(*rest), VGroup(*kept), run_time=run_time)]


class Factorials(LectureScene):
    """x³ on a belt: each derivative pulls the exponent down, and 3! is left over, to be divided away."""

    def construct(self) -> None:
        plain = [CUBE.derivative(k) for k in range(4)]
        degrees = [function.expression.as_poly(CUBE.variable).degree() for function in plain[:-1]]
        leftover = int(plain[-1].expression)
        reading = CUBE.derivative(3).expression / sp.factorial(3)
        upper, lower, rule_zone = self.zones.wide.inset(0.1, 0.05).rows(1, 1, 0.62, gap=0.5)
        graphs = self.graphs(plain, Zone(lower.left, lower.right, rule_zone.bottom + 0.2, lower.top - 0.1))
        self.top = Belt(self.plain_cards(degrees), upper, "d / (d x)")
        self.bottom = Belt(self.divided_cards(degrees), lower, "d / (d x)")
        end = Formula(f"= {typst_number(leftover, 0)}", 1.3 * theme.FORMULA, "error")
        self.open(self.top, self.top.cards[0], graphs[0])
        with self.line("belt") as line:
            line.at("belt")
            self.play(Pulse(self.top.cards[0], 1.35))
        with self.line("stamp") as line:
            self.stamp(0, graphs, line.until("three", says=degrees[0]))
            self.stamp(1, graphs, line.until("two", says=degrees[1]))
            self.stamp(2, graphs, line.until("one", says=degrees[2]))
        with self.line("left") as line:
            last = self.top.cards[-1]
            self.play(last.animate.shift(UP * 0.3), run_time=0.5)
            end.next_to(last, DOWN, buff=0.28)
            line.at("left", says=leftover)
            self.play(FadeIn(end, shift=DOWN * 0.2))
            self.play(Pulse(end, 1.3))
            line.at("want", says=float(reading))
            self.play(FadeOut(*graphs), run_time=0.4)
            self.play(FadeIn(self.bottom), run_time=0.5)
        self.divide(degrees, end, rule_zone)

    def stamp(self, k: int, graphs: list[VGroup], seconds: float) -> None:
        """The exponent falls, and the next graph appears below: one degree simpler."""
        stamp = self.top.stamps[k]
        self.play(FadeOut(stamp), run_time=0.2)  # it makes way for what passes
        self.play(*self.top.carry(k, 0.9), FadeIn(graphs[k + 1]), run_time=max(seconds - 0.4, 0.4))
        self.play(FadeIn(stamp), run_time=0.2)

    def graphs(self, functions: list[ScalarFunction], zone: Zone) -> list[VGroup]:
        """The graph of each station's function, below its card, all in the same window."""
        window = Window(-1.6, 1.6, -4.5, 8.0)
        drawn = []
        for function, place in zip(functions, zone.columns(*(1 for _ in functions), gap=1.15), strict=True):
            plot = Plot(window, place, x_label=None, y_label=None, x_ticks=(), y_ticks=())
            drawn.append(VGroup(plot, plot.path(function.curve(window.x_min, window.x_max, 81), "function")))
        return drawn

    def divide(self, degrees: list[int], end: Formula, rule_zone: Zone) -> None:
        cards = self.bottom.cards
        with self.line("divide") as line:
            line.at("start")
            self.play(FadeIn(cards[0]), Pulse(cards[0], 1.2), run_time=0.7)
            line.at("factorial", says=degrees[0])
            self.play(Indicate(cards[0].part("d"), scale_factor=1.3, color=theme.color("step")), run_time=0.6)
            gap = (line.until("right") - 0.1) / 3
            for k in range(3):
                self.play(
                    Pulse(self.bottom.stamps[k], 1.15), FadeIn(cards[k + 1], shift=RIGHT * 0.25), run_time=gap
                )
            self.play(FadeIn(tick(cards[-1].get_right() + RIGHT * 0.5)), Pulse(cards[-1], 1.3))
        words = Formula('x^k arrow.r.long^(k "times" d / (d x)) k!', theme.FORMULA)
        share = Formula("frac(f^((k)) (x_0), {d: k!}) (x - x_0)^k", theme.FORMULA, d="step")
        VGroup(words, share).arrange(RIGHT, buff=1.6).move_to(rule_zone.center)
        with self.line("rule") as line:
            self.play(
                Dim(self.top.stamps, *self.top.cards, end, self.bottom.stamps, *cards, level=0.45),
                FadeIn(words),
                run_time=0.6,
            )
            line.at("away")
            self.play(FadeIn(share))
            self.play(Indicate(share.part("d"), scale_factor=1.3, color=theme.color("step")))

    @staticmethod
    def plain_cards(degrees: list[int]) -> list[Formula]:
        """x³, 3·x², 3·2·x¹, 3·2·1: the exponent is part e, the newest factor part n."""
        base, exponent = CUBE.typst.split("^")
        numbers = [typst_number(degree, 0) for degree in degrees]
        cards = [Formula(f"{base}^{{e: {exponent}}}", 1.5 * theme.FORMULA, e="step")]
        for k in range(1, len(numbers) + 1):
            factors = [*numbers[: k - 1], f"{{n: {numbers[k - 1]}}}"]
            power = f" dot.c {base}^{{e: {numbers[k]}}}" if k < len(numbers) else ""
            card = Formula(" dot.c ".join(factors) + power, 1.15 * theme.FORMULA, n="step")
            cards.append(card.paint(e="step") if power else card)
        return cards

    @staticmethod
    def divided_cards(degrees: list[int]) -> list[Formula]:
        """x³/3!, x²/2!, x, 1."""
        divided = [
            ScalarFunction(CUBE.expression / sp.factorial(degrees[0]), CUBE.variable).derivative(k)
            for k in range(4)
        ]
        power = typst_number(degrees[0], 0)
        first = Formula(f"frac({CUBE.typst}, {{d: {power}!}})", 1.2 * theme.FORMULA, d="step")
        return [first, *(Formula(function.typst, 1.2 * theme.FORMULA) for function in divided[1:])]


#: The functions that the slider knows, each with its usual centre and half the width of the picture.
SLIDER_FUNCTIONS: dict[str, tuple[ScalarFunction, float, float]] = {
    "sin": (SIN, 0.0, 2 * pi),
    "exp": (EXP, 0.0, 3.0),
    "ln": (catalogue.LN, 1.0, 2.0),
    "ln1p": (SHIFTED_LN, 0.0, 2.0),
    "runge": (RUNGE, 0.0, 2.2),
    "flat": (FLAT, 0.0, 2.2),
    "sigmoid": (catalogue.SIGMOID, 0.0, 6.0),
    "tanh": (catalogue.TANH, 0.0, 3.0),
    "square": (catalogue.SQUARE, 0.0, 2.0),
    "cube": (CUBE, 0.0, 2.0),
    "quartic": (catalogue.QUARTIC, 1.0, 2.0),
    "two_valley": (TWO_VALLEY, 0.0, 4.0),
    "relu": (catalogue.RELU, 1.0, 2.0),
}


def known_function(name: str) -> str:
    if name not in SLIDER_FUNCTIONS:
        raise ValueError(f"must be one of {', '.join(SLIDER_FUNCTIONS)}")
    return name


def as_list(value: object) -> object:
    """``--set orders=3`` is a list of one."""
    return [value] if isinstance(value, (str, int)) else value


class OrderSliderParams(SceneParams):
    """Simulation 2: a function, a point on it, and the orders that the slider visits."""

    f: Annotated[str, AfterValidator(known_function)] = Field(
        "sin", description="a function of the catalogue"
    )
    x0: float | None = Field(None, ge=-10, le=10, description="the centre; each function has its usual one")
    orders: Annotated[tuple[Annotated[int, Field(ge=0, le=40)], ...], BeforeValidator(as_list)] = Field(
        SINE_ORDERS, min_length=1, max_length=12, description="the orders visited, 0 to 40"
    )
    tolerance: float = Field(SINE_TOLERANCE, ge=1e-6, le=1, description="the green band: an error below this")
    width: float | None = Field(None, ge=0.2, le=20, description="half the width of the picture")

    @model_validator(mode="after")
    def expands_there(self) -> OrderSliderParams:
        self.series(max(self.orders))  # raises for a centre outside the domain or at a kink
        return self

    @property
    def center(self) -> float:
        return SLIDER_FUNCTIONS[self.f][1] if self.x0 is None else self.x0

    @property
    def half_width(self) -> float:
        return self.width or SLIDER_FUNCTIONS[self.f][2]

    def series(self, order: int) -> TaylorPolynomial:
        return taylor(SLIDER_FUNCTIONS[self.f][0], self.center, order)


class OrderSlider(LectureScene):
    """Order after order the polynomial hugs more of the curve; a green band shows where it is good."""

    Params = OrderSliderParams

    def construct(self) -> None:
        orders = self.params.orders
        self.series = self.params.series(max(orders))
        self.slider = Slider(self.series, orders[0])
        self.build()
        self.open(self.band.veil, self.plot, self.track, self.numbers)
        with self.line("start") as line:
            line.at("orange")
            self.play(Indicate(self.plot.wire, scale_factor=1.0, color=theme.color("text")))
            line.at("tangent")
            self.show_term()
            line.at("red")
            self.play(FadeIn(self.strip, self.strip_name), run_time=0.6)
        self.turn_up_by_one()
        with self.line("next") as line:
            self.visit(orders[1:2], line.until("hill") + 0.3)
            line.at("green")
            self.play(
                FadeIn(self.band_name),
                Indicate(self.band.bracket, scale_factor=1.0, color=theme.color("text")),
            )
        with self.line("out") as line:
            self.visit(orders[2:-1], line.left - 0.1)
        with self.line("leave") as line:
            self.visit(orders[2:][-1:], line.until("leaves"))
            self.play(Pulse(self.plot.exits, 1.25), run_time=0.5)
            line.at("fast")
            self.play(Pulse(self.plot.exits, 1.25), run_time=0.6)

    def build(self) -> None:
        """Plot above the error strip on the stage; slider, newest term and numbers in the dock."""
        center, half = self.params.center, self.params.half_width
        upper, lower = self.zones.stage.rows(0.74, 0.26, gap=0.3)
        low, high = center - half, center + half
        values = self.series.function.curve(low, high)[:, 1]
        bottom, top = float(values.min()), float(values.max())
        usual = np.quantile(values, [0.05, 0.95])
        if top - bottom > 3 * (usual[1] - usual[0]) > 0:  # a cliff or an explosion must not flatten the rest
            bottom, top = (float(value) for value in usual)
        span = max(top - bottom, 0.5)
        window = Window(low, high, bottom - 0.8 * span, top + 0.8 * span)
        in_pi = self.params.f == "sin" and self.params.x0 is None and self.params.width is None
        style: dict[str, Any] = {"x_ticks": PI_TICKS, "tick_text": pi_text, "y_ticks": ()} if in_pi else {}
        self.plot = SeriesPlot(self.slider, window, upper, y_label=None, **style)
        self.plot.axes[1].set_stroke(opacity=0)
        self.strip = ErrorStrip(self.slider, self.plot, float(nice_ticks(0, span / 2, 2)[-1]), lower)
        self.strip_name = Text("error", theme.SMALL, "error").move_to(
            self.strip.at([center, self.strip.window.y_max * 0.6])
        )
        self.band = ReachBand(self.plot, self.slider, self.params.tolerance)
        limit = rounded(self.params.tolerance, 6, trim=True).text
        self.band_name = Text(f"error < {limit}", theme.SMALL, "right")
        self.band_name.move_to(self.plot.at([center, window.y_min]) + UP * 0.5)
        track, numbers, middle = self.divide_the_dock()
        pitch = 0.8 if self.zones.is_tall else 0.7
        self.track = OrderTrack(self.slider, track, max(self.params.orders))
        self.probe = center + half / 2
        place = "pi" if in_pi else typst_number(self.probe, 2, trim=True)
        reach = '"good from"'
        self.numbers = VGroup(
            Readout('"order"', lambda: round(self.slider.order), 0, cells=3, role="gradient"),
            Readout(reach, lambda: self.band.low, 2, cells=6, role="right"),
            Readout('"to"', lambda: self.band.high, 2, cells=6, role="right"),
            Readout(
                f'"error at" {place}',
                lambda: float(self.slider.polynomial.error(self.probe)),
                4,
                cells=7,
                role="error",
            ),
        )
        self.numbers[0].place(*self.order_place)
        for index, readout in enumerate(self.numbers[1:]):
            readout.place(middle, numbers.top - 0.5 - pitch * index)
        title = Text("newest term", theme.SMALL, "quiet")
        title.move_to([self.term_zone.center[0], self.term_zone.top - 0.05, 0])
        self.numbers.add(title)
        self.term: Formula | Text | None = None

    def divide_the_dock(self) -> tuple[Zone, Zone, float]:
        """The zones of the slider and of the numbers, and where the relation signs of these stand."""
        dock = self.zones.dock.inset(0.15, 0.1)
        if self.zones.is_tall:
            track, floor = dock.rows(0.3, 0.7, gap=0.2)
            order, numbers = floor.columns(0.4, 0.6)
            top, self.term_zone = order.rows(0.3, 0.7)
            self.order_place = (top.left + 1.8, top.top - 0.5)
            return track, numbers, numbers.left + 2.5
        track, _, self.term_zone, numbers = dock.rows(0.2, 0.12, 0.28, 0.4)
        middle = dock.center[0] + 0.5
        self.order_place = (middle, track.bottom - 0.55)
        return track, numbers, middle

    def turn_up_by_one(self) -> None:
        first, *rest = self.params.orders
        with self.line("even") as line:
            line.at("up")
            if rest and rest[0] > first:
                self.slide_to(first + 1, 1.0, line.until("nothing"))
                if self.term is not None:
                    self.play(Pulse(self.term, 1.2))

    def visit(self, orders: tuple[int, ...], seconds: float) -> None:
        """Slide through *orders* in *seconds*, one after another."""
        end = self.now + seconds
        for left in range(len(orders), 0, -1):
            each = (end - self.now) / left
            self.slide_to(orders[-left], max(each - 0.5, 0.3), each)

    def slide_to(self, order: int, seconds: float, whole: float) -> None:
        """The polynomial bends into that of *order*; the newest term shows in the dock."""
        start = self.now
        if self.term is not None:
            self.play(FadeOut(self.term), run_time=0.2)
        self.play(self.slider.to(order), run_time=seconds)
        self.show_term()
        self.hold(whole - (self.now - start))

    def show_term(self) -> None:
        order = round(self.slider.order)
        label: Formula | Text
        if self.series.coefficients[order] == 0:
            label = Text("nothing new", theme.LABEL, "quiet")
        else:
            source = term_source(self.series, order)
            if not any(self.series.coefficients[:order]):  # the first term needs no sign before it
                source = source.removeprefix("+ ")
            label = Formula(source, theme.FORMULA, "gradient")
        if label.width > self.term_zone.width:
            label.scale_to_fit_width(self.term_zone.width)
        self.term = label.move_to(self.term_zone.center + DOWN * 0.2)
        self.play(FadeIn(self.term), run_time=0.3)


class OrderSliderLoop(LoopScene, OrderSlider):
    """Through the orders and back again: the polynomial hugs more of the curve, and lets it go."""

    def construct(self) -> None:
        orders = self.params.orders
        self.series = self.params.series(max(orders))
        self.slider = Slider(self.series, orders[0])
        self.build()
        *numbers, _ = self.numbers
        VGroup(*numbers[1:]).set_y(self.zones.dock.center[1] - 0.6)
        self.add(self.band.veil, self.plot, self.band.bracket, self.track, self.strip, *numbers)
        self.add(self.strip_name, self.band_name)
        way = (*orders[1:], *orders[-2::-1])
        with self.once_around() as line:
            for left in range(len(way), 0, -1):
                pace = line.left / left
                self.play(self.slider.to(way[-left]), run_time=0.75 * pace)
                self.hold(0.25 * pace)


class Promise(LectureScene):
    """A tube around the polynomial, known without knowing sine: the curve cannot leave it."""

    class Params(SceneParams):
        order: int = Field(5, ge=1, le=15, description="the order of the polynomial")

    def construct(self) -> None:
        series = taylor(SIN, 0, self.params.order)
        window = Window(-1.3 * pi, 1.3 * pi, -1.9, 1.9)
        ticks = [-pi, 0, pi]
        self.plot = SeriesPlot(
            Slider(series, series.order),
            window,
            self.zones.stage,
            y_label=None,
            x_ticks=ticks,
            y_ticks=(),
            tick_text=pi_text,
        )
        keys = legend(self.zones.dock, [("gradient", "polynomial"), ("function", "sine"), ("step", "tube")])
        x = np.linspace(window.x_min, window.x_max, 300)
        order = Readout('"order"', lambda: series.order, 0, cells=2, role="gradient")
        order.place(self.zones.dock.left + 2.6, self.zones.dock.bottom + 0.5)
        self.open(self.plot, keys[:2])
        with self.line("hide") as line:
            line.at("hide")
            self.play(FadeOut(self.plot.curve), Dim(keys[1], level=0.3), run_time=0.6)
            self.plot.remove(self.plot.curve)
            line.at("five", says=series.order)
            self.play(FadeIn(order), Indicate(self.plot.wire, scale_factor=1.0, color=theme.color("text")))
        reach = ValueTracker(0.0)
        tube = VMobject(
            stroke_color=theme.color("step"),
            stroke_width=theme.LINE,
            fill_color=theme.color("step"),
            fill_opacity=0.22,
        )

        def grow(_: VMobject) -> None:
            lit = x[np.abs(x) <= reach.get_value()]
            tube.set_points_as_corners(clipped_band(self.plot, lit, *series.band(lit, SINE_DERIVATIVE_BOUND)))

        power = typst_number(series.remainder_order, 0)
        bound = Formula(f'"error" <= frac(abs(x)^{power}, {power}!)', theme.LABEL + 8, "step")
        reason = Formula(
            f'"because" abs(sin^((k)) (x)) <= {typst_number(SINE_DERIVATIVE_BOUND, 0)}', theme.SMALL, "quiet"
        )
        VGroup(bound, reason).arrange(DOWN, buff=0.4).move_to(self.zones.dock.center + DOWN * 0.7)
        with self.line("bound") as line:
            line.at("one", says=SINE_DERIVATIVE_BOUND)
            self.play(FadeIn(reason), run_time=0.5)
            line.at("limits")
            self.play(FadeIn(bound), run_time=0.6)
        with self.line("tube") as line:
            reach.set_value(0.05)
            tube.add_updater(grow, call_updater=True)
            self.add(tube)
            self.bring_to_front(self.plot.wire, self.plot.exits, self.plot.pole)
            self.play(FadeIn(keys[2]), reach.animate.set_value(window.x_max), run_time=line.words_left)
            tube.clear_updaters()
        with self.line("reveal") as line:
            line.at("there")
            self.bring_to_front(self.plot.curve)
            self.play(Dim(keys[1], level=1), Create(self.plot.curve), run_time=1.5)
        self.measure(series, VGroup(bound, reason, order))

    def measure(self, series: TaylorPolynomial, leaving: VGroup) -> None:
        allowed, real = float(series.lagrange_bound(pi, SINE_DERIVATIVE_BOUND)), float(series.error(pi))
        middle = float(series(pi))
        at = self.plot.at
        aside = RIGHT * 0.17
        bottom, true = at([pi, middle - allowed]), at([pi, float(SIN(pi))])
        gauge_tube = Arrow(at([pi, middle]) + aside, bottom + aside, "step", tip=0.24)
        gauge_real = Arrow(at([pi, middle]) - aside, true - aside, "error", tip=0.24)
        dock = self.zones.dock
        rows = VGroup(
            Readout('"tube at" pi', lambda: allowed, 3, cells=5, role="step").place(
                dock.left + 2.3, dock.center[1]
            ),
            Readout('"error at" pi', lambda: real, 3, cells=5, role="error").place(
                dock.left + 2.3, dock.center[1] - 0.85
            ),
        )
        here = dashed(at([pi, self.plot.window.y_min]), at([pi, middle]), "quiet", theme.HAIRLINE)
        with self.line("numbers") as line:
            self.play(FadeOut(leaving), FadeIn(here), run_time=0.4)
            line.at("bound", says=allowed)
            self.play(gauge_tube.grow(), FadeIn(rows[0]), run_time=0.7)
            line.at("error", says=real)
            self.play(gauge_real.grow(), FadeIn(rows[1]), run_time=0.7)


class Walls(LectureScene):
    """More terms, worse answers: past a wall, which may stand in the complex plane, no series helps."""

    class Params(SceneParams):
        order: int = Field(40, ge=10, le=40, description="the highest order")

    places: tuple[tuple[float, Any], ...] = ((LOG_INSIDE, "right"), (LOG_OUTSIDE, "error"))

    def construct(self) -> None:
        self.logarithm()
        self.runge()
        self.complex_plane()
        self.flat()

    def logarithm(self) -> None:
        top = self.params.order
        left, right = self.zones.split(0.56, 0.44, gap=0.5)
        series = taylor(SHIFTED_LN, 0, top)
        slider = Slider(series, 1)
        self.plot = plot = SeriesPlot(
            slider, Window(-1.5, 2.2, -3.4, 2.4), left, y_label=None, x_ticks=[-1, 0, 1, 2], y_ticks=()
        )
        plot.axes[1].set_stroke(opacity=0)
        name = Formula(SHIFTED_LN.typst, theme.LABEL + 8, "function").move_to(plot.at([-0.1, -1.9]))
        chart = self.error_chart(series, slider, right)
        self.open(plot, name, chart[0])
        places = VGroup(*(self.place_mark(x, role) for x, role in self.places))
        threads = VGroup(*(self.thread(slider, x, role) for x, role in self.places))
        with self.line("log") as line:
            line.at("log")
            self.play(Pulse(name, 1.2))
            line.at("in", says=LOG_INSIDE)
            self.play(FadeIn(places[0], threads[0], chart[2]), run_time=0.5)
            line.at("out", says=LOG_OUTSIDE)
            self.play(FadeIn(places[1], threads[1], chart[4]), run_time=0.5)
        with self.line("guess") as line:
            line.at("n", says=top)
            line.at("do")
            self.play(Pulse(VGroup(chart[2], chart[4]), 1.15))
        with self.line("think") as line:
            ring = CountdownRing(chart[0].area.center + DOWN * 1.4 + LEFT * 1.6, 0.5)
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)
        self.add(chart[1], chart[3])
        with self.line("fan") as line:
            self.play(slider.to(9), run_time=line.until("inside"))
            self.play(Pulse(chart[2], 1.2), run_time=0.5)
            self.play(slider.to(20), run_time=line.until("outside"))
            self.play(Pulse(chart[4], 1.2), run_time=0.5)
            self.play(slider.to(top), run_time=line.words_left)
        wall = convergence(SHIFTED_LN, 0)
        with self.line("wall") as line:
            self.play(FadeOut(places, threads), run_time=0.3)
            line.at("pole", says=float(wall.walls[0]))
            mark = self.wall_mark(float(wall.walls[0]))
            self.play(FadeIn(mark))
            line.at("wall")
            span = self.span_arrow(float(wall.walls[0]))
            self.play(span.grow())
            line.at("other")
            mirror = self.span_arrow(float(wall.radius))
            far = dashed(
                plot.at([float(wall.radius), plot.window.y_min]),
                plot.at([float(wall.radius), plot.window.y_max]),
                "step",
            )
            self.play(mirror.grow(), FadeIn(far))
        self.left_over = VGroup(plot, name, chart, mark, span, mirror, far)

    def place_mark(self, x: float, role: Any) -> VGroup:
        """A dashed line at *x* with its number."""
        bottom, top = self.plot.window.y_min, self.plot.window.y_max
        number = Text(rounded(x, 1).text, theme.SMALL, role)
        number.move_to(self.plot.at([x, bottom]) + UP * 0.3 + RIGHT * 0.42).halo()
        return VGroup(dashed(self.plot.at([x, bottom]), self.plot.at([x, top]), role, theme.HAIRLINE), number)

    def thread(self, slider: Slider, x: float, role: Any) -> VMobject:
        """The gap between curve and polynomial at *x*, cut at the plot's frame."""
        line = VMobject(stroke_color=theme.color(role), stroke_width=2 * theme.STICK)

        def follow(_: VMobject) -> None:
            ends = np.array([[x, float(SHIFTED_LN(x))], [x, float(slider.polynomial(x))]])
            ends[:, 1] = np.clip(ends[:, 1], self.plot.window.y_min, self.plot.window.y_max)
            line.set_points_as_corners(self.plot.at(ends))

        line.add_updater(follow, call_updater=True)
        return line

    def error_chart(self, series: TaylorPolynomial, slider: Slider, zone: Zone) -> VGroup:
        """The two errors against the order, drawn as far as the slider has come, and their names."""
        chart = ErrorChart(zone, series.order, [-12, -6, 0, 6], "order")
        group = VGroup(chart)
        orders = range(1, series.order + 1)
        for x, role in self.places:
            errors = [0.0, *(float(series.truncated(n).exact_error(x)) for n in orders)]
            place, height = chart.track(errors)[len(orders) // 2]
            name = Formula(f'"at" {typst_number(x, 1)}', theme.LABEL, role)
            label_beside(name, chart.at([place, height]), UP + LEFT if role == "error" else UP + RIGHT, 0.12)
            group.add(chart.trace(errors, lambda: slider.order, role), name)
        return group

    def wall_mark(self, x: float) -> VGroup:
        """A hatched wall at *x*, on the side away from the centre."""
        plot = self.plot
        foot, top = plot.at([x, plot.window.y_min]), plot.at([x, plot.window.y_max])
        strip = Rectangle(width=0.34, height=top[1] - foot[1], stroke_width=0).next_to(
            (foot + top) / 2, LEFT, buff=0
        )
        edge = VMobject(stroke_color=theme.color("error"), stroke_width=theme.STICK).set_points_as_corners(
            [foot, top]
        )
        return VGroup(hatching(strip, "error", 0.24), edge)

    def span_arrow(self, x: float) -> Arrow:
        height = self.plot.window.y_min + 0.5
        return Arrow(self.plot.at([0, height]), self.plot.at([x, height]), "step")

    def runge(self) -> None:
        top = self.params.order
        series = taylor(RUNGE, 0, top)
        slider = Slider(series, 0)
        zone = self.zones.wide
        self.plot = plot = SeriesPlot(
            slider, Window(-2.4, 2.4, -0.9, 2.0), zone, y_label=None, x_ticks=[-2, -1, 0, 1, 2], y_ticks=()
        )
        self.name = name = Formula(RUNGE.typst, theme.FORMULA, "function").move_to(plot.at([-1.98, 1.45]))
        order = Readout('"order"', lambda: round(slider.order), 0, cells=2, role="gradient").place(
            *plot.at([1.98, 1.45])[:2]
        )
        radius = float(convergence(RUNGE, 0).radius)
        edges = VGroup(*(dashed(plot.at([x, -0.9]), plot.at([x, 2.0]), "step") for x in (-radius, radius)))
        with self.line("runge") as line:
            self.play(FadeOut(self.left_over), run_time=0.4)
            self.play(FadeIn(plot, name, order), run_time=0.4)
            line.at("smooth")
            self.play(Indicate(plot.curve, scale_factor=1.0, color=theme.color("text")), run_time=0.7)
            self.play(slider.to(8), run_time=line.until("one", says=radius))
            self.play(FadeIn(edges), slider.to(top), run_time=line.words_left)
        self.leaving = VGroup(order, edges, plot)

    def complex_plane(self) -> None:
        plot = self.plot
        view = View(plot.at([0, 0]), plot.unit_x, plot.unit_y)
        depth, top = 1.6, 4.6
        rows = np.linspace(-depth, depth, 33)
        relief = Relief(RUNGE_MODULUS, Window(-2.4, 2.4, -depth, depth), view, rows, top=top)
        relief.slices[len(rows) // 2].set_stroke(width=theme.CURVE)
        curve = plot.curve.copy()
        wall = convergence(RUNGE, 0)
        target = View(self.zones.wide.center + DOWN * 0.75, 1.85, 0.75, 0.5, 0.5)
        with self.line("turn") as line:
            self.add(curve)
            self.play(FadeOut(self.leaving), run_time=0.5)
            line.at("turn")
            self.remove(curve)
            relief.reveal(0.0)
            self.add(relief)
            self.bring_to_front(self.name)
            self.play(relief.turn_to(target), run_time=line.until("i") - 0.2)
            poles = VGroup()
            for place in map(complex, wall.walls):
                foot, tip = view.at([place.real, place.imag, 0.0]), view.at([place.real, place.imag, top])
                letter = Formula("i" if place.imag > 0 else "-i", theme.FORMULA, "error")
                stick = VMobject(stroke_color=theme.color("error"), stroke_width=theme.STICK)
                stick.set_points_as_corners([foot, tip])
                poles.add(
                    VGroup(
                        stick,
                        dot(foot, "error", 0.13),
                        label_beside(letter, tip, LEFT if place.imag > 0 else RIGHT, 0.4),
                    )
                )
            end = view.at([2.4, 0.0, float(RUNGE(2.4))])
            real = label_beside(Text("real line", theme.LABEL, "function"), end, RIGHT, 0.2)
            line.at("i")
            self.play(FadeIn(real, poles, lag_ratio=0.3), run_time=0.6)
            angles = np.linspace(0, 2 * pi, 121)
            around = np.column_stack([np.cos(angles), np.sin(angles), 0 * angles]) * float(wall.radius)
            circle = VMobject(stroke_color=theme.color("step"), stroke_width=theme.STICK)
            circle.set_points_as_corners(view.at(around))
            line.at("circle")
            self.play(Create(circle), run_time=1.2)
        self.leaving = VGroup(relief, poles, circle, real, self.name)

    def flat(self) -> None:
        place = 1.0
        slider = Slider(taylor(FLAT, 0, self.params.order), 0)
        plot = SeriesPlot(
            slider,
            Window(-2.4, 2.4, -0.5, 1.1),
            self.zones.stage,
            y_label=None,
            x_ticks=[-2, -1, 0, 1, 2],
            y_ticks=(),
        )
        dock = self.zones.dock
        name = Formula(to_typst(FLAT.beside(0, 1)), 1.2 * theme.FORMULA, "function").move_to(
            [dock.center[0], dock.top - 1.1, 0]
        )
        rows = VGroup(
            Readout('"order"', lambda: round(slider.order), 0, cells=5, role="gradient").place(
                dock.left + 2.4, dock.center[1]
            ),
            Readout(
                f'"error at" {typst_number(place, 0)}',
                lambda: float(slider.polynomial.error(place)),
                3,
                cells=5,
                role="error",
            ).place(dock.left + 2.4, dock.center[1] - 0.85),
        )
        with self.line("flat") as line:
            self.play(FadeOut(self.leaving), run_time=0.4)
            self.play(FadeIn(plot, name, rows), run_time=0.4)
            line.at("flat")
            self.play(Pulse(plot.pole, 1.6))
            line.at("stays")
            self.play(slider.to(self.params.order), run_time=line.left - 0.3)


class ModelWalk(Plot):
    """A dot that trusts a polynomial of low order: it slides along that, then drops to the curve."""

    def __init__(self, function: ScalarFunction, window: Window, zone: Zone, points: Any, order: int) -> None:
        super().__init__(
            window,
            zone,
            x_label="theta",
            x_role="first",
            y_label=None,
            x_ticks=(),
            y_ticks=(),
            axis_at="border",
        )
        self.function, self.order = function, order
        self.stops = np.ravel(points)
        self.curve = self.path(function.curve(window.x_min, window.x_max), "function")
        self.model = VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.STICK)
        self.rider = dot(self.on_curve(self.stops[0]), "text", 0.15)
        self.arrow = Arrow(self.area.center, self.area.center, "step")
        self.add(self.curve, self.model, self.arrow, self.rider)

    def on_curve(self, x: float) -> Any:
        return self.at([x, float(self.function(x))])

    def show_model(self, k: int) -> TaylorPolynomial:
        """Draw the polynomial that the dot trusts at stop *k*."""
        model = taylor(self.function, float(self.stops[k]), self.order)
        x = np.linspace(self.window.x_min, self.window.x_max, 160)
        self.set_path(self.model, np.column_stack([x, model(x)]))
        return model

    def slide(self, k: int) -> UpdateFromAlphaFunc:
        """From stop *k* along the model, which is drawn anew, and down (or up) to the curve at stop k + 1."""
        model = self.show_model(k)
        start, end = self.stops[k], self.stops[k + 1]

        def ride(rider: VMobject, share: float) -> None:
            along, drop = min(share / 0.7, 1.0), max(share - 0.7, 0.0) / 0.3
            x = start + (end - start) * along
            place = np.array([x, float(model(x)) * (1 - drop) + float(self.function(x)) * drop])
            rider.move_to(self.at(place))
            floor = self.window.y_min + 0.06 * self.window.height
            tip = x if abs(end - start) * self.unit_x > 0.15 else start  # a shorter arrow would be a speck
            self.arrow.put(self.at([start, floor]), self.at([tip, floor]))

        return UpdateFromAlphaFunc(self.rider, ride)


class Learning(LectureScene):
    """First order says which way; second order also how far, and near the bottom that is very good."""

    class Params(SceneParams):
        start: float = Field(VALLEY_START, ge=0.3, le=2.2, description="where both begin")
        alpha: float = Field(VALLEY_LEARNING_RATE, gt=0, le=0.3, description="the learning rate of descent")

    def construct(self) -> None:
        start, steps = self.params.start, VALLEY_STEPS
        self.descent = descend(VALLEY.field, [start], self.params.alpha, steps)
        self.newton = newton(VALLEY, start, steps)
        heads, body = self.zones.wide.rows(0.12, 0.88, gap=0.1)
        window = Window(-0.15, 2.45, 0.0, 4.6)
        first, second, third = body.columns(1, 1, 0.85, gap=0.4)
        self.left = ModelWalk(VALLEY, window, first, self.descent.points, 1)
        self.right = ModelWalk(VALLEY, window, second, self.newton.points, 2)
        self.heads = VGroup(
            Text("gradient descent", theme.LABEL, "step").move_to(
                [self.left.area.center[0], heads.center[1], 0]
            ),
            Text("Newton", theme.LABEL, "second").move_to([self.right.area.center[0], heads.center[1], 0]),
        )
        for head in self.heads:
            head.stays = True
        self.error_chart(third)
        self.open(self.left, self.right, self.chart, self.traces, *(row[0] for row in self.marks_of.values()))
        with self.line("valley") as line:
            line.at("dot")
            self.play(Pulse(self.left.rider, 1.7), Pulse(self.right.rider, 1.7))
        self.first_steps()
        self.race()
        self.hill()

    def first_steps(self) -> None:
        with self.line("tangent") as line:
            line.at("tangent")
            self.left.show_model(0)
            self.bring_to_front(self.left.rider)
            self.play(Create(self.left.model, rate_func=linear), FadeIn(self.heads[0]), run_time=0.7)
            line.at("far")
            self.play(self.left.slide(0), run_time=line.left - 0.3)
        with self.line("parabola") as line:
            line.at("parabola")
            self.right.show_model(0)
            self.play(Create(self.right.model, rate_func=linear), FadeIn(self.heads[1]), run_time=0.9)
            self.bring_to_front(self.right.rider)
            line.at("bottom")
            self.play(self.right.slide(0), run_time=line.left - 0.3)

    def error_chart(self, zone: Zone) -> None:
        """How far both are from the lowest point, step after step."""
        self.chart = ErrorChart(zone, VALLEY_STEPS, [-9, -6, -3, 0], "steps")
        self.count = ValueTracker(0.0)
        errors = {
            "step": np.abs(self.descent.points[:, 0] - VALLEY_MINIMUM),
            "second": self.newton.errors([VALLEY_MINIMUM]),
        }
        self.traces, self.marks_of = VGroup(), {}
        for role, values in errors.items():
            self.traces.add(self.chart.trace(values, self.count.get_value, role))
            track = self.chart.track(values)
            self.marks_of[role] = [
                dot(self.chart.at(p), role, 0.1) for p in track if self.chart.window.contains(p)
            ]

    def new_marks(self, k: int) -> list[FadeIn]:
        return [FadeIn(mark) for marks in self.marks_of.values() for mark in marks[k : k + 1]]

    def race(self) -> None:
        with self.line("race") as line:
            self.play(self.count.animate.set_value(1.0), *self.new_marks(1), run_time=0.6)
            line.at("go")
            each = line.words_left / (VALLEY_STEPS - 1)
            for k in range(1, VALLEY_STEPS):
                clock = self.count.animate.set_value(k + 1.0)
                self.play(self.left.slide(k), self.right.slide(k), clock, run_time=each - 0.2)
                self.play(*self.new_marks(k + 1), run_time=0.2)
        marks = [mark for row in self.marks_of.values() for mark in row]
        self.leaving = VGroup(self.left, self.right, self.chart, self.traces, self.heads, *marks)

    def hill(self) -> None:
        run = newton(TWO_VALLEY, HILLTOP_START, 3)
        walk = ModelWalk(TWO_VALLEY, Window(-0.75, 1.15, -0.2, 0.05), self.zones.stage, run.points, 2)
        name = Text("Newton", 1.3 * theme.LABEL, "second")
        condition = Text("down only where it bends up", theme.SMALL, "quiet")
        VGroup(name, condition).arrange(DOWN, buff=0.5).move_to(self.zones.dock.center)
        with self.line("hill") as line:
            self.play(FadeOut(self.leaving), run_time=0.4)
            self.play(FadeIn(walk), run_time=0.4)
            line.at("over")
            walk.show_model(0)
            self.play(Create(walk.model, rate_func=linear), FadeIn(name), run_time=0.8)
            self.bring_to_front(walk.rider)
            line.at("climbs")
            self.play(walk.slide(0), run_time=1.4)
            self.play(walk.slide(1), FadeIn(condition), run_time=0.6)


class Sheet(LectureScene):
    """In two dimensions: a flat sheet takes the tilt of a surface, then curls and hugs it."""

    def construct(self) -> None:
        x, y = SURFACE_POINT
        r = SURFACE_REACH
        window = Window(x - r, x + r, y - r, y + r)
        first, second = (expand(SURFACE, SURFACE_POINT, order).polynomial for order in (1, 2))
        # Nearly along the tangent plane's own level line: the sheet is seen almost from its edge.
        along = np.arctan2(*(first.gradient([x, y]) * [1, 1])[::-1])
        view = View(
            self.zones.stage.center + DOWN * 0.3,
            2.75,
            0.18,
            -float(along),
            0.3,
            (x, y, float(SURFACE([x, y]))),
        )
        rows = np.linspace(y - r, y + r, 9)
        surface = Relief(SURFACE, window, view, rows, curtains=False, width=theme.LINE, fill=0.12)
        sheet = Relief(
            first, window, view, rows, role="gradient", curtains=False, width=theme.HAIRLINE, fill=0.25
        )
        corner = np.array([p for p in window.grid(5, 5) if np.abs(p - SURFACE_POINT).max() > 0.99 * r])
        self.curl = ValueTracker(0.0)

        def heights(points: Any) -> Any:
            share = self.curl.get_value()
            return (1 - share) * first(points) + share * second(points)

        threads = VGroup(
            *(VMobject(stroke_color=theme.color("error"), stroke_width=theme.CURVE) for _ in corner)
        )

        def hang(_: VGroup) -> None:
            for thread, place, low, high in zip(
                threads, corner, heights(corner), SURFACE(corner), strict=True
            ):
                thread.set_points_as_corners(view.at([[*place, low], [*place, high]]))

        threads.add_updater(hang, call_updater=True)
        sheet.add_updater(lambda s: s.blend(first, second, self.curl.get_value()))
        point = dot(view.at([x, y, float(SURFACE([x, y]))]), "text", 0.14)
        names = legend(self.zones.dock, [("function", "surface"), ("gradient", "sheet"), ("error", "gap")])
        self.open(surface, point, names[0])
        with self.line("tilt") as line:
            line.at("sheet")
            self.play(FadeIn(sheet, names[1]), run_time=0.8)
            self.bring_to_front(point)
            line.at("threads")
            self.play(FadeIn(threads, names[2]), run_time=0.6)
        with self.line("curl") as line:
            line.at("curl")
            self.play(self.curl.animate.set_value(1.0), run_time=line.left - 0.2)
        tilt = Formula('"tilt" quad {g: nabla f}', theme.FORMULA, g="gradient")
        bend = Formula('"curl" quad {h: H}', theme.FORMULA, h="gradient")
        VGroup(tilt, bend).arrange(DOWN, buff=0.7, aligned_edge=LEFT).move_to(
            self.zones.dock.center + DOWN * 1.2
        )
        with self.line("names") as line:
            line.at("gradient")
            self.play(FadeIn(tilt))
            line.at("hessian")
            self.play(FadeIn(bend))


class Quiz(QuizScene):
    """Another bend of the valley moves Newton's step; the step of gradient descent stays."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.5, 0.5, gap=0.6)
        self.bend = ValueTracker(QUIZ_CURVATURES[0])
        self.plot = Plot(
            Window(0.75, 3.15, -1.4, 3.0),
            picture,
            x_label="theta",
            y_label="f",
            axis_at="border",
            y_role="function",
            x_ticks=(),
            y_ticks=(),
        )
        curve = VMobject(stroke_color=theme.color("function"), stroke_width=theme.CURVE)
        x = np.linspace(0.75, 3.15, 200)
        curve.add_updater(
            lambda c: self.plot.set_path(c, np.column_stack([x, self.valley()(x[:, None])])),
            call_updater=True,
        )
        place = np.array([QUIZ_STANDS_AT, QUIZ_HEIGHT])
        walker = dot(self.plot.at(place), "text", 0.14)
        self.open(self.lay_out(words), self.plot, curve, walker)
        with self.line("ask") as line:
            line.at("use")
            self.play(Pulse(walker, 1.6))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        descent = self.step(
            -0.35, "step", lambda: descend(self.valley(), [QUIZ_STANDS_AT], QUIZ_LEARNING_RATE, 1).steps[0, 0]
        )
        jump = self.step(-0.9, "error", lambda: newton_step(self.valley(), [QUIZ_STANDS_AT])[0])
        plumb = VMobject(stroke_color=theme.color("error"), stroke_width=theme.HAIRLINE)

        def hang(_: VMobject) -> None:
            lowest = np.array([QUIZ_STANDS_AT, 0.0]) + [newton_step(self.valley(), [QUIZ_STANDS_AT])[0], 0.0]
            foot, top = [lowest[0], -0.9], [lowest[0], float(self.valley()(lowest[:1]))]
            plumb.set_points_as_corners(self.plot.at([foot, top]))

        plumb.add_updater(hang, call_updater=True)
        tangent = self.plot.path(
            [[x0, QUIZ_HEIGHT + QUIZ_SLOPE * (x0 - QUIZ_STANDS_AT)] for x0 in (1.0, 3.15)], "gradient"
        )
        with self.line("answer") as line:
            line.at("first")
            self.play(*self.step_forward(self.right_row), run_time=0.6)
            line.at("slope")
            self.play(Create(tangent), FadeIn(self.right_row.sign()), run_time=0.6)
            self.bring_to_front(walker)
            self.play(FadeIn(descent), run_time=0.5)
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), FadeIn(jump, plumb), run_time=0.5)
            line.at("bend")
            self.play(self.bend.animate.set_value(QUIZ_CURVATURES[1]), run_time=line.until("same"))
            self.play(FadeIn(self.failing_row.sign()), Pulse(descent[0], 1.15), run_time=0.6)

    def valley(self) -> ScalarField:
        """The parabola of this moment: value and slope at the walker stay, the curvature is the tracker's."""
        t = sp.Symbol("theta", real=True) - sp.Float(QUIZ_STANDS_AT)
        return ScalarField(
            QUIZ_HEIGHT + QUIZ_SLOPE * t + sp.Float(self.bend.get_value()) / 2 * t**2, tuple(t.free_symbols)
        )

    def step(self, height: float, role: Any, length: Callable[[], float]) -> VGroup:
        """A step along the axis, with its name."""
        arrow = Arrow(self.plot.at([QUIZ_STANDS_AT, height]), self.plot.at([QUIZ_STANDS_AT, height]), role)

        def follow(_: VMobject) -> None:
            arrow.put(
                self.plot.at([QUIZ_STANDS_AT, height]), self.plot.at([QUIZ_STANDS_AT + length(), height])
            )

        arrow.add_updater(follow, call_updater=True)
        name = Text("descent" if role == "step" else "Newton", theme.SMALL, role)
        return VGroup(arrow, name.next_to(arrow.start, RIGHT, buff=0.2))


class Answer(InTheDark):
    """The opening picture again, answered: each reading lights more of the curve."""

    def construct(self) -> None:
        self.set_up()
        slider = Slider(self.series, LIGHT_ORDERS[0])
        felt = ValueTracker(FEELABLE)

        def lit() -> tuple[float, float]:
            low, high = slider.polynomial.reach(LIGHT_TOLERANCE)
            share = (felt.get_value() - FEELABLE) / (1 - FEELABLE)
            return tuple(
                POINT + side * FEELABLE * (1 - share) + share * (end - POINT)
                for side, end in ((-1, low), (1, high))
            )

        shade = Shade(self.plot, lit)
        wire = VMobject(
            stroke_color=theme.color("gradient"), stroke_width=2.4 * theme.CURVE, stroke_opacity=0
        )

        def draw(_: VMobject) -> None:
            x = np.linspace(*lit(), 300)
            self.plot.set_path(wire, np.column_stack([x, slider.polynomial(x)]))

        wire.add_updater(draw, call_updater=True)
        order = Readout('"readings"', lambda: round(slider.order) + 1, 0, cells=3, role="gradient")
        order.place(self.zones.dock.center[0] + 0.6, self.zones.dock.center[1])
        self.open(self.plot, wire, self.curve, shade, self.walker)
        with self.line("back") as line:
            self.play(Pulse(self.walker, 1.6))
        with self.line("lights") as line:
            self.play(
                FadeIn(order),
                felt.animate.set_value(1.0),
                wire.animate.set_stroke(opacity=0.75),
                run_time=line.until("reading"),
            )
            self.play(slider.to(LIGHT_ORDERS[2]), run_time=line.left)
        with self.line("far") as line:
            self.play(slider.to(LIGHT_ORDERS[-1]), run_time=line.until("never") + 0.8)
            self.play(FadeOut(order), run_time=0.3)
            top, bottom = self.zones.dock.rows(0.44, 0.56, gap=0.3)
            walled, note = self.walled_curve(top)
            answer = Formula("f(x) approx P_n (x)", 1.1 * theme.FORMULA, "gradient")
            card = closing_card(answer, ["from one point", "to the nearest wall"], bottom)
            card.add(Text("where f is analytic", theme.SMALL, "quiet").next_to(card, DOWN, buff=0.35))
            card.move_to(bottom.center)
            self.play(FadeIn(note, walled), run_time=0.5)
            line.at("wall")
            self.play(Pulse(walled.edges, 1.0), FadeIn(card), run_time=0.7)

    def walled_curve(self, zone: Zone) -> tuple[Shade, VGroup]:
        """A smooth curve whose series stops at a wall that one cannot see: lit as far as it reaches."""
        plot = Plot(Window(-2.2, 2.2, -0.3, 1.5), zone, x_ticks=(), y_ticks=(), x_label=None, y_label=None)
        plot.frame_box.set_fill(theme.color("panel"), 1)
        plot.axes[1].set_stroke(opacity=0)
        radius = float(convergence(RUNGE, 0).radius)
        curve = plot.path(RUNGE.curve(-2.2, 2.2), "function")
        shade = Shade(plot, lambda: (-radius, radius))
        return shade, VGroup(plot, curve, dot(plot.at([0, float(RUNGE(0))]), "text"))
