"""Tables at the rim: frames of pandas, polars, pyarrow, duckdb and others read, and made.

`columns_of` turns a frame into columns as `tables.py` reads them, `restorer` turns columns into
frames of the same kind. narwhals tells the kinds apart; the work is left to the caller's own
library or to Arrow, a whole column at a time. Nothing here is loaded before a frame comes.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from .._base.arrays import Array, distinct, first_rows, slices
from .._base.extras import extra
from .._base.threads import shared
from .column import Coded, Column, Plain
from .grouping import PART_ROWS, Grouped, grouped
from .mistakes import CohortError
from .schema import FINDING_COLUMNS, LINE_COLUMNS

__all__ = ["columns_of", "restorer"]

ACCEPTED = (
    "a table is a mapping of columns, or a pandas, polars, pyarrow or duckdb table, or any other "
    "that narwhals or Arrow can read"
)
WORDS = frozenset(
    ("target", "nontarget", "new_lesion", "computed", "reported", "response", "source",
     "best_response", "confirmed_best_response", "exposure")
)  # fmt: skip
"""The columns that hold words of a closed list: categories where a library has them."""

_DATES = frozenset(("date", "start", "baseline", "progression_date", "STARTDT", "ADT"))

FEW, MANY_ROWS = 6, 1 << 14
"""Up to how many texts it is quicker to look for each in turn, and the rows that show them all."""

_KNOWN = frozenset((*FINDING_COLUMNS, *LINE_COLUMNS))


def is_date(name: str) -> bool:
    """Whether a column that goes out holds dates."""
    return name in _DATES or name.endswith("_end")


def columns_of(frame: Any) -> dict[str, Column]:
    """The columns of a frame as `tables.read` takes them; `None` for those it does not know."""
    table = _narwhal(frame)
    if table is None:
        table = _narwhal(_streamed(frame))
    names = list(table.collect_schema().names())
    known = [name for name in names if isinstance(name, str) and name in _KNOWN]
    table = table.select(known)
    if hasattr(table, "collect"):
        table = table.collect()
    native, kind = table.to_native(), table.implementation
    if kind.is_polars():
        columns = _of_polars(native)
    elif kind.is_pandas():
        columns = _each(known, lambda name: _of_pandas(native[name], name))
    else:
        arrow = table.to_arrow()
        columns = _each(known, lambda name: _of_arrow(arrow[name], name))
    return {name: columns.get(name) for name in names}


def restorer(frame: Any) -> Callable[[Mapping[str, Column]], Any]:
    """What makes of columns a frame of the same kind as this one: lazy where it is lazy."""
    table = _narwhal(frame)
    if table is None:
        return lambda columns: _to_arrow(columns, "text")
    kind, blank = table.implementation, _date_type(table)
    if kind.is_pandas():
        return lambda columns: _to_pandas(columns, blank)
    if kind.is_polars():
        if hasattr(table, "collect"):
            return lambda columns: _to_polars(columns, blank).lazy()
        return lambda columns: _to_polars(columns, blank)
    if kind.is_duckdb():
        native = table.to_native()
        return lambda columns: _to_duckdb(native, _to_arrow(columns, blank))
    if kind.is_pyarrow():
        return lambda columns: _to_arrow(columns, blank)
    return lambda columns: _to_other(_to_arrow(columns, blank), table)


# ---- which kind


def _narwhal(frame: Any) -> Any:
    """The frame as narwhals knows it; `None` for one that can only be read, as an Arrow stream."""
    home = type(frame).__module__.partition(".")[0]
    if home in sys.stdlib_module_names or home == "numpy":
        raise TypeError(f"{ACCEPTED}, got {type(frame).__name__}")
    nw, _ = _extra("narwhals.stable.v2"), _extra("pyarrow")
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


def _streamed(frame: Any) -> Any:
    """The table of an Arrow stream, which may let itself be read but once."""
    try:
        return _extra("pyarrow").table(frame)
    except (TypeError, ValueError):  # a single column streams as well
        raise TypeError(f"{ACCEPTED}, got {type(frame).__name__}") from None


def _extra(module: str) -> Any:
    """A module of the extra `tables`."""
    return extra(module, of="tables", purpose="tables other than mappings need")


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        told = f"must have names that differ, got twice {', '.join(twice)}"
        raise CohortError([(None, None, "the columns", told)])


def _each(names: Iterable[str], read: Callable[[str], Any]) -> dict[str, Any]:
    """Columns by name, read or made side by side."""
    names = list(names)
    return dict(zip(names, shared(read, names), strict=True))


def _date_type(table: Any) -> str:
    """What dates are in a frame, by its types: `day`, `date`, or else `text`."""
    schema = table.collect_schema()
    for name in ("date", "start"):
        if name in schema:
            if schema[name].is_integer():
                return "day"
            return "date" if schema[name].is_temporal() else "text"
    return "text"


# ---- polars in


def _of_polars(frame: Any) -> dict[str, Column]:
    pl = import_module("polars")

    def read(name: str) -> Column:
        patients = name == "patient" and frame.schema[name] == pl.String
        column = _polars_patients(pl, frame[name]) if patients else None
        return _polars_column(pl, frame[name]) if column is None else column

    return _each(frame.columns, read)


def _polars_patients(pl: Any, texts: Any) -> Grouped | None:
    """The patients of each row, by runs where they lie so; `None` where some row names none."""
    if texts.null_count() or (texts == "").any():
        return None
    count = len(texts)
    changes = texts.slice(1) != texts.slice(0, max(count - 1, 0))
    if 2 * changes.sum() < count:
        heads = np.append(0, changes.arg_true().to_numpy().astype(np.int64) + 1)
        ids = texts.gather(heads)
        if len(_first_texts(pl, ids)[0]) == len(ids):
            return Grouped(_objects(ids.to_list()), np.append(heads, count))
    first, owner = _first_texts(pl, texts)
    return Grouped.scattered(_objects(texts.gather(first).to_list()), owner)


def _first_texts(pl: Any, texts: Any) -> tuple[Array, Array]:
    """The rows where each distinct text comes first, and for each row its text's place there."""
    first, place = first_rows(texts.hash().to_numpy())
    known = texts.gather(first)

    def alike(part: slice) -> bool:
        here = pl.Series(place[part].astype(np.uint32))  # as polars counts rows
        return bool(known.gather(here).eq_missing(texts[part]).all())

    if all(map(alike, slices(len(texts)))):
        return first, place
    # Two texts have one hash: their ranks are told by comparison.
    return first_rows(texts.rank("dense").cast(pl.Int64).fill_null(-1).to_numpy())


