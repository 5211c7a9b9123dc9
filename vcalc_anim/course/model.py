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
from vcalc_anim.errors import InputError


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
class SceneScript:
    """The words of one scene; ``name`` is its Manim class, ``params`` the raw overrides of its parameters."""

    name: str
    title: str
    lines: Mapping[str, Line]
    params: Mapping[str, object]
    file: Path
    line: int


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
class QuizPicture:
    """The frame that a question is about: the last one of *line* in *scene*."""

    scene: str
    line: str


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
    picture: QuizPicture | None = None

    @property
    def right(self) -> QuizOption:
        """The right option."""
        return next(option for option in self.options if option.right)

    def filled(self, values: Mapping[str, str]) -> QuizQuestion:
        """The question with the placeholders of all its texts replaced. KeyError for an unknown one."""
        options = tuple(option.filled(values) for option in self.options)
        return replace(self, question=fill(self.question, values), options=options)


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
