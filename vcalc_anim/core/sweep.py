"""What a tape played backwards leaves: every move in order, the adjoints, and the bill."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vcalc_anim.core.primitives import Number

if TYPE_CHECKING:
    from vcalc_anim.core.tape import Tape, Var


class Step(NamedTuple):
    """One move of the sweep: *node* hands its adjoint *incoming* to *parent*, its argument number *argument*.

    contribution = incoming · local (local is None for operations on whole arrays); total: what *parent* has
    received once the contribution is added.
    """

    node: int
    argument: int
    parent: int
    incoming: Number
    local: Number
    contribution: Number
    total: Number


@dataclass(frozen=True)
class Bill:
    """What one forward and one backward run over a tape cost.

    Multiplications are counted for numbers of arrays one by one; edge_visits: moves of the backward sweep;
    stored_numbers: the values the sweep needs to be kept.
    """

    forward_multiplications: int
    backward_multiplications: int
    edge_visits: int
    stored_numbers: int

    @property
    def ratio(self) -> float:
        """Backward over forward multiplications; ValueError if there were none forward."""
        if self.forward_multiplications == 0:
            raise ValueError("the forward run multiplies nothing, so there is no ratio to it")
        return self.backward_multiplications / self.forward_multiplications


@dataclass(slots=True)
class Moves:
    """The steps of a sweep by columns: one object a step would make Python's collector scan them over and over."""

    nodes: list[int]
    positions: list[int]
    locals: list[Number]
    contributions: list[Number]
    totals: list[Number]

    def add(self, node: int, position: int, local: Number, contribution: Number, total: Number) -> None:
        self.nodes.append(node)
        self.positions.append(position)
        self.locals.append(local)
        self.contributions.append(contribution)
        self.totals.append(total)


@dataclass(frozen=True, eq=False)
class Sweep:
    """One run over the *tape* backwards from entry *output*, and what it cost.

    adjoints[i] is the adjoint of entry i, None where nothing arrived.
    """

    tape: Tape
    output: int
    adjoints: tuple[Number, ...]
    bill: Bill
    _moves: Moves = dataclasses.field(repr=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every move of the sweep, in order: entries from last to first, their arguments from left to right."""
        moves = self._moves
        columns = zip(
            moves.nodes, moves.positions, moves.locals, moves.contributions, moves.totals, strict=True
        )
        return tuple(
            Step(node, position, self.tape.arguments(node)[position], self.adjoints[node], *numbers)
            for node, position, *numbers in columns
        )

    def adjoint(self, var: Var) -> Number:
        """The derivative of the output by *var*, shaped as *var* is: 0 where the output does not depend on it."""
        if getattr(var, "tape", None) is not self.tape:
            raise ValueError(f"{var!r} is not a number on the tape of this sweep")
        found = self.adjoints[var.index] if var.index <= self.output else None
        if found is None:
            return np.zeros(np.shape(var.value)) if np.shape(var.value) else 0
        return found
