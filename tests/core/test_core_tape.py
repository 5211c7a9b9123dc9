from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import Dual, Tape, Var, derivative_forward, numerical_jacobian
from vcalc_anim.core.elementary import cos, exp, log, relu, sigmoid, sin, sqrt, square, tanh, total
from vcalc_anim.core.examples.ch08 import loss_graph
from vcalc_anim.core.primitives import MATMUL, power
from vcalc_anim.core.sweep import Bill

RNG = np.random.default_rng(5)


def test_every_entry_tells_what_it_came_from():
    tape = Tape()
    w, x = tape.variable("w", 1.5), tape.variable("x", 2)
    z = (w * x).named("z")
    out = sin(z) + 1
    entries = list(tape)
    assert [entry.operation for entry in entries] == ["variable", "variable", "mul", "sin", "constant", "add"]
    assert [entry.name for entry in entries] == ["w", "x", "z", "v3", "1", "v5"]
    assert entries[2].arguments == (0, 1)
    assert entries[2].local_slopes == (2, 1.5)
    assert entries[3].local_slopes == (pytest.approx(np.cos(3)),)
    assert (entries[0].arguments, entries[0].local_slopes) == ((), ())
    assert len(tape) == 6
    assert out.value == pytest.approx(np.sin(3) + 1)
    assert repr(z) == "z = 3.0"
    assert tape.operations == tuple(entries[i] for i in (2, 3, 5))


def test_the_sweep_goes_from_last_to_first_and_from_left_to_right():
    tape = Tape()
    x, y = tape.variable("x", 3.0), tape.variable("y", 2.0)
    out = x * y + x / y
    sweep = tape.backward(out)
    assert [(step.node, step.argument) for step in sweep.steps] == [
        (4, 0), (4, 1), (3, 0), (3, 1), (2, 0), (2, 1),
    ]  # fmt: skip
    for step in sweep.steps:
        assert step.contribution == step.incoming * step.local
    totals = {step.parent: step.total for step in sweep.steps}  # the last move into an entry completes it
    assert all(sweep.adjoints[entry] == total for entry, total in totals.items())
    assert tape.backward(out).steps == sweep.steps


def test_what_the_output_does_not_depend_on_gets_zero_and_no_visit():
    tape = Tape()
    x, bystander = tape.variable("x", 3.0), tape.variable("b", np.ones((2, 2)))
    out = x * x
    later = out + 1
    sweep = tape.backward(out)
    assert sweep.adjoint(bystander).tolist() == [[0, 0], [0, 0]]
    assert sweep.adjoint(later) == 0  # recorded after the output
    assert {step.parent for step in sweep.steps} == {x.index}


def test_constants_get_no_adjoint():
    tape = Tape()
    x, data = tape.variable("x", 3.0), tape.constant(7.0)
    sweep = tape.backward(x * data + 2)
    assert sweep.adjoint(x) == 7
    assert data.index not in {step.parent for step in sweep.steps}
    assert [tape[i].operation for i in (data.index, 3)] == ["constant", "constant"]


def test_a_chain_of_two_hundred_thousand_operations_is_no_deeper_than_one():
    tape = Tape()
    x = tape.variable("x", 1.0)
    value = x
    for _ in range(100_000):
        value = 0.999 * value + 0.001
    sweep = tape.backward(value)
    assert len(tape) == 400_001
    assert sweep.bill.edge_visits == 200_000
    assert sweep.adjoint(x) == pytest.approx(0.999**100_000, rel=1e-9)
    assert len(sweep.steps) == 200_000
    assert sweep.steps[-1].parent == x.index


def test_sharing_costs_nothing_where_written_out_paths_would_double_each_time():
    tape = Tape()
    x = tape.variable("x", Fraction(1))
    value = x
    for _ in range(200):
        value = value + value
    sweep = tape.backward(value)
    assert sweep.adjoint(x) == 2**200
    assert sweep.bill.edge_visits == 400


