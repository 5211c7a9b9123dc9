"""Whoever writes a number is noted, whoever shows one the core did not write is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from vcalc_anim.core import ScalarField, ScalarFunction, VectorMap, fitted, rounded, tangent, taylor, to_typst
from vcalc_anim.core.provenance import (
    confirmed,
    numbers_in,
    quoting,
    recording,
    shown,
    unspaced,
    written,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("vec({x: 6}, {y: 8})", ("6", "8")),
        ("10^(-6)", ("10", "6")),
        ("x_1 + w_(12)", ()),
        ("{e0_1: a}", ()),
        ("nabla f eq.not bold(0)", ()),
        ("x eq.not 0", ("0",)),
        ("#h(2em) float32 relu6", ()),
        ("2 x", ("2",)),
        ("2x²", ("2", "2")),
        ("−0.50 of 1/6", ("0.50", "1", "6")),
        ("16° off", ("16",)),
        ("no number", ()),
    ],
)
def test_numbers_are_found_and_names_left_alone(text: str, numbers: tuple[str, ...]) -> None:
    assert numbers_in(text) == numbers


def test_formulas_compare_without_their_typing() -> None:
    assert unspaced("2y²") == unspaced("$2 y^2$")
    assert unspaced("−6 x") == unspaced("-6x") != unspaced("6x")


FIELD = ScalarField.from_text("7*x**3 + y")
CUBE = ScalarFunction.from_text("x**3")
MAP = VectorMap.from_text("3*x", "y")


@pytest.mark.parametrize(
    ("write", "number"),
    [
        (lambda: rounded(1.25, 1).text, "1.2"),
        (lambda: fitted(98765432.1, 2, 7).text, "9.9"),
        (lambda: to_typst(FIELD.expression), "7"),
        (lambda: FIELD.typst, "7"),
        (lambda: FIELD.gradient_typst, "21"),
        (lambda: CUBE.typst, "3"),
        (lambda: MAP.typst, "3"),
        (lambda: taylor(CUBE, 2, 1).typst, "12"),
        (lambda: tangent(CUBE, 2).typst, "12"),
    ],
)
def test_the_core_notes_what_it_writes_every_time(write: object, number: str) -> None:
    for _ in range(2):  # the second time from caches
        with recording() as record:
            write()  # type: ignore[operator]
        assert number in record.numbers


def test_a_number_from_elsewhere_is_noted_with_its_place() -> None:
    with recording() as record:
        written("5")
        shown("5 of 6")
        shown("5")
    (found,) = record.unsourced
    assert (found.text, found.numbers, found.file) == ("5 of 6", ("6",), Path(__file__))


def test_quotations_and_confirmed_claims_are_no_slips() -> None:
    with recording() as record:
        with quoting():
            shown("Chapter 4")
        confirmed("peak", "top", -10.0)
        shown("10")
    assert not record.unsourced
    assert record.confirmed == {("peak", "top")}


def test_a_record_ends_with_its_block() -> None:
    with recording() as first:
        with recording() as second:
            written("1")
        written("2")
    written("3")
    assert (first.texts, second.texts) == ({"2"}, {"1"})
