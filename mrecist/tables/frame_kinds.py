"""Tell the kinds of frames apart, and what reading and writing them share.

narwhals recognises the kind; nothing here is imported before a frame comes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.extras import extra
from .._base.threads import shared
from .mistakes import CohortError

__all__ = [
    "ACCEPTED",
    "ORDERED",
    "WORD_COLUMNS",
    "date_type",
    "each_column",
    "filled",
    "holds",
    "is_date",
    "library",
    "narwhal_of",
    "objects",
    "streamed",
    "values_of",
]

ACCEPTED = (
    "a table is a mapping of columns, or a pandas, polars, pyarrow or duckdb table, or any other "
    "that narwhals or Arrow can read"
)
WORD_COLUMNS = frozenset(
    ("target", "nontarget", "new_lesion", "computed", "reported", "response", "source",
     "best_response", "confirmed_best_response", "exposure")
)  # fmt: skip
"""The output columns with words of a closed list: categories where a library has them."""
ORDERED = frozenset(("best_response", "confirmed_best_response"))
"""Those whose categories are ordered, from the best response on."""

_DATES = frozenset(
    ("date", "start", "baseline", "progression_date", "best_response_date",
     "confirmed_best_response_date", "treated_on", "STARTDT", "ADT")
)  # fmt: skip


def is_date(name: str) -> bool:
    """Whether an output column holds dates."""
    return name in _DATES or name.endswith("_end")


def narwhal_of(frame: Any) -> Any:
    """The frame wrapped by narwhals; `None` for one that can only be read as an Arrow stream."""
    home = type(frame).__module__.partition(".")[0]
    if home in sys.stdlib_module_names or home == "numpy":
        raise TypeError(f"{ACCEPTED}, got {type(frame).__name__}")
    nw, _ = library("narwhals.stable.v2"), library("pyarrow")
    try:
        table = nw.from_native(frame)
        table.collect_schema()  # where some kinds look at the names
    except nw.exceptions.DuplicateError as error:
        told = f"must have names that differ: {' '.join(str(error).split())}"
        raise CohortError([(None, None, "the columns", told)]) from None
    except TypeError:
        if hasattr(frame, "__arrow_c_stream__"):
            return None
        raise TypeError(f"{ACCEPTED}, got {type(frame).__name__}") from None
    if table.implementation.is_duckdb():
        _refuse_twice(table.to_native().columns)
    if table.implementation.is_spark_like():
        raise TypeError("a Spark table is judged where it lies: mrecist.distributed.spark_cohort")
    return table


def streamed(frame: Any) -> Any:
    """The table of an Arrow stream, which can often be read only once."""
    try:
        return library("pyarrow").table(frame)
    except (TypeError, ValueError):  # a single column streams as well
        raise TypeError(f"{ACCEPTED}, got {type(frame).__name__}") from None


def library(module: str) -> Any:
    """A module of the extra `tables`."""
    return extra(module, of="tables", purpose="tables other than mappings need")


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        told = f"must have names that differ, got twice {', '.join(twice)}"
        raise CohortError([(None, None, "the columns", told)])


def each_column(names: Iterable[str], read: Callable[[str], Any]) -> dict[str, Any]:
    """Read or make columns in parallel; the result is by name."""
    names = list(names)
    return dict(zip(names, shared(read, names), strict=True))


def date_type(table: Any) -> str:
    """The kind of dates in a frame by its types: `day`, `date`, else `text`."""
    schema = table.collect_schema()
    for name in ("date", "start"):
        if name in schema:
            if schema[name].is_integer():
                return "day"
            return "date" if schema[name].is_temporal() else "text"
    return "text"


def holds(dtype: Any, *kinds: str) -> bool:
    types = library("pyarrow.types")
    return any(getattr(types, f"is_{kind}")(dtype) for kind in kinds)


def filled(column: Any, value: Any) -> Array:
    """An Arrow column as a NumPy array; nulls become `value`, or Arrow's own choice if `None`."""
    if column.null_count and value is not None:
        column = column.fill_null(value)
    return column.to_numpy()


def values_of(column: Any) -> list[Any]:
    """An Arrow column as Python values; bytes that are not UTF-8 become halves of characters.

    Converters refuse those, by row.
    """
    values: list[Any]
    try:
        values = column.to_pylist()
    except UnicodeDecodeError:
        raw = column.cast(library("pyarrow").large_binary()).to_pylist()
        values = [each and each.decode("utf-8", "surrogateescape") for each in raw]
        return ["" if each == b"" else each for each in values]
    return values


def objects(values: Sequence[Any]) -> Array:
    made = np.empty(len(values), object)
    made[:] = values
    return made
