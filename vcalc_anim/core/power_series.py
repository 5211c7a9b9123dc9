"""Truncated power series with exact coefficients, straight from a formula.

A formula is walked once, and each operation combines the series of its parts by a recurrence: order n costs O(n²)
exact operations a node. Differentiating n times instead lets quotients swell exponentially (1/(1 + x²) at order 40).
A series is the list of its coefficients: entry k belongs to (x − x₀)^k.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

Series = list[Any]  # of elements of one field: rational numbers, or fractions in constants such as e or sin 1


def series_of(expression: sp.Expr, variable: sp.Symbol, center: sp.Expr, order: int) -> list[sp.Expr] | None:
    """The first *order* + 1 Taylor coefficients of *expression* at *center*.

    None where the recurrences do not apply: an unknown function, or a quotient, root or logarithm of something that
    is 0 at the center.
    """
    constants = _constants(expression, variable, center)
    if not all(constant.is_finite for constant in constants):
        return None
    expansion = _Expansion(variable, center, order, constants)
    series = expansion.of(expression)
    return None if series is None else [expansion.expression(coefficient) for coefficient in series]


def _constants(expression: sp.Expr, variable: sp.Symbol, center: sp.Expr) -> list[sp.Expr]:
    """The numbers, such as e or sin 1, in which the coefficients will be rational; each once."""
    found = {center: None}
    for part in sp.preorder_traversal(expression):
        if part.is_number:
            found[part] = None
        elif part.is_Function or (part.is_Pow and not part.exp.is_Integer):
            argument = part.args[0].subs(variable, center)
            values = [argument**part.exp] if part.is_Pow else [kin(argument) for kin in _kin(part.func)]
            found.update(dict.fromkeys(values))
    return [constant for constant in found if not constant.is_Rational]


def _kin(function: type[sp.Expr]) -> tuple[type[sp.Expr], ...]:
    return _PAIRED.get(function, (function,))


class _Expansion:
    """One walk over a formula.

    The constants stand as symbols in a field of rational functions: polynomial arithmetic keeps every coefficient in
    lowest terms, where sums of sympy expressions would swell.
    """

    def __init__(self, variable: sp.Symbol, center: sp.Expr, order: int, constants: list[sp.Expr]) -> None:
        self.variable, self.center, self.order = variable, center, order
        symbols = sp.symbols(f"c:{len(constants)}", cls=sp.Dummy)
        self.constants = dict(zip(symbols, constants, strict=True))
        self.field: Any = sp.QQ.frac_field(*symbols) if constants else sp.QQ
        self.elements = dict(zip(constants, self.field.gens if constants else (), strict=True))

    def element(self, number: sp.Expr) -> Any:
        return self.field.from_sympy(number) if number.is_Rational else self.elements[number]

    def expression(self, element: Any) -> sp.Expr:
        return self.field.to_sympy(element).xreplace(self.constants)

    def of(self, expression: sp.Expr) -> Series | None:
        if not expression.has(self.variable):
            return self._padded(expression)
        if expression == self.variable:
            return self._padded(self.center, sp.S.One)
        parts = [self.of(part) for part in expression.args]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        if expression.is_Add:
            return [sum(terms, self.field.zero) for terms in zip(*known, strict=True)]
        if expression.is_Mul:
            product = known[0]
            for factor in known[1:]:
                product = self._product(product, factor)
            return product
        argument = expression.args[0].subs(self.variable, self.center)
        if expression.is_Pow:
            return (
                None if expression.exp.has(self.variable) else self._power(known[0], expression.exp, argument)
            )
        if expression.func in _PAIRED:
            return self._paired(expression.func, known[0], argument)
        if expression.func in _SINGLE:
            return _SINGLE[expression.func](self, known[0], argument)
        return None

    def _padded(self, *leading: sp.Expr) -> Series:
        start = [self.element(number) for number in leading]
        return (start + [self.field.zero] * self.order)[: self.order + 1]

    def _product(self, a: Series, b: Series) -> Series:
        return [sum((a[j] * b[k - j] for j in range(k + 1) if a[j]), self.field.zero) for k in range(len(a))]

    def _power(self, a: Series, exponent: sp.Expr, argument: sp.Expr) -> Series | None:
        """J. C. P. Miller: from a·(aᵖ)′ = p·a′·aᵖ."""
        if not a[0]:
            if not (exponent.is_Integer and exponent >= 0):
                return None
            result = self._padded(sp.S.One)
            for _ in range(int(exponent)):
                result = self._product(result, a)
            return result
        if not (exponent.is_Integer or argument.is_positive):
            return None
        p = self.element(exponent)
        result = [a[0] ** int(exponent) if exponent.is_Integer else self.element(argument**exponent)]
        for k in range(1, len(a)):
            terms = ((p * j - (k - j)) * a[j] * result[k - j] for j in range(1, k + 1) if a[j])
            result.append(sum(terms, self.field.zero) / (a[0] * k))
        return result

    def _exp(self, a: Series, argument: sp.Expr) -> Series | None:
        result = [self.element(sp.exp(argument))]
        for k in range(1, len(a)):
            result.append(self._integrated(a, result, k))
        return result

    def _log(self, a: Series, argument: sp.Expr) -> Series | None:
        if not argument.is_positive:
            return None
        result = [self.element(sp.log(argument))]
        for k in range(1, len(a)):
            known = sum((result[j] * a[k - j] * j for j in range(1, k) if a[k - j]), self.field.zero)
            result.append((a[k] - known / self.field(k)) / a[0])
        return result

    def _atan(self, a: Series, argument: sp.Expr) -> Series | None:
        squared = self._product(a, a)
        slope = self._power([squared[0] + 1, *squared[1:]], sp.S.NegativeOne, 1 + argument**2)
        if slope is None:
            return None
        following = [self._integrated(a, slope, k) for k in range(1, len(a))]
        return [self.element(sp.atan(argument)), *following]

    def _paired(self, function: type[sp.Expr], a: Series, argument: sp.Expr) -> Series | None:
        """Sine and cosine, or their hyperbolic kin, call for each other: s′ = a′·c and c′ = ∓a′·s."""
        sine, cosine = _PAIRED[function]
        s, c = ([self.element(kin(argument))] for kin in (sine, cosine))
        sign = -1 if sine is sp.sin else 1
        for k in range(1, len(a)):
            s_next, c_next = self._integrated(a, c, k), self._integrated(a, s, k) * sign
            s.append(s_next)
            c.append(c_next)
        if function in (sine, cosine):
            return s if function is sine else c
        inverse = self._power(c, sp.S.NegativeOne, cosine(argument))
        return None if inverse is None else self._product(s, inverse)

    def _integrated(self, a: Series, b: Series, k: int) -> Any:
        """The coefficient k of ∫ a′·b."""
        return sum((a[j] * b[k - j] * j for j in range(1, k + 1) if a[j]), self.field.zero) / self.field(k)


_CIRCLE, _HYPERBOLA = (sp.sin, sp.cos), (sp.sinh, sp.cosh)
_PAIRED: Mapping[type[sp.Expr], tuple[type[sp.Expr], type[sp.Expr]]] = {
    **dict.fromkeys((sp.sin, sp.cos, sp.tan), _CIRCLE),
    **dict.fromkeys((sp.sinh, sp.cosh, sp.tanh), _HYPERBOLA),
}
_SINGLE: Mapping[type[sp.Expr], Callable[[_Expansion, Series, sp.Expr], Series | None]] = {
    sp.exp: _Expansion._exp,
    sp.log: _Expansion._log,
    sp.atan: _Expansion._atan,
}
