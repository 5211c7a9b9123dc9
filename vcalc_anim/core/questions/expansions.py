"""Chapter 2: Taylor polynomials, how far they reach, and what descent and Newton's method take from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.catalogue import RUNGE, SHIFTED_LN
from vcalc_anim.core.descent import descend
from vcalc_anim.core.examples import ch02, ch04
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.newton_method import newton_step
from vcalc_anim.core.questions.answers import Answer, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.taylor_polynomials import taylor
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array
from vcalc_anim.core.walls import convergence

_X = sp.Symbol("x", real=True)
_HIGH = 40


@check
def order_of_descent() -> Facts:
    """Bend the bowl, or lift it: the step of descent stays, so it reads the slope alone; Newton's changes."""
    bowl, start, rate = ch04.BOWL, np.array(ch04.BOWL_START), ch04.BOWL_LEARNING_RATE
    x, _ = bowl.variables
    bent = ScalarField(bowl.expression + 5 * (x - start[0]) ** 2, bowl.variables)
    lifted = ScalarField(bowl.expression + 100, bowl.variables)
    tilted = ScalarField(bowl.expression + 2 * (x - start[0]), bowl.variables)

    def step(field: ScalarField) -> Array:
        return np.asarray(descend(field, start, rate, 1).steps[0])

    needs_value = not np.allclose(step(bowl), step(lifted))
    needs_slope = not np.allclose(step(bowl), step(tilted))
    needs_curvature = not np.allclose(step(bowl), step(bent))
    assert not np.allclose(newton_step(bowl, start), newton_step(bent, start))
    return Facts(
        {
            "first_order": needs_slope and not needs_curvature,
            "second_order": needs_curvature,
            "zeroth_order": needs_value and not needs_slope,
            "all_orders": needs_value and needs_slope and needs_curvature,
        }
    )


@check
def wall_out_of_sight() -> Facts:
    """The series of 1/(1 + x²) about 0 ends at the poles ±i, at distance 1; on the real line all is smooth."""
    found = convergence(RUNGE, 0)
    more = abs(float(taylor(RUNGE, 0, 80).error(ch02.RUNGE_OUTSIDE)))
    fewer = abs(float(taylor(RUNGE, 0, 40).error(ch02.RUNGE_OUTSIDE)))
    return Facts(
        {
            "wall_beside_the_line": any(sp.im(wall) != 0 for wall in found.walls) and found.radius == 1,
            "corner_on_the_line": bool(RUNGE.kinks),
            "not_defined_there": not bool(RUNGE.contains(ch02.RUNGE_OUTSIDE)),
            "too_few_terms": more < fewer,
        },
        {"f": to_typst(RUNGE.expression), "radius": show(found.radius), "center": show(0)},
    )


@check
def one_more_term() -> Facts:
    """At order 40 one more term of the logarithm helps inside its radius and harms outside."""

    def helps(x: float) -> bool:
        now, next_ = (abs(taylor(SHIFTED_LN, 0, order).exact_error(x)) for order in (_HIGH, _HIGH + 1))
        return bool(next_ < now)

    inside, outside = helps(ch02.LOG_INSIDE), helps(ch02.LOG_OUTSIDE)
    return Facts(
        {
            "at_the_inner_place": inside and not outside,
            "at_the_outer_place": outside and not inside,
            "at_both": inside and outside,
            "at_neither": not inside and not outside,
        },
        {"inside": show(ch02.LOG_INSIDE), "outside": show(ch02.LOG_OUTSIDE), "order": show(_HIGH)},
    )


@dataclass(frozen=True)
class TaylorCoefficient(Template):
    """The coefficient of x^k in the series of e^(a x) about 0."""

    a: sp.Expr
    k: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> TaylorCoefficient:
        inner = numbers.one_of(*range(-7, -1), *range(2, 8), 0.5, -0.5, 1.5, -1.5, 2.5, -2.5)
        return cls(inner, numbers.whole(3, 5))

    @property
    def f(self) -> ScalarFunction:
        return ScalarFunction(sp.exp(self.a * _X), _X)

    def refusal(self) -> str:
        whole = self.k.is_integer and 2 <= self.k <= 9
        return "" if whole else f"the order k is {self.k}: take a whole number from 2 to 9"

    def shown(self) -> dict[str, str]:
        derivative = self.a**self.k
        return {"f": to_typst(self.f.expression), "derivative": show(derivative), "power": f"x^{self.k}"}

    @property
    def right(self) -> Answer:
        return number(self.a**self.k / sp.factorial(self.k))

    def confirms(self, right: Answer) -> bool:
        series = sp.series(sp.exp(self.a * _X), _X, 0, int(self.k) + 1).removeO()
        return bool(series.coeff(_X, int(self.k)) == right.value)

    @mistake
    def forgets_the_factorial(self) -> Answer:
        return number(self.a**self.k)

    @mistake
    def forgets_the_inner_slope(self) -> Answer:
        return number(1 / sp.factorial(self.k))

    @mistake
    def divides_by_the_order(self) -> Answer:
        return number(self.a**self.k / self.k)


@dataclass(frozen=True)
class SecondOrderGuess(Template):
    """From height a, tilt b and bend c at 0: the second-order guess at h."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    h: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> SecondOrderGuess:
        return cls(
            numbers.whole(1, 9),
            numbers.whole(-6, 6, but=(0,)),
            numbers.whole(-8, 8, but=(0,)),
            numbers.one_of(0.1, 0.2, 0.5, 2, 3),
        )

    def refusal(self) -> str:
        return "the step h is 0: take another number" if self.h == 0 else ""

    @property
    def right(self) -> Answer:
        return number(self.a + self.b * self.h + self.c * self.h**2 / 2)

    def confirms(self, right: Answer) -> bool:
        """A function with these readings, expanded by the core."""
        quadratic = ScalarFunction(self.a + self.b * _X + self.c * _X**2 / 2 + _X**5, _X)
        readings = [quadratic.exact(0), *(quadratic.derivative(k).exact(0) for k in (1, 2))]
        return readings == [self.a, self.b, self.c] and taylor(quadratic, 0, 2).exact(self.h) == right.value

    @mistake
    def forgets_the_half(self) -> Answer:
        return number(self.a + self.b * self.h + self.c * self.h**2)

    @mistake
    def stops_at_the_tangent(self) -> Answer:
        return number(self.a + self.b * self.h)

    @mistake
    def adds_the_readings(self) -> Answer:
        return number(self.a + self.b + self.c)
