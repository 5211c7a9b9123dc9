"""Chapter 5, the chain rule: multiply along a road, add over all roads, and what fifty factors do."""

from __future__ import annotations

from dataclasses import replace
from math import cos, floor, log10, sin, tau
from typing import Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)
from pydantic import Field, model_validator

from vcalc_anim.core import (
    MINUS,
    ComputationGraph,
    TwoLayerNet,
    Window,
    gradient_sizes,
    product_cost,
    rounded,
    scientific,
    sigmoid_chain,
    typst_number,
)
from vcalc_anim.core.catalogue import SIGMOID
from vcalc_anim.core.elementary import TANH
from vcalc_anim.core.examples.ch05 import (
    CEILING_WEIGHT,
    DEPTH,
    DEPTH_RUNS,
    EXPLODING_WEIGHT,
    GEARS,
    GEARS_AT,
    MACHINE,
    MACHINE_AT,
    QUIZ_GEARS,
    QUIZ_GEARS_AT,
    ROADS,
    ROADS_AT,
    TEN_JACOBIANS,
    TWO_LAYERS,
    roads_program,
    two_layer_program,
)
from vcalc_anim.core.networks import Activation
from vcalc_anim.stage import (
    Arrow,
    BlockPile,
    BlockTrain,
    CountdownRing,
    DepthChart,
    Dim,
    Formula,
    GraphView,
    LectureScene,
    LongMachine,
    LoopScene,
    MeshedGears,
    PenTrace,
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
    block_height,
    closing_card,
    dim,
    dot,
    full_turn,
    label_beside,
    opening_card,
    theme,
)
from vcalc_anim.stage.graph_parts import EdgeView
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.theme import Role

PERIOD = 2.4  # seconds in which the dial swings to and fro
MILLION = 1e6
ROADS_ROLES: tuple[Role, Role] = ("first", "second")
WAGON = 0.32  # length of a block that travels
LEFT_BEHIND, AT_SLOPE = 0.2, 0.42  # how far on their roads the nudges wait, and where slopes multiply them
DECADES = (-30, -20, -10, 0, 10)
SIGMOID_WINDOW = Window(-3.5, 3.5, -0.08, 1.08)
QUIZ_WINDOW = Window(0, 6.6, -1.35, 1.35)


def number(value: float, decimals: int) -> str:
    """*value* in Typst maths, as a factor: a negative one in brackets."""
    text = typst_number(value, decimals, trim=True)
    return f"({text})" if text.startswith("-") else text


def equals(value: float, decimals: int = 2) -> str:
    """Relation sign and number in Typst maths: ``= 0.5`` or ``approx 0.33``."""
    sign = "=" if rounded(value, decimals).exact else "approx"
    return f"{sign} {typst_number(value, decimals, trim=True)}"


class MachineParams(SceneParams):
    """Where the dial of the long machine stands, and how far it is turned."""

    x: float = Field(MACHINE_AT, ge=0.5, le=1.2, description="where the dial stands")
    turn: float = Field(20, ge=2, le=30, description="degrees by which it is turned")


class Machine(LectureScene):
    """Base of the first and the last picture: a dial, a row of boxes, and an end that trembles."""

    Params = MachineParams

    def set_up_machine(self) -> LongMachine:
        self.top, bottom = self.zones.wide.rows(0.42, 0.58, gap=0.1)
        self.angle, self.swing = ValueTracker(0.0), ValueTracker(0.0)
        self.machine: LongMachine | None = None

        def dial() -> float:
            """Where the dial stands: it swings by the machine's clock, which rests while nothing plays."""
            seconds = self.machine.clock if self.machine else 0.0
            return self.angle.get_value() + self.swing.get_value() * sin(tau * seconds / PERIOD)

        machine = self.machine = LongMachine(MACHINE, self.params.x, bottom, dial)
        most = 1.15 * self.params.turn * max(1.0, abs(machine.products[-1]))
        self.traces = VGroup()
        for zone, name, role, value in zip(
            self.top.inset(0.0, 0.15).rows(1, 1, gap=0.3),
            ("the dial", "the end"),
            ("text", "function"),
            (dial, lambda: machine.last),
            strict=True,
        ):
            label = Text(name, theme.LABEL, role).set_x(zone.left, LEFT).set_y(zone.center[1])
            paper = Zone(zone.left + 2.0, zone.right, zone.bottom, zone.top)
            self.traces.add(VGroup(label, PenTrace(paper, value, -most, most, 5.0, role)))
        return machine

    def let_it_run(self, seconds: float, *company: Animation) -> None:
        """Leave the machine to itself while *company* plays."""
        for animation in company:
            animation.run_time = min(animation.run_time, seconds)
        self.play(UpdateFromAlphaFunc(VMobject(), lambda *_: None, run_time=seconds), *company)

    def show_box(self, index: int, seconds: float) -> None:
        """Point at one box while the dial turns."""
        self.let_it_run(seconds, Pulse(self.machine.boxes[index], 1.18, run_time=0.8))


