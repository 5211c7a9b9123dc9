"""Drawing on all cores: a pool of processes, one job a scene, progress in frames."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from queue import Empty
from typing import Any

from vcalc_anim.build.plan import PlannedScene, by_length
from vcalc_anim.build.worker import begin, draw
from vcalc_anim.errors import InputError, Problem, WorkError

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE = 5.0  # seconds for a worker to end before it is killed


def draw_scenes(
    scenes: Sequence[PlannedScene],
    jobs: int,
    report: Callable[[int], None],
    finished: Callable[[PlannedScene], None],
    keep_going: bool = False,
) -> list[Problem]:
    """Draw all *scenes* into the cache with *jobs* processes; longest first.

    *report* gets numbers of finished frames, *finished* each scene whose video is in the cache. The
    first failure ends the work unless *keep_going*; then the problems are returned. Interrupting
    loses only the scenes in flight, and no process is left when this returns or raises.
    """
    frames = _SPAWN.Queue()
    problems: list[Problem] = []
    with processes(min(jobs, len(scenes)), begin, (frames,)) as executor:
        with interrupts_held_back():
            futures: dict[Future[None], PlannedScene] = {
                executor.submit(draw, scene.job, scene.video): scene for scene in by_length(scenes)
            }
        pending = set(futures)
        reported = drawn = 0
        while pending:
            done, pending = wait(pending, timeout=0.25, return_when=FIRST_COMPLETED)
            reported += _pass_on(frames, report)
            for future in done:
                try:
                    future.result()
                except (InputError, WorkError) as error:
                    if not keep_going:
                        raise
                    problems += (
                        error.problems if isinstance(error, InputError) else [Problem(None, None, str(error))]
                    )
                else:
                    drawn += futures[future].frames
                    finished(futures[future])
        report(max(0, drawn - reported))  # what workers did not report, or is still on its way
    return problems


@contextmanager
def processes(
    count: int, initializer: Callable[..., None], arguments: tuple[Any, ...]
) -> Iterator[ProcessPoolExecutor]:
    """A pool of *count* fresh processes (at least one); none is left when the block ends, however it ends.

    Raises :class:`WorkError` when one of them is killed from outside. Submit inside
    :func:`interrupts_held_back`, for that is when processes start.
    """
    executor = ProcessPoolExecutor(max(1, count), _SPAWN, initializer, arguments)
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
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


def _pass_on(frames: Any, report: Callable[[int], None]) -> int:
    """Report what has come in through the queue *frames*; return its sum."""
    total = 0
    try:
        while True:
            count = frames.get_nowait()
            report(count)
            total += count
    except Empty:
        return total
