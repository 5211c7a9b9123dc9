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


def varied_letter(place: int, of: int, variant: int, options: int, seed: int, chapter: int) -> int:
    """The letter (from 0) of *variant* number 1, 2 … of the question at *place* (from 0) of the *of* that vary.

    A Latin square: of as many variants of one question as there are letters, each has another one, and so have the
    questions of one variant. Neighbouring chapters go on where the others end.
    """
    block, row = divmod(variant - 1, options)
    order = np.random.default_rng((seed, options, block, 1)).permutation(options)
    return int(order[(place + row + chapter * of) % options])
