"""Speech, the silent voice, the catalogue and the cache."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.voice.cache import SpeechCache
from vcalc_anim.voice.catalogue import list_voices, make_voice
from vcalc_anim.voice.silent import SilentVoice
from vcalc_anim.voice.speech import SAMPLE_RATE, Speech, Voice


@dataclass
class CountingVoice:
    """A quick voice that counts how often it had to speak."""

    identity: str = "counting 1"
    name: str = "counting"
    spoken: list[list[str]] = field(default_factory=list)

    def speak(self, words: Sequence[str]) -> Speech:
        self.spoken.append(list(words))
        ramp = np.linspace(-1, 1, 100 * len(words), dtype=np.float32)
        return Speech(ramp, SAMPLE_RATE, tuple((i / 480, (i + 0.5) / 480) for i in range(len(words))))


@given(
    st.lists(st.floats(-1, 1, width=32), min_size=0, max_size=50),
    st.lists(st.floats(0, 1), max_size=6).map(sorted),
)
def test_speech_survives_bytes(samples: list[float], edges: list[float]) -> None:
    length = len(samples) / 1000
    spans = tuple((a * length, b * length) for a, b in zip(edges[::2], edges[1::2], strict=False))
    speech = Speech(np.array(samples, np.float32), 1000, spans)
    again = Speech.from_bytes(speech.to_bytes())
    assert again == speech and again.spans == spans and hash(again) == hash(speech)
    assert again.duration == pytest.approx(len(samples) / 1000)


def test_cut_bytes_are_not_a_speech() -> None:
    data = CountingVoice().speak(["a"]).to_bytes()
    for broken in (b"", data[:5], data[:-1], data + b"x", b"y" + data[1:]):
        with pytest.raises(ValueError, match="stored speech"):
            Speech.from_bytes(broken)


@pytest.mark.parametrize(
    ("samples", "spans", "rule"),
    [
        ([[0.0]], (), "one channel"),
        ([1.5], (), "outside"),
        ([float("nan")], (), "not numbers"),
        ([0.0] * 10, ((0.5, 0.4),), "backwards"),
        ([0.0] * 10, ((0.0, 0.5), (0.4, 0.6)), "overlap"),
        ([0.0] * 10, ((0.5, 1.5),), "leave"),
    ],
)
def test_impossible_speech_is_refused(
    samples: list[float], spans: tuple[tuple[float, float], ...], rule: str
) -> None:
    with pytest.raises(ValueError, match=rule):
        Speech(np.array(samples), 10, spans)


def test_samples_cannot_be_changed_afterwards() -> None:
    mine = np.zeros(4, np.float32)
    speech = Speech(mine, 10, ())
    mine[0] = 1.0
    assert speech.samples[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        speech.samples[0] = 1.0


def test_the_silent_voice_takes_the_time_of_speech() -> None:
    words = ["Turn", "slowly,", "and", "feel", "the", "slope."]
    slow, fast = SilentVoice(100).speak(words), SilentVoice(200).speak(words)
    assert not slow.samples.any() and slow.rate == SAMPLE_RATE and len(slow.spans) == len(words)
    assert slow.duration == pytest.approx(2 * fast.duration, rel=0.01)
    assert SilentVoice(100).identity != SilentVoice(200).identity
    with pytest.raises(InputError, match="60 to 300"):
        SilentVoice(5)


def test_voices_are_made_by_name() -> None:
    assert make_voice("silent", {"words_per_minute": 120}).identity == SilentVoice(120).identity
    voice: Voice = make_voice("espeak", {"variant": "f5", "rate": 150})
    assert voice.name == "espeak" and "f5" in voice.identity and "150" in voice.identity
    assert [row.name for row in list_voices()] == ["espeak", "silent"]
    assert "variant=Michael" in list_voices()[0].settings


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("espek", {}, r"no voice 'espek'; did you mean 'espeak'\?"),
        ("espeak", {"varient": "f5"}, r"no setting 'varient'; did you mean 'variant'\?"),
        ("espeak", {"rate": "fast"}, "rate of the voice espeak is 'fast'; it takes a whole number"),
        ("espeak", {"rate": True}, "takes a whole number"),
        ("silent", {"words_per_minute": "x"}, "takes a number"),
    ],
)
def test_unknown_voices_and_settings_get_a_suggestion(
    name: str, settings: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        make_voice(name, settings)


def test_a_line_is_spoken_once(tmp_path: Path) -> None:
    voice, cache = CountingVoice(), SpeechCache(tmp_path / "speech")
    first = cache.speak(voice, ["a", "b"])
    assert (
        cache.speak(voice, ["a", "b"]) == first == SpeechCache(tmp_path / "speech").speak(voice, ["a", "b"])
    )
    assert len(voice.spoken) == 1


def test_every_word_boundary_and_every_identity_has_its_own_entry(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path)
    paths = {
        cache.path(CountingVoice(i), w) for i in ("1", "2") for w in (["a b"], ["a", "b"], ["ab"], ["b", "a"])
    }
    assert len(paths) == 8


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-7], lambda d: d[:60] + bytes([d[60] ^ 1]) + d[61:], lambda d: b""]
)
def test_a_damaged_entry_is_reported_and_rebuilt(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: object
) -> None:
    voice, cache = CountingVoice(), SpeechCache(tmp_path)
    first = cache.speak(voice, ["a"])
    path = cache.path(voice, ["a"])
    whole = path.read_bytes()
    path.write_bytes(damage(whole))  # type: ignore[operator]
    with caplog.at_level(logging.WARNING):
        assert cache.speak(voice, ["a"]) == first
    assert "damaged" in caplog.text and str(path) in caplog.text
    assert path.read_bytes() == whole and len(voice.spoken) == 2


def test_nothing_is_left_behind_when_storing_fails(tmp_path: Path) -> None:
    voice, cache = CountingVoice(), SpeechCache(tmp_path)
    cache.path(voice, ["a"]).mkdir(parents=True)  # a folder where the file should go
    with pytest.raises(WorkError, match="speech"):
        cache.speak(voice, ["a"])
    assert not list(tmp_path.rglob("*.part"))


def _speak(folder: Path) -> bytes:
    return SpeechCache(folder).speak(CountingVoice(), ["the", "same", "line"]).to_bytes()


def test_processes_may_share_a_folder(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert len(set(pool.map(_speak, [tmp_path] * 8))) == 1
    assert len(list(tmp_path.rglob("*.*"))) == 1
