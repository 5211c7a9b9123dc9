"""Chapter 0, why calculus: what a slope tells a dial, how descent ends, and the quiz."""

from __future__ import annotations

from fractions import Fraction
from math import degrees

import numpy as np
import pytest
import sympy as sp
from ledger import fact, remark

from vcalc_anim.core import (
    QuadraticForm,
    ScalarField,
    SlopeDial,
    Status,
    central_slope,
    descend,
    fixed_points,
    numerical_jacobian,
    rounded,
)
from vcalc_anim.core.examples import BOWL, BOWL_START
from vcalc_anim.core.examples.ch00 import (
    DIAL_NUDGE,
    DIALS,
    LOSS,
    LOSS_LEARNING_RATE,
    LOSS_NUDGE,
    LOSS_START,
    LOUD_DIAL,
    QUIET_DIAL,
    VALLEY_LEARNING_RATE,
    VALLEY_STARTS,
    VALLEYS,
    WALKER_LEARNING_RATES,
)

THETA = sp.Symbol("theta", real=True)
VALLEY_FORMULA = THETA**4 / 20 - THETA**2 / 2 + THETA / 5

remark(
    "C0.1",
    "10 chapters, “4+” simulations, 10 quizzes",
    verdict="imprecise",
    shows="10 chapters, 4 simulations, 10 checks",
)


@fact(
    "C0.2",
    "The gradient gives the direction of steepest increase",
    verdict="cond",
    shows="locally, and per unit length; where the loss is differentiable and not level",
)
def test_C0_2_the_gradient_points_to_steepest_increase() -> str:
    dial = SlopeDial(BOWL, BOWL_START)
    angles = np.linspace(0, 2 * np.pi, 36_001)
    steepest = angles[dial.slope_at(angles).argmax()]
    assert steepest == pytest.approx(float(sp.atan2(8, 6)), abs=2e-4)
    assert dial.steepest_angle == pytest.approx(float(sp.atan2(8, 6)), rel=1e-15)
    return f"at (3, 2) on x² + 2y²: {rounded(degrees(dial.steepest_angle))}°"


@fact(
    "C0.3",
    "Going the opposite way reduces the loss",
    verdict="cond",
    shows="a small enough step lowers the loss",
)
def test_C0_3_a_step_that_is_too_long_raises_the_loss() -> str:
    long, short = (descend(LOSS.field, [LOSS_START], rate, 1) for rate in (1.1, 0.1))
    assert long.values[1] == pytest.approx(float((3 * (1 - 2 * Fraction(11, 10))) ** 2), rel=1e-14)
    assert long.values[1] > long.values[0] == 9 > short.values[1]
    assert long.status is Status.DIVERGING
    assert QuadraticForm.of(LOSS.field).learning_rate_limit == 1
    return f"on θ² from 3: α = 1.1 leads from {long.values[0]:g} to {rounded(long.values[1])}; it must be below 1"


remark(
    "C0.4",
    "Gradient descent powers virtually every modern machine-learning system",
    verdict="imprecise",
    shows="“trains neural networks and many other models”: trees and nearest neighbours do without",
)


@fact("C0.5", "θ ← θ − α dL/dθ")
def test_C0_5_the_update_rule() -> str:
    run = descend(LOSS.field, [LOSS_START], LOSS_LEARNING_RATE, 5)
    exact = [3 * Fraction(4, 5) ** k for k in range(6)]
    assert np.allclose(run.points[:, 0], [float(theta) for theta in exact], rtol=1e-15)
    assert np.allclose(run.gradients[:, 0], [float(2 * theta) for theta in exact], rtol=1e-15)
    assert np.allclose(run.points[1:, 0] / run.points[:-1, 0], run.factors)
    return ", ".join(rounded(theta, 4, trim=True).text for theta in run.points[:5, 0])


@fact(
    "C0.6",
    "The simulation starts at θ = 3 with slope “?”",
    verdict="inconsistent",
    shows="the loss is always written: θ², or θ⁴/20 − θ²/2 + θ/5",
)
def test_C0_6_slopes_at_the_start_of_both_presets() -> str:
    slopes = [loss.derivative().exact(3) for loss in (LOSS, VALLEYS)]
    assert slopes == [6, sp.diff(VALLEY_FORMULA, THETA).subs(THETA, 3)]
    assert slopes[1] == sp.Rational(13, 5)
    return f"slope {slopes[0]} or {rounded(float(slopes[1]), 1)}"


def test_C0_6_a_nudge_to_both_sides_measures_the_slope():
    assert float(LOSS.exact(3.01)) == 9.0601
    assert float(LOSS.exact(2.99)) == 8.9401
    assert central_slope(LOSS, LOSS_START, LOSS_NUDGE) == 6
    (measured,) = numerical_jacobian(LOSS.field, [3.0]).ravel()
    assert measured == pytest.approx(6, rel=1e-8)


