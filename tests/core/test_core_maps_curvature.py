from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import (
    CurvatureDial,
    ScalarField,
    VectorMap,
    Verdict,
    Window,
    chain_maps,
    grid_lines,
    numerical_jacobian,
    second_derivative_test,
)
from vcalc_anim.core.curvature import mixed_partials_at
from vcalc_anim.core.examples.ch06 import QUIZ_MAP, SECOND_WARP, WARP, WARP_AT

X, Y = sp.symbols("x y", real=True)
WAVY = VectorMap.from_text("sin(x)*y", "x + exp(y/3)", "cos(x*y)")


def test_values_and_jacobians_keep_the_shape_of_the_points():
    points = np.random.default_rng(2).normal(size=(4, 5, 2))
    assert WAVY(points).shape == (4, 5, 3)
    jacobians = WAVY.jacobian(points)
    assert jacobians.shape == (4, 5, 3, 2)
    assert np.allclose(jacobians[1, 2], numerical_jacobian(WAVY, points[1, 2]), atol=1e-8)
    assert WARP.area_factor(points).shape == (4, 5)
    assert WAVY.shape == (3, 2)
    assert WARP.typst == ("x^2 + y", "x y")


def test_constant_outputs_are_spread_over_all_points():
    flat = VectorMap.from_text("3", "x")
    assert flat([[1, 2], [3, 4]]).tolist() == [[3, 1], [3, 3]]
    assert flat.jacobian((1, 2)).tolist() == [[0, 0], [1, 0]]


def test_variables_are_real_whatever_they_were():
    plain = sp.symbols("x y")
    assert VectorMap((plain[0] ** 2 + plain[1], plain[0] * plain[1]), plain) == WARP


@settings(max_examples=40, deadline=None)
@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 6.3))
def test_the_linear_map_is_off_by_the_square_of_the_offset(x, y, angle):
    linear = WAVY.linear_map((x, y))
    direction = np.array([np.cos(angle), np.sin(angle)])
    gaps = [np.abs(WAVY((x, y) + h * direction) - linear((x, y) + h * direction)).max() for h in (1e-2, 1e-3)]
    assert gaps[1] <= gaps[0] / 50 + 1e-9
    assert np.allclose(linear((x, y)), WAVY((x, y)))
    assert np.allclose(linear.respond(direction), WAVY.jacobian((x, y)) @ direction)


def test_the_gap_to_the_linear_map_is_exact():
    a, b = sp.symbols("a b")
    assert WARP.gap(WARP_AT, (a, b)) == (a**2, a * b)


def test_around_a_point_no_digit_is_lost():
    close = WARP.around(WARP_AT)
    offset = np.array([1e-9, -2e-9])
    assert np.allclose(close(offset), [6e-9 - 2e-9 + 1e-18, 2e-9 - 6e-9 - 2e-18], rtol=1e-12, atol=0)
    assert np.allclose(close.linear_map((0, 0)).jacobian, WARP.jacobian(WARP_AT))
    assert np.allclose(close((0.5, -1.0)), WARP((3.5, 1.0)) - WARP((3, 2)))


@settings(max_examples=25, deadline=None)
@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 20))
def test_the_area_of_an_image_is_what_its_outline_encloses(x, y, side):
    corner, length = (sp.Rational(x, 10), sp.Rational(y, 10)), sp.Rational(side, 10)
    t = np.linspace(0, 1, 4001)[:-1]
    square = np.concatenate([[t, 0 * t], [1 + 0 * t, t], [1 - t, 1 + 0 * t], [0 * t, 1 - t]], axis=-1).T
    outline = WARP(np.array(corner, dtype=float) + float(length) * square)
    u, v = outline.T
    enclosed = np.sum(u * np.roll(v, -1) - v * np.roll(u, -1)) / 2
    area = float(WARP.image_area(corner, length))
    assert enclosed == pytest.approx(area, rel=1e-5, abs=1e-5)


def test_wrong_turns_are_shown_only_where_the_shapes_allow_them():
    path = VectorMap.from_text("t**2", "3*t", variables=("t",))
    along = chain_maps(WARP, path, (2,))
    assert (along.wrong_point, along.wrong_order) == (None, None)
    assert along.product == WARP.after(path).exact_jacobian((2,))
    height = VectorMap.from_text("x*y**2")
    loop = chain_maps(path, height, (1, 2))
    assert loop.product.shape == (2, 2)
    assert loop.wrong_point is None
    assert loop.wrong_order == sp.Matrix([[4 * 8 + 4 * 3]])


def test_a_grid_is_upright_lines_then_level_ones():
    lines = grid_lines(Window(0, 2, -1, 1), columns=3, rows=2, samples=5)
    assert len(lines) == 5
    assert [set(line[:, 0]) for line in lines[:3]] == [{0.0}, {1.0}, {2.0}]
    assert [set(line[:, 1]) for line in lines[3:]] == [{-1.0}, {1.0}]
    assert lines[0][:, 1].tolist() == [-1, -0.5, 0, 0.5, 1]
    bent = [WARP(line) for line in lines]
    assert all(curve.shape == (5, 2) for curve in bent)


