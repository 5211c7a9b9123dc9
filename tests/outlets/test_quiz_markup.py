"""Texts of questions in HTML, LaTeX and plain characters: formulas are formulas, everything else is text."""

from __future__ import annotations

import doctest
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from quiz_readers import words
from quiz_samples import HOSTILE, TEXTS, tidy

from vcalc_anim.errors import WorkError
from vcalc_anim.outlets.quiz import formulas, markup
from vcalc_anim.outlets.quiz.markup import MarkupError, Maths, Words, html, latex_html, literal, parse, plain

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(markup).failed == 0


def test_words_and_formulas_are_told_apart() -> None:
    assert parse("At $(1, 2)$, $ x $ and $y$") == (
        Words("At "),
        Maths("(1, 2)"),
        Words(", "),
        Maths(" x "),
        Words(" and "),
        Maths("y"),
    )


def test_a_dollar_inside_a_formula_is_part_of_it() -> None:
    assert parse(r'$\$ 5 "$" x$') == (Maths(r'\$ 5 "$" x'),)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\$5", "$5"),
        (r"\\", "\\"),
        (r"\#\*\_", "#*_"),
        (r"C:\new", r"C:\new"),  # a backslash before a letter is a backslash
        ("  a \t b \n  c ", "a b\nc"),
    ],
)
def test_words_are_what_they_look_like(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("text", ["a $x", "$", "$x$ and $", '$"$'])
def test_a_formula_has_to_end(text: str) -> None:
    with pytest.raises(MarkupError, match=r"has a \$ without its second"):
        parse(text)


@settings(max_examples=300)
@given(TEXTS)
def test_any_text_can_be_written_literally_and_stays_text(text: str) -> None:
    shown = literal(text)
    assert plain(shown) == tidy(text)
    assert words(html(shown)) == tidy(text)
    assert words(latex_html(shown)) == tidy(text)
    assert "".join(ElementTree.fromstring(f"<p>{html(shown)}</p>").itertext()) == tidy(text).replace("\n", "")


@pytest.mark.parametrize("name", ["mathjax", "anki", "moodle"])
def test_what_moodle_and_anki_act_on_is_split_by_an_element(name: str) -> None:
    shown = latex_html(literal(HOSTILE[name]))
    assert words(shown) == HOSTILE[name]
    for active in ("\\(", "\\[", "\\b", "$$", "$a", "[sound", "[latex", "[$", "@@", "[["):
        assert active not in shown


def test_formulas_become_mathml_with_their_latex() -> None:
    (math,) = ElementTree.fromstring(f"<p>{html('$vec(6, sqrt(x))$')}</p>")
    assert math.tag == f"{MATHML}math"
    assert math.get("display") == "inline"
    assert math.find(f".//{MATHML}mtable") is not None
    assert math.find(f".//{MATHML}msqrt") is not None
    latex = r"\begin{pmatrix} 6 \\ \sqrt{x} \end{pmatrix}"
    assert math.findtext(f".//{MATHML}annotation") == latex
    assert latex_html("is $vec(6, sqrt(x))$") == rf"is \({latex}\)"


def test_a_formula_on_its_own_line_stays_one() -> None:
    assert 'display="block"' in html("$ x^2 $")
    assert latex_html("$ x^2 $") == r"\[x^{2}\]"


def test_signs_of_html_in_a_formula_are_escaped() -> None:
    assert latex_html("$a < b$") == r"\(a &lt; b\)"
    assert words(latex_html("$a < b$")) == r"\(a < b\)"


@pytest.mark.parametrize(
    ("maths", "text"),
    [
        ("(partial f) / (partial x)", "∂f/∂x"),
        ("(partial^2 f) / (partial x^2)", "∂²f/∂x²"),
        ("3 x^2 + 2 x y", "3x² + 2xy"),
        ("6 (3 x + 1)", "6(3x + 1)"),
        ("(3 x + 1)^2", "(3x + 1)²"),
        ("(-6, -4)", "(−6, −4)"),
        ("vec(6, 4)", "(6, 4)"),
        ("mat(1, 2; 3, 4)", "(1, 2; 3, 4)"),
        ('mat(delim: "[", 1, 2; 3, 4)', "[1, 2; 3, 4]"),
        ("sqrt(2)", "√2"),
        ("sqrt(x + 1) / 2", "√(x + 1)/2"),
        ("root(3, x)", "∛x"),
        ("root(5, 2 x)", "⁵√(2x)"),
        ("h'(g(x)) dot.c g'(x)", "h′(g(x)) ⋅ g′(x)"),
        ("f''(x)", "f″(x)"),
        ("nabla f", "∇f"),
        ("nabla_W L", "∇_W L"),
        ("bold(x)^T A bold(x)", "xᵀAx"),
        ("A^top", "Aᵀ"),
        ("J in RR^(2 times 3)", "J ∈ ℝ^(2 × 3)"),
        ("3 times 2", "3 × 2"),
        ("1/2 x^2", "(1/2)x²"),
        ("1/(2 x) - (x - 1)/2", "1/(2x) − (x − 1)/2"),
        ("(a + b)/(c d)", "(a + b)/(cd)"),
        ("2 sin x", "2 sin x"),
        ("e^(2 x) cos(x)", "e²ˣ cos(x)"),
        ("10^(-3)", "10⁻³"),
        ("x^(1/2)", "x^(1/2)"),
        ("(2 x)^(n + 1)", "(2x)ⁿ⁺¹"),
        ("a_(i j) + x_1^2", "aᵢⱼ + x₁²"),
        ('x_"new" = x - alpha nabla f(x)', "x_(new) = x − α∇f(x)"),
        ("hat(y) + overline(x) + arrow(v)", "ŷ + x̄ + v⃗"),
        ("lim_(h -> 0) (f(x + h) - f(x))/h", "lim_(h → 0) ((f(x + h) − f(x))/h)"),
        ("sum_(i=1)^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        ("binom(n, k)", "(n choose k)"),
        ('cases(1 "if" x > 0, 0 "else")', "{1 if x > 0; 0 else"),
        ("norm(x) <= abs(y)", "∥x∥ ≤ |y|"),
        ("x |-> x^2", "x ↦ x²"),
        ("a < b != c", "a < b ≠ c"),
        ("x &= 1", "x = 1"),
        ("f: RR^2 -> RR", "f: ℝ² → ℝ"),
    ],
)
def test_formulas_can_be_read_in_plain_characters(maths: str, text: str) -> None:
    assert plain(f"${maths}$") == text


def test_all_formulas_of_a_document_take_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    pandoc = formulas.pandoc

    def counting(document: str, *options: str) -> bytes:
        calls.append(document)
        return pandoc(document, *options)

    monkeypatch.setattr(formulas, "_known", {})
    monkeypatch.setattr(formulas, "pandoc", counting)
    markup.prepare(["$x^2$ and $y^3$", "no formula", "$ z $ and $x^2$"])
    assert [plain(text) for text in ("$x^2$", "$y^3$", "$ z $")] == ["x²", "y³", "z"]
    assert len(calls) == 1


def test_a_missing_pandoc_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(formulas, "_known", {})
    monkeypatch.setattr(formulas.resources, "files", lambda _: tmp_path)
    with pytest.raises(WorkError, match=r"cannot start Pandoc, .*; run \./scripts/build"):
        plain("$x$")


def test_a_formula_cannot_read_files() -> None:
    with pytest.raises(formulas.FormulaError, match="which cannot be converted"):
        plain('$#read("/etc/hostname")$')
