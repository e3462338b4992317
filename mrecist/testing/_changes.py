"""Case documents with one thing changed; the document that was given is never touched."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

__all__ = [
    "copied",
    "dates_of",
    "day_of",
    "finding_at",
    "lesion_of",
    "like",
    "mm",
    "on",
    "until",
    "unused_id",
    "with_finding",
    "with_lesion",
    "with_timepoints",
]

Document = dict[str, Any]
Date = int | str


def day_of(date: Date) -> int:
    """The whole day of a date, ISO text or study day."""
    return date if isinstance(date, int) else datetime.date.fromisoformat(date).toordinal()


def like(date: Date, day: int) -> Date:
    """A day, written as another date is."""
    return day if isinstance(date, int) else datetime.date.fromordinal(day).isoformat()


def mm(micrometres: int) -> float:
    """A size as a chart has it: the shortest number that is read as these micrometres."""
    return micrometres // 1000 if micrometres % 1000 == 0 else micrometres / 1000


def dates_of(case: Document) -> list[Any]:
    """The dates of the time points in order: both ISO dates and study days sort."""
    return sorted(timepoint["date"] for timepoint in case["timepoints"])


def copied(document: Any) -> Any:
    """A copy of plain JSON values, so that whoever gets it may write into it."""
    if isinstance(document, dict):
        return {key: copied(value) for key, value in document.items()}
    if isinstance(document, list):
        return [copied(item) for item in document]
    return document


def lesion_of(case: Document, name: str) -> Document:
    """A lesion of the chart by its id."""
    return dict(next(lesion for lesion in case["lesions"] if lesion["id"] == name))


def finding_at(case: Document, date: Any, lesion: str) -> Document | None:
    """What the chart records of a lesion on a date, or `None`."""
    for timepoint in case["timepoints"]:
        if timepoint["date"] == date:
            for finding in timepoint["findings"]:
                if finding["lesion"] == lesion:
                    return dict(finding)
    return None


def with_timepoints(
    case: Document, chosen: Callable[[Date], bool], changed: Callable[[Document], Document]
) -> Document:
    """The chart with the time points of some dates changed."""
    timepoints = [
        timepoint | changed(timepoint) if chosen(timepoint["date"]) else timepoint
        for timepoint in case["timepoints"]
    ]
    return case | {"timepoints": timepoints}


def with_finding(case: Document, date: Any, lesion: str, finding: Document | None) -> Document:
    """The chart with another finding of a lesion on a date, or (`None`) without any."""

    def changed(timepoint: Document) -> Document:
        kept = [each for each in timepoint["findings"] if each["lesion"] != lesion]
        return {"findings": kept + ([] if finding is None else [{"lesion": lesion} | finding])}

    return with_timepoints(case, lambda each: each == date, changed)


def with_lesion(
    case: Document, lesion: Document, findings: Iterable[tuple[Any, Document]]
) -> Document:
    """The chart with one more lesion and what some dates record of it."""
    case = case | {"lesions": [*case["lesions"], lesion]}
    for date, finding in findings:
        case = with_finding(case, date, lesion["id"], finding)
    return case


def unused_id(case: Document) -> str:
    """A lesion id that the chart has not."""
    name, taken = "N", {lesion["id"] for lesion in case["lesions"]}
    while name in taken:
        name += "N"
    return name


def until(case: Document, date: Any) -> Document | None:
    """The chart as it was known on a date, or `None` where a line names a later baseline."""
    if any(line.get("baseline") is not None and line["baseline"] > date for line in case["lines"]):
        return None
    kept = [each for each in case["timepoints"] if each["date"] <= date]
    return case | {"timepoints": kept}


def on(date: Any) -> Callable[[Any], bool]:
    """Whether a time point is that of a date."""
    return lambda each: bool(each == date)
