"""Laws of lines of therapy: each has its own time points, and nothing leaks between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .._base.words import NewRule
from ..rulebook.criteria import Criteria
from ._answers import lines_alike
from ._changes import Document, dates_of, day_of, like, unused_id, with_lesion, with_timepoints
from ._law import Law, Trial, Wrong
from ._laws_of_new_lesions import equivocal_at, looks_at

__all__ = ["LINES", "WINDOWS"]


def _ordered(case: Document) -> list[Document]:
    return sorted(case["lines"], key=lambda line: day_of(line["start"]))


# --- the time points of a line -------------------------------------------------------------------


def _lines(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    yield Trial(changed="nothing", check=_time_points_of(case))
    if any(line.get("baseline") is not None for line in case["lines"]):
        return
    lines = _ordered(case)
    starts = [line["start"] for line in lines]
    for k, line in enumerate(lines):
        for date in dates_of(case):
            if date in starts:
                continue
            moved = {key: value for key, value in line.items() if key != "stop"} | {"start": date}
            changed = case | {"lines": [*lines[:k], moved, *lines[k + 1 :]]}
            yield Trial(
                changed=f"the line of {line['start']} starts on {date}",
                case=changed,
                check=_time_points_of(changed),
            )


def _time_points_of(case: Document) -> Callable[[Document, Document], None]:
    """Section 2: the baseline, and what follows it up to the start of the next line."""
    lines = _ordered(case)

    def check(_: Document, answer: Document) -> None:
        for k, line in enumerate(lines):
            ends = [following["start"] for following in lines[k + 1 : k + 2]]
            baseline = line.get("baseline")
            if baseline is None:
                before = [date for date in dates_of(case) if date <= line["start"]]
                showing = [date for date in before if _shows(case, date)]
                baseline = (showing or before or [None])[-1]
            wanted = [
                date
                for date in dates_of(case)
                if all(date <= end for end in ends) and (baseline is None or date > baseline)
            ]
            given = answer["lines"][k]
            found = [row["date"] for row in given["timepoints"]]
            if (given["baseline"], found) != (baseline, wanted):
                must = f"baseline must be {baseline} and follow-ups {wanted}, they are {found}"
                raise Wrong(f"line {k + 1}", must, given, given)

    return check


def _shows(case: Document, date: Any) -> bool:
    """Whether a time point records some lesion as more than absent or not evaluable."""
    return any(
        finding.get("status") not in ("absent", "not evaluable")
        for timepoint in case["timepoints"]
        if timepoint["date"] == date
        for finding in timepoint["findings"]
    )


LINES = Law(
    name="each line has its own time points",
    sentence="Lines go by their start. The baseline is the one named, else the latest time point "
    "up to the start that shows a lesion, else the latest; follow-ups come after it, up to and "
    "including the start of the next line.",
    rules=("RD-SHARED-SCAN", "RD-WINDOW", "RD-NO-BASELINE", "RD-BASELINE"),
    trials=_lines,
)


# --- what lies outside them ----------------------------------------------------------------------


def _windows(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    yield from _rewritten(case, answer)
    yield from _other_lines(case)
    yield from _seen_outside(case, answer, criteria)


def _rewritten(case: Document, answer: Document) -> Iterator[Trial]:
    """All time points after a line's window say something else, and those before it.

    Before it only of lesions that the baseline records: of others they tell what was known.
    """
    lesions = [lesion["id"] for lesion in case["lesions"]]
    for k, line in enumerate(answer["lines"]):
        window = [line["baseline"], *(row["date"] for row in line["timepoints"])]
        window = [date for date in window if date is not None]
        if not window or {*window} >= {*dates_of(case)}:
            continue
        told = f"{window}, the window of line {k + 1}"
        for status in ("absent", "progressed", "not evaluable"):
            yield Trial(
                changed=f"after {told}, all lesions are {status}, biopsies positive, and PD is "
                "reported",
                case=with_timepoints(case, _after(window), _become(lesions, status)),
                check=_same_line(k, k),
            )
            if _shows(case, window[0]):  # else one before that shows something is the baseline
                yield Trial(
                    changed=f"before {told}, all lesions that the baseline records are {status}, "
                    "biopsies positive, and PD is reported",
                    case=with_timepoints(
                        case, _before(window), _become(_recorded(case, window[0]), status)
                    ),
                    check=_same_line(k, k),
                )


def _after(dates: list[Any]) -> Callable[[Any], bool]:
    return lambda each: bool(each > max(dates))


def _before(dates: list[Any]) -> Callable[[Any], bool]:
    return lambda each: bool(each < min(dates))


def _recorded(case: Document, date: Any) -> list[str]:
    """The lesions that a date records as evaluable, and whose earlier sizes bound no later one."""
    findings = {
        each["date"]: {finding["lesion"]: finding.get("status") for finding in each["findings"]}
        for each in case["timepoints"]
    }
    bounded = {
        lesion for said in findings.values() for lesion, word in said.items() if word == "too small"
    }
    there = {lesion for lesion, word in findings[date].items() if word != "not evaluable"}
    return sorted(there - bounded)


def _become(lesions: list[str], status: str) -> Callable[[Document], Document]:
    """Time points that say something else of lesions; proof by cytology alone may matter."""

    def changed(timepoint: Document) -> Document:
        kept = [each for each in timepoint["findings"] if each["lesion"] not in lesions]
        proofs = {each["lesion"]: each.get("cytology") for each in timepoint["findings"]}
        findings = [
            {"lesion": each, "status": status, "biopsy": "positive", "cytology": proofs.get(each)}
            for each in lesions
        ]
        return {"findings": [*kept, *findings], "reported": "PD"}

    return changed


def _other_lines(case: Document) -> Iterator[Trial]:
    """Only the start of the next line matters to a line."""
    lines = _ordered(case)
    for k in range(len(lines)):
        kept = lines[k : k + 2]
        if kept != lines:
            yield Trial(
                changed=f"all lines left out but line {k + 1} and the next",
                case=case | {"lines": kept},
                check=_same_line(k, 0),
            )
    days = [day_of(date) for date in dates_of(case)] + [day_of(line["start"]) for line in lines]
    more = {"agents": ["sorafenib"], "start": like(lines[0]["start"], max(days) + 7)}
    for k in range(len(lines)):
        yield Trial(
            changed=f"one more line, from {more['start']}",
            case=case | {"lines": [*case["lines"], more]},
            check=_same_line(k, k),
        )


def _seen_outside(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    """A candidate of the last follow-up that only other lines have proof of."""
    doubtful: Document = {"status": "present", "equivocal": True}
    seen: list[tuple[Document, Document, Document]] = [
        ({"organ": "bone", "kind": "other"}, doubtful, {"status": "present"})
    ]
    if criteria.new_liver_nodule is NewRule.HCC:
        small = {"viable_mm": 6, "longest_mm": 6}
        proof = {"viable_mm": 40, "longest_mm": 40, "pattern": "typical", "biopsy": "positive"}
        seen.append(({"organ": "liver", "kind": "nodule"}, small, proof))
    for k, line in enumerate(answer["lines"]):
        dates = [row["date"] for row in line["timepoints"]]
        if line["baseline"] is None or not dates or not looks_at(case, line, dates[-1]):
            continue
        for date in [each for each in dates_of(case) if each > dates[-1]]:
            for kind, first, proof in seen if dates[-1] > line["start"] else ():
                lesion = {"id": unused_id(case)} | kind
                yield Trial(
                    changed=f"{lesion['id']} ({kind['kind']}, {kind['organ']}) is doubtful on "
                    f"{dates[-1]} and proven on {date}, outside the window of line {k + 1}",
                    case=with_lesion(case, lesion, [(dates[-1], first), (date, proof)]),
                    check=equivocal_at(k, len(dates) - 1),
                )


def _same_line(k: int, then: int) -> Callable[[Document, Document], None]:
    def check(before: Document, after: Document) -> None:
        lines_alike(before["lines"][k], after["lines"][then], f"line {k + 1}")

    return check


WINDOWS = Law(
    name="windows do not leak",
    sentence="A line is judged by its baseline and the follow-ups up to the start of the next "
    "line; nothing later moves it, and nothing earlier but proof by cytology and what it tells of "
    "lesions that the baseline does not record.",
    rules=("RD-WINDOW", "RD-PROOF", "RD-NADIR-BASELINE", "RD-KNOWN", "RD-WORKUP"),
    trials=_windows,
)
