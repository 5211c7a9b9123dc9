"""Written words to spoken words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcalc_anim.errors import InputError
from vcalc_anim.voice.lexicon import SYMBOLS, Lexicon

LEXICON = Lexicon({"Jacobian": "juh koh bee an", "ReLU": "ray loo", "∇f": "grad f"})


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("jacobian", "juh koh bee an"),
        ("“Jacobian,”", "“juh koh bee an,”"),
        ("Jacobian's", "juh koh bee an's"),
        ("JACOBIAN’s.", "juh koh bee an’s."),
        ("ReLU-layer", "ray loo-layer"),
        ("Jacobians", "Jacobians"),
        ("∇f", "grad f"),
        ("∇g", "gradient g"),
        ("x²,", "x squared,"),
        ("x₀", "x zero"),
        ("−3.5", "minus 3.5"),
        ("(-3)", "(minus 3)"),
        ("well-known", "well-known"),
        ("Σ", "capital sigma"),
        ("ς", "sigma"),
        ("ω", "omega"),
        ("φ", "phi"),
        ("2·3", "2 times 3"),
        ("½", "one half"),
        ("≈", "is about"),
        ("=", "equals"),
    ],
)
def test_words_are_said_as_the_lexicon_has_them(written: str, spoken: str) -> None:
    assert LEXICON.spoken([written]) == [spoken]


def test_every_named_symbol_becomes_speakable() -> None:
    plain = Lexicon()
    for symbol in SYMBOLS:
        assert plain.unspeakable([f"a{symbol}b"]) == []
        assert symbol not in plain.spoken([symbol])[0]


def test_what_cannot_be_said_is_reported_once_with_its_place() -> None:
    assert LEXICON.unspeakable(["fine", "☃", "a☃", "b\x07", "naïve", "漢"]) == [
        "☃ (U+2603, snowman) in '☃' cannot be spoken; write it in letters or give its pronunciation",
        "(U+0007, control character) in 'b\\x07' cannot be spoken; write it in letters or give its pronunciation",
        "漢 (U+6F22, cjk unified ideograph-6f22) in '漢' cannot be spoken; write it in letters or give its pronunciation",
    ]
    assert Lexicon({"☃": "snowman"}).unspeakable(["☃"]) == []


@given(st.lists(st.text(min_size=1)))
def test_any_word_keeps_its_place(words: list[str]) -> None:
    assert len(LEXICON.spoken(words)) == len(words)


@given(st.text("abc,.!'-XYZ", min_size=1))
def test_plain_words_are_left_alone(word: str) -> None:
    assert Lexicon().spoken([word]) == [word]


def test_bad_entries_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        Lexicon({"two words": "x", "empty": " ", "A": "a", "a": "b"})
    assert len(caught.value.problems) == 3
