"""A number that rolls: digits of fixed width in a fixed place, nearly free per frame.

Manim's DecimalNumber builds new mobjects for every value. Here each character cell owns one mobject
for the whole scene and only borrows the outline of another glyph when its character changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, UP, VectorizedPoint, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.core import Rounded, fitted
from vcalc_anim.core.provenance import quoting, shown
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula, Text, Typeset, pixels

_DIGITS = "0123456789"
_RELATIONS = "=≈−"
_AXIS = 0.25  # height of the maths axis, in em
_NARROW = {**dict.fromkeys(".,", 0.5), **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", 0.66)}  # in digits' widths


@lru_cache(maxsize=256)
def _outline(character: str, size: float, pixel: float) -> NDArray[np.float64]:
    """Points of one character, left edge and baseline at 0.

    *pixel* is part of the key because the frame's shape may change between scenes.
    """
    with quoting():  # one character of a number that the core writes as a whole
        text = (Formula if character in _RELATIONS else Text)(character, size)
    points: NDArray[np.float64] = np.concatenate(
        [glyph.points for glyph in text.submobjects if len(glyph.points) > 1]
    )
    points -= [points[:, 0].min(), text.baseline, 0.0]
    if character in _RELATIONS:  # text fonts set them low; in formulas they stand on the maths axis
        points[:, 1] += _AXIS * pixel * size - (points[:, 1].min() + points[:, 1].max()) / 2
    return points


def _width(character: str, size: float) -> float:
    return float(_outline(character, size, pixels(1))[:, 0].max())


class Readout(VGroup):
    """``label ≈ −1.23``: the label, a relation sign, and right-aligned cells of which each shows one character.

    ``value`` gives the number of this moment, which the core rounds to *decimals*; the readout follows
    it on every frame and shows ``≈`` whenever the number was rounded. ``cells`` is the number of
    characters it may take, sign and unit included; a longer one loses decimals, then gets a power of
    ten. Without a label there is no relation sign. ``form`` writes a number another way, from its value, *decimals*
    and the characters there are.
    """

    def __init__(
        self,
        label: Typeset | str | None,
        value: Callable[[], float],
        decimals: int,
        *,
        cells: int,
        size: float = theme.READOUT,
        role: Role = "text",
        unit: str = "",
        form: Callable[[float, int, int], Rounded] = fitted,
    ) -> None:
        super().__init__()
        self.value = value
        self.text = ""
        self._size = size
        self._unit = unit
        shown(unit)
        self._decimals = decimals
        self._form = form
        self._digit = max(_width(digit, size) for digit in _DIGITS) * 1.1
        self._gap = pixels(size) * 0.28
        self.label = Formula(label, size, role) if isinstance(label, str) else label
        sign_width = 0.0 if self.label is None else _width("≈", size) + self._gap
        self._origin = VectorizedPoint(ORIGIN)
        self._number_left = sign_width
        self._number_width = self._digit * cells
        top = float(_outline("0", size, pixels(1))[:, 1].max())
        end = VectorizedPoint(RIGHT * (sign_width + self._number_width) + UP * top)
        paint = theme.color(role)
        self._sign = VMobject(stroke_width=0, fill_opacity=1, fill_color=paint)
        self._cells = VGroup(*(self._sign.copy() for _ in range(cells)))
        self.add(self._origin, end, self._sign, self._cells)
        if self.label is not None:
            self.label.next_to(ORIGIN, LEFT, buff=self._gap).align_baseline(0.0)
            self.add(self.label)
        self.refresh()
        self.add_updater(lambda readout: readout.refresh(), call_updater=False)

    @property
    def baseline(self) -> float:
        return float(self._origin.get_center()[1])

    @property
    def relation_x(self) -> float:
        """Where the relation sign begins: line readouts up by it."""
        return float(self._origin.get_center()[0])

    def place(self, relation_x: float, baseline: float) -> Readout:
        """Put the relation sign's left end at *relation_x* and the digits on *baseline*."""
        self.shift(point3([relation_x - self.relation_x, baseline - self.baseline]))
        return self

    def refresh(self) -> None:
        """Show the number of this moment; does nothing while the characters stay the same."""
        rounded = self._form(self.value(), self._decimals, len(self._cells) - len(self._unit))
        sign = "" if self.label is None else rounded.relation
        number = rounded.text + self._unit
        if (text := sign + number) == self.text:
            return
        self.text = text
        self._put(self._sign, sign, 0.0)
        advances = [self._digit * _NARROW.get(character, 1.0) for character in number]
        x = self._number_left + self._number_width - sum(advances)
        for cell in self._cells[len(number) :]:
            cell.points = np.zeros((0, 3))
        for cell, character, advance in zip(self._cells, number, advances, strict=False):
            self._put(cell, character, x + (advance - _width(character, self._size)) / 2)
            x += advance

    def _put(self, cell: VMobject, character: str, x: float) -> None:
        if character == "":
            cell.points = np.zeros((0, 3))
        else:
            cell.points = _outline(character, self._size, pixels(1)) + [x, 0, 0] + self._origin.points[0]
