"""Maps of several variables and their Jacobians: what a map does close up is a linear map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.compiled import Compiled, compiled
from vcalc_anim.core.exact import Exact, exact_number, whole_number
from vcalc_anim.core.parsing import parse_expression
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array, as_point, as_points, read_only
from vcalc_anim.core.window import Window


@dataclass(frozen=True)
class VectorMap:
    """A map from n real numbers to m, given exactly by one formula an output.

    Row i of its Jacobian (m, n) is the derivative of output i, column j how all outputs answer to input j.
    Evaluation takes points (..., n); outside the domain the values are nan or inf, without a warning.
    """

    outputs: tuple[sp.Expr, ...]
    variables: tuple[sp.Symbol, ...]

    def __post_init__(self) -> None:
        names = [symbol.name for symbol in self.variables]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"a map needs at least one variable and each only once, not {names}")
        if not self.outputs:
            raise ValueError("a map needs at least one output")
        real = {symbol: sp.Symbol(symbol.name, real=True) for symbol in self.variables}
        outputs = tuple(sp.sympify(output).subs(real, simultaneous=True) for output in self.outputs)
        unknown = sorted({s.name for output in outputs for s in output.free_symbols - set(real.values())})
        if unknown:
            raise ValueError(f"the outputs contain {', '.join(unknown)}, but the variables are {names}")
        object.__setattr__(self, "outputs", outputs)
        object.__setattr__(self, "variables", tuple(real.values()))

    @classmethod
    def from_text(cls, *outputs: str, variables: tuple[str, ...] = ("x", "y")) -> VectorMap:
        """The map whose outputs are written in the texts, e.g. ``VectorMap.from_text("x**2 + y", "x*y")``."""
        symbols = tuple(sp.Symbol(name, real=True) for name in variables)
        return cls(tuple(parse_expression(output, symbols) for output in outputs), symbols)

    # -- exact ---------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the Jacobian, (outputs, inputs)."""
        return len(self.outputs), len(self.variables)

    @cached_property
    def jacobian_expression(self) -> sp.ImmutableMatrix:
        """The m×n matrix of partial derivatives."""
        return sp.ImmutableMatrix(sp.Matrix(self.outputs).jacobian(sp.Matrix(self.variables)))

    @cached_property
    def area_factor_expression(self) -> sp.Expr:
        """The determinant of the Jacobian. ValueError unless there are as many outputs as inputs."""
        if self.shape[0] != self.shape[1]:
            raise ValueError(
                f"an area factor needs as many outputs as inputs, but the Jacobian is {self.shape}"
            )
        return sp.expand(self.jacobian_expression.det())

    @property
    def typst(self) -> tuple[str, ...]:
        """The outputs as Typst maths source."""
        return tuple(to_typst(output) for output in self.outputs)

    def exact(self, point: tuple[Exact, ...]) -> tuple[sp.Expr, ...]:
        """The exact image of *point*."""
        return tuple(self._at(sp.Matrix(self.outputs), point))

    def exact_jacobian(self, point: tuple[Exact, ...]) -> sp.ImmutableMatrix:
        """The exact Jacobian at *point*."""
        return sp.ImmutableMatrix(self._at(self.jacobian_expression, point))

    def after(self, inner: VectorMap) -> VectorMap:
        """x ↦ self(inner(x)). ValueError unless *inner* has one output for each variable of this map."""
        if len(inner.outputs) != len(self.variables):
            raise ValueError(
                f"the inner map has {len(inner.outputs)} outputs, but the outer one takes {len(self.variables)}"
            )
        plugged = dict(zip(self.variables, inner.outputs, strict=True))
        return VectorMap(tuple(o.subs(plugged, simultaneous=True) for o in self.outputs), inner.variables)

    def gap(self, point: tuple[Exact, ...], offset: tuple[sp.Symbol, ...]) -> tuple[sp.Expr, ...]:
        """f(p + offset) − f(p) − J offset, exact, in the symbols of *offset*: what the linear map misses."""
        if len(offset) != len(self.variables):
            raise ValueError(
                f"the offset has {len(offset)} symbols, but the map has {len(self.variables)} inputs"
            )
        moved = {v: self._exact(p) + s for v, p, s in zip(self.variables, point, offset, strict=True)}
        linear = self.exact_jacobian(point) * sp.Matrix(offset)
        image = self.exact(point)
        return tuple(
            sp.expand(output.subs(moved, simultaneous=True) - start - step)
            for output, start, step in zip(self.outputs, image, linear, strict=True)
        )

    def around(self, point: tuple[Exact, ...]) -> VectorMap:
        """The map δ ↦ f(p + δ) − f(p) in the same symbols, exact and multiplied out.

        Close to a point it keeps the digits that a difference of two floats would lose.

        >>> VectorMap.from_text("x**2 + y", "x*y").around((3, 2)).outputs
        (x**2 + 6*x + y, x*y + 2*x + 3*y)
        """
        linear = self.exact_jacobian(point) * sp.Matrix(self.variables)
        missed = self.gap(point, self.variables)
        return VectorMap(tuple(sp.expand(a + b) for a, b in zip(linear, missed, strict=True)), self.variables)

    def image_area(self, corner: tuple[Exact, Exact], side: Exact) -> sp.Expr:
        """The exact area of the image of the square with lower left *corner* and a *side*, with orientation.

        It is the integral of the area factor: parts that the map mirrors count as negative.
        """
        if self.shape != (2, 2):
            raise ValueError(f"areas are for maps of the plane, but the Jacobian is {self.shape}")
        length = exact_number(side, "side")
        if length <= 0:
            raise ValueError(f"the side is {side}, but it must be above 0")
        low = [exact_number(c, "corner") for c in corner]
        ranges = [(v, c, c + length) for v, c in zip(self.variables, low, strict=True)]
        return sp.simplify(sp.integrate(self.area_factor_expression, *ranges))

    def area_ratio(self, corner: tuple[Exact, Exact], side: Exact) -> sp.Expr:
        """The exact :meth:`image_area` over the area of the square: it tends to det J as the square shrinks."""
        return self.image_area(corner, side) / exact_number(side, "side") ** 2

    def _at(self, matrix: sp.Matrix, point: tuple[Exact, ...]) -> sp.Matrix:
        if len(point) != len(self.variables):
            raise ValueError(
                f"the point has {len(point)} coordinates, but the map has {len(self.variables)} inputs"
            )
        values = {v: self._exact(p) for v, p in zip(self.variables, point, strict=True)}
        result = matrix.subs(values)
        if result.has(sp.zoo, sp.nan, sp.oo):
            raise ValueError(f"the map or its Jacobian is not defined at {point}")
        return result

    @staticmethod
    def _exact(coordinate: Exact) -> sp.Expr:
        return exact_number(coordinate, "coordinate")

    # -- on points -----------------------------------------------------------------------------------------------

    def __call__(self, points: npt.ArrayLike) -> Array:
        """Images of *points* (..., n), shape (..., m). ValueError for a wrong shape or a non-finite coordinate."""
        return self._value_function(as_points(points, len(self.variables)))

    def jacobian(self, points: npt.ArrayLike) -> Array:
        """Jacobians at *points* (..., n), shape (..., m, n). Raises as calling the map does."""
        checked = as_points(points, len(self.variables))
        return self._jacobian_function(checked).reshape(*checked.shape[:-1], *self.shape)

    def area_factor(self, points: npt.ArrayLike) -> Array:
        """det J at *points* (..., n), shape (...): negative where the map mirrors, 0 where it crushes flat."""
        self.area_factor_expression  # noqa: B018  (it checks the shape)
        return np.asarray(np.linalg.det(self.jacobian(points)))

    def linear_map(self, point: npt.ArrayLike) -> LinearMap:
        """What the map looks like close to one *point* (n,). ValueError where it is not finite."""
        at = as_point(point, len(self.variables))
        image, jacobian = self(at), self.jacobian(at)
        if not (np.isfinite(image).all() and np.isfinite(jacobian).all()):
            raise ValueError(f"the map or its Jacobian is not finite at {tuple(at.tolist())}")
        return LinearMap(read_only(at), read_only(image), read_only(jacobian))

    @cached_property
    def _value_function(self) -> Compiled:
        return compiled(self.outputs, self.variables)

    @cached_property
    def _jacobian_function(self) -> Compiled:
        return compiled(list(self.jacobian_expression), self.variables)

    # As for fields: an immutable value needs no copy, and compiled functions cannot be pickled.

    def __reduce__(self) -> tuple[type[VectorMap], tuple[tuple[sp.Expr, ...], tuple[sp.Symbol, ...]]]:
        return type(self), (self.outputs, self.variables)

    def __copy__(self) -> VectorMap:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> VectorMap:
        return self


