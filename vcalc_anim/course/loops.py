"""Loops as scenes: one silent line that lasts once around, and a last frame that is the first again."""

from __future__ import annotations

from dataclasses import replace

from vcalc_anim.course.model import Line, LoopScript, SceneScript
from vcalc_anim.course.timeline import LineTiming, SceneTimeline

LOOP_LINE = "loop"
"""The only line of a loop."""


def loop_scene(scene: SceneScript, loop: LoopScript) -> SceneScript:
    """*loop* of *scene* as a scene of its own, with the parameters of *scene*."""
    line = Line(LOOP_LINE, (), {}, 0.0, loop.seconds, scene.file, loop.line)
    return replace(scene, name=loop.name, lines={LOOP_LINE: line}, line=loop.line, poster=None, loops=())


def loop_timeline(loop: LoopScript, fps: int) -> SceneTimeline:
    """Once around at *fps* frames a second, and the one frame more that closes it."""
    frames = max(1, round(loop.seconds * fps))
    return SceneTimeline(fps, 0, (LineTiming(LOOP_LINE, 0, frames, {}),), 1)
