"""GIFs of clips: a palette of their own, and a rate and a width that keep them small enough to send.

The palette is made from the whole clip, so pictures wait, packed, until the last one is known. Where the file
would become too large, it is tried again with fewer pictures a second, then with smaller ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from vcalc_anim.build.clip_pictures import clip_size, same
from vcalc_anim.build.whole_file import WholeFile
from vcalc_anim.errors import WorkError
from vcalc_anim.raster import Parts, Pixels

GIF_WIDTH = 960
GIF_LIMIT = 8_000_000  # bytes
_FASTEST = 15  # pictures a second
_HUNDREDTHS = Fraction(1, 100)
_SHORTEST = 2  # hundredths of a second: browsers slow down what is shorter


@dataclass(frozen=True)
class _Attempt:
    """Every *every*-th of the kept pictures, *share* times as wide."""

    every: int
    share: float

    @property
    def cost(self) -> float:
        """Its size, in pictures of full width: what changes between two pictures grows with their distance."""
        return float(self.share**1.6 / self.every**0.8)


_LADDER = tuple(
    _Attempt(every, share)
    for every, share in (
        (1, 1.0),
        (1, 5 / 6),
        (2, 1.0),
        (2, 5 / 6),
        (2, 2 / 3),
        (3, 2 / 3),
        (3, 1 / 2),
        (3, 5 / 12),
        (5, 5 / 12),
        (5, 1 / 3),
    )
)


@dataclass(frozen=True)
class _Kept:
    """A picture that is shown from frame *start* on."""

    start: int
    data: bytes


class GifWriter(WholeFile):
    """Writes a GIF at most *width* pixels wide, that goes round for ever: a sink, and a context manager.

    *note* is told, in one sentence, when rate or width had to be lowered. Leaving by an exception leaves no file.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        fps: int,
        width: int | None = None,
        note: Callable[[str], None] = lambda text: None,
        limit: int = GIF_LIMIT,
    ) -> None:
        super().__init__(path)
        self.frames = 0
        self._size = clip_size(*size, width or GIF_WIDTH)
        self._fps = fps
        self._step = max(1, fps // _FASTEST)
        self._note = note
        self._limit = limit
        self._kept: list[_Kept] = []
        self._last: Pixels | None = None
        self._closes = False
        self._palette = _PaletteMaker(self._size)

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        """Show *pixels* (height, width, 4), RGBA, for *count* frames from frame *first*."""
        self.frames = first + count
        start = -(-first // self._step) * self._step  # the first frame of these that can be chosen
        if start >= self.frames:
            return
        if self._last is None:
            self._last = pixels.copy()
        elif same(self._last, pixels):
            return
        else:
            np.copyto(self._last, pixels)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgba")
        small: Any = frame.reformat(
            *self._size, format="rgb24", interpolation=Interpolation.AREA
        ).to_ndarray()
        self._kept.append(_Kept(start, zlib.compress(small.tobytes(), 1)))
        if len(self._kept) % 3 == 1:  # neighbours have the same colours
            self._palette.see(small)

    def repeat_first(self) -> None:
        """Show the first frame once more, as the last."""
        self._closes = True
        self.frames += 1

    def _finish(self) -> None:
        palette = self._palette.finish()
        place = 0
        while True:
            step = _LADDER[place]
            needed = self._try(step.every, step.share, palette)
            if needed <= self._limit:
                break
            if place == len(_LADDER) - 1:
                raise WorkError(
                    f"{self.path.name} has {needed / 1e6:.0f} MB at its smallest and {self._limit / 1e6:g} are allowed: "
                    "take webm for a clip so long"
                )
            aim = step.cost * self._limit / needed * 1.1
            place = next(
                (i for i in range(place + 1, len(_LADDER)) if _LADDER[i].cost <= aim), len(_LADDER) - 1
            )
        if place:
            width, _ = clip_size(*self._size, round(self._size[0] * step.share))
            rate = self._fps / self._step / step.every
            self._note(f"made {width} pixels wide with {rate:g} pictures a second, to stay below 8 MB")

    def _chosen(self, every: int) -> Iterator[_Kept]:
        """Of the kept pictures, those that are shown when only every *every*-th can be."""
        grid = every * self._step
        shown: dict[int, _Kept] = {}
        for kept in self._kept:
            start = -(-kept.start // grid) * grid
            if start < self.frames - self._closes:
                shown[start] = _Kept(start, kept.data)  # of several in one place the last is on time
        yield from shown.values()
        if self._closes:
            yield _Kept(self.frames - 1, self._kept[0].data)

    def _try(self, every: int, share: float, palette: Pixels) -> float:
        """Write the file; its size in bytes, or what it would have been when it was given up."""
        size = clip_size(*self._size, round(self._size[0] * share))
        mapper = _Mapper(self._size, size, palette)
        chosen = list(self._chosen(every))
        starts = _hundredths([kept.start for kept in chosen], self._fps)
        rest = max(_SHORTEST, round(100 * self.frames / self._fps) - starts[-1])
        options = {"loop": "0", "final_delay": str(rest), "fflags": "+bitexact"}
        written = 0
        with av.open(str(self.path), "w", format="gif", options=options) as output:
            stream: Any = output.add_stream("gif", rate=100, options={"flags": "+bitexact"})
            stream.width, stream.height = size
            stream.pix_fmt = "pal8"
            stream.time_base = _HUNDREDTHS
            for kept, start in zip(chosen, starts, strict=True):
                frame = mapper.mapped(_unpacked(kept.data, self._size))
                frame.pts, frame.time_base = start, _HUNDREDTHS
                for packet in stream.encode(frame):
                    written += packet.size
                    output.mux(packet)
                if written > self._limit:
                    return written * self.frames / max(1, kept.start)
            output.mux(stream.encode(None))
        return self.path.stat().st_size


def _hundredths(frames: list[int], fps: int) -> list[int]:
    """When each of *frames* begins, in hundredths of a second; no two closer than browsers keep to."""
    starts: list[int] = []
    for frame in frames:
        wanted = round(100 * frame / fps)
        starts.append(max(wanted, starts[-1] + _SHORTEST) if starts else wanted)
    return starts


def _unpacked(data: bytes, size: tuple[int, int]) -> Pixels:
    return np.frombuffer(zlib.decompress(data), np.uint8).reshape(size[1], size[0], 3)


class _PaletteMaker:
    """The 256 colours of a clip."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(
            width=size[0], height=size[1], format=av.VideoFormat("rgb24"), time_base=_HUNDREDTHS
        )
        maker = self._graph.add("palettegen", "max_colors=256:stats_mode=full")
        sink = self._graph.add("buffersink")
        source.link_to(maker)
        maker.link_to(sink)
        self._graph.configure()
        self._seen = 0

    def see(self, picture: NDArray[np.uint8]) -> None:
        self._graph.push(_timed(picture, "rgb24", self._seen))
        self._seen += 1

    def finish(self) -> Pixels:
        """The palette as a picture of 16 × 16 pixels, (16, 16, 4) RGBA."""
        self._graph.push(None)
        palette: Any = self._graph.pull()
        colors: Pixels = palette.to_ndarray(format="rgba")
        return colors


class _Mapper:
    """Puts pictures into the colours of a palette, without dithering: its grain would flicker, and cost."""

    def __init__(self, size: tuple[int, int], target: tuple[int, int], palette: Pixels) -> None:
        self._size, self._target = size, target
        self._graph = av.filter.Graph()
        self._source, colors = (
            self._graph.add_buffer(
                width=width, height=height, format=av.VideoFormat(kind), time_base=_HUNDREDTHS
            )
            for width, height, kind in ((*target, "rgb24"), (16, 16, "rgba"))
        )
        use = self._graph.add("paletteuse", "dither=none")
        self._sink = self._graph.add("buffersink")
        self._source.link_to(use, 0, 0)
        colors.link_to(use, 0, 1)
        use.link_to(self._sink)
        self._graph.configure()
        colors.push(_timed(palette, "rgba", 0))
        colors.push(None)
        self._count = 0

    def mapped(self, picture: Pixels) -> Any:
        frame = _timed(picture, "rgb24", self._count)
        if self._target != self._size:
            frame = frame.reformat(*self._target, format="rgb24", interpolation=Interpolation.AREA)
            frame.pts, frame.time_base = self._count, _HUNDREDTHS
        self._count += 1
        self._source.push(frame)
        return self._sink.pull()


def _timed(picture: Pixels, format: str, time: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, format=format)
    frame.pts, frame.time_base = time, _HUNDREDTHS
    return frame
