"""The records of a chart, each frozen, checked and printed as the expression that rebuilds it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from .._base import converters
from .._base import record_values as values
from .._base.converters import Date, Micrometres
from .._base.errors import CaseError
from .._base.reported import ReportedBy, Word
from .._base.volumes import Microlitres
from .._base.words import (
    Answer,
    Change,
    Code,
    EndReason,
    Enhancement,
    Kind,
    Margin,
    Masslike,
    Modality,
    Pattern,
    Proof,
    Status,
    Unmentioned,
)
from .chart_mistakes import mistakes_in_patient
from .notebook import shown_chart
from .record_mistakes import (
    Mistakes,
    mistakes_in_finding,
    mistakes_in_line,
    mistakes_in_timepoint,
)

__all__ = [
    "Event",
    "Finding",
    "Lesion",
    "Marker",
    "Patient",
    "Procedure",
    "TherapyLine",
    "Timepoint",
]


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
    "Procedure": "procedure of",
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
    if isinstance(value, ReportedBy):
        return repr({criteria: str(word) for criteria, word in value.items()})
    if isinstance(value, (Micrometres, Microlitres)):
        return f"{value / 1000:.3f}".rstrip("0").rstrip(".")
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
    `treated`: lies in a locally treated area and has not progressed since. `part_of`: the id of
    the lesion of which this is a fragment.
    """

    id: str = attrs.field(converter=values.name)
    organ: str = attrs.field(converter=values.text)
    kind: Kind = attrs.field(converter=values.kind)
    hilar: bool = attrs.field(default=False, converter=values.no, kw_only=True)
    enhancement: Enhancement = attrs.field(
        default=Enhancement.ARTERIAL, converter=values.enhancement, kw_only=True
    )
    treated: bool = attrs.field(default=False, converter=values.no, kw_only=True)
    part_of: str | None = attrs.field(default=None, converter=values.optional_name, kw_only=True)
    label: str | None = attrs.field(default=None, converter=values.optional_text, kw_only=True)

    __repr__ = _rebuild


@attrs.frozen(field_transformer=_named, repr=False)
class Finding:
    """What a reader says of one lesion at one time point: one line of a chart.

    `Finding("S8", viable_mm=41)`, `Finding("PV", status="present")`. Sizes are millimetres as int,
    float, `Decimal` or decimal text, from 0 to 1000. A finding with a size and no status is
    `measured`. `pattern` and `biopsy` speak of a new liver nodule, `cytology` of an effusion;
    `equivocal` marks a finding that the reader is not sure of. `into` is the id of the lesion that
    this one has merged into: such a finding has no status and no size.

    `viable_perp_mm` and `longest_perp_mm` are the longest diameters perpendicular to `viable_mm`
    and `longest_mm`, in the same slice: EASL, WHO and RECICL take the product of both.
    `volume_viable_ml` is the volume of the viable part in millilitres, from 0 to 10000: a recorded
    number for research, which no verdict reads.

    LI-RADS treatment response of a treated lesion is read from `masslike` (enhancement that takes
    up space), `aphe` (arterial hyperenhancement), `washout`, `like_before` (enhancement like before
    treatment), `diffusion_restriction`, `t2_mild_moderate`, and `change`, the reader's word on how
    that enhancement compares with the examination before. `margin`: whether an ablative margin
    lies all round, which only RECICL asks for.
    """

    lesion: str = attrs.field(converter=values.name)
    status: Status | None = attrs.field(default=None, converter=values.status, kw_only=True)
    viable_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="viable_mm", kw_only=True
    )
    longest_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="longest_mm", kw_only=True
    )
    short_axis_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="short_axis_mm", kw_only=True
    )
    viable_perp_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="viable_perp_mm", kw_only=True
    )
    longest_perp_um: Micrometres | None = attrs.field(
        default=None, converter=values.optional_size, alias="longest_perp_mm", kw_only=True
    )
    volume_viable_ul: Microlitres | None = attrs.field(
        default=None, converter=values.optional_volume, alias="volume_viable_ml", kw_only=True
    )
    pattern: Pattern = attrs.field(default=Pattern.UNKNOWN, converter=values.pattern, kw_only=True)
    cytology: Proof = attrs.field(default=Proof.NOT_DONE, converter=values.proof, kw_only=True)
    biopsy: Proof = attrs.field(default=Proof.NOT_DONE, converter=values.proof, kw_only=True)
    equivocal: bool = attrs.field(default=False, converter=values.no, kw_only=True)
    into: str | None = attrs.field(default=None, converter=values.optional_name, kw_only=True)
    masslike: Masslike | None = attrs.field(default=None, converter=values.masslike, kw_only=True)
    aphe: Answer = attrs.field(default=Answer.UNKNOWN, converter=values.answer, kw_only=True)
    washout: Answer = attrs.field(default=Answer.UNKNOWN, converter=values.answer, kw_only=True)
    like_before: Answer = attrs.field(default=Answer.UNKNOWN, converter=values.answer, kw_only=True)
    diffusion_restriction: Answer = attrs.field(
        default=Answer.UNKNOWN, converter=values.answer, kw_only=True
    )
    t2_mild_moderate: Answer = attrs.field(
        default=Answer.UNKNOWN, converter=values.answer, kw_only=True
    )
    change: Change | None = attrs.field(default=None, converter=values.change, kw_only=True)
    margin: Margin | None = attrs.field(default=None, converter=values.margin, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_finding(self))
        if self.status is None and self.into is None:
            object.__setattr__(self, "status", Status.MEASURED)

    __repr__ = _rebuild


