"""``vcalc publish slides`` from the scripts to files, and what it says of wrong names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import write_project

from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.check.inventory import check_output
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.slides.publish import publish_slides


@pytest.mark.render
def test_slides_are_made_once_pass_the_gate_and_follow_an_edit(tmp_path: Path) -> None:
    bench = write_project(tmp_path)
    folder = bench.out / "slides" / "ch04-tiny"
    formats = ("pptx", "pdf")

    def publish() -> set[str]:
        production = Production(Project(bench.root), QUALITIES["draft"], bench.out, "dark", "silent")
        made = publish_slides(production, [], formats)
        assert not made.notes
        return {path.name for path in made.written if path.parent == folder}

    assert publish() == {"ch04-tiny.pptx", "ch04-tiny-handout.pdf"}
    assert check_output(bench.out) == []
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert publish() == set()
    (folder / "ch04-tiny-1.pptx").write_bytes(b"of an earlier cut in two")
    (folder / "ch04-tiny-light.pptx").write_bytes(b"somebody's")
    bench.edit("course", 'licence = "CC BY 4.0"', 'licence = "CC BY-SA 4.0"')
    assert publish() == {"ch04-tiny.pptx", "ch04-tiny-handout.pdf"}
    assert not (folder / "ch04-tiny-1.pptx").exists() and (folder / "ch04-tiny-light.pptx").exists()
    bench.edit("course", 'licence = "CC BY-SA 4.0"', 'licence = "CC BY 4.0"')
    publish()
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "ppt"), "no format 'ppt' of slides; did you mean pptx"),
        (("ch99",), "the course has no chapter 'ch99'"),
        (("--theme", "blue"), "blue"),
    ],
)
def test_wrong_names_are_told_before_any_work(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    bench = write_project(tmp_path)
    running = bench.start("publish", "slides", *arguments)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 2 and told in " ".join(errors.split())
    assert not bench.out.exists()
