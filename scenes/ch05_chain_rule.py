"""Chapter 5, the chain rule: multiply along a road, add over all roads, and what fifty factors do."""

from __future__ import annotations

from math import floor, log10
from typing import Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from pydantic import Field, model_validator

from vcalc_anim.core import (
    Window,
    gradient_sizes,
    product_cost,
    rounded,
    scientific,
    sigmoid_chain,
    typst_number,
)
from vcalc_anim.core.examples.ch05 import (
    DEPTH,
    DEPTH_RUNS,
    EXPLODING_WEIGHT,
    GEARS,
    GEARS_AT,
    QUIZ_GEARS,
    QUIZ_GEARS_AT,
    TEN_JACOBIANS,
)
from vcalc_anim.core.elementary import TANH
from vcalc_anim.core.networks import Activation
from vcalc_anim.stage import (
    Arrow,
    CountdownRing,
    DepthChart,
    Dim,
    Formula,
    LectureScene,
    MeshedGears,
    Plot,
    ProductLane,
    Pulse,
    QuizScene,
    Readout,
    RunTable,
    SceneParams,
    Stick,
    Text,
    Zone,
    cross,
    dot,
    full_turn,
    label_beside,
    theme,
)
from vcalc_anim.stage.marks import stroke

MILLION = 1e6
DECADES = (-30, -20, -10, 0, 10)
QUIZ_WINDOW = Window(0, 6.6, -1.35, 1.35)


def equals(value: float, decimals: int = 2) -> str:
    """Relation sign and number in Typst maths: ``= 0.5`` or ``approx 0.33``."""
    sign = "=" if rounded(value, decimals).exact else "approx"
    return f"{sign} {typst_number(value, decimals, trim=True)}"


