"""Caption files read back, and the rules of their text: UTF-8, whole, plain, and the same in both formats."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path

import srt
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from vcalc_anim.voice import Caption

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^}]*\}")  # <i>, <font …>, {\an8}
_CUE_SETTING = re.compile(r"-->\s*[\d:.]+[ \t]+(\S.*)")
_BLOCK = re.compile(r"^(STYLE|REGION)\b", re.MULTILINE)
_SAME = 0.0015  # seconds: one file may round where the other cuts off


@dataclass(frozen=True)
class CaptionFile:
    """One caption file; ``numbers`` are those of an .srt, ``styling`` is what is more than words and times."""

    path: Path
    captions: tuple[Caption, ...]
    numbers: tuple[int, ...] = ()
    styling: tuple[str, ...] = ()


def read_captions(path: Path) -> CaptionFile:
    """The captions in an .srt or .vtt file; raises ``ValueError`` with the reason when it is not one."""
    return read_srt(path) if path.suffix == ".srt" else read_vtt(path)


def read_srt(path: Path) -> CaptionFile:
    """The captions of an .srt file; raises ``ValueError`` when a part of it is not understood."""
    text = _text(path)
    try:
        items = list(srt.parse(text))
    except (srt.SRTParseError, srt.TimestampParseError) as error:
        raise ValueError(f"not an .srt file ({_first_words(error)})") from error
    if text.strip() and not items:
        raise ValueError("not an .srt file: it has text but no caption")
    captions = tuple(
        Caption(item.start.total_seconds(), item.end.total_seconds(), tuple(item.content.split("\n")))
        for item in items
    )
    styling = tuple(_TAG.findall(text))
    return CaptionFile(path, captions, tuple(item.index for item in items), styling)


def read_vtt(path: Path) -> CaptionFile:
    """The captions of a .vtt file; raises ``ValueError`` when a part of it is not understood."""
    text = _text(path)
    try:
        items = webvtt.from_buffer(io.StringIO(text)).captions
    except (MalformedCaptionError, MalformedFileError) as error:
        raise ValueError(f"not a .vtt file ({_first_words(error)})") from error
    if (arrows := text.count("-->")) != len(items):
        raise ValueError(f"not a .vtt file: {arrows} times are written, {len(items)} captions understood")
    captions = tuple(
        Caption(
            _seconds(item.start),
            _seconds(item.end),
            tuple(html.unescape(line) for line in item.lines),
        )
        for item in items
    )
    styling = (*_TAG.findall(text), *_CUE_SETTING.findall(text), *_BLOCK.findall(text))
    return CaptionFile(path, captions, (), styling)


def plain(file: CaptionFile) -> Iterator[tuple[str, str]]:
    """Words and times only: players and viewers choose how captions look."""
    if file.styling:
        yield "caption-style", f"the captions carry styling ({file.styling[0]!r}); write words and times only"


def ordered(file: CaptionFile) -> Iterator[tuple[str, str]]:
    """Captions follow each other, numbered from 1 where they have numbers."""
    for early, late in pairwise(file.captions):
        if late.start < early.start:
            yield (
                "caption-order",
                f"the caption at {late.start:.3f} s stands after one at {early.start:.3f} s",
            )
    if file.numbers and file.numbers != tuple(range(1, len(file.numbers) + 1)):
        wrong = next(n for n, found in enumerate(file.numbers, 1) if n != found)
        yield "caption-number", f"caption {wrong} has the number {file.numbers[wrong - 1]}; count from 1"


def has_twin(file: CaptionFile) -> Iterator[tuple[str, str]]:
    """An .srt and a .vtt stand beside each other."""
    twin = _twin(file.path)
    if not twin.is_file():
        yield "caption-pair", f"{twin.name} is missing beside it; build it again"


def same_as_twin(file: CaptionFile) -> Iterator[tuple[str, str]]:
    """Both files show the same words at the same times."""
    if not (twin := _twin(file.path)).is_file():
        return
    try:
        other = read_captions(twin).captions
    except ValueError:
        return  # a finding of that file
    for one, two in zip_longest(file.captions, other):
        if one is None or two is None or not _alike(one, two):
            at = (one or two).start
            yield "caption-pair", f"{file.path.name} and {twin.name} differ at {at:.3f} s; build them again"
            return


def _alike(one: Caption, two: Caption) -> bool:
    near = abs(one.start - two.start) <= _SAME and abs(one.end - two.end) <= _SAME
    return near and one.lines == two.lines


def _twin(path: Path) -> Path:
    return path.with_suffix(".vtt" if path.suffix == ".srt" else ".srt")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from error


def _seconds(clock: str) -> float:
    """``[hours:]minutes:seconds.milliseconds``, whose fraction the parser's own seconds leave out."""
    whole, _, milliseconds = clock.partition(".")
    total = 0
    for part in whole.split(":"):
        total = 60 * total + int(part)
    return total + int(milliseconds) / 1000


def _first_words(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


FileRule = Callable[[CaptionFile], Iterator[tuple[str, str]]]
SRT_RULES: tuple[FileRule, ...] = (plain, ordered, has_twin, same_as_twin)
VTT_RULES: tuple[FileRule, ...] = (plain, ordered, has_twin)
