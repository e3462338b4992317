"""Tables of other formats: CSV, Parquet, SAS transport and data files, Dataset-JSON 1.1."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .._base.converters import shown
from .._base.extras import extra
from ..tables.column import Coded
from ..tables.plain_columns import arrow_of
from .columns import Table, coded
from .csv_files import read_csv, refuse_twice, sound
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


def _of_rows(name: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A table of rows of one width."""
    refuse_twice(name, names)
    width = len(names)
    for at, row in enumerate(rows):
        if len(row) != width:
            raise not_a_table(
                name, f"must have {width} cells as the header has, got {len(row)}", at
            )

    def read(place: int) -> Coded:
        return coded([row[place] for row in rows])

    return Table(name, len(rows), {each: partial(read, at) for at, each in enumerate(names)})


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


def _json(path: Path, name: str) -> Table:
    with sound(name, "Dataset-JSON file", ValueError, RecursionError):
        document = json.loads(path.read_text("utf-8-sig"))
    rows = document.get("rows") if isinstance(document, dict) else None
    return _of_dataset(name, document, rows)


def _ndjson(path: Path, name: str) -> Table:
    with sound(name, "Dataset-JSON file", ValueError, RecursionError):
        lines = path.read_text("utf-8-sig").splitlines()
        documents = [json.loads(line) for line in lines if line.strip()]
    return _of_dataset(name, documents[0] if documents else None, documents[1:])


def _of_dataset(name: str, document: Any, rows: Any) -> Table:
    """The rows of a data set, its columns named by its metadata."""
    columns = document.get("columns") if isinstance(document, dict) else None
    if not isinstance(columns, list) or not all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in columns
    ):
        raise not_a_table(name, "not a data set of Dataset-JSON 1.1: it names no columns")
    listed = rows if isinstance(rows, list) else [rows]
    for at, row in enumerate(listed):
        if not isinstance(row, list):
            raise not_a_table(name, f"must be a list of cells, got {shown(row)}", at)
    return _of_rows(name, [each["name"] for each in columns], listed)


def _compressed(path: Path, name: str) -> Table:
    raise not_a_table(name, "compressed Dataset-JSON is not read: unpack it to .ndjson")


_READ: dict[str, Callable[[Path, str], Table]] = {
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".parquet": _parquet,
    ".xpt": partial(_sas, "xpt"),
    ".sas7bdat": partial(_sas, "sas7bdat"),
    ".json": _json,
    ".ndjson": _ndjson,
    ".dsjc": _compressed,
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
