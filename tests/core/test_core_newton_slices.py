from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    GradientMismatch,
    ScalarField,
    ScalarFunction,
    Status,
    check_grads,
    descend,
    expand,
    fixed_points,
    line_slice,
    newton,
    newton_step,
    partial_slice,
    tangent_plane,
)
from vcalc_anim.core.catalogue import CUBE, EXP, QUARTIC, RELU, SIN, SQUARE, TWO_VALLEY
from vcalc_anim.core.examples import BOWL
from vcalc_anim.core.examples.ch03 import CREASE, HILL
from vcalc_anim.core.level_points import Kind

X, Y, T = sp.symbols("x y t", real=True)
WAVES = ScalarField.from_text("sin(x)*exp(y/2) + x*y**2")
small = st.fractions(-2, 2, max_denominator=12)


# -- is a gradient the gradient? ----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [BOWL, HILL, WAVES, ScalarField.from_text("x*y*z + z**4", ("x", "y", "z"))])
def test_true_gradients_pass_to_second_order(field):
    point = np.linspace(0.5, 1.5, field.dimension)
    found = check_grads(field, field.gradient, point, hessian=field.hessian)
    assert found.first < 1e-9
    assert found.second is not None
    assert found.second < 1e-5
    assert check_grads(field, field.gradient, point, order=1).second is None


@pytest.mark.parametrize("field", [BOWL, HILL, WAVES])
@pytest.mark.parametrize("seed", range(3))
def test_a_rule_wrong_by_half_a_per_mille_fails(field, seed):
    point = (1.2, 0.7)

    def wrong(where: int):
        def gradient(p):
            result = field.gradient(p)
            result[where] *= 1.0005
            return result

        return gradient

    for where in (0, 1):
        with pytest.raises(GradientMismatch, match=r"claimed .*, measured"):
            check_grads(field, wrong(where), point, seed=seed)
    with pytest.raises(GradientMismatch, match="Hessian"):
        check_grads(field, field.gradient, point, hessian=lambda p: 1.0005 * field.hessian(p), seed=seed)


def test_a_gradient_that_is_right_at_the_point_only_fails_in_second_order():
    point = np.array([1.2, 0.7])
    frozen = BOWL.gradient(point)
    check_grads(BOWL, lambda p: frozen, point, order=1)
    with pytest.raises(GradientMismatch, match="curvature"):
        check_grads(BOWL, lambda p: frozen, point)

    def twisted(p):  # right at the point, but no field has this gradient: its Hessian is not symmetric
        return BOWL.gradient(p) + np.array([p[1] - point[1], point[0] - p[0]])

    with pytest.raises(GradientMismatch, match="across"):
        check_grads(BOWL, twisted, point)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_grads(BOWL, BOWL.gradient, 3.0), "point has shape"),
        (lambda: check_grads(BOWL, BOWL.gradient, [1, np.nan]), "finite coordinates"),
        (lambda: check_grads(BOWL, BOWL.gradient, (1, 2), order=3), "order of the check is 3"),
        (lambda: check_grads(BOWL, BOWL.gradient, (1, 2), directions=0), "number of directions"),
        (lambda: check_grads(BOWL, lambda p: [1, 2, 3], (1, 2)), r"gradient has shape \(3,\)"),
        (lambda: check_grads(lambda p: [1, 2], BOWL.gradient, (1, 2)), r"value has shape \(2,\)"),
        (lambda: check_grads(lambda p: np.nan, BOWL.gradient, (1, 2)), "value is not finite"),
        (lambda: check_grads(BOWL, BOWL.gradient, (1, 2), hessian=lambda p: [1]), "Hessian has shape"),
    ],
)
def test_the_check_refuses_what_it_cannot_check(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# -- Newton -------------------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.floats(-5, 5), st.floats(-5, 5))
def test_newton_is_at_the_bottom_of_any_bowl_in_one_step(a, b, x, y):
    field = ScalarField.from_text(f"{a}*x**2 + {b}*y**2 - x + 2*y")
    run = newton(field, (x, y), 1)
    assert run.points[-1] == pytest.approx([1 / (2 * a), -1 / b], abs=1e-12)
    assert np.allclose(run.points[1:], run.points[:-1] + run.steps)


def test_a_run_stops_where_the_ground_is_level():
    run = newton(SQUARE, 3, 10)
    assert run.points.tolist() == [[3], [0]]
    assert run.values.tolist() == [9, 0]
    assert run.gradients.tolist() == [[6], [0]]
    assert run.hessians.shape == (2, 1, 1)
    assert newton(SQUARE, [3.0], 0).steps.shape == (0, 1)
    assert not run.points.flags.writeable


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: newton(SIN, 0, -1), "number of steps"),
        (lambda: newton(SIN, [1, 2], 1), "start has shape"),
        (lambda: newton(CUBE, np.nan, 1), "NaN"),
        (lambda: newton_step(ScalarField.from_text("x + y"), (1, 2)), "singular"),
        (lambda: newton_step(ScalarField.from_text("1/x + y"), (0, 2)), "no finite gradient"),
        (lambda: newton(SQUARE, 1, 1).errors([1, 2]), "target has shape"),
    ],
)
def test_bad_newton_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# -- where descent rests ------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 1.5), st.floats(-3, 3))
def test_descent_ends_at_a_fixed_point_that_attracts(rate, start):
    run = descend(TWO_VALLEY.field, [start], rate, 2000)
    resting = fixed_points(TWO_VALLEY, rate)
    assert [point.factor for point in resting] == pytest.approx(
        [1 - rate * point.curvature for point in resting]
    )
    if run.status is Status.CONVERGING:
        nearest = min(resting, key=lambda point: abs(point.x - run.points[-1, 0]))
        assert abs(nearest.x - run.points[-1, 0]) < 1e-3
        assert nearest.attracts or abs(start - nearest.x) < 1e-9
        assert nearest.kind is Kind.MINIMUM or abs(start - nearest.x) < 1e-6


