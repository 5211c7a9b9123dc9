"""Answers as exact values with the text that shows them, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from vcalc_anim.core.exact import Exact, exact_number
from vcalc_anim.core.rounding import typst_number
from vcalc_anim.core.typst import to_typst

_DECIMALS = 4  # a number with more is shown as a fraction


@dataclass(frozen=True)
class Answer:
    """One answer: an exact number, formula or matrix *value*, and its Typst maths.

    ``at`` is the place where a formula is tried out: two formulas that agree there count as the same answer,
    because a student who tries them could not tell them apart.
    """

    value: sp.Basic
    typst: str
    at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """() for a number or formula."""
        return tuple(self.value.shape) if isinstance(self.value, sp.MatrixBase) else ()

    def is_same(self, other: Answer) -> bool:
        """Whether nobody could tell the two apart: equal values, equal at the tested place, or equal texts."""
        if "".join(self.typst.split()) == "".join(other.typst.split()):
            return True
        if self.shape != other.shape:
            return False
        difference = self.value - other.value
        places = [self.at] if self.at else []
        return any(_is_zero(difference.subs(place)) for place in [{}, *places])


def _is_zero(value: Any) -> bool:
    entries = list(value) if isinstance(value, sp.MatrixBase) else [value]
    expanded = [sp.expand(entry) for entry in entries]
    return all(entry == 0 or (not entry.is_polynomial() and sp.simplify(entry) == 0) for entry in expanded)


def show(value: Exact) -> str:
    """An exact number as Typst maths: a decimal where it ends soon, else a fraction.

    >>> show(sp.Rational(-3, 20)), show(sp.Rational(7, 6))
    ('-0.15', 'frac(7, 6)')
    """
    number = exact_number(value)
    scaled = number * 10**_DECIMALS
    if number.is_rational and scaled.is_integer:
        return typst_number(float(number), _DECIMALS, trim=True)
    return to_typst(number)


def number(value: Exact) -> Answer:
    """A number as an answer."""
    return Answer(exact_number(value), show(value))


def formula(expression: sp.Expr, at: Mapping[sp.Symbol, Exact]) -> Answer:
    """A formula as an answer, tried out *at* a place."""
    place = {symbol: exact_number(value) for symbol, value in at.items()}
    return Answer(sp.sympify(expression), to_typst(expression), place)


def vector(*entries: Exact) -> Answer:
    """A vector as an answer, written in a line: ``(6, 4)``."""
    column = sp.ImmutableMatrix([exact_number(entry) for entry in entries])
    return Answer(column, f"({', '.join(show(entry) for entry in column)})")


def matrix(entries: sp.MatrixBase) -> Answer:
    """A matrix as an answer."""
    table = sp.ImmutableMatrix(entries)
    rows = "; ".join(
        ", ".join(show(table[row, column]) for column in range(table.cols)) for row in range(table.rows)
    )
    return Answer(table, f'mat(delim: "[", {rows})')


def shape_of(rows: Exact, columns: Exact) -> Answer:
    """The shape of a matrix as an answer: ``2 times 3``."""
    sides = sp.ImmutableMatrix([[exact_number(rows), exact_number(columns)]])
    return Answer(sides, f"{show(rows)} times {show(columns)}")
