"""Forward mode in motion: the shadow that a number drags along an edge of a graph."""

from __future__ import annotations

import numpy as np
from manim import Animation, Mobject, UpdateFromAlphaFunc, VGroup, VMobject, linear, smooth

from vcalc_anim.core import compact
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import dim
from vcalc_anim.stage.typeset import Formula

_RUN = 0.7  # as long as the value above it is on its way
_BELOW = 0.46


class ShadowToken(VGroup):
    """The shadow *before* on its way along *path*, just below the value; half-way it becomes *after*."""

    def __init__(self, path: VMobject, before: float, after: float) -> None:
        super().__init__()
        self.path = path
        self.tokens = [
            Formula(f"{compact(shadow).typst} epsilon", theme.LABEL, "gradient").halo(16)
            for shadow in (before, after)
        ]
        self.add(*self.tokens)
        for token in self.tokens:
            dim(token, 0.0)

    def travel(self, run_time: float) -> Animation:
        """Run along the path, and vanish where it ends."""

        def go(_: Mobject, alpha: float) -> None:
            share = smooth(min(1.0, alpha / _RUN))
            place = self.path.point_from_proportion(share) + np.array([0.0, -_BELOW, 0.0])
            for token, shown in zip(self.tokens, (share <= 0.5, share > 0.5), strict=True):
                token.move_to(place)
                dim(token, min(1.0, 6 * share, 6 * (1 - share)) if shown else 0.0)

        return UpdateFromAlphaFunc(self, go, run_time=run_time, rate_func=linear, remover=True)
