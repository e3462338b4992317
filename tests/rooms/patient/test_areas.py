"""EASL and WHO: areas are exact, what is missing is a problem, and larger is never better."""

from __future__ import annotations

import itertools
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.compare import found
from support.conformance_fill import oracle_by

import mrecist
from mrecist import CriteriaError, Finding, Lesion, Patient, TherapyLine, Timepoint, assess
from mrecist.conformance import differences

EXAMPLES = settings().max_examples
ORDER = ("CR", "PR", "SD", "PD")
UM = st.integers(1, 60_000)
BY = {"easl": ("viable_mm", "viable_perp_mm"), "who": ("longest_mm", "longest_perp_mm")}
each_criteria = pytest.mark.parametrize("criteria", BY)


def mm(um: int) -> str:
    return f"{um // 1000}.{um % 1000:03}"


def seen(criteria: str, *areas: tuple[int, int]) -> list[Finding]:
    long, across = BY[criteria]
    return [
        Finding(f"L{at}", **{long: mm(one), across: mm(other)})
        for at, (one, other) in enumerate(areas)
    ]


def seen_as(criteria: str, **sizes: tuple[float, float]) -> list[Finding]:
    """Findings of lesions by their names."""
    return [
        Finding(name, **dict(zip(BY[criteria], each, strict=True))) for name, each in sizes.items()
    ]


def judged(criteria: Any, *visits: list[Finding], name: str = "easl") -> list[str]:
    names = sorted({each.lesion for visit in visits for each in visit})
    patient = Patient(
        "P",
        [Lesion(each, "liver", "nodule") for each in names],
        [Timepoint(56 * at, visit) for at, visit in enumerate(visits)],
        [TherapyLine(["TACE"], 0)],
    )
    return [str(each.response) for each in assess(patient, criteria=criteria).lines[0].timepoints]


class TestThresholds:
    """Exactly half responds and exactly a quarter progresses; a square micrometre decides."""

    @each_criteria
    @settings(max_examples=EXAMPLES)
    @given(one=st.integers(10_000, 500_000), other=st.integers(1, 500_000))
    def test_half(self, criteria: str, one: int, other: int) -> None:
        first = seen(criteria, (2 * one, other))
        assert judged(criteria, first, seen(criteria, (one, other))) == ["PR"]
        assert judged(criteria, first, seen(criteria, (one + 1, other))) == ["SD"]

    @each_criteria
    @settings(max_examples=EXAMPLES)
    @given(one=st.integers(2_500, 199_000), other=st.integers(1, 500_000))
    def test_quarter(self, criteria: str, one: int, other: int) -> None:
        """By `>` a quarter alone is none, a micrometre more is one."""
        first, grown = seen(criteria, (4 * one, other)), seen(criteria, (5 * one, other))
        more = seen(criteria, (5 * one + 1, other))
        strict = attrs.evolve(mrecist.CRITERIA[criteria], name="strict", pd_operator=">")
        assert judged(criteria, first, grown) == ["PD"]
        assert judged(criteria, first, seen(criteria, (5 * one - 1, other))) == ["SD"]
        assert judged(strict, first, grown) == ["SD"]
        assert judged(strict, first, more) == ["PD"]

    def test_operator(self) -> None:
        with pytest.raises(CriteriaError, match='pd_operator must be ">=" or ">", got '):
            attrs.evolve(mrecist.EASL, pd_operator="=>")
        with pytest.raises(CriteriaError, match="area must be of a diameter, not of the short"):
            attrs.evolve(mrecist.EASL, area=mrecist.MRECIST.liver_nodule_size.SHORT)


