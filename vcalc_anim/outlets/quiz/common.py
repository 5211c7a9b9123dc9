"""What all formats ask of the questions, and share: checks, pictures, names, archives."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from vcalc_anim.build.files import replacing
from vcalc_anim.errors import Problem, raise_if_any
from vcalc_anim.outlets.quiz import markup
from vcalc_anim.outlets.quiz.formulas import FormulaError
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem

Pictures = Mapping[str, bytes]  # PNG of the frame, by the id of the question about it

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,79}")
_COMPRESSED = (".mp4", ".png", ".jpg", ".jpeg")  # what would take time to compress again, and gain nothing
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold: the same in every build


def check(items: Sequence[QuizItem], title: str | None = None) -> None:
    """Check that *items* can be handed out, and convert their formulas in one go.

    Raises:
        InputError: a question without exactly one right option, two with one id, a text that cannot be shown; each
            problem with the place of its question.
    """
    problems = [*_twice(items)]
    for item in items:
        problems += _unanswerable(item)
        problems += [_problem(item, label, wrong) for label, text in texts(item) if (wrong := _wrong(text))]
    if title is not None and (wrong := _wrong(markup.literal(title))):
        problems.append(Problem(None, None, f"the title {title!r} of a quiz {wrong}"))
    raise_if_any(problems)
    try:
        markup.prepare(text for item in items for _, text in texts(item))
    except FormulaError as error:
        raise_if_any(
            _problem(item, label, str(error))
            for item in items
            for label, text in texts(item)
            if markup.Maths(error.source) in markup.parse(text)
        )
        raise


def texts(item: QuizItem) -> Iterator[tuple[str, str]]:
    """Every text of *item* that must be there, and what messages call it."""
    yield "the question", item.question
    for letter, option in zip(LETTERS, item.options, strict=False):
        yield f"option {letter}", option.text
        if option.feedback:
            yield f"the feedback of option {letter}", option.feedback


def with_pictures(
    items: Sequence[QuizItem], pictures: Pictures | None
) -> tuple[list[QuizItem], list[Problem]]:
    """The questions that can be answered with *pictures*, and a note for each that lacks its own."""
    kept, notes = [], []
    for item in items:
        if item.picture is not None and item.id not in (pictures or {}):
            message = f'question "{item.id}" is left out: the picture it asks about is not there'
            notes.append(Problem(item.file, item.line, message))
        else:
            kept.append(item)
    return kept, notes


def without_pictures(items: Sequence[QuizItem], name: str) -> tuple[list[QuizItem], list[Problem]]:
    """The questions that need no picture, and a note for each other, for a format *name* that holds none."""
    notes = [
        Problem(item.file, item.line, f'question "{item.id}" is left out of {name}: it asks about a picture')
        for item in items
        if item.picture is not None
    ]
    return [item for item in items if item.picture is None], notes


def alternative(item: QuizItem) -> str:
    """What stands for the picture of *item* where it cannot be seen: where it comes from, nothing of the answer."""
    return f"A frame of the lecture {item.chapter_title}"


def identifier(text: str) -> str:
    """*text* if it is safe as the name of a file and of an XML thing; else a name made from it, always the same."""
    return text if _NAME.fullmatch(text) else f"q-{digest(text)[:20]}"


def digest(*values: str) -> str:
    """The SHA-256 of *values*, in hexadecimal: ids that are the same in every build."""
    return hashlib.sha256("\0".join(values).encode()).hexdigest()


def write_archive(path: Path, entries: Mapping[str, bytes]) -> None:
    """Write a zip file of *entries* in their order, whole or not at all; the same entries give the same bytes."""
    with replacing(path) as target, zipfile.ZipFile(target, "w") as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            is_media = name.lower().endswith(_COMPRESSED)
            entry.compress_type = zipfile.ZIP_STORED if is_media else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def read_archive(file: Path | BinaryIO) -> dict[str, bytes]:
    """The entries of a zip file, in their order."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _problem(item: QuizItem, label: str, wrong: str) -> Problem:
    return Problem(item.file, item.line, f'{label} of "{item.id}" {wrong}')


def _wrong(text: str) -> str:
    try:
        return "" if markup.parse(text) else "is empty"
    except markup.MarkupError as error:
        return str(error)


def _twice(items: Sequence[QuizItem]) -> Iterator[Problem]:
    first: dict[str, QuizItem] = {}
    for item in items:
        if (other := first.setdefault(item.id, item)) is not item:
            place = f"{other.file.as_posix()}:{other.line}"
            message = f'question "{item.id}" is there twice (first in {place}); rename one'
            yield Problem(item.file, item.line, message)


def _unanswerable(item: QuizItem) -> Iterator[Problem]:
    right = sum(option.right for option in item.options)
    if right != 1:
        message = f'question "{item.id}" has {right} right options; every format here needs exactly one'
        yield Problem(item.file, item.line, message)
    if not 2 <= len(item.options) <= len(LETTERS):
        message = f'question "{item.id}" has {len(item.options)} options; 2 to {len(LETTERS)} have letters'
        yield Problem(item.file, item.line, message)
