"""The computation graph of a recorded program: its named values as nodes, its local slopes on the edges.

What the program left without a name is folded into the node that uses it: ``(w * x + b).named("z")`` is one
node with three edges. The order of nodes is the tape's, so a run forward or backward visits them as the program did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vcalc_anim.core.primitives import Number
from vcalc_anim.core.provenance import written
from vcalc_anim.core.rounding import compact
from vcalc_anim.core.tape import Entry, Tape, Var
from vcalc_anim.core.typst import symbol_to_typst

_FUNCTIONS = {"sigmoid": "sigma", "log": "ln", "relu": '"ReLU"'}
_LOOSE, _TIGHT, _ATOM = range(
    3
)  # how strongly a piece of a formula holds together: a sum, a product, a symbol
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True)
class Node:
    """A named value: *recipe* is Typst source of how it was computed (``w x``), None for an input.

    column: the longest way from here to the output, in edges; 0 is the output itself.
    """

    name: str
    typst: str
    recipe: str | None
    value: Number
    column: int

    @property
    def formula(self) -> str:
        """``z = w x``, or the name alone for an input."""
        return self.typst if self.recipe is None else f"{self.typst} = {written(self.recipe)}"


@dataclass(frozen=True)
class Edge:
    """*source* is argument number *position* of *target*; *local* is the slope of target by it, all else held."""

    source: str
    target: str
    position: int
    local: Number


@dataclass(frozen=True)
class Move:
    """The blame going back along one *edge*: the target's adjoint *incoming*, times the edge's slope.

    total: what the source has received once the contribution is added; first: whether it is the first to arrive.
    """

    edge: Edge
    incoming: Number
    contribution: Number
    total: Number
    first: bool


@dataclass(frozen=True, eq=False)
class ComputationGraph:
    """The *nodes* of a program in the order they were computed, inputs included, and its *edges* in that order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, output: Var) -> ComputationGraph:
        """The graph behind *output*. ValueError if an operation on whole arrays lies on the way."""
        return _read(output.tape, output)

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    def node(self, name: str) -> Node:
        """The node called *name*; KeyError that names those there are."""
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"no node {name!r} in the graph; it has {', '.join(self._by_name)}") from None

    @property
    def output(self) -> Node:
        return self.nodes[-1]

    @property
    def inputs(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.recipe is None)

    @property
    def operations(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.recipe is not None)

    def into(self, name: str) -> tuple[Edge, ...]:
        """The edges that end at *name*, in the order of its arguments."""
        return tuple(edge for edge in self.edges if edge.target == name)

    def out_of(self, name: str) -> tuple[Edge, ...]:
        """The edges that leave *name*, in the order in which the program used it."""
        return tuple(edge for edge in self.edges if edge.source == name)

    def backward(self, seed: Number = 1, *, overwrite: bool = False) -> tuple[Move, ...]:
        """Every move of the blame in the order of the sweep: nodes from last to first, arguments left to right.

        *overwrite* makes the classic mistake of forgetting what had arrived before.
        """
        adjoints: dict[str, Number] = {self.output.name: seed}
        moves = []
        for node in reversed(self.nodes):
            for edge in self.into(node.name):
                incoming = adjoints[node.name]
                contribution = incoming * edge.local
                before = adjoints.get(edge.source)
                total = contribution if before is None or overwrite else before + contribution
                adjoints[edge.source] = total
                moves.append(Move(edge, incoming, contribution, total, first=before is None))
        return tuple(moves)

    def adjoints(self, seed: Number = 1) -> dict[str, Number]:
        """The derivative of the output by every node."""
        return {self.output.name: seed} | {move.edge.source: move.total for move in self.backward(seed)}

    def tangents(self, name: str, seed: Number = 1) -> dict[str, Number]:
        """The derivative of every node by the input *name*: what forward mode carries along."""
        found = {node.name: 0 * seed for node in self.inputs} | {self.node(name).name: seed}
        for node in self.operations:
            found[node.name] = sum(edge.local * found[edge.source] for edge in self.into(node.name))
        return found


