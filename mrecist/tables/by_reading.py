"""Tables in which each row names the reader who recorded it, taken apart by reading.

A reading is one reader's chart of one patient, and is judged as if no other existed: a lesion id
belongs to its reader (Reading RD-READER-LESIONS). `by_reading`
gives tables in which each reading is a patient by itself: rows of lines and procedures that name no
reader hold for every reading of the patient, and a row of lines that does name one says what this
reader used for baseline and targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array, ranges
from .column import Coded, Column, Plain, as_column, is_nothing
from .column_schema import FAULT, READER, SCHEMA
from .grouping import Grouped
from .intake import Read, check_columns
from .mistakes import TABLES, CohortError
from .reader import FAULT_COLUMN, Reader, name_of, rows_with

__all__ = ["ByReading", "by_reading", "place_of_reader", "read_as", "readers_in"]

OWN = ("baseline", "targets", "nontargets")
"""What a row of lines may say for one reader; all else are facts of the patient."""

Table = Mapping[str, Any] | None


@attrs.frozen(eq=False, kw_only=True)
class ByReading:
    """Tables in which each reading is a patient by itself, named by its index in `patient`.

    `patient` and `reader` are those of each reading, as indices into `ids` and `readers`; the
    reader is -1 of a patient whom only the other tables name. `rows` are the rows of the caller's
    tables that the rows of these tables are; `mistakes` what is wrong with readers in them, or with
    whole rows of findings, by patient (-1: nobody), row and column.
    """

    tables: tuple[Mapping[str, Any], Table, Table]
    ids: Array
    readers: tuple[str, ...]
    patient: Array
    reader: Array
    rows: Mapping[str, Array]
    mistakes: list[tuple[int, int, str, str]]

    def told(self) -> Iterator[tuple[Any, int | None, str, str]]:
        """Every mistake: patient, row, column and message."""
        for patient, row, column, message in sorted(self.mistakes, key=lambda each: each[1:]):
            yield self.ids[patient] if patient >= 0 else None, row, column, message


def by_reading(tables: Sequence[Table], only: int | None = None) -> ByReading:
    """Take findings (with a column of readers), lines and procedures apart by reading.

    `only` is the index of the one reader whose readings are wanted; they then come in the order of
    their first rows, else by patient and reader.
    """
    findings, *others = map(_columns, tables, TABLES)
    assert findings is not None
    readers, reader, faults = _readers(findings)
    known = _Known()
    patient = known.places(findings)
    sides = [None if table is None else known.places(table) for table in others]
    count = max(len(readers), 1)
    some = np.flatnonzero((reader >= 0) if only is None else (reader == only))
    keys = np.where(patient < 0, -1, patient * count + reader)[some]
    used, first = np.unique(keys, return_index=True)
    order = np.arange(len(used)) if only is None else np.argsort(first)
    used = used[order][used[order] >= 0]
    who, by = used // count, used % count
    if only is None:
        idle = np.setdiff1d(np.arange(len(known.ids)), who)
        who, by = np.append(who, idle), np.append(by, np.full(len(idle), -1))
        order = np.argsort(who, kind="stable")
        who, by = who[order], by[order]
    joined = _Joined(known, who, by, readers)
    joined.mistakes += [(int(patient[row]), row, name, told) for row, (name, told) in faults]
    rows = {"findings": some}
    parts: list[Table] = []
    for name, table, owner in zip(TABLES[1:], others, sides, strict=True):
        part: Table = None
        if table is not None:
            part, own = joined.side(name, table, owner, only)
            rows |= own
        parts.append(part)
    made = joined.findings(findings, some, patient[some], reader[some])
    return ByReading(
        tables=(made, parts[0], parts[1]),
        ids=known.column(),
        readers=readers,
        patient=who,
        reader=by,
        rows=rows,
        mistakes=joined.mistakes,
    )


def _columns(table: Table, name: str) -> Table:
    """The columns of a table that `intake.read` takes, in its form; `None` for all others."""
    if table is None:
        return None
    known, required, prefix = SCHEMA[name]
    names = [each for each in table if each not in (READER, FAULT)]
    check_columns(names, known, required, prefix)
    columns = Reader(table, (*known, READER), prefix).columns
    return {each: table[each] if each == FAULT else columns.get(each) for each in table}


def read_as(data: Read, parted: ByReading) -> tuple[Read, Array]:
    """What was read of the tables, its patients by their own ids; and which reading each is.

    Readings of which no sound row is left are not among them.
    """
    reading = np.array([int(each) for each in data.patients.ids], np.int64)
    ids = parted.ids[parted.patient[reading]]
    patients = attrs.evolve(data.patients, ids=ids)
    return attrs.evolve(data, patients=patients, rows=parted.rows), reading


def readers_in(findings: Mapping[str, Any]) -> tuple[tuple[str, ...], Array]:
    """The readers as first written, and the reader of each row as an index.

    Raises `CohortError` where a row names none.
    """
    readers, reader, faults = _readers(findings)
    if faults:
        raise CohortError([(None, row, *fault) for row, fault in faults])
    return readers, reader


Fault = tuple[int, tuple[str, str]]
"""A row that is of no reading; which column says so, and why."""


def _readers(findings: Mapping[str, Any]) -> tuple[tuple[str, ...], Array, list[Fault]]:
    """The readers, the reader of each row (-1: none), and the rows of which it cannot be read.

    Raises `CohortError` where a sound row says nothing.
    """
    column = coded(as_column(findings[READER], READER))
    names: dict[str, int] = {}
    written: list[str] = []
    place = np.full(len(column.values) + 1, -1)
    refused: dict[int, str] = {}
    for at, value in enumerate(column.values):
        if is_nothing(value):
            continue
        try:
            name = name_of(value)
        except ValueError as error:
            refused[at] = str(error)
            continue
        if name.casefold() not in names:
            names[name.casefold()] = len(names)
            written.append(name)
        place[at] = names[name.casefold()]
    spoiled, told = rows_with(findings.get(FAULT))
    of_row = dict(zip(spoiled.tolist(), ((FAULT_COLUMN, each) for each in told), strict=True))
    for row in np.flatnonzero(np.isin(column.codes, list(refused))).tolist():
        of_row.setdefault(row, (READER, refused[int(column.codes[row])]))
    reader = place[column.codes]
    reader[list(of_row)] = -1
    lacking = np.setdiff1d(np.flatnonzero(reader < 0), list(of_row))
    if len(lacking):
        told_of = f"must be given for every row, row {lacking[0]} is empty"
        raise CohortError([(None, None, READER, told_of)])
    return tuple(written), reader, sorted(of_row.items())


def place_of_reader(readers: Sequence[str], reader: Any) -> int:
    """The index of a reader by name, whatever its case; -1: there is none."""
    folded = [each.casefold() for each in readers]
    name = str(reader).strip().casefold()
    return folded.index(name) if name in folded else -1


def coded(column: Column) -> Coded:
    """A column as indices into its values."""
    if isinstance(column, Grouped):
        return Coded(column.owners(), column.ids.tolist())
    return column.coded() if isinstance(column, Plain) else column


def taken_rows(column: Column, rows: Array) -> Column:
    """Some rows of a column."""
    if isinstance(column, Plain):
        null = column.null
        return Plain(column.values[rows], None if null is None else null[rows])
    column = coded(column)
    return attrs.evolve(column, codes=column.codes[rows])


class _Known:
    """The patients of all tables, by the text of their ids."""

    def __init__(self) -> None:
        self.ids: list[Any] = []
        self.places_of: dict[str, int] = {}
        self.numbers = True

    def places(self, table: Mapping[str, Any]) -> Array:
        """The patient of each row; -1 where the cell names none that can be."""
        column = table["patient"]
        self.numbers &= isinstance(column, Plain) and column.values.dtype.kind in "iu"
        column = coded(column)
        used = np.full(len(column.values) + 1, -1)
        for at in dict.fromkeys(column.codes[column.codes >= 0].tolist()):
            value = column.values[at]
            try:
                name = name_of(value)
            except ValueError:
                continue
            if name not in self.places_of:
                self.places_of[name] = len(self.ids)
                self.ids.append(int(name) if isinstance(value, (int, float)) else name)
            used[at] = self.places_of[name]
        return used[column.codes]

    def column(self) -> Array:
        """The ids; numbers where every table has them as numbers."""
        if self.numbers:
            return np.array(self.ids, np.int64)
        ids = np.empty(len(self.ids), object)
        ids[:] = self.ids
        return ids


class _Joined:
    """Rows of the caller's tables as rows of readings."""

    def __init__(self, known: _Known, who: Array, by: Array, readers: Sequence[str]) -> None:
        self.known, self.who, self.by, self.readers = known, who, by, readers
        self.mistakes: list[tuple[int, int, str, str]] = []
        order = np.argsort(who, kind="stable")
        count = np.bincount(who, minlength=len(known.ids))
        self._readings, self._count = order, count
        self._begin = np.cumsum(count) - count
        self._place = {(int(p), int(r)): i for i, (p, r) in enumerate(zip(who, by, strict=True))}

    def findings(
        self, table: Mapping[str, Any], rows: Array, patient: Array, reader: Array
    ) -> dict[str, Any]:
        """Rows of the findings, each of the reading of its own reader."""
        keys = zip(patient.tolist(), reader.tolist(), strict=True)
        reading = np.array([self._place.get(key, -1) for key in keys], np.int64)
        return self._table(table, rows, reading)

    def side(
        self, name: str, table: Mapping[str, Any], patient: Array, only: int | None
    ) -> tuple[Table, dict[str, Array]]:
        """Rows of lines or procedures for the readings that they hold for, and where they stood."""
        prefix = f"{name}."
        own = self._own(prefix, table, patient, only)
        shared = np.flatnonzero(own < -1)
        count = np.where(patient[shared] < 0, 1, self._count[patient[shared]])
        rows = np.repeat(shared, count)
        named = patient[rows] >= 0
        reading = np.full(len(rows), -1)
        held = shared[patient[shared] >= 0]
        places = ranges(self._begin[patient[held]], self._count[patient[held]])
        reading[named] = self._readings[places]
        given = np.flatnonzero(own >= 0)
        if name == "procedures":
            rows, reading = np.append(rows, given), np.append(reading, own[given])
            return self._table(table, rows, reading), {name: rows}
        return self._lines(table, rows, reading, given, own[given])

    def _own(
        self, prefix: str, table: Mapping[str, Any], patient: Array, only: int | None
    ) -> Array:
        """The reading that each row names; -2: it holds for all of the patient, -1: for none."""
        own = np.full(len(patient), -2)
        if READER not in table:
            return own
        column = coded(table[READER])
        texts = [None if is_nothing(each) else str(each).strip() for each in column.values]
        for row, code in enumerate(column.codes.tolist()):
            if code < 0 or not texts[code]:
                continue
            place = place_of_reader(self.readers, texts[code])
            own[row] = self._place.get((int(patient[row]), place), -1)
            if own[row] < 0 and (only is None or place < 0) and patient[row] >= 0:
                told = f"must have findings of the patient, got {texts[code]}"
                self.mistakes.append((int(patient[row]), row, prefix + READER, told))
        return own

    def _lines(
        self, table: Mapping[str, Any], rows: Array, reading: Array, given: Array, own: Array
    ) -> tuple[Table, dict[str, Array]]:
        """The lines of each reading, with what its reader says of them in place."""
        columns = {
            name: column
            for name, column in table.items()
            if column is not None and name not in (READER, FAULT)
        }
        texts = {name: _texts(column) for name, column in columns.items()}
        start = texts["start"]
        at = {(int(reading[i]), start[rows[i]]): i for i in range(len(rows) if len(given) else 0)}
        said: dict[int, int] = {}
        for row, who in zip(given.tolist(), own.tolist(), strict=True):
            place = at.get((who, start[row]))
            patient = int(self.who[who])
            if place is None:
                told = "must be that of a row of the patient without a reader"
                self.mistakes.append((patient, row, "lines.start", told))
            elif place in said:
                told = "must be unique among the rows of the reader"
                self.mistakes.append((patient, row, "lines.start", told))
            else:
                said[place] = row
                self._check_facts(texts, row, int(rows[place]), patient)
        made = self._table(table, rows, reading)
        places = np.array(list(said), np.int64)
        other = np.array(list(said.values()), np.int64)
        stood = {"lines": rows}
        for name in OWN:
            if name in columns and len(said):
                there = np.array([texts[name][row] != "" for row in other.tolist()], np.bool_)
                stood[f"lines.{name}"] = own_rows = rows.copy()
                own_rows[places[there]] = other[there]
                made[name] = taken_rows(columns[name], own_rows)
        return made, stood

    def _check_facts(
        self, texts: Mapping[str, list[str]], row: int, shared: int, patient: int
    ) -> None:
        """Refuse a fact of the patient that a reader's row tells otherwise."""
        for name in texts:
            if name not in (*OWN, "patient", "start") and texts[name][row] not in (
                "",
                texts[name][shared],
            ):
                told = "must agree with the row of the line without a reader"
                self.mistakes.append((patient, row, f"lines.{name}", told))

    def _table(self, table: Mapping[str, Any], rows: Array, reading: Array) -> dict[str, Any]:
        """Rows of a table, each with its reading as its patient; others keep what they name."""
        made = {
            name: None if column is None else taken_rows(column, rows)
            for name, column in table.items()
            if name != READER
        }
        given = coded(table["patient"])
        shift = len(self.who)
        codes = given.codes[rows]
        lost = np.where(codes < 0, -1, codes + shift)
        values = [*map(str, range(shift)), *given.values]
        made["patient"] = Coded(np.where(reading >= 0, reading, lost), values)
        return made


def _texts(column: Column) -> list[str]:
    """Cells as text, to compare those of one column; empty where a cell is."""
    column = coded(column)
    values = [
        "" if is_nothing(value) else " ".join(str(value).split()).casefold()
        for value in column.values
    ]
    values.append("")
    return [values[code] for code in column.codes.tolist()]
