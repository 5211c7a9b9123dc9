"""A handout to print: one page a scene, pictures above the words, and the questions with their answers at the end.

The pictures are drawn in the light theme, whatever the slides look like: paper is white, and ink costs.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import typst
from PIL import Image

from vcalc_anim.build.files import ensure_writable, fingerprint, replacing
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.progress import task
from vcalc_anim.build.sources import code_digest, library_versions
from vcalc_anim.course import Course, Lecture, SceneScript
from vcalc_anim.errors import Problem, WorkError, raise_if_any
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.quiz import common, markup
from vcalc_anim.outlets.quiz.characters import undrawable
from vcalc_anim.outlets.quiz.item import LETTERS, FramePlace, QuizItem, failing
from vcalc_anim.outlets.quiz.pictures import draw_places
from vcalc_anim.outlets.quiz.resolve import resolve
from vcalc_anim.outlets.slides.handout_style import STYLE

KIND = "handout"
THEME = "light"

_LINES = 1080  # pixels: 270 to the inch on paper
_MOST_SMALL = 6  # small pictures on a page
_SMALL_WIDTH = 720  # pixels
_ALIKE = 0.004  # the share of a picture that has to change before it tells a reader more
_VISIBLE = 40  # of 255: a smaller change of a pixel is none
# What is cut off: above, the film's own title, which stands on the page; below, the empty room for captions.
_TOP, _BOTTOM = 0.105, 0.06


@dataclass(frozen=True)
class ScenePage:
    """One page: *pictures* are PNGs by line, *poster* the line whose picture is large."""

    script: SceneScript
    poster: str
    pictures: Mapping[str, bytes]

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each line that has a picture, in the order of the words."""
        return {
            name: number
            for number, name in enumerate((n for n in self.script.lines if n in self.pictures), 1)
        }


def write_handouts(
    production: Production, lectures: Sequence[Lecture], manifest: Manifest
) -> list[tuple[Path, bool]]:
    """The handout of each of *lectures* as ``out/slides/CHAPTER/CHAPTER-handout.pdf``, and whether it was written.

    Raises:
        InputError: a scene, script or question with a fault, at its place.
        WorkError: a frame cannot be drawn, or Typst cannot set the page.
    """
    items = resolve(lectures)
    common.check(items)
    raise_if_any(undrawable(items))
    ensure_writable(production.project.picture_cache)
    lines = min(_LINES, production.quality.lines)
    wanted = {lecture.slug: _places(lecture, items) for lecture in lectures}
    files = []
    with task("drawing pictures", sum(map(len, wanted.values()))) as progress:
        for lecture in lectures:
            drawn = draw_places(
                production.project, wanted[lecture.slug], lines, THEME, production.voice, progress.advance
            )
            own = [item for item in items if item.chapter == lecture.slug]
            path = production.out / "slides" / lecture.slug / f"{lecture.slug}-handout.pdf"
            key = _key(production.project.course, lecture, own, drawn)
            is_new = not manifest.is_current(path, key)
            if is_new:
                pages = [_page(lecture, script, drawn) for script in printed_scenes(lecture)]
                frames = {item.id: _cut(drawn[item.picture]) for item in own if item.picture is not None}
                write_handout(production.project.course, lecture, pages, own, frames, path)
                manifest.add(path, KIND, lecture.slug, key)
                manifest.save()  # an interrupted run goes on where it stopped
            files.append((path, is_new))
    return files


def printed_scenes(lecture: Lecture) -> list[SceneScript]:
    """The scenes that have a page: all but the one that plays a question, whose answer stands at the end."""
    playing = {question.scene for question in lecture.quiz}
    return [script for script in lecture.scenes if script.name not in playing]


def write_handout(
    course: Course,
    lecture: Lecture,
    pages: Sequence[ScenePage],
    items: Sequence[QuizItem],
    frames: Mapping[str, bytes],
    path: Path,
) -> None:
    """Write *pages* and the questions *items*, with the *frames* some ask about, to *path*; always the same bytes.

    Raises:
        InputError: a line has a character that our fonts lack, at its place.
        WorkError: Typst cannot set the document, or the file cannot be written.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = "".join(_document(course, lecture, pages, items, frames, folder))
        (folder / "handout.typ").write_text(source, encoding="utf-8")
        try:
            made = typst.compile(
                folder / "handout.typ",
                root=folder,
                format="pdf",
                ignore_system_fonts=True,
                pdf_standards="ua-1",
            )
        except typst.TypstError as error:
            raise_if_any(_unprintable(str(error), pages))
            raise WorkError(f"Typst cannot set the handout of {lecture.slug}: {error}") from error
    with replacing(path) as target:
        target.write_bytes(made)


def _unprintable(told: str, pages: Sequence[ScenePage]) -> Iterator[Problem]:
    """The lines with the text that, as Typst has *told*, no font of ours can show."""
    if found := re.search(r'the text `"(.+?)"` could not be displayed', told):
        for page in pages:
            for line in page.script.lines.values():
                if found[1] in line.caption:
                    message = f'line "{line.name}" has {found[1]!r}, which the fonts of the handout lack; write it in words'
                    yield Problem(line.file, line.line, message)


def _places(lecture: Lecture, items: Sequence[QuizItem]) -> list[FramePlace]:
    places = [
        FramePlace(lecture.slug, script.name, line.name)
        for script in printed_scenes(lecture)
        for line in script.lines.values()
        if line.caption or line.name == script.poster_line
    ]
    asked = [item.picture for item in items if item.chapter == lecture.slug and item.picture is not None]
    return list(dict.fromkeys([*places, *asked]))


def _page(lecture: Lecture, script: SceneScript, drawn: Mapping[FramePlace, bytes]) -> ScenePage:
    all_lines = {
        name: drawn[place]
        for name in script.lines
        if (place := FramePlace(lecture.slug, script.name, name)) in drawn
    }
    kept = picture_lines(all_lines, script.poster_line)
    pictures = {
        name: _cut(data, None if name == script.poster_line else _SMALL_WIDTH)
        for name, data in all_lines.items()
        if name in kept
    }
    return ScenePage(script, script.poster_line, pictures)


def picture_lines(pictures: Mapping[str, bytes], poster: str) -> list[str]:
    """The lines whose pictures differ: the poster's, and those that change most from what is shown before."""
    small = {
        name: np.asarray(Image.open(io.BytesIO(data)).convert("RGB").resize((320, 180)), dtype=int)
        for name, data in pictures.items()
    }

    def change(name: str, others: Sequence[str]) -> float:
        differences = (np.abs(small[name] - small[other]).max(axis=2) for other in others)
        return min(float((difference > _VISIBLE).mean()) for difference in differences)

    kept = [poster]
    while len(kept) <= _MOST_SMALL:
        rest = {name: change(name, kept) for name in pictures if name not in kept}
        if not rest or max(rest.values()) < _ALIKE:
            break
        kept.append(max(rest, key=lambda name: rest[name]))
    return kept