class Question(Machine):
    """The chapter's question: the dial is at the very beginning, and the end trembles."""

    def construct(self) -> None:
        machine = self.set_up_machine()
        card = opening_card(self.staging.lecture, self.top)
        self.open(machine, card, dim(self.traces, 0.0))
        with self.line("turn") as line:
            line.at("turn")
            self.play(self.swing.animate.set_value(self.params.turn), run_time=0.8)
            self.let_it_run(line.left)
        with self.line("wave") as line:
            self.let_it_run(0.35, FadeOut(card, run_time=0.3))
            self.let_it_run(line.until("on"), Dim(self.traces, level=1.0, suspend_mobject_updating=False))
            self.let_it_run(line.until("larger"))
            self.show_box(2, line.until("smaller"))
            self.show_box(4, line.until("round"))
            self.show_box(3, line.until("tremble"))
            self.let_it_run(line.left, Pulse(self.machine.gauge, 1.12, run_time=0.8))
        with self.line("ask") as line:
            self.let_it_run(line.until("dial"))
            self.let_it_run(line.until("responsible"), Pulse(self.machine.dial, 1.15, run_time=0.8))
            self.let_it_run(line.left, self.machine.light(min(2.2, line.left)))


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
        tall = self.zones.is_tall
        left, self.dock = self.zones.split(*((0.56, 0.44) if tall else (0.7, 0.3)))
        self.angle = ValueTracker(0.0)
        self.gears = MeshedGears(GEARS, self.params.x, left, self.angle.get_value)
        self.places = self.place_labels()
        inner, outer = GEARS.stages
        machines = VGroup(
            Formula(f"u = {inner.typst}", theme.FORMULA, "function"),
            Formula(f"y = {outer.renamed('u').typst}", theme.FORMULA, "function"),
        ).arrange(DOWN, buff=0.45, aligned_edge=LEFT)
        if tall:  # side by side, and the product below both
            above, self.foot = self.dock.rows(0.65, 0.35)
            names, numbers = above.columns(1, 1)
            machines.move_to(names.center)
            corner = numbers.left + 1.3, numbers.center[1] + 0.65
        else:
            self.foot = Zone(self.dock.left, self.dock.right, self.dock.bottom, self.dock.bottom + 1.1)
            machines.set_x(self.dock.center[0]).set_y(self.dock.top - 0.25, UP)
            corner = self.dock.left + 1.1, self.dock.center[1] - 0.1
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
            readout.place(corner[0], corner[1] - 0.75 * index)
        for machine in machines:
            machine.stays = True
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
            self.play(Pulse(self.readouts[2], 1.2))
            line.at("multiply")
            self.play(Pulse(self.product, 1.15))

    def product_formula(self) -> Formula:
        first, second = (typst_number(ratio, 4, trim=True) for ratio in self.gears.ratios)
        product = Formula(
            f"{first} times {second} {equals(float(self.gears.reading.product), 4)}",
            theme.FORMULA,
            "gradient",
        )
        if product.width > self.dock.width:
            product.scale_to_fit_width(self.dock.width)
        return product.move_to(self.foot.center)

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
            self.play(self.angle.animate.set_value(full_turn(GEARS, self.params.x)), run_time=line.left - 0.1)
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


class GearsLoop(LoopScene, Gears):
    """The first dial turns to and fro; the others follow, each with its own ratio."""

    def construct(self) -> None:
        picture, foot = self.zones.wide.rows(0.87, 0.13, gap=0.1)
        self.angle = ValueTracker(0.0)
        self.gears = MeshedGears(GEARS, self.params.x, picture, self.angle.get_value)
        self.add(self.gears, *(self.gears.ratio_label(index) for index in (0, 1)))
        for index, (name, role) in enumerate((("x", "first"), ("u", "function"), ("y", "function"))):
            readout = Readout(
                f"Delta {name}",
                lambda index=index: self.gears.turned()[index],
                1,
                cells=7,
                unit="°",
                role=role,
            )
            readout.set_x(self.gears.shafts[index][0])
            self.add(readout.place(readout.relation_x, foot.center[1] - 0.15))
        most = full_turn(GEARS, self.params.x) / 2
        with self.once_around() as line:
            self.play(
                UpdateFromAlphaFunc(
                    self.gears,
                    lambda _, share: self.angle.set_value(most * cos(tau * share)),
                    rate_func=linear,
                ),
                run_time=line.left,
            )