def test_a_step_that_is_too_long_makes_the_minimum_repel():
    assert [(point.factor, point.attracts) for point in fixed_points(SQUARE, 0.9)] == [
        (pytest.approx(-0.8), True)
    ]
    assert [(point.factor, point.attracts) for point in fixed_points(SQUARE, 1.1)] == [
        (pytest.approx(-1.2), False)
    ]


def test_level_points_of_functions_that_are_not_polynomials():
    waves = fixed_points(SIN, 0.5, -4, 8)
    assert [point.x for point in waves] == pytest.approx(
        [-np.pi / 2, np.pi / 2, 3 * np.pi / 2, 5 * np.pi / 2], rel=1e-14
    )
    assert [point.kind for point in waves] == [Kind.MINIMUM, Kind.MAXIMUM] * 2
    assert [point.attracts for point in waves] == [True, False] * 2
    hit = fixed_points(ScalarFunction.from_text("cos(x)"), 0.1, -1, 1)  # a sample falls on the root itself
    assert [(point.x, point.kind) for point in hit] == [(0, Kind.MAXIMUM)]
    assert fixed_points(EXP, 0.1) == ()


def test_very_flat_points_have_a_kind_too():
    assert [point.kind for point in fixed_points(QUARTIC, 0.1)] == [Kind.MINIMUM]
    assert [point.kind for point in fixed_points(ScalarFunction.from_text("-x**6"), 0.1)] == [Kind.MAXIMUM]
    assert [point.kind for point in fixed_points(ScalarFunction.from_text("x**10"), 0.1)] == [Kind.NEITHER]
    assert fixed_points(ScalarFunction.from_text("3*x"), 0.1) == ()
    assert fixed_points(QUARTIC, 0.1, 1, 2) == ()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fixed_points(SQUARE, -1), "learning rate is -1"),
        (lambda: fixed_points(SQUARE, 1, 2, 1), "low < high"),
        (lambda: fixed_points(ScalarFunction.from_text("3"), 1), "constant"),
        (lambda: fixed_points(RELU, 1), "whole stretch"),
    ],
)
def test_bad_level_point_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# -- slices and expansions ----------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(small, small, small, small)
def test_the_slope_of_a_slice_is_gradient_times_direction(x, y, u, v):
    assume(u or v)
    slope = line_slice(WAVES, (x, y), (u, v)).derivative().exact(0)
    gradient = WAVES.gradient([float(x), float(y)])
    assert float(slope) == pytest.approx(float(gradient @ [float(u), float(v)]), abs=1e-9)


def test_slices_freeze_the_other_variables():
    assert partial_slice(HILL, "x", (2, 1)).expression == X**2 + 3
    assert partial_slice(HILL, "y", (2, 1)).variable == Y
    assert line_slice(HILL, (2, 1), (0, 1), "s").variable.name == "s"
    assert line_slice(CREASE, (0, 0), (1, 1)).exact(4) == 2
    assert line_slice(CREASE, (0, 0), (1, 1)).exact(0) == 0


def test_an_expansion_of_a_polynomial_at_its_degree_is_the_polynomial():
    full = expand(HILL, (2, 1), 3)
    assert sp.expand(full.remainder.expression) == 0
    assert full.order == 3
    assert full.typst == "7 + 4 (x - 2) + 7 (y - 1) + (x - 2)^2 + 4 (x - 2) (y - 1) + (x - 2)^2 (y - 1)"
    assert tangent_plane(ScalarField.from_text("x*y + x"), (0, 0)).typst == "x"
    assert expand(ScalarField.from_text("x**2 - y**2"), (0, 0)).typst == "x^2 - y^2"
    assert tangent_plane(ScalarField.from_text("x**2 - y**2"), (0, 0)).typst == "0"


@settings(max_examples=20, deadline=None)
@given(small, small)
def test_the_rest_of_an_expansion_shrinks_with_its_order(u, v):
    size = max(abs(u), abs(v))
    for order in (1, 2, 3):
        expansion = expand(WAVES, (1, sp.Rational(1, 2)), order)
        for near in (10, 100):  # o(δⁿ): at most a constant times δⁿ⁺¹, at any distance
            gap = abs(float(expansion.gap((u / near, v / near))))
            assert gap <= 20 * float(size / near) ** (order + 1) + 1e-12


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: expand(HILL, (1, 2, 3)), "3 coordinates"),
        (lambda: expand(HILL, (1, 2), -1), "order of an expansion"),
        (lambda: expand(HILL, (1, np.nan)), "finite"),
        (lambda: expand(ScalarField.from_text("1/x + y"), (0, 1)), "no derivative of order 0"),
        (lambda: expand(HILL, (1, 2)).gap((1,)), "1 coordinates"),
        (lambda: line_slice(HILL, (1, 2), (0, 0)), "zero vector"),
        (lambda: line_slice(HILL, (1, 2), (1,)), "2 coordinates each"),
        (lambda: partial_slice(HILL, "z", (1, 2)), "no variable z"),
        (lambda: partial_slice(HILL, "x", (1,)), "1 coordinates"),
    ],
)
def test_bad_slice_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
