"""Captions for tall films, a few words at a time, and their strips laid over the frames."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vcalc_anim.build.plan import PlannedScene
from vcalc_anim.build.sound import placed_lines
from vcalc_anim.raster import Parts, Pixels
from vcalc_anim.voice import Caption, TimedWord
from vcalc_anim.voice.caption_breaks import break_cost

if TYPE_CHECKING:
    from vcalc_anim.stage.renderer import FrameSink

CHARACTERS = 28  # a line; two lines at most
_SHORTEST = 0.8  # seconds that a caption should stay
_LINGER = 0.3  # seconds after the last word, where nobody speaks
_EACH = 9.0  # what one more caption costs, beside what break_cost says of its cut


def few_words(scenes: Sequence[PlannedScene]) -> list[Caption]:
    """Captions of *scenes* shown one after another, in lines of at most :data:`CHARACTERS`.

    A caption begins with its first word and stays until the next, or until a moment after its last word.
    """
    lines = [line.timed_words() for line in placed_lines(scenes)]
    cuts = [chunk for words in lines if words for chunk in _chunks(words)]
    shown = []
    for index, chunk in enumerate(cuts):
        follows = cuts[index + 1][0].start if index + 1 < len(cuts) else math.inf
        end = min(follows, max(chunk[-1].end + _LINGER, chunk[0].start + _SHORTEST))
        end = follows if follows - end < _LINGER else end  # no flicker between two
        rows, _ = _rows([word.text for word in chunk])
        shown.append(Caption(chunk[0].start, end, rows))
    return shown


def _chunks(words: Sequence[TimedWord]) -> list[Sequence[TimedWord]]:
    """The cheapest partition of one spoken line."""
    best: list[tuple[float, int]] = [(0.0, 0), *[(math.inf, 0)] * len(words)]
    for last in range(1, len(words) + 1):
        for first in range(last - 1, -1, -1):
            rows, cost = _rows([word.text for word in words[first:last]])
            if max(len(row) for row in rows) > CHARACTERS and last - first > 1:
                break
            cost += best[first][0] + _EACH
            cost += 20 * max(0.0, _SHORTEST - (words[last - 1].end - words[first].start))
            if last < len(words):
                cost += break_cost(words[last - 1].text, words[last].text)
            if cost < best[last][0]:
                best[last] = (cost, first)
    chunks: list[Sequence[TimedWord]] = []
    at = len(words)
    while at:
        chunks.append(words[best[at][1] : at])
        at = best[at][1]
    return chunks[::-1]


def _rows(words: Sequence[str]) -> tuple[tuple[str, ...], float]:
    """*words* on one line, or on two of which the longer is as short as it can be; the cost of the break."""
    text = " ".join(words)
    if len(text) <= CHARACTERS or len(words) == 1:
        return (text,), 0.0
    ways = []
    for cut in range(1, len(words)):
        above, below = " ".join(words[:cut]), " ".join(words[cut:])
        over = max(0, max(len(above), len(below)) - CHARACTERS)
        cost = break_cost(words[cut - 1], words[cut]) + 0.4 * abs(len(above) - len(below))
        ways.append((over, cost, (above, below)))
    _, cost, rows = min(ways)
    return rows, cost


@dataclass(frozen=True, eq=False)
class Strip:
    """A caption as a picture, RGBA, shown from frame *first* until before frame *stop*."""

    first: int
    stop: int
    pixels: NDArray[np.uint8]


class Captioned:
    """A sink that sets frames into the upper middle of a larger one, lays strips over it, and hands it on.

    *size* is that of the larger frame, (width, height). Strips stand in the middle of its width, their middle *center*
    pixels below its upper edge. A held
    picture is handed on once for each strip, so that it stays cheap to encode.
    """

    def __init__(
        self,
        sink: FrameSink,
        size: tuple[int, int],
        ground: tuple[int, int, int],
        strips: Sequence[Strip],
        center: int,
    ) -> None:
        self._sink = sink
        self._size = size
        self._ground = np.array([*ground, 255], np.uint8)
        self._strips = strips
        self._center = center
        self._canvas: Pixels | None = None

    def wants(self, first: int, count: int) -> bool:
        return self._sink.wants(first, count)

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        if self._canvas is None:
            self._canvas = np.empty((self._size[1], self._size[0], 4), np.uint8)
            self._canvas[:] = self._ground
        height, width = pixels.shape[:2]
        left = (self._size[0] - width) // 2
        for start, stop, strip in self._parts(first, first + count):
            self._canvas[:height] = self._ground
            self._canvas[:height, left : left + width] = pixels
            if strip is not None:
                self._lay(strip.pixels)
            self._sink.add(start, self._canvas, stop - start)

    def _parts(self, first: int, stop: int) -> Iterator[tuple[int, int, Strip | None]]:
        """The frames from *first* to *stop*, cut where strips come and go."""
        inside = [edge for strip in self._strips for edge in (strip.first, strip.stop) if first < edge < stop]
        edges = sorted({first, stop, *inside})
        for start, end in pairwise(edges):
            shown = (strip for strip in self._strips if strip.first <= start < strip.stop)
            yield start, end, next(shown, None)

    def _lay(self, strip: NDArray[np.uint8]) -> None:
        assert self._canvas is not None
        height, width = strip.shape[:2]
        top, left = self._center - height // 2, (self._canvas.shape[1] - width) // 2
        place = self._canvas[top : top + height, left : left + width, :3]
        share = strip[..., 3:].astype(np.float32) / 255
        place[:] = np.rint(place * (1 - share) + strip[..., :3] * share)
