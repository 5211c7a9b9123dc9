"""The default voice: pace, word times, and the same sound for the same words."""

from __future__ import annotations

import hashlib
import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.voice import espeak
from vcalc_anim.voice.espeak import EspeakSettings, EspeakVoice, list_languages, list_variants
from vcalc_anim.voice.speech import SAMPLE_RATE, Speech

PARAGRAPHS = [
    (
        "Every dial has its own influence on the score. If we knew all of them, we would know how to turn the "
        "whole wall at once. We cannot see the valley. But a tiny nudge tells us the ground tilts, six units "
        "up for each unit to the right. So we go left. Step against the slope. Near the bottom the ground is "
        "flatter, so the steps get shorter by themselves. Same valley, same start, three step sizes. The "
        "middle one jumps across at every step, yet it gets there. The right one never will. Descent finds a "
        "valley floor. Whether it is the deepest one, the slope alone cannot tell. A slope, an arrow, a table "
        "of slopes, and a way to compute them all. That is the course."
    ),
    (
        "Zoom in on a smooth curve and it runs out of bend. Zoom in on a corner and nothing changes, ever. "
        "The slope between two points is six plus the gap. Close the gap and only the six is left. Growth "
        "comes from two strips and a tiny corner. Compared with the strips, the corner fades out. That is why "
        "two x survives. Every line through the point gets close. Only the tangent gets close faster than we "
        "zoom. The sigmoid is steepest in the middle, and even there only a quarter. Far out it is "
        "practically flat; remember that. The first machine triples the nudge, the second makes it eight "
        "times bigger. Three times eight: twenty-four."
    ),
    (
        "Multiply, add, compare, square. Every box remembers what it computed; we will need that. Blame flows "
        "backward. At the product, w gets the blame times x, and x gets it times w. Each is multiplied by the "
        "other. A nudge agrees with the blame. But a nudge needs a whole new run for every dial. Used twice, "
        "blamed twice. At a fork going forward, we add coming back. Turn both dials against their blame, and "
        "the loss falls to a quarter. The closed gate passes nothing, forward or back. What is left, times "
        "the input, is the blame for every weight at once."
    ),
]
LINE = ["One", "vector,", "six", "eight,", "knew", "all", "of", "that."]


@pytest.fixture(scope="module")
def voice() -> EspeakVoice:
    return EspeakVoice()


@pytest.fixture(scope="module")
def spoken(voice: EspeakVoice) -> list[tuple[list[str], Speech]]:
    return [(text.split(), voice.speak(text.split())) for text in PARAGRAPHS]


def test_every_english_works_with_a_variant() -> None:
    english = [code for code in list_languages() if code.startswith("en")]
    assert len(english) > 5
    sounds = {
        EspeakVoice(EspeakSettings(language=code, variant="f5")).speak(["Ask."]).to_bytes()
        for code in english
    }
    assert len(sounds) > 2


def test_narration_runs_at_about_140_words_a_minute(spoken: list[tuple[list[str], Speech]]) -> None:
    words = sum(len(written) for written, _ in spoken)
    minutes = sum(speech.duration for _, speech in spoken) / 60
    assert 135 <= words / minutes <= 145


def test_every_word_has_a_span_with_sound(spoken: list[tuple[list[str], Speech]]) -> None:
    for words, speech in spoken:
        assert len(speech.spans) == len(words)
        for word, (start, end) in zip(words, speech.spans, strict=True):
            assert 0.02 < end - start < 1.2, word
            inside = speech.samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
            assert np.sqrt(np.mean(inside**2)) > 0.01, word


