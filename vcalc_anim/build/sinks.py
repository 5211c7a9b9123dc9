"""Between the renderer and the encoders: one drawing for several files, its progress, and the closing of loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from vcalc_anim.build.files import cannot_write
from vcalc_anim.errors import Problem, WorkError
from vcalc_anim.raster import Parts, Pixels

_SAME = 8  # levels of 255 that a channel may differ by, from rounding at the edge of a shape
_SPECKS = 1e-5  # share of pixels that may differ by more


class ClipSink(Protocol):
    """Where the frames of a scene or of a loop go: a :class:`~vcalc_anim.stage.renderer.FrameSink` that can close."""

    def wants(self, first: int, count: int) -> bool: ...

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None: ...

    def repeat_first(self) -> None:
        """The frame that follows is the first one again; it is the last one."""


class Tee:
    """Hands every frame to all *sinks*.

    Raises :class:`WorkError` where one cannot write.
    """

    def __init__(self, sinks: Sequence[ClipSink]) -> None:
        self._sinks = sinks
        self._is_current = [False] * len(sinks)  # whether each of them has the newest picture

    def wants(self, first: int, count: int) -> bool:
        return any(sink.wants(first, count) for sink in self._sinks)

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        with writing():
            for index, sink in enumerate(self._sinks):
                if sink.wants(first, count):
                    sink.add(first, pixels, count, changed if self._is_current[index] else None)
                    self._is_current[index] = True
                elif changed is None or changed:
                    self._is_current[index] = False

    def repeat_first(self) -> None:
        with writing():
            for sink in self._sinks:
                sink.repeat_first()


@contextmanager
def writing() -> Iterator[None]:
    """Tell of files that cannot be written as :class:`WorkError`: an OSError would look like a fault of the scene."""
    try:
        yield
    except OSError as error:
        raise cannot_write(Path(error.filename or ".").parent, error) from error


class Batches:
    """Takes numbers of finished frames, and hands them to *report* together, about twice a second of film."""

    def __init__(self, report: Callable[[int], None]) -> None:
        self._report = report
        self._unreported = 0

    def __call__(self, count: int) -> None:
        self._unreported += count
        if self._unreported >= 15:
            self._report(self._unreported)
            self._unreported = 0


class Reporting:
    """Passes frames on and reports progress about twice a second of film."""

    def __init__(self, sink: ClipSink, report: Callable[[int], None]) -> None:
        self._sink = sink
        self._note = Batches(report)

    def wants(self, first: int, count: int) -> bool:
        wanted = self._sink.wants(first, count)
        if not wanted:
            self._note(count)
        return wanted

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        self._sink.add(first, pixels, count, changed)
        self._note(count)

    def repeat_first(self) -> None:
        self._sink.repeat_first()
        self._note(1)


class Closing:
    """Sees that frame *last* is frame 0 again, and passes it on as exactly that.

    Raises :class:`WorkError` from ``add`` when it is not, at *place*, whose message names the loop.
    """

    def __init__(self, sink: ClipSink, last: int, place: Problem) -> None:
        self._sink = sink
        self._last = last
        self._place = place
        self._first: Pixels | None = None

    def wants(self, first: int, count: int) -> bool:
        return first == 0 or first + count > self._last or self._sink.wants(first, count)

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        if self._first is None:
            self._first = pixels.copy()
        before = min(count, self._last - first)
        if before > 0:
            self._sink.add(first, pixels, before, changed)
        if before < count:
            self._compare(pixels)
            self._sink.repeat_first()

    def repeat_first(self) -> None:
        raise AssertionError("a loop closes once")

    def _compare(self, pixels: Pixels) -> None:
        assert self._first is not None
        apart = np.abs(self._first.astype(np.int16) - pixels).max(axis=2)
        if (share := float((apart > _SAME).mean())) > _SPECKS:
            message = (
                f"{self._place.message} does not close: {100 * share:.2g} % of the pixels of its last frame differ "
                f"from its first one, by up to {int(apart.max())} of 255; let it end in the state that it began with"
            )
            raise WorkError(str(replace(self._place, message=message)))
