"""The master and the layouts: python-pptx's template, which is 4:3 and white, made ours."""

from __future__ import annotations

from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Emu, Mm

FONT = "Cambria"  # has the letters of formulas, and is where PowerPoint is

_BODY_SIZES = (2400, 2000, 1800, 1600, 1600)  # hundredths of a point, by level
_TITLE_SIZE = 2000


def stretch(page: Any, wider: float, higher: float) -> None:
    """Scale every place on *page* (XML of a master or a layout)."""
    for shape in page.iter(qn("p:sp")):
        for point in shape.iter(qn("a:off"), qn("a:ext")):
            for name, factor in (("x", wider), ("cx", wider), ("y", higher), ("cy", higher)):
                if name in point.attrib:
                    point.set(name, str(round(int(point.get(name)) * factor)))


def shape_master(master: Any, title: tuple[int, int, int, int]) -> None:
    """Titles small and on the left at *title*: the pictures are what slides are for."""
    heading, body = master.placeholders[0], master.placeholders[1]
    left, top, width, height = title
    _put(heading, title)
    _put(body, (left, top + height + Mm(9), width, Mm(122)))
    styles = master._element.find(qn("p:txStyles"))
    style = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    style.find(qn("a:defRPr")).attrib.update({"sz": str(_TITLE_SIZE), "b": "1"})
    for level, size in enumerate(_BODY_SIZES, start=1):
        style = styles.find(qn("p:bodyStyle")).find(qn(f"a:lvl{level}pPr"))
        style.find(qn("a:defRPr")).set("sz", str(size))


def shape_layouts(opening: Any, film: Any, film_name: str) -> None:
    """Lay out the *opening* slide, and make *film* the layout *film_name*: a title above the edge, nothing else."""
    heading, below = opening.placeholders[0], opening.placeholders[1]
    for holder, place, size, color, anchor in (
        (heading, (Mm(28), Mm(50), Mm(264), Mm(40)), 4800, "tx1", "b"),
        (below, (Mm(28), Mm(97), Mm(264), Mm(36)), 2600, "tx2", "t"),
    ):
        _put(holder, place)
        holder.text_frame._txBody.find(qn("a:bodyPr")).set("anchor", anchor)
        _style(holder, size, color)
    for holder in [one for one in film.placeholders if one.placeholder_format.idx != 0]:
        holder._element.getparent().remove(holder._element)
    film._element.attrib.pop("type", None)
    film._element.set("userDrawn", "1")
    film._element.find(qn("p:cSld")).set("name", film_name)
    _put(film.placeholders[0], (Mm(14), -Mm(16), Mm(292), Mm(14)))


def _style(holder: Any, size: int, color: str) -> None:
    """The first level of *holder*: on the left, without a bullet."""
    styles = holder.text_frame._txBody.find(qn("a:lstStyle"))
    for level in list(styles):
        styles.remove(level)
    level = styles.makeelement(qn("a:lvl1pPr"), {"marL": "0", "indent": "0", "algn": "l"})
    level.append(level.makeelement(qn("a:buNone"), {}))
    font = level.makeelement(qn("a:defRPr"), {"sz": str(size)})
    fill = font.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:schemeClr"), {"val": color}))
    font.append(fill)
    level.append(font)
    styles.append(level)


def _put(shape: Any, place: tuple[int, int, int, int]) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Emu, place)
