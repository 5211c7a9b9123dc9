"""Chapter 1, derivatives from scratch: the checkable statements, and the quiz."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from ledger import fact, remark

from vcalc_anim.core import (
    DifferenceQuotient,
    GearTrain,
    GrowingRectangle,
    Line,
    ScalarFunction,
    best_line,
    derivative_rules,
    fixed_points,
    relative_error,
    rounded,
    secant,
    sigmoid_chain,
    tangent,
    zoom_gap,
)
from vcalc_anim.core.catalogue import CUBE, EXP, LN, RELU, SIGMOID, SQUARE
from vcalc_anim.core.examples.ch01 import (
    GEAR_NUDGE,
    GEAR_POINT,
    GEARS,
    RIVAL_SLOPE,
    SECANT_GAPS,
    SIDE,
    SLOPE_POINT,
    SQUARE_GAPS,
    ZOOM_HALF_WIDTHS,
)
from vcalc_anim.core.level_points import Kind

X, H = sp.symbols("x h", real=True)


@fact(
    "C1.1",
    "The derivative is the limit of the difference quotient, the slope of the tangent",
    verdict="cond",
    shows="where the two-sided limit exists",
)
def test_C1_1_the_quotient_tends_to_the_tangent() -> str:
    limit = DifferenceQuotient(SQUARE, SLOPE_POINT).limit
    assert limit == sp.limit(((3 + H) ** 2 - 9) / H, H, 0) == tangent(SQUARE, SLOPE_POINT).slope
    with pytest.raises(ValueError, match="no derivative"):
        _ = DifferenceQuotient(RELU, 0).limit
    return f"x² at 3: {limit}"


@fact("C1.2", "The quotient of x² is 2x + h, and tends to 2x", shows="secants at 3: 7, 6.5, 6.1, 6.01")
def test_C1_2_the_exact_quotient() -> str:
    assert sp.expand(DifferenceQuotient(SQUARE).expression - (2 * X + H)) == 0
    assert DifferenceQuotient(SQUARE).typst == "2 x + h"
    slopes = [secant(SQUARE, SLOPE_POINT, h).line.slope for h in SECANT_GAPS]
    assert slopes == [((3 + sp.Rational(h)) ** 2 - 9) / h for h in SECANT_GAPS]
    return f"{DifferenceQuotient(SQUARE).typst}; at 3: " + ", ".join(
        rounded(float(slope), 2, trim=True).text for slope in slopes
    )


def test_C1_2_the_growing_square_is_two_strips_and_a_corner():
    for h in SQUARE_GAPS:
        growing = GrowingRectangle.of(SIDE, SIDE, SLOPE_POINT, h)
        assert growing.strips == (3 * h, 3 * h)
        assert growing.corner == sp.Rational(h) ** 2
        assert growing.growth == (3 + h) ** 2 - 9


def test_C1_1_only_the_tangent_gets_close_faster_than_we_zoom():
    touching = tangent(SQUARE, SLOPE_POINT)
    rival = Line(touching.x0, touching.y0, sp.Integer(RIVAL_SLOPE))
    gaps = [sp.Integer(1), sp.Rational(1, 10), sp.Rational(1, 100)]
    assert touching.typst == "9 + 6 (x - 3)"
    assert [relative_error(SQUARE, touching, h) for h in gaps] == gaps
    assert [relative_error(SQUARE, rival, h) for h in gaps] == [h + 1 for h in gaps]


def test_C1_1_a_curve_straightens_under_the_zoom_and_a_corner_does_not():
    touching = tangent(SQUARE, SLOPE_POINT)
    for half_width in ZOOM_HALF_WIDTHS:
        assert zoom_gap(SQUARE, touching, half_width) == pytest.approx(half_width, rel=1e-8)
        best = best_line(RELU, 0, half_width)
        assert (float(best.slope), float(best.y0)) == pytest.approx((0.5, half_width / 4), rel=1e-9)
        assert zoom_gap(RELU, best, half_width) == pytest.approx(0.25, rel=1e-9)


@fact("C1.3", "x² has slope 6 at 3, 0 at 0 and −4 at −2")
def test_C1_3_slopes_of_the_square() -> str:
    slopes = [SQUARE.derivative().exact(x) for x in (3, 0, -2)]
    assert slopes == [sp.diff(X**2, X).subs(X, x) for x in (3, 0, -2)] == [6, 0, -4]
    return ", ".join(rounded(float(slope), 0).text for slope in slopes)


@fact(
    "C1.4", "Slope 0 is a flat spot: the minimum", verdict="cond", shows="flat: a candidate; here a minimum"
)
def test_C1_4_a_flat_spot_need_not_be_a_minimum() -> str:
    (bottom,), (pass_,) = fixed_points(SQUARE, 0.1), fixed_points(CUBE, 0.1)
    assert (bottom.x, bottom.kind) == (0, Kind.MINIMUM)
    assert (pass_.x, pass_.kind) == (0, Kind.NEITHER)
    assert CUBE(-1) < CUBE(0) < CUBE(1)
    return "x² has its minimum at 0; x³ is flat there and passes through"


@fact("C1.5", "(xⁿ)′ = n xⁿ⁻¹", verdict="cond", shows="for x > 0; for whole n ≥ 1 everywhere")
def test_C1_5_power_rule() -> str:
    power = derivative_rules()[0]
    p, n = sp.Symbol("p", positive=True), sp.Symbol("n", real=True)
    assert sp.simplify(power.derivative.subs(X, p) - n * p ** (n - 1)) == 0
    for exponent in (1, 2, 3, 7):
        function = ScalarFunction(X**exponent, X)
        assert function.derivative().expression == exponent * X ** (exponent - 1)
    assert ScalarFunction.from_text("x**0.5").derivative().domain == sp.Interval.open(0, sp.oo)
    return f"${sp.latex(power.derivative)}$"


@fact("C1.6", "(eˣ)′ = eˣ")
def test_C1_6_the_exponential_is_its_own_slope() -> str:
    assert EXP.derivative() == EXP
    assert [EXP.derivative().exact(x) - EXP.exact(x) for x in (0, 1, 2)] == [0, 0, 0]
    return f"${EXP.derivative().latex}$"


@fact("C1.7", "(ln x)′ = 1/x", verdict="cond", shows="for x > 0")
def test_C1_7_the_logarithm() -> str:
    slope = LN.derivative()
    assert slope.expression == 1 / X
    assert slope.domain == LN.domain == sp.Interval.open(0, sp.oo)
    with pytest.raises(ValueError, match="not defined at x = -1"):
        slope(-1.0)
    return f"${slope.latex}$ for x > 0"


@fact("C1.8", "σ′ = σ(1 − σ)")
def test_C1_8_the_sigmoid_gives_its_own_slope() -> str:
    sigma = SIGMOID.expression
    assert sp.simplify(SIGMOID.derivative().expression - sigma * (1 - sigma)) == 0
    z = np.linspace(-40, 40, 2001)
    assert np.allclose(SIGMOID.derivative()(z), SIGMOID(z) * SIGMOID(-z), rtol=1e-12)
    return f"${SIGMOID.derivative().latex}$, the same function"


@fact("C1.9", "σ′ is largest at 0, where it is 0.25, and tends to 0 both ways")
def test_C1_9_the_sigmoid_is_steepest_in_the_middle() -> str:
    slope = SIGMOID.derivative()
    assert sp.solveset(slope.derivative().expression, X, sp.S.Reals) == {0}
    assert slope.exact(0) == sp.Rational(1, 4)
    assert SIGMOID.derivative(3).exact(0) < 0
    assert [sp.limit(slope.expression, X, end) for end in (sp.oo, -sp.oo)] == [0, 0]
    assert slope(1000.0) == slope(-1000.0) == 0
    far = slope(np.array([5.0, 10.0]))
    s = 1 / (1 + np.exp(-np.array([5.0, 10.0])))
    assert far == pytest.approx(s * (1 - s), rel=1e-9)
    return f"σ′(0) = 1/4, σ′(5) = {rounded(far[0], 5)}, σ′(10) = {far[1]:.2e}"


@fact(
    "C1.10",
    "The slope of ReLU is 1 for x > 0, else 0",
    verdict="wrong",
    shows="1 for x > 0, 0 for x < 0, no derivative at 0: libraries pick a value, usually 0",
)
def test_C1_10_relu_has_two_slopes_at_its_corner() -> str:
    left, right = RELU.one_sided_slopes(0)
    exact = [sp.limit(sp.Max(0, H) / H, H, 0, side) for side in "-+"]
    assert [left, right] == exact == [0, 1]
    assert RELU.kinks == (0,)
    with pytest.raises(ValueError, match="0 on the left and 1 on the right"):
        RELU.slope(0)
    assert RELU.slope([-5.0, 5.0]).tolist() == [0, 1]
    return f"at 0: slope {left} from the left, {right} from the right"


@fact(
    "C1.11",
    "The gradient shrinks exponentially in deep sigmoid networks, “at the extremes”",
    verdict="cond",
    shows="each layer multiplies by wσ′(z); with |w| < 4 it must shrink",
)
def test_C1_11_a_layer_multiplies_by_weight_times_slope() -> str:
    peak = SIGMOID.derivative().exact(0)
    assert 8 * peak == 2
    growth = sigmoid_chain(8, 0, 1)
    assert float(np.ravel(growth)[-1]) == 2
    assert 4 * peak == 1
    assert SIGMOID.derivative()(10.0) < 5e-5
    return "w = 8 at z = 0 multiplies by 8 · 1/4 = 2"


@fact("C1.12", "(fg)′ = f′g + fg′", shows="for differentiable f and g")
def test_C1_12_product_rule() -> str:
    f, g = ScalarFunction.from_text("sin(x)"), ScalarFunction.from_text("exp(x**2)")
    product = ScalarFunction(f.expression * g.expression, X)
    by_rule = f.derivative().expression * g.expression + f.expression * g.derivative().expression
    assert sp.simplify(product.derivative().expression - by_rule) == 0
    h = sp.Rational(1, 1000)
    growing = GrowingRectangle.of(SIDE, CUBE, 2, h)
    assert sum(growing.strips) / h == 2 * (growing.dv / h) + 8
    assert growing.growth == 2 * (growing.dv) + 8 * h + growing.corner
    assert sp.limit(((2 + H) ** 4 - 16) / H, H, 0) == 2 * 12 + 8
    return "two strips and a corner that fades"


@fact("C1.13", "(f ∘ g)′ = f′(g(x)) · g′(x)", verdict="cond", shows="f′ is read at g(x), where it must exist")
def test_C1_13_chain_rule() -> str:
    outer, inner = ScalarFunction.from_text("sin(x)"), ScalarFunction.from_text("x**2 + 1")
    slope = outer.compose(inner).derivative().expression
    assert slope == sp.cos(X**2 + 1) * 2 * X
    assert slope != sp.cos(X) * 2 * X
    return f"${outer.compose(inner).derivative().latex}$"


remark(
    "C1.14",
    "The chain rule is the entire foundation of backpropagation",
    verdict="imprecise",
    shows="the chain rule, in the right order, with shared results reused",
)


@fact("Q1", "(3x + 1)² has the derivative 6(3x + 1)")
def test_Q1_right_option_and_distractors() -> str:
    slope = GEARS.composite.derivative()
    assert sp.expand(slope.expression - 6 * (3 * X + 1)) == 0
    reading = GEARS.read(GEAR_POINT)
    assert reading.positions == (1, 4, 16)
    assert reading.ratios == (3, 8)
    assert reading.product == slope.exact(GEAR_POINT) == 24
    without_inner = reading.ratios[1]  # A: a wheel of the train is missing
    added = sum(reading.ratios)  # B: rates along a chain do not add
    squares = (
        ScalarFunction.from_text("(3*x)**2 + 1").derivative().exact(GEAR_POINT)
    )  # C: the cross term is lost
    assert (without_inner, added, squares) == (8, 11, 18)
    return f"at 1: {reading.product}; the distractors give {without_inner}, {added}, {squares}"


def test_Q1_a_nudge_travels_through_the_gears():
    moved = GEARS.nudge(GEAR_POINT, GEAR_NUDGE)
    assert moved == (sp.Rational(1, 100), sp.Rational(3, 100), sp.Rational(2409, 10_000))
    assert float(moved[-1] / moved[0]) == 24.09
    assert GearTrain(GEARS.stages[:1]).read(1).product == 3
