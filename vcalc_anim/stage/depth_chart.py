"""How long the gradient still is after each layer: bars on a logarithmic scale, from the output to the input."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, Mobject, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import Window
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, stroke
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.series import power_of_ten
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Text, Typeset, pixels
from vcalc_anim.stage.zones import Zone

_BAR = 0.66  # width of a bar, in distances between two


class DepthChart(Plot):
    """Sizes on a logarithmic scale with ticks at the powers of ten in *decades*; the output stands at the right.

    What is larger or smaller than the scale shows stops at the chart's border. ``base`` is the line of size 1,
    from which bars rise or hang.
    """

    def __init__(self, zone: Zone, layers: int, decades: Sequence[int], name: str) -> None:
        self.layers = layers
        room = pixels(theme.SMALL) + 0.35  # for the ends' names below
        head = pixels(theme.SMALL) + 0.25  # for the scale's name above
        super().__init__(
            Window(0.0, layers + 1.0, min(decades) - 4, max(decades) + 6),
            Zone(zone.left, zone.right, zone.bottom + room, zone.top - head),
            x_label=None,
            y_label=None,
            x_ticks=(),
            y_ticks=decades,
            axis_at="border",
            y_text=power_of_ten,
        )
        low = self.area.bottom - 0.28
        self.ends = VGroup(
            Text("input", theme.SMALL, "quiet").set_x(self.area.left, LEFT).align_baseline(low - 0.2),
            Text("output", theme.SMALL, "quiet").set_x(self.area.right, RIGHT).align_baseline(low - 0.2),
        )
        start = self.ends[1].get_left() + LEFT * 0.3
        end = self.ends[0].get_right() + RIGHT * 0.3
        self.way = Arrow([start[0], low - 0.08], [end[0], low - 0.08], "gradient", theme.LINE, tip=0.24)
        self.scale_name = Text(name, theme.SMALL, "quiet").set_x(self.area.left, LEFT)
        self.scale_name.align_baseline(self.area.top + 0.22)
        self.base = stroke(self.at([0, 0]), self.at([layers + 1, 0]), "quiet", theme.LINE)
        self.add(self.ends, self.scale_name, self.base)

    def corners(self, sizes: ArrayLike) -> NDArray[np.float64]:
        """Where the ends of the bars of *sizes* (K + 1,), the output's first, are: (K + 1, 2) of the window.

        A size of 0, and one that is too large for a float, stand at the border.
        """
        with np.errstate(divide="ignore"):
            logs = np.log10(np.asarray(sizes, dtype=float))
        heights = np.clip(logs, self.window.y_min, self.window.y_max)
        return np.column_stack([self.layers + 0.5 - np.arange(len(heights)), heights])

    def bars(
        self, sizes: Callable[[], ArrayLike], shown: Callable[[], float], role: Role = "gradient"
    ) -> VMobject:
        """One bar for each layer of the *sizes* of this moment, the first ``shown`` of them; the last one grows."""
        paint = theme.color(role)
        bars = VMobject(stroke_width=0, fill_color=paint, fill_opacity=0.92)

        def draw(_: Mobject) -> None:
            corners = self.corners(sizes())
            count = min(max(shown(), 0.0), len(corners) - 1.0)
            bars.clear_points()
            for index in range(1, int(np.ceil(count)) + 1):
                x, height = corners[index]
                top = height * min(1.0, count - index + 1)
                half = _BAR / 2
                outline = [[x - half, 0], [x + half, 0], [x + half, top], [x - half, top], [x - half, 0]]
                bars.start_new_path(self.at(outline[0]))
                bars.add_points_as_corners(self.at(outline[1:]))

        bars.add_updater(draw, call_updater=True)
        return bars

    def profile(self, sizes: ArrayLike, role: Role = "frozen", width: float = theme.LINE) -> VMobject:
        """The line along the ends of the bars: what stays when they leave."""
        return self.path(self.corners(sizes), role, width)

    def label_under(self, corner: ArrayLike, text: Typeset) -> Typeset:
        """*text* below and to the right of a point of the chart."""
        text.next_to(self.at(corner), DOWN + RIGHT, buff=0.12)
        return text


class RunTable(VGroup):
    """A list that fills: what was tried on the left, what came of it on the right, below a header."""

    def __init__(self, zone: Zone, header: tuple[Typeset, Typeset], rows: int) -> None:
        super().__init__()
        self._zone = zone
        pitch = min(0.8, zone.height / (rows + 1))
        self._baselines = [zone.top - pitch * (index + 0.65) for index in range(rows + 1)]
        self._filled = 0
        y = self._baselines[0] - 0.25
        rule = stroke([zone.left, y], [zone.right, y], "grid", theme.LINE)
        left, right = header
        self.add(self._put(left, zone.left, LEFT), self._put(right, zone.right, RIGHT), rule)

    def row(self, left: Typeset) -> Typeset:
        """The left half of the next row, to be faded in."""
        self._filled += 1
        return self._put(left, self._zone.left, LEFT)

    def result(self, right: Typeset) -> Typeset:
        """The right half of the row that :meth:`row` began."""
        return self._put(right, self._zone.right, RIGHT)

    def _put(self, text: Typeset, x: float, edge: NDArray[np.float64]) -> Typeset:
        text.set_x(x, edge)
        text.align_baseline(self._baselines[self._filled])
        return text
