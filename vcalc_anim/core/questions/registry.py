"""Questions that compute their own answers, and claims that the core tests, by name.

A check is a function without arguments that tells which claims are true, recomputed each time. A template is a
class whose fields are the numbers of a question: it computes the right answer, confirms it in another way, and
makes one wrong answer with each of its mistakes, which are methods named after the misconception.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import combinations
from typing import Any, ClassVar, Self

import numpy as np
import sympy as sp

from vcalc_anim.core.exact import exact_number
from vcalc_anim.core.provenance import numbers_in
from vcalc_anim.core.questions.answers import Answer, show

RIGHT = "answer"
"""The name of the right answer among the answers of a template."""

_TRIES = 400  # draws until one is sound
_LARGEST, _LONGEST = 400, 4  # a number that is nice: its size, its digits
_LARGEST_GIVEN = 10_000  # numbers of a script, and their denominators


@dataclass(frozen=True)
class Facts:
    """What a check found: which *claims* are true, and *texts* (Typst maths) of the numbers in the question."""

    claims: Mapping[str, bool]
    texts: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[], Facts]
CHECKS: dict[str, Check] = {}
TEMPLATES: dict[str, type[Template]] = {}


def check(function: Check) -> Check:
    """Register *function* as a check under its name."""
    assert function.__name__ not in CHECKS, f"there are two checks named {function.__name__}"
    CHECKS[function.__name__] = function
    return function


def mistake(method: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """Mark a method of a template as a mistake: its answer is wrong, and its name says why."""
    method.is_mistake = True  # type: ignore[attr-defined]
    return method


class Numbers:
    """Draws the numbers of a question; the same *seed* gives the same numbers on every machine."""

    def __init__(self, *seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def whole(self, low: int, high: int, *, but: tuple[int, ...] = ()) -> sp.Integer:
        """A whole number from *low* to *high*, none of *but*."""
        return self.one_of(*(value for value in range(low, high + 1) if value not in but))

    def one_of(self, *values: Any) -> Any:
        """One of *values*, taken exactly: 0.1 is one tenth."""
        return exact_number(values[int(self._random.integers(len(values)))])


class Template(ABC):
    """A question with numbers. A subclass is a frozen dataclass of exact numbers, registered in snake case."""

    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        assert cls.name not in TEMPLATES, f"there are two templates named {cls.name}"
        TEMPLATES[cls.name] = cls

    @classmethod
    @abstractmethod
    def draw(cls, numbers: Numbers) -> Self:
        """An instance with other numbers, which need not be sound."""

    @property
    @abstractmethod
    def right(self) -> Answer:
        """The right answer."""

    @abstractmethod
    def confirms(self, right: Answer) -> bool:
        """Whether *right* is right, found in another way than it was computed."""

    def shown(self) -> Mapping[str, str]:
        """What the question shows beside its answers, as Typst maths; its numbers are there by their own names."""
        return {}

    def refusal(self) -> str:
        """Why the question makes no sense with these numbers; empty when it does."""
        return ""

    @classmethod
    def parameters(cls) -> tuple[str, ...]:
        """The names of the numbers."""
        return tuple(entry.name for entry in fields(cls))  # type: ignore[arg-type]

    @classmethod
    def mistakes(cls) -> tuple[str, ...]:
        """The names of the mistakes, in the order in which they are written."""
        return tuple(
            name
            for base in reversed(cls.__mro__)
            for name, method in vars(base).items()
            if getattr(method, "is_mistake", False)
        )

    @classmethod
    def of(cls, **numbers: Any) -> Self:
        """The instance with these *numbers*.

        ValueError for one that is missing, unknown, no rational number, or beyond what a student calculates with.
        """
        known = cls.parameters()
        for name in numbers:
            if name not in known:
                raise ValueError(f"{cls.name} has no number {name}; it has: {', '.join(known)}")
        if missing := [name for name in known if name not in numbers]:
            raise ValueError(f"{cls.name} needs a number for {', '.join(missing)}")
        exact = {name: sp.Rational(exact_number(value, f"number {name}")) for name, value in numbers.items()}
        for name, value in exact.items():
            if abs(value) > _LARGEST_GIVEN or value.q > _LARGEST_GIVEN:
                raise ValueError(f"the number {name} is too large or too fine to calculate with by hand")
        return cls(**exact)

    @property
    def numbers(self) -> dict[str, sp.Expr]:
        """The numbers by name."""
        return {name: getattr(self, name) for name in self.parameters()}

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The right answer and what every mistake makes of it, by name."""
        return {RIGHT: self.right, **{name: getattr(self, name)() for name in self.mistakes()}}

    @cached_property
    def texts(self) -> dict[str, str]:
        """Everything that a text of the question may show, by name, as Typst maths."""
        own = {name: show(value) for name, value in self.numbers.items()}
        return {**own, **self.shown(), **{name: answer.typst for name, answer in self.answers.items()}}

    def flaws(self) -> Iterator[str]:
        """Everything that makes the question a bad one: it makes no sense, answers agree, the right one is wrong."""
        if reason := self.refusal():
            yield reason
            return
        if not self.confirms(self.right):
            yield f"the answer {self.right.typst} is not confirmed by computing it in another way"
        for (name, one), (other_name, other) in combinations(self.answers.items(), 2):
            if one.is_same(other):
                yield (
                    f'"{name}" and "{other_name}" are the same here ({one.typst} and {other.typst}): '
                    "take other numbers"
                )

    @property
    def is_nice(self) -> bool:
        """Whether every number that it shows is short and of moderate size."""
        shown = [text for whole in self.texts.values() for text in numbers_in(whole)]
        return all(
            float(text) <= _LARGEST and len(text.replace(".", "").lstrip("0")) <= _LONGEST for text in shown
        )

    @classmethod
    def sound(cls, *seed: int) -> Self:
        """An instance without flaws and with nice numbers, the same for the same *seed*.

        Raises RuntimeError when none is found, which is a flaw of the template.
        """
        numbers = Numbers(*seed)
        for _ in range(_TRIES):
            found = cls.draw(numbers)
            if not found.refusal() and found.is_nice and not any(found.flaws()):
                return found
        raise RuntimeError(f"the template {cls.name} finds no sound numbers in {_TRIES} draws")
