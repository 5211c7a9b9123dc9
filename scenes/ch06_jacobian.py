"""Chapter 6, Jacobian and Hessian: a bent map is straight up close, and curvature has a matrix of its own."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, pi, radians, tau
from typing import Annotated

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    ReplacementTransform,
    TransformFromCopy,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
    smooth,
)
from pydantic import AfterValidator, Field

from vcalc_anim.core import (
    CurvatureDial,
    ScalarField,
    Window,
    chain_maps,
    numerical_jacobian,
    partial_slice,
    rounded,
    second_derivative_test,
    typst_number,
)
from vcalc_anim.core.examples.ch06 import (
    FOLD_AT,
    KNIFE,
    LEVEL_GROUND,
    NEVER_LEVEL,
    QUIZ_MAP,
    QUIZ_MAP_AT,
    SECOND_WARP,
    SQUARE_SIDES,
    WARP,
    WARP_AT,
    WARP_NUDGE,
)
from vcalc_anim.stage import (
    Arrow,
    Blade,
    CountdownRing,
    CurvatureWave,
    Cut,
    CutView,
    Dim,
    Formula,
    GroundTile,
    JacobianReadout,
    LectureScene,
    Lens,
    LoopScene,
    MapChain,
    MatrixCard,
    PinBoard,
    Plug,
    Pulse,
    QuizScene,
    Readout,
    SceneParams,
    SpiritLevel,
    SquareRide,
    Surface,
    Text,
    WarpView,
    Zone,
    closing_card,
    cross,
    dashed,
    dim,
    dot,
    equation,
    label_beside,
    opening_card,
    outline,
    place_typst,
    shape_typst,
    theme,
)
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.surface import HOME_TURN

Point = tuple[float, float]
Array = np.ndarray

REACH = 1.5  # half a side of the patch of plane that is bent
SQUARE = 0.5  # side of the marked square, in halves of the view
STANDS = Window(-4, 4, -4, 4)  # where one may stand on the plane
SMALLEST_STRETCH = 1.0  # below it, an image is too thin to be looked at

ORIGIN = (0.0, 0.0)
BEYOND_THE_FOLD = 1.0
CLOSER = 1.7  # the right lens magnifies more where images are small
STEP = 0.6  # side of the square that walks over the plane at the end
OVER_THE_PASS = -radians(31)  # with the valleys to the front and to the back
SWAPPED_OUT, SWAPPED_IN = "flat bowl", "flat saddle"
QUARTIC_HEIGHTS = (-1.0, 2.0)  # room for both quartics
EXPONENTIAL = (-2.6, 1.2)
TABLE = Window(-1, 1, -1, 1)  # the ground under the surface that is cut


def unfolded(point: Point) -> Point:
    """A point that is not too far out, around which the warp neither flattens nor mirrors."""
    if not STANDS.contains(point):
        limits = f"x {STANDS.x_min:g} to {STANDS.x_max:g}, y {STANDS.y_min:g} to {STANDS.y_max:g}"
        raise ValueError(f"must lie on the plane that is shown ({limits})")
    if float(WARP.area_factor(point)) < SMALLEST_STRETCH:
        raise ValueError(
            f"must not lie where the map crushes or mirrors: its area factor {WARP.area_factor_expression} "
            f"must be at least {SMALLEST_STRETCH:g}"
        )
    return point


def right_of_the_fold(point: Point) -> Point:
    """A start from which the square meets the fold only at its goal."""
    if point[0] <= FOLD_AT[0]:
        raise ValueError(f"must lie right of the fold, at an x above {FOLD_AT[0]:g}")
    return point


class WarpParams(SceneParams):
    """Where on the plane we stand; the grid around it is bent by (x² + y, xy)."""

    start: Annotated[Point, AfterValidator(unfolded)] = WARP_AT


class Warp(LectureScene):
    """Base of the pictures with a grid before and a grid after."""

    Params = WarpParams

    def two_lenses(self) -> tuple[Lens, Lens]:
        """The plane before on the left, with room for notes below it, and the plane after on the right.

        In portrait the plane after lies below, and the notes beside the plane before.
        """
        if self.zones.is_tall:
            left, right = self.zones.split(0.4, 0.6)
            above, self.notes = left.columns(1.35, 1)
        else:
            left, right = self.zones.split(0.37, 0.63)
            above, self.notes = left.rows(0.68, 0.32, gap=0.05)
        return Lens(above, ("x", "y")), Lens(right, ("u", "v"), ("function", "function"))

    def two_planes(self, half_width: float) -> WarpView:
        """The grid around the start in both lenses."""
        self.view = WarpView(WARP, self.params.start, *self.two_lenses(), half_width)
        return self.view

    def note(self, readout: Readout, x: float, baseline: float, row: int) -> Readout:
        """Put *readout*, number *row*, into the notes: its name beside it, or above it where notes are narrow."""
        if not self.zones.is_tall:
            return readout.place(x, baseline)
        readout.label.set_x(readout.relation_x, LEFT).shift(0.7 * UP)
        return readout.place(self.notes.left + 0.15, self.notes.top - 1.2 - 1.5 * row)

    def one_plane(self, zone: Zone) -> WarpView:
        """Only the plane after; the grid starts as it was before, in the same place."""
        before, after = Lens(zone), Lens(zone)
        self.view = WarpView(WARP, self.params.start, before, after, REACH)
        self.view.remove(self.view.before, before)
        return self.view

    def magnifier(self) -> ValueTracker:
        """The logarithm of the half width of the view: in a second, every view shrinks by the same factor."""
        return ValueTracker(log(self.view.reach))

    def marked_square(self) -> tuple[VMobject, VMobject]:
        """The square beside the point, always as large on screen, and its image."""
        return self.view.shape(self.square_outline, "text", theme.CURVE, 0.16)

    def square_outline(self) -> Array:
        return outline(ORIGIN, SQUARE * self.view.reach)

    def send(self, start: float, end: float, seconds: float) -> None:
        """Move the grid on its way between before (0) and after (1)."""

        def fly(view: VMobject, alpha: float) -> None:
            view.share = start + (end - start) * alpha
            view.refresh()

        self.play(UpdateFromAlphaFunc(self.view, fly, rate_func=smooth), run_time=seconds)

    def jacobian_card(self, size: float = theme.FORMULA) -> MatrixCard:
        """The Jacobian at the start, columns in the colours of the nudges."""
        card = MatrixCard(WARP.jacobian(self.params.start), "text", 2, size)
        card.remove(card.shape_note)
        return paint_columns(card)


def paint_columns(card: MatrixCard) -> MatrixCard:
    """Give each column the colour of its variable."""
    for row in range(2):
        for column, role in enumerate(("first", "second")):
            card.entry(row, column).set_fill(theme.color(role))
    return card


class WholePlane(Warp):
    """The chapter's question: a grid bends, and with it a square."""

    def construct(self) -> None:
        view = self.one_plane(self.zones.stage)
        view.share = 0.0
        _, square = self.marked_square()
        view.refresh()
        card = opening_card(self.staging.lecture, self.zones.dock)
        self.open(view, square, card)
        with self.line("move") as line:
            line.at("plane")
            self.send(0, 1, line.until("crooked"))
            self.play(Pulse(square, 1.15))
        with self.line("ask") as line:
            self.send(1, 0, line.until("slope"))
            self.play(Pulse(square, 1.2))
            self.send(0, 1, line.left - 0.1)


