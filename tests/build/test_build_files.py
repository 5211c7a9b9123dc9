"""Files that appear whole or not at all, and what killed processes leave behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vcalc_anim.build import files
from vcalc_anim.build.files import (
    check_suffix,
    ensure_writable,
    fingerprint,
    remove_stale_parts,
    replacing,
    sha256_file,
)
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.errors import InputError, WorkError


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_file_appears_when_its_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "new" / "film.mp4"
    with replacing(path) as target:
        target.write_bytes(b"whole")
        assert target.suffix == ".mp4"
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert names(path.parent) == ["film.mp4"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_the_old_file_stays_when_its_block_fails(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")
    with pytest.raises(error), replacing(path) as target:
        target.write_bytes(b"ha")
        raise error
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["film.mp4"]


@pytest.mark.parametrize("place", ["plain-file/dist", "plain-file/dist/deeper", "/proc/vcalc/dist"])
def test_a_folder_that_cannot_be_written_is_named_with_its_mend(tmp_path: Path, place: str) -> None:
    (tmp_path / "plain-file").write_bytes(b"")
    folder = tmp_path / place
    with pytest.raises(WorkError, match="choose another folder with --out") as found:
        ensure_writable(folder)
    assert str(folder) in str(found.value)
    with pytest.raises(WorkError, match="cannot write"), replacing(folder / "a.txt") as target:
        target.write_text("a")


def test_trying_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    ensure_writable(tmp_path / "there")
    ensure_writable(tmp_path / "not" / "yet" / "there")
    assert names(tmp_path) == ["there"]


def test_parts_of_dead_processes_are_removed_and_those_of_living_ones_kept(
    tmp_path: Path, dead_pid: int
) -> None:
    (tmp_path / "deep").mkdir()
    for name in (
        f".film.{files._HOST}-{dead_pid}.part.mp4",
        f"deep/.compass-0f.{files._HOST}-{dead_pid}.part.json",
        f".living.{files._HOST}-{os.getppid()}.part.mp4",
        f".far.elsewhere-{dead_pid}.part.mp4",
        f".old.elsewhere-{dead_pid}.part.mp4",
        "film.mp4",
        ".a.part.of.mine",
    ):
        (tmp_path / name).write_bytes(b"")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / f".old.elsewhere-{dead_pid}.part.mp4", (long_ago, long_ago))
    remove_stale_parts(tmp_path)
    assert names(tmp_path) == [
        ".a.part.of.mine",
        f".far.elsewhere-{dead_pid}.part.mp4",
        f".living.{files._HOST}-{os.getppid()}.part.mp4",
        "deep",
        "film.mp4",
    ]


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="this system does not tell of ended processes"
)
def test_a_part_of_a_process_that_has_ended_goes_though_its_parent_did_not_ask_for_it(tmp_path: Path) -> None:
    """A build was killed in a container: its workers ended, but kept their numbers, and their parts stayed for ever."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    (tmp_path / f".film.{files._HOST}-{ended.pid}.part.mp4").write_bytes(b"")
    remove_stale_parts(tmp_path)
    ended.wait()
    assert names(tmp_path) == []


def test_a_part_is_nobodys_after_a_day_though_a_process_has_its_number_by_now(tmp_path: Path) -> None:
    part = tmp_path / f".film.{files._HOST}-{os.getppid()}.part.mp4"
    part.write_bytes(b"")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(part, (long_ago, long_ago))
    remove_stale_parts(tmp_path)
    assert names(tmp_path) == []


def test_the_cache_is_not_moved_by_an_option(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    told = str(files.cannot_write(tmp_path / ".vcalc" / "scenes" / "compass-0f.mp4", full))
    assert "compass-0f.mp4: No space left on device; free space there (vcalc cache prune " in told
    assert "--out" not in told and "--out" in str(files.cannot_write(tmp_path / "dist" / "a.mp4", full))


def test_a_part_is_recognized_as_what_replacing_writes(tmp_path: Path, dead_pid: int) -> None:
    """The two must not drift apart: a real part of a killed process goes."""
    script = (
        "import os, signal, sys; from pathlib import Path; from vcalc_anim.build.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as target:\n"
        "    target.write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    for name in ("film.mp4", "film.en.srt", "noname"):
        subprocess.run([sys.executable, "-c", script, str(tmp_path / name)], check=False)
    assert len(names(tmp_path)) == 3
    remove_stale_parts(tmp_path)
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_has_no_parts(tmp_path: Path) -> None:
    remove_stale_parts(tmp_path / "absent")


def test_a_picture_needs_the_name_of_a_picture(tmp_path: Path) -> None:
    check_suffix(Path("a.PNG"), ".png")
    with pytest.raises(InputError, match=r"a\.film cannot be written: its name has to end in \.png or \.jpg"):
        check_suffix(Path("a.film"), ".png", ".jpg")


def test_fingerprints_depend_on_values_alone() -> None:
    assert fingerprint({"a": 1, "b": [1.5, "é"]}) == fingerprint({"b": [1.5, "é"], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert fingerprint(["ab"]) != fingerprint(["a", "b"])


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_file(tmp_path / "a").startswith("ba7816bf8f01cfea414140de5dae2223")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": 3}', '{"files": [{"path": "a"}]}', '{"files": [[]]}', "\xff"]
)
def test_a_damaged_manifest_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="latin-1")
    assert Manifest(tmp_path).entries == {}


def test_a_manifest_forgets_files_that_are_gone(tmp_path: Path) -> None:
    for name in ("a.srt", "b.srt"):
        (tmp_path / name).write_text(name)
    manifest = Manifest(tmp_path)
    manifest.add(tmp_path / "a.srt", "captions", "ch04", "key")
    manifest.add(tmp_path / "b.srt", "captions", "ch04", "key")
    (tmp_path / "a.srt").unlink()
    manifest.save()
    assert list(Manifest(tmp_path).entries) == ["b.srt"]


def test_a_file_is_current_only_with_its_inputs_and_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("one")
    manifest = Manifest(tmp_path)
    assert not manifest.is_current(path, "key")
    manifest.add(path, "captions", "ch04", "key")
    assert manifest.is_current(path, "key")
    assert not manifest.is_current(path, "another key")
    path.write_text("two")  # as long as before
    assert not manifest.is_current(path, "key")
    path.unlink()
    assert not manifest.is_current(path, "key")
