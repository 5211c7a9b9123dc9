r"""The markup of one spoken line: words, cues, claims, and words shown otherwise than spoken.

::

    It rises to {top=10}ten, the vector [(6, 8)|six eight], {knew}knew.

``{top}`` directly before a word marks a cue there; ``{top=10}`` also claims a number (``{off≈16}`` a rounded one), which the scene
compares with the core. ``[shown|spoken]`` is one word whose caption and speech differ; punctuation may touch
it. A backslash makes any of ``{ } [ ] | \`` an ordinary character.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

SPECIAL = "{}[]|\\"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True)
class Word:
    """One word: what the caption shows and what the voice says. Usually the same."""

    shown: str
    spoken: str


@dataclass(frozen=True)
class Cue:
    """A named mark before word number ``word`` (from 0); ``claim`` is the number said there, if any.

    ``decimals`` is None for an exact claim; a rounded one says how many decimals it keeps.
    """

    name: str
    word: int
    claim: float | None = None
    decimals: int | None = None

    def agrees(self, value: float) -> bool:
        """Whether *value*, computed by the core, is what the line claims (True when it claims nothing)."""
        if self.claim is None:
            return True
        if self.decimals is not None:
            return abs(value - self.claim) <= 0.5 * 10.0**-self.decimals + 1e-12
        return math.isclose(value, self.claim, rel_tol=1e-9, abs_tol=1e-9)


@dataclass(frozen=True)
class Markup:
    """A line taken apart. ``cues`` are in the order of the text."""

    words: tuple[Word, ...]
    cues: tuple[Cue, ...]


class MarkupError(ValueError):
    """What a line does wrong, phrased to follow its name ("marks cue {ten} twice; …"), and where (from 0)."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset

    def __reduce__(self) -> tuple[type[MarkupError], tuple[str, int]]:
        return type(self), (self.message, self.offset)


def parse_line(text: str) -> Markup:
    """The words and cues of one line.

    >>> parse_line("It rises to {top=10}ten.").cues
    (Cue(name='top', word=3, claim=10.0),)

    Raises:
        MarkupError: the first thing wrong with the line; :func:`scan_line` gives all of them.
    """
    markup, errors = scan_line(text)
    if errors:
        raise errors[0]
    return markup


def scan_line(text: str) -> tuple[Markup, tuple[MarkupError, ...]]:
    """Like :func:`parse_line`, but never raises: what could be read, and everything that is wrong."""
    scanner = _Scanner(text)
    scanner.run()
    markup = Markup(tuple(scanner.words), tuple(scanner.cues))
    return markup, tuple(sorted(scanner.errors, key=lambda e: e.offset))


def format_line(markup: Markup) -> str:
    """Markup text that :func:`parse_line` reads back as *markup*."""
    pieces = []
    for index, word in enumerate(markup.words):
        marks = "".join(_format_cue(cue) for cue in markup.cues if cue.word == index)
        plain = word.shown == word.spoken and not re.search(r"\s", word.shown)
        body = _escape(word.shown) if plain else f"[{_escape(word.shown)}|{_escape(word.spoken)}]"
        pieces.append(marks + body)
    return " ".join(pieces)


def _escape(text: str) -> str:
    return "".join("\\" + c if c in SPECIAL else c for c in text)


def _format_cue(cue: Cue) -> str:
    if cue.claim is None:
        return f"{{{cue.name}}}"
    if cue.decimals is None:
        return f"{{{cue.name}={cue.claim!r}}}"
    return f"{{{cue.name}≈{cue.claim:.{cue.decimals}f}}}"


def _tidy(text: str) -> str:
    return " ".join(text.split())


