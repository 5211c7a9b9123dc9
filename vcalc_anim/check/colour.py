"""The gate of colour: text and shapes stand out, and no two things differ by a colour that some eyes do not see.

Looked at where each line ends. Contrast is that of WCAG 2.2, 4.5 for text and 3 from 32 pixels of a 1080-line
frame and for shapes. What is dimmed is set back on purpose; what has the colour of the grid is scaffolding.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

from vcalc_anim.check.episodes import finding
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.items import Item
from vcalc_anim.check.scene_pass import Snapshot, line_ends
from vcalc_anim.check.vision import BLINDNESS, contrast, distance, over
from vcalc_anim.course import SceneTimeline
from vcalc_anim.raster import Pixels
from vcalc_anim.stage import theme
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.zones import Zone, zones

TEXT, LARGE_TEXT, SHAPE = 4.5, 3.0, 3.0
LARGE = 32.0
"""Pixels of a 1080-line frame from which text is large."""
ENOUGH = 0.8
"""The share of what surrounds a text against which it has to stand out."""
SAME = 0.04
"""Distance in Oklab below which two strokes are taken for one colour: twice what is noticed side by side."""
DIFFERENT = 0.08
"""Distance above which two colours are meant to be told apart."""
NEAR = 0.5
"""Frame units from a thing to the text that names it."""

_ROUNDING = 0.05  # contrast that the theme's eight bits may cost
_RING = (0.012, 0.035)  # frame units from a text's box: what it stands on, inside a halo or a patch
_GROUND: tuple[Role, ...] = ("background", "panel", "grid")
_WIDTHS = 1.5  # strokes differ visibly from this ratio on

Color = NDArray[np.float64]


class ColourInspector:
    """The rules ``colour.text``, ``colour.shape`` and ``colour.alone`` for one scene."""

    def __init__(self, timeline: SceneTimeline) -> None:
        self.frames = line_ends(timeline)
        self._found: dict[str, dict[tuple[str, ...], Finding]] = {}

    def see(self, snapshot: Snapshot) -> None:
        if snapshot.pixels is None or not snapshot.line:
            return
        # A later picture of the same line replaces this one: the last is the line's end.
        here = self._found[snapshot.line] = {}
        frame = zones().frame
        items = [item for item in snapshot.items if not _dimmed(item)]
        for rule, key, message, about in (
            *_texts(items, snapshot.pixels, frame),
            *_shapes(items),
            *_alone(items),
        ):
            here.setdefault((rule, *key), finding(f"colour.{rule}", message, snapshot, frame, about))

    def finish(self) -> list[Finding]:
        first: dict[tuple[str, ...], Finding] = {}
        for found in self._found.values():
            for key, one in found.items():
                first.setdefault(key, one)
        return sorted(first.values(), key=lambda one: (one.seconds or 0.0, one.rule, one.message))


Note = tuple[str, tuple[str, ...], str, tuple[Item, ...]]


def check_theme(look: theme.Theme) -> list[Finding]:
    """Roles of *look* that do not stand out from its background and its panels, whatever is drawn with them."""
    found = []
    for role, paint in look.roles.items():
        if role in _GROUND:
            continue
        for ground in ("background", "panel"):
            ratio = float(contrast(_hex(paint), _hex(look.roles[ground])))
            if ratio < TEXT:
                message = (
                    f"role {role} has a contrast of {ratio:.1f} on the {ground} of theme {look.name}: "
                    f"text needs {TEXT:g}"
                )
                found.append(Finding("colour.theme", message))
    return found


# -- text --------------------------------------------------------------------------------------------


def _texts(items: list[Item], pixels: Pixels, frame: Zone) -> Iterator[Note]:
    for item in items:
        if not item.is_text:
            continue
        needed = LARGE_TEXT if item.pixels >= LARGE - 0.5 else TEXT
        behind = _around(item.rect, pixels, frame)
        if len(behind) == 0:
            continue  # outside of the frame: a matter of layout
        for paint, opacity in _inks(item):
            ratios = contrast(over(paint, opacity, behind), behind)
            ratio = float(np.quantile(ratios, 1 - ENOUGH))
            if ratio < needed - _ROUNDING:
                message = (
                    f"{item.name} has a contrast of {ratio:.1f} to what is behind it and needs {needed:g}: "
                    "use a brighter role, full opacity, a halo, or clear ground"
                )
                yield "text", (item.name,), message, (item,)
                break


def _inks(item: Item) -> Iterator[tuple[Color, float]]:
    """The different colours of a text's glyphs, with their opacities."""
    seen = set()
    for leaf in item.mobject.get_family():
        if isinstance(leaf, VMobject) and len(leaf.points) > 1 and len(leaf.fill_rgbas):
            *rgb, opacity = (round(float(value), 3) for value in leaf.fill_rgbas[0])
            if opacity > 0 and (*rgb, opacity) not in seen:
                seen.add((*rgb, opacity))
                yield np.array(rgb), opacity


