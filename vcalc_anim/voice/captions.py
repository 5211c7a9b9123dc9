"""Captions from word times: what is shown together, on which lines, and for how long."""

from __future__ import annotations

import html
import io
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import srt
import webvtt

from vcalc_anim.errors import InputError
from vcalc_anim.voice.caption_breaks import NEVER, break_cost, ends_sentence
from vcalc_anim.voice.caption_rules import (
    MAX_CHARACTERS,
    MAX_CPS,
    MAX_DURATION,
    MAX_LINES,
    MAX_OFFSET,
    MIN_DURATION,
    MIN_GAP,
    ROUNDING,
    WANTED_CPS,
    Caption,
    TimedWord,
    check_captions,
)

__all__ = ["Caption", "TimedWord", "captions", "check_captions", "to_srt", "to_vtt"]


_LINGER = 0.25  # seconds a caption stays after its last word where nobody else speaks
_MS = 1000  # every time is a whole number of milliseconds, as caption files hold it


def captions(lines: Sequence[Sequence[TimedWord]], end: float | None = None) -> list[Caption]:
    """Captions of a script; each inner sequence is one spoken line, and no caption holds words of two.

    Cuts are chosen for the line as a whole, by dynamic programming over every possible partition: reading speed
    and length first, then sense (see ``break_cost``), then balance. A caption begins with its first word and stays
    into the silence after its last as long as reading needs; *end* (seconds) is the end of the film, if known.
    Speech faster than 20 characters a second without a pause cannot be captioned within the rules: such captions
    are as good as they can be, and :func:`check_captions` names them.

    Raises:
        InputError: a word is longer than a caption line, or words run backwards.
    """
    spoken = [[word for word in line if word.text.strip()] for line in lines]
    spoken = [line for line in spoken if line]
    _check_words(spoken)
    shown: list[Caption] = []
    limits = [line[0].start for line in spoken[1:]] + [math.inf if end is None else end]
    for line, limit in zip(spoken, limits, strict=False):  # no line at all leaves one limit over
        shown += _caption_line(line, max(limit, line[-1].end))
    return _lend_time(shown)


def to_srt(shown: Sequence[Caption]) -> str:
    """*shown* as the text of an .srt file (to be written in UTF-8)."""
    text: str = srt.compose(
        srt.Subtitle(i, _delta(caption.start), _delta(caption.end), "\n".join(caption.lines))
        for i, caption in enumerate(shown, 1)
    )
    return text


def to_vtt(shown: Sequence[Caption]) -> str:
    """*shown* as the text of a .vtt file (to be written in UTF-8); ``<`` and ``&`` are escaped, as WebVTT wants."""
    file = io.StringIO()
    webvtt.WebVTT(
        captions=[
            webvtt.Caption(
                _clock(caption.start),
                _clock(caption.end),
                [html.escape(line, quote=False) for line in caption.lines],
            )
            for caption in shown
        ]
    ).write(file)
    return file.getvalue().rstrip("\n") + "\n"


