"""Characters that slides can show: the fonts inside Typst have no emoji and no Chinese, and draw an empty box for them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import typst

from vcalc_anim.errors import Problem
from vcalc_anim.outlets.quiz import common, markup
from vcalc_anim.outlets.quiz.item import QuizItem

_ABSENT = "\U0010fffd"  # for private use: no font of ours has it


def undrawable(items: Sequence[QuizItem]) -> Iterator[Problem]:
    """A problem for each text of *items* with a character that slides cannot show."""
    for item in items:
        for label, text in common.texts(item):
            words = "".join(piece.text for piece in markup.parse(text) if isinstance(piece, markup.Words))
            if lacking := [character for character in dict.fromkeys(words) if not _is_drawn(character)]:
                named = ", ".join(f"{character} (U+{ord(character):04X})" for character in lacking[:3])
                message = (
                    f'{label} of "{item.id}" has {named}, which the fonts of the slides lack; '
                    "write it in other words, or leave the slides out with --no-slides"
                )
                yield Problem(item.file, item.line, message)


def _is_drawn(character: str) -> bool:
    plain = character.isascii() or unicodedata.category(character)[0] in "MZ"
    return plain or _outline(character) != _outline(_ABSENT)


@lru_cache(maxsize=1024)
def _outline(character: str) -> tuple[str, ...]:
    """The shapes that Typst sets *character* as."""
    source = f'#set text(font: "New Computer Modern")\n#text({json.dumps(character, ensure_ascii=False)})'
    drawing = typst.compile(source.encode(), format="svg", ignore_system_fonts=True).decode()
    return tuple(re.findall(r'<path[^>]* d="([^"]*)"', drawing))
