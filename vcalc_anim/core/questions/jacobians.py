"""Chapter 6: Jacobians, their shapes and determinants, and what a Hessian can say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.curvature import CurvatureDial, Verdict, second_derivative_test
from vcalc_anim.core.differences import numerical_jacobian
from vcalc_anim.core.examples import ch06
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.maps import VectorMap
from vcalc_anim.core.questions.answers import Answer, matrix, number, shape_of, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array

_X, _Y = sp.symbols("x y", real=True)


@check
def when_a_hessian_decides() -> Facts:
    """A Hessian that bends up everywhere means a lowest point only on level ground."""
    bowl, slide = ch06.LEVEL_GROUND["bowl"], ch06.NEVER_LEVEL
    level, tilted = second_derivative_test(bowl, [0, 0]), second_derivative_test(slide, [0.0])
    bends_up = bool(level.eigenvalues[0] > 0 and tilted.eigenvalues[0] > 0)
    saddle = second_derivative_test(ch06.LEVEL_GROUND["saddle"], [0, 0])
    lifted = ScalarField(bowl.expression + 1, bowl.variables)
    needs_zero = second_derivative_test(lifted, [0, 0]).verdict is not Verdict.MINIMUM
    is_lowest = (level.verdict is Verdict.MINIMUM, tilted.verdict is Verdict.MINIMUM)
    return Facts(
        {
            "only_on_level_ground": bends_up and is_lowest == (True, False),
            "always": bends_up and all(is_lowest),
            "it_is_a_saddle": bool(saddle.eigenvalues[0] > 0),
            "only_where_f_is_zero": needs_zero,
        }
    )


@check
def dial_of_a_saddle() -> Facts:
    """The knife's dial: up along both axes, up at 45°, and down across it."""
    origin = np.zeros(2)
    dial = CurvatureDial(ch06.KNIFE, origin)
    high, low = dial.extremes
    along = dial.curvature_at([0.0, np.pi / 2])
    verdict = second_derivative_test(ch06.KNIFE, origin).verdict
    return Facts(
        {
            "saddle": verdict is Verdict.SADDLE and low < 0 < high,
            "lowest_point": verdict is Verdict.MINIMUM and bool((along > 0).all()),
            "highest_point": verdict is Verdict.MAXIMUM,
            "flat_ground": bool(np.allclose([high, low], 0)),
        },
        {"high": show(round(high, 9)), "low": show(round(low, 9))},
    )


@dataclass(frozen=True)
class JacobianShape(Template):
    """The shape of the Jacobian of a map from n numbers to m."""

    n: sp.Expr
    m: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> JacobianShape:
        return cls(numbers.whole(2, 9), numbers.whole(2, 9))

    def refusal(self) -> str:
        good = (
            self.n.is_integer
            and self.m.is_integer
            and 1 <= min(self.n, self.m)
            and max(self.n, self.m) <= 100
        )
        return "" if good else "take whole numbers of inputs n and outputs m, from 1 to 100"

    @property
    def right(self) -> Answer:
        return shape_of(self.m, self.n)

    def confirms(self, right: Answer) -> bool:
        def outputs(inputs: Array) -> list[float]:
            return [float(inputs.sum() ** (1 + index % 3)) for index in range(int(self.m))]

        found = numerical_jacobian(outputs, np.ones(int(self.n)), 1e-4)
        return found.shape == tuple(int(side) for side in right.value)

    @mistake
    def takes_inputs_for_rows(self) -> Answer:
        return shape_of(self.n, self.m)

    @mistake
    def takes_a_hessian(self) -> Answer:
        return shape_of(self.n, self.n)

    @mistake
    def takes_one_input_for_all(self) -> Answer:
        return shape_of(self.m, 1)


@dataclass(frozen=True)
class JacobianAtAPoint(Template):
    """The Jacobian of (x² + a y, b x y) at (p, q)."""

    a: sp.Expr
    b: sp.Expr
    p: sp.Expr
    q: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> JacobianAtAPoint:
        place = numbers.whole(-4, 5, but=(0,)), numbers.whole(-4, 5, but=(0,))
        return cls(numbers.whole(1, 5), numbers.whole(1, 3), *place)

    @property
    def map(self) -> VectorMap:
        return VectorMap((_X**2 + self.a * _Y, self.b * _X * _Y), (_X, _Y))

    @property
    def table(self) -> sp.ImmutableMatrix:
        return self.map.exact_jacobian((self.p, self.q))

    def shown(self) -> dict[str, str]:
        first, second = self.map.outputs
        return {"u": to_typst(first), "v": to_typst(second)}

    @property
    def right(self) -> Answer:
        return matrix(self.table)

    def confirms(self, right: Answer) -> bool:
        found = numerical_jacobian(lambda at: self.map(at), [float(self.p), float(self.q)], 1e-4)
        return bool(np.allclose(found, np.array(right.value.tolist(), dtype=float), atol=1e-5))

    @mistake
    def transposes(self) -> Answer:
        return matrix(self.table.T)

    @mistake
    def swaps_the_outputs(self) -> Answer:
        return matrix(self.table[::-1, :])

    @mistake
    def lets_no_output_mix(self) -> Answer:
        """Each output by its own variable only."""
        return matrix(sp.diag(self.table[0, 0], self.table[1, 1]))


@dataclass(frozen=True)
class AreaFactor(Template):
    """By how much a map with the Jacobian [[a, b], [c, d]] stretches area."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    d: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> AreaFactor:
        return cls(*(numbers.whole(1, 9) for _ in range(4)))

    def refusal(self) -> str:
        turned = self.a * self.d - self.b * self.c
        return "" if turned > 0 else "the map mirrors or crushes the plane: take a d larger than b c"

    def shown(self) -> dict[str, str]:
        table = sp.ImmutableMatrix([[self.a, self.b], [self.c, self.d]])
        return {
            "jacobian": matrix(table).typst,
            "main": show(self.a * self.d),
            "cross": show(self.b * self.c),
        }

    @property
    def right(self) -> Answer:
        return number(self.a * self.d - self.b * self.c)

    def confirms(self, right: Answer) -> bool:
        """The area of the image of the unit square, by the shoelace formula."""
        corners = [(0, 0), (self.a, self.c), (self.a + self.b, self.c + self.d), (self.b, self.d)]
        around = [*corners[1:], corners[0]]
        area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, around, strict=True)) / 2
        return bool(area == right.value)

    @mistake
    def adds_the_products(self) -> Answer:
        return number(self.a * self.d + self.b * self.c)

    @mistake
    def takes_the_diagonal_alone(self) -> Answer:
        return number(self.a * self.d)

    @mistake
    def takes_the_trace(self) -> Answer:
        return number(self.a + self.d)
