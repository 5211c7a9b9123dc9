"""The markup of a line: what it marks, what it refuses, and that writing it back changes nothing."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcalc_anim.course import Cue, Markup, MarkupError, Word, format_line, parse_line
from vcalc_anim.course.markup import scan_line


def test_words_are_what_stands_between_spaces() -> None:
    assert parse_line(" Turn\n slowly. ").words == (Word("Turn", "Turn"), Word("slowly.", "slowly."))


def test_a_cue_marks_the_word_it_touches() -> None:
    assert parse_line("to {a}ten, {b}{c}then").cues == (Cue("a", 1), Cue("b", 2), Cue("c", 2))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("10", 10.0),
        ("-10", -10.0),
        ("0.15", 0.15),
        ("+.5", 0.5),
        ("1/3", 1 / 3),
        ("-1.5/2", -0.75),
        ("2e-6", 2e-6),
    ],
)
def test_a_cue_claims_a_number(written: str, value: float) -> None:
    assert parse_line(f"{{a={written}}}x").cues == (Cue("a", 0, value),)


def test_shown_and_spoken_may_differ_and_punctuation_may_touch() -> None:
    assert parse_line("the [(6, 8)|six eight], {k}[α|alpha].").words == (
        Word("the", "the"),
        Word("(6, 8),", "six eight,"),
        Word("α.", "alpha."),
    )


def test_a_backslash_makes_markup_ordinary() -> None:
    assert parse_line(r"\{a\} \[b\|c\] |x| \\").words == tuple(
        Word(w, w) for w in ("{a}", "[b|c]", "|x|", "\\")
    )


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "has no words; write what is said, or a number of seconds"),
        ("a {b", 2, "has a { without its }; close the cue"),
        ("a {b {c}d", 2, "has a { without its }"),
        ("a b}", 3, "has a } without its {; remove it"),
        ("a b]", 3, "has a ] without its [; remove it"),
        ("a [b|c", 2, "has a [ without its ]; write [shown|spoken]"),
        ("a [b]", 2, "not [shown|spoken]; write both"),
        ("a [b|c|d]", 2, "not [shown|spoken]"),
        ("a [ |c]", 2, "not [shown|spoken]"),
        ("a [b{c}|d]", 4, "has a { inside [shown|spoken]"),
        ("a {b} c", 2, "has a space after cue {b}; put the cue directly before"),
        ("a {b}", 2, "ends with cue {b} and no word after it; put the cue before its word"),
        ("{b} ", 0, "ends with cue {b} and no word after it"),
        ("a{b}c", 1, "has a cue inside a word"),
        ("{2b}c", 0, "marks a cue named '2b'; a cue's name is letters"),
        ("{}c", 0, "marks a cue named ''"),
        ("{a}b {a}c", 5, "marks cue {a} twice; give the second one another name"),
        ("{a=ten}b", 0, 'claims "ten" at cue {a}; write a number such as 10'),
        ("{a=}b", 0, 'claims "" at cue {a}'),
        ("{a=1/0}b", 0, 'claims "1/0" at cue {a}'),
        ("{a=1e999}b", 0, 'claims "1e999" at cue {a}'),
        (r"a \n", 2, "has a \\ before an ordinary character"),
    ],
)
def test_wrong_markup_says_where_and_how_to_mend_it(text: str, offset: int, message: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse_line(text)
    assert (caught.value.offset, message in caught.value.message) == (offset, True), caught.value.message
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.message, again.offset) == (caught.value.message, caught.value.offset)


def test_one_reading_finds_everything_wrong_with_a_line() -> None:
    _, errors = scan_line("{a}b {a}c d] {e")
    assert [error.offset for error in errors] == [5, 11, 13]


PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=6)
SPACED = st.lists(PLAIN.filter(lambda t: t.split() == [t]), min_size=1, max_size=3).map(" ".join)
WORDS = st.one_of(
    PLAIN.filter(lambda t: t.split() == [t]).map(lambda t: Word(t, t)),
    st.builds(Word, SPACED, SPACED),
)
CLAIMS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)


@st.composite
def markups(draw: st.DrawFn) -> Markup:
    words = draw(st.lists(WORDS, min_size=1, max_size=6))
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    places = sorted(draw(st.lists(st.integers(0, len(words) - 1), min_size=len(names), max_size=len(names))))
    return Markup(tuple(words), tuple(Cue(n, p, draw(CLAIMS)) for n, p in zip(names, places, strict=True)))


@given(markups())
def test_what_is_written_is_read_back(markup: Markup) -> None:
    assert parse_line(format_line(markup)) == markup


@given(st.text("ab {}[]|\\=1\n", max_size=30))
def test_any_text_is_either_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        markup = parse_line(text)
    except MarkupError as error:
        assert 0 <= error.offset <= len(text)
    else:
        assert markup.words
        assert parse_line(format_line(markup)) == markup


@pytest.mark.parametrize(
    ("written", "value", "agrees"),
    [
        ("{a=10}b", 10.0, True),
        ("{a=10}b", 10.01, False),
        ("{a≈16}b", 15.826, True),
        ("{a≈16}b", 16.51, False),
        ("{a≈0.33}b", 1 / 3, True),
        ("{a≈0.33}b", 0.3351, False),
    ],
)
def test_a_claim_is_exact_or_rounded_to_the_decimals_it_is_written_with(
    written: str, value: float, agrees: bool
) -> None:
    assert parse_line(written).cues[0].agrees(value) is agrees


def test_a_rounded_claim_survives_being_written_again() -> None:
    markup = parse_line("{a≈19.40}degrees")
    assert parse_line(format_line(markup)) == markup
