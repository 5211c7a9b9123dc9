"""Every local slope in the table against differences to second order; and a slope wrong by 0.05 % must be noticed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from vcalc_anim.core import check_grads, gradient_reverse, jacobian_forward
from vcalc_anim.core.elementary import COS, EXP, LOG, RELU, SIGMOID, SIN, SQRT, TANH
from vcalc_anim.core.gradient_check import GradientMismatch
from vcalc_anim.core.primitives import ADD, DIVIDE, MULTIPLY, NEGATE, SUBTRACT, Primitive, apply, power

TABLE = [ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, EXP, LOG, SQRT, SIN, COS, TANH, SIGMOID, RELU]
TABLE += [power(exponent) for exponent in (-2, 1, 2, 3)]
POINT = np.array([0.7, 1.3])


def slightly_wrong(primitive: Primitive) -> Primitive:
    return dataclasses.replace(
        primitive, slopes=lambda *numbers: tuple(1.0005 * slope for slope in primitive.slopes(*numbers))
    )


def check(primitive: Primitive) -> None:
    """A program in which the operation is met twice, so that its slopes are also multiplied with each other."""

    def program(inputs):
        x, y = inputs
        inner = apply(primitive, x * y + 0.5, y) if primitive.arity == 2 else apply(primitive, x * y + 0.5)
        return apply(primitive, *(0.25 * inner + 1.0, x)[: primitive.arity])

    def value(point):
        return float(program(point.tolist()))

    for gradient in (
        lambda point: gradient_reverse(program, point),
        lambda point: jacobian_forward(program, point).matrix[0],
    ):
        check_grads(value, gradient, POINT)


@pytest.mark.parametrize("primitive", TABLE, ids=lambda primitive: primitive.name)
def test_slopes_agree_with_differences_to_second_order(primitive):
    check(primitive)


@pytest.mark.parametrize("primitive", TABLE, ids=lambda primitive: primitive.name)
def test_a_slope_wrong_by_half_a_thousandth_is_noticed(primitive):
    with pytest.raises(GradientMismatch):
        check(slightly_wrong(primitive))


def test_the_table_is_complete():
    from vcalc_anim.core import elementary, primitives

    known = {
        thing.name
        for module in (elementary, primitives)
        for thing in vars(module).values()
        if isinstance(thing, Primitive) and not thing.on_arrays
    }
    assert known == {primitive.name for primitive in TABLE} - {"pow-2", "pow1", "pow3"}
