"""Scenes and loops of a small course as clips: asked for, made once, kept, shown on a page, checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from tiny_course import Bench, write_project

from vcalc_anim.build.manifest import Entry
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.check.clip_files import pictures
from vcalc_anim.check.inventory import check_output
from vcalc_anim.errors import InputError
from vcalc_anim.outlets.clips.formats import PUBLISHED, TRANSPARENT, Choice, parse_formats
from vcalc_anim.outlets.clips.page import cards, page
from vcalc_anim.outlets.clips.publish import publish_clips
from vcalc_anim.outlets.production import Production

Vcalc = Callable[..., tuple[int, str, str]]

LOOPS = """

class Round(LoopScene):
    def construct(self):
        dot = Dot(point=2 * RIGHT)
        self.open(dot)
        with self.once_around() as line:
            self.play(Rotate(dot, angle=2 * PI, about_point=ORIGIN), run_time=line.left)


class Away(LoopScene):
    def construct(self):
        dot = Dot()
        self.open(dot)
        with self.once_around() as line:
            self.play(dot.animate.shift(2 * RIGHT), run_time=line.left)
"""


def with_loops(bench: Bench, *names: str) -> Bench:
    listed = ", ".join(f'{{ name = "{name}", seconds = 1 }}' for name in names)
    bench.edit("script", 'title = "A dot slides"\n', f'title = "A dot slides"\nloop = [{listed}]\n')
    bench.edit("py", "from manim import RIGHT, Dot\n", "from manim import ORIGIN, PI, RIGHT, Dot, Rotate\n")
    bench.edit("py", "import LectureScene, SceneParams", "import LectureScene, LoopScene, SceneParams")
    path = bench.path("py")
    path.write_text(path.read_text(encoding="utf-8") + LOOPS, encoding="utf-8")
    return bench


@pytest.mark.parametrize(
    ("names", "options", "choice"),
    [
        (["mp4,gif", "webm"], {}, Choice(("mp4", "gif", "webm"))),
        (["mp4", "alpha", "prores"], {}, Choice(("mp4",), ("webm", "mov"))),
        (["webm", "poster"], {"transparent": True}, Choice((), ("webm", "poster"))),
        (["gif", "gif"], {"width": 480}, Choice(("gif",), (), 480)),
    ],
)
def test_formats_are_asked_for_by_name(names: list[str], options: dict[str, object], choice: Choice) -> None:
    assert parse_formats(names, **options) == choice  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (["avi"], {}, "there is no format 'avi' of clips; there are mp4, silent, webm"),
        ([""], {}, "there is no format ''"),
        (
            ["gif"],
            {"transparent": True},
            "gif cannot hold a transparent background; these can: webm, mov, poster",
        ),
        (["mp4"], {"transparent": True}, "mp4 cannot hold a transparent background"),
        (["silent"], {"width": 640}, "silent has the size of --quality"),
    ],
)
def test_formats_that_cannot_be_are_refused(
    names: list[str], options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        parse_formats(names, **options)  # type: ignore[arg-type]


@pytest.fixture
def here(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The tiny course, not built yet, with its root as the working folder."""
    monkeypatch.chdir(bench.root)
    return bench


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Still", "--loop"), "scene Still has no loop"),
        (("Still", "--format", "avi"), "there is no format 'avi' of clips"),
        (("Still", "--format", "gif", "--background", "transparent"), "gif cannot hold a transparent"),
        (("Still", "--shape", "round"), "Invalid value"),
        (("Still", "--theme", "blue"), "Invalid value"),
        (("Still", "--width", "3"), "Invalid value"),
    ],
)
def test_wrong_wishes_are_told_before_any_work(
    here: Bench, vcalc: Vcalc, arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = vcalc("clip", "ch04", *arguments)
    assert (code, out) == (2, "") and message in err
    assert not here.out.exists() and not here.cache.exists()


def published(root: Path) -> None:
    bench = with_loops(write_project(root), "Round")
    production = Production(Project(bench.root), QUALITIES["draft"], bench.out, jobs=2)
    publish_clips(production, [], Choice(PUBLISHED, TRANSPARENT))


@pytest.fixture(scope="module")
def course(shared: Callable[[str, Callable[[Path], object]], Path]) -> Bench:
    """The tiny course with one loop, published; only to be looked at."""
    return Bench(shared("clips", published))


@pytest.mark.render
def test_every_scene_and_loop_comes_in_every_format(course: Bench) -> None:
    made = {name.removeprefix("clips/ch04-tiny/") for name in course.files() if "clips/" in name}
    scene = {".mp4", ".en.srt", ".en.vtt", "-silent.mp4", ".webm", ".gif", ".png"}
    loop = {".mp4", ".webm", ".gif", ".png"}
    clear = {"-transparent.webm", "-transparent.mov", "-transparent.png"}
    wanted = {f"{name}{end}" for name in ("growing", "still", "sliding") for end in scene | clear}
    wanted |= {f"round{end}" for end in loop | clear} | {"clips/index.html"}
    assert made == wanted
    assert course.parts() == []


@pytest.mark.render
def test_published_clips_keep_their_rules(course: Bench) -> None:
    assert check_output(course.out) == []


@pytest.mark.render
def test_a_transparent_clip_has_no_curtain(course: Bench) -> None:
    folder = course.out / "clips" / "ch04-tiny"
    first, *_, last = pictures(folder / "still-transparent.webm")
    assert first[..., 3].max() >= 250 and last[..., 3].max() >= 250, "nothing fades at either end"
    assert first[2, 2, 3] == 0


@pytest.mark.render
def test_nothing_is_made_twice_and_what_is_lost_is_made_again(course: Bench) -> None:
    production = Production(Project(course.root), QUALITIES["draft"], course.out, jobs=2)
    choice = Choice(PUBLISHED, TRANSPARENT)
    before = course.files()
    assert publish_clips(production, [], choice).written == ()
    lost = course.out / "clips" / "ch04-tiny" / "round.gif"
    lost.unlink()
    assert publish_clips(production, [], choice).written[:1] == (lost,)
    after = course.files()
    assert {name for name in before if before[name] != after[name]} <= {"manifest.json"}


@pytest.mark.render
def test_a_loop_that_does_not_close_leaves_no_file(here: Bench, vcalc: Vcalc) -> None:
    with_loops(here, "Away")
    code, _, err = vcalc(
        "clip", "ch04", "Sliding", "--loop", "--quality", "draft", "--format", "mp4,gif,webm"
    )
    place = here.at("script", '"Away"')
    assert code == 1 and f"vcalc: {place}: loop Away of scene Sliding does not close: " in err
    assert here.parts() == [] and not list(here.out.rglob("away*")) and here.drawn_scenes() == set()


@pytest.mark.render
def test_a_clip_is_as_wide_as_wished(here: Bench, vcalc: Vcalc) -> None:
    code, out, _ = vcalc(
        "clip", "ch04", "Still", "--quality", "draft", "--format", "poster,webm", "--width", "320"
    )
    assert code == 0
    names = ["dist/clips/ch04-tiny/still-320px.png", "dist/clips/ch04-tiny/still-320px.webm"]
    assert sorted(line.removesuffix(" written") for line in out.splitlines()) == names
    shown = next(pictures(Path(names[1])))
    assert shown.shape == (180, 320, 4) and np.ptp(shown[..., 0]) > 50


class Reader(HTMLParser):
    """Links, and buttons without a name."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.chapters: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [
            found[name] or "" for name in ("href", "src", "data-film", "data-path") if name in found
        ]
        if tag == "img":
            assert found.get("alt") and found.get("loading") == "lazy"
        if tag == "section":
            self.chapters.add(found["data-chapter"] or "")


@pytest.mark.render
def test_the_page_names_files_that_are_there_and_nothing_else(course: Bench) -> None:
    reader = Reader()
    path = course.out / "clips" / "index.html"
    reader.feed(path.read_text(encoding="utf-8"))
    assert reader.chapters == {"ch04-tiny"}
    files = {link for link in reader.links if not link.startswith("#")}
    assert files and all((path.parent / link).is_file() for link in files)
    listed = {entry["path"] for entry in json.loads((course.out / "manifest.json").read_text())["files"]}
    clips = {name.removeprefix("clips/") for name in listed if re.search(r"\.(mp4|webm|gif|mov|png)$", name)}
    assert clips == files


def test_the_page_has_cards_in_order_and_escapes_what_it_shows(bench: Bench) -> None:
    with_loops(bench, "Round")
    bench.edit("script", "A dot grows", "A <dot> & more")
    course = Project(bench.root).course

    def entry(name: str, kind: str) -> Entry:
        return Entry(f"clips/ch04-tiny/{name}", kind, "ch04-tiny", "", "", 1_234_567, None, 2.0, 30, 854, 480)

    names = [
        "round.mp4",
        "sliding.mp4",
        "growing-light.webm",
        "growing.webm",
        "growing.png",
        "growing.en.vtt",
    ]
    made = cards(course, [entry(name, "clip") for name in names])
    assert [card.label for card in made] == ["Growing", "Growing · light", "Sliding", "Round"]
    text = page(course, made)
    assert "A &lt;dot&gt; &amp; more" in text and "<dot>" not in text and "1.2 MB" in text
