"""Straight slices through a field: freezing variables, or walking along a line, leaves a function of one variable."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from vcalc_anim.core.exact import Exact, exact_number
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction


def line_slice(
    field: ScalarField, point: Sequence[Exact], direction: Sequence[Exact], parameter: str = "t"
) -> ScalarFunction:
    """t ↦ f(point + t·direction), exact: the curve where a vertical plane cuts the graph.

    ValueError for a zero direction or a wrong number of coordinates.
    """
    if not len(point) == len(direction) == field.dimension:
        raise ValueError(
            f"point and direction need {field.dimension} coordinates each, not {len(point)}, {len(direction)}"
        )
    way = [exact_number(step, "direction") for step in direction]
    if not any(way):
        raise ValueError("the direction is the zero vector and leads nowhere")
    t = sp.Symbol(parameter, real=True)
    return _along(
        field, [exact_number(here, "point") + t * step for here, step in zip(point, way, strict=True)], t
    )


def partial_slice(field: ScalarField, variable: str, point: Sequence[Exact]) -> ScalarFunction:
    """The field as a function of *variable* alone, all others frozen at *point*; ∂f/∂variable is its derivative.

    >>> partial_slice(ScalarField.from_text("x**2*y + 3*y"), "x", (2, 1)).typst
    'x^2 + 3'
    """
    names = [symbol.name for symbol in field.variables]
    if variable not in names:
        raise ValueError(f"the field has no variable {variable}: it has {', '.join(names)}")
    if len(point) != len(names):
        raise ValueError(f"{len(point)} coordinates are given, but the field has {len(names)} variables")
    free = field.variables[names.index(variable)]
    places = [
        free if symbol == free else exact_number(here, "point")
        for symbol, here in zip(field.variables, point, strict=True)
    ]
    return _along(field, places, free)


def _along(field: ScalarField, places: Sequence[sp.Expr], variable: sp.Symbol) -> ScalarFunction:
    substituted = field.expression.subs(dict(zip(field.variables, places, strict=True)), simultaneous=True)
    if isinstance(substituted, sp.Piecewise):  # t³/2t² is t/2: only cancelled does its limit at the seam show
        substituted = sp.Piecewise(
            *((sp.cancel(branch), condition) for branch, condition in substituted.args)
        )
    return ScalarFunction(substituted, variable)
