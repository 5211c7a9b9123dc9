"""One sound track out of many lines, at the loudness that is published."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import av
import numpy as np
from av.error import EOFError as EndOfStream
from numpy.typing import NDArray

from vcalc_anim.voice.speech import SAMPLE_RATE, Samples, Speech

TARGET_LUFS = -14.0
TRUE_PEAK_DB = -1.0
TOLERANCE_LU = 0.5

_BLOCK = (
    SAMPLE_RATE  # samples measured or oversampled at a time: one second keeps memory flat in a long lecture
)
_ROUNDS = 12  # gain corrections; speech needs two or three
_LOOK_AHEAD = SAMPLE_RATE // 100  # 10 ms, twice (held, then averaged): the gain gives way 20 ms around a peak
_UNMEASURABLE = -70.0  # LUFS: the absolute gate of BS.1770; nothing below it counts as programme


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
    loudness keeps its level.

    Raises:
        ValueError: *samples* is not one channel of finite numbers.
    """
    track = np.asarray(samples, np.float64)
    if track.ndim != 1 or not np.all(np.isfinite(track)):
        raise ValueError(f"a track is mastered from one channel of finite samples; got shape {track.shape}")
    if not np.any(track):
        return np.zeros((len(track), 2), np.float32)
    measured, _ = _loudness(track, with_peak=False)
    gain = 0.0 if measured <= _UNMEASURABLE else target_lufs - measured
    ceiling = true_peak - 0.1  # the meter's own oversampling filter reads a little differently from ours
    peaks = _true_peaks(track)
    for _ in range(_ROUNDS):
        limited = _limit(track, peaks, gain, ceiling)
        reached, peak = _loudness(limited)
        off = target_lufs - reached if measured > _UNMEASURABLE else 0.0
        if peak <= true_peak and abs(off) <= TOLERANCE_LU / 5:
            return _stereo(limited)
        if peak > true_peak:
            ceiling -= peak - true_peak + 0.02
        gain += off
        if (
            gain > target_lufs - measured + 30
        ):  # more gain only flattens it: a click, or noise already at the ceiling
            break
    excess = max(0.0, peak - true_peak)
    return (_stereo(limited) * np.float32(10 ** (-excess / 20))).astype(np.float32)


def loudness(samples: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of stereo (n, 2) at 48 kHz, by EBU R128.

    Measured by libavfilter's ``ebur128``. Silence, and a sound shorter than 0.4 s, has −70 LUFS; the peak of silence
    is −inf.

    Raises:
        ValueError: the samples are not of shape (n, 2).
    """
    if samples.ndim != 2 or samples.shape[1] != 2:
        raise ValueError(f"loudness is measured on stereo samples of shape (n, 2); got {samples.shape}")
    return _loudness(samples)


def _loudness(samples: NDArray[np.floating[Any]], with_peak: bool = True) -> tuple[float, float]:
    """As :func:`loudness`; one channel (n,) is measured as a stereo sound with twice the same, in half the time."""
    integrated, peak = _UNMEASURABLE, 0.0
    for metadata in _measure(samples, with_peak):
        integrated = float(metadata.get("lavfi.r128.I", integrated))
        # peak values come rounded to 0.001, which is 0.01 dB at full scale
        peak = max(
            [peak, *(float(v) for k, v in metadata.items() if k.startswith("lavfi.r128.true_peaks_ch"))]
        )
    if not math.isfinite(integrated):
        integrated = _UNMEASURABLE
    return integrated, 20 * math.log10(peak) if peak > 0 else -math.inf


def _measure(samples: NDArray[np.floating[Any]], with_peak: bool) -> Iterator[dict[str, str]]:
    """What the meter says after every 100 ms."""
    layout, channels = ("mono", 1) if samples.ndim == 1 else ("stereo", 2)
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout=layout)
    peak = "true" if with_peak else "none"
    meter = graph.add("ebur128", f"peak={peak}:dualmono=true:metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    # the meter reports whole 100 ms only: silence behind the end brings out the last peak, and the gate ignores it
    sound = samples.astype(np.float32).reshape(-1, channels)
    padded = np.concatenate([sound, np.zeros((SAMPLE_RATE // 5, channels), np.float32)])
    for start in range(0, len(padded), _BLOCK):
        block = np.ascontiguousarray(padded[start : start + _BLOCK].T)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        source.push(frame)
        yield from _pull(sink)
    source.push(None)
    yield from _pull(sink)


def _pull(sink: Any) -> Iterator[dict[str, str]]:
    while True:
        try:
            yield dict(sink.pull().metadata)
        except (BlockingIOError, EndOfStream):
            return


def _stereo(track: NDArray[np.float64]) -> Samples:
    return np.repeat(track.astype(np.float32)[:, None], 2, axis=1)


def _true_peaks(track: NDArray[np.float64]) -> NDArray[np.float64]:
    """Around every sample, the largest magnitude of the signal oversampled four times."""
    from scipy.signal import resample_poly  # imported late: slow, and needed only when a film is made

    peaks = np.abs(track)
    margin = 64  # more than the reach of the interpolation filter
    for start in range(0, len(track), _BLOCK):
        low, high = max(0, start - margin), min(len(track), start + _BLOCK + margin)
        fine = np.abs(resample_poly(track[low:high], 4, 1)).reshape(-1, 4).max(axis=1)
        stop = min(start + _BLOCK, len(track))
        peaks[start:stop] = np.maximum(peaks[start:stop], fine[start - low : stop - low])
    return peaks


def _limit(
    track: NDArray[np.float64], peaks: NDArray[np.float64], gain_db: float, ceiling_db: float
) -> NDArray[np.float64]:
    """Apply *gain_db* and hold the peaks under *ceiling_db*.

    The gain every peak asks for is spread over the window around it (a moving minimum) and then averaged over a
    window of the same width: an average of values each at most the wanted gain is at most the wanted gain.
    """
    gain, ceiling = 10 ** (gain_db / 20), 10 ** (ceiling_db / 20)
    limited = track * gain
    reach = 2 * _LOOK_AHEAD  # how far around a peak the gain gives way
    for start, stop in _stretches(np.flatnonzero(peaks * gain > ceiling), reach, len(track)):
        low, high = max(0, start - reach), min(len(track), stop + reach)
        wanted = np.minimum(1.0, ceiling / np.maximum(peaks[low:high] * gain, 1e-12))
        limited[start:stop] *= _smoothed(wanted)[start - low : stop - low]
    return limited


def _stretches(loud: NDArray[np.intp], reach: int, length: int) -> Iterator[tuple[int, int]]:
    """Stretches of a track of *length* samples that hold everything within *reach* of the samples *loud*, apart."""
    if len(loud):
        ends = np.flatnonzero(np.diff(loud) > 2 * reach + 1)
        first, last = loud[np.concatenate([[0], ends + 1])], loud[np.concatenate([ends, [len(loud) - 1]])]
        for start, stop in zip(first, last, strict=True):
            yield max(0, int(start) - reach), min(length, int(stop) + reach + 1)


def _smoothed(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """A gain that is nowhere above *wanted* and has no corners."""
    from scipy.ndimage import minimum_filter1d
    from scipy.signal import oaconvolve

    held = minimum_filter1d(wanted, 2 * _LOOK_AHEAD + 1, mode="nearest")
    window = np.hanning(2 * _LOOK_AHEAD + 3)[1:-1]
    padded = np.pad(held, _LOOK_AHEAD, mode="edge")
    smooth = oaconvolve(padded, window / window.sum(), mode="valid")
    least: NDArray[np.float64] = np.minimum(smooth, wanted)  # the minimum only removes round-off
    return least
