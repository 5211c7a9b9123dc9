"""The quiz that ends a chapter: question, time to think, the right answer, one wrong answer failing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from manim import LEFT, RIGHT, UP, VGroup

from vcalc_anim.core.provenance import quoting, unspaced
from vcalc_anim.core.questions import CHECKS, TEMPLATES
from vcalc_anim.course import QuizOption, QuizQuestion
from vcalc_anim.errors import InputError, Problem
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import CountdownRing, Dim
from vcalc_anim.stage.lecture_scene import LectureScene
from vcalc_anim.stage.marks import cross, tick
from vcalc_anim.stage.typeset import Markup, Text
from vcalc_anim.stage.zones import Zone

LETTERS = "ABCDEFGH"
_SIGN_ROOM = 0.75  # left of the letters, for tick and cross
_FORWARD = 1.25  # how much the right option grows


def filled(question: QuizQuestion) -> QuizQuestion:
    """*question* with what its check or template gives in place of its placeholders.

    Raises :class:`InputError` for a name that the core does not know and for numbers it cannot take.
    """
    try:
        if question.template is not None:
            return question.filled(TEMPLATES[question.template].of(**question.numbers).texts)
        return question if question.check is None else question.filled(CHECKS[question.check]().texts)
    except KeyError as error:
        message = f"asks the core for {error}, which it does not have; vcalc quiz says what is there"
    except ValueError as error:
        message = f"has wrong numbers: {error}"
    raise InputError(Problem(question.file, question.line, f'quiz "{question.name}" {message}'))


class OptionRow(VGroup):
    """Letter and text of one option, with room on its left for a tick or a cross."""

    def __init__(self, letter: str, option: QuizOption, size: float = theme.FORMULA) -> None:
        super().__init__()
        self.option = option
        self.letter = Text(letter, size, "quiet", weight=700)
        self.body = Markup(option.text, size)
        self.body.next_to(self.letter, RIGHT, buff=0.45).align_baseline(self.letter)
        self.add(self.letter, self.body)

    def sign(self) -> VGroup:
        """A tick for the right option, a cross for a wrong one, left of the letter."""
        place = self.letter.get_left() + LEFT * 0.5
        return VGroup(tick(place) if self.option.right else cross(place))


class QuizScene(LectureScene):
    """Base of quiz scenes: question and options on the left, the picture that judges them on the right."""

    @cached_property
    def quiz(self) -> QuizQuestion:
        """The question that names this scene in the script, with its placeholders filled by the core."""
        for question in self.staging.lecture.quiz:
            if question.scene == self.script.name:
                return filled(question)
        raise InputError(
            Problem(
                self.script.file,
                self.script.line,
                f'no quiz names the scene {self.script.name}: add scene = "{self.script.name}" to a [[quiz]]',
            )
        )

    def lay_out(self, words: Zone) -> VGroup:
        """Question above options in *words*; sets :attr:`rows` and :attr:`ring`."""
        with quoting():
            self.question_text = Markup(self.quiz.question, theme.LABEL + 4, width=words.width)
            self.rows = self._rows(theme.FORMULA)
            room = (words.width - _SIGN_ROOM) / _FORWARD
            if (widest := max(row.width for row in self.rows)) > room:
                self.rows = self._rows(max(theme.FORMULA * room / widest, theme.SMALL))
        self.question_text.set_x(words.left, LEFT).set_y(words.top - 0.1, UP)
        top = self.question_text.get_bottom()[1] - 0.55
        pitch = (top - words.bottom) / len(self.rows)
        for index, row in enumerate(self.rows):
            row.set_x(words.left + _SIGN_ROOM, LEFT).set_y(top - pitch * (index + 0.5))
        self.ring = CountdownRing([words.right - 0.75, (top + words.bottom) / 2, 0])
        return VGroup(self.question_text, *self.rows)

    def _rows(self, size: float) -> list[OptionRow]:
        return [OptionRow(LETTERS[i], option, size) for i, option in enumerate(self.quiz.options)]

    def states(self, *formulas: str) -> None:
        """Confirm that the quiz in the script writes each of *formulas*, which come from the core.

        Raises :class:`InputError` for one that neither its question nor its options and reasons hold.
        """
        quiz = self.quiz
        words = [quiz.question, *(option.text + " " + option.why for option in quiz.options)]
        for formula in formulas:
            if not any(unspaced(formula) in unspaced(text) for text in words):
                message = (
                    f'quiz "{quiz.name}" nowhere writes {formula}, which the core gives: change its words'
                )
                raise InputError(Problem(quiz.file, quiz.line, message))

    @property
    def right_row(self) -> OptionRow:
        return next(row for row in self.rows if row.option.right)

    @property
    def failing_row(self) -> OptionRow:
        return next(row for row in self.rows if row.option.fails)

    def step_forward(self, row: OptionRow) -> list[Any]:
        """The right option grows and turns green, all others dim."""
        others = [other for other in self.rows if other is not row]
        return [
            row.animate.scale(_FORWARD, about_edge=LEFT).set_fill(theme.color("right")),
            Dim(*others, level=0.35),
        ]
