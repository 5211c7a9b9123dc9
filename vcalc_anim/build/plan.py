"""The plan of a build: every scene to draw, how many frames it has, and where its video is kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.build.files import fingerprint, sha256_file
from vcalc_anim.build.kept import touch
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.render import RenderJob
from vcalc_anim.build.sources import coding_code, forget_code, library_versions, scene_code
from vcalc_anim.course import Lecture, QuizQuestion, SceneScript, load_lecture
from vcalc_anim.errors import InputError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlannedScene:
    """One scene of the build; ``video`` is its place in the cache, named by everything that decides it."""

    lecture: Lecture
    narrated: NarratedScene
    job: RenderJob
    video: Path

    @property
    def frames(self) -> int:
        return self.job.timeline.frames

    @property
    def is_drawn(self) -> bool:
        """Whether the cache has the finished video, undamaged, and its marks; a damaged one is told and removed."""
        record = self.video.with_suffix(".json")
        if not self.video.is_file():
            return False
        try:
            told = json.loads(record.read_text(encoding="utf-8"))
            whole = bool(told["sha256"] == sha256_file(self.video))
        except (OSError, ValueError, KeyError, TypeError):
            whole = False
        if whole:
            touch(record)
        else:
            _log.warning(
                "%s %s was altered or cut off in the cache (%s); it is drawn again",
                self.lecture.slug,
                self.job.loop or self.job.scene,
                self.video,
            )
            self.forget()
        return whole

    @property
    def is_up_to_date(self) -> bool:
        """Whether the scene's files still say what was planned: they may be edited during a build."""
        forget_code()
        try:
            return self.video.name == video_name(load_lecture(self.lecture.script), self.job)
        except InputError:
            return False

    def forget(self) -> None:
        """Take the video out of the cache."""
        self.video.with_suffix(".json").unlink(missing_ok=True)
        self.video.unlink(missing_ok=True)


@dataclass(frozen=True)
class PlannedLecture:
    narrated: NarratedLecture
    scenes: tuple[PlannedScene, ...]

    @property
    def lecture(self) -> Lecture:
        return self.narrated.lecture

    @property
    def frames(self) -> int:
        return sum(scene.frames for scene in self.scenes)


def plan_scene(lecture: Lecture, narrated: NarratedScene, job: RenderJob, cache: Path) -> PlannedScene:
    """Where the video of *job* is kept in the folder *cache*."""
    return PlannedScene(lecture, narrated, job, cache / video_name(lecture, job))


def video_name(lecture: Lecture, job: RenderJob) -> str:
    """The name of the video of *job* in the cache: equal names, equal pictures."""
    return f"{(job.loop or job.scene).lower()}-{job_key(lecture, job)[:24]}.mp4"


def plan_lecture(narrated: NarratedLecture, quality: Quality, theme: str, cache: Path) -> PlannedLecture:
    """All scenes of a narrated lecture, in order."""
    lecture = narrated.lecture
    return PlannedLecture(
        narrated,
        tuple(plan_lecture_scene(lecture, scene, quality, theme, cache) for scene in narrated.scenes),
    )


def plan_lecture_scene(
    lecture: Lecture, narrated: NarratedScene, quality: Quality, theme: str, cache: Path
) -> PlannedScene:
    """One scene of :func:`plan_lecture`."""
    job = RenderJob(
        lecture.script, narrated.script.name, narrated.timeline(quality.fps), quality, theme=theme
    )
    return plan_scene(lecture, narrated, job, cache)


def by_length(scenes: Iterable[PlannedScene]) -> list[PlannedScene]:
    """Longest first, so that all workers end at about the same time."""
    return sorted(scenes, key=lambda scene: -scene.frames)


def job_key(lecture: Lecture, job: RenderJob) -> str:
    """The fingerprint of everything that decides the pictures of *job*."""
    script = job.script_in(lecture)
    played = [quiz for quiz in lecture.quiz if quiz.scene == script.name]
    asked = [name for quiz in played for name in (quiz.check, quiz.template) if name]
    return fingerprint(
        {
            "libraries": library_versions(),
            "code": scene_code(lecture.choreography, script.name, asked),
            "shown": [lecture.number, lecture.title, lecture.question, lecture.objectives],
            "scene": _scene_facts(script),
            "quiz": [_quiz_facts(quiz) for quiz in played],
            "timeline": job.timeline.to_json(),
            "size": job.quality.size(job.shape),
            "quality": [job.quality.fps, job.quality.quantizer],
            "theme": job.theme,
            "set": dict(job.overrides),
            "claims": job.checks_claims,
            "transparent": job.transparent,
        }
    )


def coding_key(job: RenderJob) -> str:
    """The fingerprint of everything, apart from what the frames of *job* show, that decides the film made of them."""
    return fingerprint(
        {
            "libraries": library_versions(),
            "code": coding_code(),
            "size": job.quality.size(job.shape),
            "quality": [job.quality.fps, job.quality.gop, job.quality.quantizer],
            "theme": job.theme,
            "transparent": job.transparent,
        }
    )


def _quiz_facts(quiz: QuizQuestion) -> list[object]:
    options = [[option.text, option.right, option.why, option.fails] for option in quiz.options]
    return [quiz.question, options, quiz.check, quiz.template, dict(quiz.numbers)]


def _scene_facts(script: SceneScript) -> list[object]:
    claims = {
        name: {cue.name: cue.claim for cue in line.cues.values()} for name, line in script.lines.items()
    }
    return [script.name, script.title, dict(script.params), claims]
