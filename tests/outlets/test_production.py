"""What outlets say they did."""

from __future__ import annotations

from pathlib import Path

from vcalc_anim.errors import Problem
from vcalc_anim.outlets.production import Published


def test_a_file_that_two_outlets_name_counts_once() -> None:
    clip, deck, page = Path("a.mp4"), Path("deck.html"), Path("index.html")
    one = Published.of([(clip, True), (page, False)])
    other = Published.of([(clip, False), (deck, True), (page, False)])
    both = one + other + Published(notes=(Problem(None, None, "split in two"),))
    assert (both.written, both.current) == ((clip, deck), (page,))
    assert list(both.told()) == [
        "a.mp4 written",
        "deck.html written",
        "split in two",
        "2 of 3 files written, 1 were up to date",
    ]
