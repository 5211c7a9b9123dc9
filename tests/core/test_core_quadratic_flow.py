from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from vcalc_anim.core import (
    QuadraticForm,
    ScalarField,
    angle_between,
    descend,
    gradient_flow,
    subtract_shapes,
    unit,
)
from vcalc_anim.core.examples import BOWL, QUIZ_BOWL

TILTED = ScalarField.from_text("2*x**2 + 2*x*y + 3*y**2 - 4*x + y + 7")
QUARTIC = ScalarField.from_text("x**4 + y**2")


def test_a_form_found_in_a_field_is_that_field():
    points = np.random.default_rng(1).normal(size=(50, 2))
    for field in (BOWL, QUIZ_BOWL, TILTED):
        form = QuadraticForm.of(field)
        assert np.allclose(form(points), field(points), rtol=1e-13)
        assert np.allclose(field.gradient(form.minimum), 0, atol=1e-14)
        assert form.minimum_value == pytest.approx(float(field(form.minimum)), abs=1e-14)
        assert np.allclose(form.axes @ np.diag(form.eigenvalues) @ form.axes.T, form.matrix)


def test_factors_of_a_diagonal_bowl_stay_beside_their_variables():
    assert QuadraticForm.of(QUIZ_BOWL).eigenvalues.tolist() == [6, 2]
    assert QuadraticForm.of(QUIZ_BOWL).factors(0.1) == pytest.approx([0.4, 0.8])
    assert QuadraticForm.of(QUIZ_BOWL).axes.tolist() == [[1, 0], [0, 1]]


def test_a_form_without_a_minimum_is_half_x_a_x():
    form = QuadraticForm(np.array([[2.0, 0.0], [0.0, 4.0]]))
    assert form([3, 2]) == 17
    assert form.minimum.tolist() == [0, 0]


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 9), st.floats(0.5, 9), st.floats(0, 3.2))
def test_the_best_learning_rate_is_best_and_the_limit_is_the_limit(low, high, turn):
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.diag([low, high]) @ rotation.T
    form = QuadraticForm((matrix + matrix.T) / 2)
    assert form.condition_number == pytest.approx(max(low, high) / min(low, high))

    def worst(rate: float) -> float:
        return float(np.abs(form.factors(rate)).max())

    kappa = form.condition_number
    assert worst(form.best_learning_rate) == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-12)
    rates = np.linspace(1e-3, form.learning_rate_limit, 200)
    assert worst(form.best_learning_rate) <= min(worst(rate) for rate in rates) + 1e-12
    assert worst(form.learning_rate_limit * 0.999) < 1 < worst(form.learning_rate_limit * 1.001)


@pytest.mark.parametrize(
    "text", ["x**4 + y**2", "x**2 - y**2", "x**2", "x + y", "sin(x)", "(x + y)**2", "1/x", "3"]
)
def test_what_is_not_a_bowl_is_refused(text):
    field = ScalarField.from_text(text)
    assert QuadraticForm.find(field) is None
    with pytest.raises(ValueError, match="not a positive definite quadratic"):
        QuadraticForm.of(field)


@pytest.mark.parametrize(
    ("matrix", "minimum", "message"),
    [
        ([[1, 2, 3]], [0], r"shape \(1, 3\)"),
        ([[1, 2], [0, 1]], [0], "not symmetric"),
        ([[1, 0], [0, -1]], [0], "not positive definite"),
        ([[1, 0], [0, np.nan]], [0], "NaN"),
        ([[1, 0], [0, 1]], [1, 2, 3], r"minimum has shape \(3,\)"),
    ],
)
def test_bad_matrices_are_refused(matrix, minimum, message):
    with pytest.raises(ValueError, match=message):
        QuadraticForm(np.array(matrix, dtype=float), np.array(minimum, dtype=float))


