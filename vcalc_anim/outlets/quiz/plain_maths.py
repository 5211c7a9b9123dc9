"""A formula in plain characters, for what shows no formulas: ``∂f/∂x``, ``3x² + y²``, ``(6, 4)``, ``√(x + 1)/2``.

It reads presentation MathML without namespaces, and puts brackets where the line would else mean something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

Kind = Literal[
    "atom", "name", "number", "product", "fraction", "sum", "operator", "open", "close", "comma", "space"
]

_RAISED = dict(
    zip(
        "0123456789+−-=()abcdefghijklmnoprstuvwxyzT⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ",
        strict=True,
    )
)
_LOWERED = dict(zip("0123456789+−-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_PRIMES = frozenset("′″‴⁗")
_ACCENTS = {"̂": "\u0302", "^": "\u0302", "¯": "\u0304", "‾": "\u0304", "̇": "\u0307", "˙": "\u0307", "̈": "\u0308"} | {
    "̃": "\u0303", "~": "\u0303", "→": "\u20d7", "⃗": "\u20d7"
}  # fmt: skip
_OPEN, _CLOSE, _COMMAS = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉"), frozenset(",;:")
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u200b")
_LOOSE = frozenset("∑∏∫∮…⋯∇∂!%∞∅°|∥‖′″‴√")  # operators in MathML, but written close to what they belong to


@dataclass(frozen=True)
class _Part:
    text: str
    kind: Kind


def plain_maths(element: Element) -> str:
    """The formula of *element* on one line."""
    return " ".join(_join(_parts(element)).text.split())


def _parts(element: Element) -> list[_Part]:
    """What *element* puts into the row it stands in; a row inside a row is no group of its own."""
    if element.tag in ("mrow", "mstyle", "mpadded", "mtd", "math"):
        return [part for child in element for part in _parts(child)]
    if element.tag == "semantics":
        return _parts(element[0])
    part = _part(element)
    return [part] if part.text else []


def _whole(element: Element) -> _Part:
    return _join(_parts(element))


def _part(element: Element) -> _Part:
    text = _letters(element.text or "")
    match element.tag:
        case "mi" | "mtext":
            if text in ("−", "-"):
                return _Part("−", "operator")
            text = text.strip()  # a space around words comes from their being words
            return _Part(text, "name" if len(text) > 1 else "atom")
        case "mn":
            return _Part(text, "number")
        case "mo":
            return _operator(text.strip())
        case "mspace":
            wide = float((element.get("width") or "0").removesuffix("em")) >= 0.5
            return _Part(" " if wide else "", "space")
        case "mfrac":
            top, bottom = _whole(element[0]), _whole(element[1])
            if element.get("linethickness") == "0":
                return _Part(f"{top.text} choose {bottom.text}", "sum")
            return _Part(f"{_bracketed(top, 'sum', 'fraction')}/{_denominator(bottom)}", "fraction")
        case "msqrt":
            inside = _join([part for child in element for part in _parts(child)])
            return _Part(f"√{_single(inside)}", "atom")
        case "mroot":
            index = _whole(element[1]).text
            sign = {"3": "∛", "4": "∜"}.get(index) or _script(index, _RAISED, "^") + "√"
            return _Part(sign + _single(_whole(element[0])), "atom")
        case "msub" | "munder":
            return _scripts(element[0], element[1], None, element.tag == "munder")
        case "msup" | "mover":
            return _scripts(element[0], None, element[1], element.tag == "mover")
        case "msubsup" | "munderover":
            return _scripts(element[0], element[1], element[2], element.tag == "munderover")
        case "mtable":
            return _Part(_table(element), "sum")
        case _:
            return _join([part for child in element for part in _parts(child)])


def _letters(text: str) -> str:
    """Bold, cursive and other letters of mathematics as ordinary ones; fonts seldom have them."""
    return "".join(
        unicodedata.normalize("NFKC", c) if 0x1D400 <= ord(c) <= 0x1D7FF else c
        for c in text
        if c not in _INVISIBLE
    )


def _operator(sign: str) -> _Part:
    if sign in _OPEN:
        return _Part(sign, "open")
    if sign in _CLOSE:
        return _Part(sign, "close")
    if sign in _COMMAS:
        return _Part(sign, "comma")
    return _Part(
        sign, "atom" if sign in _LOOSE else "name" if sign.isalpha() and len(sign) > 1 else "operator"
    )


def _scripts(base: Element, low: Element | None, high: Element | None, limits: bool) -> _Part:
    over = _whole(high).text if high is not None else ""
    if limits and high is not None and high.get("accent") == "true" and over in _ACCENTS:
        under = _whole(base).text
        text = under + _ACCENTS[over] if len(under) == 1 else f"{under}{_ACCENTS[over]}"
        return _Part(unicodedata.normalize("NFC", text), "atom")
    if low is not None and low.get("accent") == "true":  # an underbrace, whose label comes around it
        return _whole(base)
    parts = _parts(base)
    inner = _join(parts)
    kind: Kind
    if inner.kind in ("open", "close", "operator"):  # a bracket carries the exponent of what it closes
        kind = inner.kind
    elif inner.kind == "name" or inner.text[:1] in ("∑", "∏", "∫"):
        kind = "name"
    else:
        kind = "atom"
    fenced = len(parts) > 1 and parts[0].kind == "open" and parts[-1].kind == "close"
    text = inner.text if fenced or inner.kind not in ("product", "fraction", "sum") else f"({inner.text})"
    if low is not None:
        text += _script(_whole(low).text, _LOWERED, "_")
    if high is not None:
        text += over if over and set(over) <= _PRIMES else _script(over, _RAISED, "^")
    if kind == "atom" and text[-2:-1] in ("_", "^"):  # ∇_W L, not ∇_WL
        kind = "name"
    return _Part(text, kind)


def _script(text: str, letters: dict[str, str], sign: str) -> str:
    tight = text.replace(" ", "")
    if all(c in letters for c in tight):
        return "".join(letters[c] for c in tight)
    return sign + (text if len(text) == 1 else f"({text})")


def _table(element: Element) -> str:
    rows = [[_whole(cell).text for cell in row] for row in element]
    if all(len(row) == 1 for row in rows) and element.find(".//mtext") is None:
        return ", ".join(row[0] for row in rows)
    if element.find(".//mtd[@columnalign='right']") is not None:  # lines aligned at their = signs
        return "; ".join(" ".join(row).replace("=", "= ") for row in rows)
    return "; ".join(", ".join(row) for row in rows)


def _bracketed(part: _Part, *kinds: Kind) -> str:
    return f"({part.text})" if part.kind in kinds else part.text


def _single(part: _Part) -> str:
    return _bracketed(part, "sum", "fraction", "product")


def _denominator(part: _Part) -> str:
    # ∂x, ∂x² and dx are read as one
    return part.text if re.fullmatch(r"[∂d]\w[₀-₉⁰-⁹²³]*", part.text) else _single(part)


def _join(parts: Iterable[_Part]) -> _Part:
    """One line of *parts*, with spaces around operators and between words, and what kind of thing it is."""
    row = list(parts)
    if len(row) == 1:
        return row[0] if row[0].kind != "operator" else _Part(row[0].text, "atom")
    line: list[str] = []
    kind: Kind = "product"
    depth = 0
    before: _Part | None = None
    for index, part in enumerate(row):
        after = row[index + 1] if index + 1 < len(row) else None
        text = part.text
        touching = [
            near for near in (before, after) if near and near.kind not in ("operator", "comma", "space")
        ]
        if part.kind == "fraction" and any(
            near.kind not in (("open",) if near is before else ("close",)) for near in touching
        ):
            text = f"({text})"
        if part.kind == "operator":
            prefix = before is None or before.kind in ("operator", "open", "comma")
            text = text if prefix else f" {text} "
            if depth == 0:
                kind = "sum"
        elif part.kind == "comma":
            text = f"{text} "
            if depth == 0:
                kind = "sum"
        elif before is not None and _apart(before, part):
            text = f" {text}"
        depth += (part.kind == "open") - (part.kind == "close")
        line.append(text)
        before = part
    if len(row) > 1 and row[0].kind == "open" and row[-1].kind == "close" and _one_pair(row):
        kind = "atom"
    return _Part("".join(line), kind)


def _apart(left: _Part, right: _Part) -> bool:
    """Whether two neighbours need a space to be told apart: words, and digits after digits."""
    if left.kind == "name":
        return right.kind not in ("open", "close") and not right.text.startswith(" ")
    if right.kind == "name":
        return left.kind not in ("open",) and not left.text.endswith(" ")
    return right.kind == "number" and left.kind in ("number", "atom") and (left.text[-1:].isalnum())


def _one_pair(row: list[_Part]) -> bool:
    """Whether the first bracket of *row* is closed by its last."""
    depth = 0
    for index, part in enumerate(row):
        depth += (part.kind == "open") - (part.kind == "close")
        if depth == 0:
            return index == len(row) - 1
    return False
