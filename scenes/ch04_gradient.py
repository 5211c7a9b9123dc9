"""Chapter 4, the gradient: all slopes of a hillside in one vector, and what walking against it does."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, degrees, exp, log, tau
from typing import Annotated, ClassVar

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Mobject,
    TransformFromCopy,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)
from pydantic import AfterValidator, Field

from vcalc_anim.core import (
    QuadraticForm,
    SlopeDial,
    Window,
    descend,
    gradient_flow,
    partial_slice,
    power_of_ten,
    rounded,
    subtract_shapes,
    typst_number,
    vector_grid,
    walk_level,
)
from vcalc_anim.core.examples import (
    BOWL,
    BOWL_LEARNING_RATE,
    BOWL_LEARNING_RATES,
    BOWL_START,
    BOWL_TOLERANCE,
    QUIZ_BOWL,
    QUIZ_POINT,
)
from vcalc_anim.stage import (
    Arrow,
    ContourMap,
    CountdownRing,
    Dim,
    Fog,
    Formula,
    LectureScene,
    LineClock,
    LoopScene,
    MatrixCard,
    Needle,
    Pulse,
    QuizScene,
    Readout,
    ResultTable,
    SceneParams,
    SlopeGauge,
    SlopeTriangle,
    SlopeWave,
    Text,
    Valley,
    Zone,
    ZoomMap,
    angle_arc,
    boxed,
    closing_card,
    cross,
    dashed,
    dim,
    dot,
    equation,
    label_beside,
    legend,
    opening_card,
    right_angle,
    theme,
    tick,
)

HILLSIDE = Window(-1.6, 4.8, -1.1, 3.8)  # the slope around the start, with the bottom in sight
WHOLE_BOWL = Window(-3.7, 4.0, -2.5, 2.7)
FIELD_GRID = Window(-3.45, 3.75, -2.3, 2.5)  # where the field's arrows stand, clear of the frame
FLOW_WINDOW = Window(-0.35, 3.75, -0.45, 2.55)  # close enough to tell the path from the flow
QUIZ_WINDOW = Window(-1.4, 3.0, -0.7, 3.4)

SLOPES_PER_UNIT = 6  # slopes are larger than the map, so their arrows are drawn at a sixth
SMALLEST_MARKED = 0.4  # a right angle at a shorter step would hide the step
TAIL, TAIL_PIECES = 150.0, 30  # degrees of the bright piece of a round wave; it fades in as many pieces
PASSAGE = 14.0  # degrees in which the bead passes from one end of the wave to the other
LAMP = 1.9  # radius of the lit ground in the fog
CARD = 76.0  # type size of the matrix cards

Point = tuple[float, float]


def on_slope_inside(window: Window) -> AfterValidator:
    """A point that a map with this window shows, away from the bottom, where no direction is steepest."""

    def check(point: Point) -> Point:
        if not window.contains(point):
            limits = f"x {window.x_min:g} to {window.x_max:g}, y {window.y_min:g} to {window.y_max:g}"
            raise ValueError(f"must lie on the map ({limits})")
        if not BOWL.gradient(point).any():
            raise ValueError("must not be the bottom of the bowl, where there is no slope to show")
        return point

    return AfterValidator(check)


class HillsideParams(SceneParams):
    """Where on the bowl x² + 2y² we stand."""

    start: Annotated[Point, on_slope_inside(HILLSIDE)] = BOWL_START


class Hillside(LectureScene):
    """Base of the two pictures in fog: the map, dark but for the ground around the walker's feet."""

    Params = HillsideParams

    def set_up_hillside(self) -> VGroup:
        self.slopes = SlopeDial(BOWL, np.array(self.params.start))
        self.map = ContourMap(BOWL, HILLSIDE, self.zones.stage, labels_along=None)
        self.walker = self.map.walker(self.params.start)
        self.angle = ValueTracker(self.slopes.steepest_angle - 0.9)
        self.needle = Needle(self.map, self.params.start, self.angle.get_value)
        self.fog = Fog(self.zones.stage, self.walker.get_center(), LAMP)
        self.gauge = SlopeGauge(
            self.zones.dock.inset(0.6, 0.9),
            lambda: float(self.slopes.slope_at(self.angle.get_value())),
            self.slopes.magnitude,
        )
        return VGroup(self.map.lines, self.fog, self.needle, self.walker)

    def turn_to(self, angle: float, seconds: float) -> None:
        self.play(self.angle.animate.set_value(angle), run_time=seconds)


class Blindfold(Hillside):
    """The chapter's question: one can only feel the ground, one direction after another."""

    def construct(self) -> None:
        card = opening_card(self.staging.lecture, self.zones.dock)
        self.open(self.set_up_hillside(), card)
        peak = self.slopes.steepest_angle
        with self.line("dark") as line:
            self.turn_to(peak - 1.5, line.until("ground"))
            self.play(Pulse(self.walker, 1.6))
        with self.line("probe") as line:
            self.play(FadeOut(card), run_time=0.3)
            self.play(FadeIn(self.gauge), run_time=0.3)
            self.turn_to(peak - 0.25, 1.0)
            line.at("other")
            self.turn_to(peak + 2.4, 1.4)
            line.at("every")
            self.turn_to(peak + 3.3, line.words_left)
        with self.line("ask") as line:
            line.at("up")
            self.turn_to(peak + tau - 0.9, line.words_left)


