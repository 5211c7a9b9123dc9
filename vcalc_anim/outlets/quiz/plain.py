"""Questions as Markdown, to read and to print, and as JSON, for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vcalc_anim.build.files import replacing, write_text
from vcalc_anim.outlets.quiz import common, formulas, markup
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem

# What Markdown and its common extensions act on: anywhere, and at the beginning of a line. The rest stays readable.
_INLINE = re.compile(r"[\\`*_\[\]<>&$~|^{}#]|=(?==)|:(?=[\w+-]+:)|@(?=\w)")
_LINE_START = re.compile(r"^([+\-=:]|\d+(?=[.)]))", re.MULTILINE)
_VERSION = 1


def write_markdown(
    items: Sequence[QuizItem], path: Path, title: str, pictures: common.Pictures | None = None
) -> None:
    """Write *items* to *path* as Markdown: the questions first, the answers with their feedback at the end.

    Formulas are LaTeX between dollar signs, which GitHub, Jupyter, Pandoc, Quarto and Obsidian set. Pictures are
    files in a folder beside *path*, named after it. A question about a picture that *pictures* (PNG by question id)
    lacks is left out; see :func:`vcalc_anim.outlets.quiz.formats.left_out`.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    kept, _ = common.with_pictures(items, pictures)
    folder = path.with_name(f"{path.stem}-pictures")
    questions, answers = [], []
    for number, item in enumerate(kept, start=1):
        place = ""
        if item.picture is not None:
            file = folder / f"{common.identifier(item.id)}.png"
            with replacing(file) as target:
                target.write_bytes((pictures or {})[item.id])
            place = f"![{_words(common.alternative(item))}](<{_address(folder.name)}/{file.name}>)\n\n"
        heading = f"### {number}. {_words(item.id)}\n\n"
        choices = "".join(
            f"- **{letter}** {_markdown(option.text, '  ')}\n"
            for letter, option in zip(LETTERS, item.options, strict=False)
        )
        questions.append(f"{heading}{_markdown(item.question)}\n\n{place}{choices}")
        feedback = "".join(
            f"- **{letter}** {_markdown(option.feedback, '  ')}\n"
            for letter, option in zip(LETTERS, item.options, strict=False)
            if option.feedback
        )
        right = f"**{item.letter}** {_markdown(item.right.text)}"
        answers.append(f"{heading}{right}\n\n{feedback}")
    parts = [f"# {_words(' '.join(title.split()))}\n", "## Questions\n", *questions, "## Answers\n", *answers]
    write_text(path, "\n".join(part.rstrip("\n") + "\n" for part in parts))


def write_json(
    items: Sequence[QuizItem], path: Path, title: str, pictures: common.Pictures | None = None
) -> None:
    """Write *items* to *path* as JSON; each text is there as markup, plain text, HTML with MathML and with LaTeX.

    A question about a picture is always there; it names the frame of the lecture that shows it. *pictures* is taken
    so that all writers are called alike, and not used.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    document = {
        "format": "vcalc quiz",
        "version": _VERSION,
        "title": title,
        "questions": [_record(item) for item in items],
    }
    write_text(path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _record(item: QuizItem) -> dict[str, Any]:
    frame = item.picture
    return {
        "id": item.id,
        "chapter": item.chapter,
        "chapter_title": item.chapter_title,
        "name": item.name,
        "kind": item.kind,
        "scene": item.scene,
        "picture": None if frame is None else {"scene": frame.scene, "line": frame.line},
        "question": _texts(item.question),
        "answer": item.letter,
        "options": [
            {
                "letter": letter,
                "right": option.right,
                "text": _texts(option.text),
                "feedback": _texts(option.feedback),
                "mistake": option.mistake,
            }
            for letter, option in zip(LETTERS, item.options, strict=False)
        ],
    }


def _texts(text: str) -> dict[str, str]:
    return {
        "markup": text,
        "plain": markup.plain(text),
        "mathml": markup.html(text),
        "latex": markup.latex_html(text),
    }


def _markdown(text: str, indent: str = "") -> str:
    """Markdown that shows *text*; lines after the first begin with *indent*, to stay in their list."""
    pieces = markup.parse(text)
    shown = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, markup.Maths):
            fence = "$$" if piece.display else "$"
            shown.append(f"{fence}{formulas.formula(piece.source).latex}{fence}")
        else:
            words = _words(piece.text, before=index > 0, after=index + 1 < len(pieces))
            shown.append(words.replace("\n", f"\\\n{indent}"))
    return "".join(shown)


def _words(text: str, before: bool = False, after: bool = False) -> str:
    """*text* with everything that Markdown would act on made ordinary.

    A letter or digit that touches a formula (*before* or *after* the text) is written by its number, because a
    dollar sign beside it would not begin or end a formula.
    """
    first = f"&#{ord(text[0])};" if before and text[:1].isalnum() else ""
    last = f"&#{ord(text[-1])};" if after and text[-1:].isalnum() and len(text) > bool(first) else ""
    middle = text[bool(first) : len(text) - bool(last)]
    return first + _LINE_START.sub(_ordinary, _INLINE.sub(r"\\\g<0>", middle)) + last


def _ordinary(start: re.Match[str]) -> str:
    """The beginning of a line that would begin a list or a heading, made text."""
    return f"{start[0]}\\" if start[0].isdigit() else f"\\{start[0]}"


def _address(text: str) -> str:
    return re.sub(r"[<>\\]", r"\\\g<0>", text)
