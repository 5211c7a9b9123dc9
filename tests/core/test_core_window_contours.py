from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vcalc_anim.core import ScalarField, Window, descend, level_curves, nice_ticks
from vcalc_anim.core.examples import BOWL, BOWL_START

WINDOW = Window(-4, 4, -3, 3)
huge = st.one_of(st.floats(-10, 10), st.floats(-1e308, 1e308))


def signed_area(curve: np.ndarray) -> float:
    x, y = curve[:, 0], curve[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


@pytest.mark.parametrize("level", [1e-3, 1, 5.69, 8])
def test_a_closed_contour_lies_on_its_level_and_closes_exactly(level):
    (curve,) = level_curves(BOWL, level, WINDOW)
    assert np.abs(BOWL(curve) - level).max() < 1e-10
    assert np.array_equal(curve[0], curve[-1])
    # The bowl is higher outside: with that on its left, the ellipse x² + 2y² = c runs clockwise.
    exact = np.pi * level / np.sqrt(2)
    assert signed_area(curve) == pytest.approx(-exact, rel=5e-3)


def test_a_contour_that_leaves_the_window_ends_on_its_border():
    curves = level_curves(BOWL, 17, WINDOW)
    assert len(curves) == 2  # (±4, ·) is outside x² + 2y² = 17 only for |y| > √0.5; the sides cut it twice
    for curve in curves:
        assert np.abs(BOWL(curve) - 17).max() < 1e-10
        assert WINDOW.contains(curve).all()
        for end in (curve[0], curve[-1]):
            assert abs(end[0]) == 4
            assert abs(end[1]) == pytest.approx(np.sqrt(0.5), rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.floats(-2, 2), st.integers(20, 120))
def test_contours_of_a_wavy_field_are_on_their_level(level, samples):
    field = ScalarField.from_text("sin(x) + cos(y*x/2) + x*y/9")
    for curve in level_curves(field, level, WINDOW, samples):
        assert np.abs(field(curve) - level).max() < 1e-10
        assert WINDOW.contains(curve).all()


def test_the_level_through_a_saddle_has_no_vertex_off_the_level():
    saddle = ScalarField.from_text("x*y")
    curves = level_curves(saddle, 0, WINDOW, 40)
    assert curves
    assert all(np.abs(saddle(curve)).max() < 1e-10 for curve in curves)


def test_a_level_outside_the_range_and_a_hole_in_the_domain_give_what_there_is():
    assert level_curves(BOWL, -1, WINDOW) == ()
    half = ScalarField.from_text("sqrt(x) + y")
    curves = level_curves(half, 1, WINDOW)
    assert curves
    assert all(np.abs(half(curve) - 1).max() < 1e-10 for curve in curves)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: level_curves(BOWL, np.nan, WINDOW), "level is nan"),
        (lambda: level_curves(BOWL, 1, WINDOW, 1), "samples is 1"),
        (lambda: level_curves(ScalarField.from_text("x", ("x",)), 1, WINDOW), "two variables"),
        (lambda: Window(1, 1, 0, 1), "x_min < x_max"),
        (lambda: Window(0, np.inf, 0, 1), "finite bounds"),
        (lambda: WINDOW.zoom((0, 0), 0), "zoom factor"),
        (lambda: WINDOW.grid(1, 5), "at least 2 columns"),
        (lambda: WINDOW.clip([1, 2]), r"\(n, 2\)"),
        (lambda: WINDOW.clip([[1, np.inf]]), "infinity"),
        (lambda: nice_ticks(1, 1), "low < high"),
        (lambda: nice_ticks(0, np.nan), "finite bounds"),
        (lambda: nice_ticks(0, 1, 0), "target is 0"),
    ],
)
def test_bad_input_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_zoom_keeps_the_shape_around_a_new_center():
    close = WINDOW.zoom((3, 2), 40)
    assert (close.width, close.height) == pytest.approx((0.2, 0.15))
    assert close.center == pytest.approx((3, 2))


