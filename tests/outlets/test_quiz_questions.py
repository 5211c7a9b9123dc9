"""Questions of the course, ready to hand out: confirmed, varied, their right options nowhere to be guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_course import Bench

from vcalc_anim.core.provenance import unspaced
from vcalc_anim.core.questions import CHECKS, TEMPLATES
from vcalc_anim.course import Lecture, load_course
from vcalc_anim.errors import InputError
from vcalc_anim.outlets.quiz.item import ItemOption, QuizItem
from vcalc_anim.outlets.quiz.letters import printed_letters, varied_letter
from vcalc_anim.outlets.quiz.resolve import resolve, right_is_longest, unbalanced, wrong_questions
from vcalc_anim.outlets.quiz.verify import verify

SCENES = Path(__file__).parents[2] / "scenes"
COURSE = load_course(SCENES)
VARIANTS = 1000
Vcalc = Callable[..., tuple[int, str, str]]


LECTURES = COURSE.lectures
PRINTED = resolve(LECTURES)


def letters(items: list[QuizItem]) -> Counter[str]:
    return Counter(item.letter for item in items)


@pytest.fixture(scope="module")
def varied() -> list[QuizItem]:
    """1000 variants over all templates, and over several seeds."""
    found: list[QuizItem] = []
    for seed in range(100):
        found += [item for item in resolve(LECTURES, 2, seed) if "-v0" in item.id]
        if len(found) >= VARIANTS:
            return found
    raise AssertionError("so few templates?")


# -- the course ---------------------------------------------------------------------------------------------


def test_the_core_confirms_every_question_of_the_course() -> None:
    assert wrong_questions(LECTURES) == []


@pytest.mark.parametrize("lecture", LECTURES, ids=lambda lecture: lecture.slug)
def test_a_chapter_asks_its_own_question_and_four_more_of_all_kinds(lecture: Lecture) -> None:
    assert len([question for question in lecture.quiz if question.scene]) == 1
    more = Counter(question.kind for question in lecture.quiz if not question.scene)
    assert more["concept"] >= 1 and more["calculation"] >= 2 and more["picture"] >= 1
    assert all(len(question.options) == 4 for question in lecture.quiz)


def test_every_check_and_template_of_the_core_is_asked_for() -> None:
    asked = [question for lecture in LECTURES for question in lecture.quiz]
    assert sorted(filter(None, (question.check for question in asked))) == sorted(CHECKS)
    assert sorted(filter(None, (question.template for question in asked))) == sorted(TEMPLATES)


def test_nobody_finds_the_right_option_by_its_length_or_its_letter() -> None:
    printed = list(PRINTED)
    assert sum(map(right_is_longest, printed)) <= len(printed) / 3
    assert list(unbalanced(printed)) == []
    counts = letters(printed)
    assert max(counts.values()) - min(counts.values()) <= 4


def test_a_question_that_a_scene_plays_keeps_the_order_of_the_film() -> None:
    for lecture in LECTURES:
        (played,) = (question for question in lecture.quiz if question.scene)
        (item,) = (item for item in PRINTED if item.chapter == lecture.slug and item.scene)
        assert [option.right for option in item.options] == [option.right for option in played.options]
        assert [option.fails for option in item.options] == [option.fails for option in played.options]


# -- variants -----------------------------------------------------------------------------------------------


def test_a_thousand_variants_are_valid_and_none_has_an_option_twice(varied: list[QuizItem]) -> None:
    assert len(varied) >= VARIANTS
    for item in varied:
        assert sum(option.right for option in item.options) == 1
        assert len({unspaced(option.text) for option in item.options}) == len(item.options) == 4
        assert all(option.feedback and bool(option.mistake) != option.right for option in item.options)
        assert "{{" not in item.question + "".join(option.text + option.feedback for option in item.options)


def test_the_letters_of_a_thousand_variants_are_spread_within_five_percent(varied: list[QuizItem]) -> None:
    even = len(varied) / 4
    assert all(abs(count - even) <= 0.05 * even for count in letters(varied).values()), letters(varied)


@pytest.mark.parametrize("seed", [0, 7])
def test_every_set_of_variants_has_its_letters_spread(seed: int) -> None:
    lecture = LECTURES[4]
    items = [item for item in resolve([lecture], 20, seed) if item.kind == "calculation"]
    for number in range(1, 21):  # one set for each row of the room
        rows = letters([item for item in items if item.id.endswith(f"-v{number:02d}")])
        assert max(rows.values()) <= 1
    for _, own in groupby(items, key=lambda item: item.name):  # all variants of one question
        counts = letters(list(own))
        assert set(counts) == set("ABCD") and max(counts.values()) - min(counts.values()) <= 2


def test_no_two_variants_of_a_question_ask_the_same() -> None:
    items = resolve([LECTURES[3]], 20, 7)
    for _, own in groupby(items, key=lambda item: item.name):
        asked = [(item.question, frozenset(option.text for option in item.options)) for item in own]
        assert len({*asked}) == len(asked)


def test_the_same_seed_gives_the_same_questions_and_another_one_others() -> None:
    first, again, other = (resolve([LECTURES[0]], 5, seed) for seed in (7, 7, 8))
    assert first == again
    assert [item.id for item in first] == [item.id for item in other]
    assert [item.question for item in first] != [item.question for item in other]
    assert [item.letter for item in first] != [item.letter for item in other]


def test_a_chapter_gives_the_same_questions_alone_and_in_the_course() -> None:
    own = [item for item in resolve(LECTURES, 2, 7) if item.chapter == LECTURES[2].slug]
    assert list(resolve([LECTURES[2]], 2, 7)) == own


@settings(max_examples=60)
@given(
    count=st.integers(1, 30),
    options=st.integers(2, 6),
    seed=st.integers(0, 10_000),
    chapter=st.integers(0, 30),
    kept=st.integers(0, 5),
)
def test_letters_come_in_balanced_blocks(
    count: int, options: int, seed: int, chapter: int, kept: int
) -> None:
    fixed = [kept % options, *[None] * (count - 1)]
    chosen = printed_letters(fixed, options, seed, chapter)
    counts = Counter(chosen)
    assert chosen[0] == kept % options and len(chosen) == count
    assert max(counts.values()) - min(counts.get(letter, 0) for letter in range(options)) <= 1


@settings(max_examples=60)
@given(
    of=st.integers(1, 9), options=st.integers(2, 6), seed=st.integers(0, 10_000), chapter=st.integers(0, 30)
)
def test_variants_form_a_latin_square(of: int, options: int, seed: int, chapter: int) -> None:
    def spread(chosen: list[int]) -> int:
        counts = Counter(chosen)
        return max(counts.values()) - min(counts.get(letter, 0) for letter in range(options))

    for place in range(of):
        own = [
            varied_letter(place, of, variant, options, seed, chapter) for variant in range(1, 2 * options + 1)
        ]
        assert spread(own) == 0
    for variant in range(1, 2 * options + 1):
        assert spread([varied_letter(place, of, variant, options, seed, chapter) for place in range(of)]) <= 1


# -- what is refused ----------------------------------------------------------------------------------------

QUIZ = """
[[quiz]]
name = "at-a-point"
question = "What is the gradient of ${{f}}$ at ${{place}}$?"
template = "gradient_at_a_point"
numbers = { a = 3, b = 1, p = 1, q = 2 }
[[quiz.options]]  # first
text = "${{answer}}$"
right = true
why = "It is ${{x_partial}}$ and ${{y_partial}}$."
[[quiz.options]]  # second
text = "${{points_downhill}}$"
key = "points_downhill"
misconception = "Goes down."

