"""Charts of every sort, a hundred in one table: cohort, one patient and oracle say the same.

The charts are those of `support/charts.py`: visits, work-ups, fragments, merged lesions, silence,
local treatment, effusions proved late, new nodules of every pattern.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
from cohort_tables import Cohort, cohort_of, expected_by_assess, rows_of, sayable_cohort
from support.charts import chart

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
