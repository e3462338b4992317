"""`assess`: its door, and that every field of a protocol is heeded."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import (
    MRECIST,
    RECIST_1_1,
    Criteria,
    Finding,
    Lesion,
    LineAssessment,
    Patient,
    TherapyLine,
    Timepoint,
    assess,
)
from mrecist._base.words import Measure, NewRule
from mrecist.patient.engine import assessment_of
from mrecist.testing.strategies import case_documents

EMPTY = Patient("P", [], [], [])


def line_of(
    scans: dict[int, dict[str, Any]],
    lesions: list[Lesion] | None = None,
    **protocol: Any,
) -> LineAssessment:
    """The one line, from day 0, of scans that give each lesion a finding (or a viable size)."""
    lesions = lesions or [Lesion("S8", "liver", "nodule")]
    timepoints = [
        Timepoint(
            day,
            [
                Finding(name, **(said if isinstance(said, dict) else {"viable_mm": said}))
                for name, said in scan.items()
            ],
        )
        for day, scan in scans.items()
    ]
    patient = Patient("P", lesions, timepoints, [TherapyLine(["x"], 0)])
    criteria = attrs.evolve(MRECIST, name="own", **protocol)
    return assess(patient, criteria=criteria).lines[0]


class TestDoor:
    """`assess` takes a `Patient`, and a `Patient` that exists can always be assessed."""

    @pytest.mark.parametrize(
        "wrong",
        [{}, {"format": "mrecist-case/1"}, "case.json", None, 1, [EMPTY], mrecist.InvalidCase],
        ids=repr,
    )
    def test_anything_else(self, wrong: Any) -> None:
        told = rf"^assess\(\) takes a Patient, got {type(wrong).__name__}; read a case document "
        with pytest.raises(TypeError, match=told + r"with mrecist\.read_case\(\) or "):
            assess(wrong)

    def test_invalid_case(self) -> None:
        """What a stream yields in the place of a case is no patient."""
        with pytest.raises(TypeError, match="got InvalidCase"):
            assess(mrecist.parse_case("{}"))  # type: ignore[arg-type]

    def test_criteria_by_name_only(self) -> None:
        with pytest.raises(TypeError):
            assess(EMPTY, RECIST_1_1)  # type: ignore[misc]
        assert assess(EMPTY).criteria is MRECIST

    def test_nothing_at_all(self) -> None:
        assessment = assess(EMPTY)
        assert assessment.lines == ()
        assert assessment.patient is EMPTY

    def test_a_line_and_nothing_else(self) -> None:
        line = assess(Patient("P", [], [], [TherapyLine(["x"], 0)])).lines[0]
        assert (line.timepoints, line.baseline, line.targets) == ((), None, ())
        assert str(line.best_response) == str(line.confirmed_best_response) == "ND"
        assert line.problems.words == ["NO_BASELINE"]

    @given(case=case_documents(), criteria=st.sampled_from(sorted(mrecist.CRITERIA)))
    def test_same_again(self, case: dict[str, Any], criteria: str) -> None:
        """Nothing is kept between calls, and neither document nor patient is changed."""
        before = copy.deepcopy(case)
        patient = mrecist.from_case(case)
        chosen = mrecist.CRITERIA[criteria]
        first = mrecist.to_assessment(assess(patient, criteria=chosen))
        assess(patient, criteria=RECIST_1_1)
        assert mrecist.to_assessment(assess(patient, criteria=chosen)) == first
        assert case == before
        assert patient == mrecist.from_case(case)


class TestAssessmentOf:
    """Whatever shows an assessment takes a patient as well."""

    def test_patient(self) -> None:
        assert assessment_of(EMPTY) == assess(EMPTY)
        assert assessment_of(EMPTY, "recist-1.1") == assess(EMPTY, criteria=RECIST_1_1)

    def test_assessment(self) -> None:
        made = assess(EMPTY)
        assert assessment_of(made) is made
        with pytest.raises(TypeError, match="an Assessment has its criteria, mrecist; give no"):
            assessment_of(made, RECIST_1_1)

    def test_anything_else(self) -> None:
        with pytest.raises(TypeError, match="this takes a Patient or an Assessment, got dict"):
            assessment_of({})  # type: ignore[arg-type]


# A nodule of the liver: target total at baseline (day 0) and at one follow-up (day 60).
PR, SD, PD, CR, NE = "PR", "SD", "PD", "CR", "NE"
NODE = [Lesion("N", "axilla", "node")]
HILAR = [Lesion("N", "porta hepatis", "node", hilar=True)]
TREATED = [Lesion("S8", "liver", "nodule", treated=True)]
EFFUSION = [Lesion("E", "pleura", "effusion")]
NODE_AND_NODULE = [*NODE, Lesion("S8", "liver", "nodule")]
NONTARGET_GREW = "NONTARGET_GREW"
TWO = [Lesion("S8", "liver", "nodule"), Lesion("N", "liver", "nodule")]


def node(short_axis: float) -> dict[str, Any]:
    return {"N": {"short_axis_mm": short_axis}}


def last(scans: dict[int, dict[str, Any]], lesions: Any = None) -> Callable[..., str]:
    """The response at the last follow-up, as a function of the protocol."""

    def response(**protocol: Any) -> str:
        return str(line_of(scans, lesions, **protocol).timepoints[-1].response)

    return response


def role(scan: dict[str, Any], lesions: Any = None) -> Callable[..., str]:
    def judged(**protocol: Any) -> str:
        line = line_of({0: scan}, lesions, **protocol)
        return "target" if line.targets else "non-target" if line.nontargets else "none"

    return judged


def confirmed(*sizes: tuple[int, float | None]) -> Callable[..., str]:
    def best(**protocol: Any) -> str:
        scans = {day: {} if size is None else {"S8": size} for day, size in [(0, 50.0), *sizes]}
        return str(line_of(scans, **protocol).confirmed_best_response)

    return best


def new(**findings: Any) -> Callable[..., str]:
    """Whether a nodule that is seen at two follow-ups is new at the second."""

    def judged(**protocol: Any) -> str:
        scans = {0: {"S8": 50}, 60: {"S8": 50}, 120: {"S8": 50}}
        for key, finding in findings.items():
            scans[int(key[1:])]["N"] = finding
        return str(line_of(scans, TWO, **protocol).timepoints[-1].new_lesion)

    return judged


def grew(before: float, after: float) -> Callable[..., str]:
    """Whether a non-target that is not called progressed grew."""

    def judged(**protocol: Any) -> str:
        scans = {0: {"O": {"longest_mm": before}}, 60: {"O": {"longest_mm": after}}}
        line = line_of(scans, [Lesion("O", "bone", "other")], **protocol)
        return " ".join(line.timepoints[0].problems.words)

    return judged


PROTOCOLS: list[tuple[Callable[..., str], str, str, Any, str]] = [
    # what is judged, its answer by mRECIST, the field and its other value, the answer then
    (last({0: {"S8": 50}, 60: {"S8": 35}}), PR, "response_share", Fraction(1, 2), SD),
    (last({0: {"S8": 50}, 60: {"S8": 36}}), SD, "response_share", "28/100", PR),
    (last({0: {"S8": 50}, 60: {"S8": 60}}), PD, "progression_share", "1/4", SD),
    (last({0: {"S8": 50}, 60: {"S8": 56}}), SD, "progression_share", "1/10", PD),
    (last({0: {"S8": 50}, 60: {"S8": 60}}), PD, "progression_floor_mm", "10.001", SD),
    (
        last({0: {"S8": 20}, 60: {"S8": {"status": "too small"}}, 120: {"S8": 8}}), PD,
        "too_small_mm", 7, PR,
    ),
    (last({0: node(25), 60: node(9)}, NODE), CR, "gone_node_mm", 8, PR),
    (role(node(12), NODE), "non-target", "diseased_node_mm", 13, "none"),
    (role(node(15), NODE), "target", "target_node_mm", 16, "non-target"),
    (role(node(20), HILAR), "target", "target_hilar_node_mm", 21, "non-target"),
    (role(node(15), HILAR), "none", "diseased_hilar_node_mm", 15, "non-target"),
    (role({"S8": 10}), "target", "target_nodule_mm", 20, "non-target"),
    (role({"S8": 30}, TREATED), "target", "treated_targets", False, "non-target"),
    (
        role({"E": {"status": "present"}}, EFFUSION), "none",
        "effusions_need_cytology", False, "non-target",
    ),
    (
        role({"S8": {"longest_mm": 30}}), "non-target",
        "liver_nodule_size", Measure.LONGEST, "target",
    ),
    (confirmed((50, 20), (78, 20)), PR, "confirmation_days", 29, SD),
    (confirmed((50, 20), (70, 20)), SD, "confirmation_days", 20, PR),
    (confirmed((50, 20), (70, 50)), SD, "confirmation_days", 0, PR),
    (confirmed((50, 20), (80, None), (110, 20)), PR, "confirmation_gaps", 0, SD),
    (confirmed((50, 20), (80, None), (81, None), (110, 20)), SD, "confirmation_gaps", 2, PR),
    (confirmed((42, 50)), SD, "stable_days", 43, NE),
    (confirmed((20, 50)), NE, "stable_days", 20, SD),
    (
        new(d120={"longest_mm": 12, "pattern": "typical"}), "YES",
        "new_nodule_mm", 13, "EQUIVOCAL",
    ),
    (
        new(d60={"longest_mm": 8}, d120={"longest_mm": 18}), "YES",
        "new_nodule_growth_mm", 11, "EQUIVOCAL",
    ),
    (
        new(d120={"longest_mm": 80, "viable_mm": 80}), "EQUIVOCAL",
        "new_liver_nodule", NewRule.UNEQUIVOCAL, "YES",
    ),
    (
        last({0: {**node(9), "S8": 50}, 60: {**node(15), "S8": 50}}, NODE_AND_NODULE), PD,
        "new_node_growth_mm", "6.001", SD,
    ),
    (grew(20, 25), NONTARGET_GREW, "growth_share", "26/100", ""),
    (grew(20, 25), NONTARGET_GREW, "growth_mm", "5.001", ""),
]  # fmt: skip


class TestProtocols:
    """A protocol changes any field, and each field changes what it says."""

    @pytest.mark.parametrize(
        ("judged", "as_published", "field", "value", "then"),
        [pytest.param(*each, id=f"{each[2]}={each[3]}") for each in PROTOCOLS],
    )
    def test_field(
        self,
        judged: Callable[..., str],
        as_published: str,
        field: str,
        value: Any,
        then: str,
    ) -> None:
        assert judged() == as_published
        assert judged(**{field: value}) == then

    @pytest.mark.parametrize(("per_organ", "in_all", "count"), [(1, 5, 1), (2, 5, 2), (3, 3, 3)])
    def test_number_of_targets(self, per_organ: int, in_all: int, count: int) -> None:
        lesions = [Lesion(f"L{i}", "liver", "nodule") for i in range(6)]
        scan = {lesion.id: 20 + i for i, lesion in enumerate(lesions)}
        line = line_of({0: scan}, lesions, targets_per_organ=per_organ, targets_in_all=in_all)
        assert line.targets == tuple(f"L{i}" for i in range(6))[-count:]

    @pytest.mark.parametrize(("days", "old"), [(7, True), (8, False)])
    def test_age_of_the_baseline(self, days: int, old: bool) -> None:
        line = line_of({-8: {"S8": 20}}, baseline_days=days)
        assert line.problems.words == (["OLD_BASELINE"] if old else [])

    def test_every_field_is_tried(self) -> None:
        tried = {each[2] for each in PROTOCOLS}
        tried |= {"name", "title", "rules", "targets_per_organ", "targets_in_all", "baseline_days"}
        tried |= {"targets_in_liver"}
        assert {field.alias for field in attrs.fields(Criteria)} == tried


def test_nadir_is_dated_to_its_first_time() -> None:
    """A total that is reached again does not move the date of the nadir."""
    timepoints = [
        Timepoint(day, [Finding("S8", viable_mm=size)])
        for day, size in ((0, 50), (60, 30), (120, 30), (180, 36))
    ]
    patient = Patient(
        "P", [Lesion("S8", "liver", "nodule")], timepoints, [TherapyLine(["sorafenib"], 0)]
    )
    last = assess(patient).lines[0].timepoints[-1]
    assert last.nadir_mm == 30
    assert "above the nadir 30.0 mm of day 60;" in last.why
