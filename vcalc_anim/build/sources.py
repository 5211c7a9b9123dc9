"""Which code and which libraries decide a picture: part of every scene's fingerprint."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_DRAWING = ("core", "course", "stage", "build/encoder.py", "build/render.py", "build/sinks.py")
_ASSEMBLING = ("voice", "build/assemble.py", "build/course_film.py")
_LIBRARIES = ("manim", "numpy", "sympy", "scipy", "contourpy", "typst", "av", "svgelements", "pycairo")


@cache
def drawing_code() -> str:
    """A digest of the engine's code that takes part in drawing a frame."""
    return code_digest(*_DRAWING)


@cache
def assembling_code() -> str:
    """A digest of the engine's code that takes part in mixing sound, captions and film."""
    return code_digest(*_ASSEMBLING)


def scene_code(choreography: Path, scene: str) -> str:
    """A digest of the code of *choreography* that the class *scene* reaches, comments and layout apart.

    Functions, classes and imports of the file count when something reached names them, also inside a text
    (an annotation); all its other statements count always. So an edit of one scene leaves the others alone.
    """
    found = _reached(choreography.read_bytes(), scene)
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _reached(source: bytes, scene: str) -> list[str]:
    named: dict[str, list[ast.stmt]] = {}
    waiting: list[ast.stmt] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            named.setdefault(statement.name, []).append(statement)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                single = type(statement)(**{**vars(statement), "names": [alias]})
                named.setdefault((alias.asname or alias.name).split(".")[0], []).append(single)
        else:
            waiting.append(statement)
    reached = [ast.dump(statement) for statement in waiting]
    waiting += named.pop(scene, [])
    reached += [ast.dump(statement) for statement in waiting[len(reached) :]]
    while waiting:
        for node in ast.walk(waiting.pop()):
            for name in _names(node):
                for definition in named.pop(name, []):
                    reached.append(ast.dump(definition))
                    waiting.append(definition)
    return sorted(reached)


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def code_digest(*parts: str) -> str:
    """A digest of the engine's Python files in *parts*: folders or files inside the package."""
    digest = hashlib.sha256()
    for part in parts:
        place = _PACKAGE / part
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def library_versions() -> dict[str, str]:
    """Versions of the libraries that take part in drawing and encoding."""
    return {name: version(name) for name in _LIBRARIES}
