"""Chapter 4, the gradient: all slopes of a hillside in one vector, and what walking against it does."""

from __future__ import annotations

from math import degrees, log10, tau

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    Cutout,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Rectangle,
    TransformFromCopy,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    linear,
    smooth,
)
from pydantic import Field

from vcalc_anim.core import (
    QuadraticForm,
    SlopeDial,
    Window,
    descend,
    gradient_flow,
    rounded,
    subtract_shapes,
    typst_number,
    vector_grid,
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
from vcalc_anim.core.level_walk import walk_level
from vcalc_anim.stage import (
    Arrow,
    ContourMap,
    CountdownRing,
    Dim,
    Formula,
    LectureScene,
    MatrixCard,
    Plot,
    Pulse,
    QuizScene,
    Readout,
    ResultTable,
    SceneParams,
    SlopeGauge,
    Text,
    Valley,
    ZoomMap,
    angle_arc,
    boxed,
    cross,
    dashed,
    dot,
    label_beside,
    legend,
    right_angle,
    theme,
    tick,
)

HILLSIDE = Window(-1.6, 4.8, -1.1, 3.8)  # the slope around the start, with the bottom in sight
WHOLE_BOWL = Window(-3.7, 4.0, -2.5, 2.7)
QUIZ_WINDOW = Window(-1.4, 3.0, -0.7, 3.4)
FLOW_WINDOW = Window(-0.35, 3.75, -0.45, 2.55)  # close enough to tell the path from the flow
FIELD_GRID = Window(-3.45, 3.75, -2.3, 2.5)  # where the field's arrows stand, clear of the frame
SMALLEST_MARKED = 0.4  # a right angle at a shorter step would hide the step
ARROW_SCALE = 1 / 6  # slopes are larger than the map: gradient arrows are drawn at a sixth


class BowlParams(SceneParams):
    """Where on the bowl x² + 2y² we stand."""

    start: tuple[float, float] = BOWL_START


class Hillside(LectureScene):
    """Base of the two pictures in fog: the map, dark but for the ground around the walker's feet."""

    Params = BowlParams

    def set_up_hillside(self) -> VGroup:
        self.slopes = SlopeDial(BOWL, np.array(self.params.start))
        self.map = ContourMap(BOWL, HILLSIDE, self.zones.stage, labels_along=None)
        self.walker = self.map.walker(self.params.start)
        self.feet = self.walker.get_center()
        self.angle = ValueTracker(self.slopes.steepest_angle - 0.9)
        self.needle = Arrow(self.feet, self.feet, "text")
        self.needle.add_updater(
            lambda arrow: arrow.put(self.feet, self.feet + self.map.vector(self.heading()))
        )
        self.gauge = SlopeGauge(
            self.zones.dock.inset(0.6, 0.9),
            lambda: float(self.slopes.slope_at(self.angle.get_value())),
            self.slopes.magnitude,
        )
        self.fog = self.fog_around(1.9)
        return VGroup(self.map.lines, self.fog, self.needle, self.walker, self.gauge)

    def heading(self) -> np.ndarray:
        angle = self.angle.get_value()
        return np.array([np.cos(angle), np.sin(angle)])

    def fog_around(self, radius: float) -> VGroup:
        """Darkness over the stage, but for a lit circle around the walker."""
        zone = self.zones.stage
        dark = Rectangle(width=zone.width, height=zone.height).move_to(zone.center)
        light = Circle(radius=radius).move_to(self.feet)
        veil = Cutout(dark, light, stroke_width=0, fill_opacity=0.94, fill_color=theme.color("background"))
        rim = Circle(radius=radius, color=theme.color("frozen"), stroke_width=theme.HAIRLINE)
        return VGroup(veil, rim.move_to(self.feet))


class Blindfold(Hillside):
    """The chapter's question: one can only feel the ground, one direction after another."""

    def construct(self) -> None:
        self.open(self.set_up_hillside())
        with self.line("dark") as line:
            line.at("ground")
            self.play(Pulse(self.walker, 1.6))
        with self.line("probe") as line:
            self.play(self.angle.animate.set_value(self.slopes.steepest_angle - 0.25), run_time=1.4)
            line.at("other")
            self.play(self.angle.animate.set_value(self.slopes.steepest_angle + 2.4), run_time=1.4)
            line.at("every")
            self.play(self.angle.animate.increment_value(0.9), run_time=line.words_left)
        with self.line("ask") as line:
            line.at("up")
            turn = self.slopes.steepest_angle + tau - 0.9 - self.angle.get_value()
            self.play(self.angle.animate.increment_value(turn), run_time=line.words_left)


class Compass(LectureScene):
    """The slope in every direction is one cosine, and one vector knows it."""

    Params = BowlParams

    def construct(self) -> None:
        left, right = self.zones.wide.columns(0.54, 0.46)
        plot_zone, self.readout_zone = right.rows(0.74, 0.26, gap=0.3)
        self.slopes = SlopeDial(BOWL, np.array(self.params.start))
        self.angle = ValueTracker(0.0)
        self.turned = 1e-3  # how far round the needle has been: the wave stays drawn
        self.map = ContourMap(BOWL, HILLSIDE, left)
        self.walker = self.map.walker(self.params.start)
        bowl = Formula(f"f(x, y) = {BOWL.typst}").move_to(right.center)
        self.open(self.map, self.walker, bowl)
        with self.line("map") as line:
            line.at("stand")
            place = self.place_label()
            self.play(Pulse(self.walker, 1.7), FadeIn(place))
        with self.line("probe") as line:
            needle = self.needle()
            self.play(FadeOut(place, bowl), FadeIn(needle))
            line.at("dial")
            dial = self.dial(plot_zone)
            self.play(FadeIn(dial, self.readouts()))
        self.turn_once(needle)
        self.read_the_wave()
        self.grow_the_gradient()
        self.name_it()

    def place_label(self) -> Formula:
        x, y = (rounded(value, 1, trim=True).text for value in self.params.start)
        return label_beside(Formula(f"({x}, {y})", theme.LABEL), self.walker.get_center(), DOWN + RIGHT * 0.4)

    def needle(self) -> Arrow:
        feet = self.walker.get_center()

        def point(arrow: Arrow) -> None:
            angle = self.angle.get_value()
            arrow.put(feet, feet + self.map.vector([np.cos(angle), np.sin(angle)]))

        self.needle_arrow = Arrow(feet, feet, "text")
        return self.needle_arrow.add_updater(point, call_updater=True)

    def needle_name(self) -> Formula:
        """The letter u that goes round with the needle's tip."""

        def follow(name: Formula) -> None:
            arrow = self.needle_arrow
            away = (arrow.end - arrow.start) / np.linalg.norm(arrow.end - arrow.start)
            beside = np.array([-away[1], away[0], 0.0])
            name.move_to((arrow.start + arrow.end) / 2 + beside * 0.32)

        return Formula("bold(u)", theme.LABEL).halo().add_updater(follow, call_updater=True)

    def dial(self, zone: object) -> VGroup:
        top = self.slopes.magnitude
        self.dial_plot = Plot(
            Window(0, 360, -1.15 * top, 1.15 * top),
            zone,
            x_label="phi",
            y_label='"slope"',
            x_role="text",
            y_role="gradient",
            x_ticks=[0, 90, 180, 270, 360],
            y_ticks=[-top, 0, top],
            tick_text=lambda value: rounded(value, 1, trim=True).text + ("°" if value >= 45 else ""),
        )
        self.wave = self.dial_plot.path(np.zeros((1, 2)), "gradient")
        self.wave.add_updater(
            lambda path: self.dial_plot.set_path(path, self.wave_so_far()), call_updater=True
        )
        self.bead = dot(self.dial_plot.at([0, self.slope]), "gradient", radius=0.13)
        self.bead.add_updater(lambda bead: bead.move_to(self.dial_plot.at([self.degrees, self.slope])))
        return VGroup(self.dial_plot, self.wave, self.bead)

    @property
    def slope(self) -> float:
        return float(self.slopes.slope_at(self.angle.get_value()))

    @property
    def degrees(self) -> float:
        """The needle's angle on the dial: one turn ends at 360°, the next begins at 0°."""
        angle = self.angle.get_value()
        return degrees(angle if angle <= tau else angle % tau)

    def wave_so_far(self) -> np.ndarray:
        self.turned = min(tau, max(self.turned, self.angle.get_value()))
        angles = np.linspace(0, self.turned, 181)
        return np.column_stack([np.degrees(angles), self.slopes.slope_at(angles)])

    def readouts(self) -> VGroup:
        zone = self.readout_zone
        middle = zone.left + zone.width * 0.52
        angle = Readout("phi", lambda: rounded(self.degrees, 0), cells=5, unit="°")
        slope = Readout('"slope"', lambda: rounded(self.slope, 2), cells=6, role="gradient")
        angle.place(middle, zone.top - 0.55)
        slope.place(middle, zone.top - 1.2)
        self.numbers = VGroup(angle, slope)
        return self.numbers

    def turn_once(self, needle: Arrow) -> None:
        peak = self.slopes.steepest_angle
        with self.line("turn") as line:
            self.play(self.angle.animate.set_value(peak / 3), run_time=line.left)
        with self.line("peak") as line:
            top, level, bottom = self.slopes.slope_at(peak + np.array([0, tau / 4, tau / 2]))
            self.play(self.angle.animate.set_value(peak), run_time=line.until("top", says=top))
            self.play(self.angle.animate.set_value(peak + tau / 4), run_time=line.until("level", says=level))
            self.play(
                self.angle.animate.set_value(peak + tau / 2), run_time=line.until("bottom", says=-bottom)
            )
            self.play(self.angle.animate.set_value(tau), run_time=line.until("home"))

    def read_the_wave(self) -> None:
        peak = [degrees(self.slopes.steepest_angle), self.slopes.magnitude]
        with self.line("cosine") as line:
            line.at("wave")
            self.play(Indicate(self.wave, scale_factor=1.0, color=theme.color("text")))
            line.at("high")
            plot = self.dial_plot
            self.height_mark = dashed(plot.at([0, peak[1]]), plot.at(peak))
            self.play(Create(self.height_mark), run_time=0.6)
            line.at("where")
            self.place_mark = dashed(plot.at(peak), plot.at([peak[0], plot.window.y_min]))
            angle = Text(rounded(peak[0], 2).text + "°", theme.SMALL, "quiet")
            angle.next_to(plot.at([peak[0], plot.window.y_min]), UP + RIGHT, buff=0.12)
            self.place_name = angle
            self.play(Create(self.place_mark), FadeIn(angle), run_time=0.6)

    def grow_the_gradient(self) -> None:
        feet = self.walker.get_center()
        x_slope, y_slope = self.slopes.gradient
        corner = feet + self.map.vector([x_slope * ARROW_SCALE, 0])
        tip = corner + self.map.vector([0, y_slope * ARROW_SCALE])
        along_x, along_y = Arrow(feet, corner, "first"), Arrow(corner, tip, "second")
        x_name = Text(rounded(x_slope, 2, trim=True).text, theme.LABEL, "first").next_to(
            along_x, DOWN, buff=0.15
        )
        y_name = Text(rounded(y_slope, 2, trim=True).text, theme.LABEL, "second").next_to(
            along_y, RIGHT, buff=0.15
        )
        note = Text("arrows at 1/6 of their length", theme.MINIMUM, "quiet")
        note.next_to(self.map.frame_box, UP, buff=0.15, aligned_edge=RIGHT)
        with self.line("axes") as line:
            self.play(self.angle.animate.set_value(0.0), run_time=line.until("six", says=x_slope))
            self.play(FadeIn(along_x, x_name, note), run_time=0.6)
            self.play(self.angle.animate.set_value(tau / 4), run_time=line.until("eight", says=y_slope))
            self.play(FadeIn(along_y, y_name), run_time=0.6)
        self.gradient = Arrow(feet, tip, "gradient")
        with self.line("arrow") as line:
            line.at("vector")
            self.play(self.gradient.grow(), run_time=0.8)
            self.bring_to_front(self.gradient, self.needle_arrow, self.walker)
            self.play(
                self.angle.animate.set_value(self.slopes.steepest_angle),
                run_time=line.until("peak"),
            )
            self.play(Pulse(self.bead, 1.6))
            line.at("length", says=self.slopes.magnitude)
            self.play(Indicate(self.height_mark, scale_factor=1.0, color=theme.color("step")))
        self.components = VGroup(along_x, along_y, x_name, y_name)

    def name_it(self) -> None:
        x, y = (rounded(value, 2, trim=True).text for value in self.slopes.gradient)
        size = theme.LABEL + 4
        gradient = Formula(
            f"{{g: nabla f}} = vec({{x: {x}}}, {{y: {y}}})", size, g="gradient", x="first", y="second"
        )
        product = Formula('{s: "slope"} = {g: nabla f} dot.c bold(u)', size, s="gradient", g="gradient")
        VGroup(gradient, product).arrange(RIGHT, buff=0.7).move_to(self.readout_zone.center)
        label = label_beside(Formula("nabla f", theme.LABEL, "gradient"), self.gradient.end, UP, buff=0.08)
        with self.line("name") as line:
            line.at("gradient")
            self.play(FadeOut(self.numbers), FadeIn(label), run_time=0.4)
            self.play(FadeIn(gradient), run_time=0.6)
            line.at("dot")
            self.play(FadeIn(product, self.needle_name()), run_time=0.6)
            self.play(self.angle.animate.increment_value(tau), run_time=line.left - 0.2)


class Sideways(LectureScene):
    """Zoomed in, contours are parallel lines: nothing changes along them, most across them."""

    class Params(BowlParams):
        closest: float = Field(0.25, gt=1e-4, lt=2, description="width of the window at the end of the zoom")

    def construct(self) -> None:
        self.start = np.array(self.params.start)
        self.slopes = SlopeDial(BOWL, self.start)
        self.here = self.start
        width = ValueTracker(
            np.log(HILLSIDE.width)
        )  # of its logarithm: every second zooms by the same factor
        self.map = ZoomMap(BOWL, self.start, self.zones.stage, HILLSIDE.width)
        self.walker = self.map.walker()
        self.open(self.map, self.readouts(width), self.walker)
        with self.line("zoom") as line:
            self.map.add_updater(lambda picture: picture.zoom_to(np.exp(width.get_value())))
            self.play(width.animate.set_value(np.log(self.params.closest)), run_time=line.left - 0.3)
            self.map.clear_updaters()
        self.reach = 0.27 * self.params.closest
        with self.line("along") as line:
            self.walk(self.along, line.until("still"))
            self.play(Pulse(self.height_readout, 1.12))
            self.walk(lambda share: self.along(1 - share), line.left - 0.1)
        with self.line("across") as line:
            self.walk(self.across, line.until("fast"))
            self.play(Pulse(self.height_readout, 1.12))
            self.walk(lambda share: self.across(1 - share), line.left - 0.1)
        self.show_the_angle()

    def readouts(self, width: ValueTracker) -> VGroup:
        dock = self.zones.dock
        middle = dock.left + 2.1
        self.height_readout = Readout(
            "f",
            lambda: rounded(float(BOWL(self.here)), 2),
            cells=5,
            size=1.4 * theme.FORMULA,
            role="function",
        ).place(middle - 0.7, dock.top - 1.6)
        across = Readout('"width of view"', lambda: rounded(np.exp(width.get_value()), 2), cells=4)
        return VGroup(self.height_readout, across.place(middle + 0.9, dock.top - 2.7))

    def along(self, share: float) -> np.ndarray:
        """A point on the contour itself: the level curve, not its tangent."""
        return walk_level(BOWL, self.start, share * self.reach)

    def across(self, share: float) -> np.ndarray:
        return self.start + share * self.reach * self.slopes.steepest

    def walk(self, path: object, seconds: float) -> None:
        def place(walker: object, alpha: float) -> None:
            self.here = path(alpha)
            walker.move_to(self.map.at(self.here))

        self.play(UpdateFromAlphaFunc(self.walker, place), run_time=seconds)

    def show_the_angle(self) -> None:
        feet, reach = self.map.at(self.start), 2.1
        up, level = (np.append(v, 0) * reach for v in (self.slopes.steepest, self.slopes.level))
        gradient, sideways = Arrow(feet, feet + up, "gradient"), Arrow(feet, feet + level, "text")
        square = right_angle(feet, up, level, size=0.34)
        g, t = self.slopes.gradient, self.slopes.level * self.slopes.magnitude
        gx, gy, tx, ty = (typst_number(v, 2, trim=True) for v in (*g, *t))
        with self.line("angle") as line:
            names = (
                label_beside(Text("level", theme.LABEL), feet + level, DOWN + LEFT),
                label_beside(Formula("nabla f", theme.LABEL, "gradient"), feet + up, UP),
            )
            self.play(sideways.grow(), FadeIn(names[0]), run_time=0.6)
            self.play(gradient.grow(), FadeIn(names[1]), run_time=0.6)
            self.bring_to_front(self.walker)
            line.at("right")
            self.play(Create(square), run_time=0.6)
        with self.line("numbers") as line:
            dock = self.zones.dock
            vectors = Formula(f"{{g: vec({gx}, {gy})}} dot.c {{t: vec({tx}, {ty})}}", g="gradient")
            result = Formula(f"= {typst_number(float(g @ t), 0)}")
            vectors.move_to([dock.center[0], dock.bottom + 1.6, 0])
            result.next_to(vectors, RIGHT, buff=0.25)
            VGroup(vectors, result).move_to([dock.center[0], dock.bottom + 1.6, 0])
            line.at("turned")
            self.play(FadeIn(vectors), run_time=0.5)
            line.at("zero", says=float(g @ t))
            self.play(FadeIn(result), run_time=0.5)


class DescentParams(BowlParams):
    """Simulation 3: gradient descent on the bowl."""

    alpha: float = Field(BOWL_LEARNING_RATE, gt=0, le=5, description="the learning rate")
    steps: int = Field(6, ge=0, le=200, description="how many steps are taken")


class Descent(LectureScene):
    """Each step leaves at a right angle to its contour; none aims at the bottom."""

    Params = DescentParams

    def construct(self) -> None:
        self.run = descend(BOWL, self.params.start, self.params.alpha, self.params.steps)
        self.map = ContourMap(BOWL, WHOLE_BOWL, self.zones.stage)
        self.walker = self.map.walker(self.params.start)
        self.count = 0
        self.open(self.map, self.walker)
        arrows = self.map.field_arrows(vector_grid(BOWL, FIELD_GRID, 11, 8).reversed(), 11)
        with self.line("field") as line:
            line.at("around")
            name = Formula('"descent field" -nabla f', theme.SMALL, "gradient")
            dock = self.zones.dock
            name.move_to([dock.center[0], dock.top - 0.55, 0])
            self.bring_to_back(arrows)
            self.play(FadeIn(arrows, lag_ratio=0.02), FadeIn(name), run_time=1.2)
            line.at("bright")
            note = Text("brighter = steeper", theme.SMALL, "quiet").next_to(name, DOWN, buff=0.25)
            self.bring_to_front(self.walker)
            self.play(FadeIn(note))
        with self.line("rule") as line:
            line.at("write")
            rule = self.rule_and_numbers()
            self.play(FadeOut(name, note), Dim(arrows, level=0.45), FadeIn(rule))
            line.at("alpha")
            self.play(Pulse(self.rule.part("a"), 1.5))
        with self.line("guess") as line:
            line.at("land")
            self.play(Pulse(self.walker, 1.7))
        with self.line("think") as line:
            ring = CountdownRing(self.map.at([-2.6, 1.9]))
            self.add(ring)
            self.play(ring.run(line.left - 0.1))
            self.remove(ring)
        with self.line("first") as line:
            square = self.take_step(0.8)
            line.at("right")
            if square is not None:
                self.play(Pulse(square, 1.5))
            line.at("aim")
            aim = self.aim_marks()
            self.play(FadeIn(aim))
        with self.line("second") as line:
            self.play(FadeOut(aim), run_time=0.4)
            self.take_step(line.until("again"))
            while self.count < self.params.steps and line.words_left > 0.3:
                self.take_step(min(0.8, line.words_left))
            line.at("third")
        with self.line("feel") as line:
            line.at("feel")
            self.play(Pulse(self.walker, 1.6))

    def rule_and_numbers(self) -> VGroup:
        dock = self.zones.dock
        self.rule = Formula("bold(x) arrow.l bold(x) - {a: alpha} {g: nabla f}", a="step", g="gradient")
        self.rule.move_to([dock.center[0], dock.top - 0.6, 0])
        middle, first, pitch = dock.left + 1.7, dock.top - 1.9, 0.78
        rows = (
            Readout("alpha", lambda: rounded(self.params.alpha, 3, trim=True), cells=5, role="step"),
            Readout('"step"', lambda: rounded(self.count, 0), cells=3),
            Readout("x", lambda: rounded(self.run.points[self.count][0], 3), cells=7, role="first"),
            Readout("y", lambda: rounded(self.run.points[self.count][1], 3), cells=7, role="second"),
            Readout("f", lambda: rounded(self.run.values[self.count], 2), cells=7, role="function"),
        )
        for index, row in enumerate(rows):
            row.place(middle, first - index * pitch)
        return VGroup(self.rule, *rows)

    def take_step(self, seconds: float) -> VGroup | None:
        """Walk one step: the right angle where it starts, the arrow, the landing. None when the run is over."""
        if self.count >= len(self.run.steps):
            return None
        contour = self.map.contour_through(self.run.points[self.count])
        arrow = self.map.step_arrow(self.run, self.count)
        if arrow is None:
            self.count += 1
            return None
        target = arrow.end
        square = self.map.leaves_square(self.run, self.count)
        marks = [contour, square] if np.linalg.norm(target - arrow.start) > SMALLEST_MARKED else [contour]
        self.play(FadeIn(*marks), run_time=seconds * 0.3)
        self.add(arrow)
        self.bring_to_front(self.walker)
        self.play(
            arrow.grow(),
            self.walker.animate.move_to(target),
            run_time=seconds * 0.7,
        )
        self.count += 1
        self.play(FadeOut(contour), run_time=0.15)
        return square

    def aim_marks(self) -> VGroup:
        """The straight line to the minimum, and by how much the first step misses it."""
        start = self.map.at(self.run.points[0])
        lowest = QuadraticForm.of(BOWL).minimum
        target = self.map.at(lowest)
        miss = degrees(self.run.aim_error(0, lowest))
        goal = dashed(start, target, "text")
        label = label_beside(
            Text(f"{rounded(miss, 1).text}° off", theme.LABEL, "error"), (start + target) / 2, UP + LEFT, 0.1
        )
        arc = angle_arc(start, self.map.vector(self.run.steps[0]), target - start, 1.0)
        cross_hair = Circle(radius=0.13, color=theme.color("text"), stroke_width=theme.LINE).move_to(target)
        return VGroup(goal, cross_hair, arc, label)


class SpringsParams(BowlParams):
    """Six step sizes, from crawling to diverging, in the order of the script."""

    rates: tuple[float, float, float, float, float, float] = BOWL_LEARNING_RATES


class Springs(LectureScene):
    """Along each axis a step multiplies by its own factor: the steep one limits α, the flat one takes its time."""

    Params = SpringsParams

    def construct(self) -> None:
        self.form = QuadraticForm.of(BOWL)
        self.build_valleys()
        crawl, good, best, over, bounce, away = self.params.rates
        self.open(*self.valleys, *self.rules)
        with self.line("split") as line:
            line.at("x")
            self.play(Pulse(self.rules[0], 1.25))
            line.at("y")
            self.play(Pulse(self.rules[1], 1.25))
        self.table = ResultTable(
            self.zones.dock, ("alpha", '"steps"'), len(self.params.rates), ("step", "text")
        )
        power = f"10^({typst_number(log10(BOWL_TOLERANCE), 0)})"
        note = Formula(f'"steps until" f < {power}', theme.SMALL, "quiet")
        note.next_to(self.table.rows_bottom, DOWN, buff=0.3)
        with self.line("small") as line:
            self.play(FadeIn(self.table.header, note), run_time=line.until("tiny", says=crawl))
            self.hop(crawl, line.words_left)
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
        self.name_the_limit()

    def build_valleys(self) -> None:
        """The bowl cut along each axis: the same heights, but one valley is steeper."""
        header, floor = self.zones.stage.rows(0.13, 0.87, gap=0.1)
        start = np.array(self.params.start)
        slices = [BOWL.slice_along(axis, through=self.form.minimum) for axis in (0, 1)]
        reach = 1.35 * float(np.abs(start).max())
        height = 3.2 * max(float(cut(start[[axis]])) for axis, cut in enumerate(slices))
        window = Window(-reach, reach, -0.05 * height, height)
        columns = floor.columns(1, 1, gap=0.3)
        self.valleys, self.rules = [], []
        for axis, (name, role) in enumerate((("x", "first"), ("y", "second"))):
            valley = Valley(slices[axis], window, columns[axis], name, role)
            valley.load(start[axis : axis + 1])
            curvature = typst_number(self.form.eigenvalues[axis], 0)
            rule = Formula(
                f"{name} arrow.l (1 - {curvature} {{a: alpha}}) {name}", theme.LABEL, role, a="step"
            )
            self.valleys.append(valley)
            self.rules.append(rule.move_to([valley.area.center[0], header.center[1], 0]))
        self.rule_places = [rule.get_center() for rule in self.rules]

    def steps_needed(self, rate: float) -> int | None:
        return descend(BOWL, self.params.start, rate, 0).steps_to(BOWL_TOLERANCE)

    def load(self, rate: float) -> None:
        """Show the factors of *rate* and stand at the start again."""
        self.points = descend(BOWL, self.params.start, rate, 60).points
        for axis, valley in enumerate(self.valleys):
            valley.load(self.points[:, axis])
        factors = [
            Formula(
                f"1 - {typst_number(curvature, 0)} {{a: alpha}} {_equals(factor, 2)}",
                theme.LABEL,
                role,
                a="step",
            ).move_to(place)
            for curvature, factor, role, place in zip(
                self.form.eigenvalues,
                self.form.factors(rate),
                ("first", "second"),
                self.rule_places,
                strict=True,
            )
        ]
        self.play(FadeOut(*self.rules), run_time=0.2)
        self.rules = factors
        self.play(FadeIn(*factors), run_time=0.2)

    def hop(self, rate: float, seconds: float) -> None:
        """Take as many steps with *rate* as fit into *seconds* at an even pace."""
        end = self.now + seconds
        self.load(rate)
        left = end - self.now
        hops = max(1, min(len(self.points) - 1, round(left / 0.42)))

        def fly(_: object, alpha: float) -> None:
            for valley in self.valleys:
                valley.show_step(alpha * hops)

        self.play(UpdateFromAlphaFunc(VGroup(*self.valleys), fly, rate_func=linear), run_time=left)

    def note_result(self, rate: float) -> None:
        needed = self.steps_needed(rate)
        row = self.table.row(
            _equals(rate, 3).removeprefix("="),
            '"never"' if needed is None else str(needed),
            "error" if needed is None else None,
        )
        self.play(FadeIn(row), run_time=0.3)

    def name_the_limit(self) -> None:
        flat, steep = sorted(float(value) for value in self.form.eigenvalues)
        limit = Formula(
            f"{{a: alpha}} < 2 slash {typst_number(steep, 0)} {_equals(self.form.learning_rate_limit, 2)}",
            theme.LABEL + 4,
            a="step",
        ).move_to(self.rule_places[1])
        ratio = Formula(
            f'"condition" {typst_number(steep, 0)} slash {typst_number(flat, 0)} {_equals(self.form.condition_number, 1)}',
            theme.LABEL + 4,
        ).move_to(self.rule_places[0])
        with self.line("limit") as line:
            self.play(FadeOut(*self.rules), run_time=0.3)
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


class FlowParams(DescentParams):
    """The coarse learning rate (alpha) and the fine one that the path shrinks to."""

    fine: float = Field(BOWL_LEARNING_RATES[0], gt=0.001, le=0.1, description="the small learning rate")


class Flow(LectureScene):
    """Gradient flow crosses every contour at a right angle; descent only starts its steps so."""

    Params = FlowParams

    def construct(self) -> None:
        start = self.params.start
        self.map = ContourMap(BOWL, FLOW_WINDOW, self.zones.stage, labels_along=None)
        self.walker = self.map.walker(start)
        self.open(self.map, self.walker)
        times = np.linspace(0, 4, 400)
        flow = gradient_flow(BOWL, start, times)
        curve = self.map.path(flow, "gradient").set_z_index(1)
        dock = self.zones.dock
        keys = legend(dock, [("gradient", "gradient flow"), ("step", "descent")])
        with self.line("flow") as line:
            line.at("every")
            self.play(Create(curve, rate_func=smooth), FadeIn(keys[0]), run_time=1.6)
            self.play(FadeIn(self.right_angles(flow), lag_ratio=0.3), run_time=line.left - 0.1)
        self.rate = ValueTracker(self.params.alpha)
        polygon = self.map.path(self.path_points(), "step", theme.STICK)
        corners = VGroup(*(dot(self.map.at(p), "step", radius=0.09) for p in self.path_points()[1:4]))
        alpha = Readout("alpha", lambda: rounded(self.rate.get_value(), 3), cells=5, role="step")
        alpha.place(dock.left + 1.6, dock.top - 2.7)
        with self.line("corner") as line:
            self.add(polygon, curve)
            self.play(FadeIn(alpha, keys[1]), Create(polygon), FadeIn(corners, lag_ratio=0.3), run_time=1.2)
            run = descend(BOWL, start, self.params.alpha, 2)
            off = degrees(run.landing_angle(0))
            line.at("off", says=off)
            marks = self.landing_marks(run, off)
            self.play(FadeIn(marks))
        with self.line("small") as line:
            self.play(FadeOut(marks, corners), run_time=0.3)
            polygon.add_updater(lambda path: self.map.set_path(path, self.path_points()))
            line.at("creeps")
            self.play(self.rate.animate.set_value(self.params.fine), run_time=line.left - 0.2)
            polygon.clear_updaters()
        with self.line("limit") as line:
            line.at("limit")
            self.play(Dim(polygon, level=0.3), Indicate(curve, scale_factor=1.0, color=theme.color("text")))

    def path_points(self) -> np.ndarray:
        rate = self.rate.get_value() if hasattr(self, "rate") else self.params.alpha
        return descend(BOWL, self.params.start, rate, int(np.ceil(4 / rate))).points

    def right_angles(self, flow: np.ndarray) -> VGroup:
        """A square wherever the flow crosses a drawn contour."""
        squares = VGroup()
        heights = BOWL(flow)
        for level in self.map.levels:
            crossing = int(np.searchsorted(-heights, -level))
            if not 0 < crossing < len(flow):
                continue
            downhill = -BOWL.gradient(flow[crossing])
            away = np.append(downhill, 0)
            squares.add(right_angle(self.map.at(flow[crossing]), away, [away[1], -away[0], 0], size=0.2))
        return squares

    def landing_marks(self, run: object, off: float) -> VGroup:
        """At the first landing: the way the step came on, and its angle to the next step, the contour's normal."""
        landing = self.map.at(run.points[1])
        came, normal = (np.append(v / np.linalg.norm(v), 0) for v in (run.steps[0], -run.gradients[1]))
        ahead = dashed(landing, landing + came * 1.5, "step")
        arc = angle_arc(landing, came, normal, 1.2)
        label = label_beside(
            Text(f"{rounded(off, 1).text}°", theme.LABEL, "error"),
            landing + came * 1.3,
            RIGHT,
        )
        return VGroup(self.map.contour_through(run.points[1]), ahead, arc, label)


CARD_SIZE = 76.0


class RowColumn(LectureScene):
    """The derivative is a row, the gradient a column; subtracting the wrong one gives a square."""

    Params = DescentParams

    def construct(self) -> None:
        point = self.params.start
        row, column_ = BOWL.derivative_row(point), BOWL.gradient_column(point)
        position = np.array(point)[:, None]
        top, middle, bottom = self.zones.wide.rows(1, 1, 1)
        derivative = self.equation(
            top, ['"derivative" D f =', MatrixCard(row, "gradient", 1, CARD_SIZE)], 0.25
        )
        gradient = self.equation(
            top, ['"gradient" nabla f =', MatrixCard(column_, "gradient", 1, CARD_SIZE)], 0.75
        )
        self.open(derivative)
        with self.line("cards") as line:
            line.at("row")
            self.play(Pulse(derivative[1], 1.12))
            line.at("column")
            self.play(FadeIn(gradient[0]))
            self.play(TransformFromCopy(derivative[1].matrix, gradient[1].matrix), run_time=1.0)
            self.play(FadeIn(gradient[1].shape_note), run_time=0.3)
        right = subtract_shapes(position, self.params.alpha * column_)
        wrong = subtract_shapes(position, self.params.alpha * row)
        with self.line("fits") as line:
            parts = self.subtraction(middle, right)
            self.play(FadeIn(parts[:3]), run_time=line.until("fits"))
            self.play(FadeIn(parts[3:], tick(parts[-1].matrix.get_right() + RIGHT * 0.6)))
        with self.line("clash") as line:
            line.at("wrong")
            parts = self.subtraction(bottom, wrong)
            self.play(FadeIn(parts[:3]))
            line.at("square")
            cells = [parts[-1].entry(i, j) for i in range(2) for j in range(2)]
            self.play(FadeIn(parts[3], parts[-1].brackets), run_time=0.3)
            self.play(LaggedStart(*(FadeIn(cell) for cell in cells), lag_ratio=0.5), run_time=1.2)
            self.play(FadeIn(parts[-1].shape_note), run_time=0.3)
            frame = boxed(parts[-1].matrix, "error")
            self.play(FadeIn(frame, cross(frame.get_right() + RIGHT * 0.5)), run_time=0.4)
        with self.line("rule") as line:
            line.at("always")
            self.play(Dim(derivative, level=0.4), Pulse(gradient, 1.15))

    def equation(self, zone: object, parts: list[object], share: float) -> VGroup:
        """Formulas and matrix cards in a row, centred on the matrices' middle line."""
        group = VGroup()
        for part in parts:
            mobject = Formula(part, CARD_SIZE) if isinstance(part, str) else part
            anchor = mobject.matrix if isinstance(mobject, MatrixCard) else mobject
            mobject.shift(-anchor.get_center())
            if len(group):
                last = group[-1].matrix if isinstance(group[-1], MatrixCard) else group[-1]
                mobject.shift([last.get_right()[0] + 0.25 - anchor.get_left()[0], 0, 0])
            group.add(mobject)
        x = zone.left + zone.width * share
        return group.shift([x - group.get_x(), zone.center[1] + 0.2, 0])

    def subtraction(self, zone: object, clash: object) -> VGroup:
        """position − step = result, as numpy computes it."""
        return self.equation(
            zone,
            [
                MatrixCard(clash.position, "text", 1, CARD_SIZE),
                "-",
                MatrixCard(clash.step, "step", 1, CARD_SIZE),
                "=",
                MatrixCard(clash.result, "text", 1, CARD_SIZE),
            ],
            0.5,
        )


class QuizParams(SceneParams):
    """The bowl of the question is 3x² + y²; this is the point it asks for."""

    point: tuple[float, float] = QUIZ_POINT


class Quiz(QuizScene):
    """The wrong answer that confuses gradient and descent walks downhill on the map."""

    Params = QuizParams

    def construct(self) -> None:
        words, picture = self.zones.wide.columns(0.54, 0.46, gap=0.6)
        point = np.array(self.params.point)
        self.map = ContourMap(QUIZ_BOWL, QUIZ_WINDOW, picture, labels_along=(0.35, -1))
        walker = self.map.walker(point)
        self.open(self.lay_out(words), self.map, walker)
        feet, scaled = walker.get_center(), self.map.vector(QUIZ_BOWL.gradient(point) * ARROW_SCALE)
        with self.line("ask") as line:
            line.at("bowl")
            self.play(Pulse(walker, 1.6))
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left - 0.1))
            self.remove(self.ring)
        arrow = Arrow(feet, feet + scaled, "gradient")
        with self.line("answer") as line:
            line.at("right")
            self.play(*self.step_forward(self.right_row))
            self.play(FadeIn(self.right_row.sign()), arrow.grow(), run_time=0.8)
        wrong = Arrow(feet, feet - scaled, "error")
        with self.line("fail") as line:
            self.play(Dim(self.failing_row, level=1), run_time=0.4)
            line.at("opposite")
            self.play(wrong.grow(), FadeIn(self.failing_row.sign()), run_time=0.7)
            line.at("down")
            self.bring_to_front(walker)
            self.play(walker.animate.move_to(wrong.end), run_time=1.0)
            word = label_beside(Text("downhill", theme.LABEL, "error"), wrong.end, LEFT, 0.2)
            self.play(FadeIn(word), run_time=0.3)


