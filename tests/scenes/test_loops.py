"""Every loop of the course closes: its last frame is its first, and in between something moves."""

from __future__ import annotations

import numpy as np
import pytest
from filming import COURSE

from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob, stills
from vcalc_anim.course import Lecture, LoopScript, SceneScript, loop_timeline

LOOPS = [
    pytest.param(lecture, scene, loop, id=f"{lecture.slug}-{loop.name}")
    for lecture in COURSE.lectures
    for scene in lecture.scenes
    for loop in scene.loops
]
SMALL = Quality("test", 240, 10)
SAME = 2  # levels of a channel
MOVED = 30


def frames_of(
    lecture: Lecture, scene: SceneScript, loop: LoopScript, shares: list[float]
) -> list[np.ndarray]:
    """The frames of *loop* at these *shares* of once around, as arrays of levels."""
    timeline = loop_timeline(loop, SMALL.fps)
    job = RenderJob(lecture.script, scene.name, timeline, SMALL, loop=loop.name)
    pictures = stills(job, [round(share * (timeline.frames - 1)) for share in shares])
    return [np.asarray(picture, dtype=int) for picture in pictures]


@pytest.mark.render
@pytest.mark.parametrize(("lecture", "scene", "loop"), LOOPS)
def test_a_loop_ends_as_it_began_and_moves_in_between(
    lecture: Lecture, scene: SceneScript, loop: LoopScript
) -> None:
    first, *between, last = frames_of(lecture, scene, loop, [0.0, 0.25, 0.4, 1.0])
    assert np.abs(last - first).max() <= SAME, "the picture jumps where the loop begins again"
    assert all(np.abs(frame - first).max() > MOVED for frame in between), "the loop stands still"


@pytest.mark.parametrize(("lecture", "scene", "loop"), LOOPS)
def test_a_loop_is_short_enough_for_a_slide(lecture: Lecture, scene: SceneScript, loop: LoopScript) -> None:
    assert 6 <= loop.seconds <= 10
