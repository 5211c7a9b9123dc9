"""The functions of one variable that the course looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sympy as sp

from vcalc_anim.core.functions import ScalarFunction

_X = sp.Symbol("x", real=True)

SQUARE: Final = ScalarFunction.from_text("x**2")
CUBE: Final = ScalarFunction.from_text("x**3")
QUARTIC: Final = ScalarFunction.from_text("x**4")
#: Two valleys of different depth with a ridge between them.
TWO_VALLEY: Final = ScalarFunction.from_text("x**4/20 - x**2/2 + x/5")
EXP: Final = ScalarFunction.from_text("exp(x)")
LN: Final = ScalarFunction.from_text("ln(x)")
SHIFTED_LN: Final = ScalarFunction.from_text("ln(1 + x)")
SIN: Final = ScalarFunction.from_text("sin(x)")
SIGMOID: Final = ScalarFunction.from_text("1/(1 + exp(-x))")
TANH: Final = ScalarFunction.from_text("tanh(x)")
#: Two straight lines and a corner at 0, where it has two slopes and no derivative.
RELU: Final = ScalarFunction(sp.Piecewise((0, _X < 0), (_X, True)), _X)
#: Smooth on the whole line, and yet its Taylor series at 0 stops converging at 1: it has poles at ±i.
RUNGE: Final = ScalarFunction.from_text("1/(1 + x**2)")
#: Every derivative at 0 is 0, and yet the function is not: smooth, but not analytic.
FLAT: Final = ScalarFunction(sp.Piecewise((sp.exp(-1 / _X**2), sp.Ne(_X, 0)), (0, True)), _X)

#: What a parameter of a simulation may be called.
BY_NAME: Final[Mapping[str, ScalarFunction]] = {
    "square": SQUARE,
    "cube": CUBE,
    "quartic": QUARTIC,
    "valleys": TWO_VALLEY,
    "exp": EXP,
    "ln": LN,
    "shifted_ln": SHIFTED_LN,
    "sin": SIN,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "relu": RELU,
    "runge": RUNGE,
    "flat": FLAT,
}
