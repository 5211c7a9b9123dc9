"""Where things stand: zones of the frame, in Manim units, for landscape and portrait frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import DL, UR, Mobject, config
from numpy.typing import NDArray

SAFE_MARGIN = 0.04  # of the frame, on every side
TITLE_SHARE, TALL_TITLE_SHARE = 0.10, 0.12  # in portrait, a title has two lines
CAPTION_SHARE = 0.12
DOCK_SHARE = 0.34  # of the width between the margins
GAP = 0.35


@dataclass(frozen=True)
class Zone:
    """A rectangle of the frame: ``left < right``, ``bottom < top``."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def center(self) -> NDArray[np.float64]:
        return np.array([(self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0])

    @property
    def top_left(self) -> NDArray[np.float64]:
        return np.array([self.left, self.top, 0.0])

    def inset(self, horizontal: float, vertical: float | None = None) -> Zone:
        """The zone without a border of the given widths."""
        vertical = horizontal if vertical is None else vertical
        return Zone(
            self.left + horizontal, self.right - horizontal, self.bottom + vertical, self.top - vertical
        )

    def columns(self, *shares: float, gap: float = GAP) -> tuple[Zone, ...]:
        """Cut into columns from left to right, widths in the ratio of *shares*."""
        usable = self.width - gap * (len(shares) - 1)
        zones, left = [], self.left
        for share in shares:
            width = usable * share / sum(shares)
            zones.append(Zone(left, left + width, self.bottom, self.top))
            left += width + gap
        return tuple(zones)

    def rows(self, *shares: float, gap: float = GAP) -> tuple[Zone, ...]:
        """Cut into rows from top to bottom, heights in the ratio of *shares*."""
        usable = self.height - gap * (len(shares) - 1)
        zones, top = [], self.top
        for share in shares:
            height = usable * share / sum(shares)
            zones.append(Zone(self.left, self.right, top - height, top))
            top -= height + gap
        return tuple(zones)

    def holds(self, mobject: Mobject, slack: float = 0.0) -> bool:
        """Whether the bounding box of *mobject* lies inside, give or take *slack* units."""
        low, high = mobject.get_corner(DL), mobject.get_corner(UR)
        return bool(
            low[0] >= self.left - slack
            and high[0] <= self.right + slack
            and low[1] >= self.bottom - slack
            and high[1] <= self.top + slack
        )


@dataclass(frozen=True)
class Zones:
    """The zones of one frame shape. ``wide`` is stage and dock together."""

    frame: Zone
    safe: Zone
    title: Zone
    stage: Zone
    dock: Zone
    wide: Zone
    captions: Zone

    @property
    def is_tall(self) -> bool:
        """Whether the frame is portrait: the dock lies below the stage, and is wider than high."""
        return self.frame.height > self.frame.width

    def split(self, first: float, second: float, gap: float = GAP) -> tuple[Zone, Zone]:
        """Cut :attr:`wide` in two: side by side in landscape frames, one above the other in portrait."""
        cut = self.wide.rows if self.is_tall else self.wide.columns
        one, two = cut(first, second, gap=gap)
        return one, two


def zones(whole: bool = False) -> Zones:
    """The zones of the frame Manim is configured for; portrait frames put the dock below the stage.

    With *whole*, there is neither title nor caption: their zones are empty, and the picture has their room.
    """
    half_width, half_height = config.frame_width / 2, config.frame_height / 2
    frame = Zone(-half_width, half_width, -half_height, half_height)
    safe = frame.inset(frame.width * SAFE_MARGIN, frame.height * SAFE_MARGIN)
    title_share = TALL_TITLE_SHARE if frame.height > frame.width else TITLE_SHARE
    title_bottom = safe.top if whole else frame.top - frame.height * title_share
    captions_top = safe.bottom if whole else frame.bottom + frame.height * CAPTION_SHARE
    wide = Zone(safe.left, safe.right, captions_top, safe.top if whole else title_bottom - GAP / 2)
    if frame.width >= frame.height:
        stage, dock = wide.columns(1 - DOCK_SHARE, DOCK_SHARE)
    else:
        stage, dock = wide.rows(1 - DOCK_SHARE, DOCK_SHARE)
    return Zones(
        frame=frame,
        safe=safe,
        title=Zone(safe.left, safe.right, title_bottom, safe.top),
        stage=stage,
        dock=dock,
        wide=wide,
        captions=Zone(safe.left, safe.right, safe.bottom, captions_top),
    )
