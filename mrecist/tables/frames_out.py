"""Turn columns into a frame of the same kind as the caller's.

Words become categories where the library has them; dates are written as they were read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import Any
from uuid import uuid4

import numpy as np

from .._base.arrays import Array
from .column import Coded, Column, Plain
from .frame_kinds import (
    ORDERED,
    WORD_COLUMNS,
    date_type,
    each_column,
    is_date,
    library,
    narwhal_of,
    objects,
)

__all__ = ["restorer", "to_arrow"]


def restorer(frame: Any) -> Callable[[Mapping[str, Column]], Any]:
    """A function from columns to a frame of the same kind as `frame`, lazy if `frame` is lazy."""
    table = narwhal_of(frame)
    if table is None:
        return partial(to_arrow, blank="text")
    kind, blank = table.implementation, date_type(table)
    lazy = hasattr(table, "collect")
    if kind.is_pandas():
        return partial(_to_pandas, blank=blank)
    if kind.is_polars():
        return partial(_to_lazy if lazy else _to_polars, blank=blank)
    if kind.is_duckdb():
        return _ToDuckdb(table.to_native(), blank)
    if kind.is_pyarrow():
        return partial(to_arrow, blank=blank)
    return partial(_to_other, blank=blank, kind=kind, lazy=lazy)


def to_arrow(columns: Mapping[str, Column], blank: str) -> Any:
    """A `pyarrow.Table`; words are dictionary columns."""
    pa = library("pyarrow")
    return pa.table(each_column(columns, lambda name: _arrow_out(pa, name, columns[name], blank)))


def _arrow_out(pa: Any, name: str, column: Column, blank: str) -> Any:
    if isinstance(column, Plain):
        return pa.array(column.values, mask=column.null)
    kind, values = _told(name, column, blank)
    types = {"text": pa.large_string(), "date": pa.date32(), "day": pa.int64(), "flag": pa.bool_()}
    dictionary = pa.array(values, types[kind])
    codes = np.asarray(column.codes)
    places = pa.array(codes, mask=codes < 0) if (codes < 0).any() else pa.array(codes)
    if name in WORD_COLUMNS:
        codes = places.cast(pa.int8())
        return pa.DictionaryArray.from_arrays(codes, dictionary, ordered=name in ORDERED)
    return dictionary.take(places)


def _told(name: str, column: Coded, blank: str) -> tuple[str, list[Any]]:
    """The kind of a coded column's values (`text`, `date`, `day`, `flag`) and the values; a mixture
    becomes text."""
    values = list(column.values)
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {str}:
        return "text", values
    if not kinds:
        return (blank if is_date(name) else "text"), values
    for kind, told in ((bool, "flag"), (int, "day"), (datetime.date, "date")):
        if kinds == {kind} and (kind is not int or _fit(values)):
            return told, values
    return "text", [None if value is None else str(value) for value in values]


def _fit(numbers: Sequence[int | None]) -> bool:
    """Whether all numbers fit into 64 bits."""
    return all(each is None or abs(each) < 1 << 63 for each in numbers)


def _to_polars(columns: Mapping[str, Column], blank: str) -> Any:
    pl = import_module("polars")
    made = each_column(columns, lambda name: _polars_out(pl, name, columns[name], blank))
    return pl.DataFrame(made)


def _to_lazy(columns: Mapping[str, Column], blank: str) -> Any:
    return _to_polars(columns, blank).lazy()


def _polars_out(pl: Any, name: str, column: Column, blank: str) -> Any:
    if isinstance(column, Plain):
        return pl.from_arrow(_arrow_out(library("pyarrow"), name, column, blank)).alias(name)
    if name in WORD_COLUMNS:
        words = list(column.values)
        values = pl.Series(name, words, pl.Enum(words))
    else:
        kind, each = _told(name, column, blank)
        types = {"text": pl.String, "date": pl.Date, "day": pl.Int64, "flag": pl.Boolean}
        values = pl.Series(name, each, types[kind])
    return values.gather(_places(pl, column.codes))


def _places(pl: Any, codes: Array) -> Any:
    places = pl.Series(np.asarray(codes).astype(np.int64))
    return places.set(places < 0, None) if (codes < 0).any() else places


def _to_pandas(columns: Mapping[str, Column], blank: str) -> Any:
    pd = import_module("pandas")
    return pd.DataFrame(
        each_column(columns, lambda name: _pandas_out(pd, name, columns[name], blank))
    )


def _pandas_out(pd: Any, name: str, column: Column, blank: str) -> Any:
    if isinstance(column, Plain):
        return _pandas_plain(pd, column)
    codes = np.asarray(column.codes).astype(np.int64)
    if name in WORD_COLUMNS:
        return pd.Categorical.from_codes(codes, list(column.values), ordered=name in ORDERED)
    kind, values = _told(name, column, blank)
    if kind in ("flag", "day"):
        null = np.array([each is None for each in (*values, None)])
        known = np.array([each or 0 for each in (*values, 0)], np.bool_ if kind == "flag" else int)
        return _pandas_plain(pd, Plain(known[codes], null[codes]))
    if kind == "date" or not all(isinstance(each, str) for each in values):
        return pd.Series(objects([*column.values, None])[codes], dtype=object)
    return pd.Series(objects(values), dtype=str).array.take(codes, allow_fill=True)


def _pandas_plain(pd: Any, column: Plain) -> Any:
    """Numbers and dates as NumPy arrays; integers and flags with nulls as pandas' own arrays."""
    values, kind = column.values, column.values.dtype.kind
    if kind == "M":
        return values.astype("datetime64[s]")
    if column.null is None or kind == "f":
        return values
    made = pd.arrays.BooleanArray if kind == "b" else pd.arrays.IntegerArray
    return made(values, np.asarray(column.null))


