"""Chapter 4: gradients at points, slopes in a direction, steps, and how large a step may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.descent import Status, descend
from vcalc_anim.core.differences import numerical_jacobian
from vcalc_anim.core.examples import ch04
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.quadratic import QuadraticForm
from vcalc_anim.core.questions.answers import Answer, number, show, vector
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.typst import to_typst

_X, _Y = sp.symbols("x y", real=True)
_DIRECTIONS = ((3, 4), (4, 3), (6, 8), (8, 6))  # of a length that is a whole number


@check
def gradient_meets_contour() -> Facts:
    """Along the contour the bowl's slope is 0, which is why the gradient stands upright on it."""
    bowl, start = ch04.BOWL, np.array(ch04.BOWL_START)
    gradient = bowl.gradient(start)
    along = np.array([-gradient[1], gradient[0]])
    toward_minimum = -start / np.linalg.norm(start)
    return Facts(
        {
            "no_slope_along_it": bool(abs(bowl.slope(start, along)) < 1e-9)
            and bool(np.isclose(gradient @ along, 0)),
            "points_at_the_minimum": bool(
                np.isclose(abs(gradient @ toward_minimum), np.linalg.norm(gradient), rtol=1e-3)
            ),
            "steepest_along_it": bool(abs(bowl.slope(start, along)) >= bowl.slope(start, gradient)),
            "only_for_circles": bool(np.isclose(*QuadraticForm.of(bowl).eigenvalues)),
        }
    )


@check
def slowest_coordinate() -> Facts:
    """With α = 0.45 the factor of y is −0.8, that of x only 0.1: y is the one that takes its time."""
    rate = ch04.BOWL_LEARNING_RATES[3]
    run = descend(ch04.BOWL, ch04.BOWL_START, rate, 60)
    assert run.factors is not None and run.status is Status.CONVERGING
    x, y = (abs(float(factor)) for factor in run.factors)
    leaps = float(run.factors[1]) < 0
    factors = {
        name: show(sp.Rational(str(round(float(value), 6))))
        for name, value in zip(("x", "y"), run.factors, strict=True)
    }
    return Facts(
        {
            "y_keeps_the_most": leaps and y > x,
            "x_moves_the_least": x > y,
            "both_alike": bool(np.isclose(x, y)),
            "it_never_arrives": run.steps_to(ch04.BOWL_TOLERANCE) is None,
        },
        {
            "alpha": show(sp.Rational(str(rate))),
            "x_factor": factors["x"],
            "y_factor": factors["y"],
        },
    )


@dataclass(frozen=True)
class _Bowl:
    """Numbers of the bowl a x² + b y² and a place (p, q) on it."""

    a: sp.Expr
    b: sp.Expr
    p: sp.Expr
    q: sp.Expr

    @property
    def f(self) -> ScalarField:
        return ScalarField(self.a * _X**2 + self.b * _Y**2, (_X, _Y))

    @property
    def place(self) -> tuple[sp.Expr, sp.Expr]:
        return self.p, self.q

    @property
    def slopes(self) -> tuple[sp.Expr, sp.Expr]:
        """The partial derivatives at the place."""
        x, y = (partial.subs({_X: self.p, _Y: self.q}) for partial in self.f.partials)
        return x, y

    def shown(self) -> dict[str, str]:
        x, y = self.f.partials
        return {
            "f": to_typst(self.f.expression),
            "x_partial": to_typst(x),
            "y_partial": to_typst(y),
            "gradient": vector(*self.slopes).typst,
            "place": vector(*self.place).typst,
        }


@dataclass(frozen=True)
class GradientAtAPoint(_Bowl, Template):
    """The gradient of a x² + b y² at (p, q)."""

    @classmethod
    def draw(cls, numbers: Numbers) -> GradientAtAPoint:
        place = numbers.whole(-4, 4, but=(0,)), numbers.whole(-4, 4, but=(0,))
        return cls(numbers.whole(1, 6), numbers.whole(1, 6), *place)

    @property
    def right(self) -> Answer:
        return vector(*self.slopes)

    def confirms(self, right: Answer) -> bool:
        found = numerical_jacobian(self.f, [float(value) for value in self.place], 1e-4)[0]
        return bool(np.allclose(found, [float(value) for value in right.value], atol=1e-5))

    @mistake
    def evaluates_the_terms(self) -> Answer:
        return vector(self.a * self.p**2, self.b * self.q**2)

    @mistake
    def points_downhill(self) -> Answer:
        return vector(*(-slope for slope in self.slopes))

    @mistake
    def adds_the_partials(self) -> Answer:
        return number(sum(self.slopes))