class Compass(LectureScene):
    """The slope in every direction is one cosine, and one vector knows it."""

    Params = HillsideParams
    Wave: ClassVar[type[SlopeWave]] = SlopeWave

    def construct(self) -> None:
        self.lay_out()
        self.place_the_walker()
        self.turn_once()
        self.read_the_wave()
        self.grow_the_gradient()
        self.name_it()

    def lay_out(self) -> None:
        tall = self.zones.is_tall
        left, right = self.zones.split(*((0.5, 0.5) if tall else (0.54, 0.46)))
        wave_zone, self.notes = right.rows(*((0.78, 0.22) if tall else (0.74, 0.26)), gap=0.3)
        start = self.params.start
        self.slopes = SlopeDial(BOWL, np.array(start))
        self.angle = ValueTracker(0.0)
        self.map = ContourMap(BOWL, HILLSIDE, left)
        self.walker = self.map.walker(start)
        self.needle = Needle(self.map, start, self.angle.get_value)
        self.wave = self.Wave(self.slopes, wave_zone, self.angle.get_value)
        places = ((0.2, -0.55), (0.66, -0.55)) if tall else ((0.52, -0.55), (0.52, -1.2))
        first, second = (
            (self.notes.left + share * self.notes.width, self.notes.top + y) for share, y in places
        )
        self.numbers = VGroup(
            Readout("phi", lambda: self.wave.degrees, 0, cells=5, unit="°").place(*first),
            Readout('"slope"', lambda: self.wave.slope, 2, cells=6, role="gradient").place(*second),
        )
        self.bowl = Formula(f"f(x, y) = {BOWL.typst}").move_to(right.center)
        self.open(self.map, self.walker)

    def place_the_walker(self) -> None:
        x, y = self.params.start
        place = Formula(f"({typst_number(x, 1, trim=True)}, {typst_number(y, 1, trim=True)})", theme.LABEL)
        label_beside(place, self.walker.get_center(), DOWN + RIGHT * 0.4)
        contour = self.map.contour_through(self.params.start)
        with self.line("map") as line:
            line.at("bowl")
            self.play(FadeIn(self.bowl))
            line.at("lines")
            self.play(Create(contour), run_time=1.4)
            self.bring_to_front(self.walker)
            line.at("stand")
            self.play(Pulse(self.walker, 1.7), FadeIn(place), run_time=line.until("x", says=x))
            line.at("y", says=y)
        with self.line("probe") as line:
            self.play(FadeOut(contour, place, self.bowl), FadeIn(self.needle))
            line.at("dial")
            self.play(FadeIn(self.wave, self.numbers))

    def turn_to(self, angle: float, seconds: float) -> None:
        self.play(self.angle.animate.set_value(angle), run_time=seconds)

    def turn_once(self) -> None:
        peak = self.slopes.steepest_angle
        top, level, bottom = self.slopes.slope_at(peak + np.array([0, tau / 4, tau / 2]))
        with self.line("turn") as line:
            self.turn_to(peak / 3, line.left)
        with self.line("peak") as line:
            self.turn_to(peak, line.until("top", says=top))
            self.turn_to(peak + tau / 4, line.until("level", says=level))
            self.turn_to(peak + tau / 2, line.until("bottom", says=-bottom))
            self.turn_to(tau, line.until("home"))

    def read_the_wave(self) -> None:
        with self.line("cosine") as line:
            line.at("wave")
            self.play(Indicate(self.wave.curve, scale_factor=1.0, color=theme.color("text")))
            line.at("high")
            self.play(Create(self.wave.height_mark), run_time=0.6)
            line.at("where")
            self.play(FadeIn(self.wave.place_mark), run_time=0.6)

    def grow_the_gradient(self) -> None:
        slopes = SlopeTriangle(self.map, self.slopes, 1 / SLOPES_PER_UNIT)
        shorter = rounded(SLOPES_PER_UNIT, 0).text
        note = Text(f"arrows drawn {shorter} times shorter", theme.MINIMUM, "quiet")
        note.next_to(self.map.frame_box, UP, buff=0.15, aligned_edge=RIGHT)
        x_slope, y_slope = self.slopes.gradient
        with self.line("axes") as line:
            self.turn_to(0.0, line.until("six", says=x_slope))
            self.play(FadeIn(slopes.along_x, slopes.x_name, note), run_time=0.6)
            self.turn_to(tau / 4, line.until("eight", says=y_slope))
            self.play(FadeIn(slopes.along_y, slopes.y_name), run_time=0.6)
        self.gradient, self.slope_names = slopes.total, VGroup(slopes.x_name, slopes.y_name)
        with self.line("arrow") as line:
            line.at("vector")
            self.play(self.gradient.grow(), run_time=0.8)
            self.bring_to_front(self.needle, self.walker)
            self.turn_to(self.slopes.steepest_angle, line.until("peak"))
            self.play(Pulse(self.wave.bead, 1.6))
            line.at("length", says=self.slopes.magnitude)
            self.play(Indicate(self.wave.height_mark, scale_factor=1.0, color=theme.color("step")))

    def name_it(self) -> None:
        x, y = (typst_number(value, 2, trim=True) for value in self.slopes.gradient)
        size = theme.LABEL + 4
        gradient = Formula(
            f"{{g: nabla f}} = vec({{x: {x}}}, {{y: {y}}})", size, g="gradient", x="first", y="second"
        )
        product = Formula('{s: "slope"} = {g: nabla f} dot.c bold(u)', size, s="gradient", g="gradient")
        VGroup(gradient, product).arrange(RIGHT, buff=0.7).move_to(self.notes.center)
        label = label_beside(Formula("nabla f", theme.LABEL, "gradient"), self.gradient.end, UP, buff=0.08)
        with self.line("name") as line:
            line.at("gradient")
            self.play(FadeOut(self.numbers), FadeIn(label), run_time=0.4)
            self.play(FadeIn(gradient), run_time=0.6)
            line.at("dot")
            self.play(FadeOut(self.slope_names), FadeIn(product, self.needle.letter("bold(u)")), run_time=0.6)
            self.turn_to(self.slopes.steepest_angle + tau, line.left - 0.2)


