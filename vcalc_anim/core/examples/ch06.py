"""Chapter 6: a warp of the plane, a second one, and four kinds of level ground."""

from __future__ import annotations

from typing import Final

import sympy as sp

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.maps import VectorMap

WARP: Final = VectorMap.from_text("x**2 + y", "x*y")
SECOND_WARP: Final = VectorMap.from_text("u*v", "u - v", variables=("u", "v"))
WARP_AT: Final = (3, 2)
WARP_NUDGE: Final = 0.01
SQUARE_SIDES: Final = (1, 0.5, 0.1, 0.01)
#: On this line, through the second place of the square, the warp folds the plane.
FOLD_AT: Final = (1, 2)

KNIFE: Final = ScalarField.from_text("x**2 + 3*x*y + y**2")
#: Spirit level first, then the Hessian: bowl, dome, saddle, and two that it cannot tell apart.
LEVEL_GROUND: Final = {
    "bowl": ScalarField.from_text("x**2 + 2*y**2"),
    "dome": ScalarField.from_text("-x**2 - 2*y**2"),
    "saddle": KNIFE,
    "flat bowl": ScalarField.from_text("x**4 + y**4"),
    "flat saddle": ScalarField.from_text("x**4 - y**4"),
}
NEVER_LEVEL: Final = ScalarField.from_text("exp(x)", ("x",))

_X, _Y = sp.symbols("x y", real=True)
#: With the value 0 at the origin its two mixed second partials there are −1 and +1.
UNEQUAL_MIXED: Final = ScalarField(_X * _Y * (_X**2 - _Y**2) / (_X**2 + _Y**2), (_X, _Y))

#: Three inputs, two outputs: the plugs of the quiz.
QUIZ_MAP: Final = VectorMap.from_text("x*y", "y + z**2", variables=("x", "y", "z"))
QUIZ_MAP_AT: Final = (1, 2, 3)
