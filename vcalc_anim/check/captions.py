"""The gate of captions: what is read against what is heard in the finished film, and that against the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from vcalc_anim.build.manifest import Entry
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene
from vcalc_anim.check.caption_files import read_captions
from vcalc_anim.check.film import Film
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.inventory import Watch
from vcalc_anim.course import Line
from vcalc_anim.voice import SAMPLE_RATE, Caption, Speech, TimedWord, caption_breaches
from vcalc_anim.voice.caption_rules import MAX_OFFSET

MAX_DRIFT = 0.040  # seconds that sound and picture move apart from the first line to the last
_SEARCH = 0.5  # seconds around its place in which a line is looked for
_STEP = 6  # samples averaged to one: 8 kHz tell speech apart well enough
# Correlation from which it is this line. Mastered and coded, lines of chapter 4 keep 0.97; other words reach 0.16.
_SURE = 0.5
_EXACT = 0.0005  # seconds: the measure's own error


@dataclass(frozen=True, eq=False)
class SpokenLine:
    """A line of a film as it was planned: ``scene_start`` and ``start`` are seconds of the film."""

    scene: str
    scene_start: float
    start: float
    script: Line
    speech: Speech

    def words(self, lag: float = 0.0) -> list[TimedWord]:
        """What captions show, when it is heard, *lag* seconds after the plan."""
        at = self.start + lag
        return [
            TimedWord(word.shown, max(0.0, at + begin), max(0.0, at + end))
            for word, (begin, end) in zip(self.script.words, self.speech.spans, strict=True)
        ]


def spoken_lines(scenes: Sequence[NarratedScene], fps: int) -> list[SpokenLine]:
    """The spoken lines of *scenes*, shown one after another at *fps* frames a second."""
    lines, first = [], 0
    for scene in scenes:
        timeline = scene.timeline(fps)
        for timing in timeline.lines:
            if timing.name in scene.speech:
                lines.append(
                    SpokenLine(
                        scene.script.name,
                        first / fps,
                        (first + timing.start) / fps,
                        scene.script.lines[timing.name],
                        scene.speech[timing.name],
                    )
                )
        first += timeline.frames
    return lines


def check_film(film: Film, scenes: Sequence[NarratedScene], chapter: str, language: str) -> list[Finding]:
    """Captions beside *film* against the sound in it, and that sound against the plan of *scenes*.

    *scenes* are the narrated scenes that the film shows, in order, spoken by its voice.
    """
    frames, planned = len(film.video.times), planned_frames(scenes, film)
    if frames != planned:
        message = (
            f"the film has {frames} frames; script and voice of today make {planned}: "
            "build it again, or check it with the voice that it was built with"
        )
        return [Finding("captions.stale", message, chapter=chapter, file=film.path)]
    lines = spoken_lines(scenes, max(1, round(film.video.fps)))
    lags = _lags(film, lines)
    findings = _check_sound(film, lines, lags, chapter)
    spoken = [line.words(lag or 0.0) for line, lag in zip(lines, lags, strict=True)]
    for suffix in (".srt", ".vtt"):
        path = film.path.with_suffix(f".{language}{suffix}")
        try:
            shown = read_captions(path).captions
        except (OSError, ValueError):
            message = f"{path.name} is missing or unreadable; build it again"
            findings.append(Finding("captions.missing", message, chapter=chapter, file=path))
            continue
        found = check_shown(shown, lines, spoken, film.video.end, chapter)
        findings += [finding for finding in found if finding not in findings]  # both files break it alike
    return findings


def watch_films(narrations: Sequence[NarratedLecture], language: str) -> Watch:
    """:func:`check_film` for every film of an output folder.

    *narrations* are the lectures as they were spoken, perhaps by several voices: a film is held against the
    first that has its length, for nothing else in a film tells who speaks.
    """

    def watch(entry: Entry, film: Film) -> list[Finding]:
        if (entry.scene is None and entry.kind != "lecture") or film.audio is None:
            return []  # nothing of the script is spoken in it: a card of a quiz, a loop, a silent clip
        spoken = [
            [narrated.scene(entry.scene)] if entry.scene else list(narrated.scenes)
            for narrated in narrations
            if narrated.lecture.slug == entry.chapter
        ]
        if not spoken:
            return []
        fitting = (scenes for scenes in spoken if planned_frames(scenes, film) == len(film.video.times))
        return check_film(film, next(fitting, spoken[0]), entry.chapter, language)

    return watch


def planned_frames(scenes: Sequence[NarratedScene], film: Film) -> int:
    """How many frames *scenes* have at the rate of *film*."""
    fps = max(1, round(film.video.fps))
    return sum(scene.timeline(fps).frames for scene in scenes)


def check_shown(
    shown: Sequence[Caption],
    lines: Sequence[SpokenLine],
    spoken: Sequence[Sequence[TimedWord]],
    end: float,
    chapter: str = "",
) -> list[Finding]:
    """The rules that the captions *shown* break in a film of *end* seconds; *spoken* has the words as heard."""
    found = [
        _at(lines, breach.seconds, f"captions.{breach.rule}", breach.message, chapter)
        for breach in caption_breaches(shown, spoken)
    ]
    if shown and shown[-1].end > end:
        message = f"the last caption ends at {shown[-1].end:.3f} s, after the film ({end:.3f} s)"
        found.append(_at(lines, shown[-1].start, "captions.end", message, chapter))
    return found


def _check_sound(
    film: Film, lines: Sequence[SpokenLine], lags: Sequence[float | None], chapter: str
) -> list[Finding]:
    frame = 1 / film.video.fps
    found = []
    for line, lag in zip(lines, lags, strict=True):
        if lag is None:
            message = "the words of this line are not heard where the script puts them; build the film again"
            found.append(_at(lines, line.start, "sync.unheard", message, chapter))
        elif abs(lag) > frame + _EXACT:
            when = "late" if lag > 0 else "early"
            message = f"the voice is {abs(lag):.3f} s {when}; one frame ({frame:.3f} s) is the limit"
            found.append(_at(lines, line.start, "sync.sound", message, chapter))
    known = [lag for lag in lags if lag is not None]
    if known and (drift := abs(known[-1] - known[0])) > MAX_DRIFT + _EXACT:
        message = f"the voice moves {drift:.3f} s against the picture from its first line to its last"
        found.append(_at(lines, lines[-1].start, "sync.drift", message, chapter))
    return found


def _lags(film: Film, lines: Sequence[SpokenLine]) -> list[float | None]:
    """How late each line is heard, in seconds; None where it is not heard; 0 where there is nothing to hear."""
    audio = film.audio
    if audio is None or audio.rate != SAMPLE_RATE:
        return [0.0] * len(lines)  # a film without sound; another rate is a finding of its file
    heard = _coarse(audio.samples.mean(axis=1))
    return [_lag(heard, line) if np.any(line.speech.samples) else 0.0 for line in lines]


def _lag(heard: NDArray[np.float32], line: SpokenLine) -> float | None:
    rate = SAMPLE_RATE / _STEP
    said = _coarse(line.speech.samples)
    planned = line.start * rate
    first = round(planned - _SEARCH * rate)
    window = heard[max(0, first) : max(0, first + len(said) + round(2 * _SEARCH * rate))]
    window = np.pad(window, (max(0, -first), 0))
    if len(window) < len(said):
        return None
    products = correlate(window, said, mode="valid", method="fft")
    energy = np.concatenate([[0.0], np.cumsum(window.astype(np.float64) ** 2)])
    strengths = np.sqrt(np.maximum(energy[len(said) :] - energy[: -len(said)], 1e-12))
    likeness = products / (strengths * float(np.linalg.norm(said)))
    best = int(np.argmax(likeness))
    if likeness[best] < _SURE:
        return None
    lag = (first + best - planned) / rate
    return 0.0 if abs(lag) < _EXACT else float(lag)


def _coarse(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    whole = len(samples) // _STEP * _STEP
    averaged: NDArray[np.float32] = samples[:whole].reshape(-1, _STEP).mean(axis=1, dtype=np.float32)
    return averaged


def _at(lines: Sequence[SpokenLine], seconds: float, rule: str, message: str, chapter: str) -> Finding:
    """A finding at a time of the film, told as scene, line and the time in that scene."""
    before = [line for line in lines if line.start <= seconds + MAX_OFFSET]
    line = (before or list(lines))[-1 if before else 0]
    return Finding(
        rule,
        message,
        chapter=chapter,
        scene=line.scene,
        line=line.script.name,
        seconds=max(0.0, seconds - line.scene_start),
        file=line.script.file,
        line_number=line.script.line,
    )
