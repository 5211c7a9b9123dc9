"""Chapter 2, Taylor series: the checkable statements, and the quiz."""

from __future__ import annotations

from fractions import Fraction
from math import factorial, pi

import numpy as np
import pytest
import sympy as sp
from ledger import fact

from vcalc_anim.core import (
    QuadraticForm,
    ScalarField,
    ScalarFunction,
    descend,
    expand,
    newton,
    newton_step,
    rounded,
    taylor,
)
from vcalc_anim.core.catalogue import EXP, FLAT, RUNGE, SHIFTED_LN, SIN, TWO_VALLEY
from vcalc_anim.core.examples import BOWL, BOWL_START
from vcalc_anim.core.examples.ch02 import (
    HILLTOP_START,
    LOG_INSIDE,
    LOG_ORDERS,
    LOG_OUTSIDE,
    PIN_ORDERS,
    RUNGE_ORDERS,
    RUNGE_OUTSIDE,
    SINE_DERIVATIVE_BOUND,
    SINE_ORDERS,
    SINE_TOLERANCE,
    VALLEY,
    VALLEY_LEARNING_RATE,
    VALLEY_MINIMUM,
    VALLEY_START,
    VALLEY_STEPS,
)
from vcalc_anim.core.examples.ch03 import HILL, HILL_POINT
from vcalc_anim.core.level_points import Kind, fixed_points
from vcalc_anim.core.walls import convergence

X, Y = sp.symbols("x y", real=True)
STEEPER_BOWL = ScalarField.from_text(
    "6*(x - 3)**2 + 6*(x - 3) + 2*y**2 + 9"
)  # ∇ (6, 8) at (3, 2), Hessian (12, 4)


def partial_sum(order: int, x: Fraction) -> Fraction:
    """The series of ln(1 + x) up to *order*, in fractions."""
    return sum((Fraction((-1) ** (j + 1), j) * x**j for j in range(1, order + 1)), Fraction(0))


@fact(
    "C2.1",
    "All derivatives at a point rebuild the function, at least locally",
    verdict="cond",
    shows="where it is analytic, up to the nearest singularity",
)
def test_C2_1_smooth_is_not_enough() -> str:
    flat = taylor(FLAT, 0, 20)
    assert set(flat.coefficients) == {0}
    formula = sp.exp(-1 / X**2)
    assert all(sp.limit(sp.diff(formula, X, j), X, 0) == 0 for j in range(4))
    assert [FLAT.derivative(j).exact(0) for j in range(4)] == [0, 0, 0, 0]
    assert FLAT.exact(1) == sp.exp(-1)
    assert not convergence(FLAT, 0).analytic
    assert convergence(FLAT, 2).radius == 2
    return f"exp(−1/x²): every reading at 0 is 0, yet f(1) = {rounded(float(FLAT(1)), 3)}"


@fact(
    "C2.2",
    "f(x) = f(x₀) + f′(x₀)(x − x₀) + …",
    verdict="cond",
    shows="f = Pₙ + Rₙ, and Rₙ → 0 inside the radius",
)
def test_C2_2_the_taylor_formula() -> str:
    for function, order in ((SIN, 5), (EXP, 6), (SHIFTED_LN, 7), (RUNGE, 8)):
        series = sp.series(function.expression, X, 0, order + 1).removeO()
        assert sp.expand(taylor(function, 0, order).polynomial.expression - series) == 0
    return f"${taylor(SIN, 0, 5).polynomial.latex}$"


@fact("C2.3", "Two terms are the tangent, three the parabola that matches the curvature")
def test_C2_3_readings_agree_up_to_the_order() -> str:
    parabola = taylor(EXP, 0, 2)
    assert parabola.derivatives == (1, 1, 1)
    assert [parabola.polynomial.derivative(j).exact(0) for j in (0, 1, 2, 3)] == [1, 1, 1, 0]
    return f"${parabola.polynomial.latex}$"


