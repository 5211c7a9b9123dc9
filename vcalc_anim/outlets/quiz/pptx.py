"""Quiz slides for PowerPoint and its kin: text that can be edited, and the film of the question.

For each question there are three slides: it asks (for the class to think), it plays the question's film, it answers.
Formulas are written in plain characters: PowerPoint's own formulas vanish in LibreOffice.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Emu, Mm, Pt

from vcalc_anim.errors import Problem
from vcalc_anim.outlets.quiz import common, markup
from vcalc_anim.outlets.quiz.common import Pictures
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem, failing
from vcalc_anim.outlets.quiz.pdf import Colors

_WIDTH, _HEIGHT = Mm(320), Mm(180)
_LEFT, _TOP = Mm(14), Mm(9)
_FONT = "Cambria"  # has the letters of formulas, and is where PowerPoint is
_SIZES = (24, 22, 20, 18, 16, 14)  # points
_GAP = Mm(4)
_BESIDE = Mm(24)  # what letter, sign and borders take of an option's width
_LETTER = 0.52  # the width of a letter on average, of its size
_LINE = 1.25  # from line to line
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_TICK, _CROSS = "\N{CHECK MARK}", "\N{MULTIPLICATION X}"


@dataclass(frozen=True)
class Film:
    """The film of a question: the bytes of an MP4 and of the PNG shown before it plays."""

    video: bytes
    poster: bytes


def write_pptx(
    items: Sequence[QuizItem],
    path: Path,
    title: str,
    colors: Colors,
    pictures: Pictures | None = None,
    films: Mapping[str, Film] | None = None,
) -> list[Problem]:
    """Write the slides of *items* in the *colors* of a theme, with *films* by id; the questions left out, with why.

    Raises:
        InputError: a question that no format can hold.
    """
    common.check(items, title)
    kept, notes = common.with_pictures(items, pictures)
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    facts = deck.core_properties
    facts.title, facts.author, facts.last_modified_by = title, "", ""
    facts.created = facts.modified = _EPOCH
    for item in kept:
        picture = (pictures or {}).get(item.id) if item.picture else None
        _Slide(deck, item, colors, picture).ask()
        if film := (films or {}).get(item.id):
            _Slide(deck, item, colors, None).play(film)
        _Slide(deck, item, colors, picture).answer()
    stream = io.BytesIO()
    deck.save(stream)
    stream.seek(0)
    common.write_archive(path, common.read_archive(stream))  # the same questions, the same bytes
    return notes


class _Slide:
    """One slide of one question."""

    def __init__(self, deck: Any, item: QuizItem, colors: Colors, picture: bytes | None) -> None:
        layout = next(layout for layout in deck.slide_layouts if layout.name == "Title Only")
        self._slide = deck.slides.add_slide(layout)
        self._item, self._colors, self._picture = item, colors, picture
        background = self._slide.background.fill
        background.solid()
        background.fore_color.rgb = self._paint("background")
        notes = [
            f"{LETTERS[i]}: {markup.plain(o.feedback)}" for i, o in enumerate(item.options) if o.feedback
        ]
        self._slide.notes_slide.notes_text_frame.text = "\n".join([f"Right: {item.letter}", *notes])

    def ask(self) -> None:
        """Question and options."""
        self._lay_out(answered=False)

    def answer(self) -> None:
        """The right option marked, a wrong one with the mistake it stands for."""
        self._lay_out(answered=True)
        box = self._slide.shapes.add_textbox(*self._zones()[1])
        frame = box.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        texts = []
        for option in (self._item.right, failing(self._item)):
            letter = LETTERS[self._item.options.index(option)]
            texts.append((letter, option.feedback, "right" if option.right else "error"))
        self._write(box, [(f"{letter}  ", text, role) for letter, text, role in texts if text], Pt(18))

    def play(self, film: Film) -> None:
        """The film of the question, as large as the slide; a click starts it."""
        self._title("Think, then see")
        high = _HEIGHT - Mm(26)
        wide = Emu(int(high * 16 / 9))
        left = Emu(int((_WIDTH - wide) / 2))
        self._slide.shapes.add_movie(
            io.BytesIO(film.video),
            left,
            Mm(22),
            wide,
            Emu(int(high)),
            poster_frame_image=io.BytesIO(film.poster),
            mime_type="video/mp4",
        )

    def _lay_out(self, *, answered: bool) -> None:
        self._title(f"{self._item.chapter_title}: {'answer' if answered else 'your turn'}")
        (left, top, width, height), _ = self._zones()
        if self._picture is not None:
            self._slide.shapes.add_picture(io.BytesIO(self._picture), _LEFT, Mm(26), width=Mm(150))
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
        card.fill.fore_color.rgb = self._paint("panel")
        card.line.color.rgb = self._paint(state)
        card.line.width = Pt(3.5 if state == "right" else 1.75)
        sign = {"right": f"{_TICK} ", "error": f"{_CROSS} "}.get(state, "")
        ink = "quiet" if state == "grid" else "text"
        card.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._write(card, [(f"{sign}{LETTERS[index]}  ", option.text, ink)], Pt(size))

    def _zones(self) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
        """Left, top, width, height of question and options, and of the reasons."""
        full = _WIDTH - 2 * _LEFT
        if self._picture is None:
            return (_LEFT, Mm(26), full, Mm(112)), (_LEFT, Mm(142), full, Mm(32))
        right = Mm(150) + Mm(8)
        return (_LEFT + right, Mm(26), full - right, Mm(145)), (_LEFT, Mm(116), Mm(150), Mm(56))

    def _title(self, text: str) -> None:
        title = self._slide.shapes.title
        title.left, title.top, title.width, title.height = _LEFT, _TOP, _WIDTH - 2 * _LEFT, Mm(14)
        title.text_frame.text = text
        title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = title.text_frame.paragraphs[0]
        self._style(paragraph.runs[0], Pt(20), "text", bold=True)
        paragraph.alignment = 1

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
        self._style(run, size, role, bold=bold)

    def _style(self, run: Any, size: Any, role: str, *, bold: bool = False) -> None:
        run.font.size, run.font.name, run.font.bold = size, _FONT, bold
        run.font.color.rgb = self._paint(role)

    def _paint(self, role: str) -> RGBColor:
        return RGBColor(*bytes.fromhex(self._colors[role].removeprefix("#")))  # type: ignore[no-untyped-call]


def _height(text: str, size: int, width: int) -> int:
    """About how high *text* of *size* points is when it is set *width* wide (nobody but PowerPoint can say)."""
    in_line = max(1, int(width / (_LETTER * Pt(size))))
    lines = sum(-(-max(1, len(line)) // in_line) for line in text.split("\n"))
    return int(lines * _LINE * Pt(size)) + Mm(5)
