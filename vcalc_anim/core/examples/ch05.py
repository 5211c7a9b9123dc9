"""Chapter 5: the chain rule on gears, on two roads, and through layers."""

from __future__ import annotations

from typing import Final

from vcalc_anim.core.chain import GearTrain, PathSum
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.networks import Activation, TwoLayerNet
from vcalc_anim.core.shapes import Shape

#: x → x² + 1 → its cube.
GEARS: Final = GearTrain((ScalarFunction.from_text("x**2 + 1"), ScalarFunction.from_text("x**3")))
GEARS_AT: Final = (1, 0.5)

#: x reaches f = g₁ g₂ by g₁ = x² and by g₂ = 3x + 1.
ROADS: Final = PathSum(
    ScalarField.from_text("u*v", ("u", "v")),
    (ScalarFunction.from_text("x**2"), ScalarFunction.from_text("3*x + 1")),
)
ROADS_AT: Final = 1

TWO_LAYERS: Final = TwoLayerNet(x=1, w1=0.5, b1=0, w2=2, b2=-1)

#: The row of a scalar loss, and ten layers of width 100, the output first.
TEN_JACOBIANS: Final[tuple[Shape, ...]] = ((1, 100),) + ((100, 100),) * 10

DEPTH: Final = 50
#: Activation and scale of the weights: falls, falls more slowly, lives, lives, fades.
DEPTH_RUNS: Final[tuple[tuple[Activation, float], ...]] = (
    ("sigmoid", 1.0),
    ("sigmoid", 4.0),
    ("tanh", 1.0),
    ("relu", 2**0.5),
    ("relu", 1.0),
)
EXPLODING_WEIGHT: Final = 8.0  # at z = 0 each layer doubles the slope

#: The gears of the quiz: h = sin after g = x² + 1, at a place where all four options differ.
QUIZ_GEARS: Final = GearTrain((ScalarFunction.from_text("x**2 + 1"), ScalarFunction.from_text("sin(x)")))
QUIZ_GEARS_AT: Final = 2
