"""The slides of a chapter for PowerPoint: each scene as a film that starts by itself, its words as the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Mm, Pt

from vcalc_anim.errors import Problem, WorkError, raise_if_any
from vcalc_anim.outlets.powerpoint.deck import (
    FILM,
    FULL,
    HEIGHT,
    LEFT,
    OPENING,
    TITLED,
    WIDTH,
    WORDS,
    Colors,
    Facts,
    SlideFile,
    add_film,
    describe,
)
from vcalc_anim.outlets.quiz.pptx import Film, add_question
from vcalc_anim.outlets.slides.content import Deck, DeckLoop, QuestionSlide, SceneSlide, Slide

MAX_BYTES = 100_000_000
"""Larger files are slow to open, and many places take none."""

MAX_FILMS = 29
"""PowerPoint becomes slow with thirty films and more."""

LONGEST_TITLE = 80
"""Characters that have room above a film."""

_MARGIN = 500_000  # bytes for everything that is no film and no picture
_LOOP_TOP = Mm(27)


@dataclass(frozen=True)
class Part:
    """The slides that go into one file: part *number* of *of*."""

    slides: tuple[Slide, ...]
    number: int
    of: int

    def name(self, slug: str) -> str:
        """The file's name."""
        return f"{slug}.pptx" if self.of == 1 else f"{slug}-{self.number}.pptx"


def check_titles(deck: Deck) -> None:
    """See that all titles have room.

    Raises:
        InputError: naming every title that is too long, at its place.
    """
    texts = [("the chapter's title", deck.title, deck.lecture.script, 1)]
    texts += [
        (f"the title of scene {script.name}", scene.title, script.file, script.line)
        for scene in deck.scenes
        for script in (scene.clip.narrated.script,)
    ]
    raise_if_any(
        Problem(
            file,
            line,
            f"{owner} has {len(text)} characters, and slides have room for {LONGEST_TITLE}; shorten it",
        )
        for owner, text, file, line in texts
        if len(text) > LONGEST_TITLE
    )


def parts(deck: Deck, largest: int = MAX_BYTES, most: int = MAX_FILMS) -> tuple[Part, ...]:
    """The slides of *deck* in as few files as have at most *largest* bytes and *most* films, about equally large.

    Raises:
        WorkError: a single scene is larger than a file may be.
    """
    weights = [_weight(slide) for slide in deck.slides]
    for slide, (size, films) in zip(deck.slides, weights, strict=True):
        if size > largest - _MARGIN or films > most:
            raise WorkError(
                f"{_name(slide)} alone takes {size / 1e6:.0f} MB and {films} films, and a file for PowerPoint has room "
                f"for {largest / 1e6:.0f} MB and {most} films; make smaller films with --quality preview"
            )
    groups = _groups(weights, largest - _MARGIN, most)
    return tuple(
        Part(deck.slides[start:stop], number, len(groups))
        for number, (start, stop) in enumerate(groups, start=1)
    )


def write_slides(deck: Deck, part: Part, path: Path, colors: Colors) -> None:
    """Write *part* of *deck* to *path*, in the *colors* of its theme; the same slides give the same bytes.

    Raises:
        WorkError: the file cannot be written.
    """
    course = deck.course
    title = f"{deck.title} ({part.number} of {part.of})" if part.of > 1 else deck.title
    facts = Facts(
        f"{course.title}: {title}", course.language, ", ".join(course.authors), course.title, course.licence
    )
    file = SlideFile(facts, colors)
    _open(file, deck, title)
    for slide in part.slides:
        if isinstance(slide, SceneSlide):
            _play(file, slide)
        else:
            film = Film(slide.film, slide.files.question)
            words = "" if slide.scene is None else "\n".join(slide.scene.words)
            add_question(file, slide.item, slide.frame, film, words)
    if part.number == part.of:
        _close(file, deck)
    file.save(path)


def _weight(slide: Slide) -> tuple[int, int]:
    """Bytes and films of *slide*."""
    files = list(_films(slide))
    return sum(path.stat().st_size for pair in files for path in pair), len(files)


