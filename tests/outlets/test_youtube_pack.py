"""The pack of a tiny course: made whole, kept while it is current, and found good by its gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.outlets.test_youtube_texts import VIDEO
from tests.tiny_course import Bench
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.check.inventory import check_output
from vcalc_anim.check.youtube_files import check_packs
from vcalc_anim.errors import InputError
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.youtube.publish import publish_youtube

pytestmark = pytest.mark.render
SMALL = Quality("small", 180, 10)
TEXTS = {"title.txt", "description.txt", "tags.txt"}
LONG = {"It takes {steps=3}three steps.", "Now it rests.", "And off it goes."}


def prepare(bench: Bench) -> Production:
    """The tiny course, told slowly enough for chapters of ten seconds."""
    bench.edit("script", '[[scene]]\nname = "Growing"', VIDEO + '[[scene]]\nname = "Growing"')
    for words in LONG:
        bench.edit("script", f'"{words}"', f'{{ say = "{words}", rest = 11 }}')
    return Production(Project(bench.root), SMALL, bench.out, jobs=2)


def test_a_pack_is_whole_and_stays_while_nothing_changes(bench: Bench) -> None:
    first = publish_youtube(prepare(bench), [])
    folder = bench.out / "youtube" / "ch04-tiny"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    films = {"video.mp4", "video.en.srt", "video.en.vtt"}
    assert names == TEXTS | films | {"thumbnail.png"} | {f"short/{name}" for name in TEXTS | films}
    assert check_packs(bench.out) == []
    assert check_output(bench.out) == []

    entries = Manifest(bench.out).entries
    lecture, video = (entries[name] for name in ("lectures/ch04-tiny.mp4", "youtube/ch04-tiny/video.mp4"))
    assert video.frames is not None and lecture.frames is not None
    assert video.frames - lecture.frames == 120  # twelve seconds
    assert entries["youtube/ch04-tiny/short/video.mp4"].height == 320

    before = bench.files()
    second = publish_youtube(Production(Project(bench.root), SMALL, bench.out, jobs=2), [])
    assert second.written == () and len(second.current) == len(first.written)
    assert bench.files() == before

    # another tag: texts alone
    bench.edit("script", 'tags = ["dots"]', 'tags = ["points"]')
    third = publish_youtube(Production(Project(bench.root), SMALL, bench.out, jobs=2), [])
    assert {path.name for path in third.written} <= TEXTS
    _a_gap_is_found(bench, folder)


def test_the_course_as_one_film_has_a_pack_of_its_own(bench: Bench) -> None:
    production = prepare(bench)
    for suffix in (".toml", ".py"):
        first = bench.root / "scenes" / f"ch04_tiny{suffix}"
        first.with_name(f"ch05_second{suffix}").write_bytes(first.read_bytes())
    bench.edit("course", 'lectures = ["ch04_tiny"]', 'lectures = ["ch04_tiny", "ch05_second"]')
    publish_youtube(production, [])
    folder = bench.out / "youtube" / "course"
    names = {path.name for path in folder.iterdir()}
    assert names == {*TEXTS, "video.mp4", "video.en.srt", "video.en.vtt", "thumbnail.png"}
    assert check_packs(bench.out) == []
    assert check_output(bench.out) == []
    description = (folder / "description.txt").read_text(encoding="utf-8")
    assert "0:00 4 Tiny" in description and " 5 Tiny" in description
    playlist = json.loads((bench.out / "youtube" / "playlist.json").read_text(encoding="utf-8"))
    assert all((bench.out / "youtube" / film["video"]).is_file() for film in playlist["films"])


def _a_gap_is_found(bench: Bench, folder: Path) -> None:
    (folder / "description.txt").write_text("0:00 All of it\n", encoding="utf-8")
    assert {finding.rule for finding in check_packs(bench.out)} == {"youtube.marks"}
    manifest = bench.out / "manifest.json"
    stored = json.loads(manifest.read_text(encoding="utf-8"))
    stored["files"] = [
        item for item in stored["files"] if not item["path"].endswith("ch04-tiny/thumbnail.png")
    ]
    manifest.write_text(json.dumps(stored), encoding="utf-8")
    assert "youtube.missing" in {finding.rule for finding in check_packs(bench.out)}


def test_nothing_is_drawn_for_a_script_that_youtube_refuses(bench: Bench) -> None:
    production = prepare(bench)
    bench.edit("script", 'question = "How little is enough?"', 'question = "Is a > b?"')
    with pytest.raises(InputError, match="which YouTube refuses"):
        publish_youtube(production, [])
    assert not bench.out.exists() and not bench.cache.exists()


def test_a_film_too_short_for_chapters_is_refused(bench: Bench) -> None:
    bench.edit("script", '[[scene]]\nname = "Growing"', VIDEO + '[[scene]]\nname = "Growing"')
    production = Production(Project(bench.root), SMALL, bench.out)
    with pytest.raises(InputError, match="the chapters of the film"):
        publish_youtube(production, [])
