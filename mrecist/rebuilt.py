"""One patient of a cohort as a chart again: the same records that a case document makes."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ._arrays import BLANK, NO_DAY, Array
from ._doors import Date, Micrometres
from .codes import EndReason
from .columns import FACTS, WORDS
from .model import Finding, Lesion, Patient, TherapyLine, Timepoint
from .tables import Read

__all__ = ["patient_of"]

IN_FINDING = ("status", "pattern", "cytology", "biopsy", "equivocal")
SIZES = {"viable_um": "viable_mm", "longest_um": "longest_mm", "short_axis_um": "short_axis_mm"}
ON_DATE = ("arterial_phase", "reported")


def patient_of(data: Read, place: int) -> Patient:
    """The chart of a patient by its place; lesions by id, time points and lines by date."""
    rows = data.patients.rows(place, place + 1)
    rows = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
    calendar = data.patients.calendar[place] == 1
    days = data.findings.day[rows].tolist()
    lesions: dict[str, dict[str, Any]] = {}
    timepoints: dict[int, dict[str, Any]] = {day: {} for day in sorted(days)}
    findings: dict[int, list[Finding]] = {day: [] for day in timepoints}
    for row, day in zip(rows.tolist(), days, strict=True):
        timepoints[day] |= _said(data, row, ON_DATE)
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
            Timepoint(_date(day, calendar), findings[day], **said)
            for day, said in timepoints.items()
        ],
        _lines(data, place, min(timepoints, default=None), calendar),
    )


def _said(data: Read, row: int, names: tuple[str, ...]) -> dict[str, Any]:
    """What a row gives of some columns, in words."""
    said: dict[str, Any] = {}
    for name in names:
        column = getattr(data.findings, name)
        code = -1 if column is None else int(column[row])
        if code >= 0 and code != BLANK:
            if name == "organ":
                said[name] = data.findings.organs[code]
            else:
                said[name] = tuple(WORDS[name])[code] if name in WORDS else bool(code)
    return said


def _sizes(data: Read, row: int) -> dict[str, Micrometres]:
    each = {alias: getattr(data.findings, name) for name, alias in SIZES.items()}
    return {
        alias: Micrometres(column[row])
        for alias, column in each.items()
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
