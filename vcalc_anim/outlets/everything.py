"""Lectures and quizzes as outlets like the others, for those who want everything at once."""

from __future__ import annotations

from collections.abc import Sequence

from vcalc_anim.build.pipeline import build
from vcalc_anim.errors import Problem
from vcalc_anim.outlets.production import Production, Published
from vcalc_anim.outlets.quiz.export import export_quizzes


def publish_lectures(production: Production, chapters: Sequence[str]) -> Published:
    """The lectures of *chapters*, and without any the course as one film.

    Raises:
        InputError: a chapter that does not exist, or a scene or script with a fault.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    built = build(
        production.project,
        chapters,
        production.quality,
        voice=production.voice,
        out=production.out,
        jobs=production.jobs,
        theme=production.theme,
    )
    return Published(built.written, built.current)


def publish_quizzes(production: Production, chapters: Sequence[str]) -> Published:
    """The questions of *chapters* as slides and in every format, as printed in the script.

    Raises:
        InputError: a chapter that does not exist, or a question that the core does not confirm.
        WorkError: a slide cannot be drawn, or a file cannot be written.
    """
    exported = export_quizzes(
        production.project,
        chapters,
        production.quality,
        out=production.out,
        theme=production.theme,
        voice=production.voice,
        jobs=production.jobs,
    )
    notes = tuple(
        Problem(
            None,
            None,
            f"{name} leaves out {len(left)} of {exported.questions} questions: vcalc quiz says which",
        )
        for name, left in exported.notes.items()
    )
    return Published(exported.written, exported.current, notes)
