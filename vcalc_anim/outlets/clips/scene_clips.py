"""Scenes as films of their own with sound and a poster, and their loops: what other outlets embed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from PIL.Image import Image, fromarray

from vcalc_anim.build.assemble import assemble
from vcalc_anim.build.files import fingerprint, replacing
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene
from vcalc_anim.build.pipeline import draw_planned, film_key, film_outputs, narrate_all
from vcalc_anim.build.plan import PlannedScene, plan_scene
from vcalc_anim.build.render import RenderJob
from vcalc_anim.course import Lecture, LoopScript, SceneTimeline, loop_timeline
from vcalc_anim.errors import WorkError
from vcalc_anim.outlets.production import Production

KIND = "clip"


@dataclass(frozen=True)
class SceneClip:
    """One scene as files: ``film`` has sound; ``poster`` shows its best frame; ``loops`` are silent, by name."""

    lecture: Lecture
    narrated: NarratedScene
    timeline: SceneTimeline
    film: Path
    poster: Path
    loops: Mapping[str, Path]

    @property
    def narration(self) -> str:
        """All words of the scene as captions show them, one line of the script a line."""
        return "\n".join(line.caption for line in self.narrated.script.lines.values() if line.caption)


def make_scene_clips(
    production: Production, lectures: Sequence[Lecture], manifest: Manifest
) -> tuple[list[SceneClip], list[tuple[Path, bool]]]:
    """Film, poster and loops of every scene of *lectures* in ``out/clips/CHAPTER``.

    Returns the clips in order of the course, and each file with whether it was written; what is current stays.

    Raises:
        InputError: a scene or a script with a fault, at its place.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    narrated = narrate_all(production.project, lectures, production.project.voice(production.voice))
    clips: list[SceneClip] = []
    tasks: list[_Task] = []
    for lecture in narrated:
        for scene in lecture.scenes:
            clip, own = _plan(production, lecture, scene)
            clips.append(clip)
            tasks += own
    stale = [task for task in tasks if not all(manifest.is_current(p, task.key) for p in task.outputs)]
    planned = {task.planned.video: task.planned for task in stale if not task.planned.is_drawn}
    draw_planned(production.project, list(planned.values()), production.jobs)
    for task in stale:
        task.make()
        for path in task.outputs:
            kind = (
                "captions" if path.suffix in (".srt", ".vtt") else "poster" if path.suffix == ".png" else KIND
            )
            manifest.add(path, kind, task.planned.lecture.slug, task.key, task.planned.job.scene)
        manifest.save()
    files = [(path, task in stale) for task in tasks for path in task.outputs]
    return clips, files


@dataclass(frozen=True)
class _Task:
    """The files of one scene, or of one loop of it."""

    planned: PlannedScene
    film: Path
    title: str
    language: str
    poster: Path
    poster_frame: int

    @property
    def key(self) -> str:
        return fingerprint([film_key([self.planned], self.title, self.language), self.poster_frame])

    @property
    def is_silent(self) -> bool:
        return self.planned.job.loop is not None

    @property
    def outputs(self) -> list[Path]:
        films = [self.film] if self.is_silent else film_outputs(self.film, self.language)
        return [*films, self.poster]

    def make(self) -> None:
        if self.is_silent:
            with replacing(self.film) as target:
                target.write_bytes(self.planned.video.read_bytes())
        else:
            assemble((self.planned,), self.film, self.title, self.language)
        with replacing(self.poster) as target:
            frame_of(self.planned.video, self.poster_frame).save(target)


def _plan(
    production: Production, lecture: NarratedLecture, scene: NarratedScene
) -> tuple[SceneClip, Iterator[_Task]]:
    script, slug = scene.script, lecture.lecture.slug
    course, cache = production.project.course, production.project.scene_cache
    folder = production.out / "clips" / slug
    mark = "" if production.theme == "dark" else f"-{production.theme}"
    timeline = scene.timeline(production.quality.fps)

    def job(times: SceneTimeline, loop: LoopScript | None = None) -> RenderJob:
        return RenderJob(
            lecture.lecture.script,
            script.name,
            times,
            production.quality,
            theme=production.theme,
            loop=loop.name if loop else None,
        )

    def file(name: str, suffix: str) -> Path:
        return folder / f"{name.lower()}{mark}{suffix}"

    def tasks() -> Iterator[_Task]:
        title = f"{lecture.lecture.title}: {script.title}"
        planned = plan_scene(lecture.lecture, scene, job(timeline), cache)
        frame = timeline.line(script.poster_line).end - 1
        yield _Task(
            planned, file(script.name, ".mp4"), title, course.language, file(script.name, ".png"), frame
        )
        for loop in script.loops:
            planned = plan_scene(lecture.lecture, scene, job(loop_timeline(loop, timeline.fps), loop), cache)
            yield _Task(planned, file(loop.name, ".mp4"), title, course.language, file(loop.name, ".png"), 0)

    loops = {loop.name: file(loop.name, ".mp4") for loop in script.loops}
    clip = SceneClip(
        lecture.lecture, scene, timeline, file(script.name, ".mp4"), file(script.name, ".png"), loops
    )
    return clip, tasks()


def frame_of(video: Path, number: int) -> Image:
    """Frame *number* of *video*, decoded from the key frame before it.

    Raises:
        WorkError: the video has no such frame.
    """
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate is not None and stream.time_base is not None
        wanted = round(number / stream.average_rate / stream.time_base)
        container.seek(wanted, stream=stream)
        for frame in container.decode(stream):
            if frame.pts is not None and frame.pts >= wanted:
                return fromarray(frame.to_ndarray(format="rgb24"))
    raise WorkError(f"{video} has no frame {number}; remove it and build again")
