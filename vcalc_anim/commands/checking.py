"""The check as the commands run it: with progress, and nothing of it loaded before it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from vcalc_anim.build.progress import task
from vcalc_anim.build.project import Project
from vcalc_anim.build.workers import default_jobs

if TYPE_CHECKING:
    from vcalc_anim.check.finding import Finding


def check_chapters(
    project: Project,
    chapters: Sequence[str],
    voice: str | None,
    out: Path | None,
    theme: Literal["dark", "light"] = "dark",
    shape: Literal["wide", "square", "tall"] = "wide",
    update: bool = False,
) -> list[Finding]:
    from vcalc_anim.check.runner import (
        check_course,  # loads the core and signal filters: nothing for every command
    )

    lectures = [project.course.lecture(name) for name in chapters] or project.course.lectures
    with task("checking", sum(len(lecture.scenes) for lecture in lectures)) as progress:
        return check_course(
            project,
            chapters,
            voice=voice,
            out=out,
            jobs=default_jobs(),
            shape=shape,
            theme=theme,
            update=update,
            report=progress.advance,
        )
