"""The default voice: libespeak-ng out of a wheel, so that it speaks on every machine without a service."""

from __future__ import annotations

import atexit
import importlib.metadata
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.voice import espeak_helper
from vcalc_anim.voice.alignment import Phone, WordMark, word_spans
from vcalc_anim.voice.silent import check_words
from vcalc_anim.voice.speech import SAMPLE_RATE, Samples, Speech

_MEND = "reinstall it with: python -m pip install --force-reinstall espeakng-loader"
_TREATMENT = 2  # part of the identity: raise it whenever the filters or the trimming below change the sound

_EVENT_WORD, _EVENT_END = 1, 5
_EDGE = 0.02  # seconds of silence kept before and after a line
_SILENCE = 10 ** (-50 / 20)  # of the line's peak: quieter than any phoneme, louder than a dying filter
_PEAK = 0.7  # of full scale, for every line: equal lines are equally loud, and no filter can clip


@dataclass(frozen=True)
class EspeakSettings:
    """How the voice sounds.

    The defaults were measured over the narration of this course: "Michael" keeps its consonants and its bass but
    has 8 dB less energy from 2.5 to 5 kHz than the plain voice, where the buzz sits, and a livelier melody; the
    rate gives 140 words a minute with the pauses of real prose.
    """

    language: str = "en-us"
    variant: str = "Michael"
    rate: int = 131  # the engine's own words a minute, which leave most pauses out
    pitch: int = 50  # 0 to 99
    range: int = 50  # 0 (monotone) to 99
    word_gap: int = 0  # extra silence between words, in 10 ms


_LIMITS = {"rate": (80, 450), "pitch": (0, 99), "range": (0, 99), "word_gap": (0, 100)}
_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4, "word_gap": 7}  # espeak_PARAMETER
_VOLUME = 60  # of 100: some variants clip inside the engine at 100


class EspeakVoice:
    """English speech by formant synthesis, with the engine's own word times.

    Raises:
        InputError: a setting is out of range, or the language or variant does not exist (it lists what does).
        WorkError: the library or its data is missing.
    """

    def __init__(self, settings: EspeakSettings | None = None) -> None:
        self.settings = settings or EspeakSettings()
        _check(self.settings)

    @property
    def name(self) -> str:
        return "espeak"

    @property
    def identity(self) -> str:
        version = importlib.metadata.version("espeakng-loader")
        shown = " ".join(f"{f.name}={getattr(self.settings, f.name)}" for f in fields(self.settings))
        return f"espeak-ng loader={version} treatment={_TREATMENT} {shown}"

    def speak(self, words: Sequence[str]) -> Speech:
        """Say *words* as one line at 48 kHz; silence before and after is trimmed to 20 ms.

        Raises:
            InputError: there are no words, one is empty, or none of them makes a sound.
            WorkError: the engine is missing or fails.
        """
        check_words(words)
        items = [" ".join(word.split()) for word in words]
        s = self.settings
        values = {
            "rate": s.rate,
            "volume": _VOLUME,
            "pitch": s.pitch,
            "range": s.range,
            "word_gap": s.word_gap,
        }
        header, pcm = _ask(
            {
                "voice": "+".join(filter(None, [_language_files()[s.language], s.variant])),
                "text": " ".join(items),
                "parameters": {str(_PARAMETERS[key]): value for key, value in values.items()},
            }
        )
        raw = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
        try:
            spans = _spans(items, header["events"], header["rate"], len(raw))
        except ValueError as error:
            raise InputError(f"nothing to hear in {' '.join(items)!r}: write it in letters") from error
        return _finish(raw, header["rate"], spans)


def list_variants() -> list[str]:
    """Names of the variants (timbres) that come with the engine, sorted."""
    return sorted(path.name for path in (_paths()[1] / "voices" / "!v").iterdir())


def list_languages() -> list[str]:
    """Codes of the languages that come with the engine, sorted."""
    return sorted(_language_files())


@lru_cache(maxsize=1)
def _language_files() -> dict[str, str]:
    """Language code → name of its file, which is the only name the engine takes together with a variant."""
    files: dict[str, str] = {}
    for path in sorted((_paths()[1] / "lang").rglob("*")):
        if path.is_file():
            for line in path.read_text("utf-8", errors="replace").splitlines():
                if line.startswith("language "):
                    files.setdefault(line.split()[1], path.name)
                    break  # the first code of a file is its own, the others are what it can stand in for
    return files


