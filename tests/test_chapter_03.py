"""Chapter 3: its pictures rest on the core's numbers, survive extreme parameters and refuse impossible ones."""

import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core import partial_slice, tangent_plane
from vcalc_anim.core.examples.ch03 import (
    ANT,
    ANT_TIME,
    CREASE,
    HILL,
    HILL_POINT,
    QUIZ_FIELD,
    QUIZ_FIELD_POINT,
)
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch03")


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "point"),
    [("Hill", (0.9, 0.8)), ("TwoCuts", (2.2, 1.2)), ("Sheet", (2.2, 1.2)), ("Answer", (0.9, 1.2))],
)
def test_other_places_move_the_whole_picture(name: str, point: tuple[float, float]) -> None:
    scene, outside = film(LECTURE, name, point=point)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Sheet", {"far": 0.5, "near": 0.0005}),
        ("Ant", {"time": 0.4, "step": 0.05}),
        ("Ant", {"time": 1.15, "step": 0.35}),
        ("Crease", {"closest": 0.0001}),
        ("Crease", {"closest": 0.5}),
        ("Quiz", {"locked": 0.5}),
    ],
)
def test_simulations_survive_extreme_parameters(name: str, values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, name, **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Hill", {"point": (3.0, 1.0)}, "well inside the picture"),
        ("Sheet", {"near": 0.2}, "less than"),
        ("Ant", {"time": 2.0}, "less than or equal to"),
        ("Ant", {"step": 0}, "greater than or equal to"),
        ("Crease", {"closest": 0}, "greater than"),
        ("TwoCuts", {"time": 1}, "has no parameter 'time'"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_the_cut_along_y_is_a_straight_line() -> None:
    cut = partial_slice(HILL, "y", HILL_POINT)
    assert cut.derivative(2)([0.0, 1.0, 2.0]).tolist() == [0, 0, 0]


def test_a_step_ten_times_smaller_misses_about_a_hundred_times_less() -> None:
    plane = tangent_plane(HILL, HILL_POINT)
    assert 95 < plane.gap((0.1, 0.1)) / plane.gap((0.01, 0.01)) < 105


def test_the_shares_add_up_to_the_slope_of_the_composite() -> None:
    reading = ANT.read(ANT_TIME)
    assert reading.total == ANT.composite.derivative().exact(ANT_TIME) == 18


def test_the_crease_looks_the_same_at_every_scale() -> None:
    assert CREASE([0.003, 0.004]) == pytest.approx(CREASE([0.3, 0.4]) / 100)


def test_only_the_right_answer_gives_the_slope_of_the_locked_cut() -> None:
    x, y = QUIZ_FIELD_POINT
    values = [2 * x * y, 3 * x**2, 3 * x**2 + y**2, 3 * x**2 + 2 * x * y]
    slope = partial_slice(QUIZ_FIELD, "x", QUIZ_FIELD_POINT).derivative()(float(x))
    quiz = played_quiz(LECTURE)
    assert [option.right for option in quiz.options] == [value == slope for value in values]
    assert [option.text for option in quiz.options].index(quiz.right.text) == 2
