"""Charts of every sort, a hundred in one table: cohort, one patient and oracle say the same.

The charts are those of `support/charts.py`: visits, work-ups, fragments, merged lesions, silence,
local treatment, effusions proved late, new nodules of every pattern.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
from support.charts import chart
from support.cohort_tables import Cohort, cohort_of, expected_by_assess, rows_of, sayable_cohort
from support.profiles import thorough_only

import mrecist
from mrecist import progression_pattern

CHARTS = 120
BATCHES = (0, 1, 2)
every_criteria = pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
every_batch = pytest.mark.parametrize("batch", BATCHES)


@cache
def drawn(batch: int) -> Cohort:
    """Charts that tables can say, under names of their own."""
    seeds = range(batch * CHARTS, (batch + 1) * CHARTS)
    return cohort_of(sayable_cohort([chart(Random(seed)) for seed in seeds]))


@cache
def assessed(batch: int, criteria: str) -> Any:
    return mrecist.assess_cohort(**drawn(batch).tables, criteria=criteria)


@every_batch
@every_criteria
class TestCharts:
    """What the cohort says of each chart."""

    def test_verdicts(self, batch: int, criteria: str) -> None:
        """Every verdict, rule and problem is that of `assess`."""
        cohort, responses = drawn(batch), assessed(batch, criteria)
        timepoints, lines = cohort.out(lambda each: expected_by_assess(each, criteria))
        assert rows_of(responses.timepoints) == timepoints
        assert rows_of(responses.lines) == lines

    @thorough_only
    def test_patterns(self, batch: int, criteria: str) -> None:
        """Every pattern of progression is that of one line."""
        rows = iter(rows_of(assessed(batch, criteria).patterns()))
        for document in drawn(batch).told:
            assessment = mrecist.assess(mrecist.from_case(document), criteria=criteria)
            for line, row in zip(assessment.lines, rows, strict=False):
                pattern = progression_pattern(line)
                if pattern is None:
                    assert (row["codes"], row["dominant"], row["bclc"]) == (None, None, None)
                else:
                    assert row["codes"] == ";".join(pattern.codes)
                    assert row["dominant"] == pattern.dominant
                    assert row["tumour_in_vein"] == pattern.invasion
                    assert row["bclc"] == pattern.bclc
        assert next(rows, None) is None


def test_confirmed_over_a_partial_examination() -> None:
    """A scan of something else between two responses neither confirms nor breaks one."""
    responses = mrecist.assess_cohort({
        "patient": ["P-001"] * 5,
        "date": [0, 42, 60, 70, 98],
        "lesion": ["S8", "S8", "HEAD", "HEAD", "S8"],
        "organ": ["liver", "liver", "brain", "brain", "liver"],
        "viable_mm": [40, 20, None, None, 20],
        "status": [None, None, "absent", "absent", None],
    })  # fmt: skip
    assert responses.timepoints["problems"].tolist() == [
        "",
        "PARTIAL_EXAMINATION",
        "PARTIAL_EXAMINATION",
        "",
    ]
    assert responses.lines["confirmed_best_response"].tolist() == ["PR"]


def test_visits_whose_dates_interleave() -> None:
    """The examinations of a visit are one time point, whatever lies between them."""
    responses = mrecist.assess_cohort({
        "patient": ["P-001"] * 5,
        "date": [0, 40, 42, 44, 46],
        "visit": ["base", "one", "two", "one", "two"],
        "lesion": ["S8", "S8", "S8", "S4", "S4"],
        "viable_mm": [40, 20, 10, 15, 30],
    })  # fmt: skip
    assert responses.timepoints["date"].tolist() == [40, 42]
    assert responses.timepoints["total_mm"].tolist() == [20, 10]


def test_nodules_elsewhere_without_viable_sizes() -> None:
    """A table without viable sizes has none outside the liver."""
    responses = mrecist.assess_cohort({
        "patient": ["P-001", "P-001"], "date": [0, 56], "lesion": ["L1", "L1"],
        "organ": ["lung", "lung"], "longest_mm": [20, 10],
    })  # fmt: skip
    assert responses.lines["problems"].tolist() == [""]
