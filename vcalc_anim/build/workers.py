"""Drawing on all cores: a pool of processes, one job a scene, progress in frames."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing.connection import wait as wait_for_handles
from pathlib import Path
from queue import Empty
from typing import Any

from vcalc_anim.build.plan import PlannedScene, by_length
from vcalc_anim.build.render import RenderJob, render
from vcalc_anim.errors import InputError, Problem, WorkError

_progress: Any = None


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
    loses only the scenes in flight.
    """
    context = multiprocessing.get_context("spawn")
    frames = context.Queue()
    workers = max(1, min(jobs, len(scenes)))
    problems: list[Problem] = []
    executor = ProcessPoolExecutor(workers, context, _begin_worker, (frames,))
    try:
        futures: dict[Future[None], PlannedScene] = {
            executor.submit(_draw, scene.job, scene.video): scene for scene in by_length(scenes)
        }
        pending = set(futures)
        while pending:
            done, pending = wait(pending, timeout=0.25, return_when=FIRST_COMPLETED)
            _pass_on(frames, report)
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
                    finished(futures[future])
        _pass_on(frames, report)
    except BaseException:
        _stop(executor)
        raise
    executor.shutdown()
    return problems


def default_jobs() -> int:
    """A worker for each core this process may use, as far as memory allows 1.5 GiB for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(cores, int(memory / (1.5 * 2**30))))


def _draw(job: RenderJob, video: Path) -> None:
    render(job, video, _progress.put)


def _begin_worker(frames: Any) -> None:
    global _progress
    _progress = frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End this worker when its parent is gone: a killed build leaves no processes behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_handles([parent.sentinel])
        os._exit(1)


def _stop(executor: ProcessPoolExecutor) -> None:
    processes = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


def _pass_on(frames: Any, report: Callable[[int], None]) -> None:
    try:
        while True:
            report(frames.get_nowait())
    except Empty:
        return
