"""What YouTube accepts: lengths of texts, of films, and of the marks in a description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

TITLE = 100  # characters
DESCRIPTION = 5000  # bytes in UTF-8: never more than as many characters
TAGS = 500  # characters, counted by :func:`tags_length`
MARKS = 3  # fewer are not shown as chapters
MARK_SECONDS = 10
END_CARD_SECONDS = (5.0, 20.0)
FILM_SECONDS = 25.0  # from here on a film may have an end screen
SHORT_SECONDS = 180.0
THUMBNAIL_SIZE = (1280, 720)
THUMBNAIL_BYTES = 2_000_000
BADGE = (0.80, 0.82)  # right of and below these shares of a thumbnail stands the film's length
THUMBNAIL_WORDS = 5
UNVERIFIED_MINUTES = 15  # longer films need an account with a confirmed telephone number

_FORBIDDEN = re.compile("[<>]")
_MARK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}) (.+)")


def tags_length(tags: Sequence[str]) -> int:
    """The length of *tags* as YouTube counts it: commas between them, and two quotes around one with a space.

    >>> tags_length(["slope", "chain rule"])
    18
    """
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1)


def title_faults(title: str) -> Iterator[str]:
    """What is wrong with a title, as the end of a sentence about it."""
    if not title.strip() or "\n" in title:
        yield "is not one line of text; write one"
    if len(title) > TITLE:
        yield f"has {len(title)} characters; {TITLE} are allowed: shorten it"
    yield from _characters(title)


def description_faults(text: str) -> Iterator[str]:
    """What is wrong with a description; its marks are judged by :func:`mark_faults`."""
    if (size := len(text.encode())) > DESCRIPTION:
        yield f"has {size} bytes; {DESCRIPTION} are allowed: shorten it"
    yield from _characters(text)


def tags_faults(tags: Sequence[str]) -> Iterator[str]:
    """What is wrong with *tags* together."""
    if (length := tags_length(tags)) > TAGS:
        yield f"take {length} characters, with quotes and commas; {TAGS} are allowed: remove some"
    for tag in tags:
        if "," in tag or not tag.strip():
            yield f"hold {tag!r}, but a tag is some text without a comma; write two tags"
        yield from _characters(tag)


def marks_in(description: str) -> list[tuple[int, str]]:
    """The chapter marks in a description: second and title, a line each."""
    found = (_MARK.fullmatch(line) for line in description.splitlines())
    return [(3600 * int(mark[1] or 0) + 60 * int(mark[2]) + int(mark[3]), mark[4]) for mark in found if mark]


def mark_faults(marks: Sequence[tuple[int, str]], end: float) -> Iterator[str]:
    """What is wrong with chapter marks in a film of *end* seconds, as the end of a sentence about them."""
    if len(marks) < MARKS:
        yield f"are {len(marks)}; YouTube shows chapters from {MARKS} on"
    if marks and marks[0][0] != 0:
        yield "do not begin at 0:00"
    edges = [*(second for second, _ in marks), end]
    for (second, title), after in zip(marks, edges[1:], strict=True):
        if after - second < MARK_SECONDS:
            yield f'give "{title}" {after - second:g} seconds; a chapter lasts at least {MARK_SECONDS}'


def _characters(text: str) -> Iterator[str]:
    if found := _FORBIDDEN.search(text):
        yield f"holds {found[0]!r}, which YouTube refuses; write it in words"