class TestLaws:
    """What holds of any chart."""

    @each_criteria
    @settings(max_examples=EXAMPLES)
    @given(
        areas=st.lists(st.tuples(UM, UM), min_size=3, max_size=3),
        times=st.integers(2, 9),
    )
    def test_scale(self, criteria: str, areas: list[tuple[int, int]], times: int) -> None:
        """Every diameter larger by one factor: the same responses."""
        visits = [[(10_000 + one, 10_000 + other)] for one, other in areas]
        larger = [[(one * times, other * times) for one, other in visit] for visit in visits]
        plain = [seen(criteria, *visit) for visit in visits]
        scaled = [seen(criteria, *visit) for visit in larger]
        assert judged(criteria, *plain) == judged(criteria, *scaled)

    @each_criteria
    @settings(max_examples=EXAMPLES)
    @given(areas=st.lists(st.tuples(UM, UM), min_size=4, max_size=4), more=UM)
    def test_larger_is_never_better(
        self, criteria: str, areas: list[tuple[int, int]], more: int
    ) -> None:
        first = seen(criteria, *[(10_000 + one, 10_000 + other) for one, other in areas[:2]])
        now = areas[2:]
        grown = [(now[0][0], now[0][1] + more), now[1]]
        before, after = (judged(criteria, first, seen(criteria, *each))[0] for each in (now, grown))
        assert ORDER.index(before) <= ORDER.index(after)

    @each_criteria
    @settings(max_examples=EXAMPLES)
    @given(areas=st.lists(st.tuples(UM, UM), min_size=2, max_size=2))
    def test_either_diameter(self, criteria: str, areas: list[tuple[int, int]]) -> None:
        """Which of two diameters above 10 mm is called the longest changes no response."""
        visits = [[(10_000 + one, 10_000 + other)] for one, other in areas]
        turned = [[(other, one) for one, other in visit] for visit in visits]
        plain = [seen(criteria, *visit) for visit in visits]
        assert judged(criteria, *plain) == judged(criteria, *[seen(criteria, *v) for v in turned])


