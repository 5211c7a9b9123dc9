"""What the encoders of clips promise, decoded from what they wrote: alpha, equal ends, durations, sizes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from vcalc_anim.build import gif
from vcalc_anim.build.clip_pictures import PosterWriter, clip_size, straight
from vcalc_anim.build.clip_video import MOV, MOV_ALPHA, WEBM, WEBM_ALPHA, ClipVideo, Coding
from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.files import replacing
from vcalc_anim.build.gif import GifWriter
from vcalc_anim.build.sinks import ClipSink, Closing, Tee
from vcalc_anim.check.clip_files import pictures, read_clip
from vcalc_anim.errors import Problem, WorkError
from vcalc_anim.raster import Parts

FPS = 15
SIZE = (96, 64)
CODINGS = {"a.webm": WEBM, "b.webm": WEBM_ALPHA, "a.mov": MOV, "b.mov": MOV_ALPHA}
Pixels = NDArray[np.uint8]


def square(left: int, alpha: int = 255, clear: bool = False) -> Pixels:
    """An orange square, multiplied with its alpha, on a dark ground or on none."""
    pixels = np.zeros((64, 96, 4), np.uint8)
    if not clear:
        pixels[...] = (6, 8, 11, 255)
    pixels[16:48, left : left + 32] = (255 * alpha // 255, 159 * alpha // 255, 28 * alpha // 255, alpha)
    return pixels


def moving(clear: bool = False) -> Iterator[tuple[int, Pixels, int]]:
    """Ten pictures, then one that is held for forty frames."""
    for index in range(10):
        yield index, square(4 * index, clear=clear), 1
    yield 10, square(40, clear=clear), 40


def write(path: Path, coding: Coding, closing: bool = False) -> Path:
    with ClipVideo(path, coding, SIZE, FPS) as video:
        for frame in moving("yuva" in coding.pixels):
            video.add(*frame)
        if closing:
            video.repeat_first()
    return path


@pytest.mark.parametrize("name", CODINGS)
def test_a_held_picture_is_written_once_a_second_and_the_film_lasts_as_long(
    tmp_path: Path, name: str
) -> None:
    clip = read_clip(write(tmp_path / name, CODINGS[name]))
    frames = [round(start * FPS) for start in clip.starts]
    assert frames == [*range(11), 25, 40, 49]
    assert clip.duration == pytest.approx(50 / FPS, abs=0.002)
    assert (clip.width, clip.height, clip.streams, clip.color) == (*SIZE, 1, (1, 1, 1, 1))


@pytest.mark.parametrize("name", CODINGS)
def test_a_loop_ends_with_its_first_frame_to_the_last_bit(tmp_path: Path, name: str) -> None:
    shown = list(pictures(write(tmp_path / name, CODINGS[name], closing=True)))
    assert np.array_equal(shown[0], shown[-1])
    assert not np.array_equal(shown[0], shown[-2])


@pytest.mark.parametrize("name", ["b.webm", "b.mov"])
def test_alpha_is_straight_and_has_no_dark_rim(tmp_path: Path, name: str) -> None:
    with ClipVideo(tmp_path / name, CODINGS[name], SIZE, FPS) as video:
        video.add(0, square(30, alpha=128, clear=True), 1)
    (shown,) = pictures(tmp_path / name)
    assert tuple(shown[2, 2, 3:]) == (0,) and abs(int(shown[32, 46, 3]) - 128) <= 2
    inside = shown[16:48, 30:62, :3].astype(int)
    assert np.abs(inside - (255, 159, 28)).max() <= 24, "the colour is not multiplied, up to the edge"


@pytest.mark.parametrize("name", CODINGS)
def test_equal_frames_give_equal_bytes(tmp_path: Path, name: str) -> None:
    one, two = (write(tmp_path / f"{part}{name}", CODINGS[name]).read_bytes() for part in "xy")
    assert one == two


def test_pictures_become_straight() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4] = (64, 32, 0, 128)
    result = straight(pixels)
    assert tuple(result[0, 0]) == (128, 64, 0, 128)
    assert tuple(result[0, 7]) == (128, 64, 0, 0), "what is clear takes the colour beside it"


@pytest.mark.parametrize(
    ("given", "wanted", "made"),
    [((1920, 1080), 960, (960, 540)), ((480, 854), 333, (332, 592)), ((854, 480), 960, (854, 480))],
)
def test_clips_are_made_smaller_and_never_larger(
    given: tuple[int, int], wanted: int, made: tuple[int, int]
) -> None:
    assert clip_size(*given, wanted) == made


def noise(count: int) -> Iterator[tuple[int, Pixels, int]]:
    random = np.random.default_rng(0)
    for index in range(count):
        pixels = random.integers(0, 255, (64, 96, 4), np.uint8)
        pixels[..., 3] = 255
        yield index, pixels, 1


def test_a_gif_goes_round_lasts_as_long_and_closes(tmp_path: Path) -> None:
    with GifWriter(tmp_path / "a.gif", SIZE, FPS) as writer:
        for frame in moving():
            writer.add(*frame)
        writer.repeat_first()
    clip = read_clip(tmp_path / "a.gif")
    shown = list(pictures(clip.path))
    assert clip.goes_round and clip.duration == pytest.approx(51 / FPS, abs=0.011)
    assert len(shown) == 12, "a picture that is held costs nothing"
    assert np.array_equal(shown[0], shown[-1])
    assert np.abs(shown[0][..., :3].astype(int) - square(0)[..., :3]).max() <= 2, (
        "its palette has its colours"
    )


def test_a_gif_that_is_too_large_becomes_slower_then_smaller_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    with GifWriter(tmp_path / "a.gif", SIZE, FPS, note=told.append, limit=60_000) as writer:
        for frame in noise(30):
            writer.add(*frame)
    clip = read_clip(tmp_path / "a.gif")
    assert clip.bytes <= 60_000 and clip.width < SIZE[0]
    assert told and f"{clip.width} pixels wide" in told[0]
    assert clip.duration == pytest.approx(2.0, abs=0.011)


def test_a_gif_that_cannot_be_small_is_refused_and_not_written(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkError, match=r"at its smallest .* take webm"),
        GifWriter(tmp_path / "a.gif", SIZE, FPS, limit=2_000) as writer,
    ):
        for frame in noise(30):
            writer.add(*frame)
    assert list(tmp_path.iterdir()) == []


def test_every_rate_of_a_gif_shows_the_picture_of_its_time(tmp_path: Path) -> None:
    kept = GifWriter(tmp_path / "a.gif", SIZE, 30)
    for index in range(9):
        kept.add(index, square(index), 1)
    assert [one.start for one in kept._chosen(2)] == [0, 4, 8]
    assert gif._unpacked([*kept._chosen(2)][1].data, SIZE)[20, 4, 0] == 255


@pytest.mark.parametrize("kind", ["mp4", "webm", "gif", "mov"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def full(*_: object) -> None:
        raise av.error.OSError(28, os.strerror(28), "a")

    path = tmp_path / f"a.{kind}"
    with (
        pytest.raises(WorkError, match=rf"^cannot write .*a\.{kind}: No space left on device; ") as told,
        replacing(path) as target,
    ):
        sink: ClipVideo | GifWriter | SceneEncoder
        if kind == "gif":
            sink = GifWriter(target, SIZE, FPS)
            monkeypatch.setattr(sink, "_try", full)
        elif kind == "mp4":
            sink = SceneEncoder(target, *SIZE, FPS, 7, 20)
            monkeypatch.setattr(sink, "_write", full)
        else:
            sink = ClipVideo(target, WEBM if kind == "webm" else MOV, SIZE, FPS)
            monkeypatch.setattr(sink, "_mux", full)
        with sink:
            for frame in moving():
                sink.add(*frame)
    assert "\n" not in str(told.value) and list(tmp_path.iterdir()) == []


def test_a_poster_is_the_wanted_frame_with_alpha_where_there_is_some(tmp_path: Path) -> None:
    from PIL import Image

    for name, clear in (("a.png", False), ("b.png", True)):
        with PosterWriter(tmp_path / name, 12, SIZE) as poster:
            for first, pixels, count in moving(clear):
                if poster.wants(first, count):
                    poster.add(first, pixels, count)
    with Image.open(tmp_path / "a.png") as plain, Image.open(tmp_path / "b.png") as clear_one:
        assert (plain.mode, clear_one.mode) == ("RGB", "RGBA")
        assert plain.getpixel((41, 20)) == (255, 159, 28)
        assert clear_one.getpixel((0, 0))[3] == 0  # type: ignore[index]


class Counting:
    """A sink that remembers what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[int, int]] = []
        self.closed = False

    def wants(self, first: int, count: int) -> bool:
        return True

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        self.got.append((first, count))

    def repeat_first(self) -> None:
        self.closed = True


