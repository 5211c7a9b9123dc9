"""Title, description and tags of every film: from the script, with times from the film's own frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vcalc_anim.course import Course, Lecture, SceneScript
from vcalc_anim.course.loading import COURSE_FILE
from vcalc_anim.course.model import VideoScript
from vcalc_anim.course.source import KeyPath, read_toml
from vcalc_anim.errors import InputError, Problem
from vcalc_anim.outlets.youtube import limits

MADE = (
    "How it was made: every curve and every number is computed by a tested program, which also draws the "
    "pictures; the voice is synthetic, and the captions are the exact words."
)
_BACK = "Back to the question"


@dataclass(frozen=True)
class Texts:
    """What is pasted into the fields of one film."""

    title: str
    description: str
    tags: tuple[str, ...]

    def files(self) -> dict[str, str]:
        """The text files, by name."""
        return {
            "title.txt": self.title + "\n",
            "description.txt": self.description,
            "tags.txt": ", ".join(self.tags) + "\n",
        }


@dataclass(frozen=True)
class Mark:
    """A chapter of a film's description, at a whole second."""

    second: int
    title: str

    def told(self, with_hours: bool) -> str:
        minutes, seconds = divmod(self.second, 60)
        hours = f"{minutes // 60}:{minutes % 60:02d}" if with_hours else f"{minutes}"
        return f"{hours}:{seconds:02d} {self.title}"


def series(course: Course) -> str:
    """The course's name as titles of films can afford it: up to "for" or a colon.

    >>> from types import SimpleNamespace
    >>> series(SimpleNamespace(title="Vector Calculus for Machine Learning"))
    'Vector Calculus'
    """
    return course.title.split(" for ")[0].split(":")[0].strip()


def video(lecture: Lecture) -> VideoScript:
    """The ``[video]`` of *lecture*.

    Raises:
        InputError: it has none.
    """
    if lecture.video is None:
        sample = 'short = "SCENE", thumbnail = { scene = "SCENE", line = "LINE" }, words = "FEW WORDS"'
        raise InputError(Problem(lecture.script, None, f"the lecture has no [video]; add it with {sample}"))
    return lecture.video


def lecture_title(course: Course, lecture: Lecture) -> str:
    """Title and question, then series and number; where that is too long, less of it, and the question to the last."""
    last = lecture.question.replace("? ", "?|").replace(". ", ".|").split("|")[-1]
    joint = " " if lecture.title.endswith(("?", "!")) else ": "
    number = f" | {series(course)} {lecture.number}"
    whole, short = (lecture.title + joint + _after(joint, text) for text in (lecture.question, last))
    ways = (whole + number, short + number, whole, short, lecture.title + number)
    return next((title for title in ways if len(title) <= limits.TITLE), ways[-1])


def lecture_texts(course: Course, lecture: Lecture, marks: Sequence[Mark]) -> Texts:
    """The texts of the film of *lecture*, whose chapters are *marks*."""
    parts = [
        f"{lecture.question}\n{lecture.title}: chapter {lecture.number} of “{course.title}”.",
        "What you learn:\n" + _bullets(lecture.objectives) if lecture.objectives else "",
        "Chapters:\n" + told(marks),
        f"All films of “{course.title}”:\n" + contents(course, lecture),
        *_closing(course),
    ]
    return Texts(lecture_title(course, lecture), _paragraphs(parts), lecture_tags(course, lecture))


def lecture_tags(course: Course, lecture: Lecture) -> tuple[str, ...]:
    """The lecture's own tags, then those of the course, each once."""
    return tuple(dict.fromkeys([*video(lecture).tags, *course.tags]))


def course_texts(course: Course, marks: Sequence[Mark], lectures: Sequence[Mark]) -> Texts:
    """The texts of the whole course as one film: every scene as a chapter where there is room, else every lecture."""
    title = f"{course.title}: the whole course in one film"

    def description(shown: Sequence[Mark]) -> str:
        parts = [
            f"{course.title}. {course.subtitle}".strip(),
            "Chapters:\n" + told(shown),
            *_closing(course),
        ]
        return _paragraphs(parts)

    fine = description(marks)
    text = fine if len(fine.encode()) <= limits.DESCRIPTION else description(lectures)
    own = [tag for lecture in course.lectures for tag in video(lecture).tags[:1]]
    return Texts(title, text, tuple(dict.fromkeys([*course.tags, *own])))


def short_texts(course: Course, lecture: Lecture, scene: SceneScript) -> Texts:
    """The texts of the vertical film of *scene*."""
    tags = lecture_tags(course, lecture)
    whole = lecture_title(course, lecture)
    parts = [
        f"{scene.title}: a part of “{lecture.title}”.",
        f"The whole film is the related video of this short: “{whole}”.",
        f"Licence: {course.licence}" if course.licence else "",
        " ".join(["#Shorts", *(_hashtag(tag) for tag in tags[:3])]),
    ]
    return Texts(f"{scene.title} | {lecture.title} #Shorts", _paragraphs(parts), tags)


