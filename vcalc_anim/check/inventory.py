"""The gate of the output folder: its manifest is complete and true, nothing lies around, every file keeps its rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from vcalc_anim.build.files import sha256_file
from vcalc_anim.build.manifest import MANIFEST, Entry
from vcalc_anim.check.clip_files import Clip
from vcalc_anim.check.film import Film
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.media import check_file

Watch = Callable[[Entry, Film], Iterable[Finding]]
"""A gate that wants to look at every film while it is measured anyway."""

_CAPTION_SUFFIXES = (".srt", ".vtt")


def check_output(folder: Path, chapters: Collection[str] = (), watch: Watch | None = None) -> list[Finding]:
    """Every finding on the files in *folder*, of *chapters* (slugs) only when there are any.

    Each film is measured once; *watch* gets it with its entry of the manifest.
    """
    try:
        entries = _read_manifest(folder / MANIFEST)
    except ValueError as error:
        return [Finding("files.manifest", f"{error}; build again", file=folder / MANIFEST)]
    findings = list(_orphans(folder, entries))
    for entry in entries:
        if not chapters or entry.chapter in chapters:
            findings += _check_entry(folder, entry, entries, watch)
    return findings


def _read_manifest(path: Path) -> list[Entry]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        entries = [Entry(**item) for item in stored["files"]]
    except FileNotFoundError:
        raise ValueError("there is no manifest") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the manifest cannot be read ({type(error).__name__})") from error
    names = [entry.path for entry in entries]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"the manifest lists {min(twice)} twice")
    return entries


def _orphans(folder: Path, entries: Iterable[Entry]) -> Iterator[Finding]:
    known = {entry.path for entry in entries} | {MANIFEST}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            message = "is not in the manifest: no build made it, or another one did; remove it"
            yield Finding("files.orphan", message, file=path)


def _check_entry(
    folder: Path, entry: Entry, entries: Collection[Entry], watch: Watch | None
) -> Iterator[Finding]:
    path = folder / entry.path

    def found(rule: str, message: str) -> Finding:
        return Finding(f"files.{rule}", message, chapter=entry.chapter, scene=entry.scene or "", file=path)

    if not path.is_file():
        yield found("missing", "the manifest lists it, but it is not there; build it again")
        return
    if path.stat().st_size != entry.bytes or sha256_file(path) != entry.sha256:
        yield found("changed", "has other bytes than the build wrote; build it again")
    findings, content = check_file(path, entry.kind, entry.chapter, entry.scene or "")
    yield from findings
    if isinstance(content, Film):
        for suffix in _missing_captions(entry, content, entries):
            yield found("captions", f"no {suffix} captions belong to it; build it again")
        for fact, stated, measured in _facts(entry, content):
            message = f"the manifest says {fact} {stated}, the file has {measured}; build it again"
            yield found("facts", message)
        if watch is not None:
            yield from watch(entry, content)
    elif isinstance(content, Clip):
        stated = (entry.width, entry.height, entry.frames, entry.duration)
        measured = (content.width, content.height, len(content.starts), round(content.duration, 3))
        if stated != measured:
            message = f"the manifest says {stated}, the file has {measured}; make it again"
            yield found("facts", f"size, frames, duration: {message}")


def _missing_captions(entry: Entry, film: Film, entries: Iterable[Entry]) -> Iterator[str]:
    """The suffixes of captions that the manifest lacks for a film; a clip in which nothing is heard needs none."""
    heard = film.audio is not None and not film.audio.is_silent
    if entry.kind in ("lecture", "course") or heard:
        stem = entry.path.removesuffix(Path(entry.path).suffix)
        beside = [other.path for other in entries if other.path.startswith(f"{stem}.")]
        yield from (suffix for suffix in _CAPTION_SUFFIXES if not any(p.endswith(suffix) for p in beside))


def _facts(entry: Entry, film: Film) -> Iterator[tuple[str, object, object]]:
    video = film.video
    exact = [
        ("frames", entry.frames, len(video.times)),
        ("width", entry.width, video.width),
        ("height", entry.height, video.height),
    ]
    for fact, stated, measured in exact:
        if stated != measured:
            yield fact, stated, measured
    seconds = video.end - float(video.times[0])
    if entry.duration is None or abs(entry.duration - seconds) > 0.5 / max(video.fps, 1.0):
        yield "duration", entry.duration, round(seconds, 3)
    if entry.fps is None or abs(entry.fps - video.fps) > 0.001 * video.fps:
        yield "fps", entry.fps, round(video.fps, 3)
