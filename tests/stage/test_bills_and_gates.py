"""Meters, layers that keep numbers, bars of a run, gates: what they show is what they were told."""

from math import log10

import pytest
from manim import ORIGIN, RIGHT

from vcalc_anim.stage import Gate, LayerStrip, LogMeters, Meter, StepBars, Zone

ZONE = Zone(-6.0, 6.0, -2.0, 2.0)


def test_a_meter_grows_by_equal_steps_for_equal_factors() -> None:
    reading = [10.0]
    meters = LogMeters(ZONE, [Meter("runs", ((lambda: reading[0], "step"),))], 1e6, "runs")
    (bar,) = meters.rows[0][1]
    ends = []
    for reading[0] in (1.0, 10.0, 100.0, 1e6):
        bar.update()
        ends.append(bar.get_right()[0])
    assert ends[1] - ends[0] == pytest.approx(ends[2] - ends[1])
    assert ends[3] - ends[0] == pytest.approx(log10(1e6) * (ends[1] - ends[0]))
    reading[0] = 1e12
    bar.update()
    assert bar.get_right()[0] <= ZONE.right


def test_the_pieces_of_a_meter_follow_each_other() -> None:
    pieces = ((lambda: 1.0, "function"), (lambda: 2.98, "gradient"))
    meters = LogMeters(ZONE, [Meter("forward and back", pieces, decimals=2)], 1e3, "runs")
    first, second = meters.rows[0][1]
    assert second.get_left()[0] == pytest.approx(first.get_right()[0]) == pytest.approx(meters.x(1.0))
    assert meters.rows[0][2].text == "2.98"


def test_layers_keep_their_numbers_until_the_light_comes_back() -> None:
    strip = LayerStrip(ZONE, 10)
    there = strip.run("function", 1.0, keep=True)
    there.interpolate(0.5)
    assert strip.kept == pytest.approx(5)
    there.interpolate(1.0)
    assert strip.kept == 10
    assert all(column.get_fill_opacity() > 0.5 for column in strip.columns)
    back = strip.run("gradient", 1.0, back=True, keep=False)
    back.interpolate(1.0)
    assert strip.kept == 0
    assert all(column.get_fill_opacity() == 0 for column in strip.columns)


def test_a_shut_gate_stands_across_its_lane_and_darkens_one_side() -> None:
    gate = Gate([(ORIGIN, 2 * RIGHT), (ORIGIN, 2 * RIGHT)])
    gate.shut([0]).interpolate(1.0)
    shut, open_bar = gate.bars
    assert shut.width == pytest.approx(0, abs=1e-6)
    assert open_bar.height == pytest.approx(0, abs=1e-6)
    assert gate.is_shut == [True, False]
    before, behind = gate.halves[0]
    assert before.get_stroke_opacity() == 1
    assert behind.get_stroke_opacity() < 0.2


def test_bars_of_steps_are_as_high_as_their_numbers_and_stop_at_the_top() -> None:
    bars = StepBars(ZONE, 10.0, 3)
    half, quarter = bars.settle(5.0), bars.settle(2.5)
    assert half[0].height == pytest.approx(2 * quarter[0].height)
    beyond = bars.settle(1000.0)
    assert beyond[0].height == pytest.approx(2 * half[0].height)
    assert len(beyond) == 3  # bar, number, break
    bars.follow(5.0)
    assert bars.running.height == pytest.approx(half[0].height)
    assert len(bars.clear()) == 3
    assert len(bars.bars) == 0
