"""Exact expressions as Typst maths source, in the order and with the signs a lecturer would write."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from vcalc_anim.core.provenance import written

_FUNCTION_NAMES = {sp.log: "ln", sp.Abs: "abs", sp.atan: "arctan"}
# fmt: off
_GREEK = frozenset([
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta",
    "iota", "kappa", "lambda", "mu", "nu", "xi", "pi",
    "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
])
# fmt: on


def to_typst(expression: sp.Expr) -> str:
    """Typst maths source of *expression*, e.g. ``x^2 + 2 y^2`` or ``frac(x^4, 20) - frac(x^2, 2)``.

    Products are set by juxtaposition, quotients as fractions, ``log`` as ln and ``exp`` as a power of e.
    Raises ValueError for a kind of expression that has no notation here.
    """
    return written(_sum(sp.sympify(expression)))


@lru_cache(maxsize=512)
def _sum(expression: sp.Expr) -> str:
    source = ""
    for term in expression.as_ordered_terms():
        negative = _is_negative(term)
        body = _product(-term if negative else term)
        if not source:
            source = f"-{body}" if negative else body
        else:
            source += f" - {body}" if negative else f" + {body}"
    return source


def symbol_to_typst(name: str) -> str:
    """Typst source of a variable name: ``x``, ``theta``, ``w_12``, but ``"loss"`` in upright letters."""
    base, _, index = name.partition("_")
    source = _word(base)
    if not index:
        return source
    return f"{source}_{index}" if index.isdigit() else f"{source}_{_word(index)}"


def _word(name: str) -> str:
    # Typst takes longer bare words for names of functions and operators.
    return name if len(name) == 1 or name in _GREEK else f'"{name}"'


def _is_negative(term: sp.Expr) -> bool:
    coefficient, _ = term.as_coeff_Mul()
    return bool(coefficient.is_negative)


def _product(term: sp.Expr) -> str:
    """A term with its sign taken off."""
    numerator, denominator = sp.fraction(term, exact=True)
    if denominator != 1:
        return f"frac({to_typst(numerator)}, {to_typst(denominator)})"
    source = ""
    for factor in term.as_ordered_factors():
        part = f"({to_typst(factor)})" if factor.is_Add and term.is_Mul else _atom(factor)
        # "2 3^x" would read as 23^x: numbers that meet need a dot.
        source += (" dot " if part[0].isdigit() else " ") + part if source else part
    return source


def _atom(factor: sp.Expr) -> str:
    if factor.is_Symbol:
        return symbol_to_typst(factor.name)
    if factor.is_Add:
        return to_typst(factor)
    if factor == sp.E:
        return "e"
    if factor == sp.pi:
        return "pi"
    if factor.is_Integer or factor.is_Float:
        return str(factor) if factor.is_Integer else repr(float(factor))
    if isinstance(factor, sp.exp):
        return f"e{_exponent(factor.exp)}"
    if factor.is_Pow:
        if factor.exp == sp.Rational(1, 2):
            return f"sqrt({to_typst(factor.base)})"
        base = _atom(factor.base) if _binds_tightly(factor.base) else f"({to_typst(factor.base)})"
        return f"{base}{_exponent(factor.exp)}"
    if isinstance(factor, sp.Piecewise):
        return f"cases({', '.join(_case(branch, condition) for branch, condition in factor.args)})"
    if factor.is_Function and len(factor.args) == 1:
        name = _FUNCTION_NAMES.get(factor.func, factor.func.__name__)
        return f"{name}({to_typst(factor.args[0])})"
    raise ValueError(
        f"no Typst notation is known for {factor} ({type(factor).__name__}): add it to core/typst.py"
    )


def _case(branch: sp.Expr, condition: sp.Basic) -> str:
    """One line of a definition by cases: the value, and from an alignment mark on, when it holds."""
    if condition == sp.true:
        return f'{to_typst(branch)} & "otherwise"'
    if not condition.is_Relational:
        raise ValueError(f"no Typst notation is known for the case {condition}: write it as one comparison")
    sign = {"==": "=", "!=": "eq.not", "<=": "<=", ">=": ">="}.get(condition.rel_op, condition.rel_op)
    return f'{to_typst(branch)} & "if" {to_typst(condition.lhs)} {sign} {to_typst(condition.rhs)}'


def _binds_tightly(base: sp.Expr) -> bool:
    return bool(
        base.is_Symbol or base.is_Function or base in (sp.pi, sp.E) or (base.is_Integer and base >= 0)
    )


def _exponent(exponent: sp.Expr) -> str:
    if (exponent.is_Symbol and len(exponent.name) == 1) or (exponent.is_Integer and exponent >= 0):
        return f"^{_atom(exponent)}"
    return f"^({to_typst(exponent)})"
