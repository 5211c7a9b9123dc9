"""Text and formulas set by Typst with its embedded fonts, as Manim mobjects.

Manim's own Typst mobjects write files, search the system's fonts and compile once more for every
named part. Compiled from memory with embedded fonts a formula takes 3 ms instead of 120 to 300 ms,
needs no shared cache, and one compilation is enough: a named part is set in a colour of its own,
and found again by that colour.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import svgelements
import typst
from manim import VectorizedPoint, VGroup, VMobject
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath
from numpy.typing import NDArray

from vcalc_anim.core.provenance import shown
from vcalc_anim.stage import theme
from vcalc_anim.stage.theme import Role

_POINT_SIZE = 10.0  # Typst's font size while compiling; the result is scaled to pixels
_PART_BASE = 0x000100  # named parts get the fill colours 0x000101, 0x000102, …
_PART = re.compile(r"\{([A-Za-z_]\w*):")
_GLYPH_ORIGIN = re.compile(
    r"matrix\(1 0 0 -1 \S+ (\S+)\)"
)  # Typst flips each glyph at its place on the baseline
_TEMPLATE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: {size}pt, font: "{font}", weight: 450, top-edge: "cap-height", bottom-edge: "baseline")
#set par(leading: 0.75em)
#show math.equation: set text(font: "{math_font}", weight: 450)
#let mono(body) = text(font: "{mono_font}", weight: 400, ligatures: false, body)
#let part(n, body) = text(fill: rgb(0, 1, n), body)
{body}
"""


class TypesettingError(ValueError):
    """Typst could not compile a source; the message holds the source and Typst's reason."""


@dataclass(frozen=True)
class _Glyph:
    points: NDArray[
        np.float64
    ]  # (n, 3) cubic Bézier anchors and handles, in pt, y upwards from the page's bottom
    part: int  # 0: no named part


@dataclass(frozen=True)
class _Page:
    glyphs: tuple[_Glyph, ...]
    baseline: float  # of the first glyph, in pt from the page's bottom


def pixels(size: float) -> float:
    """Manim units of *size* pixels of a frame with 1080 lines (in portrait, 1080 columns) and 8 units along them."""
    return size * 8 / 1080


@lru_cache(maxsize=4096)
def _compile(body: str) -> _Page:
    source = _TEMPLATE.format(
        size=_POINT_SIZE, font=theme.FONT, math_font=theme.MATH_FONT, mono_font=theme.MONO_FONT, body=body
    )
    try:
        svg = typst.compile(source.encode(), format="svg", ignore_system_fonts=True)
    except typst.TypstError as error:
        raise TypesettingError(f"Typst cannot set {body!r}: {error}") from error
    # Without their unit, lengths stay in points; svgelements would turn each into 4/3 pixels.
    drawing = svg.decode().replace('pt"', '"', 2)
    root = svgelements.SVG.parse(io.StringIO(drawing), reify=True)
    height = float(root.viewbox.height)
    glyphs = tuple(
        glyph
        for shape in root.elements()
        if isinstance(shape, svgelements.Shape)
        for glyph in _glyphs(shape, height)
    )
    first = _GLYPH_ORIGIN.search(drawing)
    return _Page(glyphs, height - float(first[1]) if first else 0.0)


def _glyphs(shape: svgelements.Shape, page_height: float) -> list[_Glyph]:
    path = svgelements.Path(shape)
    stroked = shape.stroke is not None and shape.stroke.value is not None
    if stroked:
        points = _bar(path, float(shape.stroke_width))
        paint = shape.stroke
    else:
        points = np.array(VMobjectFromSVGPath(path).points, dtype=float).reshape(-1, 3)
        paint = shape.fill
    if len(points) == 0:
        return []
    points = points * [1.0, -1.0, 1.0] + [0.0, page_height, 0.0]
    number = (paint.red << 16 | paint.green << 8 | paint.blue) - _PART_BASE
    return [_Glyph(points, number if 0 < number < 256 else 0)]


def _bar(path: svgelements.Path, width: float) -> NDArray[np.float64]:
    """A straight stroke (fraction bar, root, underline) as a filled rectangle, so that it scales like a glyph."""
    ends = [p for p in path.as_points()]
    start, end = (np.array([float(p.x), float(p.y), 0.0]) for p in (ends[0], ends[-1]))
    along = end - start
    if (length := float(np.linalg.norm(along))) == 0:
        return np.zeros((0, 3))
    across = np.array([-along[1], along[0], 0.0]) / length * width / 2
    outline = VMobject().set_points_as_corners(
        [start + across, end + across, end - across, start - across, start + across]
    )
    return np.array(outline.points, dtype=float)


