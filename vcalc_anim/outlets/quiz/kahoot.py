"""Questions as the spreadsheet that Kahoot imports.

Kahoot takes short questions only, and neither formulas nor pictures nor feedback. What does not fit is left out and
named in a note; nothing is cut short, because half an answer is a wrong answer.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font

from vcalc_anim.errors import Problem
from vcalc_anim.outlets.quiz import common
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem
from vcalc_anim.outlets.quiz.markup import plain

QUESTION_LIMIT, ANSWER_LIMIT, OPTION_LIMIT = 120, 75, 4  # characters, characters, answers
SECONDS = {"concept": 30, "picture": 30, "calculation": 60}  # each one of 5 10 20 30 60 90 120 240
HEADER_ROW = 8  # as in Kahoot's own template
_HEADER = (
    "",
    f"Question - max {QUESTION_LIMIT} characters",
    *(f"Answer {number} - max {ANSWER_LIMIT} characters" for number in range(1, OPTION_LIMIT + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
_WIDTHS = (6, 60, 30, 30, 30, 30, 18, 18)
_MADE = datetime.datetime(2020, 1, 1)
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_kahoot(items: Sequence[QuizItem], path: Path, title: str) -> None:
    """Write the questions of *items* that Kahoot can take to *path* (``.xlsx``); :func:`left_out` names the others.

    Formulas are in Unicode characters. Nothing a cell holds is a formula of the spreadsheet.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    book = Workbook()
    book.properties.creator = "vcalc"
    book.properties.created = _MADE
    sheet = book.worksheets[0]
    sheet.title = "Kahoot"
    _write(sheet.cell(2, 2), title).font = Font(bold=True, size=14)
    for column, (label, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True), start=1):
        cell = _write(sheet.cell(HEADER_ROW, column), label)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    kept = [item for item in items if not _misfit(item)]
    for number, item in enumerate(kept, start=1):
        row = HEADER_ROW + number
        sheet.cell(row, 1, number)
        for column, text in enumerate((item.question, *(option.text for option in item.options)), start=2):
            _write(sheet.cell(row, column), plain(text))
        sheet.cell(row, 7, SECONDS[item.kind])
        sheet.cell(row, 8, LETTERS.index(item.letter) + 1)
    common.write_archive(path, _timeless(book))


def left_out(items: Sequence[QuizItem]) -> tuple[Problem, ...]:
    """A note for each question that Kahoot cannot take, with its place, its length and the limit.

    Raises:
        InputError: a question that cannot be handed out in any format, with its place.
    """
    common.check(items)
    return tuple(
        Problem(item.file, item.line, f'question "{item.id}" is left out of Kahoot: {reason}')
        for item in items
        if (reason := _misfit(item))
    )


def length(text: str) -> int:
    """The length of *text* as browsers count it: characters beyond the first 65,536 are two."""
    return len(text.encode("utf-16-le")) // 2


def _misfit(item: QuizItem) -> str:
    """Why *item* cannot be played, or nothing."""
    if item.picture is not None:
        return "it asks about a picture, and the spreadsheet holds none"
    if len(item.options) > OPTION_LIMIT:
        return f"it has {len(item.options)} options, the limit is {OPTION_LIMIT}"
    if (size := length(plain(item.question))) > QUESTION_LIMIT:
        return f"the question has {size} characters, the limit is {QUESTION_LIMIT}"
    answers = [plain(option.text) for option in item.options]
    for letter, answer in zip(LETTERS, answers, strict=False):
        if (size := length(answer)) > ANSWER_LIMIT:
            return f"option {letter} has {size} characters, the limit is {ANSWER_LIMIT}"
        if answer in answers[: LETTERS.index(letter)]:
            other = LETTERS[answers.index(answer)]
            return f"options {other} and {letter} are the same when their formulas are plain text"
    return ""


def _write(cell: Cell, text: str) -> Cell:
    """Put *text* into *cell* as text, also where a spreadsheet would take it for a formula or a code."""
    cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)  # _x0041_ would be read as A
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
    return cell


def _timeless(book: Workbook) -> dict[str, bytes]:
    """The parts of the workbook's file, without the time of day, in the one form of XML that is canonical.

    openpyxl writes by lxml where that is installed, and then puts a few bytes differently.
    """
    stream = io.BytesIO()
    book.save(stream)
    entries = common.read_archive(stream)
    made = _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    core = "docProps/core.xml"
    entries[core] = _MODIFIED.sub(rb"\g<1>" + made, entries[core])
    return {name: _DECLARATION + canonicalize(data).encode() for name, data in entries.items()}
