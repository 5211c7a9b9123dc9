"""Rules about what a viewer looks at: the stage is used, something happens while one speaks, nothing stays behind.

Areas are shares of the stage and its dock together, times seconds of film.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.spatial import ConvexHull

from vcalc_anim.check.episodes import Episodes, finding
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.geometry import grown, overlapping
from vcalc_anim.check.items import Item
from vcalc_anim.check.layout import VISIBLE, is_ground, row
from vcalc_anim.check.scene_pass import Snapshot
from vcalc_anim.course import SceneScript, SceneTimeline
from vcalc_anim.stage.zones import GAP, Zones, zones

LEAST_USED = 1 / 3
"""What stands on the stage spans at least this share of it (its convex hull): less looks lost."""
USED_AROUND = GAP
"""The space that a thing takes for itself on every side."""
EMPTY_LASTING = 0.5
SPARSE_LASTING = 1.5
"""Seconds: a picture may be built up from little."""
LONGEST_STILL = 12.0
"""Seconds of speech over a picture in which nothing moves."""
FULL = 0.9
"""Opacity from which a thing is not dimmed."""
FORGOTTEN = 2
"""Spoken lines without a mention after which a thing is left over."""
BESIDE = 0.35
"""What happens within this distance of a thing is about it."""
TOGETHER = 0.8
"""Texts nearer than this to each other are one thing: a table, a sum over several lines."""

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPOKEN = {
    "nabla": "gradient",
    "alpha": "alpha",
    "phi": "angle",
    **dict(zip("0123456789", _DIGITS, strict=True)),
    "10": "ten",
}


@dataclass
class _Thing:
    """What is known about one thing on screen, in numbers of spoken lines (-1: the opening picture)."""

    item: Item
    came: int
    mentioned: int


@dataclass
class AttentionGate:
    """``layout.empty``, ``.sparse``, ``.still`` and ``.leftover`` of one scene.

    empty, sparse: nothing, or too little, on the stage; still: no change while more than twelve seconds are
    spoken; leftover: something that came after the opening picture stands undimmed although two spoken
    lines neither changed it, nor moved anything beside it, nor named it. ``thing.stays = True`` declares
    what has to stay.
    """

    script: SceneScript
    timeline: SceneTimeline
    frames: frozenset[int] = frozenset()
    _episodes: Episodes = field(default_factory=Episodes)
    _found: list[Finding] = field(default_factory=list)
    _zones: Zones | None = None
    _last: Snapshot | None = None
    _changed: Snapshot | None = None  # since when the picture is the same
    _things: dict[int, _Thing] = field(default_factory=dict)
    _told: list[str] = field(default_factory=list)  # spoken lines so far, the running one included

    def see(self, snapshot: Snapshot) -> None:
        if self._zones is None:
            self._zones = zones()
        if self._last is None or snapshot.line != self._last.line:
            if self._last is not None:
                self._line_ends(self._last)
            if snapshot.line and self.script.lines[snapshot.line].silence is None:
                self._told.append(snapshot.line)
        self._episodes.begin(snapshot.seconds)
        if self._last is None or snapshot.items != self._last.items:
            self._picture_changes(snapshot)
        self._measure(snapshot, self._zones)
        self._last = snapshot

    def finish(self) -> list[Finding]:
        self._judge_stillness(self.timeline.frames)
        found = [*self._found, *self._episodes.end(self.timeline.seconds)]
        return sorted(found, key=lambda one: (one.seconds or 0.0, one.rule))

    # -- how much of the stage is used ----------------------------------------------------------------

    def _measure(self, snapshot: Snapshot, place: Zones) -> None:
        if snapshot.frame >= self.timeline.frames - self.timeline.tail:
            return  # leaving through the background
        stage = place.wide
        corners = []
        for item in snapshot.items:
            if item.opacity < VISIBLE or item.rect.bottom >= place.title.bottom - 0.05 or is_ground(item):
                continue
            rect = item.rect.inset(-USED_AROUND)
            corners += [(x, y) for x in (rect.left, rect.right) for y in (rect.bottom, rect.top)]
        if not corners:
            message = "the stage is empty: leave something to look at"
            self._episodes.note(
                "empty", finding("layout.empty", message, snapshot, place.frame), EMPTY_LASTING
            )
            return
        inside = np.clip(corners, [stage.left, stage.bottom], [stage.right, stage.top])
        share = _spanned(inside) / (stage.width * stage.height)
        if share < LEAST_USED:
            message = f"what stands on the stage spans {share:.0%} of it, less than a third: draw larger"
            self._episodes.note(
                "sparse", finding("layout.sparse", message, snapshot, place.frame), SPARSE_LASTING
            )

    # -- how long nothing changes ---------------------------------------------------------------------

    def _picture_changes(self, snapshot: Snapshot) -> None:
        self._judge_stillness(snapshot.frame)
        self._changed = snapshot
        moved = self._update_things(snapshot)
        if moved:
            self._mention_beside(moved)

    def _judge_stillness(self, until: int) -> None:
        start = self._changed
        if start is None or self._zones is None:
            return
        fps = self.timeline.fps
        spoken = 0
        for line in self.timeline.lines:
            script = self.script.lines[line.name]
            if script.silence is None:
                end = line.end - round(script.rest * fps)
                spoken += max(0, min(end, until) - max(line.start, start.frame))
        if spoken / fps > LONGEST_STILL:
            message = (
                f"{spoken / fps:.1f} s are spoken over a still picture; after {LONGEST_STILL:g} s let "
                "something move, or split the line"
            )
            still = finding("layout.still", message, start, self._zones.frame)
            self._found.append(replace(still, until=until / fps))

    # -- what stays behind ----------------------------------------------------------------------------

    def _update_things(self, snapshot: Snapshot) -> list[Item]:
        """Note what came, changed and went; the things that came or changed."""
        now = len(self._told) - 1
        moved = []
        here = {}
        for item in snapshot.items:
            if item.opacity < VISIBLE:
                continue
            key = item.key
            thing = self._things.get(key)
            if thing is None:
                thing = _Thing(item, now, now)
                moved.append(item)
            elif thing.item is not item:
                moved.append(item)
                thing.item, thing.mentioned = item, now
            here[key] = thing
        self._things = here
        return moved

    def _mention_beside(self, moved: list[Item]) -> None:
        things = list(self._things.values())
        rects = np.array([row(thing.item) for thing in things])
        near = overlapping(rects, grown(np.array([row(item) for item in moved]), BESIDE)).any(axis=1)
        now = len(self._told) - 1
        for index in np.flatnonzero(near):
            things[index].mentioned = now

    def _line_ends(self, snapshot: Snapshot) -> None:
        """Judge at the end of a spoken line what is left over from earlier ones."""
        if not snapshot.line or self.script.lines[snapshot.line].silence is not None or self._zones is None:
            return
        now = len(self._told) - 1
        spoken = {
            word.lower() for word in re.findall(r"\w+", " ".join(self.script.lines[snapshot.line].spoken))
        }
        for thing in self._things.values():
            if thing.item.is_text and spoken & set(_words(thing.item)):
                thing.mentioned = now
        self._share_mentions()
        for thing in self._things.values():
            item = thing.item
            if thing.came < 0 or now - thing.mentioned < FORGOTTEN or item.opacity < FULL:
                continue
            if "stays" in item.declared or is_ground(item):
                continue
            since = self._told[thing.mentioned] if thing.mentioned >= 0 else "the opening"
            message = (
                f'{item.name} is left over from line "{since}": let it leave, dim it, or say .stays = True'
            )
            self._episodes.note(
                ("leftover", item.key),
                finding("layout.leftover", message, snapshot, self._zones.frame, [item]),
            )

    def _share_mentions(self) -> None:
        """What belongs together is mentioned together: a widget's parts, texts in a table, a label and its thing."""
        widgets: dict[int, list[_Thing]] = {}
        for thing in self._things.values():
            widgets.setdefault(id(thing.item.widget), []).append(thing)
        for parts in widgets.values():
            _share(parts)
            first = min(part.came for part in parts)
            for part in parts:
                part.came = first
        new = [thing for thing in self._things.values() if thing.came >= 0]
        texts = [thing for thing in new if thing.item.is_text]
        others = [thing for thing in new if not thing.item.is_text]
        if not texts:
            return
        rects = np.array([row(thing.item) for thing in texts])
        joined = overlapping(grown(rects, TOGETHER), rects)
        while not ((wider := joined @ joined) == joined).all():
            joined = wider
        for line in joined:
            _share([texts[index] for index in np.flatnonzero(line)])
        if others:
            labels = overlapping(np.array([row(thing.item) for thing in others]), grown(rects, BESIDE))
            for other, line in zip(others, labels, strict=True):
                _share([other, *(texts[index] for index in np.flatnonzero(line))])


def _share(things: list[_Thing]) -> None:
    latest = max(thing.mentioned for thing in things)
    for thing in things:
        thing.mentioned = latest


def _spanned(points: np.ndarray) -> float:
    """The area of the convex hull of *points* (n, 2)."""
    if np.ptp(points, axis=0).min() <= 0:
        return 0.0
    return float(ConvexHull(points).volume)  # of two dimensions, the area


def _words(item: Item) -> Iterator[str]:
    """How the words of a text are spoken."""
    for word in re.findall(r"[^\W\d_]{3,}|\d+", item.name.lower()):
        yield _SPOKEN.get(word, word)
