"""A presentation in our colours: 16:9, with layouts for words, for films, and for the beginning and the end."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Mm

from vcalc_anim.outlets.powerpoint.master import FONT, shape_layouts, shape_master, stretch
from vcalc_anim.outlets.powerpoint.timing import play_at_once
from vcalc_anim.outlets.quiz.common import read_archive, write_archive

Colors = Mapping[str, str]
"""A colour for each role of a theme, as ``#RRGGBB``."""

Place = tuple[int, int, int, int]
"""Left, top, width and height on a slide, in EMU."""

WIDTH, HEIGHT = Mm(320), Mm(180)
LEFT, TOP = Mm(14), Mm(9)
FULL: Place = (0, 0, WIDTH, HEIGHT)

OPENING, WORDS, TITLED, FILM = "Title Slide", "Title and Content", "Title Only", "Film"
"""The layouts. ``FILM`` leaves the whole slide to the film; its title stands above the edge, as PowerPoint hides titles:
the outline, the list of slides and screen readers know it, and it can be pulled down."""

_FILM_FROM = "Title and Vertical Text"  # the layout of python-pptx's template that becomes ours for films
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_REGIONS = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL"}
_THEME_COLORS = {
    "background": MSO_THEME_COLOR.BACKGROUND_1,
    "text": MSO_THEME_COLOR.TEXT_1,
    "panel": MSO_THEME_COLOR.BACKGROUND_2,
    "quiet": MSO_THEME_COLOR.TEXT_2,
}  # so that slides take on the colours of a deck that they are pasted into; other roles mean something, and stay
_GROUND_ROLES = {"bg1": "background", "tx1": "text", "bg2": "panel", "tx2": "quiet"}
_ACCENTS = {
    "accent1": "function",
    "accent2": "gradient",
    "accent3": "first",
    "accent4": "second",
    "accent5": "right",
    "accent6": "error",
    "hlink": "first",
    "folHlink": "second",
}


@dataclass(frozen=True)
class Facts:
    """What the file says of itself. ``language`` is a tag such as ``en`` or ``en-GB``."""

    title: str
    language: str = "en"
    authors: str = ""
    subject: str = ""
    licence: str = ""

    @property
    def proofing(self) -> str:
        """The language with its region: PowerPoint checks the spelling of no other."""
        return _REGIONS.get(self.language, self.language)


