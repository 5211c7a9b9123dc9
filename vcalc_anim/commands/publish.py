"""``vcalc publish``: the files for slides and for video sites, made from the same scenes as the lectures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.build.workers import default_jobs
from vcalc_anim.commands.clip import ClipFormats
from vcalc_anim.commands.here import project_here
from vcalc_anim.commands.options import AsJson, Chapters, Jobs, OutFolder, QualityName, ThemeName, VoiceName
from vcalc_anim.outlets.production import Production, Published

app = typer.Typer(
    help="Make what is handed out: clips, slides, and packs for video sites. Only what is missing or stale is made.",
    no_args_is_help=True,
)

SlideFormats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="pptx (PowerPoint), reveal (a folder for the browser), pdf (a handout to print); several with commas, or "
        "again; all when not given",
    ),
]
Outlet = Callable[[Production, Sequence[str]], Published]


@app.command("clips")
def clips_command(
    chapters: Chapters = None,
    formats: ClipFormats = None,
    transparent: Annotated[
        bool, typer.Option("--transparent", help="also without background: webm and mov with alpha, and PNG")
    ] = False,
    quality: QualityName = "standard",
    theme: ThemeName = "dark",
    voice: VoiceName = None,
    jobs: Jobs = None,
    out: OutFolder = Path("dist"),
    as_json: AsJson = False,
) -> None:
    """Every scene as a film of its own, with its loops, posters and a page that shows them all.

    Without --format: mp4, silent, webm, gif and poster.
    """
    from vcalc_anim.outlets.clips.formats import PUBLISHED, TRANSPARENT, parse_formats
    from vcalc_anim.outlets.clips.publish import publish_clips

    choice = parse_formats(formats or PUBLISHED)
    if transparent:
        choice = replace(choice, transparent=tuple(dict.fromkeys([*choice.transparent, *TRANSPARENT])))
    outlet = partial(publish_clips, choice=choice)
    _publish([outlet], chapters, quality, theme, voice, jobs, out, as_json)


@app.command("youtube")
def youtube_command(
    chapters: Chapters = None,
    quality: QualityName = "standard",
    theme: ThemeName = "dark",
    voice: VoiceName = None,
    jobs: Jobs = None,
    out: OutFolder = Path("dist"),
    as_json: AsJson = False,
) -> None:
    """Films with end cards, thumbnails, texts, captions and shorts, a folder a film, with what to paste where."""
    from vcalc_anim.outlets.youtube.publish import publish_youtube

    _publish([publish_youtube], chapters, quality, theme, voice, jobs, out, as_json)


@app.command("slides")
def slides_command(
    chapters: Chapters = None,
    formats: SlideFormats = None,
    quality: QualityName = "standard",
    theme: ThemeName = "dark",
    voice: VoiceName = None,
    jobs: Jobs = None,
    out: OutFolder = Path("dist"),
    as_json: AsJson = False,
) -> None:
    """A chapter's films as slides for PowerPoint and for the browser, and a handout to print."""
    from vcalc_anim.outlets.slides.publish import parse_formats, publish_slides

    outlet = partial(publish_slides, formats=parse_formats(formats or []))
    _publish([outlet], chapters, quality, theme, voice, jobs, out, as_json)


@app.command("all")
def all_command(
    chapters: Chapters = None,
    quality: QualityName = "standard",
    theme: ThemeName = "dark",
    voice: VoiceName = None,
    jobs: Jobs = None,
    out: OutFolder = Path("dist"),
    as_json: AsJson = False,
) -> None:
    """Everything: lectures, clips, quizzes, slides and packs for YouTube, as the commands of these names make them."""
    from vcalc_anim.outlets.clips.publish import publish_clips
    from vcalc_anim.outlets.everything import publish_lectures, publish_quizzes
    from vcalc_anim.outlets.slides.publish import publish_slides
    from vcalc_anim.outlets.youtube.publish import publish_youtube

    outlets = [publish_lectures, publish_clips, publish_quizzes, publish_slides, publish_youtube]
    _publish(outlets, chapters, quality, theme, voice, jobs, out, as_json)


def _publish(
    outlets: Sequence[Outlet],
    chapters: Sequence[str] | None,
    quality: str,
    theme: str,
    voice: str | None,
    jobs: int | None,
    out: Path,
    as_json: bool,
) -> None:
    project = project_here()
    production = Production(project, QUALITIES[quality], out, theme, voice, jobs or default_jobs())
    production.lectures(chapters or [])  # a wrong name is told before any work
    published = Published()
    for outlet in outlets:
        published += outlet(production, chapters or [])
    if as_json:
        print(json.dumps(published.facts(), indent=1, ensure_ascii=False))
    else:
        print("\n".join(published.told()))
