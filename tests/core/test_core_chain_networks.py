from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    GearTrain,
    PathSum,
    ScalarField,
    ScalarFunction,
    Tape,
    TwoLayerNet,
    dense_work,
    gradient_sizes,
    numerical_jacobian,
    product_cost,
    relu_layer,
    sigmoid_chain,
    underflow_depth,
)
from vcalc_anim.core.elementary import relu, sigmoid, tanh, total

SQUARE = ScalarFunction.from_text("x**2")
STAGES = [ScalarFunction.from_text(text) for text in ("x**2 + 1", "3*x - 2", "sin(x)", "exp(-x)", "x**3")]
finite = st.floats(-2, 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(STAGES), min_size=1, max_size=3), st.fractions(-2, 2, max_denominator=4))
def test_the_product_of_ratios_is_the_slope_of_the_composite(stages, x):
    train = GearTrain(tuple(stages))
    reading = train.read(x)
    assert len(reading.positions) == len(reading.ratios) + 1 == len(stages) + 1
    exact = sp.diff(train.composite.expression, train.composite.variable)
    slope = exact.subs(train.composite.variable, sp.Rational(x.numerator, x.denominator))
    assert abs(sp.N(reading.product, 30) - sp.N(slope, 30)) <= sp.Float("1e-25") * abs(sp.N(slope, 30))


def test_a_corner_in_the_train_has_no_ratio():
    corner = ScalarFunction.from_text("abs(x)")
    assert GearTrain((SQUARE, corner)).read(2).product == 4
    with pytest.raises(ValueError, match=r"derivative|defined"):
        GearTrain((corner, SQUARE)).read(0)


def test_three_roads_meet():
    t = sp.Symbol("t", real=True)
    inner = tuple(ScalarFunction.from_text(text, "t") for text in ("t**2", "sin(t)", "3*t"))
    paths = PathSum(ScalarField.from_text("u*v + w**2", ("u", "v", "w")), inner)
    reading = paths.read(2)
    exact = sp.diff(t**2 * sp.sin(t) + 9 * t**2, t).subs(t, 2)
    assert sp.simplify(reading.total - exact) == 0
    assert [path.inner_slope for path in reading.paths] == [4, sp.cos(2), 3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: GearTrain(()), "at least one stage"),
        (lambda: PathSum(ScalarField.from_text("x*y"), (SQUARE,)), "2 variables, but 1 inner"),
        (
            lambda: PathSum(ScalarField.from_text("x*y"), (SQUARE, ScalarFunction.from_text("t", "t"))),
            "same variable",
        ),
        (lambda: PathSum(ScalarField.from_text("y/x"), (SQUARE, SQUARE)).read(0), "no finite partial"),
        (lambda: product_cost([(1, 2)], "output first"), "at least two shapes"),
        (lambda: product_cost([(1, 2), (3, 4)], "output first"), "cannot be multiplied"),
        (lambda: product_cost([(1, 2), (2, 0)], "input first"), "rows, columns"),
        (lambda: product_cost([(1, 2), (2, 1)], "sideways"), "order is 'sideways'"),
        (lambda: dense_work([5]), "at least one layer"),
        (lambda: dense_work([5, 0]), "width 1 or more"),
        (lambda: TwoLayerNet(1, np.nan, 0, 2, 1), "finite numbers"),
        (lambda: gradient_sizes("softmax", 1), "'softmax'"),
        (lambda: gradient_sizes("tanh", 0), "scale is 0"),
        (lambda: gradient_sizes("tanh", 1, depth=0), "depth"),
        (lambda: gradient_sizes("tanh", 1, width=10**9), "width"),
        (lambda: sigmoid_chain(np.inf, 0), "finite"),
        (lambda: sigmoid_chain(1, 0, -1), "depth"),
        (lambda: underflow_depth(0.25, np.int32), "not a float type"),
        (lambda: underflow_depth(1.5, np.float32), "up to 1/2"),
        (lambda: underflow_depth(1e-9, np.float16), "above 0"),
        (lambda: relu_layer([1, 2], [1, 2], [1]), r"\(m, n\)"),
        (lambda: relu_layer([[1, 2]], [1, 2, 3], [1]), "x has shape"),
        (lambda: relu_layer([[1, 2]], [1, 2], [1, 2]), "upstream has shape"),
        (lambda: relu_layer([[1, np.nan]], [1, 2], [1]), "finite"),
        (lambda: relu_layer([[1, 2]], [1, 2], [1], bias=[1, 2]), "bias has shape"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@settings(max_examples=40, deadline=None)
@given(finite, finite, finite, finite, finite)
def test_running_products_of_the_two_layer_net_are_its_derivatives(x, w1, b1, w2, b2):
    net = TwoLayerNet(x, w1, b1, w2, b2)
    tape = Tape()
    weight = tape.variable("w1", w1)
    z1 = weight * x + b1
    a1 = sigmoid(z1)
    z2 = a1 * w2 + b2
    y = sigmoid(z2)
    sweep = tape.backward(y)
    assert [net.z1, net.a1, net.z2, net.y] == pytest.approx([v.value for v in (z1, a1, z2, y)], rel=1e-14)
    assert net.running_products == pytest.approx([sweep.adjoint(v) for v in (z2, a1, z1, weight)], rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=3, max_size=6))
