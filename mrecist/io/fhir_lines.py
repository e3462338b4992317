"""Lines of therapy and local treatment out of FHIR.

Doses (administrations, else statements, else orders) become lines by their boundaries. A CarePlan
of the category "line of therapy", as this library writes it, is a line as it stands.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from .._base.errors import CaseError
from ..lines.administrations import lines_from_administrations
from ..lines.boundaries import LINE_BOUNDARIES, Administration, LineBoundaries
from ..rulebook.drugs import PROCEDURES, agents_of, inn, is_known
from . import fhir_codes as known
from .fhir_files import Resource
from .fhir_findings import Gathered
from .fhir_values import (
    codes,
    extension,
    first_text,
    identified,
    items,
    profiles,
    start_of,
    stop_of,
    text,
    words,
)

__all__ = ["Line", "Lines"]

DOSES = ("MedicationAdministration", "MedicationStatement", "MedicationUsage")
ORDERS = ("MedicationRequest",)
_CANCER = ("cancer-related-medication", "systemische-therapie-medikation")
_TARGET = "procedure-targetBodyStructure"
_MARK = re.compile(r"\((?:procedure|regime/therapy|substance|product)\)", re.IGNORECASE)
Ids = tuple[str, ...] | None


@attrs.define
class Line:
    """A line of therapy; `targets` and the rest only where somebody wrote them down."""

    start: datetime.date
    agents: tuple[str, ...] = ()
    stop: datetime.date | None = None
    end_reason: str | None = None
    baseline: datetime.date | None = None
    targets: Ids = None
    nontargets: Ids = None


class Lines:
    """The treatment of every patient."""

    def __init__(
        self, gathered: Gathered, drugs: Mapping[str, str], kinds: Mapping[str, str] | None
    ) -> None:
        self.gathered, self.reading = gathered, gathered.reading
        self.drugs = {name.lower(): agent for name, agent in drugs.items()}
        self.kinds = kinds or {}
        self.planned: dict[str, list[Line]] = {}
        self.given: dict[str, list[tuple[Resource, Administration]]] = {}
        self.procedures: list[tuple[Any, ...]] = []
        self._in_plans: set[int] = set()

    # ---- lines that are written as such

    def read_plans(self) -> None:
        """The plans that are lines of therapy, each with its agents, its baseline and its roles."""
        resources = self.reading.resources
        for plan in resources.of("CarePlan"):
            if first_text(plan.body.get("category")) == known.LINE:
                self._read_plan(plan)

    def _read_plan(self, plan: Resource) -> None:
        reading = self.reading
        patient = reading.patient(plan)
        period = plan.body.get("period")
        period = period if isinstance(period, Mapping) else {}
        start = (
            None
            if patient is None
            else reading.date(plan, patient, text(period.get("start")) or "", "period.start")
        )
        if patient is None or start is None:
            return
        line = Line(start, stop=reading.end(plan, patient, text(period.get("end"))))
        agents: list[str] = []
        for activity in items(plan.body.get("activity")):
            line.end_reason = line.end_reason or first_text(activity.get("outcomeCodeableConcept"))
            for reference in items(activity.get("outcomeReference")):
                given = reading.resources.referred(reference, plan)
                if given is not None:
                    self._in_plans.add(id(given.body))
                    name = self._name(given) or first_text(given.body.get("code"))
                    agents += [name] if name else []
        line.agents = tuple(agents)
        for reference in items(plan.body.get("supportingInfo")):
            found = reading.resources.referred(reference, plan)
            if found is not None:
                self._read_support(found, line, patient)
        self.planned.setdefault(patient, []).append(line)

    def _read_support(self, found: Resource, line: Line, patient: str) -> None:
        """What a line rests on: its baseline, and lists of its targets and non-targets."""
        if found.kind == "Observation":
            line.baseline = self.reading.completed.date(start_of(found.body))
        elif found.kind == "List" and found.body.get("source") is None:
            lesions = tuple(dict.fromkeys(self._lesions(found, patient)))
            if first_text(found.body.get("code")) == "targets":
                line.targets = lesions
            else:
                line.nontargets = lesions

    def _lesions(self, listed: Resource, patient: str) -> Iterator[str]:
        for entry in items(listed.body.get("entry")):
            yield from self._structure(entry.get("item"), listed, patient)

    def _structure(self, reference: Any, within: Resource, patient: str) -> Iterator[str]:
        """The id of a lesion that a reference names."""
        resources = self.reading.resources
        found = resources.referred(reference, within)
        name = resources.named(reference, within)[1]
        name = name if found is None else identified(found.body) or name
        if name is not None:
            self.gathered.lesion(patient, name, within, found)
            yield name

    # ---- doses

    def read_doses(self) -> None:
        """Administrations and statements; orders only of patients who have neither."""
        resources = self.reading.resources
        having: set[str] = set()
        for kinds in (DOSES[:1], DOSES[1:], ORDERS):
            found: dict[str, list[tuple[Resource, Administration]]] = {}
            for each in resources.of(*kinds):
                if id(each.body) not in self._in_plans:
                    self._read_dose(each, found, kinds is ORDERS)
            for patient, given in found.items():
                self._add(patient, given, orders=kinds is ORDERS and patient in having)
            having |= found.keys()

    def _add(
        self, patient: str, given: list[tuple[Resource, Administration]], *, orders: bool
    ) -> None:
        """Take in what is given of a patient, but not again of a drug whose doses are there."""
        there = self.given.setdefault(patient, [])
        dosed = {each.agent for _, each in there}
        for resource, each in given:
            if orders or each.agent in dosed:
                told = f"{each.agent}: doses are recorded"
                self.reading.note("ORDER_LEFT_OUT", patient, resource, told)
            else:
                there.append((resource, each))

    def _read_dose(self, resource: Resource, found: dict[str, Any], order: bool) -> None:
        reading, body = self.reading, resource.body
        patient = reading.patient(resource)
        if patient is None:
            return
        agent = self._agent(resource, patient)
        if agent is None:
            return
        written, ended = start_of(body), stop_of(body)
        if order:
            bounds = _bounds(body)
            written = text(bounds.get("start")) or text(body.get("authoredOn"))
            ended = text(bounds.get("end"))
        start = reading.date(resource, patient, written or "", "effectiveDateTime")
        if start is None:
            return
        is_a_day = ended == written
        stop = start if is_a_day else reading.end(resource, patient, ended)
        try:
            made = Administration(agent, start, stop=stop)
        except CaseError as error:
            told = error.lines[0]
            reading.refuse("OVERLAPPING_DOSES", patient, resource, "effectivePeriod", told)
            return
        found.setdefault(patient, []).append((resource, made))

    def _agent(self, resource: Resource, patient: str) -> str | None:
        """The agent that a resource gives, by its nonproprietary name; `None`: it is left out."""
        names = [*self._names(resource)]
        for name in names:
            agent = self.drugs.get(name.lower()) or _drug(name)
            if agent is not None:
                return agent
        told = names[0] if names else "no name"
        of_cancer = any(mark in each for each in profiles(resource.body) for mark in _CANCER)
        if of_cancer and names:
            self.reading.note("AGENT_UNKNOWN", patient, resource, f"{told} is taken as it is")
            return inn(names[0])
        self.reading.note("AGENT_UNKNOWN", patient, resource, f"{told} is left out")
        return None

    def _names(self, resource: Resource) -> Iterator[str]:
        """What a medication is called."""
        body = resource.body
        for concept in (body.get("medicationCodeableConcept"), body.get("medication")):
            yield from words(concept)
        references = [body.get("medicationReference")]
        references += [each.get("reference") for each in items(body.get("medication"))]
        for reference in references:
            found = self.reading.resources.referred(reference, resource)
            if found is not None:
                yield from words(found.body.get("code"))
            elif isinstance(reference, Mapping) and text(reference.get("display")) is not None:
                yield str(text(reference.get("display")))

    def _name(self, resource: Resource) -> str | None:
        return next(self._names(resource), None)

    # ---- procedures

    def read_procedures(self) -> None:
        """Local treatment; any other procedure is a problem."""
        for each in self.reading.resources.of("Procedure"):
            if id(each.body) not in self._in_plans:
                self._read_procedure(each)

    def _read_procedure(self, resource: Resource) -> None:
        reading = self.reading
        patient = reading.patient(resource)
        if patient is None:
            return
        name = first_text(resource.body.get("code"))
        own = first_text(resource.body.get("category")) == known.LOCAL
        kind = name if own else self._kind(resource.body.get("code"))
        if kind is None:
            reading.note("OTHER_PROCEDURE", patient, resource, name or "no name")
            return
        date = reading.date(resource, patient, None, "performedDateTime")
        if date is not None:
            lesions = tuple(dict.fromkeys(self._targeted(resource, patient)))
            self.procedures.append((patient, date, kind, lesions, name))

    def _kind(self, concept: Any) -> str | None:
        """The kind of local treatment that a concept is: as the caller says, else by its names."""
        for key in (*sorted(codes(concept)), *words(concept)):
            if key in self.kinds:
                return self.kinds[key]
        for name in words(concept):
            kinds = agents_of(_MARK.sub("", name).strip())
            if any(each in PROCEDURES for each in kinds):
                return next(each for each in kinds if each in PROCEDURES)
        return None

    def _targeted(self, resource: Resource, patient: str) -> Iterator[str]:
        """The lesions that a procedure was done to."""
        for each in items(resource.body.get("extension")):
            if extension({"extension": each}, _TARGET) is not None:
                yield from self._structure(each.get("valueReference"), resource, patient)

    # ---- all lines

    def of(self, patient: str, boundaries: LineBoundaries | None) -> list[Line]:
        """The lines of a patient, by their starts."""
        given = _joined(self.given.get(patient, ()))
        try:
            made = lines_from_administrations(given, rule=boundaries or LINE_BOUNDARIES)
        except CaseError as error:
            source = self.given[patient][0][0]
            for path, told in error.mistakes:
                self.reading.refuse("OVERLAPPING_DOSES", patient, source, path, told)
            made = ()
        lines = [_line(each) for each in made]
        return sorted([*self.planned.get(patient, ()), *lines], key=lambda line: line.start)

    def counts(self) -> dict[str, int]:
        """How many lines, doses and orders are recorded of each patient."""
        found: dict[str, int] = {}
        for records in (self.planned, self.given):
            for patient, each in records.items():
                found[patient] = found.get(patient, 0) + len(each)
        return found


def _drug(name: str) -> str | None:
    """The known drug that a name begins with: salts, doses and forms follow it."""
    for each in (name, *name.split()[:1]):
        if is_known(each):
            return inn(each)
    return None


def _bounds(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The period for which an order holds, by its first dosage that says it."""
    for dosage in items(body.get("dosageInstruction")):
        timing = dosage.get("timing")
        repeat = timing.get("repeat") if isinstance(timing, Mapping) else None
        bounds = repeat.get("boundsPeriod") if isinstance(repeat, Mapping) else None
        if isinstance(bounds, Mapping):
            return bounds
    return {}


def _joined(given: Iterable[tuple[Resource, Administration]]) -> list[Administration]:
    """The records of a patient; several of one drug on one day are one, the longest."""
    longest: dict[tuple[str, Any], Administration] = {}
    for _, each in given:
        key = (each.agent, each.start)
        before = longest.get(key)
        if before is None or (before.stop is not None and _is_later(each, before)):
            longest[key] = each
    return list(longest.values())


def _is_later(each: Administration, before: Administration) -> bool:
    return each.stop is None or str(each.stop) > str(before.stop)


def _line(line: Any) -> Line:
    return Line(line.start, line.agents, line.stop)
