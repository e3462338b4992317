"""Convert between one patient's chart and the columns of a cohort."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.converters import Date, Micrometres, day_number
from .._base.reported import VERDICTS, said_code
from .._base.volumes import Microlitres
from .._base.words import EndReason, Unmentioned
from ..model import Finding, Lesion, Patient, Procedure, ReportedBy, TherapyLine, Timepoint
from ..tables.clean import Findings, Lines, Patients, Procedures
from ..tables.column_schema import (
    DEFAULTS,
    FACTS,
    IN_FINDING,
    ON_DATE,
    SIZES,
    VITAL_DATES,
    VOLUMES,
    WORDS,
)
from ..tables.intake import Dates, Read
from ..tables.mistakes import Mistakes

__all__ = ["patient_of", "read_of"]

LESIONS = ("part_of", "into")
"""The columns of findings that name another lesion."""


def patient_of(data: Read, place: int) -> Patient:
    """The chart of the patient at index `place`; lesions and findings by id, the rest by date."""
    rows = np.r_[data.patients.rows(place, place + 1)]
    calendar = data.patients.calendar[place] == 1
    days = data.findings.day[rows].tolist()
    lesions: dict[str, dict[str, Any]] = {}
    timepoints: dict[int, dict[str, Any]] = {day: {} for day in sorted(days)}
    findings: dict[int, list[Finding]] = {day: [] for day in timepoints}
    for row, day in zip(rows.tolist(), days, strict=True):
        timepoints[day] |= _said(data, row, ON_DATE)
        _hear_criteria(data, row, timepoints[day])
        code = int(data.findings.lesion[row])
        if code >= 0:
            lesion = data.findings.lesion_ids[code]
            lesions.setdefault(lesion, {}).update(_said(data, row, FACTS))
            findings[day].append(
                Finding(lesion, **_said(data, row, IN_FINDING), **_sizes(data, row))
            )
    return Patient(
        str(data.patients.ids[place]),
        [
            Lesion(lesion, **({"organ": "liver", "kind": "nodule"} | facts))
            for lesion, facts in sorted(lesions.items())
        ],
        [
            Timepoint(
                _date(day, calendar), sorted(findings[day], key=lambda each: each.lesion), **said
            )
            for day, said in timepoints.items()
        ],
        _lines(data, place, min(timepoints, default=None), calendar),
        procedures=_procedures(data, place, calendar),
        **_vital_dates(data, place, calendar),
    )


def _hear_criteria(data: Read, row: int, said: dict[str, Any]) -> None:
    """Add the verdicts that a row reports by criteria to those of its time point."""
    for name, column in data.findings.reported_by.items():
        if column[row] != BLANK:
            said.setdefault("reported", {})[name] = VERDICTS[column[row]]


def _procedures(data: Read, place: int, calendar: bool) -> list[Procedure]:
    done = data.procedures
    if done is None:
        return []
    begin, end = np.searchsorted(done.patient, [place, place + 1]).tolist()
    return [
        Procedure(
            _date(int(done.day[at]), calendar),
            done.kinds_named[done.kind[at]],
            lesions=() if done.lesions[at] < 0 else done.lesions_named[done.lesions[at]],
            text=None if done.text[at] < 0 else done.texts_named[done.text[at]],
        )
        for at in range(begin, end)
    ]


def _vital_dates(data: Read, place: int, calendar: bool) -> dict[str, Any]:
    """Death and last contact, which every line of the patient gives."""
    lines = data.lines
    if lines is None or not (lines.patient == place).any():
        return {}
    at = int(np.searchsorted(lines.patient, place))
    return {name: _optional(getattr(lines, name)[at], calendar) for name in VITAL_DATES}


def _said(data: Read, row: int, names: tuple[str, ...]) -> dict[str, Any]:
    """The values of a row in these columns; empty cells are left out."""
    said: dict[str, Any] = {}
    for name in names:
        column = getattr(data.findings, name)
        code = -1 if column is None else int(column[row])
        if code >= 0 and code != BLANK:
            texts = _texts_of(data.findings, name)
            if texts is not None:
                said[name] = texts[code]
            else:
                said[name] = tuple(WORDS[name])[code] if name in WORDS else bool(code)
    return said


def _texts_of(findings: Findings, name: str) -> Sequence[str] | None:
    """The texts that a column of findings points into; `None` where it holds words or flags."""
    if name in LESIONS:
        return findings.lesion_ids
    return {"organ": findings.organs, "visit": findings.visits}.get(name)


def _sizes(data: Read, row: int) -> dict[str, Any]:
    kinds = ((SIZES, Micrometres), (VOLUMES, Microlitres))
    each = [
        (alias, getattr(data.findings, name), kind)
        for names, kind in kinds
        for alias, name in names.items()
    ]
    return {
        alias: kind(column[row])
        for alias, column, kind in each
        if column is not None and column[row] >= 0
    }


def _lines(data: Read, place: int, first: int | None, calendar: bool) -> list[TherapyLine]:
    lines = data.lines
    if lines is None:
        return [] if first is None else [TherapyLine(["line 1"], _date(first, calendar))]
    begin, end = np.searchsorted(lines.patient, [place, place + 1]).tolist()
    built = []
    for number, at in enumerate(range(begin, end), 1):
        agents = lines.agents_named[lines.agents[at]] if lines.agents[at] >= 0 else ()
        reason = int(lines.end_reason[at])
        built.append(
            TherapyLine(
                agents or [f"line {number}"],
                _date(int(lines.start[at]), calendar),
                stop=_optional(lines.stop[at], calendar),
                end_reason=None if reason == BLANK else tuple(EndReason)[reason],
                baseline=_optional(lines.baseline[at], calendar),
                targets=_named(data, lines.targets[at]),
                nontargets=_named(data, lines.nontargets[at]),
            )
        )
    return built


def _named(data: Read, place: Any) -> tuple[str, ...] | None:
    return None if data.lines is None or place < 0 else data.lines.lesions_named[place]


def _date(day: int, calendar: bool) -> Date:
    return datetime.date.fromordinal(day) if calendar else day


def _optional(day: Array, calendar: bool) -> Date | None:
    return None if day == NO_DAY else _date(int(day), calendar)


# ---- a chart as columns


def _the_only_one(column: str, at: Array) -> Array:
    """The patient of rows of the only patient."""
    return np.zeros(len(at), np.int64)


def read_of(patient: Patient) -> Read:
    """The columns that reading the tables of this patient would give."""
    recorded = {f.lesion for timepoint in patient.timepoints for f in timepoint.findings}
    whole = {each.part_of for each in patient.lesions if each.id in recorded and each.part_of}
    ids = sorted(recorded | whole)
    place = {lesion: i for i, lesion in enumerate(ids)}
    findings = _finding_columns(patient, ids, place)
    dates = [record.date for record in patient.timepoints]
    dates += [line.start for line in patient.lines]
    dates += [procedure.date for procedure in patient.procedures]
    calendar = not isinstance(dates[0], int) if dates else True
    return Read(
        findings=findings,
        lines=_line_columns(patient, place),
        procedures=_procedure_columns(patient, place) if patient.procedures else None,
        patients=Patients(
            ids=np.array([patient.id], object),
            bounds=np.array([0, len(findings)]),
            refused=np.zeros(1, np.bool_),
            calendar=np.array([calendar], np.int8),
        ),
        mistakes=Mistakes(),
        owner=_the_only_one,
        dates=Dates("date", "") if calendar else Dates("", "number"),
    )


def _finding_columns(patient: Patient, ids: Sequence[str], place: Mapping[str, int]) -> Findings:
    """One row per finding; a time point without findings is a row without a lesion."""
    of = {lesion.id: lesion for lesion in patient.lesions}
    organs = list(dict.fromkeys(["liver", *(lesion.organ for lesion in patient.lesions)]))
    timepoints = sorted(patient.timepoints, key=lambda each: day_number(each.date))
    rows = [(t, finding) for t in timepoints for finding in t.findings or [None]]
    said = [finding for _, finding in rows]
    lesions = [None if finding is None else of[finding.lesion] for finding in said]

    def column(
        records: Sequence[Any], name: str, blank: int = BLANK, kind: Any = np.uint8
    ) -> Array:
        values = [getattr(record, name, None) for record in records]
        codes = [blank if value is None else getattr(value, "code", value) for value in values]
        return np.array(codes, kind)

    def of_lesions(records: Sequence[Any], name: str) -> Array:
        names = [getattr(record, name, None) for record in records]
        if not any(names):
            return None
        return np.array([-1 if each is None else place[each] for each in names], np.int32)

    return Findings(
        day=np.array([day_number(t.date) for t, _ in rows], np.int64),
        lesion=np.array([-1 if f is None else place[f.lesion] for f in said], np.int32),
        organ=np.array(
            [0 if each is None else organs.index(each.organ) for each in lesions], np.int32
        ),
        part_of=of_lesions(lesions, "part_of"),
        into=of_lesions(said, "into"),
        **{name: column(lesions, name) for name in FACTS if name not in ("organ", "part_of")},
        **{name: column(said, name, -1, np.int32) for name in (SIZES | VOLUMES).values()},
        **{name: column(said, name, default) for name, default in DEFAULTS.items()},
        status=column(said, "status"),
        equivocal=column(said, "equivocal", 0, np.bool_),
        masslike=column(said, "masslike"),
        change=column(said, "change"),
        margin=column(said, "margin"),
        arterial_phase=column([t for t, _ in rows], "arterial_phase"),
        modality=column([t for t, _ in rows], "modality"),
        **_rare_columns([t for t, _ in rows]),
        lesion_ids=ids,
        organs=organs,
    )


def _rare_columns(timepoints: Sequence[Timepoint]) -> dict[str, Any]:
    """The columns that describe time points and are absent where none of them says anything."""
    visits = list(dict.fromkeys(t.visit for t in timepoints if t.visit is not None))
    verdicts = [t.reported for t in timepoints]
    criteria = dict.fromkeys(
        name for each in verdicts if isinstance(each, ReportedBy) for name in each
    )

    def codes(verdicts: Sequence[Any]) -> Array:
        return np.array([getattr(each, "code", BLANK) for each in verdicts], np.uint8)

    def words(verdicts: Sequence[Any]) -> Array:
        plain = [None if isinstance(each, ReportedBy) else each for each in verdicts]
        each_code = [BLANK if each is None else said_code(each) for each in plain]
        return np.array(each_code, np.uint8)

    columns: dict[str, Any] = {
        "reported": words(verdicts),
        "reported_by": {
            name: words(
                [each.get(name) if isinstance(each, ReportedBy) else None for each in verdicts]
            )
            for name in criteria
        },
    }
    if visits:
        named = [-1 if t.visit is None else visits.index(t.visit) for t in timepoints]
        columns |= {"visit": np.array(named, np.int32), "visits": visits}
    if any(t.unmentioned is not Unmentioned.NOT_EVALUABLE for t in timepoints):
        columns["unmentioned"] = codes([t.unmentioned for t in timepoints])
    return columns


def _procedure_columns(patient: Patient, place: Mapping[str, int]) -> Procedures:
    done = sorted(patient.procedures, key=lambda each: day_number(each.date))
    # A lesion that no time point records has no row, and so no part in any verdict.
    named = [tuple(lesion for lesion in each.lesions if lesion in place) for each in done]
    return Procedures(
        patient=np.zeros(len(done), np.int64),
        day=np.array([day_number(each.date) for each in done], np.int64),
        kind=np.arange(len(done)),
        lesions=np.array([i if lesions else -1 for i, lesions in enumerate(named)], np.int64),
        text=np.array([-1 if each.text is None else i for i, each in enumerate(done)], np.int64),
        row=np.arange(len(done)),
        kinds_named=[each.kind for each in done],
        texts_named=[each.text or "" for each in done],
        lesions_named=named,
        codes_named=_codes(named, place),
    )


def _codes(named: Sequence[tuple[str, ...]], place: Mapping[str, int]) -> list[Array]:
    return [np.array([place.get(each, -1) for each in ids], np.int64) for ids in named]


def _line_columns(patient: Patient, place: Mapping[str, int]) -> Lines:
    lines = sorted(patient.lines, key=lambda line: day_number(line.start))
    named: list[tuple[str, ...]] = []

    def days(name: str) -> Array:
        dates = [getattr(line, name) for line in lines]
        return np.array([NO_DAY if date is None else day_number(date) for date in dates], np.int64)

    def names(name: str) -> Array:
        codes = []
        for line in lines:
            lesions = getattr(line, name)
            codes.append(-1 if lesions is None else len(named))
            named.extend([] if lesions is None else [lesions])
        return np.array(codes, np.int64)

    plain = Lines.plain(np.zeros(len(lines), np.int64), days("start"))
    reasons = [BLANK if line.end_reason is None else line.end_reason.code for line in lines]
    vital = {
        name: np.full(len(lines), NO_DAY if date is None else day_number(date))
        for name in VITAL_DATES
        for date in [getattr(patient, name)]
    }
    return attrs.evolve(
        plain,
        **vital,
        stop=days("stop"),
        baseline=days("baseline"),
        end_reason=np.array(reasons, np.uint8),
        agents=np.arange(len(lines)),
        targets=names("targets"),
        nontargets=names("nontargets"),
        agents_named=[line.agents for line in lines],
        lesions_named=named,
        codes_named=_codes(named, place),
    )
