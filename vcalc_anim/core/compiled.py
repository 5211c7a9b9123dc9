"""Formulas as fast functions of arrays of points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import sympy as sp

from vcalc_anim.core.vectors import Array

Compiled = Callable[[Array], Array]


def compiled(expressions: Sequence[sp.Expr], variables: Sequence[sp.Symbol]) -> Compiled:
    """The k *expressions* as one function of points (..., n): their values (..., k), nan or inf where undefined."""
    evaluate = sp.lambdify(variables, list(expressions), modules="numpy")

    def at(points: Array) -> Array:
        with np.errstate(all="ignore"):
            parts = evaluate(*np.moveaxis(points, -1, 0))
        values = np.empty((*points.shape[:-1], len(parts)))
        for index, part in enumerate(parts):
            values[..., index] = part  # a constant comes back as one number: broadcast it
        return values

    return at
