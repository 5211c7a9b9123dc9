"""Text and formulas: sizes, baselines, named parts, clear errors."""

import numpy as np
import pytest

from vcalc_anim.stage import theme
from vcalc_anim.stage.typeset import Formula, Markup, Text, TypesettingError, pixels


def test_a_size_is_the_em_in_pixels_of_a_1080_line_frame() -> None:
    one, two = Text("H", 48), Text("H", 96)
    assert two.height == pytest.approx(2 * one.height)
    assert one.height == pytest.approx(0.683 * pixels(48), rel=1e-3)  # cap height of New Computer Modern


def test_baselines_agree_whatever_hangs_below_them() -> None:
    upright, hanging = Text("ace"), Text("gjy").align_baseline(0.0)
    upright.align_baseline(hanging)
    assert upright.get_bottom()[1] == pytest.approx(0.0, abs=0.02)
    assert hanging.get_bottom()[1] < -0.05


def test_a_formulas_baseline_is_that_of_its_letters() -> None:
    plain, hanging = Formula("x").align_baseline(0.0), Formula("phi").align_baseline(0.0)
    assert plain.get_bottom()[1] == pytest.approx(0.0, abs=0.02)
    assert hanging.get_bottom()[1] < -0.05


def test_named_parts_are_found_and_painted() -> None:
    formula = Formula("{g: nabla f} = vec({x: 6}, {y: 8})", x="first")
    assert len(formula.part("g")) == 2
    assert formula.part("x")[0].fill_color == theme.color("first")
    assert formula.part("y")[0].fill_color == theme.color("text")
    assert formula.part("x").get_y() > formula.part("y").get_y()


def test_parts_change_nothing_in_the_layout() -> None:
    plain = Formula("a + b / c = sqrt(d) - 2 x")
    parts = Formula("{l: a + b / c} = {r: sqrt(d) - 2 {x: x}}")
    assert len(plain.submobjects) == len(parts.submobjects)
    for one, other in zip(plain.submobjects, parts.submobjects, strict=True):
        np.testing.assert_allclose(one.get_center(), other.get_center(), atol=1e-6)


def test_a_name_used_twice_holds_both_places() -> None:
    assert len(Formula("{a: x} + {a: y}").part("a")) == 2


def test_braces_that_name_nothing_stay_typst() -> None:
    assert len(Formula("{x}").submobjects) > 2  # two braces, a letter (and the baseline's anchor)


def test_a_fraction_bar_is_a_filled_shape_that_scales() -> None:
    widths = [sorted(m.height for m in Formula("a / b", size).submobjects)[1] for size in (40, 80)]
    assert widths[1] == pytest.approx(2 * widths[0], rel=1e-3)


def test_an_unknown_part_names_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no part 'slope'.*\['g'\]"):
        Formula("{g: x}").part("slope")


@pytest.mark.parametrize("source", ["frac(a", "undefinedname", ""])
def test_maths_that_cannot_be_set_says_what_and_why(source: str) -> None:
    with pytest.raises(TypesettingError):
        Formula(source)


def test_an_open_part_is_reported() -> None:
    with pytest.raises(TypesettingError, match="not closed"):
        Formula("{g: x + y")


def test_plain_text_is_never_markup() -> None:
    assert len(Text('*a* $b$ #c "d" \\e').submobjects) == 13 + 1  # and the baseline's anchor


def test_markup_wraps_at_its_width() -> None:
    words = "What is the gradient of $f(x, y)$ at the point (1, 2), where nothing is level?"
    narrow = Markup(words, 44, width=5.0)
    assert narrow.width <= 5.0 + 1e-6
    assert narrow.height > 2 * Markup(words, 44).height


def test_a_halo_leaves_every_glyph_whole() -> None:
    """The rim of one glyph must lie below its neighbours, or it cuts into them."""
    text = Text("downhill").halo()
    rim, *glyphs = text.submobjects
    assert all(m.get_fill_opacity() == 0 for m in rim)
    assert all(m.get_stroke_width() == 0 for m in glyphs)
