"""Chapter 3, partial derivatives: the checkable statements, and the quiz."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from ledger import fact, remark

from vcalc_anim.core import (
    DifferenceQuotient,
    ScalarField,
    SlopeDial,
    line_slice,
    partial_slice,
    rounded,
    secant,
    tangent_plane,
)
from vcalc_anim.core.examples.ch03 import (
    ANT,
    ANT_TIME,
    CREASE,
    HILL,
    HILL_POINT,
    QUIZ_FIELD,
    QUIZ_FIELD_POINT,
)

X, Y, T, H = sp.symbols("x y t h", real=True)
EXACT = X**2 * Y + 3 * Y


@fact("C3.1", "A partial derivative is the limit of a quotient with the other variables frozen")
def test_C3_1_the_quotient_along_one_axis() -> str:
    quotient = DifferenceQuotient(partial_slice(HILL, "x", HILL_POINT), 2)
    exact = sp.expand((EXACT.subs({X: 2 + H, Y: 1}) - 7) / H)
    assert sp.expand(quotient.expression - exact) == 0
    assert quotient.limit == sp.limit(exact, H, 0) == 4
    return f"{quotient.typst} → {quotient.limit}"


@fact("C3.2", "f = x²y + 3y has the partial derivatives 2xy and x² + 3")
def test_C3_2_partial_derivatives_of_the_hill() -> str:
    assert [sp.expand(p - q) for p, q in zip(HILL.partials, (2 * X * Y, X**2 + 3), strict=True)] == [0, 0]
    return " and ".join(HILL.gradient_typst)


@fact(
    "C3.3",
    "At (2, 1) they are 4 and 7: it rises faster along y",
    shows="among the axes; steepest is along (4, 7)",
)
def test_C3_3_values_at_the_point() -> str:
    place = {X: 2, Y: 1}
    assert HILL(HILL_POINT) == int(EXACT.subs(place)) == 7
    assert (
        HILL.gradient(HILL_POINT).tolist() == [int(sp.diff(EXACT, v).subs(place)) for v in (X, Y)] == [4, 7]
    )
    slices = [partial_slice(HILL, name, HILL_POINT) for name in ("x", "y")]
    assert [s.typst for s in slices] == ["x^2 + 3", "7 y"]
    assert [s.derivative().exact(at) for s, at in zip(slices, HILL_POINT, strict=True)] == [4, 7]
    assert [secant(slices[0], 2, h).line.slope for h in (0.1, 0.01)] == [
        sp.Rational(41, 10),
        sp.Rational(401, 100),
    ]
    assert [secant(slices[1], 1, h).line.slope for h in (5, 0.1)] == [7, 7]  # the slice is a straight line
    steepest = SlopeDial(HILL, HILL_POINT).magnitude
    assert steepest == pytest.approx(float(sp.sqrt(65)), rel=1e-15)
    return f"f = 7, slopes 4 and 7; the steepest is √65 ≈ {rounded(steepest)}"


def test_C3_3_every_direction_has_its_own_slope():
    angles = np.radians(np.arange(0, 360, 45))
    slopes = SlopeDial(HILL, HILL_POINT).slope_at(angles)
    exact = [float(4 * sp.cos(k * sp.pi / 4) + 7 * sp.sin(k * sp.pi / 4)) for k in range(8)]
    assert slopes == pytest.approx(exact, abs=1e-14)
    assert line_slice(HILL, (2, 1), (1, 1)).derivative().exact(0) == 4 + 7  # per unit of t, not of length
    assert HILL.slope(HILL_POINT, [1, 1]) == pytest.approx(11 / np.sqrt(2))


def test_C3_3_the_hill_lies_flat_on_its_tangent_plane():
    plane = tangent_plane(HILL, HILL_POINT)
    assert plane.typst == "7 + 4 (x - 2) + 7 (y - 1)"
    for delta in (sp.Rational(1, 10), sp.Rational(1, 100)):
        exact = EXACT.subs({X: 2 + delta, Y: 1 + delta}) - (7 + 11 * delta)
        assert plane.gap((delta, delta)) == exact == 5 * delta**2 + delta**3


@fact("C3.4", "With one variable ∂ and d agree")
def test_C3_4_one_variable() -> str:
    field = ScalarField.from_text("x**3 - x", ("x",))
    assert field.partials == (partial_slice(field, "x", (5,)).derivative().expression,)
    return "∂(x³ − x)/∂x = d(x³ − x)/dx"


remark(
    "C3.5",
    "Some texts write ∇ with an index for a partial derivative",
    verdict="imprecise",
    shows="∂f/∂xᵢ only: ∇f is the whole vector",
)


@fact(
    "C3.6",
    "df/dt = ∂f/∂x · dx/dt + ∂f/∂y · dy/dt",
    verdict="cond",
    shows="where f is differentiable, not only has partial derivatives",
)
def test_C3_6_the_ant_adds_its_shares() -> str:
    reading = ANT.read(ANT_TIME)
    assert tuple(f.exact(ANT_TIME) for f in ANT.inner) == HILL_POINT
    shares = [path.contribution for path in reading.paths]
    directly = sp.diff(EXACT.subs({X: 1 + T, Y: T**2}, simultaneous=True), T).subs(T, 1)
    assert shares == [4 * 1, 7 * 2]
    assert reading.total == ANT.composite.derivative().exact(ANT_TIME) == directly == 18
    return " + ".join(str(share) for share in shares) + f" = {reading.total}"


@fact(
    "C3.7",
    "(added) Partial derivatives alone are not enough for that sum",
    shows="x²y/(x² + y²): both slices are flat, the diagonal climbs",
)
def test_C3_7_slices_that_lie() -> str:
    assert CREASE.gradient([0, 0]).tolist() == [0, 0]
    slices = [line_slice(CREASE, (0, 0), way) for way in ((1, 0), (0, 1))]
    assert [s.derivative().exact(0) for s in slices] == [0, 0]
    diagonal = line_slice(CREASE, (0, 0), (1, 1))
    exact = sp.cancel((X**2 * Y / (X**2 + Y**2)).subs({X: T, Y: T}, simultaneous=True))
    assert diagonal.derivative().exact(0) == sp.diff(exact, T) == sp.Rational(1, 2)
    assert diagonal.derivative().exact(1) == sp.Rational(1, 2)
    assert float(CREASE([0.001, 0.001])) == pytest.approx(0.0005)
    by_formula = sum(CREASE.gradient([0, 0]))
    assert by_formula == 0
    return "partials 0 and 0 at the origin; along (t, t) the slope is 1/2, the sum says 0"


@fact("C3.8", "Sum of products of local derivatives is what backpropagation exploits", shows="see C8.14")
def test_C3_8_products_along_a_path_sums_over_paths() -> str:
    reading = ANT.read(ANT_TIME)
    assert reading.total == sum(path.inner_slope * path.outer_slope for path in reading.paths)
    return "products along a path, a sum over paths"


@fact("Q3", "f = xy² + x³ has ∂f/∂x = y² + 3x²")
def test_Q3_right_option_and_distractors() -> str:
    right = QUIZ_FIELD.partials[0]
    assert sp.expand(right - (Y**2 + 3 * X**2)) == 0
    options = (right, QUIZ_FIELD.partials[1], 3 * X**2, 2 * X * Y + 3 * X**2)  # A: the other variable
    values = [option.subs(dict(zip((X, Y), QUIZ_FIELD_POINT, strict=True))) for option in options]
    assert values == [13, 4, 12, 16]
    locked = partial_slice(QUIZ_FIELD, "x", (2, 2))
    assert locked.typst == "x^3 + 4 x"  # B: with y locked at 2 the term that was dropped is 4x
    assert options[3].subs({X: 1, Y: 2}) == right.subs({X: 1, Y: 2})  # C: never test where y = 2x
    return f"at (2, 1): {values[0]}; the distractors give " + ", ".join(str(value) for value in values[1:])


def test_Q3_a_slice_agrees_with_the_field_everywhere():
    along = partial_slice(QUIZ_FIELD, "x", (2, 1))
    x = np.linspace(-3, 3, 50)
    assert np.allclose(along(x), QUIZ_FIELD(np.stack([x, np.ones(50)], axis=-1)))
