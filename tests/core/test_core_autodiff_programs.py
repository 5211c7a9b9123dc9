"""Random programs, differentiated by every method of the core and by sympy."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    Dual,
    ScalarField,
    Tape,
    VectorMap,
    derivative_forward,
    four_ways,
    gradient_reverse,
    jacobian_forward,
    jacobian_reverse,
    numerical_jacobian,
)
from vcalc_anim.core.contenders import runs_needed
from vcalc_anim.core.elementary import cos, exp, relu, sigmoid, sin, tanh
from vcalc_anim.core.passes import program_of, record, sweep_of

UNARY = {
    "sin": sin,
    "cos": cos,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "square": lambda a: a**2,
    "cube": lambda a: a**3,
    "negate": lambda a: -a,
    "exp": lambda a: exp(sin(a)),
    "shift": lambda a: 2 * a - 0.5,
    "reciprocal": lambda a: 1 / (a**2 + 1),
}
BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 1),
}

lines = st.one_of(
    st.tuples(st.sampled_from(sorted(UNARY)), st.integers(0, 20), st.just(0)),
    st.tuples(st.sampled_from(sorted(BINARY)), st.integers(0, 20), st.integers(0, 20)),
)
programs = st.lists(lines, min_size=1, max_size=7)
coordinates = st.integers(-20, 20).map(lambda k: k / 10)


def run(program, inputs, outputs=1):
    """Each line works on one or two of the numbers there are; the last *outputs* numbers are returned."""
    numbers = list(inputs)
    for name, i, j in program:
        a, b = numbers[i % len(numbers)], numbers[j % len(numbers)]
        numbers.append(UNARY[name](a) if name in UNARY else BINARY[name](a, b))
    return numbers[-outputs:]


def symbolic_jacobian(program, point, outputs):
    symbols = sp.symbols(f"v0:{len(point)}", real=True)
    formulas = [sp.sympify(formula) for formula in run(program, symbols, outputs)]
    matrix = sp.Matrix(formulas).jacobian(symbols)
    function = sp.lambdify(symbols, matrix, modules="mpmath", cse=True)
    return np.array(function(*map(float, point)).tolist(), dtype=np.float64)


@settings(max_examples=80, deadline=None)
@given(programs, st.lists(coordinates, min_size=1, max_size=3), st.integers(1, 2))
def test_reverse_forward_and_symbolic_agree(program, point, outputs):
    forward = jacobian_forward(lambda v: run(program, v, outputs), point)
    reverse = jacobian_reverse(lambda v: run(program, v, outputs), point)
    exact = symbolic_jacobian(program, point, outputs)
    scale = max(1.0, np.abs(exact).max())
    assert np.abs(forward.matrix - exact).max() <= 1e-9 * scale
    assert np.abs(reverse.matrix - exact).max() <= 1e-9 * scale
    assert (forward.passes, reverse.passes) == (len(point), outputs)


@settings(max_examples=60, deadline=None)
@given(programs, st.lists(coordinates, min_size=1, max_size=3))
def test_a_sweep_visits_each_edge_once_and_completes_every_adjoint_before_it_is_used(program, point):
    _, outputs = record(lambda v: run(program, v), point)
    sweep = outputs[0].tape.backward(outputs[0])
    edges = [(step.node, step.argument) for step in sweep.steps]
    assert len(set(edges)) == len(edges)
    assert edges == sorted(edges, key=lambda edge: (-edge[0], edge[1]))
    received: dict[int, float] = {}
    used = set()
    for step in sweep.steps:
        used.add(step.node)
        assert step.parent not in used
        received[step.parent] = received.get(step.parent, 0) + step.contribution
        assert received[step.parent] == step.total


@settings(max_examples=40, deadline=None)
@given(programs, st.lists(coordinates, min_size=1, max_size=2))
def test_second_derivatives_by_duals_on_a_tape_match_sympy(program, point):
    symbols = sp.symbols(f"v0:{len(point)}", real=True)
    (formula,) = run(program, symbols)
    hessian = sp.hessian(sp.sympify(formula), symbols)
    exact = np.array(
        sp.lambdify(symbols, hessian, modules="mpmath", cse=True)(*point).tolist(), dtype=np.float64
    )
    for column in range(len(point)):
        tape = Tape()
        variables = [tape.variable(f"v{i}", Dual(x, float(i == column))) for i, x in enumerate(point)]
        (output,) = run(program, variables)
        sweep = tape.backward(output)
        found = [sweep.adjoint(variable) for variable in variables]
        shadows = [adjoint.shadow if isinstance(adjoint, Dual) else 0 for adjoint in found]
        assert np.abs(np.array(shadows, dtype=float) - exact[:, column]).max() <= 1e-8 * max(
            1, np.abs(exact).max()
        )


terms = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(terms, min_size=2, max_size=2),
    st.lists(terms, min_size=2, max_size=3),
    st.tuples(coordinates, coordinates),
)
def test_the_jacobian_of_a_composition_is_the_product(inner_terms, outer_terms, point):
    x, y = sp.symbols("x y", real=True)

    def polynomial(coefficients):
        return sp.Add(*(c * x**i * y**j for c, i, j in coefficients))

    inner = VectorMap(tuple(map(polynomial, inner_terms)), (x, y))
    outer = VectorMap(tuple(map(polynomial, outer_terms)), (x, y))
    exact = tuple(sp.Rational(str(c)) for c in point)
    product = outer.exact_jacobian(inner.exact(exact)) * inner.exact_jacobian(exact)
    assert outer.after(inner).exact_jacobian(exact) == product
    floats = outer.jacobian(inner(point)) @ inner.jacobian(point)
    expected = np.array(product, dtype=float)
    assert np.abs(floats - expected).max() <= 1e-10 * max(1, np.abs(expected).max()) * 10


@settings(max_examples=40, deadline=None)
@given(programs, st.lists(coordinates, min_size=1, max_size=3))
def test_the_four_contenders_agree(program, point):
    symbols, nudges, shadows, tape = four_ways(lambda v: run([*program, ("sin", 0, 0)], v)[0], point, 1e-6)
    scale = max(1.0, np.abs(symbols.gradient).max())
    assert np.abs(shadows.gradient - symbols.gradient).max() <= 1e-9 * scale
    assert np.abs(tape.gradient - symbols.gradient).max() <= 1e-9 * scale
    assert [c.runs for c in (symbols, nudges, shadows, tape)] == list(runs_needed(len(point)).values())


def test_a_jacobian_is_filled_pass_by_pass():
    def program(v):
        return [v[0] * v[1], relu(v[2]), 7.0]

    forward, reverse = jacobian_forward(program, (2, 3, 4)), jacobian_reverse(program, (2, 3, 4))
    assert forward.matrix.tolist() == reverse.matrix.tolist() == [[3, 2, 0], [0, 0, 1], [0, 0, 0]]
    assert np.isnan(forward.after(0)).all()
    assert np.array_equal(forward.after(2), [[3, 2, np.nan], [0, 0, np.nan], [0, 0, np.nan]], equal_nan=True)
    assert np.array_equal(reverse.after(1)[0], [3, 2, 0])
    assert np.isnan(reverse.after(1)[1:]).all()
    assert np.array_equal(reverse.after(3), reverse.matrix)
    assert gradient_reverse(lambda v: v[0] * v[2], (2, 3, 4)).tolist() == [4, 0, 2]
    assert np.allclose(numerical_jacobian(lambda v: np.array(program(list(v))), (2, 3, 4)), forward.matrix)
    variables, _ = sweep_of(lambda v: v[0] * v[1], (1, 2), names=("a", "b"))
    assert [repr(variable) for variable in variables] == ["a = 1.0", "b = 2.0"]


@pytest.mark.parametrize(
    "text",
    ["x**4/20 - x*y/2 + y/5", "exp(-x**2)*sin(y)", "1/(1 + exp(-x*y))", "sqrt(1 + x**2)*ln(3 + y)", "2"],
)
def test_a_fields_formula_is_a_program(text):
    field = ScalarField.from_text(text)
    point = (0.4, -1.3)
    assert jacobian_forward(program_of(field), point).matrix[0] == pytest.approx(
        field.gradient(point), rel=1e-13
    )
    assert jacobian_reverse(program_of(field), point).matrix[0] == pytest.approx(
        field.gradient(point), rel=1e-13
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: jacobian_forward(lambda v: v[0], []), "at least one input"),
        (lambda: jacobian_forward(lambda v: v[0], [[1.0]]), "shape"),
        (lambda: jacobian_reverse(lambda v: v[0], [np.nan]), "NaN"),
        (lambda: jacobian_reverse(lambda v: [], [1.0]), "returns no number"),
        (lambda: jacobian_forward(lambda v: v[0], [1.0]).after(2), "2 passes"),
        (lambda: gradient_reverse(lambda v: [v[0], v[0]], [1.0]), "2 outputs"),
        (lambda: gradient_reverse(lambda v: 3.0, [1.0]), "made from its inputs"),
        (lambda: record(lambda v: v[0], [1.0], names=("a", "b")), "2 names for 1 inputs"),
        (lambda: runs_needed(0), "at least one input"),
        (lambda: program_of(ScalarField.from_text("atan(x)*y")), "contains atan"),
        (lambda: derivative_forward(sin, np.nan), "x is nan"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
