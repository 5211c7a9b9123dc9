"""What a difference quotient loses: its error against the step on logarithmic axes, and the chord under a microscope."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import RIGHT, UP, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import ScalarField, Window, staircase
from vcalc_anim.core.differences import VCurve, central_difference, forward_difference
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dashed, dot, stroke
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.series import power_of_ten
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

_DECADES = (-16, -12, -8, -4, 0)
_NOTHING = 1e-17  # an error of nothing at all, on an axis that has no zero
_MARGIN = 1.5  # half the microscope's view, in steps
_RISE = 1.2  # half its height, in steps


class VChart(Plot):
    """The error of a nudge against its step, both as powers of ten; ``log_step`` is the step's of this moment.

    The error is traced as far as the step has come from the large ones: of the one-sided nudge first, after
    :meth:`nudge_both_ways` of the two-sided one, while the first trace stays. ``bead`` is the trace's end, ``foot``
    leads down from it to the step, ``knob``. ``floor`` (forward mode, which has no step) is for the scene to add.
    """

    def __init__(self, curve: VCurve, zone: Zone, log_step: Callable[[], float]) -> None:
        super().__init__(
            Window(_DECADES[0] - 0.8, _DECADES[-1] + 0.3, _DECADES[0] - 1.3, _DECADES[-1] + 0.6),
            zone,
            x_label="h",
            y_label='"error"',
            x_role="step",
            y_role="error",
            x_ticks=_DECADES,
            y_ticks=_DECADES,
            tick_text=power_of_ten,
            axis_at="border",
        )
        self.curve = curve
        self.log_step = log_step
        self._steps = np.log10(curve.steps)
        self._errors = [np.log10(np.maximum(e, _NOTHING)) for e in (curve.forward, curve.central)]
        self.both_ways = False
        note = Text("logarithmic axes", theme.MINIMUM, "quiet")
        self.note = note.next_to(self.frame_box, UP, buff=0.15, aligned_edge=RIGHT)
        rules = VGroup()
        for decade in _DECADES:
            start, end = self.at([[self.window.x_min, decade], [self.window.x_max, decade]])
            rules.add(stroke(start, end, "grid"))
        self.traces = [
            VMobject(stroke_color=theme.color("error"), stroke_width=width)
            for width in (theme.CURVE, theme.LINE)
        ]
        self.foot = VMobject(stroke_color=theme.color("step"), stroke_width=theme.LINE)
        self.bead = dot(self.at(self.here), "error", radius=0.15)
        self.knob = dot(self.at([log_step(), self.window.y_min]), "step", radius=0.13)
        height = float(np.log10(max(curve.automatic, _NOTHING)))
        start, end = self.at([[self.window.x_max, height], [self.window.x_min, height]])
        self.floor = stroke(start, end, "gradient", theme.STICK)
        self.add(self.note, rules, *self.traces, self.foot, self.bead, self.knob)
        self.add_updater(lambda chart: chart.refresh(), call_updater=True)

    def nudge_both_ways(self) -> None:
        """From now on the error of the two-sided nudge is traced."""
        self.both_ways = True

    @property
    def nearest(self) -> int:
        """The number of the tried step that is nearest to the step of this moment."""
        return int(np.abs(self._steps - self.log_step()).argmin())

    @property
    def step(self) -> float:
        """The tried step that is nearest to the step of this moment."""
        return float(self.curve.steps[self.nearest])

    @property
    def error(self) -> float:
        """The error there, of the nudge that is traced."""
        return float((self.curve.central if self.both_ways else self.curve.forward)[self.nearest])

    @property
    def here(self) -> NDArray[np.float64]:
        """The point (log₁₀ h, log₁₀ error) of the step of this moment."""
        return np.array([self._steps[self.nearest], self._errors[self.both_ways][self.nearest]])

    def refresh(self) -> None:
        """Draw the trace up to the step of this moment."""
        last = self.nearest
        trace, errors = self.traces[self.both_ways], self._errors[self.both_ways]
        trace.points = np.zeros((0, 3))
        if last:
            self.set_path(trace, np.column_stack([self._steps[: last + 1], errors[: last + 1]]))
        here = self.at(self.here)
        ground = np.array([here[0], self.area.bottom, 0.0])
        self.bead.move_to(here)
        self.knob.move_to(ground)
        self.foot.set_points_as_corners([here, ground])


class ChordView(VGroup):
    """The graph of *field* as floats give it, around *x*, always a few steps wide; ``step`` gives the step.

    The chord (orange) spans the step; dashed is the true slope, and red what lies between them at the step's end.
    With ``both_ways`` set the chord spans a step to either side.
    """

    def __init__(
        self, field: ScalarField, x: float, slope: float, zone: Zone, step: Callable[[], float]
    ) -> None:
        super().__init__()
        self.field, self.x, self.step = field, x, step
        self.area, self._window = zone, Window(-_MARGIN, _MARGIN, -_RISE, _RISE)
        self.frame_box = Rectangle(
            width=zone.width, height=zone.height, stroke_color=theme.color("grid"), stroke_width=theme.LINE
        ).move_to(zone.center)
        self.curve = VMobject(stroke_color=theme.color("function"), stroke_width=theme.STICK)
        self.chord = self._line("gradient", theme.CURVE)
        reach = min(_MARGIN, _RISE / abs(slope)) if slope else _MARGIN
        way = np.array([reach, reach * slope])
        self.goal = dashed(self.at(-way), self.at(way), "gradient")
        self.gap = self._line("error", 1.5 * theme.STICK)
        self.ends = VGroup(*(dot(self.at([0, 0]), "text", radius=0.11) for _ in range(2)))
        low = -0.84 * _RISE
        self.width_arrow = Arrow(self.at([0, low]), self.at([1, low]), "step", tip=0.24)
        self.width_name = Formula("h", theme.LABEL, "step").next_to(self.width_arrow, UP, buff=0.1)
        self._slope = slope
        self.both_ways = False
        self.add(self.frame_box, self.goal, self.curve, self.chord, self.gap, self.ends)
        self.add(self.width_arrow, self.width_name)
        self.add_updater(lambda view: view.refresh(), call_updater=True)

    def at(self, steps: ArrayLike) -> NDArray[np.float64]:
        """Frame positions (..., 3) of points (..., 2) given in steps from the point that is looked at."""
        values = np.asarray(steps, dtype=float)
        mapped = np.zeros((*values.shape[:-1], 3))
        mapped[..., 0] = self.area.center[0] + values[..., 0] * self.area.width / 2 / _MARGIN
        mapped[..., 1] = self.area.center[1] + values[..., 1] * self.area.height / 2 / _RISE
        return mapped

    @property
    def quotient(self) -> float:
        """The slope of the chord, as floats give it."""
        quotient = central_difference if self.both_ways else forward_difference
        return quotient(lambda x: float(self.field(np.array([x]))), self.x, self.step())

    def refresh(self) -> None:
        """Draw for the step of this moment."""
        step = self.step()
        offsets, rises = staircase(self.field, self.x, _MARGIN * step, 601)
        self._trace(self.curve, np.column_stack([offsets / step, rises / step]))
        slope, value = self.quotient, float(self.field(np.array([self.x])))
        ends = [
            np.array([side, (float(self.field(np.array([self.x + side * step]))) - value) / step])
            for side in (-1.0 if self.both_ways else 0.0, 1.0)
        ]
        reach = np.array([1.0, slope])
        foot = ends[0] - (_MARGIN + ends[0][0]) * reach
        self._trace(self.chord, np.array([foot, foot + 2 * _MARGIN * reach]))
        self._trace(self.gap, np.array([ends[0] + (1 - ends[0][0]) * np.array([1.0, self._slope]), ends[1]]))
        for mark, end in zip(self.ends, ends, strict=True):
            mark.move_to(self.at(np.clip(end, -_RISE, _RISE)))

    def _trace(self, path: VMobject, points: NDArray[np.float64]) -> None:
        path.points = np.zeros((0, 3))
        for piece in self._window.clip(points).pieces:
            path.start_new_path(self.at(piece[0]))
            path.add_points_as_corners(self.at(piece[1:]))

    @staticmethod
    def _line(role: Role, width: float) -> VMobject:
        return VMobject(stroke_color=theme.color(role), stroke_width=width)
