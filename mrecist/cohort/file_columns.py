"""Columns of tables in files: which are kept, and of whom, of which type, events as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._base.nearest import did_you_mean
from ..endpoints.definitions import TIMES
from ..tables import intake
from ..tables.column_schema import LINES_REQUIRED, REQUIRED, SCHEMA
from ..tables.files import TableFileError, extra
from ..tables.frame_kinds import is_date
from ..tables.frames_in import columns_of
from ..tables.intake import Dates
from ..tables.mistakes import CohortError
from .kept import homes_of, read_kept

__all__ = [
    "dates_of",
    "in_numbers",
    "patient_type",
    "require_kept",
    "settled",
    "sound_patients",
    "with_kept",
]

_EVENTS = frozenset(f"{name}_event" for name in TIMES)


def with_kept(
    table: str, keep: Sequence[str]
) -> tuple[Sequence[str], Sequence[str], str, Sequence[str]]:
    """What is to be read of a file: the schema of its table, and the columns to keep.

    Only tables of lines and of patients have some to keep.
    """
    if table == "patients":
        return ("patient",), ("patient",), "patients.", keep
    return *SCHEMA[table], keep if table == "lines" else ()


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
            [
                f"{lines.path}: lines.{name}: this column, to be kept, is not there"
                + did_you_mean(name, lines.names)
                for name in lacking
            ]
        )


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


def settled(schema: Any, patient: Any, date: Any) -> Any:
    """A schema with these types of patients and dates, and whole numbers of one width."""
    pa, types = extra("pyarrow"), extra("pyarrow.types")

    def one(field: Any) -> Any:
        if field.name in ("patient", "USUBJID"):
            return field.with_type(patient)
        if is_date(field.name):
            return field.with_type(date)
        return field.with_type(pa.int64()) if types.is_integer(field.type) else field

    return pa.schema([one(field) for field in schema])


def dates_of(schema: Any, lines: Any) -> tuple[Dates, Any]:
    """How dates are written, and the type of their columns."""
    pa = extra("pyarrow")
    empty = columns_of(pa.schema([schema.field(name) for name in REQUIRED]).empty_table())
    alone = both = intake.read(empty, None).dates
    if lines is not None:
        both = intake.read(empty, columns_of(lines.select(LINES_REQUIRED))).dates
    if not (alone.calendar or alone.days) or (both.calendar and both.days):
        return Dates("text", "text"), pa.large_string()
    return both, pa.date32() if both.calendar else pa.int64()


def patient_type(schemas: Iterable[Any]) -> Any:
    """Patients are written as whole numbers where all tables have numbers, else as text."""
    pa, types = extra("pyarrow"), extra("pyarrow.types")
    kinds = {schema.field("patient").type for schema in schemas}
    numbers = (types.is_integer, types.is_floating, types.is_decimal)
    if not all(any(is_one(kind) for is_one in numbers) for kind in kinds):
        return pa.large_string()
    first = kinds.pop()
    return pa.int64() if kinds or not types.is_integer(first) else first
