"""What a computation costs: meters on a logarithmic scale, and a deep network that keeps its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Mobject, Rectangle, UpdateFromAlphaFunc, VGroup, VMobject
from manim import linear as evenly

from vcalc_anim.core import power_of_ten, typst_number
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

_LEAST = 0.5  # where the bars begin: one run must have a length
_PLAIN = 3  # powers of ten up to this one are written out on the axis


@dataclass(frozen=True)
class Meter:
    """One bar: its *words*, and its pieces from left to right, each reaching up to a number of this moment."""

    words: str
    pieces: tuple[tuple[Callable[[], float], Role], ...]
    decimals: int = 0

    @property
    def total(self) -> float:
        """How far the bar reaches."""
        return self.pieces[-1][0]()


class LogMeters(VGroup):
    """Horizontal bars below each other on one logarithmic axis up to *top*, with their totals on the right.

    ``rows`` holds words, bar and total of each meter, to be faded in; ``axis`` the lines, ticks and *unit*.
    """

    def __init__(self, zone: Zone, meters: Sequence[Meter], top: float, unit: str) -> None:
        super().__init__()
        self._top = log10(top) + 0.15
        self._area = Zone(zone.left, zone.right - 3.0, zone.bottom + 0.62, zone.top)
        self.axis = self._axis(top, unit, zone)
        self.rows = VGroup()
        pitch = self._area.height / len(meters)
        for index, meter in enumerate(meters):
            self.rows.add(self._row(meter, self._area.top - pitch * index, pitch, zone.right))
        self.add(self.axis, self.rows)

    def x(self, value: float) -> float:
        """Where a *value* of at least ½ stands on the axis; larger ones than the axis has stop at its end."""
        share = (log10(max(value, _LEAST)) - log10(_LEAST)) / (self._top - log10(_LEAST))
        return float(self._area.left + self._area.width * min(share, 1.0))

    def _axis(self, top: float, unit: str, zone: Zone) -> VGroup:
        axis = VGroup()
        for power in range(round(log10(top)) + 1):
            x = self.x(10.0**power)
            axis.add(stroke([x, self._area.bottom], [x, self._area.top], "grid", theme.LINE))
            value = 10.0**power
            label = Formula(
                typst_number(value, 0) if power <= _PLAIN else power_of_ten(value), theme.MINIMUM, "quiet"
            )
            axis.add(
                label.next_to([x, self._area.bottom, 0], DOWN, buff=0.16).align_baseline(zone.bottom + 0.2)
            )
        name = Text(unit, theme.MINIMUM, "quiet").set_x(zone.right, RIGHT).align_baseline(zone.bottom + 0.2)
        return axis.add(name)

    def _row(self, meter: Meter, top: float, pitch: float, right: float) -> VGroup:
        words = Text(meter.words, theme.SMALL).halo()
        words.set_x(self._area.left, LEFT).align_baseline(top - 0.42)
        low, high = top - pitch + 0.12, top - 0.62
        bars = VGroup()
        for number, (value, role) in enumerate(meter.pieces):
            before = meter.pieces[number - 1][0] if number else lambda: _LEAST
            bar = VMobject(fill_color=theme.color(role), fill_opacity=0.9, stroke_width=0)

            def draw(
                bar: Mobject, value: Callable[[], float] = value, before: Callable[[], float] = before
            ) -> None:
                left, end = self.x(before()), self.x(value())
                corners = [[left, low, 0], [end, low, 0], [end, high, 0], [left, high, 0], [left, low, 0]]
                bar.set_points_as_corners(np.array(corners))

            bar.add_updater(draw, call_updater=True)
            bars.add(bar)
        total = Readout(None, lambda: meter.total, meter.decimals, cells=8, role=meter.pieces[-1][1])
        total.shift(
            RIGHT * (right - 0.15 - total.get_right()[0]) + UP * ((low + high) / 2 - 0.16 - total.baseline)
        )
        return VGroup(words, bars, total)


class LayerStrip(VGroup):
    """A deep network as *count* columns side by side; light runs through it, and columns may keep what it left."""

    def __init__(self, zone: Zone, count: int) -> None:
        super().__init__()
        pitch = zone.width / count
        self.columns = VGroup()
        for index in range(count):
            box = Rectangle(width=0.72 * pitch, height=zone.height, stroke_width=theme.HAIRLINE)
            box.set_stroke(theme.color("frozen")).set_fill(theme.color("function"), 0)
            self.columns.add(box.move_to([zone.left + (index + 0.5) * pitch, zone.center[1], 0]))
        self.kept = 0.0  # how many columns hold their numbers now, from the left
        self.add(self.columns)

    def run(self, role: Role, seconds: float, *, back: bool = False, keep: bool | None = None) -> Animation:
        """Light in the colour of *role* runs from left to right, or *back*.

        keep: True leaves numbers behind in every column, False takes them away, None lets them be.
        """
        count = len(self.columns)

        def shine(_: Mobject, share: float) -> None:
            head = share * (count + 4) - 2
            place = count - head if back else head
            if keep is not None:
                self.kept = float(np.clip(place, 0, count))
            for index, box in enumerate(self.columns):
                glow = max(0.0, 1 - abs(index + 0.5 - place) / 2.0) if 0 < share < 1 else 0.0
                held = 0.55 if index + 0.5 < self.kept else 0.0
                paint = role if glow > 0 else "function"
                box.set_fill(theme.color(paint), max(glow, held))
                box.set_stroke(theme.color(paint if glow > 0 or held else "frozen"))

        return UpdateFromAlphaFunc(self, shine, run_time=seconds, rate_func=evenly)
