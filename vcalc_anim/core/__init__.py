"""The mathematics of the course: exact formulas, numpy arrays, no drawing.

Every number and every curve on screen comes from here. Functions return frozen value objects whose arrays cannot
be written to; bad input raises ValueError with the mend.
"""

from vcalc_anim.core.chain import GearTrain, PathSum
from vcalc_anim.core.contenders import four_ways, runs_needed
from vcalc_anim.core.contours import level_curves
from vcalc_anim.core.curvature import CurvatureDial, Verdict, second_derivative_test
from vcalc_anim.core.descent import Descent, Status, descend
from vcalc_anim.core.dials import DialWall
from vcalc_anim.core.differences import forward_difference, numerical_jacobian, staircase, v_curve
from vcalc_anim.core.duals import Dual, derivative_forward
from vcalc_anim.core.expansion import expand, tangent_plane
from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.flow import gradient_flow
from vcalc_anim.core.functions import ScalarFunction
from vcalc_anim.core.gradient_check import GradientMismatch, check_grads
from vcalc_anim.core.graph import ComputationGraph
from vcalc_anim.core.layers import relu_layer
from vcalc_anim.core.least_squares import LeastSquares, solver_errors
from vcalc_anim.core.level_points import fixed_points
from vcalc_anim.core.level_walk import walk_level
from vcalc_anim.core.maps import VectorMap, chain_maps, grid_lines
from vcalc_anim.core.matrix_functions import MatrixFunction, matrix_identities, trace_meetings
from vcalc_anim.core.networks import TwoLayerNet, gradient_sizes, sigmoid_chain, underflow_depth
from vcalc_anim.core.newton_method import newton, newton_step
from vcalc_anim.core.passes import gradient_reverse, jacobian_forward, jacobian_reverse
from vcalc_anim.core.product_cost import dense_work, kept_numbers, product_cost
from vcalc_anim.core.quadratic import QuadraticForm
from vcalc_anim.core.rounding import (
    MINUS,
    Rounded,
    compact,
    fitted,
    power_of_ten,
    rounded,
    scientific,
    typst_number,
)
from vcalc_anim.core.rules import GrowingRectangle, derivative_rules
from vcalc_anim.core.secants import (
    DifferenceQuotient,
    Line,
    best_line,
    central_slope,
    relative_error,
    secant,
    tangent,
    zoom_gap,
)
from vcalc_anim.core.shapes import ShapeClash, subtract_shapes
from vcalc_anim.core.slices import line_slice, partial_slice
from vcalc_anim.core.slopes import SlopeDial
from vcalc_anim.core.small_print import cancellation, exhibit
from vcalc_anim.core.sweep import Sweep
from vcalc_anim.core.swell import logistic_swell
from vcalc_anim.core.tape import Tape, Var
from vcalc_anim.core.taylor_polynomials import TaylorPolynomial, taylor
from vcalc_anim.core.ticks import nice_ticks
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vector_grid import VectorGrid, vector_grid
from vcalc_anim.core.vectors import angle_between, unit
from vcalc_anim.core.walls import convergence
from vcalc_anim.core.window import Clipped, Window

__all__ = [
    "MINUS",
    "Clipped",
    "ComputationGraph",
    "CurvatureDial",
    "Descent",
    "DialWall",
    "DifferenceQuotient",
    "Dual",
    "GearTrain",
    "GradientMismatch",
    "GrowingRectangle",
    "LeastSquares",
    "Line",
    "MatrixFunction",
    "PathSum",
    "QuadraticForm",
    "Rounded",
    "ScalarField",
    "ScalarFunction",
    "ShapeClash",
    "SlopeDial",
    "Status",
    "Sweep",
    "Tape",
    "TaylorPolynomial",
    "TwoLayerNet",
    "Var",
    "VectorGrid",
    "VectorMap",
    "Verdict",
    "Window",
    "angle_between",
    "best_line",
    "cancellation",
    "central_slope",
    "chain_maps",
    "check_grads",
    "compact",
    "convergence",
    "dense_work",
    "derivative_forward",
    "derivative_rules",
    "descend",
    "exhibit",
    "expand",
    "fitted",
    "fixed_points",
    "forward_difference",
    "four_ways",
    "gradient_flow",
    "gradient_reverse",
    "gradient_sizes",
    "grid_lines",
    "jacobian_forward",
    "jacobian_reverse",
    "kept_numbers",
    "level_curves",
    "line_slice",
    "logistic_swell",
    "matrix_identities",
    "newton",
    "newton_step",
    "nice_ticks",
    "numerical_jacobian",
    "partial_slice",
    "power_of_ten",
    "product_cost",
    "relative_error",
    "relu_layer",
    "rounded",
    "runs_needed",
    "scientific",
    "secant",
    "second_derivative_test",
    "sigmoid_chain",
    "solver_errors",
    "staircase",
    "subtract_shapes",
    "tangent",
    "tangent_plane",
    "taylor",
    "to_typst",
    "trace_meetings",
    "typst_number",
    "underflow_depth",
    "unit",
    "v_curve",
    "vector_grid",
    "walk_level",
    "zoom_gap",
]
