"""Chapter 4, the gradient: the checkable statements, and the quiz."""

from __future__ import annotations

from math import acos, degrees, pi, radians, sqrt

import numpy as np
import pytest
import sympy as sp
from ledger import fact, remark

from vcalc_anim.core import (
    QuadraticForm,
    SlopeDial,
    Status,
    Window,
    descend,
    gradient_flow,
    level_curves,
    rounded,
    subtract_shapes,
)
from vcalc_anim.core.examples import (
    BOWL,
    BOWL_LEARNING_RATE,
    BOWL_LEARNING_RATES,
    BOWL_START,
    BOWL_TOLERANCE,
    QUIZ_BOWL,
    QUIZ_POINT,
)

X, Y = sp.symbols("x y", real=True)
EXACT = X**2 + 2 * Y**2
EXACT_GRADIENT = sp.Matrix([EXACT]).jacobian([X, Y])


def exact_run(learning_rate: sp.Rational, steps: int) -> list[tuple[sp.Expr, sp.Expr]]:
    """Gradient descent on the bowl in rational arithmetic."""
    points = [(sp.Integer(3), sp.Integer(2))]
    for _ in range(steps):
        gradient = EXACT_GRADIENT.subs({X: points[-1][0], Y: points[-1][1]})
        points.append(tuple(p - learning_rate * g for p, g in zip(points[-1], gradient, strict=True)))
    return points


def exact_steps_to(learning_rate: sp.Rational, value: sp.Rational, budget: int) -> int | None:
    """The first step below *value* by rational arithmetic on the factors, None within the *budget*."""
    x, y = sp.Integer(3), sp.Integer(2)
    for step in range(budget):
        if x**2 + 2 * y**2 < value:
            return step
        x, y = x * (1 - 2 * learning_rate), y * (1 - 4 * learning_rate)
    return None


def test_the_bowl_is_the_lessons_bowl():
    assert sp.expand(BOWL.expression - EXACT) == 0
    assert BOWL_START == (3, 2)


remark("C4.2", "The book uses row gradients", verdict="true", shows="one line says so")


@fact(
    "C4.1",
    "The gradient is printed as a column, then declared a row",
    verdict="inconsistent",
    shows="the derivative Df is the row, the gradient ∇f = (Df)ᵀ the column",
)
def test_C4_1_column_minus_row_is_a_square() -> str:
    clash = subtract_shapes([[3.0], [2.0]], 0.15 * BOWL.derivative_row(BOWL_START))
    assert clash.clashes
    assert clash.shapes == ((2, 1), (1, 2), (2, 2))
    exact = sp.Matrix(2, 2, lambda i, j: sp.Matrix([3, 2])[i] - sp.Rational(15, 100) * sp.Matrix([6, 8])[j])
    assert np.allclose(clash.result, np.array(exact, dtype=float), rtol=1e-15)
    kept = subtract_shapes([[3.0], [2.0]], 0.15 * BOWL.gradient_column(BOWL_START))
    assert not kept.clashes
    assert np.allclose(kept.result[:, 0], [2.1, 0.8], rtol=1e-15)
    return "(2, 1) minus (1, 2) is broadcast to (2, 2)"


@fact("C4.3", "Direction and magnitude do not depend on the layout")
def test_C4_3_length_and_direction_do_not_depend_on_the_layout() -> str:
    row, column = BOWL.derivative_row(BOWL_START), BOWL.gradient_column(BOWL_START)
    assert (row.shape, column.shape) == ((1, 2), (2, 1))
    assert np.array_equal(row, column.T)
    assert np.linalg.norm(row) == np.linalg.norm(column) == 10
    return f"length {np.linalg.norm(row):g} either way"


@fact(
    "C4.4",
    "The gradient points to steepest ascent, and its length is that slope",
    verdict="cond",
    shows="where f is differentiable and not level; per unit length",
)
def test_C4_4_steepest_slope_is_the_length_of_the_gradient() -> str:
    dial = SlopeDial(BOWL, BOWL_START)
    angles = np.linspace(0, 2 * pi, 36001)
    slopes = dial.slope_at(angles)
    assert dial.magnitude == 10
    assert slopes.max() == pytest.approx(10, abs=1e-7)
    assert slopes.max() <= dial.magnitude + 1e-12
    assert angles[slopes.argmax()] == pytest.approx(dial.steepest_angle, abs=1e-4)
    assert BOWL.slope(BOWL_START, [3, 4]) == pytest.approx(10, rel=1e-14)
    risen = BOWL(np.array(BOWL_START) + 1e-6 * dial.steepest)
    assert (risen - 17) / 1e-6 == pytest.approx(10, abs=1e-4)
    return f"slope {dial.magnitude:g} along (0.6, 0.8)"


