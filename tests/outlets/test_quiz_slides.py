"""Quiz slides: the pictures, the film, the PDF and the PowerPoint file say what the question says."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pypdf import PdfReader
from quiz_samples import HOSTILE, item, option

from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.errors import InputError
from vcalc_anim.outlets.powerpoint.deck import Facts
from vcalc_anim.outlets.quiz import markup
from vcalc_anim.outlets.quiz.cards import SECONDS, CardJob, card_stills, draw_card
from vcalc_anim.outlets.quiz.characters import undrawable
from vcalc_anim.outlets.quiz.item import FramePlace, QuizItem, failing
from vcalc_anim.outlets.quiz.pdf import write_pdf
from vcalc_anim.outlets.quiz.pptx import Film, write_pptx
from vcalc_anim.stage.theme import THEMES

DRAFT = QUALITIES["draft"]
COLORS = {role: paint for role, paint in THEMES["dark"].roles.items()}
ITEMS = [item(1), item(2, "Why is a *corner* no place for a slope?", name="corner")]


def png(size: tuple[int, int] = (320, 180), color: str = "#2EC4B6") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, color).save(stream, "PNG")
    return stream.getvalue()


def hostile() -> list[QuizItem]:
    return [
        item(number, markup.literal(text), name=f"hostile-{number}")
        for number, text in enumerate(HOSTILE.values(), 1)
    ]


# -- cards --------------------------------------------------------------------------------------------------


@pytest.mark.render
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_answer_slide_marks_the_right_option_and_explains_one_that_fails(theme: str) -> None:
    question, answer = (
        np.asarray(still, dtype=int) for still in card_stills(CardJob(ITEMS[0], 3, DRAFT, theme))
    )
    right, wrong = (
        np.array([int(THEMES[theme].roles[role][k : k + 2], 16) for k in (1, 3, 5)])
        for role in ("right", "error")
    )

    def has(picture: np.ndarray, paint: np.ndarray) -> bool:
        return bool((np.abs(picture - paint).sum(axis=2) < 40).sum() > 30)

    assert not has(question, right) and not has(question, wrong)
    assert has(answer, right) and has(answer, wrong)


@pytest.mark.render
def test_a_card_is_a_film_with_five_seconds_to_think(tmp_path: Path) -> None:
    draw_card(CardJob(ITEMS[0], 3, DRAFT), tmp_path / "card.mp4")
    with av.open(str(tmp_path / "card.mp4")) as container:
        frames = container.streams.video[0].frames
    assert SECONDS["think"] == 5.0
    assert frames == pytest.approx(DRAFT.fps * (sum(SECONDS.values()) + 1.1), abs=3)


@pytest.mark.render
def test_a_card_shows_the_picture_that_it_asks_about() -> None:
    asking = replace(ITEMS[0], kind="picture", picture=FramePlace("ch03", "Cut", "line"))
    question, _ = card_stills(CardJob(asking, 3, DRAFT, picture=png()))
    shown = (np.abs(np.asarray(question, dtype=int) - [0x2E, 0xC4, 0xB6]).sum(axis=2) < 12).mean()
    assert shown > 0.15


@pytest.mark.render
def test_hostile_words_are_drawn_as_words_and_long_ones_refused() -> None:
    for asked in hostile()[:6]:
        card_stills(CardJob(asked, 3, DRAFT))
    long = item(9, "What? " * 400, name="long")
    with pytest.raises(
        InputError, match=r"ch03_partial_derivatives\.toml:\d+: quiz .* more room than a slide has"
    ):
        card_stills(CardJob(long, 3, DRAFT))


def test_what_slides_cannot_draw_is_refused_and_never_an_empty_box() -> None:
    emoji, words = item(1, "How steep 😀?", name="smile"), item(2, "‘é’ ≤ ש — $x^2$", name="words")
    (problem,) = undrawable([emoji, words])
    assert "the question of" in problem.message and "😀 (U+1F600)" in problem.message
    assert "--no-slides" in problem.message


# -- PDF ----------------------------------------------------------------------------------------------------


def test_the_pdf_asks_and_answers_every_question_in_words_that_can_be_searched(tmp_path: Path) -> None:
    assert write_pdf(ITEMS, tmp_path / "quiz.pdf", "A quiz", COLORS, "en") == []
    pages = [page.extract_text() for page in PdfReader(tmp_path / "quiz.pdf").pages]
    assert len(pages) == 2 * len(ITEMS)
    assert "*corner*" in pages[2] and "Your turn" in pages[2] and "Answer" in pages[3]
    reason = markup.plain(failing(ITEMS[0]).feedback).split()[0]
    assert reason in pages[1] and reason not in pages[0]


def test_the_pdf_is_the_same_for_the_same_questions(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        write_pdf(ITEMS, tmp_path / name, "A quiz", COLORS, "en")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


@pytest.mark.parametrize("with_picture", [False, True])
def test_long_questions_and_reasons_stay_on_their_pages(tmp_path: Path, with_picture: bool) -> None:
    """Reasons of two lines each once made a third page."""
    reason = (
        "Takes a rule for losses for a rule for everything: with one input and many outputs, it is not so. "
        * 2
    )
    long = tuple(option("a rather long answer " * 3 + str(k), k == 1, reason) for k in range(4))
    asking = item(1, "A long question about a picture. " * 6, long)
    if with_picture:
        asking = replace(asking, kind="picture", picture=FramePlace("c", "S", "l"))
    write_pdf(
        [asking], tmp_path / "quiz.pdf", "A quiz", COLORS, "en", {asking.id: png()} if with_picture else None
    )
    assert len(PdfReader(tmp_path / "quiz.pdf").pages) == 2


def test_hostile_words_come_through_the_pdf(tmp_path: Path) -> None:
    asked = hostile()
    write_pdf(asked, tmp_path / "quiz.pdf", "<script> #panic() $", COLORS, "en")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "quiz.pdf").pages]
    assert len(pages) == 2 * len(asked)
    assert "<script>alert(1)</script>" in pages[0]


# -- PowerPoint ---------------------------------------------------------------------------------------------


def film(folder: Path) -> Film:
    made = Film(folder / "film.mp4", folder / "poster.png")
    with av.open(str(made.video), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=15)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8), "rgb24")))
        container.mux(video.encode(None))
    made.poster.write_bytes(png((64, 36)))
    return made


def words(slide) -> list[str]:  # type: ignore[no-untyped-def]
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_slides_can_be_edited_and_hold_the_film(tmp_path: Path) -> None:
    path = tmp_path / "quiz.pptx"
    assert write_pptx(ITEMS, path, Facts("A quiz"), COLORS, None, {ITEMS[0].id: film(tmp_path)}) == []
    slides = list(Presentation(path).slides)
    assert len(slides) == 3 + 2
    asked = words(slides[0])
    for text in (ITEMS[0].question, *(one.text for one in ITEMS[0].options)):
        assert any(markup.plain(text) in shown for shown in asked)
    assert [shape.shape_type for shape in slides[1].shapes].count(MSO_SHAPE_TYPE.MEDIA) == 1
    answered = " ".join(words(slides[2]))
    assert markup.plain(ITEMS[0].right.feedback) in answered
    assert markup.plain(failing(ITEMS[0]).feedback) in answered
    assert f"Right: {ITEMS[0].letter}" in slides[0].notes_slide.notes_text_frame.text


def test_the_same_questions_give_the_same_slides(tmp_path: Path) -> None:
    for name in ("one.pptx", "two.pptx"):
        write_pptx(ITEMS, tmp_path / name, Facts("A quiz"), COLORS)
    assert (tmp_path / "one.pptx").read_bytes() == (tmp_path / "two.pptx").read_bytes()


def test_hostile_words_stand_on_the_slides_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "quiz.pptx"
    asked = hostile()
    write_pptx(asked, path, Facts("A quiz"), COLORS)
    slides = list(Presentation(path).slides)
    for number, one in enumerate(asked):
        plain = markup.plain(one.question).replace("\n", "\v")
        assert any(plain in shown for shown in words(slides[2 * number])), plain
