"""Columns of tables in files: which are kept, and events as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._base.nearest import did_you_mean
from ..endpoints.definitions import TIMES
from ..tables.column_schema import SCHEMA
from ..tables.files import TableFileError, extra

__all__ = ["in_numbers", "require_kept", "with_kept"]

_EVENTS = frozenset(f"{name}_event" for name in TIMES)


def with_kept(table: str, keep: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """What is to be read of a file: the schema of its table, of lines with the columns to keep."""
    known, required, prefix = SCHEMA[table]
    return ((*known, *keep) if table == "lines" else known), required, prefix


def require_kept(keep: Sequence[str], lines: Any) -> None:
    """Refuse names of columns that the lines do not have."""
    lacking = [name for name in keep if lines is None or name not in lines.names]
    if lacking and lines is None:
        raise TableFileError(["columns to keep are columns of the lines, and there are no lines"])
    if lacking:
        raise TableFileError(
            [f"{lines.path}: lines.{name}: this column, to be kept, is not there"
             + did_you_mean(name, lines.names)
             for name in lacking]
        )  # fmt: skip


def in_numbers(table: Any) -> Any:
    """A table of times with 1 for an event and 0 for a censored time, as every program reads it."""
    pa = extra("pyarrow")
    fields = [
        field.with_type(pa.int64()) if field.name in _EVENTS else field for field in table.schema
    ]
    return table.cast(pa.schema(fields))
