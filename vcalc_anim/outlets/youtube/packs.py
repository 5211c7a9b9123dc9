"""What belongs to a film on YouTube, worked out from the spoken words before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from vcalc_anim.build.narrate import NarratedLecture, NarratedScene
from vcalc_anim.build.pictures import View
from vcalc_anim.build.pipeline import COURSE_FILM
from vcalc_anim.build.plan import PlannedScene
from vcalc_anim.build.render import RenderJob
from vcalc_anim.course.loading import COURSE_FILE
from vcalc_anim.course.source import read_toml
from vcalc_anim.errors import Problem
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.youtube import limits, texts
from vcalc_anim.outlets.youtube.cards import EndCardJob, ThumbnailJob
from vcalc_anim.outlets.youtube.shorts import ShortJob, plan_short
from vcalc_anim.outlets.youtube.texts import Mark, Texts
from vcalc_anim.outlets.youtube.writer import VIDEO, WHOLE, Drawing, Writer

FOLDER = "youtube"
COURSE = "course"  # the folder of the course as one film
_PICTURE_FPS = 15  # only one frame is drawn


@dataclass(frozen=True)
class Pack:
    """Everything of one lecture that goes into its folder."""

    narrated: NarratedLecture
    folder: Path
    lecture_film: Path
    texts: Texts
    marks: tuple[Mark, ...]
    seconds: float
    end_card: EndCardJob
    card: PlannedScene
    thumbnail: ThumbnailJob
    short: ShortJob
    short_scene: PlannedScene
    short_texts: Texts

    @classmethod
    def of(cls, production: Production, narrated: NarratedLecture) -> Pack:
        """The pack of a lecture whose words have been spoken."""
        course, lecture = production.project.course, narrated.lecture
        quality, cache = production.quality, production.project.scene_cache
        card = EndCardJob.after(course, lecture, quality, production.theme)
        starts = list(
            accumulate((scene.timeline(quality.fps).frames for scene in narrated.scenes), initial=0)
        )
        end = starts[-1] + card.timeline.frames
        scenes = [
            (scene.script.title, start / quality.fps)
            for scene, start in zip(narrated.scenes, starts, strict=False)
        ]
        marks = tuple(texts.scene_marks([*scenes, (card.mark, starts[-1] / quality.fps)], end / quality.fps))
        short, short_scene = plan_short(narrated, quality, production.theme, cache)
        return cls(
            narrated,
            production.out / FOLDER / lecture.slug,
            production.out / "lectures" / f"{lecture.slug}.mp4",
            texts.lecture_texts(course, lecture, marks),
            marks,
            end / quality.fps,
            card,
            _planned_card(narrated, card, cache),
            _thumbnail(production, narrated),
            short,
            short_scene,
            texts.short_texts(course, lecture, short_scene.narrated.script),
        )

    @property
    def video(self) -> Path:
        return self.folder / "video.mp4"

    @property
    def short_film(self) -> Path:
        return self.folder / "short" / "video.mp4"

    def problems(self) -> Iterator[Problem]:
        """What only the spoken words tell: too long a short, too short a film, too long a description."""
        source = read_toml(self.narrated.lecture.script)
        if (seconds := self.short_scene.job.timeline.seconds) > limits.SHORT_SECONDS:
            message = (
                f"the short lasts {seconds:.0f} s; {limits.SHORT_SECONDS:g} are allowed: choose another scene"
            )
            yield source.problem(("video", "short"), message)
        if self.seconds < limits.FILM_SECONDS:
            message = (
                f"the film lasts {self.seconds:.0f} s; an end screen needs {limits.FILM_SECONDS:g}: tell more"
            )
            yield source.problem(("title",), message)
        for description in (self.texts.description, self.short_texts.description):
            for fault in limits.description_faults(description):
                yield source.problem(("objectives",), f"the description of the film {fault}")
        marks = [(mark.second, mark.title) for mark in self.marks]
        for fault in limits.mark_faults(marks, self.seconds):
            yield source.problem(("scene", 0), f"the chapters of the film {fault}")

    @property
    def _parts(self) -> list[tuple[Path, str]]:
        return [(self.lecture_film, self.narrated.lecture.title)]

    def drawings(self, writer: Writer) -> Iterator[tuple[Drawing, Path | PlannedScene]]:
        """What may have to be drawn for files that are not current, and where to."""
        yield self.thumbnail, self.folder / "thumbnail.png"
        if writer.needs_card(self.video, self.texts.title, self._parts, self.end_card):
            yield self.end_card, self.card
        if writer.needs_short(self.short_film, self.short_scene, self.short_texts.title):
            yield self.short, self.short_scene

    def write(self, writer: Writer) -> None:
        """Write all files that are not current."""
        slug = self.narrated.lecture.slug
        card = (self.card, self.end_card)
        writer.join(self.video, VIDEO, slug, self.texts.title, self._parts, card)
        writer.copy_captions(self.lecture_film, self.video, slug)
        writer.short(self.short_film, self.short_scene, self.short_texts.title)
        writer.texts(self.folder, self.texts.files(), slug)
        writer.texts(self.folder / "short", self.short_texts.files(), slug)


@dataclass(frozen=True)
class Whole:
    """The course as one film: all lectures, then the last end card."""

    packs: tuple[Pack, ...]
    folder: Path
    texts: Texts
    thumbnail: ThumbnailJob
    seconds: float

    @classmethod
    def of(cls, production: Production, packs: Sequence[Pack]) -> Whole:
        """From the packs of all lectures."""
        course = production.project.course
        scenes: list[tuple[str, float]] = []
        lectures: list[Mark] = []
        first = 0.0
        for pack in packs:
            lecture = pack.narrated.lecture
            name = f"{lecture.number} {lecture.title}"
            lectures.append(Mark(int(first), name))
            at = first
            for index, scene in enumerate(pack.narrated.scenes):
                title = name if index == 0 else f"{lecture.number} · {scene.script.title}"
                scenes.append((title, at))
                at += scene.timeline(production.quality.fps).seconds
            first = at
        end = first + packs[-1].end_card.timeline.seconds
        marks = texts.scene_marks(scenes, end)
        told = texts.course_texts(course, marks, lectures)
        thumbnail = packs[len(packs) // 2].thumbnail.of_course(course)
        return cls(tuple(packs), production.out / FOLDER / COURSE, told, thumbnail, end)

    def problems(self) -> Iterator[Problem]:
        """What YouTube would refuse of the whole course, in the course's own file."""
        told = self.texts
        source = read_toml(self.packs[0].narrated.lecture.script.with_name(COURSE_FILE))
        for fault in limits.title_faults(told.title):
            yield source.problem(("title",), f"the title of the whole course, {told.title!r}, {fault}")
        for fault in limits.description_faults(told.description):
            yield source.problem(("references",), f"the description of the whole course {fault}")
        for fault in limits.tags_faults(told.tags):
            yield source.problem(("tags",), f"the tags of the whole course {fault}")

    @property
    def _film(self) -> tuple[Path, list[tuple[Path, str]]]:
        lectures = [(pack.lecture_film, pack.narrated.lecture) for pack in self.packs]
        return self.folder / "video.mp4", [
            (film, f"{lecture.number} {lecture.title}") for film, lecture in lectures
        ]

    def drawings(self, writer: Writer) -> Iterator[tuple[Drawing, Path | PlannedScene]]:
        """The end card, when the film is not current, and the picture of one lecture beside the course's name."""
        last = self.packs[-1]
        yield self.thumbnail, self.folder / "thumbnail.png"
        video, parts = self._film
        if writer.needs_card(video, self.texts.title, parts, last.end_card):
            yield last.end_card, last.card

    def write(self, writer: Writer) -> None:
        """Write all files that are not current."""
        last = self.packs[-1]
        video, parts = self._film
        writer.join(video, WHOLE, "", self.texts.title, parts, (last.card, last.end_card))
        writer.copy_captions(last.lecture_film.with_name(COURSE_FILM), video, "")
        writer.texts(self.folder, self.texts.files(), "")


def _planned_card(narrated: NarratedLecture, card: EndCardJob, cache: Path) -> PlannedScene:
    """The end card as films are put together from it: a scene in which nobody speaks."""
    job = RenderJob(narrated.lecture.script, "Card", card.timeline, card.quality, theme=card.theme)
    video = cache / f"endcard-{card.key[:24]}.mp4"
    return PlannedScene(narrated.lecture, NarratedScene(card.script, {}), job, video)


def _thumbnail(production: Production, narrated: NarratedLecture) -> ThumbnailJob:
    lecture = narrated.lecture
    video = texts.video(lecture)
    job = View(theme=production.theme).job(lecture, narrated.scene(video.thumbnail.scene), _PICTURE_FPS, {})
    number = job.timeline.line(video.thumbnail.line).end - 1
    return ThumbnailJob(lecture, job, number, video.words, str(lecture.number), lecture.number, lecture.slug)
