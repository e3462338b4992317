"""Sheets of cells out of files: workbooks by python-calamine, text by the standard library.

Rows and columns keep their places, so that a cell can be named as the spreadsheet names it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from .._base.extras import extra
from ..tables.spreadsheet import as_meant
from .csv_files import refuse_open_quote
from .errors import IntakeError

__all__ = [
    "TEXT_ENDINGS",
    "Sheet",
    "SheetFile",
    "column_letters",
    "read_sheets",
]

WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXT_ENDINGS = (".csv", ".tsv", ".txt")

_SEPARATORS = ",;\t|"
_MOST_COLUMNS = 16384
_CODE_PAGES = ("cp1252", "cp932", "gb18030", "cp1250", "cp1251")
"""Encodings of text that is not Unicode. The first that reads most of the known words is used."""


@attrs.frozen(eq=False)
class Sheet:
    """A sheet by its name: rows of cells, each `None`, text, a number, a flag, a date or a time."""

    name: str
    rows: Sequence[Sequence[Any]]

    def address(self, row: int, column: int) -> str:
        """The name of a cell: `Lesions!D7`."""
        return f"{self.name}!{column_letters(column)}{row + 1}"

    def cell(self, row: int, column: int) -> Any:
        """A cell; `None` outside the sheet."""
        if 0 <= row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@attrs.frozen(eq=False)
class SheetFile:
    """The sheets of a file.

    `encoding` and `separator` are those that were found in a file of text, else `None`.
    """

    name: str
    sheets: Sequence[Sheet]
    encoding: str | None = None
    separator: str | None = None


def column_letters(column: int) -> str:
    """The letters of a column, from 0: A to Z, AA, AB and so on."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_sheets(path: str | os.PathLike[str], known: Callable[[str], bool]) -> SheetFile:
    """The sheets of a file, by its ending.

    `known` tells whether a text is a word that headings use, which tells code pages apart. Raises
    `IntakeError` where the file is none of these, `OSError` where it cannot be read.
    """
    name = Path(path).name
    lower = name.lower()
    if not lower.endswith(WORKBOOK_ENDINGS + TEXT_ENDINGS):
        ends = " ".join(WORKBOOK_ENDINGS + TEXT_ENDINGS)
        raise _fault(name, f"must end in one of {ends}")
    content = Path(path).read_bytes()
    if not content.strip(b"\0 \r\n\t"):
        raise _fault(name, "the file is empty")
    if lower.endswith(WORKBOOK_ENDINGS):
        return SheetFile(name, _of_workbook(name, content))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _fault(name, "this is a workbook: let its name end in .xlsx, .ods or .xls")
    return _of_text(name, content, known, "\t" if lower.endswith(".tsv") else None)


def _fault(name: str, told: str) -> IntakeError:
    return IntakeError([(None, name, None, "", f"NOT_A_TABLE: {told}")])


# ---- workbooks


@contextmanager
def _faults(name: str) -> Iterator[None]:
    """Turn whatever the library says of a file that is not sound into one mistake."""
    try:
        yield
    except Exception as error:
        told = " ".join(str(error).split())
        raise _fault(name, f"not a sound workbook, or locked by a password: {told}") from None


def _of_workbook(name: str, content: bytes) -> list[Sheet]:
    calamine = extra("python_calamine", of="excel", purpose="workbooks need")
    with _faults(name):
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = []
        for meta in book.sheets_metadata:
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                found.append(Sheet(meta.name, [[_cell(cell) for cell in row] for row in rows]))
        return found


def _cell(value: Any) -> Any:
    """A cell as it is kept: whole numbers as int, empty text as `None`."""
    if isinstance(value, str):
        return as_meant(value.strip()) or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


# ---- text


def _of_text(
    name: str, content: bytes, known: Callable[[str], bool], separator: str | None
) -> SheetFile:
    text, encoding = _decoded(content, known)
    try:
        separator = separator or _separator(text)
        rows = [
            [as_meant(cell.strip()) or None for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
        refuse_open_quote(text, separator)
    except csv.Error as error:
        raise _fault(name, f"not a sound table of text: {error}") from None
    if max(map(len, rows), default=0) > _MOST_COLUMNS:
        raise _fault(name, f"must have at most {_MOST_COLUMNS} columns")
    return SheetFile(name, [Sheet(Path(name).stem, rows)], encoding, separator)


def _decoded(content: bytes, known: Callable[[str], bool]) -> tuple[str, str]:
    """The text of a file, and its encoding: as its first bytes say, else UTF-8, else by words."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "utf-16"
    wide = _wide(content[:4096])
    if wide is not None:
        return content.decode(wide, "replace"), wide
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    readings = [(_reading(content, page), page) for page in _CODE_PAGES]
    return max(
        ((text, page) for text, page in readings if text is not None),
        key=lambda reading: _words(reading[0], known),
        default=(content.decode("latin-1"), "latin-1"),
    )


def _reading(content: bytes, page: str) -> str | None:
    try:
        return content.decode(page)
    except UnicodeDecodeError:
        return None


def _words(text: str, known: Callable[[str], bool]) -> int:
    """How many of the first cells of a text are words that are known."""
    head = text[:20000]
    for mark in _SEPARATORS + '\r"':
        head = head.replace(mark, "\n")
    return sum(known(cell) for cell in set(head.split("\n")))


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark, by the zero bytes in every second place."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    half = len(content) // 4
    if max(even, odd) <= half or min(even, odd) > half // 4:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _separator(text: str) -> str:
    """The separator that most rows have most of, outside quotes."""
    lines = [line for line in text[:200000].splitlines() if line.strip()][:200]
    best, most = ",", (0, 0)
    for mark in _SEPARATORS:
        counts = [len(row) - 1 for row in csv.reader(lines, delimiter=mark)]
        shared = max(
            set(counts), key=lambda count: (counts.count(count) * (count > 0), count), default=0
        )
        score = (counts.count(shared) if shared else 0, shared)
        if score > most:
            best, most = mark, score
    return best
