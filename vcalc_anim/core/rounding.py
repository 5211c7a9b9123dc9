"""Numbers as they are written on screen: fixed decimals, a true minus sign, and honesty about rounding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import isfinite

from vcalc_anim.core.provenance import written

MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

# 3 − 0.15·6 is 2.1 to the reader, whatever the last bit of the float says: differences of this size are
# arithmetic noise, not rounding, and must neither tip a half-even decision nor put an ≈ on the screen.
# A float is taken to mean a short decimal number when it agrees with one of 11 digits in its first 13.
_COMPARED = Context(prec=13, rounding=ROUND_HALF_EVEN)
_SHORT = 11
_NOISE_FLOOR = Decimal("1e-14")

# Every float has at most 309 digits before the point: enough to quantize any of them.
_WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Rounded:
    """A number rounded for display.

    ``text`` has a U+2212 minus; ``exact`` is False when rounding changed the value (the scene then shows ≈).
    """

    text: str
    exact: bool

    def __str__(self) -> str:
        return self.text

    @property
    def relation(self) -> str:
        """The sign to put before the number: ``=`` or ``≈``."""
        return "=" if self.exact else "≈"

    @property
    def typst(self) -> str:
        """The text as Typst maths source."""
        number, power, exponent = self.text.replace(MINUS, "-").partition("×10")
        return f"{number} times 10^({exponent.translate(_DIGITS)})" if power else number

    @property
    def with_sign(self) -> str:
        """The text with an explicit ``+`` for a number that does not show as zero or negative."""
        shows_zero = not any(digit in self.text for digit in "123456789")
        return self.text if shows_zero or self.text.startswith(MINUS) else f"+{self.text}"


def rounded(value: float, decimals: int = 2, *, trim: bool = False) -> Rounded:
    """Round *value* half-even, as its shortest decimal form reads, to a fixed number of *decimals*.

    ``trim`` drops trailing zeros (and a bare point). A result of zero carries no minus sign.
    Raises ValueError for a non-finite value or a number of decimals outside 0 to 15.

    >>> rounded(-5.69).text, rounded(0.15, 3, trim=True).text, rounded(2 / 3).relation
    ('−5.69', '0.15', '≈')
    """
    number = float(value)
    if not isfinite(number):
        raise ValueError(f"cannot show {number} as a number: the computation overflowed or left its domain")
    if not 0 <= decimals <= 15:
        raise ValueError(f"decimals is {decimals}, but a float shows between 0 and 15 decimals")
    clean = _without_noise(Decimal(repr(number)))
    shown = clean.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    exact = shown == clean or abs(shown - clean) <= _NOISE_FLOOR
    text = f"{abs(shown):f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return Rounded(written(f"{MINUS}{text}" if shown < 0 else text), exact)


def _without_noise(value: Decimal) -> Decimal:
    short = _COMPARED.plus(value).normalize()
    return short if len(short.as_tuple().digits) <= _SHORT else value


def typst_number(value: float, decimals: int = 2, *, trim: bool = False) -> str:
    """*value* as :func:`rounded` shows it, as Typst maths source: a hyphen, which Typst sets as a minus sign.

    >>> typst_number(-0.150, 3, trim=True)
    '-0.15'
    """
    return rounded(value, decimals, trim=trim).text.replace(MINUS, "-")


def power_of_ten(value: float) -> str:
    """*value* as Typst maths source; ValueError unless it is a whole power of ten.

    >>> power_of_ten(1e-6)
    '10^(-6)'
    """
    number = _without_noise(Decimal(repr(float(value)))) if isfinite(value) else Decimal(0)
    if number <= 0 or number.normalize().as_tuple().digits != (1,):
        raise ValueError(f"{value:g} is no whole power of ten, such as 0.001 or 100")
    return written(f"10^({number.adjusted()})")


def fitted(value: float, decimals: int, width: int, *, trim: bool = False) -> Rounded:
    """*value* with up to *decimals* decimals in at most *width* characters, for a readout of fixed size.

    Decimals give way first; a number that is still too long is written with a power of ten. *trim* drops
    trailing zeros. Raises ValueError for a non-finite value and when not even that fits.

    >>> [fitted(v, 2, 7).text for v in (17.0, -1234.5678, 98765432.1)]
    ['17.00', '−1234.6', '9.9×10⁷']
    """
    for kept in range(decimals, -1, -1):
        number = rounded(value, kept, trim=trim)
        if len(number.text) <= width:
            return number
    return _with_power(value, max(width - len("1.×10⁷"), 0), width)


def compact(value: float, decimals: int = 2, width: int = 7) -> Rounded:
    """*value* for a box of *width* characters: no trailing zeros, and a power of ten where decimals would show 0.

    A power of ten may take a few characters more. Raises ValueError for a non-finite value.

    >>> [compact(v).text for v in (3.0, -123.456, 0.00004, -2.5e300)]
    ['3', '−123.46', '4×10⁻⁵', '−2.5×10³⁰⁰']
    """
    if not 0 < abs(value) < 0.5 * 10.0**-decimals and len(rounded(value, 0).text) <= width:
        return fitted(value, decimals, width, trim=True)
    return _with_power(value, 1, len("−1.2×10⁻³⁰⁰"), trim=True)


def _with_power(value: float, decimals: int, width: int, *, trim: bool = False) -> Rounded:
    """*value* as mantissa and power of ten, with up to *decimals* decimals in at most *width* characters."""
    clean = Decimal(repr(float(value)))
    for kept in range(decimals, -1, -1):
        exponent = clean.adjusted()
        if round(abs(clean.scaleb(-exponent)), kept) >= 10:  # 9.99 rounds up to the next power of ten
            exponent += 1
        mantissa = rounded(float(clean.scaleb(-exponent)), kept, trim=trim)
        text = f"{mantissa.text}×10{str(exponent).translate(_SUPERSCRIPTS)}"
        if len(text) <= width:
            return Rounded(written(text), mantissa.exact)
    raise ValueError(f"{value:g} does not fit into {width} characters: give the readout more cells")


def scientific(value: float, decimals: int = 1) -> Rounded:
    """*value* with a power of ten, its first factor rounded to *decimals*: for numbers over many magnitudes.

    >>> scientific(0.00042).text, scientific(-3e5, 0).text, scientific(0).text
    ('4.2×10⁻⁴', '−3×10⁵', '0')
    """
    whole = rounded(value, 0)  # refuses what is not finite
    return _with_power(value, decimals, len("−1.×10⁻³⁰⁰") + decimals) if value else whole
