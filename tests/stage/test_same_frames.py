"""The fast way of drawing gives the pixels of plain Manim, frame by frame, for scenes of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from manim import (
    BLUE,
    DOWN,
    LEFT,
    ORIGIN,
    PI,
    RED,
    RIGHT,
    UP,
    Arrow,
    Camera,
    Circle,
    Create,
    Cube,
    DashedLine,
    DecimalNumber,
    FadeIn,
    FadeOut,
    ImageMobject,
    Line,
    MovingCamera,
    MovingCameraScene,
    Rotate,
    Scene,
    Square,
    SurroundingRectangle,
    Text,
    ThreeDAxes,
    ThreeDCamera,
    ThreeDScene,
    Transform,
    ValueTracker,
    VGroup,
    VMobject,
    always_redraw,
    config,
    tempconfig,
)
from manim.renderer.cairo_renderer import CairoRenderer

from vcalc_anim.raster import Parts, Pixels
from vcalc_anim.stage.fast_camera import FastCamera
from vcalc_anim.stage.renderer import Frame, SinkRenderer, drawing

pytestmark = pytest.mark.render

Frames = list[np.ndarray]


class Words(Scene):
    def construct(self) -> None:
        words = VGroup(Text("slope"), Text("of a curve", slant="ITALIC")).arrange(DOWN)
        self.play(FadeIn(words[0], shift=UP), FadeIn(words[1]), run_time=0.4)
        self.wait(0.3)
        self.play(words[1].animate.set_color(RED).scale(1.5), run_time=0.3)


class Turning(ThreeDScene):
    def construct(self) -> None:
        self.set_camera_orientation(phi=1.1, theta=0.4)
        cube = Cube(1.5, fill_opacity=0.7)
        self.add(ThreeDAxes(x_range=(-2, 2), y_range=(-2, 2), z_range=(-1, 1)), cube)
        self.begin_ambient_camera_rotation(rate=2)
        self.wait(0.4)
        self.stop_ambient_camera_rotation()
        self.play(Rotate(cube, PI / 3), run_time=0.3)


class Pictures(Scene):
    def construct(self) -> None:
        pixels = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
        picture = ImageMobject(pixels).scale(4).shift(LEFT * 2)
        self.add(Circle(2, fill_opacity=1, color=BLUE), picture, Square().shift(RIGHT))
        self.play(picture.animate.shift(RIGHT).set_opacity(0.4), run_time=0.4)
        self.wait(0.2)


class SeeThrough(Scene):
    def construct(self) -> None:
        disc = Circle(2, fill_opacity=0.5, stroke_opacity=0.3).set_fill([RED, BLUE])
        ghost = Square(fill_opacity=0, stroke_width=0)
        halo = Text("over").set_stroke(BLUE, 8, background=True)
        self.add(disc, ghost, halo)
        self.play(ghost.animate.set_fill(RED, 0.6), disc.animate.set_stroke(width=0), run_time=0.4)
        self.play(FadeOut(disc), run_time=0.2)


class Zooming(MovingCameraScene):
    def construct(self) -> None:
        shapes = VGroup(Square(), Circle(), DashedLine(LEFT, RIGHT)).arrange(RIGHT)
        self.add(shapes)
        self.play(self.camera.frame.animate.scale(0.4).move_to(shapes[1]), run_time=0.4)
        self.wait(0.2)
        self.play(shapes[1].animate.shift(UP), run_time=0.3)


class Following(Scene):
    def construct(self) -> None:
        t = ValueTracker(0)
        dot = always_redraw(lambda: Circle(0.2, fill_opacity=1).move_to(RIGHT * t.get_value()))
        number = DecimalNumber(0, mob_class=Text).add_updater(
            lambda m: m.set_value(t.get_value()).next_to(dot, UP)
        )
        arrow = Arrow(ORIGIN, RIGHT).add_updater(lambda m: m.put_start_and_end_on(DOWN, dot.get_center()))
        self.add(dot, number, arrow, SurroundingRectangle(number), VMobject())
        self.play(t.animate.set_value(2), run_time=0.4)
        self.wait(0.2)
        self.play(Transform(arrow, Line(UP, RIGHT)), Create(Square()), run_time=0.3)


class Recorder(CairoRenderer):
    """Plain Manim, but that its frames are kept instead of written."""

    def __init__(self, camera_class: type[Camera]) -> None:
        super().__init__(camera_class=camera_class)
        self.frames: Frames = []

    def add_frame(self, frame: np.ndarray, num_frames: int = 1) -> None:
        self.time += num_frames / self.camera.frame_rate
        self.frames += [frame.copy()] * num_frames


class Keeper:
    def __init__(self) -> None:
        self.frames: Frames = []

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        self.frames += [pixels.copy()] * count


class LateKeeper:
    """Draws every frame when the scene is over, as far as it can be named."""

    def __init__(self) -> None:
        self._late: list[tuple[int, Frame]] = []
        self._shown: dict[int, np.ndarray] = {}
        self.lengths: list[int] = []

    def choose(self, frame: Frame, count: int) -> None:
        if frame.digest is None:
            self._shown[len(self.lengths)] = frame.draw()[0].copy()
        else:
            self._late.append((len(self.lengths), frame))
        self.lengths.append(count)

    @property
    def drawn_late(self) -> int:
        return len(self._late)

    def all_frames(self) -> Frames:
        for place, frame in self._late:
            self._shown[place] = frame.draw()[0].copy()
        return [self._shown[place] for place, count in enumerate(self.lengths) for _ in range(count)]


@contextmanager
def small(opacity: float) -> Iterator[None]:
    with drawing(256, 144, 10, "#102030", opacity=opacity), tempconfig({"seed": 1}):
        yield


@pytest.mark.parametrize("opacity", [1.0, 0.0])
@pytest.mark.parametrize(
    ("scene", "camera"),
    [
        (Words, Camera),
        (Turning, ThreeDCamera),
        (Pictures, Camera),
        (SeeThrough, Camera),
        (Zooming, MovingCamera),
        (Following, Camera),
    ],
)
def test_frames_are_those_of_plain_manim(scene: type[Scene], camera: type[Camera], opacity: float) -> None:
    with small(opacity):
        plain = Recorder(camera)
        scene(renderer=plain).render()
        assert config.dry_run
    with small(opacity):
        keeper = Keeper()
        scene(renderer=SinkRenderer(keeper, FastCamera if camera is Camera else camera)).render()
    assert len(keeper.frames) == len(plain.frames) >= 6
    different = [
        i for i, (a, b) in enumerate(zip(plain.frames, keeper.frames, strict=True)) if (a != b).any()
    ]
    assert different == []
    assert any((frame != keeper.frames[0]).any() for frame in keeper.frames)
    with small(opacity):
        late = LateKeeper()
        scene(renderer=SinkRenderer(late, FastCamera if camera is Camera else camera)).render()
        assert all((a == b).all() for a, b in zip(plain.frames, late.all_frames(), strict=True))
    assert (late.drawn_late > 4) == (camera is Camera)
