"""Chapter 8: blame at one weight, roads that join, a ReLU layer, and why it is cheap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.differences import central_difference, numerical_jacobian
from vcalc_anim.core.examples import ch08
from vcalc_anim.core.layers import relu_layer
from vcalc_anim.core.provenance import written
from vcalc_anim.core.questions.answers import Answer, matrix, number, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.tape import Tape
from vcalc_anim.core.vectors import Array

_LONG = (2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0)


@check
def why_backprop_is_cheap() -> Facts:
    """A product of many factors: one sweep visits each edge once and is exact; separately it is far more work."""
    tape = Tape()
    factors = [tape.variable(f"x{index}", value) for index, value in enumerate(_LONG)]
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    sweep = tape.backward(product)
    found = np.array([sweep.adjoint(factor) for factor in factors])
    exact = bool(np.allclose(found, np.prod(_LONG) / np.array(_LONG), rtol=1e-12))
    edges = 2 * (len(_LONG) - 1)
    visits = len(sweep.steps)
    first, other = ch08.loss_graph(), ch08.loss_graph(w=ch08.W + 1)
    needs_values = first.backward().adjoint(first.w) != other.backward().adjoint(other.w)
    separately = len(_LONG) * (len(_LONG) - 2)
    return Facts(
        {
            "reuses_what_is_shared": exact and visits <= edges < separately,
            "approximates": not exact,
            "runs_in_parallel": visits > edges,  # one pass for each input would visit edges again and again
            "needs_no_forward_values": not needs_values,
        },
        {"two": show(2)},
    )


@check
def why_values_are_kept() -> Facts:
    """The local slopes are made from the values of the run forward."""
    slopes = []
    for w, x in ((ch08.W, ch08.X), (ch08.W + 1, ch08.X), (ch08.W, ch08.X + 1)):
        graph = ch08.loss_graph(w=w, x=x)
        slopes.append(tuple(step.local for step in graph.backward().steps))
    depends = len({*slopes}) == len(slopes)
    graph = ch08.loss_graph()
    sweep = graph.backward()
    blame = float(sweep.adjoint(graph.r))
    return Facts(
        {
            "slopes_are_made_from_them": depends,
            "added_to_the_blame": bool(np.isclose(blame, 2 * graph.r.value + graph.r.value)),
            "weights_are_restored": graph.w.value != ch08.W,  # a sweep would have to change them first
            "loss_is_computed_again": bool(np.isclose(blame, graph.loss.value)),
        }
    )


@check
def blame_through_a_sum() -> Facts:
    """Five arrives at r; the comparison and the sum hand it to b unchanged."""
    graph = ch08.loss_graph()
    sweep = graph.backward()
    arrived, at_b = (sp.Rational(str(float(sweep.adjoint(var)))) for var in (graph.r, graph.b))
    nudged = central_difference(lambda b: float(ch08.loss_graph(b=b).loss.value), ch08.B, 1e-4)
    values = {
        "unchanged": arrived,
        "times_the_input": arrived * sp.Rational(str(ch08.X)),
        "times_its_own_value": arrived * sp.Rational(str(ch08.B)),
        "local_slope_alone": sp.Integer(1),
    }
    return Facts(
        {
            name: bool(value == at_b) and bool(np.isclose(float(value), nudged))
            for name, value in values.items()
        },
        {"arrived": show(arrived), **{name: show(value) for name, value in values.items()}},
    )


@dataclass(frozen=True)
class BlameOfAWeight(Template):
    """∂L/∂w for L = (w x + b − y)²."""

    w: sp.Expr
    x: sp.Expr
    b: sp.Expr
    y: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> BlameOfAWeight:
        inputs = numbers.one_of(0.5, 1.5, 2, 3, -1, -2), numbers.whole(-4, 5, but=(0, 1))
        return cls(*inputs, numbers.whole(-3, 4), numbers.whole(-4, 5))

    @property
    def residual(self) -> sp.Expr:
        return self.w * self.x + self.b - self.y

    def shown(self) -> dict[str, str]:
        own = {"r": show(self.residual), "loss": show(self.residual**2), "at_r": show(2 * self.residual)}
        return {"L": written("(w x + b - y)^2"), **own}

    @property
    def right(self) -> Answer:
        return number(2 * self.residual * self.x)

    def confirms(self, right: Answer) -> bool:
        w, b, x, y = (float(value) for value in (self.w, self.b, self.x, self.y))
        graph = ch08.loss_graph(w, b, x, y)
        return bool(np.isclose(graph.backward().adjoint(graph.w), float(right.value)))

    @mistake
    def forgets_the_input(self) -> Answer:
        return number(2 * self.residual)

    @mistake
    def loses_the_two(self) -> Answer:
        return number(self.residual * self.x)

    @mistake
    def multiplies_by_the_weight(self) -> Answer:
        return number(2 * self.residual * self.w)


@dataclass(frozen=True)
class ReluLayerGradient(Template):
    """∂L/∂W of a ReLU layer with sums (a, b), input (c, d) and what arrives (u, v)."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    d: sp.Expr
    u: sp.Expr
    v: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> ReluLayerGradient:
        inputs = numbers.whole(1, 5), numbers.whole(1, 5)
        arriving = numbers.whole(-4, 4, but=(0,)), numbers.whole(-4, 4, but=(0,))
        return cls(numbers.whole(-6, 6, but=(0,)), numbers.whole(-6, 6, but=(0,)), *inputs, *arriving)

    def refusal(self) -> str:
        good = self.a * self.b < 0
        return "" if good else "one gate must be open and one shut: take sums a and b with different signs"

    @property
    def delta(self) -> sp.ImmutableMatrix:
        return sp.ImmutableMatrix([self.u if self.a > 0 else 0, self.v if self.b > 0 else 0])

    @property
    def inputs(self) -> sp.ImmutableMatrix:
        return sp.ImmutableMatrix([[self.c, self.d]])

    @property
    def right(self) -> Answer:
        return matrix(self.delta * self.inputs)

    def confirms(self, right: Answer) -> bool:
        """A layer with these sums, every weight nudged."""
        x, arriving = [float(self.c), float(self.d)], [float(self.u), float(self.v)]
        weights = np.array([[float(self.a) / x[0], 0.0], [float(self.b) / x[0], 0.0]])

        def loss(flat: Array) -> float:
            return float(relu_layer(flat.reshape(2, 2), x, arriving).outputs @ arriving)

        found = numerical_jacobian(loss, weights.ravel(), 1e-6)[0].reshape(2, 2)
        return bool(np.allclose(found, np.array(right.value.tolist(), dtype=float), atol=1e-6))

    def shown(self) -> dict[str, str]:
        return {
            "sums": f"vec({show(self.a)}, {show(self.b)})",
            "x": f"vec({show(self.c)}, {show(self.d)})",
            "arriving": f"vec({show(self.u)}, {show(self.v)})",
            "delta": f"vec({show(self.delta[0])}, {show(self.delta[1])})",
        }

    @mistake
    def forgets_the_gate(self) -> Answer:
        return matrix(sp.ImmutableMatrix([self.u, self.v]) * self.inputs)

    @mistake
    def shuts_the_other_gate(self) -> Answer:
        other = sp.ImmutableMatrix([0 if self.a > 0 else self.u, 0 if self.b > 0 else self.v])
        return matrix(other * self.inputs)

    @mistake
    def transposes(self) -> Answer:
        return matrix((self.delta * self.inputs).T)


@dataclass(frozen=True)
class RoadsThatJoin(Template):
    """The blame at r for L = r · r + c r: three uses of r, all added."""

    r: sp.Expr
    c: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> RoadsThatJoin:
        return cls(numbers.whole(-6, 7, but=(0, 1)), numbers.whole(2, 9))

    @property
    def right(self) -> Answer:
        return number(2 * self.r + self.c)

    def confirms(self, right: Answer) -> bool:
        start = Tape().variable("r", float(self.r))
        loss = start * start + float(self.c) * start
        return bool(np.isclose(loss.tape.backward(loss).adjoint(start), float(right.value)))

    @mistake
    def keeps_the_last_road(self) -> Answer:
        return number(self.c)

    @mistake
    def takes_the_square_for_one_road(self) -> Answer:
        return number(self.r + self.c)

    @mistake
    def multiplies_the_roads(self) -> Answer:
        return number(self.r * self.r * self.c)
