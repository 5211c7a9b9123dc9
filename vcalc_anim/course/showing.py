"""How scenes are shown outside of their lecture: posters, loops, the video of a chapter and its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vcalc_anim.course.model import LinePicture, LoopScript, SceneScript, VideoScript, choices
from vcalc_anim.course.schema import LoopTable, PictureTable, SceneTable, VideoTable, validate
from vcalc_anim.course.source import KeyPath, TomlFile
from vcalc_anim.errors import Problem


def read_picture(
    raw: dict[str, Any], source: TomlFile, path: KeyPath, what: str, scenes: Sequence[SceneScript]
) -> tuple[LinePicture | None, list[Problem]]:
    """The frame that *raw*, at *path*, names as ``{ scene = "…", line = "…" }``; *what* is its name in messages."""
    table, problems = validate(PictureTable, raw, source, path, what)
    if problems:
        return None, problems
    scene, problems = _scene(table.scene, source, (*path, "scene"), what, scenes)
    if scene is None:
        return None, problems
    if table.line not in scene.lines:
        message = f'{what} names line "{table.line}", which scene {scene.name} does not have; '
        return None, [source.problem((*path, "line"), message + choices(table.line, list(scene.lines)))]
    return LinePicture(scene.name, table.line), []


def read_video(
    raw: dict[str, Any], source: TomlFile, scenes: Sequence[SceneScript]
) -> tuple[VideoScript | None, list[Problem]]:
    """The ``[video]`` of a lecture, or None when it has none, and everything wrong with it."""
    if not raw:
        return None, []
    path: KeyPath = ("video",)
    table, problems = validate(VideoTable, raw, source, path, "[video]")
    if problems:
        return None, problems
    thumbnail, problems = read_picture(
        table.thumbnail, source, (*path, "thumbnail"), "the thumbnail of [video]", scenes
    )
    short, found = _scene(table.short, source, (*path, "short"), '"short" of [video]', scenes)
    problems += found
    if thumbnail is None or short is None:
        return None, problems
    return VideoScript(short.name, thumbnail, table.words, tuple(table.tags), source.lines.line(*path)), []


def read_loops(
    table: SceneTable, source: TomlFile, path: KeyPath, owner: str
) -> tuple[tuple[LoopScript, ...], list[Problem]]:
    """The loops of a scene's *table*, which stands at *path*, and everything wrong with them."""
    loops: list[LoopScript] = []
    problems: list[Problem] = []
    for index, raw in enumerate(table.loop):
        place = (*path, "loop", index)
        loop, found = validate(LoopTable, raw, source, place, f"loop {index + 1} of {owner}")
        problems += found
        if not found:
            loops.append(LoopScript(loop.name, loop.seconds, source.lines.line(*place)))
    return tuple(loops), problems


def check_poster(table: SceneTable, source: TomlFile, path: KeyPath, owner: str) -> list[Problem]:
    """What is wrong with the ``poster`` of a scene's *table*."""
    if table.poster is None or table.poster in table.lines:
        return []
    message = f'the poster of {owner} is line "{table.poster}", which it does not have; '
    return [source.problem((*path, "poster"), message + choices(table.poster, list(table.lines)))]


def _scene(
    name: str, source: TomlFile, path: KeyPath, what: str, scenes: Sequence[SceneScript]
) -> tuple[SceneScript | None, list[Problem]]:
    found = next((scene for scene in scenes if scene.name == name), None)
    if found is not None:
        return found, []
    message = f'{what} names scene "{name}", which the lecture does not have; '
    return None, [source.problem(path, message + choices(name, [scene.name for scene in scenes]))]