def test_maps_are_values():
    twin = VectorMap.from_text("x**2 + y", "x*y")
    assert twin == WARP
    assert copy.deepcopy(WARP) is WARP is copy.copy(WARP)
    assert pickle.loads(pickle.dumps(WARP)) == WARP
    assert hash(twin) == hash(WARP)


def test_outside_the_domain_values_are_not_numbers():
    log = VectorMap.from_text("ln(x)", "y")
    assert np.isnan(log((-1, 2))[0])
    with pytest.raises(ValueError, match="not finite at"):
        log.linear_map((0, 1))
    with pytest.raises(ValueError, match="not defined at"):
        VectorMap.from_text("1/x", "y").exact((0, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: VectorMap((X,), ()), "at least one variable"),
        (lambda: VectorMap((X,), (X, X)), "only once"),
        (lambda: VectorMap((), (X,)), "at least one output"),
        (lambda: VectorMap((X + Y,), (X,)), "contain y"),
        (lambda: QUIZ_MAP.area_factor_expression, "as many outputs as inputs"),
        (lambda: QUIZ_MAP.area_factor((1, 2, 3)), "as many outputs as inputs"),
        (lambda: QUIZ_MAP.image_area((0, 0), 1), "maps of the plane"),
        (lambda: WARP.image_area((0, 0), 0), "side is 0"),
        (lambda: WARP.image_area((0, float("nan")), 1), "finite"),
        (lambda: WARP((1, 2, 3)), r"\(\.\.\., 2\)|2 coordinate"),
        (lambda: WARP.jacobian((np.inf, 0)), "infinity"),
        (lambda: WARP.exact((1,)), "1 coordinates, but the map has 2"),
        (lambda: WARP.gap((1, 2), sp.symbols("a b c")), "3 symbols"),
        (lambda: WARP.after(QUIZ_MAP).after(WARP), "2 outputs, but the outer one takes 3"),
        (lambda: WARP.linear_map((1, 2)).respond((1, 2, 3)), "nudge"),
        (lambda: grid_lines(Window(0, 1, 0, 1), 2, 2, 1), "samples"),
        (lambda: second_derivative_test(ScalarField.from_text("sqrt(x)"), (0, 0)), "second derivatives"),
        (lambda: CurvatureDial(ScalarField.from_text("x", ("x",)), (0,)), "two variables"),
        (lambda: CurvatureDial(ScalarField.from_text("ln(x)"), (0, 0)), "not finite"),
        (lambda: CurvatureDial(ScalarField.from_text("x"), (0, 0)).curvature_at([np.nan]), "angles"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@settings(max_examples=60, deadline=None)
@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(-5, 5), st.sampled_from([1e-6, 1.0, 1e6]))
def test_the_verdict_agrees_with_determinant_and_trace(a, b, c, scale):
    field = ScalarField(sp.nsimplify(scale) * (a * X**2 + 2 * b * X * Y + c * Y**2), (X, Y))
    verdict = second_derivative_test(field, (0, 0)).verdict
    determinant = a * c - b * b
    if determinant < 0:
        expected = Verdict.SADDLE
    elif determinant == 0:
        expected = Verdict.NO_VERDICT
    else:
        expected = Verdict.MINIMUM if a > 0 else Verdict.MAXIMUM
    assert verdict is expected


def test_a_critical_point_known_only_as_a_float_is_level():
    field = ScalarField.from_text("x**3 - 2*x + y**2")
    at = float(np.sqrt(2 / 3))
    assert second_derivative_test(field, (at, 0)).verdict is Verdict.MINIMUM
    assert second_derivative_test(field, (-at, 0)).verdict is Verdict.SADDLE
    assert second_derivative_test(field, (at + 1e-6, 0)).verdict is Verdict.NOT_LEVEL
    assert second_derivative_test(ScalarField.from_text("x/1000000"), (0, 0)).verdict is Verdict.NOT_LEVEL


@settings(max_examples=40, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_the_extremes_of_the_curvature_dial_are_where_it_says(a, b, c):
    field = ScalarField(a * X**2 / 2 + b * X * Y + c * Y**2 / 2, (X, Y))
    dial = CurvatureDial(field, (0.5, -1))
    sweep = dial.curvature_at(np.linspace(0, 2 * np.pi, 721))
    high, low = dial.extremes
    assert sweep.max() <= high + 1e-12 * 3
    assert sweep.min() >= low - 1e-12 * 3
    assert dial.curvature_at(dial.extreme_angles) == pytest.approx([high, low], abs=1e-9)
    assert all(0 <= angle < np.pi for angle in dial.extreme_angles)


def test_mixed_partials_of_a_smooth_formula_agree():
    smooth = sp.sin(X) * Y**2 + X * Y
    at = (sp.Integer(1), sp.Integer(2))
    mixed = mixed_partials_at(smooth, X, Y, at, smooth.subs({X: 1, Y: 2}))
    exact = sp.diff(smooth, X, Y).subs({X: 1, Y: 2})
    assert [sp.simplify(value - exact) for value in mixed] == [0, 0]
    assert SECOND_WARP.exact((11, 6)) == (66, 5)
