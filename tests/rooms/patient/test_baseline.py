"""Roles at baseline: which lesions become targets and non-targets, line by line."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from support.lines import line

from mrecist import (
    MRECIST,
    RECIST_1_1,
    Criteria,
    Finding,
    Lesion,
    Patient,
    Problem,
    TherapyLine,
    Timepoint,
    assess,
)
from mrecist.patient.baseline import Roles
from mrecist.patient.chart import Chart

Sizes = dict[str, Any]
"""Sizes in mm by lesion id; the first letter is the organ: L liver, R and l lung, N node..."""

ORGANS = {
    "L": ("liver", "nodule"),
    "R": ("right lung", "nodule"),
    "l": ("left lung", "nodule"),
    "N": ("mediastinum", "node"),
    "A": ("axilla", "node"),
    "K": ("kidney", "nodule"),
    "B": ("breast", "nodule"),
    "O": ("ovary", "nodule"),
    "S": ("skin", "nodule"),
}


def lesion(id: str, **more: Any) -> Lesion:
    where, kind = ORGANS[id[0]]
    return Lesion(id, where, kind, **more)


def finding(id: str, size: Any) -> Finding:
    if ORGANS[id[0]][1] == "node":
        return Finding(id, short_axis_mm=size)
    return Finding(id, viable_mm=size, longest_mm=size)


def roles(
    findings: list[Finding],
    criteria: Criteria = MRECIST,
    *,
    lesions: list[Lesion] | None = None,
    start: int = 0,
    **named: Any,
) -> Roles:
    """The roles of a line whose baseline, on day 0, holds these findings."""
    lesions = lesions or [lesion(each.lesion) for each in findings]
    line = TherapyLine(["a"], start, **named)
    chart = Chart(Patient("P", lesions, [Timepoint(0, findings)], [line]), criteria)
    return read(chart)


def read(chart: Chart) -> Roles:
    """The roles of the last line of a chart, with the total of its targets."""
    facts = assess(chart.patient, criteria=chart.criteria).lines[-1].facts
    return facts.roles


def of_sizes(sizes: Sizes, criteria: Criteria = MRECIST, **named: Any) -> Roles:
    return roles([finding(id, size) for id, size in sizes.items()], criteria, **named)


def targets(sizes: Sizes, criteria: Criteria = MRECIST, **named: Any) -> set[str]:
    """The ids of the targets of a line with these sizes at baseline."""
    ids = list(sizes)
    return {ids[i] for i in of_sizes(sizes, criteria, **named).targets}


class TestSelection:
    """The largest of each organ first, then each organ's next, larger first, ties by id."""

    @pytest.mark.parametrize(
        ("sizes", "expected"),
        [
            pytest.param({"L1": 30, "L2": 40, "L3": 50}, "L2 L3", id="two an organ"),
            pytest.param({"L3": 30, "L1": 30, "L2": 30}, "L1 L2", id="ties by id in an organ"),
            pytest.param({"L10": 30, "L2": 30, "L3": 30}, "L10 L2", id="ids are text"),
            pytest.param({"L1": 50, "R1": 40, "l1": 45, "R2": 44}, "L1 R2 l1", id="paired organ"),
            pytest.param({"N1": 20, "A1": 30, "N2": 25}, "A1 N2", id="nodes are one organ"),
            pytest.param(
                {"L1": 90, "L2": 80, "R1": 20, "K1": 19, "B1": 18, "O1": 17},
                "L1 R1 K1 B1 O1",
                id="leaders before seconds",
            ),
            pytest.param(
                {"L1": 10, "R1": 20, "K1": 30, "B1": 40, "O1": 50, "S1": 60},
                "R1 K1 B1 O1 S1",
                id="six organs, the smallest leader is left",
            ),
            pytest.param(
                {"S1": 20, "O1": 20, "B1": 20, "K1": 20, "R1": 20, "L1": 20},
                "B1 K1 L1 O1 R1",
                id="six organs, ties by id",
            ),
            pytest.param(
                {"L1": 90, "L2": 15, "R1": 80, "R2": 15, "K1": 70, "K2": 14, "B1": 60},
                "L1 R1 K1 B1 L2",
                id="one second, tie by id",
            ),
            pytest.param(
                {"L1": 90, "L2": 15, "R1": 80, "R2": 16, "K1": 70, "K2": 17, "B1": 60},
                "L1 R1 K1 B1 K2",
                id="one second, the largest",
            ),
            pytest.param({"L1": "9.999", "L2": 10, "N1": "14.999"}, "L2", id="smallest targets"),
            pytest.param({"N1": 15, "A1": "14.999"}, "N1", id="smallest target node"),
            pytest.param({}, "", id="nothing"),
        ],
    )
    def test_two_an_organ(self, sizes: Sizes, expected: str) -> None:
        """Two an organ and five in all."""
        assert targets(sizes) == set(expected.split())

    @pytest.mark.parametrize(
        ("per_organ", "in_all", "expected"),
        [
            (1, 5, "L1 R1 K1"),
            (2, 5, "L1 R1 K1 L2 R2"),
            (3, 5, "L1 R1 K1 L2 R2"),
            (3, 7, "L1 R1 K1 L2 R2 K2 L3"),
            (3, 8, "L1 R1 K1 L2 R2 K2 L3 R3"),
            (4, 10, "L1 R1 K1 L2 R2 K2 L3 R3 L4"),
            (1, 2, "L1 R1"),
            (2, 3, "L1 R1 K1"),
        ],
    )
    def test_rounds(self, per_organ: int, in_all: int, expected: str) -> None:
        """With other numbers there are as many rounds, each larger first."""
        sizes = {"L1": 90, "L2": 80, "L3": 70, "L4": 60, "R1": 50, "R2": 45, "R3": 40}
        sizes |= {"K1": 30, "K2": 20}
        own = attrs.evolve(MRECIST, targets_per_organ=per_organ, targets_in_all=in_all)
        assert targets(sizes, own) == set(expected.split())

    @pytest.mark.parametrize("order", [1, -1], ids=["as given", "reversed"])
    def test_order_of_the_case(self, order: int) -> None:
        """The order of the case changes no choice; roles are in the order of the case."""
        sizes = dict(list({"L1": 30, "L2": 30, "L3": 30, "N1": 20}.items())[::order])
        found = of_sizes(sizes)
        ids = list(sizes)
        assert {ids[i] for i in found.targets} == {"L1", "L2", "N1"}
        assert [ids[i] for i in found.nontargets] == ["L3"]
        assert found.targets == tuple(sorted(found.targets))

    @pytest.mark.parametrize(
        ("unfit", "more", "rule"),
        [
            (Finding("L1", viable_mm=40, equivocal=True), {}, "TSEL-01"),
            (Finding("L1", viable_mm=40, status="progressed"), {}, "FIT-UNMEASURED"),
            (Finding("L1", longest_mm=40), {}, "FIT-UNMEASURED"),
            (Finding("L1", viable_mm="9.999"), {}, "MEAS-10"),
        ],
    )
    def test_unfit(self, unfit: Finding, more: dict[str, Any], rule: str) -> None:
        """A diseased lesion that may not be a target is a non-target, and the rule is kept."""
        found = roles([unfit, finding("L2", 20)])
        assert (found.targets, found.nontargets) == ((1,), (0,))
        assert found.fitness[0].id == rule
        assert found.baseline_um == 20_000

    def test_treated(self) -> None:
        """A lesion in a treated area may be a target by its viable size, not by RECIST 1.1."""
        lesions = [lesion("L1", treated=True), lesion("L2")]
        findings = [finding("L1", 40), finding("L2", 20)]
        assert roles(findings, lesions=lesions).targets == (0, 1)
        own = attrs.evolve(MRECIST, treated_targets=False)
        assert roles(findings, own, lesions=lesions).targets == (1,)

    def test_candidates(self) -> None:
        """What is not diseased and not named is a candidate; `not evaluable` is known."""
        findings = [
            Finding("L1", status="absent"),
            Finding("L2", status="not evaluable"),
            Finding("L3", viable_mm=0, longest_mm=20),
        ]
        lesions = [lesion(f"L{i}") for i in range(1, 5)]
        found = roles(findings, lesions=lesions)
        assert (found.targets, found.nontargets, found.candidates) == ((), (1,), (0, 2, 3))