def _films(slide: Slide) -> Iterator[tuple[Path, Path]]:
    if isinstance(slide, QuestionSlide):
        yield slide.film, slide.files.question
    else:
        yield slide.clip.film, slide.clip.poster
        yield from ((loop.film, loop.poster) for loop in slide.loops)


def _name(slide: Slide) -> str:
    return f"scene {slide.title!r}" if isinstance(slide, SceneSlide) else f"question {slide.item.id}"


def _groups(weights: Sequence[tuple[int, int]], largest: int, most: int) -> list[tuple[int, int]]:
    """Start and stop of as few runs of *weights* as keep both limits, the largest of them as small as can be."""

    @cache
    def best(start: int, count: int) -> tuple[float, tuple[int, ...]]:
        """The size of the largest of *count* runs from *start* on, and where they stop; infinite when there are none."""
        if count == 0:
            return (0.0, ()) if start == len(weights) else (inf, ())
        found: tuple[float, tuple[int, ...]] = (inf, ())
        for stop in range(start + 1, len(weights) + 1):
            size, films = (sum(column) for column in zip(*weights[start:stop], strict=True))
            if size > largest or films > most:
                break
            rest, stops = best(stop, count - 1)
            found = min(found, (max(float(size), rest), (stop, *stops)))
        return found

    counts = (best(0, count) for count in range(1, len(weights) + 1))
    _, stops = next(one for one in counts if one[0] < inf)
    return list(pairwise((0, *stops)))


def _open(file: SlideFile, deck: Deck, title: str) -> None:
    notes = "\n".join(["After this lecture:", *deck.lecture.objectives])
    slide = file.add_slide(OPENING, title, notes)
    slide.placeholders[1].text_frame.text = deck.question
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Mm(18), Mm(50), Mm(2), Mm(83))
    bar.name = "Bar"
    bar.shadow.inherit = False
    describe(bar, "")
    bar.fill.solid()
    file.paint(bar.fill.fore_color, "gradient")
    bar.line.fill.background()
    _small(file, slide, f"{deck.lecture.number}  ·  {deck.course.title}", Mm(28), "Course")
    _small(file, slide, ", ".join(deck.course.authors), Mm(150), "Authors")


def _play(file: SlideFile, scene: SceneSlide) -> None:
    script = scene.clip.narrated.script
    slide = file.add_slide(FILM, scene.title, "\n".join(scene.words))
    description = (
        f"Film with sound, {scene.seconds:.0f} seconds: {scene.title}. Its words are the notes of this slide."
    )
    add_film(
        slide, scene.clip.film, scene.clip.poster, FULL, name=f"Film {script.name}", description=description
    )
    for loop in scene.loops:
        _repeat(file, scene, loop)


def _repeat(file: SlideFile, scene: SceneSlide, loop: DeckLoop) -> None:
    slide = file.add_slide(
        TITLED, scene.title, f"{scene.title}: this goes round and round, without sound, while you talk."
    )
    height = HEIGHT - _LOOP_TOP - Mm(4)
    width = height * 16 // 9
    place = ((WIDTH - width) // 2, _LOOP_TOP, width, height)
    description = f"Silent film that repeats itself every {loop.seconds:g} seconds: {scene.title}"
    add_film(
        slide, loop.film, loop.poster, place, name=f"Loop {loop.name}", description=description, loops=True
    )


def _close(file: SlideFile, deck: Deck) -> None:
    objectives = deck.lecture.objectives
    slide = file.add_slide(WORDS, f"{deck.title}: now you can", "\n".join(objectives))
    frame = slide.placeholders[1].text_frame
    for index, objective in enumerate(objectives):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.text = objective
        paragraph.space_after = Pt(10)
    course = deck.course
    texts = [course.source, course.licence]
    _small(file, slide, "\n".join(text for text in texts if text), Mm(152), "Source and licence")


def _small(file: SlideFile, slide: Any, text: str, top: int, name: str) -> None:
    left = Mm(28) if name != "Source and licence" else LEFT
    box = slide.shapes.add_textbox(left, top, Emu(WIDTH - left - LEFT), Mm(18))
    box.name = name
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for index, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size = line, Pt(16 if name == "Course" else 14)
        file.paint(run.font.color, "quiet")
