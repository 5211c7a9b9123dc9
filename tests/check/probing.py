"""One scene made on the spot, run once under the eyes of gates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from vcalc_anim.check.finding import Finding
from vcalc_anim.check.scene_pass import FPS, Inspector, SceneWatcher
from vcalc_anim.core.provenance import Record, recording
from vcalc_anim.course import (
    Lecture,
    Line,
    QuizQuestion,
    SceneScript,
    SceneTimeline,
    estimate_spans,
    parse_line,
    scene_timeline,
)
from vcalc_anim.stage import LectureScene, theme
from vcalc_anim.stage.lecture_scene import Staging, staged
from vcalc_anim.stage.renderer import SinkRenderer, drawing

SCRIPT = Path("scenes/ch01_probe.toml")
Told = Callable[[LectureScene], None]


def script_of(words: dict[str, str]) -> SceneScript:
    lines = {}
    for number, (name, text) in enumerate(words.items(), start=10):
        markup = parse_line(text)
        cues = {cue.name: cue for cue in markup.cues}
        lines[name] = Line(name, markup.words, cues, 0.4, None, SCRIPT, number)
    return SceneScript("Probe", "A probe", lines, {}, SCRIPT, 9)


def lecture_of(script: SceneScript, quiz: tuple[QuizQuestion, ...] = ()) -> Lecture:
    return Lecture(1, "ch01-probe", "Probes", "Why?", (), (script,), quiz, SCRIPT, Path(__file__))


def timeline_of(script: SceneScript) -> SceneTimeline:
    spans = {name: estimate_spans(line.spoken) for name, line in script.lines.items()}
    return scene_timeline(script, spans, FPS)


def run(
    told: Told,
    inspectors: Sequence[Inspector],
    lecture: Lecture,
    base: type[LectureScene] = LectureScene,
    size: tuple[int, int] = (640, 360),
    look: str = "dark",
) -> tuple[list[Finding], Record]:
    """What *inspectors* find in a scene whose ``construct`` is *told*, and the record of its numbers."""
    script = lecture.scenes[0]
    timeline = timeline_of(script)

    class Probe(base):  # type: ignore[misc,valid-type]
        def construct(self) -> None:
            told(self)

    with (
        theme.theme(look) as colours,
        drawing(*size, FPS, colours.roles["background"]),
        staged(Staging(lecture, script, timeline)),
        recording() as record,
    ):
        Probe(renderer=SinkRenderer(SceneWatcher("Probe", timeline, inspectors))).render()
    return [finding for inspector in inspectors for finding in inspector.finish()], record
