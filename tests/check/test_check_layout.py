"""The gate of layout: one bad scene for every rule, and a near miss that must pass."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    Line,
    Mobject,
    Rectangle,
    Square,
    TransformFromCopy,
)

from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob
from vcalc_anim.check.attention import AttentionGate
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.layout import LayoutGate
from vcalc_anim.check.scene_pass import FPS, SceneWatcher, Snapshot, inspect, line_ends
from vcalc_anim.course import (
    Lecture,
    SceneScript,
    estimate_spans,
    load_course,
    parse_line,
    scene_timeline,
)
from vcalc_anim.course import (
    Line as ScriptLine,
)
from vcalc_anim.stage import Arrow, Dim, Formula, LectureScene, Pulse, Readout, Text, boxed, dot, theme
from vcalc_anim.stage.lecture_scene import Staging, staged
from vcalc_anim.stage.renderer import SinkRenderer, drawing
from vcalc_anim.stage.zones import zones

SCRIPT = Path("scenes/ch01_probe.toml")
WIDE, TALL = (1920, 1080), (1080, 1920)
ONE = {"one": "Here it is."}
SOME: dict[str, str | float] = {"one": "Here it comes, and there it goes again."}
THREE = {"one": "Here it is.", "two": "We go on.", "three": "And on."}
LONG = " ".join(["longer words"] * 22)  # 14 seconds

Told = Callable[[LectureScene], None]


def check(
    told: Told, words: dict[str, str | float] | None = None, size: tuple[int, int] = WIDE
) -> list[Finding]:
    """What both gates find in a scene whose ``construct`` is *told*."""
    lines = {}
    for number, (name, text) in enumerate((words or ONE).items(), start=10):
        markup = parse_line(text) if isinstance(text, str) else None
        lines[name] = ScriptLine(
            name, markup.words if markup else (), {}, 0.4 if markup else 0.0, None if markup else text, SCRIPT, number
        )  # fmt: skip
    script = SceneScript("Probe", "A probe", lines, {}, SCRIPT, 9)
    spans = {name: estimate_spans(line.spoken) for name, line in lines.items() if line.silence is None}
    timeline = scene_timeline(script, spans, FPS)
    lecture = Lecture(1, "ch01-probe", "Probes", "Why?", (), (script,), (), SCRIPT, SCRIPT.with_suffix(".py"))
    gates = [LayoutGate(timeline), AttentionGate(script, timeline)]

    class Probe(LectureScene):
        def construct(self) -> None:
            told(self)

    with drawing(*size, FPS, "#06080B"), staged(Staging(lecture, script, timeline)):
        Probe(renderer=SinkRenderer(SceneWatcher("Probe", timeline, gates))).render()
    return [finding for gate in gates for finding in gate.finish()]


def ground() -> Mobject:
    """A frame that uses the stage and is in nobody's way."""
    area = zones().wide.inset(0.1)
    return Rectangle(width=area.width, height=area.height, color=theme.color("frozen")).move_to(area.center)


def shown(*make: Callable[[], Mobject], size: tuple[int, int] = WIDE) -> set[str]:
    """The rules broken by a still picture of the given things, in drawing order."""

    def told(scene: LectureScene) -> None:
        scene.open(ground(), *(thing() for thing in make))
        with scene.line("one"):
            pass

    return {finding.rule for finding in check(told, size=size)}


def said(mobject: Mobject, **declared: bool) -> Mobject:
    for word, value in declared.items():
        setattr(mobject, word, value)
    return mobject


def word() -> Mobject:
    return Text("uphill")


def across(height: float = 0.0, role: str = "function") -> Mobject:
    return Line([-2, height, 0], [2, height, 0], color=theme.color(role))  # type: ignore[arg-type]


def patch(opacity: float = 1.0) -> Mobject:
    return Rectangle(width=3, height=1, stroke_width=0, fill_opacity=opacity, color=theme.color("panel"))


