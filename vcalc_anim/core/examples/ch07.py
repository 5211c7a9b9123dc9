"""Chapter 7: a table to poke, a line to fit, and a design whose columns repeat each other."""

from __future__ import annotations

from typing import Final

import numpy as np
import sympy as sp

from vcalc_anim.core.least_squares import LeastSquares
from vcalc_anim.core.matrix_functions import MatrixFunction
from vcalc_anim.core.vectors import read_only

TRACE_A: Final = read_only([[1, 2], [3, 4], [5, 6]])
TRACE_X: Final = read_only([[1, 0, 2], [0, 1, 1]])
#: tr(AX) as a function of X, 2 × 3.
TRACE: Final = MatrixFunction.of(lambda x: (sp.Matrix(3, 2, range(1, 7)) * x).trace(), (2, 3))
POKE: Final = 0.1

#: A row and a column with a matrix between them: every entry is multiplied by one number of each.
OUTER_A: Final = read_only([2, 3])
OUTER_B: Final = read_only([1, 4, 2])
#: aᵀXb as a function of X, 2 × 3.
OUTER: Final = MatrixFunction.of(lambda x: (sp.Matrix([[2, 3]]) * x * sp.Matrix([1, 4, 2]))[0], (2, 3))
#: tr(XᵀX), the sum of all squared entries, as a function of X, 2 × 3.
SQUARES: Final = MatrixFunction.of(lambda x: (x.T * x).trace(), (2, 3))

FIT: Final = LeastSquares.line([0, 1, 2], [1, 2, 2])
#: The second column is twice the first: the bowl becomes a gutter.
REPEATING: Final = LeastSquares(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), np.array([1.0, 2.0, 2.0]))

#: Twenty points, powers 9 to 0: columns that are nearly dependent.
POLYNOMIAL_DESIGN: Final = read_only(np.vander(np.linspace(0, 1, 20), 10))
POLYNOMIAL_WEIGHTS: Final = read_only(np.ones(10))
