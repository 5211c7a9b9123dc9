"""Every format is read back by a reader of its own: what comes out is what went in, or was refused by name."""

from __future__ import annotations

import dataclasses
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from openpyxl import load_workbook
from quiz_readers import (
    Read,
    read_anki,
    read_gift,
    read_json,
    read_kahoot,
    read_markdown,
    read_moodle,
    read_qti,
)
from quiz_samples import HOSTILE, TEXTS, hostile, item, option, png, tidy

from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.outlets.quiz import kahoot
from vcalc_anim.outlets.quiz.formats import FORMATS, Format, left_out
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.markup import parse

BY_NAME = {format.name: format for format in FORMATS}
READERS: dict[str, Callable[[Path], list[Read]]] = {
    "Moodle XML": read_moodle,
    "GIFT": read_gift,
    "QTI 2.1": read_qti,
    "Anki": read_anki,
    "Kahoot": read_kahoot,
    "Markdown": read_markdown,
    "JSON": read_json,
}
WITH_PICTURES = ("Moodle XML", "QTI 2.1", "Anki", "Markdown")

each_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)


def write(format: Format, items: list[QuizItem], folder: Path, **pictures: bytes) -> Path:
    path = folder / f"quiz{format.suffix}"
    format.write(items, path, "A quiz", pictures)
    return path


def expected(item: QuizItem) -> Read:
    """What a reader has to find, of a question whose texts are all plain words."""

    def shown(markup: str) -> str:
        return "".join(getattr(piece, "text", "?") for piece in parse(markup))

    return Read(
        item.id,
        shown(item.question),
        tuple(shown(option.text) for option in item.options),
        "ABCDEFGH".index(item.letter),
        tuple(shown(option.feedback) for option in item.options),
    )


def comparable(read: Read, format: Format) -> Read:
    """Kahoot knows neither names nor feedback."""
    return dataclasses.replace(read, name="", feedback=()) if format.name == "Kahoot" else read


def test_every_format_has_a_reader() -> None:
    assert list(BY_NAME) == list(READERS)


@each_format
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_out_as_it_went_in(tmp_path: Path, format: Format, text: str) -> None:
    question = hostile(text)
    assert expected(question).question == tidy(text)
    (read,) = READERS[format.name](write(format, [question], tmp_path))
    assert comparable(read, format) == comparable(expected(question), format)


@each_format
def test_all_hostile_texts_together_stay_apart(tmp_path: Path, format: Format) -> None:
    questions = [hostile(text, number) for number, text in enumerate(HOSTILE.values())]
    read = READERS[format.name](write(format, questions, tmp_path))
    assert [comparable(one, format) for one in read] == [comparable(expected(q), format) for q in questions]


@pytest.mark.parametrize("name", [name for name in READERS if name != "Kahoot"])
def test_a_very_long_text_survives(tmp_path: Path, name: str) -> None:
    question = hostile("long <b> " * 555 + "end.!")
    assert len(expected(question).question) == 5000
    assert READERS[name](write(BY_NAME[name], [question], tmp_path)) == [expected(question)]


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_random_text_comes_out_as_it_went_in(text: str, other: str) -> None:
    assume(text.strip() and other.strip())
    one, two = hostile(text, 1), hostile(other, 2)
    with tempfile.TemporaryDirectory() as folder:
        for format in FORMATS:
            read = READERS[format.name](write(format, [one, two], Path(folder)))
            fitting = [q for q in (one, two) if format.name != "Kahoot" or not kahoot.left_out([q])]
            assert [comparable(r, format) for r in read] == [comparable(expected(q), format) for q in fitting]


@each_format
def test_formulas_arrive_as_each_format_takes_them(tmp_path: Path, format: Format) -> None:
    (read,) = READERS[format.name](write(format, [item()], tmp_path))
    latex = r"What is \(\frac{\partial f}{\partial x}\) of \(f(x,y) = x^{3} + xy^{2}\)?"
    shown = {
        "Moodle XML": latex,
        "GIFT": latex,
        "Anki": latex,
        "Markdown": latex.replace(r"\(", "⟨").replace(r"\)", "⟩"),
        "QTI 2.1": "What is ∂f∂x of f(x,y)=x3+xy2?",  # the text of its MathML
        "Kahoot": "What is ∂f/∂x of f(x, y) = x³ + xy²?",
        "JSON": "What is ∂f/∂x of f(x, y) = x³ + xy²?",
    }
    assert read.question == shown[format.name]
    assert read.right == 2


@pytest.mark.parametrize("name", ["Moodle XML", "GIFT", "Anki"])
def test_the_backslashes_and_braces_of_latex_arrive(tmp_path: Path, name: str) -> None:
    question = item(question="$nabla f = { x_1 : y }$")
    (read,) = READERS[name](write(BY_NAME[name], [question], tmp_path))
    assert read.question == r"\(\nabla f = \left\{ x_{1}:y \right\}\)"


