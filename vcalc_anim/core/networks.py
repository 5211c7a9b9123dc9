"""Small networks looked into: every value, every local slope, and what is left of the slope after fifty layers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.elementary import RELU, SIGMOID, TANH, sigmoid
from vcalc_anim.core.exact import whole_number
from vcalc_anim.core.primitives import Primitive
from vcalc_anim.core.vectors import Array, read_only

Activation = Literal["sigmoid", "tanh", "relu"]
_ACTIVATIONS: dict[str, Primitive] = {"sigmoid": SIGMOID, "tanh": TANH, "relu": RELU}

_DEEPEST, _WIDEST = 10_000, 10_000


@dataclass(frozen=True)
class TwoLayerNet:
    """y = σ(w₂ σ(w₁x + b₁) + b₂), all numbers. ValueError for one that is not finite."""

    x: float
    w1: float
    b1: float
    w2: float
    b2: float

    def __post_init__(self) -> None:
        if not all(isfinite(number) for number in (self.x, self.w1, self.b1, self.w2, self.b2)):
            raise ValueError(f"a network needs finite numbers, not {self}")

    @property
    def z1(self) -> float:
        """The first layer's sum w₁x + b₁."""
        return self.w1 * self.x + self.b1

    @property
    def a1(self) -> float:
        """The first layer's output σ(z₁)."""
        return float(sigmoid(self.z1))

    @property
    def z2(self) -> float:
        """The second layer's sum w₂a₁ + b₂."""
        return self.w2 * self.a1 + self.b2

    @property
    def y(self) -> float:
        """The network's output σ(z₂)."""
        return float(sigmoid(self.z2))

    @property
    def local_slopes(self) -> tuple[float, float, float, float]:
        """From the output back to w₁: ∂y/∂z₂ = σ′(z₂), ∂z₂/∂a₁ = w₂, ∂a₁/∂z₁ = σ′(z₁), ∂z₁/∂w₁ = x."""
        return self.y * (1 - self.y), self.w2, self.a1 * (1 - self.a1), self.x

    @property
    def running_products(self) -> tuple[float, ...]:
        """∂y/∂z₂, ∂y/∂a₁, ∂y/∂z₁, ∂y/∂w₁: the local slopes multiplied up from the output."""
        return tuple(np.cumprod(self.local_slopes).tolist())


@dataclass(frozen=True, eq=False)
class DepthRun:
    """How long the gradient is on its way back through a deep network.

    sizes: (depth + 1,) lengths from the output (1) to the input. scale: the weights have standard deviation
    scale/√width.
    """

    activation: Activation
    scale: float
    seed: int
    sizes: Array


def gradient_sizes(
    activation: Activation, scale: float, *, depth: int = 50, width: int = 100, seed: int = 0
) -> DepthRun:
    """Send a unit vector back through *depth* layers a = φ(Wa) of *width*, without biases.

    W has entries N(0, scale²/width), the input N(0, 1), both from ``default_rng(seed)``, the input first; the
    vector sent back has equal entries. ValueError when the numbers grow too large for a float.
    """
    if activation not in _ACTIVATIONS:
        raise ValueError(f"the activation is {activation!r}, but {', '.join(_ACTIVATIONS)} are known")
    if not isfinite(scale) or scale <= 0:
        raise ValueError(f"the scale is {scale}, but it must be a finite number above 0")
    layers, size = whole_number(depth, "depth", 1, _DEEPEST), whole_number(width, "width", 1, _WIDEST)
    phi = _ACTIVATIONS[activation]
    rng = np.random.default_rng(seed)
    outputs: Array = rng.normal(size=size)
    weights, slopes = [], []
    for _ in range(layers):
        weights.append(rng.normal(scale=scale / np.sqrt(size), size=(size, size)))
        with np.errstate(over="ignore", invalid="ignore"):
            sums = weights[-1] @ outputs
        _check_growth(sums)
        outputs = phi.evaluate(sums)
        slopes.append(phi.slopes(outputs, sums)[0])
    gradient = np.full(size, 1 / np.sqrt(size))
    sizes = [1.0]
    for weight, slope in zip(reversed(weights), reversed(slopes), strict=True):
        with np.errstate(over="ignore", invalid="ignore"):
            gradient = weight.T @ (slope * gradient)
            sizes.append(float(np.linalg.norm(gradient)))
    _check_growth(np.array(sizes))
    return DepthRun(activation, float(scale), seed, read_only(sizes))


def _check_growth(numbers: Array) -> None:
    if not np.isfinite(numbers).all():
        raise ValueError("the numbers grow too large: take fewer layers, or a smaller scale")


def sigmoid_chain(weight: float, z: float, depth: int = 50) -> Array:
    """(weight · σ′(z))ᵏ for k = 0 … *depth*: the slope through a chain of one-number sigmoid layers, each at *z*.

    With weight 1 and z = 0 it is the ceiling 0.25ᵏ, which no chain of weights of size 1 or less gets above.
    """
    if not (isfinite(weight) and isfinite(z)):
        raise ValueError(f"the weight {weight} and z {z} must be finite numbers")
    layers = whole_number(depth, "depth", 0, _DEEPEST)
    value = float(sigmoid(z))
    with np.errstate(over="ignore", under="ignore"):
        return read_only((weight * value * (1 - value)) ** np.arange(layers + 1.0))


def underflow_depth(factor: float, dtype: npt.DTypeLike) -> int:
    """After how many multiplications by *factor* a 1 has become exactly 0 in the float type *dtype*.

    >>> underflow_depth(0.25, np.float16), underflow_depth(0.25, np.float32)
    (13, 75)

    Raises ValueError for a factor whose size, in that type, is not above 0 and at most ½ (others may never reach 0).
    """
    kind = np.dtype(dtype)
    if kind.kind != "f":
        raise ValueError(f"{kind} is not a float type: pass float16, float32 or float64")
    step: Any = np.asarray(factor, dtype=kind)[()]
    if not 0 < abs(step) <= 0.5:
        raise ValueError(f"the factor is {factor}, but a size above 0 and up to 1/2 is expected")
    product, depth = step / step, 0
    with np.errstate(under="ignore"):
        while product != 0:
            product = product * step
            depth += 1
    return depth
