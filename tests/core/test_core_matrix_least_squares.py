from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from vcalc_anim.core import (
    LeastSquares,
    MatrixFunction,
    level_curves,
    matrix_identities,
    numerical_jacobian,
    solver_errors,
    trace_meetings,
)
from vcalc_anim.core.examples.ch07 import FIT, OUTER, OUTER_A, OUTER_B, REPEATING, SQUARES, TRACE
from vcalc_anim.core.matrix_functions import MatrixIdentity, symbolic_matrix
from vcalc_anim.core.window import Window

small = st.integers(-4, 4).map(float)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (2, 4)])
def test_the_table_holds_for_every_shape(shape):
    for identity in matrix_identities(*shape):
        assert identity.holds, identity.name
        assert identity.function.gradient_expression.shape == identity.claimed.shape


def test_a_wrong_claim_does_not_hold():
    trace = matrix_identities(2, 3)[0]
    assert not MatrixIdentity("flipped", trace.function, trace.claimed.T).holds
    assert not MatrixIdentity("twice", trace.function, 2 * trace.claimed).holds


def test_entries_of_large_matrices_have_names_of_their_own():
    entries = symbolic_matrix((11, 2), "x")
    assert len(set(entries)) == 22
    assert entries[10, 0].name == "x11_1"


@settings(max_examples=30, deadline=None)
@given(npst.arrays(float, (2, 3), elements=small), st.sampled_from([0.1, 0.5, -0.25]))
def test_poking_a_quadratic_is_off_by_the_step_in_every_cell(matrix, step):
    squares = MatrixFunction.of(lambda x: (x.T * x).trace(), (2, 3))
    pokes = squares.poke(matrix, step)
    assert np.allclose(pokes.quotients, 2 * matrix + step, rtol=1e-14)
    assert np.allclose(pokes.changes, pokes.quotients * step, rtol=1e-14)
    assert pokes.base == squares(matrix) == np.sum(matrix**2)
    assert np.array_equal(squares.gradient(matrix), 2 * matrix)


