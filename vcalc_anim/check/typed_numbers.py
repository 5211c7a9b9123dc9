"""Numbers typed into a choreography, found in its syntax: whatever is shown must come from the core instead.

A number inside a text of a scene comes on screen sooner or later, so every text counts, wherever it is
assigned or passed, but for those that nobody is shown: docstrings, parameters' descriptions, errors, cue
names, colours, and the formulas that functions are made from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.core.provenance import numbers_in
from vcalc_anim.course.source import read_text


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FORMATTERS = frozenset({"rounded", "typst_number", "fitted", "to_typst"})
# What takes a text and shows it to nobody: names of lines, cues and parts, parameters, formulas to be read, edits.
_NOT_SHOWN = _set("line at until part Field warn from_text")
_EDITS = _set("replace removeprefix removesuffix split strip startswith endswith")
_NOT_SHOWN_KEYWORDS = frozenset({"description", "color", "name"})
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}")
_GAP = "\N{LIGHT SHADE}"  # stands for what an f-string puts in


@dataclass(frozen=True)
class TypedNumber:
    """One slip: the scene's class ("" outside of one), the line of the file, what is wrong, the numbers."""

    scene: str
    line: int
    message: str
    numbers: tuple[str, ...] = ()


def typed_numbers(choreography: Path) -> list[TypedNumber]:
    """Every number that the file *choreography* types where the core should give it."""
    tree = ast.parse(read_text(choreography))
    constants = _literal_names(tree.body)
    found = []
    for statement in tree.body:
        scene = statement.name if isinstance(statement, ast.ClassDef) else ""
        reader = _Reader(scene, constants)
        reader.visit(statement)
        found += reader.found
    return sorted(found, key=lambda slip: slip.line)


class _Reader(ast.NodeVisitor):
    """Collects the slips of one top-level statement."""

    def __init__(self, scene: str, constants: frozenset[str]) -> None:
        self.scene = scene
        self.found: list[TypedNumber] = []
        self._literals = constants
        self._hidden: frozenset[str] = frozenset()  # names that only errors are made from

    def _note(self, node: ast.expr, message: str, numbers: tuple[str, ...] = ()) -> None:
        self.found.append(TypedNumber(self.scene, node.lineno, message, numbers))

    # -- what is not shown -------------------------------------------------------------------------------

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        return

    visit_Assert = visit_Raise  # type: ignore[assignment]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before = self._literals, self._hidden
        self._literals = before[0] | _literal_names(ast.walk(node))
        self._hidden = _only_raised(node)
        for part in (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body):
            self.visit(part)
        self._literals, self._hidden = before

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not all(isinstance(t, ast.Name) and t.id in self._hidden for t in node.targets):
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        return

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    # -- what is -----------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for keyword in node.keywords:
            if keyword.arg == "says" and self._is_literal(keyword.value):
                self._note(keyword.value, "says= confirms a claim with a typed number: give the core's value")
        if called in _FORMATTERS and node.args and _is_number(node.args[0]):
            self._note(
                node, f"{called}({ast.unparse(node.args[0])}) shows a typed number: give the core's value"
            )
        if called == "Readout" and any(
            isinstance(value, ast.Lambda) and self._is_literal(value.body)
            for value in (*node.args, *(keyword.value for keyword in node.keywords))
        ):
            self._note(node, "a readout shows a typed number: let it ask the core or a tracker")
        self.visit(node.func)
        if called not in _NOT_SHOWN | _EDITS:
            for argument in node.args:
                self.visit(argument)
        for keyword in node.keywords:
            if called != "Field" and keyword.arg not in _NOT_SHOWN_KEYWORDS:
                self.visit(keyword.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._look_at(node, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else _GAP for part in node.values)
        self._look_at(node, text)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None:
                    self._note(
                        node,
                        f"{{{ast.unparse(part.value)}:…}} is rounded by Python: let the core write it "
                        "(rounded, typst_number), which says when it rounds",
                    )
                self.visit(part.value)

    def _look_at(self, node: ast.expr, text: str) -> None:
        numbers = () if _COLOUR.fullmatch(text) else numbers_in(text)
        if numbers:
            told = text.replace(_GAP, "…")
            self._note(
                node,
                f'"{told}" shows {" and ".join(dict.fromkeys(numbers))}, typed into the scene: let the core '
                "write it (a .typst, typst_number, rounded)",
                numbers,
            )

    def _is_literal(self, node: ast.expr) -> bool:
        """Whether *node* is a number, or a name that stands for a typed one."""
        return _is_number(node) or (isinstance(node, ast.Name) and node.id in self._literals)


def _is_number(node: ast.AST | None) -> bool:
    """Whether *node* is built from typed numbers alone: ``2``, ``-0.5``, ``1 / 3``."""
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(operand=inner):
            return _is_number(inner)
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
    return False


def _literal_names(nodes: Iterator[ast.AST] | list[ast.stmt]) -> frozenset[str]:
    """Names that are assigned a typed number and nothing else."""
    values: dict[str, list[ast.expr | None]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        values.setdefault(name.id, []).append(
                            node.value if isinstance(target, ast.Name) else None
                        )
    return frozenset(name for name, given in values.items() if all(_is_number(value) for value in given))


def _only_raised(function: ast.FunctionDef) -> frozenset[str]:
    """Local names that are read in ``raise`` statements only."""
    raised = {
        id(node) for error in ast.walk(function) if isinstance(error, ast.Raise) for node in ast.walk(error)
    }
    reads = [n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    shown = {name.id for name in reads if id(name) not in raised}
    return frozenset(name.id for name in reads if name.id not in shown)
