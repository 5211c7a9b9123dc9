"""One place on a surface under the second-derivative test: a spirit level first, then the dial of curvatures."""

from __future__ import annotations

from collections.abc import Callable

from manim import RIGHT, Animation, Mobject, UpdateFromAlphaFunc, VMobject

from vcalc_anim.core import CurvatureDial, ScalarField, Window, second_derivative_test
from vcalc_anim.stage import theme
from vcalc_anim.stage.knives import CurvatureWave, SpiritLevel
from vcalc_anim.stage.marks import tick
from vcalc_anim.stage.surface import HOME_TURN, Surface
from vcalc_anim.stage.typeset import Formula, Text
from vcalc_anim.stage.zones import Zone

_MARKS = 21  # heights are looked at on so many places in each direction


class GroundTile:
    """From top to bottom in *zone*: the formula of *field*, its surface over *window*, a level, a dial, a verdict.

    The place is the middle of the window. ``tilt`` moves the level's bubble, ``angle`` turns the dial, on which
    curvatures up to *limit* have room. ``heights`` is what the surface's box reaches over, *turn* its turntable's angle.
    """

    def __init__(
        self,
        field: ScalarField,
        window: Window,
        zone: Zone,
        tilt: Callable[[], float],
        angle: Callable[[], float],
        limit: float,
        heights: tuple[float, float] | None = None,
        turn: float = HOME_TURN,
    ) -> None:
        head, above, middle, below, foot = zone.rows(0.09, 0.4, 0.12, 0.28, 0.11, gap=0.08)
        self.field, self._head = field, head
        self.test = second_derivative_test(field, window.center)
        if heights is None:
            values = field(window.grid(_MARKS, _MARKS))
            heights = float(values.min()), float(values.max())
        roomy = above.inset(-0.35, -0.1)
        self.ground = Surface(field, window, heights, roomy, turn=turn, relief=0.56, cells=10)
        self.ground.remove(self.ground.axes)
        self.formula = self.formula_of(field)
        self.level = SpiritLevel(middle.center, tilt)
        self.dial = CurvatureWave(
            CurvatureDial(field, window.center), below.inset(0.12, 0), angle, (-limit, limit), bare=True
        )
        self.tick = tick(self.level.get_right() + RIGHT * 0.4)
        self.verdict = Text(self.test.verdict.value, theme.LABEL).move_to(foot.center)

    @property
    def parts(self) -> list[VMobject]:
        """All that is shown in the end."""
        return [self.formula, self.ground, self.level, self.tick, self.dial, self.verdict]

    def swap(self, field: ScalarField, run_time: float = 1.6) -> Animation:
        """Bend the ground into the graph of another *field*; its formula is for the scene to exchange."""
        before, after = self.field.expression, field.expression

        def bend(_: Mobject, alpha: float) -> None:
            self.ground.field = ScalarField((1 - alpha) * before + alpha * after, field.variables)
            self.ground.refresh()

        self.field = field
        return UpdateFromAlphaFunc(self.ground, bend, run_time=run_time)

    def formula_of(self, field: ScalarField) -> Formula:
        """The formula of *field* in its place above the ground."""
        formula = Formula(field.typst, theme.SMALL)
        formula.move_to(self._head.center)
        return formula
