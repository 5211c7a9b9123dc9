"""From the scripts to questions that can be handed out: verified, with variants, their options shuffled."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vcalc_anim.core.questions import Template
from vcalc_anim.course import Lecture, QuizQuestion
from vcalc_anim.errors import Problem, raise_if_any
from vcalc_anim.outlets.quiz.item import FramePlace, ItemOption, QuizItem
from vcalc_anim.outlets.quiz.letters import printed_letters, varied_letter
from vcalc_anim.outlets.quiz.verify import Verified, verify, verify_instance

LARGEST_SHARE_OF_LONGEST = 1 / 3
"""Of how many questions the right option may be strictly the longest: with four options chance alone gives 1/4."""

_SAMPLES = 2  # variants that are tried out wherever questions are verified
_TRIES = 60  # draws until a variant differs from all others


@dataclass(frozen=True)
class _Edition:
    """A question with its numbers; variant 0 is the printed one."""

    lecture: Lecture
    question: QuizQuestion
    variant: int


def resolve(lectures: Sequence[Lecture], variants: int = 0, seed: int = 0) -> tuple[QuizItem, ...]:
    """Every question of *lectures*, each followed by its *variants* where it has a template.

    The same *seed* gives the same numbers and letters. A question that a scene plays keeps the order of its options,
    as the film shows it.

    Raises:
        InputError: with every question that the core does not confirm, at its place.
    """
    items: list[QuizItem] = []
    problems: list[Problem] = []
    for lecture in lectures:
        editions, found = _editions(lecture, variants, seed)
        problems += found
        if not problems:
            items += _items(lecture, editions, seed)
    raise_if_any(problems)
    return tuple(items)


def wrong_questions(lectures: Sequence[Lecture]) -> list[Problem]:
    """Everything that the core finds wrong with the questions of *lectures*, some variants among them."""
    return [problem for lecture in lectures for problem in _editions(lecture, _SAMPLES, 0)[1]]


def unbalanced(items: Sequence[QuizItem]) -> Iterator[Problem]:
    """What gives right options away: they are the longest too often, or have one letter too often."""
    printed = [item for item in items if not re.search(r"-v\d+$", item.id)]
    longest = [item for item in printed if right_is_longest(item)]
    if len(longest) > max(1, LARGEST_SHARE_OF_LONGEST * len(printed)):
        last = longest[-1]
        names = ", ".join(item.id for item in longest)
        message = f"the right option is the longest in {len(longest)} of {len(printed)} questions: {names}; "
        yield Problem(last.file, last.line, message + "shorten some, or make wrong ones as long")
    letters = [item.letter for item in printed]
    for letter in sorted({*letters}):
        count = letters.count(letter)
        if count > max(2, len(letters) // 4 + 2):
            last = next(item for item in reversed(printed) if item.letter == letter)
            message = f"{count} of {len(letters)} questions have {letter} as their right answer; "
            yield Problem(last.file, last.line, message + "change the order of the options in some films")


def right_is_longest(item: QuizItem) -> bool:
    """Whether the right option is longer than every other, as it is read."""
    longest_wrong = max(visible_length(option.text) for option in item.options if not option.right)
    return visible_length(item.right.text) > longest_wrong


def visible_length(text: str) -> int:
    """About how many characters of markup are seen: names of functions, quotes and spaces are not.

    >>> visible_length("$frac(1, 2) x$"), visible_length("a peak")
    (3, 6)
    """
    plain = re.sub(r"delim:\s*\"[^\"]*\"\s*,", "", text)
    maths = re.sub(r"\$[^$]*\$", lambda found: _visible_maths(found[0]), plain)
    return len(" ".join(maths.split()))


def _visible_maths(source: str) -> str:
    short = re.sub(r"\b(?:frac|vec|mat|sqrt|norm|bold|upright)\b", "", source)
    short = re.sub(
        r"\b[a-z]+(?:\.[a-z]+)*\b", lambda word: word[0][0], short
    )  # times, partial, dot.c: one sign
    return re.sub(r"[\s$(),;^_\"]", "", short)


def _editions(lecture: Lecture, variants: int, seed: int) -> tuple[list[list[_Edition]], list[Problem]]:
    """For each question its printed edition and its variants, and everything that is wrong."""
    editions: list[list[_Edition]] = []
    problems: list[Problem] = []
    for question in lecture.quiz:
        printed = verify(question)
        problems += printed.problems
        if printed.question is None:
            continue
        found = [_Edition(lecture, printed.question, 0)]
        if printed.instance is not None:
            for number, varied in enumerate(_variants(question, printed.instance, variants, seed), start=1):
                problems += varied.problems
                if varied.question is not None:
                    found.append(_Edition(lecture, varied.question, number))
        editions.append(found)
    return editions, problems


def _variants(question: QuizQuestion, printed: Template, count: int, seed: int) -> Iterator[Verified]:
    """*count* variants of *question*, no two with the same numbers, none with those of the *printed* one."""
    used = [printed.numbers]
    own = int.from_bytes(hashlib.sha256(f"{question.file.stem}/{question.name}".encode()).digest()[:4])
    for number in range(1, count + 1):
        for attempt in range(_TRIES):
            instance = type(printed).sound(seed, own, number, attempt)
            if instance.numbers not in used:
                break
        else:
            message = (
                f'quiz "{question.name}" has only {number - 1} variants; ask for no more with --variants'
            )
            yield Verified(None, (Problem(question.file, question.line, message),))
            return
        used.append(instance.numbers)
        yield verify_instance(question, instance)


def _items(lecture: Lecture, editions: Sequence[Sequence[_Edition]], seed: int) -> Iterator[QuizItem]:
    letters = _letters(lecture, [found[0].question for found in editions], seed)
    varying = [index for index, found in enumerate(editions) if len(found) > 1]
    for index, found in enumerate(editions):
        yield _item(found[0], letters[index], seed)
        options = len(found[0].question.options)
        alike = [other for other in varying if len(editions[other][0].question.options) == options]
        for edition in found[1:]:
            place = alike.index(index)
            letter = varied_letter(place, len(alike), edition.variant, options, seed, lecture.number)
            yield _item(edition, letter, seed)


def _letters(lecture: Lecture, questions: Sequence[QuizQuestion], seed: int) -> list[int]:
    """The letter of each printed question; questions with equally many options are balanced together."""
    letters = [0] * len(questions)
    for options in {len(question.options) for question in questions}:
        chosen = [index for index, question in enumerate(questions) if len(question.options) == options]
        fixed = [
            questions[index].options.index(questions[index].right) if questions[index].scene else None
            for index in chosen
        ]
        for index, letter in zip(chosen, printed_letters(fixed, options, seed, lecture.number), strict=True):
            letters[index] = letter
    return letters


def _item(edition: _Edition, letter: int, seed: int) -> QuizItem:
    lecture, question = edition.lecture, edition.question
    name = f"ch{lecture.number:02d}-{question.name}" + (f"-v{edition.variant:02d}" if edition.variant else "")
    options = list(question.options)
    if edition.variant or not question.scene:
        wrong = [option for option in options if not option.right]
        own = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
        order = np.random.default_rng((seed, own)).permutation(len(wrong))
        options = [wrong[index] for index in order]
        options.insert(letter, question.right)
    picture = question.picture
    return QuizItem(
        id=name,
        chapter=lecture.slug,
        chapter_title=lecture.title,
        name=question.name,
        kind=question.kind,
        question=question.question,
        options=tuple(
            ItemOption(
                option.text, option.right, option.feedback, "" if option.right else option.key, option.fails
            )
            for option in options
        ),
        scene=None if edition.variant else question.scene,
        picture=None if picture is None else FramePlace(lecture.slug, picture.scene, picture.line),
        file=question.file,
        line=question.line,
    )
