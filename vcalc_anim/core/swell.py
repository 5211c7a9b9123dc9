"""How the formula of a derivative grows when nothing in it is shared."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from vcalc_anim.core.passes import sweep_of
from vcalc_anim.core.primitives import Number
from vcalc_anim.core.provenance import written

_DEEPEST = 10  # the written-out derivative triples at each step


@dataclass(frozen=True)
class Swell:
    """The formula of an iterated map after *iterations* lines of program, and of its derivative.

    operations, derivative_operations: counted in the formulas as written, nothing shared; shared_operations: the
    derivative with common parts computed once; tape_visits: moves of a tape's backward sweep of the same program.
    """

    iterations: int
    formula: sp.Expr
    derivative: sp.Expr
    operations: int
    derivative_operations: int
    shared_operations: int
    tape_visits: int

    @property
    def program_text(self) -> tuple[str, ...]:
        """The lines of the program."""
        return (written("x = 4 * x * (1 - x)"),) * self.iterations

    @property
    def derivative_text(self) -> str:
        """The derivative written out, as a program prints it."""
        return written(str(self.derivative))

    @property
    def repeated_text(self) -> str:
        """The part, in brackets, whose repetitions fill most of :attr:`derivative_text`; "" if none comes twice."""
        text = str(self.derivative)
        parts = {f"({part})" for part in sp.preorder_traversal(self.derivative) if part.is_Add}
        covered = {part: text.count(part) * len(part) for part in sorted(parts) if text.count(part) > 1}
        return written(max(covered, key=lambda part: covered[part])) if covered else ""


def logistic(x: Number) -> Number:
    """One line of the program: x ← 4 x (1 − x)."""
    return 4 * x * (1 - x)


def logistic_swell(iterations: int) -> Swell:
    """The logistic map applied *iterations* times (1 to 10), and the swell of its derivative."""
    if not 1 <= iterations <= _DEEPEST:
        raise ValueError(f"iterations is {iterations}, but 1 to {_DEEPEST} are written out")

    def program(inputs: Number) -> Number:
        (value,) = inputs
        for _ in range(iterations):
            value = logistic(value)
        return value

    start = sp.Symbol("x", real=True)
    formula = program((start,))
    derivative = sp.diff(formula, start)
    shared, remaining = sp.cse(derivative)
    _, sweep = sweep_of(program, [0.3])
    return Swell(
        iterations=iterations,
        formula=formula,
        derivative=derivative,
        operations=int(sp.count_ops(formula)),
        derivative_operations=int(sp.count_ops(derivative)),
        shared_operations=int(sum(sp.count_ops(part) for _, part in shared) + sp.count_ops(remaining[0])),
        tape_visits=sweep.bill.edge_visits,
    )