@fact("C4.5", "x² + 2y² has ∇f = (2x, 4y); at (3, 2) it is (6, 8), and descent goes along (−0.6, −0.8)")
def test_C4_5_gradient_unit_vector_and_cosine() -> str:
    dial = SlopeDial(BOWL, BOWL_START)
    assert BOWL(BOWL_START) == 17
    exact = [int(g) for g in EXACT_GRADIENT.subs({X: 3, Y: 2})]
    assert dial.gradient.tolist() == exact == [6, 8]
    assert np.allclose(dial.steepest, [0.6, 0.8], rtol=1e-15)
    assert np.allclose(dial.descent, [-0.6, -0.8], rtol=1e-15)
    assert degrees(dial.steepest_angle) == pytest.approx(53.130, abs=1e-3)
    assert [degrees(a) for a in dial.level_angles] == pytest.approx([143.130, 323.130], abs=1e-3)
    angles = np.linspace(-7, 7, 1001)
    assert np.allclose(dial.slope_at(angles), 10 * np.cos(angles - dial.steepest_angle), atol=1e-13)
    return f"f = 17, ∇f = (6, 8), slope 10 cos(φ − {rounded(degrees(dial.steepest_angle))}°)"


@fact("C4.6", "x ← x − α∇f(x)", shows="with the column ∇f: a row has the wrong shape")
def test_C4_6_descent_positions() -> str:
    run = descend(BOWL, BOWL_START, BOWL_LEARNING_RATE, 4)
    points = exact_run(sp.Rational(15, 100), 4)
    assert np.allclose(run.points, np.array(points, dtype=float), rtol=1e-15)
    values = [float(EXACT.subs({X: x, Y: y})) for x, y in points]
    assert np.allclose(run.values, values, rtol=1e-14)
    assert np.allclose(run.points, [[3, 2], [2.1, 0.8], [1.47, 0.32], [1.029, 0.128], [0.7203, 0.0512]])
    assert np.allclose(run.values, [17, 5.69, 2.3657, 1.0916, 0.5241], atol=5e-5)
    return "f: " + ", ".join(rounded(value, 4, trim=True).text for value in run.values)


@fact(
    "C4.7",
    "Too large overshoots, too small crawls",
    verdict="imprecise",
    shows="it converges below 2/λmax = 0.5; between 0.25 and 0.5 it overshoots and still arrives",
)
def test_C4_7_step_size_limit_and_best_step() -> str:
    form = QuadraticForm.of(BOWL)
    exact = np.array(sp.hessian(EXACT, (X, Y)), dtype=float).tolist()
    assert form.matrix.tolist() == exact == [[2, 0], [0, 4]]
    assert form.learning_rate_limit == 0.5
    assert form.condition_number == 2
    assert form.best_learning_rate == pytest.approx(1 / 3, rel=1e-15)
    assert descend(BOWL, BOWL_START, 0.5, 3).points[1:, 1].tolist() == [-2, 2, -2]
    assert descend(BOWL, BOWL_START, 0.5, 3).values[1:].tolist() == [8, 8, 8]
    assert descend(BOWL, BOWL_START, 0.55, 12).values[-1] > 600
    overshooting = descend(BOWL, BOWL_START, 0.45, 200)
    assert (np.diff(np.sign(overshooting.points[:20, 1])) != 0).all()
    assert overshooting.values[-1] < 1e-30
    return f"limit {form.learning_rate_limit:g}, best {rounded(form.best_learning_rate, 3)}; 0.5 bounces at f = 8 for ever"


@pytest.mark.parametrize(
    ("learning_rate", "exact_rate", "factors", "status", "steps"),
    [
        (0.02, sp.Rational(2, 100), (0.96, 0.92), Status.CONVERGING, 197),
        (0.15, sp.Rational(15, 100), (0.7, 0.4), Status.CONVERGING, 23),
        (1 / 3, sp.Rational(1, 3), (1 / 3, -1 / 3), Status.CONVERGING, 8),
        (0.45, sp.Rational(45, 100), (0.1, -0.8), Status.CONVERGING, 36),
        (0.5, sp.Rational(1, 2), (0, -1), Status.OSCILLATING, None),
        (0.55, sp.Rational(55, 100), (-0.1, -1.2), Status.DIVERGING, None),
    ],
)
def test_C4_7_every_learning_rate_of_the_chapter(learning_rate, exact_rate, factors, status, steps):
    run = descend(BOWL, BOWL_START, learning_rate, 5)
    assert learning_rate in BOWL_LEARNING_RATES
    assert run.factors == pytest.approx(factors, abs=1e-15)
    assert run.status is status
    assert run.steps_to(BOWL_TOLERANCE) == steps
    assert exact_steps_to(exact_rate, sp.Rational(1, 10**6), budget=250) == steps


