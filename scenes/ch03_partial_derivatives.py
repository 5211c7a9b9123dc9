"""Chapter 3, partial derivatives: what "slope" means on a hill, one locked variable at a time."""

from __future__ import annotations

from math import cos, exp, log, radians, sin, tau
from typing import Annotated, Literal

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Mobject,
    ReplacementTransform,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from vcalc_anim.core import (
    ScalarFunction,
    SlopeDial,
    Window,
    line_slice,
    partial_slice,
    rounded,
    tangent_plane,
    to_typst,
    typst_number,
)
from vcalc_anim.core.examples.ch03 import ANT, ANT_TIME, CREASE, HILL, HILL_POINT, QUIZ_FIELD
from vcalc_anim.stage import (
    AntBody,
    Arrow,
    CountdownRing,
    Cut,
    Dim,
    Formula,
    LectureScene,
    LineClock,
    Lock,
    LoopScene,
    Plot,
    Pulse,
    QuizScene,
    Readout,
    SceneParams,
    Shares,
    Stick,
    Surface,
    Text,
    Zone,
    closing_card,
    dashed,
    dot,
    label_beside,
    opening_card,
    theme,
)
from vcalc_anim.stage.theme import Role

GROUND = Window(0, 3, 0, 2)  # the hill that is shown
PLACES = Window(0.9, 2.2, 0.8, 1.2)  # where one may stand: sticks and sheet stay on the ground
REACH = 0.62  # how far the walkers go, and half the length of a stick
CUT_STICK = 1.1  # frame units of a tangent to either side
PATCH = 0.8  # half the width of the sheet
WALK = (0.0, 1.35)  # the times at which the ant starts and stops
CREASE_GROUND = Window(-1, 1, -1, 1)
CREASE_TURN = radians(-28)
SWING = tuple(np.radians([84, 72, 60, 48]))  # where the turntable passes when the film begins
ORIGIN = (0, 0)
QUIZ_GROUND = Window(-1, 1.5, 0, 2.5)

Point = tuple[float, float]
Axis = Literal["x", "y"]
Array = NDArray[np.float64]


def on_the_hill(point: Point) -> Point:
    if not PLACES.contains(point):
        limits = f"x {PLACES.x_min:g} to {PLACES.x_max:g}, y {PLACES.y_min:g} to {PLACES.y_max:g}"
        raise ValueError(f"must lie well inside the picture ({limits})")
    return point


class HillParams(SceneParams):
    """Where on the hill x²y + 3y we stand."""

    point: Annotated[Point, AfterValidator(on_the_hill)] = HILL_POINT


class OnTheHill(LectureScene):
    """Base of the scenes on the hill: the surface, the dot where we stand, and the tangent plane there."""

    Params = HillParams

    def set_up_hill(self, zone: Zone, point: Point | None = None, turns: tuple[float, ...] = ()) -> None:
        here = point or self.params.point
        self.point = np.array(here, dtype=float)
        heights = (0.0, float(HILL(GROUND.grid(2, 2)).max()))
        self.hill = Surface(HILL, GROUND, heights, zone, turns=turns)
        self.tangent = tangent_plane(HILL, here)
        self.plane = self.tangent.polynomial
        self.slopes = SlopeDial(HILL, self.point)
        self.walker = self.hill.walker(*self.point)

    def stick(self, frozen: Axis, reach: float = REACH) -> Stick:
        """A straight piece of the tangent plane, along the variable that is not *frozen*."""
        return Stick("gradient").put(*self.stick_ends(0.0 if frozen == "y" else tau / 4, reach))

    def stick_ends(self, angle: float, reach: float = REACH, back: float = -1.0) -> list[Array]:
        """Both ends of a straight piece of the tangent plane in the direction of *angle*."""
        way = np.array([cos(angle), sin(angle)]) * reach
        ends = (self.point + back * way, self.point + way)
        return [self.hill.at(*end, self.plane(end)) for end in ends]

    def patch(self, reach: float = PATCH) -> Window:
        """The square around the point that the sheet covers."""
        x, y = self.point
        return Window(x - reach, x + reach, y - reach, y + reach)

    def magnify(self, factor: float) -> None:
        """Space grows *factor* times about the point; the mesh keeps to what is still looked at."""
        x, y = self.point
        around = Window(x - 1.3, x + 1.25, y - 0.86, y + 1.1)
        edges = [
            near + (wide - near) / factor**2
            for near, wide in (
                (around.x_min, GROUND.x_min),
                (around.x_max, GROUND.x_max),
                (around.y_min, GROUND.y_min),
                (around.y_max, GROUND.y_max),
            )
        ]
        window = Window(*(c + (edge - c) / factor for edge, c in zip(edges, (x, x, y, y), strict=True)))
        self.hill.magnify([x, y, float(HILL(self.point))], factor, window)


class AllDirections(OnTheHill):
    """Base of the chapter's first and last picture: eight walkers leave one point, each with its own slope."""

    def set_up_walkers(self) -> None:
        self.trails, self.numbers = [], []
        for angle in np.arange(8) * tau / 8:
            steps = np.linspace(0, REACH, 25)[:, None] * [cos(angle), sin(angle)] + self.point
            slope = float(self.slopes.slope_at(angle))
            role = "gradient" if slope > 0 else "quiet"
            end = self.hill.on(*steps[-1])
            self.trails.append(VGroup(self.hill.path(*steps.T, role=role), dot(end, role)))
            value = rounded(slope, 1, trim=True)
            number = Text(value.text if value.exact else value.relation + value.text, theme.LABEL, role)
            away = (end - self.walker.get_center()) / np.linalg.norm(end - self.walker.get_center())
            reach = abs(away[0]) * number.width / 2 + abs(away[1]) * number.height / 2 + 0.25
            self.numbers.append(number.move_to(end + away * reach).halo(7))

    def set_up_needle(self) -> None:
        """A stick on the tangent plane that turns, and the slope in its direction."""
        self.angle = ValueTracker(0.0)
        self.needle = Arrow([0, 0, 0], [0, 0, 0], "text")
        self.needle.add_updater(
            lambda needle: needle.put(*self.stick_ends(self.angle.get_value(), REACH, 0.0)), call_updater=True
        )
        dock = self.zones.dock
        self.slope = Readout(
            '"slope"',
            lambda: float(self.slopes.slope_at(self.angle.get_value())),
            1,
            cells=4,
            size=1.4 * theme.FORMULA,
            role="gradient",
        ).place(dock.center[0], dock.center[1])


