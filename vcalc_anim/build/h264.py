"""One closed group of pictures in H.264, and the packets of a picture that stands still.

A picture that is shown again is a P picture of nothing but skipped macroblocks. Its bytes do not depend on what is
seen, only on its number in the group; so they are made once, from an empty picture, and a held frame costs a copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

BT709 = 1  # the number of BT.709 for primaries, transfer and matrix in ISO/IEC 23091-2
_LIMITED = 1
_UNIT = re.compile(rb"\x00*\x00\x00\x01(?=[^\x00])")  # between two units of a stream (ITU-T H.264, annex B)
_START = b"\x00\x00\x00\x01"
_KEY = 5  # the type of a unit of a key frame
_SUPPLEMENT = 6  # of a unit with x264's name and settings; every group would hold one


@dataclass(frozen=True)
class VideoFormat:
    """Size in pixels, frames a second, frames in a full group, and how coarsely x264 quantizes (0 to 51)."""

    width: int
    height: int
    fps: int
    gop: int
    quantizer: int

    def options(self) -> dict[str, str]:
        """What libx264 is told.

        Drawn pictures need little: with one quantizer for all of a picture nothing has to be looked at ahead, and
        the simplest search finds what moves, and edges that are drawn sharp need no smoothing between blocks.
        Measured on moving parts of lectures, that takes half of the time off, for files as large and pictures as
        like the drawing.
        """
        params = (
            f"keyint={self.gop}:min-keyint={self.gop}:scenecut=0:open-gop=0:bframes=0:ref=1:threads=1:weightp=0:"
            "mbtree=0:rc-lookahead=0:aq-mode=0:me=dia:subme=1:partitions=none:trellis=0:no-deblock=1"
        )
        return {
            "preset": "veryfast",
            "profile": "high",
            "qp": str(self.quantizer),
            "forced-idr": "1",
            "x264-params": params,
            "flags": "+bitexact+global_header",
        }

    def describe(self, context: Any) -> None:
        """Give *context* the size, the rate and the colours."""
        context.width, context.height = self.width, self.height
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, self.fps)
        context.framerate = Fraction(self.fps)
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = _LIMITED


class GroupCoder:
    """Codes the pictures of one group; its packets depend on them alone, not on what was coded before."""

    def __init__(self, form: VideoFormat) -> None:
        context: VideoCodecContext = av.CodecContext.create("libx264", "w")
        context.options = form.options()
        context.flags |= Flags.global_header
        form.describe(context)
        self._context = context
        self._fps = form.fps
        self._count = 0

    def code(self, picture: av.VideoFrame, *, as_key: bool = False) -> list[bytes]:
        """The packets that are ready once *picture* is given too; the first picture of a group is a key frame."""
        picture.pts, picture.time_base = self._count, Fraction(1, self._fps)
        picture.pict_type = PictureType.I if as_key else PictureType.NONE
        self._count += 1
        return [_bare(bytes(packet)) for packet in self._context.encode(picture)]

    def rest(self) -> list[bytes]:
        """The packets that are still missing; nothing can be coded afterwards."""
        return [_bare(bytes(packet)) for packet in self._context.encode(None)]


def key_packet(form: VideoFormat, picture: av.VideoFrame) -> bytes:
    """The key frame that shows *picture*."""
    coder = GroupCoder(form)
    (packet,) = [*coder.code(picture), *coder.rest()]
    return packet


def lone_key_packet(form: VideoFormat, picture: av.VideoFrame) -> bytes:
    """The key frame that shows *picture*, when another one follows at once: the two must have different numbers.

    (``idr_pic_id`` in ITU-T H.264, 7.4.3; that of the others is 0.)
    """
    coder = GroupCoder(form)
    _, packet = [*coder.code(picture), *coder.code(picture, as_key=True), *coder.rest()]
    return packet


@lru_cache(maxsize=4)
def skip_packets(form: VideoFormat) -> tuple[bytes, ...]:
    """The packets that show a group's picture again: the n-th of them as picture n of the group (none as picture 0)."""
    coder = GroupCoder(form)
    empty = av.VideoFrame(form.width, form.height, "yuv420p")
    for plane in empty.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    packets = [packet for _ in range(form.gop) for packet in coder.code(empty)] + coder.rest()
    return (b"", *packets[1:])


def is_key_packet(packet: bytes) -> bool:
    """Whether *packet*, one of this module's, is a key frame."""
    return packet[len(_START)] & 31 == _KEY


def from_mp4(packet: bytes) -> bytes:
    """A packet of this module as an MP4 holds it, with the lengths of its units instead of starts, as it was."""
    units, place = [], 0
    while place < len(packet):
        end = place + 4 + int.from_bytes(packet[place : place + 4])
        units.append(packet[place + 4 : end])
        place = end
    return b"".join(_START + unit for unit in units)


def _bare(packet: bytes) -> bytes:
    """*packet* without supplements."""
    starts = [match.end() for match in _UNIT.finditer(packet)]
    ends = [match.start() for match in _UNIT.finditer(packet)][1:] + [len(packet)]
    units = [packet[start:end] for start, end in zip(starts, ends, strict=True)]
    return b"".join(_START + unit for unit in units if unit[0] & 31 != _SUPPLEMENT)
