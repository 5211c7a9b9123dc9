"""What vcalc says when something is wrong: a place, a likely cause, a mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, at one place.

    ``file`` is shown as it was given, ``line`` counts from 1; both may be absent.
    """

    file: Path | None
    line: int | None
    message: str

    def __str__(self) -> str:
        place = "" if self.file is None else f"{self.file.as_posix()}:"
        if place and self.line is not None:
            place += f"{self.line}:"
        return f"{place} {self.message}".strip()


class InputError(Exception):
    """The caller gave something unusable (exit code 2). Carries every problem found, not only the first."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(None, None, p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[Problem, ...]]:
        return type(self), self.problems  # problems survive the trip back from a worker process


class WorkError(Exception):
    """The input was fine but the work could not be done (exit code 1): disk, permissions, a crash."""


def raise_if_any(problems: Iterable[Problem]) -> None:
    """Raise one :class:`InputError` with all *problems*, sorted by place; return if there are none."""
    found = sorted(problems, key=lambda p: (p.file or Path(), p.line or 0, p.message))
    if found:
        raise InputError(*found)
