"""One marker over the lines of many patients, as arrays: what `markers.py` says of one line.

Rows are compared as floats of the decimals they print as; shares are floats, for display and
statistics. A rule of response is judged line by line, with `marker_course`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from .._base.converters import days_from_0, shown
from .._base.errors import CaseError
from ..model import Marker
from .marker_levels import AFP, Analyte, Range, analyte_named, level

__all__ = ["MarkerColumns", "marker_changes"]

Array = Any

_LEAST, _MOST = 1e-12, 1e12  # numbers between these are looked at as a column


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MarkerColumns:
    """One marker over many lines, one element a line, in the order the lines were given.

    `reference_row`, `nadir_row`, `last_row` (int64) are rows of the marker table, -1 where there is
    none; `reference_age_days` is -1 there. `values` counts the values of the line. A change is a
    share of the reference, between `..._least` and `..._most`: equal where the numbers are exact,
    infinite where there is no upper end, NaN where there is no change to tell.
    """

    analyte: Analyte
    reference_row: Array
    reference_age_days: Array
    values: Array
    nadir_row: Array
    last_row: Array
    best_change_least: Array
    best_change_most: Array
    last_change_least: Array
    last_change_most: Array

    def __repr__(self) -> str:
        return f"<MarkerColumns {self.analyte.name}, {len(self.values)} lines>"


def marker_changes(
    markers: Mapping[str, Any],
    lines: Mapping[str, Any],
    *,
    name: Analyte | str = AFP,
    reference_days: int = 28,
) -> MarkerColumns:
    """Reference, nadir, last value and best change of one marker for every line of a cohort.

    `markers` has columns patient, date, name, value, unit; `lines` has patient and start, and may
    have stop (left out or missing: not recorded). Dates are whole days or `datetime64`; values are
    numbers, or text such as `"<3"`. Other markers are passed over. The readings are those of
    `marker_course`. Raises `ValueError` or `CaseError` naming column, row and cure.
    """
    analyte = analyte_named(name)
    _same_dates(markers, lines)
    reference_days = days_from_0("reference_days", reference_days)
    table = _Rows.of(markers, analyte)
    patients, starts, lasts = _windows(lines)
    known = {patient: code for code, patient in enumerate(table.patients)}
    codes = np.array([known.get(patient, -1) for patient in patients.tolist()], np.int64)
    first = table.after(codes, starts)
    end = np.maximum(table.after(codes, lasts), first)
    before = np.maximum(first - 1, 0)
    age = starts - _at(table.day, before)
    has = (codes >= 0) & (first > 0)
    has &= (_at(table.patient, before) == codes) & (age <= reference_days)
    age = np.where(has, age, -1).astype(np.int64)
    return _columns(analyte, table, np.where(has, before, -1), age, first, end)


def _columns(
    analyte: Analyte, table: _Rows, reference: Array, age: Array, first: Array, end: Array
) -> MarkerColumns:
    some = end > first
    nadir = np.full(len(first), -1)
    best = [np.full(len(first), np.nan), np.full(len(first), np.nan)]
    if some.any():
        spans = np.stack([first[some], end[some]], axis=1).ravel()
        nadir[some] = table.by_height[_least(table.height, spans)]
        best[0][some], best[1][some] = _least(table.least, spans), _least(table.most, spans)
    last = np.where(some, end - 1, -1)
    best_least, best_most = _change(best[0], best[1], table, reference)
    at_end = [np.where(some, _at(column, last), np.nan) for column in (table.least, table.most)]
    last_least, last_most = _change(at_end[0], at_end[1], table, reference)
    return MarkerColumns(
        analyte=analyte,
        reference_row=table.given(reference),
        reference_age_days=age,
        values=end - first,
        nadir_row=table.given(nadir),
        last_row=table.given(last),
        best_change_least=best_least,
        best_change_most=best_most,
        last_change_least=last_least,
        last_change_most=last_most,
    )


def _least(column: Array, spans: Array) -> Array:
    """The least of each span of a column, given by first places and ends in turn."""
    padded = np.append(column, column[-1:])
    return np.minimum.reduceat(padded, spans)[::2]


def _at(column: Array, rows: Array) -> Array:
    """A column at rows; anything where the row is -1 or there are none."""
    return column[rows] if len(column) else np.full(len(rows), np.nan)


def _change(least: Array, most: Array, table: _Rows, reference: Array) -> tuple[Array, Array]:
    """How far a level lies from the reference, as its least and its greatest share of it."""
    known = reference >= 0
    low = np.where(known, _at(table.least, reference), np.nan)
    high = np.where(known, _at(table.most, reference), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where((low == 0) | np.isinf(most), np.inf, most / low - 1)
        down = np.where(np.isinf(high), -1.0, least / high - 1)
    nothing = np.isnan(least) | np.isnan(low)
    return np.where(nothing, np.nan, down), np.where(nothing, np.nan, up)


# ---- the tables


@attrs.frozen(kw_only=True, eq=False)
class _Rows:
    """The values of one marker, by patient and day; `row` is the place in the table given."""

    patients: list[Any]
    patient: Array
    day: Array
    row: Array
    least: Array
    most: Array
    height: Array
    by_height: Array

    @classmethod
    def of(cls, markers: Mapping[str, Any], analyte: Analyte) -> _Rows:
        columns = _table(markers, "markers", ("patient", "date", "name", "value", "unit"))
        names, code = _coded(columns["name"])
        rows = np.flatnonzero(np.array([analyte.is_called(str(n)) for n in names], bool)[code])
        given = {name: column[rows] for name, column in columns.items()}
        levels = _levels(given, analyte)
        day = _days("date", given["date"])
        patients, patient = _coded(given["patient"])
        order = np.lexsort((day, patient))
        kept = _once(given, patient, day, levels, order)
        least, most, most_in, _ = (column[kept] for column in levels)
        by_height = np.lexsort((least, most_in, most))
        height = np.empty(len(kept), np.int64)
        height[by_height] = np.arange(len(kept))
        return cls(
            patients=patients, patient=patient[kept], day=day[kept], row=rows[kept],
            least=least, most=most, height=height, by_height=by_height,
        )  # fmt: skip

    def after(self, patient: Array, day: Array) -> Array:
        """The first place of each patient's rows that lies after a day."""
        days = np.concatenate([self.day, day])
        lowest, span = days.min(initial=0), np.ptp(days) + 2 if len(days) else 1
        own = self.patient * span + (self.day - lowest)
        return np.searchsorted(own, patient * span + (day - lowest), side="right")

    def given(self, places: Array) -> Array:
        """The rows of the table that was given, -1 where there is none."""
        return np.where(places >= 0, _at(self.row, places), -1).astype(np.int64)