class _Scanner:
    """One pass from left to right; after an error it goes on, so that one reading finds them all."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.words: list[Word] = []
        self.cues: list[Cue] = []
        self.errors: list[MarkupError] = []

    def run(self) -> None:
        pending: list[tuple[str, int]] = []  # cues read, whose word has not come yet
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace():
                self._refuse_loose(pending)
                self.at += 1
            elif char == "{":
                start = self.at
                name = self._cue()
                if name is not None:
                    pending.append((name, start))
            else:
                self._word()
                pending.clear()
        if pending:
            name, start = pending[-1]
            self._fail(f"ends with cue {{{name}}} and no word after it; put the cue before its word", start)
        elif not self.words and not self.errors:
            self._fail("has no words; write what is said, or a number of seconds for a silence", 0)

    def _fail(self, message: str, offset: int) -> None:
        self.errors.append(MarkupError(message, offset))

    def _refuse_loose(self, pending: list[tuple[str, int]]) -> None:
        """A cue followed by a space belongs to no word, unless nothing follows: `run` says that better."""
        if pending and self.text[self.at :].strip():
            name, start = pending.pop()
            pending.clear()
            self._fail(f"has a space after cue {{{name}}}; put the cue directly before its word", start)

    def _cue(self) -> str | None:
        start, end = self.at, self.text.find("}", self.at)
        opened_again = self.text.find("{", start + 1)
        if end < 0 or 0 <= opened_again < end:
            self._fail("has a { without its }; close the cue, or write \\{ for a brace", start)
            self.at = start + 1
            return None
        self.at = end + 1
        inside = self.text[start + 1 : end]
        rounded = "≈" in inside
        name, relation, number = (part.strip() for part in inside.partition("≈" if rounded else "="))
        if not name.isidentifier():
            self._fail(f"marks a cue named {name!r}; a cue's name is letters, digits and _", start)
            return None
        if any(cue.name == name for cue in self.cues):
            self._fail(f"marks cue {{{name}}} twice; give the second one another name", start)
        claim = _claim(number) if relation else None
        if relation and claim is None:
            self._fail(f'claims "{number}" at cue {{{name}}}; write a number such as 10, -0.5 or 1/3', start)
        decimals = len(number.partition(".")[2]) if rounded and claim is not None else None
        self.cues.append(Cue(name, len(self.words), claim, decimals))
        return name

    def _word(self) -> None:
        shown, spoken = "", ""
        while self.at < len(self.text) and not (char := self.text[self.at]).isspace():
            if char == "\\":
                literal = self._escaped()
                shown, spoken = shown + literal, spoken + literal
            elif char == "[":
                pair = self._pair()
                shown, spoken = shown + pair[0], spoken + pair[1]
            elif char == "{":
                self._fail("has a cue inside a word; put the cue before the word, after a space", self.at)
                self._cue()
            elif char in "}]":
                opening = "{" if char == "}" else "["
                self._fail(f"has a {char} without its {opening}; remove it, or write \\{char}", self.at)
                self.at += 1
            else:
                shown, spoken = shown + char, spoken + char
                self.at += 1
        self.words.append(Word(shown, spoken))

    def _escaped(self) -> str:
        literal = self.text[self.at + 1 : self.at + 2]
        if not literal or literal not in SPECIAL:
            self._fail("has a \\ before an ordinary character; write \\\\ for a backslash", self.at)
            self.at += 1
            return "\\"
        self.at += 2
        return literal

    def _pair(self) -> tuple[str, str]:
        """``[shown|spoken]`` from its opening bracket on; spaces inside are kept, as single ones."""
        start = self.at
        self.at += 1
        sides = [""]
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "\\":
                sides[-1] += self._escaped()
                continue
            self.at += 1
            if char == "]":
                if len(sides) != 2 or not all(side.strip() for side in sides):
                    self._fail(
                        "has brackets that are not [shown|spoken]; write both, or \\[ for a bracket", start
                    )
                return _tidy(sides[0]), _tidy(sides[-1])
            if char == "|":
                sides.append("")
            elif char in "[{}":
                self._fail(f"has a {char} inside [shown|spoken]; write \\{char}", self.at - 1)
            else:
                sides[-1] += char
        self._fail("has a [ without its ]; write [shown|spoken], or \\[ for a bracket", start)
        return _tidy(sides[0]), _tidy(sides[-1])


def _claim(text: str) -> float | None:
    """The number that *text* writes, as a decimal or a fraction; None when it is none."""
    top, slash, bottom = (part.strip() for part in text.partition("/"))
    if not _NUMBER.fullmatch(top) or (slash and not _NUMBER.fullmatch(bottom)):
        return None
    if not slash:
        value = float(top)
    elif Fraction(bottom) == 0:
        return None
    else:
        try:
            value = float(Fraction(top) / Fraction(bottom))
        except OverflowError:
            return None
    return value if math.isfinite(value) else None
