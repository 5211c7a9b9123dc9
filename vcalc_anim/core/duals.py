"""Forward mode: every number drags a shadow along, how it answers to a nudge of the input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from vcalc_anim.core.primitives import Number, Operators, Primitive, apply, checked


@dataclass(frozen=True, eq=False, slots=True)
class Dual(Operators):
    """*value* + *shadow*·ε with ε² = 0. Exact when both parts are.

    >>> w = Dual(1.5, 1)
    >>> (w * 2 + 0.5 - 1) ** 2
    6.25 + 10.0ε
    """

    value: Number
    shadow: Number = 0

    rank: ClassVar[int] = 0

    @property
    def primal(self) -> Number:
        """The value without its shadow."""
        return self.value.primal if isinstance(self.value, Operators) else self.value

    def __apply_primitive__(self, primitive: Primitive, arguments: tuple[Number, ...]) -> Dual:
        if primitive.on_arrays:
            raise ValueError(f"{primitive.name} works on whole arrays; duals are single numbers: use a tape")
        values = tuple(argument.value if isinstance(argument, Dual) else argument for argument in arguments)
        value = apply(primitive, *values)
        shadow: Number = 0
        for argument, slope in zip(arguments, primitive.slopes(value, *values), strict=True):
            if isinstance(argument, Dual):
                shadow = shadow + slope * argument.shadow
        return Dual(value, shadow)

    def __repr__(self) -> str:
        return f"{self.value} + {self.shadow}ε"


def derivative_forward(function: Callable[[Number], Number], x: Number) -> Dual:
    """f(x) + f′(x)·ε: value and derivative of a program of one number, from one run.

    ValueError for a number that is not finite.

    >>> derivative_forward(lambda x: x**3, 2)
    8 + 12ε
    """
    result = function(Dual(checked(x, "x"), 1))
    return result if isinstance(result, Dual) else Dual(result, 0)