# -- overlap, crossed, hidden ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("things", "broken"),
    [
        ((word, lambda: Text("level")), {"layout.overlap"}),
        ((word, lambda: Text("level").next_to(Text("uphill"), DOWN, buff=0.04)), set()),
        ((word, lambda: Formula("x^2").shift(RIGHT * 0.3)), {"layout.overlap"}),
        ((word, lambda: Readout("x", lambda: 1.5, 2, cells=5)), {"layout.overlap"}),
        ((word, lambda: said(Text("level"), overlaps=True)), set()),
        ((word, lambda: Text("level").set_opacity(0.1)), set()),
        ((word, across), {"layout.crossed"}),
        ((across, word), {"layout.crossed"}),
        ((across, lambda: Text("uphill").halo()), set()),
        ((across, patch, word), set()),
        ((across, lambda: patch(0.3), word), {"layout.crossed"}),
        ((word, lambda: across(-0.35)), set()),
        ((lambda: across(role="grid"), word), set()),
        ((word, lambda: said(across(), overlaps=True)), set()),
        ((word, lambda: boxed(Text("uphill"))), set()),
        ((patch, word), set()),
        ((word, patch), {"layout.hidden"}),
        ((word, lambda: dot([0, 0])), {"layout.hidden"}),
        ((word, lambda: dot([0, 0.5])), set()),
        ((word, lambda: Arrow([-1, -1], [0.1, 0.1])), {"layout.hidden"}),
        ((word, lambda: Arrow([-1, -1.5], [0, -0.3])), set()),
        ((lambda: Arrow([-1, -1], [1, 1]), lambda: Text("uphill").halo()), set()),
    ],
)  # fmt: skip
def test_what_lies_on_a_text(things: tuple[Callable[[], Mobject], ...], broken: set[str]) -> None:
    assert shown(*things) == broken


def test_a_label_in_a_hole_of_a_formula_does_not_overlap_it() -> None:
    """Glyphs count, not bounding boxes: the corner below a lone sum sign's neighbour is free."""

    def beside() -> Mobject:
        tall = Formula('mat(delim: "[", 1; 2; 3) x')
        return Text("a").move_to(tall.get_corner(DOWN + RIGHT) + np.array([-0.05, 0.2, 0]))

    assert shown(lambda: Formula('mat(delim: "[", 1; 2; 3) x'), beside) == set()


def crossfade(at_once: bool) -> Told:
    def told(scene: LectureScene) -> None:
        old, new = Text("before"), Text("after")
        scene.open(ground(), old)
        with scene.line("one"):
            if at_once:
                scene.play(FadeOut(old), FadeIn(new), run_time=0.6)
            else:
                scene.play(FadeOut(old), run_time=0.3)
                scene.play(FadeIn(new), run_time=0.3)

    return told


def test_old_things_leave_before_new_ones_come() -> None:
    assert {finding.rule for finding in check(crossfade(at_once=True))} == {"layout.overlap"}
    assert check(crossfade(at_once=False)) == []


def flight(over: bool) -> Told:
    def told(scene: LectureScene) -> None:
        runner, post = Text("go").shift(LEFT * 4), Text("post").shift((0 if over else 1.5) * UP)
        scene.open(ground(), runner, post)
        with scene.line("one"):
            scene.play(runner.animate.shift(RIGHT * 8), run_time=1.5)

    return told


def test_even_a_short_overlap_is_one_finding_with_its_time_and_place() -> None:
    (found,) = check(flight(over=True), SOME)
    assert found.rule == "layout.overlap"
    assert found.message.startswith('"go" and "post" overlap')
    assert (found.scene, found.line) == ("Probe", "one")
    assert found.seconds is not None and found.until is not None
    assert 1.1 < found.seconds < found.until < 1.5
    assert [box.name for box in found.boxes] == ['"go"', '"post"']
    post = found.boxes[1]
    assert post.left < 0.5 < post.right and post.top < 0.5 < post.bottom
    assert check(flight(over=False), SOME) == []


def copies(back: bool) -> Told:
    def told(scene: LectureScene) -> None:
        source, target = Text("row").shift(LEFT * 3), Text("row").shift(RIGHT * 3)
        scene.open(ground(), source)
        with scene.line("one"):
            scene.play(TransformFromCopy(source, target), run_time=0.6)
            if back:
                scene.play(target.animate.move_to(source), run_time=0.4)

    return told


def test_a_copy_may_leave_its_original_but_not_come_back() -> None:
    assert check(copies(back=False)) == []
    assert {finding.rule for finding in check(copies(back=True))} == {"layout.overlap"}


