"""A question as pictures and as a short film: the slide that asks, the slide that answers, and the way between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.files import replacing
from vcalc_anim.build.quality import Quality
from vcalc_anim.course import (
    Lecture,
    Line,
    QuizOption,
    QuizQuestion,
    SceneScript,
    SceneTimeline,
    scene_timeline,
)
from vcalc_anim.outlets.quiz import markup
from vcalc_anim.outlets.quiz.item import QuizItem, failing

if TYPE_CHECKING:
    from PIL.Image import Image

    from vcalc_anim.stage.lecture_scene import Staging

#: Seconds of each part: reading, the ring, the right answer, the wrong one.
SECONDS = {"ask": 3.0, "think": 5.0, "answer": 3.5, "fail": 4.0}
ASKED, ANSWERED = "ask", "fail"  # the lines whose last frames are the two slides
_SCENE = "QuizCard"


@dataclass(frozen=True)
class CardJob:
    """One question to draw. *number* and *chapter_title* stand above it; *picture* is the frame it asks about, as a PNG."""

    item: QuizItem
    number: int
    quality: Quality
    theme: str = "dark"
    picture: bytes | None = None


def draw_card(job: CardJob, video: Path) -> None:
    """Draw the film of *job*, without sound, into *video*: whole or not at all."""
    width, height = job.quality.size()
    with (
        replacing(video) as target,
        SceneEncoder(
            target, width, height, job.quality.fps, job.quality.gop, job.quality.quantizer
        ) as encoder,
    ):
        _perform(job, encoder)


def card_stills(job: CardJob) -> tuple[Image, Image]:
    """The slide that asks, and the slide that answers."""
    from vcalc_anim.build.render import Stills

    ends = {line.name: line.end - 1 for line in _staging(job).timeline.lines}
    sink = Stills([ends[ASKED], ends[ANSWERED]])
    _perform(job, sink)
    return sink.pictures[ends[ASKED]], sink.pictures[ends[ANSWERED]]


def card_timeline(item: QuizItem, fps: int) -> SceneTimeline:
    """When the film of *item* asks, lets think, answers and shows a mistake, in frames of *fps* a second."""
    return scene_timeline(_script(item), {}, fps)


def _perform(job: CardJob, sink: object) -> None:
    from vcalc_anim.build.render import perform
    from vcalc_anim.stage.quiz_card import QuizCard

    perform(QuizCard, _staging(job), sink, job.quality.size(), job.theme)  # type: ignore[arg-type]


def _staging(job: CardJob) -> Staging:
    from vcalc_anim.stage.lecture_scene import Staging

    item = job.item
    script = _script(item)
    lecture = Lecture(
        job.number,
        item.chapter,
        item.chapter_title,
        item.question,
        (),
        (script,),
        (_question(item),),
        item.file,
        item.file,
    )
    overrides: dict[str, object] = {} if job.picture is None else {"picture": job.picture}
    return Staging(lecture, script, card_timeline(item, job.quality.fps), overrides)


def _script(item: QuizItem) -> SceneScript:
    lines = {
        name: Line(name, (), {}, 0.0, seconds, item.file, item.line) for name, seconds in SECONDS.items()
    }
    return SceneScript(_SCENE, "Your turn", lines, {}, item.file, item.line)


def _question(item: QuizItem) -> QuizQuestion:
    """*item* as the scene reads it: its options in the order shown."""
    options = tuple(
        QuizOption(
            markup.typst(option.text),
            right=option.right,
            why=markup.typst(option.feedback) if option.right else "",
            misconception="" if option.right else markup.typst(option.feedback),
            fails=option is failing(item),
            key=option.mistake,
        )
        for option in item.options
    )
    return QuizQuestion(
        item.id, markup.typst(item.question), options, _SCENE, item.file, item.line, item.kind
    )
