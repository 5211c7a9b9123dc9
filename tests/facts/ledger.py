"""The facts ledger: every statement of the lesson that can be checked, each beside the test that checks it.

A fact is a test function that asserts with values of the core and returns the value as it is shown:

    @fact("C4.5", "∇f at (3, 2) is (6, 8)", verdict="true")
    def test_C4_5_gradient_of_the_bowl() -> str:
        gradient = BOWL.gradient(BOWL_START)
        assert gradient.tolist() == EXACT
        return f"∇f = {tuple(gradient)}"

``scripts/facts`` writes docs/facts.md from the ledger. More tests of the same statement need no decorator.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

Verdict = Literal["true", "cond", "imprecise", "inconsistent", "wrong", "unverified"]

_ID = re.compile(r"([CQ])(\d)(?:\.(\d+))?")


@dataclass(frozen=True)
class Fact:
    """One row: the lesson's *statement*, the *verdict* on it, and what the course *shows* where that differs.

    *value* computes the row's value and asserts it; None for a statement that no computation can decide.
    """

    id: str
    statement: str
    verdict: Verdict
    shows: str
    value: Callable[[], str] | None

    @property
    def key(self) -> tuple[int, str, int]:
        """Sorts by chapter, its statements before its quiz, and C2.10 after C2.9."""
        kind, chapter, number = _parts(self.id)
        return chapter, kind, number


#: All facts whose module has been imported, by id.
LEDGER: dict[str, Fact] = {}


def fact(
    id: str, statement: str, *, verdict: Verdict = "true", shows: str = ""
) -> Callable[[Callable[[], str]], Callable[[], None]]:
    """Enter a test function into the ledger; the wrapper returns None, as pytest wants of a test.

    The function takes no arguments, its name carries the id (``test_C4_5_…``), and it returns one line of text.
    """

    def register(check: Callable[[], str]) -> Callable[[], None]:
        expected = f"test_{id.replace('.', '_')}_"
        if not check.__name__.startswith(expected):
            raise ValueError(f"{check.__name__} checks {id}: let its name begin with {expected}")
        if inspect.signature(check).parameters:
            raise ValueError(
                f"{check.__name__} is a fact, so it takes no arguments: parametrize a test beside it"
            )

        @functools.cache
        def value() -> str:
            text = check()
            if not isinstance(text, str) or not text.strip() or "\n" in text:
                raise ValueError(f"{check.__name__} must return its value as one line of text, not {text!r}")
            return text.strip()

        @functools.wraps(check)
        def test() -> None:
            value()

        _enter(Fact(id, statement, verdict, shows, value))
        return test

    return register


def remark(id: str, statement: str, *, verdict: Verdict, shows: str) -> None:
    """Enter a statement that no computation can decide (an opinion, a definition, a claim about the world)."""
    _enter(Fact(id, statement, verdict, shows, None))


def page(facts: dict[str, Fact]) -> str:
    """The ledger as a Markdown page, one table a chapter. Runs every check."""
    lines = [
        "# Facts",
        "",
        "Every checkable statement of the lesson, and the ten quizzes. Written by `scripts/facts` from the tests in",
        "`tests/facts`, where each row is a test with the row's id in its name: the value comes from the core and is",
        "compared there with exact arithmetic. *cond*: true under a condition the lesson leaves out.",
    ]
    chapter = None
    for entry in sorted(facts.values(), key=lambda entry: entry.key):
        if entry.key[0] != chapter:
            chapter = entry.key[0]
            header = ["| id | statement | value | verdict | the course shows |", "|---|---|---|---|---|"]
            lines += ["", f"## Chapter {chapter}", "", *header]
        value = entry.value() if entry.value else "—"
        cells = (entry.id, entry.statement, value, entry.verdict, entry.shows or "as stated")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _enter(entry: Fact) -> None:
    _parts(entry.id)
    if entry.id in LEDGER:
        raise ValueError(f"{entry.id} is in the ledger already: a further test of it needs no decorator")
    if entry.verdict not in get_args(Verdict):
        raise ValueError(f"the verdict on {entry.id} is {entry.verdict!r}, not one of {get_args(Verdict)}")
    if not entry.statement.strip() or "\n" in entry.statement + entry.shows:
        raise ValueError(f"{entry.id} needs a statement, on one line")
    LEDGER[entry.id] = entry


def _parts(id: str) -> tuple[str, int, int]:
    match = _ID.fullmatch(id)
    if match is None:
        raise ValueError(f"{id!r} is not an id such as C4.5 or Q4")
    return match[1], int(match[2]), int(match[3] or 0)
