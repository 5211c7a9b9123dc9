"""The web deck: what its page says, what lies beside it, and that only what changed is written again."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from quiz_samples import HOSTILE, hostile, item, png
from tiny_course import write_project

from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.check.deck_files import offline, read_page, steps, usable
from vcalc_anim.check.inventory import check_output
from vcalc_anim.errors import WorkError
from vcalc_anim.outlets.clips.scene_clips import SceneClip
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.slides import SlideFiles
from vcalc_anim.outlets.slides import reveal, reveal_engine
from vcalc_anim.outlets.slides.content import Deck, DeckLine, DeckLoop, QuestionSlide, SceneSlide
from vcalc_anim.outlets.slides.reveal import deck_folder, write_decks

SMALL = Quality("small", 36, 10)
SRT = "1\n00:00:00,500 --> 00:00:01,400\nIt takes <i>three</i>\n& more\n"


def film(path: Path, frames: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with SceneEncoder(path, *SMALL.size(), SMALL.fps, SMALL.gop, SMALL.quantizer) as encoder:
        encoder.add(0, np.zeros((36, 64, 4), np.uint8), frames)
    return path


def picture(path: Path, shade: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(shade))
    return path


def scene(production: Production, number: int, loops: tuple[str, ...] = ()) -> SceneSlide:
    """Scene *number* of the tiny course with a black film of its length."""
    project = production.project
    lecture = project.course.lectures[0]
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache).scenes[number]
    timeline, folder = narrated.timeline(SMALL.fps), production.out / "clips" / lecture.slug
    name = narrated.script.name.lower()
    path = film(folder / f"{name}.mp4", timeline.frames)
    path.with_suffix(".en.srt").write_text(SRT, encoding="utf-8")
    clip = SceneClip(lecture, narrated, timeline, path, picture(folder / f"{name}.png"), {})
    lines = tuple(
        DeckLine(
            line.name, line.start / SMALL.fps, line.end / SMALL.fps, narrated.script.lines[line.name].caption
        )
        for line in timeline.lines
    )
    made = tuple(
        DeckLoop(loop, film(folder / f"{loop.lower()}.mp4", 20), picture(folder / f"{loop.lower()}.png"), 2.0)
        for loop in loops
    )
    return SceneSlide(narrated.script.title, clip, lines, made)


def question(production: Production, asked: QuizItem) -> QuestionSlide:
    files = SlideFiles.of(asked, production.out / "quiz" / "slides")
    return QuestionSlide(
        asked, SlideFiles(picture(files.question, 1), picture(files.answer, 2), film(files.film, 161))
    )


@pytest.fixture
def production(tmp_path: Path) -> Production:
    bench = write_project(tmp_path / "project")
    return Production(Project(bench.root), SMALL, tmp_path / "out")


@pytest.fixture
def deck(production: Production) -> Deck:
    slides = (
        scene(production, 0, ("GrowingLoop",)),
        scene(production, 1),
        scene(production, 2),
        question(production, item()),
    )
    return Deck(production.project.course, production.project.course.lectures[0], "dark", slides)


def write(production: Production, *decks: Deck) -> list[tuple[Path, bool]]:
    return write_decks(production, decks, Manifest(production.out))


def page_of(production: Production, deck: Deck) -> Path:
    return deck_folder(production.out, deck.lecture.slug, deck.theme) / "index.html"


def test_a_deck_has_a_slide_for_each_scene_and_a_step_for_each_line(
    production: Production, deck: Deck
) -> None:
    write(production, deck)
    page = read_page(page_of(production, deck))
    assert [section.id for section in page.sections] == [
        "title",
        "growing",
        "growingloop",
        "still",
        "sliding",
        "question-partial-of-a-sum",
        "question-partial-of-a-sum-answer",
        "closing",
    ]
    for shown, slide in zip([page.sections[n] for n in (1, 3, 4)], deck.scenes, strict=True):
        assert shown.steps == [(pytest.approx(a.start), pytest.approx(a.end)) for a in slide.lines]
        assert shown.notes == len(slide.lines) + 1
    ((begin, end),) = page.sections[5].steps
    assert (begin, end) == (pytest.approx(3.5), pytest.approx(8.5))  # the ring, after three seconds to read


def test_everything_a_deck_names_lies_in_its_folder(production: Production, deck: Deck) -> None:
    write(production, deck)
    page = read_page(page_of(production, deck))
    assert [*offline(page), *usable(page), *steps(page)] == []
    assert page.language == "en"
    folder = shutil.move(page.path.parent, production.out / "elsewhere")
    assert list(offline(read_page(folder / "index.html"))) == []


def test_a_deck_that_is_current_is_not_written_again(production: Production, deck: Deck) -> None:
    first = dict(write(production, deck))
    assert all(first.values())
    before = {path: path.read_bytes() for path in first}
    assert not any(is_new for _, is_new in write(production, deck))
    page_of(production, deck).unlink()
    assert [path for path, is_new in write(production, deck) if is_new] == [page_of(production, deck)]
    assert before == {path: path.read_bytes() for path in before}


def test_what_a_deck_no_longer_shows_is_removed(production: Production, deck: Deck) -> None:
    write(production, deck)
    media = page_of(production, deck).parent / "media"
    assert (media / "growingloop.mp4").is_file()
    without = replace(deck, slides=(replace(deck.slides[0], loops=()), *deck.slides[1:]))
    write(production, without)
    assert not (media / "growingloop.mp4").exists()
    assert (media / "growing.mp4").is_file()


def test_the_gate_of_the_folder_knows_every_file_of_a_deck(production: Production, deck: Deck) -> None:
    write(production, deck)
    shutil.rmtree(production.out / "clips")
    shutil.rmtree(production.out / "quiz")
    assert check_output(production.out) == []


def test_captions_stand_in_the_page_itself(production: Production, deck: Deck) -> None:
    write(production, deck)
    text = page_of(production, deck).read_text(encoding="utf-8")
    data = text.split('id="cues">')[1].split("</script>")[0]
    assert "<" not in data
    assert json.loads(data)["growing"] == [[0.5, 1.4, "It takes <i>three</i>\n& more"]]


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_words_stay_words(production: Production, deck: Deck, name: str) -> None:
    asked = replace(hostile(HOSTILE[name]), name="q")
    write(production, replace(deck, slides=(deck.slides[0], question(production, asked))))
    page = read_page(page_of(production, deck))
    assert [*offline(page), *usable(page), *steps(page)] == []
    assert len(page.sections) == 1 + 2 + 2 + 1
    assert page.path.read_text(encoding="utf-8").count("<script") == 4


def test_the_question_is_read_to_who_cannot_see_it(production: Production, deck: Deck) -> None:
    write(production, deck)
    text = page_of(production, deck).read_text(encoding="utf-8")
    assert "B: 3x²" in text
    assert "C is right: 3x² + y². x³ gives 3x²" in text


def test_a_theme_has_its_own_folder_and_colours(production: Production, deck: Deck) -> None:
    light = replace(production, theme="light")
    write(production, deck)
    write(light, replace(deck, theme="light"))
    pages = [production.out / "slides" / "ch04-tiny" / name / "index.html" for name in ("deck", "deck-light")]
    dark_text, light_text = (page.read_text(encoding="utf-8") for page in pages)
    assert "--background: #06080B" in dark_text
    assert "--background: #FFFFFF" in light_text
    index = read_page(production.out / "slides" / "index.html")
    assert list(offline(index)) == []
    assert [link for link in index.links if not link.startswith("data:")] == [
        "ch04-tiny/deck/index.html",
        "ch04-tiny/deck-light/index.html",
    ]


def test_a_missing_carrier_of_reveal_js_is_told(
    production: Production, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reveal_engine, "_CARRIER", "no-such-package")
    with pytest.raises(WorkError, match="no-such-package, which is not installed; run"):
        write(production, deck)
    assert not (production.out / "slides").exists()


def test_reveal_js_is_found_without_loading_sphinx() -> None:
    import sys

    files = reveal.engine_files()
    assert {"reveal.js", "notes.js", "LICENSE"} <= set(files)
    assert "sphinx" not in sys.modules
