from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vcalc_anim.core import QuadraticForm, ScalarField, Status, descend
from vcalc_anim.core.examples import BOWL, BOWL_START

TILTED = ScalarField.from_text("2*x**2 + 2*x*y + 3*y**2 - 4*x + y + 7")
QUARTIC = ScalarField.from_text("x**4 + y**2")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.floats(0.001, 2), st.integers(0, 30))
def test_status_and_positions_agree_with_the_closed_form(a, b, learning_rate, steps):
    field = ScalarField.from_text(f"{a}*x**2 + {b}*y**2")
    factors = np.array([1 - 2 * a * learning_rate, 1 - 2 * b * learning_rate])
    assume((np.abs(np.abs(factors) - 1) > 1e-9).all())
    run = descend(field, (3, 2), learning_rate, steps)
    expected = Status.DIVERGING if np.abs(factors).max() > 1 else Status.CONVERGING
    assert run.status is expected
    closed = np.array([3, 2]) * factors ** np.arange(steps + 1)[:, None]
    scale = np.maximum(np.abs(closed).max(axis=1, keepdims=True), 1)
    assert (np.abs(run.points - closed) <= 1e-11 * scale).all()
    assert np.array_equal(run.points[1:], run.points[:-1] + run.steps)
    assert np.array_equal(run.steps, -learning_rate * run.gradients[:-1])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 0.7), st.floats(-9, 2), st.integers(0, 5))
def test_steps_to_is_the_first_step_below_whatever_is_stored(learning_rate, exponent, stored):
    value = 10.0**exponent
    long = descend(BOWL, (3, 0.01), learning_rate, 700)
    below = np.flatnonzero(long.values < value)
    expected = int(below[0]) if below.size else None
    # Within rounding of the threshold the closed form and the iteration may disagree.
    assume((np.abs(long.values - value) > 1e-9 * value).all())
    assume(expected is not None or long.status is not Status.CONVERGING)
    assert descend(BOWL, (3, 0.01), learning_rate, stored).steps_to(value) == expected


def test_a_diverging_run_can_first_dip_below_a_value():
    run = descend(BOWL, (3, 0.001), 0.55, 0)
    assert run.status is Status.DIVERGING
    assert run.steps_to(1e-3) == 2
    assert run.steps_to(1e-7) is None


def test_steps_to_a_value_that_holds_at_the_start_or_lies_under_the_floor():
    run = descend(BOWL, BOWL_START, 0.15, 2)
    assert run.steps_to(18) == 0
    assert run.steps_to(17) == 1  # strictly below
    assert run.steps_to(0) is None
    assert run.steps_to(-1) is None
    with pytest.raises(ValueError, match="finite value"):
        run.steps_to(float("nan"))


def test_a_crawling_run_is_counted_without_walking_it():
    steps = descend(BOWL, BOWL_START, 1e-7, 0).steps_to(1e-6)
    expected = np.log(1e-6 / 9) / (2 * np.log1p(-2e-7))  # the y-part has long died away
    assert steps == pytest.approx(expected, rel=1e-6)


def test_status_looks_only_at_axes_along_which_the_start_is_off_the_minimum():
    assert descend(BOWL, (3, 0), 0.55, 10).status is Status.CONVERGING
    assert descend(BOWL, (0, 2), 0.55, 10).status is Status.DIVERGING
    assert descend(BOWL, (3, 0), 0.5, 10).status is Status.CONVERGING
    assert descend(BOWL, (0, 0), 0.55, 10).status is Status.STATIONARY
    assert descend(BOWL, BOWL_START, 0, 3).status is Status.STATIONARY
    assert descend(BOWL, BOWL_START, 0, 3).steps_to(1) is None


def test_a_tilted_bowl_runs_to_its_own_minimum():
    form = QuadraticForm.of(TILTED)
    run = descend(TILTED, (5, -5), form.best_learning_rate, 80)
    assert run.status is Status.CONVERGING
    assert np.allclose(run.points[-1], form.minimum, atol=1e-12)
    exact = [form.scaled((5, -5), form.factors(form.best_learning_rate) ** k) for k in range(81)]
    assert np.allclose(run.points, exact, atol=1e-12)
    assert descend(TILTED, (5, -5), form.learning_rate_limit, 5).status is Status.OSCILLATING


def test_a_diverging_run_ends_before_its_numbers_do():
    run = descend(BOWL, BOWL_START, 0.55, 5000)
    assert run.escaped_at == len(run.points) < 5000
    for array in (run.points, run.gradients, run.values, run.steps):
        assert np.isfinite(array).all()
    assert len(run) == len(run.steps) == len(run.points) - 1
    assert run.values[-1] > np.finfo(float).max / 1.2**4  # each step multiplies f by 1.2² in the end
    assert run.steps_to(1e-6) is None