def test_markdown_keeps_a_formula_that_touches_digits_and_letters(tmp_path: Path) -> None:
    (read,) = read_markdown(write(BY_NAME["Markdown"], [item(question="the 3$x$5 and the $n$th")], tmp_path))
    assert read.question == "the 3⟨x⟩5 and the ⟨n⟩th"


def test_markdown_gives_a_large_formula_its_own_line(tmp_path: Path) -> None:
    (read,) = read_markdown(write(BY_NAME["Markdown"], [item(question="$ x^2 $")], tmp_path))
    assert read.question == "⟨x^{2}⟩"


@each_format
def test_two_questions_of_one_name_stay_two(tmp_path: Path, format: Format) -> None:
    questions = [item(1), item(2)]
    assert questions[0].name == questions[1].name
    assert len(READERS[format.name](write(format, questions, tmp_path))) == 2


@each_format
def test_two_questions_of_one_id_are_refused(tmp_path: Path, format: Format) -> None:
    again = dataclasses.replace(item(1), line=99)
    with pytest.raises(InputError) as error:
        write(format, [item(1), again], tmp_path)
    assert str(error.value) == (
        'scenes/ch03_partial_derivatives.toml:99: question "ch03-partial-of-a-sum-v01" is there twice '
        "(first in scenes/ch03_partial_derivatives.toml:87); rename one"
    )


@each_format
@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("a\x07b", "the question of \"ch03-x-v01\" has the character U+0007, which no quiz format can hold; remove it"),
        ("costs $5", 'the question of "ch03-x-v01" has a $ without its second; close the formula, or write \\$ for'),
        ("$$", 'the question of "ch03-x-v01" has a formula with nothing in it'),
        ("  ", 'the question of "ch03-x-v01" is empty'),
        ("$1 2$ and $frac(1$", 'the question of "ch03-x-v01" has the formula $frac(1$, which cannot be converted: '),
        ("$foo$", 'the question of "ch03-x-v01" has the formula $foo$, which cannot be converted: '),
        ("$a // b$ and $c$", 'the question of "ch03-x-v01" has the formula $a // b$, which cannot be converted: '),
        ("\ud800", 'the question of "ch03-x-v01" has the character U+D800'),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_shown_is_refused_with_its_place(
    tmp_path: Path, format: Format, question: str, message: str
) -> None:
    with pytest.raises(InputError) as error:
        write(format, [item(question=question, name="x")], tmp_path)
    assert str(error.value).startswith(f"scenes/ch03_partial_derivatives.toml:87: {message}")
    assert list(tmp_path.iterdir()) == []


@each_format
def test_a_question_needs_exactly_one_right_option(tmp_path: Path, format: Format) -> None:
    with pytest.raises(InputError, match=r"toml:87: question .* has 0 right options"):
        write(format, [item(options=(option("a"), option("b")))], tmp_path)


@each_format
def test_the_same_questions_give_the_same_bytes(tmp_path: Path, format: Format) -> None:
    questions = [item(1), hostile(HOSTILE["emoji"], 2), item(3, kind="picture")]
    pictures = {questions[2].id: png()}
    first, again = tmp_path / f"a{format.suffix}", tmp_path / f"again{format.suffix}"
    for path in (first, again):
        format.write(questions, path, "A quiz", pictures)
    assert first.read_bytes().replace(b"a-pictures", b"again-pictures") == again.read_bytes()
    if zipfile.is_zipfile(first):
        with zipfile.ZipFile(first) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_file_holds_the_time_it_was_made(tmp_path: Path) -> None:
    book = load_workbook(write(BY_NAME["Kahoot"], [item()], tmp_path))
    assert book.properties.created == book.properties.modified
    assert book.properties.modified is not None
    assert book.properties.modified.year == 2020
    with zipfile.ZipFile(write(BY_NAME["Anki"], [item()], tmp_path)) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    assert database.execute("select id, mod from notes").fetchall() == [(1_600_000_000_000, 1_600_000_000)]
    database.close()