def test_flow_on_a_tilted_bowl_is_the_matrix_exponential():
    form, start = QuadraticForm.of(TILTED), np.array([5.0, -5.0])
    times = np.array([0, 0.1, 0.7, 2])
    exact = [form.minimum + expm(-form.matrix * t) @ (start - form.minimum) for t in times]
    assert np.allclose(gradient_flow(TILTED, start, times), exact, rtol=1e-12)


def test_flow_without_a_closed_form_is_integrated_tightly_at_times_in_any_order():
    times = np.array([0.5, 0.0, 3.0, 0.5])
    flow = gradient_flow(QUARTIC, (1, 1), times)
    exact = np.stack([1 / np.sqrt(1 + 8 * times), np.exp(-2 * times)], axis=-1)
    assert np.allclose(flow, exact, rtol=1e-7, atol=1e-9)
    assert gradient_flow(QUARTIC, (1, 1), [0.0]).tolist() == [[1, 1]]
    assert gradient_flow(QUARTIC, (1, 1), []).shape == (0, 2)


def test_descent_with_small_steps_creeps_onto_the_flow():
    gaps = []
    for rate in (0.02, 0.01, 0.005):
        steps = round(0.5 / rate)
        flow = gradient_flow(BOWL, (3, 2), rate * np.arange(steps + 1))
        gaps.append(np.abs(descend(BOWL, (3, 2), rate, steps).points - flow).max())
    assert gaps[0] / gaps[1] == pytest.approx(2, abs=0.15)  # first order in the step
    assert gaps[1] / gaps[2] == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("times", [[-1.0], [np.nan], [np.inf], [[0.0]], 1.0])
def test_bad_times_are_refused(times):
    with pytest.raises(ValueError, match="times must be"):
        gradient_flow(BOWL, (3, 2), times)


def test_a_flow_that_blows_up_is_refused():
    with pytest.raises(ValueError, match="leaves every bound"):
        gradient_flow(ScalarField.from_text("-x**4"), (1, 0), [1.0])  # gone at t = 1/8


def test_operands_of_a_broadcast_difference():
    clash = subtract_shapes([[3], [2]], [[0.9, 1.2]])
    assert clash.operands(1, 0) == (2, 0.9)
    assert clash.operands(0, 1) == (3, 1.2)
    assert all(clash.result[i, j] == np.subtract(*clash.operands(i, j)) for i in range(2) for j in range(2))


def test_shapes_that_numpy_refuses():
    with pytest.raises(ValueError, match=r"subtract shape \(3, 1\) from \(2, 1\)"):
        subtract_shapes([[3], [2]], [[1], [2], [3]])


def test_units_and_angles_survive_extreme_lengths():
    assert unit([3e300, 4e300]) == pytest.approx([0.6, 0.8])
    assert unit([3e-320, 4e-320]) == pytest.approx([0.6, 0.8], rel=1e-3)
    assert angle_between([1, 0], [1, 1e-9]) == pytest.approx(1e-9, rel=1e-6)
    assert angle_between([1, 0], [-2, 0]) == pytest.approx(np.pi)
    with pytest.raises(ValueError, match="zero vector"):
        unit([[1, 0], [0, 0]])
    with pytest.raises(ValueError, match="one shape"):
        angle_between([1, 0], [1, 0, 0])


@pytest.mark.parametrize(
    ("matrix", "factors", "limit"),
    [
        ([[2, 0], [0, 4]], ["1 - 2 alpha", "1 - 4 alpha"], "2 slash 4"),
        ([[1, 0], [0, 0.5]], ["1 - alpha", "1 - 0.5 alpha"], "2 slash 1"),
    ],
)
def test_a_factor_is_written_with_its_curvature(matrix: object, factors: list[str], limit: str) -> None:
    form = QuadraticForm(np.array(matrix, dtype=float))
    assert [form.factor_typst(axis) for axis in (0, 1)] == factors
    assert form.learning_rate_limit_typst == limit
