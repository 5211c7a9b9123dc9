"""What numpy makes of subtracting arrays of different shapes: a bug that raises no error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.vectors import Array, read_only

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ShapeClash:
    """*position* − *step* as numpy computes it: the *result* has the broadcast shape, clash or no clash."""

    position: Array
    step: Array
    result: Array

    @property
    def shapes(self) -> tuple[Shape, Shape, Shape]:
        """The shapes of position, step and result."""
        return self.position.shape, self.step.shape, self.result.shape

    @property
    def clashes(self) -> bool:
        """True when the result no longer has the shape of the position: broadcasting unfolded it."""
        return self.result.shape != self.position.shape

    def operands(self, *index: int) -> tuple[float, float]:
        """The two numbers whose difference is the entry *index* of the result."""
        position, step = np.broadcast_arrays(self.position, self.step)
        return float(position[index]), float(step[index])


def subtract_shapes(position: npt.ArrayLike, step: npt.ArrayLike) -> ShapeClash:
    """Subtract *step* from *position* by numpy's broadcasting rules and keep both.

    Raises ValueError for shapes that numpy refuses to combine.

    >>> subtract_shapes([[3], [2]], [[0.9, 1.2]]).shapes
    ((2, 1), (1, 2), (2, 2))
    """
    left, right = read_only(position), read_only(step)
    try:
        result = left - right
    except ValueError as error:
        raise ValueError(
            f"numpy cannot subtract shape {right.shape} from {left.shape}: each pair of sides must be equal or 1"
        ) from error
    return ShapeClash(left, right, read_only(result))
