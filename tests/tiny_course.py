"""A course of three scenes of two seconds each, for tests of building and of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vcalc_anim.build.pipeline import Built
    from vcalc_anim.build.quality import Quality

COURSE = """\
title = "A tiny course"
subtitle = "Two seconds a scene"
authors = ["A. Lecturer"]
licence = "CC BY 4.0"
source = "Lecture notes"
lectures = ["ch04_tiny"]

[voice]
name = "silent"
words_per_minute = 300
"""

SCRIPT = """\
title = "Tiny"
question = "How little is enough?"
objectives = ["See a dot"]

[[scene]]
name = "Growing"
title = "A dot grows"
[scene.params]
steps = 3
[scene.lines]
grow = "It takes {steps=3}three steps."

[[scene]]
name = "Still"
title = "Nothing moves"
[scene.lines]
rest = "Now it rests."

[[scene]]
name = "Sliding"
title = "A dot slides"
[scene.lines]
slide = "And off it goes."
"""

CHOREOGRAPHY = """\
from manim import RIGHT, Dot
from pydantic import Field

from vcalc_anim.stage import LectureScene, SceneParams

SIZE = 0.5


def round_dot():
    return Dot(radius=SIZE)


class GrowingParams(SceneParams):
    steps: int = Field(2, ge=1, le=20)
    speed: float = Field(0.5, gt=0)


class Growing(LectureScene):
    Params = GrowingParams

    def construct(self):
        dot = round_dot()
        self.open(dot)
        with self.line("grow") as line:
            self.play(dot.animate.scale(1 + self.params.steps), run_time=line.until("steps", self.params.steps))


class Still(LectureScene):
    def construct(self):
        self.open(round_dot())
        with self.line("rest"):
            pass


class Sliding(LectureScene):
    def construct(self):
        dot = Dot()
        self.open(dot)
        with self.line("slide") as line:
            self.play(dot.animate.shift(2 * RIGHT), run_time=line.left)
"""

FILES = {"course": "course.toml", "script": "ch04_tiny.toml", "py": "ch04_tiny.py"}


@dataclass(frozen=True)
class Bench:
    """A project folder to build in, spoil, and look at."""

    root: Path

    @property
    def out(self) -> Path:
        return self.root / "dist"

    @property
    def film(self) -> Path:
        return self.out / "lectures" / "ch04-tiny.mp4"

    @property
    def cache(self) -> Path:
        return self.root / ".vcalc" / "scenes"

    def path(self, key: str) -> Path:
        return self.root / "scenes" / FILES[key]

    def edit(self, key: str, old: str, new: str) -> None:
        """Replace *old*, which must be there exactly once, by *new*."""
        text = self.path(key).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.path(key).write_text(text.replace(old, new), encoding="utf-8")

    def at(self, key: str, needle: str) -> str:
        """``scenes/file:line`` of the first line that holds *needle*."""
        lines = self.path(key).read_text(encoding="utf-8").splitlines()
        return f"scenes/{FILES[key]}:{next(n for n, line in enumerate(lines, 1) if needle in line)}"

    def build(self, quality: Quality | None = None, **options: object) -> Built:
        """``vcalc build`` without the command line."""
        # Imported here, so that tests which only read this file's texts stay fast.
        from vcalc_anim.build.pipeline import build
        from vcalc_anim.build.project import Project
        from vcalc_anim.build.quality import QUALITIES

        choice = {"out": self.out, "jobs": 2, **options}
        return build(Project(self.root), [], quality or QUALITIES["draft"], **choice)  # type: ignore[arg-type]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """``vcalc ARGUMENTS`` in this folder, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", "from vcalc_anim.cli import main; main()", *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )

    def files(self) -> dict[str, bytes]:
        """Every file under the output folder, by name."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }

    def drawn_scenes(self) -> set[str]:
        """The names of the finished videos in the cache."""
        return {path.name for path in self.cache.glob("[!.]*.mp4")}

    def parts(self) -> list[Path]:
        """Whatever is half-written, anywhere in the project."""
        return [path for path in self.root.rglob("*") if ".part" in path.name or "probe" in path.name]


def write_project(root: Path) -> Bench:
    (root / "scenes").mkdir(parents=True)
    bench = Bench(root)
    for key, text in (("course", COURSE), ("script", SCRIPT), ("py", CHOREOGRAPHY)):
        bench.path(key).write_text(text, encoding="utf-8")
    return bench
