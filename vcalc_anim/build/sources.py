"""Which code and which libraries decide a picture: part of every scene's fingerprint."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_DRAWING = ("core", "course", "stage", "build/encoder.py", "build/render.py")
_ASSEMBLING = ("voice/captions.py", "voice/mix.py", "build/assemble.py")
_LIBRARIES = ("manim", "numpy", "sympy", "scipy", "contourpy", "typst", "av", "svgelements", "pycairo")


@cache
def drawing_code() -> str:
    """A digest of the engine's code that takes part in drawing a frame."""
    return _digest(_DRAWING)


@cache
def assembling_code() -> str:
    """A digest of the engine's code that takes part in mixing sound, captions and film."""
    return _digest(_ASSEMBLING)


def _digest(parts: tuple[str, ...]) -> str:
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
