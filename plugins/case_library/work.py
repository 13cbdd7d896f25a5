"""Work: jobs shared between cores by an executor of `concurrent.futures`."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import TypeVar, cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")

#: Below so many pages a second process costs more than it brings.
WORTH = 2_000
#: From so many pages on it would take too much memory: a copy of what it looks at, and that is all.
MANY = 40_000
#: From so many pages on a reader of the terminal is shown how far it is.
LONG = 500

#: So many jobs are shared between the same hands: what a copy of this process has touched is its
#: own and takes memory, and goes with it.
_TURN = 40
#: Of prctl(2): the signal that a process gets when its parent ends.
_PARENT_DEATH = 1

#: What the workers find in their memory, being copies of this process.
_jobs: Sequence[Callable[[], object]] = ()


def workers(pages: int) -> int:
    """How many processes are worth it: as the environment says, else two where copies are cheap."""
    if (wish := os.environ.get("CASE_LIBRARY_WORKERS", "")).isdigit():
        return int(wish)
    worth = WORTH <= pages < MANY and sys.platform == "linux"
    return min(2, os.cpu_count() or 1) if worth else 1


def forked(hands: int) -> Executor:
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(hands, context, initializer=_end_with, initargs=(os.getpid(),))


def _end_with(parent: int) -> None:
    """Workers of a killed build would wait for work for ever, and hold its lock."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


#: Any executor whose workers know the jobs may take its place, a cluster's for one.
executor: Callable[[int], Executor] = forked


def share(jobs: Sequence[Callable[[], T]], hands: int, long: int = 0) -> Iterator[T]:
    """What each job gives, as it comes; the jobs must not count on each other.

    The first `long` jobs take longer than others, and are begun first.
    """
    global _jobs
    # A copy of a process with other threads may wait for ever.
    if hands < 2 or threading.active_count() > 1:
        yield from (job() for job in jobs)
        return
    _jobs = jobs
    ahead, turn = list(range(len(jobs))), long + (hands - 2) * _TURN if long else _TURN
    while ahead:
        with executor(hands - 1) as pool:
            begun = {number: pool.submit(_run, number) for number in ahead[:-1][:turn]}
            # This process is a hand too: it does from the end what no other has begun.
            while ahead:
                number = ahead.pop()
                if number not in begun or begun[number].cancel():
                    yield jobs[number]()
                if all(one.done() for one in begun.values()):
                    break
            yield from (cast("T", one.result()) for one in begun.values() if not one.cancelled())
        ahead, turn = [number for number in ahead if number not in begun], _TURN


def watched(done: Iterable[T], count: Callable[[T], int], total: int, words: str) -> Iterator[T]:
    """The same pieces, and on a terminal how much is done and what is left of a long work."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    quiet = total < LONG or not console.is_terminal or bool(os.environ.get("CI"))
    # Without a thread of its own: copies of this process are still to be made.
    bar = Progress(
        *columns, TimeRemainingColumn(), console=console, auto_refresh=False, disable=quiet
    )
    with bar:
        task = bar.add_task(words, total=total)
        for piece in done:
            bar.update(task, advance=count(piece), refresh=True)
            yield piece


def _run(number: int) -> object:
    return _jobs[number]()