class WholePlaneLoop(LoopScene, WholePlane):
    """The grid bends and comes back, and with it a square; its straight image touches it all the way."""

    def construct(self) -> None:
        view = self.one_plane(self.zones.wide)
        _, square = self.marked_square()
        straight = view.straight(self.square_outline, width=theme.STICK)
        view.image.remove(view.image.frame_box)
        view.refresh()
        place = dot(view.image.at(ORIGIN))
        place.add_updater(lambda place: place.move_to(view.on_its_way(ORIGIN)), call_updater=True)
        self.add(view, square, straight, place)
        with self.once_around() as line:
            rest = 0.1 * line.left
            self.hold(rest / 2)
            self.send(1, 0, line.left / 2 - 0.75 * rest)
            self.hold(rest)
            self.send(0, 1, line.left - rest / 2)


class Microscope(Warp):
    """Up close, a bent map only stretches and shears."""

    class Params(WarpParams):
        closest: float = Field(
            0.02, ge=1e-5, lt=1, description="half width of the view at the end of the dive"
        )

    def construct(self) -> None:
        view = self.two_planes(REACH)
        view.share = 0.0
        view.refresh()
        self.log_width = self.magnifier()
        self.open(view, view.lines_through())
        self.bend_the_grid()
        self.mark_the_point()
        self.dive()
        self.lay_the_frame()
        self.name_it()

    def bend_the_grid(self) -> None:
        before, after = (Text(word, theme.SMALL, "quiet").halo() for word in ("before", "after"))
        for word, lens in ((before, self.view.source), (after, self.view.image)):
            word.next_to([lens.area.left, lens.area.bottom, 0], DOWN + RIGHT, buff=0.14).shift(LEFT * 0.14)
        maths = (f"{{o: {name}}} = {output}" for name, output in zip("uv", WARP.typst, strict=True))
        self.rule = VGroup(*(Formula(output, theme.LABEL, o="function") for output in maths))
        self.rule.arrange(DOWN, buff=0.3, aligned_edge=LEFT).move_to(self.notes.center + DOWN * 0.15)
        with self.line("map") as line:
            self.play(FadeIn(before), run_time=0.4)
            line.at("before")
            self.send(0, 1, line.until("curve"))
        with self.line("between") as line:
            line.at("between")
            self.send(1, 0.5, line.until("two") / 2)
            self.send(0.5, 1, line.until("two"))
            self.play(FadeIn(after, self.rule), Pulse(before, 1.3))
            self.play(Pulse(after, 1.3))
        self.words = VGroup(before, after, self.rule)

    def mark_the_point(self) -> None:
        view = self.view
        self.dots = VGroup(dot(view.source.at(ORIGIN)), dot(view.image.at(ORIGIN)))
        for mark, lens in zip(self.dots, (view.source, view.image), strict=True):
            mark.add_updater(lambda mark, lens=lens: mark.move_to(lens.at(ORIGIN)))
        start = np.array(self.params.start)
        image = WARP(start)
        off = 0.32 if self.zones.is_tall else 0.1  # there, the square goes down to its image
        names = VGroup(
            *(
                label_beside(Formula(place_typst(place), theme.LABEL), mark.get_center(), DOWN + LEFT, off)
                for place, mark in zip((start, image), self.dots, strict=True)
            )
        )
        self.before, self.after = self.marked_square()
        with self.line("point") as line:
            line.at("x", says=start[0])
            self.play(FadeIn(self.dots[0]), FadeIn(names[0]), run_time=line.until("y", says=start[1]))
            line.at("u", says=image[0])
            self.play(FadeIn(self.dots[1]), FadeIn(names[1]), run_time=line.until("v", says=image[1]))
            line.at("square")
            self.play(FadeIn(self.before), run_time=0.4)
            self.bring_to_front(self.dots, names)
            self.play(TransformFromCopy(self.before, self.after), run_time=1.2)
            self.bring_to_front(self.dots, names)
        self.names = names

    def dive(self) -> None:
        width = Readout('"half width"', lambda: self.view.reach, 3, cells=5)
        self.readouts = VGroup(self.note(width, self.notes.left + 2.9, self.notes.center[1] + 0.3, 0))
        with self.line("dive") as line:
            self.play(FadeOut(self.names, self.words), FadeIn(self.readouts), run_time=0.4)
            line.at("dive")
            self.zoom_to(self.params.closest, line.left - 0.3)
        with self.line("straight") as line:
            line.at("stretch")
            self.play(Pulse(self.after, 1.12), run_time=1.0)

    def zoom_to(self, half_width: float, seconds: float) -> None:
        self.view.add_updater(lambda view: view.zoom_to(exp(self.log_width.get_value())))
        self.play(self.log_width.animate.set_value(log(half_width)), run_time=seconds)
        self.view.clear_updaters()

    def lay_the_frame(self) -> None:
        """The straight map alone, and the corner that it misses."""
        view = self.view
        straight = view.straight(self.square_outline, width=theme.STICK)
        corner = np.full(2, SQUARE)

        def gap() -> Array:
            tip = corner * view.reach
            return np.stack([view.close.linear_map(ORIGIN)(tip), view.close(tip)])

        miss = VMobject(stroke_color=theme.color("error"), stroke_width=1.4 * theme.STICK)
        miss.add_updater(lambda stick: view.image.trace(stick, gap()), call_updater=True)
        share = Readout(
            '"missed" (%)',
            lambda: float(100 * np.linalg.norm(np.diff(gap(), axis=0)) / np.linalg.norm(gap()[0])),
            1,
            cells=5,
            role="error",
        )
        self.note(share, self.notes.left + 2.9, self.notes.center[1] - 0.5, 1)
        with self.line("frame") as line:
            line.at("orange")
            self.play(Create(straight), run_time=0.8)
            self.bring_to_front(self.dots)
            self.zoom_to(1.0, line.until("misses"))
            self.add(miss)
            share.refresh()  # it was made at the end of the dive
            self.play(FadeIn(share), run_time=0.5)
            line.at("close")
            self.zoom_to(self.params.closest, line.left - 0.2)
        self.readouts.add(share)
        self.miss = miss

    def name_it(self) -> None:
        card = self.jacobian_card()
        formula = equation(["J =", card], [self.notes.center[0], self.notes.center[1] - 0.1, 0])
        with self.line("name") as line:
            self.play(FadeOut(*self.readouts), run_time=0.3)
            self.remove(self.miss)
            line.at("jacobian")
            self.play(FadeIn(formula), run_time=0.6)
            self.play(Pulse(self.after, 1.12), run_time=1.0)


