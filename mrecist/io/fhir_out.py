"""Write FHIR R4: what was seen, and what was concluded from it, labelled as computed.

    bundle = mrecist.io.to_fhir(mrecist.assess(patient))

A lesion is a BodyStructure, a finding an Observation of it, a verdict an Observation derived from
findings, with its method and its reasons. Nothing is written as a clinician's judgement.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from .._base.errors import CaseError, check_type
from .._base.words import Kind, Status, Unmentioned
from ..cohort.responses import Responses
from ..model import Finding, Lesion, Marker, Patient, TherapyLine, Timepoint
from ..patient.assessment import Assessment, LineAssessment, TimepointAssessment
from ..patient.engine import assess
from ..rulebook.criteria import Criteria
from ..rulebook.drugs import PROCEDURES, agents_of
from ..rulebook.organs import LIVER, organ
from . import fhir_codes as known
from .fhir_dates import calendar_mistakes
from .fhir_out_parts import (
    IMAGING,
    LABORATORY,
    SIZE_WORDS,
    Json,
    coded,
    method_of,
    millimetres,
    number,
    part,
    verdict_of,
)

__all__ = ["fhir_bundles", "to_fhir"]

_MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
_TARGET_STRUCTURE = "http://hl7.org/fhir/StructureDefinition/procedure-targetBodyStructure"
_TITLES = {"mrecist": "HCC mRECIST", "recist-1.1": "RECIST 1.1"}
_SOLID = frozenset({Kind.NODULE, Kind.NODE, Kind.INFILTRATIVE})
_SIZES = (
    ("viable_um", known.LONGEST, known.VIABLE),
    ("longest_um", known.LONGEST, known.WHOLE),
    ("short_axis_um", known.OTHER, known.SHORT_AXIS),
)


def to_fhir(answer: Assessment | Responses) -> Json:
    """A Bundle of FHIR R4 (a collection) of an assessment, or of all patients of a cohort.

    It holds lesions, findings, lines, local treatment, markers and verdicts; notes, events and
    doses of the chart are left out. Read by `read_fhir` it gives the same verdicts, but where a
    line names a target that no examination shows.

    Args:
        answer: What `assess` or `assess_cohort` returns.

    Returns:
        Plain values that JSON can hold.

    Raises:
        CaseError: Every patient whose dates are study days: FHIR has calendar dates only.
        TypeError: Anything but an assessment or `Responses`.
    """
    each = list(_assessments(answer))
    mistakes = [
        (f"patient {assessment.patient.id}, {path}", told)
        for assessment in each
        for path, told in calendar_mistakes(assessment.patient)
    ]
    if mistakes:
        raise CaseError("", mistakes)
    return _bundle([entry for one in each for entry in _Writer(one).entries()])


def fhir_bundles(answer: Assessment | Responses) -> Iterator[Json]:
    """The Bundle of each patient in turn; patients with mistakes in their data have none.

    Args:
        answer: What `assess` or `assess_cohort` returns.

    Returns:
        Bundles as those of `to_fhir`, one at a time.

    Raises:
        CaseError: A patient whose dates are study days, when it is this patient's turn.
    """
    for assessment in _assessments(answer):
        mistakes = list(calendar_mistakes(assessment.patient))
        if mistakes:
            raise CaseError(f"patient {assessment.patient.id}", mistakes)
        yield _bundle(_Writer(assessment).entries())


def _assessments(answer: Assessment | Responses) -> Iterator[Assessment]:
    if isinstance(answer, Assessment):
        yield answer
        return
    check_type(answer, Responses, "FHIR is written of what assess() or assess_cohort() gives")
    refused = set(map(str, answer.errors["patient"]))
    for patient in map(str, answer.patients.tolist()):
        if patient not in refused:
            yield assess(answer.patient(patient), criteria=answer.criteria)


def _bundle(entries: list[Json]) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


# ---- parts of resources


# ---- one patient


@attrs.define
class _Writer:
    """The resources of one patient, each named by what it is of: the same each time."""

    assessment: Assessment
    made: list[Json] = attrs.field(factory=list)
    _ids: dict[tuple[Any, ...], str] = attrs.field(init=False, factory=dict)

    @property
    def chart(self) -> Patient:
        """The chart that is written."""
        return self.assessment.patient

    def entries(self) -> list[Json]:
        """The entries of the bundle."""
        self._patient()
        for lesion in self.chart.lesions:
            self._lesion(lesion)
        for timepoint in self.chart.timepoints:
            self._timepoint(timepoint)
        for marker in self.chart.markers:
            self._marker(marker)
        for place, procedure in enumerate(self.chart.procedures):
            self._procedure(place, procedure)
        if self.assessment.lines:
            self._device()
        for line in self.assessment.lines:
            self._line(line)
        return self.made

    # ---- names

    def _id(self, *key: Any) -> str:
        if key not in self._ids:
            name = json.dumps(["mrecist", self.chart.id, *map(str, key)])
            self._ids[key] = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
        return self._ids[key]

    def _reference(self, *key: Any) -> Json:
        return {"reference": f"urn:uuid:{self._id(*key)}"}

    def _add(self, kind: str, key: tuple[Any, ...], body: Json) -> Json:
        made = self._id(*key)
        resource = {"resourceType": kind, "id": made} | body
        self.made.append({"fullUrl": f"urn:uuid:{made}", "resource": resource})
        return self._reference(*key)

    @property
    def _subject(self) -> Json:
        return self._reference("patient")

    # ---- what was seen

    def _patient(self) -> None:
        identifier = {"type": {"text": known.PATIENT_ID}, "value": self.chart.id}
        body: Json = {"identifier": [identifier]}
        if self.chart.death is not None:
            body["deceasedDateTime"] = str(self.chart.death)
        self._add("Patient", ("patient",), body)
        if self.chart.last_contact is not None:
            self._observe(("last contact",), {"text": known.LAST_CONTACT}, self.chart.last_contact)

    def _observe(self, key: tuple[Any, ...], code: Json, date: Any, **body: Any) -> Json:
        return self._add(
            "Observation",
            key,
            {
                "status": "final",
                "code": code,
                "subject": self._subject,
                "effectiveDateTime": str(date),
                **body,
            },
        )

    def _lesion(self, lesion: Lesion) -> None:
        identifier = {
            "use": "usual",
            "value": lesion.id,
            "type": coded(known.BODY_STRUCTURE, "BodyStructure", "BodyStructure"),
        }
        location: Json = {"text": lesion.organ}
        if organ(lesion.organ) == LIVER:
            location = coded(known.SNOMED, known.LIVER, "Liver structure", lesion.organ)
        body: Json = {"identifier": [identifier], "morphology": {"text": str(lesion.kind)},
                      "location": location, "patient": self._subject}  # fmt: skip
        if lesion.kind in _SOLID:
            body = {"meta": {"profile": [f"{_MCODE}mcode-tumor"]}} | body
        if lesion.hilar:
            body["locationQualifier"] = [{"text": known.HILAR}]
        if lesion.label:
            body["description"] = lesion.label
        self._add("BodyStructure", ("lesion", lesion.id), body)

    def _timepoint(self, timepoint: Timepoint) -> None:
        lesions = {lesion.id: lesion for lesion in self.chart.lesions}
        date = timepoint.date
        members = [self._finding(date, each, lesions[each.lesion]) for each in timepoint.findings]
        parts = [part(known.EXAM_WORDS["arterial_phase"], timepoint.arterial_phase)]
        if timepoint.visit is not None:
            parts.append(part(known.EXAM_WORDS["visit"], timepoint.visit))
        if timepoint.unmentioned is not Unmentioned.NOT_EVALUABLE:
            parts.append(part(known.EXAM_WORDS["unmentioned"], timepoint.unmentioned))
        more = {"hasMember": members} if members else {}
        self._observe(
            ("examination", date),
            {"text": known.EXAMINATION},
            date,
            category=[IMAGING],
            **more,
            component=parts,
        )
        self._reported(timepoint)

    def _finding(self, date: Any, finding: Finding, lesion: Lesion) -> Json:
        sizes = [
            {
                "code": coded(known.LOINC, code, SIZE_WORDS[code], said),
                "valueQuantity": millimetres(getattr(finding, name)),
            }
            for name, code, said in _SIZES
            if getattr(finding, name) is not None
        ]
        code: Json = {"text": known.STATE}
        more: Json = {}
        if sizes:
            code = coded(known.LOINC, known.TUMOR_SIZE, "Size Tumor")
        if finding.longest_um is not None and finding.viable_um is None:
            more = {"meta": {"profile": [f"{_MCODE}mcode-tumor-size"]}}
        parts = [*sizes, *_said(finding, known.FINDING_WORDS), *_said(lesion, known.FACT_WORDS)]
        return self._observe(
            ("finding", date, finding.lesion),
            code,
            date,
            **more,
            category=[IMAGING],
            focus=[self._reference("lesion", finding.lesion)],
            component=parts,
        )

    def _reported(self, timepoint: Timepoint) -> None:
        """The verdicts that a reader gave: they have no device, and say whose they are."""
        reported = timepoint.reported
        if reported is None:
            return
        each = reported if isinstance(reported, Mapping) else {"": reported}
        for criteria, word in each.items():
            more = {"method": {"text": criteria}} if criteria else {}
            code = coded(known.LOINC, known.RESPONSE, None, known.REPORTED)
            self._observe(
                ("reported", timepoint.date, criteria),
                code,
                timepoint.date,
                valueCodeableConcept=verdict_of(word),
                **more,
            )

    def _marker(self, marker: Marker) -> None:
        code: Json = {"text": marker.name}
        for loinc, name in known.MARKERS.items():
            if name == marker.name and "coding" not in code:
                code["coding"] = [{"system": known.LOINC, "code": loinc}]
        value = str(marker.value).strip()
        amount = value.lstrip("<>=")
        quantity: Json = {"value": number(Decimal(amount.strip())), "unit": marker.unit}
        if sign := value.removesuffix(amount):
            quantity["comparator"] = sign
        key = ("marker", marker.date, marker.name, marker.value, marker.unit)
        self._observe(key, code, marker.date, category=[LABORATORY], valueQuantity=quantity)

    def _procedure(self, place: int, procedure: Any) -> None:
        body: Json = {
            "status": "completed", "category": {"text": known.LOCAL}, "subject": self._subject,
            "code": {"text": procedure.kind}, "performedDateTime": str(procedure.date),
        }  # fmt: skip
        if procedure.lesions:
            body["extension"] = [
                {"url": _TARGET_STRUCTURE, "valueReference": self._reference("lesion", each)}
                for each in procedure.lesions
            ]
        self._add("Procedure", ("procedure", place), body)

    # ---- what was concluded

    def _device(self) -> None:
        from .. import __version__

        self._add(
            "Device",
            ("device",),
            {
                "deviceName": [{"name": "mrecist", "type": "model-name"}],
                "version": [{"value": __version__}],
            },
        )

    @property
    def _made_by(self) -> Json:
        from .. import __version__

        return self._reference("device") | {"display": f"mrecist {__version__}"}

    def _line(self, judged: LineAssessment) -> None:
        line, number = judged.line, judged.number
        plan = self._reference("line", number)
        given = [
            self._agent(number, place, each, line, plan) for place, each in enumerate(line.agents)
        ]
        activity: Json = {"outcomeReference": given}
        if line.end_reason is not None:
            activity["outcomeCodeableConcept"] = [{"text": str(line.end_reason)}]
        support = [self._reference("examination", line.baseline)] if line.baseline else []
        for name, recorded, chosen in (
            ("targets", line.targets, judged.targets),
            ("nontargets", line.nontargets, judged.nontargets),
        ):
            support.append(self._roles(judged, name, recorded, chosen))
        self._add("CarePlan", ("line", number), {
            "status": "unknown" if line.stop is None else "completed", "intent": "plan",
            "category": [{"text": known.LINE}], "title": f"{known.LINE} {number}",
            "subject": self._subject, "period": _period(line),
            "supportingInfo": support, "activity": [activity],
        })  # fmt: skip
        for timepoint in judged.timepoints:
            self._verdict(number, timepoint, plan)

    def _agent(self, number: int, place: int, agent: str, line: TherapyLine, plan: Json) -> Json:
        """A drug as a MedicationStatement, a local procedure as a Procedure."""
        key = ("agent", number, place)
        more: Json = {"basedOn": [plan], "subject": self._subject}
        if any(each in PROCEDURES for each in agents_of(agent)):
            more |= {"code": {"text": agent}, "performedPeriod": _period(line)}
            return self._add("Procedure", key, {"status": "completed"} | more)
        more |= {"medicationCodeableConcept": {"text": agent}, "effectivePeriod": _period(line)}
        status = "unknown" if line.stop is None else "completed"
        return self._add("MedicationStatement", key, {"status": status} | more)

    def _roles(self, judged: LineAssessment, name: str, recorded: Any, chosen: Any) -> Json:
        """The lesions of one role: as the chart names them, else as they were chosen here."""
        lesions = chosen if recorded is None else recorded
        body: Json = {
            "status": "current", "mode": "snapshot", "code": {"text": name},
            "title": f"{name} of {known.LINE} {judged.number}", "subject": self._subject,
        }  # fmt: skip
        if recorded is None:
            body["source"] = self._made_by
        if lesions:
            body["entry"] = [{"item": self._reference("lesion", each)} for each in lesions]
        else:
            body["emptyReason"] = {"text": "there is none"}
        return self._add("List", (name, judged.number), body)

    def _verdict(self, number: int, timepoint: TimepointAssessment, plan: Json) -> None:
        criteria = self.assessment.criteria
        title = f"{_title(criteria)} time point response"
        reasons = [{"text": str(each)} for each in timepoint.reasons]
        seen = self._seen(timepoint)
        more = {"derivedFrom": seen} if seen else {}
        self._observe(
            ("verdict", criteria.name, number, timepoint.date),
            coded(known.LOINC, known.RESPONSE, None, title),
            timepoint.date,
            basedOn=[plan],
            valueCodeableConcept=verdict_of(timepoint.computed),
            method=method_of(criteria.name),
            device=self._made_by,
            **more,
            note=reasons,
        )

    def _seen(self, timepoint: TimepointAssessment) -> list[Json]:
        """The findings of the visit that a verdict is on."""
        date = timepoint.date
        visits = {each.visit for each in self.chart.timepoints if each.date == date} - {None}
        return [
            self._reference("finding", each.date, finding.lesion)
            for each in self.chart.timepoints
            if each.date == date or each.visit in visits
            for finding in each.findings
        ]


def _title(criteria: Criteria) -> str:
    return _TITLES.get(criteria.name, criteria.name)


def _period(line: TherapyLine) -> Json:
    period = {"start": str(line.start)}
    return period if line.stop is None else period | {"end": str(line.stop)}


def _said(record: Any, named: Mapping[str, str]) -> Iterator[Json]:
    """What a record says beyond its defaults."""
    for name, said in named.items():
        value = getattr(record, name)
        default = getattr(attrs.fields(type(record)), name).default
        if value is not None and value != default and value is not Status.MEASURED:
            yield part(said, value)
