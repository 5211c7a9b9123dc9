"""Scenes as films of their own with sound and a poster, and their loops: what other outlets embed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
from PIL.Image import Image, fromarray

from vcalc_anim.build.files import remove_stale_parts
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene
from vcalc_anim.build.pipeline import narrate_all
from vcalc_anim.build.plan import plan_scene
from vcalc_anim.build.progress import task
from vcalc_anim.build.quality import Shape
from vcalc_anim.build.render import RenderJob
from vcalc_anim.build.workers import Order, work_off
from vcalc_anim.course import Lecture, LoopScript, SceneTimeline, loop_timeline
from vcalc_anim.errors import Problem, WorkError
from vcalc_anim.outlets.clips.formats import Choice
from vcalc_anim.outlets.clips.pieces import Piece, make
from vcalc_anim.outlets.production import Production

EMBEDDED = Choice()


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


@dataclass(frozen=True)
class Look:
    """How scenes of a production are drawn, beyond its theme: their shape, and parameters set from outside."""

    shape: Shape = "wide"
    overrides: Mapping[str, object] = field(default_factory=dict)
    checks_claims: bool = True


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
    planner = Planner(production, EMBEDDED)
    clips, pieces = [], []
    for lecture in narrated:
        for scene in lecture.scenes:
            film, *loops = list(planner.scene(lecture, scene))
            pieces += [film, *loops]
            paths = {
                loop.name: made.path("mp4") for loop, made in zip(scene.script.loops, loops, strict=True)
            }
            timeline = film.planned.job.timeline
            clips.append(
                SceneClip(lecture.lecture, scene, timeline, film.path("mp4"), film.path("poster"), paths)
            )
    files, _ = make_pieces(production, pieces, manifest)
    return clips, files


@dataclass(frozen=True)
class Planner:
    """Says which files the scenes and loops of a production become."""

    production: Production
    choice: Choice
    look: Look = Look()

    def scene(self, lecture: NarratedLecture, scene: NarratedScene) -> Iterator[Piece]:
        """The pieces of *scene* itself, then those of its loops; with background before those without."""
        yield from self.told(lecture, scene)
        for loop in scene.script.loops:
            yield from self.loop(lecture, scene, loop)

    def told(self, lecture: NarratedLecture, scene: NarratedScene) -> Iterator[Piece]:
        """The pieces of *scene* as it is told."""
        timeline = scene.timeline(self.production.quality.fps)
        frame = timeline.line(scene.script.poster_line).end - 1
        yield from self._pieces(lecture, scene, timeline, frame, None)

    def loop(self, lecture: NarratedLecture, scene: NarratedScene, loop: LoopScript) -> Iterator[Piece]:
        """The pieces of *loop*, which nobody speaks in."""
        timeline = loop_timeline(loop, self.production.quality.fps)
        yield from self._pieces(lecture, scene, timeline, 0, loop)

    def _pieces(
        self,
        lecture: NarratedLecture,
        scene: NarratedScene,
        timeline: SceneTimeline,
        poster_frame: int,
        loop: LoopScript | None,
    ) -> Iterator[Piece]:
        production, script = self.production, scene.script
        for formats, transparent in ((self.choice.opaque, False), (self.choice.transparent, True)):
            if loop is not None:  # both are the same silent film
                formats = tuple(dict.fromkeys("mp4" if name == "silent" else name for name in formats))
            if not formats:
                continue
            job = RenderJob(
                lecture.lecture.script,
                script.name,
                timeline,
                production.quality,
                self.look.shape,
                production.theme,
                dict(self.look.overrides),
                self.look.checks_claims,
                loop.name if loop else None,
                transparent,
            )
            yield Piece(
                plan_scene(lecture.lecture, scene, job, production.project.scene_cache),
                production.out / "clips" / lecture.lecture.slug,
                clip_name(job, self.choice.width),
                formats,
                f"{lecture.lecture.title}: {script.title}",
                production.project.course.language,
                poster_frame,
                self.choice.width,
            )


def clip_name(job: RenderJob, width: int | None) -> str:
    """The scene's or loop's name; whatever is not as usual is added, so that no clip replaces another kind."""
    unusual = [kind for kind in (job.shape, job.theme) if kind not in ("wide", "dark")]
    unusual += ["transparent"] if job.transparent else []
    values = [f"{name}-{_plain(value)}" for name, value in sorted(job.overrides.items())]
    size = [] if width is None else [f"{width}px"]
    return "-".join([(job.loop or job.scene).lower(), *unusual, *values, *size])


def _plain(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return "".join(character if character.isalnum() or character in ".,+-" else "_" for character in text)


def make_pieces(
    production: Production, pieces: Sequence[Piece], manifest: Manifest
) -> tuple[list[tuple[Path, bool]], list[Problem]]:
    """Make what is missing or stale of *pieces*, on all cores, with progress.

    Returns each file with whether it was written, and what there is to say.

    Raises:
        InputError: a scene or a script with a fault, at its place.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    stale = {
        index: [
            name
            for name in piece.formats
            if not all(manifest.is_current(path, piece.key(name)) for path in piece.files(name))
        ]
        for index, piece in enumerate(pieces)
    }
    notes: list[Problem] = []

    def note(piece: Piece, formats: Sequence[str], told: Sequence[str]) -> None:
        job = piece.planned.job
        if not piece.planned.is_up_to_date:  # what is not in the manifest is made again
            piece.planned.forget()
            raise WorkError(f"scene {job.scene} was edited while it was drawn; run the same command again")
        for name in formats:
            for path in piece.files(name):
                manifest.add(path, piece.kind(path), piece.planned.lecture.slug, piece.key(name), job.scene)
        manifest.save()
        notes.extend(Problem(None, None, text) for text in told)

    todo = [(pieces[index], tuple(formats)) for index, formats in stale.items() if formats]
    try:
        with task("making clips", sum(piece.planned.frames for piece, _ in todo)) as progress:
            orders = [Order(piece.planned, make, (piece, formats)) for piece, formats in todo]
            for order, told in work_off(orders, production.jobs, progress.advance) if orders else ():
                piece, formats = order.arguments
                note(piece, formats, told)
                progress.note(f"made: {piece.planned.lecture.slug} {piece.name} ({', '.join(formats)})")
    finally:
        for folder in (production.out, production.project.scene_cache):
            remove_stale_parts(folder)  # of workers that were stopped
    files = [
        (path, name in stale[index])
        for index, piece in enumerate(pieces)
        for name in piece.formats
        for path in piece.files(name)
    ]
    return files, sorted(notes)


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
