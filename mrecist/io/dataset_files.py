"""Dataset-JSON 1.1 of CDISC as tables: a row that cannot be read is a mistake of its patient alone.

A file `.json` is one document, with its rows in a list; a file `.ndjson` has the description of the
data set in its first line, and one row in every other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .._base.converters import is_sound, shown
from ..tables.column import Coded
from ..tables.ragged import width_fault
from .columns import Fault, Table, coded
from .csv_files import patient_place, refuse_twice, sound
from .errors import not_a_table

__all__ = ["read_json", "read_ndjson", "refuse_compressed"]

_KIND = "Dataset-JSON file"
_HALF = "\\u"
"""How JSON may spell half of a character."""


class _NoJson:
    """A line that is no JSON."""


def read_json(path: Path, name: str) -> Table:
    """The table of one document. A row that is none is among the faults of the table."""
    text = _text(path)
    with sound(name, _KIND, ValueError, RecursionError):
        document = json.loads(text)
    names = _names(name, document)
    rows = document.get("rows")
    if not isinstance(rows, list):
        raise not_a_table(name, f'"rows" must be a list of rows, got {shown(rows)}')
    return _table(name, names, rows, text, records=document.get("records"))


def read_ndjson(path: Path, name: str) -> Table:
    """The table of a file of one row a line. A line that is no row is among its faults."""
    text = _text(path)
    # Not `splitlines`: text in JSON may hold other ends of lines as they are.
    lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    with sound(name, _KIND, ValueError, RecursionError):
        document: Any = json.loads(lines[0][1]) if lines else None
    rows = [*map(_parsed, (line for _, line in lines[1:]))]
    names, places = _names(name, document), [at for at, _ in lines[1:]]
    return _table(name, names, rows, text, places, records=document.get("records"))


def refuse_compressed(path: Path, name: str) -> Table:
    """Refuse a compressed data set, with the cure."""
    raise not_a_table(name, "compressed Dataset-JSON is not read: unpack it to .ndjson")


def _text(path: Path) -> str:
    """The text of a file; bytes that are not UTF-8 become halves of characters."""
    return path.read_bytes().decode("utf-8-sig", "surrogateescape")


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return _NoJson


def _table(
    name: str,
    names: Sequence[str],
    rows: Sequence[Any],
    text: str,
    lines: Sequence[int] = (),
    *,
    records: Any,
) -> Table:
    """The rows of a data set; those that are none are its faults, and those that are not there.

    `records` is how many rows the description says that there are, where it is a number.
    """
    patient = patient_place(names)
    may_be_unsound = _HALF in text or not is_sound(text)
    faults, kept, places = [], [], []
    for at, row in enumerate(rows):
        told = _fault(row, names, may_be_unsound)
        if told is None:
            kept.append(row)
            places.append(at)
        else:
            where = f" (line {lines[at]})" if lines else ""
            faults.append(Fault(_named(row, patient), at, f"{told}{where}"))
    if isinstance(records, int) and records != len(rows):
        told = f"the file says that it has {records} rows, and has {len(rows)}: is it whole?"
        faults.append(Fault(None, len(rows), told))

    def read(place: int) -> Coded:
        return coded([row[place] for row in kept])

    columns = {each: partial(read, at) for at, each in enumerate(names)}
    return Table(name, len(kept), columns, faults, places if faults else None)


def _names(name: str, document: Any) -> list[str]:
    """The names of the columns, as the description of a data set has them."""
    columns = document.get("columns") if isinstance(document, dict) else None
    if not isinstance(columns, list) or not all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in columns
    ):
        raise not_a_table(name, "not a data set of Dataset-JSON 1.1: it names no columns")
    names = [each["name"] for each in columns]
    if not is_sound("".join(names)):
        raise not_a_table(name, f"not a sound {_KIND} in UTF-8: its names of columns")
    refuse_twice(name, names)
    return names


def _fault(row: Any, names: Sequence[str], may_be_unsound: bool) -> str | None:
    """What is wrong with a row as a whole."""
    if row is _NoJson:
        return "is not JSON"
    if not isinstance(row, list):
        return f"must be a list of {len(names)} cells, got {shown(row)}"
    if len(row) == len(names) and may_be_unsound and not is_sound("".join(_texts(row))):
        return "has text that is not UTF-8"
    return width_fault(row, names)


def _texts(row: Sequence[Any]) -> Iterator[str]:
    return (cell for cell in row if isinstance(cell, str))


def _named(row: Any, place: int) -> str | None:
    """The patient whom a row names, if it can be read."""
    cell = row[place] if isinstance(row, list) and place < len(row) else None
    values = coded([cell]).values
    return values[0] if values and isinstance(cell, (str, int)) and is_sound(values[0]) else None