class Roads(LectureScene):
    """A nudge that takes two roads arrives as a sum: along a road slopes multiply, where roads meet they add."""

    class Params(SceneParams):
        x: float = Field(ROADS_AT, ge=0.25, le=1.5, description="where the roads begin")

    def construct(self) -> None:
        self.lay_out()
        self.run_forward()
        self.take_both_roads()
        self.pile_up()
        self.name_it()

    def lay_out(self) -> None:
        left, self.dock = self.zones.split(0.74, 0.26, gap=0.4)
        picture, self.foot = left.rows(0.83, 0.17, gap=0.1)
        self.reading = ROADS.read(self.params.x)
        self.graph = ComputationGraph.of(roads_program(self.params.x))
        self.view = GraphView(self.graph, picture, rows={"x": 0, "g1": 1, "g2": -1, "f": 0})
        for edge in self.view.edges:
            edge.label.scale(1.35).set_x(edge.label.get_x() + 0.15)
        self.block = block_height(float(self.reading.total), self.dock.height - 2.0)
        self.ground = np.array([self.dock.center[0], self.dock.bottom + 0.95, 0.0])
        base = stroke(self.ground + LEFT * 1.1, self.ground + RIGHT * 1.1, "quiet", theme.LINE)
        name = Text("arrives at f", theme.SMALL, "quiet").next_to(base, DOWN, buff=0.2)
        end = self.view.node("f").box.get_right()
        way = Arrow(end, [self.ground[0] - 0.75, end[1], 0.0], "quiet", theme.LINE, tip=0.24)
        self.open(self.view, base, name, way)

    def run_forward(self) -> None:
        with self.line("roads") as line:
            self.play(self.view.reveal("x"))
            line.at("upper")
            self.play(self.view.compute("g1"), run_time=1.1)
            line.at("lower")
            self.play(self.view.compute("g2"), run_time=1.1)
            line.at("meet")
            self.play(self.view.compute("f"), run_time=1.1)
        with self.line("slopes") as line:
            line.at("slope")
            self.play(self.view.slopes(), run_time=0.8)
            line.at("x", says=self.params.x)
            self.play(Pulse(self.view.node("x"), 1.1))

    def take_both_roads(self) -> None:
        upper, lower = self.reading.paths
        ways = [(self.view.edge("x", name), self.view.edge(name, "f")) for name in ("g1", "g2")]
        trains = [
            (
                self.train(first, 1.0, float(path.inner_slope), role),
                self.train(second, float(path.inner_slope), float(path.outer_slope), role),
            )
            for (first, second), path, role in zip(ways, self.reading.paths, ROADS_ROLES, strict=True)
        ]
        with self.line("leave") as line:
            self.play(Pulse(self.view.node("x").value, 1.3), run_time=line.until("both"))
            self.play(*(first.run(0.0, LEFT_BEHIND, 0.9) for first, _ in trains))
        self.piles: list[BlockPile] = []
        with self.line("upper") as line:
            first, second = trains[0]
            self.play(first.run(LEFT_BEHIND, AT_SLOPE, line.until("two", says=float(upper.inner_slope))))
            self.play(first.run(AT_SLOPE, 1.0, 0.9))
            self.play(second.run(0.0, AT_SLOPE, line.until("four", says=float(upper.outer_slope))))
            self.arrive(second, line.until("eight", says=float(upper.contribution)))
            self.count_pile()
        with self.line("lower") as line:
            first, second = trains[1]
            self.play(first.run(LEFT_BEHIND, AT_SLOPE, line.until("three", says=float(lower.inner_slope))))
            self.play(first.run(AT_SLOPE, 1.0, 0.9))
            self.play(second.run(0.0, AT_SLOPE, line.until("one", says=float(lower.outer_slope))))
            self.arrive(second, line.until("arrive", says=float(lower.contribution)))
            self.count_pile()

    def train(self, edge: EdgeView, count: float, slope: float, role: Role) -> BlockTrain:
        """A train on *edge*, above the roads and below the boxes."""
        train = BlockTrain(edge.path, count, slope, WAGON, role)
        self.view.submobjects.insert(len(self.view.edges), train)
        return train

    def arrive(self, train: BlockTrain, seconds: float) -> None:
        """Every wagon that reaches f puts a block on the pile."""
        role = ROADS_ROLES[len(self.piles)]
        foot = self.piles[-1].top if self.piles else self.ground
        pile = BlockPile(foot, self.block, role)
        self.piles.append(pile)
        self.add(pile)
        self.play(train.run(AT_SLOPE, 1.0, seconds, lambda train: pile.put(train.arrived)))

    def count_pile(self) -> None:
        pile, role = self.piles[-1], ROADS_ROLES[len(self.piles) - 1]
        count = Formula(typst_number(pile.count, 2, trim=True), theme.FORMULA, role)
        self.play(FadeIn(count.next_to(pile, RIGHT, buff=0.25)), run_time=0.3)

    def pile_up(self) -> None:
        total = float(self.reading.total)
        top = self.piles[-1].top
        with self.line("sum") as line:
            line.at("all", says=total)
            self.total = Formula(f"{equals(total).removeprefix('=')}", 1.2 * theme.FORMULA, "gradient")
            self.total.next_to(top, UP, buff=0.2)
            self.play(FadeIn(self.total), run_time=0.5)
            line.at("multiply")
            self.play(*(Pulse(edge.label, 1.4) for edge in self.view.edges))
            line.at("add")
            self.play(Pulse(VGroup(*self.piles), 1.08), Pulse(self.total, 1.2))

    def name_it(self) -> None:
        rule = Formula(
            "frac(dif f, dif x) = {a: frac(partial f, partial g_1) frac(dif g_1, dif x)}"
            " + {b: frac(partial f, partial g_2) frac(dif g_2, dif x)} {p: = g_2 g'_1 + g_1 g'_2}",
            theme.LABEL + 6,
            "gradient",
            a="first",
            b="second",
        )
        rule.move_to(self.foot.center)
        with self.line("rule") as line:
            product = rule.part("p")
            self.play(FadeIn(*[glyph for glyph in rule if glyph not in product]), run_time=0.6)
            line.at("product")
            self.play(Pulse(self.view.node("f").header, 1.25))
            line.at("free")
            self.play(FadeIn(product), run_time=0.6)


