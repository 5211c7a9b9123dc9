"""Drawn pictures as clips need them: at their own size, and with straight alpha where they have one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from PIL import Image

from vcalc_anim.build.whole_file import WholeFile
from vcalc_anim.raster import Parts, Pixels

_BLOCK = 8  # pixels: what is invisible takes the colour of the visible part of its block


def clip_size(width: int, height: int, wanted: int | None) -> tuple[int, int]:
    """*width* × *height* made *wanted* pixels wide, never larger; both sides even.

    >>> clip_size(1920, 1080, 960), clip_size(854, 480, 960), clip_size(608, 1080, None)
    ((960, 540), (854, 480), (608, 1080))
    """
    if wanted is None or wanted >= width:
        return width, height
    return round(wanted / 2) * 2, max(2, round(height * wanted / width / 2) * 2)


def scaled(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """*pixels* (height, width, 4) at *size* (width, height)."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    frame = av.VideoFrame.from_ndarray(pixels, format="rgba")
    smaller: Any = frame.reformat(*size, format="rgba", interpolation=Interpolation.AREA).to_ndarray()
    return np.asarray(smaller, np.uint8)


def same(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures (height, width, 4) are equal; four bytes at a time, for there are many to compare."""
    return np.array_equal(one.view(np.uint32), other.view(np.uint32))


def straight(pixels: Pixels) -> Pixels:
    """*pixels* with their colours no longer multiplied with their alpha, as files hold them.

    What is wholly transparent takes the mean colour around it: a lossy coding mixes neighbours, and black ones
    would show as a dark rim.
    """
    height, width = pixels.shape[:2]
    rows, columns = -(-height // _BLOCK), -(-width // _BLOCK)
    result = np.zeros((rows * _BLOCK, columns * _BLOCK, 4), np.uint8)
    result[:height, :width] = pixels
    blocks = result.reshape(rows, _BLOCK, columns, _BLOCK, 4).swapaxes(1, 2)
    alpha = blocks[..., 3]
    edges = (alpha.max((2, 3)) > 0) & (alpha.min((2, 3)) < 255)  # most blocks are wholly clear or solid
    blocks[edges] = _straight_blocks(blocks[edges])
    return np.ascontiguousarray(result[:height, :width])


def _straight_blocks(blocks: Pixels) -> Pixels:
    """Blocks (n, height, width, 4) that are visible somewhere, with straight alpha."""
    colors, alpha = blocks[..., :3].astype(np.float32), blocks[..., 3:].astype(np.float32)
    around = colors.sum((1, 2), keepdims=True) / alpha.sum((1, 2), keepdims=True)
    own = 255 * np.where(alpha > 0, colors / np.maximum(alpha, 1), around)
    return np.concatenate([np.minimum(own + 0.5, 255).astype(np.uint8), blocks[..., 3:]], axis=-1)


def frame_for_video(pixels: Pixels, size: tuple[int, int], format: str) -> av.VideoFrame:
    """*pixels* at *size* in the pixel format *format*, with BT.709 and limited range.

    swscale's own choice would be BT.601, which makes players show HD colours wrong.
    """
    smaller = scaled(pixels, size)
    frame = av.VideoFrame.from_ndarray(straight(smaller) if "yuva" in format else smaller, format="rgba")
    return frame.reformat(
        format=format,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


class PosterWriter(WholeFile):
    """Writes one frame of a scene as PNG; with alpha where the picture has one."""

    def __init__(self, path: Path, frame: int, size: tuple[int, int]) -> None:
        super().__init__(path)
        self._frame = frame
        self._size = size

    def wants(self, first: int, count: int) -> bool:
        return first <= self._frame < first + count

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        """Keep *pixels* when they show the wanted frame."""
        if self.wants(first, count):
            picture = scaled(pixels, self._size)
            opaque = bool((picture[..., 3] == 255).all())
            image = Image.fromarray(picture[..., :3].copy() if opaque else straight(picture))
            image.save(self.path, format="PNG")

    def repeat_first(self) -> None:
        """Nothing: the frame that closes a loop has been seen."""
