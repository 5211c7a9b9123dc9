"""Chapter 3, many variables: a hill at (2, 1), an ant on a path, and slices that lie."""

from __future__ import annotations

from typing import Final

import sympy as sp

from vcalc_anim.core.chain import PathSum
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.functions import ScalarFunction

HILL: Final = ScalarField.from_text("x**2*y + 3*y")
HILL_POINT: Final = (2, 1)
#: Where the ant is at time t: x = 1 + t, y = t²; its height is the sum of what x and y contribute.
ANT: Final = PathSum(HILL, (ScalarFunction.from_text("1 + t", "t"), ScalarFunction.from_text("t**2", "t")))
ANT_TIME: Final = 1

_X, _Y = sp.symbols("x y", real=True)
_R2 = _X**2 + _Y**2
#: Flat along both axes at the origin, and yet it climbs along the diagonal: it is not differentiable there.
CREASE: Final = ScalarField(sp.Piecewise((_X**2 * _Y / _R2, sp.Ne(_R2, 0)), (0, True)), (_X, _Y))

QUIZ_FIELD: Final = ScalarField.from_text("x*y**2 + x**3")
QUIZ_FIELD_POINT: Final = (2, 1)
