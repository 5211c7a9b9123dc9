"""Drawing on a Dask cluster: the same bytes as here, lost workers, other engines, and what is said when it cannot be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_course import Bench

from vcalc_anim.build.cluster import Cluster
from vcalc_anim.build.narrate import narrate
from vcalc_anim.build.parcel import Parcel, differences, draw, engine, pack
from vcalc_anim.build.plan import plan_lecture
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import QUALITIES
from vcalc_anim.errors import InputError, WorkError

DEATH = """
import os, signal, pathlib

class Sliding(LectureScene):
    def construct(self):
        self.open(Dot())
        attempt = pathlib.Path({flag!r})
        if {always} or not attempt.exists():
            attempt.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        with self.line("slide"):
            pass
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers as processes of their own, each with nothing but its own folder."""
    folder = tmp_path_factory.mktemp("cluster")
    address = folder / "scheduler.json"
    known = ["--scheduler-file", str(address)]

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "-m", "dask", *arguments, *known]
        with (folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)

    running = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    for number in range(2):
        own = folder / f"worker{number}"
        running.append(start("worker", "--nthreads", "1", "--no-dashboard", "--local-directory", str(own)))
    try:
        from distributed import Client

        with Client(scheduler_file=str(address), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            found = client.scheduler.address
        yield Cluster(found)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def parcel(bench: Bench, scene: int = 0) -> Parcel:
    project = Project(bench.root)
    lecture = project.course.lectures[0]
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache)
    return pack(plan_lecture(narrated, QUALITIES["draft"], "dark", project.scene_cache).scenes[scene].job)


@pytest.mark.render
def test_a_cluster_without_shared_files_gives_the_same_bytes(
    template: Bench, bench: Bench, cluster: Cluster
) -> None:
    assert bench.build(cluster=cluster).drawn == 3
    assert bench.files() == template.files()
    assert bench.drawn_scenes() == template.drawn_scenes()
    assert bench.parts() == []


@pytest.mark.render
def test_a_lost_worker_costs_only_its_scene(bench: Bench, cluster: Cluster, tmp_path: Path) -> None:
    text = bench.path("py").read_text(encoding="utf-8").split("class Sliding")[0]
    flag = tmp_path / "died"
    bench.path("py").write_text(text + DEATH.format(flag=str(flag), always=False), encoding="utf-8")
    assert bench.build(cluster=cluster).drawn == 3
    assert flag.exists()


@pytest.mark.render
def test_a_scene_that_ends_every_worker_is_named(bench: Bench, cluster: Cluster, tmp_path: Path) -> None:
    text = bench.path("py").read_text(encoding="utf-8").split("class Sliding")[0]
    bench.path("py").write_text(
        text + DEATH.format(flag=str(tmp_path / "died"), always=True), encoding="utf-8"
    )
    with pytest.raises(WorkError, match=r"ended several workers.*Sliding"):
        bench.build(cluster=cluster)
    assert bench.parts() == []


@pytest.mark.render
def test_a_fault_on_a_worker_is_told_at_the_place_of_the_sender(bench: Bench, cluster: Cluster) -> None:
    bench.edit("py", "2 * RIGHT", "2 * WRONG")
    with pytest.raises(WorkError, match=f"{bench.at('py', 'WRONG')}: scene Sliding fails: NameError"):
        bench.build(cluster=cluster)


def test_another_engine_draws_nothing(bench: Bench) -> None:
    other = replace(parcel(bench), engine={**engine(), "manim": "0.1"})
    with pytest.raises(InputError, match=r"this worker has manim [\d.]+ instead of 0\.1; set it up"):
        draw(other, lambda frames: None)
    assert differences({"numpy": "2"}, {}) == ["numpy missing instead of 2"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--scheduler", "nowhere"], "no Dask scheduler answers at nowhere"),
        (["--scheduler", "tcp://127.0.0.1:9"], "no Dask scheduler answers at tcp://127.0.0.1:9"),
        (["--scheduler", "tls://127.0.0.1:9"], "is encrypted and needs --tls-ca, --tls-cert, --tls-key too"),
        (
            ["--scheduler", "tcp://127.0.0.1:9", "--tls-key", "k"],
            "--tls-key is for addresses that begin with tls://",
        ),
        (["--tls-ca", "a.pem"], "go with --scheduler tls://HOST:PORT"),
        (
            ["--scheduler", "tls://h:1", "--tls-ca", "a", "--tls-cert", "b", "--tls-key", "c"],
            "--tls-ca a is not there",
        ),
    ],
)
def test_wrong_addresses_and_keys_are_told_in_a_sentence(
    bench: Bench,
    vcalc: Callable[..., tuple[int, str, str]],
    arguments: list[str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(bench.root)
    monkeypatch.setattr("vcalc_anim.build.cluster._CONNECTING", 0.5)
    code, _, said = vcalc("build", *arguments)
    assert code == 2, said
    assert told in said
    assert said.count("\n") == 1 + said.count("speaking"), said
    assert not bench.out.exists()
