"""Which code and which libraries decide a picture: part of every scene's fingerprint.

Code counts by what it reaches (:mod:`vcalc_anim.build.code_reach`): an edit makes stale what may run the edited lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from vcalc_anim.build.code_reach import Engine, Reach, read_facts

_PACKAGE = Path(__file__).parent.parent
_BUILD = "vcalc_anim.build"
_DRAWING = (f"{_BUILD}.render:render", f"{_BUILD}.render:stills", f"{_BUILD}.render:RenderJob")
_CODING = ("vcalc_anim.stage.fast_camera", "vcalc_anim.stage.canvas", f"{_BUILD}.recall")
_ASSEMBLING = (
    f"{_BUILD}.assemble:assemble",
    f"{_BUILD}.assemble:write_captions",
    f"{_BUILD}.course_film:join",
    f"{_BUILD}.narrate:NarratedScene",
)
# A file, its number, its size, and the times when it was written and changed.
_State: TypeAlias = tuple[Path, int, int, int, int]
_SOUNDING = ("vcalc_anim.voice.mix", f"{_BUILD}.aac", f"{_BUILD}.sound:coded_sound")
_LIBRARIES = ("manim", "numpy", "sympy", "scipy", "contourpy", "typst", "av", "svgelements", "pycairo")


def scene_reach(choreography: Path, scene: str, asked: Iterable[str] = ()) -> Reach:
    """The code that drawing the class *scene* of *choreography* may run, in its file and in the engine.

    *asked*: checks and templates of the core by which the questions that it plays are computed.
    """
    return _engine_with(choreography.parent).reach(*_DRAWING, f"{choreography.stem}:{scene}", asked=asked)


def scene_code(choreography: Path, scene: str, asked: Iterable[str] = ()) -> str:
    """A digest of what :func:`scene_reach` finds, comments, documentation and layout apart.

    Files beside the choreography count when the reached code names them. A choreography that is no Python counts as
    it is.
    """
    found = scene_reach(choreography, scene, asked)
    digest = hashlib.sha256(found.digest.encode())
    for name in found.files:
        if (file := choreography.parent / name).is_file():
            digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    if choreography.stem not in _engine_with(choreography.parent).modules:
        digest.update(choreography.read_bytes())
    return digest.hexdigest()


@cache
def code_of(*roots: str) -> str:
    """A digest of the engine's code that *roots* reach: ``package.module:name``, or a whole ``package.module``."""
    return _engine().reach(*roots).digest


def assembling_code() -> str:
    """A digest of the engine's code that takes part in mixing sound, captions and film."""
    return code_of(*_ASSEMBLING)


def coding_code() -> str:
    """A digest of the engine's code that makes films of frames, whatever they show."""
    return code_of(*_CODING)


def sound_code() -> str:
    """A digest of the engine's code and of the library that master and code sound."""
    return f"{code_of(*_SOUNDING)} {library_versions()['av']}"


def forget_code() -> None:
    """Look at the files again when they are asked for next: those that were written since are read anew."""
    for known in (_engine, code_of, code_digest):
        known.cache_clear()


@cache
def code_digest(*parts: str) -> str:
    """A digest of the engine's Python files in *parts*, as they are: folders or files inside the package."""
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


@cache
def _engine() -> Engine:
    return _engine_of(_states(_PACKAGE, "**/*.py"))


@lru_cache(maxsize=2)
def _engine_of(files: tuple[_State, ...]) -> Engine:
    return Engine.of_package(_PACKAGE)


def _engine_with(folder: Path) -> Engine:
    """The engine and the choreographies in *folder* as they are now; they may import each other."""
    return _engine_with_files(_engine(), folder, _states(folder, "*.py"))


@lru_cache(maxsize=2)
def _engine_with_files(engine: Engine, folder: Path, files: tuple[_State, ...]) -> Engine:
    return engine.with_modules(read_facts({path.stem: path for path, *_ in files}, folder))


def _states(folder: Path, pattern: str) -> tuple[_State, ...]:
    """The files of *folder* that match *pattern*, and what changes whenever one of them is written."""
    stats = [(path, path.stat()) for path in sorted(folder.glob(pattern))]
    return tuple(
        (path, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for path, stat in stats
    )