SIZES = {"L1": 50, "L2": 40, "L3": 30, "N1": 20, "R1": 8}


class TestNamed:
    """A reader's lists are honoured; what they leave out is chosen or has no part."""

    @pytest.mark.parametrize(
        ("named", "expected"),
        [
            ({}, ("L1 L2 N1", "L3 R1", "")),
            ({"targets": ["L3"]}, ("L3", "L1 L2 N1 R1", "")),
            ({"targets": []}, ("", "L1 L2 L3 N1 R1", "")),
            ({"nontargets": ["L1"]}, ("L2 L3 N1", "L1", "")),
            ({"nontargets": []}, ("L1 L2 N1", "", "")),
            ({"targets": ["L2"], "nontargets": ["R1"]}, ("L2", "R1", "")),
            ({"targets": [], "nontargets": []}, ("", "", "")),
        ],
        ids=lambda value: str(value) if isinstance(value, dict) else "",
    )
    def test_lists(self, named: dict[str, Any], expected: tuple[str, str, str]) -> None:
        """Targets, non-targets and candidates; one known at baseline is never new."""
        found, ids = of_sizes(SIZES, **named), list(SIZES)
        for part, told in zip(
            (found.targets, found.nontargets, found.candidates), expected, strict=True
        ):
            assert [ids[i] for i in part] == told.split()

    def test_named_is_no_candidate(self) -> None:
        """A named lesion is never new, even where the baseline does not record it."""
        lesions = [lesion("L1"), lesion("L2"), lesion("L3")]
        found = roles([finding("L1", 30)], lesions=lesions, targets=["L1"], nontargets=["L2"])
        assert found.candidates == (2,)

    @pytest.mark.parametrize(
        ("sizes", "named", "problems"),
        [
            ({"L1": 30, "L2": 20}, ["L1"], []),
            ({"L1": 30, "L2": "9.999"}, ["L1", "L2"], ["UNFIT_TARGET"]),
            ({"N1": 14}, ["N1"], ["UNFIT_TARGET"]),
            ({"L1": 30, "L2": 20, "L3": 10}, ["L1", "L2", "L3"], ["TOO_MANY_TARGETS"]),
            (
                {"L1": 30, "R1": 20, "K1": 20, "B1": 20, "O1": 20, "S1": 20},
                ["L1", "R1", "K1", "B1", "O1", "S1"],
                ["TOO_MANY_TARGETS"],
            ),
            ({"R1": 30, "R2": 20, "l1": 10}, ["R1", "R2", "l1"], ["TOO_MANY_TARGETS"]),
            (
                {"R1": 30, "R2": 20, "l1": 10, "K1": 20},
                ["R1", "R2", "l1", "K1"],
                ["TOO_MANY_TARGETS"],
            ),
            ({"L1": 0}, ["L1"], ["BASELINE_INCOMPLETE", "UNFIT_TARGET"]),
        ],
    )
    def test_problems(self, sizes: Sizes, named: list[str], problems: list[str]) -> None:
        """Unfit or too many targets are noted, and kept."""
        found = of_sizes(sizes, targets=named)
        assert Problem(found.problem_bits).words == problems
        assert len(found.targets) == len(named)

    @pytest.mark.parametrize(
        ("second", "problems"),
        [
            (Finding("L2", status="not evaluable"), ["BASELINE_INCOMPLETE"]),
            (Finding("L2", longest_mm=20), ["BASELINE_INCOMPLETE", "NO_SIZE"]),
        ],
        ids=["not evaluable", "no viable size"],
    )
    def test_no_total(self, second: Finding, problems: list[str]) -> None:
        """A named target without a size leaves the line without a total."""
        found = roles([finding("L1", 30), second], targets=["L1", "L2"])
        assert found.baseline_um is None
        assert set(problems) <= set(Problem(found.problem_bits).words)


