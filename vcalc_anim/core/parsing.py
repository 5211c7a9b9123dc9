"""Formulas written as text become exact sympy expressions, without ``eval``.

``sympy.sympify`` runs its input as Python; formulas come from scripts and command lines, so they are walked here
as a syntax tree in which only arithmetic is allowed.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import sympy as sp

_FUNCTIONS: Mapping[str, sp.Function] = {
    **{name: getattr(sp, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt")},
    **{name: getattr(sp, name) for name in ("sinh", "cosh", "tanh", "atan")},
    "ln": sp.log,
    "abs": sp.Abs,
}
_CONSTANTS: Mapping[str, sp.Expr] = {"pi": sp.pi, "e": sp.E}

_LONGEST = 500  # characters: keeps the tree far from Python's recursion limit
_LARGEST_EXPONENT = 100  # 9**9**9 would otherwise be computed exactly, and never finish


def parse_expression(text: str, variables: tuple[sp.Symbol, ...]) -> sp.Expr:
    """The exact expression written in *text*, in Python notation: ``"x**2 + 2*y**2"``.

    Decimals are taken as exact fractions (0.15 is 3/20). Allowed: numbers, the *variables*, + - * / **, pi, e and
    the usual elementary functions. Raises ValueError that quotes the part that is not understood.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"a formula has {len(text)} characters, but at most {_LONGEST} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise ValueError(
            f"cannot read the formula {text!r}: write products as 2*x and powers as x**2"
        ) from error
    names = {symbol.name: symbol for symbol in variables}
    expression = _Reader(text.strip(), names).read(tree.body)
    if expression.has(sp.zoo, sp.nan, sp.oo):
        raise ValueError(f"the formula {text!r} divides by zero")
    if any(part.is_number and part.is_real is False for part in sp.preorder_traversal(expression)):
        raise ValueError(
            f"the formula {text!r} is not real: it takes a root or logarithm of a negative number"
        )
    return expression


class _Reader:
    def __init__(self, text: str, variables: Mapping[str, sp.Symbol]) -> None:
        self.text = text
        self.variables = variables

    def read(self, node: ast.expr) -> sp.Expr:
        match node:
            case ast.Constant(value=bool()):
                raise self._refusal(node, "only numbers are allowed here")
            case ast.Constant(value=int() | float()):
                return self._number(node)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.read(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._binary(node, operator, self.read(left), self.read(right))
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
                return _FUNCTIONS[name](self.read(argument))
            case ast.Call():
                raise self._refusal(
                    node, f"the functions are {', '.join(sorted(_FUNCTIONS))}, of one argument"
                )
        raise self._refusal(node, "only numbers, variables, + - * / ** and functions are allowed")

    def _number(self, node: ast.expr) -> sp.Expr:
        # The source text, not the float: 0.1 means one tenth.
        source = (ast.get_source_segment(self.text, node) or "").replace("_", "")
        try:
            return sp.Rational(source)
        except (TypeError, ValueError) as error:
            raise self._refusal(node, "write numbers in decimal notation") from error

    def _name(self, node: ast.expr, name: str) -> sp.Expr:
        if name in self.variables:
            return self.variables[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        raise self._refusal(node, f"the variables are {', '.join(self.variables)}")

    def _binary(self, node: ast.expr, operator: ast.operator, left: sp.Expr, right: sp.Expr) -> sp.Expr:
        match operator:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                return left / right
            case ast.Pow():
                if right.is_number and not abs(right) <= _LARGEST_EXPONENT:
                    raise self._refusal(node, f"exponents go up to {_LARGEST_EXPONENT}")
                return left**right
            case ast.BitXor():
                raise self._refusal(node, "write powers as x**2")
        raise self._refusal(node, "the operators are + - * / **")

    def _refusal(self, node: ast.expr, mend: str) -> ValueError:
        part = ast.get_source_segment(self.text, node) or self.text
        return ValueError(f"cannot read {part!r} in the formula {self.text!r}: {mend}")
