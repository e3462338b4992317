"""Tables of findings and lines in CSV files: the reader alone, beside Python's own `csv`."""

from __future__ import annotations

import csv
import io
from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mrecist.tables.column_schema import FAULT, FINDING_COLUMNS, REQUIRED
from mrecist.tables.files import TableFileError, opened, sparing
from mrecist.tables.frame_kinds import values_of

from .documents import SHARED_MEMORY, are_lines

_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
_PATH = Path(_FOLDER.name) / "findings.csv"


def check(data: bytes) -> None:
    """A file is refused, each reason in one line, or has the rows and values that `csv` finds."""
    _PATH.write_bytes(data)
    try:
        source = opened(str(_PATH), FINDING_COLUMNS, REQUIRED)
        rows = sparing(source, lambda: rows_of(source))
    except TableFileError as error:
        are_lines(error.lines)
        return
    told = [
        row | {FAULT: row[FAULT] and row[FAULT].rpartition("(line ")[0] + "(line "}
        if FAULT in row
        else row
        for row in rows
    ]
    assert told == expected(data, source.schema.names)


def rows_of(source: Any) -> list[dict[str, Any]]:
    """The rows of a file; bytes that are not UTF-8 are halves of characters."""
    names = source.schema.names
    return [
        dict(zip(names, row, strict=True))
        for batch in source.batches(names)
        for row in zip(*map(values_of, batch.columns), strict=True)
    ]


def expected(data: bytes, names: list[str]) -> list[dict[str, str | None]]:
    """The rows of known columns as `csv` reads them; blank lines are none.

    Letters after a closing quote belong to the value, for both readers; an open quote is a fault.
    """
    text = data.decode("utf-8-sig", "surrogateescape")
    header, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert not is_open(text), "a quote that is not closed was let through"
    return [of_row(row, header, names) for row in rows]


def of_row(row: list[str], header: list[str], names: list[str]) -> dict[str, str | None]:
    """A row; one of another width has its patient alone, and what is wrong with it."""
    if len(row) == len(header):
        return {name: None if name == FAULT else row[header.index(name)] for name in names}
    place = header.index("patient")
    told = dict.fromkeys(names, "") | {"patient": row[place] if place < len(row) else ""}
    width = f"has {len(row)} values, the header {len(header)} (line "
    return told | {FAULT: width} if FAULT in names else told


def is_open(text: str) -> bool:
    """Whether the text ends within quotes."""
    try:
        deque(csv.reader(io.StringIO(text, newline=""), strict=True), 0)
    except csv.Error as error:
        return "end of data" in str(error)
    return False
