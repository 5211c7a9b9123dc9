"""One picture in the encoder's colours, kept up to date: only what changed is converted.

Conversion costs as much as half of an encoding, and most frames of a lecture change in a few places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from vcalc_anim.build.clip_pictures import Pixels, frame_for_video

# Pixels around that have a part in a converted one: halving the colours looks at some neighbours.
_REACH = 8
_NEAR = 64  # pixels: changes that are closer are converted as one

Part = tuple[slice, slice]  # rows and columns, with even edges


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
        for part in [_whole(pixels)] if self._is_empty else _changed(self._pixels, pixels):
            self._pixels[part] = pixels[part]
            self._convert(part)
        self._is_empty = False

    @property
    def frame(self) -> av.VideoFrame:
        """The picture; the next ``show`` changes it."""
        return self._frame

    def _convert(self, part: Part) -> None:
        """Convert *part* of the picture, and what lies so near to it that it changes with it."""
        target = _around(part, _REACH, self._pixels.shape)
        source = _around(target, _REACH, self._pixels.shape)
        pixels = np.ascontiguousarray(self._pixels[source])
        piece = frame_for_video(pixels, (pixels.shape[1], pixels.shape[0]), "yuv420p")
        for plane, new, step in zip(self._planes, piece.planes, (1, 2, 2), strict=True):
            inner = tuple(
                slice((t.start - s.start) // step, (t.stop - s.start) // step)
                for t, s in zip(target, source, strict=True)
            )
            plane[tuple(slice(t.start // step, t.stop // step) for t in target)] = _rows(new)[inner]


def _rows(plane: Any) -> Pixels:
    """The bytes of *plane* as rows, without what fills them up to a round length."""
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def _words(pixels: Pixels) -> NDArray[np.uint64]:
    """*pixels* two by two, which compares in half of the time."""
    return np.ascontiguousarray(pixels).reshape(len(pixels), -1).view(np.uint64)


def _changed(before: Pixels, after: Pixels) -> Iterator[Part]:
    """Rectangles that hold every pixel in which the two pictures differ."""
    differ = _words(before) != _words(after)  # two pixels a column
    for rows in _runs(differ.any(axis=1), _NEAR):
        rows = slice(rows.start // 2 * 2, -(-rows.stop // 2) * 2)
        for columns in _runs(differ[rows].any(axis=0), _NEAR // 2):
            yield rows, slice(2 * columns.start, 2 * columns.stop)


def _runs(flags: NDArray[np.bool_], near: int) -> Iterator[slice]:
    """Slices that hold every True of *flags*; those closer than *near* share one."""
    places = np.flatnonzero(flags)
    if len(places):
        gaps = np.flatnonzero(np.diff(places) > near)
        for first, last in zip(places[[0, *(gaps + 1)]].tolist(), places[[*gaps, -1]].tolist(), strict=True):
            yield slice(first, last + 1)


def _around(part: Part, reach: int, shape: tuple[int, ...]) -> Part:
    rows, columns = (
        slice(max(0, side.start - reach), min(size, side.stop + reach))
        for side, size in zip(part, shape, strict=False)
    )
    return rows, columns


def _whole(pixels: Pixels) -> Part:
    return slice(0, pixels.shape[0]), slice(0, pixels.shape[1])
