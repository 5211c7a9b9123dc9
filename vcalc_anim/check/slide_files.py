"""Slides and handouts, read from their bytes: do they open, is everything there that they name, will the films play?"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

MAX_BYTES = 100_000_000
MAX_FILMS = 29

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_FAULT = "write it again with vcalc publish slides"

Broken = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class SlideDeck:
    """A file for PowerPoint: its ``size`` in bytes, ``slides`` (XML, by number) and ``types`` of its parts.

    ``relations`` holds for each part what it names by which id; things outside the file are left out.
    """

    size: int
    names: frozenset[str]
    types: Mapping[str, str]
    relations: Mapping[str, Mapping[str, str]]
    slides: Mapping[int, ElementTree.Element]

    def targets(self, number: int) -> Mapping[str, str]:
        """What slide *number* names, by id."""
        return self.relations.get(f"ppt/slides/slide{number}.xml", {})

    @property
    def films(self) -> frozenset[str]:
        """Every film that a slide shows."""
        return frozenset(name for name in self.names if name.endswith(".mp4"))


@dataclass(frozen=True)
class Handout:
    """A PDF: how many ``pages`` it has, on which (from 1) each ``heading`` of the outline stands, whether it is tagged."""

    pages: int
    headings: tuple[tuple[str, int], ...]
    tagged: bool


def read_slides(path: Path) -> SlideDeck:
    """A file for PowerPoint. ValueError for one that does not open."""
    try:
        with zipfile.ZipFile(path) as archive:
            if broken := archive.testzip():
                raise ValueError(f"{broken} in it is damaged")
            names = frozenset(archive.namelist())
            if "[Content_Types].xml" not in names or "ppt/presentation.xml" not in names:
                raise ValueError("it is no presentation")
            parts = {
                name: ElementTree.fromstring(archive.read(name))
                for name in names
                if name.endswith((".xml", ".rels"))
            }
    except (zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise ValueError(f"it is no presentation ({error})") from error
    relations = {
        _owner(name): {
            relation.get("Id", ""): posixpath.normpath(
                posixpath.join("/" + posixpath.dirname(_owner(name)), relation.get("Target", ""))
            ).lstrip("/")
            for relation in root.iter(_REL)
            if relation.get("TargetMode") != "External"
        }
        for name, root in parts.items()
        if name.endswith(".rels")
    }
    slides = {int(found[1]): parts[name] for name in names if (found := _SLIDE.fullmatch(name))}
    return SlideDeck(
        path.stat().st_size, names, _types(parts["[Content_Types].xml"], names), relations, slides
    )


def read_handout(path: Path) -> Handout:
    """A handout as Typst writes it. ValueError for a file that is no PDF, or cut off."""
    data = path.read_bytes()
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        raise ValueError("it is no whole PDF")
    kids = re.search(rb"/Kids\s*\[([^\]]*)\]", data)
    pages = re.findall(rb"(\d+) 0 R", kids[1]) if kids else []
    places = {
        number: pages.index(page) + 1
        for number, page in re.findall(rb"\b(\d+) 0 obj\s*\[(\d+) 0 R", data)
        if page in pages
    }
    outline = re.search(rb"(\d+) 0 obj\s*<<[^>]*/Type\s*/Outlines", data)
    entries = re.findall(rb"/Parent (\d+) 0 R[^>]*?/Title(.*?)/Dest (\d+) 0 R>>", data, re.DOTALL)
    headings = tuple(
        (_title(title), places.get(place, 0))
        for parent, title, place in entries
        if outline and parent == outline[1]
    )
    return Handout(len(pages), headings, re.search(rb"/MarkInfo\s*<<\s*/Marked true", data) is not None)


def within_limits(deck: SlideDeck) -> Broken:
    """Small enough to be sent and opened, and not more films than PowerPoint bears."""
    if deck.size >= MAX_BYTES:
        yield "size", f"the file has {deck.size / 1e6:.0f} MB; {MAX_BYTES / 1e6:.0f} are the limit: {_FAULT}"
    if len(deck.films) > MAX_FILMS:
        yield "films", f"the file holds {len(deck.films)} films; {MAX_FILMS} are the limit: {_FAULT}"
    if not deck.slides:
        yield "slides", f"the file has no slide; {_FAULT}"


def resolves(deck: SlideDeck) -> Broken:
    """Everything that a part names is in the file, and has a type."""
    for owner, targets in sorted(deck.relations.items()):
        for target in sorted({*targets.values()} - deck.names):
            yield "missing-part", f"{owner or 'the file'} names {target}, which is not there; {_FAULT}"
    for name in sorted(deck.names - {*deck.types} - {"[Content_Types].xml"}):
        yield "type", f"{name} has no content type; PowerPoint refuses the file: {_FAULT}"
    for name in sorted(deck.films):
        if deck.types.get(name) != "video/mp4":
            yield "type", f"{name} has the type {deck.types.get(name)}, not video/mp4; {_FAULT}"
    for number, slide in sorted(deck.slides.items()):
        named = {value for part in slide.iter() for key, value in part.attrib.items() if key.startswith(_R)}
        for lost in sorted(named - {*deck.targets(number)} - {""}):
            yield "relation", f"slide {number} names {lost}, which it has no relation for; {_FAULT}"


def plays(deck: SlideDeck) -> Broken:
    """Each film is linked and embedded, and starts with its slide; the timing names nothing that is not there."""
    for number, slide in sorted(deck.slides.items()):
        shapes = [shape.get("id", "") for shape in slide.iter(f"{_P}cNvPr")]
        times = [node.get("id", "") for node in slide.iter(f"{_P}cTn")]
        for what, ids in (("shapes", shapes), ("times", times)):
            if twice := [one for one, count in Counter(ids).items() if count > 1]:
                yield "ids", f"two {what} of slide {number} have the id {twice[0]}; {_FAULT}"
        for target in slide.iter(f"{_P}spTgt"):
            if target.get("spid") not in shapes:
                yield "timing", f"the timing of slide {number} names shape {target.get('spid')}; {_FAULT}"
        for picture in slide.iter(f"{_P}pic"):
            if picture.find(f".//{_A}videoFile") is not None:
                yield from _film(deck, number, slide, picture)


def _film(deck: SlideDeck, number: int, slide: ElementTree.Element, picture: ElementTree.Element) -> Broken:
    linked = [film.get(f"{_R}link", "") for film in picture.iter(f"{_A}videoFile")]
    embedded = [media.get(f"{_R}embed", "") for media in picture.iter(f"{_P14}media")]
    if {deck.targets(number).get(one) for one in (*linked, *embedded)} - deck.films or not embedded:
        yield "film", f"the film of slide {number} is not linked and embedded; {_FAULT}"
    shape = next((one.get("id") for one in picture.iter(f"{_P}cNvPr")), None)
    nodes = [node for node in slide.iter(f"{_P}cMediaNode") if _aims(node, shape)]
    starts = [command for command in slide.iter(f"{_P}cmd") if command.get("cmd") == "playFrom(0.0)"]
    if len(nodes) != 1 or not any(_aims(command, shape) for command in starts):
        yield "timing", f"the film of slide {number} does not start with its slide; {_FAULT}"


def readable(deck: SlideDeck) -> Broken:
    """Slides have titles and notes, and pictures words that stand for them."""
    for number, slide in sorted(deck.slides.items()):
        if not any(_words(shape) for shape in slide.iter(f"{_P}sp") if _is_title(shape)):
            yield "title", f"slide {number} has no title; {_FAULT}"
        if not any(name.startswith("ppt/notesSlides/") for name in deck.targets(number).values()):
            yield "notes", f"slide {number} has no notes for the speaker; {_FAULT}"
        for picture in slide.iter(f"{_P}pic"):
            if not any(one.get("descr") for one in picture.iter(f"{_P}cNvPr")):
                yield "alternative", f"a picture of slide {number} has no alternative text; {_FAULT}"


def paged(handout: Handout) -> Broken:
    """A cover, a page for each scene, then the questions, and their answers last."""
    if len(handout.headings) < 2 or handout.pages <= len(handout.headings):
        found = f"{handout.pages} pages and {len(handout.headings)} headings"
        yield "pages", f"the handout has {found}; {_FAULT}"
        return
    # The last heading, the answers, may stand further on: questions can take more than one page.
    for page, (title, place) in enumerate(handout.headings[:-1], start=2):
        if place != page:
            message = f'"{title}" is on page {place}, not {page}: a scene before it takes more than its page'
            yield "pages", f"{message}; shorten its words"
            return
    if not handout.tagged:
        yield "tags", f"the handout has no tags for those who hear it; {_FAULT}"


def _owner(name: str) -> str:
    """The part that a file of relations belongs to; empty for the whole file."""
    folder, _, file = name.rpartition("_rels/")
    return folder + file.removesuffix(".rels")


def _types(root: ElementTree.Element, names: frozenset[str]) -> dict[str, str]:
    by_suffix = {
        one.get("Extension", "").lower(): one.get("ContentType", "") for one in root.iter(f"{_TYPES}Default")
    }
    own = {
        one.get("PartName", "").lstrip("/"): one.get("ContentType", "")
        for one in root.iter(f"{_TYPES}Override")
    }
    by_name = {
        name: by_suffix[name.rpartition(".")[2].lower()]
        for name in names
        if name.rpartition(".")[2].lower() in by_suffix
    }
    return by_name | own


def _aims(node: ElementTree.Element, shape: str | None) -> bool:
    return any(target.get("spid") == shape for target in node.iter(f"{_P}spTgt"))


def _is_title(shape: ElementTree.Element) -> bool:
    return any(holder.get("type") in ("title", "ctrTitle") for holder in shape.iter(f"{_P}ph"))


def _words(shape: ElementTree.Element) -> str:
    return "".join(text.text or "" for text in shape.iter(f"{_A}t")).strip()


def _title(raw: bytes) -> str:
    inside = raw.strip()
    if inside.startswith(b"<"):
        return bytes.fromhex(inside.strip(b"<>").decode()).decode("utf-16", "replace")
    return inside.strip(b"()").decode(
        "utf-16" if inside[1:3] in (b"\xfe\xff", b"\xff\xfe") else "latin-1", "replace"
    )
