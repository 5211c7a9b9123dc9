"""The estimated pace: 140 words of ordinary prose a minute, longer words longer, stops heard."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcalc_anim.course import estimate_spans
from vcalc_anim.errors import InputError

GETTYSBURG = """Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived
in Liberty, and dedicated to the proposition that all men are created equal. Now we are engaged in a great
civil war, testing whether that nation, or any nation so conceived and so dedicated, can long endure. We are
met on a great battle-field of that war. We have come to dedicate a portion of that field, as a final resting
place for those who
here gave their lives that that nation might live. It is altogether fitting and proper that we should do this."""

ALICE = """Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do:
once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in
it, and what is the use of a book, thought Alice, without pictures or conversation? So she was considering in
her own mind (as well as she could, for the hot day made her feel very sleepy and stupid), whether the
pleasure of making a daisy-chain
would be worth the trouble of getting up and picking the daisies."""

LECTURE = """We cannot see the valley. But a tiny nudge tells us the ground tilts, six units up for each unit to the
right. So we go left. Step against the slope. Near the bottom the ground is flatter, so the steps get shorter
by themselves. Same valley, same start, three step sizes. The middle one jumps across at every step, yet it
gets there.
The right one never will. Descent finds a valley floor. Whether it is the deepest one, the slope alone cannot tell."""


def minutes(text: str, pace: float) -> float:
    """How long *text* lasts, the pause after its last stop included (a further word begins after it)."""
    return estimate_spans([*text.split(), "so"], pace)[-1][0] / 60


@pytest.mark.parametrize("pace", [140.0, 110.0, 180.0])
def test_ordinary_prose_comes_out_at_the_pace_asked_for(pace: float) -> None:
    texts = (GETTYSBURG, ALICE, LECTURE)
    whole = " ".join(texts)
    assert len(whole.split()) / minutes(whole, pace) == pytest.approx(pace, rel=0.02)
    for text in texts:
        assert len(text.split()) / minutes(text, pace) == pytest.approx(pace, rel=0.05)


def length(word: str) -> float:
    ((start, end),) = estimate_spans([word])
    return end - start


def gap(word: str) -> float:
    first, second = estimate_spans([word, "so"])
    return second[0] - first[1]


def test_longer_words_take_longer() -> None:
    assert length("slope") < length("vector") < length("gradient") < length("approximation")
    assert length("six eight") == pytest.approx(length("six") + length("eight"), rel=0.3)
    assert length("6.01") > length("6")


def test_stops_are_heard_and_longer_than_commas() -> None:
    assert gap("so") == gap("6.01") == 0
    assert 0 < gap("so,") == gap("so;") == gap("so:") < gap("so.") == gap("so?") == gap('so!"')


@pytest.mark.parametrize("pace", [0.0, -1.0, math.inf, math.nan])
def test_an_impossible_pace_is_refused(pace: float) -> None:
    with pytest.raises(InputError, match="give a positive number such as 140"):
        estimate_spans(["so"], pace)


@given(st.lists(st.text(min_size=1)))
def test_any_words_have_times_in_order(words: list[str]) -> None:
    spans = estimate_spans(words)
    assert len(spans) == len(words)
    assert spans == estimate_spans(words)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)
