"""The tables of markers and of lines that `marker_changes` reads, as columns of numbers.

Both may be mappings of columns or frames of any library; every mistake in them is told by row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.converters import shown
from .._base.errors import CaseError
from ..model import Marker
from ..tables.column import Coded, Plain
from ..tables.intake import check_columns, patients_of
from ..tables.line_columns import Kinds
from ..tables.mistakes import CohortError
from ..tables.reader import Reader, empty_cells
from .marker_levels import Analyte, Range, level

__all__ = ["MARKER_COLUMNS", "Levels", "LineStarts", "MarkerRows", "read_tables"]

MARKER_COLUMNS = ("patient", "date", "name", "value", "unit")
_LINE_COLUMNS = ("patient", "start", "stop")
_LEAST, _MOST = 1e-12, 1e12
"""Numbers between these are looked at as a column."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Levels:
    """The level of each row, and whether its ends belong to it; no upper end: infinite."""

    least: Array
    most: Array
    most_in: Array
    least_in: Array

    def at(self, rows: Array) -> Levels:
        return Levels(
            least=self.least[rows],
            most=self.most[rows],
            most_in=self.most_in[rows],
            least_in=self.least_in[rows],
        )

    def differ(self, one: Array, other: Array) -> Array:
        """Where the levels of two rows are not the same."""
        columns = (self.least, self.most, self.most_in, self.least_in)
        return np.any([column[one] != column[other] for column in columns], axis=0)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MarkerRows:
    """The rows of one marker, by patient and day, each day of a patient once.

    `row` is the place in the table that was given.
    """

    patient: Array
    day: Array
    row: Array
    levels: Levels


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LineStarts:
    """The lines in the order given; `stop` is `NO_DAY` where it is not recorded."""

    patient: Array
    start: Array
    stop: Array


def read_tables(markers: Any, lines: Any, analyte: Analyte) -> tuple[MarkerRows, LineStarts]:
    """The rows of one marker, and the lines; `CohortError` with every mistake in both tables."""
    given = [_columns(markers, MARKER_COLUMNS), _columns(lines, _LINE_COLUMNS)]
    check_columns(list(given[0]), MARKER_COLUMNS, MARKER_COLUMNS, "markers.")
    check_columns(list(given[1]), _LINE_COLUMNS, _LINE_COLUMNS[:2], "lines.")
    marks = Reader(given[0], MARKER_COLUMNS, "markers.")
    treated = Reader(given[1], _LINE_COLUMNS, "lines.")
    places: dict[str, int] = {}
    patients = [_patients(rows, places) for rows in (marks, treated)]
    kinds = Kinds(len(places))
    found = _marker_rows(marks, patients[0], kinds, analyte)
    starts = _line_starts(treated, patients[1], kinds)
    told = [*_told(marks, patients[0], list(places)), *_told(treated, patients[1], list(places))]
    if told:
        raise CohortError(told)
    return found, starts


def _columns(table: Any, wanted: tuple[str, ...]) -> Mapping[str, Any]:
    if isinstance(table, Mapping):
        return table
    from ..tables.frames_in import columns_of

    return columns_of(table, wanted)


def _patients(rows: Reader, places: dict[str, int]) -> Array:
    """The patient of each row, by the places of all; -1 where the row names none."""
    groups = patients_of(rows)
    own = [places.setdefault(str(each), len(places)) for each in groups.ids.tolist()]
    return np.array([*own, -1], np.int64)[groups.owners()]


def _told(
    rows: Reader, patient: Array, ids: list[str]
) -> Iterator[tuple[str | None, int | None, str, str]]:
    """The mistakes of a table by row: patient, row, column and message."""
    each = [
        (row, column, messages if isinstance(messages, str) else messages[place])
        for at, column, messages in rows.mistakes.found
        for place, row in enumerate(at.tolist())
    ]
    for row, column, message in dict.fromkeys(sorted(each, key=lambda one: one[0])):
        who = int(patient[row])
        yield (ids[who] if who >= 0 else None), row, column, message


# ---- markers


def _marker_rows(rows: Reader, patient: Array, kinds: Kinds, analyte: Analyte) -> MarkerRows:
    day = _days(rows, "date", patient, kinds)
    rows.require("date", day == NO_DAY)
    code, names = rows.names("name")
    rows.require("name", code < 0)
    called = np.array([*(analyte.is_called(each) for each in names), False], np.bool_)
    own = called[code]
    levels = _levels(rows, own, analyte)
    sound = np.flatnonzero(own & (patient >= 0) & (day != NO_DAY) & ~np.isnan(levels.most))
    order = sound[np.lexsort((day[sound], patient[sound]))]
    kept = _once(rows, patient, day, levels, order)
    return MarkerRows(patient=patient[kept], day=day[kept], row=kept, levels=levels.at(kept))


