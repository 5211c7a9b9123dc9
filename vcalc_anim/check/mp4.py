"""What the boxes of an MP4 file say about it, without decoding anything."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf"}
_SAMPLE_ENTRIES = {b"avc1": 78, b"avc3": 78}  # bytes of fields before the boxes of a picture's description


@dataclass(frozen=True)
class Layout:
    """The order of the outermost boxes, every brand, and the boxes that stand anywhere inside."""

    major_brand: str
    brands: tuple[str, ...]
    outer: tuple[str, ...]
    inner: frozenset[str]
    color: tuple[int, int, int, bool] | None  # primaries, transfer, matrix, full range (box ``colr nclx``)

    @property
    def is_fast_start(self) -> bool:
        """Whether the index comes before the media, so that playing can begin while the file still loads."""
        if "moov" not in self.outer:
            return False
        return "mdat" not in self.outer or self.outer.index("moov") < self.outer.index("mdat")


def read_layout(path: Path) -> Layout:
    """Walk the boxes of *path*; raises ``ValueError`` where they do not fit into each other (ISO/IEC 14496-12)."""
    outer: list[str] = []
    inner: set[str] = set()
    brands: tuple[str, ...] = ("",)
    color = None
    with path.open("rb") as file:
        size = file.seek(0, 2)
        for depth, kind, start, end in _walk(file, 0, size, 0):
            name = kind.decode("latin-1")
            if depth == 0:
                outer.append(name)
            else:
                inner.add(name)
            if kind == b"ftyp":
                data = _read(file, start, min(end, start + 256))
                words = [data[i : i + 4].decode("latin-1") for i in range(0, len(data) - 3, 4)]
                brands = (words[0], *words[2:]) if words else ("",)
            elif kind == b"colr":
                data = _read(file, start, end)
                if data[:4] == b"nclx" and len(data) >= 11:
                    primaries, transfer, matrix, full = struct.unpack_from(">HHHB", data, 4)
                    color = (primaries, transfer, matrix, bool(full & 0x80))
    return Layout(brands[0], brands, tuple(outer), frozenset(inner), color)


def _walk(file: BinaryIO, start: int, end: int, depth: int) -> Iterator[tuple[int, bytes, int, int]]:
    """Each box between two offsets: how deep it lies, its kind, where its content starts and ends."""
    while start + 8 <= end:
        head = _read(file, start, start + 16)
        size, kind = struct.unpack_from(">I4s", head)
        content = start + 8
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
            content += 8
        elif size == 0:
            size = end - start  # the last box of a file may leave its size open
        if start + size > end or size < content - start:
            raise ValueError(f"the box {kind!r} at byte {start} does not fit: the file is cut off or damaged")
        yield depth, kind, content, start + size
        if kind in _PARENTS:
            yield from _walk(file, content, start + size, depth + 1)
        elif kind == b"stsd":
            yield from _walk(file, content + 8, start + size, depth + 1)
        elif kind in _SAMPLE_ENTRIES:
            yield from _walk(file, content + _SAMPLE_ENTRIES[kind], start + size, depth + 1)
        start += size


def _read(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)