class TwoLayers(LectureScene):
    """Values forward, slopes on every edge, and the product carried back to one weight."""

    class Params(SceneParams):
        w1: float = Field(TWO_LAYERS.w1, ge=-5, le=5, description="the first weight")
        w2: float = Field(TWO_LAYERS.w2, ge=-5, le=5, description="the second weight")
        nudge: float = Field(0.1, gt=0, le=1, description="by how much the first weight is raised")

    def net(self, raised: float = 0.0) -> TwoLayerNet:
        return replace(TWO_LAYERS, w1=self.params.w1 + raised, w2=self.params.w2)

    def construct(self) -> None:
        picture, self.foot = self.zones.wide.rows(0.62, 0.38, gap=0.1)
        self.graph = ComputationGraph.of(two_layer_program(self.net()))
        self.view = GraphView(self.graph, picture, decimals=4)
        label = self.view.edge("w1", "z1").label
        label.move_to(self.view.edge("w1", "z1").path.point_from_proportion(0.25))
        label.shift(RIGHT * (label.width / 2 + 0.15))
        self.open(self.view, self.layer("z1", "a1", "first layer"), self.layer("z2", "y", "second layer"))
        with self.line("row") as line:
            line.at("machine")
            self.play(self.view.reveal())
            line.at("weight")
            self.play(Pulse(self.view.node("w1").value, 1.4))
            line.at("end")
            self.play(Pulse(self.view.node("y").header, 1.3))
        with self.line("forward") as line:
            line.at("forward")
            names = [node.name for node in self.graph.operations]
            for left, name in zip(range(len(names), 0, -1), names, strict=True):
                self.play(self.view.compute(name), run_time=line.until("out", says=self.net().y) / left)
        with self.line("slopes") as line:
            line.at("slope")
            road = [edge for edge in self.graph.edges if edge.source != "x"]
            self.play(self.view.slopes(*road), run_time=0.8)
            line.at("stands")
            self.curves = VGroup(self.sigmoid_at("a1", self.net().z1), self.sigmoid_at("y", self.net().z2))
            self.play(FadeIn(self.curves), run_time=0.5)
            self.play(*(Pulse(curve[-1], 1.6) for curve in self.curves))
        with self.line("back") as line:
            self.play(self.view.seed())
            moves = [move for move in self.graph.backward() if move.edge.source != "x"]
            for left, move in zip(range(len(moves), 0, -1), moves, strict=True):
                self.play(self.view.pass_back(move), run_time=line.left / left)
        self.multiply()
        self.test_it()

    def layer(self, first: str, last: str, name: str) -> VGroup:
        """A bracket below the boxes from *first* to *last*, with its *name*."""
        left = self.view.node(first).box.get_left()[0]
        right = self.view.node(last).box.get_right()[0]
        y = self.foot.top + 0.1
        bracket = VMobject(stroke_color=theme.color("frozen"), stroke_width=theme.LINE)
        bracket.set_points_as_corners(
            [[left, y + 0.18, 0], [left, y, 0], [right, y, 0], [right, y + 0.18, 0]]
        )
        return VGroup(bracket, Text(name, theme.SMALL, "quiet").next_to(bracket, DOWN, buff=0.15))

    def sigmoid_at(self, name: str, z: float) -> VGroup:
        """A sigmoid below the box *name*: the tangent where it stands."""
        middle = min(self.view.node(name).box.get_x(), self.foot.right - 1.2)
        zone = Zone(middle - 1.15, middle + 1.15, self.foot.bottom + 0.05, self.foot.top - 0.6)
        plot = Plot(SIGMOID_WINDOW, zone, x_label=None, y_label=None, x_ticks=(), y_ticks=())
        curve = plot.path(SIGMOID.curve(SIGMOID_WINDOW.x_min, SIGMOID_WINDOW.x_max, 120))
        foot, along = plot.at([z, SIGMOID(z)]), plot.vector([1.0, SIGMOID.slope(z)])
        along *= 0.75 / np.linalg.norm(along)
        return VGroup(plot, curve, Stick("gradient").put(foot - along, foot + along), dot(foot, "text"))

    def multiply(self) -> None:
        net = self.net()
        slopes = [number(slope, 4) for slope in net.local_slopes]
        factors = [slopes[0], *(f"times {slope}" for slope in slopes[1:])]
        product = Formula(
            " ".join(f"{{{name}: {factor}}}" for name, factor in zip("abcd", factors, strict=True))
            + f" {{e: approx {number(net.running_products[-1], 4)}}}",
            theme.FORMULA,
            "gradient",
        ).move_to(self.foot.center + DOWN * 0.2)
        names = VGroup(
            *(
                Text(words, theme.SMALL, "quiet").next_to(product.part(part)[-1], DOWN)
                for part, words in zip("abcd", ("slope", "weight", "slope", "input"), strict=True)
            )
        )
        names[0].set_x(product.part("a").get_x())
        names[2].set_x(product.part("c")[1:].get_x())
        for name in names:
            name.align_baseline(product.get_bottom()[1] - 0.55)
        with self.line("product") as line:
            self.play(FadeOut(self.curves), run_time=0.3)
            line.at("slope")
            self.play(FadeIn(product.part("a"), names[0]), run_time=0.3)
            line.at("weight")
            self.play(FadeIn(product.part("b"), names[1]), run_time=0.3)
            line.at("again")
            self.play(FadeIn(product.part("c"), names[2]), run_time=0.3)
            line.at("input")
            self.play(FadeIn(product.part("d"), names[3]), run_time=0.3)
            line.at("blame", says=net.running_products[-1])
            self.play(FadeIn(product.part("e")), run_time=0.4)
        self.product = VGroup(product, names)

    def test_it(self) -> None:
        nudge, net = self.params.nudge, self.net()
        blame = net.running_products[-1]
        raised = ValueTracker(0.0)
        left, middle, right = self.foot.columns(0.8, 1.2, 1)
        rows = (
            (left, "Delta w_1", raised.get_value, "first"),
            (middle, f"{number(blame, 4)} dot.c Delta w_1", lambda: blame * raised.get_value(), "gradient"),
            (right, "Delta y", lambda: self.net(raised.get_value()).y - net.y, "function"),
        )
        readouts = VGroup()
        for zone, name, value, role in rows:
            readout = Readout(name, value, 4, cells=7, size=theme.LABEL, role=role)
            readout.move_to(zone.center)
            readouts.add(readout)
        for readout in readouts:
            readout.place(readout.relation_x, self.foot.bottom + 0.45)
        heads = VGroup(
            *(
                Text(words, theme.SMALL, "quiet").next_to(readout.label, UP, buff=0.3, aligned_edge=LEFT)
                for words, readout in zip(("nudge", "predicted", "measured"), readouts, strict=True)
            )
        )
        for head in heads:
            head.align_baseline(self.foot.bottom + 1.15)
        with self.line("test") as line:
            self.play(FadeOut(*self.product), run_time=0.3)
            self.play(FadeIn(readouts, heads), run_time=0.4)
            line.at("nudge", says=nudge)

            def raise_it(_: VMobject, share: float) -> None:
                raised.set_value(nudge * share)
                self.view.update_values(ComputationGraph.of(two_layer_program(self.net(nudge * share))))

            self.play(UpdateFromAlphaFunc(self.view, raise_it), run_time=line.until("predicted"))
            self.play(Pulse(readouts[1], 1.12))
            line.at("measured")
            self.play(Pulse(readouts[2], 1.12))
            line.at("agree")
            self.play(
                Indicate(heads[1], 1.0, theme.color("text")), Indicate(heads[2], 1.0, theme.color("text"))
            )


