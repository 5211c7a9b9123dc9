"""H.264 in closed groups of pictures, where what stands still costs nearly nothing.

A lecture holds its picture for half of its time. x264 spends as much on a repeated frame as on a new one; here a held
picture is one key frame, coded once, and packets that repeat it. Each group is coded by itself and nothing looks
ahead or back, so that packets of different encoders follow each other freely, and equal pictures give equal packets
wherever they stand. Only one picture is kept in memory, however long the group.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av

from vcalc_anim.build.h264 import (
    GroupCoder,
    VideoFormat,
    is_key_packet,
    key_packet,
    lone_key_packet,
    skip_packets,
)
from vcalc_anim.build.planes import YuvPicture
from vcalc_anim.build.whole_file import WholeFile
from vcalc_anim.raster import Part, Parts, Pixels

CONTAINER_OPTIONS = {"movflags": "+faststart", "use_editlist": "0", "fflags": "+bitexact"}


def stood(held: int, gop: int) -> bool:
    """Whether a picture that was held for *held* frames ends its group when another one follows."""
    return 2 * held >= gop > 2


class SceneEncoder(WholeFile):
    """Encodes one scene's frames into an MP4 of its own (a :class:`~vcalc_anim.stage.renderer.FrameSink`).

    A group is full after *gop* frames; it ends earlier when a picture that stood still for half of that begins to
    move, and at the end of the film.

    Use as a context manager: leaving it normally finishes the file, leaving it by an exception removes it.
    """

    def __init__(self, path: Path, width: int, height: int, fps: int, gop: int, quantizer: int) -> None:
        super().__init__(path)
        self.frames = 0
        self._format = VideoFormat(width, height, fps, gop, quantizer)
        self._container = av.open(str(path), "w", format="mp4", options=CONTAINER_OPTIONS)
        self._stream = self._container.add_stream("libx264", rate=fps, options=self._format.options())
        self._format.describe(self._stream.codec_context)
        self._stream.time_base = Fraction(1, fps)
        self._picture = YuvPicture(height, width)  # the newest
        self._key: bytes | None = None  # its key frame, once there is one
        self._coder: GroupCoder | None = None  # of the group, when something in it moves
        self._coded = 0  # frames of the group that its coder has
        self._held = 0  # frames of the newest picture that it has not: they wait to be repeated, or to move
        self._is_coded = False  # whether the newest picture is the last that the coder has
        self._written = 0
        self._first: bytes | None = None  # the key frame that the film begins with

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        """Show *pixels* (height, width, 4), RGBA, for *count* frames; they differ from those before in *changed*."""
        if pixels.shape != (shape := (self._format.height, self._format.width, 4)):
            raise ValueError(f"frames must have the shape {shape}, not {pixels.shape}")
        if parts := self._picture.differences(pixels, changed):
            if stood(self._held, self._format.gop):
                self.end_group()
            self._begin(pixels, parts)
        self.hold(count)

    # -- groups by hand: :mod:`vcalc_anim.build.recall` decides where they end, by the same rule ---------------

    def show(self, pixels: Pixels, changed: Parts = None) -> None:
        """Begin another picture in the same group; nothing of it is in the film before it is held.

        It differs from the one before in *changed*, if at all.
        """
        self._begin(pixels, self._picture.differences(pixels, changed))

    def hold(self, count: int) -> None:
        """The newest picture for *count* more frames; groups end when they are full."""
        self.frames += count
        self._held += count
        while self._coded + self._held >= self._format.gop:
            self._end_group(self._format.gop - self._coded)

    def end_group(self) -> None:
        """The next frame begins another group."""
        if self._held or self._coder is not None:
            self._end_group(self._held)

    def put(self, packets: Sequence[bytes]) -> None:
        """A whole group from another film of the same format, at the end of a group."""
        for packet in packets:
            self._write(packet)
        self.frames += len(packets)

    def repeat_first(self) -> None:
        """Show the first frame once more, as the last: its packet again, so that it decodes to the same picture."""
        self._end_film()
        assert self._first is not None
        self._write(self._first)
        self.frames += 1

    def _finish(self) -> None:
        self._end_film()
        self._container.close()

    def _discard(self) -> None:
        with suppress(OSError, ValueError):  # a container without a frame cannot be closed well
            self._container.close()
        super()._discard()

    def _begin(self, pixels: Pixels, parts: Sequence[Part]) -> None:
        while self._held:
            self._held -= 1
            self._code()
        if parts:
            self._picture.show(pixels, parts)
            self._key = None
        self._is_coded = False

    def _code(self) -> None:
        """Give the newest picture to the coder of the group, as its next frame."""
        if self._coder is None:
            self._coder = GroupCoder(self._format)
        for packet in self._coder.code(self._picture.frame):
            self._write(packet)
        self._coded += 1
        self._is_coded = True

    def _end_group(self, held: int) -> None:
        """End the group with *held* more frames of the newest picture."""
        self._held -= held
        end = self._coded + held
        if self._coder is None:  # nothing has moved: a key frame is all that is needed
            if self._key is None:
                self._key = key_packet(self._format, self._picture.frame)
            self._write(self._key)
            self._coded = 1
        else:
            if held and not self._is_coded:
                self._code()
            for packet in self._coder.rest():
                self._write(packet)
        for packet in skip_packets(self._format)[self._coded : end]:
            self._write(packet)
        self._coder, self._coded, self._is_coded = None, 0, False

    def _end_film(self) -> None:
        if (
            self._held == 1 and self._coder is None
        ):  # a group of one picture, and the next film begins at once
            self._held = 0
            self._write(lone_key_packet(self._format, self._picture.frame))
        else:
            self.end_group()

    def _write(self, data: bytes) -> None:
        packet = av.Packet(data)
        packet.stream = self._stream
        packet.time_base = Fraction(1, self._format.fps)
        packet.pts = packet.dts = self._written
        packet.duration = 1
        packet.is_keyframe = is_key_packet(data)
        self._container.mux(packet)
        self._written += 1
        if self._first is None:
            self._first = data
