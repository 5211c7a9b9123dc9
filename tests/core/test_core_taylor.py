from __future__ import annotations

from math import factorial, inf

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import ScalarFunction, convergence, taylor
from vcalc_anim.core.catalogue import EXP, FLAT, LN, RELU, RUNGE, SHIFTED_LN, SIGMOID, SIN, SQUARE, TANH
from vcalc_anim.core.taylor_polynomials import _dies_out

X = sp.Symbol("x", real=True)


@pytest.mark.parametrize(
    "text",
    [
        "sin(x)*exp(x)",
        "cos(x**2)/(2 + x)",
        "ln(2 + x)**2",
        "sqrt(1 + x + x**2)",
        "tan(x/3)",
        "sinh(x) - cosh(2*x)",
        "tanh(x)",
        "atan(1 + x)",
        "(x + x**2)**3",
        "1/(1 + exp(-x))",
        "3",
        "x",
        "pi*x + e",
    ],
)
@pytest.mark.parametrize("center", [0, sp.Rational(1, 2), 1])
def test_coefficients_are_the_derivatives_over_factorials(text, center):
    function = ScalarFunction.from_text(text)
    polynomial = taylor(function, center, 5)
    for k, coefficient in enumerate(polynomial.coefficients):
        exact = sp.diff(function.expression, X, k).subs(X, center) / factorial(k)
        assert abs(sp.N(coefficient - exact, 30)) < 1e-25


def test_rational_coefficients_stay_rational():
    assert taylor(SIGMOID, 0, 5).coefficients == tuple(
        map(sp.Rational, ("1/2", "1/4", "0", "-1/48", "0", "1/480"))
    )
    forty = taylor(RUNGE, 0, 40)
    assert forty.coefficients == tuple((-1) ** (k // 2) * ((k + 1) % 2) for k in range(41))
    assert taylor(TANH, 0, 40).coefficients[3] == sp.Rational(-1, 3)
    assert taylor(SHIFTED_LN, 0, 40).coefficients[40] == sp.Rational(-1, 40)
    assert taylor(EXP, 0, 40).coefficients[40] == sp.Rational(1, factorial(40))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 12), st.floats(-3, 3), st.integers(-4, 4))
def test_the_error_stays_below_lagranges_bound(order, offset, center):
    x = center + offset
    for function, bound in ((SIN, 1.0), (EXP, np.exp(max(x, center)))):
        polynomial = taylor(function, center, order)
        allowed = float(polynomial.lagrange_bound(x, bound))
        assert float(polynomial.error(x)) <= allowed * (1 + 1e-9) + 1e-12 * max(1.0, float(EXP(abs(x))))


def test_evaluation_in_floats_follows_the_exact_polynomial():
    polynomial = taylor(SIN, 1, 9)
    for x in (-2.0, 0.5, 1.0, 4.0):
        assert float(polynomial(x)) == pytest.approx(float(polynomial.exact(x)), rel=1e-12)
        assert float(polynomial.polynomial(x)) == pytest.approx(float(polynomial(x)), rel=1e-10, abs=1e-12)
    assert polynomial([[0.0, 1.0]]).shape == (1, 2)
    assert taylor(LN, 1, 3)(-5.0) == pytest.approx(-6 - 18 - 72)  # outside the domain of the logarithm


def test_errors_below_the_last_bit_are_seen():
    error = taylor(SIN, 0, 31).exact_error(sp.Rational(1, 10), digits=50)
    assert float(error) == pytest.approx(0.1**33 / factorial(33), rel=1e-3)


def test_text_is_written_lowest_power_first():
    assert taylor(SIN, 0, 5).typst == "x - frac(x^3, 6) + frac(x^5, 120)"
    assert taylor(LN, 1, 2).typst == "(x - 1) - frac((x - 1)^2, 2)"
    assert taylor(ScalarFunction.from_text("sqrt(x)"), 4, 1).typst == "2 + frac((x - 4), 4)"
    assert taylor(FLAT, 0, 3).typst == "0"
    assert taylor(SIN, 0, 5).term(3) == -(X**3) / 6


def test_reach_is_where_the_error_first_meets_the_tolerance():
    low, high = taylor(EXP, 0, 3).reach(0.01)
    assert (float(taylor(EXP, 0, 3).error(low)), float(taylor(EXP, 0, 3).error(high))) == pytest.approx(
        (0.01, 0.01)
    )
    assert taylor(SQUARE, 0, 2).reach(0.01) == (-inf, inf)
    shifted = taylor(SHIFTED_LN, 0, 1).reach(10.0)  # the error is unbounded at −1 only very close to it
    assert -1 <= shifted[0] < -0.99
    assert shifted[1] == pytest.approx(13.0, rel=0.1)
    assert taylor(SIN, 0, 9).reach(1e-30)[1] < 0.01


def test_largest_error_is_refined_between_samples():
    polynomial = taylor(SIN, 0, 1)
    assert polynomial.largest_error(-4.5, 0.1, samples=7) >= float(polynomial.error(-4.4))
    bump = taylor(RUNGE, 0, 0)
    assert bump.largest_error(-1, 2, samples=4) == pytest.approx(0.8)


def test_a_flat_function_has_a_zero_series_of_any_order_at_once():
    assert set(taylor(FLAT, 0, 200).coefficients) == {0}
    lifted = ScalarFunction(sp.Piecewise((X * sp.exp(-1 / X**2), sp.Ne(X, 0)), (0, True)), X)
    assert set(taylor(lifted, 0, 30).coefficients) == {0}
    sinc = ScalarFunction(sp.Piecewise((sp.sin(X) / X, sp.Ne(X, 0)), (1, True)), X)
    assert taylor(sinc, 0, 2).coefficients == (1, 0, sp.Rational(-1, 6))