def _table(table: Mapping[str, Any], called: str, names: tuple[str, ...]) -> dict[str, Array]:
    for name in names:
        if name not in table:
            raise ValueError(f"{called} must have the columns {', '.join(names)}, {name} is not")
    columns = {name: np.asarray(table[name]) for name in names}
    sizes = {name: column.shape for name, column in columns.items()}
    if len(set(sizes.values())) != 1 or any(len(size) != 1 for size in sizes.values()):
        raise ValueError(f"{called} must have columns of one length, got {sizes}")
    return columns


def _days(name: str, column: Array) -> Array:
    """Dates as whole days."""
    if column.dtype.kind == "M":
        whole = column.astype("datetime64[D]")
        if np.isnat(whole).any() or (whole != column).any():
            raise ValueError(f"{name} must be dates without a time of day, none missing")
        return whole.astype(np.int64)
    if column.dtype.kind not in "iu" and len(column):
        raise ValueError(f"{name} must be whole days or datetime64, got {column.dtype}")
    return column.astype(np.int64)


def _same_dates(markers: Mapping[str, Any], lines: Mapping[str, Any]) -> None:
    """Refuse calendar dates beside study days."""
    columns = {"markers: date": markers.get("date"), "lines: start": lines.get("start")}
    columns["lines: stop"] = lines.get("stop")
    given = {name: np.asarray(each) for name, each in columns.items() if each is not None}
    if len({each.dtype.kind == "M" for each in given.values() if each.size}) > 1:
        kinds = ", ".join(f"{name} {each.dtype}" for name, each in given.items())
        raise ValueError(f"dates must be all calendar dates or all study days, got {kinds}")


def _coded(column: Array) -> tuple[list[Any], Array]:
    """The distinct values of a column, and the place of each row's among them."""
    if column.dtype.kind != "O":
        distinct, code = np.unique(column, return_inverse=True)
        return distinct.tolist(), code
    places: dict[Any, int] = {}
    each = [places.setdefault(value, len(places)) for value in column.tolist()]
    return list(places), np.array(each, np.int64)


Levels = tuple[Array, Array, Array, Array]