def _few_texts(texts: Any) -> Coded | None:
    """A column of a few texts, looked for one by one; `None` where the first rows lack some."""
    values = texts.head(MANY_ROWS).drop_nulls().unique(maintain_order=True).to_list()
    if len(values) > FEW:
        return None
    codes, found = np.full(len(texts), -1, np.int8), texts.null_count()
    for part in slices(len(texts), PART_ROWS):
        for place, value in enumerate(values, 1):
            same = texts[part] == value
            here = (same.fill_null(value=False) if same.null_count() else same).to_numpy()
            codes[part] += here.view(np.int8) * np.int8(place)
            found += int(np.count_nonzero(here))
    return Coded(codes, values) if found == len(texts) else None


def _polars_column(pl: Any, column: Any) -> Column:
    dtype = column.dtype.base_type()
    if dtype == pl.Null:
        return Coded(np.full(len(column), -1), [])
    if dtype == pl.String and (few := _few_texts(column)) is not None:
        return few
    if dtype == pl.String:
        first, place = _first_texts(pl, column)
        return Coded(place, column.gather(first).to_list())
    if dtype in (pl.Categorical, pl.Enum):
        return _polars_codes(pl, column)
    null = column.is_null().to_numpy() if column.null_count() else None
    if dtype == pl.Boolean:
        return Plain(column.fill_null(value=False).to_numpy(), null)
    if dtype.is_float():
        return Plain(column.fill_null(np.nan).to_numpy(), null)
    if dtype in (pl.Date, pl.Datetime):
        plain = column.dt.replace_time_zone(None) if dtype == pl.Datetime else column
        return Plain(plain.to_numpy(), null)
    if dtype in _whole(pl, null is not None):
        filled = column if null is None else column.cast(pl.Int64).fill_null(-1)
        return Plain(filled.to_numpy(), null)
    if dtype.is_decimal():
        return _of_arrow(column.to_arrow(), column.name)
    return column.to_list()


