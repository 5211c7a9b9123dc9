"""Questions of the scripts against the core: what is marked right is right, what is marked wrong is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vcalc_anim.core.provenance import numbers_in, unspaced
from vcalc_anim.core.questions import CHECKS, TEMPLATES, Template
from vcalc_anim.course import QuizOption, QuizQuestion
from vcalc_anim.course.model import nearest
from vcalc_anim.course.placeholders import placeholders
from vcalc_anim.errors import Problem


@dataclass(frozen=True)
class Verified:
    """A question with its placeholders filled, or everything that is wrong with it.

    ``instance`` is the template with its numbers, for a question that has one.
    """

    question: QuizQuestion | None
    problems: tuple[Problem, ...] = ()
    instance: Template | None = None


def verify(question: QuizQuestion) -> Verified:
    """*question* as it is printed, confirmed by its check or its template."""
    if question.check is not None:
        return _by_check(question, question.check)
    if question.template is not None:
        return _by_template(question, question.template)
    message = (
        "has nothing that confirms its answers; add check = … or template = …, and a key to every option"
    )
    return Verified(None, (_problem(question, message),))


def verify_instance(question: QuizQuestion, instance: Template) -> Verified:
    """*question*, which has a template, with the numbers of *instance* instead of its own."""
    try:
        problems = [_problem(question, flaw) for flaw in instance.flaws()]
        texts = {} if problems else instance.texts
    except (ArithmeticError, ValueError) as error:
        message = f"has numbers that the template {instance.name} cannot work with: {error}"
        return Verified(None, (_problem(question, message),), instance)
    if problems:
        return Verified(None, tuple(problems), instance)
    for index, option in enumerate(question.options):
        if option.key not in instance.answers:
            mend = _choices(option.key, list(instance.mistakes()))
            message = (
                f'stands for "{option.key}", which is no mistake of the template {instance.name}; {mend}'
            )
            problems.append(_option_problem(question, index, message))
        elif option.key not in placeholders(option.text):
            message = f"does not show its answer; write ${{{{{option.key}}}}}$ in its text"
            problems.append(_option_problem(question, index, message))
    if problems:
        return Verified(None, tuple(problems), instance)
    return _filled(question, texts, instance)


def _by_check(question: QuizQuestion, name: str) -> Verified:
    if name not in CHECKS:
        message = f'asks for the check "{name}", which the core does not have; {_choices(name, list(CHECKS))}'
        return Verified(None, (_problem(question, message),))
    facts = CHECKS[name]()
    problems = []
    for index, option in enumerate(question.options):
        if option.key not in facts.claims:
            mend = _choices(option.key, list(facts.claims))
            message = f'stands for "{option.key}", which the check {name} does not test; {mend}'
            problems.append(_option_problem(question, index, message))
        elif facts.claims[option.key] != option.right:
            marked, found = ("right", "false") if option.right else ("wrong", "true")
            message = f'is marked {marked}, but the core finds "{option.key}" {found}; correct the question'
            problems.append(_option_problem(question, index, message))
        elif option.key in facts.texts and not _shows(option, facts.texts[option.key]):
            shown = facts.texts[option.key]
            message = f"does not show {shown}, which the core gives; write ${{{{{option.key}}}}}$ in its text"
            problems.append(_option_problem(question, index, message))
    if problems:
        return Verified(None, tuple(problems))
    return _filled(question, facts.texts, None)


def _by_template(question: QuizQuestion, name: str) -> Verified:
    if name not in TEMPLATES:
        mend = _choices(name, list(TEMPLATES))
        message = f'asks for the template "{name}", which the core does not have; {mend}'
        return Verified(None, (_problem(question, message),))
    try:
        instance = TEMPLATES[name].of(**question.numbers)
    except ValueError as error:
        return Verified(None, (_problem(question, f"has wrong numbers: {error}"),))
    return verify_instance(question, instance)


def _shows(option: QuizOption, text: str) -> bool:
    return option.key in placeholders(option.text) or unspaced(text) in unspaced(option.text)


def _filled(question: QuizQuestion, values: Mapping[str, str], instance: Template | None) -> Verified:
    problems = list(_unknown_places(question, values))
    if problems:
        return Verified(None, tuple(problems), instance)
    filled = question.filled(values)
    problems += _foreign_numbers(filled, values)
    problems += _equal_options(filled)
    return Verified(None if problems else filled, tuple(problems), instance)


def _unknown_places(question: QuizQuestion, values: Mapping[str, str]) -> Iterator[Problem]:
    for option, where, text in _texts(question):
        for name in placeholders(text):
            if name not in values:
                message = f"has the unknown placeholder {{{{{name}}}}}; {_choices(name, list(values))}"
                yield _text_problem(question, option, where, message)


def _foreign_numbers(question: QuizQuestion, values: Mapping[str, str]) -> Iterator[Problem]:
    """Numbers that are typed into a text where the core should give them."""
    known = {number for text in values.values() for number in numbers_in(text)}
    for option, where, text in _texts(question):
        foreign = [number for number in dict.fromkeys(numbers_in(text)) if number not in known]
        if foreign:
            message = f"shows {' and '.join(foreign)}, which the core does not give here; "
            mend = "write a placeholder, or correct the number"
            yield _text_problem(question, option, where, message + mend)


def _equal_options(question: QuizQuestion) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, option in enumerate(question.options):
        text = unspaced(option.text)
        if text in seen:
            message = f"and option {seen[text] + 1} show the same, {option.text}; take other numbers"
            yield _option_problem(question, index, message)
        seen.setdefault(text, index)


def _texts(question: QuizQuestion) -> Iterator[tuple[int | None, str, str]]:
    """Every text: the option it belongs to, what it is called, and itself."""
    yield None, "question", question.question
    for index, option in enumerate(question.options):
        yield index, "text", option.text
        yield index, "why" if option.right else "misconception", option.feedback


def _choices(name: str, known: list[str]) -> str:
    like = nearest(name, known)
    return f"did you mean {like}?" if like else f"there are: {', '.join(sorted(known))}"


def _problem(question: QuizQuestion, message: str) -> Problem:
    return Problem(question.file, question.line, f'quiz "{question.name}" {message}')


def _option_problem(question: QuizQuestion, index: int, message: str) -> Problem:
    line = question.options[index].line or question.line
    return Problem(question.file, line, f'option {index + 1} of quiz "{question.name}" {message}')


def _text_problem(question: QuizQuestion, option: int | None, where: str, message: str) -> Problem:
    if option is None:
        return Problem(question.file, question.line, f'the question of quiz "{question.name}" {message}')
    line = question.options[option].line or question.line
    owner = f'option {option + 1} of quiz "{question.name}"'
    return Problem(question.file, line, f"the {where} of {owner} {message}")