def _days(rows: Reader, name: str, patient: Array, kinds: Kinds) -> Array:
    day, calendar = rows.dates(name)
    day = day.astype(np.int64, copy=False)
    kinds.add(rows, name, calendar, lambda: patient, day)
    return day


def _levels(rows: Reader, own: Array, analyte: Analyte) -> Levels:
    """The level of each row of the marker; NaN elsewhere, and where there is a mistake."""
    unit, units = rows.names("unit")
    for name, lacking in (("unit", unit < 0), ("value", empty_cells(rows.columns["value"]))):
        rows.require(name, own & lacking)
    factors = [analyte.factor(each) for each in units]
    factor = np.array([*(math.nan if each is None else float(each) for each in factors), math.nan])
    numbers, values, place = _numbers(rows.columns["value"])
    least = np.where(own, numbers * factor[unit], math.nan)
    most, most_in, least_in = least.copy(), np.ones(len(least), bool), np.ones(len(least), bool)
    read: dict[tuple[int, int], Range | tuple[str, str]] = {}
    # A plain number of an ordinary size needs no look of its own.
    odd = own & ~((least >= _LEAST) & (least <= _MOST)) & (unit >= 0) & (place >= 0)
    refused: dict[str, list[tuple[int, str]]] = {"unit": [], "value": []}
    for i in np.flatnonzero(odd).tolist():
        pair = int(place[i]), int(unit[i])
        if pair not in read:
            read[pair] = _level(values[pair[0]], units[pair[1]], analyte)
        found = read[pair]
        if isinstance(found, tuple):
            refused[found[0]].append((i, found[1]))
            least[i] = most[i] = math.nan
            continue
        least[i], most[i] = found.least, math.inf if found.most is None else found.most
        most_in[i], least_in[i] = found.most_in, found.least_in
    for name, each in refused.items():
        rows.refuse(np.array([i for i, _ in each], np.int64), name, [told for _, told in each])
    return Levels(least=least, most=most, most_in=most_in, least_in=least_in)


def _numbers(column: Any) -> tuple[Array, Any, Array]:
    """The numbers of a column (NaN: none, or text), its values, and the place of each row's."""
    if isinstance(column, Plain) and column.values.dtype.kind in "iuf":
        empty = np.broadcast_to(empty_cells(column), len(column))
        numbers = np.where(empty, math.nan, column.values)  # R's NA is a NaN that warns
        return numbers, column.values, np.where(empty, -1, np.arange(len(column)))
    coded: Coded = column.coded() if isinstance(column, Plain) else column
    return (
        np.full(len(coded), math.nan),
        coded.values,
        np.where(empty_cells(coded), -1, coded.codes),
    )


def _level(value: Any, unit: str, analyte: Analyte) -> Range | tuple[str, str]:
    """The range of a value; else the column that is wrong, and why."""
    factor = analyte.factor(unit)
    if factor is None:
        return "unit", f"must be {analyte.spelt}, got {shown(unit)}{analyte.why_not}"
    plain = value.item() if isinstance(value, np.generic) else value
    try:
        return level(Marker(0, analyte.name, plain, analyte.unit).value, factor)
    except CaseError as error:
        return "value", error.mistakes[0][1]


def _once(rows: Reader, patient: Array, day: Array, levels: Levels, order: Array) -> Array:
    """The rows in order, each day of a patient once; two values of one day must be one."""
    again = np.zeros(len(order), np.bool_)
    again[1:] = (np.diff(patient[order]) == 0) & (np.diff(day[order]) == 0)
    second = np.flatnonzero(again)
    one, other = order[second - 1], order[second]
    wrong = levels.differ(one, other)
    told = [
        f"must be the only one of its day, row {row} has another; leave one of them out"
        for row in one[wrong].tolist()
    ]
    rows.refuse(other[wrong], "value", told)
    return order[~again]


# ---- lines


def _line_starts(rows: Reader, patient: Array, kinds: Kinds) -> LineStarts:
    start = _days(rows, "start", patient, kinds)
    rows.require("start", start == NO_DAY)
    stop = np.full(len(start), NO_DAY)
    if "stop" in rows.columns:
        stop = _days(rows, "stop", patient, kinds)
    order = np.lexsort((start, patient))
    again = (np.diff(patient[order]) == 0) & (np.diff(start[order]) == 0)
    rows.refuse(order[1:][again], "start", "must be unique among the lines of the patient")
    return LineStarts(patient=patient, start=start, stop=stop)
