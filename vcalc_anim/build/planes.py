"""One picture in the encoder's colours, kept up to date: only rows that changed are converted.

Conversion costs as much as half of an encoding, and most frames of a lecture change in a few rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# Rows above and below that have a part in a converted row: it halves the colours with a filter of some taps.
_REACH = 8
_NEAR = 32  # rows: bands that are closer are converted as one


class YuvPicture:
    """The newest of the pictures shown, (height, width, 4) RGBA, both even, as 4:2:0 in BT.709 and limited range."""

    def __init__(self, height: int, width: int) -> None:
        self._pixels: Pixels = np.zeros((height, width, 4), np.uint8)
        self._is_empty = True
        self._frame = av.VideoFrame(width, height, "yuv420p")
        self._planes = [_rows(plane) for plane in self._frame.planes]

    def is_shown(self, pixels: Pixels) -> bool:
        """Whether *pixels* are those of the picture."""
        return not self._is_empty and bool(np.array_equal(_words(self._pixels), _words(pixels)))

    def show(self, pixels: Pixels) -> None:
        """Make *pixels* the picture."""
        height = len(pixels)
        for first, stop in [(0, height)] if self._is_empty else _changed(self._pixels, pixels):
            self._pixels[first:stop] = pixels[first:stop]
            self._convert(max(0, first - _REACH), min(height, stop + _REACH))
        self._is_empty = False

    def frame(self, pts: int, rate: int) -> av.VideoFrame:
        """The picture as frame *pts* of a film with *rate* frames a second; the next ``show`` changes it."""
        self._frame.pts = pts
        self._frame.time_base = Fraction(1, rate)
        return self._frame

    def _convert(self, first: int, stop: int) -> None:
        height = len(self._pixels)
        top, bottom = max(0, first - _REACH), min(height, stop + _REACH)
        # swscale's default is BT.601, which makes players show HD colours wrong.
        band = av.VideoFrame.from_ndarray(self._pixels[top:bottom], format="rgba").reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        for target, plane, step in zip(self._planes, band.planes, (1, 2, 2), strict=True):
            rows = _rows(plane)[(first - top) // step : (stop - top) // step]
            target[first // step : stop // step, : rows.shape[1]] = rows[:, : target.shape[1]]


def _rows(plane: Any) -> Pixels:
    """The bytes of *plane* as rows, without what fills them up to a round length."""
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def _words(pixels: Pixels) -> NDArray[np.uint64]:
    """*pixels* two by two, which compares in half of the time."""
    return np.ascontiguousarray(pixels).reshape(len(pixels), -1).view(np.uint64)


def _changed(before: Pixels, after: Pixels) -> Iterator[tuple[int, int]]:
    """Bands of rows, (first, stop), both even, that hold every row in which the two pictures differ."""
    rows = np.flatnonzero((_words(before) != _words(after)).any(axis=1))
    if not len(rows):
        return
    gaps = np.flatnonzero(np.diff(rows) > _NEAR)
    for first, last in zip(rows[[0, *(gaps + 1)]].tolist(), rows[[*gaps, -1]].tolist(), strict=True):
        yield first // 2 * 2, min(last // 2 * 2 + 2, len(before))
