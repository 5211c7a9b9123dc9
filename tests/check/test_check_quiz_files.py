"""The gate of quiz files: a whole one passes, a damaged or empty one is found."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from vcalc_anim.check.media import check_file

QUESTION = '<quiz><question type="category"/><question type="multichoice"/></quiz>'
MANIFEST = "<manifest><resource type='imsqti_item_xmlv2p1'><file href=\"a.xml\"/></resource></manifest>"


def rules(path: Path) -> set[str]:
    findings, _ = check_file(path, "quiz", "ch04-gradient")
    assert all(finding.file == path and finding.chapter == "ch04-gradient" for finding in findings)
    return {finding.rule.removeprefix("media.") for finding in findings}


def archive(path: Path, **entries: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in entries.items():
            file.writestr(name.replace("__", ".").replace("--", "/"), text)
    return path


@pytest.mark.parametrize(
    ("name", "text", "broken"),
    [
        ("a.moodle.xml", QUESTION, set()),
        ("a.moodle.xml", '<quiz><question type="category"/></quiz>', {"questions"}),
        ("a.moodle.xml", "<questions/>", {"unreadable"}),
        ("a.moodle.xml", QUESTION[:-3], {"unreadable"}),
        ("a.gift.txt", "// a bank\n\n::a:: Why? {\n=so\n~no\n}\n", set()),
        ("a.gift.txt", "// a bank\n\n::a:: Why? \\{ no answers \\}\n", {"questions"}),
        ("a.md", "# A\n\n## Questions\n\n### 1\n\n## Answers\n\n### 1\n", set()),
        ("a.md", "# A\n\n## Questions\n\n## Answers\n", {"questions"}),
        ("a.md", "# A\n\n### 1\n\n![A frame](<a-pictures/b.png>)\n\n### 1\n", {"missing-part"}),
        ("a.json", json.dumps({"questions": [{}]}), set()),
        ("a.json", json.dumps({"questions": []}), {"questions"}),
        ("a.json", json.dumps([]), {"unreadable"}),
        ("a.json", "{", {"unreadable"}),
        ("a.apkg", "no archive", {"unreadable"}),
        ("a.qti.zip", "no archive", {"unreadable"}),
        ("a.kahoot.xlsx", "no archive", {"unreadable"}),
        ("a.png", "no picture", {"unreadable"}),
        ("a.doc", "", {"kind"}),
    ],
)
def test_a_file_of_text_is_whole_and_holds_questions(
    tmp_path: Path, name: str, text: str, broken: set[str]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert rules(path) == broken


def test_a_package_has_all_its_parts(tmp_path: Path) -> None:
    good = {"imsmanifest__xml": MANIFEST, "a__xml": "<a/>"}
    assert rules(archive(tmp_path / "a.zip", **good)) == set()
    assert rules(archive(tmp_path / "b.zip", imsmanifest__xml=MANIFEST)) == {"missing-part"}
    assert rules(archive(tmp_path / "c.zip", imsmanifest__xml="<manifest/>")) == {"questions"}
    assert rules(archive(tmp_path / "d.zip", a__xml="<a/>")) == {"unreadable"}
    assert rules(archive(tmp_path / "e.apkg", collection__anki2="", media="{}")) == set()
    assert rules(archive(tmp_path / "f.apkg", media="{}")) == {"unreadable"}


def test_a_flipped_byte_in_a_package_is_found(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.apkg", collection__anki2="x" * 400, media="{}")
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    assert rules(path) == {"unreadable"}


def test_a_picture_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.effect_noise((64, 64), 50).save(path)
    assert rules(path) == set()
    path.write_bytes(path.read_bytes()[:-500])
    assert rules(path) == {"unreadable"}
