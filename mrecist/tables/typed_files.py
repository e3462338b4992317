"""Columns of numbers, dates and words into one file: CSV, or Parquet with their types."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from .._base.outputs import replacing
from .column import Column
from .frame_kinds import library
from .frames_out import to_arrow
from .spreadsheet import inert
from .values import values_of

__all__ = ["write_columns"]


def write_columns(path: str, columns: Mapping[str, Column]) -> None:
    """Write columns of one length; in CSV dates as ISO text, no text that would be a formula."""
    if path.endswith(".parquet"):
        with replacing(path) as new:
            library("pyarrow.parquet").write_table(to_arrow(columns, "text"), str(new))
        return
    cells = [map(_cell, values_of(column)) for column in columns.values()]
    with replacing(path) as new, new.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(map(inert, columns))
        writer.writerows(zip(*cells, strict=True))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
