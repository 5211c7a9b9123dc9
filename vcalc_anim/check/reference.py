"""The gate of reference frames: one small picture a scene, kept in the repository, that a change must not alter unseen.

The picture is the end of the scene's last line, where everything has arrived, so that new word times seldom
alter it. It is compared in a way that another version of Cairo survives: a pixel may be anything between its
neighbours, because antialiasing moves colours by less than a pixel, and edges are counted apart from flat
areas, where nothing may differ.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from vcalc_anim.build.files import replacing
from vcalc_anim.check.finding import Box, Finding
from vcalc_anim.course import Lecture, SceneTimeline
from vcalc_anim.course.source import shown_path
from vcalc_anim.errors import WorkError

if TYPE_CHECKING:
    from vcalc_anim.check.scene_pass import Snapshot

WIDTH = 320
LARGEST = 20_000  # bytes of a picture in the repository
RULES = ("reference.missing", "reference.changed", "reference.orphan")

_COLORS = (256, 128, 64, 32, 16)  # the most that fit into LARGEST are kept
_FLAT = 16  # levels by which a flat pixel may differ: twice what the palette may cost
_EDGE = 24  # levels by which a pixel at an edge may lie outside its neighbourhood's range
_STEP = 32  # levels between neighbours that make an edge
_FLAT_SHARE = 0.0005  # of all pixels
_EDGE_SHARE = 0.02  # of the pixels at edges
_FEW = 0.01  # of all pixels: fewer edges than this are counted as this many
_WINDOW = 9  # pixels: in no window of this size …
_CROWD = 12  # … may more pixels differ than this: a digit or a dot has come or gone

Levels = NDArray[np.int16]


@dataclass(frozen=True)
class Difference:
    """How two small pictures differ: shares of flat and of edge pixels, and the largest crowd in a window."""

    flat: float
    edge: float
    crowd: int
    changed: NDArray[np.bool_]

    @property
    def matters(self) -> bool:
        return self.flat > _FLAT_SHARE or self.edge > _EDGE_SHARE or self.crowd > _CROWD

    @property
    def box(self) -> Box:
        """Where the pictures differ."""
        rows, columns = np.nonzero(self.changed)
        height, width = self.changed.shape
        return Box(
            float(columns.min() / width),
            float(rows.min() / height),
            float((columns.max() + 1) / width),
            float((rows.max() + 1) / height),
            "changed",
        )


def reference_path(folder: Path, lecture: Lecture, scene: str) -> Path:
    """Where the picture of *scene* is kept; *folder* is that of the scripts."""
    return folder / "reference" / lecture.slug / f"{scene.lower()}.png"


def shrunk(pixels: NDArray[np.uint8]) -> Image.Image:
    """A frame (height, width, 3 or 4) as the small picture that is kept: each pixel the mean of those it covers."""
    height, width = pixels.shape[:2]
    size = (WIDTH, round(height * WIDTH / width))
    return Image.fromarray(np.ascontiguousarray(pixels[..., :3])).resize(size, Image.Resampling.BOX)


def compare(old: Image.Image, new: Image.Image) -> Difference:
    """How *new* differs from *old*, two pictures of one size."""
    a, b = _levels(old), _levels(new)
    edges = np.maximum(_range(a), _range(b)) > _STEP
    beyond = np.maximum(_beyond(a, b), _beyond(b, a)) > _EDGE
    apart = np.abs(a - b).max(axis=2) > _FLAT
    flat, edge = apart & ~edges, beyond & edges
    changed = flat | edge
    crowd = ndimage.uniform_filter(changed.astype(float), _WINDOW, mode="constant") * _WINDOW**2
    return Difference(
        float(flat.mean()),
        float(edge.sum() / max(edges.sum(), _FEW * edges.size)),
        round(float(crowd.max())),
        changed,
    )


def _levels(picture: Image.Image) -> Levels:
    return np.asarray(picture.convert("RGB"), dtype=np.int16)


def _around(levels: Levels) -> tuple[Levels, Levels]:
    """The lowest and the highest level of each channel in each pixel's neighbourhood of 3 × 3."""
    size = (3, 3, 1)
    return ndimage.minimum_filter(levels, size), ndimage.maximum_filter(levels, size)


def _range(levels: Levels) -> Levels:
    low, high = _around(levels)
    return np.asarray((high - low).max(axis=2), dtype=np.int16)


def _beyond(one: Levels, other: Levels) -> Levels:
    """By how much each pixel of *one* lies outside of what *other* has around it."""
    low, high = _around(other)
    return np.asarray(np.maximum(low - one, one - high).max(axis=2), dtype=np.int16)