class RoundWave(SlopeWave):
    """The wave of a turn without end: all of it stands there faintly, and a bright piece follows the bead around."""

    def __init__(self, slopes: SlopeDial, zone: Zone, angle: Callable[[], float]) -> None:
        super().__init__(slopes, zone, angle)
        degrees = np.linspace(0, 360, 181)
        whole = self.path(np.column_stack([degrees, slopes.slope_at(np.radians(degrees))]), "gradient")
        self.curve.clear_updaters()
        self.curve.clear_points()
        self.tail = VGroup(
            *(self.path(np.zeros((0, 2)), "gradient", theme.STICK) for _ in range(TAIL_PIECES))
        )
        self.twin = (
            self.bead.copy().clear_updaters()
        )  # comes in at one end while the bead goes out at the other
        self.add(whole.set_stroke(theme.shade("gradient", 0.15)), self.tail, self.twin, self.bead)
        self.add_updater(lambda wave: wave.follow(), call_updater=True)

    @property
    def degrees(self) -> float:
        return degrees(self._angle()) % 360

    def follow(self) -> None:
        """Lay the bright piece behind the bead, and share the bead between both ends near them."""
        here = self.degrees
        for index, piece in enumerate(self.tail):
            ends = here - TAIL * (1 - np.array([index, index + 1]) / TAIL_PIECES)
            angles = np.linspace(*ends, 6)
            angles -= 360 * np.floor(ends.mean() / 360)
            self.set_path(piece, np.column_stack([angles, self.slopes.slope_at(np.radians(angles))]))
            piece.set_stroke(theme.shade("gradient", 0.15 + 0.85 * (index + 1) / TAIL_PIECES))
        nearest = min(here, 360 - here)
        shown = min(1.0, 0.5 + 0.5 * nearest / PASSAGE)
        self.twin.move_to(self.at([360.0 if here < 180 else 0.0, self.slopes.slope_at(0.0)]))
        for bead, share in ((self.bead, shown), (self.twin, 1 - shown)):
            bead.set_fill(opacity=share).set_stroke(opacity=share, background=True)


class CompassLoop(LoopScene, Compass):
    """The needle turns without end, and the bead goes along the cosine: it closes by nature."""

    Wave = RoundWave

    def construct(self) -> None:
        self.lay_out()
        self.add(self.needle, self.wave, self.numbers)
        self.bring_to_front(self.walker)
        with self.once_around() as line:
            self.play(self.angle.animate(rate_func=linear).set_value(tau), run_time=line.left)


class Sideways(LectureScene):
    """Zoomed in, contours are parallel lines: nothing changes along them, most across them."""

    class Params(HillsideParams):
        closest: float = Field(0.25, gt=1e-4, lt=2, description="width of the window at the end of the zoom")

    def construct(self) -> None:
        self.start = self.here = np.array(self.params.start)
        self.slopes = SlopeDial(BOWL, self.start)
        self.log_width = ValueTracker(
            log(HILLSIDE.width)
        )  # in a second, every width shrinks by the same factor
        self.map = ZoomMap(BOWL, self.start, self.zones.stage, HILLSIDE.width)
        self.walker = self.map.walker()
        self.open(self.map, self.readouts(), self.walker)
        with self.line("zoom") as line:
            self.map.add_updater(lambda picture: picture.zoom_to(exp(self.log_width.get_value())))
            self.play(self.log_width.animate.set_value(log(self.params.closest)), run_time=line.left - 0.3)
            self.map.clear_updaters()
        with self.line("along") as line:
            self.there_and_back(self.along, line, line.until("still"))
        with self.line("across") as line:
            self.there_and_back(self.across, line, line.until("fast"))
        self.show_the_angle()

    def readouts(self) -> VGroup:
        dock = self.zones.dock
        size = 1.4 * theme.FORMULA
        self.height = Readout("f", lambda: float(BOWL(self.here)), 2, cells=5, size=size, role="function")
        width = Readout('"width of view"', lambda: exp(self.log_width.get_value()), 2, cells=4)
        return VGroup(
            self.height.place(dock.left + 1.4, dock.top - 1.6), width.place(dock.left + 3.0, dock.top - 2.7)
        )

    def along(self, share: float) -> np.ndarray:
        """A point on the contour itself: the level curve, not its tangent."""
        return walk_level(BOWL, self.start, 0.27 * self.params.closest * share)

    def across(self, share: float) -> np.ndarray:
        return self.start + 0.27 * self.params.closest * share * self.slopes.steepest

    def there_and_back(self, path: Callable[[float], np.ndarray], line: LineClock, seconds: float) -> None:
        """Walk out along *path* in *seconds*, point at the height, walk back in the rest of the line."""

        def out(walker: VMobject, share: float) -> None:
            self.here = path(share)
            walker.move_to(self.map.at(self.here))

        self.play(UpdateFromAlphaFunc(self.walker, out), run_time=seconds)
        self.play(Pulse(self.height, 1.12))
        self.play(
            UpdateFromAlphaFunc(self.walker, lambda m, share: out(m, 1 - share)), run_time=line.left - 0.1
        )

    def show_the_angle(self) -> None:
        feet, reach = self.map.at(self.start), 2.1
        up, level = (np.append(v, 0) * reach for v in (self.slopes.steepest, self.slopes.level))
        gradient, sideways = Arrow(feet, feet + up, "gradient"), Arrow(feet, feet + level, "text")
        gradient_name = label_beside(Formula("nabla f", theme.LABEL, "gradient"), gradient.end, UP)
        level_name = label_beside(Text("level", theme.LABEL), sideways.end, DOWN + LEFT)
        with self.line("angle") as line:
            self.play(sideways.grow(), FadeIn(level_name), run_time=0.6)
            self.play(gradient.grow(), FadeIn(gradient_name), run_time=0.6)
            self.bring_to_front(self.walker)
            line.at("right")
            self.play(Create(right_angle(feet, up, level, size=0.34)), run_time=0.6)
        g, t = self.slopes.gradient, self.slopes.level * self.slopes.magnitude
        gx, gy, tx, ty = (typst_number(v, 2, trim=True) for v in (*g, *t))
        product = Formula(
            f"{{g: vec({gx}, {gy})}} dot.c {{t: vec({tx}, {ty})}} {{r: = {typst_number(g @ t, 0)}}}",
            g="gradient",
        )
        dock = self.zones.dock
        product.set_x(dock.center[0]).set_y(dock.bottom + 1.9)
        condition = Formula('"where" nabla f eq.not bold(0)', theme.SMALL, "quiet").next_to(
            product, DOWN, buff=0.4
        )
        with self.line("numbers") as line:
            line.at("x", says=g[0])
            self.play(FadeIn(product.part("g")), run_time=0.4)
            line.at("y", says=g[1])
            line.at("turned", says=t[0])
            self.play(
                FadeIn(*[m for m in product if m not in product.part("g") and m not in product.part("r")]),
                run_time=line.until("six", says=t[1]),
            )
            line.at("zero", says=float(g @ t))
            self.play(FadeIn(product.part("r"), condition), run_time=0.5)


