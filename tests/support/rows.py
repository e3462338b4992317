"""Small charts written briefly: what a row says, its case document, and how an answer differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]

M, R = "mrecist", "recist-1.1"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A chart, and by criteria the responses at the follow-ups, line by line."""

    id: str
    reason: str
    source: str
    lesions: dict[str, Any]
    """By id: the kind, or more keys. The organ is the liver where none is given."""
    times: dict[int, dict[str, Any]]
    """By day: the findings by lesion (a number: of the size that the kind has), and more keys."""
    lines: list[Document] = field(default_factory=lambda: [{"agents": ["sorafenib"], "start": 0}])
    procedures: list[Document] = field(default_factory=list)
    expect: dict[str, str]
    """Responses; lines stand apart by `|`."""
    new: str | None = None
    problems: dict[str, str] = field(default_factory=dict)
    """By place (`case`, `line 1`, `day 56`): the problems there; none anywhere else."""
    more: dict[str, Any] = field(default_factory=dict)
    """Further keys of the last line."""


def chart_of(row: Row) -> Document:
    """The case document of a row."""
    lesions = {
        name: {"kind": value} if isinstance(value, str) else value
        for name, value in row.lesions.items()
    }
    case: Document = {
        "format": "mrecist-case/1",
        "patient": row.id,
        "lesions": [{"id": name, "organ": "liver", **value} for name, value in lesions.items()],
        "timepoints": [timepoint(day, said, lesions) for day, said in row.times.items()],
        "lines": row.lines,
    }
    return {**case, "procedures": row.procedures} if row.procedures else case


def timepoint(day: int, said: dict[str, Any], lesions: dict[str, Document]) -> Document:
    found = [finding(name, said[name], lesions[name]) for name in said if name in lesions]
    more = {key: value for key, value in said.items() if key not in lesions}
    return {"date": day, "findings": found, **more}


def finding(name: str, said: Any, lesion: Document) -> Document:
    if isinstance(said, str):
        return {"lesion": name, "status": said}
    if isinstance(said, dict):
        return {"lesion": name, **said}
    if lesion["kind"] == "node":
        return {"lesion": name, "short_axis_mm": said}
    in_liver = lesion["kind"] == "nodule" and "organ" not in lesion
    return {"lesion": name, "viable_mm" if in_liver else "longest_mm": said}


def wrong(row: Row, criteria: str, assessment: Document) -> list[str]:
    """What an assessment document says otherwise than a row expects."""
    lines = assessment["lines"]
    said = [[each["response"] for each in line["timepoints"]] for line in lines]
    found = [] if said == listed(row.expect[criteria]) else [f"responses {said}"]
    new = [[each["new_lesion"] for each in line["timepoints"]] for line in lines]
    if row.new is not None and new != listed(row.new):
        found.append(f"new lesions {new}")
    places = problems_by_place(assessment)
    if places != {place: set(words.split()) for place, words in row.problems.items()}:
        found.append(f"problems {places}")
    last = {key: lines[-1][key] for key in row.more}
    return found if last == row.more else [*found, f"{last}"]


def listed(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("|")]


def problems_by_place(assessment: Document) -> dict[str, set[str]]:
    """The problems by place, places without any left out."""
    places = {"case": set(assessment["problems"])}
    for line in assessment["lines"]:
        places[f"line {line['line']}"] = set(line["problems"])
        for each in line["timepoints"]:
            places[f"day {each['date']}"] = set(each["problems"])
    return {place: words for place, words in places.items() if words}
