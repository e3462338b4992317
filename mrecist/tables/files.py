"""Tables in files, larger than memory may be: CSV and Parquet, read and written in batches.

pyarrow reads and writes. Every column of a CSV file is text, so that numbers keep their decimals
and identifiers their zeros. Rows count from 0, the first below the header; blank lines are none.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from .._base import extras
from .._base.converters import is_sound
from .._base.errors import MrecistError
from .column_schema import FAULT, is_column
from .intake import check_columns
from .mistakes import CohortError
from .ragged import row_by_row, width_fault
from .spreadsheet import inert_table

__all__ = [
    "BLOCK_BYTES",
    "ENDINGS",
    "TableFileError",
    "Writer",
    "check_path",
    "ending",
    "extra",
    "opened",
    "spare_inputs",
    "sparing",
]

ENDINGS = (".csv", ".csv.gz", ".parquet")
"""The files that are known, by their ending."""

BLOCK_BYTES = 1 << 22
"""How much of a CSV file is read at a time; a row is no longer than that."""

HELD_BYTES = 1 << 27
"""A CSV file up to this size is held in memory, and so read once; of a compressed one a part."""

_COMPRESSED = 16
"""How many times larger the text of a compressed file may be."""

BATCH_ROWS = 1 << 16
_PAGE_BYTES = 1 << 20

T = TypeVar("T")
Chosen = Callable[[Sequence[str]], list[str]]
"""Which columns of a file are read, given the names of all; it refuses what cannot be right."""


class TableFileError(MrecistError, ValueError):
    """A file that cannot be read as the table it should be; `lines` says why, one line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(" ".join(line.splitlines()) for line in lines)
        super().__init__(self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


class RaggedError(TableFileError):
    """A row has more or fewer values than the header; the file can be read row by row."""


def extra(module: str) -> Any:
    """A module of the extra `tables`; `ImportError` says how to get it."""
    return extras.extra(module, of="tables", purpose="tables in files need")


def ending(path: str) -> str:
    """Which of `ENDINGS` a file has."""
    found = [each for each in ENDINGS if path.lower().endswith(each)]
    if not found:
        raise TableFileError([f"{path}: must end in .csv, .csv.gz or .parquet"])
    return found[0]


def check_path(path: str) -> None:
    """Refuse a name that pyarrow cannot take: one whose bytes are not UTF-8."""
    if not _is_sound([path]):
        raise TableFileError([f"{path!a}: must have a name in UTF-8"])


def spare_inputs(
    written: Iterable[str | os.PathLike[str]], sources: Iterable[str | os.PathLike[str]]
) -> None:
    """Refuse to write over a file that is read, or over a folder, before anything is written."""
    read = tuple(sources)
    wrong = []
    for path in map(Path, written):
        if path.is_dir():
            wrong.append(f"{path}: must be free for a file, is a folder")
        elif path.exists() and any(map(path.samefile, read)):
            wrong.append(f"{path}: would be written over, but is read; choose another place")
    if wrong:
        raise TableFileError(wrong)


def opened(
    path: str,
    known: Sequence[str],
    required: Sequence[str],
    prefix: str = "",
    keep: Sequence[str] = (),
) -> Any:
    """The table of a file, its columns checked; it has a `schema`, and gives `batches`;
    `names` are those of all columns.

    Only the `known` columns and those to `keep` are read. Raises `TableFileError` where one of the
    `required` lacks or one is misspelt, `OSError` where the file cannot be opened.
    """
    kind = CsvFile if ending(path).startswith(".csv") else ParquetFile
    check_path(path)
    mode = os.stat(path).st_mode  # before it is opened: a pipe would wait for who writes to it
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise TableFileError([f"{path}: must be a file on a disk; it is read twice"])
    with Path(path).open("rb"):
        pass

    def chosen(names: Sequence[str]) -> list[str]:
        """The columns that are to be read among all of the file."""
        ours = [name for name in names if is_column(name, known) or name not in keep]
        try:
            check_columns(ours, known, required, prefix)
        except CohortError as error:
            raise TableFileError([f"{path}: {line}" for line in error.lines]) from None
        found = [name for name in names if is_column(name, known) or name in keep]
        twice = sorted(name for name, count in Counter(found).items() if count > 1)
        if twice:
            raise TableFileError([f"{path}: {name}: this column is there twice" for name in twice])
        return found

    return kind(path, chosen)


class CsvFile:
    """A CSV file as a table of texts: UTF-8, values between commas, line ends in quotes allowed."""

    def __init__(self, path: str, chosen: Chosen) -> None:
        pa = extra("pyarrow")
        self.path = path
        self.names, self._head_lines, self._empty = self._header()
        self.schema = pa.schema([(name, pa.string()) for name in chosen(self.names)])
        self._is_ragged = False
        size = Path(path).stat().st_size * (_COMPRESSED if path.lower().endswith(".gz") else 1)
        self.is_held = size <= HELD_BYTES
        self._held: list[Any] = []

    def spare_rows(self) -> None:
        """Read row by row from now on: a row of another width is a mistake of its patient."""
        self._is_ragged = True
        self.schema = self.schema.append(extra("pyarrow").field(FAULT, "string"))

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """Some columns, as record batches with rows, in their order.

        Raises `RaggedError` for a row of another width, unless such rows are spared. Cells may hold
        bytes that are not UTF-8.
        """
        if not self.is_held:
            yield from self._read(names)
            return
        self._held = self._held or list(self._read(self.schema.names))
        for batch in self._held:
            yield batch.select(list(names))

    def _read(self, names: Sequence[str]) -> Iterator[Any]:
        if self._empty:
            return
        if self._is_ragged:
            yield from self._row_by_row(names)
            return
        pa = extra("pyarrow")
        places = [self.names.index(name) for name in names]
        reader = self._reader([*places, len(self.names) - 1])
        last = b""
        while batch := self._next(reader):
            *columns, ends = batch.columns
            last = ends[-1].cast(pa.binary()).as_py()
            yield pa.RecordBatch.from_arrays(columns, list(names))
        # A quote that is not closed takes in all that follows, to the last value of the last row.
        if self._may_end_open(last) and (fault := self._unsound_row()[0]):
            raise self._refusal(fault)

    def _row_by_row(self, names: Sequence[str]) -> Iterator[Any]:
        try:
            with self._text() as text:
                yield from row_by_row(text, self._head_lines, self.names, names)
        except (csv.Error, OSError) as error:
            raise self._fault(error) from None

    def _reader(self, places: Sequence[int]) -> Any:
        """What reads some columns; they are called by their places, which all differ."""
        pa, pc = extra("pyarrow"), extra("pyarrow.csv")
        calls = [str(place) for place in range(len(self.names))]
        known = set(self.schema.names)
        text = [pa.string() if name in known else pa.binary() for name in self.names]
        try:
            return pc.open_csv(
                self.path,
                read_options=pc.ReadOptions(
                    block_size=BLOCK_BYTES, column_names=calls, skip_rows=self._head_lines
                ),
                parse_options=pc.ParseOptions(newlines_in_values=True),
                convert_options=pc.ConvertOptions(
                    column_types=dict(zip(calls, text, strict=True)),
                    check_utf8=False,
                    include_columns=[calls[place] for place in places],
                ),
            )
        except (pa.ArrowException, OSError) as error:
            raise self._fault(error) from None

    def _next(self, reader: Any) -> Any:
        """The next batch that has rows; `None` at the end."""
        try:
            return next((batch for batch in reader if batch.num_rows), None)
        except (extra("pyarrow").ArrowException, OSError) as error:
            raise self._fault(error) from None

    def _text(self) -> io.TextIOWrapper:
        """The file as text; bytes that are not UTF-8 become surrogates."""
        stream = extra("pyarrow").input_stream(self.path, compression="detect")
        return io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")

    def _may_end_open(self, last: bytes) -> bool:
        """Whether the last value may have an opening quote and no closing one."""
        if b"\n" in last or b"\r" in last:
            return True
        with extra("pyarrow").input_stream(self.path, compression="detect") as stream:
            if stream.seekable():
                stream.seek(max(stream.size() - 2 * len(last) - 2, 0))
            end = b""
            while part := stream.read(BLOCK_BYTES):
                end = (end + part)[-2 * len(last) - 2 :]
        return bool(end.endswith(b'"' + last.replace(b'"', b'""')))

    def _header(self) -> tuple[list[str], int, bool]:
        """The names of all columns, how many lines they take, and whether nothing follows."""
        try:
            with self._text() as text:
                rows = csv.reader(text, strict=True)
                names = next((row for row in rows if row), None)
                lines = rows.line_num
                empty = next((False for line in text if line.strip("\r\n")), True)
        except csv.Error as error:
            raise self._refusal(f"the header: {_of_quotes(str(error))}") from None
        except OSError as error:
            raise self._refusal(error) from None
        if names is None:
            raise self._refusal("the file is empty; it needs a header")
        if not _is_sound(names):
            raise self._refusal("the header is not UTF-8")
        if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
            raise self._refusal("the columns must be separated by commas")
        return names, lines, empty

    def _refusal(self, told: object) -> TableFileError:
        return TableFileError([f"{self.path}: {_on_a_line(told)}"])

    def _fault(self, told: object) -> TableFileError:
        """What is wrong with the file: a row's quotes, or else its width, else what was `told`."""
        with suppress(OSError):  # a compressed file may be broken
            quotes, width = self._unsound_row()
            if width and not quotes:
                return RaggedError([f"{self.path}: {width}"])
            told = quotes or told
        return self._refusal(told)

    def _unsound_row(self) -> tuple[str | None, str | None]:
        """Where and how quotes are unsound, and the first row of another width."""
        count, ends, width = -1, 0, None
        with self._text() as text:
            rows = csv.reader(text, strict=True)
            try:
                for row in rows:
                    begins, ends = ends + 1, rows.line_num
                    fault = width_fault(row, self.names) if row and width is None else None
                    width = width or (fault and f"row {count} (line {begins}) {fault}")
                    count += bool(row)
            except csv.Error as error:
                return f"row {count} (line {ends + 1}): {_of_quotes(str(error))}", None
        return None, width


def _of_quotes(told: str) -> str:
    if "end of data" in told:
        return "a quote is not closed"
    return f"{told}; is a quote not closed?" if "limit" in told else told


def _is_sound(texts: Sequence[str]) -> bool:
    """Whether texts were UTF-8."""
    return is_sound("".join(texts))


def _on_a_line(told: object) -> str:
    return " ".join(str(told).split())


def sparing(source: Any, read: Callable[[], T]) -> T:
    """What `read` makes of a file, once more where rows of another width are to be spared."""
    try:
        return read()
    except RaggedError:
        source.spare_rows()
        return read()


class ParquetFile:
    """A Parquet file as a table of the types that it has."""

    is_held = False
    """A second look at one column is cheap."""

    def __init__(self, path: str, chosen: Chosen) -> None:
        self.path = path
        with self._open() as file:
            schema = file.schema_arrow
        self.names = list(schema.names)
        fields = map(schema.field, chosen(schema.names))
        self.schema = extra("pyarrow").schema(list(fields))

    def _open(self) -> Any:
        pa, pq = extra("pyarrow"), extra("pyarrow.parquet")
        try:
            return pq.ParquetFile(self.path, buffer_size=_PAGE_BYTES, pre_buffer=False)
        except (pa.ArrowException, OSError) as error:
            raise self._fault(error) from None

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """Some columns, as record batches with rows, in their order."""
        pa = extra("pyarrow")
        with self._open() as file:
            try:
                batches = file.iter_batches(BATCH_ROWS, columns=list(names))
                yield from (batch for batch in batches if batch.num_rows)
            except (pa.ArrowException, OSError) as error:
                raise self._fault(error) from None

    def _fault(self, error: Exception) -> TableFileError:
        return TableFileError([f"{self.path}: not a sound Parquet file: {_on_a_line(error)}"])


class Writer:
    """A file that tables of one schema are written to, in the format of its ending."""

    def __init__(self, path: str, schema: Any) -> None:
        self.rows = 0
        self._stream: Any = None
        if ending(path) == ".parquet":
            self._writer = extra("pyarrow.parquet").ParquetWriter(path, schema)
            return
        pc = extra("pyarrow.csv")
        options = pc.WriteOptions(include_header=False)
        self._stream = extra("pyarrow").output_stream(path, compression="detect")
        self._stream.write(_row(schema.names).encode())
        self._writer = pc.CSVWriter(self._stream, schema, write_options=options)

    def write(self, table: Any) -> None:
        """Add the rows of a table; in CSV, no text can be run as a formula."""
        if table.num_rows:
            self._writer.write_table(table if self._stream is None else inert_table(table))
            self.rows += table.num_rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.close()
        if self._stream is not None:
            self._stream.close()


def _row(cells: Sequence[str]) -> str:
    """A row of a CSV file; only cells that need quotes have them."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
