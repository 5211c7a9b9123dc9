from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    ScalarField,
    cancellation,
    exhibit,
    logistic_swell,
    numerical_jacobian,
    staircase,
    v_curve,
)
from vcalc_anim.core.differences import central_difference, forward_difference, forward_gradient
from vcalc_anim.core.examples.ch08 import fit_steps, loss_graph
from vcalc_anim.core.small_print import flat_top, identity_by_cases, identity_by_corners

SIN = ScalarField.from_text("sin(t)", ("t",))
CUBE = ScalarField.from_text("t**3", ("t",))


def test_truncation_errors_of_a_cube_are_the_next_terms():
    steps = [0.5, 0.25, 0.125]
    curve = v_curve(CUBE, 1.0, steps)
    assert curve.derivative == 3
    # ((1 + h)³ − 1)/h = 3 + 3h + h², and centred 3 + h²: exact in floats for these steps.
    assert curve.forward.tolist() == [3 * h + h * h for h in steps]
    assert curve.central.tolist() == [h * h for h in steps]
    assert curve.best_forward() == (0.125, 0.390625)
    assert curve.best_central() == (0.125, 0.015625)
    assert curve.at(0.24) == (curve.forward[1], curve.central[1])


def test_steps_are_sorted_from_long_to_short():
    curve = v_curve(SIN, 1.0, [1e-3, 1e-1, 1e-2])
    assert curve.steps.tolist() == [0.1, 0.01, 0.001]
    assert (np.diff(curve.forward) < 0).all()


def test_a_step_below_the_rounding_of_x_sees_no_change_at_all():
    curve = v_curve(SIN, 1.0, [1e-17])
    assert curve.forward[0] == pytest.approx(curve.derivative, rel=1e-15)


@settings(max_examples=40, deadline=None)
@given(st.floats(-3, 3), st.floats(1e-3, 1e-1))
def test_errors_stay_within_truncation_plus_rounding(x, step):
    curve = v_curve(SIN, x, [step])
    rounding = 4e-16 / step
    assert curve.forward[0] <= step / 2 + rounding
    assert curve.central[0] <= step**2 / 6 + rounding


def test_close_up_a_float_function_is_a_staircase():
    offsets, heights = staircase(SIN, 1.0, 1e-15, 201)
    assert offsets.shape == heights.shape == (201,)
    stairs = np.unique(heights)
    assert len(stairs) < 30
    spacing = np.spacing(np.sin(1.0))
    assert np.allclose(stairs / spacing, np.round(stairs / spacing))
    assert heights[100] == 0
    far, smooth = staircase(SIN, 1.0, 1e-3, 201)
    assert len(np.unique(smooth)) == 201
    assert np.allclose(smooth, np.sin(1 + far) - np.sin(1), atol=1e-15)


def test_difference_quotients_of_a_line_are_its_slope():
    assert forward_difference(lambda x: 4 * x + 1, 2.0, 0.5) == 4
    assert central_difference(lambda x: 4 * x + 1, 2.0, 0.5) == 4
    gradient, runs = forward_gradient(lambda v: 2 * v[0] - 3 * v[1], (1, 2), 0.5)
    assert gradient.tolist() == [2, -3]
    assert runs == 3


def test_the_numerical_jacobian_has_a_row_for_each_output():
    assert numerical_jacobian(lambda v: v[0] * v[1], (2, 3)) == pytest.approx(np.array([[3, 2]]))
    assert numerical_jacobian(lambda v: np.array([v[0], v[1], v[0] * 2]), (2, 3)).shape == (3, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: forward_difference(abs, 0, 0), "step is 0"),
        (lambda: central_difference(abs, 0, -1), "step is -1"),
        (lambda: forward_gradient(sum, (1, 2), np.nan), "step is nan"),
        (lambda: forward_gradient(sum, (1, np.inf), 0.1), "infinity"),
        (lambda: numerical_jacobian(lambda v: np.eye(2), (1, 2)), r"\(m,\) is expected"),
        (lambda: v_curve(ScalarField.from_text("x*y"), 1), "one variable"),
        (lambda: v_curve(SIN, np.nan), "NaN"),
        (lambda: v_curve(SIN, 1, []), "list of steps"),
        (lambda: v_curve(SIN, 1, [0.1, 0.0]), "step is 0"),
        (lambda: v_curve(SIN, 1, [[0.1]]), "list of steps"),
        (lambda: v_curve(SIN, 1).at(-1), "step is -1"),
        (lambda: v_curve(ScalarField.from_text("ln(t)", ("t",)), 0), "no derivative"),
        (lambda: v_curve(ScalarField.from_text("ln(t)", ("t",)), 0.05), "leaves the domain"),
        (lambda: staircase(SIN, 1, 0), "step is 0"),
        (lambda: staircase(SIN, 1, 1e-9, 1), "samples is 1"),
        (lambda: logistic_swell(0), "iterations is 0"),
        (lambda: logistic_swell(11), "iterations is 11"),
        (lambda: exhibit("magic", 1.0), "exhibits are"),
        (lambda: exhibit("cases", np.inf), "infinity|finite"),
        (lambda: exhibit("cancellation", 0.0), "divided by zero"),
        (lambda: cancellation(0.0), "exactly 0"),
        (lambda: cancellation(np.nan), "finite"),
        (lambda: loss_graph(variant="cube"), "'cube'"),
        (lambda: fit_steps(steps=-1), "at least 0"),
        (lambda: fit_steps(-0.1), "at least 0"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_the_tape_grows_by_the_line_where_the_formula_multiplies(depth):
    swell = logistic_swell(depth)
    x = sp.Symbol("x", real=True)
    at = sp.Rational(3, 10)
    assert swell.derivative.subs(x, at) == sp.diff(swell.formula, x).subs(x, at)
    assert swell.tape_visits == 4 * depth
    assert swell.operations == 2 ** (depth - 1) * 5 - 2


@settings(max_examples=30, deadline=None)
@given(st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3))
def test_away_from_the_trap_the_exhibits_are_right(x):
    for name in ("cases", "corners"):
        shown = exhibit(name, x)
        assert (shown.value, shown.computed, shown.true) == (x, 1, 1)
    shown = exhibit("cancellation", x)
    assert shown.computed == pytest.approx(shown.true, abs=1e-12 / abs(x) ** 3)
    assert identity_by_cases(x) == identity_by_corners(x) == x
    assert shown.value == flat_top(x)


def test_digits_vanish_one_after_the_other():
    losses = [cancellation(10.0**-k) for k in range(9)]
    digits = [loss.digits for loss in losses]
    assert digits == sorted(digits, reverse=True)
    assert digits[0] >= 15
    assert (digits[-1], losses[-1].left, losses[-1].cosine) == (0, 0, 1)
    for loss in losses[:-1]:
        exact = (1 - sp.cos(sp.Rational(repr(loss.x)))).evalf(40)
        assert loss.exact == pytest.approx(float(exact), rel=1e-15)
        assert abs(loss.left - loss.exact) <= 10.0**-loss.digits * loss.exact * 1.0001
    assert cancellation(float(np.pi)).left == 2
