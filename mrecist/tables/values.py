"""Columns as plain Python values."""

from __future__ import annotations

from typing import Any

import numpy as np

from .column import Coded, Column

__all__ = ["values_of"]


def values_of(column: Column) -> list[Any]:
    """The value of each row: text, a number, a date, a time of day; `None` where it is empty."""
    if isinstance(column, Coded):
        values = [*column.values, None]
        return [values[code] for code in column.codes.tolist()]
    values = column.values
    if values.dtype.kind == "M" and np.datetime_data(values.dtype)[0] != "D":
        values = values.astype("datetime64[us]")
    null = column.null if column.null is not None else np.zeros(len(values), np.bool_)
    return [
        None if lost else value for value, lost in zip(values.tolist(), null.tolist(), strict=True)
    ]
