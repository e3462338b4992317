"""Fill in what a conformance case expects and exercises, and write the files in one form.

    python tests/conformance_fill.py [FILE ...]

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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oracle import oracle

import mrecist
from mrecist._base.words import YesNo
from mrecist.patient.assessment import Assessment, LineAssessment, TimepointAssessment
from mrecist.patient.new_lesions import adjudication, detection
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.new_lesions import RECURRENCE

Document = dict[str, Any]

WIDTH = 110
FOLDER = Path(mrecist.__file__).parent / "conformance" / "cases"
KEYS = ("id", "reason", "source", "criteria", "rules", "case", "text", "expect", "errors")
LINE = (
    "line", "start", "baseline", "targets", "nontargets", "baseline_total_mm", "timepoints",
    "best_response", "confirmed_best_response", "progression", "exposure", "rechallenge_of",
    "problems",
)  # fmt: skip
TIMEPOINT = (
    "date", "day", "total_mm", "nadir_mm", "target", "nontarget", "new_lesion", "computed",
    "reported", "agrees", "response", "source", "problems",
)  # fmt: skip


def exercised(assessment: Assessment) -> set[str]:
    """The ids of all rules that fired, and the names of the problems."""
    found = {word for line in assessment.lines for word in line.problems.words}
    found.update(assessment.problems.words)
    for line in assessment.lines:
        found.update(_of_line(line))
        for timepoint in line.timepoints:
            found.update(timepoint.problems.words)
            found.update(_of_timepoint(timepoint))
    return found


def _of_line(line: LineAssessment) -> Iterator[str]:
    facts = line.facts
    yield from (line.best_rule.id, line.confirmed_rule.id, line.re_exposure.rule.id)
    if facts.baseline is not None:
        sights = facts.chart.sights[facts.baseline]
        yield from (sight.rule.id for sight in sights)
        yield from (rule.id for rule in facts.roles.at_baseline)
        yield from (rule.id for rule in facts.roles.fitness)


def _of_timepoint(timepoint: TimepointAssessment) -> Iterator[str]:
    facts, place = timepoint.line, timepoint.place
    chart, roles = facts.chart, facts.roles
    yield from timepoint.rules
    yield timepoint.standing.id
    yield RECURRENCE.decide(timepoint.response).id
    yield from (rule.id for rule in timepoint.nontarget_lesion_rules)
    yield from (chart.sights[place][i].rule.id for i in (*roles.targets, *roles.nontargets))
    if facts.baseline is None:
        return
    for i in roles.candidates:
        found = detection(chart, facts.baseline, place, i)
        yield found.id
        if found.verdict is YesNo.YES:
            yield chart.sights[place][i].rule.id
    for new in facts.news:
        if new.first <= place:
            yield adjudication(chart, new, place).id


def answers(document: Document, criteria: str) -> Document:
    """The assessment that the package and the oracle agree on; raises where they do not."""
    from mrecist.conformance import differences

    package = mrecist.to_assessment(mrecist.assess(mrecist.from_case(document), criteria=criteria))
    other: Document = oracle(document, criteria)
    found = differences(other, package)
    if found:
        raise AssertionError("\n".join(map(str, found)))
    return other


def expectation(document: Document, criteria: str) -> Document:
    """What a case expects: every verdict, without what only repeats the case."""
    answer = answers(document, criteria)
    kept = {"lines": [_line(line, len(answer["lines"])) for line in answer["lines"]]}
    return {**kept, "problems": answer["problems"]} if answer["problems"] else kept


def _line(line: Document, lines: int) -> Document:
    kept = {key: line[key] for key in LINE}
    kept["timepoints"] = [_timepoint(each) for each in line["timepoints"]]
    if lines == 1:
        del kept["line"], kept["start"]
    return kept


def _timepoint(timepoint: Document) -> Document:
    kept = {key: timepoint[key] for key in TIMEPOINT}
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
        patient = mrecist.from_case(case["case"])
        assessed = mrecist.assess(patient, criteria=case["criteria"])
        by_hand |= exercised(assessed)
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
