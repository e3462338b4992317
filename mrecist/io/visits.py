"""The visits of records that name them: examinations of one visit, unless they cannot be one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Protocol

from .._base.converters import Date, day_number
from .problems import Notes

__all__ = ["Seen", "settle_visits"]

_SPREAD_DAYS = 21


class Seen(Protocol):
    """A lesion on a day; without a lesion, an examination."""

    row: int
    patient: str
    lesion: str
    day: Date
    visit: str | None


def settle_visits(records: Sequence[Seen], source: str, notes: Notes) -> None:
    """Leave out the visit of records where it holds a lesion on two dates; note wide ones."""
    visits: dict[tuple[str, str], list[Seen]] = {}
    for record in records:
        if record.visit is not None:
            visits.setdefault((record.patient, record.visit), []).append(record)
    for (patient, visit), own in visits.items():
        days = sorted({record.day for record in own}, key=day_number)
        if len(days) > 1:
            _settle(patient, visit, own, days, source, notes)


def _settle(
    patient: str, visit: str, own: Sequence[Seen], days: Sequence[Date], source: str, notes: Notes
) -> None:
    row = own[0].row
    seen: dict[str, Date] = {}
    for record in own:
        if record.lesion and seen.setdefault(record.lesion, record.day) != record.day:
            told = f"{visit}: {record.lesion} on {seen[record.lesion]} and {record.day}"
            notes.note("VISIT_SPLIT", patient, source, row, told)
            for each in own:
                each.visit = None
            return
    span = day_number(days[-1]) - day_number(days[0])
    if span > _SPREAD_DAYS:
        told = f"{visit}: {days[0]} to {days[-1]}, {datetime.timedelta(span).days} days"
        notes.note("VISIT_SPREAD", patient, source, row, told)
