"""``vcalc clip``: one scene or loop as files for slides, in the formats, colours and numbers of your choice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.build.workers import default_jobs
from vcalc_anim.commands.here import project_here
from vcalc_anim.commands.options import (
    AsJson,
    Chapter,
    OutFolder,
    QualityName,
    Settings,
    ShapeName,
    ThemeName,
    VoiceName,
    parse_settings,
)
from vcalc_anim.outlets.production import Production, Published

ClipFormats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="mp4 (sound, captions), silent (mp4 without sound), webm (VP9, silent), gif (8 MB at most), "
        "mov (ProRes 4444), poster (PNG), alpha (transparent webm), prores (transparent mov); "
        "several with commas, or again",
    ),
]


def clip_command(
    chapter: Chapter,
    scene: Annotated[
        str, typer.Argument(help="a scene's class, or one of its loops; see vcalc list CHAPTER")
    ],
    settings: Settings = None,
    formats: ClipFormats = None,
    loop: Annotated[bool, typer.Option("--loop", help="the loops of the scene instead of the scene")] = False,
    background: Annotated[
        Literal["theme", "transparent"],
        typer.Option("--background", help="transparent: webm, mov and poster have alpha"),
    ] = "theme",
    width: Annotated[
        int | None,
        typer.Option(
            "--width", min=64, max=3840, help="pixels, of webm, gif, mov and poster; never enlarged"
        ),
    ] = None,
    quality: QualityName = "standard",
    voice: VoiceName = None,
    out: OutFolder = Path("dist"),
    theme: ThemeName = "dark",
    shape: ShapeName = "wide",
    as_json: AsJson = False,
) -> None:
    """One scene as a film of its own, with the scene's parameters set as you like; in dist/clips/CHAPTER."""
    from vcalc_anim.outlets.clips.formats import parse_formats
    from vcalc_anim.outlets.clips.publish import Wish, make_clips

    usual = ["webm"] if background == "transparent" else ["mp4"]
    choice = parse_formats(formats or usual, transparent=background == "transparent", width=width)
    production = Production(project_here(), QUALITIES[quality], out, theme, voice, default_jobs())
    wish = Wish(chapter, scene, choice, shape, parse_settings(settings or []), loop)
    _tell(make_clips(production, wish), as_json)


def _tell(published: Published, as_json: bool) -> None:
    if as_json:
        print(json.dumps(published.facts(), indent=1))
        return
    for path in published.current:
        if path.suffix not in (".srt", ".vtt"):
            print(f"{path} is up to date")
    for path in published.written:
        print(f"{path} written")
    for note in published.notes:
        print(note)
    if not published.written:
        print("nothing to do")
