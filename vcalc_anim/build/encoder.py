"""H.264 in closed groups of pictures, where a group that stands still is encoded once and repeated.

A lecture holds its picture for half of its time. x264 spends as much on a repeated frame as on a new
one; here a still group's packets are kept and written again with new timestamps. Without B-frames,
decoding and showing order agree, so that packets of different encoders follow each other freely. Only
one picture is kept in memory, however long the group.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

from vcalc_anim.build.clip_pictures import Pixels
from vcalc_anim.build.planes import YuvPicture
from vcalc_anim.build.whole_file import WholeFile

BT709 = 1  # the number of BT.709 for primaries, transfer and matrix in ISO/IEC 23091-2
_LIMITED = 1
CONTAINER_OPTIONS = {"movflags": "+faststart", "use_editlist": "0", "fflags": "+bitexact"}


def _settings(gop: int, crf: int) -> dict[str, str]:
    # One reference and the simplest search of motion: on flat pictures that takes a third of the time off, and the
    # pictures are as like the drawing (structural similarity 0.99 and more, measured on moving parts of lectures).
    params = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:bframes=0:ref=1:subme=1:threads=1"
    return {
        "preset": "veryfast",
        "tune": "animation",
        "profile": "high",
        "crf": str(crf),
        "x264-params": params,
        "flags": "+bitexact+global_header",
    }


class SceneEncoder(WholeFile):
    """Encodes one scene's frames into an MP4 of its own (a :class:`~vcalc_anim.stage.renderer.FrameSink`).

    Use as a context manager: leaving it normally finishes the file, leaving it by an exception removes it.
    """

    def __init__(self, path: Path, width: int, height: int, fps: int, gop: int, crf: int) -> None:
        super().__init__(path)
        self.frames = 0
        self._shape = (height, width, 4)
        self._rate = fps
        self._gop = gop
        self._options = _settings(gop, crf)
        self._container = av.open(str(path), "w", format="mp4", options=CONTAINER_OPTIONS)
        self._stream = self._container.add_stream("libx264", rate=fps, options=self._options)
        self._describe(self._stream.codec_context)
        self._stream.time_base = Fraction(1, fps)
        self._running: VideoCodecContext | None = None
        self._picture = YuvPicture(height, width)  # the newest
        self._group: list[tuple[bytes, bool]] | None = None  # the packets of a still group of it
        self._held = 0  # frames of it that wait for the group to be filled, or to move
        self._place = 0  # in the group
        self._written = 0
        self._first: bytes | None = None  # the key frame that the film begins with

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int) -> None:
        """Show *pixels* (height, width, 4), RGBA, for *count* frames."""
        if pixels.shape != self._shape:
            raise ValueError(f"frames must have the shape {self._shape}, not {pixels.shape}")
        if not self._picture.is_shown(pixels):
            self._encode_held()  # a group with a second picture in it moves
            self._picture.show(pixels)
            self._group = None
        self.frames += count
        for _ in range(count):
            self._held += 1
            self._place += 1
            if self._held < self._place:
                self._encode_held()
            elif self._place == self._gop:
                self._write_still()
            self._place %= self._gop

    def repeat_first(self) -> None:
        """Show the first frame once more, as the last: its packet again, so that it decodes to the same picture."""
        self._encode_held()
        self._drain()
        assert self._first is not None
        self._write(self._first, is_key=True)
        self.frames += 1

    def _finish(self) -> None:
        self._encode_held()
        self._drain()
        self._container.close()

    def _discard(self) -> None:
        with suppress(OSError, ValueError):  # a container without a frame cannot be closed well
            self._container.close()
        super()._discard()

    # -- groups -----------------------------------------------------------------------------------------

    def _encode_held(self) -> None:
        """Send the frames that waited to the running encoder: their group moves, or is the last one."""
        if self._held == 0:
            return
        if self._running is None:
            self._running = self._new_context()
            self._pts = 0
        for _ in range(self._held):
            for packet in self._running.encode(self._picture.frame(self._pts, self._rate)):
                self._write(bytes(packet), packet.is_keyframe)
            self._pts += 1
        self._held = 0

    def _write_still(self) -> None:
        self._drain()
        if self._group is None:
            self._group = self._encode_still()
        for data, is_key in self._group:
            self._write(data, is_key)
        self._held = 0

    def _encode_still(self) -> list[tuple[bytes, bool]]:
        context = self._new_context()
        packets = []
        for index in range(self._gop):
            packets += context.encode(self._picture.frame(index, self._rate))
        packets += context.encode(None)
        return [(bytes(packet), packet.is_keyframe) for packet in packets]

    def _drain(self) -> None:
        if self._running is not None:
            for packet in self._running.encode(None):
                self._write(bytes(packet), packet.is_keyframe)
            self._running = None

    def _write(self, data: bytes, is_key: bool) -> None:
        packet = av.Packet(data)
        packet.stream = self._stream
        packet.time_base = Fraction(1, self._rate)
        packet.pts = packet.dts = self._written
        packet.duration = 1
        packet.is_keyframe = is_key
        self._container.mux(packet)
        self._written += 1
        if self._first is None:
            self._first = data

    def _new_context(self) -> VideoCodecContext:
        context = av.CodecContext.create("libx264", "w")
        context.options = self._options
        context.flags |= Flags.global_header
        self._describe(context)
        return context

    def _describe(self, context: Any) -> None:
        context.height, context.width = self._shape[:2]
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, self._rate)
        context.framerate = Fraction(self._rate)
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = _LIMITED
