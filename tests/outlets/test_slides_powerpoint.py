"""Slides for PowerPoint: films that start by themselves, notes that say what is said, files that stay small."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from slide_samples import deck

from vcalc_anim.check import slide_files
from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.outlets.powerpoint.timing import play_at_once
from vcalc_anim.outlets.slides.pptx import LONGEST_TITLE, Part, check_titles, parts, write_slides
from vcalc_anim.outlets.slides.publish import FORMATS, parse_formats
from vcalc_anim.stage.theme import THEMES


def written(folder: Path, theme: str = "dark", name: str = "deck.pptx") -> Path:
    made = deck(folder / name, theme)
    (part,) = parts(made)
    write_slides(made, part, folder / name / "deck.pptx", THEMES[theme].roles)
    return folder / name / "deck.pptx"


def movies(slide: Any) -> list[Any]:
    return [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.MEDIA]


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text)


# -- what stands on the slides --------------------------------------------------------------------------------


def test_scenes_loops_and_questions_stand_in_the_order_of_the_lecture(tmp_path: Path) -> None:
    slides = list(Presentation(written(tmp_path)).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[0] == "Tiny" and slides[0].placeholders[1].text_frame.text == "How little is enough?"
    assert titles[1:4] == ["A dot grows", "A dot grows", "Nothing moves"]
    asked = [
        "Partial derivatives: your turn",
        "Partial derivatives: think, then see",
        "Partial derivatives: answer",
    ]
    assert titles[4:10] == asked * 2
    assert "See a dot" in slides[10].placeholders[1].text_frame.text and len(slides) == 11
    assert [len(movies(slide)) for slide in slides] == [0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0]


def test_notes_are_the_words_of_the_film_line_by_line(tmp_path: Path) -> None:
    slides = list(Presentation(written(tmp_path)).slides)
    assert notes(slides[1]) == "It takes three steps."
    assert notes(slides[5]) == "And off it goes."  # a film with a voice: what it says
    assert notes(slides[8]).startswith("Right: C")  # a silent one: what the speaker has to know
    assert "See a dot" in notes(slides[0])


def test_films_are_as_large_as_the_slide_and_have_names_and_words(tmp_path: Path) -> None:
    file = Presentation(written(tmp_path))
    film, loop = movies(file.slides[1])[0], movies(file.slides[2])[0]
    assert (film.left, film.top, film.width, film.height) == (0, 0, file.slide_width, file.slide_height)
    assert loop.width * 9 == pytest.approx(loop.height * 16, rel=1e-4) and loop.top > 0
    assert film.name == "Film Growing" and loop.name == "Loop GrowingLoop"
    assert "A dot grows" in film._element.xpath(".//p:cNvPr")[0].get("descr")
    assert (
        file.slides[1].shapes.title.top + file.slides[1].shapes.title.height < 0
    )  # hidden, as PowerPoint hides it


def test_the_file_says_its_language_and_whose_it_is(tmp_path: Path) -> None:
    path = written(tmp_path)
    file = Presentation(path)
    runs = [run for slide in file.slides for run in slide._element.iter(qn("a:r"))]
    assert {run.find(qn("a:rPr")).get("lang") for run in runs} == {"en-GB"}
    assert (
        file.core_properties.title == "A tiny course: Tiny" and file.core_properties.author == "A. Lecturer"
    )


@pytest.mark.parametrize(("theme", "ground"), [("dark", "dk1"), ("light", "lt1")])
def test_the_master_has_the_colours_of_the_theme(tmp_path: Path, theme: str, ground: str) -> None:
    path = written(tmp_path, theme)
    mapping = Presentation(path).slide_master._element.find(qn("p:clrMap"))
    with zipfile.ZipFile(path) as archive:
        colors = archive.read("ppt/theme/theme1.xml").decode()
    paint = THEMES[theme].roles["background"].removeprefix("#").upper()
    assert mapping.get("bg1") == ground and f'<a:{ground}><a:srgbClr val="{paint}"/>' in colors


# -- how films play -------------------------------------------------------------------------------------------


def test_a_film_starts_with_its_slide_and_a_loop_goes_on_silently(tmp_path: Path) -> None:
    slides = list(Presentation(written(tmp_path)).slides)
    for slide, repeats, muted in ((slides[1], None, None), (slides[2], "indefinite", "1")):
        (movie,) = movies(slide)
        (timing,) = slide._element.findall(qn("p:timing"))
        (start,) = [one for one in timing.iter(qn("p:cmd")) if one.get("cmd") == "playFrom(0.0)"]
        assert start.find(f".//{qn('p:spTgt')}").get("spid") == str(movie.shape_id)
        effect = next(one for one in timing.iter(qn("p:cTn")) if one.get("presetClass") == "mediacall")
        assert effect.get("nodeType") == "afterEffect"
        assert [one.get("evt") for one in timing.iter(qn("p:cond"))].count("onBegin") == 1
        (media,) = timing.iter(qn("p:cMediaNode"))
        assert (media.find(qn("p:cTn")).get("repeatCount"), media.get("mute")) == (repeats, muted)
        ids = [one.get("id") for one in timing.iter(qn("p:cTn"))]
        assert ids == [str(number) for number in range(1, len(ids) + 1)]


def test_a_film_without_length_has_no_timing() -> None:
    with pytest.raises(ValueError, match="shape 4 plays for 0 s"):
        play_at_once(4, 0)


# -- files ----------------------------------------------------------------------------------------------------


def test_the_same_slides_give_the_same_bytes_and_pass_the_gate(tmp_path: Path) -> None:
    one, two = written(tmp_path / "a"), written(tmp_path / "b")
    assert one.read_bytes() == two.read_bytes()
    read = slide_files.read_slides(one)
    rules = (slide_files.within_limits, slide_files.resolves, slide_files.plays, slide_files.readable)
    assert [found for rule in rules for found in rule(read)] == []
    assert len(read.films) == 5


def test_slides_that_are_too_large_are_cut_into_even_parts(tmp_path: Path) -> None:
    made = deck(tmp_path)
    assert [part.name("tiny") for part in parts(made)] == ["tiny.pptx"]
    cut = parts(made, most=2)  # films: 2 in the first scene with its loop, then 1, 1, 1
    assert len(cut) == 3 and tuple(slide for part in cut for slide in part.slides) == made.slides
    assert [part.name("tiny") for part in cut] == ["tiny-1.pptx", "tiny-2.pptx", "tiny-3.pptx"]
    for part in cut:
        path = tmp_path / part.name("tiny")
        write_slides(made, part, path, THEMES["dark"].roles)
    first, last = (list(Presentation(tmp_path / part.name("tiny")).slides) for part in (cut[0], cut[-1]))
    assert first[0].shapes.title.text_frame.text == "Tiny (1 of 3)"
    assert "now you can" in last[-1].shapes.title.text_frame.text
    assert "now you can" not in first[-1].shapes.title.text_frame.text


def test_a_scene_too_large_for_any_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        WorkError, match=r"scene 'A dot grows' alone takes 0 MB and 2 films.*--quality preview"
    ):
        parts(deck(tmp_path), most=1)


def test_a_title_too_long_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=rf"ch04_tiny\.toml:\d+: the title of scene Growing has 90 .* {LONGEST_TITLE};"
    ):
        check_titles(deck(tmp_path, title="x" * 90))
    check_titles(deck(tmp_path / "other"))


def test_nothing_half_written_stays_where_nothing_can_be_written(tmp_path: Path) -> None:
    made = deck(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkError, match="cannot write"):
        write_slides(made, Part(made.slides, 1, 1), tmp_path / "file" / "deck.pptx", THEMES["dark"].roles)
    assert not list(tmp_path.rglob("*.part*"))


@pytest.mark.parametrize(
    ("names", "formats"),
    [([], FORMATS), (["pdf"], ("pdf",)), (["reveal,PPTX"], ("pptx", "reveal")), (["pdf", "pdf"], ("pdf",))],
)
def test_formats_are_named_one_by_one_or_with_commas(names: list[str], formats: tuple[str, ...]) -> None:
    assert parse_formats(names) == formats


def test_an_unknown_format_is_told_with_what_there_is() -> None:
    with pytest.raises(InputError, match="no format 'ppt' of slides; did you mean pptx"):
        parse_formats(["ppt"])
