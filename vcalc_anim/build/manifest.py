"""``manifest.json``: every file a build made, with what a program needs to know about it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av

from vcalc_anim.build.files import replacing, sha256_file
from vcalc_anim.errors import WorkError

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Entry:
    """One file; ``path`` is relative to the output folder. Media facts are measured from the file."""

    path: str
    kind: str  # lecture, captions, clip …
    chapter: str
    inputs: str  # fingerprint of everything the file was made from
    sha256: str
    bytes: int
    scene: str | None = None
    duration: float | None = None
    frames: int | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None


class Manifest:
    """The entries of one output folder, by path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: dict[str, Entry] = {}
        try:
            stored = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.entries = {item["path"]: Entry(**item) for item in stored["files"]}
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            pass  # absent, or not ours: everything counts as not built, and it is written anew
        except OSError as error:
            raise WorkError(f"cannot read {folder / MANIFEST}: {error.strerror}; remove it") from error

    def is_current(self, path: Path, inputs: str) -> bool:
        """Whether *path* was made from *inputs* and has not been changed since."""
        entry = self.entries.get(self._name(path))
        return (
            entry is not None
            and entry.inputs == inputs
            and path.is_file()
            and path.stat().st_size == entry.bytes
            and sha256_file(path) == entry.sha256
        )

    def add(self, path: Path, kind: str, chapter: str, inputs: str, scene: str | None = None) -> None:
        """Measure *path* and note it."""
        facts = measure(path) if path.suffix in (".mp4", ".webm", ".mov", ".gif") else {}
        name = self._name(path)
        self.entries[name] = Entry(
            name, kind, chapter, inputs, sha256_file(path), path.stat().st_size, scene, **facts
        )

    def save(self) -> None:
        """Write the manifest, without the files that are gone."""
        present = [
            asdict(entry) for name, entry in sorted(self.entries.items()) if (self.folder / name).is_file()
        ]
        with replacing(self.folder / MANIFEST) as target:
            target.write_text(json.dumps({"files": present}, indent=1) + "\n", encoding="utf-8")

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def measure(path: Path) -> dict[str, Any]:
    """Duration in seconds, frames, size and rate of a film. In WebM, MOV and GIF frames last as long as they are seen:
    there is no one rate, and each picture counts once.

    Raises:
        OSError, ValueError: a file that is no film.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        size = {"width": stream.width, "height": stream.height}
        if path.suffix == ".mp4":
            rate = stream.average_rate
            assert rate is not None
            length = round(stream.frames / float(rate), 3)
            return {"duration": length, "frames": stream.frames, **size, "fps": float(rate)}
        frames = sum(packet.size > 0 for packet in container.demux(stream))
        return {"duration": round((container.duration or 0) / 1e6, 3), "frames": frames, **size}
