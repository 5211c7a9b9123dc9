"""The course that scripts/faults builds: two chapters, three short scenes, spoken by the course's own voice."""

from __future__ import annotations

TITLES = {"Turning": "A square turns", "Walking": "A dot walks", "Growing": "A circle grows"}

#: Where a fault is put into the scene called Turning: it is half drawn then.
HALFWAY = "pass  # halfway"

_COURSE = """\
title = "Faults"
subtitle = "Three scenes to disturb"
authors = ["A. Maintainer"]
licence = "CC BY 4.0"
source = "None"
lectures = ["ch01_first", "ch02_second"]

[voice]
name = "espeak"
"""

_FIRST = """\
title = "First"
question = "What is left after a fault?"
objectives = ["See a square"]

[[scene]]
name = "Turning"
title = "A square turns"
[scene.lines]
turn = "A square turns, slowly, all the way round."
again = "And then it turns once more."

[[scene]]
name = "Walking"
title = "A dot walks"
[scene.lines]
walk = "A dot walks from here to there."
back = "There it stands, and looks back."
"""

_SECOND = """\
title = "Second"
question = "And what comes next?"
objectives = ["See a circle"]

[[scene]]
name = "Growing"
title = "A circle grows"
[scene.lines]
grow = "A circle grows as long as we talk."
rest = "Now it rests."
"""

_FIRST_SCENES = f"""\
from manim import RIGHT, TAU, Dot, Rotate, Square

from vcalc_anim.stage import LectureScene


class Turning(LectureScene):
    def construct(self):
        square = Square(3)
        self.open(square)
        with self.line("turn") as line:
            self.play(Rotate(square, TAU), run_time=line.left)
            {HALFWAY}
        with self.line("again") as line:
            self.play(Rotate(square, TAU), run_time=line.left)


class Walking(LectureScene):
    def construct(self):
        dot = Dot(radius=0.4)
        self.open(dot)
        with self.line("walk") as line:
            self.play(dot.animate.shift(3 * RIGHT), run_time=line.left)
        with self.line("back"):
            pass
"""

_SECOND_SCENES = """\
from manim import Circle

from vcalc_anim.stage import LectureScene


class Growing(LectureScene):
    def construct(self):
        circle = Circle(radius=0.5)
        self.open(circle)
        with self.line("grow") as line:
            self.play(circle.animate.scale(4), run_time=line.left)
        with self.line("rest"):
            pass
"""

CHOREOGRAPHY = "scenes/ch01_first.py"  # of Turning

FILES = {
    "course.toml": _COURSE,
    "ch01_first.toml": _FIRST,
    "ch01_first.py": _FIRST_SCENES,
    "ch02_second.toml": _SECOND,
    "ch02_second.py": _SECOND_SCENES,
}
