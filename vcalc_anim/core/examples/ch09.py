"""Chapter 9: the V-curve, Jacobians of three shapes, and the numbers of the small print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vcalc_anim.core.catalogue import SIN
from vcalc_anim.core.elementary import cos, exp, sin
from vcalc_anim.core.primitives import Number

NUDGE: Final = 1e-3  # of the contender that nudges
V_FIELD: Final = SIN.field
V_AT: Final = 1.0
#: From a step that shows the bend of the curve to one that is lost when added to 1, close enough to show the jitter.
V_STEPS: Final = tuple(10.0 ** (-number / 20) for number in range(6, 321))
SWELL_DEPTHS: Final = (1, 2, 3, 4, 5)

#: Close enough to 0 for every digit of 1 − cos x to cancel.
CANCELLING_AT: Final = 1e-8
#: On the way there: the digits vanish.
CANCELLING: Final = tuple(10.0**-exponent for exponent in range(1, 9))


def one_row(inputs: Sequence[Number]) -> Number:
    """Six inputs, one output: a loss."""
    a, b, c, d, e, f = inputs
    return a * b + sin(c) * d + e * e * f


def one_column(inputs: Sequence[Number]) -> list[Number]:
    """One input, six outputs."""
    (t,) = inputs
    return [t, t * t, sin(t), cos(t), exp(t), t * sin(t)]


def square_matrix(inputs: Sequence[Number]) -> list[Number]:
    """Three inputs, three outputs."""
    x, y, z = inputs
    return [x * y, y + z * z, sin(x) * z]


ROW_AT: Final = (1.0, 2.0, 0.5, -1.0, 3.0, 0.25)
COLUMN_AT: Final = (0.5,)
SQUARE_AT: Final = (1.0, 2.0, 3.0)
