"""Single frames and contact sheets: looking at pictures must be cheap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from vcalc_anim.build.files import check_suffix, ensure_writable, replacing
from vcalc_anim.build.narrate import NarratedScene, narrate
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality, Shape
from vcalc_anim.build.render import RenderJob, stills
from vcalc_anim.course import Lecture
from vcalc_anim.errors import InputError

_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_FRAME_FPS = 30
_SHEET_FPS = 15  # cues fall on other frames than in the film, by less than a tenth of a second
_COLUMNS = 3
_CAPTION = 30


@dataclass(frozen=True)
class View:
    """How pictures are drawn."""

    lines: int = 1080
    shape: Shape = "wide"
    theme: str = "dark"

    def job(
        self, lecture: Lecture, scene: NarratedScene, fps: int, overrides: dict[str, object]
    ) -> RenderJob:
        quality = Quality("picture", self.lines, fps)
        timeline = scene.timeline(fps)
        return RenderJob(
            lecture.script,
            scene.script.name,
            timeline,
            quality,
            self.shape,
            self.theme,
            overrides,
            checks_claims=not overrides,  # the words of the script were written for its own parameters
        )


def narrated_scenes(
    project: Project, chapter: str, names: Sequence[str], voice: str | None
) -> list[NarratedScene]:
    """The scenes called *names* (all when empty) of *chapter* with their speech."""
    lecture = project.course.lecture(chapter)
    for name in names:
        lecture.scene(name)  # names the nearest when there is none
    wanted = {lecture.scene(name).name for name in names}
    narrated = narrate(project.course, lecture, project.voice(voice), project.speech_cache)
    return [scene for scene in narrated.scenes if not wanted or scene.script.name in wanted]


def one_frame(
    project: Project,
    chapter: str,
    scene: str,
    at: float,
    path: Path,
    view: View,
    overrides: dict[str, object],
    count: int = 1,
    voice: str | None = None,
) -> Path:
    """Draw the frame *at* seconds of *scene* into *path*; with *count* > 1 a strip of consecutive frames."""
    check_suffix(path, *_PICTURES)
    lecture = project.course.lecture(chapter)
    (narrated,) = narrated_scenes(project, chapter, [scene], voice)
    job = view.job(lecture, narrated, _FRAME_FPS, overrides)
    first = _first_frame(job, at, count)
    ensure_writable(path.parent)
    pictures = stills(job, list(range(first, first + count)))
    labels = [f"{(first + index) / job.quality.fps:.2f} s" for index in range(count)]
    with replacing(path) as target:
        (pictures[0] if count == 1 else tile(pictures, labels, 640)).save(target)
    return path


def _first_frame(job: RenderJob, at: float, count: int) -> int:
    """The frame at *at* seconds, from which *count* frames are left in the scene."""
    fps, total = job.quality.fps, job.timeline.frames
    lasts = f"scene {job.scene} lasts {total / fps:.2f} s"
    if count > total:
        raise InputError(f"{lasts} or {total} frames: --count takes 1 to {total}")
    if not (math.isfinite(at) and 0 <= round(at * fps) <= total - count):
        last = math.floor((total - count) / fps * 100) / 100
        raise InputError(f"{lasts}: --at takes 0 to {last:.2f}, not {at:g}")
    return round(at * fps)


def contact_sheet(
    project: Project,
    chapter: str,
    names: Sequence[str],
    path: Path,
    view: View,
    width: int,
    voice: str | None = None,
) -> list[Path]:
    """The last frame of every line of the scenes *names* (all when empty), as one picture a scene.

    One scene goes to *path* itself, several to ``path``'s name with the scene's name added.
    """
    check_suffix(path, *_PICTURES)
    lecture = project.course.lecture(chapter)
    scenes = narrated_scenes(project, chapter, names, voice)
    ensure_writable(path.parent)
    paths = []
    for scene in scenes:
        job = view.job(lecture, scene, _SHEET_FPS, {})
        ends = [line.end - 1 for line in job.timeline.lines]
        pictures = stills(job, [0, *ends])
        labels = ["first frame"] + [
            f"{line.name}: {scene.script.lines[line.name].caption}" for line in job.timeline.lines
        ]
        name = f"{path.stem}-{scene.script.name.lower()}{path.suffix}"
        target_path = path if len(scenes) == 1 else path.with_name(name)
        with replacing(target_path) as target:
            tile(pictures, labels, width).save(target)
        paths.append(target_path)
    return paths


def tile(pictures: Sequence[Image.Image], labels: Sequence[str], width: int) -> Image.Image:
    """Pictures in rows of three, each *width* pixels wide, with a label below."""
    height = round(pictures[0].height * width / pictures[0].width)
    columns = min(_COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + 8), rows * (height + _CAPTION)), "#333333")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(16)
    for index, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        x, y = index % columns * (width + 8) + 4, index // columns * (height + _CAPTION)
        sheet.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 4, y + height + 5), label[: width // 8], fill="#EEEEEE", font=font)
    return sheet
