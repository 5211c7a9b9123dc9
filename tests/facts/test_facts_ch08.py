"""Chapter 8, backpropagation: the checkable statements, and the quiz."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from ledger import fact
from shown import mat, num, nums, shape, vec

from vcalc_anim.core import Tape, dense_work, gradient_reverse, numerical_jacobian, relu_layer
from vcalc_anim.core.contenders import runs_needed
from vcalc_anim.core.differences import central_difference, forward_difference, forward_gradient
from vcalc_anim.core.elementary import relu, total
from vcalc_anim.core.examples.ch08 import (
    DEEP_WIDTHS,
    DIAL_COUNTS,
    DIGIT_WIDTHS,
    LEARNING_RATES,
    RELU_LAYER,
    B,
    W,
    X,
    Y,
    fit_steps,
    loss_graph,
    loss_program,
)

SYMBOLS = sp.symbols("w b x y", real=True)
LOSS = (SYMBOLS[0] * SYMBOLS[2] + SYMBOLS[1] - SYMBOLS[3]) ** 2
HERE = dict(zip(SYMBOLS, map(sp.Rational, (W, B, X, Y)), strict=True))
EXACT = [sp.diff(LOSS, symbol).subs(HERE) for symbol in SYMBOLS]


def relu_loss(flat_weights: np.ndarray) -> float:
    """A loss whose gradient by the layer's outputs is the layer's upstream gradient."""
    sums = flat_weights.reshape(2, 2) @ RELU_LAYER.x
    return float(RELU_LAYER.upstream @ np.maximum(sums, 0))


@fact("C8.1", "gradients by all parameters follow from the chain rule, from the output back")
def test_C8_1_symbols_through_the_same_graph_give_the_formulas() -> str:
    graph = loss_graph(*SYMBOLS)
    sweep = graph.backward()
    for variable, symbol in zip((graph.w, graph.b, graph.x, graph.y), SYMBOLS, strict=True):
        assert sp.expand(sweep.adjoint(variable) - sp.diff(LOSS, symbol)) == 0
    names = {graph.r.value: sp.Symbol("r")}
    w, b = (sp.latex(sp.factor(sweep.adjoint(v)).subs(names)) for v in (graph.w, graph.b))
    return f"$∂L/∂w = {w}$, $∂L/∂b = {b}$"


@fact("C8.2", "forward: z = wx, a = z + b, r = a − y, L = r²")
def test_C8_2_forward_values() -> str:
    graph = loss_graph()
    values = [graph.z.value, graph.a.value, graph.r.value, graph.loss.value]
    assert values == [3, 3.5, 2.5, 6.25]
    assert values[-1] == LOSS.subs(HERE).evalf()
    return nums(values)


@fact("C8.3", "backward from 1: r: 2r, a: 2r, b: 2r, z: 2r, w: 2rx", shows="x and y get their blame too")
def test_C8_3_backward_values() -> str:
    graph = loss_graph(Fraction(3, 2), Fraction(1, 2), Fraction(2), Fraction(1))
    sweep = graph.backward()
    assert [sweep.adjoint(v) for v in (graph.w, graph.b, graph.x, graph.y)] == EXACT
    inner = [sweep.adjoint(v) for v in (graph.loss, graph.r, graph.a, graph.z)]
    assert inner == [1, 5, 5, 5]
    order = [graph.tape.name(step.parent) for step in sweep.steps]
    assert order == ["r", "a", "y", "z", "b", "w", "x"]
    assert [step.local for step in sweep.steps] == [5, 1, -1, 1, 1, 2, Fraction(3, 2)]
    floats = gradient_reverse(lambda v: (v[0] * v[2] + v[1] - v[3]) ** 2, [W, B, X, Y])
    assert floats.tolist() == [float(value) for value in EXACT]
    return ", ".join(
        f"{graph.tape.name(v.index)} {num(sweep.adjoint(v))}"
        for v in (graph.loss, graph.r, graph.a, graph.z, graph.w, graph.b, graph.x, graph.y)
    )


@fact("C8.4", "one step with learning rate α (added)", shows="α = 0.05: 0.1 would hit 0 by coincidence")
def test_C8_4_each_step_scales_the_residual() -> str:
    after = [fit_steps(rate, 1)[1].loss for rate in LEARNING_RATES]
    exact = [(Fraction(5, 2) * (1 - 10 * rate)) ** 2 for rate in map(Fraction, ("1/20", "1/5", "1/4"))]
    assert after == pytest.approx([float(value) for value in exact], rel=1e-14)
    assert fit_steps(0.1, 1)[1].loss == pytest.approx(0, abs=1e-30)
    assert [s.loss for s in fit_steps(0.05, 2)] == pytest.approx([6.25, 1.5625, 0.390625])
    factor = 1 - 2 * LEARNING_RATES[0] * (X**2 + 1)
    assert factor == pytest.approx(1 - 10 * LEARNING_RATES[0])
    return f"α = {nums(LEARNING_RATES)}: L {num(fit_steps()[0].loss)} → {nums(after)}"


@fact(
    "C8.5",
    "the naive way takes one pass for each parameter",
    shows="n + 1 runs for nudges, n for shadows, 2 here",
)
def test_C8_5_runs_are_counted() -> str:
    nudged, runs = forward_gradient(loss_program, [W, B], 1e-3)
    assert runs == runs_needed(2)["nudges"] == 3
    # The surplus over the derivative is exactly x²h for w, h for b: the loss is quadratic.
    assert nudged == pytest.approx([10 + X**2 * 1e-3, 5 + 1e-3], rel=1e-9)
    one_sided = forward_difference(lambda w: loss_program([w, B]), W, 1e-3)
    centred = central_difference(lambda w: loss_program([w, B]), W, 1e-3)
    assert (one_sided, centred) == (pytest.approx(10.004, rel=1e-9), pytest.approx(10, rel=1e-9))
    counts = {n: runs_needed(n)["nudges"] for n in DIAL_COUNTS}
    assert all(count == n + 1 for n, count in counts.items())
    return f"a nudge of 0.001 says {num(one_sided, 3)}; for 1,000 dials {counts[1000]:,} runs against {runs_needed(1000)['tape']}"


@fact("C8.6", "∂L/∂a is computed once and used for w and for b")
def test_C8_6_the_blame_at_a_is_shared() -> str:
    graph = loss_graph()
    sweep = graph.backward()
    into_a = [step for step in sweep.steps if step.parent == graph.a.index]
    assert len(into_a) == 1
    out_of_a = [step for step in sweep.steps if step.node == graph.a.index]
    assert [step.incoming for step in out_of_a] == [into_a[0].total] * 2 == [5, 5]
    return f"{len(into_a)} move into a, {len(out_of_a)} out of it, each with {num(into_a[0].total)}"


@fact(
    "C8.7",
    "it costs about two forward passes, whatever N is",
    verdict="imprecise",
    shows="about 2 for dense layers; always a small constant, whatever N is",
)
def test_C8_7_multiplications_backward_over_forward() -> str:
    assert DEEP_WIDTHS == (256,) * 51
    deep, digits = dense_work(DEEP_WIDTHS), dense_work(DIGIT_WIDTHS)
    assert deep.ratio == (2 * 50 - 1) / 50
    assert digits.forward == 784 * 128 + 128 * 64 + 64 * 10
    assert digits.backward == 2 * digits.forward - 784 * 128
    # The recorded graph agrees with the formula, number by number.
    tape = Tape()
    signal = tape.constant(np.ones(7))
    for fan_in, fan_out in ((7, 5), (5, 4), (4, 3)):
        signal = tape.variable("W", np.ones((fan_out, fan_in))) @ signal
    bill = tape.backward(total(signal)).bill
    expected = dense_work((7, 5, 4, 3))
    assert (bill.forward_multiplications, bill.backward_multiplications) == (
        expected.forward,
        expected.backward,
    )
    return f"50 layers of 256: {deep.ratio:.2f}; 784-128-64-10: {digits.ratio:.2f}"


@fact(
    "C8.8",
    "it scales as O(N)",
    verdict="imprecise",
    shows="a constant multiple of one forward run, paid in memory",
)
def test_C8_8_work_and_memory_grow_with_the_run() -> str:
    bills = []
    for factors in (10, 100, 1000):
        tape = Tape()
        product = tape.variable("q", 1.001)
        for _ in range(factors - 1):
            product = product * tape.variable("q", 1.001)
        bills.append(tape.backward(product).bill)
    assert [bill.edge_visits for bill in bills] == [2 * (n - 1) for n in (10, 100, 1000)]
    assert [bill.stored_numbers for bill in bills] == [2 * n - 1 for n in (10, 100, 1000)]
    visits, stored = nums(b.edge_visits for b in bills), nums(b.stored_numbers for b in bills)
    return f"products of 10, 100, 1000 factors: {visits} edge visits, {stored} stored numbers"


@fact(
    "C8.9",
    "ReLU layer: ∂L/∂W = ∂L/∂a xᵀ",
    verdict="imprecise",
    shows="δ = ∂L/∂h ⊙ 1[a > 0], ∂L/∂W = δxᵀ, ∂L/∂b = δ",
)
def test_C8_9_the_gate_belongs_to_the_layer() -> str:
    layer = RELU_LAYER
    assert layer.sums.tolist() == [-4, 4]
    assert layer.delta.tolist() == [0, -2]
    by_nudging = numerical_jacobian(relu_loss, layer.weights.ravel()).reshape(2, 2)
    assert np.allclose(by_nudging, layer.weight_gradient, atol=1e-8)
    assert layer.weight_gradient.tolist() == [[0, 0], [-4, -6]]
    assert layer.ungated_weight_gradient.tolist() == [[2, 3], [-4, -6]]
    return f"{mat(layer.weight_gradient)}; without the gate the first row would be {vec(layer.ungated_weight_gradient[0])}"


@fact(
    "C8.10",
    "∂L/∂a comes down from the layer above",
    verdict="imprecise",
    shows="in comes ∂L/∂h, kept is δxᵀ, out goes Wᵀδ",
)
def test_C8_10_three_arrows_for_each_layer() -> str:
    layer = RELU_LAYER
    tape = Tape()
    weights, x = tape.variable("W", layer.weights), tape.variable("x", layer.x)
    hidden = relu(weights @ x)
    sweep = tape.backward(hidden, seed=layer.upstream)
    assert np.array_equal(sweep.adjoint(weights), layer.weight_gradient)
    assert np.array_equal(sweep.adjoint(x), layer.input_gradient)
    exact = sp.Matrix([[1, -2], [sp.Rational(1, 2), 1]]).T * sp.Matrix([0, -2])
    assert layer.input_gradient.tolist() == [float(entry) for entry in exact] == [-1, -2]
    return f"in {vec(layer.upstream)}, δ = {vec(layer.delta)}, out Wᵀδ = {vec(layer.input_gradient)}"


@fact(
    "C8.11",
    "the shapes fit",
    verdict="inconsistent",
    shows="δ is m × 1 and xᵀ is 1 × n: gradients are columns",
)
def test_C8_11_the_weight_gradient_has_the_shape_of_the_weights() -> str:
    layer = relu_layer(np.ones((3, 2)), np.ones(2), np.ones(3))
    assert layer.weight_gradient.shape == layer.weights.shape == (3, 2)
    assert (layer.bias_gradient.shape, layer.input_gradient.shape) == ((3,), (2,))
    return f"W {shape(layer.weights.shape)}: δxᵀ is (3 × 1)(1 × 2) = {shape(layer.weight_gradient.shape)}"


@fact(
    "C8.12",
    "any swap of a part just works",
    verdict="cond",
    shows="if each part knows a local slope that is useful",
)
def test_C8_12_a_step_has_slope_zero_almost_everywhere() -> str:
    steps = [numerical_jacobian(np.round, [x])[0, 0] for x in (0.1, 0.7, 1.2)]
    assert steps == [0, 0, 0]
    return "rounding: slope 0 wherever it has one"


@fact("C8.13", "the seed is ∂L/∂L = 1")
def test_C8_13_the_seed() -> str:
    graph = loss_graph()
    sweep = graph.backward()
    assert sweep.adjoint(graph.loss) == 1 == sweep.steps[0].incoming
    return num(sweep.adjoint(graph.loss))


@fact("C8.14", "where a value is used twice the contributions add (added)")
def test_C8_14_blame_adds_up_at_a_fork() -> str:
    graph = loss_graph(variant="fanout")
    into_r = [step for step in graph.backward().steps if step.parent == graph.r.index]
    assert [(step.contribution, step.total) for step in into_r] == [(2.5, 2.5), (2.5, 5)]
    forgetful = graph.backward(overwrite=True)
    assert (forgetful.adjoint(graph.r), forgetful.adjoint(graph.w)) == (2.5, 5)
    fined = loss_graph(variant="penalty")
    exact = sp.diff(LOSS + SYMBOLS[0] ** 2, SYMBOLS[0]).subs(HERE)
    assert fined.backward().adjoint(fined.w) == float(exact) == 13
    contributions = [s.contribution for s in fined.backward().steps if s.parent == fined.w.index]
    assert sorted(contributions) == [1.5, 1.5, 10]
    parts = " + ".join(num(step.contribution) for step in into_r)
    return (
        f"{parts} = {num(into_r[-1].total)} at r; with a penalty w² {num(max(contributions))} + 3 = "
        f"{num(fined.backward().adjoint(fined.w))}; overwriting would give {num(forgetful.adjoint(graph.r))} at r"
    )


@fact("Q8", "backprop computes each shared upstream derivative once and reuses it")
def test_Q8_every_edge_once_exact_and_with_forward_values() -> str:
    factors = [Fraction(n) for n in (2, 3, 5, 7)]
    tape = Tape()
    variables = [tape.variable(f"q{n}", n) for n in factors]
    product = variables[0]
    for variable in variables[1:]:
        product = product * variable
    sweep = tape.backward(product)
    # A: nothing is approximate. C: the local slopes are forward values.
    assert [sweep.adjoint(variable) for variable in variables] == [210 / n for n in factors]
    edges = {(step.node, step.argument) for step in sweep.steps}
    assert len(edges) == len(sweep.steps) == 2 * (len(factors) - 1)
    assert {step.local for step in sweep.steps} >= {factors[-1], factors[0] * factors[1] * factors[2]}
    # B: one pass a parameter is more work, in parallel or not.
    n = 1000
    assert sweep.bill.backward_multiplications == 2 * (4 - 1)
    swept, one_at_a_time = 2 * (n - 1), n * (n - 2)
    assert swept < one_at_a_time
    return f"product of {n:,} factors: {swept:,} multiplications against {one_at_a_time:,} one at a time"
