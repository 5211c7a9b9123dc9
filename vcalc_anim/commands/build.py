"""``vcalc build``: the lectures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vcalc_anim.build.pipeline import COURSE_FILM, build
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.build.workers import default_jobs
from vcalc_anim.check.questions import confirm_questions
from vcalc_anim.commands.check import findings_of
from vcalc_anim.commands.here import project_here
from vcalc_anim.commands.options import (
    AsJson,
    Chapters,
    Jobs,
    OutFolder,
    QualityName,
    Scheduler,
    ThemeName,
    TlsCa,
    TlsCert,
    TlsKey,
    VoiceName,
    cluster_of,
)
from vcalc_anim.commands.telling import tell
from vcalc_anim.errors import WorkError


def build_command(
    chapters: Chapters = None,
    quality: QualityName = "standard",
    jobs: Jobs = None,
    voice: VoiceName = None,
    out: OutFolder = Path("dist"),
    theme: ThemeName = "dark",
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="draw the other scenes when one fails")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="fail when the check finds something")] = False,
    check: Annotated[bool, typer.Option(help="look at what was built")] = True,
    scheduler: Scheduler = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    as_json: AsJson = False,
) -> None:
    """Make narrated, captioned lectures. Only what changed is drawn again; an interrupted build goes on."""
    project = project_here()
    confirm_questions(project, chapters or [])
    built = build(
        project,
        chapters or [],
        QUALITIES[quality],
        voice=voice,
        out=out,
        jobs=jobs or default_jobs(),
        theme=theme,
        keep_going=keep_going,
        cluster=cluster_of(scheduler, tls_ca, tls_cert, tls_key),
    )
    tell(built, as_json)
    # Only what was written can have changed, and a strict build answers for everything it was asked for.
    names = (
        list(chapters or []) if strict else [film.stem for film in built.written if film.name != COURSE_FILM]
    )
    if strict or (check and names):
        findings = findings_of(project, names, voice, out, theme)
        if findings:
            from vcalc_anim.check.report import print_table

            print_table(findings, Console(stderr=True))
        if findings and strict:
            raise WorkError(f"{len(findings)} findings; vcalc check --report FILE shows them")
