"""Dataset-JSON 1.1 of CDISC: a data set as one JSON document, its variables described before its
rows.

Text is of any length and in any script. Dates are ISO text that a reader turns into numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .._base.outputs import write_text
from .column import Coded, Column
from .values import values_of

__all__ = ["write_dataset"]

_CREATED = "1960-01-01T00:00:00"
"""The time at which every file says it was created, so that equal tables are equal files."""
_TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "float"}


def write_dataset(
    path: str, name: str, label: str, columns: Mapping[str, Column], labels: Mapping[str, str]
) -> None:
    """Write columns of one length as the data set `name`; empty cells are null."""
    cells = {each: [*map(_cell, values_of(column))] for each, column in columns.items()}
    rows = [*zip(*cells.values(), strict=True)]
    head = {
        "datasetJSONCreationDateTime": _CREATED,
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": f"IG.{name}",
        "records": len(rows),
        "name": name,
        "label": label,
        "columns": [
            {"itemOID": f"IT.{name}.{each}", "name": each, "label": labels.get(each, each),
             **_typed(column, cells[each])}
            for each, column in columns.items()
        ],
    }  # fmt: skip
    write_text(path, "".join(_lines(head, rows)))


def _lines(head: Mapping[str, Any], rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """The document, one line per row."""
    yield f"{_text(head)[:-1]}, " + '"rows": ['
    yield ",".join(f"\n{_text(row)}" for row in rows)
    yield "\n]}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _typed(column: Column, cells: list[Any]) -> dict[str, Any]:
    """The type of a variable, the length of its text, the numbers that its dates become."""
    if isinstance(column, Coded):
        return {"dataType": "string", "length": max(map(len, filter(None, cells)), default=1)}
    kind = column.values.dtype
    if kind.kind != "M":
        return {"dataType": _TYPES[kind.kind]}
    is_day = np.datetime_data(kind)[0] == "D"
    return {
        "dataType": "date" if is_day else "datetime",
        "targetDataType": "integer",
        "displayFormat": "DATE9." if is_day else "DATETIME20.",
    }


def _cell(value: Any) -> Any:
    """A value as JSON has it: whole numbers without a decimal point, ISO dates."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return value.isoformat() if hasattr(value, "isoformat") else value
