"""Places in a quiz's texts that the core fills: ``{{name}}`` inside maths, such as ``$f(x) = {{f}}$``.

Two braces clash with nothing else: one brace opens a set or a named part in maths, and a cue in a spoken line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_DOLLAR = re.compile(r"(?<!\\)\$")


def placeholders(text: str) -> tuple[str, ...]:
    """The names in *text*, in order, each once.

    >>> placeholders("What is $f'({{p}})$ of $f(x) = {{f}}$? Not ${{p}}$.")
    ('p', 'f')
    """
    return tuple(dict.fromkeys(found[1].strip() for found in _PLACE.finditer(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """*text* with every placeholder replaced by its value, which is Typst maths. KeyError for an unknown name.

    >>> fill("The slope at ${{p}}$ is ${{answer}}$.", {"p": "-1", "answer": "frac(1, 2)"})
    'The slope at $-1$ is $frac(1, 2)$.'
    """
    return _PLACE.sub(lambda found: values[found[1].strip()], text)


def slips(text: str) -> Iterator[str]:
    """What is wrong with the placeholders of *text*, phrased to follow its name."""
    rest = _PLACE.sub("", text)
    if "{{" in rest or "}}" in rest:
        yield "has two braces without their partners; write {{name}}"
    for found in _PLACE.finditer(text):
        name = found[1].strip()
        if not name.isidentifier():
            yield f"has a placeholder named {name!r}; a name is letters, digits and _"
        elif len(_DOLLAR.findall(text, 0, found.start())) % 2 == 0:
            yield f"has the placeholder {{{{{name}}}}} outside of maths; write ${{{{{name}}}}}$"
