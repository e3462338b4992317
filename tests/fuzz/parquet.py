"""Tables of findings in Parquet, of every type that a column may have, through to the verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mrecist.cohort.files import assess_files
from mrecist.tables.files import TableFileError

from .cohorts import is_whole
from .documents import SHARED_MEMORY, are_lines

_FOLDER = TemporaryDirectory(prefix="mrecist-fuzz-", dir=SHARED_MEMORY)
_FINDINGS, _OUT = (Path(_FOLDER.name) / name for name in ("findings.parquet", "out"))
TYPES: dict[str, Any] = {
    "string": pa.string(), "large_string": pa.large_string(), "binary": pa.binary(),
    "int8": pa.int8(), "int64": pa.int64(), "uint64": pa.uint64(), "double": pa.float64(),
    "float": pa.float32(), "halffloat": pa.float16(), "bool": pa.bool_(), "null": pa.null(),
    "date32": pa.date32(), "date64": pa.date64(), "timestamp": pa.timestamp("ns"),
    "zoned": pa.timestamp("us", "UTC"), "time": pa.time64("us"), "duration": pa.duration("s"),
    "decimal": pa.decimal128(38, 9), "list": pa.list_(pa.string()),
    "struct": pa.struct([("a", pa.int8())]), "dictionary": pa.dictionary(pa.int32(), pa.string()),
}  # fmt: skip


def check(data: bytes) -> None:
    """A file is refused in lines, or each patient has a verdict, a mistake, or no therapy.

    Cutting the table into small chunks changes neither. The data are a list of columns, each a
    name, a type and cells; what is no such list stands in the file as it is, and is no table.
    """
    table = table_of(data)
    if table is None:
        _FINDINGS.write_bytes(data)
    else:
        pq.write_table(table, _FINDINGS)
    try:
        summary = assess_files(_FINDINGS, _OUT)
    except TableFileError as error:
        are_lines(error.lines)
        return
    assert table is not None, "what is no Parquet was read"
    written = results()
    is_whole(summary, written)
    again = assess_files(_FINDINGS, _OUT, chunk_rows=2)
    assert (again, sorted_text(results())) == (summary, sorted_text(written))


def table_of(data: bytes) -> Any:
    """The table that the data describe, if they describe one."""
    try:
        columns = json.loads(data)
        made = {str(name): array(kind, cells) for name, kind, cells in columns}
        return pa.table(made) if made else None
    except (ValueError, TypeError, RecursionError, OverflowError, pa.ArrowException):
        return None


def array(kind: Any, cells: Any) -> Any:
    """Cells as one type; what does not fit is text, or bytes that are no text, or nothing."""
    type = TYPES[kind] if isinstance(kind, str) and kind in TYPES else pa.string()
    try:
        return pa.array(cells, type)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        texts = [None if each is None else str(each) for each in cells]
    try:
        return pa.array(texts, pa.string()).cast(type)
    except (pa.ArrowException, ValueError):
        raw = [None if each is None else each.encode("latin-1", "replace") for each in texts]
        return pa.array(raw, pa.binary()).view(pa.string())


def results() -> dict[str, list[dict[str, str]]]:
    """What was written, by file, every cell as text."""
    import csv

    found = {
        name: [
            {key: "" if cell is None else str(cell) for key, cell in row.items()}
            for row in pq.read_table(_OUT / f"{name}.parquet").to_pylist()
        ]
        for name in ("timepoints", "lines")
    }
    with (_OUT / "errors.csv").open(encoding="utf-8", newline="") as file:
        found["errors"] = list(csv.DictReader(file, strict=True))
    return found


def sorted_text(written: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    errors = sorted(written["errors"], key=lambda row: tuple(row.values()))
    return {**written, "errors": errors}
