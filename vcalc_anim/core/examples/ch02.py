"""Chapter 2, Taylor series: pins, the order slider, walls, and what learning takes from it."""

from __future__ import annotations

from math import log
from typing import Final

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction

PIN_ORDERS: Final = (0, 1, 2, 3, 4)
SINE_ORDERS: Final = (1, 3, 5, 7, 9)
SINE_TOLERANCE: Final = 0.01
SINE_DERIVATIVE_BOUND: Final = 1.0  # |sin| and |cos| never exceed it
LOG_ORDERS: Final = (1, 5, 10, 20)
LOG_INSIDE, LOG_OUTSIDE = 0.5, 1.5
RUNGE_ORDERS: Final = (10, 20, 40)
RUNGE_OUTSIDE: Final = 1.1

VALLEY: Final = ScalarFunction.from_text("exp(x) - 2*x")
VALLEY_START: Final = 2.0
VALLEY_MINIMUM: Final = log(2)
VALLEY_LEARNING_RATE: Final = 0.1
VALLEY_STEPS: Final = 5
HILLTOP_START: Final = 0.5  # from here Newton climbs to the ridge between the two valleys

#: |1/(1 + z²)| over the complex plane z = x + iy: on the real line the function itself, with poles at ±i.
RUNGE_MODULUS: Final = ScalarField.from_text("1/sqrt((1 + x**2 - y**2)**2 + 4*x**2*y**2)")
#: A surface to meet the tangent plane and the second-order sheet at a point, and the widest step from there.
SURFACE: Final = ScalarField.from_text("x**2*y + 3*y")
SURFACE_POINT: Final = (2.0, 1.0)
SURFACE_REACH: Final = 1.0
#: The valley of the quiz: value and slope where the walker stands, and two curvatures.
QUIZ_SLOPE, QUIZ_CURVATURES = 1.0, (1.0, 3.0)
QUIZ_STANDS_AT, QUIZ_HEIGHT = 2.2, 1.6
QUIZ_LEARNING_RATE: Final = 0.6
