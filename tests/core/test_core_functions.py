from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vcalc_anim.core import ScalarFunction, check_grads
from vcalc_anim.core.catalogue import (
    CUBE,
    EXP,
    FLAT,
    LN,
    QUARTIC,
    RELU,
    RUNGE,
    SHIFTED_LN,
    SIGMOID,
    SIN,
    SQUARE,
    TANH,
    TWO_VALLEY,
)
from vcalc_anim.core.exact import exact_number, whole_number

X = sp.Symbol("x", real=True)
SMOOTH = (SQUARE, CUBE, QUARTIC, TWO_VALLEY, EXP, SHIFTED_LN, SIN, SIGMOID, TANH, RUNGE)


def formulas() -> st.SearchStrategy[sp.Expr]:
    """Random expressions in x that are defined on the whole line."""
    leaves = st.one_of(st.just(X), st.integers(-3, 3).map(sp.Integer))

    def grow(parts: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
        unary = st.sampled_from(
            [sp.sin, sp.cos, sp.tanh, lambda e: sp.exp(-(e**2)), lambda e: 1 / (1 + e**2)]
        )
        binary = st.sampled_from([lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b])
        return st.one_of(
            st.builds(lambda f, a: f(a), unary, parts),
            st.builds(lambda f, a, b: f(a, b), binary, parts, parts),
        )

    return st.recursive(leaves, grow, max_leaves=6)


@settings(max_examples=60, deadline=None)
@given(formulas(), st.fractions(-2, 2, max_denominator=50))
def test_values_and_derivatives_of_random_formulas_agree_with_sympy(formula, x):
    function = ScalarFunction(formula, X)
    point = sp.Rational(x)
    for order in (0, 1, 2):
        exact = sp.diff(formula, X, order).subs(X, point)
        assert abs(sp.N(function.derivative(order).exact(x) - exact, 30)) < 1e-20
        assert float(function.derivative(order)(float(x))) == pytest.approx(float(exact), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("function", SMOOTH, ids=str)
def test_the_catalogue_passes_the_check_of_gradients(function):
    check_grads(function.field, function.field.gradient, [0.7], hessian=function.field.hessian)


def test_two_functions_are_equal_when_formula_variable_and_domain_are():
    assert ScalarFunction.from_text("x**2") == SQUARE
    assert SQUARE.renamed("theta") != SQUARE
    assert ScalarFunction(X**2, X, sp.Interval(0, 1)) != SQUARE
    assert hash(ScalarFunction.from_text("x**2")) == hash(SQUARE)
    assert pickle.loads(pickle.dumps(LN)) == LN
    assert copy.deepcopy(LN) is LN is copy.copy(LN)


def test_label_and_curve_come_from_one_formula():
    assert TWO_VALLEY.typst == "frac(x^4, 20) - frac(x^2, 2) + frac(x, 5)"
    assert TWO_VALLEY.derivative().typst == "frac(x^3, 5) - x + frac(1, 5)"
    assert LN.latex == r"\ln{\left(x \right)}"
    assert RELU.typst == 'cases(0 & "if" x < 0, x & "otherwise")'
    assert RELU.derivative().typst == 'cases(0 & "if" x < 0, 1 & "if" x > 0)'
    assert FLAT.typst == 'cases(e^(-frac(1, x^2)) & "if" x eq.not 0, 0 & "otherwise")'
    assert TWO_VALLEY.renamed("theta").typst.startswith("frac(theta^4, 20)")


def test_evaluation_keeps_the_shape_of_its_input():
    assert SQUARE(3.0) == 9
    assert np.ndim(SQUARE(3.0)) == 0
    assert SQUARE([[1.0, 2.0], [3.0, 4.0]]).tolist() == [[1, 4], [9, 16]]
    assert SQUARE([]).shape == (0,)
    assert ScalarFunction(sp.Integer(7), X)([1.0, 2.0]).tolist() == [7, 7]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("ln(x)", sp.Interval.open(0, sp.oo)),
        ("sqrt(x)", sp.Interval(0, sp.oo)),
        ("1/(x - 1)", sp.S.Reals - sp.FiniteSet(1)),
        ("ln(sin(x) + 2)", sp.S.Reals),
    ],
)
def test_the_domain_is_found(text, domain):
    assert ScalarFunction.from_text(text).domain == domain


def test_the_domain_is_checked_and_clips_curves():
    with pytest.raises(ValueError, match=r"not defined at x = -1"):
        LN([1.0, -1.0])
    curve = LN.curve(-1, 1, 5)
    assert curve[:, 0].tolist() == [0.5, 1]
    assert curve[:, 1] == pytest.approx([np.log(0.5), 0])
    assert LN.contains([-1, 0, 1]).tolist() == [False, False, True]
    tangent = ScalarFunction.from_text("tan(x)")  # its domain has no finite description
    assert tangent(1.0) == pytest.approx(np.tan(1))
    half = ScalarFunction(X**2, X, sp.Interval(0, 1))
    with pytest.raises(ValueError, match="not defined"):
        half(2.0)


