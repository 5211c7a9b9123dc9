"""The gate of colour: one bad picture for every rule, and a near miss that must pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import DOWN, LEFT, RIGHT, UP, Circle, Mobject, Rectangle, UpdateFromAlphaFunc, VGroup, VMobject
from probing import Told, lecture_of, run, script_of, timeline_of

from vcalc_anim.check.colour import ColourInspector, check_theme
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.flashes import FlashInspector
from vcalc_anim.check.scene_pass import Snapshot
from vcalc_anim.check.vision import BLINDNESS, contrast, distance, encoded, linear, luminance, over
from vcalc_anim.stage import Arrow, Formula, LectureScene, Text, boxed, dashed, dim, dot, label_beside, theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.theme import DARK, LIGHT, Theme

WORDS = {"one": "Here it is, and here it stays for a while."}


def found(told: Told, look: str = "dark", flashes: bool = False) -> list[Finding]:
    lecture = lecture_of(script_of(WORDS))
    gate = FlashInspector() if flashes else ColourInspector(timeline_of(lecture.scenes[0]))
    findings, _ = run(told, [gate], lecture, look=look)
    return findings


def shown(*make: Callable[[], Mobject], look: str = "dark") -> list[str]:
    """The rules that a still picture of the given things breaks."""

    def told(scene: LectureScene) -> None:
        scene.open(*(thing() for thing in make))
        with scene.line("one"):
            pass

    return [finding.rule for finding in found(told, look)]


def panel(colour: str, width: float = 6.0) -> Callable[[], Mobject]:
    return lambda: Rectangle(width=width, height=2, stroke_width=0, fill_color=colour, fill_opacity=1)


def tinted(colour: str, size: float = 44) -> Callable[[], Mobject]:
    return lambda: Text("slope", size).set_fill(colour)


# -- the measures ----------------------------------------------------------------------------------------

colours = st.tuples(*[st.floats(0, 1)] * 3)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast([1, 1, 1], [0, 0, 0]) == pytest.approx(21)
    assert contrast([0x76 / 255] * 3, [1, 1, 1]) == pytest.approx(4.54, abs=0.01)  # WebAIM's example
    assert luminance([1, 0, 0]) == pytest.approx(0.2126)


@given(colours)
def test_light_is_encoded_as_it_was_read(colour: tuple[float, ...]) -> None:
    assert np.allclose(encoded(linear(colour)), colour, atol=1e-4)


@given(colours, colours)
def test_contrast_has_no_order_and_its_range(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    ratio = float(contrast(one, other))
    assert ratio == pytest.approx(float(contrast(other, one)))
    assert 1 <= ratio <= 21 + 1e-9


@given(st.floats(0, 1), st.sampled_from(sorted(BLINDNESS)))
def test_greys_look_the_same_to_every_eye(level: float, eye: str) -> None:
    assert distance([level] * 3, [0.5] * 3, eye) == pytest.approx(distance([level] * 3, [0.5] * 3), abs=5e-3)


def test_red_and_green_of_one_lightness_meet_for_deuteranopes_only() -> None:
    red, green = (0.79, 0.33, 0.0), (0.52, 0.48, 0.0)
    assert distance(red, green) > 0.1
    assert distance(red, green, "deuteranopia") < 0.05 < distance(red, green, "tritanopia")


def test_paint_mixes_as_it_is_drawn() -> None:
    assert np.allclose(over([1, 1, 1], 0.25, [0, 0, 0]), 0.25)


# -- text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("things", "rules"),
    [
        ([tinted("#404850")], ["colour.text"]),
        ([tinted("#666E78")], []),  # 3.9: enough for large text
        ([tinted("#666E78", 30)], ["colour.text"]),
        ([tinted("#7C8591", 30)], []),
        ([panel("#2EC4B6"), lambda: Text("slope")], ["colour.text"]),  # white on teal
        ([panel("#2EC4B6"), tinted("#06080B")], []),
        ([panel("#2EC4B6", 0.4), lambda: Text("a long slope")], []),  # a thing crosses behind a little of it
        ([panel("#2EC4B6"), panel("#06080B", 4), lambda: Text("slope")], []),  # a patch behind it
        ([lambda: Text("slope").set_opacity(0.3)], ["colour.text"]),
        ([lambda: dim(Text("slope"), 0.3)], []),
        ([lambda: Formula("a {b: x}", 66).paint(b="grid")], ["colour.text"]),  # one part is enough
    ],
)
def test_text_stands_out_from_what_is_behind_it(
    things: list[Callable[[], Mobject]], rules: list[str]
) -> None:
    assert [rule for rule in shown(*things) if rule == "colour.text"] == rules


def test_white_text_is_lost_on_white() -> None:
    assert shown(tinted("#F2F4F7"), look="light") == ["colour.text"]
    assert shown(lambda: Text("slope"), look="light") == []


def test_a_text_is_judged_at_the_end_of_its_line() -> None:
    def told(scene: LectureScene) -> None:
        text = Text("slope").set_opacity(0.1)
        scene.open(text)
        with scene.line("one"):
            scene.play(text.animate.set_opacity(1), run_time=1)

    assert found(told) == []


def test_a_finding_says_what_where_and_when() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(tinted("#404850")().move_to([3, 2, 0]))
        with scene.line("one"):
            pass

    (finding,) = found(told)
    assert '"slope" has a contrast of 2.' in finding.message and "needs 3" in finding.message
    assert (finding.scene, finding.line) == ("Probe", "one")
    (box,) = finding.boxes
    assert 0.6 < box.left < box.right < 0.8 and 0.2 < box.top < box.bottom < 0.3


# -- shapes ----------------------------------------------------------------------------------------------


def curve(colour: str, at: float = 0.0, width: float = 4.5) -> Callable[[], Mobject]:
    def make() -> Mobject:
        path = VMobject(stroke_color=colour, stroke_width=width)
        return path.set_points_as_corners([[-4, at, 0], [0, at + 1, 0], [4, at, 0]])

    return make


@pytest.mark.parametrize(
    ("things", "rules"),
    [
        ([curve("#1B5A55")], ["colour.shape"]),  # 2.5
        ([curve("#20665F")], []),
        ([curve("#2A323D")], []),  # the grid's colour
        ([lambda: curve("#2EC4B6")().set_stroke(opacity=0.4)], ["colour.shape"]),
        ([lambda: dim(curve("#2EC4B6")(), 0.3)], []),
        ([panel("#06080B")], []),  # a patch
        ([panel("#101C1C")], ["colour.shape"]),
        (
            [lambda: panel("#101C1C")().set_stroke("#1B5A55", 2)],
            ["colour.shape"],
        ),  # a quiet outline helps nobody
        (
            [lambda: panel("#101C1C")().set_stroke("#2EC4B6", 2)],
            [],
        ),  # a quiet fill inside one that stands out
        ([lambda: dot([0, 0, 0], "grid")], []),
        ([lambda: Arrow([0, 0, 0], [2, 0, 0], "frozen")], []),
    ],
)
def test_shapes_stand_out_from_the_background(things: list[Callable[[], Mobject]], rules: list[str]) -> None:
    assert shown(*things) == rules


def test_a_trail_may_fade_behind_its_head() -> None:
    def trail(*opacities: float) -> Callable[[], Mobject]:
        return lambda: VGroup(
            *(curve("#2EC4B6", -k)().set_stroke(opacity=o) for k, o in enumerate(opacities))
        )

    assert shown(trail(1.0, 0.6, 0.2)) == []
    assert shown(trail(0.3, 0.2, 0.1)) == ["colour.shape"]


# -- colour-blind eyes --------------------------------------------------------------------------------------

TEAL, PINK, SKY, ORANGE = (DARK.roles[role] for role in ("function", "second", "first", "gradient"))


def named(make: Callable[[], Mobject]) -> Callable[[], Mobject]:
    def both() -> Mobject:
        thing = make()
        return VGroup(thing, label_beside(Text("f"), thing.get_right(), RIGHT))

    return both


@pytest.mark.parametrize(
    ("one", "other", "rules"),
    [
        (curve(TEAL), curve(PINK, -2), ["colour.alone"]),  # the same to a deuteranope
        (curve(TEAL), curve(ORANGE, -2), []),
        (curve(TEAL), curve(TEAL, -2), []),
        (curve(TEAL), named(curve(PINK, -2)), []),
        (curve(TEAL), curve(PINK, -2, width=8), []),
        (curve(TEAL), lambda: dim(curve(PINK, -2)()), []),
        (curve(TEAL), lambda: dashed([-4, -2, 0], [4, -2, 0], "second", 4.5), []),
        (curve(TEAL), lambda: Arrow([-4, -2, 0], [4, -2, 0], "second"), []),
        (lambda: dot([0, 0, 0], "function"), lambda: dot([1, 0, 0], "second"), ["colour.alone"]),
        (
            lambda: Arrow([0, 0, 0], [2, 0, 0], "gradient"),
            lambda: Arrow([0, 0, 0], [0, 2, 0], "second"),
            ["colour.alone"],
        ),
    ],
)
def test_no_two_things_differ_by_colour_alone(
    one: Callable[[], Mobject], other: Callable[[], Mobject], rules: list[str]
) -> None:
    assert shown(one, other) == rules


def test_the_blind_eye_is_named() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(curve(TEAL)(), curve(PINK, -2)())
        with scene.line("one"):
            pass

    (finding,) = found(told)
    assert finding.message.startswith("with deuteranopia") and len(finding.boxes) == 2


# -- flashes -----------------------------------------------------------------------------------------------


def blinking(
    times_a_second: float, size: float = 4.0, low: float = 0.0, high: float = 1.0, colour: str = "#FFFFFF"
) -> Told:
    """A square that is switched on and off."""

    def told(scene: LectureScene) -> None:
        square = Rectangle(width=size, height=size, stroke_width=0, fill_color=colour, fill_opacity=low)
        scene.open(square)

        def switch(mobject: VMobject, alpha: float) -> None:
            phase = alpha * 2.0 * times_a_second
            mobject.set_fill(opacity=high if phase % 1 < 0.5 else low)

        with scene.line("one"):
            scene.play(UpdateFromAlphaFunc(square, switch, rate_func=lambda a: a), run_time=2.0)

    return told


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        (blinking(5), ["colour.flash"]),
        (blinking(2.5), []),
        (blinking(5, size=1.0), []),  # too small to matter
        (blinking(5, high=0.2), []),  # a change of 0.03 of the full light
        (blinking(5, low=0.96), []),  # both bright
        (blinking(5, colour="#FF0000"), ["colour.flash", "colour.flash"]),  # as light and as red
        (blinking(5, colour="#C00000"), ["colour.flash", "colour.flash"]),
        (blinking(5, high=0.5, colour="#B00000"), ["colour.flash"]),  # too dark for a flash of light
        (blinking(5, high=0.5, colour="#00B000"), []),
    ],
)
def test_at_most_three_flashes_a_second(told: Told, rules: list[str]) -> None:
    assert [finding.rule for finding in found(told, flashes=True)] == rules


def test_a_flash_says_how_often_and_where() -> None:
    (finding,) = found(blinking(5), flashes=True)
    assert "5 flashes of light" in finding.message
    assert finding.until == pytest.approx(finding.seconds + 1)
    (box,) = finding.boxes
    assert box.left < 0.5 < box.right and box.top < 0.5 < box.bottom


def test_a_picture_that_swaps_black_and_white_flashes_too() -> None:
    def told(scene: LectureScene) -> None:
        halves = VGroup(*(panel("#FFFFFF", 4)().set_height(4).shift(side * 2) for side in (LEFT, RIGHT)))
        scene.open(halves)

        def swap(mobject: VMobject, alpha: float) -> None:
            left_on = alpha * 10 % 1 < 0.5
            mobject[0].set_fill(opacity=float(left_on))
            mobject[1].set_fill(opacity=float(not left_on))

        with scene.line("one"):
            scene.play(UpdateFromAlphaFunc(halves, swap, rate_func=lambda a: a), run_time=2.0)

    assert [finding.rule for finding in found(told, flashes=True)] == ["colour.flash"]


def test_many_thin_lines_that_come_and_go_are_no_flash() -> None:
    def told(scene: LectureScene) -> None:
        lines = VGroup(*(stroke([-6, y, 0], [6, y, 0], "text") for y in np.linspace(-3, 3, 20)))
        frame = boxed(Circle(radius=2).shift(UP + DOWN))
        scene.open(lines, frame)

        def switch(mobject: VMobject, alpha: float) -> None:
            mobject.set_stroke(opacity=float(alpha * 10 % 1 < 0.5))

        with scene.line("one"):
            scene.play(UpdateFromAlphaFunc(lines, switch, rate_func=lambda a: a), run_time=2.0)

    assert found(told, flashes=True) == []


def test_the_painted_picture_is_like_the_drawn_one() -> None:
    """Flashes are counted on a picture made without drawing; here both are compared, cell by cell."""

    class Both(FlashInspector):
        frames = frozenset({20})
        largest = 0.0

        def see(self, snapshot: Snapshot) -> None:
            super().see(snapshot)
            if snapshot.pixels is not None and self.level is not None:
                light = linear(snapshot.pixels[..., :3] / 255) @ [0.2126, 0.7152, 0.0722]
                cells = light.reshape(9, 40, 15, 43).mean(axis=(1, 3))
                self.largest = float(np.abs(cells - self.level).max())

    def told(scene: LectureScene) -> None:
        scene.open(
            panel("#FF9F1C")().set_fill(opacity=0.6),
            Circle(radius=1.2, stroke_width=0, fill_color="#FFFFFF", fill_opacity=1).shift(4 * RIGHT),
            curve(TEAL, -2.5, width=12)(),
            Text("a word of text", 66).shift(2.4 * UP),
        )
        with scene.line("one"):
            pass

    lecture, gate = lecture_of(script_of(WORDS)), Both()
    run(told, [gate], lecture, size=(645, 360))
    assert 0 < gate.largest < 0.06


# -- themes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
def test_every_role_can_be_text_on_background_and_panel(look: Theme) -> None:
    assert check_theme(look) == []


def test_a_role_that_is_too_dark_is_found() -> None:
    (background, on_panel) = check_theme(Theme("dark", {**DARK.roles, "frozen": "#5A626C"}))
    assert "role frozen has a contrast of 3." in background.message
    assert "panel" in on_panel.message


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("role", ["function", "gradient", "step", "frozen"])
def test_the_faintest_shade_is_still_a_shape(look: str, role: theme.Role) -> None:
    with theme.theme(look):
        ground, faint = theme.color("background").to_rgb(), theme.shade(role, 0).to_rgb()
        assert 3.0 <= float(contrast(faint, ground)) < 3.2
        assert np.allclose(theme.shade(role, 1).to_rgb(), theme.color(role).to_rgb())
