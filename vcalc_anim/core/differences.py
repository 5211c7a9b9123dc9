"""Derivatives by nudging: what a difference quotient loses to the step, and what it loses to rounding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.passes import jacobian_forward, program_of
from vcalc_anim.core.vectors import Array, as_point, read_only

_DIGITS = 60  # of the exact derivative: far beyond the 17 of a float, so its own rounding never shows


def forward_difference(function: Callable[[float], float], x: float, step: float) -> float:
    """(f(x + h) − f(x)) / h in floats: off by about h·f″/2, and by the rounding of f over h."""
    _check_step(step)
    return (function(x + step) - function(x)) / step


def central_difference(function: Callable[[float], float], x: float, step: float) -> float:
    """(f(x + h) − f(x − h)) / 2h in floats: off by about h²·f‴/6, and by the rounding of f over h."""
    _check_step(step)
    return (function(x + step) - function(x - step)) / (2 * step)


def numerical_jacobian(
    function: Callable[[Array], npt.ArrayLike], point: npt.ArrayLike, step: float = 1e-6
) -> Array:
    """The Jacobian (m, n) of *function* at *point* (n,) by central differences, one column a nudged input.

    A function with one number as its value has m = 1.
    """
    _check_step(step)
    at = as_point(point, np.size(point))
    columns = []
    for nudge in step * np.eye(len(at)):
        plus, minus = (np.atleast_1d(np.asarray(function(at + s * nudge), dtype=np.float64)) for s in (1, -1))
        if plus.ndim != 1 or plus.shape != minus.shape:
            raise ValueError(
                f"the function returns shapes {plus.shape} and {minus.shape}, but (m,) is expected"
            )
        columns.append((plus - minus) / (2 * step))
    return np.stack(columns, axis=-1)


@dataclass(frozen=True, eq=False)
class VCurve:
    """The errors of difference quotients of *field* at *x*, for *steps* (k,) in falling order.

    forward, central: (k,) |quotient − derivative|, where *derivative* is exact to the last bit. A quotient whose
    step is lost in rounding (x + h = x) is 0, and its error the whole derivative. automatic: the error of forward
    mode, which has no step.
    """

    field: ScalarField
    x: float
    derivative: float
    steps: Array
    forward: Array
    central: Array
    automatic: float

    def best_forward(self) -> tuple[float, float]:
        """The step with the smallest forward error, and that error."""
        return self._best(self.forward)

    def best_central(self) -> tuple[float, float]:
        """The step with the smallest central error, and that error."""
        return self._best(self.central)

    def at(self, step: float) -> tuple[float, float]:
        """The forward and the central error at the stored step nearest to *step*, on the logarithmic axis."""
        _check_step(step)
        index = int(np.abs(np.log(self.steps) - np.log(step)).argmin())
        return float(self.forward[index]), float(self.central[index])

    def _best(self, errors: Array) -> tuple[float, float]:
        index = int(errors.argmin())
        return float(self.steps[index]), float(errors[index])


def v_curve(field: ScalarField, x: float, steps: npt.ArrayLike | None = None) -> VCurve:
    """The errors of both quotients of a field of one variable at *x*; *steps* default to 1e-1 … 1e-16.

    The errors are computed exactly from the float quotients, so that they hold down to the last bit.
    Raises ValueError for a field of several variables, a bad step, a point outside the domain, or a function that
    forward mode does not know.
    """
    if field.dimension != 1:
        raise ValueError(f"a V-curve needs a field of one variable, not of {field.dimension}")
    tried = np.sort(np.asarray(10.0 ** -np.arange(1.0, 17.0) if steps is None else steps, dtype=np.float64))[
        ::-1
    ]
    if tried.ndim != 1 or not tried.size:
        raise ValueError(f"the steps have shape {tried.shape}, but a list of steps is expected")
    start = float(as_point([x], 1)[0])
    exact = field.partials[0].subs(field.variables[0], sp.Rational(start)).evalf(_DIGITS)

    def value(at: float) -> float:
        return float(field(np.array([at])))

    if not exact.is_Float or not np.isfinite(value(start)):
        raise ValueError(f"{field.expression} has no derivative at {start}: choose a point inside its domain")

    automatic = float(jacobian_forward(program_of(field), [start]).matrix[0, 0])

    def errors(quotient: Callable[[Callable[[float], float], float, float], float]) -> Array:
        quotients = [quotient(value, start, float(h)) for h in tried]
        if not np.isfinite(quotients).all():
            raise ValueError(
                f"a step from {start} leaves the domain of {field.expression}: take shorter steps"
            )
        return read_only([float(abs(sp.Float(q, _DIGITS) - exact)) for q in quotients])

    return VCurve(
        field,
        start,
        float(exact),
        read_only(tried),
        errors(forward_difference),
        errors(central_difference),
        float(abs(sp.Float(automatic, _DIGITS) - exact)),
    )


def staircase(field: ScalarField, x: float, half_width: float, samples: int = 401) -> tuple[Array, Array]:
    """What a float function looks like close up: offsets (k,) around *x* and f(x + offset) − f(x) (k,).

    With a *half_width* of a few hundred roundings of x the values come in stairs one rounding of f high.
    """
    _check_step(half_width)
    if samples < 2:
        raise ValueError(f"samples is {samples}, but at least 2 are needed to see anything")
    offsets = np.linspace(-half_width, half_width, samples)
    values = field((x + offsets)[:, np.newaxis])
    return read_only(offsets), read_only(values - field(np.array([float(x)])))


def forward_gradient(
    function: Callable[[Sequence[float]], float], point: npt.ArrayLike, step: float
) -> tuple[Array, int]:
    """One-sided difference quotients for every input of *function* at *point* (n,), and the n + 1 runs they take."""
    _check_step(step)
    at = as_point(point, np.size(point))
    runs = 0

    def run(inputs: Array) -> float:
        nonlocal runs
        runs += 1
        return float(function(inputs.tolist()))

    base = run(at)
    quotients = [(run(at + nudge) - base) / step for nudge in step * np.eye(len(at))]
    return np.array(quotients), runs


def _check_step(step: float) -> None:
    if not np.isfinite(step) or step <= 0:
        raise ValueError(f"the step is {step}, but it must be a finite number above 0")
