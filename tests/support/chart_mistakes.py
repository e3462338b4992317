"""What is wrong with a chart, for generators and shrinkers: `mistakes(chart)`, empty where valid.

It checks what generated and shrunk charts could get wrong, not every mistake of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Document = dict[str, Any]

SIZES = ("viable_mm", "longest_mm", "short_axis_mm")


def mistakes(chart: Document) -> list[str]:
    """The mistakes of a chart, each in a few words."""
    parents = {each["id"]: each.get("part_of") for each in chart["lesions"]}
    return [
        *_of_lesions(chart["lesions"]),
        *(word for each in chart["timepoints"] for word in _of_timepoint(each, parents)),
        *_of_visits(chart["timepoints"]),
        *_of_lines(chart, parents),
        *_of_procedures(chart, parents),
    ]


def _has_twice(items: list[Any]) -> bool:
    return len(set(items)) < len(items)


def _of_lesions(lesions: list[Document]) -> Iterator[str]:
    by_id = {each["id"]: each for each in lesions}
    if len(by_id) < len(lesions):
        yield "two lesions with one id"
    for each in lesions:
        if each.get("part_of") is None:
            continue
        parent = by_id.get(each["part_of"])
        if parent is None or parent is each or parent.get("part_of") is not None:
            yield "fragment of nothing"
        elif parent["kind"] != each["kind"]:
            yield "fragment of another kind"


def _of_timepoint(timepoint: Document, parents: dict[str, str | None]) -> Iterator[str]:
    by_lesion = {each["lesion"]: each for each in timepoint["findings"]}
    if len(by_lesion) < len(timepoint["findings"]):
        yield "a lesion twice at a time point"
    for each in timepoint["findings"]:
        if each["lesion"] not in parents:
            yield "finding on an unknown lesion"
        else:
            yield from _of_finding(each, by_lesion, parents)
    if timepoint.get("visit") is not None and not timepoint["visit"].strip():
        yield "visit without a name"


def _of_finding(
    finding: Document, others: dict[str, Document], parents: dict[str, str | None]
) -> Iterator[str]:
    sizes = [Decimal(str(finding[key]).strip()) for key in SIZES if finding.get(key) is not None]
    status, into = finding.get("status"), finding.get("into")
    if any(not 0 <= size <= 1000 for size in sizes):
        yield "size out of range"
    if status in ("absent", "not evaluable") and any(sizes):
        yield "size of what is not there"
    if into is not None and not _may_merge(finding["lesion"], into, others, parents):
        yield "into what it cannot be"
    if (status is not None or bool(sizes)) is (into is not None):
        yield "neither status nor size nor into, or both"


def _may_merge(
    name: str, into: str, others: dict[str, Document], parents: dict[str, str | None]
) -> bool:
    if into == name or into not in others or others[into].get("into") is not None:
        return False
    return parents.get(name) != into and parents.get(into) != name


def _of_visits(timepoints: list[Document]) -> Iterator[str]:
    if _has_twice([each["date"] for each in timepoints]):
        yield "two time points with one date"
    visits: dict[str, list[Document]] = {}
    for each in timepoints:
        if each.get("visit") is not None:
            visits.setdefault(each["visit"].strip(), []).append(each)
    for examinations in visits.values():
        if _has_twice([f["lesion"] for each in examinations for f in each["findings"]]):
            yield "a lesion twice at a visit"
        reported = [each["reported"] for each in examinations if each.get("reported") is not None]
        if not _agree(reported):
            yield "verdicts of a visit that differ"


def _agree(reported: list[Any]) -> bool:
    """Whether the verdicts of a visit are one word, or objects that do not contradict."""
    words = {each for each in reported if isinstance(each, str)}
    objects = [each for each in reported if isinstance(each, dict)]
    if words and (objects or len(words) > 1):
        return False
    pairs = {pair for each in objects for pair in each.items()}
    return len(pairs) == len({name for name, _ in pairs})


def _of_lines(chart: Document, parents: dict[str, str | None]) -> Iterator[str]:
    if _has_twice([each["start"] for each in chart["lines"]]):
        yield "two lines with one start"
    dates = {each["date"] for each in chart["timepoints"]}
    for each in chart["lines"]:
        if not each["agents"]:
            yield "line without agents"
        if each.get("stop") is not None and each["stop"] < each["start"]:
            yield "stop before start"
        named = each.get("baseline")
        if named is not None and (named not in dates or named > each["start"]):
            yield "baseline that is none"
        roles = [*(each.get("targets") or ()), *(each.get("nontargets") or ())]
        if _has_twice(roles) or any(parents.get(name, name) is not None for name in roles):
            yield "roles of what cannot have them"


def _of_procedures(chart: Document, parents: dict[str, str | None]) -> Iterator[str]:
    for each in chart.get("procedures") or ():
        names = each.get("lesions") or []
        if not each["kind"] or _has_twice(names) or any(name not in parents for name in names):
            yield "procedure on nothing"
