"""The boxes and edges of a computation graph's picture."""

from __future__ import annotations

import numpy as np
from manim import RoundedRectangle, VGroup, VMobject, config

from vcalc_anim.core import compact
from vcalc_anim.core.graph import Edge, Node
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import erase
from vcalc_anim.stage.marks import Arrow
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Typeset, pixels

PAD = 0.16  # inside a box, and around what stands below it
_BESIDE = 0.3  # from an edge to the middle of its label


class NodeView(VGroup):
    """One box: its formula above, its value below; what belongs to it from outside stands under the box."""

    def __init__(self, node: Node, width: float, size: float) -> None:
        super().__init__()
        self.node = node
        self._size = size
        for header_size in (0.8 * size, theme.SMALL, theme.MINIMUM):
            self.header = Formula(node.formula, header_size, "text")
            if self.header.width <= width - PAD:
                break
        height = pixels(0.8 * size) * 0.75 + pixels(size) * 0.7 + 3.4 * PAD
        self.box = RoundedRectangle(
            corner_radius=0.14,
            width=max(width, self.header.width + PAD),
            height=height,
            stroke_color=theme.color("frozen"),
            stroke_width=theme.LINE,
            fill_color=theme.color("panel"),
            fill_opacity=1,
        )
        self.header.move_to(self.box).align_baseline(self.box.get_top()[1] - PAD - pixels(0.8 * size) * 0.7)
        self.value: Typeset | None = None
        self.under: Typeset | None = None
        self.add(self.box, self.header)

    def number(self, value: float, decimals: int, role: Role = "function") -> Typeset:
        """*value* as it stands in the box."""
        return number(value, decimals, self._size, role)

    def put_value(self, value: Typeset) -> None:
        """Show *value* in the box instead of what it held."""
        if self.value is not None:
            self.remove(self.value)
            erase(self.value)
        _fit(value, self.box.width - PAD)
        value.set_x(self.box.get_x()).align_baseline(self.box.get_bottom()[1] + PAD * 1.1)
        value.set_z_index(1)  # what joins a group in the middle of a play is drawn below its filled parts
        self.value = value
        self.add(value)

    def put_under(self, text: Typeset) -> None:
        """Show *text* under the box instead of what stood there."""
        if self.under is not None:
            self.remove(self.under)
            erase(self.under)
        self.place_under(text)
        self.under = text
        self.add(text)

    def place_under(self, text: Typeset) -> Typeset:
        """Move *text* to its place under the box."""
        _fit(text, self.box.width)
        bottom = self.box.get_bottom()[1] - PAD * 0.9 - pixels(self._size) * 0.7
        text.align_baseline(bottom)
        if is_tall():  # edges leave downwards there
            side = -1 if self.box.get_x() < 0 else 1
            return text.set_x(self.box.get_x() + side * (text.width / 2 + 1.8 * PAD))
        return text.set_x(self.box.get_x())


