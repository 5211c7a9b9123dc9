"""Pools of processes: what they start with, that interrupts wait while they start, and that nothing is left of them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import psutil
import pytest

from vcalc_anim.build.worker import follow_parent_in_background
from vcalc_anim.build.workers import interrupts_held_back, processes


def loaded(name: str) -> tuple[int, bool]:
    """The process that runs this, and whether it has imported the module *name*."""
    return os.getpid(), name in sys.modules


def ask(pool: ProcessPoolExecutor, name: str) -> tuple[int, bool]:
    with interrupts_held_back():
        future = pool.submit(loaded, name)
    return future.result()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process imports for itself")
def test_processes_that_draw_begin_with_manim_and_others_without() -> None:
    with processes(1, follow_parent_in_background, ()) as pool:
        assert ask(pool, "manim")[1]
    with processes(1, follow_parent_in_background, (), draws=False) as pool:
        assert not ask(pool, "manim")[1]


def test_a_pool_leaves_no_process_and_another_can_follow() -> None:
    before = set(psutil.Process().children(recursive=True))
    with (
        processes(2, follow_parent_in_background, (), draws=False) as outer,
        processes(1, follow_parent_in_background, (), draws=False) as inner,
    ):
        first, second = ask(outer, "os")[0], ask(inner, "os")[0]
        assert first != second
    with processes(1, follow_parent_in_background, (), draws=False) as pool:
        third = ask(pool, "os")[0]
    left = {process.pid for process in set(psutil.Process().children(recursive=True)) - before}
    assert not left & {first, second, third}
    assert not any("forkserver" in " ".join(psutil.Process(number).cmdline()) for number in left)


def test_an_interrupt_waits_even_when_another_thread_takes_it() -> None:
    """Threads of numpy's do not hold signals back, and Python raises them in its main thread."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    reached = False
    try:
        with pytest.raises(KeyboardInterrupt), interrupts_held_back():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)  # long enough for the other thread to take it
            reached = True
    finally:
        done.set()
        other.join()
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
