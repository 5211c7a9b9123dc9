"""Quiz questions in the core: claims are tested, answers confirmed in two ways, mistakes never right by accident."""

from __future__ import annotations

import re

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core.provenance import unspaced
from vcalc_anim.core.questions import CHECKS, RIGHT, TEMPLATES
from vcalc_anim.core.questions.answers import Answer, formula, matrix, number, shape_of, vector

X, Y = sp.symbols("x y", real=True)
NAMES = sorted(TEMPLATES)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_finds_exactly_one_of_its_claims_true(name: str) -> None:
    claims = CHECKS[name]().claims
    assert len(claims) == 4
    assert [claim for claim, holds in claims.items() if holds is True] != []
    assert sorted(map(bool, claims.values())) == [False, False, False, True]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_names_three_mistakes_after_what_goes_wrong(name: str) -> None:
    mistakes = TEMPLATES[name].mistakes()
    assert len(mistakes) == 3
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+|climbs|transposes", mistake) for mistake in mistakes)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_sound_numbers_give_four_answers_that_nobody_takes_for_each_other(name: str, seed: int) -> None:
    instance = TEMPLATES[name].sound(seed)
    assert list(instance.flaws()) == []
    assert instance.is_nice
    assert len({unspaced(answer.typst) for answer in instance.answers.values()}) == len(instance.answers) == 4


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_numbers_and_seeds_differ(name: str) -> None:
    drawn = [TEMPLATES[name].sound(seed).numbers for seed in range(12)]
    assert drawn == [TEMPLATES[name].sound(seed).numbers for seed in range(12)]
    assert len({tuple(numbers.values()) for numbers in drawn}) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_answer_is_never_confirmed(name: str) -> None:
    """A test of the testers: each template holds every mistake of its own against its independent way."""
    instance = TEMPLATES[name].sound(3)
    assert instance.confirms(instance.right)
    for mistake in instance.mistakes():
        wrong = instance.answers[mistake]
        try:
            confirmed = instance.confirms(wrong)
        except (TypeError, ValueError, IndexError, AttributeError):  # another shape: not even comparable
            continue
        assert not confirmed, mistake


@pytest.mark.parametrize("name", NAMES)
def test_a_template_whose_answer_is_wrong_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = TEMPLATES[name].sound(5)
    wrong = next(
        answer
        for answer in instance.answers.values()
        if answer.shape == instance.right.shape and not answer.is_same(instance.right)
    )
    monkeypatch.setattr(TEMPLATES[name], "right", property(lambda self: wrong))
    spoiled = TEMPLATES[name](**instance.numbers)  # type: ignore[call-arg]
    assert any("is not confirmed by computing it in another way" in flaw for flaw in spoiled.flaws())


@pytest.mark.parametrize("name", NAMES)
def test_numbers_have_to_be_there_known_and_real(name: str) -> None:
    template = TEMPLATES[name]
    good = template.sound(1).numbers
    assert template.of(**good).numbers == good
    first = next(iter(good))
    with pytest.raises(ValueError, match=f"{name} needs a number for {first}"):
        template.of(**{key: value for key, value in good.items() if key != first})
    with pytest.raises(ValueError, match=f"{name} has no number zz; it has: {first}"):
        template.of(**good, zz=1)
    with pytest.raises(ValueError, match="must be a finite number"):
        template.of(**{**good, first: float("nan")})


@pytest.mark.parametrize(
    ("name", "numbers", "flaw"),
    [
        ("gradient_at_a_point", {"a": 3, "b": 1, "p": 2, "q": 2}, "evaluates_the_terms"),
        ("gradient_at_a_point", {"a": 3, "b": 1, "p": 0, "q": 0}, "are the same here"),
        ("largest_learning_rate", {"a": 2, "b": 2}, "takes_the_flat_direction"),
        ("largest_learning_rate", {"a": 2, "b": -1}, "bends down"),
        ("secant_slope", {"c": 1, "x": 2, "h": 0}, "gap h is 0"),
        ("jacobian_shape", {"n": 3, "m": 3}, "are the same here"),
        ("jacobian_shape", {"n": 3, "m": 0.5}, "whole numbers"),
        ("slope_in_a_direction", {"u": 1, "v": 2, "p": 0, "q": 0}, "is none"),
        ("slope_in_a_direction", {"u": 1, "v": 2, "p": 1, "q": 1}, "no plain number"),
        ("taylor_coefficient", {"a": 2, "k": 2}, "are the same here"),
        ("relu_layer_gradient", {"a": 1, "b": 1, "c": 1, "d": 1, "u": 1, "v": 1}, "one gate must be open"),
        ("passes_needed", {"n": 1000, "m": 2}, "at most 400"),
        ("partial_of_a_sum", {"n": 1, "m": 2, "c": 1}, "from 2 to 12"),
        ("one_step", {"a": 1, "theta": 3, "alpha": 2}, "do not settle"),
        ("dual_number", {"a": 1, "b": -4, "p": 2}, "the shadow vanishes"),
    ],
)
def test_degenerate_numbers_are_refused_with_a_reason(
    name: str, numbers: dict[str, float], flaw: str
) -> None:
    assert any(flaw in found for found in TEMPLATES[name].of(**numbers).flaws())


def test_the_film_of_chapter_four_asks_what_the_template_computes() -> None:
    asked = TEMPLATES["gradient_at_a_point"].of(a=3, b=1, p=1, q=2)
    assert {name: answer.typst for name, answer in asked.answers.items()} == {
        RIGHT: "(6, 4)",
        "evaluates_the_terms": "(3, 4)",
        "points_downhill": "(-6, -4)",
        "adds_the_partials": "10",
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (number(0.5), number(sp.Rational(1, 2)), True),
        (number(2), number(-2), False),
        (number(10), vector(6, 4), False),
        (vector(6, 4), vector(4, 6), False),
        (vector(6, 4), vector(6, 4), True),
        (shape_of(2, 3), shape_of(3, 2), False),
        (matrix(sp.Matrix([[1, 2], [3, 4]])), matrix(sp.Matrix([[1, 3], [2, 4]])), False),
        (formula(2 * (X + 1), {X: 1}), formula(2 * X + 2, {X: 1}), True),
        (formula(X**2, {X: 1}), formula(X, {X: 1}), True),  # nobody who tries them at 1 can tell
        (formula(X**2, {X: 2}), formula(X, {X: 2}), False),
        (Answer(sp.Integer(1), "one"), Answer(sp.Integer(2), "o n e"), True),
    ],
)
def test_answers_are_the_same_when_nobody_can_tell_them_apart(one: Answer, other: Answer, same: bool) -> None:
    assert one.is_same(other) is other.is_same(one) is same
