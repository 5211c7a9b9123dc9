"""Which letter the right option gets: every letter equally often, in every chapter and in every set of variants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def printed_letters(fixed: Sequence[int | None], options: int, seed: int, chapter: int) -> list[int]:
    """A letter (from 0) for each question of a chapter, of *options* options each; those in *fixed* are kept.

    In blocks of as many questions as there are letters, each letter comes once; a block that is not full takes
    other letters in every *chapter*, so that the course stays balanced, too.
    """
    random = np.random.default_rng((seed, options, chapter))
    order = np.random.default_rng((seed, options)).permutation(options)
    letters: list[int] = []
    for start in range(0, len(fixed), options):
        block = list(fixed[start : start + options])
        taken = {letter for letter in block if letter is not None}
        free = [int(letter) for letter in np.roll(order, -chapter) if letter not in taken]
        free = free[: block.count(None)]
        while len(free) < block.count(None):  # two kept letters were the same
            free.append(int(order[len(free) % options]))
        shuffled = [free[index] for index in random.permutation(len(free))]
        letters += [shuffled.pop() if letter is None else letter for letter in block]
    return letters


def shifts(variants: int, options: int, seed: int, chapter: int) -> list[int]:
    """By how much the letters of variant 0 (the printed questions), 1, 2 … are turned on.

    All questions of a chapter turn alike. So one set of variants is as balanced as the printed questions are, and
    the variants of one question go through all letters equally often.
    """
    random = np.random.default_rng((seed, options, chapter, 1))
    turns: list[int] = []
    while len(turns) <= variants:
        turns += [int(turn) for turn in random.permutation(options)]
    first = turns[0]
    return [(turn - first) % options for turn in turns[: variants + 1]]
