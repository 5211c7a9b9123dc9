"""The light 3D surface: where points land, what hides what, and what is refused."""

from math import radians

import numpy as np
import pytest

from vcalc_anim.core import ScalarField, Window
from vcalc_anim.stage import Surface, Zone

SADDLE = ScalarField.from_text("x**2 - y**2")
ZONE = Zone(-4, 4, -3, 3)
SQUARE = Window(-1, 1, -1, 1)


def surface(**options: object) -> Surface:
    return Surface(SADDLE, SQUARE, (-1.0, 1.0), ZONE, **options)


@pytest.mark.parametrize("turn", np.radians([-80, -28, 0, 34, 120, 250]))
def test_the_box_and_its_names_fit_into_the_zone_from_every_side(turn: float) -> None:
    hill = surface(turn=turn)
    assert ZONE.holds(hill.faces, 0.05)
    assert ZONE.holds(hill.names[2])


def test_equal_steps_stay_equally_long_and_parallel() -> None:
    hill = surface()
    first, second = (np.diff(hill.at([x, x + 0.5], y, z), axis=0) for x, y, z in ((-1, 1, 0), (0.3, -0.7, 1)))
    assert first == pytest.approx(second)


def test_what_is_nearer_is_painted_later() -> None:
    flat = Surface(ScalarField.from_text("0*x*y"), SQUARE, (-1.0, 1.0), ZONE, turn=0.0)  # one looks along y
    heights = [face.get_center()[1] for face in flat.faces]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]


def test_magnifying_keeps_the_point_in_place_and_flattens_the_surface() -> None:
    hill = surface()
    before = hill.on(0.5, 0.2)
    hill.magnify([0.5, 0.2, float(SADDLE([0.5, 0.2]))], 100.0, Window(0.49, 0.51, 0.19, 0.21))
    assert hill.on(0.5, 0.2) == pytest.approx(before)
    corners = hill.on([0.49, 0.51, 0.51, 0.49], [0.19, 0.19, 0.21, 0.21])
    assert corners[0] + corners[2] == pytest.approx(corners[1] + corners[3], abs=0.1)


def test_a_walker_follows_when_the_table_turns() -> None:
    hill = surface()
    walker = hill.walker(1.0, 0.0)
    hill.look(radians(120))
    walker.update()
    assert walker.get_center() == pytest.approx(hill.on(1.0, 0.0))


@pytest.mark.parametrize(
    ("field", "heights", "cells", "complaint"),
    [
        (ScalarField.from_text("x**2", ("x",)), (0.0, 1.0), 16, "two variables"),
        (SADDLE, (1.0, 1.0), 16, "heights must ascend"),
        (SADDLE, (0.0, 1.0), 40, "2 to 24 cells"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    field: ScalarField, heights: tuple[float, float], cells: int, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Surface(field, SQUARE, heights, ZONE, cells=cells)
