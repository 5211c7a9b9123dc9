"""Captions: the published rules, on real lines and on random ones."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import pytest
import srt
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.errors import InputError
from vcalc_anim.voice.caption_breaks import NEVER, break_cost
from vcalc_anim.voice.captions import Caption, TimedWord, captions, check_captions, to_srt, to_vtt


def said(text: str, start: float = 0.0, cps: float = 13.0, pause: float = 0.35) -> list[TimedWord]:
    """Words of *text* at an even reading of *cps* characters a second, with a *pause* after punctuation."""
    words = []
    for word in text.split():
        end = start + (len(word) + 1) / cps
        words.append(TimedWord(word, start, end))
        start = end + (pause if word[-1] in ".,;:?" else 0.0)
    return words


def shown(text: str, cps: float = 13.0) -> list[tuple[str, ...]]:
    return [caption.lines for caption in captions([said(text, cps=cps)])]


PHRASES = [
    *(
        "the slope",
        "of a curve",
        "does not stop",
        "we know",
        "and then",
        "it rises.",
        "in the middle,",
        "x²",
        "so",
    ),
    *(
        "because of it;",
        "by Newton Raphson here",
        "differentiability",
        "a",
        "tiny nudge",
        "≈ 6.01",
        "will never end.",
    ),
]
PHRASES.remove("a")  # an article needs its noun, or no cut is allowed anywhere

lines_of_speech = st.lists(
    st.tuples(
        st.lists(st.sampled_from(PHRASES), min_size=1, max_size=25),
        st.floats(8.0, 16.0),  # characters a second
        st.floats(0.85, 4.0),  # silence after the line
        st.floats(0.1, 0.6),  # pause after punctuation
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=120)
@given(lines_of_speech)
def test_random_speech_keeps_every_rule(drawn: list[tuple[list[str], float, float, float]]) -> None:
    lines, at = [], 0.5
    for phrases, cps, silence, pause in drawn:
        lines.append(said(" ".join(phrases), at, cps, pause))
        at = lines[-1][-1].end + silence
    made = captions(lines)
    assert check_captions(made, lines) == []


@settings(max_examples=80)
@given(
    st.lists(
        st.lists(
            st.tuples(st.text("abTh.é,'", min_size=1, max_size=12), st.floats(0, 9), st.floats(0, 3)),
            max_size=20,
        ),
        max_size=4,
    )
)
def test_even_impossible_speech_keeps_its_words_order_and_layout(
    drawn: list[list[tuple[str, float, float]]],
) -> None:
    lines, at = [], 0.0
    for line in drawn:
        words = []
        for text, length, silence in line:
            words.append(TimedWord(text, at, at + length))
            at += length + silence
        lines.append(words)
    made = captions(lines, end=at)
    assert " ".join(caption.text for caption in made).split() == [
        word.text for line in lines for word in line
    ]
    for caption in made:
        assert 1 <= len(caption.lines) <= 2 and max(map(len, caption.lines)) <= 42
        assert caption.duration <= 7.001
    for early, late in itertools.pairwise(made):
        assert early.start <= early.end <= late.start


def test_captions_do_not_run_over_into_the_next_spoken_line() -> None:
    made = captions([said("Turn slowly."), said("And feel the slope.", 1.6)])
    assert [caption.text for caption in made] == ["Turn slowly.", "And feel the slope."]
    assert made[0].end <= 1.6


def test_a_very_short_line_stays_long_enough_where_silence_follows() -> None:
    (caption,) = captions([[TimedWord("Ten.", 3.0, 3.3)]])
    assert (caption.start, caption.duration) == (3.0, pytest.approx(5 / 6, abs=0.001))


def test_a_short_line_in_a_hurry_borrows_up_to_three_frames() -> None:
    lines = [[TimedWord("Ten.", 1.0, 1.3)], said("And the slope falls to zero.", 1.7)]
    made = captions(lines)
    assert check_captions(made, lines) == []
    assert made[0].duration >= 0.833 and made[1].start == pytest.approx(1.8, abs=0.05)


def test_a_gap_too_short_to_see_is_closed() -> None:
    first = said("The slope falls to zero.")
    second = said("And then it rises again.", first[-1].end + 0.28)
    made = captions([first, second])
    assert made[0].end == made[1].start


def test_the_last_caption_ends_with_the_film() -> None:
    assert captions([[TimedWord("Ten.", 3.0, 3.3)]], end=3.5)[0].end == 3.5


def test_sentences_are_not_torn() -> None:
    text = "Zoom in on a smooth curve and it runs out of bend. Zoom in on a corner and nothing changes, ever."
    assert [" ".join(lines) for lines in shown(text)] == [text[:50], text[51:]]


def test_lines_are_balanced_and_break_before_a_conjunction() -> None:
    assert shown("The slope rises in the middle and falls again at the end.") == [
        ("The slope rises in the middle", "and falls again at the end.")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("the", "slope"), ("An", "arrow"), ("does", "not"), ("don't", "stop"), ("Isaac", "Newton")],
)
def test_forbidden_places(before: str, after: str) -> None:
    assert break_cost(before, after) >= NEVER


def test_punctuation_then_conjunction_then_preposition_are_the_best_places() -> None:
    places = [
        ("slope.", "It"),
        ("slope,", "it"),
        ("slope", "and"),
        ("slope", "of"),
        ("slope", "falls"),
        ("of", "it"),
    ]
    costs = [break_cost(*place) for place in places]
    assert costs == sorted(costs) and len(set(costs)) == len(costs) and costs[-1] < NEVER


GOOD = Caption(1.0, 3.0, ("The slope falls", "to zero."))


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ([replace(GOOD, lines=("x" * 43,))], "43 characters"),
        ([replace(GOOD, lines=("a", "b", "c"))], "3 lines"),
        ([replace(GOOD, lines=("The", "slope falls"))], "breaks its lines between 'The' and 'slope'"),
        ([replace(GOOD, end=1.5)], "stays 0.500 s"),
        ([replace(GOOD, end=8.5)], "stays 7.500 s"),
        ([replace(GOOD, end=2.0)], "24.0 characters a second"),
        ([GOOD, replace(GOOD, start=2.9, end=5.0)], "overlap"),
        ([GOOD, replace(GOOD, start=3.04, end=5.0)], "flicker of 0.040 s"),
    ],
)
def test_each_broken_rule_is_named(bad: list[Caption], rule: str) -> None:
    assert check_captions([GOOD]) == []
    assert rule in " ".join(check_captions(bad))


def test_captions_are_checked_against_the_speech() -> None:
    lines = [said("The slope falls to zero.", 1.0)]
    assert check_captions([GOOD], lines) == []
    assert "belongs to speech" in check_captions([replace(GOOD, start=1.2)], lines)[0]
    assert "is said" in check_captions([replace(GOOD, lines=("The slope rises",))], lines)[0]
    assert "no caption shows 'The'" in check_captions([], lines)[0]
    assert "nobody says" in check_captions([GOOD, replace(GOOD, start=4.0, end=6.0)], lines)[0]
    parted = [Caption(1.0, 1.9, ("The",)), Caption(1.9, 4.0, ("slope falls to zero.",))]
    assert any("captions part 'The' from 'slope'" in wrong for wrong in check_captions(parted, lines))


def test_speech_too_fast_to_read_is_reported() -> None:
    lines = [said("everything happens at an incomprehensible tempo " * 3, cps=35.0)]
    made = captions(lines, end=lines[0][-1].end)
    assert any("characters a second" in wrong for wrong in check_captions(made, lines))


def test_unusable_words_are_refused() -> None:
    with pytest.raises(InputError, match="43 characters"):
        captions([[TimedWord("x" * 43, 0, 1)]])
    with pytest.raises(InputError, match="before 'a' ends"):
        captions([[TimedWord("a", 0, 1), TimedWord("b", 0.5, 1)]])
    assert captions([[], [TimedWord(" ", 0, 1)]]) == []


def test_srt_is_read_back_by_an_independent_reader() -> None:
    made = captions([said("If a < b & c > d, then ∇f is zero.", 3600.5)])
    read = list(srt.parse(to_srt(made)))
    assert [(s.start.total_seconds(), s.content) for s in read] == [
        (c.start, "\n".join(c.lines)) for c in made
    ]


def test_vtt_is_escaped_and_read_back_by_an_independent_reader() -> None:
    made = captions([said("If a < b & c > d, then ∇f is zero.", 3600.5)])
    text = to_vtt(made)
    assert text.startswith("WEBVTT\n") and "a &lt; b &amp; c &gt; d" in text and "01:00:00.500 -->" in text
    read = webvtt.from_buffer(io.StringIO(text))
    assert len(read) == len(made) and "∇f is zero." in read[-1].text
