"""Several threads that share the work on one cohort.

NumPy lets go of the interpreter while it goes through a column, so threads work side by side on one
copy of the tables: nothing is started, sent or copied, and even a second's work is worth sharing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

__all__ = ["shared"]

Part = TypeVar("Part")
Answer = TypeVar("Answer")


def shared(work: Callable[[Part], Answer], parts: Sequence[Part], workers: int) -> Iterator[Answer]:
    """The answers to all parts, in their order; `workers` threads take one part after the other.

    What one of them raises is raised here, and no further part is begun.
    """
    if workers == 1 or len(parts) < 2:
        yield from map(work, parts)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers, thread_name_prefix="mrecist") as pool:
        yield from pool.map(work, parts)
