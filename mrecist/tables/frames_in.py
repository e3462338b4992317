"""Read a frame of pandas, polars, pyarrow, duckdb or another library into columns.

The work is left to the caller's own library or to Arrow, a whole column at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from .._base.arrays import Array, distinct, first_rows, slices
from .column import Coded, Column, Plain, of_floats
from .column_schema import (
    FAULT,
    FINDING_COLUMNS,
    LINE_COLUMNS,
    PROCEDURE_COLUMNS,
    READER,
    is_column,
)
from .frame_kinds import (
    each_column,
    filled,
    holds,
    library,
    narwhal_of,
    objects,
    streamed,
    values_of,
)
from .grouping import PART_ROWS, Grouped, grouped

__all__ = ["KNOWN", "columns_of"]

FEW, MANY_ROWS = 6, 1 << 14
"""Up to this many texts a search for each is faster than hashing; the first rows show which."""

KNOWN = (*FINDING_COLUMNS, *LINE_COLUMNS, *PROCEDURE_COLUMNS, READER, FAULT)
"""The names of all columns that some table has."""


def columns_of(frame: Any, wanted: Sequence[str] = KNOWN) -> dict[str, Column]:
    """The columns of a frame in the form that `intake.read` takes; unknown columns are `None`."""
    table = narwhal_of(frame)
    if table is None:
        table = narwhal_of(streamed(frame))
    names = list(table.collect_schema().names())
    known = [name for name in names if isinstance(name, str) and is_column(name, wanted)]
    table = table.select(known)
    if hasattr(table, "collect"):
        table = table.collect()
    native, kind = table.to_native(), table.implementation
    if kind.is_polars():
        columns = _of_polars(native)
    elif kind.is_pandas():
        columns = each_column(known, lambda name: _of_pandas(native[name], name))
    else:
        arrow = table.to_arrow()
        columns = each_column(known, lambda name: _of_arrow(arrow[name], name))
    return {name: columns.get(name) for name in names}


# ---- polars in


def _of_polars(frame: Any) -> dict[str, Column]:
    pl = import_module("polars")

    def read(name: str) -> Column:
        patients = name == "patient" and frame.schema[name] == pl.String
        column = _polars_patients(pl, frame[name]) if patients else None
        return _polars_column(pl, frame[name]) if column is None else column

    return each_column(frame.columns, read)


def _polars_patients(pl: Any, texts: Any) -> Grouped | None:
    """The patient of each row, by runs where rows are grouped; `None` if some row names none."""
    if texts.null_count() or (texts == "").any():
        return None
    count = len(texts)
    changes = texts.slice(1) != texts.slice(0, max(count - 1, 0))
    if 2 * changes.sum() < count:
        heads = np.append(0, changes.arg_true().to_numpy().astype(np.int64) + 1)
        ids = texts.gather(heads)
        if len(_first_texts(pl, ids)[0]) == len(ids):
            return Grouped(objects(ids.to_list()), np.append(heads, count))
    first, owner = _first_texts(pl, texts)
    return Grouped.scattered(objects(texts.gather(first).to_list()), owner)


def _first_texts(pl: Any, texts: Any) -> tuple[Array, Array]:
    """The first row of each distinct text, and for each row the index of its text among these."""
    first, place = first_rows(texts.hash().to_numpy())
    known = texts.gather(first)

    def alike(part: slice) -> bool:
        here = pl.Series(place[part].astype(np.uint32))  # as polars counts rows
        return bool(known.gather(here).eq_missing(texts[part]).all())

    if all(map(alike, slices(len(texts)))):
        return first, place
    # Two texts share a hash: fall back to ranks, which compare texts.
    return first_rows(texts.rank("dense").cast(pl.Int64).fill_null(-1).to_numpy())


def _few_texts(pl: Any, texts: Any) -> Coded | None:
    """A column of few distinct texts, searched one by one; `None` if the first rows lack some."""
    values = texts.head(MANY_ROWS).drop_nulls().unique(maintain_order=True).to_list()
    if len(values) > FEW:
        return None
    code = pl.lit(-1, pl.Int8)
    for place, value in enumerate(values):
        code = pl.when(pl.col("text") == value).then(pl.lit(place, pl.Int8)).otherwise(code)
    codes, frame = np.empty(len(texts), np.int8), texts.to_frame("text")
    for part in slices(len(texts), PART_ROWS):
        codes[part] = frame[part].select(code).to_series().to_numpy()
    lost = len(codes) - np.count_nonzero(codes + 1)
    return Coded(codes, values) if lost == texts.null_count() else None


def _polars_column(pl: Any, column: Any) -> Column:
    dtype = column.dtype.base_type()
    if dtype == pl.Null:
        return Coded(np.full(len(column), -1), [])
    if dtype == pl.String and (few := _few_texts(pl, column)) is not None:
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
        return of_floats(column.fill_null(np.nan).to_numpy())
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
    """The integer types that NumPy takes; with nulls, those that fit into `int64`."""
    small = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
    return small if holes else (*small, pl.UInt64)


def _polars_codes(pl: Any, column: Any) -> Coded:
    """The codes of a column of categories, renumbered without gaps (polars may share codes)."""
    physical = column.to_physical()
    if column.null_count():
        codes = physical.cast(pl.Int32).fill_null(-1).to_numpy()
    else:
        codes = physical.to_numpy().astype(np.int32, copy=False)
    used, places = distinct(codes)
    one_of = np.zeros(len(used), np.int64)
    one_of[places] = np.arange(len(places))
    values = column.gather(one_of).cast(pl.String).to_list()
    ranked = column.dtype.base_type() == pl.Enum
    if np.array_equal(used, np.arange(len(used))):
        return Coded(codes, values, ranked=ranked)
    nulls = int(len(used) > 0 and used[0] < 0)
    return Coded(places - nulls, values[nulls:], ranked=ranked)


# ---- pandas in


def _of_pandas(column: Any, name: str) -> Column:
    dtype, kind = column.dtype, getattr(column.dtype, "kind", "O")
    if hasattr(dtype, "categories"):
        codes = column.cat.codes.to_numpy()
        return Coded(codes, dtype.categories.tolist(), ranked=True)
    if isinstance(dtype, np.dtype) and kind in "biufM":
        values = column.to_numpy()
        if kind == "f":
            return of_floats(values)
        null = np.isnat(values) if kind == "M" else None
        return Plain(values, null if null is not None and null.any() else None)
    if isinstance(dtype, np.dtype):
        return _of_objects(column)
    if hasattr(dtype, "tz") and not hasattr(dtype, "pyarrow_dtype"):
        return _of_pandas(column.dt.tz_localize(None), name)
    if not hasattr(column.array, "__arrow_array__") or not _arrow_says_all(dtype):
        return column.tolist()
    return _of_arrow(library("pyarrow").array(column.array), name)


def _arrow_says_all(dtype: Any) -> bool:
    """Whether Arrow represents a pandas type fully: text, numbers, Arrow's own types."""
    return any(hasattr(dtype, each) for each in ("pyarrow_dtype", "numpy_dtype", "storage"))


