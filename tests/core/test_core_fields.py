from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import ScalarField, SlopeDial, Window, vector_grid
from vcalc_anim.core.examples import BOWL

X, Y = sp.symbols("x y", real=True)
coefficients = st.lists(st.integers(-5, 5), min_size=10, max_size=10)
coordinate = st.floats(-3, 3)


def cubic(numbers: list[int]) -> sp.Expr:
    powers = [(i, j) for i in range(4) for j in range(4 - i)]
    return sum((c * X**i * Y**j for c, (i, j) in zip(numbers, powers, strict=True)), sp.Integer(0))


def central_differences(field: ScalarField, point: np.ndarray, step: float = 1e-5) -> np.ndarray:
    return np.array([(field(point + step * d) - field(point - step * d)) / (2 * step) for d in np.eye(2)])


@settings(max_examples=40, deadline=None)
@given(coefficients, coordinate, coordinate)
def test_gradient_and_hessian_agree_with_differences_and_sympy(numbers, x, y):
    expression = cubic(numbers)
    field, point = ScalarField(expression, (X, Y)), np.array([x, y])
    assert np.allclose(field.gradient(point), central_differences(field, point), rtol=1e-5, atol=1e-5)
    at = {X: sp.Float(x, 30), Y: sp.Float(y, 30)}
    assert np.allclose(field(point), float(expression.subs(at)), rtol=1e-9, atol=1e-9)
    exact_gradient = [float(sp.diff(expression, v).subs(at)) for v in (X, Y)]
    assert np.allclose(field.gradient(point), exact_gradient, rtol=1e-9, atol=1e-9)
    exact_hessian = np.array(sp.hessian(expression, (X, Y)).subs(at), dtype=float)
    assert np.allclose(field.hessian(point), exact_hessian, rtol=1e-9, atol=1e-9)


def test_the_difference_check_notices_a_gradient_that_is_wrong_by_a_thousandth():
    point = np.array([3.0, 2.0])
    right = central_differences(BOWL, point)
    assert np.allclose(BOWL.gradient(point), right, rtol=1e-5, atol=1e-5)
    assert not np.allclose(BOWL.gradient(point) * 1.001, right, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", [(), (5,), (4, 3), (0,)])
def test_points_of_any_leading_shape(shape):
    points = np.random.default_rng(4).normal(size=(*shape, 2))
    assert BOWL(points).shape == shape
    assert BOWL.gradient(points).shape == (*shape, 2)
    assert BOWL.hessian(points).shape == (*shape, 2, 2)


def test_constant_and_linear_fields_broadcast():
    points = np.zeros((3, 2))
    plane, flat = ScalarField.from_text("x"), ScalarField.from_text("7")
    assert plane.gradient(points).tolist() == [[1, 0]] * 3
    assert flat(points).tolist() == [7, 7, 7]
    assert flat.gradient(points).tolist() == [[0, 0]] * 3
    assert plane.hessian(points).tolist() == [[[0, 0], [0, 0]]] * 3


def test_any_number_of_variables():
    field = ScalarField.from_text("a*b*c**2", ("a", "b", "c"))
    assert field.gradient([2, 3, 1]).tolist() == [3, 2, 12]
    assert field.derivative_row([2, 3, 1]).shape == (1, 3)
    assert field.gradient_column([2, 3, 1]).shape == (3, 1)


def test_the_slope_is_per_unit_of_distance():
    assert BOWL.slope([3, 2], [30, 40]) == pytest.approx(10)
    assert BOWL.slope([3, 2], [[1, 0], [0, 2], [-8, 6]]) == pytest.approx([6, 8, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: BOWL([1, 2, 3]), r"shape \(3,\).*\(\.\.\., 2\)"),
        (lambda: BOWL(1.0), r"shape \(\)"),
        (lambda: BOWL.gradient([np.nan, 1]), "NaN"),
        (lambda: BOWL([np.inf, 1]), "infinity"),
        (lambda: BOWL.gradient_column([[1, 2]]), r"one point of shape \(2,\)"),
        (lambda: BOWL.slope([3, 2], [0, 0]), "zero vector"),
        (lambda: ScalarField(X + Y, (X,)), "contains y"),
        (lambda: ScalarField(X, (X, X)), "only once"),
        (lambda: ScalarField(sp.Integer(1), ()), "at least one variable"),
    ],
)
def test_bad_input_says_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_outside_the_domain_the_value_is_nan_without_a_warning():
    field = ScalarField.from_text("sqrt(x) + 1/y")
    assert np.isnan(field([-1, 1]))
    assert np.isinf(field([1, 0]))


