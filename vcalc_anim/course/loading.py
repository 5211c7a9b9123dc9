"""Reading a course from its folder. Everything wrong in any of its files is reported at once."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

from vcalc_anim.course.agreement import disagreements
from vcalc_anim.course.choreography import Choreography, read_choreography
from vcalc_anim.course.markup import scan_line
from vcalc_anim.course.model import Course, Lecture, Line, SceneScript, VoiceChoice, nearest
from vcalc_anim.course.quiz import read_quizzes
from vcalc_anim.course.schema import (
    REST,
    CourseTable,
    LectureTable,
    LineTable,
    SceneTable,
    describe,
    validate,
)
from vcalc_anim.course.showing import check_poster, read_loops, read_video
from vcalc_anim.course.source import KeyPath, TomlFile, read_toml, shown_path
from vcalc_anim.errors import InputError, Problem, raise_if_any

COURSE_FILE = "course.toml"
_LECTURE_NAME = re.compile(r"ch(\d{2})_[a-z0-9]+(?:_[a-z0-9]+)*")


def load_course(folder: Path) -> Course:
    """The course in *folder*: ``course.toml`` and the script and choreography of each lecture it lists.

    Raises:
        InputError: with every problem in any of these files, sorted by place.
    """
    source = read_toml(folder / COURSE_FILE)
    table, problems = validate(CourseTable, source.data, source, (), "the course")
    voice = _voice(table.voice, source, problems)
    lectures: list[Lecture] = []
    numbers: dict[int, str] = {}
    for index, name in enumerate(table.lectures):
        path: KeyPath = ("lectures", index)
        if name in table.lectures[:index]:
            problems.append(source.problem(path, f'lecture "{name}" is listed twice; remove one'))
            continue
        script = folder / f"{name}.toml"
        if not script.is_file():
            known = [file.stem for file in sorted(folder.glob("ch*.toml")) if file.stem not in table.lectures]
            like = nearest(name.removesuffix(".toml").removesuffix(".py"), known)
            mend = (
                f"write the script {script.name}, or remove the entry"
                if like is None
                else f'did you mean "{like}"?'
            )
            problems.append(source.problem(path, f'lecture "{name}" has no script {script.name}; {mend}'))
            continue
        lecture, found = _read_lecture(script)
        problems += found
        if lecture is None:
            continue
        lectures.append(lecture)
        if lecture.number in numbers:
            message = f'lectures "{numbers[lecture.number]}" and "{name}" have the same number; '
            message += "rename the files of one"
            problems.append(source.problem(path, message))
        numbers.setdefault(lecture.number, name)
    raise_if_any(problems)
    return Course(
        title=table.title,
        subtitle=table.subtitle,
        authors=tuple(table.authors),
        licence=table.licence,
        language=table.language,
        source=table.source,
        lectures=tuple(lectures),
        voice=voice,
        pronunciation=table.pronunciation,
        folder=folder,
        tags=tuple(table.tags),
        references=tuple(table.references),
    )


def load_lecture(script: Path) -> Lecture:
    """The lecture whose script is *script* (``chNN_topic.toml``), with its choreography beside it.

    Raises:
        InputError: with every problem in both files, sorted by place.
    """
    lecture, problems = _read_lecture(script)
    raise_if_any(problems)
    assert lecture is not None  # a lecture that could not be read at all has problems
    return lecture


def _voice(table: dict[str, Any], source: TomlFile, problems: list[Problem]) -> VoiceChoice:
    settings = dict(table)
    name = settings.pop("name", VoiceChoice().name)
    if not isinstance(name, str) or not name.strip():
        message = (
            f'"name" of [voice] should be a voice\'s name in quotes, but is {describe(name)}; write "espeak"'
        )
        problems.append(source.problem(("voice", "name"), message))
        return VoiceChoice()
    return VoiceChoice(name, settings)


def _read_lecture(script: Path) -> tuple[Lecture | None, list[Problem]]:
    file = shown_path(script)
    problems: list[Problem] = []
    named = _LECTURE_NAME.fullmatch(script.stem)
    if named is None or script.suffix != ".toml":
        message = "is not the name of a script; rename it to chNN_topic.toml in small letters, "
        message += "such as ch04_gradient.toml"
        problems.append(Problem(file, None, message))
    source = _attempt(read_toml, script, problems)
    choreography = _attempt(read_choreography, script.with_suffix(".py"), problems)
    if choreography is not None:
        problems += choreography.problems
    if source is None:
        return None, problems
    table, found = validate(LectureTable, source.data, source, (), "the lecture")
    problems += found
    scenes = tuple(_scene(raw, source, index, problems) for index, raw in enumerate(table.scene))
    for name, count in Counter(scene.name for scene in scenes).items():
        if count > 1 and name:
            first, *others = (scene for scene in scenes if scene.name == name)
            message = f"scene {name} is there twice (first in line {first.line}); give it another name"
            problems += [Problem(file, other.line, message) for other in others]
    quiz, found = read_quizzes(table.quiz, source, scenes)
    problems += found
    video, found = read_video(table.video, source, scenes)
    problems += found
    if choreography is not None and not _unreadable(choreography):
        unique = {scene.name: scene for scene in reversed(scenes) if scene.name}
        problems += disagreements([s for s in scenes if unique.get(s.name) is s], file, choreography)
    if named is None:
        return None, problems
    lecture = Lecture(
        number=int(named[1]),
        slug=script.stem.replace("_", "-"),
        title=table.title,
        question=table.question,
        objectives=tuple(table.objectives),
        scenes=scenes,
        quiz=quiz,
        script=script,
        choreography=script.with_suffix(".py"),
        video=video,
    )
    return lecture, problems


def _attempt(read: Any, path: Path, problems: list[Problem]) -> Any:
    try:
        return read(path)
    except InputError as error:
        problems += error.problems
        return None


def _unreadable(choreography: Choreography) -> bool:
    return not choreography.classes and bool(choreography.problems)


def _scene(raw: dict[str, Any], source: TomlFile, index: int, problems: list[Problem]) -> SceneScript:
    path: KeyPath = ("scene", index)
    name = raw.get("name")
    owner = f"scene {name}" if isinstance(name, str) and name.strip() else f"scene number {index + 1}"
    table, found = validate(SceneTable, raw, source, path, owner)
    problems += found
    if table.name and not table.name.isidentifier():
        message = f'scene "{table.name}" cannot be the name of a Python class; use letters and digits only'
        problems.append(source.problem((*path, "name"), message))
    lines = {
        key: _line(key, value, source, (*path, "lines", key), f'line "{key}" of {owner}', problems)
        for key, value in table.lines.items()
    }
    loops, found = read_loops(table, source, path, owner)
    problems += found + check_poster(table, source, path, owner)
    place = source.lines.line(*path)
    return SceneScript(table.name, table.title, lines, table.params, source.file, place, table.poster, loops)


def _line(
    name: str, value: object, source: TomlFile, path: KeyPath, owner: str, problems: list[Problem]
) -> Line:
    """The line that *value* writes; without words and without silence when it cannot be read."""
    place = source.lines.line(*path)
    rest, text = REST, None
    match value:
        case int() | float() if not isinstance(value, bool):
            if not math.isfinite(value) or value <= 0:
                message = (
                    f"{owner} is a silence of {value} seconds; write a number above 0, or the words to say"
                )
                problems.append(source.problem(path, message))
            return Line(name, (), {}, 0.0, float(value), source.file, place)
        case str():
            text = value
        case dict():
            table, found = validate(LineTable, value, source, path, owner)
            problems += found
            path = (*path, "say")
            if isinstance(value.get("say"), str):
                rest, text = table.rest, table.say
        case _:
            message = f"{owner} should be text, a number of seconds, or {{ say = …, rest = … }}, "
            message += f"but is {describe(value)}"
            problems.append(source.problem(path, message))
    if text is None:
        return Line(name, (), {}, rest, None, source.file, place)
    markup, errors = scan_line(text)
    problems += [source.problem(path, f"{owner} {error.message}") for error in errors]
    cues = {cue.name: cue for cue in reversed(markup.cues)}
    return Line(name, markup.words, dict(reversed(cues.items())), rest, None, source.file, place)
