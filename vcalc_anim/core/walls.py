"""How far a Taylor series reaches: up to the nearest wall, which may stand in the complex plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from vcalc_anim.core.exact import Exact, exact_number
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.kinks import seams

_ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh)
_AROUND = 2  # of an infinite family of poles, how many on each side of the one nearest to the center


@dataclass(frozen=True)
class Convergence:
    """The Taylor series of *function* at *center* rebuilds it closer than *radius*, and not beyond.

    radius: exact, oo for an entire function, 0 where the function is not analytic at the center (its series, if it
    has one, then belongs to another function). walls: what stands in the way, nearest: singularities, exact complex
    numbers, and points where the formula changes to another case.
    """

    function: ScalarFunction
    center: sp.Expr
    radius: sp.Expr
    walls: tuple[sp.Expr, ...]

    @property
    def analytic(self) -> bool:
        """Whether the series rebuilds the function around the center at all."""
        return bool(self.radius > 0)


def convergence(function: ScalarFunction, center: Exact) -> Convergence:
    """The radius of convergence at *center* and the singularities that set it.

    ValueError for a center outside the domain, and for a formula whose singularities cannot be found exactly.
    """
    point = exact_number(center, "center")
    function.exact(point)
    if point in function.kinks:
        return Convergence(function, point, sp.S.Zero, (point,))
    left, right = function.beside(point, -1), function.beside(point, 1)
    if left != right and sp.simplify(left - right) != 0:
        return Convergence(function, point, sp.S.Zero, (point,))
    z = sp.Symbol("z", complex=True)
    found = dict.fromkeys(
        [
            *_singularities(right.subs(function.variable, z), z, point),
            *seams(function.expression, function.variable),
        ]
    )
    walls = sorted(found, key=lambda wall: float(abs(wall - point)))
    if not walls:
        return Convergence(function, point, sp.oo, ())
    radius = sp.simplify(abs(walls[0] - point))
    nearest = tuple(wall for wall in walls if abs(float(abs(wall - point) - radius)) < 1e-12)
    return Convergence(function, point, radius, tuple(sorted(nearest, key=lambda wall: float(sp.im(wall)))))


def _singularities(expression: sp.Expr, z: sp.Symbol, center: sp.Expr) -> Iterator[sp.Expr]:
    """Poles, branch points and essential singularities of a formula in *z*; of infinitely many those near *center*."""
    for part in sp.preorder_traversal(expression):
        if not part.has(z) or part.is_Symbol or part.is_Add or part.is_Mul or part.func in _ENTIRE:
            continue
        if part.is_Pow and not part.exp.has(z):
            if not (part.exp.is_Integer and part.exp >= 0):
                for zero in _zeros(part.base, z, center):
                    if not _is_removable(expression, z, zero, pole=bool(part.exp.is_Integer)):
                        yield zero
        elif part.is_Pow:
            continue  # a number to a power: an exponential
        elif part.func is sp.log:
            yield from _zeros(part.args[0], z, center)
        elif part.func is sp.tan:
            yield from _zeros(sp.cos(part.args[0]), z, center)
        elif part.func is sp.tanh:
            yield from _zeros(sp.cosh(part.args[0]), z, center)
        elif part.func is sp.atan:
            yield from _zeros(1 + part.args[0] ** 2, z, center)
        else:
            raise ValueError(f"the singularities of {part.func.__name__} are not known here")


def _zeros(expression: sp.Expr, z: sp.Symbol, center: sp.Expr) -> list[sp.Expr]:
    solutions = sp.solveset(expression, z, sp.S.Complexes)
    found: list[sp.Expr] = []
    for family in solutions.args if isinstance(solutions, sp.Union) else (solutions,):
        if family.is_FiniteSet:
            found.extend(family)
        elif isinstance(family, sp.ImageSet) and family.base_sets == (sp.S.Integers,):
            found.extend(_nearest_members(family, center))
        elif not family.is_empty:
            raise ValueError(f"cannot find where {expression} is 0 in the complex plane")
    return [sp.simplify(zero) for zero in found]


def _nearest_members(family: sp.ImageSet, center: sp.Expr) -> Iterator[sp.Expr]:
    """The members of {a + bn : n whole} around the one nearest to *center*."""
    n = sp.Symbol("n", integer=True)
    start, step = family.lamda(0), sp.expand(family.lamda(n + 1) - family.lamda(n))
    if step.has(n):
        raise ValueError(
            f"the singularities {family} are not evenly spaced, so the nearest is not known here"
        )
    middle = round(float(sp.re((center - start) / step)))
    yield from (family.lamda(k) for k in range(middle - _AROUND, middle + _AROUND + 1))


def _is_removable(expression: sp.Expr, z: sp.Symbol, zero: sp.Expr, *, pole: bool) -> bool:
    """Whether the whole formula has a finite limit there from four sides, as sin(z)/z has at 0."""
    if not pole:
        return False
    step = sp.Symbol("step", positive=True)
    limits = {
        sp.simplify(sp.limit(expression.subs(z, zero + way * step), step, 0, "+"))
        for way in (1, -1, sp.I, -sp.I)
    }
    return len(limits) == 1 and all(limit.is_finite for limit in limits)
