"""Loops, posters and the video of a chapter: what a script says of them, and every slip told at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vcalc_anim.course import LOOP_LINE, LinePicture, load_course, loop_scene, loop_timeline
from vcalc_anim.errors import InputError

VIDEO = """
[video]
short = "Compass"
thumbnail = { scene = "Compass", line = "peak" }
words = "Straight up"
tags = ["gradient"]

[[scene]]
name = "Quiz"
"""
LOOPS = """\
alpha = 0.15
[[scene.loop]]
name = "CompassLoop"
seconds = 8
"""
LOOP_CLASS = """

class CompassLoop(LoopScene, Compass):
    def construct(self):
        with self.once_around() as line:
            self.turn(line.left)
"""


@pytest.fixture
def shown(desk: Any) -> Any:
    """The small course with a loop, a poster and the video of its chapter."""
    desk.edit("script", '\n[[scene]]\nname = "Quiz"\n', VIDEO)
    desk.edit("script", "alpha = 0.15\n", LOOPS)
    desk.edit("script", 'title = "Every', 'poster = "peak"\ntitle = "Every')
    path = desk.path("py")
    path.write_text(path.read_text(encoding="utf-8") + LOOP_CLASS, encoding="utf-8")
    return desk


def test_a_script_says_how_its_scenes_are_shown_elsewhere(shown: Any) -> None:
    lecture = load_course(Path("scenes")).lectures[0]
    compass, quiz = lecture.scenes
    assert (compass.poster_line, quiz.poster_line) == ("peak", "ask")
    assert lecture.video is not None
    assert (lecture.video.short, lecture.video.words) == ("Compass", "Straight up")
    assert lecture.video.thumbnail == LinePicture("Compass", "peak")
    assert f"scenes/ch04_gradient.toml:{lecture.video.line}" == shown.at("script", "[video]")
    assert [loop.name for loop in compass.loops] == ["CompassLoop"]
    assert compass.loop() == compass.loop("compassloop") == compass.loops[0]


def test_a_loop_is_a_silent_scene_that_ends_with_its_first_frame(shown: Any) -> None:
    compass = load_course(Path("scenes")).lectures[0].scenes[0]
    scene = loop_scene(compass, compass.loop())
    assert (scene.name, list(scene.lines), scene.params) == ("CompassLoop", [LOOP_LINE], compass.params)
    assert scene.lines[LOOP_LINE].silence == 8
    timeline = loop_timeline(compass.loop(), 30)
    assert (timeline.lead, timeline.frames) == (0, 8 * 30 + 1)


def test_who_asks_for_a_loop_that_is_not_there_hears_what_is(shown: Any) -> None:
    compass, quiz = load_course(Path("scenes")).lectures[0].scenes
    with pytest.raises(InputError, match="no loop 'CompasLoop'; did you mean CompassLoop"):
        compass.loop("CompasLoop")
    with pytest.raises(InputError) as caught:
        quiz.loop()
    assert str(caught.value.problems[0]).startswith(shown.at("script", "[[scene]]", 2))


SLIPS = {
    "poster of no line": ('poster = "peak"', 'poster = "peek"', 'poster = "peek"', "did you mean peak?"),
    "loop without class": ('"CompassLoop"', '"CompassLop"', "[[scene.loop]]", "did you mean CompassLoop?"),
    "loop of no time": ("seconds = 8", "seconds = 0", "seconds = 0", "should be above 0"),
    "loop without end": ("seconds = 8", "seconds = 90", "seconds = 90", "should be at most 60"),
    "short of no scene": (
        'short = "Compass"',
        'short = "Compas"',
        'short = "Compas"',
        "did you mean Compass?",
    ),
    "thumbnail of no line": (
        'scene = "Compass", line = "peak"',
        'scene = "Compass", line = "peek"',
        "thumbnail",
        "did you mean peak?",
    ),
    "video without words": ('words = "Straight up"\n', "", "[video]", '[video] has no "words"'),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_is_told_at_its_place(shown: Any, slip: str) -> None:
    old, new, needle, mend = SLIPS[slip]
    shown.edit("script", old, new)
    complaint = shown.complaint()
    assert complaint.startswith(shown.at("script", needle) + ":"), complaint
    assert mend in complaint