class Work(LectureScene):
    """The product of ten Jacobians from either end: a thin row, or fat squares."""

    def construct(self) -> None:
        self.costs = [product_cost(TEN_JACOBIANS, order) for order in ("output first", "input first")]
        rows = self.zones.wide.inset(0.35, 0.1).rows(1, 1, gap=0.4)
        self.lanes, self.bars, self.counts, self.titles = [], [], [], []
        self.done = [ValueTracker(0.0) for _ in self.costs]
        for index, name in enumerate(("from the output", "from the input")):
            self.set_up_lane(index, rows[index], name)
        self.open(*self.lanes)
        with self.line("picture") as line:
            line.at("square")
            self.play(*(Pulse(lane.factors[3], 1.2) for lane in self.lanes), run_time=0.9)
            line.at("rows", says=TEN_JACOBIANS[1][0])
            line.at("columns", says=TEN_JACOBIANS[1][1])
            line.at("row")
            self.play(Pulse(self.lanes[0].factors[0], 1.4), Pulse(self.lanes[1].factors[0], 1.4))
        with self.line("order") as line:
            line.at("end")
            self.play(FadeIn(self.titles[0]), Pulse(self.lanes[0].carried, 1.3), run_time=0.7)
            self.play(FadeIn(self.titles[1]), Pulse(self.lanes[1].carried, 1.15), run_time=0.7)
        with self.line("output") as line:
            line.at("output")
            self.play(FadeIn(self.counts[0], self.bars[0]), run_time=0.3)
            total = self.costs[0].total
            self.play(
                self.done[0].animate(rate_func=linear).set_value(total), run_time=line.until("stays") + 0.6
            )
        with self.line("input") as line:
            self.play(FadeIn(self.counts[1], self.bars[1]), self.done[0].animate.set_value(0.0), run_time=0.5)
            line.at("input")
            line.at("fat")
            self.play(self.done[1].animate.set_value(self.costs[1].work[0]), run_time=1.0)
            self.play(self.done[1].animate.set_value(0.0), run_time=0.4)
            line.at("go")
            self.race(line.left - 0.1)
        with self.line("count") as line:
            line.at("small", says=self.costs[0].total)
            self.play(Pulse(self.counts[0], 1.12))
            line.at("large", says=self.costs[1].total)
            self.play(Pulse(self.counts[1], 1.12))
            times = self.costs[1].total / self.costs[0].total
            words = Formula(f'{typst_number(times, 1)} "times less work"', theme.LABEL, "step")
            words.next_to(self.bars[0], RIGHT, buff=0.35)
            line.at("ninety", says=times)
            self.play(FadeIn(words), run_time=0.4)
            self.play(Pulse(self.bars[1], 1.03))

    def set_up_lane(self, index: int, zone: Zone, name: str) -> None:
        head, picture, foot = zone.rows(0.2, 0.5, 0.3, gap=0.1)
        cost, done = self.costs[index], self.done[index]
        lane = ProductLane(TEN_JACOBIANS, cost, picture)
        lane.add_updater(lambda lane: lane.stand_at(done.get_value()))
        title = Text(name, theme.LABEL, "quiet").set_x(zone.left, LEFT).set_y(head.center[1])
        count = Readout(None, lambda: done.get_value() / MILLION, 2, cells=4)
        unit = Text("million multiplications", theme.SMALL, "quiet").set_x(zone.right, RIGHT)
        count.place(unit.get_left()[0] - 1.3, foot.center[1] - 0.15)
        unit.align_baseline(count)
        room = count.get_left()[0] - 0.1 - zone.left
        most = max(cost.total for cost in self.costs)
        bar = VMobject(stroke_width=0, fill_color=theme.color("text"), fill_opacity=0.9)

        def draw(bar: VMobject) -> None:
            width = max(room * done.get_value() / most, 1e-3)
            corners = [[0, -0.2, 0], [width, -0.2, 0], [width, 0.2, 0], [0, 0.2, 0], [0, -0.2, 0]]
            bar.set_points_as_corners(np.array(corners) + [zone.left, foot.center[1], 0])

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


