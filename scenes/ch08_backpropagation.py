"""Chapter 8, backpropagation: blame that walks back through a graph, box by box, and what the walk costs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from math import isfinite, log10

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UL,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
)
from pydantic import Field, model_validator

from vcalc_anim.core import (
    ComputationGraph,
    compact,
    dense_work,
    forward_difference,
    kept_numbers,
    relu_layer,
    runs_needed,
    typst_number,
)
from vcalc_anim.core.examples.ch08 import (
    DEEP_WIDTHS,
    DIAL_COUNTS,
    LEARNING_RATES,
    RELU_LAYER,
    B,
    Variant,
    W,
    X,
    Y,
    fit_steps,
    loss_graph,
    short_loss,
)
from vcalc_anim.core.graph import Edge, Move
from vcalc_anim.core.primitives import Number
from vcalc_anim.stage import (
    Arrow,
    CountdownRing,
    Dim,
    Formula,
    GraphView,
    LayerBlocks,
    LayerStrip,
    LectureScene,
    Lock,
    LogMeters,
    LoopScene,
    Meter,
    Pulse,
    QuizScene,
    Readout,
    SceneParams,
    StepBars,
    Zone,
    boxed,
    closing_card,
    cross,
    dim,
    opening_card,
    theme,
)
from vcalc_anim.stage.matrix_view import fly

NUDGE, SMALLEST_NUDGE = 0.1, 1e-4  # of w, for the witness
CLEARING = 1.4  # seconds for which a loop shows what it found, and then empties the graph
DETENTS = 100  # of a dial, for one unit: where it may stop while it turns
RULE = '{i: "what arrives"} times {l: "local slope"}'

Matrix = tuple[tuple[float, float], tuple[float, float]]
Pair = tuple[float, float]


def factor(value: float) -> str:
    """A number in a product: in parentheses when it is negative."""
    text = compact(float(value)).typst
    return f"({text})" if text.startswith("-") else text


def carried(pairs: Sequence[tuple[VMobject, np.ndarray]], run_time: float) -> Animation:
    """Copies of numbers fly to places; on their way they may pass over other numbers."""
    flight = fly(pairs, run_time)
    for part in flight.mobject.get_family():
        part.overlaps = True
    return flight


class NumberParams(SceneParams):
    """The numbers that go into L = (wx + b − y)²."""

    w: float = W
    b: float = B
    x: float = X
    y: float = Y

    @property
    def variants(self) -> tuple[Variant, ...]:
        """How the loss is written in the scene, one way after another."""
        return "square", "fanout", "penalty"

    @model_validator(mode="after")
    def stay_finite(self) -> NumberParams:
        """Every value and every blame must be a number that can be shown."""
        for variant in self.variants:
            if not all(isfinite(blame) for blame in self.graph(variant).adjoints().values()):
                raise ValueError("their blame is not finite: the numbers have grown too large")
        return self

    def graph(self, variant: Variant | None = None, **changed: float) -> ComputationGraph:
        """The graph of a run on these numbers, some of them *changed*."""
        numbers = {"w": self.w, "b": self.b, "x": self.x, "y": self.y} | changed
        return ComputationGraph.of(loss_graph(**numbers, variant=variant or self.variants[0]).loss)


class GraphParams(NumberParams):
    """The numbers, and how the last part of the loss is written."""

    variant: Variant = Field("square", description="square, fanout (r times r) or penalty (r² + w²)")

    @property
    def variants(self) -> tuple[Variant, ...]:
        return (self.variant,)


class GraphScene(LectureScene):
    """Base of the scenes on the loss graph: always the same picture, with room above its right part."""

    Params = GraphParams
    said: Formula | None = None  # what stands in the room

    def set_up_graph(self) -> GraphView:
        self.graph = self.params.graph()
        self.view = self.draw(self.graph)
        return self.view

    def draw(self, graph: ComputationGraph) -> GraphView:
        """The graph over the whole stage; two roads on its top row need some room to bow."""
        if self.zones.is_tall:
            return GraphView(graph, self.zones.wide.rows(0.9, 0.1)[0])
        wide = self.zones.wide
        above = 0.0 if len(graph.out_of("w")) == 1 else 0.6
        return GraphView(graph, Zone(wide.left, wide.right, wide.bottom, wide.top - above))

    @property
    def room(self) -> Zone:
        """What the graph leaves free: above everything that comes after the inputs, or below it."""
        wide, boxes = self.zones.wide, {name: view.box for name, view in self.view.nodes.items()}
        if self.zones.is_tall:
            return wide.rows(0.9, 0.1)[1]
        if len(self.graph.out_of("w")) == 1:
            return Zone(boxes["w"].get_right()[0] + 0.4, wide.right, boxes["z"].get_top()[1] + 0.3, wide.top)
        return Zone(
            boxes["y"].get_right()[0] + 0.4, wide.right, wide.bottom, boxes["z"].get_bottom()[1] - 0.9
        )

    def value(self, name: str) -> float:
        """What the box *name* holds."""
        return float(self.graph.node(name).value)

    def blame(self, name: str) -> float:
        """What arrives at the box *name* in the end."""
        return float(self.graph.adjoints()[name])

    def compute(self, name: str, seconds: float) -> None:
        """Values run into the box *name*; its own is there after *seconds*."""
        self.play(self.view.compute(name, run_time=max(seconds, 0.5)))

    def moves(self, *targets: str) -> list[Move]:
        """The moves of the blame out of some boxes, in order; without names out of all that come after r."""
        early = {"z", "a", "r"}
        return [
            move
            for move in self.graph.backward()
            if (move.edge.target in targets if targets else move.edge.target not in early)
        ]

    def show_slopes(self, edges: Sequence[Edge], seconds: float) -> None:
        """The local slopes appear one after another, in *seconds* altogether."""
        for edge in edges:
            self.play(self.view.slopes(edge), run_time=seconds / len(edges))

    def send(self, moves: Sequence[Move], seconds: float) -> None:
        """Pass the blame back, move by move, in *seconds* altogether."""
        for move in moves:
            self.play(self.view.pass_back(move, run_time=seconds / len(moves)))

    def say(self, maths: str, role: theme.Role = "text", **roles: theme.Role) -> None:
        """Write a formula into the room above the graph, instead of the one before."""
        if self.said is not None:
            self.play(FadeOut(self.said), run_time=0.2)
        self.said = self.in_room(Formula(maths, 1.25 * theme.FORMULA, role, **roles))
        self.play(FadeIn(self.said), run_time=0.3)

    def in_room(self, words: Formula) -> Formula:
        """Put *words* into the middle of the room, smaller if they do not fit."""
        return words.scale(min(1.0, self.room.width / words.width)).move_to(self.room.center)

    def be_silent(self) -> None:
        """Take the formula away."""
        if self.said is not None:
            self.play(FadeOut(self.said), run_time=0.2)
            self.said = None


class WrongMachine(GraphScene):
    """Base of the opening and the closing picture."""

    def complaint(self) -> tuple[VMobject, Formula]:
        """The box that tells how wrong the answer was, framed, and by how much in words."""
        off = compact(abs(self.value("r"))).typst
        words = self.in_room(Formula(f'"wrong by" {off}', 1.4 * theme.FORMULA, "error"))
        return boxed(self.view.node("r").box, "error", 0.12), words


class Fault(WrongMachine):
    """The chapter's question: a machine that was wrong, and four numbers that may be at fault."""

    def construct(self) -> None:
        view = self.set_up_graph()
        card = opening_card(self.staging.lecture, self.room)
        self.open(view, card)
        with self.line("machine") as line:
            line.at("left")
            self.play(view.reveal(), run_time=0.6)
            *before, loss = [node.name for node in self.graph.operations]
            seconds = line.until("loss") / len(before)
            for name in before:
                self.compute(name, seconds)
            self.compute(loss, min(1.2, line.left))
        with self.line("wrong") as line:
            self.play(
                FadeOut(card),
                Pulse(view.node("y"), 1.15),
                run_time=line.until("target", says=self.value("y")),
            )
            line.at("answer", says=self.value("a"))
            self.play(Pulse(view.node("a"), 1.15))
            line.at("wrong")
            rim, words = self.complaint()
            self.play(Create(rim), run_time=line.until("off", says=abs(self.value("r"))))
            self.play(FadeIn(words), run_time=0.5)
        with self.line("ask") as line:
            line.at("whose")
            for name in ("w", "x", "b", "y"):
                self.play(FadeIn(view.put_under(name, '"?"')), run_time=0.35)
            line.at("much")
            self.play(*(Pulse(view.node(name).under, 1.5) for name in ("w", "x", "b", "y")))


