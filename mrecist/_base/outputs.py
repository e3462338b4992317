"""Write files whole or not at all: what is there stays until all of the new file is on the disk."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path

__all__ = ["WORK", "replacing", "replacing_all", "sweep", "work_folder", "write_text"]

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
        with work_folder(target.parent) as folder:
            new = folder / target.name
            yield new
            with suppress(OSError):  # there is none yet
                shutil.copymode(target, new)
            new.replace(target)
    except OSError as error:
        named, home = str(error.filename or target.parent), str(target.parent)
        if home in (named, os.path.dirname(named)):
            error.filename = os.fspath(path)
        raise


@contextmanager
def replacing_all(paths: Sequence[str]) -> Iterator[list[Path]]:
    """The same of several files: none takes its place before all are written."""
    with ExitStack() as stack:
        yield [stack.enter_context(replacing(path)) for path in paths]


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file, whole or not at all; line ends are the same on every system."""
    with replacing(path) as new:
        new.write_text(text, "utf-8", newline="\n")


@contextmanager
def work_folder(within: Path) -> Iterator[Path]:
    """A folder for what is being made, gone at the end, marked by the process that made it."""
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
