"""What the records of one chart cannot say together: ids, references, dates.

A list of a chart that could not be read is `MISSING`, and so is a value: nothing is said of what
may lie in them. Every other reference is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._base.converters import shown
from .fragment_mistakes import mistakes_in_parts
from .merging_mistakes import mistakes_in_merging
from .record_mistakes import MISSING, Mistakes, read, twice
from .visit_mistakes import mistakes_in_visits, visits_of

__all__ = ["mistakes_in_patient"]

_DATED = ("timepoints", "lines", "markers", "events", "procedures")
_NO_DATE = (None, MISSING)


def mistakes_in_patient(patient: Any) -> Mistakes:
    """What the records of one chart cannot say together."""
    lists = {name: read(getattr(patient, name)) for name in ("lesions", *_DATED)}
    yield from twice(lists["lesions"], "id", "lesions")
    yield from twice(lists["timepoints"], "date", "timepoints")
    yield from twice(lists["lines"], "start", "lines")
    yield from _mixed_dates(patient, lists)
    if patient.lesions is not MISSING:
        known = {lesion.id for lesion in lists["lesions"]} | {None, MISSING}
        for path, places, lesion in _references(lists):
            if lesion not in known:
                told = f"must be the id of a lesion of this case, got {shown(lesion)}"
                yield path.format(*places), told
    if patient.timepoints is not MISSING:
        dates = {timepoint.date for timepoint in lists["timepoints"]}
        for i, line in enumerate(lists["lines"]):
            if line.baseline not in dates and line.baseline not in _NO_DATE:
                told = f"must be the date of a time point, got {line.baseline}"
                yield f"lines[{i}].baseline", told
    yield from mistakes_in_parts(lists["lesions"], lists["lines"])
    visits = visits_of(lists["timepoints"])
    yield from mistakes_in_visits(visits)
    yield from mistakes_in_merging(patient.lesions, visits)


def _references(lists: Mapping[str, Any]) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    for i, lesion in enumerate(lists["lesions"]):
        yield "lesions[{}].part_of", (i,), lesion.part_of
    for i, timepoint in enumerate(lists["timepoints"]):
        for j, finding in enumerate(read(timepoint.findings)):
            yield "timepoints[{}].findings[{}].lesion", (i, j), finding.lesion
            if finding.into is not None:
                yield "timepoints[{}].findings[{}].into", (i, j), finding.into
    for i, line in enumerate(lists["lines"]):
        for j, lesion in enumerate(line.targets or ()):
            yield "lines[{}].targets[{}]", (i, j), lesion
        for j, lesion in enumerate(line.nontargets or ()):
            yield "lines[{}].nontargets[{}]", (i, j), lesion
    for i, procedure in enumerate(lists["procedures"]):
        for j, lesion in enumerate(read(procedure.lesions)):
            yield "procedures[{}].lesions[{}]", (i, j), lesion


def _mixed_dates(patient: Any, lists: Mapping[str, Any]) -> Mistakes:
    """Dates that are not of the kind of the first one."""
    every = _dates(patient, lists)
    dates = [entry for entry in every if entry[2] is not None and entry[2] is not MISSING]
    days = [isinstance(date, int) for _, _, date in dates]
    if len(set(days)) < 2:
        return
    path, places, _ = dates[0]
    kind = "a study day" if days[0] else "a calendar date"
    for (other, at, date), is_day in zip(dates, days, strict=True):
        if is_day != days[0]:
            yield other.format(*at), f"must be {kind} as {path.format(*places)} is, got {date}"


def _dates(patient: Any, lists: Mapping[str, Any]) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    for i, timepoint in enumerate(lists["timepoints"]):
        yield "timepoints[{}].date", (i,), timepoint.date
    for i, line in enumerate(lists["lines"]):
        yield "lines[{}].start", (i,), line.start
        yield "lines[{}].stop", (i,), line.stop
        yield "lines[{}].baseline", (i,), line.baseline
        for j, dose in enumerate(read(line.doses)):
            yield "lines[{}].doses[{}].date", (i, j), dose.date
    for name in ("markers", "events", "procedures"):
        for i, record in enumerate(lists[name]):
            yield name + "[{}].date", (i,), record.date
    yield "death", (), patient.death
    yield "last_contact", (), patient.last_contact