class Nudges(Warp):
    """Where two small nudges go: the columns of the Jacobian."""

    class Params(WarpParams):
        nudge: float = Field(WARP_NUDGE, ge=1e-6, le=0.1, description="length of both nudges")

    def construct(self) -> None:
        nudge = self.params.nudge
        view = self.two_planes(1.3 * nudge)
        dim(view.before, 0.5)
        dim(view.after, 0.5)
        self.dots = VGroup(dot(view.source.at(ORIGIN)), dot(view.image.at(ORIGIN)))
        self.card = self.jacobian_card()
        self.formula = equation(["J =", self.card], self.notes.center + DOWN * 0.1)
        self.formula[0].set_fill(theme.color("text"))
        self.open(view, self.dots, self.formula[0], self.card.brackets)
        self.jacobian = WARP.jacobian(self.params.start)
        self.tips = [np.array([nudge, 0.0]), np.array([0.0, nudge])]
        self.images = [view.close(tip) for tip in self.tips]
        self.first_column()
        self.second_column()
        self.mix()
        self.read_the_rows()

    def column(self, index: int) -> VGroup:
        return VGroup(self.card.entry(0, index), self.card.entry(1, index))

    def push(self, index: int, seconds: float) -> None:
        """Nudge one input: the arrow grows on the left, and its image on the right with it."""
        role = ("first", "second")[index]
        before, after = self.view.arrows(ORIGIN, self.tips[index], role)
        self.add(before, after)
        name = Formula(typst_number(self.params.nudge, 6, trim=True), theme.LABEL, role)
        label_beside(name, (before.start + before.end) / 2, (DOWN, LEFT)[index], 0.12)
        self.play(before.grow(), after.grow(), FadeIn(name), run_time=seconds)
        self.bring_to_front(self.dots)
        self.pushed = (before, after, name)

    def answers(self, index: int) -> tuple[VGroup, VGroup]:
        """The legs of an image arrow with their lengths: across, and up."""
        role = ("first", "second")[index]
        image, lens = self.images[index], self.view.image
        corner = np.array([image[0], 0.0])
        legs = (ORIGIN, corner), (corner, image)
        parts = []
        for (start, end), value, side in zip(legs, image, (DOWN, RIGHT), strict=True):
            number = rounded(value, 3, trim=True)
            relation = "" if rounded(value, 6).exact and number.exact else "approx "
            name = Formula(relation + typst_number(value, 2, trim=True), theme.LABEL, role)
            middle = (lens.at(start) + lens.at(end)) / 2
            parts.append(
                VGroup(dashed(lens.at(start), lens.at(end), role), label_beside(name, middle, side, 0.14))
            )
        return parts[0], parts[1]

    def first_column(self) -> None:
        with self.line("first") as line:
            line.at("push")
            self.push(0, line.until("nudge", says=self.params.nudge))
            across, up = self.answers(0)
            line.at("across", says=self.images[0][0])
            self.play(FadeIn(across), run_time=0.6)
            line.at("up", says=self.images[0][1])
            self.play(FadeIn(up), run_time=0.6)
        self.first_arrows, self.first_name = self.pushed[:2], self.pushed[2]
        with self.line("column") as line:
            six, two = self.column(0)
            line.at("six", says=self.jacobian[0, 0])
            self.play(
                Pulse(across[1], 1.2), FadeIn(six), run_time=line.until("two", says=self.jacobian[1, 0])
            )
            self.play(Pulse(up[1], 1.2), FadeIn(two), run_time=0.5)
            line.at("column")
            self.play(Pulse(self.column(0), 1.2))
        self.legs = (across, up)

    def second_column(self) -> None:
        with self.line("second") as line:
            self.play(FadeOut(*self.legs), run_time=0.2)
            self.push(1, line.until("same", says=self.params.nudge) + 0.3)
            across, up = self.answers(1)
            line.at("across", says=self.images[1][0])
            self.play(FadeIn(across), run_time=0.5)
            line.at("up", says=self.images[1][1])
            self.play(FadeIn(up), run_time=0.5)
            line.at("column")
            self.play(FadeIn(self.column(1)), run_time=0.4)
        self.legs = (across, up)

    def mix(self) -> None:
        """A nudge that turns: its image is always the same mixture of the two columns."""
        view, nudge = self.view, self.params.nudge
        angle = ValueTracker(0.0)
        before, after = view.arrows(ORIGIN, self.tips[0], "step")

        def turn(_: VMobject) -> None:
            tip = nudge * np.array([np.cos(angle.get_value()), np.sin(angle.get_value())])
            before.put(view.source.at(ORIGIN), view.source.at(tip))
            after.put(view.image.at(ORIGIN), view.image.at(view.close(tip)))

        turns = np.linspace(0, tau, 121)
        circle = nudge * np.column_stack([np.cos(turns), np.sin(turns)])
        rings = view.shape(lambda: circle, "step", theme.LINE)
        pair = VGroup(before, after)
        pair.add_updater(turn, call_updater=True)
        with self.line("mix") as line:
            self.play(FadeOut(*self.legs, self.first_name, self.pushed[2]), run_time=0.4)
            line.at("mixture")
            self.play(FadeIn(pair), Create(rings[0]), Create(rings[1]), run_time=0.7)
            self.play(angle.animate.set_value(tau), run_time=line.until("all"))
            self.play(Pulse(self.card, 1.1))
            self.play(FadeOut(pair, *rings), run_time=0.4)

    def read_the_rows(self) -> None:
        names = []
        for row, output in enumerate("uv"):
            entry = self.card.entry(row, 0)
            name = Formula(f"nabla {output}^top", theme.LABEL, "gradient")
            name.next_to(self.card.brackets, RIGHT, buff=0.35).set_y(entry.get_y())
            names.append(name)
        rows = [VGroup(self.card.entry(row, 0), self.card.entry(row, 1)) for row in (0, 1)]
        with self.line("rows") as line:
            line.at("rows")
            self.play(FadeIn(names[0]), Dim(rows[1], level=0.35))
            line.at("other")
            self.play(FadeIn(names[1]), Dim(rows[1], level=1), Dim(rows[0], level=0.35))
            self.play(Dim(rows[0], level=1))


