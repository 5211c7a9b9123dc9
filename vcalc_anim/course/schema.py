"""The tables of the TOML files as typed models, and what their validation says in a lecturer's words.

Each model is flat: tables inside a table stay raw here and are validated on their own by the loader, so that
one wrong key hides nothing else.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from vcalc_anim.course.model import nearest
from vcalc_anim.course.source import KeyPath, TomlFile
from vcalc_anim.errors import Problem

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Table = dict[str, Any]


def _tables(value: object) -> object:
    if isinstance(value, dict):
        raise PydanticCustomError("one_table", "one table instead of a list of tables")
    return value


Tables = Annotated[list[Table], BeforeValidator(_tables)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CourseTable(_Model):
    """``course.toml``."""

    title: Text
    subtitle: str = ""
    authors: list[Text] = []
    licence: str = ""
    language: Text = "en"
    source: str = ""
    lectures: Annotated[list[Text], Field(min_length=1)]
    voice: Table = {}
    pronunciation: dict[str, Text] = {}
    tags: list[Text] = []
    references: list[Text] = []


class LectureTable(_Model):
    """A chapter's script."""

    title: Text
    question: Text
    objectives: list[Text] = []
    scene: Annotated[Tables, Field(min_length=1)]
    quiz: Tables = []
    video: Table = {}


class SceneTable(_Model):
    """``[[scene]]``."""

    name: Text
    title: Text
    lines: Annotated[Table, Field(min_length=1)]
    params: Table = {}
    poster: Text | None = None
    loop: Tables = []


class LoopTable(_Model):
    """``[[scene.loop]]``."""

    name: Text
    seconds: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]


class VideoTable(_Model):
    """``[video]``."""

    short: Text
    thumbnail: Table
    words: Text
    tags: list[Text] = []


class LineTable(_Model):
    """A line written as ``{ say = "…", rest = 1.5 }``."""

    say: str
    rest: Seconds = 0.4


class QuizTable(_Model):
    """``[[quiz]]``."""

    name: Text
    question: Text
    scene: Text | None = None
    kind: Literal["concept", "calculation", "picture"] | None = None
    check: Text | None = None
    template: Text | None = None
    numbers: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = {}
    picture: Table = {}
    options: Annotated[Tables, Field(min_length=2, max_length=8)]


class PictureTable(_Model):
    """``picture = { scene = "…", line = "…" }``."""

    scene: Text
    line: Text


class OptionTable(_Model):
    """``[[quiz.options]]``."""

    text: Text
    key: str = ""
    right: bool = False
    why: str = ""
    misconception: str = ""
    fails: bool = False


M = TypeVar("M", bound=_Model)

REST = float(LineTable.model_fields["rest"].default)


def validate(
    model: type[M], raw: Table, source: TomlFile, path: KeyPath, owner: str
) -> tuple[M, list[Problem]]:
    """The table *raw*, which stands at *path* of *source*, as *model*, and everything wrong with it.

    Where something is wrong, the wrong parts are replaced by defaults or blanks, so that the rest can still
    be read. *owner* names the table in messages: ``scene Compass``.
    """
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems, wrong = [], set()
    for detail in details:
        keys = tuple(detail["loc"])
        wrong.add(keys[0])
        place = path if detail["type"] == "missing" else (*path, *keys)
        problems.append(source.problem(place, _message(model, detail, keys, raw, owner)))
    good = {key: value for key, value in raw.items() if key not in wrong}
    for name, field in model.model_fields.items():
        if field.is_required() and name not in good:
            good[name] = "" if field.annotation is str else {} if field.annotation == Table else []
    return model.model_construct(**good), problems


_SAMPLES = {
    "scene": "[[scene]]",
    "options": "[[quiz.options]]",
    "quiz": "[[quiz]]",
    "lines": "[scene.lines]",
    "loop": "[[scene.loop]]",
}

_EXPECTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "float_type": "a number",
    "list_type": "a list in [ ]",
    "dict_type": "a table",
}


def _message(model: type[_Model], detail: Any, keys: KeyPath, raw: Table, owner: str) -> str:
    kind, key, found = detail["type"], keys[0], detail["input"]
    what = f'"{key}" of {owner}'
    for part in keys[1:]:
        what = f"entry {part + 1} of {what}" if isinstance(part, int) else f'"{part}" in {what}'
    sample = _SAMPLES.get(str(key))
    if kind == "missing":
        return f'{owner} has no "{key}"; add ' + (sample or f"{key} = {_sample(model, str(key))}")
    if kind == "extra_forbidden":
        unused = [name for name in model.model_fields if name not in raw]
        like = nearest(str(key), unused)
        known = ", ".join(model.model_fields)
        mend = f'did you mean "{like}"?' if like else f"remove it; the keys here are: {known}"
        return f'{owner} has an unknown key "{key}"; {mend}'
    if kind == "string_too_short":
        return f"{what} is empty; write its text or remove it"
    if kind == "literal_error":
        return f"{what} should be {detail['ctx']['expected'].replace(chr(39), chr(34))}, but is {describe(found)}"
    if kind == "too_long":
        return f"{what} has {len(found)} entries; {detail['ctx']['max_length']} are allowed: remove some"
    if kind == "finite_number" and key == "numbers":
        return f"{what} is {found}, and should be a finite number"
    if kind == "too_short":
        least = detail["ctx"]["min_length"]
        return f"{what} has {len(found)} of at least {least} entries; add " + (sample or "them to the list")
    if kind == "one_table":
        return f"{what} is one table, not a list of tables; write {sample} with two brackets on each side"
    if kind in ("greater_than", "less_than_equal"):
        bounds = detail["ctx"]
        limit = f"above {bounds['gt']:g}" if "gt" in bounds else f"at most {bounds['le']:g}"
        return f"{what} is {found}, and should be {limit}"
    if kind == "finite_number" or kind == "greater_than_equal":
        return f"{what} is {found}, and should be a number of seconds, 0 or more"
    expected = _EXPECTED.get(kind)
    if expected is None:  # a rule added to a model without words of its own
        return f"{what} is {describe(found)}: {detail['msg']}"
    return f"{what} should be {expected}, but is {describe(found)}{_as_text(kind, found)}"


def _sample(model: type[_Model], key: str) -> str:
    return '"…"' if model.model_fields[key].annotation is str else '["…"]'


def _as_text(kind: str, found: object) -> str:
    if kind == "string_type" and isinstance(found, int | float):
        return f'; write "{str(found).lower()}"'
    if kind == "bool_type" and isinstance(found, str) and found.lower() in ("true", "false"):
        return f"; write {found.lower()} without quotes"
    if kind == "float_type" and isinstance(found, str):
        return "; write the number without quotes"
    if kind == "list_type" and isinstance(found, str):
        return f'; write ["{found}"]'
    return "; change the value"


def describe(value: object) -> str:
    """What a TOML value is, in words: ``the number 3``, ``the text "three"``."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{value if len(value) <= 30 else value[:29] + "…"}"'
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime.date() | datetime.time():
            return f"the date or time {value}"
    return f"a {type(value).__name__}"
