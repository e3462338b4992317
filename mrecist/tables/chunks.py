"""Cut a table in a file into chunks of whole patients, about equal in size.

A first pass counts the rows of each patient. Where a patient's rows are scattered over the file,
they are gathered in temporary files, or in memory if the file is held there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .._base.arrays import Array, ranges, sorted_rows
from .column import NOTHING
from .files import TableFileError, extra, sparing
from .frame_kinds import values_of
from .spreadsheet import WRITTEN

__all__ = ["Census", "Progress", "SideTable", "counted", "cut", "spans_of"]

Progress = Callable[[int, int | None], None]
"""Called with the rows done and all rows; with `None` for all while these are not known."""

_SETTLED_AT = 1 << 20
_ROW = "row"
_CHANGED = "the file changed while it was read"


# ---- whose rows


def _named(column: Any) -> Any:
    """A column of patients as text or whole numbers, without a dictionary."""
    pa, types = extra("pyarrow"), extra("pyarrow.types")
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if _is_text(column.type) or types.is_integer(column.type):
        return column
    return pa.array([_name(each) for each in column.to_pylist()], pa.large_string())


def _keys(column: Any) -> Any:
    """Patients as text, which identifies them in all tables; empty: nobody."""
    pa, pc = extra("pyarrow"), extra("pyarrow.compute")
    keys = pc.fill_null(column.cast(pa.large_string()), "")
    try:
        keys.validate(full=True)
        keys = pc.utf8_trim_whitespace(keys)
    except pa.ArrowInvalid:  # some name is not UTF-8
        keys = pa.array(map(_in_utf_8, values_of(keys)), pa.large_string())
    if pc.any(pc.starts_with(keys, "'")).as_py():
        keys = pc.replace_substring_regex(keys, WRITTEN, r"\1")
    nobody = pc.is_in(keys, value_set=pa.array(sorted(NOTHING), keys.type))
    return pc.if_else(nobody, "", keys) if pc.any(nobody).as_py() else keys


def _in_utf_8(name: str) -> str:
    """A name with the bytes that are not UTF-8 written out."""
    return name.strip().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _name(patient: Any) -> str | None:
    """A patient as text; numbers are whole, or refused when they are read."""
    if isinstance(patient, float) and patient.is_integer():
        patient = int(patient)
    return None if patient is None else str(patient)


def _is_text(dtype: Any) -> bool:
    types = extra("pyarrow.types")
    return bool(types.is_string(dtype) or types.is_large_string(dtype))


def _heads(column: Any) -> tuple[Array, Any]:
    """The size of each run of rows of one patient, and the patient's name.

    Rows that name nobody go with the row above; at the head of the column their name is empty.
    """
    pc = extra("pyarrow.compute")
    sizes, column = _compressed(_named(column))  # few names are made keys where they recur
    keys = _keys(column)
    if pc.any(pc.equal(keys, "")).as_py():
        keys = pc.fill_null_forward(pc.if_else(pc.equal(keys, ""), None, keys))
        keys = pc.fill_null(keys, "")
    lengths, names = _compressed(keys)
    return np.add.reduceat(sizes, np.cumsum(lengths) - lengths), names


def _compressed(column: Any) -> tuple[Array, Any]:
    """The size of each run of equal cells, and the cell."""
    pa, pc = extra("pyarrow"), extra("pyarrow.compute")
    changes = pc.fill_null(pc.not_equal(column[1:], column[:-1]), fill_value=True)
    heads = np.append(0, np.flatnonzero(changes.to_numpy(zero_copy_only=False)) + 1)
    return np.diff(np.append(heads, len(column))), column.take(pa.array(heads))


def _runs(column: Any, before: int) -> tuple[Array, Array]:
    """The size of each run of rows, and the hash of the patient's name.

    Rows at the head that name nobody go with `before`.
    """
    sizes, heads = _heads(column)
    names = heads.to_pylist()
    hashes = np.fromiter(map(hash, names), np.int64, len(names))
    if names[0] == "":
        hashes[0] = before
    return sizes, hashes


class Census:
    """How many rows each patient has, in the order of their first rows.

    Only hashes of names are kept: patients who share a hash merely share a chunk.
    """

    def __init__(self) -> None:
        self.hashes: Array = np.zeros(0, np.int64)
        self.counts: Array = np.zeros(0, np.int64)
        self.runs = 0
        self.last = 0
        self.codes: Array = None
        self._pending: list[tuple[Array, Array]] = []

    @classmethod
    def of(cls, column: Any) -> Census:
        """The census of a whole column, with the patient of each row in `codes`."""
        census = cls()
        census.codes = np.zeros(0, np.int32)
        if len(column):
            sizes, heads = _heads(column)
            coded = heads.dictionary_encode()
            codes = coded.indices.to_numpy()
            census.counts = np.bincount(codes, sizes).astype(np.int64)
            census.hashes = np.arange(len(coded.dictionary))
            census.codes, census.runs = np.repeat(codes, sizes), len(codes)
        return census

    def add(self, column: Any) -> None:
        """Count the rows of one more piece of the column of patients."""
        sizes, hashes = _runs(column, self.last)
        goes_on = self.runs > 0 and hashes[0] == self.last
        self.runs += len(hashes) - goes_on
        self.last = int(hashes[-1])
        self._pending.append((sizes, hashes))
        pending = sum(len(sizes) for sizes, _ in self._pending)
        if pending > max(_SETTLED_AT, len(self.hashes)):
            self.settle()

    def settle(self) -> None:
        """Add up what has been counted."""
        sizes = np.concatenate([self.counts, *(sizes for sizes, _ in self._pending)])
        hashes = np.concatenate([self.hashes, *(hashes for _, hashes in self._pending)])
        used, first, place = np.unique(hashes, return_index=True, return_inverse=True)
        order = np.argsort(first)
        self.hashes = used[order]
        self.counts = np.bincount(place.ravel(), sizes, len(used))[order].astype(np.int64)
        self._pending = []

    @property
    def together(self) -> bool:
        """Whether the rows of each patient lie together."""
        return self.runs == len(self.hashes)


def counted(source: Any, progress: Progress) -> Census:
    """The census of a file; if rows are of another width, it is read row by row from now on."""
    return sparing(source, lambda: _counted(source, progress))


def _counted(source: Any, progress: Progress) -> Census:
    if source.is_held:
        census = Census.of(_column(source, "patient"))
        progress(len(census.codes), None)
        return census
    census, rows = Census(), 0
    for batch in source.batches(["patient"]):
        census.add(batch.column(0))
        rows += batch.num_rows
        progress(rows, None)
    census.settle()
    return census


def _column(source: Any, name: str) -> Any:
    """A whole column of a file."""
    pa = extra("pyarrow")
    schema = pa.schema([source.schema.field(name)])
    return pa.Table.from_batches(list(source.batches([name])), schema)[name].combine_chunks()


def spans_of(counts: Array, rows: int) -> list[tuple[int, int]]:
    """Whole patients, from one up to another, of at most so many rows, or one patient alone."""
    ends = np.cumsum(counts)
    found, first = [], 0
    while first < len(counts):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + rows, side="right")), first + 1)
        found.append((first, last))
        first = last
    return found


# ---- chunks of whole patients


def _cut(batches: Iterable[Any], sizes: Iterable[int], path: str) -> Iterator[Any]:
    """Successive tables of the given sizes, up to the end of the file."""
    pa = extra("pyarrow")
    coming = iter(batches)
    batch = next(coming, None)
    for size in sizes:
        parts = []
        while size and batch is not None:
            parts.append(batch.slice(0, size))
            size -= parts[-1].num_rows
            batch = batch.slice(parts[-1].num_rows)
            batch = batch if batch.num_rows else next(coming, None)
        if size:
            raise TableFileError([f"{path}: {_CHANGED}"])
        yield pa.Table.from_batches(parts).combine_chunks()
    if batch is not None:
        raise TableFileError([f"{path}: {_CHANGED}"])


def cut(
    source: Any,
    census: Census,
    spans: Sequence[tuple[int, int]],
    folder: Path,
    rows: int,
    progress: Progress,
) -> Iterator[tuple[Any, Array]]:
    """The chunks of a file, each with the places of its rows there."""
    if census.together:
        return together(source, census, spans)
    if source.is_held:
        return apart(source, census, spans)
    return scattered(source, census, spans, folder, rows, progress)


def together(
    source: Any, census: Census, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[Any, Array]]:
    """The chunks of a file in which the rows of each patient lie together."""
    sizes = [int(census.counts[first:last].sum()) for first, last in spans]
    begin = 0
    for table in _cut(source.batches(source.schema.names), sizes, source.path):
        yield table, np.arange(begin, begin + len(table))
        begin += len(table)


def apart(
    source: Any, census: Census, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[Any, Array]]:
    """The chunks of a file that is held, wherever the rows of each patient lie."""
    pa = extra("pyarrow")
    batches = list(source.batches(source.schema.names))
    bounds = np.cumsum([0, *(batch.num_rows for batch in batches)])
    chunk_of = np.repeat(np.arange(len(spans)), _widths(spans)).take(census.codes)
    order = sorted_rows(chunk_of, len(spans).bit_length())
    sizes = np.bincount(chunk_of, minlength=len(spans))
    for rows in np.split(order, np.cumsum(sizes)[:-1]):
        cuts = np.searchsorted(rows, bounds)
        parts = [
            batch.take(pa.array(rows[begin:end] - first))
            for batch, first, begin, end in zip(
                batches, bounds[:-1].tolist(), cuts[:-1].tolist(), cuts[1:].tolist(), strict=True
            )
        ]
        yield pa.Table.from_batches(parts).combine_chunks(), rows


def scattered(
    source: Any,
    census: Census,
    spans: Sequence[tuple[int, int]],
    folder: Path,
    rows: int,
    progress: Progress,
) -> Iterator[tuple[Any, Array]]:
    """The chunks of any file: the rows are first sorted into a temporary file for each."""
    paths = [folder / f"chunk-{number}" for number in range(len(spans))]
    chunk_of = np.repeat(np.arange(len(spans)), _widths(spans))
    for done in _sorted_into(paths, source, census, chunk_of, rows):
        progress(done, None)
    for path in paths:
        table = _pieces(path)
        path.unlink()
        yield table.drop_columns([_ROW]), table[_ROW].to_numpy()


def _widths(spans: Sequence[tuple[int, int]]) -> list[int]:
    return [last - first for first, last in spans]


def _sorted_into(
    paths: Sequence[Path], source: Any, census: Census, chunk_of: Array, rows: int
) -> Iterator[int]:
    """Append each row to the file of its patient's chunk; yield the number of rows done.

    `chunk_of` is by patient.
    """
    pa = extra("pyarrow")
    order = np.argsort(census.hashes)
    hashes, chunk_of = census.hashes[order], chunk_of[order]
    total, begin, last = int(census.counts.sum()), 0, 0
    sizes = [min(rows, total - at) for at in range(0, total, rows)]
    for table in _cut(source.batches(source.schema.names), sizes, source.path):
        runs, found = _runs(table["patient"].combine_chunks(), last)
        place = np.minimum(np.searchsorted(hashes, found), len(hashes) - 1)
        if (hashes[place] != found).any():
            raise TableFileError([f"{source.path}: {_CHANGED}"])
        numbered = _plain(table).append_column(_ROW, pa.array(np.arange(begin, begin + len(table))))
        _append(paths, numbered, np.repeat(chunk_of[place], runs))
        begin, last = begin + len(table), int(found[-1])
        yield begin


def _plain(table: Any) -> Any:
    """The table without dictionaries: each piece would store the whole dictionary."""
    pa, types = extra("pyarrow"), extra("pyarrow.types")
    fields = [
        field.with_type(field.type.value_type) if types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _append(paths: Sequence[Path], table: Any, chunks: Array) -> None:
    """Add the rows of a table to the files of their chunks, in their order."""
    pa, ipc = extra("pyarrow"), extra("pyarrow.ipc")
    order = np.argsort(chunks, kind="stable")
    table = table.take(pa.array(order)).combine_chunks()
    used, begins = np.unique(chunks[order], return_index=True)
    ends = np.append(begins[1:], len(table))
    for chunk, begin, end in zip(used.tolist(), begins.tolist(), ends.tolist(), strict=True):
        with paths[chunk].open("ab") as file, ipc.new_stream(file, table.schema) as stream:
            stream.write_table(table.slice(begin, end - begin))


def _pieces(path: Path) -> Any:
    """The table of a file that was written piece by piece."""
    pa, ipc = extra("pyarrow"), extra("pyarrow.ipc")
    pieces = []
    with path.open("rb") as file:
        while file.peek(1):
            with ipc.open_stream(file) as stream:
                pieces.append(stream.read_all())
    return pa.concat_tables(pieces).combine_chunks()


# ---- the lines and procedures of the patients of a chunk


def whole(source: Any) -> Any:
    """The known columns of a file as one table."""
    batches = list(source.batches(source.schema.names))
    return extra("pyarrow").Table.from_batches(batches, source.schema)


class SideTable:
    """A table beside the findings, held whole and looked up by patient."""

    def __init__(self, source: Any) -> None:
        self.names = source.names
        self.table: Any = sparing(source, lambda: whole(source))
        coded = _keys(_named(self.table["patient"].combine_chunks())).dictionary_encode()
        codes = coded.indices.to_numpy()
        self._place = {name: code for code, name in enumerate(coded.dictionary.to_pylist())}
        self._order = np.argsort(codes, kind="stable")
        counts = np.bincount(codes, minlength=len(self._place))
        self._bounds = np.concatenate([[0], np.cumsum(counts)])
        self._left = np.full(len(counts), fill_value=True)

    def of(self, patients: Any) -> Array:
        """The rows of these patients, each of whom may be requested once."""
        names = _keys(_named(patients).unique()).unique().to_pylist()
        places = [self._place[name] for name in names if name and name in self._place]
        self._left[places] = False
        return self._rows(np.array(places, np.int64))

    def left(self) -> Array:
        """The rows of patients never requested, and rows without a patient."""
        return self._rows(np.flatnonzero(self._left))

    def _rows(self, places: Array) -> Array:
        counts = self._bounds[places + 1] - self._bounds[places]
        return np.sort(self._order[ranges(self._bounds[places], counts)])
