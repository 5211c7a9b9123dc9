"""``clips/index.html``: all clips on one page that needs no server and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from vcalc_anim.build.files import fingerprint, write_text
from vcalc_anim.build.manifest import Entry, Manifest
from vcalc_anim.course import Course, Lecture
from vcalc_anim.outlets.clips.formats import FORMATS
from vcalc_anim.outlets.clips.page_parts import SCRIPT, STYLE

FOLDER = "clips"
KIND = "clip-page"

_LABELS = {
    "mp4": "MP4, with sound",
    "silent": "MP4, silent",
    "webm": "WebM, silent",
    "gif": "GIF",
    "mov": "ProRes 4444",
    "poster": "PNG",
}
_TAGS = {"light": "light", "transparent": "transparent", "square": "square", "tall": "tall"}


@dataclass
class Card:
    """One clip on the page: files by format, all of the same scene or loop in the same look."""

    lecture: Lecture
    name: str
    title: str
    tags: tuple[str, ...]
    is_loop: bool
    files: dict[str, Entry] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return " · ".join([self.name, *self.tags])


def write_page(course: Course, manifest: Manifest) -> tuple[Path, bool]:
    """The page of all clips that *manifest* lists, and whether it had to be written.

    Raises:
        WorkError: it cannot be written.
    """
    path = manifest.folder / FOLDER / "index.html"
    text = page(course, cards(course, manifest.entries.values()))
    key = fingerprint(text)
    if manifest.is_current(path, key):
        return path, False
    write_text(path, text)
    manifest.add(path, KIND, "", key)
    manifest.save()
    return path, True


def cards(course: Course, entries: Iterable[Entry]) -> list[Card]:
    """The clips among *entries* in the order of the course: a scene, its loops, then their other looks."""
    lectures = {lecture.slug: lecture for lecture in course.lectures}
    places: dict[tuple[str, str], tuple[int, str, str, bool]] = {}
    for lecture in course.lectures:
        for scene in lecture.scenes:
            places[lecture.slug, scene.name.lower()] = (len(places), scene.name, scene.title, False)
            for loop in scene.loops:
                places[lecture.slug, loop.name.lower()] = (len(places), loop.name, scene.title, True)
    found: dict[tuple[int, str, str], Card] = {}
    for entry in entries:
        folder, _, name = entry.path.removeprefix(f"{FOLDER}/").partition("/")
        split = _split(name)
        if not entry.path.startswith(f"{FOLDER}/") or folder not in lectures or split is None:
            continue
        stem, format = split
        base, *rest = stem.split("-")
        if (folder, base) not in places:
            continue
        place, shown, title, is_loop = places[folder, base]
        tags = tuple(_TAGS.get(part, part) for part in rest)
        key = (list(lectures).index(folder), f"{place:05}", stem)
        card = found.setdefault(key, Card(lectures[folder], shown, title, tags, is_loop))
        card.files[format] = entry
    return [card for _, card in sorted(found.items()) if set(card.files) - {"poster"}]


def _split(name: str) -> tuple[str, str] | None:
    """The clip and the format that a file's name says; None for captions."""
    for format in ("silent", "mp4", "webm", "gif", "mov", "poster"):
        if name.endswith(ending := FORMATS[format].ending):
            return name.removesuffix(ending), format
    return None


