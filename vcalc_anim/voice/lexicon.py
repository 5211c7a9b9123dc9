"""How written words are said: names the engine gets wrong, and symbols it would stumble over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from vcalc_anim.errors import InputError, Problem

_GREEK = [
    *(
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
    ),
    *("xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
]
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

# Spoken where they stand, as words of their own. The code points of Greek run in the order of the alphabet, with
# the final sigma (ς) before σ; the capitals have a hole in its place.
SYMBOLS: Mapping[str, str] = {
    **{chr(ord("α") + i): name for i, name in enumerate(_GREEK)},
    **{chr(ord("Α") + i): f"capital {name}" for i, name in enumerate(_GREEK) if i != 17},
    **dict.fromkeys("ϵε", "epsilon"),
    **dict.fromkeys("ϕφ", "phi"),
    "ϑ": "theta",
    "∇": "gradient",
    "∂": "partial",
    "∑": "sum",
    "∏": "product",
    "∫": "integral",
    "√": "square root of",
    "∞": "infinity",
    "ᵀ": "transpose",
    "⁻": "minus",
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", _DIGITS, strict=True)),
    "²": "squared",  # after the digits, which it replaces
    "³": "cubed",
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", _DIGITS, strict=True)),
    **dict(zip("ₙₖₘ", "nkm", strict=True)),
    **dict(zip("ᵢⱼ", "ij", strict=True)),
    "ⁿ": "to the n",
    "½": "one half",
    "⅓": "one third",
    "⅔": "two thirds",
    "¼": "one quarter",
    "¾": "three quarters",
    "−": "minus",
    "+": "plus",
    "±": "plus or minus",
    "×": "times",
    "·": "times",
    "⋅": "times",
    "⊙": "times",
    "∘": "after",
    "÷": "divided by",
    "=": "equals",
    "≠": "is not equal to",
    "≈": "is about",
    "≡": "is identical to",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is at most",
    "≥": "is at least",
    "≪": "is much less than",
    "≫": "is much greater than",
    "∝": "is proportional to",
    "∈": "in",
    "→": "to",
    "←": "becomes",
    "↦": "goes to",
    "⇒": "so",
    "‖": "norm",
    "⊥": "perpendicular to",
    "°": "degrees",
    "ℝ": "R",
    "ℓ": "ell",
    "′": "prime",
    "^": "to the power",
    "&": "and",
}

_PUNCTUATION = ".,;:!?…—–-'’\"‘“”()[]/%$€£"
_WORD = re.compile(r"^(?P<before>[^\w]*)(?P<core>.*?)(?P<possessive>['’]s)?(?P<after>[^\w]*)$", re.DOTALL)
_SYMBOL = re.compile("|".join(map(re.escape, SYMBOLS)))
_MINUS_SIGN = re.compile(r"(?<![\w.)])-(?=[\d.]*\d)")


class Lexicon:
    """Says written words as *pronunciation* has them, and symbols by their names.

    A key is one whole word, matched without regard to case and together with any hyphenated word it is part of;
    punctuation and a possessive 's stay. Text that is shown is never touched, only text that is spoken.

    >>> Lexicon({"Jacobian": "juh-koh-bee-an"}).spoken(["The", "Jacobian's", "x²", "≈", "−3."])
    ['The', "juh-koh-bee-an's", 'x squared', 'is about', 'minus 3.']

    Raises:
        InputError: a key is not one word, a pronunciation is empty, or two keys differ only in case.
    """

    def __init__(self, pronunciation: Mapping[str, str] | None = None) -> None:
        problems: list[Problem] = []
        self._said: dict[str, str] = {}
        for written, said in (pronunciation or {}).items():
            if len(written.split()) != 1:
                problems.append(
                    Problem(None, None, f"pronunciation of {written!r}: give one word without spaces")
                )
            if not said.strip():
                problems.append(
                    Problem(None, None, f"pronunciation of {written!r} is empty; write how it sounds")
                )
            if written.casefold() in self._said:
                problems.append(Problem(None, None, f"pronunciation of {written!r} is given twice; keep one"))
            self._said[written.casefold()] = " ".join(said.split())
        if problems:
            raise InputError(*problems)

    def spoken(self, words: Sequence[str]) -> list[str]:
        """The spoken form of each of *words*, in order; a form may consist of several words."""
        return [self._spoken(word) for word in words]

    def unspeakable(self, words: Iterable[str]) -> list[str]:
        """One sentence for each different character in *words* that no voice can be trusted to say."""
        found: dict[str, str] = {}
        for word in words:
            for character in self._spoken(word):
                if not _speakable(character):
                    found.setdefault(character, word)
        return [
            f"{_describe(character)} in {word!r} cannot be spoken; write it in letters or give its pronunciation"
            for character, word in found.items()
        ]

    def _spoken(self, word: str) -> str:
        if word.casefold() in self._said:  # also a key that carries its own punctuation or symbols
            return self._said[word.casefold()]
        match = _WORD.match(word)
        assert match is not None  # the pattern matches every string
        before, core, possessive, after = match.group("before", "core", "possessive", "after")
        said = self._said.get(core.casefold())
        if said is None:
            said = "-".join(self._said.get(part.casefold(), part) for part in core.split("-"))
        return _name_symbols(before + said + (possessive or "") + after)


def _name_symbols(text: str) -> str:
    signed = _MINUS_SIGN.sub("−", text)
    named = _SYMBOL.sub(lambda match: f" {SYMBOLS[match[0]]} ", signed)
    closed = re.sub(r"\s+([.,;:!?…)\]])", r"\1", named)  # "x² ," would be read with a stumble
    return re.sub(r"([(\[])\s+", r"\1", " ".join(closed.split()))


def _speakable(character: str) -> bool:
    if character in _PUNCTUATION or character == " " or character.isascii() and character.isalnum():
        return True
    return unicodedata.category(character)[0] in "LM" and "LATIN" in unicodedata.name(character, "")


def _describe(character: str) -> str:
    name = unicodedata.name(character, "control character").lower()
    shown = f"{character} " if character.isprintable() else ""
    return f"{shown}(U+{ord(character):04X}, {name})"
