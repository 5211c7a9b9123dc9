"""One ReLU layer, forward and back: the gate, and the shapes of what leaves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.elementary import RELU
from vcalc_anim.core.vectors import Array, as_point, read_only


@dataclass(frozen=True, eq=False)
class LayerPass:
    """One ReLU layer h = ReLU(a), a = Wx + b, forward and back.

    x (n,), weights (m, n), sums a (m,), gate (m,): 1 where a > 0, else 0; outputs h (m,); upstream ∂L/∂h (m,);
    delta ∂L/∂a (m,) = upstream ⊙ gate.
    """

    x: Array
    weights: Array
    sums: Array
    gate: Array
    outputs: Array
    upstream: Array
    delta: Array

    @property
    def weight_gradient(self) -> Array:
        """∂L/∂W = δxᵀ, shaped as W: (m, n)."""
        return np.outer(self.delta, self.x)

    @property
    def bias_gradient(self) -> Array:
        """∂L/∂b = δ, (m,)."""
        return self.delta

    @property
    def input_gradient(self) -> Array:
        """∂L/∂x = Wᵀδ, (n,): what is sent down."""
        return np.asarray(self.weights.T @ self.delta)

    @property
    def ungated_weight_gradient(self) -> Array:
        """(∂L/∂h)xᵀ, (m, n): what the formula without the gate would give, wrong wherever a ≤ 0."""
        return np.outer(self.upstream, self.x)


def relu_layer(
    weights: npt.ArrayLike, x: npt.ArrayLike, upstream: npt.ArrayLike, bias: npt.ArrayLike | None = None
) -> LayerPass:
    """Run a layer with *weights* (m, n) and *bias* (m,), 0 if not given, on *x* (n,), and take *upstream* (m,) back.

    Raises ValueError for shapes that do not fit and numbers that are not finite.
    """
    matrix = np.asarray(weights, dtype=np.float64)
    if matrix.ndim != 2 or not matrix.size or not np.isfinite(matrix).all():
        raise ValueError(
            f"the weights have shape {matrix.shape}, but finite numbers of shape (m, n) are expected"
        )
    outputs, inputs = matrix.shape
    point = as_point(x, inputs, "x")
    arriving = as_point(upstream, outputs, "upstream")
    offset = np.zeros(outputs) if bias is None else as_point(bias, outputs, "bias")
    sums = matrix @ point + offset
    gate = RELU.slopes(None, sums)[0]
    arrays = (point, matrix, sums, gate, RELU.evaluate(sums), arriving, gate * arriving)
    return LayerPass(*(read_only(array) for array in arrays))