def test_numbers_of_every_kind_stay_what_they_are():
    def program(x):
        return (x * x - 3) / (x + 1) ** 2

    x = sp.Symbol("x", real=True)
    formula = sp.diff(program(x), x)
    tape = Tape()
    third = tape.variable("x", Fraction(1, 3))
    assert tape.backward(program(third)).adjoint(third) == Fraction(str(formula.subs(x, sp.Rational(1, 3))))
    tape = Tape()
    symbol = tape.variable("x", x)
    assert sp.simplify(tape.backward(program(symbol)).adjoint(symbol) - formula) == 0
    shadow = derivative_forward(program, Fraction(1, 3)).shadow
    assert shadow == Fraction(str(formula.subs(x, sp.Rational(1, 3))))


@pytest.mark.parametrize(
    ("function", "exact", "at"),
    [
        (exp, sp.exp, 0.7),
        (log, sp.log, 0.7),
        (sqrt, sp.sqrt, 0.7),
        (sin, sp.sin, 0.7),
        (cos, sp.cos, 0.7),
        (tanh, sp.tanh, 0.7),
        (sigmoid, lambda x: 1 / (1 + sp.exp(-x)), 0.7),
        (sigmoid, lambda x: 1 / (1 + sp.exp(-x)), -0.7),
        (square, lambda x: x**2, 0.7),
        (lambda x: x**5, lambda x: x**5, -1.2),
        (lambda x: x**-3, lambda x: x**-3, -1.2),
        (lambda x: x**1, lambda x: x, 0.0),
        (lambda x: x**0, lambda x: x**0, 2.0),
        (lambda x: 2 / x, lambda x: 2 / x, 0.4),
        (lambda x: 1 - (-x), lambda x: 1 + x, 0.4),
        (lambda x: +x - 3, lambda x: x - 3, 0.4),
        (relu, lambda x: sp.Max(x, 0), 0.4),
        (relu, lambda x: sp.Max(x, 0), -0.4),
    ],
)
def test_value_slope_and_curvature_of_each_operation(function, exact, at):
    x = sp.Symbol("x", real=True)
    derivatives = [float(sp.diff(exact(x), x, k).subs(x, sp.Rational(str(at)))) for k in (0, 1, 2)]
    tape = Tape()
    variable = tape.variable("x", Dual(at, 1.0))  # a tape over duals: forward over reverse
    output = function(variable)
    adjoint = tape.backward(output).adjoint(variable)
    value = output.value
    assert value.value == pytest.approx(derivatives[0], rel=1e-14)
    assert value.shadow == pytest.approx(derivatives[1], rel=1e-14)
    slope, curvature = (adjoint.value, adjoint.shadow) if isinstance(adjoint, Dual) else (adjoint, 0)
    assert slope == pytest.approx(derivatives[1], rel=1e-14)
    assert curvature == pytest.approx(derivatives[2], rel=1e-13, abs=1e-14)
    nested = function(Dual(Dual(at, 1.0), Dual(1.0, 0.0)))
    second = nested.shadow.shadow if isinstance(nested.shadow, Dual) else 0
    assert second == pytest.approx(derivatives[2], rel=1e-13, abs=1e-14)
    assert sp.simplify(sp.sympify(function(x)) - exact(x)) == 0


@pytest.mark.parametrize("function", [exp, log, sqrt, sin, cos, tanh, sigmoid, relu, square])
def test_functions_work_entry_by_entry_on_arrays(function):
    values = RNG.uniform(0.2, 2, size=(2, 3))
    tape = Tape()
    x = tape.variable("x", values)
    output = function(x)
    expected = [[float(function(v)) for v in row] for row in values.tolist()]
    assert np.allclose(output.value, expected, rtol=1e-15)
    adjoint = tape.backward(total(output)).adjoint(x)
    slopes = [[derivative_forward(function, v).shadow for v in row] for row in values.tolist()]
    assert np.allclose(adjoint, slopes, rtol=1e-14)


