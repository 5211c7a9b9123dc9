"""The same product of Jacobians in two orders: equal results, unequal work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from vcalc_anim.core.shapes import Shape


@dataclass(frozen=True)
class ProductCost:
    """A product of matrices collapsed from one end: the shape *carried* after each multiplication, and its *work*.

    work: scalar multiplications of each step, in order.
    """

    order: Literal["output first", "input first"]
    carried: tuple[Shape, ...]
    work: tuple[int, ...]

    @property
    def total(self) -> int:
        """All multiplications."""
        return sum(self.work)


def product_cost(shapes: Sequence[Shape], order: Literal["output first", "input first"]) -> ProductCost:
    """The work of multiplying matrices of *shapes* (output end first, as they are written) in one *order*.

    >>> product_cost([(1, 100)] + [(100, 100)] * 10, "output first").total
    100000
    """
    if len(shapes) < 2 or any(len(shape) != 2 or min(shape) < 1 for shape in shapes):
        raise ValueError(f"at least two shapes (rows, columns) are expected, not {list(shapes)}")
    for left, right in pairwise(shapes):
        if left[1] != right[0]:
            raise ValueError(f"a matrix of shape {left} cannot be multiplied by one of shape {right}")
    carried, work = [], []
    if order == "output first":
        rows, columns = shapes[0]
        for _, following in shapes[1:]:
            work.append(rows * columns * following)
            columns = following
            carried.append((rows, columns))
    elif order == "input first":
        rows, columns = shapes[-1]
        for preceding, _ in reversed(shapes[:-1]):
            work.append(preceding * rows * columns)
            rows = preceding
            carried.append((rows, columns))
    else:
        raise ValueError(f"the order is {order!r}, but 'output first' or 'input first' is expected")
    return ProductCost(order, tuple(carried), tuple(work))


@dataclass(frozen=True)
class DenseWork:
    """Multiplications of a dense network's matrix products: one run *forward*, one *backward*."""

    forward: int
    backward: int

    @property
    def ratio(self) -> float:
        """Backward over forward."""
        return self.backward / self.forward


def dense_work(widths: Sequence[int]) -> DenseWork:
    """The work of a dense network with layers of *widths*, the input first.

    Backward, each layer spends as much on the gradient of its weights and again on that of its input; the first
    layer's input is data and needs none.

    >>> round(dense_work([784, 128, 64, 10]).ratio, 2)
    1.08
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(
            f"a network needs an input and at least one layer, each of width 1 or more, not {list(widths)}"
        )
    sizes = [fan_in * fan_out for fan_in, fan_out in pairwise(widths)]
    return DenseWork(sum(sizes), 2 * sum(sizes) - sizes[0])


def kept_numbers(widths: Sequence[int]) -> tuple[int, ...]:
    """How many numbers a dense network keeps for the way back once 0, 1, 2, … layers have run forward.

    Each layer keeps its input: the gradient of its weights is made from it.

    >>> kept_numbers([784, 128, 64, 10])
    (0, 784, 912, 976)
    """
    dense_work(widths)  # checks them
    return tuple(accumulate(widths[:-1], initial=0))
