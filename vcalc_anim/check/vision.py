"""Light and colour as eyes get them: relative luminance, contrast, and colours without one kind of cone.

Luminance and contrast are those of WCAG 2.2; the simulation of colour blindness is Machado, Oliveira and
Fernandes (2009) at full severity; distances are Euclidean in Oklab (Ottosson 2020), where 0.02 is just
noticeable side by side. Colours are sRGB from 0 to 1 along the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
BLINDNESS: Final[Mapping[str, Array]] = {
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(srgb: ArrayLike) -> Array:
    """Amounts of light of sRGB colours (..., 3)."""
    values = np.asarray(srgb, dtype=float)
    return np.asarray(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def encoded(light: ArrayLike) -> Array:
    """sRGB colours of amounts of light (..., 3): the inverse of :func:`linear`."""
    values = np.clip(np.asarray(light, dtype=float), 0, 1)
    return np.asarray(np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055))


def luminance(srgb: ArrayLike) -> Array:
    """Relative luminance of colours (..., 3): 0 is black, 1 is white; shape (...)."""
    return np.asarray(linear(srgb) @ _LUMINANCE)


def contrast(one: ArrayLike, other: ArrayLike) -> Array:
    """WCAG contrast ratio between colours (..., 3), from 1 to 21."""
    a, b = luminance(one), luminance(other)
    return np.asarray((np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05))


def over(front: ArrayLike, opacity: float, behind: ArrayLike) -> Array:
    """The colour of *front* at *opacity* painted over *behind*, as Cairo mixes them."""
    return np.asarray(np.asarray(front) * opacity + np.asarray(behind, dtype=float) * (1 - opacity))


def distance(one: ArrayLike, other: ArrayLike, blindness: str | None = None) -> float:
    """How different two colours look, to an eye with the *blindness* named, in Oklab."""
    return float(np.linalg.norm(_oklab(one, blindness) - _oklab(other, blindness)))


def _oklab(srgb: ArrayLike, blindness: str | None) -> Array:
    light = linear(srgb)
    if blindness is not None:
        light = np.clip(light @ BLINDNESS[blindness].T, 0, 1)
    return np.asarray(np.cbrt(light @ _CONES.T) @ _OKLAB.T)