# -- margin, captions, size --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thing", "broken"),
    [
        (lambda: Text("left").set_x(zones().safe.left - 0.1, LEFT), {"layout.margin"}),
        (lambda: Text("left").set_x(zones().safe.left, LEFT), set()),
        (lambda: Line([-7, 2, 0], [0, 2, 0]), {"layout.margin"}),
        (lambda: said(Line([-7, 2, 0], [0, 2, 0]), bleeds=True), set()),
        (lambda: Line([-7, 2, 0], [0, 2, 0], color=theme.color("grid")), set()),
        (lambda: dot([0, 3.9]), {"layout.margin"}),
        (lambda: Text("low").set_y(zones().captions.top - 0.1, DOWN), {"layout.captions"}),
        (lambda: Text("low").set_y(zones().captions.top + 0.03, DOWN).scale(0.9), set()),
    ],
)
def test_important_things_stay_inside_and_off_the_captions(
    thing: Callable[[], Mobject], broken: set[str]
) -> None:
    def told(scene: LectureScene) -> None:
        frame = ground().scale(0.85)
        scene.open(frame, said(thing(), overlaps=True))
        with scene.line("one"):
            pass

    assert {finding.rule for finding in check(told)} == broken


@pytest.mark.parametrize(
    ("thing", "broken"),
    [
        (lambda: Text("fine print", 26), {"layout.type-size"}),
        (lambda: Text("fine print", 28), set()),
        (lambda: Text("scaled", 44).scale(0.6), {"layout.type-size"}),
        (lambda: Text("scaled", 44).scale(0.7), set()),
        (lambda: Formula("x_1^2", 36), set()),
        (lambda: said(Text("fine print", 20), small=True), set()),
    ],
)
@pytest.mark.parametrize("size", [WIDE, TALL])
def test_small_type_is_found_in_every_shape(
    thing: Callable[[], Mobject], broken: set[str], size: tuple[int, int]
) -> None:
    assert shown(thing, size=size) == broken


def test_text_may_grow_from_nothing() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(ground())
        with scene.line("one"):
            scene.play(GrowFromCenter(Text("grown")), run_time=0.5)

    assert check(told) == []


# -- the stage and the viewer's attention ------------------------------------------------------------


@pytest.mark.parametrize(
    ("things", "rule"),
    [
        ([], "layout.empty"),
        ([lambda: Text("lonely")], "layout.sparse"),
        ([lambda: Text("a").shift(LEFT * 5), lambda: Text("b").shift(RIGHT * 5)], "layout.sparse"),
        ([lambda: Square(5)], ""),
        ([lambda: Square(5, color=theme.color("background"))], "layout.empty"),
    ],
)
def test_the_stage_is_used(things: list[Callable[[], Mobject]], rule: str) -> None:
    def told(scene: LectureScene) -> None:
        scene.open(*(thing() for thing in things))
        with scene.line("one"):
            scene.hold(2)

    assert [finding.rule for finding in check(told, {"one": "Here it is, and here it stays."})] == [
        *([rule] if rule else [])
    ]


def still(moves_after: float | None) -> Told:
    def told(scene: LectureScene) -> None:
        circle = Circle(1)
        scene.open(ground(), circle)
        for name in scene.script.lines:
            with scene.line(name):
                if moves_after is not None:
                    scene.hold(moves_after)
                    scene.play(Pulse(circle), run_time=0.4)

    return told