def _around(rect: Zone, pixels: Pixels, frame: Zone) -> Color:
    """The colours (n, 3) of a thin band around *rect*: what is really behind the text, without its glyphs."""
    height, width = pixels.shape[:2]
    scale = height / frame.height
    inner, outer = (rect.inset(-distance) for distance in _RING)

    def bounds(zone: Zone) -> tuple[int, int, int, int]:
        left, right = ((x - frame.left) * scale for x in (zone.left, zone.right))
        top, bottom = ((frame.top - y) * scale for y in (zone.top, zone.bottom))
        return int(np.floor(top)), int(np.ceil(bottom)), int(np.floor(left)), int(np.ceil(right))

    top, bottom, left, right = bounds(inner)
    high, low, west, east = bounds(outer)
    high, low, west, east = (
        min(high, top - 1),
        max(low, bottom + 1),
        min(west, left - 1),
        max(east, right + 1),
    )
    rows = np.arange(max(high, 0), min(low, height))
    columns = np.arange(max(west, 0), min(east, width))
    band = np.ones((len(rows), len(columns)), dtype=bool)
    band[np.ix_((rows >= top) & (rows < bottom), (columns >= left) & (columns < right))] = False
    picture = pixels[max(high, 0) : min(low, height), max(west, 0) : min(east, width), :3]
    return np.asarray(picture[band] / 255.0)


# -- shapes ------------------------------------------------------------------------------------------


def _shapes(items: list[Item]) -> Iterator[Note]:
    ground = _paint("background")
    strongest: dict[tuple[object, ...], float] = {}
    for item in items:
        strongest[_series(item)] = max(item.opacity, strongest.get(_series(item), 0.0))
    for item in items:
        if item.is_text or _is_ground(item.rgb):
            continue
        # A trail may fade out, as long as its head stands out.
        # A quiet fill is fine inside an outline that stands out.
        ratio = max(
            float(contrast(over(paint, strength, ground), ground))
            for paint, strength in ((item.rgb, strongest[_series(item)]), *_outlines(item))
        )
        if ratio < SHAPE - _ROUNDING:
            message = (
                f"{item.name} has a contrast of {ratio:.1f} to the background and needs {SHAPE:g}: "
                "draw it brighter, or dim it where it is set back on purpose"
            )
            yield "shape", (item.name,), message, (item,)


def _outlines(item: Item) -> Iterator[tuple[tuple[float, float, float], float]]:
    """The colours and opacities of the strokes around a filled shape."""
    for leaf in item.mobject.get_family():
        if isinstance(leaf, VMobject) and len(leaf.points) > 1 and leaf.get_stroke_width() > 0:
            red, green, blue, opacity = (float(value) for value in leaf.stroke_rgbas[0])
            yield (red, green, blue), opacity


def _series(item: Item) -> tuple[object, ...]:
    """What the members of a series share."""
    return item.kind, item.name, item.rgb, item.half_stroke


# -- colour blindness --------------------------------------------------------------------------------


def _alone(items: list[Item]) -> Iterator[Note]:
    """Pairs of things that look alike but for their colours, whose colours some eyes take for the same."""
    ground = _paint("background")
    kinds: dict[tuple[str, bool, float, tuple[float, ...]], list[Item]] = {}
    for item in items:
        if item.is_text or _is_ground(item.rgb):
            continue
        shown = tuple(float(value) for value in np.round(over(item.rgb, item.opacity, ground), 2))
        dashes = item.kind == "curve" and len(item.paths) > 1 and len(item.mobject.submobjects) > 1
        kinds.setdefault((item.kind, dashes, round(item.half_stroke, 3), shown), []).append(item)
    texts = [item for item in items if item.is_text]
    for (key, these), (other_key, others) in combinations(kinds.items(), 2):
        if key[:2] != other_key[:2] or not _same_width(key[2], other_key[2]):
            continue
        if distance(key[3], other_key[3]) < DIFFERENT:
            continue
        eye = min(BLINDNESS, key=lambda name: distance(key[3], other_key[3], name))
        if distance(key[3], other_key[3], eye) >= SAME:
            continue
        unnamed = [[item for item in group if not _named(item, texts)] for group in (these, others)]
        if unnamed[0] and unnamed[1]:
            one, other = unnamed[0][0], unnamed[1][0]
            message = (
                f"with {eye} {one.name} and {other.name} have one colour and nothing else tells them apart: "
                "name one of them beside it, or draw it dashed, thicker or in another role"
            )
            yield "alone", (one.name, other.name), message, (one, other)


def _same_width(one: float, other: float) -> bool:
    return max(one, other) < _WIDTHS * max(min(one, other), 1e-6)


def _named(item: Item, texts: list[Item]) -> bool:
    """Whether a text stands right beside *item*, or on it."""
    if item.paths:
        points = np.concatenate(item.paths)
    else:
        points = np.array([[item.rect.left, item.rect.bottom], [item.rect.right, item.rect.top]])
    return any(_nearest(points, text.rect) <= NEAR for text in texts)


def _nearest(points: NDArray[np.float64], rect: Zone) -> float:
    """The distance of the nearest of *points* (n, 2) to *rect*."""
    across = np.maximum(np.maximum(rect.left - points[:, 0], points[:, 0] - rect.right), 0)
    along = np.maximum(np.maximum(rect.bottom - points[:, 1], points[:, 1] - rect.top), 0)
    return float(np.hypot(across, along).min())


# -- roles -------------------------------------------------------------------------------------------


def _dimmed(item: Item) -> bool:
    return any(getattr(part, "dimmed_to", 1.0) < 1.0 for part in item.mobject.get_family())


def _is_ground(rgb: tuple[float, float, float]) -> bool:
    return any(np.abs(_paint(role) - rgb).max() < 1 / 255 for role in _GROUND)


def _paint(role: Role) -> Color:
    return _hex(theme.active_theme().roles[role])


def _hex(text: str) -> Color:
    return np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)])
