"""No slip of the keyboard makes loading crash: it loads, or it says what is wrong, at a place in that file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from vcalc_anim.course import load_course
from vcalc_anim.errors import InputError, Problem

FILES = ("course", "script", "py")


def problems() -> tuple[Problem, ...]:
    try:
        load_course(Path("scenes"))
    except InputError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("key", FILES)
def test_any_line_lost_or_doubled_or_cut_off_is_read_or_explained(desk: Any, key: str) -> None:
    path = desk.path(key)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    explained = 0
    for i, line in enumerate(lines):
        half = line[: len(line) // 2] + "\n"
        for spoiled in (
            lines[:i],
            lines[:i] + lines[i + 1 :],
            [*lines[:i], line, *lines[i:]],
            [*lines[:i], half, *lines[i + 1 :]],
        ):
            path.write_text("".join(spoiled), encoding="utf-8")
            for problem in problems():
                explained += 1
                assert problem.file in {Path("scenes") / name for name in desk.names.values()}
                assert problem.line is None or 1 <= problem.line <= max(len(lines) + 1, 40)
    assert explained > len(lines)


VALUES = {
    "3": "the number 3",
    "true": "true",
    '"true"': 'the text "true"',
    '[["x"]]': "a list",
    "{ x = 1 }": "a table",
    "1979-05-27": "the date or time 1979-05-27",
    '"' + "long " * 20 + '"': 'the text "long long',
}


@pytest.mark.parametrize("key", ["course", "script"])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_another_type_is_named_where_it_is_refused(desk: Any, key: str, value: str) -> None:
    path = desk.path(key)
    lines = path.read_text(encoding="utf-8").splitlines()
    refused = 0
    for i, line in enumerate(lines):
        name = re.match(r"(\w+) =", line)
        if name is None:
            continue
        path.write_text("\n".join([*lines[:i], f"{name[1]} = {value}", *lines[i + 1 :]]), encoding="utf-8")
        found = [p for p in problems() if " should be " in p.message and f'"{name[1]}"' in p.message]
        for problem in found:
            refused += 1
            assert (problem.file, problem.line) == (Path("scenes") / desk.names[key], i + 1)
            assert VALUES[value] in problem.message
    assert refused > 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Your turn"', "title = true", '"title" of scene Quiz should be text in quotes, but is true; write "true"'),
        ('title = "Your turn"', 'title = " "', '"title" of scene Quiz is empty; write its text'),
        ("right = true", 'right = "true"', 'should be true or false, but is the text "true"; write true without quotes'),
        ("rest = 1.5", 'rest = "1.5"', 'should be a number, but is the text "1.5"; write the number without quotes'),
        ('["See the slope", "Run descent"]', '"See"', 'should be a list in [ ], but is the text "See"; write ["See"]'),
        ("[scene.params]\nalpha = 0.15", 'params = ["alpha"]', "should be a table, but is a list"),
        ('{ say = "Nothing changes.", rest = 1.5 }', "{ rest = 1.5 }", 'line "level" of scene Compass has no "say"; add say'),
        ('{ say = "Nothing changes.", rest = 1.5 }', '["a"]', 'line "level" of scene Compass should be text'),
        ('name = "Compass"', 'name = "The Compass"', "cannot be the name of a Python class"),
        ('name = "Compass"', 'name = "Zzz"', "scene Zzz has no class in ch04_gradient.py"),
        ('name = "Compass"\n', "", 'scene number 1 has no "name"; add name = "…"'),
        ('name = "gradient-at-a-point"\n', "", 'quiz number 1 has no "name"'),
        ('why = "Both', 'misconception = "Both', "option 1 of quiz"),
        ('misconception = "That', 'why = "That', "is wrong and has a \"why\"; write misconception"),
        ("[[quiz]]", ('[[quiz]]\nname = "gradient-at-a-point"\nquestion = "?"\n[[quiz.options]]\ntext = "a"\nright = true\n'
         '[[quiz.options]]\ntext = "b"\n[[quiz]]'), 'quiz "gradient-at-a-point" is there twice (first in line 22)'),
    ],
)  # fmt: skip
def test_a_slip_in_the_script_is_mended_by_its_message(desk: Any, old: str, new: str, message: str) -> None:
    desk.edit("script", old, new)
    assert any(message in text for text in desk.complaints()), desk.complaints()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'name = "espeak"',
            "name = 3",
            '"name" of [voice] should be a voice\'s name in quotes, but is the number 3',
        ),
        (
            'Hessian = "hess ee un"',
            "Hessian = 3",
            '"Hessian" in "pronunciation" of the course should be text in quotes',
        ),
        (
            'lectures = ["ch04_gradient"]',
            "lectures = []",
            '"lectures" of the course has 0 of at least 1 entries',
        ),
        ('lectures = ["ch04_gradient"]\n', "", 'the course has no "lectures"; add lectures = ["…"]'),
        ('"ch04_gradient"', '"ch04_gradient.toml"', 'did you mean "ch04_gradient"?'),
        ('"ch04_gradient"', '"ch09_autodiff"', "write the script ch09_autodiff.toml, or remove the entry"),
    ],
)
def test_a_slip_in_the_course_is_mended_by_its_message(desk: Any, old: str, new: str, message: str) -> None:
    desk.edit("course", old, new)
    assert message in desk.complaint()


def test_an_unknown_scene_names_the_nearest(desk: Any) -> None:
    lecture = load_course(Path("scenes")).lectures[0]
    assert lecture.scene("compass").name == "Compass"
    with pytest.raises(InputError, match=r"ch04-gradient has no scene 'Compas'; did you mean Compass\?"):
        lecture.scene("Compas")


def test_a_scene_class_that_only_serves_as_base_needs_no_script(desk: Any) -> None:
    desk.edit("py", "class Quiz(LectureScene):", "class Asking(LectureScene):")
    text = desk.path("py").read_text(encoding="utf-8")
    desk.path("py").write_text(text + "\n\nclass Quiz(Asking):\n    pass\n", encoding="utf-8")
    assert [scene.name for scene in load_course(Path("scenes")).lectures[0].scenes] == ["Compass", "Quiz"]


def test_a_class_whose_construct_is_elsewhere_may_play_any_line(desk: Any) -> None:
    text = desk.path("py").read_text(encoding="utf-8")
    head, _, _ = text.partition("class Quiz")
    desk.path("py").write_text(f"{head}class Quiz(QuizScene):\n    fails = 1\n", encoding="utf-8")
    assert problems() == ()
