"""Tables of findings and lines in CSV files: the reader alone, beside Python's own `csv`."""

from __future__ import annotations

import csv
import io
from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory

from mrecist.tables.column_schema import FINDING_COLUMNS, REQUIRED
from mrecist.tables.files import TableFileError, opened

from .documents import SHARED_MEMORY, are_lines

_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
_PATH = Path(_FOLDER.name) / "findings.csv"


def check(data: bytes) -> None:
    """A file is refused, each reason in one line, or has the rows and values that `csv` finds."""
    _PATH.write_bytes(data)
    try:
        source = opened(str(_PATH), FINDING_COLUMNS, REQUIRED)
        names = source.schema.names
        rows = [row for batch in source.batches(names) for row in batch.to_pylist()]
    except TableFileError as error:
        are_lines(error.lines)
        return
    assert rows == expected(data, names)


def expected(data: bytes, names: list[str]) -> list[dict[str, str | None]]:
    """The rows of known columns as `csv` reads them; blank lines are none.

    Letters after a closing quote belong to the value, for both readers; an open quote is a fault.
    """
    text = data.decode("utf-8-sig", "surrogateescape")
    header, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert not is_open(text), "a quote that is not closed was let through"
    assert all(len(row) == len(header) for row in rows), "a ragged row was let through"
    return [{name: row[header.index(name)] for name in names} for row in rows]


def is_open(text: str) -> bool:
    """Whether the text ends within quotes."""
    try:
        deque(csv.reader(io.StringIO(text, newline=""), strict=True), 0)
    except csv.Error as error:
        return "end of data" in str(error)
    return False
