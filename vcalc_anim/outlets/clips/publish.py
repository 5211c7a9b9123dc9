"""All clips of some chapters, or the clips of one scene as you like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vcalc_anim.build.pipeline import narrate_all
from vcalc_anim.build.quality import Shape
from vcalc_anim.build.render import check_overrides
from vcalc_anim.course import Lecture, LoopScript, SceneScript
from vcalc_anim.outlets.clips.formats import PUBLISHED, Choice
from vcalc_anim.outlets.clips.page import write_page
from vcalc_anim.outlets.clips.pieces import Piece
from vcalc_anim.outlets.clips.scene_clips import Look, Planner, make_pieces
from vcalc_anim.outlets.production import Production, Published


def publish_clips(production: Production, chapters: Sequence[str], choice: Choice | None = None) -> Published:
    """Every scene and loop in all formats of *choice* in ``out/clips/CHAPTER``, and a page that shows all clips.

    Raises:
        InputError: a chapter that does not exist, or a scene or script with a fault.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    lectures = production.lectures(chapters)
    manifest = production.manifest()
    narrated = narrate_all(production.project, lectures, production.project.voice(production.voice))
    planner = Planner(production, choice or Choice(PUBLISHED))
    pieces = [
        piece for lecture in narrated for scene in lecture.scenes for piece in planner.scene(lecture, scene)
    ]
    files, notes = make_pieces(production, pieces, manifest)
    page = write_page(production.project.course, manifest)
    return replace(Published.of([*files, page]), notes=tuple(notes))


@dataclass(frozen=True)
class Wish:
    """A clip as somebody wants it: a scene, its loops, or the one loop that *scene* names."""

    chapter: str
    scene: str
    choice: Choice
    shape: Shape = "wide"
    overrides: dict[str, object] = field(default_factory=dict)
    loops: bool = False


def make_clips(production: Production, wish: Wish) -> Published:
    """The clips of *wish* in ``out/clips/CHAPTER``.

    Raises:
        InputError: no such chapter, scene, loop or parameter.
        WorkError: the scene cannot be drawn, or a file cannot be written.
    """
    project = production.project
    lecture = project.course.lecture(wish.chapter)
    script, named = _find(lecture, wish.scene)
    loops: Sequence[LoopScript] = [named] if named else ()
    if wish.loops and not named:
        script.loop()  # says so when there is none
        loops = script.loops
    if wish.overrides:
        check_overrides(lecture, script.name, wish.overrides)
    voice = project.voice(production.voice)
    manifest = production.manifest()
    (narrated,) = narrate_all(project, [replace(lecture, scenes=(script,))], voice)
    (spoken,) = narrated.scenes
    narrated = replace(narrated, lecture=lecture)
    planner = Planner(production, wish.choice, Look(wish.shape, wish.overrides, voice.name != "silent"))
    pieces: list[Piece] = []
    for loop in loops:
        pieces += planner.loop(narrated, spoken, loop)
    if not loops:
        pieces += planner.told(narrated, spoken)
    files, notes = make_pieces(production, pieces, manifest)
    return replace(Published.of(files), notes=tuple(notes))


def _find(lecture: Lecture, name: str) -> tuple[SceneScript, LoopScript | None]:
    """The scene called *name*; or that which has a loop of this name, and the loop."""
    for script in lecture.scenes:
        for loop in script.loops:
            if loop.name.lower() == name.strip().lower():
                return script, loop
    return lecture.scene(name), None
