"""Every play and every hold writes exactly the frames that the plan counted."""

import numpy as np
import pytest
from manim import Dot, FadeIn, Scene, Wait

from vcalc_anim.raster import Parts
from vcalc_anim.stage.renderer import SinkRenderer, drawing
from vcalc_anim.stage.timing import play_seconds, still_seconds, to_frames

RATES = (15, 24, 25, 30, 50, 60)


class Counting:
    def __init__(self) -> None:
        self.frames: list[int] = []

    def wants(self, first: int, count: int) -> bool:
        return False

    def add(self, first: int, pixels: np.ndarray, count: int, changed: Parts = None) -> None:
        raise AssertionError("a frame was drawn that nobody wanted")


@pytest.mark.parametrize("fps", RATES)
def test_manims_own_counting_gives_the_planned_number(fps: int) -> None:
    """The two formulas of Manim 0.22, for every length up to 100 seconds at 30 fps."""
    for frames in range(1, 3000):
        assert len(np.arange(0, play_seconds(frames, fps), 1 / fps)) == frames
        assert int(still_seconds(frames, fps) / (1 / fps)) == frames


@pytest.mark.render
@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_real_scene_has_the_planned_frames(fps: int) -> None:
    plan = [1, 2, 7, 30, 61]

    class Probe(Scene):
        def construct(self) -> None:
            for frames in plan:
                self.play(FadeIn(Dot(), run_time=play_seconds(frames, fps)))
                self.play(Wait(still_seconds(frames, fps), frozen_frame=True))

    with drawing(64, 36, fps, "#000000"):
        scene = Probe(renderer=SinkRenderer(Counting()))
        scene.render()
    assert scene.renderer.frame == 2 * sum(plan)


def test_seconds_go_to_the_nearest_frame() -> None:
    assert [to_frames(s, 30) for s in (0.0, 0.016, 0.017, 1.0, -0.2)] == [0, 0, 1, 30, 0]
