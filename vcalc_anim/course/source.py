"""Reading the files of a course: text, TOML, and the place of everything in them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcalc_anim.course.model import nearest
from vcalc_anim.course.toml_lines import KeyPath, TomlLines
from vcalc_anim.errors import InputError, Problem

__all__ = ["KeyPath", "TomlFile", "TomlLines", "parse_toml", "read_text", "read_toml", "shown_path"]


@dataclass(frozen=True)
class TomlFile:
    """A TOML file that has been read: its values, and where they stand."""

    file: Path
    data: dict[str, Any]
    lines: TomlLines

    def problem(self, path: KeyPath, message: str) -> Problem:
        """*message* at the line of the key at *path*, or of what is nearest around it."""
        return Problem(self.file, self.lines.line(*path), message)


def shown_path(path: Path) -> Path:
    """*path* as messages show it: relative to the working folder where it is inside it, else as given."""
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd())
    return path


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a byte order mark is dropped).

    Raises:
        InputError: the file is missing, cannot be read, or is not UTF-8; says which byte.
    """
    file = shown_path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(Problem(file, None, f"there is no such file{_similar(path)}")) from error
    except OSError as error:
        raise InputError(Problem(file, None, f"cannot be read: {error.strerror or error}")) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec counts from after the byte order mark
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, offset) + 1
        message = f"byte {offset} (0x{data[offset]:02x}) is not UTF-8; save the file with encoding UTF-8"
        raise InputError(Problem(file, line, message)) from error


def _similar(path: Path) -> str:
    if not path.parent.is_dir():
        return f", and no folder {shown_path(path.parent).as_posix()} either; check the path"
    like = nearest(path.name, sorted(p.name for p in path.parent.iterdir() if p.suffix == path.suffix))
    return "; check the path" if like is None else f"; did you mean {like}?"


def read_toml(path: Path) -> TomlFile:
    """The TOML file at *path*.

    Raises:
        InputError: it cannot be read, or is not TOML.
    """
    return parse_toml(read_text(path), shown_path(path))


def parse_toml(text: str, file: Path) -> TomlFile:
    """The values of *text*, which stands in *file*.

    Raises:
        InputError: *text* is not TOML. Everything written twice is listed.
    """
    lines = TomlLines(text)
    try:
        return TomlFile(file, tomllib.loads(text), lines)
    except tomllib.TOMLDecodeError as error:
        if lines.twice:
            values = [(twice, _written_twice(twice.path, text, lines)) for twice in lines.twice]
            raise InputError(
                *(
                    Problem(file, twice.second, f"{what} (first in line {twice.first}); {mend}")
                    for twice, (what, mend) in values
                )
            ) from error
        line, what = _syntax(str(error), text)
        raise InputError(Problem(file, line, what)) from error


def _written_twice(path: KeyPath, text: str, lines: TomlLines) -> tuple[str, str]:
    """What is written twice, and how to mend it."""
    match path:
        case ("scene", int(index), "lines", str(name)):
            what = f'line "{name}" of {_scene(index, text, lines)}: the line is there twice'
            return what, "give the second one another name"
        case ("scene", int(index), "lines"):
            return (
                f"[scene.lines] of {_scene(index, text, lines)}: the line is there twice",
                "join the two tables",
            )
    *table, key = path
    place = ".".join(str(part) for part in table if isinstance(part, str))
    where = f'"{key}" of [{place}]' if place else f'"{key}"'
    return f"{where}: the line is there twice", "remove one of them"


def _scene(index: int, text: str, lines: TomlLines) -> str:
    """The name of a scene in a text that cannot be parsed, read off the line of its name."""
    written = text.split("\n")[lines.line("scene", index, "name") - 1]
    name = re.match(r"""\s*name\s*=\s*["'](\w+)["']""", written)
    return f"scene {name[1]}" if name else f"scene number {index + 1}"


_MENDS = (  # how the parser of the standard library begins its message, and what usually mends it
    ("Unescaped '\\' in a string", "write \\\\, or put the text in single quotes: '…'"),
    ("Invalid value", "put text in quotes"),
    ("Illegal character", 'the text has no closing quote, or needs """ … """ to go over several lines'),
    ("Expected '=' after a key", "write key = value; a key with spaces or accents needs quotes"),
    (
        "Expected newline or end of document",
        "quotes inside a text need a backslash or single quotes around it",
    ),
    ("Unterminated string", "close the quotes"),
    ("Expected ']'", "close the bracket"),
    ("Unclosed array", "put a comma between the entries and ] at the end"),
    ("Unclosed inline table", "put a comma between the entries and } at the end, all on one line"),
    ("Cannot declare", "give the table another name, or write [[…]] for one more of a list"),
    ("Cannot overwrite", "the name is taken already; give one of the two another name"),
)


def _syntax(message: str, text: str) -> tuple[int, str]:
    """The line of a parser's message, and the message with its mend."""
    bare, _, place = message.partition(" (at ")
    found = re.match(r"line (\d+)", place)
    line = int(found[1]) if found else text.rstrip().count("\n") + 1
    mend = next((mend for start, mend in _MENDS if bare.startswith(start)), "see the lines just above, too")
    return line, f"not valid TOML: {bare[:1].lower()}{bare[1:]}; {mend}"