class Hill(AllDirections):
    """The chapter's question: at one point the ground has a slope for every direction."""

    def construct(self) -> None:
        self.set_up_hill(self.zones.stage, turns=SWING)
        self.set_up_walkers()
        self.set_up_needle()
        card = opening_card(self.staging.lecture, self.zones.dock)
        home = self.hill.turn
        self.hill.look(SWING[0])
        self.open(self.hill, self.walker, card)
        with self.line("turn") as line:
            self.swing(home, line.until("dot"))
            self.play(Pulse(self.walker, 1.8))
        with self.line("walkers") as line:
            self.play(FadeOut(card), run_time=0.4)
            line.at("go")
            self.bring_to_front(*self.trails, self.walker)
            self.play(*map(self.walk, self.trails), self.walker.animate.set_opacity(1), run_time=1.3)
            line.at("four", says=self.slopes.gradient[0])
            self.play(FadeIn(self.numbers[0]), run_time=0.4)
            line.at("seven", says=self.slopes.gradient[1])
            self.play(FadeIn(self.numbers[2]), run_time=0.4)
        with self.line("down") as line:
            self.play(FadeIn(*(self.numbers[i] for i in (1, 3))), run_time=0.6)
            line.at("down")
            self.play(FadeIn(*self.numbers[4:], lag_ratio=0.3), run_time=1.0)
        with self.line("ask") as line:
            self.play(FadeOut(*self.trails), FadeIn(self.needle, self.slope), run_time=0.4)
            self.bring_to_front(self.walker)
            line.at("every")
            self.play(self.angle.animate.set_value(tau), run_time=line.left - 0.5)

    def swing(self, turn: float, seconds: float) -> None:
        start = self.hill.turn

        def turn_table(_: Mobject, share: float) -> None:
            self.hill.look(start + (turn - start) * share)

        self.play(UpdateFromAlphaFunc(self.hill, turn_table, rate_func=smooth), run_time=seconds)

    def walk(self, trail: VGroup) -> UpdateFromAlphaFunc:
        line, walker = trail
        full = line.copy()

        def go(_: Mobject, share: float) -> None:
            line.pointwise_become_partial(full, 0, max(share, 1e-3))
            walker.move_to(line.points[-1])

        go(trail, 0.0)
        return UpdateFromAlphaFunc(trail, go, rate_func=smooth)


class HillLoop(LoopScene, AllDirections):
    """The needle feels its way once around the point: slopes up, slopes down, and no step between them."""

    def construct(self) -> None:
        self.set_up_hill(self.zones.stage)
        self.set_up_needle()
        angles = np.linspace(0, tau, 91)
        around = self.point[:, None] + REACH * np.array([np.cos(angles), np.sin(angles)])
        ring = self.hill.path(*around, self.plane(around.T), "quiet", theme.LINE)
        self.add(self.hill, ring, self.needle, self.walker, self.slope)
        with self.once_around() as line:
            self.play(self.angle.animate(rate_func=linear).set_value(tau), run_time=line.left)


