"""Captions burned into tall films: few words at a time, on the frames of their words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vcalc_anim.build.burned_captions import CHARACTERS, Captioned, Strip, _chunks, _rows
from vcalc_anim.raster import Parts
from vcalc_anim.voice import TimedWord


class Kept:
    """A sink that keeps what it gets."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, NDArray[np.uint8], int]] = []

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: NDArray[np.uint8], count: int, changed: Parts = None) -> None:
        self.frames.append((first, pixels.copy(), count))


def timed(text: str, seconds: float = 0.4) -> list[TimedWord]:
    return [TimedWord(word, i * seconds, (i + 1) * seconds) for i, word in enumerate(text.split())]


def test_no_line_is_longer_than_the_frame_holds_and_no_word_is_lost() -> None:
    text = (
        "Turn the needle slowly, all the way around, and feel how the slope rises to ten, falls through zero, "
        "and climbs again."
    )
    chunks = _chunks(timed(text))
    rows = [_rows([word.text for word in chunk])[0] for chunk in chunks]
    assert all(len(row) <= CHARACTERS for row_pair in rows for row in row_pair)
    assert all(1 <= len(row_pair) <= 2 for row_pair in rows)
    assert " ".join(row for row_pair in rows for row in row_pair) == text


def test_a_cut_falls_behind_a_sentence_where_it_can() -> None:
    first = _chunks(timed("This is the gradient. It points straight up, everywhere you stand on the hill."))[
        0
    ]
    assert first[-1].text in ("gradient.", "up,")


def test_a_held_picture_is_handed_on_once_for_each_caption() -> None:
    kept = Kept()
    strip = Strip(10, 20, np.full((2, 4, 4), 255, np.uint8))
    sink = Captioned(kept, (10, 12), (1, 2, 3), [strip], center=7)
    sink.add(5, np.full((8, 6, 4), 100, np.uint8), 30)
    assert [(first, count) for first, _, count in kept.frames] == [(5, 5), (10, 10), (20, 15)]
    before, during, after = (pixels for _, pixels, _ in kept.frames)
    assert np.array_equal(before, after) and before.shape == (12, 10, 4)
    assert (during[6:8, 3:7, :3] == 255).all() and (during[:6, 2:8, :3] == 100).all()
    assert before[11, 0].tolist() == before[0, 0].tolist() == [1, 2, 3, 255]