def test_C2_3_each_pin_brings_the_wire_closer():
    pinned = taylor(EXP, 0, PIN_ORDERS[-1])
    for order in PIN_ORDERS:
        # On [−1, 1] all terms that are left out push the same way at 1: the largest error is there.
        exact = sp.E - sum(sp.Rational(1, factorial(j)) for j in range(order + 1))
        assert pinned.truncated(order).largest_error(-1, 1) == pytest.approx(float(exact), rel=1e-12)


@fact(
    "C2.4",
    "Each term adds finer detail",
    verdict="cond",
    shows="inside the radius; for sine every second order is new",
)
def test_C2_4_more_terms_can_be_worse() -> str:
    assert taylor(SIN, 0, 2).polynomial == taylor(SIN, 0, 1).polynomial
    outside = [taylor(SHIFTED_LN, 0, order).exact_error(LOG_OUTSIDE) for order in (1, 10, 40)]
    exact = [
        abs(sp.N(partial_sum(order, Fraction(3, 2)) - sp.log(sp.Rational(5, 2)), 30)) for order in (1, 10, 40)
    ]
    assert all(abs(a - b) < 1e-20 for a, b in zip(outside, exact, strict=True))
    assert outside[0] < outside[1] < outside[2]
    return (
        "ln(1 + x) at 1.5: error "
        + ", ".join(f"{float(error):.3g}" for error in outside)
        + " at order 1, 10, 40"
    )


