"""The sound of a film: its lines on one track, mastered as a whole, coded scene by scene.

Coding takes longest and depends on little else than the samples: what was coded is kept, so that a line that is spoken
otherwise costs its own scene, and an edit of pictures nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from vcalc_anim.build.aac import AAC_FRAME, surroundings, twin_packets
from vcalc_anim.build.files import fingerprint
from vcalc_anim.build.kept import load_kept, store_kept
from vcalc_anim.build.plan import PlannedScene
from vcalc_anim.voice import SAMPLE_RATE, TRUE_PEAK_DB, Samples, Speech, TimedWord, master, mix

_CODEC_MARGIN = 0.4  # dB: coding puts back some of the peaks that mastering took away
_SIZE = 4  # bytes that say how long a packet is


@dataclass(frozen=True)
class PlacedLine:
    """A spoken line in the film: its start in seconds and its words as captions show them.

    scene: the number of its scene in the film; offset: its start in that scene, in seconds.
    """

    start: float
    words: tuple[str, ...]
    speech: Speech
    scene: int
    offset: float

    def timed_words(self) -> list[TimedWord]:
        return [
            TimedWord(word, self.start + begin, self.start + end)
            for word, (begin, end) in zip(self.words, self.speech.spans, strict=True)
        ]


def placed_lines(scenes: Sequence[PlannedScene]) -> list[PlacedLine]:
    """The spoken lines of *scenes* shown one after another, in order."""
    lines, first = [], 0
    for number, scene in enumerate(scenes):
        timeline = scene.job.timeline
        for timing in timeline.lines:
            if timing.name in scene.narrated.speech:
                words = tuple(word.shown for word in scene.narrated.script.lines[timing.name].words)
                start, offset = (first + timing.start) / timeline.fps, timing.start / timeline.fps
                lines.append(PlacedLine(start, words, scene.narrated.speech[timing.name], number, offset))
        first += timeline.frames
    return lines


@dataclass(frozen=True)
class KeptSound:
    """A folder of coded sound; *code* stands for the code and the libraries that master and code."""

    folder: Path
    code: str

    def coded(self, scenes: Sequence[PlannedScene]) -> list[bytes]:
        """As :func:`coded_sound`; what is not in the folder is made and stored."""
        index = self.index(scenes)
        names = self._names(index)
        pieces = [load_kept(self.folder / name, "coded sound") for name in names]
        if not names or None in pieces:
            surrounded = [*_surrounded(scenes)]
            names = [self._name(piece) for piece in surrounded]
            pieces = [self._piece(*both) for both in zip(names, surrounded, strict=True)]
            store_kept(index, "\n".join(names).encode())
        return _joined(scenes, ([*_unpacked(piece)] for piece in pieces if piece is not None))

    def index(self, scenes: Sequence[PlannedScene]) -> Path:
        """The file that names the pieces of the sound of *scenes*, whether it exists or not."""
        lines = [
            [line.scene, line.offset, hashlib.sha256(line.speech.samples.tobytes()).hexdigest()]
            for line in placed_lines(scenes)
        ]
        times = [[scene.frames, scene.job.timeline.fps] for scene in scenes]
        return self.folder / f"{fingerprint([self.code, times, lines])[:40]}.pieces"

    def files(self, scenes: Sequence[PlannedScene]) -> list[Path]:
        """All files of the folder that the sound of *scenes* is made of; some may not exist."""
        index = self.index(scenes)
        return [index, *(self.folder / name for name in self._names(index))]

    def _names(self, index: Path) -> list[str]:
        return (load_kept(index, "the list of coded sound") or b"").decode().split()

    def _name(self, surrounded: Samples) -> str:
        digest = hashlib.sha256(self.code.encode() + surrounded.tobytes())
        return f"{digest.hexdigest()[:40]}.aac"

    def _piece(self, name: str, surrounded: Samples) -> bytes:
        path = self.folder / name
        kept = load_kept(path, "coded sound")
        if kept is None:
            kept = b"".join(
                len(packet).to_bytes(_SIZE, "big") + packet for packet in twin_packets(surrounded)
            )
            store_kept(path, kept)
        return kept


def coded_sound(scenes: Sequence[PlannedScene]) -> list[bytes]:
    """The sound of *scenes* shown one after another, as stereo packets of AAC, at the published loudness."""
    return _joined(scenes, map(twin_packets, _surrounded(scenes)))


def _joined(scenes: Sequence[PlannedScene], pieces: Iterable[list[bytes]]) -> list[bytes]:
    """So many packets of each scene's piece as there is room for before the next scene begins."""
    room = (stop - start for start, stop in pairwise(_packet_starts(scenes)))
    return [packet for count, piece in zip(room, pieces, strict=True) for packet in piece[:count]]


def _surrounded(scenes: Sequence[PlannedScene]) -> Iterator[Samples]:
    """What is coded of each scene: the packets that it fills, the last one mostly in part.

    The sound of every scene begins with a packet of its own, so that it is the same wherever it stands in the film: up
    to half a packet, 11 ms, before or after the picture. A packet too many, of the silence at its end, is left out later.
    """
    *starts, end = _packet_starts(scenes)
    placed = [
        (starts[line.scene] * AAC_FRAME + round(line.offset * SAMPLE_RATE), line.speech)
        for line in placed_lines(scenes)
    ]
    mastered = master(mix(placed, end * AAC_FRAME), true_peak=TRUE_PEAK_DB - _CODEC_MARGIN)
    for scene, start in zip(scenes, starts, strict=True):
        yield surroundings(mastered[:, 0], start, start + math.ceil(_packets(scene.frames, scene)))


def _packet_starts(scenes: Sequence[PlannedScene]) -> list[int]:
    """The packet with which each of *scenes* begins, and the one behind the last scene."""
    starts, first = [], 0
    for scene in scenes:
        starts.append(round(_packets(first, scene)))
        first += scene.frames
    return [*starts, math.ceil(_packets(first, scenes[-1]))]


def _packets(frames: int, scene: PlannedScene) -> Fraction:
    """How many packets last as long as *frames* of *scene*."""
    return Fraction(frames * SAMPLE_RATE, scene.job.timeline.fps * AAC_FRAME)


def _unpacked(piece: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(piece):
        size = int.from_bytes(piece[at : at + _SIZE], "big")
        at += _SIZE + size
        yield piece[at - size : at]
