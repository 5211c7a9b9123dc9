"""Quiz files, read from their bytes as far as their rules need it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

#: What an archive must hold, by the suffix of its file.
_NEEDED = {
    ".zip": {"imsmanifest.xml"},
    ".apkg": {"collection.anki2", "media"},
    ".pptx": {"[Content_Types].xml", "ppt/presentation.xml"},
    ".xlsx": {"[Content_Types].xml", "xl/workbook.xml"},
}
_MANIFEST_FILE = re.compile(r"""<file\s+href=["']([^"']+)["']""")
_ITEM = re.compile(r"""\btype=["']imsqti_item""")
_PICTURE = re.compile(r"!\[[^\]]*\]\(<?([^)>]+)>?\)")


@dataclass(frozen=True)
class QuizFile:
    """How many questions a file holds (None where that is not counted), and what it names but lacks."""

    questions: int | None
    missing: tuple[str, ...] = ()


def read_moodle(path: Path) -> QuizFile:
    """Moodle XML. ValueError for a file that is none."""
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise ValueError(f"it is no XML ({error})") from error
    if root.tag != "quiz":
        raise ValueError(f"its root is <{root.tag}>, not <quiz>")
    return QuizFile(len(root.findall("question[@type='multichoice']")))


def read_gift(path: Path) -> QuizFile:
    """GIFT: each question is a block with its answers in braces."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    return QuizFile(sum(bool(re.search(r"(?<!\\)\{", block)) for block in blocks))


def read_package(path: Path) -> QuizFile:
    """A zip file: QTI, Anki or a spreadsheet. ValueError for a damaged one, or one of another kind."""
    try:
        with zipfile.ZipFile(path) as archive:
            if broken := archive.testzip():
                raise ValueError(f"{broken} in it is damaged")
            names = {*archive.namelist()}
            if lacking := sorted(_NEEDED[path.suffix] - names):
                raise ValueError(f"it has no {lacking[0]}")
            if path.suffix != ".zip":
                return QuizFile(None)
            manifest = archive.read("imsmanifest.xml").decode("utf-8")
            named = _MANIFEST_FILE.findall(manifest)
    except zipfile.BadZipFile as error:
        raise ValueError(f"it is no zip file ({error})") from error
    missing = tuple(name for name in named if name not in names)
    return QuizFile(len(_ITEM.findall(manifest)), missing)


def read_markdown(path: Path) -> QuizFile:
    """Markdown: a heading of the third level for each question, and once more for its answer."""
    text = path.read_text(encoding="utf-8")
    pictures = tuple(_PICTURE.findall(text))
    missing = tuple(name for name in pictures if not (path.parent / name).is_file())
    return QuizFile(len(re.findall(r"^### ", text, re.MULTILINE)) // 2, missing)


def read_json(path: Path) -> QuizFile:
    """JSON. ValueError for a file that is none, or has no list of questions."""
    content = json.loads(path.read_text(encoding="utf-8"))
    try:
        return QuizFile(len(content["questions"]))
    except (KeyError, TypeError) as error:
        raise ValueError("it has no list of questions") from error


def read_picture(path: Path) -> QuizFile:
    """A PNG. ValueError for a damaged one."""
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"it is no whole PNG ({error})") from error
    return QuizFile(None)


def read_pdf(path: Path) -> QuizFile:
    """A PDF. ValueError for a file that is none, or cut off; two pages a question."""
    data = path.read_bytes()
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        raise ValueError("it is no whole PDF")
    return QuizFile(len(re.findall(rb"/Type\s*/Page\b", data)) // 2 or None)


def complete(quiz: QuizFile) -> Iterator[tuple[str, str]]:
    """A quiz file holds questions, and everything that it names."""
    if quiz.questions == 0:
        yield "questions", "the file holds no question; write it again with vcalc quiz"
    for name in quiz.missing:
        yield "missing-part", f"the file names {name}, which is not there; write it again with vcalc quiz"