class DescentParams(SceneParams):
    """Simulation 3: gradient descent on the bowl."""

    start: Annotated[Point, on_slope_inside(FIELD_GRID)] = BOWL_START
    alpha: float = Field(BOWL_LEARNING_RATE, ge=0, le=5, description="the learning rate")
    steps: int = Field(6, ge=0, le=200, description="how many steps are taken")


class Descent(LectureScene):
    """Each step leaves at a right angle to its contour; none aims at the bottom."""

    Params = DescentParams

    def construct(self) -> None:
        self.lay_out()
        self.open(self.map, self.walker)
        self.show_the_field()
        self.guess()
        self.first_step()
        with self.line("second") as line:
            self.play(*(FadeOut(mark) for mark in self.marks_of_first_step), Pulse(self.walker), run_time=0.4)
            self.take_step(line.until("again"))
            line.at("shorter")
            for left in range(len(self.run) - self.count, 0, -1):
                self.take_step(min(0.8, line.words_left / left))
        with self.line("feel") as line:
            line.at("feel")
            self.play(Pulse(self.walker, 1.6))

    def lay_out(self) -> None:
        self.run = descend(BOWL, self.params.start, self.params.alpha, self.params.steps)
        self.map = ContourMap(BOWL, WHOLE_BOWL, self.zones.stage)
        self.walker = self.map.walker(self.params.start)
        self.count = 0

    def field(self) -> VGroup:
        return self.map.field_arrows(vector_grid(BOWL, FIELD_GRID, 11, 8).reversed(), 11)

    def show_the_field(self) -> None:
        dock = self.zones.dock
        arrows = self.field()
        name = Formula('"descent field" -nabla f', theme.LABEL, "gradient")
        note = Text("brighter = steeper", theme.SMALL, "quiet")
        name.set_x(dock.center[0]).set_y(dock.top - 0.7)
        note.next_to(name, DOWN, buff=0.3)
        self.rule = Formula("bold(x) arrow.l bold(x) - {a: alpha} {g: nabla f}", a="step", g="gradient")
        self.rule.set_x(dock.center[0]).set_y(dock.top - 0.6)
        with self.line("field") as line:
            line.at("around")
            self.bring_to_back(arrows)
            self.play(FadeIn(arrows, lag_ratio=0.02), FadeIn(name), run_time=1.2)
            line.at("bright")
            self.play(FadeIn(note))
        with self.line("rule") as line:
            line.at("write")
            self.play(FadeOut(name, note), Dim(arrows, level=0.45), run_time=0.4)
            self.play(FadeIn(self.rule, self.numbers()), run_time=0.6)
            line.at("alpha")
            self.play(Pulse(self.rule.part("a"), 1.5))

    def numbers(self) -> VGroup:
        run, dock = self.run, self.zones.dock
        rows = (
            Readout("alpha", lambda: self.params.alpha, 3, cells=5, role="step"),
            Readout('"step"', lambda: self.count, 0, cells=3),
            Readout("x", lambda: run.points[self.count][0], 3, cells=7, role="first"),
            Readout("y", lambda: run.points[self.count][1], 3, cells=7, role="second"),
            Readout("f", lambda: run.values[self.count], 2, cells=7, role="function"),
        )
        for index, row in enumerate(rows):
            row.place(dock.left + 1.7, dock.top - 1.85 - 0.72 * index)
        return VGroup(*rows)

    def guess(self) -> None:
        with self.line("guess") as line:
            line.at("land")
            self.play(Pulse(self.walker, 1.7))
        with self.line("think") as line:
            ring = CountdownRing([self.zones.dock.center[0], self.zones.dock.bottom + 0.5])
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)

    def first_step(self) -> None:
        self.marks_of_first_step = VGroup()
        with self.line("first") as line:
            square = self.take_step(0.8)
            line.at("right")
            if square is not None:
                self.play(Pulse(square, 1.5))
            line.at("aim")
            if self.run.steps[:1].any():
                self.marks_of_first_step = self.aim_marks()
                self.play(FadeIn(self.marks_of_first_step))

    def take_step(self, seconds: float) -> VMobject | None:
        """Walk one step: the right angle where it starts, the arrow, the landing. None when nothing is marked."""
        arrow = self.map.step_arrow(self.run, self.count) if self.count < len(self.run) else None
        if arrow is None or not self.run.steps[self.count].any():  # the run is over, arrived, or off the map
            self.count = min(self.count + 1, len(self.run))
            return None
        contour = self.map.contour_through(self.run.points[self.count])
        square = self.map.leaves_square(self.run, self.count)
        landing = arrow.end
        is_marked = np.linalg.norm(landing - arrow.start) > SMALLEST_MARKED
        self.play(FadeIn(contour, square) if is_marked else FadeIn(contour), run_time=seconds * 0.3)
        self.add(arrow)
        self.bring_to_front(self.walker)
        self.play(arrow.grow(), self.walker.animate.move_to(landing), run_time=seconds * 0.6)
        self.count += 1
        self.play(FadeOut(contour), run_time=seconds * 0.1)
        return square if is_marked else None

    def aim_marks(self) -> VGroup:
        """The straight line to the minimum, and by how much the first step misses it."""
        lowest = QuadraticForm.of(BOWL).minimum
        start, target = self.map.at(self.run.points[0]), self.map.at(lowest)
        miss = rounded(degrees(self.run.aim_error(0, lowest)), 1)
        name = Text(f"{miss.text}° off", theme.LABEL, "error")
        return VGroup(
            dashed(start, target, "text"),
            Circle(radius=0.13, color=theme.color("text"), stroke_width=theme.LINE).move_to(target),
            angle_arc(start, self.map.vector(self.run.steps[0]), target - start, 1.0),
            label_beside(name, (start + target) / 2, UP + LEFT, 0.1),
        )


