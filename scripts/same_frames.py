"""Frames of films against frames of plain Manim: the working part of scripts/same."""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.progress import task
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.recall import RecallingSink
from vcalc_anim.build.render import RenderJob
from vcalc_anim.build.render import run as draw
from vcalc_anim.build.worker import follow_parent_in_background
from vcalc_anim.build.workers import default_jobs, interrupts_held_back, processes
from vcalc_anim.course import Lecture, loop_timeline
from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.raster import Parts, Pixels


@dataclass(frozen=True)
class Verdict:
    """A scene that was compared: what it is called, how many frames it has, what differs (nothing when all is equal)."""

    name: str
    frames: int
    wrong: str = ""


class Film:
    """Takes pictures like the encoder of films: outside of what is told to have changed the old picture stays.

    Keeps a digest for each frame, and the picture of frame *kept*.
    """

    def __init__(self, kept: int | None = None) -> None:
        self.digests: list[bytes] = []
        self.picture: Pixels | None = None  # of frame *kept*
        self._kept = kept
        self._newest: Pixels | None = None
        self._digest = b""

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        self.show(pixels, changed)
        self.hold(count)

    def show(self, pixels: Pixels, changed: Parts = None) -> None:
        """Begin another picture, which differs from the one before in *changed*."""
        if self._newest is None or changed is None:
            self._newest = pixels.copy()
        else:
            for part in changed:
                self._newest[part] = pixels[part]
        self._digest = hashlib.sha256(self._newest).digest()

    def hold(self, count: int) -> None:
        """The newest picture for *count* more frames."""
        frame = len(self.digests)
        self.digests += [self._digest] * count
        if self._kept is not None and frame <= self._kept < frame + count:
            assert self._newest is not None
            self.picture = self._newest.copy()

    def end_group(self) -> None:
        """Groups of pictures are of no interest here."""


