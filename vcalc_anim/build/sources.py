"""Which code and which libraries decide a picture: part of every scene's fingerprint."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_DRAWING_PARTS = ("core", "course", "stage")
_DRAWING_FILES = ("build/encoder.py", "build/render.py")
_LIBRARIES = ("manim", "numpy", "sympy", "scipy", "contourpy", "typst", "av", "svgelements", "pycairo")


@cache
def drawing_code() -> str:
    """A digest of the engine's code that takes part in drawing a frame."""
    files = [path for part in _DRAWING_PARTS for path in sorted((_PACKAGE / part).rglob("*.py"))]
    files += [_PACKAGE / name for name in _DRAWING_FILES]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def library_versions() -> dict[str, str]:
    """Versions of the libraries that take part in drawing and encoding."""
    return {name: version(name) for name in _LIBRARIES}