def page(course: Course, shown: Sequence[Card]) -> str:
    """The page as HTML."""
    chapters = [lecture for lecture in course.lectures if any(card.lecture is lecture for card in shown)]
    chosen = "\n".join(
        f'<button type="button" data-chapter="{escape(lecture.slug)}" aria-pressed="false">'
        f"{lecture.number} {escape(lecture.title)}</button>"
        for lecture in chapters
    )
    sections = "\n".join(
        _section(lecture, [card for card in shown if card.lecture is lecture]) for lecture in chapters
    )
    title = escape(f"{course.title}: clips")
    size = _size(sum(entry.bytes for card in shown for entry in card.files.values()))
    return f"""<!DOCTYPE html>
<html lang="{escape(course.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#clips">Skip to the clips</a>
<header>
<h1>{title}</h1>
<p>{len(shown)} clips, {size}. Point at a picture to see it move, or press its play button. Drag a file name into your slides,
or copy its path.</p>
<nav aria-label="Chapters">
<button type="button" data-chapter="" aria-pressed="true">All chapters</button>
{chosen}
</nav>
</header>
<main id="clips" tabindex="-1">
{sections}
</main>
<p id="told" role="status"></p>
<footer><p>{escape(", ".join(course.authors))}. {escape(course.licence)}. {escape(course.source)}.</p></footer>
<script>{SCRIPT}</script>
</body>
</html>
"""


def _section(lecture: Lecture, shown: Sequence[Card]) -> str:
    name = escape(lecture.slug)
    inner = "\n".join(_card(card) for card in shown)
    return (
        f'<section data-chapter="{name}" aria-labelledby="{name}">\n'
        f'<h2 id="{name}">{lecture.number} {escape(lecture.title)}</h2>\n<div class="cards">\n{inner}\n</div>\n</section>'
    )


def _card(card: Card) -> str:
    clear = " clear" if "transparent" in card.tags else ""
    tags = "".join(f"<span>{escape(tag)}</span>" for tag in (*(["loop"] if card.is_loop else []), *card.tags))
    rows = "\n".join(_row(format, card.files[format]) for format in _LABELS if format in card.files)
    return f"""<article class="{"light" if "light" in card.tags else "dark"}{clear}">
{_preview(card)}
<h3>{escape(card.name)} <small>{escape(card.title)}</small></h3>
<p class="tags">{_seconds(card)}{tags}</p>
<ul>
{rows}
</ul>
</article>"""


def _preview(card: Card) -> str:
    moving = next((card.files[name] for name in ("webm", "silent", "mp4", "gif") if name in card.files), None)
    poster = card.files.get("poster")
    size = next((entry for entry in card.files.values() if entry.width), None)
    shape = f"aspect-ratio: {size.width} / {size.height}" if size else "aspect-ratio: 16 / 9"
    picture = (
        f'<img src="{_link(poster)}" alt="{escape(card.label)}: {escape(card.title)}" loading="lazy">'
        if poster
        else f'<span class="blank">{escape(card.label)}</span>'
    )
    if moving is None:
        return f'<div class="preview" style="{shape}">{picture}</div>'
    return (
        f'<div class="preview" style="{shape}" data-film="{_link(moving)}">{picture}'
        f'<button type="button" class="play" aria-pressed="false" aria-label="Play {escape(card.label)}">'
        '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="start" d="M8 5v14l11-7z"/>'
        '<path class="stop" d="M7 5h4v14H7zM13 5h4v14h-4z"/></svg></button></div>'
    )


def _row(format: str, entry: Entry) -> str:
    name = Path(entry.path).name
    size = f"{entry.width} × {entry.height}, " if entry.width else ""
    label = "MP4, silent" if format == "mp4" and entry.kind == "loop" else _LABELS[format]
    return (
        f'<li><a href="{_link(entry)}" download>{escape(label)}</a><span>{size}{_size(entry.bytes)}</span>'
        f'<button type="button" class="copy" data-path="{_link(entry)}" aria-label="Copy the path of {escape(name)}">'
        "Copy path</button></li>"
    )


def _seconds(card: Card) -> str:
    lengths = [entry.duration for entry in card.files.values() if entry.duration]
    if not lengths:
        return ""
    whole = round(lengths[0])
    return f"<span>{whole // 60}:{whole % 60:02} min</span>" if whole >= 60 else f"<span>{whole} s</span>"


def _link(entry: Entry) -> str:
    """Relative to the page."""
    return escape(entry.path.removeprefix(f"{FOLDER}/"))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} kB"
