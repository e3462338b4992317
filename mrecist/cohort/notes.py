"""What of many charts is probably misread: `patient/notes.py` for tables.

Arrays find where a note is due; sentences are built for these places alone, by the functions that
serve one patient.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, ranges, runs, spread
from .._base.converters import Date
from .._base.text import mm
from .._base.words import Measure, Response
from ..patient.notes import (
    GIVEN,
    note_on_agent,
    note_on_dates,
    note_on_ids,
    note_on_jump,
    note_on_size,
    note_on_verdict,
    notes_on_organ,
    odd_dates,
)
from ..rulebook.criteria import Criteria
from ..rulebook.drugs import is_known
from ..rulebook.notes import (
    NOTES,
    SMALL_UM,
    Note,
    about_tenfold,
    is_scaled_down,
    is_small,
    listed,
    similar,
)
from ..tables.clean import Patients
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from ..tables.other_names import like_ours, unread
from .chart import Charts
from .lesions import Traits

__all__ = ["Told", "columns_of_notes", "notes_on_charts", "notes_on_tables"]

_RANK = {code: place for place, code in enumerate(NOTES)}


@attrs.frozen
class Told:
    """A note: the patient's place (-1: on the tables), and the rows that it concerns.

    Rows are of `table`; none where it concerns all.
    """

    patient: int
    rows: tuple[int, ...]
    note: Note
    table: str = "findings"


def notes_on_charts(
    data: Read,
    criteria: Criteria,
    today: datetime.date | None = None,
) -> tuple[list[Told], Array]:
    """The notes on every sound chart, patient by patient; and each patient's largest size.

    Sizes are in micrometres, 0 where a patient has none.
    """
    now = (today or datetime.date.today()).toordinal()
    traits = Traits(criteria, data.findings.organs, data.findings.lesion_ids)
    alike = _alike(data.findings.lesion_ids)
    unknown = _unknown_agents(data)
    largest = np.zeros(len(data.patients), np.int64)
    told: list[Told] = []
    for span in _spans(data.patients):
        block = _Block(data, span, traits)
        largest[span[0] : span[1]] = block.largest()
        told += block.on_ids(alike)
        told += block.on_organs()
        told += block.on_sizes()
        told += block.on_jumps()
        told += block.on_verdicts()
    told += _on_dates(data, now)
    told += _on_agents(data, unknown)
    told.sort(key=lambda each: (each.patient, _RANK[each.note.code]))
    return told, largest


def notes_on_tables(
    ids: Sequence[str], largest: Array, columns: Mapping[str, Sequence[str]]
) -> list[Told]:
    """The notes on all patients together, given their ids and largest sizes, and on the names
    of the columns of each table."""
    told = [
        Told(group[0], (), NOTES["SIMILAR_PATIENTS"].note(ids=listed(ids[i] for i in group)))
        for group in similar(ids, of_numbers=True)
    ]
    sized = np.sort(largest[largest > 0])
    if len(sized) > 1 and is_small(sized[-1]):
        um = int(sized[-1])
        found = NOTES["ALL_LIKE_CM"].note(size=mm(um), small=mm(SMALL_UM), meant_size=mm(10 * um))
        told.append(Told(-1, (), found))
    elif len(sized):
        usual = int(sized[len(sized) // 2])
        for patient in np.flatnonzero((largest > 0) & is_scaled_down(largest, usual)).tolist():
            um = int(largest[patient])
            found = NOTES["LOOKS_LIKE_CM"].note(
                size=mm(um), usual=mm(usual), meant_size=mm(10 * um)
            )
            told.append(Told(patient, (), found))
    told += [
        Told(
            -1, (), NOTES["LIKE_A_COLUMN"].note(column=f'"{name}"', table=table, meant_column=ours)
        )
        for name, table, ours in like_ours(columns)
    ]
    told += [
        Told(
            -1,
            (),
            NOTES["UNREAD_COLUMN"].note(
                column=f'"{name}"', table=table, meant_column=_unread(name, table)
            ),
        )
        for name, table in unread(columns)
    ]
    return told


def _unread(name: str, table: str) -> str:
    """What a column that is not read may be for."""
    if table in ("lines", "patients"):
        return f'nothing that a verdict needs; keep=["{name}"] carries it along'
    return "nothing that a verdict needs"


def columns_of_notes(
    told: Sequence[Told], ids: Sequence[Any], rows: Mapping[str, Array] | None = None
) -> dict[str, Any]:
    """The table of notes. `rows` are the numbers of the rows of each table, left out: as they are
    counted here."""
    codes = np.arange(len(told))
    owners = np.array([each.patient for each in told], np.int64)
    own = [None if each.patient < 0 else ids[each.patient] for each in told]
    patients: Any = Coded(np.where(owners < 0, -1, codes), own)
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "iu":
        numbers = np.array([0 if patient is None else patient for patient in own], ids.dtype)
        patients = Plain(numbers, owners < 0)
    places = [_places(each, (rows or {}).get(each.table)) for each in told]
    return {
        "patient": patients,
        "rows": Coded(codes, places),
        "code": Coded(codes, [each.note.code for each in told]),
        "what": Coded(codes, [each.note.what for each in told]),
        "probably_meant": Coded(codes, [each.note.meant for each in told]),
    }


def _places(told: Told, numbers: Array) -> str:
    """The rows as text, in order; those of tables beside the findings are like `lines.3`."""
    own = told.rows if numbers is None else [int(numbers[row]) for row in told.rows]
    before = "" if told.table == "findings" else f"{told.table}."
    return ";".join(f"{before}{row}" for row in sorted(own))


# ---- a block of charts

BLOCK_ROWS = 1 << 18
"""About how many rows are looked at together."""


def _spans(patients: Patients) -> Iterator[tuple[int, int]]:
    """Spans of whole patients."""
    begins = np.arange(0, int(patients.bounds[-1]), BLOCK_ROWS)
    cuts = np.unique(np.append(np.searchsorted(patients.bounds, begins), len(patients)))
    return pairwise(cuts.tolist())


class _Block:
    """The charts of a block of sound patients, and the rows that notes are due on."""

    def __init__(self, data: Read, span: tuple[int, int], traits: Traits) -> None:
        self.data = data
        self.charts = Charts(
            data.findings, data.lines, data.patients, span, traits, data.patients.refused
        )
        self.rows = np.r_[self.charts.rows]
        self.ids = data.findings.lesion_ids

    def largest(self) -> Array:
        """The largest size of each patient."""
        charts = self.charts
        found = np.zeros(len(charts.refused), np.int64)
        starts = runs(charts.row_patient)
        for _, column in self._columns() if len(starts) else ():
            owner = charts.row_patient[starts]
            found[owner] = np.maximum(found[owner], np.maximum.reduceat(column, starts))
        return found

    def on_ids(self, alike: Array) -> Iterator[Told]:
        """Lesions of a patient whose ids are alike. `alike` holds the group of each id, or -1."""
        charts = self.charts
        if not np.any(alike >= 0):
            return
        rows = np.flatnonzero(alike[charts.lesion_code[charts.place]] >= 0)
        place, first = np.unique(charts.place[rows], return_index=True)
        rows = rows[first]
        groups = alike[charts.lesion_code[place]]
        for own in _together(charts.row_patient[rows], groups):
            if len(own) > 1:
                names = sorted(self.ids[charts.lesion_code[each]] for each in place[own])
                yield self._told(rows[own], note_on_ids(names))

    def on_organs(self) -> Iterator[Told]:
        """Lesions whose organ may be read otherwise than it is meant."""
        charts = self.charts
        lesions = charts.traits.lesions
        due = np.array([any(notes_on_organ(each, "")) for each in lesions])
        trait = np.broadcast_to(spread(charts.own_trait, charts.place), charts.place.shape)
        rows = np.flatnonzero(due[trait])
        for own in _together(charts.place[rows]):
            at = rows[own]
            for note in notes_on_organ(lesions[trait[at[0]]], self._lesion(at)):
                yield self._told(at, note)

    def on_sizes(self) -> Iterator[Told]:
        """Sizes that are not used where the one that counts is not recorded."""
        charts = self.charts
        if not charts.lacking:
            return
        measures, count = tuple(Measure), len(charts.place)
        lacking = charts.lacks_size(np.arange(count))
        measure = np.broadcast_to(charts.measure, count)
        for given, column in self._columns():
            rows = np.flatnonzero(lacking & (column >= 0))
            for own in _together(charts.place[rows]):
                at = rows[own]
                size = self._date(at[0]), int(column[at[0]])
                how = measures[measure[at[0]]]
                yield self._told(at, note_on_size(self._lesion(at), given, how, size, len(at)))

    def on_jumps(self) -> Iterator[Told]:
        """Sizes of a lesion, one after the other, that are about ten times apart."""
        for given, column in self._columns():
            rows = np.flatnonzero(column > 0)
            rows = rows[np.argsort(self.charts.place[rows], kind="stable")]
            place, um = self.charts.place[rows], column[rows].astype(np.int64)
            jumps = (place[1:] == place[:-1]) & about_tenfold(um[:-1], um[1:])
            at = np.flatnonzero(jumps)
            for jump in at[runs(place[at])].tolist():
                pair = rows[jump : jump + 2]
                before, after = ((self._date(row), int(column[row])) for row in pair)
                yield self._told(pair, note_on_jump(self._lesion(pair), given, before, after))

    def on_verdicts(self) -> Iterator[Told]:
        """Verdicts reported on a baseline that is no follow-up of another line."""
        charts = self.charts
        if np.ndim(charts.reported) == 0:
            return
        followed = np.zeros(charts.visits, np.bool_)
        followed[ranges(charts.window, charts.follow_ups)] = True
        lines = np.flatnonzero(charts.baseline >= 0)
        visits, first = np.unique(charts.baseline[lines], return_index=True)
        due = (charts.reported[visits] != BLANK) & ~followed[visits]
        words, begins = tuple(Response), np.searchsorted(charts.line_patient, charts.line_patient)
        for visit, line in zip(visits[due].tolist(), lines[first[due]].tolist(), strict=True):
            patient = charts.first + int(charts.visit_patient[visit])
            day, number = int(charts.visit_day[visit]), line - int(begins[line]) + 1
            rows = np.r_[self.data.patients.rows(patient, patient + 1)]
            days = [day]
            if charts.examinations is not None:
                days = charts.examinations[1][charts.examinations[2] == visit]
            rows = rows[np.isin(self.data.findings.day[rows], days)]
            response = words[charts.reported[visit]]
            note = note_on_verdict(_date(self.data, patient, day), response, number)
            yield Told(patient, tuple(rows.tolist()), note)

    def _columns(self) -> Iterator[tuple[str, Array]]:
        """The sizes that the table holds, row by row, and how a chart calls them."""
        for name, given in GIVEN.items():
            column = getattr(self.data.findings, name)
            if column is not None:
                yield given, column[self.rows]

    def _lesion(self, rows: Array) -> str:
        name: str = self.ids[self.charts.lesion_code[self.charts.place[rows[0]]]]
        return name

    def _date(self, row: int) -> Date:
        patient = self.charts.first + int(self.charts.row_patient[row])
        return _date(self.data, patient, int(self.data.findings.day[self.rows[row]]))

    def _told(self, rows: Array, note: Note) -> Told:
        patient = self.charts.first + int(self.charts.row_patient[rows[0]])
        return Told(patient, tuple(self.rows[rows].tolist()), note)


def _together(*keys: Array) -> Iterator[Array]:
    """The places with equal keys, group by group, in the order of the keys."""
    order = np.lexsort(keys[::-1])
    changes = np.zeros(max(len(order) - 1, 0), np.bool_)
    for key in keys:
        changes |= np.diff(key[order]) != 0
    if len(order):
        yield from np.split(order, np.flatnonzero(changes) + 1)


def _alike(ids: Sequence[str]) -> Array:
    """For each id the group of ids that it is alike with; -1: none."""
    groups = np.full(len(ids), -1)
    for number, group in enumerate(similar(ids)):
        groups[group] = number
    return groups


def _date(data: Read, patient: int, day: int) -> Date:
    return datetime.date.fromordinal(day) if data.patients.calendar[patient] == 1 else day


# ---- the lines


def _unknown_agents(data: Read) -> list[list[str]]:
    """For each list of agents those that are no known drug or procedure."""
    lists = [] if data.lines is None else data.lines.agents_named
    return [[agent for agent in agents if not is_known(agent)] for agents in lists]


def _on_agents(data: Read, unknown: Sequence[Sequence[str]]) -> Iterator[Told]:
    lines = data.lines
    if lines is None:
        return
    due = np.array([bool(agents) for agents in [*unknown, ()]])
    for line in np.flatnonzero(due[lines.agents] & ~data.patients.refused[lines.patient]).tolist():
        patient = int(lines.patient[line])
        start = _date(data, patient, int(lines.start[line]))
        for agent in unknown[lines.agents[line]]:
            yield Told(patient, (int(lines.row[line]),), note_on_agent(start, agent), "lines")


# ---- dates


def _on_dates(data: Read, today: int) -> Iterator[Told]:
    for calendar in (False, True):
        sound = ~data.patients.refused & (data.patients.calendar == calendar)
        if sound.any():
            for code, is_odd in odd_dates(calendar, today).items():
                yield from _odd_dates(data, sound, code, is_odd)


def _odd_dates(data: Read, sound: Array, code: str, is_odd: Callable[..., Array]) -> Iterator[Told]:
    """One note a patient with such dates: on the first, with the number of different ones."""
    sources = []
    for source, (patient, days) in enumerate(_dated(data)):
        place = np.flatnonzero((days != NO_DAY) & is_odd(days))
        owner = patient(place)
        keep = np.flatnonzero((owner >= 0) & sound[owner])
        some = np.full(len(keep), source)
        sources.append(np.stack([owner[keep], some, days[place[keep]], place[keep]]))
    patient, source, day, place = np.concatenate(sources, axis=1)
    order = np.lexsort((place, day, source, patient))
    for own in np.split(order, np.flatnonzero(np.diff(patient[order])) + 1 if len(order) else []):
        if len(own):
            yield _odd_date(data, code, patient[own[0]], source[own], day[own], place[own])


def _odd_date(data: Read, code: str, who: Any, source: Array, day: Array, place: Array) -> Told:
    (record, table), lines = _RECORDS[source[0]], data.lines
    at = place[source == source[0]]
    if table == "lines" and lines is not None:
        begin = int(np.searchsorted(lines.patient, who))
        record = record.format(int(at[0]) - begin + 1)
        at = lines.row[at]
    elif table == "procedures" and data.procedures is not None:
        at = data.procedures.row[at]
    first = _date(data, int(who), int(day[0]))
    note = note_on_dates(code, record, first, len(np.unique(day)))
    return Told(int(who), tuple(at.tolist()), note, table)


_RECORDS = (
    ("time point", "findings"),
    ("start of line {},", "lines"),
    ("stop of line {},", "lines"),
    ("death,", "lines"),
    ("last contact,", "lines"),
    ("procedure,", "procedures"),
)


def _dated(data: Read) -> Iterator[tuple[Callable[[Array], Array], Array]]:
    """The columns of dates in the order of `_RECORDS`, each after the patients of its rows."""
    yield lambda rows: data.owner("date", rows), data.findings.day
    nobody, lines, done = np.zeros(0, np.int64), data.lines, data.procedures
    columns = () if lines is None else (lines.start, lines.stop, lines.death, lines.last_contact)
    for days in columns or [nobody] * 4:
        yield (nobody if lines is None else lines.patient).__getitem__, days
    if done is not None:
        yield done.patient.__getitem__, done.day
