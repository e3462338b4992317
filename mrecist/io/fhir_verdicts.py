"""Verdicts, a clinician's trend, markers and vital dates out of FHIR.

A verdict is of criteria and goes into the findings as reported. A trend is a clinician's impression
and stands apart, in `Study.status`. What a program computed is no reading, and is left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from .._base.errors import CaseError
from .._base.reported import STABLE_WORDS, stable_cure
from .._base.words import Response
from ..model import Marker
from ..rulebook.criteria import CRITERIA
from ..tables.column_schema import REPORTED_BY
from . import fhir_codes as known
from .errors import AskError
from .fhir_files import Resource
from .fhir_findings import Gathered
from .fhir_values import Coding, codes, codings, first_text, has_code, start_of, tail, text, words

__all__ = ["ASK", "Verdicts"]

ASK = "ask"
"""What `responses` is where verdicts that name no criteria are a question."""

_COMPUTED = "mrecist "
_OTHER_MRECIST = ("C126031", "C179782", "C179780")


class Verdicts:
    """What others concluded of each patient: reported verdicts, trends, markers, death."""

    def __init__(self, gathered: Gathered, responses: str | None, trend: str | None) -> None:
        self.gathered, self.reading = gathered, gathered.reading
        self.responses, self.trend = responses, trend
        self.reported: list[tuple[Any, ...]] = []
        self.status: list[tuple[Any, ...]] = []
        self.markers: list[tuple[Any, ...]] = []
        self.death: dict[str, datetime.date] = {}

    # ---- which

    @staticmethod
    def is_response(resource: Resource) -> bool:
        """Whether an Observation is a verdict by criteria."""
        body = resource.body
        if has_code(body.get("code"), known.RESPONSE):
            return True
        return any(
            tail(each.system) in known.RESPONSE_SYSTEMS
            for each in codings(body.get("valueCodeableConcept"))
        )

    @staticmethod
    def is_trend(resource: Resource) -> bool:
        """Whether an Observation is a clinician's judgement of how the disease goes."""
        return has_code(resource.body.get("code"), known.DISEASE_STATUS, known.REGRESSION)

    # ---- verdicts

    def read_response(self, resource: Resource) -> None:
        """A verdict by criteria, into the findings and the table of what was reported."""
        reading, body = self.reading, resource.body
        patient = reading.patient(resource)
        if patient is None:
            return
        if _is_computed(resource, reading.resources):
            reading.note("DERIVED_ROW", patient, resource, "computed by a program")
            return
        date = reading.date(resource, patient)
        if date is None:
            return
        value = body.get("valueCodeableConcept")
        word = _word(value)
        stable = _stable_word(value)
        if word is None and stable is None:
            told = ", ".join(sorted(codes(value))) or first_text(value) or "no value"
            reading.note("UNREAD_RESPONSE", patient, resource, told)
            return
        criteria = self._criteria(resource, patient)
        if criteria is None:
            return
        if word is None and STABLE_WORDS.get(criteria) == stable:
            word = str(Response.SD)
        if word is None:
            reading.note("UNREAD_RESPONSE", patient, resource, f"{stable}{stable_cure(stable)}")
            return
        self._report(patient, date, criteria, word, resource)

    def _report(
        self, patient: str, date: datetime.date, criteria: str, word: str, resource: Resource
    ) -> None:
        column = f"{REPORTED_BY}{criteria}" if criteria else "reported"
        self.gathered.says_of_exam((patient, date), column, word, resource)
        self.reported.append((patient, None, date, "OVRLRESP", criteria, word, resource.source,
                              resource.row))  # fmt: skip

    def _criteria(self, resource: Resource, patient: str) -> str | None:
        """The criteria of a verdict, "" for whichever; `None`: the verdict is not taken."""
        body = resource.body
        method = body.get("method")
        own = first_text(method)
        if has_code(method, *_OTHER_MRECIST):
            told = "is not HCC mRECIST"
            self.reading.refuse("WRONG_MRECIST", patient, resource, "method", told)
            return None
        named = [own] if own in CRITERIA else []
        named += [
            known.CRITERIA_CODES[code] for code in codes(method) if code in known.CRITERIA_CODES
        ]
        named += [
            known.CRITERIA_TEXTS[said.upper()]
            for said in words(method)
            if said.upper() in known.CRITERIA_TEXTS
        ]
        if not named and first_text(body.get("code")) == known.REPORTED:
            return own or ""
        if not named and method is not None:
            self.reading.note("OTHER_CRITERIA", patient, resource, own or ", ".join(codes(method)))
            return None
        named += filter(
            None,
            (
                known.RESPONSE_SYSTEMS.get(tail(each.system))
                for each in codings(body.get("valueCodeableConcept"))
            ),
        )
        if named:
            return named[0]
        if self.responses == ASK:
            raise AskError(
                f"the verdict {resource.name} does not say by which criteria it is",
                'responses="mrecist", responses="recist-1.1", or responses=None to leave it out',
                "--responses FHIR=mrecist or --responses FHIR=recist-1.1",
            )
        if self.responses is None:
            self.reading.note("OTHER_CRITERIA", patient, resource, "no criteria are named")
        return self.responses

    # ---- trends

    def read_trend(self, resource: Resource) -> None:
        """A clinician's trend: kept beside the findings, a verdict only where it is asked for."""
        reading, body = self.reading, resource.body
        patient = reading.patient(resource)
        date = None if patient is None else reading.date(resource, patient)
        if patient is None or date is None:
            return
        found = list(codings(body.get("valueCodeableConcept"))) or [Coding("", "", None)]
        self.status.append((patient, date, found[0].code or None, found[0].display, resource.name))
        told = found[0].display or found[0].code or "no value"
        word = known.TREND_CODES.get(found[0].code)
        if self.trend is None:
            reading.note("STATUS_NOT_A_VERDICT", patient, resource, told)
        elif word is None:
            reading.note("UNREAD_RESPONSE", patient, resource, told)
        else:
            self._report(patient, date, "", word, resource)

    # ---- markers and vital dates

    def read_marker(self, resource: Resource) -> bool:
        """A tumour marker; whether the Observation is one."""
        code = resource.body.get("code")
        names = [known.MARKERS[each] for each in codes(code) if each in known.MARKERS]
        if not names:
            return False
        reading = self.reading
        patient = reading.patient(resource)
        if patient is None:
            return True
        value, unit = _amount(resource.body.get("valueQuantity"))
        dated = reading.completed(start_of(resource.body))
        date = dated.date
        if date is None:
            reading.note("UNREAD_MARKER", patient, resource, "it has no date")
            return True
        try:
            Marker(date, names[0], value, unit)
        except CaseError as error:
            reading.note("UNREAD_MARKER", patient, resource, error.lines[0])
        else:
            if dated.partial:
                reading.note("PARTIAL_DATE", patient, resource, f"read as {date}")
            self.markers.append((patient, date, names[0], value, unit))
        return True

    def read_death(self, resource: Resource) -> None:
        """The death of a patient."""
        reading = self.reading
        patient = reading.patient(resource)
        written = text(resource.body.get("deceasedDateTime"))
        if patient is None:
            return
        if written is not None:
            date = reading.date(resource, patient, written, "deceasedDateTime")
            if date is not None:
                self.death[patient] = date
        elif resource.body.get("deceasedBoolean") is True:
            reading.note("OTHER_TEST", patient, resource, "dead, but nobody says since when")


