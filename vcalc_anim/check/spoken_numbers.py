"""Numbers in spoken English: which words of a line state one, and what it is.

The rule of what a statement is, chosen for few false alarms:

- every number with digits, every decimal ("point one five"), every fraction ("one third"), zero, everything
  from three up, and everything after "minus" states a number;
- "one" and "two" state one only where they stand as a value: after a word of equality, before a unit, or in a
  list of numbers ("at three, two"). Elsewhere they count or point ("two slopes", "the flat one");
- up to ten, no number after a determiner does ("all three lines"): it counts what is seen;
- no statements are names ("chapter four", "question two"), "a hundred", "a million" as figures of speech, and
  what is denied ("can never be zero");
- a word that shows digits with letters or an operator is a formula ("[2y²|two y squared]").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vcalc_anim.core.provenance import SUPERSCRIPTS
from vcalc_anim.course import Word


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(_SMALL.split())}
_VALUES |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_PARTS |= {"hundredth": 100, "thousandth": 1000}
_PARTS |= {f"{word}s": value for word, value in _PARTS.items()} | {"halves": 2}
_ZERO_LETTERS = frozenset({"oh", "o"})  # "six point oh one"
_SIGNS = frozenset({"minus", "negative"})
_OPERATORS = frozenset({"minus", "plus", "times", "over"})
_EQUALITIES = _set("is are equals equal exactly makes gives becomes to than by times")
# After "is two", these say that a value was told and not that things are counted.
_CONTINUATIONS = _set("and at but everywhere for here in now on or so there when")
_MEASURES = _set("degree degrees percent times")
_NAMES = _set("chapter part lecture lesson question option answer step line layer figure")
_ARTICLES = _set("the a this that each any every")
_DETERMINERS = _set("all these those its their our your both")
_DENIALS = _set("never not cannot nor without")
_HEDGES = _set("nearly almost about around roughly over under some")
_ORDINAL = re.compile(r"\d*(?:1st|2nd|3rd|[04-9]th|1[123]th)")
_DIGITS = re.compile(r"[+−-]?\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Statement:
    """Words *first* … *last* of a line state the number *value* (None: a formula); *vague*: "nearly …"."""

    first: int
    last: int
    value: float | None
    vague: bool = False
    signed: bool = False  # starts with "minus"


@dataclass(frozen=True)
class _Token:
    """A word without its punctuation, in lower case; ``word`` is its place in the line."""

    text: str
    word: int
    ends: bool  # punctuation follows
    stops: bool  # the end of a sentence


def statements(words: Sequence[Word]) -> list[Statement]:
    """Everything in *words* that states a number, in order."""
    found = [Statement(index, index, None) for index, word in enumerate(words) if is_formula(word)]
    tokens = [
        _Token(part.lower().strip(".,;:?!()\"'…–—"), index, part[-1] in ".,;:?!", part[-1] in ".?!")
        for index, word in enumerate(words)
        if not is_formula(word)
        for part in _split(word.spoken)
    ]
    found += _stated(tokens)
    return sorted(found, key=lambda statement: statement.first)


def is_formula(word: Word) -> bool:
    """Whether *word* shows a formula that the voice reads out."""
    shown = word.shown.translate(SUPERSCRIPTS)
    if _ORDINAL.fullmatch(shown.strip(".,;:?!")):
        return False
    return any(map(str.isdigit, shown)) and any(c.isalpha() or c in "!=^×·" for c in shown)


def _split(spoken: str) -> list[str]:
    """Words of speech; "twenty-three" is two."""
    parts = []
    for part in spoken.split():
        halves = part.split("-")
        joined = len(halves) > 1 and all(re.sub(r"\W", "", half).lower() in _NUMBER_WORDS for half in halves)
        parts += halves if joined else [part]
    return parts


_NUMBER_WORDS = {*_VALUES, *_SCALES, *_PARTS}


def _stated(tokens: Sequence[_Token]) -> Iterator[Statement]:
    spans = list(_numbers(tokens))
    edges = {start for start, _, _ in spans} & {stop for _, stop, _ in spans}
    lists = {edge for edge in edges if not tokens[edge - 1].stops}  # where two numbers meet
    for start, stop, value in spans:
        if not _states(tokens, start, stop, value, listed=start in lists or stop in lists):
            continue
        signed = _before(tokens, start) in _SIGNS and not _is_number(_before(tokens, start, 2))
        first = tokens[start - 1 if signed else start].word
        vague = _before(tokens, start) in _HEDGES
        yield Statement(first, tokens[stop - 1].word, -value if signed else value, vague, signed)


def _states(tokens: Sequence[_Token], start: int, stop: int, value: float, listed: bool) -> bool:
    """Whether the number in *tokens* from *start* to *stop* states something: the rule of this module."""
    before, two_before = _before(tokens, start), _before(tokens, start, 2)
    after = tokens[stop].text if stop < len(tokens) and not tokens[stop - 1].ends else ""
    text, single = tokens[start].text, stop == start + 1
    is_name = before in _NAMES
    is_figure_of_speech = before in ("a", "an") and text in _SCALES
    counts_seen = single and value <= 10 and before in _DETERMINERS and after and after not in _MEASURES
    if is_name or is_figure_of_speech or counts_seen or _DENIALS & {before, two_before}:
        return False
    if not (single and text in ("one", "two")):
        return True
    by_one = before == "by" and value == 1  # "one by one", "up by one"
    equals = before in _EQUALITIES and not by_one and (not after or after in _CONTINUATIONS)
    return listed or equals or before in _OPERATORS | _SIGNS or after in _MEASURES


def _before(tokens: Sequence[_Token], start: int, count: int = 1) -> str:
    """The word *count* places before *start*; empty when the sentence stops in between."""
    at = start - count
    return "" if at < 0 or any(token.ends for token in tokens[at:start]) else tokens[at].text


def _is_number(text: str) -> bool:
    return text in _VALUES or text in _SCALES or bool(_DIGITS.fullmatch(text))


def _numbers(tokens: Sequence[_Token]) -> Iterator[tuple[int, int, float]]:
    """Start, stop and value of each number; signs stay outside."""
    at = 0
    while at < len(tokens):
        stop, value = _number(tokens, at)
        if stop == at:
            at += 1
        else:
            yield at, stop, value
            at = stop


def _number(tokens: Sequence[_Token], at: int) -> tuple[int, float]:
    """Where the number that begins at *at* stops, and its value; stop = *at* when none begins there."""
    text = tokens[at].text
    if match := _DIGITS.match(text):
        is_whole = text[match.end() :] in ("", "%", "°")  # else an ordinal
        return (at + 1, float(match[0].replace("−", "-").replace(",", ""))) if is_whole else (at, 0.0)
    stop, value = _whole(tokens, at)
    noun = stop == at and at > 0 and tokens[at - 1].text in _ARTICLES  # "the point one, two"
    if _goes_on(tokens, stop, at) and tokens[stop].text == "point" and not noun:
        decimals = ""
        end = stop + 1
        while end < len(tokens) and (digit := _digit(tokens[end].text)):
            decimals += digit
            end += 1
            if tokens[end - 1].ends:
                break
        if decimals:
            return end, value + float(f"0.{decimals}")
    if stop > at and _goes_on(tokens, stop, at) and tokens[stop].text in _PARTS:
        return stop + 1, float(Fraction(int(value), _PARTS[tokens[stop].text]))
    match [token.text for token in tokens[stop : stop + 3]]:
        case ["and", "a", part] if stop > at and part in _PARTS and _goes_on(tokens, stop, at):
            return stop + 3, value + 1 / _PARTS[part]
    return stop, value


def _digit(text: str) -> str:
    if text in _ZERO_LETTERS:
        return "0"
    value = _VALUES.get(text, 10)
    return str(value) if value < 10 else ""


def _goes_on(tokens: Sequence[_Token], stop: int, start: int) -> bool:
    return stop < len(tokens) and (stop == start or not tokens[stop - 1].ends)


def _whole(tokens: Sequence[_Token], at: int) -> tuple[int, float]:
    total, group, stop = 0, 0, at
    last = ""  # the kind of the word before
    while _goes_on(tokens, stop, at):
        text = tokens[stop].text
        if text in _VALUES:
            kind = "tens" if _VALUES[text] >= 20 else "unit"
            if last == "unit" or (last == "tens" and (kind == "tens" or not 1 <= _VALUES[text] <= 9)):
                break
            group += _VALUES[text]
        elif text in _SCALES:
            kind = "scale"
            group = max(group, 1) * _SCALES[text]
            if _SCALES[text] > 100:
                total, group = total + group, 0
        elif (
            text == "and" and last == "scale" and stop + 1 < len(tokens) and tokens[stop + 1].text in _VALUES
        ):
            kind = last
        else:
            break
        last, stop = kind, stop + 1
    return stop, float(total + group)