def test_sound_is_inside_the_spans_and_silence_between_them(spoken: list[tuple[list[str], Speech]]) -> None:
    for _, speech in spoken:
        inside = np.zeros(len(speech.samples), bool)
        for start, end in speech.spans:
            inside[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = True
        assert 0.05 < np.mean(~inside) < 0.35  # there are pauses
        levels = [np.sqrt(np.mean(speech.samples[part] ** 2)) for part in (inside, ~inside)]
        assert 20 * np.log10(levels[0] / levels[1]) > 40


def test_spans_meet_the_pauses_of_the_sound(voice: EspeakVoice) -> None:
    """An instrument of its own: silences are found in the samples alone and compared with the gaps of the spans."""
    speech = voice.speak(["Left.", "Right.", "Up", "and", "down."])
    envelope = np.convolve(np.abs(speech.samples), np.full(960, 1 / 960), "same") > 0.004
    edges = np.flatnonzero(np.diff(envelope.astype(int))) / SAMPLE_RATE
    ends, starts = edges[1:-1:2], edges[2::2]
    long = [(end, start) for end, start in zip(ends, starts, strict=True) if start - end > 0.25]
    gaps = [(a[1], b[0]) for a, b in zip(speech.spans[:2], speech.spans[1:3], strict=True)]
    assert len(long) == 2
    assert np.allclose(long, gaps, atol=0.12)  # stop consonants begin and end in silence


def test_a_line_starts_and_ends_with_20_ms_of_silence(spoken: list[tuple[list[str], Speech]]) -> None:
    for _, speech in spoken:
        loud = np.flatnonzero(np.abs(speech.samples) > 0.01) / SAMPLE_RATE
        assert 0.015 <= loud[0] <= 0.08
        assert 0.015 <= speech.duration - loud[-1] <= 0.08


def test_no_sample_clips_and_lines_share_one_level(spoken: list[tuple[list[str], Speech]]) -> None:
    peaks = [float(np.max(np.abs(speech.samples))) for _, speech in spoken]
    assert max(peaks) <= 0.75
    assert max(peaks) - min(peaks) < 0.01


def test_the_same_words_sound_the_same_after_other_lines(voice: EspeakVoice) -> None:
    first = voice.speak(LINE)
    voice.speak(PARAGRAPHS[1].split())
    voice.speak(["Ten."])
    assert voice.speak(LINE) == first


def test_the_same_words_sound_the_same_in_another_process(voice: EspeakVoice) -> None:
    program = (
        "import hashlib; from vcalc_anim.voice.espeak import EspeakVoice as V; v = V(); v.speak(['Something', 'else.']);"
        f"print(hashlib.sha256(v.speak({LINE!r}).to_bytes()).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(voice.speak(LINE).to_bytes()).hexdigest()
    assert run.stderr == ""


def test_threads_may_speak_at_once(voice: EspeakVoice) -> None:
    lines = [["Two."], LINE, ["Three", "times", "eight."]]
    alone = [voice.speak(line) for line in lines]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(voice.speak, lines * 3)) == alone * 3


def _digest(words: list[str]) -> str:
    return hashlib.sha256(EspeakVoice().speak(words).to_bytes()).hexdigest()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_a_forked_worker_does_not_share_the_helper_of_its_parent(voice: EspeakVoice) -> None:
    expected = _digest(LINE)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        answers = pool.map(_digest, [LINE, ["Ten."], LINE, ["Two."]])
    assert answers[0] == answers[2] == expected
    assert voice.speak(["Ten."]) == voice.speak(["Ten."])


def test_merged_and_split_words_all_get_spans(voice: EspeakVoice) -> None:
    words = [
        "It",
        "is",
        "the",
        "end",
        "of",
        "the",
        "road,",
        "—",
        "six eight",
        "x²",
        "at",
        "12,345",
        "and",
        "6.01.",
    ]
    speech = voice.speak(words)
    spans = dict(zip(words, speech.spans, strict=True))
    assert spans["—"][0] == spans["—"][1]
    assert spans["six eight"][1] - spans["six eight"][0] > 0.5
    assert spans["12,345"][1] - spans["12,345"][0] > 1.5
    assert all(end - start > 0.05 for word, (start, end) in spans.items() if word != "—")


def test_settings_change_the_sound_and_the_identity(voice: EspeakVoice) -> None:
    slow = EspeakVoice(EspeakSettings(rate=100))
    assert slow.identity != voice.identity
    assert slow.speak(LINE).duration > 1.15 * voice.speak(LINE).duration
    other = EspeakVoice(EspeakSettings(language="en-gb", variant="f5"))
    assert other.identity not in (slow.identity, voice.identity)
    assert other.speak(LINE) != voice.speak(LINE)


def test_unknown_names_list_what_exists() -> None:
    with pytest.raises(InputError, match=r"no variant 'Micheal'; did you mean Michael\? it has .*f5"):
        EspeakVoice(EspeakSettings(variant="Micheal"))
    with pytest.raises(InputError, match=r"no language 'en-uk'.*en-gb"):
        EspeakVoice(EspeakSettings(language="en-uk"))
    with pytest.raises(InputError, match="rate = 5; it goes from 80 to 450"):
        EspeakVoice(EspeakSettings(rate=5))
    assert "Michael" in list_variants()
    assert {"en-us", "en-gb", "de"} <= set(list_languages())


def test_lines_without_words_or_sound_are_refused(voice: EspeakVoice) -> None:
    with pytest.raises(InputError, match="without words"):
        voice.speak([])
    with pytest.raises(InputError, match="word 2 of 2 is empty"):
        voice.speak(["one", " "])
    with pytest.raises(InputError, match="nothing to hear"):
        voice.speak(["…"])


def test_missing_data_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import espeakng_loader

    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path / "gone"))
    espeak._paths.cache_clear()
    try:
        with pytest.raises(WorkError, match="pip install --force-reinstall espeakng-loader"):
            EspeakVoice()
    finally:
        espeak._paths.cache_clear()


def test_a_helper_that_dies_is_reported_and_replaced(voice: EspeakVoice) -> None:
    before = voice.speak(LINE)
    process = espeak._helper.process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(WorkError, match="the espeak voice stopped"):
        voice.speak(LINE)
    assert voice.speak(LINE) == before
