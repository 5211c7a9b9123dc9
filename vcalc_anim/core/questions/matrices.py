"""Chapter 7: gradients in the shape of a table, least squares, and when it has no single answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from vcalc_anim.core.differences import numerical_jacobian
from vcalc_anim.core.examples import ch07
from vcalc_anim.core.least_squares import LeastSquares
from vcalc_anim.core.matrix_functions import MatrixFunction
from vcalc_anim.core.questions.answers import Answer, matrix, number, shape_of, show
from vcalc_anim.core.questions.registry import Facts, Numbers, Template, check, mistake
from vcalc_anim.core.typst import to_typst
from vcalc_anim.core.vectors import Array

_W = sp.Symbol("w", real=True)


@check
def gradient_of_least_squares() -> Facts:
    """On the data of the lecture: the nudged loss against the four formulas."""
    fit, at = ch07.FIT, np.array([0.3, -0.2])
    true = numerical_jacobian(lambda w: fit.loss(w), at, 1e-5)[0]
    x, residual = fit.design, fit.residual(at)

    def is_true(candidate: Array) -> bool:
        return candidate.shape == true.shape and bool(np.allclose(candidate, true, atol=1e-6))

    fits = x.shape[1] == residual.shape[0]
    return Facts(
        {
            "residual_pulled_back": is_true(2 * x.T @ residual),
            "forgets_the_inner_slope": is_true(2 * residual),
            "forgets_the_transpose": fits and is_true(2 * x @ residual),
            "loses_the_two": is_true(x.T @ residual),
        },
        {"two": show(2)},
    )


@check
def shape_of_a_matrix_gradient() -> Facts:
    """The gradient of tr(AX) by poking every cell: a table of the shape of X."""
    rows, columns = ch07.TRACE_X.shape
    found = ch07.TRACE.poke(ch07.TRACE_X, 1e-6).quotients
    texts = {
        "same_shape": shape_of(rows, columns).typst,
        "turned_around": shape_of(columns, rows).typst,
        "one_long_row": shape_of(1, rows * columns).typst,
        "square": shape_of(columns, columns).typst,
    }
    return Facts(
        {
            "same_shape": found.shape == (rows, columns) and bool(np.allclose(found, ch07.TRACE_A.T)),
            "turned_around": found.shape == (columns, rows),
            "one_long_row": found.shape == (1, rows * columns),
            "square": found.shape == (columns, columns),
        },
        {"rows": show(rows), "columns": show(columns), **texts},
    )


@check
def floor_of_a_gutter() -> Facts:
    """Where one column repeats the other, weights on the whole floor of the gutter have the same smallest loss."""
    fit = ch07.REPEATING
    best = np.array([float(value) for value in fit.shortest_solution])
    floor = np.array([best + shift * np.array([2.0, -1.0]) for shift in (-1.0, 0.0, 1.0)])
    losses = fit.loss(floor)
    around = fit.loss(best + 0.1 * np.array([[1.0, 2.0], [-1.0, -2.0]]))
    same, smallest = bool(np.allclose(losses, losses[0])), bool((around > losses[0]).all())
    return Facts(
        {
            "many_best_weights": same and smallest and fit.rank < fit.design.shape[1],
            "one_best_weight": not same and smallest,
            "loss_is_zero_there": bool(np.allclose(losses, 0)),
            "no_smallest_loss": not smallest,
        }
    )


@dataclass(frozen=True)
class OneWeightSlope(Template):
    """The slope of (a w − c)² + (b w − d)² at a weight w."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    d: sp.Expr
    w: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> OneWeightSlope:
        inputs, targets = (
            (numbers.whole(1, 2), numbers.whole(3, 4)),
            (numbers.whole(0, 6), numbers.whole(0, 6)),
        )
        return cls(*inputs, *targets, numbers.whole(-2, 3))

    @property
    def data(self) -> LeastSquares:
        return LeastSquares(
            np.array([[float(self.a)], [float(self.b)]]), np.array([float(self.c), float(self.d)])
        )

    @property
    def residuals(self) -> tuple[sp.Expr, sp.Expr]:
        return self.a * self.w - self.c, self.b * self.w - self.d

    def shown(self) -> dict[str, str]:
        loss = "+".join(
            f" ({to_typst(slope * _W - target)})^2 " if target else f" ({to_typst(slope * _W)})^2 "
            for slope, target in ((self.a, self.c), (self.b, self.d))
        )
        first, second = self.residuals
        return {"loss": " ".join(loss.split()), "first_miss": show(first), "second_miss": show(second)}

    @property
    def right(self) -> Answer:
        first, second = self.residuals
        return number(2 * (self.a * first + self.b * second))

    def confirms(self, right: Answer) -> bool:
        return bool(np.isclose(self.data.gradient([float(self.w)])[0], float(right.value))) and bool(
            np.isclose(
                numerical_jacobian(lambda w: self.data.loss(w), [float(self.w)], 1e-4)[0, 0],
                float(right.value),
                atol=1e-6,
            )
        )

    @mistake
    def forgets_the_inner_slope(self) -> Answer:
        return number(2 * sum(self.residuals))

    @mistake
    def loses_the_two(self) -> Answer:
        return number(self.right.value / 2)

    @mistake
    def reads_the_loss(self) -> Answer:
        return number(sum(miss**2 for miss in self.residuals))


