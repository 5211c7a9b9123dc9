"""Piecewise formulas looked at closely: which piece holds beside a point, and where the pieces do not join smoothly."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

_SWITCHES = (sp.Max, sp.Min, sp.Abs)


def as_pieces(expression: sp.Expr) -> sp.Expr:
    """*expression* with max, min and absolute values written as cases: sympy differentiates those honestly."""
    return expression.rewrite(sp.Piecewise) if expression.has(*_SWITCHES) else expression


def seams(expression: sp.Expr, variable: sp.Symbol) -> tuple[sp.Expr, ...]:
    """The points where a case of *expression* ends, ascending. ValueError if they cannot be solved for."""
    points: set[sp.Expr] = set()
    for piecewise in expression.atoms(sp.Piecewise):
        for _, condition in piecewise.args:
            for relation in condition.atoms(sp.core.relational.Relational):
                solutions = sp.solveset(relation.lhs - relation.rhs, variable, sp.S.Reals)
                if not (solutions.is_FiniteSet or solutions.is_empty):
                    raise ValueError(
                        f"cannot tell where the case {relation} ends: write it as {variable} < number"
                    )
                points.update(solutions)
    return tuple(sorted(points, key=lambda point: float(point)))


def beside(expression: sp.Expr, variable: sp.Symbol, point: sp.Expr, side: int) -> sp.Expr:
    """The formula that holds just right (*side* 1) or just left (−1) of *point*, without cases."""
    if not expression.has(sp.Piecewise):
        return expression
    gaps = [abs(seam - point) for seam in seams(expression, variable) if seam != point]
    witness = point + side * min([sp.Integer(1), *gaps]) / 2  # nearer than the next seam: the same case holds
    return _piece_at(expression, variable, witness)


def limits(
    expression: sp.Expr, variable: sp.Symbol, point: sp.Expr, sides: Iterable[int] = (-1, 1)
) -> tuple[sp.Expr, ...]:
    """The exact limits of *expression* at *point* from the left and from the right."""
    return tuple(
        sp.limit(beside(expression, variable, point, side), variable, point, "+" if side > 0 else "-")
        for side in sides
    )


def kinks(expression: sp.Expr, variable: sp.Symbol, domain: sp.Set) -> tuple[sp.Expr, ...]:
    """The seams inside *domain* where the function jumps or its slope does, ascending."""
    slope = sp.diff(expression, variable)
    found = []
    for seam in seams(expression, variable):
        if not domain.contains(seam):
            continue
        values = {expression.subs(variable, seam), *limits(expression, variable, seam)}
        slopes = set(limits(slope, variable, seam))
        if len(values) > 1 or len(slopes) > 1 or not all(limit.is_finite for limit in slopes):
            found.append(seam)
    return tuple(found)


def without_kinks(expression: sp.Expr, variable: sp.Symbol, points: tuple[sp.Expr, ...]) -> sp.Expr:
    """*expression* whose cases leave the *points* out: x > 0 where it says x ≥ 0, or "otherwise" after x < 0."""
    strict = {variable >= point: variable > point for point in points}
    strict |= {variable <= point: variable < point for point in points}
    if (
        isinstance(expression, sp.Piecewise)
        and expression.args[-1][1] == sp.true
        and len(expression.args) == 2
    ):
        (first, condition), (second, _) = expression.args
        if sp.Not(condition) in strict:
            return sp.Piecewise((first, condition), (second, strict[sp.Not(condition)]))
    return expression.xreplace(strict)


def _piece_at(expression: sp.Expr, variable: sp.Symbol, point: sp.Expr) -> sp.Expr:
    def piece(piecewise: sp.Piecewise) -> sp.Expr:
        for branch, condition in piecewise.args:
            if condition.subs(variable, point) == sp.true:
                return _piece_at(branch, variable, point)
        return sp.nan

    return expression.replace(lambda part: isinstance(part, sp.Piecewise), piece)
