"""The pictures and films of quiz slides, drawn on all cores; what is current is not drawn again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.build.assemble import assemble
from vcalc_anim.build.files import fingerprint, replacing
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.plan import PlannedScene, plan_scene
from vcalc_anim.build.progress import task
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob, stills
from vcalc_anim.build.sources import code_of, library_versions
from vcalc_anim.build.worker import follow_parent_in_background
from vcalc_anim.build.workers import draw_scenes, interrupts_held_back, processes
from vcalc_anim.outlets.quiz.cards import ANSWERED, ASKED, CardJob, card_stills, draw_card
from vcalc_anim.outlets.quiz.item import QuizItem

KIND = "quiz"
_CARDS = "vcalc_anim.outlets.quiz.cards"


@dataclass(frozen=True)
class SlideFiles:
    """The slide that asks, the slide that answers, and the film between them, as files."""

    question: Path
    answer: Path
    film: Path

    @classmethod
    def of(cls, item: QuizItem, folder: Path) -> SlideFiles:
        """Where the files of *item* stand in *folder*."""
        return cls(
            folder / f"{item.name}-question.png",
            folder / f"{item.name}-answer.png",
            folder / f"{item.name}.mp4",
        )

    @property
    def all(self) -> tuple[Path, Path, Path]:
        return self.question, self.answer, self.film


def make_slides(
    project: Project,
    items: Sequence[QuizItem],
    out: Path,
    quality: Quality,
    *,
    theme: str,
    voice: str | None,
    jobs: int,
    manifest: Manifest,
    pictures: Mapping[str, bytes],
) -> dict[str, SlideFiles]:
    """Stills and film of each of *items* in ``out/quiz/CHAPTER/slides`` (``slides-light``), noted in *manifest*; by id.

    A question that a scene of the lecture plays shows that scene, with its voice; any other one gets a silent card.
    """
    folder = "slides" if theme == "dark" else f"slides-{theme}"
    made = {item.id: SlideFiles.of(item, out / "quiz" / item.chapter / folder) for item in items}
    played = [item for item in items if item.scene]
    cards = [item for item in items if not item.scene]
    _play_scenes(project, played, made, quality, theme, voice, jobs, manifest)
    _draw_cards(project, cards, made, quality, theme, jobs, manifest, pictures)
    manifest.save()
    return made


def _play_scenes(
    project: Project,
    items: Sequence[QuizItem],
    made: Mapping[str, SlideFiles],
    quality: Quality,
    theme: str,
    voice: str | None,
    jobs: int,
    manifest: Manifest,
) -> None:
    plans = {item.id: _plan(project, item, quality, theme, voice) for item in items}
    keys = {item.id: fingerprint([plans[item.id].video.name, quality.lines]) for item in items}
    stale = [
        item for item in items if not all(manifest.is_current(p, keys[item.id]) for p in made[item.id].all)
    ]
    todo = [plans[item.id] for item in stale if not plans[item.id].is_drawn]
    if todo:
        with task("drawing quiz scenes", sum(scene.frames for scene in todo)) as progress:
            draw_scenes(todo, jobs, progress.advance, lambda scene: None)
    for item in stale:
        files, plan = made[item.id], plans[item.id]
        ends = {line.name: line.end - 1 for line in plan.job.timeline.lines}
        names = [ASKED if ASKED in ends else next(iter(ends)), ANSWERED if ANSWERED in ends else [*ends][-1]]
        pictures = stills(plan.job, [ends[name] for name in names])
        for path, picture in zip((files.question, files.answer), pictures, strict=True):
            with replacing(path) as target:
                picture.save(target)
        assemble(
            (plan,),
            files.film,
            f"{item.chapter_title}: {plan.narrated.script.title}",
            project.course.language,
        )
        _note(manifest, item, files, keys[item.id])
        for suffix in (".srt", ".vtt"):
            beside = files.film.with_suffix(f".{project.course.language}{suffix}")
            manifest.add(beside, "captions", item.chapter, keys[item.id], item.scene)


def _plan(project: Project, item: QuizItem, quality: Quality, theme: str, voice: str | None) -> PlannedScene:
    lecture = project.course.lecture(item.chapter)
    narrated = narrate(project.course, lecture, project.voice(voice), project.speech_cache)
    scene = narrated.scene(item.scene or "")
    job = RenderJob(lecture.script, scene.script.name, scene.timeline(quality.fps), quality, theme=theme)
    return plan_scene(lecture, scene, job, project.scene_cache)


def _draw_cards(
    project: Project,
    items: Sequence[QuizItem],
    made: Mapping[str, SlideFiles],
    quality: Quality,
    theme: str,
    jobs: int,
    manifest: Manifest,
    pictures: Mapping[str, bytes],
) -> None:
    cards = {item.id: _card(project, item, quality, theme, pictures) for item in items}
    keys = {item.id: _card_key(cards[item.id]) for item in items}
    stale = [
        item for item in items if not all(manifest.is_current(p, keys[item.id]) for p in made[item.id].all)
    ]
    if not stale:
        return
    with (
        task("drawing quiz cards", len(stale)) as progress,
        processes(min(jobs, len(stale)), follow_parent_in_background, ()) as pool,
    ):
        with interrupts_held_back():
            futures = {pool.submit(_draw, cards[item.id], made[item.id]): item for item in stale}
        for future in as_completed(futures):
            future.result()
            item = futures[future]
            _note(manifest, item, made[item.id], keys[item.id])
            manifest.save()  # an interrupted run goes on where it stopped
            progress.advance(1)


def _draw(job: CardJob, files: SlideFiles) -> None:
    """In a worker: the two stills and the film of one card."""
    for path, picture in zip((files.question, files.answer), card_stills(job), strict=True):
        with replacing(path) as target:
            picture.save(target)
    draw_card(job, files.film)


def _card(
    project: Project, item: QuizItem, quality: Quality, theme: str, pictures: Mapping[str, bytes]
) -> CardJob:
    number = project.course.lecture(item.chapter).number
    return CardJob(item, number, quality, theme, pictures.get(item.id))


def _card_key(job: CardJob) -> str:
    return fingerprint(
        [
            [repr(job.item.options), job.item.question, job.item.chapter_title],
            job.number,
            job.theme,
            [job.quality.lines, job.quality.fps, job.quality.quantizer],
            None if job.picture is None else fingerprint(job.picture.hex()),
            code_of(f"{_CARDS}:draw_card", f"{_CARDS}:card_stills", f"{_CARDS}:CardJob"),
            library_versions(),
        ]
    )


def _note(manifest: Manifest, item: QuizItem, files: SlideFiles, key: str) -> None:
    for path in files.all:
        manifest.add(path, KIND, item.chapter, key, item.scene)