def test_functions_may_be_curved_and_return_one_by_one_matrices():
    curved = MatrixFunction.of(lambda x: (x.T * x).applyfunc(sp.sin), (2, 1))
    at = np.array([[0.5], [1.0]])
    expected = numerical_jacobian(lambda v: np.sin(v @ v), at[:, 0])
    assert np.allclose(curved.gradient(at), expected.T, atol=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TRACE([[1, 2], [3, 4]]), r"shape \(2, 2\)"),
        (lambda: TRACE.poke(np.ones((2, 3)), 0), "step is 0"),
        (lambda: TRACE.poke(np.full((2, 3), np.nan), 1), "finite"),
        (lambda: MatrixFunction.of(lambda x: x, (2, 2)), "one number is expected"),
        (lambda: MatrixFunction.of(lambda x: x[0], (13, 2)), "side of a matrix"),
        (lambda: MatrixFunction(sp.Symbol("a"), sp.Matrix([[1]])), "must be symbols"),
        (lambda: MatrixFunction(sp.Symbol("a"), symbolic_matrix((1, 1), "x"))([[1]]), "contains a"),
        (lambda: trace_meetings(np.ones((2, 3)), np.ones((2, 3))), "shape of Xᵀ"),
        (lambda: LeastSquares(np.ones(3), np.ones(3)), r"\(N, n\)"),
        (lambda: LeastSquares(np.full((2, 2), np.inf), np.ones(2)), "finite"),
        (lambda: LeastSquares(np.ones((3, 2)), np.ones(2)), "targets has shape"),
        (lambda: FIT.loss([1, 2, 3]), "weights have shape"),
        (lambda: FIT.candidates([1]), "weights has shape"),
        (lambda: LeastSquares(np.zeros((2, 1)), np.ones(2)).learning_rate_limit, "design is zero"),
        (lambda: REPEATING.normal_solution, "rank 1"),
        (lambda: LeastSquares(np.ones((401, 1)), np.ones(401)).rank, "401 entries"),
        (lambda: solver_errors(np.ones((2, 3)), np.ones(3)), "N ≥ n"),
        (lambda: solver_errors(np.eye(3), np.zeros(3)), "all zero"),
        (lambda: solver_errors(np.ones((3, 2)), np.ones(2)), "only QR or SVD"),
        (lambda: solver_errors(np.eye(3), np.ones(2)), "weights has shape"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


designs = st.tuples(st.integers(1, 4), st.integers(1, 3)).flatmap(
    lambda shape: st.tuples(
        npst.arrays(float, shape, elements=small), npst.arrays(float, shape[0], elements=small)
    )
)


@settings(max_examples=40, deadline=None)
@given(designs)
def test_the_shadow_stands_upright_and_no_weights_fit_better(data):
    design, targets = data
    problem = LeastSquares(design, targets)
    exact = sp.Matrix(*design.shape, [sp.Rational(str(value)) for value in design.flat])
    assert problem.rank == exact.rank() == np.linalg.matrix_rank(design)
    assert (exact.T * problem.error).is_zero_matrix
    assert problem.projection**2 == problem.projection
    best = np.array(problem.shortest_solution, dtype=float)[:, 0]
    assert np.allclose(best, np.linalg.pinv(design) @ targets, atol=1e-9)
    assert problem.loss(best) == pytest.approx(float(problem.smallest_loss), abs=1e-9)
    others = best + np.random.default_rng(1).normal(size=(20, design.shape[1]))
    assert (problem.loss(others) >= float(problem.smallest_loss) - 1e-9).all()
    assert problem.gutter.shape == (design.shape[1] - problem.rank, design.shape[1])
    assert np.allclose(problem.gutter @ problem.gutter.T, np.eye(len(problem.gutter)), atol=1e-12)
    for direction in problem.gutter:
        assert problem.loss(best + 3 * direction) == pytest.approx(float(problem.smallest_loss), abs=1e-9)
        assert abs(best @ direction) < 1e-9
    if problem.rank == design.shape[1]:
        assert problem.normal_solution == problem.shortest_solution


@settings(max_examples=30, deadline=None)
@given(designs)
def test_the_loss_is_one_field_in_numbers_and_in_symbols(data):
    design, targets = data
    problem = LeastSquares(design, targets)
    weights = np.linspace(-1, 1, 3 * design.shape[1]).reshape(3, -1)
    assert np.allclose(problem.field(weights), problem.loss(weights), atol=1e-10)
    assert np.allclose(problem.field.gradient(weights), problem.gradient(weights), atol=1e-10)
    assert np.allclose(problem.field.hessian(weights), problem.hessian, atol=1e-10)


@settings(max_examples=30, deadline=None)
@given(designs, st.lists(small, min_size=3, max_size=3))
def test_only_two_candidates_have_a_number_for_each_weight(data, weights):
    design, targets = data
    assume(design.shape[0] != design.shape[1])
    at = weights[: design.shape[1]]
    right, residual, untransposed, half = LeastSquares(design, targets).candidates(at)
    assert right.fits
    assert half.fits
    assert not residual.fits
    assert untransposed.value is None
    assert np.array_equal(2 * half.value, right.value)


def test_with_a_square_design_the_untransposed_product_exists_and_is_wrong():
    square = LeastSquares(np.array([[1.0, 2.0], [0.0, 1.0]]), np.ones(2))
    right, _, untransposed, _ = square.candidates((1, 1))
    assert untransposed.fits
    assert not np.allclose(untransposed.value, right.value)


def test_contours_of_the_loss_are_drawn_from_the_same_object():
    curves = level_curves(FIT.field, 1.0, Window(-1, 3, -1, 2))
    assert len(curves) == 1
    assert np.allclose(FIT.loss(curves[0]), 1, rtol=1e-9)


def test_four_solvers_agree_on_a_tame_problem():
    errors = solver_errors(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), [2, -1])
    assert max(errors.inverse, errors.cholesky, errors.qr, errors.svd) < 1e-14
    assert errors.normal_condition == pytest.approx(errors.condition**2)


def test_every_line_of_the_derivation_is_the_loss_or_its_gradient():
    for weights in ([0, 0], [0.5, -1.5], [7 / 6, 0.5]):
        multiplied, loss, apart, collected = FIT.derivation(weights)
        assert np.isclose(multiplied.value, FIT.loss(weights))
        assert np.isclose(loss.value, FIT.loss(weights))
        assert np.allclose(apart.value, FIT.gradient(weights), atol=1e-12)
        assert np.allclose(collected.value, FIT.gradient(weights), atol=1e-12)


def test_in_the_upright_frame_the_plane_is_a_floor():
    frame = FIT.upright_frame
    assert np.allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    assert np.isclose(np.linalg.det(frame), 1)
    assert np.allclose((frame @ FIT.design)[2], 0, atol=1e-12)
    foot, error = (np.array(list(v), dtype=float) for v in (FIT.foot, FIT.error))
    assert np.allclose(frame @ foot, [np.linalg.norm(foot), 0, 0], atol=1e-12)
    assert np.allclose(frame @ error, [0, 0, np.linalg.norm(error)], atol=1e-12)


@pytest.mark.parametrize(
    ("problem", "complaint"),
    [(REPEATING, "independent columns"), (LeastSquares.line([0, 1, 2], [1, 2, 3]), "lie in the plane")],
)
def test_without_a_floor_there_is_no_upright_frame(problem, complaint):
    with pytest.raises(ValueError, match=complaint):
        _ = problem.upright_frame


def test_between_a_row_and_a_column_the_slopes_are_an_outer_product():
    assert np.array_equal(OUTER.gradient(np.zeros((2, 3))), np.outer(OUTER_A, OUTER_B))
    assert np.array_equal(SQUARES.gradient([[1, 0, 2], [0, 1, 1]]), [[2, 0, 4], [0, 2, 2]])
