"""The command line: one clear message for each slip, the right exit code, results apart from progress."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tiny_course import Bench

from vcalc_anim.cli import parse_settings
from vcalc_anim.errors import InputError

Vcalc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The tiny course, not built, as the working folder."""
    monkeypatch.chdir(bench.root)
    return bench


def untouched(bench: Bench) -> bool:
    """Whether nothing but the course is in the project's folder, speech apart."""
    found = {path.name for path in bench.root.iterdir()}
    cache = bench.root / ".vcalc"
    return found <= {"scenes", ".vcalc"} and {p.name for p in cache.glob("*")} <= {"speech", "lock"}


# -- wrong input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "ch05"), "the course has no chapter 'ch05'; there are: ch04-tiny"),
        (("build", "ch04-tyni"), "has no chapter 'ch04-tyni'; did you mean ch04-tiny? There are: ch04-tiny"),
        (("build", "--voice", "espaek"), "there is no voice 'espaek'; did you mean 'espeak'?"),
        (("clip", "ch04", "Stil"), "ch04-tiny has no scene 'Stil'; did you mean Still?"),
        (("clip", "9", "Still"), "the course has no chapter '9'"),
        (("clip", "ch04", "Growing", "--voice", "hal"), "there is no voice 'hal'"),
        (("clip", "ch04", "Growing", "--set", "steps"), "--set 'steps' is not of the form name=value"),
        (("clip", "ch04", "Growing", "--set", "=3"), "--set '=3' is not of the form name=value"),
        (("clip", "ch04", "Growing", "--set", "steps="), "--set 'steps=' is not of the form name=value"),
        (
            ("clip", "ch04", "Growing", "--set", "steps=1", "--set", "steps=2"),
            "--set gives 'steps' twice; give it once",
        ),
        (
            ("clip", "ch04", "Growing", "--set", "steps=-1"),
            "parameter 'steps' of scene Growing must be greater than or equal to 1, not '-1'",
        ),
        (
            ("clip", "ch04", "Growing", "--set", "steps=many"),
            "parameter 'steps' of scene Growing must be a valid integer",
        ),
        (("clip", "ch04", "Growing", "--set", "steps=2,3"), "parameter 'steps' of scene Growing"),
        (("clip", "ch04", "Growing", "--set", "speed=nan"), "parameter 'speed' of scene Growing"),
        (
            ("clip", "ch04", "Growing", "--set", "radius=2"),
            "scene Growing has no parameter 'radius'; it has: steps, speed",
        ),
        (
            ("clip", "ch04", "Still", "--set", "radius=2"),
            "scene Still has no parameter 'radius'; it has: none",
        ),
        (
            ("frame", "ch04", "Still", "a.png", "--at", "99"),
            "scene Still lasts 1.93 s: --at takes 0 to 1.90, not 99",
        ),
        (("frame", "ch04", "Still", "a.png", "--at", "-1"), "--at takes 0 to 1.90, not -1"),
        (("frame", "ch04", "Still", "a.png", "--at", "nan"), "--at takes 0 to 1.90, not nan"),
        (("frame", "ch04", "Still", "a.png", "--at", "inf"), "--at takes 0 to 1.90, not inf"),
        (
            ("frame", "ch04", "Still", "a.png", "--at", "1.9", "--count", "2"),
            "--at takes 0 to 1.86, not 1.9",
        ),
        (("frame", "ch04", "Still", "a.film"), "a.film cannot be written: its name has to end in .png"),
        (("frame", "ch04", "Nobody", "a.png"), "ch04-tiny has no scene 'Nobody'"),
        (("sheet", "ch04", "--out", "sheet"), "sheet cannot be written: its name has to end in .png"),
        (("sheet", "ch04", "Nobody"), "ch04-tiny has no scene 'Nobody'"),
        (("list", "ch77"), "the course has no chapter 'ch77'"),
    ],
)
def test_wrong_input_is_one_clear_message(
    here: Bench, vcalc: Vcalc, arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = vcalc(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("vcalc: ") and err.count("\n") == 1
    assert message in err
    assert untouched(here)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--quality", "4k"), ("--quality", "'4k'", "draft", "uhd")),
        (("build", "--jobs", "0"), ("--jobs", "greater than or equal to 1")),
        (("build", "--theme", "pink"), ("--theme", "dark", "light")),
        (("build", "--speed", "9"), ("No such option", "--speed")),
        (("clip", "ch04"), ("Missing argument", "scene")),
        (("frame", "ch04", "Still", "a.png", "--at", "soon"), ("--at", "valid number")),
        (("frame", "ch04", "Still", "a.png", "--count", "0"), ("--count", "1")),
        (("paint",), ("No such command", "paint")),
    ],
)
def test_wrong_usage_says_what_is_allowed(
    here: Bench, vcalc: Vcalc, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    code, out, err = vcalc(*arguments)
    assert (code, out) == (2, "")
    for word in words:
        assert word in err
    assert untouched(here)


@pytest.mark.parametrize(
    ("key", "old", "new", "where", "message"),
    [
        ("course", 'title = "A tiny', 'titel = "A tiny', "titel", 'did you mean "title"?'),
        ("course", '"ch04_tiny"', '"ch05_tiny"', "ch05_tiny", 'did you mean "ch04_tiny"?'),
        ("course", '"silent"', "silent", "name = silent", "not valid TOML"),
        ("course", "300", "3000", None, "3000 words a minute is no lecture; give 60 to 300"),
        ("course", "words_per_minute", "words_per_hour", None, "has no setting 'words_per_hour'"),
        ("script", "{steps=3}", "{steps=three}", "{steps=three}", "three"),
        ("script", '"Now it rests."', "-2", "rest = -2", "a silence of -2 seconds"),
        ("script", 'title = "Nothing moves"', 'titles = "No"', "titles", 'did you mean "title"?'),
        ("py", "dot.animate.shift(", "dot.animate.shift((", "shift((", "not valid Python"),
        ("py", 'self.line("rest")', 'self.line("arrest")', '"arrest"', "arrest"),
    ],
)
def test_a_slip_in_the_course_is_told_with_its_place(
    here: Bench, vcalc: Vcalc, key: str, old: str, new: str, where: str | None, message: str
) -> None:
    here.edit(key, old, new)
    code, out, err = vcalc("build", "--quality", "draft")
    assert (code, out) == (2, "")
    assert message in err and "Traceback" not in err
    assert all(line.startswith("vcalc: ") for line in err.splitlines())
    if where is not None:
        assert f"vcalc: {here.at(key, where)}: " in err
    assert untouched(here)


def test_without_a_course_the_way_to_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vcalc: Vcalc
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = vcalc("build")
    assert (code, out) == (2, "")
    assert err.startswith("vcalc: no course found") and "go into the project's folder first" in err
    assert list(tmp_path.iterdir()) == []


def test_the_course_is_found_from_a_folder_below(
    here: Bench, monkeypatch: pytest.MonkeyPatch, vcalc: Vcalc
) -> None:
    monkeypatch.chdir(here.root / "scenes")
    assert vcalc("list")[0] == 0


@pytest.mark.parametrize("command", [("build",), ("clip", "ch04", "Still")])
@pytest.mark.parametrize("out", ["course/dist", "/proc/vcalc"])
def test_an_output_folder_that_cannot_be_written_is_told_before_any_work(
    here: Bench, vcalc: Vcalc, command: tuple[str, ...], out: str
) -> None:
    (here.root / "scenes" / "plain").write_bytes(b"")
    folder = out.replace("course", "scenes/plain")
    code, told, err = vcalc(*command, "--out", folder)
    assert (code, told) == (1, "")
    assert err.startswith(f"vcalc: cannot write {folder}: ") and err.count("\n") == 1
    assert "choose another folder with --out" in err
    assert untouched(here)


@pytest.mark.parametrize(
    "command",
    [("frame", "ch04", "Still", "scenes/plain/a.png"), ("sheet", "ch04", "--out", "scenes/plain/a.png")],
)
def test_a_picture_that_cannot_be_written_is_told_before_any_work(
    here: Bench, vcalc: Vcalc, command: tuple[str, ...]
) -> None:
    (here.root / "scenes" / "plain").write_bytes(b"")
    code, out, err = vcalc(*command)
    assert (code, out) == (1, "")
    assert err.startswith("vcalc: cannot write scenes/plain") and err.count("\n") == 1


def test_a_flaw_of_the_program_is_a_message_with_its_place(
    here: Bench, vcalc: Vcalc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise KeyError("lost")

    monkeypatch.setattr("vcalc_anim.cli.list_voices", broken)
    code, out, err = vcalc("voices")
    assert (code, out) == (1, "")
    assert err.startswith("vcalc: unexpected KeyError in ") and "test_cli.py:" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("text", ["", "Unable to allocate 8.00 GiB"])
def test_want_of_memory_is_not_a_flaw_of_the_program(
    here: Bench, vcalc: Vcalc, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def greedy() -> None:
        raise MemoryError(text)

    monkeypatch.setattr("vcalc_anim.cli.list_voices", greedy)
    code, out, err = vcalc("voices")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("vcalc: there is not enough memory") and text in err
    assert "fewer --jobs" in err and "()" not in err and "report it" not in err


# -- scenes that fail ---------------------------------------------------------------------------------------


@pytest.mark.render
@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("2 * RIGHT", "2 / 0", 1, "scene Sliding fails: ZeroDivisionError: division by zero"),
        ("2 * RIGHT", "RIHGT", 1, "scene Sliding fails: NameError: name 'RIHGT' is not defined"),
        ("2 * RIGHT", "exit()", 1, "scene Sliding fails: SystemExit"),
        ("2 * RIGHT", "print('hello') or 2 / 0", 1, "scene Sliding fails: ZeroDivisionError"),
        ("SIZE = 0.5", "SIZE = 1 / 0", 2, "cannot be imported (ZeroDivisionError: division by zero)"),
        ("import RIGHT, Dot", "import RIGTH, Dot", 2, "cannot be imported (ImportError"),
    ],
)
def test_a_scene_that_fails_is_told_by_its_line(
    here: Bench, vcalc: Vcalc, old: str, new: str, code: int, message: str
) -> None:
    here.edit("py", old, new)
    ended, out, err = vcalc("frame", "ch04", "Sliding", "a.png")
    assert (ended, out) == (code, "")
    assert f"vcalc: {here.at('py', new)}: " in err and message in err
    assert "Traceback" not in err
    assert not (here.root / "a.png").exists()


@pytest.mark.render
def test_a_scene_that_fails_outside_its_own_lines_is_told_by_its_class(here: Bench, vcalc: Vcalc) -> None:
    here.edit("py", "class Still(LectureScene):", "class Still(LectureScene):\n    tear_down = 3\n")
    code, _, err = vcalc("frame", "ch04", "Still", "a.png", "--at", "1.9")
    assert code == 1
    assert f"vcalc: {here.at('py', 'class Still')}: scene Still fails: TypeError" in err


@pytest.mark.render
def test_a_class_that_is_no_lecture_scene_is_told(here: Bench, vcalc: Vcalc) -> None:
    here.edit("py", "class Still(LectureScene):", "class Still:")
    code, _, err = vcalc("frame", "ch04", "Still", "a.png")
    assert code == 2
    assert "Still is not a LectureScene: derive it from LectureScene" in err


# -- results ------------------------------------------------------------------------------------------------


@pytest.mark.render
def test_a_build_tells_results_on_standard_output_and_progress_on_standard_error(built: Bench) -> None:
    """Not at a terminal: plain lines, no colours, no bars."""
    built.edit("script", "Now it rests.", "Now it rests a bit.")
    process = built.start("build", "--quality", "draft", "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    told = json.loads(out)
    assert told["written"] == ["dist/lectures/ch04-tiny.mp4"]
    assert (told["drawn"], told["reused"], told["current"], told["problems"]) == (1, 2, [], [])
    drawn, _, checked = err.partition("\n")
    assert drawn == "drawn: ch04-tiny Still (34 frames)"
    assert "findings" in checked and "drawn" not in checked
    assert "\x1b" not in err


@pytest.mark.render
def test_what_a_scene_prints_does_not_spoil_the_results(built: Bench) -> None:
    built.edit(
        "py",
        'self.open(dot)\n        with self.line("slide")',
        "print('hello')\n        self.open(dot)\n        with self.line(\"slide\")",
    )
    process = built.start("build", "--quality", "draft", "--json")
    out, err = process.communicate(timeout=60)
    assert json.loads(out)["drawn"] == 1
    assert "hello" in err


@pytest.mark.render
def test_nothing_to_do_is_said(built: Bench, vcalc: Vcalc) -> None:
    code, out, err = vcalc("build", "--quality", "draft")
    assert (code, err) == (0, "")
    assert out == "dist/lectures/ch04-tiny.mp4 is up to date\nnothing to do\n"


@pytest.mark.render
def test_keep_going_tells_the_problems_and_fails(built: Bench, vcalc: Vcalc) -> None:
    built.edit("py", "2 * RIGHT", "2 / 0")
    code, out, err = vcalc("build", "--quality", "draft", "--keep-going", "--json")
    assert code == 1
    (problem,) = json.loads(out)["problems"]
    assert problem == f"{built.at('py', '2 / 0')}: scene Sliding fails: ZeroDivisionError: division by zero"
    assert f"vcalc: {problem}\n" in err


@pytest.mark.render
def test_a_clip_with_other_numbers_is_a_film_of_its_own(built: Bench, vcalc: Vcalc) -> None:
    common = ("clip", "ch04", "growing", "--quality", "draft")
    assert vcalc(*common)[0] == 0
    code, out, _ = vcalc(*common, "--set", "steps=5", "--voice", "silent")
    assert code == 0 and "ch04-tiny/growing-steps-5.mp4 written" in out
    code, out, _ = vcalc(*common, "--set", "steps=5", "--voice", "silent")
    assert (code, out) == (0, "dist/clips/ch04-tiny/growing-steps-5.mp4 is up to date\nnothing to do\n")
    assert vcalc(*common, "--shape", "square", "--theme", "light")[0] == 0
    clips = built.out / "clips" / "ch04-tiny"
    names = ("growing", "growing-steps-5", "growing-square-light")
    assert {path.name for path in clips.glob("*.mp4")} == {f"{name}.mp4" for name in names}
    assert len({(clips / f"{name}.mp4").read_bytes() for name in names}) == 3
    listed = {entry["path"] for entry in json.loads((built.out / "manifest.json").read_text())["files"]}
    assert {f"clips/ch04-tiny/{name}.en.vtt" for name in names} <= listed


def picture(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        opened.load()
        return opened


@pytest.mark.render
def test_a_frame_is_a_picture_of_the_scene_at_that_time(here: Bench, vcalc: Vcalc) -> None:
    for name, at in (("start.png", "0.5"), ("end.png", "1.4")):
        code, out, _ = vcalc("frame", "ch04", "Sliding", name, "--at", at)
        assert (code, out) == (0, f"{name}\n")
    start, end = (picture(here.root / name).convert("L") for name in ("start.png", "end.png"))
    assert start.size == end.size == (1920, 1080)
    middle = (930, 510, 990, 570)  # where the dot of radius 0.08 begins
    assert start.crop(middle).getextrema()[1] > 200
    assert end.crop(middle).getextrema()[1] < 100


@pytest.mark.render
def test_a_sheet_shows_every_lines_end(here: Bench, vcalc: Vcalc) -> None:
    code, out, _ = vcalc("sheet", "ch04", "Growing", "Still", "--out", "s.png", "--width", "320")
    assert (code, out) == (0, "s-growing.png\ns-still.png\n")
    assert picture(here.root / "s-still.png").size == (2 * 328, 180 + 30)


def test_chapters_and_scenes_are_listed(here: Bench, vcalc: Vcalc) -> None:
    code, out, err = vcalc("list", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {"chapter": "ch04-tiny", "title": "Tiny", "scenes": 3, "question": "How little is enough?"}
    ]
    scenes = json.loads(vcalc("list", "4", "--json")[1])
    assert [(row["scene"], row["lines"], row["parameters"]) for row in scenes] == [
        ("Growing", 1, "steps=3, speed=0.5"),
        ("Still", 1, ""),
        ("Sliding", 1, ""),
    ]
    assert "ch04-tiny" in vcalc("list")[1]


def test_voices_are_listed(vcalc: Vcalc) -> None:
    rows = json.loads(vcalc("voices", "--json")[1])
    assert {"espeak", "silent"} <= {row["voice"] for row in rows}


@pytest.mark.render
def test_the_doctor_finds_this_machine_well(vcalc: Vcalc) -> None:
    code, out, _ = vcalc("doctor", "--json")
    assert code == 0
    assert {row["state"] for row in json.loads(out)} == {"ok"}


@pytest.mark.render
def test_the_doctor_names_what_is_broken_and_fails(vcalc: Vcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise OSError("no such library")

    monkeypatch.setattr("vcalc_anim.build.doctor._voice", broken)
    code, out, err = vcalc("doctor", "--json")
    assert code == 1 and err.startswith("vcalc: something is broken")
    (row,) = [row for row in json.loads(out) if row["state"] == "BROKEN"]
    assert row["check"] == "espeak voice"
    assert "no such library" in row["detail"] and "./scripts/build" in row["detail"]


@pytest.mark.parametrize("command", ["", "build", "clip", "frame", "sheet", "list", "voices", "doctor"])
def test_every_command_explains_itself(vcalc: Vcalc, command: str) -> None:
    code, out, _ = vcalc(*filter(None, [command]), "--help")
    assert code == 0 and "Usage" in out


def test_a_closed_pipe_is_no_failure_to_shout_about(here: Bench) -> None:
    """As in ``vcalc list | head -0``."""
    process = here.start("list", "--json")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.wait()
    process.stderr.close()


@pytest.mark.render
def test_on_a_terminal_there_are_bars(built: Bench) -> None:
    built.edit("script", "Now it rests.", "Now it rests a bit.")
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from vcalc_anim.cli import main; main()", "build", "--quality", "draft"],
        cwd=built.root,
        stdout=subprocess.DEVNULL,
        stderr=child,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONWARNINGS": "ignore"},
    )
    os.close(child)
    shown = b""
    try:
        while block := os.read(parent, 65536):
            shown += block
    except OSError:  # Linux ends a terminal this way
        pass
    os.close(parent)
    assert process.wait(60) == 0
    assert "drawing" in shown.decode() and "34/34" in shown.decode()


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        ([], {}),
        (["alpha=0.5"], {"alpha": "0.5"}),
        (["start=3, 2", "name = a=b"], {"start": ["3", "2"], "name": "a=b"}),
    ],
)
def test_settings_are_names_and_values(settings: list[str], values: dict[str, object]) -> None:
    assert parse_settings(settings) == values


@pytest.mark.parametrize("setting", ["", "=", "a", "a=", "1a=2", "a b=2", "--a=2"])
def test_other_settings_are_refused(setting: str) -> None:
    with pytest.raises(InputError, match="name=value"):
        parse_settings([setting])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "--theme", "blue"], "Invalid value for '--theme': 'blue' is not one of 'dark', 'light'"),
        (["build", "--jobs", "0"], "Invalid value for '--jobs': it should be greater than or equal to 1"),
        (["clip"], "Missing argument 'chapter'"),
        (["biuld"], "No such command 'biuld'"),
        (["publish", "clips", "--fast"], "No such option: --fast"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(
    vcalc: Callable[..., tuple[int, str, str]], arguments: list[str], said: str
) -> None:
    code, out, err = vcalc(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"vcalc: {said}") and err.rstrip().endswith("--help") and err.count("\n") == 1
