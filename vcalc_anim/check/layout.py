"""Rules about places: nothing overlaps, leaves its zone or is too small to read, in any sample of a scene.

Thresholds are frame units (8 along the shorter side of the frame) and pixels at 1080 lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from manim import ManimColor

from vcalc_anim.check.episodes import Episodes, finding
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.geometry import centers, corners, crossed, grown, overlapping, within
from vcalc_anim.check.items import Item
from vcalc_anim.check.scene_pass import Snapshot
from vcalc_anim.course import SceneTimeline
from vcalc_anim.stage import theme
from vcalc_anim.stage.zones import Zones, zones

VISIBLE = 0.25
"""Opacity from which a thing counts as seen."""
TOUCH = 0.02
"""How far two things may reach into each other: 2.7 pixels at 1080 lines."""
LETTER_GAP = 0.03
"""Boxes of glyphs grow by this: a line between two letters crosses the word."""
FAINT = 1.6
"""Contrast to the background below which a line is ground, not figure: grids, frames."""
COVERING = 0.8
"""Opacity from which a fill hides what is behind it."""
SMALLEST_TYPE = 28.0
SLACK = 0.02
"""How far a thing may reach over the border of its zone."""
SMALL_LASTING = 0.5
"""Seconds: text that grows into its place is small for a moment."""


RULES = frozenset({"overlap", "crossed", "hidden", "margin", "captions", "type-size"})


@dataclass
class LayoutGate:
    """The rules ``layout.…`` named by *rules*, for one scene.

    overlap: two texts; crossed: a line through a text, above it or below a text without halo; hidden: an
    arrow, a dot or a fill above a text; margin, captions: outside the safe area, in the captions' zone;
    type-size: text too small. ``thing.overlaps``, ``.bleeds`` and ``.small = True`` declare what is meant so.
    """

    timeline: SceneTimeline
    rules: frozenset[str] = RULES
    frames: frozenset[int] = frozenset()
    _episodes: Episodes = field(default_factory=Episodes)
    _zones: Zones | None = None
    _pairs: dict[tuple[Item, Item], tuple[bool, bool]] = field(default_factory=dict)
    _alone: dict[Item, list[tuple[str, str, float]]] = field(default_factory=dict)
    _here: set[int] = field(default_factory=set)  # texts of the snapshot before
    _leaving: set[frozenset[int]] = field(default_factory=set)  # copies that still lie on their originals
    _left_before: set[frozenset[int]] = field(default_factory=set)

    def see(self, snapshot: Snapshot) -> None:
        if self._zones is None:
            self._zones = zones()
        self._episodes.begin(snapshot.seconds)
        seen = [item for item in snapshot.items if item.opacity >= VISIBLE]
        self._single(snapshot, seen, self._zones)
        if self.rules & {"overlap", "crossed", "hidden"}:
            self._left_before, self._leaving = self._leaving, set()
            self._pairwise(snapshot, seen)
            self._here = {id(item.mobject) for item in seen if item.is_text}

    def finish(self) -> list[Finding]:
        return self._episodes.end(self.timeline.seconds)

    def _note(self, rule: str, message: str, snapshot: Snapshot, *items: Item, lasting: float = 0.0) -> None:
        if self._zones is None or rule not in self.rules:
            return
        found = finding(f"layout.{rule}", message, snapshot, self._zones.frame, items)
        self._episodes.note((rule, *(id(item.mobject) for item in items)), found, lasting)

    # -- one thing alone ------------------------------------------------------------------------------

    def _single(self, snapshot: Snapshot, seen: list[Item], place: Zones) -> None:
        before, self._alone = self._alone, {}
        for item in seen:
            faults = before.get(item)
            if faults is None:
                faults = _faults(item, place)
            self._alone[item] = faults
            for rule, message, lasting in faults:
                self._note(rule, message, snapshot, item, lasting=lasting)

    # -- two things -----------------------------------------------------------------------------------

    def _pairwise(self, snapshot: Snapshot, seen: list[Item]) -> None:
        before, self._pairs = self._pairs, {}
        texts = [index for index, item in enumerate(seen) if item.is_text]
        if not texts:
            return
        rects = np.array([row(item) for item in seen])
        near = overlapping(rects[texts], grown(rects, LETTER_GAP))
        for position, others in zip(texts, near, strict=True):
            text = seen[position]
            for other in np.flatnonzero(others):
                thing = seen[other]
                if thing is text or (thing.is_text and other < position):
                    continue
                if "overlaps" in text.declared | thing.declared:
                    continue
                pair = (text, thing)
                meets = before.get(pair) or _meet(text, thing)
                self._pairs[pair] = meets
                if any(meets):
                    self._judge(snapshot, seen, position, int(other), meets)

    def _is_leaving(self, one: Item, other: Item) -> bool:
        """Whether a copy lies on its original, from which it started: meant so, until it has left."""
        pair = frozenset((id(one.mobject), id(other.mobject)))
        if pair not in self._left_before:
            is_new = len(pair - self._here) == 1
            if not (is_new and (_lies_on(one, other) or _lies_on(other, one))):
                return False
        self._leaving.add(pair)
        return True

    def _judge(
        self, snapshot: Snapshot, seen: list[Item], position: int, other: int, meets: tuple[bool, bool]
    ) -> None:
        text, thing = seen[position], seen[other]
        if thing.is_text:
            if not self._is_leaving(text, thing):
                message = f"{text.name} and {thing.name} overlap: move one away"
                self._note("overlap", message, snapshot, text, thing)
            return
        touched, filled = meets
        if other > position:
            if is_ground(thing) and thing.fill_opacity < VISIBLE:
                return
            hidden = filled and thing.fill_opacity * thing.opacity >= VISIBLE
            if thing.kind in ("arrow", "dot") or hidden:
                message = f"{thing.name} hides {text.name}: move one away, or draw the text later"
                self._note("hidden", message, snapshot, text, thing)
                return
        elif text.haloed or is_ground(thing) or _is_covered(text, seen[other + 1 : position]):
            return
        if touched:
            message = (
                f"{thing.name} crosses {text.name}: move the text, or give it a halo() and draw it later"
            )
            self._note("crossed", message, snapshot, text, thing)


def _faults(item: Item, place: Zones) -> list[tuple[str, str, float]]:
    """Rules that *item* breaks by itself, as (rule, message, seconds it must last)."""
    faults = []
    if item.is_text and item.pixels < SMALLEST_TYPE - 0.05 and "small" not in item.declared:
        message = (
            f"{item.name} is set in {item.pixels:.0f} px at 1080 lines; {SMALLEST_TYPE:g} is the smallest"
        )
        faults.append(("type-size", message, SMALL_LASTING))
    if "bleeds" in item.declared or is_ground(item):
        return faults
    rect, safe = item.rect.inset(item.half_stroke), place.safe  # a curve is clipped along its middle
    over = {
        "left": safe.left - rect.left,
        "right": rect.right - safe.right,
        "bottom": safe.bottom - rect.bottom,
        "top": rect.top - safe.top,
    }
    side = max(over, key=lambda name: over[name])
    if over[side] > SLACK:
        share = over[side] / (place.frame.width if side in ("left", "right") else place.frame.height)
        message = f"{item.name} reaches {share:.1%} over the safe margin at the {side}: move or clip it"
        faults.append(("margin", message, 0.0))
    elif rect.bottom < place.captions.top - SLACK:
        message = f"{item.name} stands where captions are shown: keep the bottom 12 % free"
        faults.append(("captions", message, 0.0))
    return faults


def _meet(text: Item, thing: Item) -> tuple[bool, bool]:
    """Whether *thing* touches a glyph of *text*, and whether its fill does."""
    if thing.is_text:
        return bool(overlapping(text.parts, thing.parts, TOUCH).any()), False
    touched = bool(crossed(thing.paths, grown(text.parts, LETTER_GAP + thing.half_stroke - TOUCH)).any())
    filled = thing.fill_opacity > 0 and (
        bool(within(thing.paths, centers(text.parts)).any())
        or bool(crossed(thing.paths, grown(text.parts, -TOUCH)).any())
    )
    return touched, filled


def _lies_on(copy: Item, original: Item) -> bool:
    """Whether every glyph of *copy* covers a glyph of *original* exactly."""
    off = np.abs(copy.parts[:, None] - original.parts[None]).max(axis=2)
    return bool((off.min(axis=1) < 1e-3).all())


def is_ground(item: Item) -> bool:
    """Whether *item* hardly differs from the background."""
    return _contrast(item.rgb, item.opacity, theme.active_theme().roles["background"]) < FAINT


@lru_cache(maxsize=4096)
def _contrast(rgb: tuple[float, float, float], opacity: float, background: str) -> float:
    """WCAG's contrast between a colour drawn with *opacity* on a hex *background* and that background."""
    ground = ManimColor(background).to_rgb()
    colors = np.array([np.asarray(rgb) * opacity + ground * (1 - opacity), ground])
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    darker, lighter = np.sort(linear @ [0.2126, 0.7152, 0.0722])
    return float((lighter + 0.05) / (darker + 0.05))


def _is_covered(text: Item, between: list[Item]) -> bool:
    """Whether one fill among *between* lies under all of *text*, hiding what is below."""
    points = corners(text.parts)
    return any(
        thing.kind == "shape" and thing.fill_opacity >= COVERING and bool(within(thing.paths, points).all())
        for thing in between
    )


def row(item: Item) -> tuple[float, float, float, float]:
    return item.rect.left, item.rect.bottom, item.rect.right, item.rect.top
