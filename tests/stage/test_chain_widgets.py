"""What chapter 5 is drawn with: wheels that mesh, trains that multiply, products that shrink, bars that stay inside."""

from math import pi, tau

import numpy as np
import pytest
from manim import Line, ValueTracker

from vcalc_anim.core import gradient_sizes, product_cost, sigmoid_chain
from vcalc_anim.core.examples.ch05 import GEARS, MACHINE, TEN_JACOBIANS
from vcalc_anim.stage import (
    BlockPile,
    BlockTrain,
    DepthChart,
    LongMachine,
    MeshedGears,
    ProductLane,
    Zone,
    block_height,
    full_turn,
)
from vcalc_anim.stage.gear_train import tooth_counts

STAGE = Zone(-6.0, 3.0, -3.0, 3.0)


@pytest.mark.parametrize("ratio", [0.5, 1, 2, 2.6, 4.6875, 12, 17.86])
def test_wheels_have_the_teeth_of_their_ratio(ratio: float) -> None:
    driving, driven = tooth_counts(ratio)
    assert driving / driven == pytest.approx(ratio, rel=0.01)
    assert min(driving, driven) >= 8


@pytest.mark.parametrize("x", [0.3, 0.5, 1, 1.2])
def test_shafts_turn_by_the_slopes_and_stay_where_they_are(x: float) -> None:
    angle = ValueTracker(3.0)
    gears = MeshedGears(GEARS, 1, STAGE, angle.get_value)
    shafts = [shaft.copy() for shaft in gears.shafts]
    gears.put_on(gears.change_to(x))
    first, second = (float(ratio) for ratio in GEARS.read(x).ratios)
    assert gears.turned() == pytest.approx([3.0, 3.0 * first, 3.0 * first * second])
    np.testing.assert_allclose(gears.shafts, shafts)
    for index in (0, 1):
        pair = gears.pair(index)
        assert pair.driver.radius + pair.driven.radius == pytest.approx(gears.pitch)
        np.testing.assert_allclose(pair.driver.middle, shafts[index])


def test_teeth_meet_gaps_at_every_angle() -> None:
    gears = MeshedGears(GEARS, 1, STAGE, lambda: 0.0)
    pair = gears.pair(0)
    for angle in np.linspace(0, 0.5, 7):
        pair.turn(angle)
        turned = pair._rest - angle * pair.driver.teeth / pair.driven.teeth
        # Phases along the line of the shafts, in teeth: 0 is the middle of a tooth, a half that of a gap.
        tooth = (0 - angle) * pair.driver.teeth / tau
        other = (pi - turned) * pair.driven.teeth / tau
        assert (tooth + other) % 1 == pytest.approx(0.5)


def test_the_last_shaft_goes_once_around() -> None:
    assert full_turn(GEARS, 1) * float(GEARS.read(1).product) == 360


def test_a_falling_function_is_no_wheel() -> None:
    with pytest.raises(ValueError, match="slopes above 0"):
        MeshedGears(GEARS, -1, STAGE, lambda: 0.0)


@pytest.mark.parametrize(("count", "slope"), [(1, 2), (2, 4), (3, 1), (0.5, 2.5), (2, 0.25)])
def test_all_of_a_train_arrives_multiplied(count: float, slope: float) -> None:
    train = BlockTrain(Line([0, 0, 0], [3, 1, 0]), count, slope, 0.3, "first")
    arrivals = [train.put(progress).arrived for progress in np.linspace(0, 1, 50)]
    assert arrivals[0] == 0
    assert arrivals[-1] == pytest.approx(count * slope)
    assert (np.diff(arrivals) >= 0).all()


def test_a_train_never_leaves_its_road() -> None:
    train = BlockTrain(Line([0, 0, 0], [3, 0, 0]), 4, 3, 0.4, "first")
    for progress in np.linspace(0, 1, 40):
        points = train.put(progress).points
        if len(points):
            assert points[:, 0].min() >= -1e-6
            assert points[:, 0].max() <= 3 + 1e-6


def test_a_pile_is_as_high_as_its_blocks() -> None:
    size = block_height(11, 4.0)
    pile = BlockPile([1.0, -2.0], size, "first").put(8.5)
    assert pile.height == pytest.approx(8.5 * size)
    assert pile.top[1] == pytest.approx(-2 + 8.5 * size)
    assert 11 * size <= 4


@pytest.mark.parametrize("order", ["output first", "input first"])
def test_a_product_takes_the_shapes_that_the_core_gives(order: str) -> None:
    cost = product_cost(TEN_JACOBIANS, order)
    lane = ProductLane(TEN_JACOBIANS, cost, Zone(-6, 6, -1, 1))
    side = 100 * lane.unit
    ends = np.cumsum(cost.work)
    for work, (rows, columns) in zip(ends, cost.carried, strict=True):
        lane.stand_at(work - 1e-6)
        assert lane.carried.width == pytest.approx(max(columns * lane.unit, 0.13), abs=1e-3)
        assert lane.carried.height == pytest.approx(max(rows * lane.unit, 0.13), abs=1e-3)
        assert lane.carried.height < 0.2 * side or rows == 100


def test_bars_stay_inside_the_chart_whatever_the_sizes() -> None:
    chart = DepthChart(STAGE, 50, (-30, -20, -10, 0, 10), "length")
    for sizes in (
        gradient_sizes("sigmoid", 1.0).sizes,
        sigmoid_chain(8.0, 0.0),
        np.array([1.0, 0.0, 1e300, 1e-300]),
    ):
        bars = chart.bars(lambda sizes=sizes: sizes, lambda: 50.0)
        assert chart.area.holds(bars, slack=1e-6)
        assert chart.at(chart.corners(sizes)[0])[1] == pytest.approx(chart.base.get_start()[1])


def test_bars_run_from_the_output_on_the_right() -> None:
    chart = DepthChart(STAGE, 50, (-30, 0), "length")
    x = chart.corners(sigmoid_chain(1.0, 0.0))[:, 0]
    assert (np.diff(x) < 0).all()


def test_the_machine_multiplies_from_the_end() -> None:
    machine = LongMachine(MACHINE, 1, STAGE, lambda: 0.0)
    assert machine.products[0] == 1
    assert machine.products[-1] == float(MACHINE.read(1).product) == 1.5
    assert len(machine.products) == len(machine.boxes) + 1


def test_a_turn_of_the_dial_reaches_the_end_after_a_while() -> None:
    angle = ValueTracker(0.0)
    machine = LongMachine(MACHINE, 1, STAGE, angle.get_value)
    angle.set_value(10.0)
    machine.update(0.1)
    assert machine.last == pytest.approx(0.0)
    for _ in range(40):
        machine.update(0.1)
    assert machine.last == pytest.approx(15.0)