class Area(Warp):
    """How much room the image of a square takes; where it is crushed, and where it comes out mirrored."""

    class Params(SceneParams):
        start: Annotated[Point, AfterValidator(unfolded), AfterValidator(right_of_the_fold)] = WARP_AT
        side: float = Field(
            0.4, ge=0.1, le=0.5, description="side of the square that slides across the plane"
        )

    def construct(self) -> None:
        source, image = self.two_lenses()
        self.view = self.ride = SquareRide(WARP, self.params.start, source, image, float(SQUARE_SIDES[0]))
        self.ratio = self.readout('"area ratio"', lambda: self.ride.area_ratio, 1)
        self.side = self.readout('"side"', lambda: self.ride.side, 0)
        self.open(self.ride, self.side, self.ratio)
        self.shrink()
        self.name_the_limit()
        self.slide_to_the_fold()
        self.slide_beyond()

    def readout(self, name: str, value: Callable[[], float], row: int, role: theme.Role = "text") -> Readout:
        place = self.notes.left + 2.9, self.notes.top - 0.62 - 0.58 * row
        return self.note(Readout(name, value, 2, cells=6, role=role), *place, row)

    def shrink(self) -> None:
        ride = self.ride
        with self.line("big") as line:
            line.at("side", says=ride.side)
            self.play(Pulse(ride.square[0], 1.12))
            line.at("ratio", says=ride.area_ratio)
            self.play(Pulse(ride.square[1], 1.08))
        with self.line("shrink") as line:
            line.at("shrink")
            seconds = line.until("limit", says=ride.area_factor)
            self.play(ride.shrink_to(float(SQUARE_SIDES[-1]), seconds))
            self.play(Pulse(self.ratio, 1.15))

    def name_the_limit(self) -> None:
        self.det = self.readout("det J", lambda: self.ride.area_factor, 2, "gradient")
        with self.line("det") as line:
            line.at("det")
            self.play(FadeIn(self.det), run_time=0.5)
            self.play(Pulse(self.ride.square[1], 1.08), run_time=1.0)

    def slide_to_the_fold(self) -> None:
        ride = self.ride
        self.goal = np.array(FOLD_AT) - np.array(self.params.start)
        self.beyond = self.goal - [BEYOND_THE_FOLD, 0]
        zero = ride.factor_at(self.goal)
        with self.line("slide") as line:
            self.play(FadeOut(self.side, self.ratio), run_time=0.3)
            line.at("slide")
            self.play(ride.widen(self.params.side, [ORIGIN, self.goal, self.beyond], 1.6))
            self.play(ride.slide_to(0.45 * self.goal, line.until("weaker")))
            self.play(Pulse(self.det, 1.12), run_time=0.5)
            self.play(ride.slide_to(0.75 * self.goal, line.left - 0.1))
        fold = ride.fold(zero)
        name = Formula(f"det J = {typst_number(zero, 0)}", theme.SMALL, "error")
        area = ride.source.area
        sample = stroke(
            [area.left, area.bottom - 0.3], [area.left + 0.5, area.bottom - 0.3], "error", theme.STICK
        )
        name.next_to(sample, RIGHT, buff=0.2)
        with self.line("flat") as line:
            self.play(FadeIn(fold, sample, name), run_time=0.4)
            self.bring_to_front(ride.square, ride.letters)
            self.play(ride.slide_to(self.goal, line.until("zero", says=zero)))
            line.at("flat")
            self.play(Pulse(self.det, 1.15))

    def slide_beyond(self) -> None:
        with self.line("mirror") as line:
            self.play(self.ride.slide_to(self.beyond, line.until("mirrored"), CLOSER))
            self.play(Pulse(self.ride.letters[1], 1.25), run_time=0.9)
            line.at("negative")
            self.play(Pulse(self.det, 1.15))