class FiftyLayers(LectureScene):
    """What is left of the gradient after fifty layers: one factor a layer decides."""

    class Params(SceneParams):
        depth: int = Field(DEPTH, ge=2, le=200, description="how many layers")
        activation: Activation = Field(DEPTH_RUNS[0][0], description="of the first run")
        scale: float = Field(DEPTH_RUNS[0][1], gt=0, le=100, description="of the first run's weights")
        seed: int = Field(0, ge=0, description="of the random weights")

        @model_validator(mode="after")
        def stays_finite(self) -> Self:
            gradient_sizes(self.activation, self.scale, depth=self.depth, seed=self.seed)
            return self

    def construct(self) -> None:
        params = self.params
        self.runs = [
            gradient_sizes(activation, scale, depth=params.depth, seed=params.seed)
            for activation, scale in ((params.activation, params.scale), *DEPTH_RUNS[1:])
        ]
        chart, side = self.zones.split(0.66, 0.34, gap=0.5)
        self.chart = DepthChart(chart, params.depth, DECADES, "length of the gradient, log scale")
        header = (
            Formula('"layers, scale" s', theme.SMALL, "quiet"),
            Text("at the input", theme.SMALL, "quiet"),
        )
        self.table = RunTable(Zone(side.left, side.right, side.bottom + 1.0, side.top), header, 6)
        self.below = np.array([side.center[0], side.bottom + 0.5, 0.0])
        self.ring = CountdownRing(self.chart.at([0.5 * params.depth, -20]), radius=0.6)
        self.bars = self.previous = None
        self.chart.way.stays = True
        self.open(self.chart)
        self.first_run()
        self.show_ceiling()
        self.other_runs()
        self.guess()
        self.explode()

    def run(self, sizes: np.ndarray, seconds: float) -> None:
        """Let the bars of *sizes* appear, one layer after another."""
        shown = ValueTracker(0.0)
        self.bars = self.chart.bars(lambda: sizes, shown.get_value)
        self.add(self.bars)
        self.bring_to_front(self.chart.base)
        self.play(shown.animate(rate_func=linear).set_value(len(sizes) - 1.0), run_time=seconds)
        self.bars.clear_updaters()

    def leave(self, sizes: np.ndarray) -> None:
        """Only the line along the bars stays, until the next ones leave."""
        old = [] if self.previous is None else [self.previous]
        self.previous = self.chart.profile(sizes)
        self.play(FadeOut(self.bars, *old), FadeIn(self.previous), run_time=0.4)

    def announce(self, activation: Activation, scale: str) -> None:
        """What is tried now, in the next row of the table."""
        name = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}[activation]
        self.row = self.table.row(Formula(f'"{name}", {scale}', theme.SMALL + 2))
        self.play(FadeIn(self.row), run_time=0.3)

    def note(self, sizes: np.ndarray) -> None:
        """What came of it."""
        size = float(sizes[-1])
        text = rounded(size, 2) if 0.01 < size < 1000 else scientific(size)
        result = Formula(f"{'' if text.exact else 'approx'} {text.typst}", theme.SMALL + 2, "gradient")
        self.play(FadeIn(self.table.result(result)), run_time=0.4)

    def announce_run(self, index: int) -> None:
        run = self.runs[index]
        self.announce(run.activation, f"s {equals(run.scale)}")

    def first_run(self) -> None:
        with self.line("chart") as line:
            line.at("deep", says=self.params.depth)
            self.play(FadeIn(self.table), run_time=0.4)
            line.at("back")
            self.play(self.chart.way.grow(), run_time=1.2)
            line.at("mark", says=10.0 ** (DECADES[1] - DECADES[0]))
            flashes = (Indicate(label, 1.0, theme.color("text")) for label in self.chart.tick_labels)
            self.play(LaggedStart(*flashes, lag_ratio=0.2), run_time=1.2)
        sizes = self.runs[0].sizes
        with self.line("sigmoid") as line:
            self.announce_run(0)
            self.run(sizes, line.until("zeros", says=self.zeros(sizes[-1])))
            self.note(sizes)

    @staticmethod
    def zeros(size: float) -> float:
        """How many zeros follow the point of a number below 1."""
        return -floor(log10(size)) - 1.0 if 0 < size < 1 else 0.0

    def show_ceiling(self) -> None:
        ceiling = sigmoid_chain(CEILING_WEIGHT, 0.0, self.params.depth)
        quarter = float(ceiling[1])
        with self.line("ceiling") as line:
            line.at("quarter", says=quarter)
            self.play(Indicate(self.row, 1.0, theme.color("step")))
            line.at("one", says=CEILING_WEIGHT)
            self.ceiling = self.chart.profile(ceiling, "text", theme.CURVE)
            self.play(Create(self.ceiling), run_time=line.until("line"))
            middle = self.chart.corners(ceiling)[self.params.depth // 2]
            words = Formula(f'"ceiling for" abs(w) <= {typst_number(CEILING_WEIGHT, 0)}', theme.SMALL + 2)
            self.ceiling_name = self.chart.label_under(middle, words)
            self.play(FadeIn(self.ceiling_name), run_time=0.4)

    def other_runs(self) -> None:
        with self.line("weights") as line:
            self.play(FadeOut(self.bars), run_time=0.3)  # the ceiling tells enough of it
            self.announce_run(1)
            line.at("four", says=self.runs[1].scale)
            self.run(self.runs[1].sizes, 1.6)
            line.at("make")
            self.note(self.runs[1].sizes)
        with self.line("tanh") as line:
            self.leave(self.runs[1].sizes)
            self.play(FadeOut(self.ceiling, self.ceiling_name), run_time=0.3)
            self.announce_run(2)
            line.until("one", says=float(TANH.slopes(*[0.0, 0.0])[0]))
            self.run(self.runs[2].sizes, line.until("lives"))
            self.note(self.runs[2].sizes)
        with self.line("relu") as line:
            self.leave(self.runs[2].sizes)
            self.announce_run(3)
            self.run(self.runs[3].sizes, line.until("match"))
            self.note(self.runs[3].sizes)

    def guess(self) -> None:
        with self.line("guess") as line:
            self.leave(self.runs[3].sizes)
            line.at("smaller")
            self.announce_run(4)
            line.at("one", says=self.runs[4].scale)
            unknown = self.table.result(Text("?", theme.LABEL, "gradient"))
            self.play(FadeIn(unknown), Pulse(self.row, 1.12))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        with self.line("fade") as line:
            self.play(FadeOut(unknown), run_time=0.2)
            line.at("fades")
            self.run(self.runs[4].sizes, 1.8)
            self.note(self.runs[4].sizes)

    def explode(self) -> None:
        sizes = sigmoid_chain(EXPLODING_WEIGHT, 0.0, self.params.depth)
        with self.line("explode") as line:
            self.leave(self.runs[4].sizes)
            line.at("eight", says=EXPLODING_WEIGHT)
            self.announce("sigmoid", f"w {equals(EXPLODING_WEIGHT)}")
            line.at("doubles", says=float(sizes[1]))
            self.run(sizes, line.until("explodes"))
            self.note(sizes)
        with self.line("factor") as line:
            cause = Formula('{s: "slope"} times {w: "weight"}', 1.1 * theme.FORMULA, s="gradient")
            cause.move_to(self.below)
            line.at("factor")
            self.play(FadeIn(cause), run_time=0.5)
            line.at("times")
            self.play(Pulse(cause, 1.15))
            line.at("fifty", says=self.params.depth)
            self.play(self.chart.way.grow(), run_time=0.8)


class FiftyLayersLoop(LoopScene, FiftyLayers):
    """One weight grows and shrinks again: the bars of all layers hang, stand level, and rise."""

    def construct(self) -> None:
        depth = self.params.depth
        chart = self.chart = DepthChart(self.zones.wide, depth, DECADES, "length of the gradient, log scale")
        low, high = (np.log(weight) for weight in (CEILING_WEIGHT, EXPLODING_WEIGHT))
        log_weight = ValueTracker(low)

        def weight() -> float:
            return float(np.exp(log_weight.get_value()))

        def factor() -> float:
            return float(sigmoid_chain(weight(), 0.0, depth)[1])

        bars = chart.bars(lambda: sigmoid_chain(weight(), 0.0, depth), lambda: depth)
        right, y = chart.at([0.74 * depth, -21])[:2]
        readouts = VGroup(
            Readout('"weight"', weight, 2, cells=4, size=theme.FORMULA),
            Readout('"slope" times "weight"', factor, 2, cells=4, size=theme.FORMULA, role="gradient"),
        )
        for row, readout in enumerate(readouts):
            readout.place(right, y - 0.85 * row)
        self.add(chart, bars, readouts)
        self.bring_to_front(chart.base)

        def swing(_: VMobject, share: float) -> None:
            log_weight.set_value((low + high - (high - low) * cos(tau * share)) / 2)

        with self.once_around() as line:
            self.play(UpdateFromAlphaFunc(bars, swing, rate_func=linear), run_time=line.left)


class Quiz(QuizScene):
    """The wrong answer reads the outer slope before the inner machine has moved us."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.5, 0.5, gap=0.6)
        _, outer = QUIZ_GEARS.stages
        self.plot = Plot(QUIZ_WINDOW, picture, x_label=None, y_label=None, y_ticks=(-1, 0, 1))
        curve = self.plot.path(outer.curve(QUIZ_WINDOW.x_min, QUIZ_WINDOW.x_max, 300))
        name = label_beside(Formula("h", theme.FORMULA, "function"), self.plot.at([0.75, 0.8]), UP + LEFT)
        place, moved = QUIZ_GEARS_AT, float(QUIZ_GEARS.read(QUIZ_GEARS_AT).positions[1])
        start, end = dot(self.plot.at([place, 0]), "first"), dot(self.plot.at([moved, 0]), "function")
        start_name = label_beside(Formula("x", theme.LABEL, "first"), start.get_center(), DOWN)
        end_name = label_beside(Formula("g(x)", theme.LABEL, "function"), end.get_center(), UP)
        jump = Arrow(start.get_center() + RIGHT * 0.2, end.get_center() + LEFT * 0.2, "text")
        jump_name = label_beside(Formula("g", theme.LABEL), (jump.start + jump.end) / 2, UP)
        self.open(self.lay_out(words), self.plot, curve, name, start, start_name)
        with self.line("ask") as line:
            line.at("g")
            self.play(jump.grow(), FadeIn(jump_name, end, end_name), run_time=0.7)
            line.at("h")
            self.play(Pulse(name, 1.5))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        right, wrong = self.slope_at(moved, "gradient"), self.slope_at(place, "error")
        with self.line("answer") as line:
            line.at("x", says=place)
            self.play(Pulse(start, 1.8), run_time=line.until("u", says=moved))
            self.play(Pulse(end, 1.8))
            line.at("there")
            self.play(FadeIn(right), run_time=0.4)
            self.play(*self.step_forward(self.right_row), run_time=0.7)
            self.play(FadeIn(self.right_row.sign()), run_time=0.3)
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), run_time=0.3)
            line.at("early")
            self.play(FadeIn(self.failing_row.sign()), run_time=0.3)
            line.at("x", says=place)
            self.play(FadeIn(wrong), run_time=0.4)
            line.at("sign")
            self.play(Pulse(wrong[1], 1.25))

    def slope_at(self, u: float, role: Role) -> VGroup:
        """The slope of h at *u*: a stick along the curve, and its number."""
        outer = QUIZ_GEARS.stages[1]
        height, slope = float(outer(u)), float(outer.slope(u))
        along = self.plot.vector([1, slope])
        along *= 1.15 / np.linalg.norm(along)
        foot = self.plot.at([u, height])
        stick = Stick(role).put(foot - along, foot + along)
        text = rounded(slope, 2).with_sign.replace(MINUS, "-")
        place = (RIGHT * 1.4 + UP * 0.6, 0.25) if role == "error" else (RIGHT + DOWN * 0.45, 0.2)
        label = label_beside(Formula(f"approx {text}", theme.LABEL, role), foot, *place)
        return VGroup(stick, label, dot(foot, role))


class Answer(Machine):
    """The opening picture again: every box knows its slope, and the blame walks back to the dial."""

    def construct(self) -> None:
        machine = self.set_up_machine()
        self.swing.set_value(self.params.turn)
        self.open(machine, self.traces)
        self.slopes = machine.slope_labels()
        with self.line("back") as line:
            self.let_it_run(line.until("knows"))
            self.play(FadeOut(self.traces), self.swing.animate.set_value(0.0), run_time=0.4)
            labels = (FadeIn(label) for label in self.slopes)
            self.play(LaggedStart(*labels, lag_ratio=0.25), run_time=line.until("slope") + 0.6)
        self.carry_back()
        self.test_it()
        self.close()

    def carry_back(self) -> None:
        """From the end to the dial, box by box; above, the product that grows with it."""
        machine = self.machine
        factors = [number(slope, 2) for slope in reversed(machine.slopes)]
        result = equals(machine.products[-1])
        parts = " ".join(f"{{p{index}: times {factor}}}" for index, factor in enumerate(factors, 1))
        product = Formula(
            f"{{p0: {number(machine.products[0], 2)}}} {parts} {{p: {result}}}", role="gradient"
        )
        product.move_to(self.top.center)
        arrows, blames = VGroup(), VGroup(machine.blame(0))
        with self.line("carry") as line:
            line.at("end")
            self.play(FadeIn(blames[0], product.part("p0")), run_time=0.4)
            for box in range(len(factors), 0, -1):
                step = len(factors) - box + 1
                arrow, blame = machine.blame_arrow(step), machine.blame(step)
                seconds = (line.words_left + 0.3) / box
                self.add(arrow)
                self.play(arrow.grow(), Pulse(self.slopes[box - 1], 1.25), run_time=0.5 * seconds)
                self.play(FadeIn(blame, product.part(f"p{step}")), run_time=0.4 * seconds)
                arrows.add(arrow)
                blames.add(blame)
        with self.line("dial") as line:
            line.at("dial")
            self.play(Dim(arrows, *blames[:-1], self.slopes, level=0.4), run_time=0.5)
            line.at("blame", says=machine.products[-1])
            self.play(Pulse(blames[-1], 1.4), FadeIn(product.part("p")), run_time=0.7)
        self.product = product

    def test_it(self) -> None:
        machine, turn = self.machine, self.params.turn
        end = turn * machine.products[-1]
        first, last = machine.turned(machine.dial_place, turn), machine.turned(machine.end_place, end)
        with self.line("proof") as line:
            line.at("turn", says=turn)
            self.play(self.angle.animate.set_value(turn), run_time=0.7)
            self.play(FadeIn(first), run_time=0.3)
            self.let_it_run(line.until("move", says=end))
            self.let_it_run(0.4)
            self.play(FadeIn(last), run_time=0.4)

    def close(self) -> None:
        share = Formula(
            f'frac(dif "end", dif "dial") {equals(self.machine.products[-1])}', theme.FORMULA, "gradient"
        )
        card = closing_card(share, ["multiply along a road", "add where roads meet"], self.top)
        with self.line("close") as line:
            self.play(FadeOut(self.product), run_time=0.3)
            self.play(FadeIn(card[0], card[1]), run_time=0.5)
            line.at("meet")
            self.play(FadeIn(card[2]), run_time=0.4)
            self.play(self.machine.light(1.2))