class TwoCuts(OnTheHill):
    """Locking one variable cuts the hill; the cut is an ordinary curve, and its slope a partial derivative."""

    def construct(self) -> None:
        self.lay_out()
        self.cut_along_x()
        self.name_the_slope()
        self.cut_along_y()
        self.state_the_rule()

    def lay_out(self) -> None:
        left, right = self.zones.split(0.58, 0.42, gap=0.3)
        header, ground = left.rows(0.13, 0.87, gap=0.0)
        self.panels = right.columns(1, 1) if self.zones.is_tall else right.rows(1, 1, gap=0.22)
        self.set_up_hill(ground)
        x, y = (typst_number(value, 2, trim=True) for value in self.point)
        letters = HILL.typst.replace("x", "{x: x}").replace("y", "{y: y}")
        self.formula = Formula(f"f(x, y) = {letters}").move_to(header.center)
        self.place = label_beside(
            Formula(f"({{x: {x}}}, {{y: {y}}})", theme.LABEL, x="first", y="second"),
            self.walker.get_center(),
            UP + LEFT,
        )
        top = 1.1 * max(
            float(cut(end)) for cut, end in ((self.slice("x"), GROUND.x_max), (self.slice("y"), GROUND.y_max))
        )
        self.cut_window = Window(0, GROUND.x_max, 0, top)
        self.open(self.hill, self.walker, self.formula)
        with self.line("hill") as line:
            line.at("x", says=self.point[0])
            self.play(FadeIn(self.place), Pulse(self.walker, 1.7))
            line.at("y", says=self.point[1])

    def slice(self, free: str) -> ScalarFunction:
        return partial_slice(HILL, free, self.params.point)

    def panel(self, free: Axis, zone: Zone) -> tuple[Cut, VGroup]:
        """The plot of the slice on which *free* runs, and its heading: which variable is locked where."""
        frozen = "y" if free == "x" else "x"
        value = self.point[1 if free == "x" else 0]
        span = (GROUND.x_min, GROUND.x_max) if free == "x" else (GROUND.y_min, GROUND.y_max)
        header, floor = zone.rows(*((0.16, 0.84) if self.zones.is_tall else (0.25, 0.75)), gap=0.1)
        if self.zones.is_tall:  # the name of the slope has no room beside the heading
            _, floor = floor.rows(0.22, 0.78, gap=0.1)
        cut = Cut(self.slice(free), self.cut_window, floor, span, span[0] + 0.3)
        role = "second" if frozen == "y" else "first"
        name = Formula(f"{frozen} = {typst_number(value, 2, trim=True)}", theme.LABEL, role)
        lock = Lock([0, 0, 0]).next_to(name, LEFT, buff=0.2)
        heading = VGroup(lock, name)
        heading.set_x(floor.left + 0.5, LEFT).set_y(header.center[1])
        return cut, heading

    def slide_pane(self, glass: VMobject, frozen: Axis, start: float, end: float) -> UpdateFromAlphaFunc:
        rim = self.rim

        def slide(_: Mobject, share: float) -> None:
            value = start + (end - start) * share
            self.hill.set_pane(glass, frozen, value)
            self.hill.set_path(rim, *self.hill.slice_points(frozen, value))

        return UpdateFromAlphaFunc(VGroup(glass, rim), slide, rate_func=smooth)

    def cut_along_x(self) -> None:
        x, y = self.point
        glass = self.hill.pane("y", GROUND.y_min)
        self.rim = self.hill.path(*self.hill.slice_points("y", GROUND.y_min), width=theme.STICK)
        cut, heading = self.panel("x", self.panels[0])
        cut.bead.stays = True  # with its stick, until both slopes are known
        with self.line("pane") as line:
            self.play(FadeOut(self.place), run_time=0.3)
            self.play(FadeIn(glass, self.rim), run_time=0.4)
            line.at("glass")
            self.play(self.slide_pane(glass, "y", GROUND.y_min, y), run_time=line.until("one", says=y))
            self.bring_to_front(self.walker)
            self.play(FadeIn(heading), run_time=0.3)
            line.at("lock")
            self.play(heading[0].close())
        with self.line("lift") as line:
            self.play(FadeIn(cut), Dim(self.hill, level=0.5), run_time=0.6)
            line.at("curve")
            self.lift_off(cut, heading)
            line.at("three", says=float(cut.function(0.0)))
        slope = self.slope_readout(cut, cut.area.left + 1.45, cut.area.top - 0.55)
        with self.line("slope") as line:
            bead = self.rider(cut, "y")
            self.play(FadeIn(cut.stick, cut.bead, bead, slope), FadeOut(self.walker), run_time=0.4)
            line.at("slide")
            self.play(cut.slide(x), run_time=line.until("two", says=x))
            line.at("four", says=cut.slope)
            self.remove(bead)
            self.add(self.walker)
            self.play(Pulse(slope, 1.15))
        self.glass, self.heading, self.slope = glass, heading, slope
        self.cut = cut

    def lift_off(self, cut: Cut, heading: VGroup) -> None:
        """The rim of the cut leaves the hill and lies down in its plot; its formula appears."""
        name = Formula(cut.function.typst, theme.LABEL, "function")
        name.next_to(heading, RIGHT, buff=0.6).align_baseline(heading[1])
        flying = self.rim.copy()
        flying.overlaps = True  # it passes over the plot's numbers
        self.play(ReplacementTransform(flying, cut.curve), run_time=1.3)
        self.play(FadeIn(name), run_time=0.4)
        heading.add(name)

    def rider(self, cut: Cut, frozen: Axis) -> VMobject:
        """A dot on the hill that goes with the stick of *cut*."""
        x, y = self.point

        def ride(bead: Mobject) -> None:
            bead.move_to(self.hill.on(cut.stands, y) if frozen == "y" else self.hill.on(x, cut.stands))

        return dot([0, 0, 0]).add_updater(ride, call_updater=True)

    def slope_readout(self, cut: Cut, x: float, y: float) -> Readout:
        readout = Readout('"slope"', lambda: cut.slope, 1, cells=3, size=theme.LABEL, role="gradient")
        if self.zones.is_tall:  # above its plot, which is too small to hold it
            x, y = cut.area.left + 1.2, cut.area.top + 0.3
        return readout.place(x, y)

    def name_the_slope(self) -> None:
        stick = self.stick("y")
        name = self.name_of_slope("x", self.heading, self.cut)
        with self.line("name") as line:
            self.play(FadeIn(stick), run_time=0.4)
            self.bring_to_front(self.walker)
            line.at("partial")
            self.play(FadeOut(self.slope), run_time=0.3)
            self.play(FadeIn(name), run_time=0.5)
            line.at("locked")
            self.play(Pulse(self.heading[0], 1.5))
        self.first_name = name
        self.leaving = VGroup(stick, self.glass, self.rim)

    def name_of_slope(self, free: Axis, heading: VGroup, cut: Cut, formula: str = "") -> Formula:
        """∂f/∂free = its value here, on the right of the heading; with *formula* between the two if there is one."""
        between = f"{formula} =" if formula else ""
        value = typst_number(cut.slope, 2, trim=True)
        name = Formula(f"(partial f) / (partial {free}) = {between} {value}", theme.LABEL, "gradient")
        if not self.zones.is_tall:
            return name.set_x(cut.area.right, RIGHT).set_y(heading[1].get_y())
        if name.width > cut.area.width:
            name.scale_to_fit_width(cut.area.width)
        return name.set_x(heading.get_left()[0], LEFT).set_y((heading[1].get_bottom()[1] + cut.area.top) / 2)

    def cut_along_y(self) -> None:
        x, y = self.point
        cut, heading = self.panel("y", self.panels[1])
        glass = self.hill.pane("x", x)
        with self.line("other") as line:
            self.play(FadeOut(self.leaving), run_time=0.4)
            self.play(FadeIn(glass), FadeIn(heading), run_time=line.until("two", says=x))
            self.bring_to_front(self.walker)
            self.play(heading[0].close())
            line.at("like")
            self.play(FadeIn(cut), run_time=0.5)
        with self.line("think") as line:
            ring = CountdownRing(cut.area.center)
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)
        self.rim = self.hill.path(*self.hill.slice_points("x", x), width=theme.STICK)
        slope = self.slope_readout(cut, cut.area.right - 1.4, cut.area.bottom + 0.3)
        with self.line("straight") as line:
            self.play(Create(self.rim), run_time=line.until("line"))
            self.bring_to_front(self.walker)
            self.lift_off(cut, heading)
        self.second_name = self.name_of_slope("y", heading, cut)
        with self.line("constant") as line:
            bead = self.rider(cut, "x")
            self.play(FadeIn(cut.stick, cut.bead, bead, slope), FadeOut(self.walker), run_time=0.3)
            line.at("slide")
            self.play(cut.slide(GROUND.y_max - 0.1), run_time=line.until("seven", says=cut.slope))
            self.play(cut.slide(y), run_time=0.8)
            self.remove(bead)
            self.add(self.walker)
            self.play(FadeOut(slope), run_time=0.2)
            self.play(FadeIn(self.second_name), run_time=0.3)
        self.second_heading, self.second_cut = heading, cut

    def state_the_rule(self) -> None:
        """The locked letter is a plain number: both derivatives as formulas."""
        by_x, by_y = HILL.gradient_typst
        along_x = self.name_of_slope("x", self.heading, self.cut, by_x)
        along_y = self.name_of_slope("y", self.second_heading, self.second_cut, by_y)
        grey = theme.color("frozen")
        with self.line("rule") as line:
            self.play(
                FadeOut(self.heading[2], self.first_name, self.second_heading[2], self.second_name),
                run_time=0.3,
            )
            line.at("locked")
            self.play(self.formula.part("y").animate.set_fill(grey), Pulse(self.heading[0], 1.4))
            self.play(FadeIn(along_x), run_time=0.5)
            line.at("usual")
            self.formula.paint(y="text")
            self.play(self.formula.part("x").animate.set_fill(grey), Pulse(self.second_heading[0], 1.4))
            self.play(FadeIn(along_y), run_time=0.5)


