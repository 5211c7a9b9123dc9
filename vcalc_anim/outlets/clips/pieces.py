"""One scene, or one loop of it, as files in several formats: drawn once, in a working process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcalc_anim.build.assemble import assemble
from vcalc_anim.build.clip_pictures import PosterWriter, clip_size
from vcalc_anim.build.clip_video import MOV, MOV_ALPHA, WEBM, WEBM_ALPHA, ClipVideo
from vcalc_anim.build.files import fingerprint, replacing
from vcalc_anim.build.gif import GifWriter
from vcalc_anim.build.pipeline import film_key, film_outputs
from vcalc_anim.build.plan import PlannedScene, job_key
from vcalc_anim.build.render import perform_job, render
from vcalc_anim.build.sources import code_digest
from vcalc_anim.build.worker import telling
from vcalc_anim.outlets.clips.formats import FORMATS

_WRITERS = ("build/clip_pictures.py", "build/clip_video.py", "build/gif.py", "build/whole_file.py")


@dataclass(frozen=True)
class Piece:
    """A scene or a loop in one background; its files are ``folder/name`` with the endings of *formats*."""

    planned: PlannedScene
    folder: Path
    name: str
    formats: tuple[str, ...]
    title: str
    language: str
    poster_frame: int
    width: int | None = None

    @property
    def is_loop(self) -> bool:
        return self.planned.job.loop is not None

    def path(self, format: str) -> Path:
        """The main file of *format*."""
        ending = FORMATS["mp4" if format == "silent" and self.is_loop else format].ending
        return self.folder / f"{self.name}{ending}"

    def files(self, format: str) -> list[Path]:
        """All files of *format*: captions belong to a film with sound."""
        path = self.path(format)
        return film_outputs(path, self.language) if format == "mp4" and not self.is_loop else [path]

    def kind(self, path: Path) -> str:
        """What the manifest calls the file *path*."""
        if path.suffix in (".srt", ".vtt"):
            return "captions"
        kind = "poster" if path.suffix == ".png" else "loop" if self.is_loop else "clip"
        return f"transparent-{kind}" if self.planned.job.transparent else kind

    def key(self, format: str) -> str:
        """The fingerprint of everything that decides the files of *format*."""
        job = self.planned.job
        if format == "mp4" and not self.is_loop:
            return film_key([self.planned], self.title, self.language)
        facts: list[object] = [job_key(self.planned.lecture, job), FORMATS[format].ending, self.width]
        if format == "poster":
            facts.append(self.poster_frame)
        return fingerprint([*facts, code_digest(*_WRITERS)])


def make(piece: Piece, formats: Sequence[str]) -> list[str]:
    """Write the files of *formats*; what there is to say of them.

    The scene is drawn at most once. Its H.264 comes from the cache of scenes, or goes there.

    Raises:
        InputError: a scene with a fault, at its place.
        WorkError: it cannot be drawn, does not close, or a file cannot be written.
    """
    planned, job = piece.planned, piece.planned.job
    notes: list[str] = []
    report = telling(job.loop or job.scene)
    drawn = [format for format in formats if FORMATS[format].is_drawn]
    copied = [format for format in formats if not FORMATS[format].is_drawn]
    with ExitStack() as stack:
        sinks = [
            stack.enter_context(
                _writer(piece, format, stack.enter_context(replacing(piece.path(format))), notes)
            )
            for format in drawn
        ]
        if copied and not planned.is_drawn:
            render(job, planned.video, report, sinks)
        elif sinks:
            perform_job(job, sinks, report)
    for format in copied:
        if format == "mp4" and not piece.is_loop:
            assemble((planned,), piece.path(format), piece.title, piece.language)
        else:
            with replacing(piece.path(format)) as target:
                shutil.copyfile(planned.video, target)
    return notes


def _writer(piece: Piece, format: str, target: Path, notes: list[str]) -> AbstractContextManager[Any]:
    job = piece.planned.job
    full = job.quality.size(job.shape)
    if format == "gif":
        note: Callable[[str], None] = lambda text: notes.append(f"{piece.path(format)}: {text}")
        return GifWriter(target, full, job.quality.fps, piece.width, note)
    size = clip_size(*full, piece.width)
    if format == "poster":
        return PosterWriter(target, piece.poster_frame, size)
    codings = (WEBM, WEBM_ALPHA) if format == "webm" else (MOV, MOV_ALPHA)
    return ClipVideo(target, codings[job.transparent], size, job.quality.fps)