@each_format
def test_nothing_is_left_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: Format
) -> None:
    """genanki's write_to_file leaves a database behind for each package."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    asks = item(2, name="picture", kind="picture")
    format.write([item(), asks], tmp_path / "quiz", "A quiz", {asks.id: png()})
    assert list(temporary.iterdir()) == []


@each_format
def test_a_failed_write_leaves_the_old_file(tmp_path: Path, format: Format) -> None:
    path = write(format, [item()], tmp_path)
    before = path.read_bytes()
    with pytest.raises(InputError):
        write(format, [item(question="$")], tmp_path)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*.part*"))


@each_format
def test_a_folder_that_cannot_be_written_is_a_failed_work(tmp_path: Path, format: Format) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkError, match="cannot write"):
        format.write([item()], tmp_path / "file" / "quiz", "A quiz", {})


@each_format
def test_no_questions_make_an_empty_file_that_can_be_read(tmp_path: Path, format: Format) -> None:
    if format.name != "GIFT":
        assert READERS[format.name](write(format, [], tmp_path)) == []
    else:
        assert write(format, [], tmp_path).read_text() == "\n"


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_pictures_travel_with_their_questions(tmp_path: Path, name: str) -> None:
    questions = [item(1, kind="picture"), item(2), item(3, kind="picture")]
    pictures = {questions[0].id: png(1), questions[2].id: png(2)}
    read = READERS[name](write(BY_NAME[name], questions, tmp_path, **pictures))
    assert [one.pictures for one in read] == [(png(1),), (), (png(2),)]


@pytest.mark.parametrize("name", ["Moodle XML", "GIFT", "QTI 2.1", "Anki", "Kahoot", "Markdown"])
def test_a_question_is_left_out_where_its_picture_is_missing_and_a_note_says_so(
    tmp_path: Path, name: str
) -> None:
    questions = [item(1), item(2, kind="picture")]
    assert len(READERS[name](write(BY_NAME[name], questions, tmp_path))) == 1
    (note,) = left_out(questions, {})[name]
    assert str(note).startswith(
        'scenes/ch03_partial_derivatives.toml:88: question "ch03-partial-of-a-sum-v02" is left out'
    )


def test_only_formats_without_pictures_leave_out_a_question_whose_picture_is_there() -> None:
    question = item(kind="picture")
    assert set(left_out([question], {question.id: png()})) == {"GIFT", "Kahoot"}
    assert left_out([item()], {}) == {}


@pytest.mark.parametrize(
    ("question", "note"),
    [
        (item(question="q" * 121), "the question has 121 characters, the limit is 120"),
        (item(question="😀" * 61), "the question has 122 characters, the limit is 120"),
        (
            item(options=(option("x" * 76), option("y", True))),
            "option A has 76 characters, the limit is 75",
        ),
        (
            item(options=(*(option(str(n)) for n in range(4)), option("y", True))),
            "it has 5 options, the limit is 4",
        ),
        (
            item(options=(option("$(6, 4)$"), option("$vec(6, 4)$", True))),
            "options A and B are the same when their formulas are plain text",
        ),
    ],
)
def test_kahoot_leaves_out_what_does_not_fit_and_says_why(
    tmp_path: Path, question: QuizItem, note: str
) -> None:
    fits = item(7, question="q" * 120, options=(option("x" * 75), option("$x^2$", True)))
    read = read_kahoot(write(BY_NAME["Kahoot"], [question, fits], tmp_path))
    assert [one.options for one in read] == [("x" * 75, "x²")]
    assert [str(problem) for problem in kahoot.left_out([question, fits])] == [
        f'scenes/ch03_partial_derivatives.toml:87: question "{question.id}" is left out of Kahoot: {note}'
    ]


def test_nothing_in_the_spreadsheet_is_a_formula(tmp_path: Path) -> None:
    path = write(
        BY_NAME["Kahoot"], [hostile(text, n) for n, text in enumerate(("=1+1", "+1", "-1", "@x"))], tmp_path
    )
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = load_workbook(path).worksheets[0]
    assert [sheet.cell(row, 2).quotePrefix for row in range(9, 13)] == [True] * 4


def test_a_chapter_is_a_category_of_moodle(tmp_path: Path) -> None:
    other = dataclasses.replace(item(2), chapter="ch04", chapter_title="The gradient: up/down")
    text = write(BY_NAME["Moodle XML"], [item(1), other], tmp_path).read_text()
    assert "<text>$course$/top/A quiz/Partial derivatives</text>" in text
    assert "<text>$course$/top/A quiz/The gradient: up//down</text>" in text
    gift = write(BY_NAME["GIFT"], [item(1), other], tmp_path).read_text()
    assert "$CATEGORY: $course$/top/A quiz/The gradient: up//down\n\n" in gift


def test_anki_knows_a_question_again_that_was_imported_before(tmp_path: Path) -> None:
    """Anki knows notes and models by their ids: a changed text keeps them, another question has others."""

    def ids(question: QuizItem) -> list[tuple[str, int]]:
        with zipfile.ZipFile(write(BY_NAME["Anki"], [question], tmp_path)) as archive:
            database = sqlite3.connect(":memory:")
            database.deserialize(archive.read("collection.anki2"))
        found = database.execute("select guid, mid from notes").fetchall()
        database.close()
        return found

    assert ids(item(1)) == ids(item(1, question="Reworded?"))
    assert ids(item(1))[0][0] != ids(item(2))[0][0]
    assert ids(item(1))[0][1] == ids(item(2))[0][1]


def test_a_name_that_is_no_identifier_gets_one(tmp_path: Path) -> None:
    question = dataclasses.replace(item(), id='../"<x> & y')
    path = write(BY_NAME["QTI 2.1"], [question], tmp_path)
    (read,) = read_qti(path)
    assert read.name == '../"<x> & y'
    with zipfile.ZipFile(path) as archive:
        assert all(".." not in name for name in archive.namelist())
    assert [one.name for one in read_moodle(write(BY_NAME["Moodle XML"], [question], tmp_path))] == [
        question.id
    ]
