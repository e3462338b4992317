"""Read CSV row by row where some rows have more or fewer values than the header.

Such a row is kept in its place with nothing but its patient, and with what is wrong with it in a
column of its own, so that it is a mistake of that patient and all others are judged.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .._base.extras import extra
from .column_schema import FAULT

__all__ = ["row_by_row", "width_fault"]

BATCH_ROWS = 1 << 14


def width_fault(row: Sequence[Any], names: Sequence[str]) -> str | None:
    """What is wrong with the number of values of a row."""
    if len(row) == len(names):
        return None
    return f"has {len(row)} values, the header {len(names)}"


def row_by_row(
    text: Iterable[str], head_lines: int, names: Sequence[str], wanted: Sequence[str]
) -> Iterator[Any]:
    """Some columns as record batches; `FAULT` among them says what is wrong with a row."""
    lines = iter(text)
    for _ in range(head_lines):
        next(lines)
    reader = csv.reader(lines, strict=True)
    places = [None if name == FAULT else names.index(name) for name in wanted]
    rows: list[list[bytes | None]] = []
    begins = head_lines + 1
    for row in reader:
        if row:
            fault = width_fault(row, names)
            rows.append(_cells(row, names, places, fault and f"{fault} (line {begins})"))
        begins = head_lines + reader.line_num + 1
        if len(rows) == BATCH_ROWS:
            yield _batch(rows, wanted)
            rows = []
    if rows:
        yield _batch(rows, wanted)


def _cells(
    row: Sequence[str], names: Sequence[str], places: Sequence[int | None], fault: str | None
) -> list[bytes | None]:
    """The wanted cells as bytes; of a row with a fault only the patient, if it is there."""
    told = None if fault is None else fault.encode()
    return [
        told
        if place is None
        else _bytes(row, place)
        if told is None or names[place] == "patient"
        else b""
        for place in places
    ]


def _bytes(row: Sequence[str], place: int) -> bytes:
    return row[place].encode("utf-8", "surrogateescape") if place < len(row) else b""


def _batch(rows: Sequence[Sequence[bytes | None]], wanted: Sequence[str]) -> Any:
    pa = extra("pyarrow", of="tables", purpose="tables in files need")
    # Viewed, not cast: a cell may hold bytes that are not UTF-8, which is a mistake of its own.
    columns = [
        pa.array(column, pa.binary()).view(pa.string()) for column in zip(*rows, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, list(wanted))
