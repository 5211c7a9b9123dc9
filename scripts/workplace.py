"""A copy of the package and the course to work in, and the processes that commands start there.

Shared by scripts/bench, which measures what commands cost, and scripts/faults, which disturbs them. Here is also how
these scripts find the project's Python.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
_GLANCE = 0.05  # seconds between two looks at the memory of all processes


def use_venv(script: str) -> None:
    """Continue *script* in the project's own environment, whatever interpreter the shell found."""
    python = ROOT / ".venv" / "bin" / "python"
    if Path(sys.prefix) != ROOT / ".venv":
        if not python.exists():
            raise SystemExit(f"{Path(script).name}: there is no .venv yet; run ./scripts/build first")
        os.execv(python, [str(python), script, *sys.argv[1:]])


@dataclass
class Cost:
    """What one command took: seconds of the clock, seconds of processors, the largest process and all together in MB."""

    wall: float
    cpu: float
    largest: float
    together: float


class Workplace:
    """A copy of the package and the course, in a folder that is gone afterwards.

    *scenes*: the texts of another course by name of file, instead of a copy of the course.
    """

    def __init__(self, folder: Path, scenes: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "vcalc_anim", folder / "vcalc_anim", ignore=ignore)
        if scenes is None:
            shutil.copytree(ROOT / "scenes", folder / "scenes", ignore=ignore)
            return
        (folder / "scenes").mkdir()
        for name, text in scenes.items():
            (folder / "scenes" / name).write_text(text, encoding="utf-8")

    def run(self, *command: str) -> Cost:
        """A command in this folder with this copy of the package. SystemExit with its last words when it fails."""
        return measured(list(command), self.folder, self._environment())

    def vcalc(self, *arguments: str) -> Cost:
        return self.run(*self._vcalc(), *arguments)

    def start(self, log: IO[bytes], *arguments: str) -> subprocess.Popen[bytes]:
        """``vcalc ARGUMENTS`` in a session of its own, everything that it tells in *log*; its temporary files here too."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return subprocess.Popen(
            [*self._vcalc(), *arguments],
            cwd=self.folder,
            env={**self._environment(), "TMPDIR": str(temporary)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def forget(self) -> None:
        """As if nothing had ever been built here."""
        for name in (".vcalc", "dist", "media", "reference"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first *old* in the file *name*."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{Path(sys.argv[0]).name}: {name} no longer holds {old!r}; change the script")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONWARNINGS": "ignore"}

    def _vcalc(self) -> list[str]:
        return [sys.executable, "-c", "from vcalc_anim.cli import main; main()"]


@contextmanager
def workplace(scenes: Mapping[str, str] | None = None) -> Iterator[Workplace]:
    """A workplace in a temporary folder, as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="vcalc-work-") as folder:
        yield Workplace(Path(folder), scenes)


def measured(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run *command* and measure it with all the processes that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        largest = together = 0.0
        while True:
            sizes = [member.megabytes for member in session(process.pid)]
            largest, together = max([largest, *sizes]), max(together, sum(sizes))
            try:
                process.wait(_GLANCE)
                break
            except subprocess.TimeoutExpired:
                continue
        wall = time.perf_counter() - start
        if process.returncode:
            log.seek(0)
            words = log.read().decode(errors="replace").strip().splitlines()[-3:]
            name = Path(sys.argv[0]).name
            raise SystemExit(f"{name}: {' '.join(command[-4:])} failed: " + " ".join(words))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, largest, together)


@dataclass(frozen=True)
class Member:
    """A living process of a session: its number and its resident memory."""

    pid: int
    megabytes: float


def session(leader: int) -> list[Member]:
    """Every living process of the session that *leader* began; nothing where the system does not tell."""
    members = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue  # it has ended
        if int(fields[3]) == leader and fields[0] != "Z":
            size = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
            members.append(Member(int(status.parent.name), size))
    return members
