"""The quick sample: generated charts with the oracle's answers, and the same as a cohort.

Made once for a run, by the package as it stands, and read by `check.py` for every mutant.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

from mrecist import conformance

from .check import columns

TESTS = Path(__file__).parents[1]
CRITERIA = ("mrecist", "mrecist-5mm", "recist-1.1")
SEED = 20100210


def written(path: Path, size: int) -> None:
    """Write a sample of `size` charts, and of the cohort that they are, to a file."""
    sys.path.insert(0, str(TESTS))
    from support.oracle import oracle

    drawn = _drawn(size)
    worked = [case for case in conformance.cases() if case.expect is not None]
    charts = [(each, {name: oracle(each, name) for name in CRITERIA}) for each in drawn]
    charts += [(each.document, {each.criteria: each.expect}) for each in worked]
    cohort = _as_cohort([document for document, _ in charts])
    path.write_bytes(pickle.dumps({"charts": charts, "cohort": cohort}))


def _drawn(size: int) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from mrecist.testing.strategies import case_documents

    drawn: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case_documents())
    def gather(document: Any) -> None:
        drawn.append(document)

    gather()
    return drawn


def _as_cohort(documents: list[Any]) -> dict[str, Any]:
    """The charts as tables, with the answers, which are those of the oracle."""
    from support.cohort_tables import cohort_of, expected, rows_of, sayable_cohort

    from mrecist import assess_cohort

    cohort = cohort_of(sayable_cohort(documents))
    answers = {}
    for name in CRITERIA:
        found = assess_cohort(**cohort.tables, criteria=name)
        timepoints, lines = cohort.out(lambda each, name=name: expected(each, name))
        told = [{key: row[key] for key in row if key != "rules"} for row in timepoints]
        rows = rows_of(found.timepoints)
        if [{key: row[key] for key in row if key != "rules"} for row in rows] != told:
            raise SystemExit(f"time points by {name}: assess_cohort differs from the oracle")
        if [_but_agents(row) for row in rows_of(found.lines)] != [
            _but_agents(row) for row in lines
        ]:
            raise SystemExit(f"lines by {name}: assess_cohort differs from the oracle")
        answers[name] = columns(found)
    return {**cohort.tables, "answers": answers}


def _but_agents(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in row if key != "agents"}