def scene_marks(scenes: Sequence[tuple[str, float]], end: float) -> list[Mark]:
    """Marks at the starts of *scenes* (title, second) in a film of *end* seconds.

    A scene shorter than a chapter may be goes with its neighbour, under the title of the longer. A title that
    comes twice is a return to the question: the last scene of a lecture shares it with the first.
    """
    starts = [int(second) for _, second in scenes]
    stops = [*starts[1:], end]
    seen: set[str] = set()
    marks: list[Mark] = []
    longest = 0.0
    for (title, _), start, stop in zip(scenes, starts, stops, strict=True):
        shown = _BACK if title in seen else title
        seen.add(title)
        length = stop - start
        if marks and (start - marks[-1].second < limits.MARK_SECONDS or length < limits.MARK_SECONDS):
            if length > longest:
                marks[-1], longest = Mark(marks[-1].second, shown), length
        else:
            marks.append(Mark(start, shown))
            longest = length
    return marks


def told(marks: Sequence[Mark]) -> str:
    """*marks* as a description holds them: with hours where the last one needs them."""
    with_hours = marks[-1].second >= 3600
    return "\n".join(mark.told(with_hours) for mark in marks)


def contents(course: Course, here: Lecture | None = None) -> str:
    """All chapters, a line each; *here* is the one that the reader is at."""
    mark = " (this film)"
    return "\n".join(
        f"{lecture.number} {lecture.title}{mark if lecture is here else ''}" for lecture in course.lectures
    )


def problems(course: Course, lectures: Sequence[Lecture]) -> Iterator[Problem]:
    """Everything in the scripts of *lectures*, and in the course's own file, that YouTube would refuse.

    Lengths of descriptions depend on times: they are judged when the words have been spoken.
    """
    shared = read_toml(course.folder / COURSE_FILE)
    for key, value in (("title", course.title), ("licence", course.licence), ("source", course.source)):
        yield from (
            shared.problem((key,), f'"{key}" of the course {fault}')
            for fault in limits.description_faults(value)
        )
    for index, reference in enumerate(course.references):
        yield from (
            shared.problem(("references", index), f"the reference {fault}")
            for fault in limits.description_faults(reference)
        )
    for lecture in lectures:
        yield from _lecture_problems(course, lecture)


def _lecture_problems(course: Course, lecture: Lecture) -> Iterator[Problem]:
    source = read_toml(lecture.script)

    def at(path: KeyPath, what: str, faults: Iterator[str]) -> Iterator[Problem]:
        yield from (source.problem(path, f"{what} {fault}") for fault in faults)

    if lecture.video is None:
        try:
            video(lecture)
        except InputError as error:
            yield from error.problems
        return
    title = lecture_title(course, lecture)
    yield from at(("title",), f"the film's title {title!r}", limits.title_faults(title))
    yield from at(("question",), "the question", limits.description_faults(lecture.question))
    for index, objective in enumerate(lecture.objectives):
        yield from at(("objectives", index), "the objective", limits.description_faults(objective))
    for index, scene in enumerate(lecture.scenes):
        yield from at(("scene", index, "title"), "the scene's title", limits.description_faults(scene.title))
    tags = lecture_tags(course, lecture)
    yield from at(("video", "tags"), "the tags of [video] and of the course", limits.tags_faults(tags))
    if len(lecture.video.words.split()) > limits.THUMBNAIL_WORDS:
        count = len(lecture.video.words.split())
        message = (
            f'"words" of [video] are {count}; a thumbnail has room for {limits.THUMBNAIL_WORDS}: drop some'
        )
        yield source.problem(("video", "words"), message)
    short = short_texts(course, lecture, lecture.scene(lecture.video.short))
    yield from at(("video", "short"), f"the short's title {short.title!r}", limits.title_faults(short.title))


def _after(joint: str, question: str) -> str:
    """*question* as it goes on behind *joint*: in small letters behind a colon."""
    return question if joint == " " or question[1:2].isupper() else question[0].lower() + question[1:]


def _closing(course: Course) -> list[str]:
    return [
        "References:\n" + _bullets(course.references) if course.references else course.source,
        f"By {', '.join(course.authors)}. Licence: {course.licence}." if course.licence else "",
        MADE,
    ]


def _bullets(entries: Sequence[str]) -> str:
    return "\n".join(f"• {entry}" for entry in entries)


def _paragraphs(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _hashtag(tag: str) -> str:
    return "#" + "".join(
        letter for word in tag.split() for letter in word[:1].upper() + word[1:] if letter.isalnum()
    )
