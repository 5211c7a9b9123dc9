"""The gate of files: every rule catches a file made bad on purpose, and lets the nearest good one pass."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_films import Recipe, make_film

from vcalc_anim.build.manifest import Manifest
from vcalc_anim.check.film import Film, measure_film
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.h264 import StreamHeader, read_header
from vcalc_anim.check.inventory import check_output
from vcalc_anim.check.media import FILM, KINDS, check_file, guide_rate, has_sound
from vcalc_anim.voice import Caption, to_srt, to_vtt

B_FRAMES_IN_TIME = {"movflags": "+faststart+negative_cts_offsets"}
SLOW_START = {"movflags": "negative_cts_offsets"}
LOSSY = {"cabac": "0", "8x8dct": "0"}


def rules(path: Path, kind: str = "clip") -> set[str]:
    findings, _ = check_file(path, kind)
    return {finding.rule.removeprefix("media.") for finding in findings}


def db(decibels: float) -> float:
    return float(10 ** (decibels / 20))


@pytest.mark.parametrize(
    ("recipe", "broken"),
    [
        (Recipe(format="mov"), {"container"}),
        (Recipe(mux={"movflags": "frag_keyframe+empty_moov"}), {"container"}),
        (Recipe(mux=SLOW_START), {"fast-start"}),
        (Recipe(mux={"use_editlist": "1"}, x264={"bframes": "2", "b-adapt": "0"}), {"edit-list"}),
        (Recipe(title="x" * 101), {"title"}),
        (Recipe(codec="mpeg4"), {"codec"}),
        (Recipe(profile="main", x264={"8x8dct": "0"}), {"profile"}),
        (Recipe(profile="baseline", x264=LOSSY), {"profile", "cabac"}),
        (Recipe(profile="high10", pixels="yuv420p10le"), {"profile"}),
        (Recipe(profile="high444", pixels="yuv444p"), {"profile", "chroma"}),
        (Recipe(x264={"interlaced": "1"}), {"interlaced"}),
        (Recipe(x264={"cabac": "0"}), {"cabac"}),
        (Recipe(tags=(2, 2, 2, 1)), {"color"}),
        (Recipe(tags=(6, 6, 6, 1)), {"color"}),
        (Recipe(tags=(1, 13, 1, 1)), {"color"}),
        (Recipe(tags=(1, 1, 1, 2)), {"range"}),
        (Recipe(x264={"keyint": "16", "min-keyint": "16"}), {"gop"}),
        (Recipe(x264={"keyint": "5", "min-keyint": "5"}), {"gop"}),
        (Recipe(fps=15, frames=30, x264={"keyint": "8", "min-keyint": "8"}), {"gop"}),
        (
            Recipe(x264={"bframes": "2", "b-adapt": "0", "open-gop": "1"}, mux=B_FRAMES_IN_TIME),
            {"open-gop", "gop"},
        ),
        (Recipe(x264={"bframes": "3", "b-adapt": "0"}, mux=B_FRAMES_IN_TIME), {"b-frames"}),
        (Recipe(x264={"bframes": "2", "b-adapt": "0"}), {"start"}),  # shown two frames late
        (Recipe(held=(20, 1)), {"frame-rate"}),
        (Recipe(audio="ac3"), {"audio-codec"}),
        (Recipe(audio="libmp3lame"), {"audio-codec"}),
        (Recipe(audio_rate=44_100), {"audio-rate"}),
        (Recipe(layout="mono"), {"audio-channels"}),
        (Recipe(gain=db(-1.2)), {"loudness"}),
        (Recipe(gain=db(0.6)), {"true-peak"}),
        (Recipe(gain=db(1.2)), {"loudness", "true-peak"}),
        (Recipe(gain=db(-50)), {"loudness"}),  # faint, which is not silent
        (Recipe(audio_seconds=1.9), {"drift"}),
        (Recipe(audio_late=0.07), {"drift"}),
    ],
)
def test_a_file_with_one_thing_wrong_is_caught(recipe: Recipe, broken: set[str], tmp_path: Path) -> None:
    assert rules(make_film(tmp_path / "film.mp4", recipe)) == broken


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(title="x" * 100),
        Recipe(cut=20),
        Recipe(fps=15, frames=30, x264={"keyint": "7", "min-keyint": "7"}),
        Recipe(fps=60, frames=120, x264={"keyint": "30", "min-keyint": "30"}),
        Recipe(frames=9),  # less than one group
        Recipe(frames=1, audio=None),
        Recipe(x264={"bframes": "2", "b-adapt": "0"}, mux=B_FRAMES_IN_TIME),
        Recipe(x264={"bframes": "1", "b-adapt": "0"}),  # shown one frame late
        Recipe(gain=db(-0.8)),
        Recipe(gain=db(0.08)),
        Recipe(gain=0.0),
        Recipe(audio=None),
        Recipe(audio_seconds=1.97),
        Recipe(size=(36, 64)),
    ],
)
def test_a_file_just_within_the_rules_passes(recipe: Recipe, tmp_path: Path) -> None:
    assert rules(make_film(tmp_path / "film.mp4", recipe)) == set()


def test_a_lecture_has_a_sound_track_if_only_a_silent_one(tmp_path: Path) -> None:
    assert rules(make_film(tmp_path / "mute.mp4", Recipe(audio=None)), "lecture") == {"no-sound"}
    assert rules(make_film(tmp_path / "quiet.mp4", Recipe(gain=0.0)), "lecture") == set()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return measure_film(make_film(tmp_path_factory.mktemp("good") / "film.mp4", Recipe()))


def broken(film: Film) -> set[str]:
    return {rule for check in (*FILM, has_sound) for rule, _ in check(film)}


def video(**changes: Any) -> Callable[[Film], Film]:
    return lambda film: replace(film, video=replace(film.video, **changes))


def audio(**changes: Any) -> Callable[[Film], Film]:
    return lambda film: replace(film, audio=replace(film.audio, **changes))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (video(bytes=2_010_000), "bit-rate"),  # 8.04 Mbit/s in two seconds
        (video(width=63), "size"),
        (video(times=0.0334 + np.arange(60) / 30, end=2.0334), None),
        (video(times=0.04 + np.arange(60) / 30, end=2.0), "start"),
        (audio(profile="HE-AAC"), "audio-codec"),
        (audio(bytes=103_000), "audio-bit-rate"),
        (audio(bytes=95_000), None),
        (audio(start=0.04), "start"),
        (audio(start=0.03), None),
        (audio(end=2.042), "drift"),
        (audio(end=1.962), None),
        (lambda film: replace(film, tracks=3), "container"),
        (lambda film: replace(film, layout=replace(film.layout, color=(1, 1, 6, False))), "color"),
        (lambda film: replace(film, layout=replace(film.layout, color=None)), None),
        (video(bytes=1_990_000), None),
    ],
)
def test_what_no_small_encoder_makes_is_caught_in_the_measures(
    change: Callable[[Film], Film], rule: str | None, good: Film
) -> None:
    assert broken(change(good)) == ({rule} if rule else set())


def test_guide_rates_follow_size_and_speed() -> None:
    assert [guide_rate(*size) for size in ((1080, 1920, 30), (1920, 1080, 60), (2160, 3840, 30))] == [
        8e6,
        12e6,
        45e6,
    ]


def test_what_was_measured_is_what_was_encoded(good: Film) -> None:
    assert (good.video.codec, good.video.width, good.video.height) == ("h264", 64, 36)
    assert good.video.fps == pytest.approx(30)
    assert [shown.kind for shown in good.video.pictures] == (["I"] + ["P"] * 14) * 4
    assert good.audio is not None and len(good.audio.samples) == pytest.approx(96_000, abs=1024)
    assert good.audio.loudness == pytest.approx((-14, -1.1), abs=0.1)


def test_bytes_that_only_keep_start_codes_away_are_no_part_of_a_header() -> None:
    """A header with a huge width has two zero bytes in a row, after which a 3 is put in: it must not be read."""

    def number(value: int) -> str:
        return f"{value + 1:b}".zfill(2 * (value + 1).bit_length() - 1)

    bits = f"{100:08b}{0:08b}{40:08b}" + number(0)
    bits += number(1) + number(0) + number(0) + "0" + "0"  # 4:2:0, 8 and 8 bits, no scaling
    bits += number(0) + number(2) + number(1) + "0"  # frame numbers, order, references, no gaps
    bits += number(2**26 - 1) + number(7) + "1" + "1" + "0"  # width, height, progressive, no cropping
    bits += "1" + "0" + "0" + "1" + "101" + "0" + "1" + f"{9:08b}{16:08b}{9:08b}" + "1"  # BT.2020, limited
    plain = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    guarded = re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", plain)
    assert guarded != plain
    sequence, parameters = b"\x67" + guarded, bytes([0x68, 0b11100000])
    avcc = b"\1\x64\0\x28\xff\xe1" + len(sequence).to_bytes(2, "big") + sequence
    header = read_header(avcc + b"\1" + len(parameters).to_bytes(2, "big") + parameters)
    assert header == StreamHeader(100, 1, 8, True, True, (9, 16, 9), False)


def test_a_damaged_file_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    whole = make_film(tmp_path / "film.mp4", Recipe()).read_bytes()
    for name, data in {
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"no film at all\n" * 20,
    }.items():
        path = tmp_path / f"{name}.mp4"
        path.write_bytes(data)
        assert rules(path) == {"unreadable"}, name


def test_a_sound_without_picture_is_no_film(tmp_path: Path) -> None:
    import av

    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    findings, _ = check_file(tmp_path / "sound.mp4", "clip")
    assert [f.message for f in findings] == ["cannot be read: it has no picture; build it again"]


def test_a_kind_without_rules_is_a_finding(tmp_path: Path) -> None:
    (finding,), content = check_file(tmp_path / "loop.avi", "clip")
    assert finding.rule == "media.kind" and "clip .mp4" in finding.message and content is None


def test_every_kind_has_rules() -> None:
    """But for what a web deck holds of others: that it can be read is all that is asked."""
    assert [key for key, kind in KINDS.items() if not kind.rules and key[0] != "deck"] == []


# -- caption files ----------------------------------------------------------------------------------------------

SHOWN = [Caption(0.5, 1.5, ("One & two", "< three")), Caption(1.7, 2.9, ("Caf\u00e9 ∇f.",))]


def caption_pair(folder: Path, srt: str | bytes | None = None, vtt: str | bytes | None = None) -> list[Path]:
    paths = []
    for suffix, given, usual in ((".srt", srt, to_srt(SHOWN)), (".vtt", vtt, to_vtt(SHOWN))):
        content = usual if given is None else given
        path = folder / f"film.en{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def caption_rules(paths: list[Path]) -> set[str]:
    return set().union(*(rules(path, "captions") for path in paths))


def test_captions_as_a_build_writes_them_pass(tmp_path: Path) -> None:
    assert caption_rules(caption_pair(tmp_path)) == set()


SRT, VTT = to_srt(SHOWN), to_vtt(SHOWN)


@pytest.mark.parametrize(
    ("srt", "vtt", "rule"),
    [
        (SRT.encode("latin-1", "replace"), None, "unreadable"),
        (None, VTT.encode("utf-16"), "unreadable"),
        (SRT.replace("-->", "->"), None, "unreadable"),
        (None, VTT.replace("WEBVTT", "VTT"), "unreadable"),
        (None, VTT.replace("00:00:01.700 -->", "1.7 -->"), "unreadable"),
        (SRT.replace("One", "<i>One</i>"), VTT, "caption-style"),
        (SRT.replace("One", "{\\an8}One"), VTT, "caption-style"),
        (None, VTT.replace("One", "<c.yellow>One</c>"), "caption-style"),
        (None, VTT.replace("01.500\n", "01.500 align:start\n"), "caption-style"),
        (None, VTT.replace("WEBVTT\n", "WEBVTT\n\nSTYLE\n::cue { color: red }\n"), "caption-style"),
        (SRT.replace("2\n00:00:01", "3\n00:00:01"), None, "caption-number"),
        (
            SRT.replace("00:00:01,700", "00:00:00,300"),
            VTT.replace("00:00:01.700", "00:00:00.300"),
            "caption-order",
        ),
        (SRT.replace("Café", "Cafe"), None, "caption-pair"),
        (SRT.replace("01,700", "01,703"), None, "caption-pair"),
        (None, VTT[: VTT.index("00:00:01.700")], "caption-pair"),
    ],
)
def test_spoilt_caption_files_are_caught(
    srt: str | bytes | None, vtt: str | bytes | None, rule: str, tmp_path: Path
) -> None:
    found = caption_rules(caption_pair(tmp_path, srt, vtt))
    assert rule in found and found <= {rule, "caption-pair"}


@pytest.mark.parametrize(
    ("srt", "vtt"),
    [
        (b"\xef\xbb\xbf" + SRT.encode(), None),
        (SRT.replace("\n", "\r\n"), VTT.replace("\n", "\r\n")),
        (SRT.replace("01,700", "01,701"), None),  # rounded the other way
        (None, VTT.replace("00:00:00.500 --> 00:00:01.500", "00:00.500 --> 00:01.500")),
        ("", "WEBVTT\n"),
    ],
)
def test_caption_files_just_within_the_rules_pass(
    srt: str | bytes | None, vtt: str | None, tmp_path: Path
) -> None:
    assert caption_rules(caption_pair(tmp_path, srt, vtt)) == set()


def test_one_format_alone_is_not_enough(tmp_path: Path) -> None:
    srt, vtt = caption_pair(tmp_path)
    vtt.unlink()
    assert rules(srt, "captions") == {"caption-pair"}


# -- the output folder --------------------------------------------------------------------------------------------


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder as a build leaves it: one lecture with its captions."""
    folder = tmp_path / "dist"
    (folder / "lectures").mkdir(parents=True)
    film = make_film(folder / "lectures" / "film.mp4", Recipe())
    manifest = Manifest(folder)
    manifest.add(film, "lecture", "ch01-film", "inputs")
    for path in caption_pair(folder / "lectures"):
        manifest.add(path, "captions", "ch01-film", "inputs")
    manifest.save()
    return folder


