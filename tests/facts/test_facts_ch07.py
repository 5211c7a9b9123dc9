"""Chapter 7, gradients of matrices: the checkable statements, and the quiz."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from ledger import fact
from shown import mat, num, sci, shape, vec

from vcalc_anim.core import (
    MatrixFunction,
    Status,
    descend,
    matrix_identities,
    numerical_jacobian,
    solver_errors,
    trace_meetings,
)
from vcalc_anim.core.examples.ch07 import (
    FIT,
    POKE,
    POLYNOMIAL_DESIGN,
    POLYNOMIAL_WEIGHTS,
    REPEATING,
    TRACE,
    TRACE_A,
    TRACE_X,
)

TABLE = {identity.name: identity for identity in matrix_identities(3, 2)}
DESIGN = sp.Matrix([[1, 0], [1, 1], [1, 2]])
TARGETS = sp.Matrix([1, 2, 2])
WEIGHTS = sp.Matrix(sp.symbols("w_0 w_1", real=True))
LOSS = ((DESIGN * WEIGHTS - TARGETS).T * (DESIGN * WEIGHTS - TARGETS))[0]


def gradient_of(expression: sp.Expr) -> sp.Matrix:
    """By the two weights, as a column."""
    return sp.Matrix([sp.diff(expression, weight) for weight in WEIGHTS])


@fact("C7.1", "∇_X tr(AX) = Aᵀ")
def test_C7_1_poking_six_cells_shows_a_flipped() -> str:
    assert TABLE["tr(AX)"].holds
    pokes = TRACE.poke(TRACE_X, POKE)
    assert np.array_equal(pokes.quotients, TRACE_A.T)
    assert np.allclose(pokes.changes, POKE * TRACE_A.T, rtol=1e-15)
    assert pokes.base == np.trace(TRACE_A @ TRACE_X) == TRACE(TRACE_X)
    assert np.array_equal(TRACE.gradient(TRACE_X), TRACE_A.T)
    return mat(pokes.quotients)


@fact("C7.2", "∇_X tr(XᵀA) = A")
def test_C7_2_gradient_of_the_inner_product_of_two_tables() -> str:
    identity = TABLE["tr(XᵀA)"]
    assert identity.holds
    return f"entry by entry, {shape(identity.function.shape)}"


@fact("C7.3", "∇_X tr(XᵀX) = 2X")
def test_C7_3_gradient_of_the_sum_of_squares() -> str:
    identity = TABLE["tr(XᵀX)"]
    assert identity.holds
    entries = identity.function.entries
    assert sp.expand(identity.function.expression - sum(entry**2 for entry in entries)) == 0
    return f"entry by entry, {shape(identity.function.shape)}"


@fact("C7.4", "∇_X aᵀXb = abᵀ")
def test_C7_4_gradient_of_a_bilinear_form_is_an_outer_product() -> str:
    identity = TABLE["aᵀXb"]
    assert identity.holds
    assert identity.claimed.shape == identity.function.shape
    u, v = sp.Matrix(sp.symbols("u11 u21 u31", real=True)), sp.Matrix(sp.symbols("v11 v21", real=True))
    x = sp.Matrix(identity.function.entries)
    assert sp.expand(identity.function.expression - (v * u.T * x).trace()) == 0
    return "entry (i, j) is aᵢbⱼ; aᵀXb = tr(baᵀX)"


@fact("C7.5", "∇_w ‖Xw − y‖² = 2Xᵀ(Xw − y)", shows="Xᵀ(Xw − y) belongs to ½‖Xw − y‖²")
def test_C7_5_gradient_of_the_squared_norm() -> str:
    identity = TABLE["‖Xw − y‖²"]
    assert identity.holds
    half = MatrixFunction(identity.function.expression / 2, identity.function.entries)
    assert (half.gradient_expression - identity.claimed / 2).applyfunc(sp.expand).is_zero_matrix
    assert not half.gradient_expression.equals(identity.claimed)
    return "entry by entry, the factor 2 included"


@fact("C7.6", "‖Xw − y‖² = wᵀXᵀXw − 2yᵀXw + yᵀy", shows="the cross terms are one number and its transpose")
def test_C7_6_expansion_of_the_loss() -> str:
    w, x, y = WEIGHTS, DESIGN, TARGETS
    parts = [(w.T * x.T * x * w)[0], -2 * (y.T * x * w)[0], (y.T * y)[0]]
    assert sp.expand(FIT.field.expression - sum(parts)) == 0
    assert sp.expand((w.T * x.T * y)[0] - (y.T * x * w)[0]) == 0
    return f"${sp.latex(FIT.field.expression)}$"


@fact("C7.7", "term by term: 2XᵀXw, −2Xᵀy, 0", shows="the first because XᵀX is symmetric: else (B + Bᵀ)w")
def test_C7_7_gradient_term_by_term() -> str:
    w, x, y = WEIGHTS, DESIGN, TARGETS
    assert sp.expand(gradient_of((w.T * x.T * x * w)[0]) - 2 * x.T * x * w).is_zero_matrix
    assert sp.expand(gradient_of(-2 * (y.T * x * w)[0]) + 2 * x.T * y).is_zero_matrix
    exact = sp.Matrix(FIT.field.partials)
    assert sp.expand(exact - (2 * x.T * x * w - 2 * x.T * y)).is_zero_matrix
    b = sp.Matrix([[1, 2], [5, 4]])
    assert sp.expand(gradient_of((w.T * b * w)[0]) - (b + b.T) * w).is_zero_matrix
    return "2XᵀXw − 2Xᵀy"


@fact("C7.8", "∇L = 2Xᵀ(Xw − y)")
def test_C7_8_gradient_of_the_fit_at_zero() -> str:
    exact = gradient_of(LOSS).subs(dict.fromkeys(WEIGHTS, 0))
    assert FIT.gradient([0, 0]).tolist() == [float(entry) for entry in exact] == [-10, -12]
    assert FIT.loss([0, 0]) == float(LOSS.subs(dict.fromkeys(WEIGHTS, 0))) == 9
    at = np.array([0.3, -0.2])
    assert np.allclose(numerical_jacobian(FIT.loss, at)[0], FIT.gradient(at), atol=1e-7)
    return f"points (0, 1), (1, 2), (2, 2): {vec(FIT.gradient([0, 0]))} at w = 0, where L = {num(FIT.loss([0, 0]))}"


@fact(
    "C7.9",
    "w* = (XᵀX)⁻¹Xᵀy",
    verdict="cond",
    shows="if the columns are independent; else X⁺y is the shortest",
)
def test_C7_9_the_best_fit_is_the_shadow() -> str:
    solution = (DESIGN.T * DESIGN).inv() * DESIGN.T * TARGETS
    assert FIT.normal_solution == solution == sp.Matrix([sp.Rational(7, 6), sp.Rational(1, 2)])
    assert FIT.foot == DESIGN * solution
    assert list(FIT.error) == [sp.Rational(-1, 6), sp.Rational(1, 3), sp.Rational(-1, 6)]
    assert (DESIGN.T * FIT.error).is_zero_matrix
    assert FIT.projection**2 == FIT.projection
    assert FIT.projection.T == FIT.projection
    assert FIT.smallest_loss == sp.Rational(1, 6)
    assert REPEATING.rank == 1
    with pytest.raises(ValueError, match="infinitely many"):
        _ = REPEATING.normal_solution
    shortest = np.array(REPEATING.shortest_solution, dtype=float)[:, 0]
    assert shortest == pytest.approx([11 / 70, 11 / 35], rel=1e-15)
    assert REPEATING.smallest_loss == sp.Rational(5, 14)
    along = shortest + np.linspace(-2, 2, 9)[:, None] * REPEATING.gutter
    assert np.allclose(REPEATING.loss(along), 5 / 14, rtol=1e-13)
    assert np.linalg.norm(along, axis=-1).argmin() == 4  # the middle one: the pseudo-inverse's
    best = ", ".join(map(str, FIT.normal_solution))
    return (
        f"w* = ({best}), L = {FIT.smallest_loss}; "
        f"repeating columns: X⁺y = {vec(shortest, 3)}, L = {num(REPEATING.smallest_loss, 3)}"
    )


@fact("C7.10", "where the gradient is zero is the solution", shows="the loss is convex, so it is a minimum")
def test_C7_10_the_loss_is_a_bowl() -> str:
    hessian = 2 * DESIGN.T * DESIGN
    assert np.array_equal(FIT.hessian, np.array(hessian, dtype=float))
    exact = sorted(hessian.eigenvals(), key=float)
    assert exact == [8 - 2 * sp.sqrt(10), 8 + 2 * sp.sqrt(10)]
    assert np.linalg.eigvalsh(FIT.hessian) == pytest.approx([float(value) for value in exact])
    limit = FIT.learning_rate_limit
    assert limit == pytest.approx(float(2 / exact[1]), rel=1e-14)
    assert descend(FIT.field, (0, 0), 0.99 * limit, 1).status is Status.CONVERGING
    assert descend(FIT.field, (0, 0), 1.01 * limit, 1).status is Status.DIVERGING
    assert np.linalg.eigvalsh(REPEATING.hessian).min() > -1e-12
    return f"curvatures {num(exact[1], 3)} and {num(exact[0], 3)}; descent settles for α < {num(limit)}"


@fact(
    "C7.11",
    "Cholesky or SVD to compute that inverse",
    verdict="imprecise",
    shows="never invert: solve, with Cholesky on XᵀX or better QR or SVD on X",
)
def test_C7_11_solving_beats_inverting() -> str:
    errors = solver_errors(POLYNOMIAL_DESIGN, POLYNOMIAL_WEIGHTS)
    assert errors.condition == pytest.approx(3.79e6, rel=0.01)
    assert errors.normal_condition == pytest.approx(1.44e13, rel=0.02)
    # Orders only: the digits depend on the machine.
    assert 1e-4 < errors.inverse < 1
    assert errors.cholesky < 1e-2
    assert max(errors.qr, errors.svd) < 1e-8 < 1e-4 * errors.inverse
    return (
        f"condition {sci(errors.condition)}, of XᵀX {sci(errors.normal_condition)}: "
        "errors about 10⁻² (inverse), 10⁻⁴ to 10⁻³ (Cholesky), 10⁻¹⁰ (QR)"
    )


@fact("C7.12", "tr(AX) = Σ A_ji X_ij: entry (i, j) of the gradient is A_ji")
def test_C7_12_entry_ij_meets_entry_ji() -> str:
    meetings = trace_meetings(TRACE_A, TRACE_X)
    assert sum(pair.a * pair.x for pair in meetings) == np.trace(TRACE_A @ TRACE_X)
    assert all(pair.a == TRACE_A[pair.column, pair.row] for pair in meetings)
    identity = TABLE["tr(AX)"].function
    a = sp.Matrix(2, 3, lambda i, j: sp.Symbol(f"a{i + 1}{j + 1}", real=True))
    total = sum(a[j, i] * identity.entries[i, j] for i in range(3) for j in range(2))
    assert sp.expand(identity.expression - total) == 0
    return f"{len(meetings)} pairs, sum {sum(pair.a * pair.x for pair in meetings):g}"


@fact(
    "C7.13",
    "∂f/∂X always has the shape of X",
    verdict="cond",
    shows="we choose it so, for entries free to move alone",
)
def test_C7_13_a_shared_entry_collects_both_cells() -> str:
    p, q, r = sp.symbols("p q r", real=True)
    a = sp.Matrix([[1, 2], [5, 4]])
    shared = (a * sp.Matrix([[p, q], [q, r]])).trace()
    assert sp.diff(shared, q) == a[0, 1] + a[1, 0] == 7
    with pytest.raises(ValueError, match="symmetric"):
        MatrixFunction(shared, sp.Matrix([[p, q], [q, r]]))
    assert TRACE.gradient_expression.shape == TRACE.entries.shape
    return f"symmetric X: the derivative by s₁₂ is A₁₂ + A₂₁ = {a[0, 1]} + {a[1, 0]} = {sp.diff(shared, q)}"


@fact("Q7", "the gradient of ‖Xw − y‖² by w is 2Xᵀ(Xw − y)")
def test_Q7_one_number_for_each_weight_and_the_factor_two() -> str:
    at = np.array([0.3, -0.2])
    right, residual_only, untransposed, half = FIT.candidates(at)
    assert np.allclose(right.value, numerical_jacobian(FIT.loss, at)[0], atol=1e-7)
    assert right.fits
    assert residual_only.value is not None
    assert residual_only.value.shape == (3,)
    assert untransposed.value is None
    assert [c.fits for c in (right, residual_only, untransposed, half)] == [True, False, False, True]
    assert np.allclose(2 * half.value, right.value, rtol=1e-15)
    return (
        f"{right.value.size} numbers for {at.size} weights; 2(Xw − y) has {residual_only.value.size}, "
        "2X(Xw − y) does not exist, Xᵀ(Xw − y) is half"
    )
