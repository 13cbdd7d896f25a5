"""Work: jobs shared between cores by an executor of `concurrent.futures`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")

#: Below so many pages a second process costs more than it brings.
WORTH = 2_000

#: What the workers find in their memory, being copies of this process.
_jobs: Sequence[Callable[[], object]] = ()


def workers(pages: int) -> int:
    """How many processes are worth it: as the environment says, else two where copies are cheap."""
    if (wish := os.environ.get("CASE_LIBRARY_WORKERS", "")).isdigit():
        return int(wish)
    return min(2, os.cpu_count() or 1) if pages >= WORTH and sys.platform == "linux" else 1


def forked(hands: int) -> Executor:
    return ProcessPoolExecutor(hands, multiprocessing.get_context("fork"))


#: Any executor whose workers know the jobs may take its place, a cluster's for one.
executor: Callable[[int], Executor] = forked


def share(jobs: Sequence[Callable[[], T]], hands: int) -> Iterator[T]:
    """What each job gives, in their order; the jobs must not count on each other."""
    global _jobs
    # A copy of a process with other threads may wait for ever.
    if hands < 2 or threading.active_count() > 1:
        yield from (job() for job in jobs)
        return
    _jobs = jobs
    gc.freeze()
    with executor(hands) as pool:
        yield from cast("Iterator[T]", pool.map(_run, range(len(jobs))))
    gc.unfreeze()


def _run(number: int) -> object:
    return _jobs[number]()
