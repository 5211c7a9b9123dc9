"""What scripts/faults sees: it proves nothing unless a broken file, a stray process, a poor message are noticed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tiny_course import Bench

from vcalc_anim.build import files

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"

UNBORN = """\
Traceback (most recent call last):
  File "<string>", line 1, in <module>
  File "/usr/lib/python3.11/multiprocessing/spawn.py", line 130, in _main
    preparation_data = reduction.pickle.load(from_parent)
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
EOFError: Ran out of input
"""
OURS = """\
Traceback (most recent call last):
  File "/project/vcalc_anim/voice/espeak_helper.py", line 141, in main
    sys.stdout.buffer.write(b"")
BrokenPipeError: [Errno 32] Broken pipe
"""


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import fault_cases

    return fault_cases


@pytest.fixture
def workplace(cases: ModuleType) -> ModuleType:
    return sys.modules["workplace"]


def test_the_memory_and_time_of_all_processes_are_measured(workplace: ModuleType, tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(80_000_000); import time; time.sleep(0.4)'])"
    cost = workplace.measured([sys.executable, "-c", code], tmp_path, {})
    assert cost.wall > 0.4 and cost.cpu > 0
    assert cost.largest > 80 and cost.together > cost.largest


def test_the_processes_of_a_session_are_those_that_live(workplace: ModuleType) -> None:
    code = "import subprocess, sys; subprocess.Popen(['sleep', '60']); sys.stdout.write('x'); sys.stdout.flush(); input()"
    leader = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert leader.stdout is not None and leader.stdin is not None
    leader.stdout.read(1)
    assert len(workplace.session(leader.pid)) == 2
    leader.kill()
    leader.wait()
    (orphan,) = workplace.session(leader.pid)
    assert orphan.pid != leader.pid
    os.kill(orphan.pid, 9)
    leader.stdin.close()
    leader.stdout.close()


@pytest.mark.parametrize("seed", range(5))
def test_the_moments_of_killing_lie_in_every_part_of_every_phase(cases: ModuleType, seed: int) -> None:
    rounds = cases.moments(seed, 5)
    assert rounds == cases.moments(seed, 5) != cases.moments(seed + 1, 5)
    for number, phase in enumerate(cases.PHASES[1:]):
        column = [one[number] for one in rounds]
        assert {moment.phase for moment in column} == {phase}
        assert sorted(int(5 * moment.share) for moment in column) == [0, 1, 2, 3, 4]


def test_a_disk_is_counted_in_whole_pages(cases: ModuleType) -> None:
    page = cases.PAGE
    assert [cases.pages(size) for size in (0, 1, page, page + 1)] == [page, page, page, 2 * page]


@pytest.mark.parametrize(
    ("ended", "expected", "wrong"),
    [
        ((0, "a.mp4 written\n"), (0, ("Written",)), []),
        ((1, "vcalc: scene Turning fails: X; use fewer --jobs\n"), (1, ("turning", "--jobs")), []),
        ((1, "vcalc: scene Turning fails\n"), (1, ("--jobs",)), ["not a word of '--jobs'"]),
        ((1, ""), (1, ()), ["0 messages"]),
        ((1, "vcalc: one\nvcalc: another\n"), (1, ()), ["2 messages"]),
        ((0, ""), (1, ()), ["exit code 0 instead of 1", "0 messages"]),
        ((0, "", 2), (0, ()), ["2 processes left running"]),
        ((-9, OURS + UNBORN), (-9, ()), ["a traceback is shown: BrokenPipeError: [Errno 32] Broken pipe"]),
        ((-9, UNBORN + UNBORN), (-9, ()), []),
        ((1, f"drawn: a\n{OURS}vcalc: it failed\n"), (1, ()), ["a traceback is shown: BrokenPipeError: [Errno 32] Broken pipe"]),
    ],
)  # fmt: skip
def test_an_end_is_judged_by_code_message_and_what_runs_on(
    cases: ModuleType,
    ended: tuple[object, ...],
    expected: tuple[object, ...],
    wrong: list[str],
) -> None:
    assert cases.wrong_in_end(cases.Ended(*ended), cases.Expected(*expected)) == wrong


def test_differences_are_told_by_name(cases: ModuleType, tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "2"), ("deep/c", "3")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    wanted = cases.contents(tmp_path)
    assert cases.differences(wanted, wanted) == []
    (tmp_path / "a").write_text("other")
    (tmp_path / "b").unlink()
    (tmp_path / "d").write_text("4")
    assert cases.differences(cases.contents(tmp_path), wanted) == [
        "a differs",
        "b is missing",
        "d is too much",
    ]


def test_half_written_files_are_found(cases: ModuleType, tmp_path: Path) -> None:
    for name in (".film.vm-1.part.mp4", "tmpab.part", ".probe.vm-1.part", "film.mp4"):
        (tmp_path / name).touch()
    assert len(cases.parts(tmp_path)) == 3


def test_the_writer_of_a_part_is_read_off_its_name(cases: ModuleType, tmp_path: Path) -> None:
    part = files._beside(tmp_path / "turning-9cccf36a.mp4")
    assert cases.writer(part) == ("turning", os.getpid())
    assert cases.writer(tmp_path / "turning-9cccf36a.mp4") is None


@pytest.mark.render
def test_films_and_entries_that_are_whole_are_told_from_those_that_are_not(
    cases: ModuleType, template: Bench, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    shutil.copytree(template.root, root)
    bench = Bench(root)
    assert cases.wrong_in_films(bench.out) == [] == cases.wrong_in_cache(root / ".vcalc")
    whole = bench.film.read_bytes()
    for damage in (lambda: cases.cut(bench.film), lambda: bench.film.write_bytes(b"")):
        damage()
        assert len(cases.wrong_in_films(bench.out)) == 1
        bench.film.write_bytes(whole)
    video, other = sorted(bench.cache.glob("*.mp4"))[:2]
    cases.flip(video)
    record = json.loads(other.with_suffix(".json").read_text())
    other.with_suffix(".json").unlink()
    told = cases.wrong_in_cache(root / ".vcalc")
    assert any(line.startswith(f"{video.name} is not what") for line in told)
    assert any(line.startswith(other.with_suffix(".json").name) for line in told)
    assert len(record["sha256"]) == 64
    speech = min(root.glob(".vcalc/speech/*/*.speech"))
    cases.cut(speech)
    assert f"{speech.name} is not whole" in cases.wrong_in_cache(root / ".vcalc")


def test_every_fault_of_a_scene_finds_its_place_and_its_mend(
    cases: ModuleType, workplace: ModuleType, tmp_path: Path
) -> None:
    from fault_course import CHOREOGRAPHY, FILES, HALFWAY  # type: ignore[import-not-found]

    from vcalc_anim.course import load_course

    place = workplace.Workplace(tmp_path, FILES)
    assert len(load_course(tmp_path / "scenes").lectures) == 2
    before = (tmp_path / CHOREOGRAPHY).read_text()
    for statement, _ in cases.SCENES.values():
        place.edit(CHOREOGRAPHY, HALFWAY, statement)
        compile((tmp_path / CHOREOGRAPHY).read_text(), "scene", "exec")
        place.edit(CHOREOGRAPHY, statement, HALFWAY)
        assert (tmp_path / CHOREOGRAPHY).read_text() == before
    with pytest.raises(SystemExit, match="no longer holds"):
        place.edit(CHOREOGRAPHY, str(random.random()), "")


def test_the_table_tells_what_went_wrong_and_what_did_not_run(cases: ModuleType) -> None:
    rows = [
        cases.Row("killed", "went on"),
        cases.Row("cut off", "", ("a.mp4 differs",)),
        cases.Row("disk full", "mounting is not permitted", ran=False),
    ]
    assert [row.verdict for row in rows] == ["ok", "WRONG", "NOT RUN"]
    assert cases.shown(rows[1]).endswith("WRONG: a.mp4 differs")
    assert cases.summary(rows) == "3 cases: 1 ok, 1 wrong, 1 not run"
