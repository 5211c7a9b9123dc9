"""Questions in a script: what confirms them, their pictures, their placeholders, and every slip told at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vcalc_anim.course import LinePicture, load_course
from vcalc_anim.course.placeholders import fill, placeholders, slips

CONFIRMED = """\
template = "gradient_at_a_point"  # confirmed
numbers = { a = 1, b = 2, p = 3, q = 2.0 }  # numbers
"""
SECOND = """
[[quiz]]  # second
name = "a-picture"
question = "Where is $x = {{x}}$?"
kind = "picture"
check = "somewhere"
picture = { scene = "Compass", line = "peak" }
[[quiz.options]]
text = "${{x}}$"
key = "here"
right = true
why = "So."
[[quiz.options]]
text = "there"
key = "there"
misconception = "Looks away."
"""


@pytest.fixture
def asking(desk: Any) -> Any:
    """The small course with a template for its first question, and a second one about a picture."""
    desk.edit("script", 'scene = "Quiz"\n[[quiz.options]]', f'scene = "Quiz"\n{CONFIRMED}[[quiz.options]]')
    desk.edit("script", 'misconception = "That', 'key = "reads_the_place"\nmisconception = "That')
    path = desk.path("script")
    path.write_text(path.read_text(encoding="utf-8") + SECOND, encoding="utf-8")
    return desk


def test_questions_know_what_confirms_them(asking: Any) -> None:
    first, second = load_course(Path("scenes")).lectures[0].quiz
    assert (first.kind, first.template, first.check) == ("calculation", "gradient_at_a_point", None)
    assert first.numbers == {"a": 1, "b": 2, "p": 3, "q": 2}
    assert [option.key for option in first.options] == ["answer", "reads_the_place"]
    assert (second.kind, second.check, second.scene) == ("picture", "somewhere", None)
    assert second.picture == LinePicture("Compass", "peak")
    assert [option.feedback for option in second.options] == ["So.", "Looks away."]
    assert f"scenes/ch04_gradient.toml:{second.options[1].line}" == asking.at("script", "[[quiz.options]]", 4)


def test_a_question_is_filled_in_all_its_texts(asking: Any) -> None:
    _, second = load_course(Path("scenes")).lectures[0].quiz
    filled = second.filled({"x": "3"})
    assert (filled.question, filled.options[0].text) == ("Where is $x = 3$?", "$3$")
    with pytest.raises(KeyError, match="x"):
        second.filled({"y": "3"})


SLIPS = {
    "check and template": (("numbers = {", 'check = "c"\nnumbers = {'), "# confirmed", "a check and a template"),
    "numbers for nothing": (
        ('template = "gradient_at_a_point"  # confirmed\n', ""),
        "# numbers",
        "numbers but no template",
    ),
    "no numbers": (("numbers = { a = 1, b = 2, p = 3, q = 2.0 }", ""), "# confirmed", "template but no numbers"),
    "a number in quotes": (("q = 2.0", 'q = "2"'), "# numbers", '"q" in "numbers" of quiz'),
    "an endless number": (("q = 2.0", "q = inf"), "# numbers", "should be a finite number"),
    "unknown kind": (('kind = "picture"', 'kind = "image"'), 'kind = "image"', 'be "concept", "calculation"'),
    "picture of another kind": (('kind = "picture"', 'kind = "concept"'), 'kind = "concept"', 'write kind = "picture"'),
    "kind without picture": (
        ('picture = { scene = "Compass", line = "peak" }', ""),
        'kind = "picture"',
        "add picture = { scene = …, line = … }",
    ),
    "calculation without template": (
        ('kind = "picture"\ncheck = "somewhere"\npicture = { scene = "Compass", line = "peak" }',
         'kind = "calculation"\ncheck = "somewhere"'),
        'kind = "calculation"',
        'add template = "…"',
    ),
    "unknown scene": (('scene = "Compass", line', 'scene = "Compas", line'), 'scene = "Compas",', "did you mean Compass?"),
    "unknown line": (('line = "peak"', 'line = "paek"'), "paek", "did you mean peak?"),
    "picture without line": ((', line = "peak" }', " }"), "picture =", 'has no "line"'),
    "right without why": (('why = "So."', ""), ("[[quiz.options]]", 3), 'does not say why; add why = "…"'),
    "blank why": (('why = "So."', 'why = " "'), ("${{x}}$", 1), "does not say why"),
    "wrong without misconception": (
        ('misconception = "Looks away."', ""),
        'text = "there"',
        'add misconception = "…"',
    ),
    "no key": (('key = "there"', ""), 'text = "there"', "has no key"),
    "key twice": (('key = "there"', 'key = "here"'), ('key = "here"', 2), 'have the same key "here"'),
    "wrong key of the right option": (
        ('right = true\nwhy = "Both', 'key = "points_downhill"\nright = true\nwhy = "Both'),
        "points_downhill",
        "leave its key out",
    ),
    "the right key on a wrong option": (('"reads_the_place"', '"answer"'), 'key = "answer"', "is wrong"),
    "placeholder outside of maths": (("is $x = {{x}}$?", "is {{x}}?"), "Where is", "outside of maths"),
    "placeholder without partner": (('text = "there"', 'text = "$}} {{$"'), "}} {{", "without their partners"),
    "placeholder with a strange name": (('text = "there"', 'text = "${{a b}}$"'), "{{a b}}", "'a b'"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_a_question_is_told_at_its_place(asking: Any, name: str) -> None:
    edit, place, message = SLIPS[name]
    asking.edit("script", *edit)
    where = asking.at("script", *(place if isinstance(place, tuple) else (place,)))
    complaints = [told for told in asking.complaints() if str(message) in told]
    assert len(complaints) == 1, asking.complaints()
    if name != "right without why":
        assert complaints[0].startswith(f"{where}: "), complaints


def test_keys_and_placeholders_need_something_that_fills_them(asking: Any) -> None:
    asking.edit("script", 'check = "somewhere"\n', "")
    told = "\n".join(asking.complaints())
    assert "no check or template that fills them" in told
    assert 'option 1 of quiz "a-picture" has a key, but the question has no check or template' in told


def test_placeholders_are_two_braces_in_maths() -> None:
    assert placeholders("${{a}} + {{ b }} + {{a}}$ and {x: 3}") == ("a", "b")
    assert fill("${{a}} x + {1, 2}$", {"a": "-3"}) == "$-3 x + {1, 2}$"
    assert list(slips("costs \\$ {{a}}")) == ["has the placeholder {{a}} outside of maths; write ${{a}}$"]
    assert list(slips("$a < b$ and ${{c}}$, {one} brace, [shown|said]")) == []
