"""Gradient flow x' = −∇f(x): the walker with infinitely short steps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.quadratic import QuadraticForm
from vcalc_anim.core.vectors import Array, as_point


def gradient_flow(field: ScalarField, start: npt.ArrayLike, times: npt.ArrayLike) -> Array:
    """Positions of the flow from *start* (n,) at *times* (m,), shape (m, n).

    Exact (up to rounding) for quadratic bowls: each coordinate along an axis decays as e^(−λt). Other fields are
    integrated with relative tolerance 1e-10. Raises ValueError for times that are negative or not finite, and
    when the flow leaves every bound before the last time.
    """
    origin = as_point(start, field.dimension, "start")
    moments = np.asarray(times, dtype=np.float64)
    if moments.ndim != 1 or not np.isfinite(moments).all() or (moments < 0).any():
        raise ValueError("times must be a one-dimensional array of finite numbers that are not negative")
    form = QuadraticForm.find(field)
    if form is not None:
        return form.scaled(origin, np.exp(-np.multiply.outer(moments, form.eigenvalues)))
    return _integrate(field, origin, moments)


def _integrate(field: ScalarField, start: Array, times: Array) -> Array:
    moments, places = np.unique(times, return_inverse=True)
    if not moments.size or moments[-1] == 0:
        return np.tile(start, (len(times), 1))
    with np.errstate(all="ignore"):
        solution = solve_ivp(
            lambda _, point: -field.raw_gradients(point),
            (0.0, moments[-1]),
            start,
            method="Radau",  # narrow valleys are stiff; and, unlike LSODA, it gives up where a flow blows up
            jac=lambda _, point: -field.hessian(point),
            t_eval=moments,
            rtol=1e-10,
            atol=1e-12,
        )
    if not solution.success or not np.isfinite(solution.y).all() or solution.y.shape[1] != moments.size:
        raise ValueError(
            f"the gradient flow of {field.expression} from {tuple(start.tolist())} leaves every bound before "
            f"t = {moments[-1]:g}: choose earlier times or another start"
        )
    return np.asarray(solution.y.T[places])
