"""Taylor polynomials on a plot: the order as a slider, the polynomial as a wire, its error as a strip.

The order may lie between two whole numbers: then a share of the next term has been added, so that one
polynomial bends into the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor
from typing import Any

import numpy as np
import sympy as sp
from manim import DOWN, RIGHT, Mobject, Rectangle, ValueTracker, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import MINUS, TaylorPolynomial, Window, nice_ticks, rounded, to_typst
from vcalc_anim.core.provenance import written
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.marks import Arrow, dot, stroke
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Text, pixels
from vcalc_anim.stage.zones import Zone

_SAMPLES = 300
_EXIT = 0.55  # length of the arrow where a wire leaves the plot
_FAR = 1e6  # values beyond are not told apart: the window has clipped them long before
_RAISED = str.maketrans("0123456789" + MINUS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LONGEST = 12  # digits of a coefficient that is written out


class OrderSlider:
    """The order of a Taylor polynomial as one tracker, from which wire, error and readouts all follow."""

    def __init__(self, series: TaylorPolynomial, order: float = 0) -> None:
        self.series = series
        self.tracker = ValueTracker(order)
        self._known: tuple[float, TaylorPolynomial] | None = None

    @property
    def order(self) -> float:
        return float(self.tracker.get_value())

    @property
    def polynomial(self) -> TaylorPolynomial:
        """The polynomial of this moment, with a share of the next term when the order is not whole."""
        order = min(max(self.order, 0.0), float(self.series.order))
        if self._known is None or self._known[0] != order:
            whole = floor(order + 1e-9)
            partial = self.series.truncated(whole)
            if order - whole > 1e-9:
                share = sp.Float(order - whole)
                coefficients = (*partial.coefficients, share * self.series.coefficients[whole + 1])
                partial = TaylorPolynomial(self.series.function, self.series.center, coefficients)
            self._known = (order, partial)
        return self._known[1]

    def to(self, order: float) -> Any:
        """Slide to *order*: an animation for ``play``."""
        return self.tracker.animate.set_value(order)


class SeriesPlot(Plot):
    """A function (teal) and its Taylor polynomial (orange) in a fixed window; arrows mark where the wire leaves it."""

    def __init__(self, slider: OrderSlider, window: Window, zone: Zone, **axes: Any) -> None:
        super().__init__(window, zone, **axes)
        self.slider = slider
        self.curve = self.path(
            slider.series.function.curve(window.x_min, window.x_max, 2 * _SAMPLES + 1), "function"
        )
        self.wire = VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.STICK)
        nowhere = self.area.center
        self._ends = [Arrow(nowhere, nowhere, "gradient") for _ in range(2)]
        self.exits = VGroup(*self._ends)
        self.pole = dot(self.at(self.touching), "text", radius=0.13)
        self.wire.add_updater(lambda _: self.refresh())
        self.add(self.curve, self.wire, self.exits, self.pole)
        self.refresh()

    @property
    def touching(self) -> NDArray[np.float64]:
        """The point of the plane where curve and polynomial meet."""
        center = float(self.slider.series.center)
        return np.array([center, float(self.slider.series.function(center))])

    def graph(self) -> NDArray[np.float64]:
        """The polynomial of this moment over the window, (n, 2)."""
        x = np.linspace(self.window.x_min, self.window.x_max, _SAMPLES)
        values = np.nan_to_num(self.slider.polynomial(x), nan=_FAR, posinf=_FAR, neginf=-_FAR)
        return np.column_stack([x, np.clip(values, -_FAR, _FAR)])

    def refresh(self) -> None:
        """Draw the polynomial of this moment."""
        points = self.graph()
        pieces = self.window.clip(points).pieces
        center = float(self.slider.series.center)
        around = [piece for piece in pieces if piece[0][0] <= center <= piece[-1][0]]
        # Between two orders a share of a term cancels the others far out, and would sweep a steep line across.
        whole = abs(self.slider.order - round(self.slider.order)) < 1e-6
        self.wire.clear_points()
        for piece in pieces if whole else around:
            self.wire.start_new_path(self.at(piece[0]))
            self.wire.add_points_as_corners(self.at(piece[1:]))
        for exit_arrow in self._ends:
            exit_arrow.put(self.area.center, self.area.center)
        if not around:
            return
        for exit_arrow, piece in zip(self._ends, (around[0][::-1], around[0]), strict=True):
            self._mark_exit(exit_arrow, piece)

    def _mark_exit(self, arrow: Arrow, piece: NDArray[np.float64]) -> None:
        """Lay *arrow* along the end of *piece* if that leaves through the top or the bottom."""
        end = piece[-1]
        if end[1] not in (self.window.y_min, self.window.y_max):
            return
        track = self.at(piece)
        behind = np.linalg.norm(track - track[-1], axis=1) >= _EXIT
        if behind.any():
            tail = track[np.flatnonzero(behind)[-1]]
            along = (track[-1] - tail) / np.linalg.norm(track[-1] - tail)
            arrow.put(track[-1] - along * _EXIT, track[-1])


class ErrorStrip(Plot):
    """|f − P| under *plot*, over the same stretch of x: red and filled, clipped at *top*; fills the height of *zone*."""

    def __init__(self, slider: OrderSlider, plot: Plot, top: float, zone: Zone) -> None:
        low, high = plot.window.x_min, plot.window.x_max
        probe = Zone(plot.area.left, plot.area.right, zone.bottom, zone.top)
        style: dict[str, Any] = {"x_label": None, "y_label": None, "x_ticks": (), "y_ticks": ()}
        margin = Plot(Window(0, 1, 0, 1), probe, **style).area.left - probe.left
        probe = Zone(probe.left - margin, probe.right, probe.bottom, probe.top)
        super().__init__(Window(low, high, 0.0, top), probe, axis_at="border", **style)
        for value in (0.0, top):
            label = Text(rounded(value, 3, trim=True).text, theme.SMALL, "quiet")
            self.tick_labels.add(label.next_to(self.at([high, value]), RIGHT, buff=0.15))
        self.slider = slider
        x = np.linspace(low, high, _SAMPLES)
        self._x = x[slider.series.function.contains(x)]
        self.region = VMobject(
            fill_color=theme.color("error"),
            fill_opacity=0.4,
            stroke_color=theme.color("error"),
            stroke_width=theme.LINE,
        )
        self.region.add_updater(lambda _: self.refresh())
        self.add(self.region)
        self.refresh()

    def refresh(self) -> None:
        """Draw the error of this moment."""
        errors = np.nan_to_num(self.slider.polynomial.error(self._x), nan=_FAR, posinf=_FAR)
        heights = np.minimum(errors, self.window.y_max)
        outline = np.column_stack([self._x, heights])
        feet = [[self._x[-1], 0.0], [self._x[0], 0.0]]
        self.region.set_points_as_corners(self.at(np.vstack([outline, feet, outline[:1]])))


class ReachBand(VGroup):
    """The stretch around the center where the error stays below *tolerance*: a light band with a bracket below.

    It is cut at the plot's frame; :attr:`low` and :attr:`high` are its ends as they are drawn.
    """

    def __init__(self, plot: Plot, slider: OrderSlider, tolerance: float, role: Role = "right") -> None:
        super().__init__()
        self.plot, self.slider, self.tolerance = plot, slider, tolerance
        paint = theme.color(role)
        self.veil = Rectangle(stroke_width=0, fill_color=paint, fill_opacity=1)
        dim(self.veil, 0.13)
        self.bracket = VMobject(stroke_color=paint, stroke_width=theme.STICK)
        self.add(self.veil, self.bracket)
        self.veil.add_updater(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Follow the polynomial of this moment."""
        window, area = self.plot.window, self.plot.area
        low, high = self.slider.polynomial.reach(self.tolerance)
        self.low, self.high = max(low, window.x_min), min(high, window.x_max)
        left, right = (self.plot.at([x, window.y_min])[0] for x in (self.low, self.high))
        corners = [(left, area.bottom), (left, area.top), (right, area.top), (right, area.bottom)]
        self.veil.set_points_as_corners([(x, y, 0.0) for x, y in [*corners, corners[0]]])
        foot = area.bottom + 0.12
        track = [(left, foot + 0.16), (left, foot), (right, foot), (right, foot + 0.16)]
        self.bracket.set_points_as_corners([(x, y, 0.0) for x, y in track])


