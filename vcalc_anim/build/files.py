"""Files that appear whole or not at all, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from vcalc_anim.errors import InputError, WorkError

CACHE_FOLDER = ".vcalc"  # of a project

_HOST = re.sub(r"[^A-Za-z0-9]", "", platform.node()) or "host"
_PART = re.compile(r"\..*\.(?P<host>[A-Za-z0-9]+)-(?P<pid>\d+)\.part(?:\.\w+)?")
_ABANDONED = 24 * 3600.0  # seconds after which a part that nobody wrote to is nobody's any more


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, renamed to *path* when the block ends well and removed when it does not.

    Raises :class:`WorkError` when the folder cannot be written or the disk is full.
    """
    beside = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        os.replace(beside, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def write_text(path: Path, text: str) -> None:
    """Write *text* as UTF-8, whole or not at all."""
    with replacing(path) as target:
        target.write_text(text, encoding="utf-8")


def cannot_write(path: Path, error: OSError) -> WorkError:
    """The message for a file that could not be written."""
    reason = error.strerror or str(error)
    mend = "choose another folder with --out, or free space there"
    if CACHE_FOLDER in path.parts:  # which no option moves
        mend = (
            "free space there (vcalc cache prune removes what is no longer used), or see to its permissions"
        )
    return WorkError(f"cannot write {path}: {reason}; {mend}")


def ensure_writable(folder: Path) -> None:
    """Try a file in *folder*, so that a long build does not fail at its end; nothing stays behind.

    Raises :class:`WorkError` when nothing can be written there.
    """
    probe = _beside(folder / "probe")
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        for place in made:
            with suppress(OSError):
                place.rmdir()


def check_suffix(path: Path, *allowed: str) -> None:
    """Raise :class:`InputError` unless *path* ends in one of *allowed* (with their dots, in small letters)."""
    if path.suffix.lower() not in allowed:
        raise InputError(f"{path} cannot be written: its name has to end in {' or '.join(allowed)}")


def remove_stale_parts(folder: Path) -> None:
    """Remove what processes left half-written in *folder* and below when they were killed.

    For a day after they were last written to, parts of living processes stay, and those of other machines that share the
    folder: later, the number is another process's by now.
    """
    for path in folder.rglob(".*.part*") if folder.is_dir() else ():
        with suppress(OSError):  # another build may clean here, too
            if (found := _PART.fullmatch(path.name)) and _is_stale(path, found["host"], int(found["pid"])):
                path.unlink()


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(value: Any) -> str:
    """The SHA-256 of *value* as canonical JSON: equal values give equal fingerprints in any process."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _beside(path: Path) -> Path:
    # The real suffix stays last: writers choose their format by it.
    return path.with_name(f".{path.stem}.{_HOST}-{os.getpid()}.part{path.suffix}")


def _is_stale(path: Path, host: str, pid: int) -> bool:
    if host == _HOST and (pid == os.getpid() or not _is_alive(pid)):
        return True  # of our own number: called before anything is written, so it was another's before it was ours
    return time.time() - path.stat().st_mtime > _ABANDONED


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    try:  # One that has ended keeps its number until its parent asks for it: in a container, often for ever.
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:  # not every system tells, and it may have gone meanwhile
        return True
    return not status.rpartition(")")[2].lstrip().startswith("Z")
