"""Whole frames: the run times that make Manim 0.22 write exactly n frames.

Manim counts frames with floating point: a play writes ``len(arange(0, run_time, 1/fps))`` frames, a
still wait ``int(run_time / (1/fps))``. A nudge far below one frame keeps both on the intended side.
"""

from __future__ import annotations

_NUDGE = 1e-6


def to_frames(seconds: float, fps: int) -> int:
    """The number of whole frames nearest to *seconds* (at least 0)."""
    return max(0, round(seconds * fps))


def play_seconds(frames: int, fps: int) -> float:
    """A ``run_time`` for which a play, or a wait with running updaters, writes *frames* frames."""
    return frames / fps - _NUDGE


def still_seconds(frames: int, fps: int) -> float:
    """A duration for which a wait with nothing moving writes *frames* frames."""
    return frames / fps + _NUDGE