class OrderTrack(VGroup):
    """The slider as one sees it: a track with ticks at whole orders and a knob."""

    def __init__(self, slider: OrderSlider, zone: Zone, last: int) -> None:
        super().__init__()
        y, left, right = zone.center[1], zone.left + 0.2, zone.right - 0.2
        last = max(last, 1)

        def place(order: float) -> NDArray[np.float64]:
            return np.array([left + (right - left) * order / last, y, 0.0])

        self.add(stroke(place(0), place(last), "frozen", theme.CURVE))
        labels = [int(v) for v in nice_ticks(0, last, min(last, 9)) if float(v).is_integer()]
        for order in labels:
            mark = place(order)
            label = Text(rounded(order, 0).text, theme.SMALL, "quiet").next_to(
                mark + DOWN * 0.14, DOWN, buff=0.14
            )
            self.add(stroke(mark + DOWN * 0.14, mark - DOWN * 0.14, "frozen", theme.LINE), label)
        self.knob = dot(place(slider.order), "gradient", radius=0.2)
        self.knob.add_updater(lambda knob: knob.move_to(place(slider.order)), call_updater=True)
        self.add(self.knob)


class ErrorChart(Plot):
    """Errors on a logarithmic scale against whole numbers (orders, steps) from 0 to *last*; clear of the frame.

    *decades* are the exponents of ten at the ticks.
    """

    def __init__(self, zone: Zone, last: int, decades: Sequence[int], name: str) -> None:
        margin = 0.04 * (max(decades) - min(decades))
        room = pixels(theme.SMALL) + 0.15  # for the name below the ticks
        super().__init__(
            Window(-0.02 * last, 1.04 * last, min(decades) - 3 * margin, max(decades) + margin),
            Zone(zone.left, zone.right, zone.bottom + room, zone.top),
            x_label=None,
            y_label='"error"',
            y_role="error",
            x_ticks=[value for value in nice_ticks(0, last, 5) if float(value).is_integer()],
            y_ticks=decades,
            axis_at="border",
            y_text=power_of_ten,
        )
        self.last = last
        below = Text(name, theme.SMALL, "quiet").next_to(self.tick_labels, DOWN, buff=0.1)
        below.set_x(self.area.right, RIGHT)
        self.add(below)

    def track(self, errors: ArrayLike) -> NDArray[np.float64]:
        """The points (n, log₁₀ error) of *errors* (N,), the first of which belongs to 0; zeros are left out."""
        values = np.asarray(errors, dtype=float)
        kept = np.flatnonzero(values > 0)
        return np.column_stack([kept, np.log10(values[kept])])

    def trace(self, errors: ArrayLike, now: Callable[[], float], role: Role) -> VMobject:
        """The line through *errors*, drawn up to the number that ``now`` gives."""
        track = self.track(errors)
        line = VMobject(stroke_color=theme.color(role), stroke_width=theme.CURVE)

        def draw(_: Mobject) -> None:
            n = min(max(now(), float(track[0, 0]) + 1e-3), float(track[-1, 0]))
            here = [n, float(np.interp(n, track[:, 0], track[:, 1]))]
            self.set_path(line, np.vstack([track[track[:, 0] < n], here]))

        line.add_updater(draw, call_updater=True)
        return line


