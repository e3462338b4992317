"""A second, independent answer to what the specification says, for tests to compare with.

The promise: `oracle(case, criteria)` follows the specification sentence by sentence, with whole
micrometres and plain if-ladders, and shares no code with the library. It is written to be checked
by eye, not to be fast. The case must be valid; nothing is validated here.

`assessed_lines` gives the lines with what was found out about them on the way.
"""

from __future__ import annotations

from .oracle_areas import is_lit_again, response_by_area
from .oracle_chart import MM, Chart, Document, Visit, day_of
from .oracle_line import Line, lines_of
from .oracle_new import fill_in_new_lesions
from .oracle_responses import (
    History,
    best_response,
    conclude,
    confirmed_best_response,
    nontarget_grew,
    nontarget_response,
    overall,
    recurring,
    target_response,
)
from .oracle_roles import (
    add_problems_of_baseline,
    baseline_total,
    fill_in_records,
    fill_in_roles,
    fill_in_visits,
)
from .oracle_sizes import Judge, State, View, is_treated
from .oracle_words import PROCEDURE_NAMES


def oracle(case: Document, criteria: str = "mrecist") -> Document:
    """The assessment document of a valid case, without `why`, `rules` and `notes`.

    `criteria` is a name of `oracle_chart.CRITERIA`.
    """
    chart, lines = assessed_lines(case, criteria)
    return {
        "format": "mrecist-assessment/1",
        "patient": case["patient"],
        "reader": case.get("reader"),
        "criteria": criteria,
        "lines": [line_document(chart, line, lines) for line in lines],
        "problems": problems_of_case(chart),
    }


def assessed_lines(case: Document, criteria: str = "mrecist") -> tuple[Chart, list[Line]]:
    """The chart and its lines, assessed."""
    chart, lines = Chart(case, criteria), lines_of(case)
    for line in lines:
        assess_line(chart, line)
    return chart, lines


def problems_of_case(chart: Chart) -> list[str]:
    outside = any(
        finding.sizes["viable"] is not None
        and chart.lesions[name].kind == "nodule"
        and not chart.is_liver_nodule(name)
        for visit in chart.visits
        for name, finding in visit.findings.items()
    )
    return ["VIABLE_OUTSIDE_LIVER"] if outside else []


# --- one line ------------------------------------------------------------------------------------


def assess_line(chart: Chart, line: Line) -> None:
    """Find out everything about a line, up to its progression."""
    fill_in_visits(chart, line)
    if line.baseline is None:
        line.problems = {"NO_BASELINE"}
        line.targets = [name for name in chart.whole if name in (line.written.get("targets") or ())]
        line.nontargets = [name for name in chart.whole if name in line.named - set(line.targets)]
        assess_without_baseline(chart, line)
    else:
        fill_in_records(chart, line)
        fill_in_roles(chart, line)
        add_problems_of_baseline(chart, line)
        fill_in_new_lesions(chart, line)
        assess_followups(chart, line)
    for row in line.timepoints:
        if row["response"] == "PD" and "PARTIAL_EXAMINATION" not in row["problems"]:
            line.progression = {"date": row["date"], "causes": row["causes"]}
            return


def assess_without_baseline(chart: Chart, line: Line) -> None:
    past: History = []
    for visit in line.followups:
        row = new_row(chart, line, visit)
        row.update(target="NE", nontarget="NE", new_lesion="NO", computed="NE")
        conclude(row, disease=False, past=past)
        add_causes(row, new=False, back=False)
        past.append((visit.day, row["response"]))
        line.timepoints.append(row)


def assess_followups(chart: Chart, line: Line) -> None:
    baseline = nadir = baseline_total(chart, line)
    past: History = []
    for visit in line.followups:
        row = new_row(chart, line, visit)
        add_problems_of_candidates(chart, line, visit, row)
        states = states_of_targets(chart, line, visit, row)
        if states:
            row["total_mm"] = in_mm(chart, total_of(chart, states))
        row["nadir_mm"] = in_mm(chart, nadir)
        if chart.criteria.area is None:
            row["target"] = target_response(
                len(line.targets), list(states.values()), baseline, nadir, chart.criteria.floor
            )
            add_problems_of_targets(row, states, nadir)
        else:
            row["target"] = response_by_area(chart, line, visit, states, baseline, nadir)
        if baseline is not None and len(states) == len(line.targets):
            nadir = min(nadir, total_of(chart, states))
        assess_rest(chart, line, visit, row, states, past)
        line.timepoints.append(row)


