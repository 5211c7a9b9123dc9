"""The finished lecture: what its file says, what it holds, and that sound and picture belong together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import srt
import webvtt
from numpy.typing import NDArray
from tiny_course import Bench, write_project

from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.plan import plan_lecture
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES, Quality
from vcalc_anim.build.sound import placed_lines

pytestmark = pytest.mark.render

SMALL = Quality("small", 144, 30)

TICKING_SCRIPT = """\
title = "Ticking"
question = "Do they meet?"
objectives = ["Hear and see it at once"]

[[scene]]
name = "First"
title = "One"
[scene.lines]
quiet = 0.7
say = "{tick}Tick tock, it goes."

[[scene]]
name = "Second"
title = "Two"
[scene.lines]
quiet = 0.533
say = "{tick}Take it twice."

[[scene]]
name = "Third"
title = "Three"
[scene.lines]
quiet = 0.9
say = "{tick}Two times ten."
"""

TICKING = """\
from manim import WHITE, Square

from vcalc_anim.stage import LectureScene


class First(LectureScene):
    fades_in = fades_out = shows_title = False

    def construct(self):
        self.open()
        with self.line("quiet"):
            pass
        with self.line("say") as line:
            line.at("tick")
            self.add(Square(6, color=WHITE, fill_opacity=1))


class Second(First):
    pass


class Third(First):
    pass
"""


@pytest.fixture(scope="session")
def ticking(shared: Callable[[str, Callable[[Path], object]], Path]) -> Bench:
    """A lecture whose every scene turns white with its first word."""

    def make(root: Path) -> None:
        bench = write_project(root)
        bench.edit("course", 'name = "silent"\nwords_per_minute = 300', 'name = "espeak"')
        bench.path("script").write_text(TICKING_SCRIPT, encoding="utf-8")
        bench.path("py").write_text(TICKING, encoding="utf-8")
        bench.build(SMALL)

    return Bench(shared("ticking", make))


def brightness(film: Path) -> NDArray[np.float64]:
    with av.open(str(film)) as container:
        return np.array(
            [frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)], np.float64
        )


def sound(film: Path) -> tuple[NDArray[np.float32], int]:
    """The left channel as a player hears it, each block at the time its timestamp says."""
    with av.open(str(film)) as container:
        rate = container.streams.audio[0].rate
        track = np.zeros(0, np.float32)
        for frame in container.decode(audio=0):
            assert frame.pts is not None and frame.time_base is not None
            start = round(float(frame.pts * frame.time_base) * rate)
            block = frame.to_ndarray()[0]
            track = np.pad(track, (0, max(0, start + len(block) - len(track))))
            track[start : start + len(block)] = block
    return track, rate


def onset(track: NDArray[np.float32], rate: int, after: float, before: float) -> float:
    """When the sound between two times, in seconds, first exceeds a fortieth of its peak."""
    part = np.abs(track[round(after * rate) : round(before * rate)])
    return after + float(np.argmax(part > part.max() / 40)) / rate


def packet_end(film: Path, kind: str) -> float:
    with av.open(str(film)) as container:
        packets: list[Any] = [p for p in container.demux(**{kind: 0}) if p.size]
        return float(max((p.pts + p.duration) * p.time_base for p in packets))


def test_sound_and_picture_of_every_scene_start_within_a_frame(ticking: Bench) -> None:
    """Both are measured in the file: the picture turns white where the voice's first word is heard."""
    light, (track, rate) = brightness(ticking.film), sound(ticking.film)
    flashes = np.flatnonzero((light[1:] > 60) & (light[:-1] < 60)) + 1
    assert len(flashes) == 3
    heard = [onset(track, rate, frame / 30 - 0.4, frame / 30 + 0.5) for frame in flashes]
    assert heard == pytest.approx(flashes / 30, abs=1 / 30)


def test_words_are_heard_where_the_plan_says(ticking: Bench) -> None:
    project = Project(ticking.root)
    lecture = project.course.lectures[0]
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache)
    plan = plan_lecture(narrated, SMALL, "dark", project.scene_cache)
    track, rate = sound(ticking.film)
    for line in placed_lines(plan.scenes):
        planned = line.start + line.speech.spans[0][0]
        # Scenes begin with a packet of sound, at most half of one away. AAC's warm-up frame alone would be 21 ms.
        assert onset(track, rate, planned - 0.3, planned + 0.4) == pytest.approx(planned, abs=0.013)


