"""Runs scenes and records which functions of ours they call: all of them must be in what the fingerprint counts.

``./scripts/reach [CHAPTER …]`` does it for every scene; the tests for a few.
"""

from __future__ import annotations

import ast
import inspect
import multiprocessing
import sys
import warnings
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

from filming import COURSE, film

from vcalc_anim.build import render
from vcalc_anim.build.sources import _PACKAGE, scene_reach
from vcalc_anim.course import Lecture

_FORK = multiprocessing.get_context("fork")


def unreached(lecture: Lecture, name: str) -> tuple[int, list[str]]:
    """How many functions of ours the scene *name* calls, and those that its fingerprint misses.

    In a process of its own: what another scene computed and kept would not be called again.
    """
    receiver, sender = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_run, args=(lecture, name, sender))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fork with threads about: the child only draws
        process.start()
    sender.close()
    try:
        answer: tuple[int, list[str]] = receiver.recv()
    except EOFError:
        raise AssertionError(f"{lecture.slug} {name} could not be run") from None
    process.join()
    return answer


def _run(lecture: Lecture, name: str, sender: object) -> None:
    called = calls(lambda: film(lecture, name))
    asked = [n for q in lecture.quiz if q.scene == name for n in (q.check, q.template) if n]
    reach = scene_reach(lecture.choreography, name, asked)
    ours = {found for code in called if (found := definition(code, lecture.choreography.parent)) is not None}
    missed = sorted(
        f"{m}:{'/'.join(names)}" for m, names in ours if not any(reach.holds(m, n) for n in names)
    )
    sender.send((len(ours), missed))  # type: ignore[attr-defined]


def calls(action: object) -> set[CodeType]:
    """The code of every function that runs while *action* does.

    Not what runs because the scene's file is imported: that makes the constants of all its scenes.
    """
    seen: set[CodeType] = set()
    importing = False

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal importing
        if frame.f_code is render._import.__code__:
            importing = event == "call" or (importing and event != "return")
        elif event == "call" and not importing:
            seen.add(frame.f_code)

    sys.setprofile(note)
    try:
        action()  # type: ignore[operator]
    finally:
        sys.setprofile(None)
    return seen


def definition(code: CodeType, scenes: Path) -> tuple[str, tuple[str, ...]] | None:
    """The module of *code*, and what its top-level statement is called; None for what is not ours.

    The bodies of modules and classes run when a file is imported, whichever scene is drawn: they are not looked at.
    """
    file = Path(code.co_filename)
    if not code.co_flags & inspect.CO_OPTIMIZED:
        return None
    if file.parent == scenes:
        module = file.stem
    elif file.is_relative_to(_PACKAGE):
        module = ".".join([_PACKAGE.name, *file.relative_to(_PACKAGE).with_suffix("").parts])
    else:
        return None
    return module.removesuffix(".__init__"), _statement_at(file, code.co_firstlineno)


def _statement_at(file: Path, line: int) -> tuple[str, ...]:
    for first, last, names in _statements(file):
        if first <= line <= last:
            return names
    raise AssertionError(f"{file}:{line} is in no statement")


@cache
def _statements(file: Path) -> list[tuple[int, int, tuple[str, ...]]]:
    found = []
    for statement in ast.parse(file.read_bytes()).body:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        named = getattr(statement, "name", None)
        stored = [
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        found.append((first, statement.end_lineno or first, (named,) if named else tuple(stored)))
    return found


def main(chapters: list[str]) -> int:
    """Look at every scene of *chapters* (all when empty); the number of scenes with something missed."""
    wrong = 0
    for lecture in [COURSE.lecture(name) for name in chapters] or COURSE.lectures:
        for scene in lecture.scenes:
            count, missed = unreached(lecture, scene.name)
            wrong += bool(missed)
            print(f"{lecture.slug} {scene.name}: {count} definitions ran, {len(missed)} of them not counted")
            print("".join(f"    {name}\n" for name in missed), end="", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