class Answer(Hillside):
    """The opening picture again, now answered: two slopes, one arrow, and the way down."""

    def construct(self) -> None:
        self.open(self.set_up_hillside())
        slope = self.slopes.gradient
        corner = self.feet + self.map.vector([slope[0] * ARROW_SCALE, 0])
        tip = self.feet + self.map.vector(slope * ARROW_SCALE)
        along_x, along_y = Arrow(self.feet, corner, "first"), Arrow(corner, tip, "second")
        gradient = Arrow(self.feet, tip, "gradient")
        with self.line("back") as line:
            self.play(self.angle.animate.set_value(0.0), run_time=line.left - 0.2)
        with self.line("two") as line:
            line.at("two")
            self.play(along_x.grow(), run_time=0.6)
            self.play(self.angle.animate.set_value(tau / 4), run_time=0.6)
            self.play(along_y.grow(), run_time=0.6)
            line.at("arrow")
            self.play(gradient.grow(), run_time=0.7)
            self.bring_to_front(gradient, self.walker)
        with self.line("up") as line:
            self.play(self.angle.animate.set_value(self.slopes.steepest_angle), run_time=line.until("up"))
            line.at("length")
            self.play(Pulse(gradient, 1.2))
        with self.line("down") as line:
            self.play(FadeOut(along_x, along_y), run_time=0.3)
            self.play(
                self.angle.animate.set_value(self.slopes.descent_angle),
                FadeOut(self.fog),
                run_time=line.until("around") + 0.5,
            )
            self.play(FadeOut(self.needle, gradient), run_time=0.3)
            line.at("down")
            run = descend(BOWL, self.params.start, BOWL_LEARNING_RATE, 5)
            for number in range(len(run.steps)):
                arrow = self.map.step_arrow(run, number)
                end = arrow.end
                self.play(arrow.grow(), self.walker.animate.move_to(end), run_time=0.55)