@pytest.mark.parametrize(
    ("words", "moves_after", "rules"),
    [
        ({"one": LONG}, None, ["layout.still"]),
        ({"one": LONG}, 6.0, []),
        ({"one": LONG[: len(LONG) // 2], "two": LONG[len(LONG) // 2 :]}, None, ["layout.still"]),
        ({"one": "A guess?", "think": 14.0}, None, []),
        ({"one": "A few words only."}, None, []),
    ],
)
def test_nobody_talks_long_over_a_still_picture(
    words: dict[str, str | float], moves_after: float | None, rules: list[str]
) -> None:
    assert [finding.rule for finding in check(still(moves_after), words)] == rules


def noted(then: Callable[[LectureScene, Text], None] = lambda scene, note: None, **declared: bool) -> Told:
    """A note comes in line one and stays; *then* happens in line two."""

    def told(scene: LectureScene) -> None:
        scene.open(ground())
        note = Text("a note")
        for name in scene.script.lines:
            with scene.line(name):
                if name == "one":
                    scene.play(FadeIn(said(note, **declared)), run_time=0.3)
                if name == "two":
                    then(scene, note)

    return told


def beside(distance: float) -> Callable[[LectureScene, Text], None]:
    def move(scene: LectureScene, note: Text) -> None:
        runner = dot([3, note.get_top()[1] + distance, 0])
        scene.add(runner)
        scene.play(runner.animate.shift(LEFT * 6), run_time=0.4)
        scene.remove(runner)

    return move


@pytest.mark.parametrize(
    ("told", "words", "left"),
    [
        (noted(), THREE, True),
        (noted(), {"one": "Here it is.", "two": "We go on."}, False),
        (noted(), {**THREE, "three": "See the note."}, False),
        (noted(), {"one": "Here it is.", "two": "We go on.", "think": 1.0}, False),
        (noted(stays=True), THREE, False),
        (noted(lambda scene, note: scene.play(Dim(note), run_time=0.3)), THREE, False),
        (noted(lambda scene, note: scene.play(Pulse(note), run_time=0.3)), THREE, False),
        (noted(lambda scene, note: scene.play(FadeOut(note), run_time=0.3)), THREE, False),
        (noted(beside(0.3)), THREE, False),
        (noted(beside(1.0)), THREE, True),
        (
            noted(lambda scene, note: scene.play(FadeIn(Text("more").next_to(note, DOWN, buff=0.5)))),
            THREE,
            False,
        ),
    ],
)
def test_what_is_no_longer_talked_about_leaves(told: Told, words: dict[str, str | float], left: bool) -> None:
    found = check(told, words)
    assert [finding.rule for finding in found] == (["layout.leftover"] if left else [])
    if left:
        assert '"a note" is left over from line "one"' in found[0].message


def test_the_opening_picture_may_stay() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(ground(), Text("a map"))
        for name in scene.script.lines:
            with scene.line(name):
                pass

    assert check(told, THREE) == []


# -- the pass itself ---------------------------------------------------------------------------------


class Notes:
    """Keeps every snapshot."""

    def __init__(self, frames: frozenset[int] = frozenset()) -> None:
        self.frames = frames
        self.seen: list[Snapshot] = []

    def see(self, snapshot: Snapshot) -> None:
        self.seen.append(snapshot)

    def finish(self) -> list[Finding]:
        return []


LECTURE = load_course(Path(__file__).parents[2] / "scenes").lecture("ch04")


def job(name: str, shape: str = "wide", fps: int = FPS) -> RenderJob:
    script = LECTURE.scene(name)
    spans = {key: estimate_spans(line.spoken) for key, line in script.lines.items() if line.silence is None}
    timeline = scene_timeline(script, spans, fps)
    return RenderJob(LECTURE.script, name, timeline, Quality("check", 1080, fps), shape)  # type: ignore[arg-type]


def test_a_scene_is_looked_at_more_than_ten_times_a_second() -> None:
    assert FPS >= 10


@pytest.mark.render
def test_inspectors_see_changes_only_and_the_pixels_they_ask_for() -> None:
    spring = job("Blindfold")
    ends = line_ends(spring.timeline)
    notes = Notes(ends)
    assert inspect(spring, [notes], lines=90)[0] == []
    changes = [snapshot for snapshot in notes.seen if snapshot.pixels is None]
    assert all(one.items != two.items or one.line != two.line for one, two in pairwise(changes))
    assert len(changes) < spring.timeline.frames
    drawn = [snapshot for snapshot in notes.seen if snapshot.pixels is not None]
    assert len(drawn) == len(ends)
    assert {snapshot.pixels.shape for snapshot in drawn if snapshot.pixels is not None} == {(90, 160, 4)}
    assert [snapshot.line for snapshot in drawn] == list(LECTURE.scene("Blindfold").lines)


@pytest.mark.render
@pytest.mark.parametrize("name", [scene.name for scene in LECTURE.scenes])
def test_chapter_4_is_laid_out_well(name: str) -> None:
    wide = job(name)
    gates = [LayoutGate(wide.timeline), AttentionGate(LECTURE.scene(name), wide.timeline)]
    assert inspect(wide, gates)[0] == []


@pytest.mark.render
@pytest.mark.parametrize("shape", ["tall", "square"])
@pytest.mark.parametrize("name", [scene.name for scene in LECTURE.scenes])
def test_chapter_4_can_be_read_in_every_shape(name: str, shape: str) -> None:
    other = job(name, shape, fps=4)
    assert inspect(other, [LayoutGate(other.timeline, frozenset({"type-size"}))])[0] == []