@fact(
    "C0.7",
    "The slope guides the dot to the minimum",
    verdict="cond",
    shows="to a valley floor, not always the lowest",
)
def test_C0_7_the_start_decides_the_valley() -> str:
    roots = [float(root) for root in sp.Poly(sp.diff(VALLEY_FORMULA, THETA), THETA).nroots(n=20)]
    left, ridge, right = fixed_points(VALLEYS, VALLEY_LEARNING_RATE)
    assert [point.x for point in (left, ridge, right)] == pytest.approx(roots, abs=1e-15)
    assert [point.attracts for point in (left, ridge, right)] == [True, False, True]
    assert VALLEY_STARTS[0] < ridge.x < VALLEY_STARTS[1]
    for start, floor in zip(VALLEY_STARTS, (left, right), strict=True):
        run = descend(VALLEYS.field, [start], VALLEY_LEARNING_RATE, 500)
        assert run.status is Status.CONVERGING
        assert run.points[-1, 0] == pytest.approx(floor.x, abs=1e-9)
        assert run.values[-1] == pytest.approx(float(VALLEY_FORMULA.subs(THETA, floor.x)), abs=1e-12)
    assert left.value < right.value
    ends = " and ".join(f"{rounded(p.x, 5)} (loss {rounded(p.value, 4)})" for p in (left, right))
    return f"starts 0.20 and 0.21 end at {ends}; ridge at {rounded(ridge.x, 5)}"


remark(
    "C0.8",
    "That loop is the whole of training, from linear regression to GPT-4",
    verdict="imprecise",
    shows="the core step of training",
)


@fact("C0.9", "Derivative → gradient → Jacobian → backpropagation", shows="the ladder with its shapes")
def test_C0_9_the_shapes_of_the_ladder() -> str:
    assert BOWL.derivative_row(BOWL_START).shape == (1, 2)
    assert BOWL.gradient_column(BOWL_START).shape == (2, 1)
    one = ScalarField.from_text("x**2", ("x",)).derivative_row([3]).shape
    many = numerical_jacobian(lambda p: np.array([p[0] * p[1], p[2], p[0]]), [1.0, 2.0] + [3.0]).shape
    assert (one, many) == ((1, 1), (3, 3))
    return "1×1, 1×n (row) or n×1 (column), m×n"


def test_C0_5_three_walkers_on_one_clock():
    runs = [descend(LOSS.field, [LOSS_START], rate, 4) for rate in WALKER_LEARNING_RATES]
    factors = [Fraction(8, 10), Fraction(-8, 10), Fraction(-12, 10)]
    assert [run.factors[0] for run in runs] == pytest.approx([float(factor) for factor in factors])
    assert [run.points[4, 0] for run in runs] == pytest.approx([float(3 * factor**4) for factor in factors])
    assert [run.status for run in runs] == [Status.CONVERGING, Status.CONVERGING, Status.DIVERGING]


def test_C0_2_dials_have_their_own_influence():
    settings = np.zeros(DIALS.weights.shape)
    assert DIALS.weights.size == 1000
    for dial in (LOUD_DIAL, QUIET_DIAL):
        turned = settings.copy()
        turned[dial] += DIAL_NUDGE
        change = DIALS.score(turned) - DIALS.score(settings)
        assert change == pytest.approx(DIALS.response(dial, DIAL_NUDGE), rel=1e-12)
    assert abs(DIALS.response(LOUD_DIAL, 1)) > 1000 * abs(DIALS.response(QUIET_DIAL, 1))


@fact("Q0", "The gradient tells the direction in which the loss rises fastest from here, and how steeply")
def test_Q0_the_gradient_points_uphill_and_ignores_the_height() -> str:
    dial = SlopeDial(BOWL, BOWL_START)
    step = 1e-3 * dial.steepest
    assert BOWL(BOWL_START + step) > BOWL(BOWL_START) > BOWL(BOWL_START - step)  # A: it falls the other way
    miss = descend(BOWL, BOWL_START, 0.15, 1).aim_error(0, (0, 0))  # B: it does not aim at the minimum
    exact = sp.acos(sp.Matrix([6, 8]).dot(sp.Matrix([3, 2])) / (10 * sp.sqrt(13)))
    assert miss == pytest.approx(float(exact), rel=1e-13)
    lifted = ScalarField.from_text("x**2 + 2*y**2 + 100")  # C: the height of the ground leaves it alone
    assert lifted.gradient(BOWL_START).tolist() == BOWL.gradient(BOWL_START).tolist()
    return f"the minimum lies {rounded(degrees(miss), 1)}° off; adding 100 changes nothing"