def assess_rest(
    chart: Chart, line: Line, visit: Visit, row: Document, states: dict[str, State], past: History
) -> None:
    """Non-targets, new lesions and the response of a follow-up."""
    words = words_of_nontargets(chart, line, visit, row)
    row["nontarget"] = nontarget_response(list(words.values()))
    partial = is_partial(chart, line, visit)
    if partial:
        row["problems"].add("PARTIAL_EXAMINATION")
    new = any(day <= visit.day for day in line.new_from.values())
    back = not partial and bool(recurring(chart, line, states, words, past))
    row["new_lesion"] = "YES" if new or back else "NO"
    if row["new_lesion"] == "NO" and detected_at(line, visit):
        row["new_lesion"] = "EQUIVOCAL"
    row["computed"] = overall(row["target"], row["nontarget"], row["new_lesion"])
    disease = any(not each.gone for each in states.values())
    disease = disease or bool({"PROGRESSED", "PERSISTS"}.intersection(words.values()))
    conclude(row, disease, past)
    add_causes(row, new, back)
    if not partial:
        past.append((visit.day, row["response"]))


def new_row(chart: Chart, line: Line, visit: Visit) -> Document:
    problems = set()
    if any(each.exceeds_whole for each in visit.findings.values()):
        problems.add("VIABLE_EXCEEDS_WHOLE")
    if any(each.wider_than_long for each in visit.findings.values()):
        problems.add("PERP_EXCEEDS_LONGEST")
    return {
        "date": visit.date,
        "day": visit.day - line.start,
        "total_mm": None,
        "nadir_mm": None,
        "reported": visit.reported(chart.criteria.name),
        "problems": problems,
    }


def states_of_targets(chart: Chart, line: Line, visit: Visit, row: Document) -> dict[str, State]:
    """The states of the evaluable targets, by lesion."""
    judge = Judge(chart, line)
    for name in line.targets:
        if judge.is_unsized(name, visit) and not is_treated(chart, line, name, visit):
            row["problems"].add("NO_SIZE")
        if judge.lacks_perpendicular(name, visit) and not is_treated(chart, line, name, visit):
            row["problems"].add("NO_PERP")
    states = {name: judge.target(name, visit) for name in line.targets}
    return {name: state for name, state in states.items() if state is not None}


def total_of(chart: Chart, states: dict[str, State]) -> int:
    """The total of evaluable targets, of lengths or of areas."""
    by_area = chart.criteria.area is not None
    return sum(each.area if by_area else each.size for each in states.values())


def add_problems_of_targets(row: Document, states: dict[str, State], nadir: int | None) -> None:
    if row["target"] == "PD" and sum(each.size for each in states.values()) - nadir < 5 * MM:
        row["problems"].add("RISE_UNDER_5MM")


def words_of_nontargets(chart: Chart, line: Line, visit: Visit, row: Document) -> dict[str, str]:
    """`NE`, `GONE`, `PROGRESSED` or `PERSISTS` by non-target."""
    names = line.nontargets_at(visit)
    words = {name: Judge(chart, line).nontarget(name, visit) for name in names}
    for name, word in words.items():
        if word == "PERSISTS" and is_lit_again(chart, line, name, visit):
            words[name] = "PROGRESSED"
    for name, word in words.items():
        if word != "PROGRESSED" and nontarget_grew(chart, line, name, visit):
            row["problems"].add("NONTARGET_GREW")
    if any(is_treated(chart, line, name, visit) for name in (*line.targets, *names)):
        row["problems"].add("TREATED_ON_STUDY")
    return words


def add_problems_of_candidates(chart: Chart, line: Line, visit: Visit, row: Document) -> None:
    for name in line.candidates:
        if not line.is_candidate(name, visit):
            continue
        if chart.is_judged_by_pattern(name) and has_blind_pattern(name, visit):
            row["problems"].add("PATTERN_WITHOUT_ARTERIAL")
        if chart.is_node(name) and is_unsized_node(chart, line, name, visit):
            row["problems"].add("UNSIZED_NODE")
        if name in line.by_growth_only and line.by_growth_only[name] <= visit.day:
            row["problems"].add("BIOPSY_NEGATIVE")


def has_blind_pattern(name: str, visit: Visit) -> bool:
    """Whether a pattern of arterial enhancement is recorded without arterial phase."""
    finding = visit.findings.get(name)
    if finding is None or finding.arterial:
        return False
    return finding.pattern in ("typical", "atypical")