class TwoWarps(Warp):
    """Two nudges pass through two maps; the second Jacobian must be read where the first map leads."""

    class Params(WarpParams):
        nudge: float = Field(WARP_NUDGE, ge=1e-6, le=0.05, description="length of both nudges")

    def construct(self) -> None:
        above, below = self.zones.wide.rows(0.66, 0.34, gap=0.15)
        first, second, self.notes = above.columns(0.29, 0.39, 0.32)
        outputs: tuple[theme.Role, theme.Role] = ("function", "function")
        lenses = Lens(first, ("x", "y")), Lens(second, ("u", "v"), outputs), Lens(below, ("z", "w"), outputs)
        self.chain = MapChain(WARP, SECOND_WARP, self.params.start, self.params.nudge, lenses)
        self.links = self.chain.links("f", "g")
        exact = chain_maps(SECOND_WARP, WARP, self.params.start)
        self.inner, self.outer, self.product = (
            np.array(matrix.tolist(), dtype=float) for matrix in (exact.inner, exact.outer, exact.product)
        )
        self.open(self.chain, self.links)
        self.follow_the_nudges()
        self.read_at_the_right_place()
        self.multiply()

    def follow_the_nudges(self) -> None:
        chain = self.chain
        start, middle, end = arrows = [chain.arrows(stage) for stage in range(3)]
        for pair in arrows:
            pair.stays = True
        columns = chain.columns(1, self.inner, (RIGHT, UP))
        products = chain.columns(2, self.product, (RIGHT, RIGHT))
        with self.line("first") as line:
            line.at("follow")
            self.add(start)
            self.bring_to_front(chain.dots)
            self.play(*(arrow.grow() for arrow in start), Pulse(self.links[0], 1.2), run_time=0.9)
            self.add(middle)
            self.bring_to_front(chain.dots)
            self.play(*(arrow.grow() for arrow in middle), run_time=line.until("columns"))
            self.play(FadeIn(columns), run_time=0.5)
        with self.line("second") as line:
            self.play(Pulse(self.links[1], 1.3), run_time=0.8)
            self.add(end)
            self.bring_to_front(chain.dots)
            self.play(*(arrow.grow() for arrow in end), run_time=line.until("far"))
            self.play(FadeIn(products), run_time=0.5)

    def read_at_the_right_place(self) -> None:
        chain = self.chain
        there, here, _ = chain.place_names()
        start, image, _ = chain.places
        self.rule = Formula("J = {outer: J_g (f(bold(x)))} {inner: J_f (bold(x))}", theme.LABEL)
        self.rule.move_to([self.notes.center[0], self.notes.top - 0.7, 0])
        with self.line("place") as line:
            line.at("are")
            self.play(Pulse(chain.dots[1], 2.2), run_time=0.6)
            self.play(FadeIn(here), run_time=line.until("u", says=image[0]))
            line.at("v", says=image[1])
            self.play(FadeIn(self.rule), run_time=0.5)
            self.play(Pulse(self.rule.part("outer"), 1.2))
        strays = chain.stray_arrows()
        note = Text("read at the start", theme.SMALL, "error").halo()
        note.next_to(strays[0].get_corner(UP + RIGHT), RIGHT, buff=0.65)
        sign = cross(strays[0].get_corner(UP + RIGHT) + RIGHT * 0.38, 0.26)
        with self.line("ghost") as line:
            line.at("back")
            self.play(Pulse(chain.dots[0], 2.2), run_time=line.until("x", says=start[0]))
            self.play(FadeIn(there), run_time=line.until("y", says=start[1]))
            self.play(FadeIn(strays), run_time=0.5)
            line.at("misses")
            self.play(FadeIn(sign, note), run_time=0.4)
        self.wrong = (strays, sign, there, note)

    def multiply(self) -> None:
        outer, inner, product = (
            MatrixCard(matrix, "text", 2, theme.LABEL) for matrix in (self.outer, self.inner, self.product)
        )
        for card in (outer, inner, product):
            card.remove(card.shape_note)
        row = equation([outer, inner, "=", paint_columns(product)], self.notes.center, theme.LABEL)
        paint_columns(inner)
        with self.line("product") as line:
            self.play(FadeOut(*self.wrong), run_time=0.3)
            self.play(FadeIn(inner), run_time=line.until("multiply"))
            self.play(FadeIn(outer), run_time=0.4)
            self.play(FadeIn(row[2:]), run_time=0.4)
            line.at("is")
            self.play(Pulse(self.rule.part("outer"), 1.2))


