"""The handout: a page a scene, with light pictures and all words, then the questions, their answers last."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from quiz_samples import HOSTILE, item, option
from tiny_course import write_project

from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.check import slide_files
from vcalc_anim.course import Course, Lecture, load_course
from vcalc_anim.errors import InputError
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.quiz import markup
from vcalc_anim.outlets.quiz.characters import undrawable
from vcalc_anim.outlets.quiz.item import FramePlace
from vcalc_anim.outlets.slides.handout import ScenePage, picture_lines, write_handout, write_handouts


def png(shade: int = 255, spot: int = 0) -> bytes:
    picture = np.full((148, 320, 3), shade, np.uint8)
    picture[:spot, :spot] = 0
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    return stream.getvalue()


def course(folder: Path) -> tuple[Course, Lecture]:
    read = load_course(write_project(folder).root / "scenes")
    return read, read.lectures[0]


def pages(lecture: Lecture) -> list[ScenePage]:
    return [ScenePage(script, script.poster_line, {script.poster_line: png()}) for script in lecture.scenes]


def texts(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_each_scene_has_its_page_with_all_its_words(tmp_path: Path) -> None:
    read, lecture = course(tmp_path)
    path = tmp_path / "handout.pdf"
    asking = replace(item(2), kind="picture", picture=FramePlace("c", "S", "l"))
    write_handout(read, lecture, pages(lecture), [item(1), asking], {asking.id: png()}, path)
    cover, *scenes, questions, answers = texts(path)
    assert "How little is enough?" in cover and "See a dot" in cover and "CC BY 4.0" in cover
    assert [page.split(" ", 3)[0] for page in scenes] == ["4"] * 3
    for page, words in zip(
        scenes, ("It takes three steps.", "Now it rests.", "And off it goes."), strict=True
    ):
        assert words in page
    assert "Question 2" in questions and "Because" not in questions
    assert "Question 1: C" in answers and "Not A:" in answers
    found = slide_files.read_handout(path)
    assert found.pages == 6 and found.tagged and list(slide_files.paged(found)) == []


def test_the_same_handout_has_the_same_bytes(tmp_path: Path) -> None:
    read, lecture = course(tmp_path)
    for name in ("one.pdf", "two.pdf"):
        write_handout(read, lecture, pages(lecture), [item(1)], {}, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_hostile_words_are_printed_as_words(tmp_path: Path) -> None:
    read, lecture = course(tmp_path)
    asked = [
        item(number, markup.literal(text), (option(r"\$5 #panic()", True), option("b")), name=f"h-{number}")
        for number, text in enumerate(HOSTILE.values(), 1)
    ]
    asked = [one for one in asked if not list(undrawable([one]))]
    lecture = replace(lecture, title='A "title" #panic() $', objectives=("\\ and *stars*",))
    write_handout(read, lecture, pages(lecture), asked, {}, tmp_path / "handout.pdf")
    printed = " ".join(texts(tmp_path / "handout.pdf"))
    assert 'A "title" #panic() $' in printed and "<script>alert(1)</script>" in printed
    assert "*stars*" in printed and "$5 #panic()" in printed


def test_a_line_that_cannot_be_printed_is_told_with_its_place(tmp_path: Path) -> None:
    read, lecture = course(tmp_path)
    script = lecture.scenes[0]
    (line,) = script.lines.values()
    smile = replace(line, words=(replace(line.words[0], shown="It 😀"), *line.words[1:]))
    page = ScenePage(replace(script, lines={line.name: smile}), line.name, {line.name: png()})
    with pytest.raises(InputError, match=r'ch04_tiny\.toml:\d+: line "grow" has \'😀\', which the fonts'):
        write_handout(read, lecture, [page], [], {}, tmp_path / "handout.pdf")
    assert not (tmp_path / "handout.pdf").exists()


def test_long_scenes_stay_on_their_page(tmp_path: Path) -> None:
    read, lecture = course(tmp_path)
    script = lecture.scenes[0]
    (line,) = script.lines.values()
    lines = {f"l{n}": replace(line, name=f"l{n}", words=line.words * 8) for n in range(9)}
    long = replace(script, lines=lines)
    page = ScenePage(long, "l8", {f"l{n}": png(spot=n) for n in (0, 2, 3, 4, 5, 6, 8)})
    write_handout(read, lecture, [page], [item(1)], {}, tmp_path / "handout.pdf")
    assert len(PdfReader(tmp_path / "handout.pdf").pages) == 4


def test_pictures_that_show_nothing_new_are_left_out() -> None:
    shown = {"a": png(), "b": png(spot=1), "c": png(spot=60), "d": png(spot=61), "last": png(spot=120)}
    assert sorted(picture_lines(shown, "last")) == ["a", "d", "last"] or sorted(
        picture_lines(shown, "last")
    ) == ["a", "c", "last"]
    many = {f"l{n}": png(spot=18 * n) for n in range(10)}
    assert len(picture_lines(many, "l9")) == 7


@pytest.mark.render
def test_a_handout_is_drawn_light_once_and_then_current(tmp_path: Path) -> None:
    bench = write_project(tmp_path)
    production = Production(Project(bench.root), QUALITIES["draft"], bench.out, "dark", "silent")
    lectures = production.lectures([])
    ((path, is_new),) = write_handouts(production, lectures, production.manifest())
    assert is_new and path == bench.out / "slides" / "ch04-tiny" / "ch04-tiny-handout.pdf"
    picture = PdfReader(path).pages[1].images[0].image
    assert picture is not None and np.asarray(picture.convert("L")).mean() > 200
    assert [new for _, new in write_handouts(production, lectures, production.manifest())] == [False]