def _of_objects(column: Any) -> Column:
    """Python objects, as codes where all are of one kind."""
    pd = import_module("pandas")
    if pd.api.types.infer_dtype(column, skipna=True) not in _ONE_KIND:
        return column.tolist()
    codes, values = pd.factorize(column.to_numpy())
    return Coded(codes, [each.item() if isinstance(each, np.generic) else each for each in values])


_ONE_KIND = frozenset(("string", "date", "decimal", "boolean", "integer", "floating", "empty"))
"""The pandas names of single-kind object columns, in which equal values are the same value."""


# ---- Arrow in


def _of_arrow(column: Any, name: str) -> Column:
    pa = library("pyarrow")
    if not hasattr(column, "chunks"):
        column = pa.chunked_array([column])
    if holds(column.type, "string", "large_string", "string_view"):
        return _arrow_texts(pa, column, name)
    if holds(column.type, "null"):
        return Coded(np.full(len(column), -1), [])
    if holds(column.type, "decimal"):
        few = column.type.bit_width < 128  # which Arrow does not encode
        wide = pa.decimal128(column.type.precision, column.type.scale)
        return _encoded(pa, column.cast(wide) if few else column)
    if holds(column.type, "dictionary"):
        return _arrow_codes(pa, column)
    null = column.is_null().to_numpy() if column.null_count else None
    if holds(column.type, "boolean"):
        return Plain(filled(column, False), null)
    if holds(column.type, "floating"):
        return of_floats(filled(column, np.nan))
    if holds(column.type, "date"):
        return Plain(filled(column, None), null)
    if holds(column.type, "timestamp"):
        compute = library("pyarrow.compute")
        local = column if column.type.tz is None else compute.local_timestamp(column)
        return Plain(filled(local, None), null)
    if holds(column.type, "integer") and (null is None or column.type != pa.uint64()):
        return Plain(filled(column if null is None else column.cast(pa.int64()), -1), null)
    return column.to_pylist()