def test_equal_formulas_are_equal_fields_whatever_their_symbols_assume():
    plain = sp.symbols("x y")
    assert ScalarField(plain[0] ** 2 + 2 * plain[1] ** 2, plain) == BOWL
    assert hash(ScalarField(plain[0] ** 2 + 2 * plain[1] ** 2, plain)) == hash(BOWL)
    assert ScalarField.from_text("x**2") != BOWL


def test_a_field_crosses_to_a_worker_process_and_is_not_compiled_again_by_a_copy():
    BOWL([1, 1])
    assert pickle.loads(pickle.dumps(BOWL)) == BOWL
    assert pickle.loads(pickle.dumps(BOWL)).gradient([3, 2]).tolist() == [6, 8]
    assert copy.deepcopy(BOWL) is BOWL


@settings(max_examples=40, deadline=None)
@given(st.floats(-100, 100), st.floats(-100, 100))
def test_the_dial_is_a_cosine_wherever_there_is_a_slope(x, y):
    if BOWL.gradient([x, y]).any():
        dial = SlopeDial(BOWL, (x, y))
        angles = np.linspace(0, 7, 50)
        wave = dial.magnitude * np.cos(angles - dial.steepest_angle)
        assert np.allclose(dial.slope_at(angles), wave, atol=1e-12 * max(1, dial.magnitude))
        assert 0 <= dial.steepest_angle < 2 * np.pi
        assert all(0 <= angle < 2 * np.pi for angle in (dial.descent_angle, *dial.level_angles))
        assert abs(dial.slope_at(dial.level_angles)).max() <= 1e-12 * dial.magnitude
        assert dial.slope_at(dial.descent_angle) == pytest.approx(-dial.magnitude)
        turned = [np.cos(dial.level_angles[0]), np.sin(dial.level_angles[0])]
        assert np.allclose(dial.level, turned, atol=1e-12)


@pytest.mark.parametrize(
    ("field", "point", "message"),
    [
        (BOWL, (0, 0), "choose a point that is not stationary"),
        (ScalarField.from_text("1/x"), (0, 0), "not finite"),
        (ScalarField.from_text("x", ("x",)), (0,), "two variables"),
    ],
)
def test_a_dial_without_a_steepest_direction_is_refused(field, point, message):
    with pytest.raises(ValueError, match=message):
        SlopeDial(field, point)


def test_dial_arrays_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        SlopeDial(BOWL, (3, 2)).gradient[0] = 1


def test_vector_grid_splits_gradients_and_skips_the_minimum():
    arrows = vector_grid(BOWL, Window(-3, 3, -2, 2), 7, 5)
    assert len(arrows.positions) == 7 * 5 - 1
    assert not (arrows.positions == 0).all(axis=1).any()
    assert np.allclose(arrows.directions * arrows.magnitudes[:, None], BOWL.gradient(arrows.positions))
    assert np.allclose(np.linalg.norm(arrows.directions, axis=1), 1)
    assert np.array_equal(arrows.reversed().directions, -arrows.directions)


def test_vector_grid_of_a_flat_field_is_empty_and_of_a_pole_skips_it():
    assert vector_grid(ScalarField.from_text("1"), Window(-1, 1, -1, 1), 3, 3).positions.shape == (0, 2)
    pole = vector_grid(ScalarField.from_text("1/x"), Window(-1, 1, -1, 1), 3, 3)
    assert (pole.positions[:, 0] != 0).all()
    assert len(pole.positions) == 6
