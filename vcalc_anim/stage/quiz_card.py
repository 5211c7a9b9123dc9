"""A question as a short film of its own: asked, thought about, answered, and one wrong answer explained.

Made for questions that no scene of a lecture plays: the words come from the script alone, the picture, if there
is one, is a frame of the lecture.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, UP, FadeIn, ImageMobject, RoundedRectangle, VGroup
from PIL import Image

from vcalc_anim.core.provenance import quoting
from vcalc_anim.course import QuizOption, QuizQuestion
from vcalc_anim.errors import InputError, Problem
from vcalc_anim.stage import theme
from vcalc_anim.stage.emphasis import CountdownRing, Dim
from vcalc_anim.stage.lecture_scene import LectureScene, SceneParams
from vcalc_anim.stage.marks import cross, stroke, tick
from vcalc_anim.stage.quiz import LETTERS
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Markup, Text, Typeset
from vcalc_anim.stage.zones import Zone

_SIZES = (60.0, theme.TITLE, theme.READOUT, theme.LABEL, 40.0, theme.SMALL, 33.0, theme.MINIMUM)
_PAD = 0.28
_GAP = 0.3
_SIGN = 0.75  # room for a tick or a cross in an option's right end
_RING = 1.1  # room for the ring in the upper right corner


class OptionCard(VGroup):
    """Letter and text of an option in a frame of the given size; the sign has its place at the right end."""

    def __init__(self, letter: str, option: QuizOption, zone: Zone, size: float) -> None:
        super().__init__()
        self.option = option
        self.letter_text = letter
        self.frame_box = RoundedRectangle(
            corner_radius=0.14,
            width=zone.width,
            height=zone.height,
            stroke_color=theme.color("frozen"),
            stroke_width=theme.LINE,
            fill_color=theme.color("panel"),
            fill_opacity=1,
        ).move_to(zone.center)
        self.letter = Text(letter, size, "quiet", weight=700)
        self.letter.move_to(zone.center).set_x(zone.left + _PAD, LEFT)
        self.body = _body(option.text, size, zone)
        self.body.move_to(zone.center).set_x(self.letter.get_right()[0] + _PAD, LEFT)
        self.add(self.frame_box, self.letter, self.body)

    @property
    def fits(self) -> bool:
        """Whether the text leaves room for the sign and a border."""
        wide = self.body.get_right()[0] <= self.frame_box.get_right()[0] - _SIGN
        return wide and self.body.height <= self.frame_box.height - 0.24

    def sign(self) -> VGroup:
        """A tick or a cross, and a rim that says the same without its colour: whole, or doubled by a bar."""
        place = self.frame_box.get_right() + LEFT * _SIGN / 2
        role: Role = "right" if self.option.right else "error"
        rim = self.frame_box.copy().set_fill(opacity=0).set_stroke(theme.color(role), theme.STICK)
        return VGroup(rim, tick(place) if self.option.right else cross(place))


class QuizCard(LectureScene):
    """The one question of its lecture: lines ``ask``, ``think``, ``answer`` and ``fail``, all of them silent."""

    class Params(SceneParams):
        picture: bytes | None = None  # a PNG

    params: Params

    def construct(self) -> None:
        self.question = self.staging.lecture.quiz[0]
        with quoting():
            self.lay_out()
            reasons = self.reasons()
        right, failing = self.right_card(), self.failing_card()
        still = [self.asked, *self.cards]
        self.open(*([self.picture, *still] if self.picture is not None else still))
        with self.line("ask"):
            pass
        with self.line("think") as line:
            self.add(self.ring)
            self.play(self.ring.run(line.left))
            self.remove(self.ring)
        with self.line("answer"):
            others = [card for card in self.cards if card is not right]
            self.play(Dim(*others, level=0.35), FadeIn(right.sign()), run_time=0.6)
            self.play(FadeIn(reasons[0], shift=UP * 0.1), run_time=0.6)
        with self.line("fail"):
            self.play(Dim(failing, level=1.0), FadeIn(failing.sign()), run_time=0.6)
            self.play(FadeIn(reasons[1], shift=UP * 0.1), run_time=0.6)

    def lay_out(self) -> None:
        """Question and options in the largest type that fits; raises InputError when none does."""
        wide = replace(self.zones.wide, bottom=self.zones.safe.bottom)  # nobody speaks: no captions
        self.picture: ImageMobject | None = None
        if self.params.picture is None:
            words, self.below = wide.rows(0.72, 0.28, gap=_GAP)
        else:
            words, self.below = self._with_picture(self.params.picture, wide)
        for size in _SIZES:
            self.asked = Markup(self.question.question, size + 4, width=words.width - _RING - _GAP)
            self.asked.set_x(words.left, LEFT).set_y(words.top, UP)
            top = self.asked.get_bottom()[1] - _GAP
            room = Zone(words.left, words.right, words.bottom, top)
            self.cards = self._cards(room, size) if room.height > 0 else []
            if self.cards and all(card.fits for card in self.cards):
                break
        else:
            raise self._too_long("question and options take")
        self.ring = CountdownRing([words.right - 0.55, words.top - 0.5, 0])

    def _cards(self, room: Zone, size: float) -> list[OptionCard]:
        options = self.question.options
        columns = 2 if self.picture is None and room.width > room.height else 1
        rows = room.rows(*[1.0] * -(-len(options) // columns), gap=_GAP * 0.7)
        cells = [cell for row in rows for cell in row.columns(*[1.0] * columns, gap=_GAP * 0.7)]
        return [
            OptionCard(letter, option, cell, size)
            for letter, option, cell in zip(LETTERS, options, cells, strict=False)
        ]

    def _with_picture(self, png: bytes, wide: Zone) -> tuple[Zone, Zone]:
        left, words = wide.columns(0.54, 0.46)
        pixels = np.array(Image.open(io.BytesIO(png)).convert("RGBA"))
        self.picture = ImageMobject(pixels)
        self.picture.scale_to_fit_width(left.width)
        if self.picture.height > left.height * 0.66:
            self.picture.scale_to_fit_height(left.height * 0.66)
        self.picture.set_x(left.center[0]).set_y(left.top, UP)
        return words, Zone(left.left, left.right, left.bottom, self.picture.get_bottom()[1] - _GAP)

    def reasons(self) -> Sequence[VGroup]:
        """Why the right option is right, and which mistake the failing one stands for, one above the other."""
        chosen = (self.right_card(), self.failing_card())
        roles: tuple[Role, Role] = ("right", "error")
        for size in _SIZES[2:]:
            rows = [self._reason(card, role, size) for card, role in zip(chosen, roles, strict=True)]
            both = VGroup(*rows).arrange(DOWN, buff=_GAP * 0.7, aligned_edge=LEFT)
            if both.height <= self.below.height:
                both.set_x(self.below.left, LEFT).set_y(self.below.top, UP)
                return rows
        raise self._too_long("its explanations take")

    def _reason(self, card: OptionCard, role: Role, size: float) -> VGroup:
        letter = Text(card.letter_text, size, role, weight=700)
        text = Markup(card.option.feedback, size, width=self.below.width - letter.width - 4 * _PAD)
        text.next_to(letter, RIGHT, buff=_PAD).set_y(letter.get_top()[1], UP)
        bar = stroke(ORIGIN, UP * max(text.height, letter.height), role, theme.STICK)
        bar.next_to(letter, LEFT, buff=_PAD * 0.7).set_y(letter.get_top()[1] + 0.04, UP)
        return VGroup(bar, letter, text)

    def right_card(self) -> OptionCard:
        return next(card for card in self.cards if card.option.right)

    def failing_card(self) -> OptionCard:
        """The wrong option that the script lets fail, or the first wrong one."""
        wrong = [card for card in self.cards if not card.option.right]
        return next((card for card in wrong if card.option.fails), wrong[0])

    def _too_long(self, what: str) -> InputError:
        question: QuizQuestion = self.question
        message = (
            f'quiz "{question.name}": {what} more room than a slide has, even at the smallest type '
            f"({theme.MINIMUM:g} px); shorten the text"
        )
        return InputError(Problem(question.file, question.line, message))


def _body(text: str, size: float, zone: Zone) -> Typeset:
    return Markup(text, size, width=zone.width - _SIGN - 4 * _PAD)
