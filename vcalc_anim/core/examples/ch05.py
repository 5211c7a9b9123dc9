"""Chapter 5: the chain rule on gears, on two roads, and through layers."""

from __future__ import annotations

from typing import Final

from vcalc_anim.core.chain import GearTrain, PathSum
from vcalc_anim.core.elementary import sigmoid
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.networks import Activation, TwoLayerNet
from vcalc_anim.core.shapes import Shape
from vcalc_anim.core.tape import Tape, Var

#: x → x² + 1 → its cube.
GEARS: Final = GearTrain((ScalarFunction.from_text("x**2 + 1"), ScalarFunction.from_text("x**3")))
GEARS_AT: Final = (1, 0.5)

#: x reaches f = g₁ g₂ by g₁ = x² and by g₂ = 3x + 1.
ROADS: Final = PathSum(
    ScalarField.from_text("u*v", ("u", "v")),
    (ScalarFunction.from_text("x**2"), ScalarFunction.from_text("3*x + 1")),
)
ROADS_AT: Final = 1

#: Seven boxes in a row, each slope another one: larger, smaller, the other way round; 3/2 in all.
MACHINE: Final = GearTrain(
    tuple(
        ScalarFunction.from_text(text)
        for text in ("x**2 + 1", "x/2", "x**3", "2 - x", "x/2", "3 - 2*x", "x/2")
    )
)
MACHINE_AT: Final = 1

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


def roads_program(x: float = ROADS_AT) -> Var:
    """:data:`ROADS` as a recorded program: f = g₁ g₂.

    >>> roads_program().value
    4.0
    """
    start = Tape().variable("x", x)
    f: Var = (start**2).named("g1") * (3 * start + 1).named("g2")
    return f.named("f")


def two_layer_program(net: TwoLayerNet = TWO_LAYERS) -> Var:
    """The output of *net* as a recorded program of w₁ and x; a bias of 0 is left out.

    >>> round(two_layer_program().value, 4)
    0.5609
    """
    tape = Tape()
    z1 = _shifted(tape.variable("w1", net.w1) * tape.variable("x", net.x), net.b1).named("z1")
    a1: Var = sigmoid(z1).named("a1")
    z2 = _shifted(net.w2 * a1, net.b2).named("z2")
    y: Var = sigmoid(z2)
    return y.named("y")


def _shifted(value: Var, bias: float) -> Var:
    """value + bias as one would write it."""
    return value + bias if bias > 0 else value - abs(bias) if bias < 0 else value
