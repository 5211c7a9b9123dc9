"""The program of chapter 9 as it is written for PyTorch, and what it prints."""

from __future__ import annotations

from vcalc_anim.core.examples.ch08 import B, W, X, Y, loss_graph
from vcalc_anim.core.provenance import written


def torch_listing() -> tuple[str, ...]:
    """The lines of ``docs/listings/ch09_torch.py``, which the tests run; its numbers are those of chapter 8."""
    lines = (
        "import torch",
        "",
        f"w = torch.tensor({W}, requires_grad=True)",
        f"b = torch.tensor({B}, requires_grad=True)",
        f"loss = (w * {X} + b - {Y}) ** 2",
        "loss.backward()",
        "print(w.grad, b.grad)",
    )
    return tuple(written(line) for line in lines)


def torch_prints(sweeps: int = 1) -> str:
    """What its last line prints after a number of backward *sweeps* without clearing: gradients add up."""
    graph = loss_graph()
    sweep = graph.backward()
    found = (sum(sweep.adjoint(dial) for _ in range(sweeps)) for dial in (graph.w, graph.b))
    return written(" ".join(f"tensor({slope:g}.)" for slope in found))
