"""Speech and silent scenes to one film: packets copied, one audio mix, captions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

from vcalc_anim.build.encoder import CONTAINER_OPTIONS
from vcalc_anim.build.files import replacing, write_text
from vcalc_anim.build.plan import PlannedScene
from vcalc_anim.errors import WorkError
from vcalc_anim.voice import (
    SAMPLE_RATE,
    TRUE_PEAK_DB,
    Caption,
    Speech,
    TimedWord,
    captions,
    master,
    mix,
    to_srt,
    to_vtt,
)

Packet: TypeAlias = "av.Packet[Any]"  # generic in its stubs only

AUDIO_BIT_RATE = 192_000
AAC_FRAME = 1024
# AAC begins with one frame that only warms the decoder up. Players hide it by an edit list, which the
# film must not have: the sound starts that much earlier instead, inside the silence of the lead-in.
_AAC_DELAY = 1024
_CODEC_MARGIN = 0.4  # dB: coding puts back some of the peaks that mastering took away


@dataclass(frozen=True)
class PlacedLine:
    """A spoken line in the film: its start in seconds and its words as captions show them."""

    start: float
    words: tuple[str, ...]
    speech: Speech

    def timed_words(self) -> list[TimedWord]:
        return [
            TimedWord(word, self.start + begin, self.start + end)
            for word, (begin, end) in zip(self.words, self.speech.spans, strict=True)
        ]


def placed_lines(scenes: Sequence[PlannedScene]) -> list[PlacedLine]:
    """The spoken lines of *scenes* shown one after another, in order."""
    lines, first = [], 0
    for scene in scenes:
        timeline = scene.job.timeline
        for timing in timeline.lines:
            if timing.name in scene.narrated.speech:
                words = tuple(word.shown for word in scene.narrated.script.lines[timing.name].words)
                start = (first + timing.start) / timeline.fps
                lines.append(PlacedLine(start, words, scene.narrated.speech[timing.name]))
        first += timeline.frames
    return lines


def film_captions(scenes: Sequence[PlannedScene]) -> list[Caption]:
    """Captions of *scenes* shown one after another, timed by the words of the voice."""
    return captions([line.timed_words() for line in placed_lines(scenes)])


def assemble(scenes: Sequence[PlannedScene], film: Path, title: str, language: str) -> None:
    """Write *film*, and its captions beside it as ``.LANGUAGE.srt`` and ``.LANGUAGE.vtt``."""
    sound = _sound(scenes)
    with replacing(film) as target:
        _mux([scene.video for scene in scenes], sound, target, title, language)
    write_captions(scenes, film, language)


def write_captions(scenes: Sequence[PlannedScene], film: Path, language: str) -> None:
    """The captions of *film*, which shows *scenes* one after another, beside it."""
    shown = film_captions(scenes)
    for suffix, write in ((".srt", to_srt), (".vtt", to_vtt)):
        write_text(film.with_suffix(f".{language}{suffix}"), write(shown))


def _sound(scenes: Sequence[PlannedScene]) -> NDArray[np.float32]:
    fps = scenes[0].job.timeline.fps
    total = round(sum(scene.frames for scene in scenes) * SAMPLE_RATE / fps)
    placed = [(round(line.start * SAMPLE_RATE), line.speech) for line in placed_lines(scenes)]
    return master(mix(placed, total), true_peak=TRUE_PEAK_DB - _CODEC_MARGIN)


def _mux(videos: Sequence[Path], sound: NDArray[np.float32], film: Path, title: str, language: str) -> None:
    with av.open(str(film), "w", format="mp4", options=CONTAINER_OPTIONS) as container:
        container.metadata["title"] = title
        with av.open(str(videos[0])) as first:
            template = first.streams.video[0]
            video_out = container.add_stream_from_template(template)
            video_out.time_base = Fraction(1, int(template.average_rate or 0))
            header = template.codec_context.extradata
        audio_out = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        audio_out.bit_rate = AUDIO_BIT_RATE
        audio_out.metadata["language"] = {"en": "eng"}.get(language, language)
        packets = merge_by_time(
            _video_packets(videos, header), _audio_packets(audio_out.codec_context, sound)
        )
        for packet in packets:
            packet.stream = audio_out if packet.time_base == Fraction(1, SAMPLE_RATE) else video_out
            container.mux(packet)


def _video_packets(videos: Sequence[Path], header: bytes | None) -> Iterator[Packet]:
    written = 0
    for path in videos:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            if stream.codec_context.extradata != header:
                raise WorkError(f"{path} was encoded with other settings: remove it and build again")
            rate = int(stream.average_rate or 0)
            for packet in container.demux(stream):
                if packet.size == 0:
                    continue
                copy = av.Packet(bytes(packet))
                copy.is_keyframe = packet.is_keyframe
                copy.time_base = Fraction(1, rate)
                copy.pts = copy.dts = written
                copy.duration = 1
                written += 1
                yield copy


def _audio_packets(context: AudioCodecContext, sound: NDArray[np.float32]) -> Iterator[Packet]:
    shifted = np.concatenate([sound[_AAC_DELAY:], np.zeros((_AAC_DELAY, 2), np.float32)])
    written = 0
    last = -(-len(sound) // AAC_FRAME)

    def numbered(packets: Sequence[Packet]) -> Iterator[Packet]:
        nonlocal written
        for packet in packets:
            if written < last:
                packet.time_base = Fraction(1, SAMPLE_RATE)
                packet.pts = packet.dts = written * AAC_FRAME
                packet.duration = AAC_FRAME
                written += 1
                yield packet

    for start in range(0, len(shifted), AAC_FRAME):
        block = np.ascontiguousarray(shifted[start : start + AAC_FRAME].T)
        if block.shape[1] < AAC_FRAME:
            block = np.pad(block, ((0, 0), (0, AAC_FRAME - block.shape[1])))
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        frame.time_base = Fraction(1, SAMPLE_RATE)
        yield from numbered(context.encode(frame))
    yield from numbered(context.encode(None))


def merge_by_time(first: Iterator[Packet], second: Iterator[Packet]) -> Iterator[Packet]:
    """Both streams in order of time, so that the muxer need not buffer one of them."""

    def seconds(packet: Packet) -> Fraction:
        assert packet.dts is not None and packet.time_base is not None
        return packet.dts * packet.time_base

    a, b = next(first, None), next(second, None)
    while a is not None or b is not None:
        if b is None or (a is not None and seconds(a) <= seconds(b)):
            assert a is not None
            yield a
            a = next(first, None)
        else:
            yield b
            b = next(second, None)
