"""Cohorts in files that may be larger than memory: tables of findings and lines in, verdicts out.

`assess_files` reads the findings twice. The first pass counts the rows of each patient, reading
the column of patients alone. The second cuts the table into chunks of whole patients, and each
chunk is judged as `assess_cohort` judges a table. Where the rows of a patient do not lie together
they are brought together first, in temporary files.

What is held: one chunk (for each process), the table of lines, and 16 bytes a patient.
"""

from __future__ import annotations

import csv
import multiprocessing
import os
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from . import table_files, tables
from ._arrays import Array, ranges
from .cohort import assess_read
from .criteria import MRECIST, Criteria, criteria_named
from .frames import DATES, columns_of, restorer
from .responses import Responses
from .table_files import TableFileError, Writer, ending, extra
from .tables import FINDING_COLUMNS, LINE_COLUMNS, LINES_REQUIRED, REQUIRED, Dates

__all__ = ["CHUNK_ROWS", "Summary", "assess_files"]

CHUNK_ROWS = 1 << 18
"""About how many rows of findings are held at a time."""

Progress = Callable[[int, int | None], None]
Mistake = tuple[Any, int, str, str]

_SETTLED_AT = 1 << 20
_ROW = "row"
_CHANGED = "the file changed while it was read"


@attrs.frozen(kw_only=True)
class Summary:
    """What a cohort in files came to, in numbers.

    `patients` are all; `invalid` of them are not assessed, for a mistake in some row; `untreated`
    have no line of therapy and so no verdict. `mistakes` are all rows of `errors.csv`, of which
    `unowned` name no patient. `lines` and `timepoints` are the rows written, `rows` those read.
    """

    rows: int
    patients: int
    invalid: int
    untreated: int
    mistakes: int
    unowned: int
    lines: int
    timepoints: int


