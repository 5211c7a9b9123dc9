"""Gradient descent x ← x − α∇f(x): every step of a run, and how the run ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import pi

import numpy as np
import numpy.typing as npt

from vcalc_anim.core.fields import ScalarField
from vcalc_anim.core.quadratic import QuadraticForm
from vcalc_anim.core.vectors import Array, angle_between, as_point, read_only

_JUDGED_STEPS = 2000  # how long a run that has no closed form is followed to tell how it ends
_SEARCHED_STEPS = 20_000  # how long such a run is followed to find when it gets below a value


class Status(str, Enum):
    """How a run of gradient descent ends if it is continued for ever."""

    CONVERGING = "converging"  #: settles at a stationary point
    OSCILLATING = "oscillating"  #: bounces for ever and neither settles nor leaves
    DIVERGING = "diverging"  #: leaves every bound
    STATIONARY = "stationary"  #: never moves: the start has no slope, or the learning rate is 0


@dataclass(frozen=True, eq=False)
class Descent:
    """A run of gradient descent with its first N steps stored.

    points: (N+1, n) positions, the start first; gradients: (N+1, n) ∇f there; values: (N+1,) f there;
    steps: (N, n) = −α∇f, so that ``points[k + 1] == points[k] + steps[k]``.
    factors: (n,) 1 − αλ along the axes of a quadratic bowl, None for other fields.
    escaped_at: the number of the first step that led to numbers too large to store, else None. The arrays end
    before it; they hold finite numbers only.
    """

    field: ScalarField
    learning_rate: float
    points: Array
    gradients: Array
    values: Array
    steps: Array
    status: Status
    factors: Array | None
    escaped_at: int | None

    def __len__(self) -> int:
        """The number of stored steps N."""
        return len(self.steps)

    def steps_to(self, value: float) -> int | None:
        """The number of the first step after which f < *value*, beyond the stored steps too.

        None when the run never gets there: known for quadratic bowls, from the closed form; for other fields it
        means not within the first 20 000 steps. ValueError for a *value* that is not finite.
        """
        if not np.isfinite(value):
            raise ValueError(f"a run is searched for a finite value of f, not {value}")
        below = np.flatnonzero(self.values < value)
        if below.size:
            return int(below[0])
        if self.escaped_at is not None or self.status is Status.STATIONARY:
            return None
        form = QuadraticForm.find(self.field)
        if form is None:
            return self._search(value)
        return _first_below(_closed_form_values(form, self.points[0], self.learning_rate), value)

    def landing_angle(self, step: int) -> float:
        """The angle in [0, π/2] between step number *step* (from 0) and the normal of the contour it lands on.

        It is 0 when the step arrives at a right angle to that contour, as gradient flow does everywhere.
        ValueError where there is no such angle: no such step, one of length 0, or a landing without slope.
        """
        self._check_step(step)
        self._check_moves(step)
        if not self.gradients[step + 1].any():
            raise ValueError(f"step {step} lands on a stationary point, where the contour has no normal")
        angle = angle_between(self.steps[step], self.gradients[step + 1])
        return min(angle, pi - angle)  # a normal is a line: it has no forward side

    def aim_error(self, step: int, target: npt.ArrayLike) -> float:
        """The angle in [0, π] between step number *step* (from 0) and the direction from its start to *target*.

        ValueError where there is no such angle: no such step, one of length 0, or a start at the target.
        """
        self._check_step(step)
        self._check_moves(step)
        towards = as_point(target, self.field.dimension, "target") - self.points[step]
        if not towards.any():
            raise ValueError(f"step {step} starts at the target, so no direction leads to it")
        return angle_between(self.steps[step], towards)

    def _check_step(self, step: int) -> None:
        if not 0 <= step < len(self):
            raise ValueError(f"step {step} is not stored: this run has the steps 0 to {len(self) - 1}")

    def _check_moves(self, step: int) -> None:
        if not self.steps[step].any():
            raise ValueError(f"step {step} has length 0 and no direction")

    def _search(self, value: float) -> int | None:
        point = self.points[-1]
        for number in range(len(self.points), _SEARCHED_STEPS + 1):
            with np.errstate(over="ignore"):
                following = point - self.learning_rate * self.field.raw_gradients(point)
            reached = self.field.raw_values(following)
            if not np.isfinite(reached) or np.array_equal(following, point):
                return None
            if reached < value:
                return number
            point = following
        return None


def descend(field: ScalarField, start: npt.ArrayLike, learning_rate: float, steps: int) -> Descent:
    """Run *steps* steps of gradient descent on *field* from *start* (n,).

    The status of a quadratic bowl is exact, from the factors of the axes along which the start is off the
    minimum. Other fields are followed for 2 000 steps; see :func:`_judge`. Raises ValueError for a negative or
    non-finite learning rate or number of steps, and for a start where the field or its gradient is not finite.
    """
    origin = as_point(start, field.dimension, "start")
    if not np.isfinite(learning_rate) or learning_rate < 0:
        raise ValueError(f"the learning rate is {learning_rate}, but it must be a finite number, at least 0")
    if not isinstance(steps, (int, np.integer)) or steps < 0:
        raise ValueError(f"the number of steps is {steps}, but it must be a whole number, at least 0")
    points, gradients, values = _run(field, origin, float(learning_rate), int(steps))
    form = QuadraticForm.find(field)
    return Descent(
        field=field,
        learning_rate=float(learning_rate),
        points=read_only(points),
        gradients=read_only(gradients),
        values=read_only(values),
        steps=read_only(-learning_rate * gradients[:-1]),
        status=_exact_status(form, origin, learning_rate) if form else _judge(field, origin, learning_rate),
        factors=None if form is None else read_only(form.factors(learning_rate)),
        escaped_at=len(points) if len(points) <= steps else None,
    )


def _run(field: ScalarField, start: Array, learning_rate: float, steps: int) -> tuple[Array, Array, Array]:
    """Positions, gradients and values of up to *steps* steps: fewer if the next one would not be finite."""
    points, gradients, values = [], [], []
    point = start
    for _ in range(steps + 1):
        gradient, value = field.raw_gradients(point), field.raw_values(point)
        if not (np.isfinite(point).all() and np.isfinite(gradient).all() and np.isfinite(value)):
            break
        points.append(point)
        gradients.append(gradient)
        values.append(value)
        with np.errstate(over="ignore"):
            point = point + -learning_rate * gradient
    if not points:
        raise ValueError(
            f"{field.expression} or its gradient is not finite at the start {tuple(start.tolist())}: "
            "start inside the domain of the field"
        )
    return np.array(points), np.array(gradients), np.array(values)


def _exact_status(form: QuadraticForm, start: Array, learning_rate: float) -> Status:
    offsets = np.abs(form.coordinates(start))
    # Rounding in the eigenvectors must not count as a start that is off the minimum along an axis.
    excited = offsets > 1e-14 * max(float(np.abs(start).max()), float(offsets.max()))
    if not excited.any() or learning_rate == 0:
        return Status.STATIONARY
    lowest = float(
        form.factors(learning_rate)[excited].min()
    )  # every factor is below 1, as α and λ are positive
    if abs(lowest + 1) <= 1e-12:
        return Status.OSCILLATING
    return Status.DIVERGING if lowest < -1 else Status.CONVERGING


def _judge(field: ScalarField, start: Array, learning_rate: float) -> Status:
    """How a run without a closed form ends, judged from its first 2 000 steps.

    It converges when the gradient falls below 1e-9 of its first length, or when the steps of the last quarter are
    all shorter than 0.9 times the longest of the second quarter. It diverges when it leaves the finite numbers, or
    when the steps do not shrink and the second half of the run leads away from where it began (further than half
    of the distance walked). Otherwise it oscillates; a bounded chaotic run counts as that too.
    """
    points, gradients, _ = _run(field, start, learning_rate, _JUDGED_STEPS)
    slopes = _lengths(gradients)
    if slopes[0] == 0 or learning_rate == 0:
        return Status.STATIONARY
    if len(points) <= _JUDGED_STEPS:
        return Status.DIVERGING
    if slopes[-1] <= 1e-9 * slopes[0]:
        return Status.CONVERGING
    quarter, half = _JUDGED_STEPS // 4, _JUDGED_STEPS // 2
    if slopes[-quarter:].max() < 0.9 * slopes[quarter:half].max():
        return Status.CONVERGING
    walked = learning_rate * slopes[half:-1].sum()
    led = _lengths(points[-1] - points[half])
    return Status.DIVERGING if led > 0.5 * walked else Status.OSCILLATING


def _lengths(vectors: Array) -> Array:
    """Lengths along the last axis, by hypot: a diverging run has vectors whose squares overflow."""
    with np.errstate(over="ignore"):
        return np.asarray(np.hypot.reduce(np.abs(vectors), axis=-1))


def _closed_form_values(form: QuadraticForm, start: Array, learning_rate: float) -> Callable[[int], float]:
    """k ↦ f after k steps on a bowl: the minimum plus a sum of geometric sequences."""
    weights = form.eigenvalues * form.coordinates(start) ** 2 / 2
    with np.errstate(over="ignore"):
        ratios = form.factors(learning_rate) ** 2

    def value(k: int) -> float:
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            terms = np.where(weights > 0, weights * ratios ** float(k), 0.0)
        return form.minimum_value + float(terms.sum())

    return value


def _first_below(value_after: Callable[[int], float], value: float) -> int | None:
    """The smallest k with value_after(k) < *value*, or None, for a sequence that is convex in k.

    A sum of geometric sequences is convex, so that it stays above a value it has stopped falling towards, and the
    k with smaller values form one interval: both ends of the search can be bisected.
    """

    def settled(k: int) -> bool:
        return value_after(k) < value or value_after(k + 1) >= value_after(k)

    turning = _smallest(settled)
    if value_after(turning) >= value:
        return None
    return _smallest(lambda k: k >= turning or value_after(k) < value)


def _smallest(holds: Callable[[int], bool]) -> int:
    """The smallest k ≥ 0 for which *holds*, given that it holds for all later ones."""
    high = 0
    while not holds(high):
        high = 2 * high + 1
    low = (high - 1) // 2  # does not hold, unless high is 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
