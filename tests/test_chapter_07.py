"""Chapter 7: its numbers are the core's, its right angle is right, and impossible parameters are refused."""

import numpy as np
import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core.examples.ch07 import FIT, POKE, REPEATING, TRACE, TRACE_A, TRACE_X
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch07")
NAMES = [scene.name for scene in LECTURE.scenes]


@pytest.mark.render
@pytest.mark.parametrize("name", NAMES)
def test_every_scene_keeps_its_text_inside(name: str) -> None:
    scene, outside = film(LECTURE, name)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.render
@pytest.mark.parametrize("step", [0.01, 0.5, 1.0])
def test_six_pokes_of_any_size_leave_the_transpose(step: float) -> None:
    scene, outside = film(LECTURE, "Poke", step=step)
    found = [float(scene.slopes.number(i, j).source.strip("$ ")) for i, j in np.ndindex(2, 3)]
    np.testing.assert_allclose(np.reshape(found, (2, 3)), TRACE_A.T)
    np.testing.assert_array_equal(scene.machine.matrix, TRACE_X)
    assert outside == []


@pytest.mark.render
def test_the_stick_ends_upright_on_the_plane() -> None:
    scene, _ = film(LECTURE, "Shadow", start=(-0.5, 1.5))
    np.testing.assert_allclose(FIT.design.T @ FIT.residual(scene.weights), 0, atol=1e-9)
    assert scene.space.tip[0] == pytest.approx(scene.space.head[0])


@pytest.mark.render
def test_the_line_is_led_to_the_smallest_squares_from_anywhere() -> None:
    scene, outside = film(LECTURE, "Fit", start=(2.0, 1.5))
    assert float(FIT.loss(scene.weights)) == pytest.approx(float(FIT.smallest_loss), abs=5e-3)
    assert outside == []


@pytest.mark.render
def test_the_gutter_ends_at_the_shortest_solution() -> None:
    scene, _ = film(LECTURE, "Breaks")
    shortest = [float(value) for value in REPEATING.shortest_solution]
    np.testing.assert_allclose(scene.weights, shortest, atol=1e-9)
    np.testing.assert_allclose(scene.columns(), REPEATING.design)


@pytest.mark.render
def test_the_closing_step_lowers_the_number() -> None:
    scene, _ = film(LECTURE, "Answer")
    assert scene.machine.value() == pytest.approx(TRACE(TRACE_X - POKE * TRACE_A.T), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Poke", {"step": 0}, "greater than or equal"),
        ("Fit", {"start": (9.0, 0.0)}, "must lie on the map"),
        ("Shadow", {"start": (0.0, 5.0)}, "must lie on the map"),
        ("Answer", {"alpha": 2}, "less than or equal"),
        ("Flip", {"step": 1}, "has no parameter"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_the_quiz_has_one_answer_with_a_number_for_each_weight() -> None:
    offers = {offer.text: offer for offer in FIT.candidates((0.3, -0.2))}
    question = played_quiz(LECTURE)
    texts = [option.text.strip("$") for option in question.options]
    assert texts == list(offers)
    right = offers[question.right.text.strip("$")]
    assert right.fits
    np.testing.assert_allclose(right.value, FIT.gradient((0.3, -0.2)))
    failing = next(option for option in question.options if option.fails)
    assert not offers[failing.text.strip("$")].fits