@fact(
    "C4.8",
    "The gradient is perpendicular to the level sets and points to higher values",
    verdict="cond",
    shows="where ∇f is not 0; the picture needs equal scales",
)
def test_C4_8_gradient_is_perpendicular_to_the_level_curve_and_points_up() -> str:
    dial = SlopeDial(BOWL, BOWL_START)
    assert dial.gradient @ np.array([-8, 6]) == 0
    assert abs(dial.gradient @ dial.level) < 1e-14
    (curve,) = level_curves(BOWL, 17, Window(-6, 6, -4, 4))
    middles, chords = (curve[1:] + curve[:-1]) / 2, np.diff(curve, axis=0)
    gradients = BOWL.gradient(middles)
    cosines = np.sum(gradients * chords, axis=-1) / (
        np.linalg.norm(gradients, axis=-1) * np.linalg.norm(chords, axis=-1)
    )
    assert np.abs(cosines).max() < 1e-2
    assert (BOWL(curve + 0.01 * BOWL.gradient(curve)) > 17).all()
    return "(6, 8) · (−8, 6) = 0"


@fact(
    "C4.9",
    "Gradient descent cuts contours at right angles, on the steepest path",
    verdict="wrong",
    shows="each step starts at a right angle; only the flow keeps it",
)
def test_C4_9_finite_steps_land_off_the_normal_and_off_the_target() -> str:
    run = descend(BOWL, BOWL_START, BOWL_LEARNING_RATE, 4)
    start, landing = sp.Matrix([6, 8]), sp.Matrix([sp.Rational(42, 10), sp.Rational(32, 10)])
    exact_landing = sp.acos(start.dot(landing) / (start.norm() * landing.norm()))
    assert run.landing_angle(0) == pytest.approx(float(exact_landing), rel=1e-13)
    assert degrees(run.landing_angle(0)) == pytest.approx(15.826, abs=1e-3)
    assert degrees(run.aim_error(0, (0, 0))) == pytest.approx(19.440, abs=1e-3)
    assert run.aim_error(0, (0, 0)) == pytest.approx(acos((0.6 * 3 + 0.8 * 2) / sqrt(13)), rel=1e-13)
    return (
        f"the first step lands {rounded(degrees(run.landing_angle(0)), 1)}° off the normal "
        f"and aims {rounded(degrees(run.aim_error(0, (0, 0))), 1)}° past the minimum"
    )


def test_C4_9_small_steps_land_at_nearly_a_right_angle():
    angles = [descend(BOWL, BOWL_START, rate, 1).landing_angle(0) for rate in (0.15, 0.02, 0.002, 0.0002)]
    assert angles == sorted(angles, reverse=True)
    assert angles[-1] < radians(0.02)


def test_C4_9_the_flow_crosses_contours_at_right_angles():
    times = np.linspace(0, 2, 41)
    flow = gradient_flow(BOWL, BOWL_START, times)
    assert np.allclose(flow, np.stack([3 * np.exp(-2 * times), 2 * np.exp(-4 * times)], axis=-1), rtol=1e-14)
    velocity = (gradient_flow(BOWL, BOWL_START, times + 1e-6) - flow) / 1e-6
    gradients = BOWL.gradient(flow)
    cross = velocity[:, 0] * gradients[:, 1] - velocity[:, 1] * gradients[:, 0]
    assert np.abs(cross / np.sum(gradients**2, axis=-1)).max() < 1e-5


@fact(
    "C4.10",
    "The simulation shows a gradient field, α = 0.15, and no start",
    verdict="inconsistent",
    shows="the descent field −∇f, from (3, 2)",
)
def test_C4_10_factors_of_the_simulation() -> str:
    run = descend(BOWL, BOWL_START, 0.15, 3)
    assert run.factors == pytest.approx([0.7, 0.4], rel=1e-15)
    assert np.allclose(run.points[1:] / run.points[:-1], [0.7, 0.4], rtol=1e-14)
    assert run.steps_to(1e-6) == 23
    return f"factors 0.7 and 0.4; {run.steps_to(1e-6)} steps to f < 1e-6"


@fact("Q4", "f = 3x² + y² has the gradient (6, 4) at (1, 2)")
def test_Q4_right_option_and_distractors() -> str:
    gradient = QUIZ_BOWL.gradient(QUIZ_POINT)
    x, y = sp.symbols("x y", real=True)
    exact = [int(sp.diff(3 * x**2 + y**2, v).subs({x: 1, y: 2})) for v in (x, y)]
    assert gradient.tolist() == exact == [6, 4]
    assert QUIZ_BOWL.gradient_typst == ("6 x", "2 y")
    # A: the walker of (−6, −4) goes downhill, at the steepest.
    assert QUIZ_BOWL.slope(QUIZ_POINT, [-6, -4]) == pytest.approx(-SlopeDial(QUIZ_BOWL, QUIZ_POINT).magnitude)
    # B: the two terms instead of their slopes.
    terms = [float(term.subs({x: 1, y: 2})) for term in QUIZ_BOWL.expression.as_ordered_terms()]
    assert terms == [3, 4] != gradient.tolist()
    # C: the partials added up, one number instead of a vector.
    assert gradient.sum() == 10
    assert gradient.shape == (2,)
    return (
        f"{tuple(int(g) for g in gradient)}; the distractors are its negative, the two terms, and one number"
    )