def _levels(given: Mapping[str, Array], analyte: Analyte) -> Levels:
    """The level of each row: least, most, and whether the most and the least belong to it.

    Every value and unit that cannot be used is named.
    """
    units, unit = _coded(given["unit"])
    factors = [analyte.factor(str(each)) for each in units]
    factor = np.array([math.nan if each is None else float(each) for each in factors])[unit]
    column = given["value"]
    plain = column.dtype.kind in "iuf"
    if column.dtype.kind == "f" and (none := np.isnan(column)).any():
        column = np.where(none, column.dtype.type(np.nan), column)  # R's NA would warn
    least = np.array(column, np.float64) * factor if plain else np.full(len(column), np.nan)
    most, most_in, least_in = least.copy(), np.ones(len(least), bool), np.ones(len(least), bool)
    mistakes = []
    read: dict[tuple[Any, Any], Range | str] = {}
    # A plain number of an ordinary size needs no look of its own.
    for i in np.flatnonzero(~((least >= _LEAST) & (least <= _MOST))).tolist():
        pair = column[i : i + 1].tolist()[0], units[unit[i]]
        found = read[pair] if pair in read else read.setdefault(pair, _level(*pair, analyte))
        if isinstance(found, str):
            mistakes.append((_told(given, i), found))
            continue
        least[i], most[i] = found.least, math.inf if found.most is None else found.most
        most_in[i], least_in[i] = found.most_in, found.least_in
    if mistakes:
        raise CaseError("", mistakes)
    return least, most, most_in, least_in


def _level(value: Any, unit: Any, analyte: Analyte) -> Range | str:
    factor = analyte.factor(str(unit))
    if factor is None:
        return f"unit must be {analyte.spelt}, got {shown(unit)}{analyte.why_not}"
    try:
        return level(Marker(0, analyte.name, value, analyte.unit).value, factor)
    except CaseError as error:
        return f"value {error.mistakes[0][1]}"


def _told(given: Mapping[str, Array], i: int) -> str:
    return f"patient {given['patient'][i]}, marker {given['name'][i]} {given['date'][i]}"


def _once(
    given: Mapping[str, Array], patient: Array, day: Array, levels: Levels, order: Array
) -> Array:
    """The rows in order, each day of a patient once; two values of one day must be one."""
    again = np.zeros(len(order), np.bool_)
    again[1:] = (np.diff(patient[order]) == 0) & (np.diff(day[order]) == 0)
    second = np.flatnonzero(again)
    one, other = order[second - 1], order[second]
    differ = np.any([column[one] != column[other] for column in levels], axis=0)
    mistakes = []
    for i, j in zip(one[differ].tolist(), other[differ].tolist(), strict=True):
        beside = (
            f"{given['value'][j]} {given['unit'][j]} beside {given['value'][i]} {given['unit'][i]}"
        )
        told = f"must be the only value of its day, got {beside}; leave one of them out"
        mistakes.append((_told(given, j), told))
    if mistakes:
        raise CaseError("", mistakes)
    return order[~again]


def _windows(lines: Mapping[str, Any]) -> tuple[Array, Array, Array]:
    """Each line's patient, start, and last day whose values are its own (RD-MARKER-LINE)."""
    columns = _table(lines, "lines", ("patient", "start"))
    patient, start = columns["patient"], _days("start", columns["start"])
    stop = _stops(lines.get("stop"), len(start))
    _, code = np.unique(patient, return_inverse=True)
    order = np.lexsort((start, code))
    follows = np.diff(code[order]) == 0
    if (follows & (np.diff(start[order]) == 0)).any():
        raise ValueError("lines must have one start each, two of one patient are the same")
    last = np.full(len(start), np.iinfo(np.int32).max, np.int64)
    before, after = order[:-1][follows], order[1:][follows]
    last[before] = start[after] - (stop[before] < start[after])
    return patient, start, last


def _stops(column: Any, rows: int) -> Array:
    """The stop of each line as a day; later than all days where it is not recorded."""
    never = np.iinfo(np.int64).max
    if column is None:
        return np.full(rows, never)
    values = np.asarray(column)
    if values.shape != (rows,):
        raise ValueError(f"lines: stop must have {rows} rows, got {values.shape}")
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        values = np.where(missing, 0, values)
        if (values != np.floor(values)).any():
            raise ValueError("stop must be whole days")
        values = values.astype(np.int64)
    else:
        missing = np.isnat(values) if values.dtype.kind == "M" else np.zeros(rows, np.bool_)
        values = np.where(missing, np.datetime64(0, "D"), values) if missing.any() else values
    return np.where(missing, never, _days("stop", values))
