"""The table of formats that questions are handed out in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.errors import Problem
from vcalc_anim.outlets.quiz import common, kahoot
from vcalc_anim.outlets.quiz.anki import write_anki
from vcalc_anim.outlets.quiz.gift import write_gift
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.kahoot import write_kahoot
from vcalc_anim.outlets.quiz.moodle import write_moodle
from vcalc_anim.outlets.quiz.plain import write_json, write_markdown
from vcalc_anim.outlets.quiz.qti import write_qti

Write = Callable[[Sequence[QuizItem], Path, str, common.Pictures], None]
LeftOut = Callable[[Sequence[QuizItem], common.Pictures], Sequence[Problem]]


@dataclass(frozen=True)
class Format:
    """One format. ``suffix`` ends the names of its files: ``quiz`` + ``.moodle.xml``.

    ``write`` writes the questions that fit, ``left_out`` gives a note for each of the others. ``facts`` tells what
    else decides the file.
    """

    name: str
    suffix: str
    write: Write
    left_out: LeftOut
    facts: Callable[[Sequence[QuizItem]], str] = lambda items: ""


FORMATS: tuple[Format, ...] = (
    Format(
        "Moodle XML",
        ".moodle.xml",
        write_moodle,
        lambda items, pictures: common.with_pictures(items, pictures)[1],
    ),
    Format(
        "GIFT",
        ".gift.txt",
        lambda items, path, title, _: write_gift(items, path, title),
        lambda items, _: common.without_pictures(items, "GIFT")[1],
    ),
    Format(
        "QTI 2.1", ".qti.zip", write_qti, lambda items, pictures: common.with_pictures(items, pictures)[1]
    ),
    Format("Anki", ".apkg", write_anki, lambda items, pictures: common.with_pictures(items, pictures)[1]),
    Format(
        "Kahoot",
        ".kahoot.xlsx",
        lambda items, path, title, _: write_kahoot(items, path, title),
        lambda items, _: kahoot.left_out(items),
    ),
    Format(
        "Markdown", ".md", write_markdown, lambda items, pictures: common.with_pictures(items, pictures)[1]
    ),
    Format("JSON", ".json", write_json, lambda items, pictures: ()),
)


def left_out(items: Sequence[QuizItem], pictures: common.Pictures) -> dict[str, tuple[Problem, ...]]:
    """The notes of every format that leaves out some of *items*, by the format's name."""
    notes = {format.name: tuple(format.left_out(items, pictures)) for format in FORMATS}
    return {name: problems for name, problems in notes.items() if problems}
