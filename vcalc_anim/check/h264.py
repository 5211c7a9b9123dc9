"""What the headers of an H.264 stream say: profile, entropy coding, colour, kinds of frames (ITU-T H.264, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PictureType = Literal["I", "P", "B"]

HIGH_PROFILE = 100
_WITH_CHROMA = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_SLICE, _IDR, _SEQUENCE, _PARAMETERS = 1, 5, 7, 8
_UNSPECIFIED = 2  # of primaries, transfer and matrix


@dataclass(frozen=True)
class StreamHeader:
    """The sequence and the picture parameters that every frame of a stream refers to."""

    profile: int
    chroma: int  # 1 is 4:2:0
    bits: int
    progressive: bool
    cabac: bool
    color: tuple[int, int, int]  # numbers of ISO/IEC 23091-2: primaries, transfer, matrix
    full_range: bool


@dataclass(frozen=True)
class Picture:
    """One coded frame; ``is_refresh``: nothing after it refers to anything before it (an IDR picture)."""

    kind: PictureType
    is_refresh: bool


def read_header(avcc: bytes) -> StreamHeader:
    """The headers of an ``avcC`` record (ISO/IEC 14496-15); raises ``ValueError`` where there are none."""
    try:
        sets = list(_parameter_sets(avcc))
        sequence = next(unit for unit in sets if unit[0] & 31 == _SEQUENCE)
        parameters = next(unit for unit in sets if unit[0] & 31 == _PARAMETERS)
        return _sequence(_Bits(sequence[1:]), _cabac(_Bits(parameters[1:])))
    except (StopIteration, IndexError):
        raise ValueError("the H.264 stream has no readable headers: encode it again") from None


def read_picture(packet: bytes, length_size: int) -> Picture:
    """The kind of one frame, from its first slice; each unit in *packet* begins with its length."""
    at = 0
    while at + length_size < len(packet):
        size = int.from_bytes(packet[at : at + length_size], "big")
        at += length_size
        unit = packet[at] & 31
        if unit in (_SLICE, _IDR):
            bits = _Bits(packet[at + 1 : at + 32])
            bits.number()  # the first macroblock
            kinds: tuple[PictureType, ...] = ("P", "B", "I", "P", "I")
            return Picture(kinds[bits.number() % 5], unit == _IDR)
        at += size
    raise ValueError("a frame of the H.264 stream has no slice: encode it again")


def length_size(avcc: bytes) -> int:
    """How many bytes the length in front of each unit has."""
    return (avcc[4] & 3) + 1


def _parameter_sets(avcc: bytes) -> Iterator[bytes]:
    at = 5
    for mask in (31, 255):
        count = avcc[at] & mask
        at += 1
        for _ in range(count):
            size = int.from_bytes(avcc[at : at + 2], "big")
            yield avcc[at + 2 : at + 2 + size]
            at += 2 + size


def _cabac(bits: _Bits) -> bool:
    bits.number()
    bits.number()
    return bits.flag()


def _sequence(bits: _Bits, cabac: bool) -> StreamHeader:
    profile = bits.take(8)
    bits.take(16)  # constraints, level
    bits.number()
    chroma, depth = 1, 8
    if profile in _WITH_CHROMA:
        chroma = bits.number()
        if chroma == 3:
            bits.flag()
        depth = 8 + bits.number()
        bits.number()
        bits.flag()
        if bits.flag():
            _skip_scaling(bits, 8 if chroma != 3 else 12)
    bits.number()
    _skip_order(bits)
    bits.number()
    bits.flag()
    bits.number()
    bits.number()
    progressive = bits.flag()
    if not progressive:
        bits.flag()
    bits.flag()
    if bits.flag():
        for _ in range(4):
            bits.number()
    color, full = (_UNSPECIFIED,) * 3, False
    if bits.flag():
        color, full = _color(bits)
    return StreamHeader(profile, chroma, depth, progressive, cabac, color, full)


def _skip_order(bits: _Bits) -> None:
    kind = bits.number()
    if kind == 0:
        bits.number()
    elif kind == 1:
        bits.flag()
        bits.number()
        bits.number()
        for _ in range(bits.number()):
            bits.number()


def _skip_scaling(bits: _Bits, lists: int) -> None:
    for index in range(lists):
        if bits.flag():
            last = following = 8
            for _ in range(16 if index < 6 else 64):
                if following:
                    following = (last + bits.signed()) % 256
                last = following or last


def _color(bits: _Bits) -> tuple[tuple[int, int, int], bool]:
    if bits.flag() and bits.take(8) == 255:  # the shape of a pixel
        bits.take(32)
    if bits.flag():
        bits.flag()
    if not bits.flag():
        return (_UNSPECIFIED,) * 3, False
    bits.take(3)
    full = bits.flag()
    if not bits.flag():
        return (_UNSPECIFIED,) * 3, full
    return (bits.take(8), bits.take(8), bits.take(8)), full


class _Bits:
    """Reads bits of a unit, without the bytes that only keep start codes from appearing in it."""

    def __init__(self, data: bytes) -> None:
        plain = data.replace(b"\0\0\x03", b"\0\0")
        self._value = int.from_bytes(plain, "big")
        self._left = 8 * len(plain)

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise IndexError("the unit ends early")
        return (self._value >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        return self.take(1) == 1

    def number(self) -> int:
        """An unsigned Exp-Golomb number."""
        zeros = 0
        while not self.flag():
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        code = self.number()
        return (code + 1) // 2 if code % 2 else -(code // 2)
