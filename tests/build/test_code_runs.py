"""No scene runs code that its fingerprint does not count: seen by running scenes, for a few of them here."""

from __future__ import annotations

import pytest
from filming import COURSE
from reaching import unreached

SAMPLE = [  # the quiz, what shows most kinds of widgets, and what looks things up by name
    ("ch04", "Compass"),
    ("ch04", "Quiz"),
    ("ch07", "Quiz"),
    ("ch08", "Backward"),
    ("ch09", "Swell"),
    ("ch05", "Work"),
]


@pytest.mark.parametrize(("chapter", "scene"), SAMPLE)
def test_a_scene_runs_only_code_that_is_counted(chapter: str, scene: str) -> None:
    lecture = COURSE.lecture(chapter)
    name = scene if any(s.name == scene for s in lecture.scenes) else lecture.scenes[0].name
    count, missed = unreached(lecture, name)
    assert missed == []
    assert count > 50
