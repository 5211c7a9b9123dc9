"""Chapter 2: its simulations survive extreme parameters, its pictures show the core's numbers."""

import numpy as np
import pytest
import sympy as sp
from filming import COURSE, film, played_quiz

from vcalc_anim.core import convergence, newton, taylor
from vcalc_anim.core.catalogue import CUBE, EXP, RUNGE, SHIFTED_LN, SIN
from vcalc_anim.core.examples.ch02 import PIN_ORDERS, RUNGE_MODULUS, VALLEY, VALLEY_MINIMUM, VALLEY_START
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch02")


@pytest.mark.render
@pytest.mark.parametrize(
    "values",
    [
        {"f": "exp", "orders": ["0", "1", "2", "3"]},
        {"f": "sin", "orders": [1, 3, 5, 7, 9, 7, 5, 3, 1]},
        {"f": "sin", "orders": "40", "width": 20},
        {"f": "ln1p", "orders": [2, 40], "x0": -0.9},
        {"f": "runge", "orders": [0, 40], "x0": 3.5},
        {"f": "flat", "orders": [0, 1, 40]},
        {"f": "two_valley", "orders": [0, 4, 8], "tolerance": 1e-6},
        {"f": "exp", "x0": 10, "orders": [0, 40], "width": 0.2},
        {"f": "relu", "orders": [0, 2]},
    ],
    ids=lambda values: values["f"],
)
def test_the_order_slider_survives_any_parameters(values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, "OrderSlider", **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("OrderSlider", {"orders": [41]}, "less than or equal to 40"),
        ("OrderSlider", {"orders": [-1]}, "greater than or equal to 0"),
        ("OrderSlider", {"orders": []}, "at least 1 item"),
        ("OrderSlider", {"f": "zeta"}, "must be one of sin, exp"),
        ("OrderSlider", {"f": "ln", "x0": -1}, "not defined at x = -1"),
        ("OrderSlider", {"f": "relu", "x0": 0}, "kink at 0"),
        ("OrderSlider", {"tolerance": 0}, "greater than or equal to"),
        ("Learning", {"alpha": 5}, "less than or equal to"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Promise", {"order": 1}),
        ("Promise", {"order": 15}),
        ("Walls", {"order": 10}),
        ("Learning", {"start": 0.3, "alpha": 0.001}),
        ("Learning", {"start": 2.2, "alpha": 0.3}),
    ],
)
def test_other_simulations_survive_their_limits(name: str, values: dict[str, object]) -> None:
    _, outside = film(LECTURE, name, **values)
    assert outside == []


def test_each_pin_brings_the_wire_closer() -> None:
    series = taylor(EXP, 0, max(PIN_ORDERS))
    errors = [series.truncated(order).largest_error(-1, 1) for order in PIN_ORDERS]
    assert errors == pytest.approx([1.718, 0.718, 0.218, 0.052, 0.010], abs=5e-4)


def test_three_derivatives_of_the_cube_leave_three_factorial() -> None:
    assert CUBE.derivative(3).expression == sp.factorial(3)


def test_the_band_of_the_slider_widens_term_by_term() -> None:
    reaches = [taylor(SIN, 0, order).reach(0.01)[1] for order in (1, 3, 5, 7, 9)]
    assert reaches == pytest.approx([0.39, 1.04, 1.76, 2.50, 3.25], abs=5e-3)


def test_sine_stays_in_its_tube() -> None:
    x = np.linspace(-1.3 * np.pi, 1.3 * np.pi, 1000)
    low, high = taylor(SIN, 0, 5).band(x, 1)
    assert ((low <= np.sin(x) + 1e-12) & (np.sin(x) <= high + 1e-12)).all()


def test_walls_stand_where_the_pictures_show_them() -> None:
    assert convergence(SHIFTED_LN, 0).walls == (-1,)
    assert set(convergence(RUNGE, 0).walls) == {sp.I, -sp.I}
    x = np.linspace(-2.4, 2.4, 41)
    assert RUNGE_MODULUS(np.column_stack([x, 0 * x])) == pytest.approx(RUNGE(x))
    z = x + 0.6j
    assert RUNGE_MODULUS(np.column_stack([x, 0 * x + 0.6])) == pytest.approx(abs(1 / (1 + z**2)))


def test_newton_doubles_its_digits() -> None:
    errors = newton(VALLEY, VALLEY_START, 5).errors([VALLEY_MINIMUM])
    digits = -np.log10(errors[2:])
    assert (digits[1:] > 1.8 * digits[:-1]).all()


def test_the_quiz_asks_for_first_order() -> None:
    question = played_quiz(LECTURE)
    assert question.options[0].right
    assert [option.text for option in question.options if option.fails] == ["second order"]
