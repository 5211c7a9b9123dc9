"""The gates of captions and cues: read against heard, shown against said; each bad case caught, each near miss let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from small_films import RATE, Recipe, make_film
from tiny_course import Bench

from vcalc_anim.build.manifest import Entry
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob
from vcalc_anim.check.captions import check_film, check_shown, spoken_lines, watch_films
from vcalc_anim.check.cues import CueInspector, check_marks, read_marks
from vcalc_anim.check.film import Film, measure_film
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.inventory import check_output
from vcalc_anim.course import Lecture, Line, SceneScript, load_course, parse_line
from vcalc_anim.voice import Caption, Speech, captions, mix, to_srt, to_vtt

FPS = 30
SCRIPT = Path("scenes/ch01_probe.toml")
WORDS = [
    {
        "open": "Here is a {dot}dot on a line.",
        "wait": 0.5,
        "move": "It {slides}slides down to the {floor}floor.",
    },
    {"close": "And there it {rests=0}rests for ever."},
]


def speech_of(count: int, seed: int, seconds: float = 0.28) -> Speech:
    """Words of noise, each as long as the next, with a breath before each."""
    n = round(seconds * RATE)
    random = np.random.default_rng(seed)
    word = np.convolve(random.standard_normal(count * n), np.ones(12) / 12, mode="same")
    loud = np.tile(np.concatenate([np.zeros(n // 10), np.full(n - n // 10, 0.6)]), count)
    samples = np.clip(word * loud, -1, 1).astype(np.float32)
    return Speech(samples, RATE, tuple(((k + 0.1) * seconds, (k + 1) * seconds) for k in range(count)))


def scene_of(name: str, words: dict[str, str | float], seed: int, mute: bool = False) -> NarratedScene:
    lines, speech = {}, {}
    for number, (key, text) in enumerate(words.items(), start=10 * seed):
        if isinstance(text, str):
            markup = parse_line(text)
            lines[key] = Line(
                key, markup.words, {cue.name: cue for cue in markup.cues}, 0.4, None, SCRIPT, number
            )
            said = speech_of(len(markup.words), number)
            speech[key] = replace(said, samples=np.zeros_like(said.samples)) if mute else said
        else:
            lines[key] = Line(key, (), {}, 0.0, text, SCRIPT, number)
    return NarratedScene(SceneScript(name, name, lines, {}, SCRIPT, 1), speech)


def narration(mute: bool = False) -> list[NarratedScene]:
    return [scene_of(f"Scene{k}", words, k, mute) for k, words in enumerate(WORDS, 1)]


@dataclass(frozen=True)
class Studio:
    """A lecture and its film; ``make`` mixes the sound anew, with lines moved or taken away."""

    folder: Path
    scenes: list[NarratedScene]

    @property
    def frames(self) -> int:
        return sum(scene.timeline(FPS).frames for scene in self.scenes)

    def sound(self, moved: Sequence[float], muted: Sequence[int] = ()) -> NDArray[np.float32]:
        lines = spoken_lines(self.scenes, FPS)
        placed = [
            (round((line.start + late) * RATE), line.speech)
            for number, (line, late) in enumerate(zip(lines, moved, strict=True))
            if number not in muted
        ]
        track = mix(placed, round(self.frames / FPS * RATE))
        return np.repeat(0.8 * track[:, None], 2, axis=1)  # no loudness is judged here

    def make(self, moved: Sequence[float] = (0, 0, 0), muted: Sequence[int] = (), **changes: Any) -> Film:
        recipe = replace(Recipe(size=(32, 18), frames=self.frames), **changes)
        path = make_film(self.folder / "film.mp4", recipe, self.sound(moved, muted))
        self.caption(captions([line.words() for line in spoken_lines(self.scenes, FPS)]))
        return measure_film(path)

    def caption(self, shown: list[Caption], vtt: list[Caption] | None = None) -> list[Caption]:
        (self.folder / "film.en.srt").write_text(to_srt(shown), encoding="utf-8")
        (self.folder / "film.en.vtt").write_text(to_vtt(shown if vtt is None else vtt), encoding="utf-8")
        return shown

    def check(self, film: Film) -> list[Finding]:
        return check_film(film, self.scenes, "ch01-probe", "en")


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, narration())


def rules(findings: Sequence[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


# -- sound against the plan ---------------------------------------------------------------------------------------


def test_a_film_as_a_build_makes_it_passes(studio: Studio) -> None:
    assert studio.check(studio.make()) == []


@pytest.mark.parametrize(
    ("moved", "broken"),
    [
        ((0.03, 0.03, 0.03), set()),
        ((-0.03, -0.03, -0.03), set()),
        ((0.036, 0.036, 0.036), {"sync.sound"}),
        ((-0.036, -0.036, -0.036), {"sync.sound"}),
        ((0.15, 0.15, 0.15), {"sync.sound", "captions.start"}),
        ((0.0, 0.2, 0.0), {"sync.sound", "captions.start"}),
        ((-0.015, 0.0, 0.024), set()),
        ((-0.02, 0.0, 0.022), {"sync.drift"}),
        ((0.0, 0.7, 0.0), {"sync.unheard"}),
    ],
)
def test_a_voice_that_moved_is_measured(moved: tuple[float, ...], broken: set[str], studio: Studio) -> None:
    assert rules(studio.check(studio.make(moved))) == broken


def test_a_line_that_is_not_heard_is_named(studio: Studio) -> None:
    (finding,) = studio.check(studio.make(muted=[1]))
    assert (finding.rule, finding.scene, finding.line) == ("sync.unheard", "Scene1", "move")
    start = studio.scenes[0].timeline(FPS).line("move").start
    assert finding.seconds == pytest.approx(start / FPS)
    assert (finding.file, finding.line_number) == (SCRIPT, 12)


def test_other_words_in_the_same_place_are_not_these(studio: Studio) -> None:
    film = studio.make()
    studio.scenes[1].speech["close"] = speech_of(6, seed=999)
    assert rules(studio.check(film)) == {"sync.unheard"}


def test_a_silent_track_where_a_voice_should_speak_is_caught(studio: Studio) -> None:
    assert [finding.rule for finding in studio.check(studio.make(gain=0.0))] == ["sync.unheard"] * 3


def test_a_film_without_sound_has_its_captions_by_the_plan(studio: Studio) -> None:
    assert studio.check(studio.make(audio=None)) == []


def test_a_voice_that_says_nothing_has_nothing_to_be_heard(tmp_path: Path) -> None:
    silent = Studio(tmp_path, narration(mute=True))
    assert silent.check(silent.make(gain=0.0)) == []


def test_a_film_of_other_words_asks_for_a_build_and_says_nothing_else(studio: Studio) -> None:
    film = studio.make(frames=studio.frames + 1)
    (finding,) = studio.check(film)
    assert finding.rule == "captions.stale"
    assert f"{studio.frames + 1} frames" in finding.message and f"{studio.frames}:" in finding.message


# -- captions against the words -----------------------------------------------------------------------------------


def move(shown: list[Caption], number: int, seconds: float) -> list[Caption]:
    moved = replace(shown[number], start=shown[number].start + seconds, end=shown[number].end + seconds)
    return [moved if k == number else caption for k, caption in enumerate(shown)]


def shown_by(studio: Studio) -> list[Caption]:
    return captions([line.words() for line in spoken_lines(studio.scenes, FPS)])


@pytest.mark.parametrize(
    ("spoil", "broken"),
    [
        (lambda c: move(c, 0, 0.1), set()),
        (lambda c: move(c, 0, 0.102), {"captions.start"}),
        (lambda c: move(c, 0, -0.102), {"captions.start"}),
        (lambda c: [c[0], replace(c[1], lines=("It slides down to the door.",)), c[2]], {"captions.text"}),
        (lambda c: c[:-1], {"captions.text"}),
        (lambda c: [*c[:-1], replace(c[-1], end=60.0)], {"captions.end", "captions.duration"}),
        (lambda c: [replace(c[0], end=c[0].start + 0.5), *c[1:]], {"captions.duration", "captions.speed"}),
        (lambda c: [replace(c[0], end=c[1].start - 0.03), *c[1:]], {"captions.gap"}),
        (lambda c: [replace(c[0], end=c[1].start - 0.07), *c[1:]], set()),
        (lambda c: [replace(c[0], end=c[1].start), *c[1:]], set()),
        (lambda c: [replace(c[0], end=c[1].start + 0.01), *c[1:]], {"captions.overlap"}),
        (lambda c: [replace(c[0], lines=("Here is a", "dot on a line.")), *c[1:]], {"captions.break"}),
        (lambda c: [replace(c[0], lines=("Here is a dot", "on a line.")), *c[1:]], set()),
    ],
)
def test_captions_are_held_against_the_words(spoil: Any, broken: set[str], studio: Studio) -> None:
    lines = spoken_lines(studio.scenes, FPS)
    spoilt = spoil(shown_by(studio))
    found = check_shown(spoilt, lines, [line.words() for line in lines], studio.frames / FPS, "ch01-probe")
    assert rules(found) == broken


def test_captions_are_held_against_what_is_heard_and_not_against_the_plan(studio: Studio) -> None:
    """80 ms late is still allowed by the plan; the voice that comes 30 ms early makes it 110."""
    film = studio.make((-0.03, -0.03, -0.03))
    studio.caption(move(shown_by(studio), 1, 0.08))
    (finding,) = studio.check(film)
    assert (finding.rule, finding.scene, finding.line) == ("captions.start", "Scene1", "move")


def test_both_files_break_a_rule_once(studio: Studio) -> None:
    film = studio.make()
    studio.caption(move(shown_by(studio), 2, 0.2))
    (finding,) = studio.check(film)
    assert (finding.scene, finding.line, finding.line_number) == ("Scene2", "close", 20)
    offset = studio.scenes[0].timeline(FPS).frames / FPS
    assert finding.seconds == pytest.approx(shown_by(studio)[2].start + 0.2 - offset, abs=0.001)


def test_a_fault_of_one_format_is_caught_alone(studio: Studio) -> None:
    film = studio.make()
    studio.caption(shown_by(studio), vtt=shown_by(studio)[:-1])
    assert rules(studio.check(film)) == {"captions.text"}


def test_missing_captions_are_a_finding(studio: Studio) -> None:
    film = studio.make()
    (studio.folder / "film.en.vtt").unlink()
    (studio.folder / "film.en.srt").write_text("no captions", encoding="utf-8")
    assert [finding.rule for finding in studio.check(film)] == ["captions.missing"] * 2


def test_a_clip_is_held_against_the_voice_that_fits_it(tmp_path: Path) -> None:
    usual = Studio(tmp_path, [scene_of("Scene1", WORDS[0], 1)])
    film = usual.make((0, 0))
    slow = scene_of("Scene1", WORDS[0], 1)
    slow.speech["open"] = speech_of(7, 10, seconds=0.4)
    lecture = Lecture(
        1, "ch01-probe", "P", "Why?", (), (usual.scenes[0].script,), (), SCRIPT, SCRIPT.with_suffix(".py")
    )
    other = replace(lecture, scenes=(slow.script,))
    narrations = [NarratedLecture(other, (slow,)), NarratedLecture(lecture, tuple(usual.scenes))]
    entry = Entry("film.mp4", "clip", "ch01-probe", "", "", 0, "Scene1")
    assert list(watch_films(narrations, "en")(entry, film)) == []
    assert rules(watch_films(narrations[:1], "en")(entry, film)) == {"captions.stale"}  # type: ignore[arg-type]
    assert list(watch_films([], "en")(entry, film)) == []
    card = Entry("card.mp4", "quiz", "ch01-probe", "", "", 0)  # silent: it was held against the whole lecture
    assert list(watch_films(narrations[:1], "en")(card, film)) == []


@pytest.mark.render
def test_a_built_course_passes_both_gates(template: Bench) -> None:
    from vcalc_anim.build.pipeline import narrate_all
    from vcalc_anim.build.project import Project

    project = Project(template.root)
    narrations = narrate_all(project, project.course.lectures, project.voice(None))
    findings = check_output(template.out, watch=watch_films(narrations, "en"))
    assert findings == []


# -- cues against the picture -------------------------------------------------------------------------------------


class Thing:
    """An item as the pass hands it on: one object as long as its mobject looks the same."""

    def __init__(self, mobject: object) -> None:
        self.mobject = mobject


SCENE = narration()[0]
CUES = {
    cue: timing.start + frame for timing in SCENE.timeline(15).lines for cue, frame in timing.cues.items()
}


def unmarked(changes: dict[int, set[int]], scene: NarratedScene = SCENE) -> list[str]:
    """The cues at which nothing happens, when the things with the given numbers change at the given frames."""
    timeline = scene.timeline(15)
    inspector = CueInspector(scene, timeline, "ch01-probe")
    things = [Thing(object()) for _ in range(3)]
    for frame in range(timeline.frames):
        things = [Thing(t.mobject) if k in changes.get(frame, ()) else t for k, t in enumerate(things)]
        if frame in changes or frame == 0:
            inspector.see(SimpleNamespace(frame=frame, items=tuple(things)))  # type: ignore[arg-type]
    findings = inspector.finish()
    assert rules(findings) <= {"cues.still"}
    return [finding.message.split("{")[1].split("}")[0] for finding in findings]


def steady(first: int, last: int, *things: int) -> dict[int, set[int]]:
    return {frame: set(things) for frame in range(first, last)}


def test_a_word_at_which_nothing_happens_is_found() -> None:
    assert unmarked({}) == ["dot", "slides", "floor"]
    assert unmarked({CUES["dot"]: {0}, CUES["slides"]: {1}, CUES["floor"]: {2}}) == []


@pytest.mark.parametrize("away", [-5, -4, 0, 4, 5])
def test_what_happens_within_the_limit_belongs_to_the_word(away: int) -> None:
    assert "floor" not in unmarked({CUES["floor"] + away: {0}})


@pytest.mark.parametrize("away", [-7, 6, 9])
def test_what_happens_later_or_earlier_does_not(away: int) -> None:
    assert "floor" in unmarked({CUES["floor"] + away: {0}})


def test_a_motion_that_runs_through_a_word_points_at_nothing() -> None:
    around = steady(CUES["floor"] - 12, CUES["floor"] + 12, 0)
    assert "floor" in unmarked(around)
    assert "floor" not in unmarked(steady(CUES["floor"] - 12, CUES["floor"] + 1, 0))  # it ends there
    joined = {frame: things | ({1} if frame >= CUES["floor"] else set()) for frame, things in around.items()}
    assert "floor" not in unmarked(joined)  # another one begins


def test_a_cue_that_claims_a_number_may_stand_alone() -> None:
    assert unmarked({}, narration()[1]) == []


def test_a_finding_on_a_cue_names_its_place() -> None:
    timeline = SCENE.timeline(15)
    inspector = CueInspector(SCENE, timeline, "ch01-probe")
    finding = inspector.finish()[-1]
    assert finding.place == f"ch01-probe Scene1 move {CUES['floor'] / 15:.1f} s"
    assert "'floor.' at {floor}" in finding.message and finding.line_number == 12


def marks(**changes: Any) -> list[dict[str, Any]]:
    timeline = SCENE.timeline(FPS)
    usual = [
        {"line": t.name, "start": t.start, "end": t.end, "late_cues": [], "shortened": 0}
        for t in timeline.lines
    ]
    return [mark | changes if mark["line"] == "move" else mark for mark in usual]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, None),
        ({"late_cues": ["floor"]}, "cues.late"),
        ({"shortened": 1}, "cues.shortened"),
        ({"end": 1}, "cues.stale"),
        ({"line": "gone"}, "cues.stale"),
    ],
)
def test_what_the_drawing_noted_becomes_a_finding(changes: dict[str, Any], rule: str | None) -> None:
    found = check_marks(SCENE, SCENE.timeline(FPS), marks(**changes), "ch01-probe")
    assert [(finding.rule, finding.line) for finding in found] == ([(rule, "move")] if rule else [])


@pytest.mark.parametrize(("away", "found"), [(9, 0), (-9, 0), (10, 1), (-10, 1)])
def test_cues_are_planned_at_their_words(away: int, found: int) -> None:
    timeline = SCENE.timeline(FPS)
    moved = [
        replace(t, cues={cue: at + (away if cue == "floor" else 0) for cue, at in t.cues.items()})
        for t in timeline.lines
    ]
    findings = check_marks(SCENE, replace(timeline, lines=tuple(moved)), marks())
    assert [finding.rule for finding in findings] == ["cues.planned"] * found


def test_marks_are_read_from_beside_the_video(tmp_path: Path) -> None:
    record = tmp_path / "scene.json"
    record.write_text('{"sha256": "", "marks": [{"line": "a"}]}')
    assert read_marks(record) == [{"line": "a"}]
    for bad in ("{", "[]", "{}"):
        record.write_text(bad)
        with pytest.raises(ValueError, match="build the chapter again"):
            read_marks(record)


TWO_CUES = "And off it {goes}goes to the other {side}side."
ACTS = "self.play(dot.animate.shift(2 * RIGHT), run_time=line.until('side'))"
PLAIN = "self.play(dot.animate.shift(2 * RIGHT), run_time=line.left)"
IGNORES = f"line.until('side'); {PLAIN}"


@pytest.mark.render
@pytest.mark.parametrize(("motion", "still"), [(ACTS, []), (IGNORES, ["side"])])
def test_a_scene_on_the_stage_is_watched(motion: str, still: list[str], bench: Bench) -> None:
    from vcalc_anim.check.scene_pass import inspect

    bench.edit("script", "And off it goes.", TWO_CUES)
    bench.edit("py", PLAIN, f"line.at('goes')\n            {motion}")
    lecture = load_course(bench.root / "scenes").lectures[0]
    script = lecture.scene("Sliding")
    narrated = NarratedScene(script, {"slide": speech_of(8, 1)})
    timeline = narrated.timeline(15)
    job = RenderJob(lecture.script, "Sliding", timeline, Quality("check", 144, 15))
    findings, _ = inspect(job, [CueInspector(narrated, timeline, lecture.slug)], lines=144)
    assert [finding.message.split("{")[1].split("}")[0] for finding in findings] == still