def edit_manifest(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = folder / "manifest.json"
    stored = json.loads(path.read_text())
    change(stored["files"])
    path.write_text(json.dumps(stored))


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, "" if finding.file is None else finding.file.name) for finding in findings]


def test_the_folder_of_a_build_passes(output: Path) -> None:
    assert check_output(output) == []


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda out: (out / "notes.txt").write_text("mine"), ("files.orphan", "notes.txt")),
        (lambda out: (out / "lectures" / "film.en.srt").unlink(), ("files.missing", "film.en.srt")),
        (lambda out: (out / "manifest.json").unlink(), ("files.manifest", "manifest.json")),
        (lambda out: (out / "manifest.json").write_text("{}"), ("files.manifest", "manifest.json")),
        (lambda out: (out / "manifest.json").write_text("{"), ("files.manifest", "manifest.json")),
        (lambda out: edit_manifest(out, lambda e: e.append(e[0])), ("files.manifest", "manifest.json")),
        (lambda out: edit_manifest(out, lambda e: e.pop(0)), ("files.orphan", "film.en.srt")),
        (lambda out: edit_manifest(out, lambda e: e.pop(0)), ("files.captions", "film.mp4")),
        (
            lambda out: edit_manifest(out, lambda e: e[2].update(sha256="0" * 64)),
            ("files.changed", "film.mp4"),
        ),
        (lambda out: edit_manifest(out, lambda e: e[2].update(frames=61)), ("files.facts", "film.mp4")),
        (lambda out: edit_manifest(out, lambda e: e[2].update(duration=2.02)), ("files.facts", "film.mp4")),
        (lambda out: edit_manifest(out, lambda e: e[2].update(fps=29.9)), ("files.facts", "film.mp4")),
        (lambda out: edit_manifest(out, lambda e: e[2].update(kind="poster")), ("media.kind", "film.mp4")),
    ],
)
def test_a_folder_that_is_not_what_its_manifest_says(
    spoil: Callable[[Path], object], expected: tuple[str, str], output: Path
) -> None:
    spoil(output)
    assert expected in told(check_output(output))


