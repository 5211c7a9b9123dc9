"""From scripts to films: plan, narrate, render, assemble."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vcalc_anim.build.aac import AUDIO_BIT_RATE
from vcalc_anim.build.assemble import assemble, write_captions
from vcalc_anim.build.cluster import Cluster, draw_on_cluster
from vcalc_anim.build.course_film import Part, join
from vcalc_anim.build.files import ensure_writable, fingerprint, remove_stale_parts
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene, check_words, narrate, spoken_part
from vcalc_anim.build.plan import PlannedLecture, PlannedScene, job_key, plan_lecture, plan_lecture_scene
from vcalc_anim.build.progress import task
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.sound import KeptSound
from vcalc_anim.build.sources import assembling_code, sound_code
from vcalc_anim.build.worker import follow_parent_in_background
from vcalc_anim.build.workers import Drawers, draw_scenes, interrupts_held_back, processes
from vcalc_anim.course import Lecture
from vcalc_anim.errors import Problem, WorkError
from vcalc_anim.voice import Voice

COURSE_FILM = "course.mp4"  # beside the lectures


@dataclass(frozen=True)
class Built:
    """What a build did: films written, films that were current, scenes drawn and taken from the cache.

    outdated: films that hold what was written anew in the state before, because only a part was asked for.
    """

    written: tuple[Path, ...]
    current: tuple[Path, ...]
    drawn: int
    reused: int
    problems: tuple[Problem, ...] = ()
    outdated: tuple[Path, ...] = ()


def build(
    project: Project,
    chapters: Sequence[str],
    quality: Quality,
    *,
    voice: str | None = None,
    out: Path,
    jobs: int,
    theme: str = "dark",
    keep_going: bool = False,
    cluster: Cluster | None = None,
) -> Built:
    """Build the lectures named by *chapters* into ``out/lectures``; without any, all, and the course as one film.

    Scenes that are in the cache are not drawn again; films that are current are not touched. *cluster* draws the
    scenes instead of this machine, which still mixes the sound and puts the films together.
    """
    course = project.course
    named = [course.lecture(name) for name in chapters] or course.lectures
    lectures = list({lecture.slug: lecture for lecture in named}.values())
    speaker = project.voice(voice)
    _prepare(project, out)
    manifest = Manifest(out)
    try:
        with Drawers(jobs) as drawers:
            ahead = drawers if cluster is None and jobs > 1 else None
            plans = _plan_all(project, lectures, speaker, quality, theme, ahead)
            films = [_film_of(project, plan, out) for plan in plans]
            stale = [
                (plan, film)
                for plan, film in zip(plans, films, strict=True)
                if not all(
                    manifest.is_current(path, film.key) for path in film_outputs(film.path, film.language)
                )
            ]
            todo = [
                scene
                for plan, _ in stale
                for scene in plan.scenes
                if drawers.has_begun(scene) or not scene.is_drawn
            ]
            with _sounding([film for _, film in stale] if jobs > 1 else []):
                problems = draw_planned(project, todo, jobs, keep_going, cluster, drawers)
    finally:
        remove_stale_parts(project.scene_cache)  # of workers that were stopped
    films_to_make = [film for plan, film in stale if all(scene.is_drawn for scene in plan.scenes)]
    _assemble(films_to_make, jobs, manifest, out)
    written = [film.path for film in films_to_make]
    current = [film.path for film in films if all(film is not made for _, made in stale)]
    whole = out / "lectures" / COURSE_FILM
    outdated = (whole,) if chapters and written and whole.is_file() else ()
    if not chapters and len(plans) > 1 and not problems:
        parts = [
            (plan, Part(film.path, _mark(plan.lecture)), film.key)
            for plan, film in zip(plans, films, strict=True)
        ]
        (written if _join(project, parts, whole, manifest) else current).append(whole)
    reused = sum(len(plan.scenes) for plan, _ in stale) - len(todo)
    drawn = sum(scene.is_drawn for scene in todo)
    return Built(tuple(written), tuple(current), drawn, reused, tuple(problems), outdated)


def _plan_all(
    project: Project,
    lectures: Sequence[Lecture],
    voice: Voice,
    quality: Quality,
    theme: str,
    ahead: Drawers | None,
) -> list[PlannedLecture]:
    """The plans of *lectures*, spoken; *ahead* begins to draw the scenes of those that nobody has spoken yet."""
    cache = project.scene_cache
    unspoken = {
        lecture.slug
        for lecture in lectures
        if spoken_part(project.course, lecture, voice, project.speech_cache).scenes != lecture.scenes
    }

    def begin(lecture: Lecture, scene: NarratedScene) -> None:
        # What is said otherwise makes the film of its lecture stale, so all that is not there is needed.
        if ahead is not None and lecture.slug in unspoken:
            planned = plan_lecture_scene(lecture, scene, quality, theme, cache)
            if not planned.is_drawn:
                ahead.begin(planned)

    if ahead is not None and unspoken:
        ahead.prepare()
    narrated = narrate_all(project, lectures, voice, begin)
    return [plan_lecture(each, quality, theme, cache) for each in narrated]


def _film_of(project: Project, plan: PlannedLecture, out: Path) -> FilmJob:
    course, lecture = project.course, plan.lecture
    title = f"{course.title}: {lecture.title}"
    return FilmJob(
        plan.scenes,
        out / "lectures" / f"{lecture.slug}.mp4",
        title,
        course.language,
        lecture.slug,
        film_key(plan.scenes, title, course.language),
        KeptSound(project.sound_cache, sound_code()),
    )


@contextmanager
def _sounding(films: Sequence[FilmJob]) -> Iterator[None]:
    """Master and code the sound of *films* while the block runs; what fails will fail again where it is needed."""
    with ThreadPoolExecutor(1) as thread:
        coding = [thread.submit(film.sounds.coded, film.scenes) for film in films]
        try:
            yield
        finally:
            for each in coding:
                each.cancel()


def _mark(lecture: Lecture) -> str:
    return f"{lecture.number} {lecture.title}"


def _join(
    project: Project, parts: Sequence[tuple[PlannedLecture, Part, str]], film: Path, manifest: Manifest
) -> bool:
    """Make the whole course as one film, unless it is current; whether it was made."""
    course = project.course
    key = fingerprint(
        [course.title, course.language, [(part.title, made) for _, part, made in parts], assembling_code()]
    )
    outputs = film_outputs(film, course.language)
    if all(manifest.is_current(path, key) for path in outputs):
        return False
    join([part for _, part, _ in parts], film, course.title)
    write_captions([scene for plan, *_ in parts for scene in plan.scenes], film, course.language)
    for path in outputs:
        manifest.add(path, "course" if path == film else "captions", "", key)
    manifest.save()
    return True


@dataclass(frozen=True)
class FilmJob:
    """A lecture to put together: where to, and what the manifest says of it."""

    scenes: tuple[PlannedScene, ...]
    path: Path
    title: str
    language: str
    chapter: str
    key: str
    sounds: KeptSound

    def make(self) -> None:
        assemble(self.scenes, self.path, self.title, self.language, self.sounds)


def _assemble(films: Sequence[FilmJob], jobs: int, manifest: Manifest, out: Path) -> None:
    """Put *films* together on all cores: mastering the sound of one takes as long as drawing seconds of it."""

    def note(film: FilmJob) -> None:
        for path in film_outputs(film.path, film.language):
            manifest.add(path, "lecture" if path == film.path else "captions", film.chapter, film.key)
        manifest.save()

    if len(films) <= 1 or jobs == 1:
        for film in films:
            film.make()
            note(film)
        return
    try:
        with (
            task("assembling", len(films)) as progress,
            processes(min(jobs, len(films)), follow_parent_in_background, (), draws=False) as pool,
        ):
            with interrupts_held_back():
                making = {pool.submit(film.make): film for film in films}
            for done in as_completed(making):
                done.result()
                note(making[done])
                progress.advance(1)
    finally:
        remove_stale_parts(out)  # of workers that were stopped


def narrate_all(
    project: Project,
    lectures: Sequence[Lecture],
    voice: Voice,
    finished: Callable[[Lecture, NarratedScene], None] = lambda lecture, scene: None,
) -> list[NarratedLecture]:
    """Speak every line of *lectures*, with progress; *finished* is called after each scene."""
    total = sum(
        line.silence is None for lec in lectures for scene in lec.scenes for line in scene.lines.values()
    )
    for lecture in lectures:
        check_words(project.course, lecture)
    with task("speaking", total) as progress:
        return [
            narrate(
                project.course,
                lecture,
                voice,
                project.speech_cache,
                progress.advance,
                partial(finished, lecture),
            )
            for lecture in lectures
        ]


def _prepare(project: Project, out: Path) -> None:
    """See that results can be written, and remove what killed builds left half-written."""
    for folder in (out, project.scene_cache, project.sound_cache):
        ensure_writable(folder)
        remove_stale_parts(folder)


def draw_planned(
    project: Project,
    scenes: Sequence[PlannedScene],
    jobs: int,
    keep_going: bool = False,
    cluster: Cluster | None = None,
    drawers: Drawers | None = None,
) -> list[Problem]:
    """Draw *scenes* into the cache, here with *jobs* processes or on *cluster*; what failed, when *keep_going*.

    *drawers* may have begun some of them.

    Raises:
        WorkError: the first failure, unless *keep_going*.
    """
    if not scenes:
        return []
    try:
        return _draw_all(scenes, jobs, keep_going, cluster, drawers)
    finally:
        remove_stale_parts(project.scene_cache)  # of workers that were stopped


def _draw_all(
    scenes: Sequence[PlannedScene],
    jobs: int,
    keep_going: bool,
    cluster: Cluster | None,
    drawers: Drawers | None,
) -> list[Problem]:
    with task("drawing", sum(scene.frames for scene in scenes)) as progress:

        def finished(scene: PlannedScene) -> None:
            if not scene.is_up_to_date:
                scene.forget()
                raise WorkError(
                    f"scene {scene.job.scene} was edited while it was drawn; run the same command again"
                )
            progress.note(f"drawn: {scene.lecture.slug} {scene.job.scene} ({scene.frames} frames)")

        if cluster is not None:
            return draw_on_cluster(scenes, cluster, progress.advance, finished, keep_going)
        return draw_scenes(scenes, jobs, progress.advance, finished, keep_going, drawers)


def film_key(scenes: Sequence[PlannedScene], title: str, language: str) -> str:
    """The fingerprint of everything that decides the film of *scenes*, and its captions."""
    spoken = [
        [name, said.rate, said.spans, hashlib.sha256(said.to_bytes()).hexdigest()]
        for scene in scenes
        for name, said in scene.narrated.speech.items()
    ]
    shown = [[line.caption for line in scene.narrated.script.lines.values()] for scene in scenes]
    return fingerprint(
        {
            "scenes": [job_key(scene.lecture, scene.job) for scene in scenes],
            "speech": spoken,
            "captions": shown,
            "title": title,
            "language": language,
            "audio": AUDIO_BIT_RATE,
            "code": assembling_code(),
        }
    )


def film_outputs(film: Path, language: str) -> list[Path]:
    """*film* and the captions beside it."""
    return [film, *(film.with_suffix(f".{language}{suffix}") for suffix in (".srt", ".vtt"))]