class CutLoop(LoopScene, OnTheHill):
    """The pane slides through the hill and back; its cut bends with it, and so the slope at one x changes."""

    def construct(self) -> None:
        left, right = self.zones.split(0.56, 0.44, gap=0.3)
        self.set_up_hill(left)
        picture, numbers = right.rows(0.78, 0.22, gap=0.2)
        middle = numbers.left + 0.55 * numbers.width
        self.locked = ValueTracker(GROUND.y_min)
        self.add(self.hill, *self.pane(), self.cut(picture))
        self.add(
            Readout("y", self.locked.get_value, 2, cells=4, role="second").place(middle, numbers.top - 0.6),
            Readout('"slope"', self.slope_now, 1, cells=4, role="gradient").place(middle, numbers.top - 1.3),
        )
        with self.once_around() as line:
            there = GROUND.y_max
            self.play(self.locked.animate(rate_func=swing_and_back).set_value(there), run_time=line.left)

    def slope_now(self) -> float:
        return float(HILL.gradient([self.point[0], self.locked.get_value()])[0])

    def pane(self) -> tuple[VMobject, ...]:
        """The glass, its rim on the hill, and a bead on the rim."""
        now = self.locked.get_value
        glass = self.hill.pane("y", now())
        glass.add_updater(lambda pane: self.hill.set_pane(pane, "y", now()))
        rim = self.hill.path(*self.hill.slice_points("y", now()), width=theme.STICK)
        rim.add_updater(lambda rim: self.hill.set_path(rim, *self.hill.slice_points("y", now())))
        bead = dot([0, 0, 0])
        bead.add_updater(lambda bead: bead.move_to(self.hill.on(self.point[0], now())), call_updater=True)
        return glass, rim, bead

    def cut(self, zone: Zone) -> Plot:
        """The rim as a curve in its own plot, with the stick that has its slope."""
        now, x = self.locked.get_value, float(self.point[0])
        top = 1.1 * self.hill.heights[1]
        plot = Plot(Window(GROUND.x_min, GROUND.x_max, 0, top), zone, y_label="f", y_role="function")
        curve, stick, bead = (
            plot.path(np.zeros((0, 2)), width=theme.STICK),
            plot.path(np.zeros((0, 2)), "gradient", theme.STICK),
            dot([0, 0]),
        )

        def follow(_: Mobject) -> None:
            xs, ys = self.hill.slice_points("y", now())
            plot.set_path(curve, np.column_stack([xs, self.hill.heights_at(xs, ys)]))
            foot, along = np.array([x, float(HILL([x, now()]))]), np.array([1.0, self.slope_now()])
            along *= CUT_STICK / np.linalg.norm(plot.vector(along))
            plot.set_path(stick, [foot - along, foot + along])
            bead.move_to(plot.at(foot))

        plot.add(curve, stick, bead)
        plot.add_updater(follow, call_updater=True)
        return plot


def swing_and_back(share: float) -> float:
    """There and back like a pendulum: at rest at the start, in the middle at the far end, and again at rest."""
    return 0.5 - 0.5 * cos(tau * share)


class Sheet(OnTheHill):
    """Two slopes carry a plane, and close by the hill lies flat on it."""

    class Params(HillParams):
        far: float = Field(0.1, ge=0.03, le=0.5, description="the first step that is measured")
        near: float = Field(0.01, ge=0.0005, lt=0.03, description="the second, smaller step")

    def construct(self) -> None:
        header, ground = self.zones.stage.rows(0.12, 0.88, gap=0.1)
        self.set_up_hill(ground)
        self.log_step = ValueTracker(log(PATCH))
        self.open(self.hill, self.walker)
        self.lay_the_sheet(header)
        self.mark_the_gap()
        self.zoom_in()

    @property
    def step(self) -> float:
        """How far away we look: the same step along x and along y."""
        return exp(self.log_step.get_value())

    @property
    def gap(self) -> float:
        """By how much the sheet misses the hill, a step away."""
        return float(self.tangent.remainder(self.point + self.step))

    def lay_the_sheet(self, header: Zone) -> None:
        along_x, along_y = self.stick("y"), self.stick("x")
        formula = Formula(f"z = {self.tangent.typst}", theme.LABEL, "gradient").move_to(header.center)
        sheet = self.hill.sheet(self.plane, self.patch(0.02))

        def stretch(sheet: Mobject, share: float) -> None:
            self.hill.set_sheet(sheet, self.plane, self.patch(0.02 + (PATCH - 0.02) * share))

        with self.line("sticks") as line:
            line.at("x")
            self.play(Create(along_x), run_time=0.6)
            line.at("y")
            self.play(Create(along_y), run_time=0.6)
            self.bring_to_front(self.walker)
        with self.line("sheet") as line:
            line.at("sheet")
            self.add(sheet, along_x, along_y, self.walker)
            self.play(UpdateFromAlphaFunc(sheet, stretch, rate_func=smooth), run_time=1.4)
            line.at("plane")
            self.play(FadeIn(formula))

    def mark_the_gap(self) -> None:
        """A step on the sheet, and the stick from there to the hill."""
        far = self.point + self.step
        self.away = Arrow(self.walker.get_center(), self.hill.at(*far, self.plane(far)), "step")
        self.miss = Stick("error")
        self.miss.add_updater(
            lambda stick: stick.put(self.away.end, self.hill.on(*(self.point + self.step))), call_updater=True
        )
        name = Text("gap", theme.LABEL, "error")
        name.next_to(self.miss, RIGHT, buff=0.15)
        self.gap_name = name
        dock = self.zones.dock
        rows = (
            Readout('"step"', lambda: self.step, 3, cells=5, role="step"),
            Readout('"gap"', lambda: self.gap, 4, cells=6, role="error"),
            Readout('"gap" slash "step"', lambda: self.gap / self.step, 3, cells=5, role="error"),
        )
        self.readouts = VGroup(
            *(row.place(dock.left + 1.7, dock.center[1] + 1.0 - 1.0 * i) for i, row in enumerate(rows))
        )
        with self.line("gap") as line:
            self.play(self.away.grow(), FadeIn(self.readouts[0]), run_time=line.until("part"))
            self.play(Create(self.miss), FadeIn(name, self.readouts[1]), run_time=0.6)
            line.at("gap")
            self.play(Pulse(self.readouts[1], 1.15))

    def zoom_in(self) -> None:
        with self.line("zoom") as line:
            self.play(FadeOut(self.gap_name), Dim(self.hill.axes, level=0), run_time=0.3)
            self.hill.add_updater(lambda hill: self.magnify(PATCH / self.step))
            self.play(self.log_step.animate.set_value(log(self.params.far)), run_time=line.left - 0.1)
        with self.line("measure") as line:
            line.at("tenth", says=self.step)
            self.play(Pulse(self.readouts[0], 1.15))
            line.at("gap", says=self.gap)
            self.play(Pulse(self.readouts[1], 1.15))
        with self.line("smaller") as line:
            says = self.step / self.params.near
            self.play(
                self.log_step.animate.set_value(log(self.params.near)), run_time=line.until("ten", says)
            )
            line.at("less")
            self.play(FadeIn(self.readouts[2]))
            self.hill.clear_updaters()


