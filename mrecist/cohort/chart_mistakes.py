"""What whole charts cannot say, for the few patients whose tables may say it.

Fragments, merged lesions, visits of several dates, verdicts by criteria and procedures are rare.
Arrays find the patients whose rows use them in a way that can be wrong; the charts of these are
built as plain records and checked by the functions that check one chart.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, first_by, ranges, run_lengths, runs
from .._base.converters import key, shown
from .._base.reported import VERDICTS, Word
from .._base.words import Kind, Status
from ..model.fragment_mistakes import mistakes_in_parts
from ..model.merging_mistakes import mistakes_in_merging
from ..model.visit_mistakes import mistakes_in_visits, visits_of
from ..tables.column_schema import REPORTED_BY
from ..tables.intake import Read
from ..tables.mistakes import Mistakes

__all__ = ["refuse_charts"]

_UNKNOWN = "must be the id of a lesion of this patient, got {}"


def refuse_charts(data: Read) -> None:
    """Add to the mistakes of `data` what only whole charts show of rarely used columns."""
    if data.checked:
        return
    wrong = Mistakes()
    lost = _undated(data)
    for place in _suspects(data):
        for row, column, told in _ChartOf(data, place, lost).mistakes():
            wrong.add(np.array([row]), column, told)
    _add_unknown(data, lost, wrong)
    data.mistakes.found += wrong.found
    for rows, column, _ in wrong.found:
        data.patients.refused[data.owner(column, rows)] = True


def _undated(data: Read) -> Array:
    """The rows of findings that belong to no chart because their date could not be read."""
    unreadable = data.findings.unreadable
    if unreadable is None:
        return np.zeros(0, np.int64)
    return np.flatnonzero(unreadable & (data.findings.day == NO_DAY))


# ---- whose charts are looked at


def _suspects(data: Read) -> list[int]:
    """The patients whose charts are to be checked."""
    findings = data.findings
    using = [
        data.owner("lesion", np.flatnonzero(column >= 0))
        for column in (findings.part_of, findings.into)
        if column is not None
    ]
    if findings.reported is not None and findings.reported_by:
        words = data.owner("lesion", np.flatnonzero(findings.reported != BLANK))
        using += [
            np.intersect1d(words, data.owner("lesion", np.flatnonzero(column != BLANK)))
            for column in findings.reported_by.values()
        ]
    if findings.visit is not None:
        using.append(_odd_visits(data))
    patients = np.unique(np.concatenate([np.zeros(0, np.int64), *using]))
    return [place for place in patients.tolist() if place >= 0]


def _odd_visits(data: Read) -> Array:
    """Patients with a visit of several dates that may not be sound.

    They record a lesion twice in it, or more than one verdict.
    """
    findings, patients = data.findings, data.patients
    rows = np.flatnonzero(findings.visit >= 0)
    who, day = data.owner("visit", rows), findings.day[rows]
    there = (who >= 0) & (day != NO_DAY)
    _, visit = np.unique(
        who[there].astype(np.int64) << 32 | findings.visit[rows[there]], return_inverse=True
    )
    who, day = who[there], day[there]
    apart = np.unique(who[_differs(visit, day)])
    counts = np.diff(patients.bounds)[apart]
    rows = ranges(patients.bounds[apart], counts)
    rows = rows if patients.order is None else patients.order[rows]
    who = np.repeat(apart, counts)
    begins = runs(who.astype(np.int64) << 32 | (findings.day[rows].astype(np.int64) + (1 << 31)))
    widths = run_lengths(begins, len(rows))
    name = np.maximum.reduceat(findings.visit[rows], begins) if len(rows) else begins
    _, visit = np.unique(who[begins].astype(np.int64) << 32 | name, return_inverse=True)
    visit = np.where(name < 0, -1, visit)
    found, lesion = np.repeat(visit, widths), findings.lesion[rows]
    found = np.where(lesion < 0, -1, found)
    order = np.lexsort((lesion, found))
    again = (np.diff(found[order]) == 0) & (np.diff(lesion[order]) == 0) & (found[order][1:] >= 0)
    odd = [who[order[1:][again]]]
    said = [findings.reported, *findings.reported_by.values()]
    said = [
        np.minimum.reduceat(column[rows], begins)
        for column in said
        if column is not None and len(rows)
    ]
    if said:
        together = np.stack(said, axis=1)
        given = np.flatnonzero((together != BLANK).any(axis=1) & (visit >= 0))
        _, verdict = np.unique(together[given], axis=0, return_inverse=True)
        odd.append(who[begins][given][_differs(visit[given], verdict.ravel())])
    return np.concatenate(odd)


def _differs(group: Array, value: Array) -> Array:
    """Whether a value differs from the first of its group."""
    return first_by(group, value, int(group.max(initial=-1)) + 1, 0)[group] != value


# ---- lesions that procedures name


def _add_unknown(data: Read, lost: Array, wrong: Mistakes) -> None:
    """Refuse the procedures on lesions that the patient does not have."""
    done = data.procedures
    if done is None:
        return
    naming = np.flatnonzero(done.lesions >= 0)
    patient, row, lesions = (column[naming] for column in (done.patient, done.row, done.lesions))
    if done.unread is not None:
        patient, row, lesions = map(np.append, (patient, row, lesions), done.unread)
    lists = [done.codes_named[each] for each in lesions.tolist()]
    counts = np.array([len(each) for each in lists], np.int64)
    code = np.concatenate([np.zeros(0, np.int64), *lists])
    at = np.repeat(np.arange(len(row)), counts)
    who = patient[at].astype(np.int64)
    unknown = np.flatnonzero(~np.isin(who << 32 | code, _lesions_of(data, np.unique(who), lost)))
    unknown = np.union1d(unknown, np.flatnonzero(code < 0))
    ids = [each for place in lesions.tolist() for each in done.lesions_named[place]]
    wrong.add(
        row[at[unknown]],
        "procedures.lesions",
        [_UNKNOWN.format(shown(ids[each])) for each in unknown.tolist()],
    )


def _lesions_of(data: Read, who: Array, lost: Array) -> Array:
    """The lesions that these patients have, each as a number made of patient and lesion."""
    patients = data.patients
    counts = np.diff(patients.bounds)[who]
    rows = ranges(patients.bounds[who], counts)
    rows = rows if patients.order is None else patients.order[rows]
    owner = np.append(np.repeat(who, counts), data.owner("lesion", lost)).astype(np.int64)
    return owner << 32 | data.findings.lesion[np.append(rows, lost).astype(np.int64)]


# ---- one chart


class _ChartOf:
    """The chart of one patient as records, and the cell that each path of a mistake stands for."""

    def __init__(self, data: Read, place: int, lost: Array) -> None:
        self.data = data
        self.cells: dict[str, tuple[int, str]] = {}
        rows = np.r_[data.patients.rows(place, place + 1)]
        begins = runs(data.findings.day[rows])
        parts = np.split(rows, begins[1:]) if len(rows) else []
        self.days = data.findings.day[rows[begins]].tolist()
        self.calendar = data.patients.calendar[place] == 1
        self.timepoints = [self._timepoint(i, part.tolist()) for i, part in enumerate(parts)]
        self.lesions = self._lesions(rows.tolist())
        self.lines = self._lines(place)
        others = lost[data.owner("lesion", lost) == place].tolist()
        self.known = {self._id("lesion", row) for row in [*rows.tolist(), *others]}

    def mistakes(self) -> Iterator[tuple[int, str, str]]:
        """Every mistake: its row, its column and the message."""
        visits = visits_of(self.timepoints)
        found = [
            *self._unknown(),
            *mistakes_in_parts(self.lesions, self.lines),
            *mistakes_in_visits(visits),
            *mistakes_in_merging(self.lesions, visits),
        ]
        yield from self._words_beside()
        for path, told in found:
            yield *self.cells[path], re.sub(r"in timepoints\[(\d+)\]", self._on, told)

    def _on(self, index: re.Match[str]) -> str:
        day = self.days[int(index[1])]
        return f"on {datetime.date.fromordinal(day) if self.calendar else day}"

    def _unknown(self) -> Iterable[tuple[str, str]]:
        for i, lesion in enumerate(self.lesions):
            if lesion.part_of not in (None, *self.known):
                yield f"lesions[{i}].part_of", _UNKNOWN.format(shown(lesion.part_of))
        for i, timepoint in enumerate(self.timepoints):
            for j, finding in enumerate(timepoint.findings):
                if finding.into not in (None, *self.known):
                    path = f"timepoints[{i}].findings[{j}].into"
                    yield path, _UNKNOWN.format(shown(finding.into))

    def _words_beside(self) -> Iterator[tuple[int, str, str]]:
        for timepoint in self.timepoints:
            if timepoint.word and timepoint.by:
                column = next(iter(timepoint.by.values()))[1]
                yield (*timepoint.word, f"must be left out where {column} is given")

    def _timepoint(self, i: int, rows: Sequence[int]) -> Any:
        findings = self.data.findings
        visit = self._first(findings.visit, rows, -1)
        word = self._first(findings.reported, rows, BLANK)
        by = {}
        for name, column in findings.reported_by.items():
            row = self._first(column, rows, BLANK)
            if row is not None:
                by[name] = (row, REPORTED_BY + name)
                self.cells[f"timepoints[{i}].reported{key(name)}"] = by[name]
        given = [(word, "reported")] if word is not None else list(by.values())
        if given:
            self.cells[f"timepoints[{i}].reported"] = given[0]
        verdicts = {
            name: _verdict(findings.reported_by[name][row]) for name, (row, _) in by.items()
        }
        named = [row for row in rows if findings.lesion[row] >= 0]
        for j, row in enumerate(named):
            for column in ("lesion", "into"):
                self.cells[f"timepoints[{i}].findings[{j}].{column}"] = (row, column)
        return SimpleNamespace(
            date=self.days[i],
            visit=None if visit is None else findings.visits[findings.visit[visit]],
            reported=_verdict(findings.reported[word]) if word is not None else verdicts or None,
            word=None if word is None else (word, "reported"),
            by=by,
            findings=[self._finding(row) for row in named],
        )

    def _finding(self, row: int) -> Any:
        status = self._first(self.data.findings.status, [row], BLANK)
        return SimpleNamespace(
            lesion=self._id("lesion", row),
            into=self._id("into", row),
            status=None if status is None else tuple(Status)[self.data.findings.status[row]],
        )

    def _lesions(self, rows: Sequence[int]) -> list[Any]:
        findings = self.data.findings
        own: dict[str, list[int]] = {}
        for row in rows:
            if findings.lesion[row] >= 0:
                own.setdefault(self._id("lesion", row), []).append(row)
        lesions = []
        for i, (lesion, those) in enumerate(own.items()):
            kind = self._first(findings.kind, those, BLANK)
            part_of = self._first(findings.part_of, those, -1)
            if part_of is not None:
                self.cells[f"lesions[{i}].part_of"] = (part_of, "part_of")
            lesions.append(
                SimpleNamespace(
                    id=lesion,
                    kind=Kind.NODULE if kind is None else tuple(Kind)[findings.kind[kind]],
                    part_of=None if part_of is None else self._id("part_of", part_of),
                )
            )
        return lesions

    def _lines(self, place: int) -> list[Any]:
        lines = self.data.lines
        if lines is None:
            return []
        begin, end = np.searchsorted(lines.patient, [place, place + 1]).tolist()
        made = []
        for i, at in enumerate(range(begin, end)):
            line = SimpleNamespace()
            for name in ("targets", "nontargets"):
                named = getattr(lines, name)[at]
                lesions = () if named < 0 else lines.lesions_named[named]
                setattr(line, name, lesions)
                for j in range(len(lesions)):
                    cell = (int(lines.row[at]), f"lines.{name}")
                    self.cells[f"lines[{i}].{name}[{j}]"] = cell
            made.append(line)
        return made

    def _first(self, column: Array, rows: Sequence[int], blank: int) -> int | None:
        """The first of some rows that gives a value in a column."""
        given = [] if column is None else [row for row in rows if column[row] != blank]
        return given[0] if given else None

    def _id(self, name: str, row: int) -> Any:
        column = getattr(self.data.findings, name)
        code = -1 if column is None else int(column[row])
        return None if code < 0 else self.data.findings.lesion_ids[code]


def _verdict(code: int) -> Word:
    return VERDICTS[code]
