"""The results of the domain TR as findings, a whole column at a time.

A finding is what one reader says of one lesion at one assessment. Arrays have an element per row of
TR, or per finding; texts are looked at once for each distinct one.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.text import several
from ..tables.column import Coded
from . import sdtm_values as values
from .columns import Table, first_of, joint, recoded, texts_of
from .dates import Completion
from .problems import Notes
from .sdtm_dates import NO_DAY, date_of, dates_of, note_dates, refuse_disorder
from .sdtm_readers import reader_column

__all__ = ["Results", "Visits", "read_results"]

SLOTS = 5
"""How many kinds of result a finding can have: four sizes, and its state."""

_SPREAD_DAYS = 21


class Visits:
    """Assessments by their link group, else by visit; the names are those of all domains alike."""

    def __init__(self, tables: Sequence[tuple[Table, str]]) -> None:
        numbers: dict[str, set[str | None]] = {}
        for table, _ in tables:
            for number, visit in joint(table.column("VISITNUM"), table.column("VISIT")).values:
                numbers.setdefault(visit or "", set()).add(number)
        self._many = {visit for visit, each in numbers.items() if len(each) > 1}

    def visit(self, number: str | None, visit: str | None) -> str | None:
        """The name of a visit; its number too where several visits have one name."""
        if visit is None or number is None:
            return visit or number
        return f"{visit} {number}" if visit in self._many else visit

    def named(self, group: str | None, number: str | None, visit: str | None) -> str | None:
        """The name of an assessment: its link group where that has a number, else its visit."""
        # R1-NA, which a program made of a reader and of nothing, names no assessment.
        if group is not None and any(map(str.isdigit, group.rpartition("-")[2])):
            return group
        return self.visit(number, visit)


@attrs.frozen(eq=False, kw_only=True)
class Results:
    """Findings in columns, by patient, date and lesion.

    `lesions`: patient, reader and id of each distinct lesion, `lesion` the index of each finding's;
    `exams`: patient, reader and date of each distinct examination, `exam` the index. `finding`
    gives the finding of each row of TR (-1: none), `row` the first row of each finding. `said`
    holds for each slot an index into `texts` (-1: nothing), `not_done` whether a result was not
    done. `date` and `visit` are of the assessment, `day` is the date as a whole day. `undone`:
    assessments of which no more is recorded than that they were not done.
    """

    source: str
    lesions: Sequence[tuple[str, str, str]]
    lesion: Array
    date: Array
    day: Array
    exams: Sequence[tuple[str, str, datetime.date]]
    exam: Array
    visit: Array
    row: Array
    said: Array
    texts: Sequence[str]
    not_done: Array
    method: Array
    group: Array
    is_baseline: Array
    finding: Array
    undone: Sequence[tuple[str, str, datetime.date, str | None]]
    visit_dates: dict[tuple[str, str, str], list[tuple[datetime.date, datetime.date]]]
    """By patient, reader and visit, the first and the last date of each assessment."""

    def nearest(
        self, who: tuple[str, str], names: Iterable[str | None], date: datetime.date | None
    ) -> datetime.date | None:
        """The first date of the assessment of a patient and reader: by name, the nearest in time.

        Where no assessment has the name, the date itself.
        """
        for name in names:
            each = self.visit_dates.get((*who, name or ""), [])
            if each and date is None:
                return each[0][0]
            if each and date is not None:
                return min(each, key=lambda span: _apart(span, date))[0]
        return date


def _apart(span: tuple[datetime.date, datetime.date], date: datetime.date) -> int:
    return max((span[0] - date).days, (date - span[1]).days, 0)


def read_results(
    table: Table, readers: Collection[str], visits: Visits, completed: Completion, notes: Notes
) -> Results:
    """The findings of these readers."""
    reader = reader_column(table, "TR")
    chosen = np.array([*(name in readers for name in reader.values), False])[reader.codes]
    patient = table.column("USUBJID")
    _refuse_nobody(table, patient, chosen, notes)
    cells = _cells(table)
    said = [values.said_by(*cell) for cell in cells.values]
    what = np.array([each.what for each in said], np.int64)[cells.codes]
    name = table.column("TRLNKID")
    undone = np.array(
        [values.is_undone(cell[1], cell[2], cell[-1]) for cell in cells.values], np.bool_
    )[cells.codes]
    what[undone & (name.codes < 0)] = values.NOT_DONE
    patients = texts_of(patient)
    used = chosen & (patient.codes >= 0) & (name.codes >= 0) & (what <= values.NOT_DONE)
    _note_left_out(table, chosen, name, what, cells, patients, notes)
    written = dates_of(table, completed)
    days = written.days
    rows = np.flatnonzero(used)
    note_dates(table, rows, written, patients, notes)
    label = _labels(table, visits)
    texts: dict[str, int] = {}
    for each in said:
        texts.setdefault(each.value, len(texts))
    value = np.array([texts[each.value] for each in said], np.int64)[cells.codes[rows]]
    same = _same(list(texts))
    own = _taken(label, rows)
    names = joint(_taken(patient, rows), _taken(reader, rows))
    who = Coded(names.codes, range(len(names.values)))
    refuse_disorder(table, rows, written, who, patients, notes)
    _note_spread(table, rows, who, own, days[rows], patients, notes)
    result = joint(who, own, _taken(name, rows), Coded(what[rows], range(values.NOT_DONE + 1)))
    own = _split(table, rows, who, own, result, same[value], days[rows], patients, notes)
    exam, day, label = _one_visit_a_day(table, rows, who, own, days[rows], patients, notes)

    lesion_all = joint(_taken(patient, rows), _taken(reader, rows), _taken(name, rows))
    finding = joint(exam, Coded(lesion_all.codes, range(len(lesion_all.values))))
    codes, count = finding.codes, len(finding.values)
    first = first_of(codes, count)
    slots = np.full((SLOTS, count), -1, np.int64)
    tests = what[rows]
    for slot in range(SLOTS):
        at = np.flatnonzero(tests == slot)
        owner = first_of(codes[at], count)
        has = owner >= 0
        slots[slot, has] = value[at[owner[has]]]
        _compare(
            table,
            rows[at],
            at != at[owner[codes[at]]],
            value[at],
            slots[slot, codes[at]],
            list(texts),
            same,
            patients,
            name,
            notes,
        )
    not_done = np.zeros(count, np.bool_)
    not_done[codes[tests == values.NOT_DONE]] = True
    wrong = np.flatnonzero(chosen & (what == values.NOT_A_LENGTH))
    for row in wrong.tolist():
        told_of = said[cells.codes[row]].value
        notes.refuse("NOT_A_LENGTH", patients[row], table.source, row, "TRSTRESC", told_of)

    earliest = np.full(count, NO_DAY)
    np.minimum.at(earliest, codes, day)
    baseline = np.zeros(count, np.bool_)
    for flag in ("TRBLFL", "TRLOBXFL"):
        column = table.column(flag)
        yes = np.array([*(each.upper() == "Y" for each in column.values), False])
        baseline[codes[yes[column.codes[rows]]]] = True
    ordinals, place = np.unique(earliest, return_inverse=True)
    calendar = [*map(date_of, ordinals.tolist()), None]
    dates = np.array(calendar, object)[place.ravel()]
    dated = joint(_taken(who, first), Coded(place.ravel(), calendar[:-1]))
    exams = [(*names.values[each], date) for each, date in dated.values]
    label_texts = texts_of(label)
    finding_of_row = np.full(len(table), -1, np.int64)
    finding_of_row[rows] = codes
    return Results(
        source=table.source,
        lesions=lesion_all.values,
        lesion=lesion_all.codes[first],
        date=dates,
        visit=label_texts[first],
        row=rows[first],
        said=slots,
        texts=list(texts),
        not_done=not_done,
        method=_texts_at(table, "TRMETHOD", rows[first]),
        group=_texts_at(table, "TRGRPID", rows[first]),
        is_baseline=baseline,
        finding=finding_of_row,
        exams=exams,
        exam=dated.codes,
        day=earliest,
        undone=list(_undone(table, chosen, name, what, visits, completed, patients, reader, notes)),
        visit_dates=_visit_dates(table, rows, patient, reader, label, day, visits),
    )


# ---- row by row


def _same(texts: Sequence[str]) -> Array:
    """For each text the first that says the same: 20 and 20.0 are one size."""
    first: dict[str | Decimal, int] = {}
    sizes = (text.replace(".", "", 1).isdecimal() for text in texts)
    said = [Decimal(text) if is_size else text for text, is_size in zip(texts, sizes, strict=True)]
    return np.array([first.setdefault(each, at) for at, each in enumerate(said)], np.int64)


def _taken(column: Coded, rows: Array) -> Coded:
    return Coded(column.codes[rows], column.values)


def _texts_at(table: Table, name: str, rows: Array) -> Array:
    return texts_of(_taken(table.column(name), rows))


def _cells(table: Table) -> Coded:
    """What each row says, as the distinct combinations of the columns that say it."""
    unit = table.column("TRSTRESU")
    if "TRSTRESU" not in table:
        written = ("TRORRESU", "TRORRES", "TRSTRESC", "TRSTRESN")
        unit = recoded(
            joint(*map(table.column, written)), lambda cell: values.unit_as_written(*cell)
        )
    if "TRSTRESU" not in table and "TRORRESU" not in table:
        unit = Coded(np.zeros(len(table), np.int64), ["mm"])
    names = ("TRTESTCD", "TRSTRESC", "TRSTRESN")
    return joint(*map(table.column, names), unit, table.column("TRORRES"), table.column("TRSTAT"))


def _refuse_nobody(table: Table, patient: Coded, chosen: Array, notes: Notes) -> None:
    for row in np.flatnonzero(chosen & (patient.codes < 0)).tolist():
        notes.refuse("NO_PATIENT", None, table.source, row, "USUBJID", "must be given")


def _note_left_out(
    table: Table,
    chosen: Array,
    name: Coded,
    what: Array,
    cells: Coded,
    patients: Array,
    notes: Notes,
) -> None:
    """Name every row that makes no finding."""
    tests = texts_of(table.column("TRTESTCD"))
    unnamed = name.codes < 0
    for code, rows in (
        ("DERIVED_ROW", chosen & (what == values.DERIVED)),
        ("OTHER_TEST", chosen & (what == values.OTHER)),
        ("NO_IDENTIFICATION", chosen & unnamed & (what < values.NOT_DONE)),
    ):
        for row in np.flatnonzero(rows).tolist():
            told = " ".join(filter(None, (tests[row], cells.values[cells.codes[row]][1])))
            notes.note(code, patients[row], table.source, row, told)


def _labels(table: Table, visits: Visits) -> Coded:
    """The name of the assessment of each row."""
    names = ("TRLNKGRP", "VISITNUM", "VISIT")
    return recoded(joint(*map(table.column, names)), lambda cell: visits.named(*cell))


def _note_spread(
    table: Table, rows: Array, who: Coded, label: Coded, day: Array, patients: Array, notes: Notes
) -> None:
    """Name the visits whose examinations lie far apart."""
    known = np.flatnonzero((label.codes >= 0) & (day != NO_DAY))
    visit = joint(_taken(who, known), _taken(label, known))
    first, last = _between(visit, day[known])
    start = first_of(visit.codes, len(visit.values))
    for at in np.flatnonzero((last - first > _SPREAD_DAYS) & (start >= 0)).tolist():
        row = int(rows[known[start[at]]])
        told = f"visit {visit.values[at][1]}: {date_of(first[at])} to {date_of(last[at])}"
        spread = several(int(last[at] - first[at]), "day")
        notes.note("VISIT_SPREAD", patients[row], table.source, row, f"{told}, {spread}")


def _between(group: Coded, day: Array) -> tuple[Array, Array]:
    """The first and the last day of each group."""
    first, last = np.full(len(group.values), NO_DAY), np.zeros(len(group.values), np.int64)
    np.minimum.at(first, group.codes, day)
    np.maximum.at(last, group.codes, day)
    return first, last


def _split(
    table: Table,
    rows: Array,
    who: Coded,
    label: Coded,
    result: Coded,
    value: Array,
    day: Array,
    patients: Array,
    notes: Notes,
) -> Coded:
    """The names of assessments, where one that holds a lesion twice is told apart by its dates."""
    first = first_of(result.codes, len(result.values))[result.codes]
    twice = (value != value[first]) & (day != day[first]) & (label.codes >= 0)
    if not twice.any():
        return label
    visit = joint(who, label)
    wrong = np.zeros(len(visit.values), np.bool_)
    wrong[visit.codes[twice]] = True
    for code in np.flatnonzero(wrong).tolist():
        row = int(rows[np.flatnonzero(visit.codes == code)[0]])
        told = f"visit {visit.values[code][1]}: a lesion has several values, on dates of its own"
        notes.note("VISIT_SPLIT", patients[row], table.source, row, told)
    apart = np.where(wrong[visit.codes], day, -1)
    ordinals, place = np.unique(apart, return_inverse=True)
    both = joint(label, Coded(place.ravel(), ordinals.tolist()))
    return recoded(both, _told_apart)


def _told_apart(label_and_day: tuple[str | None, int]) -> str | None:
    label, day = label_and_day
    return label if day < 0 else f"{label} {date_of(day) or ''}".strip()


def _one_visit_a_day(
    table: Table, rows: Array, who: Coded, own: Coded, days: Array, patients: Array, notes: Notes
) -> tuple[Coded, Array, Coded]:
    """The assessment of each row, its day, and its name: a date has one assessment.

    Rows without a name of their assessment belong to that of their date.
    """
    ordinals, place = np.unique(days, return_inverse=True)
    day = Coded(place.ravel(), ordinals.tolist())
    date = joint(who, day)
    # Of the names on a date the first that is read holds; a row without one comes last.
    named = np.flatnonzero(own.codes >= 0)
    first = first_of(date.codes[named], len(date.values))
    names = np.append(own.codes[named], -1)[first]
    other = np.flatnonzero((own.codes >= 0) & (own.codes != names[date.codes]))
    for code in np.unique(date.codes[other]).tolist():
        at = other[np.flatnonzero(date.codes[other] == code)[0]]
        row = int(rows[at])
        told = f"{own.values[names[code]]} and {own.values[own.codes[at]]}"
        notes.note("TWO_VISITS_ONE_DATE", patients[row], table.source, row, told)
    label = Coded(names[date.codes], own.values)
    by_date = np.where(label.codes >= 0, -1, day.codes)
    exam = joint(who, label, Coded(by_date, day.values))
    return Coded(exam.codes, range(len(exam.values))), ordinals[day.codes], label


def _compare(
    table: Table,
    rows: Array,
    again: Array,
    value: Array,
    first: Array,
    texts: Sequence[str],
    same: Array,
    patients: Array,
    name: Coded,
    notes: Notes,
) -> None:
    """Name results that are recorded again, and refuse those that contradict the first."""
    tests = texts_of(table.column("TRTESTCD"))
    for at in np.flatnonzero(again).tolist():
        row = int(rows[at])
        told = f"lesion {name.values[name.codes[row]]}, {tests[row]}: {texts[value[at]]}"
        if same[value[at]] == same[first[at]]:
            notes.note("DUPLICATE_RESULT", patients[row], table.source, row, told)
        else:
            told = f"{told} at the visit at which {texts[first[at]]} was recorded"
            notes.refuse("CONFLICTING_RESULT", patients[row], table.source, row, "TRSTRESC", told)


def _undone(
    table: Table,
    chosen: Array,
    name: Coded,
    what: Array,
    visits: Visits,
    completed: Completion,
    patients: Array,
    reader: Coded,
    notes: Notes,
) -> Iterator[tuple[str, str, datetime.date, str | None]]:
    """Assessments that were not done, on rows that name no lesion."""
    rows = np.flatnonzero(chosen & (name.codes < 0) & (what == values.NOT_DONE))
    readers = texts_of(reader)
    columns = [_texts_at(table, each, rows) for each in ("TRDTC", "TRLNKGRP", "VISITNUM", "VISIT")]
    for row, written, *visit in zip(rows.tolist(), *columns, strict=True):
        read = completed(written)
        date = notes.dated(read, patients[row], table.source, row)
        if written is None:
            told = f"{visits.named(*visit) or 'an assessment'} was not done, on no date"
            notes.note("UNREAD_DATE", patients[row], table.source, row, told)
        if date is not None and patients[row] is not None:
            if read.partial:
                notes.imputed.add((patients[row], date))
            yield patients[row], readers[row], date, visits.named(*visit)


# ---- assessments


def _visit_dates(
    table: Table,
    rows: Array,
    patient: Coded,
    reader: Coded,
    label: Coded,
    day: Array,
    visits: Visits,
) -> dict[tuple[str, str, str], list[tuple[datetime.date, datetime.date]]]:
    """The first and the last date of every assessment, by its name and by that of its visit."""
    number, visit = table.column("VISITNUM"), table.column("VISIT")
    visit = recoded(joint(_taken(number, rows), _taken(visit, rows)), lambda v: visits.visit(*v))
    found: dict[tuple[str, str, str], list[tuple[datetime.date, datetime.date]]] = {}
    for column in (label, visit):
        known = np.flatnonzero((column.codes >= 0) & (day != NO_DAY))
        exam = joint(
            _taken(patient, rows[known]),
            _taken(reader, rows[known]),
            _taken(column, known),
            _taken(label, known),
        )
        first, last = _between(exam, day[known])
        for at in np.flatnonzero(last).tolist():
            who, whose, name, _ = exam.values[at]
            dates = datetime.date.fromordinal(first[at]), datetime.date.fromordinal(last[at])
            found.setdefault((who, whose, name), []).append(dates)
    return found
