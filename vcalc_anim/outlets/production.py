"""What every outlet is told: for which chapters, how they look and sound, and where the files go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.build.files import ensure_writable, remove_stale_parts
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.course import Lecture
from vcalc_anim.errors import Problem


@dataclass(frozen=True)
class Production:
    """How *project* is published: size and rate, colours, voice, number of processes, and the folder of results."""

    project: Project
    quality: Quality
    out: Path
    theme: str = "dark"
    voice: str | None = None
    jobs: int = 1

    def lectures(self, chapters: Sequence[str]) -> tuple[Lecture, ...]:
        """The lectures that *chapters* name, each once; without any, all.

        Raises:
            InputError: a chapter that the course does not have.
        """
        course = self.project.course
        named = [course.lecture(name) for name in chapters] or course.lectures
        return tuple({lecture.slug: lecture for lecture in named}.values())

    def manifest(self) -> Manifest:
        """The manifest of the folder of results, once it is clear that files can be written there and in the cache.

        Raises:
            WorkError: nothing can be written there.
        """
        for folder in (self.out, self.project.scene_cache):
            ensure_writable(folder)
            remove_stale_parts(folder)
        return Manifest(self.out)


@dataclass(frozen=True)
class Published:
    """What an outlet did: files written, files that were current, and what it has to say about them."""

    written: tuple[Path, ...] = ()
    current: tuple[Path, ...] = ()
    notes: tuple[Problem, ...] = ()

    def __add__(self, other: Published) -> Published:
        """Both together; a file that both name counts once, as written if one of them wrote it."""
        written = tuple(dict.fromkeys(self.written + other.written))
        current = tuple(path for path in dict.fromkeys(self.current + other.current) if path not in written)
        return Published(written, current, self.notes + other.notes)

    @classmethod
    def of(cls, files: Iterable[tuple[Path, bool]]) -> Published:
        """From pairs of a file and whether it was written."""
        pairs = list(files)
        written = tuple(path for path, is_new in pairs if is_new)
        return cls(written, tuple(path for path, is_new in pairs if not is_new))

    def facts(self) -> dict[str, object]:
        """Everything, for programs."""
        return {
            "written": [str(path) for path in self.written],
            "current": [str(path) for path in self.current],
            "notes": [str(note) for note in self.notes],
        }

    def told(self) -> Iterator[str]:
        """Line by line, what a lecturer wants to know."""
        yield from (f"{path} written" for path in self.written)
        yield from (str(note) for note in self.notes)
        total = len(self.written) + len(self.current)
        yield f"{len(self.written)} of {total} files written, {len(self.current)} were up to date"
