"""``vcalc check``: what no lecture may have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from vcalc_anim.build.files import write_text
from vcalc_anim.build.manifest import MANIFEST
from vcalc_anim.build.progress import task
from vcalc_anim.build.project import Project
from vcalc_anim.build.workers import default_jobs
from vcalc_anim.commands.here import project_here
from vcalc_anim.commands.options import AsJson, OutFolder, ShapeName, ThemeName, VoiceName
from vcalc_anim.errors import InputError, WorkError

if TYPE_CHECKING:
    from vcalc_anim.check.finding import Finding


def check_command(
    chapters: Annotated[
        list[str] | None,
        typer.Argument(
            help="chapters, all when none is named; or a folder of results, to look only at its files"
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="fail when there is a finding")] = False,
    out: OutFolder = Path("dist"),
    page: Annotated[Path | None, typer.Option("--report", help="write an HTML page with pictures")] = None,
    voice: VoiceName = None,
    theme: ThemeName = "dark",
    shape: ShapeName = "wide",
    as_json: AsJson = False,
) -> None:
    """Look for what no lecture may have: overlaps, weak contrast, false numbers, late captions, bad files.

    Files are checked when the folder of results is there.
    """
    from vcalc_anim.check.report import print_table, to_html, to_json
    from vcalc_anim.check.runner import check_course, pictures_of

    project = project_here()
    folder = _results(chapters or [])
    if folder is not None:
        findings = check_course(project, [], voice=voice, out=folder, scenes=False)
    else:
        findings = findings_of(project, chapters or [], voice, out if out.is_dir() else None, theme, shape)
    if page is not None:
        title = f"{len(findings)} findings in {', '.join(chapters or ['the course'])}"
        write_text(page, to_html(findings, pictures_of(project, findings, voice), title))
    if as_json:
        print(to_json(findings))
    elif findings:
        print_table(findings, Console())
    else:
        print("no findings")
    if findings and strict:
        raise WorkError(f"{len(findings)} findings")


def _results(arguments: Sequence[str]) -> Path | None:
    """The folder of results that the only argument names, if it is none of a chapter."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        return None
    folder = Path(arguments[0])
    if not (folder / MANIFEST).is_file():
        raise InputError(
            f"{folder} holds no results of vcalc: there is no {MANIFEST} in it; build or publish into it"
        )
    return folder


def findings_of(
    project: Project,
    chapters: Sequence[str],
    voice: str | None,
    out: Path | None,
    theme: Literal["dark", "light"] = "dark",
    shape: Literal["wide", "square", "tall"] = "wide",
    update: bool = False,
) -> list[Finding]:
    """What is found in *chapters* (all when there are none), with progress; films are looked at in the folder *out*."""
    from vcalc_anim.check.runner import (
        check_course,  # loads the core and signal filters: not for every command
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
