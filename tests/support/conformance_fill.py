"""Fill in what a conformance case expects and exercises, and write the files in one form.

    python tests/support/conformance_fill.py [FILE ...]

A new case needs `id`, `reason`, `source`, `criteria` and `case` (or `text`). Where the oracle and
the package agree on it, what they say becomes `expect`, and the ids of the rules that fired and of
the problems become `rules`, beside the readings and mistakes that were written there by hand. The
paths of the mistakes of an invalid case are written by hand too: they are its `errors`. Then look
at what was filled in: two implementations that agree may both be wrong.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import mrecist
from mrecist.conformance import differences
from mrecist.conformance._scorecard import PARTS_OF_TABLES
from mrecist.patient.immune_assessment import ImmuneAssessment
from mrecist.patient.lesion_assessment import LesionAssessment
from mrecist.rulebook.decision_table import DecisionTable
from mrecist.rulebook.immune_criteria import IMMUNE_CRITERIA
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.lesion_criteria import LESION_CRITERIA
from support.oracle import oracle
from support.oracle_immune import immune_oracle
from support.oracle_lesions import graded
from support.oracle_nodules import nodules_graded

Document = dict[str, Any]

WIDTH = 110
FOLDER = Path(mrecist.__file__).parent / "conformance" / "cases"
KEYS = ("id", "reason", "source", "criteria", "rules", "case", "text", "expect", "errors")
LINE = (
    "line", "start", "baseline", "targets", "nontargets", "baseline_total_mm",
    "baseline_total_mm2", "timepoints",
    "best_response", "confirmed_best_response", "progression", "exposure", "rechallenge_of",
    "problems",
)  # fmt: skip
TIMEPOINT = (
    "date", "day", "total_mm", "total_mm2", "nadir_mm", "nadir_mm2", "target", "nontarget",
    "new_lesion", "computed", "reported", "agrees", "response", "source", "problems",
)  # fmt: skip


def exercised(document: Document, criteria: str) -> set[str]:
    """The ids of all rules that a table decided on, and the names of the problems."""
    fired = set()
    decide = DecisionTable.decide

    def told(table: DecisionTable[Any], *inputs: Any) -> Any:
        rule = decide(table, *inputs)
        if table.name in PARTS_OF_TABLES:
            fired.add(rule.id)
        return rule

    with mock.patch.object(DecisionTable, "decide", told):
        assessment = mrecist.assess(mrecist.from_case(document), criteria=criteria)
    if isinstance(assessment, LesionAssessment):
        odd = [each.problems for line in assessment.lines for each in line.timepoints]
        return fired.union(*(each.words for each in odd))
    problems = [assessment.problems]
    beneath = assessment.lines
    if isinstance(assessment, ImmuneAssessment):
        problems += [each.problems for line in assessment.lines for each in line.timepoints]
        problems += [line.problems for line in assessment.lines]
        beneath = assessment.base.lines
    for line in beneath:
        facts, roles = line.facts, line.facts.roles
        if beneath is assessment.lines:
            problems += [line.problems, *(each.problems for each in line.timepoints)]
        for each in line.timepoints:
            sights = (facts.sights(each.place, i) for i in (*roles.targets, *each.nontargets))
            fired.update(sight.rule.id for sight in sights)  # silence is decided on once for all
    return fired.union(*(each.words for each in problems))


def answers(document: Document, criteria: str) -> Document:
    """The assessment that the package and the oracle agree on; raises where they do not."""
    package = mrecist.to_assessment(mrecist.assess(mrecist.from_case(document), criteria=criteria))
    other: Document = oracle_by(document, criteria)
    found = differences(other, package)
    if found:
        raise AssertionError("\n".join(map(str, found)))
    return other


def oracle_by(document: Document, criteria: str) -> Document:
    """What the oracle says, also by criteria that grade lesions."""
    if criteria == "recicl":
        nodules: Document = nodules_graded(document)
        return nodules
    if criteria in LESION_CRITERIA:
        answer: Document = graded(document, criteria, oracle(document, "mrecist"))
        return answer
    if criteria in IMMUNE_CRITERIA:
        by_immune: Document = immune_oracle(document, criteria)
        return by_immune
    other: Document = oracle(document, criteria)
    return other


def expectation(document: Document, criteria: str) -> Document:
    """What a case expects: every verdict, without what only repeats the case."""
    answer = answers(document, criteria)
    if criteria in LESION_CRITERIA:
        return {"lines": [_graded(line, len(answer["lines"])) for line in answer["lines"]]}
    kept = {"lines": [_line(line, len(answer["lines"])) for line in answer["lines"]]}
    return {**kept, "problems": answer["problems"]} if answer["problems"] else kept


def _graded(line: Document, lines: int) -> Document:
    kept = {key: line[key] for key in ("line", "start", "timepoints")}
    if lines == 1:
        del kept["line"], kept["start"]
    return kept


def _line(line: Document, lines: int) -> Document:
    kept = {key: line[key] for key in LINE if key in line}
    if "pending" in line:
        kept["pending"] = line["pending"]
    kept["timepoints"] = [_timepoint(each) for each in line["timepoints"]]
    if lines == 1:
        del kept["line"], kept["start"]
    return kept


def _timepoint(timepoint: Document) -> Document:
    kept = {key: timepoint[key] for key in TIMEPOINT if key in timepoint}
    if timepoint.get("new_total_mm") is not None:
        kept["new_total_mm"] = timepoint["new_total_mm"]
    if timepoint["reported"] is None:
        del kept["reported"], kept["agrees"], kept["source"]
    return kept


@functools.cache
def rule_ids() -> set[str]:
    """Every id that a run can work out: of a rule of a table, and of a problem."""
    tables = (table for tables in TABLES.values() for table in tables)
    return {rule.id for table in tables for rule in table.rules} | set(mrecist.Problem.__members__)


def filled(case: Document) -> Document:
    """A case with what it expects and exercises."""
    by_hand = {each for each in case.get("rules", ()) if each not in rule_ids()}
    case = dict(case)
    if "errors" not in case:
        by_hand |= exercised(case["case"], case["criteria"])
        case["expect"] = expectation(case["case"], case["criteria"])
    case["rules"] = sorted(by_hand)
    return {key: case[key] for key in KEYS if key in case}


# ---- one form


def written(cases: list[Document]) -> str:
    """The text of a file of cases: a lesion, a time point or a list of ids a line."""
    return "[\n" + ",\n".join(_block(case, 1) for case in cases) + "\n]\n"


def _block(value: Any, depth: int) -> str:
    """JSON on one line where it is short or plain, the rest item by item."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + depth <= WIDTH or _is_plain(value):
        return " " * depth + flat
    if isinstance(value, list):
        items = [_block(item, depth + 1) for item in value]
        return f"{' ' * depth}[\n" + ",\n".join(items) + f"\n{' ' * depth}]"
    items = [
        f"{' ' * (depth + 1)}{json.dumps(key)}: {_block(item, depth + 1).lstrip()}"
        for key, item in value.items()
    ]
    return f"{' ' * depth}{{\n" + ",\n".join(items) + f"\n{' ' * depth}}}"


def _is_plain(value: Any) -> bool:
    """Whether a value holds no object below its own level."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not any(isinstance(item, dict) for item in items) and not any(
        isinstance(each, (dict, list)) for item in items if isinstance(item, list) for each in item
    )


def main() -> int:
    paths = [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.json"))
    for path in paths:
        cases = json.loads(path.read_text("utf-8"))
        path.write_text(written([filled(case) for case in cases]), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
