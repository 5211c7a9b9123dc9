"""What scripts/same sees: one wrong pixel, a change that is not told, one name for two pictures, a frame too few."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest
from manim import CairoRenderer
from tiny_course import Bench

from vcalc_anim.stage.fast_camera import FastCamera, Sketch

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
LOOP = """\


class Turning(LoopScene):
    def construct(self):
        dot = round_dot().shift(RIGHT)
        self.open(dot)
        with self.once_around() as line:
            self.play(Rotate(dot, 2 * PI, about_point=ORIGIN), run_time=line.left)
"""


@pytest.fixture
def same(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = spec_from_loader("same", SourceFileLoader("same", str(SCRIPTS / "same")))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SMALL = ("--lines", "120", "--fps", "10")


@pytest.mark.render
def test_all_scenes_are_compared_by_several_processes_and_nothing_is_left(
    same: ModuleType, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert same.main([*SMALL, "--jobs", "2"], bench.root) == 0
    assert capsys.readouterr().out.startswith("3 scenes, ")
    assert not bench.out.exists() and not bench.cache.exists()
    assert bench.parts() == []


@pytest.mark.render
def test_loops_and_what_has_no_background_are_compared_too(
    same: ModuleType, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.edit(
        "script",
        'title = "A dot slides"',
        'title = "A dot slides"\nloop = [{ name = "Turning", seconds = 1 }]',
    )
    bench.edit("py", "import RIGHT, Dot", "import ORIGIN, PI, RIGHT, Dot, Rotate")
    bench.edit("py", "import LectureScene,", "import LectureScene, LoopScene,")
    with bench.path("py").open("a") as choreography:
        choreography.write(LOOP)
    assert same.main([*SMALL, "--jobs", "1", "--clips", "ch04:sliding"], bench.root) == 0
    assert capsys.readouterr().out.startswith("4 scenes, ")


def _one_pixel_off(patch: pytest.MonkeyPatch) -> None:
    draw = FastCamera.draw

    def drawn(camera: FastCamera, sketch: Sketch) -> object:
        parts = draw(camera, sketch)
        camera.pixel_array[5, 7, 1] ^= 3
        return parts

    patch.setattr(FastCamera, "draw", drawn)


def _change_not_told(patch: pytest.MonkeyPatch) -> None:
    draw = FastCamera.draw
    drawn = count()
    patch.setattr(FastCamera, "draw", lambda camera, sketch: [[], draw(camera, sketch)][not next(drawn)])


def _one_name_for_two_pictures(patch: pytest.MonkeyPatch) -> None:
    named = count()
    patch.setattr(Sketch, "digest", property(lambda sketch: b"%d" % (next(named) // 3 % 2)))


def _a_frame_too_few(patch: pytest.MonkeyPatch) -> None:
    freeze = CairoRenderer.freeze_current_frame
    patch.setattr(CairoRenderer, "freeze_current_frame", lambda own, seconds: freeze(own, seconds + 0.1))


@pytest.mark.render
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (_one_pixel_off, "1 pixels, by up to "),
        (_change_not_told, "frames differ, first frame "),
        (_one_name_for_two_pictures, "has the name of an earlier one, and looks otherwise"),
        (_a_frame_too_few, "frames, plain Manim "),
    ],
)
def test_what_differs_is_told_with_its_scene(
    same: ModuleType,
    bench: Bench,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    fault: object,
    told: str,
) -> None:
    fault(monkeypatch)  # type: ignore[operator]
    assert same.main([*SMALL, "--jobs", "1", "ch04:Sliding"], bench.root) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("ch04_tiny Sliding: ") and told in first
    assert last.startswith("1 scenes, ") and ": 1 of them differ (" in last


@pytest.mark.parametrize("name", ["ch05", "ch04:Slidin"])
def test_an_unknown_name_is_wrong_input(
    same: ModuleType, bench: Bench, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert same.main([name], bench.root) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("same: ") and "here are: " in line
    assert not bench.out.exists()


@pytest.mark.render
def test_a_scene_that_fails_is_told(
    same: ModuleType, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.edit("py", "shift(2 * RIGHT)", "shift(2 * LEFT)")
    assert same.main([*SMALL, "--jobs", "1"], bench.root) == 1
    assert "scene Sliding fails: NameError" in capsys.readouterr().err
