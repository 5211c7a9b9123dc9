"""Only what changed is converted, and nobody can tell."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from vcalc_anim.build.planes import YuvPicture

HEIGHT, WIDTH = 320, 400


def converted(pixels: np.ndarray) -> np.ndarray:
    """*pixels* converted at once, as a test of what is put together from pieces."""
    frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    return frame.to_ndarray()


@pytest.mark.parametrize("seed", range(20))
def test_a_picture_put_together_from_pieces_is_the_whole_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)
    picture = YuvPicture(HEIGHT, WIDTH)
    for _ in range(5):
        parts = picture.differences(pixels)
        assert parts
        picture.show(pixels, parts)
        assert not picture.differences(pixels.copy())
        assert np.array_equal(picture.frame.to_ndarray(), converted(pixels))
        pixels = pixels.copy()
        for row, column in rng.integers(0, (HEIGHT, WIDTH), (3, 2)):
            high, wide = rng.integers(1, 40, 2)
            pixels[row : row + high, column : column + wide] = rng.integers(0, 256)


def test_one_pixel_is_enough_to_be_another_picture() -> None:
    picture = YuvPicture(HEIGHT, WIDTH)
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    parts = picture.differences(pixels, ())
    assert parts  # nothing has been shown yet, not even black
    picture.show(pixels, parts)
    assert not picture.differences(pixels)
    pixels[HEIGHT - 1, WIDTH - 1, 3] = 1
    assert picture.differences(pixels) == [(slice(HEIGHT - 2, HEIGHT), slice(WIDTH - 2, WIDTH))]


def test_differences_are_searched_only_where_they_may_be() -> None:
    picture = YuvPicture(HEIGHT, WIDTH)
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    picture.show(pixels, picture.differences(pixels))
    pixels[40, 50] = pixels[200, 300] = 9
    assert picture.differences(pixels, ()) == []
    assert picture.differences(pixels, [(slice(32, 64), slice(32, 64))]) == [(slice(40, 42), slice(50, 52))]