class EdgeView(VGroup):
    """One edge: the quiet line, the values and the blame that have run along it, and its local slope as a label."""

    def __init__(self, edge: Edge, path: VMobject, clear: tuple[float, float]) -> None:
        """*clear*: from the line up, and down, to where a label too wide for the gap is clear of boxes and blame."""
        super().__init__()
        self.edge = edge
        self.path = path.set_stroke(theme.color("frozen"), theme.LINE)
        self.values, self.blame = (
            VMobject(stroke_width=theme.STICK, stroke_color=theme.color(role))
            for role in ("function", "gradient")
        )
        self.tip: Arrow | None = None
        self.add(self.path, self.values, self.blame)
        size = theme.LABEL if is_tall() else theme.SMALL  # a portrait frame has the room
        self.label = Formula(f"times {signed(edge.local)}", size, "quiet")
        if is_tall():
            self._place_label_aside()
        else:
            self._place_label(clear)
        self.label.halo()

    def _place_label(self, clear: tuple[float, float]) -> None:
        start, end = self.path.get_start(), self.path.get_end()
        along = end - start
        middle = self.path.point_from_proportion(0.5)
        bend = middle - (start + end) / 2
        if abs(along[1]) < 1e-6 or np.linalg.norm(bend) > 1e-6:  # level or bowed: outside the bow
            above, lift = (-1.0, clear[1]) if bend[1] < -1e-6 else (1.0, clear[0])
            wide = self.label.width > 0.95 * abs(along[0])
            away = max(lift if wide else 0.0, abs(bend[1]) + self.label.height / 2 + _BESIDE / 2)
            self.label.move_to((start + end) / 2 + np.array([0.0, above * away, 0.0]))
        else:  # beside a rising edge nearer to its source, clear of what stands under the boxes
            near = self.path.point_from_proportion(0.5 if along[1] < 0 else 0.38)
            self.label.move_to(near).shift(np.array([self.label.width / 2 + _BESIDE, 0.0, 0.0]))

    def _place_label_aside(self) -> None:
        """In portrait: beside a steep edge, away from the middle and from what stands under its source."""
        start, end = self.path.get_start(), self.path.get_end()
        middle = self.path.point_from_proportion(0.5)
        bend, along = float((middle - (start + end) / 2)[0]), float((end - start)[0])
        if abs(bend) > 1e-6:
            at, side = middle, np.sign(bend)
        elif abs(along) > 1e-6:
            at, side = middle + np.array([0.0, -0.7 * _BESIDE, 0.0]), -np.sign(along)
        else:
            at, side = self.path.point_from_proportion(0.4), 1.0 if start[0] < 0 else -1.0
        self.label.move_to(at).shift(np.array([side * (self.label.width / 2 + 0.7 * _BESIDE), 0.0, 0.0]))

    def point_at_slope(self, strength: float) -> None:
        """Colour the label of the local slope: 0 is quiet, 1 as bright as the blame that passes it."""
        quiet, bright = theme.color("quiet"), theme.color("gradient")
        for glyph in self.label.submobjects[1:]:  # the first is the halo
            glyph.set_fill(quiet.interpolate(bright, strength))

    def carry_values(self, share: float) -> None:
        """Colour the first *share* of the edge: so far the value has come."""
        self.values.pointwise_become_partial(self.path, 0.0, share)

    def carry_blame(self, share: float) -> None:
        """Colour the last *share* of the edge, with a tip at the source once the blame has arrived there."""
        self.blame.pointwise_become_partial(self.path, 1 - share, 1.0)
        if share >= 1 and self.tip is None:
            source, before = self.path.get_start(), self.path.point_from_proportion(0.02)
            away = (before - source) / np.linalg.norm(before - source)
            self.tip = Arrow(source + away * 0.4, source, "gradient", theme.STICK, 0.26)
            self.add(self.tip)

    def take(self) -> VGroup:
        """The colours, no longer part of the edge."""
        taken = VGroup(self.values.copy(), self.blame.copy())
        for trace in (self.values, self.blame):
            trace.points = np.zeros((0, 3))
        if self.tip is not None:
            taken.add(self.tip)
            self.remove(self.tip)
            self.tip = None
        return taken


def _fit(text: Typeset, width: float) -> None:
    """Make *text* smaller where it is too wide: a power of ten in the small boxes of a long graph."""
    if text.width > width:
        text.scale(width / text.width)


def number(value: float, decimals: int, size: float, role: Role) -> Typeset:
    """*value* as a graph shows it: no trailing zeros, ``≈`` when rounded, a power of ten when long or tiny."""
    text = compact(float(value), decimals)
    return Formula(text.typst if text.exact else f"approx {text.typst}", size, role)


def signed(value: float, decimals: int = 2) -> str:
    """Typst source of *value* as a factor: a negative one in brackets."""
    text = compact(float(value), decimals).typst
    return f"({text})" if text.startswith("-") else text


def is_tall() -> bool:
    """Whether the frame is portrait, so that the graph runs downwards."""
    return bool(config.frame_height > config.frame_width)
