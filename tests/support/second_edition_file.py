"""Write the small charts of the second edition as conformance cases.

    PYTHONPATH=tests python -m support.second_edition_file

`tests/support/conformance_fill.py` then adds the rules that fire.
"""

from __future__ import annotations

import json

from .oracle import oracle
from .rows import Document, M, chart_of
from .second_edition_rows import ROWS

UNTOLD = {"agents", "drug_free_days", "lines_between"}
"""What the oracle answers and a case of these does not expect."""


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
            if key not in UNTOLD and not (single and key in ("line", "start"))
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
    from support.conformance_fill import FOLDER, written

    path = FOLDER / "second-edition.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else []
    rules = {case["id"]: case["rules"] for case in before}
    cases = [{**case, "rules": rules.get(case["id"], [])} for case in conformance_cases()]
    path.write_text(written(cases), "utf-8")


if __name__ == "__main__":
    main()
