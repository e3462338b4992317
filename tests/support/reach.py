"""How often the strategies reach each rule and problem, and how fast they are.

    python tests/support/reach.py [EXAMPLES]

Counts the rows of every decision table that `mrecist.assess` looks into, by each of the named
criteria, and the problems that it notes, in seeded examples of `patients()`; prints the table that
stands in `mrecist/testing/README.md`: of a thousand examples, how many reach it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import mrecist
from mrecist.rulebook import (
    baseline,
    best_response,
    confirmation,
    examinations,
    new_lesions,
    nontargets,
    overall,
    parts,
    readings,
    sizes,
    therapy,
)
from mrecist.rulebook import criteria as criteria_
from mrecist.rulebook.decision_table import DecisionTable, Rule
from mrecist.testing import strategies

SEED = 20100210

TABLES: tuple[DecisionTable[Any], ...] = (
    sizes.SIZE,
    parts.UNMENTIONED,
    parts.MERGED,
    parts.PARTS,
    parts.TREATED,
    examinations.PARTIAL,
    baseline.BASELINE,
    baseline.KNOWN,
    baseline.TARGET_FIT,
    *(
        table
        for book in (criteria_.MRECIST_RULES, criteria_.MRECIST_5MM_RULES, criteria_.RECIST_RULES)
        for table in (book.target, book.nontarget, book.overall)
    ),
    nontargets.NONTARGET_LESION,
    nontargets.RECURS,
    new_lesions.DETECTED,
    new_lesions.NEW_LESION,
    overall.REPORTED,
    new_lesions.RECURRENCE,
    best_response.BEST,
    confirmation.CONFIRMED,
    therapy.EXPOSURE,
)
"""The tables that a verdict is made of, each row of which some chart fires."""

ROWS = {(table.title, rule.id) for table in TABLES for rule in table.rules}
OF_LESIONS = mrecist.Problem.LR_TR_WITH_SYSTEMIC | mrecist.Problem.ONE_SCAN_AFTER_RADIATION
OF_LESIONS |= mrecist.Problem.NO_MASSLIKE | mrecist.Problem.LATE_CONFIRMATION
OF_LESIONS |= mrecist.Problem.NO_PERP
"""What only criteria that grade lesions, sum areas or confirm progression can find odd."""
PROBLEMS = {("problems", flag.name) for flag in mrecist.Problem if flag not in OF_LESIONS}
READINGS = {
    ("readings", reading.id)
    for table in TABLES
    for rule in table.rules
    for reading in (rule.source, *rule.readings)
    if isinstance(reading, mrecist.Reading)
}
AT_IMPORT = {(parts.UNMENTIONED.title, "NE-01"), ("readings", readings.SILENCE.id)}
"""Decided once, when the package is imported: no chart is seen to fire them."""

EVERYTHING = (ROWS | PROBLEMS | READINGS) - AT_IMPORT

Reached = set[tuple[str, str]]


@contextmanager
def recorded() -> Iterator[Reached]:
    """The rows that fire inside the block, as (title of the table, id of the rule)."""
    fired: Reached = set()
    decide = DecisionTable.decide

    def recording(self: DecisionTable[Any], *inputs: Any) -> Rule[Any]:
        rule = decide(self, *inputs)
        fired.add((self.title, rule.id))
        for reading in (rule.source, *rule.readings):
            if isinstance(reading, mrecist.Reading):
                fired.add(("readings", reading.id))
        return rule

    DecisionTable.decide = recording  # type: ignore[method-assign]
    try:
        yield fired
    finally:
        DecisionTable.decide = decide  # type: ignore[method-assign]


def reached(patient: mrecist.Patient) -> Reached:
    """All that one patient reaches, by any of the named criteria."""
    with recorded() as fired:
        found = mrecist.Problem(0)
        for criteria in (mrecist.MRECIST, mrecist.MRECIST_5MM, mrecist.RECIST_1_1):
            assessment = mrecist.assess(patient, criteria=criteria)
            found |= assessment.problems
            for line in assessment.lines:
                found |= line.problems
                for timepoint in line.timepoints:
                    found |= timepoint.problems
    return (fired & EVERYTHING) | {("problems", word) for word in found.words}


def examples(
    strategy: st.SearchStrategy[Any], count: int, take: Callable[[Any], object], start: int = SEED
) -> None:
    """Hand seeded examples over, one by one."""

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(example: Any) -> None:
        take(example)

    each()


def per_second(strategy: st.SearchStrategy[Any], count: int = 500) -> float:
    """How many examples a strategy makes in a second of one core."""
    begun = time.process_time()
    examples(strategy, count, lambda example: None)
    return count / (time.process_time() - begun)


def examples_until_all_reached(most: int, *, batch: int = 500) -> tuple[int, Reached]:
    """How many `patients()` it takes, in batches, to reach everything; and what `most` left out."""
    left = set(EVERYTHING)
    for count in range(batch, most + 1, batch):
        examples(
            strategies.patients(),
            batch,
            lambda patient: left.difference_update(reached(patient)),
            SEED + count,
        )
        if not left:
            break
    return count, left


def main() -> None:
    """Print how many of a thousand patients reach each row, and the speed of each strategy."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    times: Counter[tuple[str, str]] = Counter()
    examples(strategies.patients(), count, lambda patient: times.update(reached(patient)))
    print("| table | reached by so many of 1000 `patients()` |\n| --- | --- |")
    for title in dict.fromkeys([*(table.title for table in TABLES), "problems", "readings"]):
        order = [rule.id for table in TABLES if table.title == title for rule in table.rules]
        names = {name for where, name in EVERYTHING if where == title}
        names = sorted(names, key=lambda name: (order.index(name) if order else 0, name))
        cells = [f"{name} {times[title, name] * 1000 / count:.0f}" for name in names]
        print(f"| {title} | {', '.join(cells)} |")
    print("\n| strategy | examples a second |\n| --- | --- |")
    for name in strategies.__all__:
        if name.islower():
            print(f"| `{name}()` | {per_second(getattr(strategies, name)()):.0f} |")


if __name__ == "__main__":
    main()