@dataclass(frozen=True)
class TraceGradient(Template):
    """The gradient of tr(A X) with respect to X, for A = [[a, b], [c, d]]."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    d: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> TraceGradient:
        return cls(*(numbers.whole(-6, 9, but=(0,)) for _ in range(4)))

    @property
    def fixed(self) -> sp.ImmutableMatrix:
        return sp.ImmutableMatrix([[self.a, self.b], [self.c, self.d]])

    def shown(self) -> dict[str, str]:
        return {"A": matrix(self.fixed).typst}

    @property
    def right(self) -> Answer:
        return matrix(self.fixed.T)

    def confirms(self, right: Answer) -> bool:
        """By poking every cell of X."""
        machine = MatrixFunction.of(lambda x: (self.fixed * x).trace(), (2, 2))
        slopes = machine.poke([[1.0, 2.0], [0.0, -1.0]], 1e-3).quotients
        return bool(np.allclose(slopes, np.array(right.value.tolist(), dtype=float), atol=1e-8))

    @mistake
    def forgets_the_flip(self) -> Answer:
        return matrix(self.fixed)

    @mistake
    def keeps_the_diagonal_alone(self) -> Answer:
        return matrix(sp.diag(self.a, self.d))

    @mistake
    def gives_one_number(self) -> Answer:
        return number(self.fixed.trace())


@dataclass(frozen=True)
class OuterProduct(Template):
    """The gradient of uᵀ X v with respect to X, for u = (a, b) and v = (c, d)."""

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr
    d: sp.Expr

    @classmethod
    def draw(cls, numbers: Numbers) -> OuterProduct:
        return cls(*(numbers.whole(-5, 6, but=(0,)) for _ in range(4)))

    @property
    def _sides(self) -> tuple[sp.ImmutableMatrix, sp.ImmutableMatrix]:
        return sp.ImmutableMatrix([self.a, self.b]), sp.ImmutableMatrix([self.c, self.d])

    @property
    def right(self) -> Answer:
        left, side = self._sides
        return matrix(left * side.T)

    def confirms(self, right: Answer) -> bool:
        left, side = self._sides
        machine = MatrixFunction.of(lambda x: (left.T * x * side)[0], (2, 2))
        slopes = machine.poke([[1.0, 2.0], [0.0, -1.0]], 1e-3).quotients
        return bool(np.allclose(slopes, np.array(right.value.tolist(), dtype=float), atol=1e-8))

    @mistake
    def transposes(self) -> Answer:
        return matrix(self.right.value.T)

    @mistake
    def takes_the_dot_product(self) -> Answer:
        return number(self.a * self.c + self.b * self.d)

    @mistake
    def multiplies_the_diagonal_alone(self) -> Answer:
        return matrix(sp.diag(self.a * self.c, self.b * self.d))
