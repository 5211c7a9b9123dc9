"""Running the course's scenes without drawing, for tests: what happens in them, and what leaves the frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vcalc_anim.build.render import load_scene_class
from vcalc_anim.course import Lecture, QuizQuestion, estimate_spans, load_course, scene_timeline
from vcalc_anim.raster import Parts
from vcalc_anim.stage.lecture_scene import LectureScene, Staging, staged
from vcalc_anim.stage.quiz import filled
from vcalc_anim.stage.renderer import SinkRenderer, drawing
from vcalc_anim.stage.typeset import Typeset
from vcalc_anim.stage.zones import zones

COURSE = load_course(Path(__file__).parent.parent / "scenes")
FPS = 15


def played_quiz(lecture: Lecture) -> QuizQuestion:
    """The one question of *lecture* that a scene plays, as the film shows it."""
    (question,) = (question for question in lecture.quiz if question.scene)
    return filled(question)


class Nothing:
    """A sink that wants no frame."""

    def wants(self, first: int, count: int) -> bool:
        return False

    def add(self, first: int, pixels: np.ndarray, count: int, changed: Parts = None) -> None:
        raise AssertionError("nobody wanted this frame")


def film(
    lecture: Lecture, name: str, size: tuple[int, int] = (1920, 1080), **overrides: object
) -> tuple[LectureScene, list[str]]:
    """Play a scene with estimated times; the second value names all text outside its zones at the end of a line.

    With *overrides* of parameters, the words' claims are not checked.
    """
    script = lecture.scene(name)
    spans = {key: estimate_spans(line.spoken) for key, line in script.lines.items() if line.silence is None}
    timeline = scene_timeline(script, spans, FPS)
    staging = Staging(lecture, script, timeline, dict(overrides), checks_claims=not overrides)
    base = load_scene_class(lecture.choreography, name)
    outside: list[str] = []

    class Watched(base):  # type: ignore[misc,valid-type]
        def _end(self, line: object) -> None:
            super()._end(line)
            safe, captions = zones().safe, zones().captions
            for text in {m for top in self.mobjects for m in top.get_family() if isinstance(m, Typeset)}:
                if not (safe.holds(text, 0.01) and text.get_bottom()[1] >= captions.top - 0.01):
                    outside.append(f"{line.mark.line}: {text.source}")

    Watched.__module__ = base.__module__
    with drawing(*size, FPS, "#06080B"), staged(staging):
        scene = Watched(renderer=SinkRenderer(Nothing()))
        scene.render()
    return scene, outside