@dataclass(frozen=True)
class DescentStep(_Bowl, Template):
    """One step of gradient descent on a x² + b y² from (p, q), with learning rate alpha."""

    alpha: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> DescentStep:
        place = numbers.whole(-4, 4, but=(0,)), numbers.whole(-4, 4, but=(0,))
        rate = numbers.one_of(0.05, 0.1, 0.15, 0.2, 0.25)
        return cls(numbers.whole(1, 3), numbers.whole(1, 3), *place, rate)

    def refusal(self) -> str:
        good = 0 < self.alpha * max(self.a, self.b) < 1
        return "" if good else "the steps do not settle: take a smaller alpha"

    def _moved(self, factor: sp.Expr) -> Answer:
        return vector(*(at + factor * slope for at, slope in zip(self.place, self.slopes, strict=True)))

    @property
    def right(self) -> Answer:
        return self._moved(-self.alpha)

    def confirms(self, right: Answer) -> bool:
        run = descend(self.f, [float(value) for value in self.place], float(self.alpha), 1)
        return bool(np.allclose(run.points[1], [float(value) for value in right.value]))

    @mistake
    def climbs(self) -> Answer:
        return self._moved(self.alpha)

    @mistake
    def forgets_the_learning_rate(self) -> Answer:
        return self._moved(sp.Integer(-1))

    @mistake
    def forgets_where_it_stood(self) -> Answer:
        return vector(*(-self.alpha * slope for slope in self.slopes))


@dataclass(frozen=True)
class SlopeInADirection(Template):
    """The slope in the direction (p, q), which is not of length 1, where the gradient is (u, v)."""

    u: sp.Expr
    v: sp.Expr
    p: sp.Expr
    q: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> SlopeInADirection:
        u, v = numbers.whole(-9, 9, but=(0,)), numbers.whole(-9, 9, but=(0,))
        p, q = _DIRECTIONS[int(numbers.whole(0, len(_DIRECTIONS) - 1))]
        return cls(u, v, sp.Integer(p) * numbers.one_of(-1, 1), sp.Integer(q) * numbers.one_of(-1, 1))

    @property
    def length(self) -> sp.Expr:
        return sp.sqrt(self.p**2 + self.q**2)

    @property
    def product(self) -> sp.Expr:
        return self.u * self.p + self.v * self.q

    def refusal(self) -> str:
        if self.p == self.q == 0:
            return "the direction (0, 0) is none"
        return (
            "" if self.length.is_rational else "the direction's length is no plain number: take (3, 4) or so"
        )

    def shown(self) -> dict[str, str]:
        gradient, direction = vector(self.u, self.v), vector(self.p, self.q)
        lengths = {"length": show(self.length), "product": show(self.product)}
        return {"gradient": gradient.typst, "direction": direction.typst, **lengths}

    @property
    def right(self) -> Answer:
        return number(self.product / self.length)

    def confirms(self, right: Answer) -> bool:
        """By walking a little to both sides, on a curved field with this gradient at the origin."""
        field = ScalarField(self.u * _X + self.v * _Y + _X**2 - 3 * _X * _Y, (_X, _Y))
        step = 1e-3 * np.array([float(self.p), float(self.q)]) / float(self.length)
        return bool(np.isclose((field(step) - field(-step)) / 2e-3, float(right.value), atol=1e-8))

    @mistake
    def forgets_to_normalise(self) -> Answer:
        return number(self.product)

    @mistake
    def adds_the_partials(self) -> Answer:
        return number(self.u + self.v)

    @mistake
    def multiplies_apart(self) -> Answer:
        return vector(self.u * self.p, self.v * self.q)


@dataclass(frozen=True)
class LargestLearningRate(Template):
    """The limit of the learning rate on a x² + b y²."""

    a: sp.Expr
    b: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> LargestLearningRate:
        steepness = (1, 2, 4, 5, 8, 10, 20, 25, 40, 50)
        return cls(numbers.one_of(*steepness), numbers.one_of(*steepness))

    @property
    def f(self) -> ScalarField:
        return ScalarField(self.a * _X**2 + self.b * _Y**2, (_X, _Y))

    def refusal(self) -> str:
        return "" if min(self.a, self.b) > 0 else "the bowl bends down: take positive a and b"

    def shown(self) -> dict[str, str]:
        steep = max(self.a, self.b)
        return {"f": to_typst(self.f.expression), "curvature": show(2 * steep)}

    @property
    def right(self) -> Answer:
        return number(1 / max(self.a, self.b))

    def confirms(self, right: Answer) -> bool:
        limit = float(right.value)
        below, above = (descend(self.f, [1.0, 1.0], limit * factor, 5) for factor in (0.99, 1.01))
        return below.status is Status.CONVERGING and above.status is Status.DIVERGING

    @mistake
    def takes_the_flat_direction(self) -> Answer:
        return number(1 / min(self.a, self.b))

    @mistake
    def stops_at_the_best_for_one(self) -> Answer:
        return number(1 / (2 * max(self.a, self.b)))

    @mistake
    def adds_the_curvatures(self) -> Answer:
        return number(1 / (self.a + self.b))