class DescentLoop(LoopScene, Descent):
    """Down to the bottom; there the walker fades, and stands at the start again."""

    def construct(self) -> None:
        self.lay_out()
        numbers = self.numbers().set_y(self.zones.dock.center[1])
        self.add(dim(self.field(), 0.45), self.map, numbers, self.walker)
        still = set(self.mobjects)
        with self.once_around() as line:
            on_the_map = int(np.sum(self.map.window.contains(self.run.points[:-1])))
            pace = (line.left - 2.0) / max(on_the_map, 1)
            for _ in range(on_the_map):
                self.step(pace)
            self.hold(0.5)
            self.come_back([mark for mark in self.mobjects if mark not in still], 1.1)

    def step(self, seconds: float) -> None:
        self.take_step(seconds)

    def come_back(self, trail: list[Mobject], seconds: float) -> None:
        """All that the walk left behind fades, and the walker with it, while a new one comes to the start."""
        old = self.walker.copy()
        self.add(old)
        self.walker.move_to(self.map.at(self.params.start))
        self.count = 0
        self.play(FadeOut(old, *trail), FadeIn(self.walker), run_time=seconds)
        self.bring_to_front(self.walker)


class RunawayParams(DescentParams):
    """The same bowl with a learning rate above the limit, from close to the valley's floor."""

    start: Annotated[Point, on_slope_inside(FIELD_GRID)] = (BOWL_START[0], 0.6)
    alpha: float = Field(BOWL_LEARNING_RATES[-1], ge=0, le=5, description="the learning rate")
    steps: int = Field(20, ge=0, le=200, description="how many steps are taken at most")


class RunawayLoop(DescentLoop):
    """The warning: across the valley, each leap is larger than the last, until the walker is off the map."""

    Params = RunawayParams
    last: Arrow | None = None

    def step(self, seconds: float) -> None:
        """One leap; only its own arrow is seen, as all of them lie on one line."""
        arrow = self.map.step_arrow(self.run, self.count)
        if arrow is None:
            return
        contour = self.map.contour_through(self.run.points[self.count])
        self.play(FadeIn(contour), run_time=seconds * 0.3)
        self.add(arrow)
        self.bring_to_front(self.walker)
        gone, landing = [] if self.last is None else [FadeOut(self.last)], arrow.end
        self.play(arrow.grow(), self.walker.animate.move_to(landing), *gone, run_time=seconds * 0.5)
        self.count += 1
        self.play(FadeOut(contour), run_time=seconds * 0.2)
        self.last = arrow