_several_findings = converters.several(Finding)


def _findings(value: Iterable[Finding]) -> tuple[Finding, ...]:
    return _several_findings(value)


@attrs.frozen(field_transformer=_named, repr=False)
class Timepoint:
    """One imaging examination: its date, and what it says of each lesion that it records.

    Examinations with the same `visit` are judged as one. `unmentioned`: what silence says of a
    non-target lesion. `reported`: the verdict that a reader gave, kept beside the computed one, or
    one verdict for each criteria by name. `modality`: `"CT"` or `"MRI"`, which only LI-RADS
    treatment response asks for.
    """

    date: Date = attrs.field(converter=values.date)
    findings: tuple[Finding, ...] = attrs.field(converter=_findings)
    visit: str | None = attrs.field(default=None, converter=values.visit, kw_only=True)
    arterial_phase: bool = attrs.field(default=True, converter=values.yes, kw_only=True)
    unmentioned: Unmentioned = attrs.field(
        default=Unmentioned.NOT_EVALUABLE, converter=values.unmentioned, kw_only=True
    )
    reported: Word | ReportedBy | None = attrs.field(
        default=None, converter=values.reported, kw_only=True
    )
    note: str | None = attrs.field(default=None, converter=values.optional_text, kw_only=True)
    modality: Modality | None = attrs.field(default=None, converter=values.modality, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_timepoint(self))

    __repr__ = _rebuild


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
class Procedure:
    """Local treatment on a date: its kind (`TACE`, `RFA`, `resection`) and the lesions treated."""

    date: Date = attrs.field(converter=values.date)
    kind: str = attrs.field(converter=values.name)
    lesions: tuple[str, ...] = attrs.field(default=(), converter=values.lesions, kw_only=True)
    text: str | None = attrs.field(default=None, converter=values.optional_text, kw_only=True)

    __repr__ = _rebuild

    def __str__(self) -> str:
        """What was done to which lesions, for people: `resection of T1, T2: of segment 6`."""
        done = f"{self.kind} of {', '.join(self.lesions)}" if self.lesions else self.kind
        return done if self.text is None else f"{done}: {self.text}"


_several_procedures = converters.several(Procedure)


def _procedures(value: Iterable[Procedure] | None) -> tuple[Procedure, ...]:
    return () if value is None else _several_procedures(value)


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
    start. Dates are all calendar dates or all study days. `reader` is who read the images, where
    several did: a chart is one reader's, and is judged alone.
    """

    id: str = attrs.field(converter=values.name)
    lesions: tuple[Lesion, ...] = attrs.field(converter=_lesions)
    timepoints: tuple[Timepoint, ...] = attrs.field(converter=_timepoints)
    lines: tuple[TherapyLine, ...] = attrs.field(converter=_lines)
    markers: tuple[Marker, ...] = attrs.field(default=(), converter=_markers, kw_only=True)
    events: tuple[Event, ...] = attrs.field(default=(), converter=_events, kw_only=True)
    procedures: tuple[Procedure, ...] = attrs.field(default=(), converter=_procedures, kw_only=True)
    death: Date | None = attrs.field(default=None, converter=values.optional_date, kw_only=True)
    last_contact: Date | None = attrs.field(
        default=None, converter=values.optional_date, kw_only=True
    )
    reader: str | None = attrs.field(default=None, converter=values.visit, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _refuse(self, mistakes_in_patient(self))

    __repr__ = _rebuild

    def _repr_html_(self) -> str:
        return shown_chart(self)
