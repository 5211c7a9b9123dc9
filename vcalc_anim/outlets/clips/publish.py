"""All clips of some chapters."""

from __future__ import annotations

from collections.abc import Sequence

from vcalc_anim.outlets.clips.scene_clips import make_scene_clips
from vcalc_anim.outlets.production import Production, Published


def publish_clips(production: Production, chapters: Sequence[str]) -> Published:
    """Film, captions and poster of every scene, and its loops, in ``out/clips/CHAPTER``.

    Raises:
        InputError: a chapter that does not exist, or a scene or script with a fault.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    lectures = production.lectures(chapters)
    _, files = make_scene_clips(production, lectures, production.manifest())
    return Published.of(files)