def _read(tape: Tape, output: Var) -> ComputationGraph:
    visible = {output.index: tape[output.index]}
    arrows: list[tuple[int, int, int, Number]] = []  # source, target, position, local slope
    waiting = [output.index]
    while waiting:
        target = waiting.pop()
        for position, (source, local) in enumerate(_sources(tape, target)):
            arrows.append((source, target, position, local))
            if source not in visible:
                visible[source] = tape[source]
                waiting.append(source)
    columns = {output.index: 0}
    for target in sorted(visible, reverse=True):
        for source, end, *_ in arrows:
            if end == target:
                columns[source] = max(columns.get(source, 0), columns[target] + 1)
    nodes = tuple(
        Node(entry.name, _symbol(entry.name), _recipe(tape, entry), entry.value, columns[index])
        for index, entry in sorted(visible.items())
    )
    edges = tuple(
        Edge(visible[source].name, visible[target].name, position, local)
        for source, target, position, local in sorted(arrows, key=lambda arrow: (arrow[1], arrow[2]))
    )
    if len({node.name for node in nodes}) < len(nodes):
        raise ValueError(f"two values of the program share a name: {', '.join(node.name for node in nodes)}")
    return ComputationGraph(nodes, edges)


def _sources(tape: Tape, target: int, slope: Number = 1) -> Iterator[tuple[int, Number]]:
    """The named entries that *target* is computed from, one for each way that leads to them, with its slope."""
    entry = tape[target]
    if entry.arguments and not entry.local_slopes:
        raise ValueError(f"{entry.operation} works on whole arrays: a graph shows numbers")
    for argument, local in zip(entry.arguments, entry.local_slopes, strict=True):
        if tape[argument].operation == "constant":
            continue
        if tape.is_named(argument):
            yield argument, slope * local
        else:
            yield from _sources(tape, argument, slope * local)


def _recipe(tape: Tape, entry: Entry) -> str | None:
    return _compute(tape, entry)[0] if entry.arguments else None


def _write(tape: Tape, index: int) -> tuple[str, int]:
    """Typst source of the argument *index*, and how strongly it holds together."""
    entry = tape[index]
    if entry.operation == "constant":
        text = compact(float(entry.value)).typst
        return text, _LOOSE if text.startswith("-") else _ATOM
    if tape.is_named(index):
        return _symbol(entry.name), _ATOM
    return _compute(tape, entry)


def _compute(tape: Tape, entry: Entry) -> tuple[str, int]:
    parts = [_write(tape, argument) for argument in entry.arguments]

    def held(part: int, at_least: int) -> str:
        source, strength = parts[part]
        return source if strength >= at_least else f"({source})"

    match entry.operation:
        case "add":
            return f"{held(0, _LOOSE)} + {held(1, _LOOSE)}", _LOOSE
        case "sub":
            return f"{held(0, _LOOSE)} - {held(1, _TIGHT)}", _LOOSE
        case "neg":
            return f"-{held(0, _TIGHT)}", _LOOSE
        case "mul":
            dot = " dot " if entry.arguments[0] == entry.arguments[1] else " "
            return f"{held(0, _TIGHT)}{dot}{held(1, _TIGHT)}", _TIGHT
        case "div":
            return f"frac({parts[0][0]}, {parts[1][0]})", _ATOM
        case "square":
            return f"{held(0, _ATOM)}^2", _TIGHT
        case power if power.startswith("pow"):
            return f"{held(0, _ATOM)}^({power.removeprefix('pow')})", _TIGHT
        case "exp":
            return f"e^({parts[0][0]})", _TIGHT
        case function:
            return f"{_FUNCTIONS.get(function, function)}({parts[0][0]})", _ATOM


def _symbol(name: str) -> str:
    """``w1`` and ``w_1`` with an index, ``r²`` as a power, ``loss`` in upright letters."""
    base, power = re.fullmatch(r"(.*?)([⁰¹²³⁴⁵⁶⁷⁸⁹]*)", name).groups()  # type: ignore[union-attr]
    if indexed := re.fullmatch(r"([A-Za-z])(\d+)", base):
        base = f"{indexed[1]}_{indexed[2]}"
    symbol = symbol_to_typst(base)
    return f"{symbol}^{power.translate(_POWERS)}" if power else symbol