PLACE = Problem(Path("scenes/ch04.toml"), 22, "loop Round of scene Compass")


def test_a_loop_that_closes_ends_with_its_first_frame() -> None:
    sinks = [Counting(), Counting()]
    every: list[ClipSink] = [*sinks]
    loop = Closing(Tee(every), 5, PLACE)
    loop.add(0, square(0), 1)
    loop.add(1, square(9), 3)
    almost = square(0)
    almost[20, 20, 0] -= 3
    loop.add(4, almost, 2)
    for sink in sinks:
        assert sink.got == [(0, 1), (1, 3), (4, 1)] and sink.closed


def test_a_loop_that_does_not_close_says_where_and_by_how_much() -> None:
    loop = Closing(Counting(), 1, PLACE)
    loop.add(0, square(0), 1)
    with pytest.raises(WorkError) as told:
        loop.add(1, square(3), 1)
    assert str(told.value) == (
        "scenes/ch04.toml:22: loop Round of scene Compass does not close: 3.1 % of the pixels of its last frame "
        "differ from its first one, by up to 249 of 255; let it end in the state that it began with"
    )


@pytest.mark.parametrize("frames", [15, 20])
def test_a_loop_in_h264_decodes_to_equal_ends(tmp_path: Path, frames: int) -> None:
    with SceneEncoder(tmp_path / "a.mp4", *SIZE, FPS, 7, 20) as encoder:
        for index in range(frames):
            encoder.add(index, square(2 * (index % 10)), 1)
        encoder.repeat_first()
    shown = list(pictures(tmp_path / "a.mp4"))
    assert len(shown) == encoder.frames == frames + 1 and np.array_equal(shown[0], shown[-1])


def test_a_sink_that_cannot_write_is_not_a_fault_of_the_scene() -> None:
    class Full(Counting):
        def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
            raise OSError(28, os.strerror(28), "dist/clips/.a.host-1.part.mov")

    with pytest.raises(WorkError, match=r"^cannot write dist/clips: No space left on device; choose another"):
        Tee([Full()]).add(0, square(0), 1)
