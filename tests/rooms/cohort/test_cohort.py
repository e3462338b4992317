"""A cohort is judged in blocks of whole patients, about as many rows at a time."""

from __future__ import annotations

from itertools import accumulate, permutations
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import CaseError, CohortError
from mrecist.cohort import compiled_blocks
from mrecist.cohort import engine as cohort
from mrecist.tables.clean import Patients


def patients(rows: list[int]) -> Patients:
    """As many patients as numbers, each of so many rows."""
    count = len(rows)
    return Patients(
        ids=np.arange(count),
        bounds=np.array([0, *accumulate(rows)]),
        refused=np.zeros(count, bool),
        calendar=np.zeros(count, np.int8),
    )


def spans(rows: list[int]) -> list[tuple[int, int]]:
    """The blocks of about 20 rows."""
    kept, cohort.BLOCK_ROWS = cohort.BLOCK_ROWS, 20
    try:
        return list(cohort._spans(patients(rows)))
    finally:
        cohort.BLOCK_ROWS = kept


class TestSpans:
    """Each block begins where the last ended, with what a patient costs beside the rows."""

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ([], []),
            ([0], [(0, 1)]),
            ([6, 6], [(0, 2)]),  # 6 + 4 + 6 + 4: just 20
            ([6, 7], [(0, 1), (1, 2)]),  # 21
            ([6, 6, 6, 6, 6], [(0, 2), (2, 4), (4, 5)]),
            ([1, 1, 1, 1, 1], [(0, 4), (4, 5)]),
            ([0, 0, 0, 0, 0, 0], [(0, 5), (5, 6)]),
            ([90], [(0, 1)]),
            ([90, 90, 1, 1], [(0, 1), (1, 2), (2, 4)]),
            ([1, 90, 1], [(0, 1), (1, 2), (2, 3)]),
        ],
        ids=str,
    )
    def test_examples(self, rows: list[int], expected: list[tuple[int, int]]) -> None:
        """A patient counts four rows more; one too large for a block is one by itself."""
        assert spans(rows) == expected

    @given(st.lists(st.integers(0, 40), max_size=30))
    def test_fullest(self, rows: list[int]) -> None:
        """Every patient is in one block, and no block could have held one patient more."""
        whole = [patient for first, last in spans(rows) for patient in range(first, last)]
        assert whole == list(range(len(rows)))
        for first, last in spans(rows):
            costs = [each + 4 for each in rows[first:last]]
            assert last == first + 1 or sum(costs) <= 20
            if last < len(rows):
                assert sum(costs) + rows[last] + 4 > 20


class TestBlocks:
    """A block is a quarter of a million rows, until measured otherwise."""

    def test_size(self) -> None:
        assert cohort.BLOCK_ROWS == 262_144

    def test_threads_have_their_own_traits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is known of lesions is worked out once a thread, not once a block."""
        made: list[Any] = []
        kept = cohort.Traits

        def counted(*facts: Any) -> Any:
            made.append(facts)
            return kept(*facts)

        for module in (cohort, compiled_blocks):
            monkeypatch.setattr(module, "Traits", counted)
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 1)
        table = {
            "patient": ["A", "A", "B", "B", "C"], "date": [0, 1, 0, 1, 0],
            "lesion": ["S8"] * 5, "viable_mm": [20, 10, 20, 30, 40],
        }  # fmt: skip
        found = cohort.assess_cohort(table, workers=1)
        assert found.timepoints["response"].tolist() == ["PR", "PD"]
        assert len(made) == 1


CONTRADICTORY: dict[str, list[Any]] = {
    "patient": ["A", "A", "A", "B", "B"],
    "date": [0, 60, 60, 0, 60],
    "lesion": ["S8", "S8", "S4", "S8", "S8"],
    "viable_mm": [40, 20, 15, 40, 20],
    "arterial_phase": [True, True, False, True, True],
}
"""Rows of A that disagree about a time point, which shows only when they are judged."""


class TestCharts:
    """The chart of a patient is one, in whatever order its rows lie."""

    def test_any_order(self) -> None:
        table = {
            "patient": ["A"] * 4, "date": [60, 0, 60, 0], "lesion": ["S8", "S4", "S4", "S8"],
            "viable_mm": [20, 15, 15, 40],
        }  # fmt: skip
        charts = {
            repr(
                cohort.assess_cohort(
                    {name: [column[row] for row in rows] for name, column in table.items()}
                ).patient("A")
            )
            for rows in permutations(range(4))
        }
        assert len(charts) == 1

    def test_no_line_with_a_baseline(self) -> None:
        """A table of nothing but lines without a baseline is judged, large non-targets and all."""
        responses = cohort.assess_cohort(
            {"patient": ["A"] * 2, "date": [10, 40], "lesion": ["S8"] * 2, "viable_mm": [30, 50]},
            {"patient": ["A"], "start": [0], "agents": ["sorafenib"], "nontargets": ["S8"]},
        )
        assert responses.timepoints["target"].tolist() == ["NE", "NE"]
        assert responses.timepoints["problems"].tolist() == ["", ""]


class TestMistakesFoundInJudging:
    """A mistake that shows only in judging refuses its patient, and no other."""

    def test_collected(self) -> None:
        responses = cohort.assess_cohort(CONTRADICTORY, errors="collect")
        assert set(responses.errors["patient"].tolist()) == {"A"}
        assert responses.lines["patient"].tolist() == ["B"]
        with pytest.raises(CaseError, match="patient A: row 1, arterial_phase: must agree"):
            responses.patient("A")
        assert responses.lines["best_response"].tolist() == ["PR"]

    def test_beside_in_a_later_block(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a block that does not begin the table, the rows of the others stay theirs."""
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 10)
        table = {
            "patient": ["A", "A", "A", "B", "C"], "date": [0, 60, 120, 0, 0],
            "lesion": ["S8", "S8", "S8", "S4", "S2"], "viable_mm": [20, 20, 20, -1, 30],
        }  # fmt: skip
        responses = cohort.assess_cohort(table, errors="collect")
        assert responses.lines["targets"].tolist() == ["S8", "S2"]

    def test_raised(self) -> None:
        with pytest.raises(CohortError, match="arterial_phase"):
            cohort.assess_cohort(CONTRADICTORY)


