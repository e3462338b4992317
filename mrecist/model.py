"""The patient's chart: lesions, time points with their findings, lines of therapy, markers.

Every record is frozen and holds what a case document can say, and no more. Sizes are given in
millimetres (`viable_mm=41.5`) and kept in whole micrometres (`viable_um`). Dates are calendar
dates or whole study days. A record that no sound chart can contain is refused with a `CaseError`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import attrs

from ._base import converters
from ._base import record_values as values
from ._base.converters import Date, Micrometres, shown
from ._base.errors import CaseError
from ._base.words import Code, EndReason, Enhancement, Kind, Pattern, Proof, Response, Status

__all__ = ["Event", "Finding", "Lesion", "Marker", "Patient", "TherapyLine", "Timepoint"]

MISSING: Any = attrs.NOTHING
"""Stands in `mistakes_in_*` for a value that was itself refused: no further mistake follows."""

Mistakes = Iterator[tuple[str, str]]


def _refused(record: Any, alias: str, error: ValueError) -> CaseError:
    return CaseError(_told(record), converters.mistakes(alias, error))


_named = converters.named(_refused)


def _told(record: Any) -> str:
    """A record, perhaps half built, as an error names it: by its first field."""
    name = attrs.fields(type(record))[0].name
    value = getattr(record, name, None)
    if value is None:
        return ""
    told = "+".join(value) if isinstance(value, tuple) else value
    return f"{_CALLED[type(record).__name__]} {told}"


_CALLED = {
    "Event": "event",
    "Finding": "lesion",
    "Lesion": "lesion",
    "Marker": "marker",
    "Patient": "patient",
    "TherapyLine": "line of",
    "Timepoint": "time point",
}


def _refuse(record: Any, mistakes: Mistakes) -> None:
    for first in mistakes:
        raise CaseError(_told(record), (first, *mistakes))


def _rebuild(record: Any) -> str:
    """The shortest expression that builds the record again."""
    parts = []
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        if not field.kw_only:
            parts.append(_rebuilt(value))
        elif value != field.metadata["door"](field.default) and not _implied(record, field):
            parts.append(f"{field.alias}={_rebuilt(value)}")
    return f"{type(record).__name__}({', '.join(parts)})"


def _implied(record: Any, field: attrs.Attribute[Any]) -> bool:
    """Whether a field says what the others say already: a finding with a size is measured."""
    sized = (name for name in ("viable_um", "longest_um", "short_axis_um"))
    return (
        field.name == "status"
        and record.status is Status.MEASURED
        and any(getattr(record, name) is not None for name in sized)
    )


def _rebuilt(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_rebuilt(item) for item in value)}]"
    if isinstance(value, Micrometres):
        return f"{value.mm:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, (datetime.date, Code)):
        return f'"{value}"'
    if isinstance(value, Decimal):
        return str(value) if Decimal(str(float(value))) == value else repr(value)
    return repr(value)


@attrs.frozen(field_transformer=_named, repr=False)
class Lesion:
    """A lesion, followed under one id through all time points.

    `organ` is free text: paired organs are one, and the liver is known by its words (`liver`,
    `right hepatic lobe`, `segment VIII`, `S4/8`). `kind` is one of `nodule`, `node`,
    `infiltrative`, `thrombus` (tumour in vein), `effusion`, `other`. `hilar`: a porta hepatis
    node. `enhancement`: `"none"` for a liver nodule without arterial enhancement, measured whole.
    `treated`: lies in a locally treated area and has not progressed since.
    """

    id: str = attrs.field(converter=values.name)
    organ: str = attrs.field(converter=values.text)
    kind: Kind = attrs.field(converter=values.kind)
    hilar: bool = attrs.field(default=False, converter=values.no, kw_only=True)
    enhancement: Enhancement = attrs.field(
        default=Enhancement.ARTERIAL, converter=values.enhancement, kw_only=True
    )
    treated: bool = attrs.field(default=False, converter=values.no, kw_only=True)
    label: str | None = attrs.field(default=None, converter=values.optional_text, kw_only=True)

    __repr__ = _rebuild


def mistakes_in_finding(finding: Any) -> Mistakes:
    """What a finding cannot say of one lesion at once."""
    status = finding.status
    sizes = (finding.viable_um, finding.longest_um, finding.short_axis_um)
    if status is None and sizes == (None, None, None):
        yield "", "must have a status or a size"
    if status is Status.ABSENT or status is Status.NOT_EVALUABLE:
        for alias, size in zip(("viable_mm", "longest_mm", "short_axis_mm"), sizes, strict=True):
            if size is not None and size is not MISSING and size > 0:
                yield (
                    alias,
                    f'must be 0 or left out where status is "{status}", got {size / 1000:g}',
                )


@attrs.frozen(field_transformer=_named, repr=False)
class Finding:
    """What a reader says of one lesion at one time point: one line of a chart.

    `Finding("S8", viable_mm=41)`, `Finding("PV", status="present")`. Sizes are millimetres as int,
    float, `Decimal` or decimal text, from 0 to 1000. A finding with a size and no status is
    `measured`. `pattern` and `biopsy` speak of a new liver nodule, `cytology` of an effusion;
    `equivocal` marks a finding that the reader is not sure of.
    """

    lesion: str = attrs.field(converter=values.name)
    status: Status = attrs.field(default=None, converter=values.status, kw_only=True)
    viable_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="viable_mm", kw_only=True
    )
    longest_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="longest_mm", kw_only=True
    )
    short_axis_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="short_axis_mm", kw_only=True
    )
    pattern: Pattern = attrs.field(default=Pattern.UNKNOWN, converter=values.pattern, kw_only=True)
    cytology: Proof = attrs.field(default=Proof.NOT_DONE, converter=values.proof, kw_only=True)
    biopsy: Proof = attrs.field(default=Proof.NOT_DONE, converter=values.proof, kw_only=True)
    equivocal: bool = attrs.field(default=False, converter=values.no, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_finding(self))
        if self.status is None:
            object.__setattr__(self, "status", Status.MEASURED)

    __repr__ = _rebuild


_several_findings = converters.several(Finding)


def _findings(value: Iterable[Finding]) -> tuple[Finding, ...]:
    return _several_findings(value)


@attrs.frozen(field_transformer=_named, repr=False)
class Timepoint:
    """One imaging assessment: its date, and what it says of each lesion that it records.

    `reported`: the verdict that a reader gave, kept beside the computed one.
    """

    date: Date = attrs.field(converter=values.date)
    findings: tuple[Finding, ...] = attrs.field(converter=_findings)
    arterial_phase: bool = attrs.field(default=True, converter=values.yes, kw_only=True)
    reported: Response | None = attrs.field(default=None, converter=values.reported, kw_only=True)
    note: str | None = attrs.field(default=None, converter=values.optional_text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_timepoint(self))

    __repr__ = _rebuild


def mistakes_in_timepoint(timepoint: Any) -> Mistakes:
    """Lesions that a time point records twice."""
    yield from _twice(timepoint.findings, "lesion", "findings")


@attrs.frozen(field_transformer=_named, repr=False)
class Event:
    """Something that happened on a date: a dose, a hold, an operation, in free text."""

    date: Date = attrs.field(converter=values.date)
    text: str = attrs.field(converter=values.text)

    __repr__ = _rebuild


_several_events = converters.several(Event)


def _events(value: Iterable[Event] | None) -> tuple[Event, ...]:
    return () if value is None else _several_events(value)


@attrs.frozen(field_transformer=_named, repr=False)
class Marker:
    """A laboratory value. Text such as `"<3"` is a limit of quantitation. Never in a verdict."""

    date: Date = attrs.field(converter=values.date)
    name: str = attrs.field(converter=values.name)
    value: Decimal | str = attrs.field(converter=values.marker_value)
    unit: str = attrs.field(converter=values.name)

    __repr__ = _rebuild


_several_markers = converters.several(Marker)


def _markers(value: Iterable[Marker] | None) -> tuple[Marker, ...]:
    return () if value is None else _several_markers(value)


def mistakes_in_line(line: Any) -> Mistakes:
    """What a line of therapy cannot say by itself."""
    if _comparable(line.start, line.stop) and line.stop < line.start:
        yield "stop", f"must not be before the start {line.start}, got {line.stop}"
    if line.targets and line.nontargets:
        targets = set(line.targets)
        for i, lesion in enumerate(line.nontargets):
            if lesion in targets:
                yield f"nontargets[{i}]", f"must not be a target as well, got {shown(lesion)}"


@attrs.frozen(field_transformer=_named, repr=False)
class TherapyLine:
    """One line of systemic therapy: its agents, from start to stop.

    `baseline` names the date of a time point; left out, the latest one on or before the start is
    the baseline. `targets` and `nontargets` are the reader's choice of lesion ids; left out, they
    are selected by the criteria. An empty list names none (Reading RD-EMPTY-LIST).
    """

    agents: tuple[str, ...] = attrs.field(converter=values.agents)
    start: Date = attrs.field(converter=values.date)
    stop: Date | None = attrs.field(default=None, converter=values.optional_date, kw_only=True)
    end_reason: EndReason | None = attrs.field(
        default=None, converter=values.end_reason, kw_only=True
    )
    baseline: Date | None = attrs.field(default=None, converter=values.optional_date, kw_only=True)
    targets: tuple[str, ...] | None = attrs.field(
        default=None, converter=values.optional_names, kw_only=True
    )
    nontargets: tuple[str, ...] | None = attrs.field(
        default=None, converter=values.optional_names, kw_only=True
    )
    doses: tuple[Event, ...] = attrs.field(default=(), converter=_events, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_line(self))

    __repr__ = _rebuild


_several_lesions = converters.several(Lesion)


def _lesions(value: Iterable[Lesion]) -> tuple[Lesion, ...]:
    return _several_lesions(value)


_several_timepoints = converters.several(Timepoint)


def _timepoints(value: Iterable[Timepoint]) -> tuple[Timepoint, ...]:
    return _several_timepoints(value)


_several_lines = converters.several(TherapyLine)


def _lines(value: Iterable[TherapyLine]) -> tuple[TherapyLine, ...]:
    return _several_lines(value)


@attrs.frozen(field_transformer=_named, repr=False)
class Patient:
    """A patient's chart: what a `mrecist-case/1` document holds.

    Time points and lines may come in any order; at most one time point a date and one line a
    start. Dates are all calendar dates or all study days.
    """

    id: str = attrs.field(converter=values.name)
    lesions: tuple[Lesion, ...] = attrs.field(converter=_lesions)
    timepoints: tuple[Timepoint, ...] = attrs.field(converter=_timepoints)
    lines: tuple[TherapyLine, ...] = attrs.field(converter=_lines)
    markers: tuple[Marker, ...] = attrs.field(default=(), converter=_markers, kw_only=True)
    events: tuple[Event, ...] = attrs.field(default=(), converter=_events, kw_only=True)
    death: Date | None = attrs.field(default=None, converter=values.optional_date, kw_only=True)
    last_contact: Date | None = attrs.field(
        default=None, converter=values.optional_date, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_patient(self))

    __repr__ = _rebuild


def mistakes_in_patient(patient: Any) -> Mistakes:
    """What the records of one chart cannot say together: ids, references, dates."""
    yield from _twice(patient.lesions, "id", "lesions")
    yield from _twice(patient.timepoints, "date", "timepoints")
    yield from _twice(patient.lines, "start", "lines")
    yield from _mixed_dates(patient)
    known = {lesion.id for lesion in patient.lesions}
    dates = {timepoint.date for timepoint in patient.timepoints}
    if MISSING not in known:
        for path, places, lesion in _references(patient):
            if lesion not in known and lesion is not MISSING:
                told = f"must be the id of a lesion of this case, got {shown(lesion)}"
                yield path.format(*places), told
    if MISSING not in dates:
        for i, line in enumerate(patient.lines):
            if line.baseline is not None and line.baseline not in dates | {MISSING}:
                baseline = line.baseline
                yield f"lines[{i}].baseline", f"must be the date of a time point, got {baseline}"


def _references(patient: Any) -> Iterator[tuple[str, tuple[int, int], Any]]:
    for i, timepoint in enumerate(patient.timepoints):
        for j, finding in enumerate(timepoint.findings):
            yield "timepoints[{}].findings[{}].lesion", (i, j), finding.lesion
    for i, line in enumerate(patient.lines):
        for j, lesion in enumerate(line.targets or ()):
            yield "lines[{}].targets[{}]", (i, j), lesion
        for j, lesion in enumerate(line.nontargets or ()):
            yield "lines[{}].nontargets[{}]", (i, j), lesion


def _twice(records: Sequence[Any], name: str, path: str) -> Mistakes:
    if len({getattr(record, name) for record in records}) == len(records):
        return
    seen: dict[Any, int] = {}
    for i, record in enumerate(records):
        value = getattr(record, name)
        if value is MISSING:
            continue
        first = seen.setdefault(value, i)
        if first != i:
            told = shown(value) if isinstance(value, str) else value
            yield f"{path}[{i}].{name}", f"must be unique, got {told} as in {path}[{first}]"


def _comparable(one: Any, other: Any) -> bool:
    """Whether two dates are both there and of one kind."""
    if one is None or other is None or one is MISSING or other is MISSING:
        return False
    return isinstance(one, int) == isinstance(other, int)


def _mixed_dates(patient: Any) -> Mistakes:
    """Dates that are not of the kind of the first one."""
    dates = [entry for entry in _dates(patient) if entry[2] not in (None, MISSING)]
    days = [isinstance(date, int) for _, _, date in dates]
    if len(set(days)) < 2:
        return
    path, places, _ = dates[0]
    kind = "a study day" if days[0] else "a calendar date"
    for (other, at, date), is_day in zip(dates, days, strict=True):
        if is_day != days[0]:
            yield other.format(*at), f"must be {kind} as {path.format(*places)} is, got {date}"


def _dates(patient: Any) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    for i, timepoint in enumerate(patient.timepoints):
        yield "timepoints[{}].date", (i,), timepoint.date
    for i, line in enumerate(patient.lines):
        yield "lines[{}].start", (i,), line.start
        yield "lines[{}].stop", (i,), line.stop
        yield "lines[{}].baseline", (i,), line.baseline
        for j, dose in enumerate(line.doses):
            yield "lines[{}].doses[{}].date", (i, j), dose.date
    for i, marker in enumerate(patient.markers):
        yield "markers[{}].date", (i,), marker.date
    for i, event in enumerate(patient.events):
        yield "events[{}].date", (i,), event.date
    yield "death", (), patient.death
    yield "last_contact", (), patient.last_contact
