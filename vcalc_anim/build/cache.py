"""What the cache holds, what of it the present state of the course uses, and how the rest is removed."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path

from vcalc_anim.build.files import cannot_write
from vcalc_anim.build.narrate import NarratedLecture, narrate, speech_files, spoken_part
from vcalc_anim.build.plan import plan_lecture, video_name
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES, Shape
from vcalc_anim.build.render import RenderJob
from vcalc_anim.build.sound import KeptSound
from vcalc_anim.build.sources import sound_code
from vcalc_anim.course import Lecture, loop_timeline
from vcalc_anim.errors import WorkError

_DAY = 24 * 3600.0
_SHAPES: tuple[Shape, ...] = ("wide", "square", "tall")
_THEMES = ("dark", "light")


@dataclass(frozen=True)
class Entry:
    """One thing that is kept: its *files*, *size* in bytes, when it was last *used* (seconds since 1970, to a day).

    is_current: the course as it is now would use it.
    """

    kind: str
    files: tuple[Path, ...]
    size: int
    used: float
    is_current: bool

    def remove(self) -> None:
        """Take it out of the cache, what says that it is whole first."""
        try:
            for file in self.files:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(file, error) from error


def entries(project: Project, current: Collection[Path]) -> list[Entry]:
    """Everything in the cache of *project*; *current* are the files that the present state of the course uses."""
    folders = {
        "scenes": project.scene_cache,
        "speech": project.speech_cache,
        "sound": project.sound_cache,
        "pictures": project.picture_cache,
        "checks": project.check_cache,
        "differences": project.difference_folder,
    }
    return [
        entry for kind, folder in folders.items() if folder.is_dir() for entry in _in(folder, kind, current)
    ]


def _in(folder: Path, kind: str, current: Collection[Path]) -> Iterator[Entry]:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and ".part" not in file.suffixes)
    # A video and its record are one entry; the record, which says that the video is whole, goes first.
    for _, group in groupby(files, lambda file: file.with_suffix("") if kind == "scenes" else file):
        together = tuple(sorted(group, key=lambda file: file.suffix != ".json"))
        with suppress(FileNotFoundError):  # a build may replace it
            found = [file.stat() for file in together]
            yield Entry(
                kind,
                together,
                sum(stat.st_size for stat in found),
                max(stat.st_mtime for stat in found),
                any(file in current for file in together),
            )


def current_files(project: Project) -> set[Path]:
    """The videos, the speech and its coding that the course uses as it is: all scenes and loops, in each quality, shape and theme.

    Spoken by the course's voice, and silent; a scene whose speech is not there counts as not used. What was drawn with parameters of one's own is not among them.
    """
    course = project.course
    files: set[Path] = set()
    for voice in {course.voice.name, "silent"}:
        speaker = project.voice(voice)
        files.update(speech_files(course, speaker, project.speech_cache))
        for lecture in course.lectures:
            spoken = spoken_part(course, lecture, speaker, project.speech_cache)
            narrated = narrate(course, spoken, speaker, project.speech_cache)
            files |= _videos(project, lecture, narrated, voice)
            files |= _sounds(project, narrated)
    return files


def _videos(project: Project, lecture: Lecture, narrated: NarratedLecture, voice: str) -> set[Path]:
    names = set()
    for scene, quality in product(narrated.scenes, QUALITIES.values()):
        timeline = scene.timeline(quality.fps)
        for shape, theme in product(_SHAPES, _THEMES):
            job = RenderJob(lecture.script, scene.script.name, timeline, quality, shape, theme)
            names.add(video_name(lecture, job))
            if voice == "silent":
                silent = RenderJob(
                    lecture.script, scene.script.name, timeline, quality, shape, theme, checks_claims=False
                )
                names.add(video_name(lecture, silent))
                continue
            for loop in scene.script.loops:
                times = loop_timeline(loop, quality.fps)
                again = RenderJob(
                    lecture.script, scene.script.name, times, quality, shape, theme, loop=loop.name
                )
                names.add(video_name(lecture, again))
    return {project.scene_cache / name for name in names}


def _sounds(project: Project, narrated: NarratedLecture) -> set[Path]:
    """The coded sound of the lecture *narrated*, in every quality: their frame rates decide when lines begin."""
    sounds = KeptSound(project.sound_cache, sound_code())
    return {
        file
        for quality in QUALITIES.values()
        for file in sounds.files(plan_lecture(narrated, quality, _THEMES[0], project.scene_cache).scenes)
    }


def to_prune(
    found: Sequence[Entry], keep_days: float | None, max_size: int | None, now: float | None = None
) -> list[Entry]:
    """Those of *found* to remove, oldest first: none that the present state uses.

    keep_days: only what was not used for so long. max_size: only as much as brings the whole under so many bytes.
    """
    moment = time.time() if now is None else now
    old = sorted((e for e in found if not e.is_current), key=lambda e: (e.used, e.files))
    if keep_days is not None:
        old = [entry for entry in old if moment - entry.used > keep_days * _DAY]
    if max_size is None:
        return old
    excess = sum(entry.size for entry in found) - max_size
    chosen = []
    for entry in old:
        if excess <= 0:
            break
        chosen.append(entry)
        excess -= entry.size
    return chosen


def prune(project: Project, chosen: Iterable[Entry]) -> None:
    """Remove the entries *chosen*.

    Raises:
        WorkError: something works in the project, or a file cannot be removed.
    """
    with _alone(project):
        for entry in chosen:
            entry.remove()
            for folder in entry.files[0].parents:
                if folder == project.cache or any(folder.iterdir()):
                    break
                folder.rmdir()


def use_cache(project: Project) -> None:
    """From now until this process ends, nothing is pruned."""
    with suppress(OSError):  # a cache that cannot be written is not pruned either
        _held.append(_open(project))
        fcntl.flock(_held[-1], fcntl.LOCK_SH)


_held: list[int] = []  # locks of this process, open until it ends


@contextmanager
def _alone(project: Project) -> Iterator[None]:
    try:
        lock = _open(project)
    except OSError as error:
        raise cannot_write(project.cache, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise WorkError(
            "another vcalc works in this project and may be using the cache; prune when it has ended"
        ) from None
    finally:
        os.close(lock)


def _open(project: Project) -> int:
    project.cache.mkdir(parents=True, exist_ok=True)
    return os.open(project.cache / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