def test_only_rational_factors_are_known_to_lose_against_an_exponential():
    assert _dies_out(X**3 * sp.exp(-1 / X**2) / (1 + X), X, sp.S.Zero, 1)
    assert not _dies_out(sp.exp(1 / X**2), X, sp.S.Zero, 1)
    wild = sp.sin(sp.exp(1 / X**4)) * sp.exp(-1 / X**2)  # tends to 0, but its slope does not
    assert not _dies_out(wild, X, sp.S.Zero, 1)


def test_pieces_joined_smoothly_have_as_many_terms_as_derivatives():
    joined = ScalarFunction(sp.Piecewise((0, X < 0), (X**2, True)), X)
    assert taylor(joined, 0, 1).coefficients == (0, 0)
    with pytest.raises(ValueError, match="no derivative of order 2 at 0"):
        taylor(joined, 0, 2)
    assert taylor(RELU, 3, 2).coefficients == (3, 1, 0)
    assert taylor(RELU, 0, 0).coefficients == (0,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: taylor(RELU, 0, 1), "kink at 0"),
        (lambda: taylor(LN, 0, 1), "not defined at x = 0"),
        (lambda: taylor(SIN, 0, -1), "order of a Taylor polynomial is -1"),
        (lambda: taylor(SIN, 0, 201), "from 0 to 200"),
        (lambda: taylor(SIN, 0, 2.0), "whole number"),
        (lambda: taylor(SIN, float("nan"), 2), "center is nan"),
        (lambda: taylor(ScalarFunction.from_text("sqrt(x)"), 0, 1), "no derivative of order 1"),
        (lambda: taylor(ScalarFunction.from_text("x*abs(x)"), 0, 2), "no derivative of order 2"),
        (lambda: taylor(SIN, 0, 3).truncated(4), "from 0 to 3"),
        (lambda: taylor(SIN, 0, 3).term(4), "order of a term"),
        (lambda: taylor(SIN, 0, 3)(np.nan), "NaN"),
        (lambda: taylor(SIN, 0, 3).reach(0), "above 0"),
        (lambda: taylor(SIN, 0, 3).lagrange_bound(1, -1), "bound on the derivative"),
        (lambda: taylor(SHIFTED_LN, 0, 3).largest_error(-2, 1), "not defined everywhere"),
        (lambda: taylor(SHIFTED_LN, 0, 3).error(-2), "not defined at"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("text", "center", "radius", "walls"),
    [
        ("exp(x)*sin(x) + cosh(x)", 0, sp.oo, ()),
        ("1/(1 + x**2)", 1, sp.sqrt(2), (-sp.I, sp.I)),
        ("ln(1 + x)", 2, 3, (-1,)),
        ("sqrt(2 + x)", 0, 2, (-2,)),
        ("1/(1 + exp(-x))", 0, sp.pi, (-sp.I * sp.pi, sp.I * sp.pi)),
        ("tanh(x)", 0, sp.pi / 2, (-sp.I * sp.pi / 2, sp.I * sp.pi / 2)),
        ("tan(x)", 1, sp.pi / 2 - 1, (sp.pi / 2,)),
        ("tan(x)", 100, 100 - 63 * sp.pi / 2, (63 * sp.pi / 2,)),
        ("1/(1 + exp(-x))", 5, sp.sqrt(25 + sp.pi**2), (-sp.I * sp.pi, sp.I * sp.pi)),
        ("atan(x)", 0, 1, (-sp.I, sp.I)),
        ("(x**2 - 4)/(x - 2)", 0, sp.oo, ()),
        ("2**x", 0, sp.oo, ()),
    ],
)
def test_the_nearest_singularity_sets_the_radius(text, center, radius, walls):
    found = convergence(ScalarFunction.from_text(text), center)
    assert sp.simplify(found.radius - radius) == 0 if radius != sp.oo else found.radius == sp.oo
    assert found.walls == walls
    assert found.analytic


def test_inside_the_radius_the_error_dies_and_outside_it_grows():
    for function in (SIGMOID, RUNGE, TANH):
        radius = float(convergence(function, 0).radius)
        inside = [float(taylor(function, 0, n).exact_error(round(0.8 * radius, 3))) for n in (10, 40, 80)]
        outside = [float(taylor(function, 0, n).exact_error(round(1.2 * radius, 3))) for n in (10, 40, 80)]
        assert inside[0] > 20 * inside[1] > 400 * inside[2]
        assert outside[0] < outside[1] / 20 < outside[2] / 400


def test_where_a_series_rebuilds_nothing_or_only_its_own_piece():
    assert (convergence(FLAT, 0).radius, convergence(FLAT, 0).analytic) == (0, False)
    assert (convergence(RELU, 0).radius, convergence(RELU, 3).radius) == (0, 3)
    joined = ScalarFunction(sp.Piecewise((0, X < 0), (X**2, True)), X)
    assert not convergence(joined, 0).analytic
    with pytest.raises(ValueError, match="not defined"):
        convergence(LN, -1)


def test_singularities_that_are_not_known_are_refused():
    with pytest.raises(ValueError, match="not known"):
        convergence(ScalarFunction(sp.asinh(X), X), 0)
    with pytest.raises(ValueError, match="cannot find where"):
        convergence(ScalarFunction.from_text("1/(x + exp(x))"), 0)
