"""Every key of a TOML text is found on its line, however it is written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcalc_anim.course.source import parse_toml
from vcalc_anim.course.toml_lines import KeyPath, TomlLines
from vcalc_anim.errors import InputError

NASTY = '''\
# [not.a] = "header"
plain = 1 # comment = 2
"quoted key" = 2
'lit.eral' = 3
"esc\\u00e9\\"d" = 4
a . b.c = 5
a.d = { x = 1, y.z = [1, { deep = 2 }], "w}" = "}" }
text = """
[scene]
fake = 1 \\""" still = 2
""""
two = """""two quotes\\\\"""""
literal = \'\'\'
key = "x" \'\' \\
\'\'\'\'
one = '# no [comment] \\'
list = [ # [
  "a]", 2,
  { k = 1 }, # }
  [ 1,
    2 ],
]
date = 1979-05-27T07:32:00Z
spaced = 1979-05-27 07:32:00
[[scene]]
name = "A"
[scene.lines] # comment
first = "x"
second = { say = "y", rest = 1.5 }
[[scene.part]]
p = 1
[[scene.part]]
p = 2
[scene.part.sub]
q = 3
[[ "scene" ]]
name = "B"
lines.third = "z"
[table."dotted.key"]
k = 1
'''

PLACES: list[tuple[KeyPath, str]] = [
    (("plain",), "plain = 1"),
    (("quoted key",), '"quoted key"'),
    (("lit.eral",), "'lit.eral'"),
    (('escé"d',), '"esc'),
    (("a",), "a . b.c"),
    (("a", "b", "c"), "a . b.c"),
    (("a", "d", "y", "z", 1, "deep"), "a.d ="),
    (("a", "d", "w}"), "a.d ="),
    (("text",), 'text = """'),
    (("two",), "two ="),
    (("literal",), "literal ="),
    (("one",), "one ="),
    (("list", 0), '"a]"'),
    (("list", 2, "k"), "{ k = 1 }"),
    (("list", 3, 1), "    2 ],"),
    (("date",), "date ="),
    (("spaced",), "spaced ="),
    (("scene",), "[[scene]]"),
    (("scene", 0), "[[scene]]"),
    (("scene", 0, "lines"), "[scene.lines]"),
    (("scene", 0, "lines", "first"), "first ="),
    (("scene", 0, "lines", "second", "rest"), "second ="),
    (("scene", 0, "part", 1, "p"), "p = 2"),
    (("scene", 0, "part", 1, "sub", "q"), "q = 3"),
    (("scene", 1), '[[ "scene" ]]'),
    (("scene", 1, "name"), 'name = "B"'),
    (("scene", 1, "lines", "third"), "lines.third"),
    (("table", "dotted.key", "k"), "k = 1\n"),
]


def line_of(needle: str) -> int:
    """The last line of the nasty text that begins with or holds *needle*."""
    lines = NASTY.splitlines(keepends=True)
    return max(n for n, line in enumerate(lines, 1) if needle in line)


@pytest.mark.parametrize(("path", "needle"), PLACES, ids=[".".join(map(str, p)) for p, _ in PLACES])
def test_a_key_of_nasty_toml_is_on_its_line(path: KeyPath, needle: str) -> None:
    assert TomlLines(NASTY).line(*path) == line_of(needle)


def paths(value: Any, at: KeyPath = ()) -> set[KeyPath]:
    """Every path into *value*."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    found = set() if not at else {at}
    for key, inner in entries:
        found |= paths(inner, (*at, key))
    return found


@pytest.mark.parametrize("text", [NASTY, NASTY.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_every_value_has_a_place_and_every_place_a_value(text: str) -> None:
    lines = TomlLines(text)
    assert set(lines) == paths(tomllib.loads(text))
    assert lines.twice == ()


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    lines = TomlLines(NASTY)
    assert lines.line("scene", 0, "lines", "missing") == line_of("[scene.lines]")
    assert lines.line("scene", 7, "name") == line_of("[[scene]]")
    assert lines.line("nothing") == 1


def test_a_line_written_twice_is_named_with_both_places() -> None:
    text = '[[scene]]\nname = "A"\n[scene.lines]\na = "x"\nb = "y"\na = "z"\nb = 1\n'
    with pytest.raises(InputError) as caught:
        parse_toml(text, Path("s.toml"))
    assert [str(p) for p in caught.value.problems] == [
        's.toml:6: line "a" of scene A: the line is there twice (first in line 4); give the second one another name',
        's.toml:7: line "b" of scene A: the line is there twice (first in line 5); give the second one another name',
    ]


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("a = 1\na = 2\n", 2, '"a": the line is there twice (first in line 1); remove one'),
        ("[t]\na = 1\n[u]\n[t]\n", 4, '"t": the line is there twice (first in line 1)'),
        ("[t]\na = 1\na = 2\n", 3, '"a" of [t]: the line is there twice'),
        ('a = "x \\{ y"\n', 1, "put the text in single quotes"),
        ('a = "x\nb = 2\n', 1, "the text has no closing quote"),
        ('a = """x\nb = 2\n', 2, "close the quotes"),
        ('a = "x" y"\n', 1, "quotes inside a text"),
        ("a b = 1\n", 1, "a key with spaces"),
        ("ok = 1\n\na = [1, 2\nb = 3\n", 4, "put a comma between the entries"),
    ],
)
def test_broken_toml_says_the_line_and_a_mend(text: str, place: int, part: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_toml(text, Path("s.toml"))
    assert str(caught.value).startswith(f"s.toml:{place}: ")
    assert part in str(caught.value)


@settings(max_examples=300)
@given(st.text("ab.\"'[]{}=,#\\\n 1", max_size=40))
def test_no_text_makes_the_scanner_fail_and_right_toml_is_placed_whole(text: str) -> None:
    lines = TomlLines(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(lines) == paths(data)


FRAGMENTS = [
    "a = 1", "b.c = 2", "b . d = { e = [1, {f = 2}] }", "[t]", "[[l]]", "[l.m]", "[[l.n]]", "[t.u.v]", '"x y" = "]"',
    "'z' = [ # [", "1,", '"""', "{ g = 1 },", "]", "", "# [[l]]", "h = \'\'\'", "\'\'\'", 'i = """', "j = \\",
]  # fmt: skip


@settings(max_examples=500)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=9, unique_by=lambda f: f if f.count("=") else object()))
def test_right_toml_of_any_pieces_is_placed_whole(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = TomlLines(text)
    assert set(lines) == paths(data)
    assert lines.twice == ()
    assert all(1 <= lines.line(*path) <= len(pieces) for path in lines)


def test_a_long_script_is_placed_quickly() -> None:
    text = "[scene]\n" + "".join(f'line{i} = "{"word " * 20}"\n' for i in range(5000))
    assert TomlLines(text).line("scene", "line4999") == 5001
