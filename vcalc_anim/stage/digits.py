"""The digits of a number, of which only the first few are right."""

from __future__ import annotations

from typing import Any

from manim import LEFT, VGroup
from numpy.typing import ArrayLike

from vcalc_anim.core.provenance import quoting, shown
from vcalc_anim.stage import theme
from vcalc_anim.stage.listing import Code, character_width
from vcalc_anim.stage.marks import point3, stroke
from vcalc_anim.stage.typeset import pixels


class DigitRow(VGroup):
    """The decimal number *text* from *left* on, in digits of one width; those after the first *right* are struck out."""

    def __init__(self, text: str, right: int, left: ArrayLike, size: float = theme.SMALL) -> None:
        super().__init__()
        start = point3(left)
        kept = 0
        for place in range(len(text) + 1):
            if sum(character.isdigit() for character in text[:place]) <= right:
                kept = place
        kept = kept if any(character.isdigit() for character in text[:kept]) else 0
        advance = character_width(size)
        shown(text)
        with quoting():  # two parts of one number that the core writes as a whole
            self.right = Code(text[:kept], size, "function") if kept else VGroup()
            self.wrong = Code(text[kept:], size, "error") if kept < len(text) else VGroup()
        if kept:
            self.right.set_x(start[0], LEFT).align_baseline(start[1])
        if kept < len(text):
            from_here = start[0] + kept * advance
            self.wrong.set_x(from_here, LEFT).align_baseline(start[1])
            middle = start[1] + 0.36 * pixels(size)
            strike: Any = stroke(
                [from_here, middle], [self.wrong.get_right()[0], middle], "error", theme.LINE
            )
            strike.overlaps = True  # it crosses them out
            self.add(strike)
        self.add(self.right, self.wrong)
