"""The names that a piece of Python takes from outside itself, by Python's rules of scope."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

#: A file whose statements are all taken together when one of these is used: names are then found while it runs.
_OWN_NAMES = frozenset({"globals", "vars", "locals", "__dict__", "modules"})
#: Nobody knows what these reach.
_ANY_NAME = frozenset(
    [
        "eval",
        "exec",
        "compile",
        "__import__",
        "import_module",
        "reload",
        "exec_module",
        "spec_from_file_location",
        "run_path",
        "run_module",
        "iter_modules",
        "walk_packages",
        "__subclasses__",
    ]
)
#: Decorators that leave annotations alone; others may read them.
_PLAIN = frozenset(
    [
        "property",
        "staticmethod",
        "classmethod",
        "cached_property",
        "cache",
        "lru_cache",
        "contextmanager",
        "abstractmethod",
        "wraps",
    ]
)
_CHANGING = frozenset(
    [
        "add",
        "append",
        "clear",
        "discard",
        "extend",
        "insert",
        "pop",
        "popitem",
        "register",
        "remove",
        "reset",
        "set",
        "setdefault",
        "update",
    ]
)
_FILE = re.compile(r"[\w./ -]+\.[A-Za-z]\w{0,5}")
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below *node*, as ``ast.iter_child_nodes``, except whether a name is read or bound."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            found.append(value)
    return found


class Uses:
    """Collects the dotted names that a statement takes from outside itself.

    Follows Python's rules of scope, so that a local variable is not taken for the module's name of the same letters.
    A text that is a single name counts as that name: annotations may be texts.
    """

    def __init__(self, lazy: bool) -> None:
        self.names: set[str] = set()
        self.imports: set[tuple[str, str, str]] = set()
        self.files: set[str] = set()
        self.writes = self.calls = False
        self.wide: Literal["", "module", "engine"] = ""
        self._lazy = lazy  # annotations of functions are never evaluated
        self._scopes: list[set[str]] = []

    def statement(self, node: ast.AST) -> None:
        self._visit(node)

    expression = statement

    def _visit(self, node: ast.AST) -> None:
        if is_for_types(node):
            assert isinstance(node, ast.If)
            self._all(node.orelse)
        elif isinstance(node, _SCOPES):
            self._scope(node)
        elif isinstance(node, _COMPREHENSIONS):
            self._comprehension(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                self.imports.add((imported(node, alias)[0], *imported(node, alias)[1]))
                if isinstance(node, ast.Import) and not alias.asname:  # "import a.b" binds a, and loads a.b
                    self.imports.add((alias.name, alias.name, ""))
        else:
            self._leaf(node)

    def _leaf(self, node: ast.AST) -> None:
        match node:
            case ast.Name(ctx=ast.Load()):
                self._name(node.id)
            case ast.Attribute():
                self._attribute(node)
            case ast.Constant(value=str(text)) if text.isidentifier():
                self.names.add(text)
            case ast.Constant(value=str(text)):
                if _FILE.fullmatch(text):
                    self.files.add(text)
                if not self._scopes and "[" in text:
                    self._annotation(text)
            case ast.Global():
                self.writes = True
                self.names.update(node.names)
            case ast.Subscript(ctx=ast.Store() | ast.Del()) if self._is_outside(_root(node)):
                self.writes = True
                self._all(children(node))
            case ast.Call():
                self._call(node)
            case _:
                self._all(children(node))

    def _all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self._visit(node)

    def _annotation(self, text: str) -> None:
        try:
            self._visit(ast.parse(text, mode="eval").body)
        except SyntaxError:
            pass  # an ordinary text

    def _name(self, name: str) -> None:
        if not any(name in scope for scope in self._scopes):
            self.names.add(name)
            self._note_dynamic(name)

    def _note_dynamic(self, name: str) -> None:
        if name in _ANY_NAME:
            self.wide = "engine"
        elif name in _OWN_NAMES and not self.wide:
            self.wide = "module"

    def _attribute(self, node: ast.Attribute) -> None:
        root = _root(node)
        if isinstance(node.ctx, ast.Store | ast.Del) and self._is_outside(root):
            self.writes = True
        if node.attr in _ANY_NAME - {"compile"} or node.attr in ("__dict__", "modules"):
            self._note_dynamic(node.attr)
        chain = _chain(node)
        if chain is None or not self._is_outside(root):
            self._visit(node.value)
        else:
            self.names.add(chain)

    def _call(self, node: ast.Call) -> None:
        self.calls = True
        function = node.func
        if (
            isinstance(function, ast.Attribute)
            and function.attr in _CHANGING
            and self._is_outside(_root(function))
        ):
            self.writes = True
        if isinstance(function, ast.Name) and function.id in ("setattr", "delattr") and node.args:
            self.writes |= self._is_outside(_root(node.args[0]))
        self._all(children(node))

    def _is_outside(self, root: ast.expr) -> bool:
        return (
            isinstance(root, ast.Name)
            and not any(root.id in scope for scope in self._scopes)
            and not hasattr(builtins, root.id)
        )

    def _scope(self, node: _Function | ast.ClassDef) -> None:
        if isinstance(node, ast.ClassDef):
            self._all([*node.decorator_list, *node.bases, *node.keywords])
            self._all(s for s in node.body if not is_text(s))  # its own names are no variables of its methods
            return
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        self._all([*arguments.defaults, *(default for default in arguments.kw_defaults if default)])
        if not isinstance(node, ast.Lambda):
            self._all(node.decorator_list)
            if not self._lazy or not all(_is_plain(decorator) for decorator in node.decorator_list):
                self._all([a.annotation for a in every if a.annotation])
                self._all([node.returns] if node.returns else [])
        body: list[Any] = [node.body] if isinstance(node, ast.Lambda) else node.body
        outer = {name for part in body for name in _declared_outer(part)}
        self._scopes.append(({a.arg for a in every} | set(bound(body))) - outer)
        self._all(part for part in body if not is_text(part))
        self._scopes.pop()

    def _comprehension(self, node: Any) -> None:
        self._visit(node.generators[0].iter)
        self._scopes.append({name for part in node.generators for name in bound([part.target])})
        for index, part in enumerate(node.generators):
            self._all([*([part.iter] if index else []), *part.ifs])
        self._all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self._scopes.pop()


def _is_plain(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (_chain(function) or "").rpartition(".")[2] in _PLAIN


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node


def _chain(node: ast.expr) -> str | None:
    """``a.b.c`` as a text; None when it does not begin with a name."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def bound(nodes: Iterable[ast.AST]) -> list[str]:
    """The names that *nodes* bind in the scope they stand in, except by imports, whose names lead elsewhere."""
    names: list[str] = []
    for node in nodes:
        _add_bound(node, names)
    return names


def _add_bound(node: ast.AST, names: list[str]) -> None:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            names.append(node.id)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        names.append(node.name)
    elif isinstance(node, _COMPREHENSIONS):  # only what := binds leaves them
        names += [n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)]
    elif not isinstance(node, ast.Lambda | ast.Constant):
        match node:
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                names.append(name)
        for child in children(node):
            _add_bound(child, names)


def _declared_outer(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Global):
        yield from node.names
    elif not isinstance(node, ast.expr | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for child in children(node):
            yield from _declared_outer(child)


def imported(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, tuple[str, str]]:
    """The name that an import binds, and what it stands for: a module and a name in it, or a module and ``""``."""
    if isinstance(statement, ast.ImportFrom):
        return alias.asname or alias.name, ("." * statement.level + (statement.module or ""), alias.name)
    if alias.asname:
        return alias.asname, (alias.name, "")
    return alias.name.split(".")[0], (alias.name.split(".")[0], "")


def is_for_types(node: ast.AST) -> bool:
    """Whether *node* is ``if TYPE_CHECKING:``, which no program runs."""
    return isinstance(node, ast.If) and _chain(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def is_text(node: ast.AST) -> bool:
    """Whether *node* is a text that stands alone: documentation."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
