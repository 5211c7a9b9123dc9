"""Chapter 4: the bowl of the gradient."""

from __future__ import annotations

from typing import Final

from vcalc_anim.core.fields import ScalarField

BOWL: Final = ScalarField.from_text("x**2 + 2*y**2")
BOWL_START: Final = (3.0, 2.0)
BOWL_LEARNING_RATE: Final = 0.15
#: Crawls, works, is the best, overshoots and converges, bounces for ever, diverges.
BOWL_LEARNING_RATES: Final = (0.02, BOWL_LEARNING_RATE, 1 / 3, 0.45, 0.5, 0.55)
BOWL_TOLERANCE: Final = 1e-6  # a run has arrived when f is below it

QUIZ_BOWL: Final = ScalarField.from_text("3*x**2 + y**2")
QUIZ_POINT: Final = (1.0, 2.0)
