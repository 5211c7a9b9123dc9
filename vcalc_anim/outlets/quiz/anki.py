"""Questions as an Anki package: the question and its options in front, the answer and every feedback behind."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from html import escape
from pathlib import Path

import genanki

from vcalc_anim.outlets.quiz import common
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem
from vcalc_anim.outlets.quiz.markup import latex_html

_FIELDS = ("Question", "Picture", "Options", "Answer", "Feedback", "Id")
_FRONT = """\
<div class="question">{{Question}}</div>
{{#Picture}}<div class="picture">{{Picture}}</div>{{/Picture}}
<ol class="options">{{Options}}</ol>"""
_BACK = """\
{{FrontSide}}
<hr id="answer">
<div class="answer">{{Answer}}</div>
<ol class="feedback">{{Feedback}}</ol>"""
_STYLE = """\
.card { font-family: sans-serif; font-size: 20px; text-align: left; max-width: 40em; margin: 0 auto; }
.question { margin: 1em 0; }
.picture img { max-width: 100%; }
ol { list-style-type: upper-alpha; }
li { margin: 0.4em 0; }
.answer { font-weight: bold; }
.feedback .right { font-weight: bold; }
"""
_TIME = 1_600_000_000.0  # seconds; of every note, so that the same questions give the same bytes
_MODEL_VERSION = "1"  # changes when fields or cards do: Anki keeps notes of two models apart


def write_anki(
    items: Sequence[QuizItem], path: Path, title: str, pictures: common.Pictures | None = None
) -> None:
    r"""Write *items* to *path* (``.apkg``) as one deck of the name *title*; formulas are LaTeX for Anki's MathJax.

    Ids follow from the questions': Anki knows a question again that was imported before, and changes it when told
    to update notes always (by itself it goes by their dates, which are the same in every build). A question
    about a picture that *pictures* (PNG by question id) lacks is left out; see
    :func:`vcalc_anim.outlets.quiz.formats.left_out`.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    kept, _ = common.with_pictures(items, pictures)
    deck = genanki.Deck(_number("deck", title), " ".join(title.split()))
    for item in kept:
        deck.add_note(_note(item))
    entries = {"collection.anki2": _database(deck)}
    media = [item for item in kept if item.picture is not None]
    entries["media"] = json.dumps({number: _media(item) for number, item in enumerate(media)}).encode()
    entries |= {str(number): (pictures or {})[item.id] for number, item in enumerate(media)}
    common.write_archive(path, entries)


def _database(deck: genanki.Deck) -> bytes:
    """What Anki keeps of *deck*. In memory: genanki's own way leaves a file behind."""
    with closing(sqlite3.connect(":memory:")) as database:
        ids = itertools.count(int(1000 * _TIME))
        genanki.Package(deck).write_to_db(database.cursor(), _TIME, ids)
        database.commit()
        return database.serialize()


def _model() -> genanki.Model:
    return genanki.Model(
        _number("model", _MODEL_VERSION),
        "vcalc question",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Question", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
        sort_field_index=_FIELDS.index("Id"),
    )


def _note(item: QuizItem) -> genanki.Note:
    lettered = list(zip(LETTERS, item.options, strict=False))
    fields = {
        "Question": latex_html(item.question),
        "Picture": _picture(item),
        "Options": "".join(f"<li>{latex_html(option.text)}</li>" for option in item.options),
        "Answer": f"{item.letter}: {latex_html(item.right.text)}",
        "Feedback": "".join(
            f'<li value="{number}"{_right(option.right)}>{latex_html(option.feedback)}</li>'
            for number, (_, option) in enumerate(lettered, start=1)
            if option.feedback
        ),
        "Id": escape(item.id),
    }
    return genanki.Note(
        _model(),
        [fields[name] for name in _FIELDS],
        guid=common.digest("note", item.id)[:20],
        tags=["vcalc", _tag(item.chapter), item.kind],
    )


def _right(right: bool) -> str:
    return ' class="right"' if right else ""


def _picture(item: QuizItem) -> str:
    if item.picture is None:
        return ""
    return f'<img src="{_media(item)}" alt="{escape(common.alternative(item))}">'


def _media(item: QuizItem) -> str:
    """The name of a picture; Anki keeps the pictures of all decks in one folder."""
    return f"vcalc-{common.identifier(item.id)}.png"


def _tag(text: str) -> str:
    return re.sub(r"\s+", "-", text.strip()) or "vcalc"


def _number(*names: str) -> int:
    """An id in the range that Anki takes for those of decks and models."""
    return (1 << 30) + int(common.digest(*names)[:12], 16) % (1 << 30)
