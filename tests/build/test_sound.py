"""Coded sound: kept scene by scene, made again only where it is heard otherwise."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tiny_course import Bench

from vcalc_anim.build import sound
from vcalc_anim.build.aac import AAC_FRAME
from vcalc_anim.build.cache import current_files, entries
from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.plan import PlannedScene, plan_lecture
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.build.sound import KeptSound, coded_sound
from vcalc_anim.build.sources import sound_code
from vcalc_anim.voice import SAMPLE_RATE


def plan(bench: Bench) -> tuple[PlannedScene, ...]:
    """The scenes of the tiny course as a draft, spoken."""
    project = Project(bench.root)
    lecture = project.course.lectures[0]
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache)
    return plan_lecture(narrated, QUALITIES["draft"], "dark", project.scene_cache).scenes


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """With a voice that is heard."""
    bench.edit("course", 'name = "silent"\nwords_per_minute = 300', 'name = "espeak"')
    return bench


@pytest.fixture
def kept(bench: Bench) -> KeptSound:
    return KeptSound(Project(bench.root).sound_cache, sound_code())


def say_later(bench: Bench) -> None:
    """The second scene lasts longer. (Another word would change the loudness of so short a course.)"""
    bench.edit("script", 'rest = "Now it rests."', 'wait = 0.4\nrest = "Now it rests."')
    bench.edit(
        "py",
        'self.line("rest"):\n',
        'self.line("wait"):\n            pass\n        with self.line("rest"):\n',
    )


def files(kept: KeptSound) -> set[Path]:
    return set(kept.folder.iterdir())


def test_a_film_has_so_many_packets_as_its_pictures_last(bench: Bench) -> None:
    scenes = plan(bench)
    for some in (scenes, scenes[:1], scenes[1:]):
        seconds = sum(scene.frames for scene in some) / 15
        assert len(coded_sound(some)) == math.ceil(round(seconds * SAMPLE_RATE) / AAC_FRAME)


def test_what_is_kept_is_what_is_made(bench: Bench, kept: KeptSound, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = plan(bench)
    made = kept.coded(scenes)
    assert made == coded_sound(scenes)
    assert len(files(kept)) == 1 + len(scenes)
    monkeypatch.setattr(sound, "master", lambda *_, **__: pytest.fail("mastered again"))
    monkeypatch.setattr(sound, "twin_packets", lambda _: pytest.fail("coded again"))
    assert kept.coded(scenes) == made


def test_a_line_that_is_heard_otherwise_is_coded_with_its_scene_alone(bench: Bench, kept: KeptSound) -> None:
    before = plan(bench)
    kept.coded(before)
    had = files(kept)
    say_later(bench)
    after = plan(bench)
    assert after[1].frames != before[1].frames  # so that what follows begins elsewhere
    packets = kept.coded(after)
    assert sorted(file.suffix for file in files(kept) - had) == [".aac", ".pieces"]
    assert packets == coded_sound(after)
    assert len(packets) > len(kept.coded(before))


def test_altered_sound_is_told_and_made_again(
    bench: Bench, kept: KeptSound, caplog: pytest.LogCaptureFixture
) -> None:
    scenes = plan(bench)
    made = kept.coded(scenes)
    for file in files(kept):
        file.write_bytes(file.read_bytes()[:-1])
    assert kept.coded(scenes) == made
    assert "coded sound was altered or cut off in the cache" in caplog.text


def test_the_cache_knows_the_sound_that_the_course_uses(bench: Bench, kept: KeptSound) -> None:
    kept.coded(plan(bench))
    say_later(bench)
    kept.coded(plan(bench))
    project = Project(bench.root)
    found = [entry for entry in entries(project, current_files(project)) if entry.kind == "sound"]
    old = [entry.files[0].suffix for entry in found if not entry.is_current]
    assert sorted(old) == [".aac", ".pieces"]
    assert len(found) == 2 + 1 + len(plan(bench))
