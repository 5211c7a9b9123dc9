"""Chapter 1: its simulations survive extreme parameters and refuse impossible ones; the core backs its pictures."""

import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core import DifferenceQuotient, best_line, rounded, secant, tangent, zoom_gap
from vcalc_anim.core.catalogue import BY_NAME, RELU, SQUARE
from vcalc_anim.core.examples.ch01 import (
    GEAR_NUDGE,
    GEAR_POINT,
    GEARS,
    SECANT_GAPS,
    SLOPE_POINT,
    ZOOM_HALF_WIDTHS,
)
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch01")


@pytest.mark.render
@pytest.mark.parametrize(
    "values",
    [
        {"f": "exp", "x0": 1},
        {"f": "exp", "x0": -10},
        {"f": "exp", "x0": 10},
        {"f": "ln", "x0": 0.001},
        {"f": "sin", "x0": 2.5},
        {"f": "sigmoid", "x0": 8},
        {"f": "relu", "x0": -3},
        {"f": "flat", "x0": 0},
        {"f": "quartic", "x0": -10},
        {"f": "square", "x0": 0},
    ],
)
def test_secants_settle_on_any_curve(values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, "Secant", **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Dive", {"deepest": 1e-5}),
        ("Dive", {"deepest": 0.5}),
        ("OnlyLine", {"rival": -10}),
        ("OnlyLine", {"rival": 20}),
        ("OnlyLine", {"rival": 6}),
        ("Gears", {"x": -3}),
        ("Gears", {"x": 3, "nudge": 0.5}),
        ("Gears", {"x": -1 / 3, "nudge": 1e-4}),
    ],
)
def test_other_scenes_survive_their_parameters(name: str, values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, name, **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Secant", {"f": "cosine"}, "must be one of square, cube"),
        ("Secant", {"f": "ln", "x0": -1}, "must lie in the domain of ln"),
        ("Secant", {"f": "ln", "x0": 0}, "must lie in the domain of ln"),
        ("Secant", {"f": "relu", "x0": 0}, "0 on the left and 1 on the right"),
        ("Secant", {"x0": 11}, "less than or equal to 10"),
        ("Dive", {"deepest": 0}, "greater than"),
        ("OnlyLine", {"rival": "steep"}, "valid number"),
        ("Gears", {"nudge": 0}, "greater than"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_every_named_curve_is_one_of_the_catalogue() -> None:
    assert BY_NAME["square"] is SQUARE
    assert len(set(BY_NAME.values())) == len(BY_NAME)


def test_the_curve_runs_out_of_bend_and_the_corner_does_not() -> None:
    for half_width in ZOOM_HALF_WIDTHS:
        assert zoom_gap(SQUARE, tangent(SQUARE, SLOPE_POINT), half_width) == pytest.approx(
            half_width, rel=1e-6
        )
        assert zoom_gap(RELU, best_line(RELU, 0, half_width), half_width) == pytest.approx(0.25)


def test_the_secants_settle_on_the_tangent() -> None:
    slopes = [float(secant(SQUARE, SLOPE_POINT, gap).line.slope) for gap in SECANT_GAPS]
    assert slopes == [7, 6.5, 6.1, 6.01]
    assert DifferenceQuotient(SQUARE, SLOPE_POINT).typst == "6 + h"


def test_the_gears_magnify_three_times_eight() -> None:
    reading = GEARS.read(GEAR_POINT)
    assert (reading.positions, reading.ratios, reading.product) == ((1, 4, 16), (3, 8), 24)
    measured = GEARS.nudge(GEAR_POINT, GEAR_NUDGE)[-1] / GEAR_NUDGE
    assert rounded(float(measured), 2).text == "24.09"


def test_the_quiz_option_that_fails_lacks_the_first_wheel() -> None:
    question = played_quiz(LECTURE)
    assert question.right.text == "$6 (3 x + 1)$"
    assert [option.text for option in question.options if option.fails] == ["$2 (3 x + 1)$"]
    inside, outer = GEARS.read(GEAR_POINT).positions[1], GEARS.read(GEAR_POINT).ratios[1]
    assert 2 * inside == outer == 8
    assert 6 * inside == GEARS.read(GEAR_POINT).product
