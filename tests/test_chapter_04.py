"""Chapter 4: its simulations survive extreme parameters and refuse impossible ones."""

import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch04")


@pytest.mark.render
@pytest.mark.parametrize(
    "values",
    [
        {"alpha": 0.0},
        {"alpha": 0.001},
        {"alpha": 0.55, "start": (-3.0, 2.0)},
        {"alpha": 5, "steps": 200},
        {"steps": 0},
        {"start": (0.0, 0.5)},
        {"start": (3.0, 0.0), "alpha": 0.5},
    ],
)
def test_descent_survives_any_parameters(values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, "Descent", **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.render
@pytest.mark.parametrize("name", [scene.name for scene in LECTURE.scenes])
def test_other_starts_move_the_whole_picture(name: str) -> None:
    field = "point" if name == "Quiz" else "start"
    film(LECTURE, name, **{field: (0.9, -0.4)})


@pytest.mark.render
def test_a_scene_reflows_in_portrait() -> None:
    _, outside = film(LECTURE, "Sideways", size=(1080, 1920))
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Descent", {"start": (9.0, 2.0)}, "must lie on the map"),
        ("Descent", {"start": (0.0, 0.0)}, "bottom of the bowl"),
        ("Descent", {"steps": -1}, "greater than or equal to 0"),
        ("Descent", {"alpha": "much"}, "valid number"),
        ("Compass", {"alpha": 0.1}, "has no parameter 'alpha'"),
        ("Sideways", {"closest": 0}, "greater than"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_the_quiz_asks_for_a_vector() -> None:
    assert played_quiz(LECTURE).right.text == "$(6, 4)$"
