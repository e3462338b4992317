"""Records out of a document that is taken to be sound: built in one pass, any mistake refused.

A stream of cases is mostly sound. What is refused here is read again by `case.py`, which names
every mistake with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import attrs

from .._base.json_text import Repeated
from ..model import Event, Finding, Lesion, Marker, Patient, Procedure, TherapyLine, Timepoint

__all__ = ["Builder", "trusted"]

Door = Callable[[Any], Any]

REMEMBERED = 1 << 10
"""How many texts of each field are remembered with what they were converted to.

In a stream the same words, dates and ids come again and again. Numbers are not: 1 is equal to true.
"""


class Builder:
    """Builds records of one kind from parsed JSON, as their constructor does, but faster.

    Keys are those of the document, values pass the converters of the record's fields, and a field
    that is left out or null takes its default. Whatever the constructor refuses raises one of
    `CaseError`, `ValueError`, `TypeError`, `KeyError` and `AttributeError`.
    """

    def __init__(self, kind: type, **lists: Builder) -> None:
        self._kind = kind
        self._checked: Callable[[Any], None] = getattr(kind, "__attrs_post_init__", lambda _: None)
        self._defaults: list[tuple[Callable[[Any, Any], None], Any]] = []
        self._ways: dict[str, tuple[Callable[[Any, Any], None], Door, Door]] = {}
        required = []
        for field in attrs.fields(kind):
            alias, door = field.alias or field.name, field.metadata["door"]
            put = getattr(kind, field.name).__set__  # the slot: the record is frozen
            read = _of_list(lists[alias], door) if alias in lists else door
            self._ways[alias] = put, read, lru_cache(maxsize=REMEMBERED)(read)
            if field.default is attrs.NOTHING:
                required.append(alias)
            else:
                self._defaults.append((put, door(field.default)))
        self._required = frozenset(required)

    def __call__(self, document: Mapping[str, Any]) -> Any:
        """The record of a document."""
        if type(document) is Repeated or not self._required <= document.keys():
            raise KeyError("keys given twice, or missing")
        record: Any = object.__new__(self._kind)
        for put, default in self._defaults:
            put(record, default)
        for alias, value in document.items():
            put, door, remembered = self._ways[alias]
            if type(value) is str:
                put(record, remembered(value))
            elif value is not None:
                put(record, door(value))
            elif alias in self._required:
                raise KeyError(alias)
        self._checked(record)
        return record


def _of_list(build: Builder, door: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The converter of a list of documents: JSON has lists, so nothing else is one."""

    def listed(documents: Any) -> Any:
        if not isinstance(documents, list):
            raise TypeError("not a list")
        return door([build(document) for document in documents])

    return listed


_event = Builder(Event)
_patient = Builder(
    Patient,
    lesions=Builder(Lesion),
    timepoints=Builder(Timepoint, findings=Builder(Finding)),
    lines=Builder(TherapyLine, doses=_event),
    markers=Builder(Marker),
    events=_event,
    procedures=Builder(Procedure),
)


def trusted(document: Mapping[str, Any], form: str) -> Patient:
    """The chart of a document of that form without a mistake; any exception says there is one."""
    if type(document) is Repeated or document["format"] != form or "id" in document:
        raise KeyError("format")
    keys = {("id" if key == "patient" else key): value for key, value in document.items()}
    del keys["format"]
    patient: Patient = _patient(keys)
    return patient
