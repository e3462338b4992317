"""Case documents, `mrecist-case/1`: a patient's chart out of one, and into one.

Parsed JSON in and out. Answers are written in `answer.py`, files are read in `streams.py`, and the
JSON Schema of each document is in `packaged.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import attrs

from .. import model
from .._base import converters
from .._base import record_values as values
from .._base.converters import Micrometres, shown
from .._base.errors import CaseError
from .._base.nearest import nearest
from .._base.volumes import Microlitres
from .._base.words import Code, Response
from ..model import (
    Event,
    Finding,
    Lesion,
    Marker,
    Patient,
    Procedure,
    ReportedBy,
    TherapyLine,
    Timepoint,
)
from .trusted import trusted

__all__ = ["InvalidCase", "from_case", "to_case"]

CASE = "mrecist-case/1"

SUGGESTIONS = 5
"""How many unknown keys of one record are compared with the known ones."""


@attrs.frozen
class InvalidCase:
    """A case of a stream that is not valid: its patient, where known, and every mistake."""

    patient: str | None
    errors: tuple[str, ...]


# ---- plain values into a chart

_KEYS = ("format", "patient", "lesions", "timepoints", "lines", "markers", "events", "procedures",
         "death", "last_contact", "reader")  # fmt: skip
_REQUIRED = _KEYS[:5]
_LISTS: dict[str, tuple[type, dict[str, Any]]] = {
    "lesions": (Lesion, {}),
    "timepoints": (Timepoint, {"findings": Finding}),
    "lines": (TherapyLine, {"doses": Event}),
    "markers": (Marker, {}),
    "events": (Event, {}),
    "procedures": (Procedure, {}),
}
_REFERENCES = ("into", "nontargets", "part_of", "reported", "targets", "visit")
_WHAT_IS_SEEN = ("status", "viable_mm", "longest_mm", "short_axis_mm", "into")
_CROSS_CHECKS: dict[type, Any] = {
    Finding: model.mistakes_in_finding,
    Timepoint: model.mistakes_in_timepoint,
    TherapyLine: model.mistakes_in_line,
}


def from_case(document: Mapping[str, Any]) -> Patient:
    """The chart that a case document (parsed JSON) holds.

    Args:
        document: An object of format `mrecist-case/1`, as `json.loads` gives it.

    Returns:
        The chart, which `to_case` writes again.

    Raises:
        CaseError: Every mistake of the document, each with its path.

    Example:
        >>> from_case({
        ...     "format": "mrecist-case/1", "patient": "P-001",
        ...     "lesions": [], "timepoints": [], "lines": [],
        ... })
        Patient('P-001', [], [], [])
    """
    try:
        return trusted(document, CASE)
    except (CaseError, ValueError, TypeError, LookupError, AttributeError):
        pass
    mistakes = list(_mistakes(document))
    if not mistakes:
        raise AssertionError("a case document was refused without a mistake")  # pragma: no cover
    patient = document.get("patient") if isinstance(document, Mapping) else None
    told = f"patient {patient}" if isinstance(patient, str) else ""
    raise CaseError(told, mistakes)


def _mistakes(document: Any) -> Iterator[tuple[str, str]]:
    """Every mistake of a document, in the order of the document format."""
    if not isinstance(document, Mapping):
        yield "", f"must be a JSON object, got {shown(document)}"
        return
    yield from _odd_keys(document, _KEYS, _REQUIRED, "")
    found = document.get("format")
    if found is not None and found != CASE:
        yield "format", f'must be "{CASE}", got {shown(found)}'
    read: dict[str, Any] = {}
    for name, (kind, nested) in _LISTS.items():
        records = document.get(name)
        if records is None:
            read[name] = model.MISSING if name in _REQUIRED else []
        else:
            read[name] = yield from _records(records, kind, nested, name)
    for key in ("patient", "death", "last_contact", "reader"):
        field = attrs.fields_dict(Patient)["id" if key == "patient" else key]
        read[key] = model.MISSING
        if document.get(key) is not None or key != "patient":
            read[key] = yield from _value(field, document.get(key), key)
    yield from model.mistakes_in_patient(SimpleNamespace(**read))


def _records(records: Any, kind: type, nested: Mapping[str, Any], path: str) -> Any:
    """Read a list of records, yielding mistakes; returns what could be read of each."""
    if not isinstance(records, list):
        yield path, f"must be a list, got {shown(records)}"
        return model.MISSING
    read = []
    for i, record in enumerate(records):
        read.append((yield from _record(record, kind, nested, f"{path}[{i}]")))
    return read


def _unknown(kind: type) -> SimpleNamespace:
    """What stands for an item of a list that could not be read: all else is as if without it."""
    refers = {field.name: None for field in attrs.fields(kind) if field.name in _REFERENCES}
    lists = dict.fromkeys(("findings", "doses", "lesions"), ())
    missing = {field.name: model.MISSING for field in attrs.fields(kind)}
    return SimpleNamespace(**{**missing, **lists, **refers})


def _record(record: Any, kind: type, nested: Mapping[str, Any], path: str) -> Any:
    fields = {field.alias or field.name: field for field in attrs.fields(kind)}
    if not isinstance(record, Mapping):
        yield path, f"must be a JSON object, got {shown(record)}"
        return _unknown(kind)
    required = [alias for alias, field in fields.items() if field.default is attrs.NOTHING]
    yield from _odd_keys(record, fields, required, path)
    parts = {}
    for alias, field in fields.items():
        where, value = f"{path}.{alias}", record.get(alias)
        if alias in nested:
            missing = value is None
            absent = model.MISSING if alias in required else []
            parts[alias] = (
                absent if missing else (yield from _records(value, nested[alias], {}, where))
            )
        elif value is None and alias in required:
            parts[field.name] = model.MISSING
        else:
            parts[field.name] = yield from _value(field, value, where)
    read = SimpleNamespace(**parts)
    if kind is Finding and _may_be_seen(record, fields):
        read.status = model.MISSING
    if kind in _CROSS_CHECKS:
        for place, message in _CROSS_CHECKS[kind](read):
            yield f"{path}.{place}" if place else path, message
    return read


def _value(field: Any, value: Any, path: str) -> Any:
    """Pass a value through its door, yielding what the door refuses."""
    try:
        return field.metadata["door"](value)
    except ValueError as error:
        yield from converters.mistakes(path, error)
        return _in_part(field.name, value)


def _in_part(name: str, value: Any) -> Any:
    """What can be read of a value that was refused: the sound ones of several names or words."""
    if name in ("lesions", "nontargets", "targets") and isinstance(value, list):
        return [_passed(values.name, item) for item in value]
    if name == "reported" and isinstance(value, Mapping):
        words = ((key, _passed(values.reported, word)) for key, word in value.items())
        return ReportedBy((key, word) for key, word in words if isinstance(word, Response))
    return model.MISSING


def _passed(door: Any, value: Any) -> Any:
    try:
        return door(value)
    except ValueError:
        return model.MISSING


def _may_be_seen(record: Mapping[str, Any], known: Iterable[str]) -> bool:
    """Whether an unknown key of a finding is a misspelt status or size."""
    return any(near in _WHAT_IS_SEEN for _, near in _unknown_keys(record, tuple(known)))


def _unknown_keys(record: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    """The keys that a record should not have, each with the one that may be meant."""
    for i, key in enumerate(key for key in record if key not in known):
        near = nearest(str(key), known, 0.75) if i < SUGGESTIONS else None
        yield key, near or ""


def _odd_keys(
    record: Mapping[str, Any], known: Iterable[str], required: Iterable[str], path: str
) -> Iterator[tuple[str, str]]:
    known = tuple(known)
    for key, near in _unknown_keys(record, known):
        cure = f"did you mean {near}?" if near else f"known are {', '.join(known)}"
        yield _below(path, key), f"unknown key; {cure}"
    for key in getattr(record, "twice", ()):
        yield _below(path, key), "must be given once, is given twice"
    for key in required:
        if record.get(key) is None:
            yield _below(path, key), "must be given"


def _below(path: str, key: Any) -> str:
    """The path of what an object holds at a key."""
    return f"{path}{converters.key(key)}".removeprefix(".")


# ---- a chart into plain values


def to_case(patient: Patient) -> dict[str, Any]:
    """The case document of a chart; what holds its default is left out.

    Args:
        patient: The chart.

    Returns:
        Plain values that JSON can hold, in format `mrecist-case/1`.

    Raises:
        TypeError: Anything but a `Patient`.

    Example:
        >>> to_case(Patient("P-001", [], [], []))["format"]
        'mrecist-case/1'
    """
    if not isinstance(patient, Patient):
        raise TypeError(f"to_case() takes a Patient, got {type(patient).__name__}")
    document = {"format": CASE, "patient": patient.id, **_plain_record(patient)}
    del document["id"]
    return document


def _plain_record(record: Any) -> dict[str, Any]:
    document = {}
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        optional = field.default is not attrs.NOTHING
        if not optional or value != field.metadata["door"](field.default):
            document[field.alias or field.name] = plain_value(value)
    return document


def plain_value(value: Any) -> Any:
    if isinstance(value, (Code, datetime.date)):
        return str(value)
    if isinstance(value, tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, ReportedBy):
        return {criteria: str(word) for criteria, word in value.items()}
    if isinstance(value, (Micrometres, Microlitres)):
        return value // 1000 if value % 1000 == 0 else value / 1000
    if isinstance(value, Decimal):
        return _number(value)
    return _plain_record(value) if attrs.has(type(value)) else value


def _number(value: Decimal) -> int | float | str:
    """A decimal as the JSON number that is equal to it, or as text where none is."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
