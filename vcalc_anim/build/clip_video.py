"""WebM and MOV of a clip: raw pictures in, silent film out; a picture that is held is written once a second.

Slides and web pages start films by themselves only when these are silent, so these have no sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from vcalc_anim.build.clip_pictures import frame_for_video, same
from vcalc_anim.build.h264 import BT709
from vcalc_anim.build.whole_file import WholeFile
from vcalc_anim.raster import Parts, Pixels

_LIMITED = 1
_ALPHA_DATA = "matroska_block_additional"  # where Matroska keeps the alpha of a frame


@dataclass(frozen=True)
class Coding:
    """How a clip is written: container, codec, pixel format, and their options."""

    container: str
    codec: str
    pixels: str
    options: Mapping[str, str]
    container_options: Mapping[str, str]
    metadata: Mapping[str, str] = field(default_factory=dict)


# Measured on a lecture at 1080p, one thread: "realtime" with cpu-used 6 codes 138 pictures a second with a structural
# similarity to the drawing of 0.998 at crf 32, "good" with cpu-used 4 only 24 with 0.999; a lower crf costs little.
_VP9 = {
    "deadline": "realtime",
    "cpu-used": "6",
    "lag-in-frames": "0",
    "crf": "24",
    "b": "0",
    "g": "120",
    "auto-alt-ref": "0",  # hidden frames, which alpha cannot have
    "tune-content": "screen",
}
_PRORES = {"profile": "4444", "vendor": "apl0", "alpha_bits": "16", "bits_per_mb": "1200"}
_WEBM_FILE = {"fflags": "+bitexact"}
_MOV_FILE = {"movflags": "+faststart", "use_editlist": "0", "fflags": "+bitexact"}

WEBM = Coding("webm", "libvpx-vp9", "yuv420p", _VP9, _WEBM_FILE)
WEBM_ALPHA = Coding("webm", "libvpx-vp9", "yuva420p", _VP9, _WEBM_FILE, {"alpha_mode": "1"})
MOV = Coding("mov", "prores_ks", "yuv444p10le", _PRORES, _MOV_FILE)
MOV_ALPHA = Coding("mov", "prores_ks", "yuva444p10le", _PRORES, _MOV_FILE)


class ClipVideo(WholeFile):
    """Encodes the frames of one clip in *coding* at *size* (width, height): a sink, and a context manager.

    Leaving it normally finishes the file, leaving it by an exception removes it.
    """

    def __init__(self, path: Path, coding: Coding, size: tuple[int, int], fps: int) -> None:
        super().__init__(path)
        self.frames = 0
        self._coding, self._size, self._fps = coding, size, fps
        self._container = av.open(
            str(path), "w", format=coding.container, options=dict(coding.container_options)
        )
        options = {**coding.options, "flags": "+bitexact"}
        stream: Any = self._container.add_stream(coding.codec, rate=fps, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = coding.pixels
        stream.time_base = Fraction(1, fps)
        stream.metadata.update(coding.metadata)
        self._stream: Any = stream
        context: Any = stream.codec_context
        context.thread_count = 1  # the clips of other scenes have the other cores
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = _LIMITED
        self._pixels: Pixels | None = None
        self._picture: av.VideoFrame | None = None
        self._shown = 0  # the newest frame that was encoded
        self._first: Any = None  # the packet that the film begins with
        self._drained = False

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        """Show *pixels* (height, width, 4), RGBA multiplied with alpha, for *count* frames from frame *first*."""
        if self._pixels is None:
            self._pixels = np.empty_like(pixels)
        if self._picture is None or not same(self._pixels, pixels):
            np.copyto(self._pixels, pixels)  # a new array each time would take longer than the coding
            self._picture = frame_for_video(pixels, self._size, self._coding.pixels)
            self._show(first)
        self.frames = first + count
        while self._shown + self._fps < self.frames:  # players find their place by frames that are not far
            self._show(self._shown + self._fps)

    def repeat_first(self) -> None:
        """Show the first frame once more, as the last: its packet again, so that it decodes to the same picture."""
        self._drain()
        assert self._first is not None
        packet = _copy(self._first)
        packet.time_base = Fraction(1, self._fps)
        packet.pts = packet.dts = self.frames
        self._mux(packet)
        self._shown = self.frames
        self.frames += 1

    def _finish(self) -> None:
        if self.frames - 1 > self._shown:
            self._show(self.frames - 1)  # the film lasts as long as its last frame
        self._drain()
        self._container.close()

    def _discard(self) -> None:
        with suppress(OSError, ValueError):  # a container without a frame cannot be closed well
            self._container.close()
        super()._discard()

    def _show(self, frame: int) -> None:
        assert self._picture is not None
        self._picture.pts, self._picture.time_base = frame, Fraction(1, self._fps)
        self._shown = frame
        for packet in self._stream.encode(self._picture):
            self._mux(packet)

    def _drain(self) -> None:
        if not self._drained:
            self._drained = True
            for packet in self._stream.encode(None):
                self._mux(packet)

    def _mux(self, packet: Any) -> None:
        if self._first is None:
            self._first = _copy(packet)  # muxing changes the times of a packet
        packet.stream = self._stream
        packet.duration = 1
        self._container.mux(packet)


def _copy(packet: Any) -> Any:
    """The data of *packet*, its alpha included, without times."""
    copy: Any = av.Packet(bytes(packet))
    copy.is_keyframe = packet.is_keyframe
    if packet.has_sidedata(_ALPHA_DATA):
        copy.set_sidedata(packet.get_sidedata(_ALPHA_DATA))
    return copy