class Knife(LectureScene):
    """An upright cut through a surface, turned: both axes bend up, and yet there is a way down."""

    def construct(self) -> None:
        self.lay_out()
        self.open(self.ground, self.walker, self.cut.frame_box, self.cut.axes)
        self.cut_along_the_axes()
        self.guess()
        self.turn_between()
        self.gather_in_a_matrix()

    def lay_out(self) -> None:
        left, right = self.zones.split(0.52, 0.48)
        self.upper, lower = right.rows(0.45, 0.55, gap=0.2)
        self.dial = CurvatureDial(KNIFE, np.array(ORIGIN))
        self.angle = ValueTracker(0.0)
        heights = KNIFE(TABLE.grid(41, 41))
        span = float(heights.min()), float(heights.max())
        self.ground = Surface(KNIFE, TABLE, span, left, turn=OVER_THE_PASS, relief=0.7, cells=14)
        self.walker = self.ground.walker(*ORIGIN)
        self.knife = Blade(self.ground, ORIGIN, self.angle.get_value)
        self.readings = VGroup()
        high, low = self.dial.extremes
        self.wave = CurvatureWave(self.dial, lower, self.angle.get_value, (low, high))
        self.cut = CutView(self.knife, (span[0] - 0.5, span[1]), 1.45, self.upper)
        area = self.cut.area
        self.number = Readout('"curvature"', lambda: self.wave.curvature, 2, cells=5, role="gradient")
        self.number.place(area.left + 2.8, area.top - 0.7)

    def turn_to(self, angle: float, seconds: float) -> None:
        self.play(self.angle.animate.set_value(angle), run_time=seconds)

    def bend(self, angle: float) -> float:
        return float(self.dial.curvature_at(angle))

    def cut_along_the_axes(self) -> None:
        with self.line("surface") as line:
            line.at("middle")
            self.play(Pulse(self.walker, 1.8))
            line.at("knife")
            self.play(FadeIn(self.knife), FadeIn(self.cut), run_time=0.8)
            self.bring_to_front(self.walker)
        with self.line("axes") as line:
            self.play(FadeIn(self.wave, self.number), run_time=0.6)
            line.at("x", says=self.bend(0))
            self.mark_reading(0.0)
            line.at("turn")
            self.turn_quietly(pi / 2, line.until("y", says=self.bend(pi / 2)))
            self.mark_reading(pi / 2)

    def mark_reading(self, angle: float) -> None:
        """Leave a dot on the dial where it was read."""
        reading = dot(self.wave.at([np.degrees(angle), self.bend(angle)]), "gradient", radius=0.1)
        self.readings.add(reading)
        self.play(FadeIn(reading), Pulse(self.number, 1.12))

    def turn_quietly(self, angle: float, seconds: float) -> None:
        """Turn without looking at the cuts on the way: they come later."""
        self.play(FadeOut(self.knife), run_time=seconds / 2)
        self.angle.set_value(angle)
        self.play(FadeIn(self.knife), run_time=seconds / 2)

    def guess(self) -> None:
        with self.line("guess") as line:
            line.at("lowest")
            self.play(Pulse(self.walker, 1.8))
        with self.line("think") as line:
            ring = CountdownRing([self.zones.stage.left + 0.9, self.zones.wide.top - 0.9])
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)

    def turn_between(self) -> None:
        steepest, lowest = self.dial.extreme_angles
        with self.line("turn") as line:
            self.turn_quietly(0.0, 0.9)
            self.wave.begin()
            self.turn_to(steepest, line.until("diagonal", says=float(np.degrees(steepest))))
            line.at("high", says=self.bend(steepest))
            self.play(Pulse(self.number, 1.15))
            line.at("falls")
            self.turn_to(lowest, line.until("low", says=-self.bend(lowest)))
            self.play(Pulse(self.number, 1.15))
        self.remove(*self.readings)
        verdict = Text("saddle", theme.FORMULA)
        verdict.move_to([self.ground.zone.left + 1.3, self.ground.zone.bottom + 0.5, 0])
        with self.line("saddle") as line:
            line.at("down")
            self.play(Indicate(self.knife.cut, scale_factor=1.0, color=theme.color("text")))
            line.at("saddle")
            self.play(FadeIn(verdict), run_time=0.4)
        self.verdict = verdict

    def gather_in_a_matrix(self) -> None:
        card = MatrixCard(self.dial.hessian, "gradient", 2)
        card.remove(card.shape_note)
        center = self.upper.center
        formula = equation(["H =", card], center + UP * 0.35)
        print_ = Text("symmetric where second partials are continuous", theme.MINIMUM, "quiet")
        print_.move_to(center + DOWN * 0.95)
        with self.line("hessian") as line:
            self.play(FadeOut(self.cut, self.number, self.verdict), run_time=0.4)
            self.turn_to(pi, line.until("hessian"))
            self.play(FadeIn(formula), run_time=0.5)
            line.at("gradient")
            self.play(FadeIn(print_), run_time=0.4)
        (high, low), (steepest, lowest) = self.dial.extremes, self.dial.extreme_angles
        marks = self.wave.extreme_marks()
        with self.line("eigen") as line:
            self.turn_to(steepest, line.until("extremes"))
            line.at("high", says=high)
            self.play(FadeIn(marks[0]), run_time=0.5)
            self.turn_to(lowest, line.until("low", says=-low))
            self.play(FadeIn(marks[1]), run_time=0.5)
            line.at("right")
            cross_ = self.axes_of_bending()
            self.bring_to_front(self.walker)
            self.play(Create(cross_), run_time=0.8)

    def axes_of_bending(self) -> VGroup:
        """On the surface: the two directions of extreme curvature."""
        reach = np.linspace(-1, 1, 61)
        curves = VGroup()
        for angle in self.dial.extreme_angles:
            way = np.array([np.cos(angle), np.sin(angle)])
            line = reach[:, None] * way
            curves.add(self.ground.path(line[:, 0], line[:, 1], role="text", width=theme.STICK))
        return curves


class KnifeLoop(LoopScene, Knife):
    """The knife turns half around: after that it makes the same cut again."""

    def construct(self) -> None:
        self.lay_out()
        self.wave.close()
        self.add(self.ground, self.cut, self.wave, self.number, self.knife, self.walker)
        with self.once_around() as line:
            self.play(self.angle.animate(rate_func=linear).set_value(pi), run_time=line.left)
        self.angle.set_value(0.0)  # the same cut, drawn from the same side


