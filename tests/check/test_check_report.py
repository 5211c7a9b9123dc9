"""Findings for people and programs: table, JSON and page say the same, and a page needs nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from vcalc_anim.check.finding import Box, Finding
from vcalc_anim.check.report import print_table, to_findings, to_html, to_json, with_boxes

OVERLAP = Finding(
    "layout.overlap",
    'text "a < b" stands on text "c": move one of them',
    "ch04-gradient",
    "Compass",
    "peak",
    12.0,
    13.4,
    (Box(0.25, 0.25, 0.5, 0.5, "a < b"),),
)
TYPED = Finding(
    "truth.typed", "types 10", "ch04-gradient", "Compass", file=Path("scenes/ch04.py"), line_number=31
)


def test_a_finding_says_where() -> None:
    assert OVERLAP.place == "ch04-gradient Compass peak 12.0–13.4 s"
    assert TYPED.place == "scenes/ch04.py:31"


def test_json_gives_back_what_was_found() -> None:
    assert to_findings(to_json([OVERLAP, TYPED])) == [OVERLAP, TYPED]


@pytest.mark.parametrize("text", ["", "[1]", '[{"rule": 1}]', '[{"boxes": [], "file": null, "nonsense": 1}]'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        to_findings(text)


def test_the_table_has_a_row_for_each_finding() -> None:
    console = Console(file=io.StringIO(), width=160)
    print_table([OVERLAP, TYPED], console)
    shown = console.file.getvalue()
    assert "2 findings" in shown
    assert all(text in shown for text in ("layout.overlap", "12.0–13.4 s", "scenes/ch04.py:31"))


def test_the_page_shows_the_picture_and_takes_no_markup_from_a_message() -> None:
    picture = Image.new("RGB", (960, 540), "black")
    page = to_html([OVERLAP, TYPED], {OVERLAP: picture}, "2 findings")
    assert page.count("<article>") == 2
    assert page.count('src="data:image/png;base64,') == 1
    assert "a &lt; b" in page and "a < b" not in page
    assert "http" not in page  # nothing is fetched


def test_a_page_without_findings_says_so() -> None:
    assert "Nothing to mend" in to_html([], {}, "clean")


def test_boxes_are_drawn_where_the_finding_is() -> None:
    marked = with_boxes(Image.new("RGB", (1920, 1080), "black"), OVERLAP.boxes)
    assert marked.size == (960, 540)
    left, top, right, bottom = marked.getbbox()
    assert abs(left - 240) < 8 and abs(right - 480) < 8
    assert abs(bottom - 270) < 8 and top < 135