def assess_files(
    findings: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    lines: str | os.PathLike[str] | None = None,
    criteria: Criteria | str = MRECIST,
    jobs: int = 1,
    progress: Progress | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Summary:
    """Judge the patients of a file as `assess_cohort` does, with memory for a part of it only.

    `findings` and `lines` are files of one format: CSV (`.csv`, `.csv.gz`) or Parquet. The folder
    `out` receives `timepoints` and `lines` in that format, and `errors.csv` (`patient, row,
    column, error`) with every mistake, or its header alone; patients with a mistake are not
    judged. Files of these names are replaced, all at the end: a run that fails leaves none.

    Patients come out in the order of their first rows, whether or not their rows lie together. If
    they do not, temporary files in `out` hold the table meanwhile, and mistakes are listed by
    groups of patients, not strictly by row. Dates come out as those of the findings came in; as
    text if the lines have dates of another kind.

    `jobs`: processes that share the work, each with a chunk of `chunk_rows` rows or of one patient;
    a script that asks for several must guard its own start, as for `multiprocessing`. `progress` is
    called with the rows done and all rows; with `None` for all while they are counted and brought
    together.

    Raises `TableFileError` for a file that is no such table, `OSError` for one that cannot be
    opened or written, `ImportError` without `mrecist[tables]`.
    """
    criteria = criteria_named(criteria)
    for name, number in (("jobs", jobs), ("chunk_rows", chunk_rows)):
        if type(number) is not int or number < 1:
            raise ValueError(f"{name} must be a whole number from 1, got {number!r}")
    for module in ("pyarrow", "narwhals"):
        extra(module)
    source = _opened(findings, FINDING_COLUMNS, REQUIRED)
    line_source = None if lines is None else _opened(lines, LINE_COLUMNS, LINES_REQUIRED, "lines.")
    kind = _one_format(source, line_source)
    names = (f"timepoints{kind}", f"lines{kind}", "errors.csv")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    _spare_inputs([folder / name for name in names], [source, line_source])
    told = progress or (lambda done, rows: None)
    with tempfile.TemporaryDirectory(prefix=".mrecist-", dir=folder) as made:
        run = _Run(source, _LineTable(line_source), criteria, Path(made), told, chunk_rows)
        summary = run(names, jobs)
        for name in names:
            (Path(made) / name).replace(folder / name)
    return summary


def _opened(
    path: str | os.PathLike[str], known: Sequence[str], required: Sequence[str], prefix: str = ""
) -> Any:
    return table_files.opened(os.fspath(path), known, required, prefix)


def _one_format(source: Any, lines: Any) -> str:
    """The ending that both files have."""
    kind = ending(source.path)
    if lines is not None and ending(lines.path) != kind:
        told = f"{lines.path}: must be of the same format as {source.path}, {kind}"
        raise TableFileError([told])
    return kind


def _spare_inputs(written: Sequence[Path], sources: Sequence[Any]) -> None:
    """Refuse to write over a file that is read."""
    for path in written:
        for source in sources:
            if source is not None and path.exists() and path.samefile(source.path):
                told = f"{path}: would be written over, but is read; choose another folder"
                raise TableFileError([told])


# ---- whose rows


def _keys(column: Any) -> Any:
    """A column of patients as text, by which those of both tables are the same; empty: nobody."""
    pa, pc, types = extra("pyarrow"), extra("pyarrow.compute"), extra("pyarrow.types")
    if types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if not _is_text(column.type) and not types.is_integer(column.type):
        column = pa.array([_name(each) for each in column.to_pylist()], pa.large_string())
    return pc.fill_null(pc.cast(column, pa.large_string()), "")


def _name(patient: Any) -> str | None:
    """A patient as text; numbers are whole, or refused when they are read."""
    if isinstance(patient, float) and patient.is_integer():
        patient = int(patient)
    return None if patient is None else str(patient)


def _is_text(dtype: Any) -> bool:
    types = extra("pyarrow.types")
    return bool(types.is_string(dtype) or types.is_large_string(dtype))


def _runs(column: Any, before: int) -> tuple[Array, Array]:
    """The size of each run of rows of one patient, and the hash of the patient's name.

    Rows that name nobody go with the row above; at the head of the column, with `before`.
    """
    pa, pc = extra("pyarrow"), extra("pyarrow.compute")
    keys = _keys(column)
    if pc.any(pc.equal(keys, "")).as_py():
        keys = pc.fill_null_forward(pc.if_else(pc.equal(keys, ""), None, keys))
        keys = pc.fill_null(keys, "")
    changes = pc.not_equal(keys[1:], keys[:-1]).to_numpy(zero_copy_only=False)
    heads = np.append(0, np.flatnonzero(changes) + 1)
    names = keys.take(pa.array(heads)).to_pylist()
    hashes = np.fromiter(map(hash, names), np.int64, len(names))
    if names[0] == "":
        hashes[0] = before
    return np.diff(np.append(heads, len(keys))), hashes


class _Census:
    """How many rows each patient has, in the order of their first rows.

    Names are kept as hashes alone: patients who share one are kept in one chunk, no more.
    """

    def __init__(self) -> None:
        self.hashes: Array = np.zeros(0, np.int64)
        self.counts: Array = np.zeros(0, np.int64)
        self.runs = 0
        self.last = 0
        self._pending: list[tuple[Array, Array]] = []

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


def _counted(source: Any, progress: Progress) -> _Census:
    """The census of a file."""
    census, rows = _Census(), 0
    for batch in source.batches(["patient"]):
        census.add(batch.column(0))
        rows += batch.num_rows
        progress(rows, None)
    census.settle()
    return census


def _spans(counts: Array, rows: int) -> list[tuple[int, int]]:
    """Whole patients, from one up to another, of at most so many rows, or one patient alone."""
    ends = np.cumsum(counts)
    spans, first = [], 0
    while first < len(counts):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + rows, side="right")), first + 1)
        spans.append((first, last))
        first = last
    return spans


# ---- chunks of whole patients


def _cut(batches: Iterable[Any], sizes: Iterable[int], path: str) -> Iterator[Any]:
    """Tables of the sizes that are asked for, one after the other, to the end of the file."""
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


def _together(
    source: Any, census: _Census, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[Any, Array]]:
    """The chunks of a file in which the rows of each patient lie together."""
    sizes = [int(census.counts[first:last].sum()) for first, last in spans]
    begin = 0
    for table in _cut(source.batches(source.schema.names), sizes, source.path):
        yield table, np.arange(begin, begin + len(table))
        begin += len(table)


