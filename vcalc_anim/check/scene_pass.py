"""One look at a scene for all gates: it runs once, without drawing, and every inspector sees every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob, run
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.items import Item, ItemReader
from vcalc_anim.course import SceneTimeline
from vcalc_anim.raster import Parts, Pixels

if TYPE_CHECKING:
    from manim import Scene

    from vcalc_anim.stage.lecture_scene import Mark

FPS = 15
"""How often a scene is looked at: more than the ten times a second that no short overlap escapes."""


@dataclass(frozen=True)
class Snapshot:
    """A scene as it stands from ``frame`` on, until the next snapshot.

    ``items`` are in drawing order. ``pixels`` (height, width, 4) RGBA are there when an inspector asked for
    this frame, else None; they are shared: copy what is kept.
    """

    scene: str
    frame: int
    seconds: float
    line: str
    items: tuple[Item, ...]
    pixels: Pixels | None = field(default=None, repr=False)


class Inspector(Protocol):
    """One gate looking at one scene."""

    @property
    def frames(self) -> frozenset[int]:
        """The frames that this gate needs as pixels."""

    def see(self, snapshot: Snapshot) -> None:
        """Look at the next change."""

    def finish(self) -> list[Finding]:
        """What was found, after the last snapshot."""


def line_ends(timeline: SceneTimeline) -> frozenset[int]:
    """The last frame of every line: where a picture has everything that its line brought."""
    return frozenset(line.end - 1 for line in timeline.lines)


def inspect(
    job: RenderJob, inspectors: Sequence[Inspector], lines: int = 1080
) -> tuple[list[Finding], list[Mark]]:
    """Run the scene of *job* once: what *inspectors* find, and the marks of its lines.

    The job's timeline decides the rate: make it for :data:`FPS`. Pixels come in frames with *lines* along the
    shorter side. Raises what drawing the scene raises.
    """
    quality = Quality("check", lines, job.timeline.fps)
    watcher = SceneWatcher(job.scene, job.timeline, inspectors)
    marks = run(replace(job, quality=quality), watcher, *quality.size(job.shape))
    return [finding for inspector in inspectors for finding in inspector.finish()], marks


class SceneWatcher:
    """A frame sink that draws only what inspectors ask for, and hands them a snapshot at every change."""

    def __init__(self, scene: str, timeline: SceneTimeline, inspectors: Sequence[Inspector]) -> None:
        self._scene, self._timeline, self._inspectors = scene, timeline, inspectors
        self._frames = frozenset[int]().union(*(inspector.frames for inspector in inspectors))
        self._names = [""] * timeline.frames
        for line in timeline.lines:
            self._names[line.start : line.end] = [line.name] * line.frames
        self._reader: ItemReader | None = None
        self._plays = -1
        self._told: tuple[tuple[Item, ...], str] | None = None
        self._now: Snapshot | None = None

    def watch(self, scene: Scene, first: int, count: int) -> None:
        if self._reader is None:  # made here, where Manim is configured for the frame's shape
            self._reader = ItemReader()
        plays = scene.renderer.num_plays
        items = self._reader.items(scene, fresh=plays != self._plays)
        self._plays = plays
        self._now = Snapshot(self._scene, first, first / self._timeline.fps, self._names[first], items)

    def wants(self, first: int, count: int) -> bool:
        wanted = not self._frames.isdisjoint(range(first, first + count))
        if not wanted:
            self._tell(None)
        return wanted

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        self._tell(pixels)

    def _tell(self, pixels: Pixels | None) -> None:
        now = self._now
        if now is None:
            return
        state = (now.items, now.line)  # items compare by identity, so this is cheap
        if pixels is None and self._told is not None and state == self._told:
            return
        self._told = state
        snapshot = now if pixels is None else replace(now, pixels=pixels)
        for inspector in self._inspectors:
            inspector.see(snapshot)
