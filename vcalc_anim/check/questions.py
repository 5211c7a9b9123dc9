"""The gate of questions: the core confirms every answer, and neither length nor letter gives the right one away.

- ``quiz.wrong``: the core finds something else than a question of the script says; this also stops a build.
- ``quiz.balance``: in the course, the right option is the longest or has the same letter too often.
"""

from __future__ import annotations

from collections.abc import Sequence

from vcalc_anim.check.finding import Finding
from vcalc_anim.course import Course, Lecture
from vcalc_anim.errors import Problem, raise_if_any

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


def confirm_questions(course: Course, chapters: Sequence[str]) -> None:
    """Raise InputError with every question of *chapters* (all when empty) that the core does not confirm."""
    lectures = [course.lecture(name) for name in chapters] or course.lectures
    if any(lecture.quiz for lecture in lectures):
        from vcalc_anim.outlets.quiz.resolve import wrong_questions  # loads the whole core

        raise_if_any(wrong_questions(lectures))


def _finding(rule: str, problem: Problem, chapter: str) -> Finding:
    return Finding(
        f"quiz.{rule}", problem.message, chapter=chapter, file=problem.file, line_number=problem.line
    )
