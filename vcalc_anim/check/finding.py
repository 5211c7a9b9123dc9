"""What a gate reports: one broken rule at one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Box:
    """A rectangle of the frame to draw on the picture, in shares of its width and height from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    name: str = ""


@dataclass(frozen=True)
class Finding:
    """One broken rule.

    ``rule`` is ``gate.name``, such as ``layout.overlap``; ``message`` says what is wrong and how to mend
    it. ``file`` and ``line_number`` name the source to edit where there is one. For pictures, ``scene``,
    ``line`` and ``seconds`` (from the scene's start) say when, ``until`` how long it lasts, and
    ``boxes`` where.
    """

    rule: str
    message: str
    chapter: str = ""
    scene: str = ""
    line: str = ""
    seconds: float | None = None
    until: float | None = None
    boxes: tuple[Box, ...] = ()
    file: Path | None = None
    line_number: int | None = None

    @property
    def place(self) -> str:
        """Chapter, scene, line and time as one phrase; the file where there is no picture."""
        if self.seconds is None:
            where = "" if self.file is None else self.file.as_posix()
            return where if self.line_number is None else f"{where}:{self.line_number}"
        time = f"{self.seconds:.1f} s" if self.until is None else f"{self.seconds:.1f}–{self.until:.1f} s"
        return " ".join(part for part in (self.chapter, self.scene, self.line, time) if part)
