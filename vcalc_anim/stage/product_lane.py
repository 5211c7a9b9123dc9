"""A product of Jacobians as rectangles in a row, multiplied up from one end while the work is counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Rectangle, VGroup, VMobject
from numpy.typing import NDArray

from vcalc_anim.core.product_cost import ProductCost
from vcalc_anim.core.shapes import Shape
from vcalc_anim.stage import theme
from vcalc_anim.stage.zones import Zone

_GAP = 0.16  # between two factors, in sides of a square
_THINNEST = 0.13  # what a single row is drawn as, in frame units
_USED = 0.22  # opacity of a factor that is multiplied already
_ARRIVES = 0.72  # share of a step after which the carried factor has reached the next one


class ProductLane(VGroup):
    """The factors of *shapes* (output first), drawn to one scale in *zone*, and the one that is carried.

    :meth:`stand_at` tells how much of the work is done: the carried product travels from factor to factor and
    takes the shape that each multiplication gives. A side of length 1 is drawn as thick as can be seen.
    """

    def __init__(self, shapes: Sequence[Shape], cost: ProductCost, zone: Zone) -> None:
        super().__init__()
        self.cost = cost
        largest = max(max(shape) for shape in shapes)
        side = min(zone.width / (len(shapes) + _GAP * (len(shapes) - 1)), zone.height)
        self.unit = side / largest
        pitch = side * (1 + _GAP)
        left = zone.center[0] - pitch * (len(shapes) - 1) / 2
        self._places = [np.array([left + pitch * i, zone.center[1], 0.0]) for i in range(len(shapes))]
        order = list(range(len(shapes)))
        self._order = order if cost.order == "output first" else order[::-1]
        self._shapes = [shapes[self._order[0]], *cost.carried]
        self._ends = np.cumsum([0, *cost.work])
        self.factors = VGroup(
            *(self._factor(shape, at) for shape, at in zip(shapes, self._places, strict=True))
        )
        self.carried = VMobject(
            stroke_color=theme.color("gradient"),
            stroke_width=theme.LINE,
            fill_color=theme.color("gradient"),
            fill_opacity=0.85,
        )
        self.add(self.factors, self.carried)
        self.stand_at(0.0)

    def stand_at(self, work: float) -> None:
        """Stand where *work* multiplications are done."""
        work = float(np.clip(work, 0, self.cost.total))
        step = min(int(np.searchsorted(self._ends, work, side="right")) - 1, len(self.cost.work) - 1)
        share = (work - self._ends[step]) / self.cost.work[step]
        start, end = (self._places[self._order[step + more]] for more in (0, 1))
        moved, melted = min(1.0, share / _ARRIVES), max(0.0, (share - _ARRIVES) / (1 - _ARRIVES))
        before, after = self._size(self._shapes[step]), self._size(self._shapes[step + 1])
        self._put(self.carried, start + (end - start) * moved, before + (after - before) * melted)
        for position, index in enumerate(self._order):
            left = _USED if position <= step else max(_USED, 1 - melted) if position == step + 1 else 1.0
            self.factors[index].set_stroke(opacity=left)
            self.factors[index].set_fill(opacity=0.12 * left)

    def _size(self, shape: Shape) -> NDArray[np.float64]:
        rows, columns = shape
        return np.maximum(np.array([columns, rows]) * self.unit, _THINNEST)

    def _factor(self, shape: Shape, at: NDArray[np.float64]) -> VMobject:
        paint = theme.color("gradient")
        factor = VMobject(stroke_color=paint, stroke_width=theme.LINE, fill_color=paint, fill_opacity=0.12)
        return self._put(factor, at, self._size(shape))

    def _put(self, factor: VMobject, at: NDArray[np.float64], size: NDArray[np.float64]) -> VMobject:
        factor.points = Rectangle(width=size[0], height=size[1]).move_to(at).points
        return factor
