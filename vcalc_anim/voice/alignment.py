"""From the events of a speech engine to one span for every word that was asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

Span = tuple[float, float]


@dataclass(frozen=True)
class WordMark:
    """The engine began the word at character *position* (from 0) of the text, *time* seconds into the sound."""

    position: int
    time: float


@dataclass(frozen=True)
class Phone:
    """One phoneme, or a pause, from *start* to *end* seconds."""

    start: float
    end: float
    pause: bool


def word_spans(words: Sequence[str], marks: Sequence[WordMark], phones: Sequence[Phone]) -> list[Span]:
    """When each of *words* sounds: (start, end) in seconds, ascending, not overlapping, pauses left out.

    The text is the words joined by single spaces. An engine marks some words several times ("x²" is two words to
    it) and some not at all ("of the" is spoken as one): the words between two marks share the phonemes between
    them, by their letters, cut where a phoneme begins.

    Raises:
        ValueError: there are words but no sound at all.
    """
    if not words:
        return []
    sounding = [phone for phone in phones if not phone.pause and phone.end > phone.start]
    if not sounding:
        raise ValueError("the engine made no sound for these words")
    spans: list[Span] = []
    at = 0.0
    groups = _groups(words, marks)
    limits = [time for _, time in groups[1:]] + [float("inf")]
    firsts = [first for first, _ in groups] + [len(words)]
    for (first, begin), limit, following in zip(groups, limits, firsts[1:], strict=True):
        # a phoneme belongs to the group in which its middle lies: engines round the two kinds of events differently
        own = [p for p in sounding if begin <= (p.start + p.end) / 2 < limit]
        spans += _share(words[first:following], own, max(at, min(begin, sounding[-1].end)))
        at = spans[-1][1]
    return spans


def _groups(words: Sequence[str], marks: Sequence[WordMark]) -> list[tuple[int, float]]:
    """(index of its first word, time) of each run of words that begins with a mark; the first run begins at 0."""
    starts = [0, *accumulate(len(word) + 1 for word in words[:-1])]
    groups: list[tuple[int, float]] = [(0, 0.0)]
    for mark in marks:
        index = bisect_right(starts, max(mark.position, 0)) - 1
        if (
            index > groups[-1][0] and mark.time >= groups[-1][1]
        ):  # a second mark within one word begins nothing
            groups.append((index, mark.time))
    return groups


def _share(words: Sequence[str], phones: Sequence[Phone], begin: float) -> list[Span]:
    """Divide *phones* among *words* by their letters; silent words get an empty span where they stand."""
    if not phones:
        return [(begin, begin)] * len(words)
    letters = [sum(c.isalnum() for c in word) for word in words]
    if not any(letters):
        letters = [1] * len(words)
    done = [0, *accumulate(letters)]
    cuts = [_cut(phones, part / done[-1]) for part in done]
    spans = []
    for first, last in pairwise(cuts):
        start = phones[first].start if first < len(phones) else phones[-1].end
        spans.append((max(start, begin), max(phones[last - 1].end if last > first else start, begin)))
    return spans


def _cut(phones: Sequence[Phone], fraction: float) -> int:
    """How many phonemes come before *fraction* of their total length."""
    lengths = [0.0, *accumulate(phone.end - phone.start for phone in phones)]
    aim = fraction * lengths[-1]
    return min(range(len(lengths)), key=lambda i: (abs(lengths[i] - aim), i))