def write_reference(path: Path, picture: Image.Image) -> None:
    """Keep *picture* at *path*, with as many colours as fit into :data:`LARGEST` bytes."""
    data = next((png for png in map(_png, [picture] * len(_COLORS), _COLORS) if len(png) <= LARGEST), None)
    if data is None:
        raise WorkError(f"{path.name} takes more than {LARGEST} bytes with {_COLORS[-1]} colours")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as target:
        target.write_bytes(data)


def _png(picture: Image.Image, colors: int) -> bytes:
    out = io.BytesIO()
    reduced = picture.quantize(colors, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    reduced.save(out, "PNG", optimize=True)
    return out.getvalue()


def side_by_side(old: Image.Image, new: Image.Image, difference: Difference) -> Image.Image:
    """Old, new, and the new one in grey with every changed pixel in red, twice as large, to look at."""
    marked = np.asarray(new.convert("L").convert("RGB")).copy() // 3
    marked[difference.changed] = (255, 60, 60)
    panels = [("old", old.convert("RGB")), ("new", new), ("difference", Image.fromarray(marked))]
    width, height = 2 * new.width, 2 * new.height
    sheet = Image.new("RGB", (len(panels) * (width + 8), height + 30), "#333333")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for index, (label, panel) in enumerate(panels):
        left = index * (width + 8) + 4
        sheet.paste(panel.resize((width, height), Image.Resampling.NEAREST), (left, 0))
        draw.text((left + 4, height + 5), label, fill="#EEEEEE", font=font)
    return sheet


class ReferenceInspector:
    """Takes the picture of one scene; compares it with the one at *path*, or replaces that with *update*.

    *differences* is the folder where a picture of old, new and difference is written when they do not match.
    """

    def __init__(
        self, chapter: str, timeline: SceneTimeline, path: Path, differences: Path, update: bool = False
    ) -> None:
        self._chapter, self._path, self._differences, self._update = chapter, path, differences, update
        self._line = timeline.lines[-1]
        self._fps = timeline.fps
        self.frames = frozenset({self._line.end - 1})
        self.picture: Image.Image | None = None
        self._scene = ""

    def see(self, snapshot: Snapshot) -> None:
        # A held picture comes with its first frame, so the last one up to the end is that of the end.
        if snapshot.pixels is not None and snapshot.frame < self._line.end:
            self._scene = snapshot.scene
            self.picture = shrunk(snapshot.pixels)

    def finish(self) -> list[Finding]:
        if self.picture is None:
            raise RuntimeError(f"the picture for {self._path.name} was never drawn")
        if self._update:
            self._refresh(self.picture)
            return []
        if not self._path.is_file():
            return [self._finding("reference.missing", "has no reference picture: run vcalc sheet --update")]
        return self._compared(self.picture)

    def _refresh(self, picture: Image.Image) -> None:
        """Write the picture, unless the old one still matches: a repository keeps no noise."""
        if self._path.is_file() and _matches(_read(self._path), picture):
            return
        write_reference(self._path, picture)

    def _compared(self, picture: Image.Image) -> list[Finding]:
        target = self._differences / f"{self._chapter}-{self._path.stem}.png"
        old = _read(self._path)
        if _matches(old, picture):
            target.unlink(missing_ok=True)
            return []
        if old is None or old.size != picture.size:
            return [
                self._finding(
                    "reference.changed", "cannot be read in the right size: run vcalc sheet --update"
                )
            ]
        difference = compare(old, picture)
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as part:
            side_by_side(old, picture, difference).save(part)
        told = (
            f"looks other than its reference ({difference.flat:.1%} of the flat area, {difference.edge:.1%} of "
            f"the edges); see {target.as_posix()}, then mend the scene or run vcalc sheet --update"
        )
        return [self._finding("reference.changed", told, (difference.box,))]

    def _finding(self, rule: str, told: str, boxes: tuple[Box, ...] = ()) -> Finding:
        seconds = (self._line.end - 1) / self._fps
        return Finding(
            rule,
            f"{shown_path(self._path).as_posix()} {told}" if rule != "reference.missing" else f"scene {told}",
            self._chapter,
            self._scene,
            self._line.name,
            seconds,
            boxes=boxes,
            file=shown_path(self._path),
        )


def _read(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except OSError:
        return None


def _matches(old: Image.Image | None, new: Image.Image) -> bool:
    return old is not None and old.size == new.size and not compare(old, new).matters


def orphans(folder: Path, lectures: Sequence[Lecture]) -> list[Finding]:
    """Pictures under *folder*, that of the scripts, whose scene is not in *lectures* (all of the course)."""
    wanted = {reference_path(folder, lecture, scene.name) for lecture in lectures for scene in lecture.scenes}
    return [
        Finding("reference.orphan", "belongs to no scene of the course: remove it", file=shown_path(path))
        for path in sorted((folder / "reference").rglob("*.png"))
        if path not in wanted
    ]