class Forward(GraphScene):
    """Values run from the inputs to the loss, and every box remembers its own."""

    def construct(self) -> None:
        view = self.set_up_graph()
        self.open(view)
        with self.line("multiply") as line:
            self.play(view.reveal(), run_time=0.5)
            line.at("mul")
            self.play(Pulse(view.node("z"), 1.1))
            self.play(Pulse(view.node("w").value, 1.4), run_time=line.until("w", says=self.value("w")) + 0.4)
            self.play(Pulse(view.node("x").value, 1.4), run_time=line.until("x", says=self.value("x")) + 0.4)
            self.compute("z", line.until("z", says=self.value("z")) + 0.3)
        with self.line("add") as line:
            line.at("add")
            self.compute("a", line.until("a", says=self.value("a")) + 0.3)
        with self.line("compare") as line:
            line.at("sub")
            self.play(Pulse(view.node("y"), 1.12), run_time=line.until("target", says=self.value("y")) + 0.2)
            self.compute("r", line.until("r", says=self.value("r")) + 0.3)
        with self.line("square") as line:
            line.at("square")
            rest = [node.name for node in self.graph.operations if node.name not in ("z", "a", "r")]
            seconds = line.until("loss", says=self.value("L")) + 0.3
            for name in rest:
                self.compute(name, seconds / len(rest))
        with self.line("remember") as line:
            line.at("remembers")
            names = [node.name for node in self.graph.operations]
            glow = [Pulse(view.node(name), 1.12) for name in names]
            self.play(LaggedStart(*glow, lag_ratio=0.35, run_time=1.6))
            line.at("need")
            back = [Pulse(view.node(name).value, 1.4) for name in reversed(names)]
            self.play(LaggedStart(*back, lag_ratio=0.35, run_time=1.6))


