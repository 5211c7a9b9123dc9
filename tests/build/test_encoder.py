"""The encoder: right colours, closed groups, repeated stills, a plain container."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import PictureType
from numpy.typing import NDArray

from vcalc_anim.build import h264
from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.h264 import VideoFormat, skip_packets

Frames = NDArray[np.uint8]
WIDTH, HEIGHT, FPS, GOP = 96, 64, 30, 15


def plain(red: int, green: int, blue: int) -> Frames:
    return np.full((HEIGHT, WIDTH, 4), (red, green, blue, 255), np.uint8)


def moving(count: int) -> list[Frames]:
    """A soft blob that travels over a ramp: nothing a codec finds hard, nothing that stands still."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(float)
    pictures = []
    for index in range(count):
        blob = np.exp(-((x - 20 - 0.5 * index) ** 2 + (y - 32) ** 2) / 200)
        grey = 40 + 60 * x / WIDTH + 120 * blob
        pictures.append(np.dstack([grey, grey, grey, np.full_like(grey, 255)]).astype(np.uint8))
    return pictures


def encode(path: Path, shown: list[tuple[Frames, int]], gop: int = GOP) -> Path:
    with SceneEncoder(path, WIDTH, HEIGHT, FPS, gop, 20) as encoder:
        first = 0
        for pixels, count in shown:
            encoder.add(first, pixels, count)
            first += count
    return path


def decode(path: Path, form: str = "yuv420p") -> list[Frames]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format=form) for frame in container.decode(video=0)]


