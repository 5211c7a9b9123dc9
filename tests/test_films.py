"""Every film of the course: scenes fit their frame and their time, lectures keep their promises."""

import pytest
from filming import COURSE, film

SCENES = [(lecture, scene.name) for lecture in COURSE.lectures for scene in lecture.scenes]


@pytest.mark.render
@pytest.mark.parametrize(("lecture", "name"), SCENES, ids=lambda value: getattr(value, "slug", value))
def test_a_scene_runs_in_its_time_and_inside_the_frame(lecture, name) -> None:
    scene, outside = film(lecture, name)
    assert scene.renderer.frame == scene.staging.timeline.frames
    assert outside == []
    assert [mark.line for mark in scene.marks if mark.late_cues or mark.shortened] == []


@pytest.mark.parametrize("lecture", COURSE.lectures, ids=lambda lecture: lecture.slug)
def test_a_lecture_keeps_its_promises(lecture) -> None:
    lines = [line for scene in lecture.scenes for line in scene.lines.values()]
    assert 350 <= sum(len(line.words) for line in lines) <= 850
    assert max(len(line.words) for line in lines) <= 36
    assert len([question for question in lecture.quiz if question.scene]) == 1
    assert len(lecture.objectives) >= 2


def test_right_answers_are_spread_over_the_letters() -> None:
    letters = [
        [option.right for option in question.options].index(True)
        for lecture in COURSE.lectures
        for question in lecture.quiz
        if question.scene
    ]
    assert max(letters.count(letter) for letter in range(4)) <= max(2, len(letters) // 3 + 1)
