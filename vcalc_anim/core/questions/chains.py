"""Chapter 5: slopes along roads and where they meet, layers in a row, gears."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.differences import central_difference
from vcalc_anim.core.examples import ch05
from vcalc_anim.core.networks import gradient_sizes, sigmoid_chain
from vcalc_anim.core.questions.answers import Answer, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.tape import Tape

_TURN = 5  # degrees
_LIVES = 1e-3  # a gradient of this size, of 1, still teaches something


@check
def slope_of_a_composite() -> Facts:
    """The four options for h(g(x)) at a place where they differ, against the nudged composite."""
    train, x = ch05.QUIZ_GEARS, ch05.QUIZ_GEARS_AT
    inner, outer = train.stages
    true = central_difference(lambda at: float(outer(float(inner(at)))), x, 1e-5)
    there = float(inner(x))
    slopes = {
        "outer_there_times_inner": float(outer.slope(there) * inner.slope(x)),
        "reads_the_outer_slope_too_early": float(outer.slope(x) * inner.slope(x)),
        "puts_one_into_the_other": float(outer.slope(float(inner.slope(x)))),
        "forgets_the_inner_slope": float(outer.slope(there)),
    }
    assert len({round(value, 6) for value in slopes.values()}) == len(slopes)
    return Facts({name: bool(np.isclose(value, true, atol=1e-6)) for name, value in slopes.items()})


@check
def what_makes_gradients_vanish() -> Facts:
    """Fifty layers: the same depth lives or dies, sigmoids vanish or explode; the factor per layer decides."""
    deep = ch05.DEPTH
    tanh, sigmoid, relu = (
        float(gradient_sizes(activation, scale=1.0, depth=deep).sizes[-1])
        for activation in ("tanh", "sigmoid", "relu")
    )
    exploding = float(sigmoid_chain(ch05.EXPLODING_WEIGHT, 0.0, deep)[-1])
    vanishing = float(sigmoid_chain(1.0, 0.0, deep)[-1])
    return Facts(
        {
            "factor_per_layer": exploding > 1 > _LIVES > vanishing and tanh > _LIVES > relu,
            "depth_alone": max(tanh, sigmoid, relu, exploding) < _LIVES,
            "weights_alone": max(tanh, sigmoid, relu) < _LIVES,  # all three have weights of the same size
            "sigmoid_alone": relu > _LIVES > max(sigmoid, exploding),
        },
        {"depth": show(deep)},
    )


@check
def gears_in_a_row() -> Facts:
    """Two wheels: what the last shaft turns when the first one is turned a little."""
    reading = ch05.GEARS.read(ch05.GEARS_AT[0])
    first, second = reading.ratios
    true = ch05.GEARS.composite.derivative().exact(ch05.GEARS_AT[0]) * _TURN
    turns = {
        "multiplies": first * second * _TURN,
        "adds_the_ratios": (first + second) * _TURN,
        "second_wheel_alone": second * _TURN,
        "first_wheel_alone": first * _TURN,
    }
    own = {"first": show(first), "second": show(second), "turn": show(_TURN)}
    return Facts(
        {name: bool(value == true) for name, value in turns.items()},
        {**own, **{name: show(value) for name, value in turns.items()}},
    )


@dataclass(frozen=True)
class TwoRoads(Template):
    """x reaches f on two roads; along the first the slopes are a and b, along the second c and d."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    d: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> TwoRoads:
        first = numbers.whole(-5, 6, but=(0, 1)), numbers.whole(-5, 6, but=(0, 1))
        return cls(*first, numbers.whole(-5, 6, but=(0, 1)), numbers.whole(-5, 6, but=(0, 1)))

    def shown(self) -> dict[str, str]:
        return {"upper": show(self.a * self.b), "lower": show(self.c * self.d)}

    @property
    def right(self) -> Answer:
        return number(self.a * self.b + self.c * self.d)

    def confirms(self, right: Answer) -> bool:
        """Record a program with these slopes at x = 0, and send the blame back."""
        start = Tape().variable("x", 0.0)
        upper, lower = (float(slope) * start + start**2 for slope in (self.a, self.c))
        end = float(self.b) * upper + float(self.d) * lower + upper * lower
        return bool(np.isclose(end.tape.backward(end).adjoint(start), float(right.value)))

    @mistake
    def multiplies_the_roads(self) -> Answer:
        return number(self.a * self.b * self.c * self.d)

    @mistake
    def adds_along_the_roads(self) -> Answer:
        return number(self.a + self.b + self.c + self.d)

    @mistake
    def takes_one_road(self) -> Answer:
        return number(self.a * self.b)


@dataclass(frozen=True)
class LayersInARow(Template):
    """n sigmoid layers of one neuron, each with weight w: the largest factor that the blame can keep."""

    n: sp.Expr
    w: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> LayersInARow:
        return cls(
            numbers.whole(2, 4), numbers.one_of(2, 3, 5, 6, 7, 8, 10, 12, 16, 18, 20, 24, 0.5, 1.5, 2.5)
        )

    def refusal(self) -> str:
        good = self.n.is_integer and 2 <= self.n <= 10 and self.w > 0
        return "" if good else "take 2 to 10 layers n, and a positive weight w"

    def shown(self) -> dict[str, str]:
        return {"slope": show(sp.Rational(1, 4)), "factor": show(self.w / 4)}

    @property
    def right(self) -> Answer:
        return number((self.w / 4) ** self.n)

    def confirms(self, right: Answer) -> bool:
        return bool(np.isclose(sigmoid_chain(float(self.w), 0.0, int(self.n))[-1], float(right.value)))

    @mistake
    def forgets_the_weights(self) -> Answer:
        return number(sp.Rational(1, 4) ** self.n)

    @mistake
    def counts_one_weight(self) -> Answer:
        return number(self.w / 4**self.n)

    @mistake
    def adds_the_factors(self) -> Answer:
        return number(self.n * self.w / 4)
