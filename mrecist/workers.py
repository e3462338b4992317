"""Several processes that share the work on one cohort.

The columns are laid once into a file in memory that all processes map; what each sends back is
small. The answers come in the order of the patients, whoever is done first.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import pickle
import signal
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from .charts import Traits
from .criteria import Criteria
from .panel import Panel, judged_span
from .tables import Read

__all__ = ["judged_by_workers"]

Span = tuple[int, int]
Judged = tuple[Panel, list[Any]]

SPANS_A_TASK = 4


def judged_by_workers(
    data: Read, criteria: Criteria, spans: Sequence[Span], workers: int
) -> Iterator[Judged]:
    """Judge spans of patients in `workers` processes, in their order.

    A script that calls this must guard its own start with `if __name__ == "__main__":`, as for
    every use of `multiprocessing`. On Ctrl-C the processes end with the caller.
    """
    tasks = [spans[i : i + SPANS_A_TASK] for i in range(0, len(spans), SPANS_A_TASK)]
    with tempfile.NamedTemporaryFile(prefix="mrecist-", dir=_memory()) as file:
        frame, sizes = _laid_out((data.findings, data.lines, data.patients, criteria), file)
        pool = ProcessPoolExecutor(
            min(workers, len(tasks)),
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(file.name, frame, sizes),
        )
        waiting: deque[Future[list[Judged]]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(_judge, task))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _memory() -> str | None:
    """A folder that lies in memory, where the system has one."""
    return "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None


def _laid_out(value: Any, file: Any) -> tuple[bytes, list[int]]:
    """Pickle a value, its arrays into the file; gives the rest and the size of each array."""
    buffers: list[pickle.PickleBuffer] = []
    frame = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    sizes = []
    for buffer in buffers:
        raw = buffer.raw()
        file.write(raw)
        file.write(bytes(-raw.nbytes % 64))
        sizes.append(raw.nbytes)
    file.write(bytes(64))
    file.flush()
    return frame, sizes


_HERE: list[Any] = []


def _begin(name: str, frame: bytes, sizes: Sequence[int]) -> None:
    """Map the columns into a worker. Ctrl-C is for the caller alone to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(name, "rb") as file:
        memory = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    buffers, at = [], 0
    for size in sizes:
        buffers.append(memory[at : at + size])
        at += size + -size % 64
    findings, lines, patients, criteria = pickle.loads(frame, buffers=buffers)
    _HERE[:] = [findings, lines, patients, Traits(criteria, findings.organs)]


def _judge(spans: Sequence[Span]) -> list[Judged]:
    findings, lines, patients, traits = _HERE
    return [judged_span(findings, lines, patients, span, traits) for span in spans]
