"""Several processes that share the work on a stream: ordered answers, a bounded number under way.

Workers are spawned, never forked: a fork copies a process whose other threads hold locks, and
Python 3.12 warns of it. So the work, its parts and its answers are pickled, and a script that asks
for several processes must guard its own start, as for `multiprocessing`.

Ctrl-C reaches every process of the group, and the parent alone answers it: workers ignore SIGINT.
Where signals can be blocked they begin with SIGINT blocked, since a worker takes a moment to begin.
SIGTERM reaches the parent alone: unless it handles the signal itself, it leaves the work at once
with the usual status. However it ends, even killed, its workers end with it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["MOST_JOBS", "in_chunks", "in_order"]

Item = TypeVar("Item")
Part = TypeVar("Part")
Answer = TypeVar("Answer")

MOST_JOBS = 61
"""The most processes that a pool takes on Windows."""


def in_order(
    work: Callable[[Part], Answer],
    parts: Iterable[Part],
    jobs: int,
    *,
    ahead: int = 1,
    initializer: Callable[[], None] | None = None,
) -> Iterator[Answer]:
    """The answers to all parts, in the order of the parts, from so many processes.

    At most `jobs * ahead` parts are under way besides the one that is waited for, so memory stays
    flat however long the stream. `initializer` is called once in each worker. Raises
    `BrokenProcessPool` if a worker dies, and what `work` raises.
    """
    # Most streams are answered by one process, which needs none of these.
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    waiting: deque[Future[Answer]] = deque()
    with _ended_by_sigterm():
        context = get_context("spawn")
        pool = ProcessPoolExecutor(
            jobs, mp_context=context, initializer=_begin_worker, initargs=(initializer,)
        )
        try:
            for part in parts:
                with _interrupts_blocked():  # a submission may spawn a worker, which inherits this
                    waiting.append(pool.submit(work, part))
                if len(waiting) > jobs * ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def in_chunks(
    work: Callable[[Item], Answer],
    items: Iterator[Item],
    jobs: int,
    *,
    size: int,
    initializer: Callable[[], None] | None = None,
) -> Iterator[Answer]:
    """The answers to all items, in their order; each process takes `size` items at once.

    A stream shorter than one chunk is not worth a process: its items are answered here.
    """
    chunks = iter(lambda: list(islice(items, size)), [])
    first = next(chunks, [])
    every = chain([first], chunks)
    if jobs == 1 or len(first) < size:
        yield from map(work, chain.from_iterable(every))
        return
    answers = in_order(partial(_each, work), every, jobs, ahead=2, initializer=initializer)
    yield from chain.from_iterable(answers)


def _each(work: Callable[[Item], Answer], items: list[Item]) -> list[Answer]:
    return [work(item) for item in items]


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Hold SIGINT back meanwhile; threads and processes that begin within never receive it."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(initializer: Callable[[], None] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer()


def _end_with_parent() -> None:  # pragma: no cover - it ends before coverage is written
    """Wait for the end of the parent, then end: a worker that sends to nobody waits forever."""
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """End quietly on SIGTERM, so that workers end too; a handler of the caller is left alone."""
    in_main = threading.current_thread() is threading.main_thread()  # others may set no handler
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)
