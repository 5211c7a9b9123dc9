"""The fields, networks and numbers that the course works with: each is written in its chapter's module, once."""

from vcalc_anim.core.examples.ch04 import (
    BOWL,
    BOWL_LEARNING_RATE,
    BOWL_LEARNING_RATES,
    BOWL_START,
    BOWL_TOLERANCE,
    QUIZ_BOWL,
    QUIZ_POINT,
)

__all__ = [
    "BOWL",
    "BOWL_LEARNING_RATE",
    "BOWL_LEARNING_RATES",
    "BOWL_START",
    "BOWL_TOLERANCE",
    "QUIZ_BOWL",
    "QUIZ_POINT",
]
