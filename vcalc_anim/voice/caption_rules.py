"""What a caption is, and the rules of reading that it keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vcalc_anim.voice.caption_breaks import NEVER, break_cost

MAX_CHARACTERS = 42  # a line
MAX_LINES = 2
WANTED_CPS = 17.0  # characters a second
MAX_CPS = 20.0
MIN_DURATION = 5 / 6  # seconds
MAX_DURATION = 7.0
FRAME = 1 / 30  # seconds
MIN_GAP = 2 * FRAME
MAX_OFFSET = 3 * FRAME  # between the speech and its caption
ROUNDING = 0.0006  # times are kept in whole milliseconds


@dataclass(frozen=True)
class TimedWord:
    """One written word and when it is heard, in seconds of the film."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Caption:
    """One caption: its lines of text and when it is shown, in seconds of the film."""

    start: float
    end: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text on one line."""
        return " ".join(self.lines)

    @property
    def duration(self) -> float:
        """Seconds on screen."""
        return self.end - self.start

    @property
    def characters_per_second(self) -> float:
        """Reading speed it asks for, spaces counted; infinite when it is not shown at all."""
        return len(self.text) / self.duration if self.duration > 0 else math.inf


@dataclass(frozen=True)
class Breach:
    """One broken rule: its short name, when (in seconds of the film), and a sentence that says what is wrong."""

    rule: str
    seconds: float
    message: str


def check_captions(
    shown: Sequence[Caption], spoken: Sequence[Sequence[TimedWord]] | None = None
) -> list[str]:
    """Every rule that *shown* breaks, one sentence each; with *spoken*, also text, start times and cuts against it."""
    return [breach.message for breach in caption_breaches(shown, spoken)]


def caption_breaches(
    shown: Sequence[Caption], spoken: Sequence[Sequence[TimedWord]] | None = None
) -> list[Breach]:
    """The same as :func:`check_captions`, each with its rule and its time."""
    wrong = [breach for caption in shown for breach in _check_one(caption)]
    for early, late in pairwise(shown):
        gap = late.start - early.end
        if gap < -ROUNDING:
            message = f"captions overlap at {late.start:.3f} s by {-gap:.3f} s"
            wrong.append(Breach("overlap", late.start, message))
        elif ROUNDING < gap < MIN_GAP - ROUNDING:
            message = (
                f"captions leave a flicker of {gap:.3f} s before {late.start:.3f} s; use none or 2 frames"
            )
            wrong.append(Breach("gap", early.end, message))
    return wrong if spoken is None else wrong + _check_against(shown, spoken)


def _check_one(caption: Caption) -> list[Breach]:
    name = f"caption at {caption.start:.3f} s ({caption.text[:30]!r})"
    wrong: list[tuple[str, str]] = []
    if not 1 <= len(caption.lines) <= MAX_LINES or not all(line.strip() for line in caption.lines):
        wrong.append(("lines", f"has {len(caption.lines)} lines; it takes 1 or {MAX_LINES}, none empty"))
    wrong += [
        ("width", f"has a line of {len(line)} characters; {MAX_CHARACTERS} fit")
        for line in caption.lines
        if len(line) > MAX_CHARACTERS
    ]
    if not MIN_DURATION - ROUNDING <= caption.duration <= MAX_DURATION + ROUNDING:
        limits = f"{MIN_DURATION:.3f} to {MAX_DURATION:g}"
        wrong.append(("duration", f"stays {caption.duration:.3f} s; it needs {limits}"))
    if caption.characters_per_second > MAX_CPS * (1 + ROUNDING):
        speed = f"{caption.characters_per_second:.1f} characters a second"
        wrong.append(("speed", f"runs at {speed}; {MAX_CPS:g} is the limit"))
    wrong += [
        ("break", f"breaks its lines between {above.split()[-1]!r} and {below.split()[0]!r}")
        for above, below in pairwise(caption.lines)
        if above.strip() and below.strip() and break_cost(above.split()[-1], below.split()[0]) >= NEVER
    ]
    return [Breach(rule, caption.start, f"{name} {message}") for rule, message in wrong]


def _check_against(shown: Sequence[Caption], spoken: Sequence[Sequence[TimedWord]]) -> list[Breach]:
    wrong: list[Breach] = []
    queue = list(shown)
    for line in spoken:
        words = [word for word in line if word.text.strip()]
        at = 0
        while at < len(words):
            said_at = words[at].start
            if not queue:
                message = f"no caption shows {words[at].text!r}, said at {said_at:.3f} s"
                return [*wrong, Breach("text", said_at, message)]
            caption = queue.pop(0)
            count = _words_shown(words[at:], caption.text.split())
            if count is None:
                said = " ".join(word.text for word in words[at : at + 4])
                message = f"caption at {caption.start:.3f} s reads {caption.text!r} where {said!r} … is said"
                return [*wrong, Breach("text", caption.start, message)]
            if abs(caption.start - said_at) > MAX_OFFSET + ROUNDING:
                message = f"caption at {caption.start:.3f} s belongs to speech at {said_at:.3f} s"
                wrong.append(Breach("start", caption.start, message))
            at += count
            if at < len(words) and break_cost(words[at - 1].text, words[at].text) >= NEVER:
                message = (
                    f"captions part {words[at - 1].text!r} from {words[at].text!r} at {caption.end:.3f} s"
                )
                wrong.append(Breach("cut", caption.end, message))
    return wrong + [
        Breach("text", caption.start, f"caption at {caption.start:.3f} s shows words nobody says")
        for caption in queue
    ]


def _words_shown(words: Sequence[TimedWord], tokens: Sequence[str]) -> int | None:
    """How many of *words* make up exactly *tokens*, or None where they differ."""
    made: list[str] = []
    for count, word in enumerate(words, 1):
        made += word.text.split()
        if len(made) >= len(tokens):
            return count if made == list(tokens) else None
    return None
