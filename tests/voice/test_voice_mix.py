"""The sound track: placing, loudness, peaks, timing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vcalc_anim.voice.espeak import EspeakVoice
from vcalc_anim.voice.meter import loudness, true_peaks, twin_loudness
from vcalc_anim.voice.mix import master, mix
from vcalc_anim.voice.speech import SAMPLE_RATE, Samples, Speech

LINES = [
    "Zoom in on a smooth curve and it runs out of bend.",
    "The slope between two points is six plus the gap. Close the gap and only the six is left.",
    "Turn slowly, and feel the slope.",
]


@pytest.fixture(scope="module")
def narration() -> Samples:
    voice = EspeakVoice()
    placed, at = [], SAMPLE_RATE
    for line in LINES:
        speech = voice.speak(line.split())
        placed.append((at, speech))
        at += len(speech.samples) + SAMPLE_RATE
    return mix(placed, at)


def tone(level: float, seconds: float = 3.0, frequency: float = 997.0) -> np.ndarray:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return level * np.sin(2 * np.pi * frequency * t)


def test_the_meter_reads_the_reference_tone() -> None:
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz at −23 dBFS reads −23 LUFS."""
    stereo = np.repeat(tone(10 ** (-23 / 20), 20.0)[:, None], 2, axis=1)
    lufs, peak = loudness(stereo)
    assert lufs == pytest.approx(-23.0, abs=0.1)
    assert peak == pytest.approx(-23.0, abs=0.2)


def test_the_meter_sees_peaks_between_samples() -> None:
    """A sine of a quarter of the rate at 45° peaks 3 dB above its samples."""
    n = np.arange(SAMPLE_RATE)
    swell = np.sin(np.pi * n / SAMPLE_RATE)  # a tone that starts at once overshoots between its samples
    stereo = np.repeat((0.5 * swell * np.sin(np.pi / 2 * n + np.pi / 4))[:, None], 2, axis=1)
    assert np.max(np.abs(stereo)) == pytest.approx(0.5 / math.sqrt(2), rel=1e-4)
    assert loudness(stereo)[1] == pytest.approx(20 * math.log10(0.5), abs=0.3)


def test_the_meter_sees_a_peak_in_the_last_samples() -> None:
    stereo = np.zeros((SAMPLE_RATE + 321, 2))
    stereo[-1] = 0.5
    assert loudness(stereo)[1] == pytest.approx(-6.0, abs=0.6)


def test_mastering_measures_as_the_meter_does(narration: Samples) -> None:
    """Its own measure of loudness and of peaks is a faster one; the gates use libavfilter's."""
    for track in (narration, (0.2 * narration).astype(np.float32), tone(0.3, 20.0).astype(np.float32)):
        lufs, peak = loudness(np.repeat(track[:, None], 2, axis=1))
        assert twin_loudness(track) == pytest.approx(lufs, abs=0.1)  # the meter rounds
        assert 20 * math.log10(true_peaks(track).max()) == pytest.approx(peak, abs=0.05)


def test_channels_that_differ_are_both_measured() -> None:
    left = np.zeros((SAMPLE_RATE, 2))
    left[:, 0] = tone(0.5, 1.0)
    both = np.repeat(tone(0.5, 1.0)[:, None], 2, axis=1)
    assert loudness(both)[0] - loudness(left)[0] == pytest.approx(3.0, abs=0.1)


def test_peaks_between_samples_are_found_beside_them() -> None:
    n = np.arange(4800)
    swell = np.sin(np.pi * n / 4800)
    track = (0.5 * swell * np.sin(np.pi / 2 * n + np.pi / 4)).astype(np.float32)
    envelope = true_peaks(track)
    assert envelope.shape == track.shape
    assert np.all(envelope >= np.abs(track))
    around = np.maximum(envelope[:-1], envelope[1:])  # it peaks between every second pair of samples
    assert np.allclose(around[100:-100], 0.5 * swell[100:-101], atol=0.01)


def test_another_word_leaves_the_rest_of_the_sound_as_it_was(narration: Samples) -> None:
    """Bit for bit, as long as the loudness hardly changes: what is coded is kept by its content."""
    edited = narration.copy()
    edited[-5 * SAMPLE_RATE :] *= np.float32(0.99)
    before, after = master(narration), master(edited)
    same = len(narration) - 5 * SAMPLE_RATE - 2000
    assert np.array_equal(before[:same], after[:same])
    assert not np.array_equal(before, after)


