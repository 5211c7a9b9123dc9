"""On which line each key of a TOML text stands. ``tomllib`` reads the values but forgets the places.

The scanner follows the grammar of TOML 1.0 as far as places need it, and never raises: on text that is not
TOML it stops where it can go no further, so that a message about a broken file can still name a place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) that lead to a value: ``("scene", 2, "lines", "sweep")``."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}#][^,\]}#\n]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")


@dataclass(frozen=True)
class Twice:
    """A key or table that is written a second time."""

    path: KeyPath
    first: int
    second: int


class TomlLines:
    """The lines (from 1) of every key, table and list entry of one TOML text."""

    def __init__(self, text: str) -> None:
        scanner = _Scanner(text.replace("\r\n", "\n"))
        try:
            scanner.run()
        except _Lost:
            pass
        self._lines = scanner.lines
        self.twice = tuple(scanner.twice)

    def line(self, *path: str | int) -> int:
        """The line of the key at *path*; where there is none, of the nearest thing around it; else 1."""
        for length in range(len(path), 0, -1):
            found = self._lines.get(path[:length])
            if found is not None:
                return found
        return 1

    def __contains__(self, path: object) -> bool:
        return path in self._lines

    def __iter__(self) -> Iterator[KeyPath]:
        return iter(self._lines)


class _Lost(Exception):
    """The text is not TOML from here on."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self.twice: list[Twice] = []
        self._written: dict[KeyPath, int] = {}  # keys and tables written out, not only implied by longer ones
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables so far
        self._counted, self._counted_to = 1, 0

    def run(self) -> None:
        table: KeyPath = ()
        while True:
            self._skip(_BLANK)
            if self.at >= len(self.text):
                return
            if self.text.startswith("[[", self.at):
                table = self._header("]]")
            elif self.text.startswith("[", self.at):
                table = self._header("]")
            else:
                self._pair(table)
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] not in ("", "\n", "#"):
                raise _Lost

    def _header(self, closing: str) -> KeyPath:
        line = self._line()
        self.at += len(closing)
        keys = self._key()
        self._expect(closing)
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._enter((*path, key))
            self.lines.setdefault(path, line)
        path = (*path, keys[-1])
        if closing == "]]":
            self.lines.setdefault(path, line)
            index = self._lengths.get(path, 0)
            self._lengths[path] = index + 1
            path = (*path, index)
        self._write(path, line)
        return path

    def _enter(self, path: KeyPath) -> KeyPath:
        """A header that passes through an array of tables means its last entry."""
        length = self._lengths.get(path)
        return path if length is None else (*path, length - 1)

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        keys = self._key()
        for length in range(1, len(keys)):
            self.lines.setdefault((*table, *keys[:length]), line)
        path = (*table, *keys)
        self._write(path, line)
        self._expect("=")
        self._skip(_SPACE)
        self._value(path)

    def _write(self, path: KeyPath, line: int) -> None:
        if path in self._written:
            self.twice.append(Twice(path, self._written[path], line))
            return
        self._written[path] = line
        self.lines[path] = line

    def _key(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            if bare := _BARE_KEY.match(self.text, self.at):
                keys.append(bare[0])
                self.at = bare.end()
            elif quoted := _BASIC.match(self.text, self.at) or _LITERAL.match(self.text, self.at):
                keys.append(_unquote(quoted[0]))
                self.at = quoted.end()
            else:
                raise _Lost
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: KeyPath) -> None:
        char = self.text[self.at : self.at + 1]
        if char == "[":
            self._array(path)
        elif char == "{":
            self._inline_table(path)
        elif self.text.startswith(('"""', "'''"), self.at):
            self._take(_LONG_BASIC if char == '"' else _LONG_LITERAL)
        elif char in ('"', "'") and char:
            self._take(_BASIC if char == '"' else _LITERAL)
        else:
            self._take(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith("]", self.at):
                break
            self._write((*path, index), self._line())
            self._value((*path, index))
            index += 1
            self._skip(_BLANK)
            if not self.text.startswith(",", self.at):
                break
            self.at += 1
        self._expect("]")

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self._skip(_BLANK)
            if self.text.startswith("}", self.at):
                break
            self._pair(path)
            self._skip(_BLANK)
            if not self.text.startswith(",", self.at):
                break
            self.at += 1
        self._expect("}")

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if match := pattern.match(self.text, self.at):
            self.at = match.end()

    def _take(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _Lost
        self.at = match.end()

    def _expect(self, token: str) -> None:
        if not self.text.startswith(token, self.at):
            raise _Lost
        self.at += len(token)

    def _line(self) -> int:
        # counting on from the last place keeps the whole scan linear
        self._counted += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._counted


def _unquote(key: str) -> str:
    try:
        value = tomllib.loads(f"key = {key}")["key"]
    except tomllib.TOMLDecodeError as error:
        raise _Lost from error
    return str(value)