class Test(LectureScene):
    """Four places on a level: what the Hessian says of them, and where it keeps silent."""

    def construct(self) -> None:
        self.lay_out()
        self.ask_the_level()
        self.ask_the_hessian()
        self.swap_the_quartic()
        self.skip_the_level()

    def lay_out(self) -> None:
        """A tile for each kind of ground; the one that is swapped in later has none of its own."""
        self.settle, self.angle = ValueTracker(1.0), ValueTracker(0.0)
        fields = [field for name, field in LEVEL_GROUND.items() if name != SWAPPED_IN]
        limit = max(max(np.abs(CurvatureDial(field, np.array(ORIGIN)).extremes)) for field in fields)
        self.tiles = []
        for index, (field, zone) in enumerate(zip(fields, self.zones.wide.columns(1, 1, 1, 1), strict=True)):
            side = 0.9 * (-1) ** index
            heights = QUARTIC_HEIGHTS if field is LEVEL_GROUND[SWAPPED_OUT] else None
            tile = GroundTile(
                field,
                TABLE,
                zone,
                lambda side=side: side * self.settle.get_value(),
                self.angle.get_value,
                limit,
                heights,
                OVER_THE_PASS if field is KNIFE else HOME_TURN,
            )
            self.tiles.append(tile)
        parts = [part for tile in self.tiles for part in (tile.formula, tile.ground, tile.level)]
        frames = [VGroup(tile.dial.frame_box, tile.dial.axes) for tile in self.tiles]
        self.open(*parts, *frames)

    def ask_the_level(self) -> None:
        ticks = VGroup(*(tile.tick for tile in self.tiles))
        with self.line("level") as line:
            line.at("spirit")
            self.play(*(Pulse(tile.level, 1.15) for tile in self.tiles), run_time=0.8)
            self.play(self.settle.animate.set_value(0.0), run_time=line.until("level"))
            self.play(FadeIn(ticks, lag_ratio=0.3), run_time=0.6)

    def ask_the_hessian(self) -> None:
        name = Text("curvature", theme.MINIMUM, "quiet")
        area = self.tiles[0].dial.area
        name.move_to([area.center[0], area.bottom + 0.35, 0])
        with self.line("dials") as line:
            self.play(FadeIn(*(tile.dial for tile in self.tiles), name), run_time=0.5)
            self.play(self.angle.animate.set_value(pi), run_time=line.until("up"))
            self.play(FadeIn(self.tiles[0].verdict), run_time=0.4)
            line.at("down")
            self.play(FadeIn(self.tiles[1].verdict), run_time=0.4)
            line.at("both")
            self.play(FadeIn(self.tiles[2].verdict), run_time=0.4)
        self.name = name

    def swap_the_quartic(self) -> None:
        *others, last = self.tiles
        formula = last.formula_of(LEVEL_GROUND[SWAPPED_IN])
        silent = float(np.abs(last.test.eigenvalues).max())
        with self.line("silent") as line:
            self.play(Dim(self.name, *(part for tile in others for part in tile.parts), level=0.3))
            line.at("nothing")
            self.play(FadeIn(last.verdict), run_time=0.4)
            line.at("zero", says=silent)
            self.play(Indicate(last.dial.curve, scale_factor=1.0, color=theme.color("text")))
            line.at("swap")
            self.play(FadeOut(last.formula), run_time=0.2)
            self.play(last.swap(LEVEL_GROUND[SWAPPED_IN]), FadeIn(formula), run_time=1.6)
            self.play(Pulse(last.verdict, 1.15))
        last.formula = formula

    def skip_the_level(self) -> None:
        """A curve that bends up everywhere and is level nowhere."""
        test = second_derivative_test(NEVER_LEVEL, [0.0])
        left, right = self.zones.split(0.64, 0.36)
        rise = partial_slice(NEVER_LEVEL, "x", (0,))
        top = 1.02 * float(rise(EXPONENTIAL[1]))
        cut = Cut(rise, Window(*EXPONENTIAL, -0.06 * top, top), left, EXPONENTIAL, EXPONENTIAL[0] + 1.4)
        cut.names.add(
            Formula(NEVER_LEVEL.typst, theme.FORMULA, "function").move_to(cut.area.center + [-1, 1.2, 0])
        )
        level = SpiritLevel(right.center + UP * 1.1, lambda: cut.slope / float(rise(0.0)), 3.0)
        verdict = Text(test.verdict.value, theme.FORMULA, "error").move_to(right.center + DOWN * 0.9)
        sign = cross(level.get_right() + RIGHT * 0.45)
        with self.line("never") as line:
            self.play(FadeOut(self.name, *(part for tile in self.tiles for part in tile.parts)), run_time=0.4)
            self.play(FadeIn(cut), run_time=0.5)
            self.play(Create(cut.curve), run_time=line.until("up"))
            self.play(FadeIn(cut.stick, cut.bead, level), run_time=0.4)
            self.play(cut.slide(EXPONENTIAL[1] - 0.5), run_time=line.until("tilted"))
            self.play(FadeIn(sign, verdict), run_time=0.5)
            line.at("minimum")
            self.play(cut.slide(EXPONENTIAL[0] + 2.2), run_time=line.left - 0.3)


class Shapes(LectureScene):
    """A derivative as a plug: columns for what goes in, rows for what comes out."""

    def construct(self) -> None:
        one = ScalarField(QUIZ_MAP.outputs[0], QUIZ_MAP.variables)
        jacobian = numerical_jacobian(QUIZ_MAP, QUIZ_MAP_AT).shape
        row, column = one.derivative_row(QUIZ_MAP_AT).shape, one.gradient_column(QUIZ_MAP_AT).shape
        hessian = one.hessian(QUIZ_MAP_AT).shape
        self.large = Plug(jacobian, self.zones.wide.center + DOWN * 0.3, 1.55)
        inputs, outputs = self.large.pins()
        self.words = VGroup(
            Text("inputs", theme.LABEL).next_to(inputs, UP, buff=0.25),
            Text("outputs", theme.LABEL, "function").next_to(outputs, RIGHT, buff=0.3),
        )
        self.pins = inputs, outputs
        self.open(self.large, self.words)
        self.show_the_pins()
        self.show_the_family(row, column, jacobian, hessian)

    def show_the_pins(self) -> None:
        inputs, outputs = self.pins
        rows, columns = self.large.shape
        with self.line("plug") as line:
            line.at("plug")
            self.play(Pulse(self.large, 1.08))
            line.at("columns")
            self.play(FadeIn(inputs, shift=0.2 * DOWN, lag_ratio=0.3), run_time=0.8)
            self.play(
                LaggedStart(*(Pulse(self.large.column(j), 1.12) for j in range(columns)), lag_ratio=0.3),
                run_time=1.0,
            )
            line.at("rows")
            self.play(FadeIn(outputs, shift=0.2 * RIGHT, lag_ratio=0.3), run_time=0.8)
            self.play(
                LaggedStart(*(Pulse(self.large.row(i), 1.08) for i in range(rows)), lag_ratio=0.3),
                run_time=line.left,
            )

    def show_the_family(self, *shapes: tuple[int, int]) -> None:
        tiles = self.zones.wide.inset(0.35, 0).columns(1.1, 0.7, 1.1, 1.15)
        names = ("D f", "nabla f", "J", "H")
        plugs = [Plug(shape, tile.center + UP * 0.6, 0.86) for shape, tile in zip(shapes, tiles, strict=True)]
        labels = []
        for plug, tile, name in zip(plugs, tiles, names, strict=True):
            title = Formula(name, theme.FORMULA, "gradient").set_x(tile.center[0])
            size = Formula(shape_typst(plug.shape), theme.LABEL, "quiet").set_x(tile.center[0])
            title.align_baseline(tile.bottom + 1.25)
            size.align_baseline(tile.bottom + 0.5)
            labels.append(VGroup(title, size))
        pins = [plug.pins() for plug in plugs]
        with self.line("family") as line:
            self.play(FadeOut(*self.pins, self.words), run_time=0.3)
            self.play(ReplacementTransform(self.large, plugs[2]), run_time=0.8)
            dim(plugs[3], 0.35)
            self.play(FadeIn(plugs[0], plugs[3]), Dim(plugs[2], level=0.35), run_time=0.4)
            self.play(FadeIn(*pins[0]), run_time=line.until("row"))
            self.play(FadeIn(labels[0]), run_time=0.4)
            line.at("gradient")
            self.play(TransformFromCopy(plugs[0], plugs[1]), run_time=0.8)
            self.play(FadeIn(labels[1]), run_time=0.3)
            line.at("jacobian")
            self.play(Dim(plugs[2], level=1), FadeIn(*pins[2], labels[2]), run_time=0.6)
        with self.line("hessian") as line:
            line.at("input")
            self.play(Dim(plugs[3], level=1), FadeIn(*pins[3]), run_time=line.until("square"))
            self.play(FadeIn(labels[3]), run_time=0.4)