class Gears(LectureScene):
    """Two functions in a row are two pairs of wheels: their ratios multiply."""

    class Params(SceneParams):
        x: float = Field(GEARS_AT[0], ge=0.3, le=1.2, description="where the first shaft stands")
        elsewhere: float = Field(GEARS_AT[1], ge=0.3, le=1.2, description="where it stands afterwards")

    def construct(self) -> None:
        self.lay_out()
        self.turn_them()
        self.multiply()
        self.slide()

    def lay_out(self) -> None:
        left, self.dock = self.zones.split(0.7, 0.3)
        self.angle = ValueTracker(0.0)
        self.gears = MeshedGears(GEARS, self.params.x, left, self.angle.get_value)
        self.places = self.place_labels()
        inner, outer = GEARS.stages
        machines = VGroup(
            Formula(f"u = {inner.typst}", theme.FORMULA, "function"),
            Formula(f"y = {outer.renamed('u').typst}", theme.FORMULA, "function"),
        ).arrange(DOWN, buff=0.45, aligned_edge=LEFT)
        machines.set_x(self.dock.center[0]).set_y(self.dock.top - 0.25, UP)
        self.readouts = VGroup(
            *(
                Readout(
                    f"Delta {name}",
                    lambda index=index: self.gears.turned()[index],
                    1,
                    cells=6,
                    unit="°",
                    role=role,
                )
                for index, (name, role) in enumerate((("x", "first"), ("u", "function"), ("y", "function")))
            )
        )
        for index, readout in enumerate(self.readouts):
            readout.place(self.dock.left + 1.1, self.dock.center[1] - 0.1 - 0.75 * index)
        self.open(self.gears, self.places)
        with self.line("pair") as line:
            self.play(FadeIn(machines[0]), run_time=0.6)
            line.at("cube")
            self.play(FadeIn(machines[1]), run_time=0.6)
            line.at("x", says=self.params.x)
            self.play(Pulse(self.places[0], 1.3))
            line.at("gears")
            self.rock(line.left)
        self.machines = machines

    def place_labels(self) -> VGroup:
        """What each shaft shows, on its wheel."""
        gears = self.gears
        labels = VGroup()
        for index, (name, value) in enumerate(zip("xuy", gears.reading.positions, strict=True)):
            role = "function" if index else "first"
            label = Formula(f"{name} {equals(float(value))}", theme.LABEL, role)
            labels.add(label.move_to(gears.name_place(index)))
        return labels

    def rock(self, seconds: float) -> None:
        """Turn a little to and fro."""
        self.play(
            UpdateFromAlphaFunc(
                self.gears,
                lambda _, share: self.angle.set_value(4 * np.sin(2 * np.pi * share)),
                rate_func=linear,
            ),
            run_time=seconds,
        )

    def turn_them(self) -> None:
        angle = full_turn(GEARS, self.params.x)
        with self.line("turn") as line:
            self.play(FadeIn(self.readouts), run_time=0.4)
            line.at("turn")
            line.until("angle", says=angle)
            self.play(self.angle.animate.set_value(angle), run_time=line.left - 0.6)
        first, second = self.gears.ratios
        self.ratio_labels = [self.gears.ratio_label(index) for index in (0, 1)]
        with self.line("ratios") as line:
            line.at("double", says=first)
            self.play(FadeIn(self.ratio_labels[0]), Pulse(self.readouts[1], 1.15), run_time=0.6)
            line.at("twelve", says=second)
            self.play(FadeIn(self.ratio_labels[1]), Pulse(self.readouts[2], 1.15), run_time=0.6)

    def multiply(self) -> None:
        with self.line("product") as line:
            line.at("all", says=float(self.gears.reading.product))
            self.product = self.product_formula()
            self.play(FadeIn(self.product), run_time=0.5)
            line.at("around")
            self.play(Pulse(self.gears.sectors[2], 1.2))
            line.at("multiply")
            self.play(Pulse(self.product, 1.15))

    def product_formula(self) -> Formula:
        first, second = (typst_number(ratio, 4, trim=True) for ratio in self.gears.ratios)
        product = Formula(
            f"{first} times {second} {equals(float(self.gears.reading.product), 4)}", theme.FORMULA, "gradient"
        )
        if product.width > self.dock.width:
            product.scale_to_fit_width(self.dock.width)
        return product.set_x(self.dock.center[0]).set_y(self.dock.bottom + 0.55)

    def slide(self) -> None:
        gears = self.gears
        with self.line("slide") as line:
            self.play(
                self.angle.animate.set_value(0.0),
                FadeOut(self.product, *self.ratio_labels, self.places),
                run_time=0.8,
            )
            line.at("half", says=self.params.elsewhere)
            line.at("other")
            pairs, old = gears.change_to(self.params.elsewhere), gears.pairs
            self.play(FadeOut(old), run_time=0.3)
            gears.put_on(pairs)
            self.add(gears)
            self.places = self.place_labels()
            self.play(FadeIn(pairs, self.places), run_time=0.4)
            self.add(gears, self.places)
            labels = [gears.ratio_label(index) for index in (0, 1)]
            line.at("one", says=gears.ratios[0])
            self.play(FadeIn(labels[0]), run_time=0.4)
            line.at("next", says=gears.ratios[1])
            self.play(FadeIn(labels[1]), run_time=0.4)
            self.play(
                self.angle.animate.set_value(full_turn(GEARS, self.params.x)), run_time=line.left - 0.1
            )
        with self.line("rule") as line:
            self.play(FadeOut(self.machines, self.readouts), run_time=0.3)
            rule = Formula(
                "frac(dif y, dif x) = frac(dif u, dif x) dot.c frac(dif y, dif u)",
                theme.FORMULA,
                "gradient",
            )
            product = self.product_formula()
            VGroup(rule, product).arrange(DOWN, buff=0.8).move_to(self.dock.center)
            line.at("ratio")
            self.play(FadeIn(rule), run_time=0.6)
            line.at("now")
            self.play(FadeIn(product), *(Pulse(label, 1.2) for label in labels), run_time=0.7)