@pytest.mark.parametrize(
    ("recipe", "kind", "expected"),
    [
        (Recipe(), "clip", {"files.captions"}),
        (Recipe(gain=0.0), "clip", set()),
        (Recipe(audio=None), "clip", set()),
        (Recipe(gain=0.0), "lecture", {"files.captions"}),
    ],
)
def test_what_is_heard_has_captions(recipe: Recipe, kind: str, expected: set[str], tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    manifest.add(make_film(tmp_path / "film.mp4", recipe), kind, "ch01-film", "inputs")
    manifest.save()
    assert {finding.rule for finding in check_output(tmp_path)} == expected


def test_one_changed_letter_is_noticed(output: Path) -> None:
    for path in output.rglob("film.en.*"):
        path.write_bytes(path.read_bytes().replace(b"two", b"owt"))
    assert told(check_output(output)) == [("files.changed", "film.en.srt"), ("files.changed", "film.en.vtt")]


def test_other_chapters_are_left_alone(output: Path) -> None:
    (output / "lectures" / "film.en.srt").unlink()
    assert check_output(output, ["ch02-other"]) == []
    assert check_output(output, ["ch01-film"]) != []


def test_a_watching_gate_gets_each_film_once(output: Path) -> None:
    seen = []
    check_output(output, watch=lambda entry, film: seen.append((entry.kind, len(film.video.times))) or [])
    assert seen == [("lecture", 60)]