class TestBesideOnePatient:
    """What asks for a turn of its own in arrays is what `assess` says of the patient."""

    PARTIAL: ClassVar[dict[str, Any]] = {
        "patient": ["A"] * 6 + ["B"] * 6,
        "date": [0, 60, 70, 80, 90, 120] * 2,
        "lesion": ["S8", "S8", "brain", "brain", "S8", "S8"] * 2,
        "organ": ["liver", "liver", "brain", "brain", "liver", "liver"] * 2,
        "longest_mm": [40, 20, None, None, 20, 20, 40, 20, None, None, 38, 20],
        "viable_mm": [40, 20, None, None, 20, 20, 40, 20, None, None, 38, 20],
        "status": [None, None, "absent", "absent", None, None] * 2,
    }
    INTERLEAVED: ClassVar[dict[str, Any]] = {
        "patient": ["A"] * 6,
        "date": [0, 0, 60, 61, 62, 63],
        "lesion": ["S8", "S4", "S8", "S8", "S4", "S4"],
        "viable_mm": [40, 40, 30, 20, 30, 20],
        "arterial_phase": [True, True, True, True, True, False],
        "visit": [None, None, "V1", "V2", "V1", "V2"],
    }

    @pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
    @pytest.mark.parametrize("table", [PARTIAL, INTERLEAVED], ids=["partial", "interleaved"])
    def test_same(self, table: dict[str, Any], criteria: str) -> None:
        responses = cohort.assess_cohort(table, criteria=criteria)
        found = iter(responses.timepoints["response"].tolist())
        for at, patient in enumerate(dict.fromkeys(table["patient"])):
            (line,) = mrecist.assess(responses.patient(patient), criteria=criteria).lines
            assert [next(found) for _ in line.timepoints] == [
                str(each.response) for each in line.timepoints
            ]
            row = {name: column[at] for name, column in responses.lines.items()}
            assert row["best_response"] == line.best_response
            assert row["confirmed_best_response"] == line.confirmed_best_response

    def test_partial(self) -> None:
        """Examinations between two responses that are partial do not part them."""
        responses = cohort.assess_cohort(self.PARTIAL)
        assert responses.lines["confirmed_best_response"].tolist() == ["PR", "SD"]

    def test_interleaved(self) -> None:
        """Rows of visits that lie between each other keep their sizes and arterial phases."""
        responses = cohort.assess_cohort(self.INTERLEAVED)
        assert responses.timepoints["response"].tolist() == ["SD", "NE"]

    def test_outside_without_viable(self) -> None:
        """A nodule outside the liver is odd where its viable size is recorded."""
        table = {"patient": ["A"], "date": [0], "lesion": ["T"], "organ": ["lung"]}
        for measure, problems in (("longest_mm", ""), ("viable_mm", "VIABLE_OUTSIDE_LIVER")):
            sizes = {"longest_mm": [20], measure: [20]}
            assert cohort.assess_cohort(table | sizes).lines["problems"].tolist() == [problems]

    @pytest.mark.parametrize("day", [-1, 30, 61])
    def test_baseline_on_no_day(self, day: int) -> None:
        """A line names a day on which its patient, and not only another, was examined."""
        findings = {
            "patient": ["A", "A", "B", "B"], "date": [0, 60, -1, 30], "lesion": ["S8"] * 4,
            "viable_mm": [20] * 4,
        }  # fmt: skip
        with pytest.raises(CohortError, match="must be the date of a time point"):
            cohort.assess_cohort(findings, {"patient": ["A"], "start": [62], "baseline": [day]})

    def test_empty_cells_of_dates(self) -> None:
        """An arterial phase that only some dates tell of is there at the others."""
        responses = cohort.assess_cohort({
            "patient": ["A"] * 3, "date": [0, 60, 120], "lesion": ["S8"] * 3,
            "viable_mm": [20, 10, 10], "arterial_phase": [None, False, None],
        })  # fmt: skip
        assert responses.timepoints["response"].tolist() == ["NE", "PR"]

    @pytest.mark.parametrize("nontargets", [None, "bone"])
    def test_proved_late(self, nontargets: str | None) -> None:
        """An effusion proved late is a non-target where the line does not name these."""
        findings = {
            "patient": ["A"] * 6, "date": [0, 0, 0, 60, 60, 60],
            "lesion": ["S8", "bone", "pleura"] * 2, "organ": ["liver", "bone", "pleura"] * 2,
            "kind": ["nodule", "other", "effusion"] * 2, "viable_mm": [20, None, None] * 2,
            "status": [None, "present", "present", None, "present", "progressed"],
            "cytology": [None] * 5 + ["positive"],
        }  # fmt: skip
        lines = {"patient": ["A"], "start": [0], "nontargets": [nontargets]}
        responses = cohort.assess_cohort(findings, lines)
        (line,) = mrecist.assess(responses.patient("A")).lines
        for name in ("new_lesion", "nontarget", "response"):
            said = [str(getattr(each, name)) for each in line.timepoints]
            assert responses.timepoints[name].tolist() == said

    def test_ties_in_every_block(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Lesions of one size are taken in the order of their ids in each block."""
        monkeypatch.setattr(cohort, "BLOCK_ROWS", 1)
        ids = ["c", "a", "b"]
        responses = cohort.assess_cohort({
            "patient": np.repeat(np.arange(3), 3), "date": [0] * 9, "lesion": ids * 3,
            "viable_mm": [20] * 9,
        })  # fmt: skip
        assert responses.lines["targets"].tolist() == ["a;b"] * 3


def test_options_are_told_by_name() -> None:
    assert cohort.assess_cohort(findings=CONTRADICTORY, errors="collect")
    with pytest.raises(TypeError, match="positional argument"):
        cohort.assess_cohort(CONTRADICTORY, None, "mrecist")  # type: ignore[misc]


@pytest.mark.parametrize("measure", ["viable_mm", "longest_mm"])
def test_growth_in_the_one_column(measure: str) -> None:
    """A new nodule is compared in the diameter that the table has (RD-GROWTH)."""
    findings = {
        "patient": ["P"] * 5,
        "date": [0, 60, 60, 120, 120],
        "lesion": ["A", "A", "N", "A", "N"],
        measure: [30, 30, 8, 30, 20],
    }
    responses = mrecist.assess_cohort(findings)
    assert responses.timepoints["response"].tolist() == ["PD", "PD"]


@pytest.mark.parametrize(("cell", "told"), [
    (None, "reader: must be given for every row, row 1 is empty"),
    (True, "row 1, reader: must be text"),
])  # fmt: skip
def test_row_of_no_reader(cell: object, told: str) -> None:
    """In tables of readers every row names one; a row that does not is told."""
    findings = {
        "patient": ["P", "P"], "date": [0, 60], "lesion": ["A", "A"], "viable_mm": [30, 30],
        "reader": ["R1", cell],
    }  # fmt: skip
    with pytest.raises(mrecist.CohortError, match=told):
        mrecist.assess_cohort(findings)