class Ant(OnTheHill):
    """Both variables change with time: each pays slope times speed, and the climb is the sum."""

    class Params(SceneParams):
        time: float = Field(float(ANT_TIME), ge=0.4, le=1.15, description="the moment that is looked at")
        step: float = Field(0.3, ge=0.05, le=0.35, description="how long the short step lasts")

    def construct(self) -> None:
        self.set_up_ant()
        self.walk()
        self.split_a_step()
        self.pay_the_shares()
        self.check_the_sum()
        self.go_on()

    def set_up_ant(self) -> None:
        header, ground = self.zones.stage.rows(0.14, 0.86, gap=0.0)
        self.header, (self.notes, floor) = header, self.zones.dock.rows(0.45, 0.55, gap=0.1)
        now = self.params.time
        self.reading = ANT.read(now)
        self.set_up_hill(ground, tuple(float(inner(now)) for inner in ANT.inner))
        self.moment = ValueTracker(WALK[0])
        self.factor = 1.0
        self.body = AntBody()
        self.body.add_updater(lambda ant: ant.put(self.ant_at(self.now_t), self.ahead()), call_updater=True)
        self.trail = VMobject(stroke_color=theme.color("quiet"), stroke_width=theme.CURVE)
        self.trail.add_updater(lambda trail: self.hill.set_path(trail, *self.way_so_far()), call_updater=True)
        top = float(ANT.composite.derivative()(WALK[1]))
        self.chart = Shares(floor.inset(0.2, 0.55), lambda: self.shares(), lambda: self.rate(), 1.05 * top)
        self.clock = Readout("t", lambda: self.now_t, 2, cells=4, size=theme.LABEL)
        self.clock.place(ground.left + 0.5, ground.bottom + 0.3)
        self.path_rules = VGroup(
            *(
                Formula(f"{name} = {path.typst}", theme.FORMULA, role)
                for name, path, role in zip("xy", ANT.inner, ("first", "second"), strict=True)
            )
        ).arrange(DOWN, buff=0.5, aligned_edge=LEFT)
        self.path_rules.move_to(self.notes.center)
        self.open(self.hill, self.trail, self.body, self.clock, self.path_rules)

    @property
    def now_t(self) -> float:
        """The time of this moment."""
        return float(self.moment.get_value())

    def places(self, times: Array) -> list[Array]:
        """Where the ant is at *times*: its x and its y."""
        return [inner(times) for inner in ANT.inner]

    def way_so_far(self) -> Array:
        """The ant's x and y (2, n) from the start until now, as far as the hill is in sight."""
        places = np.array(self.places(np.linspace(WALK[0], self.now_t + 1e-3, 80)))
        return places[:, self.hill.shown.contains(places.T)]

    def ant_at(self, time: float) -> Array:
        return self.hill.on(*(float(inner(time)) for inner in ANT.inner))

    def ahead(self) -> Array:
        return self.ant_at(self.now_t + 0.01) - self.ant_at(self.now_t - 0.01)

    def shares(self) -> tuple[float, float]:
        """Slope times speed of this moment, for x and for y."""
        place = [float(inner(self.now_t)) for inner in ANT.inner]
        speeds = [float(inner.derivative()(self.now_t)) for inner in ANT.inner]
        by_x, by_y = HILL.gradient(place) * speeds
        return float(by_x), float(by_y)

    def rate(self) -> float:
        """How fast the ant climbs at this moment: the derivative of the height along the path, taken in one go."""
        return float(ANT.composite.derivative()(self.now_t))

    def walk(self) -> None:
        with self.line("walk") as line:
            line.at("ant")
            walk = self.moment.animate(rate_func=linear).set_value(self.params.time)
            self.play(walk, run_time=line.until("one", says=self.params.time))
            self.play(FadeIn(self.walker), Pulse(self.clock, 1.15))
            self.bring_to_front(self.body)
        with self.line("ask") as line:
            self.play(FadeOut(self.body), Dim(self.hill.axes, level=0), run_time=0.4)
            self.zoom(self.close_up, line.left - 0.2)

    @property
    def close_up(self) -> float:
        """How much nearer one comes to see the short step."""
        longest = max(abs(float(path.inner_slope)) for path in self.reading.paths)
        return max(1.0, 1.3 / (longest * self.params.step))

    def zoom(self, factor: float, seconds: float) -> None:
        start = self.factor

        def grow(_: Mobject, share: float) -> None:
            self.factor = start * (factor / start) ** share
            self.magnify(self.factor)

        self.play(UpdateFromAlphaFunc(self.hill, grow, rate_func=smooth), run_time=seconds)

    def split_a_step(self) -> None:
        """A short step on the tangent plane: along x, then along y; and the climb that each part brings."""
        (x, y), z = self.point, float(HILL(self.point))
        dx, dy = (float(path.inner_slope) * self.params.step for path in self.reading.paths)
        rise_x, rise_y = (float(path.contribution) * self.params.step for path in self.reading.paths)
        at, start = self.hill.at, self.walker.get_center()
        corner, end = at(x + dx, y, z + rise_x), at(x + dx, y + dy, z + rise_x + rise_y)
        foot, middle = at(x + dx, y + dy, z), at(x + dx, y + dy, z + rise_x)
        self.legs = VGroup(Arrow(start, corner, "first"), Arrow(corner, end, "second"))
        step = Arrow(start, end, "step")
        self.names = VGroup(
            label_beside(
                Formula("dif x", theme.LABEL, "first"), at(x + dx / 2, y, z), DOWN + RIGHT * 0.4, 0.15
            ),
            label_beside(Formula("dif y", theme.LABEL, "second"), (corner + end) / 2, RIGHT + UP * 0.5, 0.12),
        )
        self.climbs = VGroup(
            Stick("first", 1.6 * theme.STICK).put(foot, middle),
            Stick("second", 1.6 * theme.STICK).put(middle, end),
        )
        floor = VGroup(dashed(start, at(x + dx, y, z)), dashed(at(x + dx, y, z), foot))
        with self.line("split") as line:
            self.play(step.grow(), run_time=line.until("x"))
            self.play(self.legs[0].grow(), FadeIn(self.names[0]))
            line.at("y")
            self.play(self.legs[1].grow(), FadeIn(self.names[1]))
            line.at("climbs")
            self.play(FadeOut(step), FadeIn(floor), run_time=0.5)
            self.bring_to_front(self.walker)
            self.play(*(Create(climb) for climb in self.climbs), run_time=0.8)
        self.step_marks = VGroup(self.legs, self.climbs, floor)

    def pay_the_shares(self) -> None:
        notes = self.notes
        heading = Text("speed · slope", theme.LABEL, "quiet").set_x(notes.center[0]).set_y(notes.top - 0.4)
        rows = []
        for index, (path, role) in enumerate(zip(self.reading.paths, ("first", "second"), strict=True)):
            speed, slope, share = (
                typst_number(float(value), 2, trim=True)
                for value in (path.inner_slope, path.outer_slope, path.contribution)
            )
            product = Formula(f"{{p: {speed} dot {slope}}} {{s: = {share}}}", theme.FORMULA, role)
            rows.append(product.set_x(notes.center[0]).set_y(notes.top - 1.15 - 0.85 * index))
        with self.line("first") as line:
            self.play(FadeOut(self.path_rules), run_time=0.3)
            self.play(FadeIn(heading, self.chart, self.chart.names[:2]), run_time=0.4)
            self.pay(0, rows[0], line)
        with self.line("second") as line:
            self.pay(1, rows[1], line)
        self.products = VGroup(heading, *rows)

    def pay(self, index: int, product: Formula, line: LineClock) -> None:
        """One share: speed, slope, and the bar that their product fills."""
        path = self.reading.paths[index]
        self.play(Pulse(self.legs[index], 1.15), run_time=line.until("speed", says=float(path.inner_slope)))
        seconds = line.until("slope", says=float(path.outer_slope))
        self.play(FadeIn(product.part("p")), FadeOut(self.names[index]), run_time=seconds)
        line.at("share", says=float(path.contribution))
        flying = self.climbs[index].copy()
        self.play(
            FadeIn(product.part("s")),
            self.chart.grow(index, 1.0),
            flying.animate.move_to(self.chart.foot(index)).set_stroke(opacity=0),
        )

    def check_the_sum(self) -> None:
        total = typst_number(float(self.reading.total), 2, trim=True)
        shares = " + ".join(
            f"{{{name}: {typst_number(float(path.contribution), 2, trim=True)}}}"
            for name, path in zip("xy", self.reading.paths, strict=True)
        )
        added = Formula(f"{shares} = {{t: {total}}}", theme.FORMULA, x="first", y="second", t="gradient")
        added.move_to(self.products[1:])
        direct = ANT.composite.derivative()
        whole = Formula(f"f = {ANT.composite.typst}", theme.LABEL, "function")
        slope = Formula(f"(dif f) / (dif t) = {total}", theme.LABEL, "gradient")
        VGroup(whole, slope).arrange(RIGHT, buff=0.9).move_to(self.header.center).set_x(
            self.header.left, LEFT
        )
        with self.line("sum") as line:
            line.at("stack")
            self.play(FadeOut(self.chart.names[:2]), run_time=0.2)
            self.play(self.chart.stacked.animate.set_value(1.0), FadeIn(self.chart.names[2]), run_time=0.9)
            self.play(FadeOut(self.products), run_time=0.3)
            self.play(FadeIn(added), run_time=line.until("total", says=float(self.reading.total)))
            self.play(Pulse(added.part("t"), 1.3))
        with self.line("check") as line:
            self.play(FadeOut(self.step_marks), FadeIn(whole), run_time=0.5)
            self.zoom(1.0, line.until("direct"))
            self.play(FadeIn(slope), run_time=0.5)
            line.at("same", says=float(direct(self.params.time)))
            self.play(self.chart.grow(2), FadeIn(self.chart.names[3]), run_time=0.9)
        self.leaving = VGroup(added, whole, slope)

    def go_on(self) -> None:
        rule = Formula(
            "(dif f) / (dif t) = (partial f) / (partial x) {x: (dif x) / (dif t)}"
            " + (partial f) / (partial y) {y: (dif y) / (dif t)}",
            theme.LABEL,
            "gradient",
            x="first",
            y="second",
        )
        note = Text("where f is differentiable", theme.SMALL, "quiet")
        VGroup(rule, note).arrange(RIGHT, buff=0.5).move_to(self.header.center).set_x(self.header.left, LEFT)
        rate = Readout(
            '"climb"', lambda: self.rate(), 1, cells=4, size=1.2 * theme.FORMULA, role="gradient"
        ).place(self.notes.center[0] + 0.2, self.notes.center[1])
        with self.line("run") as line:
            self.play(FadeOut(self.leaving, self.walker), Dim(self.hill.axes, level=1), run_time=0.3)
            self.moment.set_value(WALK[0])
            rate.refresh()
            self.play(FadeIn(rate, self.body), run_time=0.3)
            walk = self.moment.animate(rate_func=linear).set_value(WALK[1])
            line.at("every")
            self.play(walk, FadeIn(rule, note), run_time=line.words_left)


