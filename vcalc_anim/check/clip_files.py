"""Clips read from their bytes: silent films for slides and pages, and whether loops close and alpha is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray
from PIL import Image

GIF_LIMIT = 8_000_000  # bytes
GIF_WIDTH = 960
LONGEST = 1.0  # seconds that a frame of WebM or MOV stays at most: players find their place by frames
SHORTEST = 0.02  # seconds: browsers slow GIFs down below that
_BT709 = 1
_LIMITED = 1
_FOR_EVER = b"NETSCAPE2.0\x03\x01\x00\x00"
_CODECS = {".webm": "vp9", ".mov": "prores", ".gif": "gif"}
_TIME_STEP = 0.002
_CLEAR, _SOLID = 16, 239  # levels of alpha below and above which a picture is as good as clear and solid

Broken = Iterator[tuple[str, str]]
Picture = NDArray[np.uint8]


class HasPath(Protocol):
    @property
    def path(self) -> Path: ...


@dataclass(frozen=True, eq=False)
class Clip:
    """A silent film. ``starts`` are the times of its frames in seconds, ``color`` its tags and range."""

    path: Path
    codec: str
    profile: str
    width: int
    height: int
    duration: float
    starts: tuple[float, ...]
    streams: int
    color: tuple[int, int, int, int]
    bytes: int
    goes_round: bool


def read_clip(path: Path) -> Clip:
    """A WebM, a MOV or a GIF. ValueError for a file that is none."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ValueError("it has no picture")
            stream = container.streams.video[0]
            context = stream.codec_context
            starts = tuple(
                float(packet.pts * packet.time_base)
                for packet in container.demux(stream)
                if packet.size and packet.pts is not None and packet.time_base is not None
            )
            if not starts:
                raise ValueError("it has no frame")
            return Clip(
                path,
                context.name,
                context.profile or "",
                stream.width,
                stream.height,
                (container.duration or 0) / 1e6,
                starts,
                len(container.streams),
                (
                    int(context.color_primaries),
                    int(context.color_trc),
                    int(context.colorspace),
                    int(context.color_range),
                ),
                path.stat().st_size,
                path.suffix == ".gif" and _FOR_EVER in path.read_bytes()[:1024],
            )
    except FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from error


def pictures(path: Path) -> Iterator[Picture]:
    """The frames of a film as (height, width, 4) RGBA; the alpha of a WebM too."""
    for frame in _frames(path):
        yield frame.to_ndarray(format="rgba")


