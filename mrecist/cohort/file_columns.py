"""Columns of tables in files: which are kept, and of whom, and events as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._base.nearest import did_you_mean
from ..endpoints.definitions import TIMES
from ..tables.column_schema import SCHEMA
from ..tables.files import TableFileError, extra
from ..tables.mistakes import CohortError
from .kept import homes_of, read_kept

__all__ = ["in_numbers", "require_kept", "sound_patients", "with_kept"]

_EVENTS = frozenset(f"{name}_event" for name in TIMES)


def with_kept(table: str, keep: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """What is to be read of a file: the schema of its table, of lines with the columns to keep.

    Of `patients`, who they are and the columns to keep.
    """
    if table == "patients":
        return ("patient", *keep), ("patient",), "patients."
    known, required, prefix = SCHEMA[table]
    return ((*known, *keep) if table == "lines" else known), required, prefix


def require_kept(keep: Sequence[str], lines: Any, patients: Any = None) -> None:
    """Refuse columns to keep that are in neither the file of lines nor that of patients, or in
    both."""
    if patients is not None:
        if not keep:
            told = "holds columns to carry on: name them, like --keep arm"
            raise TableFileError([f"{patients.path}: {told}"])
        try:
            homes_of(keep, lines and lines.names, patients.names)
        except ValueError as error:
            raise TableFileError([f"{patients.path}: {error}"]) from None
        return
    lacking = [name for name in keep if lines is None or name not in lines.names]
    if lacking and lines is None:
        raise TableFileError(["columns to keep are columns of the lines, and there are no lines"])
    if lacking:
        raise TableFileError(
            [f"{lines.path}: lines.{name}: this column, to be kept, is not there"
             + did_you_mean(name, lines.names)
             for name in lacking]
        )  # fmt: skip


def sound_patients(path: str, columns: Mapping[str, Any], keep: Sequence[str]) -> None:
    """Refuse a table of patients of whom one has two values in a column to keep."""
    try:
        read_kept(None, columns, tuple(name for name in keep if name in columns))
    except CohortError as error:
        raise TableFileError([f"{path}: {line}" for line in str(error).splitlines()]) from None


def in_numbers(table: Any) -> Any:
    """A table of times with 1 for an event and 0 for a censored time, as every program reads it."""
    pa = extra("pyarrow")
    fields = [
        field.with_type(pa.int64()) if field.name in _EVENTS else field for field in table.schema
    ]
    return table.cast(pa.schema(fields))
