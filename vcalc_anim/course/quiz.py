"""The questions of a script, and the rules that make one answerable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vcalc_anim.course.model import QuizKind, QuizOption, QuizQuestion, SceneScript, choices
from vcalc_anim.course.placeholders import placeholders, slips
from vcalc_anim.course.schema import OptionTable, QuizTable, validate
from vcalc_anim.course.showing import read_picture
from vcalc_anim.course.source import KeyPath, TomlFile
from vcalc_anim.errors import Problem

RIGHT_KEY = "answer"
"""The key of the right option of a template; the keys of the others are mistakes."""

Slip = tuple[str, str]
"""The key of a table at which something is wrong, and what."""


def read_quizzes(
    tables: Sequence[dict[str, Any]], source: TomlFile, scenes: Sequence[SceneScript]
) -> tuple[tuple[QuizQuestion, ...], list[Problem]]:
    """The questions in *tables*, the ``[[quiz]]`` of *source*, and everything wrong with them.

    *scenes* are those of the lecture; a question may name one as its own, and a line of one as its picture.
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
    raw: dict[str, Any], source: TomlFile, path: KeyPath, scenes: Sequence[SceneScript]
) -> tuple[QuizQuestion, list[Problem]]:
    name = raw.get("name")
    owner = f'quiz "{name}"' if isinstance(name, str) and name.strip() else f"quiz number {int(path[-1]) + 1}"
    table, problems = validate(QuizTable, raw, source, path, owner)
    options: list[OptionTable] = []
    for index, entry in enumerate(table.options):
        place: KeyPath = (*path, "options", index)
        where = f"option {index + 1} of {owner}"
        option, found = validate(OptionTable, entry, source, place, where)
        options.append(option)
        problems += found
        if "text" in entry:  # else that is said already
            problems += [
                source.problem((*place, key), message) for key, message in _option_slips(option, table, where)
            ]
    if options:
        problems += _balance(options, source, path, owner)
    failing = not options or any(option.fails for option in options)
    problems += [
        source.problem((*path, key), message)
        for key, message in [*_scene_slips(table, owner, scenes, failing), *_kind_slips(table, owner)]
    ]
    picture, found = None, list[Problem]()
    if table.picture:
        what = f"the picture of {owner}"
        picture, found = read_picture(table.picture, source, (*path, "picture"), what, scenes)
    question = QuizQuestion(
        table.name,
        table.question,
        tuple(
            _answer(option, table, source.lines.line(*path, "options", index))
            for index, option in enumerate(options)
        ),
        table.scene,
        source.file,
        source.lines.line(*path),
        _kind(table),
        table.check,
        table.template,
        table.numbers,
        picture,
    )
    return question, problems + found


def _answer(option: OptionTable, table: QuizTable, line: int) -> QuizOption:
    key = option.key or (RIGHT_KEY if option.right and table.template else "")
    return QuizOption(
        option.text, option.right, option.why, option.misconception, option.fails, key=key, line=line
    )


def _kind(table: QuizTable) -> QuizKind:
    return table.kind or ("picture" if table.picture else "calculation" if table.template else "concept")


def _kind_slips(table: QuizTable, owner: str) -> Iterator[Slip]:
    kind = _kind(table)
    if table.check and table.template:
        yield "template", f"{owner} has a check and a template; leave one of the two"
    if table.numbers and not table.template:
        yield "numbers", f"{owner} has numbers but no template; add the template that they are for"
    if table.template and not table.numbers:
        yield "template", f"{owner} has a template but no numbers; add numbers = {{ … }}"
    if (kind == "calculation") != bool(table.template):
        mend = (
            'add template = "…"' if kind == "calculation" else "a question with a template is a calculation"
        )
        yield "kind", f"{owner} is of the kind {kind}; {mend}"
    if (kind == "picture") != bool(table.picture):
        mend = "add picture = { scene = …, line = … }"
        yield (
            "kind",
            f"{owner} is of the kind {kind}; " + (mend if kind == "picture" else 'write kind = "picture"'),
        )
    yield from ((("question"), f"the question of {owner} {slip}") for slip in slips(table.question))
    if not (table.check or table.template) and placeholders(table.question):
        yield "question", f"{owner} has placeholders but no check or template that fills them; add one"


def _scene_slips(
    table: QuizTable, owner: str, scenes: Sequence[SceneScript], failing: bool
) -> Iterator[Slip]:
    names = [scene.name for scene in scenes]
    if table.scene is None:
        return
    if table.scene not in names:
        message = f'{owner} names scene "{table.scene}", which the lecture does not have; '
        yield "scene", message + choices(table.scene, names)
    if not failing:
        message = (
            f"{owner} has a scene but no option that is shown failing; add fails = true to one wrong option"
        )
        yield "scene", message


def _option_slips(option: OptionTable, table: QuizTable, where: str) -> Iterator[Slip]:
    """What is wrong with one option, by its key."""
    if option.right and option.fails:
        yield "fails", f"{where} is right and shown failing; only a wrong option can fail"
    if option.right and option.misconception:
        yield "misconception", f'{where} is right and has a "misconception"; write why = "…"'
    elif option.right and not option.why.strip():
        yield "text", f'{where} is right and does not say why; add why = "…"'
    if not option.right and option.why:
        yield "why", f'{where} is wrong and has a "why"; write misconception = "…", or right = true'
    elif not option.right and not option.misconception.strip():
        yield "text", f'{where} is wrong and does not say why anyone takes it; add misconception = "…"'
    confirmed = table.check or table.template
    if option.key and not confirmed:
        yield "key", f"{where} has a key, but the question has no check or template to look it up in; add one"
    if not option.key and confirmed and not (option.right and table.template):
        what = "claim" if table.check else "mistake"
        yield "text", f'{where} has no key; add key = "…", the {what} of {confirmed} that it stands for'
    if table.template and option.key and option.right != (option.key == RIGHT_KEY):
        mend = "leave its key out" if option.right else f'"{RIGHT_KEY}" is the key of the right one'
        yield "key", f"{where} is {'right' if option.right else 'wrong'}; {mend}"
    for key in ("text", "why", "misconception"):
        text = getattr(option, key)
        yield from ((key, f"the {key} of {where} {slip}") for slip in slips(text))
        if not confirmed and placeholders(text):
            yield key, f"the {key} of {where} has placeholders, but no check or template fills them"


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
    keys: dict[str, int] = {}
    for index, option in enumerate(options):
        if option.key and option.key in keys:
            message = f'options {keys[option.key] + 1} and {index + 1} of {owner} have the same key "{option.key}"; '
            problems.append(source.problem((*path, "options", index, "key"), message + "change one"))
        keys.setdefault(option.key, index)
    return problems