def _is_computed(resource: Resource, resources: Any) -> bool:
    """Whether the device that made an Observation is this library."""
    device = resource.body.get("device")
    found = resources.referred(device, resource)
    told = [text(device.get("display"))] if isinstance(device, Mapping) else []
    told += [] if found is None else _device_names(found)
    return any(each is not None and f"{each} ".startswith(_COMPUTED) for each in told)


def _device_names(device: Resource) -> Iterator[str | None]:
    names = device.body.get("deviceName")
    for each in names if isinstance(names, list) else []:
        if isinstance(each, Mapping):
            yield text(each.get("name"))


def _word(value: Any) -> str | None:
    """The verdict that a concept says: by its codes, else by its text."""
    for code in (*(each.code for each in codings(value)), *words(value)):
        word = known.RESPONSE_CODES.get(code.upper())
        if word is not None:
            return word
    return None


def _stable_word(value: Any) -> str | None:
    """The word of a concept that only some criteria have for stable disease."""
    known_words = {word.casefold(): word for word in STABLE_WORDS.values()}
    said = (*(each.code for each in codings(value)), *words(value))
    return next(filter(None, (known_words.get(each.casefold()) for each in said)), None)


def _amount(quantity: Any) -> tuple[Any, str]:
    """The value and the unit of a quantity; beyond a limit it is text."""
    if not isinstance(quantity, Mapping):
        return None, "1"
    value, unit = quantity.get("value"), text(quantity.get("unit")) or text(quantity.get("code"))
    comparator = text(quantity.get("comparator"))
    if comparator and isinstance(value, (int, float, Decimal)):
        return f"{comparator}{value}", unit or "1"
    return value, unit or "1"
