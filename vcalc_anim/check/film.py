"""A finished film measured: its boxes, every packet's time and kind, and its sound as a player hears it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from vcalc_anim.check.h264 import Picture, StreamHeader, length_size, read_header, read_picture
from vcalc_anim.check.mp4 import Layout, read_layout
from vcalc_anim.voice import loudness

_SILENCE = 10 ** (-80 / 20)  # of full scale: what a codec may leave of digital silence


@dataclass(frozen=True, eq=False)
class VideoTrack:
    """The picture: ``times`` are the frames' seconds in the order shown, ``pictures`` stand in decoding order."""

    codec: str
    width: int
    height: int
    header: StreamHeader | None  # of H.264 only
    times: NDArray[np.float64]
    pictures: tuple[Picture, ...]
    keys: tuple[int, ...]  # frames that players take for entry points, in decoding order
    bytes: int
    end: float

    @property
    def fps(self) -> float:
        """Frames a second, from the middle of all distances between frames (0 for less than two frames)."""
        return float(1 / np.median(np.diff(self.times))) if len(self.times) > 1 else 0.0

    @property
    def bit_rate(self) -> float:
        seconds = self.end - float(self.times[0])
        return 8 * self.bytes / seconds if seconds > 0 else 0.0


@dataclass(frozen=True, eq=False)
class AudioTrack:
    """The sound: ``samples`` of shape (n, channels), the first at 0 s of the film."""

    codec: str
    profile: str
    rate: int
    channels: int
    start: float
    end: float
    bytes: int
    samples: NDArray[np.float32]

    @property
    def bit_rate(self) -> float:
        return 8 * self.bytes / (self.end - self.start) if self.end > self.start else 0.0

    @cached_property
    def is_silent(self) -> bool:
        return not self.samples.size or float(np.abs(self.samples).max()) < _SILENCE

    @cached_property
    def loudness(self) -> tuple[float, float]:
        """Integrated loudness in LUFS and true peak in dBTP; raises ``ValueError`` unless stereo."""
        return loudness(self.samples)


@dataclass(frozen=True)
class ChapterMark:
    """Where a chapter of the film begins and ends, in seconds."""

    start: float
    end: float
    title: str


@dataclass(frozen=True, eq=False)
class Film:
    """One media file with picture and, perhaps, sound."""

    path: Path
    layout: Layout
    title: str
    video: VideoTrack
    audio: AudioTrack | None
    tracks: int
    marks: tuple[ChapterMark, ...] = ()


def measure_joined(path: Path) -> Film:
    """Read *path* as :func:`measure_film` does, without its samples: an hour of them takes gigabytes."""
    return measure_film(path, decodes_sound=False)


def measure_film(path: Path, *, decodes_sound: bool = True) -> Film:
    """Read *path* once: all packets of the picture undecoded, the sound decoded.

    Raises ``ValueError`` with the reason when it cannot be read as a film.
    """
    layout = read_layout(path)
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ValueError("it has no picture")
            reader = _Reader(container.streams.video[0])
            sound = _Sound(container.streams.audio[0], decodes_sound) if container.streams.audio else None
            chosen = [reader.stream, *([sound.stream] if sound else [])]
            for packet in container.demux(chosen):
                if packet.stream is reader.stream:
                    reader.take(packet)
                elif sound is not None:
                    sound.take(packet)
            title = container.metadata.get("title", "")
            video, audio = reader.track(), sound.track() if sound else None
            tracks = len(container.streams)
            return Film(path, layout, title, video, audio, tracks, tuple(_marks(container)))
    except FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from error


def _marks(container: Any) -> Iterator[ChapterMark]:
    for mark in container.chapters():
        unit = mark["time_base"]
        title = mark["metadata"].get("title", "")
        yield ChapterMark(float(mark["start"] * unit), float(mark["end"] * unit), title)


class _Reader:
    """Gathers the packets of the picture."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self._header: StreamHeader | None = None
        self._length = 0
        if stream.codec_context.codec.canonical_name == "h264":
            record = stream.codec_context.extradata or b""
            self._header = read_header(record)
            self._length = length_size(record)
        self._times: list[Fraction] = []
        self._pictures: list[Picture] = []
        self._keys: list[int] = []
        self._bytes = 0
        self._last = Fraction(0)  # how long the packet shown last stays

    def take(self, packet: Any) -> None:
        if not packet.size:
            return
        if packet.pts is None:
            raise ValueError(f"frame {len(self._times)} has no time")
        if packet.is_keyframe:
            self._keys.append(len(self._times))
        at = packet.pts * packet.time_base
        if not self._times or at >= max(self._times[-4:]):
            self._last = (packet.duration or 0) * packet.time_base
        self._times.append(at)
        self._bytes += packet.size
        if self._header is not None:
            self._pictures.append(read_picture(bytes(memoryview(packet)[:4096]), self._length))

    def track(self) -> VideoTrack:
        if not self._times:
            raise ValueError("its picture has no frame")
        stream, times = self.stream, sorted(self._times)
        return VideoTrack(
            stream.codec_context.codec.canonical_name,
            stream.width,
            stream.height,
            self._header,
            np.array(times, float),
            tuple(self._pictures),
            tuple(self._keys),
            self._bytes,
            float(times[-1] + self._last),
        )


class _Sound:
    """Gathers the sound, each block where its timestamp puts it."""

    def __init__(self, stream: Any, decodes: bool) -> None:
        self.stream = stream
        self._decodes = decodes
        self._blocks: list[tuple[Fraction, NDArray[np.float32]]] = []
        self._start: Fraction | None = None
        self._end = Fraction(0)
        self._bytes = 0

    def take(self, packet: Any) -> None:
        if packet.size:
            at = packet.pts * packet.time_base
            self._start = at if self._start is None else min(self._start, at)
            self._end = max(self._end, at + (packet.duration or 0) * packet.time_base)
            self._bytes += packet.size
        for frame in packet.decode() if self._decodes else ():
            block = frame.to_ndarray()
            if block.dtype != np.float32:
                block = block.astype(np.float32) / (1 << 15)
            if not frame.format.is_planar:
                block = block.reshape(-1, frame.layout.nb_channels).T
            self._blocks.append((frame.pts * frame.time_base, block))

    def track(self) -> AudioTrack:
        context = self.stream.codec_context
        channels, rate = context.layout.nb_channels, context.rate
        placed = [(round(at * rate), block) for at, block in self._blocks]
        total = max((at + block.shape[1] for at, block in placed), default=0)
        samples = np.zeros((max(total, 0), channels), np.float32)
        for at, block in placed:
            skipped = max(0, -at)  # what lies before the film's start is not heard
            if skipped < block.shape[1]:
                samples[at + skipped : at + block.shape[1]] = block[:, skipped:].T
        return AudioTrack(
            context.codec.canonical_name,
            context.profile or "",
            rate,
            channels,
            float(self._start or 0),
            float(self._end),
            self._bytes,
            samples,
        )
