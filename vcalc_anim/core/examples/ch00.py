"""Chapter 0, why calculus: a wall of dials, one dial in fog, three walkers, two valleys."""

from __future__ import annotations

from typing import Final

from vcalc_anim.core.catalogue import SQUARE, TWO_VALLEY
from vcalc_anim.core.dials import DialWall

DIALS: Final = DialWall.random(rows=25, columns=40, seed=0)
DIAL_NUDGE: Final = 0.01
LOUD_DIAL: Final = DIALS.most_influential
QUIET_DIAL: Final = DIALS.least_influential

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