class TestMissing:
    """What a chart does not record is a problem, and is never taken from another size."""

    @each_criteria
    def test_no_perpendicular(self, criteria: str) -> None:
        long, across = BY[criteria]
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [
                Timepoint(0, [Finding("S8", **{long: 40, across: 30})]),
                Timepoint(56, [Finding("S8", **{long: 20}, short_axis_mm=15)]),
            ],
            [TherapyLine(["TACE"], 0)],
        )
        (timepoint,) = assess(patient, criteria=criteria).lines[0].timepoints
        assert (timepoint.response, timepoint.problems.words) == ("NE", ["NO_PERP"])
        assert timepoint.total_mm is timepoint.total_mm2 is None
        assert timepoint.nadir_mm2 == 1200
        note = timepoint.lesions[0]
        assert (note.counted, note.area_mm2) == (False, None)
        assert "recorded, so no area" in note.note
        assert "S8 not evaluable; no target is seen, which proves no progression" in timepoint.why
        assert "no perpendicular of the" in mrecist.explain(assess(patient, criteria=criteria))

    @pytest.mark.parametrize("again", [{"status": "too small"}, {"viable_mm": 3}])
    def test_enhances_again_without_an_area(self, again: dict[str, Any]) -> None:
        """Viable tissue that has no area is viable tissue: EASL asks for no size."""
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [
                Timepoint(0, seen_as("easl", S8=(40, 30))),
                Timepoint(56, [Finding("S8", viable_mm=0)]),
                Timepoint(112, [Finding("S8", **again)]),
            ],
            [TherapyLine(["TACE"], 0)],
        )
        last = assess(patient, criteria="easl").lines[0].timepoints[-1]
        assert (last.target, last.total_mm2) == ("PD", None)
        assert "S8 enhances again, without viable tissue before" in last.why
        assert not found(mrecist.to_case(patient), "easl")

    @pytest.mark.parametrize(
        ("last", "response"),
        [
            ([Finding("S8", into="S5")], "NON-CR/NON-PD"),
            ([Finding("S8", into="S5"), Finding("S8a", status="absent")], "NON-CR/NON-PD"),
            ([Finding("S8", into="S5"), Finding("S8a", viable_mm=9)], "PD"),
            ([Finding("S8", viable_mm=9)], "PD"),
        ],
    )
    def test_merged_after_none(self, last: list[Finding], response: str) -> None:
        """What another lesion holds is no new enhancement of the one that was gone."""
        patient = Patient(
            "P",
            [
                Lesion("S8", "liver", "nodule"),
                Lesion("S8a", "liver", "nodule", part_of="S8"),
                Lesion("S5", "liver", "nodule"),
            ],
            [
                Timepoint(0, seen_as("easl", S8=(40, 30), S5=(30, 20))),
                Timepoint(56, [Finding("S8", viable_mm=0), *seen_as("easl", S5=(30, 20))]),
                Timepoint(112, [*last, *seen_as("easl", S5=(30, 20))]),
            ],
            [TherapyLine(["TACE"], 0, targets=["S5"])],
        )
        assessed = assess(patient, criteria="easl").lines[0].timepoints[-1]
        assert assessed.nontarget == response
        assert not found(mrecist.to_case(patient), "easl")

    @each_criteria
    def test_the_others_gone(self, criteria: str) -> None:
        long, across = BY[criteria]
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule"), Lesion("S5", "liver", "nodule")],
            [
                Timepoint(0, seen_as(criteria, S8=(40, 30), S5=(20, 10))),
                Timepoint(56, [Finding("S8", **{long: 20}), Finding("S5", **{long: 0, across: 0})]),
            ],
            [TherapyLine(["TACE"], 0)],
        )
        (timepoint,) = assess(patient, criteria=criteria).lines[0].timepoints
        assert timepoint.target == "NE"
        told = "S8 not evaluable; of the others every one is gone, which proves no progression"
        assert told in timepoint.why

    @pytest.mark.parametrize("criteria", ["easl", "who", "recicl"])
    @pytest.mark.parametrize("visit", [0, 1])
    def test_every_finding(self, criteria: str, visit: int) -> None:
        """The oracle agrees whatever a finding says, at baseline and later."""
        names = ("longest_mm", "longest_perp_mm", "viable_mm", "viable_perp_mm")
        told = 0
        for status in (None, *(each.value for each in mrecist.Status)):
            for sizes in itertools.product(
                (None, 0, 12), (None, 0, 10), (None, 0, 9), (None, 0, 8)
            ):
                said = {"status": status, **dict(zip(names, sizes, strict=True))}
                told += self._agrees(criteria, visit, said)
        assert told > 100

    def _agrees(self, criteria: str, visit: int, said: dict[str, Any]) -> bool:
        """Whether a chart with the finding is possible; the oracle must agree on it."""
        findings = [dict(zip(("longest_mm", "longest_perp_mm", "viable_mm", "viable_perp_mm"),
                             (30, 20, 30, 20), strict=True)) for _ in range(3)]  # fmt: skip
        findings[visit] = {key: value for key, value in said.items() if value is not None}
        case = {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule"}],
            "timepoints": [
                {"date": 56 * at, "findings": [{"lesion": "S8", **each}]}
                for at, each in enumerate(findings)
            ],
            "lines": [{"agents": ["TACE"], "start": 0}],
        }
        try:
            assessment = mrecist.assess(mrecist.from_case(case), criteria=criteria)
        except mrecist.CaseError:
            return False
        assert not differences(oracle_by(case, criteria), mrecist.to_assessment(assessment)), said
        return True

    def test_words(self) -> None:
        """No total in mm, a table in mm2, and what WHO calls stable."""
        patient = mrecist.from_case({
            "format": "mrecist-case/1", "patient": "P",
            "lesions": [{"id": "A", "organ": "lung", "kind": "nodule"}],
            "timepoints": [
                {"date": 0, "findings": [{"lesion": "A", "longest_mm": 40, "longest_perp_mm": 30}]},
                {"date": 56, "findings": [{"lesion": "A", "longest_mm": 40, "longest_perp_mm": 30}],
                 "reported": "PD"},
            ],
            "lines": [{"agents": ["TACE"], "start": 0}],
        })  # fmt: skip
        assessment = assess(patient, criteria="who")
        assert "total mm2" in str(assessment)
        assert "total 1200 mm2" in str(assessment)
        assert "NC" in str(mrecist.compare(patient, "who", "recist-1.1"))
        document = mrecist.to_assessment(assessment)["lines"][0]
        row = document["timepoints"][0]
        assert (document["baseline_total_mm"], document["baseline_total_mm2"]) == (None, 1200)
        assert (row["computed"], row["response"], row["reported"]) == ("NC", "NC", "PD")
        assert (row["total_mm"], row["total_mm2"], row["nadir_mm2"]) == (None, 1200, 1200)
        assert document["best_response"] == "SD"

    def test_refused(self) -> None:
        """A perpendicular cannot stand where nothing can be measured."""
        for status in ("absent", "not evaluable"):
            with pytest.raises(mrecist.CaseError, match="viable_perp_mm: must be 0 or left out"):
                Finding("S8", status=status, viable_perp_mm=3)
        with pytest.raises(mrecist.CaseError, match="longest_perp_mm: must be left out"):
            Finding("S8", into="S4", longest_perp_mm=3)
        with pytest.raises(mrecist.CaseError, match="must have a status or a size"):
            Finding("S8", viable_perp_mm=3)