class Backward(GraphScene):
    """Blame runs back: at every box, what arrives times the local slope."""

    def construct(self) -> None:
        view = self.set_up_graph().show_values()
        self.open(view)
        with self.line("local") as line:
            line.at("small")
            names = [node.name for node in self.graph.operations]
            self.play(LaggedStart(*(Pulse(view.node(n), 1.1) for n in names), lag_ratio=0.3, run_time=1.8))
            line.at("local")
            self.show_slopes(self.graph.edges, line.left - 0.1)
        with self.line("seed") as line:
            line.at("end")
            self.play(Pulse(view.node("L"), 1.15))
            line.at("one", says=self.blame("L"))
            self.play(view.seed())
        self.through_the_square()
        with self.line("compare") as line:
            to_a, to_y = self.moves("r")
            self.reckon(to_a)
            self.send([to_a], line.until("a", says=to_a.total) + 0.4)
            line.at("sign")
            self.reckon(to_y)
            self.send([to_y], min(1.4, line.left))
        with self.line("add") as line:
            line.at("unchanged")
            to_z, to_b = self.moves("a")
            self.reckon(to_z)
            self.send([to_z], line.until("z", says=to_z.total) + 0.4)
            self.send([to_b], line.until("b", says=to_b.total) + 0.4)
        self.through_the_product()

    def through_the_square(self) -> None:
        moves = self.moves()
        with self.line("square") as line:
            self.play(Pulse(self.view.node("L"), 1.1))
            line.at("slope")
            if len(moves) == 1:  # else the sum under r tells it
                self.reckon(moves[0])
            self.send(moves, line.until("r", says=self.blame("r")) + 0.6)
            if not self.blame("r"):
                self.say('"no blame to pass"')

    def reckon(self, move: Move) -> None:
        """What one box does: what arrives, times its local slope. Nothing is said of no blame at all."""
        if not move.contribution:
            return
        arrives, passed = (compact(float(n)).typst for n in (move.incoming, move.contribution))
        slope = factor(move.edge.local)
        self.say(
            f"{{i: {arrives}}} times {{l: {slope}}} = {{o: {passed}}}", i="gradient", o="gradient", l="quiet"
        )

    def through_the_product(self) -> None:
        view = self.view
        to_w, to_x = self.moves("z")
        with self.line("guess") as line:
            if self.blame("r"):
                self.be_silent()
            line.at("five", says=to_w.incoming)
            self.play(Pulse(view.node("z").under, 1.5))
            line.at("w")
            self.play(FadeIn(view.put_under("w", '"?"')), run_time=0.4)
        with self.line("think") as line:
            ring = CountdownRing(self.room.center, radius=0.5)
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)
        with self.line("product") as line:
            line.at("ten", says=to_w.contribution)
            self.reckon(to_w)
            self.send([to_w], 1.4)
            line.at("x", says=to_x.contribution)
            self.reckon(to_x)
            self.send([to_x], 1.4)
            line.at("other")
            self.play(Pulse(view.node("w").value, 1.4), Pulse(view.node("x").value, 1.4))
        with self.line("rule") as line:
            line.at("job")
            if self.blame("r"):
                self.say(RULE, i="gradient", l="quiet")
            line.at("else")
            names = [node.name for node in reversed(self.graph.operations)]
            self.play(LaggedStart(*(Pulse(view.node(n), 1.1) for n in names), lag_ratio=0.3, run_time=1.6))


class BackwardLoop(LoopScene, Backward):
    """Values run in, blame runs back, and the graph is empty again."""

    def construct(self) -> None:
        moves = self.set_up_graph().graph.backward()
        view = self.view.show_values()
        for edge in view.edges:
            edge.add(edge.label)
        self.add(view.show_blame(moves))
        targets = list(dict.fromkeys(move.edge.target for move in moves))
        operations = [node.name for node in self.graph.operations]
        with self.once_around() as line:
            self.hold(0.5 * CLEARING)
            shown = VGroup(view.take_values(), view.take_slopes())
            self.play(FadeOut(shown), UpdateFromAlphaFunc(view, self.rims_fade), run_time=0.5 * CLEARING)
            step = (line.left - 0.5 * CLEARING) / (len(operations) + len(targets) + 1.5)
            self.play(view.reveal(), run_time=0.75 * step)
            for name in operations:
                self.play(view.compute(name), run_time=step)
            self.play(view.slopes(), view.seed(), run_time=0.75 * step)
            for target in targets:
                arriving = [move for move in moves if move.edge.target == target]
                twins = [move for move in arriving if not move.first]  # they are added to what is there
                self.play(*(view.pass_back(m) for m in arriving if m not in twins), run_time=step)
                for move in twins:
                    self.play(view.pass_back(move), run_time=step)

    def rims_fade(self, _: VMobject, share: float) -> None:
        paint = theme.color("function").interpolate(theme.color("frozen"), share)
        for node in self.view.nodes.values():
            node.box.set_stroke(paint)


