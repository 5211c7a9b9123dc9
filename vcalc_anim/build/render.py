"""The render job: one scene in, one silent video and its marks out. Runs in a worker process.

Manim is imported here and nowhere else in the build, and only when the first job arrives.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from inspect import getsourcelines
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.files import replacing, sha256_file
from vcalc_anim.build.quality import Quality, Shape
from vcalc_anim.build.recall import RecallingSink, groups_of_earlier_films
from vcalc_anim.build.sinks import ClipSink, Closing, Reporting, Tee
from vcalc_anim.course import Lecture, SceneScript, SceneTimeline, load_lecture, loop_scene
from vcalc_anim.course.source import shown_path
from vcalc_anim.errors import InputError, Problem, WorkError
from vcalc_anim.raster import Parts, Pixels

if TYPE_CHECKING:
    from PIL.Image import Image

    from vcalc_anim.stage.lecture_scene import LectureScene, Mark, Staging
    from vcalc_anim.stage.renderer import Chooser, FrameSink


@dataclass(frozen=True)
class RenderJob:
    """Everything a worker needs to draw one scene; all of it decides the result."""

    script: Path
    scene: str
    timeline: SceneTimeline
    quality: Quality
    shape: Shape = "wide"
    theme: str = "dark"
    overrides: Mapping[str, object] = field(default_factory=dict)
    checks_claims: bool = True
    loop: str | None = None  # of the scene's loops, the one to draw instead of the scene
    transparent: bool = False  # without background, and without fades through it

    @property
    def label(self) -> str:
        """What tells this job from others of the same scene."""
        return " ".join(
            [self.scene, *filter(None, [self.loop]), *(["transparent"] if self.transparent else [])]
        )

    def script_in(self, lecture: Lecture) -> SceneScript:
        """The scene, or the loop of it, that is drawn."""
        scene = lecture.scene(self.scene)
        return scene if self.loop is None else loop_scene(scene, scene.loop(self.loop))


def render(
    job: RenderJob,
    video: Path,
    report: Callable[[int], None] = lambda frames: None,
    beside: Sequence[ClipSink] = (),
    coding: str = "",
) -> None:
    """Draw *job* into the file *video*; its marks and its digest go into the JSON file beside it.

    *report* is called now and then with the number of frames finished since the last call; *beside* are other
    sinks for the same frames. *coding* names what makes a file of frames: what films of the same scene beside
    *video* show, made by the same, is taken from them.

    Raises:
        InputError: a scene with a fault, at its place.
        WorkError: the scene cannot be drawn, or it is a loop that does not close.
    """
    width, height = job.quality.size(job.shape)
    with replacing(video) as target:
        with SceneEncoder(
            target, width, height, job.quality.fps, job.quality.gop, job.quality.quantizer
        ) as encoder:
            groups: list[str] = []
            if coding and not beside and job.loop is None:
                earlier = groups_of_earlier_films(video, coding)
                starts = [line.start for line in job.timeline.lines]
                recalling = RecallingSink(encoder, job.quality.gop, earlier, report, starts)
                marks = run(job, recalling, width, height)
                recalling.finish()
                groups = recalling.groups
            else:
                marks = perform_job(job, [encoder, *beside], report)
        if encoder.frames != job.timeline.frames:
            raise WorkError(
                f"scene {job.scene} drew {encoder.frames} frames instead of {job.timeline.frames}: "
                "the installed Manim counts frames differently; see vcalc doctor"
            )
        # The digest is how a damaged video is noticed later.
        record = {
            "sha256": sha256_file(target),
            "marks": [asdict(mark) for mark in marks],
            "coding": coding,
            "groups": groups,
        }
        with replacing(video.with_suffix(".json")) as marks_file:
            marks_file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def perform_job(job: RenderJob, sinks: Sequence[ClipSink], report: Callable[[int], None]) -> list[Mark]:
    """Hand the frames of *job*, at its own size, to all *sinks*; the last one of a loop is its first again.

    Raises like :func:`render`.
    """
    width, height = job.quality.size(job.shape)
    every: ClipSink = Reporting(Tee(sinks), report)
    if job.loop is not None:
        lecture = load_lecture(job.script)
        script = job.script_in(lecture)
        place = Problem(shown_path(job.script), script.line, f"loop {script.name} of scene {job.scene}")
        every = Closing(every, job.timeline.frames - 1, place)
    return run(job, every, width, height)


def stills(job: RenderJob, frames: list[int]) -> list[Image]:
    """The pictures at *frames* of *job* (in that order), drawing only those."""
    width, height = job.quality.size(job.shape)
    sink = Stills(frames)
    run(job, sink, width, height)
    return [sink.pictures[frame] for frame in frames]


def load_scene_class(choreography: Path, name: str) -> type[LectureScene]:
    """The scene class *name* from a choreography file.

    Raises :class:`InputError` when the file fails on import or the class is no lecture scene.
    """
    from vcalc_anim.stage.lecture_scene import LectureScene

    scene_class = getattr(_import(choreography), name, None)
    if not (isinstance(scene_class, type) and issubclass(scene_class, LectureScene)):
        raise InputError(
            Problem(
                shown_path(choreography), None, f"{name} is not a LectureScene: derive it from LectureScene"
            )
        )
    return scene_class


def scene_parameters(lecture: Lecture, name: str) -> list[str]:
    """The parameters of scene *name*, as ``name=default``, the script's own values included."""
    scene_class = load_scene_class(lecture.choreography, name)
    given = lecture.scene(name).params
    return [
        f"{field}={_plain(given.get(field, info.default))}"
        for field, info in scene_class.Params.model_fields.items()
    ]


