"""imRECIST of a case document, written from the specification alone.

Unlike the package, which carries a nadir and a list of joined lesions from scan to scan, each scan
is asked anew what total every scan before it had.
"""

from __future__ import annotations

from .oracle import assessed_lines, line_document, problems_of_case
from .oracle_chart import MM, Chart, Document, Visit, plain_word, visits_of
from .oracle_immune import Scan, is_measurable, look, scans_of, without_reported
from .oracle_line import Line
from .oracle_responses import (
    History,
    best_response,
    confirmed_best_response,
    stands_in,
    target_response,
)
from .oracle_roles import baseline_total
from .oracle_sizes import State


def joined_at(chart: Chart, line: Line, at: Visit) -> dict[str, State | None]:
    """What a scan says of each new lesion that was measurable at some scan up to it."""
    upto = [each for each in line.followups if each.day <= at.day]
    return {
        name: look(chart, line, name, at)
        for name, day in line.new_from.items()
        if any(each.day >= day and is_measurable(chart, line, name, each) for each in upto)
    }


def sizes_at(chart: Chart, line: Line, scan: Scan) -> tuple[list[State], list[State], bool]:
    """The evaluable targets and joined new lesions of a scan, and whether that is all of them."""
    if line.baseline is None or not line.targets:
        return [], [], False
    targets = list(scan.states.values())
    joined = joined_at(chart, line, scan.visit)
    known = [each for each in joined.values() if each and each.evaluable and each.size is not None]
    complete = len(targets) + len(known) == len(line.targets) + len(joined)
    return targets, known, complete


def mm(size: int | None) -> float | None:
    return None if size is None else size / MM


def in_all(states: list[State]) -> int:
    return sum(each.size for each in states)


def word_of(target: str, rest: str, there: bool) -> str:
    """The response; neither non-targets nor new lesions are progression."""
    rest = "NON-CR/NON-PD" if rest == "PD" else rest
    if target == "CR":
        return "CR" if rest in ("CR", "NONE") and not there else "PR"
    if target != "NONE":
        return target
    if there:
        return {"CR": "NON-CR/NON-PD", "NONE": "NE"}.get(rest, rest)
    return "NED" if rest == "NONE" else rest


def joined_line(chart: Chart, line: Line, spoken: dict[int, str | None]) -> list[Document]:
    """The time points of a line, each with its response."""
    scans = scans_of(chart, line, "irecist")
    baseline = None if line.baseline is None else baseline_total(chart, line)
    rows = []
    for place, scan in enumerate(scans):
        before = [sizes_at(chart, line, each) for each in scans[:place]]
        smaller = [in_all(targets + news) for targets, news, complete in before if complete]
        nadir = None if baseline is None else min([baseline, *smaller])
        targets, news, complete = sizes_at(chart, line, scan)
        target, total = scan.target, in_all(targets + news)
        if line.baseline is not None and line.targets:
            count = len(targets) + len(news) + (not complete)
            target = target_response(count, targets + news, baseline, nadir, 5 * MM)
        said = spoken[scan.day]
        computed = "NE"
        if line.baseline is not None:
            computed = word_of(target, scan.nontarget, bool(scan.new))
        stands = stands_in(computed, said)
        row = {
            "total_mm": mm(total) if targets or news else None,
            "nadir_mm": mm(nadir),
            "new_total_mm": mm(in_all(news)) if in_all(news) else None,
            "target": target,
            "new_lesion": scan.word_of_new,
            "computed": computed,
            "reported": said,
            "problems": set(line.timepoints[place]["problems"]),
        }
        if stands and scan.disease and said in ("CR", "NED"):
            stands = False
            row["problems"].add("CR_OVER_DISEASE")
        row["response"] = said if stands else computed
        row["source"] = "reported" if stands else "computed"
        row["agrees"] = None if stands or said is None else said == computed
        if said is not None:
            row["problems"] -= {"PARTIAL_EXAMINATION"}
        rows.append(row)
    return rows


def progression_of(line: Line, rows: list[Document]) -> tuple[Document | None, History]:
    """The first PD that no later scan refutes, and the words up to it: refuted ones are SD."""
    both = [
        (row, visit)
        for row, visit in zip(rows, line.followups, strict=True)
        if "PARTIAL_EXAMINATION" not in row["problems"]
    ]
    past: History = []
    for place, (row, visit) in enumerate(both):
        day, word = visit.day - line.start, row["response"]
        if word != "PD":
            past.append((day, word))
            continue
        later = [
            (other["response"], when)
            for other, when in both[place + 1 :]
            if when.day - visit.day >= 28 and other["response"] != "NE"
        ]
        if later and later[0][0] != "PD":
            past.append((day, "SD"))
            continue
        causes = ["target"] if row["target"] == "PD" else []
        causes += ["reported"] if row["source"] == "reported" else []
        confirmed = later[0][1].date if later else None
        found = {"date": visit.date, "causes": causes, "confirmed": confirmed}
        return found, [*past, (day, "PD")]
    return None, past


def joined_oracle(case: Document, criteria: str = "imrecist") -> Document:
    """The assessment document by `imrecist`, without `why`, `rules` and `notes`."""
    chart, lines = assessed_lines(without_reported(case), "recist-1.1")
    spoken = {}
    for visit in visits_of(case):
        word = plain_word(visit.word)
        spoken[visit.day] = word if word is not None else plain_word(visit.words.get("imrecist"))
    found = []
    for line in lines:
        rows = joined_line(chart, line, spoken)
        line.progression, past = progression_of(line, rows)
        beneath = line_document(chart, line, lines)
        found.append({
            **beneath,
            "timepoints": [
                {**plain, **row, "problems": sorted(row["problems"])}
                for plain, row in zip(beneath["timepoints"], rows, strict=True)
            ],
            "best_response": best_response(past),
            "confirmed_best_response": confirmed_best_response(past),
            "progression": line.progression,
            "pending": None,
        })  # fmt: skip
    return {
        "format": "mrecist-assessment/1",
        "patient": case["patient"],
        "reader": case.get("reader"),
        "criteria": criteria,
        "lines": found,
        "problems": problems_of_case(chart),
    }