class Witness(GraphScene):
    """A nudge of w, divided out, agrees with the blame at w; but it asks about w only."""

    class Params(GraphParams):
        nudge: float = Field(NUDGE, gt=1e-3, le=1, description="the first nudge of w")
        smallest: float = Field(SMALLEST_NUDGE, ge=1e-6, le=1e-3, description="the last nudge of w")

    def construct(self) -> None:
        view = self.set_up_graph().show_values().show_blame(self.graph.backward())
        self.log_nudge = ValueTracker(log10(self.params.nudge))
        self.open(view)
        numbers = self.readouts()
        with self.line("doubt") as line:
            line.at("ten", says=self.blame("w"))
            self.play(Pulse(view.node("w").under, 1.5))
            line.at("machine")
            self.leave_the_claim()
        with self.line("nudge") as line:
            self.play(FadeIn(numbers[0]), run_time=line.until("nudge", says=self.params.nudge))
            line.at("again")
            self.vary("w", 0.0, self.params.nudge, line.until("change", says=self.change()))
            self.play(FadeIn(numbers[1]), run_time=0.4)
        with self.line("divide") as line:
            self.play(FadeIn(numbers[2]), run_time=line.until("first", says=self.quotient()))
            self.play(Pulse(numbers[2], 1.08))
        with self.line("shrink") as line:
            line.at("smaller")
            self.shrink(line.until("ten", says=self.blame("w")))
            line.at("right")
            self.play(Pulse(numbers[2], 1.08), Pulse(view.node("w").under, 1.4))
        with self.line("cost") as line:
            line.at("single")
            self.play(Dim(numbers, level=0.4), Pulse(view.node("w"), 1.1))
            line.at("run")
            for name in ("b", "x", "y"):
                self.vary(name, 0.0, self.params.nudge, 0.55)
                self.vary(name, self.params.nudge, 0.0, 0.25)
            line.at("all")
            view.show_blame(self.graph.backward())
            self.play(*(FadeIn(node.under) for node in view.nodes.values()), run_time=0.7)

    def leave_the_claim(self) -> None:
        """All blame goes but the one at w, which is in question."""
        claim = self.view.node("w").under
        gone = self.view.take_under().remove(claim)
        self.view.show_values()
        self.view.node("w").put_under(claim)
        self.play(FadeOut(gone), run_time=0.5)

    def vary(self, name: str, start: float, end: float, seconds: float) -> None:
        """Turn one number from a nudge of *start* to one of *end*, and run the machine all the while."""
        before = getattr(self.params, name)

        def turn(_: VMobject, share: float) -> None:
            self.view.update_values(self.params.graph(**{name: before + start + (end - start) * share}))

        self.play(UpdateFromAlphaFunc(self.view, turn), run_time=seconds)

    def shrink(self, seconds: float) -> None:
        def turn(_: VMobject) -> None:
            self.view.update_values(self.params.graph(w=self.params.w + self.nudge))

        self.view.add_updater(turn)
        self.play(self.log_nudge.animate.set_value(log10(self.params.smallest)), run_time=seconds)
        self.view.clear_updaters()

    def readouts(self) -> VGroup:
        x, top = self.room.left + 0.62 * self.room.width, self.room.top - 0.35
        rows = (
            Readout('"nudge of" w', lambda: self.nudge, 4, cells=7, role="step"),
            Readout('"change of" L', lambda: self.change(), 4, cells=7, role="function"),
            Readout('"change" slash "nudge"', lambda: self.quotient(), 3, cells=7, role="gradient"),
        )
        return VGroup(*(row.place(x, top - 0.75 * index) for index, row in enumerate(rows)))

    @property
    def nudge(self) -> float:
        return float(10 ** self.log_nudge.get_value())

    def change(self) -> float:
        return self.quotient() * self.nudge

    def quotient(self) -> float:
        return forward_difference(
            lambda w: float(self.params.graph(w=w).output.value), self.params.w, self.nudge
        )


class Fork(GraphScene):
    """A value that is used twice is blamed twice, and the two add up."""

    Params = NumberParams

    def construct(self) -> None:
        self.square, self.fanout, self.penalty = map(self.params.graph, self.params.variants)
        self.view = self.draw(self.square).show_values()
        self.open(self.view)
        self.split_the_square()
        self.add_at_the_fork()
        self.forget_to_add()
        self.give_w_a_second_job()

    def change_graph(self, graph: ComputationGraph) -> None:
        """The same picture, but for what is written and drawn between r and the loss."""
        self.graph, old = graph, self.view
        self.view = self.draw(graph).show_values()
        self.blend(old, [*(e for e in old.edges if e.edge.source == "r"), old.node("L")], 1.0, 0.0)
        self.remove(old)
        self.blend(
            self.view, [*(e for e in self.view.edges if e.edge.source == "r"), self.view.node("L")], 0.0, 1.0
        )

    def blend(self, view: GraphView, parts: Sequence[VMobject], start: float, end: float) -> None:
        """Some parts of a graph come or go; they stay parts of it."""

        def fade(_: VMobject, share: float) -> None:
            for part in parts:
                dim(part, start + (end - start) * share)

        fade(view, 0.0)
        self.play(UpdateFromAlphaFunc(view, fade), run_time=0.5)

    def split_the_square(self) -> None:
        with self.line("twice") as line:
            line.at("times")
            self.change_graph(self.fanout)
            line.at("leave")
            roads = [self.view.edge("r", "L", which) for which in (0, 1)]
            self.play(*(Pulse(road, 1.15) for road in roads))
            self.play(self.view.slopes(*(road.edge for road in roads)), run_time=0.5)

    def add_at_the_fork(self) -> None:
        first, second, *rest = self.graph.backward()
        with self.line("back") as line:
            self.play(self.view.seed(), run_time=0.4)
            self.send([first], line.until("half", says=first.contribution) + 0.3)
            line.at("add")
            self.send([second], line.until("sum", says=second.total) + 0.6)
            self.add_up(second)
        with self.line("rule") as line:
            line.at("twice")
            self.play(Pulse(self.view.node("r").under, 1.5))
            line.at("add")
            self.play(self.view.slopes(*(move.edge for move in rest)), run_time=0.3)
            self.send(rest, line.left - 0.2)

    def forget_to_add(self) -> None:
        forgetful = self.graph.backward(overwrite=True)
        at_w = next(move for move in forgetful if move.edge.source == "w")
        right = self.graph.adjoints()["w"]
        with self.line("forget") as line:
            line.at("forget")
            self.be_silent()
            gone = self.view.take_under()
            self.view.show_values()
            self.play(FadeOut(gone), run_time=0.3)
            self.play(self.view.seed(), run_time=0.2)
            needed = [m for m in forgetful if m.edge.target in ("L", "r", "a", "z")]
            needed = [m for m in needed if m.edge.source not in ("x", "b", "y")]
            self.send(needed, line.until("wrong", says=at_w.total) + 0.3)
            node = self.view.node("w")
            sign = cross(node.under.get_right() + RIGHT * 0.45)
            self.play(FadeIn(sign), run_time=0.3)
            self.wrong_sign = sign
            line.at("right", says=right)
            self.play(Pulse(node.under, 1.3))

    def give_w_a_second_job(self) -> None:
        with self.line("penalty") as line:
            self.play(FadeOut(self.view, self.wrong_sign), run_time=0.3)
            self.graph = self.penalty
            self.view = self.draw(self.penalty).show_values()
            self.play(FadeIn(self.view), run_time=0.5)
            line.at("job")
            self.play(*(Pulse(self.view.view(e), 1.1) for e in self.graph.out_of("w") if e.target != "z"))
            self.play(self.view.slopes(), self.view.seed(), run_time=0.5)
        *before, last = [move for move in self.graph.backward() if move.edge.source not in ("x", "b", "y")]
        with self.line("sum") as line:
            from_penalty = last.total - last.contribution
            fine = [move for move in before if move.edge.source == "w" or move.edge.target == "L"]
            rest = [move for move in before if move not in fine]
            self.send(fine, line.until("three", says=from_penalty) + 0.3)
            self.send(rest, line.until("ten", says=last.contribution))
            self.send([last], line.until("total", says=last.total) + 0.8)
            self.add_up(last)

    def add_up(self, move: Move) -> None:
        """What had arrived before *move*, and what it brought."""
        before, came, total = (
            compact(float(n)).typst for n in (move.total - move.contribution, move.contribution, move.total)
        )
        self.say(f"{before} + {came} = {total}", "gradient")


