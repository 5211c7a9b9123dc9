"""The vertical film of one scene: laid out anew, its words burned in, the lower edge left to the site's own writing."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import typst
from numpy.typing import NDArray
from PIL import Image

from vcalc_anim.build.burned_captions import Captioned, Strip, few_words
from vcalc_anim.build.files import fingerprint
from vcalc_anim.build.narrate import NarratedLecture
from vcalc_anim.build.plan import PlannedScene, job_key
from vcalc_anim.build.quality import Quality, Shape
from vcalc_anim.build.render import RenderJob, run
from vcalc_anim.build.sources import code_of
from vcalc_anim.course import Lecture
from vcalc_anim.outlets.youtube import texts
from vcalc_anim.outlets.youtube.cards import drawn_into

#: Of width and height, from the middle of the upper edge. Around it, the site writes over a short: title and channel
#: below, buttons on the right.
PICTURE_SHARE = 7 / 8
_CAPTIONS = (
    0.945  # of the picture's height: a little below the middle of the zone that scenes leave to captions
)
_TYPE = 0.052  # of the width
_STRIP = """\
#set page(width: {width}pt, height: auto, margin: 0pt, fill: none)
#set text(size: {size}pt, font: "{font}", weight: 700, fill: rgb("{text}"), top-edge: 0.75em, bottom-edge: -0.2em)
#set par(leading: 0.12em)
#align(center, box(fill: rgb("{ground}").transparentize(15%), radius: 0.3em, inset: (x: 0.5em, y: 0.15em))[{rows}])
"""


@dataclass(frozen=True)
class ShortQuality(Quality):
    """A :class:`Quality` whose tall frames are as large as the site's own writing leaves them."""

    def size(self, shape: Shape = "wide") -> tuple[int, int]:
        width, height = super().size(shape)
        share = PICTURE_SHARE if shape == "tall" else 1.0
        return round(width * share / 2) * 2, round(height * share / 2) * 2


@dataclass(frozen=True)
class ShortJob:
    """One short to draw: the scene of *job*, and its captions as (first frame, frame after the last, lines)."""

    lecture: Lecture
    job: RenderJob
    captions: tuple[tuple[int, int, tuple[str, ...]], ...]

    @property
    def key(self) -> str:
        code = code_of(__name__)
        return fingerprint([job_key(self.lecture, self.job), self.captions, code])

    def draw(self, video: Path) -> None:
        """Draw it, without sound, into *video*, with its digest in the JSON file beside it."""
        from vcalc_anim.stage.theme import FONT, THEMES

        quality, roles = self.job.quality, THEMES[self.job.theme].roles
        size = self.job.quality.size("tall")
        full = Quality(quality.name, quality.lines, quality.fps, quality.quantizer).size("tall")
        paint = (FONT, roles["text"], roles["background"])
        strips = [Strip(first, stop, _strip(lines, full[0], *paint)) for first, stop, lines in self.captions]
        ground = tuple(int(roles["background"][at : at + 2], 16) for at in (1, 3, 5))
        with drawn_into(video, quality, full) as encoder:
            paper = (ground[0], ground[1], ground[2])
            run(self.job, Captioned(encoder, full, paper, strips, round(size[1] * _CAPTIONS)), *size)


def plan_short(
    narrated: NarratedLecture, quality: Quality, theme: str, cache: Path
) -> tuple[ShortJob, PlannedScene]:
    """What is to be drawn for the short of a lecture, and the scene as films are put together from it.

    Raises:
        InputError: the lecture has no ``[video]``.
    """
    lecture = narrated.lecture
    scene = narrated.scene(texts.video(lecture).short)
    timeline = scene.timeline(quality.fps)
    tall = ShortQuality(quality.name, quality.lines, quality.fps, quality.quantizer)
    job = RenderJob(lecture.script, scene.script.name, timeline, tall, "tall", theme)
    bare = PlannedScene(lecture, scene, job, cache / "unnamed.mp4")
    shown = tuple(
        (
            round(caption.start * timeline.fps),
            min(round(caption.end * timeline.fps), timeline.frames),
            caption.lines,
        )
        for caption in few_words([bare])
    )
    short = ShortJob(lecture, job, shown)
    video = cache / f"{scene.script.name.lower()}-short-{short.key[:24]}.mp4"
    return short, PlannedScene(lecture, scene, job, video)


def _strip(lines: Sequence[str], width: int, font: str, text: str, ground: str) -> NDArray[np.uint8]:
    """*lines* in the middle of a strip *width* pixels wide, on a dark plate: (height, width, 4)."""
    rows = " \\ ".join(f"#text({json.dumps(line, ensure_ascii=False)})" for line in lines)
    source = _STRIP.format(
        width=width, size=f"{_TYPE * width:.2f}", font=font, text=text, ground=ground, rows=rows
    )
    png = typst.compile(source.encode(), format="png", ppi=72, ignore_system_fonts=True)
    assert isinstance(png, bytes)
    return np.array(Image.open(io.BytesIO(png)).convert("RGBA"))