def _name_parts(source: str) -> tuple[str, tuple[str, ...]]:
    """Turn ``{name: body}`` into calls of Typst's ``part`` and list the names by number.

    Braces that do not open a named part stay what they are in Typst.
    """
    names: list[str] = []
    out: list[str] = []
    closers: list[bool] = []
    position = 0
    while position < len(source):
        character = source[position]
        if match := _PART.match(source, position):
            if match[1] not in names:
                names.append(match[1])
            out.append(f"part(#{names.index(match[1]) + 1}, ")
            closers.append(True)
            position = match.end()
            continue
        if character == "{":
            closers.append(False)
        elif character == "}" and closers and closers.pop():
            character = ")"
        out.append(character)
        position += 1
    if any(closers):
        raise TypesettingError(f"a named part of {source!r} is not closed: add the missing }}")
    return "".join(out), tuple(names)


@dataclass(frozen=True, eq=False)
class Setting:
    """What a glyph was set from."""

    markup: str
    size: float  # pixels of a 1080-line frame

    def __deepcopy__(self, memo: object) -> Setting:
        return self


class Glyph(VMobject):
    """One glyph. It knows its text and its own size, also when an animation takes it out and scales it."""

    def __init__(self, setting: Setting, points: NDArray[np.float64], role: Role) -> None:
        super().__init__(stroke_width=0, fill_opacity=1, fill_color=theme.color(role))
        self.points = points
        self.setting = setting
        self.natural_size = float(np.ptp(points, axis=0).sum())


class Typeset(VGroup):
    """Glyphs of one piece of Typst markup.

    ``baseline`` is the height of the first glyph's baseline, so that words and digits can be lined up
    whatever their descenders.
    """

    def __init__(self, markup: str, size: float, role: Role = "text", parts: Sequence[str] = ()) -> None:
        super().__init__()
        page = _compile(markup)
        scale = pixels(size) / _POINT_SIZE
        self.setting = Setting(markup, size)
        self._parts: dict[str, VGroup] = {name: VGroup() for name in parts}
        for glyph in page.glyphs:
            mobject = Glyph(self.setting, glyph.points * scale, role)
            self.add(mobject)
            if glyph.part:
                self._parts[parts[glyph.part - 1]].add(mobject)
        self.source = markup
        self.font_pixels = size
        self.role = role
        self._anchor = VectorizedPoint(np.zeros(3))
        if not self.submobjects:
            raise TypesettingError(f"{markup!r} sets no glyph: give it some text")
        self._anchor.move_to(np.array([self.get_left()[0], page.baseline * scale, 0.0]))
        self.add(self._anchor)
        self.move_to(np.zeros(3))

    @property
    def baseline(self) -> float:
        return float(self._anchor.get_center()[1])

    def align_baseline(self, other: Typeset | float) -> Typeset:
        """Move up or down until the baselines agree (with another text, or a height)."""
        target = other if isinstance(other, (int, float)) else other.baseline
        self.shift(np.array([0.0, target - self.baseline, 0.0]))
        return self

    def halo(self, width: float = 12.0) -> Typeset:
        """Give the glyphs a rim in the background's colour, so that lines behind them do not run into them."""
        rim = VGroup(*(glyph.copy() for glyph in self.submobjects if len(glyph.points) > 1))
        rim.set_fill(opacity=0).set_stroke(theme.color("background"), width=width)
        self.submobjects.insert(0, rim)  # below all glyphs: a glyph's own rim would cut into its neighbour
        return self

    def part(self, name: str) -> VGroup:
        """The glyphs of ``{name: …}``; raises ``KeyError`` naming the parts there are."""
        try:
            return self._parts[name]
        except KeyError:
            raise KeyError(f"no part {name!r} in {self.source!r}; it has {sorted(self._parts)}") from None

    def paint(self, **roles: Role) -> Typeset:
        """Colour named parts by role: ``formula.paint(x="first", slope="gradient")``."""
        for name, role in roles.items():
            self.part(name).set_fill(theme.color(role))
        return self


class Text(Typeset):
    """Plain words: nothing in *words* is markup."""

    def __init__(self, words: str, size: float = theme.LABEL, role: Role = "text", weight: int = 450) -> None:
        self.words = words
        shown(words)
        super().__init__(f"#text(weight: {weight}, {json.dumps(words, ensure_ascii=False)})", size, role)


class Formula(Typeset):
    """Typst maths, in display style; ``{name: body}`` names a part: ``Formula("{g: nabla f} = 2 x")``."""

    def __init__(self, maths: str, size: float = theme.FORMULA, role: Role = "text", **roles: Role) -> None:
        body, names = _name_parts(maths)
        shown(maths)
        super().__init__(f"$ {body} $", size, role, names)
        self.paint(**roles)


class Markup(Typeset):
    """Typst text with maths between dollar signs, wrapped at *width* units when given; named parts as in maths."""

    def __init__(
        self, markup: str, size: float = theme.LABEL, role: Role = "text", width: float | None = None
    ) -> None:
        shown(markup)
        points = "auto" if width is None else f"{width / pixels(size) * _POINT_SIZE:.3f}pt"
        super().__init__(f"#block(width: {points})[{markup}]", size, role)
