"""Widgets draw what the core says, where they say they draw it."""

from itertools import pairwise
from math import tau

import numpy as np
import pytest
from manim import ValueTracker

from vcalc_anim.core import SlopeDial, Window, descend, partial_slice
from vcalc_anim.core.examples import BOWL, BOWL_START
from vcalc_anim.stage import (
    Arrow,
    ContourMap,
    Dim,
    MatrixCard,
    Needle,
    Plot,
    Readout,
    ResultTable,
    SlopeTriangle,
    SlopeWave,
    Text,
    Valley,
    Zone,
    ZoomMap,
    dim,
    equation,
    theme,
)
from vcalc_anim.stage.renderer import drawing
from vcalc_anim.stage.zones import zones

STAGE = Zone(-6.0, 2.0, -3.0, 3.0)
WINDOW = Window(-4, 4, -3, 3)


def test_a_readout_keeps_its_digits_in_place() -> None:
    value = ValueTracker(10.0)
    readout = Readout("f", value.get_value, 2, cells=7)
    last = readout._cells[4].get_right()[0]
    value.set_value(-3.25)
    readout.refresh()
    assert readout.text == "=−3.25"
    assert readout._cells[4].get_right()[0] == pytest.approx(last, abs=0.03)


def test_a_readout_admits_rounding_and_fits_any_number() -> None:
    value = ValueTracker(2 / 3)
    readout = Readout("f", value.get_value, 2, cells=6)
    assert readout.text == "≈0.67"
    for number, shown in ((-1234.5678, "≈−1235"), (3.2e9, "≈3×10⁹"), (0.0, "=0.00")):
        value.set_value(number)
        readout.refresh()
        assert readout.text == shown


def test_a_readout_follows_its_group_when_it_moves() -> None:
    value = ValueTracker(1.0)
    readout = Readout("f", value.get_value, 0, cells=2).shift([2.0, 1.0, 0.0])
    before = readout._cells[0].get_center()
    value.set_value(7.0)
    readout.refresh()
    assert np.linalg.norm(readout._cells[0].get_center() - before) < 0.1


def test_a_plot_maps_its_window_onto_its_area() -> None:
    plot = Plot(WINDOW, STAGE)
    np.testing.assert_allclose(plot.at([-4, -3])[:2], [plot.area.left, plot.area.bottom])
    np.testing.assert_allclose(plot.at([4, 3])[:2], [plot.area.right, plot.area.top])
    assert STAGE.holds(plot, slack=0.02)


def test_equal_scales_keep_right_angles_right() -> None:
    plot = ContourMap(BOWL, Window(-4, 4, -1, 1), STAGE)
    assert plot.unit_x == pytest.approx(plot.unit_y)
    assert plot.window.contains([[-4, -1], [4, 1]]).all()


def test_contours_stay_inside_and_on_their_level() -> None:
    plot = ContourMap(BOWL, WINDOW, STAGE)
    for level, group in zip(plot.levels, plot.lines, strict=True):
        for curve in group:
            anchors = curve.points[::4, :2]
            plane = np.column_stack(
                [
                    (anchors[:, 0] - plot.area.left) / plot.unit_x + plot.window.x_min,
                    (anchors[:, 1] - plot.area.bottom) / plot.unit_y + plot.window.y_min,
                ]
            )
            np.testing.assert_allclose(BOWL(plane), level, atol=0.05)
            assert plot.window.zoom(plot.window.center, 1 - 1e-9).contains(plane).all()


def test_contour_labels_do_not_touch_each_other_or_the_border() -> None:
    plot = ContourMap(BOWL, WINDOW, STAGE)
    assert len(plot.heights) >= 2
    for label in plot.heights:
        assert plot.area.holds(label)
    centers = [label.get_center() for label in plot.heights]
    assert min(np.linalg.norm(a - b) for a, b in pairwise(centers)) > 0.3


def test_steps_outside_the_window_are_clipped_or_not_drawn() -> None:
    plot = ContourMap(BOWL, WINDOW, STAGE)
    run = descend(BOWL, BOWL_START, 0.7, 6)
    arrows = [plot.step_arrow(run, k) for k in range(len(run))]
    assert arrows[0] is not None and arrows[-1] is None
    for arrow in arrows:
        if arrow is not None:
            assert plot.area.inset(-1e-6).holds(arrow.shaft)


def test_an_arrow_of_no_length_vanishes_and_comes_back() -> None:
    arrow = Arrow([0, 0], [0, 0])
    assert len(arrow.shaft.points) == 0
    arrow.put([0, 0], [2, 0])
    np.testing.assert_allclose(arrow.head.get_right(), [2, 0, 0], atol=1e-9)


def test_the_needle_points_where_the_angle_says() -> None:
    plot = ContourMap(BOWL, WINDOW, STAGE)
    angle = ValueTracker(0.0)
    needle = Needle(plot, BOWL_START, angle.get_value)
    angle.set_value(tau / 4)
    needle.update()
    np.testing.assert_allclose(needle.end - needle.start, [0, plot.unit_y, 0], atol=1e-9)