def _cut(data: bytes, width: int | None = None) -> bytes:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    high = picture.height
    picture = picture.crop((0, round(_TOP * high), picture.width, round((1 - _BOTTOM) * high)))
    if width is not None and width < picture.width:
        size = (width, round(picture.height * width / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)  # Typst packs it again
    return buffer.getvalue()


def _document(
    course: Course,
    lecture: Lecture,
    pages: Sequence[ScenePage],
    items: Sequence[QuizItem],
    frames: Mapping[str, bytes],
    folder: Path,
) -> Iterator[str]:
    facts = {
        "course": course.title,
        "language": course.language,
        "authors": list(course.authors),
        "number": lecture.number,
        "title": lecture.title,
        "question": lecture.question,
        "objectives": list(lecture.objectives),
        "source": course.source,
        "licence": course.licence,
        "scenes": [page.script.title for page in pages],
    }
    yield f"#let facts = json(bytes({_string(json.dumps(facts, ensure_ascii=False))}))\n"
    yield STYLE
    for index, page in enumerate(pages):
        names = {name: f"{index}-{number}.png" for name, number in page.numbers.items()}
        for name, file in names.items():
            (folder / file).write_bytes(page.pictures[name])
        shown = [
            [number, names[name], page.script.lines[name].caption] for name, number in page.numbers.items()
        ]
        words = [
            [page.numbers.get(name, 0), line.caption]
            for name, line in page.script.lines.items()
            if line.caption
        ]
        content = {
            "title": page.script.title,
            "poster": page.numbers[page.poster],
            "pictures": shown,
            "words": words,
        }
        yield f"#scene(json(bytes({_string(json.dumps(content, ensure_ascii=False))})))\n"
    if items:
        yield f"#questions(({''.join(_question(item, frames, folder) for item in items)}))\n"
        yield f"#answers(({''.join(map(_answer, items))}))\n"


def _question(item: QuizItem, frames: Mapping[str, bytes], folder: Path) -> str:
    shown = "none"
    if item.id in frames:
        (folder / f"{item.id}.png").write_bytes(frames[item.id])
        shown = f"image({_string(f'{item.id}.png')}, alt: {_string(common.alternative(item))})"
    options = "".join(f"[{_set(option.text)}]," for option in item.options)
    return f"([{_set(item.question)}], {shown}, ({options})),"


def _answer(item: QuizItem) -> str:
    wrong = failing(item)
    letter = LETTERS[item.options.index(wrong)]
    return (
        f"({_string(item.letter)}, [{_set(item.right.text)}], [{_set(item.right.feedback)}], "
        f"{_string(letter)}, [{_set(wrong.feedback)}]),"
    )


def _set(text: str) -> str:
    return markup.typst(text, spoken=True)


def _string(text: str) -> str:
    """*text* as a Typst string."""
    return json.dumps(text, ensure_ascii=False)


def _key(
    course: Course, lecture: Lecture, items: Sequence[QuizItem], drawn: Mapping[FramePlace, bytes]
) -> str:
    """The fingerprint of everything that decides the handout of *lecture*."""
    return fingerprint(
        [
            [course.title, course.authors, course.source, course.licence, course.language],
            [lecture.number, lecture.title, lecture.question, lecture.objectives],
            [
                [
                    script.name,
                    script.title,
                    script.poster_line,
                    [[n, line.caption] for n, line in script.lines.items()],
                ]
                for script in printed_scenes(lecture)
            ],
            [
                {name: value for name, value in asdict(item).items() if name not in ("file", "line")}
                for item in items
            ],
            [[str(place), fingerprint(data.hex())] for place, data in drawn.items()],
            code_digest("outlets/slides/handout.py", "outlets/slides/handout_style.py", "outlets/quiz"),
            library_versions()["typst"],
        ]
    )
