"""The gate of web decks: a whole page passes, each kind of fault is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_films import Recipe, make_film

from vcalc_anim.check.media import check_file

NOTES = '<aside class="notes">a</aside>'


def page(body: str, language: str = ' lang="en"') -> str:
    return f"<!DOCTYPE html><html{language}><head><title>a</title></head><body>{body}</body></html>"


def slide(*times: tuple[float, float], film: str = "a.mp4") -> str:
    lines = "".join(f'<li data-start="{start}" data-end="{end}">b</li>' for start, end in times)
    video = f'<video src="{film}" aria-label="Film"></video>'
    return page(f'<section id="one" class="film">{video}<ol>{lines}</ol>{NOTES}</section>')


def rules(path: Path) -> set[str]:
    findings, _ = check_file(path, "deck", "ch04-gradient")
    return {finding.rule.removeprefix("media.") for finding in findings}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (slide((0.5, 1.0), (1.0, 2.0)), set()),
        (slide((0.5, 1.2), (1.0, 2.0)), {"steps"}),
        (slide((1.0, 1.0)), {"steps"}),
        (slide((0.5, 2.6)), {"steps"}),
        (slide(), {"steps"}),
        (slide((0.5, 1.0), film="b.mp4"), {"missing-part"}),
        (slide((0.5, 1.0), film="../a.mp4"), {"outside"}),
        (page('<section id="one">a</section>'), {"notes"}),
        (page("a", language=""), {"language"}),
        (page('<img src="a.png">'), {"alternative"}),
        (page('<p id="a"><p id="a">'), {"address"}),
        (page('<script src="https://a.example/b.js"></script>'), {"network"}),
        (page('<link href="//a.example/b.css">'), {"network"}),
        (page("<style>a { background: url('http://a.example/b') }</style>"), {"network"}),
        (page('<a href="#one">b</a><a href="data:,">c</a>'), set()),
        ("no page", {"unreadable"}),
    ],
)
def test_a_page_is_whole_and_needs_no_network(tmp_path: Path, text: str, broken: set[str]) -> None:
    folder = tmp_path / "deck"
    folder.mkdir()
    make_film(folder / "a.mp4", Recipe(audio=None))
    (tmp_path / "a.mp4").touch()
    (folder / "a.png").touch()
    path = folder / "index.html"
    path.write_text(text, encoding="utf-8")
    assert rules(path) == broken


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("a { color: red }", set()),
        ('@import "b.css";', {"missing-part"}),
        ("a { src: url(https://a.example/b.woff) }", {"network"}),
    ],
)
def test_a_style_sheet_needs_no_network(tmp_path: Path, text: str, broken: set[str]) -> None:
    path = tmp_path / "a.css"
    path.write_text(text, encoding="utf-8")
    assert rules(path) == broken


def test_a_damaged_film_and_an_empty_script_are_found(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.js", "LICENSE"):
        (tmp_path / name).touch()
        assert rules(tmp_path / name) == {"unreadable"}
