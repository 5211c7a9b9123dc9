"""All lectures as one film: the same packets, a mark for each lecture, sound that never drifts away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import srt
from tiny_course import FILES, Bench, write_project

from vcalc_anim.build.course_film import Part, join
from vcalc_anim.build.pipeline import Built, build
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.check.film import measure_film
from vcalc_anim.check.inventory import check_output
from vcalc_anim.errors import WorkError

pytestmark = pytest.mark.render

LECTURES = ("ch04_tiny", "ch05_tiny", "ch06_tiny")
PAUSE = "rest = 8"  # a chapter that players list lasts ten seconds at least


@pytest.fixture(scope="session")
def three(shared: Callable[[str, Callable[[Path], object]], Path]) -> Bench:
    """A course of three short lectures, built."""

    def make(root: Path) -> None:
        bench = write_project(root)
        bench.edit("course", '["ch04_tiny"]', str(list(LECTURES)).replace("'", '"'))
        bench.edit("script", 'rest = "Now it rests."', f'rest = {{ say = "Now it rests.", {PAUSE} }}')
        for lecture in LECTURES[1:]:
            for key in ("script", "py"):
                source = bench.path(key)
                target = source.with_name(FILES[key].replace(LECTURES[0], lecture))
                target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        bench.build()

    return Bench(shared("three", make))


def film_of(bench: Bench, name: str = "course") -> Path:
    return bench.out / "lectures" / f"{name}.mp4"


def packets(film: Path, kind: str) -> list[bytes]:
    with av.open(str(film)) as container:
        return [bytes(packet) for packet in container.demux(**{kind: 0}) if packet.size]


def test_the_course_is_its_lectures_packet_for_packet(three: Bench) -> None:
    lectures = [film_of(three, name.replace("_", "-")) for name in LECTURES]
    assert packets(film_of(three), "video") == [p for film in lectures for p in packets(film, "video")]


def test_each_lecture_has_a_mark_and_the_gates_find_nothing(three: Bench) -> None:
    film = measure_film(film_of(three))
    lengths = [measure_film(film_of(three, name.replace("_", "-"))).video.end for name in LECTURES]
    assert [mark.title for mark in film.marks] == ["4 Tiny", "5 Tiny", "6 Tiny"]
    assert [mark.end for mark in film.marks] == pytest.approx(np.cumsum(lengths), abs=0.002)
    assert check_output(three.out) == []


def test_sound_stays_with_the_picture_however_many_lectures(three: Bench, tmp_path: Path) -> None:
    """A block of sound too many in every lecture would add up to a fifth of a second in ten."""
    lecture = film_of(three, "ch04-tiny")
    joined = tmp_path / "long.mp4"
    join([Part(lecture, f"{number}") for number in range(20)], joined, "Twenty times the same")
    film = measure_film(joined)
    assert film.audio is not None
    assert film.audio.end == pytest.approx(film.video.end, abs=0.011)
    assert len(film.marks) == 20


def test_the_captions_are_those_of_the_lectures_moved(three: Bench) -> None:
    def captions(name: str) -> list[srt.Subtitle]:
        return list(srt.parse(film_of(three, name).with_suffix(".en.srt").read_text(encoding="utf-8")))

    expected, start = [], 0.0
    for name in (lecture.replace("_", "-") for lecture in LECTURES):
        expected += [(c.content, start + c.start.total_seconds()) for c in captions(name)]
        start += measure_film(film_of(three, name)).video.end
    found = [(c.content, c.start.total_seconds()) for c in captions("course")]
    assert [text for text, _ in found] == [text for text, _ in expected]
    assert [at for _, at in found] == pytest.approx([at for _, at in expected], abs=0.002)


def test_it_is_made_again_only_when_a_lecture_changed(three: Bench, tmp_path: Path) -> None:
    shutil.copytree(three.root, tmp_path / "project")
    bench = Bench(tmp_path / "project")
    course = film_of(bench)
    before = course.read_bytes()
    assert course in bench.build().current
    bench.edit("script", '"And off it goes."', '"And away it goes."')
    partly = build_only(bench, "ch04")
    assert partly.outdated == (course,) and course.read_bytes() == before
    assert course in bench.build().written
    assert course.read_bytes() != before


def build_only(bench: Bench, chapter: str) -> Built:
    return build(Project(bench.root), [chapter], QUALITIES["draft"], out=bench.out, jobs=1)


def test_lectures_of_different_quality_cannot_follow_each_other(three: Bench, tmp_path: Path) -> None:
    shutil.copytree(three.root, tmp_path / "project")
    bench = Bench(tmp_path / "project")
    small = film_of(bench, "ch05-tiny")
    other = tmp_path / "other.mp4"
    with (
        av.open(str(small)) as source,
        av.open(str(other), "w") as target,
    ):
        picture = target.add_stream("libx264", rate=15)
        picture.width, picture.height, picture.pix_fmt = 64, 36, "yuv420p"
        target.add_stream_from_template(source.streams.audio[0])
        for frame in source.decode(video=0):
            target.mux(picture.encode(frame.reformat(64, 36)))
            break
        target.mux(picture.encode(None))
    joined = tmp_path / "joined.mp4"
    with pytest.raises(WorkError, match="other quality|another quality"):
        join([Part(small, "one"), Part(other, "two")], joined, "Two")
    assert not joined.exists()
