"""Small helpers for points and directions that every other core module shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def read_only(values: npt.ArrayLike) -> Array:
    """A float copy of *values* that cannot be written to, so that value objects stay values."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def as_points(values: npt.ArrayLike, size: int, name: str = "points") -> Array:
    """*values* as a float array of shape (..., *size*); ValueError for another shape or a non-finite entry."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] != size:
        raise ValueError(
            f"{name} have shape {array.shape}, but the last axis must hold {size} coordinate(s): pass (..., {size})"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} hold a NaN or an infinity: pass finite coordinates only")
    return array


def as_point(values: npt.ArrayLike, size: int, name: str = "point") -> Array:
    """*values* as one point of shape (*size*,); ValueError for another shape or a non-finite entry."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (size,):
        raise ValueError(f"{name} has shape {array.shape}, but one point of shape ({size},) is expected")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a NaN or an infinity: pass finite coordinates only")
    return array


def unit(vectors: npt.ArrayLike, name: str = "direction") -> Array:
    """*vectors* (..., n) scaled to length 1 along the last axis; ValueError if one is zero or not finite."""
    array = np.asarray(vectors, dtype=np.float64)
    if array.ndim == 0 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be an array of finite numbers, shape (..., n)")
    largest = np.max(np.abs(array), axis=-1, keepdims=True, initial=0.0)
    if not largest.all():
        raise ValueError(f"{name} is the zero vector and points nowhere: pass a vector with a length")
    scaled = array / largest  # squares of very long or very short vectors would over- or underflow
    return np.asarray(scaled / np.linalg.norm(scaled, axis=-1, keepdims=True))


def angle_between(u: npt.ArrayLike, v: npt.ArrayLike) -> float:
    """The angle between two non-zero vectors of shape (n,), in radians, in [0, π].

    Kahan's half-angle formula: accurate for nearly parallel vectors too, where acos of the dot product is not.
    """
    a, b = unit(u), unit(v)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"two vectors of one shape (n,) are expected, not shapes {a.shape} and {b.shape}")
    return float(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))
