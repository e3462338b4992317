"""What refers to nothing in a case document of which some records cannot be read.

An id or a date that cannot be read is as if it were not there; of a list that cannot be read as a
whole nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._choices import Document

__all__ = ["dangling"]


def dangling(document: Document) -> Iterator[str]:
    """The paths of references to lesions and time points that are not there."""
    lesions, timepoints = document.get("lesions"), document.get("timepoints")
    if isinstance(lesions, list):
        ids = {
            each["id"] for each in lesions if isinstance(each, dict) and _is_name(each.get("id"))
        }
        for path, name in _lesions_named(document):
            if _is_name(name) and name not in ids:
                yield path
    if isinstance(timepoints, list):
        dates = [each.get("date") for each in timepoints if isinstance(each, dict)]
        for path, line in _records(document, "lines"):
            day = line.get("baseline")
            if _is_date(day) and day not in [date for date in dates if _is_date(date)]:
                yield f"{path}.baseline"
        yield from _merged_unseen(document)


def _records(document: Document, name: str) -> Iterator[tuple[str, Document]]:
    """The records of a list that can be read, each with its path."""
    records = document.get(name)
    for i, record in enumerate(records if isinstance(records, list) else []):
        if isinstance(record, dict):
            yield f"{name}[{i}]", record


def _lesions_named(document: Document) -> Iterator[tuple[str, Any]]:
    for path, lesion in _records(document, "lesions"):
        yield f"{path}.part_of", lesion.get("part_of")
    for path, timepoint in _records(document, "timepoints"):
        for inner, finding in _records(timepoint, "findings"):
            yield f"{path}.{inner}.lesion", finding.get("lesion")
            yield f"{path}.{inner}.into", finding.get("into")
    for name, keys in (("lines", ("targets", "nontargets")), ("procedures", ("lesions",))):
        for path, record in _records(document, name):
            for key in keys:
                named = record.get(key)
                for i, lesion in enumerate(named if isinstance(named, list) else []):
                    yield f"{path}.{key}[{i}]", lesion


def _merged_unseen(document: Document) -> Iterator[str]:
    """Merging into lesions of the case that the visit does not record, as far as can be told."""
    timepoints = list(_records(document, "timepoints"))
    unsure = [each for _, each in timepoints if not _is_visit(each.get("visit"))]
    for path, timepoint in timepoints:
        visit = timepoint.get("visit")
        if timepoint in unsure:
            continue
        together = [
            each
            for _, each in timepoints
            if each is timepoint or (visit and _is_same(each.get("visit"), visit))
        ]
        if not all(isinstance(each.get("findings"), list) for each in together):
            continue
        seen = {
            finding["lesion"]
            for each in (*together, *(unsure if visit else ()))
            for _, finding in _records(each, "findings")
            if _is_name(finding.get("lesion"))
        }
        for inner, finding in _records(timepoint, "findings"):
            if _is_name(finding.get("into")) and finding["into"] not in seen:
                yield f"{path}.{inner}.into"


def _is_visit(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() != "")


def _is_same(value: Any, visit: str) -> bool:
    return isinstance(value, str) and value.strip() == visit.strip()


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_date(value: Any) -> bool:
    is_day = isinstance(value, int) and not isinstance(value, bool)
    return is_day or (isinstance(value, str) and len(value) == 10)