def packets(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        return [packet for packet in container.demux(video=0) if packet.size]


@pytest.fixture
def encodes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each frame that x264 is given."""
    given: list[int] = []

    class Counting:
        def __init__(self, context: Any) -> None:
            self._context = context

        def __getattr__(self, name: str) -> Any:
            return getattr(self._context, name)

        def encode(self, frame: Any) -> Any:
            if frame is not None:
                given.append(frame.pts)
            return self._context.encode(frame)

    skip_packets(VideoFormat(WIDTH, HEIGHT, FPS, GOP, 20))  # made once for all films of a format
    make = h264.GroupCoder.__init__

    def counted(self: h264.GroupCoder, form: VideoFormat) -> None:
        make(self, form)
        monkeypatch.setattr(self, "_context", Counting(self._context))

    monkeypatch.setattr(h264.GroupCoder, "__init__", counted)
    return given


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [
        # ITU-R BT.709-6, item 3.5, quantized to 8 bits in the limited range
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        ((255, 255, 0), (219, 16, 138)),
        ((0, 255, 255), (188, 154, 16)),
        ((255, 0, 255), (78, 214, 230)),
        ((128, 128, 128), (126, 128, 128)),
    ],
)
def test_colours_are_those_of_bt709_in_limited_range(
    tmp_path: Path, rgb: tuple[int, int, int], yuv: tuple[int, int, int]
) -> None:
    picture = decode(encode(tmp_path / "plain.mp4", [(plain(*rgb), GOP)]))[-1]
    luma, chroma = picture[:HEIGHT], picture[HEIGHT:].reshape(2, -1)
    means = (luma.mean(), chroma[0].mean(), chroma[1].mean())
    assert means == pytest.approx(yuv, abs=1.0)


def test_the_stream_says_what_its_colours_are(tmp_path: Path) -> None:
    with av.open(str(encode(tmp_path / "a.mp4", [(plain(9, 9, 9), 40)]))) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == 1  # limited
        assert (context.pix_fmt, stream.profile, stream.average_rate) == ("yuv420p", "High", FPS)


def keys(path: Path) -> list[int]:
    """The places of the key frames."""
    return [index for index, packet in enumerate(packets(path)) if packet.is_keyframe]


@pytest.mark.parametrize("count", [1, 2, 14, 15, 16, 31, 100])
@pytest.mark.parametrize("kind", ["still", "moving", "both"])
def test_every_frame_is_written_and_each_group_begins_with_a_key_frame(
    tmp_path: Path, count: int, kind: str
) -> None:
    still = 0 if kind == "moving" else count if kind == "still" else count // 2
    shown = [(plain(50, 90, 130), still)] if still else []
    path = encode(tmp_path / "a.mp4", shown + [(picture, 1) for picture in moving(count - still)])
    written = packets(path)
    assert len(written) == len(decode(path)) == count
    assert [p.pts for p in written] == [p.dts for p in written]  # no frame waits for a later one: no B-frames
    seconds = [float(p.pts * p.time_base) for p in written]
    assert seconds == pytest.approx([index / FPS for index in range(count)], abs=1e-6)
    # A picture that stood still for half a group ends its group when it begins to move.
    wanted = list(range(0, count, GOP))
    if kind == "both" and 2 * (still % GOP) >= GOP:
        wanted = [*range(0, still, GOP), *range(still, count, GOP)]
    assert keys(path) == wanted


def test_there_are_no_b_frames(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", [(picture, 1) for picture in moving(40)])
    with av.open(str(path)) as container:
        kinds = {PictureType(frame.pict_type).name for frame in container.decode(video=0)}
    assert kinds == {"I", "P"}


def test_groups_are_closed_so_that_each_decodes_alone(tmp_path: Path) -> None:
    """Dropping the first group changes nothing in the others."""
    path = encode(tmp_path / "a.mp4", [(picture, 1) for picture in moving(45)])
    whole = decode(path)
    with av.open(str(path)) as container:
        context = av.CodecContext.create("h264", "r")
        context.extradata = container.streams.video[0].codec_context.extradata
        rest = [packet for packet in container.demux(video=0) if packet.size][GOP:]
        frames = [frame for packet in rest for frame in context.decode(packet)] + context.decode(None)
    assert len(frames) == 30
    for frame, expected in zip(frames, whole[GOP:], strict=True):
        np.testing.assert_array_equal(frame.to_ndarray(format="yuv420p"), expected)


def test_the_container_has_no_edit_list_and_its_index_first(tmp_path: Path) -> None:
    data = encode(tmp_path / "a.mp4", [(picture, 1) for picture in moving(40)]).read_bytes()
    assert b"elst" not in data
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_held_picture_is_coded_as_one_key_frame(tmp_path: Path, encodes: list[int]) -> None:
    path = encode(tmp_path / "a.mp4", [(moving(1)[0], 20 * GOP + 4)])
    assert len(encodes) == 1
    pictures = decode(path)
    assert len(pictures) == 20 * GOP + 4
    for picture in pictures:
        np.testing.assert_array_equal(picture, pictures[0])


def test_equal_pictures_given_one_by_one_are_a_held_picture(tmp_path: Path, encodes: list[int]) -> None:
    encode(tmp_path / "a.mp4", [(plain(200, 30, 60), 1)] * (4 * GOP))
    assert len(encodes) == 1


@pytest.mark.parametrize("held", [2, 7, 8, 9, 3 * GOP + 11])
def test_a_picture_held_after_motion_is_repeated_exactly(
    tmp_path: Path, encodes: list[int], held: int
) -> None:
    shown = [(picture, 1) for picture in moving(6)]
    still = (moving(9)[8], held)
    path = encode(tmp_path / "a.mp4", [*shown, still])
    # the motion, its end, and the key frame of what stands still beyond the group
    assert len(encodes) == 6 + 1 + (6 + held > GOP)
    pictures = decode(path)
    assert len(pictures) == 6 + held
    for index in range(7, 6 + held):
        same_as = 6 if index < GOP else GOP
        np.testing.assert_array_equal(pictures[index], pictures[same_as])


def test_a_short_stop_does_not_end_its_group(tmp_path: Path) -> None:
    shown = [*((p, 1) for p in moving(3)), (plain(9, 9, 9), 7), *((p, 1) for p in moving(3))]
    assert keys(encode(tmp_path / "a.mp4", shown)) == [0]
    shown[3] = (plain(9, 9, 9), 8)
    assert keys(encode(tmp_path / "b.mp4", shown)) == [0, 11]


def test_equal_groups_give_equal_packets_wherever_they_stand(tmp_path: Path) -> None:
    """So parts of a film can be made apart."""
    motion = [(picture, 1) for picture in moving(40)]
    alone = packets(encode(tmp_path / "a.mp4", motion))
    later = packets(encode(tmp_path / "b.mp4", [(plain(7, 7, 7), 3 * GOP + 8), *motion]))
    assert [bytes(packet) for packet in later[3 * GOP + 8 :]] == [bytes(packet) for packet in alone]


def test_two_key_frames_in_a_row_have_different_numbers(tmp_path: Path) -> None:
    """A film may end with a group of one frame, and the next one is joined to it."""

    def key_number(packet: Any) -> int:
        bits = "".join(f"{byte:08b}" for byte in bytes(packet)[5:13])  # after the length and the unit's type

        def number() -> int:  # Exp-Golomb, ITU-T H.264, 9.1
            nonlocal bits
            zeros = len(bits) - len(bits.lstrip("0"))
            value, bits = int(bits[zeros : 2 * zeros + 1], 2) - 1, bits[2 * zeros + 1 :]
            return value

        assert [number() for _ in range(3)] == [
            0,
            7,
            0,
        ]  # first macroblock, a picture of I slices, parameters
        width = 4  # bits of frame_num for groups of 15
        assert int(bits[:width], 2) == 0
        bits = bits[width:]
        return number()

    assert bytes(packets(encode(tmp_path / "x.mp4", [(plain(1, 2, 3), 1)]))[0])[4] & 31 == 5
    film = packets(encode(tmp_path / "a.mp4", [(picture, 1) for picture in moving(GOP + 1)]))
    assert key_number(film[0]) == 0
    assert key_number(film[-1]) == 1


def test_moving_pictures_keep_their_quality(tmp_path: Path) -> None:
    shown = moving(50)
    with av.open(str(encode(tmp_path / "a.mp4", [(picture, 1) for picture in shown]))) as container:
        found = [frame.to_ndarray(format="gray").astype(float) for frame in container.decode(video=0)]
    for index, (picture, seen) in enumerate(zip(shown, found, strict=True)):
        wanted = 16 + picture[..., 0].astype(float) * 219 / 255
        error = float(np.mean((seen_limited(seen) - wanted) ** 2))
        assert 10 * np.log10(219**2 / error) > 38, f"frame {index}"


def seen_limited(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """Full-range grey, as the decoder's conversion gives it, back in the limited range."""
    return 16 + grey * 219 / 255


def test_a_still_then_moving_then_still_film_shows_each_picture_at_its_time(tmp_path: Path) -> None:
    levels = [(30, 22), (90, 1), (150, 2), (210, 40), (120, 1), (60, 9)]
    path = encode(tmp_path / "a.mp4", [(plain(level, level, level), count) for level, count in levels])
    wanted = [16 + level * 219 / 255 for level, count in levels for _ in range(count)]
    assert [picture[:HEIGHT].mean() for picture in decode(path)] == pytest.approx(wanted, abs=1.5)


def test_only_one_picture_is_kept_in_memory(tmp_path: Path) -> None:
    """At 2160p60 a moving group of half a second once kept 30 pictures of 33 MB."""
    with SceneEncoder(tmp_path / "a.mp4", WIDTH, HEIGHT, FPS, GOP, 20) as encoder:
        for index, picture in enumerate(moving(12)):
            encoder.add(index, picture, 1)
        kept = [value for value in vars(encoder).values() if isinstance(value, list | dict) and value]
        assert kept == []


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    shown = [(picture, 1) for picture in moving(20)] + [(plain(1, 2, 3), 40)]
    assert encode(tmp_path / "a.mp4", shown).read_bytes() == encode(tmp_path / "b.mp4", shown).read_bytes()


@pytest.mark.parametrize("frames", [0, 3, 20])
def test_a_failing_scene_leaves_no_file(tmp_path: Path, frames: int) -> None:
    class SceneError(Exception):
        pass

    with (
        pytest.raises(SceneError),
        SceneEncoder(tmp_path / "a.mp4", WIDTH, HEIGHT, FPS, GOP, 20) as encoder,
    ):
        for index, picture in enumerate(moving(frames)):
            encoder.add(index, picture, 1)
        raise SceneError
    assert list(tmp_path.iterdir()) == []


def test_a_failure_of_the_encoder_itself_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SceneEncoder, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SceneEncoder, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        encode(tmp_path / "a.mp4", [(plain(1, 2, 3), 7)])
    assert list(tmp_path.iterdir()) == []


def test_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="shape"):
        encode(tmp_path / "a.mp4", [(np.zeros((HEIGHT, WIDTH, 3), np.uint8), 1)])
    assert list(tmp_path.iterdir()) == []
