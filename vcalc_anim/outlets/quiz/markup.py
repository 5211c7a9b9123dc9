r"""The markup of questions and answers, written as HTML, as Typst and as plain text.

Words, with Typst maths between dollar signs. Words are plain text whatever they hold: ``<b>`` comes out as four
characters. A backslash before a punctuation mark makes it an ordinary character, as in Typst: ``\$`` is a dollar.
Runs of spaces count as one, line breaks stay, spaces around the whole are dropped.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from vcalc_anim.outlets.quiz import formulas

_MATHS = re.compile(r"""\$((?:[^$\\"]|\\.|"(?:[^"\\]|\\.)*")*)\$""", re.DOTALL)
_ESCAPE = re.compile(r"""\\([!-/:-@\[-`{-~])""")
_FORBIDDEN = frozenset(("Cc", "Cs"))  # control characters and half characters: XML has no place for them
_NONCHARACTERS = frozenset("\ufffe\uffff")
# What MathJax, Moodle or Anki would act on inside plain words: \( and $$, [sound:, [latex], [$], @@PLUGINFILE@@.
_ACTIVE = re.compile(r"[\\$]|\[(?=[A-Za-z$/\[])|@(?=@)")


class MarkupError(ValueError):
    """What is wrong with a text, phrased to follow its name ("has a $ without …")."""


@dataclass(frozen=True)
class Words:
    """Plain text."""

    text: str


@dataclass(frozen=True)
class Maths:
    """Typst maths without its dollar signs; with a space at both ends it stands on a line of its own."""

    source: str

    @property
    def display(self) -> bool:
        return self.source.startswith(" ")


Piece = Words | Maths


def parse(markup: str) -> tuple[Piece, ...]:
    r"""The words and formulas of *markup*, in order.

    >>> parse(r"Costs \$5 at $x^2$.")
    (Words(text='Costs $5 at '), Maths(source='x^2'), Words(text='.'))

    Raises:
        MarkupError: a dollar sign without its second, a formula with nothing in it, a character no format can hold.
    """
    for character in markup:
        if (unicodedata.category(character) in _FORBIDDEN and character not in "\n\t") or (
            character in _NONCHARACTERS
        ):
            raise MarkupError(
                f"has the character U+{ord(character):04X}, which no quiz format can hold; remove it"
            )
    pieces: list[Piece] = []
    words, at = "", 0
    markup = markup.strip()
    while at < len(markup):
        if escaped := _ESCAPE.match(markup, at):
            words, at = words + escaped[1], escaped.end()
        elif markup[at] != "$":
            words, at = words + markup[at], at + 1
        elif maths := _MATHS.match(markup, at):
            pieces += [*_words(words), Maths(_source(maths[1]))]
            words, at = "", maths.end()
        else:
            raise MarkupError(r"has a $ without its second; close the formula, or write \$ for a dollar")
    return (*pieces, *_words(words))


def literal(text: str) -> str:
    """Markup that shows *text* as it is."""
    return re.sub(r"[\\$]", r"\\\g<0>", text)


def prepare(markups: Iterable[str]) -> None:
    """Convert the formulas of many texts in one call, so that the functions below answer at once.

    Raises what :func:`parse` and :func:`vcalc_anim.outlets.quiz.formulas.convert` raise.
    """
    formulas.convert(
        piece.source for markup in markups for piece in parse(markup) if isinstance(piece, Maths)
    )


def html(markup: str) -> str:
    """HTML with MathML; also well-formed XML, to stand inside one element."""
    return "".join(
        formulas.formula(piece.source).mathml if isinstance(piece, Maths) else _lines(escape(piece.text))
        for piece in parse(markup)
    )


def latex_html(markup: str) -> str:
    r"""HTML with LaTeX between ``\(`` and ``\)``, as MathJax in Moodle and Anki reads it.

    What these would act on in plain words is put into an element of its own, where it is only text.
    """
    return "".join(
        escape(_delimited(piece), quote=False) if isinstance(piece, Maths) else _lines(_inert(piece.text))
        for piece in parse(markup)
    )


def plain(markup: str) -> str:
    """Plain text, with formulas in Unicode characters."""
    return "".join(
        formulas.formula(piece.source).plain if isinstance(piece, Maths) else piece.text
        for piece in parse(markup)
    )


def typst(markup: str, *, spoken: bool = False) -> str:
    """Typst source that sets *markup*: the words as they are, nothing in them taken for code.

    With *spoken*, formulas carry their plain text for readers who hear them, as tagged PDF wants it.
    """
    return "".join(
        _strings(piece.text) if isinstance(piece, Words) else _told(piece) if spoken else f"${piece.source}$"
        for piece in parse(markup)
    )


def _told(maths: Maths) -> str:
    words = json.dumps(formulas.formula(maths.source).plain, ensure_ascii=False)
    return f"#math.equation(${maths.source}$.body, block: {str(maths.display).lower()}, alt: {words});"


def _strings(text: str) -> str:
    return "#linebreak()".join(f"#{json.dumps(line, ensure_ascii=False)};" for line in text.split("\n"))


def _words(text: str) -> Iterator[Words]:
    tidy = re.sub(r" ?\n ?", "\n", re.sub(r"[ \t]+", " ", text))
    if tidy:
        yield Words(tidy)


def _source(inside: str) -> str:
    tidy = " ".join(inside.split())
    if not tidy:
        raise MarkupError(r"has a formula with nothing in it; write \$ for a dollar")
    return f" {tidy} " if inside[0].isspace() and inside[-1].isspace() else tidy


def _delimited(maths: Maths) -> str:
    latex = formulas.formula(maths.source).latex
    return rf"\[{latex}\]" if maths.display else rf"\({latex}\)"


def _inert(text: str) -> str:
    pieces = re.split(f"({_ACTIVE.pattern})", text)
    return "".join(
        f"<span>{piece}</span>" if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def _lines(text: str) -> str:
    return text.replace("\n", "<br/>")
