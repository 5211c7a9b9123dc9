r"""Questions as GIFT, Moodle's text format.

The characters ``~ = # { } :`` and the backslash are written with a backslash before them. A text is HTML
(``[html]``) on one line, so nothing in it can begin a comment or end a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from vcalc_anim.build.files import write_text
from vcalc_anim.outlets.quiz import common
from vcalc_anim.outlets.quiz.item import ItemOption, QuizItem
from vcalc_anim.outlets.quiz.markup import latex_html
from vcalc_anim.outlets.quiz.moodle import category_path

_SPECIAL = re.compile(r"[~=#{}:\\]")


def write_gift(items: Sequence[QuizItem], path: Path, title: str) -> None:
    r"""Write *items* to *path* as GIFT; formulas are LaTeX between ``\(`` and ``\)``.

    GIFT holds no pictures: a question about one is left out; see :func:`vcalc_anim.outlets.quiz.formats.left_out`.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    kept, _ = common.without_pictures(items, "GIFT")
    blocks = []
    chapter = None
    for item in kept:
        if item.chapter != chapter:
            chapter = item.chapter
            blocks.append(f"$CATEGORY: {category_path(title, item.chapter_title)}")
        blocks.append(_question(item))
    write_text(path, "\n\n".join(blocks) + "\n")


def escaped(text: str) -> str:
    """*text* with GIFT's special characters made ordinary."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _question(item: QuizItem) -> str:
    name = escaped(" ".join(item.id.split()))
    options = "\n".join(_option(option) for option in item.options)
    return f"::{name}::[html]{_html(item.question)}{{\n{options}\n}}"


def _option(option: ItemOption) -> str:
    feedback = f"#[html]{_html(option.feedback)}" if option.feedback else ""
    return f"\t{'=' if option.right else '~'}[html]{_html(option.text)}{feedback}"


def _html(markup: str) -> str:
    return escaped(latex_html(markup))
