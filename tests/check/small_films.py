"""Tiny films, good ones and ones with exactly one thing wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from vcalc_anim.voice import master

RATE = 48_000
GOOD_X264 = {
    "keyint": "15",
    "min-keyint": "15",
    "scenecut": "0",
    "open-gop": "0",
    "bframes": "0",
    "threads": "1",
}
GOOD_MUX = {"movflags": "+faststart", "use_editlist": "0"}


@dataclass(frozen=True)
class Recipe:
    """How a film of two seconds is made; every default is within the rules."""

    x264: dict[str, str] = field(default_factory=dict)  # over GOOD_X264
    mux: dict[str, str] = field(default_factory=dict)  # over GOOD_MUX
    format: str = "mp4"
    codec: str = "libx264"
    profile: str | None = "high"
    pixels: str = "yuv420p"
    tags: tuple[int, int, int, int] = (1, 1, 1, 1)  # primaries, transfer, matrix, range
    size: tuple[int, int] = (64, 36)
    fps: int = 30
    frames: int = 60
    held: tuple[int, int] | None = None  # (n, ticks): frame n stays that many frames longer
    cut: int | None = None  # a frame that begins a group of its own, as the first of a scene does
    audio: str | None = "aac"
    audio_rate: int = RATE
    layout: str = "stereo"
    bit_rate: int = 192_000
    gain: float = 1.0
    audio_late: float = 0.0  # seconds
    audio_seconds: float | None = None
    title: str = "Small"


@cache
def programme(seconds: float) -> NDArray[np.float32]:
    """Harmonics of 140 Hz that swell and fade like speech, with a beep of full height, mastered: (n, 2)."""
    t = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 140 * k * t + k * k) / k for k in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 2.5 * t)
    beep = np.where((t > 0.5) & (t < 0.51), 3.0, 1.0)
    return master(0.1 * tone * swell * beep)


def make_film(path: Path, recipe: Recipe, sound: NDArray[np.float32] | None = None) -> Path:
    """Write the film of *recipe*; *sound* (n, 2) replaces its programme."""
    rendered: list[Any] = []
    with av.open(str(path), "w", format=recipe.format, options={**GOOD_MUX, **recipe.mux}) as container:
        container.metadata["title"] = recipe.title
        video = container.add_stream(recipe.codec, rate=recipe.fps, options=_options(recipe))
        video.width, video.height = recipe.size
        video.pix_fmt = recipe.pixels
        context = video.codec_context
        context.time_base = Fraction(1, recipe.fps)
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = recipe.tags
        audio = None
        if recipe.audio:
            audio = container.add_stream(recipe.audio, rate=recipe.audio_rate, layout=recipe.layout)
            audio.bit_rate = recipe.bit_rate
        for picture in [*_frames(recipe), None]:
            rendered += video.encode(picture)
        if audio is not None:
            rendered += _encode_sound(audio, recipe, sound)
        rendered = [packet for packet in rendered if packet.dts is not None]
        for packet in sorted(rendered, key=lambda p: p.dts * p.time_base):
            container.mux(packet)
    return path


def _options(recipe: Recipe) -> dict[str, str]:
    if recipe.codec != "libx264":
        return {}
    params = ":".join(f"{key}={value}" for key, value in {**GOOD_X264, **recipe.x264}.items())
    options = {"preset": "ultrafast", "crf": "30", "x264-params": f"cabac=1:8x8dct=1:{params}"}
    return options if recipe.profile is None else {**options, "profile": recipe.profile}


def _frames(recipe: Recipe) -> list[av.VideoFrame]:
    width, height = recipe.size
    extra, made = 0, []
    for number in range(recipe.frames):
        pixels = np.zeros((height, width, 3), np.uint8)
        pixels[:, : (number * 3) % width] = 200
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=recipe.pixels)
        frame.pts = number + extra
        frame.time_base = Fraction(1, recipe.fps)
        if number == recipe.cut:
            frame.pict_type = PictureType.I
        made.append(frame)
        if recipe.held and number == recipe.held[0]:
            extra = recipe.held[1]
    return made


def _encode_sound(stream: Any, recipe: Recipe, sound: NDArray[np.float32] | None) -> list[Any]:
    seconds = recipe.frames / recipe.fps if recipe.audio_seconds is None else recipe.audio_seconds
    samples = programme(seconds) if sound is None else sound
    if recipe.audio == "aac":  # its first packet only warms the decoder up
        samples = np.concatenate([samples[1024:], np.zeros((1024, 2), np.float32)])
    channels = 1 if recipe.layout == "mono" else 2
    block = np.ascontiguousarray((samples[:, :channels] * recipe.gain).T.astype(np.float32))
    resampler = av.AudioResampler(
        format=stream.codec_context.format, layout=recipe.layout, rate=recipe.audio_rate
    )
    packets: list[Any] = []
    fifo = av.AudioFifo()
    frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=recipe.layout)
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        fifo.write(part)
    while (piece := fifo.read(stream.codec_context.frame_size or 1024, partial=True)) is not None:
        packets += stream.encode(piece)
    packets += stream.encode(None)
    first = packets[0].pts - round(
        recipe.audio_late * recipe.audio_rate
    )  # the encoder's warm-up starts early
    last = round(len(block[0]) / RATE * recipe.audio_rate) + round(recipe.audio_late * recipe.audio_rate)
    for packet in packets:
        packet.pts -= first
        packet.dts = packet.pts
    return [packet for packet in packets if packet.pts < last]
