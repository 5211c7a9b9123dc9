"""The gate of slides: what PowerPoint would refuse, or would not play, is found before anybody opens the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from slide_samples import deck

from vcalc_anim.check.media import check_file
from vcalc_anim.check.slide_files import Handout, paged, read_slides, within_limits
from vcalc_anim.outlets.quiz.common import read_archive, write_archive
from vcalc_anim.outlets.slides.pptx import parts, write_slides
from vcalc_anim.stage.theme import THEMES

SLIDE, RELATIONS = "ppt/slides/slide2.xml", "ppt/slides/_rels/slide2.xml.rels"
Spoil = Callable[[dict[str, bytes]], None]


def edit(name: str, old: str, new: str) -> Spoil:
    def spoil(entries: dict[str, bytes]) -> None:
        text = entries[name].decode()
        assert old in text
        entries[name] = text.replace(old, new, 1).encode()

    return spoil


def remove(end: str) -> Spoil:
    def spoil(entries: dict[str, bytes]) -> None:
        del entries[next(name for name in entries if name.endswith(end))]

    return spoil


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slides")
    made = deck(folder)
    write_slides(made, parts(made)[0], folder / "deck.pptx", THEMES["dark"].roles)
    return folder / "deck.pptx"


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("missing-part", remove(".mp4")),
        ("missing-part", remove("notesSlide2.xml")),
        ("type", edit("[Content_Types].xml", "video/mp4", "video/unknown")),
        ("type", edit("[Content_Types].xml", 'Extension="mp4"', 'Extension="mov"')),
        ("timing", edit(SLIDE, 'spid="', 'spid="9')),
        ("timing", edit(SLIDE, "playFrom(0.0)", "stop")),
        ("ids", edit(SLIDE, '<p:cTn id="2"', '<p:cTn id="1"')),
        ("relation", edit(SLIDE, 'r:link="rId', 'r:link="rId9')),
        ("film", edit(SLIDE, "p14:media", "p14:other")),
        ("alternative", edit(SLIDE, 'descr="', 'title="')),
        ("title", edit(SLIDE, "A dot grows</a:t>", "</a:t>")),
        ("unreadable", edit(SLIDE, "</p:sld>", "")),
    ],
)
def test_what_is_wrong_with_slides_is_found(tmp_path: Path, slides: Path, rule: str, spoil: Spoil) -> None:
    assert check_file(slides, "slides")[0] == []
    entries = read_archive(slides)
    spoil(entries)
    write_archive(tmp_path / "spoilt.pptx", entries)
    findings, _ = check_file(tmp_path / "spoilt.pptx", "slides")
    assert f"media.{rule}" in {finding.rule for finding in findings}


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    for name, kind in (("deck.pptx", "slides"), ("a-handout.pdf", "handout")):
        (tmp_path / name).write_bytes(b"nothing")
        (finding,), _ = check_file(tmp_path / name, kind)
        assert finding.rule == "media.unreadable"


def test_a_file_has_less_than_a_hundred_megabytes_and_thirty_films(slides: Path) -> None:
    read = read_slides(slides)
    large = replace(read, size=100_000_000)
    full = replace(read, names=read.names | {f"ppt/media/more{n}.mp4" for n in range(25)})
    assert [rule for rule, _ in within_limits(large)] == ["size"]
    assert [rule for rule, _ in within_limits(full)] == ["films"]


def test_a_scene_on_two_pages_is_found() -> None:
    good = Handout(5, (("One", 2), ("Two", 3), ("Questions", 4), ("Answers", 5)), True)
    assert list(paged(good)) == []
    assert list(paged(replace(good, pages=6, headings=(*good.headings[:3], ("Answers", 6))))) == []
    for broken in (
        replace(good, pages=6, headings=(("One", 2), ("Two", 4), ("Questions", 5), ("Answers", 6))),
        replace(good, headings=()),
        replace(good, pages=4),
    ):
        assert [rule for rule, _ in paged(broken)] == ["pages"]
    assert [rule for rule, _ in paged(replace(good, tagged=False))] == ["tags"]
