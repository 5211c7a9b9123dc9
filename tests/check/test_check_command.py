"""``vcalc check`` as a user meets it: findings with their place, cached, strict when asked to be."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tiny_course import Bench

Vcalc = Callable[..., tuple[int, str, str]]


def rules(out: str) -> set[str]:
    return {finding["rule"] for finding in json.loads(out)}


@pytest.mark.render
def test_a_scene_is_checked_once_and_again_when_it_changes(built: Bench, vcalc: Vcalc) -> None:
    code, out, _ = vcalc("check", "--json")
    assert code == 0
    assert "reference.missing" in rules(out)
    kept = {path.name for path in (built.root / ".vcalc" / "checks").iterdir()}
    assert len(kept) == 3
    assert vcalc("check", "--json")[1] == out
    assert {path.name for path in (built.root / ".vcalc" / "checks").iterdir()} == kept
    built.edit("py", "2 * RIGHT", "9 * RIGHT")
    code, out, _ = vcalc("check", "--json")
    found = [finding for finding in json.loads(out) if finding["rule"] == "layout.margin"]
    assert [finding["scene"] for finding in found] == ["Sliding"]
    assert found[0]["boxes"]
    assert len(list((built.root / ".vcalc" / "checks").iterdir())) == 4


@pytest.mark.render
def test_reference_pictures_are_written_compared_and_rewritten(built: Bench, vcalc: Vcalc) -> None:
    assert vcalc("sheet", "ch04", "--update")[0] == 0
    pictures = sorted((built.root / "scenes" / "reference").rglob("*.png"))
    assert [path.stem for path in pictures] == ["growing", "sliding", "still"]
    assert all(path.stat().st_size <= 20_000 for path in pictures)
    assert "reference.missing" not in rules(vcalc("check", "--json")[1])
    built.edit("py", "SIZE = 0.5", "SIZE = 1.5")
    _, out, _ = vcalc("check", "--json")
    changed = {finding["scene"] for finding in json.loads(out) if finding["rule"] == "reference.changed"}
    assert changed == {"Growing", "Still"}
    assert len(list((built.root / ".vcalc" / "differences").glob("*.png"))) == 2
    assert vcalc("sheet", "ch04", "--update")[0] == 0
    assert "reference.changed" not in rules(vcalc("check", "--json")[1])


@pytest.mark.render
def test_strict_fails_and_the_report_shows_the_frame(built: Bench, vcalc: Vcalc) -> None:
    code, _, err = vcalc("check", "--strict", "--report", "findings.html")
    assert (code, "findings" in err) == (1, True), err
    page = (built.root / "findings.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page and "reference.missing" in page


@pytest.mark.render
def test_a_build_shows_findings_and_fails_only_when_strict(built: Bench, vcalc: Vcalc) -> None:
    built.edit("py", "2 * RIGHT", "9 * RIGHT")
    code, _, err = vcalc("build", "--quality", "draft")
    assert code == 0
    assert "layout.margin" in err
    assert vcalc("build", "--quality", "draft", "--strict")[0] == 1


def test_an_unknown_chapter_is_refused(built: Bench, vcalc: Vcalc) -> None:
    code, _, err = vcalc("check", "ch77")
    assert code == 2
    assert "ch77" in err