class Springs(LectureScene):
    """Along each axis a step multiplies by its own factor: the steep one limits α, the flat one takes its time."""

    class Params(SceneParams):
        start: Annotated[Point, on_slope_inside(FIELD_GRID)] = BOWL_START
        rates: tuple[float, float, float, float, float, float] = BOWL_LEARNING_RATES

    def construct(self) -> None:
        self.form = QuadraticForm.of(BOWL)
        self.build_valleys()
        self.open(*self.valleys, *self.headings)
        with self.line("split") as line:
            line.at("x", says=self.form.eigenvalues[0])
            self.play(Pulse(self.headings[0], 1.25))
            line.at("y", says=self.form.eigenvalues[1])
            self.play(Pulse(self.headings[1], 1.25))
        self.fill_the_table()
        self.name_the_limit()

    def build_valleys(self) -> None:
        """The bowl cut along each axis: the same heights, but one valley is steeper."""
        header, floor = self.zones.stage.rows(0.13, 0.87, gap=0.1)
        start = np.array(self.params.start)
        slices = [partial_slice(BOWL, name, self.form.minimum.tolist()) for name in "xy"]
        reach = 1.35 * float(np.abs(start).max())
        height = 3.2 * max(float(cut(start[axis])) for axis, cut in enumerate(slices))
        window = Window(-reach, reach, -0.05 * height, height)
        self.valleys, self.headings = [], []
        for axis, zone in enumerate(floor.columns(1, 1, gap=0.3)):
            name, role = (("x", "first"), ("y", "second"))[axis]
            valley = Valley(slices[axis], window, zone, name, role)
            valley.load(start[axis : axis + 1])
            rule = Formula(f"{name} arrow.l ({self.factor(axis)}) {name}", theme.LABEL, role, a="step")
            self.headings.append(rule.set_x(valley.area.center[0]).set_y(header.center[1]))
            self.valleys.append(valley)
        self.heading_places = [heading.get_center() for heading in self.headings]

    def fill_the_table(self) -> None:
        crawl, good, best, over, bounce, away = self.params.rates
        note = f'"steps until" f < {power_of_ten(BOWL_TOLERANCE)}'
        self.table = ResultTable(
            self.zones.dock, ("alpha", '"steps"'), len(self.params.rates), ("step", "text"), note
        )
        with self.line("small") as line:
            self.play(FadeIn(self.table), run_time=line.until("tiny", says=crawl))
            self.hop(crawl, line.until("count", says=self.steps_needed(crawl)))
            self.note_result(crawl)
        with self.line("good") as line:
            line.at("good", says=good)
            self.hop(good, line.until("count", says=self.steps_needed(good)))
            self.note_result(good)
        with self.line("best") as line:
            line.at("third", says=best)
            self.hop(best, line.until("count", says=self.steps_needed(best)))
            self.note_result(best)
            self.hop(best, line.left)
        with self.line("over") as line:
            line.at("over", says=over)
            self.hop(over, line.words_left)
            self.note_result(over)
        with self.line("guess") as line:
            line.at("half", says=bounce)
            self.load(bounce)
        with self.line("think") as line:
            ring = CountdownRing(self.table.place(4))
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)
        with self.line("half") as line:
            self.hop(bounce, line.until("ever") + 0.8)
            self.note_result(bounce)
            line.at("away")
            self.hop(away, line.left - 0.4)
            self.note_result(away)

    def steps_needed(self, rate: float) -> int | None:
        return descend(BOWL, self.params.start, rate, 0).steps_to(BOWL_TOLERANCE)

    def factor(self, axis: int) -> str:
        """What a step multiplies by, its α a part of the formula."""
        return self.form.factor_typst(axis).replace("alpha", "{a: alpha}")

    def load(self, rate: float) -> None:
        """Show the factors of *rate* above the valleys and stand at the start again."""
        self.points = descend(BOWL, self.params.start, rate, 60).points
        factors = []
        for axis, valley in enumerate(self.valleys):
            valley.load(self.points[:, axis])
            maths = f"{self.factor(axis)} {_equals(self.form.factors(rate)[axis], 2)}"
            role = ("first", "second")[axis]
            factors.append(Formula(maths, theme.LABEL, role, a="step").move_to(self.heading_places[axis]))
        self.play(FadeOut(*self.headings), run_time=0.2)
        self.headings = factors
        self.play(FadeIn(*factors), run_time=0.2)

    def hop(self, rate: float, seconds: float) -> None:
        """Take as many steps with *rate* as fit into *seconds* at an even pace."""
        end = self.now + seconds
        self.load(rate)
        left = end - self.now
        hops = max(1, min(len(self.points) - 1, round(left / 0.42)))

        def fly(_: VMobject, alpha: float) -> None:
            for valley in self.valleys:
                valley.show_step(alpha * hops)

        self.play(UpdateFromAlphaFunc(VGroup(*self.valleys), fly, rate_func=linear), run_time=left)

    def note_result(self, rate: float) -> None:
        needed = self.steps_needed(rate)
        right, role = ('"never"', "error") if needed is None else (typst_number(needed, 0), None)
        self.play(FadeIn(self.table.row(_equals(rate, 3).removeprefix("="), right, role)), run_time=0.3)

    def name_the_limit(self) -> None:
        flat, steep = (typst_number(value, 0) for value in sorted(self.form.eigenvalues))
        value = _equals(self.form.learning_rate_limit, 2)
        limit = f"{{a: alpha}} < {self.form.learning_rate_limit_typst} {value}"
        ratio = f'"condition" {steep} slash {flat} {_equals(self.form.condition_number, 1)}'
        limit = Formula(limit, theme.LABEL + 4, a="step").move_to(self.heading_places[1])
        ratio = Formula(ratio, theme.LABEL + 4).move_to(self.heading_places[0])
        with self.line("limit") as line:
            self.play(FadeOut(*self.headings), run_time=0.3)
            line.at("fast")
            self.play(FadeIn(limit), Dim(self.valleys[0], level=0.35))
            line.at("long")
            self.play(Dim(self.valleys[0], level=1), Dim(self.valleys[1], level=0.35))
            line.at("condition")
            self.play(Dim(self.valleys[1], level=1), FadeIn(ratio))


