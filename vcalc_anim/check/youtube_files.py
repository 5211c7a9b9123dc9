"""The gate of packs for YouTube: every limit read back from the files, and the files of a folder against each other."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from vcalc_anim.build.manifest import Entry, Manifest
from vcalc_anim.check.caption_files import read_captions
from vcalc_anim.check.film import Film
from vcalc_anim.check.finding import Finding
from vcalc_anim.outlets.youtube import limits

_CALM = 24  # levels of grey by which the corner under the film's length may vary
_SIZES = {".txt": 100_000, ".json": 1_000_000}  # bytes; larger ones are none of ours
_NEEDED = ("title.txt", "description.txt", "tags.txt")
_TALL = 16 / 9
Broken = Iterator[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A thumbnail as it lies there: its pixels in grey, (height, width), and the bytes of its file."""

    pixels: NDArray[np.uint8]
    bytes: int


@dataclass(frozen=True)
class PackText:
    """A text file, by its name."""

    name: str
    text: str


def read_thumbnail(path: Path) -> Thumbnail:
    """A PNG. ValueError for a damaged one."""
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            return Thumbnail(np.array(picture.convert("L")), path.stat().st_size)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"it is no whole PNG ({error})") from error


def read_text(path: Path) -> PackText:
    """A text of a pack. ValueError for one that is not UTF-8, or far too long."""
    if path.stat().st_size > _SIZES[path.suffix]:
        raise ValueError(f"it has {path.stat().st_size} bytes")
    try:
        return PackText(path.name, path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from error


def fits_list(picture: Thumbnail) -> Broken:
    """1280 × 720 pixels, at most 2 MB, and calm where the film's length will stand."""
    height, width = picture.pixels.shape
    if (width, height) != limits.THUMBNAIL_SIZE:
        wanted = "×".join(map(str, limits.THUMBNAIL_SIZE))
        yield "thumbnail-size", f"the thumbnail has {width}×{height} pixels; {wanted} are wanted"
    if picture.bytes > limits.THUMBNAIL_BYTES:
        message = f"the thumbnail has {picture.bytes} bytes; {limits.THUMBNAIL_BYTES} are allowed"
        yield "thumbnail-bytes", message
    right, below = limits.BADGE
    corner = picture.pixels[round(below * height) :, round(right * width) :]
    if int(corner.max()) - int(corner.min()) > _CALM:
        yield (
            "thumbnail-corner",
            "something stands in the lower right corner, under the film's length; clear it",
        )


def acceptable(file: PackText) -> Broken:
    """What YouTube accepts as title, description or tags."""
    text = file.text.strip()
    if not text:
        yield "empty", f"{file.name} is empty; publish it again"
    faults: dict[str, Iterator[str]] = {
        "title.txt": limits.title_faults(text),
        "description.txt": limits.description_faults(text),
        "tags.txt": limits.tags_faults([tag.strip() for tag in text.split(",")]),
    }
    for fault in faults.get(file.name, ()):
        yield "text", f"the {file.name.removesuffix('.txt')} {fault}"
    if file.name.endswith(".json"):
        try:
            json.loads(text)
        except ValueError as error:
            yield "text", f"{file.name} is no JSON ({error}); publish it again"


def is_short(film: Film) -> Broken:
    """A vertical film of at most three minutes."""
    video = film.video
    if abs(video.height / video.width - _TALL) > 0.01:
        yield "short-shape", f"the short has {video.width}×{video.height} pixels; it is to be 9:16"
    seconds = video.end - float(video.times[0])
    if seconds > limits.SHORT_SECONDS:
        yield "short-length", f"the short lasts {seconds:.1f} s; {limits.SHORT_SECONDS:g} are allowed"


def check_packs(out: Path, chapters: Collection[str] = ()) -> list[Finding]:
    """The files of every pack in the folder *out* against each other, of *chapters* (slugs) only when there are any."""
    entries = Manifest(out).entries
    findings = []
    for entry in entries.values():
        wanted = not chapters or entry.chapter in chapters
        if wanted and entry.kind in ("video", "short", "course-video"):
            found = [*_complete(entry, entries), *_in_time(out, entry, entries)]
            findings += [
                Finding(f"youtube.{rule}", message, chapter=entry.chapter, file=out / entry.path)
                for rule, message in found
            ]
    return findings


def _complete(entry: Entry, entries: Collection[str]) -> Broken:
    folder = Path(entry.path).parent
    names = [*_NEEDED, *(["thumbnail.png"] if entry.kind != "short" else [])]
    for name in names:
        if (folder / name).as_posix() not in entries:
            yield "missing", f"{name} is missing beside it; publish it again"


def _in_time(out: Path, entry: Entry, entries: dict[str, Entry]) -> Broken:
    """Film, captions and chapter marks tell of the same length."""
    seconds = entry.duration or 0.0
    spoken = seconds
    if entry.kind != "short":
        built = (other for other in entries.values() if other.kind == "lecture")
        lectures = [other for other in built if not entry.chapter or other.chapter == entry.chapter]
        spoken = sum(lecture.duration or 0.0 for lecture in lectures)
        shortest, longest = limits.END_CARD_SECONDS
        if not shortest <= (card := seconds - spoken) <= longest:
            message = f"the film goes on for {card:.1f} s after its lecture; an end screen lasts {shortest:g} to {longest:g}"
            yield "end-card", f"{message}: publish it again"
        if seconds < limits.FILM_SECONDS:
            yield "end-card", f"the film lasts {seconds:.1f} s; an end screen needs {limits.FILM_SECONDS:g}"
        description = out / Path(entry.path).with_name("description.txt")
        if description.is_file():
            marks = limits.marks_in(description.read_text(encoding="utf-8", errors="replace"))
            yield from (
                ("marks", f"the chapters of the description {f}") for f in limits.mark_faults(marks, seconds)
            )
    stem = entry.path.removesuffix(".mp4")
    for path in (
        out / name for name in entries if name.startswith(f"{stem}.") and name.endswith((".srt", ".vtt"))
    ):
        try:
            shown = read_captions(path).captions
        except (OSError, ValueError):
            continue  # a finding of that file
        if shown and shown[-1].end > spoken + 0.001:
            yield (
                "captions",
                f"{path.name} goes on until {shown[-1].end:.2f} s, the words until {spoken:.2f} s",
            )
