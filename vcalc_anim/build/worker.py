"""The side of a worker process: drawing jobs, telling progress, ending when the build ends.

Apart from :mod:`vcalc_anim.build.workers`, so that a worker imports nothing but what drawing needs.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from vcalc_anim.build.render import RenderJob, render

_told: Any = None


def begin(told: Any) -> None:
    """Start a worker that tells through the queue *told* which scene it draws, and how many frames are finished."""
    global _told
    _told = told
    follow_parent_in_background()


def follow_parent_in_background() -> None:
    """From now on, end this process when its parent ends."""
    threading.Thread(target=_follow_parent, daemon=True).start()


def draw(job: RenderJob, video: Path, coding: str) -> None:
    """Draw *job* into the file *video*; *coding* as for :func:`~vcalc_anim.build.render.render`."""
    render(job, video, telling(job.label), coding=coding)


def telling(scene: str) -> Callable[[int], None]:
    """Tell that *scene* begins; what is returned takes the numbers of its finished frames."""
    _told.put((scene, 0))
    return lambda frames: _told.put((scene, frames))


def _follow_parent() -> None:
    """End this worker when its parent is gone: a killed build leaves no processes behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