class Work(LectureScene):
    """The product of ten Jacobians from either end: a thin row, or fat squares."""

    def construct(self) -> None:
        self.costs = [product_cost(TEN_JACOBIANS, order) for order in ("output first", "input first")]
        rows = self.zones.wide.inset(0.1, 0.1).rows(1, 1, gap=0.5)
        self.lanes, self.bars, self.counts, self.titles = [], [], [], []
        self.done = [ValueTracker(0.0) for _ in self.costs]
        for cost, done, zone, name in zip(
            self.costs, self.done, rows, ("from the output", "from the input"), strict=True
        ):
            self.set_up_lane(cost, done, zone, name)
        self.open(*self.lanes)
        with self.line("picture") as line:
            line.at("square")
            self.play(Pulse(self.lanes[0].factors[3], 1.25))
            line.at("rows", says=TEN_JACOBIANS[1][0])
            line.at("columns", says=TEN_JACOBIANS[1][1])
            line.at("row")
            self.play(Pulse(self.lanes[0].factors[0], 1.4), Pulse(self.lanes[0].carried, 1.4))
        with self.line("order") as line:
            line.at("end")
            self.play(FadeIn(self.titles[0]), run_time=0.5)
            self.play(FadeIn(self.titles[1]), run_time=0.5)
        with self.line("output") as line:
            self.play(Dim(self.lanes[1], level=0.35), FadeIn(self.counts[0], self.bars[0]), run_time=0.4)
            line.at("output")
            self.run(0, line.until("stays") + 0.6)
        with self.line("input") as line:
            self.play(
                Dim(self.lanes[1], level=1),
                FadeIn(self.counts[1], self.bars[1]),
                self.done[0].animate.set_value(0.0),
                run_time=0.5,
            )
            line.at("input")
            line.at("fat")
            self.play(Pulse(self.lanes[1].carried, 1.2))
            line.at("go")
            self.race(line.left - 0.1)
        with self.line("count") as line:
            line.at("tenth", says=self.costs[0].total / MILLION)
            line.at("million", says=self.costs[1].total / MILLION)
            line.at("ninety", says=self.costs[1].total / self.costs[0].total)

    def set_up_lane(self, cost, done: ValueTracker, zone: Zone, name: str) -> None:
        head, picture, foot = zone.rows(0.22, 0.5, 0.28, gap=0.1)
        lane = ProductLane(TEN_JACOBIANS, cost, picture)
        lane.add_updater(lambda lane: lane.show(done.get_value()))
        title = Text(name, theme.LABEL, "quiet").set_x(zone.left, LEFT).set_y(head.center[1])
        count = Readout(None, lambda: done.get_value() / MILLION, 2, cells=4, size=theme.READOUT)
        unit = Text("million multiplications", theme.SMALL, "quiet").set_x(zone.right, RIGHT)
        count.place(unit.get_left()[0] - 1.3, foot.center[1] - 0.1)
        unit.align_baseline(count)
        room = count.get_left()[0] - 0.3 - zone.left
        most = max(cost.total for cost in self.costs)
        bar = VMobject(stroke_width=0, fill_color=theme.color("text"), fill_opacity=0.9)

        def draw(bar: VMobject) -> None:
            width = max(room * done.get_value() / most, 1e-3)
            y = foot.center[1]
            corners = [[0, -0.13, 0], [width, -0.13, 0], [width, 0.13, 0], [0, 0.13, 0], [0, -0.13, 0]]
            bar.set_points_as_corners(np.array(corners) + [zone.left, y, 0])

        bar.add_updater(draw, call_updater=True)
        self.lanes.append(lane)
        self.titles.append(title)
        self.counts.append(VGroup(count, unit))
        self.bars.append(bar)

    def race(self, seconds: float) -> None:
        """Both lanes, with the same number of multiplications a second."""
        totals = [cost.total for cost in self.costs]

        def work(_: VMobject, share: float) -> None:
            for done, total in zip(self.done, totals, strict=True):
                done.set_value(min(share * max(totals), total))

        self.play(UpdateFromAlphaFunc(VMobject(), work, rate_func=linear), run_time=seconds)

    def run(self, index: int, seconds: float) -> None:
        total = self.costs[index].total
        self.play(self.done[index].animate(rate_func=linear).set_value(total), run_time=seconds)


