"""Chapter 0, why calculus: a wall of dials, one dial in fog, three walkers, two valleys."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from vcalc_anim.core.catalogue import QUARTIC, SQUARE, TWO_VALLEY
from vcalc_anim.core.dials import DialWall
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.vectors import read_only

LossName = Literal["square", "two_valley", "quartic"]

DIALS: Final = DialWall.random(rows=25, columns=40, seed=0)
DIAL_NUDGE: Final = 0.01
LOUD_DIAL: Final = DIALS.most_influential
QUIET_DIAL: Final = DIALS.least_influential
#: Where the dials stand at first: as if turned at random, and then a little the wrong way, each by its influence.
DIAL_SETTINGS: Final = read_only(
    0.012 * DIALS.weights + np.random.default_rng(1).uniform(-0.022, 0.022, DIALS.weights.shape)
)
DIAL_LEARNING_RATE: Final = 0.002

#: The loss of one dial; its variable is called as on the axis.
LOSS: Final = SQUARE.renamed("theta")
LOSS_START: Final = 3.0
LOSS_NUDGE: Final = 0.01
LOSS_LEARNING_RATE: Final = 0.1
#: Slides down, leaps across and still settles, leaps out.
WALKER_LEARNING_RATES: Final = (0.1, 0.9, 1.1)

VALLEYS: Final = TWO_VALLEY.renamed("theta")
VALLEY_STARTS: Final = (0.20, 0.21)
VALLEY_LEARNING_RATE: Final = 0.5

#: What the simulation can walk on.
LOSSES: Final[dict[LossName, ScalarFunction]] = {
    "square": LOSS,
    "two_valley": VALLEYS,
    "quartic": QUARTIC.renamed("theta"),
}
