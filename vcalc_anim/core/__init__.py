"""The mathematics of the course: exact formulas, numpy arrays, no drawing.

Every number and every curve on screen comes from here. Functions return frozen value objects whose arrays cannot
be written to; bad input raises ValueError with the mend.
"""

from vcalc_anim.core.contours import level_curves
from vcalc_anim.core.descent import Descent, Status, descend
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.flow import gradient_flow
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.quadratic import QuadraticForm
from vcalc_anim.core.rounding import MINUS, Rounded, rounded, typst_number
from vcalc_anim.core.shapes import ShapeClash, subtract_shapes
from vcalc_anim.core.slopes import SlopeDial
from vcalc_anim.core.ticks import nice_ticks
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vector_grid import VectorGrid, vector_grid
from vcalc_anim.core.vectors import angle_between, unit
from vcalc_anim.core.window import Clipped, Window

__all__ = [
    "MINUS",
    "Clipped",
    "Descent",
    "QuadraticForm",
    "Rounded",
    "ScalarField",
    "ScalarFunction",
    "ShapeClash",
    "SlopeDial",
    "Status",
    "VectorGrid",
    "Window",
    "angle_between",
    "descend",
    "gradient_flow",
    "level_curves",
    "nice_ticks",
    "rounded",
    "subtract_shapes",
    "to_typst",
    "typst_number",
    "unit",
    "vector_grid",
]
