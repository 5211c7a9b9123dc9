"""What can be seen in a scene at one moment, read from its mobjects: texts, readouts, arrows, dots, curves, shapes.

A text is one item, however many glyphs it has; so are an arrow and a dashed line. Items are remembered: as
long as a mobject looks the same, it is the same :class:`Item` object, so that rules can compare pictures by
identity and keep what they found out about two items that did not change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from manim import (
    DashedVMobject,
    DecimalNumber,
    Dot,
    Line,
    MarkupText,
    Mobject,
    Scene,
    SingleStringMathTex,
    Typst,
    VMobject,
)
from manim import Text as PlainText
from numpy.typing import NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.typeset import Glyph, Setting, Typeset, pixels
from vcalc_anim.stage.zones import Zone, zones

Kind = Literal["text", "readout", "arrow", "dot", "curve", "shape"]

DECLARATIONS = frozenset({"overlaps", "stays", "bleeds", "small"})
"""Words by which a scene declares an exception at the place itself: ``label.overlaps = True``."""

_VISIBLE = 0.02  # opacity below which nothing is seen
_FOREIGN_TEXT = (PlainText, MarkupText, SingleStringMathTex, Typst, DecimalNumber)
_CAP_HEIGHT = 0.7  # of the type size, for text that does not say its size
_PLAIN_GROUPS = ("VGroup", "Group", "VMobject", "Mobject", "VDict")
_UNIT_STROKE = 0.01  # frame units of Manim's stroke width 1


@dataclass(frozen=True, eq=False)
class Item:
    """One visible thing. ``rect`` bounds it in frame units, strokes included.

    ``pixels`` is the type size of a text at 1080 lines, else 0. ``parts`` (n, 4) are the rectangles
    (left, bottom, right, top) of a text's glyphs; ``paths`` the polylines of all other kinds, ``half_stroke``
    half their stroke's width. ``haloed`` texts have a rim in the background's colour.
    ``widget`` is the mobject that it is a part of, itself when it stands alone.
    ``mobject`` lives on: ask it while the snapshot is looked at, not later.
    """

    kind: Kind
    name: str
    rect: Zone
    opacity: float
    mobject: Mobject = field(repr=False)
    pixels: float = 0.0
    rgb: tuple[float, float, float] = (0.0, 0.0, 0.0)
    fill_opacity: float = 0.0
    half_stroke: float = 0.0
    parts: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)), repr=False)
    paths: tuple[NDArray[np.float64], ...] = field(default=(), repr=False)
    haloed: bool = False
    declared: frozenset[str] = frozenset()
    widget: Mobject | None = field(default=None, repr=False)

    @property
    def key(self) -> int:
        """The same for one thing as long as it is on screen, however it changes."""
        return id(self.mobject)

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "readout")


@dataclass(frozen=True)
class _Found:
    """The leaves that make one item; ``top`` is the mobject that names it."""

    kind: Kind
    top: Mobject
    leaves: tuple[VMobject, ...]
    owner: Mobject | None
    declared: frozenset[str]
    setting: Setting | None = None


class ItemReader:
    """Reads the items of a scene, again and again; unchanged mobjects cost next to nothing."""

    def __init__(self) -> None:
        self._frame = zones().frame
        self._found: list[_Found] = []
        self._tops: list[Mobject] = []
        self._family = 0
        self._known: dict[int, tuple[Mobject, int, Item | None]] = {}
        self._owners: dict[int, tuple[Mobject, Mobject]] = {}
        self._roles = {hex_.upper(): role for role, hex_ in theme.active_theme().roles.items()}

    def items(self, scene: Scene, fresh: bool) -> tuple[Item, ...]:
        """What is visible in *scene* now, in drawing order.

        Within one play, what Manim calls static stays as it is; *fresh* says that a new one has begun.
        """
        found = self._structure(scene)
        moving = None if fresh else set(map(id, scene.moving_mobjects))
        items = []
        for one in found:
            item = self._item(one, moving)
            if item is not None:
                items.append(item)
        return tuple(items)

    def _structure(self, scene: Scene) -> list[_Found]:
        family = [id(part) for top in scene.mobjects for part in top.get_family()]
        mark = hash(tuple(family))
        if mark != self._family or [id(m) for m in scene.mobjects] != [id(m) for m in self._tops]:
            self._family, self._tops = mark, list(scene.mobjects)
            found = [one for top in scene.mobjects for one in _find(top, None, frozenset())]
            for (
                one
            ) in found:  # remembered, because Manim takes a widget apart when a part of it comes to the front
                if one.owner is not None:
                    self._owners.setdefault(id(one.top), (one.top, one.owner))
            self._found = sorted(_joined(found), key=lambda one: one.top.z_index)
        return self._found

    def _item(self, found: _Found, moving: set[int] | None) -> Item | None:
        key = id(found.top) if found.setting is None else id(found.setting)
        known = self._known.get(key)
        if known is not None and moving is not None and not any(id(leaf) in moving for leaf in found.leaves):
            return known[2]
        stamp = hash((found.kind, found.declared, *(_stamp(leaf) for leaf in found.leaves)))
        if known is not None and known[1] == stamp:
            return known[2]
        item = self._read(found)
        self._known[key] = (found.top, stamp, item)
        return item

    def _read(self, found: _Found) -> Item | None:
        leaves = [leaf for leaf in found.leaves if len(leaf.points) > 1]
        opacity = max((max(_fill(leaf), _stroke(leaf)) for leaf in leaves), default=0.0)
        if opacity < _VISIBLE:
            return None
        haloed = False
        if found.kind in ("text", "readout"):
            glyphs = [leaf for leaf in leaves if _fill(leaf) >= _VISIBLE]
            haloed = any(_fill(leaf) < _VISIBLE for leaf in leaves)
            if not glyphs:
                return None
            boxes = np.array([_bounds(leaf.points) for leaf in glyphs])
            rect, paths, half = _hull(boxes), tuple[NDArray[np.float64], ...](), 0.0
            size = _type_size(found, glyphs)
            paint = glyphs[0]
        else:
            half = max(
                (leaf.stroke_width * _UNIT_STROKE / 2 for leaf in leaves if _stroke(leaf)), default=0.0
            )
            boxes, size = np.zeros((0, 4)), 0.0
            paths = tuple(path for leaf in leaves for path in _polylines(leaf))
            rect = _grown(_hull(np.array([_bounds(leaf.points) for leaf in leaves])), half)
            paint = max(leaves, key=lambda leaf: max(_fill(leaf), _stroke(leaf)))
        rgb = _rgb(paint)
        role = self._roles.get("#" + "".join(f"{round(255 * value):02X}" for value in rgb))
        fill = max(_fill(leaf) for leaf in leaves)
        covers = rect.left <= self._frame.left and rect.right >= self._frame.right
        owner = self._owners.get(id(found.top), (None, None))[1]
        if covers and role == "background" and rect.top - rect.bottom >= self._frame.height:
            return None  # the curtain between scenes
        return Item(
            found.kind,
            _name(found, role, owner),
            rect,
            float(opacity),
            found.top,
            size,
            rgb,
            float(fill),
            float(half),
            boxes,
            paths,
            haloed,
            found.declared,
            owner or found.top,
        )


def _find(mobject: Mobject, owner: Mobject | None, declared: frozenset[str]) -> Iterator[_Found]:
    """The items of the family of *mobject*; *owner* is the outermost widget around it."""
    own = {word for word in DECLARATIONS if getattr(mobject, word, False) is True}
    declared = declared | own if own else declared
    kind = _whole(mobject)
    if kind is not None:
        leaves = tuple(part for part in mobject.get_family() if isinstance(part, VMobject))
        yield _Found(kind, mobject, leaves, owner, declared)
        return
    if isinstance(mobject, VMobject) and len(mobject.points):
        if isinstance(mobject, Glyph):
            yield _Found("text", mobject, (mobject,), owner, declared, mobject.setting)
        else:
            fills = _fill(mobject) >= _VISIBLE
            yield _Found("shape" if fills else "curve", mobject, (mobject,), owner, declared)
    if mobject.submobjects:
        is_widget = owner is None and type(mobject).__name__ not in _PLAIN_GROUPS
        inner = mobject if is_widget else owner
        for part in mobject.submobjects:
            yield from _find(part, inner, declared)


def _whole(mobject: Mobject) -> Kind | None:
    """The kind of a mobject that is one item with all its family; None for groups and plain shapes."""
    if isinstance(mobject, (Readout, DecimalNumber)):
        return "readout"
    if isinstance(mobject, (Typeset, *_FOREIGN_TEXT)):
        return "text"
    if isinstance(mobject, Arrow) or (isinstance(mobject, Line) and mobject.has_tip()):
        return "arrow"
    if isinstance(mobject, DashedVMobject):
        return "curve"
    if isinstance(mobject, Dot):
        return "dot"
    return None


def _joined(found: Iterable[_Found]) -> Iterator[_Found]:
    """Glyphs that an animation took out of one text, put together again at the place of the first."""
    found = list(found)
    loose: dict[int, list[_Found]] = {}
    for one in found:
        if one.setting is not None:
            loose.setdefault(id(one.setting), []).append(one)
    for one in found:
        if one.setting is None:
            yield one
        elif group := loose.pop(id(one.setting), []):
            leaves = tuple(dict.fromkeys(leaf for each in group for leaf in each.leaves))
            yield _Found("text", one.top, leaves, one.owner, one.declared, one.setting)


# -- one mobject -------------------------------------------------------------------------------------


def _alpha(rgbas: NDArray[np.float64]) -> float:
    return float(rgbas[0, 3]) if len(rgbas) == 1 else float(rgbas[:, 3].max()) if len(rgbas) else 0.0


def _fill(leaf: VMobject) -> float:
    return _alpha(leaf.fill_rgbas) if hasattr(leaf, "fill_rgbas") else float(leaf.get_fill_opacity())


def _stroke(leaf: VMobject) -> float:
    if leaf.stroke_width <= 0:
        return 0.0
    return _alpha(leaf.stroke_rgbas) if hasattr(leaf, "stroke_rgbas") else float(leaf.get_stroke_opacity())


def _rgb(leaf: VMobject) -> tuple[float, float, float]:
    rgbas = leaf.get_fill_rgbas() if _fill(leaf) >= _stroke(leaf) else leaf.get_stroke_rgbas()
    red, green, blue = (float(value) for value in rgbas[0][:3])
    return red, green, blue


def _stamp(leaf: VMobject) -> int:
    return hash(
        (
            leaf.points.tobytes(),
            leaf.fill_rgbas.tobytes(),
            leaf.stroke_rgbas.tobytes(),
            leaf.stroke_width,
        )
    )


def _bounds(points: NDArray[np.float64]) -> tuple[float, float, float, float]:
    (left, bottom, _), (right, top, _) = points.min(axis=0), points.max(axis=0)
    return float(left), float(bottom), float(right), float(top)


def _hull(boxes: NDArray[np.float64]) -> Zone:
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return Zone(float(low[0]), float(high[0]), float(low[1]), float(high[1]))


def _grown(zone: Zone, by: float) -> Zone:
    return zone.inset(-by)


def _polylines(leaf: VMobject) -> list[NDArray[np.float64]]:
    """The outline (n, 2) of each subpath: anchors, and the middle of every Bézier piece that is not straight."""
    points = leaf.points[:, :2]
    pieces = points[: len(points) // 4 * 4].reshape(-1, 4, 2)
    if len(pieces) == 0:
        return []
    middles = (pieces[:, 0] + 3 * pieces[:, 1] + 3 * pieces[:, 2] + pieces[:, 3]) / 8
    breaks = np.flatnonzero(np.abs(pieces[1:, 0] - pieces[:-1, 3]).max(axis=1) > 1e-6) + 1
    lines = []
    for part, bent in zip(np.split(pieces, breaks), np.split(middles, breaks), strict=True):
        straight = np.abs((part[:, 0] + part[:, 3]) / 2 - bent).max() < 1e-3
        inner = part[:, 0] if straight else np.stack([part[:, 0], bent], axis=1).reshape(-1, 2)
        lines.append(np.vstack([inner, part[-1:, 3]]))
    return lines


def _type_size(found: _Found, glyphs: list[VMobject]) -> float:
    """Pixels at 1080 lines: the size a text was set in, times how much it was scaled since."""
    scales = [
        glyph.setting.size * float(np.ptp(glyph.points, axis=0).sum()) / glyph.natural_size
        for glyph in glyphs
        if isinstance(glyph, Glyph) and glyph.natural_size > 0
    ]
    if scales:
        return float(np.median(scales))
    tallest = max(float(np.ptp(glyph.points[:, 1])) for glyph in glyphs)
    return tallest / _CAP_HEIGHT / pixels(1)


def _name(found: _Found, role: str | None, owner: Mobject | None) -> str:
    top = found.top
    source = found.setting.markup if found.setting is not None else getattr(top, "source", None)
    if isinstance(top, Readout):
        label = "" if top.label is None else _words(getattr(top.label, "source", ""))
        return f"{label} {top.text}".strip()
    if isinstance(source, str):
        return f'"{_words(source)}"'
    if found.kind == "text":
        return f'"{getattr(top, "original_text", getattr(top, "tex_string", "text"))}"'
    own = type(top).__name__
    kind = found.kind if own in ("VMobject", "Line", "Arrow", "Dot", "Cubic") else own
    whole = "" if owner is None or owner is top else f"of {type(owner).__name__}"
    return " ".join(part for part in (role, kind, whole) if part)


def _words(markup: str) -> str:
    """What a reader would call a piece of Typst: its words, or its maths without the layout."""
    if markup.startswith(("#text(", "#mono(")):
        return str(json.loads(markup[markup.index('"') : -1]))
    if markup.startswith("#block("):
        markup = markup[markup.index("[") + 1 : -1]
    text = " ".join(markup.strip("$ ").replace("part(#", "(").split())
    return text if len(text) <= 40 else text[:39] + "…"
