"""Speech and silent scenes to one film: packets copied, one audio mix, captions."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av

from vcalc_anim.build.aac import AAC_FRAME, AUDIO_BIT_RATE
from vcalc_anim.build.encoder import CONTAINER_OPTIONS
from vcalc_anim.build.files import replacing, write_text
from vcalc_anim.build.plan import PlannedScene
from vcalc_anim.build.sound import KeptSound, coded_sound, placed_lines
from vcalc_anim.errors import WorkError
from vcalc_anim.voice import SAMPLE_RATE, Caption, captions, to_srt, to_vtt

Packet: TypeAlias = "av.Packet[Any]"  # generic in its stubs only


def film_captions(scenes: Sequence[PlannedScene]) -> list[Caption]:
    """Captions of *scenes* shown one after another, timed by the words of the voice."""
    return captions([line.timed_words() for line in placed_lines(scenes)])


def assemble(
    scenes: Sequence[PlannedScene], film: Path, title: str, language: str, sounds: KeptSound | None = None
) -> None:
    """Write *film*, and its captions beside it as ``.LANGUAGE.srt`` and ``.LANGUAGE.vtt``.

    *sounds*: where coded sound is kept, if it is worth keeping.
    """
    sound = coded_sound(scenes) if sounds is None else sounds.coded(scenes)
    with replacing(film) as target:
        _mux([scene.video for scene in scenes], sound, target, title, language)
    write_captions(scenes, film, language)


def write_captions(scenes: Sequence[PlannedScene], film: Path, language: str) -> None:
    """The captions of *film*, which shows *scenes* one after another, beside it."""
    shown = film_captions(scenes)
    for suffix, write in ((".srt", to_srt), (".vtt", to_vtt)):
        write_text(film.with_suffix(f".{language}{suffix}"), write(shown))


def _mux(videos: Sequence[Path], sound: Sequence[bytes], film: Path, title: str, language: str) -> None:
    with av.open(str(film), "w", format="mp4", options=CONTAINER_OPTIONS) as container:
        container.metadata["title"] = title
        with av.open(str(videos[0])) as first:
            template = first.streams.video[0]
            video_out = container.add_stream_from_template(template)
            video_out.time_base = Fraction(1, int(template.average_rate or 0))
            header = template.codec_context.extradata
        # Nothing is coded here: the codec of the stream only tells the container what the packets are.
        audio_out = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        audio_out.bit_rate = AUDIO_BIT_RATE
        audio_out.metadata["language"] = {"en": "eng"}.get(language, language)
        for packet in merge_by_time(_video_packets(videos, header), _audio_packets(sound)):
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


def _audio_packets(sound: Sequence[bytes]) -> Iterator[Packet]:
    for number, data in enumerate(sound):
        packet = av.Packet(data)
        packet.time_base = Fraction(1, SAMPLE_RATE)
        packet.pts = packet.dts = number * AAC_FRAME
        packet.duration = AAC_FRAME
        packet.is_keyframe = True
        yield packet


def merge_by_time(first: Iterator[Packet], second: Iterator[Packet]) -> Iterator[Packet]:
    """Both streams in order of time, so that the muxer need not buffer one of them."""
    return (packet for *_, packet in heapq.merge(_timed(first, 0), _timed(second, 1)))


def _timed(packets: Iterator[Packet], order: int) -> Iterator[tuple[float, int, int, Packet]]:
    """Each packet with its time, and what decides between equal times."""
    for number, packet in enumerate(packets):
        assert packet.dts is not None and packet.time_base is not None
        yield float(packet.dts * packet.time_base), order, number, packet
