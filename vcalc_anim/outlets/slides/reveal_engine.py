"""Where reveal.js comes from: the files of its distribution, carried by the wheel of a Sphinx extension."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from vcalc_anim.errors import WorkError

_CARRIER = "sphinx-revealjs"
_FOLDER = "sphinx_revealjs/_static/revealjs"
_FILES = {
    "reveal.js": "dist/reveal.js",
    "reveal.css": "dist/reveal.css",
    "reset.css": "dist/reset.css",
    "notes.js": "plugin/notes/notes.js",
    "LICENSE": "LICENSE",
}


def engine_files() -> Mapping[str, Path]:
    """The files of reveal.js that a deck needs, by their names in its folder. Sphinx itself is never imported.

    Raises:
        WorkError: the package that carries them is not installed, or lacks one.
    """
    try:
        carrier = distribution(_CARRIER)
    except PackageNotFoundError as error:
        raise WorkError(
            f"the web deck needs reveal.js from the package {_CARRIER}, which is not installed; run ./scripts/build"
        ) from error
    files = {name: Path(str(carrier.locate_file(f"{_FOLDER}/{inside}"))) for name, inside in _FILES.items()}
    for path in files.values():
        if not path.is_file():
            raise WorkError(
                f"{_CARRIER} {carrier.version} has no {path.name} for the web deck; install the pinned version"
            )
    return files
