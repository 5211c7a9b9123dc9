"""Chapter 6: what is on screen is the core's, and impossible places are refused."""

import numpy as np
import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core import CurvatureDial, chain_maps
from vcalc_anim.core.examples.ch06 import FOLD_AT, KNIFE, SECOND_WARP, WARP, WARP_AT, WARP_NUDGE
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch06")


@pytest.mark.render
def test_the_microscope_ends_where_bent_and_straight_cannot_be_told_apart() -> None:
    scene, outside = film(LECTURE, "Microscope")
    view = scene.view
    assert outside == []
    assert view.reach == pytest.approx(scene.params.closest)
    corner = np.full(2, 0.5 * view.reach)
    bent, straight = (view.image.at(f(corner)) for f in (view.close, view.close.linear_map((0, 0))))
    assert np.linalg.norm(bent - straight) < 0.02  # frame units: less than three pixels
    low = np.array([view.reach, view.reach])
    assert view.image.window.contains(view.close(low)) and view.image.window.contains(view.close(-low))


@pytest.mark.render
def test_the_columns_are_where_the_nudges_go() -> None:
    scene, outside = film(LECTURE, "Nudges")
    assert outside == []
    assert np.allclose(scene.card.values, [[6, 1], [2, 3]])
    for tip, image in zip(scene.tips, scene.images, strict=True):
        moved = WARP(np.array(WARP_AT) + tip) - WARP(np.array(WARP_AT))
        assert np.allclose(image, moved)
        assert np.allclose(image, scene.card.values @ tip, atol=2 * WARP_NUDGE**2)


@pytest.mark.render
def test_the_square_shrinks_to_the_determinant_and_ends_mirrored() -> None:
    scene, outside = film(LECTURE, "Area")
    assert outside == []
    assert scene.ride.factor_at((0, 0)) == pytest.approx(16)
    assert scene.ride.factor_at(np.array(FOLD_AT) - WARP_AT) == pytest.approx(0, abs=1e-12)
    assert scene.ride.area_factor < 0
    assert scene.det.text == "=−2.00"


@pytest.mark.render
def test_the_second_jacobian_is_read_where_the_first_map_leads() -> None:
    scene, outside = film(LECTURE, "TwoWarps")
    assert outside == []
    exact = chain_maps(SECOND_WARP, WARP, WARP_AT)
    product = np.array(exact.product.tolist(), dtype=float)
    wrong = np.array(exact.wrong_point.tolist(), dtype=float)
    assert np.allclose(scene.product, product)
    assert np.allclose(scene.chain.tips[2] / WARP_NUDGE, product.T, rtol=0.03)
    assert np.allclose(scene.chain.strays / WARP_NUDGE, wrong.T, rtol=0.03)


@pytest.mark.render
def test_the_dial_is_read_at_its_extremes() -> None:
    scene, outside = film(LECTURE, "Knife")
    assert outside == []
    assert scene.dial.extremes == pytest.approx((5, -1))
    assert CurvatureDial(KNIFE, np.zeros(2)).curvature_at([0, np.pi / 2]) == pytest.approx([2, 2])
    assert scene.number.value() == pytest.approx(-1)


@pytest.mark.render
def test_the_hessian_does_not_notice_the_swap() -> None:
    scene, outside = film(LECTURE, "Test")
    assert outside == []
    assert [tile.test.verdict.value for tile in scene.tiles] == ["minimum", "maximum", "saddle", "no verdict"]
    last = scene.tiles[-1]
    assert last.ground.field([[0.0, 1.0]])[0] == pytest.approx(-1)  # no bowl any more
    assert not last.dial.dial.hessian.any()


@pytest.mark.render
@pytest.mark.parametrize("name", ["WholePlane", "Shapes", "Quiz", "Answer"])
def test_no_text_leaves_its_zone(name: str) -> None:
    assert film(LECTURE, name)[1] == []


@pytest.mark.render
@pytest.mark.parametrize("name", ["WholePlane", "Microscope", "Nudges", "Area", "TwoWarps", "Answer"])
def test_other_starts_move_the_whole_picture(name: str) -> None:
    film(LECTURE, name, start=(2.0, 1.0))


@pytest.mark.render
def test_a_scene_reflows_in_portrait() -> None:
    _, outside = film(LECTURE, "Microscope", size=(1080, 1920))
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Microscope", {"start": (1.0, 2.0)}, "crushes or mirrors"),
        ("Microscope", {"start": (0.0, 3.0)}, "crushes or mirrors"),
        ("Nudges", {"start": (9.0, 2.0)}, "must lie on the plane"),
        ("Area", {"start": (-3.0, 2.0)}, "right of the fold"),
        ("Area", {"side": 3}, "less than or equal"),
        ("Nudges", {"nudge": 0}, "greater than or equal"),
        ("Knife", {"start": (1.0, 1.0)}, "has no parameter 'start'"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_the_quiz_asks_for_rows_by_columns() -> None:
    question = played_quiz(LECTURE)
    assert question.right.text == "$2 times 3$"
    assert [option.right for option in question.options].index(True) == 3
