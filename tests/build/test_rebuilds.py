"""What is made again, and only that: edits, damage, kills, interrupts; same inputs, same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tiny_course import Bench, write_project

from vcalc_anim.build import pipeline, workers
from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.plan import PlannedScene, plan_lecture
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.errors import InputError, Problem, WorkError

pytestmark = pytest.mark.render


def to_draw(bench: Bench) -> list[str]:
    """The scenes that a build would draw now."""
    project = Project(bench.root)
    lecture = project.course.lectures[0]
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache)
    plan = plan_lecture(narrated, QUALITIES["draft"], "dark", project.scene_cache)
    return [scene.job.scene for scene in plan.scenes if not scene.is_drawn]


@pytest.mark.parametrize(
    ("key", "old", "new", "scenes"),
    [
        ("script", "Now it rests.", "Now it rests for a long time.", ["Still"]),
        ("script", '"And off it goes."', '{ say = "And off it goes.", rest = 1 }', ["Sliding"]),
        ("script", '"A dot slides"', '"A dot runs"', ["Sliding"]),
        ("script", "steps = 3", "steps = 4", ["Growing"]),
        ("script", "steps=3", "steps=4", ["Growing"]),
        ("py", "2 * RIGHT", "3 * RIGHT", ["Sliding"]),
        ("py", "gt=0)", "gt=1)", ["Growing"]),
        ("py", "SIZE = 0.5", "SIZE = 0.5  # units", []),
        ("script", 'title = "Tiny"', 'title = "Small"', ["Growing", "Still", "Sliding"]),
        ("course", 'source = "Lecture notes"', 'source = "A book"', []),
        ("course", "words_per_minute = 300", "words_per_minute = 200", ["Growing", "Still", "Sliding"]),
    ],
)
def test_an_edit_draws_only_the_scenes_it_changes(
    built: Bench, key: str, old: str, new: str, scenes: list[str]
) -> None:
    built.edit(key, old, new)
    assert to_draw(built) == scenes


def test_a_build_with_nothing_changed_does_nothing(built: Bench) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.root.rglob("*") if path.is_file()}
    result = built.build()
    assert (result.written, result.current, result.drawn) == ((), (built.film,), 0)
    assert {path: path.stat().st_mtime_ns for path in built.root.rglob("*") if path.is_file()} == before


def test_one_edited_line_is_drawn_spoken_and_captioned_again_alone(built: Bench) -> None:
    kept = built.drawn_scenes()
    built.edit("script", "Now it rests.", "Now it rests a little.")
    result = built.build()
    assert (result.written, result.drawn, result.reused) == ((built.film,), 1, 2)
    assert [name.split("-")[0] for name in built.drawn_scenes() - kept] == ["still"]
    assert "rests a little" in built.film.with_suffix(".en.srt").read_text(encoding="utf-8")


def test_a_word_shown_otherwise_changes_captions_without_drawing(built: Bench) -> None:
    built.edit("script", "And off it goes.", "And off it [flies.|goes.]")
    assert built.build().drawn == 0
    assert "off it flies." in built.film.with_suffix(".en.srt").read_text(encoding="utf-8")


def test_a_new_course_title_is_in_the_film_without_drawing(built: Bench) -> None:
    built.edit("course", '"A tiny course"', '"A small course"')
    result = built.build()
    assert (result.written, result.drawn) == ((built.film,), 0)
    assert b"A small course" in built.film.read_bytes()


@pytest.mark.parametrize(
    "name",
    ["lectures/ch04-tiny.mp4", "lectures/ch04-tiny.en.srt", "lectures/ch04-tiny.en.vtt", "manifest.json"],
)
@pytest.mark.parametrize("damage", ["deleted", "truncated", "overwritten"])
def test_a_damaged_output_is_made_again_from_the_cache(built: Bench, name: str, damage: str) -> None:
    whole = built.files()
    spoil(built.out / name, damage)
    result = built.build()
    assert (result.drawn, result.written) == (0, (built.film,))
    assert built.files() == whole


def spoil(path: Path, damage: str) -> None:
    data = path.read_bytes()
    match damage:
        case "deleted":
            path.unlink()
        case "truncated":
            path.write_bytes(data[: len(data) // 2])
        case _:
            middle = len(data) // 2
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])


@pytest.mark.parametrize("suffix", [".mp4", ".json"])
@pytest.mark.parametrize("damage", ["deleted", "truncated", "overwritten"])
def test_a_damaged_cache_file_is_noticed(built: Bench, suffix: str, damage: str) -> None:
    (path,) = built.cache.glob(f"still-*{suffix}")
    spoil(path, damage)
    if (suffix, damage) != (".json", "overwritten"):  # a flipped bit outside the digest is not seen
        assert to_draw(built) == ["Still"]


def test_a_damaged_cache_is_made_again_with_the_same_bytes(built: Bench) -> None:
    whole = built.files()
    (video,) = built.cache.glob("still-*.mp4")
    drawn = video.read_bytes()
    spoil(video, "truncated")
    for speech in (built.root / ".vcalc" / "speech").rglob("*.speech"):
        spoil(speech, "truncated")
    built.film.unlink()
    assert built.build().drawn == 1
    assert (video.read_bytes(), built.files()) == (drawn, whole)


def test_the_same_inputs_give_the_same_bytes_elsewhere(template: Bench, tmp_path: Path) -> None:
    """Another folder, an empty cache, one process instead of two."""
    other = write_project(tmp_path / "elsewhere")
    other.build(jobs=1)
    assert other.files() == template.files()


def test_a_chapter_named_twice_is_built_once(built: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def record(scenes: list[PlannedScene], *rest: object) -> list[Problem]:
        drawn.extend(scene.job.scene for scene in scenes)
        return []

    monkeypatch.setattr(pipeline, "draw_scenes", record)
    (video,) = built.cache.glob("still-*.mp4")
    video.unlink()
    built.film.unlink()
    pipeline.build(Project(built.root), ["ch04", "4", "ch04-tiny"], QUALITIES["draft"], out=built.out, jobs=2)
    assert drawn == ["Still"]


# -- failures ---------------------------------------------------------------------------------------------


def test_a_failing_scene_is_named_with_its_line_and_nothing_is_half_written(built: Bench) -> None:
    whole = built.files()
    built.edit("py", "dot.animate.shift(2 * RIGHT)", "dot.animate.shift(2 / 0)")
    with pytest.raises(WorkError) as caught:
        built.build()
    place = built.at("py", "2 / 0")
    assert str(caught.value) == f"{place}: scene Sliding fails: ZeroDivisionError: division by zero"
    assert built.files() == whole
    assert built.parts() == []


def test_with_keep_going_the_other_scenes_are_drawn(built: Bench) -> None:
    built.edit("py", "2 * RIGHT", "2 / 0")
    built.edit("script", "Now it rests.", "Now it rests a little.")
    result = built.build(keep_going=True)
    assert (result.drawn, result.written, len(result.problems)) == (1, (), 1)
    assert to_draw(built) == ["Sliding"]


def test_a_claim_the_scene_does_not_agree_with_is_the_inputs_fault(built: Bench) -> None:
    built.edit("script", "steps=3", "steps=5")
    with pytest.raises(InputError, match=r"claims 5 at \{steps\}, but the core gives 3"):
        built.build()
    assert built.parts() == []


def test_a_scene_edited_while_it_is_drawn_does_not_stay_in_the_cache(
    built: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Undoing the edit would bring back the old fingerprint with the pictures of the edited scene."""

    def edit_and_draw(scenes: list[PlannedScene], *rest: Any) -> list[Problem]:
        built.edit("py", "2 * RIGHT", "3 * RIGHT")
        return draw(scenes, *rest)

    draw = pipeline.draw_scenes
    monkeypatch.setattr(pipeline, "draw_scenes", edit_and_draw)
    (video,) = built.cache.glob("sliding-*.mp4")
    video.unlink()
    built.film.unlink()
    with pytest.raises(WorkError, match="Sliding was edited while it was drawn; run the same command again"):
        built.build()
    built.edit("py", "3 * RIGHT", "2 * RIGHT")
    assert to_draw(built) == ["Sliding"]


