"""The product rule as a growing rectangle, and the table of derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from vcalc_anim.core.catalogue import EXP, LN, RELU, SIGMOID
from vcalc_anim.core.exact import Exact, exact_number
from vcalc_anim.core.functions import ScalarFunction


@dataclass(frozen=True)
class GrowingRectangle:
    """A rectangle whose sides u and v grow by du and dv: the product rule as area, exact.

    The growth is two *strips*, u·dv and v·du, and a *corner* du·dv that fades beside them.
    """

    u: sp.Expr
    v: sp.Expr
    du: sp.Expr
    dv: sp.Expr

    @classmethod
    def of(cls, u: ScalarFunction, v: ScalarFunction, x: Exact, h: Exact) -> GrowingRectangle:
        """The rectangle u(x) by v(x) on the way to x + *h*; for the growing square both sides are x."""
        start, end = exact_number(x, "point"), exact_number(x, "point") + exact_number(h, "gap h")
        sides = [side.exact(start) for side in (u, v)]
        return cls(*sides, *(side.exact(end) - length for side, length in zip((u, v), sides, strict=True)))

    @property
    def area(self) -> sp.Expr:
        """u·v before the growth."""
        return self.u * self.v

    @property
    def strips(self) -> tuple[sp.Expr, sp.Expr]:
        """The areas u·dv and v·du."""
        return self.u * self.dv, self.v * self.du

    @property
    def corner(self) -> sp.Expr:
        """The area du·dv."""
        return self.du * self.dv

    @property
    def growth(self) -> sp.Expr:
        """All the area that is new: strips and corner."""
        return sum(self.strips) + self.corner


@dataclass(frozen=True)
class Rule:
    """A row of the table of derivatives; *condition* is the x it holds for, *use* where learning meets it."""

    function: sp.Expr
    derivative: sp.Expr
    condition: sp.Basic
    use: str


def derivative_rules() -> tuple[Rule, ...]:
    """The five rows of the lesson's table. At 0 the ReLU has no derivative, and its row does not give one."""
    x, n = sp.symbols("x n", real=True)
    power = Rule(x**n, sp.powsimp(sp.diff(x**n, x)), sp.Gt(x, 0), "polynomial models")
    rows = (
        (EXP, "softmax, Gaussian"),
        (LN, "log-likelihood"),
        (SIGMOID, "sigmoid activation"),
        (RELU, "ReLU"),
    )
    return (power, *(_rule(function, use) for function, use in rows))


def _rule(function: ScalarFunction, use: str) -> Rule:
    slope = function.derivative()
    condition = sp.true if slope.domain == sp.S.Reals else slope.domain.as_relational(function.variable)
    return Rule(function.expression, slope.expression, condition, use)
