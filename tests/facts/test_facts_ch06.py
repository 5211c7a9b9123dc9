"""Chapter 6, Jacobian and Hessian: the checkable statements, and the quiz."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from ledger import fact
from shown import mat, num, nums, shape, vec

from vcalc_anim.core import (
    CurvatureDial,
    Tape,
    Verdict,
    chain_maps,
    numerical_jacobian,
    second_derivative_test,
)
from vcalc_anim.core.curvature import mixed_partials_at
from vcalc_anim.core.examples.ch06 import (
    FOLD_AT,
    KNIFE,
    LEVEL_GROUND,
    NEVER_LEVEL,
    QUIZ_MAP,
    QUIZ_MAP_AT,
    SECOND_WARP,
    SQUARE_SIDES,
    UNEQUAL_MIXED,
    WARP,
    WARP_AT,
    WARP_NUDGE,
)

X, Y = sp.symbols("x y", real=True)
EXACT = sp.Matrix([X**2 + Y, X * Y])
AT = {X: 3, Y: 2}


@fact("C6.1", "J is m × n: row i differentiates output i, column j answers to input j")
def test_C6_1_rows_are_outputs_and_columns_inputs() -> str:
    jacobian = QUIZ_MAP.jacobian(QUIZ_MAP_AT)
    assert jacobian.shape == QUIZ_MAP.shape == (2, 3)
    assert np.allclose(numerical_jacobian(QUIZ_MAP, QUIZ_MAP_AT), jacobian, atol=1e-8)
    for j, nudge in enumerate(np.eye(3)):
        assert QUIZ_MAP.linear_map(QUIZ_MAP_AT).respond(nudge).tolist() == jacobian[:, j].tolist()
    return f"three inputs, two outputs: {shape(jacobian.shape)}"


@fact("C6.2", "f = (x₁² + x₂, x₁x₂) has J = [[6, 1], [2, 3]] at (3, 2)")
def test_C6_2_jacobian_of_the_warp() -> str:
    exact = EXACT.jacobian([X, Y])
    assert WARP.jacobian_expression == exact
    assert WARP.exact_jacobian(WARP_AT) == exact.subs(AT) == sp.Matrix([[6, 1], [2, 3]])
    assert np.array_equal(WARP.jacobian(WARP_AT), np.array(exact.subs(AT), dtype=float))
    assert WARP.exact(WARP_AT) == tuple(EXACT.subs(AT)) == (11, 6)
    assert WARP.area_factor(WARP_AT) == pytest.approx(16, rel=1e-14)
    determinant = WARP.area_factor(WARP_AT)
    return f"image {vec(WARP(WARP_AT))}, J = {mat(WARP.jacobian(WARP_AT))}, det J = {num(determinant)}"


@fact(
    "C6.3",
    "δx₁ = 0.01 gives (0.06, 0.02), δx₂ = 0.01 gives (0.01, 0.03)",
    verdict="cond",
    shows="≈ for the 0.06: to first order",
)
def test_C6_3_nudges_answer_with_the_columns_to_first_order() -> str:
    a, b = sp.symbols("a b")
    gap = WARP.gap(WARP_AT, (a, b))
    assert gap == (a**2, a * b)
    step = sp.Rational(1, 100)
    assert float(step) == WARP_NUDGE
    first = [e - s for e, s in zip(WARP.exact((3 + step, 2)), WARP.exact(WARP_AT), strict=True)]
    second = [e - s for e, s in zip(WARP.exact((3, 2 + step)), WARP.exact(WARP_AT), strict=True)]
    assert first == list(EXACT.subs({X: 3 + step, Y: 2}) - EXACT.subs(AT))
    assert first == [sp.Rational(601, 10_000), sp.Rational(2, 100)]
    assert second == [sp.Rational(1, 100), sp.Rational(3, 100)]
    linear = WARP.linear_map(WARP_AT).respond(WARP_NUDGE * np.eye(2))
    assert np.allclose(linear, [[0.06, 0.02], [0.01, 0.03]], rtol=1e-15)
    return f"exactly {vec(first)} and {vec(second)}"


@fact("C6.4", "the determinant is the area factor (added)")
def test_C6_4_the_ratio_of_areas_tends_to_the_determinant() -> str:
    exact = [
        sp.integrate(2 * X**2 - Y, (X, 3, 3 + s), (Y, 2, 2 + s)) / s**2
        for s in map(sp.Rational, ("1", "1/2", "1/10", "1/100"))
    ]
    ratios = [WARP.area_ratio(WARP_AT, side) for side in SQUARE_SIDES]
    assert ratios == exact
    assert WARP.image_area(WARP_AT, 2) == 4 * WARP.area_ratio(WARP_AT, 2)
    assert float(ratios[-1]) == pytest.approx(float(WARP.area_factor(WARP_AT)), rel=0.004)
    assert sp.expand(WARP.area_factor_expression - (2 * X**2 - Y)) == 0
    assert WARP.area_factor(FOLD_AT) == pytest.approx(0, abs=1e-14)
    assert WARP.area_factor((1, 3)) < 0 < WARP.area_factor((1, 1))
    return f"sides {nums(SQUARE_SIDES)}: {nums(ratios, 2)} → {num(WARP.area_factor(WARP_AT))}"


@fact("C6.5", "J_z = J_g J_f", verdict="cond", shows="J_z(x) = J_g(f(x)) · J_f(x)")
def test_C6_5_local_maps_multiply_where_the_traveller_is() -> str:
    chained = chain_maps(SECOND_WARP, WARP, WARP_AT)
    exact = sp.Matrix([EXACT[0] * EXACT[1], EXACT[0] - EXACT[1]]).jacobian([X, Y]).subs(AT)
    assert chained.product == exact == sp.Matrix([[58, 39], [4, -2]])
    assert SECOND_WARP.after(WARP).exact_jacobian(WARP_AT) == chained.product
    assert chained.outer == sp.Matrix([[6, 11], [1, -1]])
    assert chained.wrong_point == sp.Matrix([[18, 11], [4, -2]])
    assert chained.wrong_order == sp.Matrix([[37, 65], [15, 19]])
    return (
        f"{mat(chained.product)}; read at the wrong point {mat(chained.wrong_point)}, "
        f"in the wrong order {mat(chained.wrong_order)}"
    )


@fact(
    "C6.6",
    "a network's Jacobian is the product of its layers' Jacobians",
    verdict="cond",
    shows="for a plain stack, by its activations; a skip connection adds I",
)
def test_C6_6_a_skip_connection_adds_the_identity() -> str:
    skipped = type(WARP)(
        tuple(out + v for out, v in zip(WARP.outputs, WARP.variables, strict=True)), WARP.variables
    )
    assert skipped.jacobian_expression == WARP.jacobian_expression + sp.eye(2)
    return f"with a skip J + I: {mat(skipped.jacobian(WARP_AT))} at {vec(WARP_AT)}"


@fact(
    "C6.7",
    "backprop computes this product",
    verdict="imprecise",
    shows="it carries one row through: vᵀJ, never a Jacobian",
)
def test_C6_7_a_row_goes_through_both_maps() -> str:
    tape = Tape()
    x, y = tape.variable("x", 3.0), tape.variable("y", 2.0)
    u, v = x * x + y, x * y
    sweep = tape.backward(u * v)
    row = [sweep.adjoint(x), sweep.adjoint(y)]
    assert row == [float(entry) for entry in chain_maps(SECOND_WARP, WARP, WARP_AT).product.row(0)]
    assert [sweep.adjoint(u), sweep.adjoint(v)] == [6, 11]
    return f"(1, 0) → {vec([sweep.adjoint(u), sweep.adjoint(v)])} → {vec(row)}"


@fact("C6.8", "the derivative is a number, the Jacobian m × n")
def test_C6_8_shapes_of_derivative_and_jacobian() -> str:
    found = [
        numerical_jacobian(f, at).shape
        for f, at in ((np.sin, [1.0]), (WARP, WARP_AT), (QUIZ_MAP, QUIZ_MAP_AT))
    ]
    assert found == [(1, 1), WARP.shape, QUIZ_MAP.shape] == [(1, 1), (2, 2), (2, 3)]
    return "; ".join(shape(sides) for sides in found)


@fact(
    "C6.9", "the gradient is 1 × n", verdict="inconsistent", shows="Df is the row 1 × n, ∇f the column n × 1"
)
def test_C6_9_row_and_column_have_their_own_names() -> str:
    row, column = KNIFE.derivative_row((1, 2)), KNIFE.gradient_column((1, 2))
    assert (row.shape, column.shape) == ((1, 2), (2, 1))
    assert np.array_equal(row.T, column)
    assert np.allclose(numerical_jacobian(KNIFE, (1, 2)), row, atol=1e-8)
    return f"Df {shape(row.shape)}, ∇f {shape(column.shape)}"


@fact(
    "C6.10",
    "the Hessian is symmetric (Schwarz)",
    verdict="cond",
    shows="if the second partials are continuous",
)
def test_C6_10_mixed_partials_can_differ_at_one_point() -> str:
    origin = (sp.S.Zero, sp.S.Zero)
    mixed = mixed_partials_at(UNEQUAL_MIXED.expression, *UNEQUAL_MIXED.variables, origin, sp.S.Zero)
    assert mixed == (-1, 1)
    # Away from the origin the formula is smooth and they agree.
    hessian = UNEQUAL_MIXED.second_partials
    assert sp.simplify(hessian[0, 1] - hessian[1, 0]) == 0
    assert KNIFE.second_partials.is_symmetric()
    return f"xy(x² − y²)/(x² + y²) at the origin: {num(mixed[0])} and {num(mixed[1])}"


@fact("C6.11", "the Hessian is the Jacobian of the gradient")
def test_C6_11_the_hessian_differentiates_the_gradient() -> str:
    hessian = KNIFE.second_partials
    assert hessian == sp.Matrix(KNIFE.partials).jacobian(list(KNIFE.variables))
    assert np.allclose(numerical_jacobian(KNIFE.gradient, (0.3, -1)), KNIFE.hessian((0.3, -1)), atol=1e-8)
    return f"{mat(hessian)} for x² + 3xy + y²"


@fact(
    "C6.12",
    "H positive definite: minimum; negative definite: maximum; indefinite: saddle",
    verdict="wrong",
    shows="where ∇f = 0; semidefinite decides nothing",
)
def test_C6_12_the_test_needs_level_ground_and_may_stay_silent() -> str:
    verdicts = {name: second_derivative_test(field, (0, 0)).verdict for name, field in LEVEL_GROUND.items()}
    assert verdicts == {
        "bowl": Verdict.MINIMUM,
        "dome": Verdict.MAXIMUM,
        "saddle": Verdict.SADDLE,
        "flat bowl": Verdict.NO_VERDICT,
        "flat saddle": Verdict.NO_VERDICT,
    }
    for name in ("flat bowl", "flat saddle"):
        assert sp.hessian(LEVEL_GROUND[name].expression, (X, Y)).subs({X: 0, Y: 0}).is_zero_matrix
    # The silence is right: the one has a minimum there, the other has not.
    around = 0.1 * np.stack([np.cos(np.linspace(0, 6, 50)), np.sin(np.linspace(0, 6, 50))], axis=-1)
    assert LEVEL_GROUND["flat bowl"](around).min() > 0 > LEVEL_GROUND["flat saddle"](around).min()
    climbing = second_derivative_test(NEVER_LEVEL, [0.0])
    assert (climbing.verdict, climbing.is_level) == (Verdict.NOT_LEVEL, False)
    assert climbing.eigenvalues[0] > 0
    assert sp.solve(sp.diff(sp.exp(X), X), X) == []
    return f"x⁴ ± y⁴: H = 0, {verdicts['flat bowl'].value}; eˣ: H > 0, {climbing.verdict.value}"


@fact("C6.13", "curved up along every axis is not enough for a minimum (added)")
def test_C6_13_a_slanted_direction_bends_down() -> str:
    dial = CurvatureDial(KNIFE, (0, 0))
    angles = np.radians([0, 45, 90, 135])
    curvatures = dial.curvature_at(angles)
    assert curvatures == pytest.approx([2, 5, 2, -1])
    assert np.allclose(dial.curvature_at(np.linspace(0, 6, 99)), 2 + 3 * np.sin(2 * np.linspace(0, 6, 99)))
    assert sorted(sp.Matrix([[2, 3], [3, 2]]).eigenvals()) == pytest.approx(sorted(dial.extremes))
    assert np.degrees(dial.extreme_angles) == pytest.approx([45, 135])
    return f"x² + 3xy + y²: {nums(curvatures)} at {nums(np.degrees(angles))} degrees"


@fact("Q6", "f: ℝ³ → ℝ² has a 2 × 3 Jacobian")
def test_Q6_only_one_shape_takes_three_numbers_and_gives_two() -> str:
    jacobian = QUIZ_MAP.jacobian(QUIZ_MAP_AT)
    assert jacobian.shape == (2, 3)
    nudge = np.array([1.0, 2.0, 3.0])
    fits = []
    for option in ((2, 3), (3, 2), (3, 3), (2, 1)):
        try:
            fits.append((np.ones(option) @ nudge).shape == (2,))
        except ValueError:
            fits.append(False)
    assert fits == [True, False, False, False]
    assert np.array_equal(QUIZ_MAP.linear_map(QUIZ_MAP_AT).respond(nudge), jacobian @ nudge)
    return f"{shape(jacobian.shape)}; the others do not take 3 numbers or do not give 2"
