"""The shell scripts on pretended machines: what they install, what they say, and that they do it once."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "cat", "cksum", "tr", "dirname", "mktemp", "tail", "rm", "mkdir", "chmod", "env")

PYTHON = """\
echo "python $*" >>"$LOG"
case "$*" in
*print*) echo python3.12 ;;
*version_info*) [ -z "$OLD_PYTHON" ] ;;
*Python.h*) [ -z "$NO_HEADERS" ] ;;
*ensurepip*) [ -z "$NO_VENV" ] ;;
"-m venv"*)
    rm -rf .venv
    mkdir -p .venv/bin
    cat "$0" >.venv/bin/python
    printf '#!/bin/sh\\necho "vcalc $*" >>"$LOG"\\n' >.venv/bin/vcalc
    chmod +x .venv/bin/python .venv/bin/vcalc ;;
*"pip install"*) [ -z "$NO_INDEX" ] ;;
esac
"""

STUBS = {
    "python3": PYTHON,
    "uname": 'echo "${SYSTEM:-Linux}"',
    "id": 'echo "${USER_ID:-0}"',
    "cc": "",
    "pkg-config": '[ -z "$NO_CAIRO" ]',
    "apt-get": 'echo "apt-get $*" >>"$LOG"; [ -z "$NO_APT" ] || { echo "E: no network"; exit 100; }',
    "sudo": '[ -z "$NO_SUDO" ] || exit 1; shift; echo "sudo $*" >>"$LOG"; "$@"',
    "brew": 'echo "brew $*" >>"$LOG"',
}


@dataclass
class Machine:
    """A project folder and a PATH of stubs; ``log`` holds what was called."""

    root: Path
    stubs: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [f"scripts/{script}", *arguments],
            cwd=self.root,
            env={"PATH": str(self.stubs), "LOG": str(self.log_file), **self.settings},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def log_file(self) -> Path:
        return self.stubs.parent / "log"

    def calls(self, *programs: str) -> list[str]:
        lines = self.log_file.read_text().splitlines() if self.log_file.exists() else []
        return [line for line in lines if line.split()[0] in programs]

    def pip_calls(self) -> list[str]:
        return [line for line in self.calls("python") if "pip install" in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root, stubs = tmp_path / "a project", tmp_path / "bin"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, root)
    stubs.mkdir()
    for name, body in STUBS.items():
        (stubs / name).write_text(f"#!/bin/sh\n{body}\n")
        (stubs / name).chmod(0o755)
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (stubs / name).symlink_to(found)
    return Machine(root, stubs)


def test_the_first_run_sets_up_and_builds_the_second_installs_nothing(machine: Machine) -> None:
    first = machine.run("build", "ch04", "--quality", "draft")
    assert first.returncode == 0, first.stderr
    assert machine.calls("vcalc") == ["vcalc build ch04 --quality draft"]
    (pip,) = machine.pip_calls()
    assert "--constraint constraints.txt" in pip and ".[run]" in pip
    before = machine.calls("python", "apt-get", "brew")
    second = machine.run("build")
    assert (second.returncode, second.stderr) == (0, "")
    assert machine.calls("python", "apt-get", "brew") == before
    assert machine.calls("vcalc")[-1] == "vcalc build"


def test_a_machine_with_everything_needs_no_package_manager(machine: Machine) -> None:
    machine.run("build")
    assert machine.calls("apt-get", "sudo", "brew") == []


@pytest.mark.parametrize(
    ("lacking", "packages"),
    [
        ("NO_CAIRO", "libcairo2-dev libpango1.0-dev"),
        ("NO_HEADERS", "python3.12-dev"),  # of the Python in use, which need not be the system's
        ("NO_VENV", "python3.12-venv"),
    ],
)
def test_what_is_missing_is_installed_by_apt(machine: Machine, lacking: str, packages: str) -> None:
    machine.settings[lacking] = "1"
    assert machine.run("build").returncode == 0
    assert machine.calls("apt-get") == [
        "apt-get update",
        f"apt-get install -y --no-install-recommends {packages}",
    ]


def test_a_user_with_sudo_installs_through_it_without_questions(machine: Machine) -> None:
    machine.settings |= {"NO_CAIRO": "1", "USER_ID": "1000"}
    assert machine.run("build").returncode == 0
    install = machine.calls("sudo")[-1]
    assert install.startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y")


def test_a_user_without_sudo_gets_the_exact_command(machine: Machine) -> None:
    machine.settings |= {"NO_CAIRO": "1", "USER_ID": "1000", "NO_SUDO": "1"}
    ended = machine.run("build")
    assert ended.returncode == 1
    command = "sudo apt-get update && sudo apt-get install -y libcairo2-dev libpango1.0-dev"
    assert ended.stderr.splitlines()[-1].strip() == command
    assert machine.calls("apt-get", "vcalc") == []


def test_a_failing_apt_is_told_with_its_reason(machine: Machine) -> None:
    machine.settings |= {"NO_CAIRO": "1", "NO_APT": "1"}
    ended = machine.run("build")
    assert ended.returncode == 1
    assert "E: no network" in ended.stderr and "run: apt-get update && apt-get install -y" in ended.stderr


def test_on_macos_brew_installs(machine: Machine) -> None:
    machine.settings |= {"SYSTEM": "Darwin", "NO_CAIRO": "1"}
    assert machine.run("build").returncode == 0
    assert machine.calls("brew", "apt-get") == ["brew install cairo pango"]


def test_another_system_is_refused_before_anything_is_made(machine: Machine) -> None:
    machine.settings["SYSTEM"] = "Plan9"
    ended = machine.run("build")
    assert ended.returncode == 1
    assert ended.stderr == "setup: this system is not supported: Plan9 (Debian, Ubuntu or macOS expected)\n"
    assert not (machine.root / ".venv").exists()


def test_without_a_new_enough_python_the_way_to_point_to_one_is_told(machine: Machine) -> None:
    machine.settings["OLD_PYTHON"] = "1"
    ended = machine.run("build")
    assert ended.returncode == 1
    assert "no Python 3.11 or newer found" in ended.stderr and "PYTHON=/path/to/python3" in ended.stderr


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    machine.settings["NO_INDEX"] = "1"
    ended = machine.run("build")
    assert ended.returncode == 1 and "pip could not install the packages" in ended.stderr
    machine.settings.clear()
    assert machine.run("build").returncode == 0
    assert len(machine.pip_calls()) == 2


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_dependencies_are_installed(machine: Machine, name: str) -> None:
    machine.run("build")
    with (machine.root / name).open("a") as file:
        file.write("# another\n")
    machine.run("build")
    assert len(machine.pip_calls()) == 2


def test_a_moved_project_is_set_up_again(machine: Machine) -> None:
    """The scripts in .venv/bin begin with the path of the folder they were made in."""
    machine.run("build")
    machine.root = machine.root.rename(machine.root.parent / "moved")
    machine.run("build")
    assert len(machine.pip_calls()) == 2


def test_a_broken_environment_is_made_anew(machine: Machine) -> None:
    (machine.root / ".venv" / "bin").mkdir(parents=True)
    (machine.root / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    assert machine.run("build").returncode == 0
    assert any("-m venv --clear .venv" in line for line in machine.calls("python"))


def test_what_the_tests_installed_is_enough_to_build(machine: Machine) -> None:
    assert machine.run("test", "tests/core").returncode == 0
    assert machine.calls("python")[-1] == "python -m pytest tests/core"
    before = machine.calls("python")
    assert machine.run("build").returncode == 0
    assert machine.calls("python") == before
    assert ".[test]" in machine.pip_calls()[0]


def test_an_extra_more_is_installed_though_the_others_are_there(machine: Machine) -> None:
    machine.run("test", "tests/core")
    machine.run("test", "--frameworks")
    assert ".[test,frameworks]" in machine.pip_calls()[-1]
    machine.run("test", "tests/core")
    machine.run("build")
    assert len(machine.pip_calls()) == 2


def test_the_scripts_work_from_any_folder(machine: Machine) -> None:
    ended = subprocess.run(
        [str(machine.root / "scripts" / "build"), "4"],
        cwd="/",
        env={"PATH": str(machine.stubs), "LOG": str(machine.log_file), "CDPATH": "/usr"},
        check=False,
    )
    assert ended.returncode == 0
    assert machine.calls("vcalc") == ["vcalc build 4"]


@pytest.mark.parametrize("script", ["build", "test", "facts", "setup.sh"])
def test_a_script_is_plain_shell(script: str) -> None:
    path = ROOT / "scripts" / script
    assert subprocess.run(["sh", "-n", str(path)], check=False).returncode == 0
    if script != "setup.sh":
        assert path.stat().st_mode & 0o111, "is not executable"
