"""Chapter 3: partial derivatives of formulas and at points, slope times speed, what two cuts cannot see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.chain import PathSum
from vcalc_anim.core.differences import numerical_jacobian
from vcalc_anim.core.examples import ch03
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.questions.answers import Answer, formula, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.slices import partial_slice
from vcalc_anim.core.typst import to_typst

_X, _Y = sp.symbols("x y", real=True)
_T = sp.Symbol("t", real=True)


@check
def two_flat_cuts() -> Facts:
    """On the crease both cuts are flat at the origin, the diagonal climbs, and the surface is no peak or floor."""
    field = ch03.CREASE
    step = 1e-4
    heights = {
        place: float(field(np.array(place) * step))
        for place in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 1.0), (-1.0, -1.0))
    }
    flat = all(heights[place] == 0 for place in heights if 0.0 in place)
    assert flat, "both cuts are flat"
    climbs = heights[(1.0, 1.0)]
    return Facts(
        {
            "nothing_follows": climbs != 0,
            "level_that_way_too": climbs == 0,
            "lowest_point": min(heights.values()) >= 0,
            "sum_of_both_slopes": bool(np.isclose(climbs / step, 0)),
        }
    )


@check
def straight_cut() -> Facts:
    """Lock x at 2: the cut of the hill is a straight line, and its slope is rise over run."""
    x, y = ch03.HILL_POINT
    cut = partial_slice(ch03.HILL, "y", (x, y))
    other = partial_slice(ch03.HILL, "x", (x, y)).derivative().exact(x)
    run = sp.Integer(2)
    rise = cut.exact(run) - cut.exact(0)
    slope = cut.derivative().exact(y)
    straight = cut.derivative(2).expression == 0
    values = {
        "rise_over_run": rise / run,
        "rise_alone": rise,
        "run_over_rise": run / rise,
        "other_cut": other,
    }
    return Facts(
        {name: bool(straight and value == slope) for name, value in values.items()},
        {"locked": show(x), "run": show(run), **{name: show(value) for name, value in values.items()}},
    )


@dataclass(frozen=True)
class PartialOfASum(Template):
    """The partial derivative of x^n + c x y^m with respect to x."""

    n: sp.Expr
    m: sp.Expr
    c: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> PartialOfASum:
        return cls(numbers.whole(2, 6), numbers.whole(2, 6), numbers.whole(1, 7))

    @property
    def f(self) -> ScalarField:
        return ScalarField(_X**self.n + self.c * _X * _Y**self.m, (_X, _Y))

    def refusal(self) -> str:
        whole = self.n.is_integer and self.m.is_integer
        good = whole and 2 <= min(self.n, self.m) and max(self.n, self.m) <= 12 and self.c != 0
        return "" if good else "take whole exponents n and m from 2 to 12, and a factor c that is not 0"

    def shown(self) -> dict[str, str]:
        return {
            "f": to_typst(self.f.expression),
            "first_term": to_typst(_X**self.n),
            "first_slope": to_typst(sp.diff(_X**self.n, _X)),
            "locked": to_typst(self.c * _Y**self.m),
            "locked_power": to_typst(_Y**self.m),
        }

    def _formula(self, expression: sp.Expr) -> Answer:
        return formula(expression, {_X: 3, _Y: 2})

    @property
    def right(self) -> Answer:
        return self._formula(self.f.partials[0])

    def confirms(self, right: Answer) -> bool:
        slopes = numerical_jacobian(self.f, [3.0, 2.0], 1e-5)
        return bool(np.isclose(slopes[0, 0], float(right.value.subs({_X: 3, _Y: 2})), rtol=1e-6))

    @mistake
    def differentiates_by_the_locked_one(self) -> Answer:
        return self._formula(self.f.partials[1])

    @mistake
    def drops_the_locked_term(self) -> Answer:
        return self._formula(sp.diff(_X**self.n, _X))

    @mistake
    def differentiates_every_power(self) -> Answer:
        return self._formula(sp.diff(_X**self.n, _X) + self.f.partials[1])


@dataclass(frozen=True)
class PartialAtAPoint(Template):
    """∂f/∂y of a x² y + b y at (p, q)."""

    a: sp.Expr
    b: sp.Expr
    p: sp.Expr
    q: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> PartialAtAPoint:
        place = numbers.whole(-4, 4, but=(0,)), numbers.whole(-4, 4, but=(0,))
        return cls(numbers.whole(1, 4), numbers.whole(1, 9), *place)

    @property
    def f(self) -> ScalarField:
        return ScalarField(self.a * _X**2 * _Y + self.b * _Y, (_X, _Y))

    def _at(self, expression: sp.Expr) -> Answer:
        return number(expression.subs({_X: self.p, _Y: self.q}))

    def shown(self) -> dict[str, str]:
        return {"f": to_typst(self.f.expression), "slope": to_typst(self.f.partials[1])}

    @property
    def right(self) -> Answer:
        return self._at(self.f.partials[1])

    def confirms(self, right: Answer) -> bool:
        slopes = numerical_jacobian(self.f, [float(self.p), float(self.q)], 1e-4)
        return bool(np.isclose(slopes[0, 1], float(right.value), atol=1e-5))

    @mistake
    def locks_the_wrong_one(self) -> Answer:
        return self._at(self.f.partials[0])

    @mistake
    def reads_the_height(self) -> Answer:
        return self._at(self.f.expression)

    @mistake
    def drops_the_term_with_x(self) -> Answer:
        return number(self.b)


@dataclass(frozen=True)
class RateAlongAPath(Template):
    """How fast a walker climbs: slopes u and v along x and y, speeds p and q."""

    u: sp.Expr
    v: sp.Expr
    p: sp.Expr
    q: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> RateAlongAPath:
        slopes = numbers.whole(-9, 9, but=(0,)), numbers.whole(-9, 9, but=(0,))
        return cls(*slopes, numbers.whole(-5, 5, but=(0, 1)), numbers.whole(-5, 5, but=(0, 1)))

    def shown(self) -> dict[str, str]:
        return {"first_share": show(self.u * self.p), "second_share": show(self.v * self.q)}

    @property
    def right(self) -> Answer:
        return number(self.u * self.p + self.v * self.q)

    def confirms(self, right: Answer) -> bool:
        """A curved hill with these slopes at the origin, and a path through it with these speeds."""
        hill = ScalarField(self.u * _X + self.v * _Y + _X**2 - _X * _Y, (_X, _Y))
        path = tuple(ScalarFunction(speed * _T + _T**2, _T) for speed in (self.p, self.q))
        return bool(PathSum(hill, path).composite.derivative().exact(0) == right.value)

    @mistake
    def adds_the_slopes(self) -> Answer:
        return number(self.u + self.v)

    @mistake
    def counts_one_share_only(self) -> Answer:
        return number(self.u * self.p)

    @mistake
    def swaps_the_speeds(self) -> Answer:
        return number(self.u * self.q + self.v * self.p)