class FiftyLayers(LectureScene):
    """What is left of the gradient after fifty layers: one factor a layer decides."""

    class Params(SceneParams):
        depth: int = Field(DEPTH, ge=2, le=200, description="how many layers")
        activation: Activation = Field(DEPTH_RUNS[0][0], description="of the first run")
        scale: float = Field(DEPTH_RUNS[0][1], gt=0, le=100, description="of the first run's weights")
        seed: int = Field(0, ge=0, description="of the random weights")

        @model_validator(mode="after")
        def stays_finite(self) -> Self:
            with np.errstate(over="ignore", invalid="ignore"):
                run = gradient_sizes(self.activation, self.scale, depth=self.depth, seed=self.seed)
            if not np.isfinite(run.sizes).all():
                raise ValueError("the gradient grows beyond all numbers: take fewer layers, or a smaller scale")
            return self

    def construct(self) -> None:
        params = self.params
        self.runs = [
            gradient_sizes(activation, scale, depth=params.depth, seed=params.seed)
            for activation, scale in ((params.activation, params.scale), *DEPTH_RUNS[1:])
        ]
        chart, side = self.zones.split(0.66, 0.34, gap=0.5)
        self.chart = DepthChart(chart, params.depth, DECADES, "length of the gradient")
        header = (Formula('"layers, scale" s', theme.SMALL, "quiet"), Text("at the input", theme.SMALL, "quiet"))
        self.table = RunTable(Zone(side.left, side.right, side.bottom + 1.0, side.top), header, 6)
        self.ring = CountdownRing([side.center[0], side.bottom + 0.6, 0])
        self.bars = self.previous = None
        self.open(self.chart)
        self.first_run()
        self.show_ceiling()
        self.other_runs()
        self.guess()
        self.explode()

    def run(self, sizes: np.ndarray, seconds: float) -> None:
        """Let the bars of *sizes* appear, one layer after another."""
        shown = ValueTracker(0.0)
        self.bars = self.chart.bars(sizes, shown.get_value)
        self.add(self.bars)
        self.bring_to_front(self.chart.base)
        self.play(shown.animate(rate_func=linear).set_value(len(sizes) - 1.0), run_time=seconds)
        self.bars.clear_updaters()

    def leave(self, sizes: np.ndarray) -> None:
        """Only the line along the bars stays."""
        profile = self.chart.profile(sizes)
        old = [] if self.previous is None else [self.previous]
        self.play(FadeOut(self.bars, *old), FadeIn(profile), run_time=0.4)
        self.previous = profile

    def note(self, name: str, scale: str, sizes: np.ndarray, seconds: float = 0.4) -> None:
        left = Formula(f'"{name}", {scale}', theme.SMALL + 2)
        size = float(sizes[-1])
        text = rounded(size, 2) if 0.01 < size < 1000 else scientific(size)
        right = Formula(f"{'' if text.exact else 'approx'} {text.typst}", theme.SMALL + 2, "gradient")
        self.play(FadeIn(self.table.row(left, right)), run_time=seconds)

    def note_run(self, index: int) -> None:
        run = self.runs[index]
        name = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}[run.activation]
        self.note(name, f"s {equals(run.scale)}", run.sizes)

    def first_run(self) -> None:
        with self.line("chart") as line:
            line.at("deep", says=self.params.depth)
            self.play(FadeIn(self.table), run_time=0.4)
            line.at("back")
            self.play(self.chart.way.grow(), run_time=1.2)
            line.at("mark")
            self.play(*(Pulse(label, 1.25) for label in self.chart.tick_labels), run_time=0.8)
        sizes = self.runs[0].sizes
        with self.line("sigmoid") as line:
            line.at("falls")
            self.run(sizes, line.until("zeros", says=self.zeros(sizes[-1])))
            self.note_run(0)

    @staticmethod
    def zeros(size: float) -> float:
        """How many zeros follow the point of a number below 1."""
        return -floor(log10(size)) - 1.0 if 0 < size < 1 else 0.0

    def show_ceiling(self) -> None:
        ceiling = sigmoid_chain(1.0, 0.0, self.params.depth)
        quarter = float(ceiling[1])
        with self.line("ceiling") as line:
            line.at("quarter", says=quarter)
            self.ceiling = self.chart.profile(ceiling, "text", theme.CURVE)
            self.play(Create(self.ceiling), run_time=line.until("line"))
            middle = self.chart.corners(ceiling)[self.params.depth // 3]
            self.ceiling_name = self.chart.label_under(
                middle, Text("a quarter a layer", theme.SMALL)
            )
            self.play(FadeIn(self.ceiling_name), run_time=0.4)

    def other_runs(self) -> None:
        with self.line("weights") as line:
            self.leave(self.runs[0].sizes)
            line.at("four", says=self.runs[1].scale)
            self.run(self.runs[1].sizes, 1.6)
            line.at("make")
            self.note_run(1)
        with self.line("tanh") as line:
            self.leave(self.runs[1].sizes)
            line.until("one", says=float(TANH.slopes(*[0.0, 0.0])[0]))
            self.run(self.runs[2].sizes, line.until("lives"))
            self.note_run(2)
        with self.line("relu") as line:
            self.leave(self.runs[2].sizes)
            self.run(self.runs[3].sizes, line.until("match"))
            self.note_run(3)

    def guess(self) -> None:
        with self.line("guess") as line:
            self.leave(self.runs[3].sizes)
            line.at("smaller")
            line.at("one", says=self.runs[4].scale)
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        with self.line("fade") as line:
            line.at("fades")
            self.run(self.runs[4].sizes, 1.6)
            self.note_run(4)

    def explode(self) -> None:
        sizes = sigmoid_chain(EXPLODING_WEIGHT, 0.0, self.params.depth)
        with self.line("explode") as line:
            self.leave(self.runs[4].sizes)
            line.at("eight", says=EXPLODING_WEIGHT)
            line.at("doubles", says=float(sizes[1]))
            self.run(sizes, line.until("explodes") + 0.6)
            self.note("sigmoid", f"w {equals(EXPLODING_WEIGHT)}", sizes)
        with self.line("factor") as line:
            line.at("factor")
            line.at("times")


class Quiz(QuizScene):
    """The wrong answer reads the outer slope before the inner machine has moved us."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.52, 0.48, gap=0.6)
        inner, outer = QUIZ_GEARS.stages
        place, moved = QUIZ_GEARS_AT, float(QUIZ_GEARS.read(QUIZ_GEARS_AT).positions[1])
        plot = Plot(QUIZ_WINDOW, picture, x_label="u", y_label=None, x_role="function")
        curve = plot.path(outer.curve(QUIZ_WINDOW.x_min, QUIZ_WINDOW.x_max))
        name = label_beside(Formula("h", theme.FORMULA, "function"), plot.at([0.9, 1.0]), UP + LEFT)
        start = dot(plot.at([place, 0]), "first")
        self.open(self.lay_out(words), plot, curve, name, start)
        with self.line("ask") as line:
            line.at("g")
            line.at("h")
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        with self.line("answer") as line:
            line.at("x", says=place)
            line.at("u", says=moved)
            line.at("there")
            self.play(*self.step_forward(self.right_row), run_time=0.7)
            self.play(FadeIn(self.right_row.sign()), run_time=0.3)
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), run_time=0.3)
            line.at("early")
            line.at("x", says=place)
            line.at("sign")
            self.play(FadeIn(self.failing_row.sign()))
