"""From word times to frames: whole frames, nothing lost, cues where their words are."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcalc_anim.course import (
    Cue,
    Line,
    LineTiming,
    SceneScript,
    SceneTimeline,
    Word,
    estimate_speech,
    parse_line,
    scene_timeline,
)
from vcalc_anim.errors import InputError

FILE = Path("scenes/ch04_gradient.toml")


def line(name: str, text: str | float, rest: float = 0.4, at: int = 1) -> Line:
    if isinstance(text, float):
        return Line(name, (), {}, 0.0, text, FILE, at)
    markup = parse_line(text)
    return Line(name, markup.words, {cue.name: cue for cue in markup.cues}, rest, None, FILE, at)


def scene(*lines: Line) -> SceneScript:
    return SceneScript("Compass", "Title", {entry.name: entry for entry in lines}, {}, FILE, 1)


def test_a_scene_is_laid_out_in_whole_frames() -> None:
    script = scene(line("a", "one {k}two"), line("think", 3.0), line("b", "{now}three", rest=1.0))
    speech = {"a": [(0.0, 0.5), (0.61, 1.01)], "b": [(0.04, 0.5)]}
    timeline = scene_timeline(script, speech, fps=30)
    assert timeline == SceneTimeline(
        fps=30,
        lead=15,
        lines=(
            LineTiming("a", 15, 43, {"k": 18}),  # (1.01 + 0.4) * 30 = 42.3
            LineTiming("think", 58, 90, {}),
            LineTiming("b", 148, 45, {"now": 1}),
        ),
        tail=18,
    )
    assert timeline.frames == 211
    assert timeline.seconds == pytest.approx(211 / 30)
    assert timeline.line("b").end == timeline.frames - timeline.tail


def test_binary_rounding_adds_no_frame() -> None:
    assert math.ceil((0.8 + 0.4) * 30) == 37  # what plain arithmetic makes of 36 frames
    assert scene_timeline(scene(line("a", "one")), {"a": [(0.0, 0.8)]}, 30).lines[0].frames == 36


def test_the_shortest_silence_is_one_frame() -> None:
    assert scene_timeline(scene(line("a", 0.001)), {}, 30).lines[0].frames == 1


@given(
    st.lists(st.lists(st.floats(0.001, 2), min_size=1, max_size=8), min_size=1, max_size=5),
    st.sampled_from([15, 24, 25, 30, 50, 60]),
    st.floats(0, 2),
)
def test_lines_follow_each_other_and_cues_are_at_the_nearest_frame(
    lengths: list[list[float]], fps: int, rest: float
) -> None:
    lines, speech = [], {}
    for number, words in enumerate(lengths):
        ends = [sum(words[: i + 1]) for i in range(len(words))]
        speech[f"l{number}"] = list(zip([0.0, *ends[:-1]], ends, strict=True))
        cues = {f"c{i}": Cue(f"c{i}", i) for i in range(len(words))}
        lines.append(Line(f"l{number}", (Word("w", "w"),) * len(words), cues, rest, None, FILE, 1))
    timeline = scene_timeline(scene(*lines), speech, fps)
    at = timeline.lead
    for timing in timeline.lines:
        spans = speech[timing.name]
        assert timing.start == at
        at += timing.frames
        spoken = (spans[-1][1] + rest) * fps
        assert spoken - 1e-5 <= timing.frames < spoken + 1 or timing.frames == 1
        for i, (start, _) in enumerate(spans):
            assert abs(timing.cues[f"c{i}"] - start * fps) <= 0.5 + 1e-9
    assert timeline.frames == at + timeline.tail
    assert SceneTimeline.from_json(timeline.to_json()) == timeline


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        (None, "has no speech; narrate it before planning"),
        ([(0.0, 1.0)], "has 2 words but speech for 1; narrate it again"),
        ([(0.0, 1.0), (0.5, 0.4)], "negative or out of order"),
        ([(0.5, 1.0), (0.4, 1.1)], "negative or out of order"),
        ([(-0.1, 1.0), (1.0, 1.1)], "negative or out of order"),
        ([(0.0, 1.0), (1.0, math.inf)], "negative or out of order"),
        ([(0.0, 1.0), (1.0, math.nan)], "negative or out of order"),
    ],
)
def test_speech_that_does_not_fit_names_the_line(
    spans: list[tuple[float, float]] | None, message: str
) -> None:
    speech = {} if spans is None else {"a": spans}
    with pytest.raises(InputError) as caught:
        scene_timeline(scene(line("a", "one two", at=12)), speech, 30)
    assert str(caught.value).startswith('scenes/ch04_gradient.toml:12: line "a" of scene Compass ')
    assert message in str(caught.value)


def test_all_lines_without_speech_are_listed() -> None:
    with pytest.raises(InputError) as caught:
        scene_timeline(scene(line("a", "one"), line("b", "two"), line("c", 1.0)), {}, 30)
    assert len(caught.value.problems) == 2


def test_frames_a_second_must_be_possible() -> None:
    with pytest.raises(InputError, match="give at least 1"):
        scene_timeline(scene(line("a", 1.0)), {}, 0)


def test_an_unknown_line_names_the_nearest() -> None:
    timeline = scene_timeline(scene(line("turn", 1.0)), {}, 30)
    with pytest.raises(InputError, match="no line 'trun'; did you mean turn?"):
        timeline.line("trun")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"start":15', '"start":16', "starts at frame 16, but 15 frames come before it"),
        ('"frames":30', '"frames":0', "a line lasts at least one"),
        ('"fps":30', '"fps":"fast"', "at fps"),
        ('"fps":30', '"fps":0', "fps of at least 1"),
    ],
)
def test_a_timeline_that_does_not_add_up_is_refused(old: str, new: str, message: str) -> None:
    text = scene_timeline(scene(line("turn", 1.0)), {}, 30).to_json()
    assert old in text
    with pytest.raises(InputError, match=message):
        SceneTimeline.from_json(text.replace(old, new))


def test_an_estimate_is_speech_enough_for_a_timeline() -> None:
    script = scene(line("a", "One {k}two three."), line("b", 2.0))
    timing = scene_timeline(script, estimate_speech(script), 60).line("a")
    assert 0 < timing.cues["k"] < timing.frames