def power_of_ten(exponent: float) -> str:
    """A power of ten as a tick label: ``1``, or ``10`` with its exponent, such as ``10⁻⁶``."""
    if exponent == 0:
        return rounded(10**exponent, 0).text
    return written("10" + rounded(exponent, 0).text.translate(_RAISED))


def term_source(series: TaylorPolynomial, k: int) -> str:
    """The term of order *k* as Typst maths, with a factorial where that is shorter: ``- frac(x^5, 5!)``."""
    source, reading = series.term_typst(k), series.derivatives[k]
    offset = to_typst(series.function.variable - series.center)
    power = f"{offset if series.center == 0 else f'({offset})'}^{k}"
    if k >= 3 and abs(reading) == 1:
        return f"{'-' if reading < 0 else '+'} frac({power}, {k}!)"
    digits = sum(character.isdigit() for character in str(series.coefficients[k]))
    if digits > _LONGEST:
        return f'"a term in" {power}'
    return source if source.startswith("-") or k == 0 else f"+ {source}"


def clipped_band(plot: Plot, x: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> NDArray[np.float64]:
    """The outline in the frame of the region between two graphs over *x* (n,), cut at the plot's top and bottom."""
    bounds = (plot.window.y_min, plot.window.y_max)
    above = np.column_stack([x, np.clip(upper, *bounds)])
    below = np.column_stack([x, np.clip(lower, *bounds)])
    return plot.at(np.vstack([above, below[::-1], above[:1]]))
