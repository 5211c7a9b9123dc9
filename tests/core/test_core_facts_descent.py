"""Statements of chapter 0 about descent, and the two quizzes that ask about gradients."""

from __future__ import annotations

from fractions import Fraction
from math import degrees

import numpy as np
import pytest
import sympy as sp

from vcalc_anim.core import ScalarField, SlopeDial, Status, descend
from vcalc_anim.core.examples import BOWL, BOWL_START, QUIZ_BOWL, QUIZ_POINT

SQUARE = ScalarField.from_text("t**2", ("t",))
VALLEYS = ScalarField.from_text("t**4/20 - t**2/2 + t/5", ("t",))


def test_C0_2_the_gradient_points_to_steepest_increase():
    assert degrees(SlopeDial(BOWL, BOWL_START).steepest_angle) == pytest.approx(53.130, abs=1e-3)


def test_C0_3_a_step_that_is_too_long_raises_the_loss():
    assert descend(SQUARE, [3], 1.1, 1).values[1] == pytest.approx(12.96)
    assert descend(SQUARE, [3], 1.1, 1).status is Status.DIVERGING
    assert descend(SQUARE, [3], 0.1, 1).values[1] < 9


def test_C0_5_the_update_rule():
    exact = [3 * Fraction(4, 5) ** k for k in range(6)]
    run = descend(SQUARE, [3], 0.1, 5)
    assert run.points.shape == (6, 1)
    assert np.allclose(run.points[:, 0], [float(theta) for theta in exact], rtol=1e-15)


def test_C0_6_slopes_at_the_start_of_both_presets():
    t = sp.Symbol("t", real=True)
    assert SQUARE.gradient([3]).tolist() == [6]
    exact = sp.diff(t**4 / 20 - t**2 / 2 + t / 5, t).subs(t, 3)
    assert exact == sp.Rational(26, 10)
    assert VALLEYS.gradient([3])[0] == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize(("start", "floor", "loss"), [(0.20, -2.330059, -1.7068), (0.21, 2.128419, -0.8133)])
def test_C0_7_the_start_decides_the_valley(start, floor, loss):
    run = descend(VALLEYS, [start], 0.1, 500)
    t = sp.Symbol("t", real=True)
    exact = [float(r) for r in sp.Poly(VALLEYS.partials[0], t).nroots(n=20)]
    assert run.status is Status.CONVERGING
    assert run.points[-1, 0] == pytest.approx(floor, abs=1e-6)
    assert min(abs(root - run.points[-1, 0]) for root in exact) < 1e-9
    assert run.values[-1] == pytest.approx(loss, abs=1e-4)


def test_Q0_the_gradient_points_uphill_and_ignores_the_height():
    dial = SlopeDial(BOWL, BOWL_START)
    step = 1e-3 * dial.steepest
    assert BOWL(BOWL_START + step) > BOWL(BOWL_START) > BOWL(BOWL_START - step)
    lifted = ScalarField.from_text("x**2 + 2*y**2 + 100")
    assert lifted.gradient(BOWL_START).tolist() == BOWL.gradient(BOWL_START).tolist()
    assert degrees(descend(BOWL, BOWL_START, 0.15, 1).aim_error(0, (0, 0))) == pytest.approx(19.44, abs=1e-2)


def test_Q4_right_option_and_distractors():
    gradient = QUIZ_BOWL.gradient(QUIZ_POINT)
    x, y = sp.symbols("x y", real=True)
    exact = [int(sp.diff(3 * x**2 + y**2, v).subs({x: 1, y: 2})) for v in (x, y)]
    assert gradient.tolist() == exact == [6, 4]
    assert QUIZ_BOWL.gradient_typst == ("6 x", "2 y")
    # A: the walker of (−6, −4) goes downhill, at the steepest.
    assert QUIZ_BOWL.slope(QUIZ_POINT, [-6, -4]) == pytest.approx(-SlopeDial(QUIZ_BOWL, QUIZ_POINT).magnitude)
    # B: the two terms instead of their slopes.
    terms = [float(term.subs({x: 1, y: 2})) for term in QUIZ_BOWL.expression.as_ordered_terms()]
    assert terms == [3, 4] != gradient.tolist()
    # C: the partials added up, one number instead of a vector.
    assert gradient.sum() == 10
    assert gradient.shape == (2,)