def _delta(seconds: float) -> timedelta:
    return timedelta(milliseconds=round(seconds * _MS))


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * _MS), _MS)
    minutes, s = divmod(whole, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{s:02d}.{milliseconds:03d}"


def _check_words(spoken: Sequence[Sequence[TimedWord]]) -> None:
    problems = []
    words = [word for line in spoken for word in line]
    for word in words:
        if len(word.text) > MAX_CHARACTERS:
            problems.append(
                f"the word {word.text!r} has {len(word.text)} characters; a caption line holds "
                f"{MAX_CHARACTERS}: split it with a space"
            )
        if not 0 <= word.start <= word.end < math.inf:
            problems.append(f"the word {word.text!r} is heard from {word.start} s to {word.end} s")
    problems += [
        f"the word {late.text!r} starts at {late.start:.3f} s, before {early.text!r} ends at {early.end:.3f} s"
        for early, late in pairwise(words)
        if late.start < early.end - ROUNDING
    ]
    if problems:
        raise InputError(*problems)


def _caption_line(words: Sequence[TimedWord], limit: float) -> list[Caption]:
    """The cheapest partition of one spoken line into captions; the last may stay until *limit* seconds."""
    n = len(words)
    best: list[tuple[float, int, Caption | None]] = [(0.0, 0, None), *[(math.inf, 0, None)] * n]
    for last in range(1, n + 1):
        follows = words[last].start if last < n else limit
        for first in range(last - 1, -1, -1):
            layout = _layout([word.text for word in words[first:last]])
            if layout is None:
                break  # more words fit even less
            lines, cost = layout
            caption = _timed(words[first:last], follows, lines)
            cost += best[first][0] + _reading_cost(caption, words[last - 1].end)
            cost += _straddle_cost(words[first:last], first == 0 or ends_sentence(words[first - 1].text))
            if last < n:
                cost += _cut_cost(words[last - 1], words[last])
            if cost < best[last][0]:
                best[last] = (cost, first, caption)
    chosen: list[Caption] = []
    at = n
    while at:
        _, first, found = best[at]
        assert found is not None  # a single word always fits
        chosen.append(found)
        at = first
    return chosen[::-1]


def _layout(words: Sequence[str]) -> tuple[tuple[str, ...], float] | None:
    """The best way to set *words* on one or two lines and its cost, or None where they do not fit."""
    text = " ".join(words)
    if len(text) <= MAX_CHARACTERS:
        return (text,), 0.0
    if len(text) > MAX_LINES * MAX_CHARACTERS + 1:
        return None
    ways = []
    for cut in range(1, len(words)):
        above, below = " ".join(words[:cut]), " ".join(words[cut:])
        if max(len(above), len(below)) <= MAX_CHARACTERS:
            balance = 0.25 * abs(len(above) - len(below))
            ways.append((break_cost(words[cut - 1], words[cut]) + balance, (above, below)))
    if not ways:
        return None
    cost, lines = min(ways)
    return lines, cost + 2.0


def _timed(words: Sequence[TimedWord], follows: float, lines: tuple[str, ...]) -> Caption:
    """A caption over *words* that is gone when the next words come at *follows* seconds."""
    start, follows = _whole(words[0].start), _whole(follows)
    wanted = max(words[-1].end + _LINGER, start + MIN_DURATION, start + len(" ".join(lines)) / WANTED_CPS)
    end = min(math.ceil(wanted * _MS) / _MS, follows, start + MAX_DURATION)
    if 0 < follows - end < MIN_GAP:  # close the gap, or where that makes it too long, open it
        end = follows if follows - start <= MAX_DURATION else _whole(follows - MIN_GAP - 0.5 / _MS)
    return Caption(start, end, lines)


def _reading_cost(caption: Caption, speech_end: float) -> float:
    """What the length and speed of a caption cost, far more outside the rules than any cut."""
    cost = 6.0  # each caption is one more jump of the eye
    if caption.characters_per_second > WANTED_CPS:
        cost += 5.0 * min(caption.characters_per_second - WANTED_CPS, 10.0) ** 2
    if caption.characters_per_second > MAX_CPS:
        cost += 3000.0 + 1000.0 * min(caption.characters_per_second - MAX_CPS, 100.0)
    if caption.duration < MIN_DURATION - ROUNDING:
        cost += 3000.0 + 10000.0 * (MIN_DURATION - caption.duration)
    if speech_end - caption.start > MAX_DURATION:  # its last words would be heard without their text
        cost += 3000.0 + 1000.0 * (speech_end - caption.start - MAX_DURATION)
    return cost + 0.5 * max(0.0, 20 - len(caption.text))


def _straddle_cost(words: Sequence[TimedWord], opens: bool) -> float:
    """A caption with the tail of one sentence and the head of another tears both; *opens*: it starts a sentence."""
    if not any(ends_sentence(word.text) for word in words[:-1]):
        return 0.0
    return (0.0 if ends_sentence(words[-1].text) else 8.0) + (0.0 if opens else 6.0)


def _cut_cost(before: TimedWord, after: TimedWord) -> float:
    """A cut between captions shows longer than one between lines; a pause of the voice makes it natural."""
    pause = min((after.start - before.end) / 0.4, 1.0)
    cost = break_cost(before.text, after.text)
    return cost if cost >= NEVER else 1.5 * cost * (1.0 - 0.5 * pause)


def _lend_time(shown: list[Caption]) -> list[Caption]:
    """Give captions that are too short up to three frames of their neighbours' time, as far as those can spare it."""
    lent = list(shown)
    for i, caption in enumerate(lent):
        missing = _needed(caption) - caption.duration
        if missing > 0 and i + 1 < len(lent) and lent[i + 1].start - caption.end < ROUNDING:
            after = lent[i + 1]
            give = _floor(min(missing + 1 / _MS, MAX_OFFSET, max(0.0, after.duration - _needed(after))))
            lent[i + 1] = replace(after, start=_whole(after.start + give))
            caption = replace(caption, end=_whole(caption.end + give))
            missing -= give
        if missing > 0:
            free = caption.start - lent[i - 1].end if i else caption.start
            spare = max(0.0, lent[i - 1].duration - _needed(lent[i - 1])) if i and free < ROUNDING else 0.0
            early = caption.start - shown[i].start  # its start may have moved already, to the right
            take = _floor(min(missing + 1 / _MS, MAX_OFFSET + early, free if free >= ROUNDING else spare))
            start = _whole(caption.start - take)
            if i and start - lent[i - 1].end < MIN_GAP:
                joined = start - lent[i - 1].start <= MAX_DURATION
                lent[i - 1] = replace(lent[i - 1], end=start) if joined else lent[i - 1]
                start = start if joined else caption.start
            caption = replace(caption, start=start)
        lent[i] = caption
    return lent


def _needed(caption: Caption) -> float:
    return max(MIN_DURATION, len(caption.text) / MAX_CPS)


def _whole(seconds: float) -> float:
    return round(seconds * _MS) / _MS if math.isfinite(seconds) else seconds


def _floor(seconds: float) -> float:
    return math.floor(seconds * _MS + 1e-6) / _MS