def _plain(value: object) -> str:
    return ",".join(f"{part:g}" for part in value) if isinstance(value, (tuple, list)) else f"{value}"


def check_overrides(lecture: Lecture, name: str, overrides: Mapping[str, object]) -> None:
    """Raise :class:`InputError` unless scene *name* takes the parameters *overrides*."""
    from vcalc_anim.stage.lecture_scene import validated_params

    validated_params(load_scene_class(lecture.choreography, name), lecture.scene(name), dict(overrides))


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise InputError(Problem(shown_path(path), None, "is not a Python file"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        with redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[path.stem]
        reason = f"cannot be imported ({_told(error)}); mend the file"
        raise InputError(Problem(shown_path(path), _line_in(path, error), reason)) from error
    return module


def _line_in(path: Path, error: BaseException) -> int | None:
    """The innermost line of *path* that *error* passed through."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def run(job: RenderJob, sink: FrameSink | Chooser, width: int, height: int) -> list[Mark]:
    """Construct the scene of *job* and hand its frames to *sink*; the marks of its lines."""
    from vcalc_anim.stage.lecture_scene import Staging

    lecture = load_lecture(job.script)
    script = job.script_in(lecture)
    staging = Staging(
        lecture, script, job.timeline, dict(job.overrides), job.checks_claims, fades=not job.transparent
    )
    scene_class = load_scene_class(lecture.choreography, script.name)
    try:
        return perform(scene_class, staging, sink, (width, height), job.theme, job.transparent)
    except (InputError, WorkError):
        raise
    except (Exception, SystemExit) as error:
        line = _line_in(lecture.choreography, error) or getsourcelines(scene_class)[1]
        message = f"scene {job.scene} fails: {_told(error)}"
        raise WorkError(str(Problem(shown_path(lecture.choreography), line, message))) from error


def perform(
    scene_class: type[LectureScene],
    staging: Staging,
    sink: FrameSink | Chooser,
    size: tuple[int, int],
    look: str,
    transparent: bool = False,
) -> list[Mark]:
    """Construct *scene_class* with *staging* in the theme *look* and hand its frames to *sink*; its marks."""
    from vcalc_anim.stage import theme
    from vcalc_anim.stage.fast_camera import FastCamera
    from vcalc_anim.stage.lecture_scene import staged
    from vcalc_anim.stage.renderer import ClearCamera, SinkRenderer, drawing

    with (
        redirect_stdout(sys.stderr),  # results alone go to standard output, whatever a scene prints
        theme.theme(look) as colors,
        drawing(*size, staging.timeline.fps, colors.roles["background"]),
        staged(staging),
    ):
        renderer = SinkRenderer(sink, camera_class=ClearCamera if transparent else FastCamera)
        scene = scene_class(renderer=renderer, random_seed=0)
        scene.render()
    return scene.marks


def _told(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class Stills:
    """Keeps chosen frames as images."""

    def __init__(self, frames: list[int]) -> None:
        self._frames = sorted(set(frames))
        self.pictures: dict[int, Image] = {}

    def wants(self, first: int, count: int) -> bool:
        return any(first <= frame < first + count for frame in self._frames)

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        from PIL import Image

        picture = Image.fromarray(pixels[..., :3].copy())
        for frame in self._frames:
            if first <= frame < first + count:
                self.pictures[frame] = picture
