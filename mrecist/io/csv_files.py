"""Tables of other formats in CSV: a row that cannot be read is a mistake of its patient alone."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from .._base.converters import is_sound
from ..tables.column import NOTHING, Coded
from ..tables.ragged import width_fault
from ..tables.spreadsheet import as_meant
from .columns import Fault, Table, coded
from .errors import not_a_table

__all__ = ["patient_place", "read_csv", "refuse_open_quote", "refuse_twice", "sound"]

_PATIENT = "USUBJID"


@contextmanager
def sound(name: str, kind: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn what a library says of a file that is not sound into one mistake."""
    try:
        yield
    except errors as error:
        raise not_a_table(name, f"not a sound {kind}: {' '.join(str(error).split())}") from None


def refuse_twice(name: str, names: Sequence[str]) -> None:
    """Refuse a table that has two columns of one name."""
    counts = Counter(each.strip().upper() for each in names)
    twice = sorted(each for each, count in counts.items() if each and count > 1)
    if twice:
        raise not_a_table(name, f"the column {twice[0]} is there twice")


def read_csv(path: Path, name: str) -> Table:
    """The table of a file. Texts are as they were meant, where they were kept from being formulas.

    Cells are separated by commas, or by semicolons or tabs where the header has no comma. A row of
    more or fewer cells than the header, or with bytes that are not UTF-8, is among the faults of
    the table. Raises `IntakeError` for a header that cannot be read, or an open quote.
    """
    text = _text(path, name)
    mark = _separator(text)
    with sound(name, "CSV file in UTF-8", csv.Error):
        refuse_open_quote(text, mark)
        rows = list(_rows(text, mark))
    if not rows:
        raise not_a_table(name, "the file is empty")
    head = [as_meant(each) for each in rows[0][1]]
    if not is_sound("".join(head)):
        raise not_a_table(name, "not a sound CSV file in UTF-8: its header")
    refuse_twice(name, head)
    return _table(name, head, rows[1:])


def _text(path: Path, name: str) -> str:
    """The text of a file; bytes that are not UTF-8 become halves of characters."""
    opened: Any = gzip.open if name.lower().endswith(".gz") else open
    with (
        sound(name, "CSV file in UTF-8", EOFError, gzip.BadGzipFile, zlib.error),
        opened(path, "rb") as file,
    ):
        return str(file.read().decode("utf-8-sig", "surrogateescape"))


def _separator(text: str) -> str:
    """What stands between the cells: a comma, or what a header without any comma has instead."""
    head = next((line for line in io.StringIO(text) if line.strip()), "")
    return next((mark for mark in ",;\t" if mark in head), ",")


def refuse_open_quote(text: str, mark: str) -> None:
    """A quote that is not closed takes all that follows: then nothing can be told apart."""
    if '"' not in text:
        return
    try:
        deque(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 0)
    except csv.Error as error:
        if "end of data" in str(error):
            raise csv.Error("a quote is not closed") from None


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line of the file in which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    begins = 1
    for row in reader:
        if row:
            yield begins, row
        begins = reader.line_num + 1


def _table(name: str, head: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> Table:
    patient = patient_place(head)
    faults, kept, places = [], [], []
    for place, (line, row) in enumerate(rows):
        told = _fault(row, head)
        if told:
            faults.append(Fault(_named(row[patient : patient + 1]), place, f"{told} (line {line})"))
        else:
            kept.append(row)
            places.append(place)

    def read(place: int) -> Coded:
        return coded([as_meant(row[place].strip()) for row in kept], NOTHING)

    columns = {each: partial(read, at) for at, each in enumerate(head)}
    return Table(name, len(kept), columns, faults, places if faults else None)


def patient_place(head: Sequence[str]) -> int:
    """The place of the subject among the columns of a data set; behind all where it lacks one."""
    upper = [each.strip().upper() for each in head]
    return upper.index(_PATIENT) if _PATIENT in upper else len(head)


def _fault(row: Sequence[str], head: Sequence[str]) -> str | None:
    """What is wrong with a row as a whole."""
    if len(row) == len(head) and not is_sound("".join(row)):
        return "has bytes that are not UTF-8: save the file in UTF-8"
    return width_fault(row, head)


def _named(cell: Sequence[str]) -> str | None:
    """The patient whom a row names, if it can be read."""
    text = as_meant("".join(cell).strip())
    return text if text not in NOTHING and is_sound(text) else None
