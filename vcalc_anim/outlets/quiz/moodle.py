"""Questions as Moodle XML: a category for each chapter, feedback for each option, pictures inside."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from vcalc_anim.build.files import write_text
from vcalc_anim.outlets.quiz import common
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.markup import latex_html

_GRADING = {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0"}
_CHOICES = {
    "single": "true",
    "shuffleanswers": "false",
    "answernumbering": "ABCD",
    "showstandardinstruction": "0",
}
_ID_LIMIT = 100  # characters of Moodle's idnumber


def write_moodle(
    items: Sequence[QuizItem], path: Path, title: str, pictures: common.Pictures | None = None
) -> None:
    r"""Write *items* to *path* for Moodle's question bank; formulas are LaTeX, which Moodle's MathJax filter sets.

    Options stay in their order (``shuffleanswers`` is off). A question about a picture that *pictures* (PNG by
    question id) lacks is left out; see :func:`vcalc_anim.outlets.quiz.formats.left_out`.

    Raises:
        InputError: a question that cannot be handed out, with its place.
        WorkError: the file cannot be written.
    """
    common.check(items, title)
    kept, _ = common.with_pictures(items, pictures)
    quiz = Element("quiz")
    chapter = None
    for item in kept:
        if item.chapter != chapter:
            chapter = item.chapter
            category = SubElement(SubElement(quiz, "question", type="category"), "category")
            SubElement(category, "text").text = category_path(title, item.chapter_title)
        quiz.append(_question(item, pictures or {}))
    indent(quiz)
    write_text(path, '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, encoding="unicode") + "\n")


def category_path(title: str, chapter_title: str) -> str:
    """Where Moodle files the questions of a chapter; a slash in a name is written twice."""
    names = dict.fromkeys((title, chapter_title))  # a quiz of one chapter may bear its name
    return "/".join(["$course$", "top", *(" ".join(name.split()).replace("/", "//") for name in names)])


def _question(item: QuizItem, pictures: common.Pictures) -> Element:
    question = Element("question", type="multichoice")
    _text(SubElement(question, "name"), item.id)
    body = SubElement(question, "questiontext", format="html")
    picture = pictures[item.id] if item.picture is not None else None
    name = f"{common.identifier(item.id)}.png"
    shown = f"<p>{latex_html(item.question)}</p>"
    if picture is not None:
        shown += f'<p><img src="@@PLUGINFILE@@/{name}" alt="{escape(common.alternative(item))}"/></p>'
    _text(body, shown)
    if picture is not None:
        file = SubElement(body, "file", name=name, path="/", encoding="base64")
        file.text = base64.b64encode(picture).decode()
    _text(SubElement(question, "generalfeedback", format="html"), "")
    for key, value in _GRADING.items():
        SubElement(question, key).text = value
    if len(item.id) <= _ID_LIMIT:
        SubElement(question, "idnumber").text = item.id
    for key, value in _CHOICES.items():
        SubElement(question, key).text = value
    for option in item.options:
        answer = SubElement(question, "answer", fraction="100" if option.right else "0", format="html")
        _text(answer, latex_html(option.text))
        _text(SubElement(answer, "feedback", format="html"), latex_html(option.feedback))
    tags = SubElement(question, "tags")
    for tag in (item.chapter, item.kind):
        _text(SubElement(tags, "tag"), tag)
    return question


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text
