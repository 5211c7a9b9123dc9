"""Whether a script and its choreography agree: the same scenes, lines in the same order, the same cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from vcalc_anim.course.choreography import Choreography
from vcalc_anim.course.model import Line, SceneScript, choices, nearest
from vcalc_anim.course.scene_class import LineUse, SceneClass
from vcalc_anim.errors import Problem


def disagreements(
    scenes: Sequence[SceneScript], script: Path, choreography: Choreography
) -> Iterator[Problem]:
    """Everything in which the *scenes* of *script* and *choreography* differ.

    One slip gives one problem, at the place where it is most likely mended: a name asked for but not written
    is shown in the choreography, a name written but never asked for in the script.
    """
    classes = choreography.classes
    listed = {scene.name for scene in scenes}
    candidates = [c for c in classes.values() if c.name not in listed and c.uses]
    claimed: set[str] = set()
    for scene in scenes:
        yield from _loops(scene, choreography)
        found = classes.get(scene.name)
        if found is not None:
            yield from _lines(scene, found, script, choreography.file)
            continue
        like = nearest(
            scene.name, [c.name for c in candidates] or [name for name in classes if name not in listed]
        )
        message = f"scene {scene.name} has no class in {choreography.file.name}; "
        if like is None:
            yield Problem(
                scene.file, scene.line, message + f"write class {scene.name} there, or remove the scene here"
            )
        else:
            claimed.add(like)
            yield Problem(
                scene.file, scene.line, message + f"did you mean {like} (line {classes[like].line})?"
            )
    bases = {base for c in classes.values() for base in c.bases}
    for extra in candidates:
        if extra.name not in claimed and extra.name not in bases:
            message = f"class {extra.name} plays lines but {script.name} has no such scene; "
            mend = f'add [[scene]] with name = "{extra.name}" there, or remove the class'
            yield Problem(choreography.file, extra.line, message + mend)


def _loops(scene: SceneScript, choreography: Choreography) -> Iterator[Problem]:
    for loop in scene.loops:
        if loop.name not in choreography.classes:
            message = f"loop {loop.name} of scene {scene.name} has no class in {choreography.file.name}; "
            like = nearest(loop.name, list(choreography.classes))
            mend = f"write class {loop.name} there" if like is None else f"did you mean {like}?"
            yield Problem(scene.file, loop.line, message + mend)


def _lines(scene: SceneScript, found: SceneClass, script: Path, file: Path) -> Iterator[Problem]:
    first: dict[str, LineUse] = {}
    missing = [name for name in scene.lines if name not in {use.name for use in found.uses}]
    for use in found.uses:
        where = f'line "{use.name}" of scene {scene.name}'
        if use.name not in scene.lines:
            like = nearest(use.name, missing)
            message = f'scene {scene.name} asks for line "{use.name}", which {script.name} does not have; '
            if like is None:
                yield Problem(file, use.line, message + choices(use.name, list(scene.lines)))
            else:
                missing.remove(like)
                written = scene.lines[like].line
                yield Problem(file, use.line, message + f'did you mean "{like}" ({script.name}:{written})?')
        elif use.name in first:
            at = first[use.name].line
            message = f"{where} is asked for twice (first in line {at}); a line is spoken once: "
            yield Problem(file, use.line, message + "join the two blocks, or split the line in the script")
        else:
            first[use.name] = use
            yield from _cues(scene, scene.lines[use.name], use, script, file)
    if found.whole:
        for name in missing:
            line = scene.lines[name]
            message = f'line "{name}" of scene {scene.name} is never asked for in {file.name}; '
            message += f'add `with self.line("{name}") as line:` to class {scene.name} '
            mend = f"(line {found.line}), or remove the line"
            yield Problem(line.file, line.line, message + mend)
    yield from _order(scene, list(first.values()), script, file)


def _order(scene: SceneScript, uses: list[LineUse], script: Path, file: Path) -> Iterator[Problem]:
    """The first line that is asked for before one that the script speaks earlier."""
    rank = {name: position for position, name in enumerate(scene.lines)}
    for before, after in pairwise(uses):
        if rank[after.name] < rank[before.name]:
            message = (
                f'scene {scene.name} asks for line "{after.name}" after "{before.name}", but {script.name} '
            )
            yield Problem(file, after.line, message + "speaks it before; put both in the same order")
            return


def _cues(scene: SceneScript, line: Line, use: LineUse, script: Path, file: Path) -> Iterator[Problem]:
    if not line.words and line.silence is None:
        return  # the line could not be read, which is reported already
    where = f'line "{line.name}" of scene {scene.name}'
    used = {cue.name for cue in use.cues}
    unused = [name for name in line.cues if name not in used and name not in use.hints]
    unknown = {cue.name: cue for cue in reversed(use.cues) if cue.name not in line.cues}
    for cue in sorted(unknown.values(), key=lambda c: c.line):
        message = f"{where} has no cue {{{cue.name}}}; "
        elsewhere = next((other.name for other in scene.lines.values() if cue.name in other.cues), None)
        like = nearest(cue.name, unused)
        if elsewhere is not None:
            at = scene.lines[elsewhere].line
            mend = f'it is marked in line "{elsewhere}" ({script.name}:{at}): use it in that line\'s block'
        elif like is not None:
            unused.remove(like)
            mend = f"did you mean {{{like}}} ({script.name}:{line.line})?"
        else:
            mend = f"mark it before its word in {script.name}:{line.line}"
        yield Problem(file, cue.line, message + mend)
    if use.escapes:
        return  # the line object went where its cues cannot be seen
    for name in unused:
        message = f"{where} marks cue {{{name}}}, which class {scene.name} never uses in that line's block "
        mend = f'({file.name}:{use.line}); tie a motion to it with line.until("{name}"), or remove the mark'
        yield Problem(line.file, line.line, message + mend)
