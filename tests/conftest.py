"""The tiny course, built once and copied for every test that changes something, and the command line."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tiny_course import Bench, write_project

# A busy machine says nothing about the strategies.
settings.register_profile("vcalc", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("vcalc")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The tiny course, not built yet, as the working folder."""
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path / "project")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """``shared("name", make)``: a folder that *make* fills once for the tests of all worker processes."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        root, done = base / name, base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(root, ignore_errors=True)
                make(root)
                done.touch()
        return root

    return folder


@pytest.fixture(scope="session")
def template(shared: Callable[[str, Callable[[Path], object]], Path]) -> Bench:
    """The tiny course, built; shared, so only to be looked at."""
    return Bench(shared("template", lambda root: write_project(root).build()))


@pytest.fixture
def built(template: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A copy of the built tiny course, as the working folder."""
    shutil.copytree(template.root, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return Bench(tmp_path / "project")


@pytest.fixture
def vcalc(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """``vcalc("list", "--json")`` → exit code, standard output, standard error."""
    from vcalc_anim.cli import main

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vcalc", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return (code if isinstance(code, int) else 0 if code is None else 1), told.out, told.err

    return run
