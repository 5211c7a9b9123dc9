"""Programs on screen: lines of monospaced text, one of which is marked, and formulas too long to be read."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

import numpy as np
from manim import LEFT, Animation, Mobject, Rectangle, UpdateFromAlphaFunc, VGroup, VMobject, linear
from numpy.typing import ArrayLike

from vcalc_anim.core.provenance import shown
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import point3
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Typeset, pixels
from vcalc_anim.stage.zones import Zone

_BAR = 0.2  # opacity of what marks a line
_ADVANCE = 0.602  # width of a character of the font for programs, in em


class Code(Typeset):
    """One line of a program, in letters of one width."""

    def __init__(self, line: str, size: float = theme.SMALL, role: Role = "text") -> None:
        self.words = line
        shown(line)
        super().__init__(f"#mono({json.dumps(line.strip(), ensure_ascii=False)})", size, role)
        self.indent = len(line) - len(line.lstrip())


def character_width(size: float) -> float:
    """How wide each character of a program is in type of *size*."""
    return _ADVANCE * pixels(size)


class Listing(VGroup):
    """A program from *top_left* downwards; :attr:`lines` are its lines, an empty one takes half the room.

    :attr:`bar` marks one line: it is a part of the listing from the start, unseen until :meth:`mark` is called
    or :meth:`go_to` is played.
    """

    def __init__(
        self,
        lines: Sequence[str],
        top_left: ArrayLike,
        size: float = theme.SMALL,
        role: Role = "text",
        spacing: float = 1.6,
    ) -> None:
        super().__init__()
        corner, pitch = point3(top_left), spacing * pixels(size)
        self._size, self._marked = size, False
        self.lines: list[Code] = []
        height = corner[1] - 0.62 * pitch
        for line in lines:
            if not line.strip():
                height -= pitch / 2
                continue
            code = Code(line, size, role)
            code.set_x(corner[0] + code.indent * character_width(size), LEFT)
            code.align_baseline(height)
            self.lines.append(code)
            height -= pitch
        longest = max(len(line) for line in lines) * character_width(size)
        self.bar = Rectangle(
            width=longest + 0.4,
            height=0.92 * pitch,
            stroke_width=theme.HAIRLINE,
            stroke_color=theme.color("step"),
            stroke_opacity=0.0,
            fill_color=theme.color("step"),
            fill_opacity=0.0,
        )
        self.bar.set_x(corner[0] - 0.2, LEFT)
        self.add(self.bar, *self.lines)

    def mark(self, index: int) -> Listing:
        """Let the bar stand behind line number *index* (from 0) at once."""
        self.bar.set_y(self._height(index))
        if not self._marked:  # once: a bar that is dimmed stays dimmed
            self._marked = True
            self._show(1.0)
        return self

    def go_to(self, index: int, run_time: float = 0.3) -> Animation:
        """The bar leaves its line and appears behind line number *index*."""
        before, self._marked = (self.bar.get_y() if self._marked else None), True

        def jump(bar: Mobject, share: float) -> None:
            there = share >= 0.5 or before is None
            bar.set_y(self._height(index) if there or before is None else before)
            self._show(min(1.0, abs(2 * share - 1)) if before is not None else share)

        return UpdateFromAlphaFunc(self.bar, jump, run_time=run_time, rate_func=linear)

    def _show(self, share: float) -> None:
        self.bar.set_fill(opacity=_BAR * share).set_stroke(opacity=share)

    def _height(self, index: int) -> float:
        return self.lines[index].baseline + 0.36 * pixels(self._size)


class WrittenOut(VGroup):
    """A long *text* (a formula as a program prints it) from the top left of *zone*, in type so small that it fits.

    It is a picture of its length: one shape, not glyphs. ``body`` is all of it, ``marked`` every occurrence of
    *part* once more, for the scene to add.
    """

    def __init__(
        self,
        text: str,
        zone: Zone,
        part: str = "",
        largest: float = theme.SMALL,
        role: Role = "gradient",
        mark: Role = "text",
    ) -> None:
        super().__init__()
        self.size, rows = self._fit(text, zone, largest)
        pitch = 1.3 * pixels(self.size)
        glyphs: list[np.ndarray] = []
        for index, row in enumerate(rows):
            line = Code(row, self.size).set_x(zone.left, LEFT)
            line.align_baseline(zone.top - pixels(self.size) - index * pitch)
            glyphs += [glyph.points for glyph in line.submobjects if len(glyph.points) > 1]
        self._glyphs = glyphs
        letters, wanted = ("".join(source.split()) for source in (text, part))
        chosen = np.zeros(len(letters), dtype=bool)
        place = letters.find(wanted) if wanted else -1
        while place >= 0:
            chosen[place : place + len(wanted)] = True
            place = letters.find(wanted, place + len(wanted))
        self.body, self.marked = (VMobject(stroke_width=0, fill_opacity=1) for _ in range(2))
        self.body.set_fill(theme.color(role)).points = np.concatenate(glyphs)
        self.marked.set_fill(theme.color(mark))
        if chosen.any():
            self.marked.points = np.concatenate([g for g, is_in in zip(glyphs, chosen, strict=True) if is_in])
        self.add(self.body)

    def write(self, run_time: float) -> Animation:
        """Print it, from the first letter to the last."""

        def show(body: Mobject, share: float) -> None:
            count = max(1, round(share * len(self._glyphs)))
            body.points = np.concatenate(self._glyphs[:count])

        return UpdateFromAlphaFunc(self.body, show, run_time=run_time, rate_func=linear)

    @staticmethod
    def _fit(text: str, zone: Zone, largest: float) -> tuple[float, list[str]]:
        """The largest type size, and the lines, with which *text* fits into *zone*."""
        size = largest
        while True:
            rows = textwrap.wrap(text, max(1, int(zone.width / character_width(size))))
            if len(rows) * 1.3 * pixels(size) <= zone.height:
                return size, rows
            size *= 0.95
