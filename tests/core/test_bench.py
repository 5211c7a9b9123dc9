"""The arithmetic of scripts/bench: its tables are only as good as its exponents."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from vcalc_anim.course import load_course

PATH = Path(__file__).resolve().parents[2] / "scripts" / "bench"


@pytest.fixture(scope="module")
def bench():

    loader = SourceFileLoader("bench", str(PATH))
    spec = spec_from_loader("bench", loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules["bench"] = module  # dataclasses look their module up
    loader.exec_module(module)
    yield module
    del sys.modules["bench"]


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_growth_is_the_exponent_of_time_over_work(bench, exponent):
    runs = [bench.Run("", work, 3e-6 * work**exponent, 1.0) for work in (10, 20, 40, 80)]
    assert bench.growth(runs) == pytest.approx(exponent)


def test_a_table_says_whether_time_grows_faster_than_work(bench, capsys):
    linear = [bench.Run(f"{n} nodes", n, 1e-6 * n, 2.0, ("7",)) for n in (100, 200, 400)]
    assert bench.report("Chains", "nodes", linear, ["extra"])
    shown = capsys.readouterr().out
    assert "ns per node" in shown
    assert "1,000.00" in shown
    assert "no worse than linear" in shown
    square = [bench.Run("", n, 1e-9 * n**2, 2.0) for n in (100, 200, 400)]
    assert not bench.report("Squares", "nodes", square)
    assert "WORSE THAN LINEAR" in capsys.readouterr().out


def test_a_job_is_measured_in_a_process_of_its_own(bench):
    def job():
        def timed():
            block = bytearray(30_000_000)
            block[::4096] = b"x" * len(block[::4096])
            return (str(len(block)),)

        return timed

    run = bench.measure("block", 30, job, repeats=2)
    assert run.notes == ("30000000",)
    assert 25 < run.megabytes < 60
    assert 0 < run.seconds < 5


def test_every_edit_of_the_benchmark_finds_its_place(bench, tmp_path):
    place = bench.film_bench.Workplace(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for edit in bench.film_bench.EDITS.values():
        edit(place)
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert after != before
        before = after


def test_every_scene_of_the_course_can_be_given_one_more_word(bench, tmp_path):
    place = bench.film_bench.Workplace(tmp_path)
    course = load_course(tmp_path / "scenes")
    for lecture in course.lectures:
        for scene in lecture.scenes:
            bench.film_bench.lengthen(place, scene)
    words, more = (
        [
            sum(len(line.words) for line in scene.lines.values())
            for each in some.lectures
            for scene in each.scenes
        ]
        for some in (course, load_course(tmp_path / "scenes"))
    )
    assert more == [count + 1 for count in words]
