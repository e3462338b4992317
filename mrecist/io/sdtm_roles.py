"""Targets and non-targets of each line, and its baseline, by what TU and TR say of lesions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .locations import location
from .problems import Notes
from .sdtm_choices import NONE, OPEN, Choices
from .sdtm_lesions import NEW, NONTARGET, TARGET, Key, Record, role_of
from .sdtm_lines import Line
from .sdtm_results import Results

__all__ = ["Roles", "read_roles"]

_NONE = ";"
"""A list of lesions that names none; an empty cell would leave the choice to the criteria."""

Told = tuple[datetime.date | None, str | None, str | None]


@attrs.define
class Roles:
    """By patient and line, for each reader: lesions by role. `baselines` by patient and reader.

    `without_result`: rows of findings for targets of which nothing is recorded. `choices`: what is
    said of the lists of lines themselves.
    """

    by_line: dict[tuple[str, int], dict[str, dict[str, str]]] = attrs.field(factory=dict)
    baselines: dict[tuple[str, int], dict[str, datetime.date]] = attrs.field(factory=dict)
    without_result: list[dict[str, Any]] = attrs.field(factory=list)
    choices: Choices = attrs.field(factory=Choices)

    def of_line(self, patient: str, line: int) -> dict[str, Told]:
        """For each reader: the baseline, the targets, the non-targets, as the tables write them."""
        said = self.by_line.get((patient, line), {})
        dated = dict(self.baselines.get((patient, line), {}))
        dated |= self.choices.baselines.get((patient, line), {})
        words = self.choices.lists.get((patient, line), {})
        return {
            reader: (
                dated.get(reader),
                *_lists(said.get(reader), words.get(reader, frozenset())),
            )
            for reader in dict.fromkeys([*said, *dated, *words])
        }


def _lists(roles: Mapping[str, str] | None, words: frozenset[str]) -> tuple[str | None, str | None]:
    """Targets and non-targets as the tables write them; `None` leaves the choice."""
    lists = []
    for role in (TARGET, NONTARGET):
        told = {word.split()[-1] for word in words if word.startswith(f"{role.upper()} ")}
        is_open = OPEN in told or (roles is None and NONE not in told)
        lists.append(None if is_open else _listed(roles or {}, role))
    return lists[0], lists[1]


def _listed(roles: Mapping[str, str], role: str) -> str:
    return ";".join(sorted(name for name, own in roles.items() if own == role)) or _NONE


def read_roles(
    records: Mapping[Key, Record],
    results: Results,
    columns: Mapping[str, Array],
    lines: Mapping[str, list[Line]],
    first: Mapping[str, datetime.date],
    choices: Choices,
    notes: Notes,
) -> Roles:
    """The roles of all lesions, those of lesions without results too."""
    roles = Roles(choices=choices)
    seen = set(results.lesions)
    for at in results.is_baseline.nonzero()[0].tolist():
        patient, reader, _ = results.lesions[results.lesion[at]]
        date = results.date[at]
        if date is not None and patient in lines:
            line = _line_of(lines[patient], date)
            roles.baselines.setdefault((patient, line), {}).setdefault(reader, date)
    groups = dict(zip(results.lesion[::-1].tolist(), results.group[::-1].tolist(), strict=True))
    grouped: dict[Key, list[tuple[datetime.date | None, str]]] = {
        key: [(None, role)]
        for at, key in enumerate(results.lesions)
        if (role := role_of(groups[at])[0]) is not None
    }
    given = grouped | {key: record.roles for key, record in records.items() if record.roles}
    for key, said in given.items():
        patient, reader, name = key
        record = records.get(key)
        if record is not None and (record.benign or record.part_of):
            continue
        if patient not in lines:
            _no_results(key, record, notes)
            continue
        for written, role in said:
            if role == NEW:
                continue
            date = _seen_in_month(key, record, written, results, notes)
            line = _line_of(lines[patient], date)
            own = roles.by_line.setdefault((patient, line), {}).setdefault(reader, {})
            if own.setdefault(name, role) != role:
                row = None if record is None else record.row
                told = f"lesion {name}: {own[name]}, then {role}"
                notes.note("ROLE_CHANGES", patient, "tu", row, told)
    _add_without_result(roles, seen, records, columns, lines, first, notes)
    new = {
        key: record
        for key, record in records.items()
        if record.is_new and not (record.benign or record.part_of or key in seen)
    }
    _add_new_without_result(roles, new, columns, notes)
    return roles


def _line_of(lines: list[Line], date: datetime.date | None) -> int:
    """The line that a lesion is identified for: the first that starts on the date or later.

    Without a date it is the first line; after all starts, the last one.
    """
    if date is None:
        return 0
    later = (at for at, line in enumerate(lines) if line.start >= date)
    return next(later, len(lines) - 1)


def _seen_in_month(
    key: Key, record: Record | None, date: datetime.date | None, results: Results, notes: Notes
) -> datetime.date | None:
    """The date of a role: where it tells the month alone, that of a result of the lesion in it."""
    if record is None or date not in record.months:
        return date
    lesions = [at for at, each in enumerate(results.lesions) if each == key]
    seen: list[datetime.date] = results.date[np.isin(results.lesion, lesions)].tolist()
    for each in sorted(filter(None, seen)):
        if (each.year, each.month) == (date.year, date.month):
            return each
    notes.note("PARTIAL_DATE", key[0], "tu", record.row, f"read as {date}")
    return date


def _no_results(key: Key, record: Record | None, notes: Notes) -> None:
    row = None if record is None else record.row
    told = f"lesion {key[2]}: the patient has no results at all"
    notes.note("TARGET_WITHOUT_RESULT", key[0], "tu", row, told)


def _add_new_without_result(
    roles: Roles, new: Mapping[Key, Record], columns: Mapping[str, Array], notes: Notes
) -> None:
    """A row for every new lesion that has no result: who names it on a date has seen it there."""
    if not new:
        return
    names = ("patient", "reader", "date", "visit")
    exams = {
        (patient, reader, date): visit
        for patient, reader, date, visit in zip(*(columns[n] for n in names), strict=True)
    }
    for (patient, reader, name), record in new.items():
        date = record.roles[0][0]
        exam, told = (patient, reader, date), f"lesion {name}: present"
        if date is None or exam not in exams:
            told = f"lesion {name}: left out, as no result has its date {date or ''}".strip()
        else:
            roles.without_result.append(
                _row(exam, name, record, status="present", visit=exams[exam])
            )
        notes.note("NEW_WITHOUT_RESULT", patient, "tu", record.row, told)


def _row(
    exam: tuple[str, str, datetime.date | None], name: str, record: Record, **says: Any
) -> dict[str, Any]:
    """A row of findings for a lesion that TU alone knows."""
    place = location(record.term)
    return {
        **dict(zip(("patient", "reader", "date"), exam, strict=True)),
        "lesion": name,
        "organ": place.organ,
        "kind": place.kind and str(place.kind),
        "hilar": place.hilar or None,
        "source": f"tu:{record.row}",
        **says,
    }


def _add_without_result(
    roles: Roles,
    seen: Iterable[Key],
    records: Mapping[Key, Record],
    columns: Mapping[str, Array],
    lines: Mapping[str, list[Line]],
    first: Mapping[str, datetime.date],
    notes: Notes,
) -> None:
    """A row at the baseline for every lesion with a role that has no result."""
    known = set(seen)
    dates: dict[tuple[str, str], dict[Any, str | None]] = {}
    lacking = [
        (patient, line, reader, name)
        for (patient, line), by_reader in roles.by_line.items()
        for reader, own in by_reader.items()
        for name in own
        if (patient, reader, name) not in known
    ]
    if lacking:
        names = ("patient", "reader", "date", "visit")
        for patient, reader, date, visit in zip(*(columns[n] for n in names), strict=True):
            dates.setdefault((patient, reader), {})[date] = visit
        dates = {
            who: {date: visit for date, visit in each.items() if date is not None}
            for who, each in dates.items()
        }
    for patient, line, reader, name in lacking:
        own_dates = dates.get((patient, reader)) or {first[patient]: None}
        start = lines[patient][line].start
        before = [date for date in own_dates if date <= start]
        at = roles.baselines.get((patient, line), {}).get(reader)
        date = at or (max(before) if before else min(own_dates))
        record = records[patient, reader, name]
        exam, visit = (patient, reader, date), own_dates.get(date)
        roles.without_result.append(_row(exam, name, record, status="not evaluable", visit=visit))
        notes.note("TARGET_WITHOUT_RESULT", patient, "tu", record.row, f"lesion {name}")
