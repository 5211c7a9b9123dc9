"""Chapter 9: its pictures show the core's numbers, its simulations survive other numbers, and refuse what cannot be."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from filming import COURSE, film, played_quiz

from vcalc_anim.core import gradient_reverse, logistic_swell, runs_needed
from vcalc_anim.core.examples.ch00 import DIAL_SETTINGS, DIALS
from vcalc_anim.core.examples.ch08 import loss_graph
from vcalc_anim.core.examples.ch09 import V_STEPS, loss_formulas
from vcalc_anim.core.listings import torch_listing, torch_prints
from vcalc_anim.core.small_print import branches, identity_by_cases
from vcalc_anim.course import load_lecture
from vcalc_anim.errors import InputError

LECTURE = load_lecture(COURSE.folder / "ch09_autodiff.toml")
LISTINGS = Path(__file__).parent.parent / "docs" / "listings"


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Valley", {"at": 0.0}),
        ("Valley", {"at": -7.5}),
        ("Swell", {"depths": (1, 2, 2, 3, 4)}),
        ("Contenders", {"dials": 9998, "nudge": 0.5}),
        ("Shadows", {"w": -3.25, "b": 0.0, "x": 0.0, "y": 7.0}),
        ("Columns", {"dials": 2}),
        ("Answer", {"alpha": 0.003}),
    ],
)
def test_scenes_survive_other_numbers(name: str, values: dict[str, object]) -> None:
    scene, outside = film(LECTURE, name, **values)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("Valley", {"at": 11.0}, "less than or equal to 10"),
        ("Swell", {"depths": (1, 2, 3)}, "at least 5"),
        ("Contenders", {"dials": 1}, "greater than or equal to 2"),
        ("Columns", {"dials": 1001}, "less than or equal to 1000"),
        ("Answer", {"alpha": 0.0}, "greater than 0"),
        ("Tape", {"w": 1.0}, "has no parameter 'w'"),
    ],
)
def test_impossible_parameters_are_refused(name: str, values: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        film(LECTURE, name, **values)


@pytest.mark.render
def test_the_tape_ends_with_every_slope_in_its_box() -> None:
    scene, _ = film(LECTURE, "Tape")
    graph = loss_graph(variant="fanout")
    sweep = graph.backward()
    stored = {index: text.source for index, text in scene.memory._slopes.items()}
    assert sorted(stored) == [entry.index for entry in graph.tape]
    for index, source in stored.items():
        assert float(source.strip("$ ")) == sweep.adjoints[index]


@pytest.mark.render
def test_the_race_paints_every_cell_and_counts_its_passes() -> None:
    scene, _ = film(LECTURE, "Columns")
    forward, reverse = scene.races
    assert np.array_equal(forward.view.values, forward.passes.matrix)
    assert np.array_equal(reverse.view.values, reverse.passes.matrix)
    assert scene.done == [forward.passes.passes, reverse.passes.passes] == [1, 6]


@pytest.mark.render
def test_the_wall_turns_downhill_after_two_runs() -> None:
    scene, _ = film(LECTURE, "Answer")
    assert scene.runs.text == f"={runs_needed(DIALS.weights.size)['tape']}"
    assert scene.loss.value() < DIALS.score(DIAL_SETTINGS)


def test_the_wall_glows_by_the_slopes_that_a_tape_finds() -> None:
    def program(dials):
        return sum(weight * dial for weight, dial in zip(DIALS.weights.ravel(), dials, strict=True))

    slopes = gradient_reverse(program, DIAL_SETTINGS.ravel())
    assert np.array_equal(slopes, DIALS.weights.ravel())


def test_the_listing_on_screen_is_the_tested_one() -> None:
    shown = [line for line in torch_listing() if line]
    assert shown == [line for line in (LISTINGS / "ch09_torch.py").read_text().splitlines() if line]
    assert (torch_prints(), torch_prints(2)) == ("tensor(10.) tensor(5.)", "tensor(20.) tensor(10.)")


@pytest.mark.parametrize("x", [0.0, 1.5, -2.0])
def test_the_branches_on_screen_are_the_program_that_ran(x: float, tmp_path: Path) -> None:
    program = tmp_path / "branches.py"
    program.write_text("\n".join(branches()))
    assert runpy.run_path(str(program), {"x": x})["y"] == identity_by_cases(x)


def test_the_swelling_formula_is_written_out_and_repeats_itself() -> None:
    swell = logistic_swell(5)
    assert swell.derivative_text.count(swell.repeated_text) == 76
    assert len(swell.program_text) == swell.iterations == 5
    assert logistic_swell(1).repeated_text == ""


def test_formulas_of_the_loss_come_from_the_program() -> None:
    assert loss_formulas() == ("(w x + b - y)^2", "2 x (w x + b - y)")


def test_the_steps_of_the_valley_reach_from_the_bend_to_the_last_digit() -> None:
    assert V_STEPS[0] > 0.4
    assert 1.0 + V_STEPS[-1] == 1.0


def test_the_quiz_asks_for_the_shape() -> None:
    question = played_quiz(LECTURE)
    assert question.right.text == "many inputs, one output"
    assert [option.right for option in question.options].index(True) == 1