def test_relu_of_a_symbol_has_a_step_for_its_slope():
    x = sp.Symbol("x", real=True)
    tape = Tape()
    symbol = tape.variable("x", x)
    output = relu(symbol)
    slope = tape.backward(output).adjoint(symbol)
    assert output.value == sp.Max(x, 0)
    assert [slope.subs(x, at) for at in (-1, 0, 1)] == [0, 0, 1]


def test_a_list_with_no_axis_is_one_number():
    tape = Tape()
    x = tape.variable("x", np.array(2.0))
    assert isinstance(x.value, float)
    assert repr(Dual(x.value, 1) * 3) == "6.0 + 3ε"


@settings(max_examples=100, deadline=None)
@given(*[st.floats(-10, 10)] * 4, st.sampled_from(["square", "fanout", "penalty"]))
def test_the_loss_graph_agrees_with_formulas_and_nudges(w, b, x, y, variant):
    graph = loss_graph(w, b, x, y, variant=variant)
    sweep = graph.backward()
    r = w * x + b - y
    fine = 2 * w if variant == "penalty" else 0
    found = [sweep.adjoint(v) for v in (graph.w, graph.b, graph.x, graph.y)]
    assert found == pytest.approx([2 * r * x + fine, 2 * r, 2 * r * w, -2 * r], rel=1e-12, abs=1e-12)

    def loss(v):
        return (v[0] * v[2] + v[1] - v[3]) ** 2 + (v[0] ** 2 if fine else 0)

    nudged = numerical_jacobian(loss, [w, b, x, y], 1e-4)[0]
    assert nudged == pytest.approx(found, rel=1e-6, abs=1e-5)


def test_shadows_travel_through_the_recorded_graph():
    graph = loss_graph(Dual(1.5, 1), 0.5, 2, 1)
    assert [repr(v.value) for v in (graph.z, graph.a, graph.r, graph.loss)] == [
        "3.0 + 2ε", "3.5 + 2ε", "2.5 + 2ε", "6.25 + 10.0ε",
    ]  # fmt: skip


def test_matrix_products_hand_back_adjoints_of_the_shapes_of_their_factors():
    left, right, vector = RNG.normal(size=(3, 2)), RNG.normal(size=(2, 4)), RNG.normal(size=4)

    def value(flat):
        a, b, c = flat[:6].reshape(3, 2), flat[6:14].reshape(2, 4), flat[14:]
        return np.sum(np.tanh(a @ (b @ c))) + np.sum((a @ b) * 0.5)

    tape = Tape()
    a, b, c = (tape.variable(n, v) for n, v in (("A", left), ("B", right), ("c", vector)))
    output = total(tanh(a @ (b @ c))) + total(0.5 * (a @ b))
    sweep = tape.backward(output)
    flat = np.concatenate([sweep.adjoint(v).ravel() for v in (a, b, c)])
    start = np.concatenate([left.ravel(), right.ravel(), vector])
    assert np.allclose(flat, numerical_jacobian(value, start)[0], atol=1e-8)
    assert [sweep.adjoint(v).shape for v in (a, b, c)] == [(3, 2), (2, 4), (4,)]
    assert tape[a.index].value.flags.writeable is False


def test_plain_arrays_on_the_left_are_recorded_as_constants():
    tape = Tape()
    x = tape.variable("x", [1.0, 2.0])
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert (matrix @ x).value.tolist() == [5, 11]
    sweep = tape.backward(total(np.array([3.0, 4.0]) * x - 1))
    assert sweep.adjoint(x).tolist() == [3, 4]


def test_multiplications_are_counted_number_by_number():
    tape = Tape()
    w, x = tape.variable("w", np.ones((3, 2))), tape.constant(np.ones((2, 5)))
    sweep = tape.backward(total(square(w @ x)))
    # Forward: 3·2·5 in the product, 15 squares. Back: 15 through the squares, 3·5·2 into W, nothing into the data.
    assert sweep.bill == Bill(45, 45, 3, 6 + 10 + 15 + 15 + 1)
    assert sweep.bill.ratio == 1
    other = Tape()
    with pytest.raises(ValueError, match="multiplies nothing"):
        _ = other.backward(other.variable("x", 1.0) + 2).bill.ratio