def test_the_wave_shows_the_cores_slope_and_never_unwinds() -> None:
    slopes = SlopeDial(BOWL, np.array(BOWL_START))
    angle = ValueTracker(slopes.steepest_angle)
    wave = SlopeWave(slopes, STAGE, angle.get_value)
    wave.update()
    np.testing.assert_allclose(wave.bead.get_center(), wave.at([wave.degrees, slopes.magnitude]), atol=1e-6)
    drawn = wave.curve.get_right()[0]
    angle.set_value(0.1)
    wave.update()
    assert wave.curve.get_right()[0] == pytest.approx(drawn)


def test_the_slope_triangle_adds_up_to_the_gradient() -> None:
    plot = ContourMap(BOWL, WINDOW, STAGE)
    slopes = SlopeTriangle(plot, SlopeDial(BOWL, np.array([1.0, -1.0])), 0.25)
    np.testing.assert_allclose(slopes.along_y.end, slopes.total.end)
    np.testing.assert_allclose(slopes.total.end - slopes.total.start, plot.vector([0.5, -1.0]), atol=1e-9)


def test_zooming_keeps_lines_as_dense_as_before() -> None:
    picture = ZoomMap(BOWL, BOWL_START, STAGE, 6.0)
    counts = []
    for width in (6.0, 3.1, 0.8, 0.05):
        picture.zoom_to(width)
        counts.append(sum(len(slot.points) > 0 for slot in picture.slots))
    assert max(counts) <= 3 * min(counts)
    assert len(picture.middle.points) > 0


@pytest.mark.parametrize("positions", [[3.0, 2.1, 1.47], [2.0, -2.4, 2.88, -3.456, 4.147], [1.0]])
def test_a_valley_never_draws_outside_its_window(positions: list[float]) -> None:
    valley = Valley(partial_slice(BOWL, "y", (0, 0)), Window(-3, 3, -1, 18), STAGE, "y", "second")
    valley.load(positions)
    for step in np.linspace(0, len(positions), 23):
        valley.show_step(step)
        assert valley.area.inset(-1e-6).holds(valley.trail)
        x, y, _ = valley.rider.get_center()
        assert valley.area.left - 1e-6 <= x <= valley.area.right + 1e-6
        assert valley.area.bottom - 1e-6 <= y <= valley.area.top + 1e-6


def test_dimming_keeps_empty_fills_empty_and_is_undone() -> None:
    plot = ContourMap(BOWL, WINDOW, STAGE)
    curve = plot.lines[0][0]
    before = (curve.get_stroke_opacity(), curve.get_fill_opacity())
    dim(plot, 0.3)
    assert curve.get_fill_opacity() == 0
    assert curve.get_stroke_opacity() == pytest.approx(0.3 * before[0])
    back = Dim(plot, level=1.0)
    back.begin()
    back.finish()
    assert (curve.get_stroke_opacity(), curve.get_fill_opacity()) == pytest.approx(before)


def test_a_matrix_card_knows_its_entries_and_its_shape() -> None:
    card = MatrixCard([[0.9, 1.2]], decimals=1)
    assert card.entry(0, 1).get_x() > card.entry(0, 0).get_x()
    assert len(card.brackets) >= 2
    row = equation([card, "-", MatrixCard([[1], [2]])], [1.0, 0.5])
    assert row[0].matrix.get_y() == pytest.approx(row[2].matrix.get_y())


def test_a_result_table_lines_up_its_right_edges() -> None:
    table = ResultTable(STAGE, ("alpha", '"steps"'), 3)
    first, second = table.row("0.02", "197"), table.row("0.15", "8")
    assert first[1].get_right()[0] == pytest.approx(second[1].get_right()[0])
    assert first.get_y() > second.get_y()


def test_zones_do_not_overlap_in_any_shape() -> None:
    for width, height in ((1920, 1080), (1080, 1080), (1080, 1920)):
        with drawing(width, height, 30, "#000000"):
            place = zones()
            stacked = (place.title, place.wide, place.captions)
            for upper, lower in pairwise(stacked):
                assert upper.bottom >= lower.top - 1e-9
            assert place.stage.right <= place.dock.left or place.stage.bottom >= place.dock.top
            assert place.safe.left > place.frame.left and place.captions.bottom >= place.safe.bottom
            one, two = place.split(0.5, 0.5)
            assert one.right <= two.left or one.bottom >= two.top


def _luminance(hex_color: str) -> float:
    channels = [int(hex_color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=lambda look: look.name)
def test_every_role_stands_out_from_the_background(look: theme.Theme) -> None:
    ground = _luminance(look.roles["background"])
    for role, value in look.roles.items():
        if role in ("background", "grid", "panel"):
            continue
        high, low = sorted((_luminance(value), ground), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{role} of {look.name}"


def test_widgets_take_the_colours_of_the_active_theme() -> None:
    with theme.theme("light"):
        assert Text("a").submobjects[0].fill_color == theme.color("text")
        assert theme.color("text").to_hex().upper() == theme.LIGHT.roles["text"]
    assert theme.color("text").to_hex().upper() == theme.DARK.roles["text"]
