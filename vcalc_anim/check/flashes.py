"""No more than three flashes a second (WCAG 2.3.1), from coarse pictures painted from a scene's items.

A flash is a pair of opposing changes of a tenth of the full luminance or more, the darker side below 0.8,
or of saturated red. It counts where it fills a quarter of any ten degrees of the view: of any rectangle of a
third of the frame's width and height. Drawing every sample would cost as much as the film; so each item
is painted into a grid of 15 × 9 cells, once for as long as it looks the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vcalc_anim.check.finding import Box, Finding
from vcalc_anim.check.items import Item
from vcalc_anim.check.scene_pass import Snapshot
from vcalc_anim.check.vision import encoded, linear, over
from vcalc_anim.stage import theme
from vcalc_anim.stage.zones import Zone, zones

Array = NDArray[np.float64]

_COLUMNS, _ROWS = 15, 9
_FIELD = (_ROWS // 3, _COLUMNS // 3)  # ten degrees of the view, in cells
_QUARTER = 0.25 * _FIELD[0] * _FIELD[1]
_CHANGE = 0.1  # of the full luminance
_DARK = 0.8
_RED_CHANGE = 20 / 320  # of (R − G − B), for saturated red
_RED_SHARE = 0.8
_MOST = 6  # opposing changes in a second: three flashes
_FINE = 6  # lines through a cell along which a fill is measured
_INK = 0.25  # of a glyph's box, as measured on text and formulas
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


class FlashInspector:
    """Counts the flashes of one scene."""

    frames: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._scene = ""
        self._frame: Zone | None = None
        self.level: Array | None = None
        """The luminance of each cell in the last snapshot."""
        self._painted: dict[int, tuple[Item, Array]] = {}
        self._layers: list[tuple[Item, Array]] = []
        self._light = _Swings(_CHANGE, _DARK)
        self._red = _Swings(_RED_CHANGE)
        self._lines: list[tuple[float, str]] = []

    def see(self, snapshot: Snapshot) -> None:
        self._scene = snapshot.scene
        if self._frame is None:
            self._frame = zones().frame
        self._lines.append((snapshot.seconds, snapshot.line))
        grid = self._paint(snapshot.items, self._frame)
        self.level = grid @ _LUMINANCE
        self._light.see(snapshot.seconds, self.level)
        total = grid.sum(axis=-1)
        saturated = grid[..., 0] >= _RED_SHARE * np.maximum(total, 1e-9)
        red = np.where(saturated, np.maximum(2 * grid[..., 0] - total, 0.0), 0.0)
        self._red.see(snapshot.seconds, red)

    def finish(self) -> list[Finding]:
        found = []
        for swings, what in ((self._light, "light"), (self._red, "red")):
            if (worst := swings.worst()) is None:
                continue
            start, count, cells = worst
            line = next((name for second, name in reversed(self._lines) if second <= start), "")
            message = (
                f"{count // 2} flashes of {what} within a second: at most three are safe to look at; "
                "fade more slowly, less often or over a smaller area"
            )
            found.append(
                Finding(
                    "colour.flash",
                    message,
                    scene=self._scene,
                    line=line,
                    seconds=start,
                    until=start + 1,
                    boxes=(_box(cells),),
                )
            )
        return found

    def _paint(self, items: tuple[Item, ...], frame: Zone) -> Array:
        """The picture of *items* as light (rows, columns, 3); layers below the first change are kept."""
        kept = 0
        for (before, _), now in zip(self._layers, items, strict=False):
            if before is not now:
                break
            kept += 1
        del self._layers[kept:]
        grid = self._layers[-1][1] if self._layers else _ground()
        for item in items[kept:]:
            # Cairo mixes what is half transparent as sRGB; areas side by side add up as light.
            paint = np.asarray(item.rgb)
            mixed = paint if item.opacity >= 1 else over(paint, item.opacity, encoded(grid))
            grid = grid + self._cover(item, frame)[..., None] * (linear(mixed) - grid)
            self._layers.append((item, grid))
        return grid

    def _cover(self, item: Item, frame: Zone) -> Array:
        known = self._painted.get(id(item.mobject))
        if known is None or known[0] is not item:
            known = item, np.minimum(_coverage(item, frame), 1.0)
            self._painted[id(item.mobject)] = known
        return known[1]


class _Swings:
    """Opposing changes of each cell's level by at least *change*, the darker side below *limit*, with their times."""

    def __init__(self, change: float, limit: float = np.inf) -> None:
        self._change, self._limit = change, limit
        self._way = np.zeros((_ROWS, _COLUMNS), dtype=int)  # of the last swing: 1 up, -1 down
        self._low: Array | None = None  # extremes since the last swing
        self._high = np.zeros((_ROWS, _COLUMNS))
        self._events: list[tuple[float, NDArray[np.bool_]]] = []

    def see(self, seconds: float, level: Array) -> None:
        """The *level* (rows, columns) from *seconds* on."""
        if self._low is None:
            self._low = self._high = level
        self._low, self._high = np.minimum(self._low, level), np.maximum(self._high, level)
        up = (self._way != 1) & (level - self._low >= self._change) & (self._low < self._limit)
        down = (self._way != -1) & (self._high - level >= self._change) & (level < self._limit)
        self._way = np.where(up, 1, np.where(down, -1, self._way))
        swung = up | down
        self._low, self._high = np.where(swung, level, self._low), np.where(swung, level, self._high)
        if swung.any():
            self._events.append((seconds, swung))

    def worst(self) -> tuple[float, int, NDArray[np.bool_]] | None:
        """Start, count and cells of the second with the most swings, if they are too many and too large."""
        worst: tuple[float, int, NDArray[np.bool_]] | None = None
        for index, (start, _) in enumerate(self._events):
            counts = np.zeros((_ROWS, _COLUMNS), dtype=int)
            for seconds, events in self._events[index:]:
                if seconds > start + 1:
                    break
                counts += events
            cells = counts > _MOST
            if cells.any() and _widest(cells) >= _QUARTER and (worst is None or counts.max() > worst[1]):
                worst = start, int(counts.max()), cells
        return worst