def test_a_run_that_stays_finite_has_not_escaped():
    run = descend(BOWL, BOWL_START, 0.15, 4)
    assert run.escaped_at is None
    assert len(run) == 4


@pytest.mark.parametrize(
    ("text", "start", "learning_rate", "status"),
    [
        ("x**4 + y**2", (1, 1), 0.1, Status.CONVERGING),
        ("x**4 + y**4", (1, 1), 0.1, Status.CONVERGING),  # slower than any geometric sequence
        ("x**4 + y**2", (2, 1), 0.9, Status.DIVERGING),
        ("x**2 - y**2", (1, 0.1), 0.1, Status.DIVERGING),  # a saddle
        ("x**2 - y**2", (1, 0), 0.1, Status.CONVERGING),  # exactly on its ridge
        ("x + 2*y", (0, 0), 0.1, Status.DIVERGING),  # a plane: walks away for ever
        ("sqrt(1 + x**2) + y**2", (1, 1), 10, Status.DIVERGING),
        ("sqrt(1 + x**2) + y**2/100", (1, 1), 5, Status.OSCILLATING),  # settles into a two-cycle
        ("-cos(x) + y**2", (1, 1), 2.5, Status.DIVERGING),
        ("-cos(x) + y**2", (1, 1), 0.5, Status.CONVERGING),
        ("-cos(x) + y**2/9", (1, 1), 2.5, Status.OSCILLATING),
        ("x**4 + y**2", (0, 0), 0.1, Status.STATIONARY),
        ("x**4 + y**2", (1, 1), 0, Status.STATIONARY),
    ],
)
def test_status_of_fields_without_a_closed_form(text, start, learning_rate, status):
    run = descend(ScalarField.from_text(text), start, learning_rate, 3)
    assert run.factors is None
    assert run.status is status


def test_steps_to_of_a_field_without_a_closed_form_looks_beyond_the_stored_steps():
    long = descend(QUARTIC, (1, 1), 0.1, 400)
    expected = int(np.flatnonzero(long.values < 1e-3)[0])
    assert expected > 5
    assert descend(QUARTIC, (1, 1), 0.1, 5).steps_to(1e-3) == expected
    assert descend(QUARTIC, (2, 1), 0.9, 1).steps_to(1e-3) is None
    assert descend(QUARTIC, (1, 1), 0.1, 5).steps_to(-1) is None


def test_a_landing_beyond_the_valley_is_measured_against_the_normal_as_a_line():
    run = descend(BOWL, (0, 2), 0.45, 1)
    assert run.landing_angle(0) == pytest.approx(0, abs=1e-15)
    assert descend(BOWL, BOWL_START, 0.45, 1).landing_angle(0) <= np.pi / 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: descend(BOWL, BOWL_START, -0.1, 3), "learning rate is -0.1"),
        (lambda: descend(BOWL, BOWL_START, float("nan"), 3), "learning rate"),
        (lambda: descend(BOWL, BOWL_START, float("inf"), 3), "learning rate"),
        (lambda: descend(BOWL, BOWL_START, 0.1, -1), "number of steps is -1"),
        (lambda: descend(BOWL, BOWL_START, 0.1, 2.5), "whole number"),
        (lambda: descend(BOWL, (1, 2, 3), 0.1, 1), "start has shape"),
        (lambda: descend(BOWL, (np.nan, 2), 0.1, 1), "NaN"),
        (lambda: descend(ScalarField.from_text("1/x"), (0, 1), 0.1, 1), "inside the domain"),
        (lambda: descend(BOWL, (1e200, 1), 0.1, 1), "not finite at the start"),
        (lambda: descend(BOWL, BOWL_START, 0.1, 2).landing_angle(2), "steps 0 to 1"),
        (lambda: descend(BOWL, BOWL_START, 0.1, 2).aim_error(-1, (0, 0)), "not stored"),
        (lambda: descend(BOWL, (1, 0), 0.5, 1).landing_angle(0), "stationary point"),
        (lambda: descend(BOWL, (0, 0), 0.5, 1).landing_angle(0), "length 0"),
        (lambda: descend(BOWL, BOWL_START, 0.1, 1).aim_error(0, BOWL_START), "starts at the target"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_absurd_learning_rates_neither_warn_nor_store_infinities():
    run = descend(BOWL, BOWL_START, 1e200, 10)
    assert run.status is Status.DIVERGING
    assert run.escaped_at == 1
    assert run.steps_to(1e-6) is None
    quartic = descend(QUARTIC, BOWL_START, 1e300, 10)
    assert (quartic.status, quartic.escaped_at) == (Status.DIVERGING, 1)
    assert descend(QUARTIC, BOWL_START, 1e300, 0).steps_to(1e-6) is None
