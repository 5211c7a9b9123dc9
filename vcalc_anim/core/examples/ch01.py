"""Chapter 1, derivatives: the square at 3, the gears at 1."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from vcalc_anim.core.chain import GearTrain
from vcalc_anim.core.functions import ScalarFunction

SLOPE_POINT: Final = 3
SECANT_GAPS: Final = (1, Fraction(1, 2), Fraction(1, 10), Fraction(1, 100))
ZOOM_HALF_WIDTHS: Final = (1.0, 0.1, 0.01, 0.001)
RIVAL_SLOPE: Final = 5

#: The side of the growing square, as a function: a square is the rectangle of this side with itself.
SIDE: Final = ScalarFunction.from_text("x")
SQUARE_GAPS: Final = (Fraction(1, 2), Fraction(1, 10))

GEARS: Final = GearTrain((ScalarFunction.from_text("3*x + 1"), ScalarFunction.from_text("u**2", "u")))
GEAR_POINT: Final = 1
GEAR_NUDGE: Final = Fraction(1, 100)
