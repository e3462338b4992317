"""Tables of other formats: CSV, Parquet, SAS transport and data files, Dataset-JSON 1.1."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .._base.extras import extra
from ..tables.column import Coded
from ..tables.plain_columns import arrow_of
from .columns import Table, coded
from .csv_files import read_csv, refuse_twice, sound
from .dataset_files import read_json, read_ndjson, refuse_compressed
from .errors import not_a_table

__all__ = ["ENDINGS", "read_table", "stem_of", "table_of"]

ENDINGS = (".csv.gz", ".csv", ".parquet", ".xpt", ".sas7bdat", ".json", ".ndjson", ".dsjc")
"""The files that are looked at, by their ending."""


def stem_of(path: str | os.PathLike[str]) -> str | None:
    """The name of a file without its ending, in lower case; `None` where the ending is unknown."""
    name = Path(path).name.lower()
    return next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), None)


def read_table(path: str | os.PathLike[str]) -> Table:
    """The table of a file, by its ending. Raises `IntakeError` where it is no such table."""
    name = Path(path).name
    stem = stem_of(path)
    if stem is None:
        raise not_a_table(name, f"must end in one of {' '.join(ENDINGS)}")
    return _READ[name.lower().removeprefix(stem)](Path(path), name)


def _of_columns(name: str, columns: Mapping[str, Sequence[Any]], count: int) -> Table:
    return Table(name, count, {each: partial(coded, cells) for each, cells in columns.items()})


def _parquet(path: Path, name: str) -> Table:
    needs = partial(extra, of="tables", purpose="Parquet files need")
    pa, pq = needs("pyarrow"), needs("pyarrow.parquet")
    with path.open("rb"), sound(name, "Parquet file", pa.ArrowException, OSError):
        table = pq.read_table(path)
    refuse_twice(name, table.column_names)
    return Table(
        name,
        table.num_rows,
        {each: partial(_of_arrow, table.column(at)) for at, each in enumerate(table.column_names)},
    )


def _of_arrow(column: Any) -> Coded:
    """A column of Arrow; distinct values are found there, where its type allows."""
    pa = extra("pyarrow", of="tables", purpose="Parquet files need")
    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        try:
            whole = whole.dictionary_encode()
        except pa.ArrowException:
            return coded(column.to_pylist())
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    values = coded([*whole.dictionary.to_pylist(), None])
    return Coded(values.codes[codes], values.values)


def _sas(kind: str, path: Path, name: str) -> Table:
    sas = extra("pyreadstat", of="sas", purpose=f"SAS files ({kind}) need")
    read = sas.read_xport if kind == "xpt" else sas.read_sas7bdat
    with path.open("rb"), sound(name, f"SAS file ({kind})", Exception):
        columns, _ = read(path, output_format="dict", disable_datetime_conversion=True)
    return _of_columns(name, columns, max(map(len, columns.values()), default=0))


_READ: dict[str, Callable[[Path, str], Table]] = {
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".parquet": _parquet,
    ".xpt": partial(_sas, "xpt"),
    ".sas7bdat": partial(_sas, "sas7bdat"),
    ".json": read_json,
    ".ndjson": read_ndjson,
    ".dsjc": refuse_compressed,
}


def table_of(given: Any, name: str) -> Table:
    """The table that a caller gives: a file, a mapping of columns, or a frame."""
    if isinstance(given, (str, os.PathLike)):
        return read_table(given)
    if isinstance(given, Mapping):
        columns = {str(each): list(cells) for each, cells in given.items()}
        lengths = sorted(set(map(len, columns.values())))
        if len(lengths) > 1:
            raise not_a_table(name, f"the columns must be of one length, got {lengths}")
        return _of_columns(name, columns, lengths[0] if lengths else 0)
    arrow = arrow_of(given)
    return Table(
        name,
        arrow.num_rows,
        {
            str(each): partial(_of_arrow, arrow.column(at))
            for at, each in enumerate(arrow.column_names)
        },
    )
