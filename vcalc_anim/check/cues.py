"""The gate of cues: what a word points at happens within 0.3 s of the word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcalc_anim.build.narrate import NarratedScene
from vcalc_anim.check.finding import Finding
from vcalc_anim.course import SceneTimeline

if TYPE_CHECKING:
    from vcalc_anim.check.items import Item
    from vcalc_anim.check.scene_pass import Snapshot

MAX_DISTANCE = 0.3  # seconds between a word and what it highlights


class CueInspector:
    """Watches a scene for cues at which nothing begins, ends or appears.

    A motion that runs on through a word does not count: it points at nothing. Sampled, so that the limit
    is met up to the next sample. A cue that claims a number has its work already: coordinates are read out
    one by one while a single label shows them.
    """

    frames: frozenset[int] = frozenset()  # it needs no pixels

    def __init__(self, scene: NarratedScene, timeline: SceneTimeline, chapter: str = "") -> None:
        self._scene, self._timeline, self._chapter = scene, timeline, chapter
        self._last: tuple[Item, ...] | None = None
        self._moved: dict[
            int, frozenset[int]
        ] = {}  # frame → the mobjects that look different from the frame before

    def see(self, snapshot: Snapshot) -> None:
        items = snapshot.items
        if self._last is not None and items is not self._last:
            changed = frozenset(id(item.mobject) for item in {*items} ^ {*self._last})
            if changed:
                self._moved[snapshot.frame] = changed
        self._last = items

    def finish(self) -> list[Finding]:
        nothing: frozenset[int] = frozenset()
        turns = {
            frame
            for moved in self._moved
            for frame in (moved, moved + 1)
            if self._moved.get(frame, nothing) != self._moved.get(frame - 1, nothing)
        }
        reach = ceil(MAX_DISTANCE * self._timeline.fps)
        findings = []
        for name, line in self._scene.script.lines.items():
            timing = self._timeline.line(name)
            for cue, offset in timing.cues.items():
                frame = timing.start + offset
                if line.cues[cue].claim is None and turns.isdisjoint(range(frame - reach, frame + reach + 1)):
                    word = line.words[line.cues[cue].word].shown
                    message = (
                        f"nothing begins, ends or appears within {MAX_DISTANCE} s of {word!r} at {{{cue}}}: "
                        "let the scene act there, or take the mark out of the script"
                    )
                    findings.append(
                        _finding(self._scene, self._timeline, name, "still", message, frame, self._chapter)
                    )
        return findings


def read_marks(record: Path) -> list[dict[str, Any]]:
    """The marks in the JSON file beside a scene's video; raises ``ValueError`` when there are none."""
    try:
        return list(json.loads(record.read_text(encoding="utf-8"))["marks"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{record.name} holds no marks; build the chapter again") from error


def check_marks(
    scene: NarratedScene, timeline: SceneTimeline, marks: Iterable[Mapping[str, Any]], chapter: str = ""
) -> list[Finding]:
    """What happened while *scene* was drawn, line by line, against its words.

    Finds cues that the picture reached more than 0.3 s late, cues planned that far from their word, motions cut
    short by their line, and lines drawn at other times than planned. *marks* are the fields of
    :class:`~vcalc_anim.stage.lecture_scene.Mark` in frames of *timeline*.
    """
    by_line = {mark["line"]: mark for mark in marks}
    return [
        finding
        for timing in timeline.lines
        for finding in _check_line(scene, timeline, timing.name, by_line.get(timing.name), chapter)
    ]


def _check_line(
    scene: NarratedScene, timeline: SceneTimeline, name: str, mark: Mapping[str, Any] | None, chapter: str
) -> list[Finding]:
    line, timing, fps = scene.script.lines[name], timeline.line(name), timeline.fps
    if mark is None or (mark["start"], mark["end"]) != (timing.start, timing.end):
        message = "the scene was drawn with other times than the voice of today has; build the chapter again"
        return [_finding(scene, timeline, name, "stale", message, timing.start, chapter)]
    findings = []
    for cue in line.cues.values():
        at = timing.cues[cue.name]
        if cue.name in mark["late_cues"]:
            message = (
                f"the picture reaches {{{cue.name}}} more than {MAX_DISTANCE} s after its word: "
                "shorten what plays before it"
            )
            findings.append(_finding(scene, timeline, name, "late", message, timing.start + at, chapter))
        word = scene.speech[name].spans[cue.word][0]
        if abs(at / fps - word) > MAX_DISTANCE + 0.5 / fps:  # cues stand on whole frames
            message = (
                f"{{{cue.name}}} is planned {at / fps:.2f} s into its line, its word is said at {word:.2f} s"
            )
            findings.append(_finding(scene, timeline, name, "planned", message, timing.start + at, chapter))
    if count := mark["shortened"]:
        motions = "a motion is" if count == 1 else f"{count} motions are"
        message = f"{motions} cut below 60 % of the length asked for: give the line more words or the motion less time"
        findings.append(_finding(scene, timeline, name, "shortened", message, timing.start, chapter))
    return findings


def _finding(
    scene: NarratedScene,
    timeline: SceneTimeline,
    line: str,
    rule: str,
    message: str,
    frame: int,
    chapter: str,
) -> Finding:
    script = scene.script.lines[line]
    return Finding(
        f"cues.{rule}",
        message,
        chapter=chapter,
        scene=scene.script.name,
        line=line,
        seconds=frame / timeline.fps,
        file=script.file,
        line_number=script.line,
    )
