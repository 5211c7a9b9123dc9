"""What happens on a computation graph's picture, one animation each: values come, run forward, blame runs back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from manim import Animation, VGroup, VMobject, linear, smooth

from vcalc_anim.core import compact
from vcalc_anim.core.graph import Move
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.graph_parts import signed
from vcalc_anim.stage.marks import Point
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset

if TYPE_CHECKING:
    from vcalc_anim.stage.graph import GraphView

_LEAVE, _ARRIVE = 0.12, 0.88  # shares of a journey in which the travelling number appears and vanishes
_RUN = 0.7  # share of a step in which the number travels; in the rest it settles
_ADDED = 0.75  # share of that rest in which a second arrival is written as a sum


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


class Show(_OnGraph):
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


class Appear(_OnGraph):
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


class Forward(_OnGraph):
    """Values run along the edges into a box, which then shows what it makes of them."""

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


class Backward(_OnGraph):
    """Blame runs back along one edge, is multiplied by the slope on its way, and is added at the source."""

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
                maths = f"{before} + {signed(move.contribution, decimals)}"
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


def _token(value: float, decimals: int, role: Role) -> Typeset:
    token = Formula(compact(float(value), decimals).typst, theme.LABEL, role).halo(16)
    token.overlaps = True  # type: ignore[attr-defined]  # on its way it passes over what stands there
    return token
