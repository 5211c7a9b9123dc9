"""The voices there are, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from vcalc_anim.errors import InputError, Problem
from vcalc_anim.voice.espeak import EspeakSettings, EspeakVoice
from vcalc_anim.voice.silent import SilentVoice
from vcalc_anim.voice.speech import Voice


@dataclass(frozen=True)
class VoiceRow:
    """One voice, as a table shows it."""

    name: str
    description: str
    settings: tuple[str, ...]  # "name=default"


@dataclass(frozen=True)
class _Entry:
    description: str
    settings: type[Any]  # a dataclass of plain values with defaults
    make: Callable[[Any], Voice]


_VOICES: Mapping[str, _Entry] = {
    "espeak": _Entry("English formant speech, offline, with exact word times", EspeakSettings, EspeakVoice),
    "silent": _Entry("no sound, estimated word times: for drafts", SilentVoice, lambda voice: voice),
}


def make_voice(name: str, settings: Mapping[str, object] | None = None) -> Voice:
    """The voice called *name*; a setting that is not given keeps its default.

    Raises:
        InputError: no such voice or setting (with the nearest that exists), or a value of the wrong type or range.
        WorkError: the engine of the voice is missing.
    """
    entry = _VOICES.get(name)
    if entry is None:
        raise InputError(f"there is no voice {name!r}; {_choice(name, list(_VOICES))}")
    defaults = {field.name: field.default for field in fields(entry.settings)}
    problems: list[Problem | str] = []
    values: dict[str, object] = {}
    for key, value in (settings or {}).items():
        if key not in defaults:
            problems.append(f"the voice {name} has no setting {key!r}; {_choice(key, list(defaults))}")
        elif not _fits(value, defaults[key]):
            kind = {"int": "a whole number", "float": "a number"}.get(type(defaults[key]).__name__, "text")
            problems.append(
                f"setting {key} of the voice {name} is {value!r}; it takes {kind}, such as {defaults[key]}"
            )
        else:
            values[key] = value
    if problems:
        raise InputError(*problems)
    return entry.make(entry.settings(**values))


def list_voices() -> list[VoiceRow]:
    """All voices with their settings, in the order they are offered."""
    return [
        VoiceRow(name, entry.description, tuple(f"{f.name}={f.default}" for f in fields(entry.settings)))
        for name, entry in _VOICES.items()
    ]


def _fits(value: object, default: object) -> bool:
    if isinstance(value, bool):
        return False  # Python counts True as 1, a script does not mean that
    return isinstance(value, (int, float)) if isinstance(default, float) else isinstance(value, type(default))


def _choice(given: str, known: list[str]) -> str:
    near = get_close_matches(given, known, 1, 0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}it can be {', '.join(known)}"
