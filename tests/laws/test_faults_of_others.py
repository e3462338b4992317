"""The recurrent faults of other systems, each as an example that they get wrong or an invariant.

One class for each row of the table of recurrent faults; its docstring names the fault.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import (
    MRECIST,
    MRECIST_5MM,
    RECIST_1_1,
    Criteria,
    Finding,
    Lesion,
    LineAssessment,
    Patient,
    TherapyLine,
    Timepoint,
)
from mrecist.testing.strategies import case_documents

CRITERIA = [MRECIST, MRECIST_5MM, RECIST_1_1]
every_criteria = pytest.mark.parametrize("criteria", CRITERIA, ids=lambda each: each.name)
criteria_values = st.sampled_from(CRITERIA)
case_and_criteria = given(case=case_documents(), criteria=criteria_values)


def followed(
    *scans: dict[str, Any] | float | str,
    kinds: dict[str, str] | None = None,
    criteria: Criteria = MRECIST,
    days: list[int] | None = None,
) -> LineAssessment:
    """One line over some scans, 60 days apart from its baseline on day 0.

    A scan gives each lesion a size in mm or a status; a bare value is that of the nodule S8.
    """
    kinds = kinds or {"S8": "nodule"}
    organs = {"nodule": "liver", "node": "mediastinum", "other": "bone"}
    lesions = [Lesion(each, organs[kind], kind) for each, kind in kinds.items()]
    timepoints = []
    for i, scan in enumerate(scans):
        said = scan if isinstance(scan, dict) else {"S8": scan}
        findings = [_finding(kinds[each], each, value) for each, value in said.items()]
        timepoints.append(Timepoint(days[i] if days else 60 * i, findings))
    patient = Patient("P", lesions, timepoints, [TherapyLine(["lenvatinib"], 0)])
    return mrecist.assess(patient, criteria=criteria).lines[0]


def _finding(kind: str, lesion: str, value: Any) -> Finding:
    if isinstance(value, str) and not value[0].isdigit():
        return Finding(lesion, status=value)
    if kind == "node":
        return Finding(lesion, short_axis_mm=value)
    return Finding(lesion, viable_mm=value, longest_mm=value)


def responses(line: LineAssessment) -> list[str]:
    return [str(each.response) for each in line.timepoints]


def lines(case: dict[str, Any], criteria: Criteria) -> tuple[LineAssessment, ...]:
    return mrecist.assess(mrecist.from_case(case), criteria=criteria).lines


class TestBoundary:
    """Float or rounding at the boundary: 14.0 to 9.8 mm is exactly -30 %; -29.96 % is not."""

    @every_criteria
    def test_examples(self, criteria: Criteria) -> None:
        assert responses(followed(14.0, 9.8, criteria=criteria)) == ["PR"]
        assert responses(followed(100, 70.04, criteria=criteria)) == ["SD"]
        assert responses(followed(100, 119.96, criteria=criteria)) == ["SD"]

    def test_sum_of_tenths(self) -> None:
        """Ten thirds of a tenth: 0.1 + 0.2 is 0.3 here."""
        assert 10.1 + 10.2 + 10.7 != 31.0
        kinds = {"A": "nodule", "B": "nodule"}
        line = followed({"A": 20.1, "B": 10.2}, {"A": 14.07, "B": 7.14}, kinds=kinds)
        assert line.baseline_total_um == 30_300
        assert responses(line) == ["PR"]

    @case_and_criteria
    def test_totals_are_exact(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            for each in line.timepoints:
                baseline, nadir, total = line.baseline_total_um, each.nadir_um, each.total_um
                if baseline is None or nadir is None or total is None:
                    continue
                floor = criteria.progression_floor_um
                rose = 5 * total >= 6 * nadir and total > nadir and total - nadir >= floor
                fell = 10 * total <= 7 * baseline
                if str(each.target) == "PR":
                    assert fell and not rose  # noqa: PT018
                if str(each.target) == "SD":
                    assert not fell and not rose  # noqa: PT018
                if str(each.target) == "PD":
                    assert rose


class TestZeroNadir:
    """A zero nadir: PR, SD, a crash, or never PD."""

    @every_criteria
    @pytest.mark.parametrize("regrown", [5.0, 12.0, 50.0])
    def test_regrowth(self, criteria: Criteria, regrown: float) -> None:
        assert responses(followed(50, 0, regrown, criteria=criteria)) == ["CR", "PD"]
        assert responses(followed(50, "absent", regrown, criteria=criteria)) == ["CR", "PD"]

    def test_regrowth_by_target(self) -> None:
        """Not by recurrence alone: the target response is PD too, if the floor allows."""
        line = followed(50, 0, "0.001")
        assert str(line.timepoints[-1].target) == "PD"
        line = followed(50, 0, "4.999", criteria=MRECIST_5MM)
        assert str(line.timepoints[-1].target) == "PR"

    @every_criteria
    def test_still_zero(self, criteria: Criteria) -> None:
        assert responses(followed(50, 0, 0, 0, criteria=criteria)) == ["CR"] * 3

    @every_criteria
    def test_zero_baseline(self, criteria: Criteria) -> None:
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [Timepoint(d, [Finding("S8", viable_mm=v, longest_mm=v)]) for d, v in ((0, 0), (9, 9))],
            [TherapyLine(["x"], 0, targets=["S8"])],
        )
        line = mrecist.assess(patient, criteria=criteria).lines[0]
        assert (line.baseline_total_um, responses(line)) == (None, ["NE"])
        assert "BASELINE_INCOMPLETE" in line.problems.words

    @case_and_criteria
    def test_regrowth_anywhere(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            for each in line.timepoints:
                total = each.total_um or 0
                if each.nadir_um == 0 and total >= max(1, criteria.progression_floor_um):
                    # Small nodes are gone: all of them, or those that were seen.
                    assert str(each.target) in ("PD", "CR" if each.complete else "NE")
                    nodes = len(line.targets) + sum("part_of" in one for one in case["lesions"])
                    assert str(each.target) == "PD" or total < 10_000 * nodes


class TestMissingTarget:
    """A missing target counts as 0, or is dropped."""

    KINDS = {"A": "nodule", "B": "nodule"}  # noqa: RUF012

    @every_criteria
    @pytest.mark.parametrize("unseen", [{}, {"B": "not evaluable"}, {"B": "present"}])
    def test_no_response(self, criteria: Criteria, unseen: dict[str, str]) -> None:
        """Neither 40 against 80 (zero) nor 40 against 40 (dropped)."""
        before, after = {"A": 40, "B": 40}, {"A": 20, **unseen}
        line = followed(before, after, kinds=self.KINDS, criteria=criteria)
        assert responses(line) == ["NE"]
        assert line.timepoints[0].total_um == 20_000

    @every_criteria
    def test_no_complete_response(self, criteria: Criteria) -> None:
        line = followed({"A": 40, "B": 40}, {"A": 0}, kinds=self.KINDS, criteria=criteria)
        assert responses(line) == ["NE"]

    @every_criteria
    def test_progression_all_the_same(self, criteria: Criteria) -> None:
        line = followed({"A": 40, "B": 40}, {"A": 96}, kinds=self.KINDS, criteria=criteria)
        assert responses(line) == ["PD"]

    @every_criteria
    def test_missing_at_baseline(self, criteria: Criteria) -> None:
        patient = Patient(
            "P",
            [Lesion("A", "liver", "nodule"), Lesion("B", "liver", "nodule")],
            [
                Timepoint(0, [Finding("A", viable_mm=40, longest_mm=40)]),
                Timepoint(60, [Finding(each, viable_mm=40, longest_mm=40) for each in ("A", "B")]),
            ],
            [TherapyLine(["x"], 0, targets=["A", "B"])],
        )
        line = mrecist.assess(patient, criteria=criteria).lines[0]
        assert responses(line) == ["NE"]

    @case_and_criteria
    def test_incomplete_is_never_a_response(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            for each in line.timepoints:
                unseen = [n for n in each.lesions if n.role == "target" and n.size_mm is None]
                if unseen:
                    assert str(each.target) in ("NE", "PD")
                    assert str(each.computed) in ("NE", "PD")


class TestProgressionFirst:
    """PR tested before PD: 100, 40, 60 becomes PR."""

    @every_criteria
    def test_example(self, criteria: Criteria) -> None:
        assert responses(followed(100, 40, 60, criteria=criteria)) == ["PR", "PD"]

    @given(
        baseline=st.integers(100, 900),
        nadir=st.integers(10, 60),
        share=st.integers(1, 7),
        criteria=criteria_values,
    )
    def test_any(self, baseline: int, nadir: int, share: int, criteria: Criteria) -> None:
        """Far below the baseline and far above the nadir at once."""
        now = max(baseline * share / 10, nadir * 1.2 + 5)
        assert responses(followed(baseline, nadir, now, criteria=criteria))[-1] == "PD"


class TestNadirNotBaseline:
    """PD judged against baseline, not nadir."""

    @every_criteria
    def test_example(self, criteria: Criteria) -> None:
        assert responses(followed(100, 60, 75, criteria=criteria)) == ["PR", "PD"]
        assert responses(followed(100, 80, 99, criteria=criteria)) == ["SD", "PD"]

    @every_criteria
    def test_response_is_judged_against_baseline(self, criteria: Criteria) -> None:
        """And PR against the baseline, not against the scan before or the nadir."""
        assert responses(followed(100, 80, 71, criteria=criteria)) == ["SD", "SD"]
        assert responses(followed(100, 60, 69, criteria=criteria)) == ["PR", "PR"]


class TestNadirLooksBack:
    """The nadir includes the current, a later, or another reader's visit."""

    @every_criteria
    def test_not_the_current(self, criteria: Criteria) -> None:
        assert responses(followed(100, 120, criteria=criteria)) == ["PD"]

    @every_criteria
    def test_not_a_later(self, criteria: Criteria) -> None:
        assert responses(followed(100, 60, 70, 55, criteria=criteria)) == ["PR", "PR", "PR"]

    @every_criteria
    def test_not_another_line(self, criteria: Criteria) -> None:
        sizes = {0: 100, 60: 40, 120: 50, 180: 49}
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [
                Timepoint(day, [Finding("S8", viable_mm=size, longest_mm=size)])
                for day, size in sizes.items()
            ],
            [TherapyLine(["lenvatinib"], 0), TherapyLine(["sorafenib"], 130)],
        )
        first, second = mrecist.assess(patient, criteria=criteria).lines
        assert responses(first) == ["PR", "PD"]
        assert (second.baseline, second.timepoints[0].nadir_um) == (120, 50_000)
        assert responses(second) == ["SD"]

    @case_and_criteria
    def test_reference(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            for each in line.timepoints:
                assert each.nadir_place is None or each.nadir_place < each.place


class TestNodalCompleteResponse:
    """Nodal CR impossible (sum not 0) or lost."""

    KINDS = {"A": "node", "B": "node", "S8": "nodule"}  # noqa: RUF012

    @every_criteria
    def test_total_above_zero(self, criteria: Criteria) -> None:
        before, after = {"A": 25, "B": 22, "S8": 30}, {"A": 8.9, "B": 8.9, "S8": 0}
        line = followed(before, after, kinds=self.KINDS, criteria=criteria)
        assert responses(line) == ["CR"]
        assert line.timepoints[0].total_um == 17_800

    @every_criteria
    def test_kept_while_normal(self, criteria: Criteria) -> None:
        """Normal nodes that grow by a fifth, under 10 mm, stay a CR."""
        scans = [{"A": size, "B": size, "S8": 0} for size in (5, 9.9, 7)]
        line = followed({"A": 25, "B": 22, "S8": 30}, *scans, kinds=self.KINDS, criteria=criteria)
        assert responses(line) == ["CR", "CR", "CR"]
        assert str(line.confirmed_best_response) == "CR"

    @every_criteria
    def test_node_of_ten_is_not_gone(self, criteria: Criteria) -> None:
        before, after = {"A": 25, "B": 22, "S8": 30}, {"A": 10, "B": 8, "S8": 0}
        assert responses(followed(before, after, kinds=self.KINDS, criteria=criteria)) == ["PR"]


class TestBestResponse:
    """Best response ignores order, or counts visits after PD."""

    @every_criteria
    def test_after_progression(self, criteria: Criteria) -> None:
        line = followed(50, 65, 10, 0, 0, criteria=criteria)
        assert responses(line)[0] == "PD"
        assert str(line.best_response) == str(line.confirmed_best_response) == "PD"

    @every_criteria
    def test_order(self, criteria: Criteria) -> None:
        assert str(followed(50, 10, 65, criteria=criteria).best_response) == "PR"
        assert str(followed(50, 65, 10, criteria=criteria).best_response) == "PD"

    def test_visits_in_any_order(self) -> None:
        """By date, not by the order of the document."""
        for order in itertools.permutations(range(3)):
            scans, days = [50, 65, 10], [0, 60, 120]
            line = followed(*(scans[i] for i in order), days=[days[i] for i in order])
            assert str(line.best_response) == "PD"


class TestConfirmation:
    """Confirmation too lax (SD confirms) or too strict (next visit only, same category only)."""

    @every_criteria
    def test_stable_disease_confirms_nothing(self, criteria: Criteria) -> None:
        line = followed(100, 65, 72, criteria=criteria)
        assert responses(line) == ["PR", "SD"]
        assert str(line.confirmed_best_response) == "SD"
        line = followed(100, 65, 72, 65, criteria=criteria)
        assert str(line.confirmed_best_response) == "SD"

    @every_criteria
    def test_complete_response_confirms_partial(self, criteria: Criteria) -> None:
        line = followed(100, 65, 0, criteria=criteria)
        assert (str(line.best_response), str(line.confirmed_best_response)) == ("CR", "PR")

    @every_criteria
    def test_not_the_next_visit_only(self, criteria: Criteria) -> None:
        line = followed(100, 65, 64, 63, criteria=criteria, days=[0, 50, 64, 78])
        assert str(line.confirmed_best_response) == "PR"
        line = followed(100, 65, "not evaluable", 63, criteria=criteria)
        assert str(line.confirmed_best_response) == "PR"

    @every_criteria
    def test_partial_does_not_confirm_complete(self, criteria: Criteria) -> None:
        """A PR after a CR is a recurrence, not a confirmation."""
        line = followed(100, 0, 20, criteria=criteria)
        assert responses(line) == ["CR", "PD"]
        assert str(line.confirmed_best_response) == "SD"


class TestNonTargets:
    """CR in spite of an unassessed or progressing non-target."""

    KINDS = {"S8": "nodule", "B": "other"}  # noqa: RUF012
    BASELINE = {"S8": 50, "B": "present"}  # noqa: RUF012

    @every_criteria
    @pytest.mark.parametrize(
        ("bone", "response"),
        [
            ({}, "PR"),
            ({"B": "not evaluable"}, "PR"),
            ({"B": "present"}, "PR"),
            ({"B": "progressed"}, "PD"),
            ({"B": "absent"}, "CR"),
        ],
    )
    def test_examples(self, criteria: Criteria, bone: dict[str, str], response: str) -> None:
        line = followed(self.BASELINE, {"S8": 0, **bone}, kinds=self.KINDS, criteria=criteria)
        assert responses(line) == [response]

    @case_and_criteria
    def test_complete_means_all(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            for each in line.timepoints:
                if str(each.computed) == "CR":
                    assert str(each.target) in ("CR", "NONE")
                    assert str(each.nontarget) in ("CR", "NONE")
                    assert str(each.new_lesion) != "YES"
                if str(each.nontarget) == "PD":
                    assert str(each.response) == "PD"


class TestPromises:
    """The text promises a rule (5 mm, confirmation) that the code lacks."""

    def test_floor(self) -> None:
        assert responses(followed(12.5, 15.0)) == ["PD"]
        assert responses(followed(12.5, 15.0, criteria=MRECIST_5MM)) == ["SD"]
        assert responses(followed(12.5, 15.0, criteria=RECIST_1_1)) == ["SD"]

    @every_criteria
    def test_what_the_sentence_says(self, criteria: Criteria) -> None:
        """The limits named in a sentence are the ones that decide."""
        told = followed(20, 21, criteria=criteria).timepoints[0].reasons[0].sentence
        low, high = ("14.0", "24.0" if criteria is MRECIST else "25.0")
        assert f"({low} mm or less)" in told
        assert f"({high} mm or more)" in told
        assert responses(followed(20, low, criteria=criteria)) == ["PR"]
        assert responses(followed(20, high, criteria=criteria)) == ["PD"]

    @every_criteria
    def test_confirmation(self, criteria: Criteria) -> None:
        line = followed(100, 20, criteria=criteria)
        assert (str(line.best_response), str(line.confirmed_best_response)) == ("PR", "SD")


class TestAtLeast:
    """Strict limits where the criteria say "at least"."""

    @every_criteria
    def test_examples(self, criteria: Criteria) -> None:
        assert responses(followed(20, 14, criteria=criteria)) == ["PR"]
        assert responses(followed(30, 36, criteria=criteria)) == ["PD"]
        assert responses(followed(25, 30, criteria=criteria)) == ["PD"]
        assert followed(10, criteria=criteria).targets == ("S8",)
        assert followed({"A": 15}, kinds={"A": "node"}, criteria=criteria).targets == ("A",)
        line = followed(50, 10, 10, criteria=criteria, days=[0, 42, 70])
        assert str(line.confirmed_best_response) == "PR"
        assert str(followed(50, 50, criteria=criteria, days=[0, 42]).best_response) == "SD"

    def test_new_nodule_of_ten(self) -> None:
        new = Finding("N", longest_mm=10, pattern="typical")
        patient = Patient(
            "P",
            [Lesion("N", "liver", "nodule")],
            [Timepoint(0, []), Timepoint(50, [new])],
            [TherapyLine(["x"], 0)],
        )
        assert responses(mrecist.assess(patient).lines[0]) == ["PD"]


class TestWholeBaseline:
    """The first row of a patient taken as the whole baseline."""

    KINDS = {"A": "nodule", "B": "nodule", "C": "node"}  # noqa: RUF012

    @every_criteria
    def test_total(self, criteria: Criteria) -> None:
        scan = {"A": 40, "B": 30, "C": 20}
        line = followed(scan, scan, kinds=self.KINDS, criteria=criteria)
        assert (line.targets, line.baseline_total_um) == (("A", "B", "C"), 90_000)
        assert responses(line) == ["SD"]

    @case_and_criteria
    def test_is_the_sum_of_its_targets(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            sizes = [note.size_mm for note in line.lesions if note.role == "target"]
            if line.baseline_total_um is not None:
                assert sum(round((size or 0) * 1000) for size in sizes) == line.baseline_total_um
            if sizes and None not in sizes and any(sizes):
                assert line.baseline_total_um is not None


class TestNonTargetsAreNotSummed:
    """Of the nearest peer: non-targets in the sum, CR never given, a missing lesion read as 0."""

    @every_criteria
    def test_sum(self, criteria: Criteria) -> None:
        kinds = {"S8": "nodule", "B": "other"}
        patient_scan = {"S8": 20, "B": "present"}
        line = followed(patient_scan, {"S8": 0, "B": "absent"}, kinds=kinds, criteria=criteria)
        assert line.baseline_total_um == 20_000
        assert responses(line) == ["CR"]

    @case_and_criteria
    def test_total_is_that_of_targets(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in lines(case, criteria):
            if line.baseline is None:
                continue
            for each in line.timepoints:
                sizes = [n.size_mm for n in each.lesions if n.role == "target"]
                known = [round(size * 1000) for size in sizes if size is not None]
                assert each.total_um == (sum(known) if known else None)