def is_unsized_node(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    """Whether a node is measured without its short axis."""
    if not chart.is_recorded(name, visit):
        return False
    state = View(chart, "plain", line).whole(name, visit)
    return state.evaluable and state.size is None and state.status == "measured"


def detected_at(line: Line, visit: Visit) -> bool:
    """Whether some candidate is detected that never becomes a new lesion."""
    return any(
        visit in found for name, found in line.detections.items() if name not in line.new_from
    )


def is_partial(chart: Chart, line: Line, visit: Visit) -> bool:
    """Whether a follow-up looked at none of the line's lesions."""
    ours = {*line.targets, *line.nontargets_at(visit)}
    if not ours or not visit.findings or visit.unchanged:
        return False
    if visit.reported(chart.criteria.name) is not None:
        return False
    if any(visit in found for found in line.detections.values()):
        return False
    return not any(chart.root(name) in ours for name in visit.findings)


def add_causes(row: Document, new: bool, back: bool) -> None:
    """The causes of a PD."""
    held = {
        "target": row["target"] == "PD",
        "nontarget": row["nontarget"] == "PD",
        "new lesion": new,
        "recurrence": back,
    }
    causes = [cause for cause, holds in held.items() if holds]
    row["causes"] = ["reported"] if row["source"] == "reported" else causes


# --- the document --------------------------------------------------------------------------------

TIMEPOINT = (
    *("date", "day", "total_mm", "nadir_mm", "target", "nontarget", "new_lesion", "computed"),
    *("reported", "agrees", "response", "source"),
)


def in_mm(chart: Chart, size: int | None) -> float | None:
    """A total in mm, one of areas in mm2."""
    unit = MM if chart.criteria.area is None else MM * MM
    return None if size is None else size / unit


def in_words(chart: Chart, row: Document) -> Document:
    """A time point with the words of its criteria, its totals named by their unit."""
    if chart.criteria.area is None:
        return row
    told = {
        key: chart.criteria.stable_word if row[key] == "SD" else row[key]
        for key in ("computed", "reported", "response")
    }
    areas = {"total_mm2": row["total_mm"], "nadir_mm2": row["nadir_mm"]}
    return {**row, **told, **areas, "total_mm": None, "nadir_mm": None}


def line_document(chart: Chart, line: Line, lines: list[Line]) -> Document:
    """A line as the assessment document has it."""
    past, stable = counted(line), chart.criteria.stable
    best = best_response(past, stable)
    word, earlier = exposure_of(line, lines)
    total = None if line.baseline is None else baseline_total(chart, line)
    return {
        "line": line.number,
        "agents": list(line.written["agents"]),
        "start": line.written["start"],
        "baseline": None if line.baseline is None else line.baseline.date,
        "targets": line.targets,
        "nontargets": line.nontargets,
        **baseline_in_words(chart, total),
        "timepoints": [
            in_words(
                chart,
                {**{key: row[key] for key in TIMEPOINT}, "problems": sorted(row["problems"])},
            )
            for row in line.timepoints
        ],
        "best_response": best,
        "confirmed_best_response": (
            confirmed_best_response(past, stable) if chart.criteria.confirms else best
        ),
        "progression": line.progression,
        "exposure": word,
        "rechallenge_of": None if earlier is None else earlier.number,
        "drug_free_days": days_off(line, earlier),
        "lines_between": None if earlier is None else line.number - earlier.number - 1,
        "problems": sorted(line.problems),
    }


def baseline_in_words(chart: Chart, total: int | None) -> Document:
    """The total at baseline, named by its unit."""
    if chart.criteria.area is None:
        return {"baseline_total_mm": in_mm(chart, total)}
    return {"baseline_total_mm": None, "baseline_total_mm2": in_mm(chart, total)}


def days_off(line: Line, earlier: Line | None) -> int | None:
    """The days from the stop of the line taken up again; negative where it stopped later."""
    if earlier is None or earlier.written.get("stop") is None:
        return None
    return line.start - day_of(earlier.written["stop"])


def counted(line: Line) -> History:
    """The responses up to and including the first PD, partial examinations left out."""
    past: History = []
    for row in line.timepoints:
        if "PARTIAL_EXAMINATION" not in row["problems"]:
            past.append((row["day"], row["response"]))
            if row["response"] == "PD":
                break
    return past


def counted_visits(line: Line, now: Visit) -> History:
    """The days and responses before a visit, partial examinations left out."""
    return [
        (visit.day, row["response"])
        for visit, row in zip(line.followups, line.timepoints, strict=True)
        if visit.day < now.day and "PARTIAL_EXAMINATION" not in row["problems"]
    ]


# --- exposure ------------------------------------------------------------------------------------


def exposure_of(line: Line, lines: list[Line]) -> tuple[str, Line | None]:
    """What a line is, given the lines before it, and the line that it takes up again."""
    last = {
        name: earlier for earlier in lines[: line.number - 1] for name in line.names & earlier.names
    }
    if not last:
        return "first exposure", None
    drugs = [earlier for name, earlier in last.items() if name not in PROCEDURE_NAMES]
    again = max(drugs or last.values(), key=lambda each: each.number)
    if not drugs:
        return "repeat", again
    ended = again.written.get("end_reason")
    if ended is None and again.progression is not None:
        ended = "progression"
    words = {"progression": "rechallenge", "toxicity": "resumption"}
    return words.get(ended, "reintroduction"), again
