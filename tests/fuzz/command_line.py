"""The command line: its words, and the files that they name."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from mrecist.cli.parser import main

from .documents import SHARED_MEMORY

_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
FILES = ("case.json", "cases.jsonl", "cases", "findings.csv", "lines.csv")
MOST_LINES = 200  # more would start worker processes


def check(data: bytes) -> None:
    """No words and no file bring a traceback: status 0, 1 or 2, and messages of one line each.

    The first line holds the words, between tabs; all that follows stands in every file, and on
    standard input. `=== lines ===` ends what stands in all files but `lines.csv`.
    """
    head, _, content = data.partition(b"\n")
    words = head.decode("utf-8", "surrogateescape").split("\t")
    if content.count(b"\n") > MOST_LINES or any("\0" in word or _leads_out(word) for word in words):
        return
    main_content, _, lines = content.partition(b"\n=== lines ===\n")
    with _inside():
        for name in FILES:
            Path(name).write_bytes(lines if name == "lines.csv" else main_content)
        status, err = run(words, main_content)
    assert status in (0, 1, 2), f"status {status}"
    assert "Traceback" not in err
    assert "please report it" not in err, err
    assert status != 2 or err, "it could not run, and does not say why"
    for line in err.split("\n")[:-1]:
        assert line.startswith("mrecist"), f"a message that is no line: {err!r}"
        assert len(line.splitlines()) == 1, f"a message of several lines: {line!r}"
        assert not any(letter < " " for letter in line), f"a control character: {line!r}"
    assert not err or err.endswith("\n")


def _leads_out(word: str) -> bool:
    """Whether a word may be a path out of the temporary folder."""
    return "/" in word or ".." in word


@contextlib.contextmanager
def _inside() -> Iterator[None]:
    """A folder of its own as the working folder, empty."""
    before = Path.cwd()
    with TemporaryDirectory(dir=_FOLDER.name) as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def run(words: list[str], stdin: bytes) -> tuple[int | str | None, str]:
    """Exit status and standard error of the command line."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="\n") for _ in range(2)
    )
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
    ):
        try:
            status: int | str | None = main(words)
        except SystemExit as ended:
            status = ended.code or 0
    err.flush()
    return status, err.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
