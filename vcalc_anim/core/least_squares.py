"""Fitting a line: squared loss, its gradient by shapes, the normal equation as a shadow, and when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.linalg
import sympy as sp

from vcalc_anim.core.exact import exact_number
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.provenance import written
from vcalc_anim.core.shapes import Shape
from vcalc_anim.core.vectors import Array, as_point, as_points, read_only

_LARGEST_EXACT = 400  # entries: fractions grow with every elimination


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """The loss L(w) = ‖Xw − y‖² for a *design* X (N, n) and *targets* y (N,).

    Raises ValueError for shapes that do not fit or numbers that are not finite.
    """

    design: Array
    targets: Array

    def __post_init__(self) -> None:
        design = np.asarray(self.design, dtype=np.float64)
        if design.ndim != 2 or not design.size or not np.isfinite(design).all():
            raise ValueError(
                f"the design has shape {design.shape}, but finite numbers of shape (N, n) are expected"
            )
        object.__setattr__(self, "design", read_only(design))
        object.__setattr__(self, "targets", read_only(as_point(self.targets, len(design), "targets")))

    @classmethod
    def line(cls, x: npt.ArrayLike, y: npt.ArrayLike) -> LeastSquares:
        """Fit y ≈ w₀ + w₁x: the design has a column of ones and the column *x* (N,)."""
        inputs = as_point(x, np.size(x), "x")
        return cls(np.stack([np.ones_like(inputs), inputs], axis=-1), np.asarray(y, dtype=np.float64))

    # -- as a function of the weights ----------------------------------------------------------------------------

    def residual(self, weights: npt.ArrayLike) -> Array:
        """Xw − y at *weights* (..., n), shape (..., N)."""
        return np.asarray(as_points(weights, self.design.shape[1], "weights") @ self.design.T - self.targets)

    def loss(self, weights: npt.ArrayLike) -> Array:
        """‖Xw − y‖² at *weights* (..., n), shape (...)."""
        return np.asarray((self.residual(weights) ** 2).sum(axis=-1))

    def gradient(self, weights: npt.ArrayLike) -> Array:
        """2Xᵀ(Xw − y) at *weights* (..., n), shape (..., n)."""
        return np.asarray(2 * self.residual(weights) @ self.design)

    @cached_property
    def hessian(self) -> Array:
        """2XᵀX, (n, n): the same everywhere, and never negative, so that the loss is a bowl or a gutter."""
        return read_only(2 * self.design.T @ self.design)

    @cached_property
    def field(self) -> ScalarField:
        """The loss as an exact field in w0, w1, …, for contours, descent and labels."""
        symbols = sp.symbols(f"w_0:{self.design.shape[1]}", real=True)
        residual = self._exact_design * sp.Matrix(symbols) - self._exact_targets
        return ScalarField(sp.expand((residual.T * residual)[0]), tuple(symbols))

    @property
    def learning_rate_limit(self) -> float:
        """2 / λmax of the Hessian: gradient descent settles exactly below it. ValueError if X is zero."""
        largest = float(np.linalg.eigvalsh(self.hessian)[-1])
        if largest == 0:
            raise ValueError("the design is zero, so the loss is flat and has no learning rate limit")
        return 2 / largest

    def candidates(self, weights: npt.ArrayLike) -> tuple[Candidate, ...]:
        """Four expressions that could be the gradient at *weights* (n,): the right one first.

        The others have the wrong shape, no shape at all, or half the length.
        """
        at = as_point(weights, self.design.shape[1], "weights")
        r = self.residual(at)
        return (
            Candidate(written("2 X^T (X w - y)"), read_only(2 * self.design.T @ r), at.shape),
            Candidate(written("2 (X w - y)"), read_only(2 * r), at.shape),
            Candidate(written("2 X (X w - y)"), self._product(2 * self.design, r), at.shape),
            Candidate(written("X^T (X w - y)"), read_only(self.design.T @ r), at.shape),
        )

    def derivation(self, weights: npt.ArrayLike) -> tuple[DerivationLine, ...]:
        """From the loss to its gradient in four lines, each with its value at *weights* (n,).

        The loss multiplied out; the same with its mixed terms joined, for wᵀXᵀy and yᵀXw are one number and its
        transpose; the gradient of each term; and both terms collected.
        """
        w = as_point(weights, self.design.shape[1], "weights")
        x, y = self.design, self.targets
        multiplied = w @ x.T @ x @ w - w @ x.T @ y - y @ x @ w + y @ y
        loss = w @ x.T @ x @ w - 2 * y @ x @ w + y @ y
        return (
            DerivationLine(written("w^T X^T X w - w^T X^T y - y^T X w + y^T y"), read_only(multiplied)),
            DerivationLine(written("w^T X^T X w - 2 y^T X w + y^T y"), read_only(loss)),
            DerivationLine(written("2 X^T X w - 2 X^T y"), read_only(2 * x.T @ x @ w - 2 * x.T @ y)),
            DerivationLine(written("2 X^T (X w - y)"), read_only(2 * x.T @ (x @ w - y))),
        )

    @staticmethod
    def _product(matrix: Array, vector: Array) -> Array | None:
        return read_only(matrix @ vector) if matrix.shape[1] == len(vector) else None

    # -- the minimum, exact --------------------------------------------------------------------------------------

    @cached_property
    def _exact_design(self) -> sp.Matrix:
        if self.design.size > _LARGEST_EXACT:
            raise ValueError(
                f"the design has {self.design.size} entries, but exact arithmetic is for at most {_LARGEST_EXACT}: "
                "solve larger problems in floats, by QR"
            )
        return sp.Matrix(*self.design.shape, [exact_number(float(value)) for value in self.design.flat])

    @cached_property
    def _exact_targets(self) -> sp.Matrix:
        return sp.Matrix([exact_number(float(value)) for value in self.targets])

    @cached_property
    def rank(self) -> int:
        """The number of independent columns of X, by exact arithmetic."""
        return int(self._exact_design.rank())

    @cached_property
    def normal_solution(self) -> sp.ImmutableMatrix:
        """The one w with XᵀXw = Xᵀy, exact, (n, 1). ValueError unless the columns of X are independent."""
        if self.rank < self.design.shape[1]:
            raise ValueError(
                f"the design has {self.design.shape[1]} columns but rank {self.rank}: infinitely many weights fit "
                "equally well; take shortest_solution"
            )
        x, y = self._exact_design, self._exact_targets
        return sp.ImmutableMatrix((x.T * x).LUsolve(x.T * y))

    @cached_property
    def shortest_solution(self) -> sp.ImmutableMatrix:
        """X⁺y, exact, (n, 1): of all weights with the smallest loss the ones closest to 0."""
        return sp.ImmutableMatrix(self._exact_design.pinv() * self._exact_targets)

    @cached_property
    def projection(self) -> sp.ImmutableMatrix:
        """P = XX⁺, exact, (N, N): casts the shadow of a vector on the columns of X."""
        return sp.ImmutableMatrix(self._exact_design * self._exact_design.pinv())

    @cached_property
    def foot(self) -> sp.ImmutableMatrix:
        """Py, exact, (N, 1): the shadow of the targets, and the best fit."""
        return sp.ImmutableMatrix(self.projection * self._exact_targets)

    @cached_property
    def error(self) -> sp.ImmutableMatrix:
        """y − Py, exact, (N, 1): stands upright on every column of X."""
        return sp.ImmutableMatrix(self._exact_targets - self.foot)

    @property
    def smallest_loss(self) -> sp.Expr:
        """‖y − Py‖², exact."""
        return (self.error.T * self.error)[0]

    @cached_property
    def upright_frame(self) -> Array:
        """An orthonormal, right-handed frame (3, 3) in which the plane of the columns is a floor; for N = 3.

        Its rows are directions: along the shadow of y, across it in the plane, and upright on the plane, on the
        side of y. ValueError unless X is 3 × 2 of rank 2 and y lies outside the plane with a shadow on it.
        """
        if self.design.shape != (3, 2) or self.rank < 2:
            raise ValueError(
                f"a floor needs two independent columns of three numbers, not {self.design.shape} of rank {self.rank}"
            )
        along, upright = (
            np.array([float(value) for value in vector], dtype=np.float64)
            for vector in (self.foot, self.error)
        )
        if not along.any() or not upright.any():
            raise ValueError(
                "the targets lie in the plane of the columns, or upright on it: no frame is singled out"
            )
        along, upright = along / np.linalg.norm(along), upright / np.linalg.norm(upright)
        return read_only(np.stack([along, np.cross(upright, along), upright]))

    @cached_property
    def gutter(self) -> Array:
        """Directions (n − rank, n) along which the weights slide without any change of the loss.

        They are of length 1 and at right angles; the largest coordinate of each is positive."""
        null_space = [np.array(list(v), dtype=np.float64) for v in self._exact_design.nullspace()]
        if not null_space:
            return read_only(np.empty((0, self.design.shape[1])))
        directions = np.linalg.qr(np.stack(null_space, axis=-1))[0].T
        largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, np.newaxis], axis=1)
        return read_only(directions * np.sign(largest))


@dataclass(frozen=True, eq=False)
class Candidate:
    """An expression offered as the gradient: *text* (Typst), its *value*, None if the product does not exist, and
    the *needed* shape."""

    text: str
    value: Array | None
    needed: Shape

    @property
    def fits(self) -> bool:
        """Whether it exists and has one number for each weight."""
        return self.value is not None and self.value.shape == self.needed


@dataclass(frozen=True, eq=False)
class DerivationLine:
    """A line of a derivation: *text* (Typst) and the *value* that numpy computes for it."""

    text: str
    value: Array


@dataclass(frozen=True)
class SolverErrors:
    """Relative errors ‖w − w*‖/‖w*‖ of four ways to solve one least-squares problem, and its condition numbers."""

    condition: float
    normal_condition: float
    inverse: float
    cholesky: float
    qr: float
    svd: float


def solver_errors(design: npt.ArrayLike, weights: npt.ArrayLike) -> SolverErrors:
    """How well the *weights* (n,) are found again from *design* X (N, n) and y = Xw, in floats.

    The inverse and Cholesky work on XᵀX, whose condition number is that of X squared; QR and SVD work on X.
    The last digits depend on the machine. Raises ValueError if the columns of X are dependent in floats, or so
    close to it that Cholesky fails.
    """
    x = np.asarray(design, dtype=np.float64)
    if x.ndim != 2 or not np.isfinite(x).all() or x.shape[0] < x.shape[1]:
        raise ValueError(f"the design has shape {x.shape}, but finite numbers (N, n) with N ≥ n are expected")
    truth = as_point(weights, x.shape[1], "weights")
    if not truth.any():
        raise ValueError("the weights are all zero, so no relative error can be told")
    condition = float(np.linalg.cond(x))
    y, gram = x @ truth, x.T @ x
    try:
        inverse = np.linalg.inv(gram) @ (x.T @ y)
        cholesky = scipy.linalg.cho_solve(scipy.linalg.cho_factor(gram), x.T @ y)
    except np.linalg.LinAlgError as error:
        raise ValueError(
            f"XᵀX is not positive definite in floats (the condition number of X is {condition:.1e}): "
            "only QR or SVD on X can solve this"
        ) from error
    q, r = np.linalg.qr(x)
    qr = scipy.linalg.solve_triangular(r, q.T @ y)
    svd = np.linalg.lstsq(x, y, rcond=None)[0]

    def error_of(found: npt.ArrayLike) -> float:
        return float(np.linalg.norm(np.asarray(found) - truth) / np.linalg.norm(truth))

    return SolverErrors(
        condition, condition**2, error_of(inverse), error_of(cholesky), error_of(qr), error_of(svd)
    )
