"""From speech to frames: when each line and each cue of a scene happens, in whole frames."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from vcalc_anim.course.model import Line, SceneScript, choices
from vcalc_anim.errors import InputError, Problem, raise_if_any

LEAD_SECONDS = 0.5  # still picture before the first word, so that a cut never swallows it
TAIL_SECONDS = 0.6  # still picture after the last line, so that clips do not end abruptly

Span = tuple[float, float]
"""Start and end of one word, in seconds from the start of its line."""


@dataclass(frozen=True)
class LineTiming:
    """When a line plays, in frames: from the scene's start, how long, and its cues from the line's start."""

    name: str
    start: int
    frames: int
    cues: dict[str, int]

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise ValueError(f'line "{self.name}" lasts {self.frames} frames; a line lasts at least one')
        for cue, frame in self.cues.items():
            if not 0 <= frame <= self.frames:
                raise ValueError(f'cue {{{cue}}} of line "{self.name}" is at frame {frame} of {self.frames}')

    @property
    def end(self) -> int:
        """The first frame after the line."""
        return self.start + self.frames


@dataclass(frozen=True)
class SceneTimeline:
    """A scene at ``fps`` frames a second: ``lead`` still frames, the lines, ``tail`` still frames."""

    fps: int
    lead: int
    lines: tuple[LineTiming, ...]
    tail: int

    def __post_init__(self) -> None:
        if self.fps < 1 or self.lead < 0 or self.tail < 0:
            raise ValueError("a timeline needs fps of at least 1, and lead and tail that are not negative")
        at = self.lead
        for line in self.lines:
            if line.start != at:
                raise ValueError(
                    f'line "{line.name}" starts at frame {line.start}, but {at} frames come before it'
                )
            at = line.end

    @property
    def frames(self) -> int:
        """The length of the whole scene."""
        return self.lead + sum(line.frames for line in self.lines) + self.tail

    @property
    def seconds(self) -> float:
        """The length of the whole scene in seconds."""
        return self.frames / self.fps

    def line(self, name: str) -> LineTiming:
        """The timing of line *name*.

        Raises:
            InputError: there is no such line; says what exists and which is nearest.
        """
        for line in self.lines:
            if line.name == name:
                return line
        known = [line.name for line in self.lines]
        raise InputError(f"the timeline has no line {name!r}; {choices(name, known)}")

    def to_json(self) -> str:
        """This timeline as JSON text; the same timeline always gives the same text."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> SceneTimeline:
        """The timeline that :meth:`to_json` wrote.

        Raises:
            InputError: *text* is not a timeline.
        """
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(key) for key in first["loc"]) or "its start"
            raise InputError(
                f"not a scene timeline, at {place}: {first['msg']}; narrate the scene again"
            ) from error


_ADAPTER = TypeAdapter(SceneTimeline)


def scene_timeline(scene: SceneScript, speech: Mapping[str, Sequence[Span]], fps: int) -> SceneTimeline:
    """When everything in *scene* happens.

    A spoken line lasts until ``rest`` seconds after its last word, rounded up to a whole frame; a silent one
    its seconds, to the nearest frame and at least one. A cue is at the frame nearest to the start of its
    word.

    Args:
        scene: the script.
        speech: for each spoken line by name, one (start, end) in seconds per word, from the line's start.
        fps: frames a second.

    Raises:
        InputError: fps below 1, speech for a line missing, or spans that do not fit its words. Lists every
        problem.
    """
    if fps < 1:
        raise InputError(f"{fps} frames a second is not possible; give at least 1")
    raise_if_any(
        problem for line in scene.lines.values() for problem in _misfits(scene, line, speech.get(line.name))
    )
    lead, at, timings = _nearest(LEAD_SECONDS * fps), _nearest(LEAD_SECONDS * fps), []
    for line in scene.lines.values():
        spans = speech.get(line.name, ())
        if line.silence is not None:
            frames = max(1, _nearest(line.silence * fps))
        else:
            frames = max(1, _whole_up((spans[-1][1] + line.rest) * fps))
        cues = {cue.name: min(frames, _nearest(spans[cue.word][0] * fps)) for cue in line.cues.values()}
        timings.append(LineTiming(line.name, at, frames, cues))
        at += frames
    return SceneTimeline(fps, lead, tuple(timings), _nearest(TAIL_SECONDS * fps))


def _misfits(scene: SceneScript, line: Line, spans: Sequence[Span] | None) -> list[Problem]:
    where = f'line "{line.name}" of scene {scene.name}'
    if line.silence is not None:
        return []
    if spans is None:
        return [Problem(line.file, line.line, f"{where} has no speech; narrate it before planning the scene")]
    if len(spans) != len(line.words):
        message = f"{where} has {len(line.words)} words but speech for {len(spans)}; narrate it again"
        return [Problem(line.file, line.line, message)]
    edges = [edge for span in spans for edge in span]
    starts = [start for start, _ in spans]
    ordered = starts == sorted(starts) and all(start <= end for start, end in spans)
    if not all(math.isfinite(edge) and edge >= 0 for edge in edges) or not ordered:
        message = f"{where} has word times that are negative or out of order; narrate it again"
        return [Problem(line.file, line.line, message)]
    return []


def _nearest(frames: float) -> int:
    return math.floor(frames + 0.5)


def _whole_up(frames: float) -> int:
    return math.ceil(round(frames, 6))  # 1.6 + 0.4 seconds must not become a frame more by binary rounding
