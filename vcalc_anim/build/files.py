"""Files that appear whole or not at all, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vcalc_anim.errors import WorkError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, renamed to *path* when the block ends well and removed when it does not.

    Raises :class:`WorkError` when the folder cannot be written or the disk is full.
    """
    # The real suffix stays last: writers choose their format by it.
    beside = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        os.replace(beside, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        beside.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> WorkError:
    """The message for a file that could not be written."""
    reason = error.strerror or str(error)
    return WorkError(f"cannot write {path}: {reason}; choose another folder with --out, or free space there")


def ensure_writable(folder: Path) -> None:
    """Make *folder* and try a file in it, so that a long build does not fail at its end."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise cannot_write(folder, error) from error


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(value: Any) -> str:
    """The SHA-256 of *value* as canonical JSON: equal values give equal fingerprints in any process."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