def test_mastered_narration_has_the_published_loudness_and_peak(narration: Samples) -> None:
    stereo = master(narration)
    lufs, peak = loudness(stereo)
    assert lufs == pytest.approx(-14.0, abs=0.5)
    assert peak <= -1.0
    assert stereo.shape == (len(narration), 2) and stereo.dtype == np.float32
    assert np.array_equal(stereo[:, 0], stereo[:, 1])


def test_narration_of_any_level_ends_at_the_same_loudness(narration: Samples) -> None:
    for level in (0.01, 1.4):
        lufs, peak = loudness(master(level * narration))
        assert lufs == pytest.approx(-14.0, abs=0.5)
        assert peak <= -1.0


def test_a_track_with_high_peaks_is_limited_not_clipped() -> None:
    track = tone(0.05, 4.0)
    track[::4801] = 0.9  # clicks 25 dB above the tone
    lufs, peak = loudness(master(track))
    assert peak <= -1.0
    assert lufs == pytest.approx(-14.0, abs=0.5)


def test_the_limiter_gives_way_smoothly_around_a_peak() -> None:
    """Its gain falls before the peak and returns after it alike, within 20 ms, and never jumps."""
    track = np.full(SAMPLE_RATE, 0.5) * np.where(np.arange(SAMPLE_RATE) % 96 < 48, 1, -1)
    peak = 24_000
    track[peak] = 9.0
    gain = (master(track)[:, 0] / track)[peak - 1200 : peak + 1201]
    middle = gain / gain[0]
    assert middle[1200] < 0.5
    assert np.allclose(middle, middle[::-1], atol=0.02)
    assert np.allclose(middle[:240], 1.0, atol=0.02)
    assert np.max(np.abs(np.diff(middle))) < 0.01


def test_mastering_moves_nothing_in_time(narration: Samples) -> None:
    stereo = master(narration)
    lag = np.arange(-480, 481)
    middle = narration[48_000:240_000].astype(float)
    match = [np.dot(middle, stereo[48_000 + k : 240_000 + k, 0]) for k in lag]
    assert lag[int(np.argmax(match))] == 0


def test_a_burst_starts_where_it_was_placed() -> None:
    track = np.zeros(2 * SAMPLE_RATE)
    track[30_000:60_000] = 0.9 * np.sign(tone(1.0, 30_000 / SAMPLE_RATE))
    stereo = master(track)
    loud = np.flatnonzero(np.abs(stereo[:, 0]) > 0.05)
    assert abs(loud[0] - 30_000) <= SAMPLE_RATE // 1000
    assert abs(loud[-1] - 59_999) <= SAMPLE_RATE // 1000


def test_digital_silence_stays_silence() -> None:
    stereo = master(np.zeros(1000))
    assert stereo.shape == (1000, 2) and not stereo.any()
    assert loudness(stereo) == (-70.0, -math.inf)
    assert master(np.zeros(0)).shape == (0, 2)
    half = np.concatenate([np.zeros(SAMPLE_RATE), tone(0.1)])
    assert not master(half)[: SAMPLE_RATE - 1].any()


def test_a_lone_click_keeps_the_peak_bound() -> None:
    track = np.zeros(SAMPLE_RATE)
    track[20_000] = 1.0
    stereo = master(track)
    assert loudness(stereo)[1] <= -1.0
    assert int(np.argmax(np.abs(stereo[:, 0]))) == 20_000


def test_mastering_is_repeatable(narration: Samples) -> None:
    assert np.array_equal(master(narration), master(narration))


def test_lines_are_placed_to_the_sample_and_overlaps_add() -> None:
    speech = Speech(np.full(100, 0.25, np.float32), SAMPLE_RATE, ())
    track = mix([(10, speech), (60, speech)], 200)
    assert np.flatnonzero(track).tolist() == list(range(10, 160))
    assert track[60] == 0.5 and track[59] == 0.25 and track.dtype == np.float32


def test_lines_that_do_not_fit_are_refused() -> None:
    speech = Speech(np.zeros(100, np.float32), SAMPLE_RATE, ())
    for start in (-1, 101):
        with pytest.raises(ValueError, match="does not fit a track of 200"):
            mix([(start, speech)], 200)
    with pytest.raises(ValueError, match="22050 Hz"):
        mix([(0, Speech(np.zeros(5, np.float32), 22050, ()))], 200)
    with pytest.raises(ValueError, match="finite"):
        master(np.array([np.nan]))
    with pytest.raises(ValueError, match="shape"):
        loudness(np.zeros(10))
