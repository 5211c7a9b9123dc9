"""A computation graph as a picture: boxes with values that run forward, and blame that runs back along the edges.

Every chapter that shows a graph shows this one. It is drawn from the core's :class:`ComputationGraph`: the
longest way to the output decides a box's column, values and blame are the core's, and so is the order of the light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from manim import (
    RIGHT,
    UP,
    Animation,
    RoundedRectangle,
    VGroup,
    VMobject,
    config,
    linear,
    smooth,
)

from vcalc_anim.core import ComputationGraph, compact
from vcalc_anim.core.graph import Edge, Move, Node
from vcalc_anim.core.provenance import quoting
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.marks import Arrow, Point
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset, pixels
from vcalc_anim.stage.zones import Zone

_WIDEST = "approx -123.46"  # what a box must hold
_PAD = 0.16
_GAP = 0.55  # the shortest edge between two columns
_BOW = 0.45  # how far two edges between the same boxes bend apart
_APART = 0.2  # and how far apart they leave, as a share of the box
_BESIDE = 0.3  # from an edge to the middle of its label
_LEAVE, _ARRIVE = 0.12, 0.88  # shares of a journey in which the travelling number appears and vanishes
_RUN = 0.7  # share of a step in which the number travels; in the rest it settles
_ADDED = 0.75  # share of that rest in which a second arrival is written as a sum


class NodeView(VGroup):
    """One box: its formula above, its value below; what belongs to it from outside stands under the box."""

    def __init__(self, node: Node, width: float, size: float) -> None:
        super().__init__()
        self.node = node
        self._size = size
        for header_size in (0.8 * size, theme.SMALL, theme.MINIMUM):
            self.header = Formula(node.formula, header_size, "text")
            if self.header.width <= width - _PAD:
                break
        height = pixels(0.8 * size) * 0.75 + pixels(size) * 0.7 + 3.4 * _PAD
        self.box = RoundedRectangle(
            corner_radius=0.14,
            width=max(width, self.header.width + _PAD),
            height=height,
            stroke_color=theme.color("frozen"),
            stroke_width=theme.LINE,
            fill_color=theme.color("panel"),
            fill_opacity=1,
        )
        self.header.move_to(self.box).align_baseline(self.box.get_top()[1] - _PAD - pixels(0.8 * size) * 0.7)
        self.value: Typeset | None = None
        self.under: Typeset | None = None
        self.add(self.box, self.header)

    def number(self, value: float, decimals: int, role: Role = "function") -> Typeset:
        """*value* as it stands in the box."""
        return number(value, decimals, self._size, role)

    def put_value(self, value: Typeset) -> None:
        """Show *value* in the box instead of what it held."""
        if self.value is not None:
            self.remove(self.value)
        value.set_x(self.box.get_x()).align_baseline(self.box.get_bottom()[1] + _PAD * 1.1)
        self.value = value
        self.add(value)

    def put_under(self, text: Typeset) -> None:
        """Show *text* under the box instead of what stood there."""
        if self.under is not None:
            self.remove(self.under)
        self.place_under(text)
        self.under = text
        self.add(text)

    def place_under(self, text: Typeset) -> Typeset:
        """Move *text* to its place under the box."""
        bottom = self.box.get_bottom()[1] - _PAD * 0.9 - pixels(self._size) * 0.7
        text.align_baseline(bottom)
        if _is_tall():  # edges leave downwards there
            side = -1 if self.box.get_x() < 0 else 1
            return text.set_x(self.box.get_x() + side * (text.width / 2 + _PAD))
        return text.set_x(self.box.get_x())


class EdgeView(VGroup):
    """One edge: the quiet line, the values and the blame that have run along it, and its local slope as a label."""

    def __init__(self, edge: Edge, path: VMobject, clear: tuple[float, float]) -> None:
        """*clear*: from the line up, and down, to where a label too wide for the gap is clear of boxes and blame."""
        super().__init__()
        self.edge = edge
        self.path = path.set_stroke(theme.color("frozen"), theme.LINE)
        self.values, self.blame = (
            VMobject(stroke_width=theme.STICK, stroke_color=theme.color(role))
            for role in ("function", "gradient")
        )
        self.tip: Arrow | None = None
        self.add(self.path, self.values, self.blame)
        self.label = Formula(f"times {_signed(edge.local)}", theme.SMALL, "quiet")
        self._place_label(clear)
        self.label.halo()

    def _place_label(self, clear: tuple[float, float]) -> None:
        start, end = self.path.get_start(), self.path.get_end()
        along = end - start
        middle = self.path.point_from_proportion(0.5)
        bend = middle - (start + end) / 2
        if abs(along[1]) < 1e-6 or np.linalg.norm(bend) > 1e-6:  # level or bowed: outside the bow
            above, lift = (-1.0, clear[1]) if bend[1] < -1e-6 else (1.0, clear[0])
            wide = self.label.width > 0.95 * abs(along[0])
            away = max(lift if wide else 0.0, abs(bend[1]) + self.label.height / 2 + _BESIDE / 2)
            self.label.move_to((start + end) / 2 + np.array([0.0, above * away, 0.0]))
        else:  # beside a rising edge nearer to its source, clear of what stands under the boxes
            near = self.path.point_from_proportion(0.5 if along[1] < 0 else 0.38)
            self.label.move_to(near).shift(np.array([self.label.width / 2 + _BESIDE, 0.0, 0.0]))

    def point_at_slope(self, strength: float) -> None:
        """Colour the label of the local slope: 0 is quiet, 1 as bright as the blame that passes it."""
        quiet, bright = theme.color("quiet"), theme.color("gradient")
        for glyph in self.label.submobjects[1:]:  # the first is the halo
            glyph.set_fill(quiet.interpolate(bright, strength))

    def carry_values(self, share: float) -> None:
        """Colour the first *share* of the edge: so far the value has come."""
        self.values.pointwise_become_partial(self.path, 0.0, share)

    def carry_blame(self, share: float) -> None:
        """Colour the last *share* of the edge, with a tip at the source once the blame has arrived there."""
        self.blame.pointwise_become_partial(self.path, 1 - share, 1.0)
        if share >= 1 and self.tip is None:
            source, before = self.path.get_start(), self.path.point_from_proportion(0.02)
            away = (before - source) / np.linalg.norm(before - source)
            self.tip = Arrow(source + away * 0.4, source, "gradient", theme.STICK, 0.26)
            self.add(self.tip)

    def take(self) -> VGroup:
        """The colours, no longer part of the edge."""
        taken = VGroup(self.values.copy(), self.blame.copy())
        for trace in (self.values, self.blame):
            trace.points = np.zeros((0, 3))
        if self.tip is not None:
            taken.add(self.tip)
            self.remove(self.tip)
            self.tip = None
        return taken


class GraphView(VGroup):
    """The whole graph in *zone*, inputs left and output right (above and below in portrait), still without values.

    rows: for names whose height should not be the usual one; 1 is one row up, −1 one down.
    """

    def __init__(
        self,
        graph: ComputationGraph,
        zone: Zone,
        *,
        decimals: int = 2,
        rows: Mapping[str, float] | None = None,
    ) -> None:
        super().__init__()
        self.graph = graph
        self.decimals = decimals
        heights = _rows(graph) | dict(rows or {})
        columns = max(node.column for node in graph.nodes)
        width, size = _box_width(columns, zone)
        self.nodes = {node.name: NodeView(node, width, size) for node in graph.nodes}
        place = _grid(zone, self.nodes, heights, columns, size)
        for name, view in self.nodes.items():
            view.shift(place(graph.node(name).column, heights[name]) - view.box.get_center())
        up = max(view.box.height for view in self.nodes.values()) / 2 + _BESIDE
        clear = up, up + _below(size)
        self.edges = [EdgeView(edge, self._path(edge), clear) for edge in graph.edges]
        self.add(*self.edges, *self.nodes.values())

    def node(self, name: str) -> NodeView:
        """The box called *name*."""
        return self.nodes[self.graph.node(name).name]

    def edge(self, source: str, target: str, which: int = 0) -> EdgeView:
        """The edge from *source* to *target*, or the second one (*which* = 1) of two."""
        found = [view for view in self.edges if (view.edge.source, view.edge.target) == (source, target)]
        if which >= len(found):
            raise KeyError(f"the graph has {len(found)} edges from {source} to {target}")
        return found[which]

    def view(self, edge: Edge) -> EdgeView:
        """How *edge* of the core's graph is drawn, whatever numbers the program ran on."""
        ends = edge.source, edge.target, edge.position
        return next(
            view for view in self.edges if (view.edge.source, view.edge.target, view.edge.position) == ends
        )

    # -- forward -------------------------------------------------------------------------------------------------

    def reveal(self, *names: str) -> Animation:
        """The values of *names* (all inputs, if none is given) appear in their boxes."""
        return _Appear(self, names or tuple(node.name for node in self.graph.inputs))

    def compute(self, name: str, run_time: float = 1.2) -> Animation:
        """The values that *name* needs run along their edges into its box, and it shows what it makes of them."""
        return _Forward(self, name, run_time=run_time)

    def show_values(self, *names: str) -> GraphView:
        """All values (or those of *names*) at once, the edges that carried them in colour."""
        for name in names or self.nodes:
            self.settle(name)
            for edge in self.graph.into(name):
                self.view(edge).carry_values(1.0)
        return self

    def settle(self, name: str) -> Typeset:
        """The value of *name* stands in its box, at once; returns it."""
        view = self.node(name)
        value = view.number(self.graph.node(name).value, self.decimals)
        view.put_value(value)
        view.box.set_stroke(theme.color("function"))
        return value

    def update_values(self, graph: ComputationGraph) -> None:
        """Show the values of *graph*, a run of the same program on other numbers, wherever one is shown."""
        self.graph = graph
        for name, view in self.nodes.items():
            if view.value is not None:
                view.put_value(view.number(graph.node(name).value, self.decimals))

    # -- backward ------------------------------------------------------------------------------------------------

    def slopes(self, *edges: Edge) -> Animation:
        """The local slopes of *edges* (of all, if none is given) appear beside them."""
        views = [self.view(edge) for edge in edges or self.graph.edges]
        return _Show(self, [(view, view.label) for view in views])

    def take_slopes(self) -> VGroup:
        """All labels of local slopes, no longer part of the graph: fade them out."""
        shown = [view for view in self.edges if view.label in view.submobjects]
        for view in shown:
            view.remove(view.label)
        return VGroup(*(view.label for view in shown))

    def seed(self, value: float = 1) -> Animation:
        """The blame that starts at the output appears under it."""
        output = self.node(self.graph.output.name)
        text = output.number(value, self.decimals, "gradient")
        output.put_under(text)
        return _Show(self, [(output, text)])

    def pass_back(self, move: Move, run_time: float = 1.4) -> Animation:
        """The target's blame runs back along the edge, is multiplied by the slope, and is added at the source."""
        return _Backward(self, move, run_time=run_time)

    def show_blame(self, moves: Sequence[Move]) -> GraphView:
        """The state after *moves* (and the seed), at once."""
        for move in moves:
            for name, blame in ((move.edge.target, move.incoming), (move.edge.source, move.total)):
                view = self.node(name)
                view.put_under(view.number(blame, self.decimals, "gradient"))
            self.view(move.edge).carry_blame(1.0)
        return self

    def put_under(self, name: str, maths: str, role: Role = "gradient") -> Typeset:
        """A formula under the box *name*, instead of what stood there."""
        view = self.node(name)
        text = Formula(maths, theme.LABEL, role)
        view.put_under(text)
        return text

    # -- taking away ---------------------------------------------------------------------------------------------

    def take_under(self) -> VGroup:
        """Whatever stands under boxes and the colour of all edges, no longer part of the graph: fade it out."""
        taken = VGroup()
        for view in self.nodes.values():
            if view.under is not None:
                taken.add(view.under)
                view.remove(view.under)
                view.under = None
        for edge in self.edges:
            taken.add(edge.take())
        return taken

    def take_values(self) -> VGroup:
        """All values, and the colour of boxes and edges, no longer part of the graph: fade them out."""
        taken = self.take_under()
        for view in self.nodes.values():
            if view.value is not None:
                taken.add(view.value)
                view.remove(view.value)
                view.value = None
            view.box.set_stroke(theme.color("frozen"))
        return taken

    # -- inside --------------------------------------------------------------------------------------------------

    def _path(self, edge: Edge) -> VMobject:
        source, target = self.nodes[edge.source].box, self.nodes[edge.target].box
        if _is_tall():
            start, end, aside, room = source.get_bottom(), target.get_top(), RIGHT, source.width
        else:
            start, end, aside, room = source.get_right(), target.get_left(), UP, source.height
        twins = [e for e in self.graph.edges if (e.source, e.target) == (edge.source, edge.target)]
        side = np.linspace(1, -1, len(twins))[twins.index(edge)] if len(twins) > 1 else 0.0
        leave = side * _APART * room * aside
        start, end = start + leave, end + leave
        third = (end - start) / 3
        bow = side * _BOW * aside
        curve = [start, start + third + bow, end - third + bow, end]
        return VMobject().set_points(np.array(curve))


