"""Quiz slides for PowerPoint and its kin: text that can be edited, and the film of the question.

For each question there are three slides: it asks (for the class to think), it plays the question's film, it answers.
Formulas are written in plain characters: PowerPoint's own formulas vanish in LibreOffice.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Emu, Mm, Pt

from vcalc_anim.errors import Problem
from vcalc_anim.outlets.powerpoint.deck import (
    FILM,
    FULL,
    LEFT,
    TITLED,
    WIDTH,
    Colors,
    Facts,
    SlideFile,
    add_film,
    describe,
)
from vcalc_anim.outlets.quiz import common, markup
from vcalc_anim.outlets.quiz.common import Pictures
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem, failing

_SIZES = (24, 22, 20, 18, 16, 14)  # points
_GAP = Mm(4)
_BESIDE = Mm(24)  # what letter, sign and borders take of an option's width
_LETTER = 0.6  # the width of a letter of its size, on average: of the widest fonts that may stand in for ours
_LINE = 1.25  # from line to line
_TICK, _CROSS = "\N{CHECK MARK}", "\N{MULTIPLICATION X}"


@dataclass(frozen=True)
class Film:
    """The film of a question (MP4), and the picture (PNG) shown before it plays."""

    video: Path
    poster: Path


def write_pptx(
    items: Sequence[QuizItem],
    path: Path,
    facts: Facts,
    colors: Colors,
    pictures: Pictures | None = None,
    films: Mapping[str, Film] | None = None,
) -> list[Problem]:
    """Write the slides of *items* in the *colors* of a theme, with *films* by id; the questions left out, with why.

    Raises:
        InputError: a question that no format can hold.
    """
    common.check(items, facts.title)
    kept, notes = common.with_pictures(items, pictures)
    file = SlideFile(facts, colors)
    for item in kept:
        picture = (pictures or {}).get(item.id) if item.picture else None
        add_question(file, item, picture, (films or {}).get(item.id))
    file.save(path)
    return notes


def add_question(
    file: SlideFile, item: QuizItem, picture: bytes | None, film: Film | None, script: str = ""
) -> None:
    """The slides of one question at the end of *file*: it asks, it plays its *film* if there is one, it answers.

    *picture* (PNG) is what it asks about; *script* the words of the film, for the speaker.
    """
    sheet = _Sheet(file, item, picture)
    sheet.ask()
    if film is not None:
        sheet.play(film, script)
    sheet.answer()


class _Sheet:
    """The slides of one question, one after the other."""

    def __init__(self, file: SlideFile, item: QuizItem, picture: bytes | None) -> None:
        self._file, self._item, self._picture = file, item, picture
        reasons = [
            f"{LETTERS[i]}: {markup.plain(o.feedback)}" for i, o in enumerate(item.options) if o.feedback
        ]
        self._notes = "\n".join([f"Right: {item.letter}", *reasons])
        self._slide: Any = None

    def ask(self) -> None:
        """Question and options."""
        self._lay_out(answered=False)

    def answer(self) -> None:
        """The right option marked, a wrong one with the mistake it stands for."""
        self._lay_out(answered=True)
        box = self._slide.shapes.add_textbox(*self._zones()[1])
        box.name = "Reasons"
        frame = box.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        texts = []
        for option in (self._item.right, failing(self._item)):
            letter = LETTERS[self._item.options.index(option)]
            texts.append((letter, option.feedback, "right" if option.right else "error"))
        self._write(box, [(f"{letter}  ", text, role) for letter, text, role in texts if text], Pt(18))

    def play(self, film: Film, script: str) -> None:
        """The film of the question, as large as the slide."""
        self._slide = self._file.add_slide(
            FILM, f"{self._item.chapter_title}: think, then see", script or self._notes
        )
        add_film(
            self._slide,
            film.video,
            film.poster,
            FULL,
            name=f"Film {self._item.name}",
            description=f"Film: time to think, then the answer to the question: {markup.plain(self._item.question)}",
        )

    def _lay_out(self, *, answered: bool) -> None:
        title = f"{self._item.chapter_title}: {'answer' if answered else 'your turn'}"
        self._slide = self._file.add_slide(TITLED, title, self._notes)
        (left, top, width, height), _ = self._zones()
        if self._picture is not None:
            shown = self._slide.shapes.add_picture(io.BytesIO(self._picture), LEFT, Mm(26), width=Mm(150))
            shown.name = "Picture of the question"
            describe(shown, common.alternative(self._item))
        columns = 2 if self._picture is None else 1
        rows = -(-len(self._item.options) // columns)
        cell_width = Emu(int((width - _GAP * (columns - 1)) / columns))
        texts = [markup.plain(option.text) for option in self._item.options]
        for size in _SIZES:
            asked = _height(markup.plain(self._item.question), size + 2, width)
            cell_height = Emu(int((height - asked - _GAP * rows) / rows))
            if all(_height(text, size, cell_width - _BESIDE) <= cell_height for text in texts):
                break
        question = self._slide.shapes.add_textbox(left, top, width, asked)
        question.name = "Question"
        self._write(question, [("", self._item.question, "text")], Pt(size + 2))
        for index, option in enumerate(self._item.options):
            x = left + (index % columns) * (cell_width + _GAP)
            y = top + asked + _GAP + (index // columns) * (cell_height + _GAP)
            state = "frozen"
            if answered:
                wrong = option is failing(self._item)
                state = "right" if option.right else "error" if wrong else "grid"
            self._option(index, (x, y, cell_width, cell_height), state, size)

    def _option(self, index: int, place: tuple[int, int, int, int], state: str, size: int) -> None:
        option = self._item.options[index]
        card = self._slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *map(Emu, map(int, place)))
        card.name = f"Option {LETTERS[index]}"
        card.adjustments[0] = 0.08
        card.shadow.inherit = False
        card.fill.solid()
        self._file.paint(card.fill.fore_color, "panel")
        self._file.paint(card.line.color, state)
        card.line.width = Pt(3.5 if state == "right" else 1.75)
        sign = {"right": f"{_TICK} ", "error": f"{_CROSS} "}.get(state, "")
        ink = "quiet" if state == "grid" else "text"
        card.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._write(card, [(f"{sign}{LETTERS[index]}  ", option.text, ink)], Pt(size))

    def _zones(self) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
        """Left, top, width, height of question and options, and of the reasons."""
        full = WIDTH - 2 * LEFT
        if self._picture is None:
            return (LEFT, Mm(26), full, Mm(112)), (LEFT, Mm(142), full, Mm(32))
        right = Mm(150) + Mm(8)
        return (LEFT + right, Mm(26), full - right, Mm(145)), (LEFT, Mm(116), Mm(150), Mm(56))

    def _write(self, shape: Any, lines: Sequence[tuple[str, str, str]], size: Any) -> None:
        """Fill *shape* with paragraphs: (letter, markup, role) each."""
        frame = shape.text_frame
        frame.word_wrap = True
        for index, (letter, text, role) in enumerate(lines):
            paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            paragraph.alignment = 1
            if letter:
                self._add(paragraph, letter, size, role if role != "text" else "quiet", bold=True)
            ink = "text" if role in ("right", "error") else role
            for number, part in enumerate(markup.plain(text).split("\n")):
                if number:
                    paragraph.add_line_break()
                self._add(paragraph, part, size, ink)

    def _add(self, paragraph: Any, text: str, size: Any, role: str, *, bold: bool = False) -> None:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = size, bold
        self._file.paint(run.font.color, role)


def _height(text: str, size: int, width: int) -> int:
    """About how high *text* of *size* points is when it is set *width* wide (nobody but PowerPoint can say)."""
    in_line = max(1, int(width / (_LETTER * Pt(size))))
    lines = sum(-(-max(1, len(line)) // in_line) for line in text.split("\n"))
    return int(lines * _LINE * Pt(size)) + Mm(5)
