"""Reverse mode: a tape of everything a program did, played backwards.

A computation writes one entry an operation onto the tape. Played backwards, each entry hands the adjoint that has
arrived at it to its arguments, times the local slope; where a value was used twice, the contributions add up.
The order of entries is an order of evaluation already, so nothing is sorted and nothing recurses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite
from typing import ClassVar

import numpy as np

from vcalc_anim.core.primitives import MatrixPrimitive, Number, Operators, Primitive, apply, checked, size
from vcalc_anim.core.sweep import Bill, Moves, Sweep


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tape: number *index* came from *operation* on the entries *arguments*, and is *value*.

    operation: the primitive's name, ``variable`` or ``constant`` for what the program started from.
    local_slopes: one an argument; empty for those, and for operations on whole arrays.
    """

    index: int
    name: str
    operation: str
    arguments: tuple[int, ...]
    value: Number
    local_slopes: tuple[Number, ...]


class Var(Operators):
    """A number on a tape. Made by :meth:`Tape.variable` and by arithmetic; compared by value."""

    __slots__ = ("index", "tape")
    rank: ClassVar[int] = 1  # a tape may record duals (derivatives of derivatives); duals hold no tape inside

    def __init__(self, tape: Tape, index: int) -> None:
        self.tape = tape
        self.index = index

    @property
    def value(self) -> Number:
        """What the program computed here."""
        return self.tape.value(self.index)

    @property
    def primal(self) -> Number:
        """The value as a program's comparisons see it."""
        return self.value.primal if isinstance(self.value, Operators) else self.value

    def named(self, name: str) -> Var:
        """Give the entry a *name* and return it: ``z = (w * x).named("z")``."""
        self.tape.set_name(self, name)
        return self

    def __apply_primitive__(self, primitive: Primitive, arguments: tuple[Number, ...]) -> Var:
        return self.tape.record(primitive, arguments)

    def __repr__(self) -> str:
        return f"{self.tape.name(self.index)} = {self.value}"


