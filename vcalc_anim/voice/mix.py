"""One sound track out of many lines, at the loudness that is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vcalc_anim.voice.meter import UNMEASURABLE, decibels, true_peaks, twin_loudness
from vcalc_anim.voice.speech import SAMPLE_RATE, Samples, Speech

TARGET_LUFS = -14.0
TRUE_PEAK_DB = -1.0
TOLERANCE_LU = 0.5

_ROUNDS = 12  # gain corrections; speech needs two or three
# Gains are whole steps, so that another word somewhere mostly leaves the gain, and with it the rest of the sound, as
# it was: only what changed is coded again.
_STEP = 0.2  # dB
_NEAR = 0.15  # LU: no further from the target than this, wherever the peak allows it
_LOOK_AHEAD = SAMPLE_RATE // 100  # 10 ms, twice (held, then averaged): the gain gives way 20 ms around a peak
_FILTER_REACH = 64  # samples, more than the oversampling filter's


def mix(placed: Sequence[tuple[int, Speech]], total_samples: int) -> Samples:
    """Lay lines on one track: shape (total_samples,), mono, 48 kHz; silence where nobody speaks.

    Each item is the sample at which a line starts, and the line. Lines that overlap are added.

    Raises:
        ValueError: a line starts before the track or ends after it, or has another rate than 48 kHz.
    """
    track = np.zeros(total_samples, np.float32)
    for start, speech in placed:
        end = start + len(speech.samples)
        if speech.rate != SAMPLE_RATE:
            raise ValueError(f"speech at {speech.rate} Hz cannot be mixed; voices deliver {SAMPLE_RATE} Hz")
        if start < 0 or end > total_samples:
            raise ValueError(
                f"speech from sample {start} to {end} does not fit a track of {total_samples}; "
                "the picture is too short for its narration"
            )
        track[start:end] += speech.samples
    return track


def master(
    samples: NDArray[np.floating[Any]], target_lufs: float = TARGET_LUFS, true_peak: float = TRUE_PEAK_DB
) -> Samples:
    """Bring a mono track (n,) to *target_lufs* with no true peak above *true_peak* dBTP: stereo (n, 2), 48 kHz.

    Gain and a look-ahead limiter whose gain curve is centred on the peaks: not a sample is added, nothing moves in
    time, and the same track gives the same result. The loudness ends within 0.5 LU of the target wherever the peak
    allows it; the peak bound always holds. Silence stays silence, and a sound too short or too quiet to have a
    loudness keeps its level. Both channels are one piece of memory, which is not to be written to.

    Raises:
        ValueError: *samples* is not one channel of finite numbers.
    """
    track = np.asarray(samples, np.float32)
    if track.ndim != 1 or not np.all(np.isfinite(track)):
        raise ValueError(f"a track is mastered from one channel of finite samples; got shape {track.shape}")
    if not np.any(track):
        return _twins(np.zeros(len(track), np.float32))
    measured = twin_loudness(track)
    is_measurable = measured > UNMEASURABLE
    gain = _stepped(target_lufs - measured) if is_measurable else 0.0
    most = target_lufs - measured + 30  # more gain only flattens it: a click, or noise already at the ceiling
    ceiling = true_peak - 0.1  # the meter rounds, and limiting moves peaks between the samples
    peaks = true_peaks(track)
    for _ in range(_ROUNDS):
        limited, peak = _limit(track, peaks, gain, ceiling)
        off = target_lufs - twin_loudness(limited) if is_measurable else 0.0
        if peak <= true_peak and abs(off) <= _NEAR:
            return _twins(limited)
        if peak > true_peak:
            ceiling -= _stepped(peak - true_peak + _STEP / 2)
        gain += _stepped(off) if abs(off) > _NEAR else 0.0
        if gain > most:
            break
    excess = max(0.0, peak - true_peak)
    return _twins(limited * np.float32(10 ** (-excess / 20)))


def _twins(track: Samples) -> Samples:
    return np.broadcast_to(track[:, None], (len(track), 2))


def _stepped(level: float) -> float:
    return round(level / _STEP) * _STEP


def _limit(track: Samples, peaks: Samples, gain_db: float, ceiling_db: float) -> tuple[Samples, float]:
    """*track* with *gain_db* and its peaks held under *ceiling_db*, and the true peak in dB that it then has.

    The gain every peak asks for is spread over the window around it (a moving minimum) and then averaged over a
    window of the same width: an average of values each at most the wanted gain is at most the wanted gain.
    """
    gain, ceiling = 10 ** (gain_db / 20), 10 ** (ceiling_db / 20)
    limited = track * np.float32(gain)
    quiet_peak = min(ceiling, gain * float(peaks.max()))  # of what is left alone, or a little more
    reach = 2 * _LOOK_AHEAD  # how far around a peak the gain gives way
    changed = []
    for start, stop in _stretches(np.flatnonzero(peaks > ceiling / gain), reach, len(track)):
        low, high = max(0, start - reach), min(len(track), stop + reach)
        wanted = np.minimum(1.0, ceiling / np.maximum(peaks[low:high].astype(np.float64) * gain, 1e-12))
        limited[start:stop] *= _smoothed(wanted)[start - low : stop - low].astype(np.float32)
        changed.append((start, stop))
    return limited, decibels(max(quiet_peak, _peak_in(limited, changed)))


def _peak_in(track: Samples, stretches: Sequence[tuple[int, int]]) -> float:
    """The true peak of *track* in its *stretches*, measured in one go."""
    cuts, inside = [np.zeros(0, np.float32)], [np.zeros(0, np.bool_)]
    for start, stop in stretches:
        low, high = max(0, start - _FILTER_REACH), min(len(track), stop + _FILTER_REACH)
        cuts.append(track[low:high])
        at = np.arange(low, high)
        inside.append((at >= start) & (at < stop))  # where two cuts meet, the filter sees a jump that is none
    return float(np.max(true_peaks(np.concatenate(cuts)), where=np.concatenate(inside), initial=0.0))


def _stretches(loud: NDArray[np.intp], reach: int, length: int) -> Iterator[tuple[int, int]]:
    """Stretches of a track of *length* samples that hold everything within *reach* of the samples *loud*, apart."""
    if len(loud):
        ends = np.flatnonzero(np.diff(loud) > 2 * reach + 1)
        first, last = loud[np.concatenate([[0], ends + 1])], loud[np.concatenate([ends, [len(loud) - 1]])]
        for start, stop in zip(first, last, strict=True):
            yield max(0, int(start) - reach), min(length, int(stop) + reach + 1)


def _smoothed(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """A gain that is nowhere above *wanted* and has no corners."""
    held = _lowest_within(wanted, _LOOK_AHEAD)
    window = np.hanning(2 * _LOOK_AHEAD + 3)[1:-1]
    padded = np.pad(held, _LOOK_AHEAD, mode="edge")
    size = 1 << (len(padded) - 1).bit_length()  # sums wrap around only where the window hangs over the edges
    spectrum = np.fft.rfft(padded, size) * np.fft.rfft(window / window.sum(), size)
    smooth = np.fft.irfft(spectrum, size)[len(window) - 1 : len(padded)]
    least: NDArray[np.float64] = np.minimum(smooth, wanted)  # the minimum only removes round-off
    return least


def _lowest_within(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """The lowest of *values* no further than *reach* places away, for each of them."""
    lowest = np.pad(values, reach, mode="edge")
    width, wanted = 1, 2 * reach + 1
    while width < wanted:  # the lowest of so many from each place on; windows may overlap
        step = min(width, wanted - width)
        lowest = np.minimum(lowest[: len(lowest) - step], lowest[step:])
        width += step
    return lowest
