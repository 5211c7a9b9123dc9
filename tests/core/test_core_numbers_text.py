"""Numbers and formulas as text: what is written on screen, and what is read from scripts."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
import sympy as sp
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.core import MINUS, ScalarField, power_of_ten, rounded, scientific, to_typst, typst_number

X, Y, T, THETA, LOSS = sp.symbols("x y t theta loss", real=True)


@pytest.mark.parametrize(
    ("value", "decimals", "text", "exact"),
    [
        (5.69, 2, "5.69", True),
        (2.3657, 2, "2.37", False),
        (-0.8, 2, "−0.80", True),
        (2, 0, "2", True),
        (-0.001, 2, "0.00", False),
        (-0.0, 2, "0.00", True),
        (-1e-17, 2, "0.00", True),  # what is left of 0.3 − 0.1 − 0.2
        (1e-7, 2, "0.00", False),
        (0.125, 2, "0.12", False),  # half to even
        (0.375, 2, "0.38", False),
        (2.675, 2, "2.68", False),  # as it reads, not as its binary digits are
        (3 - 0.15 * 6, 2, "2.10", True),
        (0.1 + 0.2, 1, "0.3", True),
        (0.12500000000000003, 2, "0.12", False),  # noise does not tip the decision
        (1e22, 0, "1" + 22 * "0", True),
        (12345678901234.56, 2, "12345678901234.56", True),
        (12345678901234.56, 1, "12345678901234.6", False),
        (np.float64(1.5), 1, "1.5", True),
    ],
)
def test_rounding(value, decimals, text, exact):
    result = rounded(value, decimals)
    assert (result.text, result.exact) == (text, exact)
    assert str(result) == text
    assert result.relation == ("=" if exact else "≈")


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [
        (4.216e-3, "4.2×10⁻³", False),
        (1e-8, "1.0×10⁻⁸", True),
        (-6.25, "−6.2×10⁰", False),
        (9.99e-17, "1.0×10⁻¹⁶", False),
        (0, "0", True),
        (3e300, "3.0×10³⁰⁰", True),
    ],
)
def test_numbers_over_many_magnitudes(value, text, exact):
    result = scientific(value)
    assert (result.text, result.exact) == (text, exact)


def test_what_is_not_finite_has_no_power_of_ten():
    with pytest.raises(ValueError, match="overflowed or left its domain"):
        scientific(float("inf"))


@pytest.mark.parametrize(
    ("value", "text"), [(0.150, "0.15"), (2.0, "2"), (-10, "−10"), (100, "100"), (0, "0")]
)
def test_trimmed_numbers_keep_no_trailing_zero(value, text):
    assert rounded(value, 3, trim=True).text == text


@pytest.mark.parametrize(("value", "text"), [(6, "+6.0"), (-6, "−6.0"), (0, "0.0"), (0.001, "0.0")])
def test_with_sign(value, text):
    assert rounded(value, 1).with_sign == text


@settings(max_examples=200)
@given(st.floats(-1e9, 1e9), st.integers(0, 6), st.booleans())
def test_the_text_is_within_half_a_unit_and_never_minus_zero(value, decimals, trim):
    text = rounded(value, decimals, trim=trim).text.replace(MINUS, "-")
    half = Decimal(1).scaleb(-decimals) / 2
    noise = Decimal(repr(abs(value))) * Decimal("1e-12")
    assert abs(Decimal(text) - Decimal(repr(value))) <= half + noise
    assert float(text) != 0 or not text.startswith("-")
    assert "E" not in text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_none_cannot_be_shown(value):
    with pytest.raises(ValueError, match="overflowed"):
        rounded(value)


@pytest.mark.parametrize("decimals", [-1, 16])
def test_decimals_have_a_range(decimals):
    with pytest.raises(ValueError, match="between 0 and 15"):
        rounded(1, decimals)


def test_numbers_for_typst_have_a_hyphen():
    assert typst_number(-0.5, 2) == "-0.50"
    assert typst_number(0.15, 3, trim=True) == "0.15"


NOTATION = [
    (X**2 + 2 * Y**2, "x^2 + 2 y^2"),
    (2 * X, "2 x"),
    (sp.Integer(0), "0"),
    (sp.Integer(-7), "-7"),
    (-X / 2 - 3 * (X + Y) ** 2, "-frac(x, 2) - 3 (x + y)^2"),
    (T**4 / 20 - T**2 / 2 + T / 5, "frac(t^4, 20) - frac(t^2, 2) + frac(t, 5)"),
    (X * Y**2 + X**3, "x^3 + x y^2"),
    (2 * 3**X, "2 dot 3^x"),
    (X**12, "x^12"),
    (X ** (Y + 1), "x^(y + 1)"),
    ((-2) ** X, "(-2)^x"),
    (sp.exp(-X * Y), "e^(-x y)"),
    (sp.sqrt(X), "sqrt(x)"),
    (1 / (1 + sp.exp(-X)), "frac(1, 1 + e^(-x))"),
    (sp.log(X) * sp.sin(Y) ** 2, "ln(x) sin(y)^2"),
    (sp.Rational(1, 3), "frac(1, 3)"),
    (sp.pi * sp.E * THETA, "e pi theta"),
    (LOSS * sp.Symbol("w_1") + sp.Symbol("w_12") + sp.Symbol("w_max"), None),
]


@pytest.mark.parametrize(("expression", "source"), [case for case in NOTATION if case[1] is not None])
def test_typst_notation(expression, source):
    assert to_typst(expression) == source


def test_typst_names():
    source = to_typst(NOTATION[-1][0])
    assert '"loss" w_1' in source
    assert "w_12" in source
    assert "w_(max)" not in source  # a bare word in an index would be read as an operator
    assert 'w_"max"' in source


def test_typst_itself_reads_every_notation():
    document = "#set page(width: auto, height: auto)\n" + "\n".join(f"$ {to_typst(e)} $" for e, _ in NOTATION)
    assert typst.compile(document.encode(), format="svg").startswith(b"<svg")


def test_what_has_no_notation_is_refused():
    with pytest.raises(ValueError, match="no Typst notation"):
        to_typst(sp.Integral(sp.sin(X) / X, X))


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("x**2 + 2*y**2", X**2 + 2 * Y**2),
        ("0.15*x - -y", sp.Rational(3, 20) * X + Y),
        ("1e-3*x + 1_000", X / 1000 + 1000),
        ("+sin(pi*x)/ln(2)", sp.sin(sp.pi * X) / sp.log(2)),
        ("e**x * abs(y)", sp.exp(X) * sp.Abs(Y)),
        ("  x ", X),
    ],
)
def test_formulas_are_read_exactly(text, expression):
    assert sp.simplify(ScalarField.from_text(text).expression - expression) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2x", r"write products as 2\*x"),
        ("x^2", r"write powers as x\*\*2"),
        ("x // y", r"operators are"),
        ("z + 1", "cannot read 'z'.*variables are x, y"),
        ("__import__('os').getcwd()", "functions are"),
        ("(lambda: 1)()", "functions are"),
        ("x.real", "cannot read 'x.real'"),
        ("[x for x in (1,)]", "only numbers"),
        ("sin(x, y)", "of one argument"),
        ("gamma(x)", "functions are"),
        ("True", "only numbers"),
        ("'x'", "only numbers"),
        ("1j*x", "only numbers"),
        ("0x10", "decimal notation"),
        ("x/0", "divides by zero"),
        ("0/0 + x", "divides by zero"),
        ("9**9**9", "exponents go up to 100"),
        ("x**1000", "exponents go up to 100"),
        ("", "cannot read the formula"),
        ("x\x00", "cannot read the formula"),
        ("x" + "+x" * 300, "at most 500"),
        ("(-1)**0.5*x", "real"),
    ],
)
def test_anything_but_arithmetic_is_refused_by_name(text, message):
    with pytest.raises(ValueError, match=message):
        ScalarField.from_text(text)


@pytest.mark.parametrize(("value", "text"), [(1e-6, "10^(-6)"), (1.0, "10^(0)"), (1e22, "10^(22)")])
def test_powers_of_ten_are_written_as_powers(value: float, text: str) -> None:
    assert power_of_ten(value) == text


@pytest.mark.parametrize("value", [0.0, -10.0, 2e-6, 0.11, float("inf"), float("nan")])
def test_other_numbers_are_no_powers_of_ten(value: float) -> None:
    with pytest.raises(ValueError, match="power of ten"):
        power_of_ten(value)