def _scattered(
    source: Any,
    census: _Census,
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
    paths: Sequence[Path], source: Any, census: _Census, chunk_of: Array, rows: int
) -> Iterator[int]:
    """Add each row to the file of its patient's chunk, and tell how many rows are done.

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
    """The table without dictionaries, of which every piece would hold the whole."""
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


# ---- the lines of the patients of a chunk


class _LineTable:
    """The table of lines, held whole, that gives the lines of some patients at a time."""

    def __init__(self, source: Any) -> None:
        self.table: Any = None
        if source is None:
            return
        pa = extra("pyarrow")
        self.table = pa.Table.from_batches(source.batches(source.schema.names), source.schema)
        coded = _keys(self.table["patient"].combine_chunks()).dictionary_encode()
        codes = coded.indices.to_numpy()
        self._place = {name: code for code, name in enumerate(coded.dictionary.to_pylist())}
        self._order = np.argsort(codes, kind="stable")
        counts = np.bincount(codes, minlength=len(self._place))
        self._bounds = np.concatenate([[0], np.cumsum(counts)])
        self._left = np.full(len(counts), fill_value=True)

    def of(self, patients: Any) -> Array:
        """The rows of some patients, each of whom is asked for once; none of nobody's."""
        names = _keys(patients).unique().to_pylist()
        places = [self._place[name] for name in names if name and name in self._place]
        self._left[places] = False
        return self._rows(np.array(places, np.int64))

    def left(self) -> Array:
        """The rows of the patients whom nobody asked for, and those that name none."""
        return self._rows(np.flatnonzero(self._left))

    def _rows(self, places: Array) -> Array:
        counts = self._bounds[places + 1] - self._bounds[places]
        return np.sort(self._order[ranges(self._bounds[places], counts)])


# ---- the work on a chunk


@attrs.frozen(eq=False)
class _Chunk:
    """Whole patients: their findings and their lines, and where these stand in their files."""

    findings: Any
    rows: Array
    lines: Any = None
    line_rows: Array = None


@attrs.frozen(eq=False, kw_only=True)
class _Judged:
    """What a chunk comes to."""

    timepoints: Any
    lines: Any
    mistakes: list[Mistake]
    rows: int
    patients: int
    invalid: int
    untreated: int


@attrs.frozen(eq=False, kw_only=True)
class _Judge:
    """What to do with each chunk; sent to worker processes as it is.

    All chunks write dates and patients in the same way; with `None` as each finds its own.
    """

    criteria: Criteria
    dates: Dates | None = None
    timepoints: Any = None
    lines: Any = None

    def __call__(self, chunk: _Chunk) -> _Judged:
        lines = None if chunk.lines is None else columns_of(chunk.lines)
        data = tables.read(columns_of(chunk.findings), lines)
        if self.dates is not None:
            data = attrs.evolve(data, dates=self.dates)
        panel = assess_read(data, self.criteria)
        found = Responses(data, self.criteria, panel, restorer(chunk.findings))
        return _Judged(
            timepoints=_cast(found.timepoints, self.timepoints),
            lines=_cast(found.lines, self.lines),
            mistakes=[_placed(chunk, each) for each in tables.told(data)],
            rows=len(chunk.rows),
            patients=len(data.patients),
            invalid=int(data.patients.refused.sum()),
            untreated=len(found.untreated),
        )


def _cast(table: Any, schema: Any) -> Any:
    return table if schema is None else table.cast(schema)


def _placed(chunk: _Chunk, mistake: tuple[Any, int | None, str, str]) -> Mistake:
    """A mistake with its row in the file."""
    patient, row, column, error = mistake
    rows = chunk.line_rows if column.startswith("lines.") else chunk.rows
    return patient, int(rows[row]), column, error


def _judge(schema: Any, lines: Any, criteria: Criteria) -> _Judge:
    """The judge for tables of these columns: the same types in all that it writes."""
    dates, date = _dates_of(schema, lines)
    patient = _patient_type(schema, lines)
    none = None if lines is None else lines.schema.empty_table()
    empty = _Judge(criteria=criteria)(_Chunk(schema.empty_table(), np.zeros(0), none))
    return _Judge(
        criteria=criteria,
        dates=dates,
        timepoints=_settled(empty.timepoints.schema, patient, date),
        lines=_settled(empty.lines.schema, patient, date),
    )


def _settled(schema: Any, patient: Any, date: Any) -> Any:
    pa, types = extra("pyarrow"), extra("pyarrow.types")

    def settled(field: Any) -> Any:
        if field.name == "patient":
            return field.with_type(patient)
        if field.name in DATES:
            return field.with_type(date)
        return field.with_type(pa.int64()) if types.is_integer(field.type) else field

    return pa.schema([settled(field) for field in schema])


def _dates_of(schema: Any, lines: Any) -> tuple[Dates, Any]:
    """How dates are written, and the type of their columns."""
    pa = extra("pyarrow")
    empty = columns_of(pa.schema([schema.field(name) for name in REQUIRED]).empty_table())
    alone = both = tables.read(empty, None).dates
    if lines is not None:
        both = tables.read(empty, columns_of(lines.select(LINES_REQUIRED))).dates
    if not (alone.calendar or alone.days) or (both.calendar and both.days):
        return Dates("text", "text"), pa.large_string()
    return both, pa.date32() if both.calendar else pa.int64()