class Crease(LectureScene):
    """Both cuts are flat, and yet the diagonal climbs: two directions are not all directions."""

    class Params(SceneParams):
        closest: float = Field(
            0.01, ge=1e-4, le=0.5, description="half the width of view at the end of the zoom"
        )

    def construct(self) -> None:
        top = float(CREASE(CREASE_GROUND.grid(2, 2)).max())
        stage = self.zones.stage
        zone = Zone(stage.left, stage.right, stage.bottom + 0.4, stage.top)
        self.land = Surface(CREASE, CREASE_GROUND, (-top, top), zone, cells=20, turn=CREASE_TURN)
        self.walker = self.land.walker(*ORIGIN)
        self.log_width = ValueTracker(0.0)
        formula = Formula(f"f = {CREASE.typst}", theme.LABEL, "quiet")
        formula.set_x(self.zones.dock.center[0]).set_y(self.zones.dock.top - 0.9)
        self.open(self.land, self.walker, formula)
        self.show_the_cuts()
        self.climb_the_diagonal()
        self.zoom_in()

    def show_the_cuts(self) -> None:
        along_x, along_y = self.flat_stick(1.0, 0.0), self.flat_stick(0.0, 1.0)
        slope_x, slope_y = (
            float(partial_slice(CREASE, name, ORIGIN).derivative().exact(0)) for name in ("x", "y")
        )
        with self.line("flat") as line:
            line.at("flat")
            self.play(Create(along_x), run_time=line.until("x", says=slope_x))
            self.play(Create(along_y), run_time=line.until("y", says=slope_y))
            self.bring_to_front(self.walker)
        self.plane = tangent_plane(CREASE, ORIGIN).polynomial
        self.sheet = self.land.sheet(self.plane, square(0.02))

        def stretch(sheet: Mobject, share: float) -> None:
            self.land.set_sheet(sheet, self.plane, square(0.02 + (PATCH - 0.02) * share))

        with self.line("sheet") as line:
            line.at("level")
            self.add(self.sheet, along_x, along_y, self.walker)
            self.play(UpdateFromAlphaFunc(self.sheet, stretch, rate_func=smooth), run_time=1.2)

    def flat_stick(self, x: float, y: float) -> Stick:
        return Stick("gradient").put(self.land.on(-PATCH * x, -PATCH * y), self.land.on(PATCH * x, PATCH * y))

    def climb_the_diagonal(self) -> None:
        climb = line_slice(CREASE, ORIGIN, (1, 1)).derivative().exact(0)
        steps = np.linspace(0, PATCH, 30)
        trail = self.land.path(steps, steps, role="step", width=theme.STICK)
        full = trail.copy()
        ghost = dot(self.walker.get_center(), "step")

        def go(_: Mobject, share: float) -> None:
            trail.pointwise_become_partial(full, 0, max(share, 1e-3))
            ghost.move_to(trail.points[-1])

        drop = Stick("error").put(
            self.land.on(PATCH, PATCH), self.land.at(PATCH, PATCH, self.plane([PATCH, PATCH]))
        )
        self.climb = Formula(f"(dif f(t, t)) / (dif t) = {to_typst(climb)}", theme.LABEL, "step")
        self.climb.set_x(self.zones.dock.center[0]).set_y(self.zones.dock.center[1])
        with self.line("climb") as line:
            line.at("diagonal")
            go(trail, 0.0)
            self.play(
                UpdateFromAlphaFunc(VGroup(trail, ghost), go), run_time=line.until("half", says=float(climb))
            )
            self.play(FadeIn(drop, self.climb), run_time=0.5)
        self.diagonal = VGroup(trail, ghost, drop)

    def zoom_in(self) -> None:
        """The surface looks the same at every scale; squares on the sheet show that we are moving in."""
        squares = VGroup(
            *(VMobject(stroke_color=theme.color("gradient"), stroke_width=theme.LINE) for _ in range(5))
        )

        def flow(_: Mobject) -> None:
            for index, outline in enumerate(squares):
                half = PATCH * 2.0 ** -((index + self.log_width.get_value() / log(2)) % len(squares))
                self.land.set_sheet(outline, self.plane, square(half))
                outline.set_stroke(opacity=min(1.0, 2 * (1 - half / PATCH)))

        squares.add_updater(flow, call_updater=True)
        width = Readout(
            '"width of view"', lambda: 2 * exp(self.log_width.get_value()), 4, cells=6, size=theme.LABEL
        ).place(self.zones.dock.left + 2.9, self.zones.dock.bottom + 1.0)
        with self.line("zoom") as line:
            self.play(FadeIn(squares, width), Dim(self.land.axes, level=0), run_time=0.5)
            line.at("never")
            self.play(
                self.log_width.animate(rate_func=linear).set_value(log(self.params.closest)),
                run_time=line.left - 0.1,
            )
        self.test_all_directions(VGroup(squares, width))

    def test_all_directions(self, leaving: VGroup) -> None:
        """A ray on the surface turns once around: it touches the sheet only along the axes."""
        angle = ValueTracker(tau / 8)
        ray, miss = Stick("step"), Stick("error")

        def end(height: bool) -> Array:
            tip = PATCH * np.array([cos(angle.get_value()), sin(angle.get_value())])
            return self.land.on(*tip) if height else self.land.at(*tip, self.plane(tip))

        ray.add_updater(lambda ray: ray.put(self.land.on(*ORIGIN), end(True)), call_updater=True)
        miss.add_updater(lambda miss: miss.put(end(False), end(True)), call_updater=True)
        fits = Text("continuous slopes: it fits", theme.SMALL, "quiet")
        fits.set_x(self.zones.dock.center[0]).set_y(self.zones.dock.bottom + 1.0)
        with self.line("rule") as line:
            self.play(FadeOut(leaving, self.diagonal, self.climb), FadeIn(ray, miss), run_time=0.4)
            self.bring_to_front(self.walker)
            self.play(angle.animate.set_value(tau / 8 + tau), run_time=line.until("does"))
            self.play(FadeIn(fits))


