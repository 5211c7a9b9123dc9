"""How values of the core are written in the ledger: a true minus sign, trimmed decimals, powers of ten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from vcalc_anim.core import MINUS, rounded

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def num(value: Any, decimals: int = 4) -> str:
    """A number with at most so many decimals: 2.5, −4."""
    return rounded(float(value), decimals, trim=True).text


def nums(values: Iterable[Any], decimals: int = 4) -> str:
    """Numbers in a row: 2, 5, 2, −1."""
    return ", ".join(num(value, decimals) for value in values)


def vec(values: Iterable[Any], decimals: int = 4) -> str:
    """A vector: (6, −8)."""
    return f"({nums(values, decimals)})"


def mat(values: Any, decimals: int = 4) -> str:
    """A matrix, of numbers or of sympy: [[6, 1], [2, 3]]."""
    rows = np.array(values.tolist() if hasattr(values, "tolist") else values, dtype=float)
    return "[" + ", ".join(f"[{nums(row, decimals)}]" for row in rows) + "]"


def shape(values: Iterable[int]) -> str:
    """A shape: 2 × 3."""
    return " × ".join(str(side) for side in values)


def sci(value: float, decimals: int = 1) -> str:
    """A number as a power of ten: 7.9·10⁻³¹."""
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    power = f"10{str(int(exponent)).translate(_RAISED)}"
    return power if mantissa == "1" else f"{mantissa.replace('-', MINUS)}·{power}"
