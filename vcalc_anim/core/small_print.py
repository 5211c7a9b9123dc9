"""Where automatic differentiation is right about the run and wrong about the idea."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import sympy as sp

from vcalc_anim.core.elementary import cos, relu
from vcalc_anim.core.exact import exact_number
from vcalc_anim.core.passes import gradient_reverse
from vcalc_anim.core.primitives import Number

_DIGITS = 60  # 1 − cos x at 1e-20 loses forty of them


@dataclass(frozen=True)
class Exhibit:
    """A program at one number: the slope a tape *computed*, and the *true* slope of the function meant."""

    x: float
    value: float
    computed: float
    true: float


def identity_by_cases(x: Number) -> Number:
    """x, written with an if: the branch for 0 multiplies by 0."""
    return 0 * x if x == 0 else x


def identity_by_corners(x: Number) -> Number:
    """x, written as relu(x) − relu(−x): two corners meet at 0."""
    return relu(x) - relu(-x)


def flat_top(x: Number) -> Number:
    """(1 − cos x) / x²: close to 0 almost all digits of 1 − cos x cancel."""
    return (1 - cos(x)) / (x * x)


_MEANT: dict[str, tuple[Callable[[Number], Number], sp.Expr]] = {
    "cases": (identity_by_cases, sp.Symbol("x")),
    "corners": (identity_by_corners, sp.Symbol("x")),
    "cancellation": (flat_top, (1 - sp.cos(sp.Symbol("x"))) / sp.Symbol("x") ** 2),
}


def exhibit(name: Literal["cases", "corners", "cancellation"], x: float) -> Exhibit:
    """Run one of the three programs on a tape at *x*, beside the exact slope of the function it stands for.

    ValueError for an unknown name, a number that is not finite, and 0 for the cancellation (it divides by x²).
    """
    if name not in _MEANT:
        raise ValueError(f"the exhibits are {', '.join(_MEANT)}, not {name!r}")
    program, meant = _MEANT[name]
    symbol = sp.Symbol("x")
    computed = float(gradient_reverse(lambda inputs: program(inputs[0]), [x])[0])
    true = sp.diff(meant, symbol).subs(symbol, exact_number(x)).evalf(_DIGITS)
    return Exhibit(float(x), float(program(float(x))), computed, float(true))


@dataclass(frozen=True)
class Cancellation:
    """1 − cos x in floats: what is *left* after the subtraction, the *exact* difference, and how many decimal
    *digits* of it are right (0 to 17)."""

    x: float
    cosine: float
    left: float
    exact: float
    digits: int


def cancellation(x: float) -> Cancellation:
    """How many digits of 1 − cos x survive at *x*. ValueError where the difference is exactly 0, as at 0."""
    if not isfinite(x):
        raise ValueError(f"x is {x}, but it must be a finite number")
    exact = (1 - sp.cos(exact_number(x))).evalf(_DIGITS)
    if exact == 0:
        raise ValueError(f"1 − cos({x}) is exactly 0: no digits can be lost")
    cosine = float(cos(x))
    error = abs((sp.Float(1 - cosine, _DIGITS) - exact) / exact)
    digits = 17 if error == 0 else min(max(int(sp.floor(-sp.log(error, 10))), 0), 17)
    return Cancellation(float(x), cosine, 1 - cosine, float(exact), digits)