@dataclass(frozen=True, eq=False)
class LinearMap:
    """p + δ ↦ image + Jδ: a map as seen through a microscope at *point* (n,); *jacobian* (m, n), *image* (m,)."""

    point: Array
    image: Array
    jacobian: Array

    def __call__(self, points: npt.ArrayLike) -> Array:
        """Images of *points* (..., n) under the linear map, (..., m)."""
        offsets = as_points(points, len(self.point)) - self.point
        return np.asarray(self.image + offsets @ self.jacobian.T)

    def respond(self, nudge: npt.ArrayLike) -> Array:
        """J·nudge for a *nudge* (..., n), shape (..., m): a unit nudge of input j brings out column j."""
        return np.asarray(as_points(nudge, len(self.point), "nudge") @ self.jacobian.T)


@dataclass(frozen=True, eq=False)
class ChainedMaps:
    """Two maps in a row at a point: the Jacobians, their product, and two ways to get it wrong.

    wrong_point: the outer Jacobian read at the start instead of where the inner map leads; wrong_order: the
    factors swapped. Each is None where the shapes do not allow the mistake.
    """

    inner: sp.ImmutableMatrix
    outer: sp.ImmutableMatrix
    product: sp.ImmutableMatrix
    wrong_point: sp.ImmutableMatrix | None
    wrong_order: sp.ImmutableMatrix | None


def chain_maps(outer: VectorMap, inner: VectorMap, point: tuple[Exact, ...]) -> ChainedMaps:
    """J of outer∘inner at *point*, exact, as the product J_outer(inner(point)) · J_inner(point)."""
    outer.after(inner)
    first, second = inner.exact_jacobian(point), outer.exact_jacobian(inner.exact(point))
    same_place = len(inner.variables) == len(outer.variables)
    return ChainedMaps(
        first,
        second,
        second * first,
        outer.exact_jacobian(point) * first if same_place else None,
        first * second if first.shape[1] == second.shape[0] else None,
    )


def grid_lines(window: Window, columns: int, rows: int, samples: int = 101) -> tuple[Array, ...]:
    """The lines of a grid in *window*, *columns* upright ones and then *rows* level ones, each (samples, 2).

    Send each through a :class:`VectorMap` to see the grid bend, through its :class:`LinearMap` to see it shear.
    """
    count = whole_number(samples, "number of samples", 2, 100_000)
    x, y = window.axes(columns, rows)
    fine_x, fine_y = window.axes(count, count)
    upright = [np.stack([np.full(count, at), fine_y], axis=-1) for at in x]
    level = [np.stack([fine_x, np.full(count, at)], axis=-1) for at in y]
    return tuple(read_only(line) for line in upright + level)
