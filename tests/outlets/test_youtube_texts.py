"""Texts for YouTube: within its limits, with times from the frames, and refused at their place when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_course import Bench
from vcalc_anim.build.project import Project
from vcalc_anim.course import Course, load_course
from vcalc_anim.errors import InputError
from vcalc_anim.outlets.youtube import limits, playlist, texts
from vcalc_anim.outlets.youtube.packs import Pack, Whole
from vcalc_anim.outlets.youtube.texts import Mark

ROOT = Path(__file__).parents[2]
VIDEO = """\
[video]
short = "Still"
thumbnail = { scene = "Growing", line = "grow" }
words = "A dot"
tags = ["dots"]

"""


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT / "scenes")


def with_video(bench: Bench, video: str = VIDEO) -> Bench:
    bench.edit("script", '[[scene]]\nname = "Growing"', video + '[[scene]]\nname = "Growing"')
    return bench


def problems(bench: Bench) -> list[str]:
    course = Project(bench.root).course
    return [str(problem) for problem in texts.problems(course, course.lectures)]


def test_the_course_of_this_project_is_accepted(course: Course) -> None:
    assert [str(problem) for problem in texts.problems(course, course.lectures)] == []
    titles = [texts.lecture_title(course, lecture) for lecture in course.lectures]
    assert titles[4] == "The gradient: which way is straight up? | Vector Calculus 4"
    assert all(len(title) <= limits.TITLE for title in titles) and len(set(titles)) == len(titles)
    assert len({texts.video(lecture).words for lecture in course.lectures}) == len(course.lectures)


def test_tags_count_with_commas_and_quotes() -> None:
    assert limits.tags_length(["a", "b c"]) == 1 + 1 + 5
    assert list(limits.tags_faults(["x" * 250, "y" * 249])) == []
    assert len(list(limits.tags_faults(["x" * 250, "y" * 250]))) == 1
    assert len(list(limits.tags_faults(["one, two"]))) == 1


def test_a_description_is_counted_in_bytes() -> None:
    assert list(limits.description_faults("∇" * 1666)) == []
    assert len(list(limits.description_faults("∇" * 1667))) == 1
    assert len(list(limits.description_faults("a < b"))) == 1


def test_scenes_too_short_for_a_chapter_go_with_their_neighbour() -> None:
    scenes = [("Why?", 0.0), ("Long", 8.4), ("Also", 40.0), ("Brief", 55.2), ("Why?", 62.9)]
    marks = texts.scene_marks(scenes, 80.0)
    assert marks == [Mark(0, "Long"), Mark(40, "Also"), Mark(62, "Back to the question")]
    assert list(limits.mark_faults([(mark.second, mark.title) for mark in marks], 80.0)) == []


def test_marks_are_read_back_as_they_were_written() -> None:
    marks = [Mark(0, "Start"), Mark(75, "Middle"), Mark(3661, "End: 2:30 long")]
    shown = "Chapters:\n" + texts.told(marks) + "\n4 The gradient\n"
    assert "1:01:01 End" in shown
    assert limits.marks_in(shown) == [(mark.second, mark.title) for mark in marks]


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ([(0, "a"), (20, "b")], "are 2"),
        ([(5, "a"), (20, "b"), (40, "c")], "0:00"),
        ([(0, "a"), (9, "b"), (40, "c")], '"a" 9 seconds'),
        ([(0, "a"), (20, "b"), (55, "c")], '"c" 5 seconds'),
    ],
)
def test_marks_that_players_ignore_are_named(marks: list[tuple[int, str]], told: str) -> None:
    assert any(told in fault for fault in limits.mark_faults(marks, 60.0))


def test_a_title_too_long_is_told_at_its_line(bench: Bench) -> None:
    with_video(bench).edit("script", 'title = "Tiny"', f'title = "{"Tiny " * 20}"')
    (problem,) = [found for found in problems(bench) if "the film's title" in found]
    assert bench.at("script", "title =") + ": " in problem
    assert "100 are allowed" in problem


@pytest.mark.parametrize(
    ("key", "old", "new", "line", "told"),
    [
        ("script", 'tags = ["dots"]', f'tags = ["{"dots" * 130}"]', "tags =", "500 are allowed"),
        ("script", 'tags = ["dots"]', 'tags = ["dots, points"]', "tags =", "without a comma"),
        ("script", 'words = "A dot"', 'words = "One dot and then another one"', "words =", "room for 5"),
        ("script", '"See a dot"', '"See that a < b"', "objectives", "'<'"),
        ("course", 'source = "Lecture notes"', 'source = "Notes <n>"', "source", "'<'"),
    ],
)
def test_what_youtube_refuses_is_told_at_its_line(
    bench: Bench, key: str, old: str, new: str, line: str, told: str
) -> None:
    with_video(bench).edit(key, old, new)
    found = problems(bench)
    assert any(f"{bench.at(key, line)}: " in problem and told in problem for problem in found), found


def test_a_lecture_without_a_video_is_asked_for_one(bench: Bench) -> None:
    (problem,) = problems(bench)
    assert "has no [video]" in problem
    with pytest.raises(InputError, match="has no \\[video\\]"):
        texts.video(Project(bench.root).course.lectures[0])


def test_the_playlist_names_every_film_in_order(course: Course) -> None:
    files = playlist.files(course, 12.0)
    assert files["playlist.txt"].index("ch03-") < files["playlist.txt"].index("ch04-")
    assert "stays private" in " ".join(files["README.txt"].split())
    assert max(len(line) for line in files["README.txt"].splitlines()) <= 125


def test_descriptions_are_within_the_limits_with_the_real_times(course: Course) -> None:
    """Silent narration has about the times of the spoken one, and needs no voice."""
    from vcalc_anim.build.narrate import narrate
    from vcalc_anim.build.quality import QUALITIES
    from vcalc_anim.outlets.production import Production

    project = Project(ROOT)
    production = Production(project, QUALITIES["draft"], Path("dist"), voice="silent")
    packs = [
        Pack.of(production, narrate(course, lecture, project.voice("silent"), project.speech_cache))
        for lecture in project.course.lectures
    ]
    assert [str(problem) for pack in packs for problem in pack.problems()] == []
    whole = Whole.of(production, packs)
    assert [str(problem) for problem in whole.problems()] == []
    assert len(limits.marks_in(whole.texts.description)) >= len(packs)
    assert all(pack.texts.description.startswith(pack.narrated.lecture.question) for pack in packs)