def _patient_type(schema: Any, lines: Any) -> Any:
    """Patients are written as whole numbers where both tables have numbers, else as text."""
    pa, types = extra("pyarrow"), extra("pyarrow.types")
    kinds = {schema.field("patient").type}
    if lines is not None:
        kinds.add(lines.schema.field("patient").type)
    numbers = (types.is_integer, types.is_floating, types.is_decimal)
    if not all(any(is_one(kind) for is_one in numbers) for kind in kinds):
        return pa.large_string()
    first = kinds.pop()
    return pa.int64() if kinds or not types.is_integer(first) else first


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the group; the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judged(judge: _Judge, chunks: Iterator[_Chunk], jobs: int) -> Iterator[_Judged]:
    """What each chunk comes to, in their order; in several processes, as many chunks are held."""
    if jobs == 1:
        yield from map(judge, chunks)
        return
    waiting: deque[Future[_Judged]] = deque()
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_ignore_interrupts)
    try:
        for chunk in chunks:
            waiting.append(pool.submit(judge, chunk))
            if len(waiting) > jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


# ---- the whole


@attrs.frozen(eq=False)
class _Run:
    """One run over a file, with a folder for all that it writes."""

    source: Any
    lines: _LineTable
    criteria: Criteria
    folder: Path
    progress: Progress
    chunk_rows: int

    def __call__(self, names: Sequence[str], jobs: int) -> Summary:
        """Write the three tables under these names."""
        census = _counted(self.source, self.progress)
        spans = _spans(census.counts, self.chunk_rows)
        judge = _judge(self.source.schema, self.lines.table, self.criteria)
        judged = _judged(judge, self._chunks(census, spans), jobs if len(spans) > 1 else 1)
        timepoints, lines, errors = (os.fspath(self.folder / name) for name in names)
        with ExitStack() as stack:
            results = _Results(
                stack.enter_context(Writer(timepoints, judge.timepoints)),
                stack.enter_context(Writer(lines, judge.lines)),
                stack.enter_context(Path(errors).open("w", encoding="utf-8", newline="")),
            )
            for each in judged:
                results.add(each)
                self.progress(results.sums["rows"], int(census.counts.sum()))
            return results.summary()

    def _chunks(self, census: _Census, spans: Sequence[tuple[int, int]]) -> Iterator[_Chunk]:
        """The chunks of the findings with their lines; last, the patients with lines alone."""
        if census.together:
            found = _together(self.source, census, spans)
        else:
            found = _scattered(
                self.source, census, spans, self.folder, self.chunk_rows, self.progress
            )
        lines = self.lines
        for table, rows in found:
            if lines.table is None:
                yield _Chunk(table, rows)
            else:
                own = lines.of(table["patient"].combine_chunks())
                yield _Chunk(table, rows, lines.table.take(own), own)
        if lines.table is not None and len(left := lines.left()):
            empty = self.source.schema.empty_table()
            yield _Chunk(empty, np.zeros(0, np.int64), lines.table.take(left), left)


class _Results:
    """The tables that are written, and what they come to in numbers."""

    def __init__(self, timepoints: Writer, lines: Writer, errors: Any) -> None:
        self.timepoints = timepoints
        self.lines = lines
        self.sums = dict.fromkeys(("rows", "patients", "invalid", "untreated"), 0)
        self.mistakes = self.unowned = 0
        self._errors = csv.writer(errors, lineterminator="\n")
        self._errors.writerow(("patient", "row", "column", "error"))
        self._of_lines: list[Mistake] = []

    def add(self, judged: _Judged) -> None:
        """Write what a chunk came to; mistakes of the lines table wait until all are there."""
        self.timepoints.write(judged.timepoints)
        self.lines.write(judged.lines)
        for name in self.sums:
            self.sums[name] += getattr(judged, name)
        self.mistakes += len(judged.mistakes)
        self.unowned += sum(patient is None for patient, *_ in judged.mistakes)
        for mistake in judged.mistakes:
            if mistake[2].startswith("lines."):
                self._of_lines.append(mistake)
            else:
                self._errors.writerow(mistake)

    def summary(self) -> Summary:
        """Write what is left, and give the numbers."""
        self._of_lines.sort(key=lambda mistake: mistake[1])
        self._errors.writerows(self._of_lines)
        written = {"lines": self.lines.rows, "timepoints": self.timepoints.rows}
        return Summary(mistakes=self.mistakes, unowned=self.unowned, **written, **self.sums)
