"""What a voice returns: sound, and when each word of it is heard."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SAMPLE_RATE = (
    48_000  # Hz; every voice delivers at the rate of the finished film, so that nothing is resampled twice
)

_MAGIC = b"vcspeech1\n"
_COUNTS = struct.Struct("<III")  # rate, samples, spans


@dataclass(frozen=True, eq=False)
class Speech:
    """One spoken line.

    Attributes:
        samples: shape (n,), mono, float32 in [-1, 1], read-only.
        rate: samples a second.
        spans: (start, end) in seconds of each word that was asked for, in order, ascending, not overlapping. A word
            that makes no sound (a lone dash) has a span of length 0.

    Raises:
        ValueError: the samples are not one channel within [-1, 1], or the spans overlap or leave the sound.
    """

    samples: Samples
    rate: int
    spans: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        samples = np.array(self.samples, np.float32)  # a copy, so that nobody else can write into it
        samples.setflags(write=False)
        object.__setattr__(self, "samples", samples)
        object.__setattr__(self, "spans", tuple((float(start), float(end)) for start, end in self.spans))
        if self.rate <= 0:
            raise ValueError(f"a sampling rate of {self.rate} Hz is not positive")
        if samples.ndim != 1:
            raise ValueError(f"speech has one channel, shape (n,); got shape {samples.shape}")
        if samples.size and not float(np.max(np.abs(samples))) <= 1.0:  # also false for NaN
            raise ValueError("samples lie outside [-1, 1] or are not numbers")
        edges = [0.0, *(edge for span in self.spans for edge in span), self.duration]
        if any(not late >= early - 1e-9 for early, late in itertools.pairwise(edges)):
            raise ValueError(f"word spans overlap, run backwards or leave the {self.duration:.3f} s of sound")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    def to_bytes(self) -> bytes:
        """The same speech as bytes; equal speech gives equal bytes on every machine."""
        counts = _COUNTS.pack(self.rate, len(self.samples), len(self.spans))
        spans = np.asarray(self.spans, "<f8").tobytes()
        return _MAGIC + counts + spans + self.samples.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Speech:
        """Read what :meth:`to_bytes` wrote.

        Raises:
            ValueError: *data* is not a whole speech.
        """
        head = len(_MAGIC) + _COUNTS.size
        if len(data) < head or not data.startswith(_MAGIC):
            raise ValueError("these bytes are not a stored speech")
        rate, n_samples, n_spans = _COUNTS.unpack_from(data, len(_MAGIC))
        middle = head + 16 * n_spans
        if len(data) != middle + 4 * n_samples:
            raise ValueError(f"a stored speech of {middle + 4 * n_samples} bytes has {len(data)}")
        spans = np.frombuffer(data[head:middle], "<f8").reshape(n_spans, 2)
        return cls(np.frombuffer(data[middle:], "<f4"), rate, tuple((float(a), float(b)) for a, b in spans))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Speech) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())


class Voice(Protocol):
    """Something that speaks."""

    @property
    def name(self) -> str:
        """Short name, as the command line takes it."""

    @property
    def identity(self) -> str:
        """Everything that changes the sound: engine, its version, all settings. Part of every cache key."""

    def speak(self, words: Sequence[str]) -> Speech:
        """Say *words* as one line; the same words always give the same speech.

        Each item is one written word with its punctuation, or a spoken form of several words ("six eight").

        Raises:
            InputError: there are no words, or one of them is empty.
            WorkError: the engine is missing or fails.
        """