def _frames(path: Path) -> Iterator[Any]:
    """The decoded frames of a film, in its own pixel format."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context: Any = stream.codec_context
        if stream.metadata.get("ALPHA_MODE", stream.metadata.get("alpha_mode")) == "1":
            # Only this decoder looks at the second picture, which holds the alpha.
            context = av.CodecContext.create("libvpx-vp9", "r")
        for packet in container.demux(stream):
            yield from context.decode(packet)


def _samples(frame: Any) -> list[Picture]:
    """What was decoded, plane by plane as rows of bytes, without what fills the rows up."""
    components = frame.format.components
    each = -(-components[0].bits // 8) * (len(components) if len(frame.planes) == 1 else 1)
    return [
        np.frombuffer(plane, np.uint8)
        .reshape(-1, plane.line_size)[: plane.height, : plane.width * each]
        .copy()
        for plane in frame.planes
    ]


def plays_on_slides(clip: Clip) -> Broken:
    """One silent picture in the codec of its kind, from 0 s on, without gaps."""
    wanted = _CODECS[clip.path.suffix]
    if clip.codec != wanted:
        yield "codec", f"the picture is {clip.codec}, not {wanted}; make it again"
    if clip.path.suffix == ".mov" and clip.profile != "4444":
        yield (
            "profile",
            f"the picture is ProRes {clip.profile or 'of no known kind'}, not 4444; make it again",
        )
    if clip.streams != 1:
        yield "silent", f"the file has {clip.streams} tracks; slides start by themselves what has no sound"
    if clip.path.suffix != ".gif":
        if clip.color != (_BT709, _BT709, _BT709, _LIMITED):
            yield "color", f"the colours are tagged as {clip.color}, not as BT.709 in limited range"
        if clip.width % 2 or clip.height % 2:
            yield "size", f"{clip.width} × {clip.height}: both sides have to be even"
    if abs(clip.starts[0]) > _TIME_STEP:
        yield "start", f"the picture starts at {clip.starts[0]:.3f} s; let it start at 0"
    if clip.duration <= clip.starts[-1]:
        yield (
            "duration",
            f"the file lasts {clip.duration:.2f} s, its last frame starts at {clip.starts[-1]:.2f} s",
        )
    steps = [after - before for before, after in pairwise(clip.starts)]
    if clip.path.suffix != ".gif" and steps and max(steps) > LONGEST + _TIME_STEP:
        yield (
            "frame-rate",
            f"a frame stays {max(steps):.2f} s; {LONGEST:g} s is the longest that players seek well in",
        )
    if steps and min(steps) < SHORTEST - _TIME_STEP / 2:
        yield "frame-rate", f"a frame stays {1000 * min(steps):.0f} ms; {1000 * SHORTEST:.0f} is the shortest"


def small_enough(clip: Clip) -> Broken:
    """A GIF that can be sent, and goes round for ever."""
    if clip.path.suffix != ".gif":
        return
    if clip.bytes > GIF_LIMIT:
        yield (
            "gif-size",
            f"the file has {clip.bytes / 1e6:.1f} MB; {GIF_LIMIT / 1e6:g} are allowed: make it again",
        )
    if clip.width > GIF_WIDTH:
        yield "gif-width", f"the picture is {clip.width} pixels wide; {GIF_WIDTH} are allowed: make it again"
    if not clip.goes_round:
        yield "gif-loop", "the file stops at its end; make it again"


def closes(film: HasPath) -> Broken:
    """The last frame of a loop is its first, to the last bit."""
    # Not as RGBA: the conversion was seen to make slightly different pictures of equal frames, now and then.
    first = last = None
    for frame in _frames(film.path):
        last = frame
        first = _samples(frame) if first is None else first
    if first is None or last is None:
        return
    apart = sum(int(np.count_nonzero(a != b)) for a, b in zip(first, _samples(last), strict=True))
    if apart:
        share = 100 * apart / sum(plane.size for plane in first)
        yield (
            "loop",
            f"{share:.2g} % of the samples of the last frame are not those of the first; make it again",
        )


def has_alpha(film: HasPath) -> Broken:
    """Somewhere a transparent film is clear, and somewhere it is solid."""
    picture = next(pictures(film.path), None)
    if picture is not None:
        yield from _varies(picture)


def read_poster(path: Path) -> Picture:
    """A PNG as (height, width, 4) RGBA. ValueError for a damaged one."""
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            return np.asarray(picture.convert("RGBA"))
    except (OSError, SyntaxError) as error:
        raise ValueError(f"it is no whole PNG ({error})") from error


def is_opaque(picture: Picture) -> Broken:
    """A poster with its background hides what lies behind it, and shows something."""
    if int(picture[..., 3].min()) < 255:
        yield "alpha", "the picture is transparent somewhere; make it again"
    if not int(np.ptp(picture[..., :3], axis=(0, 1)).max()):
        yield "blank", "the picture has one colour; choose another line as poster"


def is_transparent(picture: Picture) -> Broken:
    """A poster without background is clear somewhere, and solid somewhere."""
    yield from _varies(picture)


def _varies(picture: Picture) -> Broken:
    low, high = int(picture[..., 3].min()), int(picture[..., 3].max())
    if low > _CLEAR or high < _SOLID:
        yield "alpha", f"the alpha goes from {low} to {high} of 255 only; make it again"
