"""Lenses, bent grids, and what rides on them, judged by geometry."""

import numpy as np
import pytest

from vcalc_anim.core import CurvatureDial, VectorMap, Window
from vcalc_anim.core.examples.ch06 import KNIFE, SECOND_WARP, WARP
from vcalc_anim.stage import (
    Blade,
    Lens,
    MapChain,
    PinBoard,
    Plug,
    SpiritLevel,
    SquareRide,
    Surface,
    WarpView,
    Zone,
    outline,
)

LEFT, RIGHT = Zone(-6, -2, -2, 2), Zone(-1, 6, -2.5, 2.5)


def view(half_width: float = 1.0, warp: VectorMap = WARP) -> WarpView:
    return WarpView(warp, (3, 2), Lens(LEFT), Lens(RIGHT), half_width)


@pytest.mark.parametrize("half_width", [1.5, 0.1, 1e-3, 1e-7])
def test_a_view_holds_the_whole_grid_at_any_depth(half_width: float) -> None:
    both = view(half_width)
    assert LEFT.holds(both.before, 0.05) and RIGHT.holds(both.after, 0.05)
    assert both.after.width > 0.5 * RIGHT.width


def test_lenses_show_equal_scales() -> None:
    lens = Lens(RIGHT)
    lens.fit([[0, 0], [10, 1]])
    across, up = lens.at([1, 0]) - lens.at([0, 0]), lens.at([0, 1]) - lens.at([0, 0])
    assert across[0] == pytest.approx(up[1]) and across[1] == up[0] == 0


def test_close_up_a_shape_and_its_straight_image_agree() -> None:
    both = view(1e-3)
    _, bent = both.shape(lambda: outline((0, 0), 5e-4))
    straight = both.straight(lambda: outline((0, 0), 5e-4))
    assert np.abs(bent.points - straight.points).max() < 2e-3
    both.zoom_to(1.0)  # both follow
    assert np.isfinite(bent.points).all()


def test_half_way_the_grid_is_between_both_lenses() -> None:
    both = view()
    both.share = 0.0
    both.refresh()
    assert LEFT.holds(both.after, 0.05)
    both.share = 1.0
    both.refresh()
    assert RIGHT.holds(both.after, 0.05)


def test_the_square_is_stretched_crushed_and_mirrored() -> None:
    ride = SquareRide(WARP, (3, 2), Lens(LEFT), Lens(RIGHT), 1.0)
    assert ride.area_ratio == pytest.approx(22.1667, abs=1e-3)
    factors = [ride.factor_at(offset) for offset in ((0, 0), (-2, 0), (-3, 0))]
    assert factors == pytest.approx([16, 0, -2])


def test_arrows_of_a_chain_end_at_the_columns() -> None:
    lenses = Lens(LEFT), Lens(RIGHT), Lens(RIGHT)
    chain = MapChain(WARP, SECOND_WARP, (3, 2), 1e-4, lenses)
    assert np.allclose(chain.tips[1] / 1e-4, [[6, 2], [1, 3]], atol=1e-2)
    assert np.allclose(chain.tips[2] / 1e-4, [[58, 4], [39, -2]], atol=0.1)
    assert np.allclose(chain.strays / 1e-4, [[18, 4], [11, -2]], atol=0.1)
    for stage, lens in enumerate(lenses):
        assert lens.area.inset(-0.01).holds(chain.arrows(stage))


def test_the_blade_cuts_along_its_angle() -> None:
    surface = Surface(KNIFE, Window(-1, 1, -1, 1), (-1.0, 5.0), RIGHT)
    angle = 3 * np.pi / 4
    blade = Blade(surface, (0, 0), lambda: angle)
    assert np.allclose(np.abs(blade.ends()), 1)
    assert CurvatureDial(KNIFE, np.zeros(2)).curvature_at(angle) == pytest.approx(-1)


def test_the_bubble_rests_in_the_middle_of_level_ground() -> None:
    assert SpiritLevel((1, 1), lambda: 0.0).bubble.get_center() == pytest.approx([1, 1, 0])
    tilted = SpiritLevel((1, 1), lambda: 9.0)
    assert tilted.marks.get_right()[0] < tilted.bubble.get_center()[0] < tilted.tube.get_right()[0]


def test_only_the_fitting_plug_takes_every_pin() -> None:
    board = PinBoard(3, 2, (0, 0), 0.8)
    assert len(board.plug_in(Plug((2, 3), (0, 0)))) == 5
    assert len(board.plug_in(Plug((3, 2), (0, 0)))) == 4  # one input finds no column
