"""A tape as a strip of film: one frame an operation, and below it the memory: every number with its slope."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    FadeIn,
    Mobject,
    Rectangle,
    RoundedRectangle,
    Triangle,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from numpy.typing import NDArray

from vcalc_anim.core import Tape, compact
from vcalc_anim.core.sweep import Step
from vcalc_anim.core.tape import Entry
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim, erase
from vcalc_anim.stage.marks import Point
from vcalc_anim.stage.typeset import Formula, Text, Typeset
from vcalc_anim.stage.zones import Zone

_SIGNS = {"mul": ("*", "dot"), "add": ("+", "+"), "sub": ("-", "-")}
_HOLE = 0.12
Points = NDArray[np.float64]  # (n, 3)
_TURN = 0.5  # share of a step in which what came in is on its way up to the tape
_ARRIVED = 0.97


def program_lines(tape: Tape) -> tuple[str, ...]:
    """The operations of a recorded program as lines of code: ``z = w * x``."""
    return tuple(
        f"{entry.name} = " + f" {_SIGNS[entry.operation][0]} ".join(tape.name(i) for i in entry.arguments)
        for entry in tape.operations
    )


class TapeView(VGroup):
    """The strip in *zone*, still blank; :meth:`record` writes the frames one after another.

    A frame shows what was computed and, for each argument, the local slope. ``head`` is the playhead, above the
    strip and around a frame, for the scene to add.
    """

    def __init__(self, tape: Tape, zone: Zone, size: float = theme.LABEL) -> None:
        super().__init__()
        self.tape, self.entries = tape, tape.operations
        self.zone = zone
        paint = theme.color("frozen")
        self.strip = Rectangle(
            width=zone.width,
            height=zone.height,
            stroke_color=paint,
            stroke_width=theme.LINE,
            fill_color=theme.color("panel"),
            fill_opacity=1,
        ).move_to(zone.center)
        self.holes = VGroup()
        for x in np.arange(zone.left + 0.22, zone.right - 0.1, 0.4):
            for y in (zone.top - 0.16, zone.bottom + 0.16):
                hole = RoundedRectangle(corner_radius=0.03, width=1.3 * _HOLE, height=_HOLE, stroke_width=0)
                self.holes.add(hole.set_fill(paint, 1).move_to(np.array([x, y, 0.0])))
        self.windows = zone.inset(0.12, 0.34).columns(*([1] * len(self.entries)), gap=0.14)
        self.frames = VGroup()
        for window in self.windows:
            frame = Rectangle(width=window.width, height=window.height, stroke_width=theme.HAIRLINE)
            frame.set_stroke(paint).set_fill(theme.color("background"), 1)
            self.frames.add(frame.move_to(window.center))
        self._size = size
        self._slopes: dict[int, list[Typeset]] = {}
        self._written: dict[int, VGroup] = {}
        last = self.windows[-1]
        tip = Triangle(stroke_width=0, fill_opacity=1, fill_color=theme.color("step")).rotate(np.pi)
        tip.set(width=0.36).move_to(np.array([last.center[0], zone.top + 0.24, 0.0]))
        outline = Rectangle(width=last.width, height=last.height, stroke_width=theme.CURVE)
        outline.set_stroke(theme.color("step")).move_to(last.center)
        self.head = VGroup(tip, outline)
        self.add(self.strip, self.holes, self.frames)

    def slope(self, number: int, argument: int) -> Typeset:
        """The local slope by one argument in frame *number*."""
        return self._slopes[number][argument]

    def write(self, number: int) -> VGroup:
        """What stands in frame *number*, there at once."""
        entry, window = self.entries[number], self.windows[number]
        head = Formula(self._formula(entry), self._size, "function").move_to(window.center)
        rows = len(entry.arguments)
        pitch = min(0.74, window.height / (rows + 1.1))
        head.align_baseline(window.top - 0.72 * pitch)
        slopes: list[Typeset] = []
        for place, (argument, local) in enumerate(zip(entry.arguments, entry.local_slopes, strict=True)):
            text = compact(float(local)).typst
            value = f"({text})" if text.startswith("-") else text
            line = Formula(
                f"times {value} -> {self.tape.name(argument)}", min(self._size, theme.LABEL), "quiet"
            )
            line.set_x(window.center[0] - line.width / 2, LEFT)
            slopes.append(line)
            line.align_baseline(window.top - 0.72 * pitch - pitch * (place + 1.1))
        self._slopes[number] = slopes
        written = self._written[number] = VGroup(head, *slopes)
        self.add(written)
        return written

    def record(self, number: int, run_time: float = 0.8) -> Animation:
        """The tape takes down operation *number*."""
        return FadeIn(self.write(number), shift=0.25 * DOWN, lag_ratio=0.2, run_time=run_time)

    def blank(self, number: int) -> VGroup:
        """What frame *number* showed, no longer part of the tape: fade it out."""
        written = self._written.pop(number)
        self.remove(written)
        return written

    def wind_to(self, number: int, run_time: float = 0.4) -> Animation:
        """The playhead moves above frame *number*."""
        tip, outline = self.head
        start, end = tip.get_x(), self.windows[number].center[0]

        def move(_: Mobject, alpha: float) -> None:
            tip.set_x(start + (end - start) * smooth(alpha))
            outline.set_x(end if alpha >= 0.5 else start).set_stroke(opacity=abs(2 * alpha - 1))

        return UpdateFromAlphaFunc(self.head, move, run_time=run_time, rate_func=linear)

    def _formula(self, entry: Entry) -> str:
        sign = f" {_SIGNS[entry.operation][1]} "
        return f"{entry.name} = " + sign.join(self.tape.name(index) for index in entry.arguments)


class Memory(VGroup):
    """Every number on a *tape* in a row in *zone*: a box for its slope, its name and its value once computed below.

    ``heading`` and ``slope_heading`` say what the rows are; the second is for the scene to add. The room above the
    boxes, as high as a box, is where numbers travel.
    """

    def __init__(self, tape: Tape, zone: Zone, size: float = theme.LABEL) -> None:
        super().__init__()
        self.tape, self._size = tape, size
        self.names: dict[int, Typeset] = {}
        self.boxes: dict[int, Rectangle] = {}
        self._slopes: dict[int, Typeset] = {}
        entries = list(tape)
        lane, middle, low = zone.rows(0.32, 0.36, 0.32, gap=0.0)
        self.lane = float(lane.center[1])
        head, places = middle.columns(0.16, 0.84, gap=0.1)
        baseline = low.bottom + 0.16
        self.heading = Text("values", size, "function").set_x(zone.left, LEFT)
        self.heading.align_baseline(baseline)
        self.slope_heading = Formula('"slopes of" L', size, "gradient").set_x(zone.left, LEFT)
        self.slope_heading.set_y(head.center[1])
        for entry, place in zip(entries, places.columns(*([1] * len(entries)), gap=0.14), strict=True):
            box = RoundedRectangle(
                corner_radius=0.1, width=place.width, height=place.height, stroke_width=theme.LINE
            ).move_to(place.center)
            self.boxes[entry.index] = box.set_stroke(theme.color("frozen"))
            name = Formula(f"{entry.name} =", size, "quiet").set_x(place.center[0] - 0.08)
            self.names[entry.index] = name.align_baseline(baseline)
            self.add(box, name)
        self.add(self.heading)

    def value(self, index: int) -> VGroup:
        """Name and value of entry *index*: fade the value in with it."""
        name = self.names[index]
        text = compact(float(self.tape.value(index))).typst
        value = Formula(text, self._size, "function").align_baseline(name)
        middle, width = self.boxes[index].get_x(), name.width + 0.12 + value.width
        name.set_x(middle - width / 2, LEFT)
        value.set_x(middle + width / 2, RIGHT)
        self.add(value)
        return VGroup(value)

    def put(self, index: int, slope: float) -> Typeset:
        """The slope in box *index*, at once, instead of what stood there."""
        if (old := self._slopes.get(index)) is not None:
            self.remove(old)
            erase(old)
        number = Formula(compact(float(slope)).typst, 1.1 * self._size, "gradient")
        self._slopes[index] = number.move_to(self.boxes[index])
        self.boxes[index].set_stroke(theme.color("gradient"))
        self.add(number)
        return number

    def seed(self, index: int, slope: float = 1) -> Animation:
        """The slope by itself, where the sweep begins."""
        return FadeIn(self.put(index, slope))

    def forget(self, run_time: float = 0.8) -> Animation:
        """All slopes fade away, and their boxes are as they were."""
        slopes, self._slopes = list(self._slopes.items()), {}
        full, empty = theme.color("gradient"), theme.color("frozen")

        def fade(_: Mobject, share: float) -> None:
            for index, number in slopes:
                dim(number, 1 - share)
                self.boxes[index].set_stroke(full.interpolate(empty, share))

        return UpdateFromAlphaFunc(self, fade, run_time=run_time, rate_func=smooth)

    def hand_down(self, steps: Sequence[Step], strip: TapeView, run_time: float = 1.4) -> Animation:
        """The slope of one number goes up to its frame, times the local slopes, and down to the arguments, at once."""
        return _HandDown(self, strip, steps, run_time)


class _HandDown(Animation):
    """Numbers on their way through the tape; they are parts of the memory while they travel."""

    def __init__(self, memory: Memory, strip: TapeView, steps: Sequence[Step], run_time: float) -> None:
        self._memory = memory
        self._ways = [_Way(memory, strip, step) for step in steps]
        for way in self._ways[1:]:
            way.rises = False  # what goes up is one number
        super().__init__(memory, run_time=run_time, rate_func=linear)

    def create_starting_mobject(self) -> VMobject:
        return VMobject()  # nothing is interpolated between copies of the memory

    def begin(self) -> None:
        self._memory.add(*(token for way in self._ways for token in (way.rising, way.falling)))
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        for way in self._ways:
            way.show(alpha)

    def finish(self) -> None:
        super().finish()
        self._memory.remove(*(token for way in self._ways for token in (way.rising, way.falling)))


class _Way:
    """One step of the sweep: up to the tape as what came in, down to the argument as the product."""

    def __init__(self, memory: Memory, strip: TapeView, step: Step) -> None:
        self._memory, self._step, self._arrived = memory, step, False
        self.rises = True
        number = next(n for n, entry in enumerate(strip.entries) if entry.index == step.node)
        self._slope = strip.slope(number, step.argument)
        source, target = memory.boxes[step.node], memory.boxes[step.parent]
        frame = strip.windows[number].center[0]
        leaves = frame + (0.45 if target.get_x() > frame else -0.45)
        self._up = self._corners(source, frame, strip.zone.bottom, memory.lane)
        self._down = self._corners(target, leaves, strip.zone.bottom, memory.lane)[::-1]
        self.rising, self.falling = (
            Formula(compact(float(value)).typst, theme.READOUT, "gradient").halo(14)
            for value in (step.incoming, step.contribution)
        )

    @staticmethod
    def _corners(box: Rectangle, x: float, top: float, lane: float) -> Points:
        """From the edge of *box* up into the *lane*, along it, and up to the tape."""
        ways = [(box.get_x(), box.get_top()[1] + 0.2), (box.get_x(), lane), (x, lane), (x, top - 0.2)]
        return np.array([(*way, 0.0) for way in ways])

    def show(self, alpha: float) -> None:
        up, down = smooth(min(1.0, alpha / _TURN)), smooth(max(0.0, (alpha - _TURN) / (1 - _TURN)))
        self.rising.move_to(_along(self._up, up))
        self.falling.move_to(_along(self._down, down))
        dim(self.rising, min(1.0, 8 * up, 8 * (1 - up)) if self.rises else 0.0)
        dim(self.falling, min(1.0, 8 * down, 8 * (1 - down)))
        glow = max(0.0, 1 - abs(alpha - _TURN) / 0.35)
        self._slope.set_fill(theme.color("quiet").interpolate(theme.color("gradient"), min(1.0, 2 * glow)))
        if down >= _ARRIVED and not self._arrived:
            self._arrived = True
            self._memory.put(self._step.parent, self._step.total)


def _along(corners: Points, share: float) -> Point:
    """The point at *share* of the length of a polyline."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = share * lengths[-1]
    return np.array([np.interp(at, lengths, corners[:, axis]) for axis in range(3)])
