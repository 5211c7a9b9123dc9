"""The questions of a script, and the rules that make one answerable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vcalc_anim.course.model import QuizOption, QuizQuestion, choices
from vcalc_anim.course.schema import OptionTable, QuizTable, validate
from vcalc_anim.course.source import KeyPath, TomlFile
from vcalc_anim.errors import Problem


def read_quizzes(
    tables: Sequence[dict[str, Any]], source: TomlFile, scenes: Sequence[str]
) -> tuple[tuple[QuizQuestion, ...], list[Problem]]:
    """The questions in *tables*, the ``[[quiz]]`` of *source*, and everything wrong with them.

    *scenes* are the names of the lecture's scenes, one of which a question may name as its own.
    """
    problems: list[Problem] = []
    questions: list[QuizQuestion] = []
    first: dict[str, int] = {}
    for index, raw in enumerate(tables):
        path: KeyPath = ("quiz", index)
        question, found = _question(raw, source, path, scenes)
        questions.append(question)
        problems += found
        if question.name and question.name in first:
            message = (
                f'quiz "{question.name}" is there twice (first in line {first[question.name]}); rename one'
            )
            problems.append(source.problem((*path, "name"), message))
        first.setdefault(question.name, question.line)
    return tuple(questions), problems


def _question(
    raw: dict[str, Any], source: TomlFile, path: KeyPath, scenes: Sequence[str]
) -> tuple[QuizQuestion, list[Problem]]:
    name = raw.get("name")
    owner = f'quiz "{name}"' if isinstance(name, str) and name.strip() else f"quiz number {int(path[-1]) + 1}"
    table, problems = validate(QuizTable, raw, source, path, owner)
    options: list[OptionTable] = []
    for index, entry in enumerate(table.options):
        place: KeyPath = (*path, "options", index)
        option, found = validate(OptionTable, entry, source, place, f"option {index + 1} of {owner}")
        options.append(option)
        problems += found
        problems += [
            source.problem((*place, key), message) for key, message in _contradictions(option, index, owner)
        ]
    if options:
        problems += _balance(options, source, path, owner)
    if table.scene is not None:
        if table.scene not in scenes:
            message = f'{owner} names scene "{table.scene}", which the lecture does not have; '
            problems.append(source.problem((*path, "scene"), message + choices(table.scene, list(scenes))))
        if options and not any(option.fails for option in options):
            message = f"{owner} has a scene but no option that is shown failing; "
            message += "add fails = true to one wrong option"
            problems.append(source.problem((*path, "scene"), message))
    answers = tuple(QuizOption(o.text, o.right, o.why, o.misconception, o.fails) for o in options)
    line = source.lines.line(*path)
    return QuizQuestion(table.name, table.question, answers, table.scene, source.file, line), problems


def _contradictions(option: OptionTable, index: int, owner: str) -> list[tuple[str, str]]:
    """What an option says that only the other kind may say: its key, and the message."""
    where = f"option {index + 1} of {owner}"
    found = []
    if option.right and option.fails:
        found.append(("fails", f"{where} is right and shown failing; only a wrong option can fail"))
    if option.right and option.misconception:
        found.append(("misconception", f'{where} is right and has a "misconception"; write why = "…"'))
    if not option.right and option.why:
        found.append(("why", f'{where} is wrong and has a "why"; write misconception = "…", or right = true'))
    return found


def _balance(options: Sequence[OptionTable], source: TomlFile, path: KeyPath, owner: str) -> list[Problem]:
    """Problems between the options: one right, at most one failing, no two the same."""
    problems = []
    right = [index for index, option in enumerate(options) if option.right]
    if not right:
        problems.append(source.problem(path, f"{owner} has no right option; add right = true to one"))
    for index in right[1:]:
        message = f"{owner} has {len(right)} right options; leave right = true on only one"
        problems.append(source.problem((*path, "options", index, "right"), message))
    for index in [index for index, option in enumerate(options) if option.fails and not option.right][1:]:
        message = f"{owner} shows more than one option failing; leave fails = true on only one"
        problems.append(source.problem((*path, "options", index, "fails"), message))
    seen: dict[str, int] = {}
    for index, option in enumerate(options):
        text = " ".join(option.text.split())
        if text and text in seen:
            message = f"options {seen[text] + 1} and {index + 1} of {owner} are the same; change one"
            problems.append(source.problem((*path, "options", index, "text"), message))
        seen.setdefault(text, index)
    return problems
