"""The folders of a project: where the course is, where results and the cache go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vcalc_anim.build.files import CACHE_FOLDER
from vcalc_anim.course import Course, load_course
from vcalc_anim.errors import InputError
from vcalc_anim.voice import Voice, make_voice


@dataclass(frozen=True)
class Project:
    """A folder that holds ``scenes/course.toml``."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Project:
        """The project that *start* lies in; :class:`InputError` when there is none above it."""
        for folder in (start, *start.parents):
            if (folder / "scenes" / "course.toml").is_file():
                return cls(folder)
        raise InputError(
            f"no course found: neither {start} nor a folder above it has scenes/course.toml; "
            "go into the project's folder first"
        )

    @cached_property
    def course(self) -> Course:
        return load_course(self.root / "scenes")

    @property
    def cache(self) -> Path:
        return self.root / CACHE_FOLDER

    @property
    def scene_cache(self) -> Path:
        return self.root / CACHE_FOLDER / "scenes"

    @property
    def speech_cache(self) -> Path:
        return self.root / CACHE_FOLDER / "speech"

    @property
    def sound_cache(self) -> Path:
        """The coded sound of lectures, scene by scene."""
        return self.root / CACHE_FOLDER / "sound"

    @property
    def picture_cache(self) -> Path:
        """Frames of lectures that quiz questions show."""
        return self.root / CACHE_FOLDER / "pictures"

    @property
    def check_cache(self) -> Path:
        return self.root / CACHE_FOLDER / "checks"

    @property
    def difference_folder(self) -> Path:
        """Where old, new and difference go when a scene no longer looks like its reference picture."""
        return self.root / CACHE_FOLDER / "differences"

    def voice(self, name: str | None) -> Voice:
        """The voice called *name*, or the course's own; its settings apply only to itself."""
        chosen = self.course.voice
        if name is None or name == chosen.name:
            return make_voice(chosen.name, chosen.settings)
        return make_voice(name)
