"""Parts of the resources that are written: codes, numbers, sizes, verdicts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from . import fhir_codes as known

__all__ = [
    "IMAGING",
    "LABORATORY",
    "SIZE_WORDS",
    "Json",
    "coded",
    "method_of",
    "millimetres",
    "number",
    "part",
    "verdict_of",
]

Json = dict[str, Any]


def coded(system: str, code: str, display: str | None, text: str | None = None) -> Json:
    coding = {"system": system, "code": code}
    coding |= {} if display is None else {"display": display}
    concept: Json = {"coding": [coding]}
    return concept if text is None else concept | {"text": text}


def part(said: str, value: Any) -> Json:
    """A component that says something in plain words."""
    kind = "valueBoolean" if isinstance(value, bool) else "valueString"
    return {"code": {"text": said}, kind: value if isinstance(value, bool) else str(value)}


def number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def millimetres(um: int) -> Json:
    mm = number(Decimal(um) / 1000)
    return {"value": mm, "unit": "mm", "system": known.UCUM, "code": "mm"}


SIZE_WORDS = {known.LONGEST: "Size.maximum dimension in Tumor", known.OTHER: None}


IMAGING = coded("http://terminology.hl7.org/CodeSystem/observation-category", "imaging", "Imaging")


LABORATORY = coded(
    "http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory"
)


def method_of(criteria: str) -> Json:
    """The criteria as a method: by NCIt where it has them, and by their name."""
    named = known.METHODS.get(criteria)
    return {"text": criteria} if named is None else coded(known.NCIT, *named, criteria)


_VERDICTS = {str(word): (code, told) for code, (word, told) in known.NCIT_RESPONSES.items()}


def verdict_of(word: Any) -> Json:
    if str(word) not in _VERDICTS:  # a reader's word with an i, for which no code is known
        return {"text": str(word)}
    code, told = _VERDICTS[str(word)]
    return coded(known.NCIT, code, told, str(word))
