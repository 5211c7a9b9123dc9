"""The slides of a chapter as data, before any format: title, scenes with their films and words, questions, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from vcalc_anim.build.files import ensure_writable
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.progress import task
from vcalc_anim.course import Course, Lecture
from vcalc_anim.errors import raise_if_any
from vcalc_anim.outlets.clips.scene_clips import SceneClip, make_scene_clips
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.quiz import common
from vcalc_anim.outlets.quiz.characters import undrawable
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.pictures import frames_of
from vcalc_anim.outlets.quiz.resolve import resolve
from vcalc_anim.outlets.quiz.slides import SlideFiles, make_slides


@dataclass(frozen=True)
class DeckLine:
    """One line of a scene: from ``start`` to ``end`` seconds of its film; ``text`` is empty for a silence."""

    name: str
    start: float
    end: float
    text: str


@dataclass(frozen=True)
class DeckLoop:
    """A silent film whose end is its beginning, and its first frame."""

    name: str
    film: Path
    poster: Path
    seconds: float


@dataclass(frozen=True)
class SceneSlide:
    """One scene. ``lines`` are in order; before the first and after the last the film holds still for a moment."""

    title: str
    clip: SceneClip
    lines: tuple[DeckLine, ...]
    loops: tuple[DeckLoop, ...]

    @property
    def seconds(self) -> float:
        """The length of the film."""
        return self.clip.timeline.seconds

    @property
    def words(self) -> tuple[str, ...]:
        """What is said, line by line."""
        return tuple(line.text for line in self.lines if line.text)


@dataclass(frozen=True)
class QuestionSlide:
    """One question of the chapter, to be asked and answered.

    ``files`` are its two pictures and the film between them. ``clip`` is the scene of the lecture that plays it,
    with its voice, when there is one; ``frame`` the picture that it asks about (PNG), when it asks about one.
    """

    item: QuizItem
    files: SlideFiles
    scene: SceneSlide | None = None
    frame: bytes | None = None

    @property
    def film(self) -> Path:
        """The film that lets the class think, and answers."""
        return self.files.film if self.scene is None else self.scene.clip.film


Slide: TypeAlias = SceneSlide | QuestionSlide


@dataclass(frozen=True)
class Deck:
    """The slides of one chapter: its scenes in order, the question that a scene plays in that scene's place, and
    the other questions after the last scene."""

    course: Course
    lecture: Lecture
    theme: str
    slides: tuple[Slide, ...]

    @property
    def title(self) -> str:
        """The chapter's title."""
        return self.lecture.title

    @property
    def question(self) -> str:
        """What the chapter asks."""
        return self.lecture.question

    @property
    def scenes(self) -> tuple[SceneSlide, ...]:
        """All scenes, the one that plays a question among them."""
        found = (slide if isinstance(slide, SceneSlide) else slide.scene for slide in self.slides)
        return tuple(slide for slide in found if slide is not None)

    @property
    def questions(self) -> tuple[QuestionSlide, ...]:
        """All questions."""
        return tuple(slide for slide in self.slides if isinstance(slide, QuestionSlide))

    @property
    def sources(self) -> tuple[Path, ...]:
        """Every file that the slides show."""
        files: list[Path] = []
        for scene in self.scenes:
            files += [scene.clip.film, scene.clip.poster]
            files += [path for loop in scene.loops for path in (loop.film, loop.poster)]
        for question in self.questions:
            files += question.files.all
        return tuple(dict.fromkeys(files))


def make_decks(
    production: Production, lectures: Sequence[Lecture], manifest: Manifest
) -> tuple[list[Deck], list[tuple[Path, bool]]]:
    """The slides of each of *lectures*, with everything they show made or found current.

    Returns the decks in the order of *lectures*, and each file of a clip with whether it was written.

    Raises:
        InputError: a scene, script or question with a fault, at its place; every question that slides cannot show.
        WorkError: a scene or a card cannot be drawn, or a file cannot be written.
    """
    project, quality, theme = production.project, production.quality, production.theme
    items = resolve(lectures)
    common.check(items)
    raise_if_any(undrawable(items))
    clips, files = make_scene_clips(production, lectures, manifest)
    ensure_writable(project.picture_cache)
    with task("drawing pictures", len({item.picture for item in items if item.picture})) as progress:
        frames = frames_of(project, items, quality.lines, theme, progress.advance)
    made = make_slides(
        project,
        items,
        production.out,
        quality,
        theme=theme,
        voice=production.voice,
        jobs=production.jobs,
        manifest=manifest,
        pictures=frames,
    )
    decks = []
    for lecture in lectures:
        scenes = [_scene_slide(clip) for clip in clips if clip.lecture.slug == lecture.slug]
        own = [item for item in items if item.chapter == lecture.slug]
        decks.append(Deck(project.course, lecture, theme, _in_order(scenes, own, made, frames)))
    return decks, files


def _in_order(
    scenes: Sequence[SceneSlide],
    items: Sequence[QuizItem],
    made: dict[str, SlideFiles],
    frames: dict[str, bytes],
) -> tuple[Slide, ...]:
    playing = {scene.clip.narrated.script.name: scene for scene in scenes}
    asked = {
        item.id: QuestionSlide(
            item, made[item.id], playing.get(item.scene or ""), frames.get(item.id) if item.picture else None
        )
        for item in items
    }
    by_scene = {item.scene: asked[item.id] for item in items if item.scene}
    slides: list[Slide] = [by_scene.get(name, scene) for name, scene in playing.items()]
    return (*slides, *(slide for slide in asked.values() if slide.scene is None))


def _scene_slide(clip: SceneClip) -> SceneSlide:
    script, timeline = clip.narrated.script, clip.timeline
    lines = tuple(
        DeckLine(
            timing.name,
            timing.start / timeline.fps,
            timing.end / timeline.fps,
            script.lines[timing.name].caption,
        )
        for timing in timeline.lines
    )
    loops = tuple(
        DeckLoop(loop.name, film, film.with_suffix(".png"), loop.seconds)
        for loop in script.loops
        if (film := clip.loops.get(loop.name)) is not None
    )
    return SceneSlide(script.title, clip, lines, loops)
