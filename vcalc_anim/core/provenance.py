"""Where the numbers on screen come from.

While a :class:`Record` is kept, the core notes every text with a number that it writes, the stage every
text that it shows with a number the core did not write, and the scene every claim of its script that the
core confirmed. Without a record nothing is noted, and nothing costs time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

# What has digits but shows no number: a part's name, an index (x_1), the vectors of zeros and of ones (bold 0
# and 1), a length of the layout, a word such as "float32".
_NO_NUMBER = re.compile(
    r"\{[A-Za-z_]\w*:|_\d+|_\(\d+\)|bold\([01]\)|\d+(?:\.\d+)?(?:pt|em|mm|cm|fr)\b|\b[^\W\d]+\d\w*"
)
_POWER = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PACKAGE = Path(__file__).parent.parent.as_posix()


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers that *text* (plain, or Typst source) shows, without their signs, in order.

    >>> numbers_in("x^2 + 2 y_1 approx -0.50"), numbers_in("2×10⁷"), numbers_in("{e0_1: 3}")
    (('2', '2', '0.50'), ('2', '10', '7'), ('3',))
    """
    plain = _POWER.sub(lambda match: f"^{match[0].translate(SUPERSCRIPTS)}", text)
    return tuple(re.findall(r"\d+(?:\.\d+)?", _NO_NUMBER.sub(" ", plain)))


def unspaced(text: str) -> str:
    """*text* as formulas are compared: without spaces and dollar signs, ``²`` as ``^2``, a true minus as a hyphen."""
    plain = _POWER.sub(lambda match: f"^{match[0].translate(SUPERSCRIPTS)}", text)
    return re.sub(r"[\s$]", "", plain.replace("\N{MINUS SIGN}", "-"))


@dataclass(frozen=True)
class Shown:
    """A text on screen with the *numbers* in it that the core did not write; *file* and *line* made it."""

    text: str
    numbers: tuple[str, ...]
    file: Path | None
    line: int | None


@dataclass
class Record:
    """What was written, shown and confirmed while the record was kept."""

    texts: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    unsourced: dict[Shown, None] = field(default_factory=dict)  # in the order of their appearance
    confirmed: set[tuple[str, str]] = field(default_factory=set)  # line and cue

    def write(self, text: str) -> None:
        """Note *text*, with its numbers, as the core's."""
        if text not in self.texts:
            self.texts.add(text)
            self.numbers.update(numbers_in(text))


_record: ContextVar[Record | None] = ContextVar("record", default=None)


@contextmanager
def recording() -> Iterator[Record]:
    """Keep a record inside the ``with`` block."""
    record = Record()
    token = _record.set(record)
    try:
        yield record
    finally:
        _record.reset(token)


@contextmanager
def quoting() -> Iterator[None]:
    """Inside, texts are quoted from the script, whose numbers are looked at where they are written."""
    token = _record.set(None)
    try:
        yield
    finally:
        _record.reset(token)


def written(text: str) -> str:
    """Note that the core wrote *text*; returns it."""
    if (record := _record.get()) is not None:
        record.write(text)
    return text


def shown(text: str) -> None:
    """Note that *text* comes on screen; the core must have written its numbers before."""
    if (record := _record.get()) is None:
        return
    if foreign := tuple(number for number in numbers_in(text) if number not in record.numbers):
        record.unsourced[Shown(text, foreign, *_caller())] = None


def confirmed(line: str, cue: str, claim: float) -> None:
    """Note that the core gave the number *claim* for what *line* says at *cue*."""
    if (record := _record.get()) is not None:
        record.confirmed.add((line, cue))
        record.write(f"{abs(claim):g}")


def _caller() -> tuple[Path | None, int | None]:
    """The innermost place outside this package on the way here: the scene that asked for the text."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return None, None
    return Path(frame.f_code.co_filename), frame.f_lineno
