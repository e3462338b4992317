"""The numbers behind the figure of one patient's course, as plain tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.converters import Date, day_number
from .._base.errors import CaseError
from .._base.words import Status
from ..laboratory.marker_levels import AFP, Analyte, Range, analyte_named, level, marker_series
from ..lines.rechallenge import AgentExposure, exposures_by_agent
from ..model import Marker, Patient
from ..patient.assessment import Assessment, LineAssessment
from ..patient.chart import Chart
from ..patient.engine import assessment_of
from ..patient.numbers import progression_limit, response_limit
from ..patient.sights import Sights
from ..rulebook.criteria import Criteria

__all__ = ["course_data"]

_HOLD = re.compile(r"\b(held|hold|holds|on hold|paused|pause|interrupted|interruption)\b", re.I)
"""Words by which the text of a dose says that the drug was not given from then on."""

_SIGN = {True: "<", False: ">"}

_COLUMNS = {
    "lines": "line agents day end_day exposure rechallenge_of best_response",
    "lanes": "agent line exposure day end_day latest_end_day ongoing",
    "doses": "line day date text hold",
    "responses": "line day date response source computed reported agrees first_progression causes",
    "totals": "line day date total_mm complete baseline",
    "thresholds": "line response day end_day total_mm",
    "lesions": "lesion label organ day size_mm",
    "markers": "marker unit day date value sign text",
    "events": "day date kind text",
}
"""The tables, and their columns."""


def course_data(
    given: Patient | Assessment,
    *,
    criteria: Criteria | str | None = None,
    markers: Analyte | str | Iterable[Analyte | str] = AFP,
) -> dict[str, dict[str, Array]]:
    """All that the figure of a course shows: tables by name, each with `day` as a whole day.

    Args:
        given: A chart, or what `assess` returns.
        criteria: By what a chart is judged; left out, HCC mRECIST.
        markers: The markers to take: one, several, or none (`()`).

    Returns:
        `day` is the study day, or the ordinal of a calendar date, for which `date` has the text.
        `lanes` has one row per agent and line; `end_day` is the last day known on it,
        `latest_end_day` the last one possible. `thresholds` are steps from `day` to `end_day`: the
        largest total that is a PR and, over the nadir of each follow-up, the smallest that is PD.
        `markers`: `sign` is `<` or `>` where `value` is a limit of quantitation. `hold` marks a
        dose whose text says that the drug was held. `kind` of `events`: `event`, `procedure`,
        `death` or `last contact`.

    Raises:
        TypeError: Criteria beside an assessment, which has its own.
    """
    assessment = assessment_of(given, criteria)
    several = [markers] if isinstance(markers, (str, Analyte)) else list(markers)
    rows = {
        "lines": _lines(assessment),
        "lanes": _lanes(assessment),
        "doses": _doses(assessment),
        "responses": _responses(assessment),
        "totals": _totals(assessment),
        "thresholds": _thresholds(assessment),
        "lesions": _lesions(assessment),
        "markers": (row for each in several for row in _markers(assessment.patient, each)),
        "events": _events(assessment.patient),
    }
    return {name: _table(_COLUMNS[name].split(), list(each)) for name, each in rows.items()}


def _table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Array]:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {name: _column(name, values) for name, values in zip(names, columns, strict=True)}


def _column(name: str, values: Sequence[Any]) -> Array:
    if name.endswith("_mm") or name == "value":
        return np.array(values, np.float64)
    if name.endswith("day") or name == "line":
        return np.array(values, np.int64)
    if name in {"ongoing", "hold", "complete", "baseline", "first_progression"}:
        return np.array(values, np.bool_)
    column = np.empty(len(values), object)
    column[:] = values
    return column


_Rows = Iterator[tuple[Any, ...]]


def _lines(assessment: Assessment) -> _Rows:
    for line in assessment.lines:
        yield (line.number, "+".join(line.line.agents), day_number(line.line.start),
               _end(assessment, line), str(line.exposure), line.rechallenge_of,
               str(line.best_response))  # fmt: skip


def _end(assessment: Assessment, line: LineAssessment) -> int:
    """The last day of a line's own stretch of time: up to the next line or all that is known."""
    later = assessment.lines[line.number :]
    if later:
        return day_number(later[0].line.start)
    patient = assessment.patient
    known = [line.line.start, line.line.stop, patient.death, patient.last_contact]
    known += [timepoint.date for timepoint in line.timepoints]
    return max(day_number(date) for date in known if date is not None)


