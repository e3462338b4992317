"""One marker over the lines of many patients, as arrays: what `markers.py` says of one line.

Rows are compared as floats of the decimals they print as; shares are floats, for display and
statistics. A rule of response is judged line by line, with `marker_course`.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.converters import days_from_0
from .marker_levels import AFP, Analyte, analyte_named
from .marker_tables import LineStarts, MarkerRows, read_tables

__all__ = ["MarkerColumns", "marker_changes"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MarkerColumns:
    """One marker over many lines, one element per line, in the order the lines were given.

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
    markers: Any, lines: Any, *, name: Analyte | str = AFP, reference_days: int = 28
) -> MarkerColumns:
    """Reference, nadir, last value and best change of one marker for every line of a cohort.

    Each table is a mapping of columns or a frame of any library; dates are study days or calendar
    dates. The readings are those of `marker_course`.

    Args:
        markers: Columns patient, date, name, value, unit. Values are numbers, or text such as
            `"<3"`; rows of other markers are passed over.
        lines: Columns patient and start, and perhaps stop (left out or missing: not recorded).
        name: The marker, as for `marker_series`.
        reference_days: How many days before the start of a line its reference may lie.

    Returns:
        Arrays with one element per row of `lines`; changes are shares (-0.75: a fall of 75 %).

    Raises:
        CohortError: Mistakes in the tables, every one, by row.
        NotThereError: A name that is no marker's.
        ValueError: `reference_days` is not a whole number from 0 on.

    Example:
        >>> changes = marker_changes(
        ...     {"patient": ["P-001", "P-001"], "date": [0, 56], "name": ["AFP", "AFP"],
        ...      "value": [400, 100], "unit": ["ng/mL", "ng/mL"]},
        ...     {"patient": ["P-001"], "start": [0]},
        ... )
        >>> changes.best_change_least.tolist()
        [-0.75]
    """
    analyte = analyte_named(name)
    reference_days = days_from_0("reference_days", reference_days)
    found, given = read_tables(markers, lines, analyte)
    table, starts = _Rows.of(found), given.start
    first = table.after(given.patient, starts)
    end = np.maximum(table.after(given.patient, _last_days(given)), first)
    before = np.maximum(first - 1, 0)
    age = starts - _at(table.day, before)
    has = (first > 0) & (_at(table.patient, before) == given.patient) & (age <= reference_days)
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


# ---- the rows of the marker, and the days of the lines


@attrs.frozen(kw_only=True, eq=False)
class _Rows:
    """The values of one marker, by patient and day; `row` is the place in the table given."""

    patient: Array
    day: Array
    row: Array
    least: Array
    most: Array
    height: Array
    by_height: Array

    @classmethod
    def of(cls, found: MarkerRows) -> _Rows:
        levels = found.levels
        by_height = np.lexsort((levels.least, levels.most_in, levels.most))
        height = np.empty(len(by_height), np.int64)
        height[by_height] = np.arange(len(by_height))
        return cls(
            patient=found.patient,
            day=found.day,
            row=found.row,
            least=levels.least,
            most=levels.most,
            height=height,
            by_height=by_height,
        )

    def after(self, patient: Array, day: Array) -> Array:
        """The first place of each patient's rows that lies after a day."""
        days = np.concatenate([self.day, day])
        lowest, span = days.min(initial=0), np.ptp(days) + 2 if len(days) else 1
        own = self.patient * span + (self.day - lowest)
        return np.searchsorted(own, patient * span + (day - lowest), side="right")

    def given(self, places: Array) -> Array:
        """The rows of the table that was given, -1 where there is none."""
        return np.where(places >= 0, _at(self.row, places), -1).astype(np.int64)


def _last_days(lines: LineStarts) -> Array:
    """The last day of each line whose values are its own (RD-MARKER-LINE)."""
    order = np.lexsort((lines.start, lines.patient))
    follows = np.diff(lines.patient[order]) == 0
    last = np.full(len(order), np.iinfo(np.int32).max, np.int64)
    before, after = order[:-1][follows], order[1:][follows]
    stopped = (lines.stop[before] != NO_DAY) & (lines.stop[before] < lines.start[after])
    last[before] = lines.start[after] - stopped
    return last
