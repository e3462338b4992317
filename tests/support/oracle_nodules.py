"""RECICL of a case document, by if-ladders over one nodule after the other.

Written from the specification alone. Areas are whole square micrometres; the baselines and windows
of the lines are those of the other oracle.
"""

from __future__ import annotations

from typing import Any

from .oracle import assessed_lines
from .oracle_chart import Chart, Document, Finding, Visit
from .oracle_line import Line

READ = {"TE1": "PD", "TE2": "SD", "TE3": "PR", "TE4a": "CR", "TE4b": "CR", "NE": "NE"}


def is_seen(finding: Finding | None) -> bool:
    return finding is not None and finding.status not in ("absent", "not evaluable")


def margins(case: Document) -> dict[tuple[Any, str], str | None]:
    """What is said of a margin, by date and lesion."""
    return {
        (timepoint["date"], finding["lesion"]): finding.get("margin")
        for timepoint in case["timepoints"]
        for finding in timepoint["findings"]
    }


def grade(before: Finding, now: Finding, split: bool, margin: str | None) -> tuple[str, set[str]]:
    """The grade of a nodule, and what is odd about it."""
    if split or now.into is not None:
        return "NE", set()
    odd = lacks(before, "longest") | lacks(now, "longest") | lacks(now, "viable")
    b, w, v = before.area("longest"), now.area("longest"), now.area("viable")
    if not now.arterial or not b or w is None:
        return "NE", odd
    if 4 * w > 5 * b:
        return "TE1", set()
    if v is None:
        return "NE", odd
    if v == 0:
        return ("TE4a" if margin == "enough" else "TE4b"), set()
    return ("TE3" if 2 * v <= w or 2 * w <= b else "TE2"), set()


def lacks(finding: Finding, measure: str) -> set[str]:
    """What a finding lacks for an area."""
    if finding.area(measure) is not None or finding.status == "not evaluable":
        return set()
    return {"NO_SIZE"} if finding.sizes[measure] is None else {"NO_PERP"}


def impossible(finding: Finding | None) -> set[str]:
    """What cannot be of the diameters of a finding, though it is written."""
    if finding is None:
        return set()
    odd = {
        "VIABLE_EXCEEDS_WHOLE": finding.exceeds_whole,
        "PERP_EXCEEDS_LONGEST": finding.wider_than_long,
    }
    return {name for name, is_odd in odd.items() if is_odd}


def at_baseline(chart: Chart, line: Line, name: str) -> Finding | None:
    """What the baseline says of a nodule itself; None where it is not there."""
    visit = line.base_record.get(name)
    finding = None if visit is None else visit.findings.get(name)
    return finding if is_seen(finding) else None


def rows_of(case: Document, chart: Chart, line: Line, visit: Visit) -> list[Document]:
    """The grades of the nodules at a follow-up."""
    said, rows = margins(case), []
    for name in nodules(chart):
        before = at_baseline(chart, line, name)
        if before is None or not chart.records(name, visit):
            continue
        now, split = visit.findings.get(name), bool(chart.known_fragments(name, visit))
        word, odd = (
            ("NE", set())
            if now is None
            else grade(
                before,
                now,
                split,
                next(
                    (said[date, name] for _, date in visit.examinations if (date, name) in said),
                    None,
                ),
            )
        )
        rows.append({"lesion": name, "category": word, "grade": word, "read_as": READ[word],
                     "flags": [],
                     "problems": sorted(odd | impossible(before) | impossible(now))})  # fmt: skip
    return rows


def nodules(chart: Chart) -> list[str]:
    return [
        each for each in chart.whole if chart.is_liver_nodule(each) and chart.lesions[each].enhances
    ]


def all_done(chart: Chart, line: Line, visit: Visit, rows: list[Document]) -> bool:
    """Whether each nodule that the line saw by then has TE4, wherever it is."""
    upto = [each for each in line.followups if each.day <= visit.day]
    known = {
        name
        for name in chart.whole
        if chart.lesions[name].kind == "nodule"
        if at_baseline(chart, line, name) is not None
        or any(is_seen(each.findings.get(name)) for each in upto)
    }
    done = {row["lesion"] for row in rows if row["grade"].startswith("TE4")}
    return bool(known) and known <= done


def nodules_graded(case: Document) -> Document:
    """The lines of a case with the grades of RECICL."""
    chart, lines = assessed_lines(case, "mrecist")
    answer = []
    for line in lines:
        timepoints = []
        for visit in line.followups:
            rows = [] if line.baseline is None else rows_of(case, chart, line, visit)
            row = {
                "date": visit.date,
                "day": visit.day - line.start,
                "response": None,
                "lesions": rows,
                "problems": sorted({word for each in rows for word in each["problems"]}),
            }
            if line.baseline is not None and all_done(chart, line, visit, rows):
                row["overall"] = "TE4"
            timepoints.append(row)
        answer.append({
            "line": line.number, "start": line.written["start"],
            "baseline": None if line.baseline is None else line.baseline.date,
            "timepoints": timepoints, "best_response": None,
        })  # fmt: skip
    return {"criteria": "recicl", "lines": answer, "problems": []}
