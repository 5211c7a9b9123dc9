"""Speech that was already made, kept in a folder."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.errors import WorkError
from vcalc_anim.voice.speech import Speech, Voice

_log = logging.getLogger(__name__)

_DAY = 24 * 3600.0
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class SpeechCache:
    """A folder of speech, one file for each voice identity and list of words.

    Several processes may share it: a file appears whole or not at all, and two that make the same speech write the
    same bytes.
    """

    folder: Path

    def path(self, voice: Voice, words: Sequence[str]) -> Path:
        """Where the speech of *words* by *voice* is kept, whether it exists or not."""
        key = hashlib.sha256()
        for part in (voice.identity, *words):
            data = part.encode()
            key.update(len(data).to_bytes(8, "big") + data)  # lengths, so that ["a b"] and ["a", "b"] differ
        name = key.hexdigest()
        return self.folder / name[:2] / f"{name}.speech"

    def speak(self, voice: Voice, words: Sequence[str]) -> Speech:
        """The speech of *words* by *voice*, from the folder where it is there, else made and stored.

        A stored file that is damaged is reported as a warning and made again.

        Raises:
            InputError, WorkError: as ``voice.speak``; WorkError also when the folder cannot be written.
        """
        path = self.path(voice, words)
        stored = _read(path)
        if stored is not None:
            return stored
        speech = voice.speak(words)
        _write(path, speech)
        return speech


def _read(path: Path) -> Speech | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkError(
            f"cannot read stored speech {path} ({error.strerror}); check its permissions"
        ) from error
    digest, body = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(body).digest() == digest:
        try:
            speech = Speech.from_bytes(body)
            _note_use(path)
            return speech
        except ValueError as error:  # whole, but written by another version
            _log.warning("stored speech %s is of another kind (%s); speaking the line again", path, error)
            return None
    _log.warning("stored speech %s is damaged; speaking the line again", path)
    return None


def _note_use(path: Path) -> None:
    """Let the file's date say, to a day, when it was last used: old speech is removed by it."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)


def _write(path: Path, speech: Speech) -> None:
    body = speech.to_bytes()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            os.replace(beside, path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WorkError(
            f"cannot store speech in {path.parent} ({error.strerror}); check space and permissions"
        ) from error
