"""How long words would take to say, estimated without a voice: for planning and for silent drafts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from vcalc_anim.course.model import SceneScript
from vcalc_anim.errors import InputError

WORDS_PER_MINUTE = 140.0  # unhurried lecture speech, pauses included

# Lengths in "beats", one beat a syllable. Speech is slower by the word as well as by the syllable.
_WORD_BEATS = 0.7
_COMMA_BEATS = 2.0
_STOP_BEATS = 2.5
_BEATS_PER_WORD = 2.37  # of ordinary lecture prose, pauses included: turns words a minute into beats a second

_VOWELS = re.compile(r"[aeiouyáéíóúäöü]+")
_HIATUS = re.compile(r"(?<![tcsg])i(?:[aou]|en[ct])|[ey]ing")  # "gradient", "being", but not "nation"
_SILENT_E = re.compile(r"[^aeiouyl]e(?:s|d)?$")
_ENDING = re.compile(r"([,;:–—]|[.?!…])[\"'”’)\]]*$")


def estimate_spans(
    words: Sequence[str], words_per_minute: float = WORDS_PER_MINUTE
) -> list[tuple[float, float]]:
    """When each of *words* would be said: (start, end) in seconds, from 0, one per word.

    The length of a word follows its syllables; commas and full stops add pauses after the word that carries
    them. Ordinary prose comes out at *words_per_minute*, its pauses included. The same words always give the
    same times.

    Raises:
        InputError: *words_per_minute* is not a positive finite number.
    """
    if not (math.isfinite(words_per_minute) and words_per_minute > 0):
        raise InputError(
            f"cannot speak {words_per_minute} words a minute; give a positive number such as 140"
        )
    beat = 60.0 / (words_per_minute * _BEATS_PER_WORD)
    spans, at = [], 0.0
    for word in words:
        end = at + beat * (_WORD_BEATS + syllables(word))
        spans.append((at, end))
        at = end + beat * _pause(word)
    return spans


def estimate_speech(
    scene: SceneScript, words_per_minute: float = WORDS_PER_MINUTE
) -> dict[str, list[tuple[float, float]]]:
    """Estimated word times of every spoken line of *scene*, as ``scene_timeline`` takes them."""
    return {
        line.name: estimate_spans(line.spoken, words_per_minute)
        for line in scene.lines.values()
        if line.silence is None
    }


def syllables(word: str) -> int:
    """Roughly how many syllables *word* has when spoken, at least 1; each digit and decimal point is one.

    >>> [syllables(word) for word in ("slope", "gradient", "six eight", "6.01")]
    [1, 3, 2, 4]
    """
    return sum(_syllables(part) for part in word.lower().split()) or 1


def _syllables(part: str) -> int:
    letters = re.sub(r"[^\w]+$", "", part)
    digits = sum(c.isdigit() for c in letters) + len(re.findall(r"(?<=\d)\.(?=\d)", letters))
    groups = len(_VOWELS.findall(letters)) + len(_HIATUS.findall(letters))
    if groups > 1 and _SILENT_E.search(letters):
        groups -= 1
    return max(1, digits + groups)


def _pause(word: str) -> float:
    ending = _ENDING.search(word)
    if ending is None:
        return 0.0
    return _COMMA_BEATS if ending[1] in ",;:–—" else _STOP_BEATS
