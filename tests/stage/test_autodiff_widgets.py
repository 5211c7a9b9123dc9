"""The widgets of programs, tapes, nudges and Jacobians show what the core says, where they say they show it."""

from __future__ import annotations

import numpy as np
import pytest

from vcalc_anim.core import jacobian_forward, jacobian_reverse, logistic_swell, v_curve
from vcalc_anim.core.examples.ch08 import loss_graph
from vcalc_anim.core.examples.ch09 import SQUARE_AT, V_AT, V_FIELD, V_STEPS, square_matrix
from vcalc_anim.stage import (
    ChordView,
    DigitRow,
    Listing,
    Memory,
    PaintedJacobian,
    SlopeStrip,
    TapeView,
    VChart,
    WrittenOut,
    Zone,
)
from vcalc_anim.stage.tape_view import program_lines

STAGE = Zone(-6.0, 6.0, -3.0, 3.0)


def test_lines_of_a_program_keep_their_indent_and_an_empty_one_is_skipped() -> None:
    listing = Listing(("if x:", "", "    y"), [0.0, 0.0, 0.0])
    first, last = listing.lines
    assert [line.words for line in listing.lines] == ["if x:", "    y"]
    assert last.get_left()[0] > first.get_left()[0] + 0.4
    listing.mark(1)
    assert listing.bar.get_bottom()[1] < last.get_y() < listing.bar.get_top()[1]


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_a_long_formula_fits_its_zone(depth: int) -> None:
    swell = logistic_swell(depth)
    shown = WrittenOut(swell.derivative_text, STAGE, swell.repeated_text)
    assert STAGE.holds(shown, slack=0.05)
    assert bool(len(shown.marked.points)) == bool(swell.repeated_text)


def test_the_chart_follows_the_errors_of_the_nudge() -> None:
    log_step = [-2.0]
    curve = v_curve(V_FIELD, V_AT, V_STEPS)
    chart = VChart(curve, STAGE, lambda: log_step[0])
    for exponent in (-2.0, -8.0, -15.0):
        log_step[0] = exponent
        chart.refresh()
        assert chart.error == curve.at(10.0**exponent)[0]
        assert chart.bead.get_center() == pytest.approx(
            chart.at([np.log10(chart.step), np.log10(chart.error)])
        )
    chart.nudge_both_ways()
    assert chart.error == curve.at(1e-15)[1]


def test_the_chord_lies_flat_where_the_step_is_lost() -> None:
    step = [0.1]
    view = ChordView(V_FIELD, V_AT, v_curve(V_FIELD, V_AT).derivative, STAGE, lambda: step[0])
    assert view.quotient == pytest.approx(0.497, abs=1e-3)
    step[0] = 1e-16
    view.refresh()
    assert view.quotient == 0
    assert view.chord.height == pytest.approx(0)


def test_digits_after_the_right_ones_are_struck_out() -> None:
    row = DigitRow("4.996003", 3, [0.0, 0.0, 0.0])
    assert (row.right.words, row.wrong.words) == ("4.99", "6003")
    assert len(DigitRow("0.000", 0, [0.0, 0.0, 0.0]).right) == 0


def test_a_pass_paints_its_line_only() -> None:
    for mode, line in ((jacobian_forward, np.s_[:, 1]), (jacobian_reverse, np.s_[1, :])):
        passes = mode(square_matrix, SQUARE_AT)
        board = PaintedJacobian(passes, [0.0, 0.0, 0.0], 1.0)
        board.paint(1)
        known = np.isfinite(board.view.values)
        assert known.sum() == 3
        assert np.array_equal(board.view.values[line], passes.matrix[line])


def test_a_strip_paints_as_many_slopes_as_it_is_told() -> None:
    strip = SlopeStrip(np.arange(1.0, 21.0), STAGE)
    strip.paint(7)
    assert sum(len(lines.points) for lines, *_ in strip._tones) == 4 * 7


def test_the_tape_shows_the_program_and_the_memory_its_slopes() -> None:
    graph = loss_graph(variant="fanout")
    assert program_lines(graph.tape) == ("z = w * x", "a = z + b", "r = a - y", "L = r * r")
    top, bottom = STAGE.rows(1, 1)
    strip, memory = TapeView(graph.tape, top), Memory(graph.tape, bottom)
    for number in range(len(strip.entries)):
        strip.write(number)
        assert strip.windows[number].holds(strip.slope(number, 0))
    sweep = graph.backward()
    memory.seed(sweep.output)
    for step in sweep.steps:
        way = memory.hand_down([step], strip)
        way.begin()
        way.interpolate(1.0)
        way.finish()
    shown = {index: float(text.source.strip("$ ")) for index, text in memory._slopes.items()}
    assert shown == {index: float(slope) for index, slope in enumerate(sweep.adjoints)}
