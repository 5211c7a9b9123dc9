"""The widgets of the chapter on matrix gradients: a machine, a line's squares, a plane in space, bars of errors."""

import numpy as np
import pytest

from vcalc_anim.core import LeastSquares, Window
from vcalc_anim.core.examples.ch07 import FIT, REPEATING, TRACE, TRACE_X
from vcalc_anim.stage import ColumnSpace, ErrorBars, LineFit, LossMap, NumberMachine, Zone

STAGE = Zone(-6.0, 6.0, -3.0, 3.0)
BEST = np.array([float(value) for value in FIT.normal_solution])


def finish(animation: object) -> None:
    animation.begin()  # type: ignore[attr-defined]
    animation.interpolate(1.0)  # type: ignore[attr-defined]
    animation.finish()  # type: ignore[attr-defined]


def test_the_machine_follows_an_entry_and_lets_it_go_back() -> None:
    machine = NumberMachine(TRACE, TRACE_X, [-4, 0], [0, 0])
    assert machine.value() == 21
    finish(machine.turn((0, 2), 0.1))
    assert machine.value() == pytest.approx(21.5)
    assert machine.board.number(0, 2).source == "$ 2.1 $"
    finish(machine.turn((0, 2), 0.0))
    assert machine.value() == 21
    np.testing.assert_array_equal(machine.matrix, TRACE_X)


def test_a_step_against_the_gradient_lowers_the_number() -> None:
    machine = NumberMachine(TRACE, TRACE_X, [-4, 0], [0, 0])
    slopes = TRACE.gradient(TRACE_X)
    finish(machine.shift_all(-0.1 * slopes))
    assert machine.value() == pytest.approx(21 - 0.1 * np.sum(slopes**2))


def test_the_squares_have_the_misses_for_sides() -> None:
    weights = np.array([0.2, 0.3])
    fit = LineFit(FIT, Window(-1.4, 4.2, -0.6, 3.4), STAGE, lambda: weights, sides=(-1, -1, 1))
    assert fit.unit_x == pytest.approx(fit.unit_y)
    for square, miss in zip(fit.squares, FIT.residual(weights), strict=True):
        assert square[0].width == pytest.approx(abs(miss) * fit.unit_x)
        assert square[0].height == pytest.approx(square[0].width)
    areas = sum((square[0].width / fit.unit_x) ** 2 for square in fit.squares)
    assert areas == pytest.approx(float(FIT.loss(weights)))


def test_a_miss_of_nothing_has_no_square() -> None:
    fit = LineFit(FIT, Window(-1.4, 4.2, -0.6, 3.4), STAGE, lambda: (1.0, 1.0), sides=(1, 1, 1))
    assert len(fit.squares[0][0].points) == 0
    with pytest.raises(ValueError, match="two columns"):
        LineFit(REPEATING, Window(0, 1, 0, 1), STAGE, lambda: (0, 0), sides=(1, 1, 1))


def test_the_loss_map_can_turn_from_a_bowl_into_a_gutter() -> None:
    loss = LossMap(FIT, Window(-1, 3, -1, 2), STAGE, levels=(1.0, 4.0))
    bowl = loss.lines[0].points.copy()
    np.testing.assert_allclose(bowl[0], bowl[-1], atol=1e-6)
    loss.draw_loss(REPEATING)
    assert len(loss.lines[0].get_subpaths()) == 2


def test_the_space_is_true_to_scale_and_its_right_angles_are_right() -> None:
    space = ColumnSpace(FIT, STAGE, lambda: BEST, unit=2.0, middle=np.zeros(3))
    foot, error = (np.array([float(v) for v in exact]) for exact in (FIT.foot, FIT.error))
    np.testing.assert_allclose(space.point_of(BEST), foot, atol=1e-12)
    np.testing.assert_allclose(FIT.design.T @ error, 0, atol=1e-12)
    # a direction of space keeps its length when it is turned into the frame's own floor coordinates
    np.testing.assert_allclose(np.linalg.norm(space.space @ error), np.linalg.norm(error))
    # the stick is upright in the picture too: the floor's normal is drawn straight up
    assert space.tip[0] == pytest.approx(space.head[0])
    assert space.head[1] > space.tip[1]


@pytest.mark.parametrize("unit", [1.0, 2.3, 5.2])
def test_the_floor_fills_the_zone_at_any_scale(unit: float) -> None:
    space = ColumnSpace(FIT, STAGE, lambda: BEST, unit=unit, middle=[7 / 6, 5 / 3, 13 / 6])
    assert STAGE.holds(space.floor, slack=0.02)
    assert space.floor.width > 0.7 * STAGE.width


def test_the_grid_falls_into_one_line_when_the_columns_do() -> None:
    space = ColumnSpace(
        FIT, STAGE, lambda: (0.0, 0.0), unit=1.0, middle=np.zeros(3), columns=lambda: REPEATING.design
    )
    ends = np.concatenate([lines.points for lines in space.grid])
    assert np.linalg.matrix_rank(ends - ends.mean(axis=0), tol=1e-6) == 1


def test_bars_reach_their_errors_on_a_logarithmic_axis() -> None:
    bars = ErrorBars(STAGE, ("a", "b"), (1e-2, 1e-6), ("error", "right"))
    assert bars.x(1e-2) - bars.x(1e-4) == pytest.approx(bars.x(1e-4) - bars.x(1e-6))
    finish(bars.grow(0))
    assert bars.bars[0].get_right()[0] == pytest.approx(bars.x(1e-2))
    with pytest.raises(ValueError, match="above 0"):
        ErrorBars(STAGE, ("a",), (0.0,), ("error",))


def test_a_line_through_the_data_has_no_misses_left() -> None:
    straight = LeastSquares.line([0, 1, 2], [1, 2, 3])
    fit = LineFit(straight, Window(-1, 3, 0, 4), STAGE, lambda: (1.0, 1.0), sides=(1, 1, 1))
    assert all(len(miss.points) == 0 for miss in fit.misses)
