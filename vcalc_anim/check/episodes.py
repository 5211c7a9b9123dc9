"""Findings in time: what is wrong in snapshot after snapshot is told once, with its beginning and its end."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from vcalc_anim.check.finding import Box, Finding
from vcalc_anim.check.items import Item
from vcalc_anim.check.scene_pass import Snapshot
from vcalc_anim.stage.zones import Zone


@dataclass
class _Episode:
    finding: Finding
    since: float
    seen: float  # the end of the last snapshot in which it was there


class Episodes:
    """Merges what is noted at consecutive snapshots under the same key.

    What vanishes for less than *gap* seconds and comes back is one episode. What lasts less than the
    ``lasting`` of its note is no finding.
    """

    def __init__(self, gap: float = 0.5) -> None:
        self._gap = gap
        self._open: dict[Hashable, _Episode] = {}
        self._noted: dict[Hashable, tuple[Finding, float]] = {}
        self._lasting: dict[Hashable, float] = {}
        self._done: list[Finding] = []
        self._before: float | None = None

    def begin(self, seconds: float) -> None:
        """A snapshot taken at *seconds* follows: what was noted before has lasted until now."""
        self._settle(seconds)

    def note(self, key: Hashable, finding: Finding, lasting: float = 0.0) -> None:
        """*finding* is there in this snapshot."""
        self._noted[key] = (finding, lasting)

    def end(self, seconds: float) -> list[Finding]:
        """All findings, in the order of their beginnings; the scene ends at *seconds*."""
        self._settle(seconds)
        for key in list(self._open):
            self._close(key)
        return sorted(self._done, key=lambda finding: (finding.seconds or 0.0, finding.rule, finding.message))

    def _settle(self, seconds: float) -> None:
        for key, (finding, lasting) in self._noted.items():
            episode = self._open.get(key)
            if episode is None:
                self._open[key] = _Episode(finding, finding.seconds or 0.0, seconds)
                self._lasting[key] = lasting
            else:
                episode.seen = seconds
        self._noted.clear()
        for key, episode in list(self._open.items()):
            if seconds - episode.seen > self._gap:
                self._close(key)

    def _close(self, key: Hashable) -> None:
        episode = self._open.pop(key)
        if episode.seen - episode.since >= self._lasting.pop(key) - 1e-9:
            self._done.append(replace(episode.finding, until=episode.seen))


def finding(rule: str, message: str, snapshot: Snapshot, frame: Zone, items: Iterable[Item] = ()) -> Finding:
    """A finding in *snapshot*, with a box around each of *items*; *frame* is the whole picture."""
    return Finding(
        rule,
        message,
        scene=snapshot.scene,
        line=snapshot.line,
        seconds=snapshot.seconds,
        boxes=tuple(box(item.rect, frame, item.name) for item in items),
    )


def box(zone: Zone, frame: Zone, name: str = "") -> Box:
    """*zone* in shares of *frame*, from the top left."""
    return Box(
        (zone.left - frame.left) / frame.width,
        (frame.top - zone.top) / frame.height,
        (zone.right - frame.left) / frame.width,
        (frame.top - zone.bottom) / frame.height,
        name,
    )
