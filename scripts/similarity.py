"""How near a coded film is to its pictures: the structural similarity (SSIM) of brightness, frame by frame."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import av


def similarities(film: Path, reference: Path) -> list[float]:
    """SSIM of the luma of each frame of *film* and of *reference* (1: equal), as libavfilter's ``ssim`` gives it.

    Raises:
        ValueError: the films do not have the same number of frames.
    """
    found = []
    with av.open(str(film)) as one, av.open(str(reference)) as other:
        graph = av.filter.Graph()
        sources = [
            graph.add_buffer(
                template=container.streams.video[0], time_base=container.streams.video[0].time_base
            )
            for container in (one, other)
        ]
        meter, sink = graph.add("ssim"), graph.add("buffersink")
        for place, source in enumerate(sources):
            source.link_to(meter, 0, place)
        meter.link_to(sink)
        graph.configure()
        for number, pair in enumerate(zip_longest(one.decode(video=0), other.decode(video=0))):
            if None in pair:
                raise ValueError(f"{film} and {reference} do not have the same number of frames")
            for source, frame in zip(sources, pair, strict=True):
                frame.pts = number  # films may begin at different times
                source.push(frame)
            found.append(float(sink.pull().metadata["lavfi.ssim.Y"]))
    return found


def frame_count(film: Path) -> int:
    """The number of frames of *film*."""
    with av.open(str(film)) as container:
        return container.streams.video[0].frames