class TestBaselineTotal:
    """The baseline total is the exact sum of the targets, none without targets."""

    def test_sum(self) -> None:
        """Micrometres add up."""
        assert of_sizes({"L1": "30.001", "L2": "20.002", "N1": 15}).baseline_um == 65_003

    def test_none(self) -> None:
        """A line without targets has no total, and that is no problem."""
        found = of_sizes({"L1": 9})
        assert (found.baseline_um, found.problem_bits) == (None, 0)


class TestOddSizes:
    """A viable diameter above the whole one at baseline is used, and noted."""

    @pytest.mark.parametrize(("viable", "words"), [("30.001", ["VIABLE_EXCEEDS_WHOLE"]), (30, [])])
    def test_noted(self, viable: Any, words: list[str]) -> None:
        """One micrometre more is odd, as much is not."""
        found = roles([Finding("L1", viable_mm=viable, longest_mm=30)])
        assert Problem(found.problem_bits).words == words
        assert found.targets == (0,)


class TestAge:
    """A baseline of more than 28 days before the start is used, and noted."""

    @pytest.mark.parametrize(("start", "words"), [(28, []), (29, ["OLD_BASELINE"]), (-5, [])])
    def test_days(self, start: int, words: list[str]) -> None:
        """The 28th day is still in time; a baseline after the start is never old."""
        named: dict[str, Any] = {"baseline": 0} if start < 0 else {}
        found = of_sizes({"L1": 30}, start=start, **named)
        assert Problem(found.problem_bits).words == words
        assert found.baseline_um == 30_000


