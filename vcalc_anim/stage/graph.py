"""A computation graph as a picture: boxes with values that run forward, and blame that runs back along the edges.

Every chapter that shows a graph shows this one. It is drawn from the core's :class:`ComputationGraph`: the
longest way to the output decides a box's column, values and blame are the core's, and so is the order of the light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from manim import RIGHT, UP, Animation, VGroup, VMobject

from vcalc_anim.core import ComputationGraph
from vcalc_anim.core.graph import Edge, Move
from vcalc_anim.core.provenance import quoting
from vcalc_anim.stage import theme
from vcalc_anim.stage.graph_parts import PAD, EdgeView, NodeView, is_tall
from vcalc_anim.stage.graph_steps import Appear, Backward, Forward, Show
from vcalc_anim.stage.marks import Point
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset, pixels
from vcalc_anim.stage.zones import Zone

_WIDEST = "approx -123.46"  # what a box must hold
_GAP = 0.55  # the shortest edge between two columns
_BOW = 0.45  # how far two edges between the same boxes bend apart
_APART = 0.2  # and how far apart they leave, as a share of the box
_CLEAR = 0.3  # from a box to a label that is too wide for the gap


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
        up = max(view.box.height for view in self.nodes.values()) / 2 + _CLEAR
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
        return Appear(self, names or tuple(node.name for node in self.graph.inputs))

    def compute(self, name: str, run_time: float = 1.2) -> Animation:
        """The values that *name* needs run along their edges into its box, and it shows what it makes of them."""
        return Forward(self, name, run_time=run_time)

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
        return Show(self, [(view, view.label) for view in views])

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
        return Show(self, [(output, text)])

    def pass_back(self, move: Move, run_time: float = 1.4) -> Animation:
        """The target's blame runs back along the edge, is multiplied by the slope, and is added at the source."""
        return Backward(self, move, run_time=run_time)

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
        if is_tall():
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
    room = np.inf if is_tall() else (zone.width - _GAP * columns) / (columns + 1)
    for size in (theme.FORMULA * 0.9, theme.READOUT, theme.LABEL, theme.SMALL):
        with quoting():  # it is measured, not shown
            width = Formula(_WIDEST, size).width + 2 * PAD
        if width <= room:
            return width, size
    return max(room, 1.0), size


def _below(size: float) -> float:
    """The room that what stands under a box takes."""
    return 0.75 * pixels(size) + PAD


def _grid(
    zone: Zone, nodes: Mapping[str, NodeView], heights: Mapping[str, float], columns: int, size: float
) -> Callable[[int, float], Point]:
    """The function (column, row) → place of a box."""
    boxes = [view.box for view in nodes.values()]
    width, height = max(box.width for box in boxes), max(box.height for box in boxes)
    below = _below(size)
    low, high = min(heights.values()), max(heights.values())
    if is_tall():
        down = (zone.height - height - below) / max(columns, 1)
        across = min((zone.width - width) / max(high - low, 1), 1.5 * width)
        middle = zone.center[0] - across * (low + high) / 2
        bottom = zone.bottom + below + height / 2
        return lambda column, row: np.array([middle + row * across, bottom + column * down, 0.0])
    right = (zone.width - width) / max(columns, 1)
    up = min((zone.height - height - below) / max(high - low, 1), 2.3)
    middle = zone.center[1] + below / 2 - up * (low + high) / 2
    return lambda column, row: np.array([zone.right - width / 2 - column * right, middle + row * up, 0.0])
