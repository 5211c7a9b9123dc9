"""Which edits of a choreography file change the pictures of which scene."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import CHOREOGRAPHY

from vcalc_anim.build.sources import forget_code, library_versions, scene_code

SCENES = ("Growing", "Still", "Sliding")


def changed(tmp_path: Path, old: str, new: str, text: str = CHOREOGRAPHY) -> list[str]:
    """The scenes whose code is another one after replacing *old* by *new*."""
    assert old in text
    path = tmp_path / "scenes.py"

    def codes(source: str) -> list[str]:
        path.write_text(source)
        forget_code()
        return [scene_code(path, name) for name in SCENES]

    before, after = codes(text), codes(text.replace(old, new, 1))
    return [name for name, one, other in zip(SCENES, before, after, strict=True) if one != other]


@pytest.mark.parametrize(
    ("old", "new", "scenes"),
    [
        ("2 * RIGHT", "3 * RIGHT", ["Sliding"]),  # its own construct
        ("ge=1, le=20", "ge=1, le=30", ["Growing"]),  # a parameter's declaration, in another class
        ("Dot(radius=SIZE)", "Dot(radius=2 * SIZE)", ["Growing", "Still"]),  # a function two of them call
        ("SIZE = 0.5", "SIZE = 0.6", ["Growing", "Still"]),  # a constant that a function of them uses
        ("SIZE = 0.5", "SIZE = 0.5\nOTHER = 1", []),
        ("import RIGHT, Dot", "import RIGHT, UP, Dot", []),  # an import that no scene uses
        ("import RIGHT, Dot", "import UP as RIGHT, Dot", ["Sliding"]),
        ("SIZE = 0.5", "# half a unit\nSIZE = 0.5  # of 8", []),
        ("class Still", "class Extra(LectureScene):\n    pass\n\n\nclass Still", []),
        ("class Sliding(LectureScene)", "class Sliding(Still)", ["Sliding"]),
    ],
)
def test_an_edit_changes_the_scenes_that_reach_it(
    tmp_path: Path, old: str, new: str, scenes: list[str]
) -> None:
    assert changed(tmp_path, old, new) == scenes


def test_what_a_base_class_reaches_counts(tmp_path: Path) -> None:
    text = CHOREOGRAPHY.replace("class Sliding(LectureScene)", "class Sliding(Still)")
    assert changed(tmp_path, "Dot(radius=SIZE)", "Dot(radius=1)", text) == list(SCENES)


def test_a_name_inside_a_text_counts(tmp_path: Path) -> None:
    """Annotations may be texts: a parameter's type must not be missed."""
    text = CHOREOGRAPHY.replace("dot = Dot()\n", 'dot: "round_dot" = Dot()\n')
    assert changed(tmp_path, "Dot(radius=SIZE)", "Dot(radius=1)", text) == list(SCENES)


def test_both_definitions_of_a_name_count(tmp_path: Path) -> None:
    text = CHOREOGRAPHY.replace(
        "class GrowingParams", "def round_dot():\n    return Dot()\n\n\nclass GrowingParams"
    )
    assert changed(tmp_path, "return Dot()", "return Dot(radius=1)", text) == ["Growing", "Still"]
    assert changed(tmp_path, "return Dot(radius=SIZE)", "return Dot()", text) == ["Growing", "Still"]


def test_a_definition_behind_a_condition_counts_for_all(tmp_path: Path) -> None:
    text = CHOREOGRAPHY + "\n\nif SIZE:\n    def helper():\n        return 1\n"
    assert changed(tmp_path, "return 1", "return 2", text) == list(SCENES)


def test_a_statement_that_does_something_counts_for_all(tmp_path: Path) -> None:
    text = CHOREOGRAPHY + "\n\nDot.set_default(radius=1)\n"
    assert changed(tmp_path, "radius=1)", "radius=2)", text) == list(SCENES)


def test_a_file_whose_name_the_scene_holds_counts(tmp_path: Path) -> None:
    """A scene may read data beside its script."""
    scene = tmp_path / "one.py"
    scene.write_text(CHOREOGRAPHY.replace("dot = Dot()\n", 'dot = read("points.csv")\n'))
    (tmp_path / "points.csv").write_text("1,2")
    forget_code()
    before = {name: scene_code(scene, name) for name in SCENES}
    (tmp_path / "points.csv").write_text("1,3")
    assert [name for name in SCENES if scene_code(scene, name) != before[name]] == ["Sliding"]


def test_the_versions_of_the_drawing_libraries_are_known() -> None:
    assert {"manim", "av", "typst", "numpy"} <= set(library_versions())