class NamedFrames(RecallingSink):
    """Films are drawn frame by frame from names; notes frames of one name."""

    def __init__(self, film: Film, fps: int) -> None:
        super().__init__(film, max(1, fps // 2), [], lambda frames: None)  # type: ignore[arg-type]
        self.names: list[bytes | None] = []

    def choose(self, frame: Any, count: int) -> None:
        self.names += [frame.digest] * count
        super().choose(frame, count)


def jobs_of(project: Project, names: Sequence[str], quality: Quality, clips: bool) -> list[RenderJob]:
    """What there is to draw of *names*, such as ``ch04`` or ``ch04:Compass``, of all chapters when there are none.

    With *clips* also loops, and scenes and loops without background. Raises :class:`InputError` for an unknown name.
    """
    wanted = [_named(project, name) for name in names] or [(each, None) for each in project.course.lectures]
    narrated: dict[str, Any] = {}
    found: dict[tuple[Path, str], RenderJob] = {}
    for lecture, only in wanted:
        if lecture.slug not in narrated:
            voice = project.voice(None)
            narrated[lecture.slug] = narrate(project.course, lecture, voice, project.speech_cache)
        for scene in narrated[lecture.slug].scenes:
            if only not in (None, scene.script.name):
                continue
            job = RenderJob(lecture.script, scene.script.name, scene.timeline(quality.fps), quality)
            loops = [
                replace(job, loop=loop.name, timeline=loop_timeline(loop, quality.fps))
                for loop in scene.script.loops
            ]
            every = [job, *loops] if clips else [job]
            if clips:
                every += [replace(each, transparent=True) for each in every]
            found |= {(lecture.script, each.label): each for each in every}
    return list(found.values())


def _named(project: Project, name: str) -> tuple[Lecture, str | None]:
    chapter, colon, scene = name.partition(":")
    lecture = project.course.lecture(chapter)
    return lecture, lecture.scene(scene).name if colon else None


def compare(job: RenderJob) -> Verdict:
    """Draw *job* both ways and compare all frames."""
    name = f"{job.script.stem} {job.label}"
    film, names = as_film(job)
    plain = as_plain(job)
    if len(film.digests) != len(plain.digests):
        return Verdict(
            name, len(film.digests), f"{len(film.digests)} frames, plain Manim {len(plain.digests)}"
        )
    different = [
        frame
        for frame, pair in enumerate(zip(film.digests, plain.digests, strict=True))
        if pair[0] != pair[1]
    ]
    if different:
        first = different[0]
        ours, theirs = as_film(job, first)[0].picture, as_plain(job, first).picture
        assert ours is not None and theirs is not None
        apart = np.abs(ours.astype(np.int16) - theirs).max(axis=2)
        wrong = (
            f"{len(different)} of {len(film.digests)} frames differ, first frame {first}: "
            f"{np.count_nonzero(apart)} pixels, by up to {apart.max()} of 255"
        )
        return Verdict(name, len(film.digests), wrong)
    looks: dict[bytes, bytes] = {}
    for frame, (called, digest) in enumerate(zip(names, film.digests, strict=bool(names))):
        if called is not None and looks.setdefault(called, digest) != digest:
            return Verdict(
                name, len(film.digests), f"frame {frame} has the name of an earlier one, and looks otherwise"
            )
    return Verdict(name, len(film.digests))


def as_film(job: RenderJob, kept: int | None = None) -> tuple[Film, list[bytes | None]]:
    """The frames of *job* in the way of films (in that of clips: loops, transparent ones); their names, if any."""
    film = Film(kept)
    size = job.quality.size(job.shape)
    if job.loop is not None or job.transparent:
        draw(job, film, *size)
        return film, []
    sink = NamedFrames(film, job.quality.fps)
    draw(job, sink, *size)
    sink.finish()
    return film, sink.names


def as_plain(job: RenderJob, kept: int | None = None) -> Film:
    """The frames of *job* drawn by Manim's own renderer and camera, each of them whole.

    Without background the camera is ours, for Manim has none that makes holes, but every frame is drawn whole too.
    """
    from manim import CairoRenderer, Camera

    from vcalc_anim.stage import renderer as ours

    class Plain(CairoRenderer):
        def __init__(self, film: Film, camera_class: type[Camera]) -> None:
            super().__init__(camera_class=ours.ClearCamera if job.transparent else Camera)
            self.film = film

        def add_frame(self, frame: Pixels, num_frames: int = 1) -> None:
            self.time += num_frames / self.camera.frame_rate
            self.film.show(frame)
            self.film.hold(num_frames)

        def scene_finished(self, scene: object) -> None:
            """Nothing to assemble."""

    film = Film(kept)
    with mock.patch.object(ours, "SinkRenderer", Plain):
        draw(job, film, *job.quality.size(job.shape))
    return film


def verdicts(jobs: Sequence[RenderJob], count: int) -> Iterator[Verdict]:
    """Compare all *jobs*, longest first, with *count* processes (one: in this one), as they come.

    Raises InputError and WorkError when a scene cannot be drawn.
    """
    longest = sorted(jobs, key=lambda job: -job.timeline.frames)
    if count == 1:
        yield from map(compare, longest)
        return
    with processes(min(count, len(jobs)), follow_parent_in_background, ()) as executor:
        with interrupts_held_back():
            futures = [executor.submit(compare, job) for job in longest]
        for future in as_completed(futures):
            yield future.result()


def run(root: Path, names: Sequence[str], lines: int, fps: int, clips: bool, jobs: int | None) -> int:
    """Compare scenes of the course in *root* and print what differs; the exit code."""
    began = time.monotonic()
    try:
        quality = Quality("compared", lines, fps)
        todo = jobs_of(Project.find(root), names, quality, clips)
        found = list(_told(todo, jobs or default_jobs()))
    except InputError as error:
        return _ended(error, 2)
    except WorkError as error:
        return _ended(error, 1)
    wrong = sum(bool(verdict.wrong) for verdict in found)
    frames = sum(verdict.frames for verdict in found)
    outcome = f"{wrong} of them differ" if wrong else "all the same"
    seconds = f"{time.monotonic() - began:.0f} s, {_processor_seconds():.0f} s of processors"
    print(f"{len(found)} scenes, {frames} frames: {outcome} ({seconds})")
    return 1 if wrong else 0


def _told(jobs: Sequence[RenderJob], count: int) -> Iterator[Verdict]:
    with task("comparing", sum(job.timeline.frames for job in jobs)) as progress:
        advance: Callable[[int], None] = progress.advance
        for verdict in verdicts(jobs, count):
            advance(verdict.frames)
            if verdict.wrong:
                print(f"{verdict.name}: {verdict.wrong}", flush=True)
            yield verdict


def _ended(error: Exception, code: int) -> int:
    print(f"same: {error}", file=sys.stderr)
    return code


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