class _OnGraph(Animation):
    """Changes parts of a graph that is on stage, and shows *passing* mobjects while it runs.

    The parts stay inside the graph: Manim would take a part that is faded in on its own out of its group.
    """

    def __init__(self, graph: GraphView, passing: Sequence[Typeset] = (), **kwargs: Any) -> None:
        self._graph, self._passing = graph, passing
        super().__init__(graph, rate_func=linear, **kwargs)

    def create_starting_mobject(self) -> VMobject:
        return VMobject()  # nothing is interpolated between copies of the graph

    def begin(self) -> None:
        self._graph.add(*self._passing)
        super().begin()

    def finish(self) -> None:
        super().finish()
        self._graph.remove(*self._passing)


class _Show(_OnGraph):
    """Parts of the graph appear where they belong: pairs of (owner, part)."""

    def __init__(self, graph: GraphView, pairs: Sequence[tuple[VGroup, VMobject]], **kwargs: Any) -> None:
        self._pairs = pairs
        super().__init__(graph, run_time=kwargs.pop("run_time", 0.6), **kwargs)

    def begin(self) -> None:
        for owner, part in self._pairs:
            owner.add(part)
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        for _, part in self._pairs:
            dim(part, smooth(alpha))


class _Appear(_OnGraph):
    """Values appear in their boxes, whose rims take the colour of values."""

    def __init__(self, graph: GraphView, names: Sequence[str], **kwargs: Any) -> None:
        self._names, self._values = names, list[Typeset]()
        super().__init__(graph, run_time=kwargs.pop("run_time", 0.6), **kwargs)

    def begin(self) -> None:
        self._values = [self._graph.settle(name) for name in self._names]
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        for value in self._values:
            dim(value, smooth(alpha))


