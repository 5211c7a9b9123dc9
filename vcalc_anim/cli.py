"""The ``vcalc`` command: thin, everything it does is in the package."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from vcalc_anim.build.pictures import View, contact_sheet, one_frame
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.errors import InputError, WorkError

app = typer.Typer(
    help="Turn short scripts and Manim scenes into narrated, captioned lectures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

QualityName = Enum("QualityName", {name: name for name in QUALITIES}, type=str)  # type: ignore[misc]
ThemeName = Enum("ThemeName", {"dark": "dark", "light": "light"}, type=str)  # type: ignore[misc]
ShapeName = Enum("ShapeName", {name: name for name in ("wide", "square", "tall")}, type=str)  # type: ignore[misc]


def main() -> None:
    """Run the command line; problems are one clear sentence each, exit code 2 for input and 1 for failed work."""
    try:
        app()
    except InputError as error:
        _complain(error)
        sys.exit(2)
    except WorkError as error:
        _complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        _complain("interrupted; finished scenes are kept, run the same command to go on")
        sys.exit(130)


def _complain(message: object) -> None:
    print(f"vcalc: {message}", file=sys.stderr)


def _project() -> Project:
    return Project.find(Path.cwd())


@app.command("sheet")
def sheet_command(
    chapter: str,
    scenes: Annotated[list[str] | None, typer.Argument(help="scenes; all when none is named")] = None,
    out: Annotated[Path, typer.Option(help="the picture to write")] = Path("sheet.png"),
    width: Annotated[int, typer.Option(min=160, max=1920, help="pixels of each picture")] = 640,
    theme: Annotated[ThemeName, typer.Option()] = ThemeName.dark,
    shape: Annotated[ShapeName, typer.Option()] = ShapeName.wide,
    voice: Annotated[str | None, typer.Option(help="the voice that times the lines")] = None,
) -> None:
    """A contact sheet: the first frame and the last frame of every line, one picture for each scene."""
    view = View(shape=shape.value, theme=theme.value)
    for path in contact_sheet(_project(), chapter, scenes or [], out, view, width, voice):
        print(path)


@app.command("frame")
def frame_command(
    chapter: str,
    scene: str,
    out: Path,
    at: Annotated[float, typer.Option(help="seconds from the scene's start")] = 0.0,
    count: Annotated[int, typer.Option(min=1, max=60, help="a strip of this many consecutive frames")] = 1,
    set_: Annotated[list[str] | None, typer.Option("--set", help="parameter, as name=value")] = None,
    theme: Annotated[ThemeName, typer.Option()] = ThemeName.dark,
    shape: Annotated[ShapeName, typer.Option()] = ShapeName.wide,
    voice: Annotated[str | None, typer.Option(help="the voice that times the lines")] = None,
) -> None:
    """Draw one frame of a scene (or a strip of consecutive ones) as a PNG."""
    view = View(shape=shape.value, theme=theme.value)
    print(one_frame(_project(), chapter, scene, at, out, view, parse_settings(set_ or []), count, voice))


def parse_settings(settings: list[str]) -> dict[str, object]:
    """``["alpha=0.5", "start=3,2"]`` as parameters; commas make lists. Raises InputError for other forms."""
    values: dict[str, object] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip().isidentifier():
            raise InputError(f"--set {setting!r} is not of the form name=value, such as --set alpha=0.5")
        if name.strip() in values:
            raise InputError(f"--set gives {name.strip()!r} twice; give it once")
        parts = [part.strip() for part in text.split(",")]
        values[name.strip()] = parts if len(parts) > 1 else parts[0]
    return values