class Use(GraphScene):
    """Both dials turn against their blame: at a small rate the loss falls to a quarter, at a large one it grows."""

    class Params(SceneParams):
        alpha: float = Field(LEARNING_RATES[0], gt=0, le=1, description="the learning rate")
        bounce: float = Field(LEARNING_RATES[1], ge=0, le=1, description="the second learning rate")
        away: float = Field(LEARNING_RATES[2], ge=0, le=1, description="the third learning rate")
        steps: int = Field(3, ge=2, le=4, description="how many steps are taken with the second and third")

    def construct(self) -> None:
        self.lay_out()
        self.open(self.view)
        self.name_the_dials()
        with self.line("first") as line:
            self.step(line.until("quarter", says=self.run[1].loss / self.run[0].loss))
        with self.line("second") as line:
            line.at("blame")
            self.step(line.until("again") + 0.5)
        with self.line("bounce") as line:
            self.start_over(
                self.params.bounce, line.until("four", says=self.params.bounce / self.params.alpha)
            )
            line.at("far")
            self.step(line.until("same"))
            self.step_on(line.left)
        with self.line("grow") as line:
            self.start_over(self.params.away, 0.8)
            self.step(line.until("worse") + 0.3)
            line.at("far")
            self.step_on(line.left)

    def lay_out(self) -> None:
        self.graph = ComputationGraph.of(loss_graph().loss)
        self.view = self.draw(self.graph).show_values().show_blame(self.graph.backward())
        left, right = self.room.columns(1, 1.2, gap=0.6)
        self.load(self.params.alpha)
        self.bars = StepBars(right, 1.25 * self.run[0].loss, self.params.steps)
        self.bars.settle(self.run[0].loss)
        self.rule = Formula(
            "w arrow.l w - {a: alpha} {g: frac(partial L, partial w)}", a="step", g="gradient"
        )
        self.rule.move_to(left.center).set_y(left.top, UP)
        self.rate_shown = Readout("alpha", lambda: self.rate, 2, cells=4, role="step")
        self.rate_shown.place(left.center[0] - 0.5, left.bottom + 0.1)

    def load(self, rate: float) -> None:
        self.rate, self.run, self.count = rate, fit_steps(rate, self.params.steps), 0

    def name_the_dials(self) -> None:
        with self.line("dials") as line:
            line.at("given")
            boxes = [self.view.node(name).box for name in ("x", "y")]
            locks = [Lock(box.get_corner(UL) + np.array([0.3, -0.27, 0]), 0.42) for box in boxes]
            for part in (part for lock in locks for part in lock.get_family()):
                part.stays = True  # given numbers stay given
            self.play(FadeIn(*locks), run_time=0.3)
            self.play(*(lock.close() for lock in locks))
            line.at("dials")
            rims = [self.view.node(name).box.copy().set_fill(opacity=0) for name in ("w", "b")]
            for rim in rims:
                rim.set_stroke(theme.color("step"), 1.3 * theme.STICK)
            self.play(*(Create(rim) for rim in rims), run_time=0.6)
            self.picture = VGroup(self.view, *locks, *rims, self.bars)
            line.at("against")
            self.play(FadeIn(self.rule, self.rate_shown, self.bars), run_time=0.6)

    def step(self, seconds: float) -> None:
        """Both dials turn, and the machine runs forward and back all the while; then the new loss is written down."""
        if self.count == self.params.steps:
            return
        here, there = self.run[self.count : self.count + 2]

        def turn(_: VMobject, share: float) -> None:
            dials = (
                Fraction(round(DETENTS * (start + (end - start) * share)), DETENTS)
                for start, end in ((here.w, there.w), (here.b, there.b))
            )
            self.show_run(*dials)
            self.bars.follow(float(self.graph.output.value))

        self.play(UpdateFromAlphaFunc(self.picture, turn), run_time=max(seconds - 0.25, 0.4))
        self.count += 1
        self.show_run(there.w, there.b)
        self.play(FadeIn(self.bars.settle(there.loss)[1:]), run_time=0.25)

    def show_run(self, w: Number, b: Number) -> None:
        """The machine has run forward and back with these dials; in fractions, nothing is lost near zero."""
        self.graph = ComputationGraph.of(loss_graph(w, b, Fraction(X), Fraction(Y)).loss)
        self.view.update_values(self.graph)
        self.view.show_blame(self.graph.backward())

    def step_on(self, seconds: float) -> None:
        """Take the steps that are left in *seconds*."""
        left = self.params.steps - self.count
        for _ in range(left):
            self.step((seconds - 0.2) / left)

    def start_over(self, rate: float, seconds: float) -> None:
        """Stand at the start again, with another learning rate."""
        self.load(rate)
        self.play(FadeOut(self.bars.clear()), run_time=0.3)
        self.show_run(self.run[0].w, self.run[0].b)
        first = self.bars.settle(self.run[0].loss)
        self.play(FadeIn(first), Pulse(self.rate_shown, 1.3), run_time=max(seconds - 0.3, 0.3))


