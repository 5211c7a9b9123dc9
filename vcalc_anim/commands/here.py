"""The project that a command works in."""

from __future__ import annotations

from pathlib import Path

from vcalc_anim.build.cache import use_cache
from vcalc_anim.build.project import Project


def project_here() -> Project:
    """The project of the working folder; its cache is not pruned until this process ends.

    Raises:
        InputError: there is no course here.
    """
    project = Project.find(Path.cwd())
    use_cache(project)
    return project
