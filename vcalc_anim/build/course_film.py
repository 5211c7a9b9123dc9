"""All lectures as one film with a chapter mark for each: their packets copied, nothing encoded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from vcalc_anim.build.aac import AAC_FRAME
from vcalc_anim.build.assemble import Packet, merge_by_time
from vcalc_anim.build.encoder import CONTAINER_OPTIONS
from vcalc_anim.build.files import replacing
from vcalc_anim.errors import WorkError
from vcalc_anim.voice import SAMPLE_RATE


@dataclass(frozen=True)
class Part:
    """A finished lecture, and what its chapter mark says."""

    film: Path
    title: str


def join(parts: Sequence[Part], film: Path, title: str) -> None:
    """Write *parts* one after another into *film*.

    Raises :class:`WorkError` for parts that cannot follow each other: other size, frame rate or coding.
    """
    with replacing(film) as target, ExitStack() as stack:
        # Twice, for picture and sound: reading one stream of a file passes over the packets of the other.
        sources, sounds = ([stack.enter_context(av.open(str(part.film))) for part in parts] for _ in range(2))
        _check_alike(parts, sources)
        first = sources[0].streams.video[0]
        rate = int(first.average_rate or 0)
        ends = _ends(sources)
        output = stack.enter_context(av.open(str(target), "w", format="mp4", options=CONTAINER_OPTIONS))
        output.metadata["title"] = title
        video = output.add_stream_from_template(first)
        video.time_base = Fraction(1, rate)
        audio = output.add_stream_from_template(sources[0].streams.audio[0])
        audio.metadata.update(sources[0].streams.audio[0].metadata)
        output.set_chapters(_marks(parts, ends, rate))
        for packet in merge_by_time(_pictures(sources, rate), _sounds(sounds, ends, rate)):
            packet.stream = audio if packet.time_base == Fraction(1, SAMPLE_RATE) else video
            output.mux(packet)


def _check_alike(parts: Sequence[Part], sources: Sequence[Any]) -> None:
    def coding(source: Any) -> tuple[object, ...]:
        stream = source.streams.video[0]
        return stream.average_rate, stream.codec_context.extradata

    for part, source in zip(parts, sources, strict=True):
        if coding(source) != coding(sources[0]):
            raise WorkError(
                f"{part.film} was built at another quality than {parts[0].film}; build both at the same one"
            )


def _ends(sources: Sequence[Any]) -> list[int]:
    """The frames before the end of each part."""
    ends, total = [], 0
    for source in sources:
        total += source.streams.video[0].frames
        ends.append(total)
    return ends


def _marks(parts: Sequence[Part], ends: Sequence[int], rate: int) -> list[Any]:
    return [
        {
            "id": index,
            "start": start,
            "end": end,
            "time_base": Fraction(1, rate),
            "metadata": {"title": part.title},
        }
        for index, (part, start, end) in enumerate(zip(parts, [0, *ends], ends, strict=False))
    ]


def _pictures(sources: Sequence[Any], rate: int) -> Iterator[Packet]:
    written = 0
    for source in sources:
        for packet in source.demux(video=0):
            if packet.size:
                yield _copy(packet, written, 1, Fraction(1, rate))
                written += 1


def _sounds(sources: Sequence[Any], ends: Sequence[int], rate: int) -> Iterator[Packet]:
    """The blocks of sound of each part; so many that sound and picture never part by more than half a block.

    A part's last block reaches beyond its last frame. Where that adds up to a whole block, it is left out:
    there is silence at the end of every part.
    """
    written = 0
    for source, end in zip(sources, ends, strict=True):
        last = round(Fraction(end * SAMPLE_RATE, rate * AAC_FRAME))
        for packet in source.demux(audio=0):
            if packet.size and written < last:
                yield _copy(packet, written * AAC_FRAME, AAC_FRAME, Fraction(1, SAMPLE_RATE))
                written += 1


def _copy(packet: Packet, time: int, duration: int, unit: Fraction) -> Packet:
    copy = av.Packet(bytes(packet))
    copy.is_keyframe = packet.is_keyframe
    copy.time_base = unit
    copy.pts = copy.dts = time
    copy.duration = duration
    return copy
