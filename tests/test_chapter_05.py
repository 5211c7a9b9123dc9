"""Chapter 5: its gears, roads and layers show the core's numbers, for other inputs as well."""

import numpy as np
import pytest
import sympy as sp
from filming import COURSE, film, played_quiz

from vcalc_anim.core import ComputationGraph, gradient_sizes, sigmoid_chain
from vcalc_anim.core.examples.ch05 import (
    CEILING_WEIGHT,
    DEPTH,
    DEPTH_RUNS,
    QUIZ_GEARS,
    QUIZ_GEARS_AT,
    ROADS,
    ROADS_AT,
    TWO_LAYERS,
    roads_program,
    two_layer_program,
)
from vcalc_anim.errors import InputError

LECTURE = COURSE.lecture("ch05")


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Question", {"x": 0.8, "turn": 10}),
        ("Answer", {"x": 1.1, "turn": 30}),
        ("Gears", {"x": 0.3, "elsewhere": 1.2}),
        ("Gears", {"x": 1.2, "elsewhere": 0.7}),
        ("Roads", {"x": 0.25}),
        ("Roads", {"x": 1.5}),
        ("TwoLayers", {"w1": -5, "w2": -4.5, "nudge": 1}),
        ("FiftyLayers", {"depth": 2, "activation": "relu", "scale": 0.01}),
        ("FiftyLayers", {"depth": 200, "activation": "tanh", "scale": 3, "seed": 7}),
    ],
)
def test_other_parameters_move_the_whole_picture(name: str, values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, name, **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Gears", {"x": -1}, "greater than or equal to 0.3"),
        ("Roads", {"x": 5}, "less than or equal to 1.5"),
        ("FiftyLayers", {"depth": 0}, "greater than or equal to 2"),
        ("FiftyLayers", {"activation": "step"}, "'sigmoid', 'tanh' or 'relu'"),
        ("FiftyLayers", {"activation": "relu", "scale": 100, "depth": 200}, "grow too large"),
        ("TwoLayers", {"nudge": 0}, "greater than 0"),
        ("Work", {"depth": 3}, "has no parameter 'depth'"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


def test_roads_add_up_to_the_slope_of_the_whole() -> None:
    reading = ROADS.read(ROADS_AT)
    assert reading.total == ROADS.composite.derivative().exact(ROADS_AT) == 11


@pytest.mark.parametrize("x", [0.25, 1, 1.5])
def test_the_graph_of_the_roads_carries_the_slopes_of_the_paths(x: float) -> None:
    graph, reading = ComputationGraph.of(roads_program(x)), ROADS.read(x)
    locals_ = {(edge.source, edge.target): edge.local for edge in graph.edges}
    for name, path in zip(("g1", "g2"), reading.paths, strict=True):
        assert locals_["x", name] == pytest.approx(float(path.inner_slope))
        assert locals_[name, "f"] == pytest.approx(float(path.outer_slope))
    assert graph.adjoints()["x"] == pytest.approx(float(reading.total))


def test_the_graph_of_the_network_is_the_network() -> None:
    graph = ComputationGraph.of(two_layer_program())
    values = [graph.node(name).value for name in ("z1", "a1", "z2", "y")]
    assert values == pytest.approx([TWO_LAYERS.z1, TWO_LAYERS.a1, TWO_LAYERS.z2, TWO_LAYERS.y])
    assert graph.adjoints()["w1"] == pytest.approx(TWO_LAYERS.running_products[-1])
    assert [node.formula for node in graph.operations] == [
        "z_1 = w_1 x",
        "a_1 = sigma(z_1)",
        "z_2 = 2 a_1 - 1",
        "y = sigma(z_2)",
    ]


@pytest.mark.parametrize(("weight", "z"), [(1, 0), (-1, 0.5), (0.7, -2), (1, 3)])
def test_no_chain_with_weights_up_to_one_gets_above_the_ceiling(weight: float, z: float) -> None:
    assert (np.abs(sigmoid_chain(weight, z)) <= sigmoid_chain(CEILING_WEIGHT, 0.0)).all()


def test_wide_layers_of_sigmoids_do_much_the_same() -> None:
    sizes, ceiling = gradient_sizes(*DEPTH_RUNS[0]).sizes, sigmoid_chain(CEILING_WEIGHT, 0.0, DEPTH)
    assert (sizes <= 1.2 * ceiling).all()
    assert sizes[-1] < ceiling[-1]


def test_runs_live_or_fade_as_the_words_say() -> None:
    ends = [gradient_sizes(*run).sizes[-1] for run in DEPTH_RUNS]
    faded, helped, tanh, relu, smaller = ends
    assert faded < 1e-31
    assert 1e-12 < helped < 1e-10
    assert 0.1 < tanh < relu < 100
    assert smaller < 1e-6


def test_only_the_right_answer_gives_the_slope_of_the_quiz_gears() -> None:
    x = QUIZ_GEARS.stages[0].variable
    inner, outer = (stage.expression for stage in QUIZ_GEARS.stages)
    slope, outer_slope = sp.diff(inner, x), sp.diff(outer, x)
    options = [
        outer_slope * slope,
        outer_slope.subs(x, inner) * slope,
        outer_slope.subs(x, slope),
        outer_slope.subs(x, inner),
    ]
    values = [float(option.subs(x, QUIZ_GEARS_AT)) for option in options]
    product = float(QUIZ_GEARS.read(QUIZ_GEARS_AT).product)
    quiz = played_quiz(LECTURE)
    assert [option.right for option in quiz.options] == np.isclose(values, product).tolist()
    assert [option.text for option in quiz.options].index(quiz.right.text) == 1
    assert values[0] * product < 0  # the failing option has even the wrong sign