def test_grid_runs_row_by_row_from_the_bottom_left():
    points = WINDOW.grid(3, 2)
    assert points.tolist() == [[-4, -3], [0, -3], [4, -3], [-4, 3], [0, 3], [4, 3]]


def test_a_diverging_run_is_cut_where_it_leaves_the_window():
    run = descend(BOWL, (3, 2), 0.55, 2000)
    clipped = WINDOW.clip(run.points)
    assert clipped.exit is not None
    assert abs(clipped.exit[1]) == 3
    # Steps 0 to 2 stay inside (|y| = 2, 2.4, 2.88); the third one crosses the border.
    assert clipped.pieces[0][:3] == pytest.approx(run.points[:3])
    assert np.array_equal(clipped.pieces[0][-1], clipped.exit)
    assert len(clipped.pieces[0]) == 4
    assert len(clipped.pieces) > 100  # it keeps crossing the picture as it bounces


def test_a_line_that_stays_inside_is_kept_whole():
    run = descend(BOWL, BOWL_START, 0.15, 10)
    clipped = WINDOW.clip(run.points)
    assert clipped.exit is None
    assert len(clipped.pieces) == 1
    assert np.array_equal(clipped.pieces[0], run.points)


def test_lines_that_miss_touch_or_pass_through():
    assert WINDOW.clip([[-9, 0], [0, 9]]).pieces == ()
    assert WINDOW.clip([[5, 5], [6, 5], [9, 9]]).exit is None
    assert WINDOW.clip([[4, -9], [5, 9]]).pieces == ()
    through = WINDOW.clip([[-8, 0], [8, 0]])
    assert [piece.tolist() for piece in through.pieces] == [[[-4, 0], [4, 0]]]
    assert through.exit is not None
    assert through.exit.tolist() == [4, 0]
    edge = WINDOW.clip([[4, 0], [9, 0]])
    assert edge.pieces == ()
    assert edge.exit is not None
    assert edge.exit.tolist() == [4, 0]
    assert WINDOW.clip(np.empty((0, 2))).pieces == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(huge, huge), min_size=0, max_size=6))
def test_clipped_pieces_are_inside_and_keep_every_inner_point(line):
    points = np.array(line).reshape(-1, 2)
    clipped = WINDOW.clip(points)
    for piece in clipped.pieces:
        assert len(piece) > 1
        assert WINDOW.contains(piece).all()
    inside = WINDOW.contains(points)
    leaves = (inside[:-1] & ~inside[1:]).any()
    if leaves:
        assert clipped.exit is not None
    if clipped.exit is not None:
        x, y = np.abs(clipped.exit)
        assert x == 4 or y == 3
    drawn = {tuple(vertex) for piece in clipped.pieces for vertex in piece.tolist()}
    for first, second in pairwise(points):
        if WINDOW.contains(first) and WINDOW.contains(second):
            assert {tuple(first.tolist()), tuple(second.tolist())} <= drawn


@settings(max_examples=150, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(1, 12))
def test_ticks_are_round_inside_and_about_as_many_as_asked(low, width, target):
    high = low + width
    assume(width > 1e-9 * abs(low))  # else the floats between the bounds are too few to tell a round step
    ticks = nice_ticks(low, high, target)
    assert ((ticks >= low) & (ticks <= high)).all()
    assert target / 2 - 1 <= len(ticks) <= 2 * target + 2
    if len(ticks) > 2:
        step = (ticks[-1] - ticks[0]) / (len(ticks) - 1)
        mantissa = step / 10 ** np.floor(np.log10(step * 1.000001))
        assert min(abs(mantissa - digit) for digit in (1, 2, 5)) < 1e-3


def test_ticks_are_the_nearest_floats_and_zero_has_no_sign():
    assert nice_ticks(0.1, 0.3, 2).tolist() == [0.1, 0.2, 0.3]
    assert nice_ticks(-3, 3, 6).tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert not np.signbit(nice_ticks(-1, 1, 4)[2])