def square(half: float) -> Window:
    """The square around the origin with sides of twice *half*."""
    return Window(-half, half, -half, half)


class Quiz(QuizScene):
    """The answer that drops a term promises level ground where the locked cut climbs."""

    class Params(SceneParams):
        locked: float = Field(2.0, ge=0.5, le=2.3, description="where y is locked on the picture")
        place: float = Field(0.0, ge=-0.2, le=0.2, description="the x at which the wrong answer is tested")

    def construct(self) -> None:
        words, picture = self.zones.split(0.5, 0.5, gap=0.4)
        heights = QUIZ_FIELD(QUIZ_GROUND.grid(9, 9))
        self.hill = Surface(
            QUIZ_FIELD, QUIZ_GROUND, (float(heights.min()), float(heights.max())), picture, relief=0.8
        )
        by_x, by_y = QUIZ_FIELD.gradient_typst
        self.states(QUIZ_FIELD.typst, by_x, by_y)
        self.open(self.lay_out(words), self.hill)
        with self.line("ask") as line:
            line.at("x")
            self.play(Pulse(self.hill.names[0], 1.8))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        with self.line("answer") as line:
            line.at("number")
            self.play(*self.step_forward(self.right_row))
            self.play(FadeIn(self.right_row.sign()), run_time=0.4)
        self.let_it_fail()

    def let_it_fail(self) -> None:
        x, y = self.params.place, self.params.locked
        cut = partial_slice(QUIZ_FIELD, "x", (0, y))
        glass = self.hill.pane("y", y)
        rim = self.hill.path(*self.hill.slice_points("y", y), width=theme.STICK)
        slope = float(cut.derivative()(x))
        promised, true = self.stick(self.promise(x), "error"), self.stick(slope, "gradient")
        place = self.hill.on(x, y)
        bead = dot(place)
        level = label_beside(
            Text("level?", theme.LABEL, "error"), (promised.get_right() + place) / 2, DOWN, 0.2
        )
        name = Formula(f"y = {typst_number(y, 1, trim=True)}", theme.LABEL, "second")
        lock = Lock([0, 0, 0])
        VGroup(lock, name).arrange(RIGHT, buff=0.2).next_to(
            glass.get_corner(UP + LEFT), UP + RIGHT, buff=0.15
        )
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), run_time=0.4)
            self.play(FadeIn(promised, level, bead), run_time=line.until("zero", says=x))
            self.play(
                Dim(self.hill, level=0.5), FadeIn(glass, lock, name), run_time=line.until("two", says=y)
            )
            self.bring_to_front(promised, level)
            self.play(lock.close(), Create(rim), run_time=line.until("climbs"))
            self.play(FadeIn(self.failing_row.sign()), Create(true), run_time=line.until("slope", says=slope))
            self.bring_to_front(bead)
            self.play(Pulse(true, 1.15))

    def promise(self, x: float) -> float:
        """The slope that remains when the term with the locked variable is dropped."""
        kept = QUIZ_FIELD.expression.as_independent(QUIZ_FIELD.variables[1], as_Add=True)[0]
        return float(ScalarFunction(kept, QUIZ_FIELD.variables[0]).derivative()(x))

    def stick(self, slope: float, role: Role, reach: float = 0.75) -> Stick:
        """A straight piece in the pane, where x is zero."""
        x, y = self.params.place, self.params.locked
        z = float(QUIZ_FIELD([x, y]))
        ends = (self.hill.at(x + way, y, z + slope * way) for way in (-reach, reach))
        return Stick(role).put(*ends)