def test_programs_may_compare_and_branch():
    tape = Tape()
    x, y = tape.variable("x", 1.0), tape.variable("y", 2.0)
    assert x < y
    assert x <= 1
    assert y > 1.5
    assert y >= x
    assert x == 1
    assert x != y
    assert Dual(1.0, 5.0) == Dual(1.0, -5.0)
    assert Dual(x, y) < 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(x)


def test_a_seed_weighs_the_outputs():
    matrix = RNG.normal(size=(3, 2))
    tape = Tape()
    x = tape.variable("x", [1.0, 2.0])
    output = tape.constant(matrix) @ x
    seed = np.array([1.0, -2.0, 0.5])
    assert np.allclose(tape.backward(output, seed).adjoint(x), seed @ matrix, rtol=1e-15)
    assert tape.backward(total(output), seed=2.0).adjoint(x) == pytest.approx(2 * matrix.sum(axis=0))


def variable(value: object) -> Var:
    return Tape().variable("x", value)


def swept(value: object, seed: object = None, function=lambda x: x):
    x = variable(value)
    return x.tape.backward(function(x), seed)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: variable(float("nan")), "variable x is nan"),
        (lambda: variable(np.float32("inf")), "finite number"),
        (lambda: variable([1.0, np.inf]), "NaN or an infinity"),
        (lambda: variable(1.0) * variable(2.0), "two tapes"),
        (lambda: variable([1.0, 2.0]) + np.ones(3), r"shapes are \(2,\) and \(3,\)"),
        (lambda: variable([[1.0, 2.0]]) * np.ones((2, 1)), "same shape"),
        (lambda: variable(1.0) * np.ones(2), "same shape"),
        (lambda: variable(np.ones((2, 3))) @ np.ones(2), r"shapes \(m, n\)"),
        (lambda: variable(1.0) @ np.ones(2), r"shapes \(m, n\)"),
        (lambda: variable(1.0) / 0, "divided by zero"),
        (lambda: swept(1e200, function=lambda x: x * x), "mul of x and x is not finite"),
        (lambda: variable([1e200, 1.0]) * 1e200, "mul of x and .* is not finite"),
        (lambda: np.full((1, 2), 1e200) @ variable([1e200, 1.0]), "matmul of .* is not finite"),
        (lambda: variable([1.0, 0.0]) ** -1, "divides by zero"),
        (lambda: variable(2.0) ** 0.5, "only whole numbers"),
        (lambda: power(True), "only whole numbers"),
        (lambda: log(variable(0.0)), r"log\(0.0\) is not a finite real number"),
        (lambda: log(variable([1.0, -1.0])), "inside its domain"),
        (lambda: sqrt(-1), "inside its domain"),
        (lambda: exp(1000), "inside its domain"),
        (lambda: exp(np.array([1000.0])), "inside its domain"),
        (lambda: swept(0.0, function=sqrt), "vertical"),
        (lambda: swept([1.0, 2.0]), "pass a seed of that shape"),
        (lambda: swept([1.0, 2.0], [1.0]), r"seed has shape \(1,\)"),
        (lambda: swept(1.0, np.nan), "the seed is nan"),
        (lambda: Tape().backward(variable(1.0)), "not a number on this tape"),
        (lambda: Tape().backward(3.0), "not a number on this tape"),
        (lambda: swept(1.0).adjoint(variable(1.0)), "tape of this sweep"),
        (lambda: total(Dual(1.0, 1.0)), "use a tape"),
        (lambda: MATMUL.slopes(0, 1, 2), "no single local slope"),
        (lambda: np.ones((1, 1)) @ Dual(1.0, 1.0), "use a tape"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_python_floats_do_not_slip_off_the_tape():
    import math

    with pytest.raises(TypeError):
        math.sin(variable(1.0))