class Tape:
    """A list of operations with their values, growing while a program runs.

    >>> tape = Tape()
    >>> w, x = tape.variable("w", 1.5), tape.variable("x", 2.0)
    >>> sweep = tape.backward((w * x - 1) ** 2)
    >>> sweep.adjoint(w), sweep.adjoint(x)
    (8.0, 6.0)
    """

    def __init__(self) -> None:
        self._primitives: list[Primitive | None] = []
        self._arguments: list[tuple[int, ...]] = []
        self._values: list[Number] = []
        self._active: list[bool] = []  # whether a variable stands behind the entry; constants need no adjoint
        self._names: dict[int, str] = {}

    # -- recording -----------------------------------------------------------------------------------------------

    def variable(self, name: str, value: Number) -> Var:
        """A number or array to differentiate by. ValueError for a *value* that is not finite."""
        index = self._append(None, (), checked(value, f"variable {name}"), active=True)
        self._names[index] = name
        return Var(self, index)

    def constant(self, value: Number) -> Var:
        """A number or array that stays as it is: no adjoint is computed for it."""
        return Var(self, self._append(None, (), checked(value, "a constant"), active=False))

    def record(self, primitive: Primitive, arguments: tuple[Number, ...]) -> Var:
        """Apply *primitive* to *arguments* and write it down; plain numbers among them become constants."""
        shape = next((np.shape(a.value) for a in arguments if isinstance(a, Var)), ())
        indices = []
        for argument in arguments:
            if not isinstance(argument, Var):
                if shape and np.ndim(argument) == 0 and not primitive.on_arrays:
                    argument = np.full(shape, float(argument))
                argument = self.constant(argument)
            elif argument.tape is not self:
                raise ValueError(f"{primitive.name} mixes numbers of two tapes: record a program on one tape")
            indices.append(argument.index)
        try:
            value = apply(primitive, *(self._values[index] for index in indices))
        except OverflowError:  # Python's floats raise it for powers, and give infinity elsewhere
            value = inf
        if not _is_finite(value):
            operands = " and ".join(self.name(index) for index in indices)
            raise ValueError(
                f"{primitive.name} of {operands} is not finite: the numbers have grown too large"
            )
        active = any(self._active[index] for index in indices)
        return Var(self, self._append(primitive, tuple(indices), value, active))

    def _append(
        self, primitive: Primitive | None, arguments: tuple[int, ...], value: Number, active: bool
    ) -> int:
        self._primitives.append(primitive)
        self._arguments.append(arguments)
        self._values.append(value)
        self._active.append(active)
        return len(self._values) - 1

    # -- reading -------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Entry]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: int) -> Entry:
        primitive, arguments = self._primitives[index], self._arguments[index]
        slopes: tuple[Number, ...] = ()
        if primitive is not None and not primitive.on_arrays:
            slopes = primitive.slopes(self._values[index], *(self._values[a] for a in arguments))
        origin = "variable" if self._active[index] else "constant"
        operation = primitive.name if primitive else origin
        return Entry(index, self.name(index), operation, arguments, self._values[index], slopes)

    @property
    def operations(self) -> tuple[Entry, ...]:
        """The entries that are operations, in the order of the program."""
        return tuple(self[index] for index, primitive in enumerate(self._primitives) if primitive)

    def value(self, index: int) -> Number:
        """The value of entry *index*."""
        return self._values[index]

    def arguments(self, index: int) -> tuple[int, ...]:
        """The entries that entry *index* was computed from."""
        return self._arguments[index]

    def name(self, index: int) -> str:
        """The name given to entry *index*, ``v7`` for a nameless operation, the number itself for a constant."""
        if index in self._names:
            return self._names[index]
        return f"v{index}" if self._primitives[index] else str(self._values[index])

    def is_named(self, index: int) -> bool:
        """Whether entry *index* is a variable or was given a name."""
        return index in self._names

    def set_name(self, var: Var, name: str) -> None:
        """Name the entry of *var*."""
        self._names[self._own(var)] = name

    # -- playing backwards ---------------------------------------------------------------------------------------

    def backward(self, output: Var, seed: Number = None, *, overwrite: bool = False) -> Sweep:
        """Play the tape backwards from *output*, whose adjoint is *seed* (1 if not given).

        An output that is an array needs a seed of its shape: the adjoints are then seedᵀ·J. *overwrite* makes the
        classic mistake of forgetting what had arrived before, to show what comes of it.
        """
        last = self._own(output)
        adjoints: list[Number] = [None] * (last + 1)
        adjoints[last] = self._seed(last, seed)
        moves = Moves([], [], [], [], [])
        multiplications = 0
        for node in range(last, -1, -1):
            primitive, incoming = self._primitives[node], adjoints[node]
            if primitive is None or incoming is None:
                continue
            arguments = self._arguments[node]
            values = tuple(self._values[index] for index in arguments)
            whole = primitive if isinstance(primitive, MatrixPrimitive) else None
            slopes = (None,) * len(values) if whole else primitive.slopes(self._values[node], *values)
            for position, parent in enumerate(arguments):
                if not self._active[parent]:
                    continue
                if whole:
                    contribution = whole.pull(position, incoming, values)
                else:
                    contribution = incoming * slopes[position]
                before = None if overwrite else adjoints[parent]
                total = contribution if before is None else before + contribution
                adjoints[parent] = total
                multiplications += primitive.pull_work(self._values[node], values)
                moves.add(node, position, slopes[position], contribution, total)
        bill = self._bill(last, len(moves.nodes), multiplications)
        return Sweep(self, last, tuple(adjoints), bill, moves)

    def _seed(self, index: int, seed: Number) -> Number:
        shape = np.shape(self._values[index])
        if seed is None:
            if shape:
                raise ValueError(
                    f"the output has shape {shape}, so one backward run gives no gradient: pass a seed of that shape"
                )
            return 1
        if np.shape(seed) != shape:
            raise ValueError(f"the seed has shape {np.shape(seed)}, but the output has shape {shape}")
        return checked(seed, "the seed")

    def _bill(self, last: int, edge_visits: int, backward: int) -> Bill:
        forward = stored = 0
        for index in range(last + 1):
            primitive = self._primitives[index]
            stored += size(self._values[index])
            if primitive:
                values = tuple(self._values[a] for a in self._arguments[index])
                forward += primitive.work(self._values[index], values)
        return Bill(forward, backward, edge_visits, stored)

    def _own(self, var: Var) -> int:
        if not isinstance(var, Var) or var.tape is not self:
            raise ValueError(f"{var!r} is not a number on this tape: pass what the program computed with it")
        return var.index


def _is_finite(value: Number) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, np.ndarray) or bool(np.isfinite(value).all())
