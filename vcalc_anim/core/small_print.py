"""Where automatic differentiation is right about the run and wrong about the idea."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import sympy as sp

from vcalc_anim.core.elementary import cos, relu
from vcalc_anim.core.exact import exact_number
from vcalc_anim.core.passes import gradient_reverse
from vcalc_anim.core.primitives import Number
from vcalc_anim.core.provenance import written
from vcalc_anim.core.typst import to_typst

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
    if x == 0:
        y = 0 * x
    else:
        y = x
    return y


def branches() -> tuple[str, ...]:
    """The lines of :func:`identity_by_cases`, as they are shown."""
    return tuple(written(line) for line in ("if x == 0:", "    y = 0 * x", "else:", "    y = x"))


def identity_by_corners(x: Number) -> Number:
    """x, written as relu(x) − relu(−x): two corners meet at 0."""
    return relu(x) - relu(-x)


def flat_top(x: Number) -> Number:
    """(1 − cos x) / x²: close to 0 almost all digits of 1 − cos x cancel."""
    return (1 - cos(x)) / (x * x)


def corner_slopes() -> tuple[str, Mapping[str, float]]:
    """The slope of a ReLU at its corner as three functions of PyTorch give it, and the version that was asked."""
    slopes = {"torch.relu": 0.0, "torch.maximum": 0.5, "torch.clamp": 1.0}
    return written("PyTorch 2.13"), slopes


_MEANT: dict[str, tuple[Callable[[Number], Number], sp.Expr]] = {
    "cases": (identity_by_cases, sp.Symbol("x")),
    "corners": (identity_by_corners, sp.Symbol("x")),
    "cancellation": (flat_top, (1 - sp.cos(sp.Symbol("x"))) / sp.Symbol("x") ** 2),
}


def meant_typst(name: Literal["cases", "corners", "cancellation"]) -> str:
    """The function that an exhibit stands for, as Typst maths."""
    return to_typst(_MEANT[name][1])


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

    @property
    def typst(self) -> str:
        """The difference as Typst maths."""
        return to_typst(1 - sp.cos(sp.Symbol("x")))

    @property
    def digits_text(self) -> str:
        """The significant digits of what is left, without its power of ten: ``4.995834721974179``."""
        return written(f"{self.left:.15e}".partition("e")[0])


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
