"""Whose reading was accepted (--ACPTFL), as decisions by line of therapy or by date."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from ..tables.column import Coded
from .columns import joint
from .dates import Completion
from .problems import Notes
from .sdtm_files import Domains
from .sdtm_findings import Exam
from .sdtm_lines import Line
from .sdtm_readers import reader_column
from .sdtm_results import Results, Visits
from .sdtm_roles import Roles

__all__ = ["read_accepted"]

Decided = tuple[str, int, datetime.date | None, str]


@attrs.frozen(kw_only=True)
class _Accepted:
    """An examination of one reader of which some result was accepted; `visit` also names a date."""

    patient: str
    reader: str
    date: datetime.date
    visit: str | datetime.date


def read_accepted(
    domains: Domains,
    lines: Mapping[str, Sequence[Line]],
    roles: Roles,
    results: Results,
    exams: Mapping[Exam, str | None],
    visits: Visits,
    completed: Completion,
    notes: Notes,
) -> list[Decided]:
    """Decisions: the patient, the number of the line, the date or `None`, the reader.

    A line whose accepted results are all of one reader is decided as a whole. Of several readers,
    each follow-up is decided by its date (one of which nothing is accepted goes with the date
    before). Where two readers are accepted at one visit, or nobody at the first follow-up, the line
    is not decided at all, and so awaits adjudication. Either is a problem. `exams` are all
    examinations, and their visits.
    """
    points = _timepoints(exams)
    found: dict[str, dict[_Accepted, None]] = {}
    central: set[str] = set()
    for each in _accepted(domains, results, visits, completed):
        if each.patient not in lines:
            continue
        central.add(each.reader)
        found.setdefault(each.patient, {})[each] = None
    decided: list[Decided] = []
    for patient, records in sorted(found.items()):
        own = _OfPatient(patient, [*records], lines[patient], roles, points, central, notes)
        decided += own.decided()
    return decided


def _timepoints(exams: Mapping[Exam, str | None]) -> dict[tuple[str, str], set[datetime.date]]:
    """The dates of the time points of each patient and reader: a visit has that of its first."""
    first: dict[tuple[str, str, str | datetime.date], datetime.date] = {}
    for (patient, reader, date), visit in exams.items():
        if date is not None:  # which is a mistake of its own
            key = patient, reader, visit or date
            first[key] = min(date, first.get(key, date))
    made: dict[tuple[str, str], set[datetime.date]] = {}
    for (patient, reader, _), date in first.items():
        made.setdefault((patient, reader), set()).add(date)
    return made


def _accepted(
    domains: Domains, results: Results, visits: Visits, completed: Completion
) -> Iterator[_Accepted]:
    for domain in ("TR", "RS"):
        table = domains[domain]
        flag = table.column(f"{domain}ACPTFL")
        rows = np.flatnonzero(np.array([*(each == "Y" for each in flag.values), False])[flag.codes])
        columns = (table.column("USUBJID"), reader_column(table, domain),
                   *(table.column(name) for name in (f"{domain}LNKGRP", "VISITNUM", "VISIT")),
                   table.column(f"{domain}DTC"))  # fmt: skip
        accepted = joint(*(Coded(column.codes[rows], column.values) for column in columns))
        for code in np.unique(accepted.codes).tolist():
            patient, reader, group, number, name, written = accepted.values[code]
            visit = visits.visit(number, name)
            names = visits.named(group, number, name), visit
            date = results.nearest((patient, reader), names, completed.date(written))
            if date is not None:
                yield _Accepted(patient=patient, reader=reader, date=date, visit=visit or date)


@attrs.frozen(eq=False)
class _OfPatient:
    """The accepted examinations of a patient."""

    patient: str
    records: Sequence[_Accepted]
    lines: Sequence[Line]
    roles: Roles
    points: Mapping[tuple[str, str], set[datetime.date]]
    central: set[str]
    notes: Notes

    def decided(self) -> Iterator[Decided]:
        """The decisions of each line."""
        for number in range(1, len(self.lines) + 1):
            readers = {
                each.reader for each in self.records if _line_at(self.lines, each.date) == number
            }
            if len(readers) == 1:
                yield self.patient, number, None, readers.pop()
            elif readers:
                yield from self._by_date(number, sorted(readers))

    def _by_date(self, number: int, readers: Sequence[str]) -> Iterator[Decided]:
        chosen: dict[str | datetime.date, dict[str, datetime.date]] = {}
        for each in self.records:
            if self._is_follow_up(number, each.reader, each.date):
                if each.date in self.points.get((self.patient, each.reader), ()):
                    chosen.setdefault(each.visit, {})[each.reader] = each.date
                else:
                    self._note("ACCEPTED_UNREAD", f"{each.reader} at {each.visit}")
        told = self._undecided(number, chosen)
        self._note("ACCEPTED_MIXED", f"line {number}: {', '.join(readers)}, {told or 'by date'}")
        if not told:
            days = sorted(
                (date, reader) for each in chosen.values() for reader, date in each.items()
            )
            yield from ((self.patient, number, date, reader) for date, reader in days)

    def _undecided(
        self, number: int, chosen: Mapping[str | datetime.date, Mapping[str, datetime.date]]
    ) -> str:
        """Why a line cannot be decided by date, or nothing."""
        for visit, dates in chosen.items():
            if len(dates) > 1:
                return f"undecided: {' and '.join(sorted(dates))} at {visit}"
        first = min(
            (
                date
                for reader in self.central
                for date in self.points.get((self.patient, reader), ())
                if self._is_follow_up(number, reader, date)
            ),
            default=None,
        )
        if first is None:
            return "undecided: there is no follow-up"
        days = {date for dates in chosen.values() for date in dates.values()}
        return "" if first in days else f"undecided: nobody at {first}"

    def _is_follow_up(self, number: int, reader: str, date: datetime.date) -> bool:
        """Whether a date lies after the baseline of a line and up to the start of the next."""
        baseline = self.roles.of_line(self.patient, number - 1).get(reader, (None,))[0]
        after = self.lines[number - 1].start if baseline is None else baseline
        last = number == len(self.lines)
        return after < date and (last or date <= self.lines[number].start)

    def _note(self, code: str, told: str) -> None:
        self.notes.note(code, self.patient, "tr and rs", None, told)


def _line_at(lines: Sequence[Line], date: datetime.date) -> int:
    """The number of the line that goes on at a date; before all lines, the first."""
    return max(sum(line.start <= date for line in lines), 1)
