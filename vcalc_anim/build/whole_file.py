"""A file that a sink writes: finished when its block ends well, gone when it does not."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self


class WholeFile:
    """Base of sinks that write the file *path*; a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _finish(self) -> None:
        """Write what is still to be written."""

    def _discard(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._discard()
            return
        try:
            self._finish()
        except BaseException:
            self._discard()
            raise
