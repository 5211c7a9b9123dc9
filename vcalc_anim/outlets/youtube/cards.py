"""Thumbnails and end cards, drawn as scenes of their own: one line each, without words."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.files import fingerprint, replacing, sha256_file, write_text
from vcalc_anim.build.plan import job_key
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob, Stills, load_scene_class, perform
from vcalc_anim.build.sources import code_of, library_versions
from vcalc_anim.course import Course, Lecture, Line, SceneScript, SceneTimeline, scene_timeline
from vcalc_anim.course.timeline import LEAD_SECONDS, TAIL_SECONDS
from vcalc_anim.errors import WorkError
from vcalc_anim.outlets.youtube.limits import THUMBNAIL_BYTES, THUMBNAIL_SIZE
from vcalc_anim.outlets.youtube.texts import series

if TYPE_CHECKING:
    from vcalc_anim.stage.lecture_scene import Staging

CARD_SECONDS = 12.0
_LINE = "still"  # the one line of both scenes
_THUMBNAIL_FPS = 15  # only one frame is kept


@dataclass(frozen=True)
class EndCardJob:
    """What the end card after *lecture* says of the film that comes next."""

    lecture: Lecture
    quality: Quality
    theme: str
    heading: str
    title: str
    question: str
    links: tuple[str, str]
    small_print: tuple[str, ...]

    @classmethod
    def after(cls, course: Course, lecture: Lecture, quality: Quality, theme: str) -> EndCardJob:
        """The card that leads from *lecture* to the next one; the last one leads back to the first."""
        place = course.lectures.index(lecture)
        is_last = place == len(course.lectures) - 1
        other = course.lectures[0 if is_last else place + 1]
        small_print = tuple(text for text in (course.source, f"Licence: {course.licence}") if text)
        return cls(
            lecture,
            quality,
            theme,
            "That was the last chapter. Once more from the start?" if is_last else "Next chapter",
            f"{other.number}  {other.title}",
            other.question,
            ("From the start" if is_last else "Next chapter", "All chapters"),
            small_print,
        )

    @property
    def script(self) -> SceneScript:
        return _script(self.lecture)

    @property
    def timeline(self) -> SceneTimeline:
        return scene_timeline(self.script, {}, self.quality.fps)

    @property
    def mark(self) -> str:
        """What the chapter mark of the card says."""
        return f"What comes next: {self.title.split('  ')[-1]}"

    @property
    def key(self) -> str:
        said = [self.heading, self.title, self.question, self.links, self.small_print]
        look = [self.quality.size(), self.quality.fps, self.quality.quantizer, self.theme, CARD_SECONDS]
        return fingerprint([said, look, _code()])

    def draw(self, video: Path) -> None:
        """Draw the card, without sound, into *video*."""
        from vcalc_anim.stage.end_card import EndCard

        width, height = self.quality.size()
        said: dict[str, object] = {
            "heading": self.heading,
            "title": self.title,
            "question": self.question,
            "links": self.links,
            "small_print": self.small_print,
        }
        staging = _staging(self.lecture, self.timeline, said)
        with drawn_into(video, self.quality, (width, height)) as encoder:
            perform(EndCard, staging, encoder, (width, height), self.theme)


@dataclass(frozen=True)
class ThumbnailJob:
    """The frame *number* of the scene of *job*, and what stands beside it."""

    lecture: Lecture
    job: RenderJob
    number: int
    words: str
    mark: str
    accent: int
    chapter: str  # whose picture it is; empty for the whole course

    @property
    def key(self) -> str:
        return fingerprint(
            [job_key(self.lecture, self.job), self.number, self.words, self.mark, self.accent, _code()]
        )

    def of_course(self, course: Course) -> ThumbnailJob:
        """The same picture beside the course's name and the number of its films."""
        return replace(self, words=series(course), mark=f"×{len(course.lectures)}", accent=self.accent + 1)

    def draw(self, path: Path) -> None:
        """Write the thumbnail as a PNG.

        Raises:
            InputError: the words do not fit.
            WorkError: it cannot be drawn, or is larger than YouTube accepts.
        """
        from vcalc_anim.stage.thumbnail import Thumbnail

        said: dict[str, object] = {
            "picture": self._picture(),
            "words": self.words,
            "number": self.mark,
            "accent": self.accent,
        }
        timeline = scene_timeline(_script(self.lecture), {}, _THUMBNAIL_FPS)
        sink = Stills([timeline.lead])
        perform(Thumbnail, _staging(self.lecture, timeline, said), sink, THUMBNAIL_SIZE, self.job.theme)
        content = io.BytesIO()
        sink.pictures[timeline.lead].save(content, "PNG", optimize=True)
        if len(content.getvalue()) > THUMBNAIL_BYTES:
            raise WorkError(
                f"{path} would have {len(content.getvalue())} bytes, and {THUMBNAIL_BYTES} are allowed; "
                "choose a calmer frame in [video]"
            )
        with replacing(path) as target:
            target.write_bytes(content.getvalue())

    def _picture(self) -> bytes:
        from vcalc_anim.stage.lecture_scene import Staging
        from vcalc_anim.stage.thumbnail import BareScene, Taken

        staged = load_scene_class(self.job.script.with_suffix(".py"), self.job.scene)
        bare = type(staged.__name__, (staged,), {"shows_title": False})
        staging = Staging(
            self.lecture, self.lecture.scene(self.job.scene), self.job.timeline, {}, self.job.checks_claims
        )
        try:
            perform(bare, staging, BareScene(self.number), self.job.quality.size(), self.job.theme)
        except Taken as taken:
            content = io.BytesIO()
            taken.picture.save(content, "PNG")
            return content.getvalue()
        raise WorkError(f"scene {self.job.scene} ends before frame {self.number}; build it again")


@contextmanager
def drawn_into(video: Path, quality: Quality, size: tuple[int, int]) -> Iterator[SceneEncoder]:
    """An encoder into *video*, which is there whole or not at all, with its digest in the JSON file beside it."""
    with replacing(video) as target:
        with SceneEncoder(target, *size, quality.fps, quality.gop, quality.quantizer) as encoder:
            yield encoder
        write_text(
            video.with_suffix(".json"), json.dumps({"sha256": sha256_file(target), "marks": []}) + "\n"
        )


def _script(lecture: Lecture) -> SceneScript:
    seconds = CARD_SECONDS - LEAD_SECONDS - TAIL_SECONDS
    place = lecture.video.line if lecture.video else 1
    line = Line(_LINE, (), {}, 0.0, seconds, lecture.script, place)
    return SceneScript("Card", lecture.title, {_LINE: line}, {}, lecture.script, place)


def _staging(lecture: Lecture, timeline: SceneTimeline, said: dict[str, object]) -> Staging:
    from vcalc_anim.stage.lecture_scene import Staging

    script = _script(lecture)
    return Staging(replace(lecture, scenes=(script,)), script, timeline, said)


def _code() -> str:
    return fingerprint([code_of(__name__), library_versions()])