class TestNamed:
    """A line that names a lesion without area as target keeps it beside the areas."""

    def test_beside(self) -> None:
        case = {
            "format": "mrecist-case/1", "patient": "P",
            "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule"},
                        {"id": "LN", "organ": "node", "kind": "node"}],
            "timepoints": [
                {"date": 56 * at, "findings": [
                    {"lesion": "S8", "viable_mm": size, "viable_perp_mm": 20},
                    {"lesion": "LN", "short_axis_mm": 20},
                ]}
                for at, size in enumerate((40, 20))
            ],
            "lines": [{"agents": ["TACE"], "start": 0, "targets": ["S8", "LN"], "nontargets": []}],
        }  # fmt: skip
        (line,) = assess(mrecist.from_case(case), criteria="easl").lines
        assert (line.targets, line.nontargets) == (("S8",), ("LN",))
        assert line.timepoints[0].response == "PR"
        assert not found(case, "easl")


def test_reread() -> None:
    """No error of readers of areas is published, so none is taken from that of diameters."""
    case = mrecist.example_case()
    with pytest.raises(CriteriaError, match="criteria easl sum areas, and no error of readers"):
        mrecist.how_sure(case, error="mrecist_tace_readers", criteria="easl")


def test_figures() -> None:
    """No figure shows an area as a length; changes in per cent are those of areas."""
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    visits = [seen("easl", (40_000, 30_000)), seen("easl", (20_000, 20_000))]
    patient = Patient(
        "P",
        [Lesion("L0", "liver", "nodule")],
        [Timepoint(56 * at, visit) for at, visit in enumerate(visits)],
        [TherapyLine(["TACE"], 0)],
    )
    assessment = assess(patient, criteria="easl")
    data = mrecist.plots.waterfall_data(assessment)
    assert data["change_percent"].tolist() == [pytest.approx(-200 / 3)]
    assert all(np.isnan(data[name]).all() for name in ("baseline_total_mm", "best_total_mm"))
    assert np.isnan(mrecist.plots.spider_data(assessment)["total_mm"]).all()
    course = mrecist.plots.course_data(assessment)
    assert not len(course["totals"]["line"])
    assert not len(course["thresholds"]["line"])
    page = mrecist.report.page(patient, criteria="easl")
    assert "Total, mm2" in page
    assert "Baseline, mm2" in page


def test_enhancing_non_target_is_told_as_that() -> None:
    """A non-target that is viable again was recorded by nobody as progressed."""
    scans = [(0, 40, 0), (56, 40, 0), (112, 40, 9)]
    patient = Patient(
        "P",
        [Lesion("T", "liver", "nodule"), Lesion("B", "liver", "nodule", treated=True)],
        [
            Timepoint(day, [
                Finding("T", viable_mm=one, longest_mm=one, viable_perp_mm=30, longest_perp_mm=30),
                Finding("B", viable_mm=other, longest_mm=20),
            ])
            for day, one, other in scans
        ],
        [TherapyLine(["TACE"], 0, targets=["T"], nontargets=["B"])],
    )  # fmt: skip
    assessment = assess(patient, criteria="easl")
    last = assessment.lines[0].timepoints[-1]
    assert (str(last.nontarget), str(last.response)) == ("PD", "PD")
    told = "enhancing again, without viable tissue before"
    (why,) = [each.sentence for each in last.reasons if each.step == "non-target"]
    assert why.startswith("B (")
    assert why.endswith(told)
    pattern = mrecist.progression_pattern(assessment.lines[0])
    assert pattern is not None
    assert told in pattern.why
    assert "recorded as progressed" not in why + pattern.why
