"""Corners of the core: walking contours, series that cannot be had, text that has no notation."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    ScalarField,
    SlopeDial,
    Window,
    angle_between,
    fitted,
    level_curves,
    to_typst,
    vector_grid,
    walk_level,
)
from vcalc_anim.core.examples import BOWL, BOWL_START
from vcalc_anim.core.power_series import series_of

X, Y = sp.symbols("x y", real=True)
CIRCLE = ScalarField.from_text("x**2 + y**2")
LINE = ScalarField.from_text("x", ("x",))


@settings(max_examples=30, deadline=None)
@given(st.floats(-3, 3))
def test_a_walk_along_a_circle_is_an_arc_with_higher_ground_on_the_right(distance):
    end = walk_level(CIRCLE, (2, 0), distance)
    assert CIRCLE(end) == pytest.approx(4, rel=1e-12)
    # With the higher ground outside on the right, one walks counter-clockwise.
    assert end == pytest.approx([2 * np.cos(distance / 2), 2 * np.sin(distance / 2)], abs=2e-3)


def test_a_walk_keeps_its_height_on_the_bowl():
    for distance in (0.5, 2.0, -3.0):
        assert BOWL(walk_level(BOWL, BOWL_START, distance)) == pytest.approx(17, rel=1e-13)


@pytest.mark.parametrize(
    ("text", "center"),
    [
        ("1/x", 0),  # a pole
        ("ln(x)", 0),
        ("sqrt(x)", 0),  # a branch point
        ("sqrt(x - 2)", 1),  # not real there
        ("ln(x - 2)", 1),
        ("tan(x)", sp.pi / 2),
        ("1/(1 - cosh(x))", 0),
        ("exp(1/x)", 0),
        ("x**x", 1),
        ("abs(x)", 0),
    ],
)
def test_there_is_no_series_by_recurrence_at(text, center):
    formula = ScalarField.from_text(text, ("x",)).expression
    assert series_of(formula, X, sp.sympify(center), 4) is None


def test_a_power_of_something_zero_at_the_center_has_a_series():
    assert series_of(sp.sin(X) ** 2, X, sp.S.Zero, 4) == [0, 0, 1, 0, sp.Rational(-1, 3)]
    assert series_of(sp.atan(sp.I * X), X, sp.S.One, 3) is None  # 1 + a² is 0 there


def test_a_field_of_another_dimension_is_refused():
    for call in (
        lambda: walk_level(LINE, (1, 1), 1.0),
        lambda: vector_grid(LINE, Window(0, 1, 0, 1), 3, 3),
        lambda: level_curves(LINE, 1, Window(0, 1, 0, 1)),
        lambda: SlopeDial(LINE, (1, 1)),
    ):
        with pytest.raises(ValueError, match=r"two variables"):
            call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: walk_level(CIRCLE, (0, 0), 1.0), "no direction"),
        (lambda: walk_level(CIRCLE, (2, 0), np.nan), "distance is nan"),
        (lambda: SlopeDial(BOWL, BOWL_START).slope_at([0.0, np.nan]), "angles hold a NaN"),
        (lambda: angle_between(np.ones((2, 2)), np.ones((2, 2))), "one shape"),
        (lambda: to_typst(sp.Piecewise((1, (X > 0) & (Y > 0)), (0, True))), "one comparison"),
        (lambda: to_typst(sp.beta(X, Y)), "no Typst notation"),
        (lambda: fitted(1e9, 2, 2), "does not fit into 2"),
        (lambda: fitted(float("inf"), 2, 9), "cannot show inf"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_cases_are_written_one_a_line():
    cases = sp.Piecewise((1, sp.Eq(X, 0)), (X, X > 2), (0, X <= 1), (-X, True))
    assert to_typst(cases).count('& "if"') == 3
    assert 'x & "if" x > 2' in to_typst(cases)


@settings(max_examples=80, deadline=None)
@given(st.floats(-1e12, 1e12), st.integers(0, 6), st.integers(9, 14))
def test_a_fitted_number_fits_and_means_the_value(value, decimals, width):
    shown = fitted(value, decimals, width)
    assert len(shown.text) <= width
    plain = shown.text.replace("−", "-").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    number = float(plain.replace("×10", "e"))
    digits = width - 7 if "×" in shown.text else 0
    assert number == pytest.approx(value, rel=10.0 ** -max(digits - 2, 0), abs=0.51)
