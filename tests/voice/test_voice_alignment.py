"""Spans from engine events, on events made up for the purpose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcalc_anim.voice.alignment import Phone, WordMark, word_spans


def phones(*lengths: float, pauses: tuple[int, ...] = ()) -> list[Phone]:
    made, at = [], 0.0
    for i, length in enumerate(lengths):
        made.append(Phone(at, at + length, i in pauses))
        at += length
    return made


def test_pauses_belong_to_no_word() -> None:
    spans = word_spans(
        ["up,", "down"], [WordMark(0, 0.0), WordMark(4, 0.8)], phones(0.3, 0.5, 0.4, pauses=(1,))
    )
    assert spans == [(0.0, 0.3), (0.8, pytest.approx(1.2))]


def test_words_said_as_one_share_it_where_a_phoneme_begins() -> None:
    spans = word_spans(
        ["of", "the", "end"], [WordMark(0, 0.0), WordMark(7, 0.5)], phones(0.1, 0.12, 0.13, 0.15, 0.4)
    )
    assert spans[0] == (0.0, pytest.approx(0.22))
    assert spans[1] == (pytest.approx(0.22), pytest.approx(0.5))
    assert spans[2] == (pytest.approx(0.5), pytest.approx(0.9))


def test_several_marks_in_one_word_make_one_span() -> None:
    marks = [WordMark(0, 0.0), WordMark(1, 0.2), WordMark(3, 0.5)]
    assert word_spans(["x²", "is"], marks, phones(0.2, 0.3, 0.25))[0] == (0.0, pytest.approx(0.5))


def test_a_lone_dash_takes_no_time() -> None:
    spans = word_spans(["one", "—", "two"], [WordMark(0, 0.0), WordMark(6, 0.4)], phones(0.4, 0.4))
    assert spans[1][0] == spans[1][1] == pytest.approx(0.4)


def test_silence_cannot_be_aligned() -> None:
    with pytest.raises(ValueError, match="no sound"):
        word_spans(["…"], [], phones(0.5, pauses=(0,)))


@given(
    st.lists(st.text("abc—,", min_size=1, max_size=6), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(-3, 60), st.floats(0, 4)), max_size=10),
    st.lists(st.tuples(st.floats(0, 0.5), st.booleans()), min_size=1, max_size=20),
)
def test_any_events_give_one_ascending_span_a_word(
    words: list[str], marks: list[tuple[int, float]], sounds: list[tuple[float, bool]]
) -> None:
    made, at = [], 0.0
    for length, pause in [*sounds, (0.1, False)]:
        made.append(Phone(at, at + length, pause))
        at += length
    spans = word_spans(words, [WordMark(*mark) for mark in marks], made)
    assert len(spans) == len(words)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert 0 <= edges[0] and edges[-1] <= at + 1e-9
