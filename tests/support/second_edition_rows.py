"""Small charts that stand for the second edition, one for each thing that it decides anew.

    PYTHONPATH=tests python -m support.second_edition_rows

writes them as conformance cases; `tests/conformance_fill.py` then adds the rules that fire. What is
expected here was worked out by hand, and the oracle must say it too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .oracle import oracle

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


LUNG = {"kind": "nodule", "organ": "lung"}
BRAIN = {"kind": "nodule", "organ": "brain"}
VEIN = {"kind": "thrombus", "organ": "portal vein"}
ASCITES = {"kind": "effusion", "organ": "peritoneum"}
NODE = {"kind": "node", "organ": "mediastinum"}


def viable(size: float, whole: float, **more: Any) -> Document:
    return {"viable_mm": size, "longest_mm": whole, **more}


ROWS = (
    Row(
        id="SE-01",
        reason="a tumour in vein without viable tissue is gone, whatever its whole diameter",
        source="NT-CR",
        lesions={"PV": VEIN},
        times={0: {"PV": viable(20, 20)}, 56: {"PV": viable(0, 20)}},
        expect={M: "CR", R: "NON-CR/NON-PD"},
    ),
    Row(
        id="SE-02",
        reason="a reader's CR does not stand over recorded disease, and no recurrence follows it",
        source="NT-IRSD",
        lesions={"PV": VEIN},
        times={
            0: {"PV": "present"},
            56: {"PV": "present", "reported": "CR"},
            112: {"PV": "present", "reported": "CR"},
        },
        expect={M: "NON-CR/NON-PD NON-CR/NON-PD", R: "NON-CR/NON-PD NON-CR/NON-PD"},
        problems={"day 56": "CR_OVER_DISEASE", "day 112": "CR_OVER_DISEASE"},
        more={"best_response": "NON-CR/NON-PD", "progression": None},
    ),
    Row(
        id="SE-03",
        reason="what was not looked at does not end a CR: disease after it is recurrence",
        source="BOR-09",
        lesions={"S4": "nodule", "PV": VEIN},
        times={
            0: {"S4": viable(30, 30), "PV": "present"},
            56: {"S4": "absent", "PV": "absent"},
            112: {"S4": "absent"},
            168: {"S4": "absent", "PV": "present"},
        },
        expect={M: "CR PR PD", R: "CR PR PD"},
        new="NO NO YES",
        more={"progression": {"date": 168, "causes": ["recurrence"]}},
    ),
    Row(
        id="SE-04",
        reason="a typical pattern holds until another is recorded",
        source="NL-HCC-10",
        lesions={"S4": "nodule", "S7": "nodule"},
        times={
            0: {"S4": 40},
            56: {"S4": 40, "S7": {"viable_mm": 9.6, "pattern": "typical"}},
            112: {"S4": 40, "S7": 11},
            168: {"S4": 40, "S7": 18},
        },
        expect={M: "PD PD PD"},
        new="YES YES YES",
    ),
    Row(
        id="SE-05",
        reason="10 mm of new enhancement in a cavity is tumour without any pattern",
        source="RD-CAVITY",
        lesions={"S4": "nodule", "S7": "nodule"},
        times={
            0: {"S4": 40, "S7": viable(0, 40)},
            56: {"S4": 40, "S7": viable(12, 40)},
            112: {"S4": 40, "S7": viable(25, 40)},
        },
        expect={M: "PD PD"},
        new="YES YES",
    ),
    Row(
        id="SE-06",
        reason="a crescent of 3 mm in a cavity of 40 mm is not 10 mm of tumour",
        source="RD-CAVITY",
        lesions={"S4": "nodule", "S7": "nodule"},
        times={
            0: {"S4": 40, "S7": viable(0, 40)},
            56: {"S4": 40, "S7": viable(3, 40, pattern="typical")},
        },
        expect={M: "SD"},
        new="EQUIVOCAL",
    ),
    Row(
        id="SE-07",
        reason="growth is measured in one measure: 8 mm viable, then 20 mm whole, is none",
        source="NL-HCC-GROW",
        lesions={"S4": "nodule", "S7": "nodule"},
        times={
            0: {"S4": 40},
            56: {"S4": 40, "S7": 8},
            112: {"S4": 40, "S7": viable(8, 20)},
        },
        expect={M: "SD SD"},
        new="EQUIVOCAL EQUIVOCAL",
    ),
    Row(
        id="SE-08",
        reason="growth counts from the first detection that has a size",
        source="NL-HCC-GROW",
        lesions={"S4": "nodule", "S7": "nodule"},
        times={
            0: {"S4": 40},
            56: {"S4": 40, "S7": "present"},
            112: {"S4": 40, "S7": 25},
            168: {"S4": 40, "S7": 36},
        },
        expect={M: "PD PD PD"},
        new="YES YES YES",
    ),
    Row(
        id="SE-09",
        reason="a node without its short axis at baseline is known, neither target nor new",
        source="LN-OTHER-10",
        lesions={"S4": "nodule", "N1": NODE},
        times={
            0: {"S4": 40, "N1": {"longest_mm": 30}},
            56: {"S4": 40, "N1": {"longest_mm": 30}},
        },
        expect={M: "SD"},
        new="NO",
        problems={"line 1": "UNSIZED_NODE NO_SIZE"},
        more={"nontargets": ["N1"]},
    ),
    Row(
        id="SE-10",
        reason="a node that only crosses the line is looked at again",
        source="NL-NODE-5",
        lesions={"S4": {"kind": "nodule"}, "N1": NODE},
        times={0: {"S4": viable(40, 40), "N1": 9.5}, 56: {"S4": viable(40, 40), "N1": 10.5}},
        expect={M: "SD", R: "SD"},
        new="EQUIVOCAL",
    ),
    Row(
        id="SE-11",
        reason="a node that rose by 5.5 mm is new where a second visit shows it again",
        source="NL-NODE-5",
        lesions={"S4": "nodule", "N1": NODE},
        times={
            0: {"S4": viable(40, 40), "N1": 9},
            56: {"S4": viable(40, 40), "N1": 14.5},
            112: {"S4": viable(40, 40), "N1": 14.5},
        },
        expect={M: "PD PD", R: "PD PD"},
        new="YES YES",
    ),
    Row(
        id="SE-12",
        reason="a node that rose by 5.5 mm and is not seen again stays equivocal",
        source="NL-NODE-5",
        lesions={"S4": "nodule", "N1": NODE},
        times={
            0: {"S4": viable(40, 40), "N1": 9},
            56: {"S4": viable(40, 40), "N1": 14.5},
            112: {"S4": viable(40, 40), "N1": 9},
        },
        expect={M: "SD SD", R: "SD SD"},
        new="EQUIVOCAL NO",
    ),
    Row(
        id="SE-13",
        reason="an effusion of size 0 at baseline was not there: malignant fluid is new",
        source="EFF-CYTO",
        lesions={"S4": "nodule", "A": ASCITES},
        times={
            0: {"S4": 40, "A": 0},
            56: {"S4": 40, "A": {"status": "present", "cytology": "positive"}},
        },
        expect={M: "PD"},
        new="YES",
    ),
    Row(
        id="SE-14",
        reason="an unproven effusion that grew by 6 mm counts once its fluid is malignant",
        source="EFF-GREW",
        lesions={"S4": "nodule", "A": ASCITES},
        times={
            0: {"S4": 40, "A": 10},
            56: {"S4": 40, "A": 16},
            112: {"S4": 40, "A": {"longest_mm": 16, "cytology": "positive"}},
        },
        expect={M: "PD PD"},
        new="YES YES",
        problems={"day 112": "NONTARGET_GREW"},
    ),
    Row(
        id="SE-15",
        reason="an effusion that did not grow by 5 mm is not new when proven",
        source="EFF-GREW",
        lesions={"S4": "nodule", "A": ASCITES},
        times={
            0: {"S4": 40, "A": 10},
            56: {"S4": 40, "A": {"longest_mm": 14.9, "cytology": "positive"}},
        },
        expect={M: "SD"},
        new="NO",
    ),
    Row(
        id="SE-16",
        reason="fluid of baseline that is proven later is disease: no CR beside it",
        source="EFF-LATE",
        lesions={"S4": "nodule", "A": ASCITES},
        times={
            0: {"S4": 40, "A": "present"},
            56: {"S4": "absent", "A": {"status": "present", "cytology": "positive"}},
        },
        expect={M: "PR"},
        new="NO",
        more={"nontargets": []},
    ),
    Row(
        id="SE-17",
        reason="growth among normal nodes is no progression where the rest was not seen",
        source="NE-03",
        lesions={"S4": "nodule", "N1": NODE},
        times={
            0: {"S4": viable(30, 30), "N1": 16},
            56: {"S4": "absent", "N1": 7},
            112: {"N1": 9},
        },
        expect={M: "CR NE", R: "CR NE"},
    ),
    Row(
        id="SE-18",
        reason="too small to measure is no growth over 4 mm",
        source="RD-TOO-SMALL",
        lesions={"S4": "nodule"},
        times={0: {"S4": viable(30, 30)}, 56: {"S4": viable(4, 4)}, 112: {"S4": "too small"}},
        expect={M: "PR PR", R: "PR PR"},
    ),
    Row(
        id="SE-19",
        reason="a typical pattern said of an examination without arterial phase is unknown",
        source="NL-HCC-10",
        lesions={"L": LUNG, "S7": "nodule"},
        times={
            0: {"L": 40},
            56: {
                "L": 40,
                "S7": {"longest_mm": 12, "pattern": "typical"},
                "arterial_phase": False,
            },
        },
        expect={M: "SD"},
        new="EQUIVOCAL",
        problems={"day 56": "PATTERN_WITHOUT_ARTERIAL"},
    ),
    Row(
        id="SE-20",
        reason="after a CR a non-target node is back only when it progressed",
        source="BOR-09",
        lesions={"S4": "nodule", "N1": NODE},
        times={
            0: {"S4": viable(40, 40), "N1": 12},
            56: {"S4": "absent", "N1": 8},
            112: {"S4": "absent", "N1": 12},
            168: {"S4": "absent", "N1": {"status": "progressed", "short_axis_mm": 12}},
        },
        expect={M: "CR PR PD", R: "CR PR PD"},
        new="NO NO YES",
    ),
    Row(
        id="SE-21",
        reason="a segment by its Roman number is the liver",
        source="RD-LIVER-WORDS",
        lesions={"S8": {"kind": "nodule", "organ": "segment VIII"}},
        times={0: {"S8": viable(50, 50)}, 56: {"S8": viable(0, 50)}},
        expect={M: "CR", R: "SD"},
    ),
    Row(
        id="SE-22",
        reason="a segment of the lung is not the liver, and its viable size is not read",
        source="RD-LIVER-WORDS",
        lesions={"L": {"kind": "nodule", "organ": "right upper lobe segment 3"}},
        times={0: {"L": viable(50, 50)}, 56: {"L": viable(0, 50)}},
        expect={M: "SD"},
        problems={"case": "VIABLE_OUTSIDE_LIVER"},
    ),
    Row(
        id="SE-23",
        reason="a lesion that the scan between two lines does not mention is known, not new",
        source="RD-KNOWN",
        lesions={"S4": "nodule", "L": LUNG},
        times={
            0: {"S4": viable(30, 30), "L": 20},
            56: {"S4": viable(30, 30), "L": 20},
            112: {"S4": viable(30, 30)},
            168: {"S4": viable(30, 30), "L": 20},
        },
        lines=[{"agents": ["sorafenib"], "start": 0}, {"agents": ["regorafenib"], "start": 114}],
        expect={M: "SD NE | SD", R: "SD NE | SD"},
        new="NO NO | NO",
        problems={"line 2": "UNMENTIONED_AT_BASELINE"},
        more={"targets": ["S4"], "nontargets": ["L"]},
    ),
    Row(
        id="SE-24",
        reason="a lesion that was resected before the line may be new",
        source="RD-KNOWN",
        lesions={"S4": "nodule", "L": LUNG},
        times={
            0: {"S4": viable(30, 30), "L": 20},
            112: {"S4": viable(30, 30)},
            168: {"S4": viable(30, 30), "L": 20},
        },
        lines=[{"agents": ["sorafenib"], "start": 0}, {"agents": ["regorafenib"], "start": 114}],
        procedures=[{"date": 60, "kind": "resection", "lesions": ["L"]}],
        expect={M: "NE | PD", R: "NE | PD"},
        new="NO | YES",
        problems={"day 112": "TREATED_ON_STUDY"},
    ),
    Row(
        id="SE-25",
        reason="the examinations of one work-up are one baseline",
        source="RD-WORKUP",
        lesions={"S4": "nodule", "L": LUNG},
        times={
            0: {"L": 20},
            2: {"S4": viable(40, 40)},
            63: {"S4": viable(20, 20), "L": 10},
        },
        lines=[{"agents": ["sorafenib"], "start": 7}],
        expect={M: "PR", R: "PR"},
        problems={"line 1": "BASELINE_SPREAD"},
        more={"targets": ["S4", "L"], "baseline_total_mm": 60.0},
    ),
    Row(
        id="SE-26",
        reason="the examinations of one visit are one time point, of the first date",
        source="RD-VISIT-DATE",
        lesions={"S4": "nodule", "L": LUNG},
        times={
            0: {"S4": viable(40, 40), "L": 20},
            56: {"L": 10, "visit": "week 8"},
            58: {"S4": viable(20, 20), "visit": "week 8"},
        },
        expect={M: "PR", R: "PR"},
    ),
    Row(
        id="SE-27",
        reason="scans of a part of the body without disease do not stand between two PR",
        source="BOR-08",
        lesions={"S4": "nodule", "B": BRAIN},
        times={
            0: {"S4": viable(40, 40)},
            56: {"S4": viable(20, 20)},
            70: {"B": "absent"},
            84: {"B": "absent"},
            112: {"S4": viable(20, 20)},
        },
        expect={M: "PR NE NE PR", R: "PR NE NE PR"},
        problems={"day 70": "PARTIAL_EXAMINATION", "day 84": "PARTIAL_EXAMINATION"},
        more={"confirmed_best_response": "PR"},
    ),
    Row(
        id="SE-28",
        reason="a target that split is the sum of its fragments",
        source="R11-TS-03",
        lesions={
            "T1": "nodule",
            "T1a": {"kind": "nodule", "part_of": "T1"},
            "T1b": {"kind": "nodule", "part_of": "T1"},
        },
        times={
            0: {"T1": viable(80, 80)},
            56: {"T1a": viable(20, 20), "T1b": viable(30, 30)},
        },
        expect={M: "PR", R: "PR"},
        new="NO",
    ),
    Row(
        id="SE-29",
        reason="the size of a lesion holds that of one which merged into it",
        source="MG-INTO",
        lesions={"T1": "nodule", "T2": "nodule"},
        times={
            0: {"T1": viable(30, 30), "T2": viable(25, 25)},
            56: {"T1": viable(60, 60), "T2": {"into": "T1"}},
            112: {"T1": "absent"},
        },
        expect={M: "SD CR", R: "SD CR"},
    ),
    Row(
        id="SE-30",
        reason="a target that was resected on study can no longer show response",
        source="R11-TS-05",
        lesions={"T1": "nodule"},
        times={0: {"T1": viable(30, 30)}, 56: {"T1": "absent"}},
        procedures=[{"date": 30, "kind": "resection", "lesions": ["T1"]}],
        expect={M: "NE", R: "NE"},
        problems={"day 56": "TREATED_ON_STUDY"},
    ),
    Row(
        id="SE-31",
        reason="a procedure that is the line's own treatment may show response",
        source="LINE-06",
        lesions={"T1": "nodule"},
        times={0: {"T1": viable(30, 30)}, 56: {"T1": "absent"}},
        lines=[{"agents": ["cTACE"], "start": 0}],
        procedures=[{"date": 1, "kind": "DEB-TACE", "lesions": ["T1"]}],
        expect={M: "CR", R: "CR"},
    ),
    Row(
        id="SE-32",
        reason="a reader who could not tell has not seen that there is no disease",
        source="R11-OR-NED",
        lesions={},
        times={0: {}, 56: {"reported": "NE"}, 112: {"reported": "PD"}},
        expect={M: "NE PD", R: "NE PD"},
        more={"best_response": "PD", "progression": {"date": 112, "causes": ["reported"]}},
    ),
    Row(
        id="SE-33",
        reason="a verdict by other criteria says nothing here",
        source="NT-IRSD",
        lesions={"PV": VEIN},
        times={
            0: {"PV": "present"},
            56: {"PV": "present", "reported": {"mrecist": "CR"}},
            112: {"PV": "present", "reported": {"mrecist": "CR"}},
        },
        expect={R: "NON-CR/NON-PD NON-CR/NON-PD"},
    ),
)


# --- what is expected, and the file --------------------------------------------------------------


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


def conformance_cases() -> list[Document]:
    """The rows as conformance cases, with the oracle's answers, without the rules that fire."""
    return [
        {
            "id": name,
            "reason": row.reason,
            "source": row.source,
            "criteria": criteria,
            "rules": [],
            "case": {**chart_of(row), "patient": name},
            "expect": expectation(oracle(chart_of(row), criteria)),
        }
        for row in ROWS
        for criteria in row.expect
        for name in [row.id if criteria == M else f"{row.id}-R11"]
    ]


def expectation(answer: Document) -> Document:
    """What a case expects: every verdict, without what only repeats the case."""
    single = len(answer["lines"]) == 1
    lines = [
        {
            key: value if key != "timepoints" else [expected_timepoint(each) for each in value]
            for key, value in line.items()
            if key != "agents" and not (single and key in ("line", "start"))
        }
        for line in answer["lines"]
    ]
    return {"lines": lines, **({"problems": answer["problems"]} if answer["problems"] else {})}


def expected_timepoint(timepoint: Document) -> Document:
    if timepoint["reported"] is not None:
        return timepoint
    beside = ("reported", "agrees", "source")
    return {key: value for key, value in timepoint.items() if key not in beside}


def main() -> None:
    """Write the file; rules that were filled in stay."""
    from conformance_fill import FOLDER, written

    path = FOLDER / "second-edition.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else []
    rules = {case["id"]: case["rules"] for case in before}
    cases = [{**case, "rules": rules.get(case["id"], [])} for case in conformance_cases()]
    path.write_text(written(cases), "utf-8")


if __name__ == "__main__":
    main()