def _whole(pl: Any, holes: bool) -> Sequence[Any]:
    """The types of whole numbers that NumPy takes; with holes, those that fit into 64 bits."""
    small = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
    return small if holes else (*small, pl.UInt64)


def _polars_codes(pl: Any, column: Any) -> Coded:
    """The codes of a column of categories; those that it shares with others are closed up."""
    physical = column.to_physical()
    if column.null_count():
        codes = physical.cast(pl.Int32).fill_null(-1).to_numpy()
    else:
        codes = physical.to_numpy().astype(np.int32, copy=False)
    used, places = distinct(codes)
    one_of = np.zeros(len(used), np.int64)
    one_of[places] = np.arange(len(places))
    values = column.gather(one_of).cast(pl.String).to_list()
    if np.array_equal(used, np.arange(len(used))):
        return Coded(codes, values)
    nulls = int(len(used) > 0 and used[0] < 0)
    return Coded(places - nulls, values[nulls:])


# ---- pandas in


def _of_pandas(column: Any, name: str) -> Column:
    dtype, kind = column.dtype, getattr(column.dtype, "kind", "O")
    if hasattr(dtype, "categories"):
        return Coded(column.cat.codes.to_numpy(), dtype.categories.tolist())
    if isinstance(dtype, np.dtype) and kind in "biufM":
        values = column.to_numpy()
        null = np.isnan(values) if kind == "f" else np.isnat(values) if kind == "M" else None
        return Plain(values, null if null is not None and null.any() else None)
    if isinstance(dtype, np.dtype):
        return _of_objects(column)
    if hasattr(dtype, "tz") and not hasattr(dtype, "pyarrow_dtype"):
        return _of_pandas(column.dt.tz_localize(None), name)
    if not hasattr(column.array, "__arrow_array__") or not _arrow_says_all(dtype):
        return column.tolist()
    return _nan_is_null(_of_arrow(_extra("pyarrow").array(column.array), name))


def _arrow_says_all(dtype: Any) -> bool:
    """Whether Arrow knows what the values of a pandas type mean: text, numbers, Arrow's own."""
    return any(hasattr(dtype, each) for each in ("pyarrow_dtype", "numpy_dtype", "storage"))


def _nan_is_null(column: Column) -> Column:
    if not isinstance(column, Plain) or column.values.dtype.kind != "f":
        return column
    null = np.isnan(column.values)
    return Plain(column.values, null if null.any() else None)


def _of_objects(column: Any) -> Column:
    """Python objects: places in those that differ, where all are of one kind."""
    pd = import_module("pandas")
    if pd.api.types.infer_dtype(column, skipna=True) not in _ONE_KIND:
        return column.tolist()
    codes, values = pd.factorize(column.to_numpy())
    return Coded(codes, [each.item() if isinstance(each, np.generic) else each for each in values])


_ONE_KIND = frozenset(("string", "date", "decimal", "boolean", "integer", "floating", "empty"))
"""What pandas calls objects that are all of one kind: of those, equal ones are the same."""


# ---- Arrow in


