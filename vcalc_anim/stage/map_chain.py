"""Two maps in a row, up close: two nudges, their images, and the images of those."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from vcalc_anim.core import VectorMap, typst_number
from vcalc_anim.core.exact import Exact
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import Arrow, dashed, dot
from vcalc_anim.stage.plot import label_beside
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Formula
from vcalc_anim.stage.warps import Lens

Array = NDArray[np.float64]

_VARIABLES: tuple[Role, Role] = ("first", "second")
_LINES = 40  # of a lattice, to each side


class MapChain(VGroup):
    """Three lenses: nudges of length *nudge* at *point*, what *inner* makes of them, and what *outer* makes of that.

    Each lens shows the neighbourhood of where the maps lead; its grid is the image of the first one's.
    """

    def __init__(
        self,
        inner: VectorMap,
        outer: VectorMap,
        point: tuple[Exact, Exact],
        nudge: float,
        lenses: tuple[Lens, Lens, Lens],
    ) -> None:
        super().__init__()
        self.lenses = lenses
        self.places = (np.array([float(c) for c in point]), inner(point), outer(inner(point)))
        first = inner.around(point)
        second = outer.around(tuple(float(c) for c in self.places[1]))
        pushes = nudge * np.eye(2)
        self.tips = (pushes, first(pushes), second(first(pushes)))
        #: Where the outer Jacobian would send them if it were read at the start.
        self.strays = np.asarray(first(pushes) @ outer.jacobian(self.places[0]).T)
        self.lattices = VGroup()
        roles: tuple[Role, Role, Role] = ("frozen", "function", "function")
        for lens, tips, role in zip(lenses, self.tips, roles, strict=True):
            corners = np.vstack([np.zeros(2), tips, tips.sum(axis=0) * (lens is not lenses[2])])
            lens.fit(corners, 1.5 if lens is not lenses[2] else 1.22)
            self.lattices.add(_lattice(lens, tips, role))
        self.dots = VGroup(*(dot(lens.at([0.0, 0.0])) for lens in lenses))
        self.add(*lenses, self.lattices, self.dots)

    def arrows(self, stage: int) -> VGroup:
        """The two nudges (stage 0), their images (1), or the images of those (2)."""
        lens = self.lenses[stage]
        return VGroup(
            *(
                Arrow(lens.at([0.0, 0.0]), lens.at(tip), role)
                for tip, role in zip(self.tips[stage], _VARIABLES, strict=True)
            )
        )

    def columns(self, stage: int, matrix: ArrayLike, sides: tuple[Array, Array]) -> VGroup:
        """The columns of *matrix* (2, 2), each at the tip of its arrow, on these *sides*."""
        names = VGroup()
        for column, tip, role, side in zip(
            np.asarray(matrix, dtype=float).T, self.tips[stage], _VARIABLES, sides, strict=True
        ):
            name = Formula(place_typst(column), theme.LABEL, role)
            names.add(label_beside(name, self.lenses[stage].at(tip), side, 0.14))
        return names

    def place_names(self) -> VGroup:
        """The coordinates of the three places, below their dots."""
        names = VGroup()
        for place, mark in zip(self.places, self.dots, strict=True):
            names.add(Formula(place_typst(place), theme.LABEL).halo().next_to(mark, DOWN, buff=0.16))
        return names

    def stray_arrows(self) -> VGroup:
        """Dashed: the prediction with the outer Jacobian read at the wrong place."""
        lens = self.lenses[2]
        arrows = VGroup()
        for tip in self.strays:
            start, end = lens.at([0.0, 0.0]), lens.at(tip)
            arrows.add(VGroup(dashed(start, end, "error", theme.STICK), Arrow(start, end, "error").head))
        return arrows

    def links(self, *names: str) -> VGroup:
        """From the first frame to the second, and from there down to the third: small arrows with the maps' names."""
        first, second, third = (lens.area for lens in self.lenses)
        y = (first.bottom + first.top) / 2
        x = second.right - 0.9
        across = Arrow([first.right + 0.1, y, 0], [second.left - 0.1, y, 0], "quiet", theme.LINE, 0.2)
        down = Arrow([x, second.bottom - 0.06, 0], [x, third.top + 0.06, 0], "quiet", theme.LINE, 0.2)
        letters = [Formula(name, theme.LABEL, "text") for name in names]
        letters[0].next_to(across, UP, buff=0.12)
        letters[1].next_to(down, RIGHT, buff=0.12)
        return VGroup(VGroup(across, letters[0]), VGroup(down, letters[1]))


def place_typst(point: ArrayLike, decimals: int = 2) -> str:
    """A point of the plane as Typst maths: ``(3, 2)``."""
    coordinates = (typst_number(float(c), decimals, trim=True) for c in np.asarray(point, dtype=float))
    return f"({', '.join(coordinates)})"


def _lattice(lens: Lens, steps: Array, role: Role) -> VGroup:
    """Parallels to both *steps* through all their whole sums, as far as the lens shows them."""
    lines = VGroup()
    for along, across in (steps, steps[::-1]):
        for count in range(-_LINES, _LINES + 1):
            ends = count * across + np.array([-_LINES, _LINES])[:, None] * along
            line = VMobject(stroke_color=theme.shade(role, 0.12), stroke_width=theme.HAIRLINE)
            lens.trace(line, ends)
            if len(line.points):
                lines.add(line)
    return lines
