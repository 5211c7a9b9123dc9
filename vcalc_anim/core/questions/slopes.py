"""Chapter 1: difference quotients, the product rule, the chain rule on a square, corners."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from vcalc_anim.core.catalogue import CUBE, RELU
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.questions.answers import Answer, formula, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.secants import secant
from vcalc_anim.core.tape import Tape
from vcalc_anim.core.typst import to_typst

_X = sp.Symbol("x", real=True)


@check
def slope_at_a_corner() -> Facts:
    """The two one-sided slopes of ReLU at 0 differ, so no number is its slope there."""
    left, right = RELU.one_sided_slopes(0)
    exists = left == right

    def is_slope(value: sp.Expr) -> bool:
        return bool(left == value == right)

    half = (left + right) / 2
    return Facts(
        {
            "there_is_none": not exists,
            "slope_on_the_left": is_slope(left),
            "slope_on_the_right": is_slope(right),
            "mean_of_both": is_slope(half),
        },
        {
            "slope_on_the_left": show(left),
            "slope_on_the_right": show(right),
            "mean_of_both": show(half),
        },
    )


@check
def rest_of_a_cube() -> Facts:
    """Where the slope of x³ touches 0, the cube is lower on the left and higher on the right."""
    step = sp.Rational(1, 100)
    before, here, after = (CUBE.exact(x) for x in (-step, 0, step))
    flat = CUBE.derivative().exact(0) == 0
    return Facts(
        {
            "rests_and_climbs_on": bool(flat and before < here < after),
            "lowest_point": bool(flat and before > here < after),
            "highest_point": bool(flat and before < here > after),
            "corner": len({*CUBE.one_sided_slopes(0)}) > 1,
        },
        {"place": show(0), "slope": show(CUBE.derivative().exact(0))},
    )


@dataclass(frozen=True)
class ChainRuleOnASquare(Template):
    """The derivative of (a x + b)²."""

    a: sp.Expr
    b: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> ChainRuleOnASquare:
        return cls(numbers.whole(2, 9), numbers.whole(-9, 9, but=(0,)))

    @property
    def inner(self) -> sp.Expr:
        return self.a * _X + self.b

    def refusal(self) -> str:
        return "" if self.a * self.b != 0 else "the inside is no sum: take a and b that are not 0"

    def _formula(self, expression: sp.Expr) -> Answer:
        return formula(expression, {_X: 1 if self.a + self.b != 0 else 2})

    def _times_inside(self, factor: sp.Expr) -> sp.Expr:
        return sp.Mul(factor, self.inner, evaluate=False)  # 6 (3x + 1), not 18x + 6

    def shown(self) -> dict[str, str]:
        return {
            "f": to_typst(self.inner**2),
            "inside": to_typst(self.inner),
            "outer_slope": to_typst(self._times_inside(sp.Integer(2))),
        }

    @property
    def right(self) -> Answer:
        return self._formula(self._times_inside(2 * self.a))

    def confirms(self, right: Answer) -> bool:
        place = sp.Rational(7, 3)
        start = Tape().variable("x", float(place))
        square = (float(self.a) * start + float(self.b)) ** 2
        swept = square.tape.backward(square).adjoint(start)
        return bool(abs(swept - float(right.value.subs(_X, place))) < 1e-9)

    @mistake
    def forgets_the_inner_slope(self) -> Answer:
        return self._formula(self._times_inside(sp.Integer(2)))

    @mistake
    def adds_the_rates(self) -> Answer:
        rates = sp.Add(self._times_inside(sp.Integer(2)), self.a, evaluate=False)
        return Answer(
            rates.doit(), f"{to_typst(self._times_inside(sp.Integer(2)))} + {show(self.a)}", self.right.at
        )

    @mistake
    def squares_term_by_term(self) -> Answer:
        return self._formula(sp.diff(self.a**2 * _X**2 + self.b**2, _X))


@dataclass(frozen=True)
class SecantSlope(Template):
    """The slope of the secant of c x² from x to x + h."""

    c: sp.Expr
    x: sp.Expr
    h: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> SecantSlope:
        return cls(numbers.whole(1, 3), numbers.whole(1, 6), numbers.one_of(0.1, 0.2, 0.5, 2, 3, 4))

    @property
    def f(self) -> ScalarFunction:
        return ScalarFunction(self.c * _X**2, _X)

    def refusal(self) -> str:
        return "the gap h is 0: take another number" if self.h == 0 else ""

    def shown(self) -> dict[str, str]:
        return {"f": to_typst(self.f.expression), "there": show(self.x + self.h)}

    @property
    def right(self) -> Answer:
        return number((self.f.exact(self.x + self.h) - self.f.exact(self.x)) / self.h)

    def confirms(self, right: Answer) -> bool:
        return bool(secant(self.f, self.x, self.h).line.slope == right.value)

    @mistake
    def takes_the_tangent(self) -> Answer:
        return number(self.f.derivative().exact(self.x))

    @mistake
    def forgets_to_divide(self) -> Answer:
        return number(self.f.exact(self.x + self.h) - self.f.exact(self.x))

    @mistake
    def reads_the_slope_at_the_far_end(self) -> Answer:
        return number(self.f.derivative().exact(self.x + self.h))


@dataclass(frozen=True)
class ProductRule(Template):
    """The slope of x² (a x + b) at p."""

    a: sp.Expr
    b: sp.Expr
    p: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> ProductRule:
        return cls(numbers.whole(2, 5), numbers.whole(-5, 5, but=(0,)), numbers.whole(-3, 4, but=(0,)))

    def refusal(self) -> str:
        return "" if self.a * self.b != 0 else "the second factor is no sum: take a and b that are not 0"

    @property
    def first(self) -> ScalarFunction:
        return ScalarFunction(_X**2, _X)

    @property
    def second(self) -> ScalarFunction:
        return ScalarFunction(self.a * _X + self.b, _X)

    def _parts(self) -> tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]:
        """Both factors and both slopes at p."""
        u, v = self.first, self.second
        return u.exact(self.p), v.exact(self.p), u.derivative().exact(self.p), v.derivative().exact(self.p)

    def shown(self) -> dict[str, str]:
        u, v, u_slope, v_slope = self._parts()
        values = {"first": u, "second": v, "first_slope": u_slope, "second_slope": v_slope}
        f = sp.Mul(self.first.expression, self.second.expression, evaluate=False)
        shares = {"first_share": show(u_slope * v), "second_share": show(u * v_slope)}
        return {"f": to_typst(f), **{name: show(value) for name, value in values.items()}, **shares}

    @property
    def right(self) -> Answer:
        u, v, u_slope, v_slope = self._parts()
        return number(u_slope * v + u * v_slope)

    def confirms(self, right: Answer) -> bool:
        product = sp.expand(self.first.expression * self.second.expression)
        return bool(sp.diff(product, _X).subs(_X, self.p) == right.value)

    @mistake
    def multiplies_the_slopes(self) -> Answer:
        _, _, u_slope, v_slope = self._parts()
        return number(u_slope * v_slope)

    @mistake
    def lets_only_one_factor_grow(self) -> Answer:
        _, v, u_slope, _ = self._parts()
        return number(u_slope * v)

    @mistake
    def adds_the_slopes(self) -> Answer:
        _, _, u_slope, v_slope = self._parts()
        return number(u_slope + v_slope)