class _Forward(_OnGraph):
    def __init__(self, graph: GraphView, name: str, run_time: float) -> None:
        self._name = name
        self._edges = [graph.view(edge) for edge in graph.graph.into(name)]
        self._value: Typeset | None = None
        values = (graph.graph.node(view.edge.source).value for view in self._edges)
        super().__init__(
            graph, [_token(value, graph.decimals, "function") for value in values], run_time=run_time
        )

    def interpolate_mobject(self, alpha: float) -> None:
        share = smooth(min(1.0, alpha / _RUN))
        for token, edge in zip(self._passing, self._edges, strict=True):
            _carry(token, edge.path.point_from_proportion(share), share)
            edge.carry_values(share)
        if alpha >= _RUN:
            if self._value is None:
                self._value = self._graph.settle(self._name)
            dim(self._value, (alpha - _RUN) / (1 - _RUN))


class _Backward(_OnGraph):
    def __init__(self, graph: GraphView, move: Move, run_time: float) -> None:
        self._move = move
        self._edge = graph.view(move.edge)
        self._source = graph.node(move.edge.source)
        self._sum: Typeset | None = None
        self._total: Typeset | None = None
        numbers = (move.incoming, move.contribution)
        super().__init__(graph, [_token(n, graph.decimals, "gradient") for n in numbers], run_time=run_time)

    def begin(self) -> None:
        self._joins = self._source.under is not None and not self._move.first
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        share = smooth(min(1.0, alpha / _RUN))
        place = self._edge.path.point_from_proportion(1 - share)
        incoming, contribution = self._passing
        shown, hidden = (contribution, incoming) if share > 0.5 else (incoming, contribution)
        dim(hidden, 0.0)
        _carry(shown, place, share)
        self._edge.carry_blame(share)
        self._edge.point_at_slope(max(0.0, 1 - abs(share - 0.5) / 0.3))
        if alpha >= _RUN:
            self._arrive((alpha - _RUN) / (1 - _RUN))

    def _arrive(self, share: float) -> None:
        """What came stands under the source; a second one is first written beside the first, then added."""
        move, decimals = self._move, self._graph.decimals
        if self._joins and share < _ADDED:
            if self._sum is None:
                before = compact(float(move.total - move.contribution), decimals).typst
                maths = f"{before} + {_signed(move.contribution, decimals)}"
                self._sum = Formula(maths, theme.LABEL, "gradient")
                self._source.put_under(self._sum)
        elif self._total is None:
            self._total = self._source.number(move.total, decimals, "gradient")
            self._source.put_under(self._total)
        if self._total is not None and not self._joins:
            dim(self._total, share)