def test_without_baseline() -> None:
    """A line without a baseline has the lesions that it names, and no candidate."""
    line = TherapyLine(["a"], 0, targets=["L2"], nontargets=["L1"])
    chart = Chart(Patient("P", [lesion("L1"), lesion("L2")], [Timepoint(9, [])], [line]), MRECIST)
    found = Roles.without_baseline(chart, line)
    assert (found.targets, found.nontargets, found.candidates) == ((1,), (0,), ())
    assert (found.at_baseline, found.fitness, found.baseline_um) == ((), (), None)
    assert Problem(found.problem_bits) is Problem.NO_BASELINE


def test_nodes_are_an_organ_of_their_own() -> None:
    """A nodule whose organ is written "lymph nodes" takes no place among the nodes."""
    lesions = [Lesion(name, "axilla", "node") for name in "AB"]
    lesions += [Lesion(name, "Lymph nodes", "nodule") for name in "CD"]
    findings = [Finding(name, short_axis_mm=20) for name in "AB"]
    findings += [Finding(name, longest_mm=20) for name in "CD"]
    timepoints = [Timepoint(0, findings)]
    patient = Patient("P", lesions, timepoints, [TherapyLine(["sorafenib"], 0)])
    assert assess(patient).lines[0].targets == ("A", "B", "C", "D")


