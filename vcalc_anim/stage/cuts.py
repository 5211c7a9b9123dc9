"""A slice of a surface, as the ordinary curve that it is."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import ValueTracker
from numpy.typing import NDArray

from vcalc_anim.core import ScalarFunction, Window, nice_ticks
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import dot
from vcalc_anim.stage.plot import Plot
from vcalc_anim.stage.zones import Zone

Array = NDArray[np.float64]


class Cut(Plot):
    """The curve of a slice over *span*, with a stick and a bead that show its slope where ``place`` says.

    Stick and bead are added by the scene when slopes are talked about; beyond the window they are clipped.
    """

    def __init__(
        self, function: ScalarFunction, window: Window, zone: Zone, span: tuple[float, float], stands: float
    ) -> None:
        name = function.variable.name
        super().__init__(
            window,
            zone,
            x_label=name,
            y_label=None,
            x_role="first" if name == "x" else "second",
            x_ticks=nice_ticks(window.x_min, window.x_max, 3),
            y_ticks=nice_ticks(window.y_min, window.y_max, 3),
        )
        self.function, self.span = function, span
        self.place = ValueTracker(stands)
        self.curve = self.path(function.curve(*span, 61), "function", theme.STICK)
        self.stick = self.path(self.tangent_points(), "gradient", theme.STICK)
        self.stick.add_updater(lambda stick: self.set_path(stick, self.tangent_points()))
        self.bead = dot(self.at([0, 0]), "text")
        self.bead.add_updater(
            lambda bead: bead.move_to(self.at([self.stands, float(function(self.stands))])), call_updater=True
        )

    @property
    def stands(self) -> float:
        """Where the stick touches."""
        return float(self.place.get_value())

    @property
    def slope(self) -> float:
        """The slope there."""
        return float(self.function.derivative()(self.stands))

    def tangent_points(self, reach: float = 1.1) -> Array:
        """The ends (2, 2) of a tangent of *reach* frame units to each side."""
        along = np.array([1.0, self.slope])
        along *= reach / np.linalg.norm(self.vector(along))
        middle = np.array([self.stands, float(self.function(self.stands))])
        return np.array([middle - along, middle + along])

    def slide(self, target: float) -> Any:
        """An animation: the stick slides along the curve to *target*."""
        return self.place.animate.set_value(target)
