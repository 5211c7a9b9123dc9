"""What a Python module says about itself: its top-level statements, and the names that each of them uses.

Found from the text alone; nothing is imported. :mod:`vcalc_anim.build.code_reach` follows the names.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from vcalc_anim.build.code_names import Uses, bound, children, imported, is_for_types, is_text

_HOOKS = frozenset({"__init_subclass__", "__set_name__", "__class_getitem__"})

_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Kind: TypeAlias = Literal["definition", "import", "statement"]


@dataclass(frozen=True)
class Item:
    """One top-level statement, or one name of an import.

    names: what it binds; digest: of its meaning, comments and layout apart; refs: the dotted names that it takes from
    outside itself; runs: those of *refs* that are used when the module is imported; imports: what its functions import
    themselves, as alias → (module, name), the name empty for a module; target: the same for an import;
    writes: whether it changes things of a module; hooks: whether it is a class that notices its subclasses;
    bases: the classes it derives from; wide: "module" or "engine" when it finds names while running; files: its texts that could
    name a file.
    """

    kind: Kind
    names: tuple[str, ...]
    digest: str
    refs: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    imports: tuple[tuple[str, str, str], ...] = ()
    target: tuple[str, str] | None = None
    writes: bool = False
    hooks: bool = False
    bases: tuple[str, ...] = ()
    wide: Literal["", "module", "engine"] = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """The statements of one module; *loads* are the modules that it imports as soon as it is imported."""

    items: tuple[Item, ...]
    loads: tuple[str, ...] = ()


def facts_of(source: bytes) -> Facts:
    """Read the module *source*. Raises SyntaxError, as Python does."""
    tree = ast.parse(source)
    lazy = any(
        isinstance(s, ast.ImportFrom) and s.module == "__future__" and s.names[0].name == "annotations"
        for s in tree.body
    )
    items = [item for statement in tree.body for item in _items(statement, lazy)]
    here = {name for item in items for name in item.names}
    items = [_known(item, here) for item in items]
    loads = sorted({module for statement in tree.body for module in _loads(statement)})
    return Facts(tuple(items), tuple(loads))


def _known(item: Item, module: set[str]) -> Item:
    """*item* with only those names that lead somewhere: what neither it nor its module binds is Python's own."""
    here = module | {alias for alias, _, _ in item.imports}

    def leading(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name in here or name.split(".")[0] in here)

    return replace(item, refs=leading(item.refs), runs=leading(item.runs), bases=leading(item.bases))


def _items(statement: ast.stmt, lazy: bool) -> Iterator[Item]:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        yield from _import_items(statement)
    elif is_for_types(statement):
        assert isinstance(statement, ast.If)
        for other in statement.orelse:
            yield from _items(other, lazy)
    elif not is_text(statement):
        yield _item(statement, lazy)


def _import_items(statement: ast.Import | ast.ImportFrom) -> Iterator[Item]:
    for alias in statement.names:
        single = type(statement)(**{**vars(statement), "names": [alias]})
        name, target = imported(statement, alias)
        if name == "*":  # nobody knows which of its names are used: all
            yield Item("statement", (), _digest(single), imports=((name, *target),))
            continue
        yield Item("import", (name,), _digest(single), target=target)


def _item(statement: ast.stmt, lazy: bool) -> Item:
    found = Uses(lazy)
    found.statement(statement)
    is_definition = isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    plain = isinstance(statement, ast.Assign | ast.AnnAssign) and all(
        isinstance(target, ast.Name | ast.Tuple) for target in _targets(statement)
    )
    runs = Uses(lazy)
    for part in _run_on_import(statement):
        runs.expression(part)
    bases = Uses(lazy)
    if isinstance(statement, ast.ClassDef):
        for base in [*statement.bases, *(keyword.value for keyword in statement.keywords)]:
            bases.expression(base)
    # What an import binds behind a condition; one inside a definition binds nothing out here.
    conditional = () if is_definition or plain else tuple(alias for alias, _, _ in found.imports)
    return Item(
        "definition" if is_definition or plain else "statement",
        tuple(dict.fromkeys([*bound([statement]), *conditional])),
        _digest(statement),
        tuple(sorted(found.names)),
        tuple(sorted(runs.names)) if runs.calls or is_definition else (),
        tuple(sorted(found.imports)),
        None,
        found.writes,
        isinstance(statement, ast.ClassDef) and any(name in _HOOKS for name in bound(statement.body)),
        tuple(sorted(bases.names)),
        found.wide,
        tuple(sorted(found.files)),
    )


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _run_on_import(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of *statement* that may call something of ours when the module is imported."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from statement.decorator_list
            yield from (
                default
                for default in [*statement.args.defaults, *statement.args.kw_defaults]
                if default is not None and _has_call(default)
            )
        case ast.ClassDef():
            yield from statement.decorator_list
            for inner in statement.body:
                yield from _run_on_import(inner)
        case ast.Assign() | ast.AnnAssign():
            if statement.value is not None and _has_call(statement.value):
                yield statement.value


def _has_call(node: ast.expr | None) -> bool:
    return node is not None and any(isinstance(part, ast.Call) for part in ast.walk(node))


def _loads(node: ast.AST) -> Iterator[str]:
    """The modules that are imported when *node* runs, functions not being called."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        for alias in node.names:
            yield base
            yield f"{base}.{alias.name}"
    elif is_for_types(node):
        assert isinstance(node, ast.If)
        for other in node.orelse:
            yield from _loads(other)
    elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.expr):
        for child in children(node):
            yield from _loads(child)


def _digest(statement: ast.stmt) -> str:
    meaning: list[str] = []
    _tell(statement, meaning)
    return hashlib.sha256("".join(meaning).encode()).hexdigest()[:32]


def _tell(node: ast.AST, meaning: list[str]) -> None:
    """Add *node* to *meaning*, documentation apart: it changes no picture. Different code is told differently."""
    kind = type(node)
    meaning.append(f"{kind.__name__}(")
    for name in kind._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            meaning.append("[")
            for part in value:
                if not isinstance(part, ast.AST):
                    meaning.append(f"{part!r},")
                elif name != "body" or kind not in _DOCUMENTED or not is_text(part):
                    _tell(part, meaning)
            meaning.append("]")
        elif not isinstance(value, ast.AST):
            meaning.append(f"{value!r},")
        elif not isinstance(value, ast.expr_context):  # it follows from the place
            _tell(value, meaning)
    meaning.append(")")