class Layer(LectureScene):
    """Forward on top, the blame below it: every block's blame has the block's shape, and a shut gate passes none."""

    class Params(SceneParams):
        weights: Matrix = tuple(map(tuple, RELU_LAYER.weights.tolist()))
        x: Pair = tuple(RELU_LAYER.x.tolist())
        upstream: Pair = Field(tuple(RELU_LAYER.upstream.tolist()), description="the blame at h")

    def construct(self) -> None:
        self.layer = relu_layer(self.params.weights, self.params.x, self.params.upstream)
        self.blocks = blocks = LayerBlocks(self.layer, self.zones.wide)
        self.open(*blocks.named("x", "weights"), blocks.ghosts)
        self.mix()
        self.close_the_gate()
        self.bring_blame()
        self.spread()
        self.send_down()
        self.forget_the_gate()
        with self.line("three") as line:
            self.remember_the_gate()
            line.at("in")
            self.play(Pulse(VGroup(blocks.arriving, blocks.upstream), 1.1), run_time=0.6)
            line.at("stays")
            self.play(Pulse(blocks.weight_blame, 1.12), run_time=0.6)
            line.at("on")
            self.play(Pulse(VGroup(blocks.leaving, blocks.x_blame), 1.1), run_time=0.6)

    def mix(self) -> None:
        blocks = self.blocks
        with self.line("mix") as line:
            line.at("blocks")
            self.play(*(Pulse(VGroup(*blocks.named(word)), 1.1) for word in ("x", "weights")))
            line.at("mixes")
            self.play(FadeIn(*blocks.named("sums")), run_time=0.4)
            self.mix_row(0, line.until("shut", says=self.layer.sums[0]))
            self.mix_row(1, line.until("open", says=self.layer.sums[1]))

    def mix_row(self, row: int, seconds: float) -> None:
        """One row of the weights meets the inputs, and its sum is there when *seconds* are over."""
        blocks, work = self.blocks, self.blocks.sum_of(row)
        lit = (blocks.weights, blocks.weights.row(row)), (blocks.x, blocks.x.column(0))
        lights = [board.light(cells, "function") for board, cells in lit]
        self.play(*lights, FadeIn(work), run_time=0.6 * seconds)
        total = blocks.put("sums", (row, 0), self.layer.sums[row])
        self.play(FadeIn(total, shift=RIGHT * 0.3), run_time=0.4 * seconds)
        self.play(*(board.darken(cells) for board, cells in lit), FadeOut(work), run_time=0.3)

    def close_the_gate(self) -> None:
        blocks, outputs = self.blocks, self.layer.outputs
        with self.line("gate") as line:
            line.at("gate")
            self.play(FadeIn(*blocks.named("gate", "outputs")), run_time=0.6)
            self.play(
                carried([(blocks.sums.number(i, 0), blocks.outputs.place(i, 0)) for i in blocks.open], 0.9)
            )
            passed = [blocks.put("outputs", (i, 0), outputs[i]) for i in blocks.open]
            self.play(FadeIn(VGroup(*passed)), run_time=0.3)
            line.at("closed", says=self.layer.sums[0])
            line.at("shut")
            self.play(blocks.gate.shut(blocks.shut))
            line.at("dark")
            stopped = [blocks.put("outputs", (i, 0), outputs[i], "frozen") for i in blocks.shut]
            self.play(
                FadeIn(VGroup(*stopped)), Dim(*(blocks.sums.number(i, 0) for i in blocks.shut), level=0.5)
            )

    def bring_blame(self) -> None:
        blocks = self.blocks
        with self.line("back") as line:
            line.at("next")
            self.play(blocks.arriving.grow(0.5))
            self.play(FadeIn(*blocks.named("upstream"), shift=0.4 * LEFT), run_time=0.6)
            self.play(FadeIn(*blocks.named("gate_back"), blocks.delta), run_time=0.5)
            line.at("nothing")
            self.play(blocks.gate_back.shut(blocks.shut, dark="left"))
            self.play(
                carried([(blocks.upstream.number(i, 0), blocks.delta.place(i, 0)) for i in blocks.open], 0.9)
            )
            left = [blocks.put("delta", (i, 0), value) for i, value in enumerate(self.layer.delta)]
            self.play(FadeIn(*left), run_time=0.3)
            line.at("delta")
            self.play(FadeIn(blocks.names["delta"]), Pulse(blocks.delta, 1.12), run_time=0.6)

    def spread(self) -> None:
        """Every cell is delta of its row times the input of its column."""
        blocks, table = self.blocks, self.layer.weight_gradient
        with self.line("spread") as line:
            self.play(FadeIn(*blocks.named("weight_blame")), run_time=0.5)
            line.at("times")
            seconds = max(line.until("same"), 1.6) / table.size
            for i, j in np.ndindex(table.shape):
                place = blocks.weight_blame.place(i, j)
                factors = [(blocks.delta.number(i, 0), place), (blocks.x.number(j, 0), place)]
                self.play(carried(factors, 0.65 * seconds))
                self.play(FadeIn(blocks.put("weight_blame", (i, j), table[i, j])), run_time=0.35 * seconds)
            line.at("same")
            self.play(Pulse(blocks.weights, 1.1), Pulse(blocks.weight_blame, 1.1))

    def send_down(self) -> None:
        """Every entry is a column of the weights, times delta."""
        blocks = self.blocks
        with self.line("down") as line:
            line.at("before")
            self.play(FadeIn(*blocks.named("x_blame")), run_time=0.4)
            line.at("flipped")
            for j, value in enumerate(self.layer.input_gradient):
                lit = (blocks.weights, blocks.weights.column(j)), (blocks.delta, blocks.delta.column(0))
                self.play(*(board.light(cells, "gradient") for board, cells in lit), run_time=0.25)
                self.play(FadeIn(blocks.put("x_blame", (j, 0), value), shift=0.4 * LEFT), run_time=0.4)
                self.play(*(board.darken(cells) for board, cells in lit), run_time=0.25)
            self.play(blocks.leaving.grow(0.5))

    def forget_the_gate(self) -> None:
        """What the formula without a gate says of the first row, and what a nudge of that row does: nothing."""
        hatch, numbers, sign = self.blocks.mistake()
        wrong = self.layer.ungated_weight_gradient[0]
        with self.line("forgot") as line:
            self.play(FadeOut(*self.first_row()), run_time=0.2)
            self.play(FadeIn(hatch), run_time=0.2)
            self.play(FadeIn(numbers[0]), run_time=line.until("two", says=wrong[0]))
            self.play(FadeIn(numbers[1]), run_time=line.until("three", says=wrong[1]))
            line.at("nudge")
            self.nudge_the_first_weight(line.until("move"))
            self.play(FadeIn(sign), Pulse(self.blocks.outputs, 1.12))
        self.mistake = hatch, numbers, sign

    def remember_the_gate(self) -> None:
        hatch, numbers, sign = self.mistake
        self.play(FadeOut(numbers, sign), run_time=0.2)
        self.play(FadeOut(hatch), run_time=0.2)
        self.play(FadeIn(*self.first_row()), run_time=0.3)

    def first_row(self) -> list[VMobject]:
        return [self.blocks.weight_blame.number(*cell) for cell in self.blocks.weight_blame.row(0)]

    def nudge_the_first_weight(self, seconds: float) -> None:
        """The weight goes up and down, its sum with it; what leaves the gate is computed anew all the time."""
        nudge = ValueTracker(0.0)
        boards = {"weights": self.blocks.weights, "sums": self.blocks.sums, "outputs": self.blocks.outputs}

        def now(name: str) -> float:
            weights = np.array(self.params.weights)
            weights[0, 0] += nudge.get_value()
            return float(np.ravel(getattr(relu_layer(weights, self.params.x, self.params.upstream), name))[0])

        rolling = VGroup()
        for name, board in boards.items():
            still = board.number(0, 0)
            readout = Readout(None, partial(now, name), 1, cells=4, size=board.type_size, role=still.role)
            rolling.add(readout.move_to(board.place(0, 0)))
            still.save_state().set_opacity(0)
        self.add(rolling)
        self.play(nudge.animate.set_value(0.5), run_time=0.5 * seconds)
        self.play(nudge.animate.set_value(0.0), run_time=0.5 * seconds)
        self.remove(rolling)
        for board in boards.values():
            board.number(0, 0).restore()


