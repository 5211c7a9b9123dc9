"""What the cache holds, that damage in it is told, and that pruning removes what no plan uses and nothing else."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_course import Bench

from vcalc_anim.build.cache import Entry, current_files, entries, prune, to_prune, use_cache
from vcalc_anim.build.kept import load_kept, store_kept
from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.plan import PlannedScene, plan_lecture
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.commands.cache import parse_size, told_size
from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.voice.cache import SpeechCache

DAY = 24 * 3600.0


def plan(bench: Bench) -> tuple[PlannedScene, ...]:
    """The scenes of the tiny course as a draft."""
    project = Project(bench.root)
    lecture = project.course.lectures[0]
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache)
    return plan_lecture(narrated, QUALITIES["draft"], "dark", project.scene_cache).scenes


def pretend_drawn(scene: PlannedScene) -> None:
    """A video in the cache that nobody drew, with a record that fits."""
    import hashlib

    scene.video.parent.mkdir(parents=True, exist_ok=True)
    scene.video.write_bytes(b"pictures")
    record = {"sha256": hashlib.sha256(b"pictures").hexdigest(), "marks": []}
    scene.video.with_suffix(".json").write_text(json.dumps(record))


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"?")


# -- damage -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".mp4", ".json"])
def test_an_altered_scene_is_told_once_and_drawn_again(
    bench: Bench, caplog: pytest.LogCaptureFixture, suffix: str
) -> None:
    still = plan(bench)[1]
    pretend_drawn(still)
    assert still.is_drawn
    damage(still.video.with_suffix(suffix))
    assert (still.is_drawn, still.is_drawn) == (False, False)
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith("ch04-tiny Still was altered or cut off in the cache")
    assert message.endswith("it is drawn again")


def test_a_scene_that_was_never_drawn_is_nothing_to_tell(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    assert not plan(bench)[0].is_drawn
    assert caplog.records == []


def test_altered_speech_is_told_and_spoken_again(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    project = Project(bench.root)
    voice, store = project.voice(None), SpeechCache(project.speech_cache)
    whole = store.speak(voice, ["one", "two"])
    damage(store.path(voice, ["one", "two"]))
    assert store.speak(voice, ["one", "two"]).to_bytes() == whole.to_bytes()
    assert "is damaged; speaking the line again" in caplog.text
    caplog.clear()
    store.speak(voice, ["one", "two"])
    assert caplog.text == ""


def test_an_altered_picture_or_finding_is_told_and_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.png"
    store_kept(path, b"picture")
    assert load_kept(path, "the picture of Compass") == b"picture"
    for spoilt in (path.read_bytes()[:-1] + b"?", path.read_bytes()[:10], b""):
        path.write_bytes(spoilt)
        assert load_kept(path, "the picture of Compass") is None
    assert caplog.text.count("the picture of Compass was altered or cut off in the cache") == 3
    assert load_kept(tmp_path / "none.png", "nothing") is None
    assert all(record.levelno == logging.WARNING for record in caplog.records)


# -- what is there ----------------------------------------------------------------------------------------


def test_what_the_course_uses_is_known_and_what_it_no_longer_uses(bench: Bench) -> None:
    for scene in plan(bench):
        pretend_drawn(scene)
    project = Project(bench.root)
    assert {(e.kind, e.is_current) for e in entries(project, current_files(project))} == {
        ("scenes", True),
        ("speech", True),
    }
    bench.edit("script", "Now it rests.", "Now it rests a little.")
    plan(bench)  # speaks the new line
    project = Project(bench.root)
    old = [e for e in entries(project, current_files(project)) if not e.is_current]
    assert sorted(e.kind for e in old) == ["scenes", "speech"]
    (video,) = [e for e in old if e.kind == "scenes"]
    assert [file.suffix for file in video.files] == [".json", ".mp4"]
    assert video.files[0].name.startswith("still-")


def test_the_last_use_is_noted_to_a_day(bench: Bench) -> None:
    scene = plan(bench)[0]
    pretend_drawn(scene)
    record = scene.video.with_suffix(".json")
    before = record.stat().st_mtime_ns
    assert scene.is_drawn
    assert record.stat().st_mtime_ns == before
    os.utime(record, (0, 0))
    assert scene.is_drawn
    assert record.stat().st_mtime_ns >= before


def test_looking_makes_no_speech(
    bench: Bench, vcalc: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.root)
    assert vcalc("cache")[0] == 0
    assert not (bench.root / ".vcalc" / "speech").exists()


# -- pruning ----------------------------------------------------------------------------------------------


def entry(name: str, size: int, days: float, is_current: bool = False) -> Entry:
    return Entry("scenes", (Path(name),), size, -days * DAY, is_current)


@pytest.mark.parametrize(
    ("keep_days", "max_size", "removed"),
    [
        (None, None, ["c", "b", "a"]),
        (7, None, ["c", "b"]),
        (None, 1000, []),
        (None, 250, ["c"]),
        (None, 100, ["c", "b", "a"]),  # what is in use stays, though it is more
        (25, 0, ["c"]),
    ],
)
def test_the_oldest_goes_first_and_nothing_in_use(
    keep_days: float | None, max_size: int | None, removed: list[str]
) -> None:
    found = [entry("a", 50, 1), entry("b", 50, 20), entry("c", 100, 30), entry("used", 150, 90, True)]
    assert [e.files[0].name for e in to_prune(found, keep_days, max_size, now=0.0)] == removed


def test_nothing_is_pruned_while_a_build_runs(bench: Bench) -> None:
    project = Project(bench.root)
    project.cache.mkdir()
    with (project.cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(WorkError, match="another vcalc works in this project"):
            prune(project, [])
    prune(project, [])


def test_a_build_holds_the_cache_until_its_process_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vcalc_anim.build import cache

    held: list[int] = []
    monkeypatch.setattr(cache, "_held", held)
    project = Project(bench.root)
    use_cache(project)
    with pytest.raises(WorkError, match="another vcalc works"):
        prune(project, [])
    os.close(held.pop())
    prune(project, [])


def test_the_command_shows_prunes_and_says_how_much(
    bench: Bench, vcalc: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.root)
    for scene in plan(bench):
        pretend_drawn(scene)
    bench.edit("py", "2 * RIGHT", "3 * RIGHT")
    code, out, _ = vcalc("cache", "--json")
    told = json.loads(out)
    assert code == 0
    scenes = next(row for row in told["kinds"] if row["kind"] == "scenes")
    assert (scenes["entries"], scenes["old_entries"]) == (3, 1)
    assert told["old_bytes"] == scenes["old_bytes"] > 0
    assert "old: not used" in vcalc("cache")[1]
    assert "1 entries" in vcalc("cache", "prune", "--dry-run")[1]
    assert "0 entries" in vcalc("cache", "prune", "--keep-days", "1")[1]
    removed = json.loads(vcalc("cache", "prune", "--json")[1])
    assert [Path(name).name.split("-")[0] for name in removed["removed"]] == ["sliding", "sliding"]
    assert len(bench.drawn_scenes()) == 2
    assert vcalc("cache", "prune")[1].startswith("0 entries of 0 bytes removed")


@pytest.mark.parametrize(
    ("text", "size"), [("2GB", 2 * 10**9), ("500 MB", 5 * 10**8), ("1.5g", 15 * 10**8), ("12", 12)]
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "2 parsecs"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--max-size"):
        parse_size(text)


def test_sizes_are_told_shortly() -> None:
    assert [told_size(n) for n in (0, 999, 1500, 2_340_000, 5 * 10**9)] == [
        "0 bytes",
        "999 bytes",
        "2 kB",
        "2.3 MB",
        "5.00 GB",
    ]