def _of_arrow(column: Any, name: str) -> Column:
    pa = _extra("pyarrow")
    if not hasattr(column, "chunks"):
        column = pa.chunked_array([column])
    if _holds(column.type, "string", "large_string", "string_view"):
        return _arrow_texts(pa, column, name)
    if _holds(column.type, "null"):
        return Coded(np.full(len(column), -1), [])
    if _holds(column.type, "decimal"):
        return _encoded(pa, column)
    if _holds(column.type, "dictionary"):
        return _arrow_codes(pa, column)
    null = column.is_null().to_numpy() if column.null_count else None
    if _holds(column.type, "boolean"):
        return Plain(_filled(column, False), null)
    if _holds(column.type, "floating"):
        return Plain(_filled(column, np.nan), null)
    if _holds(column.type, "date"):
        return Plain(_filled(column, None), null)
    if _holds(column.type, "timestamp"):
        compute = _extra("pyarrow.compute")
        local = column if column.type.tz is None else compute.local_timestamp(column)
        return Plain(_filled(local, None), null)
    if _holds(column.type, "integer") and (null is None or column.type != pa.uint64()):
        return Plain(_filled(column if null is None else column.cast(pa.int64()), -1), null)
    return column.to_pylist()


def _holds(dtype: Any, *kinds: str) -> bool:
    types = _extra("pyarrow.types")
    return any(getattr(types, f"is_{kind}")(dtype) for kind in kinds)


def _filled(column: Any, value: Any) -> Array:
    """A column of Arrow as a NumPy array, with a value where it has none; its own if `None`."""
    if column.null_count and value is not None:
        column = column.fill_null(value)
    return column.to_numpy()


def _arrow_texts(pa: Any, column: Any, name: str) -> Column:
    """Texts as places in a dictionary; patients by runs where they lie so."""
    if _holds(column.type, "string_view"):
        column = column.cast(pa.large_string())
    if name == "patient" and len(column) and not column.null_count:
        changes = _extra("pyarrow.compute").not_equal(column[1:], column[:-1])
        heads = np.append(0, np.flatnonzero(_filled(changes, None)) + 1)
        if 2 * len(heads) <= len(column):
            ids = column.take(pa.array(heads)).to_pylist()
            if len(set(ids)) == len(ids) and "" not in ids:
                return Grouped(_objects(ids), np.append(heads, len(column)))
        coded = _encoded(pa, column)
        return coded if "" in coded.values else grouped(coded.codes, coded.values)
    return _encoded(pa, column)


def _encoded(pa: Any, column: Any) -> Coded:
    """The codes of the values of a column; Arrow gives all chunks one dictionary."""
    chunks = column.dictionary_encode().chunks
    if not chunks:
        return Coded(np.zeros(0, np.int32), [])
    return _coded(pa, pa.chunked_array([each.indices for each in chunks]), chunks[-1].dictionary)


def _arrow_codes(pa: Any, column: Any) -> Coded:
    """The codes of a column that comes with dictionaries, one a chunk."""
    # To unify dictionaries costs the length of each; they can be longer than their chunks.
    if sum(len(chunk.dictionary) for chunk in column.chunks[1:]) > len(column):
        return _encoded(pa, column.cast(column.type.value_type))
    whole = column.unify_dictionaries().combine_chunks()
    return _coded(pa, pa.chunked_array([whole.indices]), whole.dictionary)


def _coded(pa: Any, codes: Any, dictionary: Any) -> Coded:
    values = dictionary.to_pylist()
    if _holds(dictionary.type, "decimal") and dictionary.type.scale == 0:
        values = [None if value is None else int(value) for value in values]
    if len(set(values)) < len(values):
        return _encoded(pa, dictionary.take(codes))
    codes = codes.cast(pa.int32()) if codes.type.bit_width < 64 else codes.cast(pa.int64())
    return Coded(_filled(codes, -1), values)


# ---- out


