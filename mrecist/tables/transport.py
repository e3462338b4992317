"""SAS transport files, version 5, which regulators take: the layout of technical note TS-140.

A file holds one data set in records of 80 bytes. Numbers are doubles of the IBM mainframe, dates
days since 1960; text is of one width a column. What a reader would cut off without a word is
refused before anything is written: names above 8 characters, labels above 40, text above 200 bytes,
characters beyond ASCII.
"""

from __future__ import annotations

import datetime
import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from .._base.converters import shown
from .._base.errors import MrecistError
from .._base.outputs import replacing
from .column import Coded, Column
from .values import values_of

__all__ = ["TransportError", "write_transports"]

_RECORD = 80
_LONGEST_NAME, _LONGEST_LABEL, _LONGEST_TEXT = 8, 40, 200
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)
_DAY_1960 = datetime.date(1960, 1, 1)
_EPOCH = datetime.datetime(1960, 1, 1)
_MISSING = b"." + bytes(7)
_WRITTEN = b"01JAN60:00:00:00"
"""The time at which every file says it was written, so that equal tables are equal files."""
_HEADER = "HEADER RECORD*******{:<8}HEADER RECORD!!!!!!!{}"

Sets = Mapping[str, tuple[str, str, Mapping[str, Column], Mapping[str, str]]]


class TransportError(MrecistError, ValueError):
    """What does not fit into a transport file, one line each in `lines`."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__(*self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def write_transports(sets: Sets) -> list[str]:
    """Write data sets, each as the file of its path: name, label, columns, labels of the columns.

    Returns the paths. Raises `TransportError` with everything that does not fit, of all data sets;
    then none is written.
    """
    made = {
        path: (name, label, [_Variable.of(*each, labels) for each in columns.items()])
        for path, (name, label, columns, labels) in sets.items()
    }
    wrong = [told for name, label, each in made.values() for told in _mistakes(name, label, each)]
    if wrong:
        raise TransportError([*wrong, "csv and parquet have no such limits"])
    for path, (name, label, variables) in made.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as new:
            new.write_bytes(b"".join(_records(name, label, variables)))
    return list(made)


@attrs.frozen(eq=False)
class _Variable:
    """One column: its cells, whether they are text, and the format of numbers."""

    name: str
    label: str
    cells: Sequence[Any]
    is_text: bool
    format: tuple[str, int]

    @classmethod
    def of(cls, name: str, column: Column, labels: Mapping[str, str]) -> _Variable:
        cells = values_of(column)
        kinds = {type(cell) for cell in cells}
        form = ("DATE", 9) if datetime.date in kinds else ("", 0)
        if datetime.datetime in kinds:
            form = ("DATETIME", 20)
        return cls(name, labels.get(name, name), cells, isinstance(column, Coded), form)

    @property
    def width(self) -> int:
        """The bytes of a cell."""
        return max(map(len, filter(None, self.cells)), default=1) if self.is_text else 8

    def encoded(self) -> Iterator[bytes]:
        """Each cell in as many bytes."""
        if not self.is_text:
            yield from map(_number, self.cells)
            return
        width = self.width
        for cell in self.cells:
            yield (cell or "").encode("ascii").ljust(width)


# ---- checked


def _mistakes(data_set: str, label: str, variables: Sequence[_Variable]) -> Iterator[str]:
    yield from _of_label(data_set, label)
    for each in variables:
        where = f"{data_set}.{each.name}"
        if len(each.name) > _LONGEST_NAME or not _NAME.fullmatch(each.name):
            yield (
                f"{where}: a name must have at most {_LONGEST_NAME} letters, digits and _, "
                f"got {shown(each.name)}"
            )
        yield from _of_label(where, each.label)
        if each.is_text:
            yield from _of_texts(where, each.cells)


def _of_label(where: str, label: str) -> Iterator[str]:
    if len(label) > _LONGEST_LABEL or not label.isascii():
        told = f"a label must have at most {_LONGEST_LABEL} characters of ASCII"
        yield f"{where}: {told}, got {shown(label)}"


def _of_texts(where: str, cells: Sequence[str | None]) -> Iterator[str]:
    """The first text of a column that is too long, and the first that is not ASCII."""
    seen = set()
    for row, cell in enumerate(cells):
        if cell is None:
            continue
        if not cell.isascii() and "ascii" not in seen:
            seen.add("ascii")
            yield f"{where}, row {row}: must be ASCII, got {shown(cell)}"
        size = len(cell.encode())
        if size > _LONGEST_TEXT and "long" not in seen:
            seen.add("long")
            yield f"{where}, row {row}: must have at most {_LONGEST_TEXT} bytes, got {size}"


# ---- written


def _records(name: str, label: str, variables: Sequence[_Variable]) -> Iterator[bytes]:
    zeros = "0" * 30
    system = b"SAS".ljust(8)
    yield _padded(_HEADER.format("LIBRARY", zeros).encode())
    yield system * 2 + b"SASLIB".ljust(8) + b"9.4".ljust(8) + b"".ljust(32) + _WRITTEN
    yield _padded(_WRITTEN)
    yield _padded(_HEADER.format("MEMBER", "000000000000000001600000000140").encode())
    yield _padded(_HEADER.format("DSCRPTR", zeros).encode())
    own = name.encode().ljust(8)
    yield system + own + b"SASDATA".ljust(8) + b"9.4".ljust(8) + b"".ljust(32) + _WRITTEN
    yield _WRITTEN + b"".ljust(16) + label.encode().ljust(40) + b"".ljust(8)
    count = f"{len(variables):010}{'0' * 20}"
    yield _padded(_HEADER.format("NAMESTR", count).encode())
    yield _padded(b"".join(_described(variables)))
    yield _padded(_HEADER.format("OBS", zeros).encode())
    rows = zip(*(each.encoded() for each in variables), strict=True)
    yield _padded(b"".join(map(b"".join, rows)))


def _padded(data: bytes) -> bytes:
    """Whole records, filled up with blanks."""
    return data.ljust(-(-len(data) // _RECORD) * _RECORD)


def _described(variables: Sequence[_Variable]) -> Iterator[bytes]:
    """The 140 bytes that describe each column."""
    position = 0
    for number, each in enumerate(variables, 1):
        kind, width = (2 if each.is_text else 1), each.width
        form, length = each.format
        yield struct.pack(
            ">hhhh8s40s8shhh2s8shhl52s",
            kind,
            0,
            width,
            number,
            each.name.encode().ljust(8),
            each.label.encode().ljust(40),
            form.encode().ljust(8),
            length,
            0,
            0,
            bytes(2),
            b"".ljust(8),
            0,
            0,
            position,
            bytes(52),
        )
        position += width


def _number(value: Any) -> bytes:
    """A number, a date or a time of day as a double of the IBM mainframe; nothing is missing."""
    if value is None:
        return _MISSING
    if isinstance(value, datetime.datetime):
        value = (value - _EPOCH).total_seconds()
    elif isinstance(value, datetime.date):
        value = (value - _DAY_1960).days
    if value == 0 or not math.isfinite(value):
        return bytes(8) if value == 0 else _MISSING
    fraction, exponent = math.frexp(abs(value))
    sixteens = -(-exponent // 4)
    digits = int(math.ldexp(fraction, 56 - (4 * sixteens - exponent)))
    sign = 0x80 if value < 0 else 0
    return bytes([sign | (64 + sixteens)]) + digits.to_bytes(7, "big")
