"""One picture in the encoder's colours, kept up to date: only what changed is converted.

Conversion costs as much as half of an encoding, and most frames of a lecture change in a few places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from vcalc_anim.build.clip_pictures import frame_for_video
from vcalc_anim.raster import Part, Parts, Pixels, runs

# Pixels around that have a part in a converted one: halving the colours looks at some neighbours.
_REACH = 8
_NEAR = 64  # pixels: changes that are closer are converted as one


class YuvPicture:
    """The newest of the pictures shown, (height, width, 4) RGBA, both even, as 4:2:0 in BT.709 and limited range."""

    def __init__(self, height: int, width: int) -> None:
        self._pixels: Pixels = np.zeros((height, width, 4), np.uint8)
        self._is_empty = True
        self._frame = av.VideoFrame(width, height, "yuv420p")
        self._planes = [_rows(plane) for plane in self._frame.planes]

    def differences(self, pixels: Pixels, within: Parts = None) -> list[Part]:
        """Rectangles with even edges that hold every pixel in which *pixels* differ from the picture.

        They are searched *within* some parts, with even edges too, when it is known that there are none elsewhere.
        """
        if self._is_empty:
            return [_whole(pixels)]
        searched = [_whole(pixels)] if within is None else within
        return [part for near in searched for part in self._differing(pixels, near)]

    def show(self, pixels: Pixels, parts: Sequence[Part]) -> None:
        """Make *pixels* the picture; outside of *parts*, from :meth:`differences`, they are."""
        for part in parts:
            self._pixels[part] = pixels[part]
            self._convert(part)
        self._is_empty = False

    @property
    def frame(self) -> av.VideoFrame:
        """The picture; the next ``show`` changes it."""
        return self._frame

    def _differing(self, pixels: Pixels, near: Part) -> Iterator[Part]:
        top, left = near[0].start, near[1].start
        differ = _words(self._pixels[near]) != _words(pixels[near])  # two pixels a column
        for rows in runs(differ.any(axis=1), _NEAR):
            for columns in runs(differ[rows].any(axis=0), _NEAR // 2):
                yield (
                    slice(top + rows.start // 2 * 2, top + -(-rows.stop // 2) * 2),
                    slice(left + 2 * columns.start, left + 2 * columns.stop),
                )

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


def _around(part: Part, reach: int, shape: tuple[int, ...]) -> Part:
    rows, columns = (
        slice(max(0, side.start - reach), min(size, side.stop + reach))
        for side, size in zip(part, shape, strict=False)
    )
    return rows, columns


def _whole(pixels: Pixels) -> Part:
    return slice(0, pixels.shape[0]), slice(0, pixels.shape[1])
