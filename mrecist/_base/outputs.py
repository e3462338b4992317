"""Write files whole or not at all: what is there stays until all of the new file is on the disk."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path

__all__ = [
    "WORK",
    "put_in_place",
    "replacing",
    "replacing_all",
    "sweep",
    "together",
    "work_folder",
    "write_text",
]

WORK = ".mrecist-"
"""How names of files and folders begin that only a run which goes on, or was killed, has."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A file beside `path` to write to, which takes its place if all goes well, and else is gone.

    A link is followed; a pipe or a device is written to as it is.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        yield Path(path)
        return
    try:
        with together() as batch:
            new = batch.folder(target.parent) / target.name
            yield new
            with suppress(OSError):  # there is none yet
                shutil.copymode(target, new)
            batch.pairs.append((new, target))
    except OSError as error:
        named, home = str(error.filename or target.parent), str(target.parent)
        if home in (named, os.path.dirname(named)):
            error.filename = os.fspath(path)
        raise


@contextmanager
def replacing_all(paths: Sequence[str]) -> Iterator[list[Path]]:
    """The same of several files: none takes its place before all are written."""
    with together(), ExitStack() as stack:
        yield [stack.enter_context(replacing(path)) for path in paths]


class _Batch:
    """Files that take their places together: the new one and its place of each."""

    def __init__(self, stack: ExitStack) -> None:
        self.pairs: list[tuple[Path, Path]] = []
        self._stack = stack
        self._folders: dict[Path, Path] = {}

    def folder(self, within: Path) -> Path:
        """Where the new files of a folder are made."""
        if within not in self._folders:
            self._folders[within] = self._stack.enter_context(work_folder(within))
        return self._folders[within]


_batch: ContextVar[_Batch | None] = ContextVar("_batch", default=None)


@contextmanager
def together() -> Iterator[_Batch]:
    """All files that are replaced inside take their places at the end, or none does.

    Inside another it is a part of that one.
    """
    outer = _batch.get()
    if outer is not None:
        yield outer
        return
    with ExitStack() as stack:
        batch = _Batch(stack)
        token = _batch.set(batch)
        try:
            yield batch
        finally:
            _batch.reset(token)
        put_in_place(batch.pairs)


def put_in_place(pairs: Iterable[tuple[Path, Path]]) -> None:
    """Each new file in its place; where one cannot be, those before it are as they were.

    A run that is killed here leaves some files old and some new, each whole.
    """
    done: list[tuple[Path, Path | None]] = []
    try:
        for new, target in pairs:
            done.append((target, _kept(new, target)))
            new.replace(target)
    except BaseException:
        for target, before in reversed(done):
            with suppress(OSError):
                if before is None:
                    target.unlink()
                else:
                    before.replace(target)
        raise


def _kept(new: Path, target: Path) -> Path | None:
    """What is there, under a second name beside the new file."""
    if not target.exists():
        return None
    before = new.with_name(f"{new.name}.before")
    try:
        before.hardlink_to(target)
    except OSError:  # a file system without links
        shutil.copy2(target, before)
    return before


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file, whole or not at all; line ends are the same on every system."""
    with replacing(path) as new:
        new.write_text(text, "utf-8", newline="\n")


@contextmanager
def work_folder(within: Path) -> Iterator[Path]:
    """A folder for what is being made, gone at the end, marked by the process that made it."""
    import tempfile  # few runs write files

    sweep(within)
    prefix = f"{_work_here()}{os.getpid()}-"
    try:
        with tempfile.TemporaryDirectory(
            prefix=prefix, dir=within, ignore_cleanup_errors=True
        ) as made:
            yield Path(made)
    except OSError as error:
        name = os.path.basename(error.filename or "")
        if not name or WORK in os.fsdecode(error.filename):
            error.filename = str(within if WORK in name else within / name)
        raise


def sweep(within: Path, is_running: Callable[[int], bool] | None = None) -> None:
    """Remove what runs of this machine that were killed have left in a folder."""
    running = is_running or _is_running
    for each in within.glob(f"{_work_here()}*-*"):
        number = each.name.removeprefix(_work_here()).partition("-")[0]
        if number.isdigit() and each.is_dir() and not running(int(number)):
            shutil.rmtree(each, ignore_errors=True)


@cache
def _work_here() -> str:
    import platform  # few runs write files
    import zlib

    return f"{WORK}{zlib.crc32(platform.node().encode()):08x}-"


def _is_running(process: int) -> bool:
    """Whether a process goes on; where that cannot be told, it does."""
    if os.name != "posix":  # pragma: no cover - there, signal 0 would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
