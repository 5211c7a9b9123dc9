"""Many dials, one score: a linear toy in which every dial has its own influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.exact import whole_number
from vcalc_anim.core.vectors import Array, as_point, read_only


@dataclass(frozen=True, eq=False)
class DialWall:
    """Dials in rows whose settings, times their *weights* (rows, columns), add up to the score."""

    weights: Array

    def __post_init__(self) -> None:
        weights = np.asarray(self.weights, dtype=np.float64)
        if weights.ndim != 2 or not weights.size or not np.isfinite(weights).all():
            raise ValueError(
                f"weights have shape {weights.shape}, but finite numbers (rows, columns) are expected"
            )
        object.__setattr__(self, "weights", read_only(weights))

    @classmethod
    def random(cls, rows: int, columns: int, seed: int) -> DialWall:
        """Normally distributed weights, the same for the same *seed*."""
        size = (
            whole_number(rows, "number of rows", 1, 10_000),
            whole_number(columns, "number of columns", 1, 10_000),
        )
        return cls(np.random.default_rng(seed).normal(size=size))

    def score(self, settings: npt.ArrayLike) -> float:
        """The score of dials at *settings* (rows, columns). ValueError for another shape or a non-finite setting."""
        positions = np.asarray(settings, dtype=np.float64)
        if positions.shape != self.weights.shape:
            raise ValueError(f"settings have shape {positions.shape}, but {self.weights.shape} is expected")
        return float(self.weights.ravel() @ as_point(positions.ravel(), self.weights.size, "settings"))

    def response(self, dial: tuple[int, int], nudge: float) -> float:
        """By how much the score changes when the *dial* (row, column) is turned by *nudge*."""
        row, column = dial
        if not (0 <= row < self.weights.shape[0] and 0 <= column < self.weights.shape[1]):
            raise ValueError(
                f"there is no dial {dial}: the wall has {self.weights.shape[0]} rows of "
                f"{self.weights.shape[1]}, counted from 0"
            )
        if not np.isfinite(nudge):
            raise ValueError(f"the nudge is {nudge}, but it must be a finite number")
        return float(self.weights[row, column] * nudge)

    @property
    def most_influential(self) -> tuple[int, int]:
        """The dial whose weight is largest in size, as (row, column)."""
        return self._at(int(np.abs(self.weights).argmax()))

    @property
    def least_influential(self) -> tuple[int, int]:
        """The dial whose weight is smallest in size, as (row, column)."""
        return self._at(int(np.abs(self.weights).argmin()))

    def _at(self, index: int) -> tuple[int, int]:
        row, column = np.unravel_index(index, self.weights.shape)
        return int(row), int(column)