def _to_arrow(columns: Mapping[str, Column], blank: str) -> Any:
    """A `pyarrow.Table`; words are dictionaries."""
    pa = _extra("pyarrow")
    return pa.table(_each(columns, lambda name: _arrow_out(pa, name, columns[name], blank)))


def _arrow_out(pa: Any, name: str, column: Column, blank: str) -> Any:
    if isinstance(column, Plain):
        return pa.array(column.values, mask=column.null)
    kind, values = _told(name, column, blank)
    types = {"text": pa.large_string(), "date": pa.date32(), "day": pa.int64(), "flag": pa.bool_()}
    dictionary = pa.array(values, types[kind])
    codes = np.asarray(column.codes)
    places = pa.array(codes, mask=codes < 0) if (codes < 0).any() else pa.array(codes)
    if name in WORDS:
        return pa.DictionaryArray.from_arrays(places.cast(pa.int8()), dictionary)
    return dictionary.take(places)


def _told(name: str, column: Coded, blank: str) -> tuple[str, list[Any]]:
    """What the values of a coded column are, `text`, `date`, `day` or `flag`; a mixture is text."""
    values = list(column.values)
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return (blank if is_date(name) else "text"), values
    for kind, told in ((bool, "flag"), (int, "day"), (datetime.date, "date")):
        if kinds == {kind}:
            return told, values
    return "text", [None if value is None else str(value) for value in values]


def _to_polars(columns: Mapping[str, Column], blank: str) -> Any:
    pl = import_module("polars")
    made = _each(columns, lambda name: _polars_out(pl, name, columns[name], blank))
    return pl.DataFrame(made)


def _polars_out(pl: Any, name: str, column: Column, blank: str) -> Any:
    if isinstance(column, Plain):
        return pl.from_arrow(_arrow_out(_extra("pyarrow"), name, column, blank)).alias(name)
    if name in WORDS:
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
    return pd.DataFrame(_each(columns, lambda name: _pandas_out(pd, name, columns[name], blank)))


def _pandas_out(pd: Any, name: str, column: Column, blank: str) -> Any:
    if isinstance(column, Plain):
        return _pandas_plain(pd, column)
    codes = np.asarray(column.codes).astype(np.int64)
    if name in WORDS:
        return pd.Categorical.from_codes(codes, list(column.values))
    kind, values = _told(name, column, blank)
    if kind in ("flag", "day"):
        null = np.array([each is None for each in (*values, None)])
        known = np.array([each or 0 for each in (*values, 0)], np.bool_ if kind == "flag" else int)
        return _pandas_plain(pd, Plain(known[codes], null[codes]))
    if kind == "date" or any(not isinstance(each, str) for each in column.values):
        return pd.Series(_objects([*column.values, None])[codes], dtype=object)
    return pd.Series(_objects(values), dtype=str).array.take(codes, allow_fill=True)


def _pandas_plain(pd: Any, column: Plain) -> Any:
    """Numbers and dates as NumPy has them; whole numbers and flags with holes as pandas has."""
    values, kind = column.values, column.values.dtype.kind
    if kind == "M":
        return values.astype("datetime64[s]")
    if column.null is None or kind == "f":
        return values
    made = pd.arrays.BooleanArray if kind == "b" else pd.arrays.IntegerArray
    return made(values, np.asarray(column.null))


def _to_duckdb(relation: Any, made: Any) -> Any:
    """The table as a relation of the same connection, which finds it by the variable's name."""
    return relation.query("mrecist_findings", "select * from made")


def _to_other(table: Any, like: Any) -> Any:
    nw = _extra("narwhals.stable.v2")
    if hasattr(like, "collect"):
        return nw.from_native(table).lazy(like.implementation).to_native()
    return nw.DataFrame.from_arrow(table, backend=like.implementation).to_native()


def _objects(values: Sequence[Any]) -> Array:
    made = np.empty(len(values), object)
    made[:] = values
    return made
