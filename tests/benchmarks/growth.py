"""What a row costs in odd shapes of a cohort, small and ten times as large, in processor time.

    python tests/benchmarks/growth.py [SHAPE]

Where the two costs of a shape are alike, time grows with its rows. The last lines are charts of one
patient: `explain` of many lesions, `assess` of many visits.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import mrecist
from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint

Columns = dict[str, Any]


def processor(work: Callable[[], object]) -> float:
    """Seconds of the processor, the less of two runs."""
    taken = []
    for _ in range(2):
        gc.collect()
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def judged(findings: Columns, lines: Columns | None) -> None:
    """A cohort until all its tables are there."""
    found = mrecist.assess_cohort(findings, lines, errors="collect", workers=1)
    for name in ("timepoints", "lines", "notes", "errors"):
        getattr(found, name)


def texts(names: list[str]) -> Any:
    return np.array(names, object)


def sizes(count: int, low: int = 10, high: int = 40) -> Any:
    return np.random.default_rng(count).integers(low, high, count)


def visits_of_one(rows: int) -> tuple[Columns, None]:
    """One patient with a row a visit."""
    return {
        "patient": np.full(rows, 1),
        "date": np.arange(rows),
        "lesion": texts(["A"] * rows),
        "viable_mm": sizes(rows, 20, 25),
    }, None


def visits_with_nontarget(rows: int) -> tuple[Columns, None]:
    """The same with a non-target that is measured."""
    visits = rows // 2
    return {
        "patient": np.full(2 * visits, 1),
        "date": np.repeat(np.arange(visits), 2),
        "lesion": texts(["A", "V"] * visits),
        "kind": texts(["nodule", "thrombus"] * visits),
        "viable_mm": sizes(2 * visits, 20, 25),
        "longest_mm": sizes(2 * visits, 20, 25),
    }, None


def comes_back(rows: int) -> tuple[Columns, None]:
    """One patient whose one lesion is gone and back by turns."""
    return {
        "patient": np.full(rows, 1),
        "date": np.arange(rows),
        "lesion": texts(["A"] * rows),
        "viable_mm": np.arange(1, rows + 1) % 2 * 20,
    }, None


def eight_visits(rows: int) -> tuple[Columns, None]:
    """Eight visits of one lesion."""
    patients = rows // 8
    return {
        "patient": np.repeat(np.arange(patients), 8),
        "date": np.tile(np.arange(8) * 50, patients),
        "lesion": texts(["A"] * (8 * patients)),
        "viable_mm": sizes(8 * patients),
    }, None


def twenty_lines(rows: int) -> tuple[Columns, Columns]:
    """Twenty lines of therapy, forty visits of one lesion."""
    patients = rows // 40
    findings = {"patient": np.repeat(np.arange(patients), 40),
                "date": np.tile(np.arange(40) * 50, patients),
                "lesion": texts(["A"] * (40 * patients)),
                "viable_mm": sizes(40 * patients)}  # fmt: skip
    return findings, {
        "patient": np.repeat(np.arange(patients), 20),
        "start": np.tile(np.arange(20) * 100 + 1, patients),
    }


def unique_ids(rows: int) -> tuple[Columns, None]:
    """Lesions whose ids no other patient has."""
    patients = rows // 16
    ids = texts([f"L{at}" for at in range(2 * patients)])
    lesion = np.repeat(np.arange(patients) * 2, 16) + np.tile([0, 1], 8 * patients)
    return {
        "patient": np.repeat(np.arange(patients), 16),
        "date": np.tile(np.repeat(np.arange(8) * 50, 2), patients),
        "lesion": ids[lesion],
        "viable_mm": sizes(16 * patients),
    }, None


def lesions_of_one(rows: int) -> tuple[Columns, None]:
    """One patient with two visits of many lesions."""
    lesions = rows // 2
    return {
        "patient": np.full(2 * lesions, 1),
        "date": np.repeat([0, 50], lesions),
        "lesion": texts([f"L{at}" for at in range(lesions)] * 2),
        "viable_mm": sizes(2 * lesions),
    }, None


SHAPES: dict[str, tuple[Callable[[int], tuple[Columns, Columns | None]], int]] = {
    "one patient, a row a visit": (visits_of_one, 10_000),
    "the same with a non-target": (visits_with_nontarget, 10_000),
    "CR and disease back": (comes_back, 10_000),
    "8 visits of one lesion": (eight_visits, 80_000),
    "20 lines": (twenty_lines, 40_000),
    "unique lesion ids": (unique_ids, 40_000),
    "one patient, many lesions": (lesions_of_one, 10_000),
}


def foreign(columns: int) -> None:
    """A cohort of two rows with many columns that are not ours."""
    table = {"patient": ["P"] * 2, "date": [0, 50], "lesion": ["A"] * 2, "viable_mm": [20, 10]}
    judged(table | {f"k{at}": [1, 1] for at in range(columns)}, None)


def explained(lesions: int) -> Callable[[], object]:
    ids = [f"L{at}" for at in range(lesions)]
    seen = [
        Timepoint(day, [Finding(each, viable_mm=20 + day % 7) for each in ids]) for day in (0, 50)
    ]
    patient = Patient(
        "P",
        [Lesion(each, "liver", "nodule") for each in ids],
        seen,
        [TherapyLine(["lenvatinib"], 1)],
    )
    assessment = mrecist.assess(patient)
    return lambda: str(mrecist.explain(assessment))


def visited(visits: int) -> Callable[[], object]:
    lesions = [Lesion("A", "liver", "nodule"), Lesion("V", "portal vein", "thrombus")]
    seen = [
        Timepoint(day, [Finding("A", viable_mm=20 + day % 5), Finding("V", longest_mm=20)])
        for day in range(visits)
    ]
    patient = Patient("P", lesions, seen, [TherapyLine(["lenvatinib"], 1)])
    return lambda: mrecist.assess(patient)


def main() -> None:
    """Measure and print."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, (made, rows) in SHAPES.items():
        for count in (rows, 10 * rows) if asked in name else ():
            tables = made(count)
            taken = processor(lambda tables=tables: judged(*tables))
            print(f"{name:28} {count:9,} rows {taken:8.2f} s {taken / count * 1e9:8.0f} ns a row")
    for name, work in (
        ("foreign columns", lambda count: lambda: foreign(count)),
        ("explain lesions", explained),
        ("assess visits", visited),
    ):
        for count in (800, 8000) if asked in name else ():
            taken = processor(work(count))
            print(f"{name:28} {count:9,}      {taken:8.2f} s {taken / count * 1e6:8.1f} us each")


if __name__ == "__main__":
    main()