def _equals(value: float, decimals: int) -> str:
    """Relation sign and number in Typst maths: ``= 0.5`` or ``approx 0.33``."""
    sign = "=" if rounded(value, decimals).exact else "approx"
    return f"{sign} {typst_number(value, decimals, trim=True)}"


class Flow(LectureScene):
    """Gradient flow crosses every contour at a right angle; descent only starts its steps so."""

    class Params(SceneParams):
        start: Annotated[Point, on_slope_inside(FLOW_WINDOW)] = BOWL_START
        alpha: float = Field(BOWL_LEARNING_RATE, ge=0.02, lt=0.5, description="the coarse learning rate")
        fine: float = Field(BOWL_LEARNING_RATES[0], ge=0.005, le=0.1, description="the fine learning rate")

    def construct(self) -> None:
        self.rate = ValueTracker(self.params.alpha)
        self.map = ContourMap(BOWL, FLOW_WINDOW, self.zones.stage, labels_along=None)
        dock = self.zones.dock
        keys = legend(dock, [("gradient", "gradient flow"), ("step", "descent")])
        alpha = Readout("alpha", self.rate.get_value, 3, cells=5, role="step").place(
            dock.left + 1.6, dock.top - 2.7
        )
        self.open(self.map, self.map.walker(self.params.start))
        flow = gradient_flow(BOWL, self.params.start, np.linspace(0, 4, 400))
        curve = self.map.path(flow, "gradient")
        with self.line("flow") as line:
            line.at("every")
            self.play(Create(curve), FadeIn(keys[0]), run_time=1.6)
            squares = self.map.right_angles_along(flow)
            self.play(FadeIn(squares, lag_ratio=0.3), run_time=line.left - 0.1)
        path = self.map.path(self.path_points(), "step", theme.STICK)
        landings = VGroup(*(dot(self.map.at(p), "step", radius=0.09) for p in self.path_points()[1:4]))
        with self.line("corner") as line:
            self.add(path, curve)
            self.play(FadeIn(alpha, keys[1]), Create(path), FadeIn(landings, lag_ratio=0.3), run_time=1.2)
            run = descend(BOWL, self.params.start, self.params.alpha, 2)
            line.at("off", says=degrees(run.landing_angle(0)))
            marks = self.map.landing_angle(run, 0)
            self.play(FadeIn(marks))
        with self.line("small") as line:
            self.play(FadeOut(marks, landings), run_time=0.3)
            path.add_updater(lambda line: self.map.set_path(line, self.path_points()))
            line.at("creeps")
            self.play(self.rate.animate.set_value(self.params.fine), run_time=line.left - 0.2)
            path.clear_updaters()
        with self.line("limit") as line:
            line.at("limit")
            self.play(Dim(path, level=0.3), Indicate(curve, scale_factor=1.0, color=theme.color("text")))

    def path_points(self) -> np.ndarray:
        """The corners of descent with the rate of this moment, until it has arrived."""
        rate = self.rate.get_value()
        return descend(BOWL, self.params.start, rate, ceil(4 / rate)).points


class RowColumn(LectureScene):
    """The derivative is a row, the gradient a column; subtracting the wrong one gives a square."""

    class Params(HillsideParams):
        alpha: float = Field(BOWL_LEARNING_RATE, gt=0, le=5, description="the learning rate of the step")

    def construct(self) -> None:
        point, alpha = self.params.start, self.params.alpha
        row, column = BOWL.derivative_row(point), BOWL.gradient_column(point)
        top, middle, bottom = self.zones.wide.rows(1, 1, 1)
        left, right = top.columns(1, 1)
        derivative = self.named_card('"derivative" D f =', row, left)
        gradient = self.named_card('"gradient" nabla f =', column, right)
        rule = Formula("bold(x) arrow.l bold(x) - {a: alpha} {g: nabla f}", CARD, a="step", g="gradient")
        self.open(derivative, rule.move_to([right.center[0], middle.bottom, 0]))
        with self.line("cards") as line:
            line.at("row")
            self.play(Pulse(derivative[1], 1.12))
            line.at("column")
            self.play(TransformFromCopy(derivative[1].matrix, gradient[1].matrix), run_time=1.0)
            self.play(FadeIn(gradient[0], gradient[1].shape_note), run_time=0.5)
        position = np.array(point)[:, None]
        fitting = self.subtraction(position, alpha * column, middle)
        clashing = self.subtraction(position, alpha * row, bottom)
        with self.line("fits") as line:
            self.play(FadeOut(rule), Dim(derivative, gradient, level=0.5), run_time=0.4)
            self.play(FadeIn(fitting[:3]), run_time=0.6)
            line.at("fits")
            self.play(FadeIn(fitting[3:], tick(fitting[4].matrix.get_right() + RIGHT * 0.6)))
        with self.line("clash") as line:
            line.at("wrong")
            self.play(FadeIn(clashing[:3]))
            line.at("square")
            square = clashing[4]
            cells = [square.entry(i, j) for i in (0, 1) for j in (0, 1)]
            self.play(FadeIn(clashing[3], square.brackets), run_time=0.3)
            self.play(LaggedStart(*(FadeIn(cell) for cell in cells), lag_ratio=0.5), run_time=1.2)
            frame = boxed(square.matrix, "error")
            sign = cross(frame.get_right() + RIGHT * 0.5)
            self.play(FadeIn(square.shape_note, frame, sign), run_time=0.4)
        with self.line("rule") as line:
            line.at("always")
            self.play(Dim(gradient, level=1), run_time=0.3)
            self.play(Pulse(gradient, 1.15))

    def named_card(self, name: str, entries: np.ndarray, zone: Zone) -> VGroup:
        return equation([name, MatrixCard(entries, "gradient", 1, CARD)], zone.center + UP * 0.2, CARD)

    def subtraction(self, position: np.ndarray, step: np.ndarray, zone: Zone) -> VGroup:
        """position − step = result, as numpy computes it."""
        clash = subtract_shapes(position, step)
        cards = [
            MatrixCard(entries, role, 2, CARD)
            for entries, role in ((clash.position, "text"), (clash.step, "step"), (clash.result, "text"))
        ]
        return equation([cards[0], "-", cards[1], "=", cards[2]], zone.center + UP * 0.2, CARD)


