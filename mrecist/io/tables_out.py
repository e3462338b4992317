"""Tables into files of text: CSV, or Parquet by the ending."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np

from .._base.outputs import replacing_all
from ..tables.spreadsheet import inert

__all__ = ["cell_text", "write_table", "write_tables"]


def write_tables(tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Write tables to files by their paths: all of them, or none."""
    with replacing_all([*tables]) as paths:
        for path, columns in zip(paths, tables.values(), strict=True):
            write_table(str(path), columns)


def write_table(path: str, columns: Mapping[str, Any]) -> None:
    """Write a table as text; dates as ISO text, empty cells as nothing, no text as a formula."""
    names = [name for name in columns if columns[name] is not None]
    cells = {name: [cell_text(value) for value in columns[name]] for name in names}
    if path.endswith(".parquet"):
        from ..tables.frame_kinds import library

        made = {name: library("pyarrow").array(each, "string") for name, each in cells.items()}
        library("pyarrow.parquet").write_table(library("pyarrow").table(made), path)
        return
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(map(inert, names))
        for row in zip(*cells.values(), strict=True):
            writer.writerow(each if each is None else inert(each) for each in row)


def cell_text(value: Any) -> str | None:
    """One cell as it is written; `None` where it is empty."""
    if value is None or value != value:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
