"""What a choreography file asks of its script, read from its syntax without running it.

Reading follows ``construct`` of each class in order, through the class's own methods and those of base
classes in the same file. It sees ``with self.line("name") as line:`` and, on that line object,
``line.until("cue")``, ``line.at("cue")`` and ``line.cue("cue")``, also where the line object is handed to a
method of the class.

Where reading cannot know, it does not complain: a line object that is handed to code elsewhere may use any of
its cues there, a text passed to any call inside a line's block counts as a use of the cue of that name, and a
class whose ``construct`` is not in the file may use any line.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vcalc_anim.course.scene_class import SceneClass, read_class
from vcalc_anim.course.source import read_text, shown_path
from vcalc_anim.errors import Problem


@dataclass(frozen=True)
class Choreography:
    """A choreography file: its classes by name, in order, and what is wrong with the file by itself."""

    file: Path
    classes: Mapping[str, SceneClass]
    problems: tuple[Problem, ...]


def read_choreography(path: Path) -> Choreography:
    """The choreography at *path*, which is not imported.

    Raises:
        InputError: the file is missing or not UTF-8.
    """
    return parse_choreography(read_text(path), shown_path(path))


def parse_choreography(text: str, file: Path) -> Choreography:
    """The choreography *text*; what is wrong with it, a syntax error included, is in its ``problems``."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        message = f"not valid Python: {error.msg}; the cause may stand just above"
        return Choreography(file, {}, (Problem(file, error.lineno, message),))
    except ValueError:  # a null byte, which older Pythons report this way
        return Choreography(
            file, {}, (Problem(file, None, "not valid Python: it holds a null byte; save it again as text"),)
        )
    nodes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    classes, problems = {}, set()
    for name, node in nodes.items():
        classes[name], found = read_class(node, nodes, file)
        problems.update(found)
    return Choreography(file, classes, tuple(sorted(problems, key=lambda p: (p.line or 0, p.message))))