@pytest.mark.parametrize("name", ["ticking", "template"])
def test_sound_and_picture_end_together(name: str, request: pytest.FixtureRequest) -> None:
    film = request.getfixturevalue(name).film
    assert packet_end(film, "audio") == pytest.approx(packet_end(film, "video"), abs=0.04)


def test_the_streams_are_what_is_published(template: Bench) -> None:
    with av.open(str(template.film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.profile, video.pix_fmt) == ("h264", "High", "yuv420p")
        context = video.codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == 1
        assert (video.width, video.height, video.average_rate) == (854, 480, 15)
        assert (audio.codec_context.name, audio.profile, audio.rate) == ("aac", "LC", 48_000)
        assert (audio.layout.name, audio.language) == ("stereo", "eng")
        assert container.metadata["title"] == "A tiny course: Tiny"
        assert (video.start_time, audio.start_time) == (0, 0)


def test_the_standard_quality_is_full_hd_at_30_frames() -> None:
    standard = QUALITIES["standard"]
    assert (standard.size(), standard.fps, standard.gop) == ((1920, 1080), 30, 15)
    sizes = {name: (*quality.size(), quality.fps) for name, quality in QUALITIES.items()}
    assert sizes["uhd"] == (3840, 2160, 60) and sizes["preview"] == (1280, 720, 30)
    assert all(side % 2 == 0 for q in QUALITIES.values() for side in q.size("tall") + q.size("square"))


def test_the_container_is_plain(template: Bench) -> None:
    data = template.film.read_bytes()
    assert b"elst" not in data
    assert data.index(b"moov") < data.index(b"mdat")


def test_groups_are_half_a_second_and_each_scene_begins_one(template: Bench) -> None:
    starts, frames = [0], 0
    for video in ("growing", "still", "sliding"):
        (path,) = template.cache.glob(f"{video}-*.mp4")
        with av.open(str(path)) as container:
            frames += container.streams.video[0].frames
        starts.append(frames)
    with av.open(str(template.film)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    keys = [index for index, packet in enumerate(packets) if packet.is_keyframe]
    assert len(packets) == frames
    assert set(starts[:-1]) <= set(keys)
    assert max(np.diff([*keys, frames])) <= QUALITIES["draft"].gop == 7
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets]


def test_every_frame_of_the_film_decodes(template: Bench) -> None:
    (entry,) = [e for e in manifest(template) if e["kind"] == "lecture"]
    light = brightness(template.film)
    assert len(light) == entry["frames"]
    assert light.std() > 0


def test_captions_hold_the_words_in_their_time(template: Bench) -> None:
    text = template.film.with_suffix(".en.srt").read_text(encoding="utf-8")
    captions = list(srt.parse(text))
    assert [caption.content for caption in captions] == [
        "It takes three steps.",
        "Now it rests.",
        "And off it goes.",
    ]
    assert [c.start for c in captions] == sorted(c.start for c in captions)
    assert captions[-1].end.total_seconds() <= packet_end(template.film, "video")
    again = webvtt.read(template.film.with_suffix(".en.vtt"))
    assert [caption.text for caption in again] == [caption.content for caption in captions]


def manifest(bench: Bench) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((bench.out / "manifest.json").read_text())["files"]
    return entries


def test_the_manifest_describes_every_file(template: Bench) -> None:
    entries = {entry["path"]: entry for entry in manifest(template)}
    assert set(entries) == set(template.files()) - {"manifest.json"}
    for name, entry in entries.items():
        data = template.files()[name]
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert (entry["bytes"], entry["chapter"]) == (len(data), "ch04-tiny")
    film = entries["lectures/ch04-tiny.mp4"]
    assert (film["width"], film["height"], film["fps"]) == (854, 480, 15.0)
    assert film["duration"] == pytest.approx(packet_end(template.film, "video"), abs=0.001)
    assert {entry["kind"] for entry in entries.values()} == {"lecture", "captions"}
