"""Arrows of a gradient field on a grid of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.vectors import Array, read_only, unit
from vcalc_anim.core.window import Window


@dataclass(frozen=True, eq=False)
class VectorGrid:
    """Vectors at *positions* (m, 2), split into unit *directions* (m, 2) and *magnitudes* (m,), all above 0."""

    positions: Array
    directions: Array
    magnitudes: Array

    def reversed(self) -> VectorGrid:
        """The same arrows turned around: −∇f for descent."""
        return VectorGrid(self.positions, read_only(-self.directions), self.magnitudes)


def vector_grid(field: ScalarField, window: Window, nx: int, ny: int) -> VectorGrid:
    """∇f on *nx* × *ny* evenly spaced points of *window*, row by row from the bottom left.

    Points where the gradient is not finite are left out, and so are those where it is zero: an arrow needs a
    direction. "Zero" is below 1e-12 of the largest magnitude, as a grid point seldom hits a minimum to the last
    bit. Raises ValueError for a field that is not of two variables.
    """
    if field.dimension != 2:
        raise ValueError(f"a vector grid needs a field of two variables, not of {field.dimension}")
    positions = window.grid(nx, ny)
    gradients = field.gradient(positions)
    magnitudes = np.hypot(gradients[:, 0], gradients[:, 1])
    finite = np.isfinite(magnitudes)
    largest = float(magnitudes[finite].max(initial=0.0))
    shown = finite & (magnitudes > 1e-12 * largest)
    return VectorGrid(
        read_only(positions[shown]), read_only(unit(gradients[shown])), read_only(magnitudes[shown])
    )
