"""Chapter 0: its simulations survive extreme parameters and refuse impossible ones; its pictures are the core's."""

import numpy as np
import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core import Status, descend
from vcalc_anim.core.examples.ch00 import (
    DIAL_LEARNING_RATE,
    DIAL_SETTINGS,
    DIALS,
    LOSSES,
    VALLEY_LEARNING_RATE,
    VALLEY_STARTS,
    VALLEYS,
)
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch00")


@pytest.mark.render
@pytest.mark.parametrize(
    "values",
    [
        {"alpha": 0.0},
        {"alpha": 5, "steps": 200},
        {"alpha": 0.9, "loss": "two_valley"},
        {"alpha": 5, "loss": "quartic", "start": -4, "steps": 200},
        {"alpha": 1.0},
        {"start": 0.0},
        {"start": 0.0, "loss": "two_valley"},
        {"steps": 0},
    ],
)
def test_steps_survives_any_parameters(values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, "Steps", **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Walkers", {"start": -4, "rates": (0.001, 1.0, 5)}),
        ("Walkers", {"start": 0.0}),
        ("Valleys", {"starts": (-2.5, 2.5), "alpha": 0.6}),
        ("Valleys", {"steps": 1}),
        ("Answer", {"alpha": 0.003}),
    ],
)
def test_the_other_simulations_survive_too(name: str, values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, name, **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Steps", {"loss": "cubic"}, "'square', 'two_valley' or 'quartic'"),
        ("Steps", {"alpha": -0.1}, "greater than or equal to 0"),
        ("Steps", {"alpha": 6}, "less than or equal to 5"),
        ("Steps", {"start": 4.5}, "less than or equal to 4"),
        ("Valleys", {"starts": (0.2, 9.0)}, "must lie between"),
        ("Answer", {"alpha": 1}, "less than or equal to"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


@pytest.mark.render
def test_a_walker_that_leaves_is_stopped_at_the_frame() -> None:
    scene, _ = film(LECTURE, "Steps", alpha=1.1)
    assert scene.run.status is Status.DIVERGING
    assert scene.is_over
    assert scene.walk.area.holds(scene.walk.rider, slack=0.2)


@pytest.mark.render
@pytest.mark.parametrize("name", ["Wall", "Nudge", "Steps", "Ladder"])
def test_scenes_reflow_in_portrait(name: str) -> None:
    _, outside = film(LECTURE, name, size=(1080, 1920))
    assert outside == []


@pytest.mark.render
def test_every_step_leaves_its_arrow_on_the_axis() -> None:
    scene, _ = film(LECTURE, "Steps")
    assert scene.count == 12
    assert scene.walk.place == pytest.approx(3 * 0.8**12)


def test_the_wall_gets_better_by_turning_against_the_slopes() -> None:
    scores = [DIALS.score(DIAL_SETTINGS - k * DIAL_LEARNING_RATE * DIALS.weights) for k in range(6)]
    assert np.all(np.diff(scores) < 0)
    assert scores[-1] > 0


def test_two_neighbours_end_in_different_valleys() -> None:
    left, right = (descend(VALLEYS.field, [x], VALLEY_LEARNING_RATE, 26).points[-1, 0] for x in VALLEY_STARTS)
    assert (left, right) == pytest.approx((-2.33006, 2.12842), abs=1e-3)
    assert LOSSES["two_valley"] == VALLEYS


def test_the_quiz_asks_what_a_gradient_is() -> None:
    question = played_quiz(LECTURE)
    assert [option.right for option in question.options].index(True) == 1
    assert len(question.right.text) < max(len(option.text) for option in question.options)
