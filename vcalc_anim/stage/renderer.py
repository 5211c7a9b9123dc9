"""The only contact with Manim's inside: a Cairo renderer that hands its frames to a sink.

Frames never pass Manim's file writer: the sink says which frames it wants, only those are drawn,
and a held picture arrives once with its number of repetitions. Made for manim 0.22.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, Self, runtime_checkable

import cairo
import numpy as np
from manim import CairoRenderer, Camera, Mobject, Scene, VMobject, tempconfig
from manim.utils.iterables import list_update
from tqdm import tqdm

from vcalc_anim.raster import Parts, Pixels
from vcalc_anim.stage import theme
from vcalc_anim.stage.fast_camera import FastCamera, Sketch

# Manim counts frames with tqdm, whose own lock is a semaphore of the system: a worker that is ended would leak it.
tqdm.set_lock(threading.RLock())

UNITS = 8.0  # along the shorter side of the frame
SQUARE_UNITS = 12.0  # scenes need that much beside each other; type is smaller than in the other shapes


class FrameSink(Protocol):
    """Where the frames of one scene go."""

    def wants(self, first: int, count: int) -> bool:
        """Whether any of the frames *first* … *first + count − 1* is needed."""

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        """Take one picture shown for *count* frames from frame *first*; *pixels* is reused by the caller.

        Outside of *changed* it is the picture given before (None: it may differ anywhere).
        """


class Frame(Protocol):
    """One frame of a scene, drawn when somebody wants it."""

    @property
    def digest(self) -> bytes | None:
        """Equal for frames with the same picture; None when nobody knows what decides the picture."""

    def draw(self) -> tuple[Pixels, Parts]:
        """The pixels, which the next frame drawn will change, and where they may differ from those drawn before.

        A frame with a digest may be drawn after others came, in their order; one without at once or never.
        """


@runtime_checkable
class Chooser(Protocol):
    """A sink that looks at every frame before it is drawn, and chooses which ones are."""

    def choose(self, frame: Frame, count: int) -> None:
        """The next *count* frames of the scene are *frame*."""


@runtime_checkable
class Watcher(FrameSink, Protocol):
    """A sink that also looks at the mobjects of every frame, drawn or not."""

    def watch(self, scene: Scene, first: int, count: int) -> None:
        """*scene* stands as it is shown in the frames *first* … *first + count − 1*; before ``wants`` of them."""


class ClearCamera(FastCamera):
    """Draws on nothing: what has the colour of the background, to cover what lies behind it, takes that away.

    So a rim around a label, or a curtain at the edge of a plot, is a hole in a transparent picture, and no patch.
    """

    def init_background(self) -> None:
        # Manim would leave the background's colour under an alpha of 0, and Cairo then adds it to every edge.
        self.background = np.zeros((self.pixel_height, self.pixel_width, 4), np.uint8)
        self._behind = theme.color("background").to_rgb()

    def set_cairo_context_color(self, ctx: Any, rgbas: Any, vmobject: VMobject) -> Self:
        covers = len(rgbas) == 1 and bool(np.all(np.abs(rgbas[0][:3] - self._behind) < 1e-3))
        ctx.set_operator(cairo.Operator.DEST_OUT if covers else cairo.Operator.OVER)
        return super().set_cairo_context_color(ctx, rgbas, vmobject)


class SinkRenderer(CairoRenderer):
    """Draws the frames its sink wants; counts all of them (:attr:`frame`)."""

    def __init__(
        self, sink: FrameSink | Chooser, camera_class: type[Camera] = FastCamera, **kwargs: Any
    ) -> None:
        super().__init__(camera_class=camera_class, **kwargs)
        self.sink = sink
        self._watcher = sink if isinstance(sink, Watcher) else None
        self.frame = 0
        self._still: Iterable[Mobject] = ()  # what stands still during this play,
        self._is_still_listed = True  # which is looked at with the first of its frames that is wanted

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Remember what stands still during this play."""
        self.static_image = None
        self._still, self._is_still_listed = static_mobjects or (), False

    def render(self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None) -> None:
        self._emit(scene, moving_mobjects, 1)

    def freeze_current_frame(self, duration: float) -> None:
        """Hold the picture; called by :meth:`CairoRenderer.play` for a wait in which nothing moves."""
        dt = 1 / self.camera.frame_rate
        self._emit(None, None, int(duration / dt))  # as Manim rounds

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **kwargs: Any,
    ) -> None:
        """Draw *scene* now, for callers outside a play; inside one, drawing waits until a frame is wanted."""
        self._pending = (scene, mobjects)

    def _emit(self, scene: Scene | None, moving: Iterable[Mobject] | None, count: int) -> None:
        drawn, mobjects = (scene, moving) if scene is not None else self._pending
        if self._watcher is not None:
            self._watcher.watch(drawn, self.frame, count)
        if isinstance(self.sink, Chooser):
            frame = self._sketch(drawn, mobjects) or _Unsketched(lambda: self._draw_whole(drawn, mobjects))
            self.sink.choose(frame, count)
            if isinstance(frame, Sketch):
                frame.is_late = True
        elif self.sink.wants(self.frame, count):
            pixels, changed = self._draw(drawn, mobjects)
            self.sink.add(self.frame, pixels, count, changed)
        self.frame += count
        self.time = self.frame / self.camera.frame_rate

    def _draw(self, scene: Scene, moving: Iterable[Mobject] | None) -> tuple[Pixels, Parts]:
        sketch = self._sketch(scene, moving)
        return self._draw_whole(scene, moving) if sketch is None else sketch.draw()

    def _sketch(self, scene: Scene, moving: Iterable[Mobject] | None) -> Sketch | None:
        """The frame of *scene* as it is now; None when the camera has to draw it whole."""
        if not isinstance(self.camera, FastCamera):
            return None
        shown = moving or list_update(scene.mobjects, scene.foreground_mobjects)
        sketch = self.camera.sketch(self._still, shown, stands=self._is_still_listed)
        self._is_still_listed = sketch is not None
        return sketch

    def _draw_whole(self, scene: Scene, moving: Iterable[Mobject] | None) -> tuple[Pixels, Parts]:
        if self.static_image is None and self._still:
            super().update_frame(scene, self._still)
            self.static_image = self.camera.pixel_array.copy()
        super().update_frame(scene, moving)
        return np.asarray(self.camera.pixel_array, np.uint8), None

    def scene_finished(self, scene: Scene) -> None:
        """Nothing to assemble: the sink has every frame."""


class _Unsketched:
    """A frame of which only the drawing is known."""

    digest = None

    def __init__(self, draw: Callable[[], tuple[Pixels, Parts]]) -> None:
        self.draw = draw


@contextmanager
def drawing(width: int, height: int, fps: int, background: str, *, opacity: float = 1.0) -> Iterator[None]:
    """Configure Manim for frames of *width* × *height* pixels; write no files.

    The shorter side has 8 units; a square 12, so that what stands side by side in other frames has room.
    """
    short, units = min(width, height), SQUARE_UNITS if width == height else UNITS
    settings: Mapping[str, Any] = {
        "dry_run": True,
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "ERROR",
        "pixel_width": width,
        "pixel_height": height,
        "frame_height": units * height / short,
        "frame_width": units * width / short,
        "frame_rate": fps,
        "background_color": background,
        "background_opacity": opacity,
    }
    with tempconfig(dict(settings)):
        yield