def _arrow_texts(pa: Any, column: Any, name: str) -> Column:
    """Texts as dictionary codes; patients by runs where rows are grouped."""
    if holds(column.type, "string_view"):
        column = _plain_texts(pa, column)
    if name == "patient" and len(column) and not column.null_count:
        changes = library("pyarrow.compute").not_equal(column[1:], column[:-1])
        heads = np.append(0, np.flatnonzero(filled(changes, None)) + 1)
        if 2 * len(heads) <= len(column):
            ids = values_of(column.take(pa.array(heads)))
            if len(set(ids)) == len(ids) and "" not in ids:
                return Grouped(objects(ids), np.append(heads, len(column)))
        coded = _encoded(pa, column)
        return coded if "" in coded.values else grouped(coded.codes, coded.values)
    return _encoded(pa, column)


def _plain_texts(pa: Any, column: Any) -> Any:
    """A column of views as a column of texts."""
    try:
        return column.cast(pa.large_string())
    except pa.ArrowNotImplementedError:  # pragma: no cover - old versions
        return pa.chunked_array([pa.array(column.to_pylist(), pa.large_string())])


def _encoded(pa: Any, column: Any) -> Coded:
    """Dictionary-encode a column; Arrow uses one dictionary for all chunks."""
    chunks = column.dictionary_encode().chunks
    if not chunks:
        return Coded(np.zeros(0, np.int32), [])
    return _coded(pa, pa.chunked_array([each.indices for each in chunks]), chunks[-1].dictionary)


def _arrow_codes(pa: Any, column: Any) -> Coded:
    """The codes of a dictionary column, which has one dictionary per chunk."""
    # Unifying costs the length of every dictionary, which can exceed that of its chunk.
    if sum(len(chunk.dictionary) for chunk in column.chunks[1:]) > len(column):
        return _encoded(pa, column.cast(column.type.value_type))
    whole = column.unify_dictionaries().combine_chunks()
    made = _coded(pa, pa.chunked_array([whole.indices]), whole.dictionary)
    return Coded(made.codes, made.values, ranked=bool(whole.type.ordered))


def _coded(pa: Any, codes: Any, dictionary: Any) -> Coded:
    values = values_of(dictionary)
    if holds(dictionary.type, "decimal") and dictionary.type.scale == 0:
        values = [None if value is None else int(value) for value in values]
    if len(set(values)) < len(values):
        return _encoded(pa, dictionary.take(codes))
    codes = codes.cast(pa.int32()) if codes.type.bit_width < 64 else codes.cast(pa.int64())
    return Coded(filled(codes, -1), values)
