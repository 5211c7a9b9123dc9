"""Drawing a scene again: groups of pictures that an earlier film of it has too are taken from there.

After a line was changed most frames of its scene are what they were, only at other times. Each frame is known by the
looks of all that is in it (:class:`~vcalc_anim.stage.renderer.Frame`), so what a group of pictures shows is known
before it is drawn: the film's record tells it, and an equal group is copied, packet by packet. The film is the same,
byte for byte, as if all of it had been drawn.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import av

from vcalc_anim.build.encoder import SceneEncoder, stood
from vcalc_anim.build.files import sha256_file
from vcalc_anim.build.h264 import from_mp4
from vcalc_anim.build.sinks import Batches, writing

if TYPE_CHECKING:
    from vcalc_anim.stage.renderer import Frame

_FILMS = 4  # earlier films that are looked at, the newest ones
_UNKNOWN = "?"

Runs: TypeAlias = tuple[tuple[str, int], ...]
"""What a group shows: the name of each picture, and for how many frames."""


@dataclass(frozen=True)
class EarlierGroup:
    """A group of an earlier film: what it shows, and where its packets are (place and size in bytes)."""

    film: Path
    runs: Runs
    packets: tuple[tuple[int, int], ...]

    def begins_with(self, runs: Sequence[Run]) -> bool:
        """Whether it shows *runs*, the last of them for as long or longer."""
        *ended, last = runs
        if len(runs) > len(self.runs) or any(
            (run.name, run.frames) != own for run, own in zip(ended, self.runs, strict=False)
        ):
            return False
        name, frames = self.runs[len(ended)]
        return name == last.name and frames >= last.frames

    def read(self) -> list[bytes]:
        """Its packets."""
        with self.film.open("rb") as file:
            packets = []
            for place, size in self.packets:
                file.seek(place)
                packets.append(from_mp4(file.read(size)))
        return packets


@dataclass
class Run:
    """A picture and how many frames of the present group show it."""

    frame: Frame
    name: str
    frames: int = 0


def groups_of_earlier_films(video: Path, coding: str) -> list[EarlierGroup]:
    """The groups of those films beside *video* that show the same scene and were drawn and coded by the same code.

    *video* is named ``scene-fingerprint.mp4``; films that are damaged do not count.
    """
    scene = video.stem.rpartition("-")[0]
    records = [path for path in video.parent.glob(f"{scene}-*.json") if path.stem != video.stem]
    found: list[EarlierGroup] = []
    films = 0
    for record in sorted(records, key=_when_written, reverse=True):
        try:
            told = json.loads(record.read_text(encoding="utf-8"))
            film = record.with_suffix(".mp4")
            if told.get("coding") != coding or told["sha256"] != sha256_file(film):
                continue
            found += _groups(film, told["groups"])
            films += 1
        except (OSError, ValueError, KeyError, TypeError, av.FFmpegError):
            continue  # it does not help; whoever needs that film will tell what is wrong with it
        if films == _FILMS:
            break
    return found


def _when_written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _groups(film: Path, told: Sequence[str]) -> Iterator[EarlierGroup]:
    with av.open(str(film)) as container:
        packets = [(p.pos, p.size) for p in container.demux(video=0) if p.size and p.pos is not None]
    shown = [tuple(_run(word) for word in group.split()) for group in told]
    ends = list(accumulate(sum(frames for _, frames in runs) for runs in shown))
    if not ends or ends[-1] != len(packets):
        return
    for runs, end in zip(shown, ends, strict=True):
        if all(name != _UNKNOWN for name, _ in runs):
            first = end - sum(frames for _, frames in runs)
            yield EarlierGroup(film, runs, tuple(packets[first:end]))


def _run(word: str) -> tuple[str, int]:
    name, _, frames = word.partition(":")
    return name, int(frames)


class RecallingSink:
    """Writes a scene with *encoder*, and draws only what *earlier* films do not show.

    A :class:`~vcalc_anim.stage.renderer.Chooser`; call :meth:`finish` after the last frame. While the present group
    goes like an earlier one its frames wait: they are drawn if it comes to go otherwise. *report* gets numbers of
    finished frames. A group begins at each of the frames *starts*: there, films of different lengths fall into step.
    """

    def __init__(
        self,
        encoder: SceneEncoder,
        gop: int,
        earlier: Sequence[EarlierGroup],
        report: Callable[[int], None],
        starts: Iterable[int] = (),
    ) -> None:
        self._encoder = encoder
        self._starts = sorted(starts)
        self._place = 0  # of the next frame in the film
        self._gop = gop
        self._note_frames = Batches(report)
        self._earlier: dict[str, list[EarlierGroup]] = {}
        for group in earlier:
            self._earlier.setdefault(group.runs[0][0], []).append(group)
        self._group: list[Run] = []  # the present one
        self._frames = 0  # in it
        self._alike: list[EarlierGroup] | None = None  # that begin like it; None once it is drawn
        self._shown: Frame | None = None  # the frame that the encoder has as its newest picture
        self._groups: list[str] = []
        self.drawn = 0  # pictures

    def choose(self, frame: Frame, count: int) -> None:
        name = _UNKNOWN if frame.digest is None else base64.urlsafe_b64encode(frame.digest).decode()
        with writing():
            if self._group and (name == _UNKNOWN or name != self._group[-1].name):
                if stood(self._group[-1].frames, self._gop):
                    self._end_group()
                else:
                    self._begin_run(frame, name)
            rest = count
            while rest:
                if not self._group:
                    self._begin_run(frame, name)
                part = min(rest, self._gop - self._frames, self._until_start())
                self._hold(part)
                rest -= part
                # A group of one frame would have to be coded otherwise, so such a one goes on.
                if self._frames == self._gop or (self._frames > 1 and self._place in self._starts):
                    self._end_group()
        self._note_frames(count)

    def finish(self) -> None:
        """The scene is over."""
        if not self._group:
            return
        with writing():
            if self._frames == 1:  # the encoder codes it in another way: the next film follows at once
                self._draw()
                self._note([(_UNKNOWN, 1)])
            else:
                self._end_group()

    @property
    def groups(self) -> list[str]:
        """What each group shows, for the record: ``name:frames`` of each picture, ``?`` for one that has no name."""
        return self._groups

    def _begin_run(self, frame: Frame, name: str) -> None:
        run = Run(frame, name)
        if not self._group:
            self._alike = self._earlier.get(name)
        self._group.append(run)
        if self._alike is None:
            self._show(run)

    def _hold(self, count: int) -> None:
        run = self._group[-1]
        run.frames += count
        self._frames += count
        self._place += count
        if self._alike is None:
            self._encoder.hold(count)
        else:
            self._alike = [group for group in self._alike if group.begins_with(self._group)]
            if not self._alike:
                self._draw()

    def _until_start(self) -> int:
        """How many frames there are until the next frame of those that begin a group."""
        behind = bisect_right(self._starts, self._place)
        return self._starts[behind] - self._place if behind < len(self._starts) else self._gop

    def _draw(self) -> None:
        """Draw the present group as far as it goes."""
        if self._alike is not None:
            self._alike = None
            for run in self._group:
                self._show(run)
                self._encoder.hold(run.frames)

    def _show(self, run: Run) -> None:
        if run.frame is not self._shown:
            self._encoder.show(*run.frame.draw())
            self._shown = run.frame
            self.drawn += 1

    def _end_group(self) -> None:
        runs = tuple((run.name, run.frames) for run in self._group)
        if same := next((group for group in self._alike or () if group.runs == runs), None):
            self._encoder.put(same.read())
        else:
            self._draw()
            self._encoder.end_group()
        self._note(runs)

    def _note(self, runs: Sequence[tuple[str, int]]) -> None:
        self._groups.append(" ".join(f"{name}:{frames}" for name, frames in runs))
        self._group, self._frames, self._alike = [], 0, None
