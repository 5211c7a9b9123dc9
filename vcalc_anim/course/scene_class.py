"""One class of a choreography: the lines and cues that its ``construct`` asks for, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vcalc_anim.errors import Problem

CUE_METHODS = frozenset({"until", "at", "cue"})


@dataclass(frozen=True)
class CueUse:
    """A cue asked for by name, and the line of the file where it is."""

    name: str
    line: int


@dataclass(frozen=True)
class LineUse:
    """One ``self.line("name")``: where, with which cues.

    ``hints`` are other texts passed to calls in its block, which may be names of cues; ``escapes`` says that
    the line object was handed to code that is not read here.
    """

    name: str
    line: int
    cues: tuple[CueUse, ...]
    hints: frozenset[str]
    escapes: bool


@dataclass(frozen=True)
class SceneClass:
    """One top-level class. ``whole``: its ``construct`` is in the file, so ``uses`` are all there are."""

    name: str
    bases: tuple[str, ...]
    doc: str | None
    line: int
    uses: tuple[LineUse, ...]
    whole: bool


def read_class(
    node: ast.ClassDef, nodes: Mapping[str, ast.ClassDef], file: Path
) -> tuple[SceneClass, list[Problem]]:
    """The class *node* of *file*, and what is wrong with it by itself; *nodes* are all its classes."""
    reader = _ClassReader(node, nodes, file)
    return reader.read(), reader.problems


@dataclass
class _OpenUse:
    """A :class:`LineUse` while its block is being read."""

    name: str
    line: int
    cues: list[CueUse] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    escapes: bool = False

    def closed(self) -> LineUse:
        return LineUse(self.name, self.line, tuple(self.cues), frozenset(self.hints), self.escapes)


@dataclass(frozen=True)
class _Frame:
    """The method being read: the name of its ``self``, the class it stands in, the line objects it knows."""

    own: str
    depth: int  # position of that class in the order of inheritance
    known: dict[str, _OpenUse]
    block: _OpenUse | None  # the innermost line block around the present place
    loops: bool  # inside a loop


_Method = ast.FunctionDef | ast.AsyncFunctionDef


class _ClassReader:
    """Follows one class from ``construct``."""

    def __init__(self, node: ast.ClassDef, nodes: Mapping[str, ast.ClassDef], file: Path) -> None:
        self.node = node
        self.file = file
        self.order = _inheritance(node, nodes)
        self.uses: list[_OpenUse] = []
        self.problems: list[Problem] = []
        self.whole = True
        self._active: list[_Method] = []

    def read(self) -> SceneClass:
        found = self._find("construct", 0)
        if found is None:
            self.whole = False
        else:
            self._follow(*found, call=None, frame=None)
        return SceneClass(
            self.node.name,
            tuple(ast.unparse(base) for base in self.node.bases),
            ast.get_docstring(self.node),
            self.node.lineno,
            tuple(use.closed() for use in self.uses),
            self.whole,
        )

    def _find(self, name: str, start: int) -> tuple[_Method, int] | None:
        for depth in range(start, len(self.order)):
            for item in reversed(self.order[depth].body):
                if isinstance(item, _Method) and item.name == name:
                    return item, depth
        return None

    def _follow(self, method: _Method, depth: int, call: ast.Call | None, frame: _Frame | None) -> None:
        """Read *method* as if it stood where it is called, with the line objects it is given."""
        if method in self._active:
            return  # recursion: what it asks for has been read once
        names = [arg.arg for arg in (*method.args.posonlyargs, *method.args.args)]
        static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in method.decorator_list)
        own = "" if static or not names else names.pop(0)
        known: dict[str, _OpenUse] = {}
        if call is not None and frame is not None:
            keywords = [(keyword.arg, keyword.value) for keyword in call.keywords]
            for name, value in [*zip(names, call.args, strict=False), *keywords]:
                if name is not None and isinstance(value, ast.Name) and value.id in frame.known:
                    known[name] = frame.known[value.id]
        block = frame.block if frame else None
        self._active.append(method)
        self._read_all(method.body, _Frame(own, depth, known, block, frame.loops if frame else False))
        self._active.pop()

    def _read_all(self, nodes: list[ast.stmt] | list[ast.expr], frame: _Frame) -> None:
        for node in nodes:
            self._read(node, frame)

    def _read(self, node: ast.AST, frame: _Frame) -> None:
        match node:
            case ast.With() | ast.AsyncWith():
                self._with(node, frame)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if self._is_line(
                call, frame
            ):
                use = self._use(call, frame)
                if use is not None:
                    frame.known[name] = use
            case ast.For() | ast.AsyncFor():
                self._read(node.iter, frame)
                self._inside_loop([*node.body, *node.orelse], frame)
            case ast.While():
                self._inside_loop([node.test, *node.body, *node.orelse], frame)
            case ast.Call():
                self._call(node, frame)
            case ast.Name(id=name) if name in frame.known:
                frame.known[name].escapes = True  # used otherwise than by a method of its own
            case ast.Attribute(value=ast.Name(id=name)) if name in frame.known:
                pass  # line.duration and the like
            case _:
                for child in ast.iter_child_nodes(node):
                    self._read(child, frame)

    def _inside_loop(self, nodes: list[ast.AST], frame: _Frame) -> None:
        inner = _Frame(frame.own, frame.depth, frame.known, frame.block, loops=True)
        for node in nodes:
            self._read(node, inner)

    def _with(self, node: ast.With | ast.AsyncWith, frame: _Frame) -> None:
        block = frame.block
        for item in node.items:
            call, target = item.context_expr, item.optional_vars
            if isinstance(call, ast.Call) and self._is_line(call, frame):
                use = self._use(call, frame)
                if use is not None and block is not None:
                    message = (
                        f'line "{use.name}" of scene {self.node.name} begins inside line "{block.name}"; '
                    )
                    self._problem(call, message + "end one block before the next begins")
                block = use or block
                if isinstance(target, ast.Name):
                    frame.known.pop(target.id, None)
                    if use is not None:
                        frame.known[target.id] = use
            elif not (isinstance(call, ast.Name) and call.id in frame.known):  # `with line:` is its own use
                self._read(call, frame)
        self._read_all(node.body, _Frame(frame.own, frame.depth, frame.known, block, frame.loops))

    def _call(self, node: ast.Call, frame: _Frame) -> None:
        if self._is_line(node, frame):
            self._use(node, frame)
            return
        arguments: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
        followed = self._target(node, frame)
        if followed is not None:
            method, depth = followed
            rest = [a for a in arguments if not (isinstance(a, ast.Name) and a.id in frame.known)]
            self._read_all(rest, frame)
            self._hints(arguments, frame)
            self._follow(method, depth, node, frame)
            return
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in frame.known:
                if attr in CUE_METHODS:
                    self._cue(node, frame.known[name])
                else:
                    self._hints(arguments, frame)
            case _:
                self._hints(arguments, frame)
                self._read(node.func, frame)
        self._read_all(arguments, frame)

    def _hints(self, arguments: list[ast.expr], frame: _Frame) -> None:
        if frame.block is not None:
            frame.block.hints.update(
                a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )

    def _target(self, node: ast.Call, frame: _Frame) -> tuple[_Method, int] | None:
        """The method in this file that *node* calls: ``self.method(…)`` or ``super().method(…)``."""
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == frame.own:
                return self._find(attr, 0)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr):
                found = self._find(attr, frame.depth + 1)
                if found is None and attr == "construct":
                    self.whole = False
                return found
        return None

    def _is_line(self, node: ast.Call, frame: _Frame) -> bool:
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr="line"):
                return name == frame.own
        return False

    def _use(self, node: ast.Call, frame: _Frame) -> _OpenUse | None:
        name = self._text(node, f"{frame.own}.line", "line")
        if name is None:
            self.whole = False
            return None
        if frame.loops:
            message = (
                f'line "{name}" of scene {self.node.name} is asked for in a loop, and is there only once; '
            )
            self._problem(node, message + "put the loop inside its block")
        use = _OpenUse(name, node.lineno)
        self.uses.append(use)
        return use

    def _cue(self, node: ast.Call, use: _OpenUse) -> None:
        name = self._text(node, ast.unparse(node.func), "cue")
        if name is None:
            use.escapes = True
        else:
            use.cues.append(CueUse(name, node.lineno))

    def _text(self, node: ast.Call, function: str, what: str) -> str | None:
        """The text that names a line or cue in the call *node*; a problem when it is not written out."""
        named = [keyword.value for keyword in node.keywords if keyword.arg in ("name", "cue")]
        argument = next(iter([*node.args, *named]), None)
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
        found = "nothing" if argument is None else ast.unparse(argument)
        message = f"scene {self.node.name} gives {function} {found} for the name of a {what}; "
        self._problem(node, message + f'write the name as a string: {function}("…")')
        return None

    def _problem(self, node: ast.expr, message: str) -> None:
        self.problems.append(Problem(self.file, node.lineno, message))


def _inheritance(node: ast.ClassDef, nodes: Mapping[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """*node* and its base classes in the file, in the order in which methods are looked up.

    Depth first with only the last mention of each class kept, which is Python's order for every sane
    hierarchy.
    """
    found = list(_ancestors(node, nodes, ()))
    return [entry for i, entry in enumerate(found) if entry not in found[i + 1 :]]


def _ancestors(
    node: ast.ClassDef, nodes: Mapping[str, ast.ClassDef], below: tuple[ast.ClassDef, ...]
) -> Iterator[ast.ClassDef]:
    if node in below:
        return  # a class that inherits from itself fails when it is imported; reading must only end
    yield node
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in nodes:
            yield from _ancestors(nodes[base.id], nodes, (*below, node))
