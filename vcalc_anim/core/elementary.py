"""The elementary functions with their slopes, for programs that are run on numbers, symbols, duals or a tape."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import sympy as sp
from scipy.special import expit

from vcalc_anim.core.primitives import SQUARE, TOTAL, Number, Primitive, apply


def _by_kind(
    name: str,
    *,
    real: Callable[[float], float],
    array: Callable[[Number], Number],
    exact: Callable[..., sp.Expr],
) -> Callable[[Number], Number]:
    """One function for every kind of plain number; outside its domain or range it says so."""

    def evaluate(x: Number) -> Number:
        if isinstance(x, sp.Basic):
            return exact(x)
        try:
            if isinstance(x, np.ndarray):
                with np.errstate(all="raise", under="ignore"):
                    return array(x)
            return real(float(x))
        except (ValueError, OverflowError, FloatingPointError) as error:
            raise ValueError(f"{name}({x}) is not a finite real number: stay inside its domain") from error

    return evaluate


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    grown = math.exp(x)  # e^−x would overflow
    return grown / (1 + grown)


def _function(
    name: str,
    slope: Callable[[Number, Number], Number],
    *,
    real: Callable[[float], float] | None = None,
    array: Callable[[Number], Number] | None = None,
    exact: Callable[..., sp.Expr] | None = None,
) -> Primitive:
    evaluate = _by_kind(
        name,
        real=real or getattr(math, name),
        array=array or getattr(np, name),
        exact=exact or getattr(sp, name),
    )
    return Primitive(name, 1, evaluate, lambda value, x: (slope(value, x),))


def _relu(x: Number) -> Number:
    if isinstance(x, sp.Basic):
        return sp.Max(x, 0)
    return np.maximum(x, 0.0) if isinstance(x, np.ndarray) else (x if x > 0 else 0 * x)


def _relu_slope(value: Number, x: Number) -> Number:
    if isinstance(x, sp.Basic):
        return sp.Heaviside(x, 0)
    return (x > 0).astype(np.float64) if isinstance(x, np.ndarray) else int(x > 0)


def _sqrt_slope(value: Number, x: Number) -> Number:
    if np.any(value == 0):
        raise ValueError("sqrt has no slope at 0: its tangent is vertical there")
    return 1 / (2 * value)


EXP = _function("exp", lambda value, x: value)
LOG = _function("log", lambda value, x: 1 / x)
SQRT = _function("sqrt", _sqrt_slope)
SIN = _function("sin", lambda value, x: cos(x))
COS = _function("cos", lambda value, x: -sin(x))
TANH = _function("tanh", lambda value, x: 1 - value * value)
SIGMOID = _function(
    "sigmoid",
    lambda value, x: value * (1 - value),
    real=_sigmoid,
    array=expit,
    exact=lambda x: 1 / (1 + sp.exp(-x)),
)
#: At the corner the slope is taken to be 0, as the libraries do; it has none.
RELU = Primitive("relu", 1, _relu, lambda value, x: (_relu_slope(value, x),))


# -- for programs ------------------------------------------------------------------------------------------------


def exp(x: Number) -> Number:
    """e^x."""
    return apply(EXP, x)


def log(x: Number) -> Number:
    """The natural logarithm; ValueError for a number that is not positive."""
    return apply(LOG, x)


def sqrt(x: Number) -> Number:
    """The square root; it has no slope at 0."""
    return apply(SQRT, x)


def sin(x: Number) -> Number:
    """The sine of x radians."""
    return apply(SIN, x)


def cos(x: Number) -> Number:
    """The cosine of x radians."""
    return apply(COS, x)


def tanh(x: Number) -> Number:
    """The hyperbolic tangent."""
    return apply(TANH, x)


def sigmoid(x: Number) -> Number:
    """σ(x) = 1 / (1 + e^−x)."""
    return apply(SIGMOID, x)


def relu(x: Number) -> Number:
    """max(x, 0); at the corner its slope is taken to be 0."""
    return apply(RELU, x)


def square(x: Number) -> Number:
    """x², as one operation."""
    return apply(SQUARE, x)


def total(x: Number) -> Number:
    """The sum of all entries of an array."""
    return apply(TOTAL, x)
