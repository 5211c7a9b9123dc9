"""What a build tells while it works: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Task(Protocol):
    """One piece of work with a known amount."""

    def advance(self, amount: int = 1) -> None: ...
    def note(self, text: str) -> None: ...


class _Bar:
    def __init__(self, progress: Progress, label: str, total: int) -> None:
        self._progress = progress
        self._id = progress.add_task(label, total=total)

    def advance(self, amount: int = 1) -> None:
        self._progress.advance(self._id, amount)

    def note(self, text: str) -> None:
        self._progress.console.print(text, highlight=False, markup=False)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self, console: Console, label: str, total: int, every: float = 10.0) -> None:
        self._console, self._label, self._total, self._every = console, label, total, every
        self._done, self._start = 0, time.monotonic()
        self._last = self._start

    def advance(self, amount: int = 1) -> None:
        self._done += amount
        now = time.monotonic()
        if now - self._last >= self._every and self._done:
            self._last = now
            left = (now - self._start) / self._done * (self._total - self._done)
            share = 100 * self._done // max(1, self._total)
            self.note(f"{self._label}: {self._done} of {self._total} ({share} %), about {left:.0f} s left")

    def note(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def task(label: str, total: int) -> Iterator[Task]:
    """Show progress of *total* units of work on standard error while the block runs."""
    console = Console(file=sys.stderr)
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as progress:
            yield _Bar(progress, label, total)
    else:
        yield _Lines(console, label, total)
