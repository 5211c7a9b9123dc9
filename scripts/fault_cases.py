"""What scripts/faults does to a build, and what has to be true afterwards."""

from __future__ import annotations

import hashlib
import json
import math
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from fault_course import CHOREOGRAPHY, HALFWAY, TITLES
from workplace import Workplace, session

BUILD = ("build", "--quality", "draft", "--no-check", "--jobs", "2")
PAGE = os.sysconf("SC_PAGE_SIZE")  # what tmpfs counts in
_DIGEST = hashlib.sha256().digest_size
_PATIENCE = 10.0  # seconds for the processes of a build to end after it
_TOO_LONG = 300.0  # seconds after which a build counts as hanging
_GLANCE = 0.002  # seconds between two looks at what a build has written
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Ended:
    """A build that has ended: its exit code (minus the signal that ended it), what it told, what it left running."""

    code: int
    told: str
    left_running: int = 0


@dataclass(frozen=True)
class Expected:
    """What a build must do: its exit *code*, and words, in any case, that its one message or its warning must hold."""

    code: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of the table: *what* was done, what was *seen*, everything that was *wrong*; *ran* unless impossible here."""

    what: str
    seen: str
    wrong: tuple[str, ...] = ()
    ran: bool = True

    @property
    def verdict(self) -> str:
        return "NOT RUN" if not self.ran else "WRONG" if self.wrong else "ok"


# -- looking ------------------------------------------------------------------------------------------------------


def messages(told: str) -> list[str]:
    """The lines in which vcalc says what is wrong."""
    return [line.removeprefix("vcalc: ") for line in told.splitlines() if line.startswith("vcalc: ")]


#: What Python itself says in a process that it was just starting when the one that started it was killed.
_UNBORN = re.compile(
    r"Traceback \(most recent call last\):\n(?:[ ].*\n)*?.*/multiprocessing/spawn\.py(?:.*\n)(?:[ ].*\n)*EOFError: .*\n?"
)


def tracebacks(told: str) -> list[str]:
    """The last line of each traceback in *told*, that of a process which Python had not quite started apart."""
    ends = []
    inside = False
    for line in _UNBORN.sub("", told).splitlines():
        if inside and not line.startswith(" "):
            ends.append(line)
        inside = line.startswith("Traceback") or (inside and line.startswith(" "))
    return ends


def wrong_in_end(ended: Ended, expected: Expected) -> list[str]:
    """What *ended* did otherwise than *expected*: code, one message without a traceback, its words, processes left."""
    wrong = []
    if ended.code != expected.code:
        wrong.append(f"exit code {ended.code} instead of {expected.code}")
    wrong += [f"a traceback is shown: {line}" for line in tracebacks(ended.told)]
    if ended.left_running:
        wrong.append(f"{ended.left_running} processes left running")
    said = messages(ended.told)
    if len(said) != (1 if expected.code > 0 else 0):
        wrong.append(f"{len(said)} messages")
    place = " ".join(said) if expected.code > 0 else ended.told
    wrong += [f"not a word of {word!r}" for word in expected.words if word.lower() not in place.lower()]
    return wrong


def wrong_in_films(folder: Path) -> list[str]:
    """The MP4 files in *folder* and below, half-written ones apart, that do not play to their end."""
    films = sorted(path for path in folder.rglob("*.mp4") if ".part" not in path.name)
    return [f"{film.name} {reason}" for film in films if (reason := _unplayable(film))]


def _unplayable(film: Path) -> str:
    import av

    try:
        with av.open(str(film)) as container:
            promised = container.streams.video[0].frames
            shown = sum(1 for _ in container.decode(video=0))
        with av.open(str(film)) as container:
            heard = (
                sum(frame.samples for frame in container.decode(audio=0)) if container.streams.audio else None
            )
    except (OSError, ValueError, IndexError) as error:
        return f"cannot be played: {error}"
    if shown != promised or shown == 0:
        return f"shows {shown} of {promised} frames"
    return "is silent" if heard == 0 else ""


def wrong_in_cache(cache: Path) -> list[str]:
    """The entries of *cache* that are not whole: what a killed build may leave half-written has another name."""
    wrong = wrong_in_films(cache)
    for video in sorted((cache / "scenes").glob("[!.]*.mp4")):
        record = video.with_suffix(".json")
        try:
            digest = json.loads(record.read_text(encoding="utf-8"))["sha256"]
        except (OSError, ValueError, KeyError):
            wrong.append(f"{record.name} is missing or broken")
            continue
        if digest != hashlib.sha256(video.read_bytes()).hexdigest():
            wrong.append(f"{video.name} is not what its record says")
    for entry in sorted(cache.rglob("*.speech")):
        data = entry.read_bytes()
        if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            wrong.append(f"{entry.name} is not whole")
    return wrong


def parts(folder: Path) -> list[Path]:
    """Whatever is half-written in *folder* and below."""
    return sorted(path for path in folder.rglob("*") if ".part" in path.name or "probe" in path.name)


def contents(folder: Path) -> dict[str, str]:
    """The digest of every file in *folder* and below, by its name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differences(found: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """How the files *found* differ from those *wanted*, in words."""
    return [
        f"{name} {'is missing' if name not in found else 'is too much' if name not in wanted else 'differs'}"
        for name in sorted(found.keys() | wanted.keys())
        if found.get(name) != wanted.get(name)
    ]


# -- the bed ------------------------------------------------------------------------------------------------------


@dataclass
class Bed:
    """The small course, built once without disturbance; *wanted* are its files, *lasts* the seconds of each phase."""

    place: Workplace
    wanted: dict[str, str] = field(default_factory=dict)
    lasts: dict[str, float] = field(default_factory=dict)

    @property
    def dist(self) -> Path:
        return self.place.folder / "dist"

    @property
    def cache(self) -> Path:
        return self.place.folder / ".vcalc"

    @property
    def scenes(self) -> Path:
        return self.cache / "scenes"

    @property
    def _kept(self) -> Path:
        return self.place.folder / "undisturbed"

    def prepare(self) -> None:
        """The undisturbed build, with which all others are compared. SystemExit when it fails."""
        began: dict[str, float] = {}

        def note(process: subprocess.Popen[bytes]) -> None:
            phase = "starting"
            began[phase] = time.monotonic()
            while process.poll() is None:
                if (now := self.phase()) != phase:
                    phase = now
                    began[phase] = time.monotonic()
                time.sleep(_GLANCE)
            began["end"] = time.monotonic()

        ended = self.build(note)
        if ended.code or set(began) != {*PHASES, "end"}:
            raise SystemExit(f"faults: the undisturbed build failed or was too fast to follow:\n{ended.told}")
        self.lasts = {name: after - before for (name, before), (_, after) in pairwise(began.items())}
        self.wanted = self.files()
        shutil.copytree(self.cache, self._kept / ".vcalc")
        shutil.copytree(self.dist, self._kept / "dist")

    def restore(self, *names: str) -> None:
        """As after the undisturbed build, of which only *names* are there: parts of ``.vcalc``, or ``dist``."""
        self.place.forget()
        for name in names:
            shutil.copytree(self._kept / name, self.place.folder / name)

    def files(self) -> dict[str, str]:
        """The digests of all results, of all drawn scenes and of all speech."""
        return {
            f"{folder.name}/{name}": digest
            for folder in (self.dist, self.scenes, self.cache / "speech")
            for name, digest in contents(folder).items()
        }

    def phase(self) -> str:
        """What the running build is doing, as far as its files tell."""
        if not (spoken := _found(self.cache / "speech", "*/*.speech")):
            return "starting"
        if len(spoken) < _LINES:
            return "speaking"
        if len(drawn := _found(self.scenes, "[!.]*.mp4")) == len(TITLES):
            return "assembling"
        return "drawing" if drawn or _found(self.scenes, ".*.part*") else "beginning to draw"

    def build(self, disturb: Callable[[subprocess.Popen[bytes]], None] = lambda process: None) -> Ended:
        """``vcalc build``, with *disturb* called as soon as it runs; what of it still runs is ended."""
        with tempfile.TemporaryFile() as log:
            process = self.place.start(log, *BUILD)
            try:
                disturb(process)
                process.wait(_TOO_LONG)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end = time.monotonic() + _PATIENCE
            while (left := session(process.pid)) and time.monotonic() < end:
                time.sleep(0.05)
            for member in left:
                os.kill(member.pid, signal.SIGKILL)
            log.seek(0)
            told = log.read().decode(errors="replace")
        return Ended(process.returncode, told.replace(f"{self.place.folder}/", ""), len(left))

    def wrong_in_files(self) -> list[str]:
        """What of the results and of the cache is broken, half-written files apart."""
        return wrong_in_films(self.dist) + wrong_in_cache(self.cache)

    def wrong_after_next(self, expected: Expected = Expected()) -> tuple[Ended, list[str]]:
        """Build once more: what is wrong with that, its files being other than without disturbance included."""
        ended = self.build()
        wrong = wrong_in_end(ended, expected) + self.wrong_in_files()
        wrong += [f"{path.relative_to(self.place.folder)} stays behind" for path in parts(self.place.folder)]
        wrong += [f"tmp/{path.name} stays behind" for path in (self.place.folder / "tmp").iterdir()]
        return ended, wrong + differences(self.files(), self.wanted)


def _found(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except FileNotFoundError:  # it was made for a try, and removed meanwhile
        return []


_LINES = 6  # spoken lines of the course
PHASES = ("starting", "speaking", "beginning to draw", "drawing", "assembling")


# -- killed builds ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """When to kill: *share* of the length of *phase* after it has begun."""

    phase: str
    share: float


def moments(seed: int, rounds: int) -> list[list[Moment]]:
    """*rounds* of four moments, one in each phase that has files; in each phase spread evenly, but at random."""
    chance = random.Random(seed)
    columns = []
    for phase in PHASES[1:]:
        shares = [(n + chance.random()) / rounds for n in range(rounds)]
        chance.shuffle(shares)
        columns.append([Moment(phase, share) for share in shares])
    return [list(row) for row in zip(*columns, strict=True)]


def killed_builds(bed: Bed, seed: int, rounds: int) -> Iterator[Row]:
    """``kill -9`` of the main process: each round from nothing, each build goes on where the one before was killed."""
    for number, round_of in enumerate(moments(seed, rounds), 1):
        bed.restore()
        wrong: list[str] = []
        seen = []
        for moment in round_of:
            while True:
                ended = bed.build(lambda process, moment=moment: _kill(bed, process, moment))  # type: ignore[misc]
                if ended.code != 0:
                    break
                moment = Moment(
                    moment.phase, 0.7 * moment.share
                )  # it was faster this time: once more, and sooner
                shutil.rmtree(bed.dist)
            seen.append(f"{moment.phase} {100 * moment.share:.0f} %")
            wrong += wrong_in_end(ended, Expected(KILLED)) + bed.wrong_in_files()
        wrong += bed.wrong_after_next()[1]
        what = f"main process killed, round {number}: {', '.join(seen)}"
        yield Row(
            what, "each run went on; then the same files as undisturbed" if not wrong else "", tuple(wrong)
        )


def _kill(bed: Bed, process: subprocess.Popen[bytes], moment: Moment) -> None:
    """Kill *process* at *moment*; at the end of that phase when it is shorter this time."""
    later = PHASES[PHASES.index(moment.phase) + 1 :]
    while process.poll() is None and bed.phase() not in (moment.phase, *later):
        time.sleep(_GLANCE)
    end = time.monotonic() + moment.share * bed.lasts[moment.phase]
    while process.poll() is None and bed.phase() not in later and time.monotonic() < end:
        time.sleep(_GLANCE)
    process.kill()


def killed_workers(bed: Bed) -> Iterator[Row]:
    """``kill -9`` of one worker while it writes a scene, which the message names; and while it writes a film."""
    for what, there, folder in (
        ("draws", (".vcalc/speech",), bed.scenes),
        ("assembles", (".vcalc/speech", ".vcalc/scenes"), bed.dist / "lectures"),
    ):
        bed.restore(*there)
        victims: list[str] = []

        def kill(
            process: subprocess.Popen[bytes], folder: Path = folder, victims: list[str] = victims
        ) -> None:
            victims.append(_kill_writer(folder, process))

        ended = bed.build(kill)
        words = (*victims, "--jobs") if folder == bed.scenes else ("--jobs",)
        yield _failed(bed, f"one worker killed while it {what}", ended, words)


def writer(part: Path) -> tuple[str, int] | None:
    """What the half-written video *part* begins with, the scene's name in the cache, and the process that writes it."""
    found = re.fullmatch(r"\.(\w+)-.*\.\w+-(\d+)\.part\.mp4", part.name)
    return (found[1], int(found[2])) if found else None


def _kill_writer(folder: Path, process: subprocess.Popen[bytes]) -> str:
    """Kill the first process that writes a video in *folder*; what the video's name begins with."""
    while process.poll() is None:
        for part in _found(folder, ".*.part.mp4"):
            if found := writer(part):
                os.kill(found[1], signal.SIGKILL)
                return found[0]
        time.sleep(_GLANCE)
    return "nothing was written"


def _failed(
    bed: Bed, what: str, ended: Ended, words: Sequence[str], mend: Callable[[], None] = lambda: None
) -> Row:
    """The row of a build that had to fail with *words*: nothing broken stays; after the *mend* all is as undisturbed."""
    wrong = wrong_in_end(ended, Expected(1, tuple(words))) + bed.wrong_in_files()
    wrong += [f"{path.relative_to(bed.place.folder)} is left" for path in parts(bed.place.folder)]
    mend()
    wrong += bed.wrong_after_next()[1]
    return Row(what, "; ".join(messages(ended.told)) or ended.told.strip(), tuple(wrong))


# -- full disks ---------------------------------------------------------------------------------------------------


def pages(size: float) -> int:
    """*size* bytes as tmpfs counts them: whole pages, at least one."""
    return max(1, math.ceil(size / PAGE)) * PAGE


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """*folder* as a disk of *size* bytes while the block runs. PermissionError where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise PermissionError("there is no mount") from error
    if done.returncode:
        raise PermissionError(done.stderr.strip())
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


#: What is full, what is there before, and how large the disk is: shares of what will be written.
FULL = {
    "dist": ((".vcalc/speech", ".vcalc/scenes"), (0.0, 0.3, 0.6, 0.9, 1.0)),
    ".vcalc/scenes": ((".vcalc/speech",), (0.0, 0.4, 0.8)),
    ".vcalc/speech": ((), (0.4,)),
}


def full_disks(bed: Bed) -> Iterator[Row]:
    """Disks that are too small for the results, for the scenes, for the speech."""
    for name, (there, shares) in FULL.items():
        total = sum(pages(path.stat().st_size) for path in (bed._kept / name).rglob("*") if path.is_file())
        for share in shares:
            size = pages(share * total)
            what = f"{name} on a disk of {size // 1024} KiB, {total // 1024} needed"
            bed.restore(*there)
            folder = bed.place.folder / name
            try:
                with small_disk(folder, size):
                    ended = bed.build()
                    wrong = tuple(bed.wrong_in_files() + [f"{path.name} is left" for path in parts(folder)])
            except PermissionError as error:
                yield Row(what, f"mounting is not permitted ({error})", ran=False)
                continue
            row = _failed(
                bed,
                what,
                ended,
                (
                    "No space left on device",
                    "space there" if name != ".vcalc/speech" else "space and permissions",
                ),
            )
            yield Row(row.what, row.seen, wrong + row.wrong)


# -- damage -------------------------------------------------------------------------------------------------------


def flip(path: Path) -> None:
    """Change one byte in the middle of the file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    """Leave the first half of the file."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


#: What is damaged, how, what is there before, and what the warning must name.
DAMAGE: tuple[tuple[str, str, Callable[[Path], None], tuple[str, ...], tuple[str, ...]], ...] = (
    ("scene video altered", ".vcalc/scenes/turning-*.mp4", flip, (".vcalc",), ("Turning", "drawn again")),
    ("scene video cut off", ".vcalc/scenes/turning-*.mp4", cut, (".vcalc",), ("Turning", "drawn again")),
    ("record of marks altered", ".vcalc/scenes/walking-*.json", flip, (".vcalc",), ("Walking", "drawn again")),
    ("record of marks cut off", ".vcalc/scenes/walking-*.json", cut, (".vcalc",), ("Walking", "drawn again")),
    ("speech altered", ".vcalc/speech/*/*.speech", flip, (".vcalc", "dist"), ("speech", "again")),
    ("speech cut off", ".vcalc/speech/*/*.speech", cut, (".vcalc", "dist"), ("speech", "again")),
    ("film cut off", "dist/lectures/ch01-first.mp4", cut, (".vcalc", "dist"), ("ch01-first.mp4 written",)),
    ("manifest cut off", "dist/manifest.json", cut, (".vcalc", "dist"), ("written",)),
)  # fmt: skip


def damaged_files(bed: Bed) -> Iterator[Row]:
    """Files that were altered or cut off since: told in a line, and made again."""
    for what, pattern, damage, there, words in DAMAGE:
        bed.restore(*there)
        path = min(bed.place.folder.glob(pattern))
        damage(path)
        ended, wrong = bed.wrong_after_next(Expected(0, words))
        warned = [line for line in ended.told.splitlines() if " again" in line or path.name in line]
        yield Row(what, "; ".join(warned), tuple(wrong))


# -- faulty scenes ------------------------------------------------------------------------------------------------

_INDENT = "\n            "
_MEMORY = """\
import resource
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000,) * 2)
hoard = []
while True:
    hoard.append(bytearray(1_000_000))""".replace("\n", _INDENT)

#: What the scene called Turning does half way, and what the message must hold.
SCENES = {
    "scene raises ZeroDivisionError": ("1 / 0", ("Turning", "ch01_first.py:12", "ZeroDivisionError")),
    "scene takes memory until Python has no more": (
        _MEMORY,
        ("Turning", "ch01_first.py", "memory", "--jobs"),
    ),
    "scene is killed, as by a kernel without memory": (
        f"import os, signal{_INDENT}os.kill(os.getpid(), signal.SIGKILL)",
        ("Turning", "memory", "--jobs"),
    ),
}


def faulty_scenes(bed: Bed) -> Iterator[Row]:
    """Scenes that fail while they are drawn: named, and drawn when they are mended."""
    for what, (statement, words) in SCENES.items():
        bed.restore(".vcalc/speech")
        bed.place.edit(CHOREOGRAPHY, HALFWAY, statement)
        ended = bed.build()
        yield _failed(
            bed,
            what,
            ended,
            words,
            lambda statement=statement: bed.place.edit(CHOREOGRAPHY, statement, HALFWAY),  # type: ignore[misc]
        )


# -- the table ----------------------------------------------------------------------------------------------------


def shown(row: Row) -> str:
    """*row* for the terminal: what was done and seen, and below it whatever was wrong."""
    head = f"{row.verdict:8}{row.what}\n        {row.seen}"
    return head + "".join(f"\n        WRONG: {wrong}" for wrong in row.wrong)


def summary(rows: Sequence[Row]) -> str:
    """How many went well, wrong and not at all."""
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in ("ok", "WRONG", "NOT RUN")}
    return f"{len(rows)} cases: {count['ok']} ok, {count['WRONG']} wrong, {count['NOT RUN']} not run"
