"""Jacobians of programs, filled one pass at a time: forward mode by columns, reverse mode by rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core import elementary
from vcalc_anim.core.duals import Dual
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.primitives import Number
from vcalc_anim.core.sweep import Sweep
from vcalc_anim.core.tape import Tape, Var
from vcalc_anim.core.vectors import Array, as_point, read_only

#: A program: n numbers in, one number or several out, written with operators and the functions of ``primitives``.
Program: TypeAlias = Callable[[Sequence[Number]], Number | Sequence[Number]]


@dataclass(frozen=True, eq=False)
class JacobianPasses:
    """A Jacobian *matrix* (m, n) and how it was filled: pass number k brought its *line* number k.

    evaluations: how often the program itself ran.
    """

    matrix: Array
    line: Literal["column", "row"]
    evaluations: int

    @property
    def passes(self) -> int:
        """How many passes it took: n by columns, m by rows."""
        outputs, inputs = self.matrix.shape
        return int(inputs if self.line == "column" else outputs)

    def after(self, passes: int) -> Array:
        """The matrix as far as it is known after a number of *passes*, nan where it is not."""
        if not 0 <= passes <= self.passes:
            raise ValueError(f"{passes} passes were asked for, but this Jacobian took {self.passes}")
        known = np.full(self.matrix.shape, np.nan)
        lines = np.s_[:, :passes] if self.line == "column" else np.s_[:passes, :]
        known[lines] = self.matrix[lines]
        return read_only(known)


def jacobian_forward(program: Program, point: npt.ArrayLike) -> JacobianPasses:
    """The Jacobian of *program* at *point* (n,) by forward mode: one run with duals for each input."""
    numbers = _numbers(point)
    columns = []
    for seeded in range(len(numbers)):
        duals = [Dual(value, 1.0 if index == seeded else 0.0) for index, value in enumerate(numbers)]
        columns.append([out.shadow if isinstance(out, Dual) else 0.0 for out in _outputs(program(duals))])
    return JacobianPasses(read_only(np.array(columns, dtype=np.float64).T), "column", len(columns))


def jacobian_reverse(program: Program, point: npt.ArrayLike) -> JacobianPasses:
    """The Jacobian of *program* at *point* (n,) by reverse mode: one run, then one sweep for each output."""
    variables, outputs = record(program, point)
    rows = [
        [out.tape.backward(out).adjoint(v) if isinstance(out, Var) else 0.0 for v in variables]
        for out in outputs
    ]
    return JacobianPasses(read_only(np.array(rows, dtype=np.float64)), "row", 1)


def gradient_reverse(program: Program, point: npt.ArrayLike) -> Array:
    """The gradient of a *program* with one output at *point* (n,), shape (n,), from one sweep."""
    variables, sweep = sweep_of(program, point)
    return np.array([sweep.adjoint(variable) for variable in variables], dtype=np.float64)


def sweep_of(
    program: Program, point: npt.ArrayLike, names: Sequence[str] | None = None
) -> tuple[tuple[Var, ...], Sweep]:
    """Record a *program* with one output at *point* (n,) and play it backwards: its variables and the sweep."""
    variables, outputs = record(program, point, names)
    if len(outputs) != 1 or not isinstance(outputs[0], Var):
        raise ValueError(
            f"the program has {len(outputs)} outputs, but one number made from its inputs is expected"
        )
    return variables, outputs[0].tape.backward(outputs[0])


def record(
    program: Program, point: npt.ArrayLike, names: Sequence[str] | None = None
) -> tuple[tuple[Var, ...], tuple[Number, ...]]:
    """Run *program* at *point* (n,) on a new tape: its variables, called *names* or x1, x2, …, and its outputs."""
    numbers = _numbers(point)
    called = names or [f"x{index + 1}" for index in range(len(numbers))]
    if len(called) != len(numbers):
        raise ValueError(f"there are {len(called)} names for {len(numbers)} inputs: give one name an input")
    tape = Tape()
    variables = tuple(tape.variable(name, value) for name, value in zip(called, numbers, strict=True))
    return variables, _outputs(program(variables))


def program_of(field: ScalarField) -> Program:
    """The formula of *field* as a program for duals and tapes.

    ValueError for a function that has no local slope in the table of elementary functions.
    """
    table = {name: getattr(elementary, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh")}
    used = {function.func.__name__ for function in field.expression.atoms(sp.Function)}
    if unknown := sorted(used - set(table)):
        raise ValueError(
            f"{field.expression} contains {', '.join(unknown)}, but programs are made of {', '.join(table)} "
            "and arithmetic"
        )
    run = sp.lambdify(field.variables, field.expression, modules=[table, "math"])

    def program(inputs: Sequence[Number]) -> Number:
        return run(*inputs)

    return program


def _numbers(point: npt.ArrayLike) -> list[float]:
    array = np.atleast_1d(np.asarray(point, dtype=np.float64))
    if not array.size:
        raise ValueError("the point has no coordinates: a program needs at least one input")
    return [float(value) for value in as_point(array, array.size)]


def _outputs(result: Number | Sequence[Number]) -> tuple[Number, ...]:
    outputs = tuple(result) if isinstance(result, (list, tuple)) else (result,)
    if not outputs:
        raise ValueError("the program returns no number")
    return outputs
