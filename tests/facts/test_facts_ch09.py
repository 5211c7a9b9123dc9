"""Chapter 9, automatic differentiation: the checkable statements, and the quiz."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from ledger import fact, remark
from shown import num, nums, sci

from vcalc_anim.core import (
    Dual,
    cancellation,
    exhibit,
    four_ways,
    jacobian_forward,
    jacobian_reverse,
    logistic_swell,
    numerical_jacobian,
    v_curve,
)
from vcalc_anim.core.contenders import runs_needed
from vcalc_anim.core.examples.ch08 import B, W, X, Y, loss_graph, loss_program
from vcalc_anim.core.examples.ch09 import (
    CANCELLING_AT,
    COLUMN_AT,
    NUDGE,
    ROW_AT,
    SQUARE_AT,
    SWELL_DEPTHS,
    V_AT,
    V_FIELD,
    one_column,
    one_row,
    square_matrix,
)


@fact(
    "C9.1",
    "exact derivatives of any program",
    verdict="wrong",
    shows="of programs built from differentiable steps: it differentiates the branch that ran",
)
def test_C9_1_the_branch_that_ran_is_differentiated() -> str:
    for name in ("cases", "corners"):
        at_zero = exhibit(name, 0.0)
        assert (at_zero.value, at_zero.computed, at_zero.true) == (0, 0, 1)
        assert exhibit(name, 0.5).computed == exhibit(name, 0.5).true == 1
    return f"two programs for x give slope {num(at_zero.computed)} at 0 instead of {num(at_zero.true)}"


@fact(
    "C9.2",
    "to machine precision",
    verdict="cond",
    shows="no truncation error; round-off can still be amplified",
)
def test_C9_2_round_off_is_amplified() -> str:
    found = exhibit("cancellation", CANCELLING_AT)
    # (1 − cos x)/x² = 1/2 − x²/24 + …, so its slope is −x/12 to first order.
    assert found.true == pytest.approx(-CANCELLING_AT / 12, rel=1e-12)
    assert found.computed == pytest.approx(1e8, rel=1e-6)
    digits = [cancellation(10.0**-k).digits for k in range(1, 9)]
    assert digits == sorted(digits, reverse=True)
    assert digits[-1] == 0
    return f"(1 − cos x)/x² at {sci(CANCELLING_AT, 0)}: {sci(found.computed)}, truth {sci(found.true, 2)}"


@fact(
    "C9.3",
    "symbolic differentiation: the expression explodes",
    verdict="cond",
    shows="if common parts are not shared",
)
def test_C9_3_one_more_line_triples_the_derivative() -> str:
    swells = [logistic_swell(depth) for depth in SWELL_DEPTHS]
    x = sp.Symbol("x", real=True)
    formula = x
    for swell in swells:
        formula = 4 * formula * (1 - formula)
        assert swell.formula == formula
        assert sp.expand(swell.derivative - sp.diff(formula, x)) == 0
    assert [swell.operations for swell in swells] == [3, 8, 18, 38, 78]
    assert [swell.derivative_operations for swell in swells] == [2, 21, 82, 264, 768]
    assert [swell.tape_visits for swell in swells] == [4 * depth for depth in SWELL_DEPTHS]
    assert all(s.shared_operations <= s.derivative_operations for s in swells)
    counts = ", ".join(f"{swell.operations}/{swell.derivative_operations}" for swell in swells)
    return f"operations of f/f′: {counts}; with sharing {swells[-1].shared_operations} at the end"


@fact(
    "C9.4",
    "finite differences: approximate, O(n), unstable, for anything",
    verdict="imprecise",
    shows="n + 1 or 2n full evaluations; not for kinks or noise",
)
def test_C9_4_the_v_curve() -> str:
    curve = v_curve(V_FIELD, V_AT)
    assert curve.derivative == float(sp.cos(1).evalf(30))
    (forward_step, forward), (central_step, central) = curve.best_forward(), curve.best_central()
    assert (forward_step, central_step) == (pytest.approx(1e-8), pytest.approx(1e-5))
    assert (forward, central) == (pytest.approx(3.0e-9, rel=0.05), pytest.approx(1.1e-11, rel=0.05))
    shown = [curve.at(h)[0] for h in (1e-2, 1e-4, 1e-10, 1e-16)]
    assert shown == pytest.approx([4.2e-3, 4.2e-5, 5.8e-8, 0.54], rel=0.02)
    # The walls: truncation falls with slope 1 and 2, rounding rises with slope −1.
    assert np.log10(curve.at(1e-2)[0] / curve.at(1e-4)[0]) == pytest.approx(2, abs=0.01)
    assert np.log10(curve.at(1e-1)[1] / curve.at(1e-3)[1]) == pytest.approx(4, abs=0.01)
    assert np.log10(curve.at(1e-14)[0] / curve.at(1e-9)[0]) > 3
    assert curve.automatic <= 2 * np.spacing(curve.derivative)
    return (
        f"sin at 1: forward best {sci(forward)} at h = {sci(forward_step, 0)}, "
        f"central {sci(central)} at {sci(central_step, 0)}; h = 10⁻¹⁶: {num(shown[-1], 2)}"
    )


@fact("C9.5", "forward mode: one pass for each input direction")
def test_C9_5_shadows_through_the_graph() -> str:
    for w_seed, b_seed, expected in ((1, 0, [2, 2, 2, 10]), (0, 1, [0, 1, 1, 5])):
        w, b = Dual(Fraction(3, 2), w_seed), Dual(Fraction(1, 2), b_seed)
        z = w * 2
        a = z + b
        r = a - 1
        loss = r * r
        assert [dual.shadow for dual in (z, a, r, loss)] == expected
        assert [dual.value for dual in (z, a, r, loss)] == [
            3,
            Fraction(7, 2),
            Fraction(5, 2),
            Fraction(25, 4),
        ]
    h = sp.Symbol("h")
    assert sp.expand(((sp.Rational(3, 2) + h) * 2 + sp.Rational(1, 2) - 1) ** 2).coeff(h, 1) == 10
    passes = jacobian_forward(loss_program, [W, B])
    assert (passes.matrix.tolist(), passes.passes) == ([[10, 5]], 2)
    w_seed, b_seed = passes.matrix[0]
    value = loss_program([W, B])
    return f"seed w: {num(value)} + {num(w_seed)}ε; seed b: {num(value)} + {num(b_seed)}ε"


@fact(
    "C9.6",
    "reverse mode: one pass for all gradients, with a tape",
    verdict="cond",
    shows="one pass for each output",
)
def test_C9_6_one_sweep_for_each_output() -> str:
    row, square = jacobian_reverse(one_row, ROW_AT), jacobian_reverse(square_matrix, SQUARE_AT)
    assert (row.passes, square.passes) == (1, 3)
    graph = loss_graph(variant="fanout")
    entries = [entry.operation for entry in graph.tape.operations]
    assert entries == ["mul", "add", "sub", "mul"]
    assert graph.backward().bill.stored_numbers == len(graph.tape) == 8
    return (
        f"{row.passes} pass for 6 → 1, {square.passes} for 3 → 3; the tape of the graph: {', '.join(entries)}"
    )


@fact(
    "C9.8",
    "forward mode fills columns, reverse mode rows",
    shows="reverse wins where outputs are few, not always",
)
def test_C9_8_columns_or_rows() -> str:
    counts = []
    for program, point in ((one_row, ROW_AT), (one_column, COLUMN_AT), (square_matrix, SQUARE_AT)):
        forward, reverse = jacobian_forward(program, point), jacobian_reverse(program, point)
        assert np.allclose(forward.matrix, reverse.matrix, rtol=1e-14)
        assert np.allclose(forward.matrix, exact_jacobian(program, point), rtol=1e-13)
        nudged = numerical_jacobian(lambda v, run=program: np.array(run(list(v)), dtype=float), point)
        assert np.allclose(forward.matrix, nudged, atol=1e-7)
        assert (forward.line, reverse.line) == ("column", "row")
        assert forward.matrix.shape == (reverse.passes, forward.passes)
        counts.append((forward.passes, reverse.passes))
    assert counts == [(6, 1), (1, 6), (3, 3)]
    return "passes forward and reverse: " + ", ".join(f"{n} → {m} takes {n} and {m}" for n, m in counts)


def exact_jacobian(program, point) -> np.ndarray:
    """By sympy: the program run on symbols, differentiated, and evaluated exactly."""
    symbols = sp.symbols(f"v0:{len(point)}", real=True)
    outputs = program(symbols)
    matrix = sp.Matrix(outputs if isinstance(outputs, list) else [outputs]).jacobian(symbols)
    return np.array(
        matrix.subs(dict(zip(symbols, map(sp.Rational, point), strict=True))).evalf(30), dtype=float
    )


@fact("C9.9", "the listing gives 10.0 and 5.0", shows="it prints tensor(10.) and tensor(5.)")
def test_C9_9_four_ways_to_the_same_number() -> str:
    symbols, nudges, shadows, tape = four_ways(loss_program, [W, B], NUDGE)
    exact = [sp.diff((sp.Symbol("w") * X + B - Y) ** 2, "w").subs("w", W)]
    assert float(exact[0]) == 10
    for contender in (symbols, shadows, tape):
        assert contender.gradient.tolist() == [10, 5]
    assert nudges.gradient == pytest.approx([10.004, 5.001], rel=1e-9)
    assert [c.runs for c in (symbols, nudges, shadows, tape)] == list(runs_needed(2).values()) == [0, 3, 2, 2]
    found = ", ".join(f"{c.method} {num(c.gradient[0], 3)}" for c in (symbols, nudges, shadows, tape))
    return f"{found}; for b {num(tape.gradient[1])}"


@fact(
    "C9.13",
    "loss.backward() and then optimizer.step()",
    verdict="imprecise",
    shows="and optimizer.zero_grad(): gradients accumulate",
)
def test_C9_13_a_second_sweep_of_a_tape_starts_afresh() -> str:
    graph = loss_graph()
    first, second = graph.backward(), graph.backward()
    assert first.adjoint(graph.w) == second.adjoint(graph.w) == 10
    assert first.adjoint(graph.w) + second.adjoint(graph.w) == 20
    stored = np.cumsum([sweep.adjoint(graph.w) for sweep in (first, second)])
    return f"a library that adds to what is stored shows {nums(stored)}"


@fact("Q9", "many inputs, one output: one reverse pass gives every partial derivative")
def test_Q9_passes_memory_and_exactness() -> str:
    forward, reverse = jacobian_forward(one_row, ROW_AT), jacobian_reverse(one_row, ROW_AT)
    assert (forward.passes, reverse.passes) == (6, 1)
    # A: forward mode is exact too.
    exact = (sp.Rational(3, 2) * 2 + sp.Rational(1, 2) - 1) * 2 * 2
    shadow = loss_program([Dual(Fraction(3, 2), 1), Fraction(1, 2)]).shadow
    assert float(exact) == shadow == 10
    # B: the tape keeps everything; a dual keeps one shadow.
    assert loss_graph().backward().bill.stored_numbers > 2
    # C: with one input and many outputs forward mode wins.
    assert jacobian_forward(one_column, COLUMN_AT).passes < jacobian_reverse(one_column, COLUMN_AT).passes
    return f"6 inputs, 1 output: {forward.passes} passes forward, {reverse.passes} in reverse; the other way round: the reverse"


remark(
    "C9.7",
    "PyTorch autograd and JAX grad are reverse mode with a tape",
    verdict="true",
    shows="a tape is PyTorch's picture; JAX traces and transposes",
)
remark(
    "C9.10",
    "loss = model(x)",
    verdict="wrong",
    shows="loss = loss_fn(model(x), y): a model returns a prediction",
)
remark(
    "C9.11",
    "JAX builds the graph with jit.trace",
    verdict="wrong",
    shows="jax.grad and jax.vjp trace; jax.make_jaxpr shows the result",
)
remark(
    "C9.12",
    "jax.grad(loss_fn) is the backward pass",
    verdict="imprecise",
    shows="jax.grad(loss_fn)(params): grad returns a function",
)
remark(
    "C9.14",
    "later chapters: 7 optimisation, 9 regression, 10 principal components",
    verdict="unverified",
    shows="the book's chapter 7; gradient descent, momentum, stochastic descent",
)
remark("C9.15", "a quotation attributed to G. Strang", verdict="unverified", shows="nothing")
