"""The graph's picture: boxes stand apart, values fit, and the light runs in the core's order."""

from itertools import combinations

import pytest
from manim import Scene, VMobject

from vcalc_anim.core import ComputationGraph
from vcalc_anim.core.examples.ch08 import Variant, loss_graph
from vcalc_anim.stage import GraphView
from vcalc_anim.stage.renderer import drawing
from vcalc_anim.stage.zones import zones

NUMBERS = [
    {},
    {"w": -123.456, "x": -3.1, "b": 1e-7, "y": -77.123},
    {"w": 1e100, "x": -2e50, "b": 0, "y": 1},
    {"w": 1e-7, "x": -123.456, "b": 3e8, "y": 0.1},
]


def drawn(variant: Variant, **numbers: float) -> GraphView:
    graph = ComputationGraph.of(loss_graph(variant=variant, **numbers).loss)
    view = GraphView(graph, zones().wide).show_values().show_blame(graph.backward())
    for edge in view.edges:
        edge.add(edge.label)
    return view


def apart(one: VMobject, other: VMobject) -> bool:
    across = one.get_left()[0] > other.get_right()[0] or other.get_left()[0] > one.get_right()[0]
    return across or one.get_bottom()[1] > other.get_top()[1] or other.get_bottom()[1] > one.get_top()[1]


@pytest.mark.parametrize("numbers", NUMBERS, ids=["lesson", "long", "huge", "mixed"])
@pytest.mark.parametrize("variant", ["square", "fanout", "penalty"])
def test_boxes_and_texts_never_touch(variant: Variant, numbers: dict[str, float]) -> None:
    view = drawn(variant, **numbers)
    for node in view.nodes.values():
        assert node.value is not None and node.under is not None
        for text in (node.header, node.value):
            assert node.box.get_left()[0] < text.get_left()[0] < text.get_right()[0] < node.box.get_right()[0]
        assert apart(node.header, node.value)
        assert zones().wide.holds(node, 0.01)
    texts = [node.under for node in view.nodes.values()] + [node.box for node in view.nodes.values()]
    texts += [edge.label for edge in view.edges]
    assert [pair for pair in combinations(texts, 2) if not apart(*pair)] == []


def test_a_run_forward_and_back_leaves_the_values_and_the_blame() -> None:
    with drawing(160, 90, 15, "#06080B"):
        scene = Scene()
        graph = ComputationGraph.of(loss_graph(variant="fanout").loss)
        view = GraphView(graph, zones().wide)
        scene.add(view)
        scene.play(view.reveal(), run_time=0.1)
        for node in graph.operations:
            scene.play(view.compute(node.name, run_time=0.2))
        scene.play(view.seed(), run_time=0.1)
        for move in graph.backward():
            scene.play(view.pass_back(move, run_time=0.2))
    assert scene.mobjects == [view]
    finished = drawn("fanout")
    for name, node in view.nodes.items():
        twin = finished.node(name)
        assert node.value.source == twin.value.source and node.under.source == twin.under.source  # type: ignore[union-attr]
    assert len(view.take_under()) == len(view.nodes) + len(view.edges)
    assert all(node.under is None for node in view.nodes.values())


def test_new_numbers_stand_where_the_old_ones_stood() -> None:
    view = drawn("square")
    before = view.node("z").value
    view.update_values(ComputationGraph.of(loss_graph(w=-1.0).loss))
    assert view.node("z").value.source != before.source  # type: ignore[union-attr]
    assert before not in view.node("z").submobjects


def test_what_is_replaced_in_the_middle_of_a_play_is_no_longer_drawn() -> None:
    """Manim keeps drawing what was on stage when a play began: 2.5 once stood below 5 until its end."""
    view = drawn("fanout")
    value, blame = view.node("r").value, view.node("r").under
    view.update_values(ComputationGraph.of(loss_graph(w=-1.0, variant="fanout").loss))
    view.put_under("r", "?")
    for old in (value, blame):
        assert old is not None and old.family_members_with_points() == []
