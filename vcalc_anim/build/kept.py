"""Small results that are kept in one file each, with a checksum before them: damage is found, told and mended."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from contextlib import suppress
from pathlib import Path

from vcalc_anim.build.files import replacing

_log = logging.getLogger(__name__)
_DIGEST = hashlib.sha256().digest_size
_DAY = 24 * 3600.0


def store_kept(path: Path, data: bytes) -> None:
    """Keep *data* in the file *path*: whole or not at all.

    Raises:
        WorkError: the file cannot be written.
    """
    with replacing(path) as target:
        target.write_bytes(hashlib.sha256(data).digest() + data)


def load_kept(path: Path, what: str) -> bytes | None:
    """What :func:`store_kept` put into *path*; None when it is not there or damaged, which is told, naming *what* it is."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, data = stored[:_DIGEST], stored[_DIGEST:]
    if hashlib.sha256(data).digest() != digest:
        _log.warning("%s was altered or cut off in the cache (%s); making it again", what, path)
        return None
    touch(path)
    return data


def touch(path: Path) -> None:
    """Note, to a day, that the cache's file *path* was used."""
    with suppress(OSError):  # a cache that cannot be written may still be read
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)
