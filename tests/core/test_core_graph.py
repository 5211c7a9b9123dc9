"""The computation graph says what the tape recorded: names, recipes, slopes, and the order of the blame."""

import pytest

from vcalc_anim.core import MINUS, ComputationGraph, Dual, Tape, TwoLayerNet, compact
from vcalc_anim.core.elementary import sigmoid, total
from vcalc_anim.core.examples.ch05 import TWO_LAYERS
from vcalc_anim.core.examples.ch08 import Variant, loss_graph

VARIANTS: tuple[Variant, ...] = ("square", "fanout", "penalty")


def two_layers(net: TwoLayerNet) -> ComputationGraph:
    tape = Tape()
    numbers = (net.x, net.w1, net.b1, net.w2, net.b2)
    x, w1, b1, w2, b2 = map(tape.variable, ("x", "w1", "b1", "w2", "b2"), numbers)
    first = sigmoid((w1 * x + b1).named("z1")).named("a1")
    return ComputationGraph.of(sigmoid((w2 * first + b2).named("z2")).named("y"))


def test_every_named_value_is_a_node_with_its_recipe() -> None:
    graph = ComputationGraph.of(loss_graph().loss)
    assert [node.formula for node in graph.operations] == ["z = w x", "a = z + b", "r = a - y", "L = r^2"]
    assert [node.name for node in graph.inputs] == ["w", "x", "b", "y"]
    assert [graph.node(name).column for name in "wxbyzarL"] == [4, 4, 3, 2, 3, 2, 1, 0]


def test_nameless_steps_are_folded_into_the_value_that_uses_them() -> None:
    graph = two_layers(TWO_LAYERS)
    assert [node.formula for node in graph.operations] == [
        "z_1 = w_1 x + b_1",
        "a_1 = sigma(z_1)",
        "z_2 = w_2 a_1 + b_2",
        "y = sigma(z_2)",
    ]
    route = [graph.into(name)[0] for name in ("y", "z2", "a1", "z1")]
    slopes = [graph.into("y")[0].local, graph.into("z2")[1].local, route[2].local, route[3].local]
    assert slopes == pytest.approx(TWO_LAYERS.local_slopes)
    assert graph.adjoints()["w1"] == pytest.approx(TWO_LAYERS.running_products[-1])


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_blame_is_that_of_the_tape_in_the_tapes_order(variant: Variant) -> None:
    record = loss_graph(variant=variant)
    graph, sweep = ComputationGraph.of(record.loss), record.backward()
    names = {entry.index: entry.name for entry in record.tape}
    assert [(names[s.node], names[s.parent], s.contribution, s.total) for s in sweep.steps] == [
        (m.edge.target, m.edge.source, m.contribution, m.total) for m in graph.backward()
    ]


def test_forgetting_to_add_loses_half_the_blame() -> None:
    graph = ComputationGraph.of(loss_graph(variant="fanout").loss)
    right, wrong = (
        {move.edge.source: move.total for move in graph.backward(overwrite=o)} for o in (False, True)
    )
    assert (right["r"], right["w"]) == (5.0, 10.0)
    assert (wrong["r"], wrong["w"]) == (2.5, 5.0)


def test_the_tangents_are_those_of_dual_numbers() -> None:
    graph = ComputationGraph.of(loss_graph().loss)
    duals = loss_graph_of_duals(seed="w")
    assert {name: graph.tangents("w")[name] for name in "zarL"} == duals


def loss_graph_of_duals(seed: str) -> dict[str, float]:
    values = {node.name: node.value for node in ComputationGraph.of(loss_graph().loss).inputs}
    w, x, b, y = (Dual(values[name], 1.0 if name == seed else 0.0) for name in "wxby")
    z = w * x
    a = z + b
    r = a - y
    return {name: dual.shadow for name, dual in zip("zarL", (z, a, r, r**2), strict=True)}


def test_recipes_keep_their_brackets() -> None:
    tape = Tape()
    x, y = tape.variable("x", 1.0), tape.variable("y", 2.0)
    assert ComputationGraph.of(((x + y) * (x - y)).named("f")).output.recipe == "(x + y) (x - y)"
    assert ComputationGraph.of((x - (y - 3 * x)).named("g")).output.recipe == "x - (y - 3 x)"
    assert ComputationGraph.of(((x + y) ** 2 / y).named("h")).output.recipe == "frac((x + y)^2, y)"
    assert ComputationGraph.of((-2 * x).named("k")).output.recipe == "(-2) x"


def test_a_graph_refuses_arrays_equal_names_and_unknown_nodes() -> None:
    tape = Tape()
    whole = total(tape.variable("v", [1.0, 2.0])).named("s")
    with pytest.raises(ValueError, match="whole arrays"):
        ComputationGraph.of(whole)
    x = tape.variable("x", 1.0)
    with pytest.raises(ValueError, match="share a name"):
        ComputationGraph.of(((2 * x).named("p") + (3 * x).named("p")).named("q"))
    with pytest.raises(KeyError, match="no node 'u'"):
        ComputationGraph.of(x).node("u")


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [
        (0.0, "0", True),
        (-123.456, "−123.46", False),
        (1e-7, "1×10⁻⁷", True),
        (5e-324, "5×10⁻³²⁴", True),
        (-1234567.0, "−1.2×10⁶", False),
        (9999999.7, "1×10⁷", False),
        (-1.7e308, "−1.7×10³⁰⁸", True),
    ],
)
def test_any_finite_number_fits_a_box(value: float, text: str, exact: bool) -> None:
    shown = compact(value)
    assert (shown.text, shown.exact) == (text, exact)
    assert "×" not in shown.typst and MINUS not in shown.typst