def test_C2_4_walls_at_minus_one_and_at_plus_minus_i():
    series = taylor(SHIFTED_LN, 0, LOG_ORDERS[-1])
    for order in LOG_ORDERS:
        for x in (LOG_INSIDE, LOG_OUTSIDE):
            exact = abs(float(sp.N(partial_sum(order, Fraction(x)) - sp.log(1 + sp.Rational(x)), 30)))
            assert float(series.truncated(order).error(x)) == pytest.approx(exact, rel=1e-8)
    runge = taylor(RUNGE, 0, RUNGE_ORDERS[-1])
    x = sp.Rational(11, 10)
    for order in RUNGE_ORDERS:  # the remainder of a geometric series is its next term times its sum
        exact = x ** (2 * (order // 2 + 1)) / (1 + x**2)
        assert float(runge.truncated(order).error(RUNGE_OUTSIDE)) == pytest.approx(float(exact), rel=1e-12)
    assert (convergence(SHIFTED_LN, 0).radius, convergence(SHIFTED_LN, 0).walls) == (1, (-1,))
    assert (convergence(RUNGE, 0).radius, convergence(RUNGE, 0).walls) == (1, (-sp.I, sp.I))


@fact(
    "C2.5",
    "The polynomials of sin at 0 improve with the order",
    shows="orders 1, 3, 5, 7, 9 with an error band",
)
def test_C2_5_errors_of_sine() -> str:
    errors = []
    for order in SINE_ORDERS:
        polynomial = taylor(SIN, 0, order)
        exact = abs(
            sum((-1) ** j * sp.pi ** (2 * j + 1) / factorial(2 * j + 1) for j in range((order + 1) // 2))
        )
        assert float(polynomial.error(pi)) == pytest.approx(float(exact), rel=1e-9)
        errors.append(float(exact))
        low, high = polynomial.reach(SINE_TOLERANCE)
        assert low == -high
        assert float(polynomial.exact_error(high)) == pytest.approx(SINE_TOLERANCE, rel=1e-9)
        assert (polynomial.error(np.linspace(low, high, 999)) <= SINE_TOLERANCE * (1 + 1e-9)).all()
    assert errors == sorted(errors, reverse=True)
    ends = ", ".join(rounded(taylor(SIN, 0, n).reach(SINE_TOLERANCE)[1]).text for n in SINE_ORDERS)
    return "at π: " + ", ".join(f"{error:.3g}" for error in errors) + f"; below 0.01 up to {ends}"


@fact("C2.6", "(added) |sin x − Pₙ(x)| ≤ |x|ⁿ⁺²/(n + 2)! for odd n")
def test_C2_6_lagrange_bound() -> str:
    x = np.linspace(-2 * pi, 2 * pi, 1000)
    bounds = []
    for order in SINE_ORDERS:
        polynomial = taylor(SIN, 0, order)
        assert polynomial.remainder_order == order + 2
        bound = float(polynomial.lagrange_bound(pi, SINE_DERIVATIVE_BOUND))
        assert bound == pytest.approx(float(sp.pi ** (order + 2) / factorial(order + 2)), rel=1e-14)
        assert float(polynomial.error(pi)) <= bound
        low, high = polynomial.band(x, SINE_DERIVATIVE_BOUND)
        assert ((low - 1e-13 <= SIN(x)) & (SIN(x) <= high + 1e-13)).all()
        bounds.append(bound)
    return "at π: " + ", ".join(f"{bound:.3g}" for bound in bounds)


@fact(
    "C2.7",
    "Gradient descent uses the first order, Newton's method the second",
    shows="Newton needs a positive definite Hessian to go down: it can climb to a hilltop",
)
def test_C2_7_curvature_moves_only_newtons_step() -> str:
    assert STEEPER_BOWL.gradient(BOWL_START).tolist() == BOWL.gradient(BOWL_START).tolist() == [6, 8]
    assert STEEPER_BOWL.hessian(BOWL_START).tolist() == [[12, 0], [0, 4]]
    steps = [newton_step(field, BOWL_START) for field in (BOWL, STEEPER_BOWL)]
    exact = [-sp.diag(h, 4).LUsolve(sp.Matrix([6, 8])) for h in (2, 12)]
    assert np.allclose(steps, np.array(exact, dtype=float).reshape(2, 2), rtol=1e-14)
    descents = [descend(field, BOWL_START, 0.1, 1).steps[0].tolist() for field in (BOWL, STEEPER_BOWL)]
    assert descents[0] == descents[1]
    return "same gradient (6, 8): Newton steps " + " and ".join(
        f"({rounded(step[0], 1, trim=True)}, {rounded(step[1], 0)})" for step in steps
    )


def test_C2_7_newton_doubles_the_digits_where_descent_adds_some():
    run = newton(VALLEY, VALLEY_START, VALLEY_STEPS)
    walker = descend(VALLEY.field, [VALLEY_START], VALLEY_LEARNING_RATE, VALLEY_STEPS)
    theta, exact = sp.Integer(2), []
    for _ in range(VALLEY_STEPS + 1):
        exact.append(float(abs(sp.N(theta - sp.log(2), 40))))
        theta = sp.N(theta - (sp.exp(theta) - 2) / sp.exp(theta), 50)
    assert run.errors([VALLEY_MINIMUM]) == pytest.approx(exact, rel=1e-5, abs=1e-15)
    slow = np.abs(walker.points[:, 0] - VALLEY_MINIMUM)
    assert slow[0] == run.errors([VALLEY_MINIMUM])[0]
    assert [rounded(error, 3).text for error in slow] == [
        "1.307",
        "0.768",
        "0.537",
        "0.395",
        "0.298",
        "0.229",
    ]
    assert exact[-1] < 1e-9 < slow[-1]


def test_C2_7_newton_climbs_from_beside_a_hilltop():
    run = newton(TWO_VALLEY, HILLTOP_START, 20)
    ridge = next(point for point in fixed_points(TWO_VALLEY, 0.1) if point.kind is Kind.MAXIMUM)
    assert run.points[-1, 0] == pytest.approx(ridge.x, abs=1e-14)
    assert run.values[-1] > run.values[0]


@fact(
    "C2.8",
    "f(x) ≈ f(x₀) + ∇f(x₀)ᵀ(x − x₀) + ½(x − x₀)ᵀH(x − x₀)",
    verdict="cond",
    shows="f twice differentiable; ∇f a column",
)
def test_C2_8_the_second_order_remainder_of_the_hill() -> str:
    expansion = expand(HILL, HILL_POINT, 2)
    assert sp.expand(expansion.remainder.expression - (X - 2) ** 2 * (Y - 1)) == 0
    delta = sp.Matrix([X - 2, Y - 1])
    place = {X: 2, Y: 1}
    gradient = sp.Matrix(HILL.partials).subs(place)
    hessian = sp.Matrix(HILL.second_partials).subs(place)
    by_formula = 7 + (gradient.T * delta)[0] + (delta.T * hessian * delta)[0] / 2
    assert sp.expand(expansion.polynomial.expression - by_formula) == 0
    assert [expansion.gap((step, 0)) for step in (1, -3)] == [0, 0]
    return f"{expansion.typst}; the rest is (x − 2)²(y − 1)"


@fact(
    "C2.9",
    "Without the factorials the series would diverge wildly",
    verdict="wrong",
    shows="it converges to the wrong function for |x| < 1 and diverges from 1 on",
)
def test_C2_9_sine_without_factorials_is_another_function() -> str:
    other = ScalarFunction.from_text("x/(1 + x**2)")
    bare = taylor(other, 0, 9)
    sine = taylor(SIN, 0, 9)
    assert bare.coefficients == sine.derivatives  # the readings of sine, not divided by k!
    assert other.exact(0.5) == sp.Rational(2, 5)
    assert taylor(other, 0, 60).exact_error(0.5) < 1e-15
    assert [taylor(other, 0, order).exact(2) for order in (1, 3, 5, 7)] == [2, -6, 26, -102]
    assert convergence(other, 0).radius == 1
    return (
        f"at 0.5 it tends to 0.4 (sin 0.5 = {rounded(float(SIN(0.5)), 4)}); at 2 it explodes: 2, −6, 26, −102"
    )


@fact(
    "C2.10",
    "The factorials tame the growth",
    verdict="imprecise",
    shows="differentiating xᵏ k times leaves k!: the series divides it away",
)
def test_C2_10_the_kth_derivative_of_x_to_the_k_is_k_factorial() -> str:
    left = [ScalarFunction(X**k, X).derivative(k).exact(0) for k in range(1, 8)]
    assert left == [factorial(k) for k in range(1, 8)]
    assert convergence(SHIFTED_LN, 0).radius == 1  # its series is made with the same factorials
    belt = [ScalarFunction(X**3, X).derivative(k).typst for k in range(4)]
    assert belt == ["x^3", "3 x^2", "6 x", "6"]
    return ", ".join(str(value) for value in left[:5])


@fact("C2.11", "Saddles and condition numbers are second-order statements")
def test_C2_11_the_hessian_knows_saddles_and_conditioning() -> str:
    knife = ScalarField.from_text("x**2 + 3*x*y + y**2")
    eigenvalues = np.linalg.eigvalsh(knife.hessian([0, 0]))
    assert sorted(sp.Matrix([[2, 3], [3, 2]]).eigenvals()) == [-1, 5]
    assert eigenvalues == pytest.approx([-1, 5], abs=1e-14)
    assert QuadraticForm.of(BOWL).condition_number == 2
    return "x² + 3xy + y²: eigenvalues −1 and 5; the bowl's condition number is 2"


@fact("Q2", "Plain gradient descent uses the first order: value and slope")
def test_Q2_right_option_and_distractors() -> str:
    plane = expand(BOWL, (3, 2), 1).polynomial
    step, on_plane, on_steeper = (
        descend(f, BOWL_START, 0.1, 1).points[1] for f in (BOWL, plane, STEEPER_BOWL)
    )
    assert step.tolist() == pytest.approx(on_plane.tolist())  # C: all that is read is in the tangent plane
    assert (
        step.tolist() == on_steeper.tolist()
    )  # B: curvature does not move the step, but it does move Newton's
    assert not np.allclose(newton_step(BOWL, BOWL_START), newton_step(STEEPER_BOWL, BOWL_START))
    level = expand(BOWL, (3, 2), 0).polynomial  # A: values alone give no step at all
    assert descend(level, BOWL_START, 0.1, 1).points[1].tolist() == [3, 2]
    return "other curvature, same step; the tangent plane gives it too"
