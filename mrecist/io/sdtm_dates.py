"""The dates of results, read, completed, and in the order of their visits."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from .._base.arrays import Array
from ..tables.column import Coded
from .columns import Table
from .dates import Completion, Dated
from .problems import Notes

__all__ = ["NO_DAY", "date_of", "dates_of", "note_dates", "refuse_disorder"]


NO_DAY = np.iinfo(np.int64).max


@attrs.frozen(eq=False)
class _Dates:
    """The date of each row, as an index into `read`."""

    codes: Array
    read: Sequence[Dated]

    @property
    def days(self) -> Array:
        days = [NO_DAY if each.date is None else each.date.toordinal() for each in self.read]
        return np.array(days, np.int64)[self.codes]

    def odd(self, rows: Array) -> Iterator[tuple[int, Dated]]:
        """Those of some rows whose date is missing or completed."""
        odd = np.array([each.date is None or each.partial for each in self.read])
        for row in rows[odd[self.codes[rows]]].tolist():
            yield row, self.read[self.codes[row]]


def dates_of(table: Table, completed: Completion) -> _Dates:
    written = table.column("TRDTC")
    return _Dates(written.codes, [completed(text) for text in (*written.values, None)])


def note_dates(table: Table, rows: Array, dates: _Dates, patients: Array, notes: Notes) -> None:
    """Refuse rows without a date, and name those whose date was completed."""
    for row, each in dates.odd(rows):
        if each.date is None:
            notes.refuse("NO_DATE", patients[row], table.source, row, "TRDTC", each.told)
        else:
            notes.note("PARTIAL_DATE", patients[row], table.source, row, f"read as {each.date}")


def refuse_disorder(
    table: Table, rows: Array, dates: _Dates, who: Coded, patients: Array, notes: Notes
) -> None:
    """Refuse a completed date that lies outside those of the visits before and after it."""
    completed = [row for row, each in dates.odd(rows) if each.partial]
    if not completed:
        return
    written = table.column("VISITNUM")
    numbers = np.array([*map(_number, written.values), np.nan])[written.codes[rows]]
    day = dates.days[rows]
    known = ~np.isnan(numbers) & (day != NO_DAY)
    for at in np.searchsorted(rows, completed).tolist():
        own = known & (who.codes == who.codes[at])
        before, after = own & (numbers < numbers[at]), own & (numbers > numbers[at])
        if (day[before] > day[at]).any() or (day[after] < day[at]).any():
            row = int(rows[at])
            what = f"{date_of(day[at])}, completed, lies outside the dates of the visits beside it"
            notes.refuse("DATE_OUT_OF_ORDER", patients[row], table.source, row, "TRDTC", what)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def date_of(day: int) -> datetime.date | None:
    return None if day == NO_DAY else datetime.date.fromordinal(day)