[[quiz]]
name = "corner"
question = "What is the slope at the corner?"
check = "slope_at_a_corner"
[[quiz.options]]  # third
text = "there is none"
key = "there_is_none"
right = true
why = "Both sides differ."
[[quiz.options]]  # fourth
text = "$1$"
key = "slope_on_the_right"
misconception = "Looks to the right."
"""


@pytest.fixture
def asking(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The tiny course with two questions, as the working folder."""
    monkeypatch.chdir(bench.root)
    script = bench.path("script")
    script.write_text(script.read_text(encoding="utf-8") + QUIZ, encoding="utf-8")
    return bench


WRONG = {
    "another right option": (
        ('key = "there_is_none"\nright = true\nwhy = "Both sides differ."',
         'key = "there_is_none"\nmisconception = "Both."'),
        ('key = "slope_on_the_right"\nmisconception =', 'key = "slope_on_the_right"\nright = true\nwhy ='),
        "# fourth",
        'is marked right, but the core finds "slope_on_the_right" false; correct the question',
    ),
    "a wrong number": (('text = "$1$"', 'text = "$2$"'), None, "# fourth", "does not show 1, which the core gives"),
    "a typed number": (('"Both sides', '"By 17, both sides'), None, "# third", "shows 17, which the core does not"),
    "a number in the question": (('slope at the corner', 'slope at 0.3'), None, "[[quiz]]", "shows 0.3"),
    "degenerate numbers": (("q = 2 }", "q = 0 }\n"), ("p = 1", "p = 0"), "[[quiz]]", "are the same here"),
    "a missing number": ((", q = 2", ""), None, "[[quiz]]", "needs a number for q"),
    "an unknown number": (("q = 2", "q = 2, r = 1"), None, "[[quiz]]", "has no number r; it has: a, b, p, q"),
    "an unknown mistake": (
        ('key = "points_downhill"', 'key = "point_downhill"'), None, "# second", "did you mean points_downhill?",
    ),
    "another answer's text": (
        ('text = "${{points_downhill}}$"', 'text = "${{adds_the_partials}}$"'), None, "# second",
        "does not show its answer; write ${{points_downhill}}$",
    ),
    "an unknown placeholder": (("{{place}}", "{{plaec}}"), None, "[[quiz]]", "did you mean place?"),
    "an unknown template": (
        ('template = "gradient_at_a_point"', 'template = "gradient_at_point"'), None, "[[quiz]]",
        "did you mean gradient_at_a_point?",
    ),
    "an unknown check": (('"slope_at_a_corner"', '"slope_at_corner"'), None, "[[quiz]]", "did you mean slope_at_a_corner?"),
    "an unknown claim": (('key = "there_is_none"', 'key = "there_is_no"'), None, "# third", "did you mean there_is_none?"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_question_that_the_core_does_not_confirm_stops_everything(
    asking: Bench, vcalc: Vcalc, name: str
) -> None:
    first, second, place, message = WRONG[name]
    asking.edit("script", *first)
    if second:
        asking.edit("script", *second)
    text = asking.path("script").read_text(encoding="utf-8").splitlines()
    where = {f"scenes/ch04_tiny.toml:{number}:" for number, line in enumerate(text, 1) if place in line}
    for command in ("quiz", "build"):
        code, out, err = vcalc(command)
        assert (code, out) == (2, ""), err
        lines = [line for line in err.splitlines() if message in line]
        assert lines and all(any(spot in line for spot in where) for line in lines), err
    assert not asking.out.exists() or not list(asking.out.rglob("*.mp4"))


def test_a_question_that_nothing_confirms_is_refused(asking: Bench, vcalc: Vcalc) -> None:
    text = asking.path("script").read_text(encoding="utf-8")
    head = text.replace('check = "slope_at_a_corner"\n', "").replace('key = "there_is_none"\n', "")
    asking.path("script").write_text(head.replace('key = "slope_on_the_right"\n', ""), encoding="utf-8")
    code, _, err = vcalc("quiz")
    assert code == 2 and 'quiz "corner" has nothing that confirms its answers' in err


def test_check_finds_a_wrong_question(asking: Bench) -> None:
    from vcalc_anim.check.questions import check_questions

    asking.edit("script", 'text = "$1$"', 'text = "$3$"')
    lecture = load_course(Path("scenes")).lectures[0]
    (finding,) = check_questions([lecture])
    assert (finding.rule, finding.chapter) == ("quiz.wrong", "ch04-tiny")
    assert f"{finding.file}:{finding.line_number}" == asking.at("script", "# fourth")


NUMBERS = st.one_of(
    st.integers(-12, 12),
    st.integers(-(10**18), 10**18),
    st.floats(-20, 20, allow_nan=False).map(lambda value: round(value, 2)),
    st.floats(allow_nan=False, allow_infinity=False),
)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_numbers_a_script_gives_it_gets_a_question_or_a_reason(
    name: str, data: st.DataObject
) -> None:
    question = next(
        question for lecture in LECTURES for question in lecture.quiz if question.template == name
    )
    given_numbers = {key: data.draw(NUMBERS, key) for key in question.numbers}
    verified = verify(replace(question, numbers=given_numbers))
    assert (verified.question is None) is bool(verified.problems)
    assert all(problem.file and problem.line for problem in verified.problems)


def test_the_film_tells_wrong_numbers_and_unknown_names_at_their_place() -> None:
    from vcalc_anim.stage.quiz import filled

    question = next(question for question in LECTURES[4].quiz if question.scene)
    place = f'{question.file.as_posix()}:{question.line}: quiz "gradient-at-a-point"'
    for spoiled, told in (
        (
            replace(question, numbers={"a": 1}),
            "has wrong numbers: gradient_at_a_point needs a number for b, p, q",
        ),
        (replace(question, template="gradient"), "asks the core for 'gradient', which it does not have"),
        (replace(question, question="$ {{ff}} $"), "asks the core for 'ff', which it does not have"),
    ):
        with pytest.raises(InputError) as caught:
            filled(spoiled)
        assert str(caught.value).startswith(f"{place} {told}")


def test_more_variants_than_there_are_numbers_are_refused() -> None:
    lecture = LECTURES[4]
    with pytest.raises(
        InputError, match='quiz "largest-learning-rate" has only [0-9]+ variants; ask for no more'
    ):
        resolve([lecture], 150, 1)


def test_right_options_that_stick_out_are_found() -> None:
    def spoiled(item: QuizItem) -> QuizItem:
        return replace(
            item,
            options=tuple(
                ItemOption("a" * (9 if option.right else 3), option.right, "b", option.mistake)
                for option in item.options
            ),
        )

    (found,) = unbalanced([spoiled(item) for item in PRINTED])
    assert "the right option is the longest in" in found.message


# -- the command --------------------------------------------------------------------------------------------


def test_the_command_writes_every_format_once(asking: Bench, vcalc: Vcalc) -> None:
    code, out, err = vcalc("quiz", "--no-slides", "--variants", "3", "--seed", "7")
    assert (code, err) == (0, "")
    assert "5 questions, every answer confirmed" in out
    files = asking.files()
    kinds = {name.partition(".")[2] for name in files if name.startswith("quiz/course/")}
    assert kinds >= {"moodle.xml", "gift.txt", "qti.zip", "apkg", "kahoot.xlsx", "md", "json"}
    assert any(name.startswith("quiz/ch04-tiny/") for name in files)
    code, out, _ = vcalc("quiz", "--no-slides", "--variants", "3", "--seed", "7")
    assert code == 0 and " written" not in out and "is up to date" in out
    for path in (asking.out / "quiz").rglob("*.*"):
        path.unlink()
    assert vcalc("quiz", "--no-slides", "--variants", "3", "--seed", "7")[0] == 0
    assert {name: data for name, data in asking.files().items() if name != "manifest.json"} == {
        name: data for name, data in files.items() if name != "manifest.json"
    }


def test_what_the_command_writes_passes_the_gate_of_files(asking: Bench, vcalc: Vcalc) -> None:
    from vcalc_anim.check.inventory import check_output

    assert vcalc("quiz", "ch04", "--no-slides")[0] == 0
    assert check_output(asking.out) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("quiz", "ch09"), "the course has no chapter 'ch09'"),
        (("quiz", "--variants", "-1"), "--variants"),
        (("quiz", "--seed", "-1"), "--seed"),
    ],
)
def test_wrong_input_is_told(asking: Bench, vcalc: Vcalc, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = vcalc(*arguments)
    assert (code, out) == (2, "") and message in err


@pytest.mark.render
def test_a_question_about_a_picture_gets_its_frame(asking: Bench, vcalc: Vcalc) -> None:
    script = asking.path("script")
    text = script.read_text(encoding="utf-8")
    picture = 'kind = "picture"\npicture = { scene = "Growing", line = "grow" }\ncheck = "slope_at_a_corner"'
    script.write_text(text.replace('check = "slope_at_a_corner"', picture), encoding="utf-8")
    assert vcalc("quiz", "--no-slides", "--quality", "draft")[0] == 0
    shown = asking.files()["quiz/course/course-pictures/ch04-corner.png"]
    assert shown.startswith(b"\x89PNG")
    script.write_text(text, encoding="utf-8")
    assert vcalc("quiz", "--no-slides", "--quality", "draft")[0] == 0
    assert not [name for name in asking.files() if name.endswith(".png")]


@pytest.mark.render
def test_the_command_draws_slides_once_and_the_gate_of_files_knows_them(asking: Bench, vcalc: Vcalc) -> None:
    command = ("quiz", "ch04", "--quality", "draft", "--jobs", "2")
    from vcalc_anim.check.inventory import check_output

    code, _, _ = vcalc(*command)
    assert code == 0
    files = asking.files()
    slides = {Path(name).name for name in files if "/slides/" in name}
    assert {f"corner-{which}.png" for which in ("question", "answer")} | {"corner.mp4"} <= slides
    assert {"quiz/ch04-tiny/ch04-tiny.pdf", "quiz/ch04-tiny/ch04-tiny.pptx"} <= set(files)
    assert check_output(asking.out) == []
    code, out, err = vcalc(*command)
    assert code == 0 and " written" not in out and "drawing quiz cards" not in err
    assert asking.files() == files
