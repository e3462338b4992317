"""Several threads that share the work on one cohort.

NumPy and the libraries of frames let go of the interpreter while they go through a column, so
threads work side by side on one copy of the tables: nothing is started, sent or copied, and even a
second's work is worth sharing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TypeVar

__all__ = ["CORES", "shared", "sharing", "threads"]

Part = TypeVar("Part")
Answer = TypeVar("Answer")

CORES = min(2, os.cpu_count() or 1)
"""The threads that share work where nobody asks for more: a third would wait for the other two."""

_asked: ContextVar[int | None] = ContextVar("_asked", default=None)


@contextmanager
def threads(count: int | None) -> Iterator[None]:
    """Share all work within among so many threads; `None`: as many as asked for around it."""
    before = _asked.set(count or _asked.get())
    try:
        yield
    finally:
        _asked.reset(before)


def sharing(count: int | None, work: Callable[[Part], Answer]) -> Callable[[Part], Answer]:
    """The same work, shared among so many threads whenever it is done."""
    return partial(_done, count, work)


def _done(count: int | None, work: Callable[[Part], Answer], part: Part) -> Answer:
    with threads(count):
        return work(part)


def shared(work: Callable[[Part], Answer], parts: Iterable[Part]) -> list[Answer]:
    """The answers to all parts, in their order; each thread takes one part after the other.

    What one of them raises is raised here, and no further part is begun. A part does not share out
    its own work.
    """
    parts, count = list(parts), _asked.get() or CORES
    if count == 1 or len(parts) < 2:
        return [work(part) for part in parts]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(
        count, thread_name_prefix="mrecist", initializer=_asked.set, initargs=(1,)
    ) as pool:
        try:
            return list(pool.map(work, parts))
        except RuntimeError as error:
            if "start new thread" not in str(error):
                raise
    return [work(part) for part in parts]  # the system has no thread left