def _lanes(assessment: Assessment) -> _Rows:
    for agent in exposures_by_agent(assessment):
        for each in agent.exposures:
            yield (agent.agent, each.number, str(each.exposure), *_stretch(each), each.ongoing)


def _stretch(each: AgentExposure) -> tuple[int, int, int]:
    start, days = day_number(each.start), each.days
    low = int(days.low)
    return start, start + low, start + (low if days.high is None else int(days.high))


def _doses(assessment: Assessment) -> _Rows:
    for line in assessment.lines:
        for dose in sorted(line.line.doses, key=lambda dose: day_number(dose.date)):
            held = _HOLD.search(dose.text) is not None
            yield line.number, day_number(dose.date), str(dose.date), dose.text, held


def _responses(assessment: Assessment) -> _Rows:
    for line in assessment.lines:
        first = line.progression
        for each in line.timepoints:
            reported = "" if each.reported is None else str(each.reported)
            yield (line.number, day_number(each.date), str(each.date), str(each.response),
                   each.source, str(each.computed), reported, each.agrees,
                   first is not None and first.day == each.day,
                   ", ".join(map(str, each.causes)))  # fmt: skip


def _totals(assessment: Assessment) -> _Rows:
    for line in assessment.lines:
        if line.baseline is not None and line.baseline_total_mm is not None:
            yield _total(line, line.baseline, line.baseline_total_mm, True, True)
        for each in line.timepoints:
            if each.total_mm is not None:
                yield _total(line, each.date, each.total_mm, each.complete, False)


def _total(line: LineAssessment, date: Date, mm: float, complete: bool, first: bool) -> Any:
    return line.number, day_number(date), str(date), mm, complete, first


def _thresholds(assessment: Assessment) -> _Rows:
    for line in assessment.lines:
        baseline, baseline_um = line.baseline, line.baseline_total_um
        if baseline is None or baseline_um is None or not line.timepoints:
            continue
        if line.baseline_total_mm is None:  # a sum of areas has no place on an axis of lengths
            continue
        day, last = day_number(baseline), day_number(line.timepoints[-1].date)
        limit = response_limit(baseline_um, assessment.criteria)
        yield line.number, "PR", day, last, limit / 1000
        for each in line.timepoints:
            nadir_um = baseline_um if each.nadir_um is None else each.nadir_um
            limit = progression_limit(nadir_um, assessment.criteria)
            yield line.number, "PD", day, day_number(each.date), limit / 1000
            day = day_number(each.date)


def _lesions(assessment: Assessment) -> _Rows:
    """The sizes that the criteria measure, of every lesion that is ever recorded but as absent."""
    chart = Chart(assessment.patient, assessment.criteria)
    sights = Sights(chart)
    for i, lesion in enumerate(assessment.patient.lesions):
        found = [(day, sights(place, i)) for place, day in enumerate(chart.days)]
        known = [(day, sight) for day, sight in found if sight.known]
        if any(sight.status is not Status.ABSENT for _, sight in known):
            for day, sight in known:
                yield lesion.id, lesion.label or "", lesion.organ, day, sight.um / 1000


def _markers(patient: Patient, name: Analyte | str) -> _Rows:
    """The values of one marker in its unit; as they are written where units do not convert."""
    analyte = analyte_named(name)
    try:
        values = [
            (each.date, each.level, each.unit) for each in marker_series(patient, analyte).values
        ]
    except CaseError:
        values = [
            (each.date, _level(each), each.unit)
            for each in sorted(patient.markers, key=lambda each: day_number(each.date))
            if analyte.is_called(each.name)
        ]
    for date, found, unit in values:
        sign = "" if found.exact is not None else _SIGN[found.least == 0]
        shown = found.most if sign == "<" else found.least
        yield (analyte.name, unit, day_number(date), str(date), float(shown or 0), sign, str(found))


def _level(marker: Marker) -> Range:
    return level(marker.value)


def _events(patient: Patient) -> _Rows:
    """Events and procedures in the order of their dates, then the end of what is known."""
    told = [(each.date, "event", each.text) for each in patient.events]
    told += [(each.date, "procedure", str(each)) for each in patient.procedures]
    for date, kind, text in sorted(told, key=lambda row: day_number(row[0])):
        yield day_number(date), str(date), kind, text
    if patient.last_contact is not None and patient.death is None:
        yield (day_number(patient.last_contact), str(patient.last_contact), "last contact",
               "last contact")  # fmt: skip
    if patient.death is not None:
        yield day_number(patient.death), str(patient.death), "death", "death"
