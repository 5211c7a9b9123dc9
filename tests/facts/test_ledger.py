from __future__ import annotations

import re

import ledger
import pytest
import write_page
from ledger import Fact, fact, page, remark
from write_page import PAGE, whole_ledger


@pytest.fixture
def empty_ledger(monkeypatch: pytest.MonkeyPatch) -> dict[str, Fact]:
    monkeypatch.setattr(ledger, "LEDGER", {})
    return ledger.LEDGER


def test_docs_facts_is_current():
    assert page(whole_ledger()) == PAGE.read_text(encoding="utf-8"), "run ./scripts/facts"


def test_every_chapter_has_facts_and_its_quiz():
    ids = set(whole_ledger())
    for chapter in range(10):
        assert f"Q{chapter}" in ids
        numbers = sorted(int(id.split(".")[1]) for id in ids if re.match(rf"C{chapter}\.", id))
        assert numbers == list(range(1, len(numbers) + 1)), f"chapter {chapter} skips a statement"


def test_a_fact_runs_once_returns_none_and_fills_its_row(empty_ledger):
    runs = []

    @fact("C1.2", "|x| ≥ 0", verdict="cond", shows="for real x")
    def test_C1_2_x() -> str:
        runs.append(1)
        return "0 | 1"

    assert test_C1_2_x() is None
    assert test_C1_2_x() is None
    text = page(empty_ledger)
    assert len(runs) == 1
    assert "| C1.2 | \\|x\\| ≥ 0 | 0 \\| 1 | cond | for real x |" in text


def test_a_failing_fact_fails_in_the_test_and_in_the_page(empty_ledger):
    @fact("C1.2", "the sky is green")
    def test_C1_2_x() -> str:
        raise AssertionError

    with pytest.raises(AssertionError):
        test_C1_2_x()
    with pytest.raises(AssertionError):
        page(empty_ledger)


def test_rows_are_in_the_order_of_the_lesson(empty_ledger):
    for id in ("Q2", "C2.10", "C1.1", "C2.9"):
        remark(id, "s", verdict="true", shows="")
    rows = [line.split(" | ")[0].removeprefix("| ") for line in page(empty_ledger).splitlines()]
    assert [row for row in rows if re.fullmatch(r"[CQ]\d(\.\d+)?", row)] == ["C1.1", "C2.9", "C2.10", "Q2"]


@pytest.mark.parametrize(
    ("id", "name", "verdict", "message"),
    [
        ("C1.2", "test_C1_3_x", "true", "begin with test_C1_2_"),
        ("D1.2", "test_D1_2_x", "true", "not an id"),
        ("C1.2", "test_C1_2_x", "maybe", "'maybe'"),
    ],
)
def test_a_slip_in_an_entry_is_refused(empty_ledger, id, name, verdict, message):
    def check() -> str:
        return "1"

    check.__name__ = name
    with pytest.raises(ValueError, match=message):
        fact(id, "statement", verdict=verdict)(check)
    assert not empty_ledger


def test_an_id_is_entered_once_and_a_value_is_one_line(empty_ledger):
    @fact("C1.2", "statement")
    def test_C1_2_x() -> str:
        return "two\nlines"

    with pytest.raises(ValueError, match="one line of text"):
        test_C1_2_x()
    with pytest.raises(ValueError, match="in the ledger already"):
        remark("C1.2", "statement", verdict="true", shows="")

    def test_C1_3_y(tmp_path) -> str:
        return str(tmp_path)

    with pytest.raises(ValueError, match="no arguments"):
        fact("C1.3", "statement")(test_C1_3_y)


def test_the_script_writes_the_page_once_and_can_only_check(monkeypatch, tmp_path, capsys, empty_ledger):
    remark("C1.1", "a claim", verdict="true", shows="")
    page_file = tmp_path / "docs" / "facts.md"
    monkeypatch.setattr(write_page, "PAGE", page_file)
    monkeypatch.setattr(write_page, "whole_ledger", lambda: empty_ledger)
    assert write_page.main(["--check"]) == 1
    assert "run ./scripts/facts" in capsys.readouterr().err
    assert not page_file.exists()
    assert write_page.main([]) == 0
    assert "| C1.1 | a claim |" in page_file.read_text(encoding="utf-8")
    assert write_page.main(["--check"]) == 0
