"""Chapter 0: what a gradient tells, single steps downhill, three walkers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.descent import Status, descend
from vcalc_anim.core.examples import ch00, ch04
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.questions.answers import Answer, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.secants import central_slope
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import angle_between

_THETA = sp.Symbol("theta", real=True)
_ADDED = 100


@check
def what_a_gradient_tells() -> Facts:
    """On the bowl: along the gradient the loss rises fastest; it misses the minimum, and no value is in it."""
    bowl, start = ch04.BOWL, np.array(ch04.BOWL_START)
    gradient = bowl.gradient(start)
    angles = np.linspace(0, 2 * np.pi, 721)
    around = start + 1e-4 * np.column_stack([np.cos(angles), np.sin(angles)])
    steepest = around[np.argmax(bowl(around))] - start
    lifted = type(bowl)(bowl.expression + _ADDED, bowl.variables)
    miss = angle_between(-gradient, -start)  # the minimum is at the origin
    return Facts(
        {
            "rises_fastest": bool(angle_between(steepest, gradient) < np.radians(0.5)),
            "falls_fastest": bool(bowl(start + 1e-4 * gradient) < bowl(start)),
            "minimum_lies_there": bool(miss < np.radians(1) or np.allclose(gradient, -start)),
            "value_of_the_loss": not np.allclose(lifted.gradient(start), gradient),
        },
        {"added": show(_ADDED)},
    )


@check
def level_ground() -> Facts:
    """In two valleys a walker comes to rest on level ground that is not the lowest, with a loss that is not 0."""
    loss = ch00.VALLEYS
    run = descend(loss.field, [ch00.VALLEY_STARTS[1]], ch00.VALLEY_LEARNING_RATE, 200)
    other = descend(loss.field, [ch00.VALLEY_STARTS[0]], ch00.VALLEY_LEARNING_RATE, 200)
    rest, height = float(run.points[-1, 0]), float(run.values[-1])
    smaller = descend(loss.field, [ch00.VALLEY_STARTS[1]], ch00.VALLEY_LEARNING_RATE / 10, 1000)
    return Facts(
        {
            "level_here": abs(float(loss.slope(rest))) < 1e-9,
            "lowest_valley": height <= float(other.values[-1]),
            "loss_is_zero": abs(height) < 1e-9,
            "rate_too_small": not np.isclose(float(smaller.points[-1, 0]), rest, atol=1e-6),
        }
    )


@check
def three_walkers() -> Facts:
    """Of the three learning rates only the last makes a walker leave."""
    runs = [descend(ch00.LOSS.field, [ch00.LOSS_START], rate, 60) for rate in ch00.WALKER_LEARNING_RATES]
    left, middle, right = (run.status is not Status.CONVERGING for run in runs)
    return Facts(
        {
            "right_only": (left, middle, right) == (False, False, True),
            "middle_and_right": (left, middle, right) == (False, True, True),
            "left_only": (left, middle, right) == (True, False, False),
            "none": not (left or middle or right),
        },
        {"steps": show(2)},
    )


@dataclass(frozen=True)
class OneStep(Template):
    """One step of gradient descent on L = a θ², from θ with learning rate α."""

    a: sp.Expr
    theta: sp.Expr
    alpha: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> OneStep:
        return cls(
            numbers.whole(1, 5), numbers.whole(-9, 9, but=(-1, 0, 1)), numbers.one_of(0.1, 0.2, 0.05, 0.25)
        )

    @property
    def loss(self) -> ScalarFunction:
        return ScalarFunction(self.a * _THETA**2, _THETA)

    @property
    def slope(self) -> sp.Expr:
        return self.loss.derivative().exact(self.theta)

    def refusal(self) -> str:
        return "" if 0 < self.a * self.alpha < 1 else "the steps do not settle: take smaller a or alpha"

    def shown(self) -> dict[str, str]:
        return {"loss": to_typst(self.loss.expression), "slope": show(self.slope)}

    @property
    def right(self) -> Answer:
        return number(self.theta - self.alpha * self.slope)

    def confirms(self, right: Answer) -> bool:
        run = descend(self.loss.field, [float(self.theta)], float(self.alpha), 1)
        return bool(np.isclose(run.points[1, 0], float(right.value)))

    @mistake
    def climbs(self) -> Answer:
        return number(self.theta + self.alpha * self.slope)

    @mistake
    def forgets_the_learning_rate(self) -> Answer:
        return number(self.theta - self.slope)

    @mistake
    def steps_by_the_loss(self) -> Answer:
        return number(self.theta - self.alpha * self.loss.exact(self.theta))


@dataclass(frozen=True)
class StepFactor(Template):
    """What one step of gradient descent on L = a θ² multiplies θ by."""

    a: sp.Expr
    alpha: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> StepFactor:
        return cls(numbers.whole(1, 9), numbers.one_of(0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4))

    def refusal(self) -> str:
        return "" if 0 < self.a * self.alpha < 1 else "the steps do not settle: take smaller a or alpha"

    def shown(self) -> dict[str, str]:
        return {"loss": to_typst(self.a * _THETA**2), "slope": to_typst(2 * self.a * _THETA)}

    @property
    def right(self) -> Answer:
        return number(1 - 2 * self.a * self.alpha)

    def confirms(self, right: Answer) -> bool:
        loss = ScalarFunction(self.a * _THETA**2, _THETA)
        start = sp.Integer(3)
        landed = start - self.alpha * central_slope(loss, start, sp.Rational(1, 10))
        return bool(landed == right.value * start)

    @mistake
    def forgets_the_two(self) -> Answer:
        return number(1 - self.a * self.alpha)

    @mistake
    def forgets_where_it_stood(self) -> Answer:
        return number(-2 * self.a * self.alpha)

    @mistake
    def climbs(self) -> Answer:
        return number(1 + 2 * self.a * self.alpha)
