"""A small right course, and a way to spoil it and see what is said."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from vcalc_anim.course import load_course
from vcalc_anim.errors import InputError

COURSE = """\
title = "Vector Calculus"
subtitle = "For machine learning"
authors = ["A. Lecturer"]
licence = "CC BY 4.0"
source = "Lecture notes"
lectures = ["ch04_gradient"]

[voice]
name = "espeak"
rate = 150

[pronunciation]
Hessian = "hess ee un"
"""

SCRIPT = """\
title = "The gradient"
question = "Which way is straight up?"
objectives = ["See the slope", "Run descent"]

[[scene]]
name = "Compass"
title = "Every direction has a slope"
[scene.params]
alpha = 0.15
[scene.lines]
turn = "Turn slowly."
peak = "It rises to {top=10}ten, the vector [(6, 8)|six eight], {knew}knew."
guess = 3
level = { say = "Nothing changes.", rest = 1.5 }

[[scene]]
name = "Quiz"
title = "Your turn"
[scene.lines]
ask = "What is it?"

[[quiz]]
name = "gradient-at-a-point"
question = "What is the gradient?"
scene = "Quiz"
[[quiz.options]]
text = "(6, 8)"
right = true
why = "Both partial derivatives."
[[quiz.options]]
text = "(3, 2)"
misconception = "That is the point."
fails = true
"""

CHOREOGRAPHY = '''\
from vcalc_anim.stage import LectureScene


class Compass(LectureScene):
    """One vector knows it."""

    def construct(self):
        with self.line("turn") as line:
            self.play(run_time=line.duration)
        with self.line("peak") as line:
            self.play(run_time=line.until("top"))
            self.play(run_time=line.until("knew"))
        with self.line("guess"):
            self.ring()
        with self.line("level"):
            self.walk()


class Quiz(LectureScene):
    """A question."""

    def construct(self):
        with self.line("ask"):
            self.show()
'''


class Desk:
    """A course folder ``scenes`` in the working folder, and its files' lines by their text."""

    names: ClassVar = {"course": "course.toml", "script": "ch04_gradient.toml", "py": "ch04_gradient.py"}

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for key, text in (("course", COURSE), ("script", SCRIPT), ("py", CHOREOGRAPHY)):
            self.path(key).write_text(text, encoding="utf-8")

    def path(self, key: str) -> Path:
        return self.folder / self.names[key]

    def edit(self, key: str, old: str, new: str) -> None:
        """Replace *old*, which must be there exactly once, by *new*."""
        text = self.path(key).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.path(key).write_text(text.replace(old, new), encoding="utf-8")

    def at(self, key: str, needle: str, occurrence: int = 1) -> str:
        """``scenes/file:line`` of the line that holds *needle*."""
        lines = self.path(key).read_text(encoding="utf-8").splitlines()
        number = [n for n, line in enumerate(lines, 1) if needle in line][occurrence - 1]
        return f"scenes/{self.names[key]}:{number}"

    def complaints(self) -> list[str]:
        """What loading the course says, one text per problem."""
        with pytest.raises(InputError) as caught:
            load_course(Path("scenes"))
        return [str(problem) for problem in caught.value.problems]

    def complaint(self) -> str:
        """The one problem that loading the course reports."""
        found = self.complaints()
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path / "scenes")
