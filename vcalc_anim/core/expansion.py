"""Taylor expansion of a field in several variables: the tangent plane, and the sheet that hugs the surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import sympy as sp

from vcalc_anim.core.exact import Exact, exact_number, whole_number
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.provenance import written
from vcalc_anim.core.typst import to_typst

_HIGHEST_ORDER = 12
_OFFSET = "offset"  # the name of a step along an axis while a text is put together


@dataclass(frozen=True)
class Expansion:
    """The Taylor expansion of *field* at *center*: ``terms[k]`` holds all its terms of degree k, exact."""

    field: ScalarField
    center: tuple[sp.Expr, ...]
    terms: tuple[sp.Expr, ...]

    @property
    def order(self) -> int:
        """The highest degree."""
        return len(self.terms) - 1

    @cached_property
    def polynomial(self) -> ScalarField:
        """The expansion as a field: at order 1 the tangent plane."""
        return ScalarField(sp.Add(*self.terms), self.field.variables)

    @cached_property
    def remainder(self) -> ScalarField:
        """f − P as a field; for a polynomial exact and factored, so that one sees where it is 0."""
        gap = self.field.expression - self.polynomial.expression
        return ScalarField(
            sp.factor(gap) if gap.is_polynomial(*self.field.variables) else gap, self.field.variables
        )

    @property
    def typst(self) -> str:
        """The expansion as Typst maths source in offsets: ``7 + 4 (x - 2) + 7 (y - 1)``."""
        steps = {
            variable: sp.Symbol(f"{_OFFSET}{axis}") + here
            for axis, (variable, here) in enumerate(zip(self.field.variables, self.center, strict=True))
        }
        # Expanded, because sympy has multiplied some brackets out already: in the offsets there are none.
        expanded = [sp.expand(term.subs(steps, simultaneous=True)) for term in self.terms]
        parts = [to_typst(part) for term in expanded if term != 0 for part in term.as_ordered_terms()]
        source = " + ".join(parts or ["0"]).replace(" + -", " - ")
        for axis, (variable, here) in enumerate(zip(self.field.variables, self.center, strict=True)):
            run = to_typst(variable - here)
            source = source.replace(f'"{_OFFSET}{axis}"', run if here == 0 else f"({run})")
        return written(source)

    def gap(self, offset: Sequence[Exact]) -> sp.Expr:
        """f − P at center + *offset* (n numbers), exact."""
        _check_length(offset, self.field)
        place = (here + exact_number(step, "offset") for here, step in zip(self.center, offset, strict=True))
        return self.remainder.expression.subs(dict(zip(self.field.variables, place, strict=True)))


def expand(field: ScalarField, center: Sequence[Exact], order: int = 2) -> Expansion:
    """The Taylor expansion of *field* at *center* (n numbers) up to total degree *order*.

    ValueError for a center of another length or outside the domain, and for an order not from 0 to 12.
    """
    degree = whole_number(order, "order of an expansion", 0, _HIGHEST_ORDER)
    _check_length(center, field)
    point = tuple(exact_number(value, "center") for value in center)
    place = dict(zip(field.variables, point, strict=True))
    offsets = [variable - here for variable, here in place.items()]
    terms = []
    for k in range(degree + 1):
        term = sp.S.Zero
        for axes in combinations_with_replacement(range(field.dimension), k):
            derivative = field.expression
            for axis in axes:
                derivative = sp.diff(derivative, field.variables[axis])
            slope = derivative.subs(place)
            if not slope.is_finite:
                raise ValueError(f"{field.expression} has no derivative of order {k} at {point}")
            repeats = sp.prod([sp.factorial(axes.count(axis)) for axis in set(axes)])
            term += slope / repeats * sp.prod([offsets[axis] for axis in axes])
        terms.append(term)
    return Expansion(field, point, tuple(terms))


def tangent_plane(field: ScalarField, point: Sequence[Exact]) -> Expansion:
    """The expansion of order 1: the plane that touches the graph at *point*. Raises as :func:`expand` does."""
    return expand(field, point, 1)


def _check_length(values: Sequence[Exact], field: ScalarField) -> None:
    if len(values) != field.dimension:
        raise ValueError(
            f"{len(values)} coordinates are given, but the field has {field.dimension} variables"
        )
