from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    DialWall,
    DifferenceQuotient,
    GearTrain,
    GrowingRectangle,
    Line,
    ScalarFunction,
    best_line,
    central_slope,
    derivative_rules,
    relative_error,
    secant,
    tangent,
    zoom_gap,
)
from vcalc_anim.core.catalogue import CUBE, EXP, LN, RELU, SIGMOID, SIN, SQUARE

X = sp.Symbol("x", real=True)
points = st.fractions(-5, 5, max_denominator=20)
gaps = st.fractions(-2, 2, max_denominator=50).filter(bool)


@settings(max_examples=50, deadline=None)
@given(points, gaps)
def test_secants_of_the_cube_are_exact(x, h):
    line = secant(CUBE, x, h).line
    assert line.slope == sp.Rational(3 * x**2 + 3 * x * h + h**2)
    assert DifferenceQuotient(CUBE, x)(h) == line.slope
    assert central_slope(CUBE, x, h) == sp.Rational(3 * x**2 + h**2)
    assert secant(CUBE, x, h).run == sp.Rational(h)
    assert float(line(float(x + h))) == pytest.approx(float((x + h) ** 3), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(points, gaps)
def test_the_relative_error_of_a_tangent_is_the_curvature_times_the_gap(x, h):
    assert relative_error(SQUARE, tangent(SQUARE, x), h) == abs(sp.Rational(h))
    for slope in (sp.Integer(0), sp.Integer(7)):
        line = tangent(SQUARE, x)
        rival = type(line)(line.x0, line.y0, slope)
        assert relative_error(SQUARE, rival, h) == abs(sp.Rational(2 * x + h) - slope)


def test_a_line_beside_the_point_never_gets_close():
    beside = Line(sp.Integer(3), sp.Integer(10), sp.Integer(6))  # the tangent, lifted by 1
    for h in (sp.Rational(1, 2), sp.Rational(-1, 10)):
        assert relative_error(SQUARE, beside, h) == abs((h**2 - 1) / h)


@pytest.mark.parametrize(
    ("function", "at", "text", "limit"),
    [
        (SQUARE, 3, "6 + h", 6),
        (SQUARE, -2, "-4 + h", -4),
        (CUBE, 1, "3 + 3 h + h^2", 3),
        (ScalarFunction.from_text("5"), 1, "0", 0),
        (ScalarFunction.from_text("1/x"), 2, "-frac(1, 2 h + 4)", sp.Rational(-1, 4)),
        (LN, 2, None, sp.Rational(1, 2)),
        (SIN, 0, "frac(sin(h), h)", 1),
        (RELU, 2, None, 1),
        (RELU, -2, None, 0),
    ],
)
def test_quotients_are_cancelled_and_have_the_derivative_as_limit(function, at, text, limit):
    quotient = DifferenceQuotient(function, at)
    assert text is None or quotient.typst == text
    assert quotient.limit == limit == function.derivative().exact(at)


def test_a_quotient_for_every_x_has_a_formula_but_no_number():
    general = DifferenceQuotient(CUBE)
    assert sp.expand(general.limit - 3 * X**2) == 0
    assert general.typst == "3 x^2 + 3 h x + h^2"
    with pytest.raises(ValueError, match="choose a point"):
        general(1)


def test_lines_are_written_as_a_lecturer_would():
    assert tangent(SQUARE, 3).typst == "9 + 6 (x - 3)"
    assert tangent(SQUARE, -2).typst == "4 - 4 (x + 2)"
    assert tangent(SQUARE, 0).typst == "0"
    assert tangent(EXP, 0).typst == "1 + x"
    assert tangent(SIN, sp.pi).typst == "-(x - pi)"
    assert tangent(ScalarFunction.from_text("2*x"), 0).typst == "2 x"


def test_the_best_line_spreads_its_error_evenly():
    line = best_line(SQUARE, 3, 0.5)
    assert float(line.slope) == pytest.approx(6, rel=1e-9)
    assert zoom_gap(SQUARE, line, 0.5) == pytest.approx(0.25, rel=1e-3)  # h²/2 over h
    constant = best_line(ScalarFunction.from_text("4"), 1, 2.0)
    assert (constant.slope, constant.y0) == (0, 4)


def test_the_rectangle_of_the_product_rule():
    growing = GrowingRectangle.of(SQUARE, CUBE, 2, sp.Rational(1, 10))
    assert growing.area == 32
    assert growing.growth == sp.Rational(21, 10) ** 5 - 32
    assert growing.strips[0] + growing.strips[1] + growing.corner == growing.growth
    assert growing.corner == growing.du * growing.dv


def test_the_table_has_the_five_rows_with_their_conditions():
    rules = derivative_rules()
    assert len(rules) == 5
    assert [str(rule.condition) for rule in rules] == ["x > 0", "True", "0 < x", "True", "Ne(x, 0)"]
    for rule in rules[1:4]:
        assert sp.simplify(sp.diff(rule.function, X) - rule.derivative) == 0
    assert rules[3].function == SIGMOID.expression


def test_a_nudge_meets_every_gear():
    train = GearTrain((ScalarFunction.from_text("x**2 + 1"), ScalarFunction.from_text("x**3")))
    assert train.nudge(1, 1) == (1, 3, 117)


def test_a_wall_of_dials_is_linear_and_seeded():
    wall = DialWall.random(3, 4, seed=7)
    assert np.array_equal(wall.weights, DialWall.random(3, 4, seed=7).weights)
    assert wall.score(np.ones((3, 4))) == pytest.approx(wall.weights.sum())
    loud, quiet = wall.most_influential, wall.least_influential
    assert abs(wall.response(loud, 1)) == np.abs(wall.weights).max()
    assert abs(wall.response(quiet, 1)) == np.abs(wall.weights).min()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: secant(SQUARE, 3, 0), "gap h is 0"),
        (lambda: secant(LN, 1, -2), "not defined"),
        (lambda: secant(SQUARE, 3, np.inf), "finite"),
        (lambda: DifferenceQuotient(LN, -1), "not defined"),
        (lambda: DifferenceQuotient(RELU, 0).limit, "0 from the left and to 1 from the right"),
        (lambda: tangent(RELU, 0), "no tangent at 0"),
        (lambda: tangent(ScalarFunction.from_text("sqrt(abs(x))"), 0), "no tangent"),
        (lambda: zoom_gap(SQUARE, tangent(SQUARE, 3), 0), "half width is 0"),
        (lambda: zoom_gap(SQUARE, tangent(SQUARE, 3), 1, samples=2), "number of samples"),
        (lambda: best_line(LN, 1, 2), "not defined"),
        (lambda: GearTrain(()), "at least one"),
        (lambda: DialWall(np.ones(3)), "weights have shape"),
        (lambda: DialWall(np.array([[np.nan]])), "finite numbers"),
        (lambda: DialWall.random(0, 3, 0), "number of rows"),
        (lambda: DialWall(np.ones((2, 2))).score([1, 2]), "settings have shape"),
        (lambda: DialWall(np.ones((2, 2))).score([[1, 2], [3, np.nan]]), "NaN"),
        (lambda: DialWall(np.ones((2, 2))).response((2, 0), 1), "no dial"),
        (lambda: DialWall(np.ones((2, 2))).response((0, 0), np.nan), "nudge is nan"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