class Bill(LectureScene):
    """Runs forward: one for every dial, or about two for all of them; the price is memory."""

    class Params(SceneParams):
        most: int = Field(DIAL_COUNTS[-1], ge=100, le=10**9, description="the largest number of dials")
        depth: int = Field(len(DEEP_WIDTHS) - 1, ge=2, le=80, description="layers of the deep network")
        width: int = Field(DEEP_WIDTHS[0], ge=1, le=100_000, description="numbers in each layer")

    def construct(self) -> None:
        widths = (self.params.width,) * (self.params.depth + 1)
        self.work, self.kept = dense_work(widths), kept_numbers(widths)
        self.lay_out()
        self.open(self.meters.axis, self.strip, self.caption)
        nudges, walk = self.meters.rows
        with self.line("clock") as line:
            line.at("forward")
            self.play(self.strip.run("function", 1.3))
            line.at("dial")
            self.play(FadeIn(nudges, self.dials), run_time=0.5)
        few, many, most = DIAL_COUNTS[0], DIAL_COUNTS[1], self.params.most
        with self.line("ten") as line:
            self.play(self.grow(few), run_time=line.until("ten", says=few))
            line.at("worse")
            self.play(FadeIn(walk), run_time=0.5)
        with self.line("race") as line:
            line.at("more")
            self.play(self.grow(many), run_time=line.until("thousand", says=many) + 0.3)
            self.play(self.grow(most), run_time=line.until("million", says=most) + 0.6)
            line.at("not")
            self.play(Pulse(walk[2], 1.15))
        with self.line("two") as line:
            self.play(self.strip.run("function", 1.0))
            self.play(self.strip.run("gradient", self.work.ratio, back=True))
            line.at("two", says=self.work.ratio)
            self.play(Pulse(walk[1][1], 1.1))
        with self.line("memory") as line:
            line.at("memory")
            self.play(FadeIn(self.memory), Dim(self.meters, self.dials, level=0.35), run_time=0.4)
            line.at("keep")
            self.play(self.strip.run("function", line.left - 0.1, keep=True))
        with self.line("release") as line:
            line.at("back")
            self.play(self.strip.run("gradient", line.words_left, back=True, keep=False))
            self.play(Dim(self.meters, self.dials, level=1))

    def lay_out(self) -> None:
        top, bottom = self.zones.wide.rows(0.64, 0.36, gap=0.3)
        head, body = top.rows(0.17, 0.83, gap=0.1)
        self.log_dials = ValueTracker(0.0)
        self.meters = LogMeters(
            body,
            [
                Meter("a nudge for every dial", ((lambda: self.nudging_runs(), "step"),)),
                Meter(
                    "forward, and the walk back",
                    ((lambda: 1.0, "function"), (lambda: self.walking_runs(), "gradient")),
                    decimals=2,
                ),
            ],
            self.params.most,
            "runs forward (log scale)",
        )
        self.dials = Readout('"dials"', lambda: self.dial_count(), 0, cells=7).place(
            head.left + 1.3, head.bottom + 0.2
        )
        strip, note = bottom.rows(0.72, 0.28, gap=0.1)
        self.strip = LayerStrip(strip, self.params.depth)
        layers, width = (typst_number(n, 0) for n in (self.params.depth, self.params.width))
        self.caption = Formula(f'{layers} "layers of" {width}', theme.SMALL, "quiet")
        self.caption.set_x(note.left + self.caption.width / 2).align_baseline(note.bottom + 0.12)
        self.memory = Readout('"numbers kept"', lambda: self.kept_now(), 0, cells=7, role="function")
        self.memory.place(note.right - 2.8, note.bottom + 0.12)

    def grow(self, dials: int) -> object:
        return self.log_dials.animate.set_value(log10(dials))

    def dial_count(self) -> int:
        return round(10 ** self.log_dials.get_value())

    def nudging_runs(self) -> float:
        return runs_needed(self.dial_count())["nudges"]

    def walking_runs(self) -> float:
        return 1 + self.work.ratio

    def kept_now(self) -> int:
        return self.kept[round(self.strip.kept)]


