"""Several processes that share the work on one cohort.

Each takes a run of patients, reads their columns from one file in memory, judges them and leaves
its answer in another. They are fresh interpreters: nothing of the caller's runs in them a second
time, and no guard around the caller's own start is needed.
"""

from __future__ import annotations

import mmap
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .charts import Traits
from .criteria import Criteria
from .panel import Panel, judged_span
from .tables import Read

__all__ = ["judged_by_workers"]

Span = tuple[int, int]


def judged_by_workers(
    data: Read, criteria: Criteria, spans: Sequence[Span], workers: int
) -> Iterator[tuple[Panel, list[Any]]]:
    """Judge spans of patients in `workers` processes, in their order.

    Raises `RuntimeError` where one of them fails. On Ctrl-C they end with the caller.
    """
    parts = [spans[len(spans) * i // workers : len(spans) * (i + 1) // workers]
             for i in range(workers)]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="mrecist-", dir=_memory()) as folder:
        asked = Path(folder, "asked")
        _lay_out((data.findings, data.lines, data.patients, criteria), asked)
        jobs = [(_started(asked, part, Path(folder, f"{i}")), Path(folder, f"{i}"))
                for i, part in enumerate(parts) if part]  # fmt: skip
        try:
            for process, answer in jobs:
                _, message = process.communicate()
                if process.returncode:
                    last = (message.strip() or f"status {process.returncode}").splitlines()[-1]
                    raise RuntimeError(f"a worker failed: {last}")
                yield from _laid_out(answer)
        finally:
            for process, _ in jobs:
                process.kill()
                process.wait()
                for pipe in filter(None, [process.stderr]):
                    pipe.close()


def _started(asked: Path, spans: Sequence[Span], answer: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", f"from {__name__} import _work; _work()"]
    words = [str(asked), str(answer), repr(list(spans))]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write("\n".join(words))
    process.stdin.close()
    process.stdin = None
    return process


def _work() -> None:
    """What a worker does: the names of two files and its spans come on its standard input."""
    asked, answer, spans = sys.stdin.read().splitlines()
    findings, lines, patients, criteria = _laid_out(Path(asked))
    traits = Traits(criteria, findings.organs, findings.lesion_ids)
    each = [tuple(map(int, span.split(","))) for span in spans.strip("[()]").split("), (")]
    _lay_out(
        [judged_span(findings, lines, patients, (first, last), traits) for first, last in each],
        Path(answer),
    )


def _memory() -> str | None:
    """A folder that lies in memory, where the system has one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _lay_out(value: Any, path: Path) -> None:
    """Write a value to a file: its arrays one after the other, then all the rest."""
    buffers: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    sizes = []
    with path.open("wb") as file:
        for buffer in buffers:
            with buffer.raw() as raw:
                file.write(raw)
                file.write(bytes(-raw.nbytes % 64))
                sizes.append(raw.nbytes)
        begin = file.tell()
        pickle.dump((sizes, rest), file)
        file.write(begin.to_bytes(8, "little"))


def _laid_out(path: Path) -> Any:
    """The value that a file holds; its arrays lie in the file."""
    with path.open("rb") as file:
        memory = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    sizes, rest = pickle.loads(memory[int.from_bytes(memory[-8:], "little") : -8])
    buffers, at = [], 0
    for size in sizes:
        buffers.append(memory[at : at + size])
        at += size + -size % 64
    return pickle.loads(rest, buffers=buffers)
