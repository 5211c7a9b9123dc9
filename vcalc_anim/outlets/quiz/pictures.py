"""Single frames of the lectures: what questions about pictures show, and what is printed."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vcalc_anim.build.files import fingerprint
from vcalc_anim.build.kept import load_kept, store_kept
from vcalc_anim.build.narrate import narrate, spoken_part
from vcalc_anim.build.pictures import View
from vcalc_anim.build.plan import job_key
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.build.render import RenderJob, stills
from vcalc_anim.outlets.quiz.item import FramePlace, QuizItem
from vcalc_anim.outlets.quiz.resolve import resolve

_FPS = 15  # only the last frame of a line is drawn


@dataclass(frozen=True)
class _Frame:
    """A frame to draw, and the name under which it is kept."""

    place: FramePlace
    job: RenderJob
    number: int
    name: str


def frames_of(
    project: Project,
    items: Sequence[QuizItem],
    lines: int,
    theme: str = "dark",
    report: Callable[[int], None] = lambda frames: None,
) -> dict[str, bytes]:
    """The PNG of each of *items* that asks about a picture, by its id, *lines* pixels high.

    Frames that were drawn before, and have not changed, are taken from the cache; *report* is called with numbers
    of frames that are there.
    """
    places = list(dict.fromkeys(item.picture for item in items if item.picture is not None))
    drawn = draw_places(project, places, lines, theme, report=report)
    return {item.id: drawn[item.picture] for item in items if item.picture is not None}


def draw_places(
    project: Project,
    places: Sequence[FramePlace],
    lines: int,
    theme: str = "dark",
    voice: str | None = None,
    report: Callable[[int], None] = lambda frames: None,
) -> dict[FramePlace, bytes]:
    """The PNG of each of *places*, *lines* pixels high, from the cache or drawn; a scene is run once for all its frames."""
    frames = [_frame(project, place, lines, theme, voice) for place in places]
    drawn: dict[FramePlace, bytes] = {}
    scenes = dict.fromkeys((frame.place.chapter, frame.place.scene) for frame in frames)
    for scene in scenes:
        own = [frame for frame in frames if (frame.place.chapter, frame.place.scene) == scene]
        for frame in own:
            what = f"the picture of {frame.job.scene} for questions"
            if (kept := load_kept(project.picture_cache / frame.name, what)) is not None:
                drawn[frame.place] = kept
        missing = [frame for frame in own if frame.place not in drawn]
        if missing:
            pictures = stills(missing[0].job, [frame.number for frame in missing])
            for frame, picture in zip(missing, pictures, strict=True):
                buffer = io.BytesIO()
                picture.save(buffer, "PNG", optimize=True)
                drawn[frame.place] = buffer.getvalue()
                store_kept(project.picture_cache / frame.name, drawn[frame.place])
        report(len(own))
    return drawn


def _frame(project: Project, place: FramePlace, lines: int, theme: str, voice: str | None) -> _Frame:
    lecture = project.course.lecture(place.chapter)
    only = replace(lecture, scenes=(lecture.scene(place.scene),))
    spoken = narrate(project.course, only, project.voice(voice), project.speech_cache).scenes[0]
    job = View(lines, "wide", theme).job(lecture, spoken, _FPS, {})
    number = next(line.end for line in job.timeline.lines if line.name == place.line) - 1
    key = fingerprint([job_key(lecture, job), number])
    return _Frame(place, job, number, f"{place.scene.lower()}-{place.line}-{key[:24]}.png")


def current_pictures(project: Project) -> set[Path]:
    """Where the frames that questions of the course show are kept, in each quality and theme."""
    asked = [lecture for lecture in project.course.lectures if lecture.quiz]
    there = {
        (lecture.slug, scene.name)
        for lecture in asked
        for scene in spoken_part(project.course, lecture, project.voice(None), project.speech_cache).scenes
    }
    places = {
        item.picture
        for item in resolve(asked)
        if item.picture is not None and (item.picture.chapter, item.picture.scene) in there
    }
    return {
        project.picture_cache / _frame(project, place, lines, theme, None).name
        for place in places
        for lines in {quality.lines for quality in QUALITIES.values()}
        for theme in ("dark", "light")
    }