def _widest(cells: NDArray[np.bool_]) -> int:
    """The most cells of *cells* in any field."""
    fields = np.lib.stride_tricks.sliding_window_view(cells, _FIELD)
    return int(fields.sum(axis=(2, 3)).max())


def _box(cells: NDArray[np.bool_]) -> Box:
    rows, columns = np.nonzero(cells)
    return Box(
        float(columns.min() / _COLUMNS),
        float(rows.min() / _ROWS),
        float((columns.max() + 1) / _COLUMNS),
        float((rows.max() + 1) / _ROWS),
        "flashing",
    )


def _ground() -> Array:
    return np.broadcast_to(linear(theme.color("background").to_rgb()), (_ROWS, _COLUMNS, 3)).copy()


def _coverage(item: Item, frame: Zone) -> Array:
    """The share of each cell that *item* covers, by ink: strokes by length and width."""
    cover = np.zeros((_ROWS, _COLUMNS))
    if item.is_text:
        sizes = (item.parts[:, 2] - item.parts[:, 0]) * (item.parts[:, 3] - item.parts[:, 1])
        _spread(cover, frame, (item.parts[:, :2] + item.parts[:, 2:]) / 2, sizes * _INK)
        return cover
    if item.fill_opacity > 0:
        cover += _filled(item.paths, frame) * (item.fill_opacity / item.opacity)
    for path in item.paths:
        if item.half_stroke > 0 and len(path) > 1:
            pieces = np.diff(path, axis=0)
            lengths = np.hypot(pieces[:, 0], pieces[:, 1])
            # Long pieces lie in many cells: cut them into pieces no longer than half a cell.
            counts = np.maximum(1, np.ceil(lengths / (frame.width / _COLUMNS / 2)).astype(int))
            starts = np.repeat(path[:-1], counts, axis=0)
            steps = np.repeat(pieces / counts[:, None], counts, axis=0)
            within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            middles = starts + steps * (within + 0.5)[:, None]
            ink = np.repeat(lengths / counts, counts) * 2 * item.half_stroke
            _spread(cover, frame, middles, ink)
    return cover


def _spread(cover: Array, frame: Zone, places: Array, ink: Array) -> None:
    """Add areas *ink* (n,) at *places* (n, 2) to the cells' shares."""
    columns = np.floor((places[:, 0] - frame.left) / frame.width * _COLUMNS).astype(int)
    rows = np.floor((frame.top - places[:, 1]) / frame.height * _ROWS).astype(int)
    seen = (columns >= 0) & (columns < _COLUMNS) & (rows >= 0) & (rows < _ROWS)
    cell = frame.width / _COLUMNS * frame.height / _ROWS
    np.add.at(cover, (rows[seen], columns[seen]), ink[seen] / cell)


def _filled(paths: Iterable[Array], frame: Zone) -> Array:
    """The share of each cell inside of closed *paths*, by even and odd crossings along a few lines a cell."""
    cover, columns = np.zeros((_ROWS, _COLUMNS)), np.arange(_COLUMNS)
    outlines = [path for path in paths if len(path) > 2]
    if not outlines:
        return cover
    starts = np.concatenate(outlines)
    ends = np.concatenate([np.roll(path, -1, axis=0) for path in outlines])
    (a, b), (c, d) = starts.T, ends.T
    lines = _ROWS * _FINE
    first, last = ((frame.top - y) / frame.height * lines for y in (b.max(), b.min()))
    for line in range(max(0, int(first)), min(lines, int(last) + 1)):
        y = frame.top - (line + 0.5) / lines * frame.height
        hit = (b <= y) != (d <= y)
        x = a[hit] + (y - b[hit]) / (d[hit] - b[hit]) * (c[hit] - a[hit])
        edges = np.sort((x - frame.left) / frame.width * _COLUMNS)
        passed = np.clip(edges[:, None] - columns, 0, 1)  # the part of each cell left of each edge
        cover[line // _FINE] += passed[1::2].sum(axis=0) - passed[::2].sum(axis=0)
    return cover / _FINE