class TestKnownUnseen:
    """What the baseline cannot tell is known, a non-target and never new."""

    @pytest.mark.parametrize(
        ("lesion", "said", "role", "rule"),
        [
            ("liver", "X=9", "target", "MEAS-10"),
            ("liver", "X=not_evaluable", "non-target", "BL-NE"),
            ("liver", "X=absent", "no part", "BL-ABSENT"),
            ("liver", "X=absent !blind", "non-target", "BL-ABSENT-BLIND"),
            ("liver", "X=0 !blind", "non-target", "BL-ZERO-BLIND"),
            ("liver", "X=0", "no part", "BL-ZERO"),
            ("lung", "X=absent !blind", "no part", "BL-ABSENT"),
            ("node", "X=w30", "non-target", "LN-UNMEASURED"),
            ("node", "X=present", "non-target", "FIT-UNMEASURED"),
            ("hilar", "X=w30", "no part", "LN-HILUM-UNKNOWN"),
            ("hilar", "X=present", "no part", "LN-HILUM-UNKNOWN"),
            ("effusion", "X=present", "no part", "EFF-UNPROVEN"),
            ("effusion", "X=present,cytology", "non-target", "R11-MEAS-05"),
            ("lung", "X=>A", "no part", "BL-MERGED"),
            ("lung", "", "no part", "BL-UNRECORDED"),
        ],
    )
    def test_roles(self, lesion: str, said: str, role: str, rule: str) -> None:
        found = line(f"A:brain X:{lesion}", {0: f"A=30 {said}"})
        note = found.lesions[1]
        expected = ("non-target" if role == "target" else role, rule)
        assert (note.role, note.rule) == expected

    @pytest.mark.parametrize(
        ("lesion", "said", "words"),
        [
            ("liver", "X=w30", ["NO_SIZE"]),
            ("liver", "X=30 !blind", ["NO_ARTERIAL_BASELINE"]),
            ("liver", "X=present", []),
            ("lung", "X=v30", ["NO_SIZE"]),
            ("vein", "X=v30", []),
            ("bone", "X=v30", []),
            ("node", "X=w30", ["NO_SIZE", "UNSIZED_NODE"]),
            ("node", "X=present", []),
            ("hilar", "X=w30", ["NO_SIZE", "UNSIZED_NODE"]),
            ("hilar", "X=present", ["UNSIZED_NODE"]),
            ("liver", "X=31,w30", ["VIABLE_EXCEEDS_WHOLE"]),
        ],
    )
    @pytest.mark.parametrize("named", [{}, {"targets": ["A"], "nontargets": []}], ids=str)
    def test_problems(self, lesion: str, said: str, words: list[str], named: Any) -> None:
        """Told by what the baseline says, whether or not the line names its lesions."""
        found = line(f"A:brain X:{lesion}", {0: f"A=30 {said}"}, **named)
        assert set(found.problems.words) - {"VIABLE_OUTSIDE_LIVER"} == set(words)

    def test_parts(self) -> None:
        """A nodule that is recorded in parts lacks no size of its own."""
        found = line("A:brain X:lung Xa:lung/X", {-40: "Xa=9", 0: "A=30 X=v9 Xa=9"})
        assert "NO_SIZE" not in found.problems.words

    def test_fragment_alone(self) -> None:
        """A nodule of which only a fragment is recorded."""
        found = line("A:brain X:lung Xa:lung/X", {0: "A=30 Xa=v9"})
        assert "NO_SIZE" not in found.problems.words

    def test_target_without_size(self) -> None:
        """One of the named targets has no size."""
        found = line("A:brain V:bone", {0: "A=30 V=present"}, targets=["A", "V"])
        assert set(found.problems.words) == {"BASELINE_INCOMPLETE", "NO_SIZE", "UNFIT_TARGET"}

    def test_total_of_nothing(self) -> None:
        found = line("A:brain", {0: "A=0", 60: "A=9"}, targets=["A"])
        assert found.baseline_total_um is None
        assert str(found.timepoints[0].target) == "NE"
        assert line("A:brain", {0: "A=0.001"}, targets=["A"]).baseline_total_um == 1

    def test_effusions(self) -> None:
        """Proof is asked for by HCC mRECIST only; one that is proved is a non-target once."""
        visits = {0: "A=30 X=present", 60: "A=30 X=present"}
        assert line("A:brain X:effusion", visits, criteria=RECIST_1_1).nontargets == ("X",)
        assert line("A:brain X:effusion", visits).nontargets == ()
        visits = {0: "A=30 X=present,cytology", 60: "A=30 X=present,cytology"}
        assert line("A:brain X:effusion", visits).timepoints[0].nontargets == (1,)
        visits = {0: "A=30 X=10", 60: "A=30 X=10,cytology"}
        named = line("A:brain X:effusion", visits, targets=["A", "X"])
        assert named.timepoints[0].nontargets == ()
        visits = {0: "A=30 X=absent", 60: "A=30 X=present,cytology"}
        assert line("A:brain X:effusion", visits).timepoints[0].nontargets == ()

    def test_no_disease(self) -> None:
        """A line of a case with lesions, without any target or non-target."""
        for said, odd in (("X=absent", True), ("X=9", False)):
            found = line("X:lung", {0: said})
            assert ("NO_DISEASE_AT_BASELINE" in found.problems.words) is odd
        assert line("", {0: ""}).problems.words == []

    @pytest.mark.parametrize(
        ("lesion", "said", "fit"),
        [
            ("liver+treated", "X=20,atypical", False),
            ("liver+treated", "X=20,typical", True),
            ("liver", "X=20,atypical", True),
            ("lung+treated", "X=20,atypical", False),
            ("lung+treated", "X=20,atypical !blind", True),
        ],
    )
    def test_treated_and_atypical(self, lesion: str, said: str, fit: bool) -> None:
        """A treated lesion that enhances atypically is not suited (TS-12)."""
        found = line(f"A:brain X:{lesion}", {0: f"A=30 {said}"})
        assert (found.targets == ("A", "X")) is fit
        if not fit:
            assert found.lesions[1].rule == "TS-12-ATYPICAL"

    def test_named_and_never_recorded(self) -> None:
        """A target that no record of the baseline gives a size leaves the line without a total."""
        found = line("A:brain X:lung", {0: "A=30"}, targets=["A", "X"])
        assert found.baseline_total_um is None
        assert set(found.problems.words) == {"BASELINE_INCOMPLETE", "UNFIT_TARGET"}