def _carry(token: Typeset, at: Point, share: float) -> None:
    """Put *token* on its way; it appears where it leaves and vanishes where it arrives."""
    token.move_to(at)
    dim(token, max(0.0, min(1.0, share / _LEAVE, (1 - share) / (1 - _ARRIVE))))


def number(value: float, decimals: int, size: float, role: Role) -> Typeset:
    """*value* as a graph shows it: no trailing zeros, ``≈`` when rounded, a power of ten when long or tiny."""
    text = compact(float(value), decimals)
    return Formula(text.typst if text.exact else f"approx {text.typst}", size, role)


def _token(value: float, decimals: int, role: Role) -> Typeset:
    token = Formula(compact(float(value), decimals).typst, theme.LABEL, role).halo(16)
    token.overlaps = True  # type: ignore[attr-defined]  # on its way it passes over what stands there
    return token


def _signed(value: float, decimals: int = 2) -> str:
    text = compact(float(value), decimals).typst
    return f"({text})" if text.startswith("-") else text


def _is_tall() -> bool:
    return bool(config.frame_height > config.frame_width)


def _rows(graph: ComputationGraph) -> dict[str, float]:
    """The longest way from the inputs runs along row 0; what joins it stands above or below."""
    spine = {graph.output.name}
    here = graph.output
    while sources := [graph.node(e.source) for e in graph.into(here.name)]:
        here = max((s for s in sources if s.column == here.column + 1), key=lambda s: s.recipe is not None)
        if here.recipe is None and len([s for s in sources if s.recipe is None]) > 1:
            break  # inputs that share a column stand above and below
        spine.add(here.name)
    heights: dict[str, float] = {}
    for column in {node.column for node in graph.nodes}:
        beside = [n for n in graph.nodes if n.column == column and n.name not in spine]
        inputs = [node for node in beside if node.recipe is None]
        places = [1.0, -1.0, 0.0] if len(inputs) > 1 else [-1.0]
        heights |= {node.name: place for node, place in zip(inputs, places, strict=False)}
        heights |= {node.name: 1.0 for node in beside if node.recipe is not None}
    return heights | dict.fromkeys(spine, 0.0)


