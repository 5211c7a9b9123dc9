"""The listings of chapter 9 are run as they are shown, and print what the core computes.

They need PyTorch and JAX: run them with ``./scripts/test --frameworks``.
"""

from __future__ import annotations

import runpy
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from vcalc_anim.core import exhibit, jacobian_forward, jacobian_reverse
from vcalc_anim.core.examples.ch08 import fit_steps, loss_graph
from vcalc_anim.core.examples.ch09 import CANCELLING_AT
from vcalc_anim.core.small_print import corner_slopes

LISTINGS = Path(__file__).resolve().parents[2] / "docs" / "listings"

pytestmark = [
    pytest.mark.frameworks,
    # Both libraries warn about each other's versions of numpy and about features of the machine.
    pytest.mark.filterwarnings("default"),
]


def printed(name: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the listing *name* prints, line by line."""
    runpy.run_path(str(LISTINGS / f"{name}.py"), run_name="__main__")
    return capsys.readouterr().out.splitlines()


def own_gradient() -> tuple[float, float]:
    """The derivatives by w and b from the core's tape."""
    graph = loss_graph()
    sweep = graph.backward()
    return sweep.adjoint(graph.w), sweep.adjoint(graph.b)


def test_every_listing_is_run_here():
    source = Path(__file__).read_text(encoding="utf-8")
    listings = sorted(path.stem for path in LISTINGS.glob("*.py"))
    assert listings
    assert [name for name in listings if f'"{name}"' not in source] == []


def test_listings_fit_on_the_screen():
    for path in LISTINGS.glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 16, path.name
        assert max(map(len, lines)) <= 72, path.name


def test_C9_9_pytorch_prints_the_tapes_numbers(capsys):
    w, b = own_gradient()
    assert printed("ch09_torch", capsys) == [f"tensor({w:g}.) tensor({b:g}.)"]


def test_C9_13_gradients_accumulate_until_they_are_cleared(capsys):
    w, b = own_gradient()
    expected = [f"tensor({k * w:g}.) tensor({k * b:g}.)" for k in (1, 2)]
    assert printed("ch09_torch_accumulates", capsys) == expected


def test_C9_10_the_training_loop_takes_the_cores_steps(capsys):
    losses = [float(line) for line in printed("ch09_torch_training", capsys)]
    assert losses == [step.loss for step in fit_steps(0.05, 2)]


def test_C9_12_jax_grad_returns_a_function(capsys):
    import jax

    w, b = own_gradient()
    assert printed("ch09_jax", capsys) == [f"{w} {b}"]
    assert callable(jax.grad(lambda x: x * x))


def test_C9_11_the_traced_program_is_shown_by_make_jaxpr(capsys):
    import jax

    lines = printed("ch09_jax_jaxpr", capsys)
    operations = [line.split(" = ")[1].split()[0].split("[")[0] for line in lines if " = " in line]
    assert operations[:3] == [entry.operation for entry in loss_graph(variant="square").tape.operations][:3]
    assert operations[3] == "integer_pow"
    assert not hasattr(jax.jit, "trace")


def test_C1_10_libraries_pick_a_slope_at_the_corner(capsys):
    library, slopes = corner_slopes()
    assert printed("ch09_torch_corner", capsys) == [f"{name} {slope}" for name, slope in slopes.items()]
    assert version("torch").startswith(library.removeprefix("PyTorch "))
    assert printed("ch09_jax_corner", capsys) == ["jax.nn.relu 0.0", "jnp.maximum 0.5"]
    # The core's own choice is that of the relu functions; between the two one-sided slopes any number would do.
    assert exhibit("corners", 0.0).computed == 0.0


def test_C9_1_the_branch_that_ran_is_differentiated():
    import jax
    import torch

    def identity(x):
        return 0 * x if x == 0 else x

    x = torch.tensor(0.0, requires_grad=True)
    identity(x).backward()
    own = exhibit("cases", 0.0)
    assert x.grad.item() == float(jax.grad(identity)(0.0)) == own.computed != own.true


def test_C9_2_round_off_is_amplified_in_pytorch_too():
    import torch

    x = torch.tensor(CANCELLING_AT, dtype=torch.float64, requires_grad=True)
    ((1 - torch.cos(x)) / (x * x)).backward()
    own = exhibit("cancellation", CANCELLING_AT)
    assert x.grad.item() == pytest.approx(own.computed, rel=1e-12)
    assert abs(own.true) < 1e-9


def test_C9_8_jax_fills_columns_and_rows_as_the_core_does():
    import jax
    import jax.numpy as jnp

    def six_to_one(v):
        return v[0] * v[1] + v[2] * v[3] + v[4] * v[4] * v[5]

    point = [1.0, 2.0, 0.5, -1.0, 3.0, 0.25]
    at = jnp.array(point)
    columns = [jax.jvp(six_to_one, (at,), (direction,))[1] for direction in jnp.eye(6)]
    _, pull = jax.vjp(six_to_one, at)
    assert np.array(columns) == pytest.approx(jacobian_forward(six_to_one, point).matrix[0])
    assert np.array(pull(1.0)[0]) == pytest.approx(jacobian_reverse(six_to_one, point).matrix[0])