class Quiz(QuizScene):
    """The shapes are tried as plugs: only one meets three inputs and two outputs."""

    def construct(self) -> None:
        words, picture = self.zones.split(0.52, 0.48, gap=0.6)
        outputs, inputs = numerical_jacobian(QUIZ_MAP, QUIZ_MAP_AT).shape
        self.states(shape_typst((outputs, inputs)), shape_typst((inputs, outputs)))
        cell = 1.12
        center = picture.center + LEFT * 0.6 + DOWN * 0.45
        board = PinBoard(inputs, outputs, center, cell)
        self.open(self.lay_out(words), board, board.words)
        with self.line("ask") as line:
            line.at("three", says=inputs)
            self.play(LaggedStart(*(Pulse(pin, 1.4) for pin in board.inputs), lag_ratio=0.2), run_time=0.8)
            line.at("two", says=outputs)
            self.play(LaggedStart(*(Pulse(pin, 1.4) for pin in board.outputs), lag_ratio=0.2), run_time=0.8)
            line.at("shape")
            self.play(Indicate(self.question_text, scale_factor=1.0, color=theme.color("step")))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        right, wrong = (Plug(shape, center, cell) for shape in ((outputs, inputs), (inputs, outputs)))
        with self.line("answer") as line:
            line.at("m", says=outputs)
            self.play(*self.step_forward(self.right_row), run_time=line.until("n", says=inputs))
            self.play(FadeIn(self.right_row.sign()), FadeIn(right), run_time=0.5)
            self.bring_to_front(board)
            line.at("columns")
            self.play(*board.plug_in(right), run_time=0.8)
            line.at("out")
            self.play(Pulse(right, 1.05))
        with self.line("fail") as line:
            line.at("m", says=inputs)
            self.play(Dim(self.failing_row, level=1), FadeOut(right), run_time=line.until("n", says=outputs))
            self.play(*board.pull_out(), run_time=0.4)
            line.at("swapped")
            self.play(FadeIn(wrong), FadeIn(self.failing_row.sign()), run_time=0.5)
            self.bring_to_front(board)
            self.play(*board.plug_in(wrong), run_time=0.7)
            line.at("place")
            lonely = board.inputs[-1]
            self.play(FadeIn(cross(lonely.head.get_center() + RIGHT * 0.5)), run_time=0.4)


class Answer(Warp):
    """The bending plane again: at every place a straight map of its own."""

    def construct(self) -> None:
        view = self.one_plane(self.zones.stage)
        view.share = 0.0
        view.refresh()
        self.here = np.zeros(2)
        self.open(view)
        with self.line("back") as line:
            self.send(0, 1, line.left - 0.2)
        self.lay_the_map()
        self.walk()
        self.leave()

    def lay_the_map(self) -> None:
        view = self.view
        frame = view.straight(
            lambda: outline(self.here, STEP), lambda: self.here, "gradient", theme.CURVE, 0.25
        )
        self.walker = dot(view.image.at(ORIGIN))
        self.edges = [
            Arrow(view.image.at(ORIGIN), view.image.at(ORIGIN), role) for role in ("first", "second")
        ]
        self.tile = frame
        self.put_the_edges()
        dock = self.zones.dock
        self.matrix = JacobianReadout(lambda: self.jacobian_here(), dock.center)
        with self.line("local") as line:
            self.play(FadeIn(frame, self.walker), run_time=line.until("straight"))
            self.play(Pulse(frame, 1.2))
            line.at("slope")
            self.play(FadeIn(self.matrix), run_time=0.5)

    def jacobian_here(self) -> Array:
        return np.array(WARP.jacobian(np.array(self.params.start) + self.here))

    def put_the_edges(self) -> None:
        """The columns as edges of the frame."""
        straight, image = self.view.close.linear_map(self.here), self.view.image
        foot = image.at(straight(self.here))
        for edge, way in zip(self.edges, np.eye(2) * STEP, strict=True):
            edge.put(foot, image.at(straight(self.here + way)))
        self.walker.move_to(foot)

    def walk_round(self, seconds: float) -> None:
        """Once around on the plane, back to the start."""

        def step(_: VMobject, alpha: float) -> None:
            self.here = 0.75 * REACH * np.array([np.sin(tau * alpha), (np.cos(tau * alpha) - 1) / 2])
            self.put_the_edges()
            self.view.refresh()

        self.play(UpdateFromAlphaFunc(self.view, step, rate_func=smooth), run_time=seconds)

    def walk(self) -> None:
        with self.line("walk") as line:
            line.at("walk")
            self.add(*self.edges)
            self.bring_to_front(self.walker)
            self.walk_round(line.until("nudges"))
            self.play(*(Pulse(edge, 1.3) for edge in self.edges))

    def leave(self) -> None:
        words = closing_card(
            Formula("J", 1.6 * theme.FORMULA, "gradient"),
            ["columns: where nudges go", "determinant: area", "Hessian: how it bends"],
            self.zones.dock,
        )
        with self.line("leave") as line:
            self.play(FadeOut(self.matrix), run_time=0.3)
            self.play(FadeIn(words[:2]), run_time=0.4)
            line.at("area")
            self.play(Pulse(self.tile, 1.3), FadeIn(words[2]), run_time=0.7)
            line.at("hessian")
            self.play(FadeIn(words[3]), run_time=0.4)
            line.at("bend")
            self.walk_round(line.left - 0.2)