class Quiz(QuizScene):
    """The wrong answer that confuses gradient and descent walks downhill on the map."""

    class Params(SceneParams):
        point: Annotated[Point, on_slope_inside(QUIZ_WINDOW)] = QUIZ_POINT

    def construct(self) -> None:
        words, picture = self.zones.split(0.54, 0.46, gap=0.6)
        point = np.array(self.params.point)
        self.map = ContourMap(QUIZ_BOWL, QUIZ_WINDOW, picture, labels_along=(1, -0.25))
        walker = self.map.walker(point)
        self.states(QUIZ_BOWL.typst, *QUIZ_BOWL.gradient_typst)
        self.open(self.lay_out(words), self.map, walker)
        gradient = QUIZ_BOWL.gradient(point)
        feet, drawn = walker.get_center(), self.map.vector(gradient / SLOPES_PER_UNIT)
        with self.line("ask") as line:
            line.at("bowl")
            self.play(Pulse(walker, 1.6))
            line.at("x", says=point[0])
            line.at("y", says=point[1])
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        right, wrong = Arrow(feet, feet + drawn, "gradient"), Arrow(feet, feet - drawn, "error")
        with self.line("answer") as line:
            line.at("x", says=gradient[0])
            self.play(*self.step_forward(self.right_row), run_time=line.until("y", says=gradient[1]))
            self.play(FadeIn(self.right_row.sign()), right.grow(), run_time=0.8)
            self.bring_to_front(walker)
        with self.line("fail") as line:
            line.at("x", says=-gradient[0])
            self.play(Dim(self.failing_row, level=1), run_time=line.until("y", says=-gradient[1]))
            line.at("opposite")
            self.play(wrong.grow(), FadeIn(self.failing_row.sign()), run_time=0.7)
            line.at("down")
            self.bring_to_front(walker)
            self.play(walker.animate.move_to(feet - drawn), run_time=1.0)
            word = label_beside(Text("downhill", theme.LABEL, "error"), feet - drawn, LEFT, 0.2)
            self.play(FadeIn(word), run_time=0.3)


class Answer(Hillside):
    """The opening picture again, now answered: two slopes, one arrow, and the way down."""

    def construct(self) -> None:
        self.open(self.set_up_hillside(), self.gauge)
        slopes = SlopeTriangle(self.map, self.slopes, 1 / SLOPES_PER_UNIT)
        with self.line("back") as line:
            self.turn_to(0.0, line.left - 0.2)
        with self.line("two") as line:
            line.at("two")
            self.play(slopes.along_x.grow(), FadeIn(slopes.x_name), run_time=0.6)
            self.turn_to(tau / 4, 0.6)
            self.play(slopes.along_y.grow(), FadeIn(slopes.y_name), run_time=0.6)
            line.at("arrow")
            self.play(slopes.total.grow(), run_time=0.7)
            self.bring_to_front(self.needle, self.walker)
        with self.line("up") as line:
            self.turn_to(self.slopes.steepest_angle, line.until("up"))
            answer = Formula("nabla f", 1.4 * theme.FORMULA, "gradient")
            words = closing_card(answer, ["points straight up", "as long as it is steep"], self.zones.dock)
            self.play(FadeOut(self.gauge), run_time=0.25)
            self.play(FadeIn(words[:2]), run_time=0.25)
            line.at("length")
            self.play(Pulse(slopes.total, 1.2), FadeIn(words[2]))
        with self.line("down") as line:
            self.play(FadeOut(slopes.along_x, slopes.along_y, slopes.x_name, slopes.y_name), run_time=0.3)
            turn = self.angle.animate.set_value(self.slopes.descent_angle)
            self.play(turn, FadeOut(self.fog), run_time=line.until("around") + 0.5)
            self.play(FadeOut(self.needle, slopes.total), run_time=0.3)
            line.at("down")
            run = descend(BOWL, self.params.start, BOWL_LEARNING_RATE, 5)
            for number in range(len(run)):
                arrow = self.map.step_arrow(run, number)
                self.add(arrow)
                self.bring_to_front(self.walker)
                landing = self.map.at(run.points[number + 1])
                self.play(arrow.grow(), self.walker.animate.move_to(landing), run_time=0.5)
