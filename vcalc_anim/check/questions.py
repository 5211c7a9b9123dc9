"""The gate of questions: the core confirms every answer, and neither length nor letter gives the right one away.

- ``quiz.wrong``: the core finds something else than a question of the script says; this also stops a build.
- ``quiz.balance``: in the course, the right option is the longest or has the same letter too often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from vcalc_anim.build.files import fingerprint
from vcalc_anim.build.kept import load_kept, store_kept
from vcalc_anim.build.project import Project
from vcalc_anim.build.sources import code_of, library_versions
from vcalc_anim.check.finding import Finding
from vcalc_anim.course import Lecture
from vcalc_anim.errors import Problem, raise_if_any

_RESOLVING = "vcalc_anim.outlets.quiz.resolve"
_ENOUGH = 8  # questions from which a share says something


def check_questions(lectures: Sequence[Lecture]) -> list[Finding]:
    """Everything wrong with the questions of *lectures*."""
    asked = [lecture for lecture in lectures if lecture.quiz]
    if not asked:
        return []
    from vcalc_anim.outlets.quiz.resolve import resolve, unbalanced, wrong_questions  # loads the whole core

    findings = [
        _finding("wrong", problem, lecture.slug)
        for lecture in asked
        for problem in wrong_questions([lecture])
    ]
    if not findings and len(items := resolve(asked)) >= _ENOUGH:
        findings += [_finding("balance", problem, "") for problem in unbalanced(items)]
    return findings


def confirm_questions(project: Project, chapters: Sequence[str]) -> None:
    """Raise InputError with every question of *chapters* (all when empty) that the core does not confirm.

    What was confirmed before, by the same code, is not asked again.
    """
    course = project.course
    lectures = [course.lecture(name) for name in chapters] or course.lectures
    fresh = {
        lecture.slug: path
        for lecture in lectures
        if lecture.quiz and load_kept(path := _confirmed(project, lecture), "the proof of questions") is None
    }
    if fresh:
        from vcalc_anim.outlets.quiz.resolve import wrong_questions  # loads the whole core

        raise_if_any(wrong_questions([lecture for lecture in lectures if lecture.slug in fresh]))
        for slug, path in fresh.items():
            store_kept(path, slug.encode())


def current_proofs(project: Project) -> set[Path]:
    """Where it is kept that the questions of the course, as it is now, were confirmed."""
    return {_confirmed(project, lecture) for lecture in project.course.lectures if lecture.quiz}


def _confirmed(project: Project, lecture: Lecture) -> Path:
    asked = [{**asdict(question), "file": "", "line": 0} for question in lecture.quiz]
    scenes = [scene.name for scene in lecture.scenes]
    key = fingerprint(
        [lecture.slug, asked, scenes, code_of(f"{_RESOLVING}:wrong_questions"), library_versions()]
    )
    return project.check_cache / f"questions-{key[:24]}.confirmed"


def _finding(rule: str, problem: Problem, chapter: str) -> Finding:
    return Finding(
        f"quiz.{rule}", problem.message, chapter=chapter, file=problem.file, line_number=problem.line
    )
