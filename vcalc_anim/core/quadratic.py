"""Quadratic bowls, where gradient descent and gradient flow have closed forms.

f(x) = f(m) + ½ (x − m)ᵀ A (x − m) with the Hessian A symmetric positive definite and the minimum m. In the
eigenvectors of A the axes do not talk to each other: each step multiplies the i-th coordinate by 1 − α λᵢ.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.provenance import written
from vcalc_anim.core.rounding import typst_number
from vcalc_anim.core.vectors import Array, as_point, as_points, read_only


@dataclass(frozen=True, eq=False)
class QuadraticForm:
    """A bowl with Hessian *matrix* (n, n), lowest at *minimum* (n,) where it has the value *minimum_value*.

    Without a minimum the bowl is ½ xᵀAx. Raises ValueError unless the matrix is symmetric positive definite.
    """

    matrix: Array
    minimum: Array = dataclasses.field(default_factory=lambda: np.zeros(1))
    minimum_value: float = 0.0

    def __post_init__(self) -> None:
        matrix = np.asarray(self.matrix, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
            raise ValueError(f"the matrix has shape {matrix.shape}, but a square one (n, n) is expected")
        if not (np.isfinite(matrix).all() and np.isfinite(self.minimum_value)):
            raise ValueError("the matrix or the minimum value holds a NaN or an infinity")
        if not np.allclose(matrix, matrix.T, rtol=1e-12, atol=0):
            raise ValueError("the matrix is not symmetric: a Hessian is; pass (A + A.T) / 2")
        if np.linalg.eigvalsh(matrix)[0] <= 0:
            raise ValueError("the matrix is not positive definite, so the field has no lowest point")
        minimum = np.asarray(self.minimum, dtype=np.float64)
        if minimum.shape == (1,):  # one number stands for all coordinates
            minimum = np.repeat(minimum, len(matrix))
        object.__setattr__(self, "matrix", read_only(matrix))
        object.__setattr__(self, "minimum", read_only(as_point(minimum, len(matrix), "minimum")))

    @classmethod
    def of(cls, field: ScalarField) -> QuadraticForm:
        """The bowl that *field* is; ValueError if it is not quadratic or not positive definite."""
        form = cls.find(field)
        if form is None:
            raise ValueError(
                f"{field.expression} is not a positive definite quadratic: only bowls such as x**2 + 2*y**2 "
                "have constant curvature and one lowest point"
            )
        return form

    @staticmethod
    def find(field: ScalarField) -> QuadraticForm | None:
        """The bowl that *field* is, or None if it is not quadratic or not positive definite."""
        return _find(field)

    def __call__(self, points: npt.ArrayLike) -> Array:
        """Values at *points* (..., n), shape (...)."""
        offset = as_points(points, len(self.matrix)) - self.minimum
        values: Array = self.minimum_value + np.einsum("...i,ij,...j->...", offset, self.matrix, offset) / 2
        return values

    @cached_property
    def _eigen(self) -> tuple[Array, Array]:
        # The axes of a diagonal matrix stay x, y, … in their order; eigh would sort them by curvature, and the
        # factor of y would be shown beside x.
        if not (self.matrix - np.diag(np.diag(self.matrix))).any():
            return read_only(np.diag(self.matrix)), read_only(np.eye(len(self.matrix)))
        values, vectors = np.linalg.eigh(self.matrix)
        return read_only(values), read_only(vectors)

    @property
    def eigenvalues(self) -> Array:
        """Curvatures λ along the :attr:`axes`, (n,): in the order of the variables if the matrix is diagonal,
        ascending otherwise."""
        return self._eigen[0]

    @property
    def axes(self) -> Array:
        """Unit eigenvectors as columns, (n, n), in the order of the :attr:`eigenvalues`."""
        return self._eigen[1]

    @property
    def condition_number(self) -> float:
        """λmax / λmin: how much longer the flat side takes than the steep one."""
        return float(self.eigenvalues.max() / self.eigenvalues.min())

    @property
    def learning_rate_limit(self) -> float:
        """2 / λmax: gradient descent converges from everywhere exactly below it."""
        return float(2 / self.eigenvalues.max())

    @property
    def best_learning_rate(self) -> float:
        """2 / (λmin + λmax): the one that makes the slowest factor smallest."""
        return float(2 / (self.eigenvalues.min() + self.eigenvalues.max()))

    def factors(self, learning_rate: float) -> Array:
        """What one step multiplies the coordinate along each axis by, 1 − αλ, shape (n,)."""
        return np.asarray(1 - learning_rate * self.eigenvalues)

    def factor_typst(self, axis: int) -> str:
        """The factor along *axis* for any learning rate as Typst maths source: ``1 - 2 alpha``."""
        return written(f"1 - {_times(float(self.eigenvalues[axis]))}alpha")

    @property
    def learning_rate_limit_typst(self) -> str:
        """How the :attr:`learning_rate_limit` comes about, as Typst maths source: ``2 slash 4``."""
        return written(f"2 slash {typst_number(float(self.eigenvalues.max()), trim=True)}")

    def coordinates(self, points: npt.ArrayLike) -> Array:
        """*points* (..., n) as distances from the minimum along the axes, (..., n)."""
        return np.asarray((as_points(points, len(self.matrix)) - self.minimum) @ self.axes)

    def scaled(self, start: npt.ArrayLike, factors: Array) -> Array:
        """The *start* (n,) with its coordinate along each axis multiplied by *factors* (..., n), shape (..., n)."""
        coordinates = self.coordinates(as_point(start, len(self.matrix), "start"))
        return np.asarray(self.minimum + (factors * coordinates) @ self.axes.T)


def _times(factor: float) -> str:
    return "" if factor == 1 else f"{typst_number(factor, trim=True)} "


@lru_cache(maxsize=64)
def _find(field: ScalarField) -> QuadraticForm | None:
    try:
        polynomial = sp.Poly(field.expression, *field.variables)
    except sp.PolynomialError:
        return None
    if polynomial.total_degree() != 2:
        return None
    matrix = sp.Matrix(field.second_partials)
    if not matrix.is_positive_definite:
        return None
    origin = dict.fromkeys(field.variables, 0)
    slope_at_origin = sp.Matrix([partial.subs(origin) for partial in field.partials])
    minimum = -matrix.LUsolve(slope_at_origin)
    value = field.expression.subs(dict(zip(field.variables, minimum, strict=True)))
    return QuadraticForm(
        np.array(matrix.tolist(), dtype=np.float64),
        np.array(list(minimum), dtype=np.float64),
        float(value),
    )