class Answer(AllDirections):
    """The opening picture again, now answered: two locked slopes, and the sheet that holds all others."""

    def construct(self) -> None:
        self.set_up_hill(self.zones.stage, turns=SWING)
        self.set_up_walkers()
        self.set_up_needle()
        self.open(self.hill, *self.trails, *self.numbers, self.walker)
        with self.line("back") as line:
            line.at("directions")
            self.play(*(Pulse(number, 1.25) for number in self.numbers))
        sticks = [self.stick("y"), self.stick("x")]
        slopes = [float(value) for value in self.slopes.gradient]
        parts = " quad ".join(
            f"{{{name}: (partial f) / (partial {name}) = {typst_number(slope, 2, trim=True)}}}"
            for name, slope in zip("xy", slopes, strict=True)
        )
        answer = Formula(parts, theme.LABEL + 6, "gradient")
        dock = self.zones.dock
        top, bottom = dock.rows(0.62, 0.38)
        card = closing_card(answer, ["one slope for each variable", "together they carry a sheet"], top)
        self.slope.place(dock.center[0] - 0.1, bottom.center[1])
        with self.line("two") as line:
            others = [i for i in range(len(self.numbers)) if i not in (0, 2)]
            line.at("meaning")
            self.play(FadeOut(*self.trails, *(self.numbers[i] for i in others)), run_time=0.4)
            self.play(
                Create(sticks[0]), FadeIn(answer.part("x")), run_time=line.until("four", says=slopes[0]) + 0.3
            )
            self.play(
                Create(sticks[1]),
                FadeIn(answer.part("y")),
                run_time=line.until("seven", says=slopes[1]) + 0.3,
            )
            self.play(FadeIn(card[1]), run_time=0.4)
            self.bring_to_front(self.walker)
        sheet = self.hill.sheet(self.plane, self.patch())
        with self.line("sheet") as line:
            line.at("sheet")
            self.play(FadeOut(self.numbers[0], self.numbers[2]), run_time=0.2)
            self.play(FadeIn(sheet, card[2]), run_time=0.6)
            self.bring_to_front(*sticks, self.walker)
            line.at("every")
            self.play(FadeIn(self.needle, self.slope), run_time=0.4)
            self.play(self.angle.animate.set_value(tau), run_time=line.left)
        with self.line("next") as line:
            turn = self.angle.animate.set_value(tau + self.slopes.steepest_angle)
            self.play(turn, run_time=line.until("up"))
            self.play(Pulse(self.slope, 1.15))
