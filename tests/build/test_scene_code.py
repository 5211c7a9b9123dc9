"""Which edits of a choreography file change the pictures of which scene."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import CHOREOGRAPHY

from vcalc_anim.build.sources import _PACKAGE, assembling_code, drawing_code, library_versions, scene_code

SCENES = ("Growing", "Still", "Sliding")


def changed(tmp_path: Path, old: str, new: str, text: str = CHOREOGRAPHY) -> list[str]:
    """The scenes whose code is another one after replacing *old* by *new*."""
    assert old in text
    before, after = tmp_path / "before.py", tmp_path / "after.py"
    before.write_text(text)
    after.write_text(text.replace(old, new, 1))
    return [name for name in SCENES if scene_code(before, name) != scene_code(after, name)]


@pytest.mark.parametrize(
    ("old", "new", "scenes"),
    [
        ("2 * RIGHT", "3 * RIGHT", ["Sliding"]),  # its own construct
        ("ge=1, le=20", "ge=1, le=30", ["Growing"]),  # a parameter's declaration, in another class
        ("Dot(radius=SIZE)", "Dot(radius=2 * SIZE)", ["Growing", "Still"]),  # a function two of them call
        ("SIZE = 0.5", "SIZE = 0.6", list(SCENES)),  # a statement of the module counts for all
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


def test_every_module_that_draws_or_assembles_is_in_a_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the engine that decides a result and is not hashed would leave old pictures in the cache."""
    hashed = {path.relative_to(_PACKAGE).as_posix() for path in _hashed(monkeypatch)}
    for folder in ("core", "course", "stage", "voice"):
        assert {p.relative_to(_PACKAGE).as_posix() for p in (_PACKAGE / folder).rglob("*.py")} <= hashed
    assert {"build/encoder.py", "build/render.py", "build/assemble.py"} <= hashed


def _hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    read: list[Path] = []
    original = Path.read_bytes

    def record(path: Path) -> bytes:
        read.append(path)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", record)
    drawing_code.__wrapped__()
    assembling_code.__wrapped__()
    return read


def test_the_versions_of_the_drawing_libraries_are_known() -> None:
    assert {"manim", "av", "typst", "numpy"} <= set(library_versions())