class SlideFile:
    """A presentation to be: ``deck`` is python-pptx's, with our master, layouts and *colors*; empty at first."""

    def __init__(self, facts: Facts, colors: Colors) -> None:
        self.deck: Any = Presentation()
        self.facts, self.colors = facts, colors
        before = (self.deck.slide_width or WIDTH, self.deck.slide_height or HEIGHT)
        self.deck.slide_width, self.deck.slide_height = WIDTH, HEIGHT
        self.deck._element.find(qn("p:sldSz")).attrib.pop("type", None)  # it says 4:3
        kept = {OPENING, WORDS, TITLED, _FILM_FROM}
        for layout in [layout for layout in self.deck.slide_layouts if layout.name not in kept]:
            self.deck.slide_layouts.remove(layout)
        master, layouts = self.deck.slide_master, {one.name: one for one in self.deck.slide_layouts}
        for page in (master, *layouts.values()):
            stretch(page._element, WIDTH / before[0], HEIGHT / before[1])
        shape_master(master, (LEFT, TOP, WIDTH - 2 * LEFT, Mm(14)))
        master._element.find(qn("p:clrMap")).attrib.update(_grounds(colors))
        shape_layouts(layouts[OPENING], layouts[_FILM_FROM], FILM)
        self._describe()

    def add_slide(self, layout: str, title: str, notes: str = "") -> Any:
        """A new slide at the end: its title, and what the speaker reads."""
        chosen = next(one for one in self.deck.slide_layouts if one.name == layout)
        slide = self.deck.slides.add_slide(chosen)
        slide.shapes.title.text_frame.text = title
        slide.notes_slide.notes_text_frame.text = notes
        return slide

    def paint(self, color: Any, role: str) -> None:
        """Give *color*, of a font, a fill or a line, the colour of *role*."""
        if role in _THEME_COLORS:
            color.theme_color = _THEME_COLORS[role]
        else:
            color.rgb = RGBColor(*bytes.fromhex(self.colors[role].removeprefix("#")))  # type: ignore[no-untyped-call]

    def save(self, path: Path) -> None:
        """Write everything to *path*, whole or not at all; the same slides give the same bytes.

        Raises:
            WorkError: the file cannot be written.
        """
        self._say_language()
        stream = io.BytesIO()
        self.deck.save(stream)
        stream.seek(0)
        entries = read_archive(stream)
        theme = self.deck.slide_master.part.part_related_by(RT.THEME).partname.lstrip("/")
        entries[theme] = _themed(entries[theme].decode("utf-8"), self.colors).encode("utf-8")
        about = entries["docProps/app.xml"].decode("utf-8")
        entries["docProps/app.xml"] = about.replace("On-screen Show (4:3)", "Widescreen").encode("utf-8")
        write_archive(path, entries)

    def _say_language(self) -> None:
        """Every run has its language: python-pptx leaves it to the program that opens the file."""
        pages = [slide._element for slide in self.deck.slides]
        pages += [slide.notes_slide._element for slide in self.deck.slides]
        pages += [layout._element for layout in self.deck.slide_layouts]
        for page in (*pages, self.deck._element, self.deck.slide_master._element):
            for run in page.iter(qn("a:r")):
                run.get_or_add_rPr().set("lang", self.facts.proofing)
            for other in page.iter(qn("a:defRPr"), qn("a:endParaRPr")):
                if "lang" in other.attrib:
                    other.set("lang", self.facts.proofing)

    def _describe(self) -> None:
        package = self.deck.part.package
        picture = package.relate_to(package.part_related_by(RT.THUMBNAIL), RT.THUMBNAIL)
        package.drop_rel(picture)  # of the template's own first slide
        presentation = self.deck.part
        presentation.drop_rel(
            presentation.relate_to(presentation.part_related_by(RT.PRINTER_SETTINGS), RT.PRINTER_SETTINGS)
        )  # of the template's author
        known, facts = self.deck.core_properties, self.facts
        known.title, known.author, known.last_modified_by = facts.title, facts.authors, facts.authors
        known.subject, known.language, known.comments = facts.subject, facts.language, facts.licence
        known.keywords, known.revision = "", 1
        known.created = known.modified = _EPOCH


def add_film(
    slide: Any, film: Path, poster: Path, place: Place, *, name: str, description: str, loops: bool = False
) -> Any:
    """Put *film* on *slide*, at *place*, with the picture *poster* until it plays; it starts with the slide.

    *name* is what PowerPoint's list of objects calls it, *description* what stands for it where it cannot be seen.
    With *loops* it plays for ever, without its sound.
    """
    movie = slide.shapes.add_movie(str(film), *place, poster_frame_image=str(poster), mime_type="video/mp4")
    movie.name = name
    describe(movie, description)
    for old in slide._element.findall(qn("p:timing")):  # python-pptx writes one that waits for a click
        slide._element.remove(old)
    slide._element.append(play_at_once(movie.shape_id, _seconds(film), loops=loops))
    return movie


def describe(shape: Any, text: str) -> None:
    """Set the alternative text of *shape*."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def _seconds(film: Path) -> float:
    with av.open(str(film)) as container:
        return (container.duration or 0) / av.time_base


def _grounds(colors: Colors) -> dict[str, str]:
    """Which of a theme's two dark and two light colours are grounds, and which are texts."""
    ground, text = (sum(bytes.fromhex(colors[role].removeprefix("#"))) for role in ("background", "text"))
    back, front = ("dk", "lt") if ground < text else ("lt", "dk")
    return {"bg1": f"{back}1", "tx1": f"{front}1", "bg2": f"{back}2", "tx2": f"{front}2"}


def _themed(theme: str, colors: Colors) -> str:
    """The XML of a theme with our colours and font."""
    roles = {slot: _GROUND_ROLES[use] for use, slot in _grounds(colors).items()} | _ACCENTS
    slots = "".join(
        f'<a:{slot}><a:srgbClr val="{colors[roles[slot]].removeprefix("#").upper()}"/></a:{slot}>'
        for slot in ("dk1", "lt1", "dk2", "lt2", *_ACCENTS)
    )
    scheme = f'<a:clrScheme name="vcalc">{slots}</a:clrScheme>'
    theme = re.sub(r"<a:clrScheme\b.*?</a:clrScheme>", scheme, theme, flags=re.DOTALL)
    theme = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=)"[^"]*"', rf'\1"{FONT}"', theme)
    return theme.replace('name="Office Theme"', 'name="vcalc"', 1)
