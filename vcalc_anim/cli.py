"""The ``vcalc`` command: thin, everything it does is in the package."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vcalc_anim.build.pictures import View, contact_sheet, one_frame
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.build.render import scene_parameters
from vcalc_anim.build.workers import default_jobs
from vcalc_anim.commands.build import build_command
from vcalc_anim.commands.cache import app as cache_app
from vcalc_anim.commands.check import check_command, findings_of
from vcalc_anim.commands.clip import clip_command
from vcalc_anim.commands.here import project_here
from vcalc_anim.commands.options import (
    AsJson,
    Chapter,
    Chapters,
    Jobs,
    OutFolder,
    QualityName,
    SceneName,
    Settings,
    ShapeName,
    ThemeName,
    VoiceName,
    parse_settings,
)
from vcalc_anim.commands.publish import app as publish_app
from vcalc_anim.commands.usage import Commands
from vcalc_anim.errors import InputError, WorkError
from vcalc_anim.voice import list_voices

_INTERRUPTED = 130

app = typer.Typer(
    cls=Commands,
    help="Turn short scripts and Manim scenes into narrated, captioned lectures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("build")(build_command)
app.command("clip")(clip_command)
app.command("check")(check_command)
app.add_typer(publish_app, name="publish")
app.add_typer(cache_app, name="cache")


def main() -> None:
    """Run the command line; problems are one clear sentence each.

    Exit code 2 for wrong input, 1 for failed work, 130 for an interrupt.
    """
    try:
        app()
    except InputError as error:
        _complain(error.problems)
        sys.exit(2)
    except WorkError as error:
        _complain([error])
        sys.exit(1)
    except SystemExit as end:
        if end.code == _INTERRUPTED:  # Typer makes this of a KeyboardInterrupt
            _complain(["interrupted; finished scenes are kept, run the same command to go on"])
        raise
    except MemoryError as error:  # of this process; a worker's is told with its scene
        reason = f" ({error})" if str(error) else ""
        mend = "close other programs, or use fewer --jobs, and run the same command again"
        _complain([f"there is not enough memory{reason}; what was finished is kept: {mend}"])
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 (a flaw of ours still deserves a place instead of a traceback)
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = " ".join(str(error).split())
        _complain(
            [f"unexpected {type(error).__name__} in {place.filename}:{place.lineno}: {text}; report it"]
        )
        sys.exit(1)


def _complain(problems: Sequence[object]) -> None:
    for problem in problems:
        print(f"vcalc: {problem}", file=sys.stderr)


def _project() -> Project:
    return project_here()


@app.command("frame")
def frame_command(
    chapter: Chapter,
    scene: SceneName,
    picture: Annotated[Path, typer.Argument(help="the PNG to write")],
    at: Annotated[float, typer.Option(help="seconds from the scene's start")] = 0.0,
    count: Annotated[int, typer.Option(min=1, max=60, help="a strip of this many consecutive frames")] = 1,
    settings: Settings = None,
    theme: ThemeName = "dark",
    shape: ShapeName = "wide",
    voice: VoiceName = None,
) -> None:
    """Draw one frame of a scene, or a strip of consecutive ones, as a PNG."""
    view = View(shape=shape, theme=theme)
    overrides = parse_settings(settings or [])
    print(one_frame(_project(), chapter, scene, at, picture, view, overrides, count, voice))


@app.command("sheet")
def sheet_command(
    chapter: Chapter,
    scenes: Annotated[list[str] | None, typer.Argument(help="scenes; all when none is named")] = None,
    out: Annotated[Path, typer.Option(help="the PNG to write; several scenes get one each")] = Path(
        "sheet.png"
    ),
    width: Annotated[int, typer.Option(min=160, max=1920, help="pixels of each picture")] = 640,
    theme: ThemeName = "dark",
    shape: ShapeName = "wide",
    voice: VoiceName = None,
    update: Annotated[
        bool, typer.Option("--update", help="rewrite the chapter's reference pictures instead")
    ] = False,
) -> None:
    """A contact sheet: the first frame and the last frame of every line, one picture for each scene."""
    if update:
        project = _project()
        findings_of(project, [chapter], voice, None, update=True)
        print(f"the reference pictures of {project.course.lecture(chapter).slug} are those of now")
        return
    view = View(shape=shape, theme=theme)
    for path in contact_sheet(_project(), chapter, scenes or [], out, view, width, voice):
        print(path)


@app.command("quiz")
def quiz_command(
    chapters: Chapters = None,
    variants: Annotated[
        int, typer.Option(min=0, max=500, help="more of each calculation, with other numbers")
    ] = 0,
    seed: Annotated[
        int, typer.Option(min=0, help="another seed, other numbers and another order of the options")
    ] = 0,
    quality: QualityName = "standard",
    out: OutFolder = Path("dist"),
    theme: ThemeName = "dark",
    voice: VoiceName = None,
    jobs: Jobs = None,
    slides: Annotated[
        bool, typer.Option(help="also pictures, films, PDF and PowerPoint slides; drawing them takes minutes")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Write the questions as slides and for learning platforms, each answer confirmed by the core.

    Moodle XML, GIFT, QTI, Anki, Kahoot, Markdown and JSON; pictures and films; PDF and PowerPoint.
    """
    from vcalc_anim.outlets.quiz.export import export_quizzes

    exported = export_quizzes(
        _project(),
        chapters or [],
        QUALITIES[quality],
        variants=variants,
        seed=seed,
        out=out,
        theme=theme,
        voice=voice,
        jobs=jobs or default_jobs(),
        slides=slides,
    )
    if as_json:
        print(json.dumps(exported.facts(), indent=1, ensure_ascii=False))
    else:
        print("\n".join(exported.told()))


@app.command("list")
def list_command(
    chapter: Annotated[
        str | None, typer.Argument(help="show the scenes and parameters of this chapter")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The chapters of the course, or the scenes of one chapter with their parameters."""
    course = _project().course
    rows: list[dict[str, Any]]
    if chapter is None:
        rows = [
            {
                "chapter": lecture.slug,
                "title": lecture.title,
                "scenes": len(lecture.scenes),
                "question": lecture.question,
            }
            for lecture in course.lectures
        ]
    else:
        lecture = course.lecture(chapter)
        rows = [
            {
                "scene": scene.name,
                "title": scene.title,
                "lines": len(scene.lines),
                "parameters": ", ".join(scene_parameters(lecture, scene.name)),
            }
            for scene in lecture.scenes
        ]
    _print_rows(rows, as_json)


@app.command("voices")
def voices_command(as_json: AsJson = False) -> None:
    """The voices that can speak a course, and their settings."""
    rows = [
        {
            "voice": row.name,
            "description": row.description,
            "settings": ", ".join(row.settings),
        }
        for row in list_voices()
    ]
    _print_rows(rows, as_json)


@app.command("doctor")
def doctor_command(as_json: AsJson = False) -> None:
    """Check that everything a build needs is here and works."""
    from vcalc_anim.build.doctor import examine

    findings = examine()
    rows = [
        {"check": finding.name, "state": "ok" if finding.good else "BROKEN", "detail": finding.detail}
        for finding in findings
    ]
    _print_rows(rows, as_json)
    if not all(finding.good for finding in findings):
        raise WorkError("something is broken; the table above says what and how to mend it")


def _print_rows(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ()))
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
