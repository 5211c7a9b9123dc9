"""The chain rule: ratios multiply along a path, and paths add up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce

import sympy as sp

from vcalc_anim.core.exact import Exact, exact_number
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction


@dataclass(frozen=True)
class GearReading:
    """A gear train at one input, exact: what each shaft shows, and how much faster it turns than the one before.

    positions: k + 1 values, the input first; ratios: k slopes, each taken where its shaft stands; product: theirs.
    """

    positions: tuple[sp.Expr, ...]
    ratios: tuple[sp.Expr, ...]
    product: sp.Expr


@dataclass(frozen=True)
class GearTrain:
    """Functions one after the other, the innermost first. ValueError for an empty train."""

    stages: tuple[ScalarFunction, ...]

    def __post_init__(self) -> None:
        if not self.stages:
            raise ValueError("a gear train needs at least one stage")

    @cached_property
    def composite(self) -> ScalarFunction:
        """The whole train as one function."""
        return reduce(lambda inner, outer: outer.compose(inner), self.stages)

    def read(self, x: Exact) -> GearReading:
        """Turn the first shaft to *x*. ValueError where a stage is not defined or has no derivative."""
        positions, ratios = [exact_number(x, "input")], []
        for stage in self.stages:
            ratios.append(stage.derivative().exact(positions[-1]))
            positions.append(stage.exact(positions[-1]))
        return GearReading(tuple(positions), tuple(ratios), sp.prod(ratios))

    def nudge(self, x: Exact, h: Exact) -> tuple[sp.Expr, ...]:
        """By how much each position of :meth:`read` moves when the input goes from *x* to *x* + *h*, exact."""
        moved = exact_number(x, "input") + exact_number(h, "nudge")
        return tuple(b - a for a, b in zip(self.read(x).positions, self.read(moved).positions, strict=True))


@dataclass(frozen=True)
class Path:
    """One road from the input to the output: its two slopes and their product, exact."""

    inner_slope: sp.Expr
    outer_slope: sp.Expr

    @property
    def contribution(self) -> sp.Expr:
        """What this road adds to the total slope."""
        return self.inner_slope * self.outer_slope


@dataclass(frozen=True)
class PathReading:
    """All roads at one input: the *paths* in order and the *total*, the slope of the whole."""

    paths: tuple[Path, ...]
    total: sp.Expr


@dataclass(frozen=True)
class PathSum:
    """F(x) = outer(inner₁(x), …, innerₘ(x)), where the input reaches the output on m roads.

    Raises ValueError unless there is one inner function for each variable of *outer*, all of one variable.
    """

    outer: ScalarField
    inner: tuple[ScalarFunction, ...]

    def __post_init__(self) -> None:
        if len(self.inner) != self.outer.dimension:
            raise ValueError(
                f"{self.outer.expression} has {self.outer.dimension} variables, but {len(self.inner)} inner "
                "functions are given: one a variable is expected"
            )
        if len({function.variable for function in self.inner}) != 1:
            raise ValueError("the inner functions must have the same variable: they share one input")

    @cached_property
    def composite(self) -> ScalarFunction:
        """F as one function of the input."""
        inner = dict(zip(self.outer.variables, (f.expression for f in self.inner), strict=True))
        return ScalarFunction(self.outer.expression.subs(inner, simultaneous=True), self.inner[0].variable)

    def read(self, x: Exact) -> PathReading:
        """The slope of F at *x* as the sum over all roads, exact."""
        values = dict(zip(self.outer.variables, (f.exact(x) for f in self.inner), strict=True))
        slopes = [partial.subs(values, simultaneous=True) for partial in self.outer.partials]
        if not all(slope.is_finite for slope in slopes):
            raise ValueError(
                f"{self.outer.expression} has no finite partial derivatives at {tuple(values.values())}"
            )
        paths = tuple(
            Path(function.derivative().exact(x), slope)
            for function, slope in zip(self.inner, slopes, strict=True)
        )
        return PathReading(paths, sp.Add(*(path.contribution for path in paths)))
