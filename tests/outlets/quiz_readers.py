"""Readers of the quiz formats, written from the formats' descriptions and on others' parsers, not on our writers."""

from __future__ import annotations

import base64
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


@dataclass(frozen=True)
class Read:
    """A question as another program sees it; texts are what is on the screen."""

    name: str
    question: str
    options: tuple[str, ...]
    right: int
    feedback: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()


class _Page(HTMLParser):
    """The text of a piece of HTML, its list items, its pictures; anything but plain text markup is refused."""

    ALLOWED = frozenset(("p", "br", "span", "li", "img"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = [""]
        self.images: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED, f"<{tag}> got through"
        given = dict(attrs)
        assert set(given) <= {"src", "alt", "value", "class"}, given
        if tag == "br":
            self.text[-1] += "\n"
        elif tag == "img":
            self.images.append(given["src"] or "")
        else:
            self.open.append(tag)
            if tag == "li":
                self.text.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("br", "img"), f"<{tag}/> got through"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment got through: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def page(html: str) -> _Page:
    reader = _Page()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def words(html: str) -> str:
    """The text of HTML without lists."""
    (text,) = page(html).text
    return text


def items(html: str) -> tuple[str, ...]:
    """The texts of the items of a list."""
    first, *rest = page(html).text
    assert first == ""
    return tuple(rest)


def read_moodle(path: Path) -> list[Read]:
    """The multiple-choice questions of a Moodle XML file, which may hold nothing that Moodle's import does not know."""
    quiz = ElementTree.parse(path).getroot()
    assert quiz.tag == "quiz"
    found = []
    for question in quiz:
        assert question.tag == "question"
        if question.get("type") == "category":
            assert [child.tag for child in question] == ["category"]
            assert question.findtext("category/text").startswith("$course$/top/")
            continue
        assert question.get("type") == "multichoice"
        found.append(_moodle_question(question))
    return found


def _moodle_question(question: Any) -> Read:
    tags = [child.tag for child in question]
    assert tags[:6] == ["name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden"]
    assert tags[6:11] == [
        "idnumber",
        "single",
        "shuffleanswers",
        "answernumbering",
        "showstandardinstruction",
    ]
    assert set(tags[11:-1]) == {"answer"}
    assert tags[-1] == "tags"
    assert question.findtext("single") == "true"
    assert question.findtext("shuffleanswers") == "false"
    answers = question.findall("answer")
    fractions = [answer.get("fraction") for answer in answers]
    assert sorted(set(fractions)) == ["0", "100"]
    formats = [
        element.get("format")
        for tag in ("questiontext", "answer", "feedback")
        for element in question.iter(tag)
    ]
    assert set(formats) == {"html"}
    shown = page(question.findtext("questiontext/text"))
    files = {file.get("name"): base64.b64decode(file.text) for file in question.findall("questiontext/file")}
    assert all(file.get("encoding") == "base64" for file in question.iter("file"))
    return Read(
        question.findtext("name/text"),
        shown.text[0],
        tuple(words(answer.findtext("text")) for answer in answers),
        fractions.index("100"),
        tuple(words(answer.findtext("feedback/text") or "") for answer in answers),
        tuple(files[src.removeprefix("@@PLUGINFILE@@/")] for src in shown.images),
    )


@dataclass
class _Gift:
    """The characters of a block of GIFT; an escaped one is text whatever it is, and an escaped n a new line."""

    characters: list[tuple[str, bool]] = field(default_factory=list)

    @classmethod
    def of(cls, block: str) -> _Gift:
        out = cls()
        at = 0
        while at < len(block):
            escaped = block[at] == "\\" and block[at + 1 : at + 2] in tuple("~=#{}:\\n")
            character = block[at + escaped]
            out.characters.append(("\n" if escaped and character == "n" else character, escaped))
            at += 1 + escaped
        return out

    def until(self, *stops: str) -> tuple[str, str]:
        """Take what comes before the first of *stops* that is not escaped; which it was, or nothing."""
        text = ""
        while self.characters:
            character, escaped = self.characters.pop(0)
            if not escaped and character in stops:
                return text, character
            text += character
        return text, ""


def read_gift(path: Path) -> list[Read]:
    """The questions of a GIFT file: blocks between blank lines, ``::name::[html]question{=right#why ~wrong#why}``."""
    found = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        assert not any(line.strip().startswith("//") for line in block.split("\n")), "a comment"
        if block.startswith("$CATEGORY: "):
            assert "\n" not in block
            continue
        assert block.startswith("::")
        rest = _Gift.of(block[2:])
        name, _ = rest.until(":")
        assert rest.characters.pop(0) == (":", False)
        question, stop = rest.until("{", "}", "=", "~", "#")
        assert stop == "{"
        blank, sign = rest.until("=", "~", "}", "#")
        assert blank.strip() == ""
        signs, options, feedback = "", [], []
        while sign in ("=", "~"):
            signs += sign
            text, sign = rest.until("=", "~", "}", "#", "{")
            options.append(_gift_text(text))
            if sign == "#":
                text, sign = rest.until("=", "~", "}", "#", "{")
                feedback.append(_gift_text(text))
            else:
                feedback.append("")
        assert sign == "}"
        assert rest.characters == []
        found.append(Read(name, _gift_text(question), tuple(options), signs.index("="), tuple(feedback)))
        assert signs.count("=") == 1
    return found


def _gift_text(text: str) -> str:
    text = text.strip()
    assert text.startswith("[html]")
    assert "\n" not in text
    return words(text.removeprefix("[html]").strip(" "))


def read_qti(path: Path) -> list[Read]:
    """The questions of a QTI 2.1 package, found as a player finds them: manifest, test, items."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    assert manifest.tag == f"{CP}manifest"
    assert [child.tag for child in manifest] == [
        f"{CP}{tag}" for tag in ("metadata", "organizations", "resources")
    ]
    resources = {resource.get("identifier"): resource for resource in manifest.iter(f"{CP}resource")}
    listed = [file.get("href") for file in manifest.iter(f"{CP}file")]
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"}), "every file is listed once, and there"
    for resource in resources.values():
        assert resource[0].get("href") == resource.get("href")
        assert all(needed.get("identifierref") in resources for needed in resource.iter(f"{CP}dependency"))
    (test,) = [r for r in resources.values() if r.get("type") == "imsqti_test_xmlv2p1"]
    order = [
        ref.get("href")
        for ref in ElementTree.fromstring(files[test.get("href")]).iter(f"{QTI}assessmentItemRef")
    ]
    assert sorted(order) == sorted(
        r.get("href") for r in resources.values() if r.get("type") == "imsqti_item_xmlv2p1"
    )
    return [_qti_item(ElementTree.fromstring(files[href]), files) for href in order]


def _qti_item(item: Any, files: dict[str, bytes]) -> Read:
    parts = (
        "responseDeclaration",
        "outcomeDeclaration",
        "outcomeDeclaration",
        "itemBody",
        "responseProcessing",
    )
    tags = [child.tag for child in item]
    assert tags[:5] == [f"{QTI}{part}" for part in parts]
    assert set(tags[5:]) <= {f"{QTI}modalFeedback"}
    known = ("p", "br", "img", "choiceInteraction", "simpleChoice", "itemBody", "modalFeedback")
    for place in [item[3], *item[5:]]:
        assert all(
            e.tag in {f"{QTI}{tag}" for tag in known} or e.tag.startswith(MATHML) for e in place.iter()
        )
    (interaction,) = item.iter(f"{QTI}choiceInteraction")
    assert dict(interaction.attrib) == {
        "responseIdentifier": "RESPONSE",
        "shuffle": "false",
        "maxChoices": "1",
    }
    choices = {choice.get("identifier"): _xml_text(choice) for choice in interaction}
    assert list(choices) == list("ABCDEFGH"[: len(choices)])
    feedback = {f.get("identifier"): _xml_text(f) for f in item.iter(f"{QTI}modalFeedback")}
    assert all(f.get("outcomeIdentifier") == "FEEDBACK" for f in item.iter(f"{QTI}modalFeedback"))
    right = item.findtext(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")
    pictures = tuple(files[f"items/{image.get('src')}"] for image in item.iter(f"{QTI}img"))
    return Read(
        item.get("title"),
        _xml_text(item.find(f"{QTI}itemBody/{QTI}p")),
        tuple(choices.values()),
        list(choices).index(right),
        tuple(feedback.get(letter, "") for letter in choices),
        pictures,
    )


def _xml_text(element: Any) -> str:
    def pieces(node: Any) -> Iterator[str]:
        yield "\n" if node.tag == f"{QTI}br" else node.text or ""
        for child in node:
            if child.tag != f"{MATHML}annotation":
                yield from pieces(child)
            yield child.tail or ""

    return "".join(pieces(element))


def read_anki(path: Path) -> list[Read]:
    """The notes of an Anki package, through its database."""
    with zipfile.ZipFile(path) as archive:
        media = {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    (models,) = database.execute("select models from col").fetchone()
    rows = database.execute(
        "select n.mid, n.flds, n.sfld, count(c.id) from notes n left join cards c on c.nid = n.id group by n.id"
    )
    found = []
    for model, fields, sort, cards in rows.fetchall():
        assert cards == 1
        names = [entry["name"] for entry in json.loads(models)[str(model)]["flds"]]
        values = dict(zip(names, fields.split("\x1f"), strict=True))
        assert sort == values["Id"]
        letter, _, answer = words(values["Answer"]).partition(": ")
        options, right = items(values["Options"]), "ABCDEFGH".index(letter)
        assert options[right] == answer
        images = page(values["Picture"]).images
        found.append(
            Read(
                words(values["Id"]),
                words(values["Question"]),
                options,
                right,
                items(values["Feedback"]),
                tuple(media[src] for src in images),
            )
        )
    database.close()
    return found


def read_kahoot(path: Path) -> list[Read]:
    """The questions of Kahoot's spreadsheet, from the row below its header."""
    sheet = load_workbook(path).worksheets[0]
    assert sheet["B8"].value == "Question - max 120 characters"
    found = []
    for row in sheet.iter_rows(min_row=9):
        number, question, *answers = [cell.value for cell in row[:6]]
        if number is None:
            continue
        assert number == len(found) + 1
        assert all(cell.data_type == "s" for cell in row[1:6] if cell.value is not None)
        assert row[6].value in (5, 10, 20, 30, 60, 90, 120, 240)
        question = unescape(question)
        options = tuple(unescape(answer) for answer in answers if answer is not None)
        assert len(question) <= 120
        assert all(len(text) <= 75 for text in options)
        found.append(Read("", question, options, row[7].value - 1))
    return found


def read_markdown(path: Path) -> list[Read]:
    """The questions of our Markdown, as CommonMark with formulas between dollar signs, read as ⟨formula⟩."""
    parser = MarkdownIt("commonmark").use(dollarmath_plugin, double_inline=True, allow_digits=False)
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    questions: list[dict[str, Any]] = []
    part = ""
    for index, token in enumerate(tokens):
        if token.type == "math_block":
            questions[-1]["texts"].append(f"⟨{token.content.strip()}⟩")
        if token.type != "inline":
            assert not token.type.startswith(("html", "fence", "code", "hr", "blockquote", "ordered")), token
            continue
        before = tokens[index - 1]
        text, images = _inline(token)
        if before.type == "heading_open" and before.tag in ("h1", "h2"):
            part = text if before.tag == "h2" else ""
        elif before.type == "heading_open":
            questions.append(
                {"part": part, "name": text.partition(". ")[2], "texts": [], "list": [], "images": []}
            )
        else:
            questions[-1]["list" if before.level > 0 else "texts"].append(text)
            questions[-1]["images"] += images
    asked = [q for q in questions if q["part"] == "Questions"]
    answered = [q for q in questions if q["part"] == "Answers"]
    assert [q["name"] for q in asked] == [q["name"] for q in answered]
    found = []
    for question, answer in zip(asked, answered, strict=True):
        letters = [text[0] for text in question["list"]]
        assert letters == list("ABCDEFGH"[: len(letters)])
        feedback = {text[0]: text[2:] for text in answer["list"]}
        right = letters.index(answer["texts"][0][0])
        assert question["list"][right] == answer["texts"][0]
        found.append(
            Read(
                question["name"],
                question["texts"][0],
                tuple(text[2:] for text in question["list"]),
                right,
                tuple(feedback.get(letter, "") for letter in letters),
                tuple((path.parent / src).read_bytes() for src in question["images"]),
            )
        )
    return found


def _inline(token: Token) -> tuple[str, list[str]]:
    text, images = "", []
    for child in token.children or ():
        if child.type in ("hardbreak", "softbreak"):
            assert child.type == "hardbreak"
            text += "\n"
        elif child.type == "image":
            images.append(str(child.attrs["src"]))
        elif child.type.startswith("math_inline"):
            text += f"⟨{child.content}⟩"
        else:
            assert child.type in ("text", "text_special", "strong_open", "strong_close"), child
            text += child.content
    return text, images


def read_json(path: Path) -> list[Read]:
    """The questions of our JSON, each text from its HTML and the same as its plain text."""
    found = []
    for question in json.loads(path.read_text(encoding="utf-8"))["questions"]:
        options = question["options"]
        for texts in (question["question"], *(option["text"] for option in options)):
            assert words(texts["latex"]) == texts["plain"] or "\\(" in texts["latex"]
        found.append(
            Read(
                question["id"],
                question["question"]["plain"],
                tuple(option["text"]["plain"] for option in options),
                [option["right"] for option in options].index(True),
                tuple(option["feedback"]["plain"] for option in options),
            )
        )
        assert question["answer"] == options[found[-1].right]["letter"]
    return found