def test_costs_count_what_numpy_would_multiply(sizes):
    shapes = list(pairwise(sizes))
    from_output = product_cost(shapes, "output first")
    from_input = product_cost(shapes, "input first")
    assert from_output.carried[-1] == from_input.carried[-1] == (sizes[0], sizes[-1])
    assert from_output.total == sum(sizes[0] * a * b for a, b in shapes[1:])
    assert from_input.total == sum(a * b * sizes[-1] for a, b in shapes[:-1])


@pytest.mark.parametrize(("activation", "phi"), [("sigmoid", sigmoid), ("tanh", tanh), ("relu", relu)])
def test_gradient_sizes_are_those_of_a_tape(activation, phi):
    width, depth, scale = 6, 3, 1.5
    run = gradient_sizes(activation, scale, depth=depth, width=width, seed=4)
    rng = np.random.default_rng(4)
    tape = Tape()
    x = tape.variable("x", rng.normal(size=width))
    signal = x
    for _ in range(depth):
        signal = phi(tape.constant(rng.normal(scale=scale / np.sqrt(width), size=(width, width))) @ signal)
    gradient = tape.backward(total(signal * (1 / np.sqrt(width)))).adjoint(x)
    assert run.sizes[0] == 1
    assert run.sizes.shape == (depth + 1,)
    assert run.sizes[-1] == pytest.approx(np.linalg.norm(gradient), rel=1e-12)


def test_runs_with_one_seed_are_equal_and_with_another_are_not():
    first, again, other = (gradient_sizes("tanh", 1, depth=5, width=8, seed=s).sizes for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@settings(max_examples=60, deadline=None)
@given(st.floats(-4, 4), st.floats(-9, 9))
def test_no_chain_of_weights_of_size_one_gets_above_the_ceiling(weight, z):
    ceiling, chain = sigmoid_chain(1, 0, 20), sigmoid_chain(weight, z, 20)
    if abs(weight) <= 1:
        assert (np.abs(chain) <= ceiling * (1 + 1e-12)).all()
    assert (np.abs(chain) <= np.abs(weight) ** np.arange(21.0) * ceiling * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    ("kind", "smallest"), [(np.float16, 2.0**-24), (np.float32, 2.0**-149), (np.float64, 2.0**-1074)]
)
@pytest.mark.parametrize("factor", [0.5, 0.25, -0.25, 0.125])
def test_powers_of_two_vanish_at_half_the_smallest_number(kind, smallest, factor):
    depth = underflow_depth(factor, kind)
    bits = -np.log2(abs(factor))
    assert bits * depth > -np.log2(smallest) >= bits * (depth - 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_relu_layer_agrees_with_nudges_and_with_the_tape(seed):
    rng = np.random.default_rng(seed)
    weights, x, upstream, bias = rng.normal(size=(3, 2)), *(rng.normal(size=k) for k in (2, 3, 3))
    layer = relu_layer(weights, x, upstream, bias)

    def loss(flat):
        return upstream @ np.maximum(flat[:6].reshape(3, 2) @ flat[6:8] + flat[8:], 0)

    nudged = numerical_jacobian(loss, np.concatenate([weights.ravel(), x, bias]))[0]
    if np.abs(layer.sums).min() > 1e-4:  # a nudge across the corner says nothing
        gradients = layer.weight_gradient.ravel(), layer.input_gradient, layer.bias_gradient
        assert np.allclose(nudged, np.concatenate(gradients), atol=1e-7)
    tape = Tape()
    w, b, v = (tape.variable(n, value) for n, value in (("W", weights), ("b", bias), ("x", x)))
    sweep = tape.backward(relu(w @ v + b), upstream)
    assert np.allclose(sweep.adjoint(w), layer.weight_gradient, rtol=1e-14)
    assert np.allclose(sweep.adjoint(b), layer.bias_gradient, rtol=1e-14)
    assert np.allclose(sweep.adjoint(v), layer.input_gradient, rtol=1e-14)
    assert np.array_equal(layer.outputs, np.maximum(layer.sums, 0))
    closed = layer.gate == 0
    assert np.array_equal(layer.ungated_weight_gradient[~closed], layer.weight_gradient[~closed])
    assert not layer.weight_gradient[closed].any()
