"""A small table that fills as results come in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import RIGHT, VGroup
from numpy.typing import NDArray

from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset
from vcalc_anim.stage.zones import Zone


class ResultTable(VGroup):
    """Two columns with a header in Typst maths and a note below; rows come one after another by :meth:`row`."""

    def __init__(
        self,
        zone: Zone,
        header: tuple[str, str],
        rows: int,
        roles: Sequence[Role] = ("text", "text"),
        note: str | None = None,
    ) -> None:
        super().__init__()
        self._roles = roles
        self._edges = (zone.left + zone.width * 0.42, zone.right - zone.width * 0.08)
        lines = rows + (1 if note is None else 2)
        pitch = min(0.78, zone.height / lines)
        top = zone.center[1] + pitch * lines / 2
        self._baselines = [top - pitch * (index + 0.7) for index in range(rows + 1)]
        left, right = (
            self._put(Formula(maths, theme.SMALL + 4, "quiet"), column, 0)
            for column, maths in enumerate(header)
        )
        y = self._baselines[0] - 0.2
        rule = stroke([zone.left, y], [zone.right, y], "grid", theme.LINE)
        self.header = VGroup(left, right, rule)
        if note is not None:
            below = Formula(note, theme.SMALL, "quiet").set_x(zone.center[0])
            self.header.add(below.align_baseline(self._baselines[-1] - pitch))
        self._filled = 0
        self.add(self.header)

    def row(self, left: str, right: str, right_role: Role | None = None) -> VGroup:
        """The next row, in Typst maths, to be faded in."""
        self._filled += 1
        return VGroup(
            self._put(Formula(left, theme.LABEL, self._roles[0]), 0, self._filled),
            self._put(Formula(right, theme.LABEL, right_role or self._roles[1]), 1, self._filled),
        )

    def place(self, index: int) -> NDArray[np.float64]:
        """The middle of row number *index* (from 0)."""
        middle = sum(self._edges) / 2
        return np.array([middle, self._baselines[index + 1] + 0.1, 0.0])

    def _put(self, text: Typeset, column: int, row: int) -> Typeset:
        text.set_x(self._edges[column], RIGHT)
        return text.align_baseline(self._baselines[row])
