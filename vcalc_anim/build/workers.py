"""Drawing on all cores: a pool of processes, one job a scene, progress in frames."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Generic, Self, TypeAlias, TypeVar

from vcalc_anim.build.plan import PlannedScene, by_length, coding_key
from vcalc_anim.build.worker import begin, draw
from vcalc_anim.errors import InputError, Problem, WorkError

# Where it is safe, workers are forked from a server that has imported everything before: Manim's second and more of
# imports is then paid once. Nothing is started by these imports, so nothing is lost by forking.
_IS_SERVED = sys.platform == "linux"
_CONTEXT: BaseContext = multiprocessing.get_context("forkserver" if _IS_SERVED else "spawn")
_IMPORTED = ("__main__", "vcalc_anim.build.worker")
_IMPORTED_TO_DRAW = (*_IMPORTED, "vcalc_anim.stage.lecture_scene", "vcalc_anim.stage.renderer")
_PATIENCE = 5.0  # seconds for a worker to end before it is killed
_GLANCE = 0.25  # seconds between two looks at what workers tell

_users = 0  # pools that the server works for

T = TypeVar("T")
Told: TypeAlias = tuple[str, int]
"""A scene, and how many of its frames were finished since it was last told of."""


def draw_scenes(
    scenes: Sequence[PlannedScene],
    jobs: int,
    report: Callable[[int], None],
    finished: Callable[[PlannedScene], None],
    keep_going: bool = False,
    drawers: Drawers | None = None,
) -> list[Problem]:
    """Draw all *scenes* into the cache with *jobs* processes; longest first.

    *drawers* may have begun some of them; without, they work for these scenes alone.

    *report* gets numbers of finished frames, *finished* each scene whose video is in the cache. The
    first failure ends the work unless *keep_going*; then the problems are returned. Interrupting
    loses only the scenes in flight, and no process is left when this returns or raises.
    """
    with Drawers(jobs) if drawers is None else nullcontext(drawers) as drawing:
        return drawing.draw(scenes, report, finished, keep_going)


class Drawers:
    """*jobs* processes that draw scenes: some can be begun before all are known.

    Use as a context manager; no process is left behind it.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._told = _CONTEXT.Queue()
        self._stack = ExitStack()
        self._executor: ProcessPoolExecutor | None = None
        self._begun: dict[Path, Future[None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def prepare(self) -> None:
        """Import Manim in the background: there will be something to draw."""
        self._pool()
        if _IS_SERVED:
            with interrupts_held_back():
                forkserver.ensure_running()

    def begin(self, scene: PlannedScene) -> None:
        """Draw *scene* as soon as a process is free."""
        if scene.video not in self._begun:
            with interrupts_held_back():
                self._begun[scene.video] = self._pool().submit(
                    draw, scene.job, scene.video, coding_key(scene.job)
                )

    def has_begun(self, scene: PlannedScene) -> bool:
        """Whether *scene* was begun, and perhaps finished too."""
        return scene.video in self._begun

    def draw(
        self,
        scenes: Sequence[PlannedScene],
        report: Callable[[int], None],
        finished: Callable[[PlannedScene], None],
        keep_going: bool,
    ) -> list[Problem]:
        """Draw *scenes*, as :func:`draw_scenes`."""
        for scene in by_length(scenes):
            self.begin(scene)
        futures = {self._begun[scene.video]: scene for scene in scenes}
        gathering = Gathering(futures, self._told.get_nowait, report, keep_going)
        for scene, _ in gathering:
            finished(scene)
        return gathering.problems

    def _pool(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = self._stack.enter_context(processes(self._jobs, begin, (self._told,)))
        return self._executor


@dataclass(frozen=True)
class Order(Generic[T]):
    """Work on *scene* for another process: ``call(*arguments)``, which tells its frames as drawing does."""

    scene: PlannedScene
    call: Callable[..., T]
    arguments: tuple[Any, ...]


def work_off(
    orders: Sequence[Order[T]], jobs: int, report: Callable[[int], None]
) -> Iterator[tuple[Order[T], T]]:
    """Do all *orders* with *jobs* processes, longest first: each order with its result, as they come.

    Like :func:`draw_scenes` in all else.
    """
    told = _CONTEXT.Queue()
    longest = sorted(orders, key=lambda order: -order.scene.frames)
    with processes(min(jobs, len(orders)), begin, (told,)) as executor:
        with interrupts_held_back():
            futures = {executor.submit(order.call, *order.arguments): order for order in longest}
        scenes = {future: order.scene for future, order in futures.items()}
        by_scene = {id(order.scene): order for order in orders}
        for scene, result in Gathering(scenes, told.get_nowait, report, keep_going=False):
            yield by_scene[id(scene)], result


class Gathering(Generic[T]):
    """Waits for *futures*: iterate over it for each scene that is drawn and its result, as they come.

    *told* gives what workers tell, (scene, frames finished since the last time, 0 at the start), until it raises
    :class:`queue.Empty`; *report* gets the frames, and at the end those that nobody told of. ``problems`` holds what
    failed, when *keep_going*.

    Raises:
        WorkError, InputError: while iterating, the first failure, unless *keep_going*; always, a lost worker.
    """

    def __init__(
        self,
        futures: Mapping[Future[T], PlannedScene],
        told: Callable[[], Told],
        report: Callable[[int], None],
        keep_going: bool,
    ) -> None:
        self.problems: list[Problem] = []
        self._futures = futures
        self._told = told
        self._report = report
        self._keep_going = keep_going
        self.begun: set[str] = set()  # scenes that a worker has in hand
        self._told_of: dict[str, int] = {}  # frames of each scene in its present attempt,
        self._reported: dict[str, int] = {}  # and in the one that came farthest

    def __iter__(self) -> Iterator[tuple[PlannedScene, T]]:
        pending = set(self._futures)
        drawn = 0
        while pending:
            done, pending = wait(pending, timeout=_GLANCE, return_when=FIRST_COMPLETED)
            self._listen()
            for future in done:
                scene = self._futures[future]
                try:
                    result = future.result()
                except BrokenProcessPool as error:
                    raise self._lost() from error
                except (InputError, WorkError) as error:
                    if not self._keep_going:
                        raise
                    self.problems += (
                        error.problems if isinstance(error, InputError) else [Problem(None, None, str(error))]
                    )
                else:
                    drawn += scene.frames
                    yield scene, result
                self.begun.discard(scene.job.label)
        self._report(max(0, drawn - sum(self._reported.values())))

    def _listen(self) -> None:
        with suppress(Empty):
            while True:
                scene, frames = self._told()
                self.begun.add(scene)
                self._told_of[scene] = self._told_of.get(scene, 0) + frames if frames else 0
                ahead = self._told_of[scene] - self._reported.get(scene, 0)
                if ahead > 0:
                    self._report(ahead)
                    self._reported[scene] = self._told_of[scene]

    def _lost(self) -> WorkError:
        names = " or ".join(sorted(self.begun)) or "one that had just begun"
        return WorkError(
            f"a worker was ended from outside while it drew a scene ({names}), most often for want of memory; "
            "finished scenes are kept: run the same command again, with fewer --jobs"
        )


@contextmanager
def processes(
    count: int, initializer: Callable[..., None], arguments: tuple[Any, ...], draws: bool = True
) -> Iterator[ProcessPoolExecutor]:
    """A pool of *count* fresh processes (at least one); none is left when the block ends, however it ends.

    *draws*: whether they will need Manim. Raises :class:`WorkError` when one of them is killed from outside. Submit
    inside :func:`interrupts_held_back`, for that is when processes start.
    """
    with _server(draws), _pool(count, initializer, arguments) as executor:
        yield executor


@contextmanager
def _pool(
    count: int, initializer: Callable[..., None], arguments: tuple[Any, ...]
) -> Iterator[ProcessPoolExecutor]:
    executor = ProcessPoolExecutor(max(1, count), _CONTEXT, initializer, arguments)
    try:
        yield executor
    except BrokenProcessPool as error:
        _stop(executor)
        raise WorkError(
            "a working process was ended from outside, most often for want of memory; "
            "finished scenes are kept: run the same command again, with fewer --jobs"
        ) from error
    except BaseException:
        _stop(executor)
        raise
    executor.shutdown()


@contextmanager
def _server(draws: bool) -> Iterator[None]:
    """While the block lasts, workers are forked from a server; it starts with the first of them.

    It ends with the block: the next one shall have the code of its own time, which its results are named by.
    """
    global _users
    if _IS_SERVED and not _users:
        _CONTEXT.set_forkserver_preload(list(_IMPORTED_TO_DRAW if draws else _IMPORTED))
    _users += 1
    try:
        yield
    finally:
        _users -= 1
        if _IS_SERVED and not _users:
            _end_server()


def _end_server() -> None:
    """Python has no other way to end it; killed first, it need not tidy up what Manim's import made, which takes a while."""
    server: Any = forkserver._forkserver
    if (pid := server._forkserver_pid) is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server._stop()


def default_jobs() -> int:
    """A worker for each core this process may use, as far as memory allows 1.5 GiB for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):  # not every system tells
        return cores
    return max(1, min(cores, int(memory / (1.5 * 2**30))))


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Let an interrupt wait until the block ends.

    Processes started inside inherit the mask: a terminal sends Ctrl-C to all of them, but what it ends is for
    this process to decide, and none may stop in the middle of its imports with a traceback.
    """
    held = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # The mask holds for this thread alone; a thread of numpy's may take the signal, and Python would raise it here.
    handler = None
    if threading.current_thread() is threading.main_thread():
        handler = signal.getsignal(signal.SIGINT)
    if handler is not None:
        signal.signal(signal.SIGINT, lambda number, frame: held.append(number))
    try:
        yield
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if held:
            signal.raise_signal(signal.SIGINT)


def _stop(executor: ProcessPoolExecutor) -> None:
    processes = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_PATIENCE)
        if process.is_alive():
            process.kill()
    executor.shutdown()  # its own thread ends now too, and leaves no semaphore for Python to complain about
