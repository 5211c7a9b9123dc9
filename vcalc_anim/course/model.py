"""What a course is once it has been read and found right: courses, lectures, scenes, lines, quizzes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from vcalc_anim.course.markup import Cue, Word
from vcalc_anim.course.placeholders import fill
from vcalc_anim.errors import InputError, Problem


@dataclass(frozen=True)
class Line:
    """One spoken sentence or two, or a silence.

    ``rest`` is the silence in seconds after the words; ``silence`` is the whole length in seconds of a line
    without words, else None. ``file`` and ``line`` say where it is written.
    """

    name: str
    words: tuple[Word, ...]
    cues: Mapping[str, Cue]
    rest: float
    silence: float | None
    file: Path
    line: int

    @property
    def caption(self) -> str:
        """The text as captions show it."""
        return " ".join(word.shown for word in self.words)

    @property
    def spoken(self) -> tuple[str, ...]:
        """The words as the voice says them, one entry per word."""
        return tuple(word.spoken for word in self.words)


@dataclass(frozen=True)
class LoopScript:
    """A silent picture that closes on itself after ``seconds``; ``name`` is its Manim class."""

    name: str
    seconds: float
    line: int


@dataclass(frozen=True)
class SceneScript:
    """The words of one scene; ``name`` is its Manim class, ``params`` the raw overrides of its parameters.

    ``poster`` names the line whose last frame stands for the scene where nothing moves; ``loops`` are short silent
    pictures of the same idea, for slides.
    """

    name: str
    title: str
    lines: Mapping[str, Line]
    params: Mapping[str, object]
    file: Path
    line: int
    poster: str | None = None
    loops: tuple[LoopScript, ...] = ()

    @property
    def poster_line(self) -> str:
        """The line whose last frame is the scene's poster: the one named, or the last."""
        return self.poster or list(self.lines)[-1]

    def loop(self, name: str | None = None) -> LoopScript:
        """The loop called *name*, in any case; without a name, the first.

        Raises:
            InputError: there is none; says which scene has which.
        """
        if not self.loops:
            where = Problem(
                self.file, self.line, f"scene {self.name} has no loop; add one with [[scene.loop]]"
            )
            raise InputError(where)
        if name is None:
            return self.loops[0]
        for loop in self.loops:
            if loop.name.lower() == name.strip().lower():
                return loop
        known = [loop.name for loop in self.loops]
        raise InputError(f"scene {self.name} has no loop {name!r}; {choices(name, known)}")


@dataclass(frozen=True)
class LinePicture:
    """The last frame of *line* in *scene*."""

    scene: str
    line: str


QuizKind = Literal["concept", "calculation", "picture"]


@dataclass(frozen=True)
class QuizOption:
    """One answer. ``fails`` marks the wrong one that the film shows failing.

    ``key`` names the claim or the mistake of the core that the option stands for.
    """

    text: str
    right: bool = False
    why: str = ""
    misconception: str = ""
    fails: bool = False
    key: str = ""
    line: int = 0

    @property
    def feedback(self) -> str:
        """Why it is right, or the misconception it stands for."""
        return self.why if self.right else self.misconception

    def filled(self, values: Mapping[str, str]) -> QuizOption:
        """The option with its placeholders replaced. KeyError for an unknown one."""
        return replace(
            self,
            text=fill(self.text, values),
            why=fill(self.why, values),
            misconception=fill(self.misconception, values),
        )


@dataclass(frozen=True)
class QuizQuestion:
    """One question with exactly one right option; ``scene`` names the scene that plays it, if any does.

    The core confirms it: ``check`` names claims that it tests, or ``template`` a question that it computes from
    ``numbers``. Then the texts may hold placeholders.
    """

    name: str
    question: str
    options: tuple[QuizOption, ...]
    scene: str | None
    file: Path
    line: int
    kind: QuizKind = "concept"
    check: str | None = None
    template: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    picture: LinePicture | None = None

    @property
    def right(self) -> QuizOption:
        """The right option."""
        return next(option for option in self.options if option.right)

    def filled(self, values: Mapping[str, str]) -> QuizQuestion:
        """The question with the placeholders of all its texts replaced. KeyError for an unknown one."""
        options = tuple(option.filled(values) for option in self.options)
        return replace(self, question=fill(self.question, values), options=options)


@dataclass(frozen=True)
class VideoScript:
    """How a lecture is offered as a video of its own.

    ``short`` is the scene that becomes the vertical film; ``thumbnail`` the frame behind the few ``words`` of its
    picture; ``tags`` are added to those of the course. ``line`` says where it is written.
    """

    short: str
    thumbnail: LinePicture
    words: str
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Lecture:
    """One chapter. ``slug`` is its name in file names and addresses, such as ``ch04-gradient``."""

    number: int
    slug: str
    title: str
    question: str
    objectives: tuple[str, ...]
    scenes: tuple[SceneScript, ...]
    quiz: tuple[QuizQuestion, ...]
    script: Path
    choreography: Path
    video: VideoScript | None = None

    def scene(self, name: str) -> SceneScript:
        """The scene called *name*, in any case.

        Raises:
            InputError: there is none; says what exists and which is nearest.
        """
        for scene in self.scenes:
            if scene.name.lower() == name.strip().lower():
                return scene
        known = [scene.name for scene in self.scenes]
        raise InputError(f"{self.slug} has no scene {name!r}; {choices(name, known)}")


@dataclass(frozen=True)
class VoiceChoice:
    """Which voice speaks a course; ``settings`` are passed to it as they are."""

    name: str = "espeak"
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """The ordered lectures and what they share. ``pronunciation`` maps a shown word to its spoken form."""

    title: str
    subtitle: str
    authors: tuple[str, ...]
    licence: str
    language: str
    source: str
    lectures: tuple[Lecture, ...]
    voice: VoiceChoice
    pronunciation: Mapping[str, str]
    folder: Path
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def lecture(self, key: str) -> Lecture:
        """The lecture that *key* names: ``4``, ``04``, ``ch04``, ``ch04-gradient`` or ``ch04_gradient``.

        Raises:
            InputError: there is none; says what exists and which is nearest.
        """
        wanted = key.strip().lower().replace("_", "-")
        number = re.fullmatch(r"(?:ch)?([0-9]{1,3})", wanted)
        for lecture in self.lectures:
            if lecture.slug == wanted or (number and lecture.number == int(number[1])):
                return lecture
        known = [lecture.slug for lecture in self.lectures]
        raise InputError(f"the course has no chapter {key!r}; {choices(wanted, known)}")


def nearest(name: str, known: list[str]) -> str | None:
    """The entry of *known* most like *name*, or None when nothing is like it."""
    folded = {entry.lower(): entry for entry in reversed(known)}
    found = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def choices(name: str, known: list[str]) -> str:
    """The end of a message about an unknown *name*: the nearest known one, and all of them.

    >>> choices("compas", ["Compass", "Quiz"])
    'did you mean Compass? There are: Compass, Quiz'
    """
    if not known:
        return "there are none"
    like = nearest(name, known)
    listing = ", ".join(known)
    return f"there are: {listing}" if like is None else f"did you mean {like}? There are: {listing}"
