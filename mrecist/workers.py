"""Several threads that share the work on one cohort.

NumPy and the libraries of frames let go of the interpreter while they go through a column, so
threads work side by side on one copy of the tables: nothing is started, sent or copied, and even a
second's work is worth sharing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["CORES", "shared"]

Part = TypeVar("Part")
Answer = TypeVar("Answer")

CORES = min(2, os.cpu_count() or 1)
"""The threads that read a table: a third would wait for the other two."""


def shared(
    work: Callable[[Part], Answer], parts: Iterable[Part], workers: int | None = None
) -> list[Answer]:
    """The answers to all parts, in their order; `workers` threads take one part after the other.

    As many as `CORES` where none are asked for. What one of them raises is raised here, and no
    further part is begun.
    """
    parts, workers = list(parts), CORES if workers is None else workers
    if workers == 1 or len(parts) < 2:
        return [work(part) for part in parts]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers, thread_name_prefix="mrecist") as pool:
        return list(pool.map(work, parts))
