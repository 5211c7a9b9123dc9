"""A question as it is handed out: its options in the order shown, with what the core has confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["concept", "calculation", "picture"]

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class ItemOption:
    """One answer. ``text`` and ``feedback`` are markup: words with Typst maths between dollar signs.

    ``feedback`` says why the answer is right, or which misconception it stands for; ``mistake`` is the name of
    that misconception, and empty for the right answer. ``fails`` marks the one that the film shows failing.
    """

    text: str
    right: bool
    feedback: str
    mistake: str
    fails: bool = False


@dataclass(frozen=True)
class FramePlace:
    """A frame of a lecture: the last one of *line* in *scene*, where everything the line shows is there."""

    chapter: str
    scene: str
    line: str


@dataclass(frozen=True)
class QuizItem:
    """A question that was found right, ready for every format.

    ``id`` is the same in every build: ``ch03-partial-of-a-sum``, or ``ch03-partial-of-a-sum-v07`` for a variant
    with other numbers. ``options`` are in the order shown, exactly one of them right. ``scene`` names the scene
    of the lecture that plays the question, ``picture`` the frame that a question about a picture shows.
    ``file`` and ``line`` say where the question is written.
    """

    id: str
    chapter: str
    chapter_title: str
    name: str
    kind: Kind
    question: str
    options: tuple[ItemOption, ...]
    scene: str | None
    picture: FramePlace | None
    file: Path
    line: int

    @property
    def right(self) -> ItemOption:
        """The right option."""
        return next(option for option in self.options if option.right)

    @property
    def is_printed(self) -> bool:
        """Whether it has the numbers of the script: not a variant."""
        return self.id.endswith(f"-{self.name}")

    @property
    def letter(self) -> str:
        """The letter of the right option, from ``A``."""
        return LETTERS[next(index for index, option in enumerate(self.options) if option.right)]


def failing(item: QuizItem) -> ItemOption:
    """The wrong option that an answer slide explains: the one that its scene lets fail, or the first wrong one."""
    wrong = [option for option in item.options if not option.right]
    return next((option for option in wrong if option.fails), wrong[0])
