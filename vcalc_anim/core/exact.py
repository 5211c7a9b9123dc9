"""Numbers taken exactly: one tenth stays one tenth."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
import sympy as sp

Exact = int | float | Fraction | sp.Expr
"""A number a caller may give: a float stands for the decimal it is written as (0.1 is one tenth)."""


def exact_number(value: Any, name: str = "number") -> sp.Expr:
    """*value* as an exact real sympy number. ValueError if it is not one: NaN, infinite, complex or with symbols."""
    match value:
        case bool() | np.bool_():
            raise ValueError(f"the {name} is {value}, but a number is expected")
        case sp.Expr():
            number = value
        case Integral():
            number = sp.Integer(int(value))
        case Fraction():
            number = sp.Rational(value.numerator, value.denominator)
        case Real():
            if not isfinite(value):
                raise ValueError(f"the {name} is {value}, but it must be a finite number")
            number = sp.Rational(repr(float(value)))
        case _:
            raise ValueError(f"the {name} is {value!r}, but one real number is expected")
    if not (number.is_number and number.is_finite and number.is_real):
        raise ValueError(f"the {name} is {value}, but it must be a finite real number")
    return number


def whole_number(value: Any, name: str, low: int, high: int) -> int:
    """*value* as an int; ValueError unless it is a whole number from *low* to *high*."""
    if (
        isinstance(value, (bool, np.bool_))
        or not isinstance(value, Integral)
        or not low <= int(value) <= high
    ):
        raise ValueError(f"the {name} is {value!r}, but it must be a whole number from {low} to {high}")
    return int(value)