class Quiz(QuizScene):
    """Without the forward values there are no local slopes, and the blame is stuck at the loss."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.47, 0.53, gap=0.5)
        graph = ComputationGraph.of(short_loss())
        view = GraphView(graph, picture).show_values()
        self.open(self.lay_out(words), view)
        with self.line("ask") as line:
            line.at("cheaper")
            self.play(Pulse(view.node("L"), 1.15))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        back = graph.backward()
        shared = next(move for move in back if move.edge.source == "z")
        behind = [move for move in back if move.edge.target == "z"]
        with self.line("answer") as line:
            self.play(*self.step_forward(self.right_row), FadeIn(self.right_row.sign()), run_time=0.6)
            self.play(view.slopes(), view.seed(), run_time=0.4)
            line.at("once")
            self.play(view.pass_back(shared, run_time=1.2))
            line.at("behind")
            self.play(*(view.pass_back(move, run_time=1.4) for move in behind))
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), FadeOut(view.take_under()), run_time=0.4)
            line.at("forward")
            self.play(*(Pulse(node, 1.1) for node in view.nodes.values()))
            line.at("erase")
            self.play(FadeOut(view.take_values()), run_time=0.7)
            line.at("gone")
            self.play(FadeOut(view.take_slopes()), run_time=0.6)
            self.play(view.seed(), FadeIn(self.failing_row.sign()), run_time=0.4)
            roads = [view.view(edge).path for edge in graph.into("L")]
            self.play(FadeIn(*(cross(road.point_from_proportion(0.6)) for road in roads)), run_time=0.4)


class Answer(WrongMachine):
    """The opening picture again, now answered: one run forward, one walk back, and every number knows its share."""

    def construct(self) -> None:
        view = self.set_up_graph()
        view.show_values()
        inputs = [node.name for node in self.graph.inputs]
        operations = [node.name for node in self.graph.operations]
        for name in inputs:
            view.put_under(name, '"?"')
        rim, words = self.complaint()
        self.open(view, rim, words)
        with self.line("back") as line:
            line.at("wrong")
            self.play(*(Pulse(view.node(name).under, 1.6) for name in inputs))
            line.at("off", says=abs(self.value("r")))
            self.play(Pulse(words, 1.1))
        with self.line("forward") as line:
            self.play(FadeOut(rim, words), run_time=0.3)
            glow = [Pulse(view.node(name), 1.12) for name in operations]
            self.play(LaggedStart(*glow, lag_ratio=0.4, run_time=line.left - 0.1))
        rule = Formula(RULE, i="gradient", l="quiet")
        words = closing_card(rule, ["add where roads join"], self.room)
        with self.line("walk") as line:
            line.at("back")
            self.play(view.seed(), run_time=0.3)
            moves = self.graph.backward()
            early = sum(move.edge.target in operations[1:] for move in moves)
            self.play(FadeIn(words[0]), run_time=0.3)
            self.send(moves[:early], line.until("join"))
            self.play(FadeIn(words[1]), run_time=0.3)
            self.send(moves[early:], line.left - 0.1)
        with self.line("share") as line:
            line.at("share")
            self.play(*(Pulse(view.node(name).under, 1.6) for name in inputs))
            line.at("turn")
            turns = [self.turn(name) for name in ("w", "b")]
            self.play(*(turn.grow(0.8) for turn in turns))

    def turn(self, name: str) -> Arrow:
        """Beside a dial, the way against its blame: down where the blame is positive."""
        way = 0.17 * np.sign(self.blame(name)) * DOWN
        place = self.view.node(name).under.get_right() + 0.35 * RIGHT
        return Arrow(place - way, place + way, "step", tip=0.24)
