"""How loud a sound is, by EBU R128 (ITU-R BS.1770), and how high it peaks between its samples.

The filters are libavfilter's and libswresample's, called directly: importing scipy's takes longer than measuring a lecture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import av
import numpy as np
from av.error import EOFError as EndOfStream
from numpy.typing import NDArray

from vcalc_anim.voice.speech import SAMPLE_RATE, Samples

UNMEASURABLE = -70.0  # LUFS: the absolute gate of BS.1770; nothing below it counts as programme

_BLOCK = SAMPLE_RATE  # samples at a time: one second keeps memory flat in a long lecture
_FINER = 4  # how many times a sound is oversampled to see its true peaks, as BS.1770 asks
_HOP = SAMPLE_RATE // 10  # blocks of 400 ms are gated, one every 100 ms
_OFFSET = -0.691  # LU: so that a sine of 1 kHz reads its own level
_RELATIVE_GATE = -10.0  # LU
# The two filters of BS.1770-4 at 48 kHz, tables 1 and 2: a head in a sound field, and hearing's want of low tones.
_K_WEIGHTING = (
    "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a0=1:a1=-1.69065929318241:a2=0.73248077421585",
    "b0=1:b1=-2:b2=1:a0=1:a1=-1.99004745483398:a2=0.99007225036621",
)


def loudness(samples: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of stereo (n, 2) at 48 kHz, by EBU R128.

    Measured by libavfilter's ``ebur128``. Silence, and a sound shorter than 0.4 s, has −70 LUFS; the peak of silence
    is −inf.

    Raises:
        ValueError: the samples are not of shape (n, 2).
    """
    if samples.ndim != 2 or samples.shape[1] != 2:
        raise ValueError(f"loudness is measured on stereo samples of shape (n, 2); got {samples.shape}")
    if np.array_equal(samples[:, 0], samples[:, 1]):
        samples = samples[:, :1]  # measured as both, in half the time
    integrated, peak = UNMEASURABLE, 0.0
    for metadata in _measure(samples.astype(np.float32)):
        integrated = float(metadata.get("lavfi.r128.I", integrated))
        # peak values come rounded to 0.001, which is 0.01 dB at full scale
        peak = max(
            [peak, *(float(v) for k, v in metadata.items() if k.startswith("lavfi.r128.true_peaks_ch"))]
        )
    if not math.isfinite(integrated):
        integrated = UNMEASURABLE
    return integrated, decibels(peak)


def decibels(amplitude: float) -> float:
    """*amplitude* in dB of full scale; −inf for 0."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


def twin_loudness(track: Samples) -> float:
    """Integrated loudness in LUFS of a stereo sound with *track* (n,) in both channels; −70 where it has none."""
    powers = np.concatenate([*_weighted_powers(_with_end(track[None, :])[0])])
    blocks = 2 * np.convolve(powers, np.full(4, 0.25), "valid") if len(powers) >= 4 else np.zeros(0)
    audible = blocks[blocks > 10 ** ((UNMEASURABLE - _OFFSET) / 10)]
    if not len(audible):
        return UNMEASURABLE
    programme = audible[audible > audible.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(_OFFSET + 10 * np.log10(programme.mean()))


def true_peaks(track: Samples) -> Samples:
    """Around every sample of *track* (n,), the largest magnitude of the sound oversampled four times."""
    envelope = np.abs(track)
    resampler = av.AudioResampler("fltp", "mono", _FINER * SAMPLE_RATE)
    frames: list[av.AudioFrame | None] = [*_frames(track[None, :], "fltp"), None]
    rest, written = np.zeros(0, np.float32), 0
    for frame in frames:
        for finer in resampler.resample(frame):
            fine = np.concatenate([rest, np.abs(finer.to_ndarray()[0])])
            count = min(len(fine) // _FINER, len(track) - written)
            rest = fine[count * _FINER :]
            here = envelope[written : written + count]
            for phase in range(_FINER):
                np.maximum(here, fine[phase : count * _FINER : _FINER], out=here)
            written += count
    return envelope


def _weighted_powers(track: Samples) -> Iterator[NDArray[np.float64]]:
    """The mean square of *track*, weighted as it is heard, in each whole 100 ms."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="dblp", layout="mono")
    last = source
    for coefficients in _K_WEIGHTING:
        weighting = graph.add("biquad", f"{coefficients}:precision=f64")
        last.link_to(weighting)
        last = weighting
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    for frame in _frames(track[None, :], "dblp"):
        source.push(frame)
        weighted: Any = sink.pull()
        hops = weighted.to_ndarray()[0]
        hops = hops[: len(hops) // _HOP * _HOP].reshape(-1, _HOP)
        yield np.einsum("ij,ij->i", hops, hops) / _HOP


def _measure(sound: NDArray[np.float32]) -> Iterator[dict[str, str]]:
    """What the meter says of *sound* (n, channels) after every 100 ms."""
    channels = sound.shape[1]
    layout = {1: "mono", 2: "stereo"}[channels]
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout=layout)
    meter = graph.add("ebur128", "peak=true:dualmono=true:metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    for frame in _frames(_with_end(sound.T), "fltp"):
        source.push(frame)
        yield from _pull(sink)
    source.push(None)
    yield from _pull(sink)


def _with_end(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """*sound* (channels, n) and a silence that brings out its end: whole 100 ms are measured only.

    The gate ignores the silence itself.
    """
    return np.pad(sound, ((0, 0), (0, 2 * _HOP)))


def _frames(sound: NDArray[np.float32], sample_format: str) -> Iterable[av.AudioFrame]:
    """*sound* (channels, n), a second at a time."""
    layout = {1: "mono", 2: "stereo"}[len(sound)]
    kind = {"fltp": np.float32, "dblp": np.float64}[sample_format]
    for start in range(0, sound.shape[1], _BLOCK):
        block = np.ascontiguousarray(sound[:, start : start + _BLOCK], kind)
        frame = av.AudioFrame.from_ndarray(block, format=sample_format, layout=layout)
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        yield frame


def _pull(sink: Any) -> Iterator[dict[str, str]]:
    while True:
        try:
            yield dict(sink.pull().metadata)
        except (BlockingIOError, EndOfStream):
            return