def _queried(relation: Any, made: Any) -> Any:
    """The table as a relation of the same connection.

    A relation takes a table by name only, so the name is a new one: it is nobody else's in the
    catalogue of the caller, where nothing is left.
    """
    name = f"mrecist_{uuid4().hex}"

    def run(statement: str) -> Any:
        # duckdb finds the table among the variables of the frame that calls it.
        scope = {"relation": relation, name: made}
        return eval(f"relation.query('{name}_', {statement!r})", scope)

    with _taking_tables(relation, run):
        found = run(f"select * from {name}")
    run(f"drop view if exists {name}_")  # which old versions leave behind
    return found


@contextmanager
def _taking_tables(relation: Any, run: Callable[[str], Any]) -> Iterator[None]:
    """Let a connection that looks for no variables of Python do so meanwhile."""
    shut = run(f"select 1 where not current_setting('{_SCANS}')").fetchall()
    try:
        if shut:
            run(f"set {_SCANS} = true")
        yield
    except library("duckdb").Error as error:
        told = " ".join(str(error).split())
        cure = f"its findings.arrow() gives Arrow tables ({told})"
        raise TypeError(f"this connection of duckdb takes no table from Python; {cure}") from None
    finally:
        with suppress(library("duckdb").Error):
            if shut:
                run(f"set {_SCANS} = false")


_SCANS = "python_enable_replacements"


class _ToDuckdb:
    """Tables as relations of one connection; in another process, which has none, of pyarrow."""

    def __init__(self, relation: Any, blank: str) -> None:
        self._relation, self._blank = relation, blank

    def __call__(self, columns: Mapping[str, Column]) -> Any:
        return _queried(self._relation, to_arrow(columns, self._blank))

    def __reduce__(self) -> Any:
        return _without_connection, (self._blank,)


def _without_connection(blank: str) -> Callable[[Mapping[str, Column]], Any]:
    return partial(to_arrow, blank=blank)


def _to_other(columns: Mapping[str, Column], blank: str, kind: Any, lazy: bool) -> Any:
    nw, table = library("narwhals.stable.v2"), to_arrow(columns, blank)
    if lazy:
        return nw.from_native(table).lazy(kind).to_native()
    return nw.DataFrame.from_arrow(table, backend=kind).to_native()
