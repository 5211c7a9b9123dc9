"""Picture sizes and rates by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["wide", "square", "tall"]


@dataclass(frozen=True)
class Quality:
    """``lines`` along the shorter side of the frame, frames a second, the quantizer of its H.264 (0 to 51)."""

    name: str
    lines: int
    fps: int
    quantizer: int = 25

    def size(self, shape: Shape = "wide") -> tuple[int, int]:
        """Width and height in pixels: 16:9, 1:1 or 9:16, both even."""
        long = round(self.lines * 16 / 9 / 2) * 2
        return {
            "wide": (long, self.lines),
            "square": (self.lines, self.lines),
            "tall": (self.lines, long),
        }[shape]

    @property
    def gop(self) -> int:
        """Frames from one key frame to the next: half a second."""
        return max(1, self.fps // 2)


QUALITIES = {
    quality.name: quality
    for quality in (
        Quality("draft", 480, 15),
        Quality("preview", 720, 30),
        Quality("standard", 1080, 30),
        Quality("high", 1080, 60),
        Quality("uhd", 2160, 60),
    )
}