def test_a_worker_killed_from_outside_is_told_without_a_traceback(
    built: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.edit("py", "dot.animate.shift(2 * RIGHT)", "__import__('os').kill(__import__('os').getpid(), 9)")
    with pytest.raises(WorkError, match="ended from outside"):
        built.build()
    assert built.parts() == []


def test_what_killed_builds_left_is_removed(built: Bench) -> None:
    from vcalc_anim.build.files import _HOST

    process = subprocess.Popen(["true"])
    process.wait()
    left = [
        built.cache / f".still-00.{_HOST}-{process.pid}.part.mp4",
        built.out / "lectures" / f".ch04-tiny.{_HOST}-{process.pid}.part.mp4",
    ]
    for path in left:
        path.write_bytes(b"half")
    built.build()
    assert built.parts() == []


def test_memory_is_not_always_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> int:
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(os, "sysconf", unknown)
    assert workers.default_jobs() >= 1


# -- kills and interrupts ---------------------------------------------------------------------------------


def wait_until(happened: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def group_members(group: int) -> list[int]:
    """The living processes of a process group."""
    found = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in found.stdout.splitlines()]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and not state.startswith("Z")]


@pytest.fixture
def held(bench: Bench) -> Bench:
    """The tiny course; its last scene waits, half drawn, as long as there is a file ``scenes/hold``."""
    bench.edit(
        "py", "from manim import", "from pathlib import Path\nfrom time import sleep\n\nfrom manim import"
    )
    bench.edit(
        "py",
        "self.play(dot.animate.shift(2 * RIGHT), run_time=line.left)",
        """self.play(dot.animate.shift(2 * RIGHT), run_time=line.left)
            while (Path(__file__).parent / "hold").exists():
                sleep(0.02)""",
    )
    (bench.root / "scenes" / "hold").touch()
    return bench


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_ended_build_goes_on_where_it_was(held: Bench, template: Bench, how: signal.Signals) -> None:
    process = held.start("build", "--quality", "draft", "--jobs", "2")
    wait_until(lambda: len(list(held.cache.glob("*.json"))) >= 2 and held.parts() != [])
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does for Ctrl-C
    else:
        process.send_signal(how)
    out, err = process.communicate(timeout=30)
    wait_until(lambda: group_members(process.pid) == [], 10)
    assert out == ""
    assert "Traceback" not in err
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    if how == signal.SIGINT:
        assert "interrupted; finished scenes are kept" in err
        assert held.parts() == []
    assert not held.film.exists()
    kept = held.drawn_scenes()
    assert {name.split("-")[0] for name in kept} == {"growing", "still"}
    (held.root / "scenes" / "hold").unlink()
    result = held.build()
    assert (result.drawn, result.reused) == (1, 2)
    assert kept < held.drawn_scenes()
    assert held.parts() == []
    uninterrupted = template.files()  # the same pictures, though by other code, which the manifest notes
    assert {**held.files(), "manifest.json": b""} == {**uninterrupted, "manifest.json": b""}


def test_an_interrupt_that_reaches_only_the_workers_is_not_theirs_to_follow(held: Bench) -> None:
    """From their first moment, imports included: the build's own process decides."""
    process = held.start("build", "--quality", "draft", "--jobs", "2")
    wait_until(lambda: len(group_members(process.pid)) >= 3)
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        for worker in group_members(process.pid):
            if worker != process.pid:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGINT)
        time.sleep(0.05)
    (held.root / "scenes" / "hold").unlink()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in err) == (0, False)
    assert held.film.exists()


@pytest.mark.parametrize("delay", [0.1, 0.5])
def test_ctrl_c_while_workers_start_shows_no_traceback(bench: Bench, delay: float) -> None:
    process = bench.start("build", "--quality", "draft", "--jobs", "2")
    wait_until(lambda: len(group_members(process.pid)) >= 3)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "vcalc: interrupted; finished scenes are kept, run the same command to go on\n"
    wait_until(lambda: group_members(process.pid) == [], 10)
