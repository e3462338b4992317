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


class TestSeldom:
    """Turns that charts seldom take: one patient and the cohort take them alike."""

    @staticmethod
    def alike(findings: dict[str, Any], lines: dict[str, Any] | None = None) -> Any:
        responses = mrecist.assess_cohort(findings, lines)
        (patient,) = set(findings["patient"])
        answer = mrecist.assess(responses.patient(patient))
        found = [timepoint for line in answer.lines for timepoint in line.timepoints]
        assert [str(each.response) for each in found] == list(responses.timepoints["response"])
        return responses

    def test_growth_by_one_measure(self) -> None:
        """A nodule that grew by its viable size grew, where its whole size is not told again."""
        findings = {
            "patient": ["P"] * 5, "date": [0, 30, 30, 60, 60], "lesion": ["A", "A", "N", "A", "N"],
            "viable_mm": [30, 30, 6, 30, 17], "longest_mm": [None, None, 6, None, None],
        }  # fmt: skip
        responses = self.alike(findings)
        assert responses.timepoints["new_lesion"].tolist() == ["YES", "YES"]

    def test_lesion_of_the_next_patient(self) -> None:
        """What a line names is looked for among the lesions of its patient."""
        names = [f"L{number}" for number in range(8)]
        findings = {
            "patient": [f"P{number // 2}" for number in range(16)], "date": [0, 30] * 8,
            "lesion": [name for name in names for _ in range(2)], "viable_mm": [30, 20] * 8,
        }  # fmt: skip
        lines = {"patient": ["P0", "P1"], "start": [0, 0], "targets": ["L1", "L1"]}
        with pytest.raises(mrecist.CohortError) as error:
            mrecist.assess_cohort(findings, lines)
        assert [path for path, _ in error.value.mistakes] == ["row 0, lines.targets"]

    def test_nothing_viable_outside(self) -> None:
        """A viable size outside the liver is odd, also one of 0."""
        findings = {
            "patient": ["P"] * 4, "date": [0, 0, 30, 30], "lesion": ["A", "L"] * 2,
            "organ": ["liver", "lung"] * 2, "viable_mm": [30, 0, 20, 0],
            "longest_mm": [None, 20, None, 20],
        }  # fmt: skip
        responses = self.alike(findings)
        assert responses.lines["problems"].tolist() == ["VIABLE_OUTSIDE_LIVER"]

    def test_late_proof_beside_lists(self) -> None:
        """An effusion that is proved late joins no list, the first of the table or a later one."""
        findings = {
            "patient": ["P"] * 9, "date": [0] * 3 + [30] * 3 + [60] * 3, "lesion": list("AEB") * 3,
            "kind": ["nodule", "effusion", "other"] * 3,
            "organ": ["liver", "peritoneum", "bone"] * 3, "viable_mm": [30, None, None] * 3,
            "status": [None, "present", "present"] * 2 + [None, "progressed", "present"],
            "cytology": [None] * 4 + ["positive"] + [None] * 4,
        }  # fmt: skip
        for first, second, progressed in (
            ("B", "A;B", False),
            ("A;B", "B", False),
            (None, None, True),
        ):
            lines = {"patient": ["P", "P"], "start": [0, 1], "agents": ["x", "y"]}
            if first is not None:
                lines |= {"nontargets": [first, second], "targets": [";", ";"]}
            last = self.alike(findings, lines).timepoints["response"][-1]
            assert (last == "PD") == progressed
