"""Chapter 5, the chain rule: its checkable statements, and the quiz."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from ledger import fact
from shown import num, nums, sci

from vcalc_anim.core import gradient_sizes, product_cost, sigmoid_chain, underflow_depth
from vcalc_anim.core.examples.ch05 import (
    DEPTH,
    DEPTH_RUNS,
    EXPLODING_WEIGHT,
    GEARS,
    GEARS_AT,
    QUIZ_GEARS,
    QUIZ_GEARS_AT,
    ROADS,
    ROADS_AT,
    TEN_JACOBIANS,
    TWO_LAYERS,
)

X = sp.Symbol("x", real=True)


def size(activation: str, scale: float) -> float:
    """The length of the gradient at the input end of a run of the chapter."""
    assert (activation, scale) in DEPTH_RUNS
    return float(gradient_sizes(activation, scale, depth=DEPTH).sizes[-1])


@fact(
    "C5.1",
    "dF/dx is the sum over i of ∂f/∂gᵢ · dgᵢ/dx",
    verdict="imprecise",
    shows="F(x) = f(g₁(x), …, g_m(x)): two functions, two letters; f differentiable",
)
def test_C5_1_contributions_of_two_roads_add_up() -> str:
    reading = ROADS.read(ROADS_AT)
    contributions = [path.contribution for path in reading.paths]
    assert contributions == [4 * 2, 1 * 3]
    assert reading.total == sp.diff(X**2 * (3 * X + 1), X).subs(X, 1) == 11
    assert ROADS.composite.derivative().exact(ROADS_AT) == reading.total
    return f"at x = 1: {contributions[0]} + {contributions[1]} = {reading.total}"


@fact("C5.2", "d/dx (x² + 1)³ = 6x(x² + 1)²")
def test_C5_2_ratios_of_gears_multiply() -> str:
    assert sp.expand(GEARS.composite.derivative().expression - 6 * X * (X**2 + 1) ** 2) == 0
    readings = [GEARS.read(x) for x in GEARS_AT]
    assert [reading.ratios for reading in readings] == [(2, 12), (1, sp.Rational(75, 16))]
    for x, reading in zip(GEARS_AT, readings, strict=True):
        assert reading.product == (6 * X * (X**2 + 1) ** 2).subs(X, sp.Rational(x))
    return "; ".join(
        f"at x = {num(x)}: {' · '.join(num(ratio) for ratio in reading.ratios)} = {num(reading.product)}"
        for x, reading in zip(GEARS_AT, readings, strict=True)
    )


@fact("C5.3", "two-layer net: ∂y/∂w₁ = σ′(z₂) w₂ σ′(z₁) x")
def test_C5_3_four_local_slopes_make_the_derivative() -> str:
    w = sp.Symbol("w", real=True)
    exact = 1 / (1 + sp.exp(-(2 / (1 + sp.exp(-w)) - 1)))
    net, half = TWO_LAYERS, sp.Rational(1, 2)
    assert net.y == pytest.approx(float(exact.subs(w, half)), rel=1e-15)
    slope = float(sp.diff(exact, w).subs(w, half))
    assert net.running_products[-1] == pytest.approx(slope, rel=1e-14)
    assert np.prod(net.local_slopes) == pytest.approx(slope, rel=1e-14)
    shown = [f"{value:.4f}" for value in (net.z1, net.a1, net.z2, net.y)]
    assert shown == ["0.5000", "0.6225", "0.2449", "0.5609"]
    assert [round(p, 5) for p in net.running_products] == [0.24629, 0.49258, 0.11576, 0.11576]
    return f"{' · '.join(num(slope, 5) for slope in net.local_slopes)} = {num(net.running_products[-1], 5)}"


@fact("C5.4", "each layer contributes one factor", verdict="imprecise", shows="slope × weight for each layer")
def test_C5_4_each_layer_contributes_two_factors() -> str:
    net = TWO_LAYERS
    slopes = net.local_slopes
    assert len(slopes) == 2 * 2
    assert slopes[1::2] == (net.w2, net.x)
    assert slopes[0::2] == pytest.approx([net.y * (1 - net.y), net.a1 * (1 - net.a1)], rel=1e-15)
    return f"{len(slopes)} factors for 2 layers: {nums(slopes)}"


@fact(
    "C5.5",
    "backprop evaluates this product right to left",
    verdict="wrong",
    shows="from the output end, which is left to right in the formula",
)
def test_C5_5_from_the_output_end_the_work_is_ninety_times_less() -> str:
    output_first = product_cost(TEN_JACOBIANS, "output first")
    input_first = product_cost(TEN_JACOBIANS, "input first")
    assert output_first.total == 10 * 100**2
    assert input_first.total == 9 * 100**3 + 100**2
    assert set(output_first.carried) == {(1, 100)}
    assert input_first.carried == ((100, 100),) * 9 + ((1, 100),)
    return f"{output_first.total:,} multiplications against {input_first.total:,}"


@fact("C5.6", "σ′ is at most 0.25")
def test_C5_6_the_slope_of_one_sigmoid_layer_peaks_at_a_quarter() -> str:
    logistic = 1 / (1 + sp.exp(-X))
    assert sp.solve(sp.diff(logistic, X, 2), X) == [0]
    peak = sp.diff(logistic, X).subs(X, 0)
    slopes = [sigmoid_chain(1, z, 1)[1] for z in np.linspace(-9, 9, 181)]
    assert max(slopes) == sigmoid_chain(1, 0, 1)[1] == float(peak)
    return f"{num(max(slopes))}, at z = 0 only"


@fact(
    "C5.7",
    "0.25⁵⁰ is about 10⁻³⁰",
    shows="at most 7.9·10⁻³¹, if every weight has size 1 or less",
)
def test_C5_7_the_ceiling_after_fifty_layers() -> str:
    ceiling = sigmoid_chain(1, 0, DEPTH)[-1]
    assert Fraction(ceiling) == Fraction(1, 4) ** DEPTH == Fraction(1, 2**100)
    depths = {kind: underflow_depth(0.25, kind) for kind in (np.float16, np.float32)}
    # The smallest positive numbers are 2⁻²⁴ and 2⁻¹⁴⁹; half of one rounds to zero.
    assert depths == {np.float16: 13, np.float32: 75}
    after = ", ".join(f"{depth} in {kind.__name__}" for kind, depth in depths.items())
    return f"{sci(ceiling)} = 2⁻¹⁰⁰; a float is exactly 0 after so many factors: {after}"


@fact(
    "C5.8",
    "many such factors make the gradient exponentially small",
    verdict="cond",
    shows="the weights stand in the product too",
)
def test_C5_8_large_weights_make_it_explode() -> str:
    sizes = sigmoid_chain(EXPLODING_WEIGHT, 0, DEPTH)
    assert [Fraction(s) for s in sizes] == [Fraction(2) ** k for k in range(DEPTH + 1)]
    return f"w = {num(EXPLODING_WEIGHT)}, z = 0: 2⁵⁰ = {sci(sizes[-1])}"


@fact(
    "C5.9",
    "ReLU largely replaced the sigmoid because its slope is 0 or 1",
    verdict="imprecise",
    shows="ReLU and matched weights",
)
def test_C5_9_the_scale_of_the_weights_matters_as_much() -> str:
    sigmoid, tanh = size("sigmoid", 1.0), size("tanh", 1.0)
    matched, small = size("relu", 2**0.5), size("relu", 1.0)
    # ReLU passes positive multiples through: scaling the weights by √2 scales the gradient by √2 a layer.
    assert matched / small == pytest.approx(2 ** (DEPTH / 2), rel=1e-9)
    assert sigmoid == pytest.approx(2.6e-32, rel=0.02)
    assert size("sigmoid", 4.0) == pytest.approx(2.3e-11, rel=0.02)
    assert (tanh, matched) == (pytest.approx(0.15, rel=0.02), pytest.approx(11.2, rel=0.01))
    return (
        f"after {DEPTH} layers: sigmoid {sci(sigmoid)}, tanh {num(tanh, 2)}, ReLU {num(matched, 1)}, "
        f"with small weights {sci(small)}"
    )


@fact("Q5", "f(x) = h(g(x)): df/dx = h′(g(x)) · g′(x)")
def test_Q5_the_outer_slope_is_read_where_the_inner_value_sits() -> str:
    inner, outer = QUIZ_GEARS.stages
    x = QUIZ_GEARS_AT
    right = QUIZ_GEARS.read(x).product
    assert sp.simplify(right - sp.diff(sp.sin(X**2 + 1), X).subs(X, x)) == 0
    read_at_x = outer.derivative().exact(x) * inner.derivative().exact(x)
    composed_slopes = outer.derivative().exact(inner.derivative().exact(x))
    inner_forgotten = outer.derivative().exact(inner.exact(x))
    options = [float(value) for value in (right, read_at_x, composed_slopes, inner_forgotten)]
    assert len({round(value, 6) for value in options}) == 4
    # At 1 two of the options agree: the quiz must not be shown there.
    assert outer.derivative().exact(inner.derivative().exact(1)) == outer.derivative().exact(inner.exact(1))
    return "sin(x² + 1) at 2: " + ", not ".join(num(value, 3) for value in options)
