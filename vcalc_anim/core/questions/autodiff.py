"""Chapter 9: nudges, dual numbers, and how many passes it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.contenders import runs_needed
from vcalc_anim.core.differences import v_curve
from vcalc_anim.core.duals import derivative_forward
from vcalc_anim.core.elementary import sin
from vcalc_anim.core.examples import ch09
from vcalc_anim.core.passes import jacobian_forward, jacobian_reverse, record
from vcalc_anim.core.primitives import Number
from vcalc_anim.core.questions.answers import Answer, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.typst import to_typst

_X = sp.Symbol("x", real=True)
_EPSILON = sp.Symbol("epsilon", real=True)


@check
def why_reverse_for_training() -> Facts:
    """Six inputs and one output: passes counted, gradients compared, the tape measured."""
    forward = jacobian_forward(ch09.one_row, ch09.ROW_AT)
    reverse = jacobian_reverse(ch09.one_row, ch09.ROW_AT)
    column = jacobian_reverse(ch09.one_column, ch09.COLUMN_AT).passes
    by_column = jacobian_forward(ch09.one_column, ch09.COLUMN_AT).passes
    _, outputs = record(ch09.one_row, ch09.ROW_AT)
    kept = len(outputs[0].tape)
    return Facts(
        {
            "one_pass_for_all_inputs": reverse.passes == 1 and forward.passes == len(ch09.ROW_AT),
            "forward_is_approximate": not np.allclose(forward.matrix, reverse.matrix, rtol=1e-14),
            "reverse_needs_less_memory": kept <= 1,
            "always_cheaper": column <= by_column,
        },
        {"outputs": show(1)},
    )


@check
def ever_smaller_nudges() -> Facts:
    """The error of a nudge falls with the step, until rounding takes over and it grows again."""
    curve = v_curve(ch09.V_FIELD, ch09.V_AT)
    errors = curve.forward
    best = int(errors.argmin())
    falls, grows = bool(errors[best] < errors[0]), bool(errors[-1] > 100 * errors[best])
    return Facts(
        {
            "falls_then_grows": falls and grows and 0 < best < len(errors) - 1,
            "falls_to_zero": bool(errors[-1] == 0),
            "stays_as_it_is": bool(np.allclose(errors, errors[0])),
            "grows_from_the_start": best == 0,
        }
    )


@check
def passes_for_a_column() -> Facts:
    """One input and six outputs: what each mode takes."""
    forward = jacobian_forward(ch09.one_column, ch09.COLUMN_AT).passes
    reverse = jacobian_reverse(ch09.one_column, ch09.COLUMN_AT).passes
    values = {
        "one_for_the_input": 1,
        "one_for_each_output": reverse,
        "one_more_to_compare": runs_needed(1)["nudges"],
        "one_more_than_outputs": reverse + 1,
    }
    return Facts(
        {name: value == forward for name, value in values.items()},
        {
            "inputs": show(len(ch09.COLUMN_AT)),
            "outputs": show(reverse),
            **{name: show(value) for name, value in values.items()},
        },
    )


@dataclass(frozen=True)
class DualNumber(Template):
    """What a program a x² + b x makes of the dual number p + ε."""

    a: sp.Expr
    b: sp.Expr
    p: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> DualNumber:
        return cls(numbers.whole(1, 4), numbers.whole(-5, 6, but=(0,)), numbers.whole(-4, 5, but=(0,)))

    @property
    def f(self) -> sp.Expr:
        return self.a * _X**2 + self.b * _X

    def _dual(self, value: sp.Expr, shadow: sp.Expr) -> Answer:
        size = "" if abs(shadow) == 1 else f"{show(abs(shadow))} "
        sign = "-" if shadow < 0 else "+"
        return Answer(sp.ImmutableMatrix([value, shadow]), f"{show(value)} {sign} {size}epsilon")

    def shown(self) -> dict[str, str]:
        slope = sp.diff(self.f, _X)
        return {
            "f": to_typst(self.f),
            "value": show(self.f.subs(_X, self.p)),
            "slope": show(slope.subs(_X, self.p)),
        }

    def refusal(self) -> str:
        slope = sp.diff(self.f, _X).subs(_X, self.p)
        return "" if slope != 0 else "the slope is 0, and the shadow vanishes: take another place p"

    @property
    def right(self) -> Answer:
        return self._dual(self.f.subs(_X, self.p), sp.diff(self.f, _X).subs(_X, self.p))

    def confirms(self, right: Answer) -> bool:
        found = derivative_forward(lambda x: int(self.a) * x * x + int(self.b) * x, int(self.p))
        return bool((found.value, found.shadow) == tuple(int(entry) for entry in right.value))

    @mistake
    def passes_the_shadow_unchanged(self) -> Answer:
        return self._dual(self.f.subs(_X, self.p), sp.Integer(1))

    @mistake
    def gives_the_shadow_the_value(self) -> Answer:
        return self._dual(self.f.subs(_X, self.p), self.f.subs(_X, self.p))

    @mistake
    def differentiates_the_value(self) -> Answer:
        slope = sp.diff(self.f, _X).subs(_X, self.p)
        return self._dual(slope, slope)


@dataclass(frozen=True)
class PassesNeeded(Template):
    """How many passes reverse mode takes for the Jacobian of a program with n inputs and m outputs."""

    n: sp.Expr
    m: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> PassesNeeded:
        return cls(numbers.whole(3, 20), numbers.whole(2, 12))

    def refusal(self) -> str:
        whole = self.n.is_integer and self.m.is_integer and 1 <= min(self.n, self.m)
        small = whole and self.n * self.m <= 400
        return "" if small else "take whole numbers of inputs n and outputs m, with at most 400 slopes in all"

    @property
    def right(self) -> Answer:
        return number(self.m)

    def confirms(self, right: Answer) -> bool:
        def program(inputs: Sequence[Number]) -> list[Number]:
            total: Number = 0.0
            for value in inputs:
                total = total + value * value
            return [sin(total) * (index + 1) for index in range(int(self.m))]

        passes = jacobian_reverse(program, np.linspace(0.1, 1, int(self.n))).passes
        return bool(passes == right.value)

    @mistake
    def counts_the_inputs(self) -> Answer:
        return number(self.n)

    @mistake
    def counts_the_entries(self) -> Answer:
        return number(self.n * self.m)

    @mistake
    def thinks_of_a_loss(self) -> Answer:
        return number(1)
