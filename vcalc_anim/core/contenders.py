"""One derivative by four methods, each with its bill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.differences import forward_gradient
from vcalc_anim.core.passes import Program, jacobian_forward, sweep_of
from vcalc_anim.core.vectors import Array, read_only

Method = Literal["symbols", "nudges", "shadows", "tape"]


@dataclass(frozen=True, eq=False)
class Contender:
    """A *method*, the *gradient* (n,) it found, and how many *runs* of the program that took.

    A sweep of the tape counts as a run; symbols need none, but one formula an input.
    """

    method: Method
    gradient: Array
    runs: int


def four_ways(program: Program, point: npt.ArrayLike, step: float = 1e-3) -> tuple[Contender, ...]:
    """The gradient of *program* at *point* (n,): from formulas, one-sided nudges of size *step*, duals and a tape.

    Raises ValueError unless the program has one output.
    """
    at = np.atleast_1d(np.asarray(point, dtype=np.float64))
    _, sweep = sweep_of(program, at)  # first: it checks the point and the output
    symbols = sp.symbols(f"x1:{len(at) + 1}", real=True)
    formula = sp.sympify(program(symbols))
    values = {symbol: sp.Rational(repr(float(value))) for symbol, value in zip(symbols, at, strict=True)}
    exact = [float(sp.diff(formula, symbol).subs(values)) for symbol in symbols]
    nudged, runs = forward_gradient(program, at, step)  # type: ignore[arg-type]
    shadows = jacobian_forward(program, at)
    reverse = [0.0 if sweep.adjoints[i] is None else sweep.adjoints[i] for i in range(len(at))]
    return (
        Contender("symbols", read_only(exact), 0),
        Contender("nudges", read_only(nudged), runs),
        Contender("shadows", read_only(shadows.matrix[0]), shadows.passes),
        Contender("tape", read_only(reverse), 2),
    )


def runs_needed(inputs: int) -> dict[Method, int]:
    """How many runs of the program each method takes for all derivatives by *inputs* many inputs."""
    if inputs < 1:
        raise ValueError(f"a program has at least one input, not {inputs}")
    return {"symbols": 0, "nudges": inputs + 1, "shadows": inputs, "tape": 2}