def _check(settings: EspeakSettings) -> None:
    for key, (low, high) in _LIMITS.items():
        if not low <= getattr(settings, key) <= high:
            raise InputError(f"espeak setting {key} = {getattr(settings, key)}; it goes from {low} to {high}")
    for kind, value, known in (
        ("language", settings.language, list_languages()),
        ("variant", settings.variant, ["", *list_variants()]),
    ):
        if value not in known:
            near = get_close_matches(value, known, 1, 0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            raise InputError(f"espeak has no {kind} {value!r}; {hint}it has {', '.join(filter(None, known))}")


@lru_cache(maxsize=1)
def _paths() -> tuple[Path, Path]:
    try:
        import espeakng_loader  # imported here: the silent voice must work where this wheel does not exist

        library, data = Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
    except (ImportError, OSError, RuntimeError) as error:
        raise WorkError(f"the espeak voice needs the package espeakng-loader ({error}); {_MEND}") from error
    for path in (library, data / "phontab", data / "voices" / "!v", data / "lang"):
        if not path.exists():
            raise WorkError(f"the espeak voice misses {path}; {_MEND}")
    return library, data


class _Helper:
    """The one helper process of this process; a lock, because it answers one question at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        with self.lock:
            try:
                return self._ask(request)
            except OSError as error:
                self._close()
                raise WorkError(f"the espeak voice stopped ({error}); {_MEND}") from error
            except (
                BaseException
            ):  # an interrupt in the middle of an answer: the rest of it must not be read later
                self._close()
                raise

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if self.process is None:
            library, data = _paths()
            command = [sys.executable, "-I", espeak_helper.__file__, str(library), str(data)]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise OSError("it ended without an answer")
        header = json.loads(line)
        if "error" in header:
            raise OSError(header["error"])
        pcm = stdout.read(header["bytes"])
        if len(pcm) != header["bytes"]:
            raise OSError("its answer was cut short")
        return header, pcm

    def _close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def end(self) -> None:
        """Let the process end by itself, at the end of its input."""
        if self.process is not None:
            self.process.communicate()
            self.process = None

    def forget(self) -> None:
        """After a fork: the process belongs to the parent, and the lock may be held by a thread that is not here."""
        if self.process is not None:
            self.process.returncode = 0  # not ours to wait for
            _inherited.append(self.process)  # kept, because closing its pipes could wait for that same thread
        self.lock = threading.Lock()
        self.process = None


_inherited: list[subprocess.Popen[bytes]] = []
_helper = _Helper()
atexit.register(_helper.end)
os.register_at_fork(after_in_child=_helper.forget)


def _ask(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    return _helper.ask(request)


def _spans(
    words: Sequence[str], events: list[list[Any]], rate: int, length: int
) -> list[tuple[float, float]]:
    """Spans of *words* in seconds of the raw sound, from the engine's events."""
    marks = [
        WordMark(position - 1, sample / rate) for kind, position, sample, _ in events if kind == _EVENT_WORD
    ]
    heard: list[tuple[float, bool]] = []  # where something begins, and whether it is a pause
    for kind, _, sample, phoneme in events:
        if kind == espeak_helper.EVENT_PHONEME:
            heard.append((sample / rate, phoneme.startswith("_")))
        elif kind == _EVENT_END:
            heard.append((sample / rate, True))
        elif (
            kind == _EVENT_WORD
        ):  # up to 60 ms before its first phoneme: the closure of a stop, silent after a pause
            heard.append((sample / rate, heard[-1][1] if heard else True))
    ends = [start for start, _ in heard[1:]] + [length / rate]
    phones = [Phone(start, end, pause) for (start, pause), end in zip(heard, ends, strict=True)]
    return word_spans(words, marks, phones)


def _finish(raw: np.ndarray[Any, Any], rate: int, spans: list[tuple[float, float]]) -> Speech:
    """Soften, resample, trim and level; move the spans along."""
    sound = _softened(raw, rate)
    sound *= _PEAK / max(float(np.max(np.abs(sound))), 1e-9)
    loud = np.flatnonzero(np.abs(sound) > _SILENCE)
    edge = round(_EDGE * SAMPLE_RATE)
    sound = np.pad(sound, edge)  # a vowel may be the very first thing the engine gives
    spans = [(start + _EDGE, end + _EDGE) for start, end in spans]
    # a quiet first or last phoneme still belongs to its word, so its span bounds the cut as well
    first = max(0, min(loud[0], round(spans[0][0] * SAMPLE_RATE)) - edge)
    last = min(len(sound), max(loud[-1], round(spans[-1][1] * SAMPLE_RATE)) + edge)
    samples: Samples = sound[first:last].astype(np.float32)
    fade = np.sin(np.linspace(0, np.pi / 2, edge // 4, dtype=np.float32)) ** 2  # 5 ms: a cut must not click
    samples[: len(fade)] *= fade
    samples[-len(fade) :] *= fade[::-1]
    length = len(samples) / SAMPLE_RATE
    moved = [min(max(edge_ - first / SAMPLE_RATE, 0.0), length) for span in spans for edge_ in span]
    return Speech(samples, SAMPLE_RATE, tuple(zip(moved[::2], moved[1::2], strict=True)))


def _softened(raw: np.ndarray[Any, Any], rate: int) -> np.ndarray[Any, Any]:
    """*raw* at 48 kHz, without rumble below 70 Hz and 3 dB quieter above 5 kHz; nothing moves in time.

    Butterworth filters of first order, run forwards and backwards: their squared gain, on the spectrum, which also
    holds the sound at any other rate. (Importing scipy's filters takes longer than speaking.)
    """
    common = math.gcd(rate, SAMPLE_RATE)
    up, down = SAMPLE_RATE // common, rate // common
    padding = -(-rate // (10 * down)) * down  # whole periods of both rates
    count = -(-(len(raw) + 2 * padding) // down) * down
    spectrum = np.fft.rfft(np.pad(raw.astype(np.float64), (padding, count - padding - len(raw))))
    bend = np.tan(np.pi * np.arange(len(spectrum)) / count)

    def above(corner: float) -> np.ndarray[Any, Any]:
        squared: np.ndarray[Any, Any] = 1 / (
            1 + (math.tan(math.pi * corner / rate) / np.maximum(bend, 1e-12)) ** 2
        )
        return squared

    spectrum *= above(70) * (1 - (1 - 10 ** (-3 / 20)) * above(5000))
    sound = np.fft.irfft(spectrum, count * up // down) * (up / down)
    start = padding * up // down
    softened: np.ndarray[Any, Any] = sound[start : start + -(-len(raw) * up // down)]
    return softened
