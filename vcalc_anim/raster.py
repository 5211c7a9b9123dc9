"""Pictures as arrays of pixels, and parts of them: what the drawing and the coding of frames have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""(height, width, 4) RGBA, the colours multiplied with their alpha as Cairo holds them."""

Part: TypeAlias = tuple[slice, slice]
"""A rectangle of a picture: its rows and columns."""

Parts: TypeAlias = Sequence[Part] | None
"""Where a picture may differ from the one before; None when that is not known."""


def runs(flags: NDArray[np.bool_], near: int = 1) -> Iterator[slice]:
    """Slices that hold every True of *flags*; those *near* or closer share one.

    >>> list(runs(np.array([False, True, True, False, True])))
    [slice(1, 3, None), slice(4, 5, None)]
    """
    places = np.flatnonzero(flags)
    if len(places):
        gaps = np.flatnonzero(np.diff(places) > near)
        for first, last in zip(places[[0, *(gaps + 1)]].tolist(), places[[*gaps, -1]].tolist(), strict=True):
            yield slice(first, last + 1)
