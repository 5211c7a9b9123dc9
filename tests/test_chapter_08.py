"""Chapter 8: the numbers on its graphs are the core's, for any program that can be shown; others are refused."""

from typing import Any

import numpy as np
import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core import ComputationGraph, compact
from vcalc_anim.core.examples.ch08 import RELU_LAYER, loss_graph, short_loss
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch08")


def blame_shown(scene: Any) -> dict[str, str]:
    """What stands under the boxes of a scene's graph at its end."""
    return {name: box.under.source.strip("$ ") for name, box in scene.view.nodes.items()}


@pytest.mark.render
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"variant": "fanout"},
        {"variant": "penalty"},
        {"w": -123.456, "x": 7.0, "b": -0.25, "y": 99.5},
        {"w": 1e60, "x": -1e60, "variant": "fanout"},
        {"w": 1e-5, "x": 1e-4, "b": 0.0, "y": 0.0},
        {"w": 0.0, "x": 0.0, "b": 0.0, "y": 0.0, "variant": "penalty"},
    ],
)
def test_blame_walks_back_through_any_numbers(values: dict[str, Any]) -> None:
    scene, outside = film(LECTURE, "Backward", **values)
    assert outside == []
    exact = {"w": 1.5, "b": 0.5, "x": 2.0, "y": 1.0} | values
    adjoints = ComputationGraph.of(loss_graph(**exact).loss).adjoints()
    for name, text in blame_shown(scene).items():
        assert text.removeprefix("approx ") == compact(adjoints[name]).typst


@pytest.mark.render
def test_the_famous_numbers_stand_under_their_boxes() -> None:
    scene, _ = film(LECTURE, "Backward")
    assert {name: blame_shown(scene)[name] for name in "wxbyzar"} == {
        "w": "10",
        "x": "7.5",
        "b": "5",
        "y": "-5",
        "z": "5",
        "a": "5",
        "r": "5",
    }


@pytest.mark.render
def test_the_penalty_adds_to_the_blame_of_the_weight() -> None:
    scene, _ = film(LECTURE, "Fork")
    assert scene.view.node("w").under.source == "$ 13 $"
    assert scene.said.source == "$ 3 + 10 = 13 $"


@pytest.mark.render
def test_a_machine_that_is_right_has_no_blame_to_pass() -> None:
    scene, _ = film(LECTURE, "Backward", b=-2.0)
    assert scene.said.source == '$ "no blame to pass" $'
    assert {text for name, text in blame_shown(scene).items() if name != "L"} == {"0"}


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Fault", {"variant": "penalty"}),
        ("Forward", {"variant": "penalty", "w": -3.0}),
        ("Witness", {"w": 4.0, "y": -3.0}),
        ("Fork", {"w": -2.0, "x": 0.5}),
        ("Use", {"alpha": 0.01, "away": 1.0, "steps": 4}),
        ("Layer", {"weights": ((1.0, 2.0), (0.5, 1.0))}),
        ("Layer", {"weights": ((-1.0, -2.0), (-0.5, -1.0)), "upstream": (-12.25, 3.5)}),
        ("Bill", {"most": 10**9, "depth": 3, "width": 100_000}),
        ("Answer", {"variant": "fanout", "w": -1.0}),
    ],
)
def test_other_numbers_change_the_whole_picture(name: str, values: dict[str, Any]) -> None:
    scene, outside = film(LECTURE, name, **values)
    assert outside == []
    assert scene.renderer.frame == scene.staging.timeline.frames


@pytest.mark.render
@pytest.mark.parametrize("name", ["Forward", "Backward"])
def test_the_graph_reflows_in_portrait(name: str) -> None:
    _, outside = film(LECTURE, name, size=(1080, 1920))
    assert outside == []


@pytest.mark.render
def test_blocks_show_the_layer_of_the_core() -> None:
    scene, _ = film(LECTURE, "Layer")
    blocks = scene.blocks
    assert np.array_equal(blocks.weight_blame.values, RELU_LAYER.weight_gradient)
    assert np.array_equal(blocks.x_blame.values[:, 0], RELU_LAYER.input_gradient)
    assert np.array_equal(blocks.delta.values[:, 0], RELU_LAYER.delta)
    # Each block's blame stands below it and has its shape.
    for block, blame in ((blocks.x, blocks.x_blame), (blocks.weights, blocks.weight_blame)):
        assert block.values.shape == blame.values.shape
        assert block.get_x() == pytest.approx(blame.get_x())
        assert block.get_bottom()[1] > blame.get_top()[1]


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Backward", {"w": 1e200, "x": 1e200}, "grown too large"),
        ("Backward", {"w": 1e160}, "grown too large"),
        ("Backward", {"w": "much"}, "valid number"),
        ("Forward", {"x": float("inf")}, "finite number"),
        ("Forward", {"variant": "cube"}, "'square', 'fanout' or 'penalty'"),
        ("Fork", {"variant": "square"}, "has no parameter 'variant'"),
        ("Fork", {"w": 1e200}, "grown too large"),
        ("Bill", {"depth": 1}, "greater than or equal to 2"),
        ("Use", {"steps": 1}, "greater than or equal to 2"),
        ("Layer", {"x": (1.0,)}, "required"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_the_short_graph_has_the_same_blame() -> None:
    short = ComputationGraph.of(short_loss()).adjoints()
    long = ComputationGraph.of(loss_graph().loss).adjoints()
    assert short == {name: long[name] for name in short}


def test_the_quiz_asks_for_the_reuse() -> None:
    question = played_quiz(LECTURE)
    assert question.options[2].right
    assert [option.text for option in question.options if option.fails] == ["it needs no forward values"]
