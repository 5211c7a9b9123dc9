"""A right course loads whole; a wrong one says where, why and how to mend it, all at once."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from vcalc_anim.course import load_course, load_lecture
from vcalc_anim.errors import InputError


def test_a_right_course_loads_whole(desk: Any) -> None:
    course = load_course(Path("scenes"))
    lecture = course.lectures[0]
    compass = lecture.scene("Compass")
    peak = compass.lines["peak"]

    assert (course.title, course.language, course.authors) == ("Vector Calculus", "en", ("A. Lecturer",))
    assert (course.voice.name, course.voice.settings) == ("espeak", {"rate": 150})
    assert course.pronunciation == {"Hessian": "hess ee un"}
    assert (lecture.number, lecture.slug) == (4, "ch04-gradient")
    assert lecture.script == Path("scenes/ch04_gradient.toml")
    assert lecture.choreography == Path("scenes/ch04_gradient.py")
    assert list(compass.lines) == ["turn", "peak", "guess", "level"]
    assert compass.params == {"alpha": 0.15}
    assert peak.caption == "It rises to ten, the vector (6, 8), knew."
    assert peak.spoken == ("It", "rises", "to", "ten,", "the", "vector", "six eight,", "knew.")
    assert (peak.cues["top"].word, peak.cues["top"].claim, peak.cues["knew"].word) == (3, 10.0, 7)
    assert (peak.rest, peak.silence) == (0.4, None)
    assert (compass.lines["guess"].silence, compass.lines["guess"].words) == (3.0, ())
    assert compass.lines["level"].rest == 1.5
    assert f"{peak.file.as_posix()}:{peak.line}" == desk.at("script", "peak =")
    question = lecture.quiz[0]
    assert (question.scene, question.right.text) == ("Quiz", "(6, 8)")
    assert [option.fails for option in question.options] == [False, True]


def test_a_lecture_survives_the_way_to_a_worker(desk: Any) -> None:
    lecture = load_lecture(Path("scenes/ch04_gradient.toml"))
    assert pickle.loads(pickle.dumps(lecture)) == lecture


@pytest.mark.parametrize("key", ["ch04", "4", "04", "ch04-gradient", "ch04_gradient", "CH04"])
def test_a_lecture_answers_to_all_its_names(desk: Any, key: str) -> None:
    assert load_course(Path("scenes")).lecture(key).number == 4


def test_an_unknown_chapter_names_the_nearest_and_all(desk: Any) -> None:
    with pytest.raises(
        InputError, match=r"no chapter 'ch04-gradeint'; did you mean ch04-gradient\? There are: ch04"
    ):
        load_course(Path("scenes")).lecture("ch04-gradeint")


def test_files_are_shown_relative_to_the_working_folder(desk: Any) -> None:
    desk.edit("script", "guess = 3", "guess = 0")
    with pytest.raises(InputError) as caught:
        load_course(desk.folder.resolve())
    assert str(caught.value).startswith("scenes/ch04_gradient.toml:")


def test_every_problem_of_every_file_is_listed_at_once_in_order(desk: Any) -> None:
    desk.edit("course", 'licence = "CC BY 4.0"', "licence = 4")
    desk.edit("script", "guess = 3", "guess = 0")
    desk.edit("script", '"See the slope"', "7")
    desk.edit("script", "fails = true", "fials = true")
    desk.edit("py", 'line.until("top")', "line.until(top)")
    desk.edit("py", 'with self.line("ask")', 'with self.line("aks")')
    found = desk.complaints()
    files = [text.split(":")[0].removeprefix("scenes/") for text in found]
    lines = [int(text.split(":")[1]) for text in found]
    assert set(files) == {"course.toml", "ch04_gradient.toml", "ch04_gradient.py"}
    assert list(zip(files, lines, strict=True)) == sorted(zip(files, lines, strict=True))
    for part in (
        "licence",
        "silence of 0",
        "entry 1 of",
        '"fials"',
        "name as a string",
        '"aks"',
        "shown failing",
    ):
        assert any(part in text for text in found), (part, found)
    assert len(found) == 7


# Each row: the file and the edit that spoils it, the file and text where the message stands, and what it says.
SPOILED = {
    "unknown scene class": (
        ("script", 'name = "Compass"', 'name = "Compas"'),
        ("script", "[[scene]]"),
        ["scene Compas has no class in ch04_gradient.py", "did you mean Compass (line 4)?"],
    ),
    "class without scene": (
        ("py", "class Quiz(", ("class Extra(LectureScene):\n    def construct(self):\n"
         '        with self.line("x"):\n            pass\n\n\nclass Quiz(')),
        ("py", "class Extra"),
        ["class Extra plays lines", 'add [[scene]] with name = "Extra"'],
    ),
    "line not asked for": (
        ("script", 'turn = "Turn slowly."', 'turn = "Turn slowly."\nextra = "More."'),
        ("script", "extra ="),
        ['line "extra" of scene Compass is never asked for in ch04_gradient.py', 'self.line("extra")'],
    ),
    "line not written": (
        ("py", "with self.line(\"level\"):", 'with self.line("zzz"):\n            pass\n        with self.line("level"):'),
        ("py", "zzz"),
        ['scene Compass asks for line "zzz", which ch04_gradient.toml does not have', "there are: turn, peak"],
    ),
    "line misspelt": (
        ("py", 'self.line("turn")', 'self.line("trun")'),
        ("py", "trun"),
        ['asks for line "trun"', 'did you mean "turn" (ch04_gradient.toml:11)?'],
    ),
    "line asked for twice": (
        ("py", "            self.ring()", '            self.ring()\n        with self.line("guess"):  # again\n            pass'),
        ("py", "# again"),
        ['line "guess" of scene Compass is asked for twice (first in line 13)', "join the two blocks"],
    ),
    "line name not written out": (
        ("py", 'self.line("ask")', "self.line(name)"),
        ("py", "self.line(name)"),
        ["scene Quiz gives self.line name for the name of a line", "write the name as a string"],
    ),
    "unknown cue": (
        ("py", 'line.until("knew")', 'line.until("knew") + line.at("zzz")'),
        ("py", "zzz"),
        ['line "peak" of scene Compass has no cue {zzz}', "mark it before its word in ch04_gradient.toml:12"],
    ),
    "cue misspelt": (
        ("py", 'line.until("knew")', 'line.until("kenw")'),
        ("py", "kenw"),
        ["has no cue {kenw}", "did you mean {knew} (ch04_gradient.toml:12)?"],
    ),
    "cue never used": (
        ("script", '"Turn slowly."', '"Turn {slow}slowly."'),
        ("script", "{slow}"),
        ['line "turn" of scene Compass marks cue {slow}', "(ch04_gradient.py:8)", 'line.until("slow")'],
    ),
    "cue of another line": (
        ("py", "run_time=line.duration", 'run_time=line.until("top")'),
        ("py", 'line.until("top")'),
        ['line "turn" of scene Compass has no cue {top}', 'marked in line "peak" (ch04_gradient.toml:12)'],
    ),
    "cue marked twice": (
        ("script", "{knew}knew.", "{knew}knew {knew}all."),
        ("script", "peak ="),
        ['line "peak" of scene Compass marks cue {knew} twice; give the second one another name'],
    ),
    "cue at the end": (
        ("script", "{knew}knew.", "knew. {knew}"),
        ("script", "peak ="),
        ['line "peak" of scene Compass ends with cue {knew} and no word after it', "before its word"],
    ),
    "empty line": (
        ("script", '"Turn slowly."', '"  "'),
        ("script", "turn ="),
        ['line "turn" of scene Compass has no words', "a number of seconds for a silence"],
    ),
    "brace not closed": (
        ("script", '"Turn slowly."', '"Turn {slowly."'),
        ("script", "turn ="),
        ['line "turn" of scene Compass has a { without its }', "close the cue"],
    ),
    "scene twice": (
        ("script", "[[quiz]]", '[[scene]]  # again\nname = "Quiz"\ntitle = "b"\nlines.ask = "B"\n[[quiz]]'),
        ("script", "# again"),
        ["scene Quiz is there twice (first in line 16)", "give it another name"],
    ),
    "no right option": (
        ("script", 'right = true\nwhy = "Both partial derivatives."', 'misconception = "None."'),
        ("script", "[[quiz]]"),
        ['quiz "gradient-at-a-point" has no right option', "add right = true"],
    ),
    "two right options": (
        (
            "script",
            'misconception = "That is the point."',
            'right = true  # too\nwhy = "So."\n[[quiz.options]]\ntext = "c"\nmisconception = "No."',
        ),
        ("script", "# too"),
        ["has 2 right options", "only one"],
    ),
    "right option fails": (
        ("script", 'why = "Both', 'fails = true  # no\nwhy = "Both'),
        ("script", "# no"),
        ["option 1", "right and shown failing"],
    ),
    "two options fail": (
        (
            "script",
            'text = "(3, 2)"',
            'text = "c"\nmisconception = "No."\nfails = true\n[[quiz.options]]\ntext = "(3, 2)"',
        ),
        ("script", "fails = true", 2),
        ["more than one option failing", "leave fails = true on only one"],
    ),
    "equal options": (
        ("script", 'text = "(3, 2)"', 'text = "(6,  8)"'),
        ("script", "(6,  8)"),
        ["options 1 and 2", "are the same; change one"],
    ),
    "quiz scene unknown": (
        ("script", 'scene = "Quiz"', 'scene = "Quizz"'),
        ("script", "Quizz"),
        ['names scene "Quizz", which the lecture does not have', "did you mean Quiz?"],
    ),
    "scene without failing option": (
        ("script", "fails = true\n", ""),
        ("script", 'scene = "Quiz"'),
        ["no option that is shown failing", "add fails = true"],
    ),
    "wrong type": (
        ("script", 'title = "Your turn"', "title = 3"),
        ("script", "title = 3"),
        ['"title" of scene Quiz should be text in quotes, but is the number 3', 'write "3"'],
    ),
    "wrong type of a line": (
        ("script", '"What is it?"', "true"),
        ("script", "ask ="),
        ['line "ask" of scene Quiz should be text, a number of seconds', "but is true"],
    ),
    "unknown key": (
        ("script", "objectives =", "objektives ="),
        ("script", "objektives"),
        ['the lecture has an unknown key "objektives"', 'did you mean "objectives"?'],
    ),
    "unknown key in a line": (
        ("script", "rest = 1.5", "rest = 1.5, pause = 2"),
        ("script", "pause"),
        ['line "level" of scene Compass has an unknown key "pause"', "the keys here are: say, rest"],
    ),
    "missing key": (
        ("script", 'title = "Your turn"\n', ""),
        ("script", "[[scene]]", 2),
        ['scene Quiz has no "title"; add title = "…"'],
    ),
    "one scene in single brackets": (
        ("script", "[[quiz]]", "[quiz]"),
        ("script", "[quiz]"),
        ['"quiz" of the lecture is one table', "write [[quiz]]"],
    ),
    "negative rest": (
        ("script", "rest = 1.5", "rest = -1.5"),
        ("script", "rest"),
        ['"rest" of line "level" of scene Compass is -1.5', "0 or more"],
    ),
    "endless rest": (
        ("script", "rest = 1.5", "rest = inf"),
        ("script", "rest"),
        ["is inf", "number of seconds"],
    ),
    "silence of nothing": (
        ("script", "guess = 3", "guess = -3"),
        ("script", "guess"),
        ['line "guess" of scene Compass is a silence of -3 seconds', "a number above 0"],
    ),
    "endless silence": (
        ("script", "guess = 3", "guess = nan"),
        ("script", "guess"),
        ["silence of nan seconds", "a number above 0"],
    ),
    "unlisted script": (
        ("course", '"ch04_gradient"', '"ch04_gradeint"'),
        ("course", "lectures"),
        ['lecture "ch04_gradeint" has no script ch04_gradeint.toml', 'did you mean "ch04_gradient"?'],
    ),
    "lecture listed twice": (
        ("course", '"ch04_gradient"', '"ch04_gradient", "ch04_gradient"'),
        ("course", "lectures"),
        ['lecture "ch04_gradient" is listed twice; remove one'],
    ),
    "syntax error in the choreography": (
        ("py", "class Quiz(LectureScene):", "class Quiz(LectureScene:"),
        ("py", "class Quiz"),
        ["not valid Python", "the cause may stand just above"],
    ),
    "key twice": (
        ("script", "guess = 3", "guess = 3\nguess = 4"),
        ("script", "guess = 4"),
        ['line "guess" of scene Compass: the line is there twice (first in line 13)', "another name"],
    ),
    "not TOML": (
        ("script", "guess = 3", "guess = three"),
        ("script", "guess"),
        ["not valid TOML: invalid value", "put text in quotes"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_slip_is_told_with_place_cause_and_mend(desk: Any, name: str) -> None:
    edit, place, parts = SPOILED[name]
    desk.edit(*edit)
    complaint = desk.complaint()
    assert complaint.startswith(f"{desk.at(*place)}: "), complaint
    for part in parts:
        assert part in complaint


def test_lines_in_another_order_than_spoken_are_a_problem(desk: Any) -> None:
    desk.edit("script", 'turn = "Turn slowly."\n', "")
    desk.edit("script", "guess = 3", 'guess = 3\nturn = "Turn slowly."')
    assert desk.complaint().startswith(desk.at("py", 'self.line("peak")'))
    assert "in the same order" in desk.complaint()


def test_fewer_than_two_options_is_a_problem(desk: Any) -> None:
    text = desk.path("script").read_text(encoding="utf-8")
    head, _, _ = text.rpartition("[[quiz.options]]")
    desk.path("script").write_text(head.replace('scene = "Quiz"\n', ""), encoding="utf-8")
    assert "has 1 of at least 2 entries; add [[quiz.options]]" in desk.complaint()


def test_a_file_that_is_not_utf8_names_the_byte_and_its_line(desk: Any) -> None:
    data = desk.path("script").read_bytes().replace(b"Turn slowly", b"Turn \xe9 slowly")
    desk.path("script").write_bytes(data)
    place = f"scenes/ch04_gradient.toml:{data[: data.index(0xE9)].count(10) + 1}:"
    assert desk.complaint().startswith(place)
    assert f"byte {data.index(0xE9)} (0xe9) is not UTF-8; save the file" in desk.complaint()


def test_the_byte_is_counted_from_the_start_of_the_file(desk: Any) -> None:
    desk.path("script").write_bytes(b"\xef\xbb\xbfa\n\xff")
    assert desk.complaint().startswith("scenes/ch04_gradient.toml:2: byte 5 (0xff)")


def test_a_byte_order_mark_is_no_problem(desk: Any) -> None:
    data = desk.path("script").read_bytes()
    desk.path("script").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert load_course(Path("scenes")).lectures[0].title == "The gradient"


def test_a_missing_choreography_is_a_problem(desk: Any) -> None:
    desk.path("py").rename(desk.folder / "ch04_gradeint.py")
    assert desk.complaint() == (
        "scenes/ch04_gradient.py: there is no such file; did you mean ch04_gradeint.py?"
    )


def test_a_missing_course_is_a_problem(desk: Any) -> None:
    with pytest.raises(
        InputError, match=r"elsewhere/course.toml: there is no such file, and no folder elsewhere"
    ):
        load_course(Path("elsewhere"))


def test_a_script_must_be_named_by_chapter_and_topic(desk: Any) -> None:
    script = desk.path("script").rename(desk.folder / "gradient.toml")
    desk.path("py").rename(desk.folder / "gradient.py")
    with pytest.raises(InputError, match=r"^scenes/gradient.toml: .*rename it to chNN_topic.toml"):
        load_lecture(Path("scenes") / script.name)


def test_two_chapters_of_one_number_are_a_problem(desk: Any) -> None:
    for key in ("script", "py"):
        path = desk.path(key)
        (desk.folder / f"ch04_other{path.suffix}").write_bytes(path.read_bytes())
    desk.edit("course", '"ch04_gradient"', '"ch04_gradient", "ch04_other"')
    assert desk.complaint().startswith(desk.at("course", "lectures"))
    assert "have the same number; rename the files of one" in desk.complaint()
