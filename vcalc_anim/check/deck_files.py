"""The gate of web decks: everything a page names lies in its folder, nothing comes from a network, steps follow each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from math import inf
from pathlib import Path
from urllib.parse import unquote, urlsplit

import av
from av.error import FFmpegError

_LINKS = ("src", "href", "poster", "data-src", "srcset")
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_TOLERANCE = 0.1  # seconds that a line may end after its film: containers round


@dataclass
class DeckSection:
    """One slide: its films, and start and end of each step in seconds of the film."""

    id: str
    videos: list[str] = field(default_factory=list)
    steps: list[tuple[float, float]] = field(default_factory=list)
    notes: int = 0
    is_loop: bool = False


@dataclass(frozen=True)
class DeckPage:
    """A page as far as its rules need it: what it names, its slides, pictures without a text for who cannot see them."""

    path: Path
    language: str
    links: tuple[str, ...]
    sections: tuple[DeckSection, ...]
    unnamed: tuple[str, ...]
    ids: tuple[str, ...]


def read_page(path: Path) -> DeckPage:
    """An HTML page. ValueError for a file that is none, or whose times are no numbers."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    if not reader.is_html:
        raise ValueError("it is no HTML page")
    return DeckPage(
        path,
        reader.language,
        tuple(reader.links),
        tuple(reader.sections),
        tuple(reader.unnamed),
        tuple(reader.ids),
    )


def read_style(path: Path) -> DeckPage:
    """A style sheet, as a page that has links only."""
    found = _CSS_URL.findall(path.read_text(encoding="utf-8"))
    return DeckPage(path, "", tuple(one or other for one, other in found), (), (), ())


def read_text(path: Path) -> int:
    """A script or a licence: its length. ValueError when it is empty."""
    if not (length := len(path.read_text(encoding="utf-8").strip())):
        raise ValueError("it is empty")
    return length


def read_film(path: Path) -> float:
    """A film of a deck, a copy of one that is measured in its own place: its seconds. ValueError when it is damaged."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ValueError("it has no picture")
            return (container.duration or 0) / 1_000_000
    except FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from error


def offline(page: DeckPage) -> Iterator[tuple[str, str]]:
    """Every file that the page names is there, inside its folder, without any network."""
    folder = page.path.parent.resolve()
    for link in dict.fromkeys(page.links):
        parts = urlsplit(link)
        if parts.scheme == "data" or (not parts.scheme and not parts.netloc and not parts.path):
            continue
        if parts.scheme or parts.netloc or link.startswith("/"):
            yield "network", f"the page names {link}; a deck holds everything it shows: write it again"
            continue
        target = (folder / unquote(parts.path)).resolve()
        if not target.is_relative_to(folder):
            yield "outside", f"the page names {link}, outside its folder; write it again"
        elif not target.is_file():
            yield "missing-part", f"the page names {link}, which is not there; write it again"


def usable(page: DeckPage) -> Iterator[tuple[str, str]]:
    """The page says its language, every picture and film has a text, and no two things have one address."""
    if not page.language:
        yield "language", "the page does not say its language; write it again"
    for name in page.unnamed:
        yield "alternative", f"{name} has no text for who cannot see it; write it again"
    for name in sorted({name for name in page.ids if page.ids.count(name) > 1}):
        yield "address", f"two things have the address #{name}; rename a scene or a question"


def steps(page: DeckPage) -> Iterator[tuple[str, str]]:
    """Each film has its lines as steps, in order, none beyond its end, and each slide its notes."""
    for section in page.sections:
        where = f"slide #{section.id}"
        if not section.notes:
            yield "notes", f"{where} has no notes; write the deck again"
        if not section.videos or section.is_loop:
            continue
        if not section.steps:
            yield "steps", f"{where} has a film but no steps; write the deck again"
            continue
        late = [later for earlier, later in pairwise(section.steps) if later[0] < earlier[1] - 1e-3]
        late += [step for step in section.steps if not 0 <= step[0] < step[1]]
        if late:
            yield (
                "steps",
                f"a step of {where} begins at {late[0][0]:.2f} s, out of order; write the deck again",
            )
        last, seconds = section.steps[-1][1], _seconds(page.path.parent / unquote(section.videos[0]))
        if last > seconds + _TOLERANCE:
            yield "steps", f"the last step of {where} ends at {last:.2f} s, its film at {seconds:.2f} s"


def _seconds(film: Path) -> float:
    """The length of *film*; endless where it cannot be read, which is a finding on the film itself."""
    try:
        return read_film(film)
    except (ValueError, OSError):
        return inf


class _Reader(HTMLParser):
    """Gathers what :class:`DeckPage` holds."""

    def __init__(self) -> None:
        super().__init__()
        self.is_html = False
        self.language = ""
        self.links: list[str] = []
        self.sections: list[DeckSection] = []
        self.unnamed: list[str] = []
        self.ids: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in _LINKS if name in given]
        if "id" in given:
            self.ids.append(given["id"])
        self._in_style = tag == "style"
        if tag == "html":
            self.is_html, self.language = True, given.get("lang", "")
        elif tag == "section":
            classes = given.get("class", "").split()
            self.sections.append(DeckSection(given.get("id", ""), is_loop="loop" in classes))
        elif tag == "img" and not given.get("alt"):
            self.unnamed.append(given.get("src", "a picture"))
        elif tag == "video" and not given.get("aria-label"):
            self.unnamed.append(given.get("src", "a film"))
        if not self.sections:
            return
        if tag == "video":
            self.sections[-1].videos.append(given.get("src", ""))
        elif tag == "aside" and "notes" in given.get("class", "").split():
            self.sections[-1].notes += 1
        elif "data-start" in given:
            self.sections[-1].steps.append((float(given["data-start"]), float(given["data-end"])))

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.links += [one or other for one, other in _CSS_URL.findall(data)]

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"
