"""The films of chapter 4: every scene runs, fits its frame and its time, and survives extreme parameters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob, load_scene_class
from vcalc_anim.course import estimate_spans, load_course, scene_timeline
from vcalc_anim.errors import InputError
from vcalc_anim.stage.lecture_scene import LectureScene, Staging, staged
from vcalc_anim.stage.renderer import SinkRenderer, drawing
from vcalc_anim.stage.typeset import Typeset
from vcalc_anim.stage.zones import zones

SCENES = Path(__file__).parent.parent / "scenes"
LECTURE = load_course(SCENES).lecture("ch04")
NAMES = [scene.name for scene in LECTURE.scenes]
FPS = 15


class Nothing:
    def wants(self, first: int, count: int) -> bool:
        return False

    def add(self, first: int, pixels: np.ndarray, count: int) -> None:
        raise AssertionError("not wanted")


def run(
    name: str, watch: bool = False, size: tuple[int, int] = (1920, 1080), **overrides: object
) -> tuple[LectureScene, list[str]]:
    """Construct a scene without drawing; with *watch*, note text that leaves the safe area at the end of a line."""
    script = LECTURE.scene(name)
    spans = {key: estimate_spans(line.spoken) for key, line in script.lines.items() if line.silence is None}
    timeline = scene_timeline(script, spans, FPS)
    job = RenderJob(LECTURE.script, name, timeline, Quality("test", 1080, FPS))
    staging = Staging(LECTURE, script, timeline, dict(overrides), checks_claims=not overrides)
    base = load_scene_class(LECTURE.choreography, name)
    outside: list[str] = []

    class Watched(base):  # type: ignore[misc,valid-type]
        def _end(self, line: object) -> None:
            super()._end(line)
            safe, captions = zones().safe, zones().captions
            for text in {m for top in self.mobjects for m in top.get_family() if isinstance(m, Typeset)}:
                if watch and not (safe.holds(text, 0.01) and text.get_bottom()[1] >= captions.top - 0.01):
                    outside.append(f"{line.mark.line}: {text.source}")

    Watched.__module__ = base.__module__
    with drawing(*size, job.quality.fps, "#06080B"), staged(staging):
        scene = Watched(renderer=SinkRenderer(Nothing()))
        scene.render()
    return scene, outside


@pytest.mark.render
@pytest.mark.parametrize("name", NAMES)
def test_a_scene_runs_in_its_time_and_inside_the_frame(name: str) -> None:
    scene, outside = run(name, watch=True)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []
    assert [mark.line for mark in scene.marks if mark.late_cues or mark.shortened] == []


@pytest.mark.render
@pytest.mark.parametrize(
    "values",
    [
        {"alpha": 0.001},
        {"alpha": 0.55, "start": (-3.0, 2.0)},
        {"alpha": 5, "steps": 200},
        {"steps": 0},
        {"start": (0.0, 0.5)},
        {"start": (3.0, 0.0), "alpha": 0.5},
    ],
)
def test_descent_survives_any_parameters(values: dict[str, object]) -> None:
    scene, outside = run("Descent", watch=True, **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.render
@pytest.mark.parametrize("name", NAMES)
def test_other_starts_move_the_whole_picture(name: str) -> None:
    field = "point" if name == "Quiz" else "start"
    run(name, **{field: (0.9, -0.4)})


@pytest.mark.render
def test_a_scene_reflows_in_portrait() -> None:
    _, outside = run("Sideways", watch=True, size=(1080, 1920))
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Descent", {"start": (9.0, 2.0)}, "must lie on the map"),
        ("Descent", {"start": (0.0, 0.0)}, "bottom of the bowl"),
        ("Descent", {"steps": -1}, "greater than or equal to 0"),
        ("Descent", {"alpha": "much"}, "valid number"),
        ("Compass", {"alpha": 0.1}, "has no parameter 'alpha'"),
        ("Sideways", {"closest": 0}, "greater than"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        run(name, **values)


def test_the_lecture_keeps_its_promises() -> None:
    words = sum(len(line.words) for scene in LECTURE.scenes for line in scene.lines.values())
    assert 550 <= words <= 850
    longest = max(len(line.words) for scene in LECTURE.scenes for line in scene.lines.values())
    assert longest <= 35
    assert [question.right.text for question in LECTURE.quiz] == ["$(6, 4)$"]