def test_a_composition_is_defined_where_the_inner_value_is_in_the_domain():
    half = ScalarFunction(X**2, X, sp.Interval(0, 1))
    doubled = half.compose(ScalarFunction.from_text("2*x"))
    assert doubled.domain == sp.Interval(0, sp.Rational(1, 2))
    assert doubled(0.5) == 1
    assert LN.compose(ScalarFunction.from_text("x - 5")).domain == sp.Interval.open(5, sp.oo)
    slope = RELU.derivative().compose(ScalarFunction.from_text("x - 1"))
    assert slope([0.0, 2.0]).tolist() == [0, 1]
    with pytest.raises(ValueError, match="not defined at x = 1"):
        slope(1.0)
    unsolved = half.compose(ScalarFunction.from_text("exp(x) + sin(x) + x"))  # decided point by point
    assert unsolved(-0.2) == pytest.approx((np.exp(-0.2) + np.sin(-0.2) - 0.2) ** 2)
    with pytest.raises(ValueError, match="not defined at x = 1"):
        unsolved(1.0)
    with pytest.raises(ValueError, match="cannot tell where"):
        half.compose(SIN)


def test_slopes_far_out_survive_overflow_on_the_way():
    assert SIGMOID.derivative()(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0, 0.25, 0]
    assert SIGMOID.derivative()(-720.0) == pytest.approx(float(sp.exp(-720)), rel=1e-12)
    assert FLAT.derivative(3)(np.array([0.0, 1e-120])).tolist() == [0, 0]
    assert EXP(1000.0) == np.inf


def test_kinks_are_found_and_smooth_seams_are_not():
    absolute = ScalarFunction.from_text("abs(x - 1)")
    assert absolute.kinks == (1,)
    assert absolute.one_sided_slopes(1) == (-1, 1)
    assert absolute.derivative()([0.0, 2.0]).tolist() == [-1, 1]
    assert ScalarFunction(sp.Max(X, X**2), X).kinks == (0, 1)
    assert FLAT.kinks == ()
    assert ScalarFunction(sp.Piecewise((0, X < 0), (X**2, True)), X).kinks == ()  # joined smoothly
    assert ScalarFunction(sp.Piecewise((0, X < 0), (X**2, True)), X).derivative().kinks == (0,)
    jump = ScalarFunction(sp.Piecewise((0, X < 0), (1, True)), X)
    assert jump.kinks == (0,)
    with pytest.raises(ValueError, match="not continuous"):
        jump.one_sided_slopes(0)
    assert RELU.derivative().derivative()([-1.0, 1.0]).tolist() == [0, 0]
    with pytest.raises(ValueError, match="not defined"):
        RELU.derivative()(0.0)


def test_the_slope_at_a_lone_point_is_the_limit():
    lifted = ScalarFunction(FLAT.expression + X, X)
    folded = ScalarFunction(sp.Piecewise((X + sp.exp(-1 / X**2), sp.Ne(X, 0)), (0, True)), X)
    assert lifted.derivative().exact(0) == folded.derivative().exact(0) == 1
    assert folded.derivative()(np.array([0.0, 1e-3])) == pytest.approx([1, 1])


def test_pieces_within_pieces_and_a_case_that_is_missing():
    nested = sp.Piecewise((sp.Piecewise((0, X < -1), (X + 1, True)), X < 0), (1, True), evaluate=False)
    assert ScalarFunction(nested, X).kinks == (-1, 0)
    gap = ScalarFunction(sp.Piecewise((0, X < 0), (1, X > 1)), X)
    assert gap.beside(sp.Rational(1, 2), 1) is sp.nan
    with pytest.raises(ValueError, match="no case covers it"):
        gap([-1.0, 0.5])
    assert gap.curve(-1, 2, 7)[:, 0].tolist() == [-1, -0.5, 1.5, 2]
    with pytest.raises(ValueError, match="cannot tell where the case"):
        _ = ScalarFunction(sp.Piecewise((0, sp.sin(X) < 0), (1, True)), X).kinks


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SQUARE([1.0, np.nan]), "NaN"),
        (lambda: SQUARE(np.inf), "infinity"),
        (lambda: SQUARE.derivative(-1), "order of a derivative is -1"),
        (lambda: SQUARE.derivative(1.5), "whole number"),
        (lambda: SQUARE.derivative(True), "whole number"),
        (lambda: SQUARE.derivative(10**9), "from 0 to 100"),
        (lambda: SQUARE.exact(float("nan")), "finite"),
        (lambda: SQUARE.exact("3"), "one real number"),
        (lambda: SQUARE.exact(sp.I), "finite real"),
        (lambda: SQUARE.exact(X), "finite real"),
        (lambda: SQUARE.exact(True), "a number is expected"),
        (lambda: LN.exact(0), "not defined at x = 0"),
        (lambda: RELU.slope([1.0, 0.0]), "slope is 0 on the left and 1 on the right"),
        (lambda: SQUARE.curve(1, 1), "low < high"),
        (lambda: SQUARE.curve(0, np.nan), "finite bounds"),
        (lambda: SQUARE.curve(0, 1, 1), "number of samples"),
        (lambda: ScalarFunction(X * sp.Symbol("y"), X), "contains y"),
        (lambda: ScalarFunction(sp.log(X), X, sp.Interval(-2, -1)), "defined nowhere"),
        (lambda: ScalarFunction(sp.gamma(sp.sin(X) ** X), X), "cannot tell where"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_numbers_are_taken_as_they_are_written():
    assert exact_number(0.1) == sp.Rational(1, 10)
    assert exact_number(Fraction(1, 3)) == sp.Rational(1, 3)
    assert exact_number(np.float64(0.25)) == sp.Rational(1, 4)
    assert exact_number(np.int64(3)) == 3
    assert exact_number(sp.pi) == sp.pi
    assert whole_number(np.int64(3), "n", 0, 5) == 3


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e6, 1e6))
def test_a_float_and_its_exact_reading_agree(value):
    assume(value != 0)
    assert float(exact_number(value)) == value
