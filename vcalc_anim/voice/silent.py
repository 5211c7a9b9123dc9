"""A voice that says nothing and takes its time: for drafts, tests and machines without an engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vcalc_anim.course.pace import estimate_spans
from vcalc_anim.errors import InputError
from vcalc_anim.voice.speech import SAMPLE_RATE, Speech


@dataclass(frozen=True)
class SilentVoice:
    """Silence with the word times a speaker at *words_per_minute* would have.

    Raises:
        InputError: the pace is not between 60 and 300 words a minute.
    """

    words_per_minute: float = 140.0

    def __post_init__(self) -> None:
        if not 60 <= self.words_per_minute <= 300:
            raise InputError(f"{self.words_per_minute:g} words a minute is no lecture; give 60 to 300")

    @property
    def name(self) -> str:
        return "silent"

    @property
    def identity(self) -> str:
        return f"silent 1 words_per_minute={self.words_per_minute:g}"

    def speak(self, words: Sequence[str]) -> Speech:
        """Zeros, as long as the words would take, with an estimated span for each."""
        check_words(words)
        spans = estimate_spans(words, self.words_per_minute)
        n = math.ceil(spans[-1][1] * SAMPLE_RATE)
        return Speech(np.zeros(n, np.float32), SAMPLE_RATE, tuple(spans))


def check_words(words: Sequence[str]) -> None:
    """Refuse a line that no voice can speak.

    Raises:
        InputError: no words, or an empty one.
    """
    if not words:
        raise InputError("a line without words cannot be spoken; remove the line or write one")
    for i, word in enumerate(words, 1):
        if not word.strip():
            raise InputError(
                f"word {i} of {len(words)} is empty, after {words[i - 2] if i > 1 else 'nothing'!r}"
            )
