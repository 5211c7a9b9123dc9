"""A scene lasts exactly as long as its words, and says so when script, scene and core disagree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import Circle, Dot, FadeIn, Mobject
from pydantic import Field

from vcalc_anim.course import Lecture, SceneScript, estimate_spans, parse_line, scene_timeline
from vcalc_anim.course import Line as ScriptLine
from vcalc_anim.errors import InputError
from vcalc_anim.raster import Parts
from vcalc_anim.stage import LectureScene, SceneParams
from vcalc_anim.stage.lecture_scene import Staging, staged
from vcalc_anim.stage.renderer import SinkRenderer, drawing

SCRIPT = Path("scenes/ch01_probe.toml")
WORDS = {
    "one": "Here is a {dot}dot, and there it is {gone}gone.",
    "two": "Ten is {ten=10}ten, about {third≈0.33}third.",
}


class Frames:
    """Keeps how many frames each picture was shown for."""

    def __init__(self, drawn: bool = False) -> None:
        self.shown: list[tuple[int, int, np.ndarray]] = []
        self.drawn = drawn

    def wants(self, first: int, count: int) -> bool:
        return self.drawn

    def add(self, first: int, pixels: np.ndarray, count: int, changed: Parts = None) -> None:
        self.shown.append((first, count, pixels.copy()))


def script_of(words: dict[str, str | float], params: dict[str, object] | None = None) -> SceneScript:
    lines = {}
    for number, (name, text) in enumerate(words.items(), start=10):
        if isinstance(text, str):
            markup = parse_line(text)
            cues = {cue.name: cue for cue in markup.cues}
            lines[name] = ScriptLine(name, markup.words, cues, 0.4, None, SCRIPT, number)
        else:
            lines[name] = ScriptLine(name, (), {}, 0.0, text, SCRIPT, number)
    return SceneScript("Probe", "A probe", lines, params or {}, SCRIPT, 9)


def stage(
    scene: type[LectureScene], words: dict[str, str | float], **given: object
) -> tuple[LectureScene, Frames]:
    fps, overrides = 15, given.pop("overrides", {})
    script = script_of(words, given.pop("params", None))
    spans = {name: estimate_spans(line.spoken) for name, line in script.lines.items() if line.silence is None}
    lecture = Lecture(1, "ch01-probe", "Probes", "Why?", (), (script,), (), SCRIPT, SCRIPT.with_suffix(".py"))
    frames = Frames(bool(given.pop("drawn", False)))
    staging = Staging(lecture, script, scene_timeline(script, spans, fps), overrides, **given)
    with drawing(160, 90, fps, "#06080B"), staged(staging):
        built = scene(renderer=SinkRenderer(frames))
        built.render()
    return built, frames


class Tells(LectureScene):
    def construct(self) -> None:
        dot = Dot()
        with self.line("one") as line:
            self.play(FadeIn(dot), run_time=line.until("dot"))
            line.at("gone")
            self.remove(dot)
        with self.line("two") as line:
            line.at("ten", says=10.0)
            line.at("third", says=1 / 3)


def test_a_scene_has_the_frames_of_its_timeline() -> None:
    scene, _ = stage(Tells, WORDS)
    assert scene.renderer.frame == scene.frame == scene.staging.timeline.frames
    assert [mark.line for mark in scene.marks] == ["one", "two"]
    assert all(mark.late_cues == [] and mark.shortened == 0 for mark in scene.marks)


def test_cues_happen_at_their_words() -> None:
    seen: dict[str, int] = {}

    class Notes(Tells):
        def remove(self, *mobjects: Mobject) -> LectureScene:
            if any(isinstance(m, Dot) for m in mobjects):
                seen["gone"] = self.frame
            return super().remove(*mobjects)

    scene, _ = stage(Notes, WORDS)
    timing = scene.staging.timeline.line("one")
    assert seen["gone"] == timing.start + timing.cues["gone"]


def test_the_first_frame_shows_the_picture_and_the_last_one_the_background() -> None:
    class Opens(LectureScene):
        def construct(self) -> None:
            self.open(Circle(radius=3, fill_opacity=1))
            with self.line("one"):
                pass

    _, frames = stage(Opens, {"one": "One."}, drawn=True)
    first, last = frames.shown[0][2], frames.shown[-1][2]
    assert len(np.unique(first[..., :3].reshape(-1, 3), axis=0)) > 1
    assert len(np.unique(last[..., :3].reshape(-1, 3), axis=0)) == 1


def test_long_animations_are_shortened_to_the_line_and_reported() -> None:
    class Hurries(LectureScene):
        def construct(self) -> None:
            with self.line("one"):
                self.play(FadeIn(Dot()), run_time=60)
                self.play(FadeIn(Dot()), run_time=1)

    scene, _ = stage(Hurries, {"one": "One."})
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert scene.marks[0].shortened == 2
    assert sum(isinstance(m, Dot) for m in scene.mobjects) == 2  # the one without time is there all the same


def test_a_cue_that_has_passed_is_reported() -> None:
    class Late(LectureScene):
        def construct(self) -> None:
            with self.line("one") as line:
                self.hold(1.2)
                line.at("early")

    scene, _ = stage(Late, {"one": "{early}One two three four five six."})
    assert scene.marks[0].late_cues == ["early"]


def test_silence_has_its_length() -> None:
    class Thinks(LectureScene):
        def construct(self) -> None:
            with self.line("think") as line:
                assert line.left == 2.0

    scene, _ = stage(Thinks, {"think": 2.0})
    assert scene.staging.timeline.line("think").frames == 30


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (12.0, 'probe.toml:11: line "two" claims 10 at {ten}, but the core gives 12: change the words'),
        (None, "the scene gives no number from the core"),
    ],
)
def test_words_and_numbers_that_disagree_stop_the_scene(value: float | None, complaint: str) -> None:
    class Wrong(Tells):
        def construct(self) -> None:
            with self.line("one"):
                pass
            with self.line("two") as line:
                line.at("ten", says=value)

    with pytest.raises(InputError) as error:
        stage(Wrong, WORDS)
    assert complaint in str(error.value)


def test_nobody_hears_the_claims_of_a_silent_clip() -> None:
    class Wrong(Tells):
        def construct(self) -> None:
            with self.line("one"):
                pass
            with self.line("two") as line:
                line.at("ten", says=-1.0)

    stage(Wrong, WORDS, checks_claims=False)


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        (["one"], 'never tells line "two"'),
        (["two", "one"], "out of the script's order"),
        (["one", "one"], 'line "one" was already told'),
        (["one", "three"], 'line "three" is not in the script'),
    ],
)
def test_lines_that_do_not_match_the_script(told: list[str], complaint: str) -> None:
    class Mixed(LectureScene):
        def construct(self) -> None:
            for name in told:
                with self.line(name):
                    pass

    with pytest.raises(InputError, match=complaint.replace("(", r"\(")):
        stage(Mixed, {"one": "One.", "two": "Two."})


def test_an_unknown_cue_is_named() -> None:
    class Unknown(LectureScene):
        def construct(self) -> None:
            with self.line("one") as line:
                line.at("nowhere")

    with pytest.raises(InputError, match=r"no cue \{nowhere\}"):
        stage(Unknown, {"one": "One."})


class Steps(LectureScene):
    class Params(SceneParams):
        alpha: float = Field(0.15, gt=0)
        start: tuple[float, float] = (3.0, 2.0)

    def construct(self) -> None:
        with self.line("one"):
            pass


@pytest.mark.parametrize(
    ("params", "overrides", "alpha"),
    [({}, {}, 0.15), ({"alpha": 0.2}, {}, 0.2), ({"alpha": 0.2}, {"alpha": "0.55"}, 0.55)],
)
def test_parameters_come_from_scene_script_and_command_line(
    params: dict[str, object], overrides: dict[str, object], alpha: float
) -> None:
    scene, _ = stage(Steps, {"one": "One."}, params=params, overrides=overrides)
    assert scene.params.alpha == alpha


@pytest.mark.parametrize(
    ("params", "overrides", "complaint"),
    [
        ({}, {"beta": "1"}, "scene Probe has no parameter 'beta'; it has: alpha, start"),
        ({}, {"alpha": "fast"}, "parameter 'alpha' of scene Probe"),
        ({}, {"alpha": "-1"}, "greater than 0"),
        ({}, {"alpha": "nan"}, "finite"),
        ({}, {"start": ["1"]}, "parameter 'start"),
        ({"beta": 1}, {}, "scenes/ch01_probe.toml:9: scene Probe has no parameter 'beta'"),
    ],
)
def test_unusable_parameters_are_named(
    params: dict[str, object], overrides: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InputError) as error:
        stage(Steps, {"one": "One."}, params=params, overrides=overrides)
    assert complaint in str(error.value)


def test_a_base_class_is_no_scene_to_tell() -> None:
    """``manim -a`` makes a scene of every class in a file, also of those that only serve others."""

    class Serves(LectureScene):
        def helper(self) -> None: ...

    with drawing(160, 90, 15, "#06080B"):
        Serves(renderer=SinkRenderer(Frames())).render()
