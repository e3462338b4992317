"""Findings out of Observations: sizes of mCODE, the Kenyan RECIST profiles, and those of our own.

The lesion is the BodyStructure in `focus`; what it is and where it lies is said there.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from .._base.record_values import kind as kind_of
from .._base.words import Kind, Status
from ..rulebook.organs import LIVER
from . import fhir_codes as known
from .fhir_files import Resource
from .fhir_reading import Reading
from .fhir_values import (
    Element,
    codes,
    extension,
    first_text,
    has_code,
    identified,
    is_inside,
    items,
    millimetres,
    profiles,
    text,
    words,
)
from .locations import UNKNOWN, Location, location

__all__ = ["Exam", "Facts", "Gathered", "read_exam", "read_finding", "read_national"]

Exam = tuple[str, datetime.date]
Lesion = tuple[str, str]
Key = tuple[str, datetime.date, str]
PLAIN, OTHER = "plain", "other"
"""Sizes until all is known of the lesion: the longest, of which nobody says what, and another."""

_NODE = "59441001"
_PART = re.compile(r"\((?:body structure|.*abnormality)\)|\bcouinaud\b|\bentire\b", re.IGNORECASE)
_STRUCTURE = re.compile(r"\bstructure(?: of)?\b", re.IGNORECASE)


@attrs.define
class Facts:
    """What is said of a lesion, whatever the day. `own`: as this library writes it."""

    place: Location
    resource: Resource
    kind: Kind | None = None
    hilar: bool = False
    located: bool = False
    role: str | None = None
    others: dict[str, Any] = attrs.field(factory=dict)


class Gathered:
    """Findings by patient, day and lesion; lesions by patient and id; examinations by day."""

    def __init__(self, reading: Reading, locations: Mapping[str, tuple[str, str]]) -> None:
        self.reading = reading
        self.facts: dict[Lesion, Facts] = {}
        self.cells: dict[Key, dict[str, Any]] = {}
        self.rows: dict[Key, Resource] = {}
        self.exams: dict[Exam, dict[str, Any]] = {}
        self.methods: dict[Exam, list[str]] = {}
        self.assessments: dict[Exam, dict[str, None]] = {}
        """The assessments that an examination is of, by their Kenyan codes such as `WEEK-8`."""
        self._given = {
            name: Location(organ, kind_of(kind)) for name, (organ, kind) in locations.items()
        }

    # ---- lesions

    def lesion(
        self, patient: str, name: str, resource: Resource, structure: Resource | None = None
    ) -> Facts:
        """What is known of a lesion; its structure says it where it is met first."""
        facts = self.facts.get((patient, name))
        if facts is None:
            facts = self.facts[patient, name] = Facts(Location(UNKNOWN), resource)
            if structure is not None:
                _describe(facts, structure.body)
            term = first_text(_site(structure)) or ""
            given = self._given.get(name) or self._given.get(term)
            if given is not None:
                facts.place, facts.kind, facts.located = given, given.kind, True
        return facts

    # ---- findings

    def say(self, key: Key, column: str, value: Any, resource: Resource) -> None:
        """Take in what a resource says of a lesion on a day; twice the same is a problem."""
        cells = self.cells.setdefault(key, {})
        self.rows.setdefault(key, resource)
        self.exams.setdefault(key[:2], {})
        if column not in cells:
            cells[column] = value
            return
        told = f"{key[2]} on {key[1]}: {value}"
        if cells[column] == value:
            self.reading.note("DUPLICATE_RESULT", key[0], resource, told)
        else:
            told = f"{told}, and {cells[column]} in {self.rows[key].name}"
            self.reading.refuse("CONFLICTING_RESULT", key[0], resource, "value", told)

    def says_of_exam(self, exam: Exam, column: str, value: Any, resource: Resource) -> None:
        """Take in what a resource says of a whole examination."""
        said = self.exams.setdefault(exam, {})
        if said.setdefault(column, value) != value:
            told = f"{column} of {exam[1]} is {said[column]}, and {value} here"
            self.reading.refuse("CONFLICTING_RESULT", exam[0], resource, "value", told)


def _site(structure: Resource | None) -> Any:
    """Where a structure lies: R5 lists several places."""
    if structure is None:
        return None
    body = structure.body
    included = [each.get("structure") for each in items(body.get("includedStructure"))]
    return body.get("location") or included or None


def _describe(facts: Facts, structure: Element) -> None:
    """Read place and kind of a lesion from its structure."""
    site = structure.get("location") or [
        each.get("structure") for each in items(structure.get("includedStructure"))
    ]
    said = first_text(structure.get("morphology"))
    own = known.KIND_WORDS.get(said or "")
    term = first_text(site)
    label = text(structure.get("description"))
    if own is not None and term is not None:
        facts.place, facts.kind, facts.located = Location(term, label=label), own, True
        marks = [mark for each in items(structure.get("locationQualifier")) for mark in words(each)]
        facts.hilar = known.HILAR in marks
        return
    place = _place(site, term)
    facts.located = place.organ != UNKNOWN
    facts.place = attrs.evolve(place, label=label or place.label)
    facts.hilar = place.hilar
    facts.kind = next(
        (known.KINDS[code] for code in codes(structure.get("morphology")) if code in known.KINDS),
        None,
    )
    if place.kind not in (None, Kind.NODULE):
        facts.kind = place.kind


def _place(site: Any, term: str | None) -> Location:
    if not known.LIVER_CODES.isdisjoint(codes(site)):
        return Location(LIVER, Kind.NODULE, label=term)
    if has_code(site, _NODE):
        return location("LYMPH NODE")
    if term is None:
        return Location(UNKNOWN)
    return location(_STRUCTURE.sub("", _PART.sub("", term)).strip() or term)


# ---- sizes


def read_finding(resource: Resource, gathered: Gathered) -> None:
    """An Observation of the size, or of the state, of one lesion."""
    reading, body = gathered.reading, resource.body
    patient = reading.patient(resource)
    if patient is None:
        return
    if body.get("specimen") is not None or has_code(body.get("method"), *known.PATHOLOGY):
        reading.note("PATHOLOGY_SIZE", patient, resource, "of tissue that was taken out")
        return
    date = reading.date(resource, patient)
    name, structure = _focus(resource, patient, reading)
    if name is None or date is None:
        return
    facts = gathered.lesion(patient, name, resource, structure)
    site = body.get("bodySite")
    if not facts.located and site is not None:
        facts.place = _place(site, first_text(site))
        facts.located = facts.place.organ != UNKNOWN
        facts.kind = facts.kind or facts.place.kind
    key = (patient, date, name)
    gathered.cells.setdefault(key, {})
    gathered.rows.setdefault(key, resource)
    gathered.exams.setdefault((patient, date), {})
    method = first_text(body.get("method"))
    if method is not None:
        gathered.methods.setdefault((patient, date), []).append(method)
    _read_components(resource, key, facts, gathered)


def _focus(
    resource: Resource, patient: str, reading: Reading
) -> tuple[str | None, Resource | None]:
    """The id of the lesion in focus, and its structure; a mistake where there is not one."""
    found: dict[str, Resource | None] = {}
    body = resource.body
    for reference in (*items(body.get("focus")), *items(body.get("bodyStructure"))):
        kind, name = reading.resources.named(reference, resource)
        structure = reading.resources.referred(reference, resource)
        if name is None or kind not in (None, "BodyStructure"):
            continue
        if structure is not None:
            name = identified(structure.body) or name
            if is_inside(reference) and identified(structure.body) is None:
                continue
        found.setdefault(name, structure)
    if len(found) != 1:
        lesions = ", ".join(sorted(found)) or "none"
        told = f"must be of one BodyStructure, by which the lesion is known again, got {lesions}"
        reading.refuse("LESION_NOT_TRACKED", patient, resource, "focus", told)
        return None, None
    return next(iter(found.items()))


def _read_components(resource: Resource, key: Key, facts: Facts, gathered: Gathered) -> None:
    """The sizes, and what this library writes beside them."""
    others: list[str] = []
    is_said = False
    for part in _parts(resource.body):
        code, said = part.get("code"), first_text(part.get("code")) or ""
        if said in _FACT_COLUMNS:
            _add_fact(facts, _FACT_COLUMNS[said], _value(part), key, resource, gathered)
        elif said in _FINDING_COLUMNS:
            is_said = True
            gathered.say(key, _FINDING_COLUMNS[said], _value(part), resource)
        elif _is_size(code, said) and not _is_absent(part):
            is_said = True
            size = _size(part, key, resource, gathered)
            column = _SIZES.get(said) or (PLAIN if has_code(code, known.LONGEST) else OTHER)
            if size is not None and column == OTHER:
                others.append(size)
            elif size is not None:
                gathered.say(key, column, size, resource)
    if others:
        gathered.say(key, OTHER, max(others, key=float), resource)
    if not is_said:
        _read_nothing(resource, key, gathered)


def _is_size(code: Any, said: str) -> bool:
    return has_code(code, known.LONGEST, known.OTHER) or said in _SIZES


def _is_absent(element: Element) -> bool:
    """Whether a value is not there, for a reason that is given."""
    return element.get("dataAbsentReason") is not None and element.get("valueQuantity") is None


def _read_nothing(resource: Resource, key: Key, gathered: Gathered) -> None:
    """An Observation without any size: not evaluable where it says why, else a mistake."""
    if any(map(_is_absent, (resource.body, *_parts(resource.body)))):
        gathered.say(key, "status", str(Status.NOT_EVALUABLE), resource)
    else:
        told = f"{key[2]}: must have a size, or a reason why it has none"
        gathered.reading.refuse("NOT_A_LENGTH", key[0], resource, "component", told)


def _parts(body: Element) -> list[Element]:
    """The components; a size that stands in the value itself is one, too."""
    parts = items(body.get("component"))
    if body.get("valueQuantity") is not None:
        longest = {"coding": [{"system": known.LOINC, "code": known.LONGEST}]}
        parts = [{"code": longest, "valueQuantity": body["valueQuantity"]}, *parts]
    return parts


def _size(part: Element, key: Key, resource: Resource, gathered: Gathered) -> str | None:
    try:
        return millimetres(part.get("valueQuantity"))
    except ValueError as error:
        reading = gathered.reading
        reading.refuse("NOT_A_LENGTH", key[0], resource, "valueQuantity", f"{key[2]}: {error}")
        return None


def _value(part: Element) -> Any:
    flag = part.get("valueBoolean")
    return flag if isinstance(flag, bool) else text(part.get("valueString"))


def _add_fact(
    facts: Facts, column: str, value: Any, key: Key, resource: Resource, gathered: Gathered
) -> None:
    if facts.others.setdefault(column, value) != value:
        told = f"{column} of {key[2]} is {facts.others[column]}, and {value} here"
        gathered.reading.refuse("CONFLICTING_RESULT", key[0], resource, "component", told)


_SIZES = {known.VIABLE: "viable_mm", known.WHOLE: "longest_mm", known.SHORT_AXIS: "short_axis_mm"}
_FINDING_COLUMNS = {said: column for column, said in known.FINDING_WORDS.items()}
_FACT_COLUMNS = {said: column for column, said in known.FACT_WORDS.items()}
_EXAM_COLUMNS = {said: column for column, said in known.EXAM_WORDS.items()}


def read_exam(resource: Resource, gathered: Gathered) -> None:
    """What this library writes of an examination as a whole."""
    reading = gathered.reading
    patient = reading.patient(resource)
    date = None if patient is None else reading.date(resource, patient)
    if patient is None or date is None:
        return
    gathered.exams.setdefault((patient, date), {})
    for part in items(resource.body.get("component")):
        column = _EXAM_COLUMNS.get(first_text(part.get("code")) or "")
        if column is not None:
            gathered.says_of_exam((patient, date), column, _value(part), resource)


# ---- the Kenyan profiles


def read_national(resource: Resource, gathered: Gathered) -> bool:
    """An Observation of the Kenyan RECIST profiles; whether it is one of a lesion."""
    lesion = extension(resource.body, "recist-target-lesion-id-extension")
    claimed = profiles(resource.body)
    if lesion is not None:
        _read_target(resource, text(lesion.get("valueString")), gathered)
    elif _claims(claimed, "recist-non-target-lesion-observation"):
        _read_nontarget(resource, gathered)
    elif _claims(claimed, "recist-new-lesion-observation"):
        _read_new(resource, gathered)
    elif _claims(claimed, "recist-baseline-observation"):
        patient = gathered.reading.patient(resource)
        gathered.reading.note("DERIVED_ROW", patient, resource, "the sum at baseline")
    else:
        return False
    return True


def _claims(claimed: Iterable[str], end: str) -> bool:
    return any(each.endswith(end) for each in claimed)


def _key(resource: Resource, name: str | None, gathered: Gathered) -> Key | None:
    """The patient, the day and the lesion of a resource, if it has all three."""
    reading = gathered.reading
    patient = reading.patient(resource)
    date = None if patient is None else reading.date(resource, patient)
    if patient is not None and name is None:
        told = "must name the target lesion"
        reading.refuse("LESION_NOT_TRACKED", patient, resource, "extension", told)
    if patient is None or date is None or name is None:
        return None
    assessment = extension(resource.body, "recist-timepoint-extension")
    code = None if assessment is None else text(assessment.get("valueCode"))
    if code is not None:
        gathered.assessments.setdefault((patient, date), {})[code] = None
    return patient, date, name


def _read_target(resource: Resource, name: str | None, gathered: Gathered) -> None:
    key = _key(resource, name, gathered)
    if key is None:
        return
    facts = gathered.lesion(key[0], key[2], resource)
    facts.role = "target"
    size = _size(resource.body, key, resource, gathered)
    if size is not None:
        gathered.say(key, PLAIN, size, resource)


def _read_nontarget(resource: Resource, gathered: Gathered) -> None:
    """A response of the non-targets. They have no ids: those of one site are one lesion."""
    site = sorted(codes(resource.body.get("bodySite")))
    key = _key(resource, " ".join(["NON-TARGET", *site[:1]]), gathered)
    if key is None:
        return
    facts = gathered.lesion(key[0], key[2], resource)
    facts.role = "non-target"
    said = codes(resource.body.get("valueCodeableConcept"))
    states = [known.NONTARGET_STATES[code] for code in said if code in known.NONTARGET_STATES]
    if states:
        gathered.say(key, "status", states[0], resource)
    else:
        told = ", ".join(sorted(said)) or "no value"
        gathered.reading.note("UNREAD_RESPONSE", key[0], resource, told)


def _read_new(resource: Resource, gathered: Gathered) -> None:
    key = _key(resource, "NEW", gathered)
    if key is None:
        return
    patient, date, _ = key
    gathered.exams.setdefault((patient, date), {})
    seen = resource.body.get("valueBoolean")
    if seen is True:
        name = f"NEW@{date}"
        gathered.lesion(patient, name, resource).role = "new"
        gathered.say((patient, date, name), "status", "present", resource)
    elif seen is not False:
        gathered.reading.note("UNREAD_RESPONSE", patient, resource, "no new lesion, or one?")