def _box_width(columns: int, zone: Zone) -> tuple[float, float]:
    """The width of all boxes and the type size of their values."""
    room = np.inf if _is_tall() else (zone.width - _GAP * columns) / (columns + 1)
    for size in (theme.FORMULA * 0.9, theme.READOUT, theme.LABEL, theme.SMALL):
        with quoting():  # it is measured, not shown
            width = Formula(_WIDEST, size).width + 2 * _PAD
        if width <= room:
            return width, size
    return max(room, 1.0), size


def _below(size: float) -> float:
    """The room that what stands under a box takes."""
    return 0.75 * pixels(size) + _PAD


def _grid(
    zone: Zone, nodes: Mapping[str, NodeView], heights: Mapping[str, float], columns: int, size: float
) -> Callable[[int, float], Point]:
    """The function (column, row) → place of a box."""
    boxes = [view.box for view in nodes.values()]
    width, height = max(box.width for box in boxes), max(box.height for box in boxes)
    below = _below(size)
    low, high = min(heights.values()), max(heights.values())
    if _is_tall():
        down = (zone.height - height - below) / max(columns, 1)
        across = min((zone.width - width) / max(high - low, 1), 1.5 * width)
        middle = zone.center[0] - across * (low + high) / 2
        bottom = zone.bottom + below + height / 2
        return lambda column, row: np.array([middle + row * across, bottom + column * down, 0.0])
    right = (zone.width - width) / max(columns, 1)
    up = min((zone.height - height - below) / max(high - low, 1), 2.3)
    middle = zone.center[1] + below / 2 - up * (low + high) / 2
    return lambda column, row: np.array([zone.right - width / 2 - column * right, middle + row * up, 0.0])
