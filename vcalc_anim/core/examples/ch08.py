"""Chapter 8: the graph L = (wx + b − y)², drawn in three variants, and one ReLU layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vcalc_anim.core.layers import relu_layer
from vcalc_anim.core.primitives import Number
from vcalc_anim.core.sweep import Sweep
from vcalc_anim.core.tape import Tape, Var

Variant = Literal["square", "fanout", "penalty"]

W: Final = 1.5
B: Final = 0.5
X: Final = 2.0
Y: Final = 1.0
LEARNING_RATE: Final = 0.05
#: A quarter of the loss is left, bounces for ever, grows.
LEARNING_RATES: Final = (LEARNING_RATE, 0.2, 0.25)


@dataclass(frozen=True, eq=False)
class LossGraph:
    """The recorded graph of one forward run: its *tape*, the four inputs, and what was computed on the way."""

    tape: Tape
    w: Var
    x: Var
    b: Var
    y: Var
    z: Var
    a: Var
    r: Var
    loss: Var

    def backward(self, *, overwrite: bool = False) -> Sweep:
        """Send the blame back; *overwrite* forgets to add at forks."""
        return self.tape.backward(self.loss, overwrite=overwrite)


def loss_graph(
    w: Number = W, b: Number = B, x: Number = X, y: Number = Y, *, variant: Variant = "square"
) -> LossGraph:
    """z = wx, a = z + b, r = a − y, and the loss: r² as one box, r·r with a fork at r, or r·r + w² with two forks.

    The numbers may be floats, fractions or symbols.
    """
    tape = Tape()
    weight, inputs = tape.variable("w", w), tape.variable("x", x)
    bias, target = tape.variable("b", b), tape.variable("y", y)
    z = (weight * inputs).named("z")
    a = (z + bias).named("a")
    r = (a - target).named("r")
    if variant == "square":
        loss = r**2
    elif variant == "fanout":
        loss = r * r
    elif variant == "penalty":
        loss = (r * r).named("r²") + (weight * weight).named("w²")
    else:
        raise ValueError(f"the variant is {variant!r}, but square, fanout or penalty is expected")
    return LossGraph(tape, weight, inputs, bias, target, z, a, r, loss.named("L"))


def short_loss(w: Number = W, b: Number = B, x: Number = X, y: Number = Y) -> Var:
    """The same loss in two boxes, z = wx and L = (z + b − y)²: its graph fits beside a text."""
    tape = Tape()
    weight, inputs = tape.variable("w", w), tape.variable("x", x)
    bias, target = tape.variable("b", b), tape.variable("y", y)
    z = (weight * inputs).named("z")
    loss: Var = (z + bias - target) ** 2
    return loss.named("L")


def loss_program(inputs: Sequence[Number]) -> Number:
    """The loss as a program of (w, b), for the four ways to differentiate it."""
    w, b = inputs
    return (w * X + b - Y) ** 2


@dataclass(frozen=True)
class FitStep:
    """Where the dials stand after some steps against their blame, and the blame there."""

    w: float
    b: float
    loss: float
    w_blame: float
    b_blame: float


def fit_steps(learning_rate: float = LEARNING_RATE, steps: int = 3) -> tuple[FitStep, ...]:
    """Turn both dials against their blame *steps* times, the start included. ValueError for a negative number."""
    if steps < 0 or not learning_rate >= 0:
        raise ValueError(f"steps and learning rate must be at least 0, not {steps} and {learning_rate}")
    run, w, b = [], W, B
    for _ in range(steps + 1):
        graph = loss_graph(w, b)
        sweep = graph.backward()
        blame = sweep.adjoint(graph.w), sweep.adjoint(graph.b)
        run.append(FitStep(w, b, graph.loss.value, *blame))
        w, b = w - learning_rate * blame[0], b - learning_rate * blame[1]
    return tuple(run)


#: The gate of the first row is closed: its sum is −4.
RELU_LAYER: Final = relu_layer([[1.0, -2.0], [0.5, 1.0]], x=[2, 3], upstream=[1, -2])

#: Widths of two networks whose bills are compared, the input first.
DEEP_WIDTHS: Final = (256,) * 51
DIGIT_WIDTHS: Final = (784, 128, 64, 10)
DIAL_COUNTS: Final = (10, 1000, 1_000_000)
