"""Round numbers for axes and contour levels."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isfinite

import numpy as np

from vcalc_anim.core.vectors import Array


def nice_ticks(low: float, high: float, target: int = 5) -> Array:
    """The multiples of 1, 2 or 5 · 10^k in [low, high], about *target* of them, ascending.

    The step is the one whose number of intervals over the range is nearest to *target* (as a ratio). Computed in
    decimals: each tick is the float nearest to its round number, so 0.3 and not 0.30000000000000004, and a bound
    that is a tick is included. Raises ValueError unless low < high are finite and target is at least 1.

    >>> nice_ticks(0, 1, 5)
    array([0. , 0.2, 0.4, 0.6, 0.8, 1. ])
    """
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"ticks need finite bounds with low < high, not {low} and {high}")
    if target < 1:
        raise ValueError(f"target is {target}, but at least 1 tick must be asked for")
    first, last = Decimal(repr(float(low))), Decimal(repr(float(high)))
    ideal = (last - first) / target
    power = ideal.adjusted()
    steps = [Decimal(digit).scaleb(power) for digit in (1, 2, 5, 10)]
    step = min(steps, key=lambda candidate: abs((candidate / ideal).ln()))
    start = int((first / step).to_integral_value(ROUND_CEILING))
    stop = int((last / step).to_integral_value(ROUND_FLOOR))
    return np.array([float(number * step) for number in range(start, stop + 1)]) + 0.0  # no −0.0
